/* sink.h - where events go: the journal, or stderr as text or JSON lines. */
#pragma once

#include "vpc_reconciled/config.h"
#include "vpc_reconciled/report.h"

enum sink_kind {
    SINK_TEXT,
    SINK_JSON,
    SINK_JOURNAL,
};

struct sink {
    enum sink_kind kind;
    int fd; /* stderr, but for tests */
    bool colour;
    struct arena *arena; /* of one event */
    struct buf buf;
};

/* The journal when fd is what $JOURNAL_STREAM names (systemd.exec(5)) and json was not asked for.
 * Colour on a terminal unless $NO_COLOR has a value (no-color.org). */
void sink_open(struct sink *sink, int fd, bool json);
void sink_close(struct sink *sink); /* also for CLEANUP */

/* Never fails: what the journal does not take goes to fd, what fd does not take is lost. */
void sink_event(struct sink *sink, const struct event *event);
/* An event of the daemon's own; remedy: what to do, NULL for none. */
void sink_say(struct sink *sink, enum event_kind kind, enum event_priority priority,
              const char *message, const char *remedy);
/* Each error as "file:line:column: message". */
void sink_config_errors(struct sink *sink, const struct config_errors *errors);
