/* Keys as JSON: what each kind needs, and that no message quotes a value. */
#include "common/credentials/reply.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SECRET "hunter2"
#define PAIR "\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"" SECRET "\""
#define END "\"Expiration\":\"2026-11-24T06:00:00Z\""

static const struct {
    enum reply_kind kind;
    const char *text;
    const char *says; /* NULL: it is good */
    const char *token;
    int64_t expires_ms;
} rows[] = {
    {REPLY_CONTAINER, "{" PAIR ",\"Token\":\"t\"," END ",\"AccountId\":\"1\",\"RoleArn\":\"x\"}",
     NULL, "t", 1795500000000},
    {REPLY_CONTAINER, "{" PAIR ",\"Token\":\"t\"}", "no \"Expiration\"", NULL, 0},
    {REPLY_CONTAINER, "{" PAIR "," END "}", "no \"Token\"", NULL, 0},
    {REPLY_CONTAINER, "{\"Code\":\"x\"," PAIR ",\"Token\":\"t\"," END "}", NULL, "t",
     1795500000000},
    {REPLY_METADATA, "{\"Code\":\"Success\"," PAIR ",\"Token\":\"t\"," END "}", NULL, "t",
     1795500000000},
    {REPLY_METADATA, "{\"Code\":\"" SECRET " x\"," PAIR ",\"Token\":\"t\"," END "}",
     "it says (not shown)", NULL, 0},
    {REPLY_METADATA, "{\"Code\":1}", "it says (not shown)", NULL, 0},
    {REPLY_METADATA, "{\"Code\":\"Success\",\"Token\":\"t\"," END "}", "no \"AccessKeyId\"", NULL,
     0},
    {REPLY_PROCESS, "{\"Version\":1," PAIR "}\n", NULL, NULL, EXPIRES_NEVER},
    {REPLY_PROCESS, "{\"Version\":1," PAIR ",\"SessionToken\":null,\"Expiration\":null}", NULL,
     NULL, EXPIRES_NEVER},
    {REPLY_PROCESS,
     "{\"Version\":1," PAIR
     ",\"SessionToken\":\"t\",\"Expiration\":\"2026-11-24T15:00:00.000+09:00\"}",
     NULL, "t", 1795500000000},
    {REPLY_PROCESS, "{" PAIR "}", "no \"Version\": 1", NULL, 0},
    {REPLY_PROCESS, "{\"Version\":2," PAIR "}", "no \"Version\": 1", NULL, 0},
    {REPLY_PROCESS, "{\"Version\":\"1\"," PAIR "}", "no \"Version\": 1", NULL, 0},
    {REPLY_PROCESS, "{\"Version\":1,\"AccessKeyId\":\"\",\"SecretAccessKey\":\"s\"}",
     "\"AccessKeyId\" is not text", NULL, 0},
    {REPLY_PROCESS, "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":7}",
     "\"SecretAccessKey\" is not text", NULL, 0},
    {REPLY_PROCESS, "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"" SECRET "\\n\"}",
     "\"SecretAccessKey\" is not text", NULL, 0},
    {REPLY_PROCESS, "{\"Version\":1," PAIR ",\"Expiration\":\"" SECRET "\"}",
     "\"Expiration\" is no time", NULL, 0},
    {REPLY_PROCESS, "{\"Version\":1," PAIR ",\"AccessKeyId\":\"" SECRET "\"}", "it is not JSON",
     NULL, 0},
    {REPLY_PROCESS, "[" SECRET "]", "it is not JSON (line 1, column 2)", NULL, 0},
    {REPLY_PROCESS, "[]", "not a JSON object", NULL, 0},
    {REPLY_PROCESS, "", "it is not JSON", NULL, 0},
    {REPLY_CONTAINER, "<html>" SECRET, "it is not JSON", NULL, 0},
};

static void test_replies(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct reply reply = {0};
        char message[200] = "";
        int r =
            reply_parse(arena, rows[i].kind, rows[i].text, strlen(rows[i].text), &reply, message);

        assert_int_equal(r, rows[i].says ? -EBADMSG : 0);
        if (rows[i].says) {
            if (!strstr(message, rows[i].says) || strstr(message, SECRET))
                fail_msg("%s: %s", rows[i].text, message);
            assert_null(reply.credentials.secret_access_key);
            continue;
        }
        assert_string_equal(reply.credentials.access_key_id, "A");
        assert_string_equal(reply.credentials.secret_access_key, SECRET);
        assert_true(text_equal(reply.credentials.session_token, rows[i].token));
        assert_int_equal(reply.expires_ms, rows[i].expires_ms);
    }
}

static void test_a_value_without_end(void **state)
{
    static char text[40000];
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct reply reply;
    char message[200];
    size_t n;

    (void)state;
    n = (size_t)snprintf(text, sizeof(text),
                         "{\"Version\":1,\"SecretAccessKey\":\"s\","
                         "\"AccessKeyId\":\"");
    memset(text + n, 'A', 17000);
    memcpy(text + n + 17000, "\"}", 3);
    assert_int_equal(reply_parse(arena, REPLY_PROCESS, text, strlen(text), &reply, message),
                     -EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replies),
        cmocka_unit_test(test_a_value_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
