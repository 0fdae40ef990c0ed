/* What is remembered of our repairs and of who undoes them (safety.md L2). */
#include "vpc_reconciled/history.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1764000000000)
#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

static void history_freep(struct history **history)
{
    *history = history_free(*history);
}

static void add(struct history *history, enum history_kind kind, const char *target,
                const char *finding, int64_t wall_ms, unsigned attempt, struct buf *file)
{
    struct history_record record = {.kind = kind, .wall_ms = wall_ms, .attempt = attempt};

    HISTORY_SET(record.target, target);
    HISTORY_SET(record.role, finding);
    HISTORY_SET(record.action, "route-missing");
    history_add(history, &record, NULL, file);
}

static const struct history_contest *contest(const struct history *history, const char *finding)
{
    return history_contest_of(history, "orders-prod", finding);
}

/* Three fights of one target and one of another, at various stages. */
static void fill(struct history *history, struct buf *file)
{
    add(history, HISTORY_REPAIRED, "orders-prod", "carried-out", NOW_MS, 0, file);
    add(history, HISTORY_REPAIRED, "orders-prod", "shown", NOW_MS, 0, file);
    add(history, HISTORY_SHOWN, "orders-prod", "shown", NOW_MS + 1, 0, file);
    for (unsigned i = 0; i < 10; i++) {
        add(history, HISTORY_REPAIRED, "orders-prod", "undone", NOW_MS + i * MINUTE_MS, 0, file);
        add(history, HISTORY_SHOWN, "orders-prod", "undone", NOW_MS + i * MINUTE_MS + 1, 0, file);
        add(history, HISTORY_REVERTED, "orders-prod", "undone", NOW_MS + i * MINUTE_MS + 2,
            i < 2 ? 0 : i - 1, file);
    }
    add(history, HISTORY_REPAIRED, "orders-prod", "undone", NOW_MS + DAY_MS / 2, 0, file);
    add(history, HISTORY_SHOWN, "other", "shown", NOW_MS, 0, file);
}

static void check_filled(const struct history *history)
{
    const struct history_contest *found = contest(history, "undone");

    assert_int_equal(contest(history, "carried-out")->record.kind, HISTORY_REPAIRED);
    assert_int_equal(contest(history, "shown")->record.kind, HISTORY_SHOWN);
    assert_int_equal(contest(history, "shown")->n_reverts, 0);
    assert_string_equal(contest(history, "shown")->record.action, "route-missing");
    assert_int_equal(found->record.kind, HISTORY_REPAIRED);
    assert_int_equal(found->record.wall_ms, NOW_MS + DAY_MS / 2);
    assert_int_equal(found->n_reverts, HISTORY_REVERTS_MAX);
    for (unsigned i = 0; i < HISTORY_REVERTS_MAX; i++) {
        assert_int_equal(found->reverts[i].wall_ms, NOW_MS + (i + 2) * MINUTE_MS + 2);
        assert_int_equal(found->reverts[i].attempt, i + 1);
    }
    assert_null(contest(history, "never"));
    assert_null(history_contest_of(history, "another", "shown"));
}

static void test_fights_come_back(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new(), *replayed = history_new(), *compacted = history_new();
    CLEANUP(buf_free)
    struct buf file = {0}, compact = {0}, again = {0};

    (void)state;
    fill(history, &file);
    check_filled(history);
    assert_int_equal(history_load(replayed, file.data, file.n), 0);
    check_filled(replayed);
    history_encode(replayed, NOW_MS + DAY_MS / 2, &compact);
    assert_true(compact.n < file.n);
    assert_int_equal(history_load(compacted, compact.data, compact.n), 0);
    check_filled(compacted);
    history_encode(compacted, NOW_MS + DAY_MS / 2, &again);
    assert_string_equal(buf_string(&compact), buf_string(&again));
    assert_true(history_size(history) >= compact.n / 2);
}

static void test_a_quiet_day_is_forgotten(void **state)
{
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(buf_free)
    struct buf file = {0}, compact = {0};

    (void)state;
    fill(history, &file);
    history_encode(history, NOW_MS + DAY_MS + 1, &compact);
    assert_null(contest(history, "carried-out"));
    assert_null(contest(history, "shown"));
    assert_non_null(contest(history, "undone"));
    history_encode(history, NOW_MS + DAY_MS * 2, &compact);
    assert_null(contest(history, "undone"));
}

static void test_those_of_a_target(void **state)
{
    static const struct {
        const char *target, *findings[4];
    } rows[] = {
        {"orders-prod", {"carried-out", "shown", "undone"}},
        {"other", {"shown"}},
        {"aaa", {0}},
        {"zzz", {0}},
    };
    CLEANUP(history_freep)
    struct history *history = history_new();
    CLEANUP(buf_free)
    struct buf file = {0};

    (void)state;
    fill(history, &file);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct history_contest *at = NULL;

        for (size_t k = 0; rows[i].findings[k]; k++) {
            at = history_contest_next(history, rows[i].target, at);
            assert_non_null(at);
            assert_string_equal(at->record.role, rows[i].findings[k]);
        }
        assert_null(history_contest_next(history, rows[i].target, at));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fights_come_back),
        cmocka_unit_test(test_a_quiet_day_is_forgotten),
        cmocka_unit_test(test_those_of_a_target),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
