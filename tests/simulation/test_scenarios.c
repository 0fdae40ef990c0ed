/* What people who run such networks have been hurt by, one test each, by the project's numbers: an
 * input state, every mutating call that is made, and those that are not. Each ends with a second
 * run that sends nothing. Each is judged twice: as shipped it must hold, and with the rule that it
 * covers switched off it must not (the extra test build, VPC_TEST_FAULTS). */
#include "support/rules_off.h"
#include "support/trial.h"

#define IPV4 "RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0"
#define IPV6 "RouteTableId=%s&DestinationIpv6CidrBlock=%%3A%%3A%%2F0"
#define TGW "tgw-0123456789abcdef0"

struct stage {
    struct trial *trial;
    struct trial_world world;
    char config[4096];
    uint64_t calls[EC2_ACTION_COUNT]; /* as of stage_mark() */
};

static void stage_mark(struct stage *stage)
{
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        stage->calls[i] = simulator_calls(stage->trial->simulator, (enum ec2_action)i);
    trial_forget_events(stage->trial);
}

static void stage_config(struct stage *stage, unsigned flags, const char *extra)
{
    snprintf(stage->config, sizeof(stage->config), "%s",
             trial_world_config(&stage->world, flags, extra));
    stage->trial->config_text = stage->config;
}

/* A healthy world, and a healthy run of the daemon in it. */
static void stage_begin(struct stage *stage, unsigned flags)
{
    stage->trial = trial_new(17);
    trial_build_world(stage->trial, &stage->world, flags);
    stage_config(stage, flags, "");
    stage->trial->now.monotonic_ms += 300000; /* what was being made is */
    stage->trial->now.wall_ms += 300000;
    assert_int_equal(trial_once(stage->trial), MANAGER_IN_SYNC);
    stage_mark(stage);
    rule_off_now();
}

static void stage_end(struct stage *stage)
{
    rules_on();
    trial_free(stage->trial);
    stage->trial = NULL;
}

struct calls {
    enum ec2_action action;
    unsigned n;
};
#define NOTHING                                                                                    \
    (const struct calls[])                                                                         \
    {                                                                                              \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/* All mutating calls since stage_mark(), and no other. */
static void assert_sent(struct stage *stage, const char *name, const struct calls *expected)
{
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++) {
        uint64_t got =
            simulator_calls(stage->trial->simulator, (enum ec2_action)i) - stage->calls[i];
        unsigned want = 0;

        for (const struct calls *call = expected; call->n; call++)
            if (call->action == i)
                want = call->n;
        if (ec2_action_table[i].mutates && got != want) {
            trial_print_events(stage->trial);
            fail_msg("%s: %s was sent %llu times, expected %u", name, ec2_action_table[i].name,
                     (unsigned long long)got, want);
        }
    }
}

/* Runs to the end, and once more: then nothing is sent. */
static void assert_run(struct stage *stage, const char *name, int exit_code,
                       const struct calls *expected)
{
    int code;

    stage_mark(stage);
    code = trial_once(stage->trial);
    if (code != exit_code) {
        trial_print_events(stage->trial);
        fail_msg("%s: ended with %d, expected %d", name, code, exit_code);
    }
    assert_sent(stage, name, expected);
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        stage->calls[i] = simulator_calls(stage->trial->simulator, (enum ec2_action)i);
    assert_int_equal(trial_once(stage->trial), exit_code);
    assert_sent(stage, "the second run", NOTHING);
}

static unsigned count_text(const char *text, const char *part)
{
    unsigned n = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        n++;
    return n;
}

static unsigned count_in_world(struct stage *stage, const char *part)
{
    CLEANUP(buf_free)
    struct buf world = {0};

    trial_dump(stage->trial, &world);
    return count_text(buf_string(&world), part);
}

/* The world is as it was, to the byte. */
static void assert_world_is(struct stage *stage, const struct buf *before)
{
    CLEANUP(buf_free)
    struct buf after = {0};
    size_t at = 0, from;

    trial_dump(stage->trial, &after);
    while (at < before->n && at < after.n && before->data[at] == after.data[at])
        at++;
    from = at > 300 ? at - 300 : 0;
    if (at < before->n || at < after.n)
        fail_msg("the world was:\n%.600s\nand is:\n%.600s", buf_string(before) + from,
                 buf_string(&after) + from);
}

/* ---- 1: foreign EIGWs visible ---- */

static void foreign_egress_only_gateways(void **state)
{
    struct stage stage;
    char foreign[3][40];

    (void)state;
    stage_begin(&stage, 0);
    for (unsigned i = 0; i < 3; i++) { /* five VPCs and five EIGWs: all that the account may have */
        const char *vpc = trial_element(
            trial_call(stage.trial, "CreateVpc", trial_text("CidrBlock=10.%u.0.0%%2F16", 20 + i)),
            "vpcId");

        snprintf(foreign[i], sizeof(foreign[i]), "%s",
                 trial_element(trial_call(stage.trial, "CreateEgressOnlyInternetGateway",
                                          trial_text("VpcId=%s", vpc)),
                               "egressOnlyInternetGatewayId"));
    }
    trial_call(stage.trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", stage.world.eigw));
    assert_run(&stage, "ours is missing, four foreign ones are there", MANAGER_IN_SYNC,
               (const struct calls[]){
                   {EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 3}, {0}});
    for (unsigned i = 0; i < 3; i++)
        assert_true(count_in_world(&stage, foreign[i]) > 0);
    assert_true(count_in_world(&stage, stage.world.foreign_eigw) > 0);
    assert_non_null(strstr(trial_file(stage.trial, MANAGER_HISTORY_FILE), "ClientToken"));
    stage_end(&stage);
}

static void two_candidates_are_reported(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    /* The stranger's reads as attached to our VPC, too. */
    trial_edit(stage.trial, stage.world.foreign_eigw, stage.world.foreign_vpc, stage.world.vpc);
    assert_run(&stage, "two candidates, all routes right", MANAGER_IN_SYNC, NOTHING);
    trial_call(stage.trial, "DeleteRoute", trial_text(IPV6, stage.world.private_table[0]));
    assert_run(&stage, "two candidates, a route is missing", MANAGER_DRIFT, NOTHING);
    assert_non_null(strstr(trial_last(stage.trial, EVENT_FINDING_HELD, "route-missing")->message,
                           "several egress-only internet gateways"));
    stage_end(&stage);
}

/* ---- 2: other people's routes beside a wrong default ---- */

static void other_peoples_routes_stay(void **state)
{
    struct stage stage;
    CLEANUP(buf_free)
    struct buf before = {0};

    (void)state;
    stage_begin(&stage, 0);
    trial_dump(stage.trial, &before); /* peering, propagated and prefix list routes in each table */
    assert_true(count_text(buf_string(&before), "EnableVgwRoutePropagation") == 4);
    trial_call(stage.trial, "ReplaceRoute",
               trial_text(IPV4 "&GatewayId=%s", stage.world.private_table[1], stage.world.igw));
    assert_run(&stage, "the default leads to the IGW", MANAGER_IN_SYNC,
               (const struct calls[]){{EC2_REPLACE_ROUTE, 1}, {0}});
    assert_world_is(&stage, &before);
    stage_end(&stage);
}

static void a_propagated_default_stays(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_call(stage.trial, "DeleteRoute", trial_text(IPV4, stage.world.public_table));
    trial_edit(stage.trial, trial_text("\"%s\"", stage.world.public_table), "\"10.60.0.0/16\"",
               "\"0.0.0.0/0\"");
    stage_config(&stage, 0, ", \"repair\": {\"*\": \"auto\"}");
    assert_run(&stage, "the default is propagated", MANAGER_DRIFT, NOTHING);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "route-foreign-target"), 2);
    stage_end(&stage);
}

/* ---- 3: the default vanished from an existing, associated table ---- */

static void a_vanished_default_is_back_as_it_was(void **state)
{
    (void)state;
    for (unsigned table = 0; table < 4; table++)
        for (unsigned families = 1; families <= 3; families++) {
            struct stage stage;
            CLEANUP(buf_free)
            struct buf before = {0};
            const char *id;

            stage_begin(&stage, 0);
            id = table < 3 ? stage.world.private_table[table] : stage.world.public_table;
            trial_dump(stage.trial, &before);
            if (families & 1)
                trial_call(stage.trial, "DeleteRoute", trial_text(IPV4, id));
            if (families & 2)
                trial_call(stage.trial, "DeleteRoute", trial_text(IPV6, id));
            assert_run(&stage, id, MANAGER_IN_SYNC,
                       (const struct calls[]){{EC2_CREATE_ROUTE, families == 3 ? 2 : 1}, {0}});
            /* Its own zone's NAT gateway among three; the order of routes is AWS's own. */
            if (table < 3 && (families & 1))
                assert_true(count_in_world(&stage, stage.world.nat[table]) ==
                            count_text(buf_string(&before), stage.world.nat[table]));
            assert_int_equal(count_in_world(&stage, "\"active\""),
                             count_text(buf_string(&before), "\"active\""));
            assert_int_equal(trial_count(stage.trial, EVENT_FINDING_REPAIRED, "route-missing"),
                             families == 3 ? 2 : 1);
            stage_end(&stage);
        }
}

/* ---- 10: incomplete knowledge ---- */

static void a_denied_list_is_unknown_and_the_rest_goes_on(void **state)
{
    struct stage stage;
    const struct trial_event *event;

    (void)state;
    stage_begin(&stage, 0);
    trial_call(stage.trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", stage.world.eigw));
    trial_call(stage.trial, "DeleteRoute", trial_text(IPV4, stage.world.private_table[0]));
    trial_call(stage.trial, "DeleteRoute", trial_text(IPV4, stage.world.public_table));
    stage_mark(&stage);
    stage.trial->fault_action = "DescribeNatGateways";
    stage.trial->fault = "unauthorized-operation";
    stage.trial->service = true;
    trial_start(stage.trial);
    trial_run(stage.trial, 1800000);
    /* The gateway rests on no NAT gateway; the routes do, and nothing is known of them. */
    assert_sent(&stage, "NAT gateways denied",
                (const struct calls[]){{EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1}, {0}});
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_OPENED, "route-missing"), 0);
    /* The permission is named, once in half an hour. */
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "observation-incomplete"), 1);
    event = trial_last(stage.trial, EVENT_FINDING_HELD, "observation-incomplete");
    assert_non_null(strstr(event->message, "ec2:DescribeNatGateways"));
    /* Given it, the rest is repaired. */
    stage.trial->fault_action = NULL;
    trial_run(stage.trial, 300000);
    assert_sent(&stage, "given the permission",
                (const struct calls[]){{EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
                                       {EC2_CREATE_ROUTE, 2},
                                       {EC2_REPLACE_ROUTE, 3},
                                       {0}});
    assert_non_null(trial_last(stage.trial, EVENT_FINDING_RESOLVED, "observation-incomplete"));
    stage_end(&stage);
}

/* Whatever happens to a list, the answer is "unknown": nothing that rests on it is made or written.
 */
static void a_list_that_fails_makes_nothing(void **state)
{
    static const char *const actions[] = {
        "DescribeVpcs",
        "DescribeSubnets",
        "DescribeRouteTables",
        "DescribeInternetGateways",
        "DescribeEgressOnlyInternetGateways",
    };
    static const char *const faults[] = {"unauthorized-operation", "request-limit-exceeded",
                                         "internal-error",         "truncated-xml",
                                         "next-token-loop",        "missing-list"};

    (void)state;
    for (size_t a = 0; a < ARRAY_SIZE(actions); a++)
        for (size_t f = 0; f < ARRAY_SIZE(faults); f++) {
            struct stage stage;
            int code;

            stage_begin(&stage, WORLD_WITHOUT_NAT);
            /* It rests on every one of these lists but this, and throttled passes take so long that
             * two looks are enough for it. */
            if (!text_equal(actions[a], "DescribeEgressOnlyInternetGateways"))
                trial_call(
                    stage.trial, "DetachInternetGateway",
                    trial_text("InternetGatewayId=%s&VpcId=%s", stage.world.igw, stage.world.vpc));
            trial_call(stage.trial, "DeleteEgressOnlyInternetGateway",
                       trial_text("EgressOnlyInternetGatewayId=%s", stage.world.eigw));
            stage_mark(&stage);
            stage.trial->fault_action = actions[a];
            stage.trial->fault = faults[f];
            /* Longer than the retries of three looks may take. */
            stage.trial->main_text = "{\"confirm_after\": \"60s\"}";
            code = trial_once(stage.trial);
            if (code != MANAGER_UNKNOWN)
                fail_msg("%s, %s: ended with %d", actions[a], faults[f], code);
            /* --once gives up after three looks, so nothing was looked at long enough either. */
            assert_sent(&stage, actions[a], NOTHING);
            assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "observation-incomplete"),
                             1);
            stage_end(&stage);
        }
}

/* ---- 11: the association is lost, or leads to a foreign table ---- */

static void a_lost_association_comes_back(void **state)
{
    struct stage stage;
    unsigned n_tables;

    (void)state;
    stage_begin(&stage, 0);
    n_tables = count_in_world(&stage, "\"routeSet\"");
    for (unsigned i = 0; i < 3; i++)
        trial_call(stage.trial, "DisassociateRouteTable",
                   trial_text("AssociationId=%s", stage.world.private_association[i]));
    assert_run(&stage, "all three lost", MANAGER_IN_SYNC,
               (const struct calls[]){{EC2_ASSOCIATE_ROUTE_TABLE, 3}, {0}});
    assert_int_equal(count_in_world(&stage, "\"routeSet\""), n_tables);
    for (unsigned i = 0; i < 3; i++) {
        const char *body =
            trial_call(stage.trial, "DescribeRouteTables",
                       trial_text("Filter.1.Name=association.subnet-id&Filter.1.Value.1=%s",
                                  stage.world.private_subnet[i]));

        assert_string_equal(trial_element(body, "routeTableId"), stage.world.private_table[i]);
    }
    stage_end(&stage);
}

/* Without any history the zone's own table is found by what it leads to. */
static void a_lost_association_without_history(void **state)
{
    struct stage stage;
    const char *body;

    (void)state;
    stage_begin(&stage, 0);
    trial_set_file(stage.trial, MANAGER_HISTORY_FILE, NULL);
    trial_call(stage.trial, "DisassociateRouteTable",
               trial_text("AssociationId=%s", stage.world.private_association[1]));
    assert_run(&stage, "lost", MANAGER_IN_SYNC,
               (const struct calls[]){{EC2_ASSOCIATE_ROUTE_TABLE, 1}, {0}});
    body = trial_call(stage.trial, "DescribeRouteTables",
                      trial_text("Filter.1.Name=association.subnet-id&Filter.1.Value.1=%s",
                                 stage.world.private_subnet[1]));
    assert_string_equal(trial_element(body, "routeTableId"), stage.world.private_table[1]);
    stage_end(&stage);
}

static void a_foreign_table_is_reported(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_call(stage.trial, "ReplaceRouteTableAssociation",
               trial_text("AssociationId=%s&RouteTableId=%s", stage.world.private_association[2],
                          stage.world.other_table));
    stage_config(&stage, 0, ", \"repair\": {\"*\": \"auto\"}");
    assert_run(&stage, "on somebody's table", MANAGER_DRIFT, NOTHING);
    assert_non_null(strstr(trial_last(stage.trial, EVENT_FINDING_HELD, "route-missing")->message,
                           stage.world.other_subnet));
    stage_end(&stage);
}

/* ---- 17: the internet gateway ---- */

static void detach(struct stage *stage)
{
    trial_call(stage->trial, "DetachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", stage->world.igw, stage->world.vpc));
}

static void a_detached_gateway_is_attached_again(void **state)
{
    struct stage stage;
    CLEANUP(buf_free)
    struct buf before = {0};

    (void)state;
    stage_begin(&stage, WORLD_WITHOUT_NAT);
    trial_dump(stage.trial, &before);
    detach(&stage);
    assert_run(&stage, "detached", MANAGER_IN_SYNC,
               (const struct calls[]){{EC2_ATTACH_INTERNET_GATEWAY, 1}, {0}});
    assert_world_is(&stage, &before);
    stage_end(&stage);
}

/* No history, no route that names it: our tag alone says whose it is. */
static void an_unattached_one_of_ours_is_used(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, WORLD_WITHOUT_NAT);
    trial_set_file(stage.trial, MANAGER_HISTORY_FILE, NULL);
    trial_call(stage.trial, "CreateTags",
               trial_text("ResourceId.1=%s&Tag.1.Key=vpc-reconciled%%3Aowner&"
                          "Tag.1.Value=vpc-reconciled%%2F%s",
                          stage.world.igw, stage.world.vpc));
    detach(&stage);
    trial_call(stage.trial, "DeleteRoute", trial_text(IPV4, stage.world.public_table));
    trial_call(stage.trial, "DeleteRoute", trial_text(IPV6, stage.world.public_table));
    assert_run(
        &stage, "ours, unattached", MANAGER_IN_SYNC,
        (const struct calls[]){{EC2_ATTACH_INTERNET_GATEWAY, 1}, {EC2_CREATE_ROUTE, 2}, {0}});
    stage_end(&stage);
}

/* An unattached one without our tag is a stranger's: ours is made anew. */
static void a_strangers_unattached_one_is_left(void **state)
{
    struct stage stage;
    char stranger[40];

    (void)state;
    stage_begin(&stage, WORLD_WITHOUT_NAT);
    snprintf(
        stranger, sizeof(stranger), "%s",
        trial_element(trial_call(stage.trial, "CreateInternetGateway", ""), "internetGatewayId"));
    detach(&stage);
    trial_call(stage.trial, "DeleteInternetGateway",
               trial_text("InternetGatewayId=%s", stage.world.igw));
    assert_run(&stage, "deleted, a stranger's is there", MANAGER_IN_SYNC,
               (const struct calls[]){{EC2_CREATE_INTERNET_GATEWAY, 1},
                                      {EC2_ATTACH_INTERNET_GATEWAY, 1},
                                      {EC2_REPLACE_ROUTE, 2},
                                      {0}});
    trial_call(stage.trial, "DeleteInternetGateway", /* it would fail if it were attached */
               trial_text("InternetGatewayId=%s", stranger));
    stage_end(&stage);
}

static void a_foreign_one_that_is_attached_is_used(void **state)
{
    struct stage stage;
    char foreign[40];

    (void)state;
    stage_begin(&stage, WORLD_WITHOUT_NAT);
    detach(&stage);
    trial_call(stage.trial, "DeleteInternetGateway",
               trial_text("InternetGatewayId=%s", stage.world.igw));
    snprintf(
        foreign, sizeof(foreign), "%s",
        trial_element(trial_call(stage.trial, "CreateInternetGateway", ""), "internetGatewayId"));
    trial_call(stage.trial, "AttachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", foreign, stage.world.vpc));
    assert_run(&stage, "somebody attached another one", MANAGER_IN_SYNC,
               (const struct calls[]){{EC2_REPLACE_ROUTE, 2}, {0}});
    assert_true(count_in_world(&stage, foreign) >= 3); /* itself and two routes */
    stage_end(&stage);
}

/* The one that was ours serves another VPC now: it stays there. */
static void none_is_taken_from_another_vpc(void **state)
{
    struct stage stage;
    const char *vpc;

    (void)state;
    stage_begin(&stage, WORLD_WITHOUT_NAT);
    detach(&stage);
    vpc = trial_element(trial_call(stage.trial, "CreateVpc", "CidrBlock=10.30.0.0%2F16"), "vpcId");
    trial_call(stage.trial, "AttachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", stage.world.igw, vpc));
    assert_run(&stage, "ours serves another VPC", MANAGER_IN_SYNC,
               (const struct calls[]){{EC2_CREATE_INTERNET_GATEWAY, 1},
                                      {EC2_ATTACH_INTERNET_GATEWAY, 1},
                                      {EC2_REPLACE_ROUTE, 2},
                                      {0}});
    trial_call(stage.trial, "DetachInternetGateway", /* it is still there */
               trial_text("InternetGatewayId=%s&VpcId=%s", stage.world.igw, vpc));
    stage_end(&stage);
}

/* ---- 23: intentional other egress ---- */

static void functions_declare(struct stage *stage, const char *ipv4)
{
    char *at = strstr(stage->config, "\"ipv4\": \"nat-gateway\"");
    char rest[2048];

    assert_non_null(at);
    snprintf(rest, sizeof(rest), "%s", at + strlen("\"ipv4\": \"nat-gateway\""));
    snprintf(at, sizeof(stage->config) - (size_t)(at - stage->config), "\"ipv4\": %s%s", ipv4,
             rest);
}

static void to_tgw(struct stage *stage, unsigned table)
{
    trial_call(stage->trial, "ReplaceRoute",
               trial_text(IPV4 "&TransitGatewayId=" TGW, stage->world.private_table[table]));
}

static void a_declared_transit_gateway_is_right(void **state)
{
    static const char *const declared[] = {"{\"any\": [\"nat-gateway\", \"" TGW "\"]}",
                                           "{\"any\": [\"" TGW "\", \"nat-gateway\"]}"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(declared); i++) {
        struct stage stage;

        stage_begin(&stage, 0);
        functions_declare(&stage, declared[i]);
        to_tgw(&stage, 1);
        assert_run(&stage, declared[i], MANAGER_IN_SYNC, NOTHING);
        stage_end(&stage);
    }
}

static void a_dead_one_is_watched_and_not_replaced(void **state)
{
    static const char *const declared[] = {"{\"any\": [\"nat-gateway\", \"" TGW "\"]}",
                                           "\"nat-gateway\""};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(declared); i++) {
        struct stage stage;

        stage_begin(&stage, 0);
        stage_config(&stage, 0, ", \"repair\": {\"*\": \"auto\"}");
        functions_declare(&stage, declared[i]);
        to_tgw(&stage, 1);
        trial_edit(stage.trial, TGW, "\"active\"", "\"blackhole\"");
        assert_run(&stage, declared[i], MANAGER_DRIFT, NOTHING);
        assert_non_null(
            strstr(trial_last(stage.trial, EVENT_FINDING_HELD, "route-foreign-target")->message,
                   "which is dead"));
        stage_end(&stage);
    }
}

static void an_undeclared_one_is_reported(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    stage_config(&stage, 0, ", \"repair\": {\"*\": \"auto\"}");
    to_tgw(&stage, 0);
    to_tgw(&stage, 2);
    assert_run(&stage, "two tables lead to a TGW", MANAGER_DRIFT, NOTHING);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "route-foreign-target"), 4);
    stage_end(&stage);
}

/* Its route vanished after a healthy pass: whoever set it sets it again, the daemon puts nothing in
 * its place. */
static void a_lost_one_is_not_replaced_by_ours(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    functions_declare(&stage, "{\"any\": [\"nat-gateway\", \"" TGW "\"]}");
    to_tgw(&stage, 1);
    assert_run(&stage, "healthy, to the TGW", MANAGER_IN_SYNC, NOTHING);
    trial_call(stage.trial, "DeleteRoute", trial_text(IPV4, stage.world.private_table[1]));
    assert_run(&stage, "and gone", MANAGER_DRIFT, NOTHING);
    assert_non_null(
        strstr(trial_last(stage.trial, EVENT_FINDING_HELD, "route-foreign-target")->message,
               "when last healthy"));
    stage_end(&stage);
}

/* All of the VPC's egress goes through a TGW: no gateway of any kind is made just in case. */
static void nothing_is_built_just_in_case(void **state)
{
    struct stage stage;
    char config[1024];

    (void)state;
    stage_begin(&stage, WORLD_WITHOUT_NAT);
    detach(&stage);
    trial_call(stage.trial, "DeleteInternetGateway",
               trial_text("InternetGatewayId=%s", stage.world.igw));
    trial_call(stage.trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", stage.world.eigw));
    for (unsigned i = 0; i < 3; i++)
        trial_call(stage.trial, "CreateRoute",
                   trial_text(IPV4 "&TransitGatewayId=" TGW, stage.world.private_table[i]));
    snprintf(config, sizeof(config),
             "{\"name\": \"trial\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\", "
             "\"mode\": \"repair\", \"repair\": {\"*\": \"auto\"}, \"subnet_groups\": "
             "{\"functions\": {\"match\": [\"%s\", \"%s\", \"%s\"], \"ipv4\": \"" TGW "\"}}}",
             stage.world.vpc, stage.world.private_subnet[0], stage.world.private_subnet[1],
             stage.world.private_subnet[2]);
    stage.trial->config_text = config;
    assert_run(&stage, "egress by TGW alone", MANAGER_IN_SYNC, NOTHING);
    trial_call(stage.trial, "DeleteRoute", trial_text(IPV4, stage.world.private_table[0]));
    assert_run(&stage, "and one of its routes is gone", MANAGER_DRIFT, NOTHING);
    stage_end(&stage);
}

SCENARIO(01, foreign_egress_only_gateways, FAULT_FOREIGN_GATEWAYS_COUNT)
SCENARIO(01, two_candidates_are_reported, FAULT_FIRST_GATEWAY_WINS)
SCENARIO(02, other_peoples_routes_stay, NO_FAULT)
SCENARIO(02, a_propagated_default_stays, FAULT_FOREIGN_TARGET_REPLACED)
SCENARIO(03, a_vanished_default_is_back_as_it_was, FAULT_ZONES_ALIKE)
SCENARIO(10, a_denied_list_is_unknown_and_the_rest_goes_on, FAULT_PART_IS_WHOLE)
SCENARIO(10, a_list_that_fails_makes_nothing, FAULT_PART_IS_WHOLE)
SCENARIO(11, a_lost_association_comes_back, FAULT_TABLES_UNSOUGHT)
SCENARIO(11, a_lost_association_without_history, FAULT_TABLES_UNSOUGHT)
SCENARIO(11, a_foreign_table_is_reported, FAULT_SHARED_TABLES_WRITTEN)
SCENARIO(17, a_detached_gateway_is_attached_again, FAULT_DETACHED_UNSOUGHT)
SCENARIO(17, an_unattached_one_of_ours_is_used, FAULT_DETACHED_UNSOUGHT)
SCENARIO(17, a_strangers_unattached_one_is_left, FAULT_STRANGERS_GATEWAY_TAKEN)
SCENARIO(17, a_foreign_one_that_is_attached_is_used, NO_FAULT)
SCENARIO(17, none_is_taken_from_another_vpc, FAULT_FOREIGN_GATEWAYS_COUNT)
SCENARIO(23, a_declared_transit_gateway_is_right, NO_FAULT)
SCENARIO(23, a_dead_one_is_watched_and_not_replaced, FAULT_FOREIGN_TARGET_REPLACED)
SCENARIO(23, an_undeclared_one_is_reported, FAULT_FOREIGN_TARGET_REPLACED)
SCENARIO(23, a_lost_one_is_not_replaced_by_ours, FAULT_FOREIGN_TARGET_REPLACED)
SCENARIO(23, nothing_is_built_just_in_case, FAULT_BUILT_UNWANTED)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenario_01_foreign_egress_only_gateways),
        cmocka_unit_test(scenario_01_two_candidates_are_reported),
        cmocka_unit_test(scenario_02_other_peoples_routes_stay),
        cmocka_unit_test(scenario_02_a_propagated_default_stays),
        cmocka_unit_test(scenario_03_a_vanished_default_is_back_as_it_was),
        cmocka_unit_test(scenario_10_a_denied_list_is_unknown_and_the_rest_goes_on),
        cmocka_unit_test(scenario_10_a_list_that_fails_makes_nothing),
        cmocka_unit_test(scenario_11_a_lost_association_comes_back),
        cmocka_unit_test(scenario_11_a_lost_association_without_history),
        cmocka_unit_test(scenario_11_a_foreign_table_is_reported),
        cmocka_unit_test(scenario_17_a_detached_gateway_is_attached_again),
        cmocka_unit_test(scenario_17_an_unattached_one_of_ours_is_used),
        cmocka_unit_test(scenario_17_a_strangers_unattached_one_is_left),
        cmocka_unit_test(scenario_17_a_foreign_one_that_is_attached_is_used),
        cmocka_unit_test(scenario_17_none_is_taken_from_another_vpc),
        cmocka_unit_test(scenario_23_a_declared_transit_gateway_is_right),
        cmocka_unit_test(scenario_23_a_dead_one_is_watched_and_not_replaced),
        cmocka_unit_test(scenario_23_an_undeclared_one_is_reported),
        cmocka_unit_test(scenario_23_a_lost_one_is_not_replaced_by_ours),
        cmocka_unit_test(scenario_23_nothing_is_built_just_in_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
