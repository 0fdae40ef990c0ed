/* The hostile planner (safety.md 4) for VPC endpoints: random actions on random worlds in the
 * planner's place. What the guard lets through is held against a small oracle of its own, which
 * reads EC2's structs and the config and shares no rule with the product. */
#include "hostile_member.h"
#include "support/vpc_endpoints.h"

#include <strings.h>

#ifdef SANITIZED
#define ROUNDS 20000
#else
#define ROUNDS 100000
#endif

static bool one_in(struct rng *rng, uint64_t n)
{
    return rng_below(rng, n) == 0;
}

static const char *pick(struct rng *rng, const char *const *ids, size_t n)
{
    return ids[rng_below(rng, n)];
}
#define PICK(rng, ...)                                                                             \
    pick(rng, (const char *const[]){__VA_ARGS__},                                                  \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* ---- worlds: each breakage is one line ---- */

static void lose_s3(struct vpc *vpc)
{
    vpc_drop_endpoint(vpc, "vpce-s3");
    vpc_drop_route(vpc, "rtb-private-a", "pl-s3");
    vpc_drop_route(vpc, "rtb-private-c", "pl-s3");
}

static void share_table(struct vpc *vpc)
{
    struct ec2_route_table *copy;

    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
    vpc_associate(vpc, "rtb-private-c", "subnet-private-a");
    copy = vpc_add_table(vpc, "rtb-copy", "vpc-1");
    vpc_tag(vpc, &copy->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    vpc_tag(vpc, &copy->tags, TAG_ROLE, "route-table/functions/" ZONE_A);
}

static const char *random_state(struct rng *rng)
{
    return PICK(rng, "available", "Available", "pending", "pendingAcceptance", "deleting",
                "deleted", "rejected", "failed", "expired", "partial");
}

static void random_world(struct vpc *vpc, struct rng *rng)
{
    struct ec2_vpc_endpoint *s3, *logs, *other;

    vpc_make_endpoints(vpc);
    other = vpc_add_endpoint(vpc, "vpce-other", PICK(rng, SERVICE("s3"), SERVICE("logs")),
                             one_in(rng, 2));
    other->state = random_state(rng);
    if (text_equal(other->vpc_endpoint_type, "Interface") && one_in(rng, 4))
        other->private_dns_enabled = WIRE_TRUE;
    if (!one_in(rng, 4))
        other->state = "deleted";
    s3 = vpc_endpoint(vpc, "vpce-s3");
    logs = vpc_endpoint(vpc, "vpce-logs");
    if (one_in(rng, 3))
        s3->route_table_ids.n = rng_below(rng, 2);
    if (one_in(rng, 5))
        s3->state = random_state(rng);
    if (one_in(rng, 3))
        logs->subnet_ids.n = rng_below(rng, 2);
    if (one_in(rng, 5))
        logs->state = random_state(rng);
    if (one_in(rng, 2))
        logs->private_dns_enabled = WIRE_FALSE;
    if (one_in(rng, 20))
        logs->requester_managed = WIRE_TRUE;
    if (one_in(rng, 4))
        vpc_security_group(vpc, "sg-endpoint")->ip_permissions.n = 0;
    if (one_in(rng, 3))
        vpc_group_interface(vpc, PICK(rng, "eni-public", "eni-private"), "sg-default");
    if (one_in(rng, 6))
        vpc_attributes(vpc)->enable_dns_support = WIRE_FALSE;
    if (one_in(rng, 4))
        vpc_attributes(vpc)->enable_dns_hostnames = WIRE_FALSE;
    if (one_in(rng, 4))
        vpc_service(vpc, SERVICE("logs"), "Interface")->availability_zones.n = 1;
    if (one_in(rng, 4))
        LOGS_DECLARED->private_dns = WIRE_FALSE;
    if (one_in(rng, 10))
        vpc_add_subnet(vpc, "subnet-stranger", "vpc-1", ZONE_C, "10.0.40.0/24", "rtb-private-c");
    if (one_in(rng, 5))
        share_table(vpc);
    if (one_in(rng, 4))
        vpc_drop_endpoint(vpc, "vpce-logs");
    if (one_in(rng, 4))
        lose_s3(vpc);
    if (one_in(rng, 30))
        vpc_vpc(vpc, "vpc-1")->owner_id = "999999999999";
}

/* ---- actions ---- */

static struct wire_texts random_texts(struct vpc *vpc, struct rng *rng, const char *const *ids,
                                      size_t n)
{
    struct wire_texts texts = {.items = ARENA_ARRAY(vpc->arena, const char *, 3)};

    for (size_t left = 1 + rng_below(rng, 2); left > 0; left--)
        texts.items[texts.n++] = pick(rng, ids, n);
    return texts;
}
#define TEXTS(...)                                                                                 \
    random_texts(vpc, rng, (const char *const[]){__VA_ARGS__},                                     \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
#define TABLES                                                                                     \
    TEXTS("rtb-private-a", "rtb-private-c", "rtb-public", "rtb-main", "rtb-other", "rtb-copy",     \
          "rtb-9")
#define SUBNETS                                                                                    \
    TEXTS("subnet-private-a", "subnet-private-c", "subnet-public-a", "subnet-other", "subnet-9")
#define GROUPS TEXTS("sg-endpoint", "sg-endpoint", "sg-functions", "sg-default")

static ec2_ip_permissions random_rule(struct vpc *vpc, struct rng *rng)
{
    struct ec2_ip_permission *rule = ARENA_NEW(vpc->arena, struct ec2_ip_permission);
    int64_t port = one_in(rng, 4) ? 22 : 443;

    rule->ip_protocol = one_in(rng, 6) ? "-1" : "tcp";
    rule->from_port = (struct wire_int){port, true};
    rule->to_port = (struct wire_int){one_in(rng, 6) ? 65535 : port, true};
    rule->groups.items = ARENA_NEW(vpc->arena, struct ec2_user_id_group_pair);
    rule->groups.items->group_id = PICK(rng, "sg-functions", "sg-functions", "sg-default");
    rule->groups.n = 1;
    return (ec2_ip_permissions){.items = rule, .n = 1};
}

static struct plan_action made_up_action(struct vpc *vpc, struct rng *rng)
{
    static const enum ec2_action calls[] = {EC2_CREATE_VPC_ENDPOINT,
                                            EC2_CREATE_VPC_ENDPOINT,
                                            EC2_MODIFY_VPC_ENDPOINT,
                                            EC2_MODIFY_VPC_ENDPOINT,
                                            EC2_AUTHORIZE_SECURITY_GROUP_INGRESS,
                                            EC2_MODIFY_VPC_ATTRIBUTE};
    struct plan_action action = {.call = calls[rng_below(rng, ARRAY_SIZE(calls))]};
    struct ec2_change_request *request = &action.request;
    bool interface = one_in(rng, 2);

    action.role = PICK(rng, "vpc-endpoint/s3/gateway", "vpc-endpoint/logs/interface",
                       "route-table/functions/" ZONE_A);
    if (action.call == EC2_CREATE_VPC_ENDPOINT || action.call == EC2_MODIFY_VPC_ATTRIBUTE)
        request->vpc_id = one_in(rng, 8) ? "vpc-9" : "vpc-1";
    if (action.call == EC2_CREATE_VPC_ENDPOINT) {
        action.role = interface ? "vpc-endpoint/logs/interface" : "vpc-endpoint/s3/gateway";
        request->service_name = interface ? SERVICE("logs") : SERVICE("s3");
        request->vpc_endpoint_type = interface ? "Interface" : "Gateway";
        if (interface) {
            request->subnet_ids = SUBNETS;
            request->security_group_ids = GROUPS;
            request->private_dns_enabled = (uint8_t)rng_below(rng, 3);
        } else {
            request->route_table_ids = TABLES;
        }
    } else if (action.call == EC2_MODIFY_VPC_ENDPOINT) {
        request->vpc_endpoint_id = PICK(rng, "vpce-s3", "vpce-logs", "vpce-other", "vpce-9");
        if (one_in(rng, 3))
            request->add_route_table_ids = TABLES;
        if (one_in(rng, 4))
            request->add_subnet_ids = SUBNETS;
        if (one_in(rng, 4))
            request->add_security_group_ids = GROUPS;
        if (one_in(rng, 4))
            request->private_dns_enabled = WIRE_TRUE;
    } else if (action.call == EC2_MODIFY_VPC_ATTRIBUTE) {
        request->enable_dns_support = (uint8_t)rng_below(rng, 3);
        request->enable_dns_hostnames = (uint8_t)rng_below(rng, 3);
    } else {
        request->group_id = PICK(rng, "sg-endpoint", "sg-endpoint", "sg-default", "sg-functions");
        request->ip_permissions = random_rule(vpc, rng);
    }
    return action;
}

static void falsify(struct vpc *vpc, struct plan_action *action, struct rng *rng)
{
    struct ec2_change_request *request = &action->request;

    switch (rng_below(rng, 12)) {
    case 0:
        request->remove_route_table_ids = TABLES;
        break;
    case 1:
        request->remove_subnet_ids = SUBNETS;
        break;
    case 2:
        request->remove_security_group_ids = GROUPS;
        break;
    case 3:
        request->reset_policy = WIRE_TRUE;
        break;
    case 4:
        request->policy_document = "{}";
        break;
    case 5:
        request->private_dns_enabled = (uint8_t)rng_below(rng, 3);
        break;
    case 6:
        request->vpc_endpoint_id = PICK(rng, "vpce-s3", "vpce-logs", "vpce-other");
        break;
    case 7:
        request->vpc_id = "vpc-9";
        break;
    case 8:
        request->add_route_table_ids = TABLES;
        break;
    case 9:
        request->subnet_ids = SUBNETS;
        break;
    case 10:
        request->route_table_ids = TABLES;
        break;
    default:
        action->role = PICK(rng, "vpc-endpoint/s3/gateway", "vpc-endpoint/logs/interface");
        break;
    }
}

/* ---- the oracle ---- */

static bool lives(const struct ec2_vpc_endpoint *endpoint)
{
    static const char *const over[] = {"rejected", "failed", "expired", "deleted"};

    for (size_t i = 0; i < ARRAY_SIZE(over); i++)
        if (strcasecmp(endpoint->state, over[i]) == 0)
            return false;
    return true;
}

static bool is_functions(const char *subnet)
{
    return text_equal(subnet, "subnet-private-a") || text_equal(subnet, "subnet-private-c");
}

/* Serves declared functions by explicit associations, and nobody else. */
static bool table_may_be_given(struct vpc *vpc, const char *id)
{
    VEC_EACH (table, &vpc->observation.route_tables) {
        if (!text_equal(table->route_table_id, id))
            continue;
        for (size_t i = 0; i < table->associations.n; i++)
            if (!is_functions(table->associations.items[i].subnet_id))
                return false;
        return table->associations.n > 0 && text_equal(table->vpc_id, "vpc-1");
    }
    return false;
}

static bool is_admitted(struct vpc *vpc, const struct ec2_network_interface *interface)
{
    const struct ec2_security_group *into = vpc_security_group(vpc, "sg-endpoint");

    for (size_t i = 0; i < into->ip_permissions.n; i++)
        for (size_t g = 0; g < interface->groups.n; g++)
            if (text_equal(into->ip_permissions.items[i].groups.items->group_id,
                           interface->groups.items[g].group_id))
                return true;
    return false;
}

/* Both interfaces of the world have a way out. */
static const char *private_dns_wrong(struct vpc *vpc, const char *service)
{
    if (LOGS_DECLARED->private_dns != WIRE_TRUE || !text_equal(service, SERVICE("logs")))
        return "private DNS that nobody declared";
    if (vpc_attributes(vpc)->enable_dns_support != WIRE_TRUE ||
        vpc_attributes(vpc)->enable_dns_hostnames != WIRE_TRUE)
        return "private DNS without the VPC's";
    VEC_EACH (interface, &vpc->observation.network_interfaces)
        if (text_equal(interface->vpc_id, "vpc-1") && !is_admitted(vpc, interface))
            return "private DNS cuts somebody off";
    VEC_EACH (endpoint, &vpc->observation.vpc_endpoints)
        if (text_equal(endpoint->service_name, service) &&
            endpoint->private_dns_enabled == WIRE_TRUE &&
            (strcasecmp(endpoint->state, "available") == 0 ||
             strcasecmp(endpoint->state, "pending") == 0))
            return "the private name is another's";
    return NULL;
}

static const char *subnets_wrong(struct vpc *vpc, const struct wire_texts *subnets)
{
    bool in_c = vpc_service(vpc, SERVICE("logs"), "Interface")->availability_zones.n == 2;

    for (size_t i = 0; i < subnets->n; i++) {
        if (!is_functions(subnets->items[i]))
            return "a subnet that is not declared";
        if (!in_c && text_equal(subnets->items[i], "subnet-private-c"))
            return "a zone without the service";
        for (size_t k = 0; k < i; k++)
            if (text_equal(subnets->items[i], subnets->items[k]))
                return "a zone twice";
    }
    return NULL;
}

static const char *create_wrong(struct vpc *vpc, const struct ec2_change_request *request)
{
    bool interface = text_equal(request->vpc_endpoint_type, "Interface");

    if (!text_equal(request->vpc_id, "vpc-1") || request->policy_document)
        return "another VPC, or a policy";
    if (!text_equal(request->service_name, interface ? SERVICE("logs") : SERVICE("s3")))
        return "another service";
    VEC_EACH (endpoint, &vpc->observation.vpc_endpoints)
        if (text_equal(endpoint->service_name, request->service_name) &&
            strcasecmp(endpoint->vpc_endpoint_type, request->vpc_endpoint_type) == 0 &&
            endpoint->requester_managed != WIRE_TRUE && lives(endpoint))
            return "a second endpoint of a service";
    for (size_t i = 0; i < request->route_table_ids.n; i++)
        if (interface || !table_may_be_given(vpc, request->route_table_ids.items[i]))
            return "a table that is not its";
    if (!interface)
        return request->subnet_ids.n || request->security_group_ids.n ? "a gateway with subnets"
                                                                      : NULL;
    if (request->security_group_ids.n != 1 ||
        !text_equal(request->security_group_ids.items[0], "sg-endpoint"))
        return "other security groups";
    if (request->private_dns_enabled == WIRE_ABSENT)
        return "private DNS by default";
    if (request->private_dns_enabled == WIRE_TRUE && private_dns_wrong(vpc, request->service_name))
        return private_dns_wrong(vpc, request->service_name);
    return subnets_wrong(vpc, &request->subnet_ids);
}

static const char *modify_wrong(struct vpc *vpc, const struct ec2_change_request *request)
{
    const struct ec2_vpc_endpoint *endpoint = vpc_endpoint(vpc, request->vpc_endpoint_id);

    if (request->remove_route_table_ids.n || request->remove_subnet_ids.n ||
        request->remove_security_group_ids.n || request->reset_policy || request->policy_document ||
        request->private_dns_enabled == WIRE_FALSE)
        return "something is taken away";
    if (strcasecmp(endpoint->state, "available") != 0 || endpoint->requester_managed == WIRE_TRUE)
        return "an endpoint that may not be changed";
    for (size_t i = 0; i < request->add_route_table_ids.n; i++) {
        const char *table = request->add_route_table_ids.items[i];

        if (!table_may_be_given(vpc, table) &&
            !(text_equal(table, "rtb-copy") && vpc_table(vpc, table)->associations.n == 0))
            return "a table that is not its";
    }
    for (size_t i = 0; i < request->add_security_group_ids.n; i++)
        if (!text_equal(request->add_security_group_ids.items[i], "sg-endpoint"))
            return "another security group";
    if (request->private_dns_enabled == WIRE_TRUE && private_dns_wrong(vpc, endpoint->service_name))
        return private_dns_wrong(vpc, endpoint->service_name);
    return subnets_wrong(vpc, &request->add_subnet_ids);
}

static const char *wrong(struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_ip_permission *rule = request->ip_permissions.items;

    if (!text_equal(vpc_vpc(vpc, "vpc-1")->owner_id, ACCOUNT))
        return "another account's VPC";
    switch (action->call) {
    case EC2_CREATE_VPC_ENDPOINT:
        return create_wrong(vpc, request);
    case EC2_MODIFY_VPC_ENDPOINT:
        return modify_wrong(vpc, request);
    case EC2_MODIFY_VPC_ATTRIBUTE:
        return !text_equal(request->vpc_id, "vpc-1") || request->enable_dns_support == WIRE_FALSE ||
                       request->enable_dns_hostnames == WIRE_FALSE
                   ? "an attribute turned off, or another VPC's"
                   : NULL;
    case EC2_AUTHORIZE_SECURITY_GROUP_INGRESS:
        return !text_equal(request->group_id, "sg-endpoint") || request->ip_permissions.n != 1 ||
                       !text_equal(rule->ip_protocol, "tcp") || rule->from_port.value != 443 ||
                       rule->to_port.value != 443 || rule->groups.n != 1 ||
                       !text_equal(rule->groups.items->group_id, "sg-functions")
                   ? "another rule"
                   : NULL;
    default:
        return NULL; /* judged by test_guard_hostile.c */
    }
}

/* What the planner itself wants is never refused as somebody else's. */
static void check_own(struct vpc *vpc, const struct plan_action *action, unsigned world)
{
    const char *reason;

    if (vpc_judge(vpc, action, &reason) == HOLD_NOT_OURS && !action->input_role &&
        text_equal(vpc_vpc(vpc, "vpc-1")->owner_id, ACCOUNT))
        fail_msg("world %u: %s of %s was refused: %s", world, plan_action_text(vpc->arena, action),
                 action->role, reason);
}

static void test_hostile(void **state)
{
    struct rng rng = {.state = 20261124};
    unsigned let_through[EC2_ACTION_COUNT] = {0};

    (void)state;
    for (unsigned world = 0; world < ROUNDS / 20; world++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();

        random_world(vpc, &rng);
        vpc_look(vpc);
        for (size_t a = 0; a < vpc->plan->actions.n; a++)
            check_own(vpc, &vpc->plan->actions.items[a], world);
        for (unsigned i = 0; i < 20; i++) {
            struct plan_action action =
                vpc->plan->actions.n > 0 && one_in(&rng, 2)
                    ? vpc->plan->actions.items[rng_below(&rng, vpc->plan->actions.n)]
                    : made_up_action(vpc, &rng);
            const char *reason, *why, *added;

            for (uint64_t n = rng_below(&rng, 3); n > 0; n--)
                falsify(vpc, &action, &rng);
            added = hostile_member(&action, &rng, 8);
            if (vpc_judge(vpc, &action, &reason) != HOLD_NONE)
                continue;
            let_through[action.call]++;
            why = added ? added : wrong(vpc, &action);
            if (why)
                fail_msg("world %u: %s of %s was let through: %s", world,
                         plan_action_text(vpc->arena, &action), action.role, why);
        }
    }
    assert_true(let_through[EC2_CREATE_VPC_ENDPOINT] > 100);
    assert_true(let_through[EC2_MODIFY_VPC_ENDPOINT] > 100);
    assert_true(let_through[EC2_AUTHORIZE_SECURITY_GROUP_INGRESS] > 100);
    assert_true(let_through[EC2_MODIFY_VPC_ATTRIBUTE] > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_hostile)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
