/* guard_judge() on whole plans: policies, pause, second looks, and what follows from a repair that
 * is held. The plans are the planner's own, some of them falsified. */
#include "judged_plans.h"

/* ---- worlds ---- */

static void wrong_target(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-public", "::/0"), "eigw-1");
}

static void foreign_target(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "tgw-1");
}

static void no_ipv6_block(struct vpc *vpc)
{
    vpc_vpc(vpc, "vpc-1")->ipv6_cidr_block_associations.n = 0;
    vpc->target.ipv6_cidr = "amazon";
    vpc->target.policies[DRIFT_VPC_IPV6_MISSING] = DRIFT_AUTO;
    vpc->target.policy_said[DRIFT_VPC_IPV6_MISSING] = true;
}

static void detached_igw(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
    vpc_route(vpc, "rtb-public", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
    vpc_route(vpc, "rtb-public", "::/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void exposed(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "igw-1");
}

static void exposed_with_public_address(struct vpc *vpc)
{
    exposed(vpc);
    vpc_interface(vpc, "eni-private")->association_public_ip = "192.0.2.7";
}

static void lost_association(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
    vpc_wire(vpc, "association/subnet-private-a", "rtb-private-a");
}

static void nat_deleted(struct vpc *vpc)
{
    dead_nat(vpc, "rtb-private-a", "nat-old", EC2_STATE_DELETED);
}

static void active_to_a_deleted_nat(struct vpc *vpc)
{
    nat_deleted(vpc);
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_ACTIVE;
}

static void nat_failed(struct vpc *vpc)
{
    dead_nat(vpc, "rtb-private-a", "nat-old", EC2_STATE_FAILED);
}

static void nat_deleting(struct vpc *vpc)
{
    dead_nat(vpc, "rtb-private-a", "nat-old", EC2_STATE_DELETING);
}

static void nat_forgotten(struct vpc *vpc) /* a deleted one is listed for about an hour only */
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "nat-old");
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}

/* And no table that it could be given, nor one that could be made: it has what no copy would. */
static void main_table_only(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-main", "10.60.0.0/16", "vgw-1")->origin =
        EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
    vpc_disassociate(vpc, "rtb-private-c", "subnet-private-c");
    vpc_drop_route(vpc, "rtb-private-c", "0.0.0.0/0");
}

static void nat_gone_and_failed(struct vpc *vpc)
{
    nat_gone_address_free(vpc);
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_FAILED;
}

static void through_another_zone(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "nat-c");
}

/* Our own change led it to the gateway that is gone now, and what was there before works. */
static void undo_is_due(struct vpc *vpc)
{
    nat_gone(vpc);
    vpc_changed(vpc, "default/rtb-private-a/ipv4", "nat-c", "nat-a", 60000);
}

/* ---- reference plans ---- */

static void test_reference_plans_may_run(void **state)
{
    static const struct {
        const char *name;
        void (*arrange)(struct vpc *vpc);
        enum drift code;
    } rows[] = {
        {"route missing", route_missing, DRIFT_ROUTE_MISSING},
        {"route to a deleted NAT gateway", nat_deleted, DRIFT_ROUTE_BLACKHOLE},
        {"route to a forgotten NAT gateway", nat_forgotten, DRIFT_ROUTE_BLACKHOLE},
        {"exposed", exposed, DRIFT_PRIVATE_SUBNET_EXPOSED},
        {"no egress-only internet gateway", no_eigw, DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING},
        {"no internet gateway", no_igw, DRIFT_INTERNET_GATEWAY_MISSING},
        {"internet gateway detached", detached_igw, DRIFT_INTERNET_GATEWAY_DETACHED},
        {"association lost", lost_association, DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING},
        {"NAT gateway gone", nat_gone, DRIFT_NAT_GATEWAY_MISSING},
        {"NAT gateway gone, its address free", nat_gone_address_free, DRIFT_NAT_GATEWAY_MISSING},
        {"NAT gateway failed", nat_gone_and_failed, DRIFT_NAT_GATEWAY_FAILED},
        {"another zone's NAT gateway", through_another_zone, DRIFT_ROUTE_CROSS_AZ},
        {"no table", table_lost, DRIFT_ROUTE_TABLE_IMPLICIT},
        {"a shared table", table_shared, DRIFT_ROUTE_TABLE_SHARED},
        {"a shared table, its copy is empty", copy_made, DRIFT_ROUTE_TABLE_SHARED},
        {"a shared table, its copy is whole", copy_whole, DRIFT_ROUTE_TABLE_SHARED},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;

        rows[i].arrange(vpc);
        if (drift_table[rows[i].code].policy == DRIFT_APPROVE) {
            vpc->target.policies[rows[i].code] = DRIFT_AUTO;
            vpc->target.policy_said[rows[i].code] = true;
        }
        vpc_look(vpc);
        policy = vpc_policy(vpc);
        assert_hold(rows[i].name, verdict_of(vpc, judge(vpc, &policy), rows[i].code, 0), HOLD_NONE);
    }
}

/* ---- policy ---- */

#define SAYS_NOTHING (-1)

static void test_policy_matrix(void **state)
{
    static const struct {
        const char *name;
        void (*arrange)(struct vpc *vpc);
        enum drift code;
        int says; /* the config's word: enum drift_policy */
        bool approved, paused;
        enum hold hold;
    } rows[] = {
        /* auto by default */
        {"auto", route_missing, DRIFT_ROUTE_MISSING, SAYS_NOTHING, false, false, HOLD_NONE},
        {"auto, paused", route_missing, DRIFT_ROUTE_MISSING, SAYS_NOTHING, false, true,
         HOLD_PAUSED},
        {"auto, approved and paused", route_missing, DRIFT_ROUTE_MISSING, SAYS_NOTHING, true, true,
         HOLD_PAUSED},
        {"lowered to approve", route_missing, DRIFT_ROUTE_MISSING, DRIFT_APPROVE, false, false,
         HOLD_APPROVAL},
        {"lowered to approve, and approved", route_missing, DRIFT_ROUTE_MISSING, DRIFT_APPROVE,
         true, false, HOLD_NONE},
        {"lowered to report", route_missing, DRIFT_ROUTE_MISSING, DRIFT_REPORT, false, false,
         HOLD_REPORT},
        {"lowered to report, and approved", route_missing, DRIFT_ROUTE_MISSING, DRIFT_REPORT, true,
         false, HOLD_REPORT},
        /* approve by default */
        {"approve", wrong_target, DRIFT_ROUTE_WRONG_TARGET, SAYS_NOTHING, false, false,
         HOLD_APPROVAL},
        {"approve, paused", wrong_target, DRIFT_ROUTE_WRONG_TARGET, SAYS_NOTHING, false, true,
         HOLD_APPROVAL},
        {"approved", wrong_target, DRIFT_ROUTE_WRONG_TARGET, SAYS_NOTHING, true, false, HOLD_NONE},
        {"approved, paused", wrong_target, DRIFT_ROUTE_WRONG_TARGET, SAYS_NOTHING, true, true,
         HOLD_PAUSED},
        {"raised to auto", wrong_target, DRIFT_ROUTE_WRONG_TARGET, DRIFT_AUTO, false, false,
         HOLD_NONE},
        {"approve, lowered to report", wrong_target, DRIFT_ROUTE_WRONG_TARGET, DRIFT_REPORT, true,
         false, HOLD_REPORT},
        /* the case decides */
        {"exposed, nobody has a public address", exposed, DRIFT_PRIVATE_SUBNET_EXPOSED,
         SAYS_NOTHING, false, false, HOLD_NONE},
        {"exposed, somebody has", exposed_with_public_address, DRIFT_PRIVATE_SUBNET_EXPOSED,
         SAYS_NOTHING, false, false, HOLD_APPROVAL},
        {"exposed, somebody has, approved", exposed_with_public_address,
         DRIFT_PRIVATE_SUBNET_EXPOSED, SAYS_NOTHING, true, false, HOLD_NONE},
        {"exposed, somebody has, the config says auto", exposed_with_public_address,
         DRIFT_PRIVATE_SUBNET_EXPOSED, DRIFT_AUTO, false, false, HOLD_NONE},
        /* report, and nothing raises it: the plan gives no repair either */
        {"foreign", foreign_target, DRIFT_ROUTE_FOREIGN_TARGET, SAYS_NOTHING, false, false,
         HOLD_REPORT},
        {"foreign, the config says auto", foreign_target, DRIFT_ROUTE_FOREIGN_TARGET, DRIFT_AUTO,
         false, false, HOLD_REPORT},
        {"foreign, approved", foreign_target, DRIFT_ROUTE_FOREIGN_TARGET, DRIFT_AUTO, true, false,
         HOLD_REPORT},
        /* the plan has no repair: the most that there is to say */
        {"main table", main_table_only, DRIFT_ROUTE_MISSING, DRIFT_AUTO, true, true, HOLD_PLAN},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;
        const struct guard_verdict *verdict;
        const char *approved[1];

        rows[i].arrange(vpc);
        if (rows[i].says != SAYS_NOTHING) {
            vpc->target.policies[rows[i].code] = (uint8_t)rows[i].says;
            vpc->target.policy_said[rows[i].code] = true;
        }
        vpc_look(vpc);
        policy = vpc_policy(vpc);
        policy.paused = rows[i].paused ? "CHG-1" : NULL;
        if (rows[i].approved) {
            approved[0] = vpc_drift(vpc, rows[i].code, 0)->finding;
            policy.approved = (struct texts){approved, 1};
        }
        verdict = verdict_of(vpc, judge(vpc, &policy), rows[i].code, 0);
        assert_hold(rows[i].name, verdict, rows[i].hold);
        if (verdict->hold != HOLD_NONE && !verdict->lifts)
            fail_msg("%s: nothing says what lifts it", rows[i].name);
        if (verdict->hold == HOLD_PAUSED && !strstr(verdict->reason, "CHG-1"))
            fail_msg("%s: the reason of the pause is not told", rows[i].name);
    }
}

static void test_another_findings_approval_does_not_count(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    const char *approved[] = {"0000000000000000", "", "all", "*", "route-wrong-target"};
    struct guard_policy policy;

    (void)state;
    wrong_target(vpc);
    vpc_look(vpc);
    policy = vpc_policy(vpc);
    policy.approved = (struct texts){approved, ARRAY_SIZE(approved)};
    assert_hold("others", verdict_of(vpc, judge(vpc, &policy), DRIFT_ROUTE_WRONG_TARGET, 0),
                HOLD_APPROVAL);
}

static void test_observe_holds_everything(void **state)
{
    (void)state;
    for (unsigned why = 0; why < 3; why++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;

        route_missing(vpc);
        vpc->target.repair_mode = why != 0;
        vpc->target.observe_because = why == 1 ? "change_windows" : NULL;
        vpc_look(vpc);
        policy = vpc_policy(vpc);
        policy.observe_only = why == 2;
        assert_hold("observe", verdict_of(vpc, judge(vpc, &policy), DRIFT_ROUTE_MISSING, 0),
                    HOLD_OBSERVE);
    }
}

/* ---- second looks ---- */

static void test_confirmation(void **state)
{
    static const struct {
        const char *name;
        void (*arrange)(struct vpc *vpc);
        enum drift code;
        unsigned looks;
        uint64_t since_ms;
        enum hold hold;
        uint64_t in_ms; /* until the second look is due */
    } rows[] = {
        {"route, first look", route_missing, DRIFT_ROUTE_MISSING, 1, 0, HOLD_CONFIRM, 10000},
        {"route, one look long ago", route_missing, DRIFT_ROUTE_MISSING, 1, 60000, HOLD_CONFIRM, 0},
        {"route, second look too soon", route_missing, DRIFT_ROUTE_MISSING, 2, 9999, HOLD_CONFIRM,
         1},
        {"route, second look", route_missing, DRIFT_ROUTE_MISSING, 2, 10000, HOLD_NONE, 0},
        {"association, second look too soon", lost_association,
         DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING, 2, 9999, HOLD_CONFIRM, 1},
        {"association, second look", lost_association, DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING, 2,
         10000, HOLD_NONE, 0},
        {"create, first look", no_eigw, DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING, 1, 0,
         HOLD_CONFIRM, 60000},
        {"create, second look, as soon as for a route", no_eigw,
         DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING, 2, 10000, HOLD_CONFIRM, 50000},
        {"create, second look", no_eigw, DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING, 2, 60000,
         HOLD_NONE, 0},
        {"create of an IGW, many looks too soon", no_igw, DRIFT_INTERNET_GATEWAY_MISSING, 9, 59999,
         HOLD_CONFIRM, 1},
        {"create of an IGW", no_igw, DRIFT_INTERNET_GATEWAY_MISSING, 2, 60000, HOLD_NONE, 0},
        {"create of a NAT gateway, second look, as soon as for a route", nat_gone,
         DRIFT_NAT_GATEWAY_MISSING, 2, 10000, HOLD_CONFIRM, 50000},
        {"create of a NAT gateway", nat_gone, DRIFT_NAT_GATEWAY_MISSING, 2, 60000, HOLD_NONE, 0},
        {"attach, second look", detached_igw, DRIFT_INTERNET_GATEWAY_DETACHED, 2, 10000, HOLD_NONE,
         0},
        {"deleted NAT gateway, first look", nat_deleted, DRIFT_ROUTE_BLACKHOLE, 1, 0, HOLD_NONE, 0},
        {"failed NAT gateway, first look", nat_failed, DRIFT_ROUTE_BLACKHOLE, 1, 0, HOLD_NONE, 0},
        {"deleting NAT gateway, first look", nat_deleting, DRIFT_ROUTE_BLACKHOLE, 1, 0,
         HOLD_CONFIRM, 10000},
        {"forgotten NAT gateway, first look", nat_forgotten, DRIFT_ROUTE_BLACKHOLE, 1, 0,
         HOLD_CONFIRM, 10000},
        {"our own change did harm, first look", undo_is_due, DRIFT_ROUTE_BLACKHOLE, 1, 0,
         HOLD_CONFIRM, 10000},
        {"our own change did harm, second look", undo_is_due, DRIFT_ROUTE_BLACKHOLE, 2, 10000,
         HOLD_NONE, 0},
        {"forgotten NAT gateway, second look", nat_forgotten, DRIFT_ROUTE_BLACKHOLE, 2, 10000,
         HOLD_NONE, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_looks *looks;
        struct guard_policy policy;
        const struct guard_verdict *verdict;

        rows[i].arrange(vpc);
        vpc_look(vpc);
        policy = vpc_policy(vpc);
        looks = ARENA_ARRAY(vpc->arena, struct guard_looks, vpc->plan->drifts.n);
        for (size_t k = 0; k < vpc->plan->drifts.n; k++)
            looks[k] =
                (struct guard_looks){vpc->now.monotonic_ms - rows[i].since_ms, rows[i].looks};
        policy.looks = looks;
        verdict = verdict_of(vpc, judge(vpc, &policy), rows[i].code, 0);
        assert_hold(rows[i].name, verdict, rows[i].hold);
        if (verdict->hold == HOLD_CONFIRM)
            assert_int_equal(verdict->until_monotonic_ms, vpc->now.monotonic_ms + rows[i].in_ms);
    }
}

/* What a plan claims of evidence and of what it makes is seen again (S6). */
static void test_falsified_plans_wait_as_well(void **state)
{
    static const struct {
        const char *name;
        void (*arrange)(struct vpc *vpc);
        enum drift code;
        uint64_t in_ms;
    } rows[] = {
        {"absence called evident", route_missing, DRIFT_ROUTE_MISSING, 10000},
        {"a deleting NAT gateway called gone", nat_deleting, DRIFT_ROUTE_BLACKHOLE, 10000},
        {"an active route to a deleted NAT gateway called evident", active_to_a_deleted_nat,
         DRIFT_ROUTE_WRONG_TARGET, 10000},
        {"an undo called evident", undo_is_due, DRIFT_ROUTE_BLACKHOLE, 10000},
        {"a live route called evident", exposed, DRIFT_PRIVATE_SUBNET_EXPOSED, 10000},
        {"a create called a route, and evident", no_eigw,
         DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING, 60000},
        {"a block that is associated called a route, and evident", no_ipv6_block,
         DRIFT_VPC_IPV6_MISSING, 60000},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_looks *looks;
        struct guard_policy policy;
        const struct guard_verdict *verdict;

        rows[i].arrange(vpc);
        vpc_look(vpc);
        VEC_EACH (drift, &vpc->plan->drifts) {
            drift->positive_evidence = true;
            drift->confirm = CONFIRM_ROUTE;
        }
        policy = vpc_policy(vpc);
        looks = ARENA_ARRAY(vpc->arena, struct guard_looks, vpc->plan->drifts.n);
        for (size_t k = 0; k < vpc->plan->drifts.n; k++)
            looks[k] = (struct guard_looks){vpc->now.monotonic_ms, 1};
        policy.looks = looks;
        verdict = verdict_of(vpc, judge(vpc, &policy), rows[i].code, 0);
        assert_hold(rows[i].name, verdict, HOLD_CONFIRM);
        assert_int_equal(verdict->until_monotonic_ms, vpc->now.monotonic_ms + rows[i].in_ms);
    }
}

/* ---- what follows from another repair ---- */

static void test_what_follows_from_a_repair(void **state)
{
    static const struct {
        const char *name;
        void (*arrange)(struct vpc *vpc);
        enum drift cause, effect;
        int says; /* of the cause */
        enum hold cause_hold, effect_hold;
    } rows[] = {
        {"EIGW to be made", no_eigw, DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING,
         DRIFT_ROUTE_BLACKHOLE, SAYS_NOTHING, HOLD_NONE, HOLD_WAIT},
        {"EIGW held for approval", no_eigw, DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING,
         DRIFT_ROUTE_BLACKHOLE, DRIFT_APPROVE, HOLD_APPROVAL, HOLD_APPROVAL},
        {"EIGW only reported", no_eigw, DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING,
         DRIFT_ROUTE_BLACKHOLE, DRIFT_REPORT, HOLD_REPORT, HOLD_REPORT},
        {"IGW to be made", no_igw, DRIFT_INTERNET_GATEWAY_MISSING, DRIFT_ROUTE_MISSING,
         SAYS_NOTHING, HOLD_NONE, HOLD_WAIT},
        {"IGW only reported", no_igw, DRIFT_INTERNET_GATEWAY_MISSING, DRIFT_ROUTE_MISSING,
         DRIFT_REPORT, HOLD_REPORT, HOLD_REPORT},
        {"IGW to be attached: its routes come by themselves", detached_igw,
         DRIFT_INTERNET_GATEWAY_DETACHED, DRIFT_ROUTE_BLACKHOLE, SAYS_NOTHING, HOLD_NONE,
         HOLD_WAIT},
        {"IGW to be attached, only reported", detached_igw, DRIFT_INTERNET_GATEWAY_DETACHED,
         DRIFT_ROUTE_BLACKHOLE, DRIFT_REPORT, HOLD_REPORT, HOLD_REPORT},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;
        const struct guard_verdict *verdicts;

        rows[i].arrange(vpc);
        if (rows[i].says != SAYS_NOTHING) {
            vpc->target.policies[rows[i].cause] = (uint8_t)rows[i].says;
            vpc->target.policy_said[rows[i].cause] = true;
        }
        vpc_look(vpc);
        policy = vpc_policy(vpc);
        verdicts = judge(vpc, &policy);
        assert_hold(rows[i].name, verdict_of(vpc, verdicts, rows[i].cause, 0), rows[i].cause_hold);
        for (size_t n = 0; n < 2; n++)
            assert_hold(rows[i].name, verdict_of(vpc, verdicts, rows[i].effect, n),
                        rows[i].effect_hold);
    }
}

static void test_guard_action_is_asked(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    struct guard_policy policy;

    (void)state;
    route_missing(vpc);
    vpc_look(vpc);
    vpc->plan->actions.items[0].request.route_table_id = "rtb-9";
    policy = vpc_policy(vpc);
    assert_hold("another VPC's", verdict_of(vpc, judge(vpc, &policy), DRIFT_ROUTE_MISSING, 0),
                HOLD_NOT_OURS);
}

static void test_names(void **state)
{
    (void)state;
    for (int hold = 0; hold < HOLD_COUNT; hold++) {
        assert_true(strlen(hold_name((enum hold)hold)) > 3);
        for (int other = 0; other < hold; other++)
            assert_string_not_equal(hold_name((enum hold)hold), hold_name((enum hold)other));
    }
    /* design.md 9: what --once waits for, and what counts as settled. */
    assert_false(hold_is_settled(HOLD_NONE) || hold_is_settled(HOLD_CONFIRM) ||
                 hold_is_settled(HOLD_LIMIT_PASS) || hold_is_settled(HOLD_UNKNOWN) ||
                 hold_is_settled(HOLD_WAIT));
    assert_true(hold_is_settled(HOLD_APPROVAL) && hold_is_settled(HOLD_PAUSED) &&
                hold_is_settled(HOLD_LIMIT_HOUR) && hold_is_settled(HOLD_OBSERVE) &&
                hold_is_settled(HOLD_REPORT) && hold_is_settled(HOLD_MASS_DRIFT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference_plans_may_run),
        cmocka_unit_test(test_policy_matrix),
        cmocka_unit_test(test_another_findings_approval_does_not_count),
        cmocka_unit_test(test_observe_holds_everything),
        cmocka_unit_test(test_confirmation),
        cmocka_unit_test(test_falsified_plans_wait_as_well),
        cmocka_unit_test(test_what_follows_from_a_repair),
        cmocka_unit_test(test_guard_action_is_asked),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
