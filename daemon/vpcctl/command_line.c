#include "command_line.h"

#include <getopt.h>
#include <stdio.h>

/* index in options; getopt_long's value is 256 more */
enum option_id {
    OPTION_ID_CONFIG,
    OPTION_ID_JSON,
    OPTION_ID_LIVE,
    OPTION_ID_GB,
    OPTION_ID_PRICES,
    OPTION_ID_VPC,
    OPTION_ID_OWNER,
    OPTION_ID_MAN,
    OPTION_ID_HELP,
    OPTION_ID_VERSION,
    OPTION_ID_COUNT,
};

static const struct {
    const char *name; /* without the dashes */
    char letter;
    const char *argument; /* NULL: takes none */
    const char *help;
} options[] = {
    [OPTION_ID_CONFIG] = {"config", 'c', "DIR",
                          "the config in DIR (default " CONFIG_DIRECTORY_DEFAULT ")"},
    [OPTION_ID_JSON] = {"json", 'j', NULL, "the answer as one JSON document, for programs"},
    [OPTION_ID_LIVE] = {"live", 'l', NULL, "advise: look at the VPC too, not at the config alone"},
    [OPTION_ID_GB] = {"gb", 'g', "N", "advise: N GB a month go through the NAT gateways"},
    [OPTION_ID_PRICES] =
        {"prices", 'p', "FILE",
         "advise: the price table in FILE (default DIR/prices.json, else built in)"},
    [OPTION_ID_VPC] = {"vpc", 'v', "ARN",
                       "iam: for this VPC (repeatable), not those of the config"},
    [OPTION_ID_OWNER] = {"owner", 'o', "TEXT",
                         "iam: with --vpc, \"owner\" of the config (default vpc-reconciled)"},
    [OPTION_ID_MAN] = {"man", 'm', NULL, "explain: as the manual page vpc-reconciled-drift(7)"},
    [OPTION_ID_HELP] = {"help", 'h', NULL, "show this and end"},
    [OPTION_ID_VERSION] = {"version", 'V', NULL, "show the version and end"},
};
static_assert(ARRAY_SIZE(options) == OPTION_ID_COUNT, "a row for each option");

static const char help_head[] = "vpcctl [OPTION...] VERB\n"
                                "\n"
                                "The command line of vpc-reconciled.\n"
                                "\n"
                                "Verbs:\n";
static const char help_tail[] =
    "\n"
    "Signs of a plan: + builds, ~ changes what is there, - takes away, ! waits for a person.\n"
    "\n"
    "Exit status:\n"
    "   0  in sync; for check: the config is right\n"
    "   1  something needed stayed unknown\n"
    "   2  something drifted\n"
    "  64  the command line is wrong\n"
    "  78  the config or the environment is wrong\n"
    "\n"
    "Colour is used on a terminal, unless NO_COLOR is set; CLICOLOR_FORCE=1 uses it everywhere.\n";

static void render_help(struct buf *buf)
{
    buf_text(buf, help_head);
    for (size_t i = 0; i < n_verbs; i++)
        buf_printf(buf, "  %-18s %s\n", verbs[i].name, verbs[i].help);
    buf_text(buf, "\nOptions:\n");
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        char left[32];

        snprintf(left, sizeof(left), "-%c, --%s%s%s", options[i].letter, options[i].name,
                 options[i].argument ? " " : "", options[i].argument ? options[i].argument : "");
        buf_printf(buf, "  %-18s %s\n", left, options[i].help);
    }
    buf_text(buf, help_tail);
}

static int answer(enum option_id id)
{
    CLEANUP(buf_free)
    struct buf text = {0};

    if (id == OPTION_ID_HELP)
        render_help(&text);
    else
        buf_text(&text, "vpcctl " VPC_RECONCILED_VERSION "\n");
    return fputs(buf_string(&text), stdout) >= 0 && fflush(stdout) == 0 ? 1 : -EIO;
}

static void fill(struct option *long_options, char *letters)
{
    size_t n = 0;

    letters[n++] = ':'; /* tells a missing argument from an unknown option */
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        long_options[i] =
            (struct option){.name = options[i].name,
                            .has_arg = options[i].argument ? required_argument : no_argument,
                            .val = 256 + (int)i};
        letters[n++] = options[i].letter;
        if (options[i].argument)
            letters[n++] = ':';
    }
    letters[n] = 0;
}

static enum option_id option_of(int value)
{
    enum option_id id = OPTION_ID_COUNT;

    for (size_t i = 0; i < ARRAY_SIZE(options); i++)
        if (value == 256 + (int)i || value == options[i].letter)
            id = (enum option_id)i;
    assert(id != OPTION_ID_COUNT);
    return id;
}

/* last: the word that getopt_long read last. A letter may stand in the midst of one, and is in
 * optopt. */
static int wrong_option(bool lacks_value, const char *last, struct buf *message)
{
    const char *names[ARRAY_SIZE(options)], *nearest = NULL, *word = last;
    char name[64] = "", letter[] = {'-', (char)optopt, 0};

    if (optopt > 0 && optopt < 256)
        word = letter;
    if (lacks_value) {
        buf_printf(message, "%s: wants a value", word);
        return -EINVAL;
    }
    for (size_t i = 0; i < ARRAY_SIZE(options); i++)
        names[i] = options[i].name;
    if (text_starts_with(word, "--")) {
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
        nearest = text_nearest(name, names, ARRAY_SIZE(names));
    }
    if (text_equal(nearest, name)) /* then it has "=VALUE" */
        buf_printf(message, "%s: --%s takes no value", word, name);
    else if (nearest)
        buf_printf(message, "%s: no such option; did you mean --%s?", word, nearest);
    else
        buf_printf(message, "%s: no such option; --help shows them all", word);
    return -EINVAL;
}

static int find_verb(char *const *words, int n, const struct verb **ret_verb, const char **ret_word,
                     struct buf *message)
{
    const char *nearest = NULL;
    const struct verb *found = NULL;

    if (n == 0) {
        buf_text(message, "a verb is missing; --help shows them all");
        return -EINVAL;
    }
    for (size_t i = 0; i < n_verbs; i++)
        if (strcmp(words[0], verbs[i].name) == 0)
            found = &verbs[i];
    if (n > 1 + (found && found->takes_word)) {
        buf_printf(message, "%s: unexpected after the verb %s", words[n - 1], words[0]);
        return -EINVAL;
    }
    if (found) {
        *ret_verb = found;
        *ret_word = n > 1 ? words[1] : NULL;
        return 0;
    }
    for (size_t i = 0; i < n_verbs && !nearest; i++)
        nearest = text_nearest(words[0], &verbs[i].name, 1);
    if (nearest)
        buf_printf(message, "%s: no such verb; did you mean %s?", words[0], nearest);
    else
        buf_printf(message, "%s: no such verb; --help shows them all", words[0]);
    return -EINVAL;
}

int command_line_parse(int argc, char **argv, struct command_line *ret_line,
                       const struct verb **ret_verb, struct buf *message)
{
    struct option long_options[ARRAY_SIZE(options) + 1] = {0};
    char letters[2 * ARRAY_SIZE(options) + 2];
    struct command_line line = {0};
    int r;

    fill(long_options, letters);
    opterr = 0;
    for (;;) {
        int value = getopt_long(argc, argv, letters, long_options, NULL);

        if (value < 0)
            break;
        if (value == '?' || value == ':')
            return wrong_option(value == ':', argv[optind - 1], message);
        switch (option_of(value)) {
        case OPTION_ID_CONFIG:
            line.config_directory = optarg;
            break;
        case OPTION_ID_JSON:
            line.json = true;
            break;
        case OPTION_ID_LIVE:
            line.live = true;
            break;
        case OPTION_ID_GB:
            line.gb = optarg;
            break;
        case OPTION_ID_PRICES:
            line.prices = optarg;
            break;
        case OPTION_ID_VPC:
            if (line.n_vpcs == ARRAY_SIZE(line.vpcs)) {
                buf_printf(message, "--vpc: more than %zu", line.n_vpcs);
                return -EINVAL;
            }
            line.vpcs[line.n_vpcs++] = optarg;
            break;
        case OPTION_ID_OWNER:
            line.owner = optarg;
            break;
        case OPTION_ID_MAN:
            line.man = true;
            break;
        case OPTION_ID_HELP:
        case OPTION_ID_VERSION:
            return answer(option_of(value));
        case OPTION_ID_COUNT:
            break;
        }
    }
    if (line.config_directory && !*line.config_directory) {
        buf_text(message, "--config wants a directory");
        return -EINVAL;
    }
    r = find_verb(argv + optind, argc - optind, ret_verb, &line.word, message);
    *ret_line = line;
    return r;
}
