/* Text that came from somewhere else, made safe to stand in a line. */
#include "report_private.h"

#include <stdio.h>

#define CUT_MARK "..."

/* Length of the valid UTF-8 sequence at text (RFC 3629: no overlong forms, no surrogates, up to
 * U+10FFFF), or 0. *ret_point is its code point. */
static size_t utf8_next(const char *text, uint32_t *ret_point)
{
    const unsigned char *s = (const unsigned char *)text;
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
        size_t n;
    } forms[] = {
        {0x80, 0x00, 0, 1},
        {0xe0, 0xc0, 0x80, 2},
        {0xf0, 0xe0, 0x800, 3},
        {0xf8, 0xf0, 0x10000, 4},
    };

    for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
        uint32_t point;

        if ((s[0] & forms[i].mask) != forms[i].lead)
            continue;
        point = s[0] & (unsigned char)~forms[i].mask;
        for (size_t k = 1; k < forms[i].n; k++) {
            if ((s[k] & 0xc0) != 0x80) /* the terminating NUL ends here too */
                return 0;
            point = point << 6 | (s[k] & 0x3f);
        }
        if (point < forms[i].least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
            return 0;
        *ret_point = point;
        return forms[i].n;
    }
    return 0;
}

/* What moves the cursor, ends a line for somebody, or makes a line read differently from what it
 * says (Unicode's bidirectional controls and invisible characters). */
static bool point_is_unsafe(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},
        {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff},
    };

    for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

/* The next piece as it is shown: ret_piece holds 16 bytes. Returns the bytes of text that it stands
 * for. */
static size_t piece_next(const char *text, char ret_piece[static 16])
{
    uint32_t point;
    size_t n = utf8_next(text, &point);

    if (n == 0) {
        snprintf(ret_piece, 16, "\\x%02x", (unsigned)(unsigned char)*text);
        return 1;
    }
    if (point == '\n')
        snprintf(ret_piece, 16, "\\n");
    else if (point == '\r')
        snprintf(ret_piece, 16, "\\r");
    else if (point == '\t')
        snprintf(ret_piece, 16, "\\t");
    else if (point_is_unsafe(point))
        snprintf(ret_piece, 16, point < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)point);
    else
        snprintf(ret_piece, 16, "%.*s", (int)n, text);
    return n;
}

/* Room for the mark is kept only while something is left to say: a text that fits is never cut. */
void report_escape(struct buf *buf, const char *text, size_t max)
{
    size_t added = 0, kept_n = buf->n;

    assert(max >= strlen(CUT_MARK));
    while (*text) {
        char piece[16];
        size_t n = piece_next(text, piece), piece_n = strlen(piece);

        if (added + piece_n > max) {
            buf->n = kept_n;
            buf_text(buf, CUT_MARK);
            return;
        }
        buf_add(buf, piece, piece_n);
        added += piece_n;
        if (added + strlen(CUT_MARK) <= max)
            kept_n = buf->n;
        text += n;
    }
}

void text_cut(struct buf *buf, const char *text, size_t max)
{
    size_t n = strlen(text);

    if (n <= max) {
        buf_add(buf, text, n);
        return;
    }
    n = max - strlen(CUT_MARK);
    while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    buf_add(buf, text, n);
    buf_text(buf, CUT_MARK);
}
