/* The look right before a write (safety.md S6, "Always"): what is asked, and what in the answer
 * means that the plan is old. */
#include "support/vpc.h"

static void test_what_is_asked(void **state)
{
    static const struct {
        const char *name;
        struct plan_action action;
        enum ec2_action call;
        const char *filter, *value; /* NULL: no filter exists (aws-facts 2.1) */
    } rows[] = {
        {"create an IGW",
         {.call = EC2_CREATE_INTERNET_GATEWAY,
          .expect = EXPECT_NOTHING_ATTACHED,
          .target_kind = TARGET_INTERNET_GATEWAY},
         EC2_DESCRIBE_INTERNET_GATEWAYS,
         "attachment.vpc-id",
         "vpc-1"},
        {"create an EIGW",
         {.call = EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY,
          .expect = EXPECT_NOTHING_ATTACHED,
          .target_kind = TARGET_EGRESS_ONLY_INTERNET_GATEWAY},
         EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS,
         NULL,
         NULL},
        {"attach an IGW",
         {.call = EC2_ATTACH_INTERNET_GATEWAY,
          .expect = EXPECT_UNATTACHED,
          .request = {.internet_gateway_id = "igw-1", .vpc_id = "vpc-1"}},
         EC2_DESCRIBE_INTERNET_GATEWAYS,
         "internet-gateway-id",
         "igw-1"},
        {"a route",
         {.call = EC2_CREATE_ROUTE,
          .expect = EXPECT_ROUTE,
          .request = {.route_table_id = "rtb-private-a"}},
         EC2_DESCRIBE_ROUTE_TABLES,
         "route-table-id",
         "rtb-private-a"},
        {"an association",
         {.call = EC2_ASSOCIATE_ROUTE_TABLE,
          .expect = EXPECT_NO_ASSOCIATION,
          .request = {.route_table_id = "rtb-private-a", .subnet_id = "subnet-private-a"}},
         EC2_DESCRIBE_ROUTE_TABLES,
         "association.subnet-id",
         "subnet-private-a"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_look look;

        vpc_look(vpc);
        guard_look(vpc->arena, &rows[i].action, vpc->snapshot, &look);
        assert_int_equal(look.call, rows[i].call);
        assert_false(ec2_action_table[look.call].mutates);
        assert_int_equal(look.request.filters.n, rows[i].filter != NULL);
        if (!rows[i].filter)
            continue;
        assert_string_equal(look.request.filters.items[0].name, rows[i].filter);
        assert_int_equal(look.request.filters.items[0].values.n, 1);
        assert_string_equal(look.request.filters.items[0].values.items[0], rows[i].value);
    }
}

/* ---- the table of a route: `fresh` is what another world, changed a little, would show ---- */

static void nothing(struct vpc *vpc)
{
    (void)vpc;
}

static void route_came_back(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "0.0.0.0/0", "nat-c");
}

static void another_route_came(struct vpc *vpc)
{
    vpc_add_route(vpc, "rtb-private-a", "10.80.0.0/16", "tgw-1");
}

static void a_route_went(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "10.50.0.0/16");
}

static void a_route_went_and_one_came(struct vpc *vpc)
{
    a_route_went(vpc);
    route_came_back(vpc);
}

static void a_target_changed(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "::/0"), "igw-1");
}

static void a_state_changed(struct vpc *vpc)
{
    vpc_route(vpc, "rtb-private-a", "10.50.0.0/16")->state = EC2_ROUTE_BLACKHOLE;
}

static void an_origin_changed(struct vpc *vpc)
{
    vpc_route(vpc, "rtb-private-a", "10.50.0.0/16")->origin =
        EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
}

static void a_subnet_came(struct vpc *vpc)
{
    vpc_associate(vpc, "rtb-private-a", "subnet-other");
}

static void the_subnet_went(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
}

static void the_subnet_was_exchanged(struct vpc *vpc)
{
    the_subnet_went(vpc);
    a_subnet_came(vpc);
}

static void the_subnet_goes(struct vpc *vpc)
{
    vpc_table(vpc, "rtb-private-a")->associations.items[0].state = EC2_ASSOCIATION_DISASSOCIATING;
}

static void it_became_main(struct vpc *vpc)
{
    vpc_table(vpc, "rtb-private-a")->associations.items[0].main = WIRE_TRUE;
}

static void routes_come_in_another_order(struct vpc *vpc)
{
    struct ec2_route_table *table = vpc_table(vpc, "rtb-private-a");
    struct ec2_route first = table->routes.items[0];

    table->routes.items[0] = table->routes.items[1];
    table->routes.items[1] = first;
}

static void test_route_table(void **state)
{
    static const struct {
        const char *name;
        void (*change)(struct vpc *vpc);
        const char *differs; /* NULL: unchanged */
    } rows[] = {
        {"unchanged", nothing, NULL},
        {"another order", routes_come_in_another_order, NULL},
        {"the route is there again", route_came_back, "changed"},
        {"another route came", another_route_came, "changed"},
        {"a route went", a_route_went, "changed"},
        {"as many routes, others", a_route_went_and_one_came, "routes"},
        {"a target changed", a_target_changed, "routes"},
        {"a state changed", a_state_changed, "routes"},
        {"an origin changed", an_origin_changed, "routes"},
        {"it serves another subnet, too", a_subnet_came, "changed"},
        {"it serves nobody", the_subnet_went, "changed"},
        {"it serves another subnet", the_subnet_was_exchanged, "associations"},
        {"its subnet is leaving", the_subnet_goes, "associations"},
        {"it is the main table now", it_became_main, "associations"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        CLEANUP(vpc_freep)
        struct vpc *later = vpc_new();
        struct plan_action action =
            vpc_route_action(EC2_CREATE_ROUTE, "rtb-private-a", "0.0.0.0/0", "nat-a");
        struct ec2_describe_reply fresh = {0};
        const char *differs;

        vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
        vpc_drop_route(later, "rtb-private-a", "0.0.0.0/0");
        vpc_look(vpc);
        rows[i].change(later);
        fresh.route_tables.items = vpc_table(later, "rtb-private-a");
        fresh.route_tables.n = 1;
        differs = guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh);
        if ((differs != NULL) != (rows[i].differs != NULL) ||
            (differs && !strstr(differs, rows[i].differs)))
            fail_msg("%s: %s", rows[i].name, differs ? differs : "unchanged");
        /* Not there, twice, or another one. */
        fresh.route_tables.n = 0;
        assert_non_null(guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh));
        fresh.route_tables.items = vpc_table(vpc, "rtb-other");
        fresh.route_tables.n = 1;
        assert_non_null(guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh));
        {
            struct ec2_route_table twice[] = {*vpc_table(vpc, "rtb-private-a"),
                                              *vpc_table(vpc, "rtb-private-a")};

            fresh.route_tables.items = twice;
            fresh.route_tables.n = 1;
            assert_null(guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh));
            fresh.route_tables.n = 2;
            assert_non_null(guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh));
        }
    }
}

/* Wherever a route leads, it is seen when that changes and nothing else does. */
static void test_targets_of_a_table(void **state)
{
    static const char *const targets[][2] = {
        {"igw-1", "igw-2"},
        {"nat-a", "nat-c"},
        {"eigw-1", "eigw-2"},
        {"tgw-1", "tgw-2"},
        {"pcx-1", "pcx-2"},
        {"eni-1", "eni-2"},
        {"i-1", "i-2"},
        {"vgw-1", "vgw-2"},
        {"vpce-1", "vpce-2"},
        {"lgw-1", "lgw-2"},
        {"cagw-1", "cagw-2"},
        {"arn:aws:networkmanager::1", "arn:aws:networkmanager::2"},
        {"arn:aws:odb:1", "arn:aws:odb:2"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        CLEANUP(vpc_freep)
        struct vpc *later = vpc_new();
        struct plan_action action =
            vpc_route_action(EC2_REPLACE_ROUTE, "rtb-private-a", "0.0.0.0/0", "nat-a");
        struct ec2_describe_reply fresh = {0};

        vpc_retarget(vpc_route(vpc, "rtb-private-a", "10.50.0.0/16"), targets[i][0]);
        vpc_retarget(vpc_route(later, "rtb-private-a", "10.50.0.0/16"), targets[i][0]);
        vpc_look(vpc);
        fresh.route_tables.items = vpc_table(later, "rtb-private-a");
        fresh.route_tables.n = 1;
        assert_null(guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh));
        vpc_retarget(vpc_route(later, "rtb-private-a", "10.50.0.0/16"), targets[i][1]);
        if (!guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh))
            fail_msg("from %s to %s", targets[i][0], targets[i][1]);
    }
}

static void test_associated_meanwhile(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    const struct plan_action action = {
        .call = EC2_ASSOCIATE_ROUTE_TABLE,
        .expect = EXPECT_NO_ASSOCIATION,
        .request = {.route_table_id = "rtb-private-a", .subnet_id = "subnet-private-a"}};
    struct ec2_describe_reply fresh = {0};

    (void)state;
    vpc_look(vpc);
    assert_null(guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh));
    fresh.route_tables.items = vpc_table(vpc, "rtb-other");
    fresh.route_tables.n = 1;
    assert_non_null(strstr(guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh), "rtb-other"));
}

static void test_gateways_meanwhile(void **state)
{
    static const struct {
        const char *name;
        enum action_expect expect;
        bool egress; /* which list is answered */
        const char *id, *vpc_id;
        enum ec2_attachment_state attachment;
        bool unchanged;
    } rows[] = {
        {"another VPC's IGW", EXPECT_NOTHING_ATTACHED, false, "igw-x", "vpc-9",
         EC2_ATTACHMENT_AVAILABLE, true},
        {"detached from here", EXPECT_NOTHING_ATTACHED, false, "igw-x", "vpc-1",
         EC2_ATTACHMENT_DETACHED, true},
        {"attached here", EXPECT_NOTHING_ATTACHED, false, "igw-x", "vpc-1",
         EC2_ATTACHMENT_AVAILABLE, false},
        {"attaching here", EXPECT_NOTHING_ATTACHED, false, "igw-x", "vpc-1",
         EC2_ATTACHMENT_ATTACHING, false},
        {"in an unknown state here", EXPECT_NOTHING_ATTACHED, false, "igw-x", "vpc-1",
         EC2_ATTACHMENT_UNKNOWN, false},
        {"another VPC's EIGW", EXPECT_NOTHING_ATTACHED, true, "eigw-x", "vpc-9",
         EC2_ATTACHMENT_ATTACHED, true},
        {"an EIGW here", EXPECT_NOTHING_ATTACHED, true, "eigw-x", "vpc-1", EC2_ATTACHMENT_ATTACHED,
         false},
        {"an EIGW on its way here", EXPECT_NOTHING_ATTACHED, true, "eigw-x", "vpc-1",
         EC2_ATTACHMENT_ATTACHING, false},
        {"ours, unattached", EXPECT_UNATTACHED, false, "igw-1", NULL, EC2_ATTACHMENT_ABSENT, true},
        {"ours, detached", EXPECT_UNATTACHED, false, "igw-1", "vpc-1", EC2_ATTACHMENT_DETACHED,
         true},
        {"ours, attached here", EXPECT_UNATTACHED, false, "igw-1", "vpc-1",
         EC2_ATTACHMENT_AVAILABLE, false},
        {"ours, attached elsewhere", EXPECT_UNATTACHED, false, "igw-1", "vpc-9",
         EC2_ATTACHMENT_AVAILABLE, false},
        {"another one", EXPECT_UNATTACHED, false, "igw-x", NULL, EC2_ATTACHMENT_ABSENT, false},
        {"none", EXPECT_UNATTACHED, false, NULL, NULL, EC2_ATTACHMENT_ABSENT, false},
        {"none", EXPECT_NOTHING_ATTACHED, false, NULL, NULL, EC2_ATTACHMENT_ABSENT, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct ec2_gateway_attachment attachment = {rows[i].vpc_id, (uint8_t)rows[i].attachment};
        struct ec2_internet_gateway internet = {.internet_gateway_id = rows[i].id};
        struct ec2_egress_only_internet_gateway egress = {.egress_only_internet_gateway_id =
                                                              rows[i].id};
        const struct plan_action action = {
            .call = rows[i].expect == EXPECT_UNATTACHED ? EC2_ATTACH_INTERNET_GATEWAY
                    : rows[i].egress                    ? EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY
                                                        : EC2_CREATE_INTERNET_GATEWAY,
            .expect = rows[i].expect,
            .request = {.vpc_id = "vpc-1", .internet_gateway_id = "igw-1"}};
        struct ec2_describe_reply fresh = {0};
        const char *differs;

        internet.attachments.items = egress.attachments.items = &attachment;
        internet.attachments.n = egress.attachments.n = rows[i].vpc_id != NULL;
        fresh.internet_gateways.items = &internet;
        fresh.internet_gateways.n = rows[i].id && !rows[i].egress;
        fresh.egress_only_internet_gateways.items = &egress;
        fresh.egress_only_internet_gateways.n = rows[i].id && rows[i].egress;
        vpc_look(vpc);
        differs = guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh);
        if ((differs == NULL) != rows[i].unchanged)
            fail_msg("%s: %s", rows[i].name, differs ? differs : "unchanged");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_asked),      cmocka_unit_test(test_route_table),
        cmocka_unit_test(test_targets_of_a_table), cmocka_unit_test(test_associated_meanwhile),
        cmocka_unit_test(test_gateways_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
