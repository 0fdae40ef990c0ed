/* Token buckets (aws-facts 3.1): how much each action has, and how it comes back. */
#include "client.h"

#define DAY ((uint64_t)86400000)

static const struct row {
    const char *service, *request, *code; /* with a token */
    int capacity, refill;
    unsigned per_s; /* so many come back in so many seconds */
} rows[] = {
    {"ec2", "DescribeVpcs", "", 100, 20, 1},
    {"ec2", "DescribeVpcAttribute&VpcId=" VPC "&Attribute=enableDnsSupport", "", 100, 20, 1},
    {"ec2", "DescribeNetworkInterfaces", "", 50, 10, 1},
    {"ec2", "DescribeNetworkInterfaces&NetworkInterfaceId.1=" ENI, "", 50, 10, 1},
    {"ec2", "DescribeNetworkInterfaces&MaxResults=5", "", 100, 20, 1},
    {"ec2", "DescribeNetworkInterfaces&Filter.1.Name=vpc-id&Filter.1.Value.1=" VPC, "", 100, 20, 1},
    {"ec2", "ModifyVpcAttribute&VpcId=" VPC "&EnableDnsSupport.Value=true", "", 50, 5, 1},
    {"ec2", "DeleteNatGateway&NatGatewayId=" NAT "&DryRun=true", "DryRunOperation", 10, 1, 1},
    {"ec2", "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP_FREE "&DryRun=true",
     "DryRunOperation", 10, 1, 1},
    {"ec2", "CreateTags&ResourceId.1=" VPC "&Tag.1.Key=a", "", 100, 10, 1},
    {"ec2", "DeleteTags&ResourceId.1=" VPC "&Tag.1.Key=a", "", 100, 10, 1},
    {"ec2", "DescribeSecurityGroups", "", 50, 10, 1},
    {"ec2", "DescribeSecurityGroups&MaxResults=5", "", 100, 20, 1},
    {"ec2", "DescribeSecurityGroups&Filter.1.Name=vpc-id&Filter.1.Value.1=" VPC, "", 100, 20, 1},
    {"ec2", "DescribeNetworkAcls", "", 100, 20, 1},
    {"ec2", "AuthorizeSecurityGroupEgress&GroupId=sg-1&DryRun=true", "DryRunOperation", 50, 5, 1},
    {"ec2", "AuthorizeSecurityGroupIngress&GroupId=sg-1&DryRun=true", "DryRunOperation", 50, 5, 1},
    {"ec2", "CreateVpcEndpoint&VpcId=" VPC "&DryRun=true", "DryRunOperation", 4, 3, 10},
    {"ec2", "ModifyVpcEndpoint&VpcEndpointId=vpce-1&DryRun=true", "DryRunOperation", 4, 3, 10},
    {"ec2", "DeleteVpcEndpoints&VpcEndpointId.1=vpce-1&DryRun=true", "DryRunOperation", 4, 3, 10},
    {"sts", "GetCallerIdentity", "", 600, 600, 1},
};

static void start(struct client *client, bool throttle)
{
    struct simulator_options options = client_simulator_options(1);

    options.throttle = throttle;
    client_start_with(client, &options);
    client_load(client, WORLD);
}

/* Asks until it is refused: how often it was not. */
static int drain(struct client *client, const struct row *row)
{
    int n = 0;

    client->service = row->service;
    for (; n <= 1000; n++) {
        client_ask(client, "%s", row->request);
        if (text_equal(client->reply.code, "RequestLimitExceeded"))
            break;
        assert_code(client, row->code);
        arena_reset(client->arena);
    }
    assert_int_equal(client->reply.status, 503);
    assert_false(client->reply.changed);
    return n;
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct row *row = &rows[i];
        uint64_t refill = (uint64_t)row->refill, refill_ms = 1000 * row->per_s;
        uint64_t token_ms = (refill_ms + refill - 1) / refill;
        struct client client;

        print_message("%s\n", row->request);
        start(&client, true);
        assert_int_equal(drain(&client, row), row->capacity);
        client_wait(&client, token_ms - 1);
        assert_int_equal(drain(&client, row), 0);
        client_wait(&client, 1);
        assert_int_equal(drain(&client, row), 1);
        client_wait(&client, refill_ms);
        assert_int_equal(drain(&client, row), row->refill);
        /* never more than full */
        client_wait(&client, 2 * refill_ms * (uint64_t)row->capacity / refill);
        assert_int_equal(drain(&client, row), row->capacity);
        client_wait(&client, DAY);
        assert_int_equal(drain(&client, row), row->capacity);
        client_stop(&client);
    }
}

/* What is refused is not carried out, and no other action is the poorer for it. */
static void test_one_action_alone(void **state)
{
    struct client client;
    const char *id;

    (void)state;
    start(&client, true);
    for (int i = 0; i < 10; i++) {
        client_ask(&client, "CreateNatGateway&SubnetId=" SUBNET "&ConnectivityType=private"
                            "&ClientToken=token");
        assert_ok(&client);
    }
    id = client_text(&client, "natGatewayId");
    client_ask(&client, "CreateNatGateway&SubnetId=" SUBNET "&ConnectivityType=private");
    assert_code(&client, "RequestLimitExceeded");
    client_ask(&client, "DescribeNatGateways");
    assert_int_equal(client_count(&client, "<natGatewayId>"), 2);
    client_ask(&client, "DeleteNatGateway&NatGatewayId=%s", id);
    assert_ok(&client);
    client_ask(&client, "NoSuchAction"); /* and what is wrong is said as ever */
    assert_code(&client, "InvalidAction");
    client_stop(&client);
}

/* What others in the account leave: a part of the bucket and of what comes back, but never less
 * than a bucket of one. */
static void test_neighbour(void **state)
{
    static const struct {
        struct row row;
        unsigned percent;
    } left[] = {
        {{"ec2", "DescribeVpcs", "", 50, 10, 1}, 50},
        {{"ec2", "DescribeVpcs", "", 5, 1, 1}, 95},
        {{"ec2", "DeleteNatGateway&NatGatewayId=" NAT "&DryRun=true", "DryRunOperation", 1, 1, 20},
         95},
        {{"ec2", "CreateVpcEndpoint&VpcId=" VPC "&DryRun=true", "DryRunOperation", 1, 3, 200}, 95},
        {{"ec2", "DescribeVpcs", "", 0, 0, 1}, 100},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(left); i++) {
        const struct row *row = &left[i].row;
        struct client client;

        start(&client, false);
        simulator_set_throttle(client.simulator, true, left[i].percent);
        assert_int_equal(drain(&client, row), row->capacity);
        if (row->refill) {
            uint64_t token_ms =
                (1000 * row->per_s + (uint64_t)row->refill - 1) / (uint64_t)row->refill;

            client_wait(&client, token_ms - 1);
            assert_int_equal(drain(&client, row), 0);
            client_wait(&client, 1);
            assert_int_equal(drain(&client, row), 1);
        }
        client_wait(&client, DAY);
        assert_int_equal(drain(&client, row), row->capacity);
        client_stop(&client);
    }
}

static void test_off(void **state)
{
    struct client client;

    (void)state;
    start(&client, false);
    for (int i = 0; i < 200; i++) {
        client_ask(&client, "DescribeVpcs");
        assert_ok(&client);
        client_ask(&client, "DeleteNatGateway&NatGatewayId=" NAT);
        assert_ok(&client);
        arena_reset(client.arena);
    }
    client_stop(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_one_action_alone),
        cmocka_unit_test(test_neighbour),
        cmocka_unit_test(test_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
