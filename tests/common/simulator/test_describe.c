/* Filters, ids, pages, client tokens. */
#include "client.h"

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

#define FILTER(name, value) "&Filter.1.Name=" name "&Filter.1.Value.1=" value

static const struct {
    const char *request, *element;
    size_t n;
} rows[] = {
    {"DescribeVpcs", "vpcId", 2},
    {"DescribeVpcs" FILTER("vpc-id", VPC), "vpcId", 1},
    {"DescribeVpcs" FILTER("vpc-id", "vpc-*b"), "vpcId", 1},
    {"DescribeVpcs" FILTER("vpc-id", "vpc-0000000000000000?"), "vpcId", 2},
    {"DescribeVpcs" FILTER("vpc-id", "vpc-0000000000000000a?"), "vpcId", 1},
    {"DescribeVpcs" FILTER("vpc-id", "vpc-0000000000000000"), "vpcId", 0},
    {"DescribeVpcs" FILTER("vpc-id", "\\*"), "vpcId", 0},
    {"DescribeVpcs" FILTER("vpc-id", "*"), "vpcId", 2},
    {"DescribeVpcs" FILTER("vpc-id", VPC) "&Filter.1.Value.2=" VPC_B, "vpcId", 2},
    {"DescribeVpcs" FILTER("vpc-id", VPC) "&Filter.2.Name=cidr&Filter.2.Value.1=10.1.0.0/16",
     "vpcId", 0},
    {"DescribeVpcs" FILTER("vpc-id", "vpc-00000000000000ff0"), "vpcId", 0},
    {"DescribeVpcs" FILTER("tag:Name", "ord*"), "vpcId", 1},
    {"DescribeVpcs" FILTER("tag:name", "ord*"), "vpcId", 0},
    {"DescribeVpcs" FILTER("tag-key", "N?me"), "vpcId", 1},
    {"DescribeVpcs" FILTER("ipv6-cidr-block-association.state", "associated"), "vpcId", 1},
    {"DescribeVpcs" FILTER("is-default", "false"), "vpcId", 2},
    {"DescribeVpcs&VpcId.1=" VPC, "vpcId", 1},
    {"DescribeVpcs&VpcId.1=" VPC "&VpcId.2=" VPC_B, "vpcId", 2},
    {"DescribeSubnets" FILTER("availability-zone-id", "apne1-az4"), "subnetId", 1},
    {"DescribeSubnets" FILTER("vpc-id", VPC_B), "subnetId", 1},
    {"DescribeRouteTables", "routeTableId", 3},
    {"DescribeRouteTables" FILTER("route.state", "blackhole"), "routeTableId", 1},
    {"DescribeRouteTables" FILTER("route.origin", "EnableVgwRoutePropagation"), "routeTableId", 1},
    {"DescribeRouteTables" FILTER("association.main", "true"), "routeTableId", 2},
    {"DescribeInternetGateways" FILTER("attachment.vpc-id", VPC), "internetGatewayId", 1},
    {"DescribeInternetGateways" FILTER("attachment.state", "available"), "internetGatewayId", 1},
    {"DescribeEgressOnlyInternetGateways", "egressOnlyInternetGatewayId", 1},
    {"DescribeNatGateways" FILTER("state", "available"), "natGatewayId", 1},
    {"DescribeNatGateways" FILTER("state", "pending"), "natGatewayId", 0},
    {"DescribeAddresses", "allocationId", 2},
    {"DescribeAddresses&PublicIp.1=203.0.113.1", "allocationId", 1},
    {"DescribeAddresses" FILTER("association-id", "*"), "allocationId", 1},
    {"DescribeNetworkInterfaces", "networkInterfaceId", 2}, /* the NAT gateway's and ENI */
    {"DescribeNetworkInterfaces&IncludeManagedResources=true", "networkInterfaceId", 3},
    {"DescribeNetworkInterfaces&IncludeManagedResources=true" FILTER("operator.managed", "true"),
     "networkInterfaceId", 1},
    {"DescribeNetworkInterfaces" FILTER("description", "Interface for NAT Gateway *"),
     "networkInterfaceId", 1},
    {"DescribeAvailabilityZones", "zoneName", 3},
    {"DescribeAvailabilityZones&ZoneName.1=ap-northeast-1c", "zoneName", 1},
    {"DescribeAvailabilityZones&ZoneId.1=apne1-az2", "zoneName", 1},
    {"DescribeAvailabilityZones" FILTER("state", "available"), "zoneName", 3},
    {"DescribeManagedPrefixLists" FILTER("prefix-list-name", "com.amazonaws.ap-northeast-1.s3"),
     "prefixListId", 1},
    {"DescribeManagedPrefixLists" FILTER("owner-id", "AWS"), "prefixListId", 2},
};

static void test_rows(void **state)
{
    struct client *client = *state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char item[64];

        /* The id is the first element of an item, and of no item inside of one. */
        snprintf(item, sizeof(item), "<item><%s>", rows[i].element);
        client_ask(client, "%s", rows[i].request);
        assert_ok(client);
        assert_has(client, ec2_action_table[client->reply.action].list);
        if (client_count(client, item) != rows[i].n)
            fail_msg("%s: expected %zu: %s", rows[i].request, rows[i].n,
                     buf_string(&client->reply.body));
    }
}

/* Creates n gateways with a tag of their own. */
static void make_gateways(struct client *client, int n)
{
    for (int i = 0; i < n; i++) {
        client_ask(client,
                   "CreateInternetGateway&TagSpecification.1.ResourceType=internet-gateway"
                   "&TagSpecification.1.Tag.1.Key=page&TagSpecification.1.Tag.1.Value=%d",
                   i);
        assert_ok(client);
    }
}

static const char *encoded(struct client *client, const char *token)
{
    CLEANUP(buf_free)
    struct buf buf = {0};

    form_encode(&buf, token);
    return arena_strdup(client->arena, buf_string(&buf));
}

static void test_pages(void **state)
{
    struct client *client = *state;
    const char *token = "";
    size_t n = 0, pages = 0;

    client_stop(client);
    client_start(client, 1);
    client_load(client, "{\"quotas\": {\"internetGateways\": 100}}");
    make_gateways(client, 13);
    do {
        client_ask(
            client,
            "DescribeInternetGateways&MaxResults=5&Filter.1.Name=tag-key&Filter.1.Value.1=page%s%s",
            *token ? "&NextToken=" : "", encoded(client, token));
        assert_ok(client);
        n += client_count(client, "<internetGatewayId>");
        token = client_text(client, "nextToken");
        pages++;
    } while (*token && pages < 9);
    assert_int_equal(n, 13);
    assert_int_equal(pages, 3);

    client_ask(client,
               "DescribeInternetGateways&MaxResults=5&Filter.1.Name=tag-key&Filter.1.Value.1=page");
    token = encoded(client, client_text(client, "nextToken"));
    /* A token is good for its own query only; the size of a page is no part of it. */
    client_ask(client, "DescribeInternetGateways&MaxResults=5&NextToken=%s", token);
    assert_code(client, "InvalidPaginationToken");
    client_ask(client, "DescribeVpcs&MaxResults=5&NextToken=%s", token);
    assert_code(client, "InvalidPaginationToken");
    client_ask(client,
               "DescribeInternetGateways&MaxResults=5&NextToken=x%s"
               "&Filter.1.Name=tag-key&Filter.1.Value.1=page",
               token);
    assert_code(client, "InvalidPaginationToken");
    client_ask(client,
               "DescribeInternetGateways&MaxResults=1000&NextToken=%s"
               "&Filter.1.Name=tag-key&Filter.1.Value.1=page",
               token);
    assert_int_equal(client_count(client, "<internetGatewayId>"), 8);
    /* What is deleted on the way does not make the next page jump. */
    client_ask(client,
               "DescribeInternetGateways&MaxResults=5&Filter.1.Name=tag-key&Filter.1.Value.1=page");
    client_ask(client, "DeleteInternetGateway&InternetGatewayId=%s",
               client_text(client, "internetGatewayId"));
    assert_ok(client);
    client_ask(client,
               "DescribeInternetGateways&MaxResults=1000&NextToken=%s"
               "&Filter.1.Name=tag-key&Filter.1.Value.1=page",
               token);
    assert_int_equal(client_count(client, "<internetGatewayId>"), 8);
}

static void test_tokens(void **state)
{
    struct client *client = *state;
    const char *id, *body;

    client_ask(client, "CreateRouteTable&VpcId=" VPC "&ClientToken=one");
    assert_ok(client);
    id = client_text(client, "routeTableId");
    client_ask(client, "CreateRouteTable&VpcId=" VPC "&ClientToken=one");
    assert_ok(client);
    assert_false(client->reply.changed);
    assert_string_equal(client_text(client, "routeTableId"), id);
    client_ask(client, "CreateRouteTable&ClientToken=one&VpcId=" VPC); /* any order */
    assert_string_equal(client_text(client, "routeTableId"), id);
    client_ask(client, "CreateRouteTable&VpcId=" VPC_B "&ClientToken=one");
    assert_code(client, "IdempotentParameterMismatch");
    client_ask(client,
               "CreateRouteTable&VpcId=" VPC "&ClientToken=one"
               "&TagSpecification.1.ResourceType=route-table&TagSpecification.1.Tag.1.Key=a");
    assert_code(client, "IdempotentParameterMismatch");
    client_ask(client, "CreateRouteTable&VpcId=" VPC "&ClientToken=two");
    assert_string_not_equal(client_text(client, "routeTableId"), id);
    /* A refusal and a dry run leave no token behind. */
    client_ask(client, "CreateRouteTable&VpcId=" VPC "&ClientToken=three&DryRun=true");
    assert_code(client, "DryRunOperation");
    client_ask(client, "CreateRouteTable&VpcId=vpc-00000000000000ff0&ClientToken=three");
    assert_code(client, "InvalidVpcID.NotFound");
    client_ask(client, "CreateRouteTable&VpcId=" VPC "&ClientToken=three");
    assert_ok(client);
    assert_true(client->reply.changed);

    /* As it is by now, and when it has gone, as it was (aws-facts 1.7). */
    client_ask(client, "CreateTags&ResourceId.1=%s&Tag.1.Key=later&Tag.1.Value=on", id);
    client_ask(client, "CreateRouteTable&VpcId=" VPC "&ClientToken=one");
    assert_has(client, "<key>later</key>");
    client_ask(client, "DeleteRouteTable&RouteTableId=%s", id);
    body = client_ask(client, "CreateRouteTable&VpcId=" VPC "&ClientToken=one");
    assert_ok(client);
    assert_non_null(strstr(body, id));
    client_ask(client, "DescribeRouteTables&Filter.1.Name=route-table-id&Filter.1.Value.1=%s", id);
    assert_has(client, "<routeTableSet/>");
}

/* A token leads to a NAT gateway that has failed in the meantime. */
static void test_token_of_the_dead(void **state)
{
    struct client *client = *state;

    client_ask(client,
               "CreateNatGateway&SubnetId=" SUBNET_B "&AllocationId=" EIP_FREE "&ClientToken=nat");
    assert_string_equal(client_text(client, "state"), "pending");
    client_wait(client, 91000);
    client_ask(client,
               "CreateNatGateway&SubnetId=" SUBNET_B "&AllocationId=" EIP_FREE "&ClientToken=nat");
    assert_ok(client);
    assert_string_equal(client_text(client, "state"), "failed");
    assert_string_equal(client_text(client, "failureCode"), "Gateway.NotAttached");
}

static void test_counts(void **state)
{
    struct client *client = *state;

    client_ask(client, "DescribeVpcs");
    client_ask(client, "CreateInternetGateway");
    client_ask(client, "CreateInternetGateway&DryRun=true");
    client_ask(client, "DeleteVpc&VpcId=" VPC);
    assert_code(client, "DependencyViolation");
    assert_int_equal(simulator_calls(client->simulator, EC2_DESCRIBE_VPCS), 1);
    assert_int_equal(simulator_calls(client->simulator, EC2_CREATE_INTERNET_GATEWAY), 2);
    assert_int_equal(simulator_calls(client->simulator, EC2_NO_ACTION), 0);
    assert_int_equal(simulator_mutating_calls(client->simulator), 2);
    assert_int_equal(client->reply.call, 4);
}

static void test_log_line(void **state)
{
    struct client *client = *state;
    CLEANUP(buf_free)
    struct buf line = {0};
    static const char body[] = "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.9.0.0%2F16"
                               "&TagSpecification.1.Tag.1.Value=a+%22b%22&Signature=secret";
    const struct http_header headers[] = {{"authorization", "nonsense"}};
    struct simulator_request request = {.method = "POST",
                                        .target = "/",
                                        .headers = headers,
                                        .n_headers = 1,
                                        .body = body,
                                        .body_n = strlen(body)};

    client_send(client, &request);
    simulator_log_line(client->simulator, &request, &client->reply, &line);
    assert_string_equal(
        line.data,
        "{\"call\":1,\"action\":\"CreateVpc\",\"mutates\":true,\"status\":400,"
        "\"code\":\"IncompleteSignature\",\"changed\":false,\"parameters\":{\"CidrBlock\":"
        "\"10.9.0.0/16\",\"TagSpecification.1.Tag.1.Value\":\"a \\\"b\\\"\"}}\n");
}

/* Other regions have zones too, and ids differ from seed to seed only. */
static void test_region_and_seed(void **state)
{
    struct simulator_options options = {.region = "eu-west-1",
                                        .account = "111122223333",
                                        .access_key_id = "test",
                                        .secret_access_key = "secret"};
    struct instant now = {0};
    CLEANUP(buf_free)
    struct buf dump = {0};
    struct simulator *simulator = simulator_new(&options);

    (void)state;
    simulator_dump(simulator, now, &dump);
    assert_non_null(strstr(dump.data, "\"eu-west-1b\""));
    assert_non_null(strstr(dump.data, "\"euw1-az2\""));
    assert_non_null(strstr(dump.data, "\"com.amazonaws.eu-west-1.s3\""));
    simulator_free(simulator);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_rows),
        TEST(test_pages),
        TEST(test_tokens),
        TEST(test_token_of_the_dead),
        TEST(test_counts),
        TEST(test_log_line),
        cmocka_unit_test(test_region_and_seed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
