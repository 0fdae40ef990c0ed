#include "transfer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "http.h"

#define CONNECT_TIMEOUT_MS 5000L
#define SLOW_BYTES_PER_S 100L /* below this for SLOW_SECONDS a transfer is given up */
#define SLOW_SECONDS 15L
/* A kept connection that was idle for longer is not used again: the peer, or a NAT on the way, may
 * have forgotten it. Longer than the default interval, so a quiet daemon makes no handshakes. */
#define IDLE_SECONDS 90L
#define CA_CACHE_SECONDS 86400L

/* What curl says, as errno: the one place. */
static const struct {
    CURLcode code;
    int r;
} error_table[] = {
    {CURLE_OK, 0},
    {CURLE_URL_MALFORMAT, -EINVAL},
    {CURLE_COULDNT_RESOLVE_HOST, -EHOSTUNREACH},
    {CURLE_COULDNT_RESOLVE_PROXY, -EHOSTUNREACH},
    {CURLE_COULDNT_CONNECT, -ECONNREFUSED},
    {CURLE_OPERATION_TIMEDOUT, -ETIMEDOUT},
    {CURLE_OUT_OF_MEMORY, -EFBIG}, /* what 7.88 says to a header line of more than 100 KB */
    {CURLE_PEER_FAILED_VERIFICATION, -EKEYREJECTED},
    {CURLE_SSL_ISSUER_ERROR, -EKEYREJECTED},
    {CURLE_SSL_CACERT_BADFILE, -ENOKEY},
    {CURLE_SSL_CONNECT_ERROR, -EPROTO},
    {CURLE_SSL_CIPHER, -EPROTO},
    {CURLE_UNSUPPORTED_PROTOCOL, -EPROTO}, /* HTTP/0.9 */
    {CURLE_WEIRD_SERVER_REPLY, -EPROTO},
    {CURLE_GOT_NOTHING, -ECONNRESET},
    {CURLE_SEND_ERROR, -ECONNRESET},
    {CURLE_RECV_ERROR, -ECONNRESET}, /* a broken chunk size too */
    {CURLE_PARTIAL_FILE, -ECONNRESET},
};

static const struct {
    CURLoption option;
    long value;
} numbers[] = {
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_QUICK_EXIT, 1}, /* or a DNS timeout holds the loop up (design.md 8) */
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_HTTP09_ALLOWED, 0},
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_HTTP_CONTENT_DECODING, 0},
    {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1}, /* a proxy's head is not the reply's */
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_CA_CACHE_TIMEOUT, CA_CACHE_SECONDS},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES_PER_S},
    {CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS},
    {CURLOPT_MAXAGE_CONN, IDLE_SECONDS},
};

/* Setting an option fails only when libcurl lacks it, which the build's minimum version rules out,
 * or when memory ran out. */
#define SET(easy, option, value)                                                                   \
    do {                                                                                           \
        CURLcode set_ = curl_easy_setopt(easy, option, value);                                     \
        assert(set_ == CURLE_OK);                                                                  \
    } while (0)

static void push(struct transfer *transfer, struct input input)
{
    input.id = transfer->id;
    inbox_push(transfer->inbox, &input);
}

/* ---- what curl calls ---- */

/* Right before a request is written to a connection that is up, TLS done. */
static int on_start(void *context, char *peer, char *local, int peer_port, int local_port)
{
    struct transfer *transfer = context;

    (void)peer, (void)local, (void)peer_port, (void)local_port;
    if (transfer->mutates && transfer->n_starts > 0) {
        transfer->r = -ECONNRESET;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer->n_starts++;
    return CURL_PREREQFUNC_OK;
}

static void push_head(struct transfer *transfer)
{
    struct effect_header *headers = calloc(transfer->n_headers + 1, sizeof(*headers));
    const char *at = transfer->head.data;

    if (!headers)
        abort();
    for (size_t i = 0; i < transfer->n_headers; i++) {
        headers[i].name = at;
        at += strlen(at) + 1;
        headers[i].value = at;
        at += strlen(at) + 1;
    }
    transfer->head_done = true;
    push(transfer, (struct input){.kind = INPUT_HTTP_HEAD,
                                  .status = transfer->status,
                                  .sent = SENT_YES,
                                  .headers = headers,
                                  .n_headers = transfer->n_headers});
    free(headers);
}

static void add_header(struct transfer *transfer, const char *line, size_t n)
{
    const char *colon = memchr(line, ':', n), *value, *end = line + n;

    /* A folded line (obsolete), or one that cannot be text, carries nothing that we read. */
    if (!colon || colon == line || isspace((unsigned char)*line) || memchr(line, 0, n))
        return;
    for (const char *c = line; c < colon; c++)
        buf_char(&transfer->head, (char)tolower((unsigned char)*c));
    buf_char(&transfer->head, 0);
    for (value = colon + 1; value < end && isspace((unsigned char)*value); value++)
        ;
    while (end > value && isspace((unsigned char)end[-1]))
        end--;
    buf_add(&transfer->head, value, (size_t)(end - value));
    buf_char(&transfer->head, 0);
    transfer->n_headers++;
}

/* Once for each line of a head, its last empty one included; then for trailers, which nobody reads.
 */
static size_t on_header(char *line, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;
    long status = 0;

    (void)size; /* 1, says CURLOPT_HEADERFUNCTION */
    transfer->head_n += n;
    if (transfer->head_n > HTTP_HEAD_MAX) {
        transfer->r = -EFBIG;
        return 0;
    }
    if (transfer->head_done)
        return n;
    if (n > 5 && strncasecmp(line, "HTTP/", 5) == 0) { /* the first, or the one after a 1xx */
        buf_clear(&transfer->head);
        transfer->n_headers = 0;
    } else if (n <= 2 && (line[0] == '\r' || line[0] == '\n')) {
        curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        if (status >= 200) {
            transfer->status = (int)status;
            push_head(transfer);
        }
    } else {
        add_header(transfer, line, n);
    }
    return n;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;

    (void)size;                 /* 1, says CURLOPT_WRITEFUNCTION */
    if (!transfer->head_done) { /* 101, and what follows it */
        transfer->r = -EPROTO;
        return 0;
    }
    /* CURLOPT_MAXFILESIZE looks at Content-Length alone, so the bytes are counted (safety.md 1). */
    if (n > transfer->reply_limit - transfer->received) {
        transfer->r = -EFBIG;
        return 0;
    }
    transfer->received += n;
    push(transfer, (struct input){.kind = INPUT_HTTP_CHUNK, .bytes = bytes, .n = n});
    return n;
}

/* ---- life ---- */

struct transfer *transfer_new(struct inbox *inbox, const char *ca_bundle, const char *no_proxy)
{
    struct transfer *transfer = calloc(1, sizeof(*transfer));
    CURL *easy = curl_easy_init();

    if (!transfer || !easy)
        abort();
    transfer->easy = easy;
    transfer->inbox = inbox;
    transfer->head.limit = 2 * HTTP_HEAD_MAX;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
        SET(easy, numbers[i].option, numbers[i].value);
    SET(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    SET(easy, CURLOPT_PROTOCOLS_STR, "https,http");
    /* With a CA directory libcurl 7.88 loads the store anew for each connection (design.md 8). */
    SET(easy, CURLOPT_CAPATH, NULL);
    if (ca_bundle)
        SET(easy, CURLOPT_CAINFO, ca_bundle);
    transfer->no_proxy = no_proxy;
    SET(easy, CURLOPT_ERRORBUFFER, transfer->error);
    SET(easy, CURLOPT_PRIVATE, transfer);
    SET(easy, CURLOPT_PREREQFUNCTION, on_start);
    SET(easy, CURLOPT_PREREQDATA, transfer);
    SET(easy, CURLOPT_HEADERFUNCTION, on_header);
    SET(easy, CURLOPT_HEADERDATA, transfer);
    SET(easy, CURLOPT_WRITEFUNCTION, on_body);
    SET(easy, CURLOPT_WRITEDATA, transfer);
    return transfer;
}

/* Makes it as transfer_new() did. */
static void clear(struct transfer *transfer)
{
    for (struct curl_slist *header = transfer->headers; header; header = header->next)
        secret_wipe(header->data, strlen(header->data));
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(transfer->easy, CURLOPT_COPYPOSTFIELDS, NULL); /* wiped as it is freed */
    curl_slist_free_all(transfer->headers);
    transfer->headers = NULL;
    transfer->received = transfer->head_n = transfer->n_headers = 0;
    buf_clear(&transfer->head);
    transfer->n_starts = 0;
    transfer->head_done = false;
    transfer->r = transfer->status = 0;
    transfer->error[0] = 0;
}

struct transfer *transfer_free(struct transfer *transfer)
{
    if (!transfer)
        return NULL;
    clear(transfer);
    curl_easy_cleanup(transfer->easy);
    buf_free(&transfer->head);
    free(transfer);
    return NULL;
}

/* ---- before ---- */

static bool is_loopback(const char *host)
{
    unsigned a, b, c, d;
    char end;

    if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
        return true;
    return sscanf(host, "%u.%u.%u.%u%c", &a, &b, &c, &d, &end) == 4 && a == 127;
}

/* IMDS, ECS and EKS (aws-facts 5.3, 5.4): link-local, they never leave the host. */
static bool is_metadata(const char *host)
{
    static const char *const hosts[] = {"169.254.169.254", "169.254.170.2", "169.254.170.23",
                                        "[fd00:ec2::254]", "[fd00:ec2::23]"};

    for (size_t i = 0; i < ARRAY_SIZE(hosts); i++)
        if (strcasecmp(host, hosts[i]) == 0)
            return true;
    return false;
}

static void url_cleanup(CURLU **url)
{
    curl_url_cleanup(*url);
}

static void curl_freep(char **text)
{
    curl_free(*text);
}

/* common/aws refuses plain http to elsewhere already; a request with a signature in the open is
 * worth the second look. */
int transfer_check_url(const char *text, bool metadata, const char **ret_detail)
{
    CLEANUP(url_cleanup)
    CURLU *url = curl_url();
    CLEANUP(curl_freep)
    char *scheme = NULL;
    CLEANUP(curl_freep)
    char *host = NULL;

    if (!url)
        abort();
    *ret_detail = "not a URL";
    if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
        return -EINVAL;
    if (curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        (strcmp(scheme, "https") == 0 ||
         (strcmp(scheme, "http") == 0 && (is_loopback(host) || (metadata && is_metadata(host))))))
        return 0;
    *ret_detail = metadata ? "only https is allowed, or http to loopback or the metadata addresses"
                           : "only https is allowed, or http to a loopback address";
    return -EPERM;
}

static void add_line(struct transfer *transfer, const char *line)
{
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);

    if (!longer)
        abort();
    transfer->headers = longer;
}

/* Nothing is sent that was not asked for: "Name:" takes away what curl would add by itself. */
static void set_headers(struct transfer *transfer, const struct effect *effect)
{
    static const char *const curls_own[] = {"Accept", "Content-Type", "Expect", "User-Agent"};
    CLEANUP(buf_wipe_free)
    struct buf line = {0};

    for (size_t i = 0; i < ARRAY_SIZE(curls_own); i++) {
        bool given = false;

        for (size_t j = 0; j < effect->n_headers && !given; j++)
            given = strcasecmp(effect->headers[j].name, curls_own[i]) == 0;
        if (given)
            continue;
        buf_clear(&line);
        buf_printf(&line, "%s:", curls_own[i]);
        add_line(transfer, line.data);
    }
    for (size_t i = 0; i < effect->n_headers; i++) {
        const struct effect_header *header = &effect->headers[i];

        buf_clear(&line);
        /* "Name;" is how curl is told to send a header without a value. */
        if (text_empty(header->value))
            buf_printf(&line, "%s;", header->name);
        else
            buf_printf(&line, "%s: %s", header->name, header->value);
        add_line(transfer, line.data);
    }
    SET(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

int transfer_prepare(struct transfer *transfer, const struct effect *effect,
                     const char **ret_detail)
{
    bool post = strcmp(effect->method, "POST") == 0, put = strcmp(effect->method, "PUT") == 0;
    CURL *easy = transfer->easy;
    int r;

    transfer->id = effect->id;
    transfer->mutates = effect->mutates;
    transfer->reply_limit = effect->reply_limit;
    transfer->secret = effect->secret;
    *ret_detail = "only POST, and GET and PUT without a body, are built";
    if (!post && ((!put && strcmp(effect->method, "GET") != 0) || effect->body_n))
        return -EINVAL;
    r = transfer_check_url(effect->url, effect->metadata, ret_detail);
    if (r < 0)
        return r;
    assert(effect->timeout_ms > 0); /* 0 would mean no limit */
    SET(easy, CURLOPT_URL, effect->url);
    SET(easy, CURLOPT_TIMEOUT_MS, (long)effect->timeout_ms);
    SET(easy, CURLOPT_NOPROXY, effect->metadata ? "*" : transfer->no_proxy);
    SET(easy, CURLOPT_CUSTOMREQUEST, put ? "PUT" : NULL); /* a PUT is a POST with another name */
    if (post || put) {
        SET(easy, CURLOPT_POST, 1L);
        SET(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)effect->body_n);
        SET(easy, CURLOPT_COPYPOSTFIELDS, effect->body_n ? effect->body : "");
    } else {
        SET(easy, CURLOPT_HTTPGET, 1L);
    }
    set_headers(transfer, effect);
    return 0;
}

/* ---- after ---- */

static int errno_of(CURLcode code)
{
    for (size_t i = 0; i < ARRAY_SIZE(error_table); i++)
        if (error_table[i].code == code)
            return error_table[i].r;
    return -EIO;
}

static const char *detail_of(const struct transfer *transfer, CURLcode code)
{
    switch (transfer->r) {
    case -EFBIG:
        return transfer->head_done ? "the reply is longer than allowed"
                                   : "the head of the reply is longer than allowed";
    case -ECONNRESET:
        return "the kept connection ended before a reply";
    default:
        return transfer->error[0] ? transfer->error : curl_easy_strerror(code);
    }
}

static void end(struct transfer *transfer, int r, const char *detail)
{
    enum sent sent = transfer->n_starts ? SENT_MAYBE : SENT_NO;

    push(transfer, (struct input){.kind = INPUT_HTTP_END,
                                  .r = r,
                                  .status = transfer->status,
                                  .sent = transfer->head_done ? SENT_YES : sent,
                                  .detail = r < 0 ? detail : NULL});
    clear(transfer);
}

void transfer_end(struct transfer *transfer, CURLcode code)
{
    int r = transfer->r ? transfer->r : errno_of(code);

    /* HTTP cannot end well without a head; should curl ever say so, the answer is not taken for
     * one. */
    if (r == 0 && !transfer->head_done)
        r = -EPROTO;
    end(transfer, r, detail_of(transfer, code));
}

void transfer_cancel(struct transfer *transfer)
{
    end(transfer, -ECANCELED, "cancelled");
}
