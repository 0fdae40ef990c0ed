/* Route tables, and the local routes that each has for its VPC's blocks. */
#include "actions.h"

void route_add_local(struct state *state, struct ec2_route_table *table, const struct prefix *block)
{
    struct ec2_route *route;

    VEC_EACH (other, &table->routes)
        if (other->origin == EC2_ORIGIN_CREATE_ROUTE_TABLE &&
            (prefix_equal(&other->destination_cidr_block, block) ||
             prefix_equal(&other->destination_ipv6_cidr_block, block)))
            return;
    route = LIST_ADD(state->arena, &table->routes);
    if (block->family == FAMILY_IPV4)
        route->destination_cidr_block = *block;
    else
        route->destination_ipv6_cidr_block = *block;
    route->gateway_id = "local";
    route->origin = EC2_ORIGIN_CREATE_ROUTE_TABLE;
    route->state = EC2_ROUTE_ACTIVE;
}

void local_routes_add(struct state *state, const char *vpc_id, const struct prefix *block)
{
    VEC_EACH (table, &state->objects.route_tables)
        if (text_equal(table->vpc_id, vpc_id))
            route_add_local(state, table, block);
}

void local_routes_remove(struct state *state, const char *vpc_id, const struct prefix *block)
{
    VEC_EACH (table, &state->objects.route_tables) {
        if (!text_equal(table->vpc_id, vpc_id))
            continue;
        for (size_t i = table->routes.n; i-- > 0;) {
            const struct ec2_route *route = &table->routes.items[i];

            if (route->origin == EC2_ORIGIN_CREATE_ROUTE_TABLE &&
                (prefix_equal(&route->destination_cidr_block, block) ||
                 prefix_equal(&route->destination_ipv6_cidr_block, block)))
                LIST_REMOVE(&table->routes, i);
        }
    }
}

struct ec2_route_table *route_table_new(struct call *call, const struct ec2_vpc *vpc)
{
    struct ec2_route_table *table =
        call_add(call, KIND_ROUTE_TABLE, new_id(call, kind_table[KIND_ROUTE_TABLE].prefix));

    table->vpc_id = keep(call, vpc->vpc_id);
    table->owner_id = keep(call, vpc->owner_id);
    table->associations.seen = table->propagating_vgws.seen = table->tags.seen = true;
    VEC_EACH (block, &vpc->cidr_block_associations)
        if (block->state == EC2_ASSOCIATION_ASSOCIATED)
            route_add_local(call->state, table, &block->cidr_block);
    VEC_EACH (block, &vpc->ipv6_cidr_block_associations)
        if (block->state == EC2_ASSOCIATION_ASSOCIATED)
            route_add_local(call->state, table, &block->ipv6_cidr_block);
    return table;
}

int route_table_create(struct call *call)
{
    const struct ec2_vpc *vpc = call_find(call, KIND_VPC, call->change.vpc_id);
    struct ec2_route_table *table;

    if (!vpc ||
        call_check_quota(call, QUOTA_ROUTE_TABLES_PER_VPC,
                         state_count_in_vpc(call->state, KIND_ROUTE_TABLE, vpc->vpc_id)) < 0)
        return -EINVAL;
    table = route_table_new(call, vpc);
    call->made_id = table->route_table_id;
    call_tag(call, &table->tags);
    call->change_reply.route_table = *table;
    return 0;
}

/* A regional one has a table of its own (aws-facts 2.5). */
static bool is_of_nat_gateway(struct state *state, const char *id)
{
    VEC_EACH (gateway, &state->objects.nat_gateways)
        if (text_equal(gateway->route_table_id, id))
            return true;
    return false;
}

int route_table_delete(struct call *call)
{
    const char *id = call->change.route_table_id;
    const struct ec2_route_table *table = call_find(call, KIND_ROUTE_TABLE, id);

    if (!table)
        return -EINVAL;
    if (table->associations.n || is_of_nat_gateway(call->state, id))
        return call_fail(call, "DependencyViolation",
                         "The routeTable '%s' has dependencies and cannot be deleted.", id);
    state_remove(call->state, KIND_ROUTE_TABLE, id);
    return 0;
}

/* The routes that a virtual private gateway would propagate come with the world alone. */
int vgw_propagation_enable(struct call *call)
{
    const char *gateway_id = call->change.gateway_id;
    struct ec2_route_table *table = call_find(call, KIND_ROUTE_TABLE, call->change.route_table_id);

    if (!table)
        return -EINVAL;
    if (!id_is_well_formed(gateway_id, "vgw-"))
        return call_fail(call, "InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist",
                         gateway_id);
    VEC_EACH (vgw, &table->propagating_vgws)
        if (text_equal(vgw->gateway_id, gateway_id))
            return 0;
    LIST_ADD(call->state->arena, &table->propagating_vgws)->gateway_id = keep(call, gateway_id);
    return 0;
}
