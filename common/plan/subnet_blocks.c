/* IPv6 blocks: the VPC's, and which /64 of it each declared subnet has or would be given: the one
 * that the config names, else the one that it had, else the lowest that is free. */
#include "subnet_blocks.h"

#include "vpc_reconciled/fault.h"

const struct prefix PREFIX_NAT64 = {
    .family = FAMILY_IPV6, .length = 96, .bytes = {0x00, 0x64, 0xff, 0x9b}};

#define SUBNET_LENGTH 64U

bool subnet_group_wants_ipv6(const struct subnet_group *group)
{
    return group->nat64 == 2 || (group->ipv6.n > 0 && group->ipv6.items[0].option != OPTION_NONE &&
                                 group->ipv6.items[0].option != OPTION_UNMANAGED);
}

bool ipv6_block_at(const struct prefix *vpc_block, unsigned n, struct prefix *ret_block)
{
    unsigned bits;
    uint64_t high = 0;

    if (vpc_block->family != FAMILY_IPV6 || vpc_block->length > SUBNET_LENGTH)
        return false;
    bits = SUBNET_LENGTH - vpc_block->length;
    if (bits < 32 && n >> bits)
        return false;
    for (size_t i = 0; i < 8; i++)
        high = high << 8 | vpc_block->bytes[i];
    high |= n;
    *ret_block = (struct prefix){.family = FAMILY_IPV6, .length = SUBNET_LENGTH};
    for (size_t i = 0; i < 8; i++)
        ret_block->bytes[i] = (uint8_t)(high >> (56 - 8 * i));
    return true;
}

bool ipv6_association_is_past(uint8_t state)
{
    return state == EC2_ASSOCIATION_DISASSOCIATED || state == EC2_ASSOCIATION_FAILED ||
           (FAULT(ASSOCIATING_IS_NONE) && state == EC2_ASSOCIATION_ASSOCIATING);
}

const struct ec2_subnet *ipv6_block_holder(const struct snapshot *snapshot,
                                           const struct prefix *block, const char *but_subnet,
                                           bool past)
{
    for (size_t i = 0; i < snapshot->n_subnets && !FAULT(TAKEN_BLOCKS_UNREAD); i++) {
        const struct ec2_subnet *subnet = snapshot->subnets[i].ec2;

        if (text_equal(subnet->subnet_id, but_subnet))
            continue;
        for (size_t k = 0; k < subnet->ipv6_cidr_block_associations.n; k++) {
            const struct ec2_ipv6_cidr_block_association *association =
                &subnet->ipv6_cidr_block_associations.items[k];

            if ((past || !ipv6_association_is_past(association->state)) &&
                prefix_overlaps(&association->ipv6_cidr_block, block))
                return subnet;
        }
    }
    return NULL;
}

bool ipv6_block_is_of_vpc(const struct snapshot *snapshot, const struct prefix *block)
{
    const struct ec2_vpc *vpc = snapshot->vpc;

    for (size_t i = 0; i < vpc->ipv6_cidr_block_associations.n; i++)
        if (vpc->ipv6_cidr_block_associations.items[i].state == EC2_ASSOCIATION_ASSOCIATED &&
            prefix_contains(&vpc->ipv6_cidr_block_associations.items[i].ipv6_cidr_block, block))
            return true;
    return false;
}

/* A subnet's IPv4 block outlives a rebuild of the subnet; its id does not. */
static const char *block_role(struct arena *arena, const struct prefix *cidr, const char *id)
{
    char text[PREFIX_TEXT_SIZE];

    return arena_printf(arena, "ipv6-block/%s",
                        cidr->family == FAMILY_NONE ? id : prefix_format(cidr, text));
}

const char *wiring_role_ipv6_block(struct arena *arena, const struct subnet *subnet)
{
    return block_role(arena, &subnet->ec2->cidr_block, subnet->id);
}

/* ---- the VPC's ---- */

static void sort_association(struct desired_ipv6 *ipv6, const struct prefix *wired,
                             const struct ec2_ipv6_cidr_block_association *association)
{
    switch (association->state) {
    case EC2_ASSOCIATION_ASSOCIATED:
        if (association->ipv6_cidr_block.family == FAMILY_NONE)
            ipv6->coming = association->association_id; /* not named yet */
        else if (!ipv6->block || prefix_equal(&association->ipv6_cidr_block, wired) ||
                 (!prefix_equal(ipv6->block, wired) &&
                  prefix_compare(&association->ipv6_cidr_block, ipv6->block) < 0))
            ipv6->block = &association->ipv6_cidr_block;
        break;
    case EC2_ASSOCIATION_DISASSOCIATED:
        break;
    case EC2_ASSOCIATION_FAILED:
        ipv6->failed = association->status_message ? association->status_message : "no reason";
        break;
    default: /* on its way, going, or a word that we do not know */
        if (!ipv6_association_is_past(association->state))
            ipv6->coming = association->association_id;
        break;
    }
}

static void resolve_vpc_block(struct desired *desired, const struct snapshot *snapshot,
                              const struct history *wiring)
{
    struct desired_ipv6 *ipv6 = &desired->ipv6;
    const char *wired = history_wiring(wiring, desired->target->name, WIRING_VPC_IPV6);
    struct prefix block = {0};

    for (size_t g = 0; g < desired->target->n_groups; g++)
        ipv6->needed |= subnet_group_wants_ipv6(&desired->target->groups[g]);
    ipv6->source = desired->target->ipv6_cidr ? desired->target->ipv6_cidr : "unmanaged";
    if (wired && prefix_parse(wired, &block) < 0)
        block = (struct prefix){0};
    for (size_t i = 0; i < snapshot->vpc->ipv6_cidr_block_associations.n; i++)
        sort_association(ipv6, &block, &snapshot->vpc->ipv6_cidr_block_associations.items[i]);
    if (block.family != FAMILY_NONE && !ipv6_block_is_of_vpc(snapshot, &block))
        ipv6->lost = block;
}

/* ---- the subnets' ---- */

static void read_associations(struct desired_subnet *subnet)
{
    const struct ec2_subnet *ec2 = subnet->subnet->ec2;

    for (size_t i = 0; i < ec2->ipv6_cidr_block_associations.n; i++) {
        const struct ec2_ipv6_cidr_block_association *association =
            &ec2->ipv6_cidr_block_associations.items[i];

        if (association->state == EC2_ASSOCIATION_ASSOCIATED &&
            association->ipv6_cidr_block.family != FAMILY_NONE)
            subnet->ipv6_now = association->ipv6_cidr_block;
        else if (!ipv6_association_is_past(association->state))
            subnet->ipv6_changing = true;
    }
}

static bool recorded_block(struct arena *arena, const struct desired *desired,
                           const struct history *wiring, const struct prefix *cidr, const char *id,
                           struct prefix *ret_block)
{
    const char *wired = history_wiring(wiring, desired->target->name, block_role(arena, cidr, id));

    return wired && prefix_parse(wired, ret_block) >= 0 && ret_block->length == SUBNET_LENGTH;
}

/* A block that the config, or the wiring, keeps for another declared subnet. */
static bool is_promised(struct arena *arena, const struct desired *desired,
                        const struct history *wiring, const struct prefix *block,
                        const struct desired_subnet *to)
{
    const struct config_target *target = desired->target;
    struct prefix other;

    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &desired->subnets[i];

        if (subnet == to)
            continue;
        if (prefix_equal(&subnet->ipv6_next, block) ||
            (recorded_block(arena, desired, wiring, &subnet->subnet->ec2->cidr_block,
                            subnet->subnet->id, &other) &&
             prefix_equal(&other, block)))
            return true;
    }
    for (size_t g = 0; g < target->n_groups; g++)
        for (size_t i = 0; i < target->groups[g].n_create; i++) {
            const struct declared_subnet *declared = &target->groups[g].create[i];

            if (declared == to->created)
                continue;
            if ((declared->ipv6_index >= 0 &&
                 ipv6_block_at(desired->ipv6.block, (unsigned)declared->ipv6_index, &other) &&
                 prefix_equal(&other, block)) ||
                (recorded_block(arena, desired, wiring, &declared->cidr, "", &other) &&
                 prefix_equal(&other, block)))
                return true;
        }
    return false;
}

static void choose_declared(struct arena *arena, struct desired_subnet *subnet,
                            const struct desired *desired, const struct snapshot *snapshot)
{
    unsigned index = (unsigned)subnet->created->ipv6_index;
    const struct ec2_subnet *holder;
    char text[PREFIX_TEXT_SIZE];
    struct prefix block;

    if (!ipv6_block_at(desired->ipv6.block, index, &block)) {
        subnet->ipv6_why = arena_printf(arena, "the VPC's block %s has no /64 number %u",
                                        prefix_format(desired->ipv6.block, text), index);
        return;
    }
    holder = ipv6_block_holder(snapshot, &block, subnet->subnet->id, false);
    if (holder) {
        subnet->ipv6_why = arena_printf(arena, "%s, which \"ipv6_index\": %u names, is used by %s",
                                        prefix_format(&block, text), index, holder->subnet_id);
        return;
    }
    subnet->ipv6_next = block;
    subnet->ipv6_why = arena_printf(arena, "\"ipv6_index\": %u names it", index);
}

static void choose_block(struct arena *arena, struct desired_subnet *subnet,
                         const struct desired *desired, const struct snapshot *snapshot,
                         const struct history *wiring)
{
    struct prefix block;

    if (subnet->created && subnet->created->ipv6_index >= 0) {
        choose_declared(arena, subnet, desired, snapshot);
        return;
    }
    if (recorded_block(arena, desired, wiring, &subnet->subnet->ec2->cidr_block, subnet->subnet->id,
                       &block) &&
        ipv6_block_is_of_vpc(snapshot, &block) &&
        !ipv6_block_holder(snapshot, &block, subnet->subnet->id, false) &&
        !FAULT(BLOCK_FORGOTTEN)) {
        subnet->ipv6_next = block;
        subnet->ipv6_why = "it had it when last healthy";
        return;
    }
    for (unsigned n = 0; ipv6_block_at(desired->ipv6.block, n, &block); n++) {
        if (ipv6_block_holder(snapshot, &block, NULL, true) ||
            is_promised(arena, desired, wiring, &block, subnet))
            continue;
        subnet->ipv6_next = block;
        subnet->ipv6_why = "it is the lowest that is free";
        return;
    }
    subnet->ipv6_why = "the VPC's IPv6 block has no free /64";
}

/* Of those without a block the one with the lowest IPv4 block: an order that a rebuild keeps. */
static struct desired_subnet *next_to_choose(struct desired *desired)
{
    struct desired_subnet *next = NULL;

    for (size_t i = 0; i < desired->n_subnets; i++) {
        struct desired_subnet *subnet = &desired->subnets[i];

        if (!subnet->ipv6 || subnet->ipv6_now.family != FAMILY_NONE || subnet->ipv6_changing ||
            subnet->ipv6_why)
            continue;
        if (!next ||
            prefix_compare(&subnet->subnet->ec2->cidr_block, &next->subnet->ec2->cidr_block) < 0)
            next = subnet;
    }
    return next;
}

void resolve_ipv6_blocks(struct arena *arena, struct desired *desired,
                         const struct snapshot *snapshot, const struct history *wiring)
{
    struct desired_subnet *subnet;

    resolve_vpc_block(desired, snapshot, wiring);
    for (size_t i = 0; i < desired->n_subnets; i++) {
        subnet = &desired->subnets[i];
        subnet->ipv6 = subnet_group_wants_ipv6(subnet->group);
        read_associations(subnet);
    }
    while (desired->ipv6.block && (subnet = next_to_choose(desired)))
        choose_block(arena, subnet, desired, snapshot, wiring);
}
