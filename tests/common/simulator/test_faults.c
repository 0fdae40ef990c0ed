/* Every fault once, at the call that it is for and at no other. */
#include "client.h"

#include "vpc_reconciled/ec2.h"

enum effect { NOTHING, DONE };

/* What CreateInternetGateway looks like from outside and whether there is one afterwards, then what
 * DescribeSubnets of a VPC looks like: how many items, read by the client's own decoder. */
static const struct row {
    const char *fault;
    int status; /* of the change; 0: never */
    enum effect effect;
    const char *code;
    int subnets; /* a negative errno when the client does not take it for a reply */
} rows[] = {
    {"hold", 0, DONE, "", 0},
    {"stall", 0, NOTHING, "", 0},
    {"lost-effect", 200, NOTHING, "", 2},
    {"lost-answer", 500, DONE, "InternalError", 0},
    {"request-limit-exceeded", 503, NOTHING, "RequestLimitExceeded", 0},
    {"throttling", 503, NOTHING, "Throttling", 0},
    {"internal-error", 500, NOTHING, "InternalError", 0},
    {"unavailable", 503, NOTHING, "Unavailable", 0},
    {"auth-failure", 401, NOTHING, "AuthFailure", 0},
    {"unauthorized-operation", 403, NOTHING, "UnauthorizedOperation", 0},
    {"expired-token", 403, NOTHING, "ExpiredToken", 0},
    {"request-expired", 400, NOTHING, "RequestExpired", 0},
    {"invalid-client-token-id", 403, NOTHING, "InvalidClientTokenId", 0},
    {"idempotent-parameter-mismatch", 400, NOTHING, "IdempotentParameterMismatch", 0},
    {"address-limit-exceeded", 400, NOTHING, "AddressLimitExceeded", 0},
    {"dependency-violation", 400, NOTHING, "DependencyViolation", 0},
    {"incorrect-state", 400, NOTHING, "IncorrectState", 0},
    {"html-500", 500, NOTHING, "", 0},
    {"html-200", 200, NOTHING, "", -EBADMSG},
    {"error-200", 200, NOTHING, "InternalError", -EBADMSG},
    {"other-action", 200, DONE, "", -EBADMSG},
    {"empty-body", 200, DONE, "", -EBADMSG},
    {"truncated-xml", 200, DONE, "", -EBADMSG},
    {"dtd", 200, DONE, "", -EPERM},
    {"unknown-elements", 200, DONE, "", 2},
    {"unknown-enum-value", 200, DONE, "", 2},
    {"missing-field", 200, DONE, "", 2},
    {"missing-id", 200, DONE, "", -EBADMSG},
    {"empty-list", 200, DONE, "", 0},
    {"missing-list", 200, DONE, "", -EBADMSG},
    {"missing-page", 200, DONE, "", 1},
    {"repeated-page", 200, DONE, "", 2},
    {"next-token-loop", 200, DONE, "", 2},
    {"missing-item", 200, DONE, "", 1},
    {"foreign-item", 200, DONE, "", 3},
    {"duplicate-item", 200, DONE, "", 3},
    /* of these there is more in test_visibility.c and test_nat_gateways.c: here they do nothing */
    {"stale-list", 200, DONE, "", 1}, /* as it was before call 1 */
    {"fresh-not-found", 200, DONE, "", 2},
    {"nat-gateway-fails", 200, DONE, "", 2},
};
static_assert(ARRAY_SIZE(rows) > 30, "");

static void start(struct client *client)
{
    client_start(client, 1);
    client_load(client, WORLD);
    client_ask(client, "CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.1.0/24"); /* call 1 */
    assert_ok(client);
}

static size_t n_gateways(struct client *client)
{
    client_ask(client, "DescribeInternetGateways");
    assert_ok(client);
    return client_count(client, "<internetGatewayId>");
}

#define DESCRIBE "DescribeSubnets&Filter.1.Name=vpc-id&Filter.1.Value.1=" VPC

static int decode(struct client *client, struct ec2_describe_reply *ret_reply)
{
    struct aws_error error = {0};
    struct wire_error why = {0};
    struct ec2_decoder *decoder = ec2_decoder_new(client->arena, EC2_DESCRIBE_SUBNETS,
                                                  client->reply.status, ret_reply, &error, 1 << 20);
    int r = ec2_decoder_feed(decoder, buf_string(&client->reply.body), client->reply.body.n, true,
                             &why);

    ec2_decoder_free(decoder);
    return r;
}

static void test_change(const struct row *row)
{
    struct client client;
    size_t before;

    start(&client);
    before = n_gateways(&client); /* 2 */
    assert_int_equal(simulator_add_fault(client.simulator, 4, row->fault), 0);
    client_ask(&client, "DescribeVpcs"); /* 3 */
    assert_ok(&client);
    client_ask(&client, "CreateInternetGateway"); /* 4 */
    assert_int_equal(client.reply.call, 4);
    assert_int_equal(client.reply.never, row->status == 0);
    if (row->status) {
        assert_int_equal(client.reply.status, row->status);
        assert_string_equal(client.reply.code, row->code);
    }
    assert_int_equal(client.reply.changed, row->effect == DONE);
    assert_int_equal(n_gateways(&client), before + (row->effect == DONE));
    client_stop(&client);
}

static void test_page(const struct row *row)
{
    struct client client;
    struct ec2_describe_reply reply = {0};
    int r;

    start(&client);
    assert_int_equal(simulator_add_fault(client.simulator, 2, row->fault), 0);
    client_ask(&client, DESCRIBE);
    if (client.reply.never) {
        client_stop(&client);
        return;
    }
    r = decode(&client, &reply);
    assert_int_equal(r < 0 ? r : (int)reply.subnets.n, row->subnets);
    if (r >= 0 && row->subnets)
        assert_true(reply.subnets.seen);

    client_ask(&client, DESCRIBE); /* the next one is right again */
    reply = (struct ec2_describe_reply){0};
    assert_int_equal(decode(&client, &reply), 0);
    assert_int_equal(reply.subnets.n, 2);
    assert_int_equal(reply.subnets.items[0].state, EC2_STATE_AVAILABLE);
    client_stop(&client);
}

static void test_rows(void **state)
{
    (void)state;
    assert_int_equal(ARRAY_SIZE(rows), simulator_n_fault_names);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        print_message("%s\n", rows[i].fault);
        assert_string_equal(rows[i].fault, simulator_fault_names[i]);
        test_change(&rows[i]);
        test_page(&rows[i]);
    }
}

/* What is special about some. */
static void test_details(void **state)
{
    struct client client;
    struct ec2_describe_reply reply = {0};
    const char *token;

    (void)state;
    start(&client);
    simulator_add_fault(client.simulator, 2, "unknown-enum-value");
    client_ask(&client, DESCRIBE);
    assert_int_equal(decode(&client, &reply), 0);
    assert_int_equal(reply.subnets.items[0].state, EC2_STATE_UNKNOWN);
    simulator_add_fault(client.simulator, 3, "missing-field");
    client_ask(&client, DESCRIBE);
    reply = (struct ec2_describe_reply){0};
    assert_int_equal(decode(&client, &reply), 0);
    assert_int_equal(reply.subnets.items[0].state, EC2_STATE_ABSENT);
    simulator_add_fault(client.simulator, 4, "duplicate-item");
    client_ask(&client, DESCRIBE);
    reply = (struct ec2_describe_reply){0};
    assert_int_equal(decode(&client, &reply), 0);
    assert_string_equal(reply.subnets.items[0].subnet_id, reply.subnets.items[2].subnet_id);
    assert_int_not_equal(reply.subnets.items[0].state, reply.subnets.items[2].state);
    simulator_add_fault(client.simulator, 5, "foreign-item");
    client_ask(&client, DESCRIBE);
    reply = (struct ec2_describe_reply){0};
    assert_int_equal(decode(&client, &reply), 0);
    assert_string_equal(reply.subnets.items[2].vpc_id, VPC_B);

    /* The same page again, then on. */
    simulator_add_fault(client.simulator, 6, "repeated-page");
    client_ask(&client, DESCRIBE "&MaxResults=5");
    token = client_text(&client, "nextToken");
    assert_string_not_equal(token, "");
    for (int i = 0; i < 3; i++) {
        CLEANUP(buf_free)
        struct buf encoded = {0};

        if (i == 1)
            simulator_add_fault(client.simulator, 8, "next-token-loop");
        form_encode(&encoded, token);
        client_ask(&client, DESCRIBE "&MaxResults=5&NextToken=%s", encoded.data);
        assert_ok(&client);
        reply = (struct ec2_describe_reply){0};
        assert_int_equal(decode(&client, &reply), 0);
        assert_int_equal(reply.subnets.n, 2);
        if (i == 0)
            assert_null(reply.next_token);
        else /* from here on for ever */
            token = arena_strdup(client.arena, reply.next_token);
    }
    assert_string_not_equal(token, "");
    client_stop(&client);
}

/* A token that made nothing is not remembered. */
static void test_lost_effect_and_token(void **state)
{
    struct client client;

    (void)state;
    start(&client);
    simulator_add_fault(client.simulator, 2, "lost-effect");
    client_ask(&client, "CreateRouteTable&VpcId=" VPC "&ClientToken=t");
    assert_ok(&client);
    assert_false(client.reply.changed);
    client_ask(&client, "CreateRouteTable&VpcId=" VPC "&ClientToken=t");
    assert_ok(&client);
    assert_true(client.reply.changed);
    /* and one whose answer was lost is */
    simulator_add_fault(client.simulator, 4, "lost-answer");
    client_ask(&client, "CreateRouteTable&VpcId=" VPC "&ClientToken=u");
    assert_int_equal(client.reply.status, 500);
    client_ask(&client, "CreateRouteTable&VpcId=" VPC "&ClientToken=u");
    assert_ok(&client);
    assert_false(client.reply.changed);
    client_stop(&client);
}

static const struct {
    const char *text, *message; /* NULL: right */
    unsigned line;
} files[] = {
    {"", NULL, 0},
    {"# nothing\n\n  \n", NULL, 0},
    {"3 hold\n 4\tstall # why\r\n5 dtd", NULL, 0},
    {"3 hold\nhold\n", "expected \"CALL-NUMBER FAULT\"", 2},
    {"0 hold", "expected \"CALL-NUMBER FAULT\"", 1},
    {"-1 hold", "expected \"CALL-NUMBER FAULT\"", 1},
    {"3", "expected \"CALL-NUMBER FAULT\"", 1},
    {"99999999999999999999999 hold", "expected \"CALL-NUMBER FAULT\"", 1},
    {"3 hold 4", "text behind the fault", 1},
    {"\n\n3 internal-eror\n", "did you mean \"internal-error\"?", 3},
    {"3 xyz\n", "no fault is called \"xyz\"", 1},
};

static void test_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        struct client client;
        struct json_error error = {0};
        int r;

        client_start(&client, 1);
        r = simulator_set_faults(client.simulator, files[i].text, strlen(files[i].text), &error);
        assert_int_equal(r, files[i].message ? -EINVAL : 0);
        if (files[i].message) {
            assert_int_equal(error.place.line, files[i].line);
            if (!strstr(error.message, files[i].message))
                fail_msg("%s: got %s", files[i].text, error.message);
        }
        assert_int_equal(simulator_add_fault(client.simulator, 1, "xyz"), -ENOENT);
        client_stop(&client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_details),
        cmocka_unit_test(test_lost_effect_and_token),
        cmocka_unit_test(test_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
