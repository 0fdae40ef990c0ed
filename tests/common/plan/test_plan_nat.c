/* Plans for NAT gateways, their addresses and the tables of zones: from what each is built, what is
 * waited for, and what is only said. */
#include "plan_text.h"

#define ROUTE_WAITS                                                                                \
    "route-blackhole rtb-private-a outage auto evident after nat-gateway-missing: ReplaceRoute "   \
    "0.0.0.0/0 -> the new nat-gateway/ap-northeast-1a in rtb-private-a (revives);\n"
#define ROUTE_WAITS_FOR(code)                                                                      \
    "route-blackhole rtb-private-a outage auto evident after " code                                \
    ": ReplaceRoute 0.0.0.0/0 -> the new nat-gateway/ap-northeast-1a in rtb-private-a "            \
    "(revives);\n"
#define BUILT_WITH(address, idle)                                                                  \
    "nat-gateway-missing nat-a outage auto: CreateNatGateway in subnet-public-a with " address     \
    " (counts);\n" idle ROUTE_WAITS
#define IDLE_ROLE "elastic-ip-idle eipalloc-role none never:\n"
#define IDLE_SPARE "elastic-ip-idle eipalloc-spare none never:\n"
#define BUILT_WITH_A_NEW_ONE                                                                       \
    "nat-gateway-missing nat-a outage auto: AllocateAddress for elastic-ip/ap-northeast-1a "       \
    "(counts); CreateNatGateway in subnet-public-a with the new address (counts);\n" ROUTE_WAITS

static void gone(struct vpc *vpc)
{
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_DELETED;
    vpc_nat(vpc, "nat-a")->create_time = "2026-11-24T05:00:00.000Z";
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void pin(struct vpc *vpc, const char *zone, const char *address)
{
    struct declared_nat_gateways *nat = &vpc->target.nat_gateways;
    struct declared_nat_zone *zones =
        ARENA_ARRAY(vpc->arena, struct declared_nat_zone, nat->n_elastic_ips + 1);
    const char **ids = ARENA_ARRAY(vpc->arena, const char *, 1);

    if (nat->n_elastic_ips)
        memcpy(zones, nat->elastic_ips, nat->n_elastic_ips * sizeof(*zones));
    ids[0] = address;
    zones[nat->n_elastic_ips++] =
        (struct declared_nat_zone){zone, (struct texts){.items = ids, .n = 1}};
    nat->elastic_ips = zones;
}

static struct ec2_address *ours(struct vpc *vpc, const char *address, const char *role)
{
    struct ec2_address *item = vpc_add_address(vpc, address);

    vpc_tag(vpc, &item->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    vpc_tag(vpc, &item->tags, TAG_ROLE, role);
    vpc_tag(vpc, &item->tags, TAG_INTENT, "0123");
    return item;
}

/* ---- the address ---- */

/* Every source has one; each row takes the best away. */
static void every_source(struct vpc *vpc)
{
    gone(vpc);
    vpc_wire(vpc, "elastic-ip/" ZONE_A, "eipalloc-wired");
    vpc_nat_had(vpc, "nat-a", "eipalloc-had");
    vpc_add_address(vpc, "eipalloc-wired");
    vpc_add_address(vpc, "eipalloc-had");
    ours(vpc, "eipalloc-role", "elastic-ip/" ZONE_A);
    ours(vpc, "eipalloc-spare", "elastic-ip/elsewhere");
    vpc_add_address(vpc, "eipalloc-strangers");
}

static void take(struct vpc *vpc, const char *id)
{
    VEC_EACH (address, &vpc->observation.addresses)
        if (text_equal(address->allocation_id, id))
            address->association_id = "eipassoc-1";
}

static void pinned(struct vpc *vpc)
{
    every_source(vpc);
    pin(vpc, ZONE_A, "eipalloc-pinned");
    vpc_add_address(vpc, "eipalloc-pinned");
}

static void wired_taken(struct vpc *vpc)
{
    every_source(vpc);
    take(vpc, "eipalloc-wired");
}

static void had_taken(struct vpc *vpc)
{
    wired_taken(vpc);
    take(vpc, "eipalloc-had");
}

static void role_taken(struct vpc *vpc)
{
    had_taken(vpc);
    take(vpc, "eipalloc-role");
}

static void all_taken(struct vpc *vpc)
{
    role_taken(vpc);
    take(vpc, "eipalloc-spare");
}

/* The newest entry has another zone's address, an older one the right one. */
static void the_older_entry_had_it(struct vpc *vpc)
{
    gone(vpc);
    vpc_nat_had(vpc, "nat-a", "eipalloc-had");
    vpc_add_address(vpc, "eipalloc-had");
    vpc_add_nat(vpc, "nat-newer", "vpc-1", "subnet-public-a")->state = EC2_STATE_DELETED;
    vpc_nat(vpc, "nat-newer")->create_time = "2026-11-24T06:00:00.000Z";
    vpc_nat_had(vpc, "nat-newer", "eipalloc-c");
    vpc_add_address(vpc, "eipalloc-c")->association_id = "eipassoc-c";
}

static void wired_is_pinned_elsewhere(struct vpc *vpc)
{
    gone(vpc);
    vpc_wire(vpc, "elastic-ip/" ZONE_A, "eipalloc-c");
    vpc_add_address(vpc, "eipalloc-c");
    pin(vpc, ZONE_C, "eipalloc-c");
}

static void pin_lost(struct vpc *vpc)
{
    every_source(vpc);
    pin(vpc, ZONE_A, "eipalloc-pinned");
}

static void pin_busy(struct vpc *vpc)
{
    pinned(vpc);
    take(vpc, "eipalloc-pinned");
}

static void pin_held_by_the_failed_one(struct vpc *vpc)
{
    pin_busy(vpc);
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_FAILED;
    vpc_nat_had(vpc, "nat-a", "eipalloc-pinned");
}

/* Both zones are bare; the free address is tagged for the other. */
static void spare_is_awaited(struct vpc *vpc)
{
    gone(vpc);
    vpc_nat(vpc, "nat-c")->state = EC2_STATE_DELETED;
    vpc_drop_route(vpc, "rtb-private-c", "0.0.0.0/0");
    ours(vpc, "eipalloc-c", "elastic-ip/" ZONE_C);
}

static void single_pinned(struct vpc *vpc)
{
    gone(vpc);
    vpc_nat(vpc, "nat-c")->state = EC2_STATE_DELETED;
    vpc_drop_route(vpc, "rtb-private-c", "0.0.0.0/0");
    vpc->target.nat_gateways.placement = NAT_SINGLE;
    pin(vpc, ZONE_A, "eipalloc-pinned");
    vpc_add_address(vpc, "eipalloc-pinned");
    vpc_subnet(vpc, "subnet-public-a")->available_ip_address_count =
        (struct wire_int){.value = 9, .set = true};
}

static void test_addresses(void **state)
{
    static const struct plan_case rows[] = {
        {"none", gone, BUILT_WITH_A_NEW_ONE, "with a new address"},
        {"the pinned one", pinned, BUILT_WITH("eipalloc-pinned", IDLE_ROLE IDLE_SPARE),
         "the config pins it"},
        {"the recorded one", every_source, BUILT_WITH("eipalloc-wired", IDLE_ROLE IDLE_SPARE),
         "recorded wiring"},
        {"the one that it had", wired_taken, BUILT_WITH("eipalloc-had", IDLE_ROLE IDLE_SPARE),
         "because eipalloc-wired is in use elsewhere"},
        {"ours for the zone", had_taken, BUILT_WITH("eipalloc-role", IDLE_SPARE), NULL},
        {"ours for something else", role_taken, BUILT_WITH("eipalloc-spare", ""), NULL},
        {"a stranger's is never taken", all_taken, BUILT_WITH_A_NEW_ONE,
         "because eipalloc-wired is in use elsewhere"},
        {"an older entry's", the_older_entry_had_it,
         "nat-gateway-missing nat-newer outage auto: CreateNatGateway in subnet-public-a with "
         "eipalloc-had (counts);\n" ROUTE_WAITS,
         NULL},
        {"the recorded one is pinned for another zone", wired_is_pinned_elsewhere,
         BUILT_WITH_A_NEW_ONE, NULL},
        {"the pinned one is gone", pin_lost,
         "nat-gateway-missing nat-a outage approve: CreateNatGateway in subnet-public-a with "
         "eipalloc-wired (counts);\n" IDLE_ROLE IDLE_SPARE ROUTE_WAITS,
         "because eipalloc-pinned is gone"},
        {"the pinned one is busy", pin_busy,
         "nat-gateway-missing nat-a outage approve: CreateNatGateway in subnet-public-a with "
         "eipalloc-wired (counts);\n" IDLE_ROLE IDLE_SPARE ROUTE_WAITS,
         "because eipalloc-pinned is in use elsewhere"},
        {"a failed gateway holds the pinned one still", pin_held_by_the_failed_one,
         IDLE_ROLE IDLE_SPARE
         "route-blackhole rtb-private-a outage auto evident: ReplaceRoute 0.0.0.0/0 -> the new "
         "nat-gateway/ap-northeast-1a in rtb-private-a (revives);\n"
         "pending: eipalloc-pinned to be let go by failed NAT gateway nat-a\n",
         NULL},
        {"one that another zone waits for", spare_is_awaited,
         "nat-gateway-missing nat-a outage auto: AllocateAddress for elastic-ip/ap-northeast-1a "
         "(counts); CreateNatGateway in subnet-public-a with the new address (counts);\n"
         "nat-gateway-missing nat-c outage auto: CreateNatGateway in subnet-public-c with "
         "eipalloc-c (counts);\n" ROUTE_WAITS
         "route-missing rtb-private-c outage auto after nat-gateway-missing: CreateRoute 0.0.0.0/0 "
         "-> the new nat-gateway/ap-northeast-1c in rtb-private-c (revives);\n",
         NULL},
        {"single: the one that is pinned where it stands", single_pinned,
         "nat-gateway-missing nat-a outage auto: CreateNatGateway in subnet-public-a with "
         "eipalloc-pinned (counts);\n"
         "route-blackhole rtb-private-a outage auto evident after nat-gateway-missing: "
         "ReplaceRoute 0.0.0.0/0 -> the new nat-gateway/single in rtb-private-a (revives);\n"
         "route-missing rtb-private-c outage auto after nat-gateway-missing: CreateRoute 0.0.0.0/0 "
         "-> the new nat-gateway/single in rtb-private-c (revives);\n",
         "the config pins it"},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- the subnet ---- */

static void second_public_subnet(struct vpc *vpc)
{
    gone(vpc);
    vpc_add_subnet(vpc, "subnet-public-a2", "vpc-1", ZONE_A, "10.0.2.0/24", "rtb-public");
    vpc_declare(vpc, "public", "subnet-public-a2");
}

static void free_addresses(struct vpc *vpc, const char *subnet, int64_t n)
{
    vpc_subnet(vpc, subnet)->available_ip_address_count =
        (struct wire_int){.value = n, .set = true};
}

static void the_other_has_more_room(struct vpc *vpc)
{
    second_public_subnet(vpc);
    free_addresses(vpc, "subnet-public-a", 10);
    free_addresses(vpc, "subnet-public-a2", 200);
    vpc_nat(vpc, "nat-a")->nat_gateway_id = "nat-x"; /* forgotten */
    vpc_nat(vpc, "nat-x")->vpc_id = "vpc-9";
}

static void the_one_that_had_it_is_full(struct vpc *vpc)
{
    second_public_subnet(vpc);
    free_addresses(vpc, "subnet-public-a", 0);
    free_addresses(vpc, "subnet-public-a2", 200);
}

static void recorded_subnet(struct vpc *vpc)
{
    second_public_subnet(vpc);
    vpc_nat(vpc, "nat-a")->nat_gateway_id = "nat-x";
    vpc_nat(vpc, "nat-x")->vpc_id = "vpc-9";
    free_addresses(vpc, "subnet-public-a", 200);
    vpc_wire(vpc, "nat-subnet/" ZONE_A, "subnet-public-a2");
}

static void all_full(struct vpc *vpc)
{
    gone(vpc);
    free_addresses(vpc, "subnet-public-a", 0);
}

static void test_subnets(void **state)
{
    static const struct plan_case rows[] = {
        {"the one that had it", second_public_subnet, BUILT_WITH_A_NEW_ONE, NULL},
        {"the one with most room", the_other_has_more_room,
         "nat-gateway-missing nat-a outage auto: AllocateAddress for elastic-ip/ap-northeast-1a "
         "(counts); CreateNatGateway in subnet-public-a2 with the new address (counts);\n"
         "route-blackhole rtb-private-a outage auto after nat-gateway-missing: ReplaceRoute "
         "0.0.0.0/0 -> the new nat-gateway/ap-northeast-1a in rtb-private-a (revives);\n",
         NULL},
        {"the recorded one", recorded_subnet,
         "nat-gateway-missing nat-a outage auto: AllocateAddress for elastic-ip/ap-northeast-1a "
         "(counts); CreateNatGateway in subnet-public-a2 with the new address (counts);\n"
         "route-blackhole rtb-private-a outage auto after nat-gateway-missing: ReplaceRoute "
         "0.0.0.0/0 -> the new nat-gateway/ap-northeast-1a in rtb-private-a (revives);\n",
         NULL},
        {"not a full one", the_one_that_had_it_is_full,
         "nat-gateway-missing nat-a outage auto: AllocateAddress for elastic-ip/ap-northeast-1a "
         "(counts); CreateNatGateway in subnet-public-a2 with the new address "
         "(counts);\n" ROUTE_WAITS,
         NULL},
        {"all are full", all_full,
         "zone-without-public-subnet - degraded never:\n"
         "nat-gateway-missing nat-a outage auto held:\n"
         "route-blackhole rtb-private-a outage auto evident held:\n",
         "no subnet with a free address"},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- tables ---- */

/* The one table that would fit a public subnet is a regional gateway's own. */
static void only_a_regional_gateways_table(struct vpc *vpc)
{
    vpc_add_table(vpc, "rtb-regional", "vpc-1");
    vpc_add_route(vpc, "rtb-regional", "0.0.0.0/0", "igw-1");
    vpc_add_nat(vpc, "nat-regional", "vpc-1", NULL)->availability_mode =
        EC2_AVAILABILITY_MODE_REGIONAL;
    vpc_nat(vpc, "nat-regional")->route_table_id = "rtb-regional";
    vpc_group(vpc, "public")->ipv6 = (struct declared_options){0};
    vpc_disassociate(vpc, "rtb-public", "subnet-public-a");
    vpc_disassociate(vpc, "rtb-public", "subnet-public-c");
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
}

/* The zone of the shared table keeps it; with a regional gateway anybody may. */
static void shared(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
    vpc_associate(vpc, "rtb-private-c", "subnet-private-a");
}

static void shared_and_regional(struct vpc *vpc)
{
    shared(vpc);
    for (size_t i = 0; i < 2; i++)
        vpc_nat(vpc, i ? "nat-c" : "nat-a")->vpc_id = "vpc-9";
    vpc_add_nat(vpc, "nat-regional", "vpc-1", NULL)->availability_mode =
        EC2_AVAILABILITY_MODE_REGIONAL;
    vpc_retarget(vpc_route(vpc, "rtb-private-c", "0.0.0.0/0"), "nat-regional");
}

static void shared_and_single(struct vpc *vpc)
{
    shared(vpc);
    vpc->target.nat_gateways.placement = NAT_SINGLE;
}

static void test_tables(void **state)
{
    static const struct plan_case rows[] = {
        {"a regional gateway's own table is nobody's", only_a_regional_gateways_table,
         "route-table-implicit rtb-main outage approve: CreateRouteTable for "
         "route-table/public/all in vpc-1 (counts);\n"
         "nat-subnet-not-public nat-a outage auto after route-table-implicit:\n"
         "nat-subnet-not-public nat-c outage auto after route-table-implicit:\n",
         NULL},
        {"two zones share a table", shared,
         "route-table-shared rtb-private-c degraded approve: CreateRouteTable for "
         "route-table/functions/ap-northeast-1a in vpc-1 (counts);\n",
         "share route table rtb-private-c"},
        {"the same with a regional gateway", shared_and_regional, "", NULL},
        {"the same with a single one", shared_and_single, "", NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- time ---- */

/* The observation is of 2026-11-24 by the test's clock. */
static const char *ago(struct vpc *vpc, int64_t minutes)
{
    char text[25];

    time_iso8601(WALL_MS - minutes * 60000, text);
    return arena_strdup(vpc->arena, text);
}

static void pending_since(struct vpc *vpc, int64_t minutes)
{
    gone(vpc);
    vpc_add_nat(vpc, "nat-new", "vpc-1", "subnet-public-a")->state = EC2_STATE_PENDING;
    vpc_nat(vpc, "nat-new")->create_time = ago(vpc, minutes);
}

static void pending_for_ten_minutes(struct vpc *vpc)
{
    pending_since(vpc, 10);
}

static void pending_for_longer(struct vpc *vpc)
{
    pending_since(vpc, 11);
}

static void being_deleted(struct vpc *vpc)
{
    gone(vpc);
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_DELETING;
}

static void failed(struct vpc *vpc, unsigned times, int64_t minutes)
{
    gone(vpc);
    for (unsigned i = 0; i < times; i++) {
        const char *id = arena_printf(vpc->arena, "nat-f%u", i + 1);

        vpc_add_nat(vpc, id, "vpc-1", "subnet-public-a")->state = EC2_STATE_FAILED;
        vpc_nat(vpc, id)->create_time = ago(vpc, minutes + 2 * (times - i - 1));
        vpc_nat(vpc, id)->failure_code = "InternalError";
    }
}

static void failed_once(struct vpc *vpc)
{
    failed(vpc, 1, 1);
}

static void failed_twice(struct vpc *vpc)
{
    failed(vpc, 2, 14);
}

static void failed_twice_a_while_ago(struct vpc *vpc)
{
    failed(vpc, 2, 15);
}

static void failed_three_times(struct vpc *vpc)
{
    failed(vpc, 3, 29);
}

static void failed_three_times_a_while_ago(struct vpc *vpc)
{
    failed(vpc, 3, 30);
}

#define REBUILT_AFTER(id)                                                                          \
    "nat-gateway-failed " id " outage auto: AllocateAddress for elastic-ip/ap-northeast-1a "       \
    "(counts); CreateNatGateway in subnet-public-a with the new address "                          \
    "(counts);\n" ROUTE_WAITS_FOR("nat-gateway-failed")
#define RESTS_AFTER(id)                                                                            \
    "nat-gateway-failed " id " outage auto held:\n" ROUTE_WAITS_FOR("nat-gateway-failed")

static void test_time(void **state)
{
    static const struct plan_case rows[] = {
        {"pending for ten minutes", pending_for_ten_minutes,
         "route-blackhole rtb-private-a outage auto evident: ReplaceRoute 0.0.0.0/0 -> the new "
         "nat-gateway/ap-northeast-1a in rtb-private-a (revives);\n"
         "pending: NAT gateway nat-new to become available, since 2026-11-24T05:50:00.000Z\n",
         NULL},
        {"pending for longer is a finding", pending_for_longer,
         "nat-gateway-missing nat-new outage auto held:\n" ROUTE_WAITS, "never doubled"},
        {"being deleted", being_deleted,
         "route-blackhole rtb-private-a outage auto: ReplaceRoute 0.0.0.0/0 -> the new "
         "nat-gateway/ap-northeast-1a in rtb-private-a (revives);\n"
         "pending: NAT gateway nat-a to be deleted\n",
         NULL},
        {"failed once", failed_once, REBUILT_AFTER("nat-f1"), "InternalError"},
        {"failed twice", failed_twice, RESTS_AFTER("nat-f2"), "2 NAT gateways failed here"},
        {"failed twice, a quarter of an hour ago", failed_twice_a_while_ago,
         REBUILT_AFTER("nat-f2"), NULL},
        {"failed three times", failed_three_times, RESTS_AFTER("nat-f3"), "3 NAT gateways"},
        {"failed three times, half an hour ago", failed_three_times_a_while_ago,
         REBUILT_AFTER("nat-f3"), NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- the quota ---- */

static void quota(struct vpc *vpc, unsigned n, unsigned used)
{
    gone(vpc);
    vpc->config.quota_elastic_ips = n;
    while (used-- > 0)
        vpc_add_address(vpc, arena_printf(vpc->arena, "eipalloc-%u", used));
}

static void quota_leaves_one(struct vpc *vpc)
{
    quota(vpc, 5, 4);
}

static void quota_leaves_none(struct vpc *vpc)
{
    quota(vpc, 5, 5);
}

static void quota_unknown(struct vpc *vpc)
{
    quota(vpc, 0, 5);
}

static void own_pool_does_not_count(struct vpc *vpc)
{
    quota(vpc, 5, 5);
    vpc->observation.addresses.items[0].public_ipv4_pool = "ipv4pool-ec2-1";
}

static void a_services_do_not_count(struct vpc *vpc)
{
    quota(vpc, 5, 5);
    vpc->observation.addresses.items[0].service_managed = "rnat";
}

static void no_address_is_needed(struct vpc *vpc)
{
    quota(vpc, 5, 4);
    vpc_nat_had(vpc, "nat-a", "eipalloc-had");
    vpc_add_address(vpc, "eipalloc-had");
}

static void two_needed_and_one_left(struct vpc *vpc)
{
    quota(vpc, 5, 4);
    vpc_nat(vpc, "nat-c")->state = EC2_STATE_DELETED;
    vpc_drop_route(vpc, "rtb-private-c", "0.0.0.0/0");
}

static void refused_at_four(struct vpc *vpc, int64_t minutes)
{
    quota(vpc, 0, 4);
    vpc_wire(vpc, WIRING_ADDRESS_QUOTA,
             arena_printf(vpc->arena, "4@%lld", (long long)(WALL_MS - minutes * 60000)));
}

static void refused_a_moment_ago(struct vpc *vpc)
{
    refused_at_four(vpc, 59);
}

static void refused_an_hour_ago(struct vpc *vpc)
{
    refused_at_four(vpc, 60);
}

static void refused_in_other_words(struct vpc *vpc)
{
    quota(vpc, 0, 4);
    vpc_wire(vpc, WIRING_ADDRESS_QUOTA, "four");
}

#define EXHAUSTED                                                                                  \
    "quota-exhausted - degraded never:\n"                                                          \
    "nat-gateway-missing nat-a outage auto after quota-exhausted held:\n" ROUTE_WAITS

static void test_quota(void **state)
{
    static const struct plan_case rows[] = {
        {"one is left", quota_leaves_one, BUILT_WITH_A_NEW_ONE, NULL},
        {"none is left", quota_leaves_none, EXHAUSTED, "raised to 6"},
        {"not known", quota_unknown, BUILT_WITH_A_NEW_ONE, NULL},
        {"own-pool addresses do not count", own_pool_does_not_count, BUILT_WITH_A_NEW_ONE, NULL},
        {"a service's do not count", a_services_do_not_count, BUILT_WITH_A_NEW_ONE, NULL},
        {"no address is needed", no_address_is_needed, BUILT_WITH("eipalloc-had", ""), NULL},
        {"two are needed, one is left: all or nothing", two_needed_and_one_left,
         "quota-exhausted - degraded never:\n"
         "nat-gateway-missing nat-a outage auto after quota-exhausted held:\n"
         "nat-gateway-missing nat-c outage auto after quota-exhausted held:\n" ROUTE_WAITS
         "route-missing rtb-private-c outage auto after nat-gateway-missing: CreateRoute 0.0.0.0/0 "
         "-> the new nat-gateway/ap-northeast-1c in rtb-private-c (revives);\n",
         "raised to 6"},
        {"AWS refused one within the hour", refused_a_moment_ago, EXHAUSTED, "quota of 4"},
        {"AWS refused one an hour ago", refused_an_hour_ago, BUILT_WITH_A_NEW_ONE, NULL},
        {"a record that nobody can read", refused_in_other_words, BUILT_WITH_A_NEW_ONE, NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_subnets),
        cmocka_unit_test(test_tables),    cmocka_unit_test(test_time),
        cmocka_unit_test(test_quota),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
