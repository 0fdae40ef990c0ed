/* No tug-of-war (safety.md L2): when a repair that somebody undoes is held, and for how long. */
#include "nat_actions.h"

#include <limits.h>

#define HOUR 60 /* minutes */
#define REVERTS_MAX 10

struct revert {
    int ago_min; /* minutes; negative: dated into the future */
    unsigned attempt;
};

static void add(struct vpc *vpc, enum history_kind kind, int ago_min, unsigned attempt)
{
    CLEANUP(buf_free)
    struct buf lines = {0};
    struct history_record record = {
        .kind = kind, .wall_ms = vpc->now.wall_ms - (int64_t)ago_min * 60000, .attempt = attempt};

    HISTORY_SET(record.target, vpc->target.name);
    HISTORY_SET(record.role, vpc_drift(vpc, DRIFT_ROUTE_MISSING, 0)->finding);
    HISTORY_SET(record.action, "route-missing");
    history_add(vpc->history, &record, NULL, &lines);
}

static void add_reverts(struct vpc *vpc, const struct revert *reverts)
{
    for (size_t i = 0; i < REVERTS_MAX && (reverts[i].ago_min || reverts[i].attempt); i++) {
        add(vpc, HISTORY_REPAIRED, reverts[i].ago_min + 1, 0);
        add(vpc, HISTORY_SHOWN, reverts[i].ago_min + 1, 0);
        add(vpc, HISTORY_REVERTED, reverts[i].ago_min, reverts[i].attempt);
    }
}

static struct vpc *vpc_with_drift(void)
{
    struct vpc *vpc = vpc_new();

    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
    vpc_look(vpc);
    return vpc;
}

static void test_when_it_is_held(void **state)
{
    static const struct {
        const char *name;
        struct revert reverts[REVERTS_MAX];
        enum hold hold;
        unsigned level; /* of one more revert now */
    } rows[] = {
        {"nobody undid it", {{0}}, HOLD_NONE, 0},
        {"once", {{5, 0}}, HOLD_NONE, 0},
        {"twice within the hour: a third one holds", {{30, 0}, {5, 0}}, HOLD_NONE, 1},
        {"twice, one of them longer ago", {{HOUR, 0}, {5, 0}}, HOLD_NONE, 0},
        {"three times", {{10, 0}, {6, 0}, {1, 1}}, HOLD_CONTESTED, 2},
        {"three times over more than an hour", {{80, 0}, {45, 0}, {10, 0}}, HOLD_NONE, 1},
        {"held, just before its release", {{70, 0}, {65, 0}, {HOUR - 1, 1}}, HOLD_CONTESTED, 2},
        {"released after an hour", {{70, 0}, {65, 0}, {HOUR, 1}}, HOLD_NONE, 2},
        {"the second hold", {{HOUR * 3, 1}, {HOUR * 2 - 1, 2}}, HOLD_CONTESTED, 3},
        {"released after two hours", {{HOUR * 4, 1}, {HOUR * 2, 2}}, HOLD_NONE, 3},
        {"the third", {{HOUR * 4 - 1, 3}}, HOLD_CONTESTED, 4},
        {"released after four", {{HOUR * 4, 3}}, HOLD_NONE, 4},
        {"the fourth", {{HOUR * 8 - 1, 4}}, HOLD_CONTESTED, 5},
        {"released after eight", {{HOUR * 8, 4}}, HOLD_NONE, 5},
        {"the ninth takes no longer", {{HOUR * 8, 9}}, HOLD_NONE, 8},
        {"but as long", {{HOUR * 8 - 1, 9}}, HOLD_CONTESTED, 8},
        {"a level that no record of ours has", {{HOUR, UINT_MAX}}, HOLD_CONTESTED, 8},
        {"a quiet day", {{HOUR * 24, 4}}, HOLD_NONE, 0},
        {"nearly a quiet day", {{HOUR * 24 - 1, 4}}, HOLD_NONE, 5},
        {"dated into the far future", {{-2 * HOUR, 3}}, HOLD_NONE, 0},
        {"dated a little ahead", {{-5, 1}}, HOLD_CONTESTED, 2},
        {"eight in a day, none of them in haste",
         {{HOUR * 23, 0},
          {HOUR * 20, 0},
          {HOUR * 17, 0},
          {HOUR * 14, 0},
          {HOUR * 11, 0},
          {HOUR * 8, 0},
          {HOUR * 5, 0},
          {HOUR * 2, 0}},
         HOLD_CONTESTED,
         0},
        {"seven in a day",
         {{HOUR * 24, 0},
          {HOUR * 20, 0},
          {HOUR * 17, 0},
          {HOUR * 14, 0},
          {HOUR * 11, 0},
          {HOUR * 8, 0},
          {HOUR * 5, 0},
          {HOUR * 2, 0}},
         HOLD_NONE,
         0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_with_drift();
        const struct plan_drift *drift = vpc_drift(vpc, DRIFT_ROUTE_MISSING, 0);
        struct guard_policy policy = vpc_policy(vpc);
        struct guard_verdict *verdicts, *verdict;
        unsigned level;

        add_reverts(vpc, rows[i].reverts);
        guard_judge(vpc->arena, vpc->plan, vpc->desired, vpc->snapshot, &policy, &verdicts);
        verdict = &verdicts[drift - vpc->plan->drifts.items];
        if (verdict->hold != rows[i].hold)
            fail_msg("%s: \"%s\" (%s), expected \"%s\"", rows[i].name, hold_name(verdict->hold),
                     verdict->reason ? verdict->reason : "", hold_name(rows[i].hold));
        if (verdict->hold == HOLD_CONTESTED)
            assert_true(strstr(verdict->reason, "CloudTrail") && strstr(verdict->lifts, "20"));
        level =
            guard_contest_level(vpc->history, vpc->target.name, drift->finding, vpc->now.wall_ms);
        if (level != rows[i].level)
            fail_msg("%s: level %u, expected %u", rows[i].name, level, rows[i].level);
    }
}

/* What stands before it, and beside it. */
static void test_what_else_counts(void **state)
{
    static const struct revert held[REVERTS_MAX] = {{10, 0}, {6, 0}, {1, 1}};
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_with_drift();
    struct guard_policy policy;
    struct guard_verdict *verdicts;
    const struct plan_drift *drift, *other;

    (void)state;
    vpc_drop_route(vpc, "rtb-private-c", "0.0.0.0/0");
    vpc_look(vpc);
    add_reverts(vpc, held);
    drift = vpc_drift(vpc, DRIFT_ROUTE_MISSING, 0);
    other = vpc_drift(vpc, DRIFT_ROUTE_MISSING, 1);
    policy = vpc_policy(vpc);
    guard_judge(vpc->arena, vpc->plan, vpc->desired, vpc->snapshot, &policy, &verdicts);
    assert_int_equal(verdicts[drift - vpc->plan->drifts.items].hold, HOLD_CONTESTED);
    assert_int_equal(verdicts[other - vpc->plan->drifts.items].hold, HOLD_NONE);
    policy.paused = "a person looks at it";
    guard_judge(vpc->arena, vpc->plan, vpc->desired, vpc->snapshot, &policy, &verdicts);
    assert_int_equal(verdicts[drift - vpc->plan->drifts.items].hold, HOLD_PAUSED);
    assert_true(hold_is_settled(HOLD_CONTESTED));
}

/* The VPC, or a declared subnet, that another account owns (safety.md 1). */
static void test_what_is_shared_with_us(void **state)
{
    static const struct {
        const char *name, *subnet; /* NULL: the VPC itself */
        const char *owner;
        enum hold hold;
    } rows[] = {
        {"the VPC", NULL, "999900001111", HOLD_NOT_OURS},
        {"the VPC, and nobody says whose", NULL, NULL, HOLD_NOT_OURS},
        {"a declared subnet", "subnet-private-c", "999900001111", HOLD_NOT_OURS},
        {"a declared subnet, and nobody says whose", "subnet-private-c", NULL, HOLD_NOT_OURS},
        {"all ours", "subnet-private-c", ACCOUNT, HOLD_NONE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_with_drift();
        struct plan_action action =
            vpc->plan->actions.items[vpc_drift(vpc, DRIFT_ROUTE_MISSING, 0)->first_action];
        const char *reason;
        enum hold hold;

        if (rows[i].subnet)
            vpc_subnet(vpc, rows[i].subnet)->owner_id = rows[i].owner;
        else
            vpc->observation.vpcs.items[0].owner_id = rows[i].owner;
        hold = vpc_judge(vpc, &action, &reason); /* of a plan that was made when all was ours */
        if (hold != rows[i].hold)
            fail_msg("%s: \"%s\"", rows[i].name, hold_name(hold));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_when_it_is_held),
        cmocka_unit_test(test_what_else_counts),
        cmocka_unit_test(test_what_is_shared_with_us),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
