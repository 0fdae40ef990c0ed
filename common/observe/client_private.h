/* client_private.h - a call and who makes it; private to the client's files in common/observe/. */
#pragma once

#include "pace.h"
#include "reply.h"

enum call_state {
    CALL_IN_FLIGHT,
    CALL_WAITING,   /* for a token, or for its next attempt */
    CALL_CANCELLED, /* while it waited; the next input says so */
};

struct call {
    struct call *next_call;
    uint64_t id;            /* of the call: that of its first request */
    uint64_t http;          /* of the request in flight */
    enum ec2_action action; /* EC2_NO_ACTION: GetCapacityProvider */
    const char *name, *service;
    bool mutates, no_signature;
    enum call_state state;
    unsigned attempt;     /* from 1; 0: it has not left yet */
    enum ec2_action next; /* it leaves when that one could, too; EC2_NO_ACTION: of none */
    uint64_t retry_at_ms, until_ms;
    uint64_t sent_ms;      /* monotonic, of the attempt */
    int64_t correction_ms; /* of the clock, when it was signed */
    unsigned retry_cost;   /* of the attempt; 0: the first */
    bool clock_repeated;   /* its one repeat with a corrected clock is over */
    bool dated;            /* the reply said what time it is */
    int64_t skew_ms;       /* then: AWS's clock less ours */
    char *path;            /* a GET of this path below the endpoint's, encoded once; NULL: a POST */
    char *body;            /* of the POST */
    struct reply reply;    /* in flight */
};

struct aws_client {
    struct aws_credentials credentials, previous; /* own copies; access_key_id NULL: none yet */
    char *region;
    struct aws_endpoint ec2, sts, lambda;
    bool special_hosts; /* dual-stack, FIPS: not in every region (aws-facts 1.1) */
    char user_agent[160];
    struct call *calls; /* the oldest first */
    uint64_t n_requests;
    struct pace pace;
    uint64_t deadline_ms;
    enum ec2_action next;
    int64_t correction_ms;
};

/* send.c: signs and sends a request of the call, whatever else waits. */
void client_send(struct aws_client *client, struct outlet *outlet, struct instant now,
                 struct call *call);

/* answer.c */
/* "DescribeVpcs: what (attempt 2 of 3)" */
void client_message(struct call_result *result, const struct call *call, const char *what);
/* What became of the request that just ended. */
void client_judge(struct call *call, const struct input *input, struct call_result *result);
/* Learns from it. True: the call waits for another attempt, else *result is its end. */
bool client_repeat(struct aws_client *client, struct rng *rng, struct call *call, uint64_t now_ms,
                   struct call_result *result);
