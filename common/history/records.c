#include "records.h"

#include <inttypes.h>

static const char *const kind_names[HISTORY_KIND_COUNT] = {
    [HISTORY_INTENT] = "intent", [HISTORY_MADE] = "made",         [HISTORY_FAILED] = "failed",
    [HISTORY_CHANGE] = "change", [HISTORY_WIRING] = "wiring",     [HISTORY_REPAIRED] = "repaired",
    [HISTORY_SHOWN] = "shown",   [HISTORY_REVERTED] = "reverted",
};

/* In the order of the line. */
static const struct {
    size_t offset, size;
} text_members[] = {
#define MEMBER(m)                                                                                  \
    {                                                                                              \
        offsetof(struct history_record, m), sizeof(((struct history_record *)NULL)->m)             \
    }
    MEMBER(target), MEMBER(role), MEMBER(action), MEMBER(token), MEMBER(id),
#undef MEMBER
};

void history_set_text(char *into, size_t size, const char *text)
{
    uint8_t digest[SHA256_SIZE];
    char hex[17];
    size_t n;

    assert(size > sizeof(hex) + 1);
    n = text ? strlen(text) : 0;
    memset(into, 0, size);
    if (n < size) {
        if (n)
            memcpy(into, text, n);
        return;
    }
    sha256(text, n, digest);
    hex_encode(digest, 8, hex);
    memcpy(into, text, size - sizeof(hex) - 1);
    into[size - sizeof(hex) - 1] = '~';
    memcpy(into + size - sizeof(hex), hex, sizeof(hex));
}

/* ---- record -> line ---- */

static void add_field(struct buf *buf, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";

    buf_text(buf, " ="); /* so that an empty field is still one */
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c > ' ' && c < 0x7f && c != '%') {
            buf_char(buf, *text);
        } else {
            const char escape[3] = {'%', digits[c >> 4], digits[c & 15]};

            buf_add(buf, escape, sizeof(escape));
        }
    }
}

void record_encode(const struct history_record *record, const char *body, struct buf *buf)
{
    CLEANUP(buf_free)
    struct buf line = {0};
    size_t format_n;

    buf_printf(&line, "%d", HISTORY_FORMAT);
    format_n = line.n;
    buf_printf(&line, " %s %" PRId64 " %u %d", kind_names[record->kind], record->wall_ms,
               record->attempt, record->counted);
    for (size_t i = 0; i < ARRAY_SIZE(text_members); i++)
        add_field(&line, (const char *)record + text_members[i].offset);
    add_field(&line, body ? body : "");
    buf_printf(buf, "%d %08" PRIx32 "%s\n", HISTORY_FORMAT, crc32_of(line.data, line.n),
               line.data + format_n);
}

/* ---- line -> record ---- */

/* Digits only, at most max; sscanf() and strtoull() would take signs and spaces as well. */
static int take_number(const char **at, uint64_t max, uint64_t *ret_value)
{
    uint64_t value = 0;
    const char *from = *at;

    if (*from < '0' || *from > '9')
        return -EBADMSG;
    for (; *from >= '0' && *from <= '9'; from++) {
        value = value * 10 + (uint64_t)(*from - '0');
        if (value > max)
            return -EBADMSG;
    }
    *at = from;
    *ret_value = value;
    return 0;
}

static int take_char(const char **at, char c)
{
    if (**at != c)
        return -EBADMSG;
    (*at)++;
    return 0;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* " =field" -> ret_text, which holds size bytes. Advances *at. */
static int take_field(const char **at, char *ret_text, size_t size)
{
    const char *from = *at;
    size_t n = 0;

    if (from[0] != ' ' || from[1] != '=')
        return -EBADMSG;
    for (from += 2; *from && *from != ' '; from++) {
        char c = *from;

        if (c == '%') {
            int high = hex_digit(from[1]), low = high < 0 ? -1 : hex_digit(from[2]);

            if (low < 0)
                return -EBADMSG;
            c = (char)(high << 4 | low);
            from += 2;
        }
        if (!c || n + 1 >= size)
            return -EBADMSG;
        ret_text[n++] = c;
    }
    ret_text[n] = 0;
    *at = from;
    return 0;
}

static int take_kind(const char **at, enum history_kind *ret_kind)
{
    for (unsigned kind = 0; kind < HISTORY_KIND_COUNT; kind++) {
        size_t n = strlen(kind_names[kind]);

        if (strncmp(*at, kind_names[kind], n) == 0 && (*at)[n] == ' ') {
            *at += n;
            *ret_kind = (enum history_kind)kind;
            return 0;
        }
    }
    return -EBADMSG;
}

/* "FORMAT CRC32 " -> the format; *at is left on the space after the CRC. What a newer version wrote
 * counts only when its CRC is right: one flipped bit must not set a whole file aside. */
static int take_format(const char **at)
{
    static const char digits[] = "0123456789abcdef";
    const char *line = *at, *digit;
    CLEANUP(buf_free)
    struct buf covered = {0};
    uint64_t format;
    uint32_t crc = 0;

    if (take_number(at, UINT32_MAX, &format) < 0 || take_char(at, ' ') < 0)
        return -EBADMSG;
    for (int i = 0; i < 8; i++, (*at)++) {
        digit = **at ? strchr(digits, **at) : NULL;
        if (!digit)
            return -EBADMSG;
        crc = crc << 4 | (uint32_t)(digit - digits);
    }
    if (**at != ' ')
        return -EBADMSG;
    buf_add(&covered, line, (size_t)(*at - 9 - line));
    buf_text(&covered, *at);
    if (crc32_of(covered.data, covered.n) != crc)
        return -EBADMSG;
    return format == HISTORY_FORMAT ? 0 : format > HISTORY_FORMAT ? -EPROTONOSUPPORT : -EBADMSG;
}

bool record_is_newer(const char *line)
{
    const char *at = line;
    uint64_t format;

    /* The number alone decides for nearly all lines; the CRC is worked out for the rest. */
    return take_number(&at, UINT32_MAX, &format) == 0 && format > HISTORY_FORMAT &&
           take_format(&line) == -EPROTONOSUPPORT;
}

int record_decode(const char *line, struct history_record *ret_record, struct buf *ret_body)
{
    struct history_record record = {0};
    uint64_t wall_ms, attempt, counted;
    int r = take_format(&line);

    if (r < 0)
        return r;
    if (take_char(&line, ' ') < 0 || take_kind(&line, &record.kind) < 0 ||
        take_char(&line, ' ') < 0 ||
        take_number(&line, (uint64_t)RECORD_WALL_MAX_MS, &wall_ms) < 0 ||
        take_char(&line, ' ') < 0 || take_number(&line, UINT32_MAX, &attempt) < 0 ||
        take_char(&line, ' ') < 0 || take_number(&line, 1, &counted) < 0)
        return -EBADMSG;
    record.wall_ms = (int64_t)wall_ms;
    record.attempt = (unsigned)attempt;
    record.counted = counted == 1;
    for (size_t i = 0; i < ARRAY_SIZE(text_members); i++) {
        r = take_field(&line, (char *)&record + text_members[i].offset, text_members[i].size);
        if (r < 0)
            return r;
    }
    buf_clear(ret_body);
    buf_add(ret_body, line, strlen(line)); /* room: decoded text is never longer */
    if (ret_body->overflow)
        return -EBADMSG;
    r = take_field(&line, ret_body->data, ret_body->n + 1);
    if (r < 0 || *line)
        return -EBADMSG;
    ret_body->n = strlen(ret_body->data);
    *ret_record = record;
    return 0;
}
