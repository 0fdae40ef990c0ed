#include "options.h"

#include <getopt.h>
#include <stdio.h>

#define CONFIG_DIRECTORY_DEFAULT "/etc/vpc-reconciled"

/* index in option_rows */
enum option_id {
    OPTION_ID_CONFIG,
    OPTION_ID_ONCE,
    OPTION_ID_OBSERVE,
    OPTION_ID_APPROVE,
    OPTION_ID_JSON,
    OPTION_ID_INVENTORY,
    OPTION_ID_HELP,
    OPTION_ID_VERSION,
    OPTION_ID_COUNT,
};

const struct option_row option_rows[] = {
    [OPTION_ID_CONFIG] = {"config", 'c', "DIR",
                          "read the config in DIR (default " CONFIG_DIRECTORY_DEFAULT ")"},
    [OPTION_ID_ONCE] = {"once", 0, NULL, "end when nothing more can be done now"},
    [OPTION_ID_OBSERVE] = {"observe", 0, NULL,
                           "change nothing, in AWS or on disk, whatever the config says"},
    [OPTION_ID_APPROVE] = {"approve", 0, "FINDING",
                           "let this run repair a finding whose policy asks for approval;\n"
                           "may be given more than once"},
    [OPTION_ID_JSON] = {"json", 0, NULL, "events on stderr as JSON, one object a line"},
    [OPTION_ID_INVENTORY] =
        {"inventory", 0, NULL,
         "each pass also reports what every VPC has, as vpcctl advise reads it"},
    [OPTION_ID_HELP] = {"help", 'h', NULL, "show this and end"},
    [OPTION_ID_VERSION] = {"version", 'V', NULL, "show the version and end"},
};
const size_t option_n_rows = ARRAY_SIZE(option_rows);
static_assert(ARRAY_SIZE(option_rows) == OPTION_ID_COUNT, "a row for each option");

static const char help_head[] =
    "vpc-reconciled [OPTION...]\n"
    "\n"
    "Holds a declared connectivity config against live VPCs, says what drifted, and repairs\n"
    "it where the config allows.\n"
    "\n";
static const char help_tail[] =
    "\n"
    "Credentials, region and endpoints come from the variables of any AWS client:\n"
    "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL,\n"
    "AWS_ENDPOINT_URL_EC2, AWS_ENDPOINT_URL_STS, AWS_CA_BUNDLE. State is kept in\n"
    "$STATE_DIRECTORY, else /var/lib/vpc-reconciled. SIGHUP reads the config again; SIGTERM ends\n"
    "after the call in flight, a second one at once.\n"
    "\n"
    "Exit status:\n"
    "   0  in sync\n"
    "   1  something needed stayed unknown, a repair failed, time ran out, or another run holds\n"
    "      the state directory\n"
    "   2  drift remains\n"
    "  64  the command line is wrong\n"
    "  78  the config or the environment is wrong\n";

void options_help(struct buf *buf)
{
    buf_text(buf, help_head);
    for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
        const struct option_row *row = &option_rows[i];
        char left[40];

        if (row->letter)
            snprintf(left, sizeof(left), "-%c, --%s %s", row->letter, row->name,
                     row->argument ? row->argument : "");
        else
            snprintf(left, sizeof(left), "    --%s %s", row->name,
                     row->argument ? row->argument : "");
        buf_printf(buf, "  %-24s", left);
        for (const char *c = row->help; *c; c++) {
            buf_char(buf, *c);
            if (*c == '\n')
                buf_printf(buf, "%26s", "");
        }
        buf_char(buf, '\n');
    }
    buf_text(buf, help_tail);
}

/* What getopt_long wants, from the table. */
static void fill(struct option *long_options, char *letters)
{
    size_t n = 0;

    letters[n++] = ':'; /* a missing argument is told apart from an unknown option */
    for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
        long_options[i] =
            (struct option){.name = option_rows[i].name,
                            .has_arg = option_rows[i].argument ? required_argument : no_argument,
                            .val = 256 + (int)i};
        if (!option_rows[i].letter)
            continue;
        letters[n++] = option_rows[i].letter;
        if (option_rows[i].argument)
            letters[n++] = ':';
    }
    letters[n] = 0;
}

static int row_of(int option)
{
    if (option >= 256)
        return option - 256;
    for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
        if (option_rows[i].letter == option)
            return (int)i;
    return -1;
}

static int unknown(const char *word, struct buf *message)
{
    const char *names[ARRAY_SIZE(option_rows)], *nearest = NULL;
    char name[64];

    for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
        names[i] = option_rows[i].name;
    if (text_starts_with(word, "--")) {
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
        nearest = text_nearest(name, names, ARRAY_SIZE(names));
    }
    if (nearest && strcmp(nearest, name) == 0) /* then it has "=VALUE" */
        buf_printf(message, "%s: --%s takes no value", word, nearest);
    else if (nearest)
        buf_printf(message, "%s: no such option; did you mean --%s?", word, nearest);
    else
        buf_printf(message, "%s: no such option; --help shows them all", word);
    return -EINVAL;
}

static int approve(struct arena *arena, struct options *options, const char *finding,
                   struct buf *message)
{
    const char **items;

    if (!*finding || strcmp(finding, "all") == 0 || strcmp(finding, "*") == 0) {
        buf_text(message, "--approve wants the id of one finding, as the report shows it; there is "
                          "no way to approve what nobody has seen");
        return -EINVAL;
    }
    items = ARENA_ARRAY(arena, const char *, options->approved.n + 1);
    if (options->approved.n)
        memcpy(items, options->approved.items, options->approved.n * sizeof(*items));
    items[options->approved.n++] = finding;
    options->approved.items = items;
    return 0;
}

static int answer(enum option_id id)
{
    CLEANUP(buf_free)
    struct buf text = {0};

    if (id == OPTION_ID_HELP)
        options_help(&text);
    else
        buf_text(&text, "vpc-reconciled " VPC_RECONCILED_VERSION "\n");
    fputs(text.data, stdout);
    return fflush(stdout) == 0 ? 1 : -EIO;
}

int options_parse(struct arena *arena, int argc, char **argv, struct options *ret_options,
                  struct buf *message)
{
    struct option long_options[ARRAY_SIZE(option_rows) + 1] = {0};
    struct options options = {.config_directory = CONFIG_DIRECTORY_DEFAULT};
    char letters[2 * ARRAY_SIZE(option_rows) + 2];
    int option, r;

    fill(long_options, letters);
    opterr = 0;
    optind = 0; /* glibc: start afresh */
    for (;;) {
        /* The word that getopt looks at next, for messages; "-xy" holds several options. */
        const char *word = argv[optind ? optind : 1];

        option = getopt_long(argc, argv, letters, long_options, NULL);
        if (option < 0)
            break;
        if (option == ':') {
            buf_printf(message, "%s: wants a value", word);
            return -EINVAL;
        }
        if (option == '?')
            return unknown(word, message);
        switch ((enum option_id)row_of(option)) {
        case OPTION_ID_CONFIG:
            options.config_directory = optarg;
            break;
        case OPTION_ID_ONCE:
            options.once = true;
            break;
        case OPTION_ID_OBSERVE:
            options.observe = true;
            break;
        case OPTION_ID_APPROVE:
            r = approve(arena, &options, optarg, message);
            if (r < 0)
                return r;
            break;
        case OPTION_ID_JSON:
            options.json = true;
            break;
        case OPTION_ID_INVENTORY:
            options.inventory = true;
            break;
        case OPTION_ID_HELP:
        case OPTION_ID_VERSION:
            return answer((enum option_id)row_of(option));
        case OPTION_ID_COUNT:
            assert(false);
        }
    }
    if (optind < argc) {
        buf_printf(message, "%s: unexpected; vpc-reconciled takes options only", argv[optind]);
        return -EINVAL;
    }
    if (!*options.config_directory) {
        buf_text(message, "--config wants a directory");
        return -EINVAL;
    }
    *ret_options = options;
    return 0;
}
