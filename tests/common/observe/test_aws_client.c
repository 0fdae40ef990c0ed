/* aws_client: what a request looks like, what is repeated and when, what never is, and cancelling.
 */
#include "vpc_reconciled/observe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WALL_MS 1795500000000

struct rig {
    struct arena *arena;
    struct aws_environment environment;
    struct effects effects;
    uint64_t next_id;
    struct rng rng;
    struct outlet outlet;
    struct aws_client *client;
    struct instant now;
};

static void rig_start(struct rig *rig, const char *session_token)
{
    const char *environment[] = {"AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
                                 "AWS_SECRET_ACCESS_KEY=secret",
                                 "AWS_REGION=eu-west-1",
                                 "AWS_ENDPOINT_URL_EC2=http://127.0.0.1:4566",
                                 "AWS_ENDPOINT_URL_STS=http://127.0.0.1:4567/sts",
                                 session_token,
                                 NULL};
    struct aws_environment_error error;

    *rig = (struct rig){.arena = arena_new(), .next_id = 1, .rng = {42}};
    rig->now = (struct instant){.monotonic_ms = 5000, .wall_ms = WALL_MS};
    assert_int_equal(aws_environment_parse(environment, &rig->environment, &error), 0);
    rig->outlet = (struct outlet){&rig->effects, rig->arena, &rig->next_id, &rig->rng};
    assert_int_equal(aws_client_new(&rig->environment, "eu-west-1", &rig->client, &error), 0);
}

static void rig_stop(struct rig *rig)
{
    aws_client_free(rig->client);
    aws_environment_clear(&rig->environment);
    free(rig->effects.items);
    arena_free(rig->arena);
}

static uint64_t call(struct rig *rig, enum ec2_action action)
{
    static const char *const id = "vpc-1";
    struct ec2_filter filter = {.name = "vpc-id"};
    struct ec2_describe_request describe = {.filters = {.items = &filter, .n = 1}};
    const struct ec2_change_request change = {.vpc_id = "vpc-1", .internet_gateway_id = "igw-1"};
    const char *ids[] = {id};
    uint64_t number = 0;

    filter.values.items = ids;
    filter.values.n = 1;
    assert_int_equal(aws_client_call(rig->client, &rig->outlet, rig->now, action,
                                     ec2_action_table[action].describe ? (const void *)&describe
                                                                       : (const void *)&change,
                                     NULL, false, rig->arena, &number),
                     0);
    return number;
}

static const struct effect *last(const struct rig *rig)
{
    assert_true(rig->effects.n > 0);
    return &rig->effects.items[rig->effects.n - 1];
}

static bool feed(struct rig *rig, struct input input, struct call_result *result)
{
    input.now = rig->now;
    return aws_client_feed(rig->client, &rig->outlet, &input, result);
}

/* An answer to the newest request, byte by byte. */
static bool answer(struct rig *rig, int status, const char *body, struct call_result *result)
{
    uint64_t id = last(rig)->id;

    assert_false(
        feed(rig, (struct input){.kind = INPUT_HTTP_HEAD, .id = id, .status = status}, result));
    for (size_t i = 0; body[i]; i++)
        assert_false(
            feed(rig, (struct input){.kind = INPUT_HTTP_CHUNK, .id = id, .bytes = body + i, .n = 1},
                 result));
    return feed(
        rig, (struct input){.kind = INPUT_HTTP_END, .id = id, .status = status, .sent = SENT_YES},
        result);
}

static bool lost(struct rig *rig, int r, enum sent sent, struct call_result *result)
{
    return feed(rig,
                (struct input){.kind = INPUT_HTTP_END,
                               .id = last(rig)->id,
                               .r = r,
                               .sent = sent,
                               .detail = "Connection refused"},
                result);
}

static const char vpcs[] = "<DescribeVpcsResponse><requestId>r-1</requestId><vpcSet><item>"
                           "<vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>";
static const char attached[] = "<AttachInternetGatewayResponse><requestId>r-2</requestId>"
                               "<return>true</return></AttachInternetGatewayResponse>";

static const char *error_xml(struct rig *rig, const char *code)
{
    return arena_printf(rig->arena,
                        "<Response><Errors><Error><Code>%s</Code><Message>said so</Message></Error>"
                        "</Errors><RequestID>r-3</RequestID></Response>",
                        code);
}

/* ---- requests ---- */

static const char *header(const struct effect *effect, const char *name)
{
    for (size_t i = 0; i < effect->n_headers; i++)
        if (strcmp(effect->headers[i].name, name) == 0)
            return effect->headers[i].value;
    return NULL;
}

static void test_request(void **state)
{
    static const struct {
        enum ec2_action action;
        const char *url, *path, *service, *body;
    } rows[] = {
        {EC2_DESCRIBE_VPCS, "http://127.0.0.1:4566/", "/", "ec2",
         "Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1"},
        {EC2_ATTACH_INTERNET_GATEWAY, "http://127.0.0.1:4566/", "/", "ec2",
         "Action=AttachInternetGateway&Version=2016-11-15&"},
        {STS_GET_CALLER_IDENTITY, "http://127.0.0.1:4567/sts", "/sts", "sts",
         "Action=GetCallerIdentity&Version=2011-06-15"},
    };

    (void)state;
    for (unsigned token = 0; token < 2; token++)
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
            struct rig rig;
            const struct effect *effect;
            struct http_header headers[8];
            struct sigv4_request request = {.method = "POST", .path = rows[i].path};
            uint64_t number;

            rig_start(&rig, token ? "AWS_SESSION_TOKEN=session" : NULL);
            aws_client_set_user_agent(rig.client, "config/1 pass/2");
            number = call(&rig, rows[i].action);
            assert_int_equal(rig.effects.n, 1);
            effect = last(&rig);
            assert_int_equal(effect->kind, EFFECT_HTTP_SEND);
            assert_int_equal(effect->id, number);
            assert_string_equal(effect->method, "POST");
            assert_string_equal(effect->url, rows[i].url);
            assert_true(effect->body_n >= strlen(rows[i].body) &&
                        memcmp(effect->body, rows[i].body, strlen(rows[i].body)) == 0);
            assert_int_equal(effect->timeout_ms, AWS_CLIENT_TIMEOUT_MS);
            assert_int_equal(effect->reply_limit, AWS_REPLY_MAX);
            assert_int_equal(effect->mutates, ec2_action_table[rows[i].action].mutates);
            assert_non_null(strstr(header(effect, "User-Agent"), "vpc-reconciled/"));
            assert_non_null(strstr(header(effect, "User-Agent"), " config/1 pass/2"));
            assert_int_equal(header(effect, "X-Amz-Security-Token") != NULL, token);
            assert_non_null(strstr(header(effect, "Authorization"), "/eu-west-1/"));
            /* Signed so that a server takes it. */
            for (size_t k = 0; k < effect->n_headers; k++)
                headers[k] =
                    (struct http_header){effect->headers[k].name, effect->headers[k].value};
            request.body = effect->body;
            request.body_n = effect->body_n;
            assert_int_equal(sigv4_verify(rig.arena, &request, headers, effect->n_headers, WALL_MS,
                                          rows[i].service, &rig.environment.credentials),
                             0);
            rig_stop(&rig);
        }
}

static void test_bad_endpoint(void **state)
{
    struct rig rig;
    struct aws_client *client;
    struct aws_environment_error error = {0};

    (void)state;
    rig_start(&rig, NULL);
    assert_int_equal(aws_client_new(&rig.environment, "no region", &client, &error), -EINVAL);
    assert_true(error.message[0]);
    rig_stop(&rig);
}

/* S15: the encoder itself refuses, also bytes that were encoded before. */
static void test_observe_only_sends_nothing_that_mutates(void **state)
{
    struct rig rig;
    const struct ec2_change_request request = {0};

    (void)state;
    rig_start(&rig, NULL);
    for (size_t action = 0; action < EC2_ACTION_COUNT; action++) {
        uint64_t number = 0;

        if (!ec2_action_table[action].mutates)
            continue;
        assert_int_equal(aws_client_call(rig.client, &rig.outlet, rig.now, (enum ec2_action)action,
                                         &request, NULL, true, rig.arena, &number),
                         -EPERM);
        assert_int_equal(aws_client_call(rig.client, &rig.outlet, rig.now, (enum ec2_action)action,
                                         NULL, "Action=Anything", true, rig.arena, &number),
                         -EPERM);
    }
    assert_int_equal(rig.effects.n, 0);
    assert_int_equal(aws_client_n_requests(rig.client), 0);
    rig_stop(&rig);
}

static void test_bytes_of_an_earlier_attempt(void **state)
{
    struct rig rig;
    uint64_t number;

    (void)state;
    rig_start(&rig, NULL);
    assert_int_equal(aws_client_call(rig.client, &rig.outlet, rig.now,
                                     EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, NULL,
                                     "Action=X&ClientToken=t", false, rig.arena, &number),
                     0);
    assert_int_equal(last(&rig)->body_n, strlen("Action=X&ClientToken=t"));
    assert_memory_equal(last(&rig)->body, "Action=X&ClientToken=t", last(&rig)->body_n);
    rig_stop(&rig);
}

/* ---- answers ---- */

static void test_answers(void **state)
{
    struct rig rig;
    struct call_result result;
    uint64_t number;

    (void)state;
    rig_start(&rig, NULL);
    number = call(&rig, EC2_DESCRIBE_VPCS);
    assert_int_equal(aws_client_in_flight(rig.client), 1);
    assert_true(answer(&rig, 200, vpcs, &result));
    assert_int_equal(result.r, 0);
    assert_int_equal(result.call, number);
    assert_int_equal(result.action, EC2_DESCRIBE_VPCS);
    assert_string_equal(((struct ec2_describe_reply *)result.reply)->vpcs.items[0].vpc_id, "vpc-1");
    assert_int_equal(aws_client_in_flight(rig.client), 0);
    /* What comes late is nobody's. */
    assert_false(lost(&rig, -ECONNRESET, SENT_MAYBE, &result));
    call(&rig, EC2_ATTACH_INTERNET_GATEWAY);
    assert_true(answer(&rig, 200, attached, &result));
    assert_int_equal(result.r, 0);
    assert_string_equal(((struct ec2_change_reply *)result.reply)->request_id, "r-2");
    rig_stop(&rig);
}

/* Several at once, answered in another order. */
static void test_answers_find_their_call(void **state)
{
    struct rig rig;
    struct call_result result;
    uint64_t first, second;

    (void)state;
    rig_start(&rig, NULL);
    first = call(&rig, EC2_DESCRIBE_VPCS);
    second = call(&rig, EC2_DESCRIBE_VPCS);
    assert_true(answer(&rig, 200, vpcs, &result));
    assert_int_equal(result.call, second);
    assert_false(
        feed(&rig, (struct input){.kind = INPUT_HTTP_HEAD, .id = first, .status = 403}, &result));
    assert_true(
        feed(&rig, (struct input){.kind = INPUT_HTTP_END, .id = first, .status = 403}, &result));
    assert_int_equal(result.call, first);
    assert_int_equal(result.r, -EREMOTEIO);
    rig_stop(&rig);
}

/* ---- repeating ---- */

struct failure {
    const char *name;
    int r; /* of the transport; 0: an answer */
    int status;
    const char *code, *body; /* an error document with this code, or this body */
    bool repeated;           /* where the action only reads */
    int result;
    uint64_t base_ms; /* of the back-off */
};

static const struct failure failures[] = {
    {"refused", -ECONNREFUSED, 0, NULL, NULL, true, -ECONNREFUSED, 50},
    {"reset", -ECONNRESET, 0, NULL, NULL, true, -ECONNRESET, 50},
    {"timeout", -ETIMEDOUT, 0, NULL, NULL, true, -ETIMEDOUT, 50},
    {"too large", -EFBIG, 0, NULL, NULL, true, -EFBIG, 50},
    {"throttled", 0, 503, "RequestLimitExceeded", NULL, true, -EREMOTEIO, 1000},
    {"throttled otherwise", 0, 400, "Throttling", NULL, true, -EREMOTEIO, 1000},
    {"AWS's own trouble", 0, 500, "InternalError", NULL, true, -EREMOTEIO, 50},
    {"a proxy's 502", 0, 502, NULL, "<html>bad gateway</html>", true, -EREMOTEIO, 50},
    {"denied", 0, 403, "UnauthorizedOperation", NULL, false, -EREMOTEIO, 0},
    {"keys refused", 0, 401, "AuthFailure", NULL, false, -EREMOTEIO, 0},
    {"keys expired", 0, 400, "RequestExpired", NULL, false, -EREMOTEIO, 0},
    {"not there", 0, 400, "InvalidVpcID.NotFound", NULL, false, -EREMOTEIO, 0},
    {"our bug", 0, 400, "MissingParameter", NULL, false, -EREMOTEIO, 0},
    {"never heard of", 0, 400, "SomethingNew", NULL, false, -EREMOTEIO, 0},
    {"cut short", 0, 200, NULL, "<DescribeVpcsResponse><vpcSet>", true, -EBADMSG, 50},
    {"HTML", 0, 200, NULL, "<html><body>Welcome</body></html>", true, -EBADMSG, 50},
    {"nothing", 0, 200, NULL, "", true, -EBADMSG, 50},
    {"another action's", 0, 200, NULL,
     "<DescribeSubnetsResponse><subnetSet/></DescribeSubnetsResponse>", true, -EBADMSG, 50},
    {"without the list", 0, 200, NULL, "<DescribeVpcsResponse/>", true, -EBADMSG, 50},
    {"a DTD", 0, 200, NULL, "<!DOCTYPE a><DescribeVpcsResponse/>", true, -EPERM, 50},
};

static bool fail_with(struct rig *rig, const struct failure *failure, struct call_result *result)
{
    if (failure->r < 0)
        return lost(rig, failure->r, SENT_MAYBE, result);
    return answer(rig, failure->status,
                  failure->code ? error_xml(rig, failure->code) : failure->body, result);
}

static void test_what_reads_is_repeated(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
        const struct failure *failure = &failures[i];
        struct rig rig;
        struct call_result result = {0};
        unsigned attempts = 1;
        uint64_t number, first_date_ms;

        rig_start(&rig, NULL);
        number = call(&rig, EC2_DESCRIBE_VPCS);
        first_date_ms = rig.now.monotonic_ms;
        while (!fail_with(&rig, failure, &result)) {
            uint64_t at = aws_client_wake_at(rig.client);
            uint64_t most = failure->base_ms << attempts;
            size_t n = rig.effects.n;

            if (at <= rig.now.monotonic_ms || at > rig.now.monotonic_ms + most)
                fail_msg("%s: attempt %u after %llu ms, at most %llu", failure->name, attempts + 1,
                         (unsigned long long)(at - rig.now.monotonic_ms), (unsigned long long)most);
            /* Too early nothing happens. */
            rig.now.monotonic_ms = at - 1;
            assert_false(feed(&rig, (struct input){.kind = INPUT_WAKE}, &result));
            assert_int_equal(rig.effects.n, n);
            rig.now.monotonic_ms = at;
            rig.now.wall_ms = WALL_MS + (int64_t)(at - first_date_ms) + 60000;
            assert_false(feed(&rig, (struct input){.kind = INPUT_WAKE}, &result));
            assert_int_equal(rig.effects.n, n + 1);
            /* Another request, the same bytes, signed anew. */
            assert_int_not_equal(last(&rig)->id, rig.effects.items[n - 1].id);
            assert_memory_equal(last(&rig)->body, rig.effects.items[0].body,
                                rig.effects.items[0].body_n);
            assert_string_not_equal(header(last(&rig), "X-Amz-Date"),
                                    header(&rig.effects.items[0], "X-Amz-Date"));
            assert_int_equal(aws_client_wake_at(rig.client), UINT64_MAX);
            attempts++;
        }
        if (attempts != (failure->repeated ? AWS_CLIENT_ATTEMPTS : 1) ||
            result.r != failure->result || result.call != number)
            fail_msg("%s: %u attempts, %d", failure->name, attempts, result.r);
        assert_int_equal(aws_client_n_requests(rig.client), attempts);
        assert_non_null(strstr(result.message, "DescribeVpcs: "));
        assert_int_equal(strstr(result.message, "(attempt 3 of 3)") != NULL, failure->repeated);
        if (failure->code) {
            assert_string_equal(result.error.code, failure->code);
            assert_string_equal(result.error.request_id, "r-3");
            assert_non_null(strstr(result.message, "said so"));
        }
        if (failure->r < 0)
            assert_non_null(strstr(result.message, "Connection refused"));
        rig_stop(&rig);
    }
}

static void test_what_mutates_is_sent_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
        struct rig rig;
        struct call_result result = {0};

        rig_start(&rig, NULL);
        call(&rig, EC2_ATTACH_INTERNET_GATEWAY);
        if (!fail_with(&rig, &failures[i], &result) || rig.effects.n != 1)
            fail_msg("%s: it was repeated", failures[i].name);
        assert_true(result.r < 0);
        assert_int_equal(result.sent, failures[i].r < 0 ? SENT_MAYBE : SENT_YES);
        assert_int_equal(aws_client_wake_at(rig.client), UINT64_MAX);
        rig_stop(&rig);
    }
}

static void test_a_repeat_that_succeeds(void **state)
{
    struct rig rig;
    struct call_result result;
    uint64_t number;

    (void)state;
    rig_start(&rig, NULL);
    number = call(&rig, EC2_DESCRIBE_VPCS);
    /* Half of a page that ends in an error leaves nothing behind. */
    assert_false(answer(
        &rig, 200, "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-7</vpcId></item>", &result));
    rig.now.monotonic_ms = aws_client_wake_at(rig.client);
    feed(&rig, (struct input){.kind = INPUT_WAKE}, &result);
    assert_true(answer(&rig, 200, vpcs, &result));
    assert_int_equal(result.r, 0);
    assert_int_equal(result.call, number);
    assert_int_equal(((struct ec2_describe_reply *)result.reply)->vpcs.n, 1);
    assert_string_equal(result.message, "");
    rig_stop(&rig);
}

/* Full jitter: not every repeat of a fleet at the same moment. */
static void test_delays_differ(void **state)
{
    uint64_t least = UINT64_MAX, most = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct rig rig;
        struct call_result result;
        uint64_t delay;

        rig_start(&rig, NULL);
        rig.rng.state = seed;
        call(&rig, EC2_DESCRIBE_VPCS);
        lost(&rig, -ECONNRESET, SENT_MAYBE, &result);
        delay = aws_client_wake_at(rig.client) - rig.now.monotonic_ms;
        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
        rig_stop(&rig);
    }
    assert_true(least < 10 && most > 90 && most <= 100);
}

/* ---- cancelling ---- */

static void test_cancel(void **state)
{
    struct rig rig;
    struct call_result result;
    uint64_t waiting, flying;
    unsigned n_cancelled = 0;

    (void)state;
    rig_start(&rig, NULL);
    waiting = call(&rig, EC2_DESCRIBE_VPCS);
    assert_false(lost(&rig, -ECONNRESET, SENT_MAYBE, &result));
    flying = call(&rig, EC2_DESCRIBE_SUBNETS);
    rig.effects.n = 0;
    aws_client_cancel_all(rig.client, &rig.outlet);
    for (size_t i = 0; i < rig.effects.n; i++)
        n_cancelled +=
            rig.effects.items[i].kind == EFFECT_HTTP_CANCEL && rig.effects.items[i].id == flying;
    assert_int_equal(rig.effects.n, 1);
    assert_int_equal(n_cancelled, 1);
    /* What waited for a repeat ends at the next feed, whatever that is. */
    assert_true(feed(&rig, (struct input){.kind = INPUT_STOP}, &result));
    assert_int_equal(result.call, waiting);
    assert_int_equal(result.r, -ECANCELED);
    assert_int_equal(result.sent, SENT_NO);
    assert_false(feed(&rig, (struct input){.kind = INPUT_STOP}, &result));
    assert_int_equal(aws_client_wake_at(rig.client), UINT64_MAX);
    /* What flew ends when the transport says so, and is not repeated. */
    assert_true(feed(
        &rig,
        (struct input){.kind = INPUT_HTTP_END, .id = flying, .r = -ECANCELED, .sent = SENT_MAYBE},
        &result));
    assert_int_equal(result.r, -ECANCELED);
    assert_int_equal(aws_client_in_flight(rig.client), 0);
    rig_stop(&rig);
}

static const char *header_of(const struct effect *effect, const char *name)
{
    for (size_t i = 0; i < effect->n_headers; i++)
        if (strcmp(effect->headers[i].name, name) == 0)
            return effect->headers[i].value;
    return NULL;
}

/* Keys change: what is sent from then on, repeats too, is signed by the new ones. */
static void test_new_keys(void **state)
{
    char key[] = "ASIANEW", secret[] = "s", token[] = "new";
    const struct aws_credentials credentials = {key, secret, token};
    struct rig rig;
    struct call_result result;

    (void)state;
    rig_start(&rig, "AWS_SESSION_TOKEN=old");
    call(&rig, EC2_DESCRIBE_VPCS);
    assert_non_null(strstr(header_of(last(&rig), "Authorization"), "Credential=AKIDEXAMPLE/"));
    assert_string_equal(header_of(last(&rig), "X-Amz-Security-Token"), "old");
    assert_false(lost(&rig, -ECONNRESET, SENT_MAYBE, &result));
    aws_client_set_credentials(rig.client, &credentials);
    rig.now.monotonic_ms += 60000;
    assert_false(feed(&rig, (struct input){.kind = INPUT_WAKE}, &result));
    assert_int_equal(rig.effects.n, 2);
    assert_non_null(strstr(header_of(last(&rig), "Authorization"), "Credential=ASIANEW/"));
    assert_string_equal(header_of(last(&rig), "X-Amz-Security-Token"), "new");
    /* What the first one lends is still there. */
    assert_string_equal(header_of(&rig.effects.items[0], "X-Amz-Security-Token"), "old");
    rig_stop(&rig);
}

/* Who has no keys yet asks for some with a token, unsigned; nothing else is sent. */
static void test_without_keys(void **state)
{
    const struct ec2_change_request request = {.role_arn = "arn:aws:iam::1:role/x",
                                               .role_session_name = "me",
                                               .web_identity_token = "a.b.c"};
    const char *const variables[] = {"AWS_REGION=eu-west-1", NULL};
    struct aws_environment_error error;
    struct rig rig;
    uint64_t number;

    (void)state;
    rig_start(&rig, NULL);
    aws_client_free(rig.client);
    aws_environment_clear(&rig.environment);
    assert_int_equal(aws_environment_parse(variables, &rig.environment, &error), 0);
    assert_int_equal(aws_client_new(&rig.environment, "eu-west-1", &rig.client, &error), 0);
    assert_int_equal(aws_client_call(rig.client, &rig.outlet, rig.now, STS_GET_CALLER_IDENTITY,
                                     &request, NULL, true, rig.arena, &number),
                     -ENOKEY);
    assert_int_equal(rig.effects.n, 0);
    assert_int_equal(aws_client_call(rig.client, &rig.outlet, rig.now,
                                     STS_ASSUME_ROLE_WITH_WEB_IDENTITY, &request, NULL, true,
                                     rig.arena, &number),
                     0);
    assert_string_equal(last(&rig)->url, "https://sts.eu-west-1.amazonaws.com/");
    assert_null(header_of(last(&rig), "Authorization"));
    assert_null(header_of(last(&rig), "X-Amz-Security-Token"));
    assert_true(last(&rig)->secret);
    rig_stop(&rig);
}

/* AWS has FIPS and dual-stack hosts in some regions only: then the setting is at fault. */
static void test_a_host_that_does_not_exist(void **state)
{
    struct rig rig;
    struct call_result result;

    (void)state;
    rig_start(&rig, NULL);
    rig.environment.use_fips_endpoint = WIRE_TRUE;
    rig.client = aws_client_free(rig.client);
    assert_int_equal(aws_client_new(&rig.environment, "eu-west-1", &rig.client,
                                    &(struct aws_environment_error){0}),
                     0);
    call(&rig, EC2_CREATE_INTERNET_GATEWAY);
    assert_true(lost(&rig, -EHOSTUNREACH, SENT_NO, &result));
    assert_non_null(strstr(result.message, "; some regions have no such host: see AWS_USE_FIPS_"));
    rig_stop(&rig);
}

/* A client that goes away with calls under way frees them all. */
static void test_free_with_calls_under_way(void **state)
{
    struct rig rig;
    struct call_result result;

    (void)state;
    rig_start(&rig, NULL);
    call(&rig, EC2_DESCRIBE_VPCS);
    feed(&rig, (struct input){.kind = INPUT_HTTP_HEAD, .id = last(&rig)->id, .status = 200},
         &result);
    feed(&rig,
         (struct input){
             .kind = INPUT_HTTP_CHUNK, .id = last(&rig)->id, .bytes = "<Describe", .n = 9},
         &result);
    call(&rig, EC2_DESCRIBE_SUBNETS);
    lost(&rig, -ECONNRESET, SENT_MAYBE, &result);
    rig_stop(&rig);
    assert_null(aws_client_free(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request),
        cmocka_unit_test(test_bad_endpoint),
        cmocka_unit_test(test_new_keys),
        cmocka_unit_test(test_without_keys),
        cmocka_unit_test(test_a_host_that_does_not_exist),
        cmocka_unit_test(test_observe_only_sends_nothing_that_mutates),
        cmocka_unit_test(test_bytes_of_an_earlier_attempt),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_answers_find_their_call),
        cmocka_unit_test(test_what_reads_is_repeated),
        cmocka_unit_test(test_what_mutates_is_sent_once),
        cmocka_unit_test(test_a_repeat_that_succeeds),
        cmocka_unit_test(test_delays_differ),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_free_with_calls_under_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
