/* The hostile planner (safety.md 4): random actions on random worlds in the planner's place. What
 * the guard lets through is held against a small oracle of its own: it reads EC2's structs and the
 * config, follows paths before and after the call, and shares no rule with the product. */
#include "nat_actions.h"

#define ROUNDS 100000

/* ---- worlds: each breakage is one line ---- */

static void break_world(struct vpc *vpc, uint64_t which)
{
    struct ec2_route *route;

    switch (which) {
    case 0:
        vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
        break;
    case 1:
        vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
        break;
    case 2:
        vpc_drop_route(vpc, "rtb-private-c", "::/0");
        break;
    case 3:
        vpc_retarget(vpc_route(vpc, "rtb-private-c", "0.0.0.0/0"), "tgw-1");
        break;
    case 4:
        route = vpc_route(vpc, "rtb-private-c", "0.0.0.0/0");
        vpc_retarget(route, "vgw-1");
        route->origin = EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
        break;
    case 5:
        vpc_route(vpc, "rtb-public", "::/0")->state = EC2_ROUTE_BLACKHOLE;
        break;
    case 6:
        vpc_retarget(vpc_route(vpc, "rtb-private-c", "0.0.0.0/0"), "igw-1");
        break;
    case 7:
        vpc_nat(vpc, "nat-a")->state = EC2_STATE_DELETED;
        break;
    case 8:
        vpc_nat(vpc, "nat-c")->state = EC2_STATE_PENDING;
        break;
    case 9:
        vpc_nat(vpc, "nat-a")->connectivity_type = EC2_CONNECTIVITY_PRIVATE;
        break;
    case 10:
        vpc_igw(vpc, "igw-1")->attachments.n = 0;
        break;
    case 11:
        vpc_eigw(vpc, "eigw-1")->attachments.n = 0;
        break;
    case 12:
        vpc_igw(vpc, "igw-1")->attachments.items[0].state = EC2_ATTACHMENT_ATTACHING;
        break;
    case 13:
        vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
        break;
    case 14:
        vpc_associate(vpc, "rtb-private-c", "subnet-loose");
        break;
    case 15:
        vpc_add_nat(vpc, "nat-x", "vpc-1", "subnet-private-c");
        break;
    case 16:
        vpc_add_route(vpc, "rtb-main", "0.0.0.0/0", "nat-c");
        break;
    case 17:
        vpc_add_route(vpc, "rtb-main", "10.70.0.0/16", "pcx-7");
        break;
    case 18:
        vpc_add_route(vpc, "rtb-private-a", "198.51.100.0/24", "tgw-1")->state =
            EC2_ROUTE_BLACKHOLE;
        break;
    case 19:
        vpc_add_route(vpc, "rtb-private-a", "pl-corp", "tgw-1");
        break;
    case 20:
        vpc_vpc(vpc, "vpc-1")->owner_id = "999999999999";
        break;
    case 21:
        vpc_group(vpc, "functions")->ipv4 = vpc_options(vpc, "nat-gateway,internet-gateway");
        break;
    case 22:
        vpc_interface(vpc, "eni-private")->association_public_ip = "192.0.2.9";
        break;
    case 23:
        vpc_tag(vpc, &vpc_igw(vpc, "igw-1")->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
        break;
    case 24:
        vpc_add_route(vpc, "rtb-idle", "::/0", "igw-1");
        break;
    case 25:
        vpc_associate(vpc, "rtb-private-a", NULL)->gateway_id = "igw-1";
        vpc_table(vpc, "rtb-private-a")
            ->associations.items[vpc_table(vpc, "rtb-private-a")->associations.n - 1]
            .main = WIRE_FALSE;
        break;
    case 26:
        vpc_retarget(vpc_route(vpc, "rtb-public", "0.0.0.0/0"), "nat-c");
        break;
    case 27:
        vpc_add_route(vpc, "rtb-main", "0.0.0.0/0", "igw-1");
        break;
    case 28:
        nat_gone_address_free(vpc);
        break;
    case 29:
        nat_gone(vpc);
        vpc_tag(vpc, &vpc_add_address(vpc, "eipalloc-a")->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
        break;
    case 30:
        table_shared(vpc);
        break;
    case 31:
        copy_made(vpc);
        break;
    case 32:
        copy_whole(vpc);
        break;
    case 33:
        vpc->target.nat_gateways.placement = NAT_REGIONAL;
        break;
    case 34:
        vpc_add_nat(vpc, "nat-new", "vpc-1", "subnet-public-a")->state = EC2_STATE_PENDING;
        break;
    case 35:
        table_lost(vpc);
        break;
    default:
        break;
    }
}
#define N_BREAKAGES 36

static bool exclude_each_other(uint64_t a, uint64_t b)
{
    static const uint64_t groups[][8] = {
        {3, 4, 6, 99, 99, 99, 99, 99},    {10, 12, 99, 99, 99, 99, 99, 99},
        {16, 27, 99, 99, 99, 99, 99, 99}, {1, 26, 99, 99, 99, 99, 99, 99},
        {0, 28, 29, 35, 99, 99, 99, 99},  /* rtb-private-a's default */
        {7, 9, 28, 29, 99, 99, 99, 99},   /* nat-a */
        {13, 25, 30, 31, 32, 35, 99, 99}, /* subnet-private-a's table */
    };

    for (size_t g = 0; g < ARRAY_SIZE(groups); g++) {
        bool has_a = false, has_b = false;

        for (size_t i = 0; i < 8; i++) {
            has_a |= groups[g][i] == a;
            has_b |= groups[g][i] == b;
        }
        if (has_a && has_b)
            return true;
    }
    return a == b;
}

static void random_world(struct vpc *vpc, struct rng *rng)
{
    uint64_t done[5];
    size_t n = (size_t)rng_below(rng, 5), n_done = 0;

    vpc_add_table(vpc, "rtb-idle", "vpc-1");
    vpc_add_subnet(vpc, "subnet-loose", "vpc-1", ZONE_C, "10.0.40.0/24", NULL);
    while (n-- > 0) {
        uint64_t which = rng_below(rng, N_BREAKAGES);
        bool clash = false;

        for (size_t i = 0; i < n_done; i++)
            clash |= exclude_each_other(which, done[i]);
        if (clash)
            continue;
        break_world(vpc, which);
        done[n_done++] = which;
    }
}

/* ---- actions ---- */

static const char *pick(struct rng *rng, const char *const *ids, size_t n)
{
    return ids[rng_below(rng, n)];
}
#define PICK(rng, ...)                                                                             \
    pick(rng, (const char *const[]){__VA_ARGS__},                                                  \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static bool one_in(struct rng *rng, uint64_t n)
{
    return rng_below(rng, n) == 0;
}

static struct plan_action made_up_action(struct rng *rng)
{
    static const enum ec2_action mine[] = {
        EC2_CREATE_ROUTE,
        EC2_CREATE_ROUTE,
        EC2_REPLACE_ROUTE,
        EC2_REPLACE_ROUTE,
        EC2_ASSOCIATE_ROUTE_TABLE,
        EC2_CREATE_INTERNET_GATEWAY,
        EC2_ATTACH_INTERNET_GATEWAY,
        EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY,
        EC2_ALLOCATE_ADDRESS,
        EC2_CREATE_NAT_GATEWAY,
        EC2_CREATE_ROUTE_TABLE,
        EC2_REPLACE_ROUTE_TABLE_ASSOCIATION,
    };
    const char *destination = PICK(rng, "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0", "::/0", "::/0",
                                   "::/0", "10.50.0.0/16", "10.0.0.0/16", "2001:db8::/32", "pl-s3");
    const char *target = PICK(rng, "igw-1", "nat-a", "nat-c", "eigw-1", "nat-x", "igw-9", "nat-9",
                              "eigw-9", "igw-loose", "igw-none", "vgw-1");
    const char *table = PICK(rng, "rtb-private-a", "rtb-private-c", "rtb-public", "rtb-private-a",
                             "rtb-main", "rtb-other", "rtb-idle", "rtb-9", "rtb-none");
    struct plan_action action =
        vpc_route_action(mine[rng_below(rng, ARRAY_SIZE(mine))], table, destination, target);
    struct ec2_change_request *request = &action.request;

    request->vpc_id = one_in(rng, 6) ? PICK(rng, "vpc-9", NULL) : "vpc-1";
    request->subnet_id = PICK(rng, "subnet-private-a", "subnet-private-a", "subnet-private-c",
                              "subnet-public-a", "subnet-other", "subnet-9", NULL);
    request->internet_gateway_id = PICK(rng, "igw-1", "igw-1", "igw-loose", "igw-9", "igw-none");
    if (action.call == EC2_ASSOCIATE_ROUTE_TABLE)
        request->gateway_id = one_in(rng, 10) ? "igw-1" : NULL;
    action.role = PICK(rng, "route-table/test/0.0.0.0/0", "elastic-ip/" ZONE_A,
                       "elastic-ip/" ZONE_C, "nat-gateway/" ZONE_A, "nat-gateway/" ZONE_C,
                       "nat-gateway/regional", ROLE_COPY, "route-table/functions/all");
    request->domain = one_in(rng, 6) ? NULL : "vpc";
    request->allocation_id = PICK(rng, "eipalloc-a", "eipalloc-a", "eipalloc-x", NULL);
    request->association_id = PICK(rng, "rtbassoc-subnet-private-a", "rtbassoc-subnet-private-c",
                                   "rtbassoc-subnet-other", "rtbassoc-rtb-main", NULL);
    request->connectivity_type =
        (uint8_t)(one_in(rng, 6) ? EC2_CONNECTIVITY_PRIVATE : EC2_CONNECTIVITY_PUBLIC);
    if (action.call == EC2_CREATE_NAT_GATEWAY && one_in(rng, 4)) {
        request->availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
        request->subnet_id = request->allocation_id = NULL;
    }
    return action;
}

static void falsify(struct plan_action *action, struct rng *rng)
{
    struct ec2_change_request *request = &action->request;

    switch (rng_below(rng, 16)) {
    case 0:
        request->route_table_id = PICK(rng, "rtb-9", "rtb-main", "rtb-idle", "rtb-public", NULL);
        break;
    case 1:
        request->vpc_id = PICK(rng, "vpc-9", NULL);
        break;
    case 2:
        request->subnet_id = PICK(rng, "subnet-9", "subnet-other", "subnet-public-c", NULL);
        break;
    case 3:
        request->internet_gateway_id = PICK(rng, "igw-9", "igw-loose", "igw-none", NULL);
        break;
    case 4:
        request->nat_gateway_id = PICK(rng, "nat-9", "nat-x", "nat-c", NULL);
        break;
    case 5:
        request->gateway_id = PICK(rng, "igw-9", "vgw-1", "igw-1", NULL);
        break;
    case 6:
        request->egress_only_internet_gateway_id = PICK(rng, "eigw-9", "eigw-1", NULL);
        break;
    case 7:
        request->destination_ipv6_cidr_block = PREFIX_IPV6_DEFAULT;
        break;
    case 8:
        prefix_parse("10.50.0.0/16", &request->destination_cidr_block);
        break;
    case 9:
        request->transit_gateway_id = "tgw-1";
        break;
    case 10:
        request->local_target = WIRE_TRUE;
        break;
    case 11:
        action->role = PICK(rng, "elastic-ip/" ZONE_C, "nat-gateway/" ZONE_A, ROLE_COPY,
                            "nat-gateway/regional", "route-table/public/all");
        break;
    case 12:
        request->association_id = PICK(rng, "rtbassoc-subnet-private-c", "rtbassoc-subnet-public-a",
                                       "rtbassoc-subnet-other", NULL);
        break;
    case 13:
        request->allocation_id = PICK(rng, "eipalloc-x", "eipalloc-a", NULL);
        break;
    case 14:
        request->availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
        break;
    default:
        action->call = (enum ec2_action)rng_below(rng, EC2_ACTION_COUNT);
        break;
    }
}

/* One of the planner's own, or one made up; falsified in some members. */
static struct plan_action random_action(const struct vpc *vpc, struct rng *rng)
{
    const struct plan *plan = vpc->plan;
    struct plan_action action = plan->actions.n > 0 && one_in(rng, 2)
                                    ? plan->actions.items[rng_below(rng, plan->actions.n)]
                                    : made_up_action(rng);

    for (uint64_t n = rng_below(rng, 3); n > 0; n--)
        falsify(&action, rng);
    action.input_is_fresh = one_in(rng, 5);
    action.revives = one_in(rng, 2);
    return action;
}

static struct guard_policy random_policy(struct vpc *vpc, struct rng *rng)
{
    struct guard_policy policy = vpc_policy(vpc);

    if (one_in(rng, 12))
        policy.pass += one_in(rng, 2) ? 1U : UINT64_MAX;
    if (one_in(rng, 12))
        policy.now.monotonic_ms += 119000 + rng_below(rng, 10000);
    policy.observe_only = one_in(rng, 30);
    vpc->target.repair_mode = !one_in(rng, 30);
    vpc->target.observe_because = one_in(rng, 30) ? "account" : NULL;
    for (size_t list = 0; list < LIST_COUNT; list++)
        if (one_in(rng, 60))
            vpc->snapshot->complete &= ~(1U << list);
    return policy;
}

/* ---- the oracle: what the world is ---- */

static const struct ec2_route_table *table_named(const struct vpc *vpc, const char *id)
{
    VEC_EACH (table, &vpc->observation.route_tables)
        if (id && text_equal(table->route_table_id, id) && text_equal(table->vpc_id, "vpc-1"))
            return table;
    return NULL;
}

static const struct ec2_subnet *subnet_named(const struct vpc *vpc, const char *id)
{
    VEC_EACH (subnet, &vpc->observation.subnets)
        if (id && text_equal(subnet->subnet_id, id) && text_equal(subnet->vpc_id, "vpc-1"))
            return subnet;
    return NULL;
}

static const struct subnet_group *group_of(const struct vpc *vpc, const char *subnet)
{
    for (size_t i = 0; i < vpc->target.n_groups; i++)
        if (texts_contain(&vpc->groups[i].subnet_ids, subnet))
            return &vpc->groups[i];
    return NULL;
}

static const struct ec2_route_table *table_of_subnet(const struct vpc *vpc, const char *subnet,
                                                     bool *ret_explicit)
{
    const struct ec2_route_table *main = NULL;

    *ret_explicit = true;
    VEC_EACH (table, &vpc->observation.route_tables)
        for (size_t i = 0; i < table->associations.n; i++) {
            if (subnet && text_equal(table->associations.items[i].subnet_id, subnet))
                return table;
            if (table->associations.items[i].main == WIRE_TRUE)
                main = table;
        }
    *ret_explicit = false;
    return main;
}

static bool attached(const struct ec2_gateway_attachment *items, size_t n)
{
    return n == 1 && text_equal(items[0].vpc_id, "vpc-1") &&
           (items[0].state == EC2_ATTACHMENT_ATTACHED ||
            items[0].state == EC2_ATTACHMENT_AVAILABLE);
}

static bool igw_carries(const struct vpc *vpc, const char *id)
{
    VEC_EACH (gateway, &vpc->observation.internet_gateways)
        if (text_equal(gateway->internet_gateway_id, id))
            return attached(gateway->attachments.items, gateway->attachments.n);
    return false;
}

static bool eigw_carries(const struct vpc *vpc, const char *id)
{
    VEC_EACH (gateway, &vpc->observation.egress_only_internet_gateways)
        if (text_equal(gateway->egress_only_internet_gateway_id, id))
            return attached(gateway->attachments.items, gateway->attachments.n);
    return false;
}

/* What a table would do with a packet to the destination: its longest match, static before the
 * rest. */
static const struct ec2_route *match(const struct ec2_route_table *table,
                                     const struct prefix *destination)
{
    const struct ec2_route *best = NULL;
    unsigned best_length = 0;

    for (size_t i = 0; i < table->routes.n; i++) {
        const struct ec2_route *route = &table->routes.items[i];
        const struct prefix *to = destination->family == FAMILY_IPV4
                                      ? &route->destination_cidr_block
                                      : &route->destination_ipv6_cidr_block;

        if (!prefix_contains(to, destination))
            continue;
        if (!best || to->length > best_length ||
            (to->length == best_length && route->origin == EC2_ORIGIN_CREATE_ROUTE)) {
            best = route;
            best_length = to->length;
        }
    }
    return best;
}

/* The change under judgement: a subnet that has another table, or a default that leads elsewhere.
 */
struct change {
    const char *subnet;
    const struct ec2_route_table *table;
    struct prefix destination;
    const char *target;
};

/* Where a packet of the subnet ends: "" is nowhere, else what carries it out of the VPC. */
static const char *way_out(const struct vpc *vpc, const char *subnet, const struct prefix *to,
                           bool public_source, const struct change *change, unsigned depth)
{
    bool explicit_;
    const struct ec2_route_table *table = table_of_subnet(vpc, subnet, &explicit_);
    const struct ec2_route *route;
    const char *target = NULL;

    if (change && text_equal(change->subnet, subnet))
        table = change->table;
    route = table ? match(table, to) : NULL;
    if (change && !change->subnet && table == change->table &&
        prefix_contains(&change->destination, to) &&
        (!route || prefix_equal(&change->destination, to->family == FAMILY_IPV4
                                                          ? &route->destination_cidr_block
                                                          : &route->destination_ipv6_cidr_block)))
        target = change->target;
    else if (!route || route->state != EC2_ROUTE_ACTIVE)
        return "";
    if (!target) {
        target = route->gateway_id ? route->gateway_id : route->nat_gateway_id;
        target = target ? target : route->egress_only_internet_gateway_id;
        target = target ? target : route->transit_gateway_id;
        target = target ? target : route->vpc_peering_connection_id;
    }
    if (text_starts_with(target, "igw-"))
        return igw_carries(vpc, target) && (to->family == FAMILY_IPV6 || public_source) ? "internet"
                                                                                        : "";
    if (text_starts_with(target, "eigw-"))
        return eigw_carries(vpc, target) ? "internet" : "";
    if (!text_starts_with(target, "nat-"))
        return target ? target : "";
    VEC_EACH (gateway, &vpc->observation.nat_gateways)
        if (text_equal(gateway->nat_gateway_id, target) && gateway->state == EC2_STATE_AVAILABLE &&
            text_equal(gateway->vpc_id, "vpc-1") && depth < 3)
            return way_out(vpc, gateway->subnet_id, to, true, change, depth + 1);
    return "";
}

/* S7: does anything in any subnet of the VPC, for any destination that a table names, lose its way?
 */
static const char *path_that_gets_worse(const struct vpc *vpc, const struct change *change)
{
    VEC_EACH (subnet, &vpc->observation.subnets) {
        if (!text_equal(subnet->vpc_id, "vpc-1"))
            continue;
        VEC_EACH (table, &vpc->observation.route_tables)
            for (size_t i = 0; i < table->routes.n; i++) {
                const struct ec2_route *route = &table->routes.items[i];
                const struct prefix *to = route->destination_cidr_block.family != FAMILY_NONE
                                              ? &route->destination_cidr_block
                                              : &route->destination_ipv6_cidr_block;

                if (to->family == FAMILY_NONE)
                    continue;
                for (unsigned public_source = 0; public_source < 2; public_source++) {
                    const char *before, *after;
                    bool lives_here = false;

                    /* Who is there to lose it: interfaces, by their addresses, and NAT gateways. */
                    VEC_EACH (interface, &vpc->observation.network_interfaces)
                        lives_here |= text_equal(interface->subnet_id, subnet->subnet_id) &&
                                      (interface->association_public_ip != NULL) == public_source;
                    VEC_EACH (gateway, &vpc->observation.nat_gateways)
                        lives_here |= public_source && gateway->state == EC2_STATE_AVAILABLE &&
                                      text_equal(gateway->subnet_id, subnet->subnet_id);
                    if (!lives_here)
                        continue;
                    before = way_out(vpc, subnet->subnet_id, to, public_source, NULL, 0);
                    after = way_out(vpc, subnet->subnet_id, to, public_source, change, 0);
                    /* A network behind a peering is not reached through anything else. */
                    if (*before && (!*after || (strcmp(before, "internet") != 0 &&
                                                strcmp(before, after) != 0))) {
                        char text[PREFIX_TEXT_SIZE];

                        return arena_printf(vpc->arena, "S7: %s to %s: \"%s\", then \"%s\"",
                                            subnet->subnet_id, prefix_format(to, text), before,
                                            after);
                    }
                }
            }
    }
    return NULL;
}

static bool declares(const struct declared_options *options, const char *target)
{
    for (size_t i = 0; i < options->n; i++)
        if ((options->items[i].option == OPTION_INTERNET_GATEWAY &&
             text_starts_with(target, "igw-")) ||
            (options->items[i].option == OPTION_NAT_GATEWAY && text_starts_with(target, "nat-")) ||
            (options->items[i].option == OPTION_EGRESS_ONLY_INTERNET_GATEWAY &&
             text_starts_with(target, "eigw-")))
            return true;
    return false;
}

static bool wanted(const struct vpc *vpc, enum option option)
{
    for (size_t g = 0; g < vpc->target.n_groups; g++)
        for (size_t f = 0; f < 2; f++) {
            const struct declared_options *options =
                f ? &vpc->groups[g].ipv6 : &vpc->groups[g].ipv4;

            for (size_t i = 0; i < options->n; i++)
                if (options->items[i].option == option)
                    return true;
        }
    return false;
}

/* ---- the oracle: what may not be ---- */

static const char *foreign_default(const struct vpc *vpc, const struct ec2_route_table *table,
                                   const struct prefix *destination, bool replaces)
{
    bool there = false;

    for (size_t i = 0; i < table->routes.n; i++) {
        const struct ec2_route *route = &table->routes.items[i];

        if (!prefix_equal(destination->family == FAMILY_IPV4 ? &route->destination_cidr_block
                                                             : &route->destination_ipv6_cidr_block,
                          destination))
            continue;
        there = true;
        if (route->origin != EC2_ORIGIN_CREATE_ROUTE && !replaces)
            return "beside a propagated default";
        if (route->origin == EC2_ORIGIN_CREATE_ROUTE &&
            (route->transit_gateway_id || text_starts_with(route->gateway_id, "vgw-")))
            return "somebody's design";
        if (route->origin != EC2_ORIGIN_CREATE_ROUTE && table->routes.n && replaces)
            return "a propagated default";
    }
    for (size_t i = 0; i < table->routes.n && !there; i++)
        if (text_equal(table->routes.items[i].destination_prefix_list_id, "pl-corp"))
            return "beside a customer's prefix list";
    (void)vpc;
    return NULL;
}

static const char *route_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_route_table *table = table_named(vpc, request->route_table_id);
    bool ipv4 = prefix_equal(&request->destination_cidr_block, &PREFIX_IPV4_DEFAULT),
         ipv6 = prefix_equal(&request->destination_ipv6_cidr_block, &PREFIX_IPV6_DEFAULT);
    const char *target = request->gateway_id ? request->gateway_id : request->nat_gateway_id, *why;
    struct change change = {.table = table};
    unsigned n_served = 0;

    target = target ? target : request->egress_only_internet_gateway_id;
    if (!table)
        return "S1: another table";
    if (ipv4 == ipv6 || request->destination_prefix_list_id ||
        (ipv4 && request->destination_ipv6_cidr_block.family != FAMILY_NONE) ||
        (ipv6 && request->destination_cidr_block.family != FAMILY_NONE))
        return "S2: another destination";
    if ((request->gateway_id != NULL) + (request->nat_gateway_id != NULL) +
                (request->egress_only_internet_gateway_id != NULL) !=
            1 ||
        request->transit_gateway_id || request->local_target)
        return "S2: not one target";
    for (size_t i = 0; i < table->associations.n; i++)
        if (table->associations.items[i].main == WIRE_TRUE ||
            table->associations.items[i].gateway_id)
            return "S2: main or edge table";
    VEC_EACH (subnet, &vpc->observation.subnets) {
        bool explicit_;
        const struct subnet_group *group;

        if (!text_equal(subnet->vpc_id, "vpc-1") ||
            table_of_subnet(vpc, subnet->subnet_id, &explicit_) != table)
            continue;
        n_served++;
        group = group_of(vpc, subnet->subnet_id);
        if (!group)
            return "S2: an undeclared subnet";
        if (!declares(ipv4 ? &group->ipv4 : &group->ipv6, target))
            return "S2: not declared";
    }
    if (!n_served)
        return "S2: nobody's table";
    change.destination = ipv4 ? PREFIX_IPV4_DEFAULT : PREFIX_IPV6_DEFAULT;
    change.target = target;
    why = foreign_default(vpc, table, &change.destination, action->call == EC2_REPLACE_ROUTE);
    if (why)
        return why;
    if (text_starts_with(target, "nat-")) {
        VEC_EACH (gateway, &vpc->observation.nat_gateways)
            if (text_equal(gateway->nat_gateway_id, target) &&
                (!text_equal(gateway->vpc_id, "vpc-1") || gateway->state != EC2_STATE_AVAILABLE ||
                 gateway->connectivity_type != EC2_CONNECTIVITY_PUBLIC))
                return "S1: a NAT gateway that is none for this VPC";
    } else if (text_equal(target, "igw-9") || text_equal(target, "eigw-9")) {
        return "S1: another VPC's gateway";
    } else if (!action->input_is_fresh && !igw_carries(vpc, target) && !eigw_carries(vpc, target)) {
        return "nothing attached here";
    }
    return path_that_gets_worse(vpc, &change);
}

static const char *association_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_route_table *table = table_named(vpc, request->route_table_id);
    const struct ec2_subnet *subnet = subnet_named(vpc, request->subnet_id);
    const struct subnet_group *group = group_of(vpc, request->subnet_id);
    const struct change change = {.subnet = request->subnet_id, .table = table};
    bool explicit_;

    if (!table || !subnet || request->gateway_id)
        return "S1: another table or subnet";
    if (!group)
        return "S2: an undeclared subnet";
    table_of_subnet(vpc, request->subnet_id, &explicit_);
    if (explicit_)
        return "it has an association";
    for (size_t i = 0; i < table->associations.n; i++) {
        const struct ec2_route_table_association *other = &table->associations.items[i];

        if (other->main == WIRE_TRUE || other->gateway_id ||
            group_of(vpc, other->subnet_id) != group)
            return "S2: somebody else's table";
    }
    for (size_t f = 0; f < 2; f++) {
        const struct ec2_route *way = match(table, f ? &PREFIX_IPV6_DEFAULT : &PREFIX_IPV4_DEFAULT);
        const char *target;

        if (!way || way->state != EC2_ROUTE_ACTIVE)
            continue;
        target = way->gateway_id ? way->gateway_id : way->nat_gateway_id;
        target = target ? target : way->egress_only_internet_gateway_id;
        if ((igw_carries(vpc, target) || eigw_carries(vpc, target) || !target) &&
            !declares(f ? &group->ipv6 : &group->ipv4, target))
            return "S7: a way out that nobody declared";
    }
    return path_that_gets_worse(vpc, &change);
}

static const char *gateway_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    bool egress = action->call == EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY;
    bool dead_route_names_it = false;

    if (action->call != EC2_CREATE_INTERNET_GATEWAY && !text_equal(request->vpc_id, "vpc-1"))
        return "S1: another VPC";
    if (!wanted(vpc, egress ? OPTION_EGRESS_ONLY_INTERNET_GATEWAY : OPTION_INTERNET_GATEWAY))
        return "nobody declares it";
    if (egress) {
        VEC_EACH (gateway, &vpc->observation.egress_only_internet_gateways)
            if (gateway->attachments.n && text_equal(gateway->attachments.items[0].vpc_id, "vpc-1"))
                return "S3: a second one";
        return NULL;
    }
    VEC_EACH (gateway, &vpc->observation.internet_gateways)
        if (gateway->attachments.n && text_equal(gateway->attachments.items[0].vpc_id, "vpc-1"))
            return "S3: a second one";
    if (action->call == EC2_CREATE_INTERNET_GATEWAY)
        return NULL;
    VEC_EACH (table, &vpc->observation.route_tables)
        for (size_t i = 0; i < table->routes.n; i++)
            dead_route_names_it |=
                table->routes.items[i].state == EC2_ROUTE_BLACKHOLE &&
                text_equal(table->vpc_id, "vpc-1") &&
                text_equal(table->routes.items[i].gateway_id, request->internet_gateway_id);
    VEC_EACH (gateway, &vpc->observation.internet_gateways)
        if (text_equal(gateway->internet_gateway_id, request->internet_gateway_id) &&
            (gateway->attachments.n || !(gateway->tags.n || dead_route_names_it)))
            return "S1, S2: somebody else's";
    return text_equal(request->internet_gateway_id, "igw-none") && !action->input_is_fresh
               ? "what nobody has seen"
               : NULL;
}

/* ---- the oracle: NAT gateways and tables that are made ---- */

/* The zone that a role ends in; NULL: another role. */
static const char *zone_of_role(const char *role, const char *what)
{
    return text_starts_with(role, what) ? role + strlen(what) : NULL;
}

static bool zone_wants_nat(const struct vpc *vpc, const char *zone)
{
    VEC_EACH (subnet, &vpc->observation.subnets) {
        const struct subnet_group *group = group_of(vpc, subnet->subnet_id);

        if (group && text_equal(subnet->availability_zone, zone) && group->ipv4.n &&
            group->ipv4.items[0].option == OPTION_NAT_GATEWAY)
            return true;
    }
    return false;
}

static bool is_public(const struct vpc *vpc, const struct ec2_subnet *subnet)
{
    const struct subnet_group *group = subnet ? group_of(vpc, subnet->subnet_id) : NULL;

    return group && strcmp(group->name, "public") == 0;
}

/* S3: something that is, will be, or may be the zone's. */
static bool zone_is_served(const struct vpc *vpc, const char *zone)
{
    VEC_EACH (gateway, &vpc->observation.nat_gateways) {
        const struct ec2_subnet *home = subnet_named(vpc, gateway->subnet_id);
        bool regional = gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL;

        if (!text_equal(gateway->vpc_id, "vpc-1") ||
            gateway->connectivity_type == EC2_CONNECTIVITY_PRIVATE ||
            gateway->state == EC2_STATE_DELETED || gateway->state == EC2_STATE_FAILED)
            continue;
        if (regional || (zone && is_public(vpc, home) && text_equal(home->availability_zone, zone)))
            return true;
    }
    return false;
}

static const char *address_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const char *zone = zone_of_role(action->role, "elastic-ip/");
    unsigned unattached = 0, bare = 0;

    if (vpc->target.nat_gateways.placement != NAT_PER_AZ || !zone || !zone_wants_nat(vpc, zone))
        return "nobody needs it";
    if (zone_is_served(vpc, zone))
        return "S3: the zone has a gateway, or will have one";
    if (!text_equal(action->request.domain, "vpc") || action->request.address)
        return "S2: one of somebody's choice";
    VEC_EACH (address, &vpc->observation.addresses)
        unattached += text_empty(address->association_id) && address->tags.n > 0;
    bare += !zone_is_served(vpc, ZONE_A) && zone_wants_nat(vpc, ZONE_A);
    bare += !zone_is_served(vpc, ZONE_C) && zone_wants_nat(vpc, ZONE_C);
    return unattached + 1 > bare ? "S4: more addresses than zones" : NULL;
}

static const char *regional_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;

    if (vpc->target.nat_gateways.placement != NAT_REGIONAL || !wanted(vpc, OPTION_NAT_GATEWAY))
        return "nobody declares it";
    if (!text_equal(request->vpc_id, "vpc-1") || request->subnet_id || request->allocation_id)
        return "S1: another VPC, or half a zonal one";
    return zone_is_served(vpc, NULL) ? "S3: a second one" : NULL;
}

static const char *nat_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_subnet *subnet = subnet_named(vpc, request->subnet_id);
    const struct ec2_route_table *table;
    const struct ec2_route *way;
    const char *zone = zone_of_role(action->role, "nat-gateway/");
    bool explicit_, known = action->input_is_fresh;

    if (request->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL)
        return regional_forbidden(vpc, action);
    if (vpc->target.nat_gateways.placement != NAT_PER_AZ || !zone || !zone_wants_nat(vpc, zone))
        return "nobody needs it";
    if (!is_public(vpc, subnet) || !text_equal(subnet->availability_zone, zone))
        return "S2: another place";
    if (zone_is_served(vpc, zone))
        return "S3: a second one";
    if (request->connectivity_type == EC2_CONNECTIVITY_PRIVATE)
        return "not a public one";
    VEC_EACH (address, &vpc->observation.addresses)
        known |= text_equal(address->allocation_id, request->allocation_id) &&
                 text_empty(address->association_id);
    if (!known)
        return "S2: an address that nobody has seen";
    table = table_of_subnet(vpc, subnet->subnet_id, &explicit_);
    way = table ? match(table, &PREFIX_IPV4_DEFAULT) : NULL;
    return way && way->state == EC2_ROUTE_ACTIVE && way->gateway_id &&
                   igw_carries(vpc, way->gateway_id)
               ? NULL
               : "it would fail: there is no way out";
}

static bool ours_for(const struct ec2_route_table *table, const char *role)
{
    return table && text_equal(ec2_tag_value(&table->tags, TAG_OWNER), "vpc-reconciled/vpc-1") &&
           text_equal(ec2_tag_value(&table->tags, TAG_ROLE), role);
}

static const char *table_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    unsigned n_without = 0;

    if (!text_equal(action->request.vpc_id, "vpc-1"))
        return "S1: another VPC";
    VEC_EACH (table, &vpc->observation.route_tables)
        if (ours_for(table, action->role))
            return "a second one";
    VEC_EACH (subnet, &vpc->observation.subnets) {
        const struct subnet_group *group = group_of(vpc, subnet->subnet_id);
        const struct ec2_route_table *table;
        bool explicit_, shared = false;

        if (!group || !text_starts_with(action->role,
                                        arena_printf(vpc->arena, "route-table/%s/", group->name)))
            continue;
        table = table_of_subnet(vpc, subnet->subnet_id, &explicit_);
        VEC_EACH (other, &vpc->observation.subnets)
            shared |= !text_equal(other->availability_zone, subnet->availability_zone) &&
                      table_of_subnet(vpc, other->subnet_id, &explicit_) == table;
        table_of_subnet(vpc, subnet->subnet_id, &explicit_);
        n_without += !explicit_ || shared;
    }
    return n_without ? NULL : "nobody needs it";
}

/* Only what another table of the VPC has, into a table of ours that nobody is served by. */
static const char *copy_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_route_table *copy = table_named(vpc, request->route_table_id);

    if (action->call != EC2_CREATE_ROUTE || copy->associations.n)
        return "a copy is added to until it is used";
    VEC_EACH (table, &vpc->observation.route_tables)
        for (size_t i = 0; i < table->routes.n; i++) {
            const struct ec2_route *route = &table->routes.items[i];

            if (prefix_equal(&route->destination_cidr_block, &request->destination_cidr_block) &&
                prefix_equal(&route->destination_ipv6_cidr_block,
                             &request->destination_ipv6_cidr_block) &&
                text_equal(route->gateway_id, request->gateway_id) &&
                text_equal(route->nat_gateway_id, request->nat_gateway_id) &&
                text_equal(route->egress_only_internet_gateway_id,
                           request->egress_only_internet_gateway_id) &&
                text_equal(route->transit_gateway_id, request->transit_gateway_id) &&
                text_equal(table->vpc_id, "vpc-1") && table != copy)
                return NULL;
        }
    return "S7: a route that no table has";
}

static const char *move_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_route_table *copy = table_named(vpc, request->route_table_id);
    struct change change = {.table = copy};

    if (!ours_for(copy, action->role))
        return "S2: to a table that we did not make for it";
    VEC_EACH (table, &vpc->observation.route_tables)
        for (size_t i = 0; i < table->associations.n; i++)
            if (request->association_id &&
                text_equal(table->associations.items[i].route_table_association_id,
                           request->association_id))
                change.subnet = table->associations.items[i].subnet_id;
    if (!change.subnet || !subnet_named(vpc, change.subnet) || !group_of(vpc, change.subnet))
        return "S2: not a declared subnet's association";
    return path_that_gets_worse(vpc, &change);
}

static const char *forbidden(const struct vpc *vpc, const struct plan_action *action,
                             const struct guard_policy *policy)
{
    unsigned needs = NEEDS(VPCS) | NEEDS(SUBNETS);

    if (policy->observe_only || !vpc->target.repair_mode || vpc->target.observe_because)
        return "S15";
    if (policy->pass != vpc->observation.pass ||
        policy->now.monotonic_ms - vpc->observation.at.monotonic_ms > 120000)
        return "S5: another pass, or too old";
    VEC_EACH (item, &vpc->observation.vpcs)
        if (text_equal(item->vpc_id, "vpc-1") && !text_equal(item->owner_id, ACCOUNT))
            return "S1: another account";
    switch (action->call) {
    case EC2_CREATE_INTERNET_GATEWAY:
    case EC2_ATTACH_INTERNET_GATEWAY:
        needs |= NEEDS(INTERNET_GATEWAYS);
        break;
    case EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY:
        needs |= NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS);
        break;
    case EC2_CREATE_ROUTE:
    case EC2_REPLACE_ROUTE:
    case EC2_ASSOCIATE_ROUTE_TABLE:
        needs |= NEEDS(ROUTE_TABLES) | NEEDS(INTERNET_GATEWAYS) |
                 NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) | NEEDS(NAT_GATEWAYS);
        break;
    case EC2_ALLOCATE_ADDRESS:
    case EC2_CREATE_NAT_GATEWAY:
    case EC2_CREATE_ROUTE_TABLE:
    case EC2_REPLACE_ROUTE_TABLE_ASSOCIATION:
        needs |= NEEDS(ROUTE_TABLES) | NEEDS(INTERNET_GATEWAYS) |
                 NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) | NEEDS(NAT_GATEWAYS) | NEEDS(ADDRESSES) |
                 NEEDS(AVAILABILITY_ZONES);
        break;
    default:
        return "S8";
    }
    if (needs & ~vpc->snapshot->complete)
        return "S5: an incomplete list";
    if (action->call == EC2_ALLOCATE_ADDRESS)
        return address_forbidden(vpc, action);
    if (action->call == EC2_CREATE_NAT_GATEWAY)
        return nat_forbidden(vpc, action);
    if (action->call == EC2_CREATE_ROUTE_TABLE)
        return table_forbidden(vpc, action);
    if (action->call == EC2_REPLACE_ROUTE_TABLE_ASSOCIATION)
        return move_forbidden(vpc, action);
    if (action->call == EC2_ASSOCIATE_ROUTE_TABLE)
        return association_forbidden(vpc, action);
    if (action->call == EC2_CREATE_ROUTE || action->call == EC2_REPLACE_ROUTE)
        return ours_for(table_named(vpc, action->request.route_table_id), action->role)
                   ? copy_forbidden(vpc, action)
                   : route_forbidden(vpc, action);
    return gateway_forbidden(vpc, action);
}

static void test_hostile_planner(void **state)
{
    struct rng rng = {20261124};
    unsigned let_through[EC2_ACTION_COUNT] = {0}, n_refused_right = 0;

    (void)state;
    for (unsigned world = 0; world < ROUNDS / 40; world++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        uint64_t seed = rng.state;

        random_world(vpc, &rng);
        vpc_look(vpc);
        for (unsigned i = 0; i < 40; i++) {
            unsigned complete = vpc->snapshot->complete;
            struct plan_action action = random_action(vpc, &rng);
            struct guard_policy policy = random_policy(vpc, &rng);
            const char *reason = NULL, *why = forbidden(vpc, &action, &policy);
            enum hold hold =
                guard_action(vpc->arena, &action, vpc->desired, vpc->snapshot, &policy, &reason);

            if (hold == HOLD_NONE && why)
                fail_msg("seed %llu, action %u: %s was let through: %s", (unsigned long long)seed,
                         i, plan_action_text(vpc->arena, &action), why);
            let_through[action.call] += hold == HOLD_NONE;
            n_refused_right += why != NULL;
            vpc->snapshot->complete = complete;
        }
    }
    /* The generator must reach what may run as well, or it shows nothing. */
    assert_true(let_through[EC2_CREATE_ROUTE] > 50);
    assert_true(let_through[EC2_REPLACE_ROUTE] > 50);
    assert_true(let_through[EC2_ASSOCIATE_ROUTE_TABLE] > 20);
    assert_true(let_through[EC2_CREATE_INTERNET_GATEWAY] > 20);
    assert_true(let_through[EC2_ATTACH_INTERNET_GATEWAY] > 10);
    assert_true(let_through[EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY] > 20);
    assert_true(let_through[EC2_ALLOCATE_ADDRESS] > 20);
    assert_true(let_through[EC2_CREATE_NAT_GATEWAY] > 20);
    assert_true(let_through[EC2_CREATE_ROUTE_TABLE] > 20);
    assert_true(let_through[EC2_REPLACE_ROUTE_TABLE_ASSOCIATION] > 20);
    assert_true(n_refused_right > ROUNDS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_hostile_planner)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
