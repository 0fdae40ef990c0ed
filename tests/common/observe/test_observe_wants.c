/* observe: what is asked for only where a config wants it, and the second wave of what the first
 * one names. */
#include "rig.h"

static const struct observe_vpc two[] = {{"vpc-1", NULL, NULL}, {"vpc-2", NULL, NULL}};

#define TEXTS(...)                                                                                 \
    {                                                                                              \
        .items = (const char *[]){__VA_ARGS__}, .n = ARRAY_SIZE(((const char *[]){__VA_ARGS__}))   \
    }

static const char *url_of(struct rig *rig, size_t i)
{
    return rig->effects.items[i].url;
}

static size_t get_of(struct rig *rig, const char *name)
{
    for (size_t i = 0; i < rig->effects.n; i++)
        if (text_equal(rig->effects.items[i].method, "GET") &&
            text_equal(strrchr(url_of(rig, i), '/') + 1, name))
            return i;
    fail_msg("%s was not asked for", name);
    return 0;
}

static void test_only_what_is_wanted(void **state)
{
    static const struct {
        unsigned wants;
        enum observed_list list;
        unsigned n; /* calls of the first wave */
    } rows[] = {
        {0, LIST_VPCS, 0},
        {NEEDS(VPC_ENDPOINT_SERVICES), LIST_VPC_ENDPOINT_SERVICES, 1},
        {NEEDS(VPC_ATTRIBUTES), LIST_VPC_ATTRIBUTES, 4},
        {NEEDS(PREFIX_LIST_ENTRIES), LIST_PREFIX_LIST_ENTRIES, 0},
        {NEEDS(CAPACITY_PROVIDERS), LIST_CAPACITY_PROVIDERS, 2},
        {~0U, LIST_VPC_ENDPOINT_SERVICES, 1 + 4 + 2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct observe_wants wants = {.lists = rows[i].wants,
                                            .services = TEXTS("s3"),
                                            .capacity_providers = TEXTS("orders", "pay", "orders")};
        struct rig rig;

        rig_start_wanting(&rig, two, ARRAY_SIZE(two), &wants);
        assert_int_equal(rig.effects.n, N_ALWAYS + rows[i].n);
        answer_rest(&rig);
        for (size_t list = N_ALWAYS; list < LIST_COUNT; list++)
            assert_int_equal(take(&rig)->lists[list].asked, (rows[i].wants >> list) & 1);
        rig_stop(&rig);
    }
}

/* ---- services ---- */

static void test_service_names(void **state)
{
    static const struct {
        const char *region, *service, *filter; /* up to the next parameter */
    } rows[] = {
        {"eu-west-1", "s3", "Filter.1.Value.1=com.amazonaws.eu-west-1.s3&MaxResults"},
        {"eu-west-1", "ecr.api", "Filter.1.Value.1=com.amazonaws.eu-west-1.ecr.api&MaxResults"},
        {"eu-west-1", "com.amazonaws.eu-west-1.logs",
         "Filter.1.Value.1=com.amazonaws.eu-west-1.logs&MaxResults"},
        {"eu-west-1", "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
         "Filter.1.Value.1=com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0&MaxResults"},
        {"eu-west-1", "aws.sagemaker.eu-west-1.notebook",
         "Filter.1.Value.1=aws.sagemaker.eu-west-1.notebook&MaxResults"},
        {"cn-north-1", "sqs",
         "Filter.1.Value.1=com.amazonaws.cn-north-1.sqs&"
         "Filter.1.Value.2=cn.com.amazonaws.cn-north-1.sqs&MaxResults"},
        {"cn-north-1", "cn.com.amazonaws.cn-north-1.sqs",
         "Filter.1.Value.1=cn.com.amazonaws.cn-north-1.sqs&MaxResults"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct observe_wants wants = {.lists = NEEDS(VPC_ENDPOINT_SERVICES),
                                            .services = TEXTS(rows[i].service, rows[i].service)};
        struct rig rig;
        const char *body;

        rig_start_in(&rig, rows[i].region, two, 1, &wants);
        body = body_of(&rig, request_of(&rig, EC2_DESCRIBE_VPC_ENDPOINT_SERVICES, 0));
        if (!strstr(body, "&Filter.1.Name=service-name&") || !strstr(body, rows[i].filter))
            fail_msg("%s in %s: %s", rows[i].service, rows[i].region, body);
        rig_stop(&rig);
    }
}

static struct ec2_describe_reply *services_reply(struct rig *rig, const char *name,
                                                 const char *token)
{
    struct ec2_describe_reply *reply = ARENA_NEW(rig->arena, struct ec2_describe_reply);

    reply->service_details.items = ARENA_NEW(rig->arena, struct ec2_service_detail);
    reply->service_details.items->service_name = name;
    reply->service_details.n = 1;
    reply->next_token = token;
    return reply;
}

static void test_services_in_pages_and_batches(void **state)
{
    static const struct {
        const char *name;
        const char *first, *second, *batch;
        bool complete;
    } rows[] = {
        {"each in its place", "com.amazonaws.eu-west-1.a000", "com.amazonaws.eu-west-1.a001",
         "com.amazonaws.eu-west-1.a200", true},
        {"S3 as two types", "com.amazonaws.eu-west-1.a000", "com.amazonaws.eu-west-1.a000",
         "com.amazonaws.eu-west-1.a200", true},
        {"one of another batch", "com.amazonaws.eu-west-1.a200", "com.amazonaws.eu-west-1.a001",
         "com.amazonaws.eu-west-1.a201", false},
        {"one that nobody asked for", "com.amazonaws.eu-west-1.a000",
         "com.amazonaws.eu-west-1.a001", "com.amazonaws.eu-west-1.kms", false},
        {"one without a name", "com.amazonaws.eu-west-1.a000", NULL, "com.amazonaws.eu-west-1.a200",
         false},
    };
    char names[202][8];
    const char *items[202];
    const struct observe_wants wants = {.lists = NEEDS(VPC_ENDPOINT_SERVICES),
                                        .services = {items, ARRAY_SIZE(items)}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(items); i++) {
        snprintf(names[i], sizeof(names[i]), "a%03zu", i);
        items[i] = names[i];
    }
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct rig rig;
        const struct observation *observation;

        rig_start_wanting(&rig, two, 1, &wants);
        assert_int_equal(count(&rig, EC2_DESCRIBE_VPC_ENDPOINT_SERVICES), 2);
        answer(&rig, EC2_DESCRIBE_VPC_ENDPOINT_SERVICES, 1,
               services_reply(&rig, rows[i].batch, NULL));
        answer(&rig, EC2_DESCRIBE_VPC_ENDPOINT_SERVICES, 0,
               services_reply(&rig, rows[i].first, "A"));
        if (count(&rig, EC2_DESCRIBE_VPC_ENDPOINT_SERVICES) == 3)
            answer(&rig, EC2_DESCRIBE_VPC_ENDPOINT_SERVICES, 2,
                   services_reply(&rig, rows[i].second, NULL));
        answer_rest(&rig);
        observation = take(&rig);
        if (observation->lists[LIST_VPC_ENDPOINT_SERVICES].complete != rows[i].complete ||
            (rows[i].complete && observation->vpc_endpoint_services.n != 3))
            fail_msg("%s: %s", rows[i].name,
                     observation->lists[LIST_VPC_ENDPOINT_SERVICES].message);
        rig_stop(&rig);
    }
}

/* ---- attributes of VPCs ---- */

static void answer_attributes(struct rig *rig, const char *skip)
{
    for (unsigned n = 0; n < 4; n++) {
        const char *body = body_of(rig, request_of(rig, EC2_DESCRIBE_VPC_ATTRIBUTE, n));
        struct ec2_describe_reply *reply = ARENA_NEW(rig->arena, struct ec2_describe_reply);
        bool first = strstr(body, "VpcId=vpc-1&") || strstr(body, "VpcId=vpc-1");

        if (skip && strstr(body, skip))
            continue;
        reply->vpc_id = first ? "vpc-1" : "vpc-2";
        if (strstr(body, "Attribute=enableDnsSupport"))
            reply->enable_dns_support = WIRE_TRUE;
        else
            reply->enable_dns_hostnames = first ? WIRE_FALSE : WIRE_TRUE;
        answer(rig, EC2_DESCRIBE_VPC_ATTRIBUTE, n, reply);
    }
}

static void test_vpc_attributes(void **state)
{
    const struct observe_wants wants = {.lists = NEEDS(VPC_ATTRIBUTES)};
    struct rig rig;
    const struct observation *observation;

    (void)state;
    rig_start_wanting(&rig, two, ARRAY_SIZE(two), &wants);
    for (unsigned n = 0; n < 4; n++) { /* it has no pages and no filters (aws-facts 1.5) */
        const char *body = body_of(&rig, request_of(&rig, EC2_DESCRIBE_VPC_ATTRIBUTE, n));

        assert_null(strstr(body, "Filter"));
        assert_null(strstr(body, "MaxResults"));
    }
    answer_attributes(&rig, NULL);
    answer_rest(&rig);
    observation = take(&rig);
    assert_true(observation->lists[LIST_VPC_ATTRIBUTES].complete);
    assert_int_equal(observation->vpc_attributes.n, 2);
    assert_string_equal(observation->vpc_attributes.items[0].vpc_id, "vpc-1");
    assert_int_equal(observation->vpc_attributes.items[0].enable_dns_support, WIRE_TRUE);
    assert_int_equal(observation->vpc_attributes.items[0].enable_dns_hostnames, WIRE_FALSE);
    assert_int_equal(observation->vpc_attributes.items[1].enable_dns_hostnames, WIRE_TRUE);
    rig_stop(&rig);
}

static void test_vpc_attributes_unknown(void **state)
{
    static const struct {
        const char *vpc_id;
        uint8_t support, hostnames;
        int r;
        const char *says;
    } rows[] = {
        {"vpc-2", WIRE_TRUE, WIRE_ABSENT, 0, "vpc-2, which was not asked for"},
        {NULL, WIRE_TRUE, WIRE_ABSENT, 0, "no VPC"},
        {"vpc-1", WIRE_ABSENT, WIRE_ABSENT, 0, "no enableDnsSupport"},
        {"vpc-1", WIRE_ABSENT, WIRE_TRUE, 0, "no enableDnsSupport"}, /* the other one */
        {"vpc-1", WIRE_TRUE, WIRE_ABSENT, -ECONNRESET, "reset"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct observe_wants wants = {.lists = NEEDS(VPC_ATTRIBUTES)};
        struct rig rig;
        const struct list_status *status;
        struct call_result result = {.r = rows[i].r, .message = "reset"};
        struct ec2_describe_reply *reply;

        rig_start_wanting(&rig, two, ARRAY_SIZE(two), &wants);
        reply = ARENA_NEW(rig.arena, struct ec2_describe_reply);
        reply->vpc_id = rows[i].vpc_id;
        reply->enable_dns_support = rows[i].support;
        reply->enable_dns_hostnames = rows[i].hostnames;
        result.reply = reply;
        give(&rig, request_of(&rig, EC2_DESCRIBE_VPC_ATTRIBUTE, 0), result);
        answer_rest(&rig);
        status = &take(&rig)->lists[LIST_VPC_ATTRIBUTES];
        if (status->complete || !strstr(status->message, rows[i].says))
            fail_msg("row %zu: %s", i, status->complete ? "complete" : status->message);
        rig_stop(&rig);
    }
}

/* ---- entries of prefix lists ---- */

static struct ec2_describe_reply *groups_reply(struct rig *rig, const char *in, const char *out)
{
    struct ec2_describe_reply *reply = ARENA_NEW(rig->arena, struct ec2_describe_reply);
    struct ec2_security_group *group = ARENA_NEW(rig->arena, struct ec2_security_group);
    const char *ids[2] = {in, out};
    ec2_ip_permissions *permissions[2] = {&group->ip_permissions, &group->ip_permissions_egress};

    group->group_id = "sg-1";
    group->vpc_id = "vpc-1";
    for (size_t i = 0; i < 2; i++) {
        struct ec2_ip_permission *permission = ARENA_NEW(rig->arena, struct ec2_ip_permission);

        permission->prefix_list_ids.items = ARENA_NEW(rig->arena, struct ec2_prefix_list_id);
        permission->prefix_list_ids.items->prefix_list_id = ids[i];
        permission->prefix_list_ids.n = ids[i] != NULL;
        permissions[i]->items = permission;
        permissions[i]->n = 1;
    }
    reply->security_groups.items = group;
    reply->security_groups.n = 1;
    return reply;
}

static struct ec2_describe_reply *tables_reply(struct rig *rig, const char *prefix_list)
{
    struct ec2_describe_reply *reply = ARENA_NEW(rig->arena, struct ec2_describe_reply);
    struct ec2_route_table *table = ARENA_NEW(rig->arena, struct ec2_route_table);

    table->route_table_id = "rtb-1";
    table->vpc_id = "vpc-1";
    table->routes.items = ARENA_ARRAY(rig->arena, struct ec2_route, 2);
    table->routes.items[1].destination_prefix_list_id = prefix_list;
    table->routes.n = 2;
    reply->route_tables.items = table;
    reply->route_tables.n = 1;
    return reply;
}

static struct ec2_describe_reply *entries_reply(struct rig *rig, const char *const *cidrs, size_t n,
                                                const char *token)
{
    struct ec2_describe_reply *reply = ARENA_NEW(rig->arena, struct ec2_describe_reply);

    reply->prefix_list_entries.items = ARENA_ARRAY(rig->arena, struct ec2_prefix_list_entry, n + 1);
    reply->prefix_list_entries.n = n;
    for (size_t i = 0; i < n; i++)
        if (cidrs[i])
            assert_int_equal(prefix_parse(cidrs[i], &reply->prefix_list_entries.items[i].cidr), 0);
    reply->next_token = token;
    return reply;
}

static const struct observe_wants entries_wanted = {.lists = NEEDS(PREFIX_LIST_ENTRIES)};

static void test_second_wave(void **state)
{
    static const char *const first[] = {"10.0.0.0/8"}, *const second[] = {"0.0.0.0/0", "::/0"};
    struct rig rig;
    const struct observation *observation;
    const struct observed_prefix_list *list;
    const char *first_body;

    (void)state;
    rig_start_wanting(&rig, two, 1, &entries_wanted);
    answer(&rig, EC2_DESCRIBE_SECURITY_GROUPS, 0, groups_reply(&rig, "pl-in", "pl-out"));
    assert_int_equal(count(&rig, EC2_GET_MANAGED_PREFIX_LIST_ENTRIES), 0);
    answer(&rig, EC2_DESCRIBE_ROUTE_TABLES, 0, tables_reply(&rig, "pl-in"));
    /* Each once, whoever names it, and not before both lists are whole. */
    assert_int_equal(count(&rig, EC2_GET_MANAGED_PREFIX_LIST_ENTRIES), 2);
    first_body = body_of(&rig, request_of(&rig, EC2_GET_MANAGED_PREFIX_LIST_ENTRIES, 0));
    assert_non_null(strstr(first_body, "MaxResults=100"));
    assert_non_null(strstr(first_body, "PrefixListId=pl-in"));
    answer(&rig, EC2_GET_MANAGED_PREFIX_LIST_ENTRIES, 0, entries_reply(&rig, first, 1, "A"));
    answer(&rig, EC2_GET_MANAGED_PREFIX_LIST_ENTRIES, 1, entries_reply(&rig, NULL, 0, NULL));
    assert_int_equal(count(&rig, EC2_GET_MANAGED_PREFIX_LIST_ENTRIES), 3);
    assert_false(observe_done(rig.observe));
    answer(&rig, EC2_GET_MANAGED_PREFIX_LIST_ENTRIES, 2, entries_reply(&rig, second, 2, NULL));
    answer_rest(&rig);
    observation = take(&rig);
    assert_true(observation->lists[LIST_PREFIX_LIST_ENTRIES].complete);
    list = observation_find_prefix_list_entries(observation, "pl-in");
    assert_non_null(list);
    assert_int_equal(list->n, 3);
    assert_int_equal(list->entries[0].length, 8);
    assert_int_equal(list->entries[2].family, FAMILY_IPV6);
    assert_int_equal(observation_find_prefix_list_entries(observation, "pl-out")->n, 0);
    assert_null(observation_find_prefix_list_entries(observation, "pl-else"));
    rig_stop(&rig);
}

static void test_second_wave_without_anything_named(void **state)
{
    struct rig rig;

    (void)state;
    rig_start_wanting(&rig, two, 1, &entries_wanted);
    answer_rest(&rig);
    assert_int_equal(rig.effects.n, N_ALWAYS);
    assert_true(take(&rig)->lists[LIST_PREFIX_LIST_ENTRIES].complete);
    rig_stop(&rig);
    /* Without a VPC nothing can be named. */
    rig_start_wanting(&rig, NULL, 0, &entries_wanted);
    answer_rest(&rig);
    assert_true(take(&rig)->lists[LIST_PREFIX_LIST_ENTRIES].complete);
    rig_stop(&rig);
}

static void test_entries_unknown(void **state)
{
    static const char *const no_cidr[] = {NULL};
    static const struct {
        const char *name;
        enum ec2_action fails;
        const char *says;
    } rows[] = {
        {"groups", EC2_DESCRIBE_SECURITY_GROUPS, "the security groups that name"},
        {"tables", EC2_DESCRIBE_ROUTE_TABLES, "the route tables that name"},
        {"entries", EC2_GET_MANAGED_PREFIX_LIST_ENTRIES, "it failed"},
        {"an entry without a block", EC2_ACTION_COUNT, "without a CIDR block"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct call_result failure = {.r = -ECONNRESET, .message = "it failed"};
        struct rig rig;
        const struct observation *observation;

        rig_start_wanting(&rig, two, 1, &entries_wanted);
        if (rows[i].fails == EC2_DESCRIBE_SECURITY_GROUPS)
            give(&rig, request_of(&rig, rows[i].fails, 0), failure);
        else
            answer(&rig, EC2_DESCRIBE_SECURITY_GROUPS, 0, groups_reply(&rig, "pl-1", "pl-2"));
        if (rows[i].fails == EC2_DESCRIBE_ROUTE_TABLES)
            give(&rig, request_of(&rig, rows[i].fails, 0), failure);
        else
            answer(&rig, EC2_DESCRIBE_ROUTE_TABLES, 0, tables_reply(&rig, "pl-3"));
        if (rows[i].fails == EC2_GET_MANAGED_PREFIX_LIST_ENTRIES)
            give(&rig, request_of(&rig, rows[i].fails, 1), failure);
        else if (rows[i].fails == EC2_ACTION_COUNT)
            answer(&rig, EC2_GET_MANAGED_PREFIX_LIST_ENTRIES, 1,
                   entries_reply(&rig, no_cidr, 1, NULL));
        else
            assert_int_equal(count(&rig, EC2_GET_MANAGED_PREFIX_LIST_ENTRIES), 0);
        answer_rest(&rig);
        observation = take(&rig);
        if (observation->lists[LIST_PREFIX_LIST_ENTRIES].complete ||
            !strstr(observation->lists[LIST_PREFIX_LIST_ENTRIES].message, rows[i].says))
            fail_msg("%s: %s", rows[i].name, observation->lists[LIST_PREFIX_LIST_ENTRIES].message);
        /* All of them, then: half of them could look like no permission at all. */
        assert_null(observation_find_prefix_list_entries(observation, "pl-1"));
        rig_stop(&rig);
    }
}

/* ---- capacity providers ---- */

static void test_capacity_providers(void **state)
{
    const struct observe_wants wants = {.lists = NEEDS(CAPACITY_PROVIDERS),
                                        .capacity_providers = TEXTS("pay", "orders")};
    struct observed_capacity_provider orders = {
        .name = "orders", .arn = "arn:aws:...", .state = "Active", .subnet_ids = TEXTS("subnet-1")};
    struct observed_capacity_provider none = {.name = "pay"};
    struct rig rig;
    const struct observation *observation;

    (void)state;
    rig_start_wanting(&rig, two, 1, &wants);
    give(&rig, get_of(&rig, "orders"),
         (struct call_result){.action = EC2_NO_ACTION, .reply = &orders});
    give(&rig, get_of(&rig, "pay"), (struct call_result){.action = EC2_NO_ACTION, .reply = &none});
    answer_rest(&rig);
    observation = take(&rig);
    assert_true(observation->lists[LIST_CAPACITY_PROVIDERS].complete);
    assert_int_equal(observation->lists[LIST_CAPACITY_PROVIDERS].action, EC2_NO_ACTION);
    assert_string_equal(observation_find_capacity_provider(observation, "orders")->state, "Active");
    assert_null(observation_find_capacity_provider(observation, "pay")->state);
    assert_null(observation_find_capacity_provider(observation, "else"));
    rig_stop(&rig);
}

static void test_a_capacity_provider_that_cannot_be_read(void **state)
{
    const struct observe_wants wants = {.lists = NEEDS(CAPACITY_PROVIDERS),
                                        .capacity_providers = TEXTS("pay", "orders")};
    struct observed_capacity_provider pay = {.name = "pay", .state = "Active"};
    struct rig rig;
    const struct observation *observation;

    (void)state;
    rig_start_wanting(&rig, two, 1, &wants);
    give(&rig, get_of(&rig, "pay"), (struct call_result){.action = EC2_NO_ACTION, .reply = &pay});
    give(&rig, get_of(&rig, "orders"),
         (struct call_result){.action = EC2_NO_ACTION,
                              .r = -EREMOTEIO,
                              .error_class = EC2_ERROR_DENIED,
                              .message = "GetCapacityProvider: AccessDeniedException"});
    answer_rest(&rig);
    observation = take(&rig);
    assert_false(observation->lists[LIST_CAPACITY_PROVIDERS].complete);
    assert_true(observation->lists[LIST_CAPACITY_PROVIDERS].denied);
    assert_null(observation_find_capacity_provider(observation, "pay"));
    rig_stop(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_is_wanted),
        cmocka_unit_test(test_service_names),
        cmocka_unit_test(test_services_in_pages_and_batches),
        cmocka_unit_test(test_vpc_attributes),
        cmocka_unit_test(test_vpc_attributes_unknown),
        cmocka_unit_test(test_second_wave),
        cmocka_unit_test(test_second_wave_without_anything_named),
        cmocka_unit_test(test_entries_unknown),
        cmocka_unit_test(test_capacity_providers),
        cmocka_unit_test(test_a_capacity_provider_that_cannot_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
