/* A file of vpcs.d/: one VPC. */
#include "config_private.h"

static READER(read_vpc)
{
    struct config_target *target = at;
    const struct json *tag = json->items;

    (void)row;
    if (json->type == JSON_STRING) {
        if (config_check_text(loader, json, config_problem_vpc_id))
            target->vpc_id = arena_strdup(loader->arena, json->string);
        return;
    }
    if (json->n_items == 1 && text_starts_with(tag->key, "tag:")) {
        const char *problem = config_problem_match_key(loader, tag->key + 4);

        if (problem)
            config_fail_key(loader, tag, "%s %s", config_shown(loader, tag->key), problem);
        else if (config_is(loader, tag, JSON_STRING, "the tag's value in quotes") &&
                 config_check_text(loader, tag, config_problem_tag_value))
            target->vpc_tag = (struct match_tag){arena_strdup(loader->arena, tag->key + 4),
                                                 arena_strdup(loader->arena, tag->string)};
        return;
    }
    config_fail(loader, json,
                "it must name one VPC in one way: write \"vpc-...\", or one tag as "
                "{\"tag:Name\": \"orders\"}");
}

static READER(read_mode)
{
    static const char *const modes[] = {"observe", "repair"};
    int i = config_choice(loader, json, "a mode", modes, ARRAY_SIZE(modes));

    (void)row;
    if (i >= 0)
        *(bool *)at = i == 1;
}

static READER(read_account)
{
    struct config_target *target = at;

    (void)row;
    target->account = arena_strdup(loader->arena, json->string);
    for (size_t i = 0; i < loader->accounts.n; i++)
        if (text_equal(loader->accounts.items[i], json->string))
            return;
    config_fail(loader, json, "%s is no entry of \"accounts\" in the main file%s",
                config_shown(loader, json->string),
                config_nearest(loader, json->string, loader->accounts.items, loader->accounts.n));
}

static READER(read_usd)
{
    (void)row;
    if (json->number < 0)
        config_fail(loader, json, "%.17g is below zero; write what a month may cost, as 250",
                    json->number);
    *(double *)at = json->number;
}

static const struct config_row limits_rows[] = {
    {.key = "changes_per_pass",
     .types = TYPE(NUMBER),
     .right = "a whole number, as 20",
     .read = config_read_unsigned,
     .offset = offsetof(struct config_target, changes_per_pass),
     .min = 1,
     .max = 10000},
    {.key = "changes_per_hour",
     .types = TYPE(NUMBER),
     .right = "a whole number, as 60",
     .read = config_read_unsigned,
     .offset = offsetof(struct config_target, changes_per_hour),
     .min = 1,
     .max = 10000},
    {.key = "monthly_usd",
     .types = TYPE(NUMBER),
     .right = "what a month may cost, as 250",
     .read = read_usd,
     .offset = offsetof(struct config_target, monthly_usd),
     .not_checked = true},
};
static const struct config_row elsewhere_rows[] = {{.key = "quotas"}};
static const struct config_table limits_elsewhere = TABLE(elsewhere_rows);
static const struct config_table limits_table = {.rows = limits_rows,
                                                 .n = ARRAY_SIZE(limits_rows),
                                                 .elsewhere = &limits_elsewhere,
                                                 .elsewhere_is = "the main file"};

static READER(read_limits)
{
    (void)row;
    config_read_object(loader, &limits_table, json, at);
}

static READER(read_windows)
{
    struct config_target *target = at;

    if (json->n_items == 0)
        config_fail(loader, json,
                    "the list is empty: write at least one window, or leave the key out");
    config_read_texts(loader, row, json, &target->change_windows);
}

static READER(read_target_tags)
{
    struct config_target *target = at;
    struct config_tags tags = {0};

    config_read_tags(loader, row, json, &tags);
    target->tags = tags.items;
    target->n_tags = tags.n;
}

struct ipam {
    const char *pool;
    unsigned netmask_length;
};

static READER(read_netmask_length)
{
    uint64_t length;

    /* AssociateVpcCidrBlock, Ipv6NetmaskLength: /44 to /60 in steps of /4 */
    if (!config_whole(loader, json, row->min, row->max, &length))
        return;
    if (length % 4)
        config_fail(loader, json, "a VPC has no /%u: write 44, 48, 52, 56 or 60", (unsigned)length);
    *(unsigned *)at = (unsigned)length;
}

static const struct config_row ipam_rows[] = {
    {.key = "ipam_pool",
     .types = TYPE(STRING),
     .right = "\"ipam-pool-...\"",
     .read = config_read_text,
     .offset = offsetof(struct ipam, pool),
     .problem = config_problem_ipam_pool_id,
     .required = true},
    {.key = "netmask_length",
     .types = TYPE(NUMBER),
     .right = "the length of the block, as 56",
     .read = read_netmask_length,
     .offset = offsetof(struct ipam, netmask_length),
     .min = 44,
     .max = 60,
     .required = true},
};
static const struct config_table ipam_table = TABLE(ipam_rows);

static READER(read_ipv6_cidr)
{
    static const char *const words[] = {"unmanaged", "amazon"};
    struct config_target *target = at;
    struct ipam ipam = {0};
    int i = -1;

    (void)row;
    if (json->type == JSON_OBJECT) {
        config_read_object(loader, &ipam_table, json, &ipam);
        target->ipv6_cidr = "ipam";
        target->ipv6_ipam_pool = ipam.pool;
        target->ipv6_netmask_length = ipam.netmask_length;
        return;
    }
    i = config_choice(loader, json, "a source of IPv6 blocks", words, ARRAY_SIZE(words));
    if (i >= 0)
        target->ipv6_cidr = words[i];
}

static READER(read_service_ipv6)
{
    struct config_target *target = at;

    (void)row;
    target->service_ipv6 = ARENA_ARRAY(loader->arena, struct match_tag, json->n_items);
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const struct json *member = &json->items[i];
        const size_t was = config_enter(loader, member);
        const char *problem = config_problem_service(loader, member->key);

        if (problem)
            config_fail_key(loader, member, "%s %s", config_shown(loader, member->key), problem);
        if (config_is(loader, member, JSON_BOOL, "true or false"))
            target->service_ipv6[target->n_service_ipv6++] = (struct match_tag){
                arena_strdup(loader->arena, member->key), member->boolean ? "true" : "false"};
        config_leave(loader, was);
    }
}

static const struct config_row target_rows[] = {
    {.key = "$schema", .types = TYPE(STRING), .right = "a URL", .read = config_read_nothing},
    {.key = "name",
     .types = TYPE(STRING),
     .right = "a name for this VPC, as \"orders-prod\"",
     .read = config_read_text,
     .offset = offsetof(struct config_target, name),
     .problem = config_problem_name,
     .required = true},
    {.key = "region",
     .types = TYPE(STRING),
     .right = "a region, as \"ap-northeast-1\"",
     .read = config_read_text,
     .offset = offsetof(struct config_target, region),
     .problem = config_problem_region,
     .required = true},
    {.key = "account",
     .types = TYPE(STRING),
     .right = "the name of an entry of \"accounts\" in the main file",
     .read = read_account},
    {.key = "vpc",
     .types = TYPE(STRING) | TYPE(OBJECT),
     .right = "\"vpc-...\", or one tag as {\"tag:Name\": \"orders\"}",
     .read = read_vpc,
     .required = true},
    {.key = "mode",
     .types = TYPE(STRING),
     .right = "\"observe\" or \"repair\"",
     .read = read_mode,
     .offset = offsetof(struct config_target, repair_mode)},
    {.key = "subnet_groups",
     .types = TYPE(OBJECT),
     .right = "{\"NAME\": {\"match\": ..., \"ipv4\": ...}}",
     .read = config_read_groups},
    {.key = "nat_gateways",
     .types = TYPE(OBJECT),
     .right = "{\"placement\": \"per-az\", \"in\": \"GROUP\"}",
     .read = config_read_nat_gateways},
    {.key = "endpoints",
     .types = TYPE(ARRAY),
     .right = "a list of {\"service\": ..., \"type\": ..., \"for\": [...]}",
     .read = config_read_endpoints},
    {.key = "must_reach",
     .types = TYPE(ARRAY),
     .right = "a list of {\"from\": ..., \"to\": ...}",
     .read = config_read_must_reach},
    {.key = "repair",
     .types = TYPE(OBJECT),
     .right = "{\"route-cross-az\": \"auto\"}",
     .read = config_read_repair},
    {.key = "limits",
     .types = TYPE(OBJECT),
     .right = "{\"changes_per_pass\": 20}",
     .read = read_limits},
    {.key = "change_windows",
     .types = TYPE(ARRAY),
     .right = "a list of windows, as [\"Mon..Fri 09:00-18:00 Asia/Tokyo\"]",
     .read = read_windows,
     .problem = config_problem_window,
     .not_checked = true},
    {.key = "tags",
     .types = TYPE(OBJECT),
     .right = "{\"KEY\": \"value\"}",
     .read = read_target_tags},
    {.key = "ipv6_cidr",
     .types = TYPE(STRING) | TYPE(OBJECT),
     .right = "\"amazon\", \"unmanaged\" or {\"ipam_pool\": ..., \"netmask_length\": 56}",
     .read = read_ipv6_cidr},
    {.key = "service_ipv6",
     .types = TYPE(OBJECT),
     .right = "{\"dynamodb\": false}",
     .read = read_service_ipv6},
};
const struct config_table config_target_table = {.rows = target_rows,
                                                 .n = ARRAY_SIZE(target_rows),
                                                 .elsewhere = &config_main_table,
                                                 .elsewhere_is =
                                                     "the main file, vpc-reconciled.json"};
