/* verdicts.h - scenarios that give a verdict: NULL when they hold, else what is wrong. Each is
 * judged twice: as shipped it must hold, and with a rule that it covers switched off it must not
 * (the extra test build, VPC_TEST_FAULTS). */
#pragma once

#include "support/calls.h"

#include "vpc_reconciled/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h> /* after those three, as it wants */

#define CHECK(wrong)                                                                               \
    do {                                                                                           \
        const char *wrong_ = (wrong);                                                              \
        if (wrong_)                                                                                \
            return trial_text("line %d: %s", __LINE__, wrong_);                                    \
    } while (0)
#define HOLDS(condition) CHECK((condition) ? NULL : "not so: " #condition)
#define CALLS(...) ((const struct expected_calls[]){__VA_ARGS__, {0, 0}})
#define NO_CALLS NULL

/* --once ends so, and has sent exactly these. */
static inline const char *once_sends(struct trial *trial, int end,
                                     const struct expected_calls *calls)
{
    struct trial_calls before = trial_calls_now(trial);
    int code;

    trial->n_sent = 0;
    trial_forget_events(trial);
    code = trial_once(trial);
    return code == end ? trial_check_calls(trial, &before, calls)
                       : trial_text("--once ended with %d, expected %d", code, end);
}

#define NO_FAULT FAULT_COUNT
#define RULES_MAX 4 /* of one scenario, the FAULT_COUNT that ends them included */

/* judge: in a world of its own; with tell it prints what happened when something is wrong. */
static inline void judge_twice(const char *(*judge)(const void *scenario, bool tell),
                               const void *scenario, const enum fault faults[static RULES_MAX])
{
    const char *wrong = judge(scenario, true);

    if (wrong)
        fail_msg("%s", wrong);
#ifdef VPC_TEST_FAULTS
    for (size_t i = 0; i < RULES_MAX && faults[i] != FAULT_COUNT; i++) {
        fault_on[faults[i]] = true;
        wrong = judge(scenario, false);
        fault_on[faults[i]] = false;
        if (!wrong)
            fail_msg("it holds as well without the rule of fault %d", faults[i]);
    }
#else
    (void)faults;
#endif
}

/* An assertion that failed left its rule switched off. */
static inline int clear_faults(void **state)
{
    (void)state;
#ifdef VPC_TEST_FAULTS
    memset(fault_on, 0, sizeof(fault_on));
#endif
    return 0;
}
#define TEST(name) cmocka_unit_test_teardown(name, clear_faults)
