#include "daemon/options.h"

#include <setjmp.h>
#include <stdio.h>

#include <cmocka.h>

static int parse(struct arena *arena, const char *const *words, struct options *options,
                 struct buf *message)
{
    char *argv[12] = {arena_strdup(arena, "vpc-reconciled")};
    int argc = 1;

    for (; *words; words++)
        argv[argc++] = arena_strdup(arena, *words);
    return options_parse(arena, argc, argv, options, message);
}

static void test_what_is_right(void **state)
{
    static const struct {
        const char *words[8];
        const char *directory;
        bool once, observe, json;
        size_t n_approved;
    } rows[] = {
        {{NULL}, "/etc/vpc-reconciled", false, false, false, 0},
        {{"--config", "d"}, "d", false, false, false, 0},
        {{"--config=d", "--once"}, "d", true, false, false, 0},
        {{"-cd"}, "d", false, false, false, 0},
        {{"-c", "d"}, "d", false, false, false, 0},
        {{"--observe", "--once", "--json"}, "/etc/vpc-reconciled", true, true, true, 0},
        {{"--approve", "a1", "--approve=b2", "--approve", "c3"},
         "/etc/vpc-reconciled",
         false,
         false,
         false,
         3},
        {{"--obs"}, "/etc/vpc-reconciled", false, true, false, 0}, /* getopt_long's abbreviation */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        CLEANUP(buf_free)
        struct buf message = {0};
        struct options options;

        assert_int_equal(parse(arena, rows[i].words, &options, &message), 0);
        assert_string_equal(options.config_directory, rows[i].directory);
        assert_int_equal(options.once, rows[i].once);
        assert_int_equal(options.observe, rows[i].observe);
        assert_int_equal(options.json, rows[i].json);
        assert_false(options.inventory);
        assert_int_equal(options.approved.n, rows[i].n_approved);
        if (rows[i].n_approved) {
            assert_string_equal(options.approved.items[0], "a1");
            assert_string_equal(options.approved.items[1], "b2");
            assert_string_equal(options.approved.items[2], "c3");
        }
    }
}

static void test_what_is_wrong(void **state)
{
    static const struct {
        const char *words[4];
        const char *message;
    } rows[] = {
        {{"--observ3"}, "--observ3: no such option; did you mean --observe?"},
        {{"--aprove=x"}, "--aprove=x: no such option; did you mean --approve?"},
        {{"--unheard-of"}, "--unheard-of: no such option; --help shows them all"},
        {{"-x"}, "-x: no such option; --help shows them all"},
        {{"--once=1"}, "--once=1: --once takes no value"},
        {{"--config"}, "--config: wants a value"},
        {{"-c"}, "-c: wants a value"},
        {{"--config="}, "--config wants a directory"},
        {{"orders"}, "orders: unexpected; vpc-reconciled takes options only"},
        {{"--once", "--", "orders"}, "orders: unexpected; vpc-reconciled takes options only"},
        {{"--approve", "all"}, "--approve wants the id of one finding"},
        {{"--approve", "*"}, "--approve wants the id of one finding"},
        {{"--approve="}, "--approve wants the id of one finding"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        CLEANUP(buf_free)
        struct buf message = {0};
        struct options options;

        assert_int_equal(parse(arena, rows[i].words, &options, &message), -EINVAL);
        if (!text_starts_with(buf_string(&message), rows[i].message))
            fail_msg("%s: \"%s\"", rows[i].words[0], buf_string(&message));
    }
}

/* One table: what can be given is what is shown, on a terminal of 100 columns. */
static void test_help_shows_each_row(void **state)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    const char *line;

    (void)state;
    options_help(&text);
    for (size_t i = 0; i < option_n_rows; i++) {
        char name[64];

        snprintf(name, sizeof(name), "--%s", option_rows[i].name);
        assert_non_null(strstr(text.data, name));
    }
    for (line = text.data; *line; line += strcspn(line, "\n") + 1)
        assert_in_range(strcspn(line, "\n"), 0, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_right),
        cmocka_unit_test(test_what_is_wrong),
        cmocka_unit_test(test_help_shows_each_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
