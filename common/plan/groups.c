/* Groups that do not resolve as declared, and VPCs that are not ours to change: report only. */
#include "plan_private.h"

#include <stdio.h>

const char *group_role(struct arena *arena, const struct desired_group *group)
{
    return arena_printf(arena, "subnet-group/%s", group->group->name);
}

const char *wiring_role_subnet_count(struct arena *arena, const struct desired_group *group)
{
    return arena_printf(arena, "subnet-count/%s", group->group->name);
}

bool group_shrank(struct arena *arena, const struct history *wiring, const char *target,
                  const struct desired_group *group, unsigned *ret_before)
{
    const char *count = history_wiring(wiring, target, wiring_role_subnet_count(arena, group));

    *ret_before = 0;
    return count && sscanf(count, "%u", ret_before) == 1 && group->n_subnets * 2 < *ret_before;
}

static void plan_shrunk_group(struct planning *planning, const struct desired_group *group)
{
    struct arena *arena = planning->arena;
    struct plan_drift *drift;
    unsigned before;

    if (!group_shrank(arena, planning->history, planning->plan->target->name, group, &before))
        return;
    drift = planning_add_drift(planning, DRIFT_GROUP_CHANGED, group_role(arena, group));
    if (!drift)
        return;
    drift->observed = arena_printf(arena, "%zu subnets", group->n_subnets);
    drift->desired = arena_printf(arena, "%u subnets, as when last healthy", before);
    drift->message = arena_printf(
        arena,
        "Subnet group \"%s\" resolves to %zu subnets and had %u when last healthy. That is more "
        "than "
        "drift, so nothing of this target is changed. If it is meant: vpc-reconciled --once "
        "--approve %s, or reload the config.",
        group->group->name, group->n_subnets, before, drift->finding);
    drift->held = "more than half of a group went at once";
}

static void plan_group(struct planning *planning, const struct desired_group *group)
{
    struct arena *arena = planning->arena;
    const char *role = group_role(arena, group);
    struct plan_drift *drift;

    if (group->group->capacity_provider || group->group->n_create)
        return; /* not resolved by this version; config.h names them as not checked */
    if (group->n_subnets == 0 || group->missing) {
        drift = planning_add_drift(planning, DRIFT_GROUP_MATCHES_NOTHING, role);
        if (!drift)
            return;
        drift->observed = group->missing ? arena_printf(arena, "%s not found", group->missing)
                                         : "no subnet of this VPC matches";
        drift->desired = arena_printf(arena, "subnets of group \"%s\"", group->group->name);
        drift->message = arena_printf(
            arena, "Subnet group \"%s\" does not resolve: %s. %s Check the ids or tags in %s.",
            group->group->name, drift->observed,
            group->n_subnets ? "Its other subnets are looked after." : "Nothing is changed for it.",
            group->group->file);
    } else if (group->group->azs && group->n_azs < group->group->azs) {
        drift = planning_add_drift(planning, DRIFT_GROUP_AZ_MISSING, role);
        if (!drift)
            return;
        drift->observed = arena_printf(arena, "%u Availability Zones", group->n_azs);
        drift->desired = arena_printf(arena, "%u Availability Zones", group->group->azs);
        drift->message = arena_printf(
            arena,
            "Subnet group \"%s\" was declared in %u Availability Zones, and its subnets are "
            "in %u. A zone may have lost its subnet or its tag.",
            group->group->name, group->group->azs, group->n_azs);
    }
}

void plan_groups(struct planning *planning)
{
    const struct ec2_vpc *vpc = planning->snapshot->vpc;
    const char *account = planning->snapshot->observation->account;

    for (size_t i = 0; i < planning->desired->n_groups; i++) {
        plan_group(planning, &planning->desired->groups[i]);
        plan_shrunk_group(planning, &planning->desired->groups[i]);
    }
    /* A participant of a shared VPC sees neither NAT gateways nor EIGWs (safety.md 1). */
    if (!text_equal(vpc->owner_id, account)) {
        struct plan_drift *drift = planning_add_drift(planning, DRIFT_VPC_NOT_OWNED, "vpc");

        if (!drift)
            return;
        drift->resource = vpc->vpc_id;
        drift->observed = vpc->owner_id ? vpc->owner_id : "no owner given";
        drift->desired = account;
        drift->message = arena_printf(
            planning->arena,
            "%s belongs to account %s, and these credentials to %s. A participant of a shared VPC "
            "does not see all of it, so it is only observed. Run this daemon in the owner's "
            "account.",
            vpc->vpc_id, drift->observed, account);
    }
}
