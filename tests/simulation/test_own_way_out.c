/* The daemon's own way to AWS: what it says of itself when it has had none for three intervals. */
#include "support/service.h"

#define INTERVAL_MS 60000 /* of trial_world_config() */

static unsigned blind(const struct stage *stage, enum event_kind kind)
{
    return trial_count(stage->trial, kind, "blind");
}

static void cut(struct stage *stage, bool off)
{
    stage->trial->fail_all = off;
    stage->trial->fail_r = -ETIMEDOUT;
    stage->trial->fail_sent = SENT_NO;
}

/* What fails, and from when on: everything, or a list without which there is no verdict. */
static const struct {
    const char *name, *action, *contains;
} rows[] = {
    {"nothing leaves the host", NULL, "Nothing is judged or changed"},
    {"subnets are never read", "DescribeSubnets", "DescribeSubnets"},
};

static void deafen(struct stage *stage, size_t row, bool off)
{
    if (!rows[row].action)
        cut(stage, off);
    stage->trial->fault_action = off ? rows[row].action : NULL;
    stage->trial->fault = "internal-error";
}

static void test_blind(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct trial_event *event;
        struct stage stage;

        stage_begin(&stage, 0);
        trial_start(stage.trial);
        trial_run(stage.trial, 5 * INTERVAL_MS);
        assert_int_equal(blind(&stage, EVENT_FINDING_HELD), 0);
        deafen(&stage, i, true);
        trial_run(stage.trial, 3 * INTERVAL_MS / 2);
        assert_int_equal(blind(&stage, EVENT_FINDING_HELD), 0); /* not yet */
        trial_run(stage.trial, 4 * INTERVAL_MS);
        if (blind(&stage, EVENT_FINDING_HELD) != 1) {
            trial_print_events(stage.trial);
            fail_msg("%s: not blind", rows[i].name);
        }
        event = trial_last(stage.trial, EVENT_FINDING_HELD, "blind");
        assert_non_null(strstr(event->message, rows[i].contains));
        assert_non_null(strstr(event->message, "Blind since 20"));
        assert_true(text_starts_with(stage.trial->status, "Blind: "));
        trial_run(stage.trial, 20 * INTERVAL_MS); /* told once */
        assert_int_equal(blind(&stage, EVENT_FINDING_HELD), 1);
        deafen(&stage, i, false);
        trial_run(stage.trial, 3 * INTERVAL_MS);
        assert_int_equal(blind(&stage, EVENT_FINDING_RESOLVED), 1);
        assert_true(text_starts_with(stage.trial->status, "In sync: "));
        deafen(&stage, i, true); /* it counts anew */
        trial_run(stage.trial, 3 * INTERVAL_MS / 2);
        assert_int_equal(blind(&stage, EVENT_FINDING_HELD), 1);
        assert_sent(&stage, rows[i].name, NOTHING);
        stage_end(&stage);
    }
}

static void test_blind_from_the_start(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    cut(&stage, true);
    trial_start(stage.trial);
    trial_run(stage.trial, 2 * INTERVAL_MS);
    assert_int_equal(blind(&stage, EVENT_FINDING_HELD), 0);
    trial_run(stage.trial, 3 * INTERVAL_MS);
    assert_int_equal(blind(&stage, EVENT_FINDING_HELD), 1);
    stage_end(&stage);
}

static void test_once_is_never_blind(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    cut(&stage, true);
    stage.trial->service = false;
    assert_int_equal(trial_once(stage.trial), MANAGER_UNKNOWN);
    assert_int_equal(blind(&stage, EVENT_FINDING_HELD), 0);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blind),
        cmocka_unit_test(test_blind_from_the_start),
        cmocka_unit_test(test_once_is_never_blind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
