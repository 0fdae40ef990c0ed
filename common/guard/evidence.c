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
