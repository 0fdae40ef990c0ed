/* Is a route's target there? Only gateways of the kinds that are simulated are judged: the state of
 * a route to anything else stays as it was made or loaded. */
#include "actions.h"

static bool internet_gateway_serves(struct state *state, const char *id, const char *vpc_id)
{
    const struct ec2_internet_gateway *gateway = state_find(state, KIND_INTERNET_GATEWAY, id);

    return gateway && gateway->attachments.n &&
           text_equal(gateway->attachments.items[0].vpc_id, vpc_id);
}

static bool egress_only_internet_gateway_serves(struct state *state, const char *id,
                                                const char *vpc_id)
{
    const struct ec2_egress_only_internet_gateway *gateway =
        state_find(state, KIND_EGRESS_ONLY_INTERNET_GATEWAY, id);

    return gateway && gateway->attachments.n &&
           text_equal(gateway->attachments.items[0].vpc_id, vpc_id);
}

static bool nat_gateway_serves(struct state *state, const char *id)
{
    const struct ec2_nat_gateway *gateway = state_find(state, KIND_NAT_GATEWAY, id);

    return gateway &&
           (gateway->state == EC2_STATE_AVAILABLE || gateway->state == EC2_STATE_PENDING);
}

static void refresh(struct state *state, const char *vpc_id, struct ec2_route *route)
{
    bool active;

    if (text_starts_with(route->gateway_id, "igw-"))
        active = internet_gateway_serves(state, route->gateway_id, vpc_id);
    else if (route->egress_only_internet_gateway_id)
        active = egress_only_internet_gateway_serves(state, route->egress_only_internet_gateway_id,
                                                     vpc_id);
    else if (route->nat_gateway_id)
        active = nat_gateway_serves(state, route->nat_gateway_id);
    else
        return;
    route->state = active ? EC2_ROUTE_ACTIVE : EC2_ROUTE_BLACKHOLE;
}

void routes_refresh(struct state *state)
{
    VEC_EACH (table, &state->objects.route_tables)
        VEC_EACH (route, &table->routes)
            refresh(state, table->vpc_id, route);
}
