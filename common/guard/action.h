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

/* request.c. S2: a request says nothing that its judge does not look at. */
enum hold guard_request(const struct action_case *c);

/* route.c. S7: why a NAT gateway is no way out for what the table serves, or NULL. */
const char *nat_gateway_path(struct arena *arena, const struct snapshot *snapshot,
                             const struct route_table *table, const char *id);
/* route.c. S7: may what the table serves, or one subnet alone, go through an internet gateway? */
enum hold addresses_suffice(const struct action_case *c, const struct route_table *table,
                            const struct subnet *alone);

/* calls.c: may the repair of that drift have this call in it? */
bool guard_is_repair_of(const struct action_case *c, enum drift drift);

/* evidence.c: what the plan says of an action, seen again in the snapshot. */
/* Does it turn a path live that is dead now? */
bool evidence_revives(const struct plan_action *action, const struct desired *desired,
                      const struct snapshot *snapshot);
/* As above, or an endpoint of subnets that have no way out. */
bool evidence_path_is_dead(const struct plan_action *action, const struct desired *desired,
                           const struct snapshot *snapshot);
/* S6 (a): the route is a black hole, and its target is listed as gone. */
bool evidence_is_positive(const struct plan_action *action, const struct snapshot *snapshot);

/* It leads a default, or an association, back to what our own change of the last hour replaced
 * (design.md 6.4). */
bool evidence_of_undo(struct arena *arena, const struct plan_action *action,
                      const struct snapshot *snapshot, const struct guard_policy *policy);

/* contested.c. L2: is the finding held, as its repairs are undone? Sets *ret_reason and *ret_lifts,
 * in the arena. */
bool contested(struct arena *arena, const struct plan_drift *drift,
               const struct guard_policy *policy, const char **ret_reason, const char **ret_lifts);

enum hold judge_route(const struct action_case *c);
enum hold judge_association(const struct action_case *c);
enum hold judge_create_internet_gateway(const struct action_case *c);
enum hold judge_attach_internet_gateway(const struct action_case *c);
enum hold judge_create_egress_only_internet_gateway(const struct action_case *c);
enum hold judge_create_route_table(const struct action_case *c);
enum hold judge_replace_association(const struct action_case *c);
/* association.c: a declared subnet's association to the table that it had before our change. */
enum hold judge_association_undo(const struct action_case *c, const struct desired_subnet *subnet,
                                 const struct route_table *table);
/* The copy that the action's role and table belong to; NULL: none. */
const struct desired_copy *guard_copy(const struct action_case *c, const struct route_table *table);
enum hold judge_copied_route(const struct action_case *c, const struct desired_copy *copy);
/* S7: what a subnet would lose by changing tables, or NULL. */
const char *guard_lost_path(struct arena *arena, const struct snapshot *snapshot,
                            const struct route_table *from, const struct route_table *to);
enum hold judge_allocate_address(const struct action_case *c);
/* ipv6.c. S7: an IPv6 address must not open a way out that nobody declared. */
enum hold guard_ipv6_way_out(const struct action_case *c, const struct desired_subnet *subnet);
/* public_address.c: is the address, by its role, one for an interface? */
bool address_is_for_interface(const struct action_case *c);
enum hold judge_allocate_interface_address(const struct action_case *c);
enum hold judge_associate_address(const struct action_case *c);
enum hold judge_create_subnet(const struct action_case *c);
enum hold judge_modify_subnet_attribute(const struct action_case *c);
enum hold judge_associate_vpc_cidr_block(const struct action_case *c);
enum hold judge_associate_subnet_cidr_block(const struct action_case *c);
/* route.c. S2: does the table have the destination, which it lacks as a static route, by
 * propagation or advertisement, or may it by a prefix list? */
bool guard_route_is_not_ours(const struct route_table *table, const struct snapshot *snapshot,
                             const struct prefix *destination, enum hold *ret_hold);
/* route.c. S2: why the table is never written, or NULL. */
const char *guard_table_not_ours(struct arena *arena, const struct route_table *table,
                                 const struct desired *desired, const struct snapshot *snapshot);
enum hold judge_nat64_route(const struct action_case *c, const struct route_table *table,
                            enum target_kind kind, const char *target);
enum hold judge_create_nat_gateway(const struct action_case *c);
/* security_group.c. S1: the id alone; with an account, or another VPC, it means somebody else's. */
bool guard_group_is_here(const struct ec2_user_id_group_pair *pair);
enum hold judge_authorize_egress(const struct action_case *c);
/* endpoint.c: the declared endpoint of the action's role; NULL: none. */
const struct desired_endpoint *guard_endpoint(const struct action_case *c);
/* May the endpoint have that subnet (added->items[at]), table, security group, the private name? */
enum hold guard_endpoint_subnet(const struct action_case *c, const struct desired_endpoint *want,
                                const struct wire_texts *added, size_t at);
enum hold guard_endpoint_table(const struct action_case *c, const struct desired_endpoint *want,
                               const char *id);
enum hold guard_endpoint_group(const struct action_case *c, const struct desired_endpoint *want,
                               const char *id);
enum hold guard_private_dns(const struct action_case *c, const struct desired_endpoint *want,
                            const struct texts *group_ids, const char *ip_address_type);
enum hold judge_create_vpc_endpoint(const struct action_case *c);
/* endpoint_change.c */
enum hold judge_modify_vpc_endpoint(const struct action_case *c);
enum hold judge_endpoint_inbound(const struct action_case *c);
enum hold judge_modify_vpc_attribute(const struct action_case *c);
