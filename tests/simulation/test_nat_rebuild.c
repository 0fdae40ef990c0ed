/* NAT gateways, rebuilt as they were, and built from nothing. Rows of every drift are in
 * test_nat_drifts.c, kills and lost histories in test_nat_history.c. */
#include "support/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void wait_ms(struct trial *trial, uint64_t ms)
{
    trial->now.monotonic_ms += ms;
    trial->now.wall_ms += (int64_t)ms;
}

static void delete_nat(struct trial *trial, const struct trial_world *world, size_t i)
{
    trial_call(trial, "DeleteNatGateway", trial_text("NatGatewayId=%s", world->nat[i]));
}

static void delete_private_route(struct trial *trial, const struct trial_world *world, size_t i)
{
    trial_call(
        trial, "DeleteRoute",
        trial_text("RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0", world->private_table[i]));
}

static void point_private_route(struct trial *trial, const struct trial_world *world, size_t i,
                                const char *nat)
{
    trial_call(trial, "ReplaceRoute",
               trial_text("RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0&NatGatewayId=%s",
                          world->private_table[i], nat));
}

/* Allocation id of the available gateway in the zone's public subnet; "" when there is none. */
static void address_of_zone(struct trial *trial, const struct trial_world *world, size_t i,
                            char ret_id[static 40])
{
    const char *xml = trial_call(
        trial, "DescribeNatGateways",
        trial_text(
            "Filter.1.Name=subnet-id&Filter.1.Value.1=%s&Filter.2.Name=state&Filter.2.Value.1="
            "available",
            world->public_subnet[i]));

    ret_id[0] = 0;
    if (strstr(xml, "<allocationId>"))
        snprintf(ret_id, 40, "%s", trial_element(xml, "allocationId"));
}

struct addresses {
    char id[3][40];
};

static struct addresses addresses_of(struct trial *trial, const struct trial_world *world)
{
    struct addresses addresses;

    for (size_t i = 0; i < 3; i++)
        address_of_zone(trial, world, i, addresses.id[i]);
    return addresses;
}

static unsigned count_element(const char *xml, const char *part)
{
    unsigned n = 0;

    for (; (xml = strstr(xml, part)); xml += strlen(part))
        n++;
    return n;
}

static void assert_addresses(struct trial *trial, const struct trial_world *world, const char *name,
                             const struct addresses *before)
{
    struct addresses now = addresses_of(trial, world);
    const char *xml;

    for (size_t i = 0; i < 3; i++)
        if (strcmp(before->id[i], now.id[i]) != 0) {
            trial_print_events(trial);
            fail_msg("%s: zone %zu had %s and has %s", name, i, before->id[i], now.id[i]);
        }
    xml = trial_call(trial, "DescribeAddresses", "");
    if (count_element(xml, "<allocationId>") != 3 || count_element(xml, "<associationId>") != 3)
        fail_msg("%s: not three addresses, each in use: %s", name, xml);
}

/* ---- single and combined drifts ---- */

static void one_deleted(struct trial *trial, const struct trial_world *world)
{
    delete_nat(trial, world, 1);
}

static void one_deleted_long_ago(struct trial *trial, const struct trial_world *world)
{
    delete_nat(trial, world, 0);
    wait_ms(trial, 2 * 3600 * 1000); /* no longer listed */
}

static void all_deleted(struct trial *trial, const struct trial_world *world)
{
    for (size_t i = 0; i < 3; i++)
        delete_nat(trial, world, i);
}

static void deleted_and_route_gone(struct trial *trial, const struct trial_world *world)
{
    delete_nat(trial, world, 2);
    delete_private_route(trial, world, 2);
}

static void all_deleted_and_routes_gone(struct trial *trial, const struct trial_world *world)
{
    for (size_t i = 0; i < 3; i++) {
        delete_nat(trial, world, i);
        delete_private_route(trial, world, i);
    }
}

static void deleted_and_public_route_gone(struct trial *trial, const struct trial_world *world)
{
    delete_nat(trial, world, 0);
    trial_call(
        trial, "DeleteRoute",
        trial_text("RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0", world->public_table));
}

static void deleted_and_egress_only_gone(struct trial *trial, const struct trial_world *world)
{
    delete_nat(trial, world, 1);
    trial_call(trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", world->eigw));
}

static void deleted_and_internet_gateway_detached(struct trial *trial,
                                                  const struct trial_world *world)
{
    all_deleted(trial, world);
    wait_ms(trial, 300000); /* addresses that are mapped keep the gateway attached */
    trial_call(trial, "DetachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", world->igw, world->vpc));
}

static void routed_through_another_zone(struct trial *trial, const struct trial_world *world)
{
    point_private_route(trial, world, 2, world->nat[0]);
}

static void routed_through_another_zone_and_deleted(struct trial *trial,
                                                    const struct trial_world *world)
{
    point_private_route(trial, world, 2, world->nat[0]);
    delete_nat(trial, world, 2);
}

static const struct nat_case {
    const char *name;
    void (*break_it)(struct trial *trial, const struct trial_world *world);
    const char *drift;
    struct expected_calls calls[6];
} cases[] = {
    {"one gateway deleted",
     one_deleted,
     "nat-gateway-missing",
     {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"one gateway deleted, and no longer listed",
     one_deleted_long_ago,
     "nat-gateway-missing",
     {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"all gateways deleted",
     all_deleted,
     "nat-gateway-missing",
     {{EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 3}}},
    {"a gateway and its route deleted",
     deleted_and_route_gone,
     "nat-gateway-missing",
     {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_CREATE_ROUTE, 1}}},
    {"all gateways and their routes deleted",
     all_deleted_and_routes_gone,
     "nat-gateway-missing",
     {{EC2_CREATE_NAT_GATEWAY, 3}, {EC2_CREATE_ROUTE, 3}}},
    {"a gateway and the public route deleted",
     deleted_and_public_route_gone,
     "nat-gateway-missing",
     {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}, {EC2_CREATE_ROUTE, 1}}},
    {"a gateway and the egress-only gateway deleted",
     deleted_and_egress_only_gone,
     "nat-gateway-missing",
     {{EC2_CREATE_NAT_GATEWAY, 1},
      {EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
      {EC2_REPLACE_ROUTE, 4}}},
    {"all gateways deleted and the internet gateway detached",
     deleted_and_internet_gateway_detached,
     "internet-gateway-detached",
     {{EC2_ATTACH_INTERNET_GATEWAY, 1}, {EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 3}}},
    {"routed through another zone",
     routed_through_another_zone,
     "route-cross-az",
     {{EC2_REPLACE_ROUTE, 1}}},
    {"routed through another zone, the own gateway deleted",
     routed_through_another_zone_and_deleted,
     "nat-gateway-missing",
     {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
};

static void test_each_drift(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct nat_case *row = &cases[i];
        struct trial_world world;
        CLEANUP(trial_freep)
        struct trial *trial = trial_new(21);
        struct addresses addresses;
        struct trial_calls before;

        trial_build_world(trial, &world, 0);
        trial->config_text =
            trial_world_config(&world, 0, ", \"repair\": {\"route-cross-az\": \"auto\"}");
        addresses = addresses_of(trial, &world);
        trial_assert_once(trial, row->name, MANAGER_IN_SYNC);
        row->break_it(trial, &world);
        before = trial_calls_now(trial);
        trial_assert_once(trial, row->name, MANAGER_IN_SYNC);
        trial_assert_calls(trial, &before, row->name, row->calls);
        if (!trial_count(trial, EVENT_FINDING_REPAIRED, row->drift)) {
            trial_print_events(trial);
            fail_msg("%s: no %s was reported as repaired", row->name, row->drift);
        }
        assert_addresses(trial, &world, row->name, &addresses);
        before = trial_calls_now(trial);
        trial_assert_once(trial, row->name, MANAGER_IN_SYNC);
        trial_assert_calls(trial, &before, row->name, NULL);
    }
}

/* Without any memory: what the live VPC still shows is enough. */
static void test_each_drift_without_history(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct nat_case *row = &cases[i];
        struct trial_world world;
        CLEANUP(trial_freep)
        struct trial *trial = trial_new(22);
        struct addresses addresses;
        struct trial_calls before;

        if (row->break_it == one_deleted_long_ago)
            continue; /* nothing shows the address any more */
        trial_build_world(trial, &world, 0);
        trial->config_text =
            trial_world_config(&world, 0, ", \"repair\": {\"route-cross-az\": \"auto\"}");
        addresses = addresses_of(trial, &world);
        row->break_it(trial, &world);
        before = trial_calls_now(trial);
        trial_assert_once(trial, row->name, MANAGER_IN_SYNC);
        trial_assert_calls(trial, &before, row->name, row->calls);
        assert_addresses(trial, &world, row->name, &addresses);
    }
}

/* ---- pins and failures ---- */

static const char *pins(const struct addresses *addresses)
{
    return trial_text("{\"ap-northeast-1a\": [\"%s\"], \"ap-northeast-1c\": [\"%s\"], "
                      "\"ap-northeast-1d\": [\"%s\"]}",
                      addresses->id[0], addresses->id[1], addresses->id[2]);
}

/* The pinned address is gone for good: nobody but a person may choose another one. */
static void test_a_lost_pin_waits_for_approval(void **state)
{
    struct trial_world world;
    CLEANUP(trial_freep)
    struct trial *trial = trial_new(24);
    struct addresses addresses;
    struct trial_calls before;
    char text[4096];

    (void)state;
    trial_build_world(trial, &world, 0);
    addresses = addresses_of(trial, &world);
    snprintf(text, sizeof(text), "%s", trial_world_config(&world, 0, ""));
    {
        char *in = strstr(text, "\"in\": \"public\"");
        char rest[2048];

        assert_non_null(in);
        snprintf(rest, sizeof(rest), "%s", in);
        snprintf(in, sizeof(text) - (size_t)(in - text), "\"elastic_ips\": %s, %s",
                 pins(&addresses), rest);
    }
    trial->config_text = text;
    trial_assert_once(trial, "pinned", MANAGER_IN_SYNC);
    delete_nat(trial, &world, 1);
    wait_ms(trial, 600000);
    trial_call(trial, "ReleaseAddress", trial_text("AllocationId=%s", addresses.id[1]));
    before = trial_calls_now(trial);
    trial_assert_once(trial, "lost pin", MANAGER_DRIFT);
    trial_assert_calls(trial, &before, "lost pin", NULL);
    assert_non_null(trial_last(trial, EVENT_FINDING_HELD, "nat-gateway-missing"));
    trial->approve[0] =
        trial_text("%s", trial_last(trial, EVENT_FINDING_HELD, "nat-gateway-missing")->finding);
    /* Built with a new address, which the report then calls wrong: the pin is still another. */
    trial_assert_once(trial, "approved", MANAGER_DRIFT);
    trial_assert_calls(trial, &before, "approved",
                       (const struct expected_calls[]){{EC2_ALLOCATE_ADDRESS, 1},
                                                       {EC2_CREATE_NAT_GATEWAY, 1},
                                                       {EC2_REPLACE_ROUTE, 1},
                                                       {0, 0}});
    assert_non_null(trial_last(trial, EVENT_FINDING_HELD, "nat-gateway-address-wrong"));
}

/* The address was released by somebody: a new one, once. */
static void test_a_released_address_is_replaced(void **state)
{
    struct trial_world world;
    CLEANUP(trial_freep)
    struct trial *trial = trial_new(25);
    struct addresses addresses;
    struct trial_calls before;

    (void)state;
    trial_build_world(trial, &world, 0);
    addresses = addresses_of(trial, &world);
    trial->config_text = trial_world_config(&world, 0, "");
    trial_assert_once(trial, "before", MANAGER_IN_SYNC);
    delete_nat(trial, &world, 0);
    wait_ms(trial, 600000);
    trial_call(trial, "ReleaseAddress", trial_text("AllocationId=%s", addresses.id[0]));
    before = trial_calls_now(trial);
    trial_assert_once(trial, "released", MANAGER_IN_SYNC);
    trial_assert_calls(trial, &before, "released",
                       (const struct expected_calls[]){{EC2_ALLOCATE_ADDRESS, 1},
                                                       {EC2_CREATE_NAT_GATEWAY, 1},
                                                       {EC2_REPLACE_ROUTE, 1},
                                                       {0, 0}});
}

/* Somebody destroys the gateway and makes it again within the minute: their address is free for
 * them. */
static void test_a_rebuild_by_another_finds_its_address_free(void **state)
{
    struct trial_world world;
    CLEANUP(trial_freep)
    struct trial *trial = trial_new(26);
    struct addresses addresses;
    struct trial_calls before;

    (void)state;
    trial_build_world(trial, &world, 0);
    addresses = addresses_of(trial, &world);
    trial->config_text = trial_world_config(&world, 0, "");
    trial->service = true;
    trial_start(trial);
    trial_run(trial, 120000);
    delete_nat(trial, &world, 1);
    before = trial_calls_now(trial);
    while (strstr(trial_call(trial, "DescribeNatGateways", ""), "<state>deleting</state>"))
        trial_run(trial, 1000);
    trial_run(trial, 50000); /* the daemon has seen it, and waits */
    trial_call(trial, "CreateNatGateway",
               trial_text("SubnetId=%s&AllocationId=%s", world.public_subnet[1], addresses.id[1]));
    trial_run(trial, 600000);
    /* Theirs is used: what the daemon sends is the route to it. */
    trial_assert_calls(trial, &before, "rebuilt by another",
                       (const struct expected_calls[]){
                           {EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}, {0, 0}});
    assert_addresses(trial, &world, "rebuilt by another", &addresses);
    trial_stop(trial);
}

/* ---- tables ---- */

static const struct table_case {
    const char *name;
    bool shared; /* all private subnets on the first zone's table; else each on the main table */
    const char *drift;
    struct expected_calls calls[6];
} table_cases[] = {
    {"private subnets share one table", true, "route-table-shared", {{0, 0}}},
    {"private subnets have no table of their own", false, "route-table-implicit", {{0, 0}}},
};

static void move_private_subnets(struct trial *trial, const struct trial_world *world, bool shared)
{
    for (size_t i = 0; i < 3; i++) {
        if (shared && i > 0)
            trial_call(trial, "ReplaceRouteTableAssociation",
                       trial_text("AssociationId=%s&RouteTableId=%s", world->private_association[i],
                                  world->private_table[0]));
        if (!shared)
            trial_call(trial, "DisassociateRouteTable",
                       trial_text("AssociationId=%s", world->private_association[i]));
        if (!shared || i > 0) /* nobody's now */
            trial_call(trial, "DeleteRouteTable",
                       trial_text("RouteTableId=%s", world->private_table[i]));
    }
}

static void test_tables_are_copied(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(table_cases); i++) {
        const struct table_case *row = &table_cases[i];
        struct trial_world world;
        CLEANUP(trial_freep)
        struct trial *trial = trial_new(27);
        struct trial_calls before;

        trial_build_world(trial, &world, WORLD_PLAIN_TABLES);
        move_private_subnets(trial, &world, row->shared);
        trial->config_text = trial_world_config(&world, 0, "");
        before = trial_calls_now(trial);
        trial_assert_once(trial, row->name, MANAGER_DRIFT); /* approve rows */
        assert_non_null(trial_last(trial, EVENT_FINDING_HELD, row->drift));
        trial_assert_calls(trial, &before, row->name, NULL);
        trial_forget_events(trial);
        trial->config_text = trial_world_config(&world, 0, ", \"repair\": {\"*\": \"auto\"}");
        trial_assert_once(trial, row->name, MANAGER_IN_SYNC);
        before = trial_calls_now(trial);
        trial_assert_once(trial, row->name, MANAGER_IN_SYNC);
        trial_assert_calls(trial, &before, row->name, NULL);
    }
}

/* ---- from nothing ---- */

static void test_from_nothing(void **state)
{
    struct trial_world world;
    CLEANUP(trial_freep)
    struct trial *trial = trial_new(28);
    struct trial_calls before;

    (void)state;
    trial_build_world(trial, &world, 0);
    for (size_t i = 0; i < 3; i++)
        delete_nat(trial, &world, i);
    wait_ms(trial, 2 * 3600 * 1000);
    move_private_subnets(trial, &world, false);
    {
        struct addresses none = {0};
        const char *xml = trial_call(trial, "DescribeAddresses", "");

        (void)none;
        while ((xml = strstr(xml, "<allocationId>"))) {
            char id[40];

            snprintf(id, sizeof(id), "%s", trial_element(xml, "allocationId"));
            trial_call(trial, "ReleaseAddress", trial_text("AllocationId=%s", id));
            xml = trial_call(trial, "DescribeAddresses", "");
        }
    }
    trial_call(trial, "DetachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", world.igw, world.vpc));
    trial_call(trial, "DeleteInternetGateway", trial_text("InternetGatewayId=%s", world.igw));
    trial_call(trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", world.eigw));
    trial->config_text = trial_world_config(&world, 0, ", \"repair\": {\"*\": \"auto\"}");
    before = trial_calls_now(trial);
    trial_assert_once(trial, "from nothing", MANAGER_IN_SYNC);
    trial_assert_calls(trial, &before, "from nothing",
                       (const struct expected_calls[]){{EC2_CREATE_INTERNET_GATEWAY, 1},
                                                       {EC2_ATTACH_INTERNET_GATEWAY, 1},
                                                       {EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
                                                       {EC2_ALLOCATE_ADDRESS, 3},
                                                       {EC2_CREATE_NAT_GATEWAY, 3},
                                                       {EC2_CREATE_ROUTE_TABLE, 3},
                                                       {EC2_ASSOCIATE_ROUTE_TABLE, 3},
                                                       {EC2_REPLACE_ROUTE, 2},
                                                       {EC2_CREATE_ROUTE, 6},
                                                       {0, 0}});
    before = trial_calls_now(trial);
    trial_assert_once(trial, "from nothing, again", MANAGER_IN_SYNC);
    trial_assert_calls(trial, &before, "from nothing, again", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_drift),
        cmocka_unit_test(test_each_drift_without_history),
        cmocka_unit_test(test_a_lost_pin_waits_for_approval),
        cmocka_unit_test(test_a_released_address_is_replaced),
        cmocka_unit_test(test_a_rebuild_by_another_finds_its_address_free),
        cmocka_unit_test(test_tables_are_copied),
        cmocka_unit_test(test_from_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
