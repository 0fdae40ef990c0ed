/* Repairs that AWS refuses, loses, or lies about: what is tried again and when, what a person is
 * told, and that nothing is made twice (safety.md 2 and 4; S3, S9, L1). */
#include "support/service.h"

static void delete_route(struct stage *stage)
{
    trial_call(stage->trial, "DeleteRoute", trial_text(IPV4, stage->world.private_table[1]));
}

static void delete_gateway(struct stage *stage)
{
    trial_call(stage->trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", stage->world.eigw));
}

static const struct case_ {
    const char *name, *drift, *call;
    void (*break_it)(struct stage *stage);
    enum ec2_action action;
} cases[] = {
    {"a route", "route-missing", "CreateRoute", delete_route, EC2_CREATE_ROUTE},
    {"a gateway", "egress-only-internet-gateway-missing", "CreateEgressOnlyInternetGateway",
     delete_gateway, EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY},
};

static uint64_t sent(const struct stage *stage, enum ec2_action action)
{
    return simulator_calls(stage->trial->simulator, action) - stage->calls[action];
}

static void begin(struct stage *stage, const struct case_ *row, const char *fault)
{
    stage_begin(stage, 0);
    row->break_it(stage);
    stage_mark(stage);
    stage->trial->fault_action = row->call;
    stage->trial->fault = fault;
    trial_start(stage->trial);
}

/* ---- refused for good: said once, and tried again after ten minutes ---- */

static bool failed(const struct trial *trial)
{
    return trial_count(trial, EVENT_FINDING_FAILED, NULL) > 0;
}

static void test_refused(void **state)
{
    static const struct {
        const char *fault, *says;
    } refusals[] = {
        {"unauthorized-operation", "the role lacks ec2:"},
        {"address-limit-exceeded", "have that quota raised"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        for (size_t k = 0; k < ARRAY_SIZE(refusals); k++) {
            struct stage stage;

            begin(&stage, &cases[i], refusals[k].fault);
            if (!trial_run_until(stage.trial, HOUR_MS, failed)) {
                trial_print_events(stage.trial);
                fail_msg("%s, %s: it did not fail", cases[i].name, refusals[k].fault);
            }
            assert_int_equal(sent(&stage, cases[i].action), 1);
            if (!strstr(trial_last(stage.trial, EVENT_FINDING_FAILED, cases[i].drift)->message,
                        refusals[k].says))
                fail_msg("%s: %s", refusals[k].fault,
                         trial_last(stage.trial, EVENT_FINDING_FAILED, cases[i].drift)->message);
            /* It rests. */
            trial_run(stage.trial, 590000);
            assert_int_equal(sent(&stage, cases[i].action), 1);
            assert_int_equal(trial_count(stage.trial, EVENT_FINDING_FAILED, NULL), 1);
            /* A missing permission is a finding of its own, named once. */
            assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "permission-missing"),
                             k == 0);
            if (k == 0)
                assert_non_null(strstr(
                    trial_last(stage.trial, EVENT_FINDING_HELD, "permission-missing")->message,
                    ec2_action_table[cases[i].action].iam));
            /* Not in every pass, but not never. */
            trial_run(stage.trial, 2 * HOUR_MS);
            assert_in_range(sent(&stage, cases[i].action), 5, 14);
            stage.trial->fault_action = NULL;
            trial_run(stage.trial, HOUR_MS);
            assert_int_equal(trial_count(stage.trial, EVENT_FINDING_REPAIRED, cases[i].drift), 1);
            assert_non_null(strstr(stage.trial->status, "In sync"));
            assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "permission-missing"),
                             k == 0);
            stage_end(&stage);
        }
}

/* A repair of several steps whose second step AWS refuses leaves its first behind once, not once
 * more in every try. */
static void test_no_half_of_a_repair(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, WORLD_WITHOUT_NAT);
    trial_call(stage.trial, "DetachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", stage.world.igw, stage.world.vpc));
    trial_call(stage.trial, "DeleteInternetGateway",
               trial_text("InternetGatewayId=%s", stage.world.igw));
    stage_mark(&stage);
    stage.trial->fault_action = "AttachInternetGateway";
    stage.trial->fault = "unauthorized-operation";
    trial_start(stage.trial);
    trial_run(stage.trial, 3 * HOUR_MS);
    assert_int_equal(sent(&stage, EC2_CREATE_INTERNET_GATEWAY), 1);
    assert_true(sent(&stage, EC2_ATTACH_INTERNET_GATEWAY) > 5);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "permission-missing"), 1);
    stage.trial->fault_action = NULL;
    trial_run(stage.trial, HOUR_MS);
    assert_int_equal(sent(&stage, EC2_CREATE_INTERNET_GATEWAY), 1);
    assert_non_null(strstr(stage.trial->status, "In sync"));
    stage_end(&stage);
}

/* ---- refused for now: the next look decides, and no person is needed ---- */

static void test_refused_for_now(void **state)
{
    static const char *const refusals[] = {
        "request-limit-exceeded", "throttling",  "incorrect-state", "dependency-violation",
        "internal-error",         "unavailable", "html-500"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        for (size_t k = 0; k < ARRAY_SIZE(refusals); k++) {
            struct stage stage;

            begin(&stage, &cases[i], refusals[k]);
            assert_true(trial_run_until(stage.trial, HOUR_MS, calling));
            trial_run(stage.trial, 60000);
            /* Again after looks that come more and more slowly: AWS is not hammered. */
            assert_in_range(sent(&stage, cases[i].action), 2, 8);
            stage.trial->fault_action = NULL;
            trial_run(stage.trial, 900000);
            if (failed(stage.trial) ||
                trial_count(stage.trial, EVENT_FINDING_REPAIRED, cases[i].drift) != 1) {
                trial_print_events(stage.trial);
                fail_msg("%s, %s", cases[i].name, refusals[k]);
            }
            stage_end(&stage);
        }
}

/* ---- the answer is lost, the effect happened: found by looking, never made again ---- */

static void test_lost_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct stage stage;

        begin(&stage, &cases[i], "lost-answer");
        assert_true(trial_run_until(stage.trial, HOUR_MS, calling));
        stage.trial->fault_action = NULL;
        trial_run(stage.trial, HOUR_MS);
        if (sent(&stage, cases[i].action) != 1 || failed(stage.trial)) {
            trial_print_events(stage.trial);
            fail_msg("%s: sent %llu times", cases[i].name,
                     (unsigned long long)sent(&stage, cases[i].action));
        }
        assert_non_null(strstr(stage.trial->status, "In sync"));
        stage_end(&stage);
    }
}

/* ---- the answer is lost, and the config asks for something else by then: what was asked for first
 * has time to show, its bytes are not sent again, and nothing is made twice (design.md 6.7) ---- */

static const struct trial_sent *nth_sent(const struct stage *stage, enum ec2_action action,
                                         unsigned nth)
{
    for (size_t i = 0; i < stage->trial->n_sent; i++)
        if (stage->trial->sent[i].action == action && nth-- == 0)
            return &stage->trial->sent[i];
    return NULL;
}

static unsigned n_sent(const struct stage *stage, enum ec2_action action)
{
    unsigned n = 0;

    while (nth_sent(stage, action, n))
        n++;
    return n;
}

static const char *token_of(const struct trial_sent *sent)
{
    const char *token = strstr(sent->body, "ClientToken=");

    assert_non_null(token);
    return trial_text("%.*s", (int)strcspn(token, "&"), token);
}

/* The connection breaks under the nth request; the number of the create's when nth is 0. */
static uint64_t begin_losing(struct stage *stage, uint64_t nth, bool carried_out, uint64_t late_ms)
{
    begin(stage, &cases[1], NULL);
    stage->trial->fault_action = NULL;
    stage->trial->fail_request = nth;
    stage->trial->fail_r = -ECONNRESET;
    stage->trial->fail_sent = SENT_MAYBE;
    stage->trial->fail_carried_out = carried_out;
    stage->trial->visibility_ms = late_ms;
    trial_edit(stage->trial, NULL, "{", "{"); /* the same world in another simulator */
    assert_true(trial_run_until(stage->trial, HOUR_MS, calling));
    return stage->trial->requests;
}

static void test_lost_answer_and_another_request(void **state)
{
    static const struct {
        const char *name;
        bool carried_out, reloaded;
        unsigned n_soon, n_later;
        uint64_t late_ms; /* when it shows */
    } rows[] = {
        {"nothing happened, and the request is the same", false, false, 2, 2, 0},
        {"nothing happened, and it is another one", false, true, 1, 2, 0},
        {"it was made, and the request is the same", true, false, 1, 1, 0},
        {"it was made, and it is another one", true, true, 1, 1, 0},
        {"it was made and shows late, and the request is the same", true, false, 2, 2, 200000},
        {"it was made and shows late, and it is another one", true, true, 1, 1, 200000},
    };
    const enum ec2_action action = cases[1].action;
    struct stage stage;
    uint64_t create;

    (void)state;
    create = begin_losing(&stage, 0, false, 0);
    stage_end(&stage);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *gateways;

        (void)begin_losing(&stage, create, rows[i].carried_out, rows[i].late_ms);
        if (rows[i].reloaded) {
            stage_config(&stage, 0, ", \"tags\": {\"team\": \"network\"}");
            trial_reload(stage.trial);
        }
        trial_run(stage.trial, 280000);
        if (n_sent(&stage, action) != rows[i].n_soon) {
            trial_print_events(stage.trial);
            fail_msg("%s: sent %u times at first", rows[i].name, n_sent(&stage, action));
        }
        trial_run(stage.trial, HOUR_MS);
        if (n_sent(&stage, action) != rows[i].n_later) {
            trial_print_events(stage.trial);
            fail_msg("%s: sent %u times", rows[i].name, n_sent(&stage, action));
        }
        if (rows[i].n_later == 2 &&
            (strcmp(token_of(nth_sent(&stage, action, 0)), token_of(nth_sent(&stage, action, 1))) ==
             0) == rows[i].reloaded)
            fail_msg("%s: its token", rows[i].name);
        gateways = trial_call(stage.trial, "DescribeEgressOnlyInternetGateways", "");
        assert_int_equal(count_text(gateways, "<egressOnlyInternetGatewayId>eigw-"), 2);
        assert_non_null(strstr(stage.trial->status, "In sync"));
        stage_end(&stage);
    }
}

/* ---- the answer says done, and nothing happened: looked at for five minutes, then a person is
 * told ---- */

static void test_lost_effect(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct stage stage;

        begin(&stage, &cases[i], "lost-effect");
        assert_true(trial_run_until(stage.trial, HOUR_MS, calling));
        stage.trial->fault_action = NULL;
        trial_run(stage.trial, 280000);
        assert_int_equal(sent(&stage, cases[i].action), 1); /* it may show yet (aws-facts 2.6) */
        assert_false(failed(stage.trial));
        trial_run(stage.trial, HOUR_MS);
        if (sent(&stage, cases[i].action) != 2) {
            trial_print_events(stage.trial);
            fail_msg("%s: sent %llu times", cases[i].name,
                     (unsigned long long)sent(&stage, cases[i].action));
        }
        assert_non_null(strstr(stage.trial->status, "In sync"));
        stage_end(&stage);
    }
}

/* ---- credentials that AWS stops to take: the pass is over, and who we are is asked anew ---- */

static void test_expired_credentials(void **state)
{
    struct stage stage;
    uint64_t identities;

    (void)state;
    begin(&stage, &cases[0], "expired-token");
    assert_true(trial_run_until(stage.trial, HOUR_MS, calling));
    identities = simulator_calls(stage.trial->simulator, STS_GET_CALLER_IDENTITY);
    trial_run(stage.trial, 2000);
    assert_false(failed(stage.trial));
    stage.trial->fault_action = "DescribeSubnets";
    trial_run(stage.trial, 60000);
    stage.trial->fault_action = NULL;
    trial_run(stage.trial, 600000);
    assert_true(simulator_calls(stage.trial->simulator, STS_GET_CALLER_IDENTITY) > identities);
    assert_non_null(strstr(stage.trial->status, "In sync"));
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_FAILED, NULL), 0);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_no_half_of_a_repair),
        cmocka_unit_test(test_refused_for_now),
        cmocka_unit_test(test_lost_answer),
        cmocka_unit_test(test_lost_answer_and_another_request),
        cmocka_unit_test(test_lost_effect),
        cmocka_unit_test(test_expired_credentials),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
