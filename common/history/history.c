#include "vpc_reconciled/history.h"

#include "records.h"

#include <stdlib.h>

#define DAY_MS ((int64_t)86400000)
#define HOUR_MS ((int64_t)3600000)
#define CHANGES_MAX 20000 /* past that the oldest goes */
#define LINE_SIZE 200     /* about, without a body */

/* Pointers to items that begin with a struct history_record, sorted by (target, role): thousands of
 * roles are looked up in each pass, and an item stays where it is while others come and go. */
struct index {
    void **items;
    size_t n, reserved;
};

struct history {
    struct index intents;  /* struct history_intent: of each (target, role) the newest */
    struct index wiring;   /* struct history_record */
    struct index contests; /* struct history_contest, by (target, finding) */
    /* In the order in which they came; once CHANGES_MAX are there, a ring that begins at
     * first_change. */
    struct history_record *changes;
    size_t n_changes, reserved_changes, first_change;
    size_t body_bytes; /* of all intents */
    bool torn;         /* the file that was loaded ends inside a line */
};

struct history *history_new(void)
{
    struct history *history = calloc(1, sizeof(*history));

    if (!history)
        abort();
    return history;
}

struct history *history_free(struct history *history)
{
    if (!history)
        return NULL;
    for (size_t i = 0; i < history->intents.n; i++) {
        struct history_intent *intent = history->intents.items[i];

        free(intent->record.body);
        free(intent);
    }
    for (size_t i = 0; i < history->wiring.n; i++)
        free(history->wiring.items[i]);
    for (size_t i = 0; i < history->contests.n; i++)
        free(history->contests.items[i]);
    free(history->intents.items);
    free(history->wiring.items);
    free(history->contests.items);
    free(history->changes);
    free(history);
    return NULL;
}

static void *grown(void *items, size_t *reserved, size_t size)
{
    *reserved = *reserved ? *reserved * 2 : 16;
    items = reallocarray(items, *reserved, size);
    if (!items)
        abort();
    return items;
}

/* ---- index ---- */

/* Where the key is, or would go. */
static bool index_find(const struct index *index, const char *target, const char *role,
                       size_t *ret_at)
{
    size_t low = 0, high = index->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct history_record *record = index->items[middle];
        int r = strcmp(record->target, target);

        if (r == 0)
            r = strcmp(record->role, role);
        if (r == 0) {
            *ret_at = middle;
            return true;
        }
        if (r < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_at = low;
    return false;
}

/* As index_find(), by the whole names, as HISTORY_SET() would have stored them. */
static const void *index_get(const struct index *index, const char *target, const char *role)
{
    struct history_record key;
    size_t at;

    HISTORY_SET(key.target, target);
    HISTORY_SET(key.role, role);
    return index_find(index, key.target, key.role, &at) ? index->items[at] : NULL;
}

static void *index_insert(struct index *index, size_t at, size_t size)
{
    void *item = calloc(1, size);

    if (!item)
        abort();
    if (index->n == index->reserved)
        index->items = grown(index->items, &index->reserved, sizeof(*index->items));
    memmove(index->items + at + 1, index->items + at, (index->n - at) * sizeof(*index->items));
    index->items[at] = item;
    index->n++;
    return item;
}

static void index_remove(struct index *index, size_t at)
{
    free(index->items[at]);
    index->n--;
    memmove(index->items + at, index->items + at + 1, (index->n - at) * sizeof(*index->items));
}

/* ---- what a record does ---- */

static void apply_intent(struct history *history, const struct history_record *record,
                         const char *body)
{
    struct history_intent *intent;
    char *copy = strdup(body ? body : "");
    size_t at;

    if (!copy)
        abort();
    if (index_find(&history->intents, record->target, record->role, &at)) {
        intent = history->intents.items[at];
        history->body_bytes -= strlen(intent->record.body);
        free(intent->record.body);
    } else {
        intent = index_insert(&history->intents, at, sizeof(*intent));
    }
    *intent = (struct history_intent){.record = *record, .state = INTENT_OPEN};
    intent->record.body = copy;
    history->body_bytes += strlen(copy);
}

static void apply_answer(struct history *history, const struct history_record *record)
{
    struct history_intent *intent;
    size_t at;

    if (!index_find(&history->intents, record->target, record->role, &at))
        return;
    intent = history->intents.items[at];
    if (strcmp(intent->record.token, record->token) != 0)
        return; /* an answer to an attempt that a newer one replaced */
    intent->state = record->kind == HISTORY_MADE ? INTENT_MADE : INTENT_FAILED;
    memcpy(intent->made_id, record->id, sizeof(intent->made_id));
}

static void apply_wiring(struct history *history, const struct history_record *record)
{
    size_t at;
    bool known = index_find(&history->wiring, record->target, record->role, &at);

    if (known && !record->id[0])
        index_remove(&history->wiring, at);
    else if (known)
        *(struct history_record *)history->wiring.items[at] = *record;
    else if (record->id[0])
        *(struct history_record *)index_insert(&history->wiring, at, sizeof(*record)) = *record;
}

static struct history_record *change_at(const struct history *history, size_t i)
{
    return &history->changes[(history->first_change + i) % CHANGES_MAX];
}

static void apply_change(struct history *history, const struct history_record *record)
{
    if (history->n_changes == CHANGES_MAX) {
        *change_at(history, 0) = *record;
        history->first_change = (history->first_change + 1) % CHANGES_MAX;
        return;
    }
    if (history->n_changes == history->reserved_changes)
        history->changes =
            grown(history->changes, &history->reserved_changes, sizeof(*history->changes));
    *change_at(history, history->n_changes++) = *record;
}

static void apply_contest(struct history *history, const struct history_record *record)
{
    struct history_contest *contest;
    size_t at;

    contest = index_find(&history->contests, record->target, record->role, &at)
                  ? history->contests.items[at]
                  : index_insert(&history->contests, at, sizeof(*contest));
    contest_note(contest, record);
}

static void apply(struct history *history, const struct history_record *record, const char *body)
{
    switch (record->kind) {
    case HISTORY_INTENT:
        apply_intent(history, record, body);
        break;
    case HISTORY_MADE:
    case HISTORY_FAILED:
        apply_answer(history, record);
        break;
    case HISTORY_CHANGE:
        apply_change(history, record);
        break;
    case HISTORY_WIRING:
        apply_wiring(history, record);
        break;
    case HISTORY_REPAIRED:
    case HISTORY_SHOWN:
    case HISTORY_REVERTED:
        apply_contest(history, record);
        break;
    case HISTORY_KIND_COUNT:
        abort();
    }
}

/* ---- files ---- */

struct lines {
    const char *bytes;
    size_t n, at;
    struct buf line; /* the line at hand */
    bool is_text;    /* no NUL inside, as disks leave them after a power cut */
};

/* Empty lines are passed over: one ends what was torn. */
static bool lines_next(struct lines *lines)
{
    const char *newline, *from;
    size_t length;

    while (lines->at < lines->n && lines->bytes[lines->at] == '\n')
        lines->at++;
    if (lines->at >= lines->n)
        return false;
    from = lines->bytes + lines->at;
    newline = memchr(from, '\n', lines->n - lines->at);
    length = newline ? (size_t)(newline - from) : lines->n - lines->at;
    buf_clear(&lines->line);
    buf_add(&lines->line, from, length);
    lines->is_text = strlen(buf_string(&lines->line)) == length;
    lines->at += length + (newline != NULL);
    return true;
}

static bool has_newer_record(const char *bytes, size_t n)
{
    struct lines lines = {.bytes = bytes, .n = n};
    bool newer = false;

    while (!newer && lines_next(&lines))
        newer = lines.is_text && record_is_newer(lines.line.data);
    buf_free(&lines.line);
    return newer;
}

int history_load(struct history *history, const void *bytes, size_t n)
{
    CLEANUP(buf_free)
    struct buf body = {0};
    struct lines lines = {.bytes = bytes, .n = n};
    int broken = 0;

    /* Before anything is taken: an older version may have written the first lines of the file. */
    if (has_newer_record(bytes, n))
        return -EPROTONOSUPPORT;
    while (lines_next(&lines)) {
        struct history_record record;

        if (lines.is_text && record_decode(lines.line.data, &record, &body) >= 0)
            apply(history, &record, buf_string(&body));
        else
            broken++;
    }
    buf_free(&lines.line);
    if (n > 0)
        history->torn = lines.bytes[n - 1] != '\n';
    return broken;
}

/* A longer text here would mean that a caller cut it, and a cut role is another role. */
static void check_record(const struct history_record *record)
{
    assert(memchr(record->target, 0, sizeof(record->target)));
    assert(memchr(record->role, 0, sizeof(record->role)));
    assert(memchr(record->action, 0, sizeof(record->action)));
    assert(memchr(record->token, 0, sizeof(record->token)));
    assert(memchr(record->id, 0, sizeof(record->id)));
}

void history_add(struct history *history, const struct history_record *record, const char *body,
                 struct buf *buf)
{
    /* A copy: the caller may hand in what lies in the history and moves or goes now. */
    struct history_record copy = *record;

    check_record(record);
    copy.body = NULL;
    if (copy.wall_ms < 0)
        copy.wall_ms = 0; /* a clock before 1970: what is read back must equal what is kept */
    if (copy.wall_ms > RECORD_WALL_MAX_MS)
        copy.wall_ms = RECORD_WALL_MAX_MS;
    if (history->torn)
        buf_char(buf, '\n');
    history->torn = false;
    record_encode(&copy, body, buf);
    apply(history, &copy, body);
}

static bool is_of_this_day(const struct history_record *change, int64_t now_wall_ms)
{
    return change->wall_ms > now_wall_ms - DAY_MS && change->wall_ms < now_wall_ms + DAY_MS;
}

static void drop_old_changes(struct history *history, int64_t now_wall_ms)
{
    size_t kept = 0;

    for (size_t i = 0; i < history->n_changes; i++)
        if (is_of_this_day(change_at(history, i), now_wall_ms)) {
            if (kept != i)
                *change_at(history, kept) = *change_at(history, i);
            kept++;
        }
    history->n_changes = kept;
}

static void drop_old_contests(struct history *history, int64_t now_wall_ms)
{
    for (size_t i = history->contests.n; i > 0; i--) {
        const struct history_contest *contest = history->contests.items[i - 1];

        if (!is_of_this_day(&contest->record, now_wall_ms))
            index_remove(&history->contests, i - 1);
    }
}

void history_encode(struct history *history, int64_t now_wall_ms, struct buf *buf)
{
    for (size_t i = 0; i < history->wiring.n; i++)
        record_encode(history->wiring.items[i], NULL, buf);
    for (size_t i = 0; i < history->intents.n; i++) {
        const struct history_intent *intent = history->intents.items[i];
        struct history_record answer = intent->record;

        record_encode(&intent->record, intent->record.body, buf);
        if (intent->state == INTENT_OPEN)
            continue;
        answer.kind = intent->state == INTENT_MADE ? HISTORY_MADE : HISTORY_FAILED;
        memcpy(answer.id, intent->made_id, sizeof(answer.id));
        record_encode(&answer, NULL, buf);
    }
    drop_old_changes(history, now_wall_ms);
    for (size_t i = 0; i < history->n_changes; i++)
        record_encode(change_at(history, i), NULL, buf);
    drop_old_contests(history, now_wall_ms);
    for (size_t i = 0; i < history->contests.n; i++)
        contest_encode(history->contests.items[i], buf);
    history->torn = false;
}

size_t history_size(const struct history *history)
{
    return (history->intents.n * 2 + history->wiring.n + history->n_changes) * LINE_SIZE +
           history->contests.n * HISTORY_REVERTS_MAX * LINE_SIZE + history->body_bytes;
}

/* ---- questions ---- */

const struct history_intent *history_intent_of(const struct history *history, const char *target,
                                               const char *role)
{
    return index_get(&history->intents, target, role);
}

const struct history_contest *history_contest_of(const struct history *history, const char *target,
                                                 const char *finding)
{
    return index_get(&history->contests, target, finding);
}

const struct history_contest *history_contest_next(const struct history *history,
                                                   const char *target,
                                                   const struct history_contest *after)
{
    const struct index *contests = &history->contests;
    struct history_record key;
    size_t at;

    HISTORY_SET(key.target, target);
    if (after)
        at = index_find(contests, key.target, after->record.role, &at) ? at + 1 : contests->n;
    else
        (void)index_find(contests, key.target, "", &at);
    if (at >= contests->n ||
        strcmp(((const struct history_record *)contests->items[at])->target, key.target) != 0)
        return NULL;
    return contests->items[at];
}

const char *history_wiring(const struct history *history, const char *target, const char *role)
{
    const struct history_record *record = index_get(&history->wiring, target, role);

    return record ? record->id : NULL;
}

unsigned history_changes(const struct history *history, const char *target, int64_t now_wall_ms,
                         int64_t *ret_oldest_leaves_ms)
{
    struct history_record key;
    unsigned n = 0;

    HISTORY_SET(key.target, target);
    *ret_oldest_leaves_ms = 0;
    for (size_t i = 0; i < history->n_changes; i++) {
        const struct history_record *change = change_at(history, i);

        if (!change->counted || strcmp(change->target, key.target) != 0 ||
            change->wall_ms <= now_wall_ms - HOUR_MS || change->wall_ms > now_wall_ms + HOUR_MS)
            continue;
        if (n++ == 0 || change->wall_ms + HOUR_MS < *ret_oldest_leaves_ms)
            *ret_oldest_leaves_ms = change->wall_ms + HOUR_MS;
    }
    return n;
}

const struct history_record *history_last_change(const struct history *history, const char *target,
                                                 const char *role)
{
    struct history_record key;

    HISTORY_SET(key.target, target);
    HISTORY_SET(key.role, role);
    for (size_t i = history->n_changes; i > 0; i--) {
        const struct history_record *change = change_at(history, i - 1);

        if (strcmp(change->role, key.role) == 0 && strcmp(change->target, key.target) == 0)
            return change;
    }
    return NULL;
}
