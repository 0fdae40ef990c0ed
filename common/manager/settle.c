/* A pass is over: when the next one comes, whether --once is settled, what people are told. */
#include "scope.h"

#include <stdio.h>

#define INCOMPLETE_PASSES_MAX 3 /* design.md 9: --once */
#define PENDING_MAX_MS                                                                             \
    ((uint64_t)600000) /* the waiter of botocore gives a NAT gateway 10 min, too */
#define SUMMARY_EVERY_MS ((uint64_t)3600000)

static uint64_t jittered_interval(const struct shared *shared)
{
    const struct config *config = shared->config;
    uint64_t jitter = config->interval_ms * config->jitter_percent / 100;

    return config->interval_ms - jitter + rng_below(shared->outlet.rng, 2 * jitter + 1);
}

static void settle_once(struct scope *scope, const struct shared *shared, uint64_t look_at_ms)
{
    scope->finished = look_at_ms == UINT64_MAX ||
                      scope->incomplete_passes >= INCOMPLETE_PASSES_MAX ||
                      (shared->observe_only && scope->incomplete_passes == 0);
    for (size_t i = 0; i < scope->n_targets; i++) {
        const struct reconcile_outcome *outcome = reconcile_outcome(scope->targets[i].reconcile);

        if (outcome->pending && look_at_ms != UINT64_MAX &&
            shared->now.monotonic_ms - outcome->pending_since_ms >= PENDING_MAX_MS)
            scope->finished = scope->timed_out = true;
    }
}

/* ---- for people ---- */

static const char *summary(const struct reconcile_outcome *outcome, struct arena *arena)
{
    const char *awaited =
        outcome->pending_what[0] ? arena_printf(arena, " Waiting: %s.", outcome->pending_what) : "";

    if (outcome->incomplete)
        return arena_printf(
            arena, "Unknown: not all that a verdict needs could be read (open findings %u).%s",
            outcome->n_findings, awaited);
    if (outcome->drift)
        return arena_printf(arena,
                            "Drift: open findings %u (held %u, repaired and not seen yet %u).%s",
                            outcome->n_findings, outcome->n_held, outcome->n_written, awaited);
    if (outcome->pending) /* S16: neither there nor gone is not in sync */
        return arena_printf(arena, "Nothing else differs.%s", awaited);
    if (outcome->n_findings)
        return arena_printf(arena, "In sync, with open findings %u about what could not be read.%s",
                            outcome->n_findings, awaited);
    return arena_printf(arena, "In sync: every declared way out is there.%s", awaited);
}

static void summarise(struct target *target, struct scope *scope, struct shared *shared)
{
    struct arena *arena = shared->outlet.arena;
    const struct reconcile_outcome *outcome = reconcile_outcome(target->reconcile);
    const char *text = summary(outcome, arena);
    uint64_t now_ms = shared->now.monotonic_ms;
    struct event *event;

    if (strncmp(text, target->summary, sizeof(target->summary) - 1) == 0 &&
        now_ms - target->summarised_ms < SUMMARY_EVERY_MS)
        return;
    snprintf(target->summary, sizeof(target->summary), "%s", text);
    target->summarised_ms = now_ms;
    event = events_new(
        shared, EVENT_PASS, outcome->incomplete || outcome->drift ? PRIORITY_NOTICE : PRIORITY_INFO,
        arena_printf(
            arena, "%s (pass %llu, %llu API calls so far)", text, (unsigned long long)scope->pass,
            scope->client ? (unsigned long long)aws_client_n_requests(scope->client) : 0ULL));
    event->target = target->config->name;
    event->vpc_id = target->config->vpc_id;
    event->region = target->config->region;
    event->state = outcome->incomplete ? "unknown"
                   : outcome->drift    ? "drift"
                   : outcome->pending  ? "waiting"
                                       : "in-sync";
}

void settle_pass(struct scope *scope, struct shared *shared)
{
    uint64_t look_at_ms = UINT64_MAX, rest_until_ms = 0;
    bool incomplete = false;

    for (size_t i = 0; i < scope->n_targets; i++) {
        const struct reconcile_outcome *outcome = reconcile_outcome(scope->targets[i].reconcile);

        if (outcome->look_at_ms < look_at_ms)
            look_at_ms = outcome->look_at_ms;
        if (outcome->rest_until_ms > rest_until_ms)
            rest_until_ms = outcome->rest_until_ms;
        incomplete |= outcome->incomplete;
        summarise(&scope->targets[i], scope, shared);
    }
    scope->incomplete_passes = incomplete ? scope->incomplete_passes + 1 : 0;
    scope->next_pass_ms = shared->now.monotonic_ms + jittered_interval(shared);
    if (look_at_ms < scope->next_pass_ms)
        scope->next_pass_ms = look_at_ms;
    else if (rest_until_ms > scope->next_pass_ms)
        scope->next_pass_ms = rest_until_ms;
    if (shared->once)
        settle_once(scope, shared, look_at_ms);
}

int settle_exit_code(const struct scope *scopes, size_t n_scopes)
{
    bool drift = false;

    for (size_t s = 0; s < n_scopes; s++) {
        if (scopes[s].timed_out || !scopes[s].finished)
            return MANAGER_UNKNOWN;
        for (size_t i = 0; i < scopes[s].n_targets; i++) {
            const struct reconcile_outcome *outcome =
                reconcile_outcome(scopes[s].targets[i].reconcile);

            /* What is on its way, or in a state that we do not know, is neither there nor gone:
             * only a run that observes ends before it is. */
            if (outcome->incomplete || outcome->failed || (outcome->pending && !outcome->drift))
                return MANAGER_UNKNOWN;
            drift |= outcome->drift;
        }
    }
    return drift ? MANAGER_DRIFT : MANAGER_IN_SYNC;
}

const char *settle_status(const struct scope *scopes, size_t n_scopes, struct shared *shared)
{
    unsigned n_targets = 0, n_drift = 0, n_unknown = 0, n_blind = 0, n_new = 0, n_findings = 0,
             n_held = 0;
    const char *awaited = NULL, *word;

    for (size_t s = 0; s < n_scopes; s++)
        for (size_t i = 0; i < scopes[s].n_targets; i++) {
            const struct reconcile_outcome *outcome =
                reconcile_outcome(scopes[s].targets[i].reconcile);

            n_targets++;
            n_new += !scopes[s].targets[i].summary[0];
            n_unknown += outcome->incomplete;
            n_blind += outcome->blind;
            n_drift += outcome->drift;
            n_findings += outcome->n_findings;
            n_held += outcome->n_held;
            if (!awaited && outcome->pending_what[0])
                awaited = outcome->pending_what;
        }
    if (n_targets == 0)
        return "Idle: no VPC is configured";
    word = n_blind     ? "Blind"
           : n_unknown ? "Unknown"
           : n_drift   ? "Drift"
           : n_new     ? "Observing"
           : awaited   ? "Waiting"
                       : "In sync";
    return arena_printf(shared->outlet.arena, "%s: VPCs %u, open findings %u, held %u%s%s%s%s",
                        word, n_targets, n_findings, n_held, awaited ? ", waiting: " : "",
                        awaited ? awaited : "", shared->paused ? ", paused: " : "",
                        shared->paused ? shared->paused : "");
}
