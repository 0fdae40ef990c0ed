/* Three-valued verdicts: what is there, what is not, and what nobody knows; words that AWS may add
 * one day are unknown, never absent. */
#define VPC_OBSERVED_ALONE
#include "support/vpc.h"

static void test_attachments(void **state)
{
    static const struct {
        const char *vpc_id;
        enum ec2_attachment_state state;
        enum verdict verdict;
    } rows[] = {
        {"vpc-1", EC2_ATTACHMENT_AVAILABLE, VERDICT_YES},
        {"vpc-1", EC2_ATTACHMENT_ATTACHED, VERDICT_YES},
        {"vpc-1", EC2_ATTACHMENT_DETACHED, VERDICT_NO},
        {"vpc-1", EC2_ATTACHMENT_ATTACHING, VERDICT_UNKNOWN},
        {"vpc-1", EC2_ATTACHMENT_DETACHING, VERDICT_UNKNOWN},
        {"vpc-1", EC2_ATTACHMENT_UNKNOWN, VERDICT_UNKNOWN},
        {"vpc-1", EC2_ATTACHMENT_ABSENT, VERDICT_UNKNOWN},
        {"vpc-9", EC2_ATTACHMENT_AVAILABLE, VERDICT_NO},
        {"vpc-9", EC2_ATTACHMENT_UNKNOWN, VERDICT_NO},
        {NULL, EC2_ATTACHMENT_AVAILABLE, VERDICT_NO},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct ec2_gateway_attachment attachment = {rows[i].vpc_id, (uint8_t)rows[i].state};
        struct ec2_internet_gateway internet = {0};
        struct ec2_egress_only_internet_gateway egress = {0};

        internet.attachments.items = egress.attachments.items = &attachment;
        assert_int_equal(internet_gateway_attached(&internet, "vpc-1"), VERDICT_NO);
        internet.attachments.n = egress.attachments.n = 1;
        assert_int_equal(internet_gateway_attached(&internet, "vpc-1"), rows[i].verdict);
        assert_int_equal(egress_only_internet_gateway_attached(&egress, "vpc-1"), rows[i].verdict);
    }
}

#define NAT_STATE(word) ((word)-EC2_STATE_ABSENT)

static void test_nat_gateways(void **state)
{
    static const enum verdict verdicts[] = {
        [NAT_STATE(EC2_STATE_ABSENT)] = VERDICT_UNKNOWN,
        [NAT_STATE(EC2_STATE_UNKNOWN)] = VERDICT_UNKNOWN,
        [NAT_STATE(EC2_STATE_PENDING)] = VERDICT_NO,
        [NAT_STATE(EC2_STATE_AVAILABLE)] = VERDICT_YES,
        [NAT_STATE(EC2_STATE_DELETING)] = VERDICT_NO,
        [NAT_STATE(EC2_STATE_DELETED)] = VERDICT_NO,
        [NAT_STATE(EC2_STATE_FAILED)] = VERDICT_NO,
        [NAT_STATE(EC2_STATE_UNAVAILABLE)] = VERDICT_UNKNOWN, /* no word for a NAT gateway */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();

        vpc_nat(vpc, "nat-a")->state = (uint8_t)(EC2_STATE_ABSENT + i);
        vpc_snapshot(vpc);
        assert_int_equal(target_is_live(vpc->snapshot, TARGET_NAT_GATEWAY, "nat-a"), verdicts[i]);
    }
}

static void test_targets(void **state)
{
    static const struct {
        const char *name;
        enum target_kind kind;
        const char *id;
        int incomplete; /* enum observed_list; -1: none */
        enum verdict verdict;
    } rows[] = {
        {"IGW", TARGET_INTERNET_GATEWAY, "igw-1", -1, VERDICT_YES},
        {"IGW of another VPC", TARGET_INTERNET_GATEWAY, "igw-9", -1, VERDICT_NO},
        {"IGW of nobody", TARGET_INTERNET_GATEWAY, "igw-loose", -1, VERDICT_NO},
        {"IGW that is not listed", TARGET_INTERNET_GATEWAY, "igw-0", -1, VERDICT_NO},
        {"no id", TARGET_INTERNET_GATEWAY, NULL, -1, VERDICT_NO},
        {"IGW, list unknown", TARGET_INTERNET_GATEWAY, "igw-1", LIST_INTERNET_GATEWAYS,
         VERDICT_UNKNOWN},
        {"absent IGW, list unknown", TARGET_INTERNET_GATEWAY, "igw-0", LIST_INTERNET_GATEWAYS,
         VERDICT_UNKNOWN},
        {"EIGW", TARGET_EGRESS_ONLY_INTERNET_GATEWAY, "eigw-1", -1, VERDICT_YES},
        {"EIGW of another VPC", TARGET_EGRESS_ONLY_INTERNET_GATEWAY, "eigw-9", -1, VERDICT_NO},
        {"EIGW that is not listed", TARGET_EGRESS_ONLY_INTERNET_GATEWAY, "eigw-0", -1, VERDICT_NO},
        {"EIGW, list unknown", TARGET_EGRESS_ONLY_INTERNET_GATEWAY, "eigw-0",
         LIST_EGRESS_ONLY_INTERNET_GATEWAYS, VERDICT_UNKNOWN},
        {"NAT gateway", TARGET_NAT_GATEWAY, "nat-a", -1, VERDICT_YES},
        {"NAT gateway of another VPC", TARGET_NAT_GATEWAY, "nat-9", -1, VERDICT_NO},
        {"NAT gateway that is not listed", TARGET_NAT_GATEWAY, "nat-0", -1, VERDICT_NO},
        {"NAT gateway, list unknown", TARGET_NAT_GATEWAY, "nat-0", LIST_NAT_GATEWAYS,
         VERDICT_UNKNOWN},
        {"local", TARGET_LOCAL, "local", -1, VERDICT_YES},
        {"nothing", TARGET_NONE, NULL, -1, VERDICT_NO},
        {"TGW", TARGET_TRANSIT_GATEWAY, "tgw-1", -1, VERDICT_UNKNOWN},
        {"what this version does not know", TARGET_OTHER, "new-1", -1, VERDICT_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();
        enum verdict verdict;

        if (rows[i].incomplete >= 0)
            vpc->observation.lists[rows[i].incomplete].complete = false;
        vpc_snapshot(vpc);
        verdict = target_is_live(vpc->snapshot, rows[i].kind, rows[i].id);
        if (verdict != rows[i].verdict)
            fail_msg("%s: %d", rows[i].name, verdict);
    }
}

static void test_routes(void **state)
{
    static const struct {
        const char *name, *target;
        enum ec2_route_state state;
        enum verdict verdict;
    } rows[] = {
        {"active, target live", "nat-a", EC2_ROUTE_ACTIVE, VERDICT_YES},
        {"active, target gone", "nat-0", EC2_ROUTE_ACTIVE, VERDICT_NO},
        {"active, target elsewhere", "igw-9", EC2_ROUTE_ACTIVE, VERDICT_NO},
        {"black hole, target live", "nat-a", EC2_ROUTE_BLACKHOLE, VERDICT_NO},
        {"filtered", "nat-a", EC2_ROUTE_FILTERED, VERDICT_NO},
        {"unknown word", "nat-a", EC2_ROUTE_UNKNOWN, VERDICT_UNKNOWN},
        {"no word", "nat-a", EC2_ROUTE_ABSENT, VERDICT_UNKNOWN},
        {"unknown word, target gone", "nat-0", EC2_ROUTE_UNKNOWN, VERDICT_UNKNOWN},
        {"foreign, active", "tgw-1", EC2_ROUTE_ACTIVE, VERDICT_YES},
        {"foreign, black hole", "tgw-1", EC2_ROUTE_BLACKHOLE, VERDICT_NO},
        {"foreign, unknown word", "tgw-1", EC2_ROUTE_UNKNOWN, VERDICT_UNKNOWN},
        {"local", "local", EC2_ROUTE_ACTIVE, VERDICT_YES},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();
        struct ec2_route *ec2 = vpc_route(vpc, "rtb-private-a", "0.0.0.0/0");
        enum verdict verdict;

        vpc_retarget(ec2, rows[i].target);
        ec2->state = (uint8_t)rows[i].state;
        vpc_snapshot(vpc);
        verdict = route_is_live(vpc->snapshot, route_table_find(snapshot_find_route_table(
                                                                    vpc->snapshot, "rtb-private-a"),
                                                                &PREFIX_IPV4_DEFAULT));
        if (verdict != rows[i].verdict)
            fail_msg("%s: %d", rows[i].name, verdict);
    }
}

static void test_prefix_lists(void **state)
{
    static const struct {
        const char *name, *id;
        bool complete;
        enum verdict verdict;
    } rows[] = {
        {"AWS's", "pl-s3", true, VERDICT_YES},
        {"a customer's", "pl-corp", true, VERDICT_NO},
        {"shared by somebody, not listed", "pl-0", true, VERDICT_UNKNOWN},
        {"the list is unknown", "pl-s3", false, VERDICT_UNKNOWN},
        {"without an owner", "pl-nobody", true, VERDICT_NO},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new_observed();

        vpc_add_prefix_list(vpc, "pl-nobody", NULL);
        vpc->observation.lists[LIST_MANAGED_PREFIX_LISTS].complete = rows[i].complete;
        vpc_snapshot(vpc);
        if (prefix_list_is_aws_managed(vpc->snapshot, rows[i].id) != rows[i].verdict)
            fail_msg("%s", rows[i].name);
    }
}

static void test_tags(void **state)
{
    static const struct {
        const char *key, *value;
        bool ours;
    } rows[] = {
        {TAG_OWNER, "vpc-reconciled/vpc-1", true},
        {TAG_OWNER, "vpc-reconciled/vpc-2", false},
        {TAG_OWNER, "other/vpc-1", false},
        {TAG_OWNER, "", false},
        {TAG_OWNER, NULL, false},
        {"Owner", "vpc-reconciled/vpc-1", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct ec2_tag tag = {rows[i].key, rows[i].value};
        const ec2_tags tags = {.items = &tag, .n = 1}, none = {0};

        assert_int_equal(tags_are_ours(&tags, "vpc-reconciled/vpc-1"), rows[i].ours);
        assert_false(tags_are_ours(&none, "vpc-reconciled/vpc-1"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attachments),  cmocka_unit_test(test_nat_gateways),
        cmocka_unit_test(test_targets),      cmocka_unit_test(test_routes),
        cmocka_unit_test(test_prefix_lists), cmocka_unit_test(test_tags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
