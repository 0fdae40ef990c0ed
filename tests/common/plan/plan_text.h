/* plan_text.h - a plan as text, and rows of worlds with the plans that they give. One line a drift:
 *   CODE RESOURCE IMPACT POLICY[ evident][ after CAUSE][ held]: ACTION (revives|counts); ... */
#pragma once

#include "support/vpc.h"

static inline const char *text_of(struct vpc *vpc)
{
    struct arena *arena = vpc->arena;
    const struct plan *plan = vpc->plan;
    const char *text = "";

    for (size_t i = 0; i < plan->drifts.n; i++) {
        const struct plan_drift *drift = &plan->drifts.items[i];

        text = arena_printf(
            arena, "%s%s %s %s %s%s%s%s%s:", text, drift_table[drift->code].code,
            drift->resource ? drift->resource : "-", drift_impact_name(drift->impact),
            drift->report_only ? "never" : drift_policy_name(drift->policy),
            drift->positive_evidence ? " evident" : "", drift->cause != NO_CAUSE ? " after " : "",
            drift->cause != NO_CAUSE ? drift_table[plan->drifts.items[drift->cause].code].code : "",
            drift->held ? " held" : "");
        for (size_t a = drift->first_action; a < drift->first_action + drift->n_actions; a++) {
            const struct plan_action *action = &plan->actions.items[a];

            assert_int_equal(action->drift, i);
            text = arena_printf(arena, "%s %s (%s);", text, plan_action_text(arena, action),
                                action->revives ? "revives" : "counts");
        }
        text = arena_printf(arena, "%s\n", text);
    }
    for (unsigned list = 0; list < LIST_COUNT; list++)
        if (plan->unknown & (1U << list))
            text = arena_printf(arena, "%sunknown: %s\n", text,
                                observed_list_name((enum observed_list)list));
    if (plan->pending)
        text = arena_printf(arena, "%spending: %s\n", text, plan->pending_what);
    return text;
}

struct plan_case {
    const char *name;
    void (*arrange)(struct vpc *vpc);
    const char *plan;
    const char *says; /* part of the first drift's message, or of what holds it */
};

static inline void check(const struct plan_case *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        const char *text;

        if (rows[i].arrange)
            rows[i].arrange(vpc);
        vpc_look(vpc);
        text = text_of(vpc);
        if (strcmp(text, rows[i].plan) != 0)
            fail_msg("%s:\n%sexpected:\n%s", rows[i].name, text, rows[i].plan);
        if (rows[i].says) {
            const struct plan_drift *drift = vpc->plan->drifts.items;

            if (!strstr(drift->message, rows[i].says) &&
                !(drift->held && strstr(drift->held, rows[i].says)))
                fail_msg("%s: \"%s\", \"%s\"", rows[i].name, drift->message,
                         drift->held ? drift->held : "");
        }
    }
}
