/* "subnet_groups": names, and what is declared for each. */
#include "config_private.h"

#include <stdlib.h>

static READER(read_services)
{
    struct subnet_group *group = at;

    config_read_texts(loader, row, json, &group->services);
    group->services_said = true; /* [] says: not even logs and xray */
}

#define OPTION_RIGHT "an option as \"internet-gateway\", or {\"any\": [...]}"
static const struct config_row group_rows[] = {
    {.key = "match",
     .types = TYPE(OBJECT) | TYPE(ARRAY),
     .right = "[\"subnet-...\"], {\"tag:KEY\": \"value\"} or {\"capacity_provider\": \"NAME\"}",
     .read = config_read_match},
    {.key = "create",
     .types = TYPE(ARRAY),
     .right = "a list of {\"az\": ..., \"cidr\": ...}",
     .read = config_read_create},
    {.key = "ipv4",
     .types = TYPE(STRING) | TYPE(OBJECT),
     .right = OPTION_RIGHT,
     .read = config_read_options,
     .offset = offsetof(struct subnet_group, ipv4),
     .max = FAMILY_IPV4},
    {.key = "ipv6",
     .types = TYPE(STRING) | TYPE(OBJECT),
     .right = OPTION_RIGHT,
     .read = config_read_options,
     .offset = offsetof(struct subnet_group, ipv6),
     .max = FAMILY_IPV6},
    {.key = "public_ipv4_on_launch",
     .types = TYPE(BOOL),
     .right = "true or false",
     .read = config_read_flag,
     .offset = offsetof(struct subnet_group, public_ipv4_on_launch)},
    {.key = "ipv6_on_launch",
     .types = TYPE(BOOL),
     .right = "true or false",
     .read = config_read_flag,
     .offset = offsetof(struct subnet_group, ipv6_on_launch)},
    {.key = "nat64",
     .types = TYPE(BOOL),
     .right = "true or false",
     .read = config_read_flag,
     .offset = offsetof(struct subnet_group, nat64)},
    {.key = "outbound",
     .types = TYPE(ARRAY),
     .right = "a list of rules {\"protocol\": ..., \"ports\": [...], \"to\": [...]}",
     .read = config_read_outbound},
    {.key = "services",
     .types = TYPE(ARRAY),
     .right = "a list of services, as [\"s3\", \"logs\"]",
     .read = read_services,
     .problem = config_problem_service},
    {.key = "security_groups",
     .types = TYPE(ARRAY),
     .right = "a list of \"sg-...\"",
     .read = config_read_texts,
     .offset = offsetof(struct subnet_group, security_groups),
     .problem = config_problem_security_group_id},
};
static const struct config_table group_table = TABLE(group_rows);

static void check_group(struct loader *loader, const struct json *json,
                        const struct subnet_group *group)
{
    const struct json *create = json_member(json, "create"),
                      *on_launch = json_member(json, "public_ipv4_on_launch"),
                      *nat64 = json_member(json, "nat64"),
                      *outbound = json_member(json, "outbound");
    const enum option ipv4 = config_built_option(&group->ipv4);

    if (create && json_member(json, "match"))
        config_fail_member(loader, create,
                           "\"match\" and \"create\" name subnets in two ways: keep one");
    if (!create && !json_member(json, "match"))
        config_fail(loader, json, "it names no subnet; write \"match\" or \"create\"");
    if (on_launch && group->public_ipv4_on_launch == 2 &&
        (ipv4 == OPTION_NAT_GATEWAY || ipv4 == OPTION_NONE))
        config_fail_member(loader, on_launch,
                           "public addresses are of no use with \"ipv4\": \"%s\"; write "
                           "false, or \"ipv4\": \"internet-gateway\"",
                           option_name(ipv4));
    if (nat64 && group->nat64 == 2 && config_built_option(&group->ipv6) == OPTION_NONE)
        config_fail_member(loader, nat64, "NAT64 wants IPv6: \"ipv6\" is \"none\" here");
    if (outbound && group->security_groups.n == 0 && !group->capacity_provider)
        config_fail_member(loader, outbound,
                           "there are no security groups to hold it against: name those that the "
                           "functions have in \"security_groups\"");
}

static int compare_groups(const void *a, const void *b)
{
    const struct subnet_group *left = a, *right = b;

    return strcmp(left->name, right->name);
}

READER(config_read_groups)
{
    struct config_target *target = at;

    (void)row;
    target->groups = ARENA_ARRAY(loader->arena, struct subnet_group, json->n_items);
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const struct json *member = &json->items[i];
        const size_t was = config_enter(loader, member);
        struct subnet_group *group = &target->groups[target->n_groups];
        const char *problem = config_problem_name(loader, member->key);

        group->name = arena_strdup(loader->arena, member->key);
        group->file = target->file;
        group->line = member->key_place.line;
        if (problem) {
            config_fail_key(loader, member, "%s %s", config_shown(loader, member->key), problem);
        } else if (config_is(loader, member, JSON_OBJECT, "{\"match\": ..., \"ipv4\": ...}")) {
            config_read_object(loader, &group_table, member, group);
            check_group(loader, member, group);
            target->n_groups++;
        }
        config_leave(loader, was);
    }
    if (target->n_groups)
        qsort(target->groups, target->n_groups, sizeof(*target->groups), compare_groups);
}

struct subnet_group *config_find_group(const struct config_target *target, const char *name)
{
    const struct subnet_group key = {.name = name};

    return target->n_groups
               ? bsearch(&key, target->groups, target->n_groups, sizeof(key), compare_groups)
               : NULL;
}
