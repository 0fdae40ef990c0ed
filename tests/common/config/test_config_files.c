/* Several config files together. */
#include "config_texts.h"

#define FILE_OF(path, text)                                                                        \
    {                                                                                              \
        path, text, sizeof(text) - 1, false                                                        \
    }
#define MAIN(path, text)                                                                           \
    {                                                                                              \
        path, text, sizeof(text) - 1, true                                                         \
    }
#define VPC(name, vpc, rest)                                                                       \
    "{\"name\": \"" name "\", \"region\": \"us-east-1\", \"vpc\": " vpc rest "}"

static void test_files_together(void **state)
{
    static const struct {
        const char *name;
        struct config_file files[3];
        const char *errors;
    } rows[] = {
        {"one name twice",
         {FILE_OF("a.json", VPC("x", "\"vpc-0a1b2c3d\"", "")),
          FILE_OF("b.json", VPC("x", "\"vpc-0a1b2c3e\"", ""))},
         "b.json:1:10: name: \"x\" is given at a.json:1:10 already (name); each file wants a name "
         "of "
         "its own\n"},
        {"one VPC twice",
         {FILE_OF("a.json", VPC("x", "\"vpc-0a1b2c3d\"", "")),
          FILE_OF("b.json", VPC("y", "\"vpc-0a1b2c3d\"", ""))},
         "b.json:1:45: vpc: \"vpc-0a1b2c3d\" is given at a.json:1:45 already (vpc); a VPC has one "
         "file\n"},
        {"one VPC's tag twice",
         {FILE_OF("a.json", VPC("x", "{\"tag:Name\": \"n\"}", "")),
          FILE_OF("b.json", VPC("y", "{\"tag:Name\": \"n\"}", ""))},
         "b.json:1:45: vpc: \"tag:Name=n in us-east-1\" is given at a.json:1:45 already (vpc); a "
         "VPC "
         "has one file\n"},
        {"one subnet in two VPCs",
         {FILE_OF("a.json",
                  VPC("x", "\"vpc-0a1b2c3d\"",
                      ", \"subnet_groups\": {\"g\": {\"match\": [\"subnet-0a1b2c3d\"]}}")),
          FILE_OF("b.json",
                  VPC("y", "\"vpc-0a1b2c3e\"",
                      ",\n\"subnet_groups\": {\"h\": {\"match\": [\"subnet-0a1b2c3d\"]}}"))},
         "b.json:2:35: subnet_groups.h.match[0]: \"subnet-0a1b2c3d\" is given at a.json:1:95 "
         "already "
         "(subnet_groups.g.match[0]); a subnet belongs to one group, once\n"},
        {"two main files",
         {MAIN("a.json", "{}"), FILE_OF("b.json", VPC("x", "\"vpc-0a1b2c3d\"", "")),
          MAIN("c.json", "{}")},
         "c.json:0:0: a second main file, beside a.json: keep one\n"},
        {"an account that is declared, in a main file that comes last",
         {FILE_OF("a.json", VPC("x", "\"vpc-0a1b2c3d\"", ", \"account\": \"prod\"")),
          MAIN("m.json", "{\"accounts\": {\"prod\": {\"id\": \"111122223333\"}}}")},
         ""},
        {"an account that is nearly declared",
         {FILE_OF("a.json", VPC("x", "\"vpc-0a1b2c3d\"", ", \"account\": \"prd\"")),
          MAIN("m.json", "{\"accounts\": {\"prod\": {\"id\": \"111122223333\"}}}")},
         "a.json:1:72: account: \"prd\" is no entry of \"accounts\" in the main file (did you mean "
         "\"prod\"?)\n"},
        {"errors in the order of the files",
         {FILE_OF("a.json", "{}x"), MAIN("m.json", "{\"x\": 1}"), FILE_OF("b.json", "[")},
         "a.json:1:3: found \"x\" after the end of the value: remove it\n"
         "m.json:1:2: x: unknown key; known here: $schema, owner, interval, jitter, confirm_after, "
         "accounts, alerts, page_after, remind_every, metrics, limits, tags\n"
         "b.json:1:2: found the end of the text where a value should be\n"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        CLEANUP(buf_free)
        struct buf have = {0};
        struct config *config = NULL;
        struct config_errors errors;
        size_t n = 0;

        while (n < 3 && rows[i].files[n].path)
            n++;
        config_parse(arena, rows[i].files, n, &config, &errors);
        VEC_EACH (error, &errors.list)
            buf_printf(&have, "%s:%u:%u: %s\n", error->file, error->line, error->column,
                       error->message);
        if (!text_equal(buf_string(&have), rows[i].errors) || !config != !!*rows[i].errors)
            fail_msg("%s:\n%swanted\n%s", rows[i].name, buf_string(&have), rows[i].errors);
    }
}

static void test_no_files(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct config_errors errors;
    struct config *config = NULL;

    (void)state;
    assert_int_equal(config_parse(arena, NULL, 0, &config, &errors), 0);
    assert_int_equal(config->n_targets, 0);
    assert_string_equal(config->owner, "vpc-reconciled");
    assert_int_equal(config->interval_ms, 60000);
    assert_int_equal(config->not_checked.n, 0);
}

static void test_merged_tags_are_limited(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf main_text = {0}, text = {0};
    struct config_errors errors;
    struct config *config;
    struct config_file files[2] = {{.path = "m.json", .is_main = true}, {.path = "a.json"}};

    (void)state;
    buf_text(&main_text, "{\"tags\": {");
    buf_text(&text, HEAD "\"tags\": {");
    for (int i = 0; i < 24; i++) { /* a0 is in both */
        buf_printf(&main_text, "%s\"%c%d\": \"x\"", i ? ", " : "", i ? 'm' : 'a', i);
        buf_printf(&text, "%s\"a%d\": \"y\"", i ? ", " : "", i);
    }
    buf_text(&main_text, "}}");
    buf_text(&text, "}}");
    files[0] = (struct config_file){"m.json", main_text.data, main_text.n, true};
    files[1] = (struct config_file){"a.json", text.data, text.n, false};
    assert_int_equal(config_parse(arena, files, 2, &config, &errors), 0);
    assert_int_equal(config->targets->n_tags, 47);
    assert_string_equal(config->targets->tags[0].key, "a0");
    assert_string_equal(config->targets->tags[0].value, "y");

    text.n -= 2;
    buf_text(&text, ", \"one-more\": \"\"}}");
    files[1] = (struct config_file){"a.json", text.data, text.n, false};
    assert_int_equal(config_parse(arena, files, 2, &config, &errors), -EINVAL);
    assert_int_equal(errors.list.n, 1);
    assert_string_equal(
        errors.list.items[0].message,
        "tags: 48 with those of the main file; at most 47: EC2 allows 50 a resource "
        "and three are the daemon's own");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_together),
        cmocka_unit_test(test_no_files),
        cmocka_unit_test(test_merged_tags_are_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
