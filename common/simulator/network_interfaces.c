#include "actions.h"

#include <arpa/inet.h>
#include <stdio.h>

/* ---- addresses of a subnet ---- */

static bool ipv4_is_taken(struct state *state, const char *subnet_id, const char *address)
{
    VEC_EACH (interface, &state->objects.network_interfaces)
        if (text_equal(interface->subnet_id, subnet_id) &&
            text_equal(interface->private_ip_address, address))
            return true;
    return false;
}

static bool ipv6_is_taken(struct state *state, const char *address)
{
    VEC_EACH (interface, &state->objects.network_interfaces)
        VEC_EACH (other, &interface->ipv6_addresses)
            if (text_equal(other->ipv6_address, address))
                return true;
    return false;
}

/* AWS keeps the first four and the last. */
#define FIRST_HOST 4U

static const char *free_ipv4(struct call *call, const struct ec2_subnet *subnet)
{
    uint32_t base, n;
    char text[INET_ADDRSTRLEN];

    if (subnet->cidr_block.family != FAMILY_IPV4)
        return NULL;
    memcpy(&base, subnet->cidr_block.bytes, sizeof(base));
    n = 1U << (32 - subnet->cidr_block.length);
    for (uint32_t i = FIRST_HOST; i < n - 1; i++) {
        uint32_t address = htonl(ntohl(base) + i);

        inet_ntop(AF_INET, &address, text, sizeof(text));
        if (!ipv4_is_taken(call->state, subnet->subnet_id, text))
            return keep(call, text);
    }
    return NULL;
}

static const char *free_ipv6(struct call *call, const struct prefix *block)
{
    uint8_t address[16];
    char text[INET6_ADDRSTRLEN];

    memcpy(address, block->bytes, sizeof(address));
    do {
        uint64_t host = rng_next(&call->simulator->ids);

        memcpy(address + 8, &host, sizeof(host));
        inet_ntop(AF_INET6, address, text, sizeof(text));
    } while (ipv6_is_taken(call->state, text));
    return keep(call, text);
}

static const struct prefix *ipv6_block(const struct ec2_subnet *subnet)
{
    VEC_EACH (association, &subnet->ipv6_cidr_block_associations)
        if (association->state == EC2_ASSOCIATION_ASSOCIATED)
            return &association->ipv6_cidr_block;
    return NULL;
}

static int check_wanted(struct call *call, const struct ec2_subnet *subnet, const char *wanted)
{
    struct prefix address;

    if (prefix_parse_address(wanted, &address) < 0 ||
        !prefix_contains(&subnet->cidr_block, &address))
        return call_fail(call, "InvalidParameterValue",
                         "Address %s does not fall within the subnet's address range", wanted);
    if (ipv4_is_taken(call->state, subnet->subnet_id, wanted))
        return call_fail(call, "InvalidIPAddress.InUse", "Address %s is in use.", wanted);
    return 0;
}

/* ---- interfaces ---- */

struct ec2_network_interface *network_interface_new(struct call *call,
                                                    const struct ec2_subnet *subnet,
                                                    const char *wanted, size_t n_ipv6)
{
    const struct prefix *block = ipv6_block(subnet);
    const char *address = NULL;
    struct ec2_network_interface *interface;

    if (wanted && check_wanted(call, subnet, wanted) < 0)
        return NULL;
    if (subnet->ipv6_native != WIRE_TRUE) {
        address = wanted ? keep(call, wanted) : free_ipv4(call, subnet);
        if (!address || subnet->available_ip_address_count.value <= 0) {
            call_fail(call, "InsufficientFreeAddressesInSubnet",
                      "The subnet '%s' has insufficient free addresses.", subnet->subnet_id);
            return NULL;
        }
    }
    if (n_ipv6 && !block) {
        call_fail(call, "InvalidParameterValue", "The subnet '%s' has no IPv6 CIDR block",
                  subnet->subnet_id);
        return NULL;
    }
    interface = call_add(call, KIND_NETWORK_INTERFACE, new_id(call, "eni-"));
    interface->subnet_id = keep(call, subnet->subnet_id);
    interface->vpc_id = keep(call, subnet->vpc_id);
    interface->owner_id = keep(call, call->simulator->account);
    interface->availability_zone = keep(call, subnet->availability_zone);
    interface->availability_zone_id = keep(call, subnet->availability_zone_id);
    interface->interface_type = "interface";
    interface->status = "available";
    interface->requester_managed = WIRE_FALSE;
    interface->deny_all_igw_traffic = WIRE_FALSE;
    interface->private_ip_address = address;
    interface->description = "";
    interface->ipv6_addresses.seen = interface->groups.seen = interface->tags.seen = true;
    for (size_t i = 0; i < n_ipv6; i++)
        LIST_ADD(call->state->arena, &interface->ipv6_addresses)->ipv6_address =
            free_ipv6(call, block);
    if (address) {
        struct ec2_subnet *counted = state_find(call->state, KIND_SUBNET, subnet->subnet_id);

        counted->available_ip_address_count.value--;
    }
    return interface;
}

void network_interface_remove(struct state *state, const char *id)
{
    const struct ec2_network_interface *interface = state_find(state, KIND_NETWORK_INTERFACE, id);
    struct ec2_address *address = address_of_interface(state, id);
    struct ec2_subnet *subnet;

    if (!interface)
        return;
    subnet = state_find(state, KIND_SUBNET, interface->subnet_id);
    if (subnet && interface->private_ip_address)
        subnet->available_ip_address_count.value++;
    if (address)
        address_unbind(state, address);
    VEC_EACH (table, &state->objects.route_tables)
        VEC_EACH (route, &table->routes)
            if (text_equal(route->network_interface_id, id))
                route->state = EC2_ROUTE_BLACKHOLE;
    state_remove(state, KIND_NETWORK_INTERFACE, id);
}

static int check_count(struct call *call, const struct ec2_subnet *subnet, size_t *ret_n_ipv6)
{
    const struct wire_int *count = &call->change.ipv6_address_count;

    if (count->set && (count->value < 0 || count->value > 16))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%lld) for parameter ipv6AddressCount is invalid.",
                         (long long)count->value);
    *ret_n_ipv6 = count->set
                      ? (size_t)count->value
                      : subnet->assign_ipv6_address_on_creation == WIRE_TRUE && ipv6_block(subnet);
    return 0;
}

int network_interface_create(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    const struct ec2_subnet *subnet = call_find(call, KIND_SUBNET, change->subnet_id);
    struct ec2_network_interface *interface;
    size_t n_ipv6 = 0;

    if (!subnet || check_count(call, subnet, &n_ipv6) < 0 ||
        call_check_quota(call, QUOTA_NETWORK_INTERFACES,
                         call->state->objects.network_interfaces.n) < 0)
        return -EINVAL;
    if (security_groups_check(call, subnet->vpc_id, &change->security_group_ids) < 0)
        return -EINVAL;
    interface = network_interface_new(call, subnet, change->private_ip_address, n_ipv6);
    if (!interface)
        return -EINVAL;
    if (change->description)
        interface->description = keep(call, change->description);
    if (change->interface_type)
        interface->interface_type = keep(call, change->interface_type);
    security_groups_give(call, subnet->vpc_id, &change->security_group_ids,
                         (struct wire_any_list *)(void *)&interface->groups);
    call_tag(call, &interface->tags);
    call->made_id = interface->network_interface_id;
    call->change_reply.network_interface = *interface;
    return 0;
}

int network_interface_delete(struct call *call)
{
    const char *id = call->change.network_interface_id;
    const struct ec2_network_interface *interface = call_find(call, KIND_NETWORK_INTERFACE, id);

    if (!interface)
        return -EINVAL;
    if (interface->requester_managed == WIRE_TRUE || interface->operator_managed == WIRE_TRUE)
        return call_fail(call, "OperationNotPermitted",
                         "The network interface '%s' is managed by a service", id);
    if (text_equal(interface->status, "in-use"))
        return call_fail(call, "InvalidNetworkInterface.InUse",
                         "The network interface '%s' is in use", id);
    network_interface_remove(call->state, id);
    return 0;
}
