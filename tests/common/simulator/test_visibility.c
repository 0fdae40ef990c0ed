/* Eventual consistency: what was just made, and lists of a while ago (aws-facts 2.6). */
#include "client.h"

#define SECONDS(n) ((uint64_t)(n)*1000)
#define VISIBILITY_MS SECONDS(60)
#define MAIN_B "rtb-0000000000000000b"
#define INTENT "vpc-reconciled:intent"

static const struct row {
    const char *create, *resource_type, *id_element;
    const char *describe, *id_parameter, *not_found;
    bool token;
} rows[] = {
    {"CreateVpc&CidrBlock=10.5.0.0/16", "vpc", "vpcId", "DescribeVpcs", "VpcId",
     "InvalidVpcID.NotFound", false},
    {"CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.5.0/24", "subnet", "subnetId", "DescribeSubnets",
     "SubnetId", "InvalidSubnetID.NotFound", false},
    {"CreateRouteTable&VpcId=" VPC, "route-table", "routeTableId", "DescribeRouteTables",
     "RouteTableId", "InvalidRouteTableID.NotFound", true},
    {"CreateInternetGateway", "internet-gateway", "internetGatewayId", "DescribeInternetGateways",
     "InternetGatewayId", "InvalidInternetGatewayID.NotFound", false},
    {"CreateEgressOnlyInternetGateway&VpcId=" VPC_B, "egress-only-internet-gateway",
     "egressOnlyInternetGatewayId", "DescribeEgressOnlyInternetGateways",
     "EgressOnlyInternetGatewayId", "InvalidEgressOnlyInternetGatewayId.NotFound", true},
    {"CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP_FREE, "natgateway", "natGatewayId",
     "DescribeNatGateways", "NatGatewayId", "NatGatewayNotFound", true},
    {"AllocateAddress", "elastic-ip", "allocationId", "DescribeAddresses", "AllocationId",
     "InvalidAllocationID.NotFound", false},
    {"CreateNetworkInterface&SubnetId=" SUBNET, "network-interface", "networkInterfaceId",
     "DescribeNetworkInterfaces", "NetworkInterfaceId", "InvalidNetworkInterfaceID.NotFound", true},
};

static void start(struct client *client, uint64_t visibility_ms, uint64_t seed)
{
    struct simulator_options options = client_simulator_options(100); /* does not divide it */

    options.visibility_ms = visibility_ms;
    options.seed = seed;
    client_start_with(client, &options);
    client_load(client, WORLD);
}

/* As the row says, with an intent, and with a token where it takes one. */
static const char *create(struct client *client, const struct row *row)
{
    client_ask(client,
               "%s&TagSpecification.1.ResourceType=%s&TagSpecification.1.Tag.1.Key=" INTENT
               "&TagSpecification.1.Tag.1.Value=role%s",
               row->create, row->resource_type, row->token ? "&ClientToken=token" : "");
    assert_ok(client);
    return client_text(client, row->id_element);
}

static bool list_has(struct client *client, const struct row *row, const char *filters,
                     const char *id)
{
    client_ask(client, "%s%s", row->describe, filters);
    assert_ok(client);
    return client_count(client, arena_printf(client->arena, "<%s>%s<", row->id_element, id)) > 0;
}

/* All ways to look say the same. */
static bool is_seen(struct client *client, const struct row *row, const char *id)
{
    bool seen = list_has(client, row, "", id);

    assert_int_equal(
        list_has(client, row, "&Filter.1.Name=tag:" INTENT "&Filter.1.Value.1=role", id), seen);
    client_ask(client, "%s&%s.1=%s", row->describe, row->id_parameter, id);
    assert_code(client, seen ? "" : row->not_found);
    return seen;
}

/* 0: at once */
static uint64_t seen_after_s(const struct row *row, uint64_t visibility_ms, uint64_t seed)
{
    struct client client;
    const char *id;
    uint64_t s = 0;

    start(&client, visibility_ms, seed);
    id = create(&client, row);
    for (; !is_seen(&client, row, id); s++) {
        assert_true(s < 60);
        client_wait(&client, 1000);
    }
    for (int i = 0; i < 5; i++) { /* and once seen, for good */
        client_wait(&client, 1000);
        assert_true(is_seen(&client, row, id));
    }
    client_stop(&client);
    return s;
}

static void test_every_kind(void **state)
{
    uint64_t sum = 0, differs = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint64_t s = seen_after_s(&rows[i], VISIBILITY_MS, 7);

        print_message("%s: after %d s\n", rows[i].create, (int)s);
        assert_int_equal(seen_after_s(&rows[i], VISIBILITY_MS, 7), s);
        assert_int_equal(seen_after_s(&rows[i], 0, 7), 0);
        differs += seen_after_s(&rows[i], VISIBILITY_MS, 8) != s;
        sum += s;
    }
    assert_true(differs >= ARRAY_SIZE(rows) - 2); /* another seed, other times */
    assert_in_range(sum / ARRAY_SIZE(rows), 10, 50);
}

/* Until then it is as real as ever to who writes. */
static void test_writes_know_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct client client;
        const char *id;

        start(&client, VISIBILITY_MS, 7);
        id = create(&client, &rows[i]);
        client_ask(&client, "CreateTags&ResourceId.1=%s&Tag.1.Key=b&Tag.1.Value=2", id);
        assert_ok(&client);
        if (rows[i].token) {
            assert_string_equal(create(&client, &rows[i]), id);
            assert_false(client.reply.changed);
        }
        assert_false(is_seen(&client, &rows[i], id));
        client_wait(&client, VISIBILITY_MS);
        assert_true(list_has(&client, &rows[i], "&Filter.1.Name=tag:b&Filter.1.Value.1=2", id));
        client_stop(&client);
    }
}

/* What comes along with an object is as late, each for itself; and what reads name it otherwise. */
static void test_what_comes_along(void **state)
{
    struct client client;
    const char *vpc, *public_ip;

    (void)state;
    start(&client, VISIBILITY_MS, 7);
    client_ask(&client, "CreateVpc&CidrBlock=10.5.0.0/16");
    vpc = client_text(&client, "vpcId");
    client_ask(&client, "DescribeRouteTables&Filter.1.Name=vpc-id&Filter.1.Value.1=%s", vpc);
    assert_has(&client, "<routeTableSet/>");
    client_ask(&client, "DescribeVpcAttribute&VpcId=%s&Attribute=enableDnsSupport", vpc);
    assert_code(&client, "InvalidVpcID.NotFound");
    client_ask(&client, "ModifyVpcAttribute&VpcId=%s&EnableDnsHostnames.Value=true", vpc);
    assert_ok(&client);
    client_ask(&client, "AllocateAddress");
    public_ip = client_text(&client, "publicIp");
    client_ask(&client, "DescribeAddresses&PublicIp.1=%s", public_ip);
    assert_code(&client, "InvalidAddress.NotFound");
    client_ask(&client, "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP_FREE);
    client_ask(&client, "DescribeNetworkInterfaces&Filter.1.Name=interface-type"
                        "&Filter.1.Value.1=nat_gateway&Filter.2.Name=association.allocation-id"
                        "&Filter.2.Value.1=" EIP_FREE);
    assert_has(&client, "<networkInterfaceSet/>");

    client_wait(&client, VISIBILITY_MS);
    client_ask(&client, "DescribeRouteTables&Filter.1.Name=vpc-id&Filter.1.Value.1=%s", vpc);
    assert_has(&client, "<main>true</main>");
    client_ask(&client, "DescribeVpcAttribute&VpcId=%s&Attribute=enableDnsHostnames", vpc);
    assert_has(&client, "<value>true</value>");
    client_ask(&client, "DescribeAddresses&PublicIp.1=%s", public_ip);
    assert_ok(&client);
    client_ask(&client, "DescribeNetworkInterfaces&Filter.1.Name=association.allocation-id"
                        "&Filter.1.Value.1=" EIP_FREE);
    assert_has(&client, "<networkInterfaceId>");
    client_stop(&client);
}

/* Neither a change that is undone nor a lie about the list brings it to light. */
static void test_faults_show_nothing(void **state)
{
    struct client client;
    const char *id;

    (void)state;
    start(&client, VISIBILITY_MS, 7);
    id = create(&client, &rows[3]);
    simulator_add_fault(client.simulator, client.reply.call + 1, "lost-effect");
    client_ask(&client, "CreateInternetGateway");
    assert_ok(&client);
    assert_false(is_seen(&client, &rows[3], id));
    simulator_add_fault(client.simulator, client.reply.call + 1, "foreign-item");
    client_ask(&client, "DescribeInternetGateways&Filter.1.Name=internet-gateway-id"
                        "&Filter.1.Value.1=" IGW "&Filter.1.Value.2=" IGW_FREE);
    assert_int_equal(client_count(&client, "<internetGatewayId>"), 2);
    client_wait(&client, VISIBILITY_MS);
    assert_true(is_seen(&client, &rows[3], id));
    client_stop(&client);
}

/* A world's own objects are old, and a dump holds what nobody sees yet. */
static void test_dump(void **state)
{
    CLEANUP(buf_free)
    struct buf world = {0};
    struct client client;
    const char *id;

    (void)state;
    start(&client, VISIBILITY_MS, 7);
    id = create(&client, &rows[1]);
    simulator_dump(client.simulator, client.now, &world);
    assert_non_null(strstr(world.data, id));
    client_load(&client, world.data);
    assert_true(is_seen(&client, &rows[1], id));
    client_stop(&client);
}

/* ---- fresh-not-found ---- */

static const struct {
    size_t row;                       /* what is made */
    const char *then, *code, *before; /* %s: its id */
} writes[] = {
    {0, "CreateTags&ResourceId.1=" VPC "&ResourceId.2=%s&Tag.1.Key=b", "InvalidVpcID.NotFound",
     NULL},
    {1, "AssociateRouteTable&RouteTableId=" TABLE "&SubnetId=%s", "InvalidSubnetID.NotFound", NULL},
    {2, "AssociateRouteTable&RouteTableId=%s&GatewayId=vgw-0000000000000000a",
     "InvalidRouteTableID.NotFound", NULL},
    {2, "CreateRoute&RouteTableId=%s&DestinationCidrBlock=0.0.0.0/0&GatewayId=" IGW,
     "InvalidRouteTableID.NotFound", NULL},
    {3, "AttachInternetGateway&VpcId=" VPC_B "&InternetGatewayId=%s",
     "InvalidInternetGatewayID.NotFound", NULL},
    {3, "CreateRoute&RouteTableId=" MAIN_B "&DestinationCidrBlock=2.0.0.0/8&GatewayId=%s",
     "InvalidGatewayID.NotFound", "AttachInternetGateway&VpcId=" VPC_B "&InternetGatewayId=%s"},
    {4, "DeleteEgressOnlyInternetGateway&EgressOnlyInternetGatewayId=%s",
     "InvalidEgressOnlyInternetGatewayId.NotFound", NULL},
    {5, "CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=2.0.0.0/8&NatGatewayId=%s",
     "InvalidNatGatewayID.NotFound", NULL},
    {5, "ReplaceRoute&RouteTableId=" TABLE "&DestinationCidrBlock=192.0.2.0/24&NatGatewayId=%s",
     "InvalidNatGatewayID.NotFound", NULL},
    {5, "DeleteNatGateway&NatGatewayId=%s", "NatGatewayNotFound", NULL},
    {6, "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=%s", "InvalidAllocationID.NotFound",
     NULL},
    {6,
     "CreateNatGateway&VpcId=" VPC "&AvailabilityMode=regional"
     "&AvailabilityZoneAddress.1.AvailabilityZone=ap-northeast-1a"
     "&AvailabilityZoneAddress.1.AllocationId.1=%s",
     "InvalidAllocationID.NotFound", NULL},
    {7, "DeleteNetworkInterface&NetworkInterfaceId=%s", "InvalidNetworkInterfaceID.NotFound", NULL},
    /* what names none is carried out */
    {0, "CreateTags&ResourceId.1=" VPC "&Tag.1.Key=b&Tag.1.Value=%s", "", NULL},
    {0,
     "CreateRouteTable&VpcId=" VPC "&TagSpecification.1.ResourceType=route-table"
     "&TagSpecification.1.Tag.1.Key=b&TagSpecification.1.Tag.1.Value=%s",
     "", NULL},
};

static void ask_about(struct client *client, const char *request, const char *id)
{
    const char *at = strstr(request, "%s");

    client_ask(client, "%.*s%s%s", (int)(at - request), request, id, at + strlen("%s"));
}

static void test_fresh_not_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
        for (int seen = 0; seen < 2; seen++) {
            const char *code = seen ? "" : writes[i].code;
            struct client client;
            const char *id;

            print_message("%s%s\n", writes[i].then, seen ? ", once it is seen" : "");
            start(&client, VISIBILITY_MS, 7);
            id = create(&client, &rows[writes[i].row]);
            if (writes[i].before) {
                ask_about(&client, writes[i].before, id);
                assert_ok(&client);
            }
            if (seen)
                client_wait(&client, VISIBILITY_MS);
            simulator_add_fault(client.simulator, client.reply.call + 1, "fresh-not-found");
            ask_about(&client, writes[i].then, id);
            assert_code(&client, code);
            assert_int_equal(client.reply.changed, !code[0]);
            client_stop(&client);
        }
}

/* Only that one call: the same again is carried out. */
static void test_fresh_not_found_once(void **state)
{
    struct client client;
    const char *id;

    (void)state;
    start(&client, VISIBILITY_MS, 7);
    id = create(&client, &rows[6]);
    simulator_add_fault(client.simulator, 2, "fresh-not-found");
    for (int i = 0; i < 2; i++) {
        client_ask(&client, "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=%s&ClientToken=t",
                   id);
        assert_code(&client, i == 0 ? "InvalidAllocationID.NotFound" : "");
    }
    assert_true(client.reply.changed);
    client_stop(&client);
}

/* ---- stale-list ---- */

static void ask_stale(struct client *client, const char *request)
{
    simulator_add_fault(client->simulator, client->reply.call + 1, "stale-list");
    client_ask(client, "%s", request);
}

static void test_stale_list(void **state)
{
    struct client client;
    const char *id;

    (void)state;
    client_start(&client, 1);
    client_load(&client, WORLD);
    client_wait(&client, SECONDS(1000));
    client_ask(&client, "CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.5.0/24"); /* at 0 s */
    id = client_text(&client, "subnetId");
    client_wait(&client, SECONDS(20));
    client_ask(&client, "DeleteNatGateway&NatGatewayId=" NAT); /* at 20 s */
    client_wait(&client, SECONDS(10));
    client_ask(&client, "DeleteSubnet&SubnetId=" SUBNET_B); /* at 30 s */
    assert_ok(&client);

    client_wait(&client, SECONDS(29)); /* as at -1 s */
    ask_stale(&client, "DescribeSubnets&MaxResults=5");
    assert_int_equal(client_count(&client, "<subnetId>"), 2);
    assert_has_not(&client, id);
    ask_stale(&client, arena_printf(client.arena, "DescribeSubnets&SubnetId.1=%s", id));
    assert_code(&client, "InvalidSubnetID.NotFound");
    client_ask(&client, "DescribeSubnets&SubnetId.1=%s", id); /* no other call's */
    assert_ok(&client);
    client_wait(&client, SECONDS(2)); /* as at 1 s */
    ask_stale(&client, "DescribeSubnets");
    assert_int_equal(client_count(&client, "<subnetId>"), 3);
    ask_stale(&client, "DescribeNatGateways");
    assert_string_equal(client_text(&client, "state"), "available");
    client_wait(&client, SECONDS(20)); /* as at 21 s */
    ask_stale(&client, "DescribeNatGateways");
    assert_string_equal(client_text(&client, "state"), "deleting");
    ask_stale(&client, "DescribeSubnets");
    assert_has(&client, SUBNET_B);
    client_wait(&client, SECONDS(10)); /* as at 31 s */
    ask_stale(&client, "DescribeSubnets");
    assert_has_not(&client, SUBNET_B);
    ask_stale(&client, "DescribeNatGateways"); /* gone by itself, but not yet then */
    assert_string_equal(client_text(&client, "state"), "deleting");
    client_wait(&client, SECONDS(1000)); /* what ended by itself is in the past as well */
    ask_stale(&client, "DescribeNatGateways");
    assert_string_equal(client_text(&client, "state"), "deleted");

    ask_stale(&client, "CreateInternetGateway"); /* a change has no list */
    assert_ok(&client);
    assert_true(client.reply.changed);
    client_load(&client, WORLD); /* another world has another past */
    ask_stale(&client, "DescribeSubnets");
    assert_has(&client, SUBNET_B);
    client_stop(&client);
}

/* What was unseen then stays unseen in it. */
static void test_stale_and_unseen(void **state)
{
    struct client client;
    const char *id;
    int n_unseen = 0;

    (void)state;
    start(&client, VISIBILITY_MS, 7); /* at 100 times the speed: 0.6 s back */
    client_wait(&client, SECONDS(1000));
    id = create(&client, &rows[1]);
    for (; n_unseen < 1000 && !is_seen(&client, &rows[1], id); n_unseen++)
        client_wait(&client, 100);
    assert_in_range(n_unseen, 1, VISIBILITY_MS / 100);
    ask_stale(&client, "DescribeSubnets");
    assert_has_not(&client, id);
    client_wait(&client, 700);
    ask_stale(&client, "DescribeSubnets");
    assert_has(&client, id);
    client_stop(&client);
}

/* At every speed, and however much is changed. */
static void test_stale_list_for_long(void **state)
{
    static const uint64_t speeds[] = {1, 7, 505, 1000, 70000};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(speeds); i++) {
        struct client client;
        uint64_t reach = SECONDS(60) / speeds[i] ? SECONDS(60) / speeds[i] : 1;

        client_start(&client, speeds[i]);
        client_load(&client, WORLD);
        for (int k = 0; k < 400; k++) {
            client_wait(&client, reach / 100 + 1);
            client_ask(&client, "CreateTags&ResourceId.1=" VPC "&Tag.1.Key=k&Tag.1.Value=%d-%d",
                       k / 100, k);
            assert_ok(&client);
            arena_reset(client.arena);
        }
        ask_stale(&client, "DescribeVpcs");
        assert_has_not(&client, "<value>3-399</value>");
        client_wait(&client, reach + 1);
        ask_stale(&client, "DescribeVpcs");
        assert_has(&client, "<value>3-399</value>");
        client_stop(&client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_writes_know_it),
        cmocka_unit_test(test_what_comes_along),
        cmocka_unit_test(test_faults_show_nothing),
        cmocka_unit_test(test_dump),
        cmocka_unit_test(test_fresh_not_found),
        cmocka_unit_test(test_fresh_not_found_once),
        cmocka_unit_test(test_stale_list),
        cmocka_unit_test(test_stale_and_unseen),
        cmocka_unit_test(test_stale_list_for_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
