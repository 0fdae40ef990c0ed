/* json_equal(): the same value, however it was written. */
#include "vpc_reconciled/json.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
    const char *a, *b;
    bool equal;
} rows[] = {
    {"null", "null", true},
    {"null", "false", false},
    {"true", "true", true},
    {"true", "false", false},
    {"1", "1.0", true},
    {"1", "2", false},
    {"\"a\"", "\"\\u0061\"", true},
    {"\"a\"", "\"A\"", false},
    {"[]", "{}", false},
    {"[1, 2]", "[1,2]", true},
    {"[1, 2]", "[2, 1]", false},
    {"[1]", "[1, 1]", false},
    {"{\"a\": 1, \"b\": [{}]}", "{\"b\": [{}], \"a\": 1}", true},
    {"{\"a\": 1}", "{\"a\": 1, \"b\": 2}", false},
    {"{\"a\": 1, \"b\": 2}", "{\"a\": 1}", false},
    {"{\"a\": 1}", "{\"b\": 1}", false},
    {"{\"a\": {\"b\": null}}", "{\"a\": {\"b\": 0}}", false},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const struct json *a, *b;
        struct json_error error;

        assert_int_equal(json_parse(arena, rows[i].a, strlen(rows[i].a), &a, &error), 0);
        assert_int_equal(json_parse(arena, rows[i].b, strlen(rows[i].b), &b, &error), 0);
        if (json_equal(a, b) != rows[i].equal || json_equal(b, a) != rows[i].equal)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
