/* call.h - one call on its way through the simulator; private to common/simulator/. */
#pragma once

#include "faults.h"
#include "past.h"
#include "policy.h"
#include "quotas.h"
#include "sessions.h"
#include "state.h"
#include "throttle.h"
#include "tokens.h"
#include "vpc_reconciled/simulator.h"

struct simulator {
    char *region, *account;
    struct aws_credentials credentials;
    uint64_t speed, visibility_ms;
    struct rng ids; /* of objects: calls that make nothing do not move it */
    struct rng request_ids;
    struct state state;
    struct past past;
    struct throttle throttle;
    struct tokens tokens;
    struct sessions sessions;
    int64_t quotas[QUOTA_COUNT];
    struct faults faults;
    struct policies policies;
    uint64_t calls, mutating_calls, action_calls[EC2_ACTION_COUNT];
    uint64_t lambda_calls[2]; /* enum lambda_operation */
    struct arena *scratch;    /* of the call at hand */
};

struct call {
    struct simulator *simulator;
    struct state *state;
    struct arena *arena; /* of this call; what stays is copied into state->arena */
    struct instant now;
    const char *request_id;
    enum ec2_action action;
    const struct ec2_action_row *row;
    const struct fault_row *fault; /* NULL: none */
    const struct session *session; /* whose keys signed it; NULL: the account's own */

    struct ec2_describe_request describe; /* one of the two is filled, by row->describe */
    struct ec2_change_request change;
    struct ec2_describe_reply describe_reply;
    struct ec2_change_reply change_reply;
    const char *made_id; /* of what a Create made: its client token leads to it */
    bool ran;            /* the action was carried out */

    const char *code, *message; /* an error; code NULL: none */
};

/* Every handler: 0, or -EINVAL with code and message set and the state untouched. */
typedef int call_handler(struct call *call);

/* Always -EINVAL, for `return call_fail(...)`. */
int call_fail(struct call *call, const char *code, const char *format, ...) PRINTF_LIKE(3, 4);
/* What EC2 answers with an error of this code: 400 for most. */
int error_status(const char *code);

/* The object of that id. NULL: malformed or not there, or of a read and not visible yet; the call
 * has failed with EC2's code. */
void *call_find(struct call *call, enum kind kind, const char *id);
/* -EINVAL: MissingParameter. */
int call_require(struct call *call, const char *value, const char *parameter);
/* prefix, then 8 or 17 hex digits */
bool id_is_well_formed(const char *id, const char *prefix);
/* A new "vpc-0..." in the state's arena; the prefix is the caller's. */
const char *new_id(struct call *call, const char *prefix);

/* A new item as state_add() makes it. What a request makes is not visible at once (visibility.h).
 */
void *call_add(struct call *call, enum kind kind, const char *id);

/* Copies the tags of the request's TagSpecification; they were checked before the handler ran. */
void call_tag(struct call *call, ec2_tags *tags);
/* ISO 8601 in the state's arena. */
const char *state_time(struct state *state, int64_t wall_ms);

static inline const char *keep(struct call *call, const char *text)
{
    return arena_strdup(call->state->arena, text);
}
