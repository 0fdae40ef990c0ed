/* Elastic IPs. */
#include "actions.h"

#include <arpa/inet.h>

static struct ec2_address *address_by_public_ip(struct state *state, const char *public_ip)
{
    VEC_EACH (address, &state->objects.addresses)
        if (text_equal(address->public_ip, public_ip))
            return address;
    return NULL;
}

struct ec2_address *address_of_interface(struct state *state, const char *interface_id)
{
    VEC_EACH (address, &state->objects.addresses)
        if (text_equal(address->network_interface_id, interface_id))
            return address;
    return NULL;
}

/* By AllocationId, or by PublicIp as in older scripts. */
static struct ec2_address *address_find(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_address *address;

    if (change->allocation_id && change->public_ip) {
        call_fail(call, "InvalidParameterCombination",
                  "You may specify public IP or allocation id, but not both in the same call");
        return NULL;
    }
    if (change->allocation_id)
        return call_find(call, KIND_ADDRESS, change->allocation_id);
    if (call_require(call, change->public_ip, "allocationId") < 0)
        return NULL;
    address = address_by_public_ip(call->state, change->public_ip);
    if (!address)
        call_fail(call, "InvalidAddress.NotFound", "Address '%s' not found.", change->public_ip);
    return address;
}

/* ---- allocate, release ---- */

/* Documentation ranges (RFC 5737) first, then the benchmarking range (RFC 2544): no address is
 * anybody's. */
static const char *free_public_ip(struct call *call)
{
    static const struct {
        uint32_t first, n;
    } ranges[] = {{0xcb007101, 254}, {0xc6336401, 254}, {0xc0000201, 254}, {0xc6120001, 131070}};

    for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
        for (uint32_t k = 0; k < ranges[i].n; k++) {
            uint32_t address = htonl(ranges[i].first + k);
            char text[INET_ADDRSTRLEN];

            inet_ntop(AF_INET, &address, text, sizeof(text));
            if (!address_by_public_ip(call->state, text))
                return keep(call, text);
        }
    call_fail(call, "InsufficientAddressCapacity", "There is no free public address.");
    return NULL;
}

static const char *choose_public_ip(struct call *call)
{
    const char *wanted = call->change.address;
    struct prefix parsed;

    if (!wanted)
        return free_public_ip(call);
    if (prefix_parse_address(wanted, &parsed) < 0 || parsed.family != FAMILY_IPV4) {
        call_fail(call, "InvalidParameterValue", "Value (%s) for parameter address is invalid.",
                  wanted);
        return NULL;
    }
    if (address_by_public_ip(call->state, wanted)) {
        call_fail(call, "InvalidAddress.InUse", "Address '%s' is in use.", wanted);
        return NULL;
    }
    return keep(call, wanted);
}

struct ec2_address *address_new(struct call *call, const char *public_ip)
{
    struct ec2_address *address;

    if (!public_ip)
        public_ip = free_public_ip(call);
    if (!public_ip)
        return NULL;
    address = call_add(call, KIND_ADDRESS, new_id(call, "eipalloc-"));
    address->public_ip = public_ip;
    address->domain = "vpc";
    address->network_border_group = keep(call, call->simulator->region);
    address->public_ipv4_pool = "amazon";
    address->tags.seen = true;
    return address;
}

int address_allocate(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_change_reply *reply = &call->change_reply;
    struct ec2_address *address;
    const char *public_ip;
    size_t used = 0;

    if (change->domain && !text_equal(change->domain, "vpc"))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%s) for parameter domain is invalid. Expected vpc",
                         change->domain);
    if (change->network_border_group &&
        !text_equal(change->network_border_group, call->simulator->region))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%s) for parameter networkBorderGroup is invalid.",
                         change->network_border_group);
    if (change->public_ipv4_pool && !text_equal(change->public_ipv4_pool, "amazon"))
        return call_fail(call, "InvalidPublicIpv4PoolID.NotFound",
                         "The pool ID '%s' does not exist", change->public_ipv4_pool);
    VEC_EACH (other, &call->state->objects.addresses)
        used += !other->service_managed; /* a service's own do not count */
    if (call_check_quota(call, QUOTA_ADDRESSES, used) < 0)
        return -EINVAL;
    public_ip = choose_public_ip(call);
    if (!public_ip)
        return -EINVAL;

    address = address_new(call, public_ip);
    call->made_id = address->allocation_id;
    call_tag(call, &address->tags);
    reply->allocation_id = address->allocation_id;
    reply->public_ip = address->public_ip;
    reply->domain = address->domain;
    reply->network_border_group = address->network_border_group;
    reply->public_ipv4_pool = address->public_ipv4_pool;
    return 0;
}

int address_release(struct call *call)
{
    const struct ec2_address *address = address_find(call);

    if (!address)
        return -EINVAL;
    if (address->service_managed)
        return call_fail(call, "OperationNotPermitted",
                         "The address with allocation id %s is managed by a service",
                         address->allocation_id);
    if (address->association_id)
        return call_fail(call, "InvalidIPAddress.InUse", "Address %s is in use.",
                         address->public_ip);
    state_remove(call->state, KIND_ADDRESS, address->allocation_id);
    return 0;
}

/* ---- associate, disassociate ---- */

void address_bind(struct call *call, struct ec2_address *address,
                  struct ec2_network_interface *interface)
{
    address->association_id = new_id(call, "eipassoc-");
    if (!interface) /* of a regional NAT gateway */
        return;
    address->network_interface_id = interface->network_interface_id;
    address->network_interface_owner_id = interface->owner_id;
    address->private_ip_address = interface->private_ip_address;
    interface->association_public_ip = address->public_ip;
    interface->association_allocation_id = address->allocation_id;
    interface->association_association_id = address->association_id;
}

void address_unbind(struct state *state, struct ec2_address *address)
{
    struct ec2_network_interface *interface =
        state_find(state, KIND_NETWORK_INTERFACE, address->network_interface_id);

    if (interface)
        interface->association_public_ip = interface->association_allocation_id =
            interface->association_association_id = NULL;
    address->association_id = address->network_interface_id = address->network_interface_owner_id =
        address->private_ip_address = address->instance_id = NULL;
}

/* A NAT gateway does not let go of its address before it is deleted. */
static int check_not_managed(struct call *call, const struct ec2_address *address)
{
    const struct ec2_network_interface *interface =
        state_find(call->state, KIND_NETWORK_INTERFACE, address->network_interface_id);

    if (interface && interface->requester_managed == WIRE_TRUE)
        return call_fail(call, "OperationNotPermitted",
                         "The address %s belongs to an interface that a service manages: %s",
                         address->public_ip, interface->network_interface_id);
    if (nat_gateway_of_address(call->state, address))
        return call_fail(call, "OperationNotPermitted", "The address %s belongs to a NAT gateway",
                         address->public_ip);
    return 0;
}

static struct ec2_network_interface *choose_interface(struct call *call)
{
    const struct ec2_change_request *change = &call->change;

    if (!change->network_interface_id == !change->instance_id) {
        call_fail(call, change->instance_id ? "InvalidParameterCombination" : "MissingParameter",
                  "Exactly one of networkInterfaceId and instanceId is to be given");
        return NULL;
    }
    if (change->instance_id) {
        call_fail(call, "InvalidInstanceID.NotFound", "The instance ID '%s' does not exist",
                  change->instance_id);
        return NULL;
    }
    return call_find(call, KIND_NETWORK_INTERFACE, change->network_interface_id);
}

int address_associate(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_address *address = address_find(call), *other;
    struct ec2_network_interface *interface = address ? choose_interface(call) : NULL;

    if (!interface || check_not_managed(call, address) < 0)
        return -EINVAL;
    if (interface->requester_managed == WIRE_TRUE)
        return call_fail(call, "OperationNotPermitted", "The interface %s is managed by a service",
                         interface->network_interface_id);
    if (!internet_gateway_of_vpc(call->state, interface->vpc_id))
        return call_fail(call, "Gateway.NotAttached",
                         "Network %s is not attached to any internet gateway", interface->vpc_id);
    if (change->private_ip_address &&
        !text_equal(change->private_ip_address, interface->private_ip_address))
        return call_fail(call, "InvalidParameterValue", "The address %s is not one of %s",
                         change->private_ip_address, interface->network_interface_id);
    other = address_of_interface(call->state, interface->network_interface_id);
    if (other == address) { /* idempotent by nature: aws-facts 1.7 */
        call->change_reply.association_id = address->association_id;
        return 0;
    }
    /* Without AllowReassociation=false it is moved in silence (aws-facts 2.3). */
    if ((other || address->association_id) && change->allow_reassociation == WIRE_FALSE)
        return call_fail(call, "Resource.AlreadyAssociated",
                         "resource %s is already associated with associate-id %s",
                         other ? interface->network_interface_id : address->allocation_id,
                         other ? other->association_id : address->association_id);
    if (other)
        address_unbind(call->state, other);
    if (address->association_id)
        address_unbind(call->state, address);
    address_bind(call, address, interface);
    call->change_reply.association_id = address->association_id;
    return 0;
}

int address_disassociate(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_address *address = NULL;

    if (change->association_id) {
        VEC_EACH (each, &call->state->objects.addresses)
            if (text_equal(each->association_id, change->association_id))
                address = each;
        if (!address)
            return call_fail(call, "InvalidAssociationID.NotFound",
                             "The association ID '%s' does not exist", change->association_id);
    } else {
        if (call_require(call, change->public_ip, "associationId") < 0)
            return -EINVAL;
        address = address_find(call);
    }
    if (!address || check_not_managed(call, address) < 0)
        return -EINVAL;
    if (address->association_id)
        address_unbind(call->state, address);
    return 0;
}
