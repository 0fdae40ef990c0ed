/* simulator.h - EC2, STS and Lambda's capacity providers as a pure function:
 * (state, time, request) -> (state, response).
 *
 * It knows no config. As strict as EC2: signatures verified, parameters validated with EC2's error
 * codes, states that take time, reads that lag behind, ClientToken idempotency, DryRun, pagination,
 * quotas, token buckets, blackhole routes (design.md 11). It reads no clock and opens no file;
 * tests drive it in-process, vpc-simulator puts it behind a port. */
#pragma once

#include "vpc_reconciled/ec2.h"
#include "vpc_reconciled/json.h"

struct simulator;

struct simulator_options {
    const char *region;  /* "ap-northeast-1" */
    const char *account; /* "111122223333" */
    /* The one key pair that is accepted; a session token is neither wanted nor refused. Copied. */
    const char *access_key_id, *secret_access_key;
    uint64_t speed; /* divides the durations of slow states, never the clock; 0 is 1 */
    uint64_t seed;  /* of ids and request ids */
    /* For at most so long no Describe shows what a request made (aws-facts 2.6): each object for a
     * time of its own, which comes of its id and which `speed` does not divide. Writes and client
     * tokens know it at once. 0: it is there at once. */
    uint64_t visibility_ms;
    bool throttle; /* EC2's token buckets (aws-facts 3.1): RequestLimitExceeded when one is empty */
};

struct simulator *simulator_new(const struct simulator_options *options);
struct simulator *simulator_free(struct simulator *simulator);
/* From now on: token buckets or none, and how much of each, and of what comes back, others in the
 * account take: 0 to 100. */
void simulator_set_throttle(struct simulator *simulator, bool on, unsigned neighbour_percent);

/* A world is JSON with EC2's element names, written by the wire tables: {"vpcSet": [...],
 * "subnetSet": [...],
 * ..., "calls": {"DescribeVpcs": 3}}. Loading adds to an empty state; `calls` is passed over.
 * -EINVAL: *reterr says where and what. */
int simulator_load(struct simulator *simulator, struct instant now, const char *text, size_t n,
                   struct json_error *reterr);
void simulator_dump(struct simulator *simulator, struct instant now, struct buf *buf);

/* Lines "CALL-NUMBER FAULT", numbers from 1 over all calls; "#" begins a comment. -EINVAL: *reterr
 * says which line. */
int simulator_set_faults(struct simulator *simulator, const char *text, size_t n,
                         struct json_error *reterr);
/* One fault more, for the call of that number. -ENOENT: no such fault. */
int simulator_add_fault(struct simulator *simulator, uint64_t call, const char *fault);
/* Names of the fault table, for --help and for tests that walk it. */
extern const char *const simulator_fault_names[];
extern const size_t simulator_n_fault_names;

/* One IAM policy more that whoever calls has: once there is one, what no policy allows is refused
 * with UnauthorizedOperation (Lambda: AccessDeniedException). -EINVAL: *reterr says where and what;
 * elements that are not known here are refused. STS is not asked. */
int simulator_add_policy(struct simulator *simulator, const char *text, size_t n,
                         struct json_error *reterr);
void simulator_clear_policies(struct simulator *simulator); /* everything is allowed again */

struct simulator_request {
    const char *method; /* "POST" */
    const char *target; /* raw, as on the request line: "/" or "/path?query" */
    const struct http_header *headers;
    size_t n_headers;
    const char *body;
    size_t body_n;
};

struct simulator_header {
    const char *name;
    char value[96];
};

struct simulator_response {
    uint64_t call; /* number of this call, from 1 */
    int status;
    const char *content_type; /* static */
    struct buf body;          /* the caller frees it with buf_free() */
    bool never;               /* the faults hold and stall: nothing is ever answered */
    enum ec2_action action;   /* EC2_NO_ACTION when the request named none */
    bool changed;             /* a mutating action was carried out (not a DryRun, not an error) */
    char code[96];            /* EC2's error code, or "" */
    char operation[40];       /* of Lambda's API, which has no row in the action table; or "" */
    struct simulator_header headers[3]; /* beside Content-Type */
    size_t n_headers;
};

/* now.wall_ms is what signatures are held against; now.monotonic_ms drives slow states. */
void simulator_handle(struct simulator *simulator, struct instant now,
                      const struct simulator_request *request,
                      struct simulator_response *ret_response);

/* One JSON line for --log: {"call","action","mutates","status","code","changed","parameters":{...}}
 * of the call just handled. Secrets never get into it. */
void simulator_log_line(const struct simulator *simulator, const struct simulator_request *request,
                        const struct simulator_response *response, struct buf *buf);

/* Calls so far of an action, and of all mutating actions that were not dry runs (refused ones count
 * too). */
uint64_t simulator_calls(const struct simulator *simulator, enum ec2_action action);
uint64_t simulator_mutating_calls(const struct simulator *simulator);
/* All of them, Lambda's too: the number of the last one. */
uint64_t simulator_n_calls(const struct simulator *simulator);
