/* Whose keys sign: accounts of the config, roles that are assumed, keys that end in mid-pass. */
#include "support/service.h"

#define ACCOUNT "111122223333"
#define ROLE "arn:aws:iam::" ACCOUNT ":role/vpc-reconciled"
#define MAIN_OF(members) "{\"accounts\": {\"prod\": {" members "}}}"

static void stage_account(struct stage *stage, const char *main_text)
{
    stage->trial->main_text = main_text;
    stage_config(stage, 0, ", \"account\": \"prod\"");
}

static uint64_t calls_of(const struct stage *stage, enum ec2_action action)
{
    return simulator_calls(stage->trial->simulator, action) - stage->calls[action];
}

static void delete_route(struct stage *stage)
{
    trial_call(stage->trial, "DeleteRoute", trial_text(IPV4, stage->world.private_table[0]));
}

static const struct calls one_route[] = {{EC2_CREATE_ROUTE, 1}, {EC2_DESCRIBE_VPCS, 0}};

/* The host's own keys, whose account is said: a target with one is repaired as any other. */
static void test_the_right_account(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    stage_account(&stage, MAIN_OF("\"id\": \"" ACCOUNT "\""));
    delete_route(&stage);
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, 180000);
    assert_sent(&stage, "the right account", one_route);
    assert_int_equal(calls_of(&stage, STS_GET_CALLER_IDENTITY), 1);
    assert_int_equal(calls_of(&stage, STS_ASSUME_ROLE), 0);
    stage_end(&stage);
}

/* Nothing is looked at, nothing is changed, and it is said once. */
static void test_another_account(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    stage_account(&stage, MAIN_OF("\"id\": \"444455556666\""));
    delete_route(&stage);
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, 3 * HOUR_MS);
    assert_sent(&stage, "another account", NOTHING);
    assert_int_equal(calls_of(&stage, STS_GET_CALLER_IDENTITY), 1);
    assert_int_equal(calls_of(&stage, EC2_DESCRIBE_VPCS), 0);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "account-mismatch"), 1);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, NULL), 1);
    assert_non_null(strstr(trial_last(stage.trial, EVENT_FINDING_HELD, NULL)->message,
                           "The keys are those of account " ACCOUNT ", but \"prod\" of "
                           "\"accounts\" is 444455556666."));
    /* Mended: it is asked anew, the finding is over, the repair comes. */
    stage_account(&stage, MAIN_OF("\"id\": \"" ACCOUNT "\""));
    trial_reload(stage.trial);
    trial_run(stage.trial, 180000);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "account-mismatch"), 1);
    assert_sent(&stage, "mended", one_route);
    stage_end(&stage);
}

static void test_another_account_once(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    stage_account(&stage, MAIN_OF("\"id\": \"444455556666\""));
    stage_mark(&stage);
    stage.trial->service = false;
    assert_int_equal(trial_once(stage.trial), MANAGER_DRIFT);
    assert_int_equal(calls_of(&stage, STS_GET_CALLER_IDENTITY), 1);
    stage_end(&stage);
}

/* Five hours with sessions of one: each is renewed at half of its life, and asked who it is. */
static void test_a_role(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    stage_account(&stage, MAIN_OF("\"id\": \"" ACCOUNT "\", \"assume_role\": \"" ROLE "\""));
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, 5 * HOUR_MS);
    assert_in_range(calls_of(&stage, STS_ASSUME_ROLE), 10, 12);
    assert_int_equal(calls_of(&stage, STS_GET_CALLER_IDENTITY), calls_of(&stage, STS_ASSUME_ROLE));
    delete_route(&stage);
    stage_mark(&stage);
    trial_run(stage.trial, 180000);
    assert_sent(&stage, "a role", one_route);
    /* A reload asks who it is, and leaves the keys as they are. */
    stage_mark(&stage);
    trial_reload(stage.trial);
    trial_run(stage.trial, 120000);
    assert_int_equal(calls_of(&stage, STS_ASSUME_ROLE), 0);
    assert_int_equal(calls_of(&stage, STS_GET_CALLER_IDENTITY), 1);
    stage_end(&stage);
}

/* The role does not exist for these keys: said with what to do, and STS is not stormed. */
static void test_a_role_that_is_denied(void **state)
{
    struct stage stage;
    const struct trial_event *event;

    (void)state;
    stage_begin(&stage, 0);
    stage_account(&stage, MAIN_OF("\"id\": \"444455556666\", \"assume_role\": "
                                  "\"arn:aws:iam::444455556666:role/x\""));
    delete_route(&stage);
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "a role that is denied", NOTHING);
    assert_in_range(calls_of(&stage, STS_ASSUME_ROLE), 20, 90);
    event = trial_last(stage.trial, EVENT_FINDING_HELD, "observation-incomplete");
    assert_non_null(event);
    if (!strstr(event->message, "AWS could not be asked: the role arn:aws:iam::444455556666:role/x "
                                "(\"accounts\" of the config) cannot be assumed with the keys of "
                                "AWS_ACCESS_KEY_ID: AssumeRole: AccessDenied"))
        fail_msg("%s", event->message);
    stage_end(&stage);
}

/* Two targets of one region in two accounts: each with its own keys, its own looks. */
static void test_two_accounts(void **state)
{
    struct stage stage;
    char second[4096];

    (void)state;
    stage_begin(&stage, 0);
    stage.trial->main_text = "{\"accounts\": {\"prod\": {\"id\": \"" ACCOUNT
                             "\", \"assume_role\": \"" ROLE "\"}, \"other\": {\"id\": "
                             "\"444455556666\"}}}";
    snprintf(second, sizeof(second),
             "{\"name\": \"second\", \"region\": \"ap-northeast-1\", \"account\": \"other\", "
             "\"vpc\": \"%s\", \"mode\": \"observe\"}",
             stage.world.foreign_vpc);
    stage.trial->second_text = second;
    stage_config(&stage, 0, ", \"account\": \"prod\"");
    delete_route(&stage);
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, 180000);
    assert_sent(&stage, "two accounts", one_route);
    assert_int_equal(calls_of(&stage, STS_ASSUME_ROLE), 1);
    assert_int_equal(calls_of(&stage, STS_GET_CALLER_IDENTITY), 2);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "account-mismatch"), 1);
    stage_end(&stage);
}

/* ---- keys that end in mid-pass ---- */

/* Every call is refused for a while: one refresh in each pass at most, no write, and then it goes
 * on.
 */
static void test_expired_in_mid_pass(void **state)
{
    static const char *const faults[] = {"expired-token", "request-expired", "auth-failure",
                                         "invalid-client-token-id"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
        struct stage stage;
        const struct trial_event *event;
        uint64_t describes;

        stage_begin(&stage, 0);
        stage_account(&stage, MAIN_OF("\"id\": \"" ACCOUNT "\", \"assume_role\": \"" ROLE "\""));
        trial_start(stage.trial);
        trial_run(stage.trial, 120000);
        delete_route(&stage);
        stage_mark(&stage);
        stage.trial->fault_action = "DescribeSubnets";
        stage.trial->fault = faults[i];
        trial_run(stage.trial, 10 * 60000);
        assert_sent(&stage, faults[i], NOTHING);
        describes = calls_of(&stage, EC2_DESCRIBE_SUBNETS);
        /* The holds grow to a minute: 1, 2, 4, ... s, then one each. */
        assert_in_range(calls_of(&stage, STS_ASSUME_ROLE), 3, 25);
        assert_in_range(describes, 8, 40);
        event = trial_last(stage.trial, EVENT_FINDING_HELD, "observation-incomplete");
        assert_non_null(event);
        assert_non_null(strstr(event->message, "AWS could not be asked: DescribeSubnets: "));
        assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "observation-incomplete"), 1);
        stage.trial->fault_action = stage.trial->fault = NULL;
        trial_run(stage.trial, 5 * 60000);
        assert_sent(&stage, faults[i], one_route);
        assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "observation-incomplete"),
                         1);
        stage_end(&stage);
    }
}

/* A change that is refused so: the pass ends, the next begins with new keys and carries it out. */
static void test_expired_at_a_change(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    stage_account(&stage, MAIN_OF("\"id\": \"" ACCOUNT "\", \"assume_role\": \"" ROLE "\""));
    trial_start(stage.trial);
    trial_run(stage.trial, 120000);
    delete_route(&stage);
    stage_mark(&stage);
    stage.trial->fault_action = "CreateRoute";
    stage.trial->fault = "expired-token";
    trial_run(stage.trial, 3 * 60000);
    assert_in_range(calls_of(&stage, EC2_CREATE_ROUTE), 1, 20);
    assert_in_range(calls_of(&stage, STS_ASSUME_ROLE), 1, calls_of(&stage, EC2_CREATE_ROUTE));
    stage.trial->fault_action = stage.trial->fault = NULL;
    trial_run(stage.trial, 5 * 60000);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_REPAIRED, "route-missing"), 1);
    stage_end(&stage);
}

/* The answer of STS comes late: a reload that drops the role, and a stop, wait for nothing. */
static void test_an_answer_that_is_late(void **state)
{
    (void)state;
    for (int reload = 0; reload < 2; reload++) {
        struct stage stage;

        stage_begin(&stage, 0);
        stage_account(&stage, MAIN_OF("\"id\": \"" ACCOUNT "\", \"assume_role\": \"" ROLE "\""));
        delete_route(&stage);
        stage_mark(&stage);
        stage.trial->slow_request = stage.trial->requests + 1;
        stage.trial->slow_ms = 20000;
        trial_start(stage.trial);
        trial_run(stage.trial, 1000);
        assert_int_equal(trial_calls_under_way(stage.trial, false), 1);
        if (!reload) {
            trial_end(stage.trial);
            assert_true(stage.trial->exited);
            assert_int_equal(stage.trial->exit_code, MANAGER_IN_SYNC);
        } else {
            stage.trial->main_text = NULL;
            stage_config(&stage, 0, "");
            trial_reload(stage.trial);
            trial_run(stage.trial, 180000);
            assert_sent(&stage, "after a reload", one_route);
        }
        assert_int_equal(calls_of(&stage, STS_ASSUME_ROLE), 1);
        stage_end(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_right_account),      cmocka_unit_test(test_another_account),
        cmocka_unit_test(test_another_account_once),   cmocka_unit_test(test_a_role),
        cmocka_unit_test(test_a_role_that_is_denied),  cmocka_unit_test(test_two_accounts),
        cmocka_unit_test(test_an_answer_that_is_late), cmocka_unit_test(test_expired_in_mid_pass),
        cmocka_unit_test(test_expired_at_a_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
