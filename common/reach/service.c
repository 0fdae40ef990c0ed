/* Which way leads to a service: what its name resolves to decides (aws-facts 2.7, 11). */
#include "reach_private.h"

#include <strings.h>

/* ---- interface endpoints that may answer for the name ---- */

/* Endpoints of a family that the query does not ask for have no record that it would get. */
static bool speaks_family(const struct ec2_vpc_endpoint *endpoint, enum family family)
{
    const char *type = endpoint->ip_address_type;

    if (family == FAMILY_IPV6)
        return type && (strcasecmp(type, "dualstack") == 0 || strcasecmp(type, "ipv6") == 0);
    return !type || strcasecmp(type, "ipv6") != 0;
}

/* What never was in the VPC's DNS, or is no more; one that is being deleted may still be. */
static bool is_out_of_dns(const struct ec2_vpc_endpoint *endpoint)
{
    enum vpc_endpoint_state state = vpc_endpoint_state(endpoint);

    return state == ENDPOINT_PENDING_ACCEPTANCE || state == ENDPOINT_DELETED ||
           state == ENDPOINT_DEAD;
}

/* One with this setting of private DNS, best one that is available; NULL: none. */
static const struct ec2_vpc_endpoint *find_endpoint(const struct walk *walk, uint8_t private_dns)
{
    const struct snapshot *snapshot = walk->snapshot;
    const struct ec2_vpc_endpoint *found = NULL;

    for (size_t i = 0; i < snapshot->n_vpc_endpoints; i++) {
        const struct ec2_vpc_endpoint *endpoint = snapshot->vpc_endpoints[i];

        if (text_equal(endpoint->service_name, walk->query->service_name) &&
            vpc_endpoint_is_interface(endpoint) && !is_out_of_dns(endpoint) &&
            endpoint->private_dns_enabled == private_dns &&
            speaks_family(endpoint, walk->query->family) &&
            (!found || vpc_endpoint_state(endpoint) == ENDPOINT_AVAILABLE))
            found = endpoint;
    }
    return found;
}

/* ---- the public name ---- */

/* A prefix list of the service: AWS names it after it, or its gateway endpoint has the route. */
static bool list_is_of_service(const struct walk *walk, const char *id)
{
    const struct snapshot *snapshot = walk->snapshot;
    const struct route_table *table = walk->source->subnet->table;

    if (snapshot->complete & NEEDS(MANAGED_PREFIX_LISTS))
        VEC_EACH (list, &snapshot->observation->managed_prefix_lists)
            if (text_equal(list->prefix_list_id, id) &&
                text_equal(list->prefix_list_name, walk->query->service_name))
                return true;
    for (size_t i = 0; table && i < table->n_routes; i++) {
        const struct ec2_vpc_endpoint *endpoint;

        if (!text_equal(table->routes[i].prefix_list_id, id))
            continue;
        endpoint = snapshot_find_vpc_endpoint(snapshot, table->routes[i].target_id);
        if (endpoint && vpc_endpoint_is_gateway(endpoint) &&
            text_equal(endpoint->service_name, walk->query->service_name))
            return true;
    }
    return false;
}

/* The service's own addresses, as far as they are listed. */
static struct prefixes listed_addresses(struct walk *walk)
{
    const struct observation *observation = walk->snapshot->observation;
    struct prefixes found = {0};
    struct prefix *items = NULL;
    size_t n = 0;

    if (!(walk->snapshot->complete & NEEDS(PREFIX_LIST_ENTRIES)))
        return found;
    VEC_EACH (list, &observation->prefix_list_entries)
        n += list->n;
    items = ARENA_ARRAY(walk->arena, struct prefix, n + 1);
    VEC_EACH (list, &observation->prefix_list_entries)
        if (list_is_of_service(walk, list->prefix_list_id))
            for (size_t i = 0; i < list->n; i++)
                if (list->entries[i].family == walk->query->family)
                    items[found.n++] =
                        walk->query->nat64 ? nat64_of(&list->entries[i]) : list->entries[i];
    found.items = items;
    return found;
}

/* A gateway endpoint's route for the service, whose entries nobody knows. */
static const char *unlisted_route(const struct walk *walk)
{
    const struct snapshot *snapshot = walk->snapshot;
    const struct route_table *table = walk->source->subnet->table;

    for (size_t i = 0; table && i < table->n_routes; i++) {
        const char *id = table->routes[i].prefix_list_id;

        if (id && list_is_of_service(walk, id) &&
            !observation_find_prefix_list_entries(snapshot->observation, id))
            return id;
    }
    return NULL;
}

static void walk_public_name(struct walk *walk)
{
    const struct reach_query *query = walk->query;
    const char *list = unlisted_route(walk);
    struct prefixes listed = listed_addresses(walk);

    if (query->family == FAMILY_IPV6)
        walk_step(walk, REACH_LAYER_DNS,
                  query->service_has_ipv6 == WIRE_TRUE    ? VERDICT_YES
                  : query->service_has_ipv6 == WIRE_FALSE ? VERDICT_NO
                                                          : VERDICT_UNKNOWN,
                  query->service_name,
                  query->service_has_ipv6 == WIRE_TRUE    ? "the public name of %s has IPv6"
                  : query->service_has_ipv6 == WIRE_FALSE ? "the public name of %s has no IPv6"
                                                          : "whether the public name of %s has "
                                                            "IPv6 is not known",
                  query->service_name);
    else
        walk_step(walk, REACH_LAYER_DNS, VERDICT_YES, query->service_name,
                  "the name of %s resolves to public addresses", query->service_name);
    if (list) {
        walk_step(walk, REACH_LAYER_ROUTE, VERDICT_UNKNOWN, list,
                  "the entries of %s, the addresses of %s, are not known", list,
                  query->service_name);
        return;
    }
    if (listed.n) {
        walk->finest = EXACT;
        walk_blocks(walk, listed);
    } else {
        walk_blocks(walk, internet_packets(walk));
    }
}

/* An endpoint that would do, were its DNS on: no other layer is as worth naming. */
static void name_idle_endpoint(struct walk *walk, const struct ec2_vpc_endpoint *endpoint,
                               bool attributes_off)
{
    if (walk->verdict == VERDICT_YES)
        return;
    walk->present[REACH_LAYER_DNS] = false;
    walk_step(walk, REACH_LAYER_DNS, walk->verdict, endpoint->vpc_endpoint_id,
              attributes_off ? "%s has private DNS, but the VPC's DNS host names are off, so %s "
                               "resolves to public addresses"
                             : "private DNS of %s is off, so %s resolves to public addresses",
              endpoint->vpc_endpoint_id, walk->query->service_name);
}

void walk_service(struct walk *walk)
{
    const struct snapshot *snapshot = walk->snapshot;
    const struct observed_vpc_attributes *attributes = snapshot->vpc_attributes;
    const char *vpc_id = snapshot->vpc->vpc_id, *why = NULL;
    const struct ec2_vpc_endpoint *with, *without;
    uint8_t support = attributes ? attributes->enable_dns_support : WIRE_ABSENT;
    uint8_t hostnames = attributes ? attributes->enable_dns_hostnames : WIRE_ABSENT;

    with = find_endpoint(walk, WIRE_TRUE);
    without = find_endpoint(walk, WIRE_FALSE);
    if (!(snapshot->complete & NEEDS(VPC_ENDPOINTS)))
        why = "the VPC endpoints could not be read";
    else if (support == WIRE_ABSENT || (with && hostnames == WIRE_ABSENT))
        why = "the VPC's DNS attributes are not known";
    else if (support == WIRE_FALSE)
        why = "the VPC's DNS support is off, so something else resolves names";
    else if (find_endpoint(walk, WIRE_ABSENT))
        why = "it is not known whether an endpoint's private DNS is on";
    else if (with && hostnames == WIRE_TRUE && walk->query->nat64)
        why = "DNS64 hides an endpoint's private addresses behind NAT64";
    if (why) {
        walk_step(walk, REACH_LAYER_DNS, VERDICT_UNKNOWN, vpc_id,
                  "what the name of %s resolves to is not known: %s", walk->query->service_name,
                  why);
        return;
    }
    if (with && hostnames == WIRE_TRUE) {
        walk_step(walk, REACH_LAYER_DNS, VERDICT_YES, with->vpc_endpoint_id,
                  "private DNS gives the addresses of %s for %s", with->vpc_endpoint_id,
                  walk->query->service_name);
        walk_interface_endpoint(walk, with);
        return;
    }
    walk_public_name(walk);
    if (with || without)
        name_idle_endpoint(walk, with ? with : without, with != NULL);
}
