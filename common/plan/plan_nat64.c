/* nat64-route-missing, dns64-off: IPv4 services for subnets that speak IPv6 alone (aws-facts 9.3).
 * The route first: with DNS64 on and no route, names that IPv4 would have reached lead nowhere. */
#include "plan_private.h"

static bool serves_nat64(const struct planning *planning, const struct route_table *table,
                         bool *ret_all)
{
    bool any = false;

    *ret_all = true;
    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];

        if (subnet->subnet->table != table)
            continue;
        any |= subnet->group->nat64 == 2;
        *ret_all &= subnet->group->nat64 == 2;
    }
    return any;
}

/* The zone of the first declared subnet: as that of the table's default. */
static const char *zone_of(const struct planning *planning, const struct route_table *table)
{
    for (size_t i = 0; i < planning->desired->n_subnets; i++)
        if (planning->desired->subnets[i].subnet->table == table)
            return planning->desired->subnets[i].subnet->az;
    return NULL;
}

static size_t drift_of_zone(const struct planning *planning, const struct desired_zone *zone)
{
    return zone ? planning->zone_drifts[zone - planning->desired->zones] : NO_CAUSE;
}

/* What keeps the route from being written, or NULL. */
static const char *why_not(const struct planning *planning, const struct desired_table *table,
                           const struct desired_zone *zone, const struct route *now, bool all)
{
    if (table->never)
        return table->never;
    if (!all)
        return "the table also serves subnets that do not declare \"nat64\"";
    if (now && (target_kind_is_foreign(now->kind) || now->origin != EC2_ORIGIN_CREATE_ROUTE))
        return arena_printf(planning->arena, "it leads to %s: somebody's design",
                            now->target_id ? now->target_id : target_kind_name(now->kind));
    if (!zone)
        return "no zone of \"nat_gateways\" serves this table's subnets";
    return zone->gateway ? NULL : zone->why_not;
}

static void plan_route(struct planning *planning, const struct desired_table *table,
                       const struct route *now, bool all)
{
    struct arena *arena = planning->arena;
    const struct desired_zone *zone =
        desired_find_zone(planning->desired, planning->snapshot, zone_of(planning, table->table));
    struct plan_drift *drift;
    struct plan_action *action;

    drift = planning_add_drift(planning, DRIFT_NAT64_ROUTE_MISSING,
                               arena_printf(arena, "%s/64:ff9b::/96", table->role));
    if (!drift)
        return;
    drift->resource = table->table->id;
    drift->subnets = table->subnets;
    drift->az = table->az;
    drift->desired = arena_printf(arena, "64:ff9b::/96 -> %s",
                                  zone && zone->gateway ? zone->gateway->nat_gateway_id
                                                        : "the zone's NAT gateway");
    drift->observed = now ? arena_printf(arena, "64:ff9b::/96 -> %s (%s)",
                                         now->target_id ? now->target_id : "nothing",
                                         ec2_word(&ec2_route_state_words, now->state))
                          : "no route for 64:ff9b::/96";
    drift->message =
        arena_printf(arena,
                     "Route table %s (subnets %s) has no live route of 64:ff9b::/96 to "
                     "a NAT gateway: these subnets reach no IPv4 service over IPv6.",
                     table->table->id, table->subnets);
    drift->held = why_not(planning, table, zone, now, all);
    if (drift->held || !zone)
        return;
    if (!zone->gateway) {
        drift->cause = drift_of_zone(planning, zone);
        return;
    }
    action = planning_add_action(planning, now ? EC2_REPLACE_ROUTE : EC2_CREATE_ROUTE, drift->role);
    action->request.route_table_id = table->table->id;
    action->request.destination_ipv6_cidr_block = PREFIX_NAT64;
    action->request.nat_gateway_id = zone->gateway->nat_gateway_id;
    action->target_kind = TARGET_NAT_GATEWAY;
    action->target_id = zone->gateway->nat_gateway_id;
    action->expect = EXPECT_NAT64_ROUTE;
    action->before = now;
    action->revives = true;
    action->az = table->az;
}

static void plan_table(struct planning *planning, const struct desired_table *table)
{
    const struct route *now = route_table_find(table->table, &PREFIX_NAT64);
    enum verdict live;
    bool all;

    if (!serves_nat64(planning, table->table, &all) ||
        !planning_knows(planning, drift_table[DRIFT_NAT64_ROUTE_MISSING].needs))
        return;
    live = now ? route_is_live(planning->snapshot, now) : VERDICT_NO;
    if (live == VERDICT_UNKNOWN)
        planning_pending(planning, arena_printf(planning->arena, "%s to show a state that is known",
                                                now->target_id ? now->target_id : "a NAT gateway"));
    else if (live == VERDICT_NO || now->kind != TARGET_NAT_GATEWAY)
        plan_route(planning, table, now, all);
}

static size_t route_drift_of(const struct planning *planning, const struct route_table *table)
{
    for (size_t i = 0; i < planning->plan->drifts.n; i++)
        if (planning->plan->drifts.items[i].code == DRIFT_NAT64_ROUTE_MISSING &&
            text_equal(planning->plan->drifts.items[i].resource, table->id))
            return i;
    return NO_CAUSE;
}

static void plan_dns64(struct planning *planning, const struct desired_subnet *subnet)
{
    const struct route *way =
        subnet->subnet->table ? route_table_find(subnet->subnet->table, &PREFIX_NAT64) : NULL;
    struct plan_action *action;
    struct plan_drift *drift;

    if (subnet->group->nat64 != 2 || subnet->subnet->ec2->enable_dns64 != WIRE_FALSE)
        return;
    drift = planning_add_drift(planning, DRIFT_DNS64_OFF,
                               planning_subnet_role(planning, "dns64", subnet));
    if (!drift)
        return;
    drift->resource = subnet->subnet->id;
    drift->subnets = subnet->subnet->id;
    drift->az = subnet->subnet->az;
    drift->desired = "EnableDns64 on";
    drift->observed = "off";
    drift->message = arena_printf(planning->arena,
                                  "DNS64 is off in subnet %s, which reaches IPv4 services through "
                                  "NAT64: names with IPv4 addresses only do not resolve for it.",
                                  subnet->subnet->id);
    if (!way || route_is_live(planning->snapshot, way) != VERDICT_YES) {
        drift->cause =
            subnet->subnet->table ? route_drift_of(planning, subnet->subnet->table) : NO_CAUSE;
        drift->awaits = "route 64:ff9b::/96";
        return;
    }
    action = planning_add_action(planning, EC2_MODIFY_SUBNET_ATTRIBUTE, drift->role);
    action->request.subnet_id = subnet->subnet->id;
    action->request.enable_dns64 = WIRE_TRUE;
    action->expect = EXPECT_ATTRIBUTE;
    action->az = subnet->subnet->az;
}

void plan_nat64(struct planning *planning)
{
    for (size_t t = 0; t < planning->desired->n_tables; t++)
        plan_table(planning, &planning->desired->tables[t]);
    for (size_t i = 0; i < planning->desired->n_subnets; i++)
        plan_dns64(planning, &planning->desired->subnets[i]);
}
