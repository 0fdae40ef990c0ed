/* Groups that come from Lambda: their subnets, their security groups, and what is said and left
 * unsaid where Lambda says nothing. */
#include "plan_text.h"

#define UNKNOWN "unknown: capacity providers\n"
#define NOTHING "group-matches-nothing - degraded never:\n"

/* Group "functions" is what this provider has. */
static struct observed_capacity_provider *provide(struct vpc *vpc, const char *state)
{
    struct observed_capacity_provider *provider =
        VEC_ADD(vpc->arena, &vpc->observation.capacity_providers);
    struct subnet_group *group = vpc_group(vpc, "functions");
    static const char *subnets[] = {"subnet-private-a", "subnet-private-c"};

    group->capacity_provider = "orders";
    group->subnet_ids.n = 0;
    group->services_said = true;
    *provider = (struct observed_capacity_provider){
        .name = "orders", .arn = "arn", .state = state, .subnet_ids = {subnets, 2}};
    return provider;
}

static void active(struct vpc *vpc)
{
    provide(vpc, "Active");
}

static void active_without_a_route(struct vpc *vpc)
{
    provide(vpc, "Active");
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void pending_without_a_route(struct vpc *vpc)
{
    provide(vpc, "Pending");
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void unread(struct vpc *vpc)
{
    active_without_a_route(vpc);
    vpc->observation.lists[LIST_CAPACITY_PROVIDERS].complete = false;
}

/* Not asked for at all is as good as unread. */
static void unasked(struct vpc *vpc)
{
    active_without_a_route(vpc);
    vpc->observation.capacity_providers.n = 0;
}

static void unread_and_known(struct vpc *vpc)
{
    unread(vpc);
    vpc_wire(vpc, "subnet-count/functions", "2");
}

/* The public table serves a subnet of the group too: nobody knows that it is not declared. */
static void unread_and_shared(struct vpc *vpc)
{
    unread(vpc);
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
    vpc_associate(vpc, "rtb-public", "subnet-private-a");
}

static void unread_and_public_broken(struct vpc *vpc)
{
    unread(vpc);
    vpc_drop_route(vpc, "rtb-public", "0.0.0.0/0");
}

static void new_state(struct vpc *vpc)
{
    provide(vpc, "Hibernating");
    vpc_wire(vpc, "subnet-count/functions", "2");
}

static void none(struct vpc *vpc)
{
    provide(vpc, NULL)->subnet_ids.n = 0;
}

static void failed(struct vpc *vpc)
{
    provide(vpc, "Failed");
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void deleting_and_known(struct vpc *vpc)
{
    provide(vpc, "Deleting");
    vpc_wire(vpc, "subnet-count/functions", "2");
}

static void partly_elsewhere(struct vpc *vpc)
{
    static const char *subnets[] = {"subnet-private-a", "subnet-elsewhere"};

    provide(vpc, "Active")->subnet_ids.items = subnets;
}

static void test_plans(void **state)
{
    static const struct plan_case rows[] = {
        {"in sync", active, "", NULL},
        {"a route", active_without_a_route,
         "route-missing rtb-private-a outage auto: CreateRoute 0.0.0.0/0 -> nat-a in rtb-private-a "
         "(revives);\n",
         "Capacity provider \"orders\" runs there."},
        {"while it is made", pending_without_a_route,
         "route-missing rtb-private-a outage auto: CreateRoute 0.0.0.0/0 -> nat-a in rtb-private-a "
         "(revives);\n",
         NULL},
        {"unread", unread, UNKNOWN, NULL},
        {"unasked", unasked, UNKNOWN, NULL},
        {"unread, and it had subnets", unread_and_known, UNKNOWN, NULL},
        {"unread, and a table that may serve it", unread_and_shared, UNKNOWN, NULL},
        {"unread, and the rest goes on", unread_and_public_broken,
         "route-missing rtb-public outage auto: CreateRoute 0.0.0.0/0 -> igw-1 in rtb-public "
         "(revives);\n" UNKNOWN,
         NULL},
        {"a state that is new", new_state, NOTHING UNKNOWN,
         "is in a state that is not known here: Hibernating"},
        {"none", none, NOTHING, "Lambda has no capacity provider \"orders\""},
        {"failed", failed, NOTHING, "\"orders\" has failed, so nothing runs in its subnets"},
        {"going, and it had subnets", deleting_and_known,
         NOTHING "group-changed - degraded approve held:\n", "is being deleted"},
        {"partly elsewhere", partly_elsewhere, NOTHING,
         "Lambda names subnet-elsewhere, which this VPC does not have. Its other subnets are "
         "looked "
         "after."},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* ---- security groups ---- */

static void add_default_group(struct vpc *vpc)
{
    struct ec2_security_group *group = VEC_ADD(vpc->arena, &vpc->observation.security_groups);

    *group = (struct ec2_security_group){
        .group_id = "sg-default", .group_name = "default", .vpc_id = "vpc-1"};
    group = VEC_ADD(vpc->arena, &vpc->observation.security_groups);
    *group = (struct ec2_security_group){
        .group_id = "sg-strange", .group_name = "default", .vpc_id = "vpc-9"};
}

static void test_security_groups(void **state)
{
    static const struct {
        const char *name, *state; /* state NULL and no provider: ids and tags */
        bool provider, unread, groups_unread, no_default;
        const char *declared[3], *of_provider[3];
        const char *expected; /* NULL: not known */
    } rows[] = {
        {.name = "none of either", .expected = ""},
        {.name = "declared", .declared = {"sg-1", "sg-2"}, .expected = "sg-1 sg-2 "},
        {.name = "the provider's",
         .provider = true,
         .state = "Active",
         .of_provider = {"sg-3"},
         .expected = "sg-3 "},
        {.name = "both, each once",
         .provider = true,
         .state = "Active",
         .declared = {"sg-1", "sg-3"},
         .of_provider = {"sg-3", "sg-4"},
         .expected = "sg-1 sg-3 sg-4 "},
        {.name = "a provider without any",
         .provider = true,
         .state = "Active",
         .expected = "sg-default "},
        {.name = "a provider without any, declared ones",
         .provider = true,
         .state = "Pending",
         .declared = {"sg-1"},
         .expected = "sg-1 sg-default "},
        {.name = "the default one is not known",
         .provider = true,
         .state = "Active",
         .groups_unread = true,
         .expected = NULL},
        {.name = "the default one is not there",
         .provider = true,
         .state = "Active",
         .no_default = true,
         .expected = NULL},
        {.name = "the provider's need no list",
         .provider = true,
         .state = "Active",
         .of_provider = {"sg-3"},
         .groups_unread = true,
         .expected = "sg-3 "},
        {.name = "unread",
         .provider = true,
         .state = "Active",
         .unread = true,
         .declared = {"sg-1"},
         .of_provider = {"sg-3"},
         .expected = NULL},
        {.name = "a state that is new",
         .provider = true,
         .state = "Hibernating",
         .of_provider = {"sg-3"},
         .expected = NULL},
        {.name = "gone",
         .provider = true,
         .state = "Failed",
         .declared = {"sg-1"},
         .of_provider = {"sg-3"},
         .expected = "sg-1 "},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct subnet_group *group = vpc_group(vpc, "functions");
        const struct texts *groups;
        const char *text = "", *declared[3], *of_provider[3];

        memcpy(declared, rows[i].declared, sizeof(declared));
        memcpy(of_provider, rows[i].of_provider, sizeof(of_provider));
        if (!rows[i].no_default)
            add_default_group(vpc);
        group->security_groups.items = declared;
        while (declared[group->security_groups.n])
            group->security_groups.n++;
        if (rows[i].provider) {
            struct observed_capacity_provider *provider = provide(vpc, rows[i].state);

            provider->security_group_ids.items = of_provider;
            while (of_provider[provider->security_group_ids.n])
                provider->security_group_ids.n++;
        }
        vpc->observation.lists[LIST_CAPACITY_PROVIDERS].complete = !rows[i].unread;
        vpc->observation.lists[LIST_SECURITY_GROUPS].complete = !rows[i].groups_unread;
        vpc_snapshot(vpc);
        vpc->desired = resolve(vpc->arena, &vpc->target, vpc->snapshot, vpc->history);
        groups = desired_security_groups(vpc->desired, group);
        for (size_t k = 0; groups && k < groups->n; k++)
            text = arena_printf(vpc->arena, "%s%s ", text, groups->items[k]);
        if (!text_equal(groups ? text : NULL, rows[i].expected))
            fail_msg("%s: %s", rows[i].name, groups ? text : "not known");
    }
}

/* ---- a subnet that two providers share ---- */

static void lose_table(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
}

/* One table for two zones: each wants its own. */
static void share_table(struct vpc *vpc)
{
    lose_table(vpc);
    vpc_associate(vpc, "rtb-private-c", "subnet-private-a");
}

static size_t count_actions(void (*arrange)(struct vpc *vpc), unsigned n_groups,
                            enum ec2_action action)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    struct observed_capacity_provider *second;
    struct subnet_group *group;
    size_t n = 0;

    provide(vpc, "Active");
    if (n_groups > 1) {
        second = VEC_ADD(vpc->arena, &vpc->observation.capacity_providers);
        *second = vpc->observation.capacity_providers.items[0];
        second->name = "pay";
        group = vpc_add_group(vpc, "payments", "nat-gateway", "egress-only-internet-gateway");
        group->capacity_provider = "pay";
        group->services_said = true;
    }
    arrange(vpc);
    vpc_look(vpc);
    for (size_t i = 0; i < vpc->desired->n_groups; i++)
        assert_int_equal(vpc->desired->groups[i].n_subnets, 2);
    VEC_EACH (made, &vpc->plan->actions)
        n += made->call == action;
    return n;
}

/* Each group has it; its table is made, and associated, once. */
static void test_two_groups_of_one_subnet(void **state)
{
    static const struct {
        void (*arrange)(struct vpc *vpc);
        enum ec2_action action;
    } rows[] = {{lose_table, EC2_ASSOCIATE_ROUTE_TABLE}, {share_table, EC2_CREATE_ROUTE_TABLE}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        size_t one = count_actions(rows[i].arrange, 1, rows[i].action),
               two = count_actions(rows[i].arrange, 2, rows[i].action);

        if (one == 0 || two != one)
            fail_msg("row %zu: %zu of one group, %zu of two", i, one, two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_security_groups),
        cmocka_unit_test(test_two_groups_of_one_subnet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
