/* vpc-ipv6-missing, subnet-ipv6-missing, ipv6-on-launch-off: block, then /64, then addresses on
 * launch. Nothing is ever disassociated. */
#include "plan_private.h"

/* ---- who still speaks of a block that was lost ---- */

static void name(struct planning *planning, const char **names, const char *what, const char *id)
{
    *names = *names ? arena_printf(planning->arena, "%s, %s %s", *names, what, id)
                    : arena_printf(planning->arena, "%s %s", what, id);
}

static bool group_refers(const ec2_ip_permissions *permissions, const struct prefix *lost)
{
    for (size_t i = 0; i < permissions->n; i++)
        for (size_t k = 0; k < permissions->items[i].ipv6_ranges.n; k++)
            if (prefix_contains(lost, &permissions->items[i].ipv6_ranges.items[k].cidr_ipv6))
                return true;
    return false;
}

/* "security group sg-1, route table rtb-2"; NULL: nobody that can be seen. */
static const char *references(struct planning *planning, const struct prefix *lost)
{
    const struct snapshot *snapshot = planning->snapshot;
    const char *names = NULL;

    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct subnet *subnet = planning->desired->subnets[i].subnet;
        const char *wired = history_wiring(planning->history, planning->plan->target->name,
                                           wiring_role_ipv6_block(planning->arena, subnet));
        struct prefix block;

        if (wired && prefix_parse(wired, &block) >= 0 && prefix_contains(lost, &block))
            name(planning, &names, "subnet", subnet->id);
    }
    for (size_t i = 0; i < snapshot->n_security_groups; i++)
        if (group_refers(&snapshot->security_groups[i]->ip_permissions, lost) ||
            group_refers(&snapshot->security_groups[i]->ip_permissions_egress, lost))
            name(planning, &names, "security group", snapshot->security_groups[i]->group_id);
    for (size_t i = 0; i < snapshot->n_network_acls; i++) {
        const struct ec2_network_acl *acl = snapshot->network_acls[i];
        bool refers = false;

        for (size_t k = 0; k < acl->entries.n; k++)
            refers |= prefix_contains(lost, &acl->entries.items[k].ipv6_cidr_block);
        if (refers)
            name(planning, &names, "network ACL", acl->network_acl_id);
    }
    for (size_t i = 0; i < snapshot->n_route_tables; i++) {
        const struct route_table *table = &snapshot->route_tables[i];
        bool refers = false;

        for (size_t k = 0; k < table->n_routes; k++)
            refers |= prefix_contains(lost, &table->routes[k].destination);
        if (refers)
            name(planning, &names, "route table", table->id);
    }
    return names;
}

/* ---- the VPC's block ---- */

static const char *declared_subnets(const struct planning *planning)
{
    const char *list = NULL;

    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];

        if (subnet->ipv6)
            list = list ? arena_printf(planning->arena, "%s, %s", list, subnet->subnet->id)
                        : subnet->subnet->id;
    }
    return list;
}

static const char *why_no_block(const struct planning *planning, const struct desired_ipv6 *ipv6)
{
    if (text_equal(ipv6->source, "unmanaged"))
        return "\"ipv6_cidr\" does not say where its block comes from: write \"amazon\" or an IPAM "
               "pool, or associate one by hand";
    if (ipv6->failed)
        return arena_printf(planning->arena,
                            "the last association failed (%s): mend that, and wait until EC2 lists "
                            "it no more",
                            ipv6->failed);
    return NULL;
}

static void add_vpc_block(struct planning *planning, const struct desired_ipv6 *ipv6)
{
    const struct config_target *target = planning->desired->target;
    struct plan_action *action =
        planning_add_action(planning, EC2_ASSOCIATE_VPC_CIDR_BLOCK, WIRING_VPC_IPV6);

    action->request.vpc_id = planning->snapshot->vpc->vpc_id;
    action->expect = EXPECT_NO_VPC_BLOCK;
    if (text_equal(ipv6->source, "amazon")) {
        action->request.amazon_provided_ipv6_cidr_block = WIRE_TRUE;
        return;
    }
    action->request.ipv6_ipam_pool_id = target->ipv6_ipam_pool;
    action->request.ipv6_netmask_length.set = true;
    action->request.ipv6_netmask_length.value = target->ipv6_netmask_length;
}

static void plan_vpc_block(struct planning *planning)
{
    const struct desired_ipv6 *ipv6 = &planning->desired->ipv6;
    const char *vpc_id = planning->snapshot->vpc->vpc_id, *referring = NULL;
    char lost[PREFIX_TEXT_SIZE] = "";
    struct plan_drift *drift;

    if (ipv6->block)
        return;
    if (ipv6->coming) { /* S6 (c): nothing is made beside what is on its way, or going */
        planning_pending(planning, arena_printf(planning->arena,
                                                "IPv6 block %s of %s to be associated or gone",
                                                ipv6->coming, vpc_id));
        return;
    }
    drift = planning_add_drift(planning, DRIFT_VPC_IPV6_MISSING, WIRING_VPC_IPV6);
    if (!drift)
        return;
    planning->vpc_ipv6_drift = planning->plan->drifts.n - 1;
    if (ipv6->lost.family != FAMILY_NONE) {
        prefix_format(&ipv6->lost, lost);
        referring = references(planning, &ipv6->lost);
    }
    drift->resource = vpc_id;
    drift->subnets = declared_subnets(planning);
    drift->desired = "an associated IPv6 block";
    drift->observed =
        *lost ? arena_printf(planning->arena, "none; %s is gone", lost)
              : (ipv6->failed ? arena_printf(planning->arena, "none; one failed: %s", ipv6->failed)
                              : "none");
    drift->message = arena_printf(
        planning->arena, "%s has no IPv6 block%s%s, so its subnets have no IPv6 addresses.%s%s%s",
        vpc_id, *lost ? ": it had " : "", lost,
        referring ? " A new one is another one, and these speak of the old: " : "",
        referring ? referring : "", referring ? "." : "");
    drift->held = why_no_block(planning, ipv6);
    if (!drift->held)
        add_vpc_block(planning, ipv6);
}

/* ---- the subnets' blocks ---- */

static void plan_subnet_block(struct planning *planning, const struct desired_subnet *subnet)
{
    struct arena *arena = planning->arena;
    struct plan_drift *drift = planning_add_drift(
        planning, DRIFT_SUBNET_IPV6_MISSING, planning_subnet_role(planning, "ipv6-block", subnet));
    struct plan_action *action;
    char text[PREFIX_TEXT_SIZE];

    if (!drift)
        return;
    drift->resource = subnet->subnet->id;
    drift->subnets = subnet->subnet->id;
    drift->az = subnet->subnet->az;
    drift->observed = "no IPv6 block";
    drift->desired = "a /64 of the VPC's IPv6 block";
    drift->message =
        arena_printf(arena, "Subnet %s has no IPv6 block, so what runs in it has no IPv6 address.",
                     subnet->subnet->id);
    if (!planning->desired->ipv6.block) {
        drift->cause = planning->vpc_ipv6_drift;
        drift->awaits = "VPC's IPv6 block";
        return;
    }
    if (subnet->ipv6_next.family == FAMILY_NONE) {
        drift->held = subnet->ipv6_why;
        return;
    }
    prefix_format(&subnet->ipv6_next, text);
    drift->desired = arena_printf(arena, "%s: %s", text, subnet->ipv6_why);
    action = planning_add_action(planning, EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, drift->role);
    action->request.subnet_id = subnet->subnet->id;
    action->request.ipv6_cidr_block = subnet->ipv6_next;
    action->expect = EXPECT_NO_SUBNET_BLOCK;
    action->az = subnet->subnet->az;
}

static void plan_on_launch(struct planning *planning, const struct desired_subnet *subnet)
{
    struct plan_action *action;
    struct plan_drift *drift;

    if (subnet->group->ipv6_on_launch == 1 ||
        subnet->subnet->ec2->assign_ipv6_address_on_creation != WIRE_FALSE)
        return;
    drift = planning_add_drift(planning, DRIFT_IPV6_ON_LAUNCH_OFF,
                               planning_subnet_role(planning, "ipv6-on-launch", subnet));
    if (!drift)
        return;
    drift->resource = subnet->subnet->id;
    drift->subnets = subnet->subnet->id;
    drift->az = subnet->subnet->az;
    drift->desired = "AssignIpv6AddressOnCreation on";
    drift->observed = "off";
    drift->message = arena_printf(planning->arena,
                                  "New interfaces in subnet %s get no IPv6 address. Those that "
                                  "exist keep what they have.",
                                  subnet->subnet->id);
    action = planning_add_action(planning, EC2_MODIFY_SUBNET_ATTRIBUTE, drift->role);
    action->request.subnet_id = subnet->subnet->id;
    action->request.assign_ipv6_address_on_creation = WIRE_TRUE;
    action->expect = EXPECT_ATTRIBUTE;
    action->az = subnet->subnet->az;
}

void plan_ipv6(struct planning *planning)
{
    if (!planning->desired->ipv6.needed)
        return;
    plan_vpc_block(planning);
    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];

        if (!subnet->ipv6)
            continue;
        if (subnet->ipv6_now.family != FAMILY_NONE)
            plan_on_launch(planning, subnet);
        else if (subnet->ipv6_changing)
            planning_pending(planning, arena_printf(planning->arena,
                                                    "the IPv6 block of %s to be associated or gone",
                                                    subnet->subnet->id));
        else
            plan_subnet_block(planning, subnet);
    }
}
