/* Prefixes: parsed, compared and written as numbers. tests/conformance/prefix_oracle.py holds
 * thousands of random ones against Python's ipaddress. */
#include "vpc_reconciled/net.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
    const char *text, *canonical; /* NULL: -EINVAL */
} prefixes[] = {
    {"0.0.0.0/0", "0.0.0.0/0"},
    {"10.0.0.0/16", "10.0.0.0/16"},
    {"10.0.0.5/16", "10.0.0.0/16"}, /* host bits go, as EC2 does it */
    {"100.68.0.18/18", "100.68.0.0/18"},
    {"255.255.255.255/32", "255.255.255.255/32"},
    {"255.255.255.255/1", "128.0.0.0/1"},
    {"255.255.255.255/31", "255.255.255.254/31"},
    {"::/0", "::/0"},
    {"ff::1/0", "::/0"},
    {"2001:DB8:0:0:0:0:0:1/56", "2001:db8::/56"},
    {"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/57", "2001:db8:ffff:ff80::/57"},
    {"2001:db8::1/128", "2001:db8::1/128"},
    {"64:ff9b::/96", "64:ff9b::/96"},
    {"64:ff9b::10.0.0.1/96", "64:ff9b::/96"},
    {"::ffff:1.2.3.4/128", "::ffff:1.2.3.4/128"},
    /* RFC 5952: 4.2.2 one 16-bit field is not shortened; 4.2.3 the longest run is, the first of
       equals; 5. */
    {"2001:db8:0:1:1:1:1:1/128", "2001:db8:0:1:1:1:1:1/128"},
    {"2001:0:0:1:0:0:0:1/128", "2001:0:0:1::1/128"},
    {"2001:db8:0:0:1:0:0:1/128", "2001:db8::1:0:0:1/128"},
    {"::1:2/128", "::1:2/128"},
    {"::a00:0/104", "::a00:0/104"},
    {"::2/128", "::2/128"},
    {"::1/128", "::1/128"},
    {"2406:da14:0aa:b00::/64", "2406:da14:aa:b00::/64"},
    {"10.0.0.0", NULL},
    {"2001:db8::", NULL},
    {"", NULL},
    {"/", NULL},
    {"/8", NULL},
    {"10.0.0.0/", NULL},
    {"10.0.0.0/33", NULL},
    {"::/129", NULL},
    {"::/1000", NULL},
    {"10.0.0.0/-1", NULL},
    {"10.0.0.0/+8", NULL},
    {"10.0.0.0/08", NULL},
    {"10.0.0.0/00", NULL},
    {"10.0.0.0/8 ", NULL},
    {" 10.0.0.0/8", NULL},
    {"10.0.0.0 /8", NULL},
    {"10.0.0.0/8/8", NULL},
    {"10.0.0.0/255.0.0.0", NULL},
    {"10.0.0/8", NULL},
    {"10.0.0.0.0/8", NULL},
    {"10.0.0.256/8", NULL},
    {"010.0.0.0/8", NULL},
    {"0x0a.0.0.0/8", NULL},
    {"2001:db8/32", NULL},
    {"2001:db8:::/32", NULL},
    {"1:2:3:4:5:6:7:8:9/64", NULL},
    {"12345::/16", NULL},
    {"fe80::1%eth0/64", NULL},
    {"[::]/0", NULL},
    {"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb/64", NULL},
    {"pl-1234", NULL},
};

static void prefixes_are_parsed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
        struct prefix prefix = {.family = 77}, again;
        char text[PREFIX_TEXT_SIZE];
        int r = prefix_parse(prefixes[i].text, &prefix);

        if (!prefixes[i].canonical) {
            if (r != -EINVAL || prefix.family != 77)
                fail_msg("\"%s\" gave %d", prefixes[i].text, r);
            continue;
        }
        if (r != 0 || strcmp(prefix_format(&prefix, text), prefixes[i].canonical) != 0)
            fail_msg("\"%s\" gave %d, \"%s\"", prefixes[i].text, r, r ? "" : text);
        assert_int_equal(prefix_parse(text, &again), 0);
        assert_true(prefix_equal(&prefix, &again));
        assert_memory_equal(&prefix, &again, sizeof(prefix));
    }
}

static void addresses_are_parsed(void **state)
{
    static const struct {
        const char *text, *canonical;
    } rows[] = {
        {"10.0.0.5", "10.0.0.5/32"},
        {"2001:DB8::5", "2001:db8::5/128"},
        {"0.0.0.0", "0.0.0.0/32"},
        {"10.0.0.5/32", NULL},
        {"", NULL},
        {"localhost", NULL},
        {"10.0.0.5 ", NULL},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct prefix prefix;
        char text[PREFIX_TEXT_SIZE];
        int r = prefix_parse_address(rows[i].text, &prefix);

        assert_int_equal(r, rows[i].canonical ? 0 : -EINVAL);
        if (r == 0)
            assert_string_equal(prefix_format(&prefix, text), rows[i].canonical);
    }
}

static const struct {
    const char *a, *b;
    bool a_contains_b, b_contains_a, overlap;
    int order; /* of a to b */
} pairs[] = {
    {"10.0.0.0/16", "10.0.0.0/16", true, true, true, 0},
    {"10.0.0.0/8", "10.0.0.0/16", true, false, true, -1},
    {"10.0.0.0/8", "10.255.255.255/32", true, false, true, -1},
    {"10.0.0.0/8", "11.0.0.0/32", false, false, false, -1},
    {"0.0.0.0/0", "10.0.0.0/8", true, false, true, -1},
    {"0.0.0.0/0", "::/0", false, false, false, -1},
    {"0.0.0.0/0", "::1/128", false, false, false, -1},
    {"::/0", "2001:db8::/32", true, false, true, -1},
    {"2001:db8:0:100::/56", "2001:db8:0:1ff::/64", true, false, true, -1},
    {"2001:db8:0:100::/56", "2001:db8:0:200::/64", false, false, false, -1},
    {"2001:db8::/57", "2001:db8:0:80::/57", false, false, false, -1},
    {"192.168.0.0/24", "10.0.0.0/8", false, false, false, 1},
    {"10.0.0.0/25", "10.0.0.128/25", false, false, false, -1},
};

static int sign(int r)
{
    return (r > 0) - (r < 0);
}

static void prefixes_are_compared(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
        struct prefix a, b;

        assert_int_equal(prefix_parse(pairs[i].a, &a), 0);
        assert_int_equal(prefix_parse(pairs[i].b, &b), 0);
        assert_int_equal(prefix_contains(&a, &b), pairs[i].a_contains_b);
        assert_int_equal(prefix_contains(&b, &a), pairs[i].b_contains_a);
        assert_int_equal(prefix_overlaps(&a, &b), pairs[i].overlap);
        assert_int_equal(prefix_overlaps(&b, &a), pairs[i].overlap);
        assert_int_equal(sign(prefix_compare(&a, &b)), pairs[i].order);
        assert_int_equal(sign(prefix_compare(&b, &a)), -pairs[i].order);
        assert_int_equal(prefix_equal(&a, &b), pairs[i].order == 0);
    }
}

static void an_absent_prefix_is_in_nothing(void **state)
{
    const struct prefix none = {0};
    char text[PREFIX_TEXT_SIZE];
    (void)state;

    assert_string_equal(prefix_format(&none, text), "");
    assert_false(prefix_contains(&none, &none));
    assert_false(prefix_contains(&PREFIX_IPV4_DEFAULT, &none));
    assert_false(prefix_contains(&none, &PREFIX_IPV4_DEFAULT));
    assert_false(prefix_overlaps(&none, &none));
    assert_false(prefix_is_default(&none));
    assert_true(prefix_equal(&none, &none));
    assert_int_equal(prefix_compare(&none, &PREFIX_IPV4_DEFAULT), -1);
    assert_true(prefix_is_default(&PREFIX_IPV4_DEFAULT));
    assert_true(prefix_is_default(&PREFIX_IPV6_DEFAULT));
    assert_string_equal(prefix_format(&PREFIX_IPV6_DEFAULT, text), "::/0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prefixes_are_parsed),
        cmocka_unit_test(addresses_are_parsed),
        cmocka_unit_test(prefixes_are_compared),
        cmocka_unit_test(an_absent_prefix_is_in_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
