/* Leaves of the wire tables: one value as text and back. */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

const char *wire_leaf_text(const struct wire_field *field, const void *object,
                           char scratch[static PREFIX_TEXT_SIZE])
{
    const void *at = wire_at(field, object);

    switch (field->kind) {
    case WIRE_TEXT:
        return *(const char *const *)at;
    case WIRE_BOOL: {
        uint8_t value = *(const uint8_t *)at;

        return value == WIRE_ABSENT ? NULL : value == WIRE_TRUE ? "true" : "false";
    }
    case WIRE_INT: {
        const struct wire_int *value = at;

        if (!value->set)
            return NULL;
        snprintf(scratch, PREFIX_TEXT_SIZE, "%lld", (long long)value->value);
        return scratch;
    }
    case WIRE_ENUM: {
        const struct wire_enum *words = field->type;
        uint8_t value = *(const uint8_t *)at;

        return value < 2 || value - 2u >= words->n ? NULL : words->words[value - 2];
    }
    case WIRE_PREFIX: {
        const struct prefix *prefix = at;

        return prefix->family == FAMILY_NONE ? NULL : prefix_format(prefix, scratch);
    }
    default:
        return NULL;
    }
}

static int set_int(struct wire_int *into, const char *text)
{
    char *end;
    long long value;

    if (!*text || strspn(text, "-0123456789") != strlen(text))
        return -EINVAL;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (errno || *end)
        return -EINVAL;
    *into = (struct wire_int){value, true};
    return 0;
}

static uint8_t enum_value(const struct wire_enum *words, const char *text)
{
    for (size_t i = 0; i < words->n; i++)
        if (words->ignore_case ? strcasecmp(words->words[i], text) == 0
                               : strcmp(words->words[i], text) == 0)
            return (uint8_t)(i + 2);
    return 1;
}

int wire_leaf_set(struct arena *arena, const struct wire_field *field, void *object,
                  const char *text)
{
    void *at = wire_at_mutable(field, object);

    switch (field->kind) {
    case WIRE_TEXT:
        *(const char **)at = arena_strdup(arena, text);
        return 0;
    case WIRE_BOOL:
        if (!text_equal(text, "true") && !text_equal(text, "false"))
            return -EINVAL;
        *(uint8_t *)at = *text == 't' ? WIRE_TRUE : WIRE_FALSE;
        return 0;
    case WIRE_INT:
        return set_int(at, text);
    case WIRE_ENUM:
        *(uint8_t *)at = enum_value(field->type, text);
        return 0;
    case WIRE_PREFIX:
        return prefix_parse(text, at);
    default:
        return -EINVAL;
    }
}

const char *wire_leaf_expected(const struct wire_field *field)
{
    switch (field->kind) {
    case WIRE_BOOL:
        return "true or false";
    case WIRE_INT:
        return "a whole number";
    case WIRE_PREFIX:
        return "a CIDR block such as 10.0.0.0/16";
    default:
        return "text";
    }
}

/* The reserved size is implied by n: 4, then each power of two. */
static bool is_full(size_t n)
{
    return n == 0 || (n >= 4 && (n & (n - 1)) == 0);
}

static void *grown(struct arena *arena, void *items, size_t n, size_t item_size)
{
    void *larger = arena_alloc_array(arena, item_size, n ? n * 2 : 4);

    if (n)
        memcpy(larger, items, n * item_size);
    return larger;
}

void *wire_list_add(struct arena *arena, struct wire_any_list *list, size_t item_size)
{
    if (is_full(list->n))
        list->items = grown(arena, list->items, list->n, item_size);
    list->seen = true;
    return (char *)list->items + list->n++ * item_size;
}

void wire_texts_add(struct arena *arena, struct wire_texts *texts, const char *text)
{
    if (is_full(texts->n))
        texts->items = grown(arena, texts->items, texts->n, sizeof(*texts->items));
    texts->seen = true;
    texts->items[texts->n++] = text;
}

bool wire_present(const struct wire_field *field, const void *object)
{
    char scratch[PREFIX_TEXT_SIZE];

    switch (field->kind) {
    case WIRE_LIST: { /* in a reply an empty list is there when its element is */
        const struct wire_any_list *list = wire_at(field, object);

        return list->n > 0 || list->seen;
    }
    case WIRE_TEXTS: {
        const struct wire_texts *texts = wire_at(field, object);

        return texts->n > 0 || texts->seen;
    }
    case WIRE_GROUP: {
        const struct wire_shape *group = field->type;

        for (unsigned i = 0; i < group->n_fields; i++)
            if (wire_present(&group->fields[i], wire_at(field, object)))
                return true;
        return false;
    }
    case WIRE_ENUM: /* an unknown word is there */
        return *(const uint8_t *)wire_at(field, object) != 0;
    default:
        return wire_leaf_text(field, object, scratch) != NULL;
    }
}

const struct wire_field *wire_missing(const struct wire_shape *shape, const void *object)
{
    for (unsigned i = 0; i < shape->n_fields; i++)
        if (shape->fields[i].required && !wire_present(&shape->fields[i], object))
            return &shape->fields[i];
    return NULL;
}
