/* report_private.h - what the sinks of common/report/ share. */
#pragma once

#include "vpc_reconciled/report.h"

/* Bounds of one value. A terminal gets what a person reads. `journalctl -o json` of systemd 252
 * prints null for a field over 4096 bytes, name included, unless it is asked for --all. */
#define TEXT_VALUE_MAX 1024
#define MACHINE_VALUE_MAX 4000

/* NULL where the event leaves the field out. */
const char *event_value(const struct event *event, const struct event_field *field);
/* "finding-opened" is "opened" in a line that says what the finding is about. */
const char *event_short_name(enum event_kind kind);
/* "opened route-missing rtb-0abc (a1b2c3d4e5f60718): " and the message, on one line without its
 * end. */
void event_render_sentence(struct buf *buf, const struct event *event, size_t message_max);
/* Copies at most max bytes and cuts between characters; what is longer ends in "...". */
void text_cut(struct buf *buf, const char *text, size_t max);
