/* STS: who asks, and sessions of roles (aws-facts 5.6). Every role of the account may be assumed:
 * the simulator knows no trust policies. */
#include "actions.h"

#include <stdio.h>

#define SECOND_MS 1000
#define DURATION_MIN 900
#define DURATION_MAX 43200
#define DURATION_DEFAULT 3600
#define CHAINED_MAX 3600 /* a session of a role that a session of a role asks for */

const struct session *sessions_find(const struct sessions *sessions, const char *access_key_id)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++)
        if (sessions->items[i].access_key_id[0] &&
            text_equal(sessions->items[i].access_key_id, access_key_id))
            return &sessions->items[i];
    return NULL;
}

const char *caller_arn(struct call *call)
{
    return call->session ? call->session->arn
                         : arena_printf(call->arena, "arn:aws:iam::%s:user/simulator",
                                        call->simulator->account);
}

int caller_identity(struct call *call)
{
    struct simulator *simulator = call->simulator;

    call->change_reply.account = simulator->account;
    call->change_reply.arn = caller_arn(call);
    if (call->session) {
        call->change_reply.user_id = arena_printf(call->arena, "AROASIMULATOR00000000:%s",
                                                  strrchr(call->session->arn, '/') + 1);
        return 0;
    }
    call->change_reply.user_id = "AIDASIMULATOR00000000";
    return 0;
}

/* "arn:aws:iam::111122223333:role/path/NAME": what follows "role/", or NULL. */
static const char *role_of(const char *arn, const char **ret_account)
{
    const char *at = arn;

    for (unsigned colons = 0; *at && colons < 4; at++)
        colons += *at == ':';
    *ret_account = at;
    if (!text_starts_with(arn, "arn:aws") || strspn(at, "0123456789") != 12 ||
        !text_starts_with(at + 12, ":role/") || !at[18])
        return NULL;
    return at + 18;
}

static bool is_session_name(const char *name)
{
    size_t n = strlen(name);

    return n >= 2 && n <= 64 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-") ==
               n;
}

static int check(struct call *call, const char *role, int64_t *ret_duration_s)
{
    const struct ec2_change_request *request = &call->change;

    *ret_duration_s =
        request->duration_seconds.set ? request->duration_seconds.value : DURATION_DEFAULT;
    if (!role)
        return call_fail(call, "ValidationError", "%.200s is invalid", request->role_arn);
    if (!is_session_name(request->role_session_name))
        return call_fail(call, "ValidationError",
                         "1 validation error detected: Value at 'roleSessionName' failed to "
                         "satisfy constraint: Member must satisfy regular expression pattern: "
                         "[\\w+=,.@-]*, and have 2 to 64 characters");
    if (*ret_duration_s < DURATION_MIN || *ret_duration_s > DURATION_MAX)
        return call_fail(call, "ValidationError", "The requested DurationSeconds must be %d to %d",
                         DURATION_MIN, DURATION_MAX);
    if (call->session && *ret_duration_s > CHAINED_MAX)
        return call_fail(call, "ValidationError",
                         "The requested DurationSeconds exceeds the 1 hour session limit for "
                         "roles assumed by role chaining");
    return 0;
}

static int begin_session(struct call *call, const char *role, int64_t duration_s)
{
    struct sessions *sessions = &call->simulator->sessions;
    struct session *session = &sessions->items[sessions->n++ % SESSIONS_MAX];
    const char *name = strrchr(role, '/') ? strrchr(role, '/') + 1 : role;
    unsigned long long number = (unsigned long long)sessions->n;
    char expiration[25];

    session->expires_ms = call->now.wall_ms + duration_s * SECOND_MS;
    snprintf(session->access_key_id, sizeof(session->access_key_id), "ASIASIMULATOR%07llu", number);
    snprintf(session->secret_access_key, sizeof(session->secret_access_key),
             "secret/of/session/%022llu", number);
    snprintf(session->session_token, sizeof(session->session_token),
             "token//of+session/%llu==", number);
    snprintf(session->arn, sizeof(session->arn), "arn:aws:sts::%s:assumed-role/%.128s/%s",
             call->simulator->account, name, call->change.role_session_name);
    time_iso8601(session->expires_ms, expiration);
    call->change_reply.arn = session->arn;
    call->change_reply.user_id =
        arena_printf(call->arena, "AROASIMULATOR00000000:%s", call->change.role_session_name);
    call->change_reply.credentials.access_key_id = session->access_key_id;
    call->change_reply.credentials.secret_access_key = session->secret_access_key;
    call->change_reply.credentials.session_token = session->session_token;
    call->change_reply.credentials.expiration = arena_strdup(call->arena, expiration);
    return 0;
}

int role_assume(struct call *call)
{
    const char *account, *role = role_of(call->change.role_arn, &account);
    int64_t duration_s;

    if (check(call, role, &duration_s) < 0)
        return -EINVAL;
    if (strncmp(account, call->simulator->account, 12) != 0)
        return call_fail(
            call, "AccessDenied",
            "User: %s is not authorized to perform: sts:AssumeRole on resource: %.200s",
            call->session ? call->session->arn : "arn:aws:iam::user/simulator",
            call->change.role_arn);
    return begin_session(call, role, duration_s);
}

/* A token is three words of base64url with dots between; who signed it is not looked at. */
int role_assume_with_web_identity(struct call *call)
{
    const char *account, *role = role_of(call->change.role_arn, &account);
    const char *token = call->change.web_identity_token;
    unsigned n_dots = 0;
    int64_t duration_s;

    if (check(call, role, &duration_s) < 0)
        return -EINVAL;
    for (const char *c = token; *c; c++)
        n_dots += *c == '.';
    if (n_dots != 2)
        return call_fail(call, "InvalidIdentityToken", "The ID Token provided is not a valid JWT.");
    if (strncmp(account, call->simulator->account, 12) != 0)
        return call_fail(call, "AccessDenied",
                         "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    return begin_session(call, role, duration_s);
}
