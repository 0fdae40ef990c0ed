/* reply.h - a set of keys as the container's endpoint, IMDS and a credential_process write it:
 * JSON; private to common/credentials/. */
#pragma once

#include "vpc_reconciled/aws.h"

enum reply_kind {
    REPLY_CONTAINER, /* AccessKeyId, SecretAccessKey, Token, Expiration (aws-facts 5.3) */
    REPLY_METADATA,  /* the same, with Code "Success" (5.4) */
    REPLY_PROCESS,   /* Version 1; SessionToken and Expiration may be absent (5.2) */
};

#define EXPIRES_NEVER INT64_MAX

struct reply {
    struct aws_credentials credentials; /* in the arena */
    int64_t expires_ms;                 /* wall clock, or EXPIRES_NEVER */
};

/* -EBADMSG: message says what is wrong, and never what a value holds. */
int reply_parse(struct arena *arena, enum reply_kind kind, const char *text, size_t n,
                struct reply *ret_reply, char message[static 200]);
