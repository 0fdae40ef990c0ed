/* report.h - the one event type, and how sinks show it (design.md 10). */
#pragma once

#include "vpc_reconciled/base.h"
#include "vpc_reconciled/drift.h"

struct json; /* json.h */

/* each has a MESSAGE_ID of its own, never changed */
enum event_kind {
    EVENT_STARTED,
    EVENT_STOPPING,
    EVENT_CONFIG_LOADED,
    EVENT_CONFIG_INVALID,     /* a reload that was refused, or the start's */
    EVENT_CONFIG_NOT_CHECKED, /* keys that this version does not check yet */
    EVENT_PAUSED,             /* or no longer: the text says */
    EVENT_OBSERVATION_INCOMPLETE,
    EVENT_FINDING_SUSPECTED,
    EVENT_FINDING_OPENED,
    EVENT_FINDING_HELD,
    EVENT_FINDING_REPAIRING,
    EVENT_FINDING_REPAIRED,
    EVENT_FINDING_FAILED,
    EVENT_FINDING_CONTESTED,
    EVENT_FINDING_RESOLVED,
    EVENT_CALL,      /* a mutating call was answered */
    EVENT_PASS,      /* summary of a pass: at start, on a change, and once an hour */
    EVENT_INVENTORY, /* what a VPC has, when it is asked for */
    EVENT_CLOCK,     /* the host's and AWS's are apart, or agree again: the text says */
    EVENT_KIND_COUNT,
};

/* syslog's */
enum event_priority {
    PRIORITY_ERR = 3,
    PRIORITY_WARNING = 4,
    PRIORITY_NOTICE = 5,
    PRIORITY_INFO = 6,
    PRIORITY_DEBUG = 7,
};

struct event {
    enum event_kind kind;
    enum event_priority priority;
    int64_t wall_ms;
    const char *message; /* a sentence or two for a person; never NULL */
    /* The fields of design.md 10; NULL leaves one out. */
    const char *target, *vpc_id, *region, *finding, *drift, *state, *impact, *resource, *subnets,
        *cause, *desired, *observed, *action, *result, *replaces, *request_id, *lifts;
    const char *file;
    unsigned line;
    const char *inventory; /* EVENT_INVENTORY: a JSON object, which the JSON form alone carries */
};

/* One field as every sink names it. */
struct event_field {
    const char *name; /* "VPC_TARGET" */
    const char *json; /* "target" */
    size_t offset;    /* of the const char * in struct event */
};
extern const struct event_field event_fields[];
extern const size_t event_n_fields;

const char *event_kind_name(enum event_kind kind);                /* "finding-opened" */
int event_kind_find(const char *name, enum event_kind *ret_kind); /* -ENOENT */
const char *event_message_id(enum event_kind kind);               /* 32 hex digits */
/* Is this journal field sent with every event of the kind ("unknown" where it is NULL)? The catalog
 * may name such fields only. */
bool event_always_sends(enum event_kind kind, const char *field_name);
/* "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG" */
const char *event_priority_name(enum event_priority priority);
/* Text of unknown origin (a tag, a name, a reply of AWS) as part of a line: control characters,
 * line separators, what turns the writing direction, and invalid UTF-8 become \n, \t, \x1b, \u202e.
 * Adds at most max bytes; what is longer is cut and ends in "...". */
void report_escape(struct buf *buf, const char *text, size_t max);
/* A line (or a few, indented) for a terminal, ending in a newline; colour adds ANSI codes, never
 * carries meaning alone. */
void event_render_text(struct buf *buf, const struct event *event, bool colour);
/* One JSON object and a newline:
 * {"version":1,"time":...,"event":...,"priority":...,"message":...,fields}. */
void event_render_json(struct buf *buf, const struct event *event);
/* The way back, for what reads such lines. The texts are the JSON's. -EINVAL: not an event of this
 * version. */
int event_from_json(const struct json *json, struct event *ret_event);
/* "KEY=value" strings for sd_journal_sendv, MESSAGE and MESSAGE_ID included. Lie in the arena. */
void event_render_journal(struct arena *arena, const struct event *event, struct texts *ret_fields);
