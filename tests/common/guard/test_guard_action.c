/* Gateways and associations before the guard alone: S1, S2 and S7 of what their actions name. */
#include "gateway_actions.h"

struct action_case {
    const char *name;
    void (*arrange)(struct vpc *vpc);
    struct plan_action (*action)(void);
    void (*tweak)(struct plan_action *action);
    enum hold hold;
    const char *reason;
};

static void judge_all(const struct action_case *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct action_case *row = &rows[i];
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action = row->action();
        const char *reason;
        enum hold hold;

        if (row->arrange)
            row->arrange(vpc);
        vpc_look(vpc);
        if (row->tweak)
            row->tweak(&action);
        hold = vpc_judge(vpc, &action, &reason);
        if (hold != row->hold || (reason != NULL) != (row->hold != HOLD_NONE) ||
            (row->reason && !strstr(reason, row->reason)))
            fail_msg("%s: \"%s\" (%s), expected \"%s\" (... %s ...)", row->name, hold_name(hold),
                     reason ? reason : "", hold_name(row->hold), row->reason ? row->reason : "");
    }
}

/* ---- internet gateways ---- */

static void no_igw_attaching(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.items[0].state = EC2_ATTACHMENT_ATTACHING;
}

static void igw_in_an_unknown_state(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.items[0].state = EC2_ATTACHMENT_UNKNOWN;
}

static void nobody_wants_an_igw(struct vpc *vpc)
{
    no_igw(vpc);
    vpc_group(vpc, "public")->ipv4 = vpc_group(vpc, "public")->ipv6 = (struct declared_options){0};
}

static void igw_ours_for_another(struct vpc *vpc)
{
    no_igw(vpc);
    vpc_tag(vpc, &vpc_igw(vpc, "igw-loose")->tags, TAG_OWNER, "vpc-reconciled/vpc-2");
}

static void igw_recorded(struct vpc *vpc)
{
    no_igw(vpc);
    vpc_wire(vpc, ROLE_INTERNET_GATEWAY, "igw-1");
}

static void igw_named_by_a_dead_route(struct vpc *vpc)
{
    no_igw(vpc);
    vpc_route(vpc, "rtb-public", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void igw_recorded_and_taken(struct vpc *vpc)
{
    no_igw(vpc);
    vpc_wire(vpc, ROLE_INTERNET_GATEWAY, "igw-9");
}

static void other_vpc(struct plan_action *action)
{
    action->request.vpc_id = "vpc-9";
}

static void no_vpc(struct plan_action *action)
{
    action->request.vpc_id = NULL;
}

static void loose_igw(struct plan_action *action)
{
    action->request.internet_gateway_id = "igw-loose";
}

static void taken_igw(struct plan_action *action)
{
    action->request.internet_gateway_id = "igw-9";
}

static void fresh_taken_igw(struct plan_action *action)
{
    taken_igw(action);
    action->input_is_fresh = true;
}

static void unseen_igw(struct plan_action *action)
{
    action->request.internet_gateway_id = "igw-new";
}

static void fresh_igw(struct plan_action *action)
{
    unseen_igw(action);
    action->input_is_fresh = true;
}

static void no_id(struct plan_action *action)
{
    action->request.internet_gateway_id = NULL;
}

static void test_internet_gateways(void **state)
{
    static const struct action_case rows[] = {
        {"create", no_igw, create_igw, .hold = HOLD_NONE},
        {"create, one is attached", NULL, create_igw, .hold = HOLD_WAIT, "attached"},
        {"create, one is attaching", no_igw_attaching, create_igw, .hold = HOLD_WAIT, "on its way"},
        {"create, one is in an unknown state", igw_in_an_unknown_state, create_igw,
         .hold = HOLD_WAIT, "on its way"},
        {"create, nobody wants it", nobody_wants_an_igw, create_igw, .hold = HOLD_NOT_OURS,
         "no declared group"},
        {"create, ours is there", igw_ours, create_igw, .hold = HOLD_WAIT, "igw-1 is ours"},
        {"create, ours is another VPC's", igw_ours_for_another, create_igw, .hold = HOLD_NONE},
        {"attach ours", igw_ours, attach_igw, .hold = HOLD_NONE},
        {"attach the recorded one", igw_recorded, attach_igw, .hold = HOLD_NONE},
        {"attach the one that a dead route names", igw_named_by_a_dead_route, attach_igw,
         .hold = HOLD_NONE},
        {"attach what AWS has just made", no_igw, attach_igw, fresh_igw, HOLD_NONE, NULL},
        {"attach a stranger's", no_igw, attach_igw, .hold = HOLD_NOT_OURS, "nothing shows"},
        {"attach another stranger's", igw_recorded, attach_igw, loose_igw, HOLD_NOT_OURS,
         "nothing shows"},
        {"attach ours of another VPC", igw_ours_for_another, attach_igw, loose_igw, HOLD_NOT_OURS,
         "nothing shows"},
        {"attach one that is attached elsewhere", igw_recorded_and_taken, attach_igw, taken_igw,
         HOLD_NOT_OURS, "attached to vpc-9"},
        {"the same, said to be fresh", no_igw, attach_igw, fresh_taken_igw, HOLD_NOT_OURS,
         "attached to vpc-9"},
        {"attach one that nobody saw", no_igw, attach_igw, unseen_igw, HOLD_WAIT,
         "does not show yet"},
        {"attach nothing", no_igw, attach_igw, no_id, HOLD_WAIT, "does not show yet"},
        {"attach to another VPC", igw_ours, attach_igw, other_vpc, HOLD_NOT_OURS,
         "not this target's VPC"},
        {"attach to nothing", igw_ours, attach_igw, no_vpc, HOLD_NOT_OURS, "not this target's VPC"},
        {"attach a second one", NULL, attach_igw, loose_igw, HOLD_WAIT, "is attached"},
        {"attach, nobody wants it", nobody_wants_an_igw, attach_igw, .hold = HOLD_NOT_OURS,
         "no declared group"},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

/* ---- egress-only internet gateways ---- */

#define EIGW_STATE(function, attachment)                                                           \
    static void function(struct vpc *vpc)                                                          \
    {                                                                                              \
        vpc_eigw(vpc, "eigw-1")->attachments.items[0].state = attachment;                          \
    }
EIGW_STATE(eigw_attaching, EC2_ATTACHMENT_ATTACHING)
EIGW_STATE(eigw_detaching, EC2_ATTACHMENT_DETACHING)
EIGW_STATE(eigw_unknown, EC2_ATTACHMENT_UNKNOWN)
EIGW_STATE(eigw_detached, EC2_ATTACHMENT_DETACHED)

static void nobody_wants_an_eigw(struct vpc *vpc)
{
    no_eigw(vpc);
    vpc_group(vpc, "functions")->ipv6 = (struct declared_options){0};
}

static void test_egress_only_internet_gateways(void **state)
{
    static const struct action_case rows[] = {
        {"create; another VPC's is there", no_eigw, create_eigw, .hold = HOLD_NONE},
        {"create, one is detached for good", eigw_detached, create_eigw, .hold = HOLD_NONE},
        {"create, one is attached", NULL, create_eigw, .hold = HOLD_WAIT, "attached"},
        {"create, one is attaching", eigw_attaching, create_eigw, .hold = HOLD_WAIT, "on its way"},
        {"create, one is detaching", eigw_detaching, create_eigw, .hold = HOLD_WAIT, "on its way"},
        {"create, one is in an unknown state", eigw_unknown, create_eigw, .hold = HOLD_WAIT,
         "on its way"},
        {"create in another VPC", no_eigw, create_eigw, other_vpc, HOLD_NOT_OURS,
         "not this target's VPC"},
        {"create nowhere", no_eigw, create_eigw, no_vpc, HOLD_NOT_OURS, "not this target's VPC"},
        {"create, nobody wants it", nobody_wants_an_eigw, create_eigw, .hold = HOLD_NOT_OURS,
         "no declared group"},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

/* ---- associations ---- */

static void undeclared_subnet(struct plan_action *action)
{
    action->request.subnet_id = "subnet-other";
}

static void foreign_subnet(struct plan_action *action)
{
    action->request.subnet_id = "subnet-9";
}

static void no_subnet(struct plan_action *action)
{
    action->request.subnet_id = NULL;
}

static void foreign_table(struct plan_action *action)
{
    action->request.route_table_id = "rtb-9";
}

static void no_table(struct plan_action *action)
{
    action->request.route_table_id = NULL;
}

static void main_table(struct plan_action *action)
{
    action->request.route_table_id = "rtb-main";
}

static void public_table(struct plan_action *action)
{
    action->request.route_table_id = "rtb-public";
}

static void others_table(struct plan_action *action)
{
    action->request.route_table_id = "rtb-other";
}

static void idle_table(struct plan_action *action)
{
    action->request.route_table_id = "rtb-idle";
}

static void gateway_too(struct plan_action *action)
{
    action->request.gateway_id = "igw-1";
}

static void public_subnet(struct plan_action *action)
{
    action->request.subnet_id = "subnet-public-a";
    action->request.route_table_id = "rtb-public";
}

static void edge_table(struct vpc *vpc)
{
    struct ec2_route_table_association *association;

    lost_association(vpc);
    association = vpc_associate(vpc, "rtb-private-a", NULL);
    association->main = WIRE_FALSE;
    association->gateway_id = "igw-1";
}

static void changing_table(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_associate(vpc, "rtb-private-a", "subnet-gone")->state = EC2_ASSOCIATION_DISASSOCIATING;
}

static void table_of_an_undeclared_subnet(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_disassociate(vpc, "rtb-other", "subnet-other");
    vpc_associate(vpc, "rtb-private-a", "subnet-other");
}

static void table_of_another_group(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_disassociate(vpc, "rtb-public", "subnet-public-c");
    vpc_associate(vpc, "rtb-private-a", "subnet-public-c");
}

static void idle_table_to_the_igw(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_add_table(vpc, "rtb-idle", "vpc-1");
    vpc_add_route(vpc, "rtb-idle", "0.0.0.0/0", "igw-1");
}

static void idle_table_to_a_tgw(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_add_table(vpc, "rtb-idle", "vpc-1");
    vpc_add_route(vpc, "rtb-idle", "0.0.0.0/0", "tgw-1");
}

static void ipv6_unmanaged(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_group(vpc, "functions")->ipv6 = (struct declared_options){0};
}

static void ipv6_unmanaged_and_recorded(struct vpc *vpc)
{
    ipv6_unmanaged(vpc);
    vpc_wire(vpc, "association/subnet-private-a", "rtb-private-a");
    vpc_wire(vpc, "default/rtb-private-a/ipv6", "eigw-1");
}

static void ipv6_unmanaged_and_recorded_otherwise(struct vpc *vpc)
{
    ipv6_unmanaged(vpc);
    vpc_wire(vpc, "association/subnet-private-a", "rtb-private-a");
    vpc_wire(vpc, "default/rtb-private-a/ipv6", "eigw-0");
}

static void recorded_for_another_table(struct vpc *vpc)
{
    ipv6_unmanaged(vpc);
    vpc_wire(vpc, "association/subnet-private-a", "rtb-private-c");
    vpc_wire(vpc, "default/rtb-private-a/ipv6", "eigw-1");
}

/* ---- S7: the main table serves the subnet now, and it reaches something ---- */

static void main_has_peering(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_add_route(vpc, "rtb-main", "10.70.0.0/16", "pcx-7");
}

static void both_have_peering(struct vpc *vpc)
{
    main_has_peering(vpc);
    vpc_add_route(vpc, "rtb-private-a", "10.70.0.0/16", "pcx-7");
}

static void peering_is_dead_anyway(struct vpc *vpc)
{
    main_has_peering(vpc);
    vpc_route(vpc, "rtb-main", "10.70.0.0/16")->state = EC2_ROUTE_BLACKHOLE;
}

static void peering_would_be_dead(struct vpc *vpc)
{
    both_have_peering(vpc);
    vpc_route(vpc, "rtb-private-a", "10.70.0.0/16")->state = EC2_ROUTE_BLACKHOLE;
}

static void peering_would_be_dead_with_more(struct vpc *vpc)
{
    main_has_peering(vpc);
    vpc_add_route(vpc, "rtb-private-a", "10.64.0.0/10", "pcx-7")->state = EC2_ROUTE_BLACKHOLE;
}

static void main_has_an_endpoint(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_add_route(vpc, "rtb-main", "pl-dynamodb", "vpce-ddb");
}

static void main_has_the_default(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_add_route(vpc, "rtb-main", "0.0.0.0/0", "nat-a");
    vpc_add_route(vpc, "rtb-main", "::/0", "eigw-1");
}

static void table_lost_its_default(struct vpc *vpc)
{
    main_has_the_default(vpc);
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void table_has_a_hole(struct vpc *vpc)
{
    main_has_the_default(vpc);
    vpc_add_route(vpc, "rtb-private-a", "198.51.100.0/24", "tgw-1")->state = EC2_ROUTE_BLACKHOLE;
}

static void table_has_a_hole_that_is_there_now(struct vpc *vpc)
{
    table_has_a_hole(vpc);
    vpc_add_route(vpc, "rtb-main", "198.51.100.0/24", "tgw-1")->state = EC2_ROUTE_BLACKHOLE;
}

static void table_has_a_dead_endpoint(struct vpc *vpc)
{
    main_has_the_default(vpc);
    vpc_route(vpc, "rtb-private-a", "pl-s3")->state = EC2_ROUTE_BLACKHOLE;
}

static void main_leads_to_the_igw(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_add_route(vpc, "rtb-main", "0.0.0.0/0", "igw-1");
}

static void main_leads_to_the_igw_and_nat_nowhere(struct vpc *vpc)
{
    main_leads_to_the_igw(vpc);
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
}

static void main_leads_to_the_igw_and_carries_nat(struct vpc *vpc)
{
    main_leads_to_the_igw(vpc);
    vpc_add_nat(vpc, "nat-inside", "vpc-1", "subnet-private-a");
}

static void main_lets_nobody_out_and_carries_nat(struct vpc *vpc)
{
    lost_association(vpc);
    vpc_add_nat(vpc, "nat-inside", "vpc-1", "subnet-private-a");
}

static void public_is_behind_nat_now(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-public", "subnet-public-a");
    vpc_add_route(vpc, "rtb-main", "0.0.0.0/0", "nat-c");
}

static void public_is_behind_nat_with_private_interfaces(struct vpc *vpc)
{
    public_is_behind_nat_now(vpc);
    vpc_interface(vpc, "eni-public")->association_public_ip = NULL;
}

static void public_is_behind_nat_and_interfaces_unknown(struct vpc *vpc)
{
    public_is_behind_nat_now(vpc);
    vpc->observation.lists[LIST_NETWORK_INTERFACES].complete = false;
}

static void test_associations(void **state)
{
    static const struct action_case rows[] = {
        {"associate", lost_association, associate, .hold = HOLD_NONE},
        {"an undeclared subnet", lost_association, associate, undeclared_subnet, HOLD_NOT_OURS,
         "not a declared subnet"},
        {"a subnet of another VPC", lost_association, associate, foreign_subnet, HOLD_NOT_OURS,
         "not a declared subnet"},
        {"no subnet", lost_association, associate, no_subnet, HOLD_NOT_OURS,
         "not a declared subnet"},
        {"a table of another VPC", lost_association, associate, foreign_table, HOLD_NOT_OURS,
         "not a route table of this VPC"},
        {"no table", lost_association, associate, no_table, HOLD_NOT_OURS,
         "not a route table of this VPC"},
        {"a gateway besides", lost_association, associate, gateway_too, HOLD_NOT_OURS,
         "not a route table of this VPC"},
        {"the main table", lost_association, associate, main_table, HOLD_NOT_OURS, "main table"},
        {"a gateway's table", edge_table, associate, .hold = HOLD_NOT_OURS, "a gateway's"},
        {"a subnet that has one", NULL, associate, .hold = HOLD_WAIT, "an association already"},
        {"a table in flux", changing_table, associate, .hold = HOLD_WAIT, "is changing"},
        {"a table that also serves an undeclared subnet", table_of_an_undeclared_subnet, associate,
         .hold = HOLD_NOT_OURS, "not of group"},
        {"a table of another group too", table_of_another_group, associate, .hold = HOLD_NOT_OURS,
         "not of group"},
        {"the public table", lost_association, associate, public_table, HOLD_NOT_OURS,
         "not of group"},
        {"somebody's table", lost_association, associate, others_table, HOLD_NOT_OURS,
         "not of group"},
        {"an idle table that leads to the IGW", idle_table_to_the_igw, associate, idle_table,
         HOLD_UNSAFE, "not declared"},
        {"an idle table that leads to a TGW", idle_table_to_a_tgw, associate, idle_table,
         HOLD_UNSAFE, "not declared"},
        {"a way out in the family that is not declared", ipv6_unmanaged, associate,
         .hold = HOLD_UNSAFE, "not declared"},
        {"the same, as a healthy pass recorded it", ipv6_unmanaged_and_recorded, associate,
         .hold = HOLD_NONE},
        {"the same, recorded with another target", ipv6_unmanaged_and_recorded_otherwise, associate,
         .hold = HOLD_UNSAFE, "not declared"},
        {"the same, recorded for another table", recorded_for_another_table, associate,
         .hold = HOLD_UNSAFE, "not declared"},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

static void test_associations_lose_no_path(void **state)
{
    static const struct action_case rows[] = {
        {"the default works now, too", main_has_the_default, associate, .hold = HOLD_NONE},
        {"a peering that the table lacks", main_has_peering, associate, .hold = HOLD_UNSAFE,
         "10.70.0.0/16"},
        {"a peering that it has", both_have_peering, associate, .hold = HOLD_NONE},
        {"a peering that is dead anyway", peering_is_dead_anyway, associate, .hold = HOLD_NONE},
        {"a peering that would be dead", peering_would_be_dead, associate, .hold = HOLD_UNSAFE,
         "10.70.0.0/16"},
        {"a peering that would be dead, with more besides", peering_would_be_dead_with_more,
         associate, .hold = HOLD_UNSAFE, "10.70.0.0/16"},
        {"an endpoint that the table lacks", main_has_an_endpoint, associate, .hold = HOLD_UNSAFE,
         "pl-dynamodb"},
        {"a default that the table lacks", table_lost_its_default, associate, .hold = HOLD_UNSAFE,
         "0.0.0.0/0"},
        {"a hole in the table", table_has_a_hole, associate, .hold = HOLD_UNSAFE,
         "198.51.100.0/24"},
        {"a hole that is there now", table_has_a_hole_that_is_there_now, associate,
         .hold = HOLD_NONE},
        {"a dead endpoint in the table", table_has_a_dead_endpoint, associate, .hold = HOLD_UNSAFE,
         "pl-s3"},
        {"from the IGW to a NAT gateway", main_leads_to_the_igw, associate, .hold = HOLD_NONE},
        {"to a NAT gateway without way out", main_leads_to_the_igw_and_nat_nowhere, associate,
         .hold = HOLD_UNSAFE, "no way out itself"},
        {"a NAT gateway in the subnet", main_leads_to_the_igw_and_carries_nat, associate,
         .hold = HOLD_UNSAFE, "nat-inside in subnet-private-a would lose"},
        {"a NAT gateway in the subnet, cut off anyway", main_lets_nobody_out_and_carries_nat,
         associate, .hold = HOLD_NONE},
        {"from a NAT gateway to the IGW", public_is_behind_nat_now, associate, public_subnet,
         HOLD_NONE, NULL},
        {"the same without public addresses", public_is_behind_nat_with_private_interfaces,
         associate, public_subnet, HOLD_UNSAFE, "no public IPv4 address"},
        {"the same, addresses unknown", public_is_behind_nat_and_interfaces_unknown, associate,
         public_subnet, HOLD_UNKNOWN, "interfaces"},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_internet_gateways),
        cmocka_unit_test(test_egress_only_internet_gateways),
        cmocka_unit_test(test_associations),
        cmocka_unit_test(test_associations_lose_no_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
