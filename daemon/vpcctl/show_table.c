/* The plan as a table: what drifted on the left, what that means on the right. */
#include "show.h"

#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define VALUE_MAX 1024
#define LABEL_WIDTH 10
#define NARROW 24 /* columns that the right side has at least */

static const struct {
    const char *sign, *colour; /* libsmartcols's names */
} change_table[CHANGE_COUNT] = {
    [CHANGE_NOTHING] = {"!", "red"},
    [CHANGE_IN_PLACE] = {"~", "yellow"},
    [CHANGE_CREATE] = {"+", "green"},
    [CHANGE_DESTROY] = {"-", "red"},
};

/* Breaks at blanks so that no line is longer than width; 0: never. */
static void wrap(struct buf *buf, const char *text, size_t width)
{
    size_t column = 0;

    while (*text) {
        size_t word = strcspn(text, " "), blank = strspn(text + word, " ");

        if (width && column && column + 1 + word > width) {
            buf_printf(buf, "\n%*s", LABEL_WIDTH, "");
            column = 0;
        }
        if (column) {
            buf_char(buf, ' ');
            column++;
        }
        buf_add(buf, text, word);
        column += word;
        text += word + blank;
    }
}

static void line(struct buf *buf, const char *label, const char *value, size_t width)
{
    CLEANUP(buf_free)
    struct buf text = {0};

    if (text_empty(value))
        return;
    report_escape(&text, value, VALUE_MAX);
    if (buf->n)
        buf_char(buf, '\n');
    buf_printf(buf, "%-*s", LABEL_WIDTH, label);
    wrap(buf, buf_string(&text), width);
}

static void left_cell(struct buf *buf, const struct event *event, bool several_targets)
{
    const char *const parts[] = {several_targets ? event->target : NULL, event->drift,
                                 event->resource, event->finding};

    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        if (text_empty(parts[i]))
            continue;
        if (buf->n)
            buf_char(buf, '\n');
        report_escape(buf, parts[i], VALUE_MAX);
    }
}

static void right_cell(struct buf *buf, const struct event *event, size_t width)
{
    line(buf, "observed", event->observed, width);
    line(buf, "desired", event->desired, width);
    line(buf, "impact", event->impact, width);
    line(buf, "cause", event->cause, width);
    line(buf, "repair", event->action, width);
    if (finding_needs_approval(event))
        line(buf, "approve", event->lifts, width);
    else if (finding_is_held(event) || !event->action)
        line(buf, "held", event->message, width);
}

static size_t left_width(const struct findings *findings)
{
    size_t width = 0;

    VEC_EACH (event, &findings->list) {
        const char *const parts[] = {event->target, event->drift, event->resource, event->finding};

        for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
            if (parts[i] && strlen(parts[i]) > width)
                width = strlen(parts[i]);
    }
    return width;
}

static struct libscols_column *add_column(struct libscols_table *table, const char *name)
{
    struct libscols_column *column = scols_table_new_column(table, name, 0, SCOLS_FL_WRAP);

    if (!column ||
        scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL) < 0)
        abort();
    return column;
}

static void add_line(struct libscols_table *table, const struct event *event, bool several_targets,
                     size_t width)
{
    enum change change = finding_change(event);
    CLEANUP(buf_free)
    struct buf left = {0};
    CLEANUP(buf_free)
    struct buf right = {0};
    struct libscols_line *row = scols_table_new_line(table, NULL);

    left_cell(&left, event, several_targets);
    right_cell(&right, event, width);
    if (!row || scols_line_set_data(row, 0, change_table[change].sign) < 0 ||
        scols_line_set_data(row, 1, buf_string(&left)) < 0 ||
        scols_line_set_data(row, 2, buf_string(&right)) < 0)
        abort(); /* out of memory */
    for (size_t i = 0; i < 2; i++)
        scols_cell_set_color(scols_line_get_cell(row, i), change_table[change].colour);
}

static void unref_table(struct libscols_table **table)
{
    scols_unref_table(*table);
}

static void print_table(const struct findings *findings, bool colour)
{
    CLEANUP(unref_table)
    struct libscols_table *table = scols_new_table();
    bool several_targets = !text_equal(findings->list.items[0].target,
                                       findings->list.items[findings->list.n - 1].target);
    size_t width = 0, taken = 2 + left_width(findings) + 1 + LABEL_WIDTH;

    if (!table)
        abort();
    scols_table_enable_colors(table, colour);
    scols_table_enable_noencoding(table,
                                  1); /* report_escape() did it, and it is the same everywhere */
    if (isatty(STDOUT_FILENO)) {      /* elsewhere lines are as long as they are */
        width = scols_table_get_termwidth(table);
        width = width > taken + NARROW ? width - taken : NARROW;
    }
    if (!scols_table_new_column(table, "", 0, 0))
        abort();
    add_column(table, "DRIFT");
    add_column(table, "WHAT IT IS");
    VEC_EACH (event, &findings->list)
        add_line(table, event, several_targets, width);
    scols_print_table(table);
}

void show_table(const struct findings *findings, int exit_status, bool colour)
{
    struct findings_sum sum = findings_count(findings);
    CLEANUP(buf_free)
    struct buf text = {0};
    bool complete = exit_status == 0 || exit_status == 2;

    if (findings->list.n > 0) {
        print_table(findings, colour);
        printf("\n");
        findings_render_sum(&text, &sum);
        printf("%s%s\n", buf_string(&text), complete ? "" : "; not everything could be seen");
    } else if (exit_status == 0) {
        printf("In sync: nothing differs from the config.\n");
    }
}
