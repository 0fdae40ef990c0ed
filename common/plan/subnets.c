/* Which subnets a group names: by id, by tags as EC2's filters match (* and ?), or through its
 * capacity provider. */
#include "subnet_blocks.h"

#include <fnmatch.h>
#include <stdlib.h>

static bool tags_match(const struct subnet_group *group, const struct ec2_subnet *subnet)
{
    for (size_t i = 0; i < group->n_match_tags; i++) {
        const char *value = ec2_tag_value(&subnet->tags, group->match_tags[i].key);

        /* FNM_NOESCAPE: a backslash is a letter in EC2's filters too. */
        if (!value || fnmatch(group->match_tags[i].value, value, FNM_NOESCAPE) != 0)
            return false;
    }
    return group->n_match_tags > 0;
}

/* Those that it names one by one. */
static const struct texts *named_ids(const struct desired_group *group)
{
    return group->capacity_provider ? &group->capacity_provider->subnet_ids
                                    : &group->group->subnet_ids;
}

static bool group_names(const struct desired_group *group, const struct subnet *subnet)
{
    return texts_contain(named_ids(group), subnet->id) || tags_match(group->group, subnet->ec2) ||
           created_as(group->group, subnet);
}

static bool group_judged(const struct subnet_group *group)
{
    enum option ipv4 = built_option(&group->ipv4), ipv6 = built_option(&group->ipv6);

    return (ipv4 != OPTION_UNMANAGED && ipv4 != OPTION_NONE) ||
           (ipv6 != OPTION_UNMANAGED && ipv6 != OPTION_NONE) || group->nat64 == 2;
}

/* A gateway endpoint is an entry of the group's own tables. */
static bool has_gateway_endpoint(const struct config_target *target,
                                 const struct subnet_group *group)
{
    for (size_t i = 0; i < target->n_endpoints; i++)
        if (text_equal(target->endpoints[i].type, "gateway") &&
            texts_contain(&target->endpoints[i].for_groups, group->name))
            return true;
    return false;
}

static const char *missing_ids(struct arena *arena, const struct desired_group *group,
                               const struct snapshot *snapshot)
{
    const struct texts *ids = named_ids(group);
    const char *missing = NULL;

    for (size_t i = 0; i < ids->n; i++) {
        const char *id = ids->items[i];

        if (!snapshot_find_subnet(snapshot, id))
            missing = missing ? arena_printf(arena, "%s, %s", missing, id) : id;
    }
    return missing;
}

static unsigned count_azs(const struct desired *desired, const struct subnet_group *group)
{
    unsigned n = 0;

    for (size_t i = 0; i < desired->n_subnets; i++) {
        bool first = desired->subnets[i].group == group;

        for (size_t j = 0; first && j < i; j++)
            first = desired->subnets[j].group != group ||
                    !text_equal(desired->subnets[j].subnet->az, desired->subnets[i].subnet->az);
        n += first;
    }
    return n;
}

void resolve_subnets(struct arena *arena, struct desired *desired, const struct snapshot *snapshot)
{
    const struct config_target *target = desired->target;

    desired->groups = ARENA_ARRAY(arena, struct desired_group, target->n_groups + 1);
    for (size_t g = 0; g < target->n_groups; g++) {
        struct desired_group *group = &desired->groups[desired->n_groups++];

        group->group = &target->groups[g];
        resolve_capacity_provider(arena, group, snapshot);
    }
    desired->subnets =
        ARENA_ARRAY(arena, struct desired_subnet, snapshot->n_subnets * (target->n_groups + 1) + 1);
    for (size_t i = 0; i < snapshot->n_subnets; i++) {
        const struct subnet *subnet = &snapshot->subnets[i];

        for (size_t g = 0; g < target->n_groups; g++) {
            if (!group_names(&desired->groups[g], subnet))
                continue;
            /* By tags, or as two providers', a subnet may fall into two groups; the parser can't
             * see that. The first by name has it, and the guard refuses what the other would want
             * (conflicting defaults).
             */
            desired->subnets[desired->n_subnets++] = (struct desired_subnet){
                .subnet = subnet,
                .group = &target->groups[g],
                .judged = group_judged(&target->groups[g]) ||
                          has_gateway_endpoint(target, &target->groups[g]),
                .created = created_as(&target->groups[g], subnet),
            };
        }
    }
    for (size_t g = 0; g < target->n_groups; g++) {
        struct desired_group *group = &desired->groups[g];

        for (size_t i = 0; i < desired->n_subnets; i++)
            group->n_subnets += desired->subnets[i].group == group->group;
        group->n_azs = count_azs(desired, group->group);
        group->missing = missing_ids(arena, group, snapshot);
    }
}
