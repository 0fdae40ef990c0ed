/* sessions.h - the temporary keys that AssumeRole and AssumeRoleWithWebIdentity gave; private to
 * common/simulator/. */
#pragma once

#include "vpc_reconciled/aws.h"

#define SESSIONS_MAX 64 /* the oldest goes first */

struct session {
    char access_key_id[24], secret_access_key[48], session_token[48];
    char arn[400]; /* of the assumed role */
    int64_t expires_ms;
};

struct sessions {
    struct session items[SESSIONS_MAX];
    uint64_t n; /* ever made */
};

/* NULL: no such key. */
const struct session *sessions_find(const struct sessions *sessions, const char *access_key_id);
