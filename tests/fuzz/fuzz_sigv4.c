/* Lines of any bytes as method, path, query, headers and a body: what can be signed is verified,
 * and an Authorization of the fuzzer's own never is. */
#include "vpc_reconciled/aws.h"

#include <stdlib.h>
#include <strings.h>

#define WALL_MS 1440938160000 /* 2015-08-30T12:36:00Z */
#define HEADERS_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static char *take_line(char **rest)
{
    char *line = *rest, *end = strchr(line, '\n');

    if (!end)
        return NULL;
    *end = 0;
    *rest = end + 1;
    return line;
}

static bool is_taken(const char *name)
{
    return strcasecmp(name, "host") == 0 || strcasecmp(name, "x-amz-date") == 0 ||
           strcasecmp(name, "x-amz-security-token") == 0 || strcasecmp(name, "authorization") == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    char access_key[] = "AKIDEXAMPLE", secret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    char token[] = "token", *rest = arena_strndup(arena, (const char *)data, n), *line;
    struct aws_credentials credentials = {access_key, secret, NULL};
    const struct sigv4_scope scope = {"us-east-1", "ec2", WALL_MS};
    struct http_header headers[HEADERS_MAX + 4] = {{"Host", "h"},
                                                   {"X-Amz-Date", "20150830T123600Z"}};
    struct sigv4_request request = {.method = "", .path = ""};
    struct sigv4_result result;
    const char *forged;
    size_t n_headers = 2;
    int r;

    if (n == 0)
        return 0;
    request.keep_path = data[0] & 1;
    if (data[0] & 2) {
        credentials.session_token = token;
        headers[n_headers++] = (struct http_header){"x-amz-security-token", token};
    }
    if (!(request.method = take_line(&rest)) || !(request.path = take_line(&rest)) ||
        !(request.query = take_line(&rest)) || !(forged = take_line(&rest)))
        return 0;
    while (n_headers < HEADERS_MAX && (line = take_line(&rest))) {
        char *colon = strchr(line, ':');

        if (!colon)
            break;
        *colon = 0;
        for (char *at = colon + 1; *at; at++)
            if (*at == '\v') /* so that folded values are reached */
                *at = '\n';
        if (!is_taken(line))
            headers[n_headers++] = (struct http_header){line, colon + 1};
    }
    request.body = rest;
    request.body_n = strlen(rest);
    request.headers = headers;
    request.n_headers = n_headers;
    r = sigv4_sign(arena, &request, &scope, &credentials, &result);
    assert(r == 0 || r == -EINVAL);
    if (r == 0) {
        assert(strlen(result.signature) == 64);
        headers[n_headers++] = (struct http_header){"Authorization", result.authorization};
        if (sigv4_verify(arena, &request, headers, n_headers, WALL_MS, "ec2", &credentials) != 0)
            abort();
        n_headers--;
    }
    headers[n_headers++] = (struct http_header){"Authorization", forged};
    if (sigv4_verify(arena, &request, headers, n_headers, WALL_MS, NULL, &credentials) == 0)
        abort();
    return 0;
}
