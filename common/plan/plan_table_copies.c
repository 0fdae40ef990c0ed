/* route-table-implicit, route-table-shared: a copy of the table, looked at, then associated. And
 * route-table-foreign: a table that is somebody else's choice. */
#include "plan_private.h"

static const char *subnet_list(struct arena *arena, const struct desired_copy *copy)
{
    const char *list = NULL;

    for (size_t i = 0; i < copy->n_subnets; i++)
        list =
            list ? arena_printf(arena, "%s, %s", list, copy->subnets[i]->id) : copy->subnets[i]->id;
    return list;
}

/* The request that makes the same route in another table. */
static void copy_route(struct ec2_change_request *request, const struct route *route)
{
    const struct ec2_route *from = route->ec2;
    bool endpoint = route->kind == TARGET_VPC_ENDPOINT; /* a Gateway Load Balancer's */

    request->destination_cidr_block = from->destination_cidr_block;
    request->destination_ipv6_cidr_block = from->destination_ipv6_cidr_block;
    request->destination_prefix_list_id = from->destination_prefix_list_id;
    request->gateway_id = endpoint ? NULL : from->gateway_id;
    request->vpc_endpoint_id = endpoint ? from->gateway_id : NULL;
    request->nat_gateway_id = from->nat_gateway_id;
    request->egress_only_internet_gateway_id = from->egress_only_internet_gateway_id;
    request->transit_gateway_id = from->transit_gateway_id;
    request->vpc_peering_connection_id = from->vpc_peering_connection_id;
    /* An instance route names its interface too; EC2 takes one target. */
    request->network_interface_id = from->network_interface_id;
    request->local_gateway_id = from->local_gateway_id;
    request->carrier_gateway_id = from->carrier_gateway_id;
    request->core_network_arn = from->core_network_arn;
    request->odb_network_arn = from->odb_network_arn;
}

static void add_routes(struct planning *planning, const struct desired_copy *copy)
{
    const struct route *route;

    for (size_t at = 0; (route = copy_lacks(copy->source, copy->table, &at)); at++) {
        struct plan_action *action = planning_add_action(planning, EC2_CREATE_ROUTE, copy->role);

        action->request.route_table_id = copy->table->id;
        copy_route(&action->request, route);
        action->expect = EXPECT_ROUTE_ABSENT;
        action->target_kind = route->kind;
        action->target_id = route->target_id;
    }
}

static void add_associations(struct planning *planning, const struct desired_copy *copy)
{
    for (size_t i = 0; i < copy->n_subnets; i++) {
        const struct subnet *subnet = copy->subnets[i];
        struct plan_action *action =
            planning_add_action(planning,
                                subnet->association_id ? EC2_REPLACE_ROUTE_TABLE_ASSOCIATION
                                                       : EC2_ASSOCIATE_ROUTE_TABLE,
                                copy->role);

        action->request.route_table_id = copy->table->id;
        if (subnet->association_id)
            action->request.association_id = subnet->association_id;
        else
            action->request.subnet_id = subnet->id;
        action->expect = subnet->association_id ? EXPECT_ASSOCIATION : EXPECT_NO_ASSOCIATION;
        action->subnet_id = subnet->id;
        action->az = subnet->az;
    }
}

static void add_repair(struct planning *planning, const struct desired_copy *copy)
{
    size_t at = 0;

    if (!copy->table) {
        struct plan_action *create =
            planning_add_action(planning, EC2_CREATE_ROUTE_TABLE, copy->role);

        create->request.vpc_id = planning->snapshot->vpc->vpc_id;
        create->expect = EXPECT_NO_TABLE;
    } else if (copy_lacks(copy->source, copy->table, &at)) {
        add_routes(planning, copy);
    } else {
        add_associations(planning, copy);
    }
}

/* "rtb-1 lacks 2 routes" */
static const char *progress(struct planning *planning, const struct desired_copy *copy)
{
    unsigned lacking = 0;

    if (!copy->table)
        return NULL;
    for (size_t at = 0; copy_lacks(copy->source, copy->table, &at); at++)
        lacking++;
    return arena_printf(planning->arena, "%s lacks %u routes", copy->table->id, lacking);
}

/* A family that the group declares a way out for has none in the source. */
static bool cut_off(const struct planning *planning, const struct desired_copy *copy)
{
    for (size_t f = 0; f < 2; f++) {
        enum family family = family_of_index(f);
        enum option option = built_option(group_options(copy->group, family));
        const struct route *route = route_table_find(copy->source, default_of(family));

        if (option != OPTION_UNMANAGED && option != OPTION_NONE &&
            (!route || route_is_live(planning->snapshot, route) == VERDICT_NO))
            return true;
    }
    return false;
}

static void plan_copy(struct planning *planning, const struct desired_copy *copy)
{
    struct arena *arena = planning->arena;
    struct plan_drift *drift = planning_add_drift(
        planning, copy->implicit ? DRIFT_ROUTE_TABLE_IMPLICIT : DRIFT_ROUTE_TABLE_SHARED,
        copy->role);

    if (!drift)
        return;
    drift->resource = copy->source->id;
    drift->subnets = subnet_list(arena, copy);
    drift->az = copy->az;
    drift->desired = copy->az
                         ? arena_printf(arena, "a route table of group \"%s\" in %s",
                                        copy->group->name, copy->az)
                         : arena_printf(arena, "a route table of group \"%s\"", copy->group->name);
    drift->observed =
        copy->implicit ? arena_printf(arena, "no association; the main table %s", copy->source->id)
                       : arena_printf(arena, "%s, which other zones use too", copy->source->id);
    drift->message =
        copy->implicit
            ? arena_printf(arena,
                           "Subnets %s have no route table of their own: the VPC's main table %s "
                           "serves them, which is never written. A copy of it is made for them.",
                           drift->subnets, copy->source->id)
            : arena_printf(
                  arena,
                  "Subnets %s in %s share route table %s with other Availability Zones, so "
                  "they cannot use their own zone's NAT gateway. A copy of it is made for "
                  "them.",
                  drift->subnets, copy->az, copy->source->id);
    if (cut_off(planning, copy))
        drift->impact = IMPACT_OUTAGE;
    drift->progress = progress(planning, copy);
    if (copy->cannot)
        drift->held = copy->cannot;
    else
        add_repair(planning, copy);
}

static void plan_foreign(struct planning *planning, const struct desired_table *table)
{
    struct plan_drift *drift =
        planning_add_drift(planning, DRIFT_ROUTE_TABLE_FOREIGN,
                           arena_printf(planning->arena, "foreign/%s", table->role));

    if (!drift)
        return;
    drift->resource = table->table->id;
    drift->subnets = table->subnets;
    drift->az = table->az;
    drift->desired = "a route table that serves declared subnets only";
    drift->observed = table->never;
    drift->message = arena_printf(planning->arena,
                                  "Route table %s serves declared subnets %s, and is never "
                                  "written: %s. Declare what it serves, or "
                                  "give the declared subnets a table of their own.",
                                  table->table->id, table->subnets, table->never);
}

void plan_route_tables(struct planning *planning)
{
    for (size_t i = 0; i < planning->desired->n_copies; i++)
        plan_copy(planning, &planning->desired->copies[i]);
    for (size_t i = 0; i < planning->desired->n_tables; i++) {
        const struct desired_table *table = &planning->desired->tables[i];

        if (table->never && !table->table->main)
            plan_foreign(planning, table);
    }
}
