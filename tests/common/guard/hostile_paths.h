/* hostile_paths.h - the oracle's own eyes: what a world is, and where its packets go, read off
 * EC2's structs. */
#pragma once

#include "support/vpc.h"

static inline const struct ec2_route_table *table_named(const struct vpc *vpc, const char *id)
{
    VEC_EACH (table, &vpc->observation.route_tables)
        if (id && text_equal(table->route_table_id, id) && text_equal(table->vpc_id, "vpc-1"))
            return table;
    return NULL;
}

static inline const struct ec2_subnet *subnet_named(const struct vpc *vpc, const char *id)
{
    VEC_EACH (subnet, &vpc->observation.subnets)
        if (id && text_equal(subnet->subnet_id, id) && text_equal(subnet->vpc_id, "vpc-1"))
            return subnet;
    return NULL;
}

static inline const struct subnet_group *group_of(const struct vpc *vpc, const char *subnet)
{
    for (size_t i = 0; i < vpc->target.n_groups; i++)
        if (texts_contain(&vpc->groups[i].subnet_ids, subnet))
            return &vpc->groups[i];
    return NULL;
}

static inline const struct ec2_route_table *table_of_subnet(const struct vpc *vpc,
                                                            const char *subnet, bool *ret_explicit)
{
    const struct ec2_route_table *main = NULL;

    *ret_explicit = true;
    VEC_EACH (table, &vpc->observation.route_tables)
        for (size_t i = 0; i < table->associations.n; i++) {
            if (subnet && text_equal(table->associations.items[i].subnet_id, subnet))
                return table;
            if (table->associations.items[i].main == WIRE_TRUE)
                main = table;
        }
    *ret_explicit = false;
    return main;
}

static inline bool attached(const struct ec2_gateway_attachment *items, size_t n)
{
    return n == 1 && text_equal(items[0].vpc_id, "vpc-1") &&
           (items[0].state == EC2_ATTACHMENT_ATTACHED ||
            items[0].state == EC2_ATTACHMENT_AVAILABLE);
}

static inline bool igw_carries(const struct vpc *vpc, const char *id)
{
    VEC_EACH (gateway, &vpc->observation.internet_gateways)
        if (text_equal(gateway->internet_gateway_id, id))
            return attached(gateway->attachments.items, gateway->attachments.n);
    return false;
}

static inline bool eigw_carries(const struct vpc *vpc, const char *id)
{
    VEC_EACH (gateway, &vpc->observation.egress_only_internet_gateways)
        if (text_equal(gateway->egress_only_internet_gateway_id, id))
            return attached(gateway->attachments.items, gateway->attachments.n);
    return false;
}

/* What a table would do with a packet to the destination: its longest match, static before the
 * rest. */
static inline const struct ec2_route *match(const struct ec2_route_table *table,
                                            const struct prefix *destination)
{
    const struct ec2_route *best = NULL;
    unsigned best_length = 0;

    for (size_t i = 0; i < table->routes.n; i++) {
        const struct ec2_route *route = &table->routes.items[i];
        const struct prefix *to = destination->family == FAMILY_IPV4
                                      ? &route->destination_cidr_block
                                      : &route->destination_ipv6_cidr_block;

        if (!prefix_contains(to, destination))
            continue;
        if (!best || to->length > best_length ||
            (to->length == best_length && route->origin == EC2_ORIGIN_CREATE_ROUTE)) {
            best = route;
            best_length = to->length;
        }
    }
    return best;
}

/* The change under judgement: a subnet that has another table, or a default that leads elsewhere.
 */
struct change {
    const char *subnet;
    const struct ec2_route_table *table;
    struct prefix destination;
    const char *target;
};

/* Where a packet of the subnet ends: "" is nowhere, else what carries it out of the VPC. */
static inline const char *way_out(const struct vpc *vpc, const char *subnet,
                                  const struct prefix *to, bool public_source,
                                  const struct change *change, unsigned depth)
{
    bool explicit_;
    const struct ec2_route_table *table = table_of_subnet(vpc, subnet, &explicit_);
    const struct ec2_route *route;
    const char *target = NULL;

    if (change && text_equal(change->subnet, subnet))
        table = change->table;
    route = table ? match(table, to) : NULL;
    if (change && !change->subnet && table == change->table &&
        prefix_contains(&change->destination, to) &&
        (!route || prefix_equal(&change->destination, to->family == FAMILY_IPV4
                                                          ? &route->destination_cidr_block
                                                          : &route->destination_ipv6_cidr_block)))
        target = change->target;
    else if (!route || route->state != EC2_ROUTE_ACTIVE)
        return "";
    if (!target) {
        target = route->gateway_id ? route->gateway_id : route->nat_gateway_id;
        target = target ? target : route->egress_only_internet_gateway_id;
        target = target ? target : route->transit_gateway_id;
        target = target ? target : route->vpc_peering_connection_id;
    }
    if (text_starts_with(target, "igw-"))
        return igw_carries(vpc, target) && (to->family == FAMILY_IPV6 || public_source) ? "internet"
                                                                                        : "";
    if (text_starts_with(target, "eigw-"))
        return eigw_carries(vpc, target) ? "internet" : "";
    if (!text_starts_with(target, "nat-"))
        return target ? target : "";
    VEC_EACH (gateway, &vpc->observation.nat_gateways)
        if (text_equal(gateway->nat_gateway_id, target) && gateway->state == EC2_STATE_AVAILABLE &&
            text_equal(gateway->vpc_id, "vpc-1") && depth < 3)
            return way_out(vpc, gateway->subnet_id, to, true, change, depth + 1);
    return "";
}

/* S7: does anything in any subnet of the VPC, for any destination that a table names, lose its way?
 */
static inline const char *path_that_gets_worse(const struct vpc *vpc, const struct change *change)
{
    VEC_EACH (subnet, &vpc->observation.subnets) {
        if (!text_equal(subnet->vpc_id, "vpc-1"))
            continue;
        VEC_EACH (table, &vpc->observation.route_tables)
            for (size_t i = 0; i < table->routes.n; i++) {
                const struct ec2_route *route = &table->routes.items[i];
                const struct prefix *to = route->destination_cidr_block.family != FAMILY_NONE
                                              ? &route->destination_cidr_block
                                              : &route->destination_ipv6_cidr_block;

                if (to->family == FAMILY_NONE)
                    continue;
                for (unsigned public_source = 0; public_source < 2; public_source++) {
                    const char *before, *after;
                    bool lives_here = false;

                    /* Who is there to lose it: interfaces, by their addresses, and NAT gateways. */
                    VEC_EACH (interface, &vpc->observation.network_interfaces)
                        lives_here |= text_equal(interface->subnet_id, subnet->subnet_id) &&
                                      (interface->association_public_ip != NULL) == public_source;
                    VEC_EACH (gateway, &vpc->observation.nat_gateways)
                        lives_here |= public_source && gateway->state == EC2_STATE_AVAILABLE &&
                                      text_equal(gateway->subnet_id, subnet->subnet_id);
                    if (!lives_here)
                        continue;
                    before = way_out(vpc, subnet->subnet_id, to, public_source, NULL, 0);
                    after = way_out(vpc, subnet->subnet_id, to, public_source, change, 0);
                    /* A network behind a peering is not reached through anything else. */
                    if (*before && (!*after || (strcmp(before, "internet") != 0 &&
                                                strcmp(before, after) != 0))) {
                        char text[PREFIX_TEXT_SIZE];

                        return arena_printf(vpc->arena, "S7: %s to %s: \"%s\", then \"%s\"",
                                            subnet->subnet_id, prefix_format(to, text), before,
                                            after);
                    }
                }
            }
    }
    return NULL;
}

static inline bool declares(const struct declared_options *options, const char *target)
{
    for (size_t i = 0; i < options->n; i++)
        if ((options->items[i].option == OPTION_INTERNET_GATEWAY &&
             text_starts_with(target, "igw-")) ||
            (options->items[i].option == OPTION_NAT_GATEWAY && text_starts_with(target, "nat-")) ||
            (options->items[i].option == OPTION_EGRESS_ONLY_INTERNET_GATEWAY &&
             text_starts_with(target, "eigw-")))
            return true;
    return false;
}

static inline bool wanted(const struct vpc *vpc, enum option option)
{
    for (size_t g = 0; g < vpc->target.n_groups; g++)
        for (size_t f = 0; f < 2; f++) {
            const struct declared_options *options =
                f ? &vpc->groups[g].ipv6 : &vpc->groups[g].ipv4;

            for (size_t i = 0; i < options->n; i++)
                if (options->items[i].option == option)
                    return true;
        }
    return false;
}
