/* aws_client: what waits for AWS's rate, for how long, what it costs to repeat, and whose clock
 * signs. */
#include "vpc_reconciled/observe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define START_MS 5000
#define WALL_MS INT64_C(1795500000000) /* 2026-11-24T06:00:00Z */

struct rig {
    struct arena *arena;
    struct aws_environment environment;
    struct effects effects;
    uint64_t next_id;
    struct rng rng;
    struct outlet outlet;
    struct aws_client *client;
    struct instant now;
    struct call_result result;
};

static void rig_start(struct rig *rig)
{
    static const char *const environment[] = {"AWS_ACCESS_KEY_ID=test",
                                              "AWS_SECRET_ACCESS_KEY=test",
                                              "AWS_ENDPOINT_URL=http://127.0.0.1:4566", NULL};
    struct aws_environment_error error;

    *rig = (struct rig){.arena = arena_new(), .next_id = 1, .rng = {42}};
    rig->now = (struct instant){.monotonic_ms = START_MS, .wall_ms = WALL_MS};
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
    static const struct ec2_describe_request describe;
    static const struct ec2_change_request change;
    uint64_t number = 0;

    assert_int_equal(aws_client_call(rig->client, &rig->outlet, rig->now, action,
                                     ec2_action_table[action].describe ? (const void *)&describe
                                                                       : (const void *)&change,
                                     NULL, false, rig->arena, &number),
                     0);
    return number;
}

static bool feed(struct rig *rig, struct input input)
{
    input.now = rig->now;
    return aws_client_feed(rig->client, &rig->outlet, &input, &rig->result);
}

/* At this moment; true when a call ended. */
static bool wake_at(struct rig *rig, uint64_t at_ms)
{
    rig->now.wall_ms += (int64_t)(at_ms - rig->now.monotonic_ms);
    rig->now.monotonic_ms = at_ms;
    return feed(rig, (struct input){.kind = INPUT_WAKE});
}

static bool answer(struct rig *rig, uint64_t http, int status, const char *date, const char *body)
{
    struct effect_header header = {"date", date};

    assert_false(feed(rig, (struct input){.kind = INPUT_HTTP_HEAD,
                                          .id = http,
                                          .status = status,
                                          .headers = &header,
                                          .n_headers = date ? 1 : 0}));
    assert_false(feed(
        rig,
        (struct input){.kind = INPUT_HTTP_CHUNK, .id = http, .bytes = body, .n = strlen(body)}));
    return feed(rig, (struct input){.kind = INPUT_HTTP_END, .id = http, .status = status});
}

static const char vpcs[] = "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>";

static bool refuse(struct rig *rig, uint64_t http, const char *code, const char *date)
{
    return answer(rig, http, 400, date,
                  arena_printf(rig->arena,
                               "<Response><Errors><Error><Code>%s</Code><Message>m</Message>"
                               "</Error></Errors><RequestID>r</RequestID></Response>",
                               code));
}

static const struct effect *last(const struct rig *rig)
{
    return &rig->effects.items[rig->effects.n - 1];
}

static const char *header(const struct effect *effect, const char *name)
{
    for (size_t i = 0; i < effect->n_headers; i++)
        if (strcmp(effect->headers[i].name, name) == 0)
            return effect->headers[i].value;
    return "";
}

/* ---- the bucket ---- */

/* What finds no token leaves when there is one, the oldest first, and ends under its own id. */
static void test_waiting(void **state)
{
    struct rig rig;
    uint64_t first, second, at;

    (void)state;
    rig_start(&rig);
    for (unsigned i = 0; i < 50; i++)
        call(&rig, EC2_DESCRIBE_VPCS);
    assert_int_equal(rig.effects.n, 50);
    assert_int_equal(aws_client_wake_at(rig.client), UINT64_MAX);
    first = call(&rig, EC2_DESCRIBE_VPCS);
    second = call(&rig, EC2_DESCRIBE_VPCS);
    assert_int_equal(rig.effects.n, 50);
    assert_int_equal(aws_client_in_flight(rig.client), 52);
    at = aws_client_wake_at(rig.client);
    assert_int_equal(at, START_MS + 100);
    assert_false(wake_at(&rig, at - 1));
    assert_int_equal(rig.effects.n, 50);
    assert_false(wake_at(&rig, at));
    assert_int_equal(rig.effects.n, 51);
    assert_true(answer(&rig, last(&rig)->id, 200, NULL, vpcs));
    assert_int_equal(rig.result.call, first);
    assert_false(wake_at(&rig, aws_client_wake_at(rig.client)));
    assert_int_equal(rig.now.monotonic_ms, START_MS + 200);
    assert_true(answer(&rig, last(&rig)->id, 200, NULL, vpcs));
    assert_int_equal(rig.result.call, second);
    /* Another action has a bucket of its own. */
    call(&rig, EC2_DESCRIBE_SUBNETS);
    assert_int_equal(rig.effects.n, 53);
    rig_stop(&rig);
}

static void test_waiting_is_cancelled(void **state)
{
    struct rig rig;
    uint64_t waiting = 0;

    (void)state;
    rig_start(&rig);
    for (unsigned i = 0; i <= 50; i++)
        waiting = call(&rig, EC2_DESCRIBE_VPCS);
    aws_client_cancel_all(rig.client, &rig.outlet);
    assert_true(feed(&rig, (struct input){.kind = INPUT_STOP}));
    assert_int_equal(rig.result.call, waiting);
    assert_int_equal(rig.result.r, -ECANCELED);
    assert_int_equal(rig.result.sent, SENT_NO);
    rig_stop(&rig);
}

/* The looks right before a change are not older than the change for want of a token. */
static void test_looks_wait_for_what_follows(void **state)
{
    struct rig rig;

    (void)state;
    rig_start(&rig);
    for (unsigned i = 0; i < 5; i++)
        call(&rig, EC2_CREATE_NAT_GATEWAY);
    aws_client_set_next(rig.client, EC2_CREATE_NAT_GATEWAY);
    call(&rig, EC2_DESCRIBE_VPCS);
    aws_client_set_next(rig.client, EC2_NO_ACTION);
    assert_int_equal(rig.effects.n, 5);
    call(&rig, EC2_DESCRIBE_SUBNETS);
    assert_int_equal(rig.effects.n, 6);
    assert_int_equal(aws_client_wake_at(rig.client), START_MS + 2000);
    assert_false(wake_at(&rig, START_MS + 2000));
    assert_int_equal(rig.effects.n, 7);
    call(&rig, EC2_CREATE_NAT_GATEWAY); /* at once */
    assert_int_equal(rig.effects.n, 8);
    rig_stop(&rig);
}

static void test_a_change_does_not_wait_long(void **state)
{
    struct rig rig;
    uint64_t number;

    (void)state;
    rig_start(&rig);
    call(&rig, EC2_CREATE_VPC_ENDPOINT);
    call(&rig, EC2_CREATE_VPC_ENDPOINT);
    number = call(&rig, EC2_CREATE_VPC_ENDPOINT); /* its token comes in 6.7 s */
    assert_int_equal(rig.effects.n, 2);
    assert_false(wake_at(&rig, START_MS + AWS_CLIENT_CHANGE_WAIT_MS - 1));
    assert_int_equal(aws_client_wake_at(rig.client), START_MS + AWS_CLIENT_CHANGE_WAIT_MS);
    /* Only a wake-up ends it: any other input may be somebody else's. */
    rig.now.monotonic_ms = START_MS + AWS_CLIENT_CHANGE_WAIT_MS;
    assert_false(feed(&rig, (struct input){.kind = INPUT_FILE}));
    assert_true(feed(&rig, (struct input){.kind = INPUT_WAKE}));
    assert_int_equal(rig.result.call, number);
    assert_int_equal(rig.result.r, -ETIMEDOUT);
    assert_int_equal(rig.result.sent, SENT_NO);
    assert_string_equal(rig.result.message,
                        "CreateVpcEndpoint: not sent: AWS's rate leaves no room for it now");
    assert_int_equal(rig.effects.n, 2);
    rig_stop(&rig);
}

/* A reload gives nothing back. */
static void test_inherit(void **state)
{
    struct aws_environment_error error;
    struct aws_client *old;
    struct rig rig;

    (void)state;
    rig_start(&rig);
    call(&rig, EC2_CREATE_VPC_ENDPOINT);
    call(&rig, EC2_CREATE_VPC_ENDPOINT);
    old = rig.client;
    assert_int_equal(aws_client_new(&rig.environment, "eu-west-1", &rig.client, &error), 0);
    aws_client_inherit(rig.client, old);
    aws_client_free(old);
    call(&rig, EC2_CREATE_VPC_ENDPOINT);
    assert_int_equal(rig.effects.n, 2);
    rig_stop(&rig);
}

/* ---- the deadline ---- */

static void test_deadline(void **state)
{
    struct rig rig;
    uint64_t reading, waiting;

    (void)state;
    rig_start(&rig);
    aws_client_set_deadline(rig.client, START_MS + 40000);
    reading = call(&rig, EC2_DESCRIBE_VPCS);
    assert_int_equal(last(&rig)->timeout_ms, AWS_CLIENT_TIMEOUT_MS);
    assert_false(wake_at(&rig, START_MS + 30000));
    call(&rig, EC2_DESCRIBE_SUBNETS);
    assert_int_equal(last(&rig)->timeout_ms, 10000);
    call(&rig, EC2_CREATE_ROUTE); /* what changes is worth its answer */
    assert_int_equal(last(&rig)->timeout_ms, AWS_CLIENT_TIMEOUT_MS);
    /* A repeat that would come too late is none. */
    assert_false(wake_at(&rig, START_MS + 39999));
    assert_true(feed(&rig, (struct input){.kind = INPUT_HTTP_END, .id = reading, .r = -ETIMEDOUT}));
    assert_int_equal(rig.result.r, -ETIMEDOUT);
    assert_null(strstr(rig.result.message, "deadline"));
    /* And nothing leaves any more. */
    assert_false(wake_at(&rig, START_MS + 40000));
    waiting = call(&rig, EC2_DESCRIBE_VPCS);
    assert_int_equal(rig.effects.n, 3);
    assert_true(aws_client_wake_at(rig.client) <= START_MS + 40000);
    assert_true(wake_at(&rig, START_MS + 40000));
    assert_int_equal(rig.result.call, waiting);
    assert_int_equal(rig.result.r, -ETIMEDOUT);
    assert_string_equal(rig.result.message,
                        "DescribeVpcs: the pass's deadline came before its turn");
    rig_stop(&rig);
}

/* ---- throttled, and the quota ---- */

static void test_throttled_slows_down(void **state)
{
    struct rig rig;
    uint64_t ids[2];

    (void)state;
    rig_start(&rig);
    ids[0] = call(&rig, EC2_CREATE_NAT_GATEWAY);
    ids[1] = call(&rig, EC2_CREATE_NAT_GATEWAY);
    for (size_t i = 0; i < 2; i++) { /* both left before the lesson */
        assert_true(refuse(&rig, ids[i], "RequestLimitExceeded", NULL));
        assert_int_equal(rig.result.error_class, EC2_ERROR_THROTTLED);
    }
    call(&rig, EC2_CREATE_NAT_GATEWAY);
    assert_int_equal(rig.effects.n, 2);
    assert_false(wake_at(&rig, START_MS + 3999));
    assert_int_equal(rig.effects.n, 2);
    assert_false(wake_at(&rig, START_MS + 4000));
    assert_int_equal(rig.effects.n, 3);
    rig_stop(&rig);
}

/* So many failures that repeats would double the storm: each call goes out once. */
static void test_quota(void **state)
{
    static const struct {
        int r;
        unsigned repeats; /* that the quota is good for */
    } rows[] = {{-ECONNREFUSED, 100}, {-ETIMEDOUT, 50}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        unsigned n = 0;
        struct rig rig;

        rig_start(&rig);
        for (unsigned c = 0; c < 200; c++) {
            call(&rig, EC2_DESCRIBE_VPCS);
            if (rig.effects.n == n) /* it waits for its turn */
                wake_at(&rig, aws_client_wake_at(rig.client));
            for (n++; !feed(
                     &rig,
                     (struct input){.kind = INPUT_HTTP_END, .id = last(&rig)->id, .r = rows[i].r});
                 n++)
                wake_at(&rig, aws_client_wake_at(rig.client));
        }
        assert_int_equal(rig.effects.n, 200 + rows[i].repeats);
        rig_stop(&rig);
    }
}

static void test_hint(void **state)
{
    struct effect_header hint = {"x-amz-retry-after", "3000"};
    struct rig rig;
    uint64_t id;

    (void)state;
    rig_start(&rig);
    id = call(&rig, EC2_DESCRIBE_VPCS);
    feed(&rig,
         (struct input){
             .kind = INPUT_HTTP_HEAD, .id = id, .status = 500, .headers = &hint, .n_headers = 1});
    assert_false(feed(&rig, (struct input){.kind = INPUT_HTTP_END, .id = id, .status = 500}));
    assert_int_equal(aws_client_wake_at(rig.client), START_MS + 3000);
    rig_stop(&rig);
}

/* ---- the clock ---- */

#define AN_HOUR_LATER "Tue, 24 Nov 2026 07:00:00 GMT"

static void test_clock_of_a_read(void **state)
{
    struct rig rig;
    uint64_t number;

    (void)state;
    rig_start(&rig);
    number = call(&rig, EC2_DESCRIBE_VPCS);
    assert_string_equal(header(last(&rig), "X-Amz-Date"), "20261124T060000Z");
    assert_false(refuse(&rig, number, "RequestExpired", AN_HOUR_LATER));
    assert_int_equal(aws_client_clock_correction_ms(rig.client), 3600000);
    assert_false(wake_at(&rig, aws_client_wake_at(rig.client)));
    assert_int_equal(rig.effects.n, 2);
    assert_string_equal(header(last(&rig), "X-Amz-Date"), "20261124T070000Z");
    assert_true(answer(&rig, last(&rig)->id, 200, AN_HOUR_LATER, vpcs));
    assert_int_equal(rig.result.r, 0);
    assert_int_equal(rig.result.call, number);
    /* What comes after is right from the start. */
    call(&rig, EC2_DESCRIBE_SUBNETS);
    assert_string_equal(header(last(&rig), "X-Amz-Date"), "20261124T070000Z");
    rig_stop(&rig);
}

/* All of them left with the wrong time: each is repeated, once. */
static void test_clock_of_many(void **state)
{
    struct rig rig;
    uint64_t ids[3];

    (void)state;
    rig_start(&rig);
    for (size_t i = 0; i < 3; i++)
        ids[i] = call(&rig, EC2_DESCRIBE_VPCS);
    for (size_t i = 0; i < 3; i++)
        assert_false(refuse(&rig, ids[i], "AuthFailure", AN_HOUR_LATER));
    assert_false(wake_at(&rig, START_MS));
    assert_int_equal(rig.effects.n, 6);
    for (size_t i = 3; i < 6; i++) {
        assert_true(refuse(&rig, rig.effects.items[i].id, "AuthFailure", AN_HOUR_LATER));
        assert_int_equal(rig.result.error_class, EC2_ERROR_CREDENTIALS); /* so it is the keys */
    }
    assert_int_equal(rig.effects.n, 6);
    rig_stop(&rig);
}

/* A change that was refused for its time was not carried out: the next pass. Nor is it the keys. */
static void test_clock_of_a_change(void **state)
{
    struct rig rig;
    uint64_t number;

    (void)state;
    rig_start(&rig);
    number = call(&rig, EC2_CREATE_ROUTE);
    assert_true(refuse(&rig, number, "RequestExpired", AN_HOUR_LATER));
    assert_int_equal(rig.result.r, -EREMOTEIO);
    assert_int_equal(rig.result.error_class, EC2_ERROR_WAIT);
    assert_int_equal(rig.effects.n, 1);
    assert_int_equal(aws_client_clock_correction_ms(rig.client), 3600000);
    rig_stop(&rig);
}

/* Before AWS refuses anything. */
static void test_clock_that_drifts(void **state)
{
    struct rig rig;

    (void)state;
    rig_start(&rig);
    assert_true(
        answer(&rig, call(&rig, EC2_DESCRIBE_VPCS), 200, "Tue, 24 Nov 2026 06:06:00 GMT", vpcs));
    assert_int_equal(aws_client_clock_correction_ms(rig.client), 360000);
    assert_true(
        answer(&rig, call(&rig, EC2_DESCRIBE_VPCS), 200, "Tue, 24 Nov 2026 06:00:00 GMT", vpcs));
    assert_int_equal(aws_client_clock_correction_ms(rig.client), 0);
    rig_stop(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waiting),
        cmocka_unit_test(test_waiting_is_cancelled),
        cmocka_unit_test(test_looks_wait_for_what_follows),
        cmocka_unit_test(test_a_change_does_not_wait_long),
        cmocka_unit_test(test_inherit),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_throttled_slows_down),
        cmocka_unit_test(test_quota),
        cmocka_unit_test(test_hint),
        cmocka_unit_test(test_clock_of_a_read),
        cmocka_unit_test(test_clock_of_many),
        cmocka_unit_test(test_clock_of_a_change),
        cmocka_unit_test(test_clock_that_drifts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
