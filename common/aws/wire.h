/* wire.h - what the Query and the XML side of the wire tables share; private to common/aws/. */
#pragma once

#include "vpc_reconciled/aws.h"

/* What a leaf of the kind looks like, for a person: "true or false". */
const char *wire_leaf_expected(const struct wire_field *field);

/* Address of a new zeroed last item of a WIRE_LIST; grows by doubling, so items move. */
void *wire_list_add(struct arena *arena, struct wire_any_list *list, size_t item_size);
void wire_texts_add(struct arena *arena, struct wire_texts *texts, const char *text);

/* Is the member there at all? */
bool wire_present(const struct wire_field *field, const void *object);
/* First required member that is not there, in the shape itself; NULL: none. */
const struct wire_field *wire_missing(const struct wire_shape *shape, const void *object);

static inline const void *wire_at(const struct wire_field *field, const void *object)
{
    return (const char *)object + field->offset;
}
static inline void *wire_at_mutable(const struct wire_field *field, void *object)
{
    return (char *)object + field->offset;
}
