/* Regional NAT gateways: without a subnet, for all zones of a VPC (aws-facts 2.5). */
#include "actions.h"
#include "nat_gateways.h"
#include "transitions.h"

#define ENABLED "enabled"
#define DISABLED "disabled"
#define ADDRESSES_PER_ZONE_MAX 32 /* aws-facts 2.5 */

bool nat_gateway_is_regional(const struct ec2_nat_gateway *gateway)
{
    return gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL && !gateway->subnet_id;
}

/* ---- the request ---- */

/* NULL: the call has failed. */
static const struct ec2_availability_zone *
zone_of(struct call *call, const struct ec2_availability_zone_address *given)
{
    const struct ec2_availability_zone *zone;

    if (!given->availability_zone == !given->availability_zone_id) {
        call_fail(call,
                  given->availability_zone ? "InvalidParameterCombination" : "MissingParameter",
                  "Exactly one of availabilityZone and availabilityZoneId is to be given for each "
                  "availabilityZoneAddress");
        return NULL;
    }
    zone = zone_by_name_or_id(call->state, given->availability_zone, given->availability_zone_id);
    if (!zone)
        call_fail(
            call, "InvalidParameterValue", "Value (%s) for parameter availabilityZone is invalid.",
            given->availability_zone ? given->availability_zone : given->availability_zone_id);
    return zone;
}

static int check_given(struct call *call, const struct ec2_availability_zone_address *given)
{
    const struct ec2_availability_zone *zone = zone_of(call, given);

    if (!zone)
        return -EINVAL;
    for (const struct ec2_availability_zone_address *before =
             call->change.availability_zone_addresses.items;
         before < given; before++)
        if (zone_of(call, before) == zone)
            return call_fail(call, "InvalidParameterValue",
                             "The Availability Zone %s is given twice", zone->zone_name);
    if (!given->allocation_ids.n)
        return call_fail(call, "MissingParameter",
                         "The request must contain the parameter allocationId for %s",
                         zone->zone_name);
    if (given->allocation_ids.n > ADDRESSES_PER_ZONE_MAX)
        return call_fail(call, "InvalidParameterValue",
                         "At most %d addresses for an Availability Zone", ADDRESSES_PER_ZONE_MAX);
    for (size_t i = 0; i < given->allocation_ids.n; i++)
        if (!id_is_well_formed(given->allocation_ids.items[i], "eipalloc-"))
            return call_fail(call, "InvalidAllocationID.NotFound",
                             "The allocation ID '%s' does not exist",
                             given->allocation_ids.items[i]);
    return 0;
}

int nat_gateway_check_regional(struct call *call)
{
    const struct ec2_change_request *change = &call->change;

    if (change->subnet_id || change->allocation_id || change->private_ip_address ||
        change->connectivity_type == EC2_CONNECTIVITY_PRIVATE)
        return call_fail(
            call, "InvalidParameterCombination",
            "A regional NAT gateway takes a VpcId, and neither SubnetId, AllocationId nor "
            "a private ConnectivityType");
    if (call_require(call, change->vpc_id, "vpcId") < 0 ||
        !call_find(call, KIND_VPC, change->vpc_id))
        return -EINVAL;
    VEC_EACH (given, &change->availability_zone_addresses)
        if (check_given(call, given) < 0)
            return -EINVAL;
    return 0;
}

/* ---- its route table ---- */

static struct ec2_route_table *table_of(struct call *call, struct ec2_nat_gateway *gateway)
{
    struct ec2_route_table *table =
        state_find(call->state, KIND_ROUTE_TABLE, gateway->route_table_id);

    if (!table) {
        table = route_table_new(call, state_find(call->state, KIND_VPC, gateway->vpc_id));
        gateway->route_table_id = table->route_table_id;
    }
    return table;
}

static bool has_default_route(const struct ec2_route_table *table)
{
    VEC_EACH (route, &table->routes)
        if (route->destination_cidr_block.family == FAMILY_IPV4 &&
            route->destination_cidr_block.length == 0)
            return true;
    return false;
}

static void route_to_internet(struct call *call, struct ec2_nat_gateway *gateway)
{
    const struct ec2_internet_gateway *internet_gateway =
        internet_gateway_of_vpc(call->state, gateway->vpc_id);
    struct ec2_route_table *table = table_of(call, gateway);

    if (!internet_gateway || has_default_route(table))
        return;
    *LIST_ADD(call->state->arena, &table->routes) =
        (struct ec2_route){.destination_cidr_block = {.family = FAMILY_IPV4},
                           .gateway_id = internet_gateway->internet_gateway_id,
                           .origin = EC2_ORIGIN_CREATE_ROUTE,
                           .state = EC2_ROUTE_ACTIVE};
}

void nat_gateway_end_regional(struct state *state, const struct ec2_nat_gateway *gateway)
{
    if (state_find(state, KIND_ROUTE_TABLE, gateway->route_table_id))
        state_remove(state, KIND_ROUTE_TABLE, gateway->route_table_id);
}

/* ---- its addresses ---- */

static struct ec2_nat_gateway_address *add_item(struct call *call, struct ec2_nat_gateway *gateway,
                                                const struct ec2_availability_zone *zone)
{
    struct ec2_nat_gateway_address *item = LIST_ADD(call->state->arena, &gateway->addresses);

    item->availability_zone = keep(call, zone->zone_name);
    item->availability_zone_id = keep(call, zone->zone_id);
    item->is_primary = gateway->addresses.n == 1 ? WIRE_TRUE : WIRE_FALSE;
    item->status = "associating";
    return item;
}

void nat_gateway_begin_regional(struct call *call, struct ec2_nat_gateway *gateway)
{
    const char *automatic = call->change.availability_zone_addresses.n ? DISABLED : ENABLED;

    gateway->auto_scaling_ips = gateway->auto_provision_zones = automatic;
    route_to_internet(call, gateway);
    VEC_EACH (given, &call->change.availability_zone_addresses)
        for (size_t i = 0; i < given->allocation_ids.n; i++)
            add_item(call, gateway, zone_of(call, given))->allocation_id =
                keep(call, given->allocation_ids.items[i]);
}

static bool covers(const struct ec2_nat_gateway *gateway, const char *zone)
{
    VEC_EACH (item, &gateway->addresses)
        if (text_equal(item->availability_zone, zone))
            return true;
    return false;
}

/* AWS watches for what runs in a zone; here a subnet is enough. */
static bool lacks_zone(struct state *state, const struct ec2_nat_gateway *gateway, const char *zone)
{
    if (!covers(gateway, zone))
        VEC_EACH (subnet, &state->objects.subnets)
            if (text_equal(subnet->vpc_id, gateway->vpc_id) &&
                text_equal(subnet->availability_zone, zone))
                return true;
    return false;
}

static bool is_automatic(const struct ec2_nat_gateway *gateway)
{
    return nat_gateway_is_regional(gateway) && text_equal(gateway->auto_provision_zones, ENABLED);
}

/* An address of the service's own in each zone that lacks one. When there is no free one left in
 * the region, the zone stays without. */
static void cover_zones(struct call *call, struct ec2_nat_gateway *gateway)
{
    VEC_EACH (zone, &call->state->objects.availability_zones) {
        struct ec2_nat_gateway_address *item;
        struct ec2_address *address;

        if (!lacks_zone(call->state, gateway, zone->zone_name))
            continue;
        address = address_new(call, NULL);
        if (!address)
            return;
        address->service_managed = "rnat"; /* aws-facts 2.5 */
        address_bind(call, address, NULL);
        item = add_item(call, gateway, zone);
        item->allocation_id = address->allocation_id;
        item->association_id = address->association_id;
        item->public_ip = address->public_ip;
        item->status = "succeeded";
    }
}

void nat_gateway_open_regional(struct call *call, struct ec2_nat_gateway *gateway)
{
    route_to_internet(call, gateway);
    if (is_automatic(gateway))
        cover_zones(call, gateway);
}

/* ---- zones that come later ---- */

void nat_gateways_watch_zones(struct call *call, const char *vpc_id)
{
    VEC_EACH (gateway, &call->state->objects.nat_gateways) {
        bool lacks = false;

        if (gateway->state != EC2_STATE_AVAILABLE || !is_automatic(gateway) ||
            (vpc_id && !text_equal(gateway->vpc_id, vpc_id)))
            continue;
        VEC_EACH (zone, &call->state->objects.availability_zones)
            lacks |= lacks_zone(call->state, gateway, zone->zone_name);
        if (lacks)
            transition_start(call->simulator, call->now, SLOW_NAT_GATEWAY_EXPANDING,
                             gateway->nat_gateway_id);
    }
}

void nat_gateway_expand(struct call *call, const char *id)
{
    struct ec2_nat_gateway *gateway = state_find(call->state, KIND_NAT_GATEWAY, id);

    if (gateway && gateway->state == EC2_STATE_AVAILABLE && is_automatic(gateway))
        cover_zones(call, gateway);
}
