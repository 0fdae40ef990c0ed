/* All files together: the main file first, then one target for each other file. */
#include "config_private.h"

#include <stdio.h>
#include <stdlib.h>

#define SECOND 1000ULL
#define HOUR (3600 * SECOND)

static void config_defaults(struct config *config)
{
    *config = (struct config){
        .owner = "vpc-reconciled",
        .interval_ms = 60 * SECOND,
        .jitter_percent = 10,
        .confirm_route_ms = 10 * SECOND,
        .confirm_create_ms = 60 * SECOND,
        .page_after_ms = 120 * SECOND,
        .remind_every_ms = 4 * HOUR,
    };
}

static void target_defaults(struct loader *loader, struct config_target *target)
{
    *target = (struct config_target){
        .file = arena_strdup(loader->arena, loader->files[loader->file].path),
        .changes_per_pass = 20,
        .changes_per_hour = 60,
        .monthly_usd = -1,
    };
    config_default_policies(target);
}

/* The file's object, or NULL with an error. */
static const struct json *parse_file(struct loader *loader, size_t i, const char *right)
{
    const struct config_file *file = &loader->files[i];
    const struct json *json = NULL;
    struct json_error error = {0};

    loader->file = i;
    loader->n_file_errors = 0;
    loader->region = NULL;
    loader->target = NULL;
    if (file->n > CONFIG_FILE_SIZE_MAX) {
        config_fail_at(loader, (struct json_place){0},
                       "longer than the %zu bytes that a config file may have: is it "
                       "the right file?",
                       CONFIG_FILE_SIZE_MAX);
        return NULL;
    }
    if (json_parse(loader->scratch, file->text, file->n, &json, &error) < 0) {
        config_fail_at(loader, error.place, "%s", error.message);
        return NULL;
    }
    return config_is(loader, json, JSON_OBJECT, right) ? json : NULL;
}

static void read_main(struct loader *loader, size_t i)
{
    const struct json *json = parse_file(loader, i, "an object: {\"interval\": \"60s\"}");

    if (json)
        config_read_object(loader, &config_main_table, json, loader->config);
}

static void read_target(struct loader *loader, size_t i)
{
    const struct json *json = parse_file(
        loader, i, "one object for one VPC: {\"name\": ..., \"region\": ..., \"vpc\": ...}");
    struct config_target *target = &loader->config->targets[loader->config->n_targets];
    const struct json *region = json_member(json, "region");

    if (!json)
        return;
    target_defaults(loader, target);
    loader->target = target;
    /* Zones are held against the region, which may be written after them. */
    if (region && region->type == JSON_STRING && !config_problem_region(loader, region->string))
        loader->region = region->string;
    config_read_object(loader, &config_target_table, json, target);
    if (!target->ipv6_cidr) {
        target->ipv6_cidr = "unmanaged";
        for (size_t j = 0; j < target->n_groups; j++)
            if (target->groups[j].n_create)
                target->ipv6_cidr = "amazon"; /* subnets that we create want a block */
    }
    config_check_target(loader, json);
    loader->config->n_targets++;
}

static int compare_notes(const void *a, const void *b)
{
    const struct note *left = a, *right = b;

    if (left->file != right->file)
        return left->file < right->file ? -1 : 1;
    if (left->place.line != right->place.line)
        return left->place.line < right->place.line ? -1 : 1;
    if (left->place.column != right->place.column)
        return left->place.column < right->place.column ? -1 : 1;
    return strcmp(left->message, right->message);
}

static int compare_targets(const void *a, const void *b)
{
    const struct config_target *left = a, *right = b;

    return strcmp(left->name, right->name);
}

static void give_errors(struct loader *loader, struct config_errors *errors)
{
    qsort(loader->errors.items, loader->errors.n, sizeof(*loader->errors.items), compare_notes);
    errors->more = loader->more || loader->errors.n > CONFIG_ERRORS_MAX;
    for (size_t i = 0; i < loader->errors.n && i < CONFIG_ERRORS_MAX; i++) {
        const struct note *note = &loader->errors.items[i];
        struct config_error *error = VEC_ADD(loader->arena, &errors->list);

        *error = (struct config_error){arena_strdup(loader->arena, loader->files[note->file].path),
                                       note->place.line, note->place.column, note->message};
    }
}

static void give_not_checked(struct loader *loader, struct texts *texts)
{
    const struct note *notes = loader->not_checked.items;
    const size_t n = loader->not_checked.n;

    if (n)
        qsort(loader->not_checked.items, n, sizeof(*notes), compare_notes);
    texts->items = ARENA_ARRAY(loader->arena, const char *, n);
    for (size_t i = 0; i < n; i++)
        texts->items[texts->n++] =
            arena_printf(loader->arena, "%s:%u:%u: %s: not checked by this version",
                         loader->files[notes[i].file].path, notes[i].place.line,
                         notes[i].place.column, notes[i].message);
}

static void read_files(struct loader *loader, size_t n_files)
{
    size_t main_file = n_files;

    for (size_t i = 0; i < n_files; i++) {
        if (!loader->files[i].is_main)
            continue;
        if (main_file == n_files) {
            main_file = i;
            read_main(loader, i);
        } else {
            loader->file = i;
            loader->n_file_errors = 0;
            config_fail_at(loader, (struct json_place){0},
                           "a second main file, beside %s: keep one",
                           loader->files[main_file].path);
        }
    }
    for (size_t i = 0; i < n_files; i++)
        if (!loader->files[i].is_main)
            read_target(loader, i);
    config_check_claims(loader);
}

int config_parse(struct arena *arena, const struct config_file *files, size_t n_files,
                 struct config **ret_config, struct config_errors *ret_errors)
{
    CLEANUP(arena_freep)
    struct arena *scratch = arena_new();
    struct loader loader = {.arena = arena, .scratch = scratch, .files = files};
    struct config *config = ARENA_NEW(arena, struct config);

    *ret_errors = (struct config_errors){0};
    config_defaults(config);
    config->targets = ARENA_ARRAY(arena, struct config_target, n_files);
    loader.config = config;
    read_files(&loader, n_files);
    buf_free(&loader.path);
    if (loader.errors.n) {
        give_errors(&loader, ret_errors);
        return -EINVAL;
    }
    if (config->n_targets)
        qsort(config->targets, config->n_targets, sizeof(*config->targets), compare_targets);
    give_not_checked(&loader, &config->not_checked);
    *ret_config = config;
    return 0;
}
