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
    size_t vpc_dns_drift;    /* the DNS attribute that is off, or NO_CAUSE */
    size_t *endpoint_drifts; /* of desired->endpoints: of what is missing, or NO_CAUSE */
    size_t vpc_ipv6_drift;   /* or NO_CAUSE */
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
/* Last: the message of each drift says whose subnets it is about, where that is Lambda's to know.
 */
void plan_name_capacity_providers(struct planning *planning);
/* "ipv6-block/functions/10.0.16.0/24": a subnet's IPv4 block outlives a rebuild, its id does not.
 */
const char *planning_subnet_role(const struct planning *planning, const char *what,
                                 const struct desired_subnet *subnet);
void plan_new_subnets(struct planning *planning);
void plan_ipv6(struct planning *planning);
/* After the routes, whose targets it needs. */
void plan_nat64(struct planning *planning);
/* After the internet gateway. */
void plan_public_ipv4(struct planning *planning);
/* What is there and should not be: report only. */
void plan_route_reports(struct planning *planning);
void plan_internet_gateway(struct planning *planning);
void plan_egress_only_internet_gateway(struct planning *planning);
void plan_nat_gateways(struct planning *planning);
/* Why the next try at a gateway that failed has to wait, or NULL. */
const char *nat_gateway_rests(const struct planning *planning, const struct desired_zone *zone);
/* Was it asked for, so that it holds its address already, and does not show yet? */
bool nat_gateway_hides(const struct planning *planning, const struct desired_zone *zone);
/* Could it be built, if it were given an address that nobody has yet? */
bool nat_gateway_wants_address(const struct planning *planning, const struct desired_zone *zone);
void plan_nat_coverage(struct planning *planning);
/* Before the gateways, whose repair it refuses as a whole. */
void plan_quota(struct planning *planning);
/* After the routes, whose drifts explain it. */
void plan_nat_subnets(struct planning *planning);
/* Services that groups with IPv6 alone cannot reach. */
void plan_services(struct planning *planning);
/* After all else, which explains what does not get there. */
void plan_reach(struct planning *planning);
void plan_associations(struct planning *planning);
void plan_route_tables(struct planning *planning);
void plan_routes(struct planning *planning);
void plan_security_groups(struct planning *planning);
/* The newest drift's action that leads the table's default of the family there; id NULL: to what a
 * role's id will be. */
struct plan_action *planning_add_default(struct planning *planning,
                                         const struct desired_table *table, enum family family,
                                         enum target_kind kind, const char *id);

/* Before the endpoints, whose private DNS wants them. */
void plan_vpc_dns(struct planning *planning);
/* After the route tables, and the copies of them, which gateway endpoints are entries of. */
void plan_endpoints(struct planning *planning);
/* What an endpoint that is there lacks. */
void plan_endpoint_changes(struct planning *planning, const struct desired_endpoint *want);
void plan_endpoint_inbound(struct planning *planning, const struct desired_endpoint *want);
/* Why its private DNS may not be turned on with these groups; with *ret_cause where a repair of
 * this plan comes first. */
const char *plan_private_dns_hold(struct planning *planning, const struct desired_endpoint *want,
                                  const struct texts *group_ids, size_t *ret_cause);

/* action_text_endpoint.c */
const char *endpoint_action_text(struct arena *arena, const struct plan_action *action);

/* ---- undo.c: what our own change did harm by ---- */
/* Positive evidence that what is sent to it is lost. */
bool route_is_listed_dead(const struct snapshot *snapshot, const struct route *route);
/* Has the gateway's own subnet a live route to an internet gateway? */
enum verdict nat_gateway_way_out(const struct snapshot *snapshot,
                                 const struct ec2_nat_gateway *gateway);
/* What the table's default led to before our change within the hour, where that is live and may be
 * put back; or NULL. */
const char *undo_default(const struct planning *planning, const struct desired_table *table,
                         enum family family, enum target_kind *ret_kind);
/* Actions of the newest drift: subnets that our change within the hour gave this table go back to
 * the one that they had, where that has a way out. False when there are none. */
bool plan_undo_associations(struct planning *planning, const struct desired_table *table,
                            enum family family);
/* Will the repair of that drift, or NO_CAUSE, come without a person? */
bool drift_repairs_itself(const struct planning *planning, size_t cause);
/* Why the default is not led to the declared target again: that was put back, and would do the same
 * harm again. NULL: nothing against it. */
const char *undo_forbids(const struct planning *planning, const struct desired_table *table,
                         enum family family);
