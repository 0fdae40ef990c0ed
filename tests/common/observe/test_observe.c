/* observe: which Describes one scope sends, how pages and batches become lists, and what makes a
 * list unknown. Results are hand-made; the requests are read off the effects. */
#include "rig.h"

static const struct observe_vpc one[] = {{"vpc-1", NULL, NULL}};

static struct ec2_describe_reply *vpcs_reply(struct rig *rig, const char *const *ids, size_t n)
{
    struct ec2_describe_reply *reply = ARENA_NEW(rig->arena, struct ec2_describe_reply);

    reply->vpcs.items = ARENA_ARRAY(rig->arena, struct ec2_vpc, n + 1);
    reply->vpcs.n = n;
    for (size_t i = 0; i < n; i++)
        reply->vpcs.items[i].vpc_id = ids[i];
    return reply;
}

static struct ec2_describe_reply *subnets_reply(struct rig *rig, const char *id, const char *vpc_id,
                                                const char *token)
{
    struct ec2_describe_reply *reply = ARENA_NEW(rig->arena, struct ec2_describe_reply);

    reply->subnets.items = ARENA_NEW(rig->arena, struct ec2_subnet);
    reply->subnets.items->subnet_id = id;
    reply->subnets.items->vpc_id = vpc_id;
    reply->subnets.n = 1;
    reply->next_token = token;
    return reply;
}

static const enum ec2_action of_vpcs[] = {EC2_DESCRIBE_VPCS,
                                          EC2_DESCRIBE_SUBNETS,
                                          EC2_DESCRIBE_ROUTE_TABLES,
                                          EC2_DESCRIBE_NAT_GATEWAYS,
                                          EC2_DESCRIBE_NETWORK_INTERFACES,
                                          EC2_DESCRIBE_SECURITY_GROUPS,
                                          EC2_DESCRIBE_NETWORK_ACLS,
                                          EC2_DESCRIBE_VPC_ENDPOINTS};
static const enum ec2_action of_region[] = {
    EC2_DESCRIBE_INTERNET_GATEWAYS, EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS,
    EC2_DESCRIBE_ADDRESSES, EC2_DESCRIBE_AVAILABILITY_ZONES, EC2_DESCRIBE_MANAGED_PREFIX_LISTS};

/* ---- what is asked ---- */

static void test_one_describe_of_each(void **state)
{
    struct rig rig;

    (void)state;
    rig_start(&rig, one, 1);
    assert_int_equal(rig.effects.n, N_ALWAYS);
    for (size_t i = 0; i < ARRAY_SIZE(of_vpcs); i++) {
        const char *body = body_of(&rig, request_of(&rig, of_vpcs[i], 0));

        assert_int_equal(count(&rig, of_vpcs[i]), 1);
        assert_non_null(strstr(body, "&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1"));
        assert_null(strstr(body, "Value.2"));
    }
    for (size_t i = 0; i < ARRAY_SIZE(of_region); i++) {
        assert_int_equal(count(&rig, of_region[i]), 1);
        assert_null(strstr(body_of(&rig, request_of(&rig, of_region[i], 0)), "Filter"));
    }
    for (size_t i = 0; i < rig.effects.n; i++) {
        const char *body = body_of(&rig, i);
        unsigned max = 0;

        for (size_t action = 0; action < EC2_ACTION_COUNT; action++)
            if (asks(&rig, i, (enum ec2_action)action))
                max = ec2_action_table[action].page_max;
        if (max)
            assert_non_null(strstr(body, arena_printf(rig.arena, "MaxResults=%u", max)));
        else
            assert_null(strstr(body, "MaxResults"));
        assert_null(strstr(body, "NextToken"));
        assert_int_equal(strstr(body, "IncludeManagedResources=true") != NULL,
                         asks(&rig, i, EC2_DESCRIBE_NETWORK_INTERFACES));
    }
    rig_stop(&rig);
}

static void test_whole_lists(void **state)
{
    struct rig rig;
    struct observation *observation;
    const struct call_result others = {.call = 4711};

    (void)state;
    rig_start(&rig, one, 1);
    answer(&rig, EC2_DESCRIBE_VPCS, 0, vpcs_reply(&rig, (const char *const[]){"vpc-1"}, 1));
    assert_false(observe_feed(rig.observe, &rig.outlet, rig.now, &others));
    answer(&rig, EC2_DESCRIBE_SUBNETS, 0, subnets_reply(&rig, "subnet-1", "vpc-1", NULL));
    assert_false(observe_done(rig.observe));
    answer_rest(&rig);
    observation = take(&rig);
    assert_int_equal(observation->vpcs.n, 1);
    assert_int_equal(observation->subnets.n, 1);
    assert_string_equal(observation->region, "eu-west-1");
    assert_string_equal(observation->account, "111122223333");
    assert_int_equal(observation->pass, 9);
    assert_int_equal(observation->at.monotonic_ms, 5000);
    for (size_t list = 0; list < LIST_COUNT; list++) {
        assert_int_equal(observation->lists[list].asked, list < N_ALWAYS);
        assert_int_equal(observation->lists[list].complete, list < N_ALWAYS);
    }
    assert_int_equal(observe_vpc_ids(rig.observe, 0)->n, 1);
    assert_int_equal(rig.effects.n, N_ALWAYS); /* nothing more was asked */
    rig_stop(&rig);
}

/* ---- pages ---- */

static void test_pages(void **state)
{
    struct rig rig;
    struct observation *observation;

    (void)state;
    rig_start(&rig, one, 1);
    answer(&rig, EC2_DESCRIBE_SUBNETS, 0, subnets_reply(&rig, "subnet-2", "vpc-1", "A B+"));
    assert_int_equal(count(&rig, EC2_DESCRIBE_SUBNETS), 2);
    assert_non_null(
        strstr(body_of(&rig, request_of(&rig, EC2_DESCRIBE_SUBNETS, 1)), "NextToken=A+B%2B"));
    assert_non_null(
        strstr(body_of(&rig, request_of(&rig, EC2_DESCRIBE_SUBNETS, 1)), "Filter.1.Value.1=vpc-1"));
    answer(&rig, EC2_DESCRIBE_SUBNETS, 1, subnets_reply(&rig, "subnet-1", "vpc-1", "C"));
    answer(&rig, EC2_DESCRIBE_SUBNETS, 2, subnets_reply(&rig, "subnet-3", "vpc-1", ""));
    assert_int_equal(count(&rig, EC2_DESCRIBE_SUBNETS), 3);
    answer_rest(&rig);
    observation = take(&rig);
    assert_true(observation->lists[LIST_SUBNETS].complete);
    assert_int_equal(observation->subnets.n, 3);
    assert_string_equal(observation->subnets.items[0].subnet_id, "subnet-1"); /* sealed: sorted */
    rig_stop(&rig);
}

struct page {
    const char *id, *vpc_id, *token;
};

static void test_pages_that_are_no_list(void **state)
{
    static const struct {
        const char *name;
        struct page pages[4];
        bool complete;
        const char *says;
    } rows[] = {
        {"the same token again",
         {{"s-1", "vpc-1", "A"}, {"s-2", "vpc-1", "A"}},
         false,
         "NextToken"},
        {"a longer circle",
         {{"s-1", "vpc-1", "A"}, {"s-2", "vpc-1", "B"}, {"s-3", "vpc-1", "A"}},
         false,
         "NextToken"},
        {"the same page again",
         {{"s-1", "vpc-1", "A"}, {"s-1", "vpc-1", NULL}},
         false,
         "listed twice"},
        {"an item of another VPC", {{"s-1", "vpc-2", NULL}}, false, "vpc-2"},
        {"an item of another VPC on the second page",
         {{"s-1", "vpc-1", "A"}, {"s-2", "vpc-2", NULL}},
         false,
         "vpc-2"},
        {"an item of no VPC", {{"s-1", NULL, NULL}}, false, "no VPC"},
        {"an item without an id", {{NULL, "vpc-1", NULL}}, false, "without an id"},
        {"two pages", {{"s-1", "vpc-1", "A"}, {"s-2", "vpc-1", NULL}}, true, NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct rig rig;
        const struct list_status *status;
        unsigned n = 0;

        rig_start(&rig, one, 1);
        while (n < 4 && count(&rig, EC2_DESCRIBE_SUBNETS) > n) {
            const struct page *page = &rows[i].pages[n];

            answer(&rig, EC2_DESCRIBE_SUBNETS, n++,
                   subnets_reply(&rig, page->id, page->vpc_id, page->token));
        }
        answer_rest(&rig);
        status = &take(&rig)->lists[LIST_SUBNETS];
        if (status->complete != rows[i].complete ||
            (rows[i].says && (!strstr(status->message, rows[i].says) ||
                              !strstr(status->message, "DescribeSubnets"))))
            fail_msg("%s: %s", rows[i].name, status->complete ? "complete" : status->message);
        rig_stop(&rig);
    }
}

/* ---- failures ---- */

static void test_a_failed_call_makes_its_list_unknown(void **state)
{
    static const struct {
        const char *name;
        int r;
        enum ec2_error_class class_;
        bool denied, stale;
    } rows[] = {
        {"reset", -ECONNRESET, EC2_ERROR_OTHER, false, false},
        {"denied", -EREMOTEIO, EC2_ERROR_DENIED, true, false},
        {"keys", -EREMOTEIO, EC2_ERROR_CREDENTIALS, false, true},
        {"throttled", -EREMOTEIO, EC2_ERROR_THROTTLED, false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct rig rig;
        struct call_result result = {
            .action = EC2_DESCRIBE_SUBNETS, .r = rows[i].r, .error_class = rows[i].class_};
        struct observation *observation;

        rig_start(&rig, one, 1);
        snprintf(result.message, sizeof(result.message), "DescribeSubnets: %s", rows[i].name);
        snprintf(result.error.code, sizeof(result.error.code), "Code");
        /* After one good page: half a list is none. */
        answer(&rig, EC2_DESCRIBE_SUBNETS, 0, subnets_reply(&rig, "s-1", "vpc-1", "A"));
        give(&rig, request_of(&rig, EC2_DESCRIBE_SUBNETS, 1), result);
        answer_rest(&rig);
        assert_int_equal(observe_stale_credentials(rig.observe), rows[i].stale);
        observation = take(&rig);
        for (size_t list = 0; list < N_ALWAYS; list++)
            assert_int_equal(observation->lists[list].complete, list != LIST_SUBNETS);
        assert_string_equal(observation->lists[LIST_SUBNETS].message, result.message);
        assert_string_equal(observation->lists[LIST_SUBNETS].error.code, "Code");
        assert_int_equal(observation->lists[LIST_SUBNETS].denied, rows[i].denied);
        assert_int_equal(observation->lists[LIST_SUBNETS].action, EC2_DESCRIBE_SUBNETS);
        rig_stop(&rig);
    }
}

/* ---- many VPCs ---- */

static void test_batches(void **state)
{
    struct rig rig;
    struct observe_vpc vpcs[450];
    struct observation *observation;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(vpcs); i++) {
        char *id = malloc(16);

        assert_non_null(id);
        snprintf(id, 16, "vpc-%03zu", i);
        vpcs[i] = (struct observe_vpc){.vpc_id = id};
    }
    rig_start(&rig, vpcs, ARRAY_SIZE(vpcs));
    for (size_t i = 0; i < ARRAY_SIZE(vpcs); i++)
        free((void *)(uintptr_t)vpcs[i].vpc_id); /* they were copied */
    assert_int_equal(rig.effects.n, 3 * ARRAY_SIZE(of_vpcs) + ARRAY_SIZE(of_region));
    for (size_t i = 0; i < ARRAY_SIZE(of_vpcs); i++) {
        const char *body;

        assert_int_equal(count(&rig, of_vpcs[i]), 3);
        body = body_of(&rig, request_of(&rig, of_vpcs[i], 0));
        assert_non_null(strstr(body, "Filter.1.Value.1=vpc-000&"));
        assert_non_null(strstr(body, "Filter.1.Value.200=vpc-199"));
        assert_null(strstr(body, "Filter.1.Value.201="));
        body = body_of(&rig, request_of(&rig, of_vpcs[i], 2));
        assert_non_null(strstr(body, "Filter.1.Value.1=vpc-400&"));
        assert_non_null(strstr(body, "Filter.1.Value.50=vpc-449"));
        assert_null(strstr(body, "Filter.1.Value.51="));
    }
    /* Each batch with its own; then one with an item that another batch asked for. */
    answer(&rig, EC2_DESCRIBE_SUBNETS, 0, subnets_reply(&rig, "s-1", "vpc-007", NULL));
    answer(&rig, EC2_DESCRIBE_SUBNETS, 1, subnets_reply(&rig, "s-2", "vpc-207", "A"));
    answer(&rig, EC2_DESCRIBE_SUBNETS, 2, subnets_reply(&rig, "s-3", "vpc-407", NULL));
    assert_non_null(strstr(body_of(&rig, request_of(&rig, EC2_DESCRIBE_SUBNETS, 3)),
                           "Filter.1.Value.1=vpc-200&"));
    answer(&rig, EC2_DESCRIBE_SUBNETS, 3, subnets_reply(&rig, "s-4", "vpc-208", NULL));
    answer(&rig, EC2_DESCRIBE_VPCS, 0, vpcs_reply(&rig, (const char *const[]){"vpc-300"}, 1));
    answer_rest(&rig);
    observation = take(&rig);
    assert_true(observation->lists[LIST_SUBNETS].complete);
    assert_int_equal(observation->subnets.n, 4);
    assert_false(observation->lists[LIST_VPCS].complete);
    rig_stop(&rig);
}

static void test_a_vpc_of_two_targets_is_asked_once(void **state)
{
    static const struct observe_vpc vpcs[] = {
        {"vpc-1", NULL, NULL}, {"vpc-2", NULL, NULL}, {"vpc-1", NULL, NULL}};
    struct rig rig;

    (void)state;
    rig_start(&rig, vpcs, ARRAY_SIZE(vpcs));
    assert_int_equal(rig.effects.n, N_ALWAYS);
    assert_null(strstr(body_of(&rig, request_of(&rig, EC2_DESCRIBE_VPCS, 0)), "Value.3="));
    answer_rest(&rig);
    assert_string_equal(observe_vpc_ids(rig.observe, 2)->items[0], "vpc-1");
    assert_int_equal(observe_vpc_ids(rig.observe, 2)->n, 1);
    rig_stop(&rig);
}

/* ---- by tag ---- */

static void set_name(struct rig *rig, struct ec2_vpc *vpc, const char *name)
{
    vpc->tags.items = ARENA_NEW(rig->arena, struct ec2_tag);
    *vpc->tags.items = (struct ec2_tag){"Name", name};
    vpc->tags.n = 1;
}

/* EC2's filters know * and ?; all else in a value is itself. */
static void test_lookup_by_pattern(void **state)
{
    static const struct {
        const char *wanted, *value;
        bool complete;
    } rows[] = {
        {"order?", "orders", true}, {"o*", "orders", true}, {"o*", "Orders", false},
        {"[a]*", "[a]b", true},     {"[a]*", "ab", false},  {"a\\*", "a\\b", true},
        {"orders", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct observe_vpc vpcs[] = {{NULL, "Name", rows[i].wanted}};
        static const char *const id[] = {"vpc-1"};
        struct ec2_describe_reply *reply;
        struct rig rig;

        rig_start(&rig, vpcs, 1);
        reply = vpcs_reply(&rig, id, 1);
        if (rows[i].value)
            set_name(&rig, &reply->vpcs.items[0], rows[i].value);
        give(&rig, 0, (struct call_result){.reply = reply});
        answer_rest(&rig);
        if (take(&rig)->lists[LIST_VPCS].complete != rows[i].complete)
            fail_msg("%s for %s", rows[i].value, rows[i].wanted);
        rig_stop(&rig);
    }
}

static void test_lookup_by_tag(void **state)
{
    static const struct observe_vpc vpcs[] = {{NULL, "Name", "orders"}};
    static const struct {
        const char *name;
        const char *ids[3];
        size_t n;
        const char *token;
        int r;
        bool vpcs_complete;
        const char *value; /* of the tag; NULL: as asked for */
    } rows[] = {
        {"one", {"vpc-1"}, 1, NULL, 0, true, NULL},
        {"none", {NULL}, 0, NULL, 0, true, NULL},
        {"two", {"vpc-1", "vpc-2"}, 2, NULL, 0, true, NULL},
        {"the same twice", {"vpc-1", "vpc-1"}, 1, NULL, 0, true, NULL},
        {"one without an id", {NULL, "vpc-1"}, 1, NULL, 0, true, NULL},
        {"more pages", {"vpc-1"}, 1, "A", 0, false, NULL},
        {"failed", {NULL}, 0, NULL, -ECONNRESET, false, NULL},
        {"another's", {"vpc-1"}, 1, NULL, 0, false, "invoices"},
        {"two, and the first is another's", {"vpc-1", "vpc-2"}, 2, NULL, 0, false, "Orders"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct rig rig;
        struct ec2_describe_reply *reply;
        struct observation *observation;
        size_t n_found;

        rig_start(&rig, vpcs, 1);
        assert_int_equal(rig.effects.n, 1); /* first who it is */
        assert_non_null(strstr(body_of(&rig, 0), "Action=DescribeVpcs&"));
        assert_non_null(
            strstr(body_of(&rig, 0), "Filter.1.Name=tag%3AName&Filter.1.Value.1=orders"));
        assert_false(observe_done(rig.observe));
        reply = vpcs_reply(&rig, rows[i].ids, rows[i].ids[1] ? 2 : rows[i].ids[0] != NULL);
        reply->next_token = rows[i].token;
        for (size_t k = 0; k < reply->vpcs.n; k++)
            set_name(&rig, &reply->vpcs.items[k],
                     rows[i].value && k == 0 ? rows[i].value : "orders");
        give(&rig, 0, (struct call_result){.r = rows[i].r, .reply = reply, .message = "it failed"});
        assert_int_equal(observe_vpc_ids(rig.observe, 0)->n, rows[i].n);
        /* Nothing found: nothing is asked that an empty filter would widen to everything. */
        assert_int_equal(rig.effects.n - 1,
                         (rows[i].n ? ARRAY_SIZE(of_vpcs) : 0) + ARRAY_SIZE(of_region));
        n_found = rows[i].n;
        for (size_t k = 0; n_found && k < ARRAY_SIZE(of_vpcs); k++) {
            const char *body = body_of(
                &rig, request_of(&rig, of_vpcs[k], of_vpcs[k] == EC2_DESCRIBE_VPCS ? 1 : 0));

            assert_int_equal(strstr(body, "Filter.1.Value.2=") != NULL, n_found > 1);
        }
        answer_rest(&rig);
        observation = take(&rig);
        if (observation->lists[LIST_VPCS].complete != rows[i].vpcs_complete)
            fail_msg("%s", rows[i].name);
        rig_stop(&rig);
    }
}

/* Lists begin once every look-up has its answer, and name each VPC once. */
static void test_lookups_together(void **state)
{
    static const struct observe_vpc vpcs[] = {
        {NULL, "Name", "a"}, {"vpc-2", NULL, NULL}, {NULL, "Name", "b*"}};
    struct rig rig;

    (void)state;
    rig_start(&rig, vpcs, ARRAY_SIZE(vpcs));
    assert_int_equal(rig.effects.n, 2);
    give(&rig, 1,
         (struct call_result){.reply =
                                  vpcs_reply(&rig, (const char *const[]){"vpc-2", "vpc-3"}, 2)});
    assert_int_equal(rig.effects.n, 2);
    give(&rig, 0,
         (struct call_result){.reply = vpcs_reply(&rig, (const char *const[]){"vpc-1"}, 1)});
    assert_int_equal(rig.effects.n, 2 + N_ALWAYS);
    assert_null(strstr(body_of(&rig, request_of(&rig, EC2_DESCRIBE_SUBNETS, 0)), "Value.4="));
    assert_non_null(strstr(body_of(&rig, request_of(&rig, EC2_DESCRIBE_SUBNETS, 0)), "Value.3="));
    answer_rest(&rig);
    assert_int_equal(observe_vpc_ids(rig.observe, 0)->n, 1);
    assert_string_equal(observe_vpc_ids(rig.observe, 1)->items[0], "vpc-2");
    assert_int_equal(observe_vpc_ids(rig.observe, 2)->n, 2);
    rig_stop(&rig);
}

static void test_no_vpc_at_all(void **state)
{
    struct rig rig;

    (void)state;
    rig_start(&rig, NULL, 0);
    assert_int_equal(rig.effects.n, ARRAY_SIZE(of_region));
    answer_rest(&rig);
    assert_true(observe_done(rig.observe));
    rig_stop(&rig);
    assert_null(observe_free(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_describe_of_each),
        cmocka_unit_test(test_whole_lists),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_pages_that_are_no_list),
        cmocka_unit_test(test_a_failed_call_makes_its_list_unknown),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_a_vpc_of_two_targets_is_asked_once),
        cmocka_unit_test(test_lookup_by_tag),
        cmocka_unit_test(test_lookup_by_pattern),
        cmocka_unit_test(test_lookups_together),
        cmocka_unit_test(test_no_vpc_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
