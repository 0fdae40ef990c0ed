#include "route.h"

#include <stdlib.h>

/* One row for each kind: the ids that lead to it, and the words for it. */
static const struct {
    const char *id_prefix, *name;
    bool foreign;
} kind_table[] = {
    /* A kind of target so new that its element is passed over reads as none at all: foreign. */
    [TARGET_NONE] = {NULL, "nothing that this version knows", true},
    [TARGET_LOCAL] = {"local", "the VPC itself", false},
    [TARGET_INTERNET_GATEWAY] = {"igw-", "an internet gateway", false},
    [TARGET_NAT_GATEWAY] = {"nat-", "a NAT gateway", false},
    [TARGET_EGRESS_ONLY_INTERNET_GATEWAY] = {"eigw-", "an egress-only internet gateway", false},
    [TARGET_VPC_ENDPOINT] = {"vpce-", "a VPC endpoint (gateway or firewall)", true},
    [TARGET_TRANSIT_GATEWAY] = {"tgw-", "a transit gateway", true},
    [TARGET_NETWORK_INTERFACE] = {"eni-", "a network interface (instance or appliance)", true},
    [TARGET_VPC_PEERING_CONNECTION] = {"pcx-", "a VPC peering connection", true},
    [TARGET_VIRTUAL_PRIVATE_GATEWAY] = {"vgw-", "a virtual private gateway", true},
    [TARGET_CARRIER_GATEWAY] = {"cagw-", "a carrier gateway", true},
    [TARGET_LOCAL_GATEWAY] = {"lgw-", "a local gateway", true},
    [TARGET_CORE_NETWORK] = {"arn:", "a core network", true},
    [TARGET_OTHER] = {NULL, "a target of a kind that this version does not know", true},
};

const char *target_kind_name(enum target_kind kind)
{
    return kind_table[kind].name;
}

bool target_kind_is_foreign(enum target_kind kind)
{
    return kind_table[kind].foreign;
}

enum target_kind target_kind_of_id(const char *id)
{
    if (text_empty(id))
        return TARGET_NONE;
    for (size_t kind = 0; kind < ARRAY_SIZE(kind_table); kind++)
        if (kind_table[kind].id_prefix && text_starts_with(id, kind_table[kind].id_prefix))
            return (enum target_kind)kind;
    return TARGET_OTHER;
}

/* A route names one target; an instance route names its interface too, and that is the target. */
static const char *first_target(const struct ec2_route *ec2)
{
    const char *const ids[] = {
        ec2->gateway_id,         ec2->nat_gateway_id,       ec2->egress_only_internet_gateway_id,
        ec2->transit_gateway_id, ec2->network_interface_id, ec2->vpc_peering_connection_id,
        ec2->local_gateway_id,   ec2->carrier_gateway_id,   ec2->core_network_arn,
        ec2->odb_network_arn,    ec2->instance_id,          ec2->ip_address,
    };

    for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
        if (!text_empty(ids[i]))
            return ids[i];
    return NULL;
}

void route_derive(const struct ec2_route *ec2, struct route *ret_route)
{
    struct route route = {.ec2 = ec2, .state = ec2->state, .origin = ec2->origin};

    if (ec2->destination_cidr_block.family != FAMILY_NONE)
        route.destination = ec2->destination_cidr_block;
    else if (ec2->destination_ipv6_cidr_block.family != FAMILY_NONE)
        route.destination = ec2->destination_ipv6_cidr_block;
    else
        route.prefix_list_id = ec2->destination_prefix_list_id;
    route.target_id = first_target(ec2);
    route.kind = target_kind_of_id(route.target_id);
    *ret_route = route;
}

int route_compare(const void *left, const void *right)
{
    const struct route *a = left, *b = right;
    bool a_list = a->destination.family == FAMILY_NONE,
         b_list = b->destination.family == FAMILY_NONE;
    bool a_static = a->origin == EC2_ORIGIN_CREATE_ROUTE,
         b_static = b->origin == EC2_ORIGIN_CREATE_ROUTE;
    int r;

    if (a_list != b_list)
        return a_list - b_list;
    r = a_list ? text_compare(a->prefix_list_id, b->prefix_list_id)
               : prefix_compare(&a->destination, &b->destination);
    if (r != 0)
        return r;
    if (a_static != b_static)
        return b_static - a_static;
    return text_compare(a->target_id, b->target_id);
}

/* First route of the destination, in sorted order. */
static const struct route *lower_bound(const struct route_table *table,
                                       const struct prefix *destination)
{
    size_t low = 0, high = table->n_routes;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct route *route = &table->routes[middle];

        if (route->destination.family != FAMILY_NONE &&
            prefix_compare(&route->destination, destination) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == table->n_routes || !prefix_equal(&table->routes[low].destination, destination))
        return NULL;
    return &table->routes[low];
}

const struct route *route_table_find(const struct route_table *table,
                                     const struct prefix *destination)
{
    return lower_bound(table, destination);
}

const struct route *route_table_find_static(const struct route_table *table,
                                            const struct prefix *destination)
{
    const struct route *route = lower_bound(table, destination);

    return route && route->origin == EC2_ORIGIN_CREATE_ROUTE ? route : NULL;
}
