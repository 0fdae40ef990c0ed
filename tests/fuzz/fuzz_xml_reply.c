/* Any bytes as a reply, or as an error document: whole or in pieces it comes to the same end, and
 * what was read is written and read again. */
#include "tests/common/aws/shape.h"

#include <stdlib.h>

#define LIMIT ((size_t)64 << 10)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int decode(struct arena *arena, bool as_error, const char *bytes, size_t n, size_t step,
                  struct shape_call *ret_call, struct aws_error *ret_error)
{
    struct wire_error error = {.message = ""};
    struct xml_decoder *decoder = xml_decoder_new(
        arena, as_error ? NULL : &shape_xml, "CallResponse", "Call", ret_call, ret_error, LIMIT);
    int r = 0;

    for (size_t at = 0; at < n && r >= 0; at += step)
        r = xml_decoder_feed(decoder, bytes + at, n - at < step ? n - at : step, false, &error);
    if (r >= 0)
        r = xml_decoder_feed(decoder, NULL, 0, true, &error);
    assert((r < 0) == (error.message[0] != 0));
    assert(r == 0 || r == -EBADMSG || r == -EPERM || r == -EFBIG);
    xml_decoder_free(decoder);
    return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf first = {0}, second = {0}, document = {0};
    struct shape_call call = {0}, call_in_pieces = {0}, again = {0};
    struct aws_error error = {0}, error_in_pieces = {0};
    bool as_error;
    size_t step;
    int r;

    (void)shape_query;
    if (n == 0)
        return 0;
    as_error = data[0] & 1;
    step = 1 + (data[0] >> 1) % 16;
    data++;
    n--;
    r = decode(arena, as_error, (const char *)data, n, n + 1, &call, &error);
    if (decode(arena, as_error, (const char *)data, n, step, &call_in_pieces, &error_in_pieces) !=
        r)
        abort();
    if (as_error) {
        assert((r == 0) == (error.code[0] != 0));
        assert(memcmp(&error, &error_in_pieces, sizeof(error)) == 0);
        return 0;
    }
    if (r < 0)
        return 0;
    wire_xml_encode(&first, &shape_xml, &call);
    wire_xml_encode(&second, &shape_xml, &call_in_pieces);
    assert(text_equal(buf_string(&first), buf_string(&second)));
    buf_printf(&document, "<Call>%s</Call>", buf_string(&first));
    if (document.n > LIMIT)
        return 0;
    if (decode(arena, false, document.data, document.n, step, &again, &error) < 0)
        abort();
    buf_clear(&second);
    wire_xml_encode(&second, &shape_xml, &again);
    assert(text_equal(buf_string(&first), buf_string(&second)));
    return 0;
}
