/* Which lists a config makes a pass ask for, beside those that every pass does. */
#include "vpc_reconciled/config.h"
#include "vpc_reconciled/manager.h"
#include "vpc_reconciled/observe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ATTRIBUTES NEEDS(VPC_ATTRIBUTES)
#define ENTRIES NEEDS(PREFIX_LIST_ENTRIES)
#define SERVICES NEEDS(VPC_ENDPOINT_SERVICES)
#define PROVIDERS NEEDS(CAPACITY_PROVIDERS)

/* Of group "f"; "public" is beside it, plain. */
#define GROUP(members)                                                                             \
    "{\"name\": \"%s\", \"region\": \"eu-west-1\", \"vpc\": \"vpc-0a1b2c3d\", "                    \
    "\"subnet_groups\": {\"f\": {" members "}, \"public\": {\"match\": {\"tag:tier\": \"a\"}}}"
#define PLAIN GROUP("\"match\": {\"tag:tier\": \"b\"}")
#define PROVIDER(more) GROUP("\"match\": {\"capacity_provider\": \"orders\"}" more)
#define ENDPOINT(service, type)                                                                    \
    ", \"endpoints\": [{\"service\": \"" service "\", \"type\": \"" type "\", \"for\": [\"f\"]}]"

static const struct config_target *parse(struct arena *arena, const char *format, const char *name)
{
    char text[2048];
    struct config_file file = {.path = "vpcs.d/test.json", .text = text};
    struct config_errors errors = {0};
    struct config *config;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    file.n = (size_t)snprintf(text, sizeof(text), format, name);
#pragma GCC diagnostic pop
    if (config_parse(arena, &file, 1, &config, &errors) < 0)
        fail_msg("%s: %s", text, errors.list.items[0].message);
    return config->targets;
}

static void test_wants(void **state)
{
    static const struct {
        const char *name, *config;
        unsigned lists;
        const char *service, *provider;
    } rows[] = {
        {"nothing", PLAIN "}", 0, NULL, NULL},
        {"outbound",
         GROUP("\"match\": {\"tag:tier\": \"b\"}, \"security_groups\": [\"sg-0a1b2c3d\"], "
               "\"outbound\": [{\"protocol\": \"all\", "
               "\"to\": [\"0.0.0.0/0\"]}]") "}",
         ENTRIES, NULL, NULL},
        {"services", GROUP("\"match\": {\"tag:tier\": \"b\"}, \"services\": [\"s3\"]") "}",
         ATTRIBUTES | ENTRIES, NULL, NULL},
        {"no services", GROUP("\"match\": {\"tag:tier\": \"b\"}, \"services\": []") "}", 0, NULL,
         NULL},
        {"must_reach", PLAIN ", \"must_reach\": [{\"from\": \"f\", \"to\": \"internet\"}]}",
         ATTRIBUTES | ENTRIES, NULL, NULL},
        {"no way out over IPv4", GROUP("\"match\": {\"tag:tier\": \"b\"}, \"ipv4\": \"none\"") "}",
         ENTRIES, NULL, NULL},
        {"nor over IPv6", GROUP("\"match\": {\"tag:tier\": \"b\"}, \"ipv6\": \"none\"") "}",
         ENTRIES, NULL, NULL},
        {"a gateway endpoint", PLAIN ENDPOINT("s3", "gateway") "}", SERVICES, "s3", NULL},
        {"an interface endpoint", PLAIN ENDPOINT("logs", "interface") "}",
         SERVICES | ATTRIBUTES | ENTRIES, "logs", NULL},
        /* logs and xray, unless it says [] */
        {"a capacity provider", PROVIDER("") "}", PROVIDERS | ATTRIBUTES | ENTRIES, NULL, "orders"},
        {"a capacity provider without services", PROVIDER(", \"services\": []") "}", PROVIDERS,
         NULL, "orders"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const struct config_target *targets[] = {parse(arena, PLAIN "}", "a"),
                                                 parse(arena, rows[i].config, "b"),
                                                 parse(arena, rows[i].config, "c")};
        struct observe_wants wants;

        manager_wants(arena, targets, ARRAY_SIZE(targets), &wants);
        if (wants.lists != rows[i].lists || wants.services.n != (rows[i].service != NULL) ||
            wants.capacity_providers.n != (rows[i].provider != NULL) ||
            (rows[i].service && !text_equal(wants.services.items[0], rows[i].service)) ||
            (rows[i].provider && !text_equal(wants.capacity_providers.items[0], rows[i].provider)))
            fail_msg("%s: %#x", rows[i].name, wants.lists);
        assert_int_equal(wants.lists & ~OBSERVE_OPTIONAL, 0);
        /* Without a target nothing is wanted. */
        manager_wants(arena, targets, 0, &wants);
        assert_int_equal(wants.lists, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_wants)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
