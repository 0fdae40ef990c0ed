/* Any bytes as a history file, as they are or with a right CRC in each line: read, it is written as
 * a file that holds the same. */
#include "vpc_reconciled/history.h"

#include <inttypes.h>
#include <stdlib.h>

#define NOW_MS INT64_C(1764000000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void history_freep(struct history **history)
{
    *history = history_free(*history);
}

/* "1 wiring ..." -> "1 CRC wiring ..." */
static void add_checked(struct buf *file, const char *line, size_t n)
{
    size_t format_n = strspn(line, "0123456789");

    if (format_n > n)
        format_n = n;
    buf_printf(file, "%.*s %08" PRIx32, (int)format_n, line, crc32_of(line, n));
    buf_add(file, line + format_n, n - format_n);
    buf_char(file, '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(history_freep)
    struct history *history = history_new(), *again = history_new();
    CLEANUP(buf_free)
    struct buf input = {0}, file = {0}, first = {0}, second = {0};
    int64_t leaves_ms;
    int r;

    buf_add(&input, data, n);
    if (n && (data[0] & 1)) {
        const char *at = input.data, *end = input.data + input.n;

        while (at < end) {
            size_t length = strcspn(at, "\n");

            add_checked(&file, at, length);
            at += length + 1;
        }
    } else {
        buf_add(&file, data, n);
    }
    r = history_load(history, file.data, file.n);
    assert(r >= 0 || r == -EPROTONOSUPPORT);
    history_changes(history, "t", NOW_MS, &leaves_ms);
    history_encode(history, NOW_MS, &first);
    if (r < 0)
        assert(first.n == 0);
    if (history_load(again, buf_string(&first), first.n) != 0)
        abort();
    history_encode(again, NOW_MS, &second);
    assert(text_equal(buf_string(&first), buf_string(&second)));
    assert(history_size(history) == history_size(again));
    return 0;
}
