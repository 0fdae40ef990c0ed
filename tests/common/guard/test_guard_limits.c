/* How much guard_judge() lets through at once (S9): changes of a pass and of an hour, zones and
 * tables of working values, and none in a mass drift. */
#include "judged_plans.h"

static void changed(struct vpc *vpc, const char *target, int64_t ago_ms, bool counted, unsigned n)
{
    struct history_record record = {
        .kind = HISTORY_CHANGE, .wall_ms = WALL_MS - ago_ms, .counted = counted};
    CLEANUP(buf_free)
    struct buf lines = {0};

    HISTORY_SET(record.target, target);
    HISTORY_SET(record.role, "x");
    while (n-- > 0)
        history_add(vpc->history, &record, NULL, &lines);
}

static void both_gateways_gone(struct vpc *vpc)
{
    no_igw(vpc);
    no_eigw(vpc);
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

/* Gateways count (two calls for an IGW, one for an EIGW), a route that turns a dead path live never
 * does, whatever is left (S9). */
static void test_limits_of_pass_and_hour(void **state)
{
    static const struct {
        const char *name;
        unsigned per_pass, per_hour, before; /* counted changes of this hour */
        enum hold igw, eigw;
    } rows[] = {
        {"enough of both", 20, 60, 0, HOLD_NONE, HOLD_NONE},
        {"just enough", 3, 3, 0, HOLD_NONE, HOLD_NONE},
        {"one too few a pass", 2, 60, 0, HOLD_NONE, HOLD_LIMIT_PASS},
        {"one too few an hour", 20, 2, 0, HOLD_NONE, HOLD_LIMIT_HOUR},
        {"less than the IGW wants has a pass to itself", 1, 60, 0, HOLD_NONE, HOLD_LIMIT_PASS},
        {"some of the hour is used", 20, 60, 57, HOLD_NONE, HOLD_NONE},
        {"one of the hour is left", 20, 60, 59, HOLD_LIMIT_HOUR, HOLD_NONE},
        {"the hour is used up", 20, 60, 60, HOLD_LIMIT_HOUR, HOLD_LIMIT_HOUR},
        {"more than used up: the limit was lowered", 20, 10, 60, HOLD_LIMIT_HOUR, HOLD_LIMIT_HOUR},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;
        const struct guard_verdict *verdicts, *eigw;

        both_gateways_gone(vpc);
        vpc->target.changes_per_pass = rows[i].per_pass;
        vpc->target.changes_per_hour = rows[i].per_hour;
        changed(vpc, "test", 600000, true, rows[i].before);
        changed(vpc, "test", 600000, false, 100); /* not counted */
        changed(vpc, "test", 3600000, true, 100); /* an hour ago */
        changed(vpc, "other", 600000, true, 100); /* another target's */
        vpc_look(vpc);
        policy = vpc_policy(vpc);
        verdicts = judge(vpc, &policy);
        assert_hold(rows[i].name, verdict_of(vpc, verdicts, DRIFT_INTERNET_GATEWAY_MISSING, 0),
                    rows[i].igw);
        eigw = verdict_of(vpc, verdicts, DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING, 0);
        assert_hold(rows[i].name, eigw, rows[i].eigw);
        if (rows[i].before && eigw->hold == HOLD_LIMIT_HOUR) {
            char until[25];

            time_iso8601(WALL_MS - 600000 + 3600000, until);
            assert_non_null(strstr(eigw->reason, until));
        }
        VEC_EACH (drift, &vpc->plan->drifts)
            if (drift->code == DRIFT_ROUTE_MISSING && drift->cause == NO_CAUSE)
                assert_hold(rows[i].name, &verdicts[drift - vpc->plan->drifts.items], HOLD_NONE);
    }
}

/* A second private table in zone a, and as many tables of nobody as asked for. */
static void more_tables(struct vpc *vpc, unsigned n_idle)
{
    vpc_add_table(vpc, "rtb-private-a2", "vpc-1");
    vpc_add_route(vpc, "rtb-private-a2", "0.0.0.0/0", "nat-a");
    vpc_add_route(vpc, "rtb-private-a2", "::/0", "eigw-1");
    vpc_add_subnet(vpc, "subnet-private-a2", "vpc-1", ZONE_A, "10.0.18.0/24", "rtb-private-a2");
    vpc_declare(vpc, "functions", "subnet-private-a2");
    for (unsigned i = 0; i < n_idle; i++)
        vpc_add_table(vpc, arena_printf(vpc->arena, "rtb-idle-%02u", i), "vpc-1");
}

static const char *const private_tables[] = {"rtb-private-a", "rtb-private-a2", "rtb-private-c"};

static void expose(struct vpc *vpc, const char *table)
{
    vpc_retarget(vpc_route(vpc, table, "0.0.0.0/0"), "igw-1");
}

static const struct guard_verdict *
verdict_of_table(struct vpc *vpc, const struct guard_verdict *verdicts, const char *table)
{
    VEC_EACH (drift, &vpc->plan->drifts)
        if (text_equal(drift->resource, table))
            return &verdicts[drift - vpc->plan->drifts.items];
    fail_msg("no drift of %s", table);
    return NULL;
}

/* Where a working value is replaced: one zone a pass, a quarter of the tables, at least one (S9).
 */
static void test_one_zone_and_a_quarter_of_the_tables(void **state)
{
    static const struct {
        const char *name;
        unsigned n_idle; /* beside six of the VPC */
        bool lies;       /* the plan says that each is dead */
        const char *carried_out;
        enum hold hold[3];
    } rows[] = {
        {"six tables: one", 0, false, NULL, {HOLD_NONE, HOLD_LIMIT_PASS, HOLD_LIMIT_PASS}},
        {"eight tables: two, in one zone", 2, false, NULL, {HOLD_NONE, HOLD_NONE, HOLD_LIMIT_PASS}},
        {"sixteen tables: the other zone waits",
         10,
         false,
         NULL,
         {HOLD_NONE, HOLD_NONE, HOLD_LIMIT_PASS}},
        {"one was carried out in this pass",
         0,
         false,
         "rtb-private-a",
         {HOLD_NONE, HOLD_LIMIT_PASS, HOLD_LIMIT_PASS}},
        {"the plan calls them dead", 0, true, NULL, {HOLD_NONE, HOLD_LIMIT_PASS, HOLD_LIMIT_PASS}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;
        struct guard_verdict *verdicts;
        bool *done;

        more_tables(vpc, rows[i].n_idle);
        for (size_t t = 0; t < ARRAY_SIZE(private_tables); t++)
            expose(vpc, private_tables[t]);
        vpc_look(vpc);
        assert_int_equal(vpc->plan->drifts.n, 3);
        policy = vpc_policy(vpc);
        done = ARENA_ARRAY(vpc->arena, bool, 3);
        for (size_t d = 0; d < 3; d++) {
            done[d] = text_equal(vpc->plan->drifts.items[d].resource, rows[i].carried_out);
            vpc->plan->actions.items[d].revives = rows[i].lies;
        }
        policy.carried_out = done;
        verdicts = judge(vpc, &policy);
        for (size_t t = 0; t < ARRAY_SIZE(private_tables); t++)
            assert_hold(rows[i].name, verdict_of_table(vpc, verdicts, private_tables[t]),
                        rows[i].hold[t]);
    }
}

/* A quarter of three tables is none, and one is always changed. */
static void test_at_least_one_table(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    struct guard_policy policy;
    size_t kept = 0;

    (void)state;
    for (size_t i = 0; i < vpc->observation.route_tables.n; i++) {
        const struct ec2_route_table *table = &vpc->observation.route_tables.items[i];

        if (!text_equal(table->route_table_id, "rtb-other") &&
            !text_equal(table->route_table_id, "rtb-private-c"))
            vpc->observation.route_tables.items[kept++] = *table;
    }
    vpc->observation.route_tables.n = kept;
    expose(vpc, "rtb-private-a");
    vpc_look(vpc);
    assert_int_equal(vpc->snapshot->n_route_tables, 3);
    policy = vpc_policy(vpc);
    assert_hold("one of three",
                verdict_of(vpc, judge(vpc, &policy), DRIFT_PRIVATE_SUBNET_EXPOSED, 0), HOLD_NONE);
}

/* What is more than that by itself is no less done: it has a pass to itself. */
static void test_a_table_of_many_subnets(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    struct guard_policy policy;
    struct guard_verdict *verdicts;

    (void)state;
    copy_whole(vpc);
    vpc_add_subnet(vpc, "subnet-private-a2", "vpc-1", ZONE_A, "10.0.18.0/24", "rtb-private-c");
    vpc_add_subnet(vpc, "subnet-private-a3", "vpc-1", ZONE_A, "10.0.19.0/24", "rtb-private-c");
    vpc_declare(vpc, "functions", "subnet-private-a2");
    vpc_declare(vpc, "functions", "subnet-private-a3");
    vpc->target.policies[DRIFT_ROUTE_TABLE_SHARED] = DRIFT_AUTO;
    vpc->target.policy_said[DRIFT_ROUTE_TABLE_SHARED] = true;
    vpc_look(vpc);
    assert_int_equal(vpc->plan->actions.n, 3);
    assert_true(vpc->snapshot->n_route_tables / 4 < 3);
    policy = vpc_policy(vpc);
    verdicts = judge(vpc, &policy);
    assert_hold("three subnets", verdict_of(vpc, verdicts, DRIFT_ROUTE_TABLE_SHARED, 0), HOLD_NONE);
}

/* Half a repair helps nobody: what began in this pass goes on whatever the limits say, and the rest
 * has less. */
static void test_limits_let_a_repair_end(void **state)
{
    (void)state;
    for (unsigned begun = 0; begun < 2; begun++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;
        const struct guard_verdict *verdicts;

        both_gateways_gone(vpc);
        changed(vpc, "test", 1000, true, 60);
        vpc_look(vpc);
        policy = vpc_policy(vpc);
        if (begun)
            policy.begun = vpc_drift(vpc, DRIFT_INTERNET_GATEWAY_MISSING, 0);
        verdicts = judge(vpc, &policy);
        assert_hold("begun", verdict_of(vpc, verdicts, DRIFT_INTERNET_GATEWAY_MISSING, 0),
                    begun ? HOLD_NONE : HOLD_LIMIT_HOUR);
        assert_hold("not begun",
                    verdict_of(vpc, verdicts, DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING, 0),
                    HOLD_LIMIT_HOUR);
    }
}

static void test_dead_paths_are_not_limited(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    struct guard_policy policy;
    struct guard_verdict *verdicts;

    (void)state;
    more_tables(vpc, 0);
    for (size_t t = 0; t < ARRAY_SIZE(private_tables); t++)
        dead_nat(vpc, private_tables[t], arena_printf(vpc->arena, "nat-old-%zu", t),
                 EC2_STATE_DELETED);
    vpc->target.changes_per_pass = 1;
    vpc->target.changes_per_hour = 1;
    changed(vpc, "test", 1000, true, 5);
    vpc_look(vpc);
    policy = vpc_policy(vpc);
    verdicts = judge(vpc, &policy);
    for (size_t t = 0; t < ARRAY_SIZE(private_tables); t++)
        assert_hold(private_tables[t], verdict_of_table(vpc, verdicts, private_tables[t]),
                    HOLD_NONE);
}

/* ---- mass drift ---- */

static void test_mass_drift(void **state)
{
    static const struct {
        const char *name, *functions, *public; /* as last healthy; two subnets each now */
        enum hold hold;
    } rows[] = {
        {"never healthy", NULL, NULL, HOLD_NONE},
        {"as it was", "2", "2", HOLD_NONE},
        {"grown", "1", "1", HOLD_NONE},
        {"one of three gone", "3", "2", HOLD_NONE},
        {"half gone", "4", "2", HOLD_NONE},
        {"over half gone", "5", "2", HOLD_MASS_DRIFT},
        {"over half of the other group gone", "2", "5", HOLD_MASS_DRIFT},
        {"half of each gone", "4", "4", HOLD_NONE},
        {"not a number", "many", "", HOLD_NONE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;
        const struct guard_verdict *verdict;

        route_missing(vpc);
        if (rows[i].functions)
            vpc_wire(vpc, "subnet-count/functions", rows[i].functions);
        if (rows[i].public)
            vpc_wire(vpc, "subnet-count/public", rows[i].public);
        vpc_look(vpc);
        policy = vpc_policy(vpc);
        verdict = verdict_of(vpc, judge(vpc, &policy), DRIFT_ROUTE_MISSING, 0);
        assert_hold(rows[i].name, verdict, rows[i].hold);
        if (verdict->hold == HOLD_MASS_DRIFT)
            assert_non_null(strstr(verdict->lifts, "reload"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits_of_pass_and_hour),
        cmocka_unit_test(test_one_zone_and_a_quarter_of_the_tables),
        cmocka_unit_test(test_at_least_one_table),
        cmocka_unit_test(test_a_table_of_many_subnets),
        cmocka_unit_test(test_limits_let_a_repair_end),
        cmocka_unit_test(test_dead_paths_are_not_limited),
        cmocka_unit_test(test_mass_drift),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
