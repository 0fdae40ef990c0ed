/* Time as text and back. */
#include "vpc_reconciled/base.h"

#include <setjmp.h>
#include <stdio.h>

#include <cmocka.h>

static const struct {
    int64_t wall_ms;
    const char *iso8601, *compact;
} times[] = {
    {0, "1970-01-01T00:00:00.000Z", "19700101T000000Z"},
    {999, "1970-01-01T00:00:00.999Z", "19700101T000000Z"},
    {951782400000, "2000-02-29T00:00:00.000Z", "20000229T000000Z"},
    {1078012799001, "2004-02-28T23:59:59.001Z", "20040228T235959Z"},
    {1440938160000, "2015-08-30T12:36:00.000Z", "20150830T123600Z"},
    {1709251199999, "2024-02-29T23:59:59.999Z", "20240229T235959Z"},
    {4107542400000, "2100-03-01T00:00:00.000Z", "21000301T000000Z"},
    {253402300799999, "9999-12-31T23:59:59.999Z", "99991231T235959Z"},
    {-1, "1970-01-01T00:00:00.000Z", "19700101T000000Z"}, /* a broken clock keeps the form */
    {INT64_MIN, "1970-01-01T00:00:00.000Z", "19700101T000000Z"},
    {253402300800000, "9999-12-31T23:59:59.999Z", "99991231T235959Z"},
    {INT64_MAX, "9999-12-31T23:59:59.999Z", "99991231T235959Z"},
};

static void times_are_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
        char iso8601[25], compact[17];

        time_iso8601(times[i].wall_ms, iso8601);
        time_compact(times[i].wall_ms, compact);
        assert_string_equal(iso8601, times[i].iso8601);
        assert_string_equal(compact, times[i].compact);
    }
}

static const struct {
    const char *text;
    int64_t wall_ms; /* -1: -EINVAL */
} texts[] = {
    {"2015-08-30T12:36:00Z", 1440938160000},
    {"20150830T123600Z", 1440938160000},
    {"2019-11-25T14:00:55.416Z", 1574690455416},
    {"2019-11-25T14:00:55.4Z", 1574690455400},
    {"2019-11-25T14:00:55.41699999Z", 1574690455416},
    {"20191125T140055.5Z", 1574690455500},
    {"2016-12-31T23:59:60Z", 1483228800000}, /* a leap second */
    {"2024-02-29T00:00:00Z", 1709164800000},
    {"2000-02-29T00:00:00Z", 951782400000},
    {"2023-02-29T00:00:00Z", -1},
    {"2100-02-29T00:00:00Z", -1},
    {"2023-04-31T00:00:00Z", -1},
    {"2023-00-10T00:00:00Z", -1},
    {"2023-13-10T00:00:00Z", -1},
    {"2023-01-00T00:00:00Z", -1},
    {"2023-01-32T00:00:00Z", -1},
    {"2023-01-01T24:00:00Z", -1},
    {"2023-01-01T00:60:00Z", -1},
    {"2023-01-01T00:00:61Z", -1},
    {"1969-12-31T23:59:59Z", -1},
    {"0000-01-01T00:00:00Z", -1},
    {"", -1},
    {"Z", -1},
    {"2023-01-01", -1},
    {"2023-01-01T00:00:00", -1},
    {"2023-01-01T00:00:00z", -1},
    {"2023-01-01T00:00:00+00:00", 1672531200000},
    {"2023-01-01T09:00:00.5+09:00", 1672531200500},
    {"2022-12-31T18:30:00-05:30", 1672531200000},
    {"2023-01-01T00:00:00+24:00", -1},
    {"2023-01-01T00:00:00+09:60", -1},
    {"2023-01-01T00:00:00+0900", -1},
    {"2023-01-01T00:00:00.+09:00", -1},
    {"2023-01-01T00:00:00+09:00Z", -1},
    {"2023-01-01T00:00:00.Z", -1},
    {"2023-01-01T00:00:00.1", -1},
    {"2023-01-01T00:00:00.1x", -1},
    {"2023-01-01T00:00:00Zx", -1},
    {" 2023-01-01T00:00:00Z", -1},
    {"2023-+1-01T00:00:00Z", -1},
    {"2023- 1-01T00:00:00Z", -1},
    {"-023-01-01T00:00:00Z", -1},
    {"20230101000000Z", -1},
    {"+0150830T123600Z", -1},
    {"2015083 T123600Z", -1},
};

static void times_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        int64_t wall_ms = -1;
        int r = time_parse(texts[i].text, &wall_ms);

        if (wall_ms != texts[i].wall_ms || r != (texts[i].wall_ms < 0 ? -EINVAL : 0))
            fail_msg("\"%s\" gave %d, %lld", texts[i].text, r, (long long)wall_ms);
    }
}

/* Every day of four centuries, so every kind of leap year. */
static void times_come_back(void **state)
{
    int64_t step_ms = (INT64_C(86400) * 1000) + 1234567;
    (void)state;

    for (int64_t wall_ms = 0; wall_ms < INT64_C(13000000000000); wall_ms += step_ms) {
        char iso8601[25], compact[17];
        int64_t from_iso8601, from_compact;

        time_iso8601(wall_ms, iso8601);
        time_compact(wall_ms, compact);
        assert_int_equal(time_parse(iso8601, &from_iso8601), 0);
        assert_int_equal(time_parse(compact, &from_compact), 0);
        assert_int_equal(from_iso8601, wall_ms);
        assert_int_equal(from_compact, wall_ms / 1000 * 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written),
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(times_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
