/* The hostile planner (safety.md 4) for subnets, IPv6 blocks, attributes, public addresses and
 * NAT64: random actions on random worlds and configs. What the guard lets through is held against a
 * small oracle of its own, which reads EC2's structs and the config alone. */
#include "hostile_member.h"
#include "support/vpc.h"

#define ROUNDS 40000

static const char *const subnet_names[] = {
    "subnet-public-a", "subnet-public-c", "subnet-private-a", "subnet-private-c",
    "subnet-other",    "subnet-9",        "subnet-gone"};
static const char *const blocks[] = {
    "2001:db8:0:1::/64",  "2001:db8:0:3::/64", "2001:db8:0:4::/64",  "2001:db8:0:77::/64",
    "2001:db8:0:78::/64", "2001:db8:9:1::/64", "2001:db8:0:70::/60", "10.0.5.0/24"};
static const char *const cidrs[] = {"10.0.40.0/24", "10.0.41.0/24", "10.0.40.0/23", "10.0.0.0/24",
                                    "10.99.0.0/24"};
static const char *const zones[] = {ZONE_A, ZONE_C, "ap-northeast-1z"};
static const uint8_t states[] = {EC2_ASSOCIATION_ASSOCIATED, EC2_ASSOCIATION_ASSOCIATING,
                                 EC2_ASSOCIATION_DISASSOCIATING, EC2_ASSOCIATION_DISASSOCIATED,
                                 EC2_ASSOCIATION_FAILED};

#define PICK(rng, list) (list)[rng_below((rng), ARRAY_SIZE(list))]

static bool chance(struct rng *rng, uint64_t in)
{
    return rng_below(rng, in) == 0;
}

static uint8_t any_bool(struct rng *rng)
{
    static const uint8_t values[] = {WIRE_ABSENT, WIRE_FALSE, WIRE_TRUE};

    return PICK(rng, values);
}

/* ---- worlds and configs ---- */

static void vary_subnets(struct vpc *vpc, struct rng *rng)
{
    VEC_EACH (subnet, &vpc->observation.subnets) {
        subnet->map_public_ip_on_launch = any_bool(rng);
        subnet->assign_ipv6_address_on_creation = any_bool(rng);
        subnet->enable_dns64 = any_bool(rng);
        if (chance(rng, 2) && subnet->ipv6_cidr_block_associations.n)
            subnet->ipv6_cidr_block_associations.n = 0;
        if (chance(rng, 4) && text_equal(subnet->vpc_id, "vpc-1"))
            vpc_associate_ipv6(vpc, subnet->subnet_id, PICK(rng, blocks),
                               (enum ec2_association_state)PICK(rng, states));
    }
}

static void vary_config(struct vpc *vpc, struct rng *rng)
{
    static const char *const sources[] = {"amazon", "ipam", "unmanaged"};
    struct declared_subnet *made = ARENA_ARRAY(vpc->arena, struct declared_subnet, 2);

    vpc->target.ipv6_cidr = PICK(rng, sources);
    vpc->target.ipv6_ipam_pool = "ipam-pool-1";
    vpc->target.ipv6_netmask_length = 56;
    for (size_t g = 0; g < vpc->target.n_groups; g++) {
        vpc->groups[g].public_ipv4_on_launch = any_bool(rng);
        vpc->groups[g].ipv6_on_launch = any_bool(rng);
        vpc->groups[g].nat64 = chance(rng, 2) ? 2 : 0;
        if (chance(rng, 4))
            vpc->groups[g].ipv6 = vpc_options(vpc, "none");
    }
    for (size_t i = 0; i < 2; i++)
        made[i] = (struct declared_subnet){.availability_zone = PICK(rng, zones),
                                           .cidr = vpc_prefix(PICK(rng, cidrs)),
                                           .ipv6_index = -1};
    vpc->groups[1].create = made;
    vpc->groups[1].n_create = rng_below(rng, 3);
}

static void vary_world(struct vpc *vpc, struct rng *rng)
{
    struct ec2_network_interface *interface = vpc_add_interface(
        vpc, "eni-bare", PICK(rng, ((const char *const[]){"subnet-public-a", "subnet-private-a"})),
        chance(rng, 4) ? "192.0.2.9" : NULL);
    struct ec2_address *ours = vpc_add_address(vpc, "eipalloc-ours");

    interface->private_ip_address = "10.0.0.9";
    interface->requester_managed = any_bool(rng);
    vpc_add_address(vpc, "eipalloc-theirs");
    vpc_tag(vpc, &ours->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    vpc_tag(vpc, &ours->tags, TAG_ROLE,
            chance(rng, 3) ? "elastic-ip/" ZONE_A : "elastic-ip/interface/10.0.0.9");
    if (chance(rng, 4))
        ours->association_id = "eipassoc-1";
    for (size_t z = 0; z < 2; z++)
        *VEC_ADD(vpc->arena, &vpc->observation.availability_zones) =
            (struct ec2_availability_zone){.zone_name = zones[z]};
    vary_subnets(vpc, rng);
    if (chance(rng, 2))
        vpc_vpc(vpc, "vpc-1")->ipv6_cidr_block_associations.n = 0;
    if (chance(rng, 3))
        vpc_associate_ipv6(vpc, "vpc-1", "2001:db8:9::/56",
                           (enum ec2_association_state)PICK(rng, states));
    if (chance(rng, 3))
        vpc_add_route(vpc, "rtb-private-a", "64:ff9b::/96", chance(rng, 2) ? "nat-a" : "tgw-1")
            ->state = chance(rng, 2) ? EC2_ROUTE_ACTIVE : EC2_ROUTE_BLACKHOLE;
    if (chance(rng, 5)) {
        vpc_disassociate(vpc, "rtb-other", "subnet-other");
        vpc_associate(vpc, "rtb-private-c", "subnet-other");
    }
    if (chance(rng, 5))
        vpc_nat(vpc, "nat-a")->state = EC2_STATE_PENDING;
    if (chance(rng, 6))
        vpc_igw(vpc, "igw-1")->attachments.n = 0;
    if (chance(rng, 12))
        vpc->observation.lists[rng_below(rng, LIST_COUNT)].complete = false;
}

/* ---- actions ---- */

static const enum ec2_action calls[] = {
    EC2_CREATE_SUBNET,     EC2_ASSOCIATE_VPC_CIDR_BLOCK, EC2_ASSOCIATE_SUBNET_CIDR_BLOCK,
    EC2_ASSOCIATE_ADDRESS, EC2_MODIFY_SUBNET_ATTRIBUTE,  EC2_CREATE_ROUTE,
};

static void fill_attribute(struct ec2_change_request *request, struct rng *rng)
{
    uint8_t *const attributes[] = {&request->map_public_ip_on_launch,
                                   &request->assign_ipv6_address_on_creation,
                                   &request->enable_dns64, &request->enable_dns_support};

    *attributes[rng_below(rng, 3)] = WIRE_TRUE;
    if (chance(rng, 4))
        *PICK(rng, attributes) = any_bool(rng);
}

static struct plan_action hostile_action(struct rng *rng)
{
    static const char *const addresses[] = {"eipalloc-ours", "eipalloc-theirs", "eipalloc-new",
                                            NULL};
    static const char *const gateways[] = {"nat-a", "nat-c", "nat-9", "nat-gone"};
    static const char *const tables[] = {"rtb-private-a", "rtb-private-c", "rtb-public",
                                         "rtb-main",      "rtb-other",     "rtb-9"};
    struct plan_action action = {
        .call = PICK(rng, calls), .role = "interface/10.0.0.9", .input_is_fresh = chance(rng, 3)};
    struct ec2_change_request *request = &action.request;

    if (action.call == EC2_CREATE_SUBNET || action.call == EC2_ASSOCIATE_VPC_CIDR_BLOCK)
        request->vpc_id = chance(rng, 6) ? "vpc-9" : "vpc-1";
    switch (action.call) {
    case EC2_CREATE_SUBNET:
        request->cidr_block = vpc_prefix(PICK(rng, cidrs));
        request->availability_zone = PICK(rng, zones);
        if (chance(rng, 8))
            request->ipv6_native = WIRE_TRUE;
        break;
    case EC2_ASSOCIATE_VPC_CIDR_BLOCK:
        request->amazon_provided_ipv6_cidr_block = chance(rng, 2) ? WIRE_TRUE : WIRE_ABSENT;
        if (chance(rng, 2)) {
            request->ipv6_ipam_pool_id = chance(rng, 4) ? "ipam-pool-2" : "ipam-pool-1";
            request->ipv6_netmask_length.set = true;
            request->ipv6_netmask_length.value = chance(rng, 4) ? 44 : 56;
        }
        break;
    case EC2_ASSOCIATE_SUBNET_CIDR_BLOCK:
        request->subnet_id = PICK(rng, subnet_names);
        request->ipv6_cidr_block = vpc_prefix(PICK(rng, blocks));
        break;
    case EC2_ASSOCIATE_ADDRESS:
        request->network_interface_id = chance(rng, 5) ? "eni-private" : "eni-bare";
        request->allocation_id = PICK(rng, addresses);
        request->allow_reassociation = chance(rng, 3) ? any_bool(rng) : WIRE_FALSE;
        break;
    case EC2_MODIFY_SUBNET_ATTRIBUTE:
        request->subnet_id = PICK(rng, subnet_names);
        fill_attribute(request, rng);
        break;
    default:
        request->route_table_id = PICK(rng, tables);
        request->destination_ipv6_cidr_block = vpc_prefix("64:ff9b::/96");
        if (chance(rng, 6))
            request->gateway_id = "igw-1";
        else
            request->nat_gateway_id = PICK(rng, gateways);
        if (chance(rng, 4))
            action.call = EC2_REPLACE_ROUTE;
        break;
    }
    return action;
}

/* ---- the oracle ---- */

static const struct subnet_group *group_of(struct vpc *vpc, const char *subnet)
{
    for (size_t g = 0; g < vpc->target.n_groups; g++) {
        for (size_t i = 0; i < vpc->groups[g].subnet_ids.n; i++)
            if (text_equal(vpc->groups[g].subnet_ids.items[i], subnet))
                return &vpc->groups[g];
        for (size_t i = 0; i < vpc->groups[g].n_create; i++)
            VEC_EACH (other, &vpc->observation.subnets)
                if (text_equal(other->subnet_id, subnet) && text_equal(other->vpc_id, "vpc-1") &&
                    text_equal(other->availability_zone,
                               vpc->groups[g].create[i].availability_zone) &&
                    prefix_equal(&other->cidr_block, &vpc->groups[g].create[i].cidr))
                    return &vpc->groups[g];
    }
    return NULL;
}

static bool speaks_ipv6(const struct subnet_group *group)
{
    return group->nat64 == 2 || group->ipv6.items[0].option != OPTION_NONE;
}

static bool over(uint8_t state)
{
    return state == EC2_ASSOCIATION_DISASSOCIATED || state == EC2_ASSOCIATION_FAILED;
}

static const char *wrong_subnet(struct vpc *vpc, const struct ec2_change_request *request)
{
    bool listed = false;

    for (size_t g = 0; g < vpc->target.n_groups; g++)
        for (size_t i = 0; i < vpc->groups[g].n_create; i++)
            listed |=
                prefix_equal(&vpc->groups[g].create[i].cidr, &request->cidr_block) &&
                text_equal(vpc->groups[g].create[i].availability_zone, request->availability_zone);
    if (!listed || request->ipv6_native != WIRE_ABSENT)
        return "nobody declared it";
    VEC_EACH (subnet, &vpc->observation.subnets)
        if (text_equal(subnet->vpc_id, "vpc-1") &&
            prefix_overlaps(&subnet->cidr_block, &request->cidr_block))
            return "somebody is there";
    return text_equal(request->vpc_id, "vpc-1") ? NULL : "another VPC";
}

static const char *wrong_vpc_block(struct vpc *vpc, const struct ec2_change_request *request)
{
    const struct ec2_vpc *of = vpc_vpc(vpc, "vpc-1");
    bool amazon = request->amazon_provided_ipv6_cidr_block == WIRE_TRUE, wanted = false;

    for (size_t i = 0; i < of->ipv6_cidr_block_associations.n; i++)
        if (!over(of->ipv6_cidr_block_associations.items[i].state))
            return "a second block";
    for (size_t g = 0; g < vpc->target.n_groups; g++)
        wanted |= speaks_ipv6(&vpc->groups[g]);
    if (!wanted || !text_equal(request->vpc_id, "vpc-1"))
        return "nobody wants it";
    if (amazon == (request->ipv6_ipam_pool_id != NULL) ||
        !text_equal(vpc->target.ipv6_cidr, amazon ? "amazon" : "ipam"))
        return "not from there";
    return amazon || (text_equal(request->ipv6_ipam_pool_id, "ipam-pool-1") &&
                      request->ipv6_netmask_length.value == 56)
               ? NULL
               : "not of that pool";
}

static const char *wrong_subnet_block(struct vpc *vpc, const struct ec2_change_request *request)
{
    const struct subnet_group *group = group_of(vpc, request->subnet_id);
    const struct ec2_vpc *of = vpc_vpc(vpc, "vpc-1");
    bool inside = false;

    if (!group || !speaks_ipv6(group))
        return "not declared";
    for (size_t i = 0; i < of->ipv6_cidr_block_associations.n; i++)
        inside |= of->ipv6_cidr_block_associations.items[i].state == EC2_ASSOCIATION_ASSOCIATED &&
                  prefix_contains(&of->ipv6_cidr_block_associations.items[i].ipv6_cidr_block,
                                  &request->ipv6_cidr_block);
    if (!inside || request->ipv6_cidr_block.length != 64)
        return "no /64 of the VPC";
    VEC_EACH (subnet, &vpc->observation.subnets)
        for (size_t i = 0; i < subnet->ipv6_cidr_block_associations.n; i++) {
            const struct ec2_ipv6_cidr_block_association *has =
                &subnet->ipv6_cidr_block_associations.items[i];

            if (!over(has->state) &&
                (text_equal(subnet->subnet_id, request->subnet_id) ||
                 prefix_overlaps(&has->ipv6_cidr_block, &request->ipv6_cidr_block)))
                return "somebody has it";
        }
    return NULL;
}

static const char *wrong_attribute(struct vpc *vpc, const struct ec2_change_request *request)
{
    const struct subnet_group *group = group_of(vpc, request->subnet_id);
    const uint8_t attributes[] = {request->map_public_ip_on_launch,
                                  request->assign_ipv6_address_on_creation, request->enable_dns64,
                                  request->enable_dns_support};
    unsigned n = 0;

    for (size_t i = 0; i < ARRAY_SIZE(attributes); i++)
        n += attributes[i] != WIRE_ABSENT;
    if (!group || n != 1)
        return "not one attribute of a declared subnet";
    if (request->map_public_ip_on_launch == WIRE_TRUE)
        return group->public_ipv4_on_launch == 2 ? NULL : "not public";
    if (request->assign_ipv6_address_on_creation == WIRE_TRUE)
        return speaks_ipv6(group) && group->ipv6_on_launch != 1 ? NULL : "no IPv6";
    return request->enable_dns64 == WIRE_TRUE && group->nat64 == 2 ? NULL : "no NAT64";
}

static const char *wrong_address(struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_network_interface *interface =
        vpc_interface(vpc, request->network_interface_id);
    const struct subnet_group *group = group_of(vpc, interface->subnet_id);

    if (!group || !text_equal(group->name, "public") || interface->association_public_ip ||
        interface->requester_managed == WIRE_TRUE)
        return "an interface that wants none";
    if (request->allow_reassociation != WIRE_FALSE)
        return "it may move";
    VEC_EACH (address, &vpc->observation.addresses)
        if (text_equal(address->allocation_id, request->allocation_id))
            return text_equal(address->allocation_id, "eipalloc-ours") && !address->association_id
                       ? NULL
                       : "a stranger's, or in use";
    return request->allocation_id && action->input_is_fresh ? NULL : "from nowhere";
}

static const char *wrong_nat64(struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_route_table *table = vpc_table(vpc, action->request.route_table_id);

    if (!action->request.nat_gateway_id || action->request.gateway_id)
        return "to no NAT gateway";
    if (vpc_nat(vpc, action->request.nat_gateway_id)->state != EC2_STATE_AVAILABLE ||
        text_equal(action->request.nat_gateway_id, "nat-9"))
        return "to one that is not there";
    if (table->associations.n == 0)
        return "a table of nobody";
    for (size_t i = 0; i < table->associations.n; i++) {
        const struct subnet_group *group =
            table->associations.items[i].subnet_id
                ? group_of(vpc, table->associations.items[i].subnet_id)
                : NULL;

        if (!group || group->nat64 != 2)
            return "not declared for all";
    }
    for (size_t i = 0; i < table->routes.n; i++)
        if (vpc_route_leads(&table->routes.items[i], "64:ff9b::/96") &&
            (action->call == EC2_CREATE_ROUTE || table->routes.items[i].transit_gateway_id ||
             table->routes.items[i].state == EC2_ROUTE_ACTIVE))
            return "one is there";
    return NULL;
}

static const char *wrong(struct vpc *vpc, const struct plan_action *action)
{
    switch (action->call) {
    case EC2_CREATE_SUBNET:
        return wrong_subnet(vpc, &action->request);
    case EC2_ASSOCIATE_VPC_CIDR_BLOCK:
        return wrong_vpc_block(vpc, &action->request);
    case EC2_ASSOCIATE_SUBNET_CIDR_BLOCK:
        return wrong_subnet_block(vpc, &action->request);
    case EC2_MODIFY_SUBNET_ATTRIBUTE:
        return wrong_attribute(vpc, &action->request);
    case EC2_ASSOCIATE_ADDRESS:
        return wrong_address(vpc, action);
    default:
        return wrong_nat64(vpc, action);
    }
}

static void test_hostile_planner(void **state)
{
    struct rng rng = {.state = 11};
    unsigned let_through[EC2_ACTION_COUNT] = {0};

    (void)state;
    for (unsigned round = 0; round < ROUNDS / 8; round++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();

        vary_world(vpc, &rng);
        vary_config(vpc, &rng);
        vpc_look(vpc);
        for (unsigned i = 0; i < 8 && vpc->snapshot; i++) {
            struct plan_action action = hostile_action(&rng);
            const char *reason, *why, *added = hostile_member(&action, &rng, 8);

            if (vpc_judge(vpc, &action, &reason) != HOLD_NONE)
                continue;
            let_through[action.call]++;
            why = added ? added : wrong(vpc, &action);
            if (why)
                fail_msg("round %u, %s: %s", round, plan_action_text(vpc->arena, &action), why);
        }
    }
    for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
        if (let_through[calls[i]] < 20)
            fail_msg("%s: %u times", ec2_action_table[calls[i]].name, let_through[calls[i]]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_hostile_planner)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
