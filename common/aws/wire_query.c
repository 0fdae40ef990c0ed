/* AWS Query parameters by wire tables (aws-facts 1.2). */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>

#define INDEX_MAX 1000 /* of a list: EC2's own most (filter values, resource ids) stay below */
#define KEY_MAX 256

/* ---- struct -> parameters ---- */

struct key { /* the name so far */
    char text[KEY_MAX];
    size_t n;
};

PRINTF_LIKE(2, 3)
static struct key key_with(const struct key *key, const char *format, ...)
{
    struct key longer = *key;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(longer.text + longer.n, sizeof(longer.text) - longer.n, format, args);
    va_end(args);
    assert(n >= 0 &&
           longer.n + (size_t)n < sizeof(longer.text)); /* our tables are this deep only */
    longer.n += (size_t)n;
    return longer;
}

static void add_pair(struct buf *buf, const struct key *key, const char *value)
{
    if (buf->n && buf->data[buf->n - 1] != '?')
        buf_char(buf, '&');
    buf_text(buf, key->text);
    buf_char(buf, '=');
    form_encode(buf, value);
}

static void encode(struct buf *buf, const struct key *prefix, const struct wire_shape *shape,
                   const void *object)
{
    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];
        struct key key = key_with(prefix, "%s", field->name);
        char scratch[PREFIX_TEXT_SIZE];

        switch (field->kind) {
        case WIRE_GROUP: {
            struct key inner = key_with(&key, ".");

            encode(buf, &inner, field->type, wire_at(field, object));
            break;
        }
        case WIRE_LIST: {
            const struct wire_any_list *list = wire_at(field, object);
            const struct wire_shape *item = field->type;

            for (size_t k = 0; k < list->n; k++) {
                struct key inner = key_with(&key, ".%zu.", k + 1);

                encode(buf, &inner, item, (const char *)list->items + k * item->size);
            }
            break;
        }
        case WIRE_TEXTS: {
            const struct wire_texts *texts = wire_at(field, object);

            for (size_t k = 0; k < texts->n; k++) {
                struct key inner = key_with(&key, ".%zu", k + 1);

                add_pair(buf, &inner, texts->items[k]);
            }
            break;
        }
        default: {
            const char *text = wire_leaf_text(field, object, scratch);

            if (text)
                add_pair(buf, &key, text);
            break;
        }
        }
    }
}

void wire_query_encode(struct buf *buf, const struct wire_shape *shape, const void *object)
{
    encode(buf, &(const struct key){0}, shape, object);
}

/* ---- parameters -> struct ---- */

struct query_decoder {
    struct arena *arena;
    const char *key, *value; /* of the pair at hand, decoded */
    struct wire_error *reterr;
};

PRINTF_LIKE(4, 5)
static int fail(struct wire_error *reterr, int r, const char *name, const char *format, ...)
{
    va_list args;

    snprintf(reterr->name, sizeof(reterr->name), "%s", name);
    va_start(args, format);
    vsnprintf(reterr->message, sizeof(reterr->message), format, args);
    va_end(args);
    return r;
}

static const struct wire_field *find_field(const struct wire_shape *shape, const char *name,
                                           size_t n)
{
    for (unsigned i = 0; i < shape->n_fields; i++)
        if (strncmp(shape->fields[i].name, name, n) == 0 && !shape->fields[i].name[n])
            return &shape->fields[i];
    return NULL;
}

/* "3" or "3.Rest": 1-based. Gaps are refused, as no SDK leaves any. */
static int take_index(struct query_decoder *decoder, const char **rest, size_t n_items,
                      size_t *ret_index)
{
    char *end;
    unsigned long index = strspn(*rest, "0123456789") ? strtoul(*rest, &end, 10) : 0;

    if (index == 0 || index > INDEX_MAX || index > n_items + 1)
        return fail(decoder->reterr, -EINVAL, decoder->key,
                    "%s: expected an index from 1, in order", decoder->key);
    *rest = end;
    *ret_index = index - 1;
    return 0;
}

static int decode_pair(struct query_decoder *decoder, const struct wire_shape *shape, void *object,
                       const char *rest)
{
    size_t n = strcspn(rest, "."), index = 0;
    const struct wire_field *field = find_field(shape, rest, n);
    int r;

    if (!field)
        return fail(decoder->reterr, -ENOKEY, decoder->key, "The parameter %s is not recognized",
                    decoder->key);
    rest += n;
    switch (field->kind) {
    case WIRE_GROUP:
        if (*rest != '.')
            return fail(decoder->reterr, -ENOKEY, decoder->key,
                        "The parameter %s is not recognized", decoder->key);
        return decode_pair(decoder, field->type, wire_at_mutable(field, object), rest + 1);
    case WIRE_LIST: {
        struct wire_any_list *list = wire_at_mutable(field, object);
        const struct wire_shape *item = field->type;

        if (*rest++ != '.')
            return fail(decoder->reterr, -EINVAL, decoder->key, "%s: expected %s.N", decoder->key,
                        field->name);
        r = take_index(decoder, &rest, list->n, &index);
        if (r < 0)
            return r;
        if (*rest++ != '.')
            return fail(decoder->reterr, -EINVAL, decoder->key, "%s: expected %s.N.Member",
                        decoder->key, field->name);
        if (index == list->n)
            wire_list_add(decoder->arena, list, item->size);
        return decode_pair(decoder, item, (char *)list->items + index * item->size, rest);
    }
    case WIRE_TEXTS: {
        struct wire_texts *texts = wire_at_mutable(field, object);

        if (*rest++ != '.')
            return fail(decoder->reterr, -EINVAL, decoder->key, "%s: expected %s.N", decoder->key,
                        field->name);
        r = take_index(decoder, &rest, texts->n, &index);
        if (r < 0)
            return r;
        if (*rest || index != texts->n)
            return fail(decoder->reterr, -EINVAL, decoder->key, "%s: expected %s.N, in order",
                        decoder->key, field->name);
        wire_texts_add(decoder->arena, texts, decoder->value);
        return 0;
    }
    default:
        if (*rest)
            return fail(decoder->reterr, -ENOKEY, decoder->key,
                        "The parameter %s is not recognized", decoder->key);
        if (wire_leaf_set(decoder->arena, field, object, decoder->value) < 0)
            return fail(decoder->reterr, -EINVAL, decoder->key,
                        "Value (%.100s) for parameter %s is invalid. Expected %s", decoder->value,
                        decoder->key, wire_leaf_expected(field));
        /* In a reply a new word is AWS's right; in a request EC2 refuses one that it does not know.
         */
        if (field->kind == WIRE_ENUM && *(const uint8_t *)wire_at(field, object) == 1)
            return fail(decoder->reterr, -EINVAL, decoder->key,
                        "Value (%.100s) for parameter %s is invalid.", decoder->value,
                        decoder->key);
        return 0;
    }
}

static bool is_ignored(const char *const *ignored, const char *key)
{
    if (text_equal(key, "Action") || text_equal(key, "Version"))
        return true;
    for (; ignored && *ignored; ignored++)
        if (text_equal(*ignored, key))
            return true;
    return false;
}

/* A required member of a group or of a list's item counts only where the group or item is there. */
static int check_required(const struct wire_shape *shape, const void *object, const char *prefix,
                          struct wire_error *reterr)
{
    const struct wire_field *missing = wire_missing(shape, object);
    char name[160];
    int r = 0;

    if (missing) {
        snprintf(name, sizeof(name), "%s%s", prefix, missing->name);
        return fail(reterr, -ENODATA, name, "The request must contain the parameter %s", name);
    }
    for (unsigned i = 0; i < shape->n_fields && r >= 0; i++) {
        const struct wire_field *field = &shape->fields[i];

        if (field->kind == WIRE_GROUP && wire_present(field, object)) {
            snprintf(name, sizeof(name), "%s%s.", prefix, field->name);
            r = check_required(field->type, wire_at(field, object), name, reterr);
        } else if (field->kind == WIRE_LIST) {
            const struct wire_any_list *list = wire_at(field, object);
            const struct wire_shape *item = field->type;

            for (size_t k = 0; k < list->n && r >= 0; k++) {
                snprintf(name, sizeof(name), "%s%s.%zu.", prefix, field->name, k + 1);
                r = check_required(item, (const char *)list->items + k * item->size, name, reterr);
            }
        }
    }
    return r;
}

int wire_query_decode(struct arena *arena, const struct wire_shape *shape, const char *body,
                      size_t n, const char *const *ignored, void *object, struct wire_error *reterr)
{
    struct query_decoder decoder = {.arena = arena, .reterr = reterr};
    const char *end = n ? body + n : body;

    while (body < end) {
        const char *amp = memchr(body, '&', (size_t)(end - body));
        const char *pair_end = amp ? amp : end;
        const char *equals = memchr(body, '=', (size_t)(pair_end - body));
        const char *key_end = equals ? equals : pair_end;
        int r = 0;

        if (pair_end != body) {
            const char *value = equals ? equals + 1 : pair_end;

            if (form_decode(arena, body, (size_t)(key_end - body), &decoder.key) < 0 ||
                form_decode(arena, value, (size_t)(pair_end - value), &decoder.value) < 0)
                return fail(reterr, -EINVAL, "", "The request body is not form-encoded");
            if (strlen(decoder.key) >= KEY_MAX)
                return fail(reterr, -ENOKEY, "", "The name of a parameter is too long");
            if (!is_ignored(ignored, decoder.key))
                r = decode_pair(&decoder, shape, object, decoder.key);
        }
        if (r < 0)
            return r;
        body = amp ? amp + 1 : end;
    }
    return check_required(shape, object, "", reterr);
}
