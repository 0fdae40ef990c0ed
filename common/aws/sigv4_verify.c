/* The server's side of Signature Version 4: sign what arrived, and compare. */
#include "vpc_reconciled/aws.h"

#include <strings.h>

#define ALGORITHM "AWS4-HMAC-SHA256 "
#define CLOCK_SKEW_MAX_MS INT64_C(900000) /* 15 minutes: aws-facts 4.4 */

static const char *header_value(const struct http_header *headers, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(headers[i].name, name) == 0)
            return headers[i].value;
    return NULL;
}

struct authorization {
    const char *credential, *signed_headers, *signature;
};

/* "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...", each once, in any order. */
static int parse_authorization(struct arena *arena, const char *text, struct authorization *ret)
{
    struct authorization authorization = {0};
    const struct {
        const char *name;
        const char **value;
    } parameters[] = {
        {"Credential=", &authorization.credential},
        {"SignedHeaders=", &authorization.signed_headers},
        {"Signature=", &authorization.signature},
    };

    if (!text_starts_with(text, ALGORITHM))
        return -EBADMSG;
    for (text += strlen(ALGORITHM); *text;) {
        size_t n, i = 0;

        text += strspn(text, ", ");
        n = strcspn(text, ", ");
        while (i < ARRAY_SIZE(parameters) && !text_starts_with(text, parameters[i].name))
            i++;
        if (i < ARRAY_SIZE(parameters)) {
            size_t name_n = strlen(parameters[i].name);

            if (*parameters[i].value)
                return -EBADMSG;
            *parameters[i].value = arena_strndup(arena, text + name_n, n - name_n);
        }
        text += n;
    }
    if (!authorization.credential || !authorization.signed_headers || !authorization.signature)
        return -EBADMSG;
    *ret = authorization;
    return 0;
}

/* Splits at c; the rest starts after it. */
static const char *take(struct arena *arena, const char **rest, char c)
{
    const char *end = strchr(*rest, c);
    const char *part;

    if (!end)
        return NULL;
    part = arena_strndup(arena, *rest, (size_t)(end - *rest));
    *rest = end + 1;
    return part;
}

/* Comparing a signature must not tell how much of it was right. */
static bool equal_in_constant_time(const char *a, const char *b)
{
    size_t n = strlen(a);
    unsigned char difference = 0;

    if (n != strlen(b))
        return false;
    for (size_t i = 0; i < n; i++)
        difference = (unsigned char)(difference | (a[i] ^ b[i]));
    return difference == 0;
}

/* The headers that the list names. It is sorted and "host" is in it, as AWS demands; so no header
 * is taken twice, however long the list. */
static int signed_headers(struct arena *arena, const char *names,
                          const struct http_header *all_headers, size_t n_all_headers,
                          struct sigv4_request *request)
{
    struct http_header *headers = ARENA_ARRAY(arena, struct http_header, n_all_headers + 1);
    const char *previous = "";
    bool host = false;

    request->headers = headers;
    request->n_headers = 0;
    for (const char *at = names; *at;) {
        size_t length = strcspn(at, ";");
        const char *name = arena_strndup(arena, at, length);
        size_t before = request->n_headers;

        if (strcmp(previous, name) >= 0)
            return -EBADMSG;
        for (size_t i = 0; i < n_all_headers; i++)
            if (strcasecmp(all_headers[i].name, name) == 0) {
                if (request->n_headers == n_all_headers)
                    return -EBADMSG;
                headers[request->n_headers++] = all_headers[i];
            }
        if (request->n_headers == before)
            return -EKEYREJECTED;
        host |= strcmp(name, "host") == 0;
        previous = name;
        at += length + (at[length] == ';');
    }
    return host ? 0 : -EBADMSG;
}

/* "AKID/20150830/us-east-1/ec2/aws4_request" */
static int parse_scope(struct arena *arena, const char *credential, const char *date_text,
                       const char **ret_access_key, struct sigv4_scope *ret_scope)
{
    const char *date;

    *ret_access_key = take(arena, &credential, '/');
    date = *ret_access_key ? take(arena, &credential, '/') : NULL;
    ret_scope->region = date ? take(arena, &credential, '/') : NULL;
    ret_scope->service = ret_scope->region ? take(arena, &credential, '/') : NULL;
    if (!ret_scope->service || !text_equal(credential, "aws4_request") || strlen(date) != 8 ||
        !text_starts_with(date_text, date))
        return -EBADMSG;
    return time_parse(date_text, &ret_scope->wall_ms) < 0 ? -EBADMSG : 0;
}

int sigv4_verify(struct arena *arena, const struct sigv4_request *request,
                 const struct http_header *all_headers, size_t n_all_headers, int64_t wall_ms,
                 const char *expected_service, const struct aws_credentials *credentials)
{
    const char *text = header_value(all_headers, n_all_headers, "authorization");
    const char *date_text = header_value(all_headers, n_all_headers, "x-amz-date");
    const char *token = header_value(all_headers, n_all_headers, "x-amz-security-token");
    const char *access_key;
    struct authorization authorization;
    struct sigv4_request as_signed = *request;
    struct sigv4_scope scope = {0};
    struct sigv4_result result;
    int r;

    if (!text || !date_text || parse_authorization(arena, text, &authorization) < 0 ||
        parse_scope(arena, authorization.credential, date_text, &access_key, &scope) < 0)
        return -EBADMSG;
    if (!text_equal(access_key, credentials->access_key_id) ||
        !text_equal(token, credentials->session_token))
        return -ENOENT;
    if (expected_service && !text_equal(scope.service, expected_service))
        return -EDOM;
    r = signed_headers(arena, authorization.signed_headers, all_headers, n_all_headers, &as_signed);
    if (r < 0)
        return r;
    if (sigv4_sign(arena, &as_signed, &scope, credentials, &result) < 0)
        return -EBADMSG;
    if (!equal_in_constant_time(result.signature, authorization.signature))
        return -EKEYREJECTED;
    if (scope.wall_ms > wall_ms + CLOCK_SKEW_MAX_MS || scope.wall_ms < wall_ms - CLOCK_SKEW_MAX_MS)
        return -ETIME;
    return 0;
}
