/* What AWS, or something that answers in its place, may send: no reply of these makes the daemon
 * write on half a picture, and once it is over the world is whole (safety.md 2 and 4, "faults"). */
#include "support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Under sanitizers, which are slow, each fault is tried at every third call, each at other ones;
 * the release build tries them all. */
#ifdef SANITIZED
#define STRIDE 3
#else
#define STRIDE 1
#endif

static void break_world(struct trial *trial, const struct trial_world *world)
{
    trial_call(trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", world->eigw));
    trial_call(
        trial, "DeleteRoute",
        trial_text("RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0", world->public_table));
}

static uint64_t calls_so_far(const struct trial *trial)
{
    uint64_t n = 0;

    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        n += simulator_calls(trial->simulator, (enum ec2_action)i);
    return n;
}

static unsigned count_text(const char *text, const char *part)
{
    unsigned n = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        n++;
    return n;
}

/* Replies that are no replies: with every call answered so, nothing is known and nothing is sent.
 */
static void test_every_reply_bad(void **state)
{
    static const char *const faults[] = {
        "truncated-xml", "html-200",      "error-200",   "other-action",   "empty-body",
        "dtd",           "html-500",      "unavailable", "internal-error", "request-limit-exceeded",
        "auth-failure",  "expired-token",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
        struct trial_world world;
        CLEANUP(trial_freep)
        struct trial *trial = trial_new(5);
        uint64_t first, changes;
        int code;

        trial_build_world(trial, &world, 0);
        trial->config_text = trial_world_config(&world, 0, ", \"repair\": {\"*\": \"auto\"}");
        break_world(trial, &world);
        first = calls_so_far(trial);
        changes = simulator_mutating_calls(trial->simulator);
        for (uint64_t call = 1; call <= 500; call++)
            assert_int_equal(simulator_add_fault(trial->simulator, first + call, faults[i]), 0);
        code = trial_once(trial);
        if (code != MANAGER_UNKNOWN || simulator_mutating_calls(trial->simulator) != changes) {
            trial_print_events(trial);
            fail_msg("%s: exit %d, %llu mutating calls", faults[i], code,
                     (unsigned long long)(simulator_mutating_calls(trial->simulator) - changes));
        }
        assert_true(trial_count(trial, EVENT_FINDING_HELD, "observation-incomplete") > 0);
    }
}

/* All but GetCallerIdentity: the account is known, and every list is bad. */
static void test_every_list_bad(void **state)
{
    static const char *const faults[] = {
        "truncated-xml", "html-200",     "error-200",       "other-action",          "empty-body",
        "dtd",           "missing-list", "next-token-loop", "unauthorized-operation"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
        struct trial_world world;
        CLEANUP(trial_freep)
        struct trial *trial = trial_new(5);
        uint64_t first, changes;
        int code;

        trial_build_world(trial, &world, 0);
        trial->config_text = trial_world_config(&world, 0, ", \"repair\": {\"*\": \"auto\"}");
        break_world(trial, &world);
        first = calls_so_far(trial) + 1;
        changes = simulator_mutating_calls(trial->simulator);
        for (uint64_t call = 1; call <= 500; call++)
            assert_int_equal(simulator_add_fault(trial->simulator, first + call, faults[i]), 0);
        code = trial_once(trial);
        if (code != MANAGER_UNKNOWN || simulator_mutating_calls(trial->simulator) != changes) {
            trial_print_events(trial);
            fail_msg("%s: exit %d, %llu mutating calls", faults[i], code,
                     (unsigned long long)(simulator_mutating_calls(trial->simulator) - changes));
        }
    }
}

/* One call of a run goes wrong, for every call and every fault. The same run, or the next, ends in
 * sync; nothing is made twice, and no bystander is touched. */
static void test_each_fault_at_each_call(void **state)
{
    (void)state;
    for (size_t f = 0; f < simulator_n_fault_names; f++)
        for (uint64_t at = 1 + f % STRIDE; at <= 40; at += STRIDE) {
            struct trial_world world;
            CLEANUP(trial_freep)
            struct trial *trial = trial_new(5);
            CLEANUP(buf_free)
            struct buf text = {0};
            uint64_t first;
            int code;

            trial_build_world(trial, &world, 0);
            trial->config_text = trial_world_config(&world, 0, "");
            break_world(trial, &world);
            first = calls_so_far(trial);
            assert_int_equal(
                simulator_add_fault(trial->simulator, first + at, simulator_fault_names[f]), 0);
            code = trial_once(trial);
            if (code != MANAGER_IN_SYNC) {
                trial->now.monotonic_ms += 900000; /* what failed for good rests for ten minutes */
                trial->now.wall_ms += 900000;
                code = trial_once(trial);
            }
            trial_dump(trial, &text);
            if (code != MANAGER_IN_SYNC ||
                simulator_calls(trial->simulator, EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY) > 4 ||
                count_text(strstr(buf_string(&text), "egressOnlyInternetGatewaySet"),
                           "\"attachmentSet\"") != 2 ||
                !strstr(buf_string(&text), world.foreign_eigw)) {
                trial_print_events(trial);
                fail_msg("%s at call %llu: exit %d", simulator_fault_names[f],
                         (unsigned long long)at, code);
            }
        }
}

/* The transport's ends: whatever was carried out or not, the end is the same. */
static void test_each_transport_end_at_each_call(void **state)
{
    static const struct {
        const char *name;
        int r;
        enum sent sent;
        bool carried_out;
    } ends[] = {
        {"refused", -ECONNREFUSED, SENT_NO, false},
        {"reset, not carried out", -ECONNRESET, SENT_MAYBE, false},
        {"reset, carried out", -ECONNRESET, SENT_MAYBE, true},
        {"timeout, carried out", -ETIMEDOUT, SENT_MAYBE, true},
        {"too large", -EFBIG, SENT_YES, true},
    };

    (void)state;
    for (size_t e = 0; e < ARRAY_SIZE(ends); e++)
        for (uint64_t at = 1 + e % STRIDE; at <= 40; at += STRIDE) {
            struct trial_world world;
            CLEANUP(trial_freep)
            struct trial *trial = trial_new(5);
            int code;

            trial_build_world(trial, &world, 0);
            trial->config_text = trial_world_config(&world, 0, "");
            break_world(trial, &world);
            trial->fail_request = at;
            trial->fail_r = ends[e].r;
            trial->fail_sent = ends[e].sent;
            trial->fail_carried_out = ends[e].carried_out;
            code = trial_once(trial);
            if (code != MANAGER_IN_SYNC ||
                simulator_calls(trial->simulator, EC2_CREATE_ROUTE) > 8 + 1 + 1) {
                trial_print_events(trial);
                fail_msg("%s at request %llu: exit %d", ends[e].name, (unsigned long long)at, code);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_reply_bad),
        cmocka_unit_test(test_every_list_bad),
        cmocka_unit_test(test_each_fault_at_each_call),
        cmocka_unit_test(test_each_transport_end_at_each_call),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
