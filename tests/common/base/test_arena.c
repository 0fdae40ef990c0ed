/* Arenas and vectors. */
#include "vpc_reconciled/base.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static bool is_zero(const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i])
            return false;
    return true;
}

static void objects_are_zeroed_and_aligned(void **state)
{
    static const size_t sizes[] = {0,    1,    7,    8,     15,    16,    17,     100,
                                   8191, 8192, 8193, 32767, 32768, 32769, 1 << 20};
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    unsigned char *objects[ARRAY_SIZE(sizes)];
    (void)state;

    /* The second round after a reset finds the memory dirty. */
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
            objects[i] = arena_alloc(arena, sizes[i]);
            assert_int_equal((uintptr_t)objects[i] % _Alignof(max_align_t), 0);
            assert_true(is_zero(objects[i], sizes[i]));
            memset(objects[i], (int)i + 1, sizes[i]);
        }
        for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(objects[i][k], i + 1);
        arena_reset(arena);
    }
}

static void a_large_object_wastes_nothing(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    size_t before;
    (void)state;

    arena_alloc(arena, 16);
    before = arena_bytes(arena);
    for (int i = 0; i < 20; i++) {
        arena_alloc(arena, 100000);
        arena_alloc(arena, 16); /* still into the first block */
    }
    assert_true(arena_bytes(arena) - before < 20 * 100200);
}

static void reset_gives_the_memory_back(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    size_t before = arena_bytes(arena);
    (void)state;

    for (int i = 0; i < 1000; i++)
        arena_alloc(arena, 500);
    arena_alloc(arena, 1 << 20);
    assert_true(arena_bytes(arena) > before + (1 << 20));
    arena_reset(arena);
    assert_int_equal(arena_bytes(arena), before);
    memset(arena_alloc(arena, 500), 1, 500);
    assert_null(arena_free(NULL));
}

static void text_is_copied(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    char long_text[5000];
    (void)state;

    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = 0;
    assert_null(arena_strdup(arena, NULL));
    assert_string_equal(arena_strdup(arena, ""), "");
    assert_string_equal(arena_strndup(arena, "vpc-1", 3), "vpc");
    assert_string_equal(arena_strndup(arena, NULL, 0), "");
    assert_memory_equal(arena_memdup(arena, "a\0b", 3), "a\0b", 3);
    assert_non_null(arena_memdup(arena, NULL, 0));
    assert_string_equal(arena_printf(arena, "%s-%d", "subnet", 7), "subnet-7");
    assert_string_equal(arena_printf(arena, "%s", long_text), long_text);
}

static void vectors_keep_their_items(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    VEC(int) numbers = {0};
    int expected = 0;
    (void)state;

    VEC_EACH (number, &numbers)
        fail_msg("an empty vector has an item");
    for (int i = 0; i < 10000; i++) {
        int *number = VEC_ADD(arena, &numbers);

        assert_int_equal(*number, 0);
        *number = i;
    }
    assert_int_equal(numbers.n, 10000);
    VEC_EACH (number, &numbers)
        assert_int_equal(*number, expected++);
    assert_int_equal(expected, 10000);
}

static void overflow_aborts(void **state)
{
    pid_t child = fork();
    int status = 0;
    (void)state;

    assert_true(child >= 0);
    if (child == 0) {
        struct arena *arena = arena_new();

        /* What is left after the wrap would fit: 16 bytes for 2^60 items of 16. */
        if (!freopen("/dev/null", "w", stderr) || arena_alloc_array(arena, 16, SIZE_MAX / 16 + 2))
            _exit(0);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_zeroed_and_aligned),
        cmocka_unit_test(a_large_object_wastes_nothing),
        cmocka_unit_test(reset_gives_the_memory_back),
        cmocka_unit_test(text_is_copied),
        cmocka_unit_test(vectors_keep_their_items),
        cmocka_unit_test(overflow_aborts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
