/* faults.h - what can go wrong with a call, one row each; private to common/simulator/. */
#pragma once

#include "vpc_reconciled/simulator.h"

struct call;

/* is the call carried out? */
enum fault_effect {
    EFFECT_KEPT,
    EFFECT_NONE, /* the error comes instead */
    EFFECT_LOST, /* answered as if it were, then undone */
};

struct fault_row {
    const char *name;
    enum fault_effect effect;
    bool never;                 /* nothing is answered at all */
    const char *code, *message; /* an error in place of the answer */
    /* Instead of a page of a Describe: the page as it should be is in call->describe_reply. */
    void (*page)(struct call *call);
    /* Of the whole answer. */
    void (*answer)(struct call *call, struct simulator_response *response);
    bool past; /* a Describe sees everything as it was a while ago (past.h) */
    bool
        fresh_not_found; /* a change that names what is still unseen finds nothing (visibility.h) */
    bool
        nat_gateway_fails; /* the one that this call makes: failed, InternalError (aws-facts 2.5) */
};

struct faults {
    struct fault_at {
        uint64_t call;
        const struct fault_row *row;
    } * items;
    size_t n, reserved;
};

void faults_clear(struct faults *faults);
/* -ENOENT: no such name. */
int faults_add(struct faults *faults, uint64_t call, const char *name);
int faults_parse(struct faults *faults, const char *text, size_t n, struct json_error *reterr);
/* NULL: none for this call. */
const struct fault_row *faults_find(const struct faults *faults, uint64_t call);
