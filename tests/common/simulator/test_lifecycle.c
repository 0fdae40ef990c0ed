/* What takes time, and what follows from what, under a virtual clock. */
#include "client.h"

#define SECONDS(n) ((uint64_t)(n)*1000)

static int setup(void **state)
{
    struct client *client = calloc(1, sizeof(*client));

    client_start(client, 1);
    client_load(client, WORLD);
    *state = client;
    return 0;
}

static int teardown(void **state)
{
    client_stop(*state);
    free(*state);
    return 0;
}

static void assert_nat_gateway(struct client *client, const char *id, const char *expected)
{
    client_ask(client, "DescribeNatGateways&Filter.1.Name=nat-gateway-id&Filter.1.Value.1=%s", id);
    assert_ok(client);
    assert_string_equal(client_text(client, "state"), expected);
}

/* Of the one route of TABLE to that destination. */
static void assert_route(struct client *client, const char *destination, const char *expected)
{
    const char *at;

    client_ask(client, "DescribeRouteTables&RouteTableId.1=" TABLE);
    at = strstr(buf_string(&client->reply.body), arena_printf(client->arena, ">%s<", destination));
    if (!expected) {
        assert_null(at);
        return;
    }
    assert_non_null(at);
    at = strstr(at, "<state>");
    assert_non_null(at);
    assert_true(text_starts_with(at + strlen("<state>"), expected));
}

/* --speed divides durations. */
static void test_speed(void **state)
{
    struct client client;
    const char *id;

    (void)state;
    client_start(&client, 100);
    client_load(&client, WORLD);
    client_ask(&client, "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP_FREE);
    id = client_text(&client, "natGatewayId");
    client_wait(&client, 599);
    assert_nat_gateway(&client, id, "pending");
    client_wait(&client, 302);
    assert_nat_gateway(&client, id, "available");
    client_stop(&client);
}

static void test_blackholes(void **state)
{
    struct client *client = *state;

    assert_route(client, "0.0.0.0/0", "active");
    assert_route(client, "::/0", "active");
    assert_route(client, "192.0.2.0/24", "active");
    assert_route(client, "10.7.0.0/16", "blackhole"); /* a transit gateway: as the world says */
    assert_route(client, "10.8.0.0/16", "active");

    client_ask(client, "DeleteEgressOnlyInternetGateway&EgressOnlyInternetGatewayId=" EIGW);
    assert_ok(client);
    assert_route(client, "::/0", "blackhole");
    client_ask(client, "DeleteNatGateway&NatGatewayId=" NAT);
    assert_route(client, "192.0.2.0/24", "blackhole");
    assert_route(client, "0.0.0.0/0", "active");

    /* The gateway goes once no public address is mapped, and its route comes back with it. */
    client_ask(client, "DetachInternetGateway&InternetGatewayId=" IGW "&VpcId=" VPC);
    assert_code(client, "DependencyViolation");
    client_wait(client, SECONDS(61));
    client_ask(client, "DetachInternetGateway&InternetGatewayId=" IGW "&VpcId=" VPC);
    assert_ok(client);
    assert_route(client, "0.0.0.0/0", "blackhole");
    client_ask(client, "AttachInternetGateway&InternetGatewayId=" IGW "&VpcId=" VPC_B);
    assert_ok(client);
    assert_route(client, "0.0.0.0/0", "blackhole"); /* attached elsewhere */
    client_ask(client, "DetachInternetGateway&InternetGatewayId=" IGW "&VpcId=" VPC_B);
    client_ask(client, "AttachInternetGateway&InternetGatewayId=" IGW "&VpcId=" VPC);
    assert_ok(client);
    assert_route(client, "0.0.0.0/0", "active");
    client_ask(client, "DetachInternetGateway&InternetGatewayId=" IGW "&VpcId=" VPC);
    client_ask(client, "DeleteInternetGateway&InternetGatewayId=" IGW);
    assert_ok(client);
    assert_route(client, "0.0.0.0/0", "blackhole");

    client_ask(client, "AttachInternetGateway&InternetGatewayId=" IGW_FREE "&VpcId=" VPC);
    client_ask(client, "ReplaceRoute&RouteTableId=" TABLE
                       "&DestinationCidrBlock=0.0.0.0/0&GatewayId=" IGW_FREE);
    assert_ok(client);
    assert_route(client, "0.0.0.0/0", "active");
}

static void test_routes(void **state)
{
    struct client *client = *state;

    /* A static route beside a propagated one of the same destination. */
    client_ask(client, "CreateRoute&RouteTableId=" MAIN
                       "&DestinationCidrBlock=10.9.0.0/16&TransitGatewayId=tgw-0000000000000000a");
    assert_ok(client);
    client_ask(client, "DescribeRouteTables&RouteTableId.1=" MAIN);
    assert_int_equal(client_count(client, ">10.9.0.0/16<"), 2);
    assert_int_equal(client_count(client, ">EnableVgwRoutePropagation<"), 1);
    client_ask(client, "DeleteRoute&RouteTableId=" MAIN "&DestinationCidrBlock=10.9.0.0/16");
    assert_ok(client);
    client_ask(client, "DescribeRouteTables&RouteTableId.1=" MAIN);
    assert_int_equal(client_count(client, ">10.9.0.0/16<"), 1);

    /* The destination is canonicalised (aws-facts 2.3); an endpoint reads as gatewayId (2.2). */
    client_ask(client, "CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=100.64.7.9/10"
                       "&VpcEndpointId=vpce-0000000000000000f");
    assert_ok(client);
    assert_route(client, "100.64.0.0/10", "active");
    assert_has(client, "<gatewayId>vpce-0000000000000000f</gatewayId>");

    /* An interface that goes leaves a blackhole. */
    client_ask(client, "CreateRoute&RouteTableId=" TABLE
                       "&DestinationCidrBlock=2.0.0.0/8&NetworkInterfaceId=" ENI);
    assert_ok(client);
    client_ask(client, "DeleteNetworkInterface&NetworkInterfaceId=" ENI);
    assert_ok(client);
    assert_route(client, "2.0.0.0/8", "blackhole");

    /* The local route may be led elsewhere, and back. */
    client_ask(client, "ReplaceRoute&RouteTableId=" TABLE
                       "&DestinationCidrBlock=10.0.0.0/16&NatGatewayId=" NAT);
    assert_ok(client);
    client_ask(client, "DescribeRouteTables&Filter.1.Name=route.gateway-id&Filter.1.Value.1=local"
                       "&Filter.2.Name=route-table-id&Filter.2.Value.1=" TABLE);
    assert_int_equal(client_count(client, "<gatewayId>local</gatewayId>"), 1); /* the IPv6 one */
    client_ask(client, "ReplaceRoute&RouteTableId=" TABLE
                       "&DestinationCidrBlock=10.0.0.0/16&LocalTarget=true");
    assert_ok(client);
    client_ask(client, "DescribeRouteTables&RouteTableId.1=" TABLE);
    assert_int_equal(client_count(client, "<gatewayId>local</gatewayId>"), 2);
}

static void test_vpc_from_birth(void **state)
{
    struct client *client = *state;
    const char *vpc, *table, *block;

    client_ask(client, "CreateVpc&CidrBlock=10.5.9.9/16&AmazonProvidedIpv6CidrBlock=true"
                       "&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=Name"
                       "&TagSpecification.1.Tag.1.Value=new");
    assert_ok(client);
    vpc = client_text(client, "vpcId");
    assert_string_equal(client_text(client, "cidrBlock"), "10.5.0.0/16");
    assert_has(client, "<state>associating</state>");
    assert_has_not(client, "<ipv6CidrBlock>"); /* not named yet */
    client_ask(client, "DescribeVpcAttribute&VpcId=%s&Attribute=enableDnsSupport", vpc);
    assert_has(client, "<enableDnsSupport><value>true</value></enableDnsSupport>");
    assert_has_not(client, "enableDnsHostnames");
    client_ask(client, "DescribeVpcAttribute&VpcId=%s&Attribute=enableDnsHostnames", vpc);
    assert_has(client, "<enableDnsHostnames><value>false</value></enableDnsHostnames>");

    client_ask(client, "DescribeRouteTables&Filter.1.Name=vpc-id&Filter.1.Value.1=%s", vpc);
    assert_int_equal(client_count(client, "<main>true</main>"), 1);
    assert_int_equal(client_count(client, "<gatewayId>local</gatewayId>"), 1);
    table = client_text(client, "routeTableId");

    client_wait(client, SECONDS(11));
    client_ask(client, "DescribeVpcs&VpcId.1=%s", vpc);
    assert_has_not(client, "<state>associating</state>");
    block = client_text(client, "ipv6CidrBlock");
    assert_true(text_starts_with(block, "2406:da14:"));
    assert_string_equal(strchr(block, '/'), "/56");
    client_ask(client, "DescribeRouteTables&RouteTableId.1=%s", table);
    assert_int_equal(client_count(client, "<gatewayId>local</gatewayId>"), 2);

    client_ask(
        client, "DisassociateVpcCidrBlock&AssociationId=%s",
        (client_ask(client, "DescribeVpcs&VpcId.1=%s", vpc), client_text(client, "associationId")));
    assert_code(client, "OperationNotPermitted"); /* the primary IPv4 block */
    client_ask(client, "DeleteVpc&VpcId=%s", vpc);
    assert_ok(client);
    client_ask(client, "DescribeRouteTables&Filter.1.Name=vpc-id&Filter.1.Value.1=%s", vpc);
    assert_has(client, "<routeTableSet/>"); /* the main table went along */
}

static void test_ipv6_blocks(void **state)
{
    struct client *client = *state;
    const char *vpc_block, *subnet_block;

    client_ask(client, "AssociateVpcCidrBlock&VpcId=" VPC_B "&AmazonProvidedIpv6CidrBlock=true");
    assert_ok(client);
    vpc_block = client_text(client, "associationId");
    assert_string_equal(client_text(client, "state"), "associating");
    client_wait(client, SECONDS(11));
    client_ask(client, "DescribeVpcs&VpcId.1=" VPC_B);
    {
        const char *block = client_text(client, "ipv6CidrBlock");
        char *subnet = arena_strdup(client->arena, block);

        strcpy(strchr(subnet, '/'), "/64");
        client_ask(client, "AssociateSubnetCidrBlock&SubnetId=" SUBNET_B "&Ipv6CidrBlock=%s",
                   subnet);
    }
    assert_ok(client);
    subnet_block = client_text(client, "associationId");
    assert_string_equal(client_text(client, "state"), "associating");
    client_ask(client, "DisassociateVpcCidrBlock&AssociationId=%s", vpc_block);
    assert_code(client, "DependencyViolation");
    client_wait(client, SECONDS(4));
    client_ask(client, "ModifySubnetAttribute&SubnetId=" SUBNET_B
                       "&AssignIpv6AddressOnCreation.Value=true");
    assert_ok(client);
    client_ask(client, "CreateNetworkInterface&SubnetId=" SUBNET_B);
    assert_ok(client);
    assert_int_equal(client_count(client, "<ipv6Address>"), 1);
    client_ask(client, "DisassociateSubnetCidrBlock&AssociationId=%s", subnet_block);
    assert_code(client, "DependencyViolation");
    client_ask(client, "DeleteNetworkInterface&NetworkInterfaceId=%s",
               (client_ask(client, "DescribeNetworkInterfaces&Filter.1.Name=vpc-id"
                                   "&Filter.1.Value.1=" VPC_B),
                client_text(client, "networkInterfaceId")));
    assert_ok(client);

    client_ask(client, "DisassociateSubnetCidrBlock&AssociationId=%s", subnet_block);
    assert_ok(client);
    client_wait(client, SECONDS(4));
    client_ask(client, "DescribeSubnets&SubnetId.1=" SUBNET_B);
    assert_has(client, "<state>disassociated</state>"); /* lingers (aws-facts 2.5) */
    client_ask(client, "DisassociateVpcCidrBlock&AssociationId=%s", vpc_block);
    assert_ok(client);
    client_wait(client, SECONDS(11));
    client_ask(client, "DescribeRouteTables&RouteTableId.1=rtb-0000000000000000b");
    assert_int_equal(client_count(client, "<gatewayId>local</gatewayId>"), 1);
    client_wait(client, SECONDS(61));
    client_ask(client, "DescribeVpcs&VpcId.1=" VPC_B);
    assert_has(client, "<ipv6CidrBlockAssociationSet/>");
}

static void test_associations(void **state)
{
    struct client *client = *state;
    const char *id;

    client_ask(client, "ReplaceRouteTableAssociation&AssociationId=rtbassoc-0000000000000000c"
                       "&RouteTableId=" MAIN);
    assert_ok(client);
    id = client_text(client, "newAssociationId");
    assert_string_not_equal(id, "rtbassoc-0000000000000000c");
    client_ask(client, "DescribeRouteTables&Filter.1.Name=association.subnet-id"
                       "&Filter.1.Value.1=" SUBNET);
    assert_string_equal(client_text(client, "routeTableId"), MAIN);
    client_ask(client, "DisassociateRouteTable&AssociationId=%s", id);
    assert_ok(client);
    client_ask(client, "AssociateRouteTable&RouteTableId=" TABLE "&SubnetId=" SUBNET);
    assert_ok(client);
    id = client_text(client, "associationId");
    assert_string_equal(client_text(client, "state"), "associated");
    client_ask(client, "AssociateRouteTable&RouteTableId=" TABLE "&SubnetId=" SUBNET);
    assert_string_equal(client_text(client, "associationId"), id); /* the same again */

    /* The main association makes another table the main one. */
    client_ask(client, "ReplaceRouteTableAssociation&AssociationId=rtbassoc-0000000000000000a"
                       "&RouteTableId=" TABLE);
    assert_ok(client);
    client_ask(client, "DescribeRouteTables&Filter.1.Name=association.main&Filter.1.Value.1=true"
                       "&Filter.2.Name=vpc-id&Filter.2.Value.1=" VPC);
    assert_string_equal(client_text(client, "routeTableId"), TABLE);
    client_ask(client, "DeleteRouteTable&RouteTableId=" MAIN);
    assert_ok(client);
}

static void test_addresses(void **state)
{
    struct client *client = *state;
    const char *association, *second, *id;

    client_ask(client, "AllocateAddress&Domain=vpc&TagSpecification.1.ResourceType=elastic-ip"
                       "&TagSpecification.1.Tag.1.Key=role&TagSpecification.1.Tag.1.Value=nat");
    assert_ok(client);
    id = client_text(client, "allocationId");
    assert_string_equal(client_text(client, "publicIp"), "203.0.113.3"); /* the next free one */
    assert_string_equal(client_text(client, "networkBorderGroup"), "ap-northeast-1");

    client_ask(client, "AssociateAddress&AllocationId=%s&NetworkInterfaceId=" ENI, id);
    assert_ok(client);
    association = client_text(client, "associationId");
    client_ask(client, "AssociateAddress&AllocationId=%s&NetworkInterfaceId=" ENI, id);
    assert_string_equal(client_text(client, "associationId"), association);
    client_ask(client, "DescribeNetworkInterfaces&NetworkInterfaceId.1=" ENI);
    assert_has(client, "<association><publicIp>203.0.113.3</publicIp>");
    client_ask(client, "AssociateAddress&AllocationId=" EIP_FREE "&NetworkInterfaceId=" ENI
                       "&AllowReassociation=false");
    assert_code(client, "Resource.AlreadyAssociated");
    client_ask(client, "AssociateAddress&AllocationId=" EIP_FREE "&NetworkInterfaceId=" ENI);
    assert_ok(client); /* in silence */
    second = client_text(client, "associationId");
    client_ask(client, "DescribeAddresses&AllocationId.1=%s", id);
    assert_has_not(client, "<associationId>");
    client_ask(client, "ReleaseAddress&AllocationId=" EIP_FREE);
    assert_code(client, "InvalidIPAddress.InUse");
    client_ask(client, "DisassociateAddress&AssociationId=%s", second);
    assert_ok(client);
    client_ask(client, "ReleaseAddress&AllocationId=" EIP_FREE);
    assert_ok(client);

    client_ask(client, "CreateNetworkInterface&SubnetId=" SUBNET_B);
    client_ask(client, "AssociateAddress&AllocationId=%s&NetworkInterfaceId=%s", id,
               client_text(client, "networkInterfaceId"));
    assert_code(client, "Gateway.NotAttached");
}

static void test_subnets(void **state)
{
    struct client *client = *state;
    const char *id;

    client_ask(client, "CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.9.0/28"
                       "&Ipv6CidrBlock=2001:db8:a:9::/64&AvailabilityZoneId=apne1-az2");
    assert_ok(client);
    id = client_text(client, "subnetId");
    assert_string_equal(client_text(client, "availabilityZone"), "ap-northeast-1d");
    assert_string_equal(client_text(client, "availableIpAddressCount"), "11");
    for (int i = 0; i < 11; i++) {
        client_ask(client, "CreateNetworkInterface&SubnetId=%s", id);
        assert_ok(client);
    }
    client_ask(client, "CreateNetworkInterface&SubnetId=%s", id);
    assert_code(client, "InsufficientFreeAddressesInSubnet");
    client_ask(client, "DescribeSubnets&SubnetId.1=%s", id);
    assert_string_equal(client_text(client, "availableIpAddressCount"), "0");
    client_ask(client, "ModifySubnetAttribute&SubnetId=%s&MapPublicIpOnLaunch.Value=true", id);
    client_ask(client,
               "DescribeSubnets&Filter.1.Name=map-public-ip-on-launch&Filter.1.Value.1=true");
    assert_string_equal(client_text(client, "subnetId"), id);

    client_ask(client, "CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.10.0/24");
    id = client_text(client, "subnetId");
    client_ask(client, "AssociateRouteTable&RouteTableId=" TABLE "&SubnetId=%s", id);
    client_ask(client, "DeleteSubnet&SubnetId=%s", id);
    assert_ok(client);
    client_ask(client,
               "DescribeRouteTables&Filter.1.Name=association.subnet-id&Filter.1.Value.1=%s", id);
    assert_has(client, "<routeTableSet/>");
}

static void test_vpc_attributes(void **state)
{
    struct client *client = *state;

    client_ask(client, "ModifyVpcAttribute&VpcId=" VPC "&EnableDnsHostnames.Value=true");
    assert_ok(client);
    client_ask(client, "DescribeVpcAttribute&VpcId=" VPC "&Attribute=enableDnsHostnames");
    assert_has(client, "<value>true</value>");
    client_ask(client, "ModifyVpcAttribute&VpcId=" VPC "&EnableDnsHostnames.Value=false");
    client_ask(client, "ModifyVpcAttribute&VpcId=" VPC "&EnableDnsSupport.Value=false");
    assert_ok(client);
    client_ask(client, "ModifyVpcAttribute&VpcId=" VPC "&EnableDnsHostnames.Value=true");
    assert_code(client, "InvalidParameterValue");
}

static void test_tags(void **state)
{
    struct client *client = *state;

    client_ask(client, "CreateTags&ResourceId.1=" IGW "&ResourceId.2=" NAT "&ResourceId.3=" EIP
                       "&ResourceId.4=" TABLE "&ResourceId.5=" SUBNET "&ResourceId.6=" EIGW
                       "&ResourceId.7=" ENI "&ResourceId.8=" VPC
                       "&Tag.1.Key=a&Tag.1.Value=1&Tag.2.Key=b&Tag.2.Value=");
    assert_ok(client);
    client_ask(client, "DescribeEgressOnlyInternetGateways&Filter.1.Name=tag:a&Filter.1.Value.1=1");
    assert_has(client, EIGW);
    client_ask(client, "CreateTags&ResourceId.1=" VPC "&Tag.1.Key=a&Tag.1.Value=2");
    client_ask(client, "DescribeVpcs&VpcId.1=" VPC);
    assert_has(client, "<key>a</key><value>2</value>");
    assert_int_equal(client_count(client, "<key>"), 3);
    client_ask(client, "DeleteTags&ResourceId.1=" VPC "&Tag.1.Key=a&Tag.1.Value=1&Tag.2.Key=b");
    client_ask(client, "DescribeVpcs&VpcId.1=" VPC);
    assert_has(client, "<key>a</key>"); /* its value is another */
    assert_has_not(client, "<key>b</key>");
    client_ask(client, "DeleteTags&ResourceId.1=" VPC);
    client_ask(client, "DescribeVpcs&VpcId.1=" VPC);
    assert_has_not(client, "<key>");
    for (int i = 0; i < 51; i++)
        client_ask(client, "CreateTags&ResourceId.1=" VPC "&Tag.1.Key=k%d", i);
    assert_code(client, "TagLimitExceeded");
}

static void test_propagation(void **state)
{
    struct client *client = *state;

    for (int i = 0; i < 2; i++) { /* twice is once */
        client_ask(client, "EnableVgwRoutePropagation&RouteTableId=" TABLE
                           "&GatewayId=vgw-0000000000000000a");
        assert_ok(client);
    }
    client_ask(client, "DescribeRouteTables&RouteTableId.1=" TABLE);
    assert_int_equal(client_count(client, "<gatewayId>vgw-0000000000000000a</gatewayId>"), 1);
}

/* Nothing that a call leaves behind stays: the thousandth costs what the first did. */
static void test_long_life(void **state)
{
    struct client *client = *state;
    CLEANUP(buf_free)
    struct buf before = {0};
    CLEANUP(buf_free)
    struct buf after = {0};

    simulator_dump(client->simulator, client->now, &before);
    for (int i = 0; i < 3000; i++) {
        client_ask(client, "CreateTags&ResourceId.1=" VPC "&Tag.1.Key=k&Tag.1.Value=%d", i);
        assert_ok(client);
        client_ask(client, "DeleteTags&ResourceId.1=" VPC "&Tag.1.Key=k");
        assert_ok(client);
        arena_reset(client->arena);
    }
    simulator_dump(client->simulator, client->now, &after);
    assert_memory_equal(before.data, after.data,
                        (size_t)(strstr(before.data, "\"calls\"") - before.data));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_speed),
        TEST(test_blackholes),
        TEST(test_routes),
        TEST(test_vpc_from_birth),
        TEST(test_ipv6_blocks),
        TEST(test_associations),
        TEST(test_addresses),
        TEST(test_subnets),
        TEST(test_vpc_attributes),
        TEST(test_tags),
        TEST(test_propagation),
        TEST(test_long_life),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
