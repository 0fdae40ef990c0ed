/* Lambda's capacity providers in the simulator: its JSON, its errors, its pages, its signature; and
 * what a world says of them. */
#include "client.h"

#define ARN "arn:aws:lambda:ap-northeast-1:111122223333:capacity-provider:"
#define PATH "/2025-11-30/capacity-providers"
#define CONFIG "\"VpcConfig\": {\"SubnetIds\": [\"subnet-1\"]}"
#define PROVIDERS                                                                                  \
    "{\"capacityProviders\": ["                                                                    \
    "{\"CapacityProviderArn\": \"" ARN "orders\", \"VpcConfig\": {\"SubnetIds\": [\"subnet-1\","   \
    "\"subnet-2\"], \"SecurityGroupIds\": [\"sg-1\"]}},"                                           \
    "{\"CapacityProviderArn\": \"" ARN "pay\", \"State\": \"Deleting\", " CONFIG "},"              \
    "{\"CapacityProviderArn\": \"" ARN "queue_1\", \"State\": \"Pending\", " CONFIG "}]}"

static void start(struct client *client, const char *world)
{
    client_start(client, 1);
    client_load(client, world);
    client->service = "lambda";
}

static const char *get(struct client *client, const char *target)
{
    client_send_signed(client, "GET", target, "");
    return buf_string(&client->reply.body);
}

static const char *header(const struct client *client, const char *name)
{
    for (size_t i = 0; i < client->reply.n_headers; i++)
        if (text_equal(client->reply.headers[i].name, name))
            return client->reply.headers[i].value;
    return NULL;
}

static const struct json *member(const struct json *json, const char *key)
{
    const struct json *found = json_member(json, key);

    if (!found)
        fail_msg("no \"%s\"", key);
    return found;
}

static const struct json *parse(struct client *client, const char *text)
{
    const struct json *json;
    struct json_error error;

    assert_int_equal(json_parse(client->arena, text, strlen(text), &json, &error), 0);
    return json;
}

static void test_get(void **state)
{
    static const char *const targets[] = {
        PATH "/orders",
        PATH "/arn%3Aaws%3Alambda%3Aap-northeast-1%3A111122223333%3Acapacity-provider%3Aorders"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
        struct client client;
        const struct json *provider, *config;

        start(&client, PROVIDERS);
        provider = member(parse(&client, get(&client, targets[i])), "CapacityProvider");
        assert_int_equal(client.reply.status, 200);
        assert_string_equal(client.reply.content_type, "application/json");
        assert_string_equal(client.reply.operation, "GetCapacityProvider");
        assert_int_equal(client.reply.action, EC2_NO_ACTION);
        assert_false(client.reply.changed);
        assert_non_null(header(&client, "x-amzn-RequestId"));
        assert_string_equal(member(provider, "CapacityProviderArn")->string, ARN "orders");
        assert_string_equal(member(provider, "State")->string, "Active");
        config = member(provider, "VpcConfig");
        assert_int_equal(member(config, "SubnetIds")->n_items, 2);
        assert_string_equal(member(config, "SubnetIds")->items[1].string, "subnet-2");
        assert_string_equal(member(config, "SecurityGroupIds")->items[0].string, "sg-1");
        /* required members of the API's model */
        member(member(provider, "PermissionsConfig"), "CapacityProviderOperatorRoleArn");
        client_stop(&client);
    }
}

static void test_no_groups_is_an_empty_list(void **state)
{
    struct client client;

    (void)state;
    start(&client, PROVIDERS);
    assert_non_null(strstr(get(&client, PATH "/pay"), "\"SecurityGroupIds\":[]"));
    client_stop(&client);
}

static void test_errors(void **state)
{
    static const struct {
        const char *name, *method, *target, *service, *access_key_id, *secret, *fault, *code;
        int64_t skew_ms;
        int status;
        const char *type, *retry_after;
    } rows[] = {
        {.name = "none",
         .target = PATH "/order",
         .status = 404,
         .code = "ResourceNotFoundException"},
        {.name = "another account's",
         .status = 404,
         .code = "ResourceNotFoundException",
         .target = PATH
         "/arn%3Aaws%3Alambda%3Aap-northeast-1%3A999988887777%3Acapacity-provider%3Aorders"},
        {.name = "no name",
         .target = PATH "/a%20b",
         .status = 400,
         .code = "InvalidParameterValueException"},
        {.name = "another method",
         .method = "POST",
         .target = PATH,
         .status = 404,
         .code = "UnknownOperationException"},
        {.name = "something below it",
         .target = PATH "/orders/function-versions",
         .status = 404,
         .code = "UnknownOperationException"},
        {.name = "EC2's signature",
         .service = "ec2",
         .status = 403,
         .code = "InvalidSignatureException"},
        {.name = "another key",
         .access_key_id = "else",
         .status = 403,
         .code = "UnrecognizedClientException"},
        {.name = "another secret",
         .secret = "else",
         .status = 403,
         .code = "InvalidSignatureException"},
        {.name = "an old signature",
         .skew_ms = -16 * 60 * 1000,
         .status = 403,
         .code = "InvalidSignatureException"},
        {.name = "throttled",
         .fault = "request-limit-exceeded",
         .status = 429,
         .code = "TooManyRequestsException",
         .retry_after = "1"},
        {.name = "denied",
         .fault = "unauthorized-operation",
         .status = 403,
         .code = "AccessDeniedException"},
        {.name = "its own trouble",
         .fault = "internal-error",
         .status = 500,
         .code = "ServiceException",
         .type = "Service"},
        {.name = "expired",
         .fault = "expired-token",
         .status = 403,
         .code = "ExpiredTokenException"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct client client;
        const char *target = rows[i].target ? rows[i].target : PATH "/orders", *after;
        const struct json *body;

        start(&client, PROVIDERS);
        client.service = rows[i].service ? rows[i].service : "lambda";
        client.access_key_id = rows[i].access_key_id ? rows[i].access_key_id : "test";
        client.secret_access_key = rows[i].secret ? rows[i].secret : "secret";
        client.skew_ms = rows[i].skew_ms;
        if (rows[i].fault)
            assert_int_equal(simulator_add_fault(client.simulator, 1, rows[i].fault), 0);
        client_send_signed(&client, rows[i].method ? rows[i].method : "GET", target, "");
        after = header(&client, "Retry-After");
        if (client.reply.status != rows[i].status || !text_equal(client.reply.code, rows[i].code) ||
            !text_equal(header(&client, "x-amzn-ErrorType"), rows[i].code) ||
            !text_equal(after, rows[i].retry_after))
            fail_msg("%s: %d %s %s", rows[i].name, client.reply.status, client.reply.code,
                     after ? after : "");
        body = parse(&client, buf_string(&client.reply.body));
        assert_string_equal(member(body, "Type")->string, rows[i].type ? rows[i].type : "User");
        assert_true(member(body, "Message")->string[0]);
        client_stop(&client);
    }
}

/* What is spoilt, whatever a body is written in. */
static void test_spoilt_answers(void **state)
{
    static const struct {
        const char *fault;
        int status;
        bool never;
    } rows[] = {
        {"html-200", 200, false},      {"html-500", 500, false}, {"empty-body", 200, false},
        {"truncated-xml", 200, false}, {"hold", 200, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct client client;
        const struct json *json;
        struct json_error error;
        const char *body;

        start(&client, PROVIDERS);
        assert_int_equal(simulator_add_fault(client.simulator, 1, rows[i].fault), 0);
        body = get(&client, PATH "/orders");
        assert_int_equal(client.reply.status, rows[i].status);
        assert_int_equal(client.reply.never, rows[i].never);
        assert_int_equal(json_parse(client.arena, body, strlen(body), &json, &error) < 0,
                         !rows[i].never);
        client_stop(&client);
    }
}

/* The rest of the fault table is about other answers and leaves this one alone: it must not fall
 * over it. */
static void test_every_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < simulator_n_fault_names; i++) {
        struct client client;

        start(&client, PROVIDERS);
        simulator_add_fault(client.simulator, 1, simulator_fault_names[i]);
        get(&client, PATH "/orders");
        get(&client, PATH "/orders");
        assert_int_equal(client.reply.status, 200);
        client_stop(&client);
    }
}

static void test_list(void **state)
{
    static const struct {
        const char *query, *names, *marker; /* names: the last parts of the ARNs; "" an error */
    } rows[] = {
        {"", "orders pay queue_1 ", NULL},
        {"?MaxItems=50", "orders pay queue_1 ", NULL},
        {"?MaxItems=2", "orders pay ", "pay"},
        {"?Marker=pay&MaxItems=2", "queue_1 ", NULL},
        {"?State=Pending", "queue_1 ", NULL},
        {"?State=Failed", "-", NULL},
        {"?MaxItems=0", "", NULL},
        {"?MaxItems=51", "", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct client client;
        const struct json *list, *body;
        CLEANUP(buf_free)
        struct buf names = {0};

        start(&client, PROVIDERS);
        body = parse(&client, get(&client, arena_printf(client.arena, PATH "%s", rows[i].query)));
        if (!rows[i].names[0]) {
            assert_int_equal(client.reply.status, 400);
            client_stop(&client);
            continue;
        }
        list = member(body, "CapacityProviders");
        for (size_t k = 0; k < list->n_items; k++)
            buf_printf(&names, "%s ",
                       strrchr(member(&list->items[k], "CapacityProviderArn")->string, ':') + 1);
        assert_string_equal(names.n ? buf_string(&names) : "-", rows[i].names);
        if (rows[i].marker)
            assert_string_equal(member(body, "NextMarker")->string, rows[i].marker);
        else
            assert_null(json_member(body, "NextMarker"));
        assert_string_equal(client.reply.operation, "ListCapacityProviders");
        client_stop(&client);
    }
}

/* ---- worlds ---- */

static void test_world_round_trip(void **state)
{
    struct client client, again;
    CLEANUP(buf_free)
    struct buf first = {0};
    CLEANUP(buf_free)
    struct buf second = {0};
    CLEANUP(buf_free)
    struct buf line = {0};

    (void)state;
    start(&client, PROVIDERS);
    simulator_dump(client.simulator, client.now, &first);
    start(&again, buf_string(&first));
    simulator_dump(again.simulator, again.now, &second);
    assert_string_equal(buf_string(&first), buf_string(&second));
    get(&again, PATH "/pay");
    buf_clear(&second);
    simulator_dump(again.simulator, again.now, &second);
    assert_non_null(strstr(buf_string(&second), "\"GetCapacityProvider\": 1"));
    assert_int_equal(simulator_n_calls(again.simulator), 1);
    assert_int_equal(simulator_mutating_calls(again.simulator), 0);
    simulator_log_line(again.simulator,
                       &(const struct simulator_request){.method = "GET", .target = PATH "/pay"},
                       &again.reply, &line);
    assert_non_null(strstr(buf_string(&line), "\"action\":\"GetCapacityProvider\""));
    client_stop(&client);
    client_stop(&again);
}

static void test_refused_worlds(void **state)
{
    static const struct {
        const char *providers, *says;
    } rows[] = {
        {"{" CONFIG "}", "CapacityProviderArn"},
        {"{\"CapacityProviderArn\": \"orders\", " CONFIG "}", "CapacityProviderArn"},
        {"{\"CapacityProviderArn\": \"" ARN "orders\"}", "SubnetIds"},
        {"{\"CapacityProviderArn\": \"" ARN "orders\", \"VpcConfig\": {\"SubnetIds\": []}}",
         "SubnetIds"},
        {"{\"CapacityProviderArn\": \"" ARN "orders\", \"State\": \"Sleeping\", " CONFIG "}",
         "Pending, Active, Failed, Deleting"},
        {"{\"CapacityProviderArn\": \"" ARN "orders\", \"Subnets\": 1, " CONFIG "}", "Subnets"},
        {"{\"CapacityProviderArn\": \"" ARN "orders\", " CONFIG
         "}, {\"CapacityProviderArn\": \"" ARN "orders\", " CONFIG "}",
         "twice"},
        {"7", "CapacityProvider"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct client client;
        const char *world;
        struct json_error error = {0};

        client_start(&client, 1);
        world = arena_printf(client.arena, "{\"capacityProviders\": [%s]}", rows[i].providers);
        assert_int_equal(simulator_load(client.simulator, client.now, world, strlen(world), &error),
                         -EINVAL);
        if (!strstr(error.message, rows[i].says))
            fail_msg("%s: %s", world, error.message);
        client_stop(&client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_no_groups_is_an_empty_list),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_spoilt_answers),
        cmocka_unit_test(test_every_fault),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_world_round_trip),
        cmocka_unit_test(test_refused_worlds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
