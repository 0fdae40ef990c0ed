/* A group whose subnets are a capacity provider's: followed, repaired, and left alone where Lambda
 * says nothing, or nothing good. */
#include "support/service.h"

#define CONFIG                                                                                     \
    "{\"name\": \"trial\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\", \"mode\": "            \
    "\"repair\",\n"                                                                                \
    " \"subnet_groups\": {\n"                                                                      \
    "   \"public\": {\"match\": [\"%s\", \"%s\", \"%s\"],\n"                                       \
    "     \"ipv4\": \"internet-gateway\", \"ipv6\": \"internet-gateway\"},\n"                      \
    "   \"functions\": {\"match\": {\"capacity_provider\": \"orders\"%s}, \"services\": [],\n"     \
    "     \"ipv4\": \"nat-gateway\", \"ipv6\": \"egress-only-internet-gateway\"}},\n"              \
    " \"nat_gateways\": {\"placement\": \"per-az\", \"in\": \"public\"}}\n"
#define ARN "arn:aws:lambda:ap-northeast-1:111122223333:capacity-provider:orders"
#define GET "GetCapacityProvider"

/* In the world, in this state and with the first n of the private subnets; n 0: none. */
static void put_provider(struct stage *stage, const char *state, unsigned n)
{
    CLEANUP(buf_free)
    struct buf world = {0};
    CLEANUP(buf_free)
    struct buf list = {0};
    const char *begin, *end;

    if (n)
        buf_printf(&list,
                   "{\"CapacityProviderArn\": \"" ARN "\", \"State\": \"%s\", \"VpcConfig\": "
                   "{\"SubnetIds\": [",
                   state);
    for (unsigned i = 0; i < n; i++)
        buf_printf(&list, "%s\"%s\"", i ? ", " : "", stage->world.private_subnet[i]);
    if (n)
        buf_text(&list, "]}}");
    simulator_dump(stage->trial->simulator, stage->trial->now, &world);
    begin = strstr(buf_string(&world), "\"capacityProviders\": ");
    end = begin ? strstr(begin, "]\n") : NULL; /* "[]", or what was put here before */
    begin += strlen("\"capacityProviders\": ");
    end = begin[1] == ']' ? begin + 2 : strstr(begin, "\n  ]") + 4;
    assert_non_null(end);
    trial_edit(stage->trial,
               "\"capacityProviders\": ", trial_text("%.*s", (int)(end - begin), begin),
               trial_text("[%s]", buf_string(&list)));
    stage_mark(stage);
}

static void provider_config(struct stage *stage, const char *extra)
{
    snprintf(stage->config, sizeof(stage->config), CONFIG, stage->world.vpc,
             stage->world.public_subnet[0], stage->world.public_subnet[1],
             stage->world.public_subnet[2], extra);
    stage->trial->config_text = stage->config;
}

static void begin(struct stage *stage)
{
    *stage = (struct stage){.trial = trial_new(17)};
    trial_build_world(stage->trial, &stage->world, WORLD_PLAIN_TABLES);
    provider_config(stage, "");
    stage_wait(stage, 300000);
    put_provider(stage, "Active", 3);
    if (trial_once(stage->trial) != MANAGER_IN_SYNC) {
        trial_print_events(stage->trial);
        fail_msg("the world is not healthy");
    }
    stage_mark(stage);
}

static void drop_routes(struct stage *stage, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        trial_call(stage->trial, "DeleteRoute", trial_text(IPV4, stage->world.private_table[i]));
    stage_mark(stage);
}

static void end_quiet(struct stage *stage, int code)
{
    stage->trial->fault_action = NULL;
    stage->trial->service = false;
    stage_mark(stage);
    assert_int_equal(trial_once(stage->trial), code);
    assert_sent(stage, "the second run", NOTHING);
    stage_end(stage);
}

static void assert_says(const struct stage *stage, enum event_kind kind, const char *drift,
                        const char *says)
{
    const struct trial_event *event = trial_last(stage->trial, kind, drift);

    if (!event || !strstr(event->message, says)) {
        trial_print_events(stage->trial);
        fail_msg("%s does not say \"%s\": %s", drift, says, event ? event->message : "no event");
    }
}

/* ---- tests ---- */

static void test_its_subnets_are_repaired(void **state)
{
    static const struct calls expected[] = {{EC2_CREATE_ROUTE, 2}, {0}};
    struct stage stage;

    (void)state;
    begin(&stage);
    drop_routes(&stage, 2);
    assert_int_equal(trial_once(stage.trial), MANAGER_IN_SYNC);
    assert_sent(&stage, "two routes", expected);
    assert_says(&stage, EVENT_FINDING_OPENED, "route-missing",
                "Capacity provider \"orders\" runs there.");
    end_quiet(&stage, MANAGER_IN_SYNC);
}

/* S12: asked once a pass, whatever there is to say. */
static void test_calls_of_a_pass(void **state)
{
    static const char *const states[] = {"Active", "Pending", "Deleting", "Failed", NULL};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
        struct stage stage;
        uint64_t before;

        begin(&stage);
        put_provider(&stage, states[i], states[i] ? 3 : 0);
        stage.trial->observe = true;
        before = simulator_n_calls(stage.trial->simulator);
        trial_once(stage.trial);
        /* who we are, the lists, and the provider */
        assert_int_equal(
            (simulator_n_calls(stage.trial->simulator) - before - 1) % (TRIAL_LISTS + 1), 0);
        stage_end(&stage);
    }
}

static void test_it_is_followed(void **state)
{
    static const struct calls expected[] = {{EC2_CREATE_ROUTE, 2}, {0}};
    struct stage stage;

    (void)state;
    begin(&stage);
    /* Made anew under its name, for two of the zones. */
    put_provider(&stage, "Pending", 2);
    drop_routes(&stage, 3);
    assert_int_equal(trial_once(stage.trial), MANAGER_IN_SYNC);
    assert_sent(&stage, "of three routes two are declared", expected);
    end_quiet(&stage, MANAGER_IN_SYNC);
}

/* Unknown is not missing: nothing of the group, all of the rest. */
static void test_lambda_does_not_answer(void **state)
{
    static const struct {
        const char *fault, *says;
    } rows[] = {
        {"unauthorized-operation", "lambda:GetCapacityProvider"},
        {"internal-error", "ServiceException"},
        {"html-200", "not what AWS sends"},
        {"truncated-xml", "not what AWS sends"},
        {"empty-body", "not what AWS sends"},
        {"throttling", "TooManyRequestsException"},
    };
    static const struct calls expected[] = {{EC2_CREATE_ROUTE, 1}, {0}};
    static const struct calls rest[] = {{EC2_CREATE_ROUTE, 2}, {0}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct stage stage;

        begin(&stage);
        drop_routes(&stage, 2);
        trial_call(stage.trial, "DeleteRoute", trial_text(IPV4, stage.world.public_table));
        stage_mark(&stage);
        stage.trial->fault_action = GET;
        stage.trial->fault = rows[i].fault;
        stage.trial->service = true;
        trial_start(stage.trial);
        trial_run(stage.trial, 1800000);
        assert_sent(&stage, rows[i].fault, expected); /* the public table's */
        assert_says(&stage, EVENT_FINDING_HELD, "observation-incomplete", rows[i].says);
        assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "group-changed"), 0);
        assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "group-matches-nothing"), 0);
        stage_mark(&stage);
        stage.trial->fault_action = NULL;
        trial_run(stage.trial, 1800000);
        assert_sent(&stage, "it answers again", rest);
        trial_stop(stage.trial);
        end_quiet(&stage, MANAGER_IN_SYNC);
    }
}

/* What was found before is not over because it cannot be looked for. */
static void test_findings_stay(void **state)
{
    struct stage stage;

    (void)state;
    begin(&stage);
    drop_routes(&stage, 1);
    stage.trial->observe = true;
    stage.trial->service = true;
    trial_start(stage.trial);
    trial_run(stage.trial, 600000);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, NULL), 0);
    stage.trial->fault_action = GET;
    stage.trial->fault = "internal-error";
    trial_run(stage.trial, 600000);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "route-missing"), 0);
    trial_call(
        stage.trial, "CreateRoute",
        trial_text(IPV4 "&NatGatewayId=%s", stage.world.private_table[0], stage.world.nat[0]));
    stage.trial->fault_action = NULL;
    trial_run(stage.trial, 600000);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "route-missing"), 1);
    stage_end(&stage);
}

/* S13: it had subnets when last healthy, and has none. */
static void test_it_is_gone(void **state)
{
    static const struct {
        const char *state; /* NULL: it is not there at all */
        const char *says;
    } rows[] = {
        {NULL, "Lambda has no capacity provider \"orders\""},
        {"Failed", "capacity provider \"orders\" has failed"},
        {"Deleting", "capacity provider \"orders\" is being deleted"},
    };
    static const struct calls public_route[] = {{EC2_CREATE_ROUTE, 1}, {0}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct stage stage;

        begin(&stage);
        put_provider(&stage, rows[i].state, rows[i].state ? 3 : 0);
        drop_routes(&stage, 2);
        trial_call(stage.trial, "DeleteRoute", trial_text(IPV4, stage.world.public_table));
        stage_mark(&stage);
        assert_int_equal(trial_once(stage.trial), MANAGER_DRIFT);
        assert_sent(&stage, "zero mutations", NOTHING);
        assert_says(&stage, EVENT_FINDING_HELD, "group-matches-nothing", rows[i].says);
        assert_says(&stage, EVENT_FINDING_HELD, "group-changed", rows[i].says);
        /* A person says that it is meant: the group is nobody's, and the rest goes on. */
        stage.trial->approve[0] =
            trial_text("%s", trial_last(stage.trial, EVENT_FINDING_HELD, "group-changed")->finding);
        assert_int_equal(trial_once(stage.trial), MANAGER_DRIFT);
        assert_sent(&stage, "the public table's route", public_route);
        stage_end(&stage);
    }
}

/* Before anything is known of it there is nothing that shrank. */
static void test_it_was_never_there(void **state)
{
    struct stage stage;

    (void)state;
    stage = (struct stage){.trial = trial_new(17)};
    trial_build_world(stage.trial, &stage.world, WORLD_PLAIN_TABLES);
    provider_config(&stage, "");
    stage_wait(&stage, 300000);
    drop_routes(&stage, 1);
    assert_int_equal(trial_once(stage.trial), MANAGER_DRIFT);
    assert_sent(&stage, "nothing", NOTHING);
    assert_says(
        &stage, EVENT_FINDING_HELD, "group-matches-nothing",
        "Subnet group \"functions\" (capacity provider \"orders\") does not resolve: Lambda "
        "has no capacity provider \"orders\" in this account and region. Nothing is changed "
        "for it. Check the capacity provider's name in ");
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "group-changed"), 0);
    stage_end(&stage);
}

/* The name is right and the VPC is not. */
static void test_its_subnets_are_elsewhere(void **state)
{
    struct stage stage;
    char first[40];

    (void)state;
    begin(&stage);
    snprintf(first, sizeof(first), "%s", stage.world.private_subnet[0]);
    snprintf(stage.world.private_subnet[0], sizeof(stage.world.private_subnet[0]),
             "subnet-0123456789abcdef0");
    put_provider(&stage, "Active", 3);
    drop_routes(&stage, 2);
    assert_int_equal(trial_once(stage.trial), MANAGER_DRIFT);
    assert_says(&stage, EVENT_FINDING_HELD, "group-matches-nothing",
                "Lambda names subnet-0123456789abcdef0, which this VPC does not have. Its other "
                "subnets are looked after.");
    assert_sent(&stage, "the second's route", (const struct calls[]){{EC2_CREATE_ROUTE, 1}, {0}});
    snprintf(stage.world.private_subnet[0], sizeof(stage.world.private_subnet[0]), "%s", first);
    stage_end(&stage);
}

static void test_too_few_zones(void **state)
{
    struct stage stage;

    (void)state;
    begin(&stage);
    provider_config(&stage, ", \"azs\": 3");
    put_provider(&stage, "Active", 2);
    assert_int_equal(trial_once(stage.trial), MANAGER_DRIFT);
    assert_says(&stage, EVENT_FINDING_HELD, "group-az-missing",
                "(capacity provider \"orders\") was declared in 3 Availability Zones");
    stage_end(&stage);
}

/* 429 with Retry-After is waited out; nobody hears of it. */
static void test_throttled_once(void **state)
{
    struct stage stage;

    (void)state;
    begin(&stage);
    drop_routes(&stage, 1);
    /* who we are, the lists, and then the provider */
    simulator_add_fault(stage.trial->simulator,
                        simulator_n_calls(stage.trial->simulator) + TRIAL_LISTS + 2, "throttling");
    if (trial_once(stage.trial) != MANAGER_IN_SYNC) {
        trial_print_events(stage.trial);
        fail_msg("it is not in sync");
    }
    assert_sent(&stage, "one route", (const struct calls[]){{EC2_CREATE_ROUTE, 1}, {0}});
    for (size_t i = 0; i < stage.trial->n_events; i++)
        assert_string_not_equal(stage.trial->events[i].resource, GET);
    end_quiet(&stage, MANAGER_IN_SYNC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_its_subnets_are_repaired),
        cmocka_unit_test(test_calls_of_a_pass),
        cmocka_unit_test(test_it_is_followed),
        cmocka_unit_test(test_lambda_does_not_answer),
        cmocka_unit_test(test_findings_stay),
        cmocka_unit_test(test_it_is_gone),
        cmocka_unit_test(test_it_was_never_there),
        cmocka_unit_test(test_its_subnets_are_elsewhere),
        cmocka_unit_test(test_too_few_zones),
        cmocka_unit_test(test_throttled_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
