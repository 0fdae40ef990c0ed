/* Which Elastic IP address a zone's NAT gateway is built with (design.md 6.6): the pinned one, the
 * recorded one, those of the gateways that were there, one of ours that is idle, and only then a
 * new one. */
#include "nat_zones.h"

#include "vpc_reconciled/fault.h"

static const struct ec2_address *find_address(const struct snapshot *snapshot, const char *id)
{
    VEC_EACH (address, &snapshot->observation->addresses)
        if (id && text_equal(address->allocation_id, id))
            return address;
    return NULL;
}

static bool address_free(const struct ec2_address *address)
{
    return text_empty(address->association_id) && text_empty(address->network_interface_id) &&
           text_empty(address->instance_id) && text_empty(address->service_managed);
}

/* A failed gateway goes on holding its address for a while (scenario 5). */
static bool husk_holds(const struct desired_zone *zone, const struct ec2_address *address)
{
    for (size_t i = 0; zone->dead && i < zone->dead->addresses.n; i++)
        if (text_equal(zone->dead->addresses.items[i].allocation_id, address->allocation_id))
            return text_empty(address->network_interface_id) ||
                   text_equal(zone->dead->addresses.items[i].network_interface_id,
                              address->network_interface_id);
    return false;
}

/* One source of an address: taken when it is free; remembered as lost or busy when it is not. */
static bool take_address(struct desired_zone *zone, const struct snapshot *snapshot, const char *id,
                         const char *why)
{
    const struct ec2_address *address = find_address(snapshot, id);

    if (!id)
        return false;
    if (!address || !address_free(address)) {
        if (!zone->lost_address) {
            zone->lost_address = id;
            zone->lost_why = why;
            zone->lost_busy = address != NULL;
            zone->husk_holds_address = address && husk_holds(zone, address);
        }
        return false;
    }
    zone->allocation_id = address->allocation_id;
    zone->public_ip = address->public_ip;
    zone->address_why = why;
    return true;
}

/* A single gateway has the addresses that are pinned for the zone where it stands. */
static const char *address_az(const struct desired_zone *zone)
{
    return zone->az ? zone->az : zone->subnet ? zone->subnet->az : NULL;
}

static const struct declared_nat_zone *pinned(const struct desired *desired, const char *az)
{
    const struct declared_nat_gateways *nat = &desired->target->nat_gateways;

    for (size_t i = 0; az && i < nat->n_elastic_ips; i++)
        if (nat->elastic_ips[i].allocation_ids.n &&
            text_equal(nat->elastic_ips[i].availability_zone, az))
            return &nat->elastic_ips[i];
    return NULL;
}

static bool role_is(const ec2_tags *tags, const struct snapshot *snapshot, const char *role)
{
    return tags_are_ours(tags, snapshot->owner_tag) &&
           text_equal(ec2_tag_value(tags, TAG_ROLE), role);
}

/* Is the address another zone's: pinned, recorded or chosen for it? Then it is not this one's to
 * take. */
static bool of_another_zone(const struct desired *desired, const struct desired_zone *zone,
                            const struct history *wiring, const char *id)
{
    const struct declared_nat_gateways *nat = &desired->target->nat_gateways;

    for (size_t i = 0; i < nat->n_elastic_ips; i++)
        if (!text_equal(nat->elastic_ips[i].availability_zone, address_az(zone)) &&
            texts_contain(&nat->elastic_ips[i].allocation_ids, id))
            return true;
    for (size_t z = 0; z < desired->n_zones; z++) {
        const struct desired_zone *other = &desired->zones[z];

        if (other != zone && !other->gateway &&
            (text_equal(other->allocation_id, id) ||
             text_equal(history_wiring(wiring, desired->target->name, other->address_role), id)))
            return true;
    }
    return false;
}

static bool take_pinned(struct desired_zone *zone, const struct desired *desired,
                        const struct snapshot *snapshot)
{
    const struct declared_nat_zone *pin = pinned(desired, address_az(zone));

    for (size_t i = 0; pin && i < pin->allocation_ids.n; i++)
        if (take_address(zone, snapshot, pin->allocation_ids.items[i], "the config pins it"))
            return true;
    zone->pin_lost = pin != NULL; /* others rely on it: a person decides on another one */
    return false;
}

/* What the entries of gateways that are gone still show, the newest first. */
static bool take_from_the_dead(struct desired_zone *zone, const struct desired *desired,
                               const struct snapshot *snapshot, const struct history *wiring)
{
    const struct ec2_nat_gateway *dead = FAULT(DEAD_ENTRY_UNREAD) ? NULL : zone->dead;

    while (dead) {
        const struct ec2_nat_gateway *older = NULL;

        for (size_t i = 0; i < dead->addresses.n; i++) {
            const char *id = dead->addresses.items[i].allocation_id;

            if (!text_empty(id) && !of_another_zone(desired, zone, wiring, id) &&
                take_address(zone, snapshot, id, "the gateway that was there had it"))
                return true;
        }
        for (size_t i = 0; i < snapshot->n_nat_gateways; i++) {
            const struct ec2_nat_gateway *gateway = snapshot->nat_gateways[i];

            if ((gateway->state == EC2_STATE_DELETED || gateway->state == EC2_STATE_FAILED) &&
                nat_gateway_of_zone(desired, snapshot, zone, gateway) &&
                text_compare(gateway->create_time, dead->create_time) < 0)
                older = nat_gateway_newer(older, gateway);
        }
        dead = older;
    }
    return false;
}

/* Tagged for a zone that has no gateway now: it waits for that one. */
static bool awaited(const struct desired *desired, const struct snapshot *snapshot,
                    const struct ec2_address *address)
{
    for (size_t z = 0; z < desired->n_zones; z++)
        if (!desired->zones[z].gateway &&
            role_is(&address->tags, snapshot, desired->zones[z].address_role))
            return true;
    return false;
}

static bool take_ours(struct desired_zone *zone, const struct desired *desired,
                      const struct snapshot *snapshot, const struct history *wiring)
{
    if (FAULT(LEFTOVERS_UNREAD))
        return false;
    VEC_EACH (address, &snapshot->observation->addresses)
        if (address_free(address) && role_is(&address->tags, snapshot, zone->address_role) &&
            take_address(zone, snapshot, address->allocation_id,
                         "it carries our tag for this role"))
            return true;
    VEC_EACH (address, &snapshot->observation->addresses)
        if (address_free(address) && tags_are_ours(&address->tags, snapshot->owner_tag) &&
            !awaited(desired, snapshot, address) &&
            !of_another_zone(desired, zone, wiring, address->allocation_id) &&
            take_address(zone, snapshot, address->allocation_id,
                         "this daemon allocated it, and it is idle"))
            return true;
    return false;
}

void choose_nat_address(struct desired_zone *zone, const struct desired *desired,
                        const struct snapshot *snapshot, const struct history *wiring)
{
    const char *wired = history_wiring(wiring, desired->target->name, zone->address_role);

    if (take_pinned(zone, desired, snapshot) || zone->husk_holds_address)
        return;
    if (wired && !of_another_zone(desired, zone, wiring, wired) &&
        take_address(zone, snapshot, wired, "the recorded wiring names it"))
        return;
    if (zone->husk_holds_address)
        return; /* it lets go by itself */
    if (!take_from_the_dead(zone, desired, snapshot, wiring) && !zone->husk_holds_address)
        take_ours(zone, desired, snapshot, wiring);
}
