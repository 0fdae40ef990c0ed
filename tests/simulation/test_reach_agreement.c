/* reach() against the packet-by-packet evaluator of tests/support, on random worlds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h> /* after those three, as it wants */

#include "support/brute_reach.h"
#include "vpc_reconciled/reach.h"

#ifdef SANITIZED
#define TRIALS 10000
#else
#define TRIALS 100000
#endif
#define SEED 20261124

static struct reach_query query_of(struct brute_question *question)
{
    struct reach_query query = {.subnet_id = question->subnet,
                                .network_interface_id = question->interface,
                                .security_group_ids = {question->groups, question->n_groups},
                                .destination = question->to == BRUTE_INTERNET  ? REACH_INTERNET
                                               : question->to == BRUTE_SERVICE ? REACH_SERVICE
                                                                               : REACH_CIDR,
                                .family = question->ipv6 ? FAMILY_IPV6 : FAMILY_IPV4,
                                .protocol = question->udp ? "udp" : "tcp",
                                .port = (uint16_t)question->port,
                                .nat64 = question->nat64,
                                .cidr = question->block,
                                .service_name = question->service,
                                .service_has_ipv6 = question->service_has_ipv6 < 0 ? WIRE_ABSENT
                                                    : question->service_has_ipv6   ? WIRE_TRUE
                                                                                   : WIRE_FALSE};

    return query;
}

static void print_answer(uint64_t seed, const struct brute_question *question,
                         const struct reach_answer *answer, enum brute brute)
{
    static const char *const words[] = {"no", "unknown", "yes"};

    print_message("seed %llu: %s %s to %d %s%s%s: reach says %s, packets say %s\n",
                  (unsigned long long)seed, question->subnet,
                  question->interface ? question->interface : "", question->to,
                  question->service ? question->service : "", question->ipv6 ? " IPv6" : "",
                  question->nat64 ? " NAT64" : "", words[answer->verdict], words[brute]);
    for (size_t i = 0; i < answer->n_steps; i++)
        print_message("  %-8s %s: %s\n", words[answer->steps[i].verdict],
                      reach_layer_name(answer->steps[i].layer), answer->steps[i].text);
}

static unsigned counts[REACH_LAYER_COUNT][3], verdicts[3];

static void count(const struct reach_answer *answer)
{
    const struct reach_step *step = reach_broken_step(answer);

    verdicts[answer->verdict]++;
    if (step)
        counts[step->layer][step->verdict]++;
    for (size_t i = 0; i < answer->n_steps; i++)
        if (answer->verdict == VERDICT_YES)
            counts[answer->steps[i].layer][VERDICT_YES]++;
}

static bool trial(struct arena *arena, uint64_t seed)
{
    struct brute_trial trial = brute_trial_new(arena, seed);
    struct snapshot *snapshot = snapshot_new(arena, trial.world, "vpc-1", "owner");
    struct reach_query query = query_of(&trial.question);
    struct reach_answer answer;
    enum brute brute;

    assert_non_null(snapshot);
    answer = reach(arena, snapshot, &query);
    brute = brute_reach(trial.world, "vpc-1", &trial.question);
    count(&answer);
    if ((int)answer.verdict == (int)brute)
        return true;
    print_answer(seed, &trial.question, &answer, brute);
    return false;
}

/* What no world can make: a layer that is never a no, or never unknown. */
static bool may_be(enum reach_layer layer, enum verdict verdict)
{
    static const struct {
        enum reach_layer layer;
        enum verdict never;
    } rows[] = {
        {REACH_LAYER_ASSOCIATION, VERDICT_NO},
        {REACH_LAYER_ENDPOINT_POLICY, VERDICT_NO},
        {REACH_LAYER_ENCRYPTION_CONTROL, VERDICT_NO},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (rows[i].layer == layer && rows[i].never == verdict)
            return false;
    return true;
}

static void test_agreement(void **state)
{
    const char *from = getenv("REACH_SEED");
    uint64_t first = from ? strtoull(from, NULL, 10) : SEED;
    unsigned wrong = 0;

    (void)state;
    print_message("seeds %llu to %llu\n", (unsigned long long)first,
                  (unsigned long long)first + TRIALS - 1);
    for (uint64_t seed = first; seed < first + TRIALS && wrong < 10; seed++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();

        wrong += !trial(arena, seed);
    }
    assert_int_equal(wrong, 0);
    for (size_t layer = 0; layer < REACH_LAYER_COUNT; layer++)
        for (size_t v = 0; v < 3; v++)
            if (counts[layer][v] == 0 && may_be((enum reach_layer)layer, (enum verdict)v))
                fail_msg("%s was never what decides as %zu",
                         reach_layer_name((enum reach_layer)layer), v);
    print_message("no %u, unknown %u, yes %u\n", verdicts[0], verdicts[1], verdicts[2]);
    assert_true(verdicts[0] > TRIALS / 20 && verdicts[1] > TRIALS / 20 &&
                verdicts[2] > TRIALS / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agreement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
