/* The strict side of the loader: what cJSON 1.7.15 lets pass is refused here, with its place. */
#include "json_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* cJSON's parse_number() copies 63 characters and drops the rest without a word. */
#define NUMBER_LENGTH_MAX 63

int json_fail(struct json_cursor *cursor, struct json_place place, const char *format, ...)
{
    va_list args;

    cursor->error->place = place;
    va_start(args, format);
    vsnprintf(cursor->error->message, sizeof(cursor->error->message), format, args);
    va_end(args);
    return -EINVAL;
}

size_t json_utf8_size(const char *text, size_t n)
{
    /* Lead byte and the range of the second byte: RFC 3629, section 4. */
    static const struct {
        uint8_t first, last, second_min, second_max, size;
    } rows[] = {
        {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    const uint8_t *byte = (const uint8_t *)text;

    for (size_t i = 0; n > 0 && i < ARRAY_SIZE(rows); i++) {
        if (byte[0] < rows[i].first || byte[0] > rows[i].last)
            continue;
        if (rows[i].size > n)
            return 0;
        if (rows[i].size > 1 && (byte[1] < rows[i].second_min || byte[1] > rows[i].second_max))
            return 0;
        for (size_t j = 2; j < rows[i].size; j++)
            if ((byte[j] & 0xc0) != 0x80)
                return 0;
        return rows[i].size;
    }
    return 0;
}

void json_skip(struct json_cursor *cursor, size_t n_bytes)
{
    for (; n_bytes > 0; n_bytes--, cursor->at++)
        if (*cursor->at == '\n') {
            cursor->place.line++;
            cursor->place.column = 1;
        } else if ((*cursor->at & 0xc0) != 0x80) {
            cursor->place.column++; /* the first byte of a character */
        }
}

bool json_at(const struct json_cursor *cursor, char c)
{
    return cursor->at < cursor->end && *cursor->at == c;
}

int json_check_text(struct json_cursor *cursor)
{
    struct json_cursor at = *cursor;

    if (cursor->end - cursor->begin >= 3 && memcmp(cursor->begin, "\xef\xbb\xbf", 3) == 0)
        return json_fail(cursor, at.place,
                         "the text begins with a byte order mark: save it as UTF-8 without one");
    while (at.at < at.end) {
        size_t size = json_utf8_size(at.at, (size_t)(at.end - at.at));

        if (size == 0)
            return json_fail(cursor, at.place,
                             "the byte 0x%02x is not valid UTF-8: save the text "
                             "as UTF-8",
                             (uint8_t)*at.at);
        if (*at.at == 0)
            return json_fail(cursor, at.place, "a NUL byte: JSON is text, remove it");
        json_skip(&at, size);
    }
    return 0;
}

const char *json_found(const struct json_cursor *cursor, char ret_text[static 48])
{
    size_t n = (size_t)(cursor->end - cursor->at), size = json_utf8_size(cursor->at, n);

    if (n == 0)
        snprintf(ret_text, 48, "the end of the text");
    else if ((uint8_t)*cursor->at < 0x20 || *cursor->at == 0x7f)
        snprintf(ret_text, 48, "the control character 0x%02x", (uint8_t)*cursor->at);
    else if (*cursor->at == '"')
        snprintf(ret_text, 48, "a string");
    else
        snprintf(ret_text, 48, "\"%.*s\"", (int)size, cursor->at);
    return ret_text;
}

static int skip_comment(struct json_cursor *cursor)
{
    const struct json_place place = cursor->place;
    const size_t left = (size_t)(cursor->end - cursor->at);
    const char *close;
    size_t n;

    if (left >= 2 && cursor->at[1] == '/') {
        close = memchr(cursor->at, '\n', left);
        n = close ? (size_t)(close - cursor->at) : left;
    } else if (left >= 2 && cursor->at[1] == '*') {
        close = left >= 4 ? memmem(cursor->at + 2, left - 2, "*/", 2) : NULL;
        if (!close)
            return json_fail(cursor, place, "this comment has no end: close it with */");
        n = (size_t)(close - cursor->at) + 2;
    } else {
        return json_fail(cursor, place, "\"/\" alone: a comment begins with // or /*");
    }
    memset(cursor->blanked + (cursor->at - cursor->begin), ' ', n);
    json_skip(cursor, n);
    return 0;
}

/* cJSON takes every byte up to 32 for white space; JSON has four. */
int json_skip_space(struct json_cursor *cursor)
{
    int r = 0;

    while (r >= 0 && cursor->at < cursor->end && strchr(" \t\r\n/", *cursor->at)) {
        if (*cursor->at == '/')
            r = skip_comment(cursor);
        else
            json_skip(cursor, 1);
    }
    return r;
}

/* \uXXXX at the cursor; -EINVAL when it is none. */
static int hex_escape(const struct json_cursor *cursor, unsigned *ret_unit)
{
    unsigned unit = 0;

    if (cursor->end - cursor->at < 6 || cursor->at[0] != '\\' || cursor->at[1] != 'u')
        return -EINVAL;
    for (int i = 2; i < 6; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = cursor->at[i] ? strchr(digits, cursor->at[i]) : NULL;

        if (!digit)
            return -EINVAL;
        unit = unit << 4 | (unsigned)((digit - digits) % 16);
    }
    *ret_unit = unit;
    return 0;
}

static int skip_escape(struct json_cursor *cursor)
{
    const struct json_place place = cursor->place;
    const char c = cursor->end - cursor->at > 1 ? cursor->at[1] : 0;
    unsigned unit, low;

    if (c && strchr("\"\\/bfnrt", c)) {
        json_skip(cursor, 2);
        return 0;
    }
    if (!c) { /* the end of the text: the string has none */
        json_skip(cursor, 1);
        return 0;
    }
    if (c != 'u') {
        size_t size = json_utf8_size(cursor->at + 1, (size_t)(cursor->end - cursor->at - 1));

        return json_fail(cursor, place,
                         "\"\\%.*s\" is no escape of JSON: write \\\\ for a "
                         "backslash",
                         (int)size, cursor->at + 1);
    }
    if (hex_escape(cursor, &unit) < 0)
        return json_fail(cursor, place, "\\u wants four hexadecimal digits: \\u00e9");
    if (unit == 0)
        return json_fail(cursor, place, "\\u0000 is a NUL byte, which no text here may hold");
    json_skip(cursor, 6);
    if (unit < 0xd800 || unit > 0xdfff)
        return 0;
    if (unit > 0xdbff || hex_escape(cursor, &low) < 0 || low < 0xdc00 || low > 0xdfff)
        return json_fail(cursor, place,
                         "\\u%04x is half of a surrogate pair: write the character "
                         "itself, or both halves",
                         unit);
    json_skip(cursor, 6);
    return 0;
}

int json_skip_string(struct json_cursor *cursor)
{
    const struct json_place place = cursor->place;
    int r;

    json_skip(cursor, 1);
    while (!json_at(cursor, '"')) {
        if (cursor->at == cursor->end)
            return json_fail(cursor, place, "this string has no end: close it with \"");
        if (*cursor->at == '\n' || *cursor->at == '\r')
            return json_fail(cursor, cursor->place,
                             "a line break in the string that begins at "
                             "%u:%u: close it with \", or write \\n",
                             place.line, place.column);
        if ((uint8_t)*cursor->at < 0x20)
            return json_fail(cursor, cursor->place,
                             "the control character 0x%02x in a string: "
                             "write \\u%04x",
                             (uint8_t)*cursor->at, (unsigned)(uint8_t)*cursor->at);
        if (*cursor->at != '\\') {
            json_skip(cursor, 1);
            continue;
        }
        r = skip_escape(cursor);
        if (r < 0)
            return r;
    }
    json_skip(cursor, 1);
    return 0;
}

static size_t digits(const char *at, const char *end)
{
    size_t n = 0;

    while (at + n < end && at[n] >= '0' && at[n] <= '9')
        n++;
    return n;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-' || c == '+';
}

static size_t word_length(const struct json_cursor *cursor)
{
    size_t n = 0;

    while (cursor->at + n < cursor->end && is_word(cursor->at[n]))
        n++;
    return n;
}

/* RFC 8259, section 6. The whole run of word characters must be the number. */
int json_skip_number(struct json_cursor *cursor)
{
    const size_t n = word_length(cursor);
    const int shown = n > 40 ? 40 : (int)n;
    const char *at = cursor->at, *end = at + n;
    size_t whole, part;

    if (at < end && *at == '-')
        at++;
    whole = digits(at, end);
    if (whole > 1 && *at == '0')
        return json_fail(cursor, cursor->place, "%.*s has a leading zero: write it without", shown,
                         cursor->at);
    at += whole;
    part = whole;
    if (part && at < end && *at == '.') {
        part = digits(at + 1, end);
        at += part + 1;
    }
    if (part && at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        part = digits(at, end);
        at += part;
    }
    if (!part || at != end)
        return json_fail(cursor, cursor->place,
                         "%.*s is not a number of JSON: write it as 12, "
                         "-0.5 or 1e3, other text in quotes",
                         shown, cursor->at);
    if (n > NUMBER_LENGTH_MAX)
        return json_fail(cursor, cursor->place, "a number of %zu characters: at most %d", n,
                         NUMBER_LENGTH_MAX);
    json_skip(cursor, n);
    return 0;
}

int json_skip_word(struct json_cursor *cursor)
{
    static const char *const words[] = {"true", "false", "null"};
    const size_t n = word_length(cursor);
    char found[48];

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        if (n != strlen(words[i]) || strncasecmp(cursor->at, words[i], n) != 0)
            continue;
        if (memcmp(cursor->at, words[i], n) != 0)
            return json_fail(cursor, cursor->place, "%.*s: write %s in lower case", (int)n,
                             cursor->at, words[i]);
        json_skip(cursor, n);
        return 0;
    }
    if (n > 0)
        return json_fail(cursor, cursor->place,
                         "%.*s is no value of JSON: text stands in double "
                         "quotes, else true, false, null, a number, [ or {",
                         n > 40 ? 40 : (int)n, cursor->at);
    if (json_at(cursor, '\''))
        return json_fail(cursor, cursor->place, "a single quote: JSON wants double quotes");
    if (json_at(cursor, '#'))
        return json_fail(cursor, cursor->place, "\"#\" begins no comment here: use // or /* */");
    return json_fail(cursor, cursor->place, "found %s where a value should be",
                     json_found(cursor, found));
}

/* Significant digits without leading zeros; those after a point without trailing ones. */
static size_t significant(const char *text, size_t n, char ret_digits[static NUMBER_LENGTH_MAX + 1])
{
    bool point = false;
    size_t out = 0;

    for (size_t i = 0; i < n && text[i] != 'e' && text[i] != 'E'; i++) {
        if (text[i] == '.')
            point = true;
        else if (text[i] >= '0' && text[i] <= '9' && (out > 0 || text[i] != '0'))
            ret_digits[out++] = text[i];
    }
    while (point && out > 0 && ret_digits[out - 1] == '0')
        out--;
    ret_digits[out] = 0;
    return out;
}

bool json_number_exact(const char *text, size_t n, double number)
{
    char want[NUMBER_LENGTH_MAX + 1], have[NUMBER_LENGTH_MAX + 1], printed[NUMBER_LENGTH_MAX + 32];
    size_t n_want, out = 0;

    assert(n <= NUMBER_LENGTH_MAX);
    if (!isfinite(number)) /* 1e999 */
        return false;
    n_want = significant(text, n, want);
    if (n_want == 0)
        return number == 0;
    snprintf(printed, sizeof(printed), "%.*e", (int)n_want - 1, number);
    /* The locale's decimal point may be any text; the digits are what counts. */
    for (const char *at = printed; *at && *at != 'e' && out < NUMBER_LENGTH_MAX; at++)
        if (*at >= '0' && *at <= '9')
            have[out++] = *at;
    have[out] = 0;
    return strcmp(want, have) == 0;
}
