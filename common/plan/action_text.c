/* What an action does, for people: as planned, and again once the id that it waited for is known.
 */
#include "vpc_reconciled/plan.h"

static const char *target_text(struct arena *arena, const struct plan_action *action)
{
    if (action->target_id)
        return action->target_id;
    return action->input_role ? arena_printf(arena, "the new %s", action->input_role)
                              : target_kind_name(action->target_kind);
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
    case EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY:
        return arena_printf(arena, "%s in %s", name, request->vpc_id);
    default:
        return name;
    }
}
