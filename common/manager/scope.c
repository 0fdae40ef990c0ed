/* A pass of one region: who are we, what is there, and then every target by itself. */
#include "scope.h"

#include <stdio.h>
#include <stdlib.h>

#define STATE(s) (1U << SCOPE_##s)

static const struct {
    unsigned next; /* the states that may follow */
} state_table[SCOPE_STATE_COUNT] = {
    [SCOPE_IDLE] = {STATE(IDLE) | STATE(WAITING) | STATE(RECONCILING)},
    [SCOPE_WAITING] = {STATE(IDLE) | STATE(IDENTIFYING) | STATE(OBSERVING) | STATE(RECONCILING)},
    [SCOPE_IDENTIFYING] = {STATE(IDLE) | STATE(OBSERVING) | STATE(RECONCILING)},
    [SCOPE_OBSERVING] = {STATE(IDLE) | STATE(RECONCILING)},
    [SCOPE_RECONCILING] = {STATE(IDLE)},
};

static void set_state(struct scope *scope, enum scope_state state)
{
    assert(state_table[scope->state].next & (1U << state));
    scope->state = state;
}

void scope_init(struct scope *scope, struct shared *shared, const char *region,
                struct account *account)
{
    struct aws_environment_error error = {0};

    *scope = (struct scope){.region = region, .account = account};
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
        .inventory = shared->inventory,
        .once = shared->once,
        .generation = shared->generation,
        .wrong_account = account_is_wrong(scope->account) ? scope->account->id : NULL,
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
    const struct config_target **configs =
        ARENA_ARRAY(shared->outlet.arena, const struct config_target *, scope->n_targets + 1);
    struct observe_wants wants;

    for (size_t i = 0; i < scope->n_targets; i++) {
        const struct config_target *config = scope->targets[i].config;

        vpcs[i] = (struct observe_vpc){config->vpc_id, config->vpc_tag.key, config->vpc_tag.value};
        configs[i] = config;
    }
    services_look(scope, shared);
    manager_wants(shared->outlet.arena, configs, scope->n_targets, &wants);
    scope->observe = observe_new(scope->client, scope->region, scope->account->id, scope->pass,
                                 vpcs, scope->n_targets, &wants, shared->now);
    set_state(scope, SCOPE_OBSERVING);
    observe_begin(scope->observe, &shared->outlet, shared->now);
}

/* GetCallerIdentity, once for each set of keys (safety.md S1, S5). */
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

/* Nothing is asked of an account that is not the one meant, and nothing written. */
static void begin_as_identified(struct scope *scope, struct shared *shared)
{
    if (account_is_wrong(scope->account))
        reconcile_all(scope, shared, "the keys are another account's");
    else
        begin_observation(scope, shared);
}

/* A pass signs with one set from its begin to its end. */
static void go_on(struct scope *scope, struct shared *shared)
{
    struct account *account = scope->account;
    struct credentials *credentials = account->credentials;

    switch (credentials_want(credentials, &shared->outlet, shared->now)) {
    case CREDENTIALS_WAIT:
        return;
    case CREDENTIALS_NONE:
        reconcile_all(scope, shared, credentials_error(credentials));
        return;
    case CREDENTIALS_READY:
        break;
    }
    scope->begun_ms = shared->now.monotonic_ms;
    aws_client_set_deadline(scope->client, scope->begun_ms + SCOPE_PASS_MS);
    aws_client_set_credentials(scope->client, credentials_current(credentials));
    scope->serial = credentials_serial(credentials);
    if (account->serial != scope->serial)
        begin_identity(scope, shared);
    else
        begin_as_identified(scope, shared);
}

void scope_begin_due(struct scope *scope, struct shared *shared)
{
    if (scope->state == SCOPE_WAITING) {
        go_on(scope, shared);
        return;
    }
    if (scope->state != SCOPE_IDLE || scope->finished ||
        shared->now.monotonic_ms < scope->next_pass_ms || scope->n_targets == 0)
        return;
    scope->pass++;
    scope->begun_ms = shared->now.monotonic_ms;
    scope->pause_read = shared->pause_path == NULL;
    if (shared->pause_path) {
        struct effect *effect = outlet_add(&shared->outlet, EFFECT_READ_FILE);

        effect->path = shared->pause_path;
        scope->pause_file = effect->id;
    }
    scope->refused[0] = 0;
    if (!scope->client) {
        reconcile_all(scope, shared, scope->client_error);
        return;
    }
    set_state(scope, SCOPE_WAITING);
    go_on(scope, shared);
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
        snprintf(scope->account->id, sizeof(scope->account->id), "%s", reply->account);
        scope->account->serial = scope->serial;
        begin_as_identified(scope, shared);
    }
}

static void observed(struct scope *scope, struct shared *shared)
{
    if (scope->state != SCOPE_OBSERVING || !observe_done(scope->observe) || !scope->pause_read)
        return;
    if (scope->refused[0]) { /* half an observation, with keys that are none */
        scope->observe = observe_free(scope->observe);
        reconcile_all(scope, shared, scope->refused);
        return;
    }
    scope->observation = observe_take(scope->observe);
    services_observe(scope, shared, scope->observation);
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

/* AWS does not take the keys themselves (ExpiredToken ...): the pass ends, and the next begins with
 * new ones. Whoever those belong to, they are asked (S1). */
static void refused(struct scope *scope, struct shared *shared, const struct call_result *result)
{
    if (result->r != -EREMOTEIO || result->error_class != EC2_ERROR_CREDENTIALS)
        return;
    credentials_reject(scope->account->credentials, scope->serial);
    if (scope->account->serial == scope->serial)
        scope->account->serial = 0;
    if (scope->refused[0])
        return;
    snprintf(scope->refused, sizeof(scope->refused), "%s", result->message);
    if (scope->state == SCOPE_OBSERVING)
        aws_client_cancel_all(scope->client, &shared->outlet);
}

/* Once, however many scopes see it. */
static void report_clock(struct scope *scope, struct shared *shared)
{
    int64_t off_ms = aws_client_clock_correction_ms(scope->client);
    bool off = llabs(off_ms) > AWS_CLIENT_SKEW_MS;

    if (off == scope->clock_off)
        return;
    scope->clock_off = off;
    if (off != shared->clock_told)
        events_new(shared, EVENT_CLOCK, off ? PRIORITY_WARNING : PRIORITY_NOTICE,
                   off ? arena_printf(
                             shared->outlet.arena,
                             "This host's clock is %lld s %s AWS's. Requests are signed with "
                             "AWS's time; change windows and hourly limits still go by the "
                             "host's. Have it set right.",
                             (long long)(llabs(off_ms) / 1000), off_ms < 0 ? "ahead of" : "behind")
                       : "This host's clock and AWS's agree again.");
    shared->clock_told = off;
}

static void call_ended(struct scope *scope, struct shared *shared, const struct call_result *result)
{
    refused(scope, shared, result);
    report_clock(scope, shared);
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
    if (scope->state == SCOPE_WAITING) { /* nothing of the pass is out */
        scope->dropping = true;
        end_pass(scope, shared);
        return;
    }
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

bool scope_overdue(const struct scope *scope, uint64_t monotonic_ms)
{
    return scope->state != SCOPE_IDLE && monotonic_ms >= scope->begun_ms + SCOPE_OVERDUE_MS;
}

uint64_t scope_wake_at(const struct scope *scope)
{
    uint64_t at = scope->client ? aws_client_wake_at(scope->client) : UINT64_MAX;

    if (scope->state == SCOPE_IDLE && !scope->finished && scope->n_targets > 0 &&
        scope->next_pass_ms < at)
        at = scope->next_pass_ms;
    return at;
}
