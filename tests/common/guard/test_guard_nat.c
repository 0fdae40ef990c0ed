/* NAT gateways, their addresses, and route tables that are made, before the guard alone: S2, S3, S4
 * and S7 of what their actions name; and the look right before each. */
#include "nat_actions.h"

struct action_case {
    const char *name;
    void (*arrange)(struct vpc *vpc);
    void (*tweak)(struct plan_action *action);
    enum hold hold;
    const char *reason;
};

static void judge_all(struct plan_action (*make)(void), const struct action_case *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct action_case *row = &rows[i];
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action = make();
        const char *reason;
        enum hold hold;

        row->arrange(vpc);
        vpc_look(vpc);
        if (row->tweak)
            row->tweak(&action);
        hold = vpc_judge(vpc, &action, &reason);
        if (hold != row->hold || (row->reason && !strstr(reason, row->reason)))
            fail_msg("%s: \"%s\" (%s), expected \"%s\" (... %s ...)", row->name, hold_name(hold),
                     reason ? reason : "", hold_name(row->hold), row->reason ? row->reason : "");
    }
}

/* ---- what stands in a zone's way ---- */

static void nothing_lost(struct vpc *vpc)
{
    (void)vpc;
}

static void another_in(struct vpc *vpc, enum ec2_state state)
{
    nat_gone_address_free(vpc);
    vpc_add_nat(vpc, "nat-new", "vpc-1", "subnet-public-a")->state = (uint8_t)state;
}

static void another_pending(struct vpc *vpc)
{
    another_in(vpc, EC2_STATE_PENDING);
}

static void another_deleting(struct vpc *vpc)
{
    another_in(vpc, EC2_STATE_DELETING);
}

static void another_available(struct vpc *vpc)
{
    another_in(vpc, EC2_STATE_AVAILABLE);
}

static void another_in_a_new_state(struct vpc *vpc)
{
    another_in(vpc, EC2_STATE_UNKNOWN);
}

static void another_failed(struct vpc *vpc)
{
    another_in(vpc, EC2_STATE_FAILED);
}

static void another_is_private(struct vpc *vpc)
{
    another_in(vpc, EC2_STATE_AVAILABLE);
    vpc_nat(vpc, "nat-new")->connectivity_type = EC2_CONNECTIVITY_PRIVATE;
}

static void a_regional_one(struct vpc *vpc)
{
    nat_gone_address_free(vpc);
    vpc_add_nat(vpc, "nat-new", "vpc-1", NULL)->availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
}

static void nobody_wants_one(struct vpc *vpc)
{
    nat_gone_address_free(vpc);
    vpc_group(vpc, "functions")->ipv4 = (struct declared_options){0};
}

static void regional_declared(struct vpc *vpc)
{
    nat_gone(vpc);
    vpc_nat(vpc, "nat-c")->state = EC2_STATE_DELETED;
    vpc->target.nat_gateways.placement = NAT_REGIONAL;
}

static void single_declared(struct vpc *vpc)
{
    nat_gone(vpc);
    vpc->target.nat_gateways.placement = NAT_SINGLE;
}

/* ---- AllocateAddress ---- */

static void no_public_subnet(struct vpc *vpc)
{
    nat_gone(vpc);
    vpc_subnet(vpc, "subnet-public-a")->available_ip_address_count =
        (struct wire_int){.value = 0, .set = true};
}

/* Allocated by us, and kept for zone c by the config. */
static void ours_are_idle(struct vpc *vpc, size_t n)
{
    static const char *pinned_ids[] = {"eipalloc-c", "eipalloc-c2"};
    static struct declared_nat_zone pin = {.availability_zone = ZONE_C};

    nat_gone(vpc);
    pin.allocation_ids = (struct texts){.items = pinned_ids, .n = n};
    vpc->target.nat_gateways.elastic_ips = &pin;
    vpc->target.nat_gateways.n_elastic_ips = 1;
    for (size_t i = 0; i < n; i++) {
        vpc_add_address(vpc, pinned_ids[i]);
        vpc_tag(vpc, &vpc->observation.addresses.items[i].tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    }
}

static void one_of_ours_is_idle(struct vpc *vpc) /* zone c's gateway stands */
{
    ours_are_idle(vpc, 1);
}

static void two_of_ours_wait_for_zone_c(struct vpc *vpc)
{
    ours_are_idle(vpc, 2);
    vpc_nat(vpc, "nat-c")->state = EC2_STATE_DELETED;
}

static void the_failed_one_holds_it(struct vpc *vpc)
{
    nat_gone_address_free(vpc);
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_FAILED;
    vpc->observation.addresses.items[0].association_id = "eipassoc-1";
}

/* We asked for the zone's gateway a moment ago; its address is in use, and no list shows by what.
 */
static void asked_for(struct vpc *vpc, enum history_kind kind, const char *id, int64_t ago_ms)
{
    struct history_record record = {.kind = HISTORY_INTENT, .wall_ms = WALL_MS - ago_ms};
    CLEANUP(buf_free)
    struct buf lines = {0};

    nat_gone_address_free(vpc);
    vpc->observation.addresses.items[0].association_id = "eipassoc-1";
    vpc->observation.addresses.items[0].network_interface_id = "eni-hidden";
    HISTORY_SET(record.target, vpc->target.name);
    HISTORY_SET(record.role, "nat-gateway/" ZONE_A);
    HISTORY_SET(record.action, "CreateNatGateway");
    HISTORY_SET(record.token, "t");
    history_add(vpc->history, &record, "Action=CreateNatGateway", &lines);
    record.kind = kind;
    HISTORY_SET(record.id, id);
    if (kind != HISTORY_INTENT)
        history_add(vpc->history, &record, NULL, &lines);
}

static void asked_for_and_unanswered(struct vpc *vpc)
{
    asked_for(vpc, HISTORY_INTENT, NULL, 60000);
}

static void asked_for_and_made(struct vpc *vpc)
{
    asked_for(vpc, HISTORY_MADE, "nat-hidden", 299999);
}

static void asked_for_and_refused(struct vpc *vpc)
{
    asked_for(vpc, HISTORY_FAILED, NULL, 60000);
}

static void asked_for_and_long_ago(struct vpc *vpc)
{
    asked_for(vpc, HISTORY_INTENT, NULL, 300000);
}

static void asked_for_made_and_deleted(struct vpc *vpc)
{
    asked_for(vpc, HISTORY_MADE, "nat-a", 60000);
}

static void by_number(struct plan_action *action)
{
    action->request.address = "203.0.113.1";
}

static void from_a_pool(struct plan_action *action)
{
    action->request.public_ipv4_pool = "ipv4pool-ec2-1";
}

static void for_no_domain(struct plan_action *action)
{
    action->request.domain = NULL;
}

static void for_a_strange_zone(struct plan_action *action)
{
    action->role = "elastic-ip/ap-northeast-1x";
}

static void for_a_gateway(struct plan_action *action)
{
    action->role = "nat-gateway/" ZONE_A;
}

static void test_addresses(void **state)
{
    static const struct action_case rows[] = {
        {"the zone lost its gateway and its address", nat_gone, NULL, HOLD_NONE, NULL},
        {"another failed", another_failed, NULL, HOLD_WAIT, "needs no new address"},
        {"its address is free", nat_gone_address_free, NULL, HOLD_WAIT, "needs no new address"},
        {"a failed one holds it still", the_failed_one_holds_it, NULL, HOLD_WAIT,
         "needs no new address"},
        {"nothing is lost", nothing_lost, NULL, HOLD_WAIT, "nat-a is available"},
        {"one is pending", another_pending, NULL, HOLD_WAIT, "nat-new is pending"},
        {"one is being deleted", another_deleting, NULL, HOLD_WAIT, "nat-new is deleting"},
        {"one is in a new state", another_in_a_new_state, NULL, HOLD_WAIT, "nat-new"},
        {"a regional one is there", a_regional_one, NULL, HOLD_WAIT, "nat-new is available"},
        {"there is no room for the gateway", no_public_subnet, NULL, HOLD_WAIT,
         "needs no new address"},
        {"one of ours is kept for a zone that needs none", one_of_ours_is_idle, NULL, HOLD_NONE,
         NULL},
        {"two of ours are attached to nothing, two zones are bare", two_of_ours_wait_for_zone_c,
         NULL, HOLD_WAIT, "2 addresses of ours are attached to nothing already"},
        {"a gateway was asked for, and no answer came", asked_for_and_unanswered, NULL, HOLD_WAIT,
         "may not show yet"},
        {"a gateway was made, and does not show", asked_for_and_made, NULL, HOLD_WAIT,
         "may not show yet"},
        {"a gateway was asked for, and refused", asked_for_and_refused, NULL, HOLD_NONE, NULL},
        {"a gateway was asked for long ago", asked_for_and_long_ago, NULL, HOLD_NONE, NULL},
        {"the gateway that was made is listed as deleted", asked_for_made_and_deleted, NULL,
         HOLD_NONE, NULL},
        {"nobody leads to a NAT gateway", nobody_wants_one, NULL, HOLD_NOT_OURS,
         "no declared zone"},
        {"regional ones have their own", regional_declared, NULL, HOLD_NOT_OURS,
         "no declared zone"},
        {"for a zone of nobody", nat_gone, for_a_strange_zone, HOLD_NOT_OURS, "no declared zone"},
        {"for another role", nat_gone, for_a_gateway, HOLD_NOT_OURS, "no declared zone"},
        {"by number", nat_gone, by_number, HOLD_NOT_OURS, "plain address"},
        {"from a pool", nat_gone, from_a_pool, HOLD_NOT_OURS, "plain address"},
        {"for no domain", nat_gone, for_no_domain, HOLD_NOT_OURS, "plain address"},
    };

    (void)state;
    judge_all(allocate_address, rows, ARRAY_SIZE(rows));
}

/* ---- CreateNatGateway ---- */

static void no_way_out(struct vpc *vpc)
{
    nat_gone_address_free(vpc);
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
}

static void igw_detached(struct vpc *vpc)
{
    nat_gone_address_free(vpc);
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
}

static void in_another_zone(struct plan_action *action)
{
    action->request.subnet_id = "subnet-public-c";
}

static void in_a_private_subnet(struct plan_action *action)
{
    action->request.subnet_id = "subnet-private-a";
}

static void in_an_undeclared_subnet(struct plan_action *action)
{
    action->request.subnet_id = "subnet-other";
}

static void in_another_vpc(struct plan_action *action)
{
    action->request.subnet_id = "subnet-9";
}

static void in_no_subnet(struct plan_action *action)
{
    action->request.subnet_id = NULL;
}

static void with_another_address(struct plan_action *action)
{
    action->request.allocation_id = "eipalloc-x";
}

static void with_no_address(struct plan_action *action)
{
    action->request.allocation_id = NULL;
}

static void with_a_fresh_address(struct plan_action *action)
{
    action->request.allocation_id = "eipalloc-new";
    action->input_is_fresh = true;
}

static void a_strangers_address_is_free(struct vpc *vpc)
{
    nat_gone(vpc);
    vpc_add_address(vpc, "eipalloc-strange");
}

/* The plan may lie: what a list has was not made in this pass. */
static void with_the_strangers_called_fresh(struct plan_action *action)
{
    action->request.allocation_id = "eipalloc-strange";
    action->input_is_fresh = true;
}

static void as_a_private_one(struct plan_action *action)
{
    action->request.connectivity_type = EC2_CONNECTIVITY_PRIVATE;
}

static void as_a_regional_one(struct plan_action *action)
{
    action->role = "nat-gateway/regional";
    action->request = (struct ec2_change_request){
        .vpc_id = "vpc-1", .availability_mode = EC2_AVAILABILITY_MODE_REGIONAL};
}

static void as_a_regional_one_of_the_zone(struct plan_action *action)
{
    action->request.availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
}

static void as_a_regional_one_elsewhere(struct plan_action *action)
{
    as_a_regional_one(action);
    action->request.vpc_id = "vpc-9";
}

static void as_a_regional_one_in_a_subnet(struct plan_action *action)
{
    as_a_regional_one(action);
    action->request.subnet_id = "subnet-public-a";
}

static void as_a_zonal_one(struct plan_action *action)
{
    action->role = "nat-gateway/regional";
}

static void test_gateways(void **state)
{
    static const struct action_case rows[] = {
        {"with the address that it had", nat_gone_address_free, NULL, HOLD_NONE, NULL},
        {"with a fresh one", nat_gone, with_a_fresh_address, HOLD_NONE, NULL},
        {"another failed", another_failed, NULL, HOLD_NONE, NULL},
        {"a private one is there", another_is_private, NULL, HOLD_NONE, NULL},
        {"with one that nothing speaks for", nat_gone_address_free, with_another_address,
         HOLD_NOT_OURS, "nothing shows"},
        {"with none", nat_gone, with_no_address, HOLD_NOT_OURS, "nothing shows"},
        {"with a stranger's, called fresh", a_strangers_address_is_free,
         with_the_strangers_called_fresh, HOLD_NOT_OURS, "nothing shows"},
        {"with one that is gone", nat_gone, NULL, HOLD_NOT_OURS, "nothing shows"},
        {"in another zone", nat_gone_address_free, in_another_zone, HOLD_NOT_OURS,
         "declared public subnet"},
        {"in a private subnet", nat_gone_address_free, in_a_private_subnet, HOLD_NOT_OURS,
         "declared public subnet"},
        {"in an undeclared subnet", nat_gone_address_free, in_an_undeclared_subnet, HOLD_NOT_OURS,
         "declared public subnet"},
        {"in another VPC", nat_gone_address_free, in_another_vpc, HOLD_NOT_OURS,
         "declared public subnet"},
        {"in no subnet", nat_gone_address_free, in_no_subnet, HOLD_NOT_OURS,
         "declared public subnet"},
        {"private", nat_gone_address_free, as_a_private_one, HOLD_NOT_OURS, "public, zonal"},
        {"regional, where zonal ones are declared", nat_gone_address_free,
         as_a_regional_one_of_the_zone, HOLD_NOT_OURS, "public, zonal"},
        {"nothing is lost", nothing_lost, NULL, HOLD_WAIT, "nat-a is available"},
        {"one is pending", another_pending, NULL, HOLD_WAIT, "nat-new is pending"},
        {"one is available", another_available, NULL, HOLD_WAIT, "nat-new is available"},
        {"one is being deleted", another_deleting, NULL, HOLD_WAIT, "nat-new is deleting"},
        {"one is in a new state", another_in_a_new_state, NULL, HOLD_WAIT, "nat-new"},
        {"a regional one is there", a_regional_one, NULL, HOLD_WAIT, "nat-new is available"},
        {"the subnet has no way out", no_way_out, NULL, HOLD_WAIT, "no live route"},
        {"the internet gateway is detached", igw_detached, NULL, HOLD_WAIT, "no live route"},
        {"nobody leads to a NAT gateway", nobody_wants_one, NULL, HOLD_NOT_OURS,
         "no declared zone"},
        {"single: the other zone's serves", single_declared, NULL, HOLD_NOT_OURS,
         "no declared zone"},
        {"regional", regional_declared, as_a_regional_one, HOLD_NONE, NULL},
        {"regional, in another VPC", regional_declared, as_a_regional_one_elsewhere, HOLD_NOT_OURS,
         "not this target's VPC"},
        {"regional, in a subnet", regional_declared, as_a_regional_one_in_a_subnet, HOLD_NOT_OURS,
         "declares a regional"},
        {"zonal, where a regional one is declared", regional_declared, as_a_zonal_one,
         HOLD_NOT_OURS, NULL},
    };

    (void)state;
    judge_all(create_nat_gateway, rows, ARRAY_SIZE(rows));
}

/* ---- tables ---- */

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

static void copy_in_use(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_disassociate(vpc, "rtb-other", "subnet-other");
    vpc_associate(vpc, "rtb-copy", "subnet-other");
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

/* ---- the look right before ---- */

static void test_what_is_asked(void **state)
{
    static const struct {
        struct plan_action (*action)(void);
        enum ec2_action call;
        const char *filters[2][2];
    } rows[] = {
        {allocate_address,
         EC2_DESCRIBE_ADDRESSES,
         {{"tag:" TAG_OWNER, "vpc-reconciled/vpc-1"}, {"tag:" TAG_ROLE, "elastic-ip/" ZONE_A}}},
        {create_nat_gateway,
         EC2_DESCRIBE_NAT_GATEWAYS,
         {{"vpc-id", "vpc-1"}, {"state", "pending"}}},
        {create_route_table,
         EC2_DESCRIBE_ROUTE_TABLES,
         {{"tag:" TAG_OWNER, "vpc-reconciled/vpc-1"}, {"tag:" TAG_ROLE, ROLE_COPY}}},
        {copy_a_route, EC2_DESCRIBE_ROUTE_TABLES, {{"route-table-id", "rtb-copy"}}},
        {move_to_the_copy,
         EC2_DESCRIBE_ROUTE_TABLES,
         {{"association.subnet-id", "subnet-private-a"}}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        const struct plan_action action = rows[i].action();
        struct guard_look look;
        size_t n = 0;

        vpc_look(vpc);
        guard_look(vpc->arena, &action, vpc->snapshot, &look);
        assert_int_equal(look.call, rows[i].call);
        for (; n < 2 && rows[i].filters[n][0]; n++) {
            assert_string_equal(look.request.filters.items[n].name, rows[i].filters[n][0]);
            assert_string_equal(look.request.filters.items[n].values.items[0],
                                rows[i].filters[n][1]);
        }
        assert_int_equal(look.request.filters.n, n);
    }
}

/* `later` is what another world, changed a little, would show. */
static void show_nats(struct vpc *later, struct ec2_describe_reply *fresh)
{
    fresh->nat_gateways.items =
        ARENA_ARRAY(later->arena, struct ec2_nat_gateway, later->observation.nat_gateways.n);
    VEC_EACH (gateway, &later->observation.nat_gateways) /* as the filters have it */
        if (text_equal(gateway->vpc_id, "vpc-1") &&
            (gateway->state == EC2_STATE_PENDING || gateway->state == EC2_STATE_AVAILABLE))
            fresh->nat_gateways.items[fresh->nat_gateways.n++] = *gateway;
}

static void show_addresses(struct vpc *later, struct ec2_describe_reply *fresh)
{
    fresh->addresses.items = later->observation.addresses.items;
    fresh->addresses.n = later->observation.addresses.n;
}

static void show_copy(struct vpc *later, struct ec2_describe_reply *fresh)
{
    fresh->route_tables.items = vpc_table(later, "rtb-copy");
    fresh->route_tables.n = 1;
}

static void show_source(struct vpc *later, struct ec2_describe_reply *fresh)
{
    fresh->route_tables.items = vpc_table(later, "rtb-private-c");
    fresh->route_tables.n = 1;
}

static void show_nothing(struct vpc *later, struct ec2_describe_reply *fresh)
{
    (void)later;
    (void)fresh;
}

static void another_in_the_other_zone(struct vpc *vpc)
{
    nat_gone_address_free(vpc);
    vpc_add_nat(vpc, "nat-new", "vpc-1", "subnet-public-c")->state = EC2_STATE_PENDING;
}

static void a_used_address_of_ours(struct vpc *vpc)
{
    nat_gone(vpc);
    vpc_add_address(vpc, "eipalloc-a")->association_id = "eipassoc-1";
}

static void moved_away(struct vpc *vpc)
{
    copy_whole(vpc);
    vpc_disassociate(vpc, "rtb-private-c", "subnet-private-a");
}

static void test_meanwhile(void **state)
{
    static const struct {
        const char *name;
        struct plan_action (*action)(void);
        void (*arrange)(struct vpc *vpc);
        void (*later)(struct vpc *vpc);
        void (*show)(struct vpc *later, struct ec2_describe_reply *fresh);
        const char *differs; /* NULL: unchanged */
    } rows[] = {
        {"no gateway", create_nat_gateway, nat_gone_address_free, nat_gone_address_free, show_nats,
         NULL},
        {"a pending one", create_nat_gateway, nat_gone_address_free, another_pending, show_nats,
         "nat-new is pending"},
        {"a regional one", create_nat_gateway, nat_gone_address_free, a_regional_one, show_nats,
         "nat-new is available"},
        {"one of the other zone", create_nat_gateway, nat_gone_address_free,
         another_in_the_other_zone, show_nats, NULL},
        {"the old one lives", create_nat_gateway, nat_gone_address_free, nothing_lost, show_nats,
         "nat-a is available"},
        {"no address", allocate_address, nat_gone, nat_gone, show_addresses, NULL},
        {"a free one", allocate_address, nat_gone, nat_gone_address_free, show_addresses,
         "eipalloc-a is there"},
        {"one in use", allocate_address, nat_gone, a_used_address_of_ours, show_addresses, NULL},
        {"no table", create_route_table, table_shared, table_shared, show_nothing, NULL},
        {"a table", create_route_table, table_shared, copy_made, show_copy, "rtb-copy is there"},
        {"the copy without it", copy_a_route, copy_made, copy_made, show_copy, NULL},
        {"the copy with it", copy_a_route, copy_made, copy_whole, show_copy, "has the route"},
        {"the copy in use", copy_a_route, copy_made, copy_in_use, show_copy, "is associated now"},
        {"the copy is gone", copy_a_route, copy_made, copy_made, show_nothing, "was not there"},
        {"the association", move_to_the_copy, copy_whole, copy_whole, show_source, NULL},
        {"another association", move_to_the_copy, copy_whole, moved_away, show_source, "changed"},
        {"no association", move_to_the_copy, copy_whole, copy_whole, show_nothing, "changed"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        CLEANUP(vpc_freep)
        struct vpc *later = vpc_new();
        const struct plan_action action = rows[i].action();
        struct ec2_describe_reply fresh = {0};
        const char *differs;

        rows[i].arrange(vpc);
        rows[i].later(later);
        vpc_look(vpc);
        rows[i].show(later, &fresh);
        differs = guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh);
        if ((differs != NULL) != (rows[i].differs != NULL) ||
            (differs && !strstr(differs, rows[i].differs)))
            fail_msg("%s: %s", rows[i].name, differs ? differs : "unchanged");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),     cmocka_unit_test(test_gateways),
        cmocka_unit_test(test_tables),        cmocka_unit_test(test_copied_routes),
        cmocka_unit_test(test_moves),         cmocka_unit_test(test_moves_back),
        cmocka_unit_test(test_what_is_asked), cmocka_unit_test(test_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
