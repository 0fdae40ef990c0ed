/* The state directory is deleted, or replaced by an older copy of itself, between any two passes of
 * a repair: no gateway twice, no address left over (safety.md S14). */
#include "support/nat_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PASSES_MAX 200

static const struct nat_config as_declared = {0};

static const struct loss {
    const char *name;
    bool address_released; /* a new one is needed, which has no token */
    struct expected_calls calls[4];
} losses[] = {
    {"all gateways deleted", false, {{EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 3}}},
    {"all gateways deleted, their addresses released",
     true,
     {{EC2_ALLOCATE_ADDRESS, 3}, {EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 3}}},
};

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
static bool run_swapped(const struct loss *loss, unsigned pass, enum swap swap)
{
    struct nat_stage stage;
    struct trial_calls before;
    struct copies copies = {0};
    const char *name = trial_text("%s, swap %d after pass %u", loss->name, swap, pass), *wrong;
    bool reached = true;

    nat_stage_begin(&stage, 51, 0);
    nat_stage_config(&stage, &as_declared);
    trial_assert_once(stage.trial, "healthy", MANAGER_IN_SYNC);
    copies_add(&copies, stage.trial);
    nat_delete_all(&stage);
    for (size_t i = 0; i < 3 && loss->address_released; i++)
        nat_release(&stage, stage.address[i]);
    before = trial_calls_now(stage.trial);
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
    trial_assert_calls(stage.trial, &before, name, loss->calls);
    wrong = nat_check_addresses(&stage, loss->address_released ? ALL_ZONES : 0, 0);
    if (!wrong && nat_count_text(nat_call(&stage, "DescribeAddresses", ""), "<allocationId>") != 3)
        wrong = "not three addresses";
    if (wrong)
        fail_msg("%s: %s", name, wrong);
    copies_free(&copies);
    nat_stage_end(&stage);
    return reached;
}

static void run_every_pass(enum swap swap)
{
    for (size_t i = 0; i < ARRAY_SIZE(losses); i++) {
        unsigned pass = 1;

        while (run_swapped(&losses[i], pass, swap))
            pass++;
        assert_true(pass > 10); /* looks, creates, waits, routes */
    }
}

static void test_deleted(void **state)
{
    (void)state;
    run_every_pass(SWAP_NONE_LEFT);
}

static void test_replaced_by_the_healthy_one(void **state)
{
    (void)state;
    run_every_pass(SWAP_HEALTHY);
}

static void test_replaced_by_one_of_half_way(void **state)
{
    (void)state;
    run_every_pass(SWAP_HALF_WAY);
}

static void test_replaced_by_the_one_of_the_pass_before(void **state)
{
    (void)state;
    run_every_pass(SWAP_PASS_BEFORE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deleted),
        cmocka_unit_test(test_replaced_by_the_healthy_one),
        cmocka_unit_test(test_replaced_by_one_of_half_way),
        cmocka_unit_test(test_replaced_by_the_one_of_the_pass_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
