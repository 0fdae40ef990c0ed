/* No secret byte in freed heap (safety.md, S11): whatever goes back to the allocator while
 * credentials are read and requests are signed is searched for them, in libcrypto as well. */
#include "vpc_reconciled/aws.h"

#include "tests/support/heap_watch.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define TOKEN "SESSIONTOKEN//EXAMPLE+abc=="
#define WALL_MS 1440938160000 /* 2015-08-30T12:36:00Z */

static uint8_t date_key[SHA256_SIZE], signing_key[SHA256_SIZE];
static int prepare(void **state)
{
    (void)state;
    hmac_sha256("AWS4" SECRET, 4 + strlen(SECRET), "20150830", 8, date_key);
    hmac_sha256(date_key, sizeof(date_key), "us-east-1", 9, signing_key);
    hmac_sha256(signing_key, sizeof(signing_key), "ec2", 3, signing_key);
    hmac_sha256(signing_key, sizeof(signing_key), "aws4_request", 12, signing_key);
    watch_for(SECRET, strlen(SECRET));
    watch_for(TOKEN, strlen(TOKEN));
    watch_for(date_key, sizeof(date_key));
    watch_for(signing_key, sizeof(signing_key));
    watch_heap();
    return 0;
}

static void a_leak_would_be_seen(void **state)
{
    char *volatile leak = strdup("x" SECRET "y");
    CLEANUP(buf_free)
    struct buf buf = {0};
    (void)state;

    free(leak);
    assert_int_equal(n_found, 1);
    buf_text(&buf, SECRET);
    for (int i = 0; i < 10000; i++)
        buf_char(&buf, 'x'); /* grows: the old memory goes back with the secret in it */
    assert_true(n_found > 1);
}

static void a_secret_buffer_is_wiped(void **state)
{
    struct buf buf = {.secret = true}, late = {0};
    (void)state;

    buf_text(&buf, TOKEN);
    for (int i = 0; i < 10000; i++)
        buf_printf(&buf, "%d", i % 10);
    assert_int_equal(buf.n, 10000 + strlen(TOKEN));
    assert_memory_equal(buf.data, TOKEN "0123456789", strlen(TOKEN) + 10);
    buf_free(&buf);
    assert_true(buf.secret);
    buf_text(&late, SECRET);
    buf_wipe_free(&late);
    assert_false(late.secret);
    assert_int_equal(n_found, 0);
}

static void signing_leaves_nothing(void **state)
{
    char access_key[] = "AKIDEXAMPLE", secret[] = SECRET, token[] = TOKEN;
    const struct aws_credentials credentials = {access_key, secret, token};
    struct http_header headers[60] = {{"Host", "127.0.0.1:8080"},
                                      {"X-Amz-Date", "20150830T123600Z"},
                                      {"x-amz-security-token", TOKEN}};
    size_t n = 3;
    struct sigv4_request request = {.method = "POST", .path = "/", .headers = headers};
    const struct sigv4_scope scope = {"us-east-1", "ec2", WALL_MS};
    struct arena *arena = arena_new();
    struct sigv4_result result;
    (void)state;

    /* Enough for the canonical request to grow after the token was added. */
    while (n < 50)
        headers[n++] = (struct http_header){"y", "0123456789012345678901234567890123456789"};
    request.n_headers = n;
    assert_int_equal(sigv4_sign(arena, &request, &scope, &credentials, &result), 0);
    headers[n++] = (struct http_header){"Authorization", result.authorization};
    assert_int_equal(sigv4_verify(arena, &request, headers, n, WALL_MS, "ec2", &credentials), 0);
    headers[0].value = "a\nb";
    assert_int_equal(sigv4_sign(arena, &request, &scope, &credentials, &result), -EINVAL);
    arena_free(arena);
    assert_int_equal(n_found, 0);
}

static void the_environment_leaves_nothing(void **state)
{
    const char *const good[] = {"AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=" SECRET,
                                "AWS_SESSION_TOKEN=" TOKEN, NULL};
    const char *const half[] = {"AWS_SECRET_ACCESS_KEY=" SECRET, "AWS_SESSION_TOKEN=" TOKEN, NULL};
    const char *const bad[] = {"AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=" SECRET,
                               "AWS_SESSION_TOKEN=" TOKEN, "AWS_REGION=a b", NULL};
    struct aws_environment environment;
    struct aws_environment_error error;
    (void)state;

    assert_int_equal(aws_environment_parse(good, &environment, &error), 0);
    assert_string_equal(environment.credentials.secret_access_key, SECRET);
    aws_environment_clear(&environment);
    assert_int_equal(aws_environment_parse(half, &environment, &error), -EINVAL);
    assert_int_equal(aws_environment_parse(bad, &environment, &error), -EINVAL);
    assert_int_equal(n_found, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_leak_would_be_seen, watch_start, watch_stop),
        cmocka_unit_test_setup_teardown(a_secret_buffer_is_wiped, watch_start, watch_stop),
        cmocka_unit_test_setup_teardown(signing_leaves_nothing, watch_start, watch_stop),
        cmocka_unit_test_setup_teardown(the_environment_leaves_nothing, watch_start, watch_stop),
    };

    return cmocka_run_group_tests(tests, prepare, NULL);
}
