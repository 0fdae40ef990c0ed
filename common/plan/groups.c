/* Groups that do not resolve as declared, and VPCs that are not ours to change: report only. */
#include "plan_private.h"

#include "vpc_reconciled/fault.h"

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
    /* Lambda could not be asked: it may have all that it had. */
    if (group->unknown)
        return false;
    return count && sscanf(count, "%u", ret_before) == 1 && group->n_subnets * 2 < *ret_before;
}

/* "Subnet group "functions"", with where it comes from when that is Lambda. */
static const char *group_text(struct arena *arena, const struct desired_group *group)
{
    const char *provider = group->group->capacity_provider;

    return arena_printf(arena, "Subnet group \"%s\"%s%s%s", group->group->name,
                        provider ? " (capacity provider \"" : "", provider ? provider : "",
                        provider ? "\")" : "");
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
        "%s resolves to %zu subnets and had %u when last healthy%s%s. That is more than "
        "drift, so nothing of this target is changed. If it is meant: vpc-reconciled --once "
        "--approve %s, or reload the config.",
        group_text(arena, group), group->n_subnets, before, group->provider_wrong ? ": " : "",
        group->provider_wrong ? group->provider_wrong : "", drift->finding);
    drift->held = "more than half of a group went at once";
}

static const char *nothing_because(struct arena *arena, const struct desired_group *group)
{
    if (group->provider_wrong)
        return group->provider_wrong;
    if (group->missing && group->capacity_provider)
        return arena_printf(arena, "Lambda names %s, which this VPC does not have", group->missing);
    if (group->missing)
        return arena_printf(arena, "%s not found", group->missing);
    return "no subnet of this VPC matches";
}

static void plan_group(struct planning *planning, const struct desired_group *group)
{
    struct arena *arena = planning->arena;
    const char *role = group_role(arena, group);
    struct plan_drift *drift;

    if (group->unknown)
        planning->plan->unknown |= NEEDS(CAPACITY_PROVIDERS);
    if (group->unknown && !group->provider_wrong)
        return; /* that Lambda could not be asked is said once, of the list */

    if (group->group->n_create)
        return; /* not resolved by this version; config.h names them as not checked */
    if (group->n_subnets == 0 || group->missing || group->provider_wrong) {
        drift = planning_add_drift(planning, DRIFT_GROUP_MATCHES_NOTHING, role);
        if (!drift)
            return;
        drift->observed = nothing_because(arena, group);
        drift->desired = arena_printf(arena, "subnets of group \"%s\"", group->group->name);
        drift->message = arena_printf(
            arena, "%s does not resolve: %s. %s Check %s in %s.", group_text(arena, group),
            drift->observed,
            group->n_subnets ? "Its other subnets are looked after." : "Nothing is changed for it.",
            group->group->capacity_provider ? "the capacity provider's name" : "the ids or tags",
            group->group->file);
    } else if (group->group->azs && group->n_azs < group->group->azs) {
        drift = planning_add_drift(planning, DRIFT_GROUP_AZ_MISSING, role);
        if (!drift)
            return;
        drift->observed = arena_printf(arena, "%u Availability Zones", group->n_azs);
        drift->desired = arena_printf(arena, "%u Availability Zones", group->group->azs);
        drift->message =
            arena_printf(arena,
                         "%s was declared in %u Availability Zones, and its subnets are "
                         "in %u. A zone may have lost its subnet or its tag.",
                         group_text(arena, group), group->group->azs, group->n_azs);
    }
}

/* What is shared with us: the VPC, or else a declared subnet; NULL: nothing. */
static const char *shared_object(const struct planning *planning, const char **ret_owner)
{
    const struct snapshot *snapshot = planning->snapshot;

    *ret_owner = snapshot->vpc->owner_id;
    if (!snapshot->owned)
        return snapshot->vpc->vpc_id;
    for (size_t i = 0; i < planning->desired->n_subnets && !FAULT(OWNER_UNREAD); i++) {
        const struct subnet *subnet = planning->desired->subnets[i].subnet;

        *ret_owner = subnet->ec2->owner_id;
        if (!text_equal(*ret_owner, snapshot->observation->account))
            return subnet->id;
    }
    return NULL;
}

/* A participant of a shared VPC sees neither NAT gateways nor EIGWs (safety.md 1). */
static void plan_ownership(struct planning *planning)
{
    const char *account = planning->snapshot->observation->account, *owner;
    const char *shared = shared_object(planning, &owner);
    struct plan_drift *drift =
        shared ? planning_add_drift(planning, DRIFT_VPC_NOT_OWNED, "vpc") : NULL;

    if (!drift)
        return;
    drift->resource = shared;
    drift->observed = owner ? owner : "no owner given";
    drift->desired = account;
    drift->message = arena_printf(
        planning->arena,
        "%s belongs to account %s, and these credentials to %s. A participant of a shared VPC "
        "does not see all of it, so it is only observed. Run this daemon in the owner's "
        "account.",
        shared, drift->observed, account);
}

void plan_groups(struct planning *planning)
{
    for (size_t i = 0; i < planning->desired->n_groups; i++) {
        /* The owner's tags are not shown: what they would match is unknown, not missing. */
        if (!planning->snapshot->owned && planning->desired->groups[i].group->n_match_tags)
            continue;
        plan_group(planning, &planning->desired->groups[i]);
        plan_shrunk_group(planning, &planning->desired->groups[i]);
    }
    plan_ownership(planning);
}
