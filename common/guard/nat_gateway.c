/* NAT gateways and their addresses against the invariants: one pending or available for each zone,
 * whoever made it (S3), no address more than the zones under repair need (S4), and only an address
 * that was the zone's (design.md 6.6). */
#include "action.h"

#include "vpc_reconciled/fault.h"

static const struct desired_zone *zone_of(const struct action_case *c, bool address)
{
    for (size_t z = 0; z < c->desired->n_zones; z++) {
        const struct desired_zone *zone = &c->desired->zones[z];

        if (text_equal(address ? zone->address_role : zone->role, c->action->role))
            return zone;
    }
    return NULL;
}

/* Nothing that serves the zone is there or on its way. */
static enum hold zone_is_bare(const struct action_case *c, const struct desired_zone *zone)
{
    const struct ec2_nat_gateway *busy = zone->gateway  ? zone->gateway
                                         : zone->coming ? zone->coming
                                         : zone->going  ? zone->going
                                                        : zone->unclear;

    if (busy)
        return refuse(c, HOLD_WAIT, "NAT gateway %s is %s", busy->nat_gateway_id,
                      ec2_word(&ec2_state_words, busy->state));
    return HOLD_NONE;
}

static bool is_free(const struct ec2_address *address)
{
    return text_empty(address->association_id) && text_empty(address->network_interface_id) &&
           text_empty(address->instance_id) && text_empty(address->service_managed);
}

/* The config keeps it for a place that lacks no gateway: it is spoken for, and no new address of
 * ours can ever be such a one. */
static bool pinned_elsewhere(const struct action_case *c, const char *id)
{
    const struct declared_nat_gateways *nat = &c->desired->target->nat_gateways;
    bool pinned = false;

    for (size_t i = 0; i < nat->n_elastic_ips; i++) {
        if (!texts_contain(&nat->elastic_ips[i].allocation_ids, id))
            continue;
        pinned = true;
        for (size_t z = 0; z < c->desired->n_zones; z++) {
            const struct desired_zone *zone = &c->desired->zones[z];
            const char *az = zone->az ? zone->az : zone->subnet ? zone->subnet->az : NULL;

            if (!zone->gateway && text_equal(az, nat->elastic_ips[i].availability_zone))
                return false;
        }
    }
    return pinned;
}

enum hold judge_allocate_address(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct desired_zone *zone = zone_of(c, true);
    unsigned unattached = 0, bare = 0;
    enum hold hold;

    if (!zone && address_is_for_interface(c))
        return judge_allocate_interface_address(c);
    if (!zone)
        return refuse(c, HOLD_NOT_OURS, "no declared zone has the role %s", c->action->role);
    if (!text_equal(request->domain, "vpc") || request->address || request->public_ipv4_pool ||
        c->desired->target->nat_gateways.placement == NAT_REGIONAL)
        return refuse(c, HOLD_NOT_OURS,
                      "only a plain address for a zonal NAT gateway is allocated");
    hold = zone_is_bare(c, zone);
    if (hold != HOLD_NONE)
        return hold;
    if (zone->allocation_id || zone->husk_holds_address || !zone->subnet)
        return refuse(c, HOLD_WAIT, "%s needs no new address", zone->role);
    if (zone->lost_busy &&
        nat_gateway_may_hide(c->policy->history, c->snapshot, c->policy->target->name, zone->role,
                             c->policy->now.wall_ms))
        return refuse(c, HOLD_WAIT, "a NAT gateway was asked for as %s, and may not show yet",
                      zone->role);
    VEC_EACH (address, &c->snapshot->observation->addresses)
        unattached += is_free(address) && tags_are_ours(&address->tags, c->snapshot->owner_tag) &&
                      !pinned_elsewhere(c, address->allocation_id);
    for (size_t z = 0; z < c->desired->n_zones; z++)
        bare += !c->desired->zones[z].gateway;
    if (unattached >= bare)
        return refuse(c, HOLD_WAIT, "%u addresses of ours are attached to nothing already",
                      unattached);
    return HOLD_NONE;
}

static enum hold judge_regional(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;

    if (!text_equal(request->vpc_id, c->snapshot->vpc->vpc_id))
        return refuse(c, HOLD_NOT_OURS, "%s is not this target's VPC",
                      request->vpc_id ? request->vpc_id : "(none)");
    if (request->availability_mode != EC2_AVAILABILITY_MODE_REGIONAL || request->subnet_id ||
        request->allocation_id ||
        (request->connectivity_type != EC2_CONNECTIVITY_ABSENT &&
         request->connectivity_type != EC2_CONNECTIVITY_PUBLIC))
        return refuse(c, HOLD_NOT_OURS, "the config declares a regional NAT gateway");
    return HOLD_NONE;
}

/* The zone's own choice, or one that AWS gave us in this very pass: that one no list has yet. */
static bool address_is_the_zones(const struct action_case *c, const struct desired_zone *zone)
{
    const char *id = c->action->request.allocation_id;

    if (!id)
        return false;
    VEC_EACH (address, &c->snapshot->observation->addresses)
        if (text_equal(address->allocation_id, id))
            return text_equal(id, zone->allocation_id);
    return c->action->input_is_fresh;
}

static enum hold judge_zonal(const struct action_case *c, const struct desired_zone *zone)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct desired_subnet *subnet = desired_find_subnet(c->desired, request->subnet_id);
    const struct route *way_out;

    if (!subnet || !text_equal(subnet->group->name, c->desired->target->nat_gateways.in_group) ||
        (zone->az && !text_equal(subnet->subnet->az, zone->az)))
        return refuse(c, HOLD_NOT_OURS, "%s is not a declared public subnet of the zone",
                      request->subnet_id ? request->subnet_id : "(none)");
    if (request->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL || request->vpc_id ||
        request->connectivity_type != EC2_CONNECTIVITY_PUBLIC)
        return refuse(c, HOLD_NOT_OURS, "the config declares a public, zonal NAT gateway");
    if (!address_is_the_zones(c, zone))
        return refuse(c, HOLD_NOT_OURS, "nothing shows that %s is this zone's address",
                      request->allocation_id ? request->allocation_id : "(none)");
    way_out = subnet->subnet->table ? route_table_find(subnet->subnet->table, &PREFIX_IPV4_DEFAULT)
                                    : NULL;
    if (!FAULT(NAT_BEFORE_IGW) && (!way_out || way_out->kind != TARGET_INTERNET_GATEWAY ||
                                   route_is_live(c->snapshot, way_out) != VERDICT_YES))
        return refuse(c, HOLD_WAIT, "%s has no live route to an internet gateway yet",
                      request->subnet_id);
    return HOLD_NONE;
}

enum hold judge_create_nat_gateway(const struct action_case *c)
{
    const struct desired_zone *zone = zone_of(c, false);
    enum hold hold;

    if (!zone)
        return refuse(c, HOLD_NOT_OURS, "no declared zone has the role %s", c->action->role);
    hold = zone_is_bare(c, zone);
    if (hold != HOLD_NONE)
        return hold;
    return c->desired->target->nat_gateways.placement == NAT_REGIONAL ? judge_regional(c)
                                                                      : judge_zonal(c, zone);
}
