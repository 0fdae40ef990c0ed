/* The main file, vpc-reconciled.json: what holds for every VPC. */
#include "config_private.h"

#define SECOND 1000ULL
#define HOUR (3600 * SECOND)

static READER(read_jitter)
{
    const size_t n = strspn(json->string, "0123456789");
    unsigned percent = 0;

    (void)row;
    for (size_t i = 0; i < n && i < 4; i++)
        percent = percent * 10 + (unsigned)(json->string[i] - '0');
    if (n == 0 || n > 3 || (n > 1 && *json->string == '0') || !text_equal(json->string + n, "%") ||
        percent > 100)
        config_fail(loader, json, "%s is not a share: write \"0%%\" to \"100%%\"",
                    config_shown(loader, json->string));
    else
        *(unsigned *)at = percent;
}

static const struct config_row confirm_rows[] = {
    {.key = "route",
     .types = TYPE(STRING),
     .right = "a time, as \"10s\"",
     .read = config_read_time,
     .offset = offsetof(struct config, confirm_route_ms),
     .max = HOUR},
    {.key = "create",
     .types = TYPE(STRING),
     .right = "a time, as \"60s\"",
     .read = config_read_time,
     .offset = offsetof(struct config, confirm_create_ms),
     .max = HOUR},
};
static const struct config_table confirm_table = TABLE(confirm_rows);

static READER(read_confirm_after)
{
    struct config *config = at;

    (void)row;
    if (json->type == JSON_OBJECT) {
        config_read_object(loader, &confirm_table, json, config);
        return;
    }
    config_read_time(loader, &confirm_rows[0], json, &config->confirm_route_ms);
    if (config_parse_time(json->string, &config->confirm_create_ms) >= 0)
        config->confirm_create_ms = config->confirm_route_ms; /* one time for both */
}

/* STS, AssumeRole: ExternalId */
static const char *problem_external_id(struct loader *loader, const char *text)
{
    size_t n = strlen(text);

    (void)loader;
    return n >= 2 && n <= 1224 &&
                   strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_+=,.@:/-") == n
               ? NULL
               : "is not an external id: write 2 to 1224 letters, digits and _+=,.@:/-";
}

static const struct config_row account_rows[] = {
    {.key = "id",
     .types = TYPE(STRING),
     .right = "the account's 12 digits in quotes",
     .read = config_read_text,
     .offset = offsetof(struct config_account, id),
     .problem = config_problem_account_id,
     .required = true},
    {.key = "assume_role",
     .types = TYPE(STRING),
     .right = "the ARN of a role, as \"arn:aws:iam::111122223333:role/NAME\"",
     .read = config_read_text,
     .offset = offsetof(struct config_account, assume_role),
     .problem = config_problem_role},
    {.key = "external_id",
     .types = TYPE(STRING),
     .right = "what the role's trust policy asks for, in quotes",
     .read = config_read_text,
     .offset = offsetof(struct config_account, external_id),
     .problem = problem_external_id},
};
static const struct config_table account_table = TABLE(account_rows);

/* "arn:aws:iam::111122223333:role/NAME" */
static bool names_account(const char *role, const char *id)
{
    const char *at = role;

    for (unsigned colons = 0; *at && colons < 4; at++)
        colons += *at == ':';
    return text_starts_with(at, id) && at[strlen(id)] == ':';
}

static void read_account(struct loader *loader, const struct json *json)
{
    const char *problem = config_problem_name(loader, json->key);
    struct config_account *account;

    if (problem)
        config_fail_key(loader, json, "%s %s", config_shown(loader, json->key), problem);
    if (!config_is(loader, json, JSON_OBJECT, "{\"id\": \"111122223333\", \"assume_role\": ...}"))
        return;
    account = &loader->config->accounts[loader->config->n_accounts++];
    config_read_object(loader, &account_table, json, account);
    account->name = arena_strdup(loader->arena, json->key);
    *VEC_ADD(loader->scratch, &loader->accounts) = account->name;
    if (account->id && account->assume_role && !names_account(account->assume_role, account->id))
        config_fail_member(loader, json_member(json, "assume_role"),
                           "the role belongs to another account than \"id\": %s", account->id);
    if (account->external_id && !account->assume_role)
        config_fail_member(loader, json_member(json, "external_id"),
                           "it goes with \"assume_role\", which is not there");
}

static READER(read_accounts)
{
    (void)row;
    (void)at;
    loader->config->accounts = ARENA_ARRAY(loader->arena, struct config_account, json->n_items);
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const size_t was = config_enter(loader, &json->items[i]);

        read_account(loader, &json->items[i]);
        config_leave(loader, was);
    }
}

/* Their kinds come with a later version. */
static READER(read_alerts)
{
    (void)row;
    (void)at;
    for (size_t i = 0; i < json->n_items; i++) {
        const size_t was = config_enter_index(loader, i);

        config_is(loader, &json->items[i], JSON_OBJECT, "an object for each alert");
        config_leave(loader, was);
    }
}

static const struct config_row quota_rows[] = {
    {.key = "elastic_ips",
     .types = TYPE(NUMBER),
     .right = "how many the account may have, as 5",
     .read = config_read_unsigned,
     .offset = offsetof(struct config, quota_elastic_ips),
     .max = 100000},
};
static const struct config_table quota_table = TABLE(quota_rows);

static READER(read_quotas)
{
    (void)row;
    config_read_object(loader, &quota_table, json, at);
}

static const struct config_row limits_rows[] = {
    {.key = "quotas", .types = TYPE(OBJECT), .right = "{\"elastic_ips\": 5}", .read = read_quotas},
};
static const struct config_row elsewhere_rows[] = {
    {.key = "changes_per_pass"}, {.key = "changes_per_hour"}, {.key = "monthly_usd"}};
static const struct config_table limits_elsewhere = TABLE(elsewhere_rows);
static const struct config_table limits_table = {.rows = limits_rows,
                                                 .n = ARRAY_SIZE(limits_rows),
                                                 .elsewhere = &limits_elsewhere,
                                                 .elsewhere_is = "a VPC's file in vpcs.d/"};

static READER(read_limits)
{
    (void)row;
    config_read_object(loader, &limits_table, json, at);
}

static READER(read_main_tags)
{
    struct config_tags tags = {0};

    (void)at;
    config_read_tags(loader, row, json, &tags);
    loader->tags = tags.items;
    loader->n_tags = tags.n;
}

static const struct config_row main_rows[] = {
    {.key = "$schema", .types = TYPE(STRING), .right = "a URL", .read = config_read_nothing},
    {.key = "owner",
     .types = TYPE(STRING),
     .right = "a name, as \"vpc-reconciled\"",
     .read = config_read_text,
     .offset = offsetof(struct config, owner),
     .problem = config_problem_owner},
    {.key = "interval",
     .types = TYPE(STRING),
     .right = "a time, as \"60s\"",
     .read = config_read_time,
     .offset = offsetof(struct config, interval_ms),
     .min = SECOND,
     .max = 24 * HOUR},
    {.key = "jitter",
     .types = TYPE(STRING),
     .right = "a share of the interval, as \"10%\"",
     .read = read_jitter,
     .offset = offsetof(struct config, jitter_percent)},
    {.key = "confirm_after",
     .types = TYPE(STRING) | TYPE(OBJECT),
     .right = "a time, as \"10s\", or {\"route\": \"10s\", \"create\": \"60s\"}",
     .read = read_confirm_after},
    {.key = "accounts",
     .types = TYPE(OBJECT),
     .right = "{\"NAME\": {\"id\": \"111122223333\", \"assume_role\": ...}}",
     .read = read_accounts},
    {.key = "alerts",
     .types = TYPE(ARRAY),
     .right = "a list of objects",
     .read = read_alerts,
     .not_checked = true},
    {.key = "page_after",
     .types = TYPE(STRING),
     .right = "a time, as \"2m\"",
     .read = config_read_time,
     .offset = offsetof(struct config, page_after_ms),
     .max = 24 * HOUR,
     .not_checked = true},
    {.key = "remind_every",
     .types = TYPE(STRING),
     .right = "a time, as \"4h\"",
     .read = config_read_time,
     .offset = offsetof(struct config, remind_every_ms),
     .min = SECOND,
     .max = 720 * HOUR,
     .not_checked = true},
    {.key = "metrics",
     .types = TYPE(OBJECT),
     .right = "an object",
     .read = config_read_nothing,
     .not_checked = true},
    {.key = "limits",
     .types = TYPE(OBJECT),
     .right = "{\"quotas\": {\"elastic_ips\": 5}}",
     .read = read_limits},
    {.key = "tags", .types = TYPE(OBJECT), .right = "{\"KEY\": \"value\"}", .read = read_main_tags},
};
const struct config_table config_main_table = {.rows = main_rows,
                                               .n = ARRAY_SIZE(main_rows),
                                               .elsewhere = &config_target_table,
                                               .elsewhere_is = "a VPC's file in vpcs.d/"};
