/* Outbound rules against the invariants: only a group of this VPC that the config lists, or that
 * its capacity provider has (S1, S2), and only traffic that the config declares and that no rule
 * lets out yet (S7: a way out that nobody declared is none of ours to make). */
#include "action.h"
#include "look.h"

#include "vpc_reconciled/traffic.h"

bool guard_group_is_here(const struct ec2_user_id_group_pair *pair)
{
    return pair->group_id && !pair->user_id && !pair->vpc_id && !pair->vpc_peering_connection_id;
}

/* The other side of a permission that has exactly one; false: it has none, or several. */
static bool only_peer(const struct ec2_ip_permission *permission, struct traffic *traffic)
{
    if (permission->ip_ranges.n + permission->ipv6_ranges.n + permission->prefix_list_ids.n +
            permission->groups.n !=
        1)
        return false;
    if (permission->ip_ranges.n)
        traffic->cidr = permission->ip_ranges.items->cidr_ip;
    else if (permission->ipv6_ranges.n)
        traffic->cidr = permission->ipv6_ranges.items->cidr_ipv6;
    else if (permission->prefix_list_ids.n)
        traffic->prefix_list_id = permission->prefix_list_ids.items->prefix_list_id;
    else if (guard_group_is_here(permission->groups.items))
        traffic->group_id = permission->groups.items->group_id;
    return traffic->cidr.family != FAMILY_NONE || traffic->prefix_list_id || traffic->group_id;
}

/* tcp and udp have ports, icmp and icmpv6 every type and code, "-1" neither. */
static bool only_range(const struct ec2_ip_permission *permission, struct traffic *traffic)
{
    const struct wire_int from = permission->from_port, to = permission->to_port;

    if (text_equal(traffic->protocol, "-1"))
        return !from.set && !to.set;
    if (!from.set || !to.set)
        return false;
    if (text_equal(traffic->protocol, "icmp") || text_equal(traffic->protocol, "icmpv6"))
        return from.value == -1 && to.value == -1;
    if ((!text_equal(traffic->protocol, "tcp") && !text_equal(traffic->protocol, "udp")) ||
        from.value < 0 || from.value > to.value || to.value > 65535)
        return false;
    traffic->port_from = (uint16_t)from.value;
    traffic->port_to = (uint16_t)to.value;
    return true;
}

/* The traffic that the one permission with one other side is about; false: it is another kind of
 * request. */
static bool only_rule(const struct ec2_change_request *request, struct traffic *ret_traffic)
{
    const struct ec2_ip_permission *permission = request->ip_permissions.items;

    *ret_traffic = (struct traffic){0};
    if (request->ip_permissions.n != 1 || request->group_name || !permission->ip_protocol)
        return false;
    ret_traffic->protocol = permission->ip_protocol;
    return only_peer(permission, ret_traffic) && only_range(permission, ret_traffic);
}

static bool declares_peer(const struct declared_rule *rule, const struct traffic *traffic)
{
    for (size_t i = 0; i < rule->to.n; i++) {
        struct prefix prefix;

        if (text_equal(rule->to.items[i], traffic->prefix_list_id) ||
            text_equal(rule->to.items[i], traffic->group_id))
            return true;
        if (traffic->cidr.family != FAMILY_NONE && prefix_parse(rule->to.items[i], &prefix) >= 0 &&
            prefix_equal(&prefix, &traffic->cidr))
            return true;
    }
    return false;
}

static bool declares_range(const struct declared_rule *rule, const struct traffic *traffic)
{
    for (size_t i = 0; i < rule->n_ports; i++)
        if (rule->ports[i].from == traffic->port_from && rule->ports[i].to == traffic->port_to)
            return true;
    return rule->n_ports == 0 && !text_equal(traffic->protocol, "tcp") &&
           !text_equal(traffic->protocol, "udp");
}

static bool group_declares(const struct subnet_group *group, const struct traffic *traffic)
{
    for (size_t i = 0; i < group->n_outbound; i++) {
        const struct declared_rule *rule = &group->outbound[i];
        const char *protocol = text_equal(rule->protocol, "all") ? "-1" : rule->protocol;

        if (text_equal(protocol, traffic->protocol) && declares_range(rule, traffic) &&
            declares_peer(rule, traffic))
            return true;
    }
    return false;
}

/* S2: the config lists it, or it is of the capacity provider that the config names; the VPC's
 * default group, which anything may have, has to be listed. */
static bool group_has(const struct action_case *c, const struct subnet_group *group, const char *id)
{
    const struct observed_capacity_provider *provider =
        group->capacity_provider
            ? observation_find_capacity_provider(c->snapshot->observation, group->capacity_provider)
            : NULL;
    const struct ec2_security_group *fallback = snapshot_default_security_group(c->snapshot);

    if (texts_contain(&group->security_groups, id))
        return true;
    return provider && texts_contain(&provider->security_group_ids, id) && fallback &&
           !text_equal(fallback->group_id, id);
}

/* Do the rules of now, of all groups that the functions have, let it out? */
static enum verdict let_out(const struct action_case *c, const struct texts *ids,
                            const struct traffic *traffic)
{
    const ec2_ip_permissions **lists = ARENA_ARRAY(c->arena, const ec2_ip_permissions *, ids->n);
    size_t n = 0;

    for (size_t i = 0; i < ids->n; i++) {
        const struct ec2_security_group *found =
            snapshot_find_security_group(c->snapshot, ids->items[i]);

        if (found)
            lists[n++] = &found->ip_permissions_egress;
    }
    return permissions_cover(c->snapshot, lists, n, traffic);
}

enum hold judge_authorize_egress(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct config_target *target = c->desired->target;
    const struct ec2_security_group *group =
        snapshot_find_security_group(c->snapshot, request->group_id);
    const char *id = request->group_id ? request->group_id : "(none)";
    bool ours = false;
    struct traffic traffic;

    if (!group)
        return refuse(c, HOLD_NOT_OURS, "%s is no security group of %s", id,
                      c->snapshot->vpc->vpc_id);
    if (!only_rule(request, &traffic))
        return refuse(c, HOLD_NOT_OURS, "it is not one rule with one other side");
    for (size_t i = 0; i < target->n_groups; i++) {
        const struct subnet_group *declared = &target->groups[i];
        const struct texts *ids;

        if (!group_has(c, declared, id))
            continue;
        ours = true;
        if (!group_declares(declared, &traffic))
            continue;
        ids = desired_security_groups(c->desired, declared);
        if (!ids)
            return refuse(c, HOLD_UNKNOWN, "the security groups of \"%s\" are not known",
                          declared->name);
        if (!texts_contain(ids, id)) /* its capacity provider is gone, or never came up */
            return refuse(c, HOLD_NOT_OURS, "the functions of \"%s\" do not have %s",
                          declared->name, id);
        switch (let_out(c, ids, &traffic)) {
        case VERDICT_NO:
            return HOLD_NONE;
        case VERDICT_UNKNOWN:
            return refuse(c, HOLD_UNKNOWN, "entries of a prefix list are not known");
        case VERDICT_YES:
            return refuse(c, HOLD_WAIT, "the rules of %s let it out already", id);
        }
    }
    if (!ours)
        return refuse(c, HOLD_NOT_OURS, "the config does not list %s", id);
    return refuse(c, HOLD_UNSAFE, "no group that has %s declares this traffic", id);
}

/* Right before the write: the group is there, and by itself does not let the traffic pass. */
const char *guard_recheck_rule(struct arena *arena, const struct plan_action *action,
                               const struct snapshot *snapshot,
                               const struct ec2_describe_reply *fresh)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_security_group *group = fresh->security_groups.items;
    const ec2_ip_permissions *list;
    struct traffic traffic;

    if (fresh->security_groups.n != 1 || !text_equal(group->group_id, request->group_id))
        return arena_printf(arena, "%s was not there when it was looked at again",
                            request->group_id);
    if (!text_equal(group->vpc_id, snapshot->vpc->vpc_id))
        return arena_printf(arena, "%s is of another VPC", request->group_id);
    if (!only_rule(request, &traffic))
        return "it is not one rule with one other side";
    list = action->call == EC2_AUTHORIZE_SECURITY_GROUP_INGRESS ? &group->ip_permissions
                                                                : &group->ip_permissions_egress;
    if (permissions_cover(snapshot, &list, 1, &traffic) != VERDICT_NO)
        return arena_printf(arena, "a rule of %s covers it now", request->group_id);
    return NULL;
}
