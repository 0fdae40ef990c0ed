/* AssociateVpcCidrBlock and AssociateSubnetCidrBlock against the invariants: one IPv6 block for the
 * VPC, whoever asked for it (S3), from where the config says; and for a declared subnet a /64 of it
 * that is nobody else's. */
#include "action.h"

/* Amazon's, or the declared pool's and length; nothing else is in the request. */
static bool source_is_declared(const struct config_target *target,
                               const struct ec2_change_request *request)
{
    if (request->cidr_block.family != FAMILY_NONE ||
        request->ipv6_cidr_block.family != FAMILY_NONE || request->ipv6_pool ||
        request->ipv6_cidr_block_network_border_group)
        return false;
    if (text_equal(target->ipv6_cidr, "amazon"))
        return request->amazon_provided_ipv6_cidr_block == WIRE_TRUE &&
               !request->ipv6_ipam_pool_id && !request->ipv6_netmask_length.set;
    return text_equal(target->ipv6_cidr, "ipam") &&
           request->amazon_provided_ipv6_cidr_block == WIRE_ABSENT && request->ipv6_ipam_pool_id &&
           text_equal(request->ipv6_ipam_pool_id, target->ipv6_ipam_pool) &&
           request->ipv6_netmask_length.set &&
           request->ipv6_netmask_length.value == target->ipv6_netmask_length;
}

enum hold judge_associate_vpc_cidr_block(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct ec2_vpc *vpc = c->snapshot->vpc;
    const struct config_target *target = c->policy->target;
    bool wanted = false;

    if (!text_equal(request->vpc_id, vpc->vpc_id))
        return refuse(c, HOLD_NOT_OURS, "%s is not this target's VPC",
                      request->vpc_id ? request->vpc_id : "(none)");
    for (size_t g = 0; g < target->n_groups; g++)
        wanted |= subnet_group_wants_ipv6(&target->groups[g]);
    if (!wanted)
        return refuse(c, HOLD_NOT_OURS, "no declared group speaks IPv6");
    if (!source_is_declared(target, request))
        return refuse(c, HOLD_NOT_OURS, "that is not where \"ipv6_cidr\" says a block comes from");
    for (size_t i = 0; i < vpc->ipv6_cidr_block_associations.n; i++)
        if (!ipv6_association_is_past(vpc->ipv6_cidr_block_associations.items[i].state))
            return refuse(c, HOLD_WAIT, "%s has an IPv6 block, or one is on its way: %s",
                          vpc->vpc_id, vpc->ipv6_cidr_block_associations.items[i].association_id);
    return HOLD_NONE;
}

/* ::/0, wherever to, and any IPv6 route to an internet gateway, which lets things in, too. */
enum hold guard_ipv6_way_out(const struct action_case *c, const struct desired_subnet *subnet)
{
    const struct route_table *table = subnet->subnet->table;
    const struct desired_default want = {.accepted = &subnet->group->ipv6};

    for (size_t i = 0; table && i < table->n_routes; i++) {
        const struct route *route = &table->routes[i];

        if (route->destination.family != FAMILY_IPV6 ||
            (route->destination.length > 0 && route->kind != TARGET_INTERNET_GATEWAY) ||
            route_is_live(c->snapshot, route) == VERDICT_NO ||
            default_accepts(c->snapshot, &want, route->kind, route->target_id))
            continue;
        return refuse(c, HOLD_UNSAFE, "%s would give %s an IPv6 way out to %s that is not declared",
                      table->id, subnet->subnet->id, route->target_id ? route->target_id : "?");
    }
    return HOLD_NONE;
}

/* The number that the config names for the subnet; -1: none. */
static int declared_index(const struct desired_subnet *subnet)
{
    const struct subnet_group *group = subnet->group;

    for (size_t i = 0; i < group->n_create; i++)
        if (prefix_equal(&group->create[i].cidr, &subnet->subnet->ec2->cidr_block) &&
            text_equal(group->create[i].availability_zone, subnet->subnet->az))
            return group->create[i].ipv6_index;
    return -1;
}

static bool is_at_index(const struct snapshot *snapshot, const struct prefix *block, unsigned index)
{
    const struct ec2_vpc *vpc = snapshot->vpc;
    struct prefix at;

    for (size_t i = 0; i < vpc->ipv6_cidr_block_associations.n; i++)
        if (ipv6_block_at(&vpc->ipv6_cidr_block_associations.items[i].ipv6_cidr_block, index,
                          &at) &&
            prefix_equal(&at, block))
            return true;
    return false;
}

enum hold judge_associate_subnet_cidr_block(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct desired_subnet *subnet = desired_find_subnet(c->desired, request->subnet_id);
    const struct prefix *block = &request->ipv6_cidr_block;
    const struct ec2_subnet *holder;
    char text[PREFIX_TEXT_SIZE];
    int index;

    prefix_format(block, text);
    if (!subnet)
        return refuse(c, HOLD_NOT_OURS, "%s is not a declared subnet",
                      request->subnet_id ? request->subnet_id : "(none)");
    if (!subnet_group_wants_ipv6(subnet->group))
        return refuse(c, HOLD_NOT_OURS, "group \"%s\" does not declare IPv6", subnet->group->name);
    for (size_t i = 0; i < subnet->subnet->ec2->ipv6_cidr_block_associations.n; i++)
        if (!ipv6_association_is_past(
                subnet->subnet->ec2->ipv6_cidr_block_associations.items[i].state))
            return refuse(c, HOLD_WAIT, "%s has an IPv6 block, or one is on its way",
                          request->subnet_id);
    if (block->family != FAMILY_IPV6 || block->length != 64 || request->ipv6_ipam_pool_id ||
        request->ipv6_netmask_length.set || !ipv6_block_is_of_vpc(c->snapshot, block))
        return refuse(c, HOLD_NOT_OURS, "%s is no /64 of an associated block of %s",
                      *text ? text : "(none)", c->snapshot->vpc->vpc_id);
    holder = ipv6_block_holder(c->snapshot, block, request->subnet_id, false);
    if (holder)
        return refuse(c, HOLD_NOT_OURS, "%s is used by %s", text, holder->subnet_id);
    index = declared_index(subnet);
    if (index >= 0 && !is_at_index(c->snapshot, block, (unsigned)index))
        return refuse(c, HOLD_NOT_OURS, "the config gives %s the /64 number %d, and %s is another",
                      request->subnet_id, index, text);
    return guard_ipv6_way_out(c, subnet);
}
