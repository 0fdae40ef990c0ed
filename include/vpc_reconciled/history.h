/* history.h - what outlives a pass (design.md 2): intents, changes, the last healthy wiring.
 *
 * Append-only text records, one a line: "1 CRC32 KIND field..."; fields are percent-encoded. Every
 * format keeps this much: its number, then the CRC-32 of all of the line but these 9 bytes (so of
 * "1 KIND field..."). A torn or flipped record is passed over and counted; a newer format number,
 * if the CRC bears it out, sets the whole file aside. Losing it costs time, never safety: the
 * daemon observes for longer before it acts. */
#pragma once

#include "vpc_reconciled/base.h"

#define HISTORY_FORMAT 1
#define HISTORY_SIZE_MAX ((size_t)8 << 20)

enum history_kind {
    HISTORY_INTENT, /* before a create: role, action, token, attempt, body */
    HISTORY_MADE,   /* its answer: id of what was made */
    HISTORY_FAILED, /* its answer: AWS refused it, nothing was made */
    HISTORY_CHANGE, /* any mutating call that AWS carried out, counted by S9. Of a table's default,
                       or of a subnet's association: role is that of its wiring, token what it was
                       before and id what it is since, for the undo (design.md 6.4) */
    HISTORY_WIRING, /* role -> id, of a healthy pass; an empty id removes it */
    /* What became of our repair of a finding (safety.md L2); role: its id, action: its drift code
     */
    HISTORY_REPAIRED, /* carried out */
    HISTORY_SHOWN,    /* a complete look shows that it is right since */
    HISTORY_REVERTED, /* the same drift is there again; attempt: how many holds in a row this is */
    HISTORY_KIND_COUNT,
};

/* Fixed size but for the body; copied in, never pointing into an arena. Text members are filled by
 * HISTORY_SET: cut to size by hand, two long roles would become one. */
struct history_record {
    enum history_kind kind;
    int64_t wall_ms;
    char target[72], role[120], action[48], token[72], id[64];
    unsigned attempt;
    bool counted; /* CHANGE: counts against the hourly limit */
    char *body;   /* INTENT: the request's exact bytes; heap, owned by the history */
};

/* HISTORY_SET(record.role, role). What is too long keeps its start and ends in '~' and 16 digits of
 * its SHA-256; history_intent_of(), history_wiring() and history_changes() take the whole name and
 * find it. */
#define HISTORY_SET(member, text) history_set_text((member), sizeof(member), (text))
void history_set_text(char *into, size_t size, const char *text); /* text NULL: "" */

struct history;
struct history *history_new(void);
struct history *history_free(struct history *history);

/* Returns the number of records passed over as broken, or -EPROTONOSUPPORT: a newer format, nothing
 * was taken. A torn last line is ended by the next history_add(), so that nothing is appended to
 * it. */
int history_load(struct history *history, const void *bytes, size_t n);

/* Applies the record and appends its line to buf. body may be NULL. record and body may be the
 * history's own. */
void history_add(struct history *history, const struct history_record *record, const char *body,
                 struct buf *buf);
/* The whole history as a file, for compaction; changes older than a day are dropped here, too. */
void history_encode(struct history *history, int64_t now_wall_ms, struct buf *buf);
size_t
history_size(const struct history *history); /* bytes that history_encode() would write, about */

/* The newest intent of a role with what became of it; NULL: none. It stays where it is, and is
 * overwritten by the role's next one. */
struct history_intent {
    struct history_record record;
    enum {
        INTENT_OPEN, /* no answer was recorded */
        INTENT_MADE,
        INTENT_FAILED,
    } state;
    char made_id[64];
};
const struct history_intent *history_intent_of(const struct history *history, const char *target,
                                               const char *role);
/* NULL: not known. Valid until this role's next record. */
const char *history_wiring(const struct history *history, const char *target, const char *role);
/* Counted changes of the last hour, and when the oldest of them leaves the hour (0: none). Those
 * that a clock which ran ahead dated over an hour into the future are passed over: they would never
 * leave. */
unsigned history_changes(const struct history *history, const char *target, int64_t now_wall_ms,
                         int64_t *ret_oldest_leaves_ms);
/* Our repairs of one finding, and how often somebody undid them. What is older than a day is
 * forgotten. */
#define HISTORY_REVERTS_MAX 8
struct history_contest {
    struct history_record record; /* the newest: HISTORY_REPAIRED, _SHOWN or _REVERTED */
    struct history_revert {
        int64_t wall_ms;
        unsigned attempt;
    } reverts[HISTORY_REVERTS_MAX]; /* the last ones, oldest first */
    size_t n_reverts;
};
/* NULL: nothing is known of it. Valid until the next history_encode(). */
const struct history_contest *history_contest_of(const struct history *history, const char *target,
                                                 const char *finding);
/* The target's next one after `after`, which may be NULL: the first; NULL: no more. */
const struct history_contest *history_contest_next(const struct history *history,
                                                   const char *target,
                                                   const struct history_contest *after);
/* The newest change of the role; NULL: none that is remembered (a day at least). Valid until the
 * next history_add(). */
const struct history_record *history_last_change(const struct history *history, const char *target,
                                                 const char *role);
