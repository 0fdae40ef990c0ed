/* Text, buffers, "did you mean". */
#include "vpc_reconciled/base.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

static int sign(int r)
{
    return (r > 0) - (r < 0);
}

static const struct comparison {
    const char *a, *b;
    int r;
    bool equal;
} comparisons[] = {
    {NULL, NULL, 0, true},  {NULL, "", -1, false},         {"", NULL, 1, false},
    {"", "", 0, true},      {"eni-1", "eni-2", -1, false}, {"b", "a", 1, false},
    {"a", "ab", -1, false}, {"vpc-1", "vpc-1", 0, true},
};

static void text_is_compared(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(comparisons); i++) {
        const struct comparison *row = &comparisons[i];

        assert_int_equal(sign(text_compare(row->a, row->b)), row->r);
        assert_int_equal(text_equal(row->a, row->b), row->equal);
    }
    assert_true(text_starts_with("subnet-1", "subnet-"));
    assert_true(text_starts_with("subnet-1", ""));
    assert_false(text_starts_with("sub", "subnet-"));
    assert_false(text_starts_with(NULL, "subnet-"));
    assert_true(text_empty(NULL) && text_empty("") && !text_empty(" "));
}

static const struct {
    const char *text, *nearest;
} typos[] = {
    {"internet-gateway", "internet-gateway"},
    {"internet-gatway", "internet-gateway"},
    {"nat_gateway", "nat-gateway"},
    {"nat-gatewaay", "nat-gateway"},
    {"nones", "none"},
    {"nano", "none"}, /* a third of four letters, rounded up, is two */
    {"xyz", NULL},
    {"", NULL},
    {"transit-gateway-attachment-of-another-kind-that-is-longer-than-64-bytes", NULL},
};

static void the_nearest_word_is_found(void **state)
{
    static const char *const words[] = {"internet-gateway", "nat-gateway", "none", "unmanaged"};
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(typos); i++) {
        const char *nearest = text_nearest(typos[i].text, words, ARRAY_SIZE(words));

        if (!text_equal(nearest, typos[i].nearest))
            fail_msg("\"%s\" gave %s", typos[i].text, nearest ? nearest : "nothing");
    }
    assert_null(text_nearest("none", words, 0));
}

static void a_list_contains_its_words(void **state)
{
    const char *items[] = {"a", "b"};
    struct texts texts = {items, 2};
    (void)state;

    assert_true(texts_contain(&texts, "b"));
    assert_false(texts_contain(&texts, "c"));
    assert_false(texts_contain(&(struct texts){0}, "a"));
}

static void a_buffer_grows(void **state)
{
    CLEANUP(buf_free)
    struct buf buf = {0};
    (void)state;

    assert_string_equal(buf_string(&buf), "");
    buf_add(&buf, NULL, 0);
    for (int i = 0; i < 100000; i++)
        buf_printf(&buf, "%05d,", i);
    assert_int_equal(buf.n, 600000);
    assert_memory_equal(buf.data + 599988, "99998,99999,", 12);
    assert_int_equal(strlen(buf.data), buf.n);
    buf_clear(&buf);
    assert_string_equal(buf_string(&buf), "");
    buf_text(&buf, "a");
    buf_char(&buf, 'b');
    assert_string_equal(buf_string(&buf), "ab");
    assert_false(buf.overflow);
}

static void a_buffer_keeps_its_limit(void **state)
{
    CLEANUP(buf_free)
    struct buf buf = {.limit = 10};
    (void)state;

    buf_text(&buf, "12345");
    buf_text(&buf, "67890");
    assert_false(buf.overflow); /* the limit itself fits */
    buf_clear(&buf);
    buf_text(&buf, "12345");
    buf_text(&buf, "too long for it");
    assert_true(buf.overflow);
    buf_text(&buf, "x"); /* would fit, and would hide the gap */
    buf_printf(&buf, "%d", 1);
    buf_char(&buf, 'y');
    assert_string_equal(buf_string(&buf), "12345");
    buf_clear(&buf);
    assert_false(buf.overflow);
    buf_text(&buf, "again");
    assert_string_equal(buf_string(&buf), "again");
    buf_add(&buf, "", SIZE_MAX); /* no sum of sizes wraps */
    assert_true(buf.overflow);
    buf_free(&buf);
    assert_int_equal(buf.limit, 10);
    assert_null(buf.data);
    assert_false(buf.overflow);
    buf_wipe_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_compared),          cmocka_unit_test(the_nearest_word_is_found),
        cmocka_unit_test(a_list_contains_its_words), cmocka_unit_test(a_buffer_grows),
        cmocka_unit_test(a_buffer_keeps_its_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
