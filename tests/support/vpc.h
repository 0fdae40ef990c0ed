/* vpc.h - a hand-made VPC for tests of the pure stages: an observation with nothing wrong, the
 * config that declares it, and the helpers to break both.
 *
 * vpc-1 has two zones. Group "public" (subnet-public-a, -c on rtb-public) leads to igw-1 in both
 * families; group "functions" (subnet-private-a, -c on rtb-private-a, -c) to its zone's NAT gateway
 * and to eigw-1. Around it: the main table (serves nobody), subnet-other on rtb-other, which is not
 * declared, and all of vpc-9, somebody else's. Ids are words here: nothing below the wire cares.
 *
 * With VPC_OBSERVED_ALONE there is no config and no history: for the model, which knows neither. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h> /* after those three, as it wants */

#ifdef VPC_OBSERVED_ALONE
#include "vpc_reconciled/model.h"
#else
#include "vpc_reconciled/guard.h"
#endif

#define ACCOUNT "111122223333"
#define ZONE_A "ap-northeast-1a"
#define ZONE_C "ap-northeast-1c"
#define WALL_MS 1795500000000
#define MONOTONIC_MS ((uint64_t)1000000)
#define ROUTES_MAX 16

struct vpc {
    struct arena *arena;
    struct observation observation;
    struct instant now;
    struct snapshot *snapshot; /* of the last look; NULL: nothing may be planned */
#ifndef VPC_OBSERVED_ALONE
    struct config config;
    struct config_target target;
    struct subnet_group groups[4]; /* sorted by name */
    struct history *history;
    struct desired *desired; /* of the last vpc_look() */
    struct plan *plan;
#endif
};

/* ---- finding what is there ---- */

#define VPC_FIND(function, type, list, id_member)                                                  \
    static inline struct type *function(struct vpc *vpc, const char *id)                           \
    {                                                                                              \
        VEC_EACH (item, &vpc->observation.list)                                                    \
            if (text_equal(item->id_member, id))                                                   \
                return item;                                                                       \
        fail_msg("no %s in this VPC", id);                                                         \
        return NULL;                                                                               \
    }
VPC_FIND(vpc_vpc, ec2_vpc, vpcs, vpc_id)
VPC_FIND(vpc_subnet, ec2_subnet, subnets, subnet_id)
VPC_FIND(vpc_table, ec2_route_table, route_tables, route_table_id)
VPC_FIND(vpc_igw, ec2_internet_gateway, internet_gateways, internet_gateway_id)
VPC_FIND(vpc_eigw, ec2_egress_only_internet_gateway, egress_only_internet_gateways,
         egress_only_internet_gateway_id)
VPC_FIND(vpc_nat, ec2_nat_gateway, nat_gateways, nat_gateway_id)
VPC_FIND(vpc_interface, ec2_network_interface, network_interfaces, network_interface_id)
VPC_FIND(vpc_prefix_list, ec2_managed_prefix_list, managed_prefix_lists, prefix_list_id)
#undef VPC_FIND

static inline bool vpc_route_leads(const struct ec2_route *route, const char *destination)
{
    struct prefix prefix;

    if (text_starts_with(destination, "pl-"))
        return text_equal(route->destination_prefix_list_id, destination);
    assert_int_equal(prefix_parse(destination, &prefix), 0);
    return prefix_equal(&prefix, prefix.family == FAMILY_IPV4
                                     ? &route->destination_cidr_block
                                     : &route->destination_ipv6_cidr_block);
}

static inline struct ec2_route *vpc_route(struct vpc *vpc, const char *table,
                                          const char *destination)
{
    struct ec2_route_table *in = vpc_table(vpc, table);

    for (size_t i = 0; i < in->routes.n; i++)
        if (vpc_route_leads(&in->routes.items[i], destination))
            return &in->routes.items[i];
    fail_msg("%s has no route %s", table, destination);
    return NULL;
}

/* ---- making ---- */

/* The member that names a target of this id. */
static inline const char **vpc_target_member(struct ec2_route *route, const char *id)
{
    static const struct {
        const char *prefix;
        size_t offset;
    } members[] = {
        {"nat-", offsetof(struct ec2_route, nat_gateway_id)},
        {"eigw-", offsetof(struct ec2_route, egress_only_internet_gateway_id)},
        {"tgw-", offsetof(struct ec2_route, transit_gateway_id)},
        {"eni-", offsetof(struct ec2_route, network_interface_id)},
        {"i-", offsetof(struct ec2_route, instance_id)},
        {"pcx-", offsetof(struct ec2_route, vpc_peering_connection_id)},
        {"lgw-", offsetof(struct ec2_route, local_gateway_id)},
        {"cagw-", offsetof(struct ec2_route, carrier_gateway_id)},
        {"arn:aws:networkmanager", offsetof(struct ec2_route, core_network_arn)},
        {"arn:aws:odb", offsetof(struct ec2_route, odb_network_arn)},
    };

    for (size_t i = 0; i < ARRAY_SIZE(members); i++)
        if (text_starts_with(id, members[i].prefix))
            return (const char **)((char *)route + members[i].offset);
    return &route->gateway_id; /* igw-, vgw-, vpce-, local */
}

static inline void vpc_retarget(struct ec2_route *route, const char *id)
{
    static const struct ec2_route none = {0};
    struct ec2_route with = none;

    with.destination_cidr_block = route->destination_cidr_block;
    with.destination_ipv6_cidr_block = route->destination_ipv6_cidr_block;
    with.destination_prefix_list_id = route->destination_prefix_list_id;
    with.origin = route->origin;
    with.state = route->state;
    *vpc_target_member(&with, id) = id;
    *route = with;
}

static inline struct ec2_route *vpc_add_route(struct vpc *vpc, const char *table,
                                              const char *destination, const char *target)
{
    struct ec2_route_table *in = vpc_table(vpc, table);
    struct ec2_route *route = &in->routes.items[in->routes.n++];
    struct prefix prefix;

    assert_true(in->routes.n <= ROUTES_MAX);
    *route = (struct ec2_route){.origin = EC2_ORIGIN_CREATE_ROUTE, .state = EC2_ROUTE_ACTIVE};
    if (text_starts_with(destination, "pl-")) {
        route->destination_prefix_list_id = destination;
    } else {
        assert_int_equal(prefix_parse(destination, &prefix), 0);
        if (prefix.family == FAMILY_IPV4)
            route->destination_cidr_block = prefix;
        else
            route->destination_ipv6_cidr_block = prefix;
    }
    vpc_retarget(route, target);
    return route;
}

static inline void vpc_drop_route(struct vpc *vpc, const char *table, const char *destination)
{
    struct ec2_route_table *in = vpc_table(vpc, table);
    struct ec2_route *route = vpc_route(vpc, table, destination);

    in->routes.n--;
    memmove(route, route + 1, (size_t)(in->routes.items + in->routes.n - route) * sizeof(*route));
}

static inline struct ec2_route_table *vpc_add_table(struct vpc *vpc, const char *id,
                                                    const char *vpc_id)
{
    struct ec2_route_table *table = VEC_ADD(vpc->arena, &vpc->observation.route_tables);
    const char *cidr = text_equal(vpc_id, "vpc-1") ? "10.0.0.0/16" : "10.9.0.0/16";

    *table = (struct ec2_route_table){.route_table_id = id, .vpc_id = vpc_id, .owner_id = ACCOUNT};
    table->routes.items = ARENA_ARRAY(vpc->arena, struct ec2_route, ROUTES_MAX);
    table->associations.items =
        ARENA_ARRAY(vpc->arena, struct ec2_route_table_association, ROUTES_MAX);
    vpc_add_route(vpc, id, cidr, "local")->origin = EC2_ORIGIN_CREATE_ROUTE_TABLE;
    return table;
}

static inline struct ec2_route_table_association *vpc_associate(struct vpc *vpc, const char *table,
                                                                const char *subnet)
{
    struct ec2_route_table *with = vpc_table(vpc, table);
    struct ec2_route_table_association *association =
        &with->associations.items[with->associations.n++];

    assert_true(with->associations.n <= ROUTES_MAX);
    *association = (struct ec2_route_table_association){
        .route_table_association_id =
            arena_printf(vpc->arena, "rtbassoc-%s", subnet ? subnet : table),
        .route_table_id = table,
        .subnet_id = subnet,
        .main = subnet ? WIRE_FALSE : WIRE_TRUE,
        .state = EC2_ASSOCIATION_ASSOCIATED};
    return association;
}

static inline void vpc_disassociate(struct vpc *vpc, const char *table, const char *subnet)
{
    struct ec2_route_table *with = vpc_table(vpc, table);
    size_t kept = 0;

    for (size_t i = 0; i < with->associations.n; i++)
        if (!text_equal(with->associations.items[i].subnet_id, subnet))
            with->associations.items[kept++] = with->associations.items[i];
    assert_int_equal(kept + 1, with->associations.n);
    with->associations.n = kept;
}

static inline struct prefix vpc_prefix(const char *text)
{
    struct prefix prefix = {0};

    assert_int_equal(prefix_parse(text, &prefix), 0);
    return prefix;
}

/* Of a VPC or of a subnet: n associations, each with a block and a state. */
static inline void vpc_associate_ipv6(struct vpc *vpc, const char *id, const char *block,
                                      enum ec2_association_state state)
{
    struct ec2_vpc *of = text_starts_with(id, "vpc-") ? vpc_vpc(vpc, id) : NULL;
    struct ec2_subnet *in = of ? NULL : vpc_subnet(vpc, id);
    struct ec2_ipv6_cidr_block_association *association;
    size_t *n = of ? &of->ipv6_cidr_block_associations.n : &in->ipv6_cidr_block_associations.n;
    struct ec2_ipv6_cidr_block_association **items =
        of ? &of->ipv6_cidr_block_associations.items : &in->ipv6_cidr_block_associations.items;
    struct ec2_ipv6_cidr_block_association *with =
        ARENA_ARRAY(vpc->arena, struct ec2_ipv6_cidr_block_association, *n + 1);

    if (*n)
        memcpy(with, *items, *n * sizeof(*with));
    *items = with;
    association = &with[(*n)++];
    *association = (struct ec2_ipv6_cidr_block_association){
        .association_id = arena_printf(vpc->arena, "cidr-assoc-%s-%zu", id, *n),
        .state = (uint8_t)state};
    if (block)
        association->ipv6_cidr_block = vpc_prefix(block);
}

static inline void vpc_drop_ipv6(struct vpc *vpc, const char *subnet)
{
    vpc_subnet(vpc, subnet)->ipv6_cidr_block_associations.n = 0;
}

static inline void vpc_add_subnet(struct vpc *vpc, const char *id, const char *vpc_id,
                                  const char *zone, const char *cidr, const char *table)
{
    struct ec2_subnet *subnet = VEC_ADD(vpc->arena, &vpc->observation.subnets);

    *subnet = (struct ec2_subnet){.subnet_id = id,
                                  .vpc_id = vpc_id,
                                  .owner_id = ACCOUNT,
                                  .availability_zone = zone,
                                  .state = EC2_STATE_AVAILABLE};
    assert_int_equal(prefix_parse(cidr, &subnet->cidr_block), 0);
    if (table)
        vpc_associate(vpc, table, id);
    if (text_equal(vpc_id, "vpc-1")) /* each has a /64 of its own */
        vpc_associate_ipv6(
            vpc, id, arena_printf(vpc->arena, "2001:db8:0:%zx::/64", vpc->observation.subnets.n),
            EC2_ASSOCIATION_ASSOCIATED);
}

static inline struct ec2_gateway_attachment *vpc_attachment(struct vpc *vpc, const char *vpc_id,
                                                            enum ec2_attachment_state state)
{
    struct ec2_gateway_attachment *attachment =
        ARENA_NEW(vpc->arena, struct ec2_gateway_attachment);

    *attachment = (struct ec2_gateway_attachment){.vpc_id = vpc_id, .state = (uint8_t)state};
    return attachment;
}

static inline struct ec2_internet_gateway *vpc_add_igw(struct vpc *vpc, const char *id,
                                                       const char *vpc_id)
{
    struct ec2_internet_gateway *gateway = VEC_ADD(vpc->arena, &vpc->observation.internet_gateways);

    *gateway = (struct ec2_internet_gateway){.internet_gateway_id = id, .owner_id = ACCOUNT};
    gateway->attachments.items = vpc_attachment(vpc, vpc_id, EC2_ATTACHMENT_AVAILABLE);
    gateway->attachments.n = vpc_id != NULL;
    return gateway;
}

static inline struct ec2_egress_only_internet_gateway *vpc_add_eigw(struct vpc *vpc, const char *id,
                                                                    const char *vpc_id)
{
    struct ec2_egress_only_internet_gateway *gateway =
        VEC_ADD(vpc->arena, &vpc->observation.egress_only_internet_gateways);

    *gateway = (struct ec2_egress_only_internet_gateway){.egress_only_internet_gateway_id = id};
    gateway->attachments.items = vpc_attachment(vpc, vpc_id, EC2_ATTACHMENT_ATTACHED);
    gateway->attachments.n = 1;
    return gateway;
}

static inline struct ec2_nat_gateway *vpc_add_nat(struct vpc *vpc, const char *id,
                                                  const char *vpc_id, const char *subnet)
{
    struct ec2_nat_gateway *gateway = VEC_ADD(vpc->arena, &vpc->observation.nat_gateways);

    *gateway = (struct ec2_nat_gateway){.nat_gateway_id = id,
                                        .vpc_id = vpc_id,
                                        .subnet_id = subnet,
                                        .state = EC2_STATE_AVAILABLE,
                                        .connectivity_type = EC2_CONNECTIVITY_PUBLIC};
    return gateway;
}

static inline struct ec2_address *vpc_add_address(struct vpc *vpc, const char *id)
{
    struct ec2_address *address = VEC_ADD(vpc->arena, &vpc->observation.addresses);

    *address = (struct ec2_address){.allocation_id = id, .domain = "vpc"};
    return address;
}

/* Says that the NAT gateway has, or had, the address. */
static inline void vpc_nat_had(struct vpc *vpc, const char *nat, const char *address)
{
    struct ec2_nat_gateway_address *item = ARENA_NEW(vpc->arena, struct ec2_nat_gateway_address);

    *item = (struct ec2_nat_gateway_address){.allocation_id = address, .is_primary = WIRE_TRUE};
    vpc_nat(vpc, nat)->addresses.items = item;
    vpc_nat(vpc, nat)->addresses.n = 1;
}

static inline struct ec2_network_interface *
vpc_add_interface(struct vpc *vpc, const char *id, const char *subnet, const char *public_ip)
{
    struct ec2_network_interface *interface =
        VEC_ADD(vpc->arena, &vpc->observation.network_interfaces);

    *interface = (struct ec2_network_interface){.network_interface_id = id,
                                                .vpc_id = vpc_subnet(vpc, subnet)->vpc_id,
                                                .subnet_id = subnet,
                                                .interface_type = "interface",
                                                .association_public_ip = public_ip};
    return interface;
}

static inline void vpc_add_prefix_list(struct vpc *vpc, const char *id, const char *owner)
{
    *VEC_ADD(vpc->arena, &vpc->observation.managed_prefix_lists) =
        (struct ec2_managed_prefix_list){.prefix_list_id = id, .owner_id = owner};
}

static inline void vpc_tag(struct vpc *vpc, ec2_tags *tags, const char *key, const char *value)
{
    struct ec2_tag *items = ARENA_ARRAY(vpc->arena, struct ec2_tag, tags->n + 1);

    if (tags->n)
        memcpy(items, tags->items, tags->n * sizeof(*items));
    items[tags->n++] = (struct ec2_tag){key, value};
    tags->items = items;
}

static inline void vpc_make_vpc(struct vpc *vpc)
{
    static const char *const tables[] = {"rtb-main", "rtb-public", "rtb-private-a", "rtb-private-c",
                                         "rtb-other"};

    *VEC_ADD(vpc->arena, &vpc->observation.vpcs) =
        (struct ec2_vpc){.vpc_id = "vpc-1",
                         .owner_id = ACCOUNT,
                         .state = EC2_STATE_AVAILABLE,
                         .cidr_block = vpc_prefix("10.0.0.0/16")};
    for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
        vpc_add_table(vpc, tables[i], "vpc-1");
    vpc_associate(vpc, "rtb-main", NULL);
    vpc_add_subnet(vpc, "subnet-public-a", "vpc-1", ZONE_A, "10.0.0.0/24", "rtb-public");
    vpc_add_subnet(vpc, "subnet-public-c", "vpc-1", ZONE_C, "10.0.1.0/24", "rtb-public");
    vpc_add_subnet(vpc, "subnet-private-a", "vpc-1", ZONE_A, "10.0.16.0/24", "rtb-private-a");
    vpc_add_subnet(vpc, "subnet-private-c", "vpc-1", ZONE_C, "10.0.17.0/24", "rtb-private-c");
    vpc_add_subnet(vpc, "subnet-other", "vpc-1", ZONE_A, "10.0.32.0/24", "rtb-other");
    vpc_associate_ipv6(vpc, "vpc-1", "2001:db8:0:0::/56", EC2_ASSOCIATION_ASSOCIATED);
    vpc_add_igw(vpc, "igw-1", "vpc-1");
    vpc_add_eigw(vpc, "eigw-1", "vpc-1");
    vpc_add_nat(vpc, "nat-a", "vpc-1", "subnet-public-a");
    vpc_add_nat(vpc, "nat-c", "vpc-1", "subnet-public-c");
    vpc_add_route(vpc, "rtb-public", "0.0.0.0/0", "igw-1");
    vpc_add_route(vpc, "rtb-public", "::/0", "igw-1");
    vpc_add_route(vpc, "rtb-private-a", "0.0.0.0/0", "nat-a");
    vpc_add_route(vpc, "rtb-private-c", "0.0.0.0/0", "nat-c");
    vpc_add_route(vpc, "rtb-private-a", "::/0", "eigw-1");
    vpc_add_route(vpc, "rtb-private-c", "::/0", "eigw-1");
    vpc_add_route(vpc, "rtb-private-a", "pl-s3", "vpce-s3");
    vpc_add_route(vpc, "rtb-private-a", "10.50.0.0/16", "pcx-1");
    vpc_add_prefix_list(vpc, "pl-s3", "AWS");
    vpc_add_prefix_list(vpc, "pl-corp", ACCOUNT);
    vpc_add_interface(vpc, "eni-public", "subnet-public-a", "192.0.2.1");
    vpc_add_interface(vpc, "eni-private", "subnet-private-a", NULL);
}

/* What another target of the same scope has, and gateways that are nobody's. */
static inline void vpc_make_strangers(struct vpc *vpc)
{
    *VEC_ADD(vpc->arena, &vpc->observation.vpcs) =
        (struct ec2_vpc){.vpc_id = "vpc-9", .owner_id = ACCOUNT, .state = EC2_STATE_AVAILABLE};
    vpc_add_table(vpc, "rtb-9", "vpc-9");
    vpc_add_subnet(vpc, "subnet-9", "vpc-9", ZONE_A, "10.9.0.0/24", "rtb-9");
    vpc_add_igw(vpc, "igw-9", "vpc-9");
    vpc_add_igw(vpc, "igw-loose", NULL);
    vpc_add_eigw(vpc, "eigw-9", "vpc-9");
    vpc_add_nat(vpc, "nat-9", "vpc-9", "subnet-9");
    vpc_add_route(vpc, "rtb-9", "0.0.0.0/0", "igw-9");
}

static inline void vpc_snapshot(struct vpc *vpc)
{
    observation_seal(&vpc->observation);
    vpc->snapshot = snapshot_new(vpc->arena, &vpc->observation, "vpc-1", "vpc-reconciled");
}

static inline struct vpc *vpc_new_observed(void)
{
    struct vpc *vpc = calloc(1, sizeof(*vpc));

    assert_non_null(vpc);
    vpc->arena = arena_new();
    vpc->now = (struct instant){.monotonic_ms = MONOTONIC_MS, .wall_ms = WALL_MS};
    vpc->observation = (struct observation){.arena = vpc->arena,
                                            .at = vpc->now,
                                            .pass = 7,
                                            .region = "ap-northeast-1",
                                            .account = ACCOUNT};
    for (size_t i = 0; i < LIST_COUNT; i++)
        vpc->observation.lists[i] = (struct list_status){.complete = true, .asked = true};
    vpc_make_vpc(vpc);
    vpc_make_strangers(vpc);
    return vpc;
}

#ifdef VPC_OBSERVED_ALONE
static inline void vpc_freep(struct vpc **vpc)
{
    if (!*vpc)
        return;
    arena_free((*vpc)->arena);
    free(*vpc);
}
#else

/* ---- the config ---- */

/* "nat-gateway", "internet-gateway", "egress-only-internet-gateway", "none", an id; several by ','.
 */
static inline struct declared_options vpc_options(struct vpc *vpc, const char *text)
{
    struct declared_options options = {.items = ARENA_ARRAY(vpc->arena, struct declared_option, 8)};
    char *copy = arena_strdup(vpc->arena, text), *save = NULL;

    for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
        struct declared_option *option = &options.items[options.n++];

        *option = (struct declared_option){OPTION_TARGET_ID, word};
        for (enum option o = OPTION_NONE; o < OPTION_TARGET_ID; o++)
            if (text_equal(option_name(o), word))
                *option = (struct declared_option){o, NULL};
    }
    return options;
}

static inline struct subnet_group *vpc_group(struct vpc *vpc, const char *name)
{
    for (size_t i = 0; i < vpc->target.n_groups; i++)
        if (text_equal(vpc->groups[i].name, name))
            return &vpc->groups[i];
    fail_msg("no group %s", name);
    return NULL;
}

static inline struct subnet_group *vpc_add_group(struct vpc *vpc, const char *name,
                                                 const char *ipv4, const char *ipv6)
{
    struct subnet_group *group = &vpc->groups[vpc->target.n_groups++];

    assert_true(vpc->target.n_groups <= ARRAY_SIZE(vpc->groups));
    *group = (struct subnet_group){.name = name, .file = "vpcs.d/test.json", .line = 1};
    group->subnet_ids.items = ARENA_ARRAY(vpc->arena, const char *, 16);
    group->ipv4 = vpc_options(vpc, ipv4);
    group->ipv6 = vpc_options(vpc, ipv6);
    return group;
}

static inline void vpc_declare(struct vpc *vpc, const char *group, const char *subnet)
{
    struct subnet_group *in = vpc_group(vpc, group);

    in->subnet_ids.items[in->subnet_ids.n++] = subnet;
    assert_true(in->subnet_ids.n <= 16);
}

static inline void vpc_make_config(struct vpc *vpc)
{
    vpc->config = (struct config){.owner = "vpc-reconciled",
                                  .interval_ms = 60000,
                                  .confirm_route_ms = 10000,
                                  .confirm_create_ms = 60000,
                                  .targets = &vpc->target,
                                  .n_targets = 1};
    vpc->target = (struct config_target){.file = "vpcs.d/test.json",
                                         .name = "test",
                                         .region = "ap-northeast-1",
                                         .vpc_id = "vpc-1",
                                         .repair_mode = true,
                                         .groups = vpc->groups,
                                         .changes_per_pass = 20,
                                         .changes_per_hour = 60,
                                         .monthly_usd = -1};
    vpc->target.nat_gateways = (struct declared_nat_gateways){
        .declared = true, .placement = NAT_PER_AZ, .in_group = "public"};
    for (size_t i = 0; i < DRIFT_CODE_COUNT; i++)
        vpc->target.policies[i] = (uint8_t)drift_table[i].policy;
    vpc_add_group(vpc, "functions", "nat-gateway", "egress-only-internet-gateway");
    vpc_declare(vpc, "functions", "subnet-private-a");
    vpc_declare(vpc, "functions", "subnet-private-c");
    vpc_add_group(vpc, "public", "internet-gateway", "internet-gateway");
    vpc_declare(vpc, "public", "subnet-public-a");
    vpc_declare(vpc, "public", "subnet-public-c");
}

static inline struct vpc *vpc_new(void)
{
    struct vpc *vpc = vpc_new_observed();

    vpc->history = history_new();
    vpc_make_config(vpc);
    return vpc;
}

static inline void vpc_freep(struct vpc **vpc)
{
    if (!*vpc)
        return;
    history_free((*vpc)->history);
    arena_free((*vpc)->arena);
    free(*vpc);
}

/* ---- looking and judging ---- */

static inline void vpc_look(struct vpc *vpc)
{
    vpc_snapshot(vpc);
    vpc->desired = NULL;
    vpc->plan = NULL;
    if (!vpc->snapshot)
        return;
    vpc->desired = resolve(vpc->arena, &vpc->target, vpc->snapshot, vpc->history);
    vpc->plan = plan_new(vpc->arena, vpc->desired, vpc->snapshot, vpc->history, &vpc->config);
}

static inline void vpc_wire(struct vpc *vpc, const char *role, const char *id)
{
    struct history_record record = {.kind = HISTORY_WIRING, .wall_ms = WALL_MS};
    CLEANUP(buf_free)
    struct buf lines = {0};

    HISTORY_SET(record.target, vpc->target.name);
    HISTORY_SET(record.role, role);
    HISTORY_SET(record.id, id);
    history_add(vpc->history, &record, NULL, &lines);
}

/* Our own change of a role, so long ago: what it was, and what it set. */
static inline void vpc_changed(struct vpc *vpc, const char *role, const char *was, const char *is,
                               int64_t ago_ms)
{
    struct history_record record = {.kind = HISTORY_CHANGE, .wall_ms = WALL_MS - ago_ms};
    CLEANUP(buf_free)
    struct buf lines = {0};

    HISTORY_SET(record.target, vpc->target.name);
    HISTORY_SET(record.role, role);
    HISTORY_SET(record.token, was);
    HISTORY_SET(record.id, is);
    history_add(vpc->history, &record, NULL, &lines);
}

/* A policy under which everything that may run does: confirmed long ago, nothing paused. */
static inline struct guard_policy vpc_policy(struct vpc *vpc)
{
    size_t n = vpc->plan ? vpc->plan->drifts.n : 0;
    struct guard_looks *looks = ARENA_ARRAY(vpc->arena, struct guard_looks, n + 1);

    for (size_t i = 0; i < n; i++)
        looks[i] = (struct guard_looks){.first_monotonic_ms = vpc->now.monotonic_ms - 3600000 / 4,
                                        .looks = 5};
    return (struct guard_policy){.config = &vpc->config,
                                 .target = &vpc->target,
                                 .history = vpc->history,
                                 .pass = vpc->observation.pass,
                                 .now = vpc->now,
                                 .looks = looks};
}

static inline enum hold vpc_judge(struct vpc *vpc, const struct plan_action *action,
                                  const char **ret_reason)
{
    const struct guard_policy policy = vpc_policy(vpc);

    *ret_reason = NULL;
    return guard_action(vpc->arena, action, vpc->desired, vpc->snapshot, &policy, ret_reason);
}

/* CreateRoute or ReplaceRoute as a plan has it. */
static inline struct plan_action vpc_route_action(enum ec2_action call, const char *table,
                                                  const char *destination, const char *target)
{
    struct plan_action action = {.call = call,
                                 .role = "route-table/test/0.0.0.0/0",
                                 .expect = EXPECT_ROUTE,
                                 .target_kind = target_kind_of_id(target),
                                 .target_id = target,
                                 .revives = true};
    struct ec2_change_request *request = &action.request;
    struct prefix prefix;

    request->route_table_id = table;
    if (text_starts_with(destination, "pl-")) {
        request->destination_prefix_list_id = destination;
    } else {
        assert_int_equal(prefix_parse(destination, &prefix), 0);
        if (prefix.family == FAMILY_IPV4)
            request->destination_cidr_block = prefix;
        else
            request->destination_ipv6_cidr_block = prefix;
    }
    switch (action.target_kind) {
    case TARGET_NAT_GATEWAY:
        request->nat_gateway_id = target;
        break;
    case TARGET_EGRESS_ONLY_INTERNET_GATEWAY:
        request->egress_only_internet_gateway_id = target;
        break;
    default:
        request->gateway_id = target;
        break;
    }
    return action;
}

/* The drift of this code, the n-th from 0; NULL: none. */
static inline struct plan_drift *vpc_drift(struct vpc *vpc, enum drift code, size_t n)
{
    VEC_EACH (drift, &vpc->plan->drifts)
        if (drift->code == code && n-- == 0)
            return drift;
    return NULL;
}
#endif
