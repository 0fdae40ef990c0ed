/* resolve.h - the steps of resolve(); private to common/plan/. */
#pragma once

#include "vpc_reconciled/plan.h"

static inline enum family family_of_index(size_t i)
{
    return i == 0 ? FAMILY_IPV4 : FAMILY_IPV6;
}
static inline const struct prefix *default_of(enum family family)
{
    return family == FAMILY_IPV4 ? &PREFIX_IPV4_DEFAULT : &PREFIX_IPV6_DEFAULT;
}

/* The option that is built: the first of "any" that is not a watched id; UNMANAGED when absent. */
enum option built_option(const struct declared_options *options);
const struct declared_options *group_options(const struct subnet_group *group, enum family family);

/* subnets.c: which subnets a group names. */
void resolve_subnets(struct arena *arena, struct desired *desired, const struct snapshot *snapshot);
/* capacity_providers.c: what Lambda says of a group, before its subnets are looked for. */
void resolve_capacity_provider(struct arena *arena, struct desired_group *group,
                               const struct snapshot *snapshot);
/* gateways.c */
void resolve_gateways(struct arena *arena, struct desired *desired, const struct snapshot *snapshot,
                      const struct history *wiring);
/* route_tables.c */
void resolve_route_tables(struct arena *arena, struct desired *desired,
                          const struct snapshot *snapshot, const struct history *wiring);
/* associations.c */
void resolve_associations(struct arena *arena, struct desired *desired,
                          const struct snapshot *snapshot, const struct history *wiring);
