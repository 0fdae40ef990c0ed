/* IPv6 CIDR blocks of subnets. */
#include "actions.h"
#include "transitions.h"

static bool block_is_taken(struct state *state, const struct prefix *block)
{
    VEC_EACH (subnet, &state->objects.subnets)
        VEC_EACH (association, &subnet->ipv6_cidr_block_associations)
            if (association->state != EC2_ASSOCIATION_DISASSOCIATED &&
                prefix_overlaps(&association->ipv6_cidr_block, block))
                return true;
    return false;
}

int subnet_check_ipv6_block(struct call *call, const struct ec2_vpc *vpc,
                            const struct prefix *block)
{
    char text[PREFIX_TEXT_SIZE];
    bool inside = false;

    prefix_format(block, text);
    VEC_EACH (association, &vpc->ipv6_cidr_block_associations)
        inside |= association->state == EC2_ASSOCIATION_ASSOCIATED &&
                  prefix_contains(&association->ipv6_cidr_block, block);
    /* /44 to /64 in steps of 4 (aws-facts 2.3) */
    if (!inside || block->length < 44 || block->length > 64 || block->length % 4 != 0)
        return call_fail(call, "InvalidSubnet.Range", "The CIDR '%s' is invalid.", text);
    if (block_is_taken(call->state, block))
        return call_fail(call, "InvalidSubnet.Conflict",
                         "The CIDR '%s' conflicts with another subnet", text);
    return 0;
}

void subnet_add_ipv6_block(struct call *call, struct ec2_subnet *subnet, const struct prefix *block)
{
    struct ec2_ipv6_cidr_block_association *association =
        LIST_ADD(call->state->arena, &subnet->ipv6_cidr_block_associations);

    association->association_id = new_id(call, "subnet-cidr-assoc-");
    association->ipv6_cidr_block = *block;
    association->state = EC2_ASSOCIATION_ASSOCIATING;
    association->ip_source = keep(call, "amazon");
    transition_start(call->simulator, call->now, SLOW_SUBNET_BLOCK_ASSOCIATING,
                     association->association_id);
}

int subnet_associate_block(struct call *call)
{
    const struct prefix *block = &call->change.ipv6_cidr_block;
    struct ec2_subnet *subnet = call_find(call, KIND_SUBNET, call->change.subnet_id);

    if (!subnet)
        return -EINVAL;
    if (block->family == FAMILY_NONE)
        return call_require(call, NULL, "ipv6CidrBlock");
    VEC_EACH (association, &subnet->ipv6_cidr_block_associations)
        if (association->state != EC2_ASSOCIATION_DISASSOCIATED) /* one a subnet */
            return call_fail(call, "InvalidParameterValue",
                             "The subnet '%s' already has an IPv6 CIDR block", subnet->subnet_id);
    if (subnet_check_ipv6_block(call, state_find(call->state, KIND_VPC, subnet->vpc_id), block) < 0)
        return -EINVAL;
    subnet_add_ipv6_block(call, subnet, block);
    call->change_reply.subnet_id = subnet->subnet_id;
    call->change_reply.ipv6_cidr_block_association =
        subnet->ipv6_cidr_block_associations.items[subnet->ipv6_cidr_block_associations.n - 1];
    return 0;
}

static struct ec2_ipv6_cidr_block_association *block_find(struct state *state, const char *id,
                                                          struct ec2_subnet **ret_subnet)
{
    VEC_EACH (subnet, &state->objects.subnets)
        VEC_EACH (association, &subnet->ipv6_cidr_block_associations)
            if (text_equal(association->association_id, id)) {
                *ret_subnet = subnet;
                return association;
            }
    return NULL;
}

static bool is_in_use(struct state *state, const char *subnet_id)
{
    VEC_EACH (interface, &state->objects.network_interfaces)
        if (text_equal(interface->subnet_id, subnet_id) && interface->ipv6_addresses.n)
            return true;
    return false;
}

int subnet_disassociate_block(struct call *call)
{
    const char *id = call->change.association_id;
    struct ec2_subnet *subnet;
    struct ec2_ipv6_cidr_block_association *association = block_find(call->state, id, &subnet);

    if (!association)
        return call_fail(call, "InvalidSubnetCidrBlockAssociationID.NotFound",
                         "The subnet CIDR block association ID '%s' does not exist", id);
    if (association->state != EC2_ASSOCIATION_ASSOCIATED)
        return call_fail(call, "IncorrectState", "The association '%s' is not associated", id);
    if (subnet->ipv6_native == WIRE_TRUE)
        return call_fail(call, "OperationNotPermitted",
                         "The IPv6-only subnet '%s' cannot lose its block", subnet->subnet_id);
    if (is_in_use(call->state, subnet->subnet_id))
        return call_fail(call, "DependencyViolation", "Addresses of the block of '%s' are in use",
                         subnet->subnet_id);
    association->state = EC2_ASSOCIATION_DISASSOCIATING;
    subnet->assign_ipv6_address_on_creation = WIRE_FALSE;
    transition_start(call->simulator, call->now, SLOW_SUBNET_BLOCK_DISASSOCIATING, id);
    call->change_reply.subnet_id = subnet->subnet_id;
    call->change_reply.ipv6_cidr_block_association = *association;
    return 0;
}

void subnet_block_associated(struct call *call, const char *id)
{
    struct ec2_subnet *subnet;
    struct ec2_ipv6_cidr_block_association *association = block_find(call->state, id, &subnet);

    if (association)
        association->state = EC2_ASSOCIATION_ASSOCIATED;
}

void subnet_block_disassociated(struct call *call, const char *id)
{
    struct ec2_subnet *subnet;
    struct ec2_ipv6_cidr_block_association *association = block_find(call->state, id, &subnet);

    if (!association)
        return;
    association->state = EC2_ASSOCIATION_DISASSOCIATED;
    transition_start(call->simulator, call->now, SLOW_SUBNET_BLOCK_GONE, id);
}

void subnet_block_gone(struct call *call, const char *id)
{
    struct ec2_subnet *subnet;
    struct ec2_ipv6_cidr_block_association *association = block_find(call->state, id, &subnet);

    if (association)
        LIST_REMOVE(&subnet->ipv6_cidr_block_associations,
                    (size_t)(association - subnet->ipv6_cidr_block_associations.items));
}
