/* The default routes of declared tables: missing, dead, leading elsewhere, or somebody else's. */
#include "plan_private.h"

#include "vpc_reconciled/fault.h"

struct default_route { /* one (table, family) under judgement */
    const struct desired_table *table;
    const struct desired_default *want;
    enum family family;
    const char *destination; /* "0.0.0.0/0" */
    const char *role;        /* "route-table/functions/ap-northeast-1a/0.0.0.0/0" */
    const struct route *now; /* the one that decides, or NULL */
};

static const char *describe_target(struct arena *arena, const struct desired_default *want)
{
    if (want->id)
        return want->id;
    if (want->role)
        return arena_printf(arena, "the %s", want->role);
    return target_kind_name(want->kind);
}

/* "route-table/functions/ap-northeast-1a/0.0.0.0/0" */
static const char *default_role(const struct planning *planning, const struct desired_table *table,
                                enum family family)
{
    char destination[PREFIX_TEXT_SIZE];

    return arena_printf(planning->arena, "%s/%s", table->role,
                        prefix_format(default_of(family), destination));
}

static struct plan_drift *add_drift(struct planning *planning, enum drift code,
                                    const struct default_route *route)
{
    struct plan_drift *drift = planning_add_drift(planning, code, route->role);

    if (!drift)
        return NULL;
    drift->resource = route->table->table->id;
    drift->subnets = route->table->subnets;
    drift->az = route->table->az;
    drift->desired = arena_printf(planning->arena, "%s -> %s", route->destination,
                                  describe_target(planning->arena, route->want));
    drift->observed = route->now
                          ? arena_printf(planning->arena, "%s -> %s (%s)", route->destination,
                                         route->now->target_id ? route->now->target_id : "nothing",
                                         ec2_word(&ec2_route_state_words, route->now->state))
                          : arena_printf(planning->arena, "no route for %s", route->destination);
    return drift;
}

/* That of the gateway that the default is to lead to. */
static size_t drift_of_target(const struct planning *planning, const struct desired_default *want)
{
    if (want->kind == TARGET_INTERNET_GATEWAY)
        return planning->internet_gateway_drift;
    if (want->kind == TARGET_EGRESS_ONLY_INTERNET_GATEWAY)
        return planning->egress_only_internet_gateway_drift;
    for (size_t z = 0; z < planning->desired->n_zones && want->kind == TARGET_NAT_GATEWAY; z++)
        if (text_equal(planning->desired->zones[z].role, want->role))
            return planning->zone_drifts[z];
    return NO_CAUSE;
}

struct plan_action *planning_add_default(struct planning *planning,
                                         const struct desired_table *table, enum family family,
                                         enum target_kind kind, const char *id)
{
    const struct route *now = route_table_find(table->table, default_of(family));
    struct plan_action *action =
        planning_add_action(planning, now ? EC2_REPLACE_ROUTE : EC2_CREATE_ROUTE,
                            default_role(planning, table, family));

    action->request.route_table_id = table->table->id;
    if (family == FAMILY_IPV4)
        action->request.destination_cidr_block = PREFIX_IPV4_DEFAULT;
    else
        action->request.destination_ipv6_cidr_block = PREFIX_IPV6_DEFAULT;
    action->target_kind = kind;
    action->target_id = id;
    switch (kind) {
    case TARGET_INTERNET_GATEWAY:
        action->request.gateway_id = id;
        action->input = INPUT_GATEWAY_ID;
        break;
    case TARGET_EGRESS_ONLY_INTERNET_GATEWAY:
        action->request.egress_only_internet_gateway_id = id;
        action->input = INPUT_EGRESS_ONLY_INTERNET_GATEWAY_ID;
        break;
    case TARGET_NAT_GATEWAY:
        action->request.nat_gateway_id = id;
        break;
    default:
        assert(false && "a default of ours leads to an IGW, an EIGW or a NAT gateway");
    }
    action->expect = EXPECT_ROUTE;
    action->before = now;
    action->az = table->az;
    return action;
}

/* The default, or else the associations, as they were before our own change of the last hour. */
static bool add_undo(struct planning *planning, struct plan_drift *drift,
                     const struct default_route *route)
{
    enum target_kind kind;
    const char *was;

    if (!route->now || !route_is_listed_dead(planning->snapshot, route->now))
        return false;
    was = undo_default(planning, route->table, route->family, &kind);
    if (was)
        planning_add_default(planning, route->table, route->family, kind, was)->revives = true;
    else if (!plan_undo_associations(planning, route->table, route->family))
        return false;
    drift->positive_evidence = false; /* of harm there are two looks */
    drift->message = arena_printf(
        planning->arena,
        "%s This daemon changed it within the hour, and what was there before still works: it is "
        "put back until %s can be had.",
        drift->message, describe_target(planning->arena, route->want));
    return true;
}

/* The write that every repair of a default comes down to; what forbids it becomes `held`. */
static void add_repair(struct planning *planning, struct plan_drift *drift,
                       const struct default_route *route, bool revives)
{
    const struct desired_default *want = route->want;
    size_t cause = drift_of_target(planning, want);
    struct plan_action *action;

    if (route->table->never) {
        drift->held = route->table->never;
        return;
    }
    /* As long as the declared target cannot be had, the undo comes first (design.md 6.4). A NAT
     * gateway takes minutes, the others are there at once. */
    if (!want->id && (want->kind == TARGET_NAT_GATEWAY || !drift_repairs_itself(planning, cause)) &&
        add_undo(planning, drift, route)) {
        drift->cause = cause;
        return;
    }
    if (want->why_not) {
        drift->held = want->why_not;
        return;
    }
    if (!revives) {
        drift->held = undo_forbids(planning, route->table, route->family);
        if (drift->held)
            return;
    }
    drift->cause = cause;
    /* A detached gateway's routes come back by themselves when it is attached again. */
    if (route->now && planning->desired->internet_gateway.detached &&
        text_equal(route->now->target_id, planning->desired->internet_gateway.detached) &&
        want->kind == TARGET_INTERNET_GATEWAY)
        return;
    action = planning_add_default(planning, route->table, route->family, want->kind, want->id);
    if (!want->id)
        action->input_role = want->role;
    action->revives = revives;
}

static const char *subject(struct planning *planning, const struct default_route *route)
{
    return arena_printf(planning->arena, "Route table %s (subnets %s%s%s)", route->table->table->id,
                        route->table->subnets, route->table->az ? " in " : "",
                        route->table->az ? route->table->az : "");
}

static const char *internet(const struct default_route *route)
{
    return route->family == FAMILY_IPV4 ? "IPv4" : "IPv6";
}

static void plan_missing(struct planning *planning, const struct default_route *route)
{
    struct plan_drift *drift = add_drift(planning, DRIFT_ROUTE_MISSING, route);

    if (!drift)
        return;
    drift->message = arena_printf(
        planning->arena,
        "%s lost its default route %s. These subnets have no way to the internet over %s.",
        subject(planning, route), route->destination, internet(route));
    add_repair(planning, drift, route, true);
}

static void plan_foreign(struct planning *planning, const struct default_route *route,
                         const char *what)
{
    struct plan_drift *drift = add_drift(planning, DRIFT_ROUTE_FOREIGN_TARGET, route);
    bool dead = route->now && route_is_live(planning->snapshot, route->now) == VERDICT_NO;

    if (!drift)
        return;
    if (dead)
        drift->impact = IMPACT_OUTAGE;
    drift->message = arena_printf(
        planning->arena,
        "%s: its default route %s leads to %s%s, and the config declares %s. That is somebody's "
        "design and never replaced, dead or alive. Change the route by hand, or declare the target "
        "in %s.",
        subject(planning, route), route->destination, what, dead ? ", which is dead" : "",
        describe_target(planning->arena, route->want), planning->plan->target->file);
}

/* The NAT gateway or gateway that a dead route names is listed as gone (S6 a). */
static bool listed_dead(struct planning *planning, const struct route *route)
{
    const struct ec2_nat_gateway *gateway;

    if (route->kind != TARGET_NAT_GATEWAY || route->state != EC2_ROUTE_BLACKHOLE)
        return false;
    gateway = snapshot_find_nat_gateway(planning->snapshot, route->target_id);
    return gateway && (gateway->state == EC2_STATE_DELETED || gateway->state == EC2_STATE_FAILED);
}

static void plan_dead(struct planning *planning, const struct default_route *route)
{
    struct plan_drift *drift = add_drift(
        planning,
        route->now->state == EC2_ROUTE_BLACKHOLE ? DRIFT_ROUTE_BLACKHOLE : DRIFT_ROUTE_WRONG_TARGET,
        route);

    if (!drift)
        return;
    drift->policy = DRIFT_AUTO;
    drift->impact = IMPACT_OUTAGE;
    drift->positive_evidence = listed_dead(planning, route->now);
    drift->message = arena_printf(
        planning->arena,
        "%s: its default route %s leads to %s, which is gone or not available: a black hole. These "
        "subnets have no way to the internet over %s.",
        subject(planning, route), route->destination, route->now->target_id, internet(route));
    add_repair(planning, drift, route, true);
}

/* Does an interface in a served subnet have an address that the internet can reach it by?
 * It would lose its inbound connections when the default leaves the internet gateway. */
static bool public_address_behind(struct planning *planning, const struct default_route *route)
{
    const struct snapshot *snapshot = planning->snapshot;

    for (size_t i = 0; i < snapshot->n_network_interfaces; i++) {
        const struct ec2_network_interface *interface = snapshot->network_interfaces[i];
        const struct subnet *subnet = snapshot_find_subnet(snapshot, interface->subnet_id);

        if (!subnet || subnet->table != route->table->table)
            continue;
        if (route->family == FAMILY_IPV4 ? !text_empty(interface->association_public_ip)
                                         : interface->ipv6_addresses.n > 0)
            return true;
    }
    return false;
}

static void plan_exposed(struct planning *planning, const struct default_route *route)
{
    struct plan_drift *drift = add_drift(planning, DRIFT_PRIVATE_SUBNET_EXPOSED, route);
    bool addresses;

    if (!drift)
        return;
    addresses = public_address_behind(planning, route);
    if (addresses)
        drift->policy = DRIFT_APPROVE;
    drift->message = arena_printf(
        planning->arena,
        "%s is declared private and its default route %s leads to internet gateway %s: what has a "
        "public address there can be reached from the internet%s.",
        subject(planning, route), route->destination, route->now->target_id,
        addresses
            ? ", and interfaces with such addresses are there now, whose connections would break"
            : "");
    add_repair(planning, drift, route, false);
}

static void plan_wrong(struct planning *planning, const struct default_route *route)
{
    struct plan_drift *drift = add_drift(planning, DRIFT_ROUTE_WRONG_TARGET, route);

    if (!drift)
        return;
    drift->policy = DRIFT_APPROVE;
    drift->message = arena_printf(planning->arena,
                                  "%s: its default route %s leads to %s (%s), and the config "
                                  "declares %s. Traffic flows, from "
                                  "another source address than was agreed.",
                                  subject(planning, route), route->destination,
                                  route->now->target_id, target_kind_name(route->now->kind),
                                  describe_target(planning->arena, route->want));
    add_repair(planning, drift, route, false);
}

/* Another zone's gateway carries it although the zone has one of its own. Equals are left alone: a
 * route never moves between two gateways of its own zone, or to and from a regional one. */
static bool crosses_zones(const struct planning *planning, const struct default_route *route)
{
    const struct ec2_nat_gateway *now;
    const struct subnet *home;

    if (route->now->kind != TARGET_NAT_GATEWAY || !route->want->id || !route->table->az ||
        planning->desired->target->nat_gateways.placement != NAT_PER_AZ ||
        text_equal(route->now->target_id, route->want->id))
        return false;
    now = snapshot_find_nat_gateway(planning->snapshot, route->now->target_id);
    home = now ? snapshot_find_subnet(planning->snapshot, now->subnet_id) : NULL;
    return home && desired_find_zone(planning->desired, planning->snapshot, home->az) !=
                       desired_find_zone(planning->desired, planning->snapshot, route->table->az);
}

static void plan_cross_az(struct planning *planning, const struct default_route *route)
{
    struct plan_drift *drift = add_drift(planning, DRIFT_ROUTE_CROSS_AZ, route);

    if (!drift)
        return;
    drift->message = arena_printf(
        planning->arena,
        "%s: its default route %s leads to NAT gateway %s of another Availability Zone, and its "
        "own "
        "has %s. It costs cross-zone transfer, and falls with the other zone.",
        subject(planning, route), route->destination, route->now->target_id, route->want->id);
    add_repair(planning, drift, route, false);
}

/* A customer's prefix list may hold the default itself (aws-facts 9.2). */
static enum verdict prefix_list_may_carry_default(struct planning *planning,
                                                  const struct route_table *table,
                                                  const char **ret_what)
{
    for (size_t i = 0; i < table->n_routes; i++) {
        const struct route *route = &table->routes[i];

        if (!route->prefix_list_id)
            continue;
        if (!planning_knows(planning, NEEDS(MANAGED_PREFIX_LISTS)))
            return VERDICT_UNKNOWN;
        if (prefix_list_is_aws_managed(planning->snapshot, route->prefix_list_id) != VERDICT_YES) {
            *ret_what = arena_printf(
                planning->arena, "%s through prefix list %s, which may hold it",
                route->target_id ? route->target_id : "a target", route->prefix_list_id);
            return VERDICT_YES;
        }
    }
    return VERDICT_NO;
}

static void plan_absent(struct planning *planning, const struct default_route *route)
{
    const struct route_table *table = route->table->table;
    const char *wired, *what = NULL;

    switch (prefix_list_may_carry_default(planning, table, &what)) {
    case VERDICT_UNKNOWN:
        return;
    case VERDICT_YES:
        plan_foreign(planning, route, what);
        return;
    case VERDICT_NO:
        break;
    }
    wired = history_wiring(planning->history, planning->plan->target->name,
                           wiring_role_default(planning->arena, table, route->family));
    if (wired && target_kind_is_foreign(target_kind_of_id(wired)) &&
        !FAULT(FOREIGN_TARGET_REPLACED))
        plan_foreign(
            planning, route,
            arena_printf(planning->arena, "nothing now and to %s when last healthy", wired));
    else
        plan_missing(planning, route);
}

static void plan_present(struct planning *planning, const struct default_route *route)
{
    const struct route *now = route->now;
    enum verdict live;

    if (target_kind_is_foreign(now->kind) && !FAULT(FOREIGN_TARGET_REPLACED)) {
        if (default_accepts(planning->snapshot, route->want, now->kind, now->target_id) &&
            now->state == EC2_ROUTE_ACTIVE)
            return;
        plan_foreign(planning, route,
                     now->target_id ? arena_printf(planning->arena, "%s, %s", now->target_id,
                                                   target_kind_name(now->kind))
                                    : target_kind_name(now->kind));
        return;
    }
    if (now->origin != EC2_ORIGIN_CREATE_ROUTE && !FAULT(FOREIGN_TARGET_REPLACED)) {
        plan_foreign(planning, route,
                     arena_printf(planning->arena, "%s by propagation or advertisement",
                                  now->target_id ? now->target_id : "a target"));
        return;
    }
    live = route_is_live(planning->snapshot, now);
    if (now->state == EC2_ROUTE_BLACKHOLE &&
        target_is_live(planning->snapshot, now->kind, now->target_id) == VERDICT_YES) {
        /* Two lists that contradict each other: one of them is old. Look again. */
        planning_pending(
            planning, arena_printf(planning->arena, "route %s of %s to agree with the state of %s",
                                   route->destination, route->table->table->id, now->target_id));
        return;
    }
    if (live == VERDICT_UNKNOWN) {
        planning_pending(planning,
                         arena_printf(planning->arena, "%s to show a state that is known",
                                      now->target_id ? now->target_id : "a route's target"));
        return;
    }
    if (live == VERDICT_NO)
        plan_dead(planning, route);
    else if (default_accepts(planning->snapshot, route->want, now->kind, now->target_id)) {
        if (crosses_zones(planning, route))
            plan_cross_az(planning, route);
    } else if (now->kind == TARGET_INTERNET_GATEWAY)
        plan_exposed(planning, route);
    else
        plan_wrong(planning, route);
}

void plan_routes(struct planning *planning)
{
    for (size_t t = 0; t < planning->desired->n_tables; t++) {
        const struct desired_table *table = &planning->desired->tables[t];

        for (size_t f = 0; f < 2; f++) {
            struct default_route route = {
                .table = table, .want = &table->defaults[f], .family = family_of_index(f)};
            char destination[PREFIX_TEXT_SIZE];

            if (route.want->option == OPTION_UNMANAGED || route.want->option == OPTION_NONE ||
                !planning_knows(planning, drift_table[DRIFT_ROUTE_MISSING].needs))
                continue;
            route.destination =
                arena_strdup(planning->arena, prefix_format(default_of(route.family), destination));
            route.role = default_role(planning, table, route.family);
            route.now = route_table_find(table->table, default_of(route.family));
            if (route.now)
                plan_present(planning, &route);
            else
                plan_absent(planning, &route);
        }
    }
}
