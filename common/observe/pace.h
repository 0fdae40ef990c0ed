/* pace.h - how fast one account and region is asked: token buckets below AWS's own, and the retry
 * quota; private to common/observe/.
 *
 * Each action has a bucket of half of what AWS gives (ec2_bucket_table): the other half is left to
 * whoever else works in the account. Where AWS throttles all the same, an action's share is halved,
 * at most once for what was out together, down to a thirty-second of AWS's rate; it grows back to
 * the half within five minutes. Nothing here reads a clock: times are monotonic milliseconds. */
#pragma once

#include "vpc_reconciled/ec2.h"

/* Shares in sixty-fourths of AWS's own row. */
#define PACE_WHOLE 64
#define PACE_SHARE 32
#define PACE_SHARE_LEAST 2
#define PACE_GROW_MS 10000 /* a sixty-fourth comes back in so long: all of it in 300 s */

/* botocore's standard mode (aws-facts 3.2). A call that needed no retry gives one back. */
#define PACE_QUOTA 500
#define PACE_RETRY_COST 5
#define PACE_TIMEOUT_COST 10
#define PACE_REFUND 1

struct pace {
    struct pace_bucket {
        bool begun; /* a full one has not */
        unsigned share;
        int64_t units;
        uint64_t at_ms;              /* units and share are of this moment */
        uint64_t grown_ms;           /* when the share last changed */
        uint64_t slowed_ms;          /* when it was last halved; 0: never */
        uint64_t rest_ms;            /* the server asked not to come before */
    } buckets[EC2_ACTION_COUNT + 1]; /* the last one: EC2_NO_ACTION, GetCapacityProvider */
    unsigned retries_spent;          /* of PACE_QUOTA; a zeroed struct pace is a fresh one */
};

/* When the action's next call may leave, as things are; 0: at once. */
uint64_t pace_ready_at(const struct pace *pace, enum ec2_action action);
/* Takes a token; false: there is none before pace_ready_at(). */
bool pace_take(struct pace *pace, enum ec2_action action, uint64_t now_ms);
/* AWS throttled a call that left at sent_ms, and asked for a rest of rest_ms, or 0. */
void pace_throttled(struct pace *pace, enum ec2_action action, uint64_t now_ms, uint64_t sent_ms,
                    uint64_t rest_ms);
/* What a retry costs, taken from the quota; 0: the quota is used up, so there is none. */
unsigned pace_retry(struct pace *pace, bool timed_out);
/* A call ended well; cost: of its last retry, or 0. */
void pace_succeeded(struct pace *pace, unsigned cost);
