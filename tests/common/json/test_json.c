/* The strict loader (each trap of cJSON 1.7.15 is a row) and the writer. */
#include "vpc_reconciled/json.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define T(text) text, sizeof(text) - 1 /* it may hold a NUL byte */

static const struct refused {
    const char *name, *text;
    size_t n;
    unsigned line, column;
    const char *says; /* part of the message */
} refused[] = {
    /* what cJSON lets pass */
    {"duplicate key", T("{\"a\": 1,\n  \"b\": 2, \"a\": 3}"), 2, 11, "given at 1:2 already"},
    {"duplicate key by escape", T("{\"a\": 1, \"\\u0061\": 3}"), 1, 10, "duplicate key \"a\""},
    {"first of two duplicates", T("{\"z\":1,\"b\":1,\"z\":2,\"b\":2}"), 1, 14, "key \"z\""},
    {"duplicate in a nested object", T("[{\"x\":{\"k\":1,\n\"k\":1}}]"), 2, 1, "key \"k\""},
    {"trailing text", T("{}\n x"), 2, 2, "found \"x\" after the end"},
    {"second value", T("{} {}"), 1, 4, "after the end"},
    {"leading zero", T("[1, 012]"), 1, 5, "012 has a leading zero"},
    {"leading zero, negative", T("-01"), 1, 1, "leading zero"},
    {"leading zeros", T("[00]"), 1, 2, "leading zero"},
    {"number ends in a point", T("[1.]"), 1, 2, "1. is not a number"},
    {"point without a digit before exponent", T("[1.e5]"), 1, 2, "is not a number"},
    {"exponent without digits", T("[1e]"), 1, 2, "is not a number"},
    {"exponent, sign only", T("[1e+]"), 1, 2, "is not a number"},
    {"number with a tail", T("[12ab]"), 1, 2, "12ab is not a number"},
    {"hexadecimal", T("[0x10]"), 1, 2, "0x10 is not a number"},
    {"minus alone", T("[-]"), 1, 2, "- is not a number"},
    {"plus sign", T("[+1]"), 1, 2, "+1 is not a number"},
    {"no digit before the point", T("[.5]"), 1, 2, ".5 is not a number"},
    {"minus infinity", T("[-inf]"), 1, 2, "is not a number"},
    {"overflow", T("[1e999]"), 1, 2, "1e999 cannot be held exactly"},
    {"underflow", T("[1e-999]"), 1, 2, "cannot be held exactly"},
    {"2^53 + 1", T("{\"id\": 9007199254740993}"), 1, 8, "or a string for an id"},
    {"a round integer that no double holds", T("[100000000000000000000000]"), 1, 2, "exactly"},
    {"fraction too fine", T("[0.12345678901234567890]"), 1, 2, "cannot be held exactly"},
    {"number that cJSON would cut",
     T("[1.0000000000000000000000000000000000000000000000000000000000000000]"), 1, 2,
     "66 characters: at most 63"},
    {"raw line break in a string", T("{\"a\": \"x\ny\"}"), 1, 9, "begins at 1:7"},
    {"raw tab in a string", T("[\"a\tb\"]"), 1, 4, "0x09 in a string: write \\u0009"},
    {"raw control character in a key", T("{\"a\x01\": 1}"), 1, 4, "0x01"},
    {"control character for white space", T("[1,\x0b 2]"), 1, 4, "control character 0x0b"},
    {"invalid UTF-8", T("[\"\xc3\xa9\", \"\xff\"]"), 1, 8, "0xff is not valid UTF-8"},
    {"overlong UTF-8", T("[\"\xc0\xaf\"]"), 1, 3, "0xc0"},
    {"surrogate in UTF-8", T("[\"\xed\xa0\x80\"]"), 1, 3, "0xed"},
    {"beyond U+10FFFF", T("[\"\xf4\x90\x80\x80\"]"), 1, 3, "0xf4"},
    {"cut UTF-8", T("[\"\xe3\x81"), 1, 3, "0xe3"},
    {"invalid UTF-8 in a comment", T("// caf\xe9\n{}"), 1, 7, "0xe9"},
    {"NUL byte in a string", T("[\"a\0b\"]"), 1, 4, "a NUL byte"},
    {"NUL byte after the value", T("{}\0{}"), 1, 3, "a NUL byte"},
    {"NUL byte in a comment", T("{} //\0"), 1, 6, "a NUL byte"},
    {"NUL by escape", T("[\"a\\u0000b\"]"), 1, 4, "\\u0000 is a NUL byte"},
    {"byte order mark", T("\xef\xbb\xbf{}"), 1, 1, "byte order mark"},
    /* what cJSON refuses too, but with an offset only */
    {"nothing", T(""), 1, 1, "the text is empty"},
    {"white space only", T(" \n "), 2, 2, "found the end of the text where a value"},
    {"comment only", T("// no value"), 1, 12, "the end of the text"},
    {"no end of an object", T("{\"a\": 1"), 1, 8, "\"}\" for 1:1"},
    {"no end of an array", T("[\n[1, 2\n"), 3, 1, "\"]\" for 2:1"},
    {"comma before a bracket", T("{\"a\": 1,\n}"), 1, 8, "a comma before \"}\": remove it"},
    {"comma in an empty array", T("[,]"), 1, 2, "found \",\" where a value"},
    {"two commas", T("[1,,2]"), 1, 4, "found \",\" where a value"},
    {"missing comma", T("{\"a\": 1\n \"b\": 2}"), 2, 2, "found a string where \",\""},
    {"wrong bracket", T("[1}"), 1, 3, "found \"}\" where \",\" or the \"]\""},
    {"missing colon", T("{\"a\" 1}"), 1, 6, "where \":\" should be"},
    {"key without quotes", T("{a: 1}"), 1, 2, "found \"a\" where a key in double quotes"},
    {"number as a key", T("{1: 1}"), 1, 2, "a key in double quotes"},
    {"single quotes", T("['a']"), 1, 2, "JSON wants double quotes"},
    {"word", T("[yes]"), 1, 2, "yes is no value of JSON"},
    {"word in capitals", T("[True]"), 1, 2, "True: write true in lower case"},
    {"NULL", T("NULL"), 1, 1, "write null in lower case"},
    {"word with a tail", T("[nullx]"), 1, 2, "nullx is no value"},
    {"no end of a string", T("{\"a\": \"b}"), 1, 7, "this string has no end"},
    {"no end of a string after a backslash", T("[\"b\\"), 1, 2, "this string has no end"},
    {"unknown escape", T("[\"a\\x41\"]"), 1, 4, "\"\\x\" is no escape"},
    {"short \\u", T("[\"\\u12\"]"), 1, 3, "four hexadecimal digits"},
    {"low surrogate alone", T("[\"\\udc00\"]"), 1, 3, "\\udc00 is half of a surrogate pair"},
    {"high surrogate alone", T("[\"\\ud83dx\"]"), 1, 3, "\\ud83d is half"},
    {"two high surrogates", T("[\"\\ud83d\\ud83d\"]"), 1, 3, "\\ud83d is half"},
    /* comments */
    {"no end of a comment", T("{\n  /* a\n\"b\": 1}"), 2, 3, "this comment has no end"},
    {"the shortest that is none", T("{} /*/"), 1, 4, "this comment has no end"},
    {"slash alone", T("{} / "), 1, 4, "a comment begins with // or /*"},
    {"hash", T("# x\n{}"), 1, 1, "\"#\" begins no comment here"},
    {"place after comments", T("/* \xe3\x81\x82\n */ // \xe3\x81\x82\n /*\xe3\x81\x82*/ x"), 3, 8,
     "x is no value"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        const struct refused *row = &refused[i];
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct json_error error = {0};
        const struct json *json = NULL;
        int r = json_parse(arena, row->text, row->n, &json, &error);

        if (r != -EINVAL || json || error.place.line != row->line ||
            error.place.column != row->column || !strstr(error.message, row->says))
            fail_msg("%s: %d at %u:%u: %s", row->name, r, error.place.line, error.place.column,
                     error.message);
    }
}

static const struct json *parse(struct arena *arena, const char *text)
{
    struct json_error error = {0};
    const struct json *json = NULL;

    if (json_parse(arena, text, strlen(text), &json, &error) < 0)
        fail_msg("%s: %u:%u: %s", text, error.place.line, error.place.column, error.message);
    return json;
}

static void test_places_and_values(void **state)
{
    static const char text[] =
        "// first\n"
        "{\n"
        "  \"name\": \"\\u00e9\\ud83d\\ude00/\\/\", /* \xe3\x81\x82 */ \"x\" : [1, -0.5e1,\n"
        "    true, null, {}], \"\": \"a // b /* c */\"\n"
        "}\n";
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct json *json = parse(arena, text), *name = json_member(json, "name"),
                      *x = json_member(json, "x"), *empty = json_member(json, "");

    (void)state;
    assert_int_equal(json->type, JSON_OBJECT);
    assert_int_equal(json->place.line, 2);
    assert_null(json->key);
    assert_int_equal(json->n_items, 3);
    assert_string_equal(name->string, "\xc3\xa9\xf0\x9f\x98\x80//");
    assert_int_equal(name->key_place.column, 3);
    assert_int_equal(name->place.column, 11);
    assert_int_equal(x->type, JSON_ARRAY);
    assert_int_equal(x->key_place.line, 3);
    assert_int_equal(x->key_place.column, 44);
    assert_int_equal(x->place.column, 50);
    assert_int_equal(x->n_items, 5);
    assert_true(x->items[0].number == 1 && x->items[1].number == -5);
    assert_int_equal(x->items[2].type, JSON_BOOL);
    assert_true(x->items[2].boolean);
    assert_int_equal(x->items[2].place.line, 4);
    assert_int_equal(x->items[2].place.column, 5);
    assert_int_equal(x->items[3].type, JSON_NULL);
    assert_int_equal(x->items[4].type, JSON_OBJECT);
    assert_int_equal(x->items[4].n_items, 0);
    assert_null(x->items[4].key);
    assert_string_equal(empty->string, "a // b /* c */");
    assert_null(json_member(json, "absent"));
    assert_null(json_member(x, "name"));
    assert_null(json_member(NULL, "name"));
    assert_string_equal(json_type_name(json->type), "an object");
}

static void test_numbers_that_fit(void **state)
{
    static const struct {
        const char *text;
        double number;
    } rows[] = {
        {"0", 0},
        {"-0", 0},
        {"0.0e-400", 0},
        {"0.1", 0.1},
        {"250.50", 250.5},
        {"9007199254740992", 9007199254740992.0},
        {"18014398509481984", 18014398509481984.0},
        {"1e22", 1e22},
        {"1.7976931348623157e308", 1.7976931348623157e308},
        {"5e-324", 5e-324},
        {"-123.456E+2", -12345.6},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();

        if (parse(arena, rows[i].text)->number != rows[i].number)
            fail_msg("%s", rows[i].text);
    }
}

static void nest(char *text, unsigned depth)
{
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    text[2 * (size_t)depth] = 0;
}

static void test_depth(void **state)
{
    static const struct {
        unsigned depth;
        int r;
    } rows[] = {{64, 0}, {65, -EINVAL}, {2000, -EINVAL}, {100000, -EINVAL}};
    static char text[200001];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct json_error error = {0};
        const struct json *json;

        nest(text, rows[i].depth);
        assert_int_equal(json_parse(arena, text, strlen(text), &json, &error), rows[i].r);
        if (rows[i].r < 0) {
            assert_int_equal(error.place.column, 65);
            assert_non_null(strstr(error.message, "nested deeper than 64 levels"));
        }
    }
}

static void test_size(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    char *text = malloc(JSON_SIZE_MAX + 1);
    struct json_error error = {0};
    const struct json *json = NULL;

    (void)state;
    assert_non_null(text);
    memset(text, ' ', JSON_SIZE_MAX + 1);
    text[0] = '1';
    assert_int_equal(json_parse(arena, text, JSON_SIZE_MAX + 1, &json, &error), -EFBIG);
    assert_non_null(strstr(error.message, "8388609 bytes are too long: at most 8388608"));
    assert_int_equal(json_parse(arena, text, JSON_SIZE_MAX, &json, &error), 0);
    assert_true(json->number == 1);
    free(text);
}

static void write_sample(struct json_writer *writer)
{
    json_begin(writer, '{');
    json_key(writer, "text");
    json_string(writer, "a: ");
    json_text_member(writer, "absent", NULL);
    json_text_member(writer, "member", "\"\\/\b\f\n\r\t\x01\x7f\xc3\xa9\xff\xe3\x81");
    json_key(writer, "numbers");
    json_begin(writer, '[');
    json_number(writer, INT64_MIN);
    json_number(writer, INT64_MAX);
    json_real(writer, 0.1);
    json_real(writer, 1e300);
    json_real(writer, -250);
    json_real(writer, (double)NAN);
    json_end(writer, ']');
    json_key(writer, "empty");
    json_begin(writer, '{');
    json_end(writer, '}');
    json_key(writer, "list");
    json_begin(writer, '[');
    json_begin(writer, '[');
    json_end(writer, ']');
    json_bool(writer, true);
    json_bool(writer, false);
    json_null(writer);
    json_string(writer, NULL);
    json_end(writer, ']');
    json_end(writer, '}');
}

#define ESCAPED                                                                                    \
    "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""

static void test_writer(void **state)
{
    static const char compact[] =
        "{\"text\":\"a: \",\"member\":" ESCAPED
        ",\"numbers\":[-9223372036854775808,9223372036854775807,0.1,1e+300,-250,null],\"empty\":{},"
        "\"list\":[[],true,false,null,null]}";
    static const char pretty[] = "{\n"
                                 "  \"text\": \"a: \",\n"
                                 "  \"member\": " ESCAPED ",\n"
                                 "  \"numbers\": [\n"
                                 "    -9223372036854775808,\n"
                                 "    9223372036854775807,\n"
                                 "    0.1,\n"
                                 "    1e+300,\n"
                                 "    -250,\n"
                                 "    null\n"
                                 "  ],\n"
                                 "  \"empty\": {},\n"
                                 "  \"list\": [\n"
                                 "    [],\n"
                                 "    true,\n"
                                 "    false,\n"
                                 "    null,\n"
                                 "    null\n"
                                 "  ]\n"
                                 "}";
    CLEANUP(buf_free)
    struct buf buf = {0};
    struct json_writer writer = {.buf = &buf};

    (void)state;
    write_sample(&writer);
    assert_string_equal(buf_string(&buf), compact);
    assert_int_equal(writer.depth, 0);
    /* JSON lines: the writer begins anew, without a comma. */
    buf_char(&buf, '\n');
    json_number(&writer, 1);
    assert_string_equal(buf_string(&buf) + buf.n - 3, "}\n1");
    buf_clear(&buf);
    write_sample(&(struct json_writer){.buf = &buf, .pretty = true});
    assert_string_equal(buf_string(&buf), pretty);
}

static void test_real_round_trip(void **state)
{
    struct rng rng = {42};

    (void)state;
    for (int i = 0; i < 20000; i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        CLEANUP(buf_free)
        struct buf buf = {0};
        uint64_t bits = rng_next(&rng);
        double number;

        memcpy(&number, &bits, sizeof(number));
        if (!isfinite(number))
            continue;
        json_real(&(struct json_writer){.buf = &buf}, number);
        if (parse(arena, buf_string(&buf))->number != number)
            fail_msg("%s", buf_string(&buf));
    }
}

static void write_and_read_fraction(void)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf buf = {0};

    json_real(&(struct json_writer){.buf = &buf}, 2.5);
    assert_string_equal(buf_string(&buf), "2.5");
    assert_true(parse(arena, "2.5")->number == 2.5);
}

/* vpcctl sets the locale for its tables; JSON keeps its point. */
static void test_locale(void **state)
{
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8"};
    const char *set = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(locales) && !set; i++)
        set = setlocale(LC_ALL, locales[i]);
    if (!set)
        skip(); /* no such locale on this machine */
    write_and_read_fraction();
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_places_and_values),
        cmocka_unit_test(test_numbers_that_fit),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_writer),
        cmocka_unit_test(test_real_round_trip),
        cmocka_unit_test(test_locale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
