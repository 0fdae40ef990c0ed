/* heap_watch.h - searches whatever goes back to the allocator for secrets (safety.md S11), in
 * libraries as well. For one test program: it stands in for its allocator. */
#pragma once

#include "vpc_reconciled/base.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

static struct {
    const void *bytes;
    size_t n;
} needles[8];
static size_t n_needles;
static bool watching;
static unsigned n_found;

static void look(const void *memory, size_t n)
{
    for (size_t i = 0; i < n_needles; i++)
        if (memmem(memory, n, needles[i].bytes, needles[i].n))
            n_found++;
}

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define WITH_ASAN 1
#endif

#ifdef WITH_ASAN
/* clang's <sanitizer/allocator_interface.h>, which gcc has not, though its ASan has these
 * functions. */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *memory);

static void on_malloc(const volatile void *memory, size_t n)
{
    (void)memory;
    (void)n;
}

static void on_free(const volatile void *memory)
{
    const void *at = (const void *)(uintptr_t)memory; /* nobody writes it meanwhile */

    if (watching && at)
        look(at, __sanitizer_get_allocated_size(memory));
}

static void watch_heap(void)
{
    assert_true(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) > 0);
}
#else
/* glibc lets a program stand in for its allocator (its manual, "Replacing malloc"). */
void *__libc_malloc(size_t n);
void __libc_free(void *memory);

void free(void *memory)
{
    if (watching && memory)
        look(memory, malloc_usable_size(memory));
    __libc_free(memory);
}

void *realloc(void *memory, size_t n)
{
    void *moved = __libc_malloc(n);

    if (moved && memory) {
        size_t had = malloc_usable_size(memory);

        memcpy(moved, memory, had < n ? had : n);
        free(memory);
    }
    return moved;
}

static void watch_heap(void)
{
}
#endif

static inline void watch_for(const void *bytes, size_t n)
{
    assert_true(n_needles < ARRAY_SIZE(needles));
    needles[n_needles].bytes = bytes;
    needles[n_needles++].n = n;
}

static inline int watch_start(void **state)
{
    (void)state;
    n_found = 0;
    watching = true;
    return 0;
}

static inline int watch_stop(void **state)
{
    (void)state;
    watching = false;
    return 0;
}
