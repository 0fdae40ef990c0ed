/* environment.h - the process environment: AWS's variables read once (and what the profile of the
 * config file says of region and endpoints), secrets wiped out of it, and the process closed to
 * whoever would read its memory (safety.md S11). */
#pragma once

#include "vpc_reconciled/aws.h"
#include "vpc_reconciled/config.h"

struct environment {
    struct aws_environment aws;
    const char *ca_bundle;       /* $AWS_CA_BUNDLE, NULL: not set */
    const char *no_proxy;        /* $no_proxy or $NO_PROXY; may be NULL */
    const char *state_directory; /* the first of $STATE_DIRECTORY, else /var/lib/vpc-reconciled */
};

/* No core dump, no debugger of the same user, no /proc/PID/mem: before the first secret is read. */
void environment_harden(void);
/* Reads variables ("NAME=value", NULL at the end; normally environ) and overwrites the secret ones
 * where they lie. -EINVAL: message says which variable and what would be right. Texts borrow from
 * variables or lie in the arena; aws is the caller's to clear. */
int environment_read(struct arena *arena, char **variables, struct environment *ret_environment,
                     struct buf *message);
/* Whether the targets of this config could be reached with it: regions, endpoints, the CA bundle.
 * -EINVAL with message. A config without targets needs nothing. */
int environment_check(const struct environment *environment, const struct config *config,
                      struct buf *message);
