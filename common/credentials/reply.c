#include "reply.h"

#include <stdio.h>

#include "vpc_reconciled/json.h"

#define VALUE_MAX                                                                                  \
    16384 /* session tokens have no promised limit; those of today stay below 4 KB                 \
           */

static const struct {
    const char *token, *status, *status_is;
    bool needs_token, needs_expiration;
} kind_table[] = {
    [REPLY_CONTAINER] = {"Token", NULL, NULL, true, true},
    [REPLY_METADATA] = {"Token", "Code", "Success", true, true},
    [REPLY_PROCESS] = {"SessionToken", NULL, NULL, false, false},
};

PRINTF_LIKE(2, 3)
static int fail(char message[static 200], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(message, 200, format, args);
    va_end(args);
    return -EBADMSG;
}

/* Fit for a header. */
static bool is_word(const char *text)
{
    size_t n = 0;

    for (; text[n]; n++)
        if ((unsigned char)text[n] <= ' ' || (unsigned char)text[n] >= 0x7f || n >= VALUE_MAX)
            return false;
    return n > 0;
}

/* A word that a server chose, as part of a message. */
static const char *shown(const struct json *json)
{
    const char *text = json && json->type == JSON_STRING ? json->string : "";

    return is_word(text) && strlen(text) <= 60 ? text : "(not shown)";
}

static int read_word(const struct json *object, const char *key, bool needed, char **ret_text,
                     char message[static 200])
{
    const struct json *member = json_member(object, key);

    *ret_text = NULL;
    if (!member || member->type == JSON_NULL)
        return needed ? fail(message, "it has no \"%s\"", key) : 0;
    if (member->type != JSON_STRING || !is_word(member->string))
        return fail(message, "\"%s\" is not text without spaces", key);
    *ret_text = (char *)(uintptr_t)member->string; /* ours: it lies in the caller's arena */
    return 0;
}

static int read_expiration(const struct json *object, bool needed, int64_t *ret_expires_ms,
                           char message[static 200])
{
    char *text;
    int r = read_word(object, "Expiration", needed, &text, message);

    *ret_expires_ms = EXPIRES_NEVER;
    if (r < 0 || !text)
        return r;
    return time_parse(text, ret_expires_ms) < 0
               ? fail(message, "\"Expiration\" is no time, as \"2026-11-24T08:30:00Z\"")
               : 0;
}

int reply_parse(struct arena *arena, enum reply_kind kind, const char *text, size_t n,
                struct reply *ret_reply, char message[static 200])
{
    const struct json *root = NULL, *status, *version;
    struct json_error error = {0};
    struct reply reply = {0};
    int r;

    if (json_parse(arena, text, n, &root, &error) < 0) /* its message may quote the text */
        return fail(message, "it is not JSON (line %u, column %u)", error.place.line,
                    error.place.column);
    if (root->type != JSON_OBJECT)
        return fail(message, "it is not a JSON object");
    version = json_member(root, "Version");
    if (kind == REPLY_PROCESS &&
        (!version || version->type != JSON_NUMBER || version->number < 1 || version->number > 1))
        return fail(message, "it has no \"Version\": 1");
    status = kind_table[kind].status ? json_member(root, kind_table[kind].status) : NULL;
    if (status &&
        !(status->type == JSON_STRING && text_equal(status->string, kind_table[kind].status_is)))
        return fail(message, "it says %s", shown(status));
    r = read_word(root, "AccessKeyId", true, &reply.credentials.access_key_id, message);
    if (r >= 0)
        r = read_word(root, "SecretAccessKey", true, &reply.credentials.secret_access_key, message);
    if (r >= 0)
        r = read_word(root, kind_table[kind].token, kind_table[kind].needs_token,
                      &reply.credentials.session_token, message);
    if (r >= 0)
        r = read_expiration(root, kind_table[kind].needs_expiration, &reply.expires_ms, message);
    if (r >= 0)
        *ret_reply = reply;
    return r;
}
