/* Attacks on the guard: a reference action that passes, and how a planner that wants harm twists
 * it, or the world that it waits for. Each row once went through. */
#include "hostile_member.h"
#include "support/vpc_endpoints.h"

/* ---- reference actions, each in a world that lets it pass ---- */

static void add_zones(struct vpc *vpc)
{
    for (size_t z = 0; z < 2; z++)
        *VEC_ADD(vpc->arena, &vpc->observation.availability_zones) =
            (struct ec2_availability_zone){.zone_name = z == 0 ? ZONE_A : ZONE_C};
}

static struct plan_action associate_block(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-private-a");
    return (struct plan_action){.call = EC2_ASSOCIATE_SUBNET_CIDR_BLOCK,
                                .role = "ipv6-block/functions/10.0.16.0/24",
                                .request = {.subnet_id = "subnet-private-a",
                                            .ipv6_cidr_block = vpc_prefix("2001:db8:0:77::/64")}};
}

static struct plan_action ipv6_on_launch(struct vpc *vpc)
{
    vpc_subnet(vpc, "subnet-private-a")->assign_ipv6_address_on_creation = WIRE_FALSE;
    return (struct plan_action){
        .call = EC2_MODIFY_SUBNET_ATTRIBUTE,
        .role = "attribute",
        .request = {.subnet_id = "subnet-private-a", .assign_ipv6_address_on_creation = WIRE_TRUE}};
}

static struct plan_action nat64_route(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->nat64 = 2;
    return vpc_route_action(EC2_CREATE_ROUTE, "rtb-private-a", "64:ff9b::/96", "nat-a");
}

static void add_bare(struct vpc *vpc, const char *id, const char *address)
{
    vpc_add_interface(vpc, id, "subnet-public-a", NULL)->private_ip_address = address;
    vpc_group(vpc, "public")->public_ipv4_on_launch = 2;
}

static struct plan_action allocate(struct vpc *vpc)
{
    add_bare(vpc, "eni-bare", "10.0.0.9");
    add_bare(vpc, "eni-bare-too", "10.0.0.10");
    return (struct plan_action){.call = EC2_ALLOCATE_ADDRESS,
                                .role = "elastic-ip/interface/10.0.0.9",
                                .request = {.domain = "vpc"}};
}

static struct plan_action associate_address(struct vpc *vpc)
{
    add_bare(vpc, "eni-bare", "10.0.0.9");
    return (struct plan_action){.call = EC2_ASSOCIATE_ADDRESS,
                                .role = "interface/10.0.0.9",
                                .input_is_fresh = true,
                                .request = {.network_interface_id = "eni-bare",
                                            .allocation_id = "eipalloc-new",
                                            .allow_reassociation = WIRE_FALSE}};
}

static struct plan_action let_in(struct vpc *vpc)
{
    static struct ec2_user_id_group_pair pair;
    static struct ec2_ip_permission rule;

    vpc_make_endpoints(vpc);
    vpc_security_group(vpc, "sg-endpoint")->ip_permissions.n = 0;
    pair = (struct ec2_user_id_group_pair){.group_id = "sg-functions"};
    rule = (struct ec2_ip_permission){
        .ip_protocol = "tcp", .from_port = {443, true}, .to_port = {443, true}};
    rule.groups.items = &pair;
    rule.groups.n = 1;
    return (struct plan_action){
        .call = EC2_AUTHORIZE_SECURITY_GROUP_INGRESS,
        .role = "inbound",
        .request = {.group_id = "sg-endpoint", .ip_permissions = {.items = &rule, .n = 1}}};
}

static struct plan_action add_subnet(struct vpc *vpc)
{
    static const char *added[] = {"subnet-private-c"};

    vpc_make_endpoints(vpc);
    vpc_endpoint(vpc, "vpce-logs")->subnet_ids.n = 1;
    return (struct plan_action){
        .call = EC2_MODIFY_VPC_ENDPOINT,
        .role = "vpc-endpoint/logs/interface",
        .request = {.vpc_endpoint_id = "vpce-logs", .add_subnet_ids = {.items = added, .n = 1}}};
}

static struct plan_action dns_hostnames(struct vpc *vpc)
{
    vpc_make_endpoints(vpc);
    vpc_attributes(vpc)->enable_dns_hostnames = WIRE_FALSE;
    return (struct plan_action){.call = EC2_MODIFY_VPC_ATTRIBUTE,
                                .role = "dns",
                                .request = {.vpc_id = "vpc-1", .enable_dns_hostnames = WIRE_TRUE}};
}

static struct plan_action default_route(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
    return vpc_route_action(EC2_CREATE_ROUTE, "rtb-private-a", "0.0.0.0/0", "nat-a");
}

/* By the reference: what the look before the write is at, whatever the plan says of it. */
static const struct reference {
    const char *name;
    struct plan_action (*make)(struct vpc *vpc);
    enum ec2_action look;
} references[] = {
    {"AssociateSubnetCidrBlock", associate_block, EC2_DESCRIBE_SUBNETS},
    {"ModifySubnetAttribute", ipv6_on_launch, EC2_DESCRIBE_SUBNETS},
    {"CreateRoute 64:ff9b::/96", nat64_route, EC2_DESCRIBE_ROUTE_TABLES},
    {"CreateRoute 0.0.0.0/0", default_route, EC2_DESCRIBE_ROUTE_TABLES},
    {"AllocateAddress", allocate, EC2_DESCRIBE_ADDRESSES},
    {"AssociateAddress", associate_address, EC2_DESCRIBE_NETWORK_INTERFACES},
    {"AuthorizeSecurityGroupIngress", let_in, EC2_DESCRIBE_SECURITY_GROUPS},
    {"ModifyVpcEndpoint", add_subnet, EC2_DESCRIBE_VPC_ENDPOINTS},
    {"ModifyVpcAttribute", dns_hostnames, EC2_DESCRIBE_VPC_ATTRIBUTE},
};

/* ---- worlds and twists ---- */

static void ipv6_default_to_igw(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "::/0"), "igw-1");
}

static void half_of_ipv6_to_igw(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "2000::/3", "igw-1");
}

static void ipv6_to_a_tgw(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "::/0"), "tgw-1");
}

static void tables_unknown(struct vpc *vpc)
{
    vpc->observation.lists[LIST_NAT_GATEWAYS].complete = false;
}

static void translated_elsewhere(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "64:ff9b::/64", "tgw-1");
}

static void a_customers_list(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "pl-mine", "tgw-1");
    *VEC_ADD(vpc->arena, &vpc->observation.managed_prefix_lists) =
        (struct ec2_managed_prefix_list){.prefix_list_id = "pl-mine", .owner_id = ACCOUNT};
}

static void a_participants_interface(struct vpc *vpc)
{
    vpc_interface(vpc, "eni-bare")->owner_id = "999999999999";
}

static void another_asked_for(struct vpc *vpc)
{
    struct history_record record = {.kind = HISTORY_INTENT, .wall_ms = vpc->now.wall_ms - 60000};
    CLEANUP(buf_free)
    struct buf lines = {0};

    HISTORY_SET(record.target, vpc->target.name);
    HISTORY_SET(record.role, "elastic-ip/interface/10.0.0.10");
    HISTORY_SET(record.action, "AllocateAddress");
    HISTORY_SET(record.token, "t");
    history_add(vpc->history, &record, "Action=AllocateAddress", &lines);
}

static void attribute_unread(struct vpc *vpc)
{
    vpc_attributes(vpc)->enable_dns_hostnames = WIRE_ABSENT;
}

static void of_another_account(struct plan_action *action)
{
    action->request.ip_permissions.items->groups.items->user_id = "999999999999";
}

static void of_a_peered_vpc(struct plan_action *action)
{
    action->request.ip_permissions.items->groups.items->vpc_id = "vpc-9";
}

static void through_a_peering(struct plan_action *action)
{
    action->request.ip_permissions.items->groups.items->vpc_peering_connection_id = "pcx-9";
}

static void test_attacks(void **state)
{
    static const struct {
        const char *name;
        struct plan_action (*make)(struct vpc *vpc);
        void (*arrange)(struct vpc *vpc);
        void (*twist)(struct plan_action *action);
        enum hold hold;
    } rows[] = {
        {"S7: a block opens an undeclared way in", associate_block, ipv6_default_to_igw, NULL,
         HOLD_UNSAFE},
        {"S7: likewise by half of IPv6", associate_block, half_of_ipv6_to_igw, NULL, HOLD_UNSAFE},
        {"S7: a block opens a transit gateway's way", associate_block, ipv6_to_a_tgw, NULL,
         HOLD_UNSAFE},
        {"S5: a block, and routes unread", associate_block, tables_unknown, NULL, HOLD_UNKNOWN},
        {"S7: addresses on launch open it", ipv6_on_launch, ipv6_default_to_igw, NULL, HOLD_UNSAFE},
        {"S2: somebody translates already", nat64_route, translated_elsewhere, NULL, HOLD_NOT_OURS},
        {"S2: a customer's list may hold it", nat64_route, a_customers_list, NULL, HOLD_NOT_OURS},
        {"S2: a participant's interface", associate_address, a_participants_interface, NULL,
         HOLD_NOT_OURS},
        {"S2: an address for a participant's", allocate, a_participants_interface, NULL,
         HOLD_NOT_OURS},
        {"S4: another address may not show yet", allocate, another_asked_for, NULL, HOLD_WAIT},
        {"S5: the attribute was not said", dns_hostnames, attribute_unread, NULL, HOLD_UNKNOWN},
        {"S1: another account's group let in", let_in, NULL, of_another_account, HOLD_NOT_OURS},
        {"S1: a peered VPC's group", let_in, NULL, of_a_peered_vpc, HOLD_NOT_OURS},
        {"S1: a group through a peering", let_in, NULL, through_a_peering, HOLD_NOT_OURS},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action;
        const char *reason;
        enum hold hold;

        add_zones(vpc);
        action = rows[i].make(vpc);
        if (rows[i].arrange)
            rows[i].arrange(vpc);
        if (rows[i].twist)
            rows[i].twist(&action);
        vpc_look(vpc);
        hold = vpc_judge(vpc, &action, &reason);
        if (hold != rows[i].hold)
            fail_msg("%s: %s: %s", rows[i].name, hold_name(hold), reason ? reason : "-");
    }
}

static void test_references_pass(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(references); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action;
        const char *reason;

        add_zones(vpc);
        action = references[i].make(vpc);
        vpc_look(vpc);
        if (vpc_judge(vpc, &action, &reason) != HOLD_NONE)
            fail_msg("%s: %s", references[i].name, reason);
    }
}

/* S2: what nobody judged is not sent. */
static void test_members(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(references); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action;

        add_zones(vpc);
        action = references[i].make(vpc);
        vpc_look(vpc);
        for (size_t m = 0; m < ARRAY_SIZE(hostile_members); m++) {
            struct plan_action twisted = action;
            const char *reason;

            if (hostile_member_is_of(m, action.call))
                continue;
            hostile_member_set(&twisted.request, m);
            if (vpc_judge(vpc, &twisted, &reason) != HOLD_NOT_OURS)
                fail_msg("%s with %s: %s", references[i].name, hostile_members[m].name,
                         reason ? reason : "passed");
        }
    }
}

/* S6: whatever a plan expects, the look is at the object that the call changes. */
static void test_looks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(references); i++)
        for (int expect = EXPECT_NOTHING_ATTACHED; expect <= EXPECT_RULE_ABSENT; expect++) {
            CLEANUP(vpc_freep)
            struct vpc *vpc = vpc_new();
            struct plan_action action;
            struct guard_look look;
            const struct ec2_describe_reply nothing = {0};

            add_zones(vpc);
            action = references[i].make(vpc);
            action.expect = (enum action_expect)expect;
            vpc_look(vpc);
            guard_look(vpc->arena, &action, vpc->snapshot, &look);
            if (look.call != references[i].look)
                fail_msg("%s, expecting %d: %s", references[i].name, expect,
                         ec2_action_table[look.call].name);
            if (action.call != EC2_ALLOCATE_ADDRESS && /* none of ours is what it hopes for */
                !guard_recheck(vpc->arena, &action, vpc->snapshot, &nothing))
                fail_msg("%s, expecting %d: nothing there is as it was", references[i].name,
                         expect);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_references_pass),
        cmocka_unit_test(test_attacks),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
