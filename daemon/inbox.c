#include "inbox.h"

#include <stdlib.h>

static size_t text_size(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static const char *copy(char **at, const char *text)
{
    const char *start = *at;
    size_t n = text_size(text);

    if (!text)
        return NULL;
    memcpy(*at, text, n);
    *at += n;
    return start;
}

/* One block holds the item, its headers, its texts and its bytes, in this order. */
void inbox_push(struct inbox *inbox, const struct input *input)
{
    size_t size = sizeof(struct inbox_item) + input->n_headers * sizeof(struct effect_header) +
                  text_size(input->detail) + input->n;
    struct effect_header *headers;
    struct inbox_item *item;
    char *at;

    for (size_t i = 0; i < input->n_headers; i++)
        size += text_size(input->headers[i].name) + text_size(input->headers[i].value);
    item = malloc(size);
    if (!item)
        abort();
    item->next = NULL;
    item->size = size;
    item->input = *input;
    headers = (struct effect_header *)(item + 1);
    at = (char *)(headers + input->n_headers);
    for (size_t i = 0; i < input->n_headers; i++) {
        headers[i].name = copy(&at, input->headers[i].name);
        headers[i].value = copy(&at, input->headers[i].value);
    }
    item->input.headers = input->n_headers ? headers : NULL;
    item->input.detail = copy(&at, input->detail);
    item->input.bytes = input->n ? memcpy(at, input->bytes, input->n) : NULL;
    if (!inbox->first)
        inbox->end = &inbox->first;
    *inbox->end = item;
    inbox->end = &item->next;
}

struct inbox_item *inbox_pop(struct inbox *inbox)
{
    struct inbox_item *item = inbox->first;

    if (item)
        inbox->first = item->next;
    return item;
}

void inbox_item_free(struct inbox_item **item)
{
    if (*item)
        secret_wipe(*item, (*item)->size);
    free(*item);
    *item = NULL;
}

void inbox_clear(struct inbox *inbox)
{
    struct inbox_item *item;

    while ((item = inbox_pop(inbox)))
        inbox_item_free(&item);
}
