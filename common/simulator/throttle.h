/* throttle.h - EC2's token buckets (aws-facts 3.1); private to common/simulator/. */
#pragma once

#include "vpc_reconciled/ec2.h"

struct call;

/* Each action has its own; DescribeNetworkInterfaces and DescribeSecurityGroups have two. */
struct throttle {
    bool on;
    unsigned neighbour_percent; /* what somebody else takes of each bucket and of what comes back */
    struct bucket {
        bool begun;    /* a full one has not */
        int64_t units; /* ten thousandths of a token */
        uint64_t at_ms;
    } buckets[EC2_BUCKET_COUNT][EC2_ACTION_COUNT];
};

/* Takes a token. -EINVAL: there is none, and the call has failed with RequestLimitExceeded. */
int throttle_take(struct call *call);
