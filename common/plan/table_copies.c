/* Route tables that are ours to make: one for each zone, or group, whose subnets share the main
 * table or another zone's. Each is a copy of the table that it stands in for (safety.md S7). */
#include "table_copies.h"

#include "nat_zones.h"
#include "vpc_reconciled/fault.h"

static bool wants_zone_table(const struct desired *desired, const struct desired_subnet *subnet)
{
    return desired->target->nat_gateways.placement == NAT_PER_AZ && desired_wants_nat(subnet);
}

/* "route-table/functions/ap-northeast-1a", "route-table/public/all" */
static const char *copy_role(struct arena *arena, const struct desired *desired,
                             const struct desired_subnet *subnet)
{
    return arena_printf(arena, "route-table/%s/%s", subnet->group->name,
                        wants_zone_table(desired, subnet) ? subnet->subnet->az : "all");
}

/* The zone that keeps a shared table: the one that its default already leads to, else the first. An
 * edge zone is its parent's. */
static const struct desired_zone *keeper(const struct desired *desired,
                                         const struct snapshot *snapshot,
                                         const struct route_table *table)
{
    const struct route *route = route_table_find_static(table, &PREFIX_IPV4_DEFAULT);
    const struct ec2_nat_gateway *gateway =
        route && route->kind == TARGET_NAT_GATEWAY
            ? snapshot_find_nat_gateway(snapshot, route->target_id)
            : NULL;
    const struct subnet *home = gateway ? snapshot_find_subnet(snapshot, gateway->subnet_id) : NULL;
    const struct desired_zone *first = NULL,
                              *led_to =
                                  home ? desired_find_zone(desired, snapshot, home->az) : NULL;

    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &desired->subnets[i];
        const struct desired_zone *zone;

        if (subnet->subnet->table != table || !wants_zone_table(desired, subnet))
            continue;
        zone = desired_find_zone(desired, snapshot, subnet->subnet->az);
        if (zone && zone == led_to)
            return zone;
        if (zone && (!first || strcmp(zone->az, first->az) < 0))
            first = zone;
    }
    return first;
}

/* A regional gateway serves every zone, so its table may be shared. */
static bool sharing_hurts(const struct desired *desired, const struct snapshot *snapshot,
                          const struct desired_subnet *subnet)
{
    const struct desired_zone *zone = desired_find_zone(desired, snapshot, subnet->subnet->az);

    return wants_zone_table(desired, subnet) && zone &&
           !(zone->gateway && zone->gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL);
}

static bool needs_copy(const struct desired *desired, const struct snapshot *snapshot,
                       const struct desired_subnet *subnet)
{
    const struct route_table *table = subnet->subnet->table;

    if (!subnet->judged || subnet->associate || !table || subnet->subnet->association_changing)
        return false;
    if (!subnet->subnet->association_id)
        return true; /* implicit */
    return sharing_hurts(desired, snapshot, subnet) &&
           keeper(desired, snapshot, table) !=
               desired_find_zone(desired, snapshot, subnet->subnet->az);
}

/* A gateway endpoint's routes are made by the endpoint alone; a Gateway Load Balancer's are static
 * ones. */
static bool entry_can_be_copied(const struct snapshot *snapshot, const struct route *route)
{
    const struct ec2_vpc_endpoint *endpoint =
        snapshot->complete & NEEDS(VPC_ENDPOINTS)
            ? snapshot_find_vpc_endpoint(snapshot, route->target_id)
            : NULL;

    return endpoint && vpc_endpoint_state(endpoint) == ENDPOINT_AVAILABLE &&
           endpoint->requester_managed != WIRE_TRUE;
}

/* What keeps a table from being copied whole, or NULL. */
static const char *cannot_copy(struct arena *arena, const struct desired *desired,
                               const struct snapshot *snapshot, const struct route_table *source)
{
    if (source->gateway_association)
        return arena_printf(arena, "%s is associated with a gateway (edge routing)", source->id);
    if (source->propagating)
        return arena_printf(
            arena, "%s has propagated or advertised routes, which no copy would have", source->id);
    for (size_t i = 0; i < source->n_routes; i++) {
        const struct route *route = &source->routes[i];

        if (route->prefix_list_id && route->kind == TARGET_VPC_ENDPOINT &&
            !entry_can_be_copied(snapshot, route))
            return arena_printf(arena,
                                "%s carries the route of endpoint %s, which is not known to be an "
                                "available endpoint of this VPC, so that it cannot be copied",
                                source->id, route->target_id);
        if (route->kind == TARGET_OTHER || route->kind == TARGET_NONE)
            return arena_printf(arena, "%s has a route to a target that this version does not know",
                                source->id);
    }
    for (size_t i = 0; !source->main && i < snapshot->n_subnets; i++)
        if (snapshot->subnets[i].table == source &&
            !desired_find_subnet(desired, snapshot->subnets[i].id))
            return arena_printf(arena, "%s also serves %s, which is not declared", source->id,
                                snapshot->subnets[i].id);
    return NULL;
}

static const struct route_table *find_ours(const struct snapshot *snapshot, const char *role)
{
    for (size_t t = 0; t < snapshot->n_route_tables; t++) {
        const struct route_table *table = &snapshot->route_tables[t];

        if (tags_are_ours(&table->ec2->tags, snapshot->owner_tag) &&
            text_equal(ec2_tag_value(&table->ec2->tags, TAG_ROLE), role))
            return table;
    }
    return NULL;
}

const struct route *copy_lacks(const struct route_table *source, const struct route_table *copy,
                               size_t *at)
{
    for (; *at < source->n_routes; (*at)++) {
        const struct route *route = &source->routes[*at];
        bool has = route->kind == TARGET_LOCAL || route->origin != EC2_ORIGIN_CREATE_ROUTE ||
                   (FAULT(ENTRIES_NOT_COPIED) && route->kind == TARGET_VPC_ENDPOINT);

        for (size_t i = 0; !has && i < copy->n_routes; i++)
            has = prefix_equal(&copy->routes[i].destination, &route->destination) &&
                  text_equal(copy->routes[i].prefix_list_id, route->prefix_list_id);
        if (!has)
            return route;
    }
    return NULL;
}

/* A subnet of two groups has one table. */
static bool copied_already(const struct desired *desired, const struct subnet *subnet)
{
    for (size_t k = 0; k < desired->n_copies; k++)
        for (size_t s = 0; s < desired->copies[k].n_subnets; s++)
            if (desired->copies[k].subnets[s] == subnet)
                return true;
    return false;
}

void resolve_table_copies(struct arena *arena, struct desired *desired,
                          const struct snapshot *snapshot)
{
    desired->copies = ARENA_ARRAY(arena, struct desired_copy, desired->n_subnets + 1);
    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &desired->subnets[i];
        struct desired_copy *copy = NULL;
        const char *role;

        if (copied_already(desired, subnet->subnet) || !needs_copy(desired, snapshot, subnet))
            continue;
        role = copy_role(arena, desired, subnet);
        for (size_t k = 0; k < desired->n_copies; k++)
            if (text_equal(desired->copies[k].role, role))
                copy = &desired->copies[k];
        if (!copy) {
            copy = &desired->copies[desired->n_copies++];
            *copy = (struct desired_copy){
                .role = role,
                .az = wants_zone_table(desired, subnet) ? subnet->subnet->az : NULL,
                .group = subnet->group,
                .source = subnet->subnet->table,
                .table = find_ours(snapshot, role),
                .implicit = !subnet->subnet->association_id,
                .subnets = ARENA_ARRAY(arena, const struct subnet *, desired->n_subnets),
            };
            copy->cannot = cannot_copy(arena, desired, snapshot, copy->source);
        }
        if (subnet->subnet->table != copy->source)
            copy->cannot = arena_printf(arena, "subnets of %s are served by several tables", role);
        copy->subnets[copy->n_subnets++] = subnet->subnet;
    }
}
