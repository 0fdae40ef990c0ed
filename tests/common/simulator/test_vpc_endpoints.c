/* VPC endpoints: what they are made of, what EC2 refuses, and the states that take time. */
#include "client.h"

#define S3 "com.amazonaws.ap-northeast-1.s3"
#define LOGS "com.amazonaws.ap-northeast-1.logs"
#define PARTNER "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123"
#define SUBNET_C "subnet-0000000000000000c"  /* of another zone */
#define SUBNET_A2 "subnet-0000000000000000d" /* of the same zone as SUBNET */
#define SG "sg-0000000000000000a"
#define SG_B "sg-0000000000000000b" /* of VPC_B */
#define PL "pl-61a54008"
#define GATEWAY "CreateVpcEndpoint&VpcId=" VPC "&ServiceName=" S3
#define INTERFACE                                                                                  \
    "CreateVpcEndpoint&VpcEndpointType=Interface&VpcId=" VPC "&ServiceName=" LOGS                  \
    "&SubnetId.1=" SUBNET

static int setup(void **state)
{
    struct client *client = calloc(1, sizeof(*client));

    client_start(client, 1);
    client_load(client,
                "{\"vpcSet\": [{\"vpcId\": \"" VPC "\", \"cidrBlock\": \"10.0.0.0/16\"},\n"
                "  {\"vpcId\": \"" VPC_B "\", \"cidrBlock\": \"10.1.0.0/16\"}],\n"
                "\"routeTableSet\": [{\"routeTableId\": \"" MAIN "\", \"vpcId\": \"" VPC "\",\n"
                "   \"associationSet\": [{\"main\": true}]},\n"
                "  {\"routeTableId\": \"" TABLE "\", \"vpcId\": \"" VPC "\"},\n"
                "  {\"routeTableId\": \"rtb-0000000000000000b\", \"vpcId\": \"" VPC_B "\",\n"
                "   \"associationSet\": [{\"main\": true}]}],\n"
                "\"subnetSet\": [{\"subnetId\": \"" SUBNET "\", \"vpcId\": \"" VPC "\",\n"
                "   \"cidrBlock\": \"10.0.0.0/24\", \"availabilityZone\": \"ap-northeast-1a\"},\n"
                "  {\"subnetId\": \"" SUBNET_A2 "\", \"vpcId\": \"" VPC "\",\n"
                "   \"cidrBlock\": \"10.0.1.0/24\", \"availabilityZone\": \"ap-northeast-1a\"},\n"
                "  {\"subnetId\": \"" SUBNET_C "\", \"vpcId\": \"" VPC "\",\n"
                "   \"cidrBlock\": \"10.0.2.0/24\", \"availabilityZone\": \"ap-northeast-1c\"},\n"
                "  {\"subnetId\": \"" SUBNET_B "\", \"vpcId\": \"" VPC_B "\",\n"
                "   \"cidrBlock\": \"10.1.0.0/24\", \"availabilityZone\": \"ap-northeast-1a\"}],\n"
                "\"securityGroupInfo\": [{\"groupId\": \"" SG "\", \"vpcId\": \"" VPC "\",\n"
                "   \"groupName\": \"endpoints\"}, {\"groupId\": \"" SG_B "\", \"vpcId\": \"" VPC_B
                "\"}]}\n");
    *state = client;
    return 0;
}

static int teardown(void **state)
{
    client_stop(*state);
    free(*state);
    return 0;
}

static void dns_on(struct client *client)
{
    client_ask(client, "ModifyVpcAttribute&VpcId=" VPC "&EnableDnsHostnames.Value=true");
    assert_ok(client);
}

static void describe(struct client *client, const char *id)
{
    client_ask(client, "DescribeVpcEndpoints&VpcEndpointId.1=%s", id);
}

static const char *state_of(struct client *client, const char *id)
{
    describe(client, id);
    assert_ok(client);
    return client_text(client, "state");
}

static void test_refused(void **state)
{
    static const struct {
        const char *call, *code;
    } rows[] = {
        {"CreateVpcEndpoint&VpcId=" VPC, "MissingParameter"},
        {"CreateVpcEndpoint&ServiceName=" S3, "MissingParameter"},
        {"CreateVpcEndpoint&VpcId=vpc-00000000000000000&ServiceName=" S3, "InvalidVpcID.NotFound"},
        {"CreateVpcEndpoint&VpcId=" VPC "&ServiceName=com.amazonaws.ap-northeast-1.nothing",
         "InvalidServiceName"},
        {"CreateVpcEndpoint&VpcId=" VPC "&ServiceName=" LOGS, "InvalidServiceName"}, /* Gateway */
        {GATEWAY "&SubnetId.1=" SUBNET, "InvalidParameter"},
        {GATEWAY "&PrivateDnsEnabled=true", "InvalidParameter"},
        {GATEWAY "&RouteTableId.1=rtb-00000000000000000", "InvalidRouteTableID.NotFound"},
        {GATEWAY "&RouteTableId.1=rtb-0000000000000000b", "InvalidParameter"},
        {GATEWAY "&PolicyDocument=nonsense", "InvalidPolicyDocument"},
        {INTERFACE "&RouteTableId.1=" TABLE, "InvalidParameter"},
        {INTERFACE "&PrivateDnsEnabled=false&SubnetId.2=" SUBNET_A2, "DuplicateSubnetsInSameZone"},
        {INTERFACE "&PrivateDnsEnabled=false&SubnetId.2=" SUBNET_B, "InvalidParameter"},
        {INTERFACE "&PrivateDnsEnabled=false&SecurityGroupId.1=" SG_B, "InvalidGroup.NotFound"},
        {INTERFACE "&PrivateDnsEnabled=false&IpAddressType=dualstack", "InvalidParameter"},
        {INTERFACE "&PrivateDnsEnabled=false&IpAddressType=both", "InvalidParameter"},
        {INTERFACE, "InvalidParameter"}, /* private DNS by default, and no DNS host names */
        {"ModifyVpcEndpoint&VpcEndpointId=vpce-00000000000000000&AddRouteTableId.1=" TABLE,
         "InvalidVpcEndpointId.NotFound"},
        {"DeleteVpcEndpoints", "MissingParameter"},
        {"DescribeVpcEndpointServices&ServiceName.1=com.amazonaws.ap-northeast-1.nothing",
         "InvalidServiceName"},
    };
    struct client *client = *state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        client_ask(client, "%s", rows[i].call);
        if (!text_equal(client->reply.code, rows[i].code))
            fail_msg("%s: \"%s\", expected %s", rows[i].call, client->reply.code, rows[i].code);
    }
    client_ask(client, "DescribeVpcEndpoints");
    assert_has_not(client, "<vpcEndpointId>");
    client_ask(client, "DescribeNetworkInterfaces");
    assert_has_not(client, "<networkInterfaceId>");
}

static void test_gateway_endpoint(void **state)
{
    struct client *client = *state;
    const char *id;

    client_ask(client, GATEWAY "&RouteTableId.1=" TABLE "&ClientToken=t"
                               "&TagSpecification.1.ResourceType=vpc-endpoint"
                               "&TagSpecification.1.Tag.1.Key=k&TagSpecification.1.Tag.1.Value=v");
    assert_ok(client);
    id = client_text(client, "vpcEndpointId");
    assert_string_equal(client_text(client, "state"), "available");
    client_ask(client, "DescribeRouteTables&RouteTableId.1=" TABLE);
    assert_has(client, "<destinationPrefixListId>" PL "</destinationPrefixListId>");
    assert_int_equal(client_count(client, id), 1);
    /* the token's endpoint again */
    client_ask(client, GATEWAY "&RouteTableId.1=" TABLE "&ClientToken=t"
                               "&TagSpecification.1.ResourceType=vpc-endpoint"
                               "&TagSpecification.1.Tag.1.Key=k&TagSpecification.1.Tag.1.Value=v");
    assert_string_equal(client_text(client, "vpcEndpointId"), id);
    /* a second one for the same table */
    client_ask(client, GATEWAY "&RouteTableId.1=" TABLE);
    assert_code(client, "RouteAlreadyExists");
    /* its routes are the endpoint's alone to change (aws-facts 2.2) */
    client_ask(client, "DeleteRoute&RouteTableId=" TABLE "&DestinationPrefixListId=" PL);
    assert_code(client, "InvalidParameterValue");
    client_ask(client,
               "ModifyVpcEndpoint&VpcEndpointId=%s&AddRouteTableId.1=" MAIN
               "&RemoveRouteTableId.1=" TABLE,
               id);
    assert_ok(client);
    assert_string_equal(state_of(client, id), "available");
    client_ask(client, "DescribeRouteTables&RouteTableId.1=" TABLE);
    assert_has_not(client, PL);
    client_ask(client, "DescribeRouteTables&RouteTableId.1=" MAIN);
    assert_has(client, PL);
    client_ask(client, "DescribeVpcEndpoints&Filter.1.Name=tag:k&Filter.1.Value.1=v"
                       "&Filter.2.Name=vpc-id&Filter.2.Value.1=" VPC);
    assert_has(client, "<routeTableIdSet><item>" MAIN "</item></routeTableIdSet>");
    /* HTTP 200 with a failure inside */
    client_ask(client, "DeleteVpcEndpoints&VpcEndpointId.1=%s&VpcEndpointId.2=vpce-0", id);
    assert_ok(client);
    assert_string_equal(client_text(client, "resourceId"), "vpce-0");
    assert_string_equal(client_text(client, "code"), "InvalidVpcEndpoint.NotFound");
    assert_string_equal(state_of(client, id), "deleting");
    client_ask(client, "DescribeRouteTables&RouteTableId.1=" MAIN);
    assert_has_not(client, PL);
    client_wait(client, 61000);
    describe(client, id);
    assert_code(client, "InvalidVpcEndpointId.NotFound");
}

static void test_interface_endpoint(void **state)
{
    struct client *client = *state;
    const char *id;

    dns_on(client);
    client_ask(client, INTERFACE "&SubnetId.2=" SUBNET_C "&SecurityGroupId.1=" SG);
    assert_ok(client);
    id = client_text(client, "vpcEndpointId");
    assert_string_equal(state_of(client, id), "pending");
    assert_has(client, "<privateDnsEnabled>true</privateDnsEnabled>");
    assert_has(client, "<dnsName>logs.ap-northeast-1.amazonaws.com</dnsName>");
    assert_has(client, "<groupName>endpoints</groupName>");
    client_ask(client, "DescribeNetworkInterfaces&Filter.1.Name=interface-type"
                       "&Filter.1.Value.1=vpc_endpoint");
    assert_int_equal(client_count(client, "<networkInterfaceId>"), 2);
    assert_int_equal(client_count(client, "<groupId>" SG "</groupId>"), 2);
    client_ask(client, "DeleteNetworkInterface&NetworkInterfaceId=%s",
               client_text(client, "networkInterfaceId"));
    assert_code(client, "OperationNotPermitted");
    client_ask(client, "DeleteSubnet&SubnetId=" SUBNET);
    assert_code(client, "DependencyViolation");
    client_wait(client, 180000);
    assert_string_equal(state_of(client, id), "available");
    /* one endpoint of a service has its name in a VPC */
    client_ask(client, INTERFACE);
    assert_code(client, "InvalidParameter");
    assert_has(client, "conflicting DNS domain for logs.ap-northeast-1.amazonaws.com");
    client_ask(client, INTERFACE "&PrivateDnsEnabled=false");
    assert_ok(client);
    client_ask(client, "ModifyVpcEndpoint&VpcEndpointId=%s&PrivateDnsEnabled=true",
               client_text(client, "vpcEndpointId"));
    assert_code(client, "InvalidParameter");
    /* a change leads back to pending */
    client_ask(client,
               "ModifyVpcEndpoint&VpcEndpointId=%s&RemoveSubnetId.1=" SUBNET
               "&RemoveSecurityGroupId.1=" SG "&PrivateDnsEnabled=false",
               id);
    assert_ok(client);
    assert_string_equal(state_of(client, id), "pending");
    assert_has(client, "<subnetIdSet><item>" SUBNET_C "</item></subnetIdSet>");
    assert_has_not(client, "<dnsName>logs.ap-northeast-1.amazonaws.com</dnsName>");
    client_ask(client,
               "ModifyVpcEndpoint&VpcEndpointId=%s&AddSubnetId.1=" SUBNET_A2
               "&AddSecurityGroupId.1=" SG,
               id);
    assert_ok(client);
    client_ask(client, "ModifyVpcEndpoint&VpcEndpointId=%s&AddSubnetId.1=" SUBNET, id);
    assert_code(client, "DuplicateSubnetsInSameZone");
    client_wait(client, 180000);
    assert_string_equal(state_of(client, id), "available");
    client_ask(client, "DeleteVpcEndpoints&VpcEndpointId.1=%s", id);
    client_ask(client, "DescribeNetworkInterfaces");
    assert_int_equal(client_count(client, "<networkInterfaceId>"), 1); /* the other endpoint's */
    client_ask(client, "DeleteVpc&VpcId=" VPC);
    assert_code(client, "DependencyViolation");
}

/* S3 by an interface endpoint has a private name only beside a gateway endpoint (scenario 18). */
static void test_s3_private_dns(void **state)
{
    static const char create[] = "CreateVpcEndpoint&VpcEndpointType=Interface&VpcId=" VPC
                                 "&ServiceName=" S3 "&SubnetId.1=" SUBNET "&PrivateDnsEnabled=true";
    struct client *client = *state;

    dns_on(client);
    client_ask(client, "%s", create);
    assert_code(client, "InvalidParameter");
    assert_has(client, "must have a Gateway endpoint");
    client_ask(client, GATEWAY);
    assert_ok(client);
    client_ask(client, "%s", create);
    assert_ok(client);
}

static void test_services(void **state)
{
    struct client *client = *state;

    client_ask(client, "DescribeVpcEndpointServices&Filter.1.Name=service-name"
                       "&Filter.1.Value.1=" S3 "&Filter.1.Value.2=" LOGS);
    assert_int_equal(client_count(client, "<serviceName>" S3 "</serviceName>"), 2);
    assert_int_equal(client_count(client, "<serviceType>Gateway</serviceType>"), 1);
    assert_int_equal(client_count(client, "<serviceName>" LOGS "</serviceName>"), 1);
    assert_has(client, "<item>ap-northeast-1c</item>");
    client_ask(client, "DescribeVpcEndpointServices&ServiceName.1=" LOGS);
    assert_int_equal(client_count(client, "<serviceName>"), 1);
    assert_has(client, "<privateDnsName>logs.ap-northeast-1.amazonaws.com</privateDnsName>");
}

/* A world may have services of its own: not everywhere, and with an owner who has to accept. */
static void test_world(void **state)
{
    struct client *client = *state;
    const char *id;

    client_load(
        client,
        "{\"vpcSet\": [{\"vpcId\": \"" VPC "\", \"cidrBlock\": \"10.0.0.0/16\"}],\n"
        "\"routeTableSet\": [{\"routeTableId\": \"" MAIN "\", \"vpcId\": \"" VPC "\",\n"
        "   \"associationSet\": [{\"main\": true}]}],\n"
        "\"subnetSet\": [{\"subnetId\": \"" SUBNET "\", \"vpcId\": \"" VPC "\",\n"
        "   \"cidrBlock\": \"10.0.0.0/24\", \"availabilityZone\": \"ap-northeast-1a\"},\n"
        "  {\"subnetId\": \"" SUBNET_C "\", \"vpcId\": \"" VPC "\",\n"
        "   \"cidrBlock\": \"10.0.2.0/24\", \"availabilityZone\": \"ap-northeast-1c\"}],\n"
        "\"serviceDetailSet\": [\n"
        "  {\"serviceId\": \"vpce-svc-00000000000000001\", \"serviceName\": \"" LOGS "\",\n"
        "   \"serviceType\": [{\"serviceType\": \"Interface\"}],\n"
        "   \"availabilityZoneSet\": [\"ap-northeast-1c\"]},\n"
        "  {\"serviceId\": \"vpce-svc-00000000000000002\", \"serviceName\": \"" PARTNER "\",\n"
        "   \"serviceType\": [{\"serviceType\": \"Interface\"}], \"acceptanceRequired\": true},\n"
        "  {\"serviceId\": \"vpce-svc-00000000000000003\", \"serviceName\": \"" S3 "\",\n"
        "   \"serviceType\": [{\"serviceType\": \"Gateway\"}]}],\n"
        "\"vpcEndpointSet\": [\n"
        "  {\"vpcEndpointId\": \"vpce-0000000000000000a\", \"vpcId\": \"" VPC "\",\n"
        "   \"serviceName\": \"" S3 "\", \"routeTableIdSet\": [\"" MAIN "\"]},\n"
        "  {\"vpcEndpointId\": \"vpce-0000000000000000b\", \"vpcId\": \"" VPC "\",\n"
        "   \"vpcEndpointType\": \"Interface\", \"serviceName\": \"" LOGS "\",\n"
        "   \"subnetIdSet\": [\"" SUBNET_C "\"]},\n"
        "  {\"vpcEndpointId\": \"vpce-0000000000000000c\", \"vpcId\": \"" VPC "\",\n"
        "   \"vpcEndpointType\": \"Interface\", \"serviceName\": \"" LOGS "\",\n"
        "   \"state\": \"failed\", \"lastError\": {\"code\": \"c\", \"message\": \"m\"}}]}\n");
    client_ask(client, "DescribeRouteTables");
    assert_has(client, "<gatewayId>vpce-0000000000000000a</gatewayId>");
    client_ask(client, "DescribeNetworkInterfaces");
    assert_int_equal(client_count(client, "<networkInterfaceId>"), 1);
    assert_string_equal(state_of(client, "vpce-0000000000000000c"), "failed");
    client_ask(client, "ModifyVpcEndpoint&VpcEndpointId=vpce-0000000000000000c"
                       "&AddSubnetId.1=" SUBNET_C);
    assert_code(client, "IncorrectState");
    client_ask(client, INTERFACE "&PrivateDnsEnabled=false");
    assert_code(client, "InvalidParameter");
    assert_has(client, "does not support the availability zone");
    client_ask(client, "CreateVpcEndpoint&VpcEndpointType=Interface&VpcId=" VPC
                       "&ServiceName=" PARTNER "&SubnetId.1=" SUBNET);
    assert_ok(client);
    id = client_text(client, "vpcEndpointId");
    client_wait(client, 600000);
    assert_string_equal(state_of(client, id), "pendingAcceptance");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_refused),        TEST(test_gateway_endpoint), TEST(test_interface_endpoint),
        TEST(test_s3_private_dns), TEST(test_services),         TEST(test_world),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
