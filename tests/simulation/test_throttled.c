/* An account whose rate others use up, and a clock that is wrong: the daemon gets there all the
 * same, and is no storm. */
#include "support/nat_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MINUTE_MS ((uint64_t)60000)
#define HOUR_MS (60 * MINUTE_MS)

/* A healthy world, then all three NAT gateways are gone. */
static void begin(struct nat_stage *stage, bool healthy)
{
    static const struct nat_config config;

    nat_stage_begin(stage, 31, 0);
    nat_stage_config(stage, &config);
    trial_assert_once(stage->trial, "the first run", MANAGER_IN_SYNC);
    if (!healthy)
        nat_delete_all(stage);
    stage->trial->notes = true;
}

/* In no window more than half of what AWS gives, whatever it gives just now. */
static void assert_within_our_buckets(const struct trial *trial)
{
    for (size_t from = 0; from < trial->n_asked; from++) {
        const struct trial_asked *first = &trial->asked[from];
        const struct ec2_bucket_row *row;
        uint64_t n = 0;

        if (first->action == EC2_NO_ACTION)
            continue;
        row = &ec2_bucket_table[ec2_action_table[first->action].bucket];
        for (size_t to = from; to < trial->n_asked; to++) {
            const struct trial_asked *last = &trial->asked[to];

            if (last->action != first->action)
                continue;
            if (++n * 20000 >
                10000ULL * row->capacity + (last->at_ms - first->at_ms) * row->refill_per_10s)
                fail_msg("%s: %llu calls within %llu ms", ec2_action_table[first->action].name,
                         (unsigned long long)n, (unsigned long long)(last->at_ms - first->at_ms));
        }
    }
}

static unsigned count_throttled(const struct trial *trial)
{
    unsigned n = 0;

    for (size_t i = 0; i < trial->n_asked; i++)
        n += trial->asked[i].throttled;
    return n;
}

static unsigned count_asked(const struct trial *trial, enum ec2_action action)
{
    unsigned n = 0;

    for (size_t i = 0; i < trial->n_asked; i++)
        n += trial->asked[i].action == action;
    return n;
}

/* ---- neighbours ---- */

/* How much others take, how often AWS may refuse us for it, how long the repair may take. */
static void test_neighbours(void **state)
{
    static const struct {
        unsigned percent;
        unsigned refused_most;
        uint64_t most_ms;
    } rows[] = {{0, 0, 6 * MINUTE_MS}, {50, 0, 6 * MINUTE_MS}, {95, 30, 15 * MINUTE_MS}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        static const struct expected_calls rebuilt[] = {
            {EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 3}, {0, 0}};
        struct nat_stage stage;
        struct trial_calls before;
        uint64_t begun_ms, took_ms;
        const char *wrong;

        begin(&stage, false);
        before = trial_calls_now(stage.trial);
        begun_ms = stage.trial->now.monotonic_ms;
        simulator_set_throttle(stage.trial->simulator, true, rows[i].percent);
        trial_assert_once(stage.trial, "with a neighbour", MANAGER_IN_SYNC);
        took_ms = stage.trial->now.monotonic_ms - begun_ms;
        simulator_set_throttle(stage.trial->simulator, false, 0);
        print_message("%u %%: %zu calls, %u refused, %llu s\n", rows[i].percent,
                      stage.trial->n_asked, count_throttled(stage.trial),
                      (unsigned long long)took_ms / 1000);
        assert_within_our_buckets(stage.trial);
        wrong = nat_check_addresses(&stage, 0, 0);
        if (!wrong && rows[i].refused_most == 0) /* refused ones count there, too */
            wrong = trial_check_calls(stage.trial, &before, rebuilt);
        if (wrong)
            fail_msg("%u %%: %s", rows[i].percent, wrong);
        assert_in_range(count_throttled(stage.trial), 0, rows[i].refused_most);
        assert_in_range(took_ms, 0, rows[i].most_ms);
        assert_int_equal(trial_count(stage.trial, EVENT_FINDING_FAILED, NULL), 0);
        nat_stage_end(&stage);
    }
}

/* ---- how much is asked (safety.md S12) ---- */

static bool observing(const struct trial *trial)
{
    return trial_calls_under_way(trial, false) == TRIAL_LISTS;
}

static bool idle(const struct trial *trial)
{
    return !trial->answers && trial_next_ms(trial) == trial->wake_at_ms &&
           trial->n_asked > trial->mark;
}

/* One look, and none of it waited: all lists leave in one moment, whatever is wrong. */
static void test_a_pass_asks_the_same(void **state)
{
    (void)state;
    for (unsigned broken = 0; broken < 2; broken++) {
        struct nat_stage stage;
        size_t first;

        begin(&stage, !broken);
        stage.trial->service = true;
        trial_start(stage.trial);
        assert_true(trial_run_until(stage.trial, MINUTE_MS, observing));
        first = stage.trial->n_asked - TRIAL_LISTS;
        assert_int_equal(first, 1); /* GetCallerIdentity */
        for (size_t i = first; i < stage.trial->n_asked; i++)
            assert_int_equal(stage.trial->asked[i].at_ms, stage.trial->asked[first].at_ms);
        stage.trial->mark = stage.trial->n_asked - 1;
        assert_true(trial_run_until(stage.trial, MINUTE_MS, idle));
        assert_int_equal(stage.trial->n_asked, 1 + TRIAL_LISTS);
        nat_stage_end(&stage);
    }
}

/* The rate is gone, and stays so: no call is tried more than three times. */
static void test_a_pass_asks_at_most_thrice(void **state)
{
    struct nat_stage stage;

    (void)state;
    begin(&stage, true);
    stage.trial->service = true;
    trial_start(stage.trial);
    trial_run(stage.trial, 10000); /* who we are is known */
    simulator_set_throttle(stage.trial->simulator, true, 100);
    stage.trial->n_asked = stage.trial->mark = 0;
    for (unsigned pass = 0; pass < 10; pass++) {
        stage.trial->mark = stage.trial->n_asked;
        assert_true(trial_run_until(stage.trial, HOUR_MS, idle));
        assert_in_range(stage.trial->n_asked - stage.trial->mark, 1, 3 * TRIAL_LISTS);
    }
    nat_stage_end(&stage);
}

/* An hour of nothing but refusals: a bounded number of calls, then all is as before. */
static void test_an_hour_of_it(void **state)
{
    static const struct expected_calls one_route[] = {{EC2_CREATE_ROUTE, 1}, {0, 0}};
    struct nat_stage stage;
    struct trial_calls before;
    unsigned n;

    (void)state;
    begin(&stage, true);
    stage.trial->service = true;
    trial_start(stage.trial);
    trial_run(stage.trial, 5 * MINUTE_MS);
    nat_drop_route(&stage, stage.world.private_table[0]);
    before = trial_calls_now(stage.trial);
    simulator_set_throttle(stage.trial->simulator, true, 100);
    stage.trial->n_asked = 0;
    trial_run(stage.trial, HOUR_MS);
    n = (unsigned)stage.trial->n_asked;
    print_message("an hour of refusals: %u calls\n", n);
    assert_int_equal(count_throttled(stage.trial), n);
    /* A healthy hour has 60 passes: half of it, and the hundred repeats of the quota. */
    assert_in_range(n, 5 * TRIAL_LISTS, 30 * TRIAL_LISTS + 100);
    assert_within_our_buckets(stage.trial);
    trial_assert_calls(stage.trial, &before, "refused", NULL);
    simulator_set_throttle(stage.trial->simulator, true, 0);
    trial_run(stage.trial, 12 * MINUTE_MS);
    trial_assert_calls(stage.trial, &before, "over", one_route);
    nat_stage_end(&stage);
}

/* ---- the deadline of a pass (L3) ---- */

static void test_overdue(void **state)
{
    struct nat_stage stage;
    uint64_t begun_ms;

    (void)state;
    begin(&stage, true);
    stage.trial->service = true;
    stage.trial->slow_pause_ms = HOUR_MS; /* a disk that does not answer */
    begun_ms = stage.trial->now.monotonic_ms;
    trial_start(stage.trial);
    trial_run(stage.trial, MINUTE_MS);
    assert_false(manager_overdue(stage.trial->manager, begun_ms + 149000));
    assert_true(manager_overdue(stage.trial->manager, begun_ms + 151000));
    nat_stage_end(&stage);

    begin(&stage, true); /* between passes nothing is due */
    stage.trial->service = true;
    trial_start(stage.trial);
    trial_run(stage.trial, 10000);
    assert_false(manager_overdue(stage.trial->manager, stage.trial->now.monotonic_ms + HOUR_MS));
    nat_stage_end(&stage);
}

/* ---- the clock ---- */

static void test_clocks(void **state)
{
    static const struct {
        int64_t minutes; /* ahead of AWS's */
        unsigned told;
    } rows[] = {{0, 0}, {4, 0}, {-6, 1}, {14, 1}, {60, 1}, {-60 * 24, 1}};
    static const struct expected_calls one_route[] = {{EC2_CREATE_ROUTE, 1}, {0, 0}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct nat_stage stage;
        struct trial_calls before;
        const char *wrong;

        begin(&stage, true);
        nat_drop_route(&stage, stage.world.private_table[0]);
        before = trial_calls_now(stage.trial);
        stage.trial->service = true;
        stage.trial->skew_ms = rows[i].minutes * (int64_t)MINUTE_MS;
        trial_forget_events(stage.trial);
        trial_start(stage.trial);
        trial_run(stage.trial, 5 * MINUTE_MS);
        wrong = trial_check_calls(stage.trial, &before, one_route);
        if (wrong)
            fail_msg("%lld min: %s", (long long)rows[i].minutes, wrong);
        assert_int_equal(trial_count(stage.trial, EVENT_CLOCK, NULL), rows[i].told);
        assert_int_equal(count_asked(stage.trial, STS_GET_CALLER_IDENTITY),
                         llabs(rows[i].minutes) > 15 ? 2 : 1); /* refused for its time, repeated */
        if (rows[i].told) {                                    /* the clock is set */
            stage.trial->skew_ms = 0;
            trial_run(stage.trial, 5 * MINUTE_MS);
            assert_int_equal(trial_count(stage.trial, EVENT_CLOCK, NULL), 2);
            assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, NULL), 0);
        }
        nat_stage_end(&stage);
    }
}

static bool looking(const struct trial *trial)
{
    return trial_count(trial, EVENT_FINDING_REPAIRING, NULL) > 0 &&
           trial_calls_under_way(trial, false) == 2;
}

/* A clock that jumps between the look and the change: what AWS refuses for its time was not carried
 * out, and the keys are not blamed. The next pass does it. */
static void test_clock_at_a_change(void **state)
{
    static const struct expected_calls twice[] = {{EC2_CREATE_ROUTE, 2}, {0, 0}};
    struct nat_stage stage;
    struct trial_calls before;

    (void)state;
    begin(&stage, true);
    nat_drop_route(&stage, stage.world.private_table[0]);
    before = trial_calls_now(stage.trial);
    stage.trial->service = true;
    trial_start(stage.trial);
    assert_true(trial_run_until(stage.trial, MINUTE_MS, looking));
    stage.trial->skew_ms = (int64_t)HOUR_MS;
    trial_run(stage.trial, MINUTE_MS);
    trial_assert_calls(stage.trial, &before, "a clock that jumps", twice);
    assert_int_equal(count_asked(stage.trial, STS_GET_CALLER_IDENTITY), 1);
    assert_int_equal(trial_count(stage.trial, EVENT_CLOCK, NULL), 1);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_REPAIRED, "route-missing"), 1);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_FAILED, NULL), 0);
    nat_stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_a_pass_asks_the_same),
        cmocka_unit_test(test_a_pass_asks_at_most_thrice),
        cmocka_unit_test(test_an_hour_of_it),
        cmocka_unit_test(test_overdue),
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_clock_at_a_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
