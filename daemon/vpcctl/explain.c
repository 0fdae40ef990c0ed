/* vpcctl explain [CODE]: cause, effect and remedy of a drift, or of all, out of the drift table. */
#include "explain.h"

#include <stdio.h>
#include <unistd.h>

#include "record.h"
#include "terminal.h"
#include "verbs.h"
#include "vpc_reconciled/json.h"

#define EXPLAIN_JSON_VERSION                                                                       \
    1 /* raised when a member changes its meaning or goes; new ones may come */

const char *explain_label(enum explain_part part)
{
    static const char *const labels[] = {
        [EXPLAIN_MEANS] = "means",   [EXPLAIN_IMPACT] = "impact", [EXPLAIN_DAEMON] = "daemon",
        [EXPLAIN_REMEDY] = "remedy", [EXPLAIN_LOOKS] = "looks",   [EXPLAIN_READS] = "reads",
        [EXPLAIN_STEP] = "step",
    };
    static_assert(ARRAY_SIZE(labels) == EXPLAIN_PART_COUNT, "a label for each part");

    return labels[part];
}

static void explain_impact(struct buf *buf, enum drift_impact impact)
{
    static const char *const texts[] = {
        [IMPACT_NONE] = "nothing that is declared works less for it",
        [IMPACT_DEGRADED] = "it works, but worse, dearer or on fewer legs than declared",
        [IMPACT_EXPOSURE] = "something can be reached, or get out, that should not",
        [IMPACT_OUTAGE] = "a declared path carries nothing",
    };

    buf_printf(buf, "%s: %s", drift_impact_name(impact), texts[impact]);
}

static void explain_daemon(struct buf *buf, const struct drift_row *row)
{
    buf_printf(buf, "%s: ", drift_policy_name(row->policy));
    if (row->policy == DRIFT_AUTO)
        buf_printf(buf,
                   "repairs it by itself; \"repair\": {\"%s\": \"approve\"} or \"report\" in the "
                   "config makes it wait or only tell",
                   row->code);
    else if (row->policy == DRIFT_APPROVE)
        buf_printf(buf,
                   "waits for vpc-reconciled --once --approve FINDING; \"repair\": {\"%s\": "
                   "\"auto\"} in the config lets it repair by itself",
                   row->code);
    else if (row->raisable)
        buf_printf(buf,
                   "only tells; \"repair\": {\"%s\": \"approve\"} or \"auto\" in the config lets it"
                   " repair, \"*\" does not",
                   row->code);
    else
        buf_text(buf, "only tells, whatever \"repair\" says");
}

static void explain_reads(struct buf *buf, unsigned needs)
{
    bool several = false;

    for (int list = 0; list < LIST_COUNT; list++)
        if (needs & (1U << list)) {
            buf_printf(buf, "%s%s (%s)", several ? ", " : "",
                       observed_list_name((enum observed_list)list),
                       observed_list_permission((enum observed_list)list));
            several = true;
        }
}

void explain_part(struct buf *buf, const struct drift_row *row, enum explain_part part)
{
    switch (part) {
    case EXPLAIN_MEANS:
        buf_text(buf, row->means);
        break;
    case EXPLAIN_IMPACT:
        explain_impact(buf, row->impact);
        break;
    case EXPLAIN_DAEMON:
        explain_daemon(buf, row);
        break;
    case EXPLAIN_REMEDY:
        buf_text(buf, row->remedy);
        break;
    case EXPLAIN_LOOKS:
        if (row->policy != DRIFT_REPORT || row->raisable)
            buf_printf(buf, "twice before a repair, as far apart as \"confirm_after\" says for %s",
                       row->confirm == CONFIRM_ROUTE ? "\"route\"" : "\"create\"");
        break;
    case EXPLAIN_READS:
        explain_reads(buf, row->needs);
        break;
    case EXPLAIN_STEP:
        buf_text(buf, row->seed);
        break;
    case EXPLAIN_PART_COUNT:
        break;
    }
}

/* ---- for people ---- */

static void show_rows(const struct drift_row *rows, size_t n, bool colour)
{
    struct record_table records;
    size_t width = 0;

    for (size_t i = 0; i < n; i++)
        if (strlen(rows[i].code) > width)
            width = strlen(rows[i].code);
    record_table_new(&records, "DRIFT", "WHAT IT IS", width, colour);
    for (size_t i = 0; i < n; i++) {
        CLEANUP(buf_free)
        struct buf right = {0};

        for (int part = 0; part < EXPLAIN_PART_COUNT; part++) {
            CLEANUP(buf_free)
            struct buf text = {0};

            explain_part(&text, &rows[i], (enum explain_part)part);
            record_line(&right, explain_label((enum explain_part)part), buf_string(&text),
                        records.width);
        }
        record_add(&records, "", NULL, rows[i].code, buf_string(&right));
    }
    record_table_print(&records);
}

/* ---- for programs ---- */

static void write_reads(struct json_writer *writer, unsigned needs)
{
    json_key(writer, "reads");
    json_begin(writer, '[');
    for (int list = 0; list < LIST_COUNT; list++)
        if (needs & (1U << list)) {
            json_begin(writer, '{');
            json_text_member(writer, "list", observed_list_name((enum observed_list)list));
            json_text_member(writer, "action", observed_list_action((enum observed_list)list));
            json_text_member(writer, "permission",
                             observed_list_permission((enum observed_list)list));
            json_end(writer, '}');
        }
    json_end(writer, ']');
}

static void show_json_rows(const struct drift_row *rows, size_t n)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct json_writer writer = {.buf = &text, .pretty = isatty(STDOUT_FILENO)};

    json_begin(&writer, '{');
    json_key(&writer, "version");
    json_number(&writer, EXPLAIN_JSON_VERSION);
    json_key(&writer, "drifts");
    json_begin(&writer, '[');
    for (size_t i = 0; i < n; i++) {
        json_begin(&writer, '{');
        json_text_member(&writer, "drift", rows[i].code);
        json_text_member(&writer, "means", rows[i].means);
        json_text_member(&writer, "impact", drift_impact_name(rows[i].impact));
        json_text_member(&writer, "policy", drift_policy_name(rows[i].policy));
        json_key(&writer, "repairable");
        json_bool(&writer, rows[i].policy != DRIFT_REPORT || rows[i].raisable);
        json_text_member(&writer, "remedy", rows[i].remedy);
        json_text_member(&writer, "confirm_after",
                         rows[i].confirm == CONFIRM_ROUTE ? "route" : "create");
        json_text_member(&writer, "step", rows[i].seed);
        write_reads(&writer, rows[i].needs);
        json_end(&writer, '}');
    }
    json_end(&writer, ']');
    json_end(&writer, '}');
    buf_char(&text, '\n');
    fputs(buf_string(&text), stdout);
}

static int no_such_code(const char *word)
{
    const char *codes[DRIFT_CODE_COUNT], *nearest;

    for (size_t i = 0; i < drift_n_known_codes; i++)
        if (text_equal(drift_known_codes[i].code, word)) {
            fprintf(stderr, "vpcctl: explain: %s is not checked by this version yet\n", word);
            return EXIT_STATUS_USAGE;
        }
    for (size_t i = 0; i < DRIFT_CODE_COUNT; i++)
        codes[i] = drift_table[i].code;
    nearest = text_nearest(word, codes, DRIFT_CODE_COUNT);
    if (nearest)
        fprintf(stderr, "vpcctl: explain: %s: no such drift; did you mean %s?\n", word, nearest);
    else
        fprintf(stderr, "vpcctl: explain: %s: no such drift; vpcctl explain shows them all\n",
                word);
    return EXIT_STATUS_USAGE;
}

int verb_explain(const struct command_line *line)
{
    const struct drift_row *rows = drift_table;
    size_t n = DRIFT_CODE_COUNT;
    enum drift drift;

    if (line->man) {
        CLEANUP(buf_free)
        struct buf page = {0};

        if (line->word || line->json) {
            fprintf(stderr, "vpcctl: explain: --man is the whole page: leave %s out\n",
                    line->word ? line->word : "--json");
            return EXIT_STATUS_USAGE;
        }
        explain_man_page(&page);
        fputs(buf_string(&page), stdout);
        return EXIT_STATUS_IN_SYNC;
    }
    if (line->word) {
        if (drift_find(line->word, &drift) < 0)
            return no_such_code(line->word);
        rows = &drift_table[drift];
        n = 1;
    }
    if (line->json)
        show_json_rows(rows, n);
    else
        show_rows(rows, n, terminal_colours(STDOUT_FILENO));
    return EXIT_STATUS_IN_SYNC;
}
