#include "wire_json.h"

#include <stdio.h>

int json_refuse(struct json_error *reterr, struct json_place place, const char *format, ...)
{
    va_list args;

    reterr->place = place;
    va_start(args, format);
    (void)vsnprintf(reterr->message, sizeof(reterr->message), format, args);
    va_end(args);
    return -EINVAL;
}

/* ---- JSON -> struct ---- */

static int require_type(const struct json *json, enum json_type type, const char *name,
                        struct json_error *reterr)
{
    if (json->type == type)
        return 0;
    return json_refuse(reterr, json->place, "\"%s\": found %s, expected %s", name,
                       json_type_name(json->type), json_type_name(type));
}

static int refuse_word(const struct wire_field *field, const struct json *json,
                       struct json_error *reterr)
{
    const struct wire_enum *words = field->type;
    CLEANUP(buf_free)
    struct buf list = {0};

    for (size_t i = 0; i < words->n; i++)
        buf_printf(&list, "%s%s", i ? ", " : "", words->words[i]);
    return json_refuse(reterr, json->place, "\"%s\": found \"%.40s\", expected one of %s",
                       field->name, json->string, buf_string(&list));
}

static int load_leaf(struct arena *arena, const struct wire_field *field, const struct json *json,
                     void *object, struct json_error *reterr)
{
    enum json_type type = field->kind == WIRE_BOOL  ? JSON_BOOL
                          : field->kind == WIRE_INT ? JSON_NUMBER
                                                    : JSON_STRING;
    uint8_t *at = (uint8_t *)object + field->offset;
    int r = require_type(json, type, field->name, reterr);

    if (r < 0)
        return r;
    if (field->kind == WIRE_BOOL) {
        *at = json->boolean ? WIRE_TRUE : WIRE_FALSE;
        return 0;
    }
    if (field->kind == WIRE_INT) {
        /* json.h takes only numbers that a double holds exactly. */
        *(struct wire_int *)(void *)at = (struct wire_int){(int64_t)json->number, true};
        if ((double)(int64_t)json->number != json->number)
            return json_refuse(reterr, json->place, "\"%s\": expected a whole number", field->name);
        return 0;
    }
    if (wire_leaf_set(arena, field, object, json->string) < 0)
        return json_refuse(reterr, json->place,
                           "\"%s\": found \"%.60s\", expected a CIDR block such as 10.0.0.0/16",
                           field->name, json->string);
    if (field->kind == WIRE_ENUM && *at == 1)
        return refuse_word(field, json, reterr);
    return 0;
}

static int load_list(struct arena *arena, const struct wire_field *field, const struct json *json,
                     void *at, struct json_error *reterr)
{
    const struct wire_shape *item = field->type;
    struct wire_any_list *list = at;
    size_t reserved = 4;
    int r = require_type(json, JSON_ARRAY, field->name, reterr);

    if (r < 0)
        return r;
    while (reserved < json->n_items) /* as lists grow: state.c */
        reserved *= 2;
    *list = (struct wire_any_list){.n = json->n_items, .seen = true};
    if (list->n)
        list->items = arena_alloc(arena, reserved * item->size);
    for (size_t i = 0; i < list->n && r >= 0; i++)
        r = wire_json_load(arena, item, &json->items[i], (char *)list->items + i * item->size,
                           reterr);
    return r;
}

static int load_texts(struct arena *arena, const struct wire_field *field, const struct json *json,
                      void *at, struct json_error *reterr)
{
    struct wire_texts *texts = at;
    int r = require_type(json, JSON_ARRAY, field->name, reterr);

    if (r < 0)
        return r;
    *texts = (struct wire_texts){
        .items = ARENA_ARRAY(arena, const char *, json->n_items), .n = json->n_items, .seen = true};
    for (size_t i = 0; i < texts->n && r >= 0; i++) {
        r = require_type(&json->items[i], JSON_STRING, field->name, reterr);
        if (r >= 0)
            texts->items[i] = arena_strdup(arena, json->items[i].string);
    }
    return r;
}

static const struct wire_field *find_field(const struct wire_shape *shape, const char *name)
{
    for (unsigned i = 0; i < shape->n_fields; i++)
        if (text_equal(shape->fields[i].name, name))
            return &shape->fields[i];
    return NULL;
}

static int refuse_name(const struct wire_shape *shape, const struct json *json,
                       struct json_error *reterr)
{
    const char *names[64], *near;
    size_t n = 0;

    for (; n < shape->n_fields && n < ARRAY_SIZE(names); n++)
        names[n] = shape->fields[n].name;
    near = text_nearest(json->key, names, n);
    return json_refuse(reterr, json->key_place, "%s has no element \"%.60s\"%s%s%s", shape->name,
                       json->key, near ? "; did you mean \"" : "", near ? near : "",
                       near ? "\"?" : "");
}

int wire_json_load(struct arena *arena, const struct wire_shape *shape, const struct json *json,
                   void *object, struct json_error *reterr)
{
    int r = require_type(json, JSON_OBJECT, shape->name, reterr);

    for (size_t i = 0; i < json->n_items && r >= 0; i++) {
        const struct json *member = &json->items[i];
        const struct wire_field *field = find_field(shape, member->key);
        void *at;

        if (!field)
            return refuse_name(shape, member, reterr);
        at = (char *)object + field->offset;
        switch (field->kind) {
        case WIRE_GROUP:
            r = wire_json_load(arena, field->type, member, at, reterr);
            break;
        case WIRE_LIST:
            r = load_list(arena, field, member, at, reterr);
            break;
        case WIRE_TEXTS:
            r = load_texts(arena, field, member, at, reterr);
            break;
        default:
            r = load_leaf(arena, field, member, object, reterr);
        }
    }
    return r;
}

/* ---- struct -> JSON ---- */

static bool is_present(const struct wire_field *field, const void *object)
{
    const void *at = (const char *)object + field->offset;
    char scratch[PREFIX_TEXT_SIZE];

    if (field->kind == WIRE_LIST || field->kind == WIRE_TEXTS) {
        const struct wire_any_list *list = at; /* struct wire_texts begins alike */

        return list->n || list->seen;
    }
    if (field->kind == WIRE_GROUP) {
        const struct wire_shape *group = field->type;

        for (unsigned i = 0; i < group->n_fields; i++)
            if (is_present(&group->fields[i], at))
                return true;
        return false;
    }
    return wire_leaf_text(field, object, scratch) != NULL;
}

static void dump_leaf(struct json_writer *writer, const struct wire_field *field,
                      const void *object)
{
    const void *at = (const char *)object + field->offset;
    char scratch[PREFIX_TEXT_SIZE];

    if (field->kind == WIRE_BOOL)
        json_bool(writer, *(const uint8_t *)at == WIRE_TRUE);
    else if (field->kind == WIRE_INT)
        json_number(writer, ((const struct wire_int *)at)->value);
    else
        json_string(writer, wire_leaf_text(field, object, scratch));
}

static void dump_field(struct json_writer *writer, const struct wire_field *field,
                       const void *object)
{
    const void *at = (const char *)object + field->offset;

    switch (field->kind) {
    case WIRE_GROUP:
        wire_json_dump(writer, field->type, at);
        break;
    case WIRE_LIST: {
        const struct wire_any_list *list = at;
        const struct wire_shape *item = field->type;

        json_begin(writer, '[');
        for (size_t i = 0; i < list->n; i++)
            wire_json_dump(writer, item, (const char *)list->items + i * item->size);
        json_end(writer, ']');
        break;
    }
    case WIRE_TEXTS: {
        const struct wire_texts *texts = at;

        json_begin(writer, '[');
        for (size_t i = 0; i < texts->n; i++)
            json_string(writer, texts->items[i]);
        json_end(writer, ']');
        break;
    }
    default:
        dump_leaf(writer, field, object);
    }
}

void wire_json_dump(struct json_writer *writer, const struct wire_shape *shape, const void *object)
{
    json_begin(writer, '{');
    for (unsigned i = 0; i < shape->n_fields; i++)
        if (is_present(&shape->fields[i], object)) {
            json_key(writer, shape->fields[i].name);
            dump_field(writer, &shape->fields[i], object);
        }
    json_end(writer, '}');
}
