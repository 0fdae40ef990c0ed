/* hostile_plan.h - random worlds, and random actions in the planner's place. */
#pragma once

#include "nat_actions.h"

/* ---- worlds: each breakage is one line ---- */

static inline void break_world(struct vpc *vpc, uint64_t which)
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

static inline bool exclude_each_other(uint64_t a, uint64_t b)
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

static inline void random_world(struct vpc *vpc, struct rng *rng)
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

static inline const char *pick(struct rng *rng, const char *const *ids, size_t n)
{
    return ids[rng_below(rng, n)];
}
#define PICK(rng, ...)                                                                             \
    pick(rng, (const char *const[]){__VA_ARGS__},                                                  \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static inline bool one_in(struct rng *rng, uint64_t n)
{
    return rng_below(rng, n) == 0;
}

static inline struct plan_action made_up_action(struct rng *rng)
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

static inline void falsify(struct plan_action *action, struct rng *rng)
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
static inline struct plan_action random_action(const struct vpc *vpc, struct rng *rng)
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

static inline struct guard_policy random_policy(struct vpc *vpc, struct rng *rng)
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
