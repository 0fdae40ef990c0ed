/* Worlds in and out. */
#include "client.h"

static void dump(struct client *client, struct buf *buf)
{
    buf_clear(buf);
    simulator_dump(client->simulator, client->now, buf);
}

/* dump(load(dump)) is the dump, whatever the seed. */
static void test_round_trip(void **state)
{
    struct client client;
    CLEANUP(buf_free)
    struct buf first = {0};
    CLEANUP(buf_free)
    struct buf second = {0};

    (void)state;
    client_start(&client, 1);
    client_load(&client, WORLD);
    /* in the middle of things */
    client_ask(&client, "AssociateVpcCidrBlock&VpcId=" VPC_B "&AmazonProvidedIpv6CidrBlock=true");
    client_ask(&client, "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP_FREE);
    client_ask(&client, "DeleteNatGateway&NatGatewayId=" NAT);
    client_ask(&client, "ModifyVpcAttribute&VpcId=" VPC "&EnableDnsHostnames.Value=true");
    client_ask(&client,
               "CreateTags&ResourceId.1=" VPC "&Tag.1.Key=%%22%%0A%%E2%%82%%AC&Tag.1.Value=<%%26>");
    assert_ok(&client);
    dump(&client, &first);
    client_stop(&client);

    client_start(&client, 1);
    client_load(&client, first.data);
    dump(&client, &second);
    assert_memory_equal(first.data, second.data,
                        (size_t)(strstr(first.data, "\"calls\"") - first.data));
    /* and goes on from there */
    client_wait(&client, 91000);
    client_ask(&client, "DescribeNatGateways");
    assert_has(&client, "<state>available</state>");
    assert_has(&client, "<state>deleted</state>");
    client_ask(&client, "DescribeVpcs&VpcId.1=" VPC_B);
    assert_has(&client, "<ipv6CidrBlock>2406:da14:");
    client_ask(&client, "DescribeVpcAttribute&VpcId=" VPC "&Attribute=enableDnsHostnames");
    assert_has(&client, "<value>true</value>");
    client_stop(&client);
}

/* Loads what the client's simulator holds into a new one, and sees that nothing is another. */
static void restart(struct client *client)
{
    CLEANUP(buf_free)
    struct buf first = {0};
    CLEANUP(buf_free)
    struct buf second = {0};

    dump(client, &first);
    client_stop(client);
    client_start(client, 1);
    client_load(client, first.data);
    dump(client, &second);
    assert_memory_equal(first.data, second.data,
                        (size_t)(strstr(first.data, "\"calls\"") - first.data));
}

/* A failed NAT gateway lets go of its address after a restart too. */
static void test_failed_nat_gateway(void **state)
{
    struct client client;

    (void)state;
    client_start(&client, 1);
    client_load(&client, WORLD);
    client_ask(&client, "CreateNatGateway&SubnetId=" SUBNET_B "&AllocationId=" EIP_FREE);
    client_wait(&client, 90000);
    restart(&client);
    client_ask(&client, "ReleaseAddress&AllocationId=" EIP_FREE);
    assert_code(&client, "InvalidIPAddress.InUse");
    client_wait(&client, 120000);
    restart(&client);
    client_ask(&client, "DescribeNatGateways&Filter.1.Name=state&Filter.1.Value.1=failed");
    assert_has(&client, "<failureCode>Gateway.NotAttached</failureCode>");
    client_ask(&client, "ReleaseAddress&AllocationId=" EIP_FREE);
    assert_ok(&client);
    client_stop(&client);
}

#define REGIONAL "nat-0000000000000000b"
#define REGIONAL_WITH_ADDRESS "nat-0000000000000000c"

/* A regional NAT gateway of which little is said has what one has; in a dump all is said. */
static void test_regional_nat_gateway(void **state)
{
    struct client client;
    const char *table;

    (void)state;
    client_start(&client, 1);
    client_load(
        &client,
        "{\"vpcSet\": [{\"vpcId\": \"" VPC "\", \"cidrBlock\": \"10.0.0.0/16\"}],\n"
        "\"routeTableSet\": [{\"routeTableId\": \"" MAIN "\", \"vpcId\": \"" VPC "\",\n"
        "  \"associationSet\": [{\"main\": true}],\n"
        "  \"routeSet\": [{\"destinationCidrBlock\": \"0.0.0.0/0\",\n"
        "    \"natGatewayId\": \"" REGIONAL "\"}]}],\n"
        "\"subnetSet\": [{\"subnetId\": \"" SUBNET "\", \"vpcId\": \"" VPC "\",\n"
        "  \"cidrBlock\": \"10.0.0.0/24\", \"availabilityZone\": \"ap-northeast-1a\"}],\n"
        "\"internetGatewaySet\": [{\"internetGatewayId\": \"" IGW "\",\n"
        "  \"attachmentSet\": [{\"vpcId\": \"" VPC "\"}]}],\n"
        "\"addressesSet\": [{\"allocationId\": \"" EIP "\", \"publicIp\": \"192.0.2.9\"}],\n"
        "\"natGatewaySet\": [{\"natGatewayId\": \"" REGIONAL "\", \"vpcId\": \"" VPC "\"},\n"
        "  {\"natGatewayId\": \"" REGIONAL_WITH_ADDRESS "\", \"vpcId\": \"" VPC "\",\n"
        "   \"natGatewayAddressSet\": [{\"allocationId\": \"" EIP "\",\n"
        "     \"availabilityZone\": \"ap-northeast-1a\"}]}]}");
    for (int i = 0; i < 2; i++) {
        client_ask(&client, "DescribeNatGateways&NatGatewayId.1=" REGIONAL);
        assert_string_equal(client_text(&client, "availabilityMode"), "regional");
        assert_string_equal(client_text(&client, "autoProvisionZones"), "enabled");
        assert_string_equal(client_text(&client, "availabilityZoneId"), "apne1-az4");
        table = client_text(&client, "routeTableId");
        client_ask(&client, "DescribeRouteTables&RouteTableId.1=%s", table);
        assert_ok(&client);
        assert_has(&client, "<gatewayId>" IGW "</gatewayId>");
        client_ask(&client, "DescribeNatGateways&NatGatewayId.1=" REGIONAL_WITH_ADDRESS);
        assert_string_equal(client_text(&client, "autoProvisionZones"), "disabled");
        assert_string_equal(client_text(&client, "publicIp"), "192.0.2.9");
        assert_string_not_equal(client_text(&client, "associationId"), "");
        assert_string_not_equal(client_text(&client, "routeTableId"), table);
        client_ask(&client, "DescribeAddresses");
        assert_int_equal(client_count(&client, "<associationId>"), 2);
        assert_int_equal(client_count(&client, "<serviceManaged>rnat</serviceManaged>"), 1);
        client_ask(&client, "DescribeRouteTables&RouteTableId.1=" MAIN);
        assert_has_not(&client, "blackhole");
        restart(&client);
    }
    /* A new zone is covered after a restart too. */
    client_ask(&client, "CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.1.0/24"
                        "&AvailabilityZone=ap-northeast-1c");
    assert_ok(&client);
    restart(&client);
    client_wait(&client, 3600000);
    client_ask(&client, "DescribeAddresses");
    assert_int_equal(client_count(&client, "<serviceManaged>rnat</serviceManaged>"), 2);
    client_stop(&client);
}

/* What no action makes is held as it was said. */
static void test_foreign_things(void **state)
{
    struct client client;

    (void)state;
    client_start(&client, 1);
    client_load(&client, WORLD);
    client_ask(&client, "DescribeRouteTables&RouteTableId.1=" TABLE);
    assert_has(&client, "<destinationCidrBlock>10.7.0.0/16</destinationCidrBlock><transitGatewayId>"
                        "tgw-0000000000000000a</transitGatewayId><origin>CreateRoute</origin>"
                        "<state>blackhole</state>");
    assert_has(&client, "<vpcPeeringConnectionId>pcx-0000000000000000a</vpcPeeringConnectionId>");
    assert_has(&client, "<destinationPrefixListId>pl-61a54008</destinationPrefixListId><gatewayId>"
                        "vpce-0000000000000000a</gatewayId>");
    client_ask(&client, "DescribeRouteTables&RouteTableId.1=" MAIN);
    assert_has(&client, "<origin>EnableVgwRoutePropagation</origin>");
    /* what EC2 would say besides */
    client_ask(&client, "DescribeVpcs&VpcId.1=" VPC);
    assert_has(&client, "<ownerId>111122223333</ownerId><state>available</state>");
    assert_has(&client, "<cidrBlockAssociationSet><item><associationId>vpc-cidr-assoc-");
    client_ask(&client, "DescribeAddresses&AllocationId.1=" EIP);
    assert_has(&client, "<associationId>eipassoc-");
    client_ask(&client, "DescribeNatGateways&NatGatewayId.1=" NAT);
    assert_has(&client, "<publicIp>203.0.113.1</publicIp>");
    client_ask(&client, "DescribeSubnets&SubnetId.1=" SUBNET);
    assert_has(&client, "<availabilityZoneId>apne1-az4</availabilityZoneId>");
    client_stop(&client);
}

static void test_own_zones_and_lists(void **state)
{
    struct client client;

    (void)state;
    client_start(&client, 1);
    client_load(
        &client,
        "{\"availabilityZoneInfo\": [{\"zoneName\": \"ap-northeast-1z\", \"zoneId\": \"z9\","
        " \"zoneState\": \"constrained\"}],"
        " \"prefixListSet\": [{\"prefixListId\": \"pl-0123abcd\","
        " \"prefixListName\": \"ours\", \"maxEntries\": 10}]}");
    client_ask(&client, "DescribeAvailabilityZones");
    assert_int_equal(client_count(&client, "<zoneName>"), 1);
    assert_has(&client, "<zoneState>constrained</zoneState>");
    client_ask(&client, "DescribeManagedPrefixLists");
    assert_int_equal(client_count(&client, "<item>"), 3);
    assert_has(&client, "<maxEntries>10</maxEntries>");
    client_stop(&client);
}

#define V "{\"vpcId\": \"" VPC "\", \"cidrBlock\": \"10.0.0.0/16\"}"
#define T                                                                                          \
    "\"routeTableSet\": [{\"routeTableId\": \"" MAIN "\", \"vpcId\": \"" VPC                       \
    "\", \"associationSet\": [{\"main\": true}]}]"

static const struct {
    const char *world, *message;
    unsigned line, column;
} bad[] = {
    {"[]", "found an array, expected an object", 1, 1},
    {"{\n \"vpcset\": []}", "a world has no \"vpcset\"; did you mean \"vpcSet\"?", 2, 2},
    {"{\"vpcSet\": {}}", "\"vpcSet\": found an object, expected an array", 1, 12},
    {"{\"vpcSet\": [7]}", "an item of \"vpcSet\" is an object with a \"vpcId\"", 1, 13},
    {"{\"vpcSet\": [{}]}", "an item of \"vpcSet\" is an object with a \"vpcId\"", 1, 13},
    {"{\"vpcSet\": [{\"vpcId\": \"vpc-main\"}]}", "expected vpc- and 8 or 17 hex digits", 1, 23},
    {"{\"vpcSet\": [" V ",\n" V "], " T "}", "is here twice", 2, 11},
    {"{\"vpcSet\": [" V "]}", "has 0 main route tables", 1, 13},
    {"{\"vpcSet\": [{\"vpcId\": \"" VPC "\",\n\"cidrBlok\": \"\"}]}",
     "Vpc has no element \"cidrBlok\"; did you mean \"cidrBlock\"?", 2, 1},
    {"{\"vpcSet\": [{\"vpcId\": \"" VPC "\",\n\"cidrBlock\": \"x\"}]}",
     "\"cidrBlock\": found \"x\", expected a CIDR block", 2, 14},
    {"{\"vpcSet\": [{\"vpcId\": \"" VPC "\",\n\"isDefault\": \"true\"}]}",
     "\"isDefault\": found a string, expected", 2, 14},
    {"{\"vpcSet\": [{\"vpcId\": \"" VPC "\",\n\"state\": \"fine\"}]}",
     "found \"fine\", expected one of pending, available", 2, 10},
    {"{\"vpcSet\": [" V "], " T ",\n\"subnetSet\": [{\"subnetId\": \"" SUBNET
     "\", \"vpcId\": \"" VPC_B "\"}]}",
     "is not in vpcSet", 2, 65},
    {"{\"vpcSet\": [" V "], " T ",\n\"subnetSet\": [{\"subnetId\": \"" SUBNET "\"}]}",
     "has no \"vpcId\"", 2, 15},
    {"{\"vpcSet\": [" V "], " T ",\n\"subnetSet\": [{\"subnetId\": \"" SUBNET
     "\", \"vpcId\": \"" VPC "\"}]}",
     "\"availabilityZone\" is none of", 2, 15},
    {"{\"internetGatewaySet\": [{\"internetGatewayId\": \"" IGW
     "\", \"attachmentSet\": [{\"vpcId\": \"" VPC "\"}]}]}",
     "names no VPC", 1, 25},
    {"{\"addressesSet\": [{\"allocationId\": \"" EIP "\"}]}", "has no \"publicIp\"", 1, 19},
    {"{\"natGatewaySet\": [{\"natGatewayId\": \"" NAT "\"}]}", "neither \"subnetId\" nor", 1, 20},
    {"{\"quotas\": {\"wishes\": 3}}", "unknown quota \"wishes\"", 1, 13},
    {"{\"quotas\": {\"vpcs\": -3}}", "expected a number", 1, 21},
    {"{\"vpcAttributes\": [{}]}", "has the \"vpcId\" of an item of vpcSet", 1, 20},
    {"{\"a\": 1, \"a\": 2}", "", 0, 0},
    {"{", "", 0, 0},
};

static void test_bad_worlds(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct client client;
        struct json_error error = {0};
        CLEANUP(buf_free)
        struct buf before = {0};
        CLEANUP(buf_free)
        struct buf after = {0};

        client_start(&client, 1);
        dump(&client, &before);
        assert_int_equal(simulator_load(client.simulator, client.now, bad[i].world,
                                        strlen(bad[i].world), &error),
                         -EINVAL);
        if (!strstr(error.message, bad[i].message) ||
            (bad[i].line &&
             (error.place.line != bad[i].line || error.place.column != bad[i].column)))
            fail_msg("%s: got %u:%u: %s", bad[i].world, error.place.line, error.place.column,
                     error.message);
        dump(&client, &after);
        assert_string_equal(before.data, after.data); /* none of it stays */
        client_stop(&client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),           cmocka_unit_test(test_failed_nat_gateway),
        cmocka_unit_test(test_regional_nat_gateway), cmocka_unit_test(test_foreign_things),
        cmocka_unit_test(test_own_zones_and_lists),  cmocka_unit_test(test_bad_worlds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
