/* Drifts of subnets, IPv6 blocks, public IPv4 addresses and NAT64, in a world with bystanders: the
 * exact calls, how --once ends, a second run that sends nothing, and nobody else's things changed.
 */
#include "support/bystanders.h"
#include "support/nat_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const char *const zones[] = {"ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"};

static const char *subnet_ids(const char (*ids)[40])
{
    return trial_text("\"match\": [\"%s\", \"%s\", \"%s\"]", ids[0], ids[1], ids[2]);
}

/* The private subnets by their blocks: 10.0.16.0/24 to 10.0.18.0/24. */
static const char *created(void)
{
    const char *items = "";

    for (size_t i = 0; i < 3; i++)
        items = trial_text("%s%s{\"az\": \"%s\", \"cidr\": \"10.0.%zu.0/24\"}", items,
                           i ? ", " : "", zones[i], 16 + i);
    return trial_text("\"create\": [%s]", items);
}

struct drift_case {
    const char *name;
    unsigned world;
    const char *of_public, *of_functions, *of_target, *repair; /* more members of each, or NULL */
    bool by_cidr;                                              /* functions are made, not matched */
    void (*happens)(struct nat_stage *stage);
    const char *drift; /* that is seen */
    int end;
    struct expected_calls calls[6];
    bool of_the_vpc; /* AWS changes every table by itself: bystanders are not compared */
    const char *(*so)(struct nat_stage *stage); /* NULL, or what is wrong in the end */
};

static void set_config(struct nat_stage *stage, const struct drift_case *c)
{
    bool nat = !(c->world & WORLD_WITHOUT_NAT);

    snprintf(stage->config, sizeof(stage->config),
             "{\"name\": \"trial\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\", \"mode\": "
             "\"repair\",\n"
             " \"subnet_groups\": {\n"
             "  \"public\": {%s, \"ipv4\": \"internet-gateway\", \"ipv6\": "
             "\"internet-gateway\"%s},\n"
             "  \"functions\": {%s, %s\"ipv6\": \"egress-only-internet-gateway\"%s}},\n"
             " %s\"repair\": {%s}%s}",
             stage->world.vpc, subnet_ids(stage->world.public_subnet),
             c->of_public ? c->of_public : "",
             c->by_cidr ? created() : subnet_ids(stage->world.private_subnet),
             nat ? "\"ipv4\": \"nat-gateway\", " : "", c->of_functions ? c->of_functions : "",
             nat ? "\"nat_gateways\": {\"placement\": \"per-az\", \"in\": \"public\"},\n " : "",
             c->repair ? c->repair : "\"*\": \"auto\"", c->of_target ? c->of_target : "");
    stage->trial->config_text = stage->config;
}

/* What else is the daemon's to change: the gateways' addresses, and interfaces. */
static char declared[8][40];
static size_t n_declared;

static void declare(const char *id)
{
    snprintf(declared[n_declared++], sizeof(declared[0]), "%s", id);
}

/* ---- what people do ---- */

static const char *subnet_xml(struct nat_stage *stage, const char *subnet)
{
    return nat_call(stage, "DescribeSubnets", trial_text("SubnetId.1=%s", subnet));
}

static void lose_block(struct nat_stage *stage, const char *subnet)
{
    const char *association =
        trial_element(subnet_xml(stage, subnet), "ipv6CidrBlockAssociationSet");

    association = strstr(subnet_xml(stage, subnet), "<ipv6CidrBlockAssociationSet>");
    nat_call(stage, "DisassociateSubnetCidrBlock",
             trial_text("AssociationId=%s", trial_element(association, "associationId")));
}

static void blocks_settle(struct nat_stage *stage)
{
    nat_stage_wait(stage, 600000);
    nat_call(stage, "DescribeVpcs", "");
}

static char lost_block[64]; /* of the private subnet in zone c */

static void subnet_block_lost(struct nat_stage *stage)
{
    snprintf(lost_block, sizeof(lost_block), "%s",
             trial_element(subnet_xml(stage, stage->world.private_subnet[1]), "ipv6CidrBlock"));
    lose_block(stage, stage->world.private_subnet[1]);
    blocks_settle(stage);
}

static const char *has_its_block_again(struct nat_stage *stage)
{
    const char *all = nat_call(stage, "DescribeSubnets", ""),
               *at = strstr(all, trial_text("<ipv6CidrBlock>%s<", lost_block));

    if (!at)
        return "its /64 is nobody's";
    return strstr(all, "<cidrBlock>10.0.17.0/24<") ? NULL : "the subnet is gone";
}

static void on_launch_off(struct nat_stage *stage)
{
    nat_call(stage, "ModifySubnetAttribute",
             trial_text("SubnetId=%s&AssignIpv6AddressOnCreation.Value=false",
                        stage->world.private_subnet[0]));
    nat_call(stage, "ModifySubnetAttribute",
             trial_text("SubnetId=%s&AssignIpv6AddressOnCreation.Value=false",
                        stage->world.public_subnet[2]));
}

static void vpc_block_lost(struct nat_stage *stage)
{
    const char *xml;

    for (size_t i = 0; i < 3; i++) {
        lose_block(stage, stage->world.public_subnet[i]);
        lose_block(stage, stage->world.private_subnet[i]);
    }
    lose_block(stage, stage->world.other_subnet);
    blocks_settle(stage);
    xml = strstr(nat_call(stage, "DescribeVpcs", trial_text("VpcId.1=%s", stage->world.vpc)),
                 "<ipv6CidrBlockAssociationSet>");
    nat_call(stage, "DisassociateVpcCidrBlock",
             trial_text("AssociationId=%s", trial_element(xml, "associationId")));
    blocks_settle(stage);
}

static const char *vpc_has_one_block(struct nat_stage *stage)
{
    const char *xml = nat_call(stage, "DescribeVpcs", trial_text("VpcId.1=%s", stage->world.vpc));

    return nat_count_text(xml, "<ipv6CidrBlock>") == 1 ? NULL : "not one block";
}

static const char *of_the_pool(struct nat_stage *stage)
{
    const char *xml = nat_call(stage, "DescribeVpcs", trial_text("VpcId.1=%s", stage->world.vpc));

    if (!strstr(xml, "/52</ipv6CidrBlock>") || !strstr(xml, "<ipv6Pool>IPAM Managed<"))
        return "no /52 of the pool";
    return vpc_has_one_block(stage);
}

static void nothing(struct nat_stage *stage)
{
    (void)stage;
}

static void turn_public_addresses_on(struct nat_stage *stage)
{
    for (size_t i = 0; i < 3; i++)
        nat_call(stage, "ModifySubnetAttribute",
                 trial_text("SubnetId=%s&MapPublicIpOnLaunch.Value=true",
                            stage->world.public_subnet[i]));
}

static void bare_interface(struct nat_stage *stage)
{
    turn_public_addresses_on(stage);
    declare(nat_add_interface(stage, stage->world.public_subnet[1]));
}

/* Two: the second address is allocated when the first is attached. */
static void two_bare_interfaces(struct nat_stage *stage)
{
    bare_interface(stage);
    declare(nat_add_interface(stage, stage->world.public_subnet[2]));
}

static void managed_interface(struct nat_stage *stage)
{
    const char *id = nat_add_interface(stage, stage->world.public_subnet[1]);

    trial_edit(stage->trial, trial_text("\"networkInterfaceId\": \"%s\"", id), "\"status\"",
               "\"operator\": {\"managed\": true, \"principal\": \"scaler.lambda.amazonaws.com\"}, "
               "\"status\"");
}

static const char *all_addresses_in_use(struct nat_stage *stage)
{
    const char *xml = nat_call(stage, "DescribeAddresses", "");

    return nat_count_text(xml, "<allocationId>") == nat_count_text(xml, "<associationId>")
               ? NULL
               : "an address lies idle";
}

static void default_in_a_shut_table(struct nat_stage *stage)
{
    (void)stage; /* the NAT gateways' routes: the group says "none" for IPv4 */
}

static void halves(struct nat_stage *stage)
{
    static const char *const parts[] = {"0.0.0.0%2F1", "128.0.0.0%2F1"};

    for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
        nat_call(stage, "CreateRoute",
                 trial_text("RouteTableId=%s&DestinationCidrBlock=%s&GatewayId=vgw-"
                            "0123456789abcdef0",
                            stage->world.private_table[0], parts[i]));
}

static void nat64_route_lost(struct nat_stage *stage)
{
    for (size_t i = 0; i < 3; i++) {
        nat_call(stage, "ModifySubnetAttribute",
                 trial_text("SubnetId=%s&EnableDns64.Value=true", stage->world.private_subnet[i]));
        if (i != 1)
            nat_call(stage, "CreateRoute",
                     trial_text("RouteTableId=%s&DestinationIpv6CidrBlock=64%%3Aff9b%%3A%%3A%%2F96&"
                                "NatGatewayId=%s",
                                stage->world.private_table[i], stage->world.nat[i]));
    }
}

/* A black hole: its NAT gateway was replaced by another. */
static void nat64_gateway_replaced(struct nat_stage *stage)
{
    nat64_route_lost(stage);
    nat_call(stage, "CreateRoute",
             trial_text("RouteTableId=%s&DestinationIpv6CidrBlock=64%%3Aff9b%%3A%%3A%%2F96&"
                        "NatGatewayId=%s",
                        stage->world.private_table[1], stage->world.nat[1]));
    declare(stage->address[1]);
    nat_delete_and_wait(stage, 1);
}

static void subnet_deleted(struct nat_stage *stage)
{
    snprintf(lost_block, sizeof(lost_block), "%s",
             trial_element(subnet_xml(stage, stage->world.private_subnet[1]), "ipv6CidrBlock"));
    nat_call(stage, "DeleteSubnet", trial_text("SubnetId=%s", stage->world.private_subnet[1]));
}

#define PUBLIC_ADDRESSES ", \"public_ipv4_on_launch\": true"
#define AMAZON ", \"ipv6_cidr\": \"amazon\""
#define POOL                                                                                       \
    ", \"ipv6_cidr\": {\"ipam_pool\": \"ipam-pool-0123456789abcdef0\", \"netmask_length\": 52}"
#define WITH_NAT 0U
#define NO_NAT WORLD_WITHOUT_NAT

static const struct drift_case cases[] = {
    {"a subnet's block is lost", NO_NAT, .happens = subnet_block_lost,
     .drift = "subnet-ipv6-missing", .so = has_its_block_again,
     .calls = {{EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 1}, {EC2_MODIFY_SUBNET_ATTRIBUTE, 1}}},
    {"by default, too", NO_NAT, .happens = subnet_block_lost, .drift = "subnet-ipv6-missing",
     .repair = "", .so = has_its_block_again,
     .calls = {{EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 1}, {EC2_MODIFY_SUBNET_ATTRIBUTE, 1}}},
    {"no addresses on launch", NO_NAT, .happens = on_launch_off, .drift = "ipv6-on-launch-off",
     .calls = {{EC2_MODIFY_SUBNET_ATTRIBUTE, 2}}},
    {"the VPC's block is lost", NO_NAT, .happens = vpc_block_lost, .drift = "vpc-ipv6-missing",
     .of_target = AMAZON, .of_the_vpc = true, .so = vpc_has_one_block,
     .calls = {{EC2_ASSOCIATE_VPC_CIDR_BLOCK, 1},
               {EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 6},
               {EC2_MODIFY_SUBNET_ATTRIBUTE, 6}}},
    {"and one of a pool is declared", NO_NAT, .happens = vpc_block_lost,
     .drift = "vpc-ipv6-missing", .of_target = POOL, .of_the_vpc = true, .so = of_the_pool,
     .calls = {{EC2_ASSOCIATE_VPC_CIDR_BLOCK, 1},
               {EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 6},
               {EC2_MODIFY_SUBNET_ATTRIBUTE, 6}}},
    {"and a person decides", NO_NAT, .happens = vpc_block_lost, .drift = "vpc-ipv6-missing",
     .of_target = AMAZON, .repair = "", .end = MANAGER_DRIFT},
    {"and nobody says from where", NO_NAT, .happens = vpc_block_lost, .drift = "vpc-ipv6-missing",
     .end = MANAGER_DRIFT},
    {"no public addresses", NO_NAT, .happens = nothing, .drift = "public-ipv4-off",
     .of_public = PUBLIC_ADDRESSES, .calls = {{EC2_MODIFY_SUBNET_ATTRIBUTE, 3}}},
    {"and a person decides", NO_NAT, .happens = nothing, .drift = "public-ipv4-off",
     .of_public = PUBLIC_ADDRESSES, .repair = "", .end = MANAGER_DRIFT},
    {"an interface without one is reported", NO_NAT, .happens = bare_interface,
     .drift = "interface-without-public-ipv4", .of_public = PUBLIC_ADDRESSES, .end = MANAGER_DRIFT},
    {"and given one, raised by name", NO_NAT, .happens = two_bare_interfaces,
     .drift = "interface-without-public-ipv4", .of_public = PUBLIC_ADDRESSES,
     .repair = "\"interface-without-public-ipv4\": \"auto\"", .so = all_addresses_in_use,
     .calls = {{EC2_ALLOCATE_ADDRESS, 2}, {EC2_ASSOCIATE_ADDRESS, 2}}},
    {"a managed instance's is found", NO_NAT, .happens = managed_interface,
     .drift = "interface-without-public-ipv4", .end = MANAGER_DRIFT},
    {"a default where none may be", WITH_NAT, .happens = default_in_a_shut_table,
     .drift = "route-unexpected", .of_functions = ", \"ipv4\": \"none\"", .end = MANAGER_DRIFT},
    {"two halves of the internet", WITH_NAT, .happens = halves, .drift = "default-route-overridden",
     .end = MANAGER_DRIFT},
    {"NAT64 from nothing", WITH_NAT, .happens = nothing, .drift = "nat64-route-missing",
     .of_functions = ", \"nat64\": true",
     .calls = {{EC2_CREATE_ROUTE, 3}, {EC2_MODIFY_SUBNET_ATTRIBUTE, 3}}},
    {"its route is lost", WITH_NAT, .happens = nat64_route_lost, .drift = "nat64-route-missing",
     .of_functions = ", \"nat64\": true", .repair = "", .calls = {{EC2_CREATE_ROUTE, 1}}},
    {"its gateway is gone", WITH_NAT, .happens = nat64_gateway_replaced,
     .drift = "nat64-route-missing", .of_functions = ", \"nat64\": true", .repair = "",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 2}}},
    {"DNS64 waits for a person", WITH_NAT, .happens = nothing, .drift = "dns64-off",
     .of_functions = ", \"nat64\": true", .repair = "", .end = MANAGER_DRIFT,
     .calls = {{EC2_CREATE_ROUTE, 3}}},
};

/* The group says it once. */
static void without_a_second_ipv4(struct nat_stage *stage, const struct drift_case *c)
{
    char *first = strstr(stage->config, "\"ipv4\": \"nat-gateway\", ");

    if (first && c->of_functions && strstr(c->of_functions, "\"ipv4\""))
        memmove(first, first + strlen("\"ipv4\": \"nat-gateway\", "),
                strlen(first + strlen("\"ipv4\": \"nat-gateway\", ")) + 1);
}

static const char *verdict_of(struct nat_stage *stage, const struct drift_case *c)
{
    struct bystanders before;
    struct trial_calls calls;
    const char *wrong = NULL;
    int code;

    set_config(stage, c);
    without_a_second_ipv4(stage, c);
    before = bystanders_now(stage->trial);
    calls = trial_calls_now(stage->trial);
    code = trial_once(stage->trial);
    if (code != c->end)
        wrong = trial_text("--once ended with %d, expected %d", code, c->end);
    if (!wrong)
        wrong = trial_check_calls(stage->trial, &calls, c->calls);
    if (!wrong && !trial_last(stage->trial, EVENT_FINDING_OPENED, c->drift) &&
        !trial_last(stage->trial, EVENT_FINDING_HELD, c->drift))
        wrong = trial_text("%s was not seen", c->drift);
    if (!wrong && !c->of_the_vpc)
        wrong = bystanders_changed(stage->trial, &before, &stage->world, declared, n_declared);
    if (!wrong && c->so)
        wrong = c->so(stage);
    calls = trial_calls_now(stage->trial);
    code = wrong ? c->end : trial_once(stage->trial);
    if (!wrong && code != c->end)
        wrong = trial_text("a second --once ended with %d, expected %d", code, c->end);
    if (!wrong)
        wrong = trial_check_calls(stage->trial, &calls, NULL);
    bystanders_clear(&before);
    return wrong;
}

static void test_each_drift(void **state)
{
    unsigned failed = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct nat_stage stage;
        const char *wrong;

        n_declared = 0;
        nat_stage_begin(&stage, 90 + i, cases[i].world);
        /* Healthy once, as it was declared before: what is recorded then is asked for again. */
        set_config(&stage, &(const struct drift_case){.world = cases[i].world});
        trial_assert_once(stage.trial, cases[i].name, MANAGER_IN_SYNC);
        trial_forget_events(stage.trial);
        cases[i].happens(&stage);
        wrong = verdict_of(&stage, &cases[i]);
        if (wrong) {
            trial_print_events(stage.trial);
            print_error("%s (%s): %s\n", cases[i].name, cases[i].drift, wrong);
            failed++;
        }
        nat_stage_end(&stage);
    }
    assert_int_equal(failed, 0);
}

/* A subnet of "create" is deleted: made again, with its table and its /64. */
static void test_a_subnet_is_made_again(void **state)
{
    static const struct drift_case c = {.name = "a subnet is deleted",
                                        .world = WORLD_WITHOUT_NAT,
                                        .by_cidr = true,
                                        .drift = "subnet-missing",
                                        .so = has_its_block_again,
                                        .calls = {{EC2_CREATE_SUBNET, 1},
                                                  {EC2_ASSOCIATE_ROUTE_TABLE, 1},
                                                  {EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 1},
                                                  {EC2_MODIFY_SUBNET_ATTRIBUTE, 1}}};
    struct nat_stage stage;
    const char *wrong;

    (void)state;
    n_declared = 0;
    nat_stage_begin(&stage, 70, c.world);
    set_config(&stage, &c);
    trial_assert_once(stage.trial, c.name, MANAGER_IN_SYNC); /* what is there counts as made */
    subnet_deleted(&stage);
    wrong = verdict_of(&stage, &c);
    if (wrong)
        trial_print_events(stage.trial);
    nat_stage_end(&stage);
    if (wrong)
        fail_msg("%s", wrong);
}

/* The answer to AssociateVpcCidrBlock is lost, and no look shows what it did for a while: it is not
 * asked for again. */
static void test_a_lost_answer_makes_one_block(void **state)
{
    static const enum trial_cut cuts[] = {CUT_BEFORE_CALL, CUT_AFTER_CALL, CUT_BEFORE_APPEND,
                                          CUT_AFTER_APPEND};
    static const struct drift_case c = {.world = WORLD_WITHOUT_NAT, .of_target = AMAZON};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cuts); i++) {
        struct nat_stage stage;
        const char *wrong;

        nat_stage_begin(&stage, 60 + i, c.world);
        set_config(&stage, &c);
        vpc_block_lost(&stage);
        nat_stage_blind(&stage, 60000);
        stage.trial->cut = cuts[i];
        stage.trial->cut_at = 1;
        (void)trial_once(stage.trial);
        assert_true(stage.trial->killed);
        stage.trial->cut = CUT_NONE;
        trial_assert_once(stage.trial, "goes on", MANAGER_IN_SYNC);
        nat_stage_wait(&stage, 120000);
        wrong = vpc_has_one_block(&stage);
        nat_stage_end(&stage);
        if (wrong)
            fail_msg("cut %zu: %s", i, wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_drift),
        cmocka_unit_test(test_a_subnet_is_made_again),
        cmocka_unit_test(test_a_lost_answer_makes_one_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
