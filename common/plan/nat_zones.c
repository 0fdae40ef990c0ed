/* Which NAT gateway each zone should have: the one that is there, or from what it is built again
 * (design.md 6.6: pin, recorded wiring, what the live VPC still shows, our tag, and only then a new
 * one). */
#include "nat_zones.h"

#include "vpc_reconciled/fault.h"

const char *wiring_role_zone(struct arena *arena, const char *what, const char *zone_role)
{
    return arena_printf(arena, "%s/%s", what, strchr(zone_role, '/') + 1);
}

bool desired_wants_nat(const struct desired_subnet *subnet)
{
    return subnet->judged &&
           (built_option(&subnet->group->ipv4) == OPTION_NAT_GATEWAY || subnet->group->nat64 == 2);
}

const char *nat_zone_name(const struct snapshot *snapshot, const char *az)
{
    VEC_EACH (zone, &snapshot->observation->availability_zones)
        if (text_equal(zone->zone_name, az) && !text_empty(zone->parent_zone_name))
            return zone->parent_zone_name;
    return az;
}

struct desired_zone *desired_find_zone(const struct desired *desired,
                                       const struct snapshot *snapshot, const char *az)
{
    if (desired->target->nat_gateways.placement != NAT_PER_AZ)
        return desired->n_zones ? &desired->zones[0] : NULL;
    az = nat_zone_name(snapshot, az);
    for (size_t i = 0; i < desired->n_zones; i++)
        if (text_equal(desired->zones[i].az, az))
            return &desired->zones[i];
    return NULL;
}

static void add_zones(struct arena *arena, struct desired *desired, const struct snapshot *snapshot)
{
    static const char *const roles[] = {
        [NAT_SINGLE] = "nat-gateway/single", [NAT_REGIONAL] = "nat-gateway/regional"};
    enum nat_placement placement = desired->target->nat_gateways.placement;

    desired->zones = ARENA_ARRAY(arena, struct desired_zone, desired->n_subnets + 1);
    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &desired->subnets[i];
        struct desired_zone *zone;

        if (!desired_wants_nat(subnet))
            continue;
        zone = desired_find_zone(desired, snapshot, subnet->subnet->az);
        if (!zone) {
            const char *az = nat_zone_name(snapshot, subnet->subnet->az);

            zone = &desired->zones[desired->n_zones++];
            if (placement == NAT_PER_AZ)
                *zone = (struct desired_zone){.az = az,
                                              .role = arena_printf(arena, "nat-gateway/%s", az)};
            else
                *zone = (struct desired_zone){.role = roles[placement]};
            zone->address_role = wiring_role_zone(arena, "elastic-ip", zone->role);
        }
        zone->subnets = zone->subnets
                            ? arena_printf(arena, "%s, %s", zone->subnets, subnet->subnet->id)
                            : subnet->subnet->id;
    }
}

/* ---- the gateways that are, or were, the zone's ---- */

static bool in_public_group(const struct desired *desired, const char *subnet_id)
{
    const struct desired_subnet *subnet = desired_find_subnet(desired, subnet_id);

    return subnet && text_equal(subnet->group->name, desired->target->nat_gateways.in_group);
}

bool nat_gateway_of_zone(const struct desired *desired, const struct snapshot *snapshot,
                         const struct desired_zone *zone, const struct ec2_nat_gateway *gateway)
{
    const struct subnet *home;

    if (gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL)
        return !FAULT(REGIONAL_UNKNOWN); /* scenario 14: it serves every zone */
    if (desired->target->nat_gateways.placement == NAT_REGIONAL)
        return false;
    home = snapshot_find_subnet(snapshot, gateway->subnet_id);
    return home && in_public_group(desired, home->id) &&
           (!zone->az || text_equal(home->az, zone->az));
}

/* createTime is ISO 8601, so that text order is time order; absent sorts first. */
const struct ec2_nat_gateway *nat_gateway_newer(const struct ec2_nat_gateway *a,
                                                const struct ec2_nat_gateway *b)
{
    return !a || text_compare(a->create_time, b->create_time) < 0 ? b : a;
}

static void sort_gateway(struct desired_zone *zone, const struct ec2_nat_gateway *gateway)
{
    bool regional = gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL;
    uint8_t state = gateway->state;

    if (FAULT(DEAD_GATEWAYS_COUNT) && state == EC2_STATE_DELETED)
        state = EC2_STATE_AVAILABLE;
    if (FAULT(PENDING_GATEWAYS_ARE_NONE) && state == EC2_STATE_PENDING)
        return;
    if (gateway->connectivity_type == EC2_CONNECTIVITY_PRIVATE) {
        if (gateway->state == EC2_STATE_AVAILABLE)
            zone->private_gateway = gateway;
        return;
    }
    if (gateway->connectivity_type == EC2_CONNECTIVITY_UNKNOWN &&
        gateway->state == EC2_STATE_AVAILABLE) {
        zone->unclear = gateway;
        return;
    }
    switch (state) {
    case EC2_STATE_AVAILABLE: /* by id: the lowest wins, a zonal one before a regional one */
        zone->n_available++;
        if (!zone->gateway ||
            (!regional && zone->gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL))
            zone->gateway = gateway;
        break;
    case EC2_STATE_PENDING:
        zone->coming = nat_gateway_newer(zone->coming, gateway);
        break;
    case EC2_STATE_DELETING:
        zone->going = nat_gateway_newer(zone->going, gateway);
        break;
    case EC2_STATE_FAILED:
        zone->n_failed++;
        zone->dead = nat_gateway_newer(zone->dead, gateway);
        break;
    case EC2_STATE_DELETED:
        zone->dead = nat_gateway_newer(zone->dead, gateway);
        break;
    default: /* a word that we do not know: neither there nor gone */
        zone->unclear = gateway;
        break;
    }
}

/* The id that a dead default of a table in the zone still names, when EC2 no longer lists it. */
static const char *dead_route_names(const struct desired *desired, const struct snapshot *snapshot,
                                    const struct desired_zone *zone)
{
    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct subnet *subnet = desired->subnets[i].subnet;
        const struct route *route;

        if (!desired_wants_nat(&desired->subnets[i]) || !subnet->table ||
            desired_find_zone(desired, snapshot, subnet->az) != zone)
            continue;
        route = route_table_find_static(subnet->table, &PREFIX_IPV4_DEFAULT);
        if (route && route->kind == TARGET_NAT_GATEWAY && route->state == EC2_ROUTE_BLACKHOLE &&
            !snapshot_find_nat_gateway(snapshot, route->target_id))
            return route->target_id;
    }
    return NULL;
}

/* ---- from what it is built ---- */

/* The subnet that had it, else the one with the most free addresses, else the lowest id. */
static void choose_subnet(struct arena *arena, struct desired_zone *zone,
                          const struct desired *desired, const struct history *wiring)
{
    const char *wired = history_wiring(wiring, desired->target->name,
                                       wiring_role_zone(arena, "nat-subnet", zone->role));
    const char *had = zone->dead && zone->dead->subnet_id ? zone->dead->subnet_id : wired;
    const struct subnet *best = NULL;

    for (size_t i = 0; i < desired->n_subnets; i++) { /* by id */
        const struct subnet *subnet = desired->subnets[i].subnet;
        bool full = subnet->ec2->available_ip_address_count.set &&
                    subnet->ec2->available_ip_address_count.value <= 0;

        if (!in_public_group(desired, subnet->id) || full ||
            subnet->ec2->state != EC2_STATE_AVAILABLE ||
            (zone->az && !text_equal(subnet->az, zone->az)))
            continue;
        if (text_equal(subnet->id, had)) {
            best = subnet;
            break;
        }
        if (!best || subnet->ec2->available_ip_address_count.value >
                         best->ec2->available_ip_address_count.value)
            best = subnet;
    }
    if (best)
        zone->subnet = best;
    else
        zone->why_not = arena_printf(
            arena,
            "group \"%s\" has no subnet with a free address%s%s to put a "
            "NAT gateway in",
            desired->target->nat_gateways.in_group ? desired->target->nat_gateways.in_group : "?",
            zone->az ? " in " : "", zone->az ? zone->az : "");
}

void resolve_nat_zones(struct arena *arena, struct desired *desired,
                       const struct snapshot *snapshot, const struct history *wiring)
{
    add_zones(arena, desired, snapshot);
    if (!(snapshot->complete & NEEDS(NAT_GATEWAYS)))
        return;
    for (size_t z = 0; z < desired->n_zones; z++)
        for (size_t i = 0; i < snapshot->n_nat_gateways; i++)
            if (nat_gateway_of_zone(desired, snapshot, &desired->zones[z],
                                    snapshot->nat_gateways[i]))
                sort_gateway(&desired->zones[z], snapshot->nat_gateways[i]);
    for (size_t z = 0; z < desired->n_zones; z++) {
        struct desired_zone *zone = &desired->zones[z];

        if (zone->gateway)
            continue;
        zone->predecessor =
            zone->dead ? zone->dead->nat_gateway_id : dead_route_names(desired, snapshot, zone);
        if (!zone->predecessor)
            zone->predecessor = history_wiring(wiring, desired->target->name, zone->role);
        if (desired->target->nat_gateways.placement != NAT_REGIONAL) {
            choose_subnet(arena, zone, desired, wiring);
            if (snapshot->complete & NEEDS(ADDRESSES))
                choose_nat_address(zone, desired, snapshot, wiring);
        }
    }
}
