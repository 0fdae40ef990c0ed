/* How a pass ended, and when the target wants to look again (design.md 9). */
#include "reconcile_private.h"

#include "vpc_reconciled/fault.h"

#include <stdio.h>

#define PENDING_FIRST_MS 1000
#define PENDING_MAX_MS 15000
#define INCOMPLETE_FIRST_MS 1000
#define THROTTLED_INTERVALS_MAX 8 /* the account's quota is everybody's: we look less and less */

static void sooner(struct reconcile_outcome *outcome, uint64_t at_ms)
{
    if (at_ms < outcome->look_at_ms)
        outcome->look_at_ms = at_ms;
}

/* What is on its way is looked at after 1 s, doubling to 15 s; a change begins that anew. */
static void look_at_pending(struct reconcile *reconcile, uint64_t now_ms)
{
    if (reconcile->progress || reconcile->look_backoff_ms == 0)
        reconcile->look_backoff_ms = PENDING_FIRST_MS;
    sooner(&reconcile->outcome, now_ms + reconcile->look_backoff_ms);
    reconcile->look_backoff_ms *= 2;
    if (reconcile->look_backoff_ms > PENDING_MAX_MS)
        reconcile->look_backoff_ms = PENDING_MAX_MS;
}

static bool throttled(const struct observation *observation)
{
    for (size_t list = 0; observation && !FAULT(THROTTLING_IGNORED) && list < LIST_COUNT; list++)
        if (observation->lists[list].asked && !observation->lists[list].complete &&
            ec2_error_classify(&observation->lists[list].error) == EC2_ERROR_THROTTLED)
            return true;
    return false;
}

/* 1, 2, 4 ... s, jittered, at most the interval, or some when AWS throttles: a list stayed unknown.
 */
static void look_at_unknown(struct reconcile *reconcile, const struct reconcile_context *context)
{
    unsigned doublings = reconcile->incomplete_looks < 16 ? reconcile->incomplete_looks : 16;
    uint64_t wait_ms = (uint64_t)INCOMPLETE_FIRST_MS << doublings,
             most_ms = context->config->interval_ms;
    bool rests = throttled(reconcile->observation);

    reconcile->incomplete_looks++;
    if (rests)
        most_ms *= THROTTLED_INTERVALS_MAX;
    if (wait_ms > most_ms)
        wait_ms = most_ms;
    wait_ms = wait_ms / 2 + rng_below(context->outlet->rng, wait_ms / 2 + 1);
    sooner(&reconcile->outcome, context->now.monotonic_ms + wait_ms);
    if (rests)
        reconcile->outcome.rest_until_ms = context->now.monotonic_ms + wait_ms;
}

static void await(struct reconcile_outcome *outcome, const char *what)
{
    if (!outcome->pending_what[0] && what)
        snprintf(outcome->pending_what, sizeof(outcome->pending_what), "%s", what);
}

static void reckon_drifts(struct reconcile *reconcile, bool *ret_waits)
{
    struct reconcile_outcome *outcome = &reconcile->outcome;
    const struct plan *plan = reconcile->plan;

    for (size_t i = 0; i < plan->drifts.n; i++) {
        const struct guard_verdict *verdict = &reconcile->verdicts[i];
        const struct finding *finding =
            findings_find(&reconcile->findings, plan->drifts.items[i].finding);

        if (finding->state == FINDING_FAILED && finding->failed_until_ms)
            continue;
        switch (verdict->hold) {
        case HOLD_CONFIRM:
            sooner(outcome, verdict->until_monotonic_ms);
            break;
        case HOLD_UNKNOWN:
            outcome->incomplete = true;
            break;
        case HOLD_LIMIT_PASS:
        case HOLD_WAIT:
        case HOLD_NONE: /* carried out, or the plan was stale: look whether it shows */
            *ret_waits = true;
            if (verdict->hold == HOLD_WAIT)
                await(outcome, verdict->reason);
            break;
        default:
            outcome->n_held++;
            break;
        }
    }
}

static void keep_pending_since(struct reconcile *reconcile, uint64_t now_ms, uint64_t since_ms,
                               bool was_pending)
{
    reconcile->outcome.pending_since_ms = was_pending && !reconcile->progress ? since_ms : now_ms;
}

void outcome_reckon(struct reconcile *reconcile, const struct reconcile_context *context)
{
    struct reconcile_outcome *outcome = &reconcile->outcome, before = *outcome;
    uint64_t now_ms = context->now.monotonic_ms;
    bool waits = reconcile->stale;

    /* changed and failed were noted while the pass ran. */
    *outcome = (struct reconcile_outcome){
        .look_at_ms = UINT64_MAX, .changed = before.changed, .incomplete = before.incomplete};
    if (reconcile->plan) {
        outcome->incomplete |= reconcile->plan->unknown != 0;
        await(outcome, reconcile->plan->pending_what);
        waits |= reconcile->plan->pending || outcome->changed;
        reckon_drifts(reconcile, &waits);
    } else if (!reconcile->snapshot) {
        const struct observation *observation = reconcile->observation;

        /* Whose keys these are is known: another look would say the same. */
        outcome->incomplete |= !observation ? !context->wrong_account
                                            : !observation->lists[LIST_VPCS].complete ||
                                                  !observation->lists[LIST_SUBNETS].complete ||
                                                  !observation->lists[LIST_ROUTE_TABLES].complete;
    }
    for (size_t i = 0; i < reconcile->findings.n; i++) {
        const struct finding *finding = &reconcile->findings.items[i];

        outcome->n_findings++;
        outcome->n_written += finding->written_ms != 0;
        outcome->blind |= finding->code == DRIFT_BLIND;
        outcome->drift |=
            finding->code != DRIFT_OBSERVATION_INCOMPLETE && finding->code != DRIFT_BLIND;
        outcome->failed |= finding->state == FINDING_FAILED && finding->failed_until_ms;
    }
    outcome->pending = waits;
    keep_pending_since(reconcile, now_ms, before.pending_since_ms, before.pending);
    if (waits)
        look_at_pending(reconcile, now_ms);
    else
        reconcile->look_backoff_ms = 0;
    if (outcome->incomplete)
        look_at_unknown(reconcile, context);
    else
        reconcile->incomplete_looks = 0;
    if (!waits)
        outcome->pending_what[0] = 0;
}
