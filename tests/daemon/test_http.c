/* The transport against a hostile server on real sockets: each fault gives exactly its own end. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/http.h"
#include "daemon/transfer.h"

#include <setjmp.h>

#include <cmocka.h>

/* The servers, in the order in which hostile_server.py prints their ports. */
enum port {
    PORT_HTTP,
    PORT_CLOSED,     /* nothing listens */
    PORT_FULL,       /* nobody answers */
    PORT_TLS_SILENT, /* connects, and says nothing */
    PORT_TLS,
    PORT_TLS_WRONG_HOST,
    PORT_TLS_UNKNOWN_CA,
    PORT_TLS_EXPIRED,
    PORT_TLS_OLD, /* TLS 1.1 at most */
    PORT_PROXY,
    PORT_COUNT,
};

struct server {
    pid_t pid;
    FILE *in, *out;
    unsigned ports[PORT_COUNT];
    char ca[256];
};

struct fixture {
    uv_loop_t loop;
    struct inbox inbox;
    struct http *http;
};

/* What came in for one request. */
struct seen {
    unsigned heads, ends;
    int head_status;
    char headers[4096]; /* "name=value\n" */
    struct buf body;
    bool chunk_before_head, anything_after_end;
    int r, status;
    enum sent sent;
    char detail[300];
};

static struct server server;

/* ---- the server's process ---- */

static int start_server(void **state)
{
    int to[2], from[2];

    (void)state;
    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);
    server.pid = fork();
    if (server.pid == 0) {
        dup2(to[0], 0);
        dup2(from[1], 1);
        close(to[1]);
        close(from[0]);
        execl("/usr/bin/python3", "python3", TEST_SOURCE_DIR "/hostile_server.py", (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    server.in = fdopen(to[1], "w");
    server.out = fdopen(from[0], "r");
    for (size_t i = 0; i < PORT_COUNT; i++)
        assert_int_equal(fscanf(server.out, "%u", &server.ports[i]), 1);
    assert_int_equal(fscanf(server.out, "%255s", server.ca), 1);
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    fclose(server.in); /* it ends at the end of its input, its certificates with it */
    waitpid(server.pid, NULL, 0);
    fclose(server.out);
    return 0;
}

/* Requests and accepted connections since the last time, as the server counts them. */
static void count(unsigned *ret_connections, unsigned *ret_requests)
{
    fputs("count\n", server.in);
    fflush(server.in);
    assert_int_equal(fscanf(server.out, "%u %u", ret_connections, ret_requests), 2);
}

/* ---- one transport for each test ---- */

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    unsigned connections, requests;

    uv_loop_init(&fixture->loop);
    fixture->http =
        http_new(&fixture->loop, &fixture->inbox, &(struct http_options){.ca_bundle = server.ca});
    *state = fixture;
    count(&connections, &requests);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    http_close(fixture->http);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    http_free(fixture->http);
    inbox_clear(&fixture->inbox);
    free(fixture);
    return 0;
}

static void url_of(enum port port, const char *host, const char *path, char ret_url[static 256])
{
    snprintf(ret_url, 256, "%s://%s:%u/%s", port < PORT_TLS_SILENT ? "http" : "https", host,
             server.ports[port], path);
}

static void take(struct seen *seen, const struct input *input)
{
    seen->anything_after_end |= seen->ends > 0;
    switch (input->kind) {
    case INPUT_HTTP_HEAD:
        seen->heads++;
        seen->head_status = input->status;
        for (size_t i = 0; i < input->n_headers; i++) {
            size_t n = strlen(seen->headers);

            snprintf(seen->headers + n, sizeof(seen->headers) - n, "%s=%s\n",
                     input->headers[i].name, input->headers[i].value);
        }
        break;
    case INPUT_HTTP_CHUNK:
        seen->chunk_before_head |= !seen->heads;
        buf_add(&seen->body, input->bytes, input->n);
        break;
    case INPUT_HTTP_END:
        seen->ends++;
        seen->r = input->r;
        seen->status = input->status;
        seen->sent = input->sent;
        snprintf(seen->detail, sizeof(seen->detail), "%s", input->detail ? input->detail : "");
        break;
    default:
        fail_msg("an input of kind %d from the transport", (int)input->kind);
    }
}

/* Runs the loop until all n requests have ended; seen[] is by id - 1. */
static void run_until(struct fixture *fixture, struct seen *seen, size_t n)
{
    struct inbox_item *item;
    size_t ended = 0;

    for (;;) {
        while ((item = inbox_pop(&fixture->inbox))) {
            assert_in_range(item->input.id, 1, n);
            ended += item->input.kind == INPUT_HTTP_END;
            take(&seen[item->input.id - 1], &item->input);
            inbox_item_free(&item);
        }
        if (ended >= n)
            return;
        uv_run(&fixture->loop, UV_RUN_ONCE);
    }
}

static const struct effect_header headers[] = {
    {"X-Amz-Date", "20261124T000000Z"},
    {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
};

static struct effect request(uint64_t id, const char *url)
{
    return (struct effect){.kind = EFFECT_HTTP_SEND,
                           .id = id,
                           .method = "POST",
                           .url = url,
                           .headers = headers,
                           .n_headers = ARRAY_SIZE(headers),
                           .body = "Action=DescribeVpcs",
                           .body_n = 19,
                           .timeout_ms = 5000,
                           .reply_limit = 100000};
}

static void one(struct fixture *fixture, const struct effect *effect, struct seen *seen)
{
    memset(seen, 0, sizeof(*seen));
    http_send(fixture->http, effect);
    assert_null(fixture->inbox.first); /* never inside the call that began it */
    run_until(fixture, seen, 1);
}

/* ---- every fault ---- */

static const struct fault {
    const char *name; /* the server's path */
    enum port port;
    int r;
    enum sent sent;
    int status;
    unsigned heads;
    uint64_t timeout_ms; /* 0: long */
    unsigned most_connections;
} faults[] = {
    {"ok", PORT_HTTP, 0, SENT_YES, 200, 1, 0, 1},
    {"ok-chunked", PORT_HTTP, 0, SENT_YES, 200, 1, 0, 1},
    {"error-503", PORT_HTTP, 0, SENT_YES, 503, 1, 0, 1},
    {"refused", PORT_CLOSED, -ECONNREFUSED, SENT_NO, 0, 0, 0, 0},
    {"full", PORT_FULL, -ETIMEDOUT, SENT_NO, 0, 0, 300, 0},
    {"silent", PORT_TLS_SILENT, -ETIMEDOUT, SENT_NO, 0, 0, 300, 1},
    {"rst-before-headers", PORT_HTTP, -ECONNRESET, SENT_MAYBE, 0, 0, 0, 1},
    {"close-before-headers", PORT_HTTP, -ECONNRESET, SENT_MAYBE, 0, 0, 0, 1},
    {"rst-after-headers", PORT_HTTP, -ECONNRESET, SENT_YES, 200, 1, 0, 1},
    {"rst-in-headers", PORT_HTTP, -ECONNRESET, SENT_MAYBE, 0, 0, 0, 1},
    {"rst-in-body", PORT_HTTP, -ECONNRESET, SENT_YES, 200, 1, 0, 1},
    {"close-in-body", PORT_HTTP, -ECONNRESET, SENT_YES, 200, 1, 0, 1},
    {"close-in-chunked", PORT_HTTP, -ECONNRESET, SENT_YES, 200, 1, 0, 1},
    {"no-byte", PORT_HTTP, -ETIMEDOUT, SENT_MAYBE, 0, 0, 300, 1},
    {"no-byte-after-headers", PORT_HTTP, -ETIMEDOUT, SENT_YES, 200, 1, 300, 1},
    {"drip", PORT_HTTP, -ETIMEDOUT, SENT_YES, 200, 1, 400, 1},
    {"longer-than-length", PORT_HTTP, 0, SENT_YES, 200, 1, 0, 1}, /* the rest is not read */
    {"two-replies", PORT_HTTP, 0, SENT_YES, 200, 1, 0, 1},
    {"endless-chunked", PORT_HTTP, -EFBIG, SENT_YES, 200, 1, 0, 1},
    {"endless-length", PORT_HTTP, -EFBIG, SENT_YES, 200, 1, 0, 1},
    {"bad-chunk-size", PORT_HTTP, -ECONNRESET, SENT_YES, 200, 1, 0, 1},
    {"redirect", PORT_HTTP, 0, SENT_YES, 301, 1, 0, 1},
    {"continue-only", PORT_HTTP, -ETIMEDOUT, SENT_MAYBE, 0, 0, 300, 1},
    {"continue-then-ok", PORT_HTTP, 0, SENT_YES, 200, 1, 0, 1},
    {"switching-protocols", PORT_HTTP, -EPROTO, SENT_MAYBE, 0, 0, 300, 1},
    {"headers-600k", PORT_HTTP, -EFBIG, SENT_MAYBE, 0, 0, 0, 1},
    {"header-line-200k", PORT_HTTP, -EFBIG, SENT_MAYBE, 0, 0, 0, 1},
    {"trailers-600k", PORT_HTTP, -EFBIG, SENT_YES, 200, 1, 0, 1},
    {"http-0.9", PORT_HTTP, -EPROTO, SENT_MAYBE, 0, 0, 0, 1},
    {"gzip-bomb", PORT_HTTP, 0, SENT_YES, 200, 1, 0, 1},
    {"wrong-content-type", PORT_HTTP, 0, SENT_YES, 200, 1, 0, 1},
    {"ok", PORT_TLS, 0, SENT_YES, 200, 1, 0, 1},
    {"rst-in-body", PORT_TLS, -ECONNRESET, SENT_YES, 200, 1, 0, 1},
    {"no-close-notify", PORT_TLS, -ECONNRESET, SENT_YES, 200, 1, 0, 1},
    {"ok", PORT_TLS_WRONG_HOST, -EKEYREJECTED, SENT_NO, 0, 0, 0, 1},
    {"ok", PORT_TLS_UNKNOWN_CA, -EKEYREJECTED, SENT_NO, 0, 0, 0, 1},
    {"ok", PORT_TLS_EXPIRED, -EKEYREJECTED, SENT_NO, 0, 0, 0, 1},
    {"ok", PORT_TLS_OLD, -EPROTO, SENT_NO, 0, 0, 0, 1},
};

static void test_faults(void **state)
{
    struct fixture *fixture = *state;
    unsigned connections, requests;

    for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
        const struct fault *fault = &faults[i];
        struct effect effect;
        struct seen seen;
        char url[256];
        bool good;

        url_of(fault->port, "127.0.0.1", fault->name, url);
        effect = request(1, url);
        if (fault->timeout_ms)
            effect.timeout_ms = fault->timeout_ms;
        one(fixture, &effect, &seen);
        count(&connections, &requests);
        good = seen.r == fault->r && seen.sent == fault->sent && seen.status == fault->status &&
               seen.heads == fault->heads && seen.ends == 1 && !seen.chunk_before_head &&
               !seen.anything_after_end && connections <= fault->most_connections &&
               seen.body.n <= effect.reply_limit && (seen.r == 0) == (seen.detail[0] == 0);
        if (!good)
            fail_msg("%s on server %d: r %d (%s), sent %d, status %d, heads %u, ends %u, "
                     "%zu bytes, %u connections",
                     fault->name, (int)fault->port, seen.r, seen.detail, (int)seen.sent,
                     seen.status, seen.heads, seen.ends, seen.body.n, connections);
        buf_free(&seen.body);
    }
}

/* ---- what arrives ---- */

static void test_reply_is_whole(void **state)
{
    static const struct {
        const char *path, *headers_part;
        const char *body; /* NULL: compressed */
        size_t body_n;
    } rows[] = {
        {"ok", "x-mixed-case=Some Value\n", "<DescribeVpcsResponse/>", 23},
        {"ok-chunked", "transfer-encoding=chunked\n", "<DescribeVpcsResponse/>", 23},
        {"continue-then-ok", "x-after=yes\n", "<DescribeVpcsResponse/>", 23},
        {"longer-than-length", "content-length=5\n", "<a b=", 5},
        {"two-replies", "content-length=1\n", "a", 1},
        {"redirect", "location=http://169.254.169.254/latest/meta-data/\n", "", 0},
        /* As it came: nothing is inflated. */
        {"gzip-bomb", "content-encoding=gzip\n", NULL, 0},
        {"empty", "x-empty=\n", "", 0},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct effect effect;
        struct seen seen;
        char url[256];

        url_of(PORT_HTTP, "127.0.0.1", rows[i].path, url);
        effect = request(1, url);
        one(fixture, &effect, &seen);
        assert_int_equal(seen.r, 0);
        if (!strstr(seen.headers, rows[i].headers_part))
            fail_msg("%s: no %s in\n%s", rows[i].path, rows[i].headers_part, seen.headers);
        if (rows[i].body) {
            assert_int_equal(seen.body.n, rows[i].body_n);
            assert_string_equal(buf_string(&seen.body), rows[i].body);
        } else {
            assert_in_range(seen.body.n, 1000, 50000); /* of 10 MB */
            assert_memory_equal(seen.body.data, "\x1f\x8b", 2);
        }
        assert_null(strstr(seen.headers, "x-of-the-1xx"));
        buf_free(&seen.body);
    }
}

/* The server answers with the head and body that it got. */
static void test_request_has_only_what_was_given(void **state)
{
    static const char expected[] =
        "POST /echo HTTP/1.1\r\n"
        "Host: %s\r\n"
        "X-Amz-Date: 20261124T000000Z\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
        "Content-Length: %zu\r\n"
        "\r\n%s";
    struct fixture *fixture = *state;
    char url[256], host[32], text[12000], body[9001];
    struct effect effect;
    struct seen seen;

    /* Past 1024 bytes curl would ask for 100-continue. */
    memset(body, 'a', sizeof(body) - 1);
    body[sizeof(body) - 1] = 0;
    url_of(PORT_HTTP, "127.0.0.1", "echo", url);
    effect = request(1, url);
    effect.body = body;
    effect.body_n = strlen(body);
    one(fixture, &effect, &seen);
    snprintf(host, sizeof(host), "127.0.0.1:%u", server.ports[PORT_HTTP]);
    snprintf(text, sizeof(text), expected, host, strlen(body), body);
    assert_string_equal(buf_string(&seen.body), text);
    buf_free(&seen.body);
}

static void test_given_host_and_empty_values_are_sent(void **state)
{
    static const struct effect_header given[] = {
        {"host", "ec2.ap-northeast-1.amazonaws.com"},
        {"user-agent", "vpc-reconciled/1"},
        {"x-empty", ""},
    };
    struct fixture *fixture = *state;
    struct effect effect;
    struct seen seen;
    char url[256];

    url_of(PORT_HTTP, "127.0.0.1", "echo", url);
    effect = request(1, url);
    effect.headers = given;
    effect.n_headers = ARRAY_SIZE(given);
    one(fixture, &effect, &seen);
    assert_non_null(strstr(seen.body.data, "\r\nHost: ec2.ap-northeast-1.amazonaws.com\r\n"));
    assert_non_null(strstr(seen.body.data, "\r\nuser-agent: vpc-reconciled/1\r\n"));
    assert_non_null(strstr(seen.body.data, "\r\nx-empty:\r\n"));
    assert_null(strstr(seen.body.data, "127.0.0.1"));
    assert_null(strstr(seen.body.data, "Content-Type"));
    buf_free(&seen.body);
}

/* ---- what is refused before a byte leaves ---- */

static void test_refused_requests(void **state)
{
    static const struct {
        const char *method, *url;
        int r;
    } rows[] = {
        {"POST", "http://169.254.169.254/", -EPERM},
        {"POST", "http://example.com/", -EPERM},
        {"POST", "http://127.0.0.1.example.com/", -EPERM},
        {"POST", "file:///etc/passwd", -EPERM},
        {"POST", "ftp://127.0.0.1/", -EPERM},
        {"POST", "https://", -EINVAL},
        {"POST", "", -EINVAL},
        {"DELETE", "https://127.0.0.1/", -EINVAL},
        {"PUT", "https://127.0.0.1/", -EINVAL}, /* with a body */
        {"GET", "https://127.0.0.1/", -EINVAL},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct effect effect = request(1, rows[i].url);
        struct seen seen = {0};

        effect.method = rows[i].method;
        http_send(fixture->http, &effect);
        run_until(fixture, &seen, 1);
        if (seen.r != rows[i].r || seen.sent != SENT_NO || seen.ends != 1 || !seen.detail[0])
            fail_msg("%s %s: r %d, sent %d, \"%s\"", rows[i].method, rows[i].url, seen.r,
                     (int)seen.sent, seen.detail);
    }
}

/* ---- the host's own metadata services ---- */

/* Plain http to their addresses and to loopback, and to nowhere else; only where it is asked for.
 */
static void test_metadata_addresses(void **state)
{
    static const struct {
        const char *url;
        bool metadata;
        int r;
    } rows[] = {
        {"http://169.254.169.254/latest/api/token", true, 0},
        {"http://169.254.169.254/latest/api/token", false, -EPERM},
        {"http://169.254.170.2/v2", true, 0},
        {"http://169.254.170.23/v1", true, 0},
        {"http://[fd00:ec2::254]/latest", true, 0},
        {"http://[fd00:ec2::23]/v1", true, 0},
        {"http://127.0.0.1:1338/", true, 0},
        {"https://keys.example.com/", true, 0},
        {"http://169.254.169.253/", true, -EPERM},
        {"http://169.254.169.254.example.com/", true, -EPERM},
        {"http://169.254.169.254@example.com/", true, -EPERM},
        {"http://example.com/", true, -EPERM},
        {"ftp://169.254.169.254/", true, -EPERM},
        {"http://", true, -EINVAL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *detail = NULL;
        int r = transfer_check_url(rows[i].url, rows[i].metadata, &detail);

        if (r != rows[i].r || (r < 0 && !detail))
            fail_msg("%s: %d", rows[i].url, r);
    }
}

static void test_put(void **state)
{
    static const struct effect_header ttl[] = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    struct fixture *fixture = *state;
    struct effect effect;
    struct seen seen;
    char url[256];

    url_of(PORT_HTTP, "127.0.0.1", "echo", url);
    for (int i = 0; i < 2; i++) { /* and what comes after it is no PUT */
        effect = request(1, url);
        effect.method = i ? "GET" : "PUT";
        effect.body_n = 0;
        effect.headers = ttl;
        effect.n_headers = 1;
        effect.metadata = effect.secret = true;
        one(fixture, &effect, &seen);
        assert_int_equal(seen.r, 0);
        if (!text_starts_with(buf_string(&seen.body), i ? "GET /echo " : "PUT /echo "))
            fail_msg("%s", buf_string(&seen.body));
        assert_non_null(strstr(seen.body.data, "X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"));
        buf_free(&seen.body);
    }
}

/* A label of 64 letters is no name: the resolver says so without asking anybody. */
static void test_a_name_that_does_not_resolve(void **state)
{
    static const char url[] =
        "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.invalid/";
    struct effect effect = request(1, url);
    struct seen seen;

    one(*state, &effect, &seen);
    assert_int_equal(seen.r, -EHOSTUNREACH);
    assert_int_equal(seen.sent, SENT_NO);
    assert_int_equal(seen.ends, 1);
}

/* ---- proxies ---- */

static void test_proxy(void **state)
{
    static const enum port loopback[] = {PORT_HTTP, PORT_TLS};
    struct fixture *fixture = *state;
    char proxy[64], url[256];
    struct effect effect;
    struct seen seen;

    snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%u", server.ports[PORT_PROXY]);
    setenv("https_proxy", proxy, 1);
    setenv("http_proxy", proxy, 1);
    /* https goes through it; its own head is not the reply's, and it sees no header of ours. */
    effect = request(1, "https://ec2.example.com/ok");
    one(fixture, &effect, &seen);
    assert_string_equal(seen.detail, "");
    assert_int_equal(seen.r, 0);
    assert_int_equal(seen.heads, 1);
    assert_null(strstr(seen.headers, "x-of-the-proxy"));
    buf_free(&seen.body);
    for (size_t i = 0; i < ARRAY_SIZE(loopback); i++) {
        url_of(loopback[i], "127.0.0.1", "ok", url);
        effect = request(1, url);
        one(fixture, &effect, &seen);
        assert_int_equal(seen.r, 0);
        buf_free(&seen.body);
    }
    /* A container's endpoint elsewhere is asked directly, too (aws-facts 5.3). */
    effect = request(1, "https://ec2.example.invalid/ok");
    effect.metadata = true;
    one(fixture, &effect, &seen);
    assert_int_equal(seen.r, -EHOSTUNREACH);
    unsetenv("https_proxy");
    unsetenv("http_proxy");
}

/* ---- connections ---- */

static void test_connections_are_kept(void **state)
{
    static const enum port ports[] = {PORT_HTTP, PORT_TLS};
    struct fixture *fixture = *state;
    unsigned connections, requests;

    for (size_t p = 0; p < ARRAY_SIZE(ports); p++) {
        for (size_t i = 0; i < 9; i++) {
            struct effect effect;
            struct seen seen;
            char url[256];

            url_of(ports[p], "127.0.0.1", i % 2 ? "ok-chunked" : "ok", url);
            effect = request(1, url);
            one(fixture, &effect, &seen);
            assert_int_equal(seen.r, 0);
            buf_free(&seen.body);
        }
        count(&connections, &requests);
        assert_int_equal(connections, 1);
        assert_int_equal(requests, 9);
    }
}

static void test_many_at_once(void **state)
{
    enum { N = 40 };
    struct fixture *fixture = *state;
    struct seen seen[N] = {0};
    unsigned connections, requests;
    char url[256];

    url_of(PORT_HTTP, "127.0.0.1", "ok", url);
    for (uint64_t i = 0; i < N; i++) {
        struct effect effect = request(i + 1, url);

        http_send(fixture->http, &effect);
    }
    run_until(fixture, seen, N);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(seen[i].r, 0);
        assert_int_equal(seen[i].ends, 1);
        assert_string_equal(buf_string(&seen[i].body), "<DescribeVpcsResponse/>");
        buf_free(&seen[i].body);
    }
    count(&connections, &requests);
    assert_int_equal(requests, N);
    assert_in_range(connections, 2, 16);
}

/* "once-then-die" answers the first request of a connection and dies at the second without a byte.
 * libcurl would send that again on a fresh connection: wanted for a Describe, never for a write. */
static void test_a_write_leaves_once(void **state)
{
    static const struct {
        bool mutates;
        int r;
        enum sent sent;
        unsigned requests;
    } rows[] = {
        {false, 0, SENT_YES, 3},
        {true, -ECONNRESET, SENT_MAYBE, 2},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct fixture *fixture = *state;
        unsigned connections, requests;
        struct effect effect;
        struct seen seen;
        char url[256];

        url_of(PORT_HTTP, "127.0.0.1", "once-then-die", url);
        effect = request(1, url);
        effect.mutates = rows[i].mutates;
        one(fixture, &effect, &seen);
        assert_int_equal(seen.r, 0);
        buf_free(&seen.body);
        one(fixture, &effect, &seen);
        buf_free(&seen.body);
        count(&connections, &requests);
        if (seen.r != rows[i].r || seen.sent != rows[i].sent || requests != rows[i].requests)
            fail_msg("mutates %d: r %d (%s), sent %d, %u requests", rows[i].mutates, seen.r,
                     seen.detail, (int)seen.sent, requests);
        tear_down(state);
        set_up(state);
    }
}

/* ---- cancelling ---- */

static void test_cancel(void **state)
{
    struct fixture *fixture = *state;
    struct seen seen[2] = {0};
    struct effect effect;
    char url[256];

    url_of(PORT_HTTP, "127.0.0.1", "no-byte-after-headers", url);
    effect = request(1, url);
    http_send(fixture->http, &effect);
    effect = request(2, url);
    http_send(fixture->http, &effect);
    http_cancel(fixture->http, 2); /* at once: nothing left yet */
    while (!seen[0].heads) {
        struct inbox_item *item = inbox_pop(&fixture->inbox);

        if (item)
            take(&seen[item->input.id - 1], &item->input);
        else
            uv_run(&fixture->loop, UV_RUN_ONCE);
        inbox_item_free(&item);
    }
    assert_int_equal(seen[1].ends, 1);
    assert_int_equal(seen[1].r, -ECANCELED);
    assert_int_equal(seen[1].sent, SENT_NO);
    http_cancel(fixture->http, 1);
    http_cancel(fixture->http, 1); /* ended already */
    http_cancel(fixture->http, 77);
    run_until(fixture, seen, 1);
    assert_int_equal(seen[0].ends, 1);
    assert_int_equal(seen[0].r, -ECANCELED);
    assert_int_equal(seen[0].sent, SENT_YES);
    assert_null(fixture->inbox.first);
}

static void test_close_with_requests_in_flight(void **state)
{
    struct fixture *fixture = *state;
    struct effect effect;
    char url[256];

    url_of(PORT_TLS, "127.0.0.1", "no-byte", url);
    effect = request(1, url);
    http_send(fixture->http, &effect);
    for (int i = 0; i < 5; i++)
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
    /* tear_down() closes: nothing may leak or hang. */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_faults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reply_is_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_request_has_only_what_was_given, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_given_host_and_empty_values_are_sent, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_refused_requests, set_up, tear_down),
        cmocka_unit_test(test_metadata_addresses),
        cmocka_unit_test_setup_teardown(test_put, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_name_that_does_not_resolve, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_proxy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_connections_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_write_leaves_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cancel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_close_with_requests_in_flight, set_up, tear_down),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
