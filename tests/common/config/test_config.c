/* The config parser: what it takes, with all values. */
#include "config_texts.h"

/* ---- the samples ---- */

static struct config *parse_samples(struct arena *arena)
{
    static const char *const paths[] = {"vpcs.d/wide.json", "vpcs.d/orders.json",
                                        "vpc-reconciled.json", "vpcs.d/least.json"};
    struct buf texts[ARRAY_SIZE(paths)] = {0};
    struct config_file files[ARRAY_SIZE(paths)] = {0};
    struct config_errors errors;
    struct config *config = NULL;
    char path[512];

    for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
        snprintf(path, sizeof(path), DIRECTORY "samples/%s", paths[i]);
        read_whole(path, &texts[i]);
        files[i] = (struct config_file){paths[i], texts[i].data, texts[i].n, i == 2};
    }
    if (config_parse(arena, files, ARRAY_SIZE(paths), &config, &errors) < 0)
        fail_msg("%s:%u:%u: %s", errors.list.items[0].file, errors.list.items[0].line,
                 errors.list.items[0].column, errors.list.items[0].message);
    /* The config keeps copies only: from here on ASan watches. */
    for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
        buf_free(&texts[i]);
    return config;
}

static void assert_texts(const struct texts *texts, const char *joined)
{
    CLEANUP(buf_free)
    struct buf buf = {0};

    for (size_t i = 0; i < texts->n; i++)
        buf_printf(&buf, "%s%s", i ? "," : "", texts->items[i]);
    assert_string_equal(buf_string(&buf), joined);
}

static void assert_options(const struct declared_options *options, const char *joined)
{
    CLEANUP(buf_free)
    struct buf buf = {0};

    for (size_t i = 0; i < options->n; i++)
        buf_printf(&buf, "%s%s", i ? "," : "",
                   options->items[i].option == OPTION_TARGET_ID
                       ? options->items[i].target_id
                       : option_name(options->items[i].option));
    assert_string_equal(buf_string(&buf), joined);
}

static void test_main_file(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct config *config = parse_samples(arena);

    (void)state;
    assert_string_equal(config->owner, "vpc-reconciled");
    assert_int_equal(config->interval_ms, 60000);
    assert_int_equal(config->jitter_percent, 10);
    assert_int_equal(config->confirm_route_ms, 10000);
    assert_int_equal(config->confirm_create_ms, 60000);
    assert_int_equal(config->page_after_ms, 120000);
    assert_int_equal(config->remind_every_ms, 14400000);
    assert_int_equal(config->quota_elastic_ips, 5);
    assert_int_equal(config->n_accounts, 1);
    assert_string_equal(config->accounts[0].name, "prod");
    assert_string_equal(config->accounts[0].id, "111122223333");
    assert_string_equal(config->accounts[0].assume_role,
                        "arn:aws:iam::111122223333:role/vpc-reconciled");
    assert_int_equal(config->n_targets, 3);
    assert_string_equal(config->targets[0].name, "least");
    assert_string_equal(config->targets[1].name, "orders-prod");
    assert_string_equal(config->targets[2].name, "wide.1_x");
}

static void test_orders(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct config_target *orders = &parse_samples(arena)->targets[1];
    const struct subnet_group *functions = &orders->groups[0], *public = &orders->groups[1];

    (void)state;
    assert_string_equal(orders->file, "vpcs.d/orders.json");
    assert_string_equal(orders->region, "ap-northeast-1");
    assert_string_equal(orders->account, "prod");
    assert_string_equal(orders->vpc_id, "vpc-0a1b2c3d4e5f60718");
    assert_null(orders->vpc_tag.key);
    assert_true(orders->repair_mode);
    assert_string_equal(orders->observe_because, "change_windows, limits.monthly_usd");
    assert_int_equal(orders->n_groups, 2);
    assert_string_equal(functions->name, "functions");
    assert_string_equal(functions->capacity_provider, "orders");
    assert_options(&functions->ipv4, "nat-gateway");
    assert_options(&functions->ipv6, "egress-only-internet-gateway");
    assert_int_equal(functions->n_outbound, 1);
    assert_string_equal(functions->outbound->protocol, "tcp");
    assert_int_equal(functions->outbound->n_ports, 1);
    assert_int_equal(functions->outbound->ports[0].from, 443);
    assert_int_equal(functions->outbound->ports[0].to, 443);
    assert_texts(&functions->outbound->to, "0.0.0.0/0,::/0");
    assert_texts(&functions->services, "s3,dynamodb,logs,xray");
    assert_true(functions->services_said);
    assert_string_equal(functions->file, "vpcs.d/orders.json");
    assert_int_equal(functions->line, 15);
    assert_string_equal(public->name, "public");
    assert_int_equal(public->n_match_tags, 1);
    assert_string_equal(public->match_tags->key, "tier");
    assert_string_equal(public->match_tags->value, "public");
    assert_int_equal(public->azs, 3);
    assert_options(&public->ipv4, "internet-gateway");
    assert_int_equal(public->public_ipv4_on_launch, 2);
    assert_int_equal(public->ipv6_on_launch, 0);
    assert_false(public->services_said);
    assert_true(orders->nat_gateways.declared);
    assert_int_equal(orders->nat_gateways.placement, NAT_PER_AZ);
    assert_string_equal(orders->nat_gateways.in_group, "public");
    assert_int_equal(orders->nat_gateways.n_elastic_ips, 1);
    assert_string_equal(orders->nat_gateways.elastic_ips->availability_zone, "ap-northeast-1a");
    assert_texts(&orders->nat_gateways.elastic_ips->allocation_ids, "eipalloc-0a1b2c3d4e5f60718");
}

static void test_orders_rest(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct config_target *orders = &parse_samples(arena)->targets[1];
    const struct declared_endpoint *logs = &orders->endpoints[1];

    (void)state;
    assert_int_equal(orders->n_endpoints, 2);
    assert_string_equal(orders->endpoints[0].type, "gateway");
    assert_null(orders->endpoints[0].in_group);
    assert_string_equal(logs->service, "logs");
    assert_string_equal(logs->type, "interface");
    assert_texts(&logs->for_groups, "functions");
    assert_string_equal(logs->in_group, "functions");
    assert_texts(&logs->security_groups, "sg-0fedcba9876543210");
    assert_int_equal(logs->n_ports, 1);
    assert_int_equal(logs->ports[0], 443);
    assert_int_equal(logs->private_dns, 2);
    assert_null(logs->policy);
    assert_string_equal(logs->ip_address_type, "ipv4");
    assert_int_equal(orders->n_must_reach, 1);
    assert_string_equal(orders->must_reach->from, "functions");
    assert_string_equal(orders->must_reach->to, "internet");
    assert_int_equal(orders->must_reach->family, FAMILY_IPV6);
    assert_int_equal(orders->must_reach->port, 443);
    assert_int_equal(orders->changes_per_pass, 20);
    assert_int_equal(orders->changes_per_hour, 60);
    assert_true(orders->monthly_usd == 250);
    assert_texts(&orders->change_windows, "Mon..Fri 09:00-18:00 Asia/Tokyo");
    /* its own over the main file's, by key */
    assert_int_equal(orders->n_tags, 2);
    assert_string_equal(orders->tags[0].key, "cost-center");
    assert_string_equal(orders->tags[0].value, "42");
    assert_string_equal(orders->tags[1].key, "managed-by");
    assert_string_equal(orders->tags[1].value, "network");
    assert_string_equal(orders->ipv6_cidr, "unmanaged");
}

static void test_wide(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct config_target *wide = &parse_samples(arena)->targets[2];
    const struct subnet_group *appliance = &wide->groups[0], *listed = &wide->groups[1],
                              *made = &wide->groups[2], *v6 = &wide->groups[3];
    char cidr[PREFIX_TEXT_SIZE];

    (void)state;
    assert_false(wide->repair_mode);
    assert_null(wide->observe_because);
    assert_int_equal(wide->n_groups, 4);
    assert_int_equal(appliance->n_match_tags, 2);
    assert_string_equal(appliance->match_tags[0].key, "aws:cloudformation:stack-name");
    assert_options(&appliance->ipv4, "eni-0a1b2c3d4e5f60718");
    assert_texts(&listed->subnet_ids, "subnet-0a1b2c3d4e5f60718,subnet-0a1b2c3e");
    assert_int_equal(listed->ipv4.n, 0); /* unmanaged */
    assert_options(&listed->ipv6, "vpce-0a1b2c3d4e5f60718");
    assert_int_equal(made->n_create, 2);
    assert_string_equal(made->create[1].availability_zone, "us-gov-west-1b");
    assert_string_equal(prefix_format(&made->create[1].cidr, cidr), "10.1.1.0/28");
    assert_int_equal(made->create[0].ipv6_index, 0);
    assert_int_equal(made->create[1].ipv6_index, -1);
    assert_options(&made->ipv4, "nat-gateway,tgw-0a1b2c3d4e5f60718");
    assert_options(&made->ipv6, "none");
    assert_int_equal(made->ipv6_on_launch, 1);
    assert_int_equal(made->nat64, 1);
    assert_texts(&made->security_groups, "sg-0a1b2c3d");
    assert_int_equal(made->outbound[0].ports[1].from, 1024);
    assert_int_equal(made->outbound[0].ports[1].to, 65535);
    assert_int_equal(made->services.n, 0);
    assert_true(made->services_said);
    assert_int_equal(v6->nat64, 2);
    assert_int_equal(wide->nat_gateways.placement, NAT_REGIONAL);
    assert_null(wide->nat_gateways.in_group);
    assert_string_equal(
        wide->endpoints[0].policy,
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
        "\"Action\":\"*\",\"Resource\":\"*\"}]}");
    assert_int_equal(wide->endpoints[1].private_dns, 1);
    assert_int_equal(wide->must_reach[0].family, FAMILY_NONE);
    assert_int_equal(wide->must_reach[0].port, 443);
    assert_int_equal(wide->must_reach[2].port, 8443);
    assert_int_equal(wide->changes_per_pass, 1);
    assert_string_equal(wide->ipv6_cidr, "ipam");
    assert_string_equal(wide->ipv6_ipam_pool, "ipam-pool-0a1b2c3d4e5f60718");
    assert_int_equal(wide->ipv6_netmask_length, 56);
    assert_int_equal(wide->n_service_ipv6, 2);
    assert_string_equal(wide->service_ipv6[0].key, "dynamodb");
    assert_string_equal(wide->service_ipv6[0].value, "false");
}

static void test_least(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct config_target *least = &parse_samples(arena)->targets[0];

    (void)state;
    assert_null(least->vpc_id);
    assert_string_equal(least->vpc_tag.key, "Name");
    assert_string_equal(least->vpc_tag.value, "least");
    assert_false(least->repair_mode);
    assert_null(least->account);
    assert_null(least->observe_because);
    assert_int_equal(least->n_groups, 0);
    assert_false(least->nat_gateways.declared);
    assert_int_equal(least->changes_per_pass, 20);
    assert_int_equal(least->changes_per_hour, 60);
    assert_true(least->monthly_usd < 0);
    assert_int_equal(least->n_tags, 2); /* the main file's */
    assert_string_equal(least->ipv6_cidr, "unmanaged");
    for (size_t i = 0; i < DRIFT_CODE_COUNT; i++) {
        assert_int_equal(least->policies[i], drift_table[i].policy);
        assert_false(least->policy_said[i]);
    }
}

/* In the order of the files as given, then by place. */
static void test_not_checked(void **state)
{
    static const char *const lines[] = {
        "vpcs.d/wide.json:42:55: repair.elastic-ip-idle",
        "vpcs.d/orders.json:33:62: limits.monthly_usd",
        "vpcs.d/orders.json:34:3: change_windows",
        "vpc-reconciled.json:7:3: alerts",
        "vpc-reconciled.json:7:17: page_after",
        "vpc-reconciled.json:7:37: remind_every",
        "vpc-reconciled.json:7:59: metrics",
    };
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct texts *have = &parse_samples(arena)->not_checked;

    (void)state;
    assert_int_equal(have->n, ARRAY_SIZE(lines));
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        assert_string_equal(have->items[i],
                            arena_printf(arena, "%s: not checked by this version", lines[i]));
}

/* ---- single keys ---- */

static struct config *parse_one(struct arena *arena, const char *keys, bool is_main)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct config_file file = {.path = "one.json", .is_main = is_main};
    struct config_errors errors;
    struct config *config = NULL;

    buf_printf(&text, "%s%s}", is_main ? "{" : HEAD, keys);
    file.text = text.data;
    file.n = text.n;
    if (config_parse(arena, &file, 1, &config, &errors) < 0)
        fail_msg("%s: %u:%u: %s", keys, errors.list.items[0].line, errors.list.items[0].column,
                 errors.list.items[0].message);
    return config;
}

static void test_policies(void **state)
{
    enum { NOT_SAID = -1 };
    static const struct {
        const char *repair;
        int missing, foreign,
            exposed; /* route-missing, route-foreign-target, private-subnet-exposed */
    } rows[] = {
        {"{}", NOT_SAID, NOT_SAID, NOT_SAID},
        {"{\"*\": \"approve\"}", DRIFT_APPROVE, NOT_SAID, DRIFT_APPROVE},
        {"{\"*\": \"report\"}", DRIFT_REPORT, NOT_SAID, DRIFT_REPORT},
        {"{\"route-missing\": \"report\", \"*\": \"auto\"}", DRIFT_REPORT, NOT_SAID, DRIFT_AUTO},
        {"{\"*\": \"auto\", \"route-missing\": \"approve\"}", DRIFT_APPROVE, NOT_SAID, DRIFT_AUTO},
        {"{\"route-foreign-target\": \"report\"}", NOT_SAID, DRIFT_REPORT, NOT_SAID},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const struct config_target *target =
            parse_one(arena, arena_printf(arena, "\"repair\": %s", rows[i].repair), false)->targets;
        const struct {
            enum drift drift;
            int want;
        } checks[] = {{DRIFT_ROUTE_MISSING, rows[i].missing},
                      {DRIFT_ROUTE_FOREIGN_TARGET, rows[i].foreign},
                      {DRIFT_PRIVATE_SUBNET_EXPOSED, rows[i].exposed}};

        for (size_t j = 0; j < ARRAY_SIZE(checks); j++) {
            const enum drift drift = checks[j].drift;
            const int want =
                checks[j].want == NOT_SAID ? (int)drift_table[drift].policy : checks[j].want;

            if (target->policy_said[drift] != (checks[j].want != NOT_SAID) ||
                target->policies[drift] != want)
                fail_msg("%s: %s is %d", rows[i].repair, drift_table[drift].code,
                         target->policies[drift]);
        }
    }
}

/* Every code of the catalogue may be named; what this version lacks is not checked. */
static void test_every_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < drift_n_known_codes; i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const char *code = drift_known_codes[i].code;
        const struct config *config =
            parse_one(arena, arena_printf(arena, "\"repair\": {\"%s\": \"report\"}", code), false);
        enum drift drift;
        bool here = drift_find(code, &drift) >= 0;

        assert_int_equal(config->not_checked.n, here ? 0 : 1);
        if (here)
            assert_true(config->targets->policy_said[drift]);
    }
}

/* What an editor offers for "repair" is what the catalogue has. */
static void test_schema_has_every_code(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf text = {0};
    const struct json *json, *codes;
    struct json_error error;

    (void)state;
    read_whole(TEST_SOURCE_DIR "/../packaging/schema/vpc.schema.json", &text);
    assert_int_equal(json_parse(arena, text.data, text.n, &json, &error), 0);
    codes = json_member(json_member(json_member(json, "properties"), "repair"), "properties");
    assert_non_null(codes);
    assert_int_equal(codes->n_items, drift_n_known_codes + 1); /* and "*" */
    for (size_t i = 0; i < drift_n_known_codes; i++) {
        const struct json *code = json_member(codes, drift_known_codes[i].code);
        const struct json *words = json_member(code, "enum");

        if (!words || words->n_items != (drift_known_codes[i].report_only ? 1 : 3))
            fail_msg("%s", drift_known_codes[i].code);
    }
}

static void test_main_keys(void **state)
{
    static const struct {
        const char *keys;
        uint64_t interval, route, create;
        unsigned jitter;
    } rows[] = {
        {"", 60000, 10000, 60000, 10},
        {"\"interval\": \"1500ms\"", 1500, 10000, 60000, 10},
        {"\"interval\": \"1s\", \"jitter\": \"0%\"", 1000, 10000, 60000, 0},
        {"\"interval\": \"24h\", \"jitter\": \"100%\"", 86400000, 10000, 60000, 100},
        {"\"confirm_after\": \"5s\"", 60000, 5000, 5000, 10},
        {"\"confirm_after\": \"0s\"", 60000, 0, 0, 10},
        {"\"confirm_after\": {\"create\": \"2m\"}", 60000, 10000, 120000, 10},
        {"\"confirm_after\": {\"route\": \"1s\"}", 60000, 1000, 60000, 10},
        {"\"limits\": {\"quotas\": {}}", 60000, 10000, 60000, 10},
        {"\"limits\": {\"quotas\": {\"elastic_ips\": 0}}", 60000, 10000, 60000, 10},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const struct config *config = parse_one(arena, rows[i].keys, true);

        if (config->interval_ms != rows[i].interval || config->confirm_route_ms != rows[i].route ||
            config->confirm_create_ms != rows[i].create ||
            config->jitter_percent != rows[i].jitter || config->n_targets != 0 ||
            config->quota_elastic_ips != 0 || config->not_checked.n != 0)
            fail_msg("%s", rows[i].keys);
    }
}

/* What is declared and has no meaning yet is named. */
static void test_not_checked_keys(void **state)
{
    static const struct {
        const char *keys, *not_checked; /* NULL: nothing is */
    } rows[] = {
        {"\"nat_gateways\": {\"placement\": \"regional\"}", NULL},
        {"\"nat_gateways\": {\"placement\": \"regional\", \"elastic_ips\": {}}", NULL},
        {"\"nat_gateways\": {\"placement\": \"regional\", \"elastic_ips\": "
         "{\"ap-northeast-1a\": [\"eipalloc-0a1b2c3d\"]}}",
         "nat_gateways.elastic_ips"}, /* AWS chooses a regional one's addresses */
        {"\"repair\": {\"elastic-ip-idle\": \"report\"}", NULL},
        {"\"repair\": {\"elastic-ip-idle\": \"auto\"}", "repair.elastic-ip-idle"},
        {"\"repair\": {\"*\": \"auto\"}", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const struct texts *texts = &parse_one(arena, rows[i].keys, false)->not_checked;

        if (texts->n != (rows[i].not_checked != NULL) ||
            (texts->n && !strstr(texts->items[0], rows[i].not_checked)))
            fail_msg("%s: %s", rows[i].keys, texts->n ? texts->items[0] : "all is checked");
    }
}

static void test_observe_because(void **state)
{
    static const struct {
        const char *keys, *because;
    } rows[] = {
        {"\"mode\": \"repair\"", NULL},
        {"\"change_windows\": [\"* 22:00-04:00 UTC\"], \"mode\": \"repair\"", "change_windows"},
        {"\"limits\": {\"monthly_usd\": 0}, \"change_windows\": [\"Sat,Mon..Wed 00:00-24:00 "
         "Etc/GMT+9\"]",
         "change_windows, limits.monthly_usd"},
        {"\"limits\": {\"changes_per_hour\": 1}", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const struct config *config = parse_one(arena, rows[i].keys, false);

        if (!text_equal(config->targets->observe_because, rows[i].because))
            fail_msg("%s: %s", rows[i].keys, config->targets->observe_because);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_main_file),
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_orders_rest),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_least),
        cmocka_unit_test(test_not_checked),
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_every_code),
        cmocka_unit_test(test_schema_has_every_code),
        cmocka_unit_test(test_main_keys),
        cmocka_unit_test(test_not_checked_keys),
        cmocka_unit_test(test_observe_because),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
