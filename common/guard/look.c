/* The look right before a write (S6): one Describe of the one object, and whether it is unchanged.
 */
#include "vpc_reconciled/guard.h"

static void filter(struct arena *arena, struct guard_look *look, const char *name,
                   const char *value, const char *or_value)
{
    ec2_filters *filters = &look->request.filters;
    struct ec2_filter *items = ARENA_ARRAY(arena, struct ec2_filter, filters->n + 1);

    if (filters->n)
        memcpy(items, filters->items, filters->n * sizeof(*items));
    items[filters->n].name = name;
    items[filters->n].values.items = ARENA_ARRAY(arena, const char *, 2);
    items[filters->n].values.items[0] = value;
    items[filters->n].values.items[1] = or_value;
    items[filters->n].values.n = or_value ? 2 : 1;
    filters->items = items;
    filters->n++;
}

void guard_look(struct arena *arena, const struct plan_action *action,
                const struct snapshot *snapshot, struct guard_look *ret_look)
{
    struct guard_look look = {0};

    switch (action->expect) {
    case EXPECT_NOTHING_ATTACHED:
        if (action->target_kind == TARGET_EGRESS_ONLY_INTERNET_GATEWAY) {
            /* No filter by VPC exists (aws-facts 2.1): all of them, matched here. */
            look.call = EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS;
        } else {
            look.call = EC2_DESCRIBE_INTERNET_GATEWAYS;
            filter(arena, &look, "attachment.vpc-id", snapshot->vpc->vpc_id, NULL);
        }
        break;
    case EXPECT_UNATTACHED:
        look.call = EC2_DESCRIBE_INTERNET_GATEWAYS;
        filter(arena, &look, "internet-gateway-id", action->request.internet_gateway_id, NULL);
        break;
    case EXPECT_ROUTE:
        look.call = EC2_DESCRIBE_ROUTE_TABLES;
        filter(arena, &look, "route-table-id", action->request.route_table_id, NULL);
        break;
    case EXPECT_NO_ASSOCIATION:
        look.call = EC2_DESCRIBE_ROUTE_TABLES;
        filter(arena, &look, "association.subnet-id", action->request.subnet_id, NULL);
        break;
    case EXPECT_ASSOCIATION:
        look.call = EC2_DESCRIBE_ROUTE_TABLES;
        filter(arena, &look, "association.subnet-id", action->subnet_id, NULL);
        break;
    case EXPECT_NO_TABLE:
        look.call = EC2_DESCRIBE_ROUTE_TABLES;
        filter(arena, &look, "tag:" TAG_OWNER, snapshot->owner_tag, NULL);
        filter(arena, &look, "tag:" TAG_ROLE, action->role, NULL);
        break;
    case EXPECT_ROUTE_ABSENT:
        look.call = EC2_DESCRIBE_ROUTE_TABLES;
        filter(arena, &look, "route-table-id", action->request.route_table_id, NULL);
        break;
    case EXPECT_NO_NAT_GATEWAY:
        look.call = EC2_DESCRIBE_NAT_GATEWAYS;
        filter(arena, &look, "vpc-id", snapshot->vpc->vpc_id, NULL);
        filter(arena, &look, "state", "pending", "available");
        break;
    case EXPECT_NO_ADDRESS:
        look.call = EC2_DESCRIBE_ADDRESSES;
        filter(arena, &look, "tag:" TAG_OWNER, snapshot->owner_tag, NULL);
        filter(arena, &look, "tag:" TAG_ROLE, action->role, NULL);
        break;
    }
    *ret_look = look;
}

static bool attached_here(const struct ec2_gateway_attachment *attachments, size_t n,
                          const char *vpc_id)
{
    for (size_t i = 0; i < n; i++)
        if (text_equal(attachments[i].vpc_id, vpc_id) &&
            attachments[i].state != EC2_ATTACHMENT_DETACHED)
            return true;
    return false;
}

/* Every member that says where a route leads. */
static bool same_target(const struct ec2_route *a, const struct ec2_route *b)
{
    static const size_t members[] = {
        offsetof(struct ec2_route, gateway_id),
        offsetof(struct ec2_route, nat_gateway_id),
        offsetof(struct ec2_route, egress_only_internet_gateway_id),
        offsetof(struct ec2_route, transit_gateway_id),
        offsetof(struct ec2_route, vpc_peering_connection_id),
        offsetof(struct ec2_route, network_interface_id),
        offsetof(struct ec2_route, instance_id),
        offsetof(struct ec2_route, local_gateway_id),
        offsetof(struct ec2_route, carrier_gateway_id),
        offsetof(struct ec2_route, core_network_arn),
        offsetof(struct ec2_route, odb_network_arn),
    };

    for (size_t i = 0; i < ARRAY_SIZE(members); i++)
        if (!text_equal(*(const char *const *)((const char *)a + members[i]),
                        *(const char *const *)((const char *)b + members[i])))
            return false;
    return true;
}

static bool same_association(const struct ec2_route_table_association *a,
                             const struct ec2_route_table_association *b)
{
    return text_equal(a->route_table_association_id, b->route_table_association_id) &&
           text_equal(a->subnet_id, b->subnet_id) && text_equal(a->gateway_id, b->gateway_id) &&
           a->main == b->main && a->state == b->state;
}

/* Served subnets and routes are compared whole: whoever changed the table since the snapshot knows
 * more than the plan does. */
static const char *route_table_changed(struct arena *arena, const struct plan_action *action,
                                       const struct snapshot *snapshot,
                                       const struct ec2_describe_reply *fresh)
{
    const struct route_table *table =
        snapshot_find_route_table(snapshot, action->request.route_table_id);
    const struct ec2_route_table *now;

    if (!table || fresh->route_tables.n != 1 ||
        !text_equal(fresh->route_tables.items[0].route_table_id, table->id))
        return arena_printf(arena, "%s was not there when it was looked at again",
                            action->request.route_table_id);
    now = &fresh->route_tables.items[0];
    if (now->routes.n != table->ec2->routes.n || now->associations.n != table->ec2->associations.n)
        return arena_printf(arena, "%s changed since it was observed", table->id);
    for (size_t i = 0; i < now->associations.n; i++) {
        bool same = false;

        for (size_t k = 0; k < table->ec2->associations.n; k++)
            same |=
                same_association(&now->associations.items[i], &table->ec2->associations.items[k]);
        if (!same)
            return arena_printf(arena, "the associations of %s changed", table->id);
    }
    for (size_t i = 0; i < now->routes.n; i++) {
        const struct ec2_route *route = &now->routes.items[i];
        bool same = false;

        for (size_t k = 0; k < table->ec2->routes.n; k++) {
            const struct ec2_route *before = &table->ec2->routes.items[k];

            same |=
                prefix_equal(&route->destination_cidr_block, &before->destination_cidr_block) &&
                prefix_equal(&route->destination_ipv6_cidr_block,
                             &before->destination_ipv6_cidr_block) &&
                text_equal(route->destination_prefix_list_id, before->destination_prefix_list_id) &&
                same_target(route, before) && route->origin == before->origin &&
                route->state == before->state;
        }
        if (!same)
            return arena_printf(arena, "the routes of %s changed", table->id);
    }
    return NULL;
}

/* A gateway that is new, or newly available, and could be the zone's: somebody was faster (S3). */
static const char *nat_gateway_appeared(struct arena *arena, const struct plan_action *action,
                                        const struct snapshot *snapshot,
                                        const struct ec2_describe_reply *fresh)
{
    const struct subnet *place = snapshot_find_subnet(snapshot, action->request.subnet_id);

    for (size_t i = 0; i < fresh->nat_gateways.n; i++) {
        const struct ec2_nat_gateway *gateway = &fresh->nat_gateways.items[i], *before;
        const struct subnet *home = snapshot_find_subnet(snapshot, gateway->subnet_id);

        before = snapshot_find_nat_gateway(snapshot, gateway->nat_gateway_id);
        if (before && before->state == gateway->state)
            continue; /* the plan knew it */
        if (action->az && home && place && !text_equal(home->az, place->az))
            continue; /* another zone's */
        return arena_printf(arena, "NAT gateway %s is %s now", gateway->nat_gateway_id,
                            ec2_word(&ec2_state_words, gateway->state));
    }
    return NULL;
}

static const char *copy_in_use(struct arena *arena, const struct plan_action *action,
                               const struct ec2_describe_reply *fresh)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_route_table *now = fresh->route_tables.items;

    if (fresh->route_tables.n != 1)
        return arena_printf(arena, "%s was not there when it was looked at again",
                            request->route_table_id);
    if (now->associations.n > 0)
        return arena_printf(arena, "%s is associated now", request->route_table_id);
    for (size_t i = 0; i < now->routes.n; i++)
        if (prefix_equal(&now->routes.items[i].destination_cidr_block,
                         &request->destination_cidr_block) &&
            prefix_equal(&now->routes.items[i].destination_ipv6_cidr_block,
                         &request->destination_ipv6_cidr_block) &&
            text_equal(now->routes.items[i].destination_prefix_list_id,
                       request->destination_prefix_list_id))
            return arena_printf(arena, "%s has the route now", request->route_table_id);
    return NULL;
}

/* The subnet's association is still the one that is to be replaced. */
static const char *association_changed(struct arena *arena, const struct plan_action *action,
                                       const struct ec2_describe_reply *fresh)
{
    for (size_t t = 0; t < fresh->route_tables.n; t++)
        for (size_t i = 0; i < fresh->route_tables.items[t].associations.n; i++)
            if (text_equal(
                    fresh->route_tables.items[t].associations.items[i].route_table_association_id,
                    action->request.association_id))
                return NULL;
    return arena_printf(arena, "the association of %s changed", action->subnet_id);
}

const char *guard_recheck(struct arena *arena, const struct plan_action *action,
                          const struct snapshot *snapshot, const struct ec2_describe_reply *fresh)
{
    const char *vpc_id = snapshot->vpc->vpc_id;

    switch (action->expect) {
    case EXPECT_NOTHING_ATTACHED:
        for (size_t i = 0; i < fresh->internet_gateways.n; i++)
            if (attached_here(fresh->internet_gateways.items[i].attachments.items,
                              fresh->internet_gateways.items[i].attachments.n, vpc_id))
                return arena_printf(arena, "%s is attached now",
                                    fresh->internet_gateways.items[i].internet_gateway_id);
        for (size_t i = 0; i < fresh->egress_only_internet_gateways.n; i++)
            if (attached_here(fresh->egress_only_internet_gateways.items[i].attachments.items,
                              fresh->egress_only_internet_gateways.items[i].attachments.n, vpc_id))
                return arena_printf(
                    arena, "%s is attached now",
                    fresh->egress_only_internet_gateways.items[i].egress_only_internet_gateway_id);
        return NULL;
    case EXPECT_UNATTACHED:
        if (fresh->internet_gateways.n != 1 ||
            !text_equal(fresh->internet_gateways.items[0].internet_gateway_id,
                        action->request.internet_gateway_id))
            return arena_printf(arena, "%s was not there when it was looked at again",
                                action->request.internet_gateway_id);
        for (size_t i = 0; i < fresh->internet_gateways.items[0].attachments.n; i++)
            if (fresh->internet_gateways.items[0].attachments.items[i].state !=
                EC2_ATTACHMENT_DETACHED)
                return arena_printf(arena, "%s is attached now",
                                    action->request.internet_gateway_id);
        return NULL;
    case EXPECT_ROUTE:
        return route_table_changed(arena, action, snapshot, fresh);
    case EXPECT_NO_ASSOCIATION:
        if (fresh->route_tables.n != 0)
            return arena_printf(arena, "%s is associated with %s now", action->request.subnet_id,
                                fresh->route_tables.items[0].route_table_id);
        return NULL;
    case EXPECT_ASSOCIATION:
        return association_changed(arena, action, fresh);
    case EXPECT_NO_TABLE:
        if (fresh->route_tables.n > 0)
            return arena_printf(arena, "%s is there for this role now",
                                fresh->route_tables.items[0].route_table_id);
        return NULL;
    case EXPECT_ROUTE_ABSENT:
        return copy_in_use(arena, action, fresh);
    case EXPECT_NO_NAT_GATEWAY:
        return nat_gateway_appeared(arena, action, snapshot, fresh);
    case EXPECT_NO_ADDRESS:
        for (size_t k = 0; k < fresh->addresses.n; k++)
            if (text_empty(fresh->addresses.items[k].association_id))
                return arena_printf(arena, "%s is there for this role now",
                                    fresh->addresses.items[k].allocation_id);
        return NULL;
    }
    return "an expectation that nobody wrote";
}
