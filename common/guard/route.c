/* CreateRoute and ReplaceRoute against the invariants: whose table and route it is (S2), and that
 * no path gets worse (S7). */
#include "action.h"

#include "vpc_reconciled/fault.h"

/* The one destination of the request where that is a default route; else NULL. */
static const struct prefix *route_destination(const struct ec2_change_request *request)
{
    const struct prefix *ipv4 = &request->destination_cidr_block,
                        *ipv6 = &request->destination_ipv6_cidr_block;

    if (request->destination_prefix_list_id ||
        (ipv4->family != FAMILY_NONE && ipv6->family != FAMILY_NONE))
        return NULL;
    if (prefix_equal(ipv4, &PREFIX_IPV4_DEFAULT))
        return &PREFIX_IPV4_DEFAULT;
    if (prefix_equal(ipv6, &PREFIX_IPV6_DEFAULT))
        return &PREFIX_IPV6_DEFAULT;
    return NULL;
}

static bool leads_to_nat64(const struct ec2_change_request *request)
{
    return !request->destination_prefix_list_id &&
           request->destination_cidr_block.family == FAMILY_NONE &&
           prefix_equal(&request->destination_ipv6_cidr_block, &PREFIX_NAT64);
}

/* The one target of the request, or NULL when there is none, several, or one that we never set. */
static const char *route_target(const struct ec2_change_request *request,
                                enum target_kind *ret_kind)
{
    const char *id = NULL;
    unsigned n = 0;
    const struct {
        const char *id;
        enum target_kind kind;
    } ours[] = {
        {request->gateway_id, TARGET_INTERNET_GATEWAY},
        {request->nat_gateway_id, TARGET_NAT_GATEWAY},
        {request->egress_only_internet_gateway_id, TARGET_EGRESS_ONLY_INTERNET_GATEWAY},
    };

    for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
        if (!ours[i].id)
            continue;
        n++;
        id = ours[i].id;
        *ret_kind = ours[i].kind;
        if (target_kind_of_id(id) != ours[i].kind)
            return NULL;
    }
    if (request->transit_gateway_id || request->vpc_peering_connection_id ||
        request->network_interface_id || request->instance_id || request->vpc_endpoint_id ||
        request->local_gateway_id || request->carrier_gateway_id || request->core_network_arn ||
        request->odb_network_arn || request->local_target != WIRE_ABSENT)
        return NULL;
    return n == 1 ? id : NULL;
}

/* S2: main tables, tables of gateways, and tables that serve undeclared subnets are never written.
 */
const char *guard_table_not_ours(struct arena *arena, const struct route_table *table,
                                 const struct desired *desired, const struct snapshot *snapshot)
{
    if (table->main)
        return arena_printf(arena, "%s is the VPC's main route table", table->id);
    if (table->gateway_association)
        return arena_printf(arena, "%s is associated with a gateway", table->id);
    if (table->n_subnets == 0)
        return arena_printf(arena, "%s serves no declared subnet", table->id);
    for (size_t i = 0; i < snapshot->n_subnets; i++)
        if (snapshot->subnets[i].table == table &&
            !desired_find_subnet(desired, snapshot->subnets[i].id) && !FAULT(SHARED_TABLES_WRITTEN))
            return arena_printf(arena, "%s also serves %s, which is not declared", table->id,
                                snapshot->subnets[i].id);
    return NULL;
}

/* S2: every subnet that the table serves declares this kind of default for the family. */
static bool declared_for_all(const struct route_table *table, const struct desired *desired,
                             const struct snapshot *snapshot, enum family family,
                             enum target_kind kind, const char *id)
{
    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct subnet_group *group = desired->subnets[i].group;
        const struct desired_default want = {.accepted = family == FAMILY_IPV4 ? &group->ipv4
                                                                               : &group->ipv6};

        if (desired->subnets[i].subnet->table == table &&
            !default_accepts(snapshot, &want, kind, id))
            return false;
    }
    return true;
}

bool guard_route_is_not_ours(const struct route_table *table, const struct snapshot *snapshot,
                             const struct prefix *destination, enum hold *ret_hold)
{
    const struct route *route = route_table_find(table, destination);

    if (route && route->origin != EC2_ORIGIN_CREATE_ROUTE) {
        *ret_hold = HOLD_NOT_OURS;
        return true;
    }
    for (size_t i = 0; !route && i < table->n_routes; i++) {
        enum verdict managed;

        if (!table->routes[i].prefix_list_id)
            continue;
        managed = prefix_list_is_aws_managed(snapshot, table->routes[i].prefix_list_id);
        if (managed != VERDICT_YES) {
            *ret_hold = managed == VERDICT_NO ? HOLD_NOT_OURS : HOLD_UNKNOWN;
            return true;
        }
    }
    return false;
}

/* S7: a NAT gateway is only a way out if its own subnet has one, and never through the table that
 * is being pointed at it. */
const char *nat_gateway_path(struct arena *arena, const struct snapshot *snapshot,
                             const struct route_table *table, const char *id)
{
    const struct ec2_nat_gateway *gateway = snapshot_find_nat_gateway(snapshot, id);
    const struct subnet *home;
    const struct route *way_out;

    if (gateway && gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL)
        return NULL; /* it has a table of its own (aws-facts 2.5) */
    home = gateway ? snapshot_find_subnet(snapshot, gateway->subnet_id) : NULL;
    if (!home || !home->table)
        return arena_printf(arena, "the subnet of NAT gateway %s is not known", id);
    if (home->table == table)
        return arena_printf(arena,
                            "NAT gateway %s lives in a subnet that %s itself serves: its "
                            "traffic would turn in a circle",
                            id, table->id);
    way_out = route_table_find(home->table, &PREFIX_IPV4_DEFAULT);
    if (!way_out || way_out->kind != TARGET_INTERNET_GATEWAY ||
        route_is_live(snapshot, way_out) != VERDICT_YES)
        return arena_printf(arena,
                            "NAT gateway %s has no way out itself: %s has no live route to an "
                            "internet gateway",
                            id, home->table->id);
    return NULL;
}

/* S7: a table that carries NAT gateways' own traffic must go on leading to the internet gateway. */
static const char *serves_nat_gateway(struct arena *arena, const struct snapshot *snapshot,
                                      const struct route_table *table)
{
    for (size_t i = 0; i < snapshot->n_nat_gateways; i++) {
        const struct ec2_nat_gateway *gateway = snapshot->nat_gateways[i];
        const struct subnet *home = snapshot_find_subnet(snapshot, gateway->subnet_id);

        if (home && home->table == table &&
            (gateway->state == EC2_STATE_AVAILABLE || gateway->state == EC2_STATE_PENDING))
            return arena_printf(arena, "NAT gateway %s sends its own traffic through %s",
                                gateway->nat_gateway_id, table->id);
    }
    return NULL;
}

/* S7: through an internet gateway only what has a public address gets out. An interface without
 * one, that a NAT gateway or something else carries today, would lose its IPv4 path. */
enum hold addresses_suffice(const struct action_case *c, const struct route_table *table,
                            const struct subnet *alone)
{
    if (!(c->snapshot->complete & NEEDS(NETWORK_INTERFACES)))
        return refuse(c, HOLD_UNKNOWN, "the network interfaces behind %s are not known", table->id);
    for (size_t i = 0; i < c->snapshot->n_network_interfaces; i++) {
        const struct ec2_network_interface *interface = c->snapshot->network_interfaces[i];
        const struct subnet *subnet = snapshot_find_subnet(c->snapshot, interface->subnet_id);

        if (subnet && (alone ? subnet == alone : subnet->table == table) &&
            text_empty(interface->association_public_ip) &&
            !text_equal(interface->interface_type, "vpc_endpoint")) /* answers only */
            return refuse(c, HOLD_UNSAFE,
                          "interface %s in %s has no public IPv4 address and would lose its path",
                          interface->network_interface_id, subnet->id);
    }
    return HOLD_NONE;
}

static bool attached_elsewhere(const struct ec2_gateway_attachment *attachments, size_t n,
                               const struct snapshot *snapshot)
{
    for (size_t i = 0; i < n; i++)
        if (!text_equal(attachments[i].vpc_id, snapshot->vpc->vpc_id) &&
            attachments[i].state != EC2_ATTACHMENT_DETACHED)
            return true;
    return false;
}

/* What AWS has made or attached in this very pass is newer than the snapshot. A VPC has one of a
 * kind (S3), so where the snapshot shows one there can be no fresh one. */
static bool may_be_fresh(const struct action_case *c, enum target_kind kind)
{
    if (!c->action->input_is_fresh)
        return false;
    return (kind == TARGET_INTERNET_GATEWAY && c->snapshot->n_internet_gateways == 0) ||
           (kind == TARGET_EGRESS_ONLY_INTERNET_GATEWAY &&
            c->snapshot->n_egress_only_internet_gateways == 0);
}

/* S1: nor may the snapshot show it in another VPC. */
static bool shown_elsewhere(const struct snapshot *snapshot, enum target_kind kind, const char *id)
{
    const struct ec2_internet_gateway *internet =
        observation_find_internet_gateway(snapshot->observation, id);
    const struct ec2_egress_only_internet_gateway *egress =
        observation_find_egress_only_internet_gateway(snapshot->observation, id);

    if (kind == TARGET_INTERNET_GATEWAY && internet)
        return attached_elsewhere(internet->attachments.items, internet->attachments.n, snapshot);
    if (kind == TARGET_EGRESS_ONLY_INTERNET_GATEWAY && egress)
        return attached_elsewhere(egress->attachments.items, egress->attachments.n, snapshot);
    return false;
}

/* May traffic be led to it now? */
static enum hold judge_target(const struct action_case *c, enum target_kind kind, const char *id)
{
    const struct ec2_nat_gateway *nat_gateway =
        kind == TARGET_NAT_GATEWAY ? snapshot_find_nat_gateway(c->snapshot, id) : NULL;

    if (nat_gateway && nat_gateway->connectivity_type == EC2_CONNECTIVITY_UNKNOWN)
        return refuse(c, HOLD_UNKNOWN, "the connectivity of %s is a word that is not known", id);
    if (may_be_fresh(c, kind)) {
        if (shown_elsewhere(c->snapshot, kind, id))
            return refuse(c, HOLD_NOT_OURS, "%s is attached to another VPC", id);
        return HOLD_NONE;
    }
    if (target_is_live(c->snapshot, kind, id) != VERDICT_YES && !FAULT(TARGET_UNCHECKED))
        return refuse(c, HOLD_WAIT, "%s is not available yet", id);
    return HOLD_NONE;
}

/* design.md 6.4: a way out that our own change replaced within the hour, and that the config does
 * not declare, may be put back where the change did harm; but none that something can come in by.
 */
static bool puts_back(const struct action_case *c, const struct route_table *table,
                      const struct route *now, enum target_kind kind)
{
    bool harm = now && (route_is_live(c->snapshot, now) == VERDICT_NO ||
                        (now->kind == TARGET_NAT_GATEWAY &&
                         nat_gateway_path(c->arena, c->snapshot, table, now->target_id)));

    return harm && kind != TARGET_INTERNET_GATEWAY &&
           evidence_of_undo(c->arena, c->action, c->snapshot, c->policy);
}

enum hold judge_route(const struct action_case *c)
{
    const struct desired_copy *copy;
    const struct ec2_change_request *request = &c->action->request;
    const struct route_table *table =
        snapshot_find_route_table(c->snapshot, request->route_table_id);
    const struct prefix *destination = route_destination(request);
    enum target_kind kind = TARGET_NONE;
    const char *target = route_target(request, &kind), *why;
    const struct route *now;
    enum hold hold = HOLD_NONE;
    bool live_now;

    if (!table)
        return refuse(c, HOLD_NOT_OURS, "%s is not a route table of this VPC",
                      request->route_table_id ? request->route_table_id : "(none)");
    copy = guard_copy(c, table);
    if (copy)
        return judge_copied_route(c, copy);
    if (!destination && !leads_to_nat64(request))
        return refuse(c, HOLD_NOT_OURS, "only default routes are ours to write");
    if (!target)
        return refuse(c, HOLD_NOT_OURS,
                      "the target is not one internet gateway, egress-only "
                      "internet gateway or NAT gateway");
    if (!destination)
        return judge_nat64_route(c, table, kind, target);
    why = guard_table_not_ours(c->arena, table, c->desired, c->snapshot);
    if (why)
        return refuse(c, HOLD_NOT_OURS, "%s", why);
    if ((destination->family == FAMILY_IPV4 && kind == TARGET_EGRESS_ONLY_INTERNET_GATEWAY) ||
        (destination->family == FAMILY_IPV6 && kind == TARGET_NAT_GATEWAY))
        return refuse(c, HOLD_NOT_OURS, "%s does not carry this family", target_kind_name(kind));
    now = route_table_find_static(table, destination);
    if (!declared_for_all(table, c->desired, c->snapshot, destination->family, kind, target) &&
        !puts_back(c, table, now, kind))
        return refuse(c, HOLD_NOT_OURS,
                      "not every subnet that %s serves declares %s as its default", table->id,
                      target_kind_name(kind));
    if (guard_route_is_not_ours(table, c->snapshot, destination, &hold) &&
        !FAULT(FOREIGN_TARGET_REPLACED))
        return refuse(c, hold,
                      "%s has, or may have, this default by propagation, advertisement or "
                      "a prefix list",
                      table->id);
    if ((now != NULL) != (c->action->call == EC2_REPLACE_ROUTE) && !FAULT(FOREIGN_TARGET_REPLACED))
        return refuse(c, HOLD_WAIT, "%s %s a static default now", table->id,
                      now ? "has" : "does not have");
    if (now && target_kind_is_foreign(now->kind) && !FAULT(FOREIGN_TARGET_REPLACED))
        return refuse(c, HOLD_NOT_OURS, "the route leads to %s, which is somebody's design",
                      target_kind_name(now->kind));
    hold = judge_target(c, kind, target);
    if (hold != HOLD_NONE)
        return hold;
    live_now = now && route_is_live(c->snapshot, now) != VERDICT_NO;
    if (destination->family == FAMILY_IPV4 && kind == TARGET_INTERNET_GATEWAY && live_now &&
        now->kind != TARGET_INTERNET_GATEWAY) {
        hold = addresses_suffice(c, table, NULL);
        if (hold != HOLD_NONE)
            return hold;
    }
    if (kind == TARGET_NAT_GATEWAY && live_now && !FAULT(HARM_FORGOTTEN)) {
        why = nat_gateway_path(c->arena, c->snapshot, table, target);
        if (why)
            return refuse(c, HOLD_UNSAFE, "%s", why);
    }
    if (destination->family == FAMILY_IPV4 && kind != TARGET_INTERNET_GATEWAY) {
        why = serves_nat_gateway(c->arena, c->snapshot, table);
        if (why)
            return refuse(c, HOLD_UNSAFE, "%s", why);
    }
    return HOLD_NONE;
}
