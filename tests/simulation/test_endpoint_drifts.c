/* Every drift of VPC endpoints and of what private DNS rests on: it appears, and it goes again, by
 * the daemon's repair or by a person's. And an empty VPC, in which all of the option is built. */
#include "support/endpoint_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define MINUTE_MS ((uint64_t)60000)
#define SERVICE(name) "com.amazonaws.ap-northeast-1." name
#define CALLS(...) ((const struct expected_calls[]){__VA_ARGS__, {0, 0}})

static void revoke_rule(struct endpoint_stage *stage)
{
    endpoint_call(stage, "RevokeSecurityGroupIngress",
                  trial_text("GroupId=%s&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort="
                             "443&IpPermissions.1.ToPort=443&IpPermissions.1.Groups.1.GroupId=%s",
                             stage->endpoint_group, stage->functions_group));
}

static void modify_logs(struct endpoint_stage *stage, const char *parameters)
{
    endpoint_call(stage, "ModifyVpcEndpoint",
                  trial_text("VpcEndpointId=%s&%s", stage->logs, parameters));
    endpoint_stage_wait(stage, 10 * MINUTE_MS);
}

/* ---- what breaks ---- */

static void logs_deleted(struct endpoint_stage *stage)
{
    endpoint_delete(stage, stage->logs);
}

static void logs_failed(struct endpoint_stage *stage)
{
    endpoint_set_state(stage, stage->logs, "available", "failed");
}

static void logs_waits(struct endpoint_stage *stage)
{
    endpoint_set_state(stage, stage->logs, "available", "pendingAcceptance");
}

static void logs_accepted(struct endpoint_stage *stage)
{
    endpoint_set_state(stage, stage->logs, "pendingAcceptance", "available");
}

static void logs_policy(struct endpoint_stage *stage)
{
    modify_logs(stage, "PolicyDocument=%7B%22Statement%22%3A%5B%5D%7D");
}

static void logs_policy_reset(struct endpoint_stage *stage)
{
    modify_logs(stage, "ResetPolicy=true");
}

static void logs_without_a_subnet(struct endpoint_stage *stage)
{
    modify_logs(stage, trial_text("RemoveSubnetId.1=%s", stage->world.private_subnet[1]));
}

static void logs_with_another_group(struct endpoint_stage *stage)
{
    modify_logs(stage, trial_text("AddSecurityGroupId.1=%s&RemoveSecurityGroupId.1=%s",
                                  stage->functions_group, stage->endpoint_group));
}

static void logs_without_private_dns(struct endpoint_stage *stage)
{
    modify_logs(stage, "PrivateDnsEnabled=false");
}

static void s3_without_a_table(struct endpoint_stage *stage)
{
    endpoint_call(stage, "ModifyVpcEndpoint",
                  trial_text("VpcEndpointId=%s&RemoveRouteTableId.1=%s", stage->s3,
                             stage->world.private_table[1]));
}

static void set_attribute(struct endpoint_stage *stage, const char *attribute)
{
    endpoint_call(stage, "ModifyVpcAttribute",
                  trial_text("VpcId=%s&%s", stage->world.vpc, attribute));
}

static void hostnames_off(struct endpoint_stage *stage)
{
    set_attribute(stage, "EnableDnsHostnames.Value=false");
}

static void support_off(struct endpoint_stage *stage)
{
    hostnames_off(stage); /* EC2 has hostnames off wherever support is */
    set_attribute(stage, "EnableDnsSupport.Value=false");
}

/* Ours loses its private DNS to another one of the service. */
static char other[40];

static void the_name_is_taken(struct endpoint_stage *stage)
{
    logs_without_private_dns(stage);
    snprintf(
        other, sizeof(other), "%s",
        endpoint_create(stage, trial_text("ServiceName=" SERVICE(
                                              "logs") "&VpcEndpointType=Interface&SubnetId.1=%s"
                                                      "&PrivateDnsEnabled=true",
                                          stage->world.other_subnet)));
    endpoint_stage_wait(stage, 10 * MINUTE_MS);
    endpoint_call(
        stage, "CreateTags",
        trial_text("ResourceId.1=%s&Tag.1.Key=vpc-reconciled:owner&Tag.1.Value=vpc-reconciled/%s",
                   stage->logs, stage->world.vpc));
}

static void the_name_is_free(struct endpoint_stage *stage)
{
    endpoint_delete(stage, other);
    modify_logs(stage, "PrivateDnsEnabled=true");
}

static void not_in_zone_d(struct endpoint_stage *stage)
{
    modify_logs(stage, trial_text("RemoveSubnetId.1=%s", stage->world.private_subnet[2]));
    endpoint_offer_in_d(stage, false);
}

static void in_zone_d_again(struct endpoint_stage *stage)
{
    endpoint_offer_in_d(stage, true);
    modify_logs(stage, trial_text("AddSubnetId.1=%s", stage->world.private_subnet[2]));
}

/* ---- each alone ---- */

static const struct drift_case {
    const char *code;
    void (*break_it)(struct endpoint_stage *stage);
    void (*mend)(struct endpoint_stage *stage); /* NULL: the daemon does */
    struct expected_calls calls[3];
} rows[] = {
    {"endpoint-missing", logs_deleted, NULL, {{EC2_CREATE_VPC_ENDPOINT, 1}}},
    {"endpoint-failed", logs_failed, NULL, {{EC2_CREATE_VPC_ENDPOINT, 1}}},
    {"endpoint-pending-acceptance", logs_waits, logs_accepted, {{0, 0}}},
    {"endpoint-zone-unsupported", not_in_zone_d, in_zone_d_again, {{0, 0}}},
    {"endpoint-dns-conflict", the_name_is_taken, the_name_is_free, {{0, 0}}},
    {"endpoint-policy-differs", logs_policy, logs_policy_reset, {{0, 0}}},
    {"endpoint-subnet-missing", logs_without_a_subnet, NULL, {{EC2_MODIFY_VPC_ENDPOINT, 1}}},
    {"endpoint-route-table-missing", s3_without_a_table, NULL, {{EC2_MODIFY_VPC_ENDPOINT, 1}}},
    {"endpoint-security-group-missing",
     logs_with_another_group,
     NULL,
     {{EC2_MODIFY_VPC_ENDPOINT, 1}}},
    {"endpoint-inbound-rule-missing",
     revoke_rule,
     NULL,
     {{EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, 1}}},
    {"endpoint-private-dns-off", logs_without_private_dns, NULL, {{EC2_MODIFY_VPC_ENDPOINT, 1}}},
    {"vpc-dns-hostnames-off", hostnames_off, NULL, {{EC2_MODIFY_VPC_ATTRIBUTE, 1}}},
    {"vpc-dns-support-off", support_off, NULL, {{EC2_MODIFY_VPC_ATTRIBUTE, 2}}},
};

/* As AWS writes it where nobody gives one. */
#define FULL_ACCESS                                                                                \
    "{\"Statement\": [{\"Action\": \"*\", \"Effect\": \"Allow\", \"Principal\": \"*\", "           \
    "\"Resource\": \"*\"}]}"
static const struct endpoint_config all_raised = {.repair = "\"*\": \"auto\"",
                                                  .policy = FULL_ACCESS};

static void check(const struct drift_case *row)
{
    struct endpoint_stage stage;
    struct trial_calls before;

    endpoint_stage_begin(&stage, 18);
    endpoint_stage_config(&stage, &all_raised);
    before = trial_calls_now(stage.trial);
    trial_assert_once(stage.trial, row->code, MANAGER_IN_SYNC);
    trial_assert_calls(stage.trial, &before, row->code, NULL);

    row->break_it(&stage);
    trial_forget_events(stage.trial);
    before = trial_calls_now(stage.trial);
    trial_assert_once(stage.trial, row->code, row->mend ? MANAGER_DRIFT : MANAGER_IN_SYNC);
    trial_assert_calls(stage.trial, &before, row->code, row->calls);
    if (!trial_count(stage.trial, row->mend ? EVENT_FINDING_HELD : EVENT_FINDING_REPAIRED,
                     row->code)) {
        trial_print_events(stage.trial);
        fail_msg("%s was not %s", row->code, row->mend ? "reported" : "repaired");
    }

    if (row->mend)
        row->mend(&stage);
    before = trial_calls_now(stage.trial);
    trial_forget_events(stage.trial);
    trial_assert_once(stage.trial, row->code, MANAGER_IN_SYNC);
    trial_assert_calls(stage.trial, &before, row->code, NULL);
    assert_null(trial_last(stage.trial, EVENT_FINDING_HELD, NULL));
    endpoint_stage_end(&stage);
}

static void test_each(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        check(&rows[i]);
}

/* ---- all of the option, from an empty VPC ---- */

#define EMPTY_CONFIG                                                                               \
    "{\n"                                                                                          \
    "  \"name\": \"empty\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\", \"mode\": "           \
    "\"repair\",\n"                                                                                \
    "  \"subnet_groups\": {\n"                                                                     \
    "    \"functions\": {\n"                                                                       \
    "      \"create\": [{\"az\": \"ap-northeast-1a\", \"cidr\": \"10.8.0.0/24\"},\n"               \
    "                 {\"az\": \"ap-northeast-1c\", \"cidr\": \"10.8.1.0/24\"},\n"                 \
    "                 {\"az\": \"ap-northeast-1d\", \"cidr\": \"10.8.2.0/24\"}],\n"                \
    "      \"ipv4\": \"none\", \"ipv6\": \"none\", \"security_groups\": [\"%s\"]\n"                \
    "    }\n"                                                                                      \
    "  },\n"                                                                                       \
    "  \"endpoints\": [\n"                                                                         \
    "    {\"service\": \"s3\", \"type\": \"gateway\", \"for\": [\"functions\"]},\n"                \
    "    {\"service\": \"dynamodb\", \"type\": \"gateway\", \"for\": [\"functions\"]},\n"          \
    "    {\"service\": \"logs\", \"type\": \"interface\", \"for\": [\"functions\"],\n"             \
    "     \"security_groups\": [\"%s\"], \"ports\": [443], \"private_dns\": true},\n"              \
    "    {\"service\": \"xray\", \"type\": \"interface\", \"for\": [\"functions\"],\n"             \
    "     \"security_groups\": [\"%s\"], \"ports\": [443], \"private_dns\": true},\n"              \
    "    {\"service\": \"s3\", \"type\": \"interface\", \"for\": [\"functions\"],\n"               \
    "     \"security_groups\": [\"%s\"], \"private_dns\": true}%s\n"                               \
    "  ],\n"                                                                                       \
    "  \"repair\": {\"*\": \"auto\"},\n"                                                           \
    "  \"limits\": {\"changes_per_pass\": 100, \"changes_per_hour\": 1000}\n"                      \
    "}\n"

/* An empty VPC, and the config for it; with seven endpoints more. */
static struct trial *begin_empty(bool throttle, bool more, char config[static 4096])
{
    const struct simulator_options options = {.region = "ap-northeast-1",
                                              .account = "111122223333",
                                              .access_key_id = "test",
                                              .secret_access_key = "test",
                                              .speed = 1,
                                              .seed = 7,
                                              .throttle = throttle};
    static const char *const services[] = {"lambda", "sqs", "sns", "sts", "events", "kms", "ssm"};
    struct trial *trial = trial_new(7);
    const char *list = "";
    char vpc[40], group[40];

    simulator_free(trial->simulator);
    trial->simulator = simulator_new(&options);
    snprintf(vpc, sizeof(vpc), "%s",
             trial_element(trial_call(trial, "CreateVpc", "CidrBlock=10.8.0.0%2F16"), "vpcId"));
    snprintf(group, sizeof(group), "%s",
             trial_element(trial_call(trial, "DescribeSecurityGroups",
                                      trial_text("Filter.1.Name=vpc-id&Filter.1.Value.1=%s", vpc)),
                           "groupId"));
    for (size_t i = 0; more && i < ARRAY_SIZE(services); i++)
        list = trial_text("%s,\n{\"service\": \"%s\", \"type\": \"interface\", \"for\": "
                          "[\"functions\"], \"security_groups\": [\"%s\"]}",
                          list, services[i], group);
    snprintf(config, 4096, EMPTY_CONFIG, vpc, group, group, group, group, list);
    return trial;
}

static void test_from_an_empty_vpc(void **state)
{
    static const struct expected_calls built[] = {
        {EC2_CREATE_SUBNET, 3},        {EC2_CREATE_ROUTE_TABLE, 1},  {EC2_ASSOCIATE_ROUTE_TABLE, 3},
        {EC2_MODIFY_VPC_ATTRIBUTE, 1}, {EC2_CREATE_VPC_ENDPOINT, 5}, {0, 0}};
    char config[4096];
    struct trial *trial = begin_empty(false, false, config);
    struct trial_calls before;
    const char *xml;

    (void)state;
    trial->config_text = config;
    before = trial_calls_now(trial);
    trial_assert_once(trial, "the first run", MANAGER_IN_SYNC);
    trial_assert_calls(trial, &before, "the first run", built);
    xml = trial_call(trial, "DescribeVpcEndpoints", "");
    assert_int_equal(endpoint_count_text(xml, "<state>available</state>"), 5);
    assert_int_equal(endpoint_count_text(xml, "<privateDnsEnabled>true<"), 3);
    assert_int_equal(endpoint_count_text(xml, "<item>subnet-"), 9);
    assert_int_equal(endpoint_count_text(xml, "<item>rtb-"), 2);
    before = trial_calls_now(trial);
    trial_assert_once(trial, "the second run", MANAGER_IN_SYNC);
    trial_assert_calls(trial, &before, "the second run", NULL);
    trial_free(trial);
}

/* EC2 takes four calls about endpoints, then one every 3.3 s (aws-facts 3.1): they are sent no
 * faster than it takes them. */
static void test_slow_bucket(void **state)
{
    char config[4096];
    struct trial *trial = begin_empty(true, true, config);
    struct trial_calls before = trial_calls_now(trial);
    const char *xml;
    uint64_t sent;

    (void)state;
    trial->config_text = config;
    trial_assert_once(trial, "the first run", MANAGER_IN_SYNC);
    sent = trial_calls_now(trial).n[EC2_CREATE_VPC_ENDPOINT] - before.n[EC2_CREATE_VPC_ENDPOINT];
    xml = trial_call(trial, "DescribeVpcEndpoints", "");
    assert_int_equal(endpoint_count_text(xml, "<state>available</state>"), 12);
    assert_int_equal(endpoint_count_text(xml, "<vpcEndpointId>"), 12);
    assert_int_equal(sent, 12); /* none was refused */
    assert_int_equal(trial_count(trial, EVENT_FINDING_FAILED, NULL), 0);
    before = trial_calls_now(trial);
    trial_assert_once(trial, "the second run", MANAGER_IN_SYNC);
    trial_assert_calls(trial, &before, "the second run", NULL);
    trial_free(trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each),
        cmocka_unit_test(test_from_an_empty_vpc),
        cmocka_unit_test(test_slow_bucket),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
