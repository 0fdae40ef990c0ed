/* The hostile planner (safety.md 4): random actions on random worlds in the planner's place. What
 * the guard lets through is held against a small oracle of its own: it reads EC2's structs and the
 * config, follows paths before and after the call, and shares no rule with the product. */
#include "hostile_oracle.h"
#include "hostile_plan.h"

#define ROUNDS 100000

static void test_hostile_planner(void **state)
{
    struct rng rng = {20261124};
    unsigned let_through[EC2_ACTION_COUNT] = {0}, n_refused_right = 0;

    (void)state;
    for (unsigned world = 0; world < ROUNDS / 40; world++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        uint64_t seed = rng.state;

        random_world(vpc, &rng);
        vpc_look(vpc);
        for (unsigned i = 0; i < 40; i++) {
            unsigned complete = vpc->snapshot->complete;
            struct plan_action action = random_action(vpc, &rng);
            struct guard_policy policy = random_policy(vpc, &rng);
            const char *reason = NULL, *why = forbidden(vpc, &action, &policy);
            enum hold hold =
                guard_action(vpc->arena, &action, vpc->desired, vpc->snapshot, &policy, &reason);

            if (hold == HOLD_NONE && why)
                fail_msg("seed %llu, action %u: %s was let through: %s", (unsigned long long)seed,
                         i, plan_action_text(vpc->arena, &action), why);
            let_through[action.call] += hold == HOLD_NONE;
            n_refused_right += why != NULL;
            vpc->snapshot->complete = complete;
        }
    }
    /* The generator must reach what may run as well, or it shows nothing. */
    assert_true(let_through[EC2_CREATE_ROUTE] > 50);
    assert_true(let_through[EC2_REPLACE_ROUTE] > 50);
    assert_true(let_through[EC2_ASSOCIATE_ROUTE_TABLE] > 20);
    assert_true(let_through[EC2_CREATE_INTERNET_GATEWAY] > 20);
    assert_true(let_through[EC2_ATTACH_INTERNET_GATEWAY] > 10);
    assert_true(let_through[EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY] > 20);
    assert_true(let_through[EC2_ALLOCATE_ADDRESS] > 20);
    assert_true(let_through[EC2_CREATE_NAT_GATEWAY] > 20);
    assert_true(let_through[EC2_CREATE_ROUTE_TABLE] > 20);
    assert_true(let_through[EC2_REPLACE_ROUTE_TABLE_ASSOCIATION] > 20);
    assert_true(n_refused_right > ROUNDS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_planner),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
