/* Longest prefix in one route table, prefix lists by their entries (aws-facts 9.2). */
#include "reach_private.h"

/* Of equal lengths the lower wins. */
enum rank {
    RANK_STATIC, /* local routes lie in the same place: one destination has one of the two */
    RANK_PREFIX_LIST,
    RANK_PROPAGATED, /* or advertised, or of an origin that we don't know */
};

static enum rank route_rank(const struct route *route)
{
    if (route->origin != EC2_ORIGIN_CREATE_ROUTE && route->origin != EC2_ORIGIN_CREATE_ROUTE_TABLE)
        return RANK_PROPAGATED;
    return route->prefix_list_id ? RANK_PREFIX_LIST : RANK_STATIC;
}

struct lookup {
    const struct snapshot *snapshot;
    const struct prefix *destination;
    uint8_t finest;
    const struct route *best;
    enum rank rank;
    uint8_t length;
    bool tie, partial;
    const struct route *unknown_list; /* one that may win */
};

/* Prefixes of the list: its destination, or the entries; false: nobody knows them. */
static bool route_prefixes(const struct snapshot *snapshot, const struct route *route,
                           struct prefixes *ret_prefixes)
{
    const struct observed_prefix_list *list;

    *ret_prefixes = (struct prefixes){&route->destination, 1};
    if (!route->prefix_list_id)
        return true;
    list = observation_find_prefix_list_entries(snapshot->observation, route->prefix_list_id);
    if (!list)
        return false;
    *ret_prefixes = (struct prefixes){list->entries, list->n};
    return true;
}

static bool list_is_of_family(const struct snapshot *snapshot, const char *id, uint8_t family)
{
    const char *other = family == FAMILY_IPV4 ? "IPv6" : "IPv4";

    if (snapshot->complete & NEEDS(MANAGED_PREFIX_LISTS))
        VEC_EACH (list, &snapshot->observation->managed_prefix_lists)
            if (text_equal(list->prefix_list_id, id))
                return !text_equal(list->address_family, other);
    return true; /* as far as anybody knows */
}

/* A list of AWS's holds a service's own addresses, which are exceptions to the internet. */
static bool unknown_list_matters(const struct lookup *lookup, const struct route *route)
{
    if (!list_is_of_family(lookup->snapshot, route->prefix_list_id, lookup->destination->family))
        return false;
    return lookup->finest == EXACT ||
           prefix_list_is_aws_managed(lookup->snapshot, route->prefix_list_id) != VERDICT_YES;
}

static void consider(struct lookup *lookup, const struct route *route, const struct prefix *prefix)
{
    enum rank rank = route_rank(route);

    if (prefix->length > lookup->finest)
        return;
    if (!prefix_contains(prefix, lookup->destination)) {
        lookup->partial |= prefix_contains(lookup->destination, prefix);
        return;
    }
    if (lookup->best && (lookup->length > prefix->length ||
                         (lookup->length == prefix->length && lookup->rank < rank)))
        return;
    if (lookup->best && lookup->length == prefix->length && lookup->rank == rank) {
        lookup->tie |= lookup->best->kind != route->kind || lookup->best->state != route->state ||
                       !text_equal(lookup->best->target_id, route->target_id);
        return;
    }
    lookup->best = route;
    lookup->length = prefix->length;
    lookup->rank = rank;
    lookup->tie = false;
}

struct reach_path route_lookup(const struct snapshot *snapshot, const struct route_table *table,
                               const struct prefix *destination, uint8_t finest)
{
    struct lookup lookup = {.snapshot = snapshot, .destination = destination, .finest = finest};
    const uint8_t whole = destination->family == FAMILY_IPV4 ? 32 : 128;
    struct reach_path path = {.found = VERDICT_NO, .live = VERDICT_NO};

    for (size_t i = 0; i < table->n_routes; i++) {
        const struct route *route = &table->routes[i];
        struct prefixes prefixes;

        if (route_prefixes(snapshot, route, &prefixes))
            for (size_t k = 0; k < prefixes.n; k++)
                consider(&lookup, route, &prefixes.items[k]);
        else if (unknown_list_matters(&lookup, route))
            lookup.unknown_list = route;
    }
    path.partial = lookup.partial || lookup.unknown_list;
    /* Nothing is longer than a whole address, and static beats a list. */
    if (lookup.best && lookup.length == whole && lookup.rank == RANK_STATIC)
        lookup.unknown_list = NULL;
    if (lookup.unknown_list || lookup.tie) {
        path.found = lookup.best ? VERDICT_YES : VERDICT_UNKNOWN;
        path.live = VERDICT_UNKNOWN;
        path.why_unknown = lookup.unknown_list
                               ? "the entries of a prefix list in the route table are not known"
                               : "two routes of equal weight lead to different targets";
    } else if (lookup.best) {
        path.found = VERDICT_YES;
        path.route = lookup.best;
        path.length = lookup.length;
        path.live = route_is_live(snapshot, lookup.best);
    }
    return path;
}

struct reach_path reach_route(const struct snapshot *snapshot, const struct route_table *table,
                              const struct prefix *destination)
{
    return route_lookup(snapshot, table, destination, EXACT);
}

bool routes_cut(const struct snapshot *snapshot, const struct route_table *table,
                const struct prefix *block, uint8_t finest)
{
    for (size_t i = 0; i < table->n_routes; i++) {
        struct prefixes prefixes;

        if (!route_prefixes(snapshot, &table->routes[i], &prefixes))
            continue;
        for (size_t k = 0; k < prefixes.n; k++)
            if (prefixes.items[k].length <= finest && prefixes.items[k].length > block->length &&
                prefix_contains(block, &prefixes.items[k]))
                return true;
    }
    return false;
}
