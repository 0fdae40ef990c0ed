/* Credentials, region and endpoints out of environ-like text. */
#include "vpc_reconciled/aws.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

static const struct {
    const char *name;
    const char *environment[8];
    const char *access_key_id, *secret_access_key, *session_token, *region;
    bool ignore;
    const char *variable, *says; /* of the error; NULL: none */
} environments[] = {
    {"nothing", {NULL}, NULL, NULL, NULL, NULL, false, NULL, NULL},
    {"a key pair",
     {"HOME=/root", "AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=" SECRET,
      "AWS_REGION=eu-west-1"},
     "AKID",
     SECRET,
     NULL,
     "eu-west-1",
     false,
     NULL,
     NULL},
    {"with a token",
     {"AWS_SESSION_TOKEN=t/o+k==", "AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=" SECRET},
     "AKID",
     SECRET,
     "t/o+k==",
     NULL,
     false,
     NULL,
     NULL},
    {"the first of two counts",
     {"AWS_REGION=eu-west-1", "AWS_REGION=eu-west-2"},
     NULL,
     NULL,
     NULL,
     "eu-west-1",
     false,
     NULL,
     NULL},
    {"longer names are others",
     {"AWS_REGION_X=a", "XAWS_REGION=b", "AWS_REGIO=c", "AWS_REGION"},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     NULL,
     NULL},
    {"the older name of the region",
     {"AWS_DEFAULT_REGION=us-east-1"},
     NULL,
     NULL,
     NULL,
     "us-east-1",
     false,
     NULL,
     NULL},
    {"AWS_REGION wins",
     {"AWS_DEFAULT_REGION=us-east-1", "AWS_REGION=eu-west-1"},
     NULL,
     NULL,
     NULL,
     "eu-west-1",
     false,
     NULL,
     NULL},
    {"an empty AWS_REGION is none",
     {"AWS_DEFAULT_REGION=us-east-1", "AWS_REGION="},
     NULL,
     NULL,
     NULL,
     "us-east-1",
     false,
     NULL,
     NULL},
    {"empty where empty is absent",
     {"AWS_SESSION_TOKEN=", "AWS_REGION=", "AWS_DEFAULT_REGION=", "AWS_ENDPOINT_URL=",
      "AWS_ENDPOINT_URL_EC2=", "AWS_ENDPOINT_URL_STS="},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     NULL,
     NULL},
    {"overrides off",
     {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"},
     NULL,
     NULL,
     NULL,
     NULL,
     true,
     NULL,
     NULL},
    {"overrides off, as Python writes it",
     {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=True"},
     NULL,
     NULL,
     NULL,
     NULL,
     true,
     NULL,
     NULL},
    {"overrides on",
     {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=false"},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     NULL,
     NULL},
    {"half a pair: no secret",
     {"AWS_ACCESS_KEY_ID=AKID"},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_SECRET_ACCESS_KEY",
     "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not"},
    {"half a pair: no key",
     {"AWS_SECRET_ACCESS_KEY=" SECRET},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_ACCESS_KEY_ID",
     "AWS_SECRET_ACCESS_KEY is set but AWS_ACCESS_KEY_ID is not"},
    {"an empty key",
     {"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=" SECRET},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_ACCESS_KEY_ID",
     "AWS_ACCESS_KEY_ID is set but empty"},
    {"an empty secret",
     {"AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY="},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_SECRET_ACCESS_KEY",
     "is set but empty"},
    {"a line break in the secret",
     {"AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=" SECRET "\n"},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_SECRET_ACCESS_KEY",
     "a stray line break?"},
    {"a space in the key",
     {"AWS_ACCESS_KEY_ID=AK ID", "AWS_SECRET_ACCESS_KEY=" SECRET},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_ACCESS_KEY_ID",
     "holds a space"},
    {"a header in the token",
     {"AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=" SECRET,
      "AWS_SESSION_TOKEN=" SECRET "\r\nX: y"},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_SESSION_TOKEN",
     "AWS_SESSION_TOKEN holds"},
    {"DEL in the token",
     {"AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=" SECRET,
      "AWS_SESSION_TOKEN=" SECRET "\x7f"},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_SESSION_TOKEN",
     "AWS_SESSION_TOKEN holds"},
    {"not ASCII",
     {"AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=" SECRET "\xe9"},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_SECRET_ACCESS_KEY",
     "not ASCII"},
    {"a region with an escape sequence",
     {"AWS_REGION=\033[2J"},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_REGION",
     "AWS_REGION holds"},
    {"the older name is held to it as well",
     {"AWS_DEFAULT_REGION=us-east-1\n"},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_DEFAULT_REGION",
     "AWS_DEFAULT_REGION holds"},
    {"a URL with a space",
     {"AWS_ENDPOINT_URL_EC2=http://127.0.0.1 "},
     NULL,
     NULL,
     NULL,
     NULL,
     false,
     "AWS_ENDPOINT_URL_EC2",
     "holds a space"},
};

static void assert_text_equal(const char *name, const char *a, const char *b)
{
    if (!text_equal(a, b))
        fail_msg("%s: %s, not %s", name, a ? a : "NULL", b ? b : "NULL");
}

static void environments_are_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(environments); i++) {
        struct aws_environment environment = {.region = NULL};
        struct aws_environment_error error = {.variable = NULL};
        const char *name = environments[i].name;
        int r = aws_environment_parse(environments[i].environment, &environment, &error);

        if (r != (environments[i].variable ? -EINVAL : 0))
            fail_msg("%s: gave %d (%s)", name, r, error.message);
        if (r < 0) {
            assert_text_equal(name, error.variable, environments[i].variable);
            if (!strstr(error.message, environments[i].says))
                fail_msg("%s: said \"%s\"", name, error.message);
            assert_null(strstr(error.message, "wJalr")); /* of SECRET */
            assert_null(strstr(error.message, "EXAMPLEKEY"));
            assert_null(strstr(error.message, "\033"));
            assert_null(environment.credentials.access_key_id);
            assert_null(environment.region);
            continue;
        }
        assert_text_equal(name, environment.credentials.access_key_id,
                          environments[i].access_key_id);
        assert_text_equal(name, environment.credentials.secret_access_key,
                          environments[i].secret_access_key);
        assert_text_equal(name, environment.credentials.session_token,
                          environments[i].session_token);
        assert_text_equal(name, environment.region, environments[i].region);
        assert_int_equal(environment.ignore_configured_endpoint_urls, environments[i].ignore);
        aws_environment_clear(&environment);
        assert_null(environment.credentials.secret_access_key);
        aws_environment_clear(&environment); /* twice does no harm */
    }
}

static void endpoints_are_read(void **state)
{
    const char *const text[] = {"AWS_ENDPOINT_URL=https://a", "AWS_ENDPOINT_URL_EC2=https://b",
                                "AWS_ENDPOINT_URL_STS=https://c", "AWS_ENDPOINT_URL_SQS=https://d",
                                NULL};
    struct aws_environment environment;
    struct aws_environment_error error;
    (void)state;

    assert_int_equal(aws_environment_parse(text, &environment, &error), 0);
    assert_string_equal(environment.endpoint_url, "https://a");
    assert_string_equal(environment.endpoint_url_ec2, "https://b");
    assert_string_equal(environment.endpoint_url_sts, "https://c");
    aws_environment_clear(&environment);
}

/* Where the rest of the chain looks. */
static void the_rest_is_read(void **state)
{
    static const struct {
        const char *line;
        size_t offset;
        const char *value;
    } rows[] = {
#define ROW(name, member, value) {name "=" value, offsetof(struct aws_environment, member), value}
        ROW("AWS_ENDPOINT_URL_LAMBDA", endpoint_url_lambda, "https://a"),
        ROW("AWS_ENDPOINT_URL_SQS", endpoint_url_sqs, "https://b"),
        ROW("AWS_ENDPOINT_URL_SNS", endpoint_url_sns, "https://c"),
        ROW("AWS_ENDPOINT_URL_EVENTBRIDGE", endpoint_url_eventbridge, "https://d"),
        ROW("AWS_PROFILE", profile, "my profile"),
        ROW("AWS_CONFIG_FILE", config_file, "/a b/c"),
        ROW("AWS_SHARED_CREDENTIALS_FILE", shared_credentials_file, "/d"),
        ROW("HOME", home, "/root"),
        ROW("CREDENTIALS_DIRECTORY", credentials_directory, "/run/credentials/x"),
        ROW("AWS_ROLE_ARN", role_arn, "arn:aws:iam::1:role/x"),
        ROW("AWS_ROLE_SESSION_NAME", role_session_name, "me"),
        ROW("AWS_WEB_IDENTITY_TOKEN_FILE", web_identity_token_file, "/t"),
        ROW("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", container_relative_uri, "/v2"),
        ROW("AWS_CONTAINER_CREDENTIALS_FULL_URI", container_full_uri, "http://localhost/"),
        ROW("AWS_CONTAINER_AUTHORIZATION_TOKEN", container_token, "Bearer x"),
        ROW("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", container_token_file, "/u"),
        ROW("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata_endpoint, "http://[::1]:1"),
        ROW("AWS_SECURITY_TOKEN", credentials.session_token, "old"),
#undef ROW
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *lines[] = {"AWS_ACCESS_KEY_ID=A", "AWS_SECRET_ACCESS_KEY=s", rows[i].line,
                               NULL};
        struct aws_environment environment;
        struct aws_environment_error error;

        assert_int_equal(aws_environment_parse(lines, &environment, &error), 0);
        assert_string_equal(*(char **)(void *)((char *)&environment + rows[i].offset),
                            rows[i].value);
        aws_environment_clear(&environment);
        assert_null(*(char **)(void *)((char *)&environment + rows[i].offset));
    }
}

static void choices_are_read(void **state)
{
    static const struct {
        const char *line;
        bool disabled, ipv6;
        uint8_t dualstack, fips;
        int r;
    } rows[] = {
        {"AWS_EC2_METADATA_DISABLED=TRUE", true, false, 0, 0, 0},
        {"AWS_EC2_METADATA_DISABLED=1", false, false, 0, 0, 0}, /* as AWS's SDKs read it */
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=ipv6", false, true, 0, 0, 0},
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv4", false, false, 0, 0, 0},
        {"AWS_USE_DUALSTACK_ENDPOINT=true", false, false, WIRE_TRUE, 0, 0},
        {"AWS_USE_DUALSTACK_ENDPOINT=False", false, false, WIRE_FALSE, 0, 0},
        {"AWS_USE_FIPS_ENDPOINT=true", false, false, 0, WIRE_TRUE, 0},
        {"AWS_USE_FIPS_ENDPOINT=", false, false, 0, 0, 0},
        {"AWS_USE_FIPS_ENDPOINT=yes", false, false, 0, 0, -EINVAL},
        {"AWS_CONTAINER_AUTHORIZATION_TOKEN=a\r\nX: b", false, false, 0, 0, -EINVAL},
        {"AWS_ROLE_ARN=a b", false, false, 0, 0, -EINVAL},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *lines[] = {rows[i].line, NULL};
        struct aws_environment environment = {0};
        struct aws_environment_error error;

        if (aws_environment_parse(lines, &environment, &error) != rows[i].r)
            fail_msg("%s", rows[i].line);
        assert_int_equal(environment.metadata_disabled, rows[i].disabled);
        assert_int_equal(environment.metadata_ipv6, rows[i].ipv6);
        assert_int_equal(environment.use_dualstack_endpoint, rows[i].dualstack);
        assert_int_equal(environment.use_fips_endpoint, rows[i].fips);
        aws_environment_clear(&environment);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rest_is_read),
        cmocka_unit_test(choices_are_read),
        cmocka_unit_test(environments_are_judged),
        cmocka_unit_test(endpoints_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
