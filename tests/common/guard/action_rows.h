/* action_rows.h - one action before the guard alone, in tables of rows. */
#pragma once

#include "support/vpc.h"

struct action_case {
    const char *name;
    void (*arrange)(struct vpc *vpc);
    void (*tweak)(struct plan_action *action);
    enum hold hold;
    const char *reason;
};

static inline void judge_all(struct plan_action (*make)(void), const struct action_case *rows,
                             size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct action_case *row = &rows[i];
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action = make();
        const char *reason;
        enum hold hold;

        row->arrange(vpc);
        vpc_look(vpc);
        if (row->tweak)
            row->tweak(&action);
        hold = vpc_judge(vpc, &action, &reason);
        if (hold != row->hold || (row->reason && !strstr(reason, row->reason)))
            fail_msg("%s: \"%s\" (%s), expected \"%s\" (... %s ...)", row->name, hold_name(hold),
                     reason ? reason : "", hold_name(row->hold), row->reason ? row->reason : "");
    }
}
