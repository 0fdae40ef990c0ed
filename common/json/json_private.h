/* json_private.h - the strict lexer that walks in step with cJSON's tree. */
#pragma once

#include "vpc_reconciled/json.h"

struct json_cursor {
    const char *begin, *at, *end;
    struct json_place place; /* of at */
    char *blanked;           /* the copy that cJSON reads: comments become spaces in it */
    struct json_error *error;
};

/* Fills in the error and returns -EINVAL. */
int json_fail(struct json_cursor *cursor, struct json_place place, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The whole text is UTF-8 without NUL bytes and without a byte order mark. */
int json_check_text(struct json_cursor *cursor);
void json_skip(struct json_cursor *cursor, size_t n_bytes); /* keeps the place */
bool json_at(const struct json_cursor *cursor, char c);     /* false at the end */
/* Over white space and comments. */
int json_skip_space(struct json_cursor *cursor);
/* Over one scalar, held against RFC 8259. */
int json_skip_string(struct json_cursor *cursor);
int json_skip_number(struct json_cursor *cursor);
int json_skip_word(struct json_cursor *cursor);
/* What stands at the cursor, for a person: the end of the text, "}", the byte 0x01. */
const char *json_found(const struct json_cursor *cursor, char ret_text[static 48]);
/* Whether the double that a number became gives back every digit that was written. */
bool json_number_exact(const char *text, size_t n, double number);

/* Bytes of the UTF-8 character at text (RFC 3629, no surrogates), or 0. */
size_t json_utf8_size(const char *text, size_t n);
