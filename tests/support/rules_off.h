/* rules_off.h - a cmocka test that is judged twice: as shipped it must hold, and in the extra test
 * build (VPC_TEST_FAULTS) with each rule that it covers switched off it must not.
 *
 * A failed assertion leaves the test by a jump, so the second judgement is made in a child. The
 * rule is off from rule_off_now() on: what is set up before, healthy, is not what fails. */
#pragma once

#include "vpc_reconciled/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct scenario {
    const char *name;
    void (*play)(void **state);
    enum fault faults[4]; /* FAULT_COUNT ends them */
};

#define NO_FAULT FAULT_COUNT
#define SCENARIO(number, name, ...)                                                                \
    static void scenario_##number##_##name(void **state)                                           \
    {                                                                                              \
        static const struct scenario scenario = {#name, name, {__VA_ARGS__, FAULT_COUNT}};         \
        run_scenario(&scenario, state);                                                            \
    }

#ifdef VPC_TEST_FAULTS
static enum fault rule_of_this_process = FAULT_COUNT;

static inline void rule_off_now(void)
{
    if (rule_of_this_process != FAULT_COUNT)
        fault_on[rule_of_this_process] = true;
}

static inline void rules_on(void)
{
    memset(fault_on, 0, sizeof(fault_on));
}

enum { CHILD_HOLDS = 40, CHILD_FAILS = 41 }; /* any other end is a crash */

static inline void play_without(const struct scenario *scenario, enum fault rule)
{
    const struct CMUnitTest tests[] = {{.name = scenario->name, .test_func = scenario->play}};

    if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
        _exit(1);
    rule_of_this_process = rule;
    _exit(cmocka_run_group_tests(tests, NULL, NULL) == 0 ? CHILD_HOLDS : CHILD_FAILS);
}

static inline void must_fail_without(const struct scenario *scenario, enum fault rule)
{
    int status = 0;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        play_without(scenario, rule);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        fail_msg("no child could be run");
    if (!WIFEXITED(status) ||
        (WEXITSTATUS(status) != CHILD_HOLDS && WEXITSTATUS(status) != CHILD_FAILS))
        fail_msg("without the rule of fault %d it crashes: status %d", rule, status);
    if (WEXITSTATUS(status) == CHILD_HOLDS)
        fail_msg("it holds as well without the rule of fault %d", rule);
}
#else
static inline void rule_off_now(void)
{
}

static inline void rules_on(void)
{
}
#endif

static inline void run_scenario(const struct scenario *scenario, void **state)
{
    scenario->play(state);
#ifdef VPC_TEST_FAULTS
    for (size_t i = 0; i < ARRAY_SIZE(scenario->faults) && scenario->faults[i] != FAULT_COUNT; i++)
        must_fail_without(scenario, scenario->faults[i]);
#endif
}
