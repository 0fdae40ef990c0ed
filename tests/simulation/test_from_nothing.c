/* From a VPC with one IPv4 block and nothing else to what the config declares: every call that it
 * takes and no other, the same when it is interrupted, and then silence. */
#include "support/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PUBLIC(more)                                                                               \
    "\"public\": {\"create\": [{\"az\": \"ap-northeast-1a\", \"cidr\": \"10.0.0.0/24\"}, "         \
    "{\"az\": \"ap-northeast-1c\", \"cidr\": \"10.0.1.0/24\"}, {\"az\": \"ap-northeast-1d\", "     \
    "\"cidr\": \"10.0.2.0/24\"}]" more "}"
#define FUNCTIONS(more)                                                                            \
    "\"functions\": {\"create\": [{\"az\": \"ap-northeast-1a\", \"cidr\": \"10.0.16.0/24\", "      \
    "\"ipv6_index\": 16}, {\"az\": \"ap-northeast-1c\", \"cidr\": \"10.0.17.0/24\", "              \
    "\"ipv6_index\": 17}]" more "}"
#define NAT "\"nat_gateways\": {\"placement\": \"per-az\", \"in\": \"public\"}, "

struct build {
    const char *name, *groups, *nat;
    struct expected_calls calls[14];
};

static const struct build builds[] = {
    {"internet gateway, IPv4",
     PUBLIC(", \"ipv4\": \"internet-gateway\", \"public_ipv4_on_launch\": true"),
     "",
     {{EC2_CREATE_SUBNET, 3},
      {EC2_CREATE_INTERNET_GATEWAY, 1},
      {EC2_ATTACH_INTERNET_GATEWAY, 1},
      {EC2_CREATE_ROUTE_TABLE, 1},
      {EC2_ASSOCIATE_ROUTE_TABLE, 3},
      {EC2_CREATE_ROUTE, 1},
      {EC2_MODIFY_SUBNET_ATTRIBUTE, 3}}},
    {"internet gateway, IPv4 and IPv6",
     PUBLIC(", \"ipv4\": \"internet-gateway\", \"ipv6\": \"internet-gateway\", "
            "\"public_ipv4_on_launch\": true"),
     "",
     {{EC2_CREATE_SUBNET, 3},
      {EC2_CREATE_INTERNET_GATEWAY, 1},
      {EC2_ATTACH_INTERNET_GATEWAY, 1},
      {EC2_ASSOCIATE_VPC_CIDR_BLOCK, 1},
      {EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 3},
      {EC2_CREATE_ROUTE_TABLE, 1},
      {EC2_ASSOCIATE_ROUTE_TABLE, 3},
      {EC2_CREATE_ROUTE, 2},
      {EC2_MODIFY_SUBNET_ATTRIBUTE, 6}}},
    {"egress-only internet gateway",
     FUNCTIONS(", \"ipv6\": \"egress-only-internet-gateway\""),
     "",
     {{EC2_CREATE_SUBNET, 2},
      {EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
      {EC2_ASSOCIATE_VPC_CIDR_BLOCK, 1},
      {EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 2},
      {EC2_CREATE_ROUTE_TABLE, 1},
      {EC2_ASSOCIATE_ROUTE_TABLE, 2},
      {EC2_CREATE_ROUTE, 1},
      {EC2_MODIFY_SUBNET_ATTRIBUTE, 2}}},
    {"NAT gateways",
     PUBLIC(", \"ipv4\": \"internet-gateway\"") ", " FUNCTIONS(", \"ipv4\": \"nat-gateway\""),
     NAT,
     {{EC2_CREATE_SUBNET, 5},
      {EC2_CREATE_INTERNET_GATEWAY, 1},
      {EC2_ATTACH_INTERNET_GATEWAY, 1},
      {EC2_CREATE_ROUTE_TABLE, 3},
      {EC2_ASSOCIATE_ROUTE_TABLE, 5},
      {EC2_CREATE_ROUTE, 3},
      {EC2_ALLOCATE_ADDRESS, 2},
      {EC2_CREATE_NAT_GATEWAY, 2}}},
    {"all of them",
     PUBLIC(", \"ipv4\": \"internet-gateway\", \"ipv6\": \"internet-gateway\", "
            "\"public_ipv4_on_launch\": true") ", " FUNCTIONS(", \"ipv4\": \"nat-gateway\", "
                                                              "\"ipv6\": \"egress-only-internet-"
                                                              "gateway\", \"nat64\": true"),
     NAT,
     {{EC2_CREATE_SUBNET, 5},
      {EC2_CREATE_INTERNET_GATEWAY, 1},
      {EC2_ATTACH_INTERNET_GATEWAY, 1},
      {EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
      {EC2_ASSOCIATE_VPC_CIDR_BLOCK, 1},
      {EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, 5},
      {EC2_CREATE_ROUTE_TABLE, 3},
      {EC2_ASSOCIATE_ROUTE_TABLE, 5},
      {EC2_CREATE_ROUTE, 8}, /* public 2; each zone 0.0.0.0/0, ::/0, 64:ff9b::/96 */
      {EC2_ALLOCATE_ADDRESS, 2},
      {EC2_CREATE_NAT_GATEWAY, 2},
      {EC2_MODIFY_SUBNET_ATTRIBUTE, 10}}}, /* 5 IPv6, 3 public IPv4, 2 DNS64 */
};

/* An empty VPC, and the config that declares all of it. */
static struct trial *begin(const struct build *build, uint64_t seed, char config[static 4096])
{
    struct trial *trial = trial_new(seed);
    const char *vpc =
        trial_element(trial_call(trial, "CreateVpc", "CidrBlock=10.0.0.0%2F16"), "vpcId");

    snprintf(config, 4096,
             "{\"name\": \"trial\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\", \"mode\": "
             "\"repair\", \"subnet_groups\": {%s}, %s\"repair\": {\"*\": \"auto\"}, \"limits\": "
             "{\"changes_per_pass\": 100, \"changes_per_hour\": 500}}",
             vpc, build->groups, build->nat);
    trial->config_text = config;
    return trial;
}

static void test_each_build(void **state)
{
    char config[4096];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(builds); i++) {
        struct trial *trial = begin(&builds[i], 20 + i, config);
        struct trial_calls before = trial_calls_now(trial);

        trial_assert_once(trial, builds[i].name, MANAGER_IN_SYNC);
        trial_assert_calls(trial, &before, builds[i].name, builds[i].calls);
        before = trial_calls_now(trial);
        trial_assert_once(trial, builds[i].name, MANAGER_IN_SYNC);
        trial_assert_calls(trial, &before, builds[i].name, NULL);
        trial_free(trial);
    }
}

/* The numbers that the config gives, whatever came first. */
static void test_declared_blocks(void **state)
{
    static const struct {
        const char *cidr, *ends;
    } rows[] = {{"10.0.16.0/24", "10::/64"}, {"10.0.17.0/24", "11::/64"}};
    char config[4096];
    struct trial *trial = begin(&builds[4], 31, config);
    const char *xml;

    (void)state;
    trial_assert_once(trial, "all", MANAGER_IN_SYNC);
    xml = trial_call(trial, "DescribeSubnets", "");
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *item = strstr(xml, trial_text("<cidrBlock>%s<", rows[i].cidr));

        assert_non_null(item);
        /* the item's own, wherever in it the element stands */
        while (strncmp(item, "<subnetId>", strlen("<subnetId>")) != 0)
            item--;
        assert_non_null(strstr(trial_element(item, "ipv6CidrBlock"), rows[i].ends));
    }
    trial_free(trial);
}

/* Thrown away at each cut around a call, all the way through: no subnet, block or gateway twice. */
static void test_killed_all_along(void **state)
{
    static const enum trial_cut cuts[] = {CUT_BEFORE_CALL, CUT_AFTER_CALL, CUT_AFTER_APPEND};
    const struct build *build = &builds[2];
    char config[4096];

    (void)state;
    for (size_t c = 0; c < ARRAY_SIZE(cuts); c++)
        for (unsigned at = 1; at <= 8; at++) {
            struct trial *trial = begin(build, 40 + at, config);
            struct trial_calls before = trial_calls_now(trial);
            const char *name = trial_text("cut %zu at %u", c, at);

            trial->cut = cuts[c];
            trial->cut_at = at;
            (void)trial_once(trial);
            trial->cut = CUT_NONE;
            if (trial->killed)
                trial_assert_once(trial, name, MANAGER_IN_SYNC);
            trial_assert_calls(trial, &before, name, build->calls);
            trial_free(trial);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_build),
        cmocka_unit_test(test_declared_blocks),
        cmocka_unit_test(test_killed_all_along),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
