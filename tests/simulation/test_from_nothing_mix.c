/* Every way to connect in one dual-stack VPC, from a VPC with one IPv4 block and nothing else: the
 * config that packaging/quickstart/from-nothing shows is built, by these calls and no other, also
 * against token buckets, late reads and interruptions; and then there is silence. */
#include "support/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define CONFIG TEST_SOURCE_DIR "/../packaging/quickstart/from-nothing/vpcs.d/orders-mix.json"
#define CONFIG_LINES 40 /* at most: issue "Every connectivity option of the source document" */
#define LATE_MS 5000    /* of what a request made: a Describe shows it so late */
/* The groups of the functions and of the endpoints, as the config names them. */
static const char *const placeholders[] = {"sg-0123456789abcdef0", "sg-0fedcba9876543210"};

static const struct expected_calls built[] = {
    {EC2_CREATE_SUBNET, 6},
    {EC2_CREATE_INTERNET_GATEWAY, 1},
    {EC2_ATTACH_INTERNET_GATEWAY, 1},
    {EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
    {EC2_ASSOCIATE_VPC_CIDR_BLOCK, 1},
    {EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 6},
    {EC2_CREATE_ROUTE_TABLE, 4}, /* one public, and one in each zone */
    {EC2_ASSOCIATE_ROUTE_TABLE, 6},
    {EC2_CREATE_ROUTE, 11}, /* public 2; each zone 0.0.0.0/0, ::/0, 64:ff9b::/96 */
    {EC2_ALLOCATE_ADDRESS, 3},
    {EC2_CREATE_NAT_GATEWAY, 3},
    {EC2_MODIFY_SUBNET_ATTRIBUTE, 12},        /* 6 IPv6, 3 public IPv4, 3 DNS64 */
    {EC2_MODIFY_VPC_ATTRIBUTE, 2},            /* DNS support, then DNS hostnames */
    {EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, 2}, /* 443 to each family */
    {EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, 1},
    {EC2_CREATE_VPC_ENDPOINT, 4}};
#define JOINS_MAX (4 * 2) /* each endpoint, the two zones that it was not made with */

/* These calls and no other. An endpoint is made as soon as one zone is there for it, for what runs
 * in that; zones that come later join it by one call more. So how many of these there are hangs on
 * which came first, and on which zone waits for what a lost answer may have made. */
static void assert_built(struct trial *trial, const struct trial_calls *before, const char *name)
{
    struct expected_calls calls[ARRAY_SIZE(built) + 2] = {0};
    const uint64_t n_joined =
        trial_calls_now(trial).n[EC2_MODIFY_VPC_ENDPOINT] - before->n[EC2_MODIFY_VPC_ENDPOINT];

    assert_in_range(n_joined, 0, JOINS_MAX);
    memcpy(calls, built, sizeof(built));
    calls[ARRAY_SIZE(built)] = (struct expected_calls){EC2_MODIFY_VPC_ENDPOINT, (unsigned)n_joined};
    trial_assert_calls(trial, before, name, calls);
}

static unsigned count_text(const char *text, const char *part)
{
    unsigned n = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        n++;
    return n;
}

/* What the numbers of calls do not show: which things lead where. */
static void assert_declared(struct trial *trial, const char *name)
{
    static const struct {
        const char *action, *part;
        unsigned n;
    } rows[] = {
        {"DescribeVpcEndpoints", "<state>available</state>", 4},
        {"DescribeVpcEndpoints", "<item>rtb-", 6},
        {"DescribeVpcEndpoints", "<item>subnet-", 6},
        {"DescribeVpcEndpoints", "<privateDnsEnabled>true<", 2},
        {"DescribeNatGateways", "<state>available</state>", 3},
        {"DescribeRouteTables", "<destinationCidrBlock>0.0.0.0/0<", 4},
        {"DescribeRouteTables", "<destinationIpv6CidrBlock>::/0<", 4},
        {"DescribeRouteTables", "<destinationIpv6CidrBlock>64:ff9b::/96<", 3},
        {"DescribeRouteTables", "<gatewayId>igw-", 2},
        {"DescribeRouteTables", "<egressOnlyInternetGatewayId>eigw-", 3},
        {"DescribeRouteTables", "<natGatewayId>nat-", 6},
        {"DescribeRouteTables", "<gatewayId>vpce-", 6},
        {"DescribeRouteTables", "<state>blackhole<", 0},
        {"DescribeSubnets", "<mapPublicIpOnLaunch>true<", 3},
        {"DescribeSubnets", "<assignIpv6AddressOnCreation>true<", 6},
        {"DescribeSubnets", "<enableDns64>true<", 3},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const unsigned n = count_text(trial_call(trial, rows[i].action, ""), rows[i].part);

        if (n != rows[i].n)
            fail_msg("%s: %s has %s %u times, expected %u", name, rows[i].action, rows[i].part, n,
                     rows[i].n);
    }
}

/* In order: the file's text, at most n bytes; fails the test when it has more lines than it may. */
static void read_config(char *text, size_t n)
{
    FILE *file = fopen(CONFIG, "re");
    size_t n_read, n_lines = 0;

    assert_non_null(file);
    n_read = fread(text, 1, n - 1, file);
    assert_true(feof(file));
    fclose(file);
    text[n_read] = 0;
    for (const char *c = text; (c = strchr(c, '\n')); c++)
        n_lines++;
    assert_in_range(n_lines, 1, CONFIG_LINES);
}

static void make_group(struct trial *trial, const char *vpc, const char *placeholder, char *config)
{
    const char *id = trial_element(
        trial_call(trial, "CreateSecurityGroup",
                   trial_text("GroupName=%s&GroupDescription=mix&VpcId=%s", placeholder + 3, vpc)),
        "groupId");

    trial_call(trial, "RevokeSecurityGroupEgress",
               trial_text("GroupId=%s&IpPermissions.1.IpProtocol=-1"
                          "&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%%2F0",
                          id));
    assert_int_equal(strlen(id), strlen(placeholder)); /* so that nothing moves */
    for (char *at = config; (at = strstr(at, placeholder)); at += strlen(id))
        memcpy(at, id, strlen(id));
}

/* The VPC has one block; its DNS is off and so is all that its two groups could let through. */
static struct trial *begin(uint64_t seed, const struct simulator_options *options,
                           char config[static 4096])
{
    /* the host's DNS has an IPv6 address for each declared service */
    static const uint8_t address[16] = {0x26, 0x00, 0x1f, 0xa0, [15] = 1};
    static const char *const names[] = {
        "s3.dualstack.ap-northeast-1.amazonaws.com", "dynamodb.ap-northeast-1.api.aws",
        "logs.ap-northeast-1.api.aws", "xray.ap-northeast-1.api.aws"};
    struct trial *trial = trial_new(seed);
    char vpc[40];

    if (options) {
        simulator_free(trial->simulator);
        trial->simulator = simulator_new(options);
    }
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        trial->names[i] = (struct trial_name){.name = names[i], .ipv6 = address};
    snprintf(vpc, sizeof(vpc), "%s",
             trial_element(trial_call(trial, "CreateVpc",
                                      "CidrBlock=10.0.0.0%2F16&TagSpecification.1.ResourceType=vpc"
                                      "&TagSpecification.1.Tag.1.Key=Name"
                                      "&TagSpecification.1.Tag.1.Value=orders-mix"),
                           "vpcId"));
    trial_call(trial, "ModifyVpcAttribute",
               trial_text("VpcId=%s&EnableDnsSupport.Value=false", vpc));
    read_config(config, 4096);
    for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++)
        make_group(trial, vpc, placeholders[i], config);
    trial->now.monotonic_ms += LATE_MS; /* what a person made is there to see */
    trial->now.wall_ms += LATE_MS;
    trial->config_text = config;
    return trial;
}

/* Nothing is left to say, and nothing is sent. */
static void assert_silent(struct trial *trial, const char *name)
{
    struct trial_calls before = trial_calls_now(trial);

    trial_forget_events(trial);
    trial_assert_once(trial, name, MANAGER_IN_SYNC);
    trial_assert_calls(trial, &before, name, NULL);
    for (int kind = EVENT_FINDING_SUSPECTED; kind <= EVENT_FINDING_CONTESTED; kind++)
        if (trial_count(trial, (enum event_kind)kind, NULL)) {
            trial_print_events(trial);
            fail_msg("%s: something is said of a VPC that is as declared", name);
        }
}

static void test_all_of_it(void **state)
{
    static const struct {
        const char *name;
        struct simulator_options options;
    } rows[] = {
        {"as it is", {.seed = 3}},
        {"token buckets", {.seed = 4, .throttle = true}},
        {"late reads", {.seed = 5, .visibility_ms = LATE_MS}},
        {"both", {.seed = 6, .throttle = true, .visibility_ms = LATE_MS}},
    };
    char config[4096];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct simulator_options options = rows[i].options;
        struct trial_calls before;
        struct trial *trial;

        options.region = "ap-northeast-1";
        options.account = "111122223333";
        options.access_key_id = options.secret_access_key = "test";
        trial = begin(60 + i, &options, config);
        before = trial_calls_now(trial);
        trial_assert_once(trial, rows[i].name, MANAGER_IN_SYNC);
        assert_built(trial, &before, rows[i].name);
        assert_declared(trial, rows[i].name);
        assert_int_equal(trial_count(trial, EVENT_FINDING_FAILED, NULL), 0);
        assert_int_equal(trial_count(trial, EVENT_FINDING_CONTESTED, NULL), 0);
        assert_silent(trial, rows[i].name);
        trial_free(trial);
    }
}

/* Thrown away at a sample of the cuts around the 58 calls: nothing is made twice. */
static void test_killed(void **state)
{
    static const enum trial_cut cuts[] = {CUT_BEFORE_CALL, CUT_AFTER_CALL, CUT_BEFORE_APPEND,
                                          CUT_AFTER_APPEND};
    char config[4096];
    unsigned n_killed = 0;

    (void)state;
    for (unsigned at = 1; at <= 56; at += 5) {
        const enum trial_cut cut = cuts[(at / 5) % ARRAY_SIZE(cuts)];
        struct trial *trial = begin(80 + at, NULL, config);
        struct trial_calls before = trial_calls_now(trial);
        const char *name = trial_text("cut %d at %u", (int)cut, at);

        trial->cut = cut;
        trial->cut_at = at;
        (void)trial_once(trial);
        trial->cut = CUT_NONE;
        n_killed += trial->killed;
        if (trial->killed)
            trial_assert_once(trial, name, MANAGER_IN_SYNC);
        assert_built(trial, &before, name);
        assert_declared(trial, name);
        trial_free(trial);
    }
    assert_int_equal(n_killed, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_of_it),
        cmocka_unit_test(test_killed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
