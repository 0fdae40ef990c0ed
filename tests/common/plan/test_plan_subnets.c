/* Plans for subnets, IPv6 blocks, public IPv4 addresses, NAT64, and routes that should not be
 * there. */
#include "plan_text.h"

/* ---- subnet-missing ---- */

static struct declared_subnet *create(struct vpc *vpc, size_t n)
{
    struct subnet_group *group = vpc_add_group(vpc, "made", "internet-gateway", "none");

    group->create = ARENA_ARRAY(vpc->arena, struct declared_subnet, n);
    group->n_create = n;
    for (size_t i = 0; i < n; i++)
        group->create[i] = (struct declared_subnet){
            .availability_zone = ZONE_A,
            .cidr = vpc_prefix(arena_printf(vpc->arena, "10.0.%zu.0/24", 40 + i)),
            .ipv6_index = -1};
    for (size_t i = 0; i < 2; i++)
        *VEC_ADD(vpc->arena, &vpc->observation.availability_zones) =
            (struct ec2_availability_zone){.zone_name = i == 0 ? ZONE_A : ZONE_C};
    return group->create;
}

static void two_missing(struct vpc *vpc)
{
    create(vpc, 2);
}

static void had_another_id(struct vpc *vpc)
{
    create(vpc, 1);
    vpc_wire(vpc, "subnet/made/10.0.40.0/24", "subnet-was");
}

static void in_another_zone(struct vpc *vpc)
{
    create(vpc, 1);
    vpc_add_subnet(vpc, "subnet-there", "vpc-1", ZONE_C, "10.0.40.0/24", "rtb-other");
}

static void overlapped(struct vpc *vpc)
{
    create(vpc, 1);
    vpc_add_subnet(vpc, "subnet-there", "vpc-1", ZONE_A, "10.0.40.0/22", "rtb-other");
}

static void outside(struct vpc *vpc)
{
    create(vpc, 1)->cidr = vpc_prefix("10.77.0.0/24");
}

static void no_such_zone(struct vpc *vpc)
{
    create(vpc, 1)->availability_zone = "ap-northeast-1z";
}

static void there(struct vpc *vpc)
{
    create(vpc, 1);
    vpc_group(vpc, "made")->ipv6 = vpc_options(vpc, "internet-gateway");
    vpc_add_subnet(vpc, "subnet-there", "vpc-1", ZONE_A, "10.0.40.0/24", "rtb-public");
}

static void zones_unknown(struct vpc *vpc)
{
    create(vpc, 1);
    vpc->observation.lists[LIST_AVAILABILITY_ZONES].complete = false;
}

static void test_subnets(void **state)
{
    static const struct plan_case rows[] = {
        {"two", two_missing,
         "subnet-missing - outage approve: CreateSubnet 10.0.40.0/24 in ap-northeast-1a of vpc-1 "
         "(counts);\n"
         "subnet-missing - outage approve: CreateSubnet 10.0.41.0/24 in ap-northeast-1a of vpc-1 "
         "(counts);\n",
         "nothing can run in it"},
        {"one that was there", had_another_id,
         "subnet-missing subnet-was outage approve: CreateSubnet 10.0.40.0/24 in ap-northeast-1a "
         "of vpc-1 (counts);\n",
         NULL},
        {"its block in another zone", in_another_zone, "subnet-missing - outage approve held:\n",
         "subnet-there has 10.0.40.0/24 and is in ap-northeast-1c"},
        {"a larger one in its place", overlapped, "subnet-missing - outage approve held:\n",
         "subnet-there overlaps with it: it has 10.0.40.0/22"},
        {"outside the VPC", outside, "subnet-missing - outage approve held:\n",
         "outside the IPv4 blocks of vpc-1"},
        {"a zone that is not", no_such_zone, "subnet-missing - outage approve held:\n",
         "no Availability Zone ap-northeast-1z"},
        {"it is there", there, "", NULL},
        {"zones not known", zones_unknown, "unknown: Availability Zones\n", NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- IPv6 ---- */

static void drop_vpc_block(struct vpc *vpc)
{
    static const char *const subnets[] = {"subnet-public-a", "subnet-public-c", "subnet-private-a",
                                          "subnet-private-c"};

    vpc_vpc(vpc, "vpc-1")->ipv6_cidr_block_associations.n = 0;
    for (size_t i = 0; i < ARRAY_SIZE(subnets); i++)
        vpc_drop_ipv6(vpc, subnets[i]);
}

static void no_block(struct vpc *vpc)
{
    drop_vpc_block(vpc);
    vpc->target.ipv6_cidr = "amazon";
}

static void no_block_and_a_pool(struct vpc *vpc)
{
    drop_vpc_block(vpc);
    vpc->target.ipv6_cidr = "ipam";
    vpc->target.ipv6_ipam_pool = "ipam-pool-1";
    vpc->target.ipv6_netmask_length = 52;
}

static void no_block_and_nothing_said(struct vpc *vpc)
{
    drop_vpc_block(vpc);
    vpc->target.ipv6_cidr = "unmanaged";
}

static void block_on_its_way(struct vpc *vpc)
{
    no_block(vpc);
    vpc_associate_ipv6(vpc, "vpc-1", NULL, EC2_ASSOCIATION_ASSOCIATING);
}

static void block_going(struct vpc *vpc)
{
    no_block(vpc);
    vpc_associate_ipv6(vpc, "vpc-1", "2001:db8:1::/56", EC2_ASSOCIATION_DISASSOCIATING);
}

static void block_failed(struct vpc *vpc)
{
    no_block(vpc);
    vpc_associate_ipv6(vpc, "vpc-1", NULL, EC2_ASSOCIATION_FAILED);
}

static void block_lost(struct vpc *vpc)
{
    struct ec2_security_group *group = VEC_ADD(vpc->arena, &vpc->observation.security_groups);
    struct ec2_ip_permission *permission = ARENA_NEW(vpc->arena, struct ec2_ip_permission);
    struct ec2_ipv6_range *range = ARENA_NEW(vpc->arena, struct ec2_ipv6_range);

    no_block(vpc);
    vpc_wire(vpc, WIRING_VPC_IPV6, "2001:db8:0:0::/56");
    vpc_wire(vpc, "ipv6-block/10.0.16.0/24", "2001:db8:0:3::/64");
    vpc_add_route(vpc, "rtb-other", "2001:db8:0:7::/64", "pcx-1");
    range->cidr_ipv6 = vpc_prefix("2001:db8:0:3::/64");
    *permission = (struct ec2_ip_permission){.ip_protocol = "-1"};
    permission->ipv6_ranges.items = range;
    permission->ipv6_ranges.n = 1;
    *group = (struct ec2_security_group){.group_id = "sg-1", .vpc_id = "vpc-1"};
    group->ip_permissions.items = permission;
    group->ip_permissions.n = 1;
}

static void private_a_without(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-private-a");
}

static void private_a_had_one(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-private-a");
    vpc_wire(vpc, "ipv6-block/10.0.16.0/24", "2001:db8:0:42::/64");
}

static void had_one_that_is_taken(struct vpc *vpc)
{
    private_a_had_one(vpc);
    vpc_drop_ipv6(vpc, "subnet-other");
    vpc_associate_ipv6(vpc, "subnet-other", "2001:db8:0:42::/64", EC2_ASSOCIATION_ASSOCIATING);
}

static void had_one_of_another_block(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-private-a");
    vpc_wire(vpc, "ipv6-block/10.0.16.0/24", "2001:db8:99:42::/64");
}

/* The lowest is promised to a neighbour that had it, and the next lingers, over, in a list. */
static void low_ones_are_spoken_for(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-private-a");
    vpc_drop_ipv6(vpc, "subnet-private-c");
    vpc_wire(vpc, "ipv6-block/10.0.17.0/24", "2001:db8::/64");
    vpc_associate_ipv6(vpc, "subnet-other", "2001:db8:0:3::/64", EC2_ASSOCIATION_DISASSOCIATED);
}

static void two_without(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-private-a");
    vpc_drop_ipv6(vpc, "subnet-private-c");
}

static void subnet_block_on_its_way(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-private-a");
    vpc_associate_ipv6(vpc, "subnet-private-a", "2001:db8::/64", EC2_ASSOCIATION_ASSOCIATING);
}

static void subnet_block_not_named(struct vpc *vpc)
{
    vpc_drop_ipv6(vpc, "subnet-private-a");
    vpc_associate_ipv6(vpc, "subnet-private-a", "2001:db8::/64", EC2_ASSOCIATION_ASSOCIATED);
    vpc_subnet(vpc, "subnet-private-a")->ipv6_cidr_block_associations.items[0].ipv6_cidr_block =
        (struct prefix){0};
}

static void no_block_left(struct vpc *vpc)
{
    struct ec2_vpc *of = vpc_vpc(vpc, "vpc-1");

    of->ipv6_cidr_block_associations.n = 0;
    vpc_associate_ipv6(vpc, "vpc-1", "2001:db8:0:1::/64", EC2_ASSOCIATION_ASSOCIATED);
    vpc_drop_ipv6(vpc, "subnet-private-a");
}

/* A subnet of "create" with a number of its own. */
static void numbered(struct vpc *vpc, int index)
{
    struct declared_subnet *item = create(vpc, 1);

    vpc_group(vpc, "made")->ipv6 = vpc_options(vpc, "internet-gateway");
    vpc_add_subnet(vpc, "subnet-there", "vpc-1", ZONE_A, "10.0.40.0/24", "rtb-public");
    vpc_drop_ipv6(vpc, "subnet-there");
    item->ipv6_index = index;
}

static void number_free(struct vpc *vpc)
{
    numbered(vpc, 255);
}

static void number_taken(struct vpc *vpc)
{
    numbered(vpc, 3);
}

static void number_taken_by_one_on_its_way(struct vpc *vpc)
{
    numbered(vpc, 255);
    vpc_drop_ipv6(vpc, "subnet-other");
    vpc_associate_ipv6(vpc, "subnet-other", "2001:db8:0:ff::/64", EC2_ASSOCIATION_DISASSOCIATING);
}

static void number_too_high(struct vpc *vpc)
{
    numbered(vpc, 16);
    vpc_vpc(vpc, "vpc-1")->ipv6_cidr_block_associations.items[0].ipv6_cidr_block =
        vpc_prefix("2001:db8::/60");
}

static void number_kept_for_another(struct vpc *vpc)
{
    create(vpc, 1)->ipv6_index = 0; /* not there yet */
    vpc_drop_ipv6(vpc, "subnet-private-a");
}

static void off_on_launch(struct vpc *vpc)
{
    vpc_subnet(vpc, "subnet-private-a")->assign_ipv6_address_on_creation = WIRE_FALSE;
    vpc_subnet(vpc, "subnet-other")->assign_ipv6_address_on_creation = WIRE_FALSE;
}

static void off_and_declared_off(struct vpc *vpc)
{
    off_on_launch(vpc);
    vpc_group(vpc, "functions")->ipv6_on_launch = 1;
}

static void off_and_no_block(struct vpc *vpc)
{
    off_on_launch(vpc);
    vpc_drop_ipv6(vpc, "subnet-private-a");
}

static void none_declared(struct vpc *vpc)
{
    no_block(vpc);
    vpc_group(vpc, "functions")->ipv6 = vpc_options(vpc, "none");
    vpc_group(vpc, "public")->ipv6 = (struct declared_options){0};
    vpc_drop_route(vpc, "rtb-private-a", "::/0");
    vpc_drop_route(vpc, "rtb-private-c", "::/0");
}

#define VPC_HAS_NONE(action)                                                                       \
    "vpc-ipv6-missing vpc-1 outage approve" action                                                 \
    "subnet-ipv6-missing subnet-private-a outage auto after vpc-ipv6-missing:\n"                   \
    "subnet-ipv6-missing subnet-private-c outage auto after vpc-ipv6-missing:\n"                   \
    "subnet-ipv6-missing subnet-public-a outage auto after vpc-ipv6-missing:\n"                    \
    "subnet-ipv6-missing subnet-public-c outage auto after vpc-ipv6-missing:\n"
#define SUBNETS_WAIT                                                                               \
    "subnet-ipv6-missing subnet-private-a outage auto:\n"                                          \
    "subnet-ipv6-missing subnet-private-c outage auto:\n"                                          \
    "subnet-ipv6-missing subnet-public-a outage auto:\n"                                           \
    "subnet-ipv6-missing subnet-public-c outage auto:\n"
#define GIVEN(block)                                                                               \
    "subnet-ipv6-missing subnet-private-a outage auto: AssociateSubnetCidrBlock " block            \
    " with subnet-private-a (counts);\n"
#define NUMBERED(block)                                                                            \
    "subnet-ipv6-missing subnet-there outage auto: AssociateSubnetCidrBlock " block                \
    " with subnet-there (counts);\n"

static void test_ipv6(void **state)
{
    static const struct plan_case rows[] = {
        {"healthy", NULL, "", NULL},
        {"Amazon's", no_block,
         VPC_HAS_NONE(": AssociateVpcCidrBlock: a block of Amazon's for vpc-1 (counts);\n"), NULL},
        {"an IPAM pool's", no_block_and_a_pool,
         VPC_HAS_NONE(": AssociateVpcCidrBlock: a /52 of ipam-pool-1 for vpc-1 (counts);\n"), NULL},
        {"nobody says from where", no_block_and_nothing_said, VPC_HAS_NONE(" held:\n"),
         "\"ipv6_cidr\" does not say"},
        {"on its way", block_on_its_way,
         SUBNETS_WAIT "pending: IPv6 block cidr-assoc-vpc-1-1 of vpc-1 to be associated or gone\n",
         NULL},
        {"going", block_going,
         SUBNETS_WAIT "pending: IPv6 block cidr-assoc-vpc-1-1 of vpc-1 to be associated or gone\n",
         NULL},
        {"failed", block_failed, VPC_HAS_NONE(" held:\n"), "the last association failed"},
        {"lost, and spoken of", block_lost,
         VPC_HAS_NONE(": AssociateVpcCidrBlock: a block of Amazon's for vpc-1 (counts);\n"),
         "it had 2001:db8::/56, so its subnets have no IPv6 addresses. A new one is another one, "
         "and these speak of the old: subnet subnet-private-a, security group sg-1, route table "
         "rtb-other."},
        {"the lowest that is free", private_a_without, GIVEN("2001:db8::/64"), NULL},
        {"the one that it had", private_a_had_one, GIVEN("2001:db8:0:42::/64"), NULL},
        {"which another one is being given", had_one_that_is_taken, GIVEN("2001:db8::/64"), NULL},
        {"which is of a block that was lost", had_one_of_another_block, GIVEN("2001:db8::/64"),
         NULL},
        {"by the IPv4 blocks' order", two_without,
         GIVEN("2001:db8::/64") "subnet-ipv6-missing subnet-private-c outage auto: "
                                "AssociateSubnetCidrBlock "
                                "2001:db8:0:3::/64 with subnet-private-c (counts);\n",
         NULL},
        {"promised, and over but listed", low_ones_are_spoken_for,
         GIVEN("2001:db8:0:4::/64") "subnet-ipv6-missing subnet-private-c outage auto: "
                                    "AssociateSubnetCidrBlock "
                                    "2001:db8::/64 with subnet-private-c (counts);\n",
         NULL},
        {"its own is on its way", subnet_block_on_its_way,
         "pending: the IPv6 block of subnet-private-a to be associated or gone\n", NULL},
        {"it has one, and EC2 does not say which", subnet_block_not_named,
         "pending: the IPv6 block of subnet-private-a to be associated or gone\n", NULL},
        {"none is left", no_block_left, "subnet-ipv6-missing subnet-private-a outage auto held:\n",
         "no free /64"},
        {"the declared number", number_free, NUMBERED("2001:db8:0:ff::/64"), NULL},
        {"that another one has", number_taken,
         "subnet-ipv6-missing subnet-there outage auto held:\n", "is used by subnet-private-a"},
        {"that another one is losing", number_taken_by_one_on_its_way,
         "subnet-ipv6-missing subnet-there outage auto held:\n", "is used by subnet-other"},
        {"that the block has not", number_too_high,
         "subnet-ipv6-missing subnet-there outage auto held:\n", "has no /64 number 16"},
        {"kept for one that is not there yet", number_kept_for_another,
         "subnet-missing - outage approve: CreateSubnet 10.0.40.0/24 in ap-northeast-1a of vpc-1 "
         "(counts);\n" GIVEN("2001:db8:0:3::/64"),
         NULL},
        {"not on launch", off_on_launch,
         "ipv6-on-launch-off subnet-private-a degraded auto: ModifySubnetAttribute "
         "AssignIpv6AddressOnCreation on for subnet-private-a (counts);\n",
         NULL},
        {"nor declared to be", off_and_declared_off, "", NULL},
        {"the block comes first", off_and_no_block, GIVEN("2001:db8::/64"), NULL},
        {"no group wants IPv6", none_declared, "", NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- public IPv4 ---- */

static void public_on_launch(struct vpc *vpc)
{
    vpc_group(vpc, "public")->public_ipv4_on_launch = 2;
    vpc_subnet(vpc, "subnet-public-a")->map_public_ip_on_launch = WIRE_TRUE;
    vpc_subnet(vpc, "subnet-public-c")->map_public_ip_on_launch = WIRE_FALSE;
    vpc_subnet(vpc, "subnet-other")->map_public_ip_on_launch = WIRE_FALSE;
}

static struct ec2_network_interface *add_bare(struct vpc *vpc, const char *id, const char *subnet)
{
    struct ec2_network_interface *interface = vpc_add_interface(vpc, id, subnet, NULL);

    interface->private_ip_address = "10.0.0.9";
    interface->status = "in-use";
    return interface;
}

static void bare_interface(struct vpc *vpc)
{
    vpc_group(vpc, "public")->public_ipv4_on_launch = 2;
    add_bare(vpc, "eni-bare", "subnet-public-a");
}

static void bare_and_an_address_of_ours(struct vpc *vpc)
{
    struct ec2_address *address = vpc_add_address(vpc, "eipalloc-ours");

    bare_interface(vpc);
    vpc_tag(vpc, &address->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    vpc_tag(vpc, &address->tags, TAG_ROLE, "elastic-ip/interface/10.0.0.9");
}

static void bare_and_nothing_declared(struct vpc *vpc)
{
    add_bare(vpc, "eni-bare", "subnet-public-a");
}

static void bare_and_managed(struct vpc *vpc)
{
    struct ec2_network_interface *interface = add_bare(vpc, "eni-bare", "subnet-public-a");

    interface->operator_managed = WIRE_TRUE;
    interface->operator_principal = "scaler.lambda.amazonaws.com";
}

static void bare_and_managed_by_aws_alone(struct vpc *vpc)
{
    bare_and_managed(vpc);
    vpc_interface(vpc, "eni-bare")->requester_managed = WIRE_TRUE;
}

static void bare_and_a_services(struct vpc *vpc)
{
    bare_interface(vpc);
    vpc_interface(vpc, "eni-bare")->requester_managed = WIRE_TRUE;
}

static void bare_endpoint(struct vpc *vpc)
{
    bare_interface(vpc);
    vpc_interface(vpc, "eni-bare")->interface_type = "vpc_endpoint";
}

static void bare_and_idle(struct vpc *vpc)
{
    bare_interface(vpc);
    vpc_interface(vpc, "eni-bare")->status = "available";
}

static void bare_without_igw(struct vpc *vpc)
{
    bare_interface(vpc);
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
    vpc_route(vpc, "rtb-public", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void interfaces_unknown(struct vpc *vpc)
{
    vpc->observation.lists[LIST_NETWORK_INTERFACES].complete = false;
}

#define BARE(impact, actions)                                                                      \
    "interface-without-public-ipv4 eni-bare " impact " report:" actions "\n"
#define NEW_ADDRESS                                                                                \
    " AllocateAddress for elastic-ip/interface/10.0.0.9 (counts); AssociateAddress the new "       \
    "address with eni-bare (counts);"

static void test_public_ipv4(void **state)
{
    static const struct plan_case rows[] = {
        {"off in one", public_on_launch,
         "public-ipv4-off subnet-public-c degraded approve: ModifySubnetAttribute "
         "MapPublicIpOnLaunch on for subnet-public-c (counts);\n",
         "new interfaces only"},
        {"an interface", bare_interface, BARE("outage", NEW_ADDRESS), "cannot use the internet"},
        {"with an address of ours", bare_and_an_address_of_ours,
         BARE("outage", " AssociateAddress eipalloc-ours with eni-bare (counts);"), NULL},
        {"nobody said that it has one", bare_and_nothing_declared, "", NULL},
        {"a managed instance's", bare_and_managed, BARE("outage", NEW_ADDRESS),
         "managed by scaler.lambda.amazonaws.com"},
        {"one that AWS takes no address for", bare_and_managed_by_aws_alone,
         "interface-without-public-ipv4 eni-bare outage report held:\n", "AWS manages it"},
        {"a service's", bare_and_a_services, "", NULL},
        {"an endpoint's only answers", bare_endpoint, "", NULL},
        {"attached to nothing", bare_and_idle, BARE("degraded", NEW_ADDRESS), NULL},
        {"interfaces not known", interfaces_unknown, "unknown: network interfaces\n", NULL},
    };
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    const struct plan_drift *drift;

    (void)state;
    check(rows, ARRAY_SIZE(rows));
    bare_without_igw(vpc);
    vpc_look(vpc);
    drift = vpc_drift(vpc, DRIFT_INTERFACE_WITHOUT_PUBLIC_IPV4, 0);
    assert_non_null(drift);
    assert_int_equal(drift->n_actions, 0); /* EC2 would take none */
    assert_int_equal(vpc->plan->drifts.items[drift->cause].code, DRIFT_INTERNET_GATEWAY_DETACHED);
}

/* ---- NAT64 ---- */

static void nat64(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->nat64 = 2;
}

static void nat64_dns_off(struct vpc *vpc)
{
    nat64(vpc);
    vpc_subnet(vpc, "subnet-private-a")->enable_dns64 = WIRE_FALSE;
}

static void nat64_routes_there(struct vpc *vpc)
{
    nat64_dns_off(vpc);
    vpc_add_route(vpc, "rtb-private-a", "64:ff9b::/96", "nat-a");
    vpc_add_route(vpc, "rtb-private-c", "64:ff9b::/96", "nat-a"); /* an equal: it stays */
}

static void nat64_dead(struct vpc *vpc)
{
    nat64(vpc);
    vpc_add_route(vpc, "rtb-private-a", "64:ff9b::/96", "nat-gone")->state = EC2_ROUTE_BLACKHOLE;
    vpc_add_route(vpc, "rtb-private-c", "64:ff9b::/96", "nat-c");
}

static void nat64_foreign(struct vpc *vpc)
{
    nat64(vpc);
    vpc_add_route(vpc, "rtb-private-a", "64:ff9b::/96", "tgw-1");
    vpc_add_route(vpc, "rtb-private-c", "64:ff9b::/96", "nat-c");
}

static void nat64_for_some(struct vpc *vpc)
{
    vpc_add_group(vpc, "six", "nat-gateway", "egress-only-internet-gateway")->nat64 = 2;
    vpc_add_subnet(vpc, "subnet-six", "vpc-1", ZONE_A, "10.0.50.0/24", "rtb-private-a");
    vpc_declare(vpc, "six", "subnet-six");
}

static void nat64_alone(struct vpc *vpc)
{
    nat64(vpc);
    vpc_group(vpc, "functions")->ipv4 = (struct declared_options){0};
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_DELETED;
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
    vpc_add_route(vpc, "rtb-private-c", "64:ff9b::/96", "nat-c");
}

#define ROUTE64(table, nat)                                                                        \
    "nat64-route-missing " table " outage auto: CreateRoute 64:ff9b::/96 -> " nat " in " table     \
    " (revives);\n"

static void test_nat64(void **state)
{
    static const struct plan_case rows[] = {
        {"each zone's own", nat64,
         ROUTE64("rtb-private-a", "nat-a") ROUTE64("rtb-private-c", "nat-c"), NULL},
        {"the route comes first", nat64_dns_off,
         ROUTE64("rtb-private-a", "nat-a") ROUTE64(
             "rtb-private-c",
             "nat-c") "dns64-off subnet-private-a degraded approve after nat64-route-missing:\n",
         NULL},
        {"then DNS64", nat64_routes_there,
         "dns64-off subnet-private-a degraded approve: ModifySubnetAttribute EnableDns64 on for "
         "subnet-private-a (counts);\n",
         NULL},
        {"a black hole", nat64_dead,
         "nat64-route-missing rtb-private-a outage auto: ReplaceRoute 64:ff9b::/96 -> nat-a in "
         "rtb-private-a (revives);\n",
         NULL},
        {"somebody's", nat64_foreign, "nat64-route-missing rtb-private-a outage auto held:\n",
         "tgw-1: somebody's design"},
        {"not for all that the table serves", nat64_for_some,
         "nat64-route-missing rtb-private-a outage auto held:\n", "do not declare \"nat64\""},
        {"without IPv4 the zone wants a gateway all the same", nat64_alone,
         "nat-gateway-missing nat-a outage auto: AllocateAddress for elastic-ip/ap-northeast-1a "
         "(counts); CreateNatGateway in subnet-public-a with the new address (counts);\n"
         "nat64-route-missing rtb-private-a outage auto after nat-gateway-missing:\n",
         NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- routes that should not be there ---- */

static void halves(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "0.0.0.0/1", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "128.0.0.0/1", "tgw-1");
}

static void halves_to_the_same(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "0.0.0.0/1", "nat-a");
    vpc_add_route(vpc, "rtb-private-a", "128.0.0.0/1", "nat-c");
}

static void halves_dead(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "0.0.0.0/1", "nat-a")->state = EC2_ROUTE_BLACKHOLE;
}

static void propagated_part(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "16.0.0.0/4", "vgw-1")->origin =
        EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
}

static void four_eighths(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "3.0.0.0/8", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "13.0.0.0/8", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "52.0.0.0/8", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "54.0.0.0/8", "tgw-1");
}

static void three_eighths(struct vpc *vpc)
{
    four_eighths(vpc);
    vpc_drop_route(vpc, "rtb-private-a", "54.0.0.0/8");
}

/* All private space and more, endpoints' lists, a partner's /16. */
static void ordinary(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "10.0.0.0/8", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "172.16.0.0/12", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "192.168.0.0/16", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "100.64.0.0/10", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "203.0.0.0/16", "pcx-1");
    vpc_add_route(vpc, "rtb-private-a", "fc00::/7", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "2001:db8:7::/48", "tgw-1");
}

static void ipv6_globally(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "2000::/3", "tgw-1");
}

static void ipv6_half(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "::/1", "tgw-1");
}

static void customers_list(struct vpc *vpc)
{
    struct observed_prefix_list *list = VEC_ADD(vpc->arena, &vpc->observation.prefix_list_entries);
    struct prefix *entries = ARENA_ARRAY(vpc->arena, struct prefix, 2);

    entries[0] = vpc_prefix("0.0.0.0/1");
    entries[1] = vpc_prefix("10.0.0.0/8");
    *list = (struct observed_prefix_list){.prefix_list_id = "pl-corp", .entries = entries, .n = 2};
    vpc_add_route(vpc, "rtb-private-a", "pl-corp", "tgw-1");
}

static void shut(struct vpc *vpc)
{
    vpc_add_group(vpc, "shut", "none", "none");
    vpc_declare(vpc, "shut", "subnet-other");
}

static void shut_and_open(struct vpc *vpc)
{
    shut(vpc);
    vpc_add_route(vpc, "rtb-other", "0.0.0.0/0", "tgw-1");
    vpc_add_route(vpc, "rtb-other", "::/0", "eigw-1");
}

static void shut_and_propagated(struct vpc *vpc)
{
    shut(vpc);
    vpc_add_route(vpc, "rtb-other", "0.0.0.0/0", "vgw-1")->origin =
        EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
}

static void shut_by_the_main_table(struct vpc *vpc)
{
    shut(vpc);
    vpc_disassociate(vpc, "rtb-other", "subnet-other");
    vpc_add_route(vpc, "rtb-main", "0.0.0.0/0", "igw-1");
}

static void shut_and_dead(struct vpc *vpc)
{
    shut(vpc);
    vpc_add_route(vpc, "rtb-other", "0.0.0.0/0", "nat-gone")->state = EC2_ROUTE_BLACKHOLE;
}

static void shut_by_a_list(struct vpc *vpc)
{
    shut(vpc);
    customers_list(vpc);
    vpc_drop_route(vpc, "rtb-private-a", "pl-corp");
    vpc_add_route(vpc, "rtb-other", "pl-corp", "tgw-1");
    vpc->observation.prefix_list_entries.items[0].n = 1;
    ARENA_NEW(vpc->arena, struct prefix);
    {
        struct prefix *entry = ARENA_NEW(vpc->arena, struct prefix);

        *entry = PREFIX_IPV4_DEFAULT;
        vpc->observation.prefix_list_entries.items[0].entries = entry;
    }
}

static void entries_unread(struct vpc *vpc)
{
    customers_list(vpc);
    vpc->observation.lists[LIST_PREFIX_LIST_ENTRIES].complete = false;
}

static void shut_and_entries_unread(struct vpc *vpc)
{
    shut_by_a_list(vpc);
    vpc->observation.lists[LIST_PREFIX_LIST_ENTRIES].complete = false;
}

/* A service's own addresses are never the default. */
static void entries_of_aws_unread(struct vpc *vpc)
{
    shut_and_entries_unread(vpc);
    vpc_drop_route(vpc, "rtb-other", "pl-corp");
    vpc_add_route(vpc, "rtb-other", "pl-s3", "vpce-s3");
}

static void entries_unread_elsewhere(struct vpc *vpc)
{
    shut_and_entries_unread(vpc);
    vpc->target.n_groups--; /* no group is shut any more */
}

#define ENTRIES_UNREAD "unknown: prefix list entries\n"
#define OVERRIDDEN(impact) "default-route-overridden rtb-private-a " impact " never:\n"
#define UNEXPECTED(table, impact) "route-unexpected " table " " impact " never:\n"

static void test_route_reports(void **state)
{
    static const struct plan_case rows[] = {
        {"two halves", halves, OVERRIDDEN("degraded"),
         "a large share of the internet: 0.0.0.0/1 -> tgw-1, 128.0.0.0/1 -> tgw-1."},
        {"two halves to where the default leads", halves_to_the_same, "", NULL},
        {"a dead half", halves_dead, OVERRIDDEN("outage"), "0.0.0.0/1 -> nat-a (dead)"},
        {"by propagation", propagated_part, OVERRIDDEN("degraded"), "vgw-1 (propagated)"},
        {"four /8", four_eighths, OVERRIDDEN("degraded"), NULL},
        {"three /8", three_eighths, "", NULL},
        {"what people have", ordinary, "", NULL},
        {"all of global unicast", ipv6_globally, OVERRIDDEN("degraded"), "2000::/3 -> tgw-1"},
        {"half of IPv6", ipv6_half, OVERRIDDEN("degraded"), NULL},
        {"a customer's list", customers_list, OVERRIDDEN("degraded"), "0.0.0.0/1 -> tgw-1"},
        {"shut", shut, "", NULL},
        {"shut, and open", shut_and_open,
         UNEXPECTED("rtb-other", "exposure") UNEXPECTED("rtb-other", "exposure"),
         "subnet-other are declared to have no way out over IPv4"},
        {"shut, and propagated", shut_and_propagated, UNEXPECTED("rtb-other", "exposure"), NULL},
        {"shut, and served by the main table", shut_by_the_main_table,
         UNEXPECTED("rtb-main", "exposure"), "the VPC's main table"},
        {"shut, and a black hole", shut_and_dead, UNEXPECTED("rtb-other", "none"), NULL},
        {"shut, and a customer's list", shut_by_a_list, UNEXPECTED("rtb-other", "exposure"),
         "through pl-corp"},
        {"a customer's list, unread", entries_unread, ENTRIES_UNREAD, NULL},
        {"shut, and a customer's list, unread", shut_and_entries_unread, ENTRIES_UNREAD, NULL},
        {"shut, and a list of AWS's, unread", entries_of_aws_unread, "", NULL},
        {"not shut, and a customer's list, unread", entries_unread_elsewhere, "", NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- numbers ---- */

static void test_blocks_by_number(void **state)
{
    static const struct {
        const char *vpc_block;
        unsigned n;
        const char *block; /* NULL: it has none */
    } rows[] = {
        {"2001:db8::/56", 0, "2001:db8::/64"},
        {"2001:db8::/56", 255, "2001:db8:0:ff::/64"},
        {"2001:db8::/56", 256, NULL},
        {"2001:db8:0:10::/60", 15, "2001:db8:0:1f::/64"},
        {"2001:db8:0:10::/60", 16, NULL},
        {"2001:db8::/44", 0xfffff, "2001:db8:f:ffff::/64"},
        {"2001:db8::/44", 0x100000, NULL},
        {"2001:db8:0:7::/64", 0, "2001:db8:0:7::/64"},
        {"2001:db8:0:7::/64", 1, NULL},
        {"2001:db8:0:7::/72", 0, NULL},
        {"10.0.0.0/16", 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct prefix of = vpc_prefix(rows[i].vpc_block), block, want = {0};
        bool has = ipv6_block_at(&of, rows[i].n, &block);

        if (rows[i].block)
            want = vpc_prefix(rows[i].block);
        if (has != (rows[i].block != NULL) || (has && !prefix_equal(&block, &want)))
            fail_msg("number %u of %s", rows[i].n, rows[i].vpc_block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_subnets),       cmocka_unit_test(test_ipv6),
        cmocka_unit_test(test_public_ipv4),   cmocka_unit_test(test_nat64),
        cmocka_unit_test(test_route_reports), cmocka_unit_test(test_blocks_by_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
