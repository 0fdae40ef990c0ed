/* hostile_oracle.h - what may not be done in a world, by rules that share nothing with the product.
 */
#pragma once

#include "hostile_paths.h"

static inline const char *foreign_default(const struct vpc *vpc,
                                          const struct ec2_route_table *table,
                                          const struct prefix *destination, bool replaces)
{
    bool there = false;

    for (size_t i = 0; i < table->routes.n; i++) {
        const struct ec2_route *route = &table->routes.items[i];

        if (!prefix_equal(destination->family == FAMILY_IPV4 ? &route->destination_cidr_block
                                                             : &route->destination_ipv6_cidr_block,
                          destination))
            continue;
        there = true;
        if (route->origin != EC2_ORIGIN_CREATE_ROUTE && !replaces)
            return "beside a propagated default";
        if (route->origin == EC2_ORIGIN_CREATE_ROUTE &&
            (route->transit_gateway_id || text_starts_with(route->gateway_id, "vgw-")))
            return "somebody's design";
        if (route->origin != EC2_ORIGIN_CREATE_ROUTE && table->routes.n && replaces)
            return "a propagated default";
    }
    for (size_t i = 0; i < table->routes.n && !there; i++)
        if (text_equal(table->routes.items[i].destination_prefix_list_id, "pl-corp"))
            return "beside a customer's prefix list";
    (void)vpc;
    return NULL;
}

static inline const char *route_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_route_table *table = table_named(vpc, request->route_table_id);
    bool ipv4 = prefix_equal(&request->destination_cidr_block, &PREFIX_IPV4_DEFAULT),
         ipv6 = prefix_equal(&request->destination_ipv6_cidr_block, &PREFIX_IPV6_DEFAULT);
    const char *target = request->gateway_id ? request->gateway_id : request->nat_gateway_id, *why;
    struct change change = {.table = table};
    unsigned n_served = 0;

    target = target ? target : request->egress_only_internet_gateway_id;
    if (!table)
        return "S1: another table";
    if (ipv4 == ipv6 || request->destination_prefix_list_id ||
        (ipv4 && request->destination_ipv6_cidr_block.family != FAMILY_NONE) ||
        (ipv6 && request->destination_cidr_block.family != FAMILY_NONE))
        return "S2: another destination";
    if ((request->gateway_id != NULL) + (request->nat_gateway_id != NULL) +
                (request->egress_only_internet_gateway_id != NULL) !=
            1 ||
        request->transit_gateway_id || request->local_target)
        return "S2: not one target";
    for (size_t i = 0; i < table->associations.n; i++)
        if (table->associations.items[i].main == WIRE_TRUE ||
            table->associations.items[i].gateway_id)
            return "S2: main or edge table";
    VEC_EACH (subnet, &vpc->observation.subnets) {
        bool explicit_;
        const struct subnet_group *group;

        if (!text_equal(subnet->vpc_id, "vpc-1") ||
            table_of_subnet(vpc, subnet->subnet_id, &explicit_) != table)
            continue;
        n_served++;
        group = group_of(vpc, subnet->subnet_id);
        if (!group)
            return "S2: an undeclared subnet";
        if (!declares(ipv4 ? &group->ipv4 : &group->ipv6, target))
            return "S2: not declared";
    }
    if (!n_served)
        return "S2: nobody's table";
    change.destination = ipv4 ? PREFIX_IPV4_DEFAULT : PREFIX_IPV6_DEFAULT;
    change.target = target;
    why = foreign_default(vpc, table, &change.destination, action->call == EC2_REPLACE_ROUTE);
    if (why)
        return why;
    if (text_starts_with(target, "nat-")) {
        VEC_EACH (gateway, &vpc->observation.nat_gateways)
            if (text_equal(gateway->nat_gateway_id, target) &&
                (!text_equal(gateway->vpc_id, "vpc-1") || gateway->state != EC2_STATE_AVAILABLE ||
                 gateway->connectivity_type != EC2_CONNECTIVITY_PUBLIC))
                return "S1: a NAT gateway that is none for this VPC";
    } else if (text_equal(target, "igw-9") || text_equal(target, "eigw-9")) {
        return "S1: another VPC's gateway";
    } else if (!action->input_is_fresh && !igw_carries(vpc, target) && !eigw_carries(vpc, target)) {
        return "nothing attached here";
    }
    return path_that_gets_worse(vpc, &change);
}

static inline const char *association_forbidden(const struct vpc *vpc,
                                                const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_route_table *table = table_named(vpc, request->route_table_id);
    const struct ec2_subnet *subnet = subnet_named(vpc, request->subnet_id);
    const struct subnet_group *group = group_of(vpc, request->subnet_id);
    const struct change change = {.subnet = request->subnet_id, .table = table};
    bool explicit_;

    if (!table || !subnet || request->gateway_id)
        return "S1: another table or subnet";
    if (!group)
        return "S2: an undeclared subnet";
    table_of_subnet(vpc, request->subnet_id, &explicit_);
    if (explicit_)
        return "it has an association";
    for (size_t i = 0; i < table->associations.n; i++) {
        const struct ec2_route_table_association *other = &table->associations.items[i];

        if (other->main == WIRE_TRUE || other->gateway_id ||
            group_of(vpc, other->subnet_id) != group)
            return "S2: somebody else's table";
    }
    for (size_t f = 0; f < 2; f++) {
        const struct ec2_route *way = match(table, f ? &PREFIX_IPV6_DEFAULT : &PREFIX_IPV4_DEFAULT);
        const char *target;

        if (!way || way->state != EC2_ROUTE_ACTIVE)
            continue;
        target = way->gateway_id ? way->gateway_id : way->nat_gateway_id;
        target = target ? target : way->egress_only_internet_gateway_id;
        if ((igw_carries(vpc, target) || eigw_carries(vpc, target) || !target) &&
            !declares(f ? &group->ipv6 : &group->ipv4, target))
            return "S7: a way out that nobody declared";
    }
    return path_that_gets_worse(vpc, &change);
}

static inline const char *gateway_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    bool egress = action->call == EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY;
    bool dead_route_names_it = false;

    if (action->call != EC2_CREATE_INTERNET_GATEWAY && !text_equal(request->vpc_id, "vpc-1"))
        return "S1: another VPC";
    if (!wanted(vpc, egress ? OPTION_EGRESS_ONLY_INTERNET_GATEWAY : OPTION_INTERNET_GATEWAY))
        return "nobody declares it";
    if (egress) {
        VEC_EACH (gateway, &vpc->observation.egress_only_internet_gateways)
            if (gateway->attachments.n && text_equal(gateway->attachments.items[0].vpc_id, "vpc-1"))
                return "S3: a second one";
        return NULL;
    }
    VEC_EACH (gateway, &vpc->observation.internet_gateways)
        if (gateway->attachments.n && text_equal(gateway->attachments.items[0].vpc_id, "vpc-1"))
            return "S3: a second one";
    if (action->call == EC2_CREATE_INTERNET_GATEWAY)
        return NULL;
    VEC_EACH (table, &vpc->observation.route_tables)
        for (size_t i = 0; i < table->routes.n; i++)
            dead_route_names_it |=
                table->routes.items[i].state == EC2_ROUTE_BLACKHOLE &&
                text_equal(table->vpc_id, "vpc-1") &&
                text_equal(table->routes.items[i].gateway_id, request->internet_gateway_id);
    VEC_EACH (gateway, &vpc->observation.internet_gateways)
        if (text_equal(gateway->internet_gateway_id, request->internet_gateway_id) &&
            (gateway->attachments.n || !(gateway->tags.n || dead_route_names_it)))
            return "S1, S2: somebody else's";
    return text_equal(request->internet_gateway_id, "igw-none") && !action->input_is_fresh
               ? "what nobody has seen"
               : NULL;
}

/* ---- the oracle: NAT gateways and tables that are made ---- */

/* The zone that a role ends in; NULL: another role. */
static inline const char *zone_of_role(const char *role, const char *what)
{
    return text_starts_with(role, what) ? role + strlen(what) : NULL;
}

static inline bool zone_wants_nat(const struct vpc *vpc, const char *zone)
{
    VEC_EACH (subnet, &vpc->observation.subnets) {
        const struct subnet_group *group = group_of(vpc, subnet->subnet_id);

        if (group && text_equal(subnet->availability_zone, zone) && group->ipv4.n &&
            group->ipv4.items[0].option == OPTION_NAT_GATEWAY)
            return true;
    }
    return false;
}

static inline bool is_public(const struct vpc *vpc, const struct ec2_subnet *subnet)
{
    const struct subnet_group *group = subnet ? group_of(vpc, subnet->subnet_id) : NULL;

    return group && strcmp(group->name, "public") == 0;
}

/* S3: something that is, will be, or may be the zone's. */
static inline bool zone_is_served(const struct vpc *vpc, const char *zone)
{
    VEC_EACH (gateway, &vpc->observation.nat_gateways) {
        const struct ec2_subnet *home = subnet_named(vpc, gateway->subnet_id);
        bool regional = gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL;

        if (!text_equal(gateway->vpc_id, "vpc-1") ||
            gateway->connectivity_type == EC2_CONNECTIVITY_PRIVATE ||
            gateway->state == EC2_STATE_DELETED || gateway->state == EC2_STATE_FAILED)
            continue;
        if (regional || (zone && is_public(vpc, home) && text_equal(home->availability_zone, zone)))
            return true;
    }
    return false;
}

static inline const char *address_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const char *zone = zone_of_role(action->role, "elastic-ip/");
    unsigned unattached = 0, bare = 0;

    if (vpc->target.nat_gateways.placement != NAT_PER_AZ || !zone || !zone_wants_nat(vpc, zone))
        return "nobody needs it";
    if (zone_is_served(vpc, zone))
        return "S3: the zone has a gateway, or will have one";
    if (!text_equal(action->request.domain, "vpc") || action->request.address)
        return "S2: one of somebody's choice";
    VEC_EACH (address, &vpc->observation.addresses)
        unattached += text_empty(address->association_id) && address->tags.n > 0;
    bare += !zone_is_served(vpc, ZONE_A) && zone_wants_nat(vpc, ZONE_A);
    bare += !zone_is_served(vpc, ZONE_C) && zone_wants_nat(vpc, ZONE_C);
    return unattached + 1 > bare ? "S4: more addresses than zones" : NULL;
}

static inline const char *regional_forbidden(const struct vpc *vpc,
                                             const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;

    if (vpc->target.nat_gateways.placement != NAT_REGIONAL || !wanted(vpc, OPTION_NAT_GATEWAY))
        return "nobody declares it";
    if (!text_equal(request->vpc_id, "vpc-1") || request->subnet_id || request->allocation_id)
        return "S1: another VPC, or half a zonal one";
    return zone_is_served(vpc, NULL) ? "S3: a second one" : NULL;
}

static inline const char *nat_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_subnet *subnet = subnet_named(vpc, request->subnet_id);
    const struct ec2_route_table *table;
    const struct ec2_route *way;
    const char *zone = zone_of_role(action->role, "nat-gateway/");
    bool explicit_, known = action->input_is_fresh;

    if (request->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL)
        return regional_forbidden(vpc, action);
    if (vpc->target.nat_gateways.placement != NAT_PER_AZ || !zone || !zone_wants_nat(vpc, zone))
        return "nobody needs it";
    if (!is_public(vpc, subnet) || !text_equal(subnet->availability_zone, zone))
        return "S2: another place";
    if (zone_is_served(vpc, zone))
        return "S3: a second one";
    if (request->connectivity_type == EC2_CONNECTIVITY_PRIVATE)
        return "not a public one";
    VEC_EACH (address, &vpc->observation.addresses)
        known |= text_equal(address->allocation_id, request->allocation_id) &&
                 text_empty(address->association_id);
    if (!known)
        return "S2: an address that nobody has seen";
    table = table_of_subnet(vpc, subnet->subnet_id, &explicit_);
    way = table ? match(table, &PREFIX_IPV4_DEFAULT) : NULL;
    return way && way->state == EC2_ROUTE_ACTIVE && way->gateway_id &&
                   igw_carries(vpc, way->gateway_id)
               ? NULL
               : "it would fail: there is no way out";
}

static inline bool ours_for(const struct ec2_route_table *table, const char *role)
{
    return table && text_equal(ec2_tag_value(&table->tags, TAG_OWNER), "vpc-reconciled/vpc-1") &&
           text_equal(ec2_tag_value(&table->tags, TAG_ROLE), role);
}

static inline const char *table_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    unsigned n_without = 0;

    if (!text_equal(action->request.vpc_id, "vpc-1"))
        return "S1: another VPC";
    VEC_EACH (table, &vpc->observation.route_tables)
        if (ours_for(table, action->role))
            return "a second one";
    VEC_EACH (subnet, &vpc->observation.subnets) {
        const struct subnet_group *group = group_of(vpc, subnet->subnet_id);
        const struct ec2_route_table *table;
        bool explicit_, shared = false;

        if (!group || !text_starts_with(action->role,
                                        arena_printf(vpc->arena, "route-table/%s/", group->name)))
            continue;
        table = table_of_subnet(vpc, subnet->subnet_id, &explicit_);
        VEC_EACH (other, &vpc->observation.subnets)
            shared |= !text_equal(other->availability_zone, subnet->availability_zone) &&
                      table_of_subnet(vpc, other->subnet_id, &explicit_) == table;
        table_of_subnet(vpc, subnet->subnet_id, &explicit_);
        n_without += !explicit_ || shared;
    }
    return n_without ? NULL : "nobody needs it";
}

/* Only what another table of the VPC has, into a table of ours that nobody is served by. */
static inline const char *copy_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_route_table *copy = table_named(vpc, request->route_table_id);

    if (action->call != EC2_CREATE_ROUTE || copy->associations.n)
        return "a copy is added to until it is used";
    VEC_EACH (table, &vpc->observation.route_tables)
        for (size_t i = 0; i < table->routes.n; i++) {
            const struct ec2_route *route = &table->routes.items[i];

            if (prefix_equal(&route->destination_cidr_block, &request->destination_cidr_block) &&
                prefix_equal(&route->destination_ipv6_cidr_block,
                             &request->destination_ipv6_cidr_block) &&
                text_equal(route->gateway_id, request->gateway_id) &&
                text_equal(route->nat_gateway_id, request->nat_gateway_id) &&
                text_equal(route->egress_only_internet_gateway_id,
                           request->egress_only_internet_gateway_id) &&
                text_equal(route->transit_gateway_id, request->transit_gateway_id) &&
                text_equal(table->vpc_id, "vpc-1") && table != copy)
                return NULL;
        }
    return "S7: a route that no table has";
}

static inline const char *move_forbidden(const struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_change_request *request = &action->request;
    const struct ec2_route_table *copy = table_named(vpc, request->route_table_id);
    struct change change = {.table = copy};

    if (!ours_for(copy, action->role))
        return "S2: to a table that we did not make for it";
    VEC_EACH (table, &vpc->observation.route_tables)
        for (size_t i = 0; i < table->associations.n; i++)
            if (request->association_id &&
                text_equal(table->associations.items[i].route_table_association_id,
                           request->association_id))
                change.subnet = table->associations.items[i].subnet_id;
    if (!change.subnet || !subnet_named(vpc, change.subnet) || !group_of(vpc, change.subnet))
        return "S2: not a declared subnet's association";
    return path_that_gets_worse(vpc, &change);
}

static inline const char *forbidden(const struct vpc *vpc, const struct plan_action *action,
                                    const struct guard_policy *policy)
{
    unsigned needs = NEEDS(VPCS) | NEEDS(SUBNETS);

    if (policy->observe_only || !vpc->target.repair_mode || vpc->target.observe_because)
        return "S15";
    if (policy->pass != vpc->observation.pass ||
        policy->now.monotonic_ms - vpc->observation.at.monotonic_ms > 120000)
        return "S5: another pass, or too old";
    VEC_EACH (item, &vpc->observation.vpcs)
        if (text_equal(item->vpc_id, "vpc-1") && !text_equal(item->owner_id, ACCOUNT))
            return "S1: another account";
    switch (action->call) {
    case EC2_CREATE_INTERNET_GATEWAY:
    case EC2_ATTACH_INTERNET_GATEWAY:
        needs |= NEEDS(INTERNET_GATEWAYS);
        break;
    case EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY:
        needs |= NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS);
        break;
    case EC2_CREATE_ROUTE:
    case EC2_REPLACE_ROUTE:
    case EC2_ASSOCIATE_ROUTE_TABLE:
        needs |= NEEDS(ROUTE_TABLES) | NEEDS(INTERNET_GATEWAYS) |
                 NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) | NEEDS(NAT_GATEWAYS);
        break;
    case EC2_ALLOCATE_ADDRESS:
    case EC2_CREATE_NAT_GATEWAY:
    case EC2_CREATE_ROUTE_TABLE:
    case EC2_REPLACE_ROUTE_TABLE_ASSOCIATION:
        needs |= NEEDS(ROUTE_TABLES) | NEEDS(INTERNET_GATEWAYS) |
                 NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) | NEEDS(NAT_GATEWAYS) | NEEDS(ADDRESSES) |
                 NEEDS(AVAILABILITY_ZONES);
        break;
    default:
        return "S8";
    }
    if (needs & ~vpc->snapshot->complete)
        return "S5: an incomplete list";
    if (action->call == EC2_ALLOCATE_ADDRESS)
        return address_forbidden(vpc, action);
    if (action->call == EC2_CREATE_NAT_GATEWAY)
        return nat_forbidden(vpc, action);
    if (action->call == EC2_CREATE_ROUTE_TABLE)
        return table_forbidden(vpc, action);
    if (action->call == EC2_REPLACE_ROUTE_TABLE_ASSOCIATION)
        return move_forbidden(vpc, action);
    if (action->call == EC2_ASSOCIATE_ROUTE_TABLE)
        return association_forbidden(vpc, action);
    if (action->call == EC2_CREATE_ROUTE || action->call == EC2_REPLACE_ROUTE)
        return ours_for(table_named(vpc, action->request.route_table_id), action->role)
                   ? copy_forbidden(vpc, action)
                   : route_forbidden(vpc, action);
    return gateway_forbidden(vpc, action);
}
