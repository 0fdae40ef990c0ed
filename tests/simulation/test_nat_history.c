/* What is remembered is lost: the daemon is killed at any cut around a write or a call, the state
 * directory is deleted, or replaced by an older copy of itself, between any two passes; and what
 * was just made does not show for up to a minute, or four. No gateway twice, no address left over
 * (safety.md S14, aws-facts 2.6). */
#include "support/nat_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PASSES_MAX 200

static const struct nat_config as_declared = {0};

#define BLIND_MS 60000
/* Longer than a creation is looked at twice, and less than what is ours may hide (safety.md 1). */
#define LONG_BLIND_MS 240000

static const struct loss {
    const char *name;
    bool address_released; /* a new one is needed, which has no token */
} losses[] = {
    {"all gateways deleted", false},
    {"all gateways deleted, their addresses released", true},
};

static void begin(struct nat_stage *stage, const struct loss *loss, uint64_t visibility_ms)
{
    nat_stage_begin(stage, 51, 0);
    nat_stage_config(stage, &as_declared);
    trial_assert_once(stage->trial, "healthy", MANAGER_IN_SYNC);
    nat_delete_all(stage);
    for (size_t i = 0; i < 3 && loss->address_released; i++)
        nat_release(stage, stage->address[i]);
    nat_stage_blind(stage, visibility_ms);
}

static unsigned count_gateways(struct nat_stage *stage, const char *state)
{
    return nat_count_text(nat_call(stage, "DescribeNatGateways",
                                   trial_text("Filter.1.Name=state&Filter.1.Value.1=%s", state)),
                          "<natGatewayId>");
}

/* Three gateways were made and three are there, with three addresses, the same where they were not
 * released. */
static void finish(struct nat_stage *stage, const struct loss *loss, const char *name)
{
    const char *wrong;

    nat_stage_wait(stage, LONG_BLIND_MS); /* by now all of it shows */
    wrong = nat_check_addresses(stage, loss->address_released ? ALL_ZONES : 0, 0);
    if (!wrong && nat_count_text(nat_call(stage, "DescribeAddresses", ""), "<allocationId>") != 3)
        wrong = "not three addresses";
    if (!wrong && count_gateways(stage, "available") != 3)
        wrong = "not three gateways";
    if (!wrong && (count_gateways(stage, "pending") || count_gateways(stage, "failed") ||
                   count_gateways(stage, "deleting")))
        wrong = "gateways beside the three";
    if (wrong) {
        trial_print_events(stage->trial);
        fail_msg("%s: %s", name, wrong);
    }
    nat_stage_end(stage);
}

/* ---- killed ---- */

static bool run_killed(const struct loss *loss, enum trial_cut cut, unsigned at, bool lose_history,
                       uint64_t visibility_ms)
{
    struct nat_stage stage;
    char name[120];
    bool killed;

    snprintf(name, sizeof(name), "%s, cut %d at %u, history %s", loss->name, cut, at,
             lose_history ? "lost" : "kept");
    begin(&stage, loss, visibility_ms);
    stage.trial->cut = cut;
    stage.trial->cut_at = at;
    (void)trial_once(stage.trial);
    killed = stage.trial->killed;
    stage.trial->cut = CUT_NONE;
    if (killed) {
        if (lose_history)
            trial_set_file(stage.trial, MANAGER_HISTORY_FILE, NULL);
        trial_assert_once(stage.trial, name, MANAGER_IN_SYNC);
    }
    finish(&stage, loss, name);
    return killed;
}

#define CUT(name) (1U << CUT_##name)
#define EVERY_CUT (CUT(BEFORE_APPEND) | CUT(AFTER_APPEND) | CUT(BEFORE_CALL) | CUT(AFTER_CALL))

static void kill_everywhere(unsigned cuts, bool lose_history, uint64_t visibility_ms)
{
    for (size_t i = 0; i < ARRAY_SIZE(losses); i++)
        for (int cut = CUT_BEFORE_APPEND; cut <= CUT_AFTER_CALL; cut++) {
            unsigned at = 1;

            if (!(cuts & (1U << cut)))
                continue;
            while (run_killed(&losses[i], (enum trial_cut)cut, at, lose_history, visibility_ms))
                at++;
            assert_true(at > 6); /* three gateways, three routes */
        }
}

static void test_killed_and_blind(void **state)
{
    (void)state;
    kill_everywhere(EVERY_CUT, false, BLIND_MS);
}

/* Only the history tells of what was made: an address that is in use by what nobody sees. */
static void test_killed_and_blind_for_long(void **state)
{
    (void)state;
    kill_everywhere(CUT(AFTER_APPEND) | CUT(AFTER_CALL), false, LONG_BLIND_MS);
}

static void test_killed_blind_and_the_history_lost(void **state)
{
    (void)state;
    kill_everywhere(EVERY_CUT, true, BLIND_MS);
}

/* ---- the state directory ---- */

/* The histories after each pass, the healthy one first. */
struct copies {
    char *text[PASSES_MAX + 1];
    unsigned n;
};

static void copies_add(struct copies *copies, const struct trial *trial)
{
    assert_true(copies->n <= PASSES_MAX);
    copies->text[copies->n] = strdup(trial_file(trial, MANAGER_HISTORY_FILE));
    assert_non_null(copies->text[copies->n]);
    copies->n++;
}

static void copies_free(struct copies *copies)
{
    for (unsigned i = 0; i < copies->n; i++)
        free(copies->text[i]);
}

static bool busy(const struct trial *trial)
{
    return trial->answers != NULL;
}

static bool idle(const struct trial *trial)
{
    return trial->answers == NULL;
}

/* False when the run ended with it, or before. */
static bool run_a_pass(struct trial *trial)
{
    trial_run_until(trial, 600000, busy);
    trial_run_until(trial, 600000, idle);
    return !trial->exited;
}

/* which copy takes the place of the newest */
enum swap { SWAP_NONE_LEFT, SWAP_HEALTHY, SWAP_HALF_WAY, SWAP_PASS_BEFORE, SWAP_COUNT };

static const char *swapped(const struct copies *copies, enum swap swap)
{
    switch (swap) {
    case SWAP_HEALTHY:
        return copies->text[0];
    case SWAP_HALF_WAY:
        return copies->text[copies->n / 2];
    case SWAP_PASS_BEFORE:
        return copies->text[copies->n - 2];
    default:
        return NULL;
    }
}

/* True while there was a pass of that number that did not end the run. */
static bool run_swapped(const struct loss *loss, unsigned pass, enum swap swap,
                        uint64_t visibility_ms)
{
    struct nat_stage stage;
    struct copies copies = {0};
    char name[120];
    bool reached = true;

    snprintf(name, sizeof(name), "%s, swap %d after pass %u, %s", loss->name, swap, pass,
             visibility_ms ? "blind" : "seeing");
    begin(&stage, loss, visibility_ms);
    copies_add(&copies, stage.trial);
    trial_start(stage.trial);
    for (unsigned i = 0; i < pass && reached; i++) {
        reached = run_a_pass(stage.trial);
        copies_add(&copies, stage.trial);
    }
    trial_stop(stage.trial);
    if (reached) {
        trial_set_file(stage.trial, MANAGER_HISTORY_FILE, swapped(&copies, swap));
        trial_assert_once(stage.trial, name, MANAGER_IN_SYNC);
    }
    finish(&stage, loss, name);
    copies_free(&copies);
    return reached;
}

static void run_every_pass(enum swap swap, uint64_t visibility_ms)
{
    for (size_t i = 0; i < ARRAY_SIZE(losses); i++) {
        unsigned pass = 1;

        while (run_swapped(&losses[i], pass, swap, visibility_ms))
            pass++;
        assert_true(pass > 10); /* looks, creates, waits, routes */
    }
}

static void test_deleted(void **state)
{
    (void)state;
    run_every_pass(SWAP_NONE_LEFT, 0);
    run_every_pass(SWAP_NONE_LEFT, BLIND_MS);
}

static void test_replaced_by_the_healthy_one(void **state)
{
    (void)state;
    run_every_pass(SWAP_HEALTHY, 0);
}

static void test_replaced_by_one_of_half_way(void **state)
{
    (void)state;
    run_every_pass(SWAP_HALF_WAY, 0);
}

static void test_replaced_by_the_one_of_the_pass_before(void **state)
{
    (void)state;
    run_every_pass(SWAP_PASS_BEFORE, BLIND_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_and_blind),
        cmocka_unit_test(test_killed_and_blind_for_long),
        cmocka_unit_test(test_killed_blind_and_the_history_lost),
        cmocka_unit_test(test_deleted),
        cmocka_unit_test(test_replaced_by_the_healthy_one),
        cmocka_unit_test(test_replaced_by_one_of_half_way),
        cmocka_unit_test(test_replaced_by_the_one_of_the_pass_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
