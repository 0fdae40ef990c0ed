/* The life of a NAT gateway: what becomes of it, what it holds until when, and the regional ones.
 */
#include "client.h"

#define SECONDS(n) ((uint64_t)(n)*1000)
#define HOUR SECONDS(3600)
#define PENDING_MAX SECONDS(90)
#define DELETING_MAX SECONDS(60)
#define LETTING_GO_MAX SECONDS(120)

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

static void assert_address_is_used(struct client *client, const char *id, bool used)
{
    client_ask(client, "DescribeAddresses&AllocationId.1=%s", id);
    assert_ok(client);
    assert_int_equal(client_count(client, "<associationId>"), used);
}

static void test_nat_gateway(void **state)
{
    struct client *client = *state;
    const char *id;

    client_ask(client,
               "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP_FREE "&ClientToken=t1");
    assert_ok(client);
    assert_true(client->reply.changed);
    id = client_text(client, "natGatewayId");
    assert_string_equal(client_text(client, "state"), "pending");
    assert_string_equal(client_text(client, "clientToken"), "t1");
    assert_string_equal(client_text(client, "createTime"), "2026-11-18T11:06:40.000Z");
    /* Its address is taken at once, by an interface of its own. */
    client_ask(client, "DescribeNetworkInterfaces&Filter.1.Name=interface-type&"
                       "Filter.1.Value.1=nat_gateway&Filter.2.Name=association.public-ip&"
                       "Filter.2.Value.1=203.0.113.2");
    assert_int_equal(client_count(client, "<networkInterfaceId>"), 1);
    assert_has(client, "<requesterManaged>true</requesterManaged>");

    client_wait(client, SECONDS(59));
    assert_nat_gateway(client, id, "pending");
    client_wait(client, SECONDS(32));
    assert_nat_gateway(client, id, "available");
    assert_has(client, "<status>succeeded</status>");
    assert_has(client, "<publicIp>203.0.113.2</publicIp>");

    client_ask(client, "DeleteNatGateway&NatGatewayId=%s", id);
    assert_ok(client);
    assert_string_equal(client_text(client, "natGatewayId"), id);
    assert_nat_gateway(client, id, "deleting");
    client_ask(client, "ReleaseAddress&AllocationId=" EIP_FREE); /* it still holds it */
    assert_code(client, "InvalidIPAddress.InUse");
    client_wait(client, SECONDS(61));
    assert_nat_gateway(client, id, "deleted");
    client_ask(client, "ReleaseAddress&AllocationId=" EIP_FREE);
    assert_ok(client);
    client_wait(client, HOUR - SECONDS(62));
    assert_nat_gateway(client, id, "deleted");
    client_wait(client, SECONDS(62));
    assert_nat_gateway(client, id, "");
}

/* ---- failures ---- */

static const struct {
    const char *name, *request, *then, *failure;
} failures[] = {
    {"address in use", "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP, NULL,
     "Resource.AlreadyAssociated"},
    {"no such address",
     "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=eipalloc-00000000000000ff0", NULL,
     "InvalidAllocationID.NotFound"},
    {"no internet gateway", "CreateNatGateway&SubnetId=" SUBNET_B "&AllocationId=" EIP_FREE, NULL,
     "Gateway.NotAttached"},
    {"no internet gateway for a regional one",
     "CreateNatGateway&VpcId=" VPC_B "&AvailabilityMode=regional", NULL, "Gateway.NotAttached"},
    {"a regional one's address in use",
     "CreateNatGateway&VpcId=" VPC "&AvailabilityMode=regional"
     "&AvailabilityZoneAddress.1.AvailabilityZone=ap-northeast-1a"
     "&AvailabilityZoneAddress.1.AllocationId.1=" EIP_FREE
     "&AvailabilityZoneAddress.1.AllocationId.2=" EIP,
     NULL, "Resource.AlreadyAssociated"},
    {"no such address for a regional one",
     "CreateNatGateway&VpcId=" VPC "&AvailabilityMode=regional"
     "&AvailabilityZoneAddress.1.AvailabilityZone=ap-northeast-1a"
     "&AvailabilityZoneAddress.1.AllocationId.1=" EIP_FREE
     "&AvailabilityZoneAddress.2.AvailabilityZone=ap-northeast-1c"
     "&AvailabilityZoneAddress.2.AllocationId.1=eipalloc-00000000000000ff0",
     NULL, "InvalidAllocationID.NotFound"},
    {"a gateway in time", "CreateNatGateway&SubnetId=" SUBNET_B "&AllocationId=" EIP_FREE,
     "AttachInternetGateway&InternetGatewayId=" IGW_FREE "&VpcId=" VPC_B, NULL},
    {"private needs none", "CreateNatGateway&SubnetId=" SUBNET_B "&ConnectivityType=private", NULL,
     NULL},
    {"regional", "CreateNatGateway&VpcId=" VPC "&AvailabilityMode=regional", NULL, NULL},
};

static void test_failures(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
        struct client client;
        const char *id;

        print_message("%s\n", failures[i].name);
        client_start(&client, 1);
        client_load(&client, WORLD);
        client_ask(&client, "%s", failures[i].request);
        assert_ok(&client);
        id = client_text(&client, "natGatewayId");
        if (failures[i].then) {
            client_ask(&client, "%s", failures[i].then);
            assert_ok(&client);
        }
        client_wait(&client, PENDING_MAX);
        assert_nat_gateway(&client, id, failures[i].failure ? "failed" : "available");
        assert_string_equal(client_text(&client, "failureCode"),
                            failures[i].failure ? failures[i].failure : "");
        if (failures[i].failure) { /* nothing is left behind in the end, and the entry goes too */
            client_wait(&client, LETTING_GO_MAX);
            assert_nat_gateway(&client, id, "failed");
            assert_address_is_used(&client, EIP_FREE, false);
            client_ask(&client, "DescribeRouteTables");
            assert_int_equal(
                client_count(&client, "<routeTableId>rtb-") - client_count(&client, "<main>"), 3);
            client_wait(&client, HOUR - LETTING_GO_MAX - PENDING_MAX + SECONDS(59));
            assert_nat_gateway(&client, id, "failed");
            client_wait(&client, SECONDS(32));
            assert_nat_gateway(&client, id, "");
        }
        client_stop(&client);
    }
}

static void test_full_subnet(void **state)
{
    static const char *const failures_by_step[] = {"InsufficientFreeAddressesInSubnet", ""};
    struct client *client = *state;
    const char *subnet, *interface = NULL, *id;

    client_ask(client, "CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.2.0/28");
    assert_ok(client);
    subnet = client_text(client, "subnetId");
    for (int i = 0; i < 11; i++) { /* 16, less AWS's five */
        client_ask(client, "CreateNetworkInterface&SubnetId=%s", subnet);
        assert_ok(client);
        interface = client_text(client, "networkInterfaceId");
    }
    for (size_t step = 0; step < ARRAY_SIZE(failures_by_step); step++) {
        client_ask(client, "CreateNatGateway&SubnetId=%s&AllocationId=" EIP_FREE, subnet);
        assert_ok(client);
        id = client_text(client, "natGatewayId");
        if (step == 1) { /* an address comes free in time */
            client_ask(client, "DeleteNetworkInterface&NetworkInterfaceId=%s", interface);
            assert_ok(client);
        }
        client_wait(client, PENDING_MAX);
        assert_nat_gateway(client, id, step == 0 ? "failed" : "available");
        assert_string_equal(client_text(client, "failureCode"), failures_by_step[step]);
        assert_address_is_used(client, EIP_FREE, step == 1);
    }
}

/* A failed one has its address for a while yet, and so nobody else. */
static void test_failed_holds_its_address(void **state)
{
    struct client *client = *state;
    const char *id;

    client_ask(client, "CreateNatGateway&SubnetId=" SUBNET_B "&AllocationId=" EIP_FREE);
    id = client_text(client, "natGatewayId");
    client_wait(client, PENDING_MAX);
    assert_nat_gateway(client, id, "failed");
    assert_has(client, "<allocationId>" EIP_FREE "</allocationId>");
    assert_has(client, "<status>failed</status>");
    assert_address_is_used(client, EIP_FREE, true);
    client_ask(client, "ReleaseAddress&AllocationId=" EIP_FREE);
    assert_code(client, "InvalidIPAddress.InUse");
    client_ask(client, "AssociateAddress&AllocationId=" EIP_FREE "&NetworkInterfaceId=" ENI);
    assert_code(client, "OperationNotPermitted");
    client_ask(client, "DeleteSubnet&SubnetId=" SUBNET_B);
    assert_code(client, "DependencyViolation");

    client_wait(client, LETTING_GO_MAX);
    assert_nat_gateway(client, id, "failed");
    assert_has(client, "<allocationId>" EIP_FREE "</allocationId>"); /* what it had wanted */
    assert_address_is_used(client, EIP_FREE, false);
    client_ask(client, "DeleteSubnet&SubnetId=" SUBNET_B);
    assert_ok(client);
    client_ask(client, "DeleteNatGateway&NatGatewayId=%s", id); /* holds nothing */
    assert_ok(client);
    assert_nat_gateway(client, id, "deleted");
    client_ask(client, "ReleaseAddress&AllocationId=" EIP_FREE);
    assert_ok(client);
}

static void test_failed_is_deleted(void **state)
{
    struct client *client = *state;
    const char *id;

    client_ask(client, "CreateNatGateway&SubnetId=" SUBNET_B "&AllocationId=" EIP_FREE);
    id = client_text(client, "natGatewayId");
    client_wait(client, PENDING_MAX);
    client_ask(client, "DeleteNatGateway&NatGatewayId=%s", id);
    assert_ok(client);
    assert_nat_gateway(client, id, "deleting");
    assert_address_is_used(client, EIP_FREE, true);
    client_wait(client, DELETING_MAX);
    assert_nat_gateway(client, id, "deleted");
    assert_string_equal(client_text(client, "failureCode"), "Gateway.NotAttached");
    assert_address_is_used(client, EIP_FREE, false);
}

static void test_internal_error(void **state)
{
#define CREATE "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP_FREE "&ClientToken=attempt-"
    struct client *client = *state;
    const char *id;

    simulator_add_fault(client->simulator, 1, "nat-gateway-fails");
    client_ask(client, CREATE "1");
    assert_ok(client);
    assert_true(client->reply.changed);
    assert_string_equal(client_text(client, "state"), "pending");
    id = client_text(client, "natGatewayId");
    client_wait(client, SECONDS(59));
    assert_nat_gateway(client, id, "pending");
    client_wait(client, SECONDS(31));
    assert_nat_gateway(client, id, "failed");
    assert_string_equal(client_text(client, "failureCode"), "InternalError");
    client_ask(client, CREATE "1"); /* the same token: the dead one again (aws-facts 1.7) */
    assert_ok(client);
    assert_false(client->reply.changed);
    assert_string_equal(client_text(client, "natGatewayId"), id);
    assert_string_equal(client_text(client, "state"), "failed");

    client_wait(client, LETTING_GO_MAX);
    client_ask(client, CREATE "2"); /* and no other call's */
    assert_true(client->reply.changed);
    id = client_text(client, "natGatewayId");
    client_wait(client, PENDING_MAX);
    assert_nat_gateway(client, id, "available");
#undef CREATE
}

/* ---- regional ---- */

static void open_vpc_b(struct client *client)
{
    client_ask(client, "AttachInternetGateway&InternetGatewayId=" IGW_FREE "&VpcId=" VPC_B);
    assert_ok(client);
    client_ask(client, "CreateSubnet&VpcId=" VPC_B "&CidrBlock=10.1.1.0/24"
                       "&AvailabilityZone=ap-northeast-1a");
    assert_ok(client);
}

static void assert_zones(struct client *client, const char *id, size_t n)
{
    assert_nat_gateway(client, id, "available");
    assert_int_equal(client_count(client, "<availabilityZone>ap-northeast-1"), n);
    assert_int_equal(client_count(client, "<status>succeeded</status>"), n);
    assert_int_equal(client_count(client, "<isPrimary>true</isPrimary>"), 1);
    client_ask(client, "DescribeAddresses");
    assert_int_equal(client_count(client, "<serviceManaged>rnat</serviceManaged>"), n);
}

static void assert_its_table(struct client *client, const char *table)
{
    client_ask(client, "DescribeRouteTables&RouteTableId.1=%s", table);
    assert_ok(client);
    assert_has(client, "<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>"
                       "<gatewayId>" IGW_FREE "</gatewayId>");
    assert_has(client, "<gatewayId>local</gatewayId>");
    client_ask(client, "DeleteRouteTable&RouteTableId=%s", table);
    assert_code(client, "DependencyViolation");
}

static void test_regional(void **state)
{
    struct client *client = *state;
    const char *id, *table;

    open_vpc_b(client);
    client_ask(client, "CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.9.0/24" /* another's zone */
                       "&AvailabilityZone=ap-northeast-1d");
    client_ask(client, "CreateNatGateway&VpcId=" VPC_B "&AvailabilityMode=regional");
    assert_ok(client);
    id = client_text(client, "natGatewayId");
    table = client_text(client, "routeTableId");
    assert_string_equal(client_text(client, "state"), "pending");
    assert_string_equal(client_text(client, "availabilityMode"), "regional");
    assert_string_equal(client_text(client, "autoProvisionZones"), "enabled");
    assert_string_equal(client_text(client, "subnetId"), "");
    client_wait(client, PENDING_MAX);
    assert_zones(client, id, 2);
    assert_its_table(client, table);
    client_ask(client,
               "CreateRoute&RouteTableId=rtb-0000000000000000b"
               "&DestinationCidrBlock=0.0.0.0/0&NatGatewayId=%s",
               id);
    assert_ok(client);
    client_ask(client,
               "DescribeRouteTables&Filter.1.Name=route.nat-gateway-id&Filter.1.Value.1=%s"
               "&Filter.2.Name=route.state&Filter.2.Value.1=blackhole",
               id);
    assert_has(client, "<routeTableSet/>");

    /* A zone that comes later is served at once and covered within the hour. */
    client_ask(client, "CreateSubnet&VpcId=" VPC_B "&CidrBlock=10.1.2.0/24"
                       "&AvailabilityZone=ap-northeast-1d");
    assert_ok(client);
    client_wait(client, SECONDS(599));
    assert_zones(client, id, 2);
    client_wait(client, HOUR - SECONDS(599));
    assert_zones(client, id, 3);

    client_ask(client, "DetachInternetGateway&InternetGatewayId=" IGW_FREE "&VpcId=" VPC_B);
    assert_code(client, "DependencyViolation");
    client_ask(client, "DeleteVpc&VpcId=" VPC_B);
    assert_code(client, "DependencyViolation");
    client_ask(client, "DescribeAddresses");
    client_ask(client, "ReleaseAddress&AllocationId=%s",
               (client_ask(client, "DescribeNatGateways&NatGatewayId.1=%s", id),
                client_text(client, "allocationId")));
    assert_code(client, "OperationNotPermitted");

    client_ask(client, "DeleteNatGateway&NatGatewayId=%s", id);
    assert_ok(client);
    client_wait(client, DELETING_MAX);
    assert_nat_gateway(client, id, "deleted");
    client_ask(client, "DescribeAddresses");
    assert_has_not(client, "rnat"); /* its own go with it */
    client_ask(client, "DescribeRouteTables&RouteTableId.1=%s", table);
    assert_code(client, "InvalidRouteTableID.NotFound");
    client_ask(client, "DescribeRouteTables&Filter.1.Name=route.state&Filter.1.Value.1=blackhole"
                       "&Filter.2.Name=vpc-id&Filter.2.Value.1=" VPC_B);
    assert_has(client, "<routeTableId>");
    client_ask(client, "DetachInternetGateway&InternetGatewayId=" IGW_FREE "&VpcId=" VPC_B);
    assert_ok(client);
}

static void test_regional_with_addresses(void **state)
{
    struct client *client = *state;
    const char *id;

    open_vpc_b(client);
    client_ask(client, "CreateNatGateway&VpcId=" VPC_B "&AvailabilityMode=regional"
                       "&AvailabilityZoneAddress.1.AvailabilityZoneId=apne1-az1"
                       "&AvailabilityZoneAddress.1.AllocationId.1=" EIP_FREE);
    assert_ok(client);
    id = client_text(client, "natGatewayId");
    assert_string_equal(client_text(client, "autoScalingIps"), "disabled");
    assert_string_equal(client_text(client, "availabilityZone"), "ap-northeast-1c");
    assert_string_equal(client_text(client, "availabilityZoneId"), "apne1-az1");
    client_wait(client, 2 * HOUR); /* no zone is added: switched off (aws-facts 2.3) */
    assert_nat_gateway(client, id, "available");
    assert_int_equal(client_count(client, "<allocationId>"), 1);
    assert_has(client, "<publicIp>203.0.113.2</publicIp>");
    assert_has_not(client, "<networkInterfaceId>");

    assert_address_is_used(client, EIP_FREE, true);
    assert_has_not(client, "rnat"); /* the account's own */
    client_ask(client, "ReleaseAddress&AllocationId=" EIP_FREE);
    assert_code(client, "InvalidIPAddress.InUse");
    client_ask(client, "AssociateAddress&AllocationId=" EIP_FREE "&NetworkInterfaceId=" ENI);
    assert_code(client, "OperationNotPermitted");
    client_ask(client, "DisassociateAddress&PublicIp=203.0.113.2");
    assert_code(client, "OperationNotPermitted");
    client_ask(client, "DetachInternetGateway&InternetGatewayId=" IGW_FREE "&VpcId=" VPC_B);
    assert_code(client, "DependencyViolation");

    client_ask(client, "DeleteNatGateway&NatGatewayId=%s", id);
    client_wait(client, DELETING_MAX);
    assert_nat_gateway(client, id, "deleted");
    assert_address_is_used(client, EIP_FREE, false);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_nat_gateway),       cmocka_unit_test(test_failures),
        TEST(test_full_subnet),       TEST(test_failed_holds_its_address),
        TEST(test_failed_is_deleted), TEST(test_internal_error),
        TEST(test_regional),          TEST(test_regional_with_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
