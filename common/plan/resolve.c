#include "endpoints.h"
#include "nat_zones.h"
#include "subnet_blocks.h"
#include "table_copies.h"

#include "vpc_reconciled/fault.h"

enum option built_option(const struct declared_options *options)
{
    for (size_t i = 0; i < options->n; i++)
        if (options->items[i].option != OPTION_TARGET_ID)
            return options->items[i].option;
    return options->n ? OPTION_TARGET_ID : OPTION_UNMANAGED;
}

const struct declared_options *group_options(const struct subnet_group *group, enum family family)
{
    return family == FAMILY_IPV4 ? &group->ipv4 : &group->ipv6;
}

struct desired *resolve(struct arena *arena, const struct config_target *target,
                        const struct snapshot *snapshot, const struct history *wiring)
{
    struct desired *desired = ARENA_NEW(arena, struct desired);

    desired->target = target;
    resolve_subnets(arena, desired, snapshot);
    resolve_new_subnets(arena, desired, snapshot, wiring);
    resolve_ipv6_blocks(arena, desired, snapshot, wiring);
    resolve_interfaces(arena, desired, snapshot);
    resolve_gateways(arena, desired, snapshot, wiring);
    resolve_nat_zones(arena, desired, snapshot, wiring);
    resolve_associations(arena, desired, snapshot, wiring);
    resolve_table_copies(arena, desired, snapshot);
    resolve_route_tables(arena, desired, snapshot, wiring);
    resolve_endpoints(arena, desired, snapshot, wiring);
    return desired;
}

const struct desired_table *desired_find_table(const struct desired *desired, const char *id)
{
    for (size_t i = 0; i < desired->n_tables; i++)
        if (text_equal(desired->tables[i].table->id, id))
            return &desired->tables[i];
    return NULL;
}

const struct desired_subnet *desired_find_subnet(const struct desired *desired, const char *id)
{
    for (size_t i = 0; i < desired->n_subnets; i++)
        if (text_equal(desired->subnets[i].subnet->id, id))
            return &desired->subnets[i];
    return NULL;
}

const struct desired_group *desired_find_group(const struct desired *desired, const char *name)
{
    for (size_t i = 0; i < desired->n_groups; i++)
        if (text_equal(desired->groups[i].group->name, name))
            return &desired->groups[i];
    return NULL;
}

bool desired_groups_known(const struct desired *desired)
{
    for (size_t i = 0; i < desired->n_groups; i++)
        if (desired->groups[i].unknown)
            return false;
    return true;
}

const struct texts *desired_security_groups(const struct desired *desired,
                                            const struct subnet_group *group)
{
    const struct desired_group *found = desired_find_group(desired, group->name);

    return found && found->security_groups_known ? &found->security_groups : NULL;
}

bool default_accepts(const struct snapshot *snapshot, const struct desired_default *want,
                     enum target_kind kind, const char *id)
{
    if (FAULT(PRIVATE_MAY_BE_PUBLIC) && kind == TARGET_INTERNET_GATEWAY)
        return true;
    for (size_t i = 0; want->accepted && i < want->accepted->n; i++) {
        const struct declared_option *option = &want->accepted->items[i];

        switch (option->option) {
        case OPTION_INTERNET_GATEWAY:
            if (kind == TARGET_INTERNET_GATEWAY)
                return true;
            break;
        case OPTION_EGRESS_ONLY_INTERNET_GATEWAY:
            if (kind == TARGET_EGRESS_ONLY_INTERNET_GATEWAY)
                return true;
            break;
        case OPTION_NAT_GATEWAY: {
            const struct ec2_nat_gateway *gateway =
                kind == TARGET_NAT_GATEWAY ? snapshot_find_nat_gateway(snapshot, id) : NULL;

            if (gateway && gateway->connectivity_type != EC2_CONNECTIVITY_PRIVATE)
                return true;
            break;
        }
        case OPTION_TARGET_ID:
            if (text_equal(option->target_id, id))
                return true;
            break;
        case OPTION_NONE:
        case OPTION_UNMANAGED:
            break;
        }
    }
    return false;
}
