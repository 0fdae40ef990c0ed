/* The hard scenarios of a world that pushes back, by the project's numbers: others drain the
 * account's quota (12), another controller undoes the repair (24), the way to AWS is cut (25). Each
 * is judged twice: as shipped it must hold, and with the rule that it covers switched off it must
 * not (the extra test build, VPC_TEST_FAULTS). */
#include "support/nat_scenario.h"

#define MINUTE_MS ((uint64_t)60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
/* What a release may come late by: two looks, an interval apart, and what they take. */
#define LATE_MS (3 * MINUTE_MS)

static const struct nat_config as_declared = {0};

static const char *once(struct nat_stage *stage, int end, const struct expected_calls *calls)
{
    return once_sends(stage->trial, end, calls);
}

static const char *healthy(struct nat_stage *stage)
{
    nat_stage_config(stage, &as_declared);
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

static void serve(struct trial *trial)
{
    trial->service = true;
    trial->n_sent = 0;
    trial_forget_events(trial);
    trial_start(trial);
}

static void end_service(struct trial *trial)
{
    trial_stop(trial);
    trial->service = false;
}

static bool sent_more(const struct trial *trial)
{
    return trial->n_sent > trial->mark;
}

static bool reported(const struct trial *trial, enum event_kind kind, const char *drift)
{
    return trial_last(trial, kind, drift) != NULL;
}

/* The default of a table, as somebody else wants it. */
static void lose_the_default(struct nat_stage *stage)
{
    nat_drop_route(stage, stage->world.private_table[0]);
}

static void point_it_elsewhere(struct nat_stage *stage)
{
    nat_point_private(stage, 0, stage->world.nat[1]);
}

/* ---- 12: the account's quota is drained ---- */

static uint64_t describes(const struct trial *trial)
{
    uint64_t n = 0;

    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        if (ec2_action_table[i].describe)
            n += simulator_calls(trial->simulator, (enum ec2_action)i);
    return n;
}

/* One snapshot of all, in as many calls whatever is broken: one for each list. */
static const char *one_batched_snapshot(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;
    uint64_t calls[2];

    nat_stage_config(stage, &as_declared);
    trial->observe = true;
    for (size_t i = 0; i < 2; i++) {
        struct trial_calls before = trial_calls_now(trial);
        struct trial_calls now;

        calls[i] = describes(trial);
        (void)trial_once(trial);
        now = trial_calls_now(trial);
        for (size_t k = 0; k < EC2_ACTION_COUNT; k++)
            HOLDS(now.n[k] - before.n[k] <= 1);
        calls[i] = describes(trial) - calls[i];
        if (i == 0) {
            nat_delete_all(stage);
            for (size_t k = 0; k < 3; k++)
                nat_drop_route(stage, stage->world.private_table[k]);
        }
    }
    HOLDS(calls[0] == calls[1] && calls[0] <= TRIAL_LISTS);
    return NULL;
}

/* For two hours each DescribeNatGateways is refused: nothing is planned that rests on it, it is
 * said once, and we ask less and less. Then all goes on by itself. */
static const char *throttled_for_hours(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;
    uint64_t calls;

    CHECK(healthy(stage));
    lose_the_default(stage);
    trial->fault_action = "DescribeNatGateways";
    trial->fault = "request-limit-exceeded";
    serve(trial);
    calls = simulator_calls(trial->simulator, EC2_DESCRIBE_NAT_GATEWAYS);
    trial_run(trial, 2 * HOUR_MS);
    calls = simulator_calls(trial->simulator, EC2_DESCRIBE_NAT_GATEWAYS) - calls;
    HOLDS(trial->n_sent == 0);
    /* 1, 2, 4 ... 256 s, then every four to eight minutes, and three attempts each. */
    HOLDS(calls <= 3 * (9 + 30));
    HOLDS(trial_count(trial, EVENT_FINDING_HELD, "observation-incomplete") == 1);
    HOLDS(!reported(trial, EVENT_FINDING_OPENED, "nat-gateway-missing"));
    HOLDS(strncmp(trial->status, "Unknown", 7) == 0);
    trial->fault_action = NULL;
    trial_run(trial, 10 * MINUTE_MS);
    end_service(trial);
    HOLDS(trial->n_sent == 1 && trial->sent[0].action == EC2_CREATE_ROUTE);
    HOLDS(trial_count(trial, EVENT_FINDING_RESOLVED, "observation-incomplete") == 1);
    HOLDS(strncmp(trial->status, "In sync", 7) == 0);
    return NULL;
}

/* Once in a while a call gets through: 20 tokens a second, and others take nearly all of them. */
static const char *others_take_the_tokens(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;
    struct trial_calls before;
    uint64_t theirs = 0, all;

    trial->throttle = true;
    trial_edit(trial, NULL, "{", "{"); /* the same world in another simulator */
    nat_stage_config(stage, &as_declared);
    lose_the_default(stage);
    before = trial_calls_now(trial);
    serve(trial);
    for (unsigned i = 0; i < 5 * 60 * 10; i++) {
        theirs++;
        while (trial_try(trial, "DescribeRouteTables", "MaxResults=5", NULL) == 200)
            theirs++;
        trial_run(trial, 100);
    }
    all = simulator_calls(trial->simulator, EC2_DESCRIBE_ROUTE_TABLES);
    HOLDS(all - before.n[EC2_DESCRIBE_ROUTE_TABLES] - theirs <= 60);
    trial_run(trial, 5 * MINUTE_MS); /* they have gone */
    end_service(trial);
    CHECK(trial_check_calls(trial, &before, CALLS({EC2_CREATE_ROUTE, 1})));
    HOLDS(strncmp(trial->status, "In sync", 7) == 0);
    return NULL;
}

/* ---- 24: somebody undoes it ---- */

/* For so long whoever it is undoes each of our calls, some time after it. */
static void fight(struct nat_stage *stage, void (*undo)(struct nat_stage *stage), uint64_t after_ms,
                  uint64_t for_ms)
{
    struct trial *trial = stage->trial;
    uint64_t until_ms = trial->now.monotonic_ms + for_ms;

    while (trial->now.monotonic_ms < until_ms) {
        trial->mark = trial->n_sent;
        if (!trial_run_until(trial, until_ms - trial->now.monotonic_ms, sent_more))
            break;
        trial_run(trial, after_ms);
        undo(stage);
    }
}

static bool about(uint64_t ms, uint64_t expected_ms)
{
    return ms >= expected_ms && ms <= expected_ms + LATE_MS;
}

static bool released_after(const struct trial *trial, size_t repair, uint64_t hours)
{
    return trial->n_sent > repair &&
           about(trial->sent[repair].at_ms - trial->sent[repair - 1].at_ms, hours * HOUR_MS);
}

/* Within a minute, for a day. */
static const char *undone_at_once(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;
    const struct trial_event *event;

    CHECK(healthy(stage));
    lose_the_default(stage);
    serve(trial);
    fight(stage, lose_the_default, 30000, DAY_MS);
    end_service(trial);
    HOLDS(trial->n_sent == 8);
    HOLDS(trial->sent[2].at_ms - trial->sent[0].at_ms < HOUR_MS);
    HOLDS(released_after(trial, 3, 1) && released_after(trial, 4, 2));
    HOLDS(released_after(trial, 5, 4) && released_after(trial, 6, 8));
    HOLDS(released_after(trial, 7, 8));
    HOLDS(trial_count(trial, EVENT_FINDING_CONTESTED, NULL) == 6); /* once for each hold */
    event = trial_last(trial, EVENT_FINDING_CONTESTED, "route-missing");
    HOLDS(strcmp(event->state, "contested") == 0 && strstr(event->message, "CloudTrail"));
    HOLDS(strstr(event->message, stage->world.private_table[0]));
    return NULL;
}

static const char *undone_three_times(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;

    CHECK(healthy(stage));
    lose_the_default(stage);
    serve(trial);
    fight(stage, lose_the_default, 30000, 50 * MINUTE_MS);
    end_service(trial);
    HOLDS(trial->n_sent == 3);
    return NULL;
}

/* It is held as well by the next process; a run by hand counts it as settled. */
static const char *restarted_while_held(struct nat_stage *stage)
{
    CHECK(undone_three_times(stage));
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(stage->trial, EVENT_FINDING_CONTESTED, "route-missing"));
    nat_stage_wait(stage, HOUR_MS);
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_CREATE_ROUTE, 1})));
    lose_the_default(stage); /* after a release the first one holds it again */
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    nat_stage_wait(stage, 2 * HOUR_MS - 5 * MINUTE_MS);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    nat_stage_wait(stage, 5 * MINUTE_MS);
    return once(stage, MANAGER_IN_SYNC, CALLS({EC2_CREATE_ROUTE, 1}));
}

/* A new process for each repair, killed before a look has shown it. */
static const char *restarted_after_each_repair(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;

    CHECK(healthy(stage));
    for (unsigned i = 0; i < 3; i++) {
        lose_the_default(stage);
        serve(trial);
        HOLDS(trial_run_until(trial, 10 * MINUTE_MS, sent_more) || trial->n_sent == 1);
        trial_run(trial, 500);
        end_service(trial);
        HOLDS(trial->n_sent == 1);
        trial->mark = 0;
        CHECK(once(stage, MANAGER_IN_SYNC, NO_CALLS));
    }
    lose_the_default(stage);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(trial, EVENT_FINDING_CONTESTED, "route-missing"));
    return NULL;
}

/* Losing the history costs time: three more, and it is held again. */
static const char *the_history_is_lost(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;

    CHECK(undone_three_times(stage));
    trial_set_file(trial, MANAGER_HISTORY_FILE, NULL);
    serve(trial);
    fight(stage, lose_the_default, 30000, 50 * MINUTE_MS);
    end_service(trial);
    HOLDS(trial->n_sent == 3 && trial_count(trial, EVENT_FINDING_CONTESTED, NULL) == 1);
    return NULL;
}

/* After a day without a revert the count begins anew. */
static const char *a_quiet_day(struct nat_stage *stage)
{
    CHECK(undone_three_times(stage));
    nat_stage_wait(stage, DAY_MS);
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_CREATE_ROUTE, 1})));
    lose_the_default(stage);
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_CREATE_ROUTE, 1})));
    return NULL;
}

/* Another drift of the same table is another matter. */
static const char *the_rest_is_repaired(struct nat_stage *stage)
{
    CHECK(undone_three_times(stage));
    nat_drop_route(stage, stage->world.private_table[1]);
    CHECK(once(stage, MANAGER_DRIFT, CALLS({EC2_CREATE_ROUTE, 1})));
    HOLDS(stage->trial->sent[0].action == EC2_CREATE_ROUTE &&
          strstr(stage->trial->sent[0].body, stage->world.private_table[1]));
    return NULL;
}

#define LOOKS_EVERY_FIVE_MINUTES "{\"interval\": \"5m\"}" /* a day of them is done sooner */

/* Too slow for three within an hour, and yet no more than eight times a day. */
static const char *undone_every_half_hour(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    lose_the_default(stage);
    stage->trial->main_text = LOOKS_EVERY_FIVE_MINUTES;
    serve(stage->trial);
    fight(stage, lose_the_default, 31 * MINUTE_MS, DAY_MS);
    end_service(stage->trial);
    HOLDS(stage->trial->n_sent == 8);
    HOLDS(reported(stage->trial, EVENT_FINDING_CONTESTED, "route-missing"));
    return NULL;
}

/* Quicker than our looks, as what EventBridge calls is: none of them ever shows the repair. */
static const char *undone_before_a_look(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;

    CHECK(healthy(stage));
    lose_the_default(stage);
    serve(trial);
    fight(stage, lose_the_default, 100, DAY_MS);
    end_service(trial);
    HOLDS(trial->n_sent >= 6 && trial->n_sent <= 8);
    HOLDS(!reported(trial, EVENT_FINDING_REPAIRED, "route-missing"));
    HOLDS(reported(trial, EVENT_FINDING_CONTESTED, "route-missing"));
    return NULL;
}

/* Terraform, every quarter of an hour, with another zone's gateway in its code. */
static const char *terraform_runs(struct nat_stage *stage)
{
    static const struct nat_config raised = {.repair = "\"route-cross-az\": \"auto\""};

    CHECK(healthy(stage));
    nat_stage_config(stage, &raised);
    point_it_elsewhere(stage);
    stage->trial->main_text = LOOKS_EVERY_FIVE_MINUTES;
    serve(stage->trial);
    fight(stage, point_it_elsewhere, 15 * MINUTE_MS, DAY_MS);
    end_service(stage->trial);
    HOLDS(stage->trial->n_sent >= 6 && stage->trial->n_sent <= 8);
    HOLDS(reported(stage->trial, EVENT_FINDING_CONTESTED, "route-cross-az"));
    return NULL;
}

/* The one whose next input comes first is run up to it: no clock ever goes back. */
static void run_both(struct trial *one, struct trial *other, uint64_t for_ms)
{
    uint64_t until_ms = one->now.monotonic_ms + for_ms;

    for (;;) {
        struct trial *next = trial_next_ms(one) <= trial_next_ms(other) ? one : other;
        uint64_t at_ms = trial_next_ms(next);

        if (at_ms > until_ms)
            break;
        trial_run(next, at_ms > next->now.monotonic_ms ? at_ms - next->now.monotonic_ms : 0);
    }
}

/* The same config but for what the functions' IPv6 goes through. */
static const char *opposite_config(const struct nat_stage *stage)
{
    static char text[sizeof(stage->config)];
    const char *word = strstr(stage->config, "\"egress-only-internet-gateway\"");

    snprintf(text, sizeof(text), "%.*s\"internet-gateway\"%s", (int)(word - stage->config),
             stage->config, word + strlen("\"egress-only-internet-gateway\""));
    return text;
}

/* Of three tables. The first that holds still leaves the other one nothing to undo. */
static const char *ends_as_one(const struct trial *one, const struct trial *other)
{
    HOLDS(one->n_sent <= 8 * 3 && other->n_sent <= 8 * 3);
    HOLDS(one->n_sent >= 2 * 3 && other->n_sent >= 2 * 3);
    HOLDS(reported(one, EVENT_FINDING_CONTESTED, NULL) ||
          reported(other, EVENT_FINDING_CONTESTED, NULL));
    return NULL;
}

/* Without a lease, each undoes what the other does. */
static const char *two_daemons(struct nat_stage *stage)
{
    static const struct nat_config raised = {
        .repair = "\"route-wrong-target\": \"auto\", \"private-subnet-exposed\": \"auto\""};
    struct trial *other = trial_new(7);
    const char *wrong;

    nat_stage_config(stage, &raised);
    simulator_free(other->simulator);
    other->simulator = stage->trial->simulator; /* one AWS, two hosts */
    other->now = stage->trial->now;
    other->config_text = opposite_config(stage);
    serve(stage->trial);
    serve(other);
    run_both(stage->trial, other, DAY_MS);
    wrong = ends_as_one(stage->trial, other);
    other->simulator = NULL;
    trial_free(other);
    end_service(stage->trial);
    return wrong;
}

/* alterNAT: the default leads to the interface of a NAT instance until the gateway is well. */
static const char *fails_over_to_an_instance(struct nat_stage *stage)
{
    const char *table = stage->world.private_table[0];

    CHECK(healthy(stage));
    nat_call(stage, "ReplaceRoute",
             trial_text(IPV4_DEFAULT "&NetworkInterfaceId=%s", table,
                        nat_add_interface(stage, stage->world.public_subnet[0])));
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(stage->trial, EVENT_FINDING_HELD, "route-foreign-target"));
    /* Its gateway goes as well: nothing is built for that table, which leads elsewhere. */
    serve(stage->trial);
    trial_run(stage->trial, 6 * HOUR_MS);
    end_service(stage->trial);
    HOLDS(stage->trial->n_sent == 0);
    HOLDS(trial_count(stage->trial, EVENT_FINDING_HELD, "route-foreign-target") == 1);
    nat_point_private(stage, 0, stage->world.nat[0]); /* it goes back by itself */
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* ---- 25: the way is cut ---- */

/* What this version can: when it sees old things, or nothing, it changes nothing, says so, and goes
 * on by itself. A probe of the data plane and a default that leads to another zone for a while are
 * another issue's: to this version, what reads "available" carries. */

static bool repairs(const struct trial *trial)
{
    return trial_last(trial, EVENT_FINDING_REPAIRING, "route-missing") != NULL;
}

/* The look at the pause file takes over two minutes, and what was observed before it is old. */
static const char *the_snapshot_is_old(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;

    CHECK(healthy(stage));
    lose_the_default(stage);
    trial->slow_pause_ms = 130000;
    serve(trial);
    HOLDS(!trial_run_until(trial, HOUR_MS, repairs));
    HOLDS(trial->n_sent == 0);
    trial->slow_pause_ms = 0;
    trial_run(trial, 10 * MINUTE_MS);
    end_service(trial);
    HOLDS(trial->n_sent == 1 && trial->sent[0].action == EC2_CREATE_ROUTE);
    return NULL;
}

static void cut_off(struct trial *trial, bool cut)
{
    trial->fail_all = cut;
    trial->fail_r = -ETIMEDOUT;
    trial->fail_sent = SENT_MAYBE;
}

/* Everything reads "available", and the daemon's own way to AWS goes through what does not carry.
 */
static const char *aws_cannot_be_reached(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;

    CHECK(healthy(stage));
    serve(trial);
    trial_run(trial, 5 * MINUTE_MS);
    HOLDS(strncmp(trial->status, "In sync", 7) == 0);
    cut_off(trial, true);
    lose_the_default(stage); /* unseen */
    trial_run(trial, 6 * HOUR_MS);
    HOLDS(trial->n_sent == 0);
    HOLDS(strncmp(trial->status, "Blind", 5) == 0);
    HOLDS(trial_count(trial, EVENT_FINDING_HELD, "blind") == 1);
    HOLDS(!reported(trial, EVENT_FINDING_OPENED, NULL)); /* unknown is not missing */
    HOLDS(trial_count(trial, EVENT_FINDING_HELD, "observation-incomplete") <= TRIAL_LISTS);
    cut_off(trial, false);
    trial_run(trial, 5 * MINUTE_MS);
    end_service(trial);
    HOLDS(trial->n_sent == 1 && trial->sent[0].action == EC2_CREATE_ROUTE);
    HOLDS(strncmp(trial->status, "In sync", 7) == 0);
    HOLDS(trial_count(trial, EVENT_FINDING_HELD, "observation-incomplete") ==
          trial_count(trial, EVENT_FINDING_RESOLVED, "observation-incomplete"));
    return NULL;
}

/* Between the looks and the write: whether it was carried out is not known, so the next look says.
 */
static const char *cut_off_at_the_write(struct nat_stage *stage)
{
    struct trial *trial = stage->trial;
    struct trial_calls before;

    CHECK(healthy(stage));
    lose_the_default(stage);
    before = trial_calls_now(trial);
    serve(trial);
    HOLDS(trial_run_until(trial, 10 * MINUTE_MS, repairs));
    cut_off(trial, true);
    trial_run(trial, 2 * HOUR_MS);
    HOLDS(trial->n_sent <= 1); /* into nowhere, once */
    CHECK(trial_check_calls(trial, &before, NO_CALLS));
    cut_off(trial, false);
    trial_run(trial, 5 * MINUTE_MS);
    end_service(trial);
    CHECK(trial_check_calls(trial, &before, CALLS({EC2_CREATE_ROUTE, 1})));
    HOLDS(strncmp(trial->status, "In sync", 7) == 0);
    return NULL;
}

/* ---- running ---- */

#define SCENARIO(number, name, flags, ...)                                                         \
    NAT_SCENARIO(scenario_##number##_##name, name, 41, flags, __VA_ARGS__)

SCENARIO(12, one_batched_snapshot, 0, NO_FAULT)
SCENARIO(12, throttled_for_hours, WORLD_PLAIN_TABLES, FAULT_PART_IS_WHOLE, FAULT_THROTTLING_IGNORED)
SCENARIO(12, others_take_the_tokens, WORLD_PLAIN_TABLES, NO_FAULT)
SCENARIO(24, undone_at_once, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, undone_three_times, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, restarted_while_held, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, restarted_after_each_repair, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, the_history_is_lost, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, a_quiet_day, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, the_rest_is_repaired, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, undone_every_half_hour, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, undone_before_a_look, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, terraform_runs, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, two_daemons, WORLD_PLAIN_TABLES, FAULT_CONTESTS_UNHELD)
SCENARIO(24, fails_over_to_an_instance, WORLD_PLAIN_TABLES, NO_FAULT)
SCENARIO(25, the_snapshot_is_old, WORLD_PLAIN_TABLES, FAULT_OLD_IS_NOW)
SCENARIO(25, aws_cannot_be_reached, WORLD_PLAIN_TABLES, NO_FAULT)
SCENARIO(25, cut_off_at_the_write, WORLD_PLAIN_TABLES, NO_FAULT)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(scenario_12_one_batched_snapshot),
        TEST(scenario_12_throttled_for_hours),
        TEST(scenario_12_others_take_the_tokens),
        TEST(scenario_24_undone_at_once),
        TEST(scenario_24_undone_three_times),
        TEST(scenario_24_restarted_while_held),
        TEST(scenario_24_restarted_after_each_repair),
        TEST(scenario_24_the_history_is_lost),
        TEST(scenario_24_a_quiet_day),
        TEST(scenario_24_the_rest_is_repaired),
        TEST(scenario_24_undone_every_half_hour),
        TEST(scenario_24_undone_before_a_look),
        TEST(scenario_24_terraform_runs),
        TEST(scenario_24_two_daemons),
        TEST(scenario_24_fails_over_to_an_instance),
        TEST(scenario_25_the_snapshot_is_old),
        TEST(scenario_25_aws_cannot_be_reached),
        TEST(scenario_25_cut_off_at_the_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
