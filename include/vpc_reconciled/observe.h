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
/* Endpoints are resolved at once: -EINVAL or -EPERM with *reterr. It signs with the environment's
 * own keys, if there are any, until it is given others. */
int aws_client_new(const struct aws_environment *environment, const char *region,
                   struct aws_client **ret_client, struct aws_environment_error *reterr);
struct aws_client *aws_client_free(struct aws_client *client);
/* Copies them; what is sent from now on, repeats too, is signed by them. */
void aws_client_set_credentials(struct aws_client *client,
                                const struct aws_credentials *credentials);
/* Sent with every request: CloudTrail shows whose change it was. */
void aws_client_set_user_agent(struct aws_client *client, const char *text);

/* How fast it asks: each action has a token bucket of half of AWS's own (ec2_bucket_table), less
 * while AWS throttles. A call that finds it empty waits inside the client and leaves when it is
 * woken; retries come out of a quota (aws-facts 3.2). */

/* Of the pass, monotonic; UINT64_MAX, the default: none. Nothing is sent after it, what reads is
 * over by then, and what still waits ends with -ETIMEDOUT. */
void aws_client_set_deadline(struct aws_client *client, uint64_t monotonic_ms);
/* A change that finds no token within so long ends with -ETIMEDOUT, not sent: what was looked at
 * right before would be old (safety.md S6). */
#define AWS_CLIENT_CHANGE_WAIT_MS 5000
/* Calls that are made until this is called again leave only when one of this action could follow
 * them: the looks right before a change wait in its place. EC2_NO_ACTION, the default: of none. */
void aws_client_set_next(struct aws_client *client, enum ec2_action action);
/* Of the same account and region, after a reload: what of the buckets is used up stays so. */
void aws_client_inherit(struct aws_client *client, const struct aws_client *from);
/* What AWS's Date adds to this host's clock when requests are signed (aws-facts 4.4); never used
 * for a decision. Beyond AWS_CLIENT_SKEW_MS people are told. */
#define AWS_CLIENT_SKEW_MS 300000
int64_t aws_client_clock_correction_ms(const struct aws_client *client);

struct call_result {
    uint64_t call;
    enum ec2_action action; /* EC2_NO_ACTION: GetCapacityProvider */
    int r; /* 0: AWS carried it out; -EREMOTEIO: AWS answered with an error; else the way there
              failed */
    enum sent sent;
    enum ec2_error_class error_class; /* with -EREMOTEIO */
    struct aws_error error;
    /* struct ec2_describe_reply, ec2_change_reply or observed_capacity_provider, in the arena of
     * the call */
    void *reply;
    char message[384]; /* of a failure: "DescribeSubnets: connection refused (attempt 3 of 3)" */
};

/* Encodes and sends. The reply is decoded into arena, which lives until the result.
 * body: the exact bytes of an earlier attempt, or NULL to encode request. With observe_only an
 * action that mutates is -EPERM, and without credentials one that is signed -ENOKEY: nothing is
 * sent. */
int aws_client_call(struct aws_client *client, struct outlet *outlet, struct instant now,
                    enum ec2_action action, const void *request, const char *body,
                    bool observe_only, struct arena *arena, uint64_t *ret_call);
/* GetCapacityProvider of Lambda (aws-facts 6), by name or ARN. That there is none is an answer:
 * r = 0, and a reply without a state. -ENOKEY as above. */
int aws_client_get_capacity_provider(struct aws_client *client, struct outlet *outlet,
                                     struct instant now, const char *name, struct arena *arena,
                                     uint64_t *ret_call);
/* The body of its reply with status 200. -EBADMSG: not JSON, without what AWS always sends, or
 * about another provider; *reterr says what. The members lie in the arena. */
int capacity_provider_decode(struct arena *arena, const char *name, const char *body, size_t n,
                             struct observed_capacity_provider *ret_provider,
                             struct wire_error *reterr);
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

/* What is asked for only where a config of the scope wants it. The other lists always are. */
#define OBSERVE_OPTIONAL                                                                           \
    (NEEDS(VPC_ENDPOINT_SERVICES) | NEEDS(VPC_ATTRIBUTES) | NEEDS(PREFIX_LIST_ENTRIES) |           \
     NEEDS(CAPACITY_PROVIDERS))
struct observe_wants {
    unsigned lists; /* NEEDS() of those of OBSERVE_OPTIONAL */
    /* VPC_ENDPOINT_SERVICES: as the config names them, "s3" or "com.amazonaws.eu-west-1.s3" */
    struct texts services;
    struct texts capacity_providers; /* CAPACITY_PROVIDERS: names or ARNs */
};

/* The calls of a fault-free pass are as many whatever the state is (S12): one for each page of each
 * list, two for each VPC's attributes, one for each capacity provider. The one exception is what
 * the VPCs themselves refer to: a call for each managed prefix list that their security groups and
 * route tables name, sent once these two lists are whole. */
struct observe;
/* account: of GetCallerIdentity. vpcs and wants are copied; wants may be NULL. At most
 * OBSERVE_BATCH values go into one filter. */
#define OBSERVE_BATCH 200
struct observe *observe_new(struct aws_client *client, const char *region, const char *account,
                            uint64_t pass, const struct observe_vpc *vpcs, size_t n_vpcs,
                            const struct observe_wants *wants, struct instant now);
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
