/* AssociateRouteTable against the invariants: S2, and S7 for the subnet that changes tables. */
#include "action.h"

/* The most specific route of the table that covers the destination and decides for it. */
static const struct route *covering(const struct route_table *table,
                                    const struct prefix *destination)
{
    const struct route *best = NULL;

    for (size_t i = 0; i < table->n_routes; i++) {
        const struct route *route = &table->routes[i];

        if (prefix_contains(&route->destination, destination) &&
            (!best || route->destination.length > best->destination.length))
            best = route;
    }
    return best;
}

static const struct route *prefix_list_route(const struct route_table *table, const char *id)
{
    for (size_t i = 0; i < table->n_routes; i++)
        if (text_equal(table->routes[i].prefix_list_id, id))
            return &table->routes[i];
    return NULL;
}

/* A peering's or transit gateway's networks are reached through it alone: that a default covers
 * them, too, is no way there. */
static bool leads_there(const struct route *now, const struct route *then)
{
    if (!target_kind_is_foreign(now->kind))
        return true;
    return then->kind == now->kind &&
           (now->prefix_list_id || text_equal(then->target_id, now->target_id));
}

/* S7: every destination that the subnet reaches now it must reach through the new table, too. */
const char *guard_lost_path(struct arena *arena, const struct snapshot *snapshot,
                            const struct route_table *from, const struct route_table *to)
{
    char text[PREFIX_TEXT_SIZE];

    for (size_t i = 0; i < from->n_routes; i++) {
        const struct route *route = &from->routes[i], *other;

        if (route_is_live(snapshot, route) == VERDICT_NO)
            continue;
        other = route->prefix_list_id ? prefix_list_route(to, route->prefix_list_id)
                                      : covering(to, &route->destination);
        if (other && route_is_live(snapshot, other) == VERDICT_YES && leads_there(route, other))
            continue;
        return arena_printf(arena, "%s would lose its way to %s (%s), which %s has and %s has not",
                            "the subnet",
                            route->prefix_list_id ? route->prefix_list_id
                                                  : prefix_format(&route->destination, text),
                            route->target_id ? route->target_id : "?", from->id, to->id);
    }
    return NULL;
}

/* S7: nor may a dead route of the new table take a part of what the subnet reaches now. */
static const char *hidden_path(struct arena *arena, const struct snapshot *snapshot,
                               const struct route_table *from, const struct route_table *to)
{
    char text[PREFIX_TEXT_SIZE];

    for (size_t i = 0; i < to->n_routes; i++) {
        const struct route *hole = &to->routes[i], *now;

        if (route_is_live(snapshot, hole) == VERDICT_YES)
            continue;
        now = hole->prefix_list_id ? prefix_list_route(from, hole->prefix_list_id)
                                   : covering(from, &hole->destination);
        if (hole->prefix_list_id && !now)
            now = covering(from, &PREFIX_IPV4_DEFAULT);
        if (!now || route_is_live(snapshot, now) == VERDICT_NO)
            continue;
        return arena_printf(arena, "the subnet would lose its way to %s: in %s it is a black hole",
                            hole->prefix_list_id ? hole->prefix_list_id
                                                 : prefix_format(&hole->destination, text),
                            to->id);
    }
    return NULL;
}

static const struct ec2_nat_gateway *nat_gateway_in(const struct snapshot *snapshot,
                                                    const struct subnet *subnet)
{
    for (size_t i = 0; i < snapshot->n_nat_gateways; i++) {
        const struct ec2_nat_gateway *gateway = snapshot->nat_gateways[i];

        if (text_equal(gateway->subnet_id, subnet->id) &&
            (gateway->state == EC2_STATE_AVAILABLE || gateway->state == EC2_STATE_PENDING))
            return gateway;
    }
    return NULL;
}

/* S7: a default of another kind may read as live and still carry less than the one of now. */
static enum hold way_out_suffices(const struct action_case *c, const struct subnet *subnet,
                                  const struct route_table *to)
{
    const struct route *now = route_table_find(subnet->table, &PREFIX_IPV4_DEFAULT),
                       *then = route_table_find(to, &PREFIX_IPV4_DEFAULT);
    const struct ec2_nat_gateway *inside = nat_gateway_in(c->snapshot, subnet);
    const char *why;

    if (!now || !then || route_is_live(c->snapshot, now) == VERDICT_NO)
        return HOLD_NONE;
    if (then->kind == TARGET_INTERNET_GATEWAY)
        return now->kind == TARGET_INTERNET_GATEWAY ? HOLD_NONE : addresses_suffice(c, to, subnet);
    if (inside)
        return refuse(c, HOLD_UNSAFE, "NAT gateway %s in %s would lose its way out",
                      inside->nat_gateway_id, subnet->id);
    why = then->kind == TARGET_NAT_GATEWAY
              ? nat_gateway_path(c->arena, c->snapshot, to, then->target_id)
              : NULL;
    return why ? refuse(c, HOLD_UNSAFE, "%s", why) : HOLD_NONE;
}

/* S7: no way out that nobody declared. What the config does not judge may be there only where a
 * healthy pass has recorded just that. */
static const char *undeclared_way_out(const struct action_case *c,
                                      const struct desired_subnet *subnet,
                                      const struct route_table *to)
{
    const char *name = c->policy->target->name, *wired_table, *wired_target;

    for (size_t f = 0; f < 2; f++) {
        const struct declared_options *options =
            f == 0 ? &subnet->group->ipv4 : &subnet->group->ipv6;
        const struct desired_default want = {.accepted = options};
        const struct route *way_out =
            route_table_find(to, f == 0 ? &PREFIX_IPV4_DEFAULT : &PREFIX_IPV6_DEFAULT);

        const struct route *now =
            subnet->subnet->table
                ? route_table_find(subnet->subnet->table,
                                   f == 0 ? &PREFIX_IPV4_DEFAULT : &PREFIX_IPV6_DEFAULT)
                : NULL;

        if (!way_out || route_is_live(c->snapshot, way_out) == VERDICT_NO ||
            (now && text_equal(now->target_id, way_out->target_id)) || /* it has it today */
            default_accepts(c->snapshot, &want, way_out->kind, way_out->target_id))
            continue;
        wired_table = history_wiring(c->policy->history, name,
                                     wiring_role_association(c->arena, subnet->subnet));
        wired_target =
            history_wiring(c->policy->history, name,
                           wiring_role_default(c->arena, to, f == 0 ? FAMILY_IPV4 : FAMILY_IPV6));
        if (options->n == 0 && text_equal(wired_table, to->id) &&
            text_equal(wired_target, way_out->target_id))
            continue;
        return arena_printf(c->arena, "%s would give %s a way out to %s that is not declared",
                            to->id, subnet->subnet->id,
                            way_out->target_id ? way_out->target_id : "?");
    }
    return NULL;
}

/* S7, of a subnet that moves to this table. */
static enum hold no_path_gets_worse(const struct action_case *c,
                                    const struct desired_subnet *subnet,
                                    const struct route_table *table)
{
    const struct route_table *now = subnet->subnet->table;
    const char *why = undeclared_way_out(c, subnet, table);

    if (!why && now)
        why = guard_lost_path(c->arena, c->snapshot, now, table);
    if (!why && now)
        why = hidden_path(c->arena, c->snapshot, now, table);
    if (why)
        return refuse(c, HOLD_UNSAFE, "%s", why);
    return now ? way_out_suffices(c, subnet->subnet, table) : HOLD_NONE;
}

enum hold judge_association(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct desired_subnet *subnet = desired_find_subnet(c->desired, request->subnet_id);
    const struct route_table *table =
        snapshot_find_route_table(c->snapshot, request->route_table_id);

    if (!subnet)
        return refuse(c, HOLD_NOT_OURS, "%s is not a declared subnet",
                      request->subnet_id ? request->subnet_id : "(none)");
    if (!table || request->gateway_id)
        return refuse(c, HOLD_NOT_OURS, "%s is not a route table of this VPC",
                      request->route_table_id ? request->route_table_id : "(none)");
    if (table->main || table->gateway_association)
        return refuse(c, HOLD_NOT_OURS, "%s is the main table or a gateway's", table->id);
    if (subnet->subnet->association_id)
        return refuse(c, HOLD_WAIT, "%s has an association already", subnet->subnet->id);
    if (table->changing)
        return refuse(c, HOLD_WAIT, "an association of %s is changing", table->id);
    for (size_t i = 0; i < c->snapshot->n_subnets; i++) {
        const struct desired_subnet *other;

        if (c->snapshot->subnets[i].table != table)
            continue;
        other = desired_find_subnet(c->desired, c->snapshot->subnets[i].id);
        if (!other || other->group != subnet->group)
            return refuse(c, HOLD_NOT_OURS, "%s serves %s, which is not of group \"%s\"", table->id,
                          c->snapshot->subnets[i].id, subnet->group->name);
    }
    return no_path_gets_worse(c, subnet, table);
}

/* A family that its group declares carries nothing through the table of now. */
static bool does_harm(const struct action_case *c, const struct desired_subnet *subnet)
{
    for (size_t f = 0; f < 2; f++) {
        const struct declared_options *options =
            f == 0 ? &subnet->group->ipv4 : &subnet->group->ipv6;
        const struct route *now = route_table_find(
            subnet->subnet->table, f == 0 ? &PREFIX_IPV4_DEFAULT : &PREFIX_IPV6_DEFAULT);

        if (options->n > 0 && options->items[0].option != OPTION_NONE && now &&
            route_is_live(c->snapshot, now) == VERDICT_NO)
            return true;
    }
    return false;
}

enum hold judge_association_undo(const struct action_case *c, const struct desired_subnet *subnet,
                                 const struct route_table *table)
{
    if (table->main || table->gateway_association)
        return refuse(c, HOLD_NOT_OURS, "%s is the main table or a gateway's", table->id);
    if (subnet->subnet->association_changing || table->changing)
        return refuse(c, HOLD_WAIT, "an association of %s is changing", subnet->subnet->id);
    if (!does_harm(c, subnet))
        return refuse(c, HOLD_UNSAFE, "%s works for %s as it is", subnet->subnet->table->id,
                      subnet->subnet->id);
    return no_path_gets_worse(c, subnet, table);
}
