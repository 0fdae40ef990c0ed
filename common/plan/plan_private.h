/* plan_private.h - the concerns of plan_new(); private to common/plan/. */
#pragma once

#include "resolve.h"

struct planning {
    struct plan *plan;
    struct arena *arena;
    const struct desired *desired;
    const struct snapshot *snapshot;
    const struct history *history;
    const struct config *config;
    size_t *zone_drifts; /* of desired->zones: the drift of each, or NO_CAUSE */
    size_t quota_drift;  /* or NO_CAUSE */
    size_t internet_gateway_drift, egress_only_internet_gateway_drift; /* or NO_CAUSE */
};

/* A drift with its row's defaults and its finding id; valid until the next one. NULL when one of
 * the lists that its row needs is incomplete: then the plan remembers which, and the drift is
 * unknown. */
struct plan_drift *planning_add_drift(struct planning *planning, enum drift code, const char *role);
/* An action of the newest drift. */
struct plan_action *planning_add_action(struct planning *planning, enum ec2_action call,
                                        const char *role);
/* False, and remembered as unknown, when one of the lists is incomplete. */
bool planning_knows(struct planning *planning, unsigned needs);
void planning_pending(struct planning *planning, const char *what);

void plan_groups(struct planning *planning);
void plan_internet_gateway(struct planning *planning);
void plan_egress_only_internet_gateway(struct planning *planning);
void plan_nat_gateways(struct planning *planning);
/* Why the next try at a gateway that failed has to wait, or NULL. */
const char *nat_gateway_rests(const struct planning *planning, const struct desired_zone *zone);
/* Could it be built, if it were given an address that nobody has yet? */
bool nat_gateway_wants_address(const struct planning *planning, const struct desired_zone *zone);
/* Before the gateways, whose repair it refuses as a whole. */
void plan_quota(struct planning *planning);
/* After the routes, whose drifts explain it. */
void plan_nat_subnets(struct planning *planning);
void plan_associations(struct planning *planning);
void plan_route_tables(struct planning *planning);
void plan_routes(struct planning *planning);
