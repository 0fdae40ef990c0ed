#include "route.h"

#include "vpc_reconciled/fault.h"

#include <stdlib.h>

#define PLAN_NEEDS (NEEDS(VPCS) | NEEDS(SUBNETS) | NEEDS(ROUTE_TABLES))

static bool in_vpc(const char *vpc_id, const struct snapshot *snapshot)
{
    return text_equal(vpc_id, snapshot->vpc->vpc_id);
}

static void add_route_tables(struct arena *arena, struct snapshot *snapshot)
{
    const struct observation *observation = snapshot->observation;

    snapshot->route_tables =
        ARENA_ARRAY(arena, struct route_table, observation->route_tables.n + 1);
    VEC_EACH (ec2, &observation->route_tables) {
        struct route_table *table = &snapshot->route_tables[snapshot->n_route_tables];

        if (!in_vpc(ec2->vpc_id, snapshot))
            continue;
        table->ec2 = ec2;
        table->id = ec2->route_table_id;
        table->routes = ARENA_ARRAY(arena, struct route, ec2->routes.n + 1);
        table->propagating = ec2->propagating_vgws.n > 0;
        for (size_t i = 0; i < ec2->routes.n; i++) {
            struct route *route = &table->routes[table->n_routes++];

            route_derive(&ec2->routes.items[i], route);
            table->propagating |= route->origin != EC2_ORIGIN_CREATE_ROUTE_TABLE &&
                                  route->origin != EC2_ORIGIN_CREATE_ROUTE;
        }
        qsort(table->routes, table->n_routes, sizeof(*table->routes), route_compare);
        for (size_t i = 0; i < ec2->associations.n; i++) {
            const struct ec2_route_table_association *association = &ec2->associations.items[i];

            table->main |= association->main == WIRE_TRUE;
            table->gateway_association |= !text_empty(association->gateway_id);
            table->changing |= association->state != EC2_ASSOCIATION_ABSENT &&
                               association->state != EC2_ASSOCIATION_ASSOCIATED &&
                               association->state != EC2_ASSOCIATION_DISASSOCIATED;
        }
        snapshot->n_route_tables++;
    }
}

/* An association that is gone still may be listed; the rest names its subnet's table. */
static const struct ec2_route_table_association *
explicit_association(const struct snapshot *snapshot, const char *subnet_id,
                     struct route_table **ret_table)
{
    for (size_t t = 0; t < snapshot->n_route_tables; t++) {
        struct route_table *table = &snapshot->route_tables[t];

        for (size_t i = 0; i < table->ec2->associations.n; i++) {
            const struct ec2_route_table_association *association =
                &table->ec2->associations.items[i];

            if (text_equal(association->subnet_id, subnet_id) &&
                association->state != EC2_ASSOCIATION_DISASSOCIATED &&
                association->state != EC2_ASSOCIATION_FAILED) {
                *ret_table = table;
                return association;
            }
        }
    }
    return NULL;
}

static void add_subnets(struct arena *arena, struct snapshot *snapshot)
{
    const struct observation *observation = snapshot->observation;
    struct route_table *main = NULL;

    for (size_t t = 0; t < snapshot->n_route_tables; t++)
        if (snapshot->route_tables[t].main)
            main = &snapshot->route_tables[t];
    snapshot->subnets = ARENA_ARRAY(arena, struct subnet, observation->subnets.n + 1);
    VEC_EACH (ec2, &observation->subnets) {
        struct subnet *subnet = &snapshot->subnets[snapshot->n_subnets];
        const struct ec2_route_table_association *association;
        struct route_table *table = main;

        if (!in_vpc(ec2->vpc_id, snapshot))
            continue;
        subnet->ec2 = ec2;
        subnet->id = ec2->subnet_id;
        subnet->az = ec2->availability_zone;
        association = explicit_association(snapshot, subnet->id, &table);
        if (association) {
            subnet->association_id = association->route_table_association_id;
            subnet->association_changing = association->state != EC2_ASSOCIATION_ABSENT &&
                                           association->state != EC2_ASSOCIATION_ASSOCIATED;
        }
        subnet->table = table;
        if (table) {
            table->n_subnets++;
            table->n_explicit += association != NULL;
        }
        for (size_t i = 0; i < ec2->ipv6_cidr_block_associations.n; i++)
            subnet->has_ipv6 |=
                ec2->ipv6_cidr_block_associations.items[i].state == EC2_ASSOCIATION_ASSOCIATED;
        snapshot->n_subnets++;
    }
}

/* A regional NAT gateway has a route table of its own (aws-facts 2.5), which is no subnet's. */
static void mark_tables_of_gateways(struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->n_nat_gateways; i++)
        for (size_t t = 0; t < snapshot->n_route_tables; t++)
            snapshot->route_tables[t].gateway_association |=
                !text_empty(snapshot->nat_gateways[i]->route_table_id) &&
                text_equal(snapshot->route_tables[t].id, snapshot->nat_gateways[i]->route_table_id);
}

static void add_gateways(struct arena *arena, struct snapshot *snapshot)
{
    const struct observation *observation = snapshot->observation;
    const char *vpc_id = snapshot->vpc->vpc_id;

    snapshot->internet_gateways = ARENA_ARRAY(arena, const struct ec2_internet_gateway *,
                                              observation->internet_gateways.n + 1);
    if (snapshot->complete & NEEDS(INTERNET_GATEWAYS))
        VEC_EACH (gateway, &observation->internet_gateways)
            if (internet_gateway_attached(gateway, vpc_id) != VERDICT_NO ||
                FAULT(FOREIGN_GATEWAYS_COUNT))
                snapshot->internet_gateways[snapshot->n_internet_gateways++] = gateway;
    snapshot->egress_only_internet_gateways =
        ARENA_ARRAY(arena, const struct ec2_egress_only_internet_gateway *,
                    observation->egress_only_internet_gateways.n + 1);
    if (snapshot->complete & NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS))
        VEC_EACH (gateway, &observation->egress_only_internet_gateways)
            if (egress_only_internet_gateway_attached(gateway, vpc_id) != VERDICT_NO ||
                FAULT(FOREIGN_GATEWAYS_COUNT))
                snapshot
                    ->egress_only_internet_gateways[snapshot->n_egress_only_internet_gateways++] =
                    gateway;
    snapshot->nat_gateways =
        ARENA_ARRAY(arena, const struct ec2_nat_gateway *, observation->nat_gateways.n + 1);
    if (snapshot->complete & NEEDS(NAT_GATEWAYS))
        VEC_EACH (gateway, &observation->nat_gateways)
            if (in_vpc(gateway->vpc_id, snapshot))
                snapshot->nat_gateways[snapshot->n_nat_gateways++] = gateway;
    snapshot->network_interfaces = ARENA_ARRAY(arena, const struct ec2_network_interface *,
                                               observation->network_interfaces.n + 1);
    if (snapshot->complete & NEEDS(NETWORK_INTERFACES))
        VEC_EACH (interface, &observation->network_interfaces)
            if (in_vpc(interface->vpc_id, snapshot))
                snapshot->network_interfaces[snapshot->n_network_interfaces++] = interface;
}

static void add_layers(struct arena *arena, struct snapshot *snapshot)
{
    const struct observation *observation = snapshot->observation;

    snapshot->security_groups =
        ARENA_ARRAY(arena, const struct ec2_security_group *, observation->security_groups.n + 1);
    if (snapshot->complete & NEEDS(SECURITY_GROUPS))
        VEC_EACH (group, &observation->security_groups)
            if (in_vpc(group->vpc_id, snapshot))
                snapshot->security_groups[snapshot->n_security_groups++] = group;
    snapshot->network_acls =
        ARENA_ARRAY(arena, const struct ec2_network_acl *, observation->network_acls.n + 1);
    if (snapshot->complete & NEEDS(NETWORK_ACLS))
        VEC_EACH (acl, &observation->network_acls)
            if (in_vpc(acl->vpc_id, snapshot))
                snapshot->network_acls[snapshot->n_network_acls++] = acl;
    snapshot->vpc_endpoints =
        ARENA_ARRAY(arena, const struct ec2_vpc_endpoint *, observation->vpc_endpoints.n + 1);
    if (snapshot->complete & NEEDS(VPC_ENDPOINTS))
        VEC_EACH (endpoint, &observation->vpc_endpoints)
            if (in_vpc(endpoint->vpc_id, snapshot))
                snapshot->vpc_endpoints[snapshot->n_vpc_endpoints++] = endpoint;
    if (snapshot->complete & NEEDS(VPC_ATTRIBUTES))
        VEC_EACH (attributes, &observation->vpc_attributes)
            if (in_vpc(attributes->vpc_id, snapshot))
                snapshot->vpc_attributes = attributes;
}

struct snapshot *snapshot_new(struct arena *arena, const struct observation *observation,
                              const char *vpc_id, const char *owner)
{
    struct snapshot *snapshot = ARENA_NEW(arena, struct snapshot);

    snapshot->observation = observation;
    for (size_t list = 0; list < LIST_COUNT; list++)
        if (observation->lists[list].complete ||
            (FAULT(PART_IS_WHOLE) && observation->lists[list].asked))
            snapshot->complete |= 1U << list;
    if ((snapshot->complete & PLAN_NEEDS) != PLAN_NEEDS)
        return NULL;
    VEC_EACH (vpc, &observation->vpcs)
        if (text_equal(vpc->vpc_id, vpc_id))
            snapshot->vpc = vpc;
    if (!snapshot->vpc)
        return NULL;
    snapshot->owned =
        text_equal(snapshot->vpc->owner_id, observation->account) || FAULT(OWNER_UNREAD);
    if (!snapshot->owned)
        snapshot->complete &= ~OWNERS_LISTS;
    snapshot->owner_tag = arena_printf(arena, "%s/%s", owner, vpc_id);
    add_route_tables(arena, snapshot);
    add_subnets(arena, snapshot);
    add_gateways(arena, snapshot);
    add_layers(arena, snapshot);
    mark_tables_of_gateways(snapshot);
    return snapshot;
}
