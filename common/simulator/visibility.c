#include "visibility.h"

/* From 1 ms up, by the id alone, which comes from the seed. */
static uint64_t share_ms(const struct simulator *simulator, const char *id)
{
    uint8_t digest[SHA256_SIZE];
    struct rng rng;

    sha256(id, strlen(id), digest);
    memcpy(&rng.state, digest, sizeof(rng.state));
    return 1 + rng_below(&rng, simulator->visibility_ms);
}

void visibility_begin(struct call *call, enum kind kind, const char *id)
{
    struct state *state = call->state;
    struct fresh *fresh;

    for (size_t i = state->fresh.n; i-- > 0;)
        if (state->fresh.items[i].visible_ms <= call->now.monotonic_ms)
            LIST_REMOVE(&state->fresh, i);
    if (!call->simulator->visibility_ms)
        return;
    fresh = LIST_ADD(state->arena, &state->fresh);
    *fresh = (struct fresh){arena_strdup(state->arena, id), (uint8_t)kind,
                            call->now.monotonic_ms + share_ms(call->simulator, id)};
}

/* NULL: there is none, or everybody sees it. */
static const struct fresh *find_fresh(const struct call *call, const char *id)
{
    VEC_EACH (fresh, &call->state->fresh)
        if (fresh->visible_ms > call->now.monotonic_ms && text_equal(fresh->id, id))
            return fresh;
    return NULL;
}

bool visibility_shows(const struct call *call, enum kind kind, const char *id)
{
    const struct fresh *fresh = find_fresh(call, id);

    return !fresh || fresh->kind != kind;
}

/* ---- writes that find nothing ---- */

struct named {
    const struct fresh *fresh;
    const char *parameter;
};

static struct named named_in(const struct call *call, const struct wire_shape *shape,
                             const void *object);

static struct named named_by(const struct call *call, const struct wire_field *field,
                             const void *object)
{
    const void *at = (const char *)object + field->offset;
    const struct wire_any_list *list = at;
    const struct wire_texts *texts = at;
    struct named named = {.parameter = field->name};

    switch (field->kind) {
    case WIRE_TEXT:
        named.fresh = find_fresh(call, *(const char *const *)at);
        break;
    case WIRE_TEXTS:
        for (size_t i = 0; i < texts->n && !named.fresh; i++)
            named.fresh = find_fresh(call, texts->items[i]);
        break;
    case WIRE_GROUP:
        return named_in(call, field->type, at);
    case WIRE_LIST:
        /* A tag's value may be anything. */
        if (text_equal(field->name, "Tag") || text_equal(field->name, "TagSpecification"))
            break;
        for (size_t i = 0; i < list->n && !named.fresh; i++)
            named = named_in(call, field->type,
                             (const char *)list->items +
                                 i * ((const struct wire_shape *)field->type)->size);
        break;
    default:
        break;
    }
    return named;
}

static struct named named_in(const struct call *call, const struct wire_shape *shape,
                             const void *object)
{
    for (unsigned i = 0; i < shape->n_fields; i++) {
        struct named named = named_by(call, &shape->fields[i], object);

        if (named.fresh)
            return named;
    }
    return (struct named){0};
}

/* Where the code is not that of the kind (aws-facts 2.4). */
static const struct {
    enum ec2_action action;
    const char *parameter, *code;
} code_table[] = {
    {EC2_CREATE_ROUTE, "GatewayId", "InvalidGatewayID.NotFound"},
    {EC2_REPLACE_ROUTE, "GatewayId", "InvalidGatewayID.NotFound"},
    {EC2_CREATE_ROUTE, "NatGatewayId", "InvalidNatGatewayID.NotFound"},
    {EC2_REPLACE_ROUTE, "NatGatewayId", "InvalidNatGatewayID.NotFound"},
};

int visibility_refuse_fresh(struct call *call)
{
    struct named named = named_in(call, call->row->request, &call->change);
    const struct kind_row *kind;
    const char *code;

    if (!named.fresh)
        return 0;
    kind = &kind_table[named.fresh->kind];
    code = kind->not_found;
    for (size_t i = 0; i < ARRAY_SIZE(code_table); i++)
        if (code_table[i].action == call->action &&
            text_equal(code_table[i].parameter, named.parameter))
            code = code_table[i].code;
    return call_fail(call, code, "The %s '%s' does not exist", kind->noun, named.fresh->id);
}
