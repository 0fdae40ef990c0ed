/* CreateRoute, ReplaceRoute, DeleteRoute. */
#include "actions.h"

/* ---- destinations ---- */

static bool has_destination(const struct ec2_change_request *change)
{
    return change->destination_cidr_block.family != FAMILY_NONE ||
           change->destination_ipv6_cidr_block.family != FAMILY_NONE ||
           change->destination_prefix_list_id;
}

static const char *destination_text(const struct ec2_change_request *change,
                                    char scratch[static PREFIX_TEXT_SIZE])
{
    if (change->destination_prefix_list_id)
        return change->destination_prefix_list_id;
    return prefix_format(change->destination_cidr_block.family != FAMILY_NONE
                             ? &change->destination_cidr_block
                             : &change->destination_ipv6_cidr_block,
                         scratch);
}

static const char *destination_noun(const struct ec2_change_request *change)
{
    return change->destination_prefix_list_id                     ? "destination-prefix-list-id"
           : change->destination_cidr_block.family != FAMILY_NONE ? "destination-cidr-block"
                                                                  : "destination-ipv6-cidr-block";
}

static int check_destination(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    int n = (change->destination_cidr_block.family != FAMILY_NONE) +
            (change->destination_ipv6_cidr_block.family != FAMILY_NONE) +
            (change->destination_prefix_list_id != NULL);

    if (n == 1 && change->destination_prefix_list_id)
        return call_find(call, KIND_PREFIX_LIST, change->destination_prefix_list_id) ? 0 : -EINVAL;
    if (!has_destination(change))
        return call_fail(call, "MissingParameter",
                         "The request must contain exactly one of destinationCidrBlock, "
                         "destinationIpv6CidrBlock, destinationPrefixListId");
    if (n > 1)
        return call_fail(call, "InvalidParameterCombination",
                         "The request must contain exactly one of destinationCidrBlock, "
                         "destinationIpv6CidrBlock, destinationPrefixListId");
    if (change->destination_cidr_block.family == FAMILY_IPV6 ||
        change->destination_ipv6_cidr_block.family == FAMILY_IPV4)
        return call_fail(call, "InvalidParameterValue",
                         "The destination is of the other address family than its parameter");
    return 0;
}

/* A static route of that destination, or a local one. A propagated route to the same destination
 * lies beside it and is nobody's to edit (aws-facts 2.2). */
static struct ec2_route *route_find(struct ec2_route_table *table,
                                    const struct ec2_change_request *change)
{
    VEC_EACH (route, &table->routes)
        if ((route->origin == EC2_ORIGIN_CREATE_ROUTE ||
             route->origin == EC2_ORIGIN_CREATE_ROUTE_TABLE) &&
            prefix_equal(&route->destination_cidr_block, &change->destination_cidr_block) &&
            prefix_equal(&route->destination_ipv6_cidr_block,
                         &change->destination_ipv6_cidr_block) &&
            text_equal(route->destination_prefix_list_id, change->destination_prefix_list_id))
            return route;
    return NULL;
}

/* ---- targets ---- */

static int check_internet_gateway(struct call *call, const struct ec2_route_table *table)
{
    const char *id = call->change.gateway_id;
    const struct ec2_internet_gateway *gateway = state_find(call->state, KIND_INTERNET_GATEWAY, id);

    if (id_is_well_formed(id, "vgw-")) /* not simulated: any will do */
        return 0;
    if (!gateway)
        return call_fail(call, "InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist",
                         id);
    if (internet_gateway_of_vpc(call->state, table->vpc_id) != gateway)
        return call_fail(call, "InvalidParameterValue",
                         "route table %s and network gateway %s belong to different networks",
                         table->route_table_id, id);
    return 0;
}

static int check_nat_gateway(struct call *call, const struct ec2_route_table *table)
{
    const char *id = call->change.nat_gateway_id;
    const struct ec2_nat_gateway *gateway = state_find(call->state, KIND_NAT_GATEWAY, id);

    /* One that is deleted but still listed is accepted, as people have found out. */
    if (!gateway) /* not the code that Describe and Delete have (aws-facts 2.4) */
        return call_fail(call, "InvalidNatGatewayID.NotFound",
                         "The natGateway ID '%s' does not exist", id);
    if (!text_equal(gateway->vpc_id, table->vpc_id))
        return call_fail(call, "InvalidParameterValue",
                         "route table %s and network gateway %s belong to different networks",
                         table->route_table_id, id);
    return 0;
}

static int check_egress_only_internet_gateway(struct call *call,
                                              const struct ec2_route_table *table)
{
    const char *id = call->change.egress_only_internet_gateway_id;
    const struct ec2_egress_only_internet_gateway *gateway =
        call_find(call, KIND_EGRESS_ONLY_INTERNET_GATEWAY, id);

    if (!gateway)
        return -EINVAL;
    if (call->change.destination_cidr_block.family != FAMILY_NONE)
        return call_fail(call, "InvalidParameterValue",
                         "An egress-only internet gateway takes IPv6 destinations only");
    if (!gateway->attachments.n || !text_equal(gateway->attachments.items[0].vpc_id, table->vpc_id))
        return call_fail(call, "InvalidParameterValue",
                         "route table %s and network gateway %s belong to different networks",
                         table->route_table_id, id);
    return 0;
}

static int check_network_interface(struct call *call, const struct ec2_route_table *table)
{
    const struct ec2_network_interface *interface =
        call_find(call, KIND_NETWORK_INTERFACE, call->change.network_interface_id);

    if (!interface)
        return -EINVAL;
    if (!text_equal(interface->vpc_id, table->vpc_id))
        return call_fail(call, "InvalidParameterValue",
                         "route table %s and interface %s belong to different networks",
                         table->route_table_id, interface->network_interface_id);
    return 0;
}

#define TARGET(m, parameter, ...)                                                                  \
    {                                                                                              \
        offsetof(struct ec2_change_request, m), parameter, __VA_ARGS__                             \
    }
/* What is not simulated is taken as it is said, if its id could be one. */
static const struct target_row {
    size_t offset;
    const char *parameter;
    int (*check)(struct call *call, const struct ec2_route_table *table);
    const char *prefix, *malformed;
    size_t route_offset;
} target_table[] = {
    TARGET(gateway_id, "gatewayId", check_internet_gateway,
           .route_offset = offsetof(struct ec2_route, gateway_id)),
    TARGET(nat_gateway_id, "natGatewayId", check_nat_gateway,
           .route_offset = offsetof(struct ec2_route, nat_gateway_id)),
    TARGET(egress_only_internet_gateway_id, "egressOnlyInternetGatewayId",
           check_egress_only_internet_gateway,
           .route_offset = offsetof(struct ec2_route, egress_only_internet_gateway_id)),
    TARGET(network_interface_id, "networkInterfaceId", check_network_interface,
           .route_offset = offsetof(struct ec2_route, network_interface_id)),
    TARGET(instance_id, "instanceId", NULL, "i-", "InvalidInstanceID.Malformed",
           offsetof(struct ec2_route, instance_id)),
    TARGET(transit_gateway_id, "transitGatewayId", NULL, "tgw-",
           "InvalidTransitGatewayID.Malformed", offsetof(struct ec2_route, transit_gateway_id)),
    TARGET(vpc_peering_connection_id, "vpcPeeringConnectionId", NULL, "pcx-",
           "InvalidVpcPeeringConnectionId.Malformed",
           offsetof(struct ec2_route, vpc_peering_connection_id)),
    /* A Gateway Load Balancer endpoint; it reads as gatewayId (aws-facts 2.2). */
    TARGET(vpc_endpoint_id, "vpcEndpointId", NULL, "vpce-", "InvalidVpcEndpointId.Malformed",
           offsetof(struct ec2_route, gateway_id)),
    TARGET(local_gateway_id, "localGatewayId", NULL, "lgw-", "InvalidLocalGatewayID.Malformed",
           offsetof(struct ec2_route, local_gateway_id)),
    TARGET(carrier_gateway_id, "carrierGatewayId", NULL, "cagw-",
           "InvalidCarrierGatewayID.Malformed", offsetof(struct ec2_route, carrier_gateway_id)),
    TARGET(core_network_arn, "coreNetworkArn",
           .route_offset = offsetof(struct ec2_route, core_network_arn)),
    TARGET(odb_network_arn, "odbNetworkArn",
           .route_offset = offsetof(struct ec2_route, odb_network_arn)),
};

static const char *target_value(const struct ec2_change_request *change,
                                const struct target_row *row)
{
    const char *value;

    memcpy(&value, (const char *)change + row->offset, sizeof(value));
    return value;
}

/* The one target of the request. */
static const struct target_row *choose_target(struct call *call)
{
    const struct target_row *chosen = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(target_table); i++) {
        if (!target_value(&call->change, &target_table[i]))
            continue;
        if (chosen) {
            call_fail(call, "InvalidParameterCombination",
                      "The request may contain only one target: %s and %s are given",
                      chosen->parameter, target_table[i].parameter);
            return NULL;
        }
        chosen = &target_table[i];
    }
    if (!chosen)
        call_fail(call, "MissingParameter",
                  "The request must contain exactly one of gatewayId, natGatewayId, "
                  "networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, "
                  "transitGatewayId, localGatewayId, carrierGatewayId, vpcEndpointId, "
                  "coreNetworkArn, odbNetworkArn, instanceId");
    return chosen;
}

static int check_target(struct call *call, const struct target_row *row,
                        const struct ec2_route_table *table)
{
    const char *value = target_value(&call->change, row);

    if (row->check)
        return row->check(call, table);
    if (row->prefix && !id_is_well_formed(value, row->prefix))
        return call_fail(call, row->malformed, "Invalid id: \"%s\" (expecting \"%s...\")", value,
                         row->prefix);
    return 0;
}

static void set_target(struct call *call, const struct target_row *row, struct ec2_route *route)
{
    struct ec2_route bare = {.destination_cidr_block = route->destination_cidr_block,
                             .destination_ipv6_cidr_block = route->destination_ipv6_cidr_block,
                             .destination_prefix_list_id = route->destination_prefix_list_id,
                             .origin = route->origin,
                             .state = EC2_ROUTE_ACTIVE};
    const char *value = keep(call, target_value(&call->change, row));

    memcpy((char *)&bare + row->route_offset, &value, sizeof(value));
    if (bare.instance_id)
        bare.instance_owner_id = keep(call, call->simulator->account);
    *route = bare;
}

/* ---- what a route may not do (aws-facts 9.2) ---- */

static bool is_subnet_block(struct state *state, const char *vpc_id, const struct prefix *block)
{
    VEC_EACH (subnet, &state->objects.subnets) {
        if (!text_equal(subnet->vpc_id, vpc_id))
            continue;
        if (prefix_equal(&subnet->cidr_block, block))
            return true;
        VEC_EACH (association, &subnet->ipv6_cidr_block_associations)
            if (prefix_equal(&association->ipv6_cidr_block, block))
                return true;
    }
    return false;
}

static bool may_redirect_local(const struct ec2_change_request *change)
{
    return change->nat_gateway_id || change->network_interface_id || change->vpc_endpoint_id ||
           change->instance_id;
}

static int check_place(struct call *call, const struct ec2_route_table *table)
{
    /* 169.254.168.0/22, fd00:ec2::/32 */
    static const struct prefix reserved[] = {
        {.family = FAMILY_IPV4, .length = 22, .bytes = {169, 254, 168, 0}},
        {.family = FAMILY_IPV6, .length = 32, .bytes = {0xfd, 0x00, 0x0e, 0xc2}},
    };
    const struct ec2_change_request *change = &call->change;
    const struct prefix *destination = change->destination_cidr_block.family != FAMILY_NONE
                                           ? &change->destination_cidr_block
                                           : &change->destination_ipv6_cidr_block;
    char text[PREFIX_TEXT_SIZE];

    if (destination->family == FAMILY_NONE)
        return 0;
    prefix_format(destination, text);
    for (size_t i = 0; i < ARRAY_SIZE(reserved); i++)
        if (prefix_contains(&reserved[i], destination))
            return call_fail(call, "InvalidParameterValue",
                             "The destination CIDR block %s is reserved", text);
    VEC_EACH (local, &table->routes) {
        const struct prefix *block = destination->family == FAMILY_IPV4
                                         ? &local->destination_cidr_block
                                         : &local->destination_ipv6_cidr_block;

        if (local->origin != EC2_ORIGIN_CREATE_ROUTE_TABLE ||
            !prefix_contains(block, destination) || prefix_equal(block, destination))
            continue;
        if (!is_subnet_block(call->state, table->vpc_id, destination) ||
            !may_redirect_local(change))
            return call_fail(
                call, "InvalidParameterValue",
                "The destination CIDR block %s is more specific than the local route: it "
                "must match a subnet and lead to a NAT gateway, an interface or an endpoint",
                text);
    }
    return 0;
}

/* IPv4 and IPv6 separate */
static size_t count_family(const struct ec2_route_table *table, bool ipv6)
{
    size_t n = 0;

    VEC_EACH (route, &table->routes)
        n += route->origin != EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION &&
             (route->destination_ipv6_cidr_block.family != FAMILY_NONE) == ipv6;
    return n;
}

/* ---- the actions ---- */

int route_create(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_route_table *table = call_find(call, KIND_ROUTE_TABLE, change->route_table_id);
    const struct target_row *target;
    struct ec2_route *route;
    char text[PREFIX_TEXT_SIZE];

    if (!table || check_destination(call) < 0)
        return -EINVAL;
    target = choose_target(call);
    if (!target || check_target(call, target, table) < 0)
        return -EINVAL;
    if (route_find(table, change))
        return call_fail(call, "RouteAlreadyExists", "The route identified by %s already exists.",
                         destination_text(change, text));
    if (check_place(call, table) < 0 ||
        call_check_quota(
            call, QUOTA_ROUTES_PER_TABLE,
            count_family(table, change->destination_ipv6_cidr_block.family != FAMILY_NONE)) < 0)
        return -EINVAL;

    route = LIST_ADD(call->state->arena, &table->routes);
    route->destination_cidr_block = change->destination_cidr_block;
    route->destination_ipv6_cidr_block = change->destination_ipv6_cidr_block;
    route->destination_prefix_list_id = keep(call, change->destination_prefix_list_id);
    route->origin = EC2_ORIGIN_CREATE_ROUTE;
    set_target(call, target, route);
    return 0;
}

static int replace_with_local(struct call *call, struct ec2_route *route)
{
    for (size_t i = 0; i < ARRAY_SIZE(target_table); i++)
        if (target_value(&call->change, &target_table[i]))
            return call_fail(call, "InvalidParameterCombination",
                             "localTarget and %s exclude each other", target_table[i].parameter);
    if (route->origin != EC2_ORIGIN_CREATE_ROUTE_TABLE)
        return call_fail(call, "InvalidParameterValue",
                         "localTarget is for the local route of a VPC's own block only");
    *route = (struct ec2_route){.destination_cidr_block = route->destination_cidr_block,
                                .destination_ipv6_cidr_block = route->destination_ipv6_cidr_block,
                                .gateway_id = "local",
                                .origin = EC2_ORIGIN_CREATE_ROUTE_TABLE,
                                .state = EC2_ROUTE_ACTIVE};
    return 0;
}

int route_replace(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_route_table *table = call_find(call, KIND_ROUTE_TABLE, change->route_table_id);
    const struct target_row *target = NULL;
    struct ec2_route *route;
    char text[PREFIX_TEXT_SIZE];

    if (!table || check_destination(call) < 0)
        return -EINVAL;
    if (change->local_target != WIRE_TRUE) {
        target = choose_target(call);
        if (!target || check_target(call, target, table) < 0)
            return -EINVAL;
    }
    route = route_find(table, change);
    if (!route) /* not a NotFound code: aws-facts 2.4 */
        return call_fail(call, "InvalidParameterValue",
                         "There is no route defined for '%s' in the route table. Use CreateRoute "
                         "instead.",
                         destination_text(change, text));
    if (!target)
        return replace_with_local(call, route);
    if (route->origin == EC2_ORIGIN_CREATE_ROUTE_TABLE && !may_redirect_local(change))
        return call_fail(
            call, "InvalidParameterValue",
            "The local route %s can lead to a NAT gateway, an interface or an endpoint only",
            destination_text(change, text));
    set_target(call, target, route);
    return 0;
}

int route_delete(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_route_table *table = call_find(call, KIND_ROUTE_TABLE, change->route_table_id);
    const struct ec2_route *route;
    char text[PREFIX_TEXT_SIZE];

    if (!table || check_destination(call) < 0)
        return -EINVAL;
    route = route_find(table, change);
    if (!route)
        return call_fail(call, "InvalidRoute.NotFound", "no route with %s %s in route table %s",
                         destination_noun(change), destination_text(change, text),
                         table->route_table_id);
    if (route->origin == EC2_ORIGIN_CREATE_ROUTE_TABLE)
        return call_fail(call, "InvalidParameterValue",
                         "cannot remove local route %s in route table %s",
                         destination_text(change, text), table->route_table_id);
    if (route->destination_prefix_list_id && text_starts_with(route->gateway_id, "vpce-"))
        return call_fail(call, "InvalidParameterValue", /* aws-facts 2.2 */
                         "cannot remove VPC endpoint route %s in route table %s",
                         destination_text(change, text), table->route_table_id);
    LIST_REMOVE(&table->routes, (size_t)(route - table->routes.items));
    return 0;
}
