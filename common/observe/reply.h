/* reply.h - one reply as its bytes arrive, and what it says; private to common/observe/. */
#pragma once

#include "vpc_reconciled/observe.h"

struct reply {
    enum ec2_action action; /* EC2_NO_ACTION: GetCapacityProvider */
    const char *provider;   /* of that one: which was asked for */
    struct arena *arena;    /* where what was decoded lies */
    void *object;           /* struct ec2_describe_reply, ...; as in struct call_result */
    int status, r;          /* r: of the decoder */
    struct aws_error error;
    struct wire_error wire_error;
    uint64_t retry_after_ms; /* what the server asked for; 0: nothing */
    uint64_t retry_hint_ms;  /* x-amz-retry-after: a delay in place of ours; 0: none */
    struct ec2_decoder *decoder;
    struct buf json; /* Lambda's body: small, and read in one piece */
};

/* The head of a reply: what came of an earlier one goes. */
void reply_begin(struct reply *reply, int status, const struct effect_header *headers,
                 size_t n_headers);
void reply_feed(struct reply *reply, const void *bytes, size_t n);
/* The body is whole: r of a result is 0, -EREMOTEIO or what the decoder says. */
int reply_end(struct reply *reply);
/* With -EREMOTEIO. */
enum ec2_error_class reply_error_class(const struct reply *reply);
/* Before the next attempt, and at last: nothing is left of it. */
void reply_clear(struct reply *reply);
