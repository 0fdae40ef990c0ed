/* How a group names its subnets: by ids, by tags, by a capacity provider, or as what to create. */
#include "config_private.h"

#define MATCH_TAGS_MAX 50

static const char ids_right[] = "the id of a subnet in quotes";

static void read_match_tag(struct loader *loader, const struct json *json,
                           struct subnet_group *group)
{
    const char *key = json->key + strlen("tag:"), *problem = config_problem_match_key(loader, key);

    if (problem)
        config_fail_key(loader, json, "%s %s", config_shown(loader, json->key), problem);
    else if (config_is(loader, json, JSON_STRING, "the tag's value in quotes; * and ? match any") &&
             config_check_text(loader, json, config_problem_tag_value))
        group->match_tags[group->n_match_tags++] = (struct match_tag){
            arena_strdup(loader->arena, key), arena_strdup(loader->arena, json->string)};
}

static void read_azs(struct loader *loader, const struct json *json, struct subnet_group *group)
{
    uint64_t azs;

    if (config_is(loader, json, JSON_NUMBER, "how many Availability Zones the match must find") &&
        config_whole(loader, json, 1, 26, &azs))
        group->azs = (unsigned)azs;
}

static void read_match_member(struct loader *loader, const struct json *json,
                              struct subnet_group *group)
{
    static const char *const words[] = {"capacity_provider", "azs", "tag:Name"};

    if (text_starts_with(json->key, "tag:")) {
        read_match_tag(loader, json, group);
    } else if (text_equal(json->key, "azs")) {
        read_azs(loader, json, group);
    } else if (text_equal(json->key, "capacity_provider")) {
        if (config_is(loader, json, JSON_STRING, "the name of a capacity provider") &&
            config_check_text(loader, json, config_problem_capacity_provider))
            group->capacity_provider = arena_strdup(loader->arena, json->string);
    } else if (json->type == JSON_ARRAY) {
        config_fail_key(loader, json,
                        "ids stand in a list, without tags or \"azs\": write "
                        "\"match\": [\"subnet-...\"]");
    } else {
        config_fail_key(loader, json,
                        "unknown key%s: write \"tag:KEY\", \"azs\" or "
                        "\"capacity_provider\"",
                        config_nearest(loader, json->key, words, ARRAY_SIZE(words)));
    }
}

static void read_match_object(struct loader *loader, const struct json *json,
                              struct subnet_group *group)
{
    const struct json *provider = json_member(json, "capacity_provider");
    bool ids = false, tags = false;

    if (json->n_items > MATCH_TAGS_MAX) {
        config_fail(loader, json, "%zu keys; at most %d", json->n_items, MATCH_TAGS_MAX);
        return;
    }
    group->match_tags = ARENA_ARRAY(loader->arena, struct match_tag, json->n_items);
    for (size_t i = 0; i < json->n_items; i++) {
        const size_t was = config_enter(loader, &json->items[i]);

        read_match_member(loader, &json->items[i], group);
        ids = ids || json->items[i].type == JSON_ARRAY;
        tags = tags || text_starts_with(json->items[i].key, "tag:");
        config_leave(loader, was);
    }
    if (provider && tags)
        config_fail_member(loader, provider,
                           "\"capacity_provider\" and tags name subnets in two ways: "
                           "keep one");
    if (!ids && !provider && !tags)
        config_fail(loader, json,
                    "it names no subnet: write {\"tag:KEY\": \"value\"}, "
                    "{\"capacity_provider\": \"NAME\"} or [\"subnet-...\"]");
}

READER(config_read_match)
{
    static const struct config_row ids = {
        .right = ids_right, .problem = config_problem_subnet_id, .claim = CLAIM_SUBNET};
    struct subnet_group *group = at;

    (void)row;
    if (json->type == JSON_OBJECT) {
        read_match_object(loader, json, group);
        return;
    }
    if (json->n_items == 0)
        config_fail(loader, json, "the list is empty: write at least one \"subnet-...\"");
    for (size_t i = 0; i < json->n_items; i++)
        if (json->items[i].type == JSON_OBJECT) {
            config_fail(loader, &json->items[i],
                        "ids and other ways to match stand in one list: "
                        "write a list of ids, or one object of tags");
            return;
        }
    config_read_texts(loader, &ids, json, &group->subnet_ids);
}

static READER(read_subnet_cidr)
{
    struct prefix *cidr = at;

    (void)row;
    if (!config_check_text(loader, json, config_problem_cidr))
        return;
    prefix_parse(json->string, cidr);
    if (cidr->family != FAMILY_IPV4)
        config_fail(loader, json,
                    "%s is IPv6; write the subnet's IPv4 block, and \"ipv6_index\" "
                    "for its /64",
                    json->string);
    else if (cidr->length < 16 || cidr->length > 28) /* CreateSubnet: /28 to /16 */
        config_fail(loader, json, "%s is not a block that a subnet may have: write /16 to /28",
                    json->string);
}

static READER(read_ipv6_index)
{
    uint64_t index;

    (void)row;
    if (config_whole(loader, json, 0, 255, &index)) /* the /64s of a /56 */
        *(int *)at = (int)index;
}

static const struct config_row create_rows[] = {
    {.key = "az",
     .types = TYPE(STRING),
     .right = "the subnet's Availability Zone, as \"ap-northeast-1a\"",
     .read = config_read_text,
     .offset = offsetof(struct declared_subnet, availability_zone),
     .problem = config_problem_zone,
     .required = true},
    {.key = "cidr",
     .types = TYPE(STRING),
     .right = "the subnet's IPv4 block, as \"10.0.1.0/24\"",
     .read = read_subnet_cidr,
     .offset = offsetof(struct declared_subnet, cidr),
     .required = true},
    {.key = "ipv6_index",
     .types = TYPE(NUMBER),
     .right = "which /64 of the VPC's block the subnet has, 0 to 255",
     .read = read_ipv6_index,
     .offset = offsetof(struct declared_subnet, ipv6_index)},
};
static const struct config_table create_table = TABLE(create_rows);

READER(config_read_create)
{
    struct subnet_group *group = at;

    (void)row;
    if (json->n_items == 0 || json->n_items > CONFIG_LIST_MAX) {
        config_fail(loader, json, "a list of %zu; write 1 to %d subnets", json->n_items,
                    CONFIG_LIST_MAX);
        return;
    }
    group->create = ARENA_ARRAY(loader->arena, struct declared_subnet, json->n_items);
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const size_t was = config_enter_index(loader, i);

        group->create[i].ipv6_index = -1;
        if (config_is(loader, &json->items[i], JSON_OBJECT, "{\"az\": ..., \"cidr\": ...}"))
            config_read_object(loader, &create_table, &json->items[i], &group->create[i]);
        config_leave(loader, was);
    }
    group->n_create = json->n_items;
}
