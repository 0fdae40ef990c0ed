/* The hard scenarios of the layers around the routes, by the project's numbers: an input state,
 * every mutating call that is made and those that must not be. Each is judged twice: as shipped it
 * must hold, and with the rule that it covers switched off it must not (the extra test build,
 * VPC_TEST_FAULTS). */
#include "support/nat_scenario.h"

struct layers {
    struct nat_stage *stage;
    char group[40];    /* of the functions */
    char stranger[40]; /* nobody lists it */
};

static const char *once(const struct layers *layers, int end, const struct expected_calls *calls)
{
    return once_sends(layers->stage->trial, end, calls);
}

/* ---- security groups ---- */

/* Neither lets anything out. */
static void begin(struct layers *layers, struct nat_stage *stage)
{
    char *const ids[] = {layers->group, layers->stranger};

    layers->stage = stage;
    for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
        const char *xml =
            nat_call(stage, "CreateSecurityGroup",
                     trial_text("GroupName=g%zu&GroupDescription=d&VpcId=%s", i, stage->world.vpc));

        snprintf(ids[i], 40, "%s", trial_element(xml, "groupId"));
        nat_call(stage, "RevokeSecurityGroupEgress",
                 trial_text("GroupId=%s&IpPermissions.1.IpProtocol=-1"
                            "&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%%2F0"
                            "&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=%%3A%%3A%%2F0",
                            ids[i]));
    }
}

/* permissions: "IpProtocol=...&...", of IpPermissions.1 */
static void let_out(const struct layers *layers, const char *permission)
{
    CLEANUP(buf_free)
    struct buf parameters = {0};

    buf_printf(&parameters, "GroupId=%s", layers->group);
    for (const char *at = permission; *at;) {
        size_t n = strcspn(at, "&");

        buf_printf(&parameters, "&IpPermissions.1.%.*s", (int)n, at);
        at += n + (at[n] == '&');
    }
    nat_call(layers->stage, "AuthorizeSecurityGroupEgress", buf_string(&parameters));
}

#define TCP(from, to) "IpProtocol=tcp&FromPort=" #from "&ToPort=" #to
#define IPV4_HALVES "&IpRanges.1.CidrIp=0.0.0.0%2F1&IpRanges.2.CidrIp=128.0.0.0%2F1"
#define IPV4_ALL "&IpRanges.1.CidrIp=0.0.0.0%2F0"
#define IPV6_ALL "&Ipv6Ranges.1.CidrIpv6=0%3A0%3A0%3A0%3A0%3A0%3A0%3A0%2F0"
#define HTTPS "{\"protocol\": \"tcp\", \"ports\": [443], \"to\": [\"0.0.0.0/0\", \"::/0\"]}"
#define AUTO "\"outbound-rule-missing\": \"auto\""

static void declare(const struct layers *layers, const char *outbound, const char *repair)
{
    struct nat_stage *stage = layers->stage;
    const struct trial_world *world = &stage->world;

    snprintf(stage->config, sizeof(stage->config),
             "{\"name\": \"trial\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\", \"mode\": "
             "\"repair\",\n"
             " \"subnet_groups\": {\n"
             "  \"functions\": {\"match\": [\"%s\", \"%s\"],\n"
             "    \"security_groups\": [\"%s\"], \"outbound\": [%s]}},\n"
             " \"repair\": {%s}}",
             world->vpc, world->private_subnet[0], world->private_subnet[1], layers->group,
             outbound, repair);
    stage->trial->config_text = stage->config;
}

static const char *rules_of(const struct layers *layers, const char *group)
{
    return nat_call(layers->stage, "DescribeSecurityGroups", trial_text("GroupId.1=%s", group));
}

/* ---- 7: equal in meaning, different in text ---- */

/* Nothing is said of it, and nothing sent. */
static const char *is_as_declared(const struct layers *layers)
{
    CHECK(once(layers, MANAGER_IN_SYNC, NO_CALLS));
    HOLDS(!trial_last(layers->stage->trial, EVENT_FINDING_OPENED, NULL));
    return NULL;
}

static const char *all_traffic(struct nat_stage *stage)
{
    struct layers layers;

    begin(&layers, stage);
    let_out(&layers, "IpProtocol=-1&FromPort=0&ToPort=65535" IPV4_ALL IPV6_ALL);
    declare(&layers, HTTPS, AUTO);
    return is_as_declared(&layers);
}

static const char *all_ports(struct nat_stage *stage)
{
    struct layers layers;

    begin(&layers, stage);
    let_out(&layers, "IpProtocol=6&FromPort=0&ToPort=65535" IPV4_ALL IPV6_ALL);
    declare(&layers, HTTPS, AUTO);
    return is_as_declared(&layers);
}

static const char *split_grants(struct nat_stage *stage)
{
    struct layers layers;

    begin(&layers, stage);
    let_out(&layers, TCP(1, 700) IPV4_HALVES);
    let_out(&layers, TCP(443, 443) IPV6_ALL);
    let_out(&layers, TCP(701, 65535) IPV6_ALL IPV4_ALL);
    declare(&layers,
            HTTPS ", {\"protocol\": \"tcp\", \"ports\": [\"600-1000\"], \"to\": [\"10.0.0.0/8\"]}",
            AUTO);
    return is_as_declared(&layers);
}

/* By the entries of AWS's list, and of members of the group by the VPC's blocks. */
static const char *lists_and_groups(struct nat_stage *stage)
{
    struct layers layers;

    begin(&layers, stage);
    let_out(&layers, TCP(443, 443) "&IpRanges.1.CidrIp=3.0.0.0%2F8&IpRanges.2.CidrIp=52.0.0.0%2F8");
    let_out(&layers, TCP(443, 443) "&PrefixListIds.1.PrefixListId=pl-61a54008");
    let_out(&layers, TCP(8000, 9000) IPV4_ALL IPV6_ALL);
    declare(&layers,
            trial_text("{\"protocol\": \"tcp\", \"ports\": [443], \"to\": [\"52.219.0.0/21\"]},"
                       "{\"protocol\": \"tcp\", \"ports\": [8443], \"to\": [\"%s\"]},"
                       "{\"protocol\": \"tcp\", \"ports\": [443], \"to\": [\"pl-61a54008\"]}",
                       layers.group),
            AUTO);
    return is_as_declared(&layers);
}

/* ---- 7: truly missing ---- */

/* One rule a call; what is there stays, though it is part of what is added. */
static const char *missing_is_authorised(struct nat_stage *stage)
{
    struct layers layers;
    const char *xml;

    begin(&layers, stage);
    let_out(&layers, TCP(443, 443) "&IpRanges.1.CidrIp=0.0.0.0%2F1");
    let_out(&layers, TCP(22, 22) IPV4_ALL); /* a person's, of no concern */
    declare(&layers, HTTPS, AUTO);
    CHECK(once(&layers, MANAGER_IN_SYNC, CALLS({EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, 2})));
    HOLDS(trial_last(stage->trial, EVENT_FINDING_OPENED, "outbound-rule-missing"));
    HOLDS(trial_last(stage->trial, EVENT_FINDING_REPAIRED, "outbound-rule-missing"));
    for (size_t i = 0; i < 2; i++) {
        const char *body = stage->trial->sent[i].body;

        HOLDS(strstr(body, layers.group));
        HOLDS(!strstr(body, "IpPermissions.2") && !strstr(body, "Ranges.2"));
        HOLDS(!strstr(body, "IpRanges.1") != !strstr(body, "Ipv6Ranges.1"));
    }
    xml = rules_of(&layers, layers.group);
    HOLDS(nat_count_text(xml, "<cidrIp>0.0.0.0/0<") == 2 && strstr(xml, "<cidrIp>0.0.0.0/1<"));
    HOLDS(nat_count_text(xml, "<cidrIpv6>::/0<") == 1);
    HOLDS(strstr(xml, "<description>vpc-reconciled: outbound of functions<"));
    HOLDS(!strstr(rules_of(&layers, layers.stranger), "<ipProtocol>"));
    return is_as_declared(&layers);
}

/* It widens what functions may do, so a person says so. */
static const char *missing_waits_for_approval(struct nat_stage *stage)
{
    struct layers layers;
    char finding[20];

    begin(&layers, stage);
    let_out(&layers, TCP(443, 443) IPV6_ALL);
    declare(&layers, HTTPS, "");
    CHECK(once(&layers, MANAGER_DRIFT, NO_CALLS));
    HOLDS(trial_last(stage->trial, EVENT_FINDING_HELD, "outbound-rule-missing"));
    snprintf(finding, sizeof(finding), "%s",
             trial_last(stage->trial, EVENT_FINDING_HELD, "outbound-rule-missing")->finding);
    stage->trial->approve[0] = finding;
    CHECK(once(&layers, MANAGER_IN_SYNC, CALLS({EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, 1})));
    stage->trial->approve[0] = NULL;
    return is_as_declared(&layers);
}

/* The answer to the call is lost: it is looked for, and not sent again. */
static const char *lost_answer_is_no_second_rule(struct nat_stage *stage)
{
    struct layers layers;

    begin(&layers, stage);
    let_out(&layers, TCP(443, 443) IPV6_ALL);
    declare(&layers, HTTPS, AUTO);
    stage->trial->fault_action = "AuthorizeSecurityGroupEgress";
    stage->trial->fault = "lost-answer";
    CHECK(once(&layers, MANAGER_IN_SYNC, CALLS({EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, 1})));
    stage->trial->fault_action = NULL;
    return is_as_declared(&layers);
}

/* Looks show the past: the rule is there, AWS says so, and that counts as done once a look shows
 * it.
 */
static const char *duplicate_is_done(struct nat_stage *stage)
{
    struct layers layers;

    begin(&layers, stage);
    let_out(&layers, TCP(443, 443) IPV6_ALL);
    nat_stage_wait(stage, 600000);
    let_out(&layers, TCP(443, 443) IPV4_ALL);
    declare(&layers, HTTPS, AUTO);
    stage->trial->main_text = "{\"confirm_after\": {\"create\": \"10s\"}}";
    stage->trial->fault_action = "DescribeSecurityGroups";
    stage->trial->fault = "stale-list";
    CHECK(once(&layers, MANAGER_IN_SYNC, CALLS({EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, 1})));
    stage->trial->fault_action = NULL;
    HOLDS(nat_count_text(rules_of(&layers, layers.group), "<cidrIp>0.0.0.0/0<") == 1);
    HOLDS(!trial_last(stage->trial, EVENT_FINDING_FAILED, NULL));
    return is_as_declared(&layers);
}

/* A full group: said, with what a person does, and not tried in every pass. */
static const char *quota_is_full(struct nat_stage *stage)
{
    struct layers layers;
    CLEANUP(buf_free)
    struct buf permission = {0};
    const struct trial_event *event;

    begin(&layers, stage);
    buf_text(&permission, TCP(443, 443) IPV6_ALL);
    for (unsigned i = 1; i <= 60; i++)
        buf_printf(&permission, "&IpRanges.%u.CidrIp=10.%u.0.0%%2F16", i, i);
    let_out(&layers, buf_string(&permission));
    declare(&layers, HTTPS, AUTO);
    CHECK(once(&layers, MANAGER_UNKNOWN, CALLS({EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, 1})));
    event = trial_last(stage->trial, EVENT_FINDING_FAILED, "outbound-rule-missing");
    HOLDS(event && strstr(event->message, "RulesPerSecurityGroupLimitExceeded"));
    HOLDS(strstr(event->message, "quota raised"));
    return NULL;
}

/* ---- running ---- */

#define SCENARIO(number, name, flags, ...)                                                         \
    NAT_SCENARIO(scenario_##number##_##name, name, 41, flags, __VA_ARGS__)

SCENARIO(07, all_traffic, 0, FAULT_RULES_BY_TEXT)
SCENARIO(07, all_ports, 0, FAULT_RULES_BY_TEXT)
SCENARIO(07, split_grants, 0, FAULT_RULES_BY_TEXT)
SCENARIO(07, lists_and_groups, 0, FAULT_RULES_BY_TEXT)
SCENARIO(07, missing_is_authorised, 0, NO_FAULT)
SCENARIO(07, missing_waits_for_approval, 0, FAULT_APPROVAL_GIVEN)
SCENARIO(07, lost_answer_is_no_second_rule, 0, NO_FAULT)
SCENARIO(07, duplicate_is_done, 0, NO_FAULT)
SCENARIO(07, quota_is_full, 0, NO_FAULT)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(scenario_07_all_traffic),
        TEST(scenario_07_all_ports),
        TEST(scenario_07_split_grants),
        TEST(scenario_07_lists_and_groups),
        TEST(scenario_07_missing_is_authorised),
        TEST(scenario_07_missing_waits_for_approval),
        TEST(scenario_07_lost_answer_is_no_second_rule),
        TEST(scenario_07_duplicate_is_done),
        TEST(scenario_07_quota_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
