/* Targets that do not resolve as declared: groups that shrank, VPCs that are not there, not ours,
 * or two; several targets side by side. */
#include "support/service.h"

static void delete_route(struct stage *stage, unsigned table)
{
    trial_call(stage->trial, "DeleteRoute", trial_text(IPV4, stage->world.private_table[table]));
}

static const struct calls one_route[] = {{EC2_CREATE_ROUTE, 1}, {EC2_DESCRIBE_VPCS, 0}};

/* ---- S13: a group that shrinks to under half ---- */

static void shrink(struct stage *stage)
{
    for (unsigned i = 0; i < 2; i++) {
        trial_call(stage->trial, "DisassociateRouteTable",
                   trial_text("AssociationId=%s", stage->world.private_association[i]));
        trial_call(stage->trial, "DeleteSubnet",
                   trial_text("SubnetId=%s", stage->world.private_subnet[i]));
    }
}

static void test_a_shrunk_group_holds_everything_until_a_reload(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_start(stage.trial);
    trial_run(stage.trial, 60000);
    shrink(&stage);
    stage_mark(&stage);
    trial_run(stage.trial,
              HOUR_MS); /* nothing else is wrong: the count of old stays, all the same */
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "group-changed"), 1);
    delete_route(&stage, 2);
    stage.calls[EC2_DELETE_ROUTE]++;
    trial_call(stage.trial, "DeleteRoute", trial_text(IPV6, stage.world.public_table));
    stage.calls[EC2_DELETE_ROUTE]++;
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "shrunk", NOTHING);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "route-missing"), 2);
    /* A restart does not lift it. */
    trial_stop(stage.trial);
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "shrunk, after a restart", NOTHING);
    trial_reload(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "lifted by a reload",
                (const struct calls[]){{EC2_CREATE_ROUTE, 2}, {EC2_DESCRIBE_VPCS, 0}});
    stage_end(&stage);
}

static void test_a_shrunk_group_is_approved(void **state)
{
    struct stage stage;
    char finding[20];

    (void)state;
    stage_begin(&stage, 0);
    stage.trial->service = false;
    shrink(&stage);
    delete_route(&stage, 2);
    stage_mark(&stage);
    assert_int_equal(trial_once(stage.trial), MANAGER_DRIFT);
    assert_sent(&stage, "shrunk", NOTHING);
    snprintf(finding, sizeof(finding), "%s",
             trial_last(stage.trial, EVENT_FINDING_HELD, "group-changed")->finding);
    stage.trial->approve[0] = finding;
    trial_once(stage.trial);
    assert_sent(&stage, "approved", one_route);
    stage_end(&stage);
}

static void test_one_subnet_of_three_is_no_mass_drift(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_call(stage.trial, "DisassociateRouteTable",
               trial_text("AssociationId=%s", stage.world.private_association[0]));
    trial_call(stage.trial, "DeleteSubnet",
               trial_text("SubnetId=%s", stage.world.private_subnet[0]));
    delete_route(&stage, 2);
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "the others are looked after", one_route);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "group-matches-nothing"), 1);
    stage_end(&stage);
}

/* ---- which VPC ---- */

static void vpc_is(struct stage *stage, const char *vpc)
{
    char *at = strstr(stage->config, "\"vpc\": "), *end = strchr(at, ',');
    char rest[4096];

    snprintf(rest, sizeof(rest), "%s", end);
    snprintf(at, sizeof(stage->config) - (size_t)(at - stage->config), "\"vpc\": %s%s", vpc, rest);
}

static void test_vpc_not_found(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    vpc_is(&stage, "\"vpc-00000000000000000\"");
    delete_route(&stage, 0);
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, 3 * HOUR_MS);
    assert_sent(&stage, "not found", NOTHING);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "vpc-not-found"), 1);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, NULL), 1);
    stage_config(&stage, 0, "");
    trial_reload(stage.trial);
    trial_run(stage.trial, 120000);
    assert_sent(&stage, "found", one_route);
    stage_end(&stage);
}

static void test_vpc_not_owned(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    stage_config(&stage, 0, ", \"repair\": {\"*\": \"auto\"}");
    delete_route(&stage, 0);
    trial_edit(stage.trial, trial_text("\"%s\"", stage.world.vpc), "111122223333", "999999999999");
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, 3 * HOUR_MS);
    assert_sent(&stage, "not owned", NOTHING);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "vpc-not-owned"), 1);
    /* Whether its gateway is there, only the owner sees: nothing is said of the route. */
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "route-missing"), 0);
    stage_end(&stage);
}

static void test_vpc_by_tag(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    vpc_is(&stage, "{\"tag:Name\": \"orders\"}");
    delete_route(&stage, 1);
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "no VPC has the tag", NOTHING);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "vpc-not-found"), 1);
    for (unsigned i = 0; i < 2; i++)
        trial_call(stage.trial, "CreateTags",
                   trial_text("ResourceId.1=%s&Tag.1.Key=Name&Tag.1.Value=orders",
                              i ? stage.world.foreign_vpc : stage.world.vpc));
    stage_mark(&stage);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "two VPCs have it", NOTHING);
    assert_null(strstr(stage.trial->status, "In sync"));
    trial_call(stage.trial, "DeleteTags",
               trial_text("ResourceId.1=%s&Tag.1.Key=Name", stage.world.foreign_vpc));
    stage_mark(&stage);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "one has it", one_route);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "vpc-not-found"), 1);
    stage_end(&stage);
}

/* ---- two targets of one region ---- */

static char second_config[1024];

/* A second VPC with two public tables, both of whose defaults are gone, beside the first one
 * without its egress-only gateway. */
static void begin_two(struct stage *stage)
{
    static const char *const zones[] = {"ap-northeast-1a", "ap-northeast-1c"};
    char subnets[2][40];

    stage_begin(stage, 0);
    for (unsigned i = 0; i < 2; i++) {
        const char *table;

        snprintf(subnets[i], sizeof(subnets[i]), "%s",
                 trial_element(trial_call(stage->trial, "CreateSubnet",
                                          trial_text("VpcId=%s&AvailabilityZone=%s&"
                                                     "CidrBlock=10.9.%u.0%%2F24",
                                                     stage->world.foreign_vpc, zones[i], i)),
                               "subnetId"));
        table = trial_element(trial_call(stage->trial, "CreateRouteTable",
                                         trial_text("VpcId=%s", stage->world.foreign_vpc)),
                              "routeTableId");
        trial_call(stage->trial, "AssociateRouteTable",
                   trial_text("RouteTableId=%s&SubnetId=%s", table, subnets[i]));
    }
    trial_call(stage->trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", stage->world.eigw));
    snprintf(second_config, sizeof(second_config),
             "{\"name\": \"second\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\", "
             "\"mode\": \"repair\", \"subnet_groups\": {\"public\": {\"match\": [\"%s\", "
             "\"%s\"], \"ipv4\": \"internet-gateway\"}}}",
             stage->world.foreign_vpc, subnets[0], subnets[1]);
    stage->trial->second_text = second_config;
    stage_mark(stage);
}

static const struct calls of_both[] = {{EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
                                       {EC2_REPLACE_ROUTE, 3},
                                       {EC2_CREATE_ROUTE, 2},
                                       {EC2_DESCRIBE_VPCS, 0}};

/* One observation serves both: as many calls as for one target, and both are repaired. */
static void test_two_targets_share_a_pass(void **state)
{
    struct stage stage;
    uint64_t subnets;

    (void)state;
    begin_two(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, 5000);
    for (size_t action = 0; action <= EC2_DESCRIBE_MANAGED_PREFIX_LISTS; action++)
        assert_int_equal(simulator_calls(stage.trial->simulator, (enum ec2_action)action) -
                             stage.calls[action],
                         1);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "both", of_both);
    subnets = simulator_calls(stage.trial->simulator, EC2_DESCRIBE_SUBNETS);
    trial_run(stage.trial, HOUR_MS); /* 60 s and 10 % of jitter */
    assert_in_range(simulator_calls(stage.trial->simulator, EC2_DESCRIBE_SUBNETS) - subnets, 54,
                    67);
    stage_end(&stage);
}

/* One target's call is in flight while the other one looks before its own: the stop, or the reload,
 * waits for the first and begins no second. */
static bool one_calls_and_one_looks(const struct trial *trial)
{
    /* Past the creates, whose intents would be a second barrier. */
    return trial_count(trial, EVENT_CALL, NULL) >= 2 && trial_calls_under_way(trial, true) == 1 &&
           trial_calls_under_way(trial, false) == 2;
}

static void test_given_up_while_one_calls_and_one_looks(void **state)
{
    (void)state;
    for (unsigned what = 0; what < 2; what++) {
        struct stage stage;
        uint64_t sent;

        begin_two(&stage);
        stage.trial->main_text = "{\"confirm_after\": \"10s\"}"; /* both at the same time */
        trial_start(stage.trial);
        assert_true(trial_run_until(stage.trial, HOUR_MS, one_calls_and_one_looks));
        sent = simulator_mutating_calls(stage.trial->simulator);
        if (what == 0) {
            trial_end(stage.trial);
        } else {
            stage.trial->config_text = stage.trial->second_text = NULL;
            trial_reload(stage.trial);
        }
        trial_run(stage.trial, HOUR_MS);
        assert_int_equal(simulator_mutating_calls(stage.trial->simulator), sent);
        assert_int_equal(stage.trial->exited, what == 0);
        assert_int_equal(trial_count(stage.trial, EVENT_CONFIG_LOADED, NULL), what);
        stage.trial->config_text = stage.config;
        stage.trial->second_text = second_config;
        trial_start(stage.trial);
        trial_run(stage.trial, HOUR_MS);
        assert_sent(&stage, "started again", of_both);
        stage_end(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_shrunk_group_holds_everything_until_a_reload),
        cmocka_unit_test(test_a_shrunk_group_is_approved),
        cmocka_unit_test(test_one_subnet_of_three_is_no_mass_drift),
        cmocka_unit_test(test_vpc_not_found),
        cmocka_unit_test(test_vpc_not_owned),
        cmocka_unit_test(test_vpc_by_tag),
        cmocka_unit_test(test_two_targets_share_a_pass),
        cmocka_unit_test(test_given_up_while_one_calls_and_one_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
