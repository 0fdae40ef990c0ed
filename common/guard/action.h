/* action.h - one action under judgement; private to common/guard/. */
#pragma once

#include "vpc_reconciled/guard.h"

struct action_case {
    struct arena *arena;
    const struct plan_action *action;
    const struct desired *desired;
    const struct snapshot *snapshot;
    const struct guard_policy *policy;
    const char **ret_reason;
};

/* Sets the reason and returns hold. */
enum hold refuse(const struct action_case *c, enum hold hold, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* route.c. S7: why a NAT gateway is no way out for what the table serves, or NULL. */
const char *nat_gateway_path(struct arena *arena, const struct snapshot *snapshot,
                             const struct route_table *table, const char *id);
/* route.c. S7: may what the table serves, or one subnet alone, go through an internet gateway? */
enum hold addresses_suffice(const struct action_case *c, const struct route_table *table,
                            const struct subnet *alone);

/* evidence.c: what the plan says of an action, seen again in the snapshot. */
/* Does it turn a path live that is dead now? */
bool evidence_revives(const struct plan_action *action, const struct desired *desired,
                      const struct snapshot *snapshot);
/* S6 (a): the route is a black hole, and its target is listed as gone. */
bool evidence_is_positive(const struct plan_action *action, const struct snapshot *snapshot);

enum hold judge_route(const struct action_case *c);
enum hold judge_association(const struct action_case *c);
enum hold judge_create_internet_gateway(const struct action_case *c);
enum hold judge_attach_internet_gateway(const struct action_case *c);
enum hold judge_create_egress_only_internet_gateway(const struct action_case *c);
enum hold judge_create_route_table(const struct action_case *c);
enum hold judge_replace_association(const struct action_case *c);
/* The copy that the action's role and table belong to; NULL: none. */
const struct desired_copy *guard_copy(const struct action_case *c, const struct route_table *table);
enum hold judge_copied_route(const struct action_case *c, const struct desired_copy *copy);
/* S7: what a subnet would lose by changing tables, or NULL. */
const char *guard_lost_path(struct arena *arena, const struct snapshot *snapshot,
                            const struct route_table *from, const struct route_table *to);
enum hold judge_allocate_address(const struct action_case *c);
enum hold judge_create_nat_gateway(const struct action_case *c);
