#include "names.h"

#include <stdlib.h>

#define ADDRESS_SIZE 16

void names_clear(struct service_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->items[i].name);
    free(names->items);
    *names = (struct service_names){0};
}

static struct service_name *find(const struct service_names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (text_equal(names->items[i].name, name))
            return &names->items[i];
    return NULL;
}

static struct service_name *add(struct service_names *names, const char *name)
{
    struct service_name *items = realloc(names->items, (names->n + 1) * sizeof(*items));
    char *copy = strdup(name);

    if (!items || !copy)
        abort();
    names->items = items;
    items[names->n] = (struct service_name){.name = copy, .ipv6 = VERDICT_UNKNOWN};
    return &items[names->n++];
}

void names_look(struct service_names *names, struct outlet *outlet, struct instant now,
                const char *name)
{
    struct service_name *item = find(names, name);
    struct effect *effect;

    if (!item)
        item = add(names, name);
    if (item->lookup || now.monotonic_ms < item->next_ms)
        return;
    effect = outlet_add(outlet, EFFECT_RESOLVE_NAME);
    effect->name = arena_strdup(outlet->arena, name);
    item->lookup = effect->id;
}

/* 2000::/3 is what the internet routes. An address of the VPC's own, of an endpoint or of NAT64 is
 * none of the service's. */
static bool has_public_address(const struct input *input)
{
    const uint8_t *bytes = input->bytes;

    for (size_t at = 0; at + ADDRESS_SIZE <= input->n; at += ADDRESS_SIZE)
        if ((bytes[at] & 0xe0) == 0x20)
            return true;
    return false;
}

static void answered(struct service_name *item, const struct input *input)
{
    uint64_t now = input->now.monotonic_ms;

    if (input->r == 0 && has_public_address(input)) {
        item->ipv6 = VERDICT_YES;
        item->seen_none = false;
    } else if (input->r == -ENODATA && item->seen_none &&
               now - item->none_ms >= NAME_SECOND_LOOK_MS) {
        item->ipv6 = VERDICT_NO;
    } else if (input->r == -ENODATA) {
        if (!item->seen_none)
            item->none_ms = now;
        item->seen_none = true;
        item->ipv6 = VERDICT_UNKNOWN;
    } /* an error says nothing: what was known stays */
    item->next_ms = now + (item->ipv6 == VERDICT_UNKNOWN && !item->seen_none ? NAME_LOOK_AGAIN_MS
                                                                             : NAME_SECOND_LOOK_MS);
}

bool names_feed(struct service_names *names, const struct input *input)
{
    for (size_t i = 0; i < names->n; i++)
        if (names->items[i].lookup && names->items[i].lookup == input->id) {
            names->items[i].lookup = 0;
            answered(&names->items[i], input);
            return true;
        }
    return false;
}

enum verdict names_ipv6(const struct service_names *names, const char *name)
{
    const struct service_name *item = find(names, name);

    return item ? item->ipv6 : VERDICT_UNKNOWN;
}
