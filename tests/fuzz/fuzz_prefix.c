/* Any text as prefixes, as times and as escapes: refused, or read, written and read again to the
 * same. */
#include "vpc_reconciled/aws.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_prefix(const struct prefix *prefix)
{
    char text[PREFIX_TEXT_SIZE];
    struct prefix again;

    if (prefix_parse(prefix_format(prefix, text), &again) < 0)
        abort();
    assert(prefix_equal(prefix, &again));
    assert(prefix_contains(prefix, &again) && prefix_overlaps(prefix, &again));
    assert(prefix_contains(
        prefix->family == FAMILY_IPV4 ? &PREFIX_IPV4_DEFAULT : &PREFIX_IPV6_DEFAULT, prefix));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf encoded = {0};
    const char *text = arena_strndup(arena, (const char *)data, n), *decoded, *again;
    struct prefix prefix;
    int64_t wall_ms, wall_again_ms;

    if (prefix_parse(text, &prefix) == 0)
        check_prefix(&prefix);
    if (prefix_parse_address(text, &prefix) == 0)
        check_prefix(&prefix);
    if (time_parse(text, &wall_ms) == 0) {
        char iso8601[25];

        time_iso8601(wall_ms, iso8601);
        if (time_parse(iso8601, &wall_again_ms) < 0)
            abort();
        assert(wall_ms == wall_again_ms || wall_ms == INT64_C(253402300800000)); /* a leap second */
    }
    if (form_decode(arena, (const char *)data, n, &decoded) == 0) {
        form_encode(&encoded, decoded);
        if (form_decode(arena, buf_string(&encoded), encoded.n, &again) < 0)
            abort();
        assert(text_equal(decoded, again));
    }
    return 0;
}
