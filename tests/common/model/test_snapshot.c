/* The snapshot of one VPC: whose table serves whom, which route decides, what is the VPC's and what
 * is not; and the sealing of an observation before it. */
#define VPC_OBSERVED_ALONE
#include "support/vpc.h"

/* ---- sealing ---- */

static void test_seal_sorts(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new_observed();

    (void)state;
    observation_seal(&vpc->observation);
    for (size_t i = 1; i < vpc->observation.subnets.n; i++)
        assert_true(strcmp(vpc->observation.subnets.items[i - 1].subnet_id,
                           vpc->observation.subnets.items[i].subnet_id) < 0);
    for (size_t i = 1; i < vpc->observation.route_tables.n; i++)
        assert_true(strcmp(vpc->observation.route_tables.items[i - 1].route_table_id,
                           vpc->observation.route_tables.items[i].route_table_id) < 0);
    for (size_t list = 0; list < LIST_COUNT; list++)
        assert_true(vpc->observation.lists[list].complete);
}

static void subnet_without_id(struct vpc *vpc)
{
    vpc_subnet(vpc, "subnet-other")->subnet_id = NULL;
}

static void subnet_twice(struct vpc *vpc)
{
    vpc_add_subnet(vpc, "subnet-public-a", "vpc-1", ZONE_A, "10.0.0.0/24", NULL);
}

static void table_twice(struct vpc *vpc)
{
    vpc_add_table(vpc, "rtb-public", "vpc-1");
}

static void vpc_twice(struct vpc *vpc)
{
    *VEC_ADD(vpc->arena, &vpc->observation.vpcs) = (struct ec2_vpc){.vpc_id = "vpc-1"};
}

static void igw_twice(struct vpc *vpc)
{
    vpc_add_igw(vpc, "igw-1", NULL);
}

static void nat_twice_in_other_states(struct vpc *vpc)
{
    vpc_add_nat(vpc, "nat-a", "vpc-1", "subnet-public-a")->state = EC2_STATE_DELETED;
}

static void eigw_without_id(struct vpc *vpc)
{
    vpc_add_eigw(vpc, NULL, "vpc-1");
}

static void classic_address(struct vpc *vpc)
{
    VEC_ADD(vpc->arena, &vpc->observation.addresses)->public_ip = "192.0.2.1";
    VEC_ADD(vpc->arena, &vpc->observation.addresses)->public_ip = "192.0.2.2";
    VEC_ADD(vpc->arena, &vpc->observation.addresses)->allocation_id = "eipalloc-1";
}

static void address_twice(struct vpc *vpc)
{
    for (int i = 0; i < 2; i++)
        VEC_ADD(vpc->arena, &vpc->observation.addresses)->allocation_id = "eipalloc-1";
}

static void interface_twice(struct vpc *vpc)
{
    vpc_add_interface(vpc, "eni-public", "subnet-public-a", NULL);
}

static void prefix_list_twice(struct vpc *vpc)
{
    vpc_add_prefix_list(vpc, "pl-s3", ACCOUNT);
}

static void test_seal_doubts_what_aws_never_sends(void **state)
{
    static const struct {
        const char *name;
        void (*arrange)(struct vpc *vpc);
        int doubted; /* enum observed_list; -1: none */
        const char *says;
    } rows[] = {
        {"nothing", NULL, -1, NULL},
        {"a subnet without an id", subnet_without_id, LIST_SUBNETS, "without an id"},
        {"a subnet twice", subnet_twice, LIST_SUBNETS, "subnet-public-a"},
        {"a table twice", table_twice, LIST_ROUTE_TABLES, "rtb-public"},
        {"a VPC twice", vpc_twice, LIST_VPCS, "vpc-1"},
        {"an IGW twice, attached and not", igw_twice, LIST_INTERNET_GATEWAYS, "igw-1"},
        {"a NAT gateway twice, in two states", nat_twice_in_other_states, LIST_NAT_GATEWAYS,
         "nat-a"},
        {"an EIGW without an id", eigw_without_id, LIST_EGRESS_ONLY_INTERNET_GATEWAYS,
         "without an id"},
        {"addresses of EC2-Classic", classic_address, -1, NULL},
        {"an address twice", address_twice, LIST_ADDRESSES, "eipalloc-1"},
        {"an interface twice", interface_twice, LIST_NETWORK_INTERFACES, "eni-public"},
        {"a prefix list twice", prefix_list_twice, LIST_MANAGED_PREFIX_LISTS, "pl-s3"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();

        if (rows[i].arrange)
            rows[i].arrange(vpc);
        observation_seal(&vpc->observation);
        for (int list = 0; list < LIST_COUNT; list++) {
            const struct list_status *status = &vpc->observation.lists[list];

            if (status->complete == (list == rows[i].doubted))
                fail_msg("%s: the %s are %s", rows[i].name,
                         observed_list_name((enum observed_list)list),
                         status->complete ? "believed" : "doubted");
            if (!status->complete)
                assert_non_null(strstr(status->message, rows[i].says));
        }
    }
}

/* What is unknown is not looked into: its items may be anything. */
static void test_seal_leaves_an_incomplete_list(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new_observed();

    (void)state;
    subnet_twice(vpc);
    vpc->observation.lists[LIST_SUBNETS].complete = false;
    snprintf(vpc->observation.lists[LIST_SUBNETS].message, 256, "the first reason");
    observation_seal(&vpc->observation);
    assert_string_equal(vpc->observation.lists[LIST_SUBNETS].message, "the first reason");
}

/* ---- the snapshot as a whole ---- */

static void test_without_these_there_is_no_snapshot(void **state)
{
    (void)state;
    for (unsigned list = 0; list < LIST_COUNT; list++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();
        bool needed = list == LIST_VPCS || list == LIST_SUBNETS || list == LIST_ROUTE_TABLES;

        vpc->observation.lists[list].complete = false;
        vpc_snapshot(vpc);
        assert_int_equal(vpc->snapshot == NULL, needed);
        if (vpc->snapshot)
            assert_int_equal(vpc->snapshot->complete, ((1U << LIST_COUNT) - 1) & ~(1U << list));
    }
}

static void test_vpc_that_is_not_there(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new_observed();

    (void)state;
    observation_seal(&vpc->observation);
    assert_null(snapshot_new(vpc->arena, &vpc->observation, "vpc-0", "vpc-reconciled"));
    assert_null(snapshot_new(vpc->arena, &vpc->observation, "", "vpc-reconciled"));
    assert_non_null(snapshot_new(vpc->arena, &vpc->observation, "vpc-9", "vpc-reconciled"));
}

/* Nothing of another VPC gets in, and nothing is lost. */
static void test_what_is_of_this_vpc(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new_observed();

    (void)state;
    vpc_add_interface(vpc, "eni-9", "subnet-9", NULL);
    vpc_snapshot(vpc);
    assert_int_equal(vpc->snapshot->n_subnets, 5);
    assert_int_equal(vpc->snapshot->n_route_tables, 5);
    assert_int_equal(vpc->snapshot->n_internet_gateways, 1);
    assert_string_equal(vpc->snapshot->internet_gateways[0]->internet_gateway_id, "igw-1");
    assert_int_equal(vpc->snapshot->n_egress_only_internet_gateways, 1);
    assert_int_equal(vpc->snapshot->n_nat_gateways, 2);
    assert_int_equal(vpc->snapshot->n_network_interfaces, 2);
    assert_null(snapshot_find_subnet(vpc->snapshot, "subnet-9"));
    assert_null(snapshot_find_route_table(vpc->snapshot, "rtb-9"));
    assert_null(snapshot_find_nat_gateway(vpc->snapshot, "nat-9"));
    assert_null(snapshot_find_subnet(vpc->snapshot, NULL));
    assert_non_null(snapshot_find_nat_gateway(vpc->snapshot, "nat-a"));
    assert_string_equal(vpc->snapshot->owner_tag, "vpc-reconciled/vpc-1");
    /* Of the region, for what may be attached again: also the strangers'. */
    assert_non_null(observation_find_internet_gateway(&vpc->observation, "igw-loose"));
    assert_non_null(observation_find_egress_only_internet_gateway(&vpc->observation, "eigw-9"));
    assert_null(observation_find_internet_gateway(&vpc->observation, "igw-0"));
    assert_null(observation_find_egress_only_internet_gateway(&vpc->observation, "eigw-0"));
}

/* A gateway that is on its way in or out still stands in the place of another (S3). */
static void test_gateways_of_the_vpc(void **state)
{
    static const struct {
        enum ec2_attachment_state state;
        size_t n;
    } rows[] = {
        {EC2_ATTACHMENT_ABSENT, 1},    {EC2_ATTACHMENT_UNKNOWN, 1},   {EC2_ATTACHMENT_ATTACHING, 1},
        {EC2_ATTACHMENT_ATTACHED, 1},  {EC2_ATTACHMENT_DETACHING, 1}, {EC2_ATTACHMENT_DETACHED, 0},
        {EC2_ATTACHMENT_AVAILABLE, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();

        vpc_igw(vpc, "igw-1")->attachments.items[0].state = (uint8_t)rows[i].state;
        vpc_eigw(vpc, "eigw-1")->attachments.items[0].state = (uint8_t)rows[i].state;
        vpc_snapshot(vpc);
        assert_int_equal(vpc->snapshot->n_internet_gateways, rows[i].n);
        assert_int_equal(vpc->snapshot->n_egress_only_internet_gateways, rows[i].n);
    }
}

/* ---- effective tables ---- */

static void explicit(struct vpc *vpc)
{
    (void)vpc;
}

static void without(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
}

#define LINGERING(function, word)                                                                  \
    static void function(struct vpc *vpc)                                                          \
    {                                                                                              \
        vpc_table(vpc, "rtb-private-a")->associations.items[0].state = word;                       \
    }
LINGERING(without_a_state, EC2_ASSOCIATION_ABSENT)
LINGERING(in_an_unknown_state, EC2_ASSOCIATION_UNKNOWN)
LINGERING(associating, EC2_ASSOCIATION_ASSOCIATING)
LINGERING(disassociating, EC2_ASSOCIATION_DISASSOCIATING)
LINGERING(disassociated, EC2_ASSOCIATION_DISASSOCIATED)
LINGERING(failing, EC2_ASSOCIATION_FAILING)
LINGERING(failed, EC2_ASSOCIATION_FAILED)

static void moved(struct vpc *vpc) /* the old association is listed still */
{
    disassociated(vpc);
    vpc_associate(vpc, "rtb-private-c", "subnet-private-a");
}

static void no_main_table(struct vpc *vpc)
{
    without(vpc);
    vpc_table(vpc, "rtb-main")->associations.n = 0;
}

static void test_effective_tables(void **state)
{
    static const struct {
        const char *name;
        void (*arrange)(struct vpc *vpc);
        const char *table; /* of subnet-private-a; NULL: none */
        bool explicit_, subnet_changing, table_changing;
    } rows[] = {
        {"explicit", explicit, "rtb-private-a", true, false, false},
        {"no state is no doubt", without_a_state, "rtb-private-a", true, false, false},
        {"an unknown state", in_an_unknown_state, "rtb-private-a", true, true, true},
        {"associating", associating, "rtb-private-a", true, true, true},
        {"disassociating", disassociating, "rtb-private-a", true, true, true},
        {"failing", failing, "rtb-private-a", true, true, true},
        {"none", without, "rtb-main", false, false, false},
        {"disassociated, still listed", disassociated, "rtb-main", false, false, false},
        {"failed", failed, "rtb-main", false, false, true},
        {"moved, the old one still listed", moved, "rtb-private-c", true, false, false},
        {"none, and no main table", no_main_table, NULL, false, false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();
        const struct subnet *subnet;

        rows[i].arrange(vpc);
        vpc_snapshot(vpc);
        subnet = snapshot_find_subnet(vpc->snapshot, "subnet-private-a");
        if (!text_equal(subnet->table ? subnet->table->id : NULL, rows[i].table) ||
            (subnet->association_id != NULL) != rows[i].explicit_ ||
            subnet->association_changing != rows[i].subnet_changing ||
            snapshot_find_route_table(vpc->snapshot, "rtb-private-a")->changing !=
                rows[i].table_changing)
            fail_msg("%s: %s, %s", rows[i].name, subnet->table ? subnet->table->id : "(none)",
                     subnet->association_id ? "explicit" : "implicit");
        if (!rows[i].table)
            continue;
        assert_int_equal(snapshot_find_route_table(vpc->snapshot, rows[i].table)->n_subnets,
                         text_equal(rows[i].table, "rtb-private-c") ? 2 : 1);
        assert_int_equal(snapshot_find_route_table(vpc->snapshot, "rtb-main")->n_explicit, 0);
    }
}

static void test_what_a_table_is(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new_observed();
    const struct route_table *table;
    static const struct ec2_propagating_vgw vgw = {"vgw-1"};
    struct ec2_propagating_vgw propagating[] = {vgw};

    (void)state;
    vpc_table(vpc, "rtb-other")->propagating_vgws.items = propagating;
    vpc_table(vpc, "rtb-other")->propagating_vgws.n = 1;
    vpc_add_route(vpc, "rtb-public", "10.60.0.0/16", "vgw-1")->origin =
        EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
    vpc_associate(vpc, "rtb-private-c", NULL)->gateway_id = "vgw-1";
    vpc_table(vpc, "rtb-private-c")->associations.items[1].main = WIRE_FALSE;
    vpc_snapshot(vpc);
    table = snapshot_find_route_table(vpc->snapshot, "rtb-main");
    assert_true(table->main && !table->gateway_association && table->n_subnets == 0);
    table = snapshot_find_route_table(vpc->snapshot, "rtb-private-c");
    assert_true(!table->main && table->gateway_association && table->n_subnets == 1);
    assert_true(snapshot_find_route_table(vpc->snapshot, "rtb-other")->propagating);
    assert_true(snapshot_find_route_table(vpc->snapshot, "rtb-public")->propagating);
    assert_false(snapshot_find_route_table(vpc->snapshot, "rtb-private-a")->propagating);
    table = snapshot_find_route_table(vpc->snapshot, "rtb-public");
    assert_true(table->n_subnets == 2 && table->n_explicit == 2);
}

static void test_ipv6_of_a_subnet(void **state)
{
    static const struct {
        enum ec2_association_state state;
        bool has;
    } rows[] = {{EC2_ASSOCIATION_ASSOCIATED, true},
                {EC2_ASSOCIATION_ASSOCIATING, false},
                {EC2_ASSOCIATION_DISASSOCIATED, false},
                {EC2_ASSOCIATION_UNKNOWN, false}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();
        struct ec2_ipv6_cidr_block_association block = {.state = (uint8_t)rows[i].state};

        vpc_drop_ipv6(vpc, "subnet-public-a");
        vpc_subnet(vpc, "subnet-other")->ipv6_cidr_block_associations.items = &block;
        vpc_subnet(vpc, "subnet-other")->ipv6_cidr_block_associations.n = 1;
        vpc_snapshot(vpc);
        assert_int_equal(snapshot_find_subnet(vpc->snapshot, "subnet-other")->has_ipv6,
                         rows[i].has);
        assert_false(snapshot_find_subnet(vpc->snapshot, "subnet-public-a")->has_ipv6);
    }
}

/* ---- routes ---- */

static void test_routes_are_sorted(void **state)
{
    static const char *const order[] = {"0.0.0.0/0",     "10.0.0.0/16",  "10.0.0.0/24",
                                        "10.50.0.0/16",  "192.0.2.0/24", "::/0",
                                        "2001:db8::/32", "pl-a",         "pl-s3"};
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new_observed();
    const struct route_table *table;

    (void)state;
    vpc_add_route(vpc, "rtb-private-a", "pl-a", "vpce-1");
    vpc_add_route(vpc, "rtb-private-a", "192.0.2.0/24", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "2001:db8::/32", "tgw-1");
    vpc_add_route(vpc, "rtb-private-a", "10.0.0.0/24", "vpce-fw");
    vpc_snapshot(vpc);
    table = snapshot_find_route_table(vpc->snapshot, "rtb-private-a");
    assert_int_equal(table->n_routes, ARRAY_SIZE(order));
    for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
        const struct route *route = &table->routes[i];
        char text[PREFIX_TEXT_SIZE];

        prefix_format(&route->destination, text);
        assert_string_equal(route->prefix_list_id ? route->prefix_list_id : text, order[i]);
    }
}

/* Beside each other only the static one is anybody's to write, and it is the one that decides
 * (aws-facts: static routes win over propagated ones of the same destination). */
static void test_propagated_beside_static(void **state)
{
    static const struct {
        const char *name;
        bool static_, propagated, propagated_first;
        const char *decides, *static_one;
    } rows[] = {
        {"static", true, false, false, "nat-a", "nat-a"},
        {"propagated", false, true, false, "vgw-1", NULL},
        {"both", true, true, false, "nat-a", "nat-a"},
        {"both, the propagated one listed first", true, true, true, "nat-a", "nat-a"},
        {"neither", false, false, false, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();
        const struct route_table *table;
        const struct route *decides, *static_one;

        vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
        for (int step = 0; step < 2; step++) {
            bool propagated = rows[i].propagated_first == (step == 0);

            if (propagated && rows[i].propagated)
                vpc_add_route(vpc, "rtb-private-a", "0.0.0.0/0", "vgw-1")->origin =
                    EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
            if (!propagated && rows[i].static_)
                vpc_add_route(vpc, "rtb-private-a", "0.0.0.0/0", "nat-a");
        }
        vpc_snapshot(vpc);
        table = snapshot_find_route_table(vpc->snapshot, "rtb-private-a");
        decides = route_table_find(table, &PREFIX_IPV4_DEFAULT);
        static_one = route_table_find_static(table, &PREFIX_IPV4_DEFAULT);
        if (!text_equal(decides ? decides->target_id : NULL, rows[i].decides) ||
            !text_equal(static_one ? static_one->target_id : NULL, rows[i].static_one))
            fail_msg("%s: %s decides", rows[i].name, decides ? decides->target_id : "nothing");
    }
}

static void test_find_is_exact(void **state)
{
    static const struct {
        const char *destination;
        bool there;
    } rows[] = {
        {"0.0.0.0/0", true},    {"::/0", true},        {"10.0.0.0/16", true},
        {"10.50.0.0/16", true}, {"10.0.0.0/8", false}, {"10.0.0.0/17", false},
        {"255.0.0.0/8", false}, {"ffff::/16", false},  {"0.0.0.0/1", false},
    };
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new_observed();
    const struct route_table *table;

    (void)state;
    vpc_snapshot(vpc);
    table = snapshot_find_route_table(vpc->snapshot, "rtb-private-a");
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct prefix prefix;

        assert_int_equal(prefix_parse(rows[i].destination, &prefix), 0);
        if ((route_table_find(table, &prefix) != NULL) != rows[i].there)
            fail_msg("%s", rows[i].destination);
    }
}

static void test_targets_of_routes(void **state)
{
    static const struct {
        const char *id;
        enum target_kind kind;
        bool foreign;
    } rows[] = {
        {"local", TARGET_LOCAL, false},
        {"igw-1", TARGET_INTERNET_GATEWAY, false},
        {"nat-a", TARGET_NAT_GATEWAY, false},
        {"eigw-1", TARGET_EGRESS_ONLY_INTERNET_GATEWAY, false},
        {"vpce-1", TARGET_VPC_ENDPOINT, true},
        {"tgw-1", TARGET_TRANSIT_GATEWAY, true},
        {"eni-1", TARGET_NETWORK_INTERFACE, true},
        {"i-1", TARGET_OTHER, true},
        {"pcx-1", TARGET_VPC_PEERING_CONNECTION, true},
        {"vgw-1", TARGET_VIRTUAL_PRIVATE_GATEWAY, true},
        {"cagw-1", TARGET_CARRIER_GATEWAY, true},
        {"lgw-1", TARGET_LOCAL_GATEWAY, true},
        {"arn:aws:networkmanager::1:core-network/1", TARGET_CORE_NETWORK, true},
        {"something-new-1", TARGET_OTHER, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();
        const struct route *route;

        vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), rows[i].id);
        vpc_snapshot(vpc);
        route = route_table_find(snapshot_find_route_table(vpc->snapshot, "rtb-private-a"),
                                 &PREFIX_IPV4_DEFAULT);
        assert_int_equal(route->kind, rows[i].kind);
        assert_string_equal(route->target_id, rows[i].id);
        assert_int_equal(target_kind_is_foreign(route->kind), rows[i].foreign);
        assert_int_equal(target_kind_of_id(rows[i].id), rows[i].kind);
        assert_true(strlen(target_kind_name(route->kind)) > 3);
    }
    assert_int_equal(target_kind_of_id(NULL), TARGET_NONE);
    assert_int_equal(target_kind_of_id(""), TARGET_NONE);
}

/* An instance route names its interface, too: the interface is the target. */
static void test_instance_route(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new_observed();
    const struct route *route;

    (void)state;
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "eni-1");
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->instance_id = "i-1";
    vpc_route(vpc, "rtb-private-c", "0.0.0.0/0")->nat_gateway_id = NULL;
    vpc_snapshot(vpc);
    route = route_table_find(snapshot_find_route_table(vpc->snapshot, "rtb-private-a"),
                             &PREFIX_IPV4_DEFAULT);
    assert_int_equal(route->kind, TARGET_NETWORK_INTERFACE);
    /* A route without any target: nothing is known of it, and nothing is assumed. */
    route = route_table_find(snapshot_find_route_table(vpc->snapshot, "rtb-private-c"),
                             &PREFIX_IPV4_DEFAULT);
    assert_int_equal(route->kind, TARGET_NONE);
    assert_null(route->target_id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seal_sorts),
        cmocka_unit_test(test_seal_doubts_what_aws_never_sends),
        cmocka_unit_test(test_seal_leaves_an_incomplete_list),
        cmocka_unit_test(test_without_these_there_is_no_snapshot),
        cmocka_unit_test(test_vpc_that_is_not_there),
        cmocka_unit_test(test_what_is_of_this_vpc),
        cmocka_unit_test(test_gateways_of_the_vpc),
        cmocka_unit_test(test_effective_tables),
        cmocka_unit_test(test_what_a_table_is),
        cmocka_unit_test(test_ipv6_of_a_subnet),
        cmocka_unit_test(test_routes_are_sorted),
        cmocka_unit_test(test_propagated_beside_static),
        cmocka_unit_test(test_find_is_exact),
        cmocka_unit_test(test_targets_of_routes),
        cmocka_unit_test(test_instance_route),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
