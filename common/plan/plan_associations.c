/* route-table-association-missing: the existing table is associated again. */
#include "plan_private.h"

/* Is each default that the group declares carried by the table that serves the subnet now? */
static bool path_works_now(struct planning *planning, const struct desired_subnet *subnet)
{
    for (size_t f = 0; f < 2; f++) {
        enum family family = family_of_index(f);
        const struct desired_default want = {.accepted = group_options(subnet->group, family)};
        const struct route *route;

        if (built_option(want.accepted) == OPTION_UNMANAGED ||
            built_option(want.accepted) == OPTION_NONE)
            continue;
        route = subnet->subnet->table ? route_table_find(subnet->subnet->table, default_of(family))
                                      : NULL;
        if (!route || route_is_live(planning->snapshot, route) == VERDICT_NO)
            return false;
    }
    return true;
}

/* A subnet of two groups has one table. */
static bool planned_already(const struct desired *desired, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (desired->subnets[k].subnet == desired->subnets[i].subnet &&
            desired->subnets[k].associate)
            return true;
    return false;
}

void plan_associations(struct planning *planning)
{
    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];
        struct plan_action *associate;
        struct plan_drift *drift;
        bool works;

        if (!subnet->associate || planned_already(planning->desired, i))
            continue;
        drift = planning_add_drift(planning, DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING,
                                   planning_subnet_role(planning, "association", subnet));
        if (!drift)
            continue;
        works = path_works_now(planning, subnet);
        drift->resource = subnet->subnet->id;
        drift->subnets = subnet->subnet->id;
        drift->az = subnet->subnet->az;
        drift->desired = arena_printf(planning->arena, "associated with %s (%s)",
                                      subnet->associate->id, subnet->associate_why);
        drift->observed =
            arena_printf(planning->arena, "no association; the main table %s serves it",
                         subnet->subnet->table ? subnet->subnet->table->id : "(none)");
        drift->message = arena_printf(
            planning->arena,
            "Subnet %s lost its route table: the VPC's main table serves it now, and its declared "
            "way out %s.",
            subnet->subnet->id, works ? "still works there" : "is gone");
        if (works) {
            drift->policy = DRIFT_APPROVE;
            drift->impact = IMPACT_DEGRADED;
        }
        associate = planning_add_action(planning, EC2_ASSOCIATE_ROUTE_TABLE, drift->role);
        associate->request.route_table_id = subnet->associate->id;
        associate->request.subnet_id = subnet->subnet->id;
        associate->expect = EXPECT_NO_ASSOCIATION;
        associate->revives = !works;
        associate->az = subnet->subnet->az;
    }
}
