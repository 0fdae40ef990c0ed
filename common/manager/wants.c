/* Which lists the configs of a scope's targets want asked for. */
#include "vpc_reconciled/manager.h"
#include "vpc_reconciled/observe.h"

static void add_endpoints(struct arena *arena, const struct config_target *target,
                          struct observe_wants *wants)
{
    for (size_t i = 0; i < target->n_endpoints; i++) {
        const struct declared_endpoint *endpoint = &target->endpoints[i];

        wants->lists |= NEEDS(VPC_ENDPOINT_SERVICES);
        texts_add_once(arena, &wants->services, endpoint->service);
        /* Private DNS needs the VPC's; the ports of its groups are held against whole rules. */
        if (text_equal(endpoint->type, "interface"))
            wants->lists |= NEEDS(VPC_ATTRIBUTES) | NEEDS(PREFIX_LIST_ENTRIES);
    }
}

/* A customer's prefix list may hold the default that the group must not have (aws-facts 9.2). */
static bool declares_none(const struct declared_options *options)
{
    return options->n && options->items[0].option == OPTION_NONE;
}

static void add_groups(struct arena *arena, const struct config_target *target,
                       struct observe_wants *wants)
{
    for (size_t i = 0; i < target->n_groups; i++) {
        const struct subnet_group *group = &target->groups[i];

        if (group->capacity_provider) {
            wants->lists |= NEEDS(CAPACITY_PROVIDERS);
            texts_add_once(arena, &wants->capacity_providers, group->capacity_provider);
        }
        if (group->n_outbound || declares_none(&group->ipv4) || declares_none(&group->ipv6))
            wants->lists |= NEEDS(PREFIX_LIST_ENTRIES);
        if (config_group_services(group).n > 0)
            wants->lists |= NEEDS(VPC_ATTRIBUTES) | NEEDS(PREFIX_LIST_ENTRIES);
    }
}

void manager_wants(struct arena *arena, const struct config_target *const *targets, size_t n,
                   struct observe_wants *ret_wants)
{
    *ret_wants = (struct observe_wants){0};
    for (size_t i = 0; i < n; i++) {
        add_endpoints(arena, targets[i], ret_wants);
        add_groups(arena, targets[i], ret_wants);
        if (targets[i]->n_must_reach)
            ret_wants->lists |= NEEDS(VPC_ATTRIBUTES) | NEEDS(PREFIX_LIST_ENTRIES);
    }
}
