/* aws_client: GetCapacityProvider, Lambda's REST-JSON, from the signed bytes to what its answers
 * mean (aws-facts 4.2, 6). */
#include "vpc_reconciled/observe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WALL_MS 1440938160000 /* 20150830T123600Z, of aws-facts 4.2 */

struct rig {
    struct arena *arena;
    struct aws_environment environment;
    struct effects effects;
    uint64_t next_id, call;
    struct rng rng;
    struct outlet outlet;
    struct aws_client *client;
    struct instant now;
    struct call_result result;
};

static void rig_start(struct rig *rig, const char *region, const char *endpoint, const char *name)
{
    const char *environment[] = {"AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
                                 "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                 endpoint, NULL};
    struct aws_environment_error error;

    *rig = (struct rig){.arena = arena_new(), .next_id = 1, .rng = {42}};
    rig->now = (struct instant){.monotonic_ms = 5000, .wall_ms = WALL_MS};
    assert_int_equal(aws_environment_parse(environment, &rig->environment, &error), 0);
    rig->outlet = (struct outlet){&rig->effects, rig->arena, &rig->next_id, &rig->rng};
    assert_int_equal(aws_client_new(&rig->environment, region, &rig->client, &error), 0);
    assert_int_equal(aws_client_get_capacity_provider(rig->client, &rig->outlet, rig->now, name,
                                                      rig->arena, &rig->call),
                     0);
}

static void rig_stop(struct rig *rig)
{
    aws_client_free(rig->client);
    aws_environment_clear(&rig->environment);
    free(rig->effects.items);
    arena_free(rig->arena);
}

static const struct effect *last(const struct rig *rig)
{
    return &rig->effects.items[rig->effects.n - 1];
}

static bool feed(struct rig *rig, struct input input)
{
    input.id = last(rig)->id;
    input.now = rig->now;
    return aws_client_feed(rig->client, &rig->outlet, &input, &rig->result);
}

/* headers: "name: value|name: value" */
static bool answer(struct rig *rig, int status, const char *headers, const char *body)
{
    struct effect_header list[4];
    char *text = arena_strdup(rig->arena, headers), *save = NULL;
    size_t n = 0;

    for (char *line = strtok_r(text, "|", &save); line; line = strtok_r(NULL, "|", &save)) {
        char *colon = strstr(line, ": ");

        assert_true(colon && n < ARRAY_SIZE(list));
        *colon = 0;
        list[n++] = (struct effect_header){line, colon + 2};
    }
    feed(rig, (struct input){
                  .kind = INPUT_HTTP_HEAD, .status = status, .headers = list, .n_headers = n});
    for (size_t i = 0; body[i]; i++)
        feed(rig, (struct input){.kind = INPUT_HTTP_CHUNK, .bytes = body + i, .n = 1});
    return feed(rig, (struct input){.kind = INPUT_HTTP_END, .status = status, .sent = SENT_YES});
}

static const char *header(const struct rig *rig, const char *name)
{
    for (size_t i = 0; i < last(rig)->n_headers; i++)
        if (text_equal(last(rig)->headers[i].name, name))
            return last(rig)->headers[i].value;
    return NULL;
}

/* ---- the request ---- */

static void test_request(void **state)
{
    static const struct {
        const char *region, *endpoint, *name, *url, *signature; /* NULL: not known */
    } rows[] = {
        /* aws-facts 4.2, case D: what is sent encoded once is signed encoded twice */
        {"us-east-1", NULL, "arn:aws:lambda:us-east-1:123456789012:capacity-provider:my-cp",
         "https://lambda.us-east-1.amazonaws.com/2025-11-30/capacity-providers/"
         "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Acapacity-provider%3Amy-cp",
         "0167ec0c0528f4929a5143c19fceb67fb1f6f55fd565eb68b26834cea20dfed2"},
        {"ap-northeast-1", NULL, "orders",
         "https://lambda.ap-northeast-1.amazonaws.com/2025-11-30/capacity-providers/orders", NULL},
        {"ap-northeast-1", "AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:4566", "a/../b?c",
         "http://127.0.0.1:4566/2025-11-30/capacity-providers/a%2F..%2Fb%3Fc", NULL},
        {"ap-northeast-1", "AWS_ENDPOINT_URL=http://127.0.0.1:4566/aws/", "orders",
         "http://127.0.0.1:4566/aws/2025-11-30/capacity-providers/orders", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct rig rig;
        const char *authorization;

        rig_start(&rig, rows[i].region, rows[i].endpoint, rows[i].name);
        assert_int_equal(rig.effects.n, 1);
        assert_string_equal(last(&rig)->method, "GET");
        assert_string_equal(last(&rig)->url, rows[i].url);
        assert_int_equal(last(&rig)->body_n, 0);
        assert_false(last(&rig)->mutates);
        assert_null(header(&rig, "Content-Type"));
        authorization = header(&rig, "Authorization");
        assert_non_null(strstr(authorization,
                               arena_printf(rig.arena, "/%s/lambda/aws4_request", rows[i].region)));
        assert_non_null(strstr(authorization, "SignedHeaders=host;x-amz-date,"));
        if (rows[i].signature)
            assert_string_equal(strstr(authorization, "Signature=") + strlen("Signature="),
                                rows[i].signature);
        rig_stop(&rig);
    }
}

static void test_without_credentials(void **state)
{
    static const char *const environment[] = {NULL};
    struct rig rig = {.arena = arena_new(), .next_id = 1};
    struct aws_environment_error error;

    (void)state;
    rig.outlet = (struct outlet){&rig.effects, rig.arena, &rig.next_id, &rig.rng};
    assert_int_equal(aws_environment_parse(environment, &rig.environment, &error), 0);
    assert_int_equal(aws_client_new(&rig.environment, "eu-west-1", &rig.client, &error), 0);
    assert_int_equal(aws_client_get_capacity_provider(rig.client, &rig.outlet, rig.now, "orders",
                                                      rig.arena, &rig.call),
                     -ENOKEY);
    assert_int_equal(rig.effects.n, 0);
    rig_stop(&rig);
}

/* ---- what is there ---- */

#define ARN "\"CapacityProviderArn\":\"arn:aws:lambda:R:1:capacity-provider:orders\""
#define PROVIDER(rest) "{\"CapacityProvider\":{" ARN "," rest "}}"
#define WHOLE                                                                                      \
    PROVIDER("\"State\":\"Active\",\"VpcConfig\":{\"SubnetIds\":[\"subnet-1\",\"subnet-2\","       \
             "\"subnet-1\"],\"SecurityGroupIds\":[\"sg-1\"],\"News\":null},"                       \
             "\"InstanceRequirements\":{\"Architectures\":[\"x86_64\"]},"                          \
             "\"CapacityProviderScalingConfig\":{\"MaxVCpuCount\":400,\"TargetValue\":0.7}")

static void test_a_provider(void **state)
{
    struct rig rig;
    const struct observed_capacity_provider *provider;

    (void)state;
    rig_start(&rig, "ap-northeast-1", NULL, "orders");
    assert_true(answer(&rig, 200, "content-type: application/json", WHOLE));
    assert_int_equal(rig.result.r, 0);
    assert_int_equal(rig.result.call, rig.call);
    assert_int_equal(rig.result.action, EC2_NO_ACTION);
    provider = rig.result.reply;
    assert_string_equal(provider->name, "orders");
    assert_string_equal(provider->state, "Active");
    assert_int_equal(provider->subnet_ids.n, 2);
    assert_string_equal(provider->subnet_ids.items[1], "subnet-2");
    assert_int_equal(provider->security_group_ids.n, 1);
    assert_string_equal(provider->security_group_ids.items[0], "sg-1");
    rig_stop(&rig);
}

static void test_decode(void **state)
{
    static const struct {
        const char *name, *body, *asked, *says; /* says NULL: it is one */
    } rows[] = {
        {"whole", WHOLE, "orders", NULL},
        {"by ARN", WHOLE, "arn:aws:lambda:R:1:capacity-provider:orders", NULL},
        {"no groups",
         PROVIDER(
             "\"State\":\"New\",\"VpcConfig\":{\"SubnetIds\":[\"s\"],\"SecurityGroupIds\":[]}"),
         "orders", NULL},
        {"groups left out", PROVIDER("\"State\":\"Failed\",\"VpcConfig\":{\"SubnetIds\":[\"s\"]}"),
         "orders", NULL},
        {"groups null",
         PROVIDER("\"State\":\"Active\",\"VpcConfig\":{\"SubnetIds\":[\"s\"],"
                  "\"SecurityGroupIds\":null}"),
         "orders", NULL},
        {"another one", WHOLE, "order", "not asked for"},
        {"another one's ARN", WHOLE, "arn:aws:lambda:R:2:capacity-provider:orders",
         "not asked for"},
        {"nothing", "", "orders", "not JSON"},
        {"cut short", "{\"CapacityProvider\":{", "orders", "not JSON"},
        {"HTML", "<html></html>", "orders", "not JSON"},
        {"a list", "[]", "orders", "no object"},
        {"another reply", "{\"CapacityProviders\":[]}", "orders", "no object"},
        {"null", "{\"CapacityProvider\":null}", "orders", "no object"},
        {"no state", PROVIDER("\"VpcConfig\":{\"SubnetIds\":[\"s\"]}"), "orders", "not all there"},
        {"a state that is a number", PROVIDER("\"State\":1,\"VpcConfig\":{\"SubnetIds\":[\"s\"]}"),
         "orders", "not all there"},
        {"no VpcConfig", PROVIDER("\"State\":\"Active\""), "orders", "not all there"},
        {"no ARN", "{\"CapacityProvider\":{\"State\":\"Active\",\"VpcConfig\":{}}}", "orders",
         "not all there"},
        {"no subnet", PROVIDER("\"State\":\"Active\",\"VpcConfig\":{\"SubnetIds\":[]}"), "orders",
         "no subnet"},
        {"no subnets at all", PROVIDER("\"State\":\"Active\",\"VpcConfig\":{}"), "orders",
         "no subnet"},
        {"subnets as text", PROVIDER("\"State\":\"Active\",\"VpcConfig\":{\"SubnetIds\":\"s\"}"),
         "orders", "no list"},
        {"a subnet that is none",
         PROVIDER("\"State\":\"Active\",\"VpcConfig\":{\"SubnetIds\":[\"s\",7]}"), "orders",
         "no id"},
        {"groups as an object",
         PROVIDER("\"State\":\"Active\",\"VpcConfig\":{\"SubnetIds\":[\"s\"],"
                  "\"SecurityGroupIds\":{}}"),
         "orders", "no list"},
        {"the same key twice",
         PROVIDER(
             "\"State\":\"Active\",\"State\":\"Failed\",\"VpcConfig\":{\"SubnetIds\":[\"s\"]}"),
         "orders", "not JSON"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct observed_capacity_provider provider = {.name = "untouched"};
        struct wire_error error = {0};
        int r = capacity_provider_decode(arena, rows[i].asked, rows[i].body, strlen(rows[i].body),
                                         &provider, &error);

        if (r != (rows[i].says ? -EBADMSG : 0) ||
            (rows[i].says &&
             (!strstr(error.message, rows[i].says) || !text_equal(provider.name, "untouched"))))
            fail_msg("%s: %d, %s", rows[i].name, r, error.message);
    }
}

/* ---- errors ---- */

#define MESSAGE "{\"Type\":\"User\",\"Message\":\"it said so\"}"
#define TYPE "x-amzn-errortype: "

static void test_errors(void **state)
{
    static const struct {
        const char *name;
        int status;
        const char *headers, *body;
        int r;
        enum ec2_error_class error_class;
        const char *code, *says;
        bool repeated;
    } rows[] = {
        {"throttled", 429, TYPE "TooManyRequestsException", MESSAGE, -EREMOTEIO,
         EC2_ERROR_THROTTLED, "TooManyRequestsException", "it said so", true},
        {"Lambda's own trouble", 500, TYPE "ServiceException",
         "{\"Type\":\"Service\",\"message\":\"it said so\"}", -EREMOTEIO, EC2_ERROR_SERVER,
         "ServiceException", "it said so", true},
        {"a proxy's 502", 502, "content-type: text/html", "<html>", -EREMOTEIO, EC2_ERROR_SERVER,
         "", "HTTP status 502", true},
        {"denied", 403, TYPE "AccessDeniedException", MESSAGE, -EREMOTEIO, EC2_ERROR_DENIED,
         "AccessDeniedException", "it said so", false},
        {"keys", 403, TYPE "UnrecognizedClientException", MESSAGE, -EREMOTEIO,
         EC2_ERROR_CREDENTIALS, "UnrecognizedClientException", "it said so", false},
        {"signature", 403, TYPE "InvalidSignatureException", MESSAGE, -EREMOTEIO,
         EC2_ERROR_CREDENTIALS, "InvalidSignatureException", "it said so", false},
        {"expired", 403, TYPE "ExpiredTokenException:http://internal.amazon.com/coral/", MESSAGE,
         -EREMOTEIO, EC2_ERROR_CREDENTIALS, "ExpiredTokenException", "it said so", false},
        {"our bug", 400, TYPE "InvalidParameterValueException", MESSAGE, -EREMOTEIO,
         EC2_ERROR_OUR_BUG, "InvalidParameterValueException", "it said so", false},
        {"the code in the body", 403, "",
         "{\"__type\":\"com.amazonaws.lambda#AccessDeniedException\",\"message\":\"it said so\"}",
         -EREMOTEIO, EC2_ERROR_DENIED, "AccessDeniedException", "it said so", false},
        /* Nothing but Lambda's own word says that there is none. */
        {"a proxy's 404", 404, "content-type: text/html", "<html>not found</html>", -EREMOTEIO,
         EC2_ERROR_OTHER, "", "HTTP status 404", false},
        {"another 404", 404, TYPE "UnknownOperationException", "{}", -EREMOTEIO, EC2_ERROR_OTHER,
         "UnknownOperationException", "", false},
        {"not found with another status", 400, TYPE "ResourceNotFoundException", MESSAGE,
         -EREMOTEIO, EC2_ERROR_OTHER, "ResourceNotFoundException", "it said so", false},
        {"not what it should be", 200, "", "{}", -EBADMSG, EC2_ERROR_OTHER, "", "not what AWS",
         true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct rig rig;
        unsigned n = 1;

        rig_start(&rig, "ap-northeast-1", NULL, "orders");
        while (!answer(&rig, rows[i].status, rows[i].headers, rows[i].body)) {
            rig.now.monotonic_ms = aws_client_wake_at(rig.client);
            feed(&rig, (struct input){.kind = INPUT_WAKE});
            n++;
        }
        if (n != (rows[i].repeated ? AWS_CLIENT_ATTEMPTS : 1) || rig.result.r != rows[i].r ||
            (rows[i].r == -EREMOTEIO && rig.result.error_class != rows[i].error_class) ||
            !text_equal(rig.result.error.code, rows[i].code) ||
            !strstr(rig.result.message, rows[i].says) ||
            !text_starts_with(rig.result.message, "GetCapacityProvider: "))
            fail_msg("%s: %u, %d, %d, %s, %s", rows[i].name, n, rig.result.r,
                     (int)rig.result.error_class, rig.result.error.code, rig.result.message);
        rig_stop(&rig);
    }
}

static void test_there_is_none(void **state)
{
    struct rig rig;
    const struct observed_capacity_provider *provider;

    (void)state;
    rig_start(&rig, "ap-northeast-1", NULL, "orders");
    assert_true(answer(&rig, 404, TYPE "ResourceNotFoundException|x-amzn-requestid: r-1", MESSAGE));
    assert_int_equal(rig.result.r, 0);
    provider = rig.result.reply;
    assert_string_equal(provider->name, "orders");
    assert_null(provider->state);
    rig_stop(&rig);
}

static void test_retry_after(void **state)
{
    static const struct {
        const char *headers;
        uint64_t least_ms;
    } rows[] = {
        {TYPE "TooManyRequestsException|retry-after: 7", 7000},
        {TYPE "TooManyRequestsException|retry-after: 3600", 20000}, /* no pass waits for an hour */
        {TYPE "TooManyRequestsException|retry-after: soon", 0},
        {TYPE "TooManyRequestsException|retry-after: 99999999999", 0},
        {TYPE "TooManyRequestsException", 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct rig rig;
        uint64_t delay;

        rig_start(&rig, "ap-northeast-1", NULL, "orders");
        assert_false(answer(&rig, 429, rows[i].headers, MESSAGE));
        delay = aws_client_wake_at(rig.client) - rig.now.monotonic_ms;
        if (delay <= rows[i].least_ms || delay > rows[i].least_ms + 2000)
            fail_msg("%s: %llu ms", rows[i].headers, (unsigned long long)delay);
        /* What it asked for once is not asked for ever. */
        rig.now.monotonic_ms += delay;
        feed(&rig, (struct input){.kind = INPUT_WAKE});
        assert_false(answer(&rig, 429, TYPE "TooManyRequestsException", MESSAGE));
        delay = aws_client_wake_at(rig.client) - rig.now.monotonic_ms;
        assert_in_range(delay, 1, 4000);
        rig_stop(&rig);
    }
}

static void test_cancel(void **state)
{
    struct rig rig;

    (void)state;
    rig_start(&rig, "ap-northeast-1", NULL, "orders");
    feed(&rig, (struct input){.kind = INPUT_HTTP_HEAD, .status = 200});
    feed(&rig, (struct input){.kind = INPUT_HTTP_CHUNK, .bytes = "{\"Cap", .n = 5});
    assert_true(
        feed(&rig, (struct input){.kind = INPUT_HTTP_END, .r = -ECANCELED, .sent = SENT_MAYBE}));
    assert_int_equal(rig.result.r, -ECANCELED);
    assert_int_equal(aws_client_in_flight(rig.client), 0);
    rig_stop(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request),     cmocka_unit_test(test_without_credentials),
        cmocka_unit_test(test_a_provider),  cmocka_unit_test(test_decode),
        cmocka_unit_test(test_errors),      cmocka_unit_test(test_there_is_none),
        cmocka_unit_test(test_retry_after), cmocka_unit_test(test_cancel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
