/* Interfaces in public subnets that have no public IPv4 address: nothing of them gets to the
 * internet through an internet gateway (aws-facts 2.7). */
#include "subnet_blocks.h"

/* What AWS itself puts there (endpoints, NAT gateways, load balancers ...) needs none. A managed
 * instance's interface does: whoever declares the group public sends its functions that way. Other
 * interfaces do where the group says that what starts in it has public addresses. */
static bool wants_public_address(const struct subnet_group *group,
                                 const struct ec2_network_interface *interface)
{
    if (built_option(&group->ipv4) != OPTION_INTERNET_GATEWAY ||
        text_empty(interface->private_ip_address) || !text_empty(interface->association_public_ip))
        return false;
    if (interface->operator_managed == WIRE_TRUE)
        return true;
    return group->public_ipv4_on_launch == 2 && interface->requester_managed != WIRE_TRUE &&
           (text_empty(interface->interface_type) ||
            text_equal(interface->interface_type, "interface") ||
            text_equal(interface->interface_type, "efa"));
}

static const char *free_address(const struct snapshot *snapshot, const char *role)
{
    VEC_EACH (address, &snapshot->observation->addresses)
        if (text_empty(address->association_id) && text_empty(address->network_interface_id) &&
            text_empty(address->instance_id) &&
            tags_are_ours(&address->tags, snapshot->owner_tag) &&
            text_equal(ec2_tag_value(&address->tags, TAG_ROLE), role))
            return address->allocation_id;
    return NULL;
}

void resolve_interfaces(struct arena *arena, struct desired *desired,
                        const struct snapshot *snapshot)
{
    desired->interfaces =
        ARENA_ARRAY(arena, struct desired_interface, snapshot->n_network_interfaces + 1);
    for (size_t i = 0; i < snapshot->n_network_interfaces; i++) {
        const struct ec2_network_interface *interface = snapshot->network_interfaces[i];
        const struct desired_subnet *subnet = desired_find_subnet(desired, interface->subnet_id);
        struct desired_interface *want;

        if (!subnet || !wants_public_address(subnet->group, interface))
            continue;
        want = &desired->interfaces[desired->n_interfaces++];
        *want = (struct desired_interface){
            .interface = interface,
            .subnet = subnet,
            .role = arena_printf(arena, "interface/%s", interface->private_ip_address)};
        want->address_role = arena_printf(arena, "elastic-ip/%s", want->role);
        if (snapshot->complete & NEEDS(ADDRESSES))
            want->allocation_id = free_address(snapshot, want->address_role);
        if (interface->requester_managed == WIRE_TRUE)
            want->why_not = "AWS manages it, and takes no address for it from here: give what it "
                            "belongs to another way out";
    }
}
