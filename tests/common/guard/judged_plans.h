/* judged_plans.h - guard_judge() on the planner's own plans, and worlds that more than one of its
 * tests has. */
#pragma once

#include "nat_actions.h"

static inline struct guard_verdict *judge(struct vpc *vpc, const struct guard_policy *policy)
{
    struct guard_verdict *verdicts;

    guard_judge(vpc->arena, vpc->plan, vpc->desired, vpc->snapshot, policy, &verdicts);
    return verdicts;
}

/* The verdict on the n-th drift of the code. */
static inline const struct guard_verdict *
verdict_of(struct vpc *vpc, const struct guard_verdict *verdicts, enum drift code, size_t n)
{
    const struct plan_drift *drift = vpc_drift(vpc, code, n);

    if (!drift)
        fail_msg("no %s in the plan", drift_table[code].code);
    return &verdicts[drift - vpc->plan->drifts.items];
}

static inline void assert_hold(const char *name, const struct guard_verdict *verdict,
                               enum hold hold)
{
    if (verdict->hold != hold || (verdict->reason != NULL) != (hold != HOLD_NONE))
        fail_msg("%s: \"%s\" (%s), expected \"%s\"", name, hold_name(verdict->hold),
                 verdict->reason ? verdict->reason : "", hold_name(hold));
}

static inline void route_missing(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static inline void no_eigw(struct vpc *vpc)
{
    vpc_eigw(vpc, "eigw-1")->attachments.n = 0;
    for (size_t i = 0; i < 2; i++)
        vpc_route(vpc, i ? "rtb-private-c" : "rtb-private-a", "::/0")->state = EC2_ROUTE_BLACKHOLE;
}

static inline void no_igw(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
    vpc_igw(vpc, "igw-1")->internet_gateway_id = "igw-stranger";
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
    vpc_drop_route(vpc, "rtb-public", "::/0");
}

static inline void dead_nat(struct vpc *vpc, const char *table, const char *nat,
                            enum ec2_state state)
{
    vpc_add_nat(vpc, nat, "vpc-1", "subnet-public-a")->state = (uint8_t)state;
    vpc_retarget(vpc_route(vpc, table, "0.0.0.0/0"), nat);
    vpc_route(vpc, table, "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}
