/* An event for a terminal: one line that says it all, then what a person compares, indented. */
#include "report_private.h"

#define COLOUR_OFF "\x1b[0m"

static const char *colour_of(enum event_priority priority)
{
    static const char *const colours[] = {
        [PRIORITY_ERR] = "\x1b[1;31m", [PRIORITY_WARNING] = "\x1b[1;33m",
        [PRIORITY_NOTICE] = "\x1b[1m", [PRIORITY_INFO] = "",
        [PRIORITY_DEBUG] = "\x1b[2m",
    };

    return colours[priority];
}

/* "opened route-missing rtb-0abc (a1b2c3d4e5f60718)"; "config-loaded" where nothing drifted. */
static void render_head(struct buf *buf, const struct event *event)
{
    buf_text(buf, event->drift ? event_short_name(event->kind) : event_kind_name(event->kind));
    if (event->drift) {
        buf_char(buf, ' ');
        report_escape(buf, event->drift, TEXT_VALUE_MAX);
    }
    if (event->resource) {
        buf_char(buf, ' ');
        report_escape(buf, event->resource, TEXT_VALUE_MAX);
    }
    if (event->finding) {
        buf_text(buf, " (");
        report_escape(buf, event->finding, TEXT_VALUE_MAX);
        buf_char(buf, ')');
    }
}

static void render_place(struct buf *buf, const struct event *event)
{
    report_escape(buf, event->file, TEXT_VALUE_MAX);
    if (event->line)
        buf_printf(buf, ":%u", event->line);
}

/* A message about a file says its place first, if it does not by itself; a finding's is where it is
 * declared, a detail. */
void event_render_sentence(struct buf *buf, const struct event *event, size_t message_max)
{
    render_head(buf, event);
    buf_text(buf, ": ");
    if (event->file && !event->finding && !text_starts_with(event->message, event->file)) {
        render_place(buf, event);
        buf_text(buf, ": ");
    }
    report_escape(buf, event->message, message_max);
}

#define ON(kind) (1U << EVENT_FINDING_##kind)
#define NEWS (ON(OPENED) | ON(HELD) | ON(FAILED) | ON(CONTESTED))

/* Under the line, for the kinds of event whose reader compares or copies them. Machines get all. */
static const struct {
    const char *label;
    size_t offset;
    unsigned kinds;
} details[] = {
    {"desired", offsetof(struct event, desired), NEWS},
    {"observed", offsetof(struct event, observed), NEWS},
    {"subnets", offsetof(struct event, subnets), NEWS},
    {"impact", offsetof(struct event, impact), NEWS},
    {"cause", offsetof(struct event, cause), NEWS},
    {"action", offsetof(struct event, action), NEWS},
    {"replaces", offsetof(struct event, replaces), ON(REPAIRED) | 1U << EVENT_CALL},
    {"lifts", offsetof(struct event, lifts), ON(HELD) | ON(CONTESTED)},
    {"request", offsetof(struct event, request_id), ON(FAILED) | 1U << EVENT_CALL},
};
static_assert(EVENT_KIND_COUNT <= 32, "kinds fit the bits");

void event_render_text(struct buf *buf, const struct event *event, bool colour)
{
    const char *paint = colour ? colour_of(event->priority) : "";
    char time[25];

    time_iso8601(event->wall_ms, time);
    buf_printf(buf, "%.19sZ ", time);
    if (event->target) {
        report_escape(buf, event->target, TEXT_VALUE_MAX);
        buf_char(buf, ' ');
    }
    buf_printf(buf, "%s%s%s ", paint, event_priority_name(event->priority),
               *paint ? COLOUR_OFF : "");
    event_render_sentence(buf, event, TEXT_VALUE_MAX);
    buf_char(buf, '\n');
    for (size_t i = 0; i < ARRAY_SIZE(details); i++) {
        const struct event_field field = {.offset = details[i].offset};
        const char *value = event_value(event, &field);

        if (!(details[i].kinds & 1U << event->kind) || text_empty(value) ||
            strstr(event->message, value)) /* it is said already */
            continue;
        buf_printf(buf, "    %-9s ", details[i].label);
        report_escape(buf, value, TEXT_VALUE_MAX);
        buf_char(buf, '\n');
    }
    if (event->file && (NEWS & 1U << event->kind)) {
        buf_printf(buf, "    %-9s ", "declared");
        render_place(buf, event);
        buf_char(buf, '\n');
    }
}
