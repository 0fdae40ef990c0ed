/* The guard alone, for subnets, IPv6 blocks, attributes and public addresses: each row is one thing
 * that a plan, or the world, has wrong (S1, S2, S3, S4, S7, S8), and the look right before. */
#include "support/vpc.h"

struct guard_row {
    const char *name;
    void (*arrange)(struct vpc *vpc);          /* before the look */
    void (*spoil)(struct plan_action *action); /* of a plan gone wrong */
    enum hold hold;
    const char *reason; /* part of it; NULL: any */
};

static void judge_rows(const struct guard_row *rows, size_t n,
                       struct plan_action (*build)(struct vpc *vpc))
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action;
        const char *reason;
        enum hold hold;

        for (size_t z = 0; z < 2; z++)
            *VEC_ADD(vpc->arena, &vpc->observation.availability_zones) =
                (struct ec2_availability_zone){.zone_name = z == 0 ? ZONE_A : ZONE_C};
        vpc->target.ipv6_cidr = "amazon";
        action = build(vpc);
        if (rows[i].arrange)
            rows[i].arrange(vpc);
        vpc_look(vpc);
        if (rows[i].spoil)
            rows[i].spoil(&action);
        hold = vpc_judge(vpc, &action, &reason);
        if (hold != rows[i].hold || (rows[i].reason && !strstr(reason, rows[i].reason)))
            fail_msg("%s: %s: %s", rows[i].name, hold_name(hold), reason ? reason : "-");
    }
}

/* ---- CreateSubnet ---- */

static struct plan_action create_subnet(struct vpc *vpc)
{
    struct subnet_group *group = vpc_add_group(vpc, "made", "internet-gateway", "none");

    group->create = ARENA_NEW(vpc->arena, struct declared_subnet);
    group->n_create = 1;
    group->create[0] = (struct declared_subnet){
        .availability_zone = ZONE_A, .cidr = vpc_prefix("10.0.40.0/24"), .ipv6_index = -1};
    return (struct plan_action){.call = EC2_CREATE_SUBNET,
                                .role = "subnet/made/10.0.40.0/24",
                                .expect = EXPECT_NO_SUBNET,
                                .request = {.vpc_id = "vpc-1",
                                            .cidr_block = vpc_prefix("10.0.40.0/24"),
                                            .availability_zone = ZONE_A}};
}

static void in_another_vpc(struct plan_action *action)
{
    action->request.vpc_id = "vpc-9";
}

static void another_block(struct plan_action *action)
{
    action->request.cidr_block = vpc_prefix("10.0.41.0/24");
}

static void a_larger_block(struct plan_action *action)
{
    action->request.cidr_block = vpc_prefix("10.0.40.0/22");
}

static void another_zone(struct plan_action *action)
{
    action->request.availability_zone = ZONE_C;
}

static void a_zone_by_id(struct plan_action *action)
{
    action->request.availability_zone_id = "apne1-az4";
}

static void with_ipv6(struct plan_action *action)
{
    action->request.ipv6_cidr_block = vpc_prefix("2001:db8:0:9::/64");
}

static void ipv6_only(struct plan_action *action)
{
    action->request.ipv6_native = WIRE_TRUE;
}

static void somebody_there(struct vpc *vpc)
{
    vpc_add_subnet(vpc, "subnet-there", "vpc-1", ZONE_C, "10.0.40.128/25", "rtb-other");
}

static void vpc_elsewhere(struct vpc *vpc)
{
    vpc_vpc(vpc, "vpc-1")->cidr_block = vpc_prefix("10.1.0.0/16");
}

static void zones_unknown(struct vpc *vpc)
{
    vpc->observation.lists[LIST_AVAILABILITY_ZONES].complete = false;
}

static void observe_only(struct vpc *vpc)
{
    vpc->target.repair_mode = false;
}

static void test_create_subnet(void **state)
{
    static const struct guard_row rows[] = {
        {"declared", NULL, NULL, HOLD_NONE, NULL},
        {"S1: in another VPC", NULL, in_another_vpc, HOLD_NOT_OURS, "vpc-9"},
        {"S2: another block", NULL, another_block, HOLD_NOT_OURS, "declares no subnet"},
        {"S2: a larger block", NULL, a_larger_block, HOLD_NOT_OURS, "declares no subnet"},
        {"S2: another zone", NULL, another_zone, HOLD_NOT_OURS, "declares no subnet"},
        {"a zone by its id", NULL, a_zone_by_id, HOLD_NOT_OURS, NULL},
        {"with an IPv6 block that nobody judged", NULL, with_ipv6, HOLD_NOT_OURS, NULL},
        {"IPv6 alone", NULL, ipv6_only, HOLD_NOT_OURS, NULL},
        {"S2: in somebody's place", somebody_there, NULL, HOLD_NOT_OURS, "subnet-there"},
        {"outside the VPC", vpc_elsewhere, NULL, HOLD_NOT_OURS, "outside"},
        {"S5: zones not known", zones_unknown, NULL, HOLD_UNKNOWN, NULL},
        {"S15: observe mode", observe_only, NULL, HOLD_OBSERVE, NULL},
    };

    (void)state;
    judge_rows(rows, ARRAY_SIZE(rows), create_subnet);
}

/* ---- AssociateVpcCidrBlock ---- */

static struct plan_action associate_vpc(struct vpc *vpc)
{
    vpc_vpc(vpc, "vpc-1")->ipv6_cidr_block_associations.n = 0;
    return (struct plan_action){
        .call = EC2_ASSOCIATE_VPC_CIDR_BLOCK,
        .role = WIRING_VPC_IPV6,
        .expect = EXPECT_NO_VPC_BLOCK,
        .request = {.vpc_id = "vpc-1", .amazon_provided_ipv6_cidr_block = WIRE_TRUE}};
}

static void a_second_block(struct vpc *vpc)
{
    vpc_associate_ipv6(vpc, "vpc-1", "2001:db8::/56", EC2_ASSOCIATION_ASSOCIATED);
}

static void one_on_its_way(struct vpc *vpc)
{
    vpc_associate_ipv6(vpc, "vpc-1", NULL, EC2_ASSOCIATION_ASSOCIATING);
}

static void one_in_a_strange_state(struct vpc *vpc)
{
    vpc_associate_ipv6(vpc, "vpc-1", NULL, EC2_ASSOCIATION_UNKNOWN);
}

static void one_that_is_over(struct vpc *vpc)
{
    vpc_associate_ipv6(vpc, "vpc-1", "2001:db8::/56", EC2_ASSOCIATION_DISASSOCIATED);
    vpc_associate_ipv6(vpc, "vpc-1", NULL, EC2_ASSOCIATION_FAILED);
}

static void unmanaged(struct vpc *vpc)
{
    vpc->target.ipv6_cidr = "unmanaged";
}

static void a_pool(struct vpc *vpc)
{
    vpc->target.ipv6_cidr = "ipam";
    vpc->target.ipv6_ipam_pool = "ipam-pool-1";
    vpc->target.ipv6_netmask_length = 52;
}

static void no_ipv6_declared(struct vpc *vpc)
{
    for (size_t g = 0; g < vpc->target.n_groups; g++)
        vpc->groups[g].ipv6 = vpc_options(vpc, "none");
}

static void from_a_pool(struct plan_action *action)
{
    action->request.amazon_provided_ipv6_cidr_block = WIRE_ABSENT;
    action->request.ipv6_ipam_pool_id = "ipam-pool-1";
    action->request.ipv6_netmask_length.set = true;
    action->request.ipv6_netmask_length.value = 52;
}

static void from_another_pool(struct plan_action *action)
{
    from_a_pool(action);
    action->request.ipv6_ipam_pool_id = "ipam-pool-2";
}

static void of_another_length(struct plan_action *action)
{
    from_a_pool(action);
    action->request.ipv6_netmask_length.value = 44;
}

static void from_both(struct plan_action *action)
{
    from_a_pool(action);
    action->request.amazon_provided_ipv6_cidr_block = WIRE_TRUE;
}

static void an_ipv4_block(struct plan_action *action)
{
    action->request.cidr_block = vpc_prefix("10.3.0.0/16");
}

static void test_associate_vpc_cidr_block(void **state)
{
    static const struct guard_row rows[] = {
        {"Amazon's", NULL, NULL, HOLD_NONE, NULL},
        {"a pool's", a_pool, from_a_pool, HOLD_NONE, NULL},
        {"S1: another VPC", NULL, in_another_vpc, HOLD_NOT_OURS, NULL},
        {"S3: a second block", a_second_block, NULL, HOLD_WAIT, "has an IPv6 block"},
        {"S3: one on its way", one_on_its_way, NULL, HOLD_WAIT, NULL},
        {"S3: one in a state that we do not know", one_in_a_strange_state, NULL, HOLD_WAIT, NULL},
        {"those that are over", one_that_is_over, NULL, HOLD_NONE, NULL},
        {"unmanaged", unmanaged, NULL, HOLD_NOT_OURS, "ipv6_cidr"},
        {"Amazon's where a pool is declared", a_pool, NULL, HOLD_NOT_OURS, NULL},
        {"a pool's where Amazon's is declared", NULL, from_a_pool, HOLD_NOT_OURS, NULL},
        {"another pool's", a_pool, from_another_pool, HOLD_NOT_OURS, NULL},
        {"of another length", a_pool, of_another_length, HOLD_NOT_OURS, NULL},
        {"from both", a_pool, from_both, HOLD_NOT_OURS, NULL},
        {"an IPv4 block beside", NULL, an_ipv4_block, HOLD_NOT_OURS, NULL},
        {"no IPv6 declared", no_ipv6_declared, NULL, HOLD_NOT_OURS, "speaks IPv6"},
    };

    (void)state;
    judge_rows(rows, ARRAY_SIZE(rows), associate_vpc);
}

/* ---- AssociateSubnetCidrBlock ---- */

static struct plan_action associate_subnet(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-private-a");
    return (struct plan_action){.call = EC2_ASSOCIATE_SUBNET_CIDR_BLOCK,
                                .role = "ipv6-block/functions/10.0.16.0/24",
                                .expect = EXPECT_NO_SUBNET_BLOCK,
                                .request = {.subnet_id = "subnet-private-a",
                                            .ipv6_cidr_block = vpc_prefix("2001:db8:0:77::/64")}};
}

static void undeclared_subnet(struct plan_action *action)
{
    action->request.subnet_id = "subnet-other";
}

static void of_a_neighbour(struct plan_action *action)
{
    action->request.ipv6_cidr_block = vpc_prefix("2001:db8:0:4::/64");
}

static void of_no_block(struct plan_action *action)
{
    action->request.ipv6_cidr_block = vpc_prefix("2001:db8:99::/64");
}

static void a_large_one(struct plan_action *action)
{
    action->request.ipv6_cidr_block = vpc_prefix("2001:db8:0:70::/60");
}

static void none_at_all(struct plan_action *action)
{
    action->request.ipv6_cidr_block = (struct prefix){0};
}

static void has_one(struct vpc *vpc)
{
    vpc_associate_ipv6(vpc, "subnet-private-a", "2001:db8:0:5::/64", EC2_ASSOCIATION_ASSOCIATED);
}

static void is_losing_one(struct vpc *vpc)
{
    vpc_associate_ipv6(vpc, "subnet-private-a", "2001:db8:0:5::/64",
                       EC2_ASSOCIATION_DISASSOCIATING);
}

static void another_is_given_it(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-other");
    vpc_associate_ipv6(vpc, "subnet-other", "2001:db8:0:77::/64", EC2_ASSOCIATION_ASSOCIATING);
}

static void another_had_it(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-other");
    vpc_associate_ipv6(vpc, "subnet-other", "2001:db8:0:77::/64", EC2_ASSOCIATION_DISASSOCIATED);
}

static void vpc_block_on_its_way(struct vpc *vpc)
{
    vpc_vpc(vpc, "vpc-1")->ipv6_cidr_block_associations.items[0].state =
        EC2_ASSOCIATION_ASSOCIATING;
}

static void numbered(struct vpc *vpc, int index)
{
    struct subnet_group *group = vpc_group(vpc, "functions");

    group->create = ARENA_NEW(vpc->arena, struct declared_subnet);
    group->n_create = 1;
    group->create[0] = (struct declared_subnet){
        .availability_zone = ZONE_A, .cidr = vpc_prefix("10.0.16.0/24"), .ipv6_index = index};
}

static void numbered_so(struct vpc *vpc)
{
    numbered(vpc, 0x77);
}

static void numbered_otherwise(struct vpc *vpc)
{
    numbered(vpc, 0x78);
}

static void test_associate_subnet_cidr_block(void **state)
{
    static const struct guard_row rows[] = {
        {"a free /64", NULL, NULL, HOLD_NONE, NULL},
        {"S2: a subnet that is not declared", NULL, undeclared_subnet, HOLD_NOT_OURS, NULL},
        {"S2: a neighbour's", NULL, of_a_neighbour, HOLD_NOT_OURS, "subnet-private-c"},
        {"of no block of the VPC", NULL, of_no_block, HOLD_NOT_OURS, "no /64 of"},
        {"a /60", NULL, a_large_one, HOLD_NOT_OURS, "no /64 of"},
        {"none", NULL, none_at_all, HOLD_NOT_OURS, "no /64 of"},
        {"it has one", has_one, NULL, HOLD_WAIT, NULL},
        {"it is losing one", is_losing_one, NULL, HOLD_WAIT, NULL},
        {"another is being given it", another_is_given_it, NULL, HOLD_NOT_OURS, "subnet-other"},
        {"another had it", another_had_it, NULL, HOLD_NONE, NULL},
        {"the VPC's block is on its way", vpc_block_on_its_way, NULL, HOLD_NOT_OURS, NULL},
        {"its number", numbered_so, NULL, HOLD_NONE, NULL},
        {"another number is declared", numbered_otherwise, NULL, HOLD_NOT_OURS, "number 120"},
        {"no IPv6 declared", no_ipv6_declared, NULL, HOLD_NOT_OURS, "does not declare IPv6"},
    };

    (void)state;
    judge_rows(rows, ARRAY_SIZE(rows), associate_subnet);
}

/* ---- ModifySubnetAttribute ---- */

static struct plan_action modify(struct vpc *vpc)
{
    static const char *const off[] = {"subnet-public-a", "subnet-private-a"};

    for (size_t i = 0; i < ARRAY_SIZE(off); i++) {
        vpc_subnet(vpc, off[i])->map_public_ip_on_launch = WIRE_FALSE;
        vpc_subnet(vpc, off[i])->assign_ipv6_address_on_creation = WIRE_FALSE;
        vpc_subnet(vpc, off[i])->enable_dns64 = WIRE_FALSE;
    }
    vpc_group(vpc, "public")->public_ipv4_on_launch = 2;
    vpc_group(vpc, "functions")->nat64 = 2;
    vpc_add_route(vpc, "rtb-private-a", "64:ff9b::/96", "nat-a");
    return (struct plan_action){.call = EC2_MODIFY_SUBNET_ATTRIBUTE,
                                .role = "attribute",
                                .expect = EXPECT_ATTRIBUTE,
                                .request = {.subnet_id = "subnet-public-a"}};
}

static void map_public(struct plan_action *action)
{
    action->request.map_public_ip_on_launch = WIRE_TRUE;
}

static void map_public_in_a_private_one(struct plan_action *action)
{
    map_public(action);
    action->request.subnet_id = "subnet-private-a";
}

static void map_public_off(struct plan_action *action)
{
    action->request.map_public_ip_on_launch = WIRE_FALSE;
}

static void map_public_undeclared(struct plan_action *action)
{
    map_public(action);
    action->request.subnet_id = "subnet-other";
}

static void assign(struct plan_action *action)
{
    action->request.assign_ipv6_address_on_creation = WIRE_TRUE;
}

static void assign_off(struct plan_action *action)
{
    action->request.assign_ipv6_address_on_creation = WIRE_FALSE;
}

static void dns64(struct plan_action *action)
{
    action->request.subnet_id = "subnet-private-a";
    action->request.enable_dns64 = WIRE_TRUE;
}

static void dns64_in_a_public_one(struct plan_action *action)
{
    action->request.enable_dns64 = WIRE_TRUE;
}

static void two_at_once(struct plan_action *action)
{
    map_public(action);
    assign(action);
}

static void nothing_at_all(struct plan_action *action)
{
    (void)action;
}

static void dns_of_the_vpc_too(struct plan_action *action)
{
    map_public(action);
    action->request.enable_dns_support = WIRE_TRUE;
}

static void nobody_said_public(struct vpc *vpc)
{
    vpc_group(vpc, "public")->public_ipv4_on_launch = 0;
}

static void is_on(struct vpc *vpc)
{
    vpc_subnet(vpc, "subnet-public-a")->map_public_ip_on_launch = WIRE_TRUE;
}

static void is_not_known(struct vpc *vpc)
{
    vpc_subnet(vpc, "subnet-public-a")->map_public_ip_on_launch = WIRE_ABSENT;
}

static void no_block_yet(struct vpc *vpc)
{
    vpc_subnet(vpc, "subnet-public-a")->ipv6_cidr_block_associations.items[0].state =
        EC2_ASSOCIATION_ASSOCIATING;
}

static void not_on_launch(struct vpc *vpc)
{
    vpc_group(vpc, "public")->ipv6_on_launch = 1;
}

static void no_nat64_route(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "64:ff9b::/96");
}

static void nat64_route_dead(struct vpc *vpc)
{
    vpc_route(vpc, "rtb-private-a", "64:ff9b::/96")->state = EC2_ROUTE_BLACKHOLE;
}

static void nat64_gateway_cut_off(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
}

static void test_modify_subnet_attribute(void **state)
{
    static const struct guard_row rows[] = {
        {"public addresses", NULL, map_public, HOLD_NONE, NULL},
        {"S2: nobody declared them", nobody_said_public, map_public, HOLD_NOT_OURS, NULL},
        {"S2: in a private group", NULL, map_public_in_a_private_one, HOLD_NOT_OURS, NULL},
        {"S2: in a subnet that is not declared", NULL, map_public_undeclared, HOLD_NOT_OURS, NULL},
        {"never off", NULL, map_public_off, HOLD_NOT_OURS, "none is ever turned off"},
        {"it is on", is_on, map_public, HOLD_WAIT, NULL},
        {"it is not known", is_not_known, map_public, HOLD_WAIT, NULL},
        {"IPv6 addresses", NULL, assign, HOLD_NONE, NULL},
        {"not before the block", no_block_yet, assign, HOLD_WAIT, "no IPv6 block yet"},
        {"declared not to be", not_on_launch, assign, HOLD_NOT_OURS, NULL},
        {"never off, either", NULL, assign_off, HOLD_NOT_OURS, NULL},
        {"no IPv6 declared", no_ipv6_declared, assign, HOLD_NOT_OURS, NULL},
        {"DNS64", NULL, dns64, HOLD_NONE, NULL},
        {"DNS64 that nobody declared", NULL, dns64_in_a_public_one, HOLD_NOT_OURS, NULL},
        {"S7: DNS64 without a route", no_nat64_route, dns64, HOLD_WAIT, "64:ff9b::/96"},
        {"S7: DNS64 into a black hole", nat64_route_dead, dns64, HOLD_WAIT, NULL},
        {"S7: DNS64 to a gateway without a way out", nat64_gateway_cut_off, dns64, HOLD_UNSAFE,
         "no way out itself"},
        {"two at once", NULL, two_at_once, HOLD_NOT_OURS, "at a time"},
        {"none", NULL, nothing_at_all, HOLD_NOT_OURS, "at a time"},
        {"an attribute of the VPC", NULL, dns_of_the_vpc_too, HOLD_NOT_OURS, NULL},
    };

    (void)state;
    judge_rows(rows, ARRAY_SIZE(rows), modify);
}

/* ---- AllocateAddress, AssociateAddress ---- */

#define ADDRESS_ROLE "elastic-ip/interface/10.0.0.9"

static struct ec2_address *add_ours(struct vpc *vpc, const char *id, const char *role)
{
    struct ec2_address *address = vpc_add_address(vpc, id);

    vpc_tag(vpc, &address->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    vpc_tag(vpc, &address->tags, TAG_ROLE, role);
    return address;
}

static void add_bare_interface(struct vpc *vpc)
{
    struct ec2_network_interface *interface =
        vpc_add_interface(vpc, "eni-bare", "subnet-public-a", NULL);

    interface->private_ip_address = "10.0.0.9";
    vpc_group(vpc, "public")->public_ipv4_on_launch = 2;
}

static struct plan_action associate_address(struct vpc *vpc)
{
    add_bare_interface(vpc);
    add_ours(vpc, "eipalloc-ours", ADDRESS_ROLE);
    vpc_add_address(vpc, "eipalloc-theirs");
    return (struct plan_action){.call = EC2_ASSOCIATE_ADDRESS,
                                .role = "interface/10.0.0.9",
                                .expect = EXPECT_NO_PUBLIC_ADDRESS,
                                .request = {.network_interface_id = "eni-bare",
                                            .allocation_id = "eipalloc-ours",
                                            .allow_reassociation = WIRE_FALSE}};
}

static void a_strangers_address(struct plan_action *action)
{
    action->request.allocation_id = "eipalloc-theirs";
}

static void a_strangers_address_called_fresh(struct plan_action *action)
{
    a_strangers_address(action);
    action->input_is_fresh = true;
}

static void an_address_that_no_list_has(struct plan_action *action)
{
    action->request.allocation_id = "eipalloc-new";
}

static void a_fresh_address(struct plan_action *action)
{
    an_address_that_no_list_has(action);
    action->input_is_fresh = true;
}

static void may_move(struct plan_action *action)
{
    action->request.allow_reassociation = WIRE_TRUE;
}

static void may_move_by_default(struct plan_action *action)
{
    action->request.allow_reassociation = WIRE_ABSENT;
}

static void another_interface(struct plan_action *action)
{
    action->request.network_interface_id = "eni-private";
}

static void address_in_use(struct vpc *vpc)
{
    vpc->observation.addresses.items[0].association_id = "eipassoc-1";
}

static void address_for_another(struct vpc *vpc)
{
    vpc->observation.addresses.items[0].tags.n = 1;
    vpc_tag(vpc, &vpc->observation.addresses.items[0].tags, TAG_ROLE, "elastic-ip/" ZONE_A);
}

static void interface_has_one(struct vpc *vpc)
{
    vpc_interface(vpc, "eni-bare")->association_public_ip = "192.0.2.9";
}

static void managed_by_aws(struct vpc *vpc)
{
    vpc_interface(vpc, "eni-bare")->operator_managed = WIRE_TRUE;
    vpc_interface(vpc, "eni-bare")->requester_managed = WIRE_TRUE;
}

static void not_public_any_more(struct vpc *vpc)
{
    vpc_group(vpc, "public")->ipv4 = vpc_options(vpc, "nat-gateway");
}

static void no_igw(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
}

static void interfaces_unknown(struct vpc *vpc)
{
    vpc->observation.lists[LIST_NETWORK_INTERFACES].complete = false;
}

static void test_associate_address(void **state)
{
    static const struct guard_row rows[] = {
        {"ours for it", NULL, NULL, HOLD_NONE, NULL},
        {"AWS gave it in this pass", NULL, a_fresh_address, HOLD_NONE, NULL},
        {"no list has it, and nobody made it", NULL, an_address_that_no_list_has, HOLD_NOT_OURS,
         "nothing shows"},
        {"S2: a stranger's", NULL, a_strangers_address, HOLD_NOT_OURS, "nothing shows"},
        {"S2: a stranger's, whatever the plan says", NULL, a_strangers_address_called_fresh,
         HOLD_NOT_OURS, "nothing shows"},
        {"it may move from elsewhere", NULL, may_move, HOLD_UNSAFE, "AllowReassociation"},
        {"EC2 lets it move unless told", NULL, may_move_by_default, HOLD_UNSAFE, NULL},
        {"S2: another interface", NULL, another_interface, HOLD_NOT_OURS, NULL},
        {"in use", address_in_use, NULL, HOLD_NOT_OURS, NULL},
        {"ours for something else", address_for_another, NULL, HOLD_NOT_OURS, NULL},
        {"it has one", interface_has_one, NULL, HOLD_NOT_OURS, NULL},
        {"AWS takes none for it", managed_by_aws, NULL, HOLD_NOT_OURS, "AWS manages"},
        {"not declared public", not_public_any_more, NULL, HOLD_NOT_OURS, NULL},
        {"no internet gateway", no_igw, NULL, HOLD_WAIT, "no internet gateway"},
        {"S5: interfaces not known", interfaces_unknown, NULL, HOLD_UNKNOWN, NULL},
    };

    (void)state;
    judge_rows(rows, ARRAY_SIZE(rows), associate_address);
}

static struct plan_action allocate_address(struct vpc *vpc)
{
    add_bare_interface(vpc);
    return (struct plan_action){.call = EC2_ALLOCATE_ADDRESS,
                                .role = ADDRESS_ROLE,
                                .expect = EXPECT_NO_ADDRESS,
                                .request = {.domain = "vpc"}};
}

static void of_a_pool(struct plan_action *action)
{
    action->request.public_ipv4_pool = "ipv4pool-ec2-1";
}

static void for_nobody(struct plan_action *action)
{
    action->role = "elastic-ip/interface/10.0.0.77";
}

static void one_lies_idle(struct vpc *vpc)
{
    add_ours(vpc, "eipalloc-idle", "elastic-ip/interface/10.0.0.8");
}

static void one_of_a_zone_lies_idle(struct vpc *vpc)
{
    add_ours(vpc, "eipalloc-idle", "elastic-ip/" ZONE_A);
}

static void test_allocate_address(void **state)
{
    static const struct guard_row rows[] = {
        {"for an interface", NULL, NULL, HOLD_NONE, NULL},
        {"of a pool", NULL, of_a_pool, HOLD_NOT_OURS, "plain"},
        {"for nobody", NULL, for_nobody, HOLD_NOT_OURS, NULL},
        {"it has one", interface_has_one, NULL, HOLD_NOT_OURS, NULL},
        {"S4: one of ours for another interface is not attached yet", one_lies_idle, NULL,
         HOLD_UNSAFE, "eipalloc-idle"},
        {"a zone's is another matter", one_of_a_zone_lies_idle, NULL, HOLD_NONE, NULL},
    };

    (void)state;
    judge_rows(rows, ARRAY_SIZE(rows), allocate_address);
}

/* ---- 64:ff9b::/96 ---- */

static struct plan_action nat64_route(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->nat64 = 2;
    return vpc_route_action(EC2_CREATE_ROUTE, "rtb-private-a", "64:ff9b::/96", "nat-a");
}

static void to_the_igw(struct plan_action *action)
{
    action->request.nat_gateway_id = NULL;
    action->request.gateway_id = "igw-1";
}

static void to_the_eigw(struct plan_action *action)
{
    action->request.nat_gateway_id = NULL;
    action->request.egress_only_internet_gateway_id = "eigw-1";
}

static void to_a_foreign_gateway(struct plan_action *action)
{
    action->request.nat_gateway_id = "nat-9";
}

static void in_the_main_table(struct plan_action *action)
{
    action->request.route_table_id = "rtb-main";
}

static void in_the_public_table(struct plan_action *action)
{
    action->request.route_table_id = "rtb-public";
}

static void a_wider_prefix(struct plan_action *action)
{
    action->request.destination_ipv6_cidr_block = vpc_prefix("64:ff9b::/64");
}

static void replaced(struct plan_action *action)
{
    action->call = EC2_REPLACE_ROUTE;
}

static void undeclared_too(struct vpc *vpc)
{
    vpc_add_subnet(vpc, "subnet-guest", "vpc-1", ZONE_A, "10.0.60.0/24", "rtb-private-a");
}

static void not_for_all(struct vpc *vpc)
{
    vpc_add_group(vpc, "six", "nat-gateway", "egress-only-internet-gateway");
    vpc_add_subnet(vpc, "subnet-six", "vpc-1", ZONE_A, "10.0.50.0/24", "rtb-private-a");
    vpc_declare(vpc, "six", "subnet-six");
}

static void one_is_there(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "64:ff9b::/96", "nat-c");
}

static void a_dead_one_is_there(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "64:ff9b::/96", "nat-gone")->state = EC2_ROUTE_BLACKHOLE;
}

static void somebodys_is_there(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "64:ff9b::/96", "tgw-1");
}

static void gateway_pending(struct vpc *vpc)
{
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_PENDING;
}

static void gateway_private(struct vpc *vpc)
{
    vpc_nat(vpc, "nat-a")->connectivity_type = EC2_CONNECTIVITY_PRIVATE;
}

static void test_nat64_route(void **state)
{
    static const struct guard_row rows[] = {
        {"to the zone's gateway", NULL, NULL, HOLD_NONE, NULL},
        {"to the internet gateway", NULL, to_the_igw, HOLD_NOT_OURS, "and nothing else"},
        {"to the egress-only one", NULL, to_the_eigw, HOLD_NOT_OURS, "and nothing else"},
        {"S1: to another VPC's", NULL, to_a_foreign_gateway, HOLD_WAIT, NULL},
        {"S2: in the main table", NULL, in_the_main_table, HOLD_NOT_OURS, "main"},
        {"where nobody declares it", NULL, in_the_public_table, HOLD_NOT_OURS, "declares nat64"},
        {"a wider prefix", NULL, a_wider_prefix, HOLD_NOT_OURS, "only default routes"},
        {"S2: the table serves a stranger", undeclared_too, NULL, HOLD_NOT_OURS, "subnet-guest"},
        {"not declared for all", not_for_all, NULL, HOLD_NOT_OURS, "not every subnet"},
        {"a live one stays", one_is_there, replaced, HOLD_UNSAFE, "works"},
        {"a dead one is replaced", a_dead_one_is_there, replaced, HOLD_NONE, NULL},
        {"and not created", a_dead_one_is_there, NULL, HOLD_WAIT, NULL},
        {"S2: somebody's", somebodys_is_there, replaced, HOLD_NOT_OURS, "somebody's design"},
        {"the gateway is pending", gateway_pending, NULL, HOLD_WAIT, NULL},
        {"the gateway is private", gateway_private, NULL, HOLD_WAIT, NULL},
    };

    (void)state;
    judge_rows(rows, ARRAY_SIZE(rows), nat64_route);
}

/* ---- the look right before ---- */

struct look_row {
    const char *name;
    struct plan_action (*build)(struct vpc *vpc);
    void (*change)(struct vpc *vpc); /* the world, since the plan; NULL: nothing */
    const char *says;                /* NULL: it may go on */
};

static void taken_meanwhile(struct vpc *vpc)
{
    vpc_add_subnet(vpc, "subnet-there", "vpc-1", ZONE_A, "10.0.40.0/24", "rtb-other");
}

static void block_gone_meanwhile(struct vpc *vpc)
{
    VEC_EACH (subnet, &vpc->observation.subnets)
        if (text_equal(subnet->subnet_id, "subnet-private-a"))
            subnet->subnet_id = "subnet-elsewhere";
}

/* What a Describe with the look's filter would find in the world of now. */
static void answer(struct vpc *vpc, const struct guard_look *look, struct ec2_describe_reply *fresh)
{
    const struct ec2_filter *filter = look->request.filters.items;
    const char *value = filter->values.items[0];

    assert_int_equal(look->request.filters.n, 1);
    fresh->vpcs.items = vpc_vpc(vpc, "vpc-1");
    fresh->vpcs.n = look->call == EC2_DESCRIBE_VPCS;
    fresh->subnets.items = ARENA_ARRAY(vpc->arena, struct ec2_subnet, 32);
    for (size_t i = 0; i < vpc->observation.subnets.n; i++) {
        const struct ec2_subnet *subnet = &vpc->observation.subnets.items[i];

        if (look->call == EC2_DESCRIBE_SUBNETS &&
            text_equal(value,
                       text_equal(filter->name, "vpc-id") ? subnet->vpc_id : subnet->subnet_id))
            fresh->subnets.items[fresh->subnets.n++] = *subnet;
    }
    fresh->network_interfaces.items = ARENA_ARRAY(vpc->arena, struct ec2_network_interface, 8);
    for (size_t i = 0; i < vpc->observation.network_interfaces.n; i++)
        if (look->call == EC2_DESCRIBE_NETWORK_INTERFACES &&
            text_equal(value, vpc->observation.network_interfaces.items[i].network_interface_id))
            fresh->network_interfaces.items[fresh->network_interfaces.n++] =
                vpc->observation.network_interfaces.items[i];
}

static struct plan_action modify_public(struct vpc *vpc)
{
    struct plan_action action = modify(vpc);

    map_public(&action);
    return action;
}

static struct plan_action modify_ipv6(struct vpc *vpc)
{
    struct plan_action action = modify(vpc);

    assign(&action);
    return action;
}

static void ipv6_is_on(struct vpc *vpc)
{
    vpc_subnet(vpc, "subnet-public-a")->assign_ipv6_address_on_creation = WIRE_TRUE;
}

static void interface_gone(struct vpc *vpc)
{
    vpc_interface(vpc, "eni-bare")->network_interface_id = "eni-elsewhere";
}

static void test_looks(void **state)
{
    static const struct look_row rows[] = {
        {"no subnet", create_subnet, NULL, NULL},
        {"a subnet meanwhile", create_subnet, taken_meanwhile, "subnet-there"},
        {"one overlaps meanwhile", create_subnet, somebody_there, "subnet-there"},
        {"no block", associate_vpc, NULL, NULL},
        {"a block meanwhile", associate_vpc, a_second_block, "has an IPv6 block now"},
        {"one on its way meanwhile", associate_vpc, one_on_its_way, "has an IPv6 block now"},
        {"those that are over", associate_vpc, one_that_is_over, NULL},
        {"no /64", associate_subnet, NULL, NULL},
        {"a /64 meanwhile", associate_subnet, has_one, "subnet-private-a has an IPv6 block now"},
        {"another has it meanwhile", associate_subnet, another_is_given_it,
         "subnet-other has an IPv6 block now"},
        {"the subnet is gone", associate_subnet, block_gone_meanwhile, "was not there"},
        {"still off", modify_public, NULL, NULL},
        {"on meanwhile", modify_public, is_on, "changed"},
        {"IPv6 still off", modify_ipv6, NULL, NULL},
        {"IPv6 on meanwhile", modify_ipv6, ipv6_is_on, "changed"},
        {"no address", associate_address, NULL, NULL},
        {"an address meanwhile", associate_address, interface_has_one, "192.0.2.9"},
        {"the interface is gone", associate_address, interface_gone, "was not there"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action = rows[i].build(vpc);
        struct ec2_describe_reply fresh = {0};
        struct guard_look look;
        const char *differs;

        vpc_look(vpc);
        guard_look(vpc->arena, &action, vpc->snapshot, &look);
        if (look.call == EC2_DESCRIBE_NETWORK_INTERFACES)
            assert_int_equal(look.request.include_managed_resources, WIRE_TRUE);
        if (rows[i].change)
            rows[i].change(vpc);
        answer(vpc, &look, &fresh);
        differs = guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh);
        if (rows[i].says ? !differs || !strstr(differs, rows[i].says) : differs != NULL)
            fail_msg("%s: %s", rows[i].name, differs ? differs : "nothing");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_subnet),
        cmocka_unit_test(test_associate_vpc_cidr_block),
        cmocka_unit_test(test_associate_subnet_cidr_block),
        cmocka_unit_test(test_modify_subnet_attribute),
        cmocka_unit_test(test_associate_address),
        cmocka_unit_test(test_allocate_address),
        cmocka_unit_test(test_nat64_route),
        cmocka_unit_test(test_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
