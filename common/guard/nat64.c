/* CreateRoute and ReplaceRoute of 64:ff9b::/96 against the invariants: to a NAT gateway alone, and
 * only where every subnet that the table serves declares "nat64". */
#include "action.h"

static bool declared_for_all(const struct action_case *c, const struct route_table *table)
{
    for (size_t i = 0; i < c->snapshot->n_subnets; i++) {
        const struct desired_subnet *subnet;

        if (c->snapshot->subnets[i].table != table)
            continue;
        subnet = desired_find_subnet(c->desired, c->snapshot->subnets[i].id);
        if (!subnet || subnet->group->nat64 != 2)
            return false;
    }
    return true;
}

/* S7: somebody's network of addresses that holds 64:ff9b::/96, so that it may well translate, too.
 * A default is no such sign: the config says what it is to be. */
static const struct route *carried_already(const struct action_case *c,
                                           const struct route_table *table)
{
    for (size_t i = 0; i < table->n_routes; i++) {
        const struct route *route = &table->routes[i];

        if (route->destination.length > 0 && prefix_contains(&route->destination, &PREFIX_NAT64) &&
            target_kind_is_foreign(route->kind) && route_is_live(c->snapshot, route) != VERDICT_NO)
            return route;
    }
    return NULL;
}

enum hold judge_nat64_route(const struct action_case *c, const struct route_table *table,
                            enum target_kind kind, const char *target)
{
    const struct ec2_nat_gateway *gateway = snapshot_find_nat_gateway(c->snapshot, target);
    const struct route *now = route_table_find(table, &PREFIX_NAT64);
    const char *why = guard_table_not_ours(c->arena, table, c->desired, c->snapshot);
    const struct route *carried;
    enum hold hold;

    if (why)
        return refuse(c, HOLD_NOT_OURS, "%s", why);
    if (kind != TARGET_NAT_GATEWAY)
        return refuse(c, HOLD_NOT_OURS, "64:ff9b::/96 leads to a NAT gateway and nothing else");
    if (!declared_for_all(c, table))
        return refuse(c, HOLD_NOT_OURS, "not every subnet that %s serves declares nat64",
                      table->id);
    if (now && (now->origin != EC2_ORIGIN_CREATE_ROUTE || target_kind_is_foreign(now->kind)))
        return refuse(c, HOLD_NOT_OURS, "the route leads to %s, which is somebody's design",
                      target_kind_name(now->kind));
    carried = carried_already(c, table);
    if (carried)
        return refuse(c, HOLD_NOT_OURS, "%s leads 64:ff9b::/96 to %s, which is somebody's design",
                      table->id, target_kind_name(carried->kind));
    if (guard_route_is_not_ours(table, c->snapshot, &PREFIX_NAT64, &hold))
        return refuse(c, hold, "%s may have 64:ff9b::/96 by a prefix list", table->id);
    if (now && now->kind == TARGET_NAT_GATEWAY && route_is_live(c->snapshot, now) != VERDICT_NO)
        return refuse(c, HOLD_UNSAFE, "the route that is there works");
    if ((now != NULL) != (c->action->call == EC2_REPLACE_ROUTE))
        return refuse(c, HOLD_WAIT, "%s %s that route now", table->id, now ? "has" : "lacks");
    if (!gateway || gateway->connectivity_type != EC2_CONNECTIVITY_PUBLIC ||
        target_is_live(c->snapshot, kind, target) != VERDICT_YES)
        return refuse(c, HOLD_WAIT, "%s is no public NAT gateway that is available", target);
    return HOLD_NONE;
}
