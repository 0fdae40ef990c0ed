/* The plan as a table: what drifted on the left, what that means on the right. */
#include "show.h"

#include <stdio.h>

#include "record.h"

static const struct {
    const char *sign, *colour; /* libsmartcols's names */
} change_table[CHANGE_COUNT] = {
    [CHANGE_NOTHING] = {"!", "red"},
    [CHANGE_IN_PLACE] = {"~", "yellow"},
    [CHANGE_CREATE] = {"+", "green"},
    [CHANGE_DESTROY] = {"-", "red"},
};

static void left_cell(struct buf *buf, const struct event *event, bool several_targets)
{
    const char *const parts[] = {several_targets ? event->target : NULL, event->drift,
                                 event->resource, event->finding};

    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        if (text_empty(parts[i]))
            continue;
        if (buf->n)
            buf_char(buf, '\n');
        report_escape(buf, parts[i], RECORD_VALUE_MAX);
    }
}

static void right_cell(struct buf *buf, const struct event *event, size_t width)
{
    record_line(buf, "observed", event->observed, width);
    record_line(buf, "desired", event->desired, width);
    record_line(buf, "impact", event->impact, width);
    record_line(buf, "cause", event->cause, width);
    record_line(buf, "repair", event->action, width);
    if (finding_needs_approval(event))
        record_line(buf, "approve", event->lifts, width);
    else if (finding_is_held(event) || !event->action)
        record_line(buf, "held", event->message, width);
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

static void print_table(const struct findings *findings, bool colour)
{
    bool several_targets = !text_equal(findings->list.items[0].target,
                                       findings->list.items[findings->list.n - 1].target);
    struct record_table records;

    record_table_new(&records, "DRIFT", "WHAT IT IS", left_width(findings), colour);
    VEC_EACH (event, &findings->list) {
        enum change change = finding_change(event);
        CLEANUP(buf_free)
        struct buf left = {0};
        CLEANUP(buf_free)
        struct buf right = {0};

        left_cell(&left, event, several_targets);
        right_cell(&right, event, records.width);
        record_add(&records, change_table[change].sign, change_table[change].colour,
                   buf_string(&left), buf_string(&right));
    }
    record_table_print(&records);
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
