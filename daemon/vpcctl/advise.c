/* vpcctl advise: the ways to connect each group, weighed; from the config, or with --live from what
 * the daemon sees of the VPC in one observation. */
#include "verbs.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../config_dir.h"
#include "child.h"
#include "prices_default.h"
#include "show_advice.h"
#include "terminal.h"
#include "vpc_reconciled/json.h"
#include "vpc_reconciled/report.h"

#define DAEMON "vpc-reconciled"
#define ADVISE_JSON_VERSION 1
#define PRICES_SIZE_MAX ((size_t)1 << 20)

struct seen {
    const char *target;
    struct advise_facts facts;
};
struct advising {
    struct arena *arena;
    VEC(struct seen) seen;
};

/* ---- prices ---- */

static int read_file(struct arena *arena, const char *path, const char **ret_text, size_t *ret_n)
{
    FILE *file = fopen(path, "re");
    char *text = arena_alloc(arena, PRICES_SIZE_MAX + 1);
    size_t n;
    int r = 0;

    if (!file)
        return -errno;
    n = fread(text, 1, PRICES_SIZE_MAX + 1, file);
    if (ferror(file))
        r = -EIO;
    else if (n > PRICES_SIZE_MAX)
        r = -EFBIG;
    fclose(file);
    *ret_text = text;
    *ret_n = n;
    return r;
}

/* The named file, else DIR/prices.json, else the table that this program was built with. */
static int load_prices(struct arena *arena, const struct command_line *line, const char *directory,
                       struct prices **ret_prices)
{
    const char *path =
        line->prices ? line->prices : arena_printf(arena, "%s/prices.json", directory);
    const char *text = prices_default, *error = NULL;
    size_t n = prices_default_size;
    int r = read_file(arena, path, &text, &n);

    if (r == -ENOENT && !line->prices) {
        path = "built-in prices";
        text = prices_default;
        n = prices_default_size;
    } else if (r < 0) {
        fprintf(stderr, "vpcctl: %s: %s\n", path, strerror(-r));
        return r;
    }
    r = prices_parse(arena, path, text, n, ret_prices, &error);
    if (r < 0)
        fprintf(stderr, "%s\n", error);
    return r;
}

/* ---- the live VPC ---- */

static void on_line(void *data, const char *line, size_t n)
{
    struct advising *advising = data;
    const struct json *json = NULL, *inventory = NULL, *target, *kind;
    struct json_error error;
    struct event event;
    CLEANUP(buf_free)
    struct buf text = {0};

    if (n == 0)
        return;
    if (json_parse(advising->arena, line, n, &json, &error) == 0 && json->type == JSON_OBJECT) {
        inventory = json_member(json, "inventory");
        target = json_member(json, "target");
        kind = json_member(json, "event");
        if (inventory && target && target->type == JSON_STRING) {
            struct seen *seen = VEC_ADD(advising->arena, &advising->seen);

            seen->target = target->string;
            if (advise_facts_parse(advising->arena, inventory, &seen->facts) < 0)
                advising->seen.n--;
            return;
        }
        /* What drifted is the plan's to say; errors are for the reader's eyes. */
        if (kind && event_from_json(json, &event) == 0) {
            if (event.priority > PRIORITY_ERR || event.finding)
                return;
            event_render_text(&text, &event, terminal_colours(STDERR_FILENO));
            fputs(buf_string(&text), stderr);
            return;
        }
    }
    buf_add(&text, line, n);
    fprintf(stderr, "%s\n", buf_string(&text));
}

static int observe(struct advising *advising, const struct command_line *line)
{
    const char *argv[] = {child_find(advising->arena, DAEMON),
                          "--observe",
                          "--once",
                          "--json",
                          "--inventory",
                          line->config_directory ? "--config" : NULL,
                          line->config_directory,
                          NULL};
    int signal = 0, status = child_run(argv, on_line, advising, &signal);

    if (status == -ECHILD)
        fprintf(stderr, "vpcctl: %s was ended by a signal: %s\n", argv[0], strsignal(signal));
    else if (status < 0)
        fprintf(stderr, "vpcctl: %s could not be run: %s\n", argv[0], strerror(-status));
    return status < 0 ? EXIT_STATUS_UNKNOWN : status;
}

static const struct advise_facts *facts_of(const struct advising *advising, const char *target)
{
    VEC_EACH (seen, &advising->seen)
        if (text_equal(seen->target, target))
            return &seen->facts;
    return NULL;
}

/* ---- the answer ---- */

static int show(struct advising *advising, const struct config *config,
                const struct command_line *line, const struct prices *prices, double gb_month)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct json_writer writer = {.buf = &text, .pretty = isatty(STDOUT_FILENO)};
    int status = EXIT_STATUS_IN_SYNC;

    json_begin(&writer, '{');
    json_key(&writer, "version");
    json_number(&writer, ADVISE_JSON_VERSION);
    json_key(&writer, "targets");
    json_begin(&writer, '[');
    for (size_t i = 0; i < config->n_targets; i++) {
        const struct advise_facts *facts = facts_of(advising, config->targets[i].name);
        const struct advice *advice =
            advise(advising->arena, &config->targets[i], facts, prices, gb_month);

        if (line->live && !facts) {
            fprintf(stderr,
                    "vpcctl: %s: the VPC could not be seen whole; this is from its config\n",
                    config->targets[i].name);
            status = EXIT_STATUS_UNKNOWN;
        }
        if (line->json)
            show_advice_json(&writer, advice);
        else
            show_advice_text(advice, terminal_colours(STDOUT_FILENO));
    }
    json_end(&writer, ']');
    json_end(&writer, '}');
    buf_char(&text, '\n');
    if (line->json)
        fputs(buf_string(&text), stdout);
    else if (config->n_targets == 0)
        printf("No VPC is declared.\n");
    return status;
}

static bool read_gb(const char *text, double *ret_gb)
{
    char *end;

    *ret_gb = -1;
    if (!text)
        return true;
    *ret_gb = strtod(text, &end);
    return end != text && *end == 0 && isfinite(*ret_gb) && *ret_gb >= 0 && *ret_gb < 1e12;
}

int verb_advise(const struct command_line *line)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct advising advising = {.arena = arena};
    struct config *config = NULL;
    struct config_errors errors = {0};
    struct prices *prices = NULL;
    double gb_month;
    const char *directory =
        line->config_directory ? line->config_directory : CONFIG_DIRECTORY_DEFAULT;

    if (!read_gb(line->gb, &gb_month)) {
        fprintf(stderr, "vpcctl: --gb %s: not a number of GB a month, as 500\n", line->gb);
        return EXIT_STATUS_USAGE;
    }
    if (config_dir_load(arena, directory, &config, &errors) < 0) {
        fprintf(stderr, "vpcctl: the config in %s is wrong; vpcctl check names every error\n",
                directory);
        return EXIT_STATUS_CONFIG;
    }
    if (load_prices(arena, line, directory, &prices) < 0)
        return EXIT_STATUS_CONFIG;
    if (line->live && observe(&advising, line) == EXIT_STATUS_CONFIG)
        return EXIT_STATUS_CONFIG;
    return show(&advising, config, line, prices, gb_month);
}
