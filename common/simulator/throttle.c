#include "throttle.h"

#include "call.h"

#define TOKEN 1000000 /* so that a hundredth of one in ten seconds is one unit a millisecond */

/* A token fits into what a neighbour leaves, or no call would ever pass. */
static int64_t bucket_size(const struct throttle *throttle, uint8_t family)
{
    unsigned left = 100 - throttle->neighbour_percent;
    int64_t units = ec2_bucket_table[family].capacity * (int64_t)(TOKEN / 100) * left;

    return left && units < TOKEN ? TOKEN : units;
}

/* Ids are not a filter: EC2 API Reference, "Throttle requests". */
static bool is_unfiltered(const struct call *call)
{
    bool asks_much = call->action == EC2_DESCRIBE_NETWORK_INTERFACES ||
                     call->action == EC2_DESCRIBE_SECURITY_GROUPS;

    return asks_much && !call->describe.filters.n && !call->describe.max_results.set;
}

int throttle_take(struct call *call)
{
    struct throttle *throttle = &call->simulator->throttle;
    uint8_t family = is_unfiltered(call) ? (uint8_t)EC2_BUCKET_UNFILTERED : call->row->bucket;
    struct bucket *bucket = &throttle->buckets[family][call->action];
    int64_t full = bucket_size(throttle, family);
    int64_t rate =
        ec2_bucket_table[family].refill_per_10s * (int64_t)(100 - throttle->neighbour_percent);
    uint64_t now_ms = call->now.monotonic_ms, passed_ms = now_ms - bucket->at_ms;

    if (!throttle->on)
        return 0;
    /* After so long it is full in any case, and the product stays small. */
    if (!bucket->begun || passed_ms > (uint64_t)full)
        bucket->units = full;
    else
        bucket->units += (int64_t)passed_ms * rate;
    if (bucket->units > full)
        bucket->units = full;
    bucket->begun = true;
    bucket->at_ms = now_ms;
    if (bucket->units < TOKEN)
        return call_fail(call, "RequestLimitExceeded", "Request limit exceeded.");
    bucket->units -= TOKEN;
    return 0;
}
