/* Lies about a page: the page as it should be is in call->describe_reply. */
#include "call.h"
#include "filters.h"
#include "lies.h"
#include "pages.h"
#include "visibility.h"

static struct wire_any_list *page_of(struct call *call)
{
    return (void *)((char *)&call->describe_reply + call->row->list_offset);
}

/* Of an item of the page. */
static const struct wire_shape *item_shape(const struct call *call)
{
    const struct wire_shape *reply = call->row->reply;

    for (unsigned i = 0; i < reply->n_fields; i++)
        if (text_equal(reply->fields[i].name, call->row->list))
            return reply->fields[i].type;
    assert(false && "the action table names a list that its reply has");
    return NULL;
}

void lie_empty_list(struct call *call)
{
    page_of(call)->n = 0;
    call->describe_reply.next_token = NULL;
}

void lie_missing_list(struct call *call)
{
    *page_of(call) = (struct wire_any_list){0};
    call->describe_reply.next_token = NULL;
}

/* As if the rest had never been: the next pages, or the second half of an only page. */
void lie_missing_page(struct call *call)
{
    struct wire_any_list *page = page_of(call);

    if (!call->describe_reply.next_token && page->n > 1)
        page->n = (page->n + 1) / 2;
    call->describe_reply.next_token = NULL;
}

/* This page comes once more. */
void lie_repeated_page(struct call *call)
{
    const char *after = page_token_read(call);

    if (call->row->page_max)
        call->describe_reply.next_token = page_token(call, after ? after : "");
}

void lie_next_token_loop(struct call *call)
{
    if (call->row->page_max)
        call->describe_reply.next_token = page_token(call, PAGE_LOOP);
}

void lie_missing_item(struct call *call)
{
    struct wire_any_list *page = page_of(call);

    if (page->n)
        list_remove(page, item_shape(call)->size, 0);
}

/* One that the filters should have kept out: of another VPC, as a rule. */
void lie_foreign_item(struct call *call)
{
    enum kind kind = kind_of_describe(call->action);
    const struct wire_any_list *all = kind < KIND_COUNT ? state_list(call->state, kind) : NULL;
    size_t size = item_shape(call)->size;

    for (size_t i = 0; all && i < all->n; i++) {
        const char *item = (const char *)all->items + i * size;

        if (visibility_shows(call, kind, kind_id(kind, item)) &&
            !filters_match(&call->describe.filters, kind, item)) {
            memcpy(list_add(call->arena, page_of(call), size), item, size);
            return;
        }
    }
}

/* The first member that is a state, in the object or in what it holds; NULL: none. */
static uint8_t *find_state(const struct wire_shape *shape, void *object,
                           const struct wire_enum **ret_words)
{
    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];
        void *at = (char *)object + field->offset;
        struct wire_any_list *list = at;
        uint8_t *found = NULL;

        if (field->kind == WIRE_ENUM &&
            (text_equal(field->name, "state") || text_equal(field->name, "zoneState"))) {
            *ret_words = field->type;
            return at;
        }
        if (field->kind == WIRE_GROUP)
            found = find_state(field->type, at, ret_words);
        else if (field->kind == WIRE_LIST && list->n)
            found = find_state(field->type, list->items, ret_words);
        if (found)
            return found;
    }
    return NULL;
}

void lie_duplicate_item(struct call *call)
{
    struct wire_any_list *page = page_of(call);
    const struct wire_shape *shape = item_shape(call);
    const struct wire_enum *words;
    uint8_t *state;
    void *twin;

    if (!page->n)
        return;
    twin = list_add(call->arena, page, shape->size);
    wire_copy(call->arena, shape, page->items, twin);
    state = find_state(shape, twin, &words);
    if (state)
        *state = (uint8_t)(*state == 2 ? 3 : 2);
}
