/* calls.h - which mutating calls were sent since a moment; no more and no fewer. */
#pragma once

#include "support/trial.h"

struct trial_calls {
    uint64_t n[EC2_ACTION_COUNT];
};
struct trial_calls trial_calls_now(const struct trial *trial);

struct expected_calls {
    enum ec2_action action;
    unsigned n;
};
/* NULL when exactly these mutating calls were sent since `before`, else what differs; the list ends
 * at n == 0. */
const char *trial_check_calls(const struct trial *trial, const struct trial_calls *before,
                              const struct expected_calls *expected);
/* Fails the test unless exactly these mutating calls were sent since `before`; ends at n == 0. */
void trial_assert_calls(struct trial *trial, const struct trial_calls *before, const char *name,
                        const struct expected_calls *expected);
/* --once ends with this code. */
void trial_assert_once(struct trial *trial, const char *name, int expected);
