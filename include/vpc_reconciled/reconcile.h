/* reconcile.h - one target, pass after pass: resolve, plan, guard, execute, and what its findings
 * are.
 *
 * A pass begins with a sealed observation and ends when nothing more may be done in it. One
 * mutating call is in flight at most. Before each one: the pause file, the VPC's pause tag and the
 * one object are looked at again, then the intent of a create is on disk. What outlives a pass is
 * its findings; what is true lives in AWS (design.md 2). */
#pragma once

#include "vpc_reconciled/guard.h"
#include "vpc_reconciled/observe.h"
#include "vpc_reconciled/report.h"

/* What every call below works with; lent for the call. */
struct reconcile_context {
    struct outlet *outlet;
    struct instant now;
    struct aws_client *client;
    struct history *history;
    const struct config *config;
    const struct config_target *target; /* the same until reconcile_idle() and a new pass */
    const char *history_path, *pause_path;
    const struct texts *approved;
    bool observe_only;   /* the whole run: no file is written either */
    bool once;           /* there may be no second look: what is settled opens at the first */
    bool inventory;      /* each pass also reports what the VPC has */
    unsigned generation; /* of the config */
    /* Whose keys these are, when the config says another account's: nothing is observed then; NULL:
     * right, or not said. */
    const char *wrong_account;
};

struct reconcile;
struct reconcile *reconcile_new(void);
struct reconcile *reconcile_free(struct reconcile *reconcile);

/* Begins a pass. observation is lent until reconcile_idle(); NULL: it could not even begin, why
 * says so
 * ("GetCallerIdentity: ..."). vpc_ids: those that the target's "vpc" resolved to. paused: the pause
 * file's text, or NULL. */
void reconcile_begin(struct reconcile *reconcile, const struct reconcile_context *context,
                     const struct observation *observation, const struct texts *vpc_ids,
                     const char *paused, const char *why);
/* True when the result, or the file's answer, was this target's. */
bool reconcile_feed_call(struct reconcile *reconcile, const struct reconcile_context *context,
                         const struct call_result *result);
bool reconcile_feed_file(struct reconcile *reconcile, const struct reconcile_context *context,
                         const struct input *input);
bool reconcile_idle(const struct reconcile *reconcile);     /* no pass is running */
bool reconcile_changing(const struct reconcile *reconcile); /* a mutating call is in flight */
/* No further call is begun: the pass ends once what is in flight is answered and recorded. */
void reconcile_stop(struct reconcile *reconcile);

/* How the last pass ended. */
struct reconcile_outcome {
    bool incomplete;           /* something that a verdict needed stayed unknown */
    bool blind;                /* for three intervals nothing could be judged */
    bool drift;                /* findings are open */
    bool failed;               /* a repair failed for good */
    bool changed;              /* a mutating call was sent */
    bool pending;              /* something is on its way */
    uint64_t pending_since_ms; /* monotonic */
    char pending_what[200];    /* "NAT gateway nat-1 to become available"; "" when nothing is */
    /* When it wants to look again before the interval is over, monotonic; UINT64_MAX: it is
     * settled. */
    uint64_t look_at_ms;
    /* AWS throttles us: no sooner than this for the sake of the interval, monotonic; 0: it does
     * not.
     */
    uint64_t rest_until_ms;
    unsigned n_findings, n_held,
        n_written; /* written: repaired by us, and no look has shown it yet */
};
const struct reconcile_outcome *reconcile_outcome(const struct reconcile *reconcile);
