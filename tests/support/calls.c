#include "support/calls.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct trial_calls trial_calls_now(const struct trial *trial)
{
    struct trial_calls calls;

    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        calls.n[i] = simulator_calls(trial->simulator, (enum ec2_action)i);
    return calls;
}

const char *trial_check_calls(const struct trial *trial, const struct trial_calls *before,
                              const struct expected_calls *expected)
{
    struct trial_calls now = trial_calls_now(trial);

    for (size_t i = 0; i < EC2_ACTION_COUNT; i++) {
        uint64_t want = 0, got = now.n[i] - before->n[i];

        if (!ec2_action_table[i].mutates)
            continue;
        for (size_t k = 0; expected && expected[k].n; k++)
            if (expected[k].action == i)
                want = expected[k].n;
        if (got != want)
            return trial_text("%s was sent %llu times, expected %llu", ec2_action_table[i].name,
                              (unsigned long long)got, (unsigned long long)want);
    }
    return NULL;
}

void trial_assert_calls(struct trial *trial, const struct trial_calls *before, const char *name,
                        const struct expected_calls *expected)
{
    const char *differs = trial_check_calls(trial, before, expected);

    if (differs) {
        trial_print_events(trial);
        fail_msg("%s: %s", name, differs);
    }
}

void trial_assert_once(struct trial *trial, const char *name, int expected)
{
    int code = trial_once(trial);

    if (code != expected) {
        trial_print_events(trial);
        fail_msg("%s: --once ended with %d, expected %d", name, code, expected);
    }
}
