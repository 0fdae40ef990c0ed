#include "vpc_reconciled/json.h"

static bool items_equal(const struct json *a, const struct json *b)
{
    for (size_t i = 0; i < a->n_items; i++)
        if (!json_equal(&a->items[i], &b->items[i]))
            return false;
    return true;
}

/* The loader refuses a key twice, so that equal counts and each member found make the same object.
 */
static bool members_equal(const struct json *a, const struct json *b)
{
    for (size_t i = 0; i < a->n_items; i++) {
        const struct json *other = json_member(b, a->items[i].key);

        if (!other || !json_equal(&a->items[i], other))
            return false;
    }
    return true;
}

bool json_equal(const struct json *a, const struct json *b)
{
    if (a->type != b->type || a->n_items != b->n_items)
        return false;
    switch (a->type) {
    case JSON_NULL:
        return true;
    case JSON_BOOL:
        return a->boolean == b->boolean;
    case JSON_NUMBER:
        return a->number == b->number;
    case JSON_STRING:
        return text_equal(a->string, b->string);
    case JSON_ARRAY:
        return items_equal(a, b);
    case JSON_OBJECT:
        return members_equal(a, b);
    }
    return false;
}
