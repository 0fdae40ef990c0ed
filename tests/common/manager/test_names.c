/* Lookups of services' names: when they are sent, and what their answers mean. */
#include "common/manager/names.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

#define NAME "logs.ap-northeast-1.api.aws"
#define MINUTE ((uint64_t)60000)

static const uint8_t global[16] = {0x26, 0x00, 0x1f}, ula[16] = {0xfd, 0x00}, nat64[16] = {0, 0x64};

struct answer { /* at this minute, NAME is asked for; then this comes */
    uint64_t minute;
    bool sent; /* is it looked up at all? */
    int r;
    const uint8_t *address;
    enum verdict then;
};

static void run(const char *name, const struct answer *answers, size_t n)
{
    struct service_names names = {0};
    struct effects effects = {0};
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct rng rng = {1};
    uint64_t next_id = 1;
    struct outlet outlet = {&effects, arena, &next_id, &rng};

    for (size_t i = 0; i < n; i++) {
        struct instant now = {.monotonic_ms = answers[i].minute * MINUTE};
        struct input input = {.kind = INPUT_NAME, .now = now, .r = answers[i].r};

        effects.n = 0;
        names_look(&names, &outlet, now, NAME);
        if ((effects.n == 1) != answers[i].sent)
            fail_msg("%s, row %zu: %zu lookups", name, i, effects.n);
        names_look(&names, &outlet, now, NAME);
        assert_int_equal(effects.n, answers[i].sent); /* one at a time */
        if (answers[i].sent) {
            assert_int_equal(effects.items[0].kind, EFFECT_RESOLVE_NAME);
            assert_string_equal(effects.items[0].name, NAME);
            input.id = effects.items[0].id;
            input.bytes = answers[i].address;
            input.n = answers[i].address ? 16 : 0;
            assert_true(names_feed(&names, &input));
            assert_false(names_feed(&names, &input)); /* answered once */
        }
        if (names_ipv6(&names, NAME) != answers[i].then)
            fail_msg("%s, row %zu: verdict %d", name, i, (int)names_ipv6(&names, NAME));
    }
    assert_int_equal(names_ipv6(&names, "xray.ap-northeast-1.api.aws"), VERDICT_UNKNOWN);
    names_clear(&names);
    free(effects.items);
}

#define RUN(name, ...)                                                                             \
    run(name, (const struct answer[]){__VA_ARGS__},                                                \
        ARRAY_SIZE(((const struct answer[]){__VA_ARGS__})))

static void test_answers(void **state)
{
    (void)state;
    RUN("a public address", {0, true, 0, global, VERDICT_YES}, {59, false, 0, NULL, VERDICT_YES},
        {60, true, 0, global, VERDICT_YES});
    RUN("none, twice an hour apart", {0, true, -ENODATA, NULL, VERDICT_UNKNOWN},
        {59, false, 0, NULL, VERDICT_UNKNOWN}, {60, true, -ENODATA, NULL, VERDICT_NO},
        {120, true, 0, global, VERDICT_YES});
    RUN("none once", {0, true, -ENODATA, NULL, VERDICT_UNKNOWN}, {60, true, 0, global, VERDICT_YES},
        {120, true, -ENODATA, NULL, VERDICT_UNKNOWN}, {180, true, -ENODATA, NULL, VERDICT_NO});
    RUN("no such name", {0, true, -ENOENT, NULL, VERDICT_UNKNOWN},
        {9, false, 0, NULL, VERDICT_UNKNOWN}, {10, true, -ENOENT, NULL, VERDICT_UNKNOWN},
        {90, true, -ENOENT, NULL, VERDICT_UNKNOWN}, {180, true, -ENOENT, NULL, VERDICT_UNKNOWN});
    RUN("private addresses alone", {0, true, 0, ula, VERDICT_UNKNOWN},
        {70, true, 0, nat64, VERDICT_UNKNOWN}, {140, true, 0, ula, VERDICT_UNKNOWN});
    RUN("a failure says nothing", {0, true, -ENODATA, NULL, VERDICT_UNKNOWN},
        {60, true, -EAGAIN, NULL, VERDICT_UNKNOWN}, {120, true, -ENODATA, NULL, VERDICT_NO},
        {180, true, -EAGAIN, NULL, VERDICT_NO}, {240, true, 0, ula, VERDICT_NO},
        {300, true, 0, global, VERDICT_YES}, {360, true, -ENOENT, NULL, VERDICT_YES});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
