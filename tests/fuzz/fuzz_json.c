/* Any bytes: refused with a place, or read, written and read again to the same text. */
#include "vpc_reconciled/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void write_value(struct json_writer *writer, const struct json *json)
{
    if (json->key)
        json_key(writer, json->key);
    switch (json->type) {
    case JSON_NULL:
        json_null(writer);
        break;
    case JSON_BOOL:
        json_bool(writer, json->boolean);
        break;
    case JSON_NUMBER:
        json_real(writer, json->number);
        break;
    case JSON_STRING:
        json_string(writer, json->string);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        json_begin(writer, json->type == JSON_ARRAY ? '[' : '{');
        for (size_t i = 0; i < json->n_items; i++)
            write_value(writer, &json->items[i]);
        json_end(writer, json->type == JSON_ARRAY ? ']' : '}');
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf first = {0}, second = {0};
    const struct json *json;
    struct json_error error = {0};

    if (json_parse(arena, (const char *)data, n, &json, &error) < 0) {
        assert(error.place.line > 0 && error.place.column > 0 && error.message[0]);
        return 0;
    }
    write_value(&(struct json_writer){.buf = &first}, json);
    if (json_parse(arena, first.data, first.n, &json, &error) < 0)
        abort();
    write_value(&(struct json_writer){.buf = &second, .pretty = true}, json);
    if (json_parse(arena, second.data, second.n, &json, &error) < 0)
        abort();
    buf_clear(&second);
    write_value(&(struct json_writer){.buf = &second}, json);
    assert(text_equal(buf_string(&first), buf_string(&second)));
    return 0;
}
