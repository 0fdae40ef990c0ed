/* CreateSubnet and ModifySubnetAttribute against the invariants: only what the config declares, in
 * a place that is free (S2), and an attribute only in the direction that it declares. */
#include "action.h"

/* ---- CreateSubnet ---- */

static bool is_declared(const struct config_target *target, const struct prefix *cidr,
                        const char *zone)
{
    for (size_t g = 0; g < target->n_groups; g++)
        for (size_t i = 0; i < target->groups[g].n_create; i++)
            if (prefix_equal(&target->groups[g].create[i].cidr, cidr) &&
                text_equal(target->groups[g].create[i].availability_zone, zone))
                return true;
    return false;
}

static bool lies_in_vpc(const struct ec2_vpc *vpc, const struct prefix *cidr)
{
    bool lies = vpc->cidr_block.family == FAMILY_IPV4 && prefix_contains(&vpc->cidr_block, cidr);

    for (size_t i = 0; i < vpc->cidr_block_associations.n; i++)
        lies |= vpc->cidr_block_associations.items[i].state == EC2_ASSOCIATION_ASSOCIATED &&
                prefix_contains(&vpc->cidr_block_associations.items[i].cidr_block, cidr);
    return lies;
}

enum hold judge_create_subnet(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct prefix *cidr = &request->cidr_block;
    char text[PREFIX_TEXT_SIZE];

    prefix_format(cidr, text);
    if (!text_equal(request->vpc_id, c->snapshot->vpc->vpc_id))
        return refuse(c, HOLD_NOT_OURS, "%s is not this target's VPC",
                      request->vpc_id ? request->vpc_id : "(none)");
    if (cidr->family != FAMILY_IPV4 || request->ipv6_cidr_block.family != FAMILY_NONE ||
        request->ipv6_native != WIRE_ABSENT || request->ipv6_ipam_pool_id ||
        request->availability_zone_id ||
        !is_declared(c->policy->target, cidr, request->availability_zone))
        return refuse(c, HOLD_NOT_OURS, "the config declares no subnet %s in %s", text,
                      request->availability_zone ? request->availability_zone : "(no zone)");
    if (!lies_in_vpc(c->snapshot->vpc, cidr))
        return refuse(c, HOLD_NOT_OURS, "%s lies outside the IPv4 blocks of %s", text,
                      request->vpc_id);
    for (size_t i = 0; i < c->snapshot->n_subnets; i++)
        if (prefix_overlaps(&c->snapshot->subnets[i].ec2->cidr_block, cidr))
            return refuse(c, HOLD_NOT_OURS, "%s is in the place of %s", c->snapshot->subnets[i].id,
                          text);
    return HOLD_NONE;
}

/* ---- ModifySubnetAttribute ---- */

static enum hold judge_public_ipv4(const struct action_case *c, const struct desired_subnet *subnet)
{
    if (subnet->group->public_ipv4_on_launch != 2)
        return refuse(c, HOLD_NOT_OURS, "group \"%s\" does not declare public IPv4 addresses",
                      subnet->group->name);
    if (subnet->subnet->ec2->map_public_ip_on_launch != WIRE_FALSE)
        return refuse(c, HOLD_WAIT, "it is not off");
    return HOLD_NONE;
}

static enum hold judge_ipv6_on_launch(const struct action_case *c,
                                      const struct desired_subnet *subnet)
{
    const struct ec2_subnet *ec2 = subnet->subnet->ec2;
    bool has_block = false;

    if (!subnet_group_wants_ipv6(subnet->group) || subnet->group->ipv6_on_launch == 1)
        return refuse(c, HOLD_NOT_OURS, "group \"%s\" does not declare IPv6 addresses on launch",
                      subnet->group->name);
    if (ec2->assign_ipv6_address_on_creation != WIRE_FALSE)
        return refuse(c, HOLD_WAIT, "it is not off");
    for (size_t i = 0; i < ec2->ipv6_cidr_block_associations.n; i++)
        has_block |= ec2->ipv6_cidr_block_associations.items[i].state == EC2_ASSOCIATION_ASSOCIATED;
    if (!has_block)
        return refuse(c, HOLD_WAIT, "%s has no IPv6 block yet", ec2->subnet_id);
    return guard_ipv6_way_out(c, subnet);
}

/* S7: with DNS64 on, names of IPv4 services lead to 64:ff9b::/96, so that has to lead somewhere. */
static enum hold judge_dns64(const struct action_case *c, const struct desired_subnet *subnet)
{
    const struct route_table *table = subnet->subnet->table;
    const struct route *way = table ? route_table_find(table, &PREFIX_NAT64) : NULL;
    const char *why;

    if (subnet->group->nat64 != 2)
        return refuse(c, HOLD_NOT_OURS, "group \"%s\" does not declare nat64", subnet->group->name);
    if (subnet->subnet->ec2->enable_dns64 != WIRE_FALSE)
        return refuse(c, HOLD_WAIT, "it is not off");
    if (!way || way->kind != TARGET_NAT_GATEWAY || route_is_live(c->snapshot, way) != VERDICT_YES)
        return refuse(c, HOLD_WAIT, "%s has no live route 64:ff9b::/96 to a NAT gateway yet",
                      table ? table->id : "its route table");
    why = nat_gateway_path(c->arena, c->snapshot, table, way->target_id);
    return why ? refuse(c, HOLD_UNSAFE, "%s", why) : HOLD_NONE;
}

enum hold judge_modify_subnet_attribute(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct desired_subnet *subnet = desired_find_subnet(c->desired, request->subnet_id);
    const struct {
        uint8_t value;
        enum hold (*judge)(const struct action_case *c, const struct desired_subnet *subnet);
    } attributes[] = {
        {request->map_public_ip_on_launch, judge_public_ipv4},
        {request->assign_ipv6_address_on_creation, judge_ipv6_on_launch},
        {request->enable_dns64, judge_dns64},
    };
    const size_t n_attributes = ARRAY_SIZE(attributes);
    size_t which = n_attributes, n = 0;

    if (!subnet)
        return refuse(c, HOLD_NOT_OURS, "%s is not a declared subnet",
                      request->subnet_id ? request->subnet_id : "(none)");
    for (size_t i = 0; i < n_attributes; i++)
        if (attributes[i].value != WIRE_ABSENT) {
            n++;
            which = i;
        }
    if (n != 1 || attributes[which].value != WIRE_TRUE ||
        request->enable_dns_support != WIRE_ABSENT || request->enable_dns_hostnames != WIRE_ABSENT)
        return refuse(c, HOLD_NOT_OURS,
                      "one attribute of a subnet is turned on at a time, and "
                      "none is ever turned off");
    return attributes[which].judge(c, subnet);
}
