/* The shared files: how they are read, what is refused and where, and what a profile is. */
#include "vpc_reconciled/aws.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* "[section] key=value parent.key=value", as the rows below write it. */
static const char *shown(struct arena *arena, const struct ini *ini)
{
    CLEANUP(buf_free)
    struct buf text = {0};

    VEC_EACH (section, &ini->sections) {
        buf_printf(&text, "%s[%s]", text.n ? " " : "", section->name);
        VEC_EACH (setting, &section->settings)
            buf_printf(&text, " %s%s%s=%s", setting->parent ? setting->parent : "",
                       setting->parent ? "." : "", setting->key, setting->value);
    }
    return arena_strdup(arena, buf_string(&text));
}

static const struct {
    const char *text, *reads; /* reads NULL: refused at line, saying message */
    unsigned line;
    const char *message;
} texts[] = {
    {"", "", 0, NULL},
    {"\n\n# nothing\n  ; nor here\n", "", 0, NULL},
    {"[default]\nregion = eu-west-1\n", "[default] region=eu-west-1", 0, NULL},
    {"[default]\r\nregion=eu-west-1\r\n", "[default] region=eu-west-1", 0, NULL},
    {"\xef\xbb\xbf[a]\nb=c", "[a] b=c", 0, NULL},
    {"[ profile  x ]\nRegion\t=\tx y \n", "[profile  x] region=x y", 0, NULL},
    {"[a] # why\nb = c # d\ne = f#g\nh = i ;j\nk = #l\nm =#n\n", "[a] b=c e=f#g h=i k= m=#n", 0,
     NULL},
    {"[a]\nb = c=d==\n", "[a] b=c=d==", 0, NULL},
    {"[a]\nb =\n", "[a] b=", 0, NULL},
    {"[services s]\nec2 =\n  endpoint_url = http://x\n  y = z\nsts = \n\tendpoint_url = q\n",
     "[services s] ec2= ec2.endpoint_url=http://x ec2.y=z sts= sts.endpoint_url=q", 0, NULL},
    {"[a]\nb = c\n  d = e\n", "[a] b=c\nd = e", 0, NULL}, /* more of the value, not a setting */
    {"[a]\nb =\n# between\n\n  c = d\n", "[a] b= b.c=d", 0, NULL},
    {"[a]\n[b]\n", "[a] [b]", 0, NULL},
    {"[a]\nx = 1\n[b]\nx = 2\n", "[a] x=1 [b] x=2", 0, NULL},

    {"a = b\n", NULL, 1, "a line before the first \"[section]\""},
    {"[a]\nb\n", NULL, 2, "neither \"[section]\" nor \"key = value\""},
    {"[a]\n= b\n", NULL, 2, "a value without a key"},
    {"[a\nb = c\n", NULL, 1, "no closing bracket"},
    {"[a] b = c\n", NULL, 1, "behind the section's closing bracket"},
    {"[]\n", NULL, 1, "the section has no name"},
    {"[a]\nb = c\nB = d\n", NULL, 3, "\"b\" stands in line 2 already"},
    {"[a]\nb =\n c = 1\n c = 2\n", NULL, 4, "\"c\" stands in line 3 already"},
    {"[a]\n\n[a]\n", NULL, 3, "the section [a] stands in line 1 already"},
    {"[a]\n  b = c\n", NULL, 2, "an indented line that belongs to no key"},
    {"[a]\nb =\n  c\n", NULL, 3, "neither"},
    {"[a]\nb = c\x01\n", NULL, 2, "a control character"},
    {"[a]\nb = c\rd = e\n", NULL, 2, "a control character"},
    {"[a]\nb = \x7f\n", NULL, 2, "a control character"},
};

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct ini ini = {0};
        struct ini_error error;
        int r = ini_parse(arena, texts[i].text, strlen(texts[i].text), &ini, &error);

        if (texts[i].reads) {
            if (r != 0)
                fail_msg("\"%s\": %u: %s", texts[i].text, error.line, error.message);
            assert_string_equal(shown(arena, &ini), texts[i].reads);
            continue;
        }
        assert_int_equal(r, -EINVAL);
        assert_int_equal(error.line, texts[i].line);
        if (!strstr(error.message, texts[i].message))
            fail_msg("\"%s\": %s", texts[i].text, error.message);
    }
}

static void test_sizes(void **state)
{
    static char text[INI_SIZE_MAX + 1];
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct ini_error error;
    struct ini ini;

    (void)state;
    memset(text, '#', sizeof(text));
    assert_int_equal(ini_parse(arena, text, INI_SIZE_MAX, &ini, &error), 0);
    assert_int_equal(ini_parse(arena, text, INI_SIZE_MAX + 1, &ini, &error), -EFBIG);
    assert_int_equal(ini_parse(arena, "[a]\nb = \0c\n", 11, &ini, &error), -EINVAL);
}

/* ---- profiles ---- */

static void test_paths(void **state)
{
    static const struct {
        const char *variables[4], *paths[SHARED_FILE_COUNT];
    } rows[] = {
        {{NULL}, {NULL, NULL, NULL}},
        {{"HOME=/"}, {NULL, NULL, NULL}},
        {{"HOME=/root"}, {NULL, "/root/.aws/credentials", "/root/.aws/config"}},
        {{"HOME=/root", "CREDENTIALS_DIRECTORY=/run/c"},
         {"/run/c/aws-credentials", "/root/.aws/credentials", "/root/.aws/config"}},
        {{"HOME=/root", "AWS_CONFIG_FILE=/dev/null"}, {NULL, "/root/.aws/credentials", NULL}},
        {{"AWS_CONFIG_FILE=/a b", "AWS_SHARED_CREDENTIALS_FILE=/c"}, {NULL, "/c", "/a b"}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct aws_environment environment;
        struct aws_environment_error error;
        struct shared_files files;

        assert_int_equal(aws_environment_parse(rows[i].variables, &environment, &error), 0);
        shared_files_paths(arena, &environment, &files);
        for (size_t k = 0; k < SHARED_FILE_COUNT; k++)
            assert_true(text_equal(files.files[k].path, rows[i].paths[k]));
        aws_environment_clear(&environment);
    }
}

static void test_profiles(void **state)
{
    static const char config[] = "[default]\na = plain\n[profile default]\na = named\n"
                                 "[profile x]\na = 1\n[profile \"y z\"]\na = 2\n[w]\na = 3\n";
    static const char credentials[] =
        "[default]\nb = 4\n[profile x]\na = 5\n[x]\nb = 6\n[w]\na = 7\n";
    static const struct {
        const char *profile, *key, *value; /* value NULL: not there */
        unsigned line;
    } rows[] = {
        {"default", "a", "named", 4}, {"default", "b", "4", 2}, {"x", "a", "1", 6},
        {"x", "b", "6", 6},           {"y z", "a", "2", 8},     {"w", "a", "7", 8},
        {"profile x", "a", "5", 4},   {"v", "a", NULL, 0},
    };
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct shared_files files = {0};
    struct ini_error error;

    (void)state;
    assert_int_equal(
        ini_parse(arena, config, sizeof(config) - 1, &files.files[SHARED_FILE_CONFIG].ini, &error),
        0);
    assert_int_equal(ini_parse(arena, credentials, sizeof(credentials) - 1,
                               &files.files[SHARED_FILE_CREDENTIALS].ini, &error),
                     0);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct ini_setting *setting =
            shared_files_find(&files, rows[i].profile, rows[i].key, NULL);

        if (!rows[i].value) {
            assert_null(setting);
            assert_false(shared_files_have(&files, rows[i].profile));
            continue;
        }
        assert_non_null(setting);
        assert_string_equal(setting->value, rows[i].value);
        assert_int_equal(setting->line, rows[i].line);
    }
}

/* ---- region and endpoints of the profile ---- */

#define SERVICES                                                                                   \
    "[services local]\nec2 =\n  endpoint_url = https://ec2.example\neventbridge =\n"               \
    "  endpoint_url = https://events.example\n"

static void test_environment_of_a_profile(void **state)
{
    static const struct {
        const char *name, *variables[5], *text;
        const char *service, *url, *error; /* error NULL: none */
    } rows[] = {
        {"region",
         {NULL},
         "[default]\nregion = eu-west-3\n",
         "ec2",
         "https://ec2.eu-west-3.amazonaws.com",
         NULL},
        {"the variable's region",
         {"AWS_REGION=eu-west-1"},
         "[default]\nregion = eu-west-3\n",
         "ec2",
         "https://ec2.eu-west-1.amazonaws.com",
         NULL},
        {"another profile",
         {"AWS_PROFILE=x", "AWS_REGION=eu-west-1"},
         "[default]\nendpoint_url = https://a\n[profile x]\nendpoint_url = https://b\n",
         "sts",
         "https://b",
         NULL},
        {"no such profile",
         {"AWS_PROFILE=x", "AWS_REGION=eu-west-1"},
         "[default]\nendpoint_url = https://a\n",
         "sts",
         "https://sts.eu-west-1.amazonaws.com",
         NULL},
        {"services before the general one",
         {"AWS_REGION=eu-west-1"},
         "[default]\nservices = local\nendpoint_url = https://a\n" SERVICES,
         "ec2",
         "https://ec2.example",
         NULL},
        {"a service by its signing name",
         {"AWS_REGION=eu-west-1"},
         "[default]\nservices = local\n" SERVICES,
         "events",
         "https://events.example",
         NULL},
        {"the general one for the rest",
         {"AWS_REGION=eu-west-1"},
         "[default]\nservices = local\nendpoint_url = https://a\n" SERVICES,
         "sts",
         "https://a",
         NULL},
        {"a variable before all of it",
         {"AWS_REGION=eu-west-1", "AWS_ENDPOINT_URL=https://v"},
         "[default]\nservices = local\n" SERVICES,
         "ec2",
         "https://v",
         NULL},
        {"none of them",
         {"AWS_REGION=eu-west-1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"},
         "[default]\nservices = local\n" SERVICES,
         "ec2",
         "https://ec2.eu-west-1.amazonaws.com",
         NULL},
        {"none of them, says the file",
         {"AWS_REGION=eu-west-1"},
         "[default]\nservices = local\nignore_configured_endpoint_urls = true\n" SERVICES,
         "ec2",
         "https://ec2.eu-west-1.amazonaws.com",
         NULL},
        {"dual-stack",
         {"AWS_REGION=eu-west-1"},
         "[default]\nuse_dualstack_endpoint = true\n",
         "ec2",
         "https://ec2.eu-west-1.api.aws",
         NULL},
        {"dual-stack, says the variable not",
         {"AWS_REGION=eu-west-1", "AWS_USE_DUALSTACK_ENDPOINT=false"},
         "[default]\nuse_dualstack_endpoint = true\n",
         "ec2",
         "https://ec2.eu-west-1.amazonaws.com",
         NULL},
        {"FIPS",
         {"AWS_REGION=us-east-1"},
         "[default]\nuse_fips_endpoint = TRUE\n",
         "lambda",
         "https://lambda-fips.us-east-1.amazonaws.com",
         NULL},
        {"a slip",
         {"AWS_REGION=us-east-1"},
         "[default]\nuse_fips_endpoint = yes\n",
         NULL,
         NULL,
         "/c:2: use_fips_endpoint must be true or false"},
        {"no such section",
         {NULL},
         "[default]\nservices = x\n" SERVICES,
         NULL,
         NULL,
         "/c:2: there is no section [services x]"},
        {"no INI", {NULL}, "{}\n", NULL, NULL, "/c:1: a line before the first"},
        {"http elsewhere",
         {"AWS_REGION=eu-west-1"},
         "[default]\nendpoint_url = http://example.com\n",
         "ec2",
         NULL,
         "/c: plain http is only for loopback"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct aws_environment environment;
        struct aws_environment_error error = {0};
        struct aws_endpoint endpoint;
        int r;

        assert_int_equal(aws_environment_parse(rows[i].variables, &environment, &error), 0);
        r = aws_environment_add_profile(&environment, "/c", rows[i].text, strlen(rows[i].text),
                                        &error);
        if (r >= 0 && rows[i].service)
            r = aws_endpoint_resolve(&environment, rows[i].service, environment.region, &endpoint,
                                     &error);
        if (rows[i].error) {
            assert_true(r < 0);
            if (!text_starts_with(error.message, rows[i].error))
                fail_msg("%s: %s", rows[i].name, error.message);
        } else if (r < 0 || !text_equal(endpoint.url, rows[i].url)) {
            fail_msg("%s: %s", rows[i].name, r < 0 ? error.message : endpoint.url);
        }
        aws_environment_clear(&environment);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_profiles),
        cmocka_unit_test(test_environment_of_a_profile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
