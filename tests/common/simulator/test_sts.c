/* Sessions of roles: who may have one, whose calls it signs, and when it ends. */
#include "tests/common/simulator/client.h"

#define ROLE "arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fpath%2Fops"
#define OTHERS "arn%3Aaws%3Aiam%3A%3A444455556666%3Arole%2Fops"
#define NAME "&RoleSessionName=me"

static void ask_sts(struct client *client, const char *parameters)
{
    client->service = "sts";
    client_send_signed(client, "POST", "/",
                       arena_printf(client->arena, "Version=2011-06-15&Action=%s", parameters));
}

/* From now on its calls are the session's. */
static void take_session(struct client *client)
{
    client->access_key_id = client_text(client, "AccessKeyId");
    client->secret_access_key = client_text(client, "SecretAccessKey");
    client->session_token = client_text(client, "SessionToken");
}

static void test_refused(void **state)
{
    static const struct {
        const char *parameters, *code;
        int status;
    } rows[] = {
        {"AssumeRole" NAME, "MissingParameter", 400},
        {"AssumeRole&RoleArn=" ROLE, "MissingParameter", 400},
        {"AssumeRole&RoleArn=x" NAME, "ValidationError", 400},
        {"AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fx" NAME, "ValidationError",
         400},
        {"AssumeRole&RoleArn=" ROLE "&RoleSessionName=a", "ValidationError", 400},
        {"AssumeRole&RoleArn=" ROLE "&RoleSessionName=a+b", "ValidationError", 400},
        {"AssumeRole&RoleArn=" ROLE NAME "&DurationSeconds=899", "ValidationError", 400},
        {"AssumeRole&RoleArn=" ROLE NAME "&DurationSeconds=43201", "ValidationError", 400},
        {"AssumeRole&RoleArn=" OTHERS NAME, "AccessDenied", 403},
        {"AssumeRole&RoleArn=" ROLE NAME "&Surprise=1", "UnknownParameter", 400},
        {"AssumeRoleWithWebIdentity&RoleArn=" ROLE NAME "&WebIdentityToken=x",
         "InvalidIdentityToken", 400},
        {"AssumeRoleWithWebIdentity&RoleArn=" OTHERS NAME "&WebIdentityToken=a.b.c", "AccessDenied",
         403},
    };
    struct client client;

    (void)state;
    client_start(&client, 1);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        ask_sts(&client, rows[i].parameters);
        if (!text_equal(client.reply.code, rows[i].code) || client.reply.status != rows[i].status)
            fail_msg("%s: %d %s", rows[i].parameters, client.reply.status, client.reply.code);
    }
    client_stop(&client);
}

static void test_session(void **state)
{
    struct client client;
    const char *token;

    (void)state;
    client_start(&client, 1);
    ask_sts(&client, "AssumeRole&RoleArn=" ROLE NAME "&DurationSeconds=900");
    assert_int_equal(client.reply.status, 200);
    assert_false(client.reply.changed);
    assert_string_equal(client_text(&client, "Expiration"), "2026-11-18T11:21:40.000Z");
    take_session(&client);
    ask_sts(&client, "GetCallerIdentity");
    assert_string_equal(client_text(&client, "Arn"),
                        "arn:aws:sts::111122223333:assumed-role/ops/me");
    client.service = "ec2";
    client_ask(&client, "DescribeVpcs");
    assert_int_equal(client.reply.status, 200);
    /* Its token is part of it. */
    token = client.session_token;
    client.session_token = "another";
    client_ask(&client, "DescribeVpcs");
    assert_string_equal(client.reply.code, "AuthFailure");
    client.session_token = NULL;
    client_ask(&client, "DescribeVpcs");
    assert_string_equal(client.reply.code, "AuthFailure");
    client.session_token = token;
    /* A role by a role: an hour at most. */
    ask_sts(&client, "AssumeRole&RoleArn=" ROLE NAME "&DurationSeconds=3601");
    assert_string_equal(client.reply.code, "ValidationError");
    /* To the last millisecond. */
    client.service = "ec2";
    client_wait(&client, 900000 - 1);
    client_ask(&client, "DescribeVpcs");
    assert_int_equal(client.reply.status, 200);
    client_wait(&client, 1);
    client_ask(&client, "DescribeVpcs");
    assert_string_equal(client.reply.code, "RequestExpired");
    ask_sts(&client, "GetCallerIdentity");
    assert_string_equal(client.reply.code, "ExpiredToken");
    assert_int_equal(client.reply.status, 403);
    client_stop(&client);
}

/* Without a signature; the log has no token. */
static void test_web_identity(void **state)
{
    static const char body[] =
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" ROLE NAME
        "&WebIdentityToken=aaa.bbb.ccc";
    static const struct http_header headers[] = {{"Host", HOST}};
    const struct simulator_request request = {.method = "POST",
                                              .target = "/",
                                              .headers = headers,
                                              .n_headers = 1,
                                              .body = body,
                                              .body_n = sizeof(body) - 1};
    CLEANUP(buf_free)
    struct buf line = {0};
    struct client client;

    (void)state;
    client_start(&client, 1);
    client_send(&client, &request);
    assert_int_equal(client.reply.status, 200);
    simulator_log_line(client.simulator, &request, &client.reply, &line);
    assert_non_null(strstr(buf_string(&line), "\"RoleSessionName\":\"me\""));
    assert_null(strstr(buf_string(&line), "aaa.bbb.ccc"));
    take_session(&client);
    client_ask(&client, "DescribeVpcs");
    assert_int_equal(client.reply.status, 200);
    client_stop(&client);
}

/* However many there are, the newest are good. */
static void test_many_sessions(void **state)
{
    struct client client;

    (void)state;
    client_start(&client, 1);
    for (unsigned i = 0; i < 200; i++) {
        ask_sts(&client, "AssumeRole&RoleArn=" ROLE NAME);
        assert_int_equal(client.reply.status, 200);
    }
    take_session(&client);
    client.service = "ec2";
    client_ask(&client, "DescribeVpcs");
    assert_int_equal(client.reply.status, 200);
    client_stop(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_session),
        cmocka_unit_test(test_web_identity),
        cmocka_unit_test(test_many_sessions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
