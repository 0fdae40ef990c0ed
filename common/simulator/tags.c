/* Tags: with a Create, and afterwards. Limits: aws-facts 1.2. */
#include "actions.h"

#define TAGS_MAX 50
#define KEY_MAX 127
#define VALUE_MAX 256
#define RESOURCES_MAX 1000

static size_t characters(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80; /* not a continuation byte of UTF-8 */
    return n;
}

static int check_tag(struct call *call, const struct ec2_tag *tag)
{
    if (text_empty(tag->key))
        return call_fail(call, "InvalidParameterValue", "Tag key cannot be null or empty.");
    if (characters(tag->key) > KEY_MAX)
        return call_fail(call, "InvalidParameterValue",
                         "Tag key exceeds the maximum length of %d characters", KEY_MAX);
    if (tag->value && characters(tag->value) > VALUE_MAX)
        return call_fail(call, "InvalidParameterValue",
                         "Tag value exceeds the maximum length of %d characters", VALUE_MAX);
    if (text_starts_with(tag->key, "aws:"))
        return call_fail(call, "InvalidParameterValue",
                         "Tag keys starting with 'aws:' are reserved for internal use");
    return 0;
}

static int check_tags(struct call *call, const ec2_tags *tags)
{
    if (tags->n > TAGS_MAX)
        return call_fail(call, "TagLimitExceeded",
                         "The maximum number of tags for a resource is %d.", TAGS_MAX);
    for (size_t i = 0; i < tags->n; i++) {
        if (check_tag(call, &tags->items[i]) < 0)
            return -EINVAL;
        for (size_t k = 0; k < i; k++)
            if (text_equal(tags->items[i].key, tags->items[k].key))
                return call_fail(call, "InvalidParameterValue", "Duplicate tag key '%s' specified.",
                                 tags->items[i].key);
    }
    return 0;
}

int tags_check_specifications(struct call *call)
{
    VEC_EACH (specification, &call->change.tag_specifications) {
        if (!text_equal(specification->resource_type, call->row->makes))
            return call_fail(call, "InvalidParameterValue",
                             "'%s' is not a valid taggable resource type for this operation.",
                             specification->resource_type ? specification->resource_type : "");
        if (!specification->tags.n)
            return call_fail(call, "InvalidParameterValue",
                             "Tag specification must have at least one tag");
        if (check_tags(call, &specification->tags) < 0)
            return -EINVAL;
    }
    if (call->change.tag_specifications.n > 1)
        return call_fail(call, "InvalidParameterValue",
                         "One tag specification for each resource type");
    return 0;
}

/* NULL: the call has failed. */
static ec2_tags *tags_of(struct call *call, const char *id)
{
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        const struct kind_row *row = &kind_table[kind];
        char *item;

        if (row->tags_offset == NO_OFFSET || !text_starts_with(id, row->prefix))
            continue;
        item = call_find(call, kind, id);
        return item ? (ec2_tags *)(void *)(item + row->tags_offset) : NULL;
    }
    call_fail(call, "InvalidID", "The ID '%s' is not valid", id);
    return NULL;
}

static int check_resources(struct call *call)
{
    const struct wire_texts *ids = &call->change.resource_ids;

    if (ids->n > RESOURCES_MAX)
        return call_fail(call, "InvalidParameterValue", "At most %d resources in a call",
                         RESOURCES_MAX);
    for (size_t i = 0; i < ids->n; i++)
        if (!tags_of(call, ids->items[i]))
            return -EINVAL;
    return 0;
}

static struct ec2_tag *tag_find(const ec2_tags *tags, const char *key)
{
    VEC_EACH (tag, tags)
        if (text_equal(tag->key, key))
            return tag;
    return NULL;
}

int tags_create(struct call *call)
{
    const ec2_tags *wanted = &call->change.tags;
    const struct wire_texts *ids = &call->change.resource_ids;

    if (check_tags(call, wanted) < 0 || check_resources(call) < 0)
        return -EINVAL;
    for (size_t i = 0; i < ids->n; i++) {
        const ec2_tags *tags = tags_of(call, ids->items[i]);
        size_t n = tags->n;

        VEC_EACH (tag, wanted)
            n += !tag_find(tags, tag->key);
        if (n > TAGS_MAX)
            return call_fail(call, "TagLimitExceeded",
                             "The maximum number of tags for a resource is %d.", TAGS_MAX);
    }
    for (size_t i = 0; i < ids->n; i++) {
        ec2_tags *tags = tags_of(call, ids->items[i]);

        VEC_EACH (tag, wanted) {
            struct ec2_tag *into = tag_find(tags, tag->key);

            if (!into) {
                into = LIST_ADD(call->state->arena, tags);
                into->key = keep(call, tag->key);
            }
            into->value = keep(call, tag->value ? tag->value : "");
        }
    }
    return 0;
}

/* Without tags all go; a key without a value goes whatever its value is; with a value only if it is
 * that one. */
static bool is_to_go(const ec2_tags *unwanted, const struct ec2_tag *tag)
{
    if (text_starts_with(tag->key, "aws:"))
        return false;
    if (!unwanted->n)
        return true;
    VEC_EACH (row, unwanted)
        if (text_equal(row->key, tag->key) && (!row->value || text_equal(row->value, tag->value)))
            return true;
    return false;
}

int tags_delete(struct call *call)
{
    const struct wire_texts *ids = &call->change.resource_ids;

    if (check_resources(call) < 0)
        return -EINVAL;
    for (size_t i = 0; i < ids->n; i++) {
        ec2_tags *tags = tags_of(call, ids->items[i]);

        for (size_t k = tags->n; k-- > 0;)
            if (is_to_go(&call->change.tags, &tags->items[k]))
                LIST_REMOVE(tags, k);
    }
    return 0;
}
