#include "authenticate.h"

#include <strings.h>

static const char *header(const struct simulator_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_headers; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}

/* "Credential=KEY/DATE/REGION/SERVICE/aws4_request" */
void credential_scope_read(struct arena *arena, const struct simulator_request *request,
                           struct credential_scope *ret_scope)
{
    const char *authorization = header(request, "authorization");
    const char *at = authorization ? strstr(authorization, "Credential=") : NULL;
    const char *parts[5] = {0};

    *ret_scope = (struct credential_scope){0};
    if (!at)
        return;
    at += strlen("Credential=");
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        size_t n = strcspn(at, "/, ");

        parts[i] = arena_strndup(arena, at, n);
        at += n;
        if (i + 1 < ARRAY_SIZE(parts)) {
            if (*at != '/')
                return;
            at++;
        }
    }
    ret_scope->access_key_id = parts[0];
    ret_scope->region = parts[2];
    ret_scope->service = parts[3];
}

static bool signs_host(const struct simulator_request *request)
{
    const char *authorization = header(request, "authorization");
    const char *names = authorization ? strstr(authorization, "SignedHeaders=") : NULL;

    if (!names)
        return false;
    names += strlen("SignedHeaders=");
    for (size_t n; (n = strcspn(names, ";, ")) > 0; names += n + (names[n] == ';')) {
        if (n == 4 && strncasecmp(names, "host", n) == 0)
            return true;
        if (names[n] != ';')
            break;
    }
    return false;
}

/* STS has its own names for the same refusals (aws-facts 2.4, 4.4). */
static const struct {
    int r;
    const char *ec2_code, *sts_code, *message;
} refusal_table[] = {
    {-EBADMSG, "IncompleteSignature", "IncompleteSignature",
     "The request signature does not conform to AWS standards"},
    {-ENOENT, "AuthFailure", "InvalidClientTokenId",
     "AWS was not able to validate the provided access credentials"},
    {-EKEYREJECTED, "AuthFailure", "SignatureDoesNotMatch",
     "The request signature we calculated does not match the signature you provided"},
    {-ETIME, "RequestExpired", "RequestExpired",
     "Request has expired: the time of the signature is more than 15 minutes off"},
    {-EDOM, "AuthFailure", "SignatureDoesNotMatch",
     "Credential should be scoped to a valid region and service"},
};

static int refuse(struct call *call, int r, bool sts)
{
    for (size_t i = 0; i < ARRAY_SIZE(refusal_table); i++)
        if (refusal_table[i].r == r)
            return call_fail(call, sts ? refusal_table[i].sts_code : refusal_table[i].ec2_code,
                             "%s", refusal_table[i].message);
    return call_fail(call, "InternalError", "An internal error has occurred");
}

int authenticate(struct call *call, const struct simulator_request *request,
                 const struct credential_scope *scope)
{
    const struct simulator *simulator = call->simulator;
    struct aws_credentials credentials = simulator->credentials;
    const char *token = header(request, "x-amz-security-token");
    const char *query = strchr(request->target, '?');
    struct sigv4_request as_received = {
        .method = request->method,
        .path = arena_strndup(call->arena, request->target, strcspn(request->target, "?")),
        .query = query ? query + 1 : NULL,
        .body = request->body,
        .body_n = request->body_n,
    };
    bool sts = text_equal(scope->service, "sts") || text_equal(scope->service, "lambda");
    int r;

    if (!header(request, "authorization"))
        return call_fail(call, "MissingAuthenticationToken",
                         "Request is missing Authentication Token");
    if (!scope->service || !signs_host(request))
        return refuse(call, -EBADMSG, sts);
    if (!text_equal(scope->region, simulator->region) ||
        (!sts && !text_equal(scope->service, "ec2")))
        return refuse(call, -EDOM, sts);
    call->session = sessions_find(&simulator->sessions, scope->access_key_id);
    /* The account's own keys take any session token, or none; when it is sent it is signed. */
    credentials.session_token = token ? arena_strdup(call->arena, token) : NULL;
    if (call->session)
        credentials = (struct aws_credentials){
            .access_key_id = arena_strdup(call->arena, call->session->access_key_id),
            .secret_access_key = arena_strdup(call->arena, call->session->secret_access_key),
            .session_token = arena_strdup(call->arena, call->session->session_token),
        };
    r = sigv4_verify(call->arena, &as_received, request->headers, request->n_headers,
                     call->now.wall_ms, scope->service, &credentials);
    if (r < 0)
        return refuse(call, r, sts);
    /* EC2 has the same code for a clock that is off (aws-facts 2.4). */
    if (call->session && call->session->expires_ms <= call->now.wall_ms)
        return call_fail(call, sts ? "ExpiredToken" : "RequestExpired",
                         "The security token included in the request is expired");
    return 0;
}
