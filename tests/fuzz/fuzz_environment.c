/* Lines of any bytes as the environment: refused without a word of the secret, or read, and then
 * the endpoints are https or loopback. */
#include "vpc_reconciled/aws.h"

#include <stdlib.h>
#include <strings.h>

#define SECRET "hunter2+hunter2/hunter2"
#define LINES_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_error(const struct aws_environment_error *error)
{
    assert(error->variable && error->message[0]);
    assert(!strstr(error->message, "hunter2"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const char *environment[LINES_MAX + 2] = {"AWS_SECRET_ACCESS_KEY=" SECRET};
    char *rest = arena_strndup(arena, (const char *)data, n), *line;
    struct aws_environment parsed;
    struct aws_environment_error error;
    size_t n_lines = 1;

    if (strstr(rest, "hunter2"))
        return 0;
    while (n_lines < LINES_MAX && (line = strsep(&rest, "\n")))
        environment[n_lines++] = line;
    if (aws_environment_parse(environment, &parsed, &error) < 0) {
        check_error(&error);
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        struct aws_endpoint endpoint;

        if (aws_endpoint_resolve(&parsed, i ? "sts" : "ec2", parsed.region, &endpoint, &error) <
            0) {
            check_error(&error);
            continue;
        }
        assert(text_starts_with(endpoint.url, "https://") ||
               text_starts_with(endpoint.url, "http://127.") ||
               strncasecmp(endpoint.url, "http://localhost", 16) == 0 ||
               text_starts_with(endpoint.url, "http://[::1]"));
        assert(endpoint.path[0] == '/' && endpoint.host[0]);
        assert(strstr(endpoint.url, endpoint.host));
    }
    aws_environment_clear(&parsed);
    return 0;
}
