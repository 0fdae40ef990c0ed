/* manager.h - all targets: schedule, second looks, reload, when --once is settled.
 *
 * The one object that daemon/ and the simulation programme drive: inputs and times go in, effects
 * come out (effect.h). It reads no clock and opens no file. */
#pragma once

#include "vpc_reconciled/aws.h"
#include "vpc_reconciled/config.h"
#include "vpc_reconciled/effect.h"

enum manager_exit { /* exit statuses, design.md 9; 78 (config) is the daemon's own */
                    MANAGER_IN_SYNC = 0,
                    MANAGER_UNKNOWN = 1, /* something needed stayed unknown, a repair failed for
                                            good, time ran out */
                    MANAGER_DRIFT = 2,
                    MANAGER_CONFIG = 78,
};

struct manager_options {
    const struct aws_environment *environment; /* outlives the manager */
    bool once, observe_only;
    bool inventory;         /* each pass also reports what every VPC has, for vpcctl advise */
    struct texts approved;  /* finding ids of --approve; "all" is not a thing */
    uint64_t seed;          /* jitter and request ids */
    const char *host;       /* this machine's name, copied: sessions of roles carry it */
    const char *pause_path; /* a file whose presence holds every write; its text is the reason */
    /* The history file's bytes as found at start, lent until INPUT_START is fed. NULL with
     * history_r 0 or -ENOENT: none yet. */
    const void *history;
    size_t history_n;
    int history_r; /* negative errno of reading it: it is treated as lost, and said so */
};

struct manager;
/* take_arena owns config; both are the manager's from now on. */
struct manager *manager_new(const struct manager_options *options, struct arena *take_arena,
                            const struct config *config);
struct manager *manager_free(struct manager *manager);

/* A config for the next INPUT_RELOAD; replaces one that was not fed yet. With config NULL the
 * reload failed: message says why, the last good config is kept, and an event says so. */
void manager_set_config(struct manager *manager, struct arena *take_arena,
                        const struct config *config, const char *message);

/* effects: cleared first; valid until the next feed. */
void manager_feed(struct manager *manager, const struct input *input, struct effects *ret_effects);

/* A pass has overrun its deadline (safety.md L3): an answer that it waits for does not come, and
 * nothing here will bring it. Whoever feeds a watchdog stops. */
bool manager_overdue(const struct manager *manager, uint64_t monotonic_ms);

/* What the targets of one scope want asked for beside what always is (observe.h). Lies in the arena
 * and borrows from the configs. */
struct observe_wants;
void manager_wants(struct arena *arena, const struct config_target *const *targets, size_t n,
                   struct observe_wants *ret_wants);

/* Name of the history file in the state directory, as the effects name it. */
#define MANAGER_HISTORY_FILE "history"
