/* policy.h - IAM policies of whoever calls; private to common/simulator/.
 *
 * Identity policies only: an explicit Deny wins, and what no Allow names is denied (IAM User Guide,
 * "Policy evaluation logic"). A policy with an element, operator or variable that is not known here
 * is refused when it is loaded, so that none seems to hold while it does not. */
#pragma once

#include "vpc_reconciled/base.h"
#include "vpc_reconciled/json.h"

struct policies {
    struct arena *arena; /* NULL: none, and everything is allowed */
    VEC(struct policy_statement) statements;
};

/* As a managed policy: at most 6,144 characters that are no white space. -EINVAL: *reterr says
 * where and what. */
int policies_add(struct policies *policies, const char *text, size_t n, struct json_error *reterr);
void policies_clear(struct policies *policies);

struct policy_key { /* of the request's context */
    const char *name;
    struct texts values;
};
struct policy_question {
    const char *action, *resource; /* "ec2:CreateRoute"; an ARN, or "*" */
    VEC(struct policy_key) keys;
};
enum policy_answer {
    POLICY_ALLOWED,
    POLICY_NOT_ALLOWED, /* nothing allows it */
    POLICY_DENIED,      /* a Deny names it */
};
enum policy_answer policies_ask(const struct policies *policies,
                                const struct policy_question *question);

/* policy_calls.c: a call, once it is decoded. -EINVAL: it has failed, as not authorised. */
struct call;
int policy_check(struct call *call);
/* Of Lambda; name: of the capacity provider, or NULL for all. */
int policy_check_lambda(struct call *call, const char *operation, const char *name);
