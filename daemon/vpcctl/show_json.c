/* The plan as one JSON document. */
#include "show.h"

#include <stdio.h>

#include "vpc_reconciled/json.h"

#define PLAN_JSON_VERSION                                                                          \
    1 /* raised when a member changes its meaning or goes; new ones may come */

static const char *const change_names[CHANGE_COUNT] = {
    [CHANGE_NOTHING] = "none",
    [CHANGE_IN_PLACE] = "change",
    [CHANGE_CREATE] = "create",
    [CHANGE_DESTROY] = "destroy",
};

static void fields(struct json_writer *writer, const struct event *event)
{
    json_text_member(writer, "event", event_kind_name(event->kind));
    json_text_member(writer, "message", event->message);
    for (size_t i = 0; i < event_n_fields; i++) {
        const char *value;

        memcpy(&value, (const char *)event + event_fields[i].offset, sizeof(value));
        json_text_member(writer, event_fields[i].json, value);
    }
    if (event->line) {
        json_key(writer, "line");
        json_number(writer, event->line);
    }
}

static void count(struct json_writer *writer, const char *name, unsigned n)
{
    json_key(writer, name);
    json_number(writer, n);
}

void show_json(const struct findings *findings, int exit_status, bool pretty)
{
    struct findings_sum sum = findings_count(findings);
    CLEANUP(buf_free)
    struct buf text = {0};
    struct json_writer writer = {.buf = &text, .pretty = pretty};

    json_begin(&writer, '{');
    count(&writer, "version", PLAN_JSON_VERSION);
    count(&writer, "exit_status", (unsigned)exit_status);
    json_key(&writer, "complete");
    json_bool(&writer, exit_status == 0 || exit_status == 2);
    json_key(&writer, "summary");
    json_begin(&writer, '{');
    for (int change = 0; change < CHANGE_COUNT; change++)
        count(&writer, change_names[change], sum.changes[change]);
    count(&writer, "needs_approval", sum.approvals);
    json_end(&writer, '}');
    json_key(&writer, "findings");
    json_begin(&writer, '[');
    VEC_EACH (event, &findings->list) {
        json_begin(&writer, '{');
        json_text_member(&writer, "change", change_names[finding_change(event)]);
        json_key(&writer, "needs_approval");
        json_bool(&writer, finding_needs_approval(event));
        fields(&writer, event);
        json_end(&writer, '}');
    }
    json_end(&writer, ']');
    json_key(&writer, "notes");
    json_begin(&writer, '[');
    VEC_EACH (event, &findings->notes) {
        json_begin(&writer, '{');
        fields(&writer, event);
        json_end(&writer, '}');
    }
    json_end(&writer, ']');
    json_end(&writer, '}');
    buf_char(&text, '\n');
    fputs(buf_string(&text), stdout);
}
