#include "scope.h"

#include <stdio.h>
#include <stdlib.h>

#define ONCE_MAX_MS ((uint64_t)3600000)
#define COMPACT_AFTER ((size_t)1 << 20) /* bytes appended since the file was last whole */

struct manager {
    struct shared shared;
    struct arena *config_arena;     /* of shared.config */
    struct arena *old_config_arena; /* events of the last feed may still name what is in it */
    struct accounts old_accounts;   /* and its requests lend what these hold */
    struct scope *scopes;
    size_t n_scopes;
    uint64_t next_id;
    struct rng rng;
    struct effects effects;
    struct arena *arena; /* of the effects */
    uint64_t started_ms, wake_at_ms;
    size_t appended;
    char *status;
    bool history_rewrite; /* what was read at start was torn */
    bool history_newer;
    uint64_t aside_file;       /* the effect that sets a newer history aside; 0: none is out */
    char history_trouble[160]; /* for the first event, or "" */
    const void *history_bytes;
    size_t history_n;
    bool stopping, exited;
    /* for the next INPUT_RELOAD */
    struct arena *next_arena;
    const struct config *next_config;
    char *next_message;
    /* fed, and waiting for the running passes to end */
    bool reload;
    struct arena *reload_arena;
    const struct config *reload_config;
};

/* ---- targets by account and region ---- */

static struct scope *scope_of(struct manager *manager, const char *region, struct account *account)
{
    for (size_t i = 0; i < manager->n_scopes; i++)
        if (text_equal(manager->scopes[i].region, region) && manager->scopes[i].account == account)
            return &manager->scopes[i];
    scope_init(&manager->scopes[manager->n_scopes], &manager->shared, region, account);
    return &manager->scopes[manager->n_scopes++];
}

/* What is known of a target survives a reload, as long as it is the same VPC's. */
static struct reconcile *take_reconcile(struct scope *scopes, size_t n_scopes,
                                        const struct config_target *config)
{
    for (size_t s = 0; s < n_scopes; s++)
        for (size_t i = 0; i < scopes[s].n_targets; i++) {
            struct target *target = &scopes[s].targets[i];

            if (target->reconcile && text_equal(target->config->name, config->name) &&
                text_equal(target->config->vpc_id, config->vpc_id) &&
                text_equal(target->config->vpc_tag.key, config->vpc_tag.key) &&
                text_equal(target->config->vpc_tag.value, config->vpc_tag.value) &&
                text_equal(target->config->account, config->account) &&
                text_equal(target->config->region, config->region)) {
                struct reconcile *reconcile = target->reconcile;

                target->reconcile = NULL;
                return reconcile;
            }
        }
    return reconcile_new();
}

static void *zeroed(size_t n, size_t size)
{
    void *memory = calloc(n + 1, size);

    if (!memory)
        abort();
    return memory;
}

/* A reload gives no new tokens: what the account's own config of the region asked for, it asked. */
static void inherit(struct scope *scope, const struct scope *old, size_t n_old)
{
    for (size_t s = 0; s < n_old; s++)
        if (scope->client && old[s].client && text_equal(scope->region, old[s].region) &&
            text_equal(scope->targets[0].config->account, old[s].targets[0].config->account)) {
            aws_client_inherit(scope->client, old[s].client);
            scope->clock_off = old[s].clock_off;
        }
}

static void build_scopes(struct manager *manager)
{
    const struct config *config = manager->shared.config;
    struct scope *old = manager->scopes;
    size_t n_old = manager->n_scopes;
    uint64_t pass = 0;

    for (size_t s = 0; s < n_old; s++)
        pass = old[s].pass > pass ? old[s].pass : pass;
    accounts_clear(&manager->old_accounts);
    manager->old_accounts = manager->shared.accounts;
    accounts_build(&manager->shared.accounts, &manager->old_accounts, config,
                   manager->shared.environment, manager->shared.host);
    manager->scopes = zeroed(config->n_targets, sizeof(*manager->scopes));
    manager->n_scopes = 0;
    for (size_t i = 0; i < config->n_targets; i++) {
        const struct config_target *target = &config->targets[i];
        struct scope *scope = scope_of(manager, target->region,
                                       accounts_find(&manager->shared.accounts, target->account));

        if (!scope->targets)
            scope->targets = zeroed(config->n_targets, sizeof(*scope->targets));
        scope->pass = pass; /* a pass's number never comes twice: it is half of a plan's fence */
        scope->targets[scope->n_targets++] =
            (struct target){.config = target, .reconcile = take_reconcile(old, n_old, target)};
    }
    for (size_t s = 0; s < manager->n_scopes; s++)
        inherit(&manager->scopes[s], old, n_old);
    for (size_t s = 0; s < n_old; s++)
        scope_clear(&old[s]);
    free(old);
}

/* ---- making and freeing ---- */

static void copy_approved(struct manager *manager, const struct texts *approved)
{
    const char **items = zeroed(approved->n, sizeof(*items));

    for (size_t i = 0; i < approved->n; i++) {
        items[i] = strdup(approved->items[i]);
        if (!items[i])
            abort();
    }
    manager->shared.approved = (struct texts){.items = items, .n = approved->n};
}

static void load_history(struct manager *manager, const struct manager_options *options)
{
    int r = options->history_r;

    if (r >= 0 && options->history_n > 0) {
        const char *bytes = options->history;

        r = history_load(manager->shared.history, options->history, options->history_n);
        manager->history_rewrite = r > 0 || bytes[options->history_n - 1] != '\n';
        if (r > 0)
            snprintf(manager->history_trouble, sizeof(manager->history_trouble),
                     " %d broken records of the history were passed over.", r);
        manager->history_newer = r == -EPROTONOSUPPORT;
    }
    if (manager->history_newer)
        snprintf(
            manager->history_trouble, sizeof(manager->history_trouble),
            " The history was written by a newer version and is set aside; nothing of it is used.");
    else if (r < 0 && r != -ENOENT)
        snprintf(manager->history_trouble, sizeof(manager->history_trouble),
                 " The history cannot be read (%s): more is looked at twice before it is changed.",
                 strerror(-r));
}

struct manager *manager_new(const struct manager_options *options, struct arena *take_arena,
                            const struct config *config)
{
    struct manager *manager = zeroed(1, sizeof(*manager));
    struct shared *shared = &manager->shared;

    manager->config_arena = take_arena;
    manager->next_id = 1;
    manager->rng.state = options->seed;
    manager->wake_at_ms = UINT64_MAX;
    manager->arena = arena_new();
    shared->environment = options->environment;
    shared->config = config;
    shared->generation = 1;
    shared->once = options->once;
    shared->observe_only = options->observe_only;
    shared->inventory = options->inventory;
    shared->host = strdup(options->host ? options->host : "");
    if (!shared->host)
        abort();
    shared->pause_path = options->pause_path ? strdup(options->pause_path) : NULL;
    shared->history = history_new();
    shared->outlet =
        (struct outlet){&manager->effects, manager->arena, &manager->next_id, &manager->rng};
    copy_approved(manager, &options->approved);
    load_history(manager, options);
    if (manager->history_newer && options->history_n) {
        manager->history_bytes = options->history; /* until the first feed, which copies them out */
        manager->history_n = options->history_n;
    }
    build_scopes(manager);
    return manager;
}

static void clear_next(struct manager *manager)
{
    manager->next_arena = arena_free(manager->next_arena);
    manager->next_config = NULL;
    free(manager->next_message);
    manager->next_message = NULL;
}

struct manager *manager_free(struct manager *manager)
{
    if (!manager)
        return NULL;
    for (size_t s = 0; s < manager->n_scopes; s++)
        scope_clear(&manager->scopes[s]);
    free(manager->scopes);
    clear_next(manager);
    arena_free(manager->reload_arena);
    for (size_t i = 0; i < manager->shared.approved.n; i++)
        free((void *)(uintptr_t)manager->shared.approved.items[i]);
    free(manager->shared.approved.items);
    free((void *)(uintptr_t)manager->shared.pause_path);
    free(manager->shared.paused);
    names_clear(&manager->shared.names);
    accounts_clear(&manager->shared.accounts);
    accounts_clear(&manager->old_accounts);
    free(manager->shared.host);
    history_free(manager->shared.history);
    free(manager->status);
    free(manager->effects.items);
    arena_free(manager->arena);
    arena_free(manager->old_config_arena);
    arena_free(manager->config_arena);
    free(manager);
    return NULL;
}

/* ---- the history file ---- */

static void replace_history(struct manager *manager)
{
    CLEANUP(buf_free)
    struct buf whole = {0};
    struct effect *effect;

    history_encode(manager->shared.history, manager->shared.now.wall_ms, &whole);
    effect = outlet_add(&manager->shared.outlet, EFFECT_REPLACE_FILE);
    effect->path = MANAGER_HISTORY_FILE;
    effect->body = arena_memdup(manager->arena, whole.data, whole.n);
    effect->body_n = whole.n;
    manager->appended = 0;
}

static void mend_history(struct manager *manager)
{
    if (manager->shared.observe_only)
        return;
    if (manager->history_newer) {
        struct effect *effect = outlet_add(&manager->shared.outlet, EFFECT_REPLACE_FILE);

        effect->path = MANAGER_HISTORY_FILE ".newer";
        effect->body = arena_memdup(manager->arena, manager->history_bytes, manager->history_n);
        effect->body_n = manager->history_n;
        manager->aside_file = effect->id;
    } else if (manager->history_rewrite) {
        replace_history(manager);
    }
}

/* Only once the newer one lies aside may an own one take its place; until then records are appended
 * to it, and the next start sets it aside again. */
static bool set_aside(struct manager *manager, const struct input *input)
{
    if (!manager->aside_file || input->kind != INPUT_FILE || input->id != manager->aside_file)
        return false;
    manager->aside_file = 0;
    if (input->r >= 0) {
        manager->history_newer = false;
        replace_history(manager);
    }
    return true;
}

/* ---- inputs ---- */

static void report_config(struct manager *manager, enum event_kind kind, const char *what)
{
    struct shared *shared = &manager->shared;
    const struct config *config = shared->config;

    events_new(shared, kind, PRIORITY_INFO,
               arena_printf(manager->arena, "%s: VPCs %zu, a pass every %llu s%s.%s", what,
                            config->n_targets, (unsigned long long)(config->interval_ms / 1000),
                            shared->observe_only ? ", observing only" : "",
                            kind == EVENT_STARTED ? manager->history_trouble : ""));
    for (size_t i = 0; i < config->not_checked.n; i++)
        events_new(shared, EVENT_CONFIG_NOT_CHECKED, PRIORITY_WARNING,
                   arena_printf(manager->arena, "%s", config->not_checked.items[i]));
    for (size_t i = 0; i < config->n_targets; i++)
        if (config->targets[i].observe_because) {
            struct event *event = events_new(
                shared, EVENT_CONFIG_NOT_CHECKED, PRIORITY_WARNING,
                arena_printf(manager->arena,
                             "%s is only observed: its config has %s, which this version does not "
                             "check yet.",
                             config->targets[i].name, config->targets[i].observe_because));

            event->target = config->targets[i].name;
            event->file = config->targets[i].file;
        }
}

void manager_set_config(struct manager *manager, struct arena *take_arena,
                        const struct config *config, const char *message)
{
    clear_next(manager);
    manager->next_arena = take_arena;
    manager->next_config = config;
    manager->next_message = message ? strdup(message) : NULL;
}

/* S9: mass drift is lifted by a reload, so the counts that it is measured against are forgotten. */
static void forget_subnet_counts(struct manager *manager)
{
    CLEANUP(buf_free)
    struct buf lines = {0};
    const struct config *config = manager->shared.config;

    for (size_t i = 0; i < config->n_targets; i++)
        for (size_t g = 0; g < config->targets[i].n_groups; g++) {
            struct history_record record = {.kind = HISTORY_WIRING,
                                            .wall_ms = manager->shared.now.wall_ms};

            HISTORY_SET(record.target, config->targets[i].name);
            HISTORY_SET(record.role, arena_printf(manager->arena, "subnet-count/%s",
                                                  config->targets[i].groups[g].name));
            history_add(manager->shared.history, &record, NULL, &lines);
        }
    if (lines.n && !manager->shared.observe_only) {
        struct effect *effect = outlet_add(&manager->shared.outlet, EFFECT_APPEND_FILE);

        effect->path = MANAGER_HISTORY_FILE;
        effect->body = arena_memdup(manager->arena, lines.data, lines.n);
        effect->body_n = lines.n;
    }
}

static bool all_idle(const struct manager *manager)
{
    for (size_t s = 0; s < manager->n_scopes; s++)
        if (manager->scopes[s].state != SCOPE_IDLE)
            return false;
    return true;
}

static void drop_all(struct manager *manager)
{
    for (size_t s = 0; s < manager->n_scopes; s++)
        scope_drop(&manager->scopes[s], &manager->shared);
}

static void begin_reload(struct manager *manager)
{
    if (!manager->next_config) {
        events_new(
            &manager->shared, EVENT_CONFIG_INVALID, PRIORITY_ERR,
            arena_printf(manager->arena, "The new config is wrong, the last good one stays: %s",
                         manager->next_message ? manager->next_message : "it cannot be read"));
        clear_next(manager);
        return;
    }
    /* Between two calls: running passes end first. A reload that still waits for that is replaced.
     */
    arena_free(manager->reload_arena);
    manager->reload = true;
    manager->reload_arena = manager->next_arena;
    manager->reload_config = manager->next_config;
    manager->next_arena = NULL;
    clear_next(manager);
    drop_all(manager);
}

static void finish_reload(struct manager *manager)
{
    manager->reload = false;
    arena_free(manager->old_config_arena);
    manager->old_config_arena = manager->config_arena;
    manager->config_arena = manager->reload_arena;
    manager->shared.config = manager->reload_config;
    manager->reload_arena = NULL;
    manager->reload_config = NULL;
    manager->shared.generation++;
    build_scopes(manager);
    forget_subnet_counts(manager);
    report_config(manager, EVENT_CONFIG_LOADED, "The config was loaded anew");
}

/* ---- the end ---- */

static void leave(struct manager *manager, int exit_code)
{
    struct effect *effect;

    manager->exited = true;
    effect = outlet_add(&manager->shared.outlet, EFFECT_EXIT);
    effect->exit_code = exit_code;
}

static void finish_stop(struct manager *manager)
{
    leave(manager, manager->shared.once ? MANAGER_UNKNOWN : MANAGER_IN_SYNC);
}

static void finish_once(struct manager *manager)
{
    bool all = true;

    for (size_t s = 0; s < manager->n_scopes; s++) {
        struct scope *scope = &manager->scopes[s];

        if (manager->shared.now.monotonic_ms - manager->started_ms >= ONCE_MAX_MS &&
            scope->state == SCOPE_IDLE && !scope->finished)
            scope->finished = scope->timed_out = true;
        all &= scope->finished;
    }
    if (all)
        leave(manager, settle_exit_code(manager->scopes, manager->n_scopes));
}

static void update_status(struct manager *manager)
{
    const char *text = settle_status(manager->scopes, manager->n_scopes, &manager->shared);

    if (text_equal(text, manager->status))
        return;
    free(manager->status);
    manager->status = strdup(text);
    outlet_add(&manager->shared.outlet, EFFECT_STATUS)->text = arena_strdup(manager->arena, text);
}

static void update_wake(struct manager *manager)
{
    uint64_t at = accounts_wake_at(&manager->shared.accounts);

    for (size_t s = 0; s < manager->n_scopes; s++) {
        uint64_t scope_at = scope_wake_at(&manager->scopes[s]);

        at = scope_at < at ? scope_at : at;
    }
    if (at == manager->wake_at_ms || at == UINT64_MAX)
        return;
    manager->wake_at_ms = at;
    outlet_add(&manager->shared.outlet, EFFECT_WAKE_AT)->at_monotonic_ms = at;
}

static void count_appended(struct manager *manager)
{
    for (size_t i = 0; i < manager->effects.n; i++)
        if (manager->effects.items[i].kind == EFFECT_APPEND_FILE)
            manager->appended += manager->effects.items[i].body_n;
    if (manager->appended >= COMPACT_AFTER && all_idle(manager) && !manager->history_newer)
        replace_history(manager);
}

static void take_input(struct manager *manager, const struct input *input)
{
    switch (input->kind) {
    case INPUT_START:
        manager->started_ms = input->now.monotonic_ms;
        report_config(manager, EVENT_STARTED, "Started");
        mend_history(manager);
        break;
    case INPUT_RELOAD:
        if (!manager->stopping)
            begin_reload(manager);
        break;
    case INPUT_STOP:
        manager->stopping = true;
        events_new(&manager->shared, EVENT_STOPPING, PRIORITY_INFO,
                   "Stopping: the call in flight, if any, is waited for.");
        drop_all(manager);
        break;
    case INPUT_NAME: /* what it says counts from the next pass on */
        names_feed(&manager->shared.names, input);
        break;
    case INPUT_WAKE:
        manager->wake_at_ms = UINT64_MAX;
        for (size_t s = 0; s < manager->n_scopes; s++)
            scope_feed(&manager->scopes[s], &manager->shared, input);
        break;
    default:
        if (set_aside(manager, input))
            break;
        for (size_t s = 0; s < manager->n_scopes; s++)
            if (scope_feed(&manager->scopes[s], &manager->shared, input))
                break;
        break;
    }
}

/* What may follow from an input that ended something. */
static void advance(struct manager *manager)
{
    struct shared *shared = &manager->shared;

    if (manager->reload && !manager->stopping && all_idle(manager))
        finish_reload(manager);
    if (!manager->reload && !manager->stopping)
        for (size_t s = 0; s < manager->n_scopes; s++)
            scope_begin_due(&manager->scopes[s], shared);
    update_status(manager);
    count_appended(manager);
    if (manager->stopping && all_idle(manager))
        finish_stop(manager);
    else if (shared->once && manager->n_scopes > 0 && !manager->reload)
        finish_once(manager);
    if (!manager->exited)
        update_wake(manager);
}

bool manager_overdue(const struct manager *manager, uint64_t monotonic_ms)
{
    for (size_t s = 0; s < manager->n_scopes; s++)
        if (scope_overdue(&manager->scopes[s], monotonic_ms))
            return true;
    return false;
}

void manager_feed(struct manager *manager, const struct input *input, struct effects *ret_effects)
{
    arena_reset(manager->arena);
    accounts_clear(&manager->old_accounts);
    manager->old_config_arena = arena_free(manager->old_config_arena);
    manager->effects.n = 0;
    manager->shared.now = input->now;
    if (!manager->exited) {
        accounts_feed(&manager->shared.accounts, &manager->shared.outlet, input);
        take_input(manager, input);
        if (input->kind != INPUT_HTTP_HEAD && input->kind != INPUT_HTTP_CHUNK)
            advance(manager);
    }
    *ret_effects = manager->effects;
}
