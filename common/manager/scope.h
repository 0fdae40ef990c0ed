/* scope.h - one (account, region): its client, its passes, its targets; private to common/manager/.
 */
#pragma once

#include "accounts.h"
#include "names.h"
#include "vpc_reconciled/manager.h"
#include "vpc_reconciled/reconcile.h"

struct target {
    const struct config_target *config;
    struct reconcile *reconcile;
    char summary[200];      /* as last reported */
    uint64_t summarised_ms; /* monotonic */
};

enum scope_state {
    SCOPE_IDLE,
    SCOPE_WAITING,     /* for keys */
    SCOPE_IDENTIFYING, /* GetCallerIdentity is out */
    SCOPE_OBSERVING,
    SCOPE_RECONCILING, /* at least one target works on the observation */
    SCOPE_STATE_COUNT,
};

struct scope {
    const char *region;      /* of the config */
    struct account *account; /* of shared.accounts */
    uint64_t serial;         /* of the keys that the pass signs with */
    char refused[384];       /* why AWS refused them in the pass, or "" */
    struct aws_client *client;
    char client_error[320]; /* why there is no client, or "" */
    struct target *targets;
    size_t n_targets;
    enum scope_state state;
    uint64_t pass;
    uint64_t next_pass_ms;      /* monotonic; while idle */
    unsigned incomplete_passes; /* running */
    bool dropping;              /* the pass is given up: a reload or a stop */
    bool finished, timed_out;   /* --once */
    bool clock_off;             /* AWS's clock and ours are apart */
    /* of the pass */
    uint64_t begun_ms; /* monotonic: when it began, or got its keys */
    uint64_t identity_call, pause_file;
    bool pause_read;
    char *paused; /* heap; NULL: not */
    struct arena *identity_arena;
    struct observe *observe;
    struct observation *observation;
};

/* What scopes share, owned by the manager. */
struct shared {
    const struct aws_environment *environment;
    const struct config *config;
    unsigned generation;
    bool once, observe_only, inventory;
    struct texts approved;
    const char *pause_path; /* NULL: none */
    struct history *history;
    struct outlet outlet;
    struct instant now;
    struct accounts accounts;
    char *host; /* heap: this machine's name, for sessions of roles */
    struct service_names names;
    char *paused; /* heap: the pause file's text as last reported */
    bool clock_told;
};

void scope_init(struct scope *scope, struct shared *shared, const char *region,
                struct account *account);
void scope_clear(struct scope *scope); /* the targets' reconciles too */

/* Hands an input on; true when it was this scope's. */
bool scope_feed(struct scope *scope, struct shared *shared, const struct input *input);
/* Begins a pass that is due, or goes on with one that waited for keys. */
void scope_begin_due(struct scope *scope, struct shared *shared);
/* Gives the running pass up: no further call is begun, reads are cancelled. */
void scope_drop(struct scope *scope, struct shared *shared);
uint64_t scope_wake_at(const struct scope *scope);

/* From its keys on a pass sends nothing after so long: two minutes old an observation plans nothing
 * (S5), and what still waits for AWS's rate then is asked by the next pass. */
#define SCOPE_PASS_MS 110000
/* By then a change that left last has had its answer, and the disk its record. */
#define SCOPE_OVERDUE_MS (SCOPE_PASS_MS + AWS_CLIENT_TIMEOUT_MS + 10000)
bool scope_overdue(const struct scope *scope, uint64_t monotonic_ms);

/* settle.c: what a pass that just ended means for the schedule, for --once and for people. */
void settle_pass(struct scope *scope, struct shared *shared);
int settle_exit_code(const struct scope *scopes, size_t n_scopes);
/* One line for the service's Status; in the outlet's arena. */
const char *settle_status(const struct scope *scopes, size_t n_scopes, struct shared *shared);

/* services.c: lookups of the targets' services that are due, and what is known by now. */
void services_look(struct scope *scope, struct shared *shared);
void services_observe(const struct scope *scope, const struct shared *shared,
                      struct observation *observation);

/* events.c */
struct event *events_new(struct shared *shared, enum event_kind kind, enum event_priority priority,
                         const char *message);
