#include "sink.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
/* Where this file calls the journal says nothing about an event. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "clock.h"
#include "descriptor.h"

static bool is_journal(int fd)
{
    const char *stream = getenv("JOURNAL_STREAM"); /* "DEVICE:INODE" of the stream */
    struct stat status;
    uintmax_t device, inode;
    char end;

    return stream && sscanf(stream, "%" SCNuMAX ":%" SCNuMAX "%c", &device, &inode, &end) == 2 &&
           fstat(fd, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

void sink_open(struct sink *sink, int fd, bool json)
{
    *sink = (struct sink){.fd = fd, .arena = arena_new()};
    if (json)
        sink->kind = SINK_JSON;
    else if (is_journal(fd))
        sink->kind = SINK_JOURNAL;
    else
        sink->colour = isatty(fd) && text_empty(getenv("NO_COLOR"));
}

void sink_close(struct sink *sink)
{
    sink->arena = arena_free(sink->arena);
    buf_free(&sink->buf);
}

/* One write for one event, so lines of two processes on one terminal do not mix. */
static void flush(struct sink *sink)
{
    descriptor_write(sink->fd, buf_string(&sink->buf), sink->buf.n);
    buf_clear(&sink->buf);
}

static int to_journal(struct sink *sink, const struct event *event)
{
    struct texts fields = {0};
    struct iovec *vectors;
    int r;

    event_render_journal(sink->arena, event, &fields);
    vectors = ARENA_ARRAY(sink->arena, struct iovec, fields.n + 1);
    for (size_t i = 0; i < fields.n; i++) {
        const char *field = fields.items[i];

        vectors[i] =
            (struct iovec){.iov_base = arena_strdup(sink->arena, field), .iov_len = strlen(field)};
    }
    r = sd_journal_sendv(vectors, (int)fields.n);
    arena_reset(sink->arena);
    return r;
}

void sink_event(struct sink *sink, const struct event *event)
{
    if (sink->kind == SINK_JOURNAL && to_journal(sink, event) >= 0)
        return;
    if (sink->kind == SINK_JSON)
        event_render_json(&sink->buf, event);
    else
        event_render_text(&sink->buf, event, sink->colour);
    flush(sink);
}

void sink_say(struct sink *sink, enum event_kind kind, enum event_priority priority,
              const char *message, const char *remedy)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct event event = {.kind = kind, .priority = priority, .wall_ms = clock_now().wall_ms};

    buf_text(&text, message);
    if (remedy)
        buf_printf(&text, "%s%s", sink->kind == SINK_TEXT ? "\n" : ". ", remedy);
    event.message = text.data;
    if (sink->kind != SINK_TEXT) {
        sink_event(sink, &event);
        return;
    }
    buf_printf(&sink->buf, "vpc-reconciled: %s\n", text.data);
    flush(sink);
}

static void config_error(struct sink *sink, const struct config_error *error)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct event event = {.kind = EVENT_CONFIG_INVALID,
                          .priority = PRIORITY_ERR,
                          .wall_ms = clock_now().wall_ms,
                          .file = error->file,
                          .line = error->line};

    buf_text(&text, error->file);
    if (error->line)
        buf_printf(&text, ":%u:%u", error->line, error->column);
    buf_printf(&text, ": %s", error->message);
    event.message = text.data;
    if (sink->kind != SINK_TEXT) {
        sink_event(sink, &event);
        return;
    }
    /* As compilers write it: editors and people jump to it. */
    buf_printf(&sink->buf, "%s\n", text.data);
    flush(sink);
}

void sink_config_errors(struct sink *sink, const struct config_errors *errors)
{
    VEC_EACH (error, &errors->list)
        config_error(sink, error);
    if (errors->more)
        sink_say(sink, EVENT_CONFIG_INVALID, PRIORITY_ERR, "there are more errors than these",
                 NULL);
}
