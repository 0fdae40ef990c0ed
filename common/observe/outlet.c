#include "vpc_reconciled/observe.h"

#include <stdlib.h>

struct effect *outlet_add(struct outlet *outlet, enum effect_kind kind)
{
    struct effects *effects = outlet->effects;
    struct effect *effect;

    if (effects->n == effects->reserved) {
        effects->reserved = effects->reserved ? effects->reserved * 2 : 16;
        effects->items = realloc(effects->items, effects->reserved * sizeof(*effects->items));
        if (!effects->items)
            abort();
    }
    effect = &effects->items[effects->n++];
    *effect = (struct effect){.kind = kind, .id = (*outlet->next_id)++};
    return effect;
}
