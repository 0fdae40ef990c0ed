#include "vpc_reconciled/base.h"

#include <stdio.h>
#include <stdlib.h>

#define BLOCK_SIZE ((size_t)32 << 10)
#define LARGE_SIZE (BLOCK_SIZE / 4)

/* The sanitizer build sees one object of an arena run into the next, and what outlives a reset. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define ARENA_GUARDS 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define ARENA_GUARDS 1
#endif
#ifdef ARENA_GUARDS
#include <sanitizer/asan_interface.h>
#define GUARD_SIZE _Alignof(max_align_t)
#define guard(at, n) ASAN_POISON_MEMORY_REGION(at, n)
#define unguard(at, n) ASAN_UNPOISON_MEMORY_REGION(at, n)
#else
#define GUARD_SIZE ((size_t)0)
#define guard(at, n) ((void)0)
#define unguard(at, n) ((void)0)
#endif

struct block {
    struct block *next;
    size_t size, used;
    max_align_t data[];
};

struct arena {
    struct block *first, *current;
    size_t bytes;
    bool secret;
};

/* Goes after the block `before`, or is the first one. */
static struct block *block_new(struct arena *arena, struct block *before, size_t size)
{
    struct block *block = malloc(sizeof(*block) + size);

    if (!block)
        abort();
    block->next = NULL;
    block->size = size;
    block->used = 0;
    if (before) {
        block->next = before->next;
        before->next = block;
    }
    guard(block->data, size);
    arena->bytes += sizeof(*block) + size;
    return block;
}

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof(*arena));

    if (!arena)
        abort();
    arena->first = arena->current = block_new(arena, NULL, BLOCK_SIZE);
    return arena;
}

struct arena *arena_new_secret(void)
{
    struct arena *arena = arena_new();

    arena->secret = true;
    return arena;
}

static void wipe(const struct arena *arena, struct block *block)
{
    if (!arena->secret)
        return;
    unguard(block->data, block->size);
    secret_wipe(block->data, block->used);
}

static void blocks_free(struct arena *arena, struct block *block)
{
    while (block) {
        struct block *next = block->next;

        arena->bytes -= sizeof(*block) + block->size;
        wipe(arena, block);
        unguard(block->data, block->size);
        free(block);
        block = next;
    }
}

struct arena *arena_free(struct arena *arena)
{
    if (arena) {
        blocks_free(arena, arena->first);
        free(arena);
    }
    return NULL;
}

void arena_freep(struct arena **arena)
{
    *arena = arena_free(*arena);
}

void arena_reset(struct arena *arena)
{
    blocks_free(arena, arena->first->next);
    wipe(arena, arena->first);
    arena->first->next = NULL;
    arena->first->used = 0;
    arena->current = arena->first;
    guard(arena->first->data, arena->first->size);
}

size_t arena_bytes(const struct arena *arena)
{
    return arena->bytes;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    struct block *block = arena->current;
    size_t taken;
    char *at;

    if (size > SIZE_MAX / 2)
        abort();
    taken = (size + align - 1) / align * align + GUARD_SIZE;
    if (block->size - block->used < taken) {
        if (taken > LARGE_SIZE) {
            /* It gets a block of its own; small objects go on filling the current one. */
            block = block_new(arena, block, taken);
        } else {
            block = block_new(arena, block, BLOCK_SIZE);
            arena->current = block;
        }
    }
    at = (char *)block->data + block->used;
    block->used += taken;
    unguard(at, size);
    memset(at, 0, size);
    return at;
}

void *arena_alloc_array(struct arena *arena, size_t size, size_t n)
{
    size_t bytes;

    if (__builtin_mul_overflow(size, n, &bytes))
        abort();
    return arena_alloc(arena, bytes);
}

char *arena_strndup(struct arena *arena, const char *text, size_t n)
{
    char *copy = arena_alloc(arena, n + 1);

    if (n)
        memcpy(copy, text, n);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

void *arena_memdup(struct arena *arena, const void *bytes, size_t n)
{
    void *copy = arena_alloc(arena, n ? n : 1);

    if (n)
        memcpy(copy, bytes, n);
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    char *text;
    int n;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(n >= 0);
    text = arena_alloc(arena, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

void vec_grow_(struct arena *arena, void *vec, size_t item_size)
{
    VEC(char) *any = vec;
    size_t reserved;
    char *items;

    if (any->n < any->reserved)
        return;
    reserved = any->reserved ? any->reserved * 2 : 4;
    items = arena_alloc_array(arena, item_size, reserved);
    if (any->n)
        memcpy(items, any->items, any->n * item_size);
    any->items = items;
    any->reserved = reserved;
}
