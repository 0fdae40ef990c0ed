/* Events as text, JSON and journal fields; and what hostile values become in each. */
#include "vpc_reconciled/json.h"
#include "vpc_reconciled/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WALL_MS INT64_C(1795552200123) /* 2026-11-24T20:30:00.123Z */

static struct event route_missing(void)
{
    return (struct event){
        .kind = EVENT_FINDING_OPENED,
        .priority = PRIORITY_ERR,
        .wall_ms = WALL_MS,
        .message = "the default route is gone",
        .target = "orders-prod",
        .vpc_id = "vpc-0a1b",
        .region = "ap-northeast-1",
        .finding = "a1b2c3d4e5f60718",
        .drift = "route-missing",
        .state = "opened",
        .impact = "outage",
        .resource = "rtb-0abc",
        .desired = "::/0 -> eigw-01",
        .observed = "no route",
        .action = "CreateRoute ::/0 -> eigw-01 in rtb-0abc",
    };
}

static const struct {
    const char *name, *text, *escaped;
    size_t max;
} escape_cases[] = {
    {"plain", "subnet-a, 10.0.0.0/16", "subnet-a, 10.0.0.0/16", 100},
    {"utf-8 stays", "\xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x98\x80",
     "\xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x98\x80", 100},
    {"line ends", "a\nb\r\nc\td", "a\\nb\\r\\nc\\td", 100},
    {"terminal", "\x1b[2Jx\x7f\x08", "\\x1b[2Jx\\x7f\\x08", 100},
    {"c1",
     "a\xc2\x9b"
     "31m",
     "a\\u009b31m", 100},
    {"direction",
     "ab\xe2\x80\xae"
     "dc",
     "ab\\u202edc", 100},
    {"line separator",
     "a\xe2\x80\xa8"
     "b",
     "a\\u2028b", 100},
    {"not utf-8",
     "a\xff"
     "b\xc3",
     "a\\xffb\\xc3", 100},
    {"overlong", "\xc0\xaf", "\\xc0\\xaf", 100},
    {"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", 100},
    {"beyond unicode", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", 100},
    {"fits exactly", "1234567890", "1234567890", 10},
    {"one too many", "12345678901", "1234567...", 10},
    {"no half character", "12345\xe6\x9d\xb1xyz-", "12345...", 10},
    {"no half escape", "12345\x1bxxxxxx", "12345...", 10},
    {"empty", "", "", 10},
};

static void test_escape(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(escape_cases); i++) {
        CLEANUP(buf_free)
        struct buf buf = {0};

        report_escape(&buf, escape_cases[i].text, escape_cases[i].max);
        if (!text_equal(buf_string(&buf), escape_cases[i].escaped))
            fail_msg("%s: \"%s\", not \"%s\"", escape_cases[i].name, buf_string(&buf),
                     escape_cases[i].escaped);
        assert_true(buf.n <= escape_cases[i].max);
    }
}

static void test_kinds(void **state)
{
    (void)state;
    for (int a = 0; a < EVENT_KIND_COUNT; a++) {
        const char *id = event_message_id((enum event_kind)a);
        enum event_kind found;

        assert_int_equal(strlen(id), 32);
        assert_int_equal(strspn(id, "0123456789abcdef"), 32);
        assert_int_equal(event_kind_find(event_kind_name((enum event_kind)a), &found), 0);
        assert_int_equal(found, a);
        for (int b = 0; b < a; b++)
            assert_string_not_equal(id, event_message_id((enum event_kind)b));
    }
    assert_int_equal(event_kind_find("finding-lost", &(enum event_kind){0}), -ENOENT);
}

/* Journal field names: upper case, digits and _, not at the start, at most 64
 * (systemd.journal-fields(7)). */
static void test_field_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < event_n_fields; i++) {
        const char *name = event_fields[i].name;

        assert_true(text_starts_with(name, "VPC_"));
        assert_true(strlen(name) <= 64);
        assert_int_equal(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), strlen(name));
    }
}

static void test_text(void **state)
{
    CLEANUP(buf_free)
    struct buf buf = {0};
    struct event event = route_missing();

    (void)state;
    event_render_text(&buf, &event, false);
    assert_string_equal(
        buf_string(&buf),
        "2026-11-24T20:30:00Z orders-prod ERROR opened route-missing rtb-0abc (a1b2c3d4e5f60718): "
        "the default route is gone\n"
        "    desired   ::/0 -> eigw-01\n"
        "    observed  no route\n"
        "    impact    outage\n"
        "    action    CreateRoute ::/0 -> eigw-01 in rtb-0abc\n");

    buf_clear(&buf);
    event = (struct event){.kind = EVENT_CONFIG_INVALID,
                           .priority = PRIORITY_ERR,
                           .wall_ms = WALL_MS,
                           .message = "unknown key \"nam\"",
                           .file = "vpcs.d/orders.json",
                           .line = 12};
    event_render_text(&buf, &event, false);
    assert_string_equal(buf_string(&buf), "2026-11-24T20:30:00Z ERROR config-invalid: "
                                          "vpcs.d/orders.json:12: unknown key \"nam\"\n");
    buf_clear(&buf);
    event.message = "vpcs.d/orders.json:12:3: unknown key \"nam\""; /* says its place by itself */
    event_render_text(&buf, &event, false);
    assert_string_equal(buf_string(&buf), "2026-11-24T20:30:00Z ERROR config-invalid: "
                                          "vpcs.d/orders.json:12:3: unknown key \"nam\"\n");
    buf_clear(&buf);
    event = (struct event){.kind = EVENT_FINDING_HELD,
                           .priority = PRIORITY_WARNING,
                           .message = "gone (lifted by a person)",
                           .drift = "route-missing",
                           .finding = "a1b2c3d4e5f60718",
                           .lifts = "a person", /* the message says it */
                           .request_id = "1-2", /* nothing failed */
                           .file = "vpcs.d/orders.json",
                           .line = 3};
    event_render_text(&buf, &event, false);
    assert_string_equal(buf_string(&buf), "1970-01-01T00:00:00Z WARNING held route-missing "
                                          "(a1b2c3d4e5f60718): gone (lifted by a person)\n"
                                          "    declared  vpcs.d/orders.json:3\n");
    buf_clear(&buf);
    event.kind = EVENT_FINDING_FAILED;
    event_render_text(&buf, &event, false);
    assert_non_null(strstr(buf_string(&buf), "\n    request   1-2\n"));
    buf_clear(&buf);
    event.kind = EVENT_FINDING_SUSPECTED;
    event.desired = "something"; /* a suspicion is one line */
    event_render_text(&buf, &event, false);
    assert_string_equal(strchr(buf_string(&buf), '\n'), "\n");
}

/* Colour is added to the very same text, never in place of a word. */
static void test_colour(void **state)
{
    static const enum event_priority priorities[] = {
        PRIORITY_ERR, PRIORITY_WARNING, PRIORITY_NOTICE, PRIORITY_INFO, PRIORITY_DEBUG,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(priorities); i++) {
        CLEANUP(buf_free)
        struct buf plain = {0};
        CLEANUP(buf_free)
        struct buf coloured = {0};
        CLEANUP(buf_free)
        struct buf stripped = {0};
        struct event event = route_missing();

        event.priority = priorities[i];
        event_render_text(&plain, &event, false);
        event_render_text(&coloured, &event, true);
        assert_null(strchr(buf_string(&plain), '\x1b'));
        assert_int_equal(strchr(buf_string(&coloured), '\x1b') != NULL,
                         priorities[i] != PRIORITY_INFO);
        for (const char *c = buf_string(&coloured); *c; c++) {
            if (*c == '\x1b')
                c = strchr(c, 'm');
            else
                buf_char(&stripped, *c);
        }
        assert_string_equal(buf_string(&stripped), buf_string(&plain));
    }
}

static void test_json(void **state)
{
    CLEANUP(buf_free)
    struct buf buf = {0};
    struct event event = route_missing();

    (void)state;
    event_render_json(&buf, &event);
    assert_string_equal(
        buf_string(&buf),
        "{\"version\":1,\"time\":\"2026-11-24T20:30:00.123Z\",\"event\":\"finding-opened\","
        "\"priority\":3,\"message\":\"the default route is gone\",\"target\":\"orders-prod\","
        "\"vpc_id\":\"vpc-0a1b\",\"region\":\"ap-northeast-1\",\"finding\":\"a1b2c3d4e5f60718\","
        "\"drift\":\"route-missing\",\"state\":\"opened\",\"impact\":\"outage\","
        "\"resource\":\"rtb-0abc\",\"desired\":\"::/0 -> eigw-01\",\"observed\":\"no route\","
        "\"action\":\"CreateRoute ::/0 -> eigw-01 in rtb-0abc\"}\n");
}

static void test_from_json(void **state)
{
    static const char *const refused[] = {
        "[]",
        "{}",
        "{\"version\":2,\"time\":\"2026-11-24T20:30:00Z\",\"event\":\"call\",\"priority\":3,"
        "\"message\":\"\"}",
        "{\"version\":1,\"time\":\"yesterday\",\"event\":\"call\",\"priority\":3,\"message\":\"\"}",
        "{\"version\":1,\"time\":\"2026-11-24T20:30:00Z\",\"event\":\"lost\",\"priority\":3,"
        "\"message\":\"\"}",
        "{\"version\":1,\"time\":\"2026-11-24T20:30:00Z\",\"event\":\"call\",\"priority\":1,"
        "\"message\":\"\"}",
        "{\"version\":1,\"time\":\"2026-11-24T20:30:00Z\",\"event\":\"call\",\"priority\":3.5,"
        "\"message\":\"\"}",
        "{\"version\":1,\"time\":\"2026-11-24T20:30:00Z\",\"event\":\"call\",\"priority\":3,"
        "\"message\":1}",
    };
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf line = {0};
    CLEANUP(buf_free)
    struct buf again = {0};
    struct event event = route_missing(), back;
    struct json_error error;
    const struct json *json;

    (void)state;
    event.line = 7;
    event_render_json(&line, &event);
    assert_int_equal(json_parse(arena, line.data, line.n, &json, &error), 0);
    assert_int_equal(event_from_json(json, &back), 0);
    event_render_json(&again, &back);
    assert_string_equal(buf_string(&again), buf_string(&line));
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        assert_int_equal(json_parse(arena, refused[i], strlen(refused[i]), &json, &error), 0);
        assert_int_equal(event_from_json(json, &back), -EINVAL);
    }
}

static const char *journal_value(const struct texts *fields, const char *name)
{
    for (size_t i = 0; i < fields->n; i++)
        if (text_starts_with(fields->items[i], name) && fields->items[i][strlen(name)] == '=')
            return fields->items[i] + strlen(name) + 1;
    return NULL;
}

static void test_journal(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct event event = route_missing();
    struct texts fields;

    (void)state;
    event_render_journal(arena, &event, &fields);
    assert_string_equal(journal_value(&fields, "MESSAGE"),
                        "orders-prod opened route-missing rtb-0abc (a1b2c3d4e5f60718): the default "
                        "route is gone");
    assert_string_equal(journal_value(&fields, "MESSAGE_ID"),
                        event_message_id(EVENT_FINDING_OPENED));
    assert_string_equal(journal_value(&fields, "PRIORITY"), "3");
    assert_string_equal(journal_value(&fields, "VPC_EVENT"), "finding-opened");
    assert_string_equal(journal_value(&fields, "VPC_RESOURCE"), "rtb-0abc");
    assert_null(journal_value(&fields, "VPC_CAUSE"));
    assert_null(journal_value(&fields, "VPC_LINE"));
}

/* Whatever a caller forgets, what the catalog names is there. */
static void test_journal_always(void **state)
{
    (void)state;
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct event event = {
            .kind = (enum event_kind)kind, .priority = PRIORITY_INFO, .message = "m"};
        struct texts fields;

        event_render_journal(arena, &event, &fields);
        for (size_t i = 0; i < event_n_fields; i++) {
            const char *value = journal_value(&fields, event_fields[i].name);

            if (event_always_sends(event.kind, event_fields[i].name))
                assert_string_equal(value, "unknown");
            else
                assert_null(value);
        }
    }
}

static unsigned count(const char *text, char c)
{
    unsigned n = 0;

    for (; *text; text++)
        n += *text == c;
    return n;
}

/* A tag's value, an AWS message, a file's name: each field in turn holds a forged event. */
static void test_hostile_values(void **state)
{
    static char hostile[20000];
    static const char forged[] =
        "x\n2026-11-24T20:30:00Z ERROR forged: y\",\"event\":\"forged\x1b[31m";

    (void)state;
    for (size_t i = 0; i < sizeof(hostile) - 1; i++)
        hostile[i] = forged[i % (sizeof(forged) - 1)];
    for (size_t i = 0; i <= event_n_fields; i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        CLEANUP(buf_free)
        struct buf plain = {0};
        CLEANUP(buf_free)
        struct buf text = {0};
        CLEANUP(buf_free)
        struct buf line = {0};
        struct event event = route_missing();
        const char *value = hostile;
        const struct json *json;
        struct json_error error;
        struct texts fields;

        event.subnets = event.cause = event.result = event.replaces = event.request_id =
            event.lifts = event.file = "zz";
        event_render_text(&plain, &event, false);
        if (i == event_n_fields)
            event.message = hostile;
        else
            memcpy((char *)&event + event_fields[i].offset, &value, sizeof(value));
        event_render_text(&text, &event, false);
        assert_int_equal(count(buf_string(&text), '\n'), count(buf_string(&plain), '\n'));
        assert_null(strchr(buf_string(&text), '\x1b'));
        assert_true(text.n < 4096);

        event_render_json(&line, &event);
        assert_int_equal(count(buf_string(&line), '\n'), 1);
        assert_true(line.n < 20000);
        assert_int_equal(json_parse(arena, line.data, line.n, &json, &error), 0);
        assert_string_equal(json_member(json, "event")->string, "finding-opened");

        event_render_journal(arena, &event, &fields);
        for (size_t k = 0; k < fields.n; k++) {
            assert_null(strchr(fields.items[k], '\n'));
            assert_true(strlen(fields.items[k]) < 20000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escape),         cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_field_names),    cmocka_unit_test(test_text),
        cmocka_unit_test(test_colour),         cmocka_unit_test(test_json),
        cmocka_unit_test(test_from_json),      cmocka_unit_test(test_journal),
        cmocka_unit_test(test_journal_always), cmocka_unit_test(test_hostile_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
