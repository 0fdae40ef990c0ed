/* Plans for hand-made VPCs: each drift with its repair, and what is pending, unknown or somebody
 * else's instead. */
#include "plan_text.h"

/* What a lost public default means for the gateways behind it. */
#define NAT_SUBNETS_AFTER(code)                                                                    \
    "nat-subnet-not-public nat-a outage auto after " code ":\n"                                    \
    "nat-subnet-not-public nat-c outage auto after " code ":\n"
#define REBUILT_WITH_A_NEW_ADDRESS                                                                 \
    "nat-gateway-missing nat-a outage auto: AllocateAddress for elastic-ip/ap-northeast-1a "       \
    "(counts); CreateNatGateway in subnet-public-a with the new address (counts);\n"               \
    "route-blackhole rtb-private-a outage auto evident after nat-gateway-missing: ReplaceRoute "   \
    "0.0.0.0/0 -> the new nat-gateway/ap-northeast-1a in rtb-private-a (revives);\n"
#define IMPLICIT(role)                                                                             \
    "route-table-implicit rtb-main outage approve: CreateRouteTable for " role                     \
    " in vpc-1 (counts);\n"

static void test_in_sync(void **state)
{
    static const struct plan_case rows[] = {{"in sync", NULL, "", NULL}};

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- routes ---- */

static void lost(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
    vpc_drop_route(vpc, "rtb-private-a", "::/0");
}

static void dead(struct vpc *vpc, const char *table, const char *destination, const char *target)
{
    vpc_retarget(vpc_route(vpc, table, destination), target);
    vpc_route(vpc, table, destination)->state = EC2_ROUTE_BLACKHOLE;
}

static void nat_listed_deleted(struct vpc *vpc)
{
    vpc_add_nat(vpc, "nat-old", "vpc-1", "subnet-public-a")->state = EC2_STATE_DELETED;
    dead(vpc, "rtb-private-a", "0.0.0.0/0", "nat-old");
}

static void nat_listed_failed(struct vpc *vpc)
{
    nat_listed_deleted(vpc);
    vpc_nat(vpc, "nat-old")->state = EC2_STATE_FAILED;
}

static void nat_not_listed(struct vpc *vpc)
{
    dead(vpc, "rtb-private-a", "0.0.0.0/0", "nat-old");
}

static void active_to_a_dead_nat(struct vpc *vpc)
{
    nat_listed_deleted(vpc);
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_ACTIVE;
}

static void zone_has_no_nat(struct vpc *vpc)
{
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_DELETED;
    dead(vpc, "rtb-private-a", "0.0.0.0/0", "nat-a");
}

static void single_nat(struct vpc *vpc)
{
    zone_has_no_nat(vpc);
    vpc->target.nat_gateways.placement = NAT_SINGLE;
}

static void regional_nat(struct vpc *vpc)
{
    struct ec2_nat_gateway *gateway;

    zone_has_no_nat(vpc);
    gateway = vpc_add_nat(vpc, "nat-regional", "vpc-1", NULL);
    gateway->availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
}

static void nat_of_an_undeclared_subnet(struct vpc *vpc)
{
    zone_has_no_nat(vpc);
    vpc_add_nat(vpc, "nat-other", "vpc-1", "subnet-other");
}

static void private_nat(struct vpc *vpc)
{
    zone_has_no_nat(vpc);
    vpc_add_nat(vpc, "nat-intern", "vpc-1", "subnet-public-a")->connectivity_type =
        EC2_CONNECTIVITY_PRIVATE;
}

static void other_zones_nat(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "nat-c");
}

static void exposed(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "igw-1");
}

static void exposed_with_address(struct vpc *vpc)
{
    exposed(vpc);
    vpc_interface(vpc, "eni-private")->association_public_ip = "192.0.2.7";
}

static void exposed_ipv6_with_address(struct vpc *vpc)
{
    static struct ec2_ipv6_address address = {"2001:db8::7"};

    vpc_retarget(vpc_route(vpc, "rtb-private-a", "::/0"), "igw-1");
    vpc_interface(vpc, "eni-private")->ipv6_addresses.items = &address;
    vpc_interface(vpc, "eni-private")->ipv6_addresses.n = 1;
}

static void exposed_and_interfaces_unknown(struct vpc *vpc)
{
    exposed(vpc);
    vpc->observation.lists[LIST_NETWORK_INTERFACES].complete = false;
}

static void wrong(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-public", "::/0"), "eigw-1");
}

static void test_routes(void **state)
{
    static const struct plan_case rows[] = {
        {"both defaults lost", lost,
         "route-missing rtb-private-a outage auto: CreateRoute 0.0.0.0/0 -> nat-a in rtb-private-a "
         "(revives);\n"
         "route-missing rtb-private-a outage auto: CreateRoute ::/0 -> eigw-1 in rtb-private-a "
         "(revives);\n",
         "subnet-private-a"},
        {"its NAT gateway is listed as deleted", nat_listed_deleted,
         "route-blackhole rtb-private-a outage auto evident: ReplaceRoute 0.0.0.0/0 -> nat-a in "
         "rtb-private-a (revives);\n",
         "nat-old"},
        {"its NAT gateway is listed as failed", nat_listed_failed,
         "route-blackhole rtb-private-a outage auto evident: ReplaceRoute 0.0.0.0/0 -> nat-a in "
         "rtb-private-a (revives);\n",
         NULL},
        {"its NAT gateway is not listed", nat_not_listed,
         "route-blackhole rtb-private-a outage auto: ReplaceRoute 0.0.0.0/0 -> nat-a in "
         "rtb-private-a (revives);\n",
         NULL},
        {"active, to a deleted NAT gateway", active_to_a_dead_nat,
         "route-wrong-target rtb-private-a outage auto: ReplaceRoute 0.0.0.0/0 -> nat-a in "
         "rtb-private-a (revives);\n",
         NULL},
        {"the zone has no NAT gateway left", zone_has_no_nat, REBUILT_WITH_A_NEW_ADDRESS,
         "no way out over IPv4"},
        {"a single one is declared: the other zone's", single_nat,
         "route-blackhole rtb-private-a outage auto evident: ReplaceRoute 0.0.0.0/0 -> nat-c in "
         "rtb-private-a (revives);\n",
         NULL},
        {"a regional one serves every zone", regional_nat,
         "route-blackhole rtb-private-a outage auto evident: ReplaceRoute 0.0.0.0/0 -> "
         "nat-regional in rtb-private-a (revives);\n",
         NULL},
        {"one of an undeclared subnet is not chosen", nat_of_an_undeclared_subnet,
         REBUILT_WITH_A_NEW_ADDRESS, NULL},
        {"a private one is not chosen", private_nat,
         "nat-gateway-private nat-intern degraded never:\n" REBUILT_WITH_A_NEW_ADDRESS,
         "nothing gets to the internet through it"},
        {"another zone's NAT gateway carries it", other_zones_nat,
         "route-cross-az rtb-private-a degraded approve: ReplaceRoute 0.0.0.0/0 -> nat-a in "
         "rtb-private-a (counts);\n",
         "falls with the other zone"},
        {"exposed", exposed,
         "private-subnet-exposed rtb-private-a exposure auto: ReplaceRoute 0.0.0.0/0 -> nat-a in "
         "rtb-private-a (counts);\n",
         "declared private"},
        {"exposed, an interface has a public address", exposed_with_address,
         "private-subnet-exposed rtb-private-a exposure approve: ReplaceRoute 0.0.0.0/0 -> nat-a "
         "in rtb-private-a (counts);\n",
         "would break"},
        {"exposed over IPv6, an interface has an address", exposed_ipv6_with_address,
         "private-subnet-exposed rtb-private-a exposure approve: ReplaceRoute ::/0 -> eigw-1 in "
         "rtb-private-a (counts);\n",
         NULL},
        {"exposed, interfaces unknown", exposed_and_interfaces_unknown,
         "unknown: network interfaces\n", NULL},
        {"another gateway of ours", wrong,
         "route-wrong-target rtb-public degraded approve: ReplaceRoute ::/0 -> igw-1 in rtb-public "
         "(counts);\n",
         "Traffic flows"},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- what contradicts itself, or is on its way ---- */

static void black_hole_to_a_live_target(struct vpc *vpc)
{
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void unknown_route_state(struct vpc *vpc)
{
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_UNKNOWN;
}

static void unknown_nat_state(struct vpc *vpc)
{
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_UNKNOWN;
}

static void pending_nat(struct vpc *vpc)
{
    vpc_add_nat(vpc, "nat-new", "vpc-1", "subnet-public-a")->state = EC2_STATE_PENDING;
}

static void pending_nat_and_route_lost(struct vpc *vpc)
{
    zone_has_no_nat(vpc);
    pending_nat(vpc);
}

static void pending_nat_and_nobody_leads_to_one(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->ipv4 = (struct declared_options){0};
    pending_nat(vpc);
}

static void igw_attaching(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.items[0].state = EC2_ATTACHMENT_ATTACHING;
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
}

static void igw_attaching_and_nobody_there(struct vpc *vpc)
{
    igw_attaching(vpc);
    vpc_drop_route(vpc, "rtb-public", "::/0");
}

static void eigw_detaching_and_nobody_there(struct vpc *vpc)
{
    vpc_eigw(vpc, "eigw-1")->attachments.items[0].state = EC2_ATTACHMENT_DETACHING;
    vpc_drop_route(vpc, "rtb-private-a", "::/0");
    vpc_drop_route(vpc, "rtb-private-c", "::/0");
}

static void eigw_detaching(struct vpc *vpc)
{
    vpc_eigw(vpc, "eigw-1")->attachments.items[0].state = EC2_ATTACHMENT_DETACHING;
}

static void test_pending(void **state)
{
    static const struct plan_case rows[] = {
        {"a black hole to a live NAT gateway", black_hole_to_a_live_target,
         "pending: route 0.0.0.0/0 of rtb-private-a to agree with the state of nat-a\n", NULL},
        {"a route's state is a new word", unknown_route_state,
         "pending: nat-a to show a state that is known\n", NULL},
        {"a NAT gateway's state is a new word", unknown_nat_state,
         "pending: nat-a to show a state that is known\n", NULL},
        {"a NAT gateway is pending beside one that works", pending_nat, "", NULL},
        {"a NAT gateway is pending for a dead path", pending_nat_and_route_lost,
         "route-blackhole rtb-private-a outage auto evident: ReplaceRoute 0.0.0.0/0 -> the new "
         "nat-gateway/ap-northeast-1a in rtb-private-a (revives);\n"
         "pending: NAT gateway nat-new to become available, since a while\n",
         NULL},
        {"nobody leads to NAT gateways", pending_nat_and_nobody_leads_to_one, "", NULL},
        {"IGW attaching: no second one, and its route waits for it", igw_attaching,
         "route-missing rtb-public outage auto: CreateRoute 0.0.0.0/0 -> the new internet-gateway "
         "in rtb-public (revives);\n" NAT_SUBNETS_AFTER(
             "route-missing") "pending: igw-1 to show a state that is known\n",
         NULL},
        {"IGW attaching, and no route leads to it", igw_attaching_and_nobody_there,
         "route-missing rtb-public outage auto: CreateRoute 0.0.0.0/0 -> the new internet-gateway "
         "in rtb-public (revives);\n"
         "route-missing rtb-public outage auto: CreateRoute ::/0 -> the new internet-gateway in "
         "rtb-public (revives);\n" NAT_SUBNETS_AFTER(
             "route-missing") "pending: internet gateway igw-1 to attach\n",
         NULL},
        {"EIGW detaching, and no route leads to it", eigw_detaching_and_nobody_there,
         "route-missing rtb-private-a outage auto: CreateRoute ::/0 -> the new "
         "egress-only-internet-gateway in rtb-private-a (revives);\n"
         "route-missing rtb-private-c outage auto: CreateRoute ::/0 -> the new "
         "egress-only-internet-gateway in rtb-private-c (revives);\n"
         "pending: egress-only internet gateway eigw-1 to attach\n",
         NULL},
        {"EIGW detaching: no second one", eigw_detaching,
         "pending: eigw-1 to show a state that is known\n", NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- gateways ---- */

static void eigw_gone(struct vpc *vpc)
{
    vpc_eigw(vpc, "eigw-1")->attachments.n = 0;
    dead(vpc, "rtb-private-a", "::/0", "eigw-1");
    dead(vpc, "rtb-private-c", "::/0", "eigw-1");
}

static void igw_gone(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
    vpc_igw(vpc, "igw-1")->internet_gateway_id = "igw-stranger";
    dead(vpc, "rtb-public", "0.0.0.0/0", "igw-1");
    vpc_drop_route(vpc, "rtb-public", "::/0");
}

static void igw_detached(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
    dead(vpc, "rtb-public", "0.0.0.0/0", "igw-1");
    vpc_drop_route(vpc, "rtb-public", "::/0");
}

static void igw_recorded(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
    vpc_wire(vpc, ROLE_INTERNET_GATEWAY, "igw-1");
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
    vpc_drop_route(vpc, "rtb-public", "::/0");
}

static void igw_ours(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
    vpc_tag(vpc, &vpc_igw(vpc, "igw-1")->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
    vpc_drop_route(vpc, "rtb-public", "::/0");
}

static void igw_recorded_and_taken(struct vpc *vpc)
{
    igw_gone(vpc);
    vpc_wire(vpc, ROLE_INTERNET_GATEWAY, "igw-9");
}

static void two_igws(struct vpc *vpc)
{
    vpc_add_igw(vpc, "igw-2", "vpc-1");
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
}

static void two_eigws(struct vpc *vpc)
{
    vpc_add_eigw(vpc, "eigw-2", "vpc-1");
    vpc_drop_route(vpc, "rtb-private-a", "::/0");
}

static void nobody_wants_gateways(struct vpc *vpc)
{
    eigw_gone(vpc);
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
    for (size_t i = 0; i < vpc->target.n_groups; i++)
        vpc->groups[i].ipv4 = vpc->groups[i].ipv6 = (struct declared_options){0};
}

static void test_gateways(void **state)
{
    static const struct plan_case rows[] = {
        {"EIGW gone", eigw_gone,
         "egress-only-internet-gateway-missing - outage auto: CreateEgressOnlyInternetGateway in "
         "vpc-1 (counts);\n"
         "route-blackhole rtb-private-a outage auto after egress-only-internet-gateway-missing: "
         "ReplaceRoute ::/0 -> the new egress-only-internet-gateway in rtb-private-a (revives);\n"
         "route-blackhole rtb-private-c outage auto after egress-only-internet-gateway-missing: "
         "ReplaceRoute ::/0 -> the new egress-only-internet-gateway in rtb-private-c (revives);\n",
         "over IPv6"},
        {"IGW gone; a stranger's is no help", igw_gone,
         "internet-gateway-missing - outage auto: CreateInternetGateway (counts); "
         "AttachInternetGateway the new internet-gateway to vpc-1 (counts);\n"
         "route-blackhole rtb-public outage auto after internet-gateway-missing: ReplaceRoute "
         "0.0.0.0/0 -> the new internet-gateway in rtb-public (revives);\n"
         "route-missing rtb-public outage auto after internet-gateway-missing: CreateRoute ::/0 -> "
         "the new internet-gateway in rtb-public (revives);\n" NAT_SUBNETS_AFTER("route-blackhole"),
         "NAT gateway"},
        {"IGW detached, a dead route names it: that route comes back by itself", igw_detached,
         "internet-gateway-detached igw-1 outage auto: AttachInternetGateway igw-1 to vpc-1 "
         "(counts);\n"
         "route-blackhole rtb-public outage auto after internet-gateway-detached:\n"
         "route-missing rtb-public outage auto after internet-gateway-detached: CreateRoute ::/0 "
         "-> the new internet-gateway in rtb-public (revives);\n" NAT_SUBNETS_AFTER(
             "route-blackhole"),
         "a dead route"},
        {"IGW detached, the wiring names it", igw_recorded,
         "internet-gateway-detached igw-1 outage auto: AttachInternetGateway igw-1 to vpc-1 "
         "(counts);\n"
         "route-missing rtb-public outage auto after internet-gateway-detached: CreateRoute "
         "0.0.0.0/0 -> the new internet-gateway in rtb-public (revives);\n"
         "route-missing rtb-public outage auto after internet-gateway-detached: CreateRoute ::/0 "
         "-> the new internet-gateway in rtb-public (revives);\n" NAT_SUBNETS_AFTER(
             "route-missing"),
         "recorded wiring"},
        {"IGW detached, our tag is on it", igw_ours,
         "internet-gateway-detached igw-1 outage auto: AttachInternetGateway igw-1 to vpc-1 "
         "(counts);\n"
         "route-missing rtb-public outage auto after internet-gateway-detached: CreateRoute "
         "0.0.0.0/0 -> the new internet-gateway in rtb-public (revives);\n"
         "route-missing rtb-public outage auto after internet-gateway-detached: CreateRoute ::/0 "
         "-> the new internet-gateway in rtb-public (revives);\n" NAT_SUBNETS_AFTER(
             "route-missing"),
         "our tag"},
        {"the recorded IGW serves another VPC now", igw_recorded_and_taken,
         "internet-gateway-missing - outage auto: CreateInternetGateway (counts); "
         "AttachInternetGateway the new internet-gateway to vpc-1 (counts);\n"
         "route-blackhole rtb-public outage auto after internet-gateway-missing: ReplaceRoute "
         "0.0.0.0/0 -> the new internet-gateway in rtb-public (revives);\n"
         "route-missing rtb-public outage auto after internet-gateway-missing: CreateRoute ::/0 -> "
         "the new internet-gateway in rtb-public (revives);\n" NAT_SUBNETS_AFTER("route-blackhole"),
         NULL},
        {"two IGWs read as attached", two_igws,
         "route-missing rtb-public outage auto held:\n" NAT_SUBNETS_AFTER("route-missing"),
         "several internet gateways"},
        {"two EIGWs are attached", two_eigws, "route-missing rtb-private-a outage auto held:\n",
         "several egress-only"},
        {"nobody declares them", nobody_wants_gateways, "", NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* The token of a rebuild names what held the role before (design.md 6.7). */
static void test_predecessor(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();

    (void)state;
    eigw_gone(vpc);
    vpc_look(vpc);
    assert_string_equal(vpc->plan->actions.items[0].predecessor, "eigw-1");
}

/* ---- what is somebody else's ---- */

static void target_is(struct vpc *vpc, const char *target, enum ec2_route_state state)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), target);
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = (uint8_t)state;
}

static void to_a_tgw(struct vpc *vpc)
{
    target_is(vpc, "tgw-1", EC2_ROUTE_ACTIVE);
}

static void to_a_dead_tgw(struct vpc *vpc)
{
    target_is(vpc, "tgw-1", EC2_ROUTE_BLACKHOLE);
}

static void to_something_new(struct vpc *vpc) /* whose element this version passes over */
{
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->nat_gateway_id = NULL;
}

static void propagated(struct vpc *vpc)
{
    to_a_tgw(vpc);
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "vgw-1");
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->origin = EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
}

static void advertised_nat(struct vpc *vpc)
{
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->origin = EC2_ORIGIN_ADVERTISEMENT;
}

static void customers_prefix_list(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
    vpc_add_route(vpc, "rtb-private-a", "pl-corp", "tgw-1");
}

static void prefix_lists_unknown(struct vpc *vpc)
{
    customers_prefix_list(vpc);
    vpc->observation.lists[LIST_MANAGED_PREFIX_LISTS].complete = false;
}

static void wired_to_a_tgw(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
    vpc_wire(vpc, "default/rtb-private-a/ipv4", "tgw-1");
}

static void wired_to_a_nat(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
    vpc_wire(vpc, "default/rtb-private-a/ipv4", "nat-a");
}

static void test_foreign(void **state)
{
    static const struct plan_case rows[] = {
        {"to a TGW", to_a_tgw, "route-foreign-target rtb-private-a degraded never:\n",
         "a transit gateway"},
        {"to a dead TGW", to_a_dead_tgw, "route-foreign-target rtb-private-a outage never:\n",
         "which is dead"},
        {"to what this version does not know", to_something_new,
         "route-foreign-target rtb-private-a degraded never:\n", "nothing that this version knows"},
        {"propagated", propagated, "route-foreign-target rtb-private-a degraded never:\n", NULL},
        {"advertised, to a gateway of ours", advertised_nat,
         "route-foreign-target rtb-private-a degraded never:\n", "advertisement"},
        {"absent, and a customer's prefix list may hold it", customers_prefix_list,
         "route-foreign-target rtb-private-a degraded never:\n", "pl-corp"},
        {"the same, prefix lists unknown", prefix_lists_unknown, "unknown: managed prefix lists\n",
         NULL},
        {"absent, and to a TGW when last healthy", wired_to_a_tgw,
         "route-foreign-target rtb-private-a degraded never:\n", "when last healthy"},
        {"absent, and to a NAT gateway when last healthy", wired_to_a_nat,
         "route-missing rtb-private-a outage auto: CreateRoute 0.0.0.0/0 -> nat-a in rtb-private-a "
         "(revives);\n",
         NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- declared otherwise: "any", ids, "none", unmanaged ---- */

#define DECLARES(function, text)                                                                   \
    static void function##_declared(struct vpc *vpc)                                               \
    {                                                                                              \
        vpc_group(vpc, "functions")->ipv4 = vpc_options(vpc, text);                                \
    }
DECLARES(tgw, "tgw-1")
DECLARES(other_tgw, "tgw-2")
DECLARES(any, "nat-gateway,tgw-1")
DECLARES(none, "none")

static void tgw_as_declared(struct vpc *vpc)
{
    tgw_declared(vpc);
    to_a_tgw(vpc);
    vpc_retarget(vpc_route(vpc, "rtb-private-c", "0.0.0.0/0"), "tgw-1");
}

static void tgw_as_declared_and_dead(struct vpc *vpc)
{
    tgw_as_declared(vpc);
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void tgw_declared_and_absent(struct vpc *vpc)
{
    tgw_as_declared(vpc);
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void any_and_tgw(struct vpc *vpc)
{
    any_declared(vpc);
    to_a_tgw(vpc);
}

static void any_and_dead_tgw(struct vpc *vpc)
{
    any_declared(vpc);
    to_a_dead_tgw(vpc);
}

static void any_and_absent(struct vpc *vpc)
{
    any_declared(vpc);
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void any_and_other_tgw(struct vpc *vpc)
{
    any_declared(vpc);
    target_is(vpc, "tgw-2", EC2_ROUTE_ACTIVE);
}

static void none_and_there(struct vpc *vpc)
{
    none_declared(vpc);
}

static void unmanaged_and_absent(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->ipv4 = (struct declared_options){0};
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void test_other_declarations(void **state)
{
    static const struct plan_case rows[] = {
        {"the declared TGW", tgw_as_declared, "", NULL},
        {"the declared TGW is dead: watched, never replaced", tgw_as_declared_and_dead,
         "route-foreign-target rtb-private-a outage never:\n", "which is dead"},
        {"the declared TGW's route is absent: never written", tgw_declared_and_absent,
         "route-missing rtb-private-a outage auto held:\n", "watched, never written"},
        {"another TGW is declared", other_tgw_declared,
         "route-wrong-target rtb-private-a degraded approve held:\n"
         "route-wrong-target rtb-private-c degraded approve held:\n",
         "watched, never written"},
        {"any: a NAT gateway is right", any_declared, "", NULL},
        {"any: the TGW is right", any_and_tgw, "", NULL},
        {"any: the TGW is dead", any_and_dead_tgw,
         "route-foreign-target rtb-private-a outage never:\n", NULL},
        {"any: absent is built as the first that can be", any_and_absent,
         "route-missing rtb-private-a outage auto: CreateRoute 0.0.0.0/0 -> nat-a in rtb-private-a "
         "(revives);\n",
         NULL},
        {"any: another TGW is nobody's wish", any_and_other_tgw,
         "route-foreign-target rtb-private-a degraded never:\n", NULL},
        {"none: reported, and never written", none_and_there,
         "route-unexpected rtb-private-a exposure never:\n"
         "route-unexpected rtb-private-c exposure never:\n",
         NULL},
        {"unmanaged: not judged", unmanaged_and_absent, "", NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- tables that are never written ---- */

static void main_serves(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0"); /* so it fits nobody */
}

static void main_serves_and_propagates(struct vpc *vpc)
{
    main_serves(vpc);
    vpc_add_route(vpc, "rtb-main", "10.60.0.0/16", "vgw-1")->origin =
        EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
}

static void edge(struct vpc *vpc)
{
    struct ec2_route_table_association *association = vpc_associate(vpc, "rtb-private-a", NULL);

    association->main = WIRE_FALSE;
    association->gateway_id = "igw-1";
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void shared(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-other", "subnet-other");
    vpc_associate(vpc, "rtb-private-a", "subnet-other");
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void groups_differ(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-public", "subnet-public-a");
    vpc_associate(vpc, "rtb-private-a", "subnet-public-a");
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void test_never_written(void **state)
{
    static const struct plan_case rows[] = {
        {"the main table", main_serves, IMPLICIT("route-table/functions/ap-northeast-1a"),
         "never written"},
        {"the main table, which no copy can stand in for", main_serves_and_propagates,
         "route-table-implicit rtb-main outage approve held:\n"
         "route-missing rtb-main outage auto held:\nroute-missing rtb-main outage auto held:\n",
         "propagated"},
        {"a gateway's table", edge,
         "route-table-foreign rtb-private-a degraded never:\n"
         "route-missing rtb-private-a outage auto held:\n",
         "edge routing"},
        {"it serves an undeclared subnet, too", shared,
         "route-table-foreign rtb-private-a degraded never:\n"
         "route-missing rtb-private-a outage auto held:\n",
         "subnet-other"},
        {"its groups differ", groups_differ,
         "route-missing rtb-private-a outage auto held:\n"
         "nat-subnet-not-public nat-a outage auto after route-missing:\n",
         "different defaults"},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- associations ---- */

static void association_lost(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
}

static void association_lost_and_works(struct vpc *vpc)
{
    association_lost(vpc);
    vpc_add_route(vpc, "rtb-main", "0.0.0.0/0", "nat-a");
    vpc_add_route(vpc, "rtb-main", "::/0", "eigw-1");
}

static void association_lost_and_half_works(struct vpc *vpc)
{
    association_lost(vpc);
    vpc_add_route(vpc, "rtb-main", "0.0.0.0/0", "nat-a");
}

static void association_recorded(struct vpc *vpc)
{
    association_lost(vpc);
    vpc_add_table(vpc, "rtb-idle", "vpc-1"); /* two would fit */
    vpc_add_route(vpc, "rtb-idle", "0.0.0.0/0", "nat-a");
    vpc_add_route(vpc, "rtb-idle", "::/0", "eigw-1");
    vpc_wire(vpc, "association/subnet-private-a", "rtb-private-a");
}

static void two_tables_fit(struct vpc *vpc)
{
    association_recorded(vpc);
    vpc_wire(vpc, "association/subnet-private-a", "");
}

static void recorded_table_is_main_now(struct vpc *vpc)
{
    association_lost(vpc);
    vpc_wire(vpc, "association/subnet-private-a", "rtb-main");
}

static void no_table_fits(struct vpc *vpc)
{
    association_lost(vpc);
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "nat-c"); /* another zone's */
}

static void group_shares_a_table(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-public", "subnet-public-a");
}

static void group_shares_a_table_with_undeclared(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-public", "subnet-public-a");
    vpc_disassociate(vpc, "rtb-other", "subnet-other");
    vpc_associate(vpc, "rtb-public", "subnet-other");
}

static void table_in_flux(struct vpc *vpc)
{
    group_shares_a_table(vpc);
    vpc_associate(vpc, "rtb-public", "subnet-gone")->state = EC2_ASSOCIATION_DISASSOCIATING;
}

static void unmanaged_lost(struct vpc *vpc)
{
    association_lost(vpc);
    vpc_group(vpc, "functions")->ipv4 = vpc_group(vpc, "functions")->ipv6 =
        (struct declared_options){0};
}

static void test_associations(void **state)
{
    static const struct plan_case rows[] = {
        {"lost; its table is idle and fits", association_lost,
         "route-table-association-missing subnet-private-a outage auto: AssociateRouteTable "
         "rtb-private-a with subnet-private-a (revives);\n",
         "is gone"},
        {"lost; the main table carries it", association_lost_and_works,
         "route-table-association-missing subnet-private-a degraded approve: AssociateRouteTable "
         "rtb-private-a with subnet-private-a (counts);\n",
         "still works"},
        {"lost; the main table carries one family", association_lost_and_half_works,
         "route-table-association-missing subnet-private-a outage auto: AssociateRouteTable "
         "rtb-private-a with subnet-private-a (revives);\n",
         NULL},
        {"two fit, one is recorded", association_recorded,
         "route-table-association-missing subnet-private-a outage auto: AssociateRouteTable "
         "rtb-private-a with subnet-private-a (revives);\n",
         NULL},
        {"two fit: neither is taken", two_tables_fit,
         IMPLICIT("route-table/functions/ap-northeast-1a"), NULL},
        {"the recorded one is the main table; the other fits", recorded_table_is_main_now,
         "route-table-association-missing subnet-private-a outage auto: AssociateRouteTable "
         "rtb-private-a with subnet-private-a (revives);\n",
         NULL},
        {"another zone's does not fit", no_table_fits,
         IMPLICIT("route-table/functions/ap-northeast-1a"), NULL},
        {"the table of the group's other subnets", group_shares_a_table,
         "route-table-association-missing subnet-public-a outage auto: AssociateRouteTable "
         "rtb-public with subnet-public-a (revives);\n"
         "nat-subnet-not-public nat-a outage auto after route-table-association-missing:\n",
         NULL},
        {"that one serves an undeclared subnet, too", group_shares_a_table_with_undeclared,
         IMPLICIT("route-table/public/all") "route-table-foreign rtb-public degraded never:\n"
                                            "nat-subnet-not-public nat-a outage auto after "
                                            "route-table-implicit:\n",
         NULL},
        {"that one is in flux", table_in_flux,
         IMPLICIT("route-table/public/all") "nat-subnet-not-public nat-a outage auto after "
                                            "route-table-implicit:\n",
         NULL},
        {"nothing is declared for the subnet", unmanaged_lost, "", NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- groups and the VPC ---- */

static void id_missing(struct vpc *vpc)
{
    vpc_declare(vpc, "functions", "subnet-gone");
}

static void nothing_matches(struct vpc *vpc)
{
    vpc_add_group(vpc, "zzz", "internet-gateway", "internet-gateway");
    vpc_declare(vpc, "zzz", "subnet-gone");
}

static void too_few_zones(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->azs = 3;
}

static void zones_enough(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->azs = 2;
}

static void not_owned(struct vpc *vpc)
{
    vpc_vpc(vpc, "vpc-1")->owner_id = "999999999999";
}

static void shrunk(struct vpc *vpc)
{
    vpc_wire(vpc, "subnet-count/functions", "5");
}

static void test_groups(void **state)
{
    static const struct plan_case rows[] = {
        {"a declared id is not there", id_missing, "group-matches-nothing - degraded never:\n",
         "subnet-gone not found"},
        {"nothing of a group is there", nothing_matches,
         "group-matches-nothing - degraded never:\n", "Nothing is changed for it"},
        {"too few zones", too_few_zones, "group-az-missing - degraded never:\n", "are in 2"},
        {"zones enough", zones_enough, "", NULL},
        {"another account's VPC", not_owned, "vpc-not-owned vpc-1 none never:\n", "999999999999"},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
    {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();

        shrunk(vpc);
        vpc_look(vpc);
        assert_int_equal(vpc->plan->drifts.n,
                         1); /* S13: one finding, though nothing else is wrong */
        assert_true(vpc->plan->drifts.items[0].held && vpc->plan->actions.n == 0);
        assert_non_null(strstr(vpc->plan->drifts.items[0].message, "2 subnets and had 5"));
    }
}

/* Tags match as EC2's filters do. */
static void test_groups_by_tag(void **state)
{
    static const struct {
        const char *pattern, *value;
        bool matches;
    } rows[] = {
        {"public", "public", true}, {"public", "Public", false},  {"pub*", "public", true},
        {"p?blic", "public", true}, {"p?blic", "pblic", false},   {"*", "", true},
        {"a\\*", "a\\b", true},     {"[p]ublic", "public", true}, {"public", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct subnet_group *group = vpc_add_group(vpc, "zzz", "none", "none");
        struct match_tag tags[] = {{"tier", rows[i].pattern}};

        group->match_tags = tags;
        group->n_match_tags = 1;
        if (rows[i].value)
            vpc_tag(vpc, &vpc_subnet(vpc, "subnet-other")->tags, "tier", rows[i].value);
        vpc_tag(vpc, &vpc_subnet(vpc, "subnet-9")->tags, "tier", "public"); /* another VPC's */
        vpc_look(vpc);
        if ((desired_find_subnet(vpc->desired, "subnet-other") != NULL) != rows[i].matches ||
            desired_find_subnet(vpc->desired, "subnet-9"))
            fail_msg("%s and %s", rows[i].pattern, rows[i].value ? rows[i].value : "none");
    }
}

/* ---- unknown lists ---- */

static void test_unknown_lists(void **state)
{
    (void)state;
    for (unsigned list = 0; list < LIST_COUNT; list++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();

        vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
        eigw_gone(vpc);
        vpc->observation.lists[list].complete = false;
        vpc_look(vpc);
        if (!vpc->snapshot)
            continue;
        /* Unknown is not missing: nothing is planned that rests on the list, and it is named. */
        VEC_EACH (drift, &vpc->plan->drifts)
            assert_false(drift_table[drift->code].needs & (1U << list));
        if (list == LIST_NAT_GATEWAYS || list == LIST_INTERNET_GATEWAYS ||
            list == LIST_EGRESS_ONLY_INTERNET_GATEWAYS || list == LIST_ADDRESSES ||
            list == LIST_AVAILABILITY_ZONES || list == LIST_NETWORK_INTERFACES ||
            list == LIST_NETWORK_ACLS)
            assert_int_equal(vpc->plan->unknown, 1U << list);
        else
            assert_int_equal(vpc->plan->unknown & ~NEEDS(MANAGED_PREFIX_LISTS), 0);
        /* What does not rest on it goes on. */
        assert_int_equal(vpc_drift(vpc, DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING, 0) != NULL,
                         list != LIST_EGRESS_ONLY_INTERNET_GATEWAYS);
    }
}

/* ---- names ---- */

static void test_finding_ids(void **state)
{
    char a[FINDING_ID_SIZE], b[FINDING_ID_SIZE];
    char token[41], other[41];

    (void)state;
    finding_id("orders", "route-missing", "route-table/x", a);
    finding_id("orders", "route-missing", "route-table/x", b);
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), FINDING_ID_SIZE - 1);
    assert_int_equal(strspn(a, "0123456789abcdef"), FINDING_ID_SIZE - 1);
    finding_id("orders", "route-missing", "route-table/y", b);
    assert_string_not_equal(a, b);
    finding_id("orders", "route-blackhole", "route-table/x", b);
    assert_string_not_equal(a, b);
    finding_id("shop", "route-missing", "route-table/x", b);
    assert_string_not_equal(a, b);
    intent_token("o", "vpc-1", "igw", NULL, 1, token);
    assert_int_equal(strspn(token, "0123456789abcdef"), 40);
    intent_token("o", "vpc-1", "igw", NULL, 2, other);
    assert_string_not_equal(token, other);
    intent_token("o", "vpc-1", "igw", "igw-1", 1, other);
    assert_string_not_equal(token, other);
    intent_token("o", "vpc-2", "igw", NULL, 1, other);
    assert_string_not_equal(token, other);
}

/* A finding survives a rebuild of the table: its role has no AWS id in it. */
static void test_roles_have_no_ids(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();

    (void)state;
    lost(vpc);
    vpc_drop_route(vpc, "rtb-public", "::/0");
    vpc_disassociate(vpc, "rtb-private-c", "subnet-private-c");
    vpc_look(vpc);
    assert_true(vpc->plan->drifts.n >= 4);
    VEC_EACH (drift, &vpc->plan->drifts) {
        assert_null(strstr(drift->role, "rtb-"));
        assert_null(strstr(drift->role, "subnet-p"));
        VEC_EACH (other, &vpc->plan->drifts)
            if (other != drift)
                assert_string_not_equal(drift->finding, other->finding);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_sync),
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_pending),
        cmocka_unit_test(test_gateways),
        cmocka_unit_test(test_predecessor),
        cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_other_declarations),
        cmocka_unit_test(test_never_written),
        cmocka_unit_test(test_associations),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_groups_by_tag),
        cmocka_unit_test(test_unknown_lists),
        cmocka_unit_test(test_finding_ids),
        cmocka_unit_test(test_roles_have_no_ids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
