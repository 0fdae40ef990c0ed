/* Signature Version 4 (aws-facts 4.1; AWS documentation, "Create a signed AWS API request"). */
#include "vpc_reconciled/aws.h"

#include <stdlib.h>

struct pair {
    const char *name, *value;
    size_t order; /* as they came: the values of one header are joined in that order */
};

static int compare_names(const void *a, const void *b)
{
    const struct pair *left = a, *right = b;
    int r = strcmp(left->name, right->name);

    return r ? r : (left->order > right->order) - (left->order < right->order);
}

static int compare_names_and_values(const void *a, const void *b)
{
    const struct pair *left = a, *right = b;
    int r = strcmp(left->name, right->name);

    return r ? r : strcmp(left->value, right->value);
}

/* Drops "." and "..", and empty segments; a trailing slash stays. */
static const char *normalized_path(struct arena *arena, const char *path)
{
    char *out = arena_alloc(arena, strlen(path) + 2);
    size_t n = 0;

    while (*path) {
        size_t segment;

        while (*path == '/')
            path++;
        segment = strcspn(path, "/");
        if (segment == 1 && path[0] == '.') {
            segment = 0;
            path += 1;
        } else if (segment == 2 && path[0] == '.' && path[1] == '.') {
            while (n && out[--n] != '/')
                ;
            segment = 0;
            path += 2;
        }
        if (segment) {
            out[n++] = '/';
            memcpy(out + n, path, segment);
            n += segment;
            path += segment;
        }
        if (path[0] == '/' && !path[strspn(path, "/")]) {
            out[n++] = '/'; /* the path ended in a slash */
            break;
        }
    }
    if (n == 0)
        out[n++] = '/';
    out[n] = '\0';
    return out;
}

/* The query as it was sent may be encoded or not: both sign alike. A '+' is a plus here. */
static const char *decoded(struct arena *arena, const char *text, size_t n)
{
    CLEANUP(buf_free)
    struct buf plain = {0};
    const char *result;

    for (size_t i = 0; i < n; i++)
        if (text[i] == '+')
            buf_text(&plain, "%2B");
        else
            buf_char(&plain, text[i]);
    if (form_decode(arena, buf_string(&plain), plain.n, &result) < 0)
        return arena_strndup(arena, text, n); /* a lone '%': taken as it stands */
    return result;
}

static const char *encoded(struct arena *arena, const char *text)
{
    CLEANUP(buf_free)
    struct buf buf = {0};

    uri_encode(&buf, text, false);
    return arena_strdup(arena, buf_string(&buf));
}

static void add_query(struct arena *arena, struct buf *canonical, const char *query)
{
    VEC(struct pair) pairs = {0};

    while (!text_empty(query)) {
        size_t n = strcspn(query, "&"), key_n = strcspn(query, "=");

        if (key_n > n)
            key_n = n;
        if (n) {
            struct pair *pair = VEC_ADD(arena, &pairs);

            pair->name = encoded(arena, decoded(arena, query, key_n));
            pair->value =
                key_n == n ? "" : encoded(arena, decoded(arena, query + key_n + 1, n - key_n - 1));
        }
        query += n + (query[n] == '&');
    }
    if (pairs.n)
        qsort(pairs.items, pairs.n, sizeof(*pairs.items), compare_names_and_values);
    for (size_t i = 0; i < pairs.n; i++)
        buf_printf(canonical, "%s%s=%s", i ? "&" : "", pairs.items[i].name, pairs.items[i].value);
}

/* Trimmed; inner runs of white space are one space. */
static void add_trimmed(struct buf *buf, const char *value)
{
    bool space = false, any = false;

    for (; *value; value++) {
        if (*value == ' ' || *value == '\t' || *value == '\n') {
            space = true;
            continue;
        }
        if (space && any)
            buf_char(buf, ' ');
        buf_char(buf, *value);
        space = false;
        any = true;
    }
}

static int add_headers(struct arena *arena, struct buf *canonical, struct buf *signed_names,
                       const struct http_header *headers, size_t n)
{
    struct pair *pairs = ARENA_ARRAY(arena, struct pair, n + 1);

    for (size_t i = 0; i < n; i++) {
        char *name;

        /* A folded value carries its line break and white space; a bare one would forge a header.
         */
        for (const char *at = headers[i].value; *at; at++)
            if (*at == '\r' || (*at == '\n' && at[1] != ' ' && at[1] != '\t'))
                return -EINVAL;
        if (text_empty(headers[i].name) || strpbrk(headers[i].name, "\r\n\t :;,"))
            return -EINVAL;
        name = arena_strdup(arena, headers[i].name);
        for (char *at = name; *at; at++)
            if (*at >= 'A' && *at <= 'Z')
                *at = (char)(*at - 'A' + 'a');
        pairs[i] = (struct pair){name, headers[i].value, i};
    }
    qsort(pairs, n, sizeof(*pairs), compare_names);
    for (size_t i = 0; i < n; i++) {
        bool again = i && text_equal(pairs[i].name, pairs[i - 1].name);

        if (again) {
            canonical->n--; /* the line break: one header, its values joined by commas */
            buf_char(canonical, ',');
        } else {
            buf_printf(canonical, "%s:", pairs[i].name);
            buf_printf(signed_names, "%s%s", i ? ";" : "", pairs[i].name);
        }
        add_trimmed(canonical, pairs[i].value);
        buf_char(canonical, '\n');
    }
    return 0;
}

static void add_digest(struct buf *buf, const void *bytes, size_t n)
{
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];

    sha256(bytes, n, digest);
    hex_encode(digest, sizeof(digest), hex);
    buf_text(buf, hex);
}

static void sign(const struct aws_credentials *credentials, const struct sigv4_scope *scope,
                 const char *date, const char *string_to_sign,
                 char ret_hex[static 2 * SHA256_SIZE + 1])
{
    CLEANUP(buf_wipe_free)
    struct buf secret = {0};
    uint8_t key[SHA256_SIZE], signature[SHA256_SIZE];

    buf_printf(&secret, "AWS4%s", credentials->secret_access_key);
    hmac_sha256(secret.data, secret.n, date, 8, key);
    hmac_sha256(key, sizeof(key), scope->region, strlen(scope->region), key);
    hmac_sha256(key, sizeof(key), scope->service, strlen(scope->service), key);
    hmac_sha256(key, sizeof(key), "aws4_request", strlen("aws4_request"), key);
    hmac_sha256(key, sizeof(key), string_to_sign, strlen(string_to_sign), signature);
    hex_encode(signature, sizeof(signature), ret_hex);
    secret_wipe(key, sizeof(key));
}

/* No header's value holds a line break by now, so the line can only be the header's. */
static const char *without_token(struct arena *arena, const char *canonical_request)
{
    static const char name[] = "\nx-amz-security-token:";
    char *shown = arena_strdup(arena, canonical_request), *line = strstr(shown, name);

    if (line) {
        line += strlen(name);
        memset(line, '*', strcspn(line, "\n"));
    }
    return shown;
}

int sigv4_sign(struct arena *arena, const struct sigv4_request *request,
               const struct sigv4_scope *scope, const struct aws_credentials *credentials,
               struct sigv4_result *ret_result)
{
    CLEANUP(buf_free)
    struct buf canonical = {.secret = true}; /* a session token is among its headers */
    CLEANUP(buf_free)
    struct buf signed_names = {0};
    CLEANUP(buf_free)
    struct buf to_sign = {0};
    char date[17], hex[2 * SHA256_SIZE + 1];
    const char *path = text_empty(request->path) ? "/" : request->path;
    int r;

    assert(credentials->access_key_id && credentials->secret_access_key);
    time_compact(scope->wall_ms, date);
    buf_printf(&canonical, "%s\n", request->method);
    uri_encode(&canonical, request->keep_path ? path : normalized_path(arena, path), true);
    buf_char(&canonical, '\n');
    add_query(arena, &canonical, request->query);
    buf_char(&canonical, '\n');
    r = add_headers(arena, &canonical, &signed_names, request->headers, request->n_headers);
    if (r < 0)
        return r;
    buf_printf(&canonical, "\n%s\n", buf_string(&signed_names));
    add_digest(&canonical, request->body, request->body_n);
    if (canonical.overflow)
        return -EINVAL;

    buf_printf(&to_sign, "AWS4-HMAC-SHA256\n%s\n%.8s/%s/%s/aws4_request\n", date, date,
               scope->region, scope->service);
    add_digest(&to_sign, canonical.data, canonical.n);
    sign(credentials, scope, date, buf_string(&to_sign), hex);

    *ret_result = (struct sigv4_result){
        .canonical_request = without_token(arena, buf_string(&canonical)),
        .string_to_sign = arena_strdup(arena, buf_string(&to_sign)),
        .signature = arena_strdup(arena, hex),
        .authorization = arena_printf(arena,
                                      "AWS4-HMAC-SHA256 Credential=%s/%.8s/%s/%s/aws4_request, "
                                      "SignedHeaders=%s, Signature=%s",
                                      credentials->access_key_id, date, scope->region,
                                      scope->service, buf_string(&signed_names), hex),
    };
    return 0;
}
