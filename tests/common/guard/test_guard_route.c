/* CreateRoute and ReplaceRoute before the guard alone: each invariant of safety.md 3 that one may
 * break, and what it must let through. */
#include "support/vpc.h"

struct route_case {
    const char *name;
    void (*arrange)(struct vpc *vpc); /* NULL: nothing is wrong but the action */
    enum ec2_action call;
    const char *table, *destination, *target;
    void (*tweak)(struct plan_action *action); /* NULL: as it is */
    enum hold hold;
    const char *reason; /* part of it; NULL with HOLD_NONE */
};

static void judge(const struct route_case *row, struct vpc *vpc)
{
    struct plan_action action =
        vpc_route_action(row->call, row->table, row->destination, row->target);
    const char *reason;
    enum hold hold;

    if (row->tweak)
        row->tweak(&action);
    hold = vpc_judge(vpc, &action, &reason);
    if (hold != row->hold || (reason != NULL) != (row->hold != HOLD_NONE) ||
        (row->reason && !strstr(reason, row->reason)))
        fail_msg("%s: \"%s\" (%s), expected \"%s\" (... %s ...)", row->name, hold_name(hold),
                 reason ? reason : "", hold_name(row->hold), row->reason ? row->reason : "");
}

static void judge_all(const struct route_case *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();

        if (rows[i].arrange)
            rows[i].arrange(vpc);
        vpc_look(vpc);
        judge(&rows[i], vpc);
    }
}

/* ---- worlds ---- */

static void private_lost(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
    vpc_drop_route(vpc, "rtb-private-a", "::/0");
}

static void public_lost(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
    vpc_drop_route(vpc, "rtb-public", "::/0");
}

static void private_dead(struct vpc *vpc)
{
    struct ec2_route *route = vpc_route(vpc, "rtb-private-a", "0.0.0.0/0");

    vpc_retarget(route, "nat-gone");
    route->state = EC2_ROUTE_BLACKHOLE;
    route = vpc_route(vpc, "rtb-private-a", "::/0");
    vpc_retarget(route, "eigw-gone");
    route->state = EC2_ROUTE_BLACKHOLE;
}

static void private_exposed(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "igw-1");
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "::/0"), "igw-1");
}

static void other_account(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_vpc(vpc, "vpc-1")->owner_id = "999999999999";
}

static void no_owner(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_vpc(vpc, "vpc-1")->owner_id = NULL;
}

static void served_by_main(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
}

static void gateway_associated(struct vpc *vpc)
{
    struct ec2_route_table_association *association;

    private_lost(vpc);
    association = vpc_associate(vpc, "rtb-private-a", NULL);
    association->main = WIRE_FALSE;
    association->gateway_id = "igw-1";
}

static void shared_with_undeclared(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_disassociate(vpc, "rtb-other", "subnet-other");
    vpc_associate(vpc, "rtb-private-a", "subnet-other");
}

static void shared_with_public(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_disassociate(vpc, "rtb-public", "subnet-public-a");
    vpc_associate(vpc, "rtb-private-a", "subnet-public-a");
}

static void table_of_nobody(struct vpc *vpc)
{
    vpc_add_table(vpc, "rtb-idle", "vpc-1");
}

static void propagated(struct vpc *vpc)
{
    struct ec2_route *route = vpc_route(vpc, "rtb-private-a", "0.0.0.0/0");

    vpc_retarget(route, "vgw-1");
    route->origin = EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
}

static void propagated_nat(struct vpc *vpc) /* no such thing today; the origin alone must do */
{
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->origin = EC2_ORIGIN_ADVERTISEMENT;
}

static void unknown_origin(struct vpc *vpc)
{
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->origin = EC2_ORIGIN_UNKNOWN;
}

static void dead_beside_propagated(struct vpc *vpc)
{
    private_dead(vpc);
    vpc_add_route(vpc, "rtb-private-a", "0.0.0.0/0", "vgw-1")->origin =
        EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
}

static void customer_prefix_list(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_add_route(vpc, "rtb-private-a", "pl-corp", "tgw-1");
}

static void unseen_prefix_list(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_add_route(vpc, "rtb-private-a", "pl-shared", "tgw-1");
}

static void prefix_lists_unknown(struct vpc *vpc)
{
    private_lost(vpc);
    vpc->observation.lists[LIST_MANAGED_PREFIX_LISTS].complete = false;
}

static void lost_and_nat_private(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_nat(vpc, "nat-a")->connectivity_type = EC2_CONNECTIVITY_PRIVATE;
}

static void lost_and_nat_of_unknown_kind(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_nat(vpc, "nat-a")->connectivity_type = EC2_CONNECTIVITY_UNKNOWN;
}

static void lost_and_nat_says_no_kind(struct vpc *vpc) /* absent is public, EC2's default */
{
    private_lost(vpc);
    vpc_nat(vpc, "nat-a")->connectivity_type = EC2_CONNECTIVITY_ABSENT;
}

#define NAT_STATE(function, nat_state)                                                             \
    static void function(struct vpc *vpc)                                                          \
    {                                                                                              \
        private_lost(vpc);                                                                         \
        vpc_nat(vpc, "nat-a")->state = nat_state;                                                  \
    }
NAT_STATE(nat_pending, EC2_STATE_PENDING)
NAT_STATE(nat_failed, EC2_STATE_FAILED)
NAT_STATE(nat_deleting, EC2_STATE_DELETING)
NAT_STATE(nat_deleted, EC2_STATE_DELETED)
NAT_STATE(nat_unknown, EC2_STATE_UNKNOWN)
NAT_STATE(nat_absent, EC2_STATE_ABSENT)

static void attaching(struct vpc *vpc)
{
    private_lost(vpc);
    public_lost(vpc);
    vpc_igw(vpc, "igw-1")->attachments.items[0].state = EC2_ATTACHMENT_ATTACHING;
    vpc_eigw(vpc, "eigw-1")->attachments.items[0].state = EC2_ATTACHMENT_ATTACHING;
}

static void detached(struct vpc *vpc)
{
    public_lost(vpc);
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
}

static void no_eigw(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_eigw(vpc, "eigw-1")->attachments.n = 0;
}

static void unmanaged_ipv6(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_group(vpc, "functions")->ipv6 = (struct declared_options){0};
}

/* ---- worlds for S7 ---- */

static void exposed_and_nat_has_no_route(struct vpc *vpc)
{
    private_exposed(vpc);
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
}

static void exposed_and_nat_route_is_dead(struct vpc *vpc)
{
    private_exposed(vpc);
    vpc_route(vpc, "rtb-public", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void exposed_and_nat_leads_to_nat(struct vpc *vpc)
{
    private_exposed(vpc);
    vpc_retarget(vpc_route(vpc, "rtb-public", "0.0.0.0/0"), "nat-c");
}

static void exposed_and_nat_home_unknown(struct vpc *vpc)
{
    private_exposed(vpc);
    vpc_nat(vpc, "nat-a")->subnet_id = "subnet-none";
}

static void exposed_and_nat_regional(struct vpc *vpc)
{
    private_exposed(vpc);
    vpc_nat(vpc, "nat-a")->subnet_id = NULL;
    vpc_nat(vpc, "nat-a")->availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
}

static void exposed_and_nat_in_itself(struct vpc *vpc)
{
    private_exposed(vpc);
    vpc_add_nat(vpc, "nat-inside", "vpc-1", "subnet-private-a");
}

static void dead_and_nat_has_no_route(struct vpc *vpc)
{
    private_dead(vpc);
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
}

static void lost_and_carries_nat(struct vpc *vpc)
{
    private_lost(vpc);
    vpc_add_nat(vpc, "nat-inside", "vpc-1", "subnet-private-a");
}

static void lost_and_carries_pending_nat(struct vpc *vpc)
{
    lost_and_carries_nat(vpc);
    vpc_nat(vpc, "nat-inside")->state = EC2_STATE_PENDING;
}

static void lost_and_carried_nat(struct vpc *vpc)
{
    lost_and_carries_nat(vpc);
    vpc_nat(vpc, "nat-inside")->state = EC2_STATE_DELETED;
}

static void igw_declared_too(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->ipv4 = vpc_options(vpc, "internet-gateway,nat-gateway");
}

static void igw_declared_and_all_public(struct vpc *vpc)
{
    igw_declared_too(vpc);
    vpc_interface(vpc, "eni-private")->association_public_ip = "192.0.2.9";
}

static void igw_declared_and_endpoint_only(struct vpc *vpc)
{
    igw_declared_too(vpc);
    vpc_interface(vpc, "eni-private")->interface_type = "vpc_endpoint";
}

static void igw_declared_and_interfaces_unknown(struct vpc *vpc)
{
    igw_declared_too(vpc);
    vpc->observation.lists[LIST_NETWORK_INTERFACES].complete = false;
}

static void igw_declared_and_dead(struct vpc *vpc)
{
    igw_declared_too(vpc);
    private_dead(vpc);
}

/* ---- requests ---- */

static void no_table(struct plan_action *action)
{
    action->request.route_table_id = NULL;
}

static void no_destination(struct plan_action *action)
{
    action->request.destination_cidr_block = (struct prefix){0};
}

static void both_families(struct plan_action *action)
{
    action->request.destination_ipv6_cidr_block = PREFIX_IPV6_DEFAULT;
}

static void a_network_besides(struct plan_action *action)
{
    prefix_parse("2001:db8::/32", &action->request.destination_ipv6_cidr_block);
}

static void a_prefix_list_besides(struct plan_action *action)
{
    action->request.destination_prefix_list_id = "pl-corp";
}

static void default_as_the_other_member(struct plan_action *action)
{
    action->request.destination_ipv6_cidr_block = PREFIX_IPV4_DEFAULT;
    action->request.destination_cidr_block = (struct prefix){0};
}

static void no_target(struct plan_action *action)
{
    action->request.nat_gateway_id = NULL;
}

static void local_target(struct plan_action *action)
{
    action->request.nat_gateway_id = NULL;
    action->request.local_target = WIRE_TRUE;
}

static void local_target_besides(struct plan_action *action)
{
    action->request.local_target = WIRE_FALSE;
}

static void igw_besides(struct plan_action *action)
{
    action->request.gateway_id = "igw-1";
}

static void vgw_as_gateway(struct plan_action *action)
{
    action->request.nat_gateway_id = NULL;
    action->request.gateway_id = "vgw-1";
}

static void nat_as_gateway(struct plan_action *action)
{
    action->request.nat_gateway_id = NULL;
    action->request.gateway_id = "nat-a";
}

static void fresh(struct plan_action *action)
{
    action->input_is_fresh = true;
}

#define CREATE EC2_CREATE_ROUTE
#define REPLACE EC2_REPLACE_ROUTE
#define V4 "0.0.0.0/0"
#define V6 "::/0"
#define A "rtb-private-a"

static void test_what_may_run(void **state)
{
    static const struct route_case rows[] = {
        {"private IPv4 lost", private_lost, CREATE, A, V4, "nat-a", .hold = HOLD_NONE},
        {"private IPv6 lost", private_lost, CREATE, A, V6, "eigw-1", .hold = HOLD_NONE},
        {"public IPv4 lost", public_lost, CREATE, "rtb-public", V4, "igw-1", .hold = HOLD_NONE},
        {"public IPv6 lost", public_lost, CREATE, "rtb-public", V6, "igw-1", .hold = HOLD_NONE},
        {"private IPv4 dead", private_dead, REPLACE, A, V4, "nat-a", .hold = HOLD_NONE},
        {"private IPv6 dead", private_dead, REPLACE, A, V6, "eigw-1", .hold = HOLD_NONE},
        {"private IPv4 exposed", private_exposed, REPLACE, A, V4, "nat-a", .hold = HOLD_NONE},
        {"private IPv6 exposed", private_exposed, REPLACE, A, V6, "eigw-1", .hold = HOLD_NONE},
        {"another zone's NAT gateway", private_dead, REPLACE, A, V4, "nat-c", .hold = HOLD_NONE},
        {"a regional NAT gateway", exposed_and_nat_regional, REPLACE, A, V4, "nat-a",
         .hold = HOLD_NONE},
        {"a NAT gateway that names no kind", lost_and_nat_says_no_kind, CREATE, A, V4, "nat-a",
         .hold = HOLD_NONE},
        {"a static default beside a propagated one", dead_beside_propagated, REPLACE, A, V4,
         "nat-a", .hold = HOLD_NONE},
        {"a NAT gateway without way out for a dead path", dead_and_nat_has_no_route, REPLACE, A, V4,
         "nat-a", .hold = HOLD_NONE},
        {"a deleted NAT gateway carries nothing", lost_and_carried_nat, CREATE, A, V4, "nat-a",
         .hold = HOLD_NONE},
        {"to the IGW, all interfaces public", igw_declared_and_all_public, REPLACE, A, V4, "igw-1",
         .hold = HOLD_NONE},
        {"to the IGW, only an endpoint there", igw_declared_and_endpoint_only, REPLACE, A, V4,
         "igw-1", .hold = HOLD_NONE},
        {"to the IGW, dead anyway", igw_declared_and_dead, REPLACE, A, V4, "igw-1",
         .hold = HOLD_NONE},
        {"an IGW that AWS has just attached", detached, CREATE, "rtb-public", V4, "igw-1",
         .tweak = fresh},
        {"an IGW that AWS has just made", detached, CREATE, "rtb-public", V4, "igw-new",
         .tweak = fresh},
        {"an EIGW that AWS has just made", no_eigw, CREATE, A, V6, "eigw-new", .tweak = fresh},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

static void test_s1_other_vpcs(void **state)
{
    static const struct route_case rows[] = {
        {"table of another VPC", private_lost, CREATE, "rtb-9", V4, "nat-a", .hold = HOLD_NOT_OURS,
         "not a route table of this VPC"},
        {"table that nobody saw", private_lost, CREATE, "rtb-none", V4, "nat-a",
         .hold = HOLD_NOT_OURS, "not a route table of this VPC"},
        {"no table", private_lost, CREATE, A, V4, "nat-a", no_table, HOLD_NOT_OURS,
         "not a route table of this VPC"},
        {"NAT gateway of another VPC", private_lost, CREATE, A, V4, "nat-9", .hold = HOLD_NOT_OURS,
         "declares"},
        {"IGW of another VPC", public_lost, CREATE, "rtb-public", V4, "igw-9", .hold = HOLD_WAIT,
         "not available"},
        {"IGW of nobody", public_lost, CREATE, "rtb-public", V4, "igw-loose", .hold = HOLD_WAIT,
         "not available"},
        {"EIGW of another VPC", private_lost, CREATE, A, V6, "eigw-9", .hold = HOLD_WAIT,
         "not available"},
        {"a second IGW, said to be fresh", public_lost, CREATE, "rtb-public", V4, "igw-loose",
         fresh, HOLD_WAIT, "not available"},
        {"a second EIGW, said to be fresh", private_lost, CREATE, A, V6, "eigw-new", fresh,
         HOLD_WAIT, "not available"},
        {"IGW of another VPC, said to be fresh", detached, CREATE, "rtb-public", V4, "igw-9", fresh,
         HOLD_NOT_OURS, "another VPC"},
        {"EIGW of another VPC, said to be fresh", no_eigw, CREATE, A, V6, "eigw-9", fresh,
         HOLD_NOT_OURS, "another VPC"},
        {"NAT gateway that nobody saw, said to be fresh", private_lost, CREATE, A, V4, "nat-new",
         fresh, HOLD_NOT_OURS, "declares"},
        {"VPC of another account", other_account, CREATE, A, V4, "nat-a", .hold = HOLD_NOT_OURS,
         "another account"},
        {"VPC without an owner", no_owner, CREATE, A, V4, "nat-a", .hold = HOLD_NOT_OURS,
         "another account"},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

static void test_s2_tables(void **state)
{
    static const struct route_case rows[] = {
        {"main table", served_by_main, CREATE, "rtb-main", V4, "nat-a", .hold = HOLD_NOT_OURS,
         "main route table"},
        {"gateway's table", gateway_associated, CREATE, A, V4, "nat-a", .hold = HOLD_NOT_OURS,
         "associated with a gateway"},
        {"serves an undeclared subnet too", shared_with_undeclared, CREATE, A, V4, "nat-a",
         .hold = HOLD_NOT_OURS, "subnet-other"},
        {"serves undeclared subnets only", NULL, CREATE, "rtb-other", V4, "nat-a",
         .hold = HOLD_NOT_OURS, "subnet-other"},
        {"serves nobody", table_of_nobody, CREATE, "rtb-idle", V4, "nat-a", .hold = HOLD_NOT_OURS,
         "no declared subnet"},
        {"serves groups that differ", shared_with_public, CREATE, A, V4, "nat-a",
         .hold = HOLD_NOT_OURS, "not every subnet"},
        {"what the group does not declare", private_lost, CREATE, A, V4, "igw-1",
         .hold = HOLD_NOT_OURS, "not every subnet"},
        {"what the group leaves unmanaged", unmanaged_ipv6, CREATE, A, V6, "eigw-1",
         .hold = HOLD_NOT_OURS, "not every subnet"},
        {"a private NAT gateway", lost_and_nat_private, CREATE, A, V4, "nat-a",
         .hold = HOLD_NOT_OURS, "not every subnet"},
        {"a NAT gateway of an unknown kind", lost_and_nat_of_unknown_kind, CREATE, A, V4, "nat-a",
         .hold = HOLD_UNKNOWN, "connectivity"},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

static void test_s2_destinations(void **state)
{
    static const struct route_case rows[] = {
        {"a network", private_lost, CREATE, A, "10.77.0.0/16", "nat-a", .hold = HOLD_NOT_OURS,
         "only default routes"},
        {"half of the default", private_lost, CREATE, A, "0.0.0.0/1", "nat-a",
         .hold = HOLD_NOT_OURS, "only default routes"},
        {"an IPv6 network", private_lost, CREATE, A, "2001:db8::/32", "eigw-1",
         .hold = HOLD_NOT_OURS, "only default routes"},
        {"somebody's peering route", NULL, REPLACE, A, "10.50.0.0/16", "nat-a",
         .hold = HOLD_NOT_OURS, "only default routes"},
        {"a prefix list", NULL, REPLACE, A, "pl-s3", "nat-a", .hold = HOLD_NOT_OURS,
         "only default routes"},
        {"none", private_lost, CREATE, A, V4, "nat-a", no_destination, HOLD_NOT_OURS,
         "only default routes"},
        {"both families", private_lost, CREATE, A, V4, "nat-a", both_families, HOLD_NOT_OURS,
         "only default routes"},
        {"a network besides", private_lost, CREATE, A, V4, "nat-a", a_network_besides,
         HOLD_NOT_OURS, "only default routes"},
        {"a prefix list besides", private_lost, CREATE, A, V4, "nat-a", a_prefix_list_besides,
         HOLD_NOT_OURS, "only default routes"},
        {"0.0.0.0/0 as IPv6", private_lost, CREATE, A, V4, "nat-a", default_as_the_other_member,
         HOLD_NOT_OURS, "only default routes"},
        {"IPv4 to an EIGW", private_lost, CREATE, A, V4, "eigw-1", .hold = HOLD_NOT_OURS,
         "does not carry this family"},
        {"IPv6 to a NAT gateway", private_lost, CREATE, A, V6, "nat-a", .hold = HOLD_NOT_OURS,
         "does not carry this family"},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

static void test_s2_defaults_of_others(void **state)
{
    static const struct route_case rows[] = {
        {"create beside a propagated one", propagated, CREATE, A, V4, "nat-a",
         .hold = HOLD_NOT_OURS, "propagation"},
        {"replace a propagated one", propagated, REPLACE, A, V4, "nat-a", .hold = HOLD_NOT_OURS,
         "propagation"},
        {"replace an advertised one", propagated_nat, REPLACE, A, V4, "nat-c",
         .hold = HOLD_NOT_OURS, "propagation"},
        {"replace one of an unknown origin", unknown_origin, REPLACE, A, V4, "nat-c",
         .hold = HOLD_NOT_OURS, "propagation"},
        {"create beside a customer's prefix list", customer_prefix_list, CREATE, A, V4, "nat-a",
         .hold = HOLD_NOT_OURS, "prefix list"},
        {"create beside a prefix list that is not seen", unseen_prefix_list, CREATE, A, V4, "nat-a",
         .hold = HOLD_UNKNOWN, "prefix list"},
        {"create, and nothing is known of prefix lists", prefix_lists_unknown, CREATE, A, V4,
         "nat-a", .hold = HOLD_UNKNOWN, "prefix list"},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

static void test_one_target_of_ours(void **state)
{
    static const struct route_case rows[] = {
        {"none", private_lost, CREATE, A, V4, "nat-a", no_target, HOLD_NOT_OURS, "target"},
        {"LocalTarget", private_lost, REPLACE, A, V4, "nat-a", local_target, HOLD_NOT_OURS,
         "target"},
        {"LocalTarget besides, even false", private_lost, CREATE, A, V4, "nat-a",
         local_target_besides, HOLD_NOT_OURS, "target"},
        {"two of ours", private_lost, CREATE, A, V4, "nat-a", igw_besides, HOLD_NOT_OURS, "target"},
        {"a VGW as gateway", private_lost, CREATE, A, V4, "nat-a", vgw_as_gateway, HOLD_NOT_OURS,
         "target"},
        {"a NAT gateway as gateway", private_lost, CREATE, A, V4, "nat-a", nat_as_gateway,
         HOLD_NOT_OURS, "target"},
    };
    static const struct {
        const char *id;
        size_t offset;
    } foreign[] = {
        {"tgw-1", offsetof(struct ec2_change_request, transit_gateway_id)},
        {"pcx-1", offsetof(struct ec2_change_request, vpc_peering_connection_id)},
        {"eni-1", offsetof(struct ec2_change_request, network_interface_id)},
        {"i-1", offsetof(struct ec2_change_request, instance_id)},
        {"vpce-1", offsetof(struct ec2_change_request, vpc_endpoint_id)},
        {"lgw-1", offsetof(struct ec2_change_request, local_gateway_id)},
        {"cagw-1", offsetof(struct ec2_change_request, carrier_gateway_id)},
        {"arn:1", offsetof(struct ec2_change_request, core_network_arn)},
        {"arn:2", offsetof(struct ec2_change_request, odb_network_arn)},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
    for (size_t i = 0; i < 2 * ARRAY_SIZE(foreign); i++) { /* alone, and besides ours */
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action = vpc_route_action(CREATE, A, V4, "nat-a");
        const char *reason;

        private_lost(vpc);
        vpc_look(vpc);
        if (i % 2)
            action.request.nat_gateway_id = NULL;
        *(const char **)((char *)&action.request + foreign[i / 2].offset) = foreign[i / 2].id;
        if (vpc_judge(vpc, &action, &reason) != HOLD_NOT_OURS)
            fail_msg("%s was let through", foreign[i / 2].id);
    }
}

/* S2: what leads to a target of any other kind stays, live or dead, whatever is declared. */
static void test_s2_foreign_targets(void **state)
{
    static const char *const targets[] = {
        "vpce-1",        "tgw-1",      "eni-1",
        "i-1",           "pcx-1",      "vgw-1",
        "cagw-1",        "lgw-1",      "arn:aws:networkmanager::1",
        "arn:aws:odb:1", "new-kind-1",
    };
    static const struct route_case rows[] = {
        {"IPv4", NULL, REPLACE, A, V4, "nat-a", .hold = HOLD_NOT_OURS, "somebody's design"},
        {"IPv6", NULL, REPLACE, A, V6, "eigw-1", .hold = HOLD_NOT_OURS, "somebody's design"},
        {"public", NULL, REPLACE, "rtb-public", V4, "igw-1", .hold = HOLD_NOT_OURS,
         "somebody's design"},
    };

    (void)state;
    for (size_t t = 0; t < ARRAY_SIZE(targets); t++)
        for (uint8_t route_state = EC2_ROUTE_UNKNOWN; route_state <= EC2_ROUTE_FILTERED;
             route_state++)
            for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                CLEANUP(vpc_freep)
                struct vpc *vpc = vpc_new();
                struct ec2_route *route = vpc_route(vpc, rows[i].table, rows[i].destination);

                vpc_retarget(route, targets[t]);
                route->state = route_state;
                vpc_look(vpc);
                judge(&rows[i], vpc);
            }
}

static void test_states_are_waited_for(void **state)
{
    static const struct route_case rows[] = {
        {"create what is there", NULL, CREATE, A, V4, "nat-a", .hold = HOLD_WAIT,
         "has a static default"},
        {"replace what is not there", private_lost, REPLACE, A, V4, "nat-a", .hold = HOLD_WAIT,
         "does not have"},
        {"NAT gateway pending", nat_pending, CREATE, A, V4, "nat-a", .hold = HOLD_WAIT,
         "available"},
        {"NAT gateway failed", nat_failed, CREATE, A, V4, "nat-a", .hold = HOLD_WAIT, "available"},
        {"NAT gateway deleting", nat_deleting, CREATE, A, V4, "nat-a", .hold = HOLD_WAIT,
         "available"},
        {"NAT gateway deleted", nat_deleted, CREATE, A, V4, "nat-a", .hold = HOLD_WAIT,
         "available"},
        {"NAT gateway in an unknown state", nat_unknown, CREATE, A, V4, "nat-a", .hold = HOLD_WAIT,
         "available"},
        {"NAT gateway without a state", nat_absent, CREATE, A, V4, "nat-a", .hold = HOLD_WAIT,
         "available"},
        {"a pending NAT gateway is never fresh", nat_pending, CREATE, A, V4, "nat-a", fresh,
         HOLD_WAIT, "available"},
        {"IGW attaching", attaching, CREATE, "rtb-public", V4, "igw-1", .hold = HOLD_WAIT,
         "available"},
        {"EIGW attaching", attaching, CREATE, A, V6, "eigw-1", .hold = HOLD_WAIT, "available"},
        {"IGW detached", detached, CREATE, "rtb-public", V4, "igw-1", .hold = HOLD_WAIT,
         "available"},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

static void test_s7_no_path_gets_worse(void **state)
{
    static const struct route_case rows[] = {
        {"NAT gateway without a default", exposed_and_nat_has_no_route, REPLACE, A, V4, "nat-a",
         .hold = HOLD_UNSAFE, "no way out itself"},
        {"NAT gateway with a dead default", exposed_and_nat_route_is_dead, REPLACE, A, V4, "nat-a",
         .hold = HOLD_UNSAFE, "no way out itself"},
        {"NAT gateway behind a NAT gateway", exposed_and_nat_leads_to_nat, REPLACE, A, V4, "nat-a",
         .hold = HOLD_UNSAFE, "no way out itself"},
        {"NAT gateway in no known subnet", exposed_and_nat_home_unknown, REPLACE, A, V4, "nat-a",
         .hold = HOLD_UNSAFE, "not known"},
        {"NAT gateway in a circle", exposed_and_nat_in_itself, REPLACE, A, V4, "nat-inside",
         .hold = HOLD_UNSAFE, "circle"},
        {"table of another NAT gateway's traffic", exposed_and_nat_in_itself, REPLACE, A, V4,
         "nat-a", .hold = HOLD_UNSAFE, "its own traffic"},
        {"the same, and its path is dead", lost_and_carries_nat, CREATE, A, V4, "nat-a",
         .hold = HOLD_UNSAFE, "its own traffic"},
        {"the same, NAT gateway pending", lost_and_carries_pending_nat, CREATE, A, V4, "nat-a",
         .hold = HOLD_UNSAFE, "its own traffic"},
        {"to the IGW, no public address", igw_declared_too, REPLACE, A, V4, "igw-1",
         .hold = HOLD_UNSAFE, "no public IPv4 address"},
        {"to the IGW, addresses unknown", igw_declared_and_interfaces_unknown, REPLACE, A, V4,
         "igw-1", .hold = HOLD_UNKNOWN, "interfaces"},
    };

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

/* ---- what our own change replaced (design.md 6.4) ---- */

#define PUBLIC_V6 "default/rtb-public/ipv6"
#define MINUTES(n) ((int64_t)(n)*60000)

/* rtb-public leads to igw-1 over IPv6 since a change of ours, and that is detached. */
static void igw_gone(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
    vpc_route(vpc, "rtb-public", "::/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void changed_and_gone(struct vpc *vpc)
{
    igw_gone(vpc);
    vpc_changed(vpc, PUBLIC_V6, "eigw-1", "igw-1", MINUTES(59));
}

static void changed_long_ago(struct vpc *vpc)
{
    igw_gone(vpc);
    vpc_changed(vpc, PUBLIC_V6, "eigw-1", "igw-1", MINUTES(60) + 1);
}

static void changed_in_another_year(struct vpc *vpc) /* the clock was wrong */
{
    igw_gone(vpc);
    vpc_changed(vpc, PUBLIC_V6, "eigw-1", "igw-1", -MINUTES(61));
}

static void changed_and_created_since(struct vpc *vpc)
{
    changed_and_gone(vpc);
    vpc_changed(vpc, PUBLIC_V6, NULL, "igw-1", MINUTES(5));
}

static void changed_to_another(struct vpc *vpc)
{
    igw_gone(vpc);
    vpc_changed(vpc, PUBLIC_V6, "eigw-1", "igw-2", MINUTES(5));
}

static void changed_elsewhere(struct vpc *vpc)
{
    igw_gone(vpc);
    vpc_changed(vpc, "default/rtb-private-a/ipv6", "eigw-1", "igw-1", MINUTES(5));
}

static void changed_and_works(struct vpc *vpc)
{
    vpc_changed(vpc, PUBLIC_V6, "eigw-1", "igw-1", MINUTES(5));
}

static void changed_and_both_gone(struct vpc *vpc)
{
    changed_and_gone(vpc);
    vpc_eigw(vpc, "eigw-1")->attachments.n = 0;
}

static void exposure_changed_and_eigw_gone(struct vpc *vpc)
{
    vpc_eigw(vpc, "eigw-1")->attachments.n = 0;
    vpc_route(vpc, A, "::/0")->state = EC2_ROUTE_BLACKHOLE;
    vpc_changed(vpc, "default/" A "/ipv6", "igw-1", "eigw-1", MINUTES(5));
}

static void changed_to_a_firewall_since(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-public", "::/0"), "vpce-fw");
    vpc_route(vpc, "rtb-public", "::/0")->state = EC2_ROUTE_BLACKHOLE;
    vpc_changed(vpc, PUBLIC_V6, "eigw-1", "vpce-fw", MINUTES(5));
}

static void test_undo(void **state)
{
#define UNDO REPLACE, "rtb-public", V6, "eigw-1"
    static const struct route_case rows[] = {
        {"what it was, and what is there does harm", changed_and_gone, UNDO, .hold = HOLD_NONE},
        {"of no change of ours", igw_gone, UNDO, .hold = HOLD_NOT_OURS, "not every subnet"},
        {"of one over an hour ago", changed_long_ago, UNDO, .hold = HOLD_NOT_OURS,
         "not every subnet"},
        {"of one that is still to come", changed_in_another_year, UNDO, .hold = HOLD_NOT_OURS,
         "not every subnet"},
        {"of one that a later one followed", changed_and_created_since, UNDO, .hold = HOLD_NOT_OURS,
         "not every subnet"},
        {"of one that somebody changed since", changed_to_another, UNDO, .hold = HOLD_NOT_OURS,
         "not every subnet"},
        {"of another table's", changed_elsewhere, UNDO, .hold = HOLD_NOT_OURS, "not every subnet"},
        {"of one that works", changed_and_works, UNDO, .hold = HOLD_NOT_OURS, "not every subnet"},
        {"to what is dead as well", changed_and_both_gone, UNDO, .hold = HOLD_WAIT,
         "not available"},
        {"to what it never was", changed_and_gone, REPLACE, "rtb-public", V6, "eigw-9",
         .hold = HOLD_NOT_OURS, "not every subnet"},
        {"of a firewall's", changed_to_a_firewall_since, UNDO, .hold = HOLD_NOT_OURS,
         "somebody's design"},
        {"to an exposure", exposure_changed_and_eigw_gone, REPLACE, A, V6, "igw-1",
         .hold = HOLD_NOT_OURS, "not every subnet"},
        {"as a new route", changed_and_gone, CREATE, "rtb-public", V6, "eigw-1",
         .hold = HOLD_NOT_OURS, "not every subnet"},
    };
#undef UNDO

    (void)state;
    judge_all(rows, ARRAY_SIZE(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_may_run),
        cmocka_unit_test(test_s1_other_vpcs),
        cmocka_unit_test(test_s2_tables),
        cmocka_unit_test(test_s2_destinations),
        cmocka_unit_test(test_s2_defaults_of_others),
        cmocka_unit_test(test_one_target_of_ours),
        cmocka_unit_test(test_s2_foreign_targets),
        cmocka_unit_test(test_states_are_waited_for),
        cmocka_unit_test(test_s7_no_path_gets_worse),
        cmocka_unit_test(test_undo),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
