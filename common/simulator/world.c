#include "world.h"

#include <stdio.h>

#include "actions.h"
#include "lambda.h"
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

/* Lists that belong to objects and have no id of their own. */
static const struct side_list {
    const char *name;
    const struct wire_shape *shape;
    size_t offset;  /* in the state */
    enum kind kind; /* of the object, whose id is the first member; KIND_COUNT: Lambda's own */
} side_lists[] = {
    {"vpcAttributes", &vpc_attributes_shape, offsetof(struct state, vpc_attributes), KIND_VPC},
    {"prefixListEntries", &prefix_list_entry_shape, offsetof(struct state, prefix_list_entries),
     KIND_PREFIX_LIST},
    {"securityGroupHistory", &security_group_history_shape,
     offsetof(struct state, security_group_history), KIND_SECURITY_GROUP},
    {"capacityProviders", &capacity_provider_shape, offsetof(struct state, capacity_providers),
     KIND_COUNT},
};

static struct wire_any_list *side_list_of(struct state *state, const struct side_list *side)
{
    return (struct wire_any_list *)(void *)((char *)state + side->offset);
}

static int load_side_list(struct simulator *simulator, const struct side_list *side,
                          const struct json *json, struct json_error *reterr)
{
    struct state *state = &simulator->state;

    for (size_t i = 0; i < json->n_items; i++) {
        void *item = list_add(state->arena, side_list_of(state, side), side->shape->size);
        int r = wire_json_load(state->arena, side->shape, &json->items[i], item, reterr);
        const char *id;

        if (r >= 0 && side->kind == KIND_COUNT)
            r = capacity_provider_complete(simulator, item, json->items[i].place, reterr);
        if (r < 0)
            return r;
        if (side->kind == KIND_COUNT)
            continue;
        memcpy(&id, item, sizeof(id));
        if (!id || !state_find(state, side->kind, id))
            return json_refuse(reterr, json->items[i].place,
                               "an item of \"%s\" has the \"%s\" of an item of %s", side->name,
                               side->shape->fields[0].name, kind_list_name(side->kind));
    }
    return 0;
}

#define QUOTAS "quotas"
#define CALLS "calls" /* a count that dump writes */
/* what else a world has beside its lists */
static const char *const objects[] = {QUOTAS, CALLS, BLOCK_PUBLIC_ACCESS};

static bool is_object(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
        if (text_equal(objects[i], name))
            return true;
    return false;
}

static bool is_side_list(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(side_lists); i++)
        if (text_equal(side_lists[i].name, name))
            return true;
    return false;
}

static int refuse_member(const struct json *member, struct json_error *reterr)
{
    const char *names[KIND_COUNT + ARRAY_SIZE(side_lists) + ARRAY_SIZE(objects)], *near;
    size_t n = 0;

    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        names[n++] = kind_list_name(kind);
    for (size_t i = 0; i < ARRAY_SIZE(side_lists); i++)
        names[n++] = side_lists[i].name;
    for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
        names[n++] = objects[i];
    near = text_nearest(member->key, names, n);
    return json_refuse(reterr, member->key_place, "a world has no \"%.60s\"%s%s%s", member->key,
                       near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static int load_member(struct simulator *simulator, const struct json *member,
                       struct json_error *reterr)
{
    enum kind kind = find_list(member->key);
    enum json_type type = is_object(member->key) ? JSON_OBJECT : JSON_ARRAY;
    int r = 0;

    if (kind == KIND_COUNT && type == JSON_ARRAY && !is_side_list(member->key))
        return refuse_member(member, reterr);
    if (member->type != type)
        return json_refuse(reterr, member->place, "\"%s\": found %s, expected %s", member->key,
                           json_type_name(member->type), json_type_name(type));
    if (text_equal(member->key, QUOTAS))
        return quotas_load(simulator->quotas, member, reterr);
    if (text_equal(member->key, BLOCK_PUBLIC_ACCESS))
        return wire_json_load(simulator->state.arena, block_public_access_shape(), member,
                              &simulator->state.objects.vpc_block_public_access_options, reterr);
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
    int r = 0;

    if (world->type != JSON_OBJECT)
        return json_refuse(reterr, world->place,
                           "found %s, expected an object such as "
                           "{\"vpcSet\": [...]}",
                           json_type_name(world->type));
    for (size_t i = 0; i < world->n_items && r >= 0; i++)
        r = load_member(simulator, &world->items[i], reterr);
    for (size_t i = 0; i < ARRAY_SIZE(side_lists) && r >= 0; i++) {
        const struct json *list = json_member(world, side_lists[i].name);

        if (list)
            r = load_side_list(simulator, &side_lists[i], list, reterr);
    }
    if (r < 0)
        return r;
    block_public_access_init(state);
    zones_init(simulator);
    prefix_lists_init(simulator);
    endpoint_services_init(simulator);
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
        endpoint_services_init(simulator);
        block_public_access_init(&simulator->state);
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
    for (size_t i = 0; i < ARRAY_SIZE(side_lists); i++)
        dump_list(&writer, side_lists[i].name, side_lists[i].shape,
                  side_list_of(state, &side_lists[i]));
    json_key(&writer, BLOCK_PUBLIC_ACCESS);
    wire_json_dump(&writer, block_public_access_shape(),
                   &state->objects.vpc_block_public_access_options);
    quotas_dump(simulator->quotas, &writer);
    json_key(&writer, CALLS);
    json_begin(&writer, '{');
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        if (simulator->action_calls[i]) {
            json_key(&writer, ec2_action_table[i].name);
            json_number(&writer, (int64_t)simulator->action_calls[i]);
        }
    for (size_t i = 0; i < LAMBDA_OPERATION_COUNT; i++)
        if (simulator->lambda_calls[i]) {
            json_key(&writer, lambda_operation_names[i]);
            json_number(&writer, (int64_t)simulator->lambda_calls[i]);
        }
    json_end(&writer, '}');
    json_end(&writer, '}');
    buf_char(buf, '\n');
}
