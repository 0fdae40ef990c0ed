/* observe.h - calls to AWS as values, and one scope's observation out of them.
 *
 * aws_client turns an action into signed bytes and the bytes that come back into a decoded reply.
 * It repeats what only reads (and was throttled, or failed on the way) up to AWS_CLIENT_ATTEMPTS
 * times with full jitter; what mutates it sends once. observe runs the Describes of one region. */
#pragma once

#include "vpc_reconciled/effect.h"
#include "vpc_reconciled/model.h"

#define AWS_CLIENT_ATTEMPTS 3
#define AWS_CLIENT_TIMEOUT_MS 30000
#define AWS_REPLY_MAX ((size_t)32 << 20)

/* Where effects go while one input is handled; what they point at lies in the arena. */
struct outlet {
    struct effects *effects;
    struct arena *arena;
    uint64_t *next_id;
    struct rng *rng;
};
struct effect *outlet_add(struct outlet *outlet, enum effect_kind kind); /* with a new id */

struct aws_client;
/* Endpoints are resolved at once: -EINVAL or -EPERM with *reterr. environment outlives it. */
int aws_client_new(const struct aws_environment *environment, const char *region,
                   struct aws_client **ret_client, struct aws_environment_error *reterr);
struct aws_client *aws_client_free(struct aws_client *client);
/* Sent with every request: CloudTrail shows whose change it was. */
void aws_client_set_user_agent(struct aws_client *client, const char *text);

struct call_result {
    uint64_t call;
    enum ec2_action action;
    int r; /* 0: AWS carried it out; -EREMOTEIO: AWS answered with an error; else the way there
              failed */
    enum sent sent;
    enum ec2_error_class error_class; /* with -EREMOTEIO */
    struct aws_error error;
    void *reply;       /* struct ec2_describe_reply or ec2_change_reply, in the arena of the call */
    char message[384]; /* of a failure: "DescribeSubnets: connection refused (attempt 3 of 3)" */
};

/* Encodes and sends. The reply is decoded into arena, which lives until the result.
 * body: the exact bytes of an earlier attempt, or NULL to encode request. With observe_only an
 * action that mutates is -EPERM, and nothing is sent. */
int aws_client_call(struct aws_client *client, struct outlet *outlet, struct instant now,
                    enum ec2_action action, const void *request, const char *body,
                    bool observe_only, struct arena *arena, uint64_t *ret_call);
/* Feeds HTTP inputs and wake-ups. True when a call ended: *ret_result says how. May be called again
 * with the same input until it is false (INPUT_WAKE can restart several). */
bool aws_client_feed(struct aws_client *client, struct outlet *outlet, const struct input *input,
                     struct call_result *ret_result);
/* When it wants to be woken for a repeat; UINT64_MAX: not at all. */
uint64_t aws_client_wake_at(const struct aws_client *client);
/* Every call ends with -ECANCELED: those in flight once the transport says so, the rest at the next
 * feed. */
void aws_client_cancel_all(struct aws_client *client, struct outlet *outlet);
unsigned aws_client_in_flight(const struct aws_client *client);
uint64_t aws_client_n_requests(const struct aws_client *client);

/* ---- one scope's observation ---- */
struct observe_vpc {                 /* what a target wants observed */
    const char *vpc_id;              /* or */
    const char *tag_key, *tag_value; /* found by DescribeVpcs first */
};

struct observe;
/* account: of GetCallerIdentity. vpcs is copied. At most OBSERVE_BATCH ids go into one filter. */
#define OBSERVE_BATCH 200
struct observe *observe_new(struct aws_client *client, const char *region, const char *account,
                            uint64_t pass, const struct observe_vpc *vpcs, size_t n_vpcs,
                            struct instant now);
struct observe *observe_free(struct observe *observe);
void observe_begin(struct observe *observe, struct outlet *outlet, struct instant now);
/* Results of its calls; others are passed over (false). */
bool observe_feed(struct observe *observe, struct outlet *outlet, struct instant now,
                  const struct call_result *result);
bool observe_done(const struct observe *observe);
/* Once done: the sealed observation; the caller frees its arena. */
struct observation *observe_take(struct observe *observe);
/* VPC ids that the i-th wanted VPC resolved to, once done: exactly one is right. */
const struct texts *observe_vpc_ids(const struct observe *observe, size_t i);
bool observe_stale_credentials(const struct observe *observe); /* AWS refused the keys themselves */
