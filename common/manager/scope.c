/* A pass of one region: who are we, what is there, and then every target by itself. */
#include "scope.h"

#include <stdio.h>
#include <stdlib.h>

#define STATE(s) (1U << SCOPE_##s)

static const struct {
    unsigned next; /* the states that may follow */
} state_table[SCOPE_STATE_COUNT] = {
    [SCOPE_IDLE] = {STATE(IDLE) | STATE(IDENTIFYING) | STATE(OBSERVING) | STATE(RECONCILING)},
    [SCOPE_IDENTIFYING] = {STATE(IDLE) | STATE(OBSERVING) | STATE(RECONCILING)},
    [SCOPE_OBSERVING] = {STATE(IDLE) | STATE(RECONCILING)},
    [SCOPE_RECONCILING] = {STATE(IDLE)},
};

static void set_state(struct scope *scope, enum scope_state state)
{
    assert(state_table[scope->state].next & (1U << state));
    scope->state = state;
}

void scope_init(struct scope *scope, struct shared *shared, const char *region)
{
    struct aws_environment_error error = {0};

    *scope = (struct scope){.region = region};
    if (aws_client_new(shared->environment, region, &scope->client, &error) < 0)
        snprintf(scope->client_error, sizeof(scope->client_error), "%s", error.message);
}

static void free_observation(struct scope *scope)
{
    if (scope->observation)
        arena_free(scope->observation->arena); /* observe lies in it, too */
    else
        observe_free(scope->observe);
    scope->observation = NULL;
    scope->observe = NULL;
}

void scope_clear(struct scope *scope)
{
    for (size_t i = 0; i < scope->n_targets; i++)
        reconcile_free(scope->targets[i].reconcile);
    free(scope->targets);
    free_observation(scope);
    arena_free(scope->identity_arena);
    scope->client = aws_client_free(scope->client);
    free(scope->paused);
    *scope = (struct scope){0};
}

static struct reconcile_context context_of(struct scope *scope, struct shared *shared,
                                           const struct target *target)
{
    return (struct reconcile_context){
        .outlet = &shared->outlet,
        .now = shared->now,
        .client = scope->client,
        .history = shared->history,
        .config = shared->config,
        .target = target->config,
        .history_path = MANAGER_HISTORY_FILE,
        .pause_path = shared->pause_path,
        .approved = &shared->approved,
        .observe_only = shared->observe_only,
        .once = shared->once,
        .generation = shared->generation,
    };
}

/* ---- the end ---- */

static void end_pass(struct scope *scope, struct shared *shared)
{
    bool dropped = scope->dropping;

    set_state(scope, SCOPE_IDLE);
    scope->dropping = false;
    free_observation(scope);
    if (!dropped)
        settle_pass(scope, shared);
}

static void end_if_idle(struct scope *scope, struct shared *shared)
{
    if (scope->state != SCOPE_RECONCILING)
        return;
    for (size_t i = 0; i < scope->n_targets; i++)
        if (!reconcile_idle(scope->targets[i].reconcile))
            return;
    end_pass(scope, shared);
}

/* ---- the beginning ---- */

static void reconcile_all(struct scope *scope, struct shared *shared, const char *why)
{
    set_state(scope, SCOPE_RECONCILING);
    for (size_t i = 0; i < scope->n_targets; i++) {
        struct target *target = &scope->targets[i];
        struct reconcile_context context = context_of(scope, shared, target);
        const struct texts none = {0};

        reconcile_begin(target->reconcile, &context, scope->observation,
                        scope->observation ? observe_vpc_ids(scope->observe, i) : &none,
                        scope->paused, why);
    }
    end_if_idle(scope, shared);
}

static void begin_observation(struct scope *scope, struct shared *shared)
{
    struct observe_vpc *vpcs =
        ARENA_ARRAY(shared->outlet.arena, struct observe_vpc, scope->n_targets + 1);

    for (size_t i = 0; i < scope->n_targets; i++) {
        const struct config_target *config = scope->targets[i].config;

        vpcs[i] = (struct observe_vpc){config->vpc_id, config->vpc_tag.key, config->vpc_tag.value};
    }
    scope->observe = observe_new(scope->client, scope->region, shared->account, scope->pass, vpcs,
                                 scope->n_targets, shared->now);
    set_state(scope, SCOPE_OBSERVING);
    observe_begin(scope->observe, &shared->outlet, shared->now);
}

/* GetCallerIdentity, once for the credentials (safety.md S1, S5). */
static void begin_identity(struct scope *scope, struct shared *shared)
{
    const struct ec2_change_request request = {0};

    arena_free(scope->identity_arena);
    scope->identity_arena = arena_new();
    set_state(scope, SCOPE_IDENTIFYING);
    if (aws_client_call(scope->client, &shared->outlet, shared->now, STS_GET_CALLER_IDENTITY,
                        &request, NULL, true, scope->identity_arena, &scope->identity_call) < 0)
        assert(false && "GetCallerIdentity can be encoded");
}

void scope_begin_due(struct scope *scope, struct shared *shared)
{
    if (scope->state != SCOPE_IDLE || scope->finished ||
        shared->now.monotonic_ms < scope->next_pass_ms || scope->n_targets == 0)
        return;
    scope->pass++;
    scope->pause_read = shared->pause_path == NULL;
    if (shared->pause_path) {
        struct effect *effect = outlet_add(&shared->outlet, EFFECT_READ_FILE);

        effect->path = shared->pause_path;
        scope->pause_file = effect->id;
    }
    if (!scope->client)
        reconcile_all(scope, shared, scope->client_error);
    else if (!shared->account[0])
        begin_identity(scope, shared);
    else
        begin_observation(scope, shared);
}

/* ---- in between ---- */

static void identified(struct scope *scope, struct shared *shared, const struct call_result *result)
{
    const struct ec2_change_reply *reply = result->reply;

    if (result->r < 0) {
        reconcile_all(scope, shared, result->message);
    } else if (text_empty(reply->account)) {
        reconcile_all(scope, shared, "GetCallerIdentity: the reply names no account");
    } else {
        snprintf(shared->account, sizeof(shared->account), "%s", reply->account);
        begin_observation(scope, shared);
    }
}

static void observed(struct scope *scope, struct shared *shared)
{
    if (scope->state != SCOPE_OBSERVING || !observe_done(scope->observe) || !scope->pause_read)
        return;
    if (observe_stale_credentials(scope->observe))
        shared->account[0] = 0; /* whoever the next keys belong to, they are asked */
    scope->observation = observe_take(scope->observe);
    reconcile_all(scope, shared, NULL);
}

static void report_pause(struct scope *scope, struct shared *shared)
{
    if (text_equal(scope->paused, shared->paused))
        return;
    free(shared->paused);
    shared->paused = scope->paused ? strdup(scope->paused) : NULL;
    events_new(
        shared, EVENT_PAUSED, PRIORITY_NOTICE,
        scope->paused
            ? arena_printf(shared->outlet.arena,
                           "Paused: %s. Drift is still reported; nothing is changed until %s "
                           "is removed.",
                           scope->paused, shared->pause_path)
            : "No longer paused: repairs go on.");
}

static void read_pause(struct scope *scope, struct shared *shared, const struct input *input)
{
    const char *bytes = input->bytes, *newline = input->n ? memchr(bytes, '\n', input->n) : NULL;
    size_t n = newline ? (size_t)(newline - bytes) : input->n;
    const char *text = NULL;

    if (input->r < 0 && input->r != -ENOENT)
        text = arena_printf(shared->outlet.arena, "the pause file cannot be read (%s)",
                            strerror(-input->r));
    else if (input->r >= 0)
        text = n ? arena_strndup(shared->outlet.arena, bytes, n < 200 ? n : 200)
                 : "the pause file is there";
    free(scope->paused);
    scope->paused = text ? strdup(text) : NULL;
    scope->pause_read = true;
    report_pause(scope, shared);
}

static void call_ended(struct scope *scope, struct shared *shared, const struct call_result *result)
{
    if (scope->dropping && scope->state != SCOPE_RECONCILING) {
        if (aws_client_in_flight(scope->client) == 0)
            end_pass(scope, shared);
        return;
    }
    if (scope->state == SCOPE_IDENTIFYING && result->call == scope->identity_call) {
        identified(scope, shared, result);
        return;
    }
    if (scope->observe && scope->state == SCOPE_OBSERVING &&
        observe_feed(scope->observe, &shared->outlet, shared->now, result)) {
        observed(scope, shared);
        return;
    }
    for (size_t i = 0; i < scope->n_targets; i++) {
        struct reconcile_context context = context_of(scope, shared, &scope->targets[i]);

        if (reconcile_feed_call(scope->targets[i].reconcile, &context, result))
            break;
    }
    end_if_idle(scope, shared);
}

static bool file_answered(struct scope *scope, struct shared *shared, const struct input *input)
{
    if (!scope->pause_read && input->id == scope->pause_file) {
        read_pause(scope, shared, input);
        if (!scope->dropping)
            observed(scope, shared);
        else if (scope->state == SCOPE_OBSERVING && aws_client_in_flight(scope->client) == 0)
            end_pass(scope, shared); /* it was all that the pass waited for */
        return true;
    }
    for (size_t i = 0; i < scope->n_targets; i++) {
        struct reconcile_context context = context_of(scope, shared, &scope->targets[i]);

        if (reconcile_feed_file(scope->targets[i].reconcile, &context, input)) {
            end_if_idle(scope, shared);
            return true;
        }
    }
    return false;
}

bool scope_feed(struct scope *scope, struct shared *shared, const struct input *input)
{
    struct call_result result;
    bool taken = false;

    if (input->kind == INPUT_FILE)
        return file_answered(scope, shared, input);
    while (scope->client && aws_client_feed(scope->client, &shared->outlet, input, &result)) {
        call_ended(scope, shared, &result);
        taken = true;
    }
    return taken;
}

void scope_drop(struct scope *scope, struct shared *shared)
{
    bool changing = false;

    if (scope->state == SCOPE_IDLE || scope->dropping)
        return;
    scope->dropping = true;
    for (size_t i = 0; i < scope->n_targets; i++) {
        reconcile_stop(scope->targets[i].reconcile);
        changing |= reconcile_changing(scope->targets[i].reconcile);
    }
    /* A change in flight is waited for: its answer is worth more than haste. */
    if (!changing && scope->client) {
        const struct input none = {.kind = INPUT_STOP, .now = shared->now};

        aws_client_cancel_all(scope->client, &shared->outlet);
        scope_feed(scope, shared, &none); /* those that waited for a repeat end at once */
    }
}

uint64_t scope_wake_at(const struct scope *scope)
{
    uint64_t at = scope->client ? aws_client_wake_at(scope->client) : UINT64_MAX;

    if (scope->state == SCOPE_IDLE && !scope->finished && scope->n_targets > 0 &&
        scope->next_pass_ms < at)
        at = scope->next_pass_ms;
    return at;
}
