/* What a NAT gateway holds: a zonal one an interface in its subnet, with an Elastic IP unless it is
 * private; a regional one Elastic IPs alone. */
#include "actions.h"
#include "nat_gateways.h"

static const char *acquire_interface(struct call *call, const struct ec2_nat_gateway *gateway,
                                     struct ec2_nat_gateway_address *item,
                                     struct ec2_network_interface **ret_interface)
{
    const struct ec2_subnet *subnet = state_find(call->state, KIND_SUBNET, gateway->subnet_id);
    struct ec2_network_interface *interface;

    if (!subnet)
        return "InvalidSubnetID.NotFound";
    interface = network_interface_new(call, subnet, item->private_ip, 0);
    if (!interface)
        return call->code;
    interface->interface_type = "nat_gateway"; /* so on the wire: aws-facts 2.5 */
    interface->status = "in-use";
    interface->requester_managed = WIRE_TRUE;
    interface->requester_id = "amazon-aws";
    interface->description =
        arena_printf(call->state->arena, "Interface for NAT Gateway %s", gateway->nat_gateway_id);
    item->network_interface_id = interface->network_interface_id;
    item->private_ip = interface->private_ip_address;
    *ret_interface = interface;
    return NULL;
}

static bool is_acquired(const struct ec2_nat_gateway *gateway,
                        const struct ec2_nat_gateway_address *item)
{
    return nat_gateway_is_regional(gateway) ? item->association_id != NULL
                                            : item->network_interface_id != NULL;
}

static const char *acquire(struct call *call, const struct ec2_nat_gateway *gateway,
                           struct ec2_nat_gateway_address *item)
{
    struct ec2_address *address = state_find(call->state, KIND_ADDRESS, item->allocation_id);
    struct ec2_network_interface *interface = NULL;
    const char *code = NULL;

    if (is_acquired(gateway, item))
        return NULL;
    if (item->allocation_id && !address)
        return "InvalidAllocationID.NotFound";
    if (address && address->association_id)
        return "Resource.AlreadyAssociated";
    if (!nat_gateway_is_regional(gateway))
        code = acquire_interface(call, gateway, item, &interface);
    if (!code && address) {
        address_bind(call, address, interface);
        item->association_id = address->association_id;
        item->public_ip = address->public_ip;
    }
    return code;
}

const char *nat_gateway_acquire(struct call *call, struct ec2_nat_gateway *gateway)
{
    const char *code = NULL;

    VEC_EACH (item, &gateway->addresses)
        if (!code)
            code = acquire(call, gateway, item);
    return code;
}

/* NULL: it has none, or not this one any more. */
static struct ec2_address *held_address(struct state *state,
                                        const struct ec2_nat_gateway_address *item)
{
    struct ec2_address *address = state_find(state, KIND_ADDRESS, item->allocation_id);

    return address && item->association_id &&
                   text_equal(address->association_id, item->association_id)
               ? address
               : NULL;
}

void nat_gateway_release(struct state *state, struct ec2_nat_gateway *gateway)
{
    VEC_EACH (item, &gateway->addresses) {
        struct ec2_address *address = held_address(state, item);

        if (item->network_interface_id) /* the address goes with it */
            network_interface_remove(state, item->network_interface_id);
        else if (address)
            address_unbind(state, address);
        if (address && address->service_managed)
            state_remove(state, KIND_ADDRESS, address->allocation_id);
        item->association_id = NULL;
    }
    if (nat_gateway_is_regional(gateway))
        nat_gateway_end_regional(state, gateway);
}

bool nat_gateway_holds(struct state *state, const struct ec2_nat_gateway *gateway)
{
    VEC_EACH (item, &gateway->addresses)
        if (state_find(state, KIND_NETWORK_INTERFACE, item->network_interface_id) ||
            held_address(state, item))
            return true;
    return nat_gateway_is_regional(gateway) &&
           state_find(state, KIND_ROUTE_TABLE, gateway->route_table_id);
}

const struct ec2_nat_gateway *nat_gateway_of_address(struct state *state,
                                                     const struct ec2_address *address)
{
    VEC_EACH (gateway, &state->objects.nat_gateways)
        VEC_EACH (item, &gateway->addresses)
            if (held_address(state, item) == address)
                return gateway;
    return NULL;
}
