/* systemd/vpc-reconciled.catalog against the code: an entry for each kind of event, and no @FIELD@
 * that an event could lack. That journalctl reads the file is the test catalog_lint. */
#include "vpc_reconciled/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define CATALOG TEST_SOURCE_DIR "/../systemd/vpc-reconciled.catalog"

static char *read_catalog(void)
{
    static char text[65536];
    FILE *file = fopen(CATALOG, "re");
    size_t n;

    assert_non_null(file);
    n = fread(text, 1, sizeof(text) - 1, file);
    assert_true(n > 0 && n < sizeof(text) - 1);
    fclose(file);
    text[n] = 0;
    return text;
}

static int kind_of(const char *id, size_t n)
{
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
        if (n == 32 && memcmp(event_message_id((enum event_kind)kind), id, n) == 0)
            return kind;
    return -1;
}

/* Every @NAME@ of a line is a field that each event of the kind has. */
static void check_fields(enum event_kind kind, const char *line, size_t n)
{
    const char *end = line + n;

    for (const char *at = line; (at = memchr(at, '@', (size_t)(end - at)));) {
        const char *stop = memchr(at + 1, '@', (size_t)(end - at - 1));
        char name[65];

        assert_non_null(stop);
        assert_true((size_t)(stop - at) < sizeof(name));
        snprintf(name, sizeof(name), "%.*s", (int)(stop - at - 1), at + 1);
        if (!event_always_sends(kind, name))
            fail_msg("%s: @%s@ is not sent with every event", event_kind_name(kind), name);
        at = stop + 1;
    }
}

static void check_entry(enum event_kind kind, const char *body)
{
    static const char *const parts[] = {"Subject: ", "Defined-By: vpc-reconciled\n",
                                        "\n\n" /* head and text */, "\nWhat to do: ", "\nNext: "};

    for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
        if (!strstr(body, parts[i]))
            fail_msg("%s: no \"%s\"", event_kind_name(kind), parts[i]);
}

static void test_entries(void **state)
{
    char *text = read_catalog(), *entry = strstr(text, "\n-- ");
    unsigned seen[EVENT_KIND_COUNT] = {0};

    (void)state;
    while (entry) {
        char *id = entry + strlen("\n-- "), *next = strstr(id, "\n-- ");
        size_t n = strcspn(id, "\n");
        int kind = kind_of(id, n);

        if (kind < 0)
            fail_msg("no kind of event has the id %.*s", (int)n, id);
        seen[kind]++;
        if (next)
            *next = 0;
        check_entry((enum event_kind)kind, id);
        check_fields((enum event_kind)kind, id, strlen(id));
        entry = next;
    }
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
        if (seen[kind] != 1)
            fail_msg("%s: %u entries", event_kind_name((enum event_kind)kind), seen[kind]);
}

/* What an event is said to send always is a field that there is. */
static void test_always_is_known(void **state)
{
    static const char *const other[] = {"MESSAGE_ID", "VPC_TARGETS", "", "vpc_target"};
    unsigned n = 0;

    (void)state;
    for (size_t i = 0; i < event_n_fields; i++)
        n += event_always_sends(EVENT_FINDING_HELD, event_fields[i].name);
    assert_int_equal(n, 5);
    for (size_t i = 0; i < ARRAY_SIZE(other); i++)
        assert_false(event_always_sends(EVENT_FINDING_HELD, other[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_always_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
