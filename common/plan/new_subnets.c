/* Subnets that the config declares with "create": which one each is, and what keeps a missing one
 * from being made. */
#include "subnet_blocks.h"

const struct declared_subnet *created_as(const struct subnet_group *group,
                                         const struct subnet *subnet)
{
    for (size_t i = 0; i < group->n_create; i++)
        if (prefix_equal(&group->create[i].cidr, &subnet->ec2->cidr_block) &&
            text_equal(group->create[i].availability_zone, subnet->az))
            return &group->create[i];
    return NULL;
}

static bool lies_in_vpc(const struct ec2_vpc *vpc, const struct prefix *cidr)
{
    if (vpc->cidr_block.family != FAMILY_NONE && prefix_contains(&vpc->cidr_block, cidr))
        return true;
    for (size_t i = 0; i < vpc->cidr_block_associations.n; i++)
        if (vpc->cidr_block_associations.items[i].state == EC2_ASSOCIATION_ASSOCIATED &&
            prefix_contains(&vpc->cidr_block_associations.items[i].cidr_block, cidr))
            return true;
    return false;
}

static bool zone_exists(const struct snapshot *snapshot, const char *name)
{
    VEC_EACH (zone, &snapshot->observation->availability_zones)
        if (text_equal(zone->zone_name, name))
            return true;
    return false;
}

/* What is in the way, or NULL. */
static const char *obstacle(struct arena *arena, const struct snapshot *snapshot,
                            const struct declared_subnet *declared)
{
    const char *vpc_id = snapshot->vpc->vpc_id;
    char text[PREFIX_TEXT_SIZE], other_text[PREFIX_TEXT_SIZE];

    prefix_format(&declared->cidr, text);
    for (size_t i = 0; i < snapshot->n_subnets; i++) {
        const struct subnet *other = &snapshot->subnets[i];

        if (prefix_equal(&other->ec2->cidr_block, &declared->cidr))
            return arena_printf(arena, "%s has %s and is in %s", other->id, text, other->az);
        if (prefix_overlaps(&other->ec2->cidr_block, &declared->cidr))
            return arena_printf(arena, "%s overlaps with it: it has %s", other->id,
                                prefix_format(&other->ec2->cidr_block, other_text));
    }
    if (!lies_in_vpc(snapshot->vpc, &declared->cidr))
        return arena_printf(arena, "%s lies outside the IPv4 blocks of %s", text, vpc_id);
    if ((snapshot->complete & NEEDS(AVAILABILITY_ZONES)) &&
        !zone_exists(snapshot, declared->availability_zone))
        return arena_printf(arena, "this account has no Availability Zone %s",
                            declared->availability_zone);
    return NULL;
}

static bool is_there(const struct snapshot *snapshot, const struct declared_subnet *declared)
{
    for (size_t i = 0; i < snapshot->n_subnets; i++)
        if (prefix_equal(&snapshot->subnets[i].ec2->cidr_block, &declared->cidr) &&
            text_equal(snapshot->subnets[i].az, declared->availability_zone))
            return true;
    return false;
}

static size_t count_created(const struct config_target *target)
{
    size_t n = 0;

    for (size_t g = 0; g < target->n_groups; g++)
        n += target->groups[g].n_create;
    return n;
}

void resolve_new_subnets(struct arena *arena, struct desired *desired,
                         const struct snapshot *snapshot, const struct history *wiring)
{
    const struct config_target *target = desired->target;

    desired->new_subnets = ARENA_ARRAY(arena, struct desired_new_subnet, count_created(target) + 1);
    for (size_t g = 0; g < target->n_groups; g++) {
        const struct subnet_group *group = &target->groups[g];

        for (size_t i = 0; i < group->n_create; i++) {
            const struct declared_subnet *declared = &group->create[i];
            char text[PREFIX_TEXT_SIZE];
            const char *role;

            if (is_there(snapshot, declared))
                continue;
            role = wiring_role_created(arena, group, declared);
            prefix_format(&declared->cidr, text);
            desired->new_subnets[desired->n_new_subnets++] = (struct desired_new_subnet){
                .role = role,
                .group = group,
                .declared = declared,
                .predecessor = history_wiring(wiring, target->name, role),
                .why_not = obstacle(arena, snapshot, declared),
            };
        }
    }
}

const char *wiring_role_created(struct arena *arena, const struct subnet_group *group,
                                const struct declared_subnet *declared)
{
    char text[PREFIX_TEXT_SIZE];

    return arena_printf(arena, "subnet/%s/%s", group->name, prefix_format(&declared->cidr, text));
}
