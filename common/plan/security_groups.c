/* outbound-rule-missing: what a group declares as "outbound", held against the outbound rules of
 * its security groups by the traffic that they cover (scenario 7). Missing traffic is authorised as
 * it is declared, one rule a call; nothing is ever revoked. */
#include "plan_private.h"

#include "vpc_reconciled/traffic.h"

struct outbound {
    struct planning *planning;
    const struct desired_group *group;
    const struct texts *ids; /* of the security groups that the functions have, all of them */
    const ec2_ip_permissions **lists; /* outbound rules of those that this VPC has */
    size_t n_lists;
    VEC(struct traffic) missing;
};

/* ---- declared traffic ---- */

static struct traffic traffic_to(const struct declared_rule *rule, const struct port_range *ports,
                                 const char *to)
{
    struct traffic traffic = {.protocol =
                                  text_equal(rule->protocol, "all") ? "-1" : rule->protocol};

    if (ports) {
        traffic.port_from = ports->from;
        traffic.port_to = ports->to;
    }
    if (text_starts_with(to, "pl-"))
        traffic.prefix_list_id = to;
    else if (text_starts_with(to, "sg-"))
        traffic.group_id = to;
    else if (prefix_parse(to, &traffic.cidr) < 0)
        assert(false && "the config takes CIDR blocks, pl- and sg- alone");
    return traffic;
}

static bool has_ports(const struct traffic *traffic)
{
    return text_equal(traffic->protocol, "tcp") || text_equal(traffic->protocol, "udp");
}

/* "tcp 443", "udp 1024-65535", "icmp", "all traffic" */
static const char *ports_text(struct arena *arena, const struct traffic *traffic)
{
    if (text_equal(traffic->protocol, "-1"))
        return "all traffic";
    if (!has_ports(traffic))
        return traffic->protocol;
    if (traffic->port_from == traffic->port_to)
        return arena_printf(arena, "%s %u", traffic->protocol, traffic->port_from);
    return arena_printf(arena, "%s %u-%u", traffic->protocol, traffic->port_from, traffic->port_to);
}

static const char *peer_text(struct arena *arena, const struct traffic *traffic)
{
    char cidr[PREFIX_TEXT_SIZE];

    return traffic->group_id         ? traffic->group_id
           : traffic->prefix_list_id ? traffic->prefix_list_id
                                     : arena_strdup(arena, prefix_format(&traffic->cidr, cidr));
}

/* One permission with one peer. */
static ec2_ip_permissions permission_for(struct arena *arena, const struct traffic *traffic,
                                         const char *description)
{
    struct ec2_ip_permission *permission = ARENA_NEW(arena, struct ec2_ip_permission);

    permission->ip_protocol = traffic->protocol;
    if (has_ports(traffic)) {
        permission->from_port = (struct wire_int){traffic->port_from, true};
        permission->to_port = (struct wire_int){traffic->port_to, true};
    } else if (!text_equal(traffic->protocol, "-1")) { /* every type and code */
        permission->from_port = permission->to_port = (struct wire_int){-1, true};
    }
    if (traffic->group_id) {
        permission->groups.items = ARENA_NEW(arena, struct ec2_user_id_group_pair);
        permission->groups.items->group_id = traffic->group_id;
        permission->groups.items->description = description;
        permission->groups.n = 1;
    } else if (traffic->prefix_list_id) {
        permission->prefix_list_ids.items = ARENA_NEW(arena, struct ec2_prefix_list_id);
        permission->prefix_list_ids.items->prefix_list_id = traffic->prefix_list_id;
        permission->prefix_list_ids.items->description = description;
        permission->prefix_list_ids.n = 1;
    } else if (traffic->cidr.family == FAMILY_IPV4) {
        permission->ip_ranges.items = ARENA_NEW(arena, struct ec2_ip_range);
        permission->ip_ranges.items->cidr_ip = traffic->cidr;
        permission->ip_ranges.items->description = description;
        permission->ip_ranges.n = 1;
    } else {
        permission->ipv6_ranges.items = ARENA_NEW(arena, struct ec2_ipv6_range);
        permission->ipv6_ranges.items->cidr_ipv6 = traffic->cidr;
        permission->ipv6_ranges.items->description = description;
        permission->ipv6_ranges.n = 1;
    }
    return (ec2_ip_permissions){.items = permission, .n = 1};
}

/* ---- what is missing ---- */

static void hold_against_rules(struct outbound *outbound, const struct traffic *traffic)
{
    struct planning *planning = outbound->planning;

    switch (permissions_cover(planning->snapshot, outbound->lists, outbound->n_lists, traffic)) {
    case VERDICT_YES:
        break;
    case VERDICT_UNKNOWN:
        planning->plan->unknown |= NEEDS(PREFIX_LIST_ENTRIES);
        break;
    case VERDICT_NO:
        *VEC_ADD(planning->arena, &outbound->missing) = *traffic;
        break;
    }
}

static void find_missing(struct outbound *outbound)
{
    const struct subnet_group *group = outbound->group->group;

    for (size_t r = 0; r < group->n_outbound; r++) {
        const struct declared_rule *rule = &group->outbound[r];

        for (size_t d = 0; d < rule->to.n; d++)
            for (size_t p = 0; p < (rule->n_ports ? rule->n_ports : 1); p++) {
                const struct traffic traffic =
                    traffic_to(rule, rule->n_ports ? &rule->ports[p] : NULL, rule->to.items[d]);

                hold_against_rules(outbound, &traffic);
            }
    }
}

static bool covers(const struct outbound *outbound, size_t wide, size_t narrow)
{
    ec2_ip_permissions permissions =
        permission_for(outbound->planning->arena, &outbound->missing.items[wide], NULL);
    const ec2_ip_permissions *list = &permissions;

    return permissions_cover(outbound->planning->snapshot, &list, 1,
                             &outbound->missing.items[narrow]) == VERDICT_YES;
}

/* Another rule that is to be added lets it out, too. */
static bool comes_along(const struct outbound *outbound, size_t i)
{
    for (size_t k = 0; k < outbound->missing.n; k++)
        if (k != i && covers(outbound, k, i) && (k < i || !covers(outbound, i, k)))
            return true;
    return false;
}

/* ---- the repair ---- */

/* The group that may get a rule: one that the config lists, or that its capacity provider has; the
 * VPC's default group, which anything may have, only where it is listed. */
static const char *group_to_open(const struct outbound *outbound)
{
    const struct snapshot *snapshot = outbound->planning->snapshot;
    const struct ec2_security_group *fallback = snapshot_default_security_group(snapshot);

    for (size_t i = 0; i < outbound->ids->n; i++) {
        const char *id = outbound->ids->items[i];

        if (snapshot_find_security_group(snapshot, id) &&
            (texts_contain(&outbound->group->group->security_groups, id) ||
             (fallback && !text_equal(fallback->group_id, id))))
            return id;
    }
    return NULL;
}

static void authorise(struct outbound *outbound, const struct traffic *traffic,
                      const char *group_id)
{
    struct planning *planning = outbound->planning;
    struct arena *arena = planning->arena;
    const char *name = outbound->group->group->name;
    const char *role = arena_printf(arena, "outbound/%s/%s/%s", name, ports_text(arena, traffic),
                                    peer_text(arena, traffic));
    struct plan_action *action =
        planning_add_action(planning, EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, role);

    action->request.group_id = group_id;
    action->request.ip_permissions =
        permission_for(arena, traffic, arena_printf(arena, "vpc-reconciled: outbound of %s", name));
    action->expect = EXPECT_RULE_ABSENT;
}

static const char *join(struct arena *arena, const char *list, const char *item)
{
    return list ? arena_printf(arena, "%s, %s", list, item) : item;
}

static const char *subnets_of(const struct outbound *outbound)
{
    const struct desired *desired = outbound->planning->desired;
    const char *list = NULL;

    for (size_t i = 0; i < desired->n_subnets; i++)
        if (desired->subnets[i].group == outbound->group->group)
            list = join(outbound->planning->arena, list, desired->subnets[i].subnet->id);
    return list;
}

static void plan_missing(struct outbound *outbound)
{
    struct planning *planning = outbound->planning;
    struct arena *arena = planning->arena;
    const char *name = outbound->group->group->name, *open = group_to_open(outbound), *what = NULL,
               *groups = NULL;
    struct plan_drift *drift = planning_add_drift(planning, DRIFT_OUTBOUND_RULE_MISSING,
                                                  arena_printf(arena, "outbound/%s", name));

    if (!drift)
        return;
    for (size_t i = 0; i < outbound->ids->n; i++)
        groups = join(arena, groups, outbound->ids->items[i]);
    for (size_t i = 0; i < outbound->missing.n; i++) {
        const struct traffic *traffic = &outbound->missing.items[i];

        if (comes_along(outbound, i))
            continue;
        what = join(
            arena, what,
            arena_printf(arena, "%s to %s", ports_text(arena, traffic), peer_text(arena, traffic)));
        if (open)
            authorise(outbound, traffic, open);
    }
    drift->resource = open ? open : outbound->ids->items[0];
    drift->subnets = subnets_of(outbound);
    drift->desired = what;
    drift->observed = "no outbound rule covers it";
    drift->message = arena_printf(
        arena,
        "No outbound rule of group \"%s\"'s security groups (%s) lets out %s, so connections of "
        "that kind time out.",
        name, groups, what);
    if (outbound->n_lists == 0)
        drift->held = arena_printf(arena,
                                   "this VPC has none of these security groups: look at them, and "
                                   "at \"security_groups\" in %s",
                                   outbound->group->group->file);
    else if (!open)
        drift->held = arena_printf(arena,
                                   "the VPC's default security group, which anything may have, is "
                                   "opened only where %s lists it in \"security_groups\"",
                                   outbound->group->group->file);
}

static void plan_outbound(struct planning *planning, const struct desired_group *group)
{
    struct outbound outbound = {
        .planning = planning,
        .group = group,
        .ids = desired_security_groups(planning->desired, group->group),
    };

    if (!outbound.ids) {
        planning->plan->unknown |= NEEDS(CAPACITY_PROVIDERS);
        return;
    }
    if (outbound.ids->n == 0) /* the config says that it is not checked */
        return;
    outbound.lists = ARENA_ARRAY(planning->arena, const ec2_ip_permissions *, outbound.ids->n);
    for (size_t i = 0; i < outbound.ids->n; i++) {
        const struct ec2_security_group *found =
            snapshot_find_security_group(planning->snapshot, outbound.ids->items[i]);

        if (found)
            outbound.lists[outbound.n_lists++] = &found->ip_permissions_egress;
    }
    find_missing(&outbound);
    if (outbound.missing.n)
        plan_missing(&outbound);
}

void plan_security_groups(struct planning *planning)
{
    const struct desired *desired = planning->desired;

    for (size_t i = 0; i < desired->n_groups; i++)
        if (desired->groups[i].group->n_outbound &&
            planning_knows(planning, NEEDS(SECURITY_GROUPS)))
            plan_outbound(planning, &desired->groups[i]);
}
