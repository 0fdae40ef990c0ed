/* shape.h - a small wire table with every kind in it, for the tests and fuzzers of the wire
 * machinery. */
#pragma once

#include "vpc_reconciled/aws.h"

static const char *const shape_words[] = {"pending", "available"};
static const struct wire_enum shape_states = {shape_words, 2, false};
static const struct wire_enum shape_loose_states = {shape_words, 2, true};

enum shape_state { SHAPE_ABSENT, SHAPE_UNKNOWN, SHAPE_PENDING, SHAPE_AVAILABLE };

struct shape_tag {
    const char *key, *value;
};

struct shape_item {
    const char *id;
    uint8_t main;
    struct wire_int count;
    uint8_t state, loose_state;
    struct prefix cidr;
    const char *code, *message; /* in a group */
    uint8_t code_enabled;       /* in a group of that group */
    struct shape_tag owner;     /* a group that is a struct of its own */
    WIRE_LIST_OF(struct shape_tag) tags;
    struct wire_texts names;
};

struct shape_call {
    const char *request_id, *next_token;
    WIRE_LIST_OF(struct shape_item) items;
    struct wire_texts ids;
    uint8_t enabled; /* in a group */
};

/* ---- as a request: Query names ---- */
static const struct wire_field shape_query_tag_fields[] = {
    WIRE_FIELD(shape_tag, key, TEXT, "Key", .required = true),
    WIRE_FIELD(shape_tag, value, TEXT, "Value"),
};
static const struct wire_shape shape_query_tag = {
    "Tag", sizeof(struct shape_tag), shape_query_tag_fields, ARRAY_SIZE(shape_query_tag_fields)};
static const struct wire_field shape_query_detail_fields[] = {
    WIRE_FIELD(shape_item, code_enabled, BOOL, "Enabled"),
};
static const struct wire_shape shape_query_detail = {"Detail", sizeof(struct shape_item),
                                                     shape_query_detail_fields,
                                                     ARRAY_SIZE(shape_query_detail_fields)};
static const struct wire_field shape_query_status_fields[] = {
    WIRE_FIELD(shape_item, code, TEXT, "Code", .required = true),
    WIRE_FIELD(shape_item, message, TEXT, "Message"),
    {.name = "Detail", .kind = WIRE_GROUP, .type = &shape_query_detail},
};
static const struct wire_shape shape_query_status = {"Status", sizeof(struct shape_item),
                                                     shape_query_status_fields,
                                                     ARRAY_SIZE(shape_query_status_fields)};
static const struct wire_field shape_query_item_fields[] = {
    WIRE_FIELD(shape_item, id, TEXT, "Id", .required = true),
    WIRE_FIELD(shape_item, main, BOOL, "Main"),
    WIRE_FIELD(shape_item, count, INT, "Count"),
    WIRE_FIELD(shape_item, state, ENUM, "State", .type = &shape_states),
    WIRE_FIELD(shape_item, loose_state, ENUM, "LooseState", .type = &shape_loose_states),
    WIRE_FIELD(shape_item, cidr, PREFIX, "Cidr"),
    {.name = "Status", .kind = WIRE_GROUP, .type = &shape_query_status},
    WIRE_FIELD(shape_item, owner, GROUP, "Owner", .type = &shape_query_tag),
    WIRE_FIELD(shape_item, tags, LIST, "Tag", .type = &shape_query_tag),
    WIRE_FIELD(shape_item, names, TEXTS, "Name"),
};
static const struct wire_shape shape_query_item = {"Item", sizeof(struct shape_item),
                                                   shape_query_item_fields,
                                                   ARRAY_SIZE(shape_query_item_fields)};
static const struct wire_field shape_query_attribute_fields[] = {
    WIRE_FIELD(shape_call, enabled, BOOL, "Value"),
};
static const struct wire_shape shape_query_attribute = {
    "AttributeBooleanValue", sizeof(struct shape_call), shape_query_attribute_fields,
    ARRAY_SIZE(shape_query_attribute_fields)};
static const struct wire_field shape_query_fields[] = {
    WIRE_FIELD(shape_call, items, LIST, "Item", .type = &shape_query_item),
    WIRE_FIELD(shape_call, ids, TEXTS, "Id"),
    {.name = "Enable", .kind = WIRE_GROUP, .type = &shape_query_attribute},
    WIRE_FIELD(shape_call, next_token, TEXT, "NextToken"),
};
static const struct wire_shape shape_query = {"Call", sizeof(struct shape_call), shape_query_fields,
                                              ARRAY_SIZE(shape_query_fields)};

/* ---- as a reply: XML elements ---- */
static const struct wire_field shape_xml_tag_fields[] = {
    WIRE_FIELD(shape_tag, key, TEXT, "key", .required = true),
    WIRE_FIELD(shape_tag, value, TEXT, "value"),
};
static const struct wire_shape shape_xml_tag = {
    "Tag", sizeof(struct shape_tag), shape_xml_tag_fields, ARRAY_SIZE(shape_xml_tag_fields)};
static const struct wire_field shape_xml_detail_fields[] = {
    WIRE_FIELD(shape_item, code_enabled, BOOL, "enabled"),
};
static const struct wire_shape shape_xml_detail = {"Detail", sizeof(struct shape_item),
                                                   shape_xml_detail_fields,
                                                   ARRAY_SIZE(shape_xml_detail_fields)};
static const struct wire_field shape_xml_status_fields[] = {
    WIRE_FIELD(shape_item, code, TEXT, "code", .required = true),
    WIRE_FIELD(shape_item, message, TEXT, "message"),
    {.name = "detail", .kind = WIRE_GROUP, .type = &shape_xml_detail},
};
static const struct wire_shape shape_xml_status = {"Status", sizeof(struct shape_item),
                                                   shape_xml_status_fields,
                                                   ARRAY_SIZE(shape_xml_status_fields)};
static const struct wire_field shape_xml_item_fields[] = {
    WIRE_FIELD(shape_item, id, TEXT, "itemId", .required = true, .alias = "oldItemId"),
    WIRE_FIELD(shape_item, main, BOOL, "main"),
    WIRE_FIELD(shape_item, count, INT, "count"),
    WIRE_FIELD(shape_item, state, ENUM, "state", .type = &shape_states),
    WIRE_FIELD(shape_item, loose_state, ENUM, "looseState", .type = &shape_loose_states),
    WIRE_FIELD(shape_item, cidr, PREFIX, "cidrBlock"),
    {.name = "status", .kind = WIRE_GROUP, .type = &shape_xml_status},
    WIRE_FIELD(shape_item, owner, GROUP, "owner", .type = &shape_xml_tag),
    WIRE_FIELD(shape_item, tags, LIST, "tagSet", .type = &shape_xml_tag),
    WIRE_FIELD(shape_item, names, TEXTS, "nameSet"),
};
static const struct wire_shape shape_xml_item = {
    "Item", sizeof(struct shape_item), shape_xml_item_fields, ARRAY_SIZE(shape_xml_item_fields)};
static const struct wire_field shape_xml_attribute_fields[] = {
    WIRE_FIELD(shape_call, enabled, BOOL, "value"),
};
static const struct wire_shape shape_xml_attribute = {
    "AttributeBooleanValue", sizeof(struct shape_call), shape_xml_attribute_fields,
    ARRAY_SIZE(shape_xml_attribute_fields)};
static const struct wire_field shape_xml_fields[] = {
    WIRE_FIELD(shape_call, request_id, TEXT, "requestId"),
    WIRE_FIELD(shape_call, items, LIST, "itemSet", .type = &shape_xml_item, .required = true),
    WIRE_FIELD(shape_call, ids, TEXTS, "idSet"),
    {.name = "enable", .kind = WIRE_GROUP, .type = &shape_xml_attribute},
    WIRE_FIELD(shape_call, next_token, TEXT, "nextToken"),
};
static const struct wire_shape shape_xml = {"CallResponse", sizeof(struct shape_call),
                                            shape_xml_fields, ARRAY_SIZE(shape_xml_fields)};
