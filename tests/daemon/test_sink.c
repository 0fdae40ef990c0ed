#include "daemon/sink.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void read_back(FILE *file, char ret_text[static 2048])
{
    size_t n;

    rewind(file);
    n = fread(ret_text, 1, 2047, file);
    ret_text[n] = 0;
    rewind(file);
    assert_int_equal(ftruncate(fileno(file), 0), 0);
}

/* $JOURNAL_STREAM names what stderr was; a redirected stderr is not it any more. */
static void test_which_sink(void **state)
{
    FILE *file = tmpfile(), *other = tmpfile();
    struct stat status;
    char right[64], wrong[64];
    const struct {
        const char *stream;
        bool json;
        enum sink_kind kind;
    } rows[] = {
        {NULL, false, SINK_TEXT},       {NULL, true, SINK_JSON},   {right, false, SINK_JOURNAL},
        {right, true, SINK_JSON},       {wrong, false, SINK_TEXT}, {"", false, SINK_TEXT},
        {"nonsense", false, SINK_TEXT},
    };

    (void)state;
    fstat(fileno(file), &status);
    snprintf(right, sizeof(right), "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    fstat(fileno(other), &status);
    snprintf(wrong, sizeof(wrong), "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(sink_close)
        struct sink sink;

        unsetenv("JOURNAL_STREAM");
        if (rows[i].stream)
            setenv("JOURNAL_STREAM", rows[i].stream, 1);
        sink_open(&sink, fileno(file), rows[i].json);
        assert_int_equal(sink.kind, rows[i].kind);
        assert_false(sink.colour); /* a file is no terminal */
    }
    unsetenv("JOURNAL_STREAM");
    fclose(file);
    fclose(other);
}

static const struct event event = {.kind = EVENT_FINDING_OPENED,
                                   .priority = PRIORITY_ERR,
                                   .wall_ms = 1790000000000,
                                   .message = "The default route is missing.",
                                   .target = "orders",
                                   .finding = "0123456789abcdef",
                                   .drift = "route-missing"};

static void test_events(void **state)
{
    FILE *file = tmpfile();
    char text[2048];

    (void)state;
    for (int json = 0; json < 2; json++) {
        CLEANUP(sink_close)
        struct sink sink;

        sink_open(&sink, fileno(file), json);
        sink_event(&sink, &event);
        sink_event(&sink, &event);
        read_back(file, text);
        assert_non_null(strstr(text, "The default route is missing."));
        assert_int_equal(text[0] == '{', json);
        assert_int_equal(text[strlen(text) - 1], '\n');
        assert_null(strchr(text, '\x1b'));
    }
    fclose(file);
}

static void test_config_errors(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct config_errors errors = {0};
    FILE *file = tmpfile();
    CLEANUP(sink_close)
    struct sink text_sink;
    CLEANUP(sink_close)
    struct sink json_sink;
    char text[2048];

    (void)state;
    *VEC_ADD(arena, &errors.list) = (struct config_error){"a.json", 3, 14, "unknown key"};
    *VEC_ADD(arena, &errors.list) = (struct config_error){"b.json", 0, 0, "cannot be read"};
    sink_open(&text_sink, fileno(file), false);
    sink_config_errors(&text_sink, &errors);
    sink_say(&text_sink, EVENT_CONFIG_INVALID, PRIORITY_ERR, "the config is not valid",
             "Correct it.");
    read_back(file, text);
    assert_string_equal(text, "a.json:3:14: unknown key\nb.json: cannot be read\n"
                              "vpc-reconciled: the config is not valid\nCorrect it.\n");
    errors.more = true;
    sink_open(&json_sink, fileno(file), true);
    sink_config_errors(&json_sink, &errors);
    read_back(file, text);
    assert_non_null(strstr(text, "a.json:3:14: unknown key"));
    assert_non_null(strstr(text, "there are more errors"));
    assert_non_null(strstr(text, "\"event\":\"config-invalid\""));
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_sink),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_config_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
