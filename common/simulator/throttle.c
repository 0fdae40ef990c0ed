#include "throttle.h"

#include "call.h"

#define TOKEN 1000 /* so that a refill per second is one of thousandths per millisecond */

/* aws-facts 3.1, for an account that asked for no more. STS: IAM User Guide, "IAM and STS quotas",
 * 600 requests a second. */
static const struct {
    int64_t capacity, refill_per_s;
} family_table[EC2_BUCKET_COUNT] = {
    [EC2_BUCKET_NON_MUTATING] = {100, 20}, [EC2_BUCKET_UNFILTERED] = {50, 10},
    [EC2_BUCKET_MUTATING] = {50, 5},       [EC2_BUCKET_NAT_GATEWAY] = {10, 1},
    [EC2_BUCKET_TAGS] = {100, 10},         [EC2_BUCKET_STS] = {600, 600},
};

/* Ids are not a filter: EC2 API Reference, "Throttle requests". */
static bool is_unfiltered(const struct call *call)
{
    return call->action == EC2_DESCRIBE_NETWORK_INTERFACES && !call->describe.filters.n &&
           !call->describe.max_results.set;
}

int throttle_take(struct call *call)
{
    struct throttle *throttle = &call->simulator->throttle;
    uint8_t family = is_unfiltered(call) ? (uint8_t)EC2_BUCKET_UNFILTERED : call->row->bucket;
    struct bucket *bucket = &throttle->buckets[family][call->action];
    int64_t full = family_table[family].capacity * TOKEN;
    uint64_t now_ms = call->now.monotonic_ms, passed_ms = now_ms - bucket->at_ms;

    if (!throttle->on)
        return 0;
    /* After so long it is full in any case, and the product stays small. */
    if (!bucket->begun || passed_ms > (uint64_t)full)
        bucket->thousandths = full;
    else
        bucket->thousandths += (int64_t)passed_ms * family_table[family].refill_per_s;
    if (bucket->thousandths > full)
        bucket->thousandths = full;
    bucket->begun = true;
    bucket->at_ms = now_ms;
    if (bucket->thousandths < TOKEN)
        return call_fail(call, "RequestLimitExceeded", "Request limit exceeded.");
    bucket->thousandths -= TOKEN;
    return 0;
}
