/* nat-subnet-not-public: the gateway reads available, and its own subnet has no way out. */
#include "plan_private.h"

static size_t route_drift_of(const struct planning *planning, const struct route_table *table)
{
    for (size_t i = 0; i < planning->plan->drifts.n; i++) {
        const struct plan_drift *drift = &planning->plan->drifts.items[i];

        if (text_equal(drift->resource, table->id) && drift->desired &&
            text_starts_with(drift->desired, "0.0.0.0/0"))
            return i;
    }
    return NO_CAUSE;
}

/* The drift of the table that the subnet lacks. */
static size_t table_drift_of(const struct planning *planning, const struct subnet *subnet)
{
    const char *copy_role = "";

    for (size_t i = 0; i < planning->desired->n_copies; i++)
        for (size_t s = 0; s < planning->desired->copies[i].n_subnets; s++)
            if (planning->desired->copies[i].subnets[s] == subnet)
                copy_role = planning->desired->copies[i].role;
    for (size_t i = 0; i < planning->plan->drifts.n; i++) {
        const struct plan_drift *drift = &planning->plan->drifts.items[i];

        if ((drift->code == DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING &&
             text_equal(drift->resource, subnet->id)) ||
            text_equal(drift->role, copy_role))
            return i;
    }
    return NO_CAUSE;
}

/* Defaults that our own change within the hour led to this gateway go back where they came from. */
static void add_undo(struct planning *planning, struct plan_drift *drift,
                     const struct ec2_nat_gateway *gateway)
{
    if (nat_gateway_way_out(planning->snapshot, gateway) != VERDICT_NO)
        return;
    for (size_t t = 0; t < planning->desired->n_tables; t++) {
        const struct desired_table *table = &planning->desired->tables[t];
        const struct route *now = route_table_find_static(table->table, &PREFIX_IPV4_DEFAULT);
        enum target_kind kind;
        const char *was;

        if (table->never || !now || !text_equal(now->target_id, gateway->nat_gateway_id))
            continue;
        was = undo_default(planning, table, FAMILY_IPV4, &kind);
        if (!was)
            continue;
        planning_add_default(planning, table, FAMILY_IPV4, kind, was);
        drift->progress =
            arena_printf(planning->arena, "%s is to lead to %s again", table->table->id, was);
        drift->message = arena_printf(
            planning->arena, "%s This daemon led %s to it within the hour: that goes back to %s.",
            drift->message, table->table->id, was);
    }
}

void plan_nat_subnets(struct planning *planning)
{
    for (size_t z = 0; z < planning->desired->n_zones; z++) {
        const struct desired_zone *zone = &planning->desired->zones[z];
        const struct subnet *home =
            zone->gateway ? snapshot_find_subnet(planning->snapshot, zone->gateway->subnet_id)
                          : NULL;
        const struct route *way_out;
        struct plan_drift *drift;
        size_t cause;

        if (!home || !home->table)
            continue; /* a regional one has a table of its own */
        way_out = route_table_find(home->table, &PREFIX_IPV4_DEFAULT);
        if (nat_gateway_way_out(planning->snapshot, zone->gateway) != VERDICT_NO)
            continue;
        cause = route_drift_of(planning, home->table);
        if (cause == NO_CAUSE)
            cause = table_drift_of(planning, home);
        if (cause == NO_CAUSE)
            cause = planning->internet_gateway_drift;
        drift = planning_add_drift(planning, DRIFT_NAT_SUBNET_NOT_PUBLIC,
                                   wiring_role_zone(planning->arena, "nat-subnet", zone->role));
        if (!drift)
            return;
        drift->az = zone->az;
        drift->subnets = zone->subnets;
        drift->resource = zone->gateway->nat_gateway_id;
        drift->cause = cause;
        drift->desired = arena_printf(planning->arena, "0.0.0.0/0 of %s to the internet gateway",
                                      home->table->id);
        drift->observed = way_out
                              ? arena_printf(planning->arena, "it leads to %s",
                                             way_out->target_id ? way_out->target_id : "nothing")
                              : "no such route";
        drift->message =
            arena_printf(planning->arena,
                         "NAT gateway %s reads available, and its subnet %s has no route to the "
                         "internet gateway "
                         "(%s). What private subnets %s send through it is lost.",
                         zone->gateway->nat_gateway_id, home->id, drift->observed, zone->subnets);
        if (!drift_repairs_itself(planning, cause))
            add_undo(planning, drift, zone->gateway);
        if (cause == NO_CAUSE && drift->n_actions == 0)
            drift->held = "the config does not declare that route: give the group of the gateway's "
                          "subnet \"ipv4\": \"internet-gateway\"";
    }
}
