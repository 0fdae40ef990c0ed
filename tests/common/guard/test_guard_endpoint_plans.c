/* Plans of endpoints before guard_judge(): a path that is called dead, and EC2's slow bucket. */
#include "endpoint_actions.h"

/* A plan that calls a working path dead is not believed: the drift asks for approval. */
static void test_path_is_dead(void **state)
{
    static const struct {
        bool cut_off, auto_is_true;
    } rows[] = {{false, false}, {true, true}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;
        struct guard_verdict *verdicts;
        struct plan_drift *drift;

        vpc_make_endpoints(vpc);
        s3_gone(vpc);
        if (rows[i].cut_off)
            vpc_cut_off_functions(vpc);
        vpc_look(vpc);
        drift = vpc_drift(vpc, DRIFT_ENDPOINT_MISSING, 0);
        assert_int_equal(drift->policy, rows[i].cut_off ? DRIFT_AUTO : DRIFT_APPROVE);
        drift->policy = DRIFT_AUTO;
        policy = vpc_policy(vpc);
        guard_judge(vpc->arena, vpc->plan, vpc->desired, vpc->snapshot, &policy, &verdicts);
        assert_int_equal(verdicts[drift - vpc->plan->drifts.items].hold,
                         rows[i].auto_is_true ? HOLD_NONE : HOLD_APPROVAL);
    }
}

static void changed(struct vpc *vpc, const char *role, int64_t ms_ago)
{
    struct history_record record = {.kind = HISTORY_CHANGE, .wall_ms = WALL_MS - ms_ago};
    CLEANUP(buf_free)
    struct buf lines = {0};

    HISTORY_SET(record.target, vpc->target.name);
    HISTORY_SET(record.role, role);
    history_add(vpc->history, &record, NULL, &lines);
}

/* The slow bucket: three calls about endpoints in ten seconds, those of the passes before included.
 */
static void test_slow_bucket(void **state)
{
    static const char *const more[] = {"sqs", "sns", "sts", "kms"};
    static const struct {
        int64_t ms_ago[2]; /* of the two endpoints that are there; 0: longer */
        unsigned n_let;
    } rows[] = {{{0, 0}, 3}, {{9000, 0}, 2}, {{9000, 100}, 1}, {{10000, 11000}, 3}};

    (void)state;
    for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;
        struct guard_verdict *verdicts;
        unsigned n_let = 0, n_held = 0;

        vpc_make_endpoints(vpc);
        vpc_cut_off_functions(vpc);
        for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
            vpc_add_service(vpc, arena_printf(vpc->arena, SERVICE("%s"), more[i]), "Interface",
                            NULL);
            vpc_declare_endpoint(vpc, more[i], "interface")->security_groups =
                VPC_TEXTS(vpc, struct texts, "sg-endpoint");
        }
        for (size_t i = 0; i < 2; i++)
            if (rows[r].ms_ago[i])
                changed(vpc, i ? ROLE_LOGS : ROLE_S3, rows[r].ms_ago[i]);
        vpc_look(vpc);
        policy = vpc_policy(vpc);
        guard_judge(vpc->arena, vpc->plan, vpc->desired, vpc->snapshot, &policy, &verdicts);
        assert_int_equal(vpc->plan->drifts.n, 4);
        for (size_t i = 0; i < vpc->plan->drifts.n; i++) {
            n_let += verdicts[i].hold == HOLD_NONE;
            n_held += verdicts[i].hold == HOLD_LIMIT_PASS;
        }
        assert_int_equal(n_let, rows[r].n_let);
        assert_int_equal(n_held, 4 - rows[r].n_let);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path_is_dead),
        cmocka_unit_test(test_slow_bucket),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
