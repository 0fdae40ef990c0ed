/* Hard scenario 21, IPv6 half done, by the project's number: an input state, every mutating call
 * that is made and those that must not be. Each is judged twice: as shipped it must hold, and with
 * the rule that it covers switched off it must not (the extra test build, VPC_TEST_FAULTS). */
#include "support/nat_scenario.h"

/* --once ends so, and has sent exactly these: anything else is forbidden, a disassociation above
 * all. */
static const char *once(struct nat_stage *stage, int end, const struct expected_calls *calls)
{
    return once_sends(stage->trial, end, calls);
}

static const char *repaired(struct nat_stage *stage, const struct expected_calls *calls)
{
    CHECK(once(stage, MANAGER_IN_SYNC, calls));
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

static void set_config(struct nat_stage *stage, const char *more)
{
    stage->trial->config_text =
        strcpy(stage->config, trial_world_config(&stage->world, WORLD_WITHOUT_NAT, more));
}

static const char *healthy(struct nat_stage *stage)
{
    set_config(stage, ", \"ipv6_cidr\": \"amazon\", \"repair\": {\"*\": \"auto\"}");
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

static void settle(struct nat_stage *stage)
{
    nat_stage_wait(stage, 600000);
    nat_call(stage, "DescribeVpcs", ""); /* time passes in a call */
}

static const char *block_of(struct nat_stage *stage, const char *subnet)
{
    return trial_text(
        "%s", trial_element(nat_call(stage, "DescribeSubnets", trial_text("SubnetId.1=%s", subnet)),
                            "ipv6CidrBlock"));
}

static void lose_block(struct nat_stage *stage, const char *subnet)
{
    const char *xml = nat_call(stage, "DescribeSubnets", trial_text("SubnetId.1=%s", subnet));

    nat_call(
        stage, "DisassociateSubnetCidrBlock",
        trial_text("AssociationId=%s",
                   trial_element(strstr(xml, "<ipv6CidrBlockAssociationSet>"), "associationId")));
}

static void lose_all_blocks(struct nat_stage *stage)
{
    const char *xml;

    for (size_t i = 0; i < 3; i++) {
        lose_block(stage, stage->world.public_subnet[i]);
        lose_block(stage, stage->world.private_subnet[i]);
    }
    lose_block(stage, stage->world.other_subnet);
    settle(stage);
    xml = nat_call(stage, "DescribeVpcs", trial_text("VpcId.1=%s", stage->world.vpc));
    nat_call(
        stage, "DisassociateVpcCidrBlock",
        trial_text("AssociationId=%s",
                   trial_element(strstr(xml, "<ipv6CidrBlockAssociationSet>"), "associationId")));
    settle(stage);
}

/* The n-th call of this action that was sent, from 0; -1: there is none. */
static int place_of(const struct nat_stage *stage, enum ec2_action action, const char *subnet)
{
    for (size_t i = 0; i < stage->trial->n_sent; i++)
        if (stage->trial->sent[i].action == action && strstr(stage->trial->sent[i].body, subnet))
            return (int)i;
    return -1;
}

/* Looks follow so fast on each other that what is on its way still is at the second one. */
#define FAST_LOOKS "{\"confirm_after\": \"500ms\"}"

/* Everything of IPv6 was there and is gone, and somebody has just asked for a block by hand. */
static const char *vpc_block_on_its_way(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    lose_all_blocks(stage);
    stage->trial->main_text = FAST_LOOKS;
    nat_call(stage, "AssociateVpcCidrBlock",
             trial_text("VpcId=%s&AmazonProvidedIpv6CidrBlock=true", stage->world.vpc));
    CHECK(repaired(stage,
                   CALLS({EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 6}, {EC2_MODIFY_SUBNET_ATTRIBUTE, 6})));
    HOLDS(
        nat_count_text(nat_call(stage, "DescribeVpcs", trial_text("VpcId.1=%s", stage->world.vpc)),
                       "<ipv6CidrBlock>") == 1);
    return NULL;
}

/* Missing: the same /64 again, then addresses on launch; no other subnet is touched. */
static const char *block_is_asked_for_again(struct nat_stage *stage)
{
    const char *subnet = stage->world.private_subnet[2], *block;

    CHECK(healthy(stage));
    block = block_of(stage, subnet);
    lose_block(stage, subnet);
    settle(stage);
    CHECK(once(stage, MANAGER_IN_SYNC,
               CALLS({EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 1}, {EC2_MODIFY_SUBNET_ATTRIBUTE, 1})));
    HOLDS(strcmp(block_of(stage, subnet), block) == 0);
    HOLDS(place_of(stage, EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, subnet) == 0);
    HOLDS(place_of(stage, EC2_MODIFY_SUBNET_ATTRIBUTE, subnet) == 1);
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* Taken: somebody's subnet has the one that it had, and another one the lowest that was free. */
static const char *taken_blocks_are_left(struct nat_stage *stage)
{
    const char *subnet = stage->world.private_subnet[2], *block, *stem, *low;

    CHECK(healthy(stage));
    block = block_of(stage, subnet);
    stem = trial_text("%.*s", (int)(strlen(block) - strlen("12::/64")), block);
    low = trial_text("%s03::/64", stem); /* 00 to 02 are the public subnets' */
    lose_block(stage, subnet);
    settle(stage);
    lose_block(stage, stage->world.other_subnet);
    settle(stage);
    nat_call(stage, "AssociateSubnetCidrBlock",
             trial_text("SubnetId=%s&Ipv6CidrBlock=%s", stage->world.other_subnet, block));
    nat_call(
        stage, "CreateSubnet",
        trial_text("VpcId=%s&CidrBlock=10.0.50.0%%2F24&Ipv6CidrBlock=%s", stage->world.vpc, low));
    settle(stage);
    CHECK(repaired(stage,
                   CALLS({EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 1}, {EC2_MODIFY_SUBNET_ATTRIBUTE, 1})));
    HOLDS(strcmp(block_of(stage, subnet), trial_text("%s04::/64", stem)) == 0);
    return NULL;
}

/* Somebody has just asked for the subnet's block by hand: addresses on launch wait for it, and no
 * second one is asked for. */
static const char *subnet_block_on_its_way(struct nat_stage *stage)
{
    const char *subnet = stage->world.private_subnet[2], *block;

    CHECK(healthy(stage));
    block = block_of(stage, subnet);
    lose_block(stage, subnet);
    settle(stage);
    stage->trial->main_text = FAST_LOOKS;
    nat_call(stage, "AssociateSubnetCidrBlock",
             trial_text("SubnetId=%s&Ipv6CidrBlock=%s", subnet, block));
    return repaired(stage, CALLS({EC2_MODIFY_SUBNET_ATTRIBUTE, 1}));
}

/* No block, no addresses on launch, and the way out by the internet gateway where an egress-only
 * one is declared: block, then attribute, and each table's one route. */
static const char *half_done(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    for (size_t i = 0; i < 3; i++) {
        lose_block(stage, stage->world.private_subnet[i]);
        nat_call(stage, "ReplaceRoute",
                 trial_text(IPV6_DEFAULT "&GatewayId=%s", stage->world.private_table[i],
                            stage->world.igw));
    }
    settle(stage);
    CHECK(once(stage, MANAGER_IN_SYNC,
               CALLS({EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 3}, {EC2_MODIFY_SUBNET_ATTRIBUTE, 3},
                     {EC2_REPLACE_ROUTE, 3})));
    for (size_t i = 0; i < 3; i++) {
        const char *subnet = stage->world.private_subnet[i];

        HOLDS(place_of(stage, EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, subnet) >= 0);
        HOLDS(place_of(stage, EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, subnet) <
              place_of(stage, EC2_MODIFY_SUBNET_ATTRIBUTE, subnet));
    }
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* ---- running ---- */

#define SCENARIO(number, name, ...)                                                                \
    NAT_SCENARIO(scenario_##number##_##name, name, 43, WORLD_WITHOUT_NAT, __VA_ARGS__)

SCENARIO(21, vpc_block_on_its_way, FAULT_ASSOCIATING_IS_NONE)
SCENARIO(21, block_is_asked_for_again, FAULT_BLOCK_FORGOTTEN)
SCENARIO(21, taken_blocks_are_left, FAULT_TAKEN_BLOCKS_UNREAD)
SCENARIO(21, subnet_block_on_its_way, FAULT_ASSOCIATING_IS_NONE)
SCENARIO(21, half_done, FAULT_PRIVATE_MAY_BE_PUBLIC)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(scenario_21_vpc_block_on_its_way),
        TEST(scenario_21_block_is_asked_for_again),
        TEST(scenario_21_taken_blocks_are_left),
        TEST(scenario_21_subnet_block_on_its_way),
        TEST(scenario_21_half_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
