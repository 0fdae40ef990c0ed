/* The look right before a write (S6): one Describe of the one object, and whether it is unchanged.
 */
#include "look.h"

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

/* What the call changes says what is looked at (S6): the plan's word for it could be another
 * thing's. Only a new route of a table may be one of two, and a copy's table has to serve nobody.
 */
static enum action_expect expected(const struct plan_action *action)
{
    static const struct {
        enum ec2_action call;
        enum action_expect expect;
    } calls[] = {
        {EC2_CREATE_INTERNET_GATEWAY, EXPECT_NOTHING_ATTACHED},
        {EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, EXPECT_NOTHING_ATTACHED},
        {EC2_ATTACH_INTERNET_GATEWAY, EXPECT_UNATTACHED},
        {EC2_REPLACE_ROUTE, EXPECT_ROUTE},
        {EC2_ASSOCIATE_ROUTE_TABLE, EXPECT_NO_ASSOCIATION},
        {EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, EXPECT_ASSOCIATION},
        {EC2_CREATE_ROUTE_TABLE, EXPECT_NO_TABLE},
        {EC2_ALLOCATE_ADDRESS, EXPECT_NO_ADDRESS},
        {EC2_CREATE_NAT_GATEWAY, EXPECT_NO_NAT_GATEWAY},
        {EC2_CREATE_SUBNET, EXPECT_NO_SUBNET},
        {EC2_ASSOCIATE_VPC_CIDR_BLOCK, EXPECT_NO_VPC_BLOCK},
        {EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, EXPECT_NO_SUBNET_BLOCK},
        {EC2_MODIFY_SUBNET_ATTRIBUTE, EXPECT_ATTRIBUTE},
        {EC2_ASSOCIATE_ADDRESS, EXPECT_NO_PUBLIC_ADDRESS},
        {EC2_CREATE_VPC_ENDPOINT, EXPECT_NO_ENDPOINT},
        {EC2_MODIFY_VPC_ENDPOINT, EXPECT_ENDPOINT},
        {EC2_MODIFY_VPC_ATTRIBUTE, EXPECT_VPC_ATTRIBUTE},
        {EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, EXPECT_RULE_ABSENT},
        {EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, EXPECT_RULE_ABSENT},
    };

    for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
        if (calls[i].call == action->call)
            return calls[i].expect;
    return action->expect == EXPECT_ROUTE_ABSENT ? EXPECT_ROUTE_ABSENT : EXPECT_ROUTE;
}

void guard_look(struct arena *arena, const struct plan_action *action,
                const struct snapshot *snapshot, struct guard_look *ret_look)
{
    struct guard_look look = {0};

    switch (expected(action)) {
    case EXPECT_NOTHING_ATTACHED:
        if (action->call == EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY) {
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
    case EXPECT_NO_ENDPOINT:
        look.call = EC2_DESCRIBE_VPC_ENDPOINTS;
        filter(arena, &look, "vpc-id", snapshot->vpc->vpc_id, NULL);
        filter(arena, &look, "service-name", action->request.service_name, NULL);
        break;
    case EXPECT_ENDPOINT:
        look.call = EC2_DESCRIBE_VPC_ENDPOINTS;
        filter(arena, &look, "vpc-endpoint-id", action->request.vpc_endpoint_id, NULL);
        break;
    case EXPECT_VPC_ATTRIBUTE: /* it takes no filter */
        look.call = EC2_DESCRIBE_VPC_ATTRIBUTE;
        look.request.vpc_id = action->request.vpc_id;
        look.request.attribute = action->request.enable_dns_support == WIRE_TRUE
                                     ? "enableDnsSupport"
                                     : "enableDnsHostnames";
        break;
    case EXPECT_RULE_ABSENT:
        look.call = EC2_DESCRIBE_SECURITY_GROUPS;
        filter(arena, &look, "group-id", action->request.group_id, NULL);
        break;
    case EXPECT_NAT64_ROUTE:
        look.call = EC2_DESCRIBE_ROUTE_TABLES;
        filter(arena, &look, "route-table-id", action->request.route_table_id, NULL);
        break;
    case EXPECT_NO_SUBNET:
    case EXPECT_NO_SUBNET_BLOCK: /* the block may be another subnet's by now */
        look.call = EC2_DESCRIBE_SUBNETS;
        filter(arena, &look, "vpc-id", snapshot->vpc->vpc_id, NULL);
        break;
    case EXPECT_NO_VPC_BLOCK:
        look.call = EC2_DESCRIBE_VPCS;
        filter(arena, &look, "vpc-id", snapshot->vpc->vpc_id, NULL);
        break;
    case EXPECT_ATTRIBUTE:
        look.call = EC2_DESCRIBE_SUBNETS;
        filter(arena, &look, "subnet-id", action->request.subnet_id, NULL);
        break;
    case EXPECT_NO_PUBLIC_ADDRESS:
        look.call = EC2_DESCRIBE_NETWORK_INTERFACES;
        filter(arena, &look, "network-interface-id", action->request.network_interface_id, NULL);
        look.request.include_managed_resources = WIRE_TRUE;
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
    const enum action_expect expect = expected(action);

    switch (expect) {
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
    case EXPECT_NAT64_ROUTE:
        return route_table_changed(arena, action, snapshot, fresh);
    case EXPECT_NO_ENDPOINT:
    case EXPECT_ENDPOINT:
    case EXPECT_VPC_ATTRIBUTE:
        return guard_recheck_endpoints(arena, action, expect, snapshot, fresh);
    case EXPECT_NO_SUBNET:
    case EXPECT_NO_VPC_BLOCK:
    case EXPECT_NO_SUBNET_BLOCK:
    case EXPECT_ATTRIBUTE:
    case EXPECT_NO_PUBLIC_ADDRESS:
        return guard_recheck_subnets(arena, action, expect, snapshot, fresh);
    case EXPECT_RULE_ABSENT:
        return guard_recheck_rule(arena, action, snapshot, fresh);
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
