/* The inventory that the daemon sends, read back. */
#include "vpc_reconciled/advise.h"
#include "vpc_reconciled/json.h"

static bool read_count(const struct json *json, const char *key, unsigned *ret_n)
{
    const struct json *number = json_member(json, key);

    if (!number || number->type != JSON_NUMBER || !(number->number >= 0 && number->number < 1e9) ||
        number->number != (double)(unsigned)number->number)
        return false;
    *ret_n = (unsigned)number->number;
    return true;
}

static bool read_text(struct arena *arena, const struct json *json, const char *key,
                      const char **ret_text)
{
    const struct json *text = json_member(json, key);

    if (!text || text->type != JSON_STRING)
        return false;
    *ret_text = arena_strdup(arena, text->string);
    return true;
}

static bool read_groups(struct arena *arena, const struct json *list, struct advise_facts *facts)
{
    struct advise_group_facts *groups =
        ARENA_ARRAY(arena, struct advise_group_facts, list->n_items + 1);

    for (size_t i = 0; i < list->n_items; i++) {
        const struct json *json = &list->items[i];
        struct advise_group_facts *group = &groups[i];

        if (json->type != JSON_OBJECT || !read_text(arena, json, "name", &group->name) ||
            !read_count(json, "zones", &group->zones) ||
            !read_count(json, "subnets", &group->subnets) ||
            !read_count(json, "interfaces", &group->interfaces) ||
            !read_count(json, "public_ipv4", &group->public_ipv4))
            return false;
    }
    facts->groups = groups;
    facts->n_groups = list->n_items;
    return true;
}

static bool read_endpoints(struct arena *arena, const struct json *list, struct advise_facts *facts)
{
    struct advise_endpoint_facts *endpoints =
        ARENA_ARRAY(arena, struct advise_endpoint_facts, list->n_items + 1);

    for (size_t i = 0; i < list->n_items; i++) {
        const struct json *json = &list->items[i];
        struct advise_endpoint_facts *endpoint = &endpoints[i];

        if (json->type != JSON_OBJECT || !read_text(arena, json, "service", &endpoint->service) ||
            !read_text(arena, json, "type", &endpoint->type) ||
            !read_count(json, "zones", &endpoint->zones))
            return false;
    }
    facts->endpoints = endpoints;
    facts->n_endpoints = list->n_items;
    return true;
}

int advise_facts_parse(struct arena *arena, const struct json *json, struct advise_facts *ret_facts)
{
    const struct json *groups, *endpoints;

    *ret_facts = (struct advise_facts){0};
    if (json->type != JSON_OBJECT)
        return -EINVAL;
    groups = json_member(json, "groups");
    endpoints = json_member(json, "endpoints");
    if (!groups || groups->type != JSON_ARRAY || !endpoints || endpoints->type != JSON_ARRAY ||
        !read_groups(arena, groups, ret_facts) || !read_endpoints(arena, endpoints, ret_facts) ||
        !read_count(json, "nat_gateways", &ret_facts->nat_gateways) ||
        !read_count(json, "regional_nat_zones", &ret_facts->regional_nat_zones) ||
        !read_count(json, "idle_addresses", &ret_facts->idle_addresses))
        return -EINVAL;
    return 0;
}
