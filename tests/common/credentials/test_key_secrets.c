/* No secret byte in freed heap (safety.md S11), whichever way keys come: files, JSON, XML, a
 * process; in cJSON and expat as well. */
#include "tests/support/heap_watch.h"

#include "tests/common/credentials/host.h"
#include "vpc_reconciled/json.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define TOKEN "SESSIONTOKEN//EXAMPLE+abc=="
#define IDENTITY "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl"
#define STS "POST https://sts.eu-west-1.amazonaws.com/ "
#define ROLE "arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa"
#define NO_FILES                                                                                   \
    {"FILE /h/.aws/credentials", .r = -ENOENT},                                                    \
    {                                                                                              \
        "FILE /h/.aws/config", .r = -ENOENT                                                        \
    }
#define KEYS                                                                                       \
    "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"" SECRET "\",\"Token\":\"" TOKEN "\","           \
    "\"SessionToken\":\"" TOKEN "\",\"Version\":1,\"Expiration\":\"2026-11-24T12:00:00Z\"}"
/* The secret comes last: nothing is written over it in a buffer that is used again. */
#define SESSION(action)                                                                            \
    "<" action "Response><" action "Result><Credentials><AccessKeyId>A</AccessKeyId>"              \
    "<Expiration>2026-11-24T07:00:00Z</Expiration><SessionToken>" TOKEN "</SessionToken>"          \
    "<SecretAccessKey>" SECRET "</SecretAccessKey></Credentials></" action "Result></" action      \
    "Response>"

static const struct {
    const char *name;
    bool fails;
    const char *variables[5];
    struct exchange script[6];
} rows[] = {
    {"the credentials file",
     false,
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .body = "[default]\naws_access_key_id = A\n"
                                           "aws_secret_access_key = " SECRET "\n"
                                           "aws_session_token = " TOKEN "\n"},
      {"FILE /h/.aws/config", .r = -ENOENT}}},
    {"a role",
     false,
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials",
       .body = "[b]\naws_access_key_id = A\naws_secret_access_key = " SECRET "\n"},
      {"FILE /h/.aws/config",
       .body = "[default]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\n"},
      {STS "Action=AssumeRole&Version=2011-06-15&RoleArn=" ROLE
           "&RoleSessionName=vpc-reconciled-ops.example",
       .status = 200, .body = SESSION("AssumeRole")}}},
    {"a web identity",
     false,
     {"HOME=/h", "AWS_WEB_IDENTITY_TOKEN_FILE=/t", "AWS_ROLE_ARN=arn:aws:iam::111122223333:role/a"},
     {NO_FILES,
      {"FILE /t", .body = IDENTITY "\n"},
      {STS "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" ROLE
           "&RoleSessionName=vpc-reconciled-ops.example&WebIdentityToken=" IDENTITY,
       .status = 200, .body = SESSION("AssumeRoleWithWebIdentity")}}},
    {"a process",
     false,
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[default]\ncredential_process = get\n"},
      {"RUN get", .body = KEYS}}},
    {"a container, and its token",
     false,
     {"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost/x",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=/t"},
     {{"FILE /t", .body = IDENTITY}, {"GET http://localhost/x", .status = 200, .body = KEYS}}},
    {"an answer that is cut off",
     true,
     {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/x"},
     {{"GET http://169.254.170.2/x", .status = 200,
       .body = "{\"SecretAccessKey\":\"" SECRET "\","}}},
    {"a file that cannot be read whole",
     true,
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .body = "[default]\naws_secret_access_key = " SECRET "\nx\n"}}},
    {"a reply of STS that is none",
     true,
     {"HOME=/h", "AWS_WEB_IDENTITY_TOKEN_FILE=/t", "AWS_ROLE_ARN=arn:aws:iam::111122223333:role/a"},
     {NO_FILES,
      {"FILE /t", .body = IDENTITY},
      {STS "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" ROLE
           "&RoleSessionName=vpc-reconciled-ops.example&WebIdentityToken=" IDENTITY,
       .status = 400,
       .body = "<ErrorResponse><Error><Code>InvalidIdentityToken</Code></Error>"
               "</ErrorResponse>"}}},
};

static void test_nothing_is_left(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct host host;
        enum credentials_state got;

        host_start(&host, rows[i].variables, rows[i].script);
        got = host_want(&host, host.credentials);
        assert_int_equal(got, rows[i].fails ? CREDENTIALS_NONE : CREDENTIALS_READY);
        if (!rows[i].fails)
            assert_string_equal(credentials_current(host.credentials)->secret_access_key, SECRET);
        host_none_left(&host);
        host_stop(&host);
        if (n_found)
            fail_msg("%s: %u times", rows[i].name, n_found);
    }
}

/* Without it the test above would prove nothing. */
static void test_it_would_be_seen(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();

    (void)state;
    arena_strdup(arena, SECRET);
    arena = arena_free(arena);
    assert_true(n_found > 0);
}

static void test_wiping_allocators(void **state)
{
    char *text = wiping_strdup(SECRET), *memory;

    (void)state;
    text = wiping_realloc(text, 100);
    assert_string_equal(text, SECRET);
    text = wiping_realloc(text, 100000);
    assert_string_equal(text, SECRET);
    text = wiping_realloc(text, 8);
    assert_memory_equal(text, SECRET, 8);
    wiping_free(text);
    wiping_free(NULL);
    memory = wiping_calloc(3, 5);
    for (size_t i = 0; i < 15; i++)
        assert_int_equal(memory[i], 0);
    wiping_free(memory);
    assert_null(wiping_calloc(SIZE_MAX / 2, 3));
    memory = wiping_realloc(NULL, 0);
    assert_non_null(memory);
    wiping_free(memory);
    assert_int_equal(n_found, 0);
}

static int prepare(void **state)
{
    (void)state;
    watch_for(SECRET, strlen(SECRET));
    watch_for(TOKEN, strlen(TOKEN));
    watch_for(IDENTITY, strlen(IDENTITY));
    watch_heap();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_it_would_be_seen, watch_start, watch_stop),
        cmocka_unit_test_setup_teardown(test_nothing_is_left, watch_start, watch_stop),
        cmocka_unit_test_setup_teardown(test_wiping_allocators, watch_start, watch_stop),
    };

    return cmocka_run_group_tests(tests, prepare, NULL);
}
