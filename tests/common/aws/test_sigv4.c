/* Signature Version 4: golden vectors of AWS's own signer, canonical forms, and the server's side.
 * AWS's suite is test_sigv4_suite.c; botocore's signer is held against ours in
 * tests/conformance/sigv4_oracle.py. */
#include "vpc_reconciled/aws.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include <cmocka.h>

#define WALL_MS 1440938160000 /* 2015-08-30T12:36:00Z */
#define DATE "20150830T123600Z"
#define BODY "Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-0123456789abcdef0"
#define FORM "application/x-www-form-urlencoded; charset=utf-8"
#define TOKEN "SESSIONTOKEN//EXAMPLE+abc=="

static char access_key[] = "AKIDEXAMPLE";
static char secret_key[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
static char session_token[] = TOKEN;
static const struct aws_credentials key_pair = {access_key, secret_key, NULL};
static const struct aws_credentials with_token = {access_key, secret_key, session_token};

/* aws-facts 4.2, cases A to G */
static const struct {
    const char *name, *method, *host, *path, *query, *content_type, *body, *token, *region,
        *service, *signed_headers, *canonical_sha256, *signature;
} vectors[] = {
    {"A", "POST", "ec2.us-east-1.amazonaws.com", "/", NULL, FORM, BODY, NULL, "us-east-1", "ec2",
     "content-type;host;x-amz-date",
     "23743a3dc55a478eb146c1e64035c4507db87c7c748393de0b4bb38c42c36aeb",
     "ed52c97e0f58e001e19b2d747f80d39855a6dbc3d539b1145eb6748762bba9d0"},
    {"B", "POST", "ec2.us-east-1.amazonaws.com", "/", NULL, FORM, BODY, TOKEN, "us-east-1", "ec2",
     "content-type;host;x-amz-date;x-amz-security-token",
     "252d7b84982ac82f8771ef2a18ecf08d0b29a8e21d5be17cd531d17e665131dd",
     "8072e04c8d98cd940a85d581a0a0d68199aab0b69a407d698664b3a6b51dad27"},
    {"C", "GET", "lambda.ap-northeast-1.amazonaws.com", "/2025-11-30/capacity-providers/my-cp",
     "MaxItems=50&Marker=a%2Fb%3D", NULL, "", NULL, "ap-northeast-1", "lambda", "host;x-amz-date",
     "d3ab404fcb33ff5c677b235a801724e640188c901748d0e859b6d07a73322cdc",
     "0f5e922a4783496b2a3702416e6853c2f1a868d4d62ad6729c33423f8f0c38d5"},
    {"D", "GET", "lambda.us-east-1.amazonaws.com",
     "/2025-11-30/capacity-providers/"
     "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Acapacity-provider%3Amy-cp",
     "", NULL, "", NULL, "us-east-1", "lambda", "host;x-amz-date",
     "75df2db88e7c108a9d055be56d54487a0b27e5d004a8e4f47332df47f09b3be1",
     "0167ec0c0528f4929a5143c19fceb67fb1f6f55fd565eb68b26834cea20dfed2"},
    {"E", "POST", "127.0.0.1:8080", "", NULL, FORM, BODY, NULL, "us-east-1", "ec2",
     "content-type;host;x-amz-date",
     "3170d810ecaf0201e3540ff1ed1d17e2d0243413bd4d2e7228692791cde9feb0",
     "c3d0ce7775e11070cffa3a84b4a08ccc5f3b4b07830946183a406628a8fd8b33"},
    {"F", "GET", "ec2.us-east-1.amazonaws.com", "/", "b=2&a=x%20y&a=B&c", NULL, "", NULL,
     "us-east-1", "ec2", "host;x-amz-date",
     "a1c0985507265638e86986b1528e0eb890e0424cf421a20892e350c37cc23a17",
     "3fc4c4b7e406242009928ef92d51cc5b86e8c9028433a0b527c3c0386ae44510"},
    {"G", "GET", "lambda.us-east-1.amazonaws.com", "/a//b/../c%20d/./e/", NULL, NULL, "", NULL,
     "us-east-1", "lambda", "host;x-amz-date",
     "a0ee3908cefc010fb9ecc937954e0df187ee3eca16fca696d2539c6ef05aa3d1",
     "784e96eec8daed8fe5684e948f4c05e613f73cf37e89c6f7017239cd5409e15d"},
};

static void the_golden_vectors_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct http_header headers[4];
        size_t n = 0;
        struct sigv4_request request = {.method = vectors[i].method,
                                        .path = vectors[i].path,
                                        .query = vectors[i].query,
                                        .headers = headers,
                                        .body = vectors[i].body,
                                        .body_n = strlen(vectors[i].body)};
        struct sigv4_scope scope = {vectors[i].region, vectors[i].service, WALL_MS};
        struct sigv4_result result;
        const char *expected;

        if (vectors[i].token)
            headers[n++] = (struct http_header){"X-Amz-Security-Token", vectors[i].token};
        headers[n++] = (struct http_header){"X-Amz-Date", DATE};
        headers[n++] = (struct http_header){"Host", vectors[i].host};
        if (vectors[i].content_type)
            headers[n++] = (struct http_header){"Content-Type", vectors[i].content_type};
        request.n_headers = n;
        assert_int_equal(sigv4_sign(arena, &request, &scope,
                                    vectors[i].token ? &with_token : &key_pair, &result),
                         0);
        expected =
            arena_printf(arena, "AWS4-HMAC-SHA256\n" DATE "\n20150830/%s/%s/aws4_request\n%s",
                         scope.region, scope.service, vectors[i].canonical_sha256);
        if (strcmp(result.string_to_sign, expected) != 0)
            fail_msg("%s: %s\n%s", vectors[i].name, result.string_to_sign,
                     result.canonical_request);
        assert_string_equal(result.signature, vectors[i].signature);
        assert_string_equal(
            result.authorization,
            arena_printf(arena,
                         "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/%s/%s/aws4_request, "
                         "SignedHeaders=%s, Signature=%s",
                         scope.region, scope.service, vectors[i].signed_headers,
                         vectors[i].signature));
        assert_null(strstr(result.canonical_request, TOKEN));
        assert_null(strstr(result.authorization, TOKEN));
    }
}

/* ---- canonical forms: a part of the canonical request for a part of the request ---- */

static const struct sigv4_scope scope = {"us-east-1", "ec2", WALL_MS};

static const char *canonical(struct arena *arena, const struct sigv4_request *request)
{
    struct sigv4_result result = {0};

    assert_int_equal(sigv4_sign(arena, request, &scope, &key_pair, &result), 0);
    return result.canonical_request;
}

static const struct {
    const char *path, *normalized, *kept;
} paths[] = {
    {"", "/", "/"},
    {"/", "/", "/"},
    {"//", "/", "//"},
    {"/a", "/a", "/a"},
    {"/a/", "/a/", "/a/"},
    {"/a//b", "/a/b", "/a//b"},
    {"/a//", "/a/", "/a//"},
    {"/./a", "/a", "/./a"},
    {"/a/.", "/a", "/a/."},
    {"/a/./", "/a/", "/a/./"},
    {"/a/..", "/", "/a/.."},
    {"/a/../", "/", "/a/../"},
    {"/a/b/..", "/a", "/a/b/.."},
    {"/a/b/../", "/a/", "/a/b/../"},
    {"/..", "/", "/.."},
    {"/../../x", "/x", "/../../x"},
    {"/a/../../b/./c//d/..", "/b/c", "/a/../../b/./c//d/.."},
    {"/...", "/...", "/..."},
    {"/.a/..b/c.", "/.a/..b/c.", "/.a/..b/c."},
    {"a/b", "/a/b", "a/b"},
    {"/a%3Ab", "/a%253Ab", "/a%253Ab"}, /* encoded once as sent, twice as signed */
    {"/a b", "/a%20b", "/a%20b"},
    {"/%2e%2e/x", "/%252e%252e/x", "/%252e%252e/x"},
    {"/-._~*+:@", "/-._~%2A%2B%3A%40", "/-._~%2A%2B%3A%40"},
};

static void paths_are_normalized_and_encoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
        for (int keep = 0; keep < 2; keep++) {
            CLEANUP(arena_freep)
            struct arena *arena = arena_new();
            struct sigv4_request request = {
                .method = "GET", .path = paths[i].path, .keep_path = keep};
            const char *line = strchr(canonical(arena, &request), '\n') + 1;
            const char *expected = keep ? paths[i].kept : paths[i].normalized;

            if (strlen(expected) != strcspn(line, "\n") || !text_starts_with(line, expected))
                fail_msg("\"%s\" gave \"%.*s\"", paths[i].path, (int)strcspn(line, "\n"), line);
        }
}

static const struct {
    const char *query, *canonical;
} queries[] = {
    {NULL, ""},
    {"", ""},
    {"&&", ""},
    {"a", "a="},
    {"a=", "a="},
    {"=", "="},
    {"a=b=c", "a=b%3Dc"},
    {"b=1&a=2", "a=2&b=1"},
    {"a=2&a=10&a=1", "a=1&a=10&a=2"},
    {"a=b&a", "a=&a=b"},
    {"B=1&a=2&A=3", "A=3&B=1&a=2"},
    {"a=x%20y", "a=x%20y"},
    {"a=x+y", "a=x%2By"}, /* a plus is a plus in a query that is signed */
    {"a=%7e%2f%2F", "a=~%2F%2F"},
    {"%61=1", "a=1"},
    {"a-=1&a=2", "a=2&a-=1"}, /* by the key, not by "a-" before "a=" */
    {"a%20=1&a%21=2&a=3", "a=3&a%20=1&a%21=2"},
    {"\xe1\x88\xb4=bar", "%E1%88%B4=bar"},
    {"%E1%88%B4=b&z=a&A=c", "%E1%88%B4=b&A=c&z=a"}, /* by the encoded key: '%' before 'A' */
    {"a=%&b=%zz&c=%4", "a=%25&b=%25zz&c=%254"},     /* no escapes: taken as they stand */
};

static void queries_are_sorted_and_encoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(queries); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct sigv4_request request = {.method = "GET", .path = "/", .query = queries[i].query};
        const char *line = canonical(arena, &request) + strlen("GET\n/\n");

        if (strlen(queries[i].canonical) != strcspn(line, "\n") ||
            !text_starts_with(line, queries[i].canonical))
            fail_msg("\"%s\" gave \"%.*s\"", queries[i].query, (int)strcspn(line, "\n"), line);
    }
}

#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const struct {
    struct http_header headers[4];
    const char *canonical; /* headers, empty line, names; NULL: -EINVAL */
} header_sets[] = {
    {{{NULL, NULL}}, "\n\n"},
    {{{"Host", "h"}}, "host:h\n\nhost\n"},
    {{{"X-B", "2"}, {"x-a", "1"}}, "x-a:1\nx-b:2\n\nx-a;x-b\n"},
    {{{"A", "  x  "}}, "a:x\n\na\n"},
    {{{"A", " x   y \t z "}}, "a:x y z\n\na\n"},
    {{{"A", "\"x   y\""}}, "a:\"x y\"\n\na\n"},
    {{{"A", ""}}, "a:\n\na\n"},
    {{{"A", "   "}}, "a:\n\na\n"},
    {{{"A", "2"}, {"B", "x"}, {"a", " 1 "}, {"A", "2"}},
     "a:2,1,2\nb:x\n\na;b\n"}, /* in their order */
    {{{"A", ""}, {"A", "x"}}, "a:,x\n\na\n"},
    {{{"A-B", "1"}, {"A", "2"}, {"AB", "3"}}, "a:2\na-b:1\nab:3\n\na;a-b;ab\n"},
    {{{"A", "x\n  y"}}, "a:x y\n\na\n"}, /* folded */
    {{{"A", "x\ny"}}, NULL},
    {{{"A", "x\r\n y"}}, NULL},
    {{{"A", "x\n"}}, NULL},
    {{{"", "x"}}, NULL},
    {{{"A:B", "x"}}, NULL},
    {{{"A B", "x"}}, NULL},
    {{{"A\nB", "x"}}, NULL},
    {{{"A;B", "x"}}, NULL}, /* would be two names in the list */
    {{{"A,B", "x"}}, NULL},
    {{{"A\tB", "x"}}, NULL},
    {{{"x-amz-security-token", TOKEN}, {"z", "1"}},
     "x-amz-security-token:***************************\nz:1\n\nx-amz-security-token;z\n"},
};

static void headers_are_trimmed_and_sorted(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(header_sets); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct sigv4_request request = {
            .method = "GET", .path = "/", .headers = header_sets[i].headers};
        struct sigv4_result result;
        int r;

        while (request.n_headers < 4 && header_sets[i].headers[request.n_headers].name)
            request.n_headers++;
        r = sigv4_sign(arena, &request, &scope, &key_pair, &result);
        assert_int_equal(r, header_sets[i].canonical ? 0 : -EINVAL);
        if (r == 0)
            assert_string_equal(
                result.canonical_request,
                arena_printf(arena, "GET\n/\n\n%s" EMPTY_SHA256, header_sets[i].canonical));
    }
}

static void bodies_of_any_bytes_are_signed(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct sigv4_request with_nul = {.method = "POST", .body = "a\0b", .body_n = 3};
    struct sigv4_request without = {.method = "POST", .body = "a\0c", .body_n = 3};
    (void)state;

    assert_string_not_equal(canonical(arena, &with_nul), canonical(arena, &without));
}

/* ---- the server's side ---- */

struct received {
    struct sigv4_request request;
    struct http_header headers[8];
    size_t n;
};

static struct received signed_request(struct arena *arena,
                                      const struct aws_credentials *credentials,
                                      const struct sigv4_scope *in)
{
    struct received received = {
        .request = {.method = "POST", .path = "/", .body = BODY, .body_n = strlen(BODY)}};
    struct sigv4_result result;
    char date[17];

    time_compact(in->wall_ms, date);
    received.headers[received.n++] = (struct http_header){"host", "127.0.0.1:8080"};
    received.headers[received.n++] = (struct http_header){"X-Amz-Date", arena_strdup(arena, date)};
    if (credentials->session_token)
        received.headers[received.n++] =
            (struct http_header){"x-amz-security-token", credentials->session_token};
    received.headers[received.n++] = (struct http_header){"Content-Type", FORM};
    received.request.headers = received.headers;
    received.request.n_headers = received.n;
    assert_int_equal(sigv4_sign(arena, &received.request, in, credentials, &result), 0);
    received.request.headers = NULL;
    received.request.n_headers = 0;
    received.headers[received.n++] = (struct http_header){"Authorization", result.authorization};
    received.headers[received.n++] = (struct http_header){"Accept", "*/*"};
    return received;
}

static const struct http_header *find_header(const struct received *received, const char *name)
{
    for (size_t i = 0; i < received->n; i++)
        if (strcasecmp(received->headers[i].name, name) == 0)
            return &received->headers[i];
    fail_msg("no %s", name);
    return NULL;
}

static void replace_header(struct received *received, const char *name, const char *value)
{
    for (size_t i = 0; i < received->n; i++)
        if (strcasecmp(received->headers[i].name, name) == 0)
            received->headers[i].value = value;
}

static int verify(struct arena *arena, const struct received *received,
                  const struct aws_credentials *credentials)
{
    return sigv4_verify(arena, &received->request, received->headers, received->n, WALL_MS, "ec2",
                        credentials);
}

static void what_is_signed_is_accepted(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct received received = signed_request(arena, &key_pair, &scope);
    const char *text = find_header(&received, "Authorization")->value, *comma;
    (void)state;

    assert_int_equal(verify(arena, &received, &key_pair), 0);
    assert_int_equal(sigv4_verify(arena, &received.request, received.headers, received.n, WALL_MS,
                                  NULL, &key_pair),
                     0);
    /* the parameters in another order, without spaces */
    comma = strstr(text, ", SignedHeaders=");
    replace_header(&received, "Authorization",
                   arena_printf(arena, "AWS4-HMAC-SHA256 %s,%.*s", comma + 2,
                                (int)(comma - text - 17), text + 17));
    assert_int_equal(verify(arena, &received, &key_pair), 0);
    received = signed_request(arena, &with_token, &scope);
    assert_int_equal(verify(arena, &received, &with_token), 0);
}

/* Any change to what is signed breaks it; a change to what is not does not. */
static void what_was_changed_is_refused(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct received good = signed_request(arena, &key_pair, &scope), bad;
    (void)state;

    for (size_t i = 0; i < strlen(BODY); i++) {
        char *body = arena_strdup(arena, BODY);

        bad = good;
        body[i] ^= 1;
        bad.request.body = body;
        assert_int_equal(verify(arena, &bad, &key_pair), -EKEYREJECTED);
    }
    bad = good;
    bad.request.method = "GET";
    assert_int_equal(verify(arena, &bad, &key_pair), -EKEYREJECTED);
    bad = good;
    bad.request.path = "/x";
    assert_int_equal(verify(arena, &bad, &key_pair), -EKEYREJECTED);
    bad = good;
    bad.request.query = "a";
    assert_int_equal(verify(arena, &bad, &key_pair), -EKEYREJECTED);
    bad = good;
    replace_header(&bad, "host", "127.0.0.1:8081");
    assert_int_equal(verify(arena, &bad, &key_pair), -EKEYREJECTED);
    bad = good;
    bad.headers[bad.n++] = (struct http_header){"Content-Type", "text/plain"}; /* a second one */
    assert_int_equal(verify(arena, &bad, &key_pair), -EKEYREJECTED);
    bad = good;
    replace_header(&bad, "accept", "text/xml");
    assert_int_equal(verify(arena, &bad, &key_pair), 0);
}

static const struct {
    const char *name, *from, *to; /* in the Authorization header; to NULL: no header at all */
    int r;
} forgeries[] = {
    {"no header", NULL, NULL, -EBADMSG},
    {"another algorithm", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512", -EBADMSG},
    {"no credential", "Credential=", "Credentials=", -EBADMSG},
    {"no list", "SignedHeaders=", "Signed=", -EBADMSG},
    {"no signature", "Signature=", "Sig=", -EBADMSG},
    {"a second credential", "Signature=", "Credential=x, Signature=", -EBADMSG},
    {"a second signature", "Signature=", "Signature=0, Signature=", -EBADMSG},
    {"a short scope", "/ec2/aws4_request", "/aws4_request", -EBADMSG},
    {"a long scope", "/aws4_request", "/aws4_request/x", -EBADMSG},
    {"no aws4_request", "aws4_request", "aws3_request", -EBADMSG},
    {"another day", "20150830/", "20150831/", -EBADMSG},
    {"a short day", "20150830/", "2015083/", -EBADMSG},
    {"a long day", "20150830/", "20150830T/", -EBADMSG},
    {"another key", "AKIDEXAMPLE", "AKIDEXAMPLF", -ENOENT},
    {"another service", "/ec2/", "/sts/", -EDOM},
    {"another region", "/us-east-1/", "/us-east-2/", -EKEYREJECTED},
    {"host not signed", "host;", "", -EBADMSG},
    {"an unsorted list", "content-type;host;", "host;content-type;", -EBADMSG},
    {"a name twice", "host;", "host;host;", -EBADMSG},
    {"an empty name", "host;", "host;;", -EBADMSG},
    {"a name that is not sent", "host;", "host;nonsense;", -EKEYREJECTED},
    {"a header less", "content-type;", "", -EKEYREJECTED},
    {"another signature", "Signature=", "Signature=0", -EKEYREJECTED},
    {"a line break", "host;", "accept;host;", -EBADMSG},
};

static void forged_authorizations_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(forgeries); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct received received = signed_request(arena, &key_pair, &scope);
        const char *text = find_header(&received, "Authorization")->value;
        int r;

        if (!forgeries[i].from) {
            received.n -= 2;
        } else {
            const char *at = strstr(text, forgeries[i].from);

            assert_non_null(at);
            replace_header(&received, "Authorization",
                           arena_printf(arena, "%.*s%s%s", (int)(at - text), text, forgeries[i].to,
                                        at + strlen(forgeries[i].from)));
        }
        if (strcmp(forgeries[i].name, "a line break") == 0)
            replace_header(&received, "Accept", "x\ny");
        r = verify(arena, &received, &key_pair);
        if (r != forgeries[i].r)
            fail_msg("%s: gave %d", forgeries[i].name, r);
    }
}

static void other_credentials_are_refused(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct received plain = signed_request(arena, &key_pair, &scope);
    struct received temporary = signed_request(arena, &with_token, &scope);
    char other_secret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEZ", other_token[] = "other";
    struct aws_credentials other = {access_key, other_secret, NULL};
    struct aws_credentials otherwise = {access_key, secret_key, other_token};
    (void)state;

    assert_int_equal(verify(arena, &plain, &other), -EKEYREJECTED);
    assert_int_equal(verify(arena, &plain, &with_token), -ENOENT);
    assert_int_equal(verify(arena, &temporary, &key_pair), -ENOENT);
    assert_int_equal(verify(arena, &temporary, &otherwise), -ENOENT);
}

static const struct {
    int64_t signed_at_ms;
    int r;
} clocks[] = {
    {WALL_MS, 0},
    {WALL_MS - 15 * 60 * 1000, 0},
    {WALL_MS + 15 * 60 * 1000, 0},
    {WALL_MS - 15 * 60 * 1000 - 1000, -ETIME},
    {WALL_MS + 15 * 60 * 1000 + 1000, -ETIME},
    {WALL_MS - 86400000, -ETIME},
};

static void clocks_may_differ_by_15_minutes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(clocks); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct sigv4_scope then = {"us-east-1", "ec2", clocks[i].signed_at_ms};
        struct received received = signed_request(arena, &key_pair, &then);

        assert_int_equal(verify(arena, &received, &key_pair), clocks[i].r);
    }
}

static void dates_are_read_strictly(void **state)
{
    static const char *const dates[] = {"", "20150830", "yesterday", "20150830T123600",
                                        "20150830T256100Z"};
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(dates); i++) {
        struct received received = signed_request(arena, &key_pair, &scope);

        replace_header(&received, "x-amz-date", dates[i]);
        assert_int_equal(verify(arena, &received, &key_pair), -EBADMSG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_golden_vectors_hold),
        cmocka_unit_test(paths_are_normalized_and_encoded),
        cmocka_unit_test(queries_are_sorted_and_encoded),
        cmocka_unit_test(headers_are_trimmed_and_sorted),
        cmocka_unit_test(bodies_of_any_bytes_are_signed),
        cmocka_unit_test(what_is_signed_is_accepted),
        cmocka_unit_test(what_was_changed_is_refused),
        cmocka_unit_test(forged_authorizations_are_refused),
        cmocka_unit_test(other_credentials_are_refused),
        cmocka_unit_test(clocks_may_differ_by_15_minutes),
        cmocka_unit_test(dates_are_read_strictly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
