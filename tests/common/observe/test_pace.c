/* How fast AWS is asked: buckets below its own, the slow-down and its end, the retry quota; and
 * what a Date says of the clock. */
#include "common/observe/pace.h"
#include "common/observe/skew.h"
#include "vpc_reconciled/observe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define START_MS 1000000
#define HOUR_MS ((uint64_t)3600000)
#define MINUTE_MS INT64_C(60000)

/* Takes all there is: how many that were. */
static unsigned drain(struct pace *pace, enum ec2_action action, uint64_t now_ms)
{
    unsigned n = 0;

    while (pace_take(pace, action, now_ms))
        n++;
    return n;
}

static const struct {
    enum ec2_action action;
    unsigned burst, in_100_s; /* at once, and then as they come */
} rows[] = {
    {EC2_DESCRIBE_VPCS, 50, 1000},
    {EC2_CREATE_ROUTE, 25, 250},
    {EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, 25, 250},
    {EC2_CREATE_NAT_GATEWAY, 5, 50},
    {EC2_CREATE_VPC_ENDPOINT, 2, 15},
    {EC2_CREATE_TAGS, 50, 500},
    {STS_GET_CALLER_IDENTITY, 300, 30000},
    {EC2_NO_ACTION, 7, 750},
};

static void test_rates(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        enum ec2_action action = rows[i].action;
        struct pace pace = {0};
        uint64_t now_ms = START_MS, at_ms;
        unsigned n = 0;

        assert_int_equal(pace_ready_at(&pace, action), 0);
        assert_int_equal(drain(&pace, action, now_ms), rows[i].burst);
        /* Not a moment before it says so, and then one. */
        while ((at_ms = pace_ready_at(&pace, action)) <= START_MS + 100000) {
            assert_true(at_ms > now_ms);
            assert_false(pace_take(&pace, action, at_ms - 1));
            assert_true(pace_take(&pace, action, at_ms));
            now_ms = at_ms;
            n++;
        }
        if (n + 1 < rows[i].in_100_s || n > rows[i].in_100_s)
            fail_msg("row %zu: %u, expected %u", i, n, rows[i].in_100_s);
        assert_int_equal(drain(&pace, action, now_ms + 24 * HOUR_MS), rows[i].burst);
    }
}

/* Whoever asks whenever: in no window more than the bucket holds and what comes back. */
static void test_never_more_than_the_half(void **state)
{
    struct rng rng = {7};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows) - 1; i++) {
        enum { N = 2000 };
        static uint64_t taken_ms[N];
        const struct ec2_bucket_row *row =
            &ec2_bucket_table[ec2_action_table[rows[i].action].bucket];
        struct pace pace = {0};
        uint64_t now_ms = START_MS;

        for (size_t n = 0; n < N; now_ms += rng_below(&rng, rng_below(&rng, 50) ? 300 : 30000)) {
            if (rng_below(&rng, 40) == 0)
                pace_throttled(&pace, rows[i].action, now_ms, now_ms - rng_below(&rng, 100), 0);
            while (n < N && pace_take(&pace, rows[i].action, now_ms))
                taken_ms[n++] = now_ms;
        }
        for (size_t from = 0; from < N; from++)
            for (size_t to = from; to < N; to++) {
                uint64_t most_x20000 = 10000ULL * row->capacity +
                                       (taken_ms[to] - taken_ms[from]) * row->refill_per_10s;

                if ((to - from + 1) * 20000 > most_x20000)
                    fail_msg("%s: %zu calls within %llu ms", ec2_action_table[rows[i].action].name,
                             to - from + 1, (unsigned long long)(taken_ms[to] - taken_ms[from]));
            }
    }
}

static void test_one_action_alone(void **state)
{
    struct pace pace = {0};

    (void)state;
    drain(&pace, EC2_DESCRIBE_VPCS, START_MS);
    assert_int_equal(drain(&pace, EC2_DESCRIBE_SUBNETS, START_MS), 50);
}

/* ---- slowing down ---- */

/* Takes what there is in a second of its own, a minute later: the bucket is full by then. */
static unsigned per_second(struct pace *pace, enum ec2_action action, uint64_t now_ms)
{
    unsigned n = 0;

    drain(pace, action, now_ms);
    for (unsigned i = 1; i <= 1000; i++)
        n += pace_take(pace, action, now_ms + i);
    return n;
}

static void test_slower_and_back(void **state)
{
    static const struct {
        unsigned lessons; /* so often throttled, one after the other */
        unsigned per_s;   /* of DescribeVpcs, right after */
        uint64_t back_s;  /* when it is as before */
    } cases[] = {{0, 10, 0}, {1, 5, 160}, {2, 2, 240}, {3, 1, 280}, {4, 0, 300}, {9, 0, 300}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct pace pace = {0};
        uint64_t now_ms = START_MS;

        drain(&pace, EC2_DESCRIBE_VPCS, now_ms);
        for (unsigned n = 0; n < cases[i].lessons; n++) {
            now_ms += 10;
            pace_throttled(&pace, EC2_DESCRIBE_VPCS, now_ms, now_ms, 0);
        }
        if (per_second(&pace, EC2_DESCRIBE_VPCS, now_ms) != cases[i].per_s)
            fail_msg("after %u lessons: another rate", cases[i].lessons);
        if (cases[i].lessons == 0)
            continue;
        /* A call now and then leaves the share time to grow; it never gets there early. */
        now_ms += cases[i].back_s * 1000 - 1;
        pace_take(&pace, EC2_DESCRIBE_VPCS, now_ms);
        assert_in_range(pace.buckets[EC2_DESCRIBE_VPCS].share, PACE_SHARE - 2, PACE_SHARE - 1);
        pace_take(&pace, EC2_DESCRIBE_VPCS, now_ms + 10000);
        assert_int_equal(pace.buckets[EC2_DESCRIBE_VPCS].share, PACE_SHARE);
        assert_int_equal(drain(&pace, EC2_DESCRIBE_VPCS, now_ms + HOUR_MS), 50);
    }
}

/* The slowest is still an answer in a time that a person waits: one endpoint within two minutes. */
static void test_the_slowest(void **state)
{
    static const struct {
        enum ec2_action action;
        uint64_t most_ms;
    } cases[] = {{EC2_DESCRIBE_VPCS, 1600},
                 {EC2_CREATE_ROUTE, 6400},
                 {EC2_CREATE_NAT_GATEWAY, 32000},
                 {EC2_CREATE_VPC_ENDPOINT, 106667}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct pace pace = {0};

        for (unsigned n = 0; n < 20; n++)
            pace_throttled(&pace, cases[i].action, START_MS + n, START_MS + n, 0);
        assert_int_equal(pace_ready_at(&pace, cases[i].action), START_MS + 19 + cases[i].most_ms);
        assert_true(pace_take(&pace, cases[i].action, START_MS + 19 + cases[i].most_ms));
    }
}

/* Twenty that were out together are one lesson. */
static void test_one_lesson(void **state)
{
    struct pace pace = {0};

    (void)state;
    drain(&pace, EC2_DESCRIBE_VPCS, START_MS);
    for (unsigned n = 0; n < 20; n++)
        pace_throttled(&pace, EC2_DESCRIBE_VPCS, START_MS + 30 + n, START_MS, 0);
    assert_int_equal(pace.buckets[EC2_DESCRIBE_VPCS].share, PACE_SHARE / 2);
    pace_throttled(&pace, EC2_DESCRIBE_VPCS, START_MS + 300, START_MS + 31, 0);
    assert_int_equal(pace.buckets[EC2_DESCRIBE_VPCS].share, PACE_SHARE / 4);
}

static void test_the_server_asks_for_a_rest(void **state)
{
    struct pace pace = {0};

    (void)state;
    pace_throttled(&pace, EC2_DESCRIBE_VPCS, START_MS, START_MS, 7000);
    assert_int_equal(pace_ready_at(&pace, EC2_DESCRIBE_VPCS), START_MS + 7000);
    assert_false(pace_take(&pace, EC2_DESCRIBE_VPCS, START_MS + 6999));
    assert_true(pace_take(&pace, EC2_DESCRIBE_VPCS, START_MS + 7000));
}

/* ---- the quota ---- */

static void test_quota(void **state)
{
    static const struct {
        const char *name;
        bool timed_out;
        unsigned retries, successes; /* without a retry, afterwards */
        unsigned left;               /* retries of the cheap kind, then */
    } cases[] = {
        {"fresh", false, 0, 0, 100},        {"one", false, 1, 0, 99},
        {"all", false, 100, 0, 0},          {"timeouts", true, 50, 0, 0},
        {"not quite", true, 49, 0, 2},      {"earned again", false, 100, 14, 2},
        {"never more", false, 3, 900, 100},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct pace pace = {0};
        unsigned left = 0;

        for (unsigned n = 0; n < cases[i].retries; n++)
            assert_int_equal(pace_retry(&pace, cases[i].timed_out), cases[i].timed_out ? 10 : 5);
        for (unsigned n = 0; n < cases[i].successes; n++)
            pace_succeeded(&pace, 0);
        while (pace_retry(&pace, false))
            left++;
        if (left != cases[i].left)
            fail_msg("%s: %u", cases[i].name, left);
    }
}

/* A retry that helped costs nothing in the end. */
static void test_refund(void **state)
{
    struct pace pace = {0};

    (void)state;
    for (unsigned n = 0; n < 1000; n++)
        pace_succeeded(&pace, pace_retry(&pace, n % 2));
    assert_int_equal(pace.retries_spent, 0);
}

/* ---- the clock ---- */

#define WALL_MS INT64_C(1795500000000) /* 2026-11-24T06:00:00Z */

static void test_dates(void **state)
{
    static const struct {
        const char *date, *age;
        bool ok;
        int64_t skew_ms;
    } cases[] = {
        {"Tue, 24 Nov 2026 06:00:00 GMT", NULL, true, 0},
        {"Tue, 24 Nov 2026 05:00:00 GMT", NULL, true, -60 * MINUTE_MS},
        {"Tue, 24 Nov 2026 06:10:00 GMT", NULL, true, 10 * MINUTE_MS},
        {"Tue, 24 Nov 2026 06:10:00 GMT", "3", false, 0}, /* a cache's */
        {"Tue, 24 Nov 2026 06:00:00 JST", NULL, false, 0},
        {"Tue, 24 Nov 26 06:00:00 GMT", NULL, false, 0},
        {"Tue, 24 Foo 2026 08:00:00 GMT", NULL, false, 0},
        {"Tue, 31 Feb 2026 08:00:00 GMT", NULL, false, 0},
        {"2026-11-24T06:00:00Z", NULL, false, 0},
        {"", NULL, false, 0},
        {NULL, NULL, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct effect_header headers[2];
        size_t n = 0;
        int64_t skew_ms = 0;

        if (cases[i].date)
            headers[n++] = (struct effect_header){"date", cases[i].date};
        if (cases[i].age)
            headers[n++] = (struct effect_header){"age", cases[i].age};
        if (skew_read(headers, n, WALL_MS, &skew_ms) != cases[i].ok || skew_ms != cases[i].skew_ms)
            fail_msg("%s: %lld", cases[i].date ? cases[i].date : "none", (long long)skew_ms);
    }
}

static void test_lessons_of_a_date(void **state)
{
    static const struct {
        const char *name, *code;
        int64_t before, skew, signed_with; /* minutes */
        int64_t after;
        bool refused;
    } cases[] = {
        {"as it should be", "", 0, 0, 0, 0, false},
        {"a little off", "", 0, 4, 0, 0, false},
        {"off, and taken", "", 0, 6, 0, 6, false},
        {"ahead, and taken", "", 0, -14, 0, -14, false},
        {"taken, so the Date lies", "", 0, 60, 0, 0, false},
        {"corrected, and right", "", 60, 60, 60, 60, false},
        {"corrected, and drifting", "", 60, 67, 60, 67, false},
        {"the host's clock was set, a little", "", 10, 0, 10, 0, false},
        {"refused for the time", "RequestExpired", 0, -60, 0, -60, true},
        {"refused, in the future", "RequestInTheFuture", 0, 30, 0, 30, true},
        {"EC2's word for a bad signature", "AuthFailure", 0, 20, 0, 20, true},
        {"Lambda's", "InvalidSignatureException", 0, 20, 0, 20, true},
        {"refused for another reason", "AuthFailure", 0, 0, 0, 0, false},
        {"an expired session", "RequestExpired", 0, 1, 0, 0, false},
        {"already learned from another call", "RequestExpired", -60, -60, 0, -60, true},
        {"refused with the correction, too", "AuthFailure", -60, -60, -60, -60, false},
        {"the host's clock was set", "RequestExpired", 60, 0, 60, 0, true},
        {"an error that knows no clock", "InvalidVpcID.NotFound", 0, 60, 0, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        int64_t correction_ms = cases[i].before * MINUTE_MS;
        bool refused = skew_learn(&correction_ms, cases[i].skew * MINUTE_MS,
                                  cases[i].signed_with * MINUTE_MS, cases[i].code);

        if (refused != cases[i].refused || correction_ms != cases[i].after * MINUTE_MS)
            fail_msg("%s: %d, %lld min", cases[i].name, refused,
                     (long long)(correction_ms / MINUTE_MS));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_never_more_than_the_half),
        cmocka_unit_test(test_one_action_alone),
        cmocka_unit_test(test_slower_and_back),
        cmocka_unit_test(test_the_slowest),
        cmocka_unit_test(test_one_lesson),
        cmocka_unit_test(test_the_server_asks_for_a_rest),
        cmocka_unit_test(test_quota),
        cmocka_unit_test(test_refund),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_lessons_of_a_date),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
