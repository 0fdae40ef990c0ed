/* Prices, facts and the advice itself, by value: figures that a person can check with a pencil. */
#include "vpc_reconciled/advise.h"
#include "vpc_reconciled/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PRICES                                                                                     \
    "{\"as_of\": \"2026-09-25\", \"regions\": {\"ap-northeast-1\": {\"nat_gateway_hour\": "        \
    "0.062,\n"                                                                                     \
    "\"nat_gateway_gb\": 0.062, \"regional_nat_gateway_hour\": 0.062,\n"                           \
    "\"interface_endpoint_hour\": 0.014, \"interface_endpoint_gb\": 0.01,\n"                       \
    "\"public_ipv4_hour\": 0.005, \"cross_az_gb\": 0.01}, \"eu-west-9\": {}}}"

/* "functions" is private in three zones; placement and endpoints are the rows' own. */
#define CONFIG(region, placement, endpoints)                                                       \
    "{\"name\": \"orders\", \"region\": \"" region "\", \"vpc\": \"vpc-0a1b2c3d4e5f60718\",\n"     \
    "\"subnet_groups\": {\"public\": {\"match\": {\"tag:tier\": \"public\", \"azs\": 3},\n"        \
    "\"ipv4\": \"internet-gateway\"}, \"functions\": {\"match\": {\"tag:tier\": \"f\", \"azs\": "  \
    "3},\n"                                                                                        \
    "\"ipv4\": \"nat-gateway\", \"ipv6\": \"egress-only-internet-gateway\",\n"                     \
    "\"services\": [\"s3\", \"logs\"]}},\n"                                                        \
    "\"nat_gateways\": {\"placement\": \"" placement "\", \"in\": \"public\"},\n"                  \
    "\"endpoints\": [" endpoints "]}"
#define LOGS                                                                                       \
    "{\"service\": \"logs\", \"type\": \"interface\", \"for\": [\"functions\"], "                  \
    "\"security_groups\": [\"sg-0fedcba9876543210\"], \"ports\": [443]}"

static struct prices *some_prices(struct arena *arena)
{
    struct prices *prices = NULL;
    const char *error = NULL;

    if (prices_parse(arena, "prices.json", PRICES, strlen(PRICES), &prices, &error) < 0)
        fail_msg("%s", error);
    return prices;
}

static struct config_target *some_target(struct arena *arena, const char *text)
{
    struct config_file file = {.path = "orders.json", .text = text, .n = strlen(text)};
    struct config_errors errors = {0};
    struct config *config = NULL;

    if (config_parse(arena, &file, 1, &config, &errors) < 0)
        fail_msg("%s", errors.list.items[0].message);
    return &config->targets[0];
}

static bool nearly(double a, double b)
{
    return fabs(a - b) < 0.005;
}

static const struct advice_option *option_of(const struct advice *advice, const char *group,
                                             const char *name)
{
    VEC_EACH (row, &advice->groups)
        if (text_equal(row->name, group))
            VEC_EACH (option, &row->options)
                if (text_equal(option->name, name))
                    return option;
    fail_msg("no option %s of %s", name, group);
    return NULL;
}

static const struct advice_cost *cost_of(const struct advice *advice, const char *what)
{
    VEC_EACH (cost, &advice->costs)
        if (text_starts_with(cost->what, what))
            return cost;
    return NULL;
}

/* aws-facts 10, "Worked": 45.26 + 3.65 a zone, 146.73 for three; an endpoint in three zones 30.66.
 */
static void test_costs(void **state)
{
    static const struct {
        const char *placement, *what;
        double usd_month, address, total_known;
    } rows[] = {
        {CONFIG("ap-northeast-1", "per-az", LOGS), "3 NAT gateways", 135.78, 10.95, 177.39},
        {CONFIG("ap-northeast-1", "single", LOGS), "1 NAT gateway", 45.26, 3.65, 79.57},
        {CONFIG("ap-northeast-1", "regional", LOGS), "a regional NAT gateway in 3 zones", 135.78,
         10.95, 177.39},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const struct advice *advice =
            advise(arena, some_target(arena, rows[i].placement), NULL, some_prices(arena), -1);
        const struct advice_cost *gateways = cost_of(advice, rows[i].what);

        assert_non_null(gateways);
        assert_true(nearly(gateways->usd_month, rows[i].usd_month));
        assert_true(
            nearly(cost_of(advice, "interface endpoint logs in 3 zones")->usd_month, 30.66));
        assert_true(
            nearly(cost_of(advice, i == 1 ? "1 public" : "3 public")->usd_month, rows[i].address));
        assert_true(nearly(advice->usd_month, rows[i].total_known));
        /* How many interfaces there are is not in a config. */
        assert_false(advice->usd_complete);
        assert_true(cost_of(advice, "public IPv4 addresses of interfaces in public")->usd_month <
                    0);
        assert_true(advice->usd_traffic < 0);
    }
}

static void test_live(void **state)
{
    static const char text[] =
        "{\"groups\": [{\"name\": \"functions\", \"zones\": 2, \"subnets\": 4, \"interfaces\": 9, "
        "\"public_ipv4\": 0}, {\"name\": \"public\", \"zones\": 2, \"subnets\": 2, "
        "\"interfaces\": 4, \"public_ipv4\": 3}], \"endpoints\": [{\"service\": "
        "\"com.amazonaws.ap-northeast-1.logs\", \"type\": \"Interface\", \"zones\": 2}, "
        "{\"service\": \"com.amazonaws.ap-northeast-1.sqs\", \"type\": \"Interface\", \"zones\": "
        "1}], "
        "\"nat_gateways\": 3, \"regional_nat_zones\": 0, \"idle_addresses\": 2}";
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct json *json = NULL;
    struct json_error error;
    struct advise_facts facts;
    const struct advice *advice;

    (void)state;
    assert_int_equal(json_parse(arena, text, strlen(text), &json, &error), 0);
    assert_int_equal(advise_facts_parse(arena, json, &facts), 0);
    advice = advise(arena, some_target(arena, CONFIG("ap-northeast-1", "per-az", LOGS)), &facts,
                    some_prices(arena), 1000);
    assert_true(advice->live);
    assert_true(nearly(cost_of(advice, "2 NAT gateways")->usd_month, 90.52));
    assert_true(nearly(cost_of(advice, "1 more NAT gateway than declared")->usd_month, 45.26));
    assert_true(nearly(
        cost_of(advice, "3 public IPv4 addresses of interfaces in public")->usd_month, 10.95));
    assert_true(nearly(cost_of(advice, "2 idle Elastic IP addresses")->usd_month, 7.30));
    assert_true(
        nearly(cost_of(advice, "interface endpoint com.amazonaws.ap-northeast-1.sqs in 1 zone, not "
                               "declared")
                   ->usd_month,
               10.22));
    assert_true(advice->usd_complete);
    assert_true(nearly(advice->usd_traffic, 62));
    /* nine interfaces, an address each */
    assert_true(nearly(option_of(advice, "functions", "internet-gateway, IPv4")->usd_month, 32.85));
}

static void test_options(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct advice *advice =
        advise(arena, some_target(arena, CONFIG("ap-northeast-1", "per-az", LOGS)), NULL,
               some_prices(arena), -1);
    const struct advice_option *option;

    (void)state;
    option = option_of(advice, "functions", "nat-gateway, one in each zone");
    assert_true(option->chosen);
    assert_true(nearly(option->usd_month, 146.73));
    assert_string_equal(option->switching, "declared");
    option = option_of(advice, "functions", "nat-gateway, one for all zones");
    assert_false(option->chosen);
    assert_true(nearly(option->usd_month, 48.91));
    /* two of three zones pay 0.02 to cross: 0.062 + 0.0133 */
    assert_true(fabs(option->usd_gb - 0.0753) < 0.0001);
    assert_non_null(strstr(option->switching, "one Elastic IP address instead of the Elastic IP "
                                              "address of the zone's gateway"));
    assert_true(option_of(advice, "functions", "egress-only-internet-gateway")->chosen);
    option = option_of(advice, "functions", "internet-gateway, IPv6");
    assert_false(option->chosen);
    assert_non_null(strstr(option->switching, "source addresses stay"));
    option = option_of(advice, "functions", "internet-gateway, IPv4");
    assert_true(option->usd_month < 0);
    assert_non_null(strstr(option->switching, "no public address by the subnet's flag"));
    /* s3 is a gateway endpoint and free; logs is not */
    option = option_of(advice, "functions", "VPC endpoints alone");
    assert_false(option->chosen);
    assert_true(nearly(option->usd_month, 30.66));
    assert_non_null(strstr(option->switching, "aws:SourceVpce"));
    /* a group without services: nobody knows which endpoints */
    assert_true(option_of(advice, "public", "VPC endpoints alone")->usd_month < 0);
    option = option_of(advice, "public", "egress-only-internet-gateway");
    assert_non_null(strstr(option->switching, "nothing breaks"));
}

static void test_break_even(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct advice *advice =
        advise(arena, some_target(arena, CONFIG("ap-northeast-1", "per-az", LOGS)), NULL,
               some_prices(arena), -1);

    (void)state;
    assert_int_equal(advice->break_evens.n, 2); /* logs once, though declared twice over */
    assert_string_equal(advice->break_evens.items[0].service, "logs");
    assert_true(advice->break_evens.items[0].declared);
    /* 30.66 a month / (0.062 - 0.01) */
    assert_true(fabs(advice->break_evens.items[0].gb_month - 589.6) < 0.1);
    assert_string_equal(advice->break_evens.items[1].service, "s3");
    assert_false(advice->break_evens.items[1].declared);
    assert_true(advice->break_evens.items[1].gb_month == 0);
}

/* What is not known is said, never counted as nothing. */
static void test_unknown_region(void **state)
{
    static const char *const configs[] = {CONFIG("sa-east-1", "per-az", LOGS),
                                          CONFIG("eu-west-9", "per-az", LOGS)};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(configs); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const struct advice *advice =
            advise(arena, some_target(arena, configs[i]), NULL, some_prices(arena), 100);

        assert_true(cost_of(advice, "3 NAT gateways")->usd_month < 0);
        assert_false(advice->usd_complete);
        assert_true(advice->usd_traffic < 0);
        assert_true(advice->break_evens.items[0].gb_month < 0);
        assert_string_equal(advice->break_evens.items[0].note, "a price is not known");
        assert_true(option_of(advice, "functions", "nat-gateway, one for all zones")->usd_gb < 0);
        if (i == 0)
            assert_non_null(strstr(advice->notes.items[0], "no prices for sa-east-1"));
    }
}

static void test_refused_prices(void **state)
{
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"[", "p.json:1:2: "},
        {"[]", "p.json:1:1: a price table wants an object"},
        {"{\"regions\": {}}", "p.json:1:1: \"as_of\" is missing"},
        {"{\"as_of\": 3, \"regions\": {}}", "p.json:1:11: \"as_of\" wants text"},
        {"{\"as_of\": \"x\", \"region\": {}}", "p.json:1:1: a price table wants"},
        {"{\"as_of\": \"x\", \"regions\": {}, \"a\": 1}", "p.json:1:31: unknown key \"a\""},
        {"{\"as_of\": \"x\", \"regions\": []}", "p.json:1:27: \"regions\" wants an object"},
        {"{\"as_of\": \"x\", \"regions\": {\"r\": 1}}", "p.json:1:33: a region wants"},
        {"{\"as_of\": \"x\", \"regions\": {\"r\": {\"nat_gateway_hours\": 1}}}",
         "p.json:1:34: unknown price \"nat_gateway_hours\"; did you mean \"nat_gateway_hour\"?"},
        {"{\"as_of\": \"x\", \"regions\": {\"r\": {\"nat_gateway_hour\": \"1\"}}}",
         "p.json:1:54: nat_gateway_hour wants a number"},
        {"{\"as_of\": \"x\", \"regions\": {\"r\": {\"nat_gateway_hour\": -1}}}",
         "p.json:1:54: nat_gateway_hour wants a number"},
        {"{\"as_of\": \"x\", \"regions\": {\"r\": {\"nat_gateway_hour\": 45}}}",
         "p.json:1:54: nat_gateway_hour wants a number"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct prices *prices = NULL;
        const char *error = "";

        assert_int_equal(
            prices_parse(arena, "p.json", rows[i].text, strlen(rows[i].text), &prices, &error),
            -EINVAL);
        if (!text_starts_with(error, rows[i].error))
            fail_msg("%s: %s", rows[i].text, error);
    }
}

static void test_refused_facts(void **state)
{
    static const char *const rows[] = {
        "1",
        "{}",
        "{\"groups\": {}, \"endpoints\": []}",
        "{\"groups\": [], \"endpoints\": []}",
        "{\"groups\": [{\"name\": \"a\"}], \"endpoints\": [], \"nat_gateways\": 1, "
        "\"regional_nat_zones\": 0, \"idle_addresses\": 0}",
        "{\"groups\": [], \"endpoints\": [], \"nat_gateways\": -1, \"regional_nat_zones\": 0, "
        "\"idle_addresses\": 0}",
        "{\"groups\": [], \"endpoints\": [], \"nat_gateways\": 1.5, \"regional_nat_zones\": 0, "
        "\"idle_addresses\": 0}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const struct json *json = NULL;
        struct json_error error;
        struct advise_facts facts;

        assert_int_equal(json_parse(arena, rows[i], strlen(rows[i]), &json, &error), 0);
        if (advise_facts_parse(arena, json, &facts) != -EINVAL)
            fail_msg("taken: %s", rows[i]);
    }
}

/* The table that ships is one, and says of which day it is. */
static void test_shipped_prices(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    char *text = arena_alloc(arena, 65536);
    FILE *file = fopen(TEST_SOURCE_DIR "/../packaging/prices.json", "r");
    struct prices *prices = NULL;
    const char *error = NULL;
    size_t n;
    int64_t day;

    (void)state;
    assert_non_null(file);
    n = fread(text, 1, 65536, file);
    fclose(file);
    if (prices_parse(arena, "prices.json", text, n, &prices, &error) < 0)
        fail_msg("%s", error);
    assert_int_equal(time_parse(arena_printf(arena, "%sT00:00:00Z", prices->as_of), &day), 0);
    assert_non_null(prices->source);
    assert_int_equal(prices->n_regions, 2);
    for (size_t i = 0; i < prices->n_regions; i++) {
        assert_true(prices->regions[i].nat_gateway_hour > 0);
        assert_true(prices->regions[i].interface_endpoint_gb > 0);
        assert_true(prices->regions[i].cross_az_gb > 0);
        assert_true(prices->regions[i].public_ipv4_hour > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_costs),          cmocka_unit_test(test_live),
        cmocka_unit_test(test_options),        cmocka_unit_test(test_break_even),
        cmocka_unit_test(test_unknown_region), cmocka_unit_test(test_refused_prices),
        cmocka_unit_test(test_refused_facts),  cmocka_unit_test(test_shipped_prices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
