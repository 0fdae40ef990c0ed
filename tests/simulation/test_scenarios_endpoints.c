/* The hard scenarios of VPC endpoints, by the project's numbers: an input state, every mutating
 * call that is made and those that must not be. Each is judged twice: as shipped it must hold, and
 * with the rule that it covers switched off it must not (the extra test build, VPC_TEST_FAULTS). */
#include "support/endpoint_stage.h"
#include "support/verdicts.h"

#define MINUTE_MS ((uint64_t)60000)
#define SERVICE(name) "com.amazonaws.ap-northeast-1." name

static const struct endpoint_config as_declared = {0};
static const struct endpoint_config all_raised = {.repair = "\"*\": \"auto\""};

static const char *once(struct endpoint_stage *stage, int end, const struct expected_calls *calls)
{
    return once_sends(stage->trial, end, calls);
}

/* So, and then silence. */
static const char *repaired(struct endpoint_stage *stage, const struct expected_calls *calls)
{
    const char *wrong = once(stage, MANAGER_IN_SYNC, calls);

    return wrong ? wrong : once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

static const char *healthy(struct endpoint_stage *stage)
{
    endpoint_stage_config(stage, &as_declared);
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

static const struct trial_event *event_of(const struct endpoint_stage *stage, enum event_kind kind,
                                          const char *drift)
{
    return trial_last(stage->trial, kind, drift);
}

static const char *sent_body(const struct endpoint_stage *stage, size_t i)
{
    return i < stage->trial->n_sent ? stage->trial->sent[i].body : "";
}

/* The one endpoint of the service that is there now, by type; "" when there is none. */
static const char *find_endpoint(struct endpoint_stage *stage, const char *service,
                                 const char *type)
{
    const char *xml = endpoint_call(
        stage, "DescribeVpcEndpoints",
        trial_text("Filter.1.Name=service-name&Filter.1.Value.1=%s&Filter.2.Name=vpc-endpoint-"
                   "type&Filter.2.Value.1=%s&Filter.3.Name=vpc-endpoint-state&Filter.3.Value.1="
                   "available",
                   service, type));

    return strstr(xml, "<vpcEndpointId>") ? trial_element(xml, "vpcEndpointId") : "";
}

/* ---- 18: missing ---- */

static const char *missing(struct endpoint_stage *stage)
{
    CHECK(healthy(stage));
    endpoint_delete(stage, stage->logs);
    endpoint_delete(stage, stage->s3);
    endpoint_stage_config(stage, &as_declared);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS)); /* the path works: a person decides */
    HOLDS(event_of(stage, EVENT_FINDING_HELD, "endpoint-missing"));
    endpoint_stage_config(stage, &all_raised);
    CHECK(repaired(stage, CALLS({EC2_CREATE_VPC_ENDPOINT, 2})));
    HOLDS(strcmp(find_endpoint(stage, SERVICE("logs"), "Interface"), "") != 0);
    HOLDS(strcmp(find_endpoint(stage, SERVICE("s3"), "Gateway"), "") != 0);
    return NULL;
}

/* Functions without a way out have nothing to lose: nobody is asked. */
static const char *missing_and_no_way_out(struct endpoint_stage *stage)
{
    static const struct endpoint_config cut_off = {.cut_off = true};

    endpoint_cut_off(stage);
    endpoint_delete(stage, stage->logs);
    endpoint_delete(stage, stage->s3);
    endpoint_stage_config(stage, &cut_off);
    return repaired(stage, CALLS({EC2_CREATE_VPC_ENDPOINT, 2}));
}

static const char *not_offered_in_a_zone(struct endpoint_stage *stage)
{
    const char *without = stage->world.private_subnet[2];

    endpoint_delete(stage, stage->logs);
    endpoint_offer_in_d(stage, false);
    endpoint_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_DRIFT, CALLS({EC2_CREATE_VPC_ENDPOINT, 1})));
    HOLDS(!strstr(sent_body(stage, 0), without));
    HOLDS(strstr(sent_body(stage, 0), stage->world.private_subnet[1]));
    HOLDS(event_of(stage, EVENT_FINDING_HELD, "endpoint-zone-unsupported"));
    return once(stage, MANAGER_DRIFT, NO_CALLS);
}

static const char *two_subnets_of_a_zone(struct endpoint_stage *stage)
{
    struct endpoint_config config = all_raised;
    char subnet[40], association[40];

    snprintf(subnet, sizeof(subnet), "%s",
             trial_element(endpoint_call(stage, "CreateSubnet",
                                         trial_text("VpcId=%s&AvailabilityZone=ap-northeast-1a&"
                                                    "CidrBlock=10.0.40.0%%2F28",
                                                    stage->world.vpc)),
                           "subnetId"));
    snprintf(association, sizeof(association), "%s",
             trial_element(endpoint_call(stage, "AssociateRouteTable",
                                         trial_text("RouteTableId=%s&SubnetId=%s",
                                                    stage->world.private_table[0], subnet)),
                           "associationId"));
    config.subnet = subnet;
    config.repair = "\"*\": \"auto\", \"subnet-ipv6-missing\": \"report\"";
    endpoint_delete(stage, stage->logs);
    endpoint_stage_config(stage, &config);
    stage->trial->n_sent = 0;
    (void)trial_once(stage->trial);
    HOLDS(strcmp(find_endpoint(stage, SERVICE("logs"), "Interface"), "") != 0);
    HOLDS(endpoint_count_text(
              endpoint_describe(stage, find_endpoint(stage, SERVICE("logs"), "Interface")),
              "<item>subnet-") == 3);
    return NULL;
}

/* Somebody's endpoint of the service is there, and it has the private name: no second one. */
static const char *somebodys_is_used(struct endpoint_stage *stage)
{
    endpoint_stage_config(stage, &all_raised); /* no healthy pass before, and no tag of ours */
    return repaired(stage, NO_CALLS);
}

/* Ours has no private DNS, and another one of the service has the name: that is said, with the
 * other's id, and AWS is not asked what it would refuse. */
static const char *the_name_is_anothers(struct endpoint_stage *stage)
{
    char other[40];

    snprintf(
        other, sizeof(other), "%s",
        endpoint_create(stage, trial_text("ServiceName=" SERVICE(
                                              "logs") "&VpcEndpointType=Interface&SubnetId.1=%s"
                                                      "&SecurityGroupId.1=%s&PrivateDnsEnabled="
                                                      "false",
                                          stage->world.private_subnet[0], stage->endpoint_group)));
    endpoint_call(
        stage, "CreateTags",
        trial_text("ResourceId.1=%s&Tag.1.Key=vpc-reconciled:owner&Tag.1.Value=vpc-reconciled/%s",
                   other, stage->world.vpc));
    endpoint_stage_wait(stage, 10 * MINUTE_MS);
    endpoint_stage_config(
        stage, &(struct endpoint_config){.repair = "\"endpoint-private-dns-off\": \"auto\", "
                                                   "\"endpoint-subnet-missing\": \"report\""});
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(event_of(stage, EVENT_FINDING_HELD, "endpoint-dns-conflict"));
    HOLDS(
        strstr(event_of(stage, EVENT_FINDING_HELD, "endpoint-dns-conflict")->message, stage->logs));
    return NULL;
}

/* The name is claimed by what no list shows, as by a private hosted zone: AWS's refusal is said in
 * its own words, and is not sent again at once. */
static const char *the_name_is_claimed_unseen(struct endpoint_stage *stage)
{
    endpoint_delete(stage, stage->logs);
    stage->trial->visibility_ms = 5 * MINUTE_MS;
    trial_edit(stage->trial, NULL, "{", "{"); /* the same world in another simulator */
    endpoint_create(
        stage, trial_text("ServiceName=" SERVICE("logs") "&VpcEndpointType=Interface&SubnetId.1=%s"
                                                         "&PrivateDnsEnabled=true",
                          stage->world.other_subnet));
    endpoint_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_UNKNOWN, CALLS({EC2_CREATE_VPC_ENDPOINT, 1})));
    HOLDS(event_of(stage, EVENT_FINDING_FAILED, "endpoint-missing"));
    HOLDS(strstr(event_of(stage, EVENT_FINDING_FAILED, "endpoint-missing")->message,
                 "conflicting DNS domain"));
    return NULL;
}

#define S3_BOTH                                                                                    \
    "  {\"service\": \"s3\", \"type\": \"interface\", \"for\": [\"functions\"],\n"                 \
    "   \"security_groups\": [\"%s\"], \"private_dns\": true},\n"                                  \
    "  {\"service\": \"s3\", \"type\": \"gateway\", \"for\": [\"functions\"]}"

static const char *s3_gateway_comes_first(struct endpoint_stage *stage)
{
    endpoint_delete(stage, stage->s3);
    endpoint_stage_config(
        stage, &(struct endpoint_config){.repair = "\"*\": \"auto\"",
                                         .endpoints = trial_text(S3_BOTH, stage->endpoint_group)});
    CHECK(repaired(stage, CALLS({EC2_CREATE_VPC_ENDPOINT, 2})));
    HOLDS(find_endpoint(stage, SERVICE("s3"), "Gateway")[0]);
    HOLDS(find_endpoint(stage, SERVICE("s3"), "Interface")[0]);
    return NULL;
}

/* Order of the two, as they were sent. */
static const char *s3_gateway_was_sent_first(struct endpoint_stage *stage)
{
    endpoint_delete(stage, stage->s3);
    endpoint_stage_config(
        stage, &(struct endpoint_config){.repair = "\"*\": \"auto\"",
                                         .endpoints = trial_text(S3_BOTH, stage->endpoint_group)});
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_CREATE_VPC_ENDPOINT, 2})));
    HOLDS(strstr(sent_body(stage, 0), "VpcEndpointType=Gateway"));
    HOLDS(strstr(sent_body(stage, 1), "PrivateDnsEnabled=true"));
    HOLDS(stage->trial->sent[0].pass < stage->trial->sent[1].pass);
    return NULL;
}

/* Rejected, failed and expired ones never come back: a new one is built, "old -> new" is said, and
 * the husk stays. */
static const char *failed_is_built_again(struct endpoint_stage *stage)
{
    static const struct endpoint_config cut_off = {.cut_off = true};

    endpoint_cut_off(stage);
    endpoint_stage_config(stage, &cut_off);
    CHECK(once(stage, MANAGER_IN_SYNC, NO_CALLS));
    endpoint_set_state(stage, stage->logs, "available", "failed");
    CHECK(repaired(stage, CALLS({EC2_CREATE_VPC_ENDPOINT, 1})));
    HOLDS(strstr(endpoint_describe(stage, stage->logs), "<state>failed<"));
    return NULL;
}

/* S7: an interface of a group that the endpoint does not admit reaches the service today. */
static const char *private_dns_would_cut_off(struct endpoint_stage *stage)
{
    endpoint_delete(stage, stage->logs);
    endpoint_call(stage, "CreateNetworkInterface",
                  trial_text("SubnetId=%s", stage->world.public_subnet[0])); /* the default group */
    endpoint_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(strstr(event_of(stage, EVENT_FINDING_HELD, "endpoint-missing")->message,
                 "would cut it off"));
    return NULL;
}

static bool sent_something(const struct trial *trial)
{
    return trial->n_sent > 0;
}

/* Killed after the call: the same token gives the same endpoint, made once. */
static const char *made_once(struct endpoint_stage *stage)
{
    endpoint_delete(stage, stage->s3);
    endpoint_stage_config(stage, &all_raised);
    stage->trial->cut = CUT_AFTER_CALL;
    stage->trial->cut_at = 1;
    (void)trial_once(stage->trial);
    stage->trial->cut = CUT_NONE;
    HOLDS(stage->trial->killed);
    CHECK(repaired(stage, NO_CALLS));
    HOLDS(endpoint_count_text(endpoint_call(stage, "DescribeVpcEndpoints", ""),
                              "<vpcEndpointId>") == 2);
    return NULL;
}

/* A list that private DNS rests on fails: what is missing is not over for that, and not built. */
static const char *unknown_is_not_over(struct endpoint_stage *stage)
{
    CHECK(healthy(stage));
    endpoint_delete(stage, stage->logs);
    trial_forget_events(stage->trial);
    stage->trial->service = true;
    stage->trial->n_sent = 0;
    trial_start(stage->trial);
    trial_run(stage->trial, 3 * MINUTE_MS);
    HOLDS(event_of(stage, EVENT_FINDING_HELD, "endpoint-missing"));
    stage->trial->fault_action = "DescribeVpcAttribute";
    stage->trial->fault = "internal-error";
    trial_run(stage->trial, 5 * MINUTE_MS);
    HOLDS(!event_of(stage, EVENT_FINDING_RESOLVED, "endpoint-missing"));
    stage->trial->fault_action = NULL;
    trial_run(stage->trial, 3 * MINUTE_MS);
    trial_stop(stage->trial);
    stage->trial->service = false;
    HOLDS(!event_of(stage, EVENT_FINDING_RESOLVED, "endpoint-missing"));
    HOLDS(stage->trial->n_sent == 0);
    return NULL;
}

/* While it is pending no second one is built beside it. */
static const char *pending_is_waited_for(struct endpoint_stage *stage)
{
    endpoint_delete(stage, stage->logs);
    endpoint_stage_config(stage, &all_raised);
    stage->trial->service = true;
    stage->trial->n_sent = 0;
    trial_start(stage->trial);
    HOLDS(trial_run_until(stage->trial, 10 * MINUTE_MS, sent_something));
    trial_run(stage->trial, 30 * MINUTE_MS);
    trial_stop(stage->trial);
    stage->trial->service = false;
    HOLDS(stage->trial->n_sent == 1);
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* ---- 19: available, and nobody can connect ---- */

static void break_the_chain(struct endpoint_stage *stage)
{
    endpoint_call(stage, "RevokeSecurityGroupIngress",
                  trial_text("GroupId=%s&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort="
                             "443&IpPermissions.1.ToPort=443&IpPermissions.1.Groups.1.GroupId=%s",
                             stage->endpoint_group, stage->functions_group));
    endpoint_call(stage, "ModifyVpcEndpoint",
                  trial_text("VpcEndpointId=%s&PrivateDnsEnabled=false", stage->logs));
    endpoint_stage_wait(stage, 10 * MINUTE_MS);
    endpoint_call(stage, "ModifyVpcAttribute",
                  trial_text("VpcId=%s&EnableDnsHostnames.Value=false", stage->world.vpc));
    endpoint_call(stage, "ModifyVpcAttribute",
                  trial_text("VpcId=%s&EnableDnsSupport.Value=false", stage->world.vpc));
}

#define DENIES "{\"Statement\": [{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"*\"}]}"

static const char *the_whole_chain(struct endpoint_stage *stage)
{
    struct endpoint_config config = all_raised;
    const char *policy;

    break_the_chain(stage);
    config.policy = DENIES; /* the endpoint lets everything pass: it differs, and stays */
    policy = trial_element(endpoint_describe(stage, stage->logs), "policyDocument");
    endpoint_stage_config(stage, &config);
    CHECK(once(stage, MANAGER_DRIFT,
               CALLS({EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, 1}, {EC2_MODIFY_VPC_ATTRIBUTE, 2},
                     {EC2_MODIFY_VPC_ENDPOINT, 1})));
    HOLDS(event_of(stage, EVENT_FINDING_HELD, "endpoint-policy-differs"));
    HOLDS(strcmp(trial_element(endpoint_describe(stage, stage->logs), "policyDocument"), policy) ==
          0);
    HOLDS(strcmp(trial_element(endpoint_describe(stage, stage->logs), "privateDnsEnabled"),
                 "true") == 0);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS)); /* the policy is all that is left */
    config.policy = NULL;
    endpoint_stage_config(stage, &config);
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* One rule, by reference to the functions' group, on the one port. */
static const char *one_rule_by_reference(struct endpoint_stage *stage)
{
    endpoint_call(stage, "RevokeSecurityGroupIngress",
                  trial_text("GroupId=%s&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort="
                             "443&IpPermissions.1.ToPort=443&IpPermissions.1.Groups.1.GroupId=%s",
                             stage->endpoint_group, stage->functions_group));
    endpoint_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, 1})));
    HOLDS(strstr(sent_body(stage, 0), "FromPort=443"));
    HOLDS(strstr(sent_body(stage, 0), trial_text("GroupId=%s", stage->functions_group)));
    HOLDS(!strstr(sent_body(stage, 0), "IpPermissions.2"));
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* All of it widens access or changes names for the whole VPC: nothing without a person's word. */
static const char *the_chain_is_a_persons_to_mend(struct endpoint_stage *stage)
{
    break_the_chain(stage);
    endpoint_stage_config(stage, &as_declared);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(event_of(stage, EVENT_FINDING_HELD, "endpoint-inbound-rule-missing"));
    HOLDS(event_of(stage, EVENT_FINDING_HELD, "endpoint-private-dns-off"));
    HOLDS(event_of(stage, EVENT_FINDING_HELD, "vpc-dns-support-off"));
    HOLDS(event_of(stage, EVENT_FINDING_HELD, "vpc-dns-hostnames-off"));
    return NULL;
}

/* ---- 20: somebody's gateway endpoint ---- */

static bool has_table(struct endpoint_stage *stage, const char *endpoint, const char *table)
{
    return strstr(endpoint_describe(stage, endpoint), table) != NULL;
}

/* Theirs has a table of their own and lacks one of ours: ours is added, theirs stays. */
static const char *our_table_is_added(struct endpoint_stage *stage)
{
    endpoint_call(stage, "ModifyVpcEndpoint",
                  trial_text("VpcEndpointId=%s&AddRouteTableId.1=%s&RemoveRouteTableId.1=%s",
                             stage->s3, stage->world.other_table, stage->world.private_table[1]));
    endpoint_stage_config(stage, &as_declared);
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_MODIFY_VPC_ENDPOINT, 1})));
    HOLDS(strstr(sent_body(stage, 0), "AddRouteTableId.1="));
    HOLDS(!strstr(sent_body(stage, 0), "AddRouteTableId.2="));
    HOLDS(!strstr(sent_body(stage, 0), "Remove"));
    HOLDS(has_table(stage, stage->s3, stage->world.other_table));
    HOLDS(has_table(stage, stage->s3, stage->world.private_table[1]));
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* Of two the one that serves us already; the other is left alone. */
static const char *the_one_that_serves(struct endpoint_stage *stage)
{
    char other[40];

    /* Until one with the lower id is there: ids are random. */
    do {
        snprintf(
            other, sizeof(other), "%s",
            endpoint_create(stage, trial_text("ServiceName=" SERVICE("s3") "&RouteTableId.1=%s",
                                              stage->world.other_table)));
        if (strcmp(other, stage->s3) > 0)
            endpoint_delete(stage, other);
    } while (strcmp(other, stage->s3) > 0);
    endpoint_call(stage, "ModifyVpcEndpoint",
                  trial_text("VpcEndpointId=%s&RemoveRouteTableId.1=%s", stage->s3,
                             stage->world.private_table[2]));
    endpoint_stage_config(stage, &as_declared);
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_MODIFY_VPC_ENDPOINT, 1})));
    HOLDS(has_table(stage, stage->s3, stage->world.private_table[2]));
    HOLDS(!has_table(stage, other, stage->world.private_table[2]));
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* S2: a table that also serves a subnet that nobody declared is not given to it. */
static const char *a_table_of_strangers(struct endpoint_stage *stage)
{
    const char *xml =
        endpoint_call(stage, "DescribeRouteTables",
                      trial_text("Filter.1.Name=association.subnet-id&Filter.1.Value.1=%s",
                                 stage->world.other_subnet));
    const char *at = strstr(xml, trial_text("<subnetId>%s<", stage->world.other_subnet));

    HOLDS(at);
    endpoint_call(stage, "ReplaceRouteTableAssociation",
                  trial_text("AssociationId=%s&RouteTableId=%s",
                             trial_element(xml, "routeTableAssociationId"),
                             stage->world.private_table[1]));
    endpoint_call(stage, "ModifyVpcEndpoint",
                  trial_text("VpcEndpointId=%s&RemoveRouteTableId.1=%s", stage->s3,
                             stage->world.private_table[1]));
    endpoint_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(event_of(stage, EVENT_FINDING_HELD, "endpoint-route-table-missing"));
    return NULL;
}

/* S7: the table that is made for a subnet without one gets the entry too, and that is read back
 * before it is used. */
static const char *a_copy_has_the_entry(struct endpoint_stage *stage)
{
    const struct endpoint_config config = {.repair = "\"*\": \"auto\"",
                                           .alone = stage->world.private_subnet[1]};
    const struct trial_sent *sent;

    /* The subnet falls back to the VPC's main table, which is in the endpoint. */
    endpoint_call(stage, "ModifyVpcEndpoint",
                  trial_text("VpcEndpointId=%s&AddRouteTableId.1=%s&RemoveRouteTableId.1=%s",
                             stage->s3, stage->world.main_table, stage->world.private_table[1]));
    endpoint_call(stage, "CreateRoute",
                  trial_text("RouteTableId=%s&DestinationIpv6CidrBlock=%%3A%%3A%%2F0&"
                             "EgressOnlyInternetGatewayId=%s",
                             stage->world.main_table, stage->world.eigw));
    endpoint_call(stage, "DisassociateRouteTable",
                  trial_text("AssociationId=%s", stage->world.private_association[1]));
    endpoint_call(stage, "DeleteRouteTable",
                  trial_text("RouteTableId=%s", stage->world.private_table[1]));
    endpoint_stage_config(stage, &config);
    CHECK(once(stage, MANAGER_IN_SYNC,
               CALLS({EC2_CREATE_ROUTE_TABLE, 1}, {EC2_CREATE_ROUTE, 1},
                     {EC2_MODIFY_VPC_ENDPOINT, 1}, {EC2_ASSOCIATE_ROUTE_TABLE, 1})));
    sent = stage->trial->sent;
    HOLDS(sent[1].action == EC2_CREATE_ROUTE && sent[2].action == EC2_MODIFY_VPC_ENDPOINT);
    HOLDS(sent[3].action == EC2_ASSOCIATE_ROUTE_TABLE && sent[2].pass < sent[3].pass);
    HOLDS(strstr(endpoint_call(stage, "DescribeRouteTables",
                               trial_text("Filter.1.Name=association.subnet-id&Filter.1.Value.1=%s",
                                          stage->world.private_subnet[1])),
                 stage->s3));
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* ---- judged twice ---- */

struct scenario {
    const char *(*play)(struct endpoint_stage *stage);
    enum fault faults[RULES_MAX];
};

static const char *judge(const void *data, bool tell)
{
    const struct scenario *scenario = data;
    struct endpoint_stage stage;
    const char *wrong;

    endpoint_stage_begin(&stage, 20);
    wrong = scenario->play(&stage);
    if (wrong && tell) {
        trial_print_events(stage.trial);
        for (size_t i = 0; i < stage.trial->n_sent; i++)
            print_error("sent: %s\n", stage.trial->sent[i].body);
    }
    endpoint_stage_end(&stage);
    return wrong;
}

#define SCENARIO(number, name, ...)                                                                \
    static void scenario_##number##_##name(void **state)                                           \
    {                                                                                              \
        const struct scenario scenario = {name, {__VA_ARGS__, FAULT_COUNT}};                       \
        (void)state;                                                                               \
        judge_twice(judge, &scenario, scenario.faults);                                            \
    }

SCENARIO(18, missing, FAULT_APPROVAL_GIVEN)
SCENARIO(18, missing_and_no_way_out, NO_FAULT)
SCENARIO(18, not_offered_in_a_zone, FAULT_ZONES_UNASKED)
SCENARIO(18, two_subnets_of_a_zone, NO_FAULT)
SCENARIO(18, somebodys_is_used, NO_FAULT)
SCENARIO(18, the_name_is_anothers, FAULT_CONFLICTS_UNSEEN)
SCENARIO(18, the_name_is_claimed_unseen, NO_FAULT)
SCENARIO(18, s3_gateway_comes_first, NO_FAULT)
SCENARIO(18, s3_gateway_was_sent_first, FAULT_S3_GATEWAY_LAST)
SCENARIO(18, failed_is_built_again, FAULT_DEAD_ENDPOINTS_COUNT)
SCENARIO(18, private_dns_would_cut_off, FAULT_PRIVATE_DNS_CUTS_OFF)
SCENARIO(18, made_once, NO_FAULT)
SCENARIO(18, pending_is_waited_for, NO_FAULT)
SCENARIO(18, unknown_is_not_over, NO_FAULT)
SCENARIO(19, the_whole_chain, NO_FAULT)
SCENARIO(19, one_rule_by_reference, NO_FAULT)
SCENARIO(19, the_chain_is_a_persons_to_mend, FAULT_APPROVAL_GIVEN)
SCENARIO(20, our_table_is_added, NO_FAULT)
SCENARIO(20, the_one_that_serves, FAULT_FIRST_ENDPOINT_WINS)
SCENARIO(20, a_table_of_strangers, NO_FAULT)
SCENARIO(20, a_copy_has_the_entry, FAULT_ENTRIES_NOT_COPIED)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(scenario_18_missing),
        TEST(scenario_18_missing_and_no_way_out),
        TEST(scenario_18_not_offered_in_a_zone),
        TEST(scenario_18_two_subnets_of_a_zone),
        TEST(scenario_18_somebodys_is_used),
        TEST(scenario_18_the_name_is_anothers),
        TEST(scenario_18_the_name_is_claimed_unseen),
        TEST(scenario_18_s3_gateway_comes_first),
        TEST(scenario_18_s3_gateway_was_sent_first),
        TEST(scenario_18_failed_is_built_again),
        TEST(scenario_18_private_dns_would_cut_off),
        TEST(scenario_18_made_once),
        TEST(scenario_18_pending_is_waited_for),
        TEST(scenario_18_unknown_is_not_over),
        TEST(scenario_19_the_whole_chain),
        TEST(scenario_19_one_rule_by_reference),
        TEST(scenario_19_the_chain_is_a_persons_to_mend),
        TEST(scenario_20_our_table_is_added),
        TEST(scenario_20_the_one_that_serves),
        TEST(scenario_20_a_table_of_strangers),
        TEST(scenario_20_a_copy_has_the_entry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
