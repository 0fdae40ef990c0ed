/* json.h - one strict loader over cJSON, and a small writer.
 *
 * Input: JSON with // and block comments. Refused, each with its place: duplicate keys, trailing
 * text, invalid UTF-8, leading zeros, raw control characters, NUL bytes, numbers that a double
 * cannot hold exactly, nesting deeper than 64, more than JSON_SIZE_MAX bytes. (cJSON itself lets
 * most of these pass.) */
#pragma once

#include "vpc_reconciled/base.h"

#define JSON_SIZE_MAX ((size_t)8 << 20)

enum json_type {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};
const char *json_type_name(enum json_type type); /* "a string", "an object" */

struct json_place {
    unsigned line, column; /* from 1; columns count characters (code points) */
};

/* A value with its place. Lies in the arena, with its text. */
struct json {
    enum json_type type;
    struct json_place place;     /* of the value */
    struct json_place key_place; /* of its key, when it is a member */
    const char *key;             /* NULL when it is not a member */
    bool boolean;
    double number;
    const char *string;
    struct json *items; /* array items or object members, in document order */
    size_t n_items;
};

struct json_error {
    struct json_place place;
    char message[256]; /* what was found, what would be right; no file name */
};

/* -EINVAL: not JSON, or refused; -EFBIG: too long. */
int json_parse(struct arena *arena, const char *text, size_t n, const struct json **ret_json,
               struct json_error *reterr);
const struct json *json_member(const struct json *object, const char *key); /* NULL: absent */
/* The same value: members in any order, items in theirs. */
bool json_equal(const struct json *a, const struct json *b);

/* ---- writing: the caller keeps the order; text is escaped, invalid UTF-8 becomes U+FFFD ---- */
struct json_writer {
    struct buf *buf;
    unsigned depth;
    bool comma, pretty;
};
void json_begin(struct json_writer *writer, char bracket); /* '{' or '[' */
void json_end(struct json_writer *writer, char bracket);   /* '}' or ']' */
void json_key(struct json_writer *writer, const char *key);
void json_string(struct json_writer *writer, const char *text); /* NULL writes null */
void json_number(struct json_writer *writer, int64_t number);
void json_real(struct json_writer *writer, double number);
void json_bool(struct json_writer *writer, bool value);
void json_null(struct json_writer *writer);
/* Key and string in one, left out when text is NULL. */
void json_text_member(struct json_writer *writer, const char *key, const char *text);
