/* An event as journal fields (systemd.journal-fields(7)). */
#include "report_private.h"

#define FIXED_FIELDS 5 /* MESSAGE, MESSAGE_ID, PRIORITY, VPC_EVENT, VPC_LINE */

/* The journal would keep a newline in a value, but what prints it would not. */
static const char *field(struct arena *arena, const char *name, const char *value)
{
    CLEANUP(buf_free)
    struct buf buf = {0};

    buf_printf(&buf, "%s=", name);
    report_escape(&buf, value, MACHINE_VALUE_MAX);
    return arena_strdup(arena, buf_string(&buf));
}

/* `journalctl` shows this text alone, so it begins with what the other sinks say beside it. */
static const char *message(struct arena *arena, const struct event *event)
{
    CLEANUP(buf_free)
    struct buf buf = {0};

    buf_text(&buf, "MESSAGE=");
    if (event->target) {
        report_escape(&buf, event->target, TEXT_VALUE_MAX);
        buf_char(&buf, ' ');
    }
    event_render_sentence(&buf, event, MACHINE_VALUE_MAX);
    return arena_strdup(arena, buf_string(&buf));
}

void event_render_journal(struct arena *arena, const struct event *event, struct texts *ret_fields)
{
    struct texts fields = {.items =
                               ARENA_ARRAY(arena, const char *, event_n_fields + FIXED_FIELDS)};

    fields.items[fields.n++] = message(arena, event);
    fields.items[fields.n++] = field(arena, "MESSAGE_ID", event_message_id(event->kind));
    fields.items[fields.n++] = arena_printf(arena, "PRIORITY=%d", (int)event->priority);
    fields.items[fields.n++] = field(arena, "VPC_EVENT", event_kind_name(event->kind));
    for (size_t i = 0; i < event_n_fields; i++) {
        const char *value = event_value(event, &event_fields[i]);

        if (!value && event_always_sends(event->kind, event_fields[i].name))
            value = "unknown";
        if (value)
            fields.items[fields.n++] = field(arena, event_fields[i].name, value);
    }
    if (event->line)
        fields.items[fields.n++] = arena_printf(arena, "VPC_LINE=%u", event->line);
    *ret_fields = fields;
}
