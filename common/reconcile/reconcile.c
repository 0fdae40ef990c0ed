#include "reconcile_private.h"

#include <stdio.h>
#include <stdlib.h>

#define STATE(s) (1U << RECONCILE_##s)

static const struct {
    unsigned next; /* the states that may follow */
} state_table[RECONCILE_STATE_COUNT] = {
    [RECONCILE_IDLE] = {STATE(IDLE) | STATE(LOOKING)},
    [RECONCILE_LOOKING] = {STATE(IDLE) | STATE(LOOKING) | STATE(INTENDING) | STATE(CALLING)},
    [RECONCILE_INTENDING] = {STATE(IDLE) | STATE(LOOKING) | STATE(CALLING)},
    [RECONCILE_CALLING] = {STATE(IDLE) | STATE(RECORDING)},
    [RECONCILE_RECORDING] = {STATE(IDLE) | STATE(LOOKING)},
};

void reconcile_set_state(struct reconcile *reconcile, enum reconcile_state state)
{
    assert(state_table[reconcile->state].next & (1U << state));
    reconcile->state = state;
}

struct reconcile *reconcile_new(void)
{
    struct reconcile *reconcile = calloc(1, sizeof(*reconcile));

    if (!reconcile)
        abort();
    reconcile->outcome.look_at_ms = UINT64_MAX;
    return reconcile;
}

struct reconcile *reconcile_free(struct reconcile *reconcile)
{
    if (!reconcile)
        return NULL;
    findings_free(&reconcile->findings);
    intent_clear(&reconcile->intent);
    arena_free(reconcile->arena);
    free(reconcile);
    return NULL;
}

bool reconcile_idle(const struct reconcile *reconcile)
{
    return reconcile->state == RECONCILE_IDLE;
}

bool reconcile_changing(const struct reconcile *reconcile)
{
    return reconcile->state == RECONCILE_CALLING;
}

void reconcile_stop(struct reconcile *reconcile)
{
    reconcile->stopping = true;
}

const struct reconcile_outcome *reconcile_outcome(const struct reconcile *reconcile)
{
    return &reconcile->outcome;
}

struct guard_policy reconcile_policy(const struct reconcile *reconcile,
                                     const struct reconcile_context *context)
{
    return (struct guard_policy){
        .config = context->config,
        .target = context->target,
        .history = context->history,
        .approved = *context->approved,
        .observe_only = context->observe_only,
        .paused = reconcile->paused,
        .pass = reconcile->observation->pass,
        .now = context->now,
        .looks = reconcile->looks,
        .denied_until_ms = reconcile->denied_until_ms,
        .carried_out = reconcile->carried_out,
        .begun = reconcile->begun,
    };
}

struct finding_case reconcile_case(const struct reconcile *reconcile,
                                   const struct reconcile_context *context, size_t drift)
{
    struct finding_case c = {.context = context,
                             .vpc_id = reconcile->snapshot ? reconcile->snapshot->vpc->vpc_id
                                                           : context->target->vpc_id};

    if (drift != NO_CAUSE) {
        c.plan = reconcile->plan;
        c.drift = &reconcile->plan->drifts.items[drift];
        c.verdict = &reconcile->verdicts[drift];
    }
    return c;
}

/* What this process did, or failed to do, a moment ago holds a repair whatever the guard would say.
 */
static void hold_recent(struct reconcile *reconcile, struct finding *finding, size_t drift,
                        uint64_t now_ms)
{
    struct guard_verdict *verdict = &reconcile->verdicts[drift];

    if (finding->failed_until_ms && now_ms >= finding->failed_until_ms)
        finding->failed_until_ms = 0;
    if (verdict->hold != HOLD_NONE || reconcile->carried_out[drift])
        return;
    if (finding->failed_until_ms)
        *verdict =
            (struct guard_verdict){.hold = HOLD_PLAN,
                                   .reason = "its repair failed a moment ago",
                                   .lifts = "ten minutes, or a restart after the cause is mended"};
    else if (finding->written_ms)
        *verdict = (struct guard_verdict){
            .hold = HOLD_WAIT, .reason = "its repair was carried out and does not show yet"};
}

void reconcile_judge(struct reconcile *reconcile, const struct reconcile_context *context)
{
    struct guard_policy policy = reconcile_policy(reconcile, context);
    const struct plan *plan = reconcile->plan;

    guard_judge(reconcile->arena, plan, reconcile->desired, reconcile->snapshot, &policy,
                &reconcile->verdicts);
    for (size_t i = 0; i < plan->drifts.n; i++) {
        struct finding *finding =
            findings_find(&reconcile->findings, plan->drifts.items[i].finding);
        struct finding_case c = reconcile_case(reconcile, context, i);

        if (finding->written_ms && context->now.monotonic_ms - finding->written_ms > GRACE_MS) {
            contest_unshown(context, &plan->drifts.items[i]);
            findings_failed(finding, &c,
                            "it was carried out, and no look has shown it for five minutes");
        }
        hold_recent(reconcile, finding, i, context->now.monotonic_ms);
        if (!reconcile->carried_out[i])
            findings_judge(finding, &c);
    }
}

/* What the drift of an endpoint, a rule or a whole path reads hangs on what is declared, so that
 * any list which was wanted and is incomplete may be one of its. */
static bool may_be_unknown(enum drift code, const struct plan *plan)
{
    return plan->unknown != 0 &&
           ((code >= DRIFT_ENDPOINT_MISSING && code <= DRIFT_VPC_DNS_HOSTNAMES_OFF) ||
            code == DRIFT_OUTBOUND_RULE_MISSING || code == DRIFT_NETWORK_ACL_BLOCKS ||
            code == DRIFT_BLOCK_PUBLIC_ACCESS || code == DRIFT_UNREACHABLE ||
            code == DRIFT_ROUTE_UNEXPECTED || code == DRIFT_DEFAULT_ROUTE_OVERRIDDEN);
}

enum unseen reconcile_judge_unseen(const struct finding *finding, const void *data)
{
    const struct reconcile *reconcile = data;
    bool route = finding->code == DRIFT_ROUTE_MISSING || finding->code == DRIFT_ROUTE_BLACKHOLE ||
                 finding->code == DRIFT_ROUTE_WRONG_TARGET ||
                 finding->code == DRIFT_ROUTE_CROSS_AZ ||
                 finding->code == DRIFT_ROUTE_FOREIGN_TARGET;

    if (finding->code == DRIFT_BLIND) /* every pass says anew whether it is */
        return UNSEEN_OVER;
    if (!reconcile->observation)
        return UNSEEN_UNKNOWN;
    if (finding->code ==
        DRIFT_ACCOUNT_MISMATCH) /* it is only observed where the account is right */
        return UNSEEN_OVER;
    if (finding->code == DRIFT_OBSERVATION_INCOMPLETE || finding->code == DRIFT_PERMISSION_MISSING)
        return UNSEEN_OVER;
    if (finding->code == DRIFT_VPC_NOT_FOUND)
        return reconcile->snapshot ? UNSEEN_OVER : UNSEEN_UNKNOWN;
    /* A group that comes from Lambda, and could not be asked for, may be what it is about. */
    if (!reconcile->plan || (reconcile->plan->unknown & NEEDS(CAPACITY_PROVIDERS)) ||
        (drift_table[finding->code].needs & ~reconcile->snapshot->complete) != 0 ||
        may_be_unknown(finding->code, reconcile->plan) ||
        (route && (reconcile->plan->unknown & NEEDS(MANAGED_PREFIX_LISTS))))
        return UNSEEN_UNKNOWN;
    return reconcile->plan->pending ? UNSEEN_CHANGING : UNSEEN_OVER;
}

static void see_drifts(struct reconcile *reconcile, const struct reconcile_context *context)
{
    const struct plan *plan = reconcile->plan;

    reconcile->looks = ARENA_ARRAY(reconcile->arena, struct guard_looks, plan->drifts.n + 1);
    reconcile->carried_out = ARENA_ARRAY(reconcile->arena, bool, plan->drifts.n + 1);
    for (size_t i = 0; i < plan->drifts.n; i++) {
        const struct finding *finding =
            findings_see(&reconcile->findings, &plan->drifts.items[i], context->now.monotonic_ms);

        reconcile->looks[i] = (struct guard_looks){.first_monotonic_ms = finding->first_look_ms,
                                                   .looks = finding->looks};
    }
}

/* A tag leads to another VPC than it did: S6 wants two looks at this one. */
static void notice_vpc(struct reconcile *reconcile, const char *vpc_id)
{
    if (text_equal(reconcile->vpc_id, vpc_id))
        return;
    findings_forget_looks(&reconcile->findings);
    snprintf(reconcile->vpc_id, sizeof(reconcile->vpc_id), "%s", vpc_id);
}

/* Nothing of it is unknown or on its way: what it shows may be remembered. */
static bool certain(const struct reconcile *reconcile)
{
    return reconcile->plan && reconcile->snapshot->owned && reconcile->plan->unknown == 0 &&
           !reconcile->plan->pending;
}

void reconcile_end_pass(struct reconcile *reconcile, const struct reconcile_context *context)
{
    outcome_reckon(reconcile, context);
    intent_clear(&reconcile->intent);
    reconcile_set_state(reconcile, RECONCILE_IDLE);
    /* The arena stays for what the outcome names; the observation is not ours any more. */
    reconcile->observation = NULL;
    reconcile->snapshot = NULL;
    reconcile->plan = NULL;
}

static void begin(struct reconcile *reconcile, const struct reconcile_context *context,
                  const struct observation *observation, const char *paused)
{
    arena_free(reconcile->arena);
    reconcile->arena = arena_new();
    reconcile->observation = observation;
    reconcile->snapshot = NULL;
    reconcile->desired = NULL;
    reconcile->plan = NULL;
    reconcile->verdicts = NULL;
    reconcile->paused = arena_strdup(reconcile->arena, paused);
    reconcile->stale = reconcile->progress = reconcile->stopping = false;
    reconcile->begun = NULL;
    reconcile->drift = reconcile->action = NO_CAUSE;
    reconcile->outcome.changed = reconcile->outcome.incomplete = false;
    findings_begin(&reconcile->findings);
    if (reconcile->generation != context->generation)
        memset(reconcile->denied_until_ms, 0, sizeof(reconcile->denied_until_ms));
    reconcile->generation = context->generation;
}

void reconcile_begin(struct reconcile *reconcile, const struct reconcile_context *context,
                     const struct observation *observation, const struct texts *vpc_ids,
                     const char *paused, const char *why)
{
    struct finding_case over;

    assert(reconcile->state == RECONCILE_IDLE);
    begin(reconcile, context, observation, paused);
    if (observation && vpc_ids->n == 1)
        reconcile->snapshot =
            snapshot_new(reconcile->arena, observation, vpc_ids->items[0], context->config->owner);
    if (reconcile->snapshot)
        notice_vpc(reconcile, reconcile->snapshot->vpc->vpc_id);
    troubles_see(reconcile, context, vpc_ids, why);
    if (reconcile->snapshot) {
        const char *tag = ec2_tag_value(&reconcile->snapshot->vpc->tags, TAG_PAUSE);

        if (!reconcile->paused && tag)
            reconcile->paused = *tag ? tag : "the VPC carries the tag " TAG_PAUSE;
        reconcile->desired =
            resolve(reconcile->arena, context->target, reconcile->snapshot, context->history);
        reconcile->plan = plan_new(reconcile->arena, reconcile->desired, reconcile->snapshot,
                                   context->history, context->config);
        if (context->inventory)
            inventory_report(reconcile, context);
        see_drifts(reconcile, context);
        contest_record(reconcile, context);
        reconcile_judge(reconcile, context);
    }
    over = reconcile_case(reconcile, context, NO_CAUSE);
    findings_end(&reconcile->findings, &over, reconcile_judge_unseen, reconcile);
    if (!reconcile->snapshot) {
        reconcile_end_pass(reconcile, context);
        return;
    }
    if (certain(reconcile) && !context->observe_only)
        wiring_record(reconcile, context);
    execute_next(reconcile, context);
}

bool reconcile_feed_call(struct reconcile *reconcile, const struct reconcile_context *context,
                         const struct call_result *result)
{
    return execute_feed_call(reconcile, context, result);
}

bool reconcile_feed_file(struct reconcile *reconcile, const struct reconcile_context *context,
                         const struct input *input)
{
    return execute_feed_file(reconcile, context, input);
}
