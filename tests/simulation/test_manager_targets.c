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
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "route-missing"), 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_shrunk_group_holds_everything_until_a_reload),
        cmocka_unit_test(test_a_shrunk_group_is_approved),
        cmocka_unit_test(test_one_subnet_of_three_is_no_mass_drift),
        cmocka_unit_test(test_vpc_not_found),
        cmocka_unit_test(test_vpc_not_owned),
        cmocka_unit_test(test_vpc_by_tag),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
