/* What an action does, for people: as planned, and again once the id that it waited for is known.
 */
#include "plan_private.h"

static const char *target_text(struct arena *arena, const struct plan_action *action)
{
    if (action->target_id)
        return action->target_id;
    return action->input_role ? arena_printf(arena, "the new %s", action->input_role)
                              : target_kind_name(action->target_kind);
}

/* "tcp 443 to 0.0.0.0/0 in sg-...": one rule, as every authorisation of ours is. */
static const char *rule_text(struct arena *arena, const struct plan_action *action)
{
    const struct ec2_ip_permission *permission = action->request.ip_permissions.items;
    const bool inbound = action->call == EC2_AUTHORIZE_SECURITY_GROUP_INGRESS;
    const char *protocol, *peer, *ports = "";
    char cidr[PREFIX_TEXT_SIZE] = "";

    if (action->request.ip_permissions.n != 1)
        return "(not one rule)";
    if (permission->ip_ranges.n)
        prefix_format(&permission->ip_ranges.items->cidr_ip, cidr);
    else if (permission->ipv6_ranges.n)
        prefix_format(&permission->ipv6_ranges.items->cidr_ipv6, cidr);
    peer = permission->groups.n            ? permission->groups.items->group_id
           : permission->prefix_list_ids.n ? permission->prefix_list_ids.items->prefix_list_id
                                           : cidr;
    protocol = text_equal(permission->ip_protocol, "-1") ? "all traffic" : permission->ip_protocol;
    if (permission->from_port.set && permission->from_port.value >= 0)
        ports = permission->from_port.value == permission->to_port.value
                    ? arena_printf(arena, " %lld", (long long)permission->from_port.value)
                    : arena_printf(arena, " %lld-%lld", (long long)permission->from_port.value,
                                   (long long)permission->to_port.value);
    return arena_printf(arena, "%s%s %s %s in %s", protocol, ports, inbound ? "from" : "to", peer,
                        action->request.group_id);
}

const char *plan_action_text(struct arena *arena, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const char *name = ec2_action_table[action->call].name;
    char destination[PREFIX_TEXT_SIZE];

    switch (action->call) {
    case EC2_CREATE_ROUTE:
    case EC2_REPLACE_ROUTE:
        prefix_format(request->destination_cidr_block.family != FAMILY_NONE
                          ? &request->destination_cidr_block
                          : &request->destination_ipv6_cidr_block,
                      destination);
        return arena_printf(
            arena, "%s %s -> %s in %s", name,
            request->destination_prefix_list_id ? request->destination_prefix_list_id : destination,
            target_text(arena, action), request->route_table_id);
    case EC2_REPLACE_ROUTE_TABLE_ASSOCIATION:
        return arena_printf(arena, "%s of %s: %s", name, action->subnet_id,
                            request->route_table_id);
    case EC2_CREATE_ROUTE_TABLE:
        return arena_printf(arena, "%s for %s in %s", name, action->role, request->vpc_id);
    case EC2_ATTACH_INTERNET_GATEWAY:
        return arena_printf(arena, "%s %s to %s", name, target_text(arena, action),
                            request->vpc_id);
    case EC2_ASSOCIATE_ROUTE_TABLE:
        return arena_printf(arena, "%s %s with %s", name, request->route_table_id,
                            request->subnet_id);
    case EC2_ALLOCATE_ADDRESS:
        return arena_printf(arena, "%s for %s", name, action->role);
    case EC2_CREATE_NAT_GATEWAY:
        if (!request->subnet_id)
            return arena_printf(arena, "%s, regional, in %s", name, request->vpc_id);
        return arena_printf(arena, "%s in %s with %s", name, request->subnet_id,
                            request->allocation_id ? request->allocation_id : "the new address");
    case EC2_CREATE_SUBNET:
        return arena_printf(arena, "%s %s in %s of %s", name,
                            prefix_format(&request->cidr_block, destination),
                            request->availability_zone, request->vpc_id);
    case EC2_ASSOCIATE_VPC_CIDR_BLOCK:
        if (request->ipv6_ipam_pool_id)
            return arena_printf(arena, "%s: a /%lld of %s for %s", name,
                                (long long)request->ipv6_netmask_length.value,
                                request->ipv6_ipam_pool_id, request->vpc_id);
        return arena_printf(arena, "%s: a block of Amazon's for %s", name, request->vpc_id);
    case EC2_ASSOCIATE_SUBNET_CIDR_BLOCK:
        return arena_printf(arena, "%s %s with %s", name,
                            prefix_format(&request->ipv6_cidr_block, destination),
                            request->subnet_id);
    case EC2_MODIFY_SUBNET_ATTRIBUTE:
        return arena_printf(arena, "%s %s on for %s", name,
                            request->map_public_ip_on_launch != WIRE_ABSENT ? "MapPublicIpOnLaunch"
                            : request->assign_ipv6_address_on_creation != WIRE_ABSENT
                                ? "AssignIpv6AddressOnCreation"
                                : "EnableDns64",
                            request->subnet_id);
    case EC2_ASSOCIATE_ADDRESS:
        return arena_printf(arena, "%s %s with %s", name,
                            request->allocation_id ? request->allocation_id : "the new address",
                            request->network_interface_id);
    case EC2_AUTHORIZE_SECURITY_GROUP_EGRESS:
    case EC2_AUTHORIZE_SECURITY_GROUP_INGRESS:
        return arena_printf(arena, "%s %s", name, rule_text(arena, action));
    case EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY:
        return arena_printf(arena, "%s in %s", name, request->vpc_id);
    default:
        return endpoint_action_text(arena, action);
    }
}
