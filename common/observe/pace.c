#include "pace.h"

/* One, times the 10 s that rates are counted in, times the parts of a share: then what comes back
 * in a millisecond is a whole number. */
#define TOKEN ((int64_t)10000 * PACE_WHOLE)
#define LONG_MS 10000000 /* the slowest bucket is full long before, and products stay small */

/* Lambda API, "Quotas": 15 a second for the control plane's actions without a row of their own. */
static const struct ec2_bucket_row lambda_row = {15, 150};

static const struct ec2_bucket_row *row_of(enum ec2_action action)
{
    return action == EC2_NO_ACTION ? &lambda_row
                                   : &ec2_bucket_table[ec2_action_table[action].bucket];
}

static int64_t units_per_ms(enum ec2_action action, unsigned share)
{
    return (int64_t)row_of(action)->refill_per_10s * share;
}

/* At least one, or no call could ever leave. */
static int64_t full(enum ec2_action action, unsigned share)
{
    int64_t units = row_of(action)->capacity * (TOKEN / PACE_WHOLE) * share;

    return units > TOKEN ? units : TOKEN;
}

static void grow(struct pace_bucket *bucket, uint64_t now_ms)
{
    uint64_t steps = (now_ms - bucket->grown_ms) / PACE_GROW_MS;

    if (bucket->share + steps >= PACE_SHARE) {
        bucket->share = PACE_SHARE;
        bucket->grown_ms = now_ms;
    } else {
        bucket->share += (unsigned)steps;
        bucket->grown_ms += steps * PACE_GROW_MS;
    }
}

/* What came back since was at the rate of the share then: it grows afterwards, so this is never too
 * much, and pace_ready_at() can tell the time from the bucket alone. */
static struct pace_bucket *refilled(struct pace *pace, enum ec2_action action, uint64_t now_ms)
{
    struct pace_bucket *bucket = &pace->buckets[action];
    uint64_t passed_ms = now_ms - bucket->at_ms;
    int64_t most;

    if (!bucket->begun) {
        *bucket = (struct pace_bucket){.begun = true,
                                       .share = PACE_SHARE,
                                       .units = full(action, PACE_SHARE),
                                       .grown_ms = now_ms};
        passed_ms = 0;
    }
    if (passed_ms > LONG_MS)
        passed_ms = LONG_MS;
    bucket->units += (int64_t)passed_ms * units_per_ms(action, bucket->share);
    bucket->at_ms = now_ms;
    grow(bucket, now_ms);
    most = full(action, bucket->share);
    if (bucket->units > most)
        bucket->units = most;
    return bucket;
}

uint64_t pace_ready_at(const struct pace *pace, enum ec2_action action)
{
    const struct pace_bucket *bucket = &pace->buckets[action];
    int64_t rate, lacks = TOKEN - bucket->units;
    uint64_t at_ms;

    if (!bucket->begun)
        return 0;
    rate = units_per_ms(action, bucket->share);
    at_ms = lacks > 0 ? bucket->at_ms + (uint64_t)((lacks + rate - 1) / rate) : 0;
    return at_ms > bucket->rest_ms ? at_ms : bucket->rest_ms;
}

bool pace_take(struct pace *pace, enum ec2_action action, uint64_t now_ms)
{
    struct pace_bucket *bucket = refilled(pace, action, now_ms);

    if (bucket->units < TOKEN || now_ms < bucket->rest_ms)
        return false;
    bucket->units -= TOKEN;
    return true;
}

void pace_throttled(struct pace *pace, enum ec2_action action, uint64_t now_ms, uint64_t sent_ms,
                    uint64_t rest_ms)
{
    struct pace_bucket *bucket = refilled(pace, action, now_ms);

    if (now_ms + rest_ms > bucket->rest_ms && rest_ms)
        bucket->rest_ms = now_ms + rest_ms;
    /* AWS's bucket is empty, whatever ours says. */
    if (bucket->units > 0)
        bucket->units = 0;
    if (bucket->slowed_ms && sent_ms <= bucket->slowed_ms) /* it left before the last lesson */
        return;
    bucket->slowed_ms = bucket->grown_ms = now_ms;
    bucket->share /= 2;
    if (bucket->share < PACE_SHARE_LEAST)
        bucket->share = PACE_SHARE_LEAST;
}

unsigned pace_retry(struct pace *pace, bool timed_out)
{
    unsigned cost = timed_out ? PACE_TIMEOUT_COST : PACE_RETRY_COST;

    if (pace->retries_spent + cost > PACE_QUOTA)
        return 0;
    pace->retries_spent += cost;
    return cost;
}

void pace_succeeded(struct pace *pace, unsigned cost)
{
    unsigned refund = cost ? cost : PACE_REFUND;

    pace->retries_spent -= refund < pace->retries_spent ? refund : pace->retries_spent;
}
