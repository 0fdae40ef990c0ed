/* guard.h - what may run now. Pure, and the only door to a mutating call.
 *
 * It trusts nothing of the plan: each action is held against the snapshot, the config and the
 * invariants of safety.md 3 by rules of its own. A refusal says what would have been done and what
 * lifts it. */
#pragma once

#include "vpc_reconciled/plan.h"

enum hold {
    HOLD_NONE,     /* may run */
    HOLD_OBSERVE,  /* observe mode: S15 */
    HOLD_REPORT,   /* the policy, or the row, says report */
    HOLD_APPROVAL, /* the policy says approve, and nobody has */
    HOLD_PLAN,     /* the plan has no repair: it says why */
    HOLD_PAUSED,
    HOLD_CONFIRM,    /* the second look is due at until_monotonic_ms */
    HOLD_LIMIT_PASS, /* the next pass goes on */
    HOLD_LIMIT_HOUR,
    HOLD_NOT_OURS,   /* S1, S2: another account's, VPC's, or somebody's design */
    HOLD_UNKNOWN,    /* S5: something it needs to know is not known */
    HOLD_UNSAFE,     /* S7: a path would get worse */
    HOLD_WAIT,       /* S3 and states: something is on its way */
    HOLD_MASS_DRIFT, /* S9 */
    HOLD_PERMISSION, /* AWS refused an action of the repair lately: not begun before step one */
    HOLD_CONTESTED,  /* L2: somebody undoes the repair, again and again */
    HOLD_COUNT,
};
const char *hold_name(enum hold hold); /* "approval" */
bool hold_is_settled(enum hold hold);  /* does --once count it as settled? (design.md 9) */

struct guard_verdict { /* of a drift, and so of all its actions */
    enum hold hold;
    const char *reason, *lifts;  /* sentences for a person; NULL when HOLD_NONE */
    uint64_t until_monotonic_ms; /* HOLD_CONFIRM */
};

/* What of a finding outlives a pass: the caller keeps it. */
struct guard_looks {
    uint64_t first_monotonic_ms; /* of the complete look that first saw it and that all later ones
                                    agree with */
    unsigned looks;              /* complete looks that agree, this one included */
};

struct guard_policy {
    const struct config *config;
    const struct config_target *target;
    const struct history *history;
    struct texts approved; /* finding ids */
    bool observe_only;     /* the whole run */
    const char *paused;    /* the reason, or NULL */
    uint64_t pass;         /* the pass that the snapshot belongs to must be this one */
    struct instant now;
    const struct guard_looks *looks; /* one for each drift of the plan */
    /* By action: until when, monotonic, it is not tried again, as AWS has refused it; 0: not. NULL:
     * none. */
    const uint64_t *denied_until_ms;
    const bool *carried_out; /* likewise: repaired in this pass already; NULL: none */
    /* Some, not all, of its actions were carried out in this pass; NULL: none. Limits let it end.
     */
    const struct plan_drift *begun;
};

/* An observation older than this plans nothing. */
#define OBSERVATION_AGE_MAX_MS 120000

/* Judges every drift of the plan; ret_verdicts (in the arena) has one for each. A drift without
 * actions is HOLD_REPORT or HOLD_PLAN. */
void guard_judge(struct arena *arena, const struct plan *plan, const struct desired *desired,
                 const struct snapshot *snapshot, const struct guard_policy *policy,
                 struct guard_verdict **ret_verdicts);

/* S1, S2, S5, S7, S15 for one action alone, as it would be sent (inputs filled in). Called once
 * more right before sending. HOLD_NONE when it may. *ret_reason lies in the arena. */
enum hold guard_action(struct arena *arena, const struct plan_action *action,
                       const struct desired *desired, const struct snapshot *snapshot,
                       const struct guard_policy *policy, const char **ret_reason);

/* L2: what a revert of our repair of the finding, seen now, is recorded with: 0, or the how many-th
 * hold in a row it begins. */
unsigned guard_contest_level(const struct history *history, const char *target, const char *finding,
                             int64_t now_wall_ms);

/* The look right before the write (S6, "Always"): does the one object still look as the plan saw
 * it? fresh is the reply of the Describe that guard_look() asked for. */
struct guard_look {
    enum ec2_action call;
    struct ec2_describe_request request;
};
void guard_look(struct arena *arena, const struct plan_action *action,
                const struct snapshot *snapshot, struct guard_look *ret_look);
/* Is it an action that may ever be sent (S8)? What the IAM policies allow is held against this. */
bool guard_may_send(enum ec2_action action);

/* NULL: unchanged; else what differs, in the arena. */
const char *guard_recheck(struct arena *arena, const struct plan_action *action,
                          const struct snapshot *snapshot, const struct ec2_describe_reply *fresh);
