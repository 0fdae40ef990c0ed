/* Tags: spelled one way in replies, another in requests. */
#include "shapes.h"

static const struct wire_field tag_fields[] = {
    WIRE_FIELD(ec2_tag, key, TEXT, "key"),
    WIRE_FIELD(ec2_tag, value, TEXT, "value"),
};
const struct wire_shape ec2_tag_shape = SHAPE(ec2_tag, "Tag", tag_fields);

static const struct wire_field tag_request_fields[] = {
    WIRE_FIELD(ec2_tag, key, TEXT, "Key"),
    WIRE_FIELD(ec2_tag, value, TEXT, "Value"),
};
const struct wire_shape ec2_tag_request_shape = SHAPE(ec2_tag, "Tag", tag_request_fields);

static const struct wire_field tag_specification_fields[] = {
    WIRE_FIELD(ec2_tag_specification, resource_type, TEXT, "ResourceType"),
    WIRE_FIELD(ec2_tag_specification, tags, LIST, "Tag", .type = &ec2_tag_request_shape),
};
const struct wire_shape ec2_tag_specification_shape =
    SHAPE(ec2_tag_specification, "TagSpecification", tag_specification_fields);

const char *ec2_tag_value(const ec2_tags *tags, const char *key)
{
    for (size_t i = 0; i < tags->n; i++)
        if (text_equal(tags->items[i].key, key))
            return tags->items[i].value ? tags->items[i].value : "";
    return NULL;
}
