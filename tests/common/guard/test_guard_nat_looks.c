/* The look right before a NAT gateway, an address or a table is made: what is asked, and what came
 * between. */
#include "nat_actions.h"

static void test_what_is_asked(void **state)
{
    static const struct {
        struct plan_action (*action)(void);
        enum ec2_action call;
        const char *filters[2][2];
    } rows[] = {
        {allocate_address,
         EC2_DESCRIBE_ADDRESSES,
         {{"tag:" TAG_OWNER, "vpc-reconciled/vpc-1"}, {"tag:" TAG_ROLE, "elastic-ip/" ZONE_A}}},
        {create_nat_gateway,
         EC2_DESCRIBE_NAT_GATEWAYS,
         {{"vpc-id", "vpc-1"}, {"state", "pending"}}},
        {create_route_table,
         EC2_DESCRIBE_ROUTE_TABLES,
         {{"tag:" TAG_OWNER, "vpc-reconciled/vpc-1"}, {"tag:" TAG_ROLE, ROLE_COPY}}},
        {copy_a_route, EC2_DESCRIBE_ROUTE_TABLES, {{"route-table-id", "rtb-copy"}}},
        {move_to_the_copy,
         EC2_DESCRIBE_ROUTE_TABLES,
         {{"association.subnet-id", "subnet-private-a"}}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        const struct plan_action action = rows[i].action();
        struct guard_look look;
        size_t n = 0;

        vpc_look(vpc);
        guard_look(vpc->arena, &action, vpc->snapshot, &look);
        assert_int_equal(look.call, rows[i].call);
        for (; n < 2 && rows[i].filters[n][0]; n++) {
            assert_string_equal(look.request.filters.items[n].name, rows[i].filters[n][0]);
            assert_string_equal(look.request.filters.items[n].values.items[0],
                                rows[i].filters[n][1]);
        }
        assert_int_equal(look.request.filters.n, n);
    }
}

/* `later` is what another world, changed a little, would show. */
static void show_nats(struct vpc *later, struct ec2_describe_reply *fresh)
{
    fresh->nat_gateways.items =
        ARENA_ARRAY(later->arena, struct ec2_nat_gateway, later->observation.nat_gateways.n);
    VEC_EACH (gateway, &later->observation.nat_gateways) /* as the filters have it */
        if (text_equal(gateway->vpc_id, "vpc-1") &&
            (gateway->state == EC2_STATE_PENDING || gateway->state == EC2_STATE_AVAILABLE))
            fresh->nat_gateways.items[fresh->nat_gateways.n++] = *gateway;
}

static void show_addresses(struct vpc *later, struct ec2_describe_reply *fresh)
{
    fresh->addresses.items = later->observation.addresses.items;
    fresh->addresses.n = later->observation.addresses.n;
}

static void show_copy(struct vpc *later, struct ec2_describe_reply *fresh)
{
    fresh->route_tables.items = vpc_table(later, "rtb-copy");
    fresh->route_tables.n = 1;
}

static void show_source(struct vpc *later, struct ec2_describe_reply *fresh)
{
    fresh->route_tables.items = vpc_table(later, "rtb-private-c");
    fresh->route_tables.n = 1;
}

static void show_nothing(struct vpc *later, struct ec2_describe_reply *fresh)
{
    (void)later;
    (void)fresh;
}

static void another_in_the_other_zone(struct vpc *vpc)
{
    nat_gone_address_free(vpc);
    vpc_add_nat(vpc, "nat-new", "vpc-1", "subnet-public-c")->state = EC2_STATE_PENDING;
}

static void a_used_address_of_ours(struct vpc *vpc)
{
    nat_gone(vpc);
    vpc_add_address(vpc, "eipalloc-a")->association_id = "eipassoc-1";
}

static void moved_away(struct vpc *vpc)
{
    copy_whole(vpc);
    vpc_disassociate(vpc, "rtb-private-c", "subnet-private-a");
}

static void test_meanwhile(void **state)
{
    static const struct {
        const char *name;
        struct plan_action (*action)(void);
        void (*arrange)(struct vpc *vpc);
        void (*later)(struct vpc *vpc);
        void (*show)(struct vpc *later, struct ec2_describe_reply *fresh);
        const char *differs; /* NULL: unchanged */
    } rows[] = {
        {"no gateway", create_nat_gateway, nat_gone_address_free, nat_gone_address_free, show_nats,
         NULL},
        {"a pending one", create_nat_gateway, nat_gone_address_free, another_pending, show_nats,
         "nat-new is pending"},
        {"a regional one", create_nat_gateway, nat_gone_address_free, a_regional_one, show_nats,
         "nat-new is available"},
        {"one of the other zone", create_nat_gateway, nat_gone_address_free,
         another_in_the_other_zone, show_nats, NULL},
        {"the old one lives", create_nat_gateway, nat_gone_address_free, nothing_lost, show_nats,
         "nat-a is available"},
        {"no address", allocate_address, nat_gone, nat_gone, show_addresses, NULL},
        {"a free one", allocate_address, nat_gone, nat_gone_address_free, show_addresses,
         "eipalloc-a is there"},
        {"one in use", allocate_address, nat_gone, a_used_address_of_ours, show_addresses, NULL},
        {"no table", create_route_table, table_shared, table_shared, show_nothing, NULL},
        {"a table", create_route_table, table_shared, copy_made, show_copy, "rtb-copy is there"},
        {"the copy without it", copy_a_route, copy_made, copy_made, show_copy, NULL},
        {"the copy with it", copy_a_route, copy_made, copy_whole, show_copy, "has the route"},
        {"the copy in use", copy_a_route, copy_made, copy_in_use, show_copy, "is associated now"},
        {"the copy is gone", copy_a_route, copy_made, copy_made, show_nothing, "was not there"},
        {"the association", move_to_the_copy, copy_whole, copy_whole, show_source, NULL},
        {"another association", move_to_the_copy, copy_whole, moved_away, show_source, "changed"},
        {"no association", move_to_the_copy, copy_whole, copy_whole, show_nothing, "changed"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        CLEANUP(vpc_freep)
        struct vpc *later = vpc_new();
        const struct plan_action action = rows[i].action();
        struct ec2_describe_reply fresh = {0};
        const char *differs;

        rows[i].arrange(vpc);
        rows[i].later(later);
        vpc_look(vpc);
        rows[i].show(later, &fresh);
        differs = guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh);
        if ((differs != NULL) != (rows[i].differs != NULL) ||
            (differs && !strstr(differs, rows[i].differs)))
            fail_msg("%s: %s", rows[i].name, differs ? differs : "unchanged");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_asked),
        cmocka_unit_test(test_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
