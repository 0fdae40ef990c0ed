/* Route tables that are made, and the subnets that move to them, before the guard alone: S2 and S7
 * of what their actions name. */
#include "action_rows.h"
#include "nat_actions.h"

static void table_lost_and_main_propagates(struct vpc *vpc)
{
    table_lost(vpc);
    vpc_add_route(vpc, "rtb-main", "10.60.0.0/16", "vgw-1")->origin =
        EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
}

static void table_shared_with_an_endpoint(struct vpc *vpc)
{
    table_shared(vpc);
    vpc_add_route(vpc, "rtb-private-c", "pl-s3", "vpce-s3");
}

static void table_shared_with_a_stranger(struct vpc *vpc)
{
    table_shared(vpc);
    vpc_disassociate(vpc, "rtb-other", "subnet-other");
    vpc_associate(vpc, "rtb-private-c", "subnet-other");
}

static void table_of_another_vpc(struct plan_action *action)
{
    action->request.vpc_id = "vpc-9";
}

static void table_for_nobody(struct plan_action *action)
{
    action->role = "route-table/functions/" ZONE_C;
}

static void test_tables(void **state)
{
    static const struct action_case rows[] = {
        {"a subnet has none", table_lost, NULL, HOLD_NONE, NULL},
        {"two zones share one", table_shared, NULL, HOLD_NONE, NULL},
        {"every subnet has its own", nothing_lost, NULL, HOLD_NOT_OURS, "no declared subnets"},
        {"it is made already", copy_made, NULL, HOLD_WAIT, "rtb-copy is there"},
        {"for nobody", table_shared, table_for_nobody, HOLD_NOT_OURS, "no declared subnets"},
        {"in another VPC", table_shared, table_of_another_vpc, HOLD_NOT_OURS,
         "not this target's VPC"},
        {"the main table has propagated routes", table_lost_and_main_propagates, NULL, HOLD_UNSAFE,
         "propagated"},
        {"the shared one leads to an endpoint", table_shared_with_an_endpoint, NULL, HOLD_UNSAFE,
         "vpce-s3"},
        {"the shared one also serves a stranger", table_shared_with_a_stranger, NULL, HOLD_UNSAFE,
         "subnet-other"},
    };

    (void)state;
    judge_all(create_route_table, rows, ARRAY_SIZE(rows));
}

static void somebody_elses_table(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_table(vpc, "rtb-copy")->tags.n = 0;
}

static void to_another_target(struct plan_action *action)
{
    action->request.nat_gateway_id = "nat-a";
}

static void to_two_targets(struct plan_action *action)
{
    action->request.transit_gateway_id = "tgw-1";
}

static void to_another_destination(struct plan_action *action)
{
    prefix_parse("10.77.0.0/16", &action->request.destination_cidr_block);
}

static void as_a_replacement(struct plan_action *action)
{
    action->call = EC2_REPLACE_ROUTE;
}

static void in_the_source(struct plan_action *action)
{
    action->request.route_table_id = "rtb-private-c";
}

static void test_copied_routes(void **state)
{
    static const struct action_case rows[] = {
        {"a route of the source", copy_made, NULL, HOLD_NONE, NULL},
        {"it is there", copy_whole, NULL, HOLD_NOT_OURS, "no such route"},
        {"with another target", copy_made, to_another_target, HOLD_NOT_OURS, "no such route"},
        {"with two targets", copy_made, to_two_targets, HOLD_NOT_OURS, "no such route"},
        {"with another destination", copy_made, to_another_destination, HOLD_NOT_OURS,
         "no such route"},
        {"replaced", copy_made, as_a_replacement, HOLD_NOT_OURS, "only added to"},
        {"into the source", copy_made, in_the_source, HOLD_WAIT, NULL},
        {"the copy serves somebody", copy_in_use, NULL, HOLD_NOT_OURS, "in use"},
        {"the table is not ours", somebody_elses_table, NULL, HOLD_NOT_OURS, NULL},
    };

    (void)state;
    judge_all(copy_a_route, rows, ARRAY_SIZE(rows));
}

static void copy_lacks_one(struct vpc *vpc)
{
    copy_whole(vpc);
    vpc_drop_route(vpc, "rtb-copy", "::/0");
}

static void copy_has_a_dead_one(struct vpc *vpc)
{
    copy_whole(vpc);
    vpc_route(vpc, "rtb-copy", "::/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void association_in_flux(struct vpc *vpc)
{
    struct ec2_route_table *table;

    copy_whole(vpc);
    table = vpc_table(vpc, "rtb-private-c");
    table->associations.items[table->associations.n - 1].state = EC2_ASSOCIATION_ASSOCIATING;
}

static void the_other_subnet(struct plan_action *action)
{
    action->request.association_id = "rtbassoc-subnet-private-c";
}

static void an_undeclared_subnet(struct plan_action *action)
{
    action->request.association_id = "rtbassoc-subnet-other";
}

static void the_main_table(struct plan_action *action)
{
    action->request.association_id = "rtbassoc-rtb-main";
}

static void no_association(struct plan_action *action)
{
    action->request.association_id = NULL;
}

static void to_an_existing_table(struct plan_action *action)
{
    action->request.route_table_id = "rtb-private-a";
}

static void to_a_table_of_another_vpc(struct plan_action *action)
{
    action->request.route_table_id = "rtb-9";
}

/* subnet-private-a was given its copy by our own change, and that has no way out. */
static void moved(struct vpc *vpc)
{
    copy_whole(vpc);
    vpc_disassociate(vpc, "rtb-private-c", "subnet-private-a");
    vpc_associate(vpc, "rtb-copy", "subnet-private-a");
    vpc_route(vpc, "rtb-copy", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void moved_by_us(struct vpc *vpc)
{
    moved(vpc);
    vpc_changed(vpc, "association/subnet-private-a", "rtb-private-c", "rtb-copy", 60000);
}

static void moved_by_us_and_works(struct vpc *vpc)
{
    moved_by_us(vpc);
    vpc_route(vpc, "rtb-copy", "0.0.0.0/0")->state = EC2_ROUTE_ACTIVE;
}

static void moved_by_us_from_what_is_dead(struct vpc *vpc)
{
    moved_by_us(vpc);
    vpc_route(vpc, "rtb-private-c", "::/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void moved_by_us_from_the_main_table(struct vpc *vpc)
{
    moved(vpc);
    vpc_changed(vpc, "association/subnet-private-a", "rtb-main", "rtb-copy", 60000);
}

static void back(struct plan_action *action)
{
    action->request.route_table_id = "rtb-private-c";
}

static void back_to_the_main_table(struct plan_action *action)
{
    action->request.route_table_id = "rtb-main";
}

static void test_moves_back(void **state)
{
    static const struct action_case rows[] = {
        {"of ours, that did harm", moved_by_us, back, HOLD_NONE, NULL},
        {"of somebody else's", moved, back, HOLD_NOT_OURS, "only to its copy"},
        {"of ours, that works", moved_by_us_and_works, back, HOLD_UNSAFE, "works"},
        {"to where it would lose a path", moved_by_us_from_what_is_dead, back, HOLD_UNSAFE,
         "would lose its way"},
        {"to the main table", moved_by_us_from_the_main_table, back_to_the_main_table,
         HOLD_NOT_OURS, "main table"},
        {"to another table", moved_by_us, to_an_existing_table, HOLD_NOT_OURS, "only to its copy"},
    };

    (void)state;
    judge_all(move_to_the_copy, rows, ARRAY_SIZE(rows));
}

static void test_moves(void **state)
{
    static const struct action_case rows[] = {
        {"to its copy", copy_whole, NULL, HOLD_NONE, NULL},
        {"that lacks a route", copy_lacks_one, NULL, HOLD_UNSAFE, "does not have every route"},
        {"that has a dead one", copy_has_a_dead_one, NULL, HOLD_UNSAFE, "would lose its way"},
        {"that is empty", copy_made, NULL, HOLD_UNSAFE, "does not have every route"},
        {"of an association that changes", association_in_flux, NULL, HOLD_NOT_OURS, NULL},
        {"of the zone that keeps the table", copy_whole, the_other_subnet, HOLD_NOT_OURS,
         "made for"},
        {"of an undeclared subnet", copy_whole, an_undeclared_subnet, HOLD_NOT_OURS,
         "only a declared subnet"},
        {"of the main table", copy_whole, the_main_table, HOLD_NOT_OURS, "only a declared subnet"},
        {"of nothing", copy_whole, no_association, HOLD_NOT_OURS, "only a declared subnet"},
        {"to another table", copy_whole, to_an_existing_table, HOLD_NOT_OURS, "only to its copy"},
        {"to another VPC's table", copy_whole, to_a_table_of_another_vpc, HOLD_NOT_OURS,
         "only to its copy"},
    };

    (void)state;
    judge_all(move_to_the_copy, rows, ARRAY_SIZE(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_copied_routes),
        cmocka_unit_test(test_moves_back),
        cmocka_unit_test(test_moves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
