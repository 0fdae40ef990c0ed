/* Route tables that we make, against the invariants: a copy is made once, filled with what its
 * source has and nothing else, and associated only when it is whole (safety.md S7). */
#include "action.h"

static const struct desired_copy *copy_of(const struct action_case *c)
{
    for (size_t i = 0; i < c->desired->n_copies; i++)
        if (text_equal(c->desired->copies[i].role, c->action->role))
            return &c->desired->copies[i];
    return NULL;
}

enum hold judge_create_route_table(const struct action_case *c)
{
    const struct desired_copy *copy = copy_of(c);

    if (!copy)
        return refuse(c, HOLD_NOT_OURS, "no declared subnets have the role %s", c->action->role);
    if (!text_equal(c->action->request.vpc_id, c->snapshot->vpc->vpc_id))
        return refuse(c, HOLD_NOT_OURS, "%s is not this target's VPC",
                      c->action->request.vpc_id ? c->action->request.vpc_id : "(none)");
    if (copy->cannot)
        return refuse(c, HOLD_UNSAFE, "%s", copy->cannot);
    if (copy->table)
        return refuse(c, HOLD_WAIT, "%s is there for this role", copy->table->id);
    return HOLD_NONE;
}

const struct desired_copy *guard_copy(const struct action_case *c, const struct route_table *table)
{
    const struct desired_copy *copy = copy_of(c);

    return copy && copy->table == table && !copy->cannot ? copy : NULL;
}

/* The ids that a request and a route of EC2 name a target by, in one order. */
static bool same_target(const struct ec2_change_request *request, const struct ec2_route *route)
{
    const char *gateway = request->vpc_endpoint_id ? request->vpc_endpoint_id : request->gateway_id;

    return text_equal(gateway, route->gateway_id) &&
           text_equal(request->nat_gateway_id, route->nat_gateway_id) &&
           text_equal(request->egress_only_internet_gateway_id,
                      route->egress_only_internet_gateway_id) &&
           text_equal(request->transit_gateway_id, route->transit_gateway_id) &&
           text_equal(request->vpc_peering_connection_id, route->vpc_peering_connection_id) &&
           text_equal(request->network_interface_id, route->network_interface_id) &&
           text_equal(request->local_gateway_id, route->local_gateway_id) &&
           text_equal(request->carrier_gateway_id, route->carrier_gateway_id) &&
           text_equal(request->core_network_arn, route->core_network_arn) &&
           text_equal(request->odb_network_arn, route->odb_network_arn);
}

enum hold judge_copied_route(const struct action_case *c, const struct desired_copy *copy)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct route *route;

    if (c->action->call != EC2_CREATE_ROUTE || request->local_target != WIRE_ABSENT ||
        request->instance_id)
        return refuse(c, HOLD_NOT_OURS, "a copy is only added to");
    if (copy->table->n_subnets > 0 || copy->table->main || copy->table->gateway_association)
        return refuse(c, HOLD_NOT_OURS, "%s is in use", copy->table->id);
    for (size_t at = 0; (route = copy_lacks(copy->source, copy->table, &at)); at++)
        if (prefix_equal(&route->ec2->destination_cidr_block, &request->destination_cidr_block) &&
            prefix_equal(&route->ec2->destination_ipv6_cidr_block,
                         &request->destination_ipv6_cidr_block) &&
            text_equal(route->ec2->destination_prefix_list_id,
                       request->destination_prefix_list_id) &&
            same_target(request, route->ec2))
            return HOLD_NONE;
    return refuse(c, HOLD_NOT_OURS, "%s has no such route to copy", copy->source->id);
}

enum hold judge_replace_association(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct route_table *table =
        snapshot_find_route_table(c->snapshot, request->route_table_id);
    const struct desired_copy *copy = table ? guard_copy(c, table) : NULL;
    const struct desired_subnet *subnet = NULL;
    size_t at = 0;
    const char *why;

    for (size_t i = 0; i < c->desired->n_subnets; i++)
        if (request->association_id &&
            text_equal(c->desired->subnets[i].subnet->association_id, request->association_id))
            subnet = &c->desired->subnets[i];
    if (subnet && table && !copy && evidence_of_undo(c->arena, c->action, c->snapshot, c->policy))
        return judge_association_undo(c, subnet, table);
    if (!subnet || !copy)
        return refuse(c, HOLD_NOT_OURS, "only a declared subnet moves, and only to its copy");
    if (subnet->subnet->association_changing || table->changing)
        return refuse(c, HOLD_WAIT, "an association of %s is changing", subnet->subnet->id);
    if (subnet->subnet->table != copy->source || subnet->group != copy->group ||
        (copy->az && !text_equal(copy->az, subnet->subnet->az)))
        return refuse(c, HOLD_NOT_OURS, "%s is not one of those that %s is made for",
                      subnet->subnet->id, table->id);
    if (copy_lacks(copy->source, table, &at))
        return refuse(c, HOLD_UNSAFE, "%s does not have every route of %s yet", table->id,
                      copy->source->id);
    why = guard_lost_path(c->arena, c->snapshot, copy->source, table);
    if (why)
        return refuse(c, HOLD_UNSAFE, "%s", why);
    return HOLD_NONE;
}
