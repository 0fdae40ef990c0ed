/* nat_scenario.h - scenarios in the world of nat_stage.h. */
#pragma once

#include "support/nat_stage.h"
#include "support/verdicts.h"

struct nat_scenario {
    const char *(*verdict)(struct nat_stage *stage);
    uint64_t seed;
    unsigned world; /* flags of trial_build_world() */
    enum fault faults[RULES_MAX];
};

static inline const char *judge_nat_scenario(const void *data, bool tell)
{
    const struct nat_scenario *scenario = data;
    struct nat_stage stage;
    const char *wrong;

    nat_stage_begin(&stage, scenario->seed, scenario->world);
    wrong = scenario->verdict(&stage);
    if (wrong && tell)
        trial_print_events(stage.trial);
    nat_stage_end(&stage);
    return wrong;
}

#define NAT_SCENARIO(test, verdict, seed, flags, ...)                                              \
    static void test(void **state)                                                                 \
    {                                                                                              \
        const struct nat_scenario scenario = {verdict, seed, flags, {__VA_ARGS__, FAULT_COUNT}};   \
        (void)state;                                                                               \
        judge_twice(judge_nat_scenario, &scenario, scenario.faults);                               \
    }
