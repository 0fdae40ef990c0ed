/* For sigv4_oracle.py. Each line of stdin is a request, its parts in hex and separated by commas:
 * region, service, wall clock in ms, access key, secret key, session token, method, path, query,
 * body, then name and value of each header. Prints the SHA-256 of the canonical request and the
 * Authorization header, or "refused", and whether our own verification takes it. */
#include "vpc_reconciled/aws.h"

#include <stdio.h>
#include <stdlib.h>

enum { REGION, SERVICE, WALL, ACCESS_KEY, SECRET_KEY, TOKEN, METHOD, PATH, QUERY, BODY, N_PARTS };

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct buf take_part(struct arena *arena, char **rest)
{
    size_t n = strcspn(*rest, ",\n");
    struct buf part = {.data = arena_alloc(arena, n / 2 + 1), .n = n / 2};

    for (size_t i = 0; i < part.n; i++)
        part.data[i] = (char)(nibble((*rest)[2 * i]) << 4 | nibble((*rest)[2 * i + 1]));
    *rest += n + ((*rest)[n] == ',');
    return part;
}

static void sign_line(char *line)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct buf parts[N_PARTS];
    VEC(struct http_header) headers = {0};
    struct sigv4_result result;

    for (size_t i = 0; i < N_PARTS; i++)
        parts[i] = take_part(arena, &line);
    while (*line && *line != '\n') {
        struct http_header *header = VEC_ADD(arena, &headers);

        header->name = take_part(arena, &line).data;
        header->value = take_part(arena, &line).data;
    }

    struct aws_credentials credentials = {parts[ACCESS_KEY].data, parts[SECRET_KEY].data,
                                          parts[TOKEN].n ? parts[TOKEN].data : NULL};
    struct sigv4_scope scope = {parts[REGION].data, parts[SERVICE].data, atoll(parts[WALL].data)};
    struct sigv4_request request = {.method = parts[METHOD].data,
                                    .path = parts[PATH].data,
                                    .query = parts[QUERY].data,
                                    .headers = headers.items,
                                    .n_headers = headers.n,
                                    .body = parts[BODY].data,
                                    .body_n = parts[BODY].n};

    if (sigv4_sign(arena, &request, &scope, &credentials, &result) < 0) {
        puts("refused");
        return;
    }
    *VEC_ADD(arena, &headers) = (struct http_header){"authorization", result.authorization};
    printf("%s|%s|%d\n", strrchr(result.string_to_sign, '\n') + 1, result.authorization,
           sigv4_verify(arena, &request, headers.items, headers.n, scope.wall_ms, scope.service,
                        &credentials));
}

int main(void)
{
    static char line[1 << 20];

    while (fgets(line, sizeof(line), stdin))
        sign_line(line);
    return 0;
}
