/* What no key of a VPC's file can say alone. */
#include "config_private.h"

#include <stdlib.h>

static void check_group_name(struct loader *loader, const struct json *json)
{
    const struct config_target *target = loader->target;
    const char **names;

    if (!json || json->type != JSON_STRING || config_find_group(target, json->string))
        return;
    names = ARENA_ARRAY(loader->scratch, const char *, target->n_groups);
    for (size_t i = 0; i < target->n_groups; i++)
        names[i] = target->groups[i].name;
    config_fail(loader, json, "%s is no group of \"subnet_groups\"%s",
                config_shown(loader, json->string),
                config_nearest(loader, json->string, names, target->n_groups));
}

static void check_member_name(struct loader *loader, const struct json *object, const char *key)
{
    const struct json *member = json_member(object, key);
    size_t was;

    if (!member || (member->type == JSON_ARRAY) != text_equal(key, "for"))
        return; /* its type is an error already */
    was = config_enter(loader, member);
    check_group_name(loader, member);
    for (size_t i = 0; member->type == JSON_ARRAY && i < member->n_items; i++) {
        const size_t outer = config_enter_index(loader, i);

        check_group_name(loader, &member->items[i]);
        config_leave(loader, outer);
    }
    config_leave(loader, was);
}

/* Keys of each object of a list that name groups. */
static void check_list_names(struct loader *loader, const struct json *root, const char *key,
                             const char *const *members, size_t n)
{
    const struct json *list = json_member(root, key);
    size_t was;

    if (!list || list->type != JSON_ARRAY)
        return;
    was = config_enter(loader, list);
    for (size_t i = 0; i < list->n_items && !config_full(loader); i++) {
        const size_t outer = config_enter_index(loader, i);

        for (size_t j = 0; j < n; j++)
            check_member_name(loader, &list->items[i], members[j]);
        config_leave(loader, outer);
    }
    config_leave(loader, was);
}

static bool uses_nat(const struct declared_options *options)
{
    for (size_t i = 0; i < options->n; i++)
        if (options->items[i].option == OPTION_NAT_GATEWAY)
            return true;
    return false;
}

/* A group that leads to NAT gateways wants to know where these stand; a regional one has no subnet.
 */
static void check_nat_use(struct loader *loader, const struct json *root)
{
    const struct json *groups = json_member(root, "subnet_groups"), *ipv4, *nat64;
    const struct declared_nat_gateways *gateways = &loader->target->nat_gateways;
    size_t was;

    if (!groups || groups->type != JSON_OBJECT ||
        json_member(json_member(root, "nat_gateways"), "in") ||
        (gateways->declared && gateways->placement == NAT_REGIONAL))
        return;
    was = config_enter(loader, groups);
    for (size_t i = 0; i < groups->n_items && !config_full(loader); i++) {
        const size_t outer = config_enter(loader, &groups->items[i]);
        const struct subnet_group *group = config_find_group(loader->target, groups->items[i].key);

        ipv4 = json_member(&groups->items[i], "ipv4");
        nat64 = json_member(&groups->items[i], "nat64");
        if (group && ipv4 && uses_nat(&group->ipv4))
            config_fail_member(loader, ipv4,
                               "\"nat-gateway\" wants \"nat_gateways\": {\"in\": \"GROUP\"}, "
                               "the group whose subnets hold them");
        else if (group && nat64 && group->nat64 == 2)
            config_fail_member(loader, nat64,
                               "NAT64 leads to a NAT gateway: write \"nat_gateways\": "
                               "{\"in\": \"GROUP\"} too");
        config_leave(loader, outer);
    }
    config_leave(loader, was);
}

static void check_nat_gateways(struct loader *loader, const struct json *root)
{
    const struct json *gateways = json_member(root, "nat_gateways"),
                      *in = json_member(gateways, "in");
    const struct subnet_group *group =
        in && in->type == JSON_STRING ? config_find_group(loader->target, in->string) : NULL;
    const size_t was = gateways ? config_enter(loader, gateways) : 0;
    enum option option;

    if (!gateways)
        return;
    check_member_name(loader, gateways, "in");
    if (loader->target->nat_gateways.placement == NAT_REGIONAL &&
        loader->target->nat_gateways.n_elastic_ips) { /* AWS chooses its addresses */
        const struct json *elastic_ips = json_member(gateways, "elastic_ips");
        const size_t outer = config_enter(loader, elastic_ips);

        config_not_checked(loader, elastic_ips, NULL);
        config_leave(loader, outer);
    }
    option = group ? config_built_option(&group->ipv4) : OPTION_UNMANAGED;
    if (option == OPTION_NAT_GATEWAY || option == OPTION_NONE)
        config_fail_member(loader, in,
                           "group \"%s\" has \"ipv4\": \"%s\"; NAT gateways stand in a group "
                           "whose \"ipv4\" is \"internet-gateway\"",
                           group->name, option_name(option));
    config_leave(loader, was);
}

struct created {
    struct prefix cidr;
    size_t group, subnet;
};

static int compare_created(const void *a, const void *b)
{
    const struct created *left = a, *right = b;
    int r = prefix_compare(&left->cidr, &right->cidr);

    if (r == 0)
        r = (left->group > right->group) - (left->group < right->group);
    return r != 0 ? r : (left->subnet > right->subnet) - (left->subnet < right->subnet);
}

/* Prefixes nest or are apart, so one that overlaps an earlier one overlaps the last outermost. */
static void check_overlaps(struct loader *loader, const struct json *root)
{
    const struct json *groups = json_member(root, "subnet_groups"), *create;
    const struct config_target *target = loader->target;
    VEC(struct created) all = {0};
    const struct created *outer = NULL;
    char other[PREFIX_TEXT_SIZE];

    for (size_t i = 0; i < target->n_groups; i++)
        for (size_t j = 0; j < target->groups[i].n_create; j++)
            if (target->groups[i].create[j].cidr.family == FAMILY_IPV4)
                *VEC_ADD(loader->scratch, &all) =
                    (struct created){target->groups[i].create[j].cidr, i, j};
    if (all.n)
        qsort(all.items, all.n, sizeof(*all.items), compare_created);
    VEC_EACH (at, &all) {
        const struct subnet_group *group = &target->groups[at->group];

        if (!outer || !prefix_overlaps(&outer->cidr, &at->cidr)) {
            outer = at;
            continue;
        }
        if (config_full(loader))
            return;
        create = json_member(json_member(groups, group->name), "create");
        config_fail_at(loader, create->items[at->subnet].place,
                       "subnet_groups.%s.create[%zu]: its block overlaps with %s of "
                       "subnet_groups.%s.create[%zu]",
                       group->name, at->subnet, prefix_format(&outer->cidr, other),
                       target->groups[outer->group].name, outer->subnet);
    }
}

/* Keys that this version cannot honour and that would hold a write back, or choose who makes it. */
static void note_observe_because(struct loader *loader, const struct json *root)
{
    CLEANUP(buf_free)
    struct buf keys = {0};

    if (json_member(root, "change_windows"))
        buf_text(&keys, ", change_windows");
    if (json_member(json_member(root, "limits"), "monthly_usd"))
        buf_text(&keys, ", limits.monthly_usd");
    if (keys.n)
        loader->target->observe_because = arena_strdup(loader->arena, keys.data + 2);
}

/* One VPC, one file. A tag can find another VPC in each account and region. */
static void claim_target(struct loader *loader, const struct json *root)
{
    const struct json *name = json_member(root, "name"), *vpc = json_member(root, "vpc");
    const struct config_target *target = loader->target;
    size_t was;

    if (target->name) {
        was = config_enter(loader, name);
        config_claim(loader, CLAIM_TARGET_NAME, name, target->name);
        config_leave(loader, was);
    }
    if (!target->vpc_id && !target->vpc_tag.key)
        return;
    was = config_enter(loader, vpc);
    if (target->vpc_id)
        config_claim(loader, CLAIM_VPC, vpc, target->vpc_id);
    else
        config_claim(loader, CLAIM_VPC_TAG, vpc,
                     arena_printf(loader->scratch, "tag:%s=%s in %s%s%s", target->vpc_tag.key,
                                  target->vpc_tag.value, target->region ? target->region : "?",
                                  target->account ? " of " : "",
                                  target->account ? target->account : ""));
    config_leave(loader, was);
}

static int compare_tags(const void *a, const void *b)
{
    const struct match_tag *left = a, *right = b;

    return strcmp(left->key, right->key);
}

/* The target's own over the main file's. */
static void merge_tags(struct loader *loader, const struct json *root)
{
    struct config_target *target = loader->target;
    const size_t n_own = target->n_tags;
    struct match_tag *tags = ARENA_ARRAY(loader->arena, struct match_tag, n_own + loader->n_tags);
    size_t n = n_own;

    if (n_own)
        memcpy(tags, target->tags, n_own * sizeof(*tags));
    for (size_t i = 0; i < loader->n_tags; i++) {
        size_t j = 0;

        while (j < n_own && !text_equal(tags[j].key, loader->tags[i].key))
            j++;
        if (j == n_own)
            tags[n++] = loader->tags[i];
    }
    if (n > CONFIG_TAGS_MAX)
        config_fail_member(loader, json_member(root, "tags"),
                           "%zu with those of the main file; at most %d: EC2 allows 50 a resource "
                           "and three are the daemon's own",
                           n, CONFIG_TAGS_MAX);
    if (n)
        qsort(tags, n, sizeof(*tags), compare_tags);
    target->tags = tags;
    target->n_tags = n;
}

void config_check_target(struct loader *loader, const struct json *root)
{
    static const char *const endpoint_keys[] = {"for", "in"};
    static const char *const reach_keys[] = {"from"};

    check_nat_gateways(loader, root);
    check_nat_use(loader, root);
    check_list_names(loader, root, "endpoints", endpoint_keys, ARRAY_SIZE(endpoint_keys));
    check_list_names(loader, root, "must_reach", reach_keys, ARRAY_SIZE(reach_keys));
    check_overlaps(loader, root);
    note_observe_because(loader, root);
    claim_target(loader, root);
    merge_tags(loader, root);
}
