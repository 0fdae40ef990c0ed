/* What the plan says of an action decides about limits and second looks, so it is seen again here:
 * the guard takes no word of a plan for it. */
#include "action.h"

static const struct route *default_now(const struct route_table *table,
                                       const struct ec2_change_request *request)
{
    return route_table_find(table, request->destination_cidr_block.family != FAMILY_NONE
                                       ? &request->destination_cidr_block
                                       : &request->destination_ipv6_cidr_block);
}

static bool dead(const struct snapshot *snapshot, const struct route *route)
{
    return !route || route_is_live(snapshot, route) == VERDICT_NO;
}

/* A family that the subnet's group declares has no way out in the table of now. */
static bool subnet_cut_off(const struct desired_subnet *subnet, const struct snapshot *snapshot)
{
    const struct declared_options *declared[] = {&subnet->group->ipv4, &subnet->group->ipv6};
    const struct prefix *defaults[] = {&PREFIX_IPV4_DEFAULT, &PREFIX_IPV6_DEFAULT};
    const struct route_table *table = subnet->subnet->table;

    for (size_t f = 0; f < 2; f++)
        if (declared[f]->n > 0 && declared[f]->items[0].option != OPTION_NONE &&
            (!table || dead(snapshot, route_table_find(table, defaults[f]))))
            return true;
    return false;
}

bool evidence_revives(const struct plan_action *action, const struct desired *desired,
                      const struct snapshot *snapshot)
{
    const struct ec2_change_request *request = &action->request;
    const struct route_table *table;
    const struct desired_subnet *subnet;

    switch (action->call) {
    case EC2_CREATE_ROUTE:
    case EC2_REPLACE_ROUTE:
        table = snapshot_find_route_table(snapshot, request->route_table_id);
        return table && dead(snapshot, default_now(table, request));
    case EC2_ASSOCIATE_ROUTE_TABLE:
        subnet = desired_find_subnet(desired, request->subnet_id);
        return subnet && subnet_cut_off(subnet, snapshot);
    default:
        return false;
    }
}

/* One of the endpoint's subnets has no way out in either family. */
static bool endpoint_path_dead(const struct plan_action *action, const struct desired *desired,
                               const struct snapshot *snapshot)
{
    const struct prefix *defaults[] = {&PREFIX_IPV4_DEFAULT, &PREFIX_IPV6_DEFAULT};

    for (size_t e = 0; e < desired->n_endpoints; e++) {
        const struct desired_endpoint *want = &desired->endpoints[e];

        for (size_t i = 0; i < desired->n_subnets && text_equal(want->role, action->role); i++) {
            const struct route_table *table = desired->subnets[i].subnet->table;

            if (texts_contain(&want->declared->for_groups, desired->subnets[i].group->name) &&
                (!table || (dead(snapshot, route_table_find(table, defaults[0])) &&
                            dead(snapshot, route_table_find(table, defaults[1])))))
                return true;
        }
    }
    return false;
}

bool evidence_path_is_dead(const struct plan_action *action, const struct desired *desired,
                           const struct snapshot *snapshot)
{
    return action->call == EC2_CREATE_VPC_ENDPOINT ? endpoint_path_dead(action, desired, snapshot)
                                                   : evidence_revives(action, desired, snapshot);
}

bool evidence_is_positive(const struct plan_action *action, const struct snapshot *snapshot)
{
    const struct route_table *table =
        snapshot_find_route_table(snapshot, action->request.route_table_id);
    const struct route *now =
        action->call == EC2_REPLACE_ROUTE && table ? default_now(table, &action->request) : NULL;
    const struct ec2_nat_gateway *gateway;

    if (!now || now->kind != TARGET_NAT_GATEWAY || now->state != EC2_ROUTE_BLACKHOLE)
        return false;
    gateway = snapshot_find_nat_gateway(snapshot, now->target_id);
    return gateway && (gateway->state == EC2_STATE_DELETED || gateway->state == EC2_STATE_FAILED);
}

bool evidence_of_undo(struct arena *arena, const struct plan_action *action,
                      const struct snapshot *snapshot, const struct guard_policy *policy)
{
    const struct ec2_change_request *request = &action->request;
    const struct route_table *table = snapshot_find_route_table(snapshot, request->route_table_id);
    const char *role = NULL, *now_id = NULL, *target = request->route_table_id;

    if (!table)
        return false;
    if (action->call == EC2_REPLACE_ROUTE) {
        const struct route *now = default_now(table, request);

        role = wiring_role_default(
            arena, table,
            request->destination_cidr_block.family != FAMILY_NONE ? FAMILY_IPV4 : FAMILY_IPV6);
        now_id = now ? now->target_id : NULL;
        target = request->gateway_id       ? request->gateway_id
                 : request->nat_gateway_id ? request->nat_gateway_id
                                           : request->egress_only_internet_gateway_id;
    } else if (action->call == EC2_REPLACE_ROUTE_TABLE_ASSOCIATION) {
        for (size_t i = 0; i < snapshot->n_subnets; i++) {
            const struct subnet *subnet = &snapshot->subnets[i];

            if (!request->association_id || !subnet->table ||
                !text_equal(subnet->association_id, request->association_id))
                continue;
            role = wiring_role_association(arena, subnet);
            now_id = subnet->table->id;
        }
    }
    return role && now_id && target &&
           text_equal(undo_previous(policy->history, policy->target->name, role, now_id,
                                    policy->now.wall_ms),
                      target);
}
