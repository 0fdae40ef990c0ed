#include "world.h"

#include <stdio.h>

#include "actions.h"
#include "transitions.h"

/* ---- load ---- */

static enum kind find_list(const char *name)
{
    enum kind kind = 0;

    while (kind < KIND_COUNT && !text_equal(kind_list_name(kind), name))
        kind++;
    return kind;
}

/* The element that holds the id: "vpcId". */
static const char *id_element(enum kind kind)
{
    const struct wire_shape *shape = kind_shape(kind);

    for (unsigned i = 0; i < shape->n_fields; i++)
        if (shape->fields[i].kind == WIRE_TEXT &&
            shape->fields[i].offset == kind_table[kind].id_offset)
            return shape->fields[i].name;
    assert(false && "every kind has an id");
    return NULL;
}

static int load_item(struct simulator *simulator, enum kind kind, const struct json *json,
                     struct json_error *reterr)
{
    const char *element = id_element(kind), *prefix = kind_table[kind].prefix;
    const struct json *id = json->type == JSON_OBJECT ? json_member(json, element) : NULL;
    struct state *state = &simulator->state;

    if (!id || id->type != JSON_STRING)
        return json_refuse(reterr, json->place, "an item of \"%s\" is an object with a \"%s\"",
                           kind_list_name(kind), element);
    if (kind != KIND_ZONE && !id_is_well_formed(id->string, prefix))
        return json_refuse(reterr, id->place,
                           "\"%s\": found \"%.60s\", expected %s and 8 or 17 hex digits", element,
                           id->string, prefix);
    if (state_find(state, kind, id->string))
        return json_refuse(reterr, id->place, "\"%.60s\" is here twice", id->string);
    return wire_json_load(state->arena, kind_shape(kind), json, state_add(state, kind, id->string),
                          reterr);
}

static int load_attributes(struct state *state, const struct json *json, struct json_error *reterr)
{
    struct vpc_attributes *attributes;
    int r;

    for (size_t i = 0; i < json->n_items; i++) {
        attributes = LIST_ADD(state->arena, &state->vpc_attributes);
        r = wire_json_load(state->arena, &vpc_attributes_shape, &json->items[i], attributes,
                           reterr);
        if (r < 0)
            return r;
        if (!attributes->vpc_id || !state_find(state, KIND_VPC, attributes->vpc_id))
            return json_refuse(reterr, json->items[i].place,
                               "an item of \"vpcAttributes\" has the \"vpcId\" of a VPC of vpcSet");
    }
    return 0;
}

#define ATTRIBUTES "vpcAttributes"
#define QUOTAS "quotas"
#define CALLS "calls" /* a count that dump writes */

static int load_member(struct simulator *simulator, const struct json *member,
                       struct json_error *reterr)
{
    enum kind kind = find_list(member->key);
    enum json_type type = text_equal(member->key, QUOTAS) || text_equal(member->key, CALLS)
                              ? JSON_OBJECT
                              : JSON_ARRAY;
    const char *names[KIND_COUNT + 3] = {ATTRIBUTES, QUOTAS, CALLS}, *near;
    int r = 0;

    if (kind == KIND_COUNT && type == JSON_ARRAY && !text_equal(member->key, ATTRIBUTES)) {
        for (enum kind k = 0; k < KIND_COUNT; k++)
            names[3 + k] = kind_list_name(k);
        near = text_nearest(member->key, names, ARRAY_SIZE(names));
        return json_refuse(reterr, member->key_place, "a world has no \"%.60s\"%s%s%s", member->key,
                           near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    if (member->type != type)
        return json_refuse(reterr, member->place, "\"%s\": found %s, expected %s", member->key,
                           json_type_name(member->type), json_type_name(type));
    if (text_equal(member->key, QUOTAS))
        return quotas_load(simulator->quotas, member, reterr);
    for (size_t i = 0; kind < KIND_COUNT && i < member->n_items && r >= 0; i++)
        r = load_item(simulator, kind, &member->items[i], reterr);
    return r;
}

static int load(struct simulator *simulator, struct instant now, const struct json *world,
                struct json_error *reterr)
{
    struct state *state = &simulator->state;
    struct call call = {
        .simulator = simulator, .state = state, .arena = simulator->scratch, .now = now};
    const struct json *attributes;
    int r = 0;

    if (world->type != JSON_OBJECT)
        return json_refuse(reterr, world->place,
                           "found %s, expected an object such as "
                           "{\"vpcSet\": [...]}",
                           json_type_name(world->type));
    for (size_t i = 0; i < world->n_items && r >= 0; i++)
        r = load_member(simulator, &world->items[i], reterr);
    attributes = json_member(world, ATTRIBUTES);
    if (r >= 0 && attributes)
        r = load_attributes(state, attributes, reterr);
    if (r < 0)
        return r;
    zones_init(simulator);
    prefix_lists_init(simulator);
    r = world_check(state, world, reterr);
    if (r >= 0)
        r = world_complete(&call, world, reterr);
    if (r < 0)
        return r;
    world_resume(&call);
    routes_refresh(state);
    return 0;
}

int simulator_load(struct simulator *simulator, struct instant now, const char *text, size_t n,
                   struct json_error *reterr)
{
    const struct json *world;
    uint8_t digest[SHA256_SIZE];
    uint64_t mix;
    int r;

    arena_reset(simulator->scratch);
    r = json_parse(simulator->scratch, text, n, &world, reterr);
    if (r < 0)
        return -EINVAL;
    /* A world that was made under the same seed must not see its own ids again. */
    sha256(text, n, digest);
    memcpy(&mix, digest, sizeof(mix));
    simulator->ids.state ^= mix;

    state_clear(&simulator->state);
    past_clear(&simulator->past);
    state_init(&simulator->state);
    r = load(simulator, now, world, reterr);
    if (r < 0) {
        state_clear(&simulator->state);
        state_init(&simulator->state);
        zones_init(simulator);
        prefix_lists_init(simulator);
    }
    return r;
}

/* ---- dump ---- */

static void dump_list(struct json_writer *writer, const char *name, const struct wire_shape *shape,
                      const struct wire_any_list *list)
{
    json_key(writer, name);
    json_begin(writer, '[');
    for (size_t i = 0; i < list->n; i++)
        wire_json_dump(writer, shape, (const char *)list->items + i * shape->size);
    json_end(writer, ']');
}

void simulator_dump(struct simulator *simulator, struct instant now, struct buf *buf)
{
    struct json_writer writer = {.buf = buf, .pretty = true};
    struct state *state = &simulator->state;

    arena_reset(simulator->scratch);
    transitions_run(simulator, now);
    json_begin(&writer, '{');
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        dump_list(&writer, kind_list_name(kind), kind_shape(kind), state_list(state, kind));
    dump_list(&writer, ATTRIBUTES, &vpc_attributes_shape,
              (const struct wire_any_list *)(const void *)&state->vpc_attributes);
    quotas_dump(simulator->quotas, &writer);
    json_key(&writer, CALLS);
    json_begin(&writer, '{');
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        if (simulator->action_calls[i]) {
            json_key(&writer, ec2_action_table[i].name);
            json_number(&writer, (int64_t)simulator->action_calls[i]);
        }
    json_end(&writer, '}');
    json_end(&writer, '}');
    buf_char(buf, '\n');
}
