/* Does a service that the functions use speak IPv6? What the names say, over hours, and that nobody
 * waits for them. */
#include "support/service.h"

#define DYNAMODB "dynamodb.ap-northeast-1.api.aws"
#define LOGS "logs.ap-northeast-1.api.aws"

static const uint8_t global[16] = {0x26, 0x00, 0x1f};

/* The world's config, its functions' group with services of its own. */
static void declare(struct stage *stage, unsigned flags, const char *services, const char *extra)
{
    const char *text = trial_world_config(&stage->world, flags, extra),
               *at = strstr(text, "\"functions\": {");

    assert_non_null(at);
    at += strlen("\"functions\": {");
    snprintf(stage->config, sizeof(stage->config), "%.*s%s%s", (int)(at - text), text, services,
             at);
    stage->trial->config_text = stage->config;
}

#define SERVICES "\"services\": [\"dynamodb\", \"logs\"], "

static void test_two_looks_an_hour_apart(void **state)
{
    struct stage stage;
    uint64_t passes;

    (void)state;
    stage_begin(&stage, WORLD_WITHOUT_NAT);
    declare(&stage, WORLD_WITHOUT_NAT, SERVICES, "");
    stage.trial->names[0] = (struct trial_name){DYNAMODB, -ENODATA, NULL};
    stage.trial->names[1] = (struct trial_name){LOGS, 0, global};
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS - 300000);
    assert_int_equal(stage.trial->lookups, 2); /* once each, and no pass came for them */
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_OPENED, NULL), 0);
    passes =
        simulator_calls(stage.trial->simulator, EC2_DESCRIBE_VPCS) - stage.calls[EC2_DESCRIBE_VPCS];
    assert_in_range(passes, 50, 62);
    trial_run(stage.trial, HOUR_MS);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "service-without-ipv6"), 1);
    assert_sent(&stage, "a report", NOTHING);
    /* a service that learns IPv6 is believed at the next look */
    stage.trial->names[0] = (struct trial_name){DYNAMODB, 0, global};
    trial_run(stage.trial, 2 * HOUR_MS);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "service-without-ipv6"), 1);
    stage_end(&stage);
}

/* --once neither waits for a lookup nor ends otherwise because of one. */
static void test_once(void **state)
{
    static const struct {
        const char *name, *extra;
        unsigned flags;
        int r, exit_code;
    } rows[] = {
        {"the name fails", "", WORLD_WITHOUT_NAT, -EAGAIN, MANAGER_IN_SYNC},
        {"no such name", "", WORLD_WITHOUT_NAT, -ENOENT, MANAGER_IN_SYNC},
        {"no address, in one look", "", WORLD_WITHOUT_NAT, -ENODATA, MANAGER_IN_SYNC},
        {"the config says no", ", \"service_ipv6\": {\"dynamodb\": false}", WORLD_WITHOUT_NAT, 0,
         MANAGER_DRIFT},
        {"the config says yes", ", \"service_ipv6\": {\"dynamodb\": true}", WORLD_WITHOUT_NAT,
         -ENODATA, MANAGER_IN_SYNC},
        {"there is a way over IPv4", ", \"service_ipv6\": {\"dynamodb\": false}", 0, 0,
         MANAGER_IN_SYNC},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct stage stage;
        int exit_code;

        stage_begin(&stage, rows[i].flags);
        declare(&stage, rows[i].flags, SERVICES, rows[i].extra);
        stage.trial->names[0] = (struct trial_name){DYNAMODB, rows[i].r, global};
        stage.trial->service = false;
        exit_code = trial_once(stage.trial);
        if (exit_code != rows[i].exit_code) {
            trial_print_events(stage.trial);
            fail_msg("%s: exit %d", rows[i].name, exit_code);
        }
        assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "service-without-ipv6"),
                         rows[i].exit_code == MANAGER_DRIFT);
        assert_int_equal(stage.trial->lookups, 2);
        assert_sent(&stage, rows[i].name, NOTHING);
        stage_end(&stage);
    }
}

/* The config's word replaces the lookup in a service too. */
static void test_config_overrides(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, WORLD_WITHOUT_NAT);
    declare(&stage, WORLD_WITHOUT_NAT, SERVICES, ", \"service_ipv6\": {\"dynamodb\": true}");
    stage.trial->names[0] = (struct trial_name){DYNAMODB, -ENODATA, NULL};
    trial_start(stage.trial);
    trial_run(stage.trial, 3 * HOUR_MS);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, NULL), 0);
    stage_end(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_looks_an_hour_apart),
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_config_overrides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
