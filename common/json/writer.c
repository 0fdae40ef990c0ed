/* The writer: appends to a buffer, in the caller's order. */
#include "json_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void new_line(struct json_writer *writer)
{
    buf_char(writer->buf, '\n');
    for (unsigned i = 0; i < writer->depth; i++)
        buf_text(writer->buf, "  ");
}

/* Before a key or a value: the comma, and in pretty text the line that it stands on. */
static void before(struct json_writer *writer)
{
    const struct buf *buf = writer->buf;
    const char last = buf->n ? buf->data[buf->n - 1] : 0;

    if (writer->depth == 0)
        return; /* a new document */
    if (writer->comma)
        buf_char(writer->buf, ',');
    /* A value stands on the line of its key: text that ends in a colon, or in the blank after it.
     */
    if (writer->pretty && last != ':' && last != ' ')
        new_line(writer);
}

void json_begin(struct json_writer *writer, char bracket)
{
    before(writer);
    buf_char(writer->buf, bracket);
    writer->depth++;
    writer->comma = false;
}

void json_end(struct json_writer *writer, char bracket)
{
    assert(writer->depth > 0);
    writer->depth--;
    if (writer->pretty && writer->comma) /* not when it is empty */
        new_line(writer);
    buf_char(writer->buf, bracket);
    writer->comma = true;
}

static void write_char(struct buf *buf, char c)
{
    static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *at = strchr(escaped, c);

    if (at) {
        buf_char(buf, '\\');
        buf_char(buf, letters[at - escaped]);
    } else if ((uint8_t)c < 0x20) {
        buf_printf(buf, "\\u%04x", (unsigned)c);
    } else {
        buf_char(buf, c);
    }
}

static void write_text(struct buf *buf, const char *text)
{
    size_t left = strlen(text), size;

    buf_char(buf, '"');
    for (; left > 0; text += size, left -= size) {
        size = json_utf8_size(text, left);
        if (size == 0) {
            buf_text(buf, "\xef\xbf\xbd"); /* U+FFFD, for each byte that is not UTF-8 */
            size = 1;
        } else if (size == 1) {
            write_char(buf, *text);
        } else {
            buf_add(buf, text, size);
        }
    }
    buf_char(buf, '"');
}

void json_key(struct json_writer *writer, const char *key)
{
    before(writer);
    write_text(writer->buf, key);
    buf_text(writer->buf, writer->pretty ? ": " : ":");
    writer->comma = false;
}

void json_string(struct json_writer *writer, const char *text)
{
    if (!text) {
        json_null(writer);
        return;
    }
    before(writer);
    write_text(writer->buf, text);
    writer->comma = true;
}

void json_number(struct json_writer *writer, int64_t number)
{
    before(writer);
    buf_printf(writer->buf, "%lld", (long long)number);
    writer->comma = true;
}

void json_real(struct json_writer *writer, double number)
{
    char text[64];
    bool in_point = false;

    if (!isfinite(number)) { /* JSON has neither infinity nor NaN */
        json_null(writer);
        return;
    }
    before(writer);
    for (int precision = 15; precision <= 17; precision++) { /* 17 digits always round-trip */
        snprintf(text, sizeof(text), "%.*g", precision, number);
        if (strtod(text, NULL) == number)
            break;
    }
    for (const char *at = text; *at; at++) {
        bool point = !strchr("0123456789+-e", *at); /* whatever the locale writes */

        if (!point || !in_point)
            buf_char(writer->buf, point ? '.' : *at);
        in_point = point;
    }
    writer->comma = true;
}

void json_bool(struct json_writer *writer, bool value)
{
    before(writer);
    buf_text(writer->buf, value ? "true" : "false");
    writer->comma = true;
}

void json_null(struct json_writer *writer)
{
    before(writer);
    buf_text(writer->buf, "null");
    writer->comma = true;
}

void json_text_member(struct json_writer *writer, const char *key, const char *text)
{
    if (!text)
        return;
    json_key(writer, key);
    json_string(writer, text);
}
