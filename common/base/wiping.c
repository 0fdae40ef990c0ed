#include "vpc_reconciled/base.h"

#include <stdlib.h>

/* The size stands before the memory: what malloc_usable_size() says may not be written to. */
struct head {
    size_t n;
    max_align_t memory[];
};

static struct head *head_of(void *memory)
{
    return (struct head *)(void *)((char *)memory - offsetof(struct head, memory));
}

void *wiping_malloc(size_t n)
{
    struct head *head = n > SIZE_MAX - sizeof(*head) ? NULL : malloc(sizeof(*head) + n);

    if (!head)
        return NULL;
    head->n = n;
    return head->memory;
}

void *wiping_calloc(size_t n, size_t size)
{
    size_t total;
    void *memory;

    if (__builtin_mul_overflow(n, size, &total))
        return NULL;
    memory = wiping_malloc(total);
    if (memory)
        memset(memory, 0, total);
    return memory;
}

void *wiping_realloc(void *memory, size_t n)
{
    void *moved = wiping_malloc(n);

    if (!moved)
        return NULL;
    if (memory) {
        size_t was = head_of(memory)->n;

        memcpy(moved, memory, was < n ? was : n);
        wiping_free(memory);
    }
    return moved;
}

char *wiping_strdup(const char *text)
{
    size_t n = strlen(text) + 1;
    char *copied = wiping_malloc(n);

    return copied ? memcpy(copied, text, n) : NULL;
}

void wiping_free(void *memory)
{
    struct head *head;

    if (!memory)
        return;
    head = head_of(memory);
    secret_wipe(memory, head->n);
    free(head);
}
