/* AWS's own suite (aws-facts 4.3), read from the folder sigv4/ in VPC_REFERENCE_DATA: each case is
 * signed, and what AWS's signer made of it is verified. */
#include "vpc_reconciled/aws.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WALL_MS 1440938160000 /* 2015-08-30T12:36:00Z, in each context.json */
#define CASES_MIN 38

static char *read_file(struct arena *arena, const char *folder, const char *name)
{
    const char *path = arena_printf(arena, "%s/%s", folder, name);
    char *text = arena_alloc(arena, 65536);
    FILE *file = fopen(path, "re");
    size_t n;

    if (!file)
        fail_msg("%s cannot be opened", path);
    n = fread(text, 1, 65535, file);
    fclose(file);
    assert_in_range(n, 1, 65534);
    return text;
}

/* "GET /path?query HTTP/1.1", then headers, some folded, then an empty line and the body. */
struct message {
    struct sigv4_request request;
    struct http_header headers[16];
    size_t n;
};

static struct message parse_message(char *text)
{
    struct message message = {0};
    char *line = text, *target, *end = strchr(text, '\n'), *question;

    assert_non_null(end);
    *end = 0;
    target = strchr(line, ' ');
    assert_non_null(target);
    *target++ = 0;
    *strstr(target, " HTTP/") = 0; /* the target itself may hold spaces */
    question = strchr(target, '?');
    if (question)
        *question = 0;
    message.request.method = line;
    message.request.path = target;
    message.request.query = question ? question + 1 : NULL;
    line = end + 1;
    while (*line && *line != '\n') {
        char *colon = strchr(line, ':'), *next;

        end = line + strcspn(line, "\n");
        while (*end && (end[1] == ' ' || end[1] == '\t'))
            end += 1 + strcspn(end + 1, "\n");
        next = *end ? end + 1 : end;
        *end = 0;
        assert_non_null(colon);
        *colon = 0;
        assert_true(message.n < ARRAY_SIZE(message.headers) - 3); /* room for those to be added */
        message.headers[message.n++] = (struct http_header){line, colon + 1};
        line = next;
    }
    message.request.body = *line ? line + 1 : "";
    message.request.body_n = strlen(message.request.body);
    return message;
}

/* The value of a member of context.json: text without its quotes, or the bare word. */
static char *context_value(struct arena *arena, const char *context, const char *name)
{
    const char *at = strstr(context, arena_printf(arena, "\"%s\":", name));

    if (!at)
        return NULL;
    at += strlen(name) + 3;
    at += strspn(at, " \"");
    return arena_strndup(arena, at, strcspn(at, "\",\n}"));
}

static void check_case(const char *folder, const char *name)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const char *context = read_file(arena, folder, "context.json");
    struct aws_credentials credentials = {context_value(arena, context, "access_key_id"),
                                          context_value(arena, context, "secret_access_key"),
                                          context_value(arena, context, "token")};
    struct sigv4_scope scope = {context_value(arena, context, "region"),
                                context_value(arena, context, "service"), WALL_MS};
    struct message message = parse_message(read_file(arena, folder, "request.txt"));
    struct message sent = parse_message(read_file(arena, folder, "header-signed-request.txt"));
    bool keep_path = text_equal(context_value(arena, context, "normalize"), "false");
    struct sigv4_result result;
    int r;

    assert_string_equal(context_value(arena, context, "timestamp"), "2015-08-30T12:36:00Z");
    message.headers[message.n++] = (struct http_header){"X-Amz-Date", "20150830T123600Z"};
    if (text_equal(context_value(arena, context, "sign_body"), "true")) {
        uint8_t digest[SHA256_SIZE];
        char hex[2 * SHA256_SIZE + 1];

        sha256(message.request.body, message.request.body_n, digest);
        hex_encode(digest, sizeof(digest), hex);
        message.headers[message.n++] =
            (struct http_header){"x-amz-content-sha256", arena_strdup(arena, hex)};
    }
    if (credentials.session_token &&
        !text_equal(context_value(arena, context, "omit_session_token"), "true"))
        message.headers[message.n++] =
            (struct http_header){"X-Amz-Security-Token", credentials.session_token};
    message.request.headers = message.headers;
    message.request.n_headers = message.n;
    message.request.keep_path = sent.request.keep_path = keep_path;

    assert_int_equal(sigv4_sign(arena, &message.request, &scope, &credentials, &result), 0);
    if (!credentials.session_token &&
        !text_equal(result.canonical_request,
                    read_file(arena, folder, "header-canonical-request.txt")))
        fail_msg("%s: the canonical request is\n%s", name, result.canonical_request);
    if (!text_equal(result.string_to_sign, read_file(arena, folder, "header-string-to-sign.txt")))
        fail_msg("%s: the string to sign is\n%s\nof\n%s", name, result.string_to_sign,
                 result.canonical_request);
    assert_string_equal(result.signature, read_file(arena, folder, "header-signature.txt"));

    r = sigv4_verify(arena, &sent.request, sent.headers, sent.n, WALL_MS, "service", &credentials);
    if (r != 0)
        fail_msg("%s: what AWS signed was refused: %d", name, r);
}

static void the_suite_holds(void **state)
{
    const char *data = getenv("VPC_REFERENCE_DATA");
    struct dirent **entries = NULL;
    char path[4096];
    int n, cases = 0;
    (void)state;

    if (text_empty(data)) {
        print_message(
            "NOT RUN: AWS's SigV4 suite (VPC_REFERENCE_DATA is not set). The golden vectors of "
            "test_sigv4 and botocore's signer (ctest -R sigv4_oracle) stand in for it.\n");
        skip();
    }
    snprintf(path, sizeof(path), "%s/sigv4", data);
    n = scandir(path, &entries, NULL, alphasort);
    if (n < 0)
        fail_msg("VPC_REFERENCE_DATA is set, but %s cannot be read", path);
    for (int i = 0; i < n; i++) {
        if (entries[i]->d_name[0] != '.') {
            char folder[8192];

            snprintf(folder, sizeof(folder), "%s/%s", path, entries[i]->d_name);
            check_case(folder, entries[i]->d_name);
            cases++;
        }
        free(entries[i]);
    }
    free(entries);
    print_message("%d cases of AWS's suite signed and verified\n", cases);
    assert_true(cases >= CASES_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_suite_holds)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
