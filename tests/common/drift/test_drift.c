/* The drift table and the catalogue that `repair` may name. */
#include "vpc_reconciled/drift.h"
#include "vpc_reconciled/ec2.h"

#include <setjmp.h>
#include <stdio.h>

#include <cmocka.h>

#define VPC_LISTS (NEEDS(VPCS) | NEEDS(SUBNETS) | NEEDS(ROUTE_TABLES))
#define TARGET_LISTS                                                                               \
    (VPC_LISTS | NEEDS(INTERNET_GATEWAYS) | NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) |                 \
     NEEDS(NAT_GATEWAYS))
#define NAT_LISTS (TARGET_LISTS | NEEDS(ADDRESSES) | NEEDS(AVAILABILITY_ZONES))

/* design.md 5 and safety.md S6, once more and by hand. */
static const struct {
    enum drift drift;
    const char *code;
    enum drift_policy policy;
    enum drift_impact impact;
    enum drift_confirm confirm;
    unsigned needs;
} rows[] = {
    {DRIFT_INTERNET_GATEWAY_MISSING, "internet-gateway-missing", DRIFT_AUTO, IMPACT_OUTAGE,
     CONFIRM_CREATE, VPC_LISTS | NEEDS(INTERNET_GATEWAYS)},
    {DRIFT_INTERNET_GATEWAY_DETACHED, "internet-gateway-detached", DRIFT_AUTO, IMPACT_OUTAGE,
     CONFIRM_ROUTE, VPC_LISTS | NEEDS(INTERNET_GATEWAYS)},
    {DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING, "egress-only-internet-gateway-missing", DRIFT_AUTO,
     IMPACT_OUTAGE, CONFIRM_CREATE, VPC_LISTS | NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS)},
    {DRIFT_ROUTE_MISSING, "route-missing", DRIFT_AUTO, IMPACT_OUTAGE, CONFIRM_ROUTE, TARGET_LISTS},
    {DRIFT_ROUTE_BLACKHOLE, "route-blackhole", DRIFT_AUTO, IMPACT_OUTAGE, CONFIRM_ROUTE,
     TARGET_LISTS},
    {DRIFT_ROUTE_WRONG_TARGET, "route-wrong-target", DRIFT_APPROVE, IMPACT_DEGRADED, CONFIRM_ROUTE,
     TARGET_LISTS},
    {DRIFT_ROUTE_FOREIGN_TARGET, "route-foreign-target", DRIFT_REPORT, IMPACT_DEGRADED,
     CONFIRM_ROUTE, TARGET_LISTS},
    {DRIFT_PRIVATE_SUBNET_EXPOSED, "private-subnet-exposed", DRIFT_AUTO, IMPACT_EXPOSURE,
     CONFIRM_ROUTE, TARGET_LISTS | NEEDS(NETWORK_INTERFACES)},
    {DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING, "route-table-association-missing", DRIFT_AUTO,
     IMPACT_OUTAGE, CONFIRM_ROUTE, TARGET_LISTS},
    {DRIFT_NAT_GATEWAY_MISSING, "nat-gateway-missing", DRIFT_AUTO, IMPACT_OUTAGE, CONFIRM_CREATE,
     NAT_LISTS},
    {DRIFT_NAT_GATEWAY_FAILED, "nat-gateway-failed", DRIFT_AUTO, IMPACT_OUTAGE, CONFIRM_CREATE,
     NAT_LISTS},
    {DRIFT_NAT_GATEWAY_PRIVATE, "nat-gateway-private", DRIFT_REPORT, IMPACT_DEGRADED, CONFIRM_ROUTE,
     TARGET_LISTS},
    {DRIFT_NAT_GATEWAY_ADDRESS_WRONG, "nat-gateway-address-wrong", DRIFT_REPORT, IMPACT_DEGRADED,
     CONFIRM_ROUTE, TARGET_LISTS | NEEDS(ADDRESSES)},
    {DRIFT_NAT_SUBNET_NOT_PUBLIC, "nat-subnet-not-public", DRIFT_AUTO, IMPACT_OUTAGE, CONFIRM_ROUTE,
     TARGET_LISTS},
    {DRIFT_ZONE_WITHOUT_PUBLIC_SUBNET, "zone-without-public-subnet", DRIFT_REPORT, IMPACT_DEGRADED,
     CONFIRM_ROUTE, TARGET_LISTS},
    {DRIFT_ROUTE_CROSS_AZ, "route-cross-az", DRIFT_APPROVE, IMPACT_DEGRADED, CONFIRM_ROUTE,
     TARGET_LISTS},
    {DRIFT_ROUTE_TABLE_IMPLICIT, "route-table-implicit", DRIFT_APPROVE, IMPACT_DEGRADED,
     CONFIRM_CREATE, TARGET_LISTS},
    {DRIFT_ROUTE_TABLE_SHARED, "route-table-shared", DRIFT_APPROVE, IMPACT_DEGRADED, CONFIRM_CREATE,
     TARGET_LISTS | NEEDS(AVAILABILITY_ZONES)},
    {DRIFT_ROUTE_TABLE_FOREIGN, "route-table-foreign", DRIFT_REPORT, IMPACT_DEGRADED, CONFIRM_ROUTE,
     VPC_LISTS},
    {DRIFT_ELASTIC_IP_IDLE, "elastic-ip-idle", DRIFT_REPORT, IMPACT_NONE, CONFIRM_ROUTE,
     TARGET_LISTS | NEEDS(ADDRESSES)},
    {DRIFT_QUOTA_EXHAUSTED, "quota-exhausted", DRIFT_REPORT, IMPACT_DEGRADED, CONFIRM_ROUTE,
     TARGET_LISTS | NEEDS(ADDRESSES)},
    {DRIFT_VPC_NOT_FOUND, "vpc-not-found", DRIFT_REPORT, IMPACT_OUTAGE, CONFIRM_ROUTE, NEEDS(VPCS)},
    {DRIFT_ACCOUNT_MISMATCH, "account-mismatch", DRIFT_REPORT, IMPACT_DEGRADED, CONFIRM_ROUTE, 0},
    {DRIFT_VPC_NOT_OWNED, "vpc-not-owned", DRIFT_REPORT, IMPACT_NONE, CONFIRM_ROUTE, NEEDS(VPCS)},
    {DRIFT_GROUP_MATCHES_NOTHING, "group-matches-nothing", DRIFT_REPORT, IMPACT_DEGRADED,
     CONFIRM_ROUTE, NEEDS(VPCS) | NEEDS(SUBNETS)},
    {DRIFT_GROUP_AZ_MISSING, "group-az-missing", DRIFT_REPORT, IMPACT_DEGRADED, CONFIRM_ROUTE,
     NEEDS(VPCS) | NEEDS(SUBNETS)},
    {DRIFT_GROUP_CHANGED, "group-changed", DRIFT_APPROVE, IMPACT_DEGRADED, CONFIRM_ROUTE,
     NEEDS(VPCS) | NEEDS(SUBNETS)},
    {DRIFT_OBSERVATION_INCOMPLETE, "observation-incomplete", DRIFT_REPORT, IMPACT_NONE,
     CONFIRM_ROUTE, 0},
    {DRIFT_BLIND, "blind", DRIFT_REPORT, IMPACT_OUTAGE, CONFIRM_ROUTE, 0},
    {DRIFT_DNS64_OFF, "dns64-off", DRIFT_APPROVE, IMPACT_DEGRADED, CONFIRM_ROUTE, VPC_LISTS},
    {DRIFT_NAT64_ROUTE_MISSING, "nat64-route-missing", DRIFT_AUTO, IMPACT_OUTAGE, CONFIRM_ROUTE,
     TARGET_LISTS},
    {DRIFT_ROUTE_UNEXPECTED, "route-unexpected", DRIFT_REPORT, IMPACT_EXPOSURE, CONFIRM_ROUTE,
     TARGET_LISTS},
    {DRIFT_DEFAULT_ROUTE_OVERRIDDEN, "default-route-overridden", DRIFT_REPORT, IMPACT_DEGRADED,
     CONFIRM_ROUTE, TARGET_LISTS},
    {DRIFT_SUBNET_MISSING, "subnet-missing", DRIFT_APPROVE, IMPACT_OUTAGE, CONFIRM_CREATE,
     VPC_LISTS | NEEDS(AVAILABILITY_ZONES)},
    {DRIFT_PUBLIC_IPV4_OFF, "public-ipv4-off", DRIFT_APPROVE, IMPACT_DEGRADED, CONFIRM_ROUTE,
     VPC_LISTS},
    {DRIFT_INTERFACE_WITHOUT_PUBLIC_IPV4, "interface-without-public-ipv4", DRIFT_REPORT,
     IMPACT_OUTAGE, CONFIRM_CREATE, TARGET_LISTS | NEEDS(NETWORK_INTERFACES) | NEEDS(ADDRESSES)},
    {DRIFT_VPC_IPV6_MISSING, "vpc-ipv6-missing", DRIFT_APPROVE, IMPACT_OUTAGE, CONFIRM_CREATE,
     VPC_LISTS},
    {DRIFT_SUBNET_IPV6_MISSING, "subnet-ipv6-missing", DRIFT_AUTO, IMPACT_OUTAGE, CONFIRM_CREATE,
     VPC_LISTS},
    {DRIFT_IPV6_ON_LAUNCH_OFF, "ipv6-on-launch-off", DRIFT_AUTO, IMPACT_DEGRADED, CONFIRM_ROUTE,
     VPC_LISTS},
    {DRIFT_SERVICE_WITHOUT_IPV6, "service-without-ipv6", DRIFT_REPORT, IMPACT_DEGRADED,
     CONFIRM_ROUTE, 0},
    {DRIFT_OUTBOUND_RULE_MISSING, "outbound-rule-missing", DRIFT_APPROVE, IMPACT_OUTAGE,
     CONFIRM_ROUTE, VPC_LISTS | NEEDS(SECURITY_GROUPS)},
    {DRIFT_ENDPOINT_MISSING, "endpoint-missing", DRIFT_APPROVE, IMPACT_OUTAGE, CONFIRM_CREATE,
     VPC_LISTS | NEEDS(VPC_ENDPOINTS) | NEEDS(VPC_ENDPOINT_SERVICES)},
    {DRIFT_ENDPOINT_FAILED, "endpoint-failed", DRIFT_APPROVE, IMPACT_OUTAGE, CONFIRM_CREATE,
     VPC_LISTS | NEEDS(VPC_ENDPOINTS) | NEEDS(VPC_ENDPOINT_SERVICES)},
    {DRIFT_ENDPOINT_PENDING_ACCEPTANCE, "endpoint-pending-acceptance", DRIFT_REPORT, IMPACT_OUTAGE,
     CONFIRM_ROUTE, VPC_LISTS | NEEDS(VPC_ENDPOINTS)},
    {DRIFT_ENDPOINT_ZONE_UNSUPPORTED, "endpoint-zone-unsupported", DRIFT_REPORT, IMPACT_DEGRADED,
     CONFIRM_ROUTE, VPC_LISTS | NEEDS(VPC_ENDPOINT_SERVICES)},
    {DRIFT_ENDPOINT_DNS_CONFLICT, "endpoint-dns-conflict", DRIFT_REPORT, IMPACT_OUTAGE,
     CONFIRM_ROUTE, VPC_LISTS | NEEDS(VPC_ENDPOINTS) | NEEDS(VPC_ENDPOINT_SERVICES)},
    {DRIFT_ENDPOINT_POLICY_DIFFERS, "endpoint-policy-differs", DRIFT_REPORT, IMPACT_DEGRADED,
     CONFIRM_ROUTE, VPC_LISTS | NEEDS(VPC_ENDPOINTS)},
    {DRIFT_ENDPOINT_SUBNET_MISSING, "endpoint-subnet-missing", DRIFT_AUTO, IMPACT_DEGRADED,
     CONFIRM_ROUTE, VPC_LISTS | NEEDS(VPC_ENDPOINTS) | NEEDS(VPC_ENDPOINT_SERVICES)},
    {DRIFT_ENDPOINT_ROUTE_TABLE_MISSING, "endpoint-route-table-missing", DRIFT_AUTO, IMPACT_OUTAGE,
     CONFIRM_ROUTE, VPC_LISTS | NEEDS(VPC_ENDPOINTS)},
    {DRIFT_ENDPOINT_SECURITY_GROUP_MISSING, "endpoint-security-group-missing", DRIFT_APPROVE,
     IMPACT_DEGRADED, CONFIRM_ROUTE, VPC_LISTS | NEEDS(VPC_ENDPOINTS) | NEEDS(SECURITY_GROUPS)},
    {DRIFT_ENDPOINT_INBOUND_RULE_MISSING, "endpoint-inbound-rule-missing", DRIFT_APPROVE,
     IMPACT_OUTAGE, CONFIRM_ROUTE, VPC_LISTS | NEEDS(VPC_ENDPOINTS) | NEEDS(SECURITY_GROUPS)},
    {DRIFT_ENDPOINT_PRIVATE_DNS_OFF, "endpoint-private-dns-off", DRIFT_APPROVE, IMPACT_OUTAGE,
     CONFIRM_ROUTE,
     VPC_LISTS | NEEDS(VPC_ENDPOINTS) | NEEDS(VPC_ATTRIBUTES) | NEEDS(SECURITY_GROUPS) |
         NEEDS(NETWORK_INTERFACES)},
    {DRIFT_VPC_DNS_SUPPORT_OFF, "vpc-dns-support-off", DRIFT_APPROVE, IMPACT_OUTAGE, CONFIRM_ROUTE,
     VPC_LISTS | NEEDS(VPC_ATTRIBUTES) | NEEDS(VPC_ENDPOINTS) | NEEDS(SECURITY_GROUPS) |
         NEEDS(NETWORK_INTERFACES)},
    {DRIFT_VPC_DNS_HOSTNAMES_OFF, "vpc-dns-hostnames-off", DRIFT_APPROVE, IMPACT_OUTAGE,
     CONFIRM_ROUTE,
     VPC_LISTS | NEEDS(VPC_ATTRIBUTES) | NEEDS(VPC_ENDPOINTS) | NEEDS(SECURITY_GROUPS) |
         NEEDS(NETWORK_INTERFACES)},
    {DRIFT_NETWORK_ACL_BLOCKS, "network-acl-blocks", DRIFT_REPORT, IMPACT_OUTAGE, CONFIRM_ROUTE,
     VPC_LISTS | NEEDS(NETWORK_ACLS)},
    {DRIFT_BLOCK_PUBLIC_ACCESS, "block-public-access", DRIFT_REPORT, IMPACT_OUTAGE, CONFIRM_ROUTE,
     VPC_LISTS},
    {DRIFT_ENCRYPTION_CONTROL, "encryption-control", DRIFT_REPORT, IMPACT_DEGRADED, CONFIRM_ROUTE,
     NEEDS(VPCS)},
    {DRIFT_PERMISSION_MISSING, "permission-missing", DRIFT_REPORT, IMPACT_NONE, CONFIRM_ROUTE, 0},
    {DRIFT_UNREACHABLE, "unreachable", DRIFT_REPORT, IMPACT_OUTAGE, CONFIRM_ROUTE, TARGET_LISTS},
};
static_assert(ARRAY_SIZE(rows) == DRIFT_CODE_COUNT, "every code is looked at");

static const struct drift_known *find_known(const char *code)
{
    for (size_t i = 0; i < drift_n_known_codes; i++)
        if (text_equal(drift_known_codes[i].code, code))
            return &drift_known_codes[i];
    return NULL;
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct drift_row *row = &drift_table[rows[i].drift];
        enum drift found;

        if (!text_equal(row->code, rows[i].code) || row->policy != rows[i].policy ||
            row->impact != rows[i].impact || row->confirm != rows[i].confirm ||
            row->needs != rows[i].needs)
            fail_msg("%s: the row says otherwise", rows[i].code);
        assert_int_equal(drift_find(rows[i].code, &found), 0);
        assert_int_equal(found, rows[i].drift);
        assert_true(row->raisable == (rows[i].drift == DRIFT_ELASTIC_IP_IDLE ||
                                      rows[i].drift == DRIFT_INTERFACE_WITHOUT_PUBLIC_IPV4));
        assert_false(text_empty(row->seed));
    }
}

/* Every sentence is one: a capital, a full stop, and nothing a journal cannot show. */
static void test_sentences(void **state)
{
    (void)state;
    for (size_t i = 0; i < DRIFT_CODE_COUNT; i++) {
        const char *const texts[] = {drift_table[i].means, drift_table[i].remedy};

        for (size_t k = 0; k < ARRAY_SIZE(texts); k++) {
            size_t n = strlen(texts[k]);

            assert_true(n > 20 && n < 300);
            assert_true(texts[k][0] >= 'A' && texts[k][0] <= 'Z');
            assert_int_equal(texts[k][n - 1], '.');
            assert_null(strstr(texts[k], "  "));
            assert_null(strchr(texts[k], '\n'));
        }
    }
}

static void test_unknown_codes(void **state)
{
    static const char *const codes[] = {"", "*", "route-missin", "Route-Missing", "blin", NULL};
    enum drift found = DRIFT_ROUTE_BLACKHOLE;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
        assert_int_equal(drift_find(codes[i], &found), -ENOENT);
    assert_int_equal(found, DRIFT_ROUTE_BLACKHOLE);
}

static void test_catalogue(void **state)
{
    static const char *const raised_by_name[] = {"interface-without-public-ipv4",
                                                 "elastic-ip-idle"};
    static const char *const never_raised[] = {"route-foreign-target",
                                               "route-unexpected",
                                               "default-route-overridden",
                                               "route-table-foreign",
                                               "service-without-ipv6",
                                               "nat-gateway-private",
                                               "nat-gateway-address-wrong",
                                               "zone-without-public-subnet",
                                               "endpoint-pending-acceptance",
                                               "endpoint-zone-unsupported",
                                               "endpoint-dns-conflict",
                                               "endpoint-policy-differs",
                                               "network-acl-blocks",
                                               "block-public-access",
                                               "encryption-control",
                                               "quota-exhausted",
                                               "permission-missing",
                                               "account-mismatch",
                                               "vpc-not-found",
                                               "vpc-not-owned",
                                               "group-matches-nothing",
                                               "group-az-missing",
                                               "observation-incomplete",
                                               "blind",
                                               "daemon-depends-on-target",
                                               "unreachable"};
    size_t n_report_only = 0;

    (void)state;
    assert_int_equal(drift_n_known_codes, 60);
    for (size_t i = 0; i < drift_n_known_codes; i++) {
        n_report_only += drift_known_codes[i].report_only;
        assert_ptr_equal(find_known(drift_known_codes[i].code), &drift_known_codes[i]); /* once */
    }
    for (size_t i = 0; i < ARRAY_SIZE(never_raised); i++) {
        assert_non_null(find_known(never_raised[i]));
        assert_true(find_known(never_raised[i])->report_only);
    }
    assert_int_equal(n_report_only, ARRAY_SIZE(never_raised));
    for (size_t i = 0; i < ARRAY_SIZE(raised_by_name); i++)
        assert_false(find_known(raised_by_name[i])->report_only);
    /* The rows that this version has are all in it, and agree. */
    for (size_t i = 0; i < DRIFT_CODE_COUNT; i++) {
        const struct drift_known *known = find_known(drift_table[i].code);

        assert_non_null(known);
        assert_int_equal(known->report_only,
                         drift_table[i].policy == DRIFT_REPORT && !drift_table[i].raisable);
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(drift_policy_name(DRIFT_REPORT), "report");
    assert_string_equal(drift_policy_name(DRIFT_APPROVE), "approve");
    assert_string_equal(drift_policy_name(DRIFT_AUTO), "auto");
    assert_string_equal(drift_impact_name(IMPACT_NONE), "none");
    assert_string_equal(drift_impact_name(IMPACT_DEGRADED), "degraded");
    assert_string_equal(drift_impact_name(IMPACT_EXPOSURE), "exposure");
    assert_string_equal(drift_impact_name(IMPACT_OUTAGE), "outage");
    assert_string_equal(observed_list_name(LIST_ROUTE_TABLES), "route tables");
    assert_string_equal(observed_list_name(LIST_MANAGED_PREFIX_LISTS), "managed prefix lists");
    assert_string_equal(observed_list_action(LIST_EGRESS_ONLY_INTERNET_GATEWAYS),
                        "DescribeEgressOnlyInternetGateways");
    for (size_t i = 0; i < LIST_COUNT; i++) {
        enum ec2_action action;

        assert_false(text_empty(observed_list_name((enum observed_list)i)));
        if (i == LIST_CAPACITY_PROVIDERS || i == LIST_VPC_ATTRIBUTES) /* no list of EC2's */
            continue;
        assert_int_equal(ec2_action_find(observed_list_action((enum observed_list)i), &action), 0);
        assert_non_null(ec2_action_table[action].list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),          cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_unknown_codes), cmocka_unit_test(test_catalogue),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
