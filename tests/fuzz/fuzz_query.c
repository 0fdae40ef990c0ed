/* Any bytes as a request: refused by name, or read, written and read again to the same text. */
#include "tests/common/aws/shape.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const ignored[] = {"DryRun", NULL};
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf first = {0}, second = {0};
    struct shape_call call = {0}, again = {0};
    struct wire_error error = {.message = ""};
    int r = wire_query_decode(arena, &shape_query, (const char *)data, n, ignored, &call, &error);

    (void)shape_xml;
    assert((r < 0) == (error.message[0] != 0));
    assert(r == 0 || r == -ENOKEY || r == -EINVAL || r == -ENODATA);
    if (r < 0)
        return 0;
    wire_query_encode(&first, &shape_query, &call);
    if (wire_query_decode(arena, &shape_query, buf_string(&first), first.n, NULL, &again, &error) <
        0)
        abort();
    wire_query_encode(&second, &shape_query, &again);
    assert(text_equal(buf_string(&first), buf_string(&second)));
    return 0;
}
