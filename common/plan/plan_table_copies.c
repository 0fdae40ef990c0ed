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

static bool endpoint_has_table(const struct ec2_vpc_endpoint *endpoint, const char *table_id)
{
    for (size_t i = 0; i < endpoint->route_table_ids.n; i++)
        if (text_equal(endpoint->route_table_ids.items[i], table_id))
            return true;
    return false;
}

static bool adds_endpoint(const struct planning *planning, const char *endpoint_id)
{
    const struct plan *plan = planning->plan;
    const struct plan_drift *drift = &plan->drifts.items[plan->drifts.n - 1];

    for (size_t a = drift->first_action; a < plan->actions.n; a++)
        if (text_equal(plan->actions.items[a].request.vpc_endpoint_id, endpoint_id) &&
            plan->actions.items[a].call == EC2_MODIFY_VPC_ENDPOINT)
            return true;
    return false;
}

/* Routes of gateway endpoints are made through the endpoint alone (aws-facts 2.2): one entry makes
 * all of them, one for each family. */
static void add_endpoints(struct planning *planning, const struct desired_copy *copy)
{
    const struct route *route;

    for (size_t at = 0; (route = copy_lacks(copy->source, copy->table, &at)); at++) {
        const struct ec2_vpc_endpoint *endpoint = gateway_endpoint_of(planning->snapshot, route);
        const char **tables;
        struct plan_action *action;

        if (!endpoint || adds_endpoint(planning, endpoint->vpc_endpoint_id))
            continue;
        if (endpoint_has_table(endpoint, copy->table->id)) {
            planning_pending(planning, arena_printf(planning->arena, "the routes of %s in %s",
                                                    endpoint->vpc_endpoint_id, copy->table->id));
            planning->plan->drifts.items[planning->plan->drifts.n - 1].awaits =
                "endpoint whose route does not show yet";
            continue;
        }
        tables = ARENA_ARRAY(planning->arena, const char *, 1);
        tables[0] = copy->table->id;
        action = planning_add_action(planning, EC2_MODIFY_VPC_ENDPOINT, copy->role);
        action->request.vpc_endpoint_id = endpoint->vpc_endpoint_id;
        action->request.add_route_table_ids = (struct wire_texts){.items = tables, .n = 1};
        action->expect = EXPECT_ENDPOINT;
        action->target_kind = TARGET_VPC_ENDPOINT;
        action->target_id = endpoint->vpc_endpoint_id;
    }
}

static void add_routes(struct planning *planning, const struct desired_copy *copy)
{
    const struct route *route;

    for (size_t at = 0; (route = copy_lacks(copy->source, copy->table, &at)); at++) {
        struct plan_action *action;

        if (gateway_endpoint_of(planning->snapshot, route))
            continue;
        action = planning_add_action(planning, EC2_CREATE_ROUTE, copy->role);
        action->request.route_table_id = copy->table->id;
        copy_route(&action->request, route);
        action->expect = EXPECT_ROUTE_ABSENT;
        action->target_kind = route->kind;
        action->target_id = route->target_id;
    }
    add_endpoints(planning, copy);
}

static void add_associations(struct planning *planning, const struct desired_copy *copy)
{
    for (size_t i = 0; i < copy->n_subnets; i++) {
        const struct subnet *subnet = copy->subnets[i];
        struct plan_action *action;

        if (!text_equal(subnet->az, copy->subnets[0]->az))
            continue; /* S9: one zone a pass; the others' turn comes */
        action = planning_add_action(planning,
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
    return arena_printf(planning->arena, "%s lacks %u routes, and %zu subnets use another table",
                        copy->table->id, lacking, copy->n_subnets);
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

        if (table->never && !table->table->main && desired_groups_known(planning->desired))
            plan_foreign(planning, table);
    }
}
