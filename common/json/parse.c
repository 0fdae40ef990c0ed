/* cJSON reads the values; one lexer walk in step with its tree gives the places and the strictness.
 *
 * The walk runs twice over the text: alone, so that cJSON only ever sees valid JSON, and with the
 * tree. */
#include "json_private.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#define JSON_DEPTH_MAX 64

struct walk {
    struct json_cursor cursor;
    struct arena *arena;
};

static void cjson_freep(cJSON **node)
{
    cJSON_Delete(*node);
}

static void freep(void *pointer)
{
    free(*(void **)pointer);
}

/* What a metadata service answers is JSON with keys in it (safety.md S11). */
static void wiping_freep(char **text)
{
    wiping_free(*text);
}

static cJSON_Hooks wiping = {wiping_malloc, wiping_free};

const char *json_type_name(enum json_type type)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",       [JSON_BOOL] = "true or false", [JSON_NUMBER] = "a number",
        [JSON_STRING] = "a string", [JSON_ARRAY] = "an array",     [JSON_OBJECT] = "an object",
    };

    return names[type];
}

static enum json_type type_of(const cJSON *node)
{
    if (cJSON_IsObject(node))
        return JSON_OBJECT;
    if (cJSON_IsArray(node))
        return JSON_ARRAY;
    if (cJSON_IsString(node))
        return JSON_STRING;
    if (cJSON_IsNumber(node))
        return JSON_NUMBER;
    return cJSON_IsBool(node) ? JSON_BOOL : JSON_NULL;
}

/* By key, then in document order. */
static int compare_members(const void *a, const void *b)
{
    const struct json *left = *(const struct json *const *)a,
                      *right = *(const struct json *const *)b;
    int r = strcmp(left->key, right->key);

    return r != 0 ? r : (left > right) - (left < right);
}

static int fail_duplicate(struct walk *walk, const struct json *before, const struct json *again)
{
    CLEANUP(buf_free)
    struct buf shown = {0};
    size_t n;

    /* Escaped, because it goes to a terminal; what follows the first 60 bytes helps nobody. */
    json_string(&(struct json_writer){.buf = &shown}, again->key);
    n = shown.n;
    if (n > 60)
        for (n = 60; (shown.data[n] & 0xc0) == 0x80;)
            n--;
    return json_fail(&walk->cursor, again->key_place,
                     "duplicate key %.*s%s: it is given at %u:%u already, keep one", (int)n,
                     buf_string(&shown), n < shown.n ? "..." : "", before->key_place.line,
                     before->key_place.column);
}

static int check_duplicates(struct walk *walk, const struct json *object)
{
    CLEANUP(freep)
    struct json **sorted = NULL;
    const struct json *again = NULL, *before = NULL;

    if (object->n_items < 2)
        return 0;
    sorted = malloc(object->n_items * sizeof(*sorted));
    if (!sorted)
        abort();
    for (size_t i = 0; i < object->n_items; i++)
        sorted[i] = &object->items[i];
    qsort(sorted, object->n_items, sizeof(*sorted), compare_members);
    for (size_t i = 1; i < object->n_items; i++)
        if (text_equal(sorted[i - 1]->key, sorted[i]->key) && (!again || sorted[i] < again)) {
            before = sorted[i - 1];
            again = sorted[i];
        }
    return again ? fail_duplicate(walk, before, again) : 0;
}

static int disagree(struct walk *walk)
{
    return json_fail(&walk->cursor, walk->cursor.place, "cJSON reads this value differently");
}

static int walk_value(struct walk *walk, const cJSON *node, unsigned depth, struct json *json);

static int walk_key(struct walk *walk, const cJSON *node, struct json *item)
{
    struct json_cursor *cursor = &walk->cursor;
    char found[48];
    int r;

    item->key_place = cursor->place;
    if (!json_at(cursor, '"'))
        return json_fail(cursor, cursor->place, "found %s where a key in double quotes should be",
                         json_found(cursor, found));
    r = json_skip_string(cursor);
    if (r >= 0)
        r = json_skip_space(cursor);
    if (r < 0)
        return r;
    if (!json_at(cursor, ':'))
        return json_fail(cursor, cursor->place, "found %s after a key, where \":\" should be",
                         json_found(cursor, found));
    json_skip(cursor, 1);
    if (node)
        item->key = arena_strdup(walk->arena, node->string);
    return json_skip_space(cursor);
}

/* After an item: over the comma to the next one (1), or over the bracket (0). */
static int walk_separator(struct walk *walk, char close, struct json_place open)
{
    struct json_cursor *cursor = &walk->cursor;
    struct json_place comma;
    char found[48];
    int r = json_skip_space(cursor);

    if (r < 0)
        return r;
    if (json_at(cursor, close)) {
        json_skip(cursor, 1);
        return 0;
    }
    if (!json_at(cursor, ','))
        return json_fail(cursor, cursor->place,
                         "found %s where \",\" or the \"%c\" for %u:%u should be",
                         json_found(cursor, found), close, open.line, open.column);
    comma = cursor->place;
    json_skip(cursor, 1);
    r = json_skip_space(cursor);
    if (r < 0)
        return r;
    if (json_at(cursor, close))
        return json_fail(cursor, comma, "a comma before \"%c\": remove it", close);
    return 1;
}

static int walk_container(struct walk *walk, const cJSON *node, unsigned depth, struct json *json)
{
    const char close = json->type == JSON_OBJECT ? '}' : ']';
    const cJSON *child = node ? node->child : NULL;
    struct json_cursor *cursor = &walk->cursor;
    struct json scratch = {0};
    size_t n = 0;
    int r;

    if (depth > JSON_DEPTH_MAX)
        return json_fail(cursor, cursor->place, "nested deeper than %d levels", JSON_DEPTH_MAX);
    for (const cJSON *each = child; each; each = each->next)
        json->n_items++;
    json->items = json->n_items ? ARENA_ARRAY(walk->arena, struct json, json->n_items) : NULL;
    json_skip(cursor, 1);
    r = json_skip_space(cursor);
    if (r < 0)
        return r;
    if (json_at(cursor, close)) {
        json_skip(cursor, 1);
        return json->n_items == 0 ? 0 : disagree(walk);
    }
    for (r = 1; r > 0; n++) {
        struct json *item = n < json->n_items ? &json->items[n] : &scratch;

        if (node && n == json->n_items)
            return disagree(walk);
        if (json->type == JSON_OBJECT) {
            r = walk_key(walk, child, item);
            if (r < 0)
                return r;
        }
        r = walk_value(walk, child, depth + 1, item);
        if (r < 0)
            return r;
        r = walk_separator(walk, close, json->place);
        child = child ? child->next : NULL;
    }
    if (r < 0)
        return r;
    if (child)
        return disagree(walk);
    return json->type == JSON_OBJECT ? check_duplicates(walk, json) : 0;
}

static int walk_number(struct walk *walk, const cJSON *node, struct json *json)
{
    const char *text = walk->cursor.at;
    int r = json_skip_number(&walk->cursor);
    const int n = (int)(walk->cursor.at - text);

    if (r < 0 || !node)
        return r;
    json->number = node->valuedouble;
    if (!json_number_exact(text, (size_t)n, json->number))
        return json_fail(&walk->cursor, json->place,
                         "%.*s cannot be held exactly: use fewer digits, or a string for an id", n,
                         text);
    return 0;
}

static enum json_type type_at(const struct json_cursor *cursor)
{
    const char c = cursor->at < cursor->end ? *cursor->at : 0;

    switch (c) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 'n':
        return JSON_NULL;
    default:
        return (c >= '0' && c <= '9') || (c && strchr("+-.", c)) ? JSON_NUMBER : JSON_BOOL;
    }
}

static int walk_value(struct walk *walk, const cJSON *node, unsigned depth, struct json *json)
{
    struct json_cursor *cursor = &walk->cursor;
    int r;

    json->type = type_at(cursor);
    json->place = cursor->place;
    if (node && type_of(node) != json->type)
        return disagree(walk);
    switch (json->type) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return walk_container(walk, node, depth, json);
    case JSON_NUMBER:
        return walk_number(walk, node, json);
    case JSON_STRING:
        r = json_skip_string(cursor);
        if (node)
            json->string = arena_strdup(walk->arena, node->valuestring);
        return r;
    case JSON_BOOL:
        json->boolean = node && cJSON_IsTrue(node);
        return json_skip_word(cursor);
    case JSON_NULL:
        break;
    }
    return json_skip_word(cursor);
}

static int walk_document(struct walk *walk, const cJSON *node, struct json *json)
{
    struct json_cursor *cursor = &walk->cursor;
    char found[48];
    int r;

    cursor->at = cursor->begin;
    cursor->place = (struct json_place){1, 1};
    r = json_skip_space(cursor);
    if (r >= 0)
        r = walk_value(walk, node, 1, json);
    if (r >= 0)
        r = json_skip_space(cursor);
    if (r >= 0 && cursor->at < cursor->end)
        r = json_fail(cursor, cursor->place, "found %s after the end of the value: remove it",
                      json_found(cursor, found));
    return r;
}

int json_parse(struct arena *arena, const char *text, size_t n, const struct json **ret_json,
               struct json_error *reterr)
{
    struct walk walk = {.arena = arena, .cursor = {.begin = text, .at = text, .error = reterr}};
    CLEANUP(cjson_freep)
    cJSON *root = NULL;
    CLEANUP(wiping_freep)
    char *blanked = NULL;
    struct json scratch = {0}, *json;
    const char *stopped = NULL;
    int r;

    walk.cursor.place = (struct json_place){1, 1};
    if (n > JSON_SIZE_MAX) {
        json_fail(&walk.cursor, walk.cursor.place, "%zu bytes are too long: at most %zu", n,
                  JSON_SIZE_MAX);
        return -EFBIG;
    }
    if (n == 0) /* text may be NULL */
        return json_fail(&walk.cursor, walk.cursor.place, "the text is empty: write at least {}");
    walk.cursor.end = text + n;
    r = json_check_text(&walk.cursor);
    if (r < 0)
        return r;
    walk.cursor.blanked = blanked = wiping_malloc(n + 1);
    if (!blanked)
        abort();
    memcpy(blanked, text, n);
    blanked[n] = 0;
    r = walk_document(&walk, NULL, &scratch);
    if (r < 0)
        return r;
    cJSON_InitHooks(&wiping);
    root = cJSON_ParseWithLengthOpts(blanked, n + 1, &stopped, true);
    if (!root)
        return json_fail(&walk.cursor, (struct json_place){1, 1}, "cJSON refuses this text");
    json = ARENA_NEW(arena, struct json);
    r = walk_document(&walk, root, json);
    if (r >= 0)
        *ret_json = json;
    return r;
}

const struct json *json_member(const struct json *object, const char *key)
{
    for (size_t i = 0; object && object->type == JSON_OBJECT && i < object->n_items; i++)
        if (text_equal(object->items[i].key, key))
            return &object->items[i];
    return NULL;
}
