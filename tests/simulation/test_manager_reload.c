/* Reloads of a running service: what changes with the config and what stays, in whatever state they
 * come (safety.md S10, S13). */
#include "support/service.h"

static void observe_mode(struct stage *stage)
{
    char *mode = strstr(stage->config, "\"mode\": \"repair\"");

    assert_non_null(mode);
    memcpy(mode, "\"mode\":\"observe\"", strlen("\"mode\":\"observe\""));
}

static void repair_mode(struct stage *stage)
{
    stage_config(stage, 0, "");
}

static void delete_route(struct stage *stage)
{
    trial_call(stage->trial, "DeleteRoute", trial_text(IPV4, stage->world.private_table[1]));
}

static const struct calls one_route[] = {{EC2_CREATE_ROUTE, 1}, {EC2_DESCRIBE_VPCS, 0}};

/* ---- between passes ---- */

static void test_changed_mode(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    observe_mode(&stage);
    delete_route(&stage);
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "observed", NOTHING);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "route-missing"), 1);
    repair_mode(&stage);
    trial_reload(stage.trial);
    assert_int_equal(trial_count(stage.trial, EVENT_CONFIG_LOADED, NULL), 1);
    trial_run(stage.trial, 120000);
    assert_sent(&stage, "repaired", one_route);
    /* What was known of the finding lived on: no second suspicion. */
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_SUSPECTED, "route-missing"), 1);
    delete_route(&stage);
    stage.calls[EC2_DELETE_ROUTE]++;
    observe_mode(&stage);
    trial_reload(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "observed again", one_route);
    stage_end(&stage);
}

static void test_removed_target(void **state)
{
    struct stage stage;
    uint64_t calls;

    (void)state;
    stage_begin(&stage, 0);
    trial_start(stage.trial);
    trial_run(stage.trial, 600000);
    stage.trial->config_text = NULL;
    trial_reload(stage.trial);
    assert_non_null(strstr(stage.trial->status, "no VPC"));
    calls = simulator_calls(stage.trial->simulator, EC2_DESCRIBE_VPCS);
    trial_run(stage.trial, 5 * HOUR_MS);
    assert_int_equal(simulator_calls(stage.trial->simulator, EC2_DESCRIBE_VPCS), calls);
    delete_route(&stage);
    stage_mark(&stage);
    stage_config(&stage, 0, "");
    trial_reload(stage.trial);
    trial_run(stage.trial, 120000);
    assert_sent(&stage, "there again", one_route);
    trial_end(stage.trial);
    assert_true(stage.trial->exited);
    stage_end(&stage);
}

/* The simulated account has one region; elsewhere its keys are refused, and nothing is known. */
static void test_other_region(void **state)
{
    struct stage stage;
    char *region;

    (void)state;
    stage_begin(&stage, 0);
    trial_start(stage.trial);
    trial_run(stage.trial, 600000);
    region = strstr(stage.config, "ap-northeast-1");
    memcpy(region, "ap-northeast-3", strlen("ap-northeast-3"));
    delete_route(&stage);
    stage_mark(&stage);
    trial_reload(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "another region", NOTHING);
    assert_true(trial_count(stage.trial, EVENT_FINDING_HELD, "observation-incomplete") > 0);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_SUSPECTED, "route-missing"), 0);
    assert_non_null(strstr(stage.trial->status, "Blind"));
    memcpy(region, "ap-northeast-1", strlen("ap-northeast-1"));
    trial_reload(stage.trial);
    trial_run(stage.trial, 120000);
    assert_sent(&stage, "back again", one_route);
    assert_non_null(strstr(stage.trial->status, "In sync"));
    stage_end(&stage);
}

static void test_other_interval(void **state)
{
    struct stage stage;
    uint64_t calls;

    (void)state;
    stage_begin(&stage, 0);
    stage.trial->main_text = "{\"interval\": \"10m\", \"jitter\": \"0%\"}";
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS + 1000);
    assert_int_equal(simulator_calls(stage.trial->simulator, EC2_DESCRIBE_VPCS) -
                         stage.calls[EC2_DESCRIBE_VPCS],
                     7);
    stage.trial->main_text = "{\"interval\": \"1m\", \"jitter\": \"0%\"}";
    trial_reload(stage.trial);
    calls = simulator_calls(stage.trial->simulator, EC2_DESCRIBE_VPCS);
    trial_run(stage.trial, HOUR_MS);
    assert_in_range(simulator_calls(stage.trial->simulator, EC2_DESCRIBE_VPCS) - calls, 59, 61);
    stage_end(&stage);
}

/* S13: what is wrong, or not there, changes nothing but the journal. */
static void test_bad_config_keeps_the_last_good_one(void **state)
{
    static const char no_group[] = "{\"name\": \"trial\", \"region\": \"ap-northeast-1\", "
                                   "\"vpc\": \"vpc-0\", \"subnet_groups\": {}}";
    static const char *const bad[] = {"", "{", "{\"name\": \"trial\"}", "nonsense", no_group};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        struct stage stage;

        stage_begin(&stage, 0);
        trial_start(stage.trial);
        trial_run(stage.trial, 60000);
        stage_mark(&stage);
        stage.trial->config_text = bad[i];
        trial_reload(stage.trial);
        if (trial_count(stage.trial, EVENT_CONFIG_INVALID, NULL) != 1 ||
            trial_count(stage.trial, EVENT_CONFIG_LOADED, NULL) != 0)
            fail_msg("\"%s\" was taken", bad[i]);
        assert_non_null(strstr(trial_last(stage.trial, EVENT_CONFIG_INVALID, NULL)->message,
                               "vpcs.d/trial.json:"));
        delete_route(&stage);
        stage.calls[EC2_DELETE_ROUTE]++;
        trial_run(stage.trial, 180000);
        assert_sent(&stage, "the last good one", one_route);
        stage_end(&stage);
    }
}

/* ---- in the middle of a pass ---- */

/* Nothing of the older generation is sent after the reload; what was in flight is answered and
 * written down, and the new config goes on from there. */
static void test_reload_in_each_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_moments; i++) {
        struct stage stage;
        uint64_t sent_before, sent;

        stage_begin(&stage, WORLD_WITHOUT_NAT);
        break_both_gateways(&stage);
        stage_mark(&stage);
        trial_start(stage.trial);
        sent_before = simulator_mutating_calls(stage.trial->simulator);
        if (!trial_run_until(stage.trial, HOUR_MS, moments[i].so))
            fail_msg("%s: it never came", moments[i].name);
        sent = simulator_mutating_calls(stage.trial->simulator);
        observe_mode(&stage);
        trial_reload(stage.trial);
        trial_run(stage.trial, HOUR_MS);
        assert_int_equal(trial_count(stage.trial, EVENT_CONFIG_LOADED, NULL), 1);
        if (simulator_mutating_calls(stage.trial->simulator) != sent)
            fail_msg("%s: something of the old config was sent", moments[i].name);
        assert_int_equal(count_text(trial_file(stage.trial, MANAGER_HISTORY_FILE), " change "),
                         stage.n_changes + (sent - sent_before));
        stage_config(&stage, WORLD_WITHOUT_NAT, "");
        trial_reload(stage.trial);
        trial_run(stage.trial, HOUR_MS);
        assert_sent(&stage, moments[i].name, both_gateways);
        stage_end(&stage);
    }
}

/* Two reloads before the pass has ended: the last good one counts. */
static void test_two_reloads_in_the_middle_of_a_pass(void **state)
{
    static const struct {
        const char *name;
        bool first_good, second_good, first_observes, repaired;
    } rows[] = {
        {"observe, then repair", true, true, true, true},
        {"repair, then observe", true, true, false, false},
        {"observe, then wrong", true, false, true, false},
        {"repair, then wrong", true, false, false, true},
        {"wrong, then observe", false, true, false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct stage stage;

        stage_begin(&stage, 0);
        delete_route(&stage);
        stage_mark(&stage);
        trial_start(stage.trial);
        assert_true(trial_run_until(stage.trial, HOUR_MS, moments[MOMENT_LOOKING].so));
        for (unsigned n = 0; n < 2; n++) {
            bool good = n == 0 ? rows[i].first_good : rows[i].second_good;

            repair_mode(&stage);
            if (n == 0 ? rows[i].first_observes : !rows[i].repaired)
                observe_mode(&stage);
            stage.trial->config_text = good ? stage.config : "{";
            trial_reload(stage.trial);
        }
        trial_run(stage.trial, HOUR_MS);
        assert_int_equal(trial_count(stage.trial, EVENT_CONFIG_LOADED, NULL), 1);
        assert_int_equal(trial_count(stage.trial, EVENT_CONFIG_INVALID, NULL),
                         !rows[i].first_good + !rows[i].second_good);
        assert_sent(&stage, rows[i].name, rows[i].repaired ? one_route : NOTHING);
        stage_end(&stage);
    }
}

/* A stop wins over a reload that waits for the call in flight. */
static void test_stop_after_a_reload(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    delete_route(&stage);
    stage_mark(&stage);
    trial_start(stage.trial);
    assert_true(trial_run_until(stage.trial, HOUR_MS, calling));
    trial_reload(stage.trial);
    trial_end(stage.trial);
    trial_reload(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_true(stage.trial->exited);
    assert_sent(&stage, "the one in flight", one_route);
    stage_end(&stage);
}

/* ---- many ---- */

static void test_many_reloads_do_not_leak(void **state)
{
    struct stage stage;
    size_t after_warm_up = 0;

    (void)state;
    stage_begin(&stage, 0);
    stage.trial->observe = true; /* no history grows */
    trial_start(stage.trial);
    for (unsigned n = 0; n < 300; n++) {
        size_t live;

        stage.trial->config_text = n % 3 == 2 ? "{" : stage.config;
        trial_reload(stage.trial);
        if (n % 2) /* half of them in the middle of a pass */
            trial_run(stage.trial, 10000);
        else
            trial_run(stage.trial, 15);
        if (n % 30 != 29)
            continue;
        trial_run(stage.trial, 120000);
        trial_forget_events(stage.trial);
        live = live_bytes();
        if (n == 59)
            after_warm_up = live;
        else if (n > 59 && live > after_warm_up + LIVE_SLACK)
            fail_msg("%zu bytes after %u reloads, %zu after 60", live, n + 1, after_warm_up);
    }
    assert_sent(&stage, "reloads", NOTHING);
    stage_end(&stage);
}

/* A storm of SIGHUPs does not keep the daemon from its work. */
static void test_reloads_without_end(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    delete_route(&stage);
    stage_mark(&stage);
    trial_start(stage.trial);
    for (unsigned n = 0; n < 100; n++) {
        trial_reload(stage.trial);
        trial_run(stage.trial, 15000);
    }
    assert_sent(&stage, "a reload every 15 s", one_route);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changed_mode),
        cmocka_unit_test(test_removed_target),
        cmocka_unit_test(test_other_region),
        cmocka_unit_test(test_other_interval),
        cmocka_unit_test(test_bad_config_keeps_the_last_good_one),
        cmocka_unit_test(test_reload_in_each_state),
        cmocka_unit_test(test_two_reloads_in_the_middle_of_a_pass),
        cmocka_unit_test(test_stop_after_a_reload),
        cmocka_unit_test(test_many_reloads_do_not_leak),
        cmocka_unit_test(test_reloads_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
