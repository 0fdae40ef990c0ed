/* reconcile_private.h - a target's pass; private to common/reconcile/. */
#pragma once

#include "findings.h"

enum reconcile_state {
    RECONCILE_IDLE,
    RECONCILE_LOOKING,   /* at the pause file, the VPC and the one object, right before a write */
    RECONCILE_INTENDING, /* the intent is on its way to the disk */
    RECONCILE_CALLING,   /* the one mutating call is in flight */
    RECONCILE_RECORDING, /* its answer is on its way to the disk */
    RECONCILE_STATE_COUNT,
};

/* The looks right before a write; one bit each while it is out. */
enum {
    LOOK_PAUSE_FILE = 1,
    LOOK_VPC = 2,
    LOOK_OBJECT = 4,
};

struct intent { /* of the create at hand */
    char token[41];
    unsigned attempt;
    char *body; /* heap: what is sent, to the byte */
};

struct reconcile {
    enum reconcile_state state;
    struct findings findings;
    char vpc_id[40]; /* whose they are: a tag may lead to another VPC by now */
    struct reconcile_outcome outcome;
    bool stopping;

    /* of the pass */
    struct arena *arena;
    const struct observation *observation;
    struct snapshot *snapshot;
    struct desired *desired;
    struct plan *plan;
    struct guard_verdict *verdicts;
    struct guard_looks *looks;
    bool *carried_out;
    const struct plan_drift *begun; /* the drift at hand, from its first action on */
    const char *paused;
    bool progress; /* a change was carried out */
    bool stale;    /* the world changed since it was observed: no more of this plan */

    /* of the action at hand */
    size_t drift, action;
    unsigned looking; /* LOOK_ bits still out */
    uint64_t look_file, look_vpc_call, look_object_call, call, file;
    struct guard_look look;
    const struct ec2_describe_reply *fresh_vpc, *fresh_object;
    const char *look_failed;
    struct intent intent;

    /* By action: AWS has refused it, and it rests until then, monotonic; 0: not. A reload forgets.
     */
    uint64_t denied_until_ms[EC2_ACTION_COUNT];
    /* What was missing: mostly the action's own, but what is made with tags wants ec2:CreateTags.
     */
    char denied_permission[EC2_ACTION_COUNT][64];
    unsigned generation; /* of the config that they belong to */

    struct instant seen; /* what every verdict rests on was last read whole; else the first pass */

    uint64_t look_backoff_ms;  /* of the looks at what is on its way */
    unsigned incomplete_looks; /* running */
};

/* S15: nothing that mutates is even encoded. */
static inline bool context_observes(const struct reconcile_context *context)
{
    return context->observe_only || !context->target->repair_mode ||
           context->target->observe_because;
}

void reconcile_set_state(struct reconcile *reconcile, enum reconcile_state state);
struct guard_policy reconcile_policy(const struct reconcile *reconcile,
                                     const struct reconcile_context *context);
struct finding_case reconcile_case(const struct reconcile *reconcile,
                                   const struct reconcile_context *context, size_t drift);
/* Verdicts of the whole plan anew, with what was carried out and learnt since. */
void reconcile_judge(struct reconcile *reconcile, const struct reconcile_context *context);
/* No more in this pass: reckons the outcome and goes idle. */
void reconcile_end_pass(struct reconcile *reconcile, const struct reconcile_context *context);

/* execute.c. The action at hand, its drift, and the finding of that. */
struct plan_action *execute_action(const struct reconcile *reconcile);
const struct plan_drift *execute_drift(const struct reconcile *reconcile);
struct finding *execute_finding(const struct reconcile *reconcile);
/* Of the action at hand, for the history. */
struct history_record execute_record(const struct reconcile *reconcile,
                                     const struct reconcile_context *context,
                                     enum history_kind kind);
/* Lines of the history on their way to the disk; state: what the pass waits in meanwhile. */
void execute_append(struct reconcile *reconcile, const struct reconcile_context *context,
                    const struct buf *lines, enum reconcile_state state);

/* answer.c: the mutating call at hand was answered. */
void answer_succeeded(struct reconcile *reconcile, const struct reconcile_context *context,
                      const struct call_result *result);
void answer_not_confirmed(struct reconcile *reconcile, const struct reconcile_context *context,
                          const struct call_result *result);

/* The next action that may run, or the end of the pass. */
void execute_next(struct reconcile *reconcile, const struct reconcile_context *context);
bool execute_feed_call(struct reconcile *reconcile, const struct reconcile_context *context,
                       const struct call_result *result);
bool execute_feed_file(struct reconcile *reconcile, const struct reconcile_context *context,
                       const struct input *input);

/* intent.c: token, tags and bytes of a create. HOLD_WAIT, with the reason in the pass's arena,
 * while an earlier attempt may still show. */
enum hold intent_prepare(struct reconcile *reconcile, const struct reconcile_context *context,
                         const struct plan_action *action, const char **ret_reason);
/* Is it sent only once its intent is on disk? */
bool intent_is_recorded(const struct ec2_action_row *row);
void intent_clear(struct intent *intent);

/* outcome.c */
void outcome_reckon(struct reconcile *reconcile, const struct reconcile_context *context);

/* wiring.c: what a healthy pass remembers. */
void wiring_record(struct reconcile *reconcile, const struct reconcile_context *context);
/* Into the record of a change: what a default, or an association, was before it and is since. Its
 * undo needs that (design.md 6.4). */
void wiring_changed(const struct reconcile *reconcile, const struct plan_action *action,
                    struct history_record *record);

/* contest.c: has a look shown our repairs, has somebody undone them (safety.md L2)? Once every
 * drift of the pass is seen, and before it is judged. */
void contest_record(struct reconcile *reconcile, const struct reconcile_context *context);
/* The repair of the drift at hand was carried out. */
void contest_repaired(const struct reconcile *reconcile, const struct reconcile_context *context,
                      struct buf *lines);

/* No look has shown the repair of the drift: somebody is quicker than our looks, perhaps. */
void contest_unshown(const struct reconcile_context *context, const struct plan_drift *drift);

/* What it means for a finding that this pass does not show it. */
enum unseen reconcile_judge_unseen(const struct finding *finding, const void *reconcile);

/* inventory.c: one event of what the VPC has, where every list that it counts is complete. */
void inventory_report(struct reconcile *reconcile, const struct reconcile_context *context);

/* troubles.c: findings that no plan can have: the VPC is not found, lists are incomplete. */
void troubles_see(struct reconcile *reconcile, const struct reconcile_context *context,
                  const struct texts *vpc_ids, const char *why);
