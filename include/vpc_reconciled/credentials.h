/* credentials.h - whose keys sign: the host's chain of sources, and roles that are assumed with
 * them. A value that changes: got when first wanted, renewed ahead of its end, given up when AWS
 * refuses it.
 *
 * The host's chain, in this order (aws-facts 5.1); the first that is configured counts, and when
 * that one fails nothing behind it is tried: nobody wants another identity by accident.
 *
 *   1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (also when AWS_PROFILE is set)
 *   2. the profile's role: role_arn with source_profile or credential_source
 *   3. a web identity: of the profile, else AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN
 *   4. the profile's keys: $CREDENTIALS_DIRECTORY/aws-credentials before the shared files
 *   5. the profile's credential_process
 *   6. the container's endpoint
 *   7. the instance's role: IMDSv2, never v1
 *
 * Sans-I/O (effect.h): it reads files, sends HTTP and runs a process by effects, one at a time. */
#pragma once

#include "vpc_reconciled/aws.h"
#include "vpc_reconciled/effect.h"
#include "vpc_reconciled/observe.h"

#define CREDENTIALS_REPLY_MAX ((size_t)64 << 10) /* of a metadata service or a process */
#define CREDENTIALS_PROCESS_MS 30000
/* From then on a pass waits for the renewal that it asks for (aws-facts 5.5). */
#define CREDENTIALS_MARGIN_MS ((int64_t)600000)

struct credentials_options {
    const struct aws_environment *environment; /* outlives it */
    const char *region; /* of STS, when the environment and the profile name none */
    const char *host;   /* for the session's name, "vpc-reconciled-HOST" */
    /* A role of the config, assumed with the keys of base, which outlives it; NULL: the host's own
     * chain. */
    const char *role_arn, *external_id; /* external_id may be NULL */
    struct credentials *base;
};

struct credentials;
struct credentials *credentials_new(const struct credentials_options *options);
/* Wipes what it holds. Answers to what is in flight are nobody's from then on. */
struct credentials *credentials_free(struct credentials *credentials);

enum credentials_state {
    CREDENTIALS_READY, /* credentials_current() may sign */
    CREDENTIALS_WAIT,  /* for an answer that is on its way */
    CREDENTIALS_NONE,  /* credentials_error() says why, and what was tried */
};
/* Asks for a set that may sign. Begins a refresh when there is none, when AWS refused it, or when
 * it is close to its end; however many ask, one runs, and after a failure none is begun for a
 * while. */
enum credentials_state credentials_want(struct credentials *credentials, struct outlet *outlet,
                                        struct instant now);
/* Feeds what its effects answer, and wake-ups; passes over what is not its own. base is fed first.
 */
void credentials_feed(struct credentials *credentials, struct outlet *outlet,
                      const struct input *input);
/* When it wants to be woken to renew the set; UINT64_MAX: not at all. */
uint64_t credentials_wake_at(const struct credentials *credentials);
/* The set in force, until the next feed; NULL: none. */
const struct aws_credentials *credentials_current(const struct credentials *credentials);
/* Rises with each set that differs from the one before; 0: none yet. */
uint64_t credentials_serial(const struct credentials *credentials);
/* AWS refused this set (ExpiredToken, InvalidClientTokenId ...): the next want renews it. One that
 * was replaced meanwhile is passed over. */
void credentials_reject(struct credentials *credentials, uint64_t serial);
/* "the keys of AWS_ACCESS_KEY_ID"; NULL before the first set. */
const char *credentials_source(const struct credentials *credentials);
/* Why the last refresh failed; NULL when it did not. For people, without secrets. */
const char *credentials_error(const struct credentials *credentials);
