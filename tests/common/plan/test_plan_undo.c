/* What our own change did harm by, and a regional NAT gateway that is not in every zone: worlds in,
 * plans out. The guard's half is in test_guard_route.c and test_guard_tables.c, whole runs in
 * test_scenarios_nat.c. */
#include "plan_text.h"

#define DEFAULT_A "default/rtb-private-a/ipv4"

/* ---- undo (design.md 6.4) ---- */

static void gone(struct vpc *vpc)
{
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_DELETED;
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
    vpc_nat_had(vpc, "nat-a", "eipalloc-a");
    vpc_add_address(vpc, "eipalloc-a");
}

static void changed_and_gone(struct vpc *vpc)
{
    gone(vpc);
    vpc_changed(vpc, DEFAULT_A, "nat-c", "nat-a", 60000);
}

static void changed_and_going(struct vpc *vpc)
{
    changed_and_gone(vpc);
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_DELETING;
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_ACTIVE;
}

/* No list names it any more, and the route reads as if all were well: no evidence. */
static void changed_and_unlisted(struct vpc *vpc)
{
    changed_and_gone(vpc);
    vpc_nat(vpc, "nat-a")->vpc_id = "vpc-9";
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_ACTIVE;
}

static void changed_and_gateways_unknown(struct vpc *vpc)
{
    changed_and_gone(vpc);
    vpc->observation.lists[LIST_NAT_GATEWAYS].complete = false;
}

static void changed_and_in_a_new_state(struct vpc *vpc)
{
    changed_and_gone(vpc);
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_UNKNOWN;
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_ACTIVE;
}

static void changed_from_a_private_one(struct vpc *vpc)
{
    gone(vpc);
    vpc_add_nat(vpc, "nat-p", "vpc-1", "subnet-public-c")->connectivity_type =
        EC2_CONNECTIVITY_PRIVATE;
    vpc_changed(vpc, DEFAULT_A, "nat-p", "nat-a", 60000);
}

static void changed_from_a_firewall(struct vpc *vpc)
{
    gone(vpc);
    vpc_changed(vpc, DEFAULT_A, "vpce-fw", "nat-a", 60000);
}

/* nat-c's own subnet has a table of its own, which leads to a firewall. */
static void changed_from_one_behind_a_firewall(struct vpc *vpc)
{
    changed_and_gone(vpc);
    vpc_disassociate(vpc, "rtb-public", "subnet-public-c");
    vpc_add_table(vpc, "rtb-public-c", "vpc-1");
    vpc_associate(vpc, "rtb-public-c", "subnet-public-c");
    vpc_add_route(vpc, "rtb-public-c", "0.0.0.0/0", "vpce-fw");
    vpc_group(vpc, "public")->ipv4 = (struct declared_options){0};
    vpc_group(vpc, "public")->ipv6 = (struct declared_options){0};
}

static void changed_and_another_is_there(struct vpc *vpc)
{
    changed_and_gone(vpc);
    vpc_add_nat(vpc, "nat-a2", "vpc-1", "subnet-public-a");
}

#define MISSING                                                                                    \
    "nat-gateway-missing nat-a outage auto: CreateNatGateway in subnet-public-a with eipalloc-a "  \
    "(counts);\nroute-blackhole rtb-private-a outage auto"
#define PUT_BACK " ReplaceRoute 0.0.0.0/0 -> nat-c in rtb-private-a (revives);\n"
#define WAITS                                                                                      \
    " evident after nat-gateway-missing: ReplaceRoute 0.0.0.0/0 -> the new "                       \
    "nat-gateway/ap-northeast-1a in rtb-private-a (revives);\n"

static void test_undo(void **state)
{
    static const struct plan_case rows[] = {
        {"it goes back", changed_and_gone, MISSING " after nat-gateway-missing:" PUT_BACK, NULL},
        {"while it is being deleted", changed_and_going,
         "route-wrong-target rtb-private-a outage auto:" PUT_BACK
         "pending: NAT gateway nat-a to be deleted\n",
         "what was there before still works"},
        {"what is not listed may be there", changed_and_unlisted,
         "nat-gateway-missing - outage auto: AllocateAddress for elastic-ip/ap-northeast-1a "
         "(counts); CreateNatGateway in subnet-public-a with the new address (counts);\n"
         "route-wrong-target rtb-private-a outage auto after nat-gateway-missing: ReplaceRoute "
         "0.0.0.0/0 -> the new nat-gateway/ap-northeast-1a in rtb-private-a (revives);\n",
         NULL},
        {"nothing is known", changed_and_gateways_unknown, "unknown: NAT gateways\n", NULL},
        {"a word that is not known", changed_and_in_a_new_state,
         "pending: nat-a to show a state that is known\n", NULL},
        {"not to a private one", changed_from_a_private_one, MISSING WAITS, NULL},
        {"never to a firewall", changed_from_a_firewall, MISSING WAITS, NULL},
        {"nor to one whose way out is not known", changed_from_one_behind_a_firewall, MISSING WAITS,
         NULL},
        {"what is declared can be had", changed_and_another_is_there,
         "route-blackhole rtb-private-a outage auto evident: ReplaceRoute 0.0.0.0/0 -> nat-a2 in "
         "rtb-private-a (revives);\n",
         NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- coverage ---- */

static void add_zone(struct vpc *vpc, const char *name, const char *id)
{
    *VEC_ADD(vpc->arena, &vpc->observation.availability_zones) =
        (struct ec2_availability_zone){.zone_name = name, .zone_id = id};
}

/* One regional gateway that serves both zones; where its addresses are, the rows say. */
static struct ec2_nat_gateway *regional(struct vpc *vpc, const char *az, const char *az_id,
                                        const char *status)
{
    struct ec2_nat_gateway *gateway = vpc_add_nat(vpc, "nat-r", "vpc-1", NULL);
    struct ec2_nat_gateway_address *addresses =
        ARENA_ARRAY(vpc->arena, struct ec2_nat_gateway_address, 2);

    gateway->availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
    addresses[0].availability_zone = ZONE_A;
    addresses[0].status = "succeeded";
    addresses[1].availability_zone = az;
    addresses[1].availability_zone_id = az_id;
    addresses[1].status = status;
    gateway->addresses.items = addresses;
    gateway->addresses.n = 2;
    add_zone(vpc, ZONE_A, "apne1-az4");
    add_zone(vpc, ZONE_C, "apne1-az1");
    vpc_nat(vpc, "nat-a")->vpc_id = vpc_nat(vpc, "nat-c")->vpc_id = "vpc-9";
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "nat-r");
    vpc_retarget(vpc_route(vpc, "rtb-private-c", "0.0.0.0/0"), "nat-r");
    return gateway;
}

static void both_by_name(struct vpc *vpc)
{
    regional(vpc, ZONE_C, NULL, "succeeded");
}

static void both_by_id(struct vpc *vpc)
{
    regional(vpc, NULL, "apne1-az1", "succeeded");
}

static void both_without_a_status(struct vpc *vpc)
{
    regional(vpc, ZONE_C, "apne1-az1", NULL);
}

static void one_on_its_way(struct vpc *vpc)
{
    regional(vpc, ZONE_C, "apne1-az1", "associating");
}

static void one_alone(struct vpc *vpc)
{
    regional(vpc, ZONE_A, "apne1-az4", "succeeded");
}

static void one_alone_by_hand(struct vpc *vpc)
{
    regional(vpc, ZONE_A, "apne1-az4", "succeeded")->auto_provision_zones = "disabled";
}

static void one_alone_and_declared(struct vpc *vpc)
{
    one_alone(vpc);
    vpc->target.nat_gateways.placement = NAT_REGIONAL;
}

static void no_zones_named(struct vpc *vpc)
{
    struct ec2_nat_gateway *gateway = regional(vpc, NULL, NULL, "succeeded");

    gateway->addresses.items = ARENA_ARRAY(vpc->arena, struct ec2_nat_gateway_address, 2);
}

static void beside_zonal_ones(struct vpc *vpc)
{
    one_alone(vpc);
    vpc_nat(vpc, "nat-c")->vpc_id = "vpc-1";
    vpc_retarget(vpc_route(vpc, "rtb-private-c", "0.0.0.0/0"), "nat-c");
}

#define UNCOVERED "nat-gateway-missing nat-r degraded auto held:\n"

static void test_coverage(void **state)
{
    static const struct plan_case rows[] = {
        {"both zones", both_by_name, "", NULL},
        {"both, one by its id", both_by_id, "", NULL},
        {"both, without a word of how", both_without_a_status, "", NULL},
        {"one is on its way", one_on_its_way, UNCOVERED,
         "nat-r does not cover ap-northeast-1c yet (up to 60 minutes)"},
        {"one", one_alone, UNCOVERED, "AWS extends it by itself"},
        {"one, by hand", one_alone_by_hand, UNCOVERED, "give it an address in the zone"},
        {"one, and regional is declared", one_alone_and_declared, UNCOVERED,
         "nat-r does not cover ap-northeast-1c yet"},
        {"which, nothing says", no_zones_named, "", NULL},
        {"the other has a zonal one", beside_zonal_ones, "", NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_undo),
        cmocka_unit_test(test_coverage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
