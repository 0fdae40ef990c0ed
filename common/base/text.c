#include "vpc_reconciled/base.h"

#include <stdio.h>
#include <stdlib.h>

int text_compare(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

bool text_starts_with(const char *text, const char *prefix)
{
    return text && strncmp(text, prefix, strlen(prefix)) == 0;
}

static size_t min3(size_t a, size_t b, size_t c)
{
    a = b < a ? b : a;
    return c < a ? c : a;
}

/* Levenshtein over one row; words are keys and enum values, so 64 bytes is long. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[65], n = strlen(b);

    if (n > 64 || strlen(a) > 64)
        return SIZE_MAX;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t above = row[j];

            row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[n];
}

const char *text_nearest(const char *text, const char *const *words, size_t n)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < n; i++) {
        size_t distance = edit_distance(text, words[i]);

        if (distance < best && distance <= (strlen(words[i]) + 2) / 3) {
            best = distance;
            nearest = words[i];
        }
    }
    return nearest;
}

bool texts_contain(const struct texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->n; i++)
        if (text_equal(texts->items[i], text))
            return true;
    return false;
}

static void wipe_and_free(const struct buf *buf)
{
    if (buf->data && buf->secret)
        secret_wipe(buf->data, buf->reserved);
    free(buf->data);
}

/* realloc() would leave the old bytes behind. */
static char *moved_secret(const struct buf *buf, size_t size)
{
    char *data = malloc(size);

    if (data && buf->data)
        memcpy(data, buf->data, buf->n + 1);
    if (data)
        wipe_and_free(buf);
    return data;
}

static bool buf_reserve(struct buf *buf, size_t n)
{
    size_t limit = buf->limit ? buf->limit : BUF_LIMIT_DEFAULT, want = buf->n + n + 1;
    char *data;

    /* After a gap nothing is added: half a request could mean something else. */
    if (buf->overflow || n > limit || buf->n > limit - n) {
        buf->overflow = true;
        return false;
    }
    if (want <= buf->reserved)
        return true;
    if (want < buf->reserved * 2)
        want = buf->reserved * 2;
    if (want < 256)
        want = 256;
    data = buf->secret ? moved_secret(buf, want) : realloc(buf->data, want);
    if (!data)
        abort();
    buf->data = data;
    buf->reserved = want;
    return true;
}

void buf_add(struct buf *buf, const void *bytes, size_t n)
{
    if (!buf_reserve(buf, n))
        return;
    if (n)
        memcpy(buf->data + buf->n, bytes, n);
    buf->n += n;
    buf->data[buf->n] = 0;
}

void buf_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(n >= 0);
    if (!buf_reserve(buf, (size_t)n))
        return;
    va_start(args, format);
    vsnprintf(buf->data + buf->n, (size_t)n + 1, format, args);
    va_end(args);
    buf->n += (size_t)n;
}

void buf_clear(struct buf *buf)
{
    buf->n = 0;
    buf->overflow = false;
    if (buf->data)
        buf->data[0] = 0;
}

void buf_free(struct buf *buf)
{
    wipe_and_free(buf);
    *buf = (struct buf){.limit = buf->limit, .secret = buf->secret};
}

void buf_wipe_free(struct buf *buf)
{
    bool secret = buf->secret;

    buf->secret = true;
    buf_free(buf);
    buf->secret = secret;
}

const char *buf_string(const struct buf *buf)
{
    return buf->data ? buf->data : "";
}

void texts_add_once(struct arena *arena, struct texts *texts, const char *text)
{
    const char **items;

    if (!text || texts_contain(texts, text))
        return;
    items = ARENA_ARRAY(arena, const char *, texts->n + 1);
    if (texts->n)
        memcpy(items, texts->items, texts->n * sizeof(*items));
    items[texts->n++] = text;
    texts->items = items;
}
