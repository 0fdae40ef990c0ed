/* When a set is renewed, what holds in between, and that nobody makes a storm of it. */
#include "tests/common/credentials/host.h"

#define MINUTE ((int64_t)60000)
#define HOUR (60 * MINUTE)
#define URL "http://169.254.170.2/x"
#define KEYS(key, expires)                                                                         \
    "{\"AccessKeyId\":\"" key "\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":\""     \
    "2026-11-24T" expires "Z\"}"
#define GOOD(key, expires)                                                                         \
    {                                                                                              \
        "GET " URL, .status = 200, .body = KEYS(key, expires)                                      \
    }
#define BAD                                                                                        \
    {                                                                                              \
        "GET " URL, .status = 400                                                                  \
    }

static const char *const container[] = {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/x", NULL};

static const char *key(const struct host *host)
{
    return credentials_current(host->credentials)->access_key_id;
}

static void wake(struct host *host)
{
    host_feed(host, (struct input){.kind = INPUT_WAKE});
}

/* Six hours: asked again shortly before three are gone, and the old set serves meanwhile. */
static void test_half_of_life(void **state)
{
    static const struct exchange script[] = {GOOD("A1", "12:00:00"), GOOD("A2", "18:00:00"), {0}};
    struct host host;
    int64_t in;

    (void)state;
    host_start(&host, container, script);
    assert_int_equal(credentials_wake_at(host.credentials), UINT64_MAX);
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
    assert_int_equal(credentials_serial(host.credentials), 1);
    in = (int64_t)(credentials_wake_at(host.credentials) - host.now.monotonic_ms);
    assert_in_range(in, 3 * HOUR - 18 * MINUTE, 3 * HOUR);

    host_pass_time(&host, in - 1);
    wake(&host);
    assert_int_equal(credentials_want(host.credentials, &host.outlet, host.now), CREDENTIALS_READY);
    assert_int_equal(host.effects.n, 1);
    host_pass_time(&host, 1);
    wake(&host);
    assert_int_equal(host.effects.n, 2); /* it runs; */
    assert_int_equal(credentials_want(host.credentials, &host.outlet, host.now), CREDENTIALS_READY);
    assert_string_equal(key(&host), "A1");
    host_run(&host);
    assert_string_equal(key(&host), "A2");
    assert_int_equal(credentials_serial(host.credentials), 2);
    host_none_left(&host);
    host_stop(&host);
}

/* Fifteen minutes: half of them would leave less than ten. */
static void test_ten_minutes_left(void **state)
{
    static const struct exchange script[] = {GOOD("A1", "06:15:00"), {0}};
    struct host host;
    int64_t in;

    (void)state;
    host_start(&host, container, script);
    host_want(&host, host.credentials);
    in = (int64_t)(credentials_wake_at(host.credentials) - host.now.monotonic_ms);
    assert_in_range(in, 5 * MINUTE - 30000, 5 * MINUTE);
    host_stop(&host);
}

/* Near the end a pass waits for the renewal; when that fails the old set serves to its end. */
static void test_near_the_end(void **state)
{
    static const struct exchange script[] = {
        GOOD("A1", "12:00:00"), BAD, BAD, GOOD("A2", "18:00:00"), {0}};
    struct host host;

    (void)state;
    host_start(&host, container, script);
    host_want(&host, host.credentials);
    host_pass_time(&host, 6 * HOUR - 9 * MINUTE);
    assert_int_equal(credentials_want(host.credentials, &host.outlet, host.now), CREDENTIALS_WAIT);
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
    assert_string_equal(key(&host), "A1");
    assert_non_null(strstr(credentials_error(host.credentials), "HTTP status 400"));
    host_pass_time(&host, 9 * MINUTE);
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_NONE);
    host_pass_time(&host, 2 * MINUTE);
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
    assert_string_equal(key(&host), "A2");
    assert_null(credentials_error(host.credentials));
    host_none_left(&host);
    host_stop(&host);
}

static void test_one_for_all_who_wait(void **state)
{
    static const struct exchange script[] = {GOOD("A1", "12:00:00"), {0}};
    struct host host;

    (void)state;
    host_start(&host, container, script);
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(credentials_want(host.credentials, &host.outlet, host.now),
                         CREDENTIALS_WAIT);
    assert_int_equal(host.effects.n, 1);
    host_run(&host);
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(credentials_want(host.credentials, &host.outlet, host.now),
                         CREDENTIALS_READY);
    assert_int_equal(host.effects.n, 1);
    host_stop(&host);
}

/* An hour without keys, asked for every second. */
static void test_no_storm_of_failures(void **state)
{
    struct exchange script[200];
    struct host host;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(script); i++)
        script[i] = (struct exchange)BAD;
    host_start(&host, container, script);
    for (unsigned i = 0; i < 3600; i++) {
        assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_NONE);
        host_pass_time(&host, 1000);
    }
    assert_in_range(host.n_asked, 60, 130);
    host_stop(&host);
}

static void test_refused_by_aws(void **state)
{
    static const struct exchange script[] = {GOOD("A1", "12:00:00"), GOOD("A2", "12:00:00"), {0}};
    struct host host;

    (void)state;
    host_start(&host, container, script);
    host_want(&host, host.credentials);
    host_pass_time(&host, MINUTE);
    for (unsigned i = 0; i < 20; i++) /* as many calls of a pass as there are */
        credentials_reject(host.credentials, 1);
    assert_int_equal(credentials_want(host.credentials, &host.outlet, host.now), CREDENTIALS_WAIT);
    assert_int_equal(host.effects.n, 2);
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
    assert_string_equal(key(&host), "A2");
    credentials_reject(host.credentials, 1); /* a late one */
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
    host_none_left(&host);
    host_stop(&host);
}

/* The source has nothing newer: AWS is asked with it again, and the source only now and then. */
static void test_refused_and_still_the_same(void **state)
{
    struct exchange script[200];
    struct host host;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(script); i++)
        script[i] = (struct exchange)GOOD("A1", "12:00:00");
    host_start(&host, container, script);
    for (unsigned i = 0; i < 3600; i++) {
        assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
        credentials_reject(host.credentials, credentials_serial(host.credentials));
        host_pass_time(&host, 1000);
    }
    assert_int_equal(credentials_serial(host.credentials), 1);
    assert_in_range(host.n_asked, 60, 130);
    host_stop(&host);
}

static void test_keys_without_end(void **state)
{
    static const char *const keys[] = {"AWS_ACCESS_KEY_ID=A", "AWS_SECRET_ACCESS_KEY=s", NULL};
    static const struct exchange script[] = {{0}};
    struct host host;

    (void)state;
    host_start(&host, keys, script);
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
    assert_int_equal(credentials_wake_at(host.credentials), UINT64_MAX);
    credentials_reject(host.credentials, 1);
    host_pass_time(&host, 1000 * HOUR);
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
    assert_int_equal(host.n_asked, 0);
    host_stop(&host);
}

/* IMDS that is ill gives an old set: it serves, and is asked about every five to ten minutes. */
static void test_static_stability(void **state)
{
    static const char *const none[] = {NULL};
    static const struct exchange script[] = {
        {"PUT http://169.254.169.254/latest/api/token", .status = 200, .body = "T"},
        {"GET http://169.254.169.254/latest/meta-data/iam/security-credentials/", .status = 200,
         .body = "web"},
        {"GET http://169.254.169.254/latest/meta-data/iam/security-credentials/web", .status = 200,
         .body = "{\"Code\":\"Success\",\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\","
                 "\"Token\":\"t\",\"Expiration\":\"2026-11-24T05:00:00Z\"}"},
        {0}};
    struct host host;
    int64_t in;

    (void)state;
    host_start(&host, none, script);
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
    in = (int64_t)(credentials_wake_at(host.credentials) - host.now.monotonic_ms);
    assert_in_range(in, 5 * MINUTE, 10 * MINUTE);
    host_pass_time(&host, 4 * MINUTE);
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
    host_none_left(&host);
    host_stop(&host);
}

/* ---- roles of the config ---- */

#define ROLE "arn:aws:iam::111122223333:role/a"
#define ASSUME                                                                                     \
    "POST https://sts.eu-west-1.amazonaws.com/ Action=AssumeRole&Version=2011-06-15&RoleArn="      \
    "arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa&RoleSessionName=vpc-reconciled-ops.example&"     \
    "ExternalId=x%3A1"
#define SESSION(key)                                                                               \
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" key                         \
    "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>" \
    "2026-11-24T07:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
#define REFUSED                                                                                    \
    "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>It is.</Message></Error>"             \
    "</ErrorResponse>"

static void test_role(void **state)
{
    static const struct exchange script[] = {GOOD("A1", "12:00:00"),
                                             {ASSUME, .status = 200, .body = SESSION("R1")},
                                             {ASSUME, .status = 200, .body = SESSION("R2")},
                                             {0}};
    struct host host;
    int64_t in;

    (void)state;
    host_start(&host, container, script);
    host_add_role(&host, ROLE);
    assert_int_equal(credentials_want(host.role, &host.outlet, host.now), CREDENTIALS_WAIT);
    assert_int_equal(credentials_want(host.role, &host.outlet, host.now), CREDENTIALS_WAIT);
    assert_int_equal(host.effects.n, 1);
    host_run(&host); /* the base, and then the role by itself */
    assert_int_equal(credentials_want(host.role, &host.outlet, host.now), CREDENTIALS_READY);
    assert_string_equal(credentials_current(host.role)->access_key_id, "R1");
    assert_string_equal(credentials_source(host.role), "the role " ROLE);
    in = (int64_t)(credentials_wake_at(host.role) - host.now.monotonic_ms);
    assert_in_range(in, 27 * MINUTE, 30 * MINUTE);
    host_pass_time(&host, in);
    wake(&host);
    host_run(&host);
    assert_string_equal(credentials_current(host.role)->access_key_id, "R2");
    host_none_left(&host);
    host_stop(&host);
}

static void test_role_without_base(void **state)
{
    static const struct exchange script[] = {BAD, {0}};
    struct host host;

    (void)state;
    host_start(&host, container, script);
    host_add_role(&host, ROLE);
    assert_int_equal(host_want(&host, host.role), CREDENTIALS_NONE);
    assert_non_null(strstr(credentials_error(host.role), "HTTP status 400"));
    host_none_left(&host);
    host_stop(&host);
}

/* The keys that assume it have ended: they are renewed, then the role is asked for again. */
static void test_role_whose_base_is_refused(void **state)
{
    static const struct exchange script[] = {GOOD("A1", "12:00:00"),
                                             {ASSUME, .status = 403, .body = REFUSED},
                                             GOOD("A2", "18:00:00"),
                                             {ASSUME, .status = 200, .body = SESSION("R1")},
                                             {0}};
    struct host host;

    (void)state;
    host_start(&host, container, script);
    host_add_role(&host, ROLE);
    assert_int_equal(host_want(&host, host.role), CREDENTIALS_NONE);
    assert_non_null(strstr(credentials_error(host.role), "ExpiredToken"));
    host_pass_time(&host, 2000);
    assert_int_equal(host_want(&host, host.role), CREDENTIALS_READY);
    host_none_left(&host);
    host_stop(&host);
}

/* A role that cannot be had leaves the host's own keys alone. */
static void test_role_denied(void **state)
{
    static const struct exchange script[] = {
        GOOD("A1", "12:00:00"),
        {ASSUME, .status = 403,
         .body = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
                 "</ErrorResponse>"},
        {0}};
    struct host host;

    (void)state;
    host_start(&host, container, script);
    host_add_role(&host, ROLE);
    assert_int_equal(host_want(&host, host.role), CREDENTIALS_NONE);
    assert_non_null(strstr(credentials_error(host.role),
                           "the role " ROLE " (\"accounts\" of the config) cannot be assumed with "
                           "the container's endpoint: AssumeRole: AccessDenied: no"));
    assert_int_equal(host_want(&host, host.credentials), CREDENTIALS_READY);
    host_none_left(&host);
    host_stop(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_half_of_life),
        cmocka_unit_test(test_ten_minutes_left),
        cmocka_unit_test(test_near_the_end),
        cmocka_unit_test(test_one_for_all_who_wait),
        cmocka_unit_test(test_no_storm_of_failures),
        cmocka_unit_test(test_refused_by_aws),
        cmocka_unit_test(test_refused_and_still_the_same),
        cmocka_unit_test(test_keys_without_end),
        cmocka_unit_test(test_static_stability),
        cmocka_unit_test(test_role),
        cmocka_unit_test(test_role_without_base),
        cmocka_unit_test(test_role_whose_base_is_refused),
        cmocka_unit_test(test_role_denied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
