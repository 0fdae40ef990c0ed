/* Scenario 22: all routes right, still blocked. Layers that defeat correct routes are named, goals
 * that fail are explained by what broke first, and nothing of it is ever written. With the rule
 * that a scenario covers switched off it must not hold (the extra test build, VPC_TEST_FAULTS). */
#include "support/rules_off.h"
#include "support/service.h"

struct layer_case {
    const char *name, *extra; /* extra: keys of the target */
    const char *group_extra;  /* keys of the group "functions"; %s is the security group */
    void (*break_it)(struct stage *stage);
    const char *drift;    /* the one that is found; NULL: in sync */
    const char *contains; /* of its message */
    const char *forbidden;
};

static char security_group[40]; /* of the VPC; lets nothing out */

/* ---- what breaks ---- */

static void nothing(struct stage *stage)
{
    (void)stage;
}

static void block_public_access(struct stage *stage)
{
    trial_call(stage->trial, "ModifyVpcBlockPublicAccessOptions",
               "InternetGatewayBlockMode=block-bidirectional");
}

static void block_ingress(struct stage *stage)
{
    trial_call(stage->trial, "ModifyVpcBlockPublicAccessOptions",
               "InternetGatewayBlockMode=block-ingress");
}

/* A new ACL has the default deny only. */
static void empty_acl(struct stage *stage)
{
    const char *acl, *xml, *association;

    xml = trial_call(stage->trial, "DescribeNetworkAcls",
                     trial_text("Filter.1.Name=vpc-id&Filter.1.Value.1=%s"
                                "&Filter.2.Name=association.subnet-id&Filter.2.Value.1=%s",
                                stage->world.vpc, stage->world.private_subnet[0]));
    /* the association of this subnet: its id stands before the subnet's */
    association = strstr(xml, stage->world.private_subnet[0]);
    assert_non_null(association);
    while (strncmp(association, "aclassoc-", 9) != 0)
        association--;
    association = trial_text("%.*s", (int)strcspn(association, "<"), association);
    acl = trial_element(
        trial_call(stage->trial, "CreateNetworkAcl", trial_text("VpcId=%s", stage->world.vpc)),
        "networkAclId");
    trial_call(stage->trial, "ReplaceNetworkAclAssociation",
               trial_text("AssociationId=%s&NetworkAclId=%s", association, acl));
}

/* Out goes everything; of the answers only those to port 443 come back. */
static void no_return_ports(struct stage *stage)
{
    const char *acl = trial_element(
        trial_call(stage->trial, "DescribeNetworkAcls",
                   trial_text("Filter.1.Name=association.subnet-id&Filter.1.Value.1=%s",
                              stage->world.private_subnet[0])),
        "networkAclId");

    trial_call(stage->trial, "DeleteNetworkAclEntry",
               trial_text("NetworkAclId=%s&RuleNumber=100&Egress=false", acl));
    trial_call(stage->trial, "CreateNetworkAclEntry",
               trial_text("NetworkAclId=%s&RuleNumber=90&Protocol=6&RuleAction=allow&Egress=false"
                          "&CidrBlock=0.0.0.0%%2F0&PortRange.From=443&PortRange.To=443",
                          acl));
}

static void lose_a_route_too(struct stage *stage)
{
    block_public_access(stage);
    trial_call(stage->trial, "DeleteRoute", trial_text(IPV4, stage->world.private_table[1]));
}

static void open_group(struct stage *stage)
{
    trial_call(stage->trial, "AuthorizeSecurityGroupEgress",
               trial_text("GroupId=%s&IpPermissions.1.IpProtocol=-1"
                          "&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%%2F0",
                          security_group));
}

static void dns_off(struct stage *stage)
{
    trial_call(stage->trial, "ModifyVpcAttribute",
               trial_text("VpcId=%s&EnableDnsSupport.Value=false", stage->world.vpc));
}

/* ---- the cases ---- */

#define GROUP "\"security_groups\": [\"%s\"], "
#define REACH(to) ", \"must_reach\": [{\"from\": \"functions\", \"to\": \"" to "\"}]"

static const struct layer_case cases[] = {
    {"nothing is wrong", REACH("internet"), "", nothing, NULL, NULL, NULL},
    {"block public access, both ways", "", "", block_public_access, "block-public-access",
     "Routes and gateways do not help here", "unreachable"},
    /* NAT gateways and the egress-only one work under it; others' answers don't come back
     * (aws-facts 2.7). */
    {"block public access, inbound", "", "", block_ingress, "block-public-access", "Group public",
     "unreachable"},
    {"a network ACL with the default deny only", "", "", empty_acl, "network-acl-blocks",
     "cannot reach the internet over IPv", "unreachable"},
    {"a network ACL without ephemeral return ports", REACH("internet"), "", no_return_ports,
     "network-acl-blocks", "Group ", "unreachable"},
    {"a group that lets nothing out", REACH("internet"), GROUP, nothing, "unreachable",
     "security group", "network-acl-blocks"},
    {"a group that lets IPv4 out alone", REACH("internet"), GROUP, open_group, "unreachable",
     "the internet over IPv6", "network-acl-blocks"},
    {"a group that lets IPv4 out, and IPv4 is enough", REACH("logs"), GROUP, open_group, NULL, NULL,
     NULL},
    /* What leaves through somebody's appliance is unknown, never "no". */
    {"a network behind a peering", REACH("10.50.0.7"), "", nothing, NULL, NULL, NULL},
    {"a private network that only the default leads to", REACH("172.31.0.0/16"), "", nothing,
     "unreachable", "172.31.0.0/16", NULL},
    {"services without DNS", "", "\"services\": [\"logs\"], ", dns_off, NULL, NULL, NULL},
};

static void declare(struct stage *stage, const struct layer_case *row)
{
    const char *text = trial_world_config(&stage->world, 0, row->extra),
               *at = strstr(text, "\"functions\": {");
    char keys[200];

    at += strlen("\"functions\": {");
    if (strstr(row->group_extra, "%s"))
        snprintf(keys, sizeof(keys), "\"security_groups\": [\"%s\"], ", security_group);
    else
        snprintf(keys, sizeof(keys), "%s", row->group_extra);
    snprintf(stage->config, sizeof(stage->config), "%.*s%s%s", (int)(at - text), text, keys, at);
    stage->trial->config_text = stage->config;
}

static void begin(struct stage *stage)
{
    stage_begin(stage, 0);
    rule_off_now();
}

static void end(struct stage *stage)
{
    rules_on();
    stage_end(stage);
}

static bool run(const struct layer_case *row)
{
    struct stage stage;
    int code;
    bool right;

    begin(&stage);
    snprintf(security_group, sizeof(security_group), "%s",
             trial_element(
                 trial_call(stage.trial, "CreateSecurityGroup",
                            trial_text("GroupName=f&GroupDescription=d&VpcId=%s", stage.world.vpc)),
                 "groupId"));
    trial_call(stage.trial, "RevokeSecurityGroupEgress",
               trial_text("GroupId=%s&IpPermissions.1.IpProtocol=-1"
                          "&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%%2F0"
                          "&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=%%3A%%3A%%2F0",
                          security_group));
    declare(&stage, row);
    row->break_it(&stage);
    stage_mark(&stage);
    stage.trial->service = false;
    code = trial_once(stage.trial);
    right = code == (row->drift ? MANAGER_DRIFT : MANAGER_IN_SYNC);
    if (row->drift) {
        const struct trial_event *event = trial_last(stage.trial, EVENT_FINDING_HELD, row->drift);

        right &= event && strstr(event->message, row->contains);
    } else {
        right &= trial_count(stage.trial, EVENT_FINDING_HELD, NULL) == 0;
    }
    right &= !row->forbidden || !trial_count(stage.trial, EVENT_FINDING_HELD, row->forbidden);
    if (!right) {
        trial_print_events(stage.trial);
        print_error("%s: --once ended with %d\n\n", row->name, code);
    }
    assert_sent(&stage, row->name, NOTHING);
    end(&stage);
    return right;
}

static void routes_right_and_still_blocked(void **state)
{
    unsigned n_wrong = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        n_wrong += !run(&cases[i]);
    assert_int_equal(n_wrong, 0);
}

/* The layer is reported; the route, which helps nobody yet, is still put back: it is right. */
static void the_rest_is_repaired(void **state)
{
    struct stage stage;

    (void)state;
    begin(&stage);
    lose_a_route_too(&stage);
    stage_mark(&stage);
    stage.trial->service = false;
    assert_int_equal(trial_once(stage.trial), MANAGER_DRIFT);
    assert_sent(&stage, "a route lost under a block",
                (const struct calls[]){{EC2_CREATE_ROUTE, 1}, {0, 0}});
    assert_non_null(trial_last(stage.trial, EVENT_FINDING_HELD, "block-public-access"));
    /* and it goes when the block goes */
    trial_call(stage.trial, "ModifyVpcBlockPublicAccessOptions", "InternetGatewayBlockMode=off");
    trial_forget_events(stage.trial);
    assert_int_equal(trial_once(stage.trial), MANAGER_IN_SYNC);
    end(&stage);
}

/* Encryption control that is enforced: said, as nobody documents what it stops. */
static void encryption_control(void **state)
{
    struct stage stage;
    CLEANUP(buf_free)
    struct buf world = {0}, changed = {0};
    const char *at;
    struct json_error error;

    (void)state;
    begin(&stage);
    simulator_dump(stage.trial->simulator, stage.trial->now, &world);
    at = strstr(buf_string(&world), trial_text("\"vpcId\":\"%s\",", stage.world.vpc));
    if (!at)
        at = strstr(buf_string(&world), trial_text("\"vpcId\": \"%s\",", stage.world.vpc));
    assert_non_null(at);
    at = strchr(at, ',') + 1;
    buf_add(&changed, world.data, (size_t)(at - world.data));
    buf_text(&changed, "\"encryptionControl\": {\"mode\": \"enforce\", \"state\": \"available\"},");
    buf_text(&changed, at);
    assert_int_equal(
        simulator_load(stage.trial->simulator, stage.trial->now, changed.data, changed.n, &error),
        0);
    stage_mark(&stage);
    stage.trial->service = false;
    assert_int_equal(trial_once(stage.trial), MANAGER_DRIFT);
    assert_non_null(trial_last(stage.trial, EVENT_FINDING_HELD, "encryption-control"));
    assert_sent(&stage, "encryption control", NOTHING);
    end(&stage);
}

SCENARIO(22, routes_right_and_still_blocked, FAULT_BLOCK_PUBLIC_ACCESS_UNREAD,
         FAULT_NETWORK_ACLS_UNREAD, FAULT_SECURITY_GROUPS_UNREAD)
SCENARIO(22, the_rest_is_repaired, FAULT_BLOCK_PUBLIC_ACCESS_UNREAD)
SCENARIO(22, encryption_control, FAULT_ENCRYPTION_CONTROL_UNREAD)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenario_22_routes_right_and_still_blocked),
        cmocka_unit_test(scenario_22_the_rest_is_repaired),
        cmocka_unit_test(scenario_22_encryption_control),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
