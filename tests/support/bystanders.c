#include "support/bystanders.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct bystanders bystanders_now(struct trial *trial)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct bystanders now = {.arena = arena_new()};
    struct json_error error;

    simulator_dump(trial->simulator, trial->now, &text);
    if (json_parse(now.arena, text.data, text.n, &now.world, &error) < 0)
        fail_msg("a dump is no JSON: %s", error.message);
    return now;
}

void bystanders_clear(struct bystanders *bystanders)
{
    arena_free(bystanders->arena);
    *bystanders = (struct bystanders){0};
}

static const char *text_member(const struct json *item, const char *key)
{
    const struct json *member = json_member(item, key);

    return member && member->type == JSON_STRING ? member->string : NULL;
}

static bool is_named(const char *key, const char *const *names)
{
    for (; names && *names; names++)
        if (text_equal(key, *names))
            return true;
    return false;
}

/* Equal but for the members named `except` (ended by NULL), at any depth. */
static bool equal(const struct json *a, const struct json *b, const char *const *except)
{
    if (a->type != b->type || a->n_items != b->n_items)
        return false;
    switch (a->type) {
    case JSON_BOOL:
        return a->boolean == b->boolean;
    case JSON_NUMBER:
        return a->number >= b->number && a->number <= b->number;
    case JSON_STRING:
        return text_equal(a->string, b->string);
    default:
        break;
    }
    for (size_t i = 0; i < a->n_items; i++)
        if (!text_equal(a->items[i].key, b->items[i].key) ||
            (!is_named(a->items[i].key, except) && !equal(&a->items[i], &b->items[i], except)))
            return false;
    return true;
}

static const char *id_of(const struct json *item)
{
    return item->n_items && item->items[0].type == JSON_STRING ? item->items[0].string : NULL;
}

/* nth: of those with the id, which several entries of a prefix list share. */
static const struct json *find(const struct json *list, const char *id, size_t nth)
{
    for (size_t i = 0; list && i < list->n_items; i++)
        if (text_equal(id_of(&list->items[i]), id) && nth-- == 0)
            return &list->items[i];
    return NULL;
}

static size_t earlier_ones(const struct json *list, size_t at)
{
    size_t n = 0;

    for (size_t i = 0; i < at; i++)
        n += text_equal(id_of(&list->items[i]), id_of(&list->items[at]));
    return n;
}

static bool is_default(const struct json *route)
{
    return text_equal(text_member(route, "destinationCidrBlock"), "0.0.0.0/0") ||
           text_equal(text_member(route, "destinationIpv6CidrBlock"), "::/0") ||
           text_equal(text_member(route, "destinationIpv6CidrBlock"), "64:ff9b::/96");
}

/* Routes of a declared table: everything but its defaults. */
static bool same_other_routes(const struct json *before, const struct json *now)
{
    const struct json *had = json_member(before, "routeSet"), *has = json_member(now, "routeSet");
    size_t k = 0;

    for (size_t i = 0; i < had->n_items; i++) {
        if (is_default(&had->items[i]))
            continue;
        while (k < has->n_items && is_default(&has->items[k]))
            k++;
        if (k == has->n_items || !equal(&had->items[i], &has->items[k], NULL))
            return false;
        k++;
    }
    while (k < has->n_items && is_default(&has->items[k]))
        k++;
    return k == has->n_items;
}

struct comparison {
    const struct trial_world *world;
    const char (*declared)[40];
    size_t n_declared;
};

static bool is_declared(const struct comparison *c, const char *id)
{
    bool declared = text_equal(id, c->world->public_table);

    for (size_t i = 0; i < 3; i++)
        declared |= text_equal(id, c->world->private_table[i]);
    for (size_t i = 0; i < c->n_declared; i++)
        declared |= text_equal(id, c->declared[i]);
    return declared;
}

static bool is_declared_subnet(const struct comparison *c, const char *id)
{
    for (size_t i = 0; i < 3; i++)
        if (text_equal(id, c->world->public_subnet[i]) ||
            text_equal(id, c->world->private_subnet[i]))
            return true;
    return false;
}

/* What AWS itself counts; and what the daemon may add to a subnet that is declared. */
static const char *const counted[] = {"availableIpAddressCount", NULL};
static const char *const of_a_declared_subnet[] = {
    "availableIpAddressCount",     "mapPublicIpOnLaunch",
    "assignIpv6AddressOnCreation", "enableDns64",
    "ipv6CidrBlockAssociationSet", NULL};

/* A subnet that is made is the default ACL's at once. */
static const char *const of_every_acl[] = {"associationSet", NULL};

/* now is NULL when the item is gone. */
static bool may_be(const struct comparison *c, const char *list, const struct json *before,
                   const struct json *now)
{
    const char *id = id_of(before);

    if (text_equal(list, "natGatewaySet"))
        return text_equal(text_member(before, "state"), "available")
                   ? now && equal(before, now, NULL)
                   : true;
    if (text_equal(list, "networkInterfaceSet") &&
        text_equal(text_member(before, "interfaceType"), "nat_gateway"))
        return true;
    if (!now)
        return false;
    if (text_equal(list, "subnetSet"))
        return equal(before, now, is_declared_subnet(c, id) ? of_a_declared_subnet : counted);
    if (text_equal(list, "addressesSet") && is_declared(c, id))
        return true;
    if (text_equal(list, "networkInterfaceSet") && is_declared(c, id))
        return true;
    if (text_equal(list, "networkAclSet"))
        return equal(before, now, of_every_acl);
    if (text_equal(list, "routeTableSet") && is_declared(c, id))
        return same_other_routes(before, now);
    if (text_equal(id, c->world->igw) || text_equal(id, c->world->eigw))
        return true;
    return equal(before, now, NULL);
}

static bool carries_our_tags(const struct json *item, const struct trial_world *world)
{
    const struct json *tags = json_member(item, "tagSet");
    const char *owner = trial_text("vpc-reconciled/%s", world->vpc);
    unsigned n = 0;

    for (size_t i = 0; tags && i < tags->n_items; i++) {
        const char *key = text_member(&tags->items[i], "key");

        n += text_equal(key, "vpc-reconciled:owner") &&
             text_equal(text_member(&tags->items[i], "value"), owner);
        n += text_equal(key, "vpc-reconciled:role") || text_equal(key, "vpc-reconciled:intent");
    }
    return n == 3;
}

/* The table that a regional NAT gateway of ours brings along. */
static bool of_a_nat_gateway(const struct json *world, const char *table)
{
    const struct json *gateways = json_member(world, "natGatewaySet");

    for (size_t i = 0; gateways && i < gateways->n_items; i++)
        if (text_equal(text_member(&gateways->items[i], "routeTableId"), table))
            return true;
    return false;
}

/* So are the addresses that AWS itself manages. */
static bool may_be_new(const struct comparison *c, const struct json *world, const char *list,
                       const struct json *item)
{
    return (text_equal(list, "routeTableSet") && of_a_nat_gateway(world, id_of(item))) ||
           (text_equal(list, "addressesSet") && text_member(item, "serviceManaged")) ||
           (text_equal(list, "networkInterfaceSet") &&
            text_equal(text_member(item, "interfaceType"), "nat_gateway")) ||
           carries_our_tags(item, c->world);
}

const char *bystanders_changed(struct trial *trial, const struct bystanders *before,
                               const struct trial_world *world, const char (*declared)[40],
                               size_t n_declared)
{
    const struct comparison c = {world, declared, n_declared};
    struct bystanders now = bystanders_now(trial);
    const char *changed = NULL;

    for (size_t l = 0; l < before->world->n_items && !changed; l++) {
        const struct json *had = &before->world->items[l], *has = json_member(now.world, had->key);

        if (had->type != JSON_ARRAY)
            continue;
        for (size_t i = 0; i < had->n_items && !changed; i++)
            if (!may_be(&c, had->key, &had->items[i],
                        find(has, id_of(&had->items[i]), earlier_ones(had, i))))
                changed = trial_text("%s of %s changed", id_of(&had->items[i]), had->key);
    }
    for (size_t l = 0; l < now.world->n_items && !changed; l++) {
        const struct json *has = &now.world->items[l], *had = json_member(before->world, has->key);

        for (size_t i = 0; has->type == JSON_ARRAY && i < has->n_items && !changed; i++)
            if (!find(had, id_of(&has->items[i]), earlier_ones(has, i)) &&
                !may_be_new(&c, now.world, has->key, &has->items[i]))
                changed = trial_text("%s of %s is new", id_of(&has->items[i]), has->key);
    }
    bystanders_clear(&now);
    return changed;
}
