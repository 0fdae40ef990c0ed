/* Errors with their place and path, and the walk over a table of keys. */
#include "config_private.h"

#include <stdio.h>
#include <stdlib.h>

#define SHOWN_MAX 60 /* bytes of a text from the file in one message */

bool config_full(struct loader *loader)
{
    if (loader->n_file_errors < CONFIG_ERRORS_MAX)
        return false;
    loader->more = true;
    return true;
}

PRINTF_LIKE(3, 0)
static void add_note(struct loader *loader, struct json_place place, const char *format,
                     va_list args)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct note *note;
    char line[1024];

    if (config_full(loader))
        return;
    if (loader->path.n)
        buf_printf(&text, "%s: ", buf_string(&loader->path));
    vsnprintf(line, sizeof(line), format, args);
    buf_text(&text, line);
    loader->n_file_errors++;
    note = VEC_ADD(loader->scratch, &loader->errors);
    *note = (struct note){loader->file, place, arena_strdup(loader->arena, buf_string(&text))};
}

void config_fail(struct loader *loader, const struct json *json, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_note(loader, json->place, format, args);
    va_end(args);
}

void config_fail_key(struct loader *loader, const struct json *json, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_note(loader, json->key ? json->key_place : json->place, format, args);
    va_end(args);
}

void config_fail_member(struct loader *loader, const struct json *member, const char *format, ...)
{
    const size_t was = config_enter(loader, member);
    va_list args;

    va_start(args, format);
    add_note(loader, member->place, format, args);
    va_end(args);
    config_leave(loader, was);
}

void config_fail_at(struct loader *loader, struct json_place place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_note(loader, place, format, args);
    va_end(args);
}

void config_not_checked(struct loader *loader, const struct json *json, const char *value)
{
    struct note *note = VEC_ADD(loader->scratch, &loader->not_checked);

    *note = (struct note){loader->file, value ? json->place : json->key_place,
                          arena_printf(loader->scratch, "%s%s%s%s", buf_string(&loader->path),
                                       value ? ": \"" : "", value ? value : "", value ? "\"" : "")};
}

/* Bytes of text that are shown: whole characters of UTF-8. */
static size_t shown_length(const char *text)
{
    size_t n = strlen(text);

    if (n <= SHOWN_MAX)
        return n;
    for (n = SHOWN_MAX; n > 0 && (text[n] & 0xc0) == 0x80;)
        n--;
    return n;
}

const char *config_shown(struct loader *loader, const char *text)
{
    CLEANUP(buf_free)
    struct buf shown = {0};
    size_t n = shown_length(text);
    const char *cut = text[n] ? arena_printf(loader->scratch, "%.*s...", (int)n, text) : text;

    json_string(&(struct json_writer){.buf = &shown}, cut);
    return arena_strdup(loader->scratch, buf_string(&shown));
}

size_t config_enter(struct loader *loader, const struct json *json)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-:*";
    const size_t was = loader->path.n, n = strlen(json->key);

    if (was)
        buf_char(&loader->path, '.');
    if (n > 0 && n <= SHOWN_MAX && strspn(json->key, plain) == n)
        buf_text(&loader->path, json->key);
    else
        buf_text(&loader->path, config_shown(loader, json->key));
    return was;
}

size_t config_enter_index(struct loader *loader, size_t index)
{
    const size_t was = loader->path.n;

    buf_printf(&loader->path, "[%zu]", index);
    return was;
}

void config_leave(struct loader *loader, size_t was)
{
    assert(was <= loader->path.n);
    if (loader->path.data)
        loader->path.data[was] = 0;
    loader->path.n = was;
}

const char *config_nearest(struct loader *loader, const char *text, const char *const *words,
                           size_t n)
{
    const char *nearest = text_nearest(text, words, n);

    /* "nat" for "nat-gateway": far in letters, near in meaning */
    for (size_t i = 0; i < n && !nearest && strlen(text) >= 3; i++)
        if (strcasestr(words[i], text))
            nearest = words[i];
    return nearest ? arena_printf(loader->scratch, " (did you mean \"%s\"?)", nearest) : "";
}

static const struct config_row *find_row(const struct config_table *table, const char *key)
{
    for (size_t i = 0; table && i < table->n; i++)
        if (text_equal(table->rows[i].key, key))
            return &table->rows[i];
    return NULL;
}

static void fail_unknown_key(struct loader *loader, const struct config_table *table,
                             const struct json *json)
{
    const char **words = ARENA_ARRAY(loader->scratch, const char *, table->n);
    CLEANUP(buf_free)
    struct buf known = {0};
    const char *nearest;

    for (size_t i = 0; i < table->n; i++) {
        words[i] = table->rows[i].key;
        buf_printf(&known, "%s%s", i ? ", " : "", words[i]);
    }
    nearest = config_nearest(loader, json->key, words, table->n);
    if (find_row(table->elsewhere, json->key))
        config_fail_key(loader, json, "this key belongs in %s", table->elsewhere_is);
    else if (*nearest)
        config_fail_key(loader, json, "unknown key%s", nearest);
    else
        config_fail_key(loader, json, "unknown key; known here: %s", buf_string(&known));
}

static bool type_fits(struct loader *loader, const struct json *json, unsigned types,
                      const char *right)
{
    if (types & (1U << json->type))
        return true;
    config_fail(loader, json, "found %s; write %s", json_type_name(json->type), right);
    return false;
}

bool config_is(struct loader *loader, const struct json *json, enum json_type type,
               const char *right)
{
    return type_fits(loader, json, 1U << type, right);
}

void config_read_object(struct loader *loader, const struct config_table *table,
                        const struct json *json, void *object)
{
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const struct json *member = &json->items[i];
        const struct config_row *row = find_row(table, member->key);
        const size_t was = config_enter(loader, member);

        if (!row) {
            fail_unknown_key(loader, table, member);
        } else if (type_fits(loader, member, row->types, row->right)) {
            if (row->not_checked)
                config_not_checked(loader, member, NULL);
            row->read(loader, row, member, (char *)object + row->offset);
        }
        config_leave(loader, was);
    }
    for (size_t i = 0; i < table->n; i++)
        if (table->rows[i].required && !json_member(json, table->rows[i].key))
            config_fail(loader, json, "\"%s\" is missing; write %s", table->rows[i].key,
                        table->rows[i].right);
}

void config_claim(struct loader *loader, enum claim_kind kind, const struct json *json,
                  const char *text)
{
    const size_t order = loader->claims.n;
    struct claim *claim = VEC_ADD(loader->scratch, &loader->claims);

    *claim = (struct claim){kind,
                            order,
                            loader->file,
                            json->place,
                            arena_strdup(loader->scratch, text),
                            arena_strdup(loader->scratch, buf_string(&loader->path))};
}

static int compare_claims(const void *a, const void *b)
{
    const struct claim *left = a, *right = b;
    int r = (left->kind > right->kind) - (left->kind < right->kind);

    if (r == 0)
        r = strcmp(left->text, right->text);
    return r != 0 ? r : (left->order > right->order) - (left->order < right->order);
}

void config_check_claims(struct loader *loader)
{
    static const char *const rules[] = {
        [CLAIM_TARGET_NAME] = "each file wants a name of its own",
        [CLAIM_VPC] = "a VPC has one file",
        [CLAIM_VPC_TAG] = "a VPC has one file",
        [CLAIM_SUBNET] = "a subnet belongs to one group, once",
        [CLAIM_ADDRESS] = "an address serves one Availability Zone, once",
    };
    struct claim *claims = loader->claims.items, *first = claims;
    unsigned n_errors = 0;

    if (loader->claims.n == 0)
        return;
    qsort(claims, loader->claims.n, sizeof(*claims), compare_claims);
    for (struct claim *claim = claims + 1; claim < claims + loader->claims.n; claim++) {
        if (claim->kind != first->kind || !text_equal(claim->text, first->text)) {
            first = claim;
            continue;
        }
        if (n_errors++ == CONFIG_ERRORS_MAX) {
            loader->more = true;
            return;
        }
        loader->file = claim->file;
        loader->n_file_errors = 0; /* this check counts for itself */
        config_fail_at(loader, claim->place, "%s: %s is given at %s:%u:%u already (%s); %s",
                       claim->path, config_shown(loader, claim->text),
                       loader->files[first->file].path, first->place.line, first->place.column,
                       first->path, rules[claim->kind]);
    }
}
