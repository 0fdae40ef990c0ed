/* Who is let in, and with which words the others are sent away. */
#include "client.h"

static int setup(void **state)
{
    struct client *client = calloc(1, sizeof(*client));

    client_start(client, 1);
    *state = client;
    return 0;
}

static int teardown(void **state)
{
    client_stop(*state);
    free(*state);
    return 0;
}

#define MINUTES(n) ((int64_t)(n)*60 * 1000)

static const struct row {
    const char *name, *service, *key, *secret, *token, *region;
    int64_t skew_ms;
    const char *code;
    int status;
} rows[] = {
    {"right", "ec2", "test", "secret", NULL, "ap-northeast-1", 0, "", 200},
    {"right, sts", "sts", "test", "secret", NULL, "ap-northeast-1", 0, "", 200},
    {"a session token is taken", "ec2", "test", "secret", "TOKEN//+==", "ap-northeast-1", 0, "",
     200},
    {"unknown key", "ec2", "tess", "secret", NULL, "ap-northeast-1", 0, "AuthFailure", 401},
    {"unknown key, sts", "sts", "tess", "secret", NULL, "ap-northeast-1", 0, "InvalidClientTokenId",
     403},
    {"wrong secret", "ec2", "test", "secrey", NULL, "ap-northeast-1", 0, "AuthFailure", 401},
    {"wrong secret, sts", "sts", "test", "secrey", NULL, "ap-northeast-1", 0,
     "SignatureDoesNotMatch", 403},
    {"other region", "ec2", "test", "secret", NULL, "ap-northeast-3", 0, "AuthFailure", 401},
    {"other region, sts", "sts", "test", "secret", NULL, "us-east-1", 0, "SignatureDoesNotMatch",
     403},
    {"other service", "s3", "test", "secret", NULL, "ap-northeast-1", 0, "AuthFailure", 401},
    {"a quarter of an hour late, nearly", "ec2", "test", "secret", NULL, "ap-northeast-1",
     -MINUTES(15) + 1000, "", 200},
    {"a quarter of an hour early, nearly", "ec2", "test", "secret", NULL, "ap-northeast-1",
     MINUTES(15) - 1000, "", 200},
    {"later", "ec2", "test", "secret", NULL, "ap-northeast-1", -MINUTES(15) - 1000,
     "RequestExpired", 400},
    {"earlier", "ec2", "test", "secret", NULL, "ap-northeast-1", MINUTES(15) + 1000,
     "RequestExpired", 400},
};

static void test_rows(void **state)
{
    struct client *client = *state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct row *row = &rows[i];
        bool sts = text_equal(row->service, "sts");

        print_message("%s\n", row->name);
        client->service = row->service;
        client->access_key_id = row->key;
        client->secret_access_key = row->secret;
        client->session_token = row->token;
        client->region = row->region;
        client->skew_ms = row->skew_ms;
        client_ask(client, "%s", sts ? "GetCallerIdentity" : "DescribeVpcs");
        assert_code(client, row->code);
        assert_int_equal(client->reply.status, row->status);
        assert_int_equal(client->reply.action, sts ? STS_GET_CALLER_IDENTITY : EC2_DESCRIBE_VPCS);
        if (row->status != 200)
            assert_has(client, sts ? "<ErrorResponse xmlns=" : "<Response><Errors><Error><Code>");
    }
}

/* As received: what was signed is not what came. */
static void test_tampered(void **state)
{
    struct client *client = *state;
    static const char body[] = "Action=DescribeVpcs&Version=2016-11-15";
    char date[17];
    char key[] = "test", secret[] = "secret";
    struct aws_credentials credentials = {key, secret, NULL};
    struct http_header headers[] = {{"host", HOST}, {"x-amz-date", date}, {"authorization", NULL}};
    struct sigv4_request to_sign = {.method = "POST",
                                    .path = "/",
                                    .headers = headers,
                                    .n_headers = 2,
                                    .body = body,
                                    .body_n = strlen(body)};
    struct sigv4_scope scope = {"ap-northeast-1", "ec2", WALL_MS};
    struct sigv4_result result;
    struct simulator_request request = {.method = "POST",
                                        .target = "/",
                                        .headers = headers,
                                        .n_headers = 3,
                                        .body = body,
                                        .body_n = strlen(body)};

    time_compact(WALL_MS, date);
    assert_int_equal(sigv4_sign(client->arena, &to_sign, &scope, &credentials, &result), 0);
    headers[2].value = result.authorization;
    client_send(client, &request);
    assert_ok(client);

    request.body = "Action=DescribeVpcs&Version=2016-11-16";
    client_send(client, &request);
    assert_code(client, "AuthFailure");
    request.body = body;

    request.target = "/?Action=DescribeVpcs";
    client_send(client, &request);
    assert_code(client, "AuthFailure");
    request.target = "/";

    headers[0].value = "127.0.0.1:8081";
    client_send(client, &request);
    assert_code(client, "AuthFailure");
    headers[0].value = HOST;

    request.n_headers = 2;
    client_send(client, &request);
    assert_code(client, "MissingAuthenticationToken");
    request.n_headers = 3;

    headers[2].value = "AWS4-HMAC-SHA256 Credential=test";
    client_send(client, &request);
    assert_code(client, "IncompleteSignature");

    /* A signature that leaves the host out is good for any host. */
    to_sign.headers = headers + 1;
    to_sign.n_headers = 1;
    assert_int_equal(sigv4_sign(client->arena, &to_sign, &scope, &credentials, &result), 0);
    headers[2].value = result.authorization;
    client_send(client, &request);
    assert_code(client, "IncompleteSignature");
}

static void test_envelope(void **state)
{
    struct client *client = *state;

    client_send_signed(client, "GET", "/?Action=DescribeVpcs&Version=2016-11-15", "");
    assert_ok(client);
    client_send_signed(client, "PUT", "/", "Action=DescribeVpcs&Version=2016-11-15");
    assert_code(client, "MethodNotAllowed");
    assert_int_equal(client->reply.status, 405);
    client_send_signed(client, "POST", "/path", "Action=DescribeVpcs&Version=2016-11-15");
    assert_code(client, "InvalidRequest");
    client_send_signed(client, "POST", "/", "Action=DescribeVpcs&Version=2014-01-01");
    assert_code(client, "NoSuchVersion");
    client_send_signed(client, "POST", "/", "Action=DescribeWeather&Version=2016-11-15");
    assert_code(client, "InvalidAction");
    assert_int_equal(client->reply.action, EC2_NO_ACTION);
    client_send_signed(client, "POST", "/", "Version=2016-11-15");
    assert_code(client, "MissingAction");
    client_send_signed(client, "POST", "/", "");
    assert_code(client, "MissingAction");
    /* Each service has its own actions. */
    client_ask(client, "GetCallerIdentity");
    assert_code(client, "InvalidAction");
    client->service = "sts";
    client_ask(client, "DescribeVpcs");
    assert_code(client, "InvalidAction");
    assert_has(client, "<ErrorResponse");
    client_ask(client, "GetCallerIdentity");
    assert_ok(client);
    assert_has(client, "<GetCallerIdentityResult><Account>111122223333</Account>");
    assert_has(client, "<ResponseMetadata><RequestId>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tampered, setup, teardown),
        cmocka_unit_test_setup_teardown(test_envelope, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
