/* NAT gateways and their addresses before the guard alone: S2, S3 and S4 of what their actions
 * name. */
#include "action_rows.h"
#include "nat_actions.h"

/* ---- what stands in a zone's way ---- */

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

static void as_a_regional_one_that_is_private(struct plan_action *action)
{
    as_a_regional_one(action);
    action->request.connectivity_type = EC2_CONNECTIVITY_PRIVATE;
}

static void with_the_vpc_beside(struct plan_action *action)
{
    action->request.vpc_id = "vpc-1";
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
        {"with the VPC beside its subnet", nat_gone_address_free, with_the_vpc_beside,
         HOLD_NOT_OURS, "public, zonal"},
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
        {"regional and private", regional_declared, as_a_regional_one_that_is_private,
         HOLD_NOT_OURS, "declares a regional"},
        {"zonal, where a regional one is declared", regional_declared, as_a_zonal_one,
         HOLD_NOT_OURS, NULL},
    };

    (void)state;
    judge_all(create_nat_gateway, rows, ARRAY_SIZE(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_gateways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
