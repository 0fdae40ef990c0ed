/* chain.h - one run of a chain: from "whose keys?" to a set of them, or to a reason why there is
 * none; private to common/credentials/. */
#pragma once

#include "reply.h"
#include "vpc_reconciled/credentials.h"

#define HOPS_MAX 8

struct chain;

struct answer { /* to the effect that was out */
    int r, status;
    const char *bytes;
    size_t n;
    const char *detail; /* with r < 0; never NULL */
};

/* How a set is got from one source. At most one effect or call is out at a time. */
struct source {
    void (*begin)(struct chain *chain);
    void (*answered)(struct chain *chain, const struct answer *answer);
    void (*called)(struct chain *chain, const struct call_result *result); /* of the STS client */
};

struct role { /* to be assumed */
    const char *arn, *external_id, *session_name;
    int64_t duration_s; /* 0: STS's default */
    const char *where;  /* "/root/.aws/config:12", for messages */
};

struct chain {
    /* of the feed that is being handled */
    struct outlet *outlet;
    struct instant now;

    const struct aws_environment *environment;
    const char *region, *host;
    struct arena *arena; /* a secret one: what was read and what was found lie in it */
    struct buf passed;   /* what was passed over, and why */
    const struct source *source;
    char *source_text; /* "the role web of the instance", heap */

    uint64_t effect; /* that is out; 0: none */
    bool effect_http;
    int status;
    struct buf body; /* of its reply */
    unsigned n_tries;

    struct shared_files files;
    size_t file; /* that is read */

    /* of the source that counts */
    struct reply found;
    const char *role_arn, *session_name, *token_file, *where; /* web identity */
    const char *command;                                      /* credential_process */
    bool static_stability; /* an expired set of it may still be honoured (aws-facts 5.5) */
    const char *token;     /* of the container's endpoint, or of IMDS */
    const char *metadata_role;
    bool metadata_again;

    struct role roles[HOPS_MAX]; /* to be assumed, one with the keys of the one before */
    size_t n_roles, next_role;
    struct aws_client *sts;
    uint64_t call;

    bool done;
    bool base_refused; /* AWS refused the keys that a role was to be assumed with */
    char error[1600];  /* "": found */
};

struct chain *chain_new(const struct credentials_options *options);
struct chain *chain_free(struct chain *chain);
/* One of the two. Either may be done at once. */
void chain_begin_host(struct chain *chain, struct outlet *outlet, struct instant now);
void chain_begin_role(struct chain *chain, struct outlet *outlet, struct instant now,
                      const struct aws_credentials *base, const char *base_text,
                      const char *role_arn, const char *external_id);
void chain_feed(struct chain *chain, struct outlet *outlet, const struct input *input);

/* ---- for sources ---- */
/* Each ends the step; the run goes on by itself. */
PRINTF_LIKE(2, 3) void chain_fail(struct chain *chain, const char *format, ...);
void chain_found(struct chain *chain, const struct reply *reply);
PRINTF_LIKE(2, 3) void chain_describe(struct chain *chain, const char *format, ...);
/* This one is not configured: why. */
PRINTF_LIKE(2, 3) void chain_pass(struct chain *chain, const char *format, ...);
void chain_read_file(struct chain *chain, const char *path);
void chain_http(struct chain *chain, const char *method, const char *url,
                const struct effect_header *headers, size_t n_headers, uint64_t timeout_ms);
void chain_run_process(struct chain *chain, const char *const *argv);
/* Calls STS with keys (NULL: unsigned); source->called has the result. */
void chain_call(struct chain *chain, enum ec2_action action,
                const struct ec2_change_request *request, const struct aws_credentials *keys);
/* The set in a reply of AssumeRole*. */
void chain_take_session(struct chain *chain, const struct call_result *result);
/* What one line of a file or a body says, without the line break at its end; NULL: more lines, or
 * what no header can hold. */
const char *chain_one_line(struct chain *chain, const char *bytes, size_t n, bool spaces);
/* "vpc-reconciled-HOST", as STS wants it. */
const char *chain_session_name(struct chain *chain);

/* 1: it is configured, chain->source (and what that needs) is set. 0: it is not, and was passed
 * over. Negative: it is, and wrongly; chain_fail() was called. */
int environment_find(struct chain *chain);
int profile_find_role(struct chain *chain);
int web_identity_find(struct chain *chain);
int profile_find_keys(struct chain *chain);
int profile_find_process(struct chain *chain);
int container_find(struct chain *chain);
int metadata_find(struct chain *chain);
/* Whether a profile was named that no file has. */
int profile_check(struct chain *chain);
/* 1: the profile has a web identity. */
int profile_web_identity(struct chain *chain, const char *profile);

extern const struct source source_keys, source_web_identity, source_process, source_container,
    source_metadata, source_role;
