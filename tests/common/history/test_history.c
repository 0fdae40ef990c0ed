/* What outlives a pass: records out, records in, and what a torn, flipped or newer file does. */
#include "vpc_reconciled/history.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1764000000000)
#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)

static void history_freep(struct history **history)
{
    *history = history_free(*history);
}

static struct history_record record_of(enum history_kind kind, const char *target, const char *role)
{
    struct history_record record = {.kind = kind, .wall_ms = NOW_MS};

    HISTORY_SET(record.target, target);
    HISTORY_SET(record.role, role);
    return record;
}

static void add_wiring(struct history *history, const char *role, const char *id, struct buf *file)
{
    struct history_record record = record_of(HISTORY_WIRING, "orders-prod", role);

    HISTORY_SET(record.id, id);
    history_add(history, &record, NULL, file);
}

static void add_intent(struct history *history, const char *role, const char *token,
                       const char *body, struct buf *file)
{
    struct history_record record = record_of(HISTORY_INTENT, "orders-prod", role);

    HISTORY_SET(record.action, "CreateNatGateway");
    HISTORY_SET(record.token, token);
    record.attempt = 3;
    history_add(history, &record, body, file);
}

static void add_answer(struct history *history, enum history_kind kind, const char *role,
                       const char *token, const char *id, struct buf *file)
{
    struct history_record record = record_of(kind, "orders-prod", role);

    HISTORY_SET(record.token, token);
    HISTORY_SET(record.id, id);
    history_add(history, &record, NULL, file);
}

static void add_change(struct history *history, const char *target, int64_t wall_ms, bool counted,
                       struct buf *file)
{
    struct history_record record = record_of(HISTORY_CHANGE, target, "route-table/a/0.0.0.0/0");

    HISTORY_SET(record.action, "ReplaceRoute");
    record.wall_ms = wall_ms;
    record.counted = counted;
    history_add(history, &record, NULL, file);
}

static unsigned changes(const struct history *history, const char *target)
{
    int64_t leaves_ms;

    return history_changes(history, target, NOW_MS, &leaves_ms);
}

#define BODY "Action=CreateNatGateway&Version=2016-11-15&Tag.1.Value=100%25 \x01\xff=\n"

static void fill(struct history *history, struct buf *file)
{
    add_wiring(history, "internet-gateway", "igw-1", file);
    add_wiring(history, "internet-gateway", "igw-2", file);
    add_wiring(history, "elastic-ip/a", "eipalloc-1", file);
    add_wiring(history, "gone", "x", file);
    add_wiring(history, "gone", "", file);
    add_wiring(history, "never there", "", file);
    add_intent(history, "nat-gateway/a", "t1", BODY, file);
    add_answer(history, HISTORY_MADE, "nat-gateway/a", "t1", "nat-1", file);
    add_intent(history, "nat-gateway/b", "t2", NULL, file);
    add_intent(history, "nat-gateway/c", "t3", "b", file);
    add_answer(history, HISTORY_FAILED, "nat-gateway/c", "t3", "", file);
    add_change(history, "orders-prod", NOW_MS - 1000, true, file);
    add_change(history, "orders-prod", NOW_MS - 500, false, file);
    add_change(history, "other", NOW_MS - 400, true, file);
}

static void check_filled(const struct history *history)
{
    const struct history_intent *intent;

    assert_string_equal(history_wiring(history, "orders-prod", "internet-gateway"), "igw-2");
    assert_string_equal(history_wiring(history, "orders-prod", "elastic-ip/a"), "eipalloc-1");
    assert_null(history_wiring(history, "orders-prod", "gone"));
    assert_null(history_wiring(history, "orders-prod", "never there"));
    assert_null(history_wiring(history, "other", "internet-gateway"));
    intent = history_intent_of(history, "orders-prod", "nat-gateway/a");
    assert_int_equal(intent->state, INTENT_MADE);
    assert_string_equal(intent->made_id, "nat-1");
    assert_string_equal(intent->record.body, BODY);
    assert_string_equal(intent->record.action, "CreateNatGateway");
    assert_string_equal(intent->record.token, "t1");
    assert_int_equal(intent->record.attempt, 3);
    assert_int_equal(intent->record.wall_ms, NOW_MS);
    intent = history_intent_of(history, "orders-prod", "nat-gateway/b");
    assert_int_equal(intent->state, INTENT_OPEN);
    assert_string_equal(intent->record.body, "");
    intent = history_intent_of(history, "orders-prod", "nat-gateway/c");
    assert_int_equal(intent->state, INTENT_FAILED);
    assert_null(history_intent_of(history, "orders-prod", "nat-gateway/d"));
    assert_null(history_intent_of(history, "other", "nat-gateway/a"));
    assert_int_equal(changes(history, "orders-prod"), 1);
    assert_int_equal(changes(history, "other"), 1);
    assert_int_equal(changes(history, "nobody"), 0);
}

static void records_come_back(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(history_freep)
    struct history *again = history_new();
    CLEANUP(history_freep)
    struct history *nothing = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    (void)state;

    fill(history, &file);
    check_filled(history);
    assert_int_equal(history_load(again, file.data, file.n), 0);
    check_filled(again);
    assert_int_equal(history_load(nothing, NULL, 0), 0);
    assert_int_equal(history_load(nothing, "\n\n", 2), 0);
    assert_null(history_free(NULL));
}

/* Written by this very code once: later versions must still read it. */
static void an_old_file_is_read(void **state)
{
    static const char file[] =
        "1 5037e422 wiring 1764000000000 0 0 =orders-prod =internet-gateway = = =igw-1 =\n"
        "1 d42b01f3 intent 1764000000000 3 0 =orders-prod =nat-gateway/a =CreateNatGateway =t1 = "
        "=Tag=100%25%20%FF\n"
        "1 00000000 change 1764000000000 0 1 =orders-prod =role =ReplaceRoute = = =\n";
    CLEANUP(history_freep)
    struct history *history = history_new();
    (void)state;

    assert_int_equal(history_load(history, file, strlen(file)), 1); /* the CRC of 0 */
    assert_string_equal(history_wiring(history, "orders-prod", "internet-gateway"), "igw-1");
    assert_string_equal(history_intent_of(history, "orders-prod", "nat-gateway/a")->record.body,
                        "Tag=100% \xff");
}

static void compaction_equals_replay(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(history_freep)
    struct history *again = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    CLEANUP(buf_free)
    struct buf compact = {0};
    CLEANUP(buf_free)
    struct buf compact_again = {0};
    (void)state;

    fill(history, &file);
    history_encode(history, NOW_MS, &compact);
    assert_true(compact.n < file.n);
    check_filled(history);
    assert_int_equal(history_load(again, compact.data, compact.n), 0);
    check_filled(again);
    history_encode(again, NOW_MS, &compact_again);
    assert_string_equal(compact.data, compact_again.data);
    assert_in_range(history_size(history), compact.n / 2, compact.n * 4);
}

/* Any random order of records, replayed from the long file and from the compacted one. */
static void compaction_equals_replay_of_anything(void **state)
{
    struct rng rng = {20261124};
    (void)state;

    for (int round = 0; round < 50; round++) {
        CLEANUP(history_freep)
        struct history *history = history_new();
        CLEANUP(history_freep)
        struct history *from_file = history_new();
        CLEANUP(history_freep)
        struct history *from_compact = history_new();
        CLEANUP(buf_free)
        struct buf file = {0};
        CLEANUP(buf_free)
        struct buf compact = {0};
        CLEANUP(buf_free)
        struct buf a = {0};
        CLEANUP(buf_free)
        struct buf b = {0};

        for (int i = 0; i < 200; i++) {
            struct history_record record = {
                .kind = (enum history_kind)rng_below(&rng, HISTORY_KIND_COUNT),
                .wall_ms = NOW_MS - (int64_t)rng_below(&rng, 2 * DAY_MS)};
            char role[2] = {(char)('a' + rng_below(&rng, 5)), 0};
            char token[2] = {(char)('0' + rng_below(&rng, 3)), 0};

            HISTORY_SET(record.target, rng_below(&rng, 2) ? "one" : "two");
            HISTORY_SET(record.role, role);
            HISTORY_SET(record.token, token);
            HISTORY_SET(record.id, rng_below(&rng, 3) ? "id" : "");
            record.counted = rng_below(&rng, 2);
            history_add(history, &record, role, &file);
        }
        assert_int_equal(history_load(from_file, file.data, file.n), 0);
        history_encode(history, NOW_MS, &compact);
        assert_int_equal(history_load(from_compact, compact.data, compact.n), 0);
        history_encode(from_file, NOW_MS, &a);
        history_encode(from_compact, NOW_MS, &b);
        assert_string_equal(a.data, compact.data);
        assert_string_equal(b.data, compact.data);
    }
}

/* ---- files that are not whole ---- */

static void a_torn_line_is_passed_over(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    size_t one;
    (void)state;

    add_wiring(history, "a", "igw-1", &file);
    one = file.n;
    add_wiring(history, "b", "igw-2", &file);
    for (size_t cut = one; cut < file.n; cut++) {
        CLEANUP(history_freep)
        struct history *torn = history_new();
        CLEANUP(history_freep)
        struct history *after = history_new();
        CLEANUP(buf_free)
        struct buf rest = {0};
        /* Where only the line break is missing, the record is all there. */
        bool broken = cut > one && cut < file.n - 1;
        const char *b = cut == file.n - 1 ? "igw-2" : NULL;

        assert_int_equal(history_load(torn, file.data, cut), broken);
        assert_string_equal(history_wiring(torn, "orders-prod", "a"), "igw-1");
        assert_true(text_equal(history_wiring(torn, "orders-prod", "b"), b));
        /* What is appended afterwards is not swallowed by the torn line. */
        buf_add(&rest, file.data, cut);
        add_wiring(torn, "c", "igw-3", &rest);
        add_wiring(torn, "d", "igw-4", &rest);
        assert_int_equal(history_load(after, rest.data, rest.n), broken);
        assert_string_equal(history_wiring(after, "orders-prod", "a"), "igw-1");
        assert_true(text_equal(history_wiring(after, "orders-prod", "b"), b));
        assert_string_equal(history_wiring(after, "orders-prod", "c"), "igw-3");
        assert_string_equal(history_wiring(after, "orders-prod", "d"), "igw-4");
    }
}

/* Every bit of a record, the format number and the CRC as well. */
static void a_flipped_bit_is_noticed(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    size_t from, to;
    (void)state;

    add_wiring(history, "a", "igw-1", &file);
    from = file.n;
    add_intent(history, "b", "token", "body 100%", &file);
    to = file.n;
    add_wiring(history, "c", "igw-3", &file);
    for (size_t at = from; at < to; at++)
        for (int bit = 0; bit < 8; bit++) {
            CLEANUP(history_freep)
            struct history *flipped = history_new();
            int r;

            file.data[at] = (char)(file.data[at] ^ (1 << bit));
            r = history_load(flipped, file.data, file.n);
            /* One bit makes two lines of it, or joins it with the next. */
            if (r < 1 || r > 2)
                fail_msg("bit %d of byte %zu: gave %d", bit, at - from, r);
            assert_string_equal(history_wiring(flipped, "orders-prod", "a"), "igw-1");
            assert_null(history_intent_of(flipped, "orders-prod", "b"));
            if (at + 1 < to) /* else its own line break was hit, and it took the next line along */
                assert_string_equal(history_wiring(flipped, "orders-prod", "c"), "igw-3");
            file.data[at] = (char)(file.data[at] ^ (1 << bit));
        }
}

/* text: what stands before and after the CRC. */
static void add_line(struct buf *file, const char *format, const char *rest)
{
    CLEANUP(buf_free)
    struct buf covered = {0};

    buf_printf(&covered, "%s%s", format, rest);
    buf_printf(file, "%s %08" PRIx32 "%s\n", format, crc32_of(covered.data, covered.n), rest);
}

static void a_newer_format_sets_the_file_aside(void **state)
{
    static const char *const formats[] = {"2", "17", "4294967295"};
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        CLEANUP(history_freep)
        struct history *history = history_new();
        CLEANUP(buf_free)
        struct buf file = {0};
        CLEANUP(buf_free)
        struct buf nothing = {0};

        add_wiring(history, "a", "igw-1", &file);
        history = history_free(history);
        history = history_new();
        add_line(&file, formats[i], " something {\"quite\": \"different\"}");
        assert_int_equal(history_load(history, file.data, file.n), -EPROTONOSUPPORT);
        assert_null(history_wiring(history, "orders-prod", "a")); /* nor the old line before it */
        history_encode(history, NOW_MS, &nothing);
        assert_int_equal(nothing.n, 0);
    }
}

static const struct {
    const char *name, *format, *rest;
    int r; /* records passed over */
} lines[] = {
    {"whole", "1", " wiring 5 0 0 =t =r = = =id =", 0},
    {"an older format", "0", " wiring 5 0 0 =t =r = = =id =", 1},
    {"a padded format", "01", " wiring 5 0 0 =t =r = = =id =", 0},
    {"a signed format", "+2", " wiring 5 0 0 =t =r = = =id =", 1},
    {"a negative format", "-1", " wiring 5 0 0 =t =r = = =id =", 1},
    {"a huge format", "4294967296", " wiring 5 0 0 =t =r = = =id =", 1},
    {"no format", "", " wiring 5 0 0 =t =r = = =id =", 1},
    {"an unknown kind", "1", " wirings 5 0 0 =t =r = = =id =", 1},
    {"an empty kind", "1", "  5 0 0 =t =r = = =id =", 1},
    {"no kind", "1", " 5 0 0 =t =r = = =id =", 1},
    {"a negative time", "1", " wiring -5 0 0 =t =r = = =id =", 1},
    {"a time past 9999", "1", " wiring 253402300800000 0 0 =t =r = = =id =", 1},
    {"a time past 2^64", "1", " wiring 18446744073709551621 0 0 =t =r = = =id =", 1},
    {"an attempt past 2^32", "1", " wiring 5 4294967296 0 =t =r = = =id =", 1},
    {"counted twice", "1", " wiring 5 0 2 =t =r = = =id =", 1},
    {"a member less", "1", " wiring 5 0 0 =t =r = = =id", 1},
    {"a member more", "1", " wiring 5 0 0 =t =r = = =id = =", 1},
    {"a member without its sign", "1", " wiring 5 0 0 =t r = = =id =", 1},
    {"two spaces", "1", " wiring 5 0 0 =t  =r = = =id =", 1},
    {"a broken escape", "1", " wiring 5 0 0 =t =r%4 = = =id =", 1},
    {"a lower-case escape", "1", " wiring 5 0 0 =t =r%e9 = = =id =", 1},
    {"an escape at the end", "1", " wiring 5 0 0 =t =r = = =id =%", 1},
    {"an escaped NUL", "1", " wiring 5 0 0 =t =r%00 = = =id =", 1},
    {"an id that does not fit", "1",
     " wiring 5 0 0 =t =r = = =0123456789012345678901234567890123456789012345678901234567890123 =",
     1},
    {"an id that just fits", "1",
     " wiring 5 0 0 =t =r = = =012345678901234567890123456789012345678901234567890123456789012 =",
     0},
};

/* The CRC is right in each: what wrote it had a bug, or a newer mind. */
static void what_is_no_record_is_passed_over(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        CLEANUP(history_freep)
        struct history *history = history_new();
        CLEANUP(buf_free)
        struct buf file = {0};
        int r;

        add_line(&file, lines[i].format, lines[i].rest);
        r = history_load(history, file.data, file.n);
        if (r != lines[i].r)
            fail_msg("%s: gave %d", lines[i].name, r);
        assert_int_equal(history_wiring(history, "t", "r") != NULL, r == 0);
    }
}

static void garbage_is_passed_over(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        int r;
    } rows[] = {
        {"x\n", 2, 1},
        {"1\n", 2, 1},
        {"1 \n", 3, 1},
        {"1 0000000\n", 10, 1},
        {"1 00000000\n", 11, 1},
        {"1 00000000 \n", 12, 1},
        {"\0\n", 2, 1},
        {"\0\0\0\0", 4, 1},
        {"\n\n\n", 3, 0},
        {"a\nb\nc\n", 6, 3},
        {"2 00000000 x\n", 13, 1}, /* newer, if the CRC were right */
        {"1 0000000G x\n", 13, 1},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(history_freep)
        struct history *history = history_new();

        assert_int_equal(history_load(history, rows[i].text, rows[i].n), rows[i].r);
    }
}

/* ---- intents ---- */

static void answers_belong_to_their_attempt(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    const struct history_intent *intent;
    (void)state;

    add_intent(history, "nat-gateway/a", "t1", "first", &file);
    intent = history_intent_of(history, "orders-prod", "nat-gateway/a");
    assert_int_equal(intent->state, INTENT_OPEN);
    add_answer(history, HISTORY_FAILED, "nat-gateway/a", "t1", "", &file);
    assert_int_equal(intent->state, INTENT_FAILED);
    add_intent(history, "nat-gateway/a", "t2", "second", &file);
    assert_int_equal(intent->state, INTENT_OPEN);
    assert_string_equal(intent->record.body, "second");
    add_answer(history, HISTORY_MADE, "nat-gateway/a", "t1", "nat-late", &file); /* of the first */
    assert_int_equal(intent->state, INTENT_OPEN);
    add_answer(history, HISTORY_MADE, "nat-gateway/b", "t2", "nat-other", &file);
    assert_int_equal(intent->state, INTENT_OPEN);
    add_answer(history, HISTORY_MADE, "nat-gateway/a", "t2", "nat-2", &file);
    assert_int_equal(intent->state, INTENT_MADE);
    assert_string_equal(intent->made_id, "nat-2");
    assert_null(history_intent_of(history, "orders-prod", "nat-gateway/b"));
}

/* As an attempt is repeated: with the record and the bytes that the history itself holds. */
static void an_intent_may_be_repeated_from_the_history(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(history_freep)
    struct history *again = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    const struct history_intent *intent;
    (void)state;

    add_intent(history, "nat-gateway/a", "t1", BODY, &file);
    add_answer(history, HISTORY_MADE, "nat-gateway/a", "t1", "nat-1", &file);
    intent = history_intent_of(history, "orders-prod", "nat-gateway/a");
    history_add(history, &intent->record, intent->record.body, &file);
    assert_int_equal(intent->state, INTENT_OPEN);
    assert_string_equal(intent->record.body, BODY);
    assert_int_equal(history_load(again, file.data, file.n), 0);
    assert_string_equal(history_intent_of(again, "orders-prod", "nat-gateway/a")->record.body,
                        BODY);
}

/* ---- long names ---- */

static char *long_name(struct arena *arena, size_t n, char last)
{
    char *name = arena_alloc(arena, n + 1);

    memset(name, 'x', n);
    name[n - 1] = last;
    return name;
}

/* Cut to the record's size, these would all be one role: that of another thing. */
static void long_names_stay_apart(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(history_freep)
    struct history *again = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    static const size_t lengths[] = {118, 119, 120, 121, 500};
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
        for (char last = 'a'; last <= 'c'; last++) {
            const char *name = long_name(arena, lengths[i], last);

            add_wiring(history, name, arena_printf(arena, "id-%zu-%c", lengths[i], last), &file);
            add_intent(history, name, "t", name, &file);
        }
    assert_int_equal(history_load(again, file.data, file.n), 0);
    for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
        for (char last = 'a'; last <= 'c'; last++) {
            const char *name = long_name(arena, lengths[i], last);

            assert_string_equal(history_wiring(again, "orders-prod", name),
                                arena_printf(arena, "id-%zu-%c", lengths[i], last));
            assert_string_equal(history_intent_of(again, "orders-prod", name)->record.body, name);
        }
    assert_null(history_wiring(again, "orders-prod", long_name(arena, 119, 'd')));
    assert_null(history_wiring(again, "orders-prod", long_name(arena, 500, 'd')));
}

static void long_targets_are_counted_apart(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    (void)state;

    add_change(history, long_name(arena, 100, 'a'), NOW_MS, true, &file);
    add_change(history, long_name(arena, 100, 'a'), NOW_MS, true, &file);
    add_change(history, long_name(arena, 100, 'b'), NOW_MS, true, &file);
    assert_int_equal(changes(history, long_name(arena, 100, 'a')), 2);
    assert_int_equal(changes(history, long_name(arena, 100, 'b')), 1);
    assert_int_equal(changes(history, long_name(arena, 71, 'x')), 0);
}

static void text_is_set_whole_or_marked(void **state)
{
    char text[24];
    (void)state;

    memset(text, 'z', sizeof(text));
    HISTORY_SET(text, "abc");
    assert_string_equal(text, "abc");
    HISTORY_SET(text, NULL);
    assert_string_equal(text, "");
    HISTORY_SET(text, "12345678901234567890123");
    assert_string_equal(text, "12345678901234567890123");
    HISTORY_SET(text, "123456789012345678901234"); /* sha256: 64e5db98... */
    assert_int_equal(strlen(text), sizeof(text) - 1);
    assert_memory_equal(text, "123456~", 7);
}

/* ---- changes ---- */

static const struct {
    const char *name;
    int64_t at_ms[4]; /* 0: no more */
    unsigned n;
    int64_t leaves_ms;
} hours[] = {
    {"none", {0}, 0, 0},
    {"now", {NOW_MS}, 1, NOW_MS + HOUR_MS},
    {"almost an hour ago", {NOW_MS - HOUR_MS + 1}, 1, NOW_MS + 1},
    {"an hour ago", {NOW_MS - HOUR_MS}, 0, 0},
    {"long ago", {1}, 0, 0},
    {"the oldest leaves first", {NOW_MS - 10, NOW_MS - 30, NOW_MS - 20}, 3, NOW_MS - 30 + HOUR_MS},
    {"one has left", {NOW_MS - HOUR_MS, NOW_MS - 5}, 1, NOW_MS - 5 + HOUR_MS},
    {"the clock was set back", {NOW_MS + 60000}, 1, NOW_MS + 60000 + HOUR_MS},
    {"the clock ran far ahead", {NOW_MS + HOUR_MS + 1, INT64_MAX}, 0, 0},
};

static void changes_are_counted_for_an_hour(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(hours); i++) {
        CLEANUP(history_freep)
        struct history *history = history_new();
        CLEANUP(buf_free)
        struct buf file = {0};
        int64_t leaves_ms = -1;
        unsigned n;

        for (size_t k = 0; k < 4 && hours[i].at_ms[k]; k++) {
            add_change(history, "t", hours[i].at_ms[k], true, &file);
            add_change(history, "t", hours[i].at_ms[k], false, &file);
            add_change(history, "other", hours[i].at_ms[k], true, &file);
        }
        n = history_changes(history, "t", NOW_MS, &leaves_ms);
        if (n != hours[i].n || leaves_ms != hours[i].leaves_ms)
            fail_msg("%s: %u, leaves at %lld", hours[i].name, n, (long long)leaves_ms);
    }
}

static void old_changes_are_dropped(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(history_freep)
    struct history *again = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    CLEANUP(buf_free)
    struct buf compact = {0};
    size_t before;
    (void)state;

    for (int i = 0; i < 100; i++)
        add_change(history, "t", NOW_MS - DAY_MS - i, true, &file);
    add_change(history, "t", NOW_MS - DAY_MS + 1, true, &file);
    add_change(history, "t", NOW_MS, true, &file);
    add_change(history, "t", INT64_MAX, true, &file); /* of a broken clock */
    before = history_size(history);
    history_encode(history, NOW_MS, &compact);
    assert_true(history_size(history) < before / 10);
    assert_int_equal(history_load(again, compact.data, compact.n), 0);
    assert_int_equal(changes(again, "t"), 1);
    assert_int_equal(history_size(again), history_size(history));
}

static void set_default(struct history *history, const char *role, const char *was, const char *is,
                        int64_t wall_ms, struct buf *file)
{
    struct history_record record = record_of(HISTORY_CHANGE, "t", role);

    HISTORY_SET(record.action, "ReplaceRoute");
    HISTORY_SET(record.token, was);
    HISTORY_SET(record.id, is);
    record.wall_ms = wall_ms;
    history_add(history, &record, NULL, file);
}

static void check_last_change(const struct history *history, const char *role, const char *was,
                              const char *is)
{
    const struct history_record *change = history_last_change(history, "t", role);

    assert_non_null(change);
    assert_string_equal(change->token, was);
    assert_string_equal(change->id, is);
}

/* The newest by order, not by a clock that may jump; each role by itself, and after a start, too.
 */
static void the_last_change_of_a_role(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(history_freep)
    struct history *again = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    CLEANUP(buf_free)
    struct buf compact = {0};
    char longer[200];
    (void)state;

    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = 0;
    set_default(history, "default/rtb-1/ipv4", "nat-1", "nat-2", NOW_MS, &file);
    set_default(history, "default/rtb-1/ipv4", "nat-2", "nat-3", NOW_MS - 5000, &file);
    set_default(history, "default/rtb-2/ipv4", "nat-4", "nat-5", NOW_MS, &file);
    set_default(history, longer, "nat-6", "nat-7", NOW_MS, &file);
    add_change(history, "u", NOW_MS, true, &file);
    history_encode(history, NOW_MS, &compact);
    assert_int_equal(history_load(again, compact.data, compact.n), 0);
    for (size_t i = 0; i < 2; i++) {
        const struct history *one = i ? again : history;

        check_last_change(one, "default/rtb-1/ipv4", "nat-2", "nat-3");
        check_last_change(one, "default/rtb-2/ipv4", "nat-4", "nat-5");
        check_last_change(one, longer, "nat-6", "nat-7");
        assert_null(history_last_change(one, "t", "default/rtb-3/ipv4"));
        assert_null(history_last_change(one, "t", "route-table/a/0.0.0.0/0")); /* target u's */
        assert_null(history_last_change(one, "u", "default/rtb-1/ipv4"));
    }
}

/* ---- sizes ---- */

static void many_records_are_kept(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(history_freep)
    struct history *again = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    char role[40], id[40];
    struct rng rng = {1};
    (void)state;

    for (unsigned i = 0; i < 20000; i++) {
        snprintf(role, sizeof(role), "role/%016llx", (unsigned long long)rng_next(&rng));
        snprintf(id, sizeof(id), "id-%u", i);
        add_wiring(history, role, id, &file);
    }
    assert_true(file.n < HISTORY_SIZE_MAX);
    assert_int_equal(history_load(again, file.data, file.n), 0);
    rng.state = 1;
    for (unsigned i = 0; i < 20000; i++) {
        snprintf(role, sizeof(role), "role/%016llx", (unsigned long long)rng_next(&rng));
        snprintf(id, sizeof(id), "id-%u", i);
        assert_string_equal(history_wiring(again, "orders-prod", role), id);
    }
}

/* A file as large as may be, full of changes: the newest stay, and loading them takes no minutes.
 */
static void of_too_many_changes_the_oldest_go(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(history_freep)
    struct history *again = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};
    CLEANUP(buf_free)
    struct buf compact = {0};
    unsigned n = 0;
    (void)state;

    while (file.n < HISTORY_SIZE_MAX) {
        add_change(history, n < 1000 ? "early" : "t", NOW_MS - 200000 + n, true, &file);
        n++;
    }
    assert_true(n > 60000);
    assert_int_equal(history_load(again, file.data, file.n), 0);
    assert_int_equal(changes(again, "early"), 0);
    assert_int_equal(changes(again, "t"), 20000);
    assert_true(history_last_change(again, "t", "route-table/a/0.0.0.0/0")->wall_ms ==
                NOW_MS - 200000 + n - 1);
    assert_null(history_last_change(again, "early", "route-table/a/0.0.0.0/0"));
    history_encode(again, NOW_MS - 200000 + n + DAY_MS - 10000,
                   &compact); /* 9999 are of this day */
    assert_int_equal(changes(again, "t"), 9999);
    for (int i = 0; i < 500; i++)
        add_change(again, "t", NOW_MS, true, &file);
    assert_int_equal(changes(again, "t"), 10499);
    add_change(again, "t", NOW_MS - HOUR_MS, true, &file);
    assert_int_equal(changes(again, "t"), 10499);
    assert_true(history_last_change(again, "t", "route-table/a/0.0.0.0/0")->wall_ms ==
                NOW_MS - HOUR_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back),
        cmocka_unit_test(an_old_file_is_read),
        cmocka_unit_test(compaction_equals_replay),
        cmocka_unit_test(compaction_equals_replay_of_anything),
        cmocka_unit_test(a_torn_line_is_passed_over),
        cmocka_unit_test(a_flipped_bit_is_noticed),
        cmocka_unit_test(a_newer_format_sets_the_file_aside),
        cmocka_unit_test(what_is_no_record_is_passed_over),
        cmocka_unit_test(garbage_is_passed_over),
        cmocka_unit_test(answers_belong_to_their_attempt),
        cmocka_unit_test(an_intent_may_be_repeated_from_the_history),
        cmocka_unit_test(long_names_stay_apart),
        cmocka_unit_test(long_targets_are_counted_apart),
        cmocka_unit_test(text_is_set_whole_or_marked),
        cmocka_unit_test(changes_are_counted_for_an_hour),
        cmocka_unit_test(old_changes_are_dropped),
        cmocka_unit_test(the_last_change_of_a_role),
        cmocka_unit_test(many_records_are_kept),
        cmocka_unit_test(of_too_many_changes_the_oldest_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
