/* CIDR blocks of a VPC: secondary IPv4 ones, and IPv6 ones of Amazon or of an IPAM pool. */
#include "actions.h"
#include "transitions.h"

bool vpc_has_ipv6(const struct ec2_vpc *vpc)
{
    VEC_EACH (block, &vpc->ipv6_cidr_block_associations)
        if (block->state == EC2_ASSOCIATION_ASSOCIATED)
            return true;
    return false;
}

int vpc_check_ipv4_block(struct call *call, const struct prefix *block)
{
    char text[PREFIX_TEXT_SIZE];

    if (block->family == FAMILY_IPV4 && block->length >= 16 && block->length <= 28)
        return 0;
    return call_fail(call, "InvalidVpcRange",
                     "The CIDR '%s' is invalid: the block size is between a /28 and a /16 netmask",
                     prefix_format(block, text));
}

int vpc_check_no_pool(struct call *call)
{
    if (!call->change.ipv6_pool && call->change.ipv6_cidr_block.family == FAMILY_NONE)
        return 0;
    return call_fail(call, "UnsupportedOperation",
                     "Ipv6Pool and Ipv6CidrBlock: address pools are not simulated");
}

/* ---- associate ---- */

static bool block_is_taken(struct state *state, const struct prefix *block)
{
    VEC_EACH (vpc, &state->objects.vpcs)
        VEC_EACH (association, &vpc->ipv6_cidr_block_associations)
            if (prefix_overlaps(&association->ipv6_cidr_block, block))
                return true;
    return false;
}

/* A /56 out of 2406:da14::/32, which is Amazon's in Tokyo. */
static struct prefix next_amazon_block(struct call *call)
{
    struct prefix block = {.family = FAMILY_IPV6, .length = 56};

    do {
        uint64_t random = rng_next(&call->simulator->ids);

        memcpy(block.bytes, (const uint8_t[]){0x24, 0x06, 0xda, 0x14}, 4);
        for (unsigned i = 0; i < 3; i++)
            block.bytes[4 + i] = (uint8_t)(random >> (8 * i));
    } while (block_is_taken(call->state, &block));
    return block;
}

void vpc_add_amazon_block(struct call *call, struct ec2_vpc *vpc, const char *border_group)
{
    struct ec2_ipv6_cidr_block_association *association =
        LIST_ADD(call->state->arena, &vpc->ipv6_cidr_block_associations);

    /* The block itself is named once it is associated (aws-facts 2.3). */
    association->association_id = new_id(call, "vpc-cidr-assoc-");
    association->state = EC2_ASSOCIATION_ASSOCIATING;
    association->network_border_group =
        keep(call, border_group ? border_group : call->simulator->region);
    association->ipv6_pool = keep(call, "Amazon");
    association->ip_source = keep(call, "amazon");
    transition_start(call->simulator, call->now, SLOW_VPC_BLOCK_ASSOCIATING,
                     association->association_id);
}

/* Blocks of IPAM pools come out of 2600:f00::/32 here; their CIDR is known at once. */
static struct prefix next_ipam_block(struct call *call, uint8_t length)
{
    struct prefix block = {.family = FAMILY_IPV6, .length = length};

    do {
        uint64_t random = rng_next(&call->simulator->ids);

        memcpy(block.bytes, (const uint8_t[]){0x26, 0x00, 0x0f, 0x00}, 4);
        for (unsigned bit = 32; bit < length; bit++, random >>= 1)
            block.bytes[bit / 8] |= (uint8_t)((random & 1) << (7 - bit % 8));
    } while (block_is_taken(call->state, &block));
    return block;
}

static int check_ipam(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    const struct wire_int *length = &change->ipv6_netmask_length;

    if (!id_is_well_formed(change->ipv6_ipam_pool_id, "ipam-pool-"))
        return call_fail(call, "InvalidParameterValue", "The IPAM pool ID '%s' is malformed",
                         change->ipv6_ipam_pool_id);
    /* A pool may have a default length; ours have none. /44 to /60 in steps of /4. */
    if (!length->set || length->value < 44 || length->value > 60 || length->value % 4 != 0)
        return call_fail(call, "InvalidParameterValue",
                         "The netmask length of an IPv6 block of a VPC is 44 to 60, in steps of 4");
    return 0;
}

static void add_ipam_block(struct call *call, struct ec2_vpc *vpc)
{
    struct ec2_ipv6_cidr_block_association *association;

    vpc_add_amazon_block(call, vpc, call->change.ipv6_cidr_block_network_border_group);
    association = &vpc->ipv6_cidr_block_associations.items[vpc->ipv6_cidr_block_associations.n - 1];
    association->ipv6_cidr_block =
        next_ipam_block(call, (uint8_t)call->change.ipv6_netmask_length.value);
    association->ipv6_pool = "IPAM Managed"; /* as the Terraform provider tells it from Amazon's */
}

static int associate_ipv4(struct call *call, struct ec2_vpc *vpc)
{
    const struct prefix *block = &call->change.cidr_block;
    struct ec2_vpc_cidr_block_association *association;
    char text[PREFIX_TEXT_SIZE];
    int r = vpc_check_ipv4_block(call, block);

    if (r < 0)
        return r;
    VEC_EACH (other, &vpc->cidr_block_associations)
        if (prefix_overlaps(&other->cidr_block, block))
            return call_fail(call, "CidrConflict",
                             "The CIDR '%s' conflicts with another subnet or block of %s",
                             prefix_format(block, text), vpc->vpc_id);
    association = LIST_ADD(call->state->arena, &vpc->cidr_block_associations);
    association->association_id = new_id(call, "vpc-cidr-assoc-");
    association->cidr_block = *block;
    association->state = EC2_ASSOCIATION_ASSOCIATING;
    transition_start(call->simulator, call->now, SLOW_VPC_BLOCK_ASSOCIATING,
                     association->association_id);
    call->change_reply.cidr_block_association = *association;
    return 0;
}

int vpc_associate_block(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_vpc *vpc = call_find(call, KIND_VPC, change->vpc_id);
    bool ipv4 = change->cidr_block.family != FAMILY_NONE, ipam = change->ipv6_ipam_pool_id,
         amazon = change->amazon_provided_ipv6_cidr_block == WIRE_TRUE;
    size_t n = 0;
    int r;

    if (!vpc || vpc_check_no_pool(call) < 0)
        return -EINVAL;
    call->change_reply.vpc_id = vpc->vpc_id;
    if (ipv4 + ipam + amazon != 1)
        return call_fail(call, "InvalidParameterCombination",
                         "Exactly one of CidrBlock, AmazonProvidedIpv6CidrBlock and Ipv6IpamPoolId "
                         "is to be given");
    if (ipv4)
        return associate_ipv4(call, vpc);
    if (ipam && check_ipam(call) < 0)
        return -EINVAL;
    VEC_EACH (association, &vpc->ipv6_cidr_block_associations)
        n += association->state == EC2_ASSOCIATION_ASSOCIATED ||
             association->state == EC2_ASSOCIATION_ASSOCIATING;
    r = call_check_quota(call, QUOTA_IPV6_BLOCKS_PER_VPC, n);
    if (r < 0)
        return r;
    if (ipam)
        add_ipam_block(call, vpc);
    else
        vpc_add_amazon_block(call, vpc, change->ipv6_cidr_block_network_border_group);
    call->change_reply.ipv6_cidr_block_association =
        vpc->ipv6_cidr_block_associations.items[vpc->ipv6_cidr_block_associations.n - 1];
    return 0;
}

/* ---- disassociate ---- */

/* One of the two, with its VPC. */
struct vpc_block {
    struct ec2_vpc *vpc;
    struct ec2_vpc_cidr_block_association *ipv4;
    struct ec2_ipv6_cidr_block_association *ipv6;
};

static bool block_find(struct state *state, const char *id, struct vpc_block *ret_block)
{
    VEC_EACH (vpc, &state->objects.vpcs) {
        VEC_EACH (ipv4, &vpc->cidr_block_associations)
            if (text_equal(ipv4->association_id, id)) {
                *ret_block = (struct vpc_block){.vpc = vpc, .ipv4 = ipv4};
                return true;
            }
        VEC_EACH (ipv6, &vpc->ipv6_cidr_block_associations)
            if (text_equal(ipv6->association_id, id)) {
                *ret_block = (struct vpc_block){.vpc = vpc, .ipv6 = ipv6};
                return true;
            }
    }
    return false;
}

static bool subnets_lie_in(struct state *state, const char *vpc_id, const struct prefix *block)
{
    VEC_EACH (subnet, &state->objects.subnets) {
        if (!text_equal(subnet->vpc_id, vpc_id))
            continue;
        if (prefix_contains(block, &subnet->cidr_block))
            return true;
        VEC_EACH (association, &subnet->ipv6_cidr_block_associations)
            if (association->state != EC2_ASSOCIATION_DISASSOCIATED &&
                prefix_contains(block, &association->ipv6_cidr_block))
                return true;
    }
    return false;
}

int vpc_disassociate_block(struct call *call)
{
    const char *id = call->change.association_id;
    struct vpc_block block;
    const struct prefix *prefix;
    uint8_t *state;

    if (!block_find(call->state, id, &block))
        return call_fail(call, "InvalidVpcCidrBlockAssociationID.NotFound",
                         "The vpc CIDR block association ID '%s' does not exist", id);
    prefix = block.ipv4 ? &block.ipv4->cidr_block : &block.ipv6->ipv6_cidr_block;
    state = block.ipv4 ? &block.ipv4->state : &block.ipv6->state;
    if (block.ipv4 && prefix_equal(prefix, &block.vpc->cidr_block))
        return call_fail(
            call, "OperationNotPermitted",
            "The vpc CIDR block with association ID %s may not be disassociated. It is "
            "the primary IPv4 CIDR block of the VPC",
            id);
    if (*state != EC2_ASSOCIATION_ASSOCIATED)
        return call_fail(call, "IncorrectState", "The association '%s' is not associated", id);
    if (subnets_lie_in(call->state, block.vpc->vpc_id, prefix))
        return call_fail(call, "DependencyViolation",
                         "The vpc CIDR block of '%s' is in use by a subnet", id);
    *state = EC2_ASSOCIATION_DISASSOCIATING;
    transition_start(call->simulator, call->now, SLOW_VPC_BLOCK_DISASSOCIATING, id);
    call->change_reply.vpc_id = block.vpc->vpc_id;
    if (block.ipv4)
        call->change_reply.cidr_block_association = *block.ipv4;
    else
        call->change_reply.ipv6_cidr_block_association = *block.ipv6;
    return 0;
}

/* ---- the slow states ---- */

void vpc_block_associated(struct call *call, const char *id)
{
    struct vpc_block block;

    if (!block_find(call->state, id, &block))
        return;
    if (block.ipv4) {
        block.ipv4->state = EC2_ASSOCIATION_ASSOCIATED;
        local_routes_add(call->state, block.vpc->vpc_id, &block.ipv4->cidr_block);
        return;
    }
    if (block.ipv6->ipv6_cidr_block.family == FAMILY_NONE)
        block.ipv6->ipv6_cidr_block = next_amazon_block(call);
    block.ipv6->state = EC2_ASSOCIATION_ASSOCIATED;
    security_groups_open_ipv6(call, block.vpc->vpc_id);
    network_acls_open_ipv6(call, block.vpc->vpc_id);
    local_routes_add(call->state, block.vpc->vpc_id, &block.ipv6->ipv6_cidr_block);
}

void vpc_block_disassociated(struct call *call, const char *id)
{
    struct vpc_block block;

    if (!block_find(call->state, id, &block))
        return;
    if (block.ipv4)
        block.ipv4->state = EC2_ASSOCIATION_DISASSOCIATED;
    else
        block.ipv6->state = EC2_ASSOCIATION_DISASSOCIATED;
    local_routes_remove(call->state, block.vpc->vpc_id,
                        block.ipv4 ? &block.ipv4->cidr_block : &block.ipv6->ipv6_cidr_block);
    transition_start(call->simulator, call->now, SLOW_VPC_BLOCK_GONE, id);
}

void vpc_block_gone(struct call *call, const char *id)
{
    struct vpc_block block;

    if (!block_find(call->state, id, &block))
        return;
    if (block.ipv4)
        LIST_REMOVE(&block.vpc->cidr_block_associations,
                    (size_t)(block.ipv4 - block.vpc->cidr_block_associations.items));
    else
        LIST_REMOVE(&block.vpc->ipv6_cidr_block_associations,
                    (size_t)(block.ipv6 - block.vpc->ipv6_cidr_block_associations.items));
}
