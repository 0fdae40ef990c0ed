/* The process state is thrown away at each cut around every write and every mutating call, and the
 * daemon is started again: the end is that of an undisturbed run, and nothing is made twice
 * (safety.md 4, S14). */
#include "support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct ending { /* what there is, modulo ids */
    uint64_t changes[EC2_ACTION_COUNT];
    unsigned internet_gateways, egress_only_internet_gateways, route_tables, routes;
};

static unsigned count_text(const char *text, const char *part)
{
    unsigned n = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        n++;
    return n;
}

static struct ending ending_of(struct trial *trial, const uint64_t before[EC2_ACTION_COUNT])
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct ending ending = {0};

    trial_dump(trial, &text);
    ending.internet_gateways = count_text(buf_string(&text), "\"internetGatewayId\"");
    ending.egress_only_internet_gateways =
        count_text(strstr(buf_string(&text), "egressOnlyInternetGatewaySet"), "\"attachmentSet\"");
    ending.route_tables = count_text(buf_string(&text), "\"routeSet\"");
    ending.routes = count_text(buf_string(&text), "\"origin\"");
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        if (ec2_action_table[i].mutates)
            ending.changes[i] = simulator_calls(trial->simulator, (enum ec2_action)i) - before[i];
    return ending;
}

static void break_egress(struct trial *trial, const struct trial_world *world)
{
    trial_call(trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", world->eigw));
    trial_call(
        trial, "DeleteRoute",
        trial_text("RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0", world->public_table));
}

static void break_internet_gateway(struct trial *trial, const struct trial_world *world)
{
    trial_call(trial, "DetachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", world->igw, world->vpc));
    trial_call(trial, "DeleteInternetGateway", trial_text("InternetGatewayId=%s", world->igw));
}

static const struct kill_case {
    const char *name;
    void (*break_it)(struct trial *trial, const struct trial_world *world);
    unsigned world;
} cases[] = {
    {"egress-only gateway and a route", break_egress, 0},
    {"internet gateway", break_internet_gateway, WORLD_WITHOUT_NAT},
};

/* True while the cut was reached. */
static bool run(const struct kill_case *row, enum trial_cut cut, unsigned at, bool lose_history,
                struct ending *ret_ending)
{
    struct trial_world world;
    CLEANUP(trial_freep)
    struct trial *trial = trial_new(11);
    uint64_t before[EC2_ACTION_COUNT];
    bool killed;
    int code;

    trial_build_world(trial, &world, row->world);
    trial->config_text = trial_world_config(&world, row->world, "");
    assert_int_equal(trial_once(trial), MANAGER_IN_SYNC);
    row->break_it(trial, &world);
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        before[i] = simulator_calls(trial->simulator, (enum ec2_action)i);
    trial->cut = cut;
    trial->cut_at = at;
    code = trial_once(trial);
    killed = trial->killed;
    if (killed) {
        trial->cut = CUT_NONE;
        if (lose_history)
            trial_set_file(trial, MANAGER_HISTORY_FILE, NULL);
        code = trial_once(trial);
    }
    if (code != MANAGER_IN_SYNC) {
        trial_print_events(trial);
        fail_msg("%s, cut %d at %u: ended with %d", row->name, cut, at, code);
    }
    *ret_ending = ending_of(trial, before);
    return killed;
}

static void assert_same(const struct kill_case *row, enum trial_cut cut, unsigned at,
                        const struct ending *reference, const struct ending *ending)
{
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        if (reference->changes[i] != ending->changes[i])
            fail_msg("%s, cut %d at %u: %s %llu times, undisturbed %llu", row->name, cut, at,
                     ec2_action_table[i].name, (unsigned long long)ending->changes[i],
                     (unsigned long long)reference->changes[i]);
    if (memcmp(reference, ending, sizeof(*reference)) != 0)
        fail_msg("%s, cut %d at %u: another world than undisturbed", row->name, cut, at);
}

static void kill_everywhere(bool lose_history)
{
    unsigned n_killed = 0;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct ending reference, ending;

        assert_false(run(&cases[i], CUT_NONE, 0, false, &reference));
        for (int cut = CUT_BEFORE_APPEND; cut <= CUT_AFTER_CALL; cut++)
            for (unsigned at = 1; run(&cases[i], (enum trial_cut)cut, at, lose_history, &ending);
                 at++) {
                assert_same(&cases[i], (enum trial_cut)cut, at, &reference, &ending);
                n_killed++;
            }
    }
    /* Five changes in the first case and four in the second, each with its cuts. */
    assert_true(n_killed >= 2 * 9 + 9);
}

static void test_killed_at_every_cut(void **state)
{
    (void)state;
    kill_everywhere(false);
}

static void test_killed_at_every_cut_and_the_history_lost(void **state)
{
    (void)state;
    kill_everywhere(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_at_every_cut),
        cmocka_unit_test(test_killed_at_every_cut_and_the_history_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
