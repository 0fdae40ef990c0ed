/* vpcctl check: the config, read by the daemon's own code, offline. */
#include "verbs.h"

#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../config_dir.h"
#include "vpc_reconciled/json.h"
#include "vpc_reconciled/report.h"

#define CHECK_JSON_VERSION                                                                         \
    1 /* raised when a member changes its meaning or goes; new ones may come */
#define SAID_MAX 1024

struct checked {
    const char *directory;
    const struct config *config; /* NULL: wrong */
    struct config_errors errors;
};

static const char *vpc_text(struct arena *arena, const struct config_target *target)
{
    if (target->vpc_id)
        return target->vpc_id;
    return arena_printf(arena, "tag:%s=%s", target->vpc_tag.key, target->vpc_tag.value);
}

static const char *mode_text(const struct config_target *target)
{
    return target->repair_mode && !target->observe_because ? "repair" : "observe";
}

static void json_errors(struct json_writer *writer, const struct config_errors *errors)
{
    json_key(writer, "errors");
    json_begin(writer, '[');
    VEC_EACH (error, &errors->list) {
        json_begin(writer, '{');
        json_text_member(writer, "file", error->file);
        if (error->line) {
            json_key(writer, "line");
            json_number(writer, error->line);
            json_key(writer, "column");
            json_number(writer, error->column);
        }
        json_text_member(writer, "message", error->message);
        json_end(writer, '}');
    }
    json_end(writer, ']');
    json_key(writer, "more_errors");
    json_bool(writer, errors->more);
}

static void json_targets(struct arena *arena, struct json_writer *writer,
                         const struct config *config)
{
    json_key(writer, "targets");
    json_begin(writer, '[');
    for (size_t i = 0; i < config->n_targets; i++) {
        const struct config_target *target = &config->targets[i];

        json_begin(writer, '{');
        json_text_member(writer, "target", target->name);
        json_text_member(writer, "vpc", vpc_text(arena, target));
        json_text_member(writer, "region", target->region);
        json_text_member(writer, "mode", mode_text(target));
        json_text_member(writer, "observe_because", target->observe_because);
        json_text_member(writer, "file", target->file);
        json_end(writer, '}');
    }
    json_end(writer, ']');
    json_key(writer, "not_checked");
    json_begin(writer, '[');
    for (size_t i = 0; i < config->not_checked.n; i++)
        json_string(writer, config->not_checked.items[i]);
    json_end(writer, ']');
}

static void show_json_form(struct arena *arena, const struct checked *checked)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct json_writer writer = {.buf = &text, .pretty = isatty(STDOUT_FILENO)};

    json_begin(&writer, '{');
    json_key(&writer, "version");
    json_number(&writer, CHECK_JSON_VERSION);
    json_key(&writer, "valid");
    json_bool(&writer, checked->config != NULL);
    json_text_member(&writer, "directory", checked->directory);
    if (checked->config)
        json_targets(arena, &writer, checked->config);
    json_errors(&writer, &checked->errors);
    json_end(&writer, '}');
    buf_char(&text, '\n');
    fputs(buf_string(&text), stdout);
}

static void unref_table(struct libscols_table **table)
{
    scols_unref_table(*table);
}

static void print_targets(struct arena *arena, const struct config *config)
{
    static const char *const names[] = {"TARGET", "VPC", "REGION", "MODE", "FILE"};
    CLEANUP(unref_table)
    struct libscols_table *table = scols_new_table();

    if (!table)
        abort();
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (!scols_table_new_column(table, names[i], 0, 0))
            abort();
    for (size_t i = 0; i < config->n_targets; i++) {
        const struct config_target *target = &config->targets[i];
        const char *const cells[ARRAY_SIZE(names)] = {
            target->name, vpc_text(arena, target), target->region, mode_text(target), target->file};
        struct libscols_line *row = scols_table_new_line(table, NULL);

        for (size_t k = 0; k < ARRAY_SIZE(names); k++)
            if (!row || scols_line_set_data(row, k, cells[k]) < 0)
                abort();
    }
    scols_print_table(table);
    printf("\n");
}

/* One line of text that may hold anything which a config file can say. */
static void put(FILE *stream, const char *before, const char *text, const char *after)
{
    CLEANUP(buf_free)
    struct buf line = {0};

    report_escape(&line, text, SAID_MAX);
    fprintf(stream, "%s%s%s\n", before, buf_string(&line), after);
}

/* As compilers write them, on stderr: editors jump to them, and stdout is for what is right. */
static void put_errors(const struct config_errors *errors)
{
    VEC_EACH (error, &errors->list) {
        CLEANUP(buf_free)
        struct buf line = {0};

        buf_text(&line, error->file);
        if (error->line)
            buf_printf(&line, ":%u:%u", error->line, error->column);
        buf_printf(&line, ": %s", error->message);
        put(stderr, "", buf_string(&line), "");
    }
    if (errors->more)
        fprintf(stderr, "There are more errors than these.\n");
}

static void show_text(struct arena *arena, const struct checked *checked)
{
    const struct config *config = checked->config;

    put_errors(&checked->errors);
    if (!config) {
        put(stderr, "The config in ", checked->directory, " is wrong.");
        return;
    }
    if (config->n_targets)
        print_targets(arena, config);
    for (size_t i = 0; i < config->not_checked.n; i++)
        put(stdout, "Note: ", config->not_checked.items[i], "");
    for (size_t i = 0; i < config->n_targets; i++)
        if (config->targets[i].repair_mode && config->targets[i].observe_because)
            put(stdout, "Note: ",
                arena_printf(arena, "%s: only observed, because of %s", config->targets[i].name,
                             config->targets[i].observe_because),
                "");
    put(stdout, "The config in ", checked->directory,
        config->n_targets == 1 ? " is right: 1 VPC."
                               : arena_printf(arena, " is right: %zu VPCs.", config->n_targets));
}

int verb_check(const struct command_line *line)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct config *config = NULL;
    struct checked checked = {.directory = line->config_directory ? line->config_directory
                                                                  : CONFIG_DIRECTORY_DEFAULT};
    int r = config_dir_load(arena, checked.directory, &config, &checked.errors);

    checked.config = r < 0 ? NULL : config;
    if (line->json)
        show_json_form(arena, &checked);
    else
        show_text(arena, &checked);
    return checked.config ? EXIT_STATUS_IN_SYNC : EXIT_STATUS_CONFIG;
}
