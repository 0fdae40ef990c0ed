/* An event as one line of JSON: for people's own tools, and for vpcctl. */
#include "vpc_reconciled/json.h"
#include "report_private.h"

#define REPORT_JSON_VERSION                                                                        \
    1 /* raised when a member changes its meaning or goes; new ones may come */

static void text_member(struct json_writer *writer, struct buf *scratch, const char *key,
                        const char *text)
{
    buf_clear(scratch);
    text_cut(scratch, text, MACHINE_VALUE_MAX);
    json_text_member(writer, key, buf_string(scratch));
}

void event_render_json(struct buf *buf, const struct event *event)
{
    struct json_writer writer = {.buf = buf};
    CLEANUP(buf_free)
    struct buf scratch = {0};
    char time[25];

    time_iso8601(event->wall_ms, time);
    json_begin(&writer, '{');
    json_key(&writer, "version");
    json_number(&writer, REPORT_JSON_VERSION);
    json_text_member(&writer, "time", time);
    json_text_member(&writer, "event", event_kind_name(event->kind));
    json_key(&writer, "priority");
    json_number(&writer, event->priority);
    text_member(&writer, &scratch, "message", event->message);
    for (size_t i = 0; i < event_n_fields; i++) {
        const char *value = event_value(event, &event_fields[i]);

        if (value)
            text_member(&writer, &scratch, event_fields[i].json, value);
    }
    if (event->line) {
        json_key(&writer, "line");
        json_number(&writer, event->line);
    }
    if (event->inventory) {
        json_key(&writer, "inventory");
        buf_text(buf, event->inventory); /* JSON already */
    }
    json_end(&writer, '}');
    buf_char(buf, '\n');
}

static bool whole_number(const struct json *object, const char *key, int64_t least, int64_t most,
                         int64_t *ret_number)
{
    const struct json *member = json_member(object, key);

    if (!member || member->type != JSON_NUMBER || member->number < (double)least ||
        member->number > (double)most || member->number != (double)(int64_t)member->number)
        return false;
    *ret_number = (int64_t)member->number;
    return true;
}

static const char *string_of(const struct json *object, const char *key)
{
    const struct json *member = json_member(object, key);

    return member && member->type == JSON_STRING ? member->string : NULL;
}

int event_from_json(const struct json *json, struct event *ret_event)
{
    struct event event = {0};
    const char *time, *kind;
    int64_t number;

    if (json->type != JSON_OBJECT ||
        !whole_number(json, "version", REPORT_JSON_VERSION, REPORT_JSON_VERSION, &number) ||
        !whole_number(json, "priority", PRIORITY_ERR, PRIORITY_DEBUG, &number))
        return -EINVAL;
    event.priority = (enum event_priority)number;
    kind = string_of(json, "event");
    time = string_of(json, "time");
    event.message = string_of(json, "message");
    if (!kind || !time || !event.message || event_kind_find(kind, &event.kind) < 0 ||
        time_parse(time, &event.wall_ms) < 0)
        return -EINVAL;
    for (size_t i = 0; i < event_n_fields; i++) {
        const char *value = string_of(json, event_fields[i].json);

        memcpy((char *)&event + event_fields[i].offset, &value, sizeof(value));
    }
    if (whole_number(json, "line", 0, UINT32_MAX, &number))
        event.line = (unsigned)number;
    *ret_event = event;
    return 0;
}
