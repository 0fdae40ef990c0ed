/* inbox.h - inputs on their way to the manager.
 *
 * libuv and libcurl call us in the middle of their own work; what they bring is copied here and fed
 * afterwards, so an effect never reaches back into a callback that is still running. */
#pragma once

#include "vpc_reconciled/effect.h"

struct inbox_item {
    struct inbox_item *next;
    size_t size;
    struct input input; /* its pointers lead into this same block */
};

struct inbox { /* zero is an empty one */
    struct inbox_item *first, **end;
};

/* Copies the input with all that it points to. `now` is set when it is fed. */
void inbox_push(struct inbox *inbox, const struct input *input);
/* The oldest, or NULL. The caller releases it with inbox_item_free(). */
struct inbox_item *inbox_pop(struct inbox *inbox);
/* Also for CLEANUP; takes NULL. Wipes it: what a metadata service or a file said may be a secret.
 */
void inbox_item_free(struct inbox_item **item);
void inbox_clear(struct inbox *inbox);
