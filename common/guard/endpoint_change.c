/* Changing VPC endpoints, and what private DNS rests on, against the invariants: an endpoint is
 * only added to, whoever made it (S2, S8), and never while it changes. */
#include "action.h"

/* What would take something away, or rewrite it. */
static bool takes_away(const struct ec2_change_request *request)
{
    return request->remove_route_table_ids.n || request->remove_subnet_ids.n ||
           request->remove_security_group_ids.n || request->reset_policy != WIRE_ABSENT ||
           request->policy_document || request->ip_address_type || request->dns_record_ip_type ||
           request->private_dns_enabled == WIRE_FALSE;
}

static unsigned kinds_added(const struct ec2_change_request *request)
{
    unsigned n = request->add_route_table_ids.n > 0;

    n += request->add_subnet_ids.n > 0;
    n += request->add_security_group_ids.n > 0;
    n += request->private_dns_enabled == WIRE_TRUE;
    return n;
}

/* S7: a copy of a table gets the entries of the gateway endpoints that its source has. */
static enum hold judge_copied_entry(const struct action_case *c, const struct desired_copy *copy,
                                    const struct ec2_vpc_endpoint *endpoint)
{
    const struct wire_texts *tables = &c->action->request.add_route_table_ids;
    const struct route *route;

    if (copy->cannot)
        return refuse(c, HOLD_UNSAFE, "%s", copy->cannot);
    if (!copy->table || tables->n != 1 || !text_equal(tables->items[0], copy->table->id))
        return refuse(c, HOLD_NOT_OURS, "only the copy that is made for %s is given its entries",
                      copy->role);
    if (copy->table->n_subnets > 0 || copy->table->main || copy->table->gateway_association)
        return refuse(c, HOLD_NOT_OURS, "%s is in use", copy->table->id);
    for (size_t at = 0; (route = copy_lacks(copy->source, copy->table, &at)); at++)
        if (gateway_endpoint_of(c->snapshot, route) == endpoint)
            return HOLD_NONE;
    return refuse(c, HOLD_NOT_OURS, "%s has no entry of %s to copy", copy->source->id,
                  endpoint->vpc_endpoint_id);
}

static enum hold judge_added(const struct action_case *c, const struct desired_endpoint *want)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct texts group_ids = endpoint_group_ids(c->arena, want->endpoint);
    enum hold hold = HOLD_NONE;

    if (want->interface ? request->add_route_table_ids.n > 0 : request->add_route_table_ids.n == 0)
        return refuse(c, HOLD_NOT_OURS, "that is not what this type of endpoint has");
    for (size_t i = 0; i < request->add_route_table_ids.n && hold == HOLD_NONE; i++)
        hold = guard_endpoint_table(c, want, request->add_route_table_ids.items[i]);
    if (request->add_subnet_ids.n && !want->service)
        return refuse(c, HOLD_UNKNOWN, "where the service is offered is not known");
    for (size_t i = 0; i < request->add_subnet_ids.n && hold == HOLD_NONE; i++)
        hold = guard_endpoint_subnet(c, want, &request->add_subnet_ids, i);
    for (size_t i = 0; i < request->add_security_group_ids.n && hold == HOLD_NONE; i++)
        hold = guard_endpoint_group(c, want, request->add_security_group_ids.items[i]);
    if (request->private_dns_enabled == WIRE_TRUE &&
        want->endpoint->private_dns_enabled == WIRE_TRUE)
        return refuse(c, HOLD_WAIT, "private DNS of %s is on", want->endpoint->vpc_endpoint_id);
    if (hold == HOLD_NONE && request->private_dns_enabled == WIRE_TRUE)
        hold = guard_private_dns(c, want, &group_ids, want->endpoint->ip_address_type);
    return hold;
}

enum hold judge_modify_vpc_endpoint(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct ec2_vpc_endpoint *endpoint =
        snapshot_find_vpc_endpoint(c->snapshot, request->vpc_endpoint_id);
    const struct desired_endpoint *want = guard_endpoint(c);

    if (!endpoint || endpoint->requester_managed == WIRE_TRUE ||
        (!text_empty(endpoint->owner_id) &&
         !text_equal(endpoint->owner_id, c->snapshot->observation->account)))
        return refuse(c, HOLD_NOT_OURS, "%s is not an endpoint of this VPC that may be changed",
                      request->vpc_endpoint_id ? request->vpc_endpoint_id : "(none)");
    if (takes_away(request) || kinds_added(request) != 1)
        return refuse(c, HOLD_NOT_OURS, "an endpoint is only added to, one thing a call");
    if (vpc_endpoint_state(endpoint) != ENDPOINT_AVAILABLE)
        return refuse(c, HOLD_WAIT, "endpoint %s is %s", endpoint->vpc_endpoint_id,
                      endpoint->state ? endpoint->state : "in an unknown state");
    for (size_t i = 0; i < c->desired->n_copies && request->add_route_table_ids.n; i++)
        if (text_equal(c->desired->copies[i].role, c->action->role))
            return judge_copied_entry(c, &c->desired->copies[i], endpoint);
    if (!want || want->endpoint != endpoint)
        return refuse(c, HOLD_NOT_OURS, "%s serves no declared endpoint",
                      endpoint->vpc_endpoint_id);
    return judge_added(c, want);
}

/* Does the endpoint want this rule: from a group of its functions, on a port of its own, into a
 * group that the config lists for it? */
static bool wants_rule(const struct action_case *c, const struct desired_endpoint *want,
                       const struct ec2_ip_permission *rule)
{
    const uint16_t *ports;
    size_t n_ports;
    bool known = false, is_port = false;

    ports = endpoint_ports(want->declared, &n_ports);
    for (size_t p = 0; p < n_ports; p++)
        is_port |= ports[p] == rule->from_port.value;
    for (size_t g = 0; g < c->desired->n_groups; g++) {
        const struct subnet_group *group = c->desired->groups[g].group;
        const struct texts *functions = texts_contain(&want->declared->for_groups, group->name)
                                            ? desired_security_groups(c->desired, group)
                                            : NULL;

        known |= functions && texts_contain(functions, rule->groups.items[0].group_id);
    }
    return want->interface && is_port && known &&
           texts_contain(&want->declared->security_groups, c->action->request.group_id);
}

enum hold judge_endpoint_inbound(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct ec2_ip_permission *rule = request->ip_permissions.items;
    struct traffic traffic = {.protocol = "tcp", .family = FAMILY_IPV4};
    const char *group_ids[] = {request->group_id};
    const struct texts into = {.items = group_ids, .n = 1};

    if (request->ip_permissions.n != 1 || rule->groups.n != 1 || rule->ip_ranges.n ||
        rule->ipv6_ranges.n || rule->prefix_list_ids.n ||
        !guard_group_is_here(rule->groups.items) || !text_equal(rule->ip_protocol, "tcp") ||
        !rule->from_port.set || !rule->to_port.set || rule->from_port.value != rule->to_port.value)
        return refuse(c, HOLD_NOT_OURS, "only one rule for one port and one group is added");
    if (!snapshot_find_security_group(c->snapshot, request->group_id))
        return refuse(c, HOLD_NOT_OURS, "%s is not a security group of this VPC",
                      request->group_id ? request->group_id : "(none)");
    for (size_t i = 0; i < c->desired->n_endpoints; i++) {
        if (!wants_rule(c, &c->desired->endpoints[i], rule))
            continue;
        traffic.port_from = traffic.port_to = (uint16_t)rule->from_port.value;
        traffic.group_id = rule->groups.items[0].group_id;
        switch (security_groups_admit(c->snapshot, &into, &traffic)) {
        case VERDICT_NO:
            return HOLD_NONE;
        case VERDICT_UNKNOWN:
            return refuse(c, HOLD_UNKNOWN, "entries of a prefix list are not known");
        case VERDICT_YES:
            return refuse(c, HOLD_WAIT, "%s lets it in already", request->group_id);
        }
    }
    return refuse(c, HOLD_NOT_OURS, "no declared endpoint wants %s to let in %s on port %lld",
                  request->group_id, rule->groups.items[0].group_id,
                  (long long)rule->from_port.value);
}

enum hold judge_modify_vpc_attribute(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct observed_vpc_attributes *attributes = c->snapshot->vpc_attributes;
    uint8_t now;
    bool support = request->enable_dns_support == WIRE_TRUE,
         hostnames = request->enable_dns_hostnames == WIRE_TRUE, wanted = false;
    const char *why;

    if (!text_equal(request->vpc_id, c->snapshot->vpc->vpc_id))
        return refuse(c, HOLD_NOT_OURS, "%s is not this target's VPC",
                      request->vpc_id ? request->vpc_id : "(none)");
    for (size_t i = 0; i < c->desired->n_endpoints; i++)
        wanted |= c->desired->endpoints[i].private_dns;
    if (support == hostnames || request->enable_dns_support == WIRE_FALSE ||
        request->enable_dns_hostnames == WIRE_FALSE || !wanted)
        return refuse(c, HOLD_NOT_OURS, "one DNS attribute is turned on, for private DNS");
    if (!attributes)
        return refuse(c, HOLD_UNKNOWN, "the VPC's DNS attributes are not known");
    now = support ? attributes->enable_dns_support : attributes->enable_dns_hostnames;
    if (now != WIRE_FALSE)
        return refuse(c, now == WIRE_TRUE ? HOLD_WAIT : HOLD_UNKNOWN,
                      now == WIRE_TRUE ? "it is on" : "whether it is on was not said");
    if (hostnames && attributes->enable_dns_support != WIRE_TRUE)
        return refuse(c, HOLD_WAIT, "DNS hostnames want DNS support on first");
    why = hostnames || attributes->enable_dns_hostnames == WIRE_TRUE
              ? vpc_dns_cuts_off(c->arena, c->snapshot)
              : NULL;
    return why ? refuse(c, HOLD_UNSAFE, "%s", why) : HOLD_NONE;
}
