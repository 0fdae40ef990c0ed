/* endpoint-inbound-rule-missing: the functions' traffic to an interface endpoint, held against the
 * inbound rules of its groups by what they cover. */
#include "endpoints.h"
#include "plan_private.h"

/* The endpoint's groups, and the declared ones that it is about to have. */
static struct texts groups_of(struct planning *planning, const struct desired_endpoint *want)
{
    struct texts ids = endpoint_group_ids(planning->arena, want->endpoint);

    for (size_t i = 0; i < want->declared->security_groups.n; i++)
        if (!texts_contain(&ids, want->declared->security_groups.items[i]))
            texts_add_once(planning->arena, &ids, want->declared->security_groups.items[i]);
    return ids;
}

/* All addresses of the group's subnets; no answer for a group without any. */
static enum verdict blocks_admitted(struct planning *planning, const struct subnet_group *group,
                                    const struct texts *ids, struct traffic traffic)
{
    enum verdict all = VERDICT_UNKNOWN;

    traffic.group_id = NULL;
    traffic.family = FAMILY_NONE;
    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];

        if (subnet->group != group)
            continue;
        traffic.cidr = subnet->subnet->ec2->cidr_block;
        if (traffic.cidr.family == FAMILY_NONE)
            return VERDICT_NO;
        all = security_groups_admit(planning->snapshot, ids, &traffic);
        if (all != VERDICT_YES)
            return VERDICT_NO;
    }
    return all;
}

/* Its functions have all of its security groups, so that one of them that is let in is enough. */
static enum verdict is_admitted(struct planning *planning, const struct subnet_group *group,
                                const struct texts *functions, const struct texts *ids,
                                struct traffic traffic)
{
    enum verdict best = VERDICT_NO;

    for (size_t i = 0; i < functions->n; i++) {
        enum verdict one;

        traffic.group_id = functions->items[i];
        one = security_groups_admit(planning->snapshot, ids, &traffic);
        best = one > best ? one : best;
    }
    return blocks_admitted(planning, group, ids, traffic) == VERDICT_YES ? VERDICT_YES : best;
}

/* Of the groups that the config lists: no other one's rules are ours to add to (S2). */
static const char *group_to_open(const struct planning *planning,
                                 const struct desired_endpoint *want)
{
    const struct texts *declared = &want->declared->security_groups;

    for (size_t i = 0; i < declared->n; i++)
        if (snapshot_find_security_group(planning->snapshot, declared->items[i]))
            return declared->items[i];
    return NULL;
}

static void add_rule(struct planning *planning, const char *role, const char *group_id,
                     const char *function_group_id, uint16_t port)
{
    struct plan_action *action =
        planning_add_action(planning, EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, role);
    struct ec2_ip_permission *permission = ARENA_NEW(planning->arena, struct ec2_ip_permission);
    struct ec2_user_id_group_pair *pair = ARENA_NEW(planning->arena, struct ec2_user_id_group_pair);

    pair->group_id = function_group_id;
    pair->description = "vpc-reconciled: to the endpoint";
    permission->ip_protocol = "tcp";
    permission->from_port = permission->to_port = (struct wire_int){.value = port, .set = true};
    permission->groups.items = pair;
    permission->groups.n = 1;
    action->request.group_id = group_id;
    action->request.ip_permissions.items = permission;
    action->request.ip_permissions.n = 1;
    action->expect = EXPECT_RULE_ABSENT;
}

static void plan_port(struct planning *planning, const struct desired_endpoint *want,
                      const struct subnet_group *group, const struct texts *functions,
                      uint16_t port)
{
    struct arena *arena = planning->arena;
    struct texts ids = groups_of(planning, want);
    const struct traffic traffic = {.protocol = "tcp",
                                    .port_from = port,
                                    .port_to = port,
                                    .family =
                                        (uint8_t)endpoint_family(want->endpoint->ip_address_type)};
    enum verdict admitted = is_admitted(planning, group, functions, &ids, traffic);
    struct plan_drift *drift;
    const char *open;

    if (admitted == VERDICT_UNKNOWN)
        planning->plan->unknown |= NEEDS(PREFIX_LIST_ENTRIES);
    if (admitted != VERDICT_NO)
        return;
    drift =
        planning_add_drift(planning, DRIFT_ENDPOINT_INBOUND_RULE_MISSING,
                           arena_printf(arena, "inbound/%s/%s/%u", want->role, group->name, port));
    if (!drift)
        return;
    drift->subnets = want->subnets;
    drift->resource = want->endpoint->vpc_endpoint_id;
    drift->desired = arena_printf(arena, "tcp %u from %s let in", port, functions->items[0]);
    drift->observed = "no rule covers it";
    drift->message = arena_printf(
        arena,
        "No inbound rule of endpoint %s's security groups lets group \"%s\" (%s) in on port %u, so "
        "its connections to %s time out.",
        want->endpoint->vpc_endpoint_id, group->name, functions->items[0], port,
        want->endpoint->service_name);
    open = group_to_open(planning, want);
    if (open)
        add_rule(planning, drift->role, open, functions->items[0], port);
    else
        drift->held = "the config lists no security group of the endpoint that a rule could be "
                      "added to: name one in its \"security_groups\"";
}

void plan_endpoint_inbound(struct planning *planning, const struct desired_endpoint *want)
{
    const uint16_t *ports;
    size_t n_ports;

    ports = endpoint_ports(want->declared, &n_ports);
    for (size_t g = 0; g < planning->desired->n_groups; g++) {
        const struct subnet_group *group = planning->desired->groups[g].group;
        const struct texts *functions;

        if (!endpoint_is_for_group(want, group))
            continue;
        functions = desired_security_groups(planning->desired, group);
        if (!functions)
            planning->plan->unknown |= NEEDS(CAPACITY_PROVIDERS);
        for (size_t p = 0; functions && functions->n && p < n_ports; p++)
            plan_port(planning, want, group, functions, ports[p]);
    }
}
