/* What our own change did harm by is put back (design.md 6.4): after a write comes a look, and on
 * positive evidence the default, or the association, leads again to what it led to before, while
 * that is live and what is declared cannot be had. Nothing is ever deleted or created for it. */
#include "plan_private.h"

#include "vpc_reconciled/fault.h"

/* What goes wrong later is a new drift, and no harm of the change. */
#define UNDO_MAX_MS ((int64_t)3600000)

const char *undo_previous(const struct history *history, const char *target, const char *role,
                          const char *now_id, int64_t now_wall_ms)
{
    const struct history_record *change = history_last_change(history, target, role);

    if (!change || text_empty(change->token) || !text_equal(change->id, now_id) ||
        change->wall_ms < now_wall_ms - UNDO_MAX_MS || change->wall_ms > now_wall_ms + UNDO_MAX_MS)
        return NULL;
    return change->token;
}

enum verdict nat_gateway_way_out(const struct snapshot *snapshot,
                                 const struct ec2_nat_gateway *gateway)
{
    const struct subnet *home = snapshot_find_subnet(snapshot, gateway->subnet_id);
    const struct route *way_out;

    if (gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL)
        return VERDICT_YES; /* it has a table of its own (aws-facts 2.5) */
    if (!home || !home->table)
        return VERDICT_UNKNOWN;
    way_out = route_table_find(home->table, &PREFIX_IPV4_DEFAULT);
    if (!way_out)
        return VERDICT_NO;
    if (target_kind_is_foreign(way_out->kind)) /* a firewall's, perhaps: not ours to judge */
        return route_is_live(snapshot, way_out) == VERDICT_NO ? VERDICT_NO : VERDICT_UNKNOWN;
    return way_out->kind == TARGET_INTERNET_GATEWAY ? route_is_live(snapshot, way_out) : VERDICT_NO;
}

/* Would a default of the table that led to it carry traffic? */
static bool carries(const struct snapshot *snapshot, const struct route_table *table,
                    enum target_kind kind, const char *id)
{
    const struct ec2_nat_gateway *gateway;
    const struct subnet *home;

    if (target_is_live(snapshot, kind, id) != VERDICT_YES)
        return false;
    if (kind != TARGET_NAT_GATEWAY)
        return true;
    gateway = snapshot_find_nat_gateway(snapshot, id);
    home = snapshot_find_subnet(snapshot, gateway->subnet_id);
    return gateway->connectivity_type == EC2_CONNECTIVITY_PUBLIC &&
           (!home || home->table != table) && nat_gateway_way_out(snapshot, gateway) == VERDICT_YES;
}

bool route_is_listed_dead(const struct snapshot *snapshot, const struct route *route)
{
    const struct ec2_nat_gateway *gateway =
        route->kind == TARGET_NAT_GATEWAY ? snapshot_find_nat_gateway(snapshot, route->target_id)
                                          : NULL;

    return route->state == EC2_ROUTE_BLACKHOLE ||
           (gateway &&
            (gateway->state == EC2_STATE_DELETED || gateway->state == EC2_STATE_DELETING ||
             gateway->state == EC2_STATE_FAILED));
}

const char *undo_default(const struct planning *planning, const struct desired_table *table,
                         enum family family, enum target_kind *ret_kind)
{
    const struct route *now = route_table_find_static(table->table, default_of(family));
    const struct desired_default *want = &table->defaults[family == FAMILY_IPV4 ? 0 : 1];
    const char *was =
        !now || FAULT(NO_UNDO)
            ? NULL
            : undo_previous(planning->history, planning->plan->target->name,
                            wiring_role_default(planning->arena, table->table, family),
                            now->target_id, planning->snapshot->observation->at.wall_ms);
    enum target_kind kind = target_kind_of_id(was);

    if (kind != TARGET_INTERNET_GATEWAY && kind != TARGET_NAT_GATEWAY &&
        kind != TARGET_EGRESS_ONLY_INTERNET_GATEWAY)
        return NULL;
    /* An exposure is not put back, whatever it carried. */
    if (kind == TARGET_INTERNET_GATEWAY && !default_accepts(planning->snapshot, want, kind, was))
        return NULL;
    if (!carries(planning->snapshot, table->table, kind, was))
        return NULL;
    *ret_kind = kind;
    return was;
}

/* The table that the subnet was taken from within the hour, when it still has a way out. */
static const struct route_table *undo_association(const struct planning *planning,
                                                  const struct desired_subnet *subnet,
                                                  enum family family)
{
    const struct snapshot *snapshot = planning->snapshot;
    const struct desired_default want = {.accepted = group_options(subnet->group, family)};
    const char *was =
        !subnet->subnet->association_id || FAULT(NO_UNDO)
            ? NULL
            : undo_previous(planning->history, planning->plan->target->name,
                            wiring_role_association(planning->arena, subnet->subnet),
                            subnet->subnet->table->id, snapshot->observation->at.wall_ms);
    const struct route_table *table = was ? snapshot_find_route_table(snapshot, was) : NULL;
    const struct route *route = table ? route_table_find(table, default_of(family)) : NULL;

    if (!route || table->main || route_is_live(snapshot, route) != VERDICT_YES ||
        !default_accepts(snapshot, &want, route->kind, route->target_id) ||
        !carries(snapshot, table, route->kind, route->target_id))
        return NULL;
    return table;
}

bool plan_undo_associations(struct planning *planning, const struct desired_table *table,
                            enum family family)
{
    bool added = false;

    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];
        const struct route_table *was = subnet->subnet->table == table->table
                                            ? undo_association(planning, subnet, family)
                                            : NULL;
        struct plan_action *action;

        if (!was)
            continue;
        action = planning_add_action(planning, EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, table->role);
        action->request.association_id = subnet->subnet->association_id;
        action->request.route_table_id = was->id;
        action->expect = EXPECT_ASSOCIATION;
        action->subnet_id = subnet->subnet->id;
        action->az = subnet->subnet->az;
        added = true;
    }
    return added;
}

bool drift_repairs_itself(const struct planning *planning, size_t cause)
{
    const struct config_target *target = planning->plan->target;

    while (cause != NO_CAUSE) {
        const struct plan_drift *drift = &planning->plan->drifts.items[cause];
        unsigned policy =
            target->policy_said[drift->code] ? target->policies[drift->code] : drift->policy;

        if (drift->held || drift->report_only || policy != DRIFT_AUTO)
            return false;
        if (drift->cause == NO_CAUSE)
            return drift->n_actions > 0;
        cause = drift->cause;
    }
    return false;
}

const char *undo_forbids(const struct planning *planning, const struct desired_table *table,
                         enum family family)
{
    const struct desired_default *want = &table->defaults[family == FAMILY_IPV4 ? 0 : 1];
    const struct history_record *change =
        history_last_change(planning->history, planning->plan->target->name,
                            wiring_role_default(planning->arena, table->table, family));
    const struct ec2_nat_gateway *gateway =
        want->kind == TARGET_NAT_GATEWAY && want->id
            ? snapshot_find_nat_gateway(planning->snapshot, want->id)
            : NULL;
    char since[25];

    if (FAULT(HARM_FORGOTTEN) || !change || !gateway || !text_equal(change->token, want->id) ||
        nat_gateway_way_out(planning->snapshot, gateway) != VERDICT_NO)
        return NULL;
    time_iso8601(change->wall_ms, since);
    return arena_printf(planning->arena,
                        "it was changed to %s and put back at %s, because the subnet of %s has no "
                        "route to the internet gateway, and that is still so",
                        want->id, since, want->id);
}
