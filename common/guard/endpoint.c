/* Making VPC endpoints against the invariants: one for each service and type, whoever made it (S3),
 * only as the config declares it, and no private name that somebody would lose by (S7). */
#include "action.h"

#include "vpc_reconciled/fault.h"

const struct desired_endpoint *guard_endpoint(const struct action_case *c)
{
    for (size_t i = 0; i < c->desired->n_endpoints; i++)
        if (text_equal(c->desired->endpoints[i].role, c->action->role))
            return &c->desired->endpoints[i];
    return NULL;
}

/* S3: nothing of the service and type is there or on its way. Seen in the list itself. */
static enum hold service_is_bare(const struct action_case *c, const struct desired_endpoint *want)
{
    for (size_t i = 0; i < c->snapshot->n_vpc_endpoints; i++) {
        const struct ec2_vpc_endpoint *endpoint = c->snapshot->vpc_endpoints[i];
        enum vpc_endpoint_state state = vpc_endpoint_state(endpoint);

        if (!text_equal(endpoint->service_name, want->service->service_name) ||
            (want->interface ? !vpc_endpoint_is_interface(endpoint)
                             : !vpc_endpoint_is_gateway(endpoint)) ||
            endpoint->requester_managed == WIRE_TRUE || state == ENDPOINT_DEAD ||
            state == ENDPOINT_DELETED)
            continue;
        return refuse(c, HOLD_WAIT, "endpoint %s of the service is %s", endpoint->vpc_endpoint_id,
                      endpoint->state ? endpoint->state : "in an unknown state");
    }
    return HOLD_NONE;
}

static bool in_declared_group(const struct desired_endpoint *want, const struct subnet_group *group)
{
    return want->declared->in_group ? text_equal(want->declared->in_group, group->name)
                                    : texts_contain(&want->declared->for_groups, group->name);
}

static bool texts_have(const struct wire_texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->n; i++)
        if (text_equal(texts->items[i], text))
            return true;
    return false;
}

/* A declared subnet, in a zone where the service is offered and the endpoint has none yet. */
enum hold guard_endpoint_subnet(const struct action_case *c, const struct desired_endpoint *want,
                                const struct wire_texts *added, size_t at)
{
    const struct desired_subnet *subnet = desired_find_subnet(c->desired, added->items[at]);
    const struct wire_texts *names = &want->service->availability_zones,
                            *ids = &want->service->availability_zone_ids;

    if (!subnet || !in_declared_group(want, subnet->group))
        return refuse(c, HOLD_NOT_OURS, "%s is not a declared subnet of the endpoint",
                      added->items[at]);
    if (!FAULT(ZONES_UNASKED) &&
        (names->n ? !texts_have(names, subnet->subnet->az)
                  : ids->n && !texts_have(ids, subnet->subnet->ec2->availability_zone_id)))
        return refuse(c, HOLD_UNSAFE, "the service is not offered in %s", subnet->subnet->az);
    for (size_t i = 0; i < at; i++) {
        const struct subnet *other = snapshot_find_subnet(c->snapshot, added->items[i]);

        if (other && text_equal(other->az, subnet->subnet->az))
            return refuse(c, HOLD_NOT_OURS, "an endpoint takes one subnet of %s",
                          subnet->subnet->az);
    }
    for (size_t i = 0; want->endpoint && i < want->endpoint->subnet_ids.n; i++) {
        const struct subnet *other =
            snapshot_find_subnet(c->snapshot, want->endpoint->subnet_ids.items[i]);

        if (other && text_equal(other->az, subnet->subnet->az))
            return refuse(c, HOLD_WAIT, "the endpoint has %s in %s", other->id, other->az);
    }
    return HOLD_NONE;
}

/* S2: a table that serves the endpoint's groups alone, and that no endpoint of the service is in.
 */
enum hold guard_endpoint_table(const struct action_case *c, const struct desired_endpoint *want,
                               const char *id)
{
    const struct route_table *table = snapshot_find_route_table(c->snapshot, id);
    unsigned served = 0;

    if (!table || table->main || table->gateway_association)
        return refuse(c, HOLD_NOT_OURS, "%s is no table that may be written", id);
    if (table->changing)
        return refuse(c, HOLD_WAIT, "an association of %s is changing", id);
    for (size_t i = 0; i < c->snapshot->n_subnets; i++) {
        const struct subnet *subnet = &c->snapshot->subnets[i];
        const struct desired_subnet *declared = desired_find_subnet(c->desired, subnet->id);

        if (subnet->table != table)
            continue;
        served++;
        if (!declared || !texts_contain(&want->declared->for_groups, declared->group->name))
            return refuse(c, HOLD_NOT_OURS, "%s also serves %s, which is of no group in \"for\"",
                          id, subnet->id);
    }
    if (served == 0)
        return refuse(c, HOLD_NOT_OURS, "%s serves no declared subnet", id);
    for (size_t i = 0; i < c->snapshot->n_vpc_endpoints; i++) {
        const struct ec2_vpc_endpoint *endpoint = c->snapshot->vpc_endpoints[i];

        if (vpc_endpoint_is_gateway(endpoint) && vpc_endpoint_is_there(endpoint) &&
            texts_have(&endpoint->route_table_ids, id) &&
            text_equal(endpoint->service_name,
                       want->endpoint ? want->endpoint->service_name : want->service->service_name))
            return refuse(c, HOLD_WAIT, "%s is in endpoint %s", id, endpoint->vpc_endpoint_id);
    }
    return HOLD_NONE;
}

enum hold guard_endpoint_group(const struct action_case *c, const struct desired_endpoint *want,
                               const char *id)
{
    if (!(c->snapshot->complete & NEEDS(SECURITY_GROUPS)))
        return refuse(c, HOLD_UNKNOWN, "the security groups are not known");
    if (!texts_contain(&want->declared->security_groups, id) ||
        !snapshot_find_security_group(c->snapshot, id))
        return refuse(c, HOLD_NOT_OURS, "%s is not a declared security group of this VPC", id);
    return HOLD_NONE;
}

enum hold guard_private_dns(const struct action_case *c, const struct desired_endpoint *want,
                            const struct texts *group_ids, const char *ip_address_type)
{
    const unsigned needs =
        NEEDS(VPC_ATTRIBUTES) | NEEDS(SECURITY_GROUPS) | NEEDS(NETWORK_INTERFACES);
    struct private_dns dns = {.group_ids = *group_ids, .family = endpoint_family(ip_address_type)};
    const char *why;

    if (!want->private_dns || !want->service)
        return refuse(c, HOLD_NOT_OURS, "the config does not declare private DNS of the endpoint");
    if ((c->snapshot->complete & needs) != needs)
        return refuse(c, HOLD_UNKNOWN, "a list that private DNS rests on is incomplete");
    why = private_dns_refused(c->arena, c->snapshot, want);
    if (why)
        return refuse(c, HOLD_WAIT, "%s", why);
    dns.service = want->service->service_name;
    dns.ports = endpoint_ports(want->declared, &dns.n_ports);
    why = private_dns_cuts_off(c->arena, c->snapshot, &dns);
    return why ? refuse(c, HOLD_UNSAFE, "%s", why) : HOLD_NONE;
}

static enum hold judge_gateway(const struct action_case *c, const struct desired_endpoint *want)
{
    const struct ec2_change_request *request = &c->action->request;

    if (request->subnet_ids.n || request->security_group_ids.n ||
        request->private_dns_enabled != WIRE_ABSENT || request->route_table_ids.n == 0)
        return refuse(c, HOLD_NOT_OURS, "a gateway endpoint is made of route tables alone");
    for (size_t i = 0; i < request->route_table_ids.n; i++) {
        enum hold hold = guard_endpoint_table(c, want, request->route_table_ids.items[i]);

        if (hold != HOLD_NONE)
            return hold;
    }
    return HOLD_NONE;
}

static enum hold judge_interface(const struct action_case *c, const struct desired_endpoint *want)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct texts group_ids = {.items = request->security_group_ids.items,
                                    .n = request->security_group_ids.n};
    enum hold hold;

    if (request->route_table_ids.n || request->subnet_ids.n == 0 ||
        request->security_group_ids.n != want->declared->security_groups.n)
        return refuse(c, HOLD_NOT_OURS,
                      "an interface endpoint is made of subnets and the declared security groups");
    if (request->private_dns_enabled == WIRE_ABSENT)
        return refuse(c, HOLD_UNSAFE, "EC2 turns private DNS on where nothing is said of it");
    for (size_t i = 0; i < request->subnet_ids.n; i++) {
        hold = guard_endpoint_subnet(c, want, &request->subnet_ids, i);
        if (hold != HOLD_NONE)
            return hold;
    }
    for (size_t i = 0; i < request->security_group_ids.n; i++) {
        hold = guard_endpoint_group(c, want, request->security_group_ids.items[i]);
        if (hold != HOLD_NONE)
            return hold;
        for (size_t k = 0; k < i; k++)
            if (text_equal(group_ids.items[k], group_ids.items[i]))
                return refuse(c, HOLD_NOT_OURS, "%s twice, in place of another declared one",
                              group_ids.items[i]);
    }
    return request->private_dns_enabled == WIRE_TRUE
               ? guard_private_dns(c, want, &group_ids, request->ip_address_type)
               : HOLD_NONE;
}

enum hold judge_create_vpc_endpoint(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct desired_endpoint *want = guard_endpoint(c);
    enum hold hold;

    if (!want)
        return refuse(c, HOLD_NOT_OURS, "no declared endpoint has the role %s", c->action->role);
    if (!text_equal(request->vpc_id, c->snapshot->vpc->vpc_id))
        return refuse(c, HOLD_NOT_OURS, "%s is not this target's VPC",
                      request->vpc_id ? request->vpc_id : "(none)");
    if (!want->service || !text_equal(request->service_name, want->service->service_name) ||
        !text_equal(request->vpc_endpoint_type, want->interface ? "Interface" : "Gateway"))
        return refuse(c, HOLD_NOT_OURS, "%s is not the declared service",
                      request->service_name ? request->service_name : "(none)");
    if (!text_equal(request->policy_document, want->declared->policy) ||
        !text_equal(request->ip_address_type, want->declared->ip_address_type) ||
        request->dns_record_ip_type)
        return refuse(c, HOLD_NOT_OURS, "the config declares another endpoint");
    hold = service_is_bare(c, want);
    if (hold != HOLD_NONE)
        return hold;
    return want->interface ? judge_interface(c, want) : judge_gateway(c, want);
}
