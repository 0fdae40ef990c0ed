/* reach_goals.h - what each group must reach, and whether it does; private to common/plan/. */
#pragma once

#include "plan_private.h"
#include "vpc_reconciled/reach.h"

struct reach_goal {
    const struct desired_group *group;
    const char *name;         /* "the internet over IPv4, port 443", "logs, port 443" */
    const char *role;         /* "reach/functions/internet/ipv4/443" */
    struct reach_query query; /* without the subnet; of the first way */
    bool ipv4, ipv6, nat64;   /* the ways; one that works is enough */
    bool implied; /* by the group's option for the family: its own drifts say what is wrong with it
                   */
};
typedef VEC(struct reach_goal) reach_goals;

/* Those of every group whose subnets are known: by its options, its services and "must_reach". */
void reach_goals_add(struct planning *planning, reach_goals *goals);
/* Of one subnet; the answer of the way that is nearest to working. */
struct reach_answer reach_goal_answer(const struct planning *planning,
                                      const struct reach_goal *goal, const char *subnet_id);
