/* What an action on a VPC endpoint, or on what it rests on, does; for people. */
#include "plan_private.h"

static const char *list(struct arena *arena, const struct wire_texts *texts)
{
    const char *text = "";

    for (size_t i = 0; i < texts->n; i++)
        text = arena_printf(arena, "%s%s%s", text, i ? ", " : "", texts->items[i]);
    return text;
}

static const char *create_text(struct arena *arena, const struct ec2_change_request *request)
{
    if (request->route_table_ids.n)
        return arena_printf(arena, "CreateVpcEndpoint for %s in %s: %s", request->service_name,
                            request->vpc_id, list(arena, &request->route_table_ids));
    return arena_printf(
        arena, "CreateVpcEndpoint for %s in %s, private DNS %s%s%s", request->service_name,
        list(arena, &request->subnet_ids), request->private_dns_enabled == WIRE_TRUE ? "on" : "off",
        request->security_group_ids.n ? ", with " : "", list(arena, &request->security_group_ids));
}

static const char *modify_text(struct arena *arena, const struct ec2_change_request *request)
{
    if (request->private_dns_enabled == WIRE_TRUE)
        return arena_printf(arena, "ModifyVpcEndpoint %s: private DNS on",
                            request->vpc_endpoint_id);
    return arena_printf(arena, "ModifyVpcEndpoint %s: add %s%s%s", request->vpc_endpoint_id,
                        list(arena, &request->add_route_table_ids),
                        list(arena, &request->add_subnet_ids),
                        list(arena, &request->add_security_group_ids));
}

const char *endpoint_action_text(struct arena *arena, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;

    switch (action->call) {
    case EC2_CREATE_VPC_ENDPOINT:
        return create_text(arena, request);
    case EC2_MODIFY_VPC_ENDPOINT:
        return modify_text(arena, request);
    case EC2_MODIFY_VPC_ATTRIBUTE:
        return arena_printf(arena, "ModifyVpcAttribute of %s: %s on", request->vpc_id,
                            request->enable_dns_support == WIRE_TRUE ? "enableDnsSupport"
                                                                     : "enableDnsHostnames");
    default:
        break;
    }
    return ec2_action_table[action->call].name;
}
