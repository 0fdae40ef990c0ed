/* Declared subnets without an explicit association: which existing table they should have
 * (scenario 11: associate the AZ's table that is there, do not make another). */
#include "resolve.h"

#include "vpc_reconciled/fault.h"

const char *wiring_role_association(struct arena *arena, const struct subnet *subnet)
{
    return arena_printf(arena, "association/%s", subnet->id);
}

/* A table that a subnet could be given: nobody's main, no gateway's, nothing of it in flux. */
static bool candidate(const struct route_table *table)
{
    return !table->main && !table->gateway_association && !table->changing;
}

/* Its static default of the family is live and what the group declares. */
static bool default_fits(const struct desired *desired, const struct snapshot *snapshot,
                         const struct desired_subnet *subnet, const struct route_table *table,
                         enum family family)
{
    const struct declared_options *options = group_options(subnet->group, family);
    const struct desired_default want = {.accepted = options};
    const struct route *route = route_table_find_static(table, default_of(family));
    const struct ec2_nat_gateway *gateway;
    const struct subnet *home;

    if (built_option(options) == OPTION_UNMANAGED)
        return true;
    if (built_option(options) == OPTION_NONE)
        return route == NULL;
    if (!route || route_is_live(snapshot, route) != VERDICT_YES ||
        !default_accepts(snapshot, &want, route->kind, route->target_id))
        return false;
    if (route->kind != TARGET_NAT_GATEWAY || desired->target->nat_gateways.placement != NAT_PER_AZ)
        return true;
    gateway = snapshot_find_nat_gateway(snapshot, route->target_id);
    if (gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL)
        return true;
    home = snapshot_find_subnet(snapshot, gateway->subnet_id);
    return home && text_equal(home->az, subnet->subnet->az);
}

/* All subnets that the table serves explicitly belong to the group; per-AZ defaults want the AZ
 * too. */
static bool serves_only_group(const struct desired *desired, const struct snapshot *snapshot,
                              const struct route_table *table, const struct desired_subnet *subnet)
{
    for (size_t i = 0; i < snapshot->n_subnets; i++) {
        const struct desired_subnet *other;

        if (snapshot->subnets[i].table != table)
            continue;
        other = desired_find_subnet(desired, snapshot->subnets[i].id);
        if (!other || other->group != subnet->group)
            return false;
    }
    return true;
}

static const struct route_table *find_table(const struct desired *desired,
                                            const struct snapshot *snapshot,
                                            const struct desired_subnet *subnet, bool serving)
{
    const struct route_table *found = NULL;

    for (size_t t = 0; t < snapshot->n_route_tables; t++) {
        const struct route_table *table = &snapshot->route_tables[t];

        if (!candidate(table) || (table->n_explicit > 0) != serving ||
            !serves_only_group(desired, snapshot, table, subnet) ||
            !default_fits(desired, snapshot, subnet, table, FAMILY_IPV4) ||
            !default_fits(desired, snapshot, subnet, table, FAMILY_IPV6))
            continue;
        /* An empty table with nothing but its local route fits "none" and nobody in particular. */
        if (!serving && table->ec2->routes.n <= 1)
            continue;
        if (found)
            return NULL; /* two fit: a person chooses */
        found = table;
    }
    return found;
}

void resolve_associations(struct arena *arena, struct desired *desired,
                          const struct snapshot *snapshot, const struct history *wiring)
{
    for (size_t i = 0; i < desired->n_subnets; i++) {
        struct desired_subnet *subnet = &desired->subnets[i];
        const char *wired;

        if (!subnet->judged || subnet->subnet->association_id || FAULT(TABLES_UNSOUGHT))
            continue;
        wired = history_wiring(wiring, desired->target->name,
                               wiring_role_association(arena, subnet->subnet));
        if (wired) {
            const struct route_table *table = snapshot_find_route_table(snapshot, wired);

            if (table && candidate(table) && serves_only_group(desired, snapshot, table, subnet)) {
                subnet->associate = table;
                subnet->associate_why = "the recorded wiring names it";
                continue;
            }
        }
        subnet->associate = find_table(desired, snapshot, subnet, true);
        subnet->associate_why = "it serves the group's other subnets";
        if (!subnet->associate) {
            subnet->associate = find_table(desired, snapshot, subnet, false);
            subnet->associate_why = "it is unassociated and the only one that fits";
        }
    }
}
