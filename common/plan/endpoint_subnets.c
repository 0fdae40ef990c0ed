/* Where an endpoint has to be: a gateway endpoint in the route tables of its groups, an interface
 * endpoint in a subnet of each zone that its service is offered in. */
#include "endpoints.h"

#include "vpc_reconciled/fault.h"

/* ---- gateway: route tables ---- */

static bool is_moving(const struct desired *desired, const struct desired_subnet *subnet)
{
    if (subnet->associate)
        return true;
    for (size_t k = 0; k < desired->n_copies; k++)
        for (size_t s = 0; s < desired->copies[k].n_subnets; s++)
            if (desired->copies[k].subnets[s] == subnet->subnet && !desired->copies[k].cannot)
                return true;
    return false;
}

/* S2, and no way to a service for subnets that nobody declared it for. */
static const char *never_given(struct arena *arena, const struct desired_endpoint *want,
                               const struct desired *desired, const struct snapshot *snapshot,
                               const struct route_table *table)
{
    const struct desired_table *known = desired_find_table(desired, table->id);

    if (known && known->never)
        return known->never;
    if (table->main)
        return "it is the VPC's main route table, which is never written";
    if (table->gateway_association)
        return "it is associated with a gateway (edge routing)";
    for (size_t i = 0; i < snapshot->n_subnets; i++) {
        const struct subnet *subnet = &snapshot->subnets[i];
        const struct desired_subnet *declared = desired_find_subnet(desired, subnet->id);

        if (subnet->table == table && (!declared || !endpoint_is_for_group(want, declared->group)))
            return arena_printf(arena, "it also serves %s, which is of no group in \"for\"",
                                subnet->id);
    }
    return NULL;
}

/* Has any endpoint of the service the table? Who made it does not matter. */
static bool has_table(const struct snapshot *snapshot, const struct desired_endpoint *want,
                      const char *table_id)
{
    for (size_t i = 0; i < snapshot->n_vpc_endpoints; i++) {
        const struct ec2_vpc_endpoint *endpoint = snapshot->vpc_endpoints[i];

        if (!endpoint_is_for(snapshot, want, endpoint) || !vpc_endpoint_is_there(endpoint))
            continue;
        for (size_t t = 0; t < endpoint->route_table_ids.n; t++)
            if (text_equal(endpoint->route_table_ids.items[t], table_id))
                return true;
    }
    return false;
}

void resolve_endpoint_tables(struct arena *arena, struct desired_endpoint *want,
                             const struct desired *desired, const struct snapshot *snapshot)
{
    struct texts seen = {0};

    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &desired->subnets[i];
        const struct route_table *table = subnet->subnet->table;
        const char *never;

        if (!endpoint_is_for_group(want, subnet->group) || !table ||
            texts_contain(&seen, table->id))
            continue;
        if (is_moving(desired, subnet)) {
            want->moving = true;
            continue;
        }
        texts_add_once(arena, &seen, table->id);
        never = never_given(arena, want, desired, snapshot, table);
        if (!never)
            texts_add_once(arena, &want->table_ids, table->id);
        if (has_table(snapshot, want, table->id))
            continue;
        if (!never)
            texts_add_once(arena, &want->lacking, table->id);
        else
            want->never =
                arena_printf(arena, "%s%s%s is not given it: %s", want->never ? want->never : "",
                             want->never ? "; " : "", table->id, never);
    }
}

/* ---- interface: a subnet in each zone ---- */

static bool is_in_group(const struct desired_endpoint *want, const struct subnet_group *group)
{
    return want->declared->in_group ? text_equal(want->declared->in_group, group->name)
                                    : endpoint_is_for_group(want, group);
}

static bool texts_have(const struct wire_texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->n; i++)
        if (text_equal(texts->items[i], text))
            return true;
    return false;
}

/* The service says where it is offered; nothing said is everywhere, and AWS has the last word. */
static bool is_offered(const struct desired_endpoint *want, const struct subnet *subnet)
{
    const struct ec2_service_detail *service = want->service;

    if (!service || FAULT(ZONES_UNASKED))
        return true;
    if (service->availability_zones.n)
        return texts_have(&service->availability_zones, subnet->az);
    return service->availability_zone_ids.n == 0 ||
           texts_have(&service->availability_zone_ids, subnet->ec2->availability_zone_id);
}

/* aws-facts 11: ipv4 needs IPv4 in all subnets, ipv6 needs IPv6-only subnets, dualstack both. */
static const char *subnet_unfit(const struct desired_endpoint *want, const struct subnet *subnet)
{
    const char *type = want->declared->ip_address_type ? want->declared->ip_address_type : "ipv4";
    const struct wire_int *free_addresses = &subnet->ec2->available_ip_address_count;
    bool has_ipv4 = subnet->ec2->cidr_block.family != FAMILY_NONE;

    if (subnet->ec2->state != EC2_STATE_AVAILABLE && subnet->ec2->state != EC2_STATE_ABSENT)
        return "it is not available";
    if (!text_equal(type, "ipv6") && !has_ipv4)
        return "it has no IPv4 block";
    if (!text_equal(type, "ipv4") && !subnet->has_ipv6)
        return "it has no IPv6 block";
    if (text_equal(type, "ipv6") && has_ipv4)
        return "it is not an IPv6-only subnet";
    if (has_ipv4 && free_addresses->set && free_addresses->value == 0)
        return "it has no free IPv4 address";
    return NULL;
}

static int64_t free_addresses_of(const struct subnet *subnet)
{
    return subnet->ec2->available_ip_address_count.set
               ? subnet->ec2->available_ip_address_count.value
               : 0;
}

/* Of a zone's declared subnets the one with most free addresses, then the lowest id. */
static void offer(struct arena *arena, struct desired_endpoint *want,
                  struct desired_endpoint_zone *zone, const struct subnet *subnet)
{
    const char *unfit = subnet_unfit(want, subnet);

    if (unfit)
        zone->why_not = arena_printf(arena, "%s%s%s: %s", zone->why_not ? zone->why_not : "",
                                     zone->why_not ? "; " : "", subnet->id, unfit);
    else if (!zone->subnet || free_addresses_of(subnet) > free_addresses_of(zone->subnet))
        zone->subnet = subnet;
}

void resolve_endpoint_zones(struct arena *arena, struct desired_endpoint *want,
                            const struct desired *desired, const struct snapshot *snapshot)
{
    (void)snapshot;
    want->zones = ARENA_ARRAY(arena, struct desired_endpoint_zone, desired->n_subnets + 1);
    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct subnet *subnet = desired->subnets[i].subnet;
        struct desired_endpoint_zone *zone = NULL;

        if (!is_in_group(want, desired->subnets[i].group))
            continue;
        for (size_t z = 0; z < want->n_zones; z++)
            if (text_equal(want->zones[z].az, subnet->az))
                zone = &want->zones[z];
        if (!zone) {
            zone = &want->zones[want->n_zones++];
            *zone = (struct desired_endpoint_zone){.az = subnet->az,
                                                   .offered = is_offered(want, subnet)};
        }
        offer(arena, want, zone, subnet);
    }
}
