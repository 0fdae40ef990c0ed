/* Whole runs with half a picture: what could not be read is neither over nor in sync, and what was
 * seen in one VPC counts for nothing in another. */
#include "support/service.h"

#include "support/calls.h"

#define MINUTE_MS ((uint64_t)60000)
#define PREFIX_LISTS "GetManagedPrefixListEntries"

/* ---- findings that hang on a list which is wanted by some configs only ---- */

static char security_group[40];

/* A group whose one rule leads to S3's addresses, and that declares somebody else's. */
static void begin_outbound(struct stage *stage)
{
    char keys[200];
    const char *text, *at;

    stage_begin(stage, 0);
    snprintf(security_group, sizeof(security_group), "%s",
             trial_element(trial_call(stage->trial, "CreateSecurityGroup",
                                      trial_text("GroupName=f&GroupDescription=d&VpcId=%s",
                                                 stage->world.vpc)),
                           "groupId"));
    trial_call(stage->trial, "RevokeSecurityGroupEgress",
               trial_text("GroupId=%s&IpPermissions.1.IpProtocol=-1"
                          "&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%%2F0"
                          "&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=%%3A%%3A%%2F0",
                          security_group));
    trial_call(stage->trial, "AuthorizeSecurityGroupEgress",
               trial_text("GroupId=%s&IpPermissions.1.IpProtocol=-1"
                          "&IpPermissions.1.PrefixListIds.1.PrefixListId=pl-61a54008",
                          security_group));
    text = trial_world_config(&stage->world, 0, "");
    at = strstr(text, "\"functions\": {") + strlen("\"functions\": {");
    snprintf(keys, sizeof(keys),
             "\"security_groups\": [\"%s\"], \"outbound\": [{\"protocol\": \"tcp\", \"ports\": "
             "[443], \"to\": [\"198.51.100.0/24\"]}], ",
             security_group);
    snprintf(stage->config, sizeof(stage->config), "%.*s%s%s", (int)(at - text), text, keys, at);
    stage->trial->config_text = stage->config;
    stage_mark(stage);
}

static void test_an_unread_list_ends_no_finding(void **state)
{
    struct stage stage;

    (void)state;
    begin_outbound(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, 5 * MINUTE_MS);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "outbound-rule-missing"), 1);
    stage.trial->fault_action = PREFIX_LISTS;
    stage.trial->fault = "unavailable";
    trial_run(stage.trial, 5 * MINUTE_MS);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "outbound-rule-missing"), 0);
    assert_non_null(strstr(stage.trial->status, "Unknown"));
    stage.trial->fault_action = stage.trial->fault = NULL;
    trial_run(stage.trial, 5 * MINUTE_MS);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "outbound-rule-missing"), 0);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "outbound-rule-missing"), 1);
    assert_sent(&stage, "unread entries", NOTHING);
    stage_end(&stage);
}

/* ---- a VPC by its tag ---- */

#define TAGGED                                                                                     \
    "{\"name\": \"trial\", \"region\": \"ap-northeast-1\", \"vpc\": {\"tag:Name\": \"orders\"},\n" \
    " \"mode\": \"repair\", \"subnet_groups\": {\"public\": {\"match\": {\"tag:tier\": \"a\"},\n"  \
    " \"ipv4\": \"internet-gateway\"}}}\n"

/* With one subnet, and no gateway; its route table is its own. */
static void make_vpc(struct trial *trial, const char *cidr, char ret_vpc[static 40])
{
    const char *subnet, *table;

    snprintf(
        ret_vpc, 40, "%s",
        trial_element(trial_call(trial, "CreateVpc", trial_text("CidrBlock=%s", cidr)), "vpcId"));
    subnet = trial_element(
        trial_call(trial, "CreateSubnet", trial_text("VpcId=%s&CidrBlock=%s", ret_vpc, cidr)),
        "subnetId");
    table = trial_element(trial_call(trial, "CreateRouteTable", trial_text("VpcId=%s", ret_vpc)),
                          "routeTableId");
    trial_call(trial, "AssociateRouteTable",
               trial_text("SubnetId=%s&RouteTableId=%s", subnet, table));
    trial_call(trial, "CreateTags",
               trial_text("ResourceId.1=%s&Tag.1.Key=tier&Tag.1.Value=a", subnet));
}

static void name_vpc(struct trial *trial, const char *from, const char *to)
{
    if (from)
        trial_call(trial, "DeleteTags", trial_text("ResourceId.1=%s&Tag.1.Key=Name", from));
    trial_call(trial, "CreateTags",
               trial_text("ResourceId.1=%s&Tag.1.Key=Name&Tag.1.Value=orders", to));
}

/* S6 (c): 60 s between two looks, and both at the VPC that is written to. */
static void test_a_look_at_another_vpc_confirms_nothing(void **state)
{
    struct stage stage = {.trial = trial_new(17)};
    char vpcs[2][40];

    (void)state;
    make_vpc(stage.trial, "10.1.0.0%2F16", vpcs[0]);
    make_vpc(stage.trial, "10.2.0.0%2F16", vpcs[1]);
    name_vpc(stage.trial, NULL, vpcs[0]);
    stage.trial->config_text = TAGGED;
    stage.trial->service = true;
    stage_wait(&stage, 300000);
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, MINUTE_MS / 2);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_SUSPECTED, "internet-gateway-missing"),
                     1);
    name_vpc(stage.trial, vpcs[0], vpcs[1]);
    stage_mark(&stage);
    trial_run(stage.trial, MINUTE_MS);
    assert_sent(&stage, "the first look at this VPC", NOTHING);
    trial_run(stage.trial, 2 * MINUTE_MS);
    assert_int_equal(simulator_calls(stage.trial->simulator, EC2_CREATE_INTERNET_GATEWAY), 1);
    assert_non_null(strstr(trial_call(stage.trial, "DescribeInternetGateways", ""), vpcs[1]));
    stage_end(&stage);
}

/* ---- a run that only observes ---- */

/* It ends with its first whole pass, whatever is on its way then. */
static void test_a_state_that_is_not_known_is_not_in_sync(void **state)
{
    static const struct {
        const char *action, *fault;
        int code;
    } rows[] = {
        {"DescribeNatGateways", "unknown-enum-value", MANAGER_UNKNOWN},
        {"DescribeNatGateways", "missing-field", MANAGER_UNKNOWN},
        {"DescribeNatGateways", "unknown-elements", MANAGER_IN_SYNC},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct stage stage;

        stage_begin(&stage, 0);
        stage.trial->service = false;
        stage.trial->observe = true;
        stage.trial->fault_action = rows[i].action;
        stage.trial->fault = rows[i].fault;
        trial_assert_once(stage.trial, trial_text("%s: %s", rows[i].action, rows[i].fault),
                          rows[i].code);
        stage_end(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_unread_list_ends_no_finding),
        cmocka_unit_test(test_a_look_at_another_vpc_confirms_nothing),
        cmocka_unit_test(test_a_state_that_is_not_known_is_not_in_sync),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
