/* route-unexpected and default-route-overridden: routes that should not be there. Report only: who
 * made them knows more. */
#include "plan_private.h"

/* ---- route-unexpected ---- */

static bool declares_none(const struct desired_subnet *subnet, enum family family)
{
    return built_option(group_options(subnet->group, family)) == OPTION_NONE;
}

/* "subnet-a, subnet-b": declared subnets that the table serves and that may have no default. */
static const char *shut_subnets(const struct planning *planning, const struct route_table *table,
                                enum family family, const struct desired_subnet **ret_first)
{
    const char *list = NULL;

    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];

        if (subnet->subnet->table != table || !declares_none(subnet, family))
            continue;
        if (!list)
            *ret_first = subnet;
        list = list ? arena_printf(planning->arena, "%s, %s", list, subnet->subnet->id)
                    : subnet->subnet->id;
    }
    return list;
}

/* NULL: not known. Of a customer's list, whose entries were asked for in vain, nothing is said. */
static const struct observed_prefix_list *entries_of(struct planning *planning, const char *id)
{
    const struct snapshot *snapshot = planning->snapshot;
    const struct observed_prefix_list *list =
        observation_find_prefix_list_entries(snapshot->observation, id);

    if (!list && snapshot->observation->lists[LIST_PREFIX_LIST_ENTRIES].asked &&
        prefix_list_is_aws_managed(snapshot, id) != VERDICT_YES)
        planning_knows(planning, NEEDS(PREFIX_LIST_ENTRIES));
    return list;
}

/* A customer's prefix list that holds the default itself (aws-facts 9.2). */
static bool list_holds_default(struct planning *planning, const struct route *route,
                               enum family family)
{
    const struct observed_prefix_list *list =
        route->prefix_list_id ? entries_of(planning, route->prefix_list_id) : NULL;

    for (size_t i = 0; list && i < list->n; i++)
        if (prefix_equal(&list->entries[i], default_of(family)))
            return true;
    return false;
}

static const struct route *any_default(struct planning *planning, const struct route_table *table,
                                       enum family family)
{
    const struct route *found = route_table_find(table, default_of(family));

    for (size_t i = 0; !found && i < table->n_routes; i++)
        if (list_holds_default(planning, &table->routes[i], family))
            found = &table->routes[i];
    return found;
}

static void plan_unexpected(struct planning *planning, const struct route_table *table,
                            enum family family)
{
    const struct desired_subnet *first = NULL;
    const char *subnets = shut_subnets(planning, table, family, &first);
    const struct route *route = subnets ? any_default(planning, table, family) : NULL;
    char destination[PREFIX_TEXT_SIZE];
    struct plan_drift *drift;

    if (!route)
        return;
    prefix_format(default_of(family), destination);
    drift = planning_add_drift(planning, DRIFT_ROUTE_UNEXPECTED,
                               arena_printf(planning->arena, "%s/%s",
                                            planning_subnet_role(planning, "no-default", first),
                                            destination));
    if (!drift)
        return;
    if (route_is_live(planning->snapshot, route) == VERDICT_NO)
        drift->impact = IMPACT_NONE; /* it leads nowhere, today */
    drift->resource = table->id;
    drift->subnets = subnets;
    drift->desired = arena_printf(planning->arena, "no default route %s", destination);
    drift->observed = arena_printf(planning->arena, "%s -> %s%s%s", destination,
                                   route->target_id ? route->target_id : "a target",
                                   route->prefix_list_id ? " through " : "",
                                   route->prefix_list_id ? route->prefix_list_id : "");
    drift->message = arena_printf(
        planning->arena,
        "Subnets %s are declared to have no way out over %s, and route table %s%s gives them one: "
        "%s. A route is never deleted from here.",
        subnets, family == FAMILY_IPV4 ? "IPv4" : "IPv6", table->id,
        table->main ? " (the VPC's main table)" : "", drift->observed);
}

/* ---- default-route-overridden ---- */

/* Not the internet: private, shared, loopback, link-local, multicast and reserved addresses
 * (RFC 6890), and for IPv6 all but 2000::/3 (RFC 4291). */
static const struct prefix not_internet[] = {
    {FAMILY_IPV4, 8, {10}},       {FAMILY_IPV4, 12, {172, 16}}, {FAMILY_IPV4, 16, {192, 168}},
    {FAMILY_IPV4, 10, {100, 64}}, {FAMILY_IPV4, 8, {127}},      {FAMILY_IPV4, 16, {169, 254}},
    {FAMILY_IPV4, 3, {224}},
};
static const struct prefix ipv6_internet = {FAMILY_IPV6, 3, {0x20}};

/* In 1/65536 of the family's internet: a /16, or a /19 of 2000::/3, is one. */
#define INTERNET_UNITS_BITS 16U
/* Less than a 64th (four /8) is somebody's specific route: a peering, a partner, a service. */
#define LARGE_SHARE (1U << (INTERNET_UNITS_BITS - 6))

static unsigned share_of(const struct prefix *destination)
{
    unsigned length = destination->length;

    if (destination->family == FAMILY_IPV6) {
        if (prefix_contains(destination, &ipv6_internet))
            return 1U << INTERNET_UNITS_BITS;
        if (!prefix_contains(&ipv6_internet, destination))
            return 0;
        length -= ipv6_internet.length;
    } else {
        for (size_t i = 0; i < ARRAY_SIZE(not_internet); i++)
            if (prefix_contains(&not_internet[i], destination))
                return 0;
    }
    return length > INTERNET_UNITS_BITS ? 0 : 1U << (INTERNET_UNITS_BITS - length);
}

struct overriding { /* of one table and family */
    struct planning *planning;
    const struct desired_default *want;
    enum family family;
    unsigned share;
    bool dead;
    const char *names;
};

static void add_destination(struct overriding *all, const struct route *route,
                            const struct prefix *destination)
{
    unsigned share;
    enum verdict live = route_is_live(all->planning->snapshot, route);
    char text[PREFIX_TEXT_SIZE];

    if (destination->family != all->family || destination->length == 0 ||
        route->kind == TARGET_LOCAL)
        return;
    /* To where the default leads, or might: it takes nothing away while it lives. */
    if (live != VERDICT_NO &&
        default_accepts(all->planning->snapshot, all->want, route->kind, route->target_id))
        return;
    share = share_of(destination);
    if (share == 0)
        return;
    all->share += share;
    all->dead |= live == VERDICT_NO;
    prefix_format(destination, text);
    all->names =
        arena_printf(all->planning->arena, "%s%s%s -> %s%s", all->names ? all->names : "",
                     all->names ? ", " : "", text, route->target_id ? route->target_id : "?",
                     route->origin != EC2_ORIGIN_CREATE_ROUTE ? " (propagated)"
                     : live == VERDICT_NO                     ? " (dead)"
                                                              : "");
}

static void add_route(struct overriding *all, const struct route *route)
{
    const struct snapshot *snapshot = all->planning->snapshot;
    const struct observed_prefix_list *list;

    if (!route->prefix_list_id) {
        add_destination(all, route, &route->destination);
        return;
    }
    if (prefix_list_is_aws_managed(snapshot, route->prefix_list_id) == VERDICT_YES)
        return; /* a service's: what a gateway endpoint is for */
    list = entries_of(all->planning, route->prefix_list_id);
    for (size_t i = 0; list && i < list->n; i++)
        add_destination(all, route, &list->entries[i]);
}

static void plan_overridden(struct planning *planning, const struct desired_table *table,
                            enum family family)
{
    const struct desired_default *want = &table->defaults[family == FAMILY_IPV4 ? 0 : 1];
    struct overriding all = {.planning = planning, .want = want, .family = family};
    char destination[PREFIX_TEXT_SIZE];
    struct plan_drift *drift;

    if (want->option == OPTION_UNMANAGED || want->option == OPTION_NONE)
        return;
    for (size_t i = 0; i < table->table->n_routes; i++)
        add_route(&all, &table->table->routes[i]);
    if (all.share < LARGE_SHARE)
        return;
    prefix_format(default_of(family), destination);
    drift = planning_add_drift(planning, DRIFT_DEFAULT_ROUTE_OVERRIDDEN,
                               arena_printf(planning->arena, "%s/%s", table->role, destination));
    if (!drift)
        return;
    if (all.dead)
        drift->impact = IMPACT_OUTAGE;
    drift->resource = table->table->id;
    drift->subnets = table->subnets;
    drift->az = table->az;
    drift->desired =
        arena_printf(planning->arena, "%s carries the traffic to the internet", destination);
    drift->observed = all.names;
    drift->message = arena_printf(
        planning->arena,
        "Route table %s (subnets %s) has routes that are more specific than its declared default "
        "%s and take over a large share of the internet: %s. Such a route wins whatever the "
        "default says.",
        table->table->id, table->subnets, destination, all.names);
}

void plan_route_reports(struct planning *planning)
{
    for (size_t f = 0; f < 2; f++) {
        for (size_t t = 0; t < planning->snapshot->n_route_tables; t++)
            plan_unexpected(planning, &planning->snapshot->route_tables[t], family_of_index(f));
        for (size_t t = 0; t < planning->desired->n_tables; t++)
            plan_overridden(planning, &planning->desired->tables[t], family_of_index(f));
    }
}
