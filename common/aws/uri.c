/* Percent-encoding (RFC 3986) and the form variant of it. */
#include "vpc_reconciled/aws.h"

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

static void encode_byte(struct buf *buf, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const unsigned char byte = (unsigned char)c;
    const char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};

    buf_add(buf, escape, sizeof(escape));
}

void uri_encode(struct buf *buf, const char *text, bool keep_slash)
{
    for (; *text; text++)
        if (is_unreserved(*text) || (keep_slash && *text == '/'))
            buf_char(buf, *text);
        else
            encode_byte(buf, *text);
}

void form_encode(struct buf *buf, const char *text)
{
    for (; *text; text++)
        if (is_unreserved(*text))
            buf_char(buf, *text);
        else if (*text == ' ')
            buf_char(buf, '+');
        else
            encode_byte(buf, *text);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

int form_decode(struct arena *arena, const char *text, size_t n, const char **ret_text)
{
    char *decoded = arena_alloc(arena, n + 1);
    size_t out = 0;

    for (size_t i = 0; i < n; i++) {
        char c = text[i];

        if (c == '%') {
            int high = i + 2 < n ? hex_digit(text[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(text[i + 2]) : -1;

            if (low < 0)
                return -EINVAL;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        if (!c)
            return -EINVAL;
        decoded[out++] = c;
    }
    *ret_text = decoded;
    return 0;
}
