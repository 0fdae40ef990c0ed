#include "actions.h"

/* An IPv4 subnet loses its first four addresses and the last one to AWS. */
#define RESERVED_ADDRESSES 5

/* NULL: the call has failed. */
static const struct ec2_availability_zone *choose_zone(struct call *call)
{
    const char *name = call->change.availability_zone, *id = call->change.availability_zone_id;
    const struct ec2_availability_zone *zone = NULL;

    if (name && id) {
        call_fail(call, "InvalidParameterCombination",
                  "Only one of availabilityZone and availabilityZoneId may be given");
        return NULL;
    }
    if (name || id)
        zone = zone_by_name_or_id(call->state, name, id);
    else if (call->state->objects.availability_zones.n)
        zone = &call->state->objects.availability_zones.items[0];
    if (!zone)
        call_fail(
            call, "InvalidParameterValue",
            "Value (%s) for parameter availabilityZone is invalid. Subnets can currently only "
            "be created in the zones that DescribeAvailabilityZones lists.",
            name ? name
            : id ? id
                 : "");
    return zone;
}

static int check_ipv4_block(struct call *call, const struct ec2_vpc *vpc)
{
    const struct prefix *block = &call->change.cidr_block;
    char text[PREFIX_TEXT_SIZE];
    bool inside = false;

    prefix_format(block, text);
    VEC_EACH (association, &vpc->cidr_block_associations)
        inside |= association->state == EC2_ASSOCIATION_ASSOCIATED &&
                  prefix_contains(&association->cidr_block, block);
    if (!inside || block->length < 16 || block->length > 28)
        return call_fail(call, "InvalidSubnet.Range", "The CIDR '%s' is invalid.", text);
    VEC_EACH (other, &call->state->objects.subnets)
        if (text_equal(other->vpc_id, vpc->vpc_id) && prefix_overlaps(&other->cidr_block, block))
            return call_fail(call, "InvalidSubnet.Conflict",
                             "The CIDR '%s' conflicts with another subnet", text);
    return 0;
}

static int check_blocks(struct call *call, const struct ec2_vpc *vpc)
{
    const struct ec2_change_request *change = &call->change;
    bool ipv4 = change->cidr_block.family != FAMILY_NONE;
    bool ipv6 = change->ipv6_cidr_block.family != FAMILY_NONE;
    int r = 0;

    if (change->ipv6_native == WIRE_TRUE && (ipv4 || !ipv6))
        return call_fail(call, "InvalidParameterCombination",
                         "An IPv6-only subnet has an Ipv6CidrBlock and no CidrBlock");
    if (change->ipv6_native != WIRE_TRUE && !ipv4)
        return call_require(call, NULL, "cidrBlock");
    if (ipv4)
        r = check_ipv4_block(call, vpc);
    if (r >= 0 && ipv6)
        r = subnet_check_ipv6_block(call, vpc, &change->ipv6_cidr_block);
    return r;
}

int subnet_create(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    const struct ec2_vpc *vpc = call_find(call, KIND_VPC, change->vpc_id);
    const struct ec2_availability_zone *zone = vpc ? choose_zone(call) : NULL;
    struct ec2_subnet *subnet;

    if (!zone || check_blocks(call, vpc) < 0 ||
        call_check_quota(call, QUOTA_SUBNETS_PER_VPC,
                         state_count_in_vpc(call->state, KIND_SUBNET, vpc->vpc_id)) < 0)
        return -EINVAL;

    call->made_id = new_id(call, "subnet-");
    subnet = call_add(call, KIND_SUBNET, call->made_id);
    subnet->vpc_id = keep(call, vpc->vpc_id);
    subnet->owner_id = keep(call, call->simulator->account);
    subnet->availability_zone = keep(call, zone->zone_name);
    subnet->availability_zone_id = keep(call, zone->zone_id);
    subnet->state = EC2_STATE_AVAILABLE;
    subnet->cidr_block = change->cidr_block;
    subnet->available_ip_address_count.set = true;
    if (change->cidr_block.family != FAMILY_NONE)
        subnet->available_ip_address_count.value =
            ((int64_t)1 << (32 - change->cidr_block.length)) - RESERVED_ADDRESSES;
    subnet->map_public_ip_on_launch = WIRE_FALSE;
    subnet->assign_ipv6_address_on_creation = WIRE_FALSE;
    subnet->enable_dns64 = WIRE_FALSE;
    subnet->default_for_az = WIRE_FALSE;
    subnet->ipv6_native = change->ipv6_native == WIRE_TRUE ? WIRE_TRUE : WIRE_FALSE;
    subnet->internet_gateway_block_mode = block_public_access_mode(call->state);
    subnet->ipv6_cidr_block_associations.seen = subnet->tags.seen = true;
    if (change->ipv6_cidr_block.family != FAMILY_NONE)
        subnet_add_ipv6_block(call, subnet, &change->ipv6_cidr_block);
    call_tag(call, &subnet->tags);
    network_acl_associate_default(call, subnet);
    nat_gateways_watch_zones(call, subnet->vpc_id);
    call->change_reply.subnet = *subnet;
    return 0;
}

static bool subnet_is_in_use(struct state *state, const char *id)
{
    VEC_EACH (interface, &state->objects.network_interfaces)
        if (text_equal(interface->subnet_id, id))
            return true;
    VEC_EACH (gateway, &state->objects.nat_gateways)
        if (text_equal(gateway->subnet_id, id) && gateway->state != EC2_STATE_DELETED &&
            gateway->state != EC2_STATE_FAILED)
            return true;
    return false;
}

int subnet_delete(struct call *call)
{
    const char *id = call->change.subnet_id;

    if (!call_find(call, KIND_SUBNET, id))
        return -EINVAL;
    if (subnet_is_in_use(call->state, id))
        return call_fail(call, "DependencyViolation",
                         "The subnet '%s' has dependencies and cannot be deleted.", id);
    VEC_EACH (table, &call->state->objects.route_tables)
        for (size_t i = table->associations.n; i-- > 0;)
            if (text_equal(table->associations.items[i].subnet_id, id))
                LIST_REMOVE(&table->associations, i);
    network_acl_forget_subnet(call->state, id);
    state_remove(call->state, KIND_SUBNET, id);
    return 0;
}

static bool has_ipv6_block(const struct ec2_subnet *subnet)
{
    VEC_EACH (association, &subnet->ipv6_cidr_block_associations)
        if (association->state == EC2_ASSOCIATION_ASSOCIATED ||
            association->state == EC2_ASSOCIATION_ASSOCIATING)
            return true;
    return false;
}

int subnet_modify_attribute(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_subnet *subnet = call_find(call, KIND_SUBNET, change->subnet_id);
    const struct {
        uint8_t wanted, *attribute;
    } rows[] = {
        {change->map_public_ip_on_launch, subnet ? &subnet->map_public_ip_on_launch : NULL},
        {change->assign_ipv6_address_on_creation,
         subnet ? &subnet->assign_ipv6_address_on_creation : NULL},
        {change->enable_dns64, subnet ? &subnet->enable_dns64 : NULL},
    };
    size_t n = 0;

    if (!subnet)
        return -EINVAL;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        n += rows[i].wanted != WIRE_ABSENT;
    if (n == 0)
        return call_fail(call, "MissingParameter",
                         "The request must contain one attribute to be modified");
    if (n > 1) /* one attribute a call: aws-facts 2.3 */
        return call_fail(call, "InvalidParameterCombination",
                         "Only one attribute can be modified in a call");
    if (change->assign_ipv6_address_on_creation == WIRE_TRUE && !has_ipv6_block(subnet))
        return call_fail(call, "InvalidParameterValue", "The subnet '%s' has no IPv6 CIDR block",
                         subnet->subnet_id);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (rows[i].wanted != WIRE_ABSENT)
            *rows[i].attribute = rows[i].wanted;
    return 0;
}
