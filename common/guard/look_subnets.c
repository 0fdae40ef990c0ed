/* The look right before a write (S6): subnets, IPv6 blocks, attributes, public addresses. */
#include "look.h"

static const char *subnet_appeared(struct arena *arena, const struct plan_action *action,
                                   const struct ec2_describe_reply *fresh)
{
    for (size_t i = 0; i < fresh->subnets.n; i++)
        if (prefix_overlaps(&fresh->subnets.items[i].cidr_block, &action->request.cidr_block))
            return arena_printf(arena, "%s is in this place now",
                                fresh->subnets.items[i].subnet_id);
    return NULL;
}

static const char *vpc_block_appeared(struct arena *arena, const struct snapshot *snapshot,
                                      const struct ec2_describe_reply *fresh)
{
    const struct ec2_vpc *vpc = fresh->vpcs.items;

    if (fresh->vpcs.n != 1 || !text_equal(vpc->vpc_id, snapshot->vpc->vpc_id))
        return "the VPC was not there when it was looked at again";
    for (size_t i = 0; i < vpc->ipv6_cidr_block_associations.n; i++)
        if (!ipv6_association_is_past(vpc->ipv6_cidr_block_associations.items[i].state))
            return arena_printf(arena, "%s has an IPv6 block now, or one is on its way: %s",
                                vpc->vpc_id,
                                vpc->ipv6_cidr_block_associations.items[i].association_id);
    return NULL;
}

static const char *subnet_block_appeared(struct arena *arena, const struct plan_action *action,
                                         const struct ec2_describe_reply *fresh)
{
    const struct ec2_change_request *request = &action->request;
    bool there = false;

    for (size_t i = 0; i < fresh->subnets.n; i++) {
        const struct ec2_subnet *subnet = &fresh->subnets.items[i];
        bool own = text_equal(subnet->subnet_id, request->subnet_id);

        there |= own;
        for (size_t k = 0; k < subnet->ipv6_cidr_block_associations.n; k++) {
            const struct ec2_ipv6_cidr_block_association *association =
                &subnet->ipv6_cidr_block_associations.items[k];

            if (!ipv6_association_is_past(association->state) &&
                (own || prefix_overlaps(&association->ipv6_cidr_block, &request->ipv6_cidr_block)))
                return arena_printf(arena, "%s has an IPv6 block now: %s", subnet->subnet_id,
                                    association->association_id);
        }
    }
    return there ? NULL
                 : arena_printf(arena, "%s was not there when it was looked at again",
                                request->subnet_id);
}

static const char *attribute_changed(struct arena *arena, const struct plan_action *action,
                                     const struct ec2_describe_reply *fresh)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_subnet *subnet = fresh->subnets.items;

    if (fresh->subnets.n != 1 || !text_equal(subnet->subnet_id, request->subnet_id))
        return arena_printf(arena, "%s was not there when it was looked at again",
                            request->subnet_id);
    if ((request->map_public_ip_on_launch != WIRE_ABSENT &&
         subnet->map_public_ip_on_launch != WIRE_FALSE) ||
        (request->assign_ipv6_address_on_creation != WIRE_ABSENT &&
         subnet->assign_ipv6_address_on_creation != WIRE_FALSE) ||
        (request->enable_dns64 != WIRE_ABSENT && subnet->enable_dns64 != WIRE_FALSE))
        return arena_printf(arena, "the attribute of %s changed", request->subnet_id);
    return NULL;
}

static const char *public_address_appeared(struct arena *arena, const struct plan_action *action,
                                           const struct ec2_describe_reply *fresh)
{
    const struct ec2_network_interface *interface = fresh->network_interfaces.items;

    if (fresh->network_interfaces.n != 1 ||
        !text_equal(interface->network_interface_id, action->request.network_interface_id))
        return arena_printf(arena, "%s was not there when it was looked at again",
                            action->request.network_interface_id);
    return text_empty(interface->association_public_ip)
               ? NULL
               : arena_printf(arena, "%s has %s now", interface->network_interface_id,
                              interface->association_public_ip);
}

const char *guard_recheck_subnets(struct arena *arena, const struct plan_action *action,
                                  enum action_expect expect, const struct snapshot *snapshot,
                                  const struct ec2_describe_reply *fresh)
{
    switch (expect) {
    case EXPECT_NO_SUBNET:
        return subnet_appeared(arena, action, fresh);
    case EXPECT_NO_VPC_BLOCK:
        return vpc_block_appeared(arena, snapshot, fresh);
    case EXPECT_NO_SUBNET_BLOCK:
        return subnet_block_appeared(arena, action, fresh);
    case EXPECT_ATTRIBUTE:
        return attribute_changed(arena, action, fresh);
    case EXPECT_NO_PUBLIC_ADDRESS:
        return public_address_appeared(arena, action, fresh);
    default:
        return "an expectation that nobody wrote";
    }
}
