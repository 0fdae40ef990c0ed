/* What holds for every action before the guard alone: S5, S8, S15. */
#include "gateway_actions.h"
#include "nat_actions.h"

#define NEEDS_VPC (NEEDS(VPCS) | NEEDS(SUBNETS))
#define NEEDS_ROUTE                                                                                \
    (NEEDS_VPC | NEEDS(ROUTE_TABLES) | NEEDS(INTERNET_GATEWAYS) |                                  \
     NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) | NEEDS(NAT_GATEWAYS))
#define NEEDS_NAT (NEEDS_ROUTE | NEEDS(ADDRESSES) | NEEDS(AVAILABILITY_ZONES))

static void lost_route(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void wrong_route(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "nat-c");
}

/* Each action that may be sent at all, in a world where it may, and the lists that it rests on. */
static const struct sendable {
    void (*arrange)(struct vpc *vpc);
    struct plan_action (*action)(void);
    unsigned needs;
} sendable[] = {
    {no_igw, create_igw, NEEDS_VPC | NEEDS(INTERNET_GATEWAYS)},
    {igw_ours, attach_igw, NEEDS_VPC | NEEDS(INTERNET_GATEWAYS)},
    {no_eigw, create_eigw, NEEDS_VPC | NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS)},
    {lost_route, create_route, NEEDS_ROUTE},
    {wrong_route, replace_route, NEEDS_ROUTE},
    {lost_association, associate, NEEDS_ROUTE},
    {nat_gone, allocate_address, NEEDS_NAT},
    {nat_gone_address_free, create_nat_gateway, NEEDS_NAT},
    {table_shared, create_route_table, NEEDS_NAT},
    {copy_made, copy_a_route, NEEDS_ROUTE},
    {copy_whole, move_to_the_copy, NEEDS_NAT},
};

static void test_s5_lists(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sendable); i++)
        for (size_t list = 0; list < LIST_COUNT; list++) {
            CLEANUP(vpc_freep)
            struct vpc *vpc = vpc_new();
            struct plan_action action = sendable[i].action();
            bool needed = sendable[i].needs & (1U << list);
            const char *reason;
            enum hold hold;

            sendable[i].arrange(vpc);
            vpc_look(vpc);
            assert_int_equal(vpc_judge(vpc, &action, &reason), HOLD_NONE);
            vpc->snapshot->complete &= ~(1U << list);
            hold = vpc_judge(vpc, &action, &reason);
            /* What the action's row does not need may still be asked for by its judge. */
            if (needed ? hold != HOLD_UNKNOWN : hold != HOLD_NONE && hold != HOLD_UNKNOWN)
                fail_msg("%s without the %s: \"%s\"", ec2_action_table[action.call].name,
                         observed_list_name((enum observed_list)list), hold_name(hold));
        }
}

static void test_s5_pass_and_age(void **state)
{
    static const struct {
        const char *name;
        uint64_t pass;
        int64_t later_ms;
        enum hold hold;
    } rows[] = {
        {"now", 7, 0, HOLD_NONE},
        {"two minutes old", 7, 120000, HOLD_NONE},
        {"older", 7, 120001, HOLD_UNKNOWN},
        {"an hour old", 7, 3600000, HOLD_UNKNOWN},
        {"from the future", 7, -1, HOLD_UNKNOWN},
        {"of the pass before", 8, 0, HOLD_UNKNOWN},
        {"of a later pass", 6, 0, HOLD_UNKNOWN},
        {"of no pass", 0, 0, HOLD_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sendable); i++)
        for (size_t k = 0; k < ARRAY_SIZE(rows); k++) {
            CLEANUP(vpc_freep)
            struct vpc *vpc = vpc_new();
            struct plan_action action = sendable[i].action();
            struct guard_policy policy;
            const char *reason = NULL;

            sendable[i].arrange(vpc);
            vpc_look(vpc);
            policy = vpc_policy(vpc);
            policy.pass = rows[k].pass;
            policy.now.monotonic_ms += (uint64_t)rows[k].later_ms;
            if (guard_action(vpc->arena, &action, vpc->desired, vpc->snapshot, &policy, &reason) !=
                rows[k].hold)
                fail_msg("%s, %s", ec2_action_table[action.call].name, rows[k].name);
        }
}

static void test_s15_observe_mode(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sendable); i++)
        for (unsigned why = 0; why < 3; why++) {
            CLEANUP(vpc_freep)
            struct vpc *vpc = vpc_new();
            struct plan_action action = sendable[i].action();
            struct guard_policy policy;
            const char *reason = NULL;

            sendable[i].arrange(vpc);
            if (why == 0)
                vpc->target.repair_mode = false;
            if (why == 1)
                vpc->target.observe_because = "change_windows";
            vpc_look(vpc);
            policy = vpc_policy(vpc);
            policy.observe_only = why == 2;
            if (guard_action(vpc->arena, &action, vpc->desired, vpc->snapshot, &policy, &reason) !=
                    HOLD_OBSERVE ||
                !reason)
                fail_msg("%s, %u", ec2_action_table[action.call].name, why);
        }
}

/* Judged in test files of their own. */
static const enum ec2_action judged_elsewhere[] = {
    /* test_guard_subnets.c */
    EC2_CREATE_SUBNET,
    EC2_MODIFY_SUBNET_ATTRIBUTE,
    EC2_ASSOCIATE_VPC_CIDR_BLOCK,
    EC2_ASSOCIATE_SUBNET_CIDR_BLOCK,
    EC2_ASSOCIATE_ADDRESS,
    /* test_guard_outbound.c */
    EC2_AUTHORIZE_SECURITY_GROUP_EGRESS,
    /* test_guard_endpoints.c */
    EC2_CREATE_VPC_ENDPOINT,
    EC2_MODIFY_VPC_ENDPOINT,
    EC2_AUTHORIZE_SECURITY_GROUP_INGRESS,
    EC2_MODIFY_VPC_ATTRIBUTE,
};

static bool has_a_test_of_its_own(enum ec2_action call)
{
    for (size_t i = 0; i < ARRAY_SIZE(judged_elsewhere); i++)
        if (judged_elsewhere[i] == call)
            return true;
    return false;
}

/* S8, and S2 for whatever this version has no judge for: only these may ever be sent. */
static void test_s8_only_the_list(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    unsigned n_refused = 0;

    (void)state;
    vpc_look(vpc);
    for (size_t call = 0; call < EC2_ACTION_COUNT; call++) {
        struct plan_action action = {.call = (enum ec2_action)call,
                                     .request = {.vpc_id = "vpc-1",
                                                 .subnet_id = "subnet-private-a",
                                                 .route_table_id = "rtb-private-a",
                                                 .internet_gateway_id = "igw-1",
                                                 .egress_only_internet_gateway_id = "eigw-1",
                                                 .nat_gateway_id = "nat-a",
                                                 .allocation_id = "eipalloc-1",
                                                 .association_id = "rtbassoc-subnet-private-a",
                                                 .network_interface_id = "eni-private",
                                                 .destination_cidr_block = PREFIX_IPV4_DEFAULT}};
        bool listed = false;
        const char *reason;

        for (size_t i = 0; i < ARRAY_SIZE(sendable); i++)
            listed |= sendable[i].action().call == call;
        if (listed || has_a_test_of_its_own(action.call))
            continue;
        n_refused++;
        if (vpc_judge(vpc, &action, &reason) != HOLD_NOT_OURS || !strstr(reason, "never sent"))
            fail_msg("%s was let through", ec2_action_table[call].name);
    }
    assert_int_equal(n_refused, EC2_ACTION_COUNT - 10 - ARRAY_SIZE(judged_elsewhere));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_s5_lists),
        cmocka_unit_test(test_s5_pass_and_age),
        cmocka_unit_test(test_s15_observe_mode),
        cmocka_unit_test(test_s8_only_the_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
