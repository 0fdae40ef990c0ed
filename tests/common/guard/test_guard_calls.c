/* A change goes by no other name than its own: the planner's own plans, with another drift's code
 * on them, so that they ask for no approval. */
#include "nat_actions.h"

#include "support/vpc_endpoints.h"

/* ---- worlds ---- */

static void s3_gone(struct vpc *vpc)
{
    vpc_make_endpoints(vpc);
    vpc_drop_endpoint(vpc, "vpce-s3");
    vpc_drop_route(vpc, "rtb-private-a", "pl-s3");
    vpc_drop_route(vpc, "rtb-private-c", "pl-s3");
}

static void private_dns_off(struct vpc *vpc)
{
    vpc_make_endpoints(vpc);
    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_FALSE;
}

static void another_group(struct vpc *vpc)
{
    vpc_make_endpoints(vpc);
    vpc_endpoint(vpc, "vpce-logs")->groups.n = 0;
    vpc_give_group(vpc, vpc_endpoint(vpc, "vpce-logs"), "sg-default");
}

static void no_rule(struct vpc *vpc)
{
    vpc_make_endpoints(vpc);
    vpc_security_group(vpc, "sg-endpoint")->ip_permissions.n = 0;
}

static void hostnames_off(struct vpc *vpc)
{
    vpc_make_endpoints(vpc);
    vpc_attributes(vpc)->enable_dns_hostnames = WIRE_FALSE;
}

static void subnet_lacks(struct vpc *vpc)
{
    vpc_make_endpoints(vpc);
    vpc_endpoint(vpc, "vpce-logs")->subnet_ids.n = 1;
}

static void route_missing(struct vpc *vpc)
{
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static void route_dead(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "nat-old");
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}

static void wrong_target(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-public", "::/0"), "eigw-1");
}

static void through_another_zone(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "nat-c");
}

static void exposed(struct vpc *vpc)
{
    vpc_retarget(vpc_route(vpc, "rtb-private-a", "0.0.0.0/0"), "igw-1");
}

static void no_ipv6_block(struct vpc *vpc)
{
    vpc_vpc(vpc, "vpc-1")->ipv6_cidr_block_associations.n = 0;
    vpc->target.ipv6_cidr = "amazon";
}

static void public_off(struct vpc *vpc)
{
    vpc_group(vpc, "public")->public_ipv4_on_launch = 2;
    vpc_subnet(vpc, "subnet-public-a")->map_public_ip_on_launch = WIRE_FALSE;
}

static void ipv6_on_launch_off(struct vpc *vpc)
{
    vpc_subnet(vpc, "subnet-private-a")->assign_ipv6_address_on_creation = WIRE_FALSE;
}

static void no_nat64_route(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->nat64 = 2;
}

static void support_off(struct vpc *vpc)
{
    hostnames_off(vpc);
    vpc_attributes(vpc)->enable_dns_support = WIRE_FALSE;
}

static void undo_is_due(struct vpc *vpc)
{
    nat_gone(vpc);
    vpc_changed(vpc, "default/rtb-private-a/ipv4", "nat-c", "nat-a", 60000);
}

static void test_names(void **state)
{
    static const struct {
        const char *name;
        void (*arrange)(struct vpc *vpc);
        enum drift is, called;
        enum hold hold;
    } rows[] = {
        {"an endpoint", s3_gone, DRIFT_ENDPOINT_MISSING, DRIFT_ENDPOINT_MISSING, HOLD_NONE},
        {"an endpoint as a failed one's", s3_gone, DRIFT_ENDPOINT_MISSING, DRIFT_ENDPOINT_FAILED,
         HOLD_NONE},
        {"an endpoint as a route", s3_gone, DRIFT_ENDPOINT_MISSING, DRIFT_ROUTE_MISSING,
         HOLD_NOT_OURS},
        {"an endpoint as its tables", s3_gone, DRIFT_ENDPOINT_MISSING,
         DRIFT_ENDPOINT_ROUTE_TABLE_MISSING, HOLD_NOT_OURS},
        {"a subnet of an endpoint", subnet_lacks, DRIFT_ENDPOINT_SUBNET_MISSING,
         DRIFT_ENDPOINT_SUBNET_MISSING, HOLD_NONE},
        {"a subnet of an endpoint as its tables", subnet_lacks, DRIFT_ENDPOINT_SUBNET_MISSING,
         DRIFT_ENDPOINT_ROUTE_TABLE_MISSING, HOLD_NOT_OURS},
        {"private DNS", private_dns_off, DRIFT_ENDPOINT_PRIVATE_DNS_OFF,
         DRIFT_ENDPOINT_PRIVATE_DNS_OFF, HOLD_NONE},
        {"private DNS as a subnet", private_dns_off, DRIFT_ENDPOINT_PRIVATE_DNS_OFF,
         DRIFT_ENDPOINT_SUBNET_MISSING, HOLD_NOT_OURS},
        {"private DNS as a security group", private_dns_off, DRIFT_ENDPOINT_PRIVATE_DNS_OFF,
         DRIFT_ENDPOINT_SECURITY_GROUP_MISSING, HOLD_NOT_OURS},
        {"a security group", another_group, DRIFT_ENDPOINT_SECURITY_GROUP_MISSING,
         DRIFT_ENDPOINT_SECURITY_GROUP_MISSING, HOLD_NONE},
        {"a security group as a subnet", another_group, DRIFT_ENDPOINT_SECURITY_GROUP_MISSING,
         DRIFT_ENDPOINT_SUBNET_MISSING, HOLD_NOT_OURS},
        {"a security group as private DNS", another_group, DRIFT_ENDPOINT_SECURITY_GROUP_MISSING,
         DRIFT_ENDPOINT_PRIVATE_DNS_OFF, HOLD_NOT_OURS},
        {"a rule", no_rule, DRIFT_ENDPOINT_INBOUND_RULE_MISSING,
         DRIFT_ENDPOINT_INBOUND_RULE_MISSING, HOLD_NONE},
        {"a rule as a subnet", no_rule, DRIFT_ENDPOINT_INBOUND_RULE_MISSING,
         DRIFT_ENDPOINT_SUBNET_MISSING, HOLD_NOT_OURS},
        {"an inbound rule as an outbound one", no_rule, DRIFT_ENDPOINT_INBOUND_RULE_MISSING,
         DRIFT_OUTBOUND_RULE_MISSING, HOLD_NOT_OURS},
        {"DNS hostnames", hostnames_off, DRIFT_VPC_DNS_HOSTNAMES_OFF, DRIFT_VPC_DNS_HOSTNAMES_OFF,
         HOLD_NONE},
        {"DNS hostnames as DNS support", hostnames_off, DRIFT_VPC_DNS_HOSTNAMES_OFF,
         DRIFT_VPC_DNS_SUPPORT_OFF, HOLD_NOT_OURS},
        {"DNS support", support_off, DRIFT_VPC_DNS_SUPPORT_OFF, DRIFT_VPC_DNS_SUPPORT_OFF,
         HOLD_NONE},
        {"DNS support as DNS hostnames", support_off, DRIFT_VPC_DNS_SUPPORT_OFF,
         DRIFT_VPC_DNS_HOSTNAMES_OFF, HOLD_NOT_OURS},
        {"64:ff9b::/96", no_nat64_route, DRIFT_NAT64_ROUTE_MISSING, DRIFT_NAT64_ROUTE_MISSING,
         HOLD_NONE},
        {"64:ff9b::/96 as a default", no_nat64_route, DRIFT_NAT64_ROUTE_MISSING,
         DRIFT_ROUTE_MISSING, HOLD_NOT_OURS},
        {"a route", route_missing, DRIFT_ROUTE_MISSING, DRIFT_ROUTE_MISSING, HOLD_NONE},
        {"a route as 64:ff9b::/96", route_missing, DRIFT_ROUTE_MISSING, DRIFT_NAT64_ROUTE_MISSING,
         HOLD_NOT_OURS},
        {"a route as a report", route_missing, DRIFT_ROUTE_MISSING, DRIFT_UNREACHABLE,
         HOLD_NOT_OURS},
        {"a dead route", route_dead, DRIFT_ROUTE_BLACKHOLE, DRIFT_ROUTE_BLACKHOLE, HOLD_NONE},
        {"a dead route as an exposed one", route_dead, DRIFT_ROUTE_BLACKHOLE,
         DRIFT_PRIVATE_SUBNET_EXPOSED, HOLD_NOT_OURS},
        {"a live route", wrong_target, DRIFT_ROUTE_WRONG_TARGET, DRIFT_ROUTE_WRONG_TARGET,
         HOLD_NONE},
        {"a live route as a dead one", wrong_target, DRIFT_ROUTE_WRONG_TARGET,
         DRIFT_ROUTE_BLACKHOLE, HOLD_NOT_OURS},
        {"a live route as an exposed one", wrong_target, DRIFT_ROUTE_WRONG_TARGET,
         DRIFT_PRIVATE_SUBNET_EXPOSED, HOLD_NOT_OURS},
        {"a live route as 64:ff9b::/96", wrong_target, DRIFT_ROUTE_WRONG_TARGET,
         DRIFT_NAT64_ROUTE_MISSING, HOLD_NOT_OURS},
        {"another zone's", through_another_zone, DRIFT_ROUTE_CROSS_AZ, DRIFT_ROUTE_CROSS_AZ,
         HOLD_NONE},
        {"another zone's as an undo", through_another_zone, DRIFT_ROUTE_CROSS_AZ,
         DRIFT_NAT_SUBNET_NOT_PUBLIC, HOLD_NOT_OURS},
        {"an exposed route", exposed, DRIFT_PRIVATE_SUBNET_EXPOSED, DRIFT_PRIVATE_SUBNET_EXPOSED,
         HOLD_NONE},
        {"an undo", undo_is_due, DRIFT_ROUTE_BLACKHOLE, DRIFT_ROUTE_BLACKHOLE, HOLD_NONE},
        {"a move to a copy", copy_whole, DRIFT_ROUTE_TABLE_SHARED, DRIFT_ROUTE_TABLE_SHARED,
         HOLD_NONE},
        {"a move to a copy as a dead route", copy_whole, DRIFT_ROUTE_TABLE_SHARED,
         DRIFT_ROUTE_BLACKHOLE, HOLD_NOT_OURS},
        {"a copy as an association", copy_made, DRIFT_ROUTE_TABLE_SHARED,
         DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING, HOLD_NOT_OURS},
        {"a block of the VPC", no_ipv6_block, DRIFT_VPC_IPV6_MISSING, DRIFT_VPC_IPV6_MISSING,
         HOLD_NONE},
        {"a block of the VPC as a subnet's", no_ipv6_block, DRIFT_VPC_IPV6_MISSING,
         DRIFT_SUBNET_IPV6_MISSING, HOLD_NOT_OURS},
        {"public addresses on launch", public_off, DRIFT_PUBLIC_IPV4_OFF, DRIFT_PUBLIC_IPV4_OFF,
         HOLD_NONE},
        {"public addresses as IPv6 ones", public_off, DRIFT_PUBLIC_IPV4_OFF,
         DRIFT_IPV6_ON_LAUNCH_OFF, HOLD_NOT_OURS},
        {"public addresses as DNS64", public_off, DRIFT_PUBLIC_IPV4_OFF, DRIFT_DNS64_OFF,
         HOLD_NOT_OURS},
        {"IPv6 addresses on launch", ipv6_on_launch_off, DRIFT_IPV6_ON_LAUNCH_OFF,
         DRIFT_IPV6_ON_LAUNCH_OFF, HOLD_NONE},
        {"IPv6 addresses as public ones", ipv6_on_launch_off, DRIFT_IPV6_ON_LAUNCH_OFF,
         DRIFT_PUBLIC_IPV4_OFF, HOLD_NOT_OURS},
        {"a NAT gateway", nat_gone_address_free, DRIFT_NAT_GATEWAY_MISSING,
         DRIFT_NAT_GATEWAY_MISSING, HOLD_NONE},
        {"a NAT gateway as an internet gateway", nat_gone_address_free, DRIFT_NAT_GATEWAY_MISSING,
         DRIFT_INTERNET_GATEWAY_MISSING, HOLD_NOT_OURS},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct guard_policy policy;
        struct guard_verdict *verdicts;
        const struct guard_verdict *verdict;
        struct plan_drift *drift;

        rows[i].arrange(vpc);
        for (size_t code = 0; code < DRIFT_CODE_COUNT; code++) {
            vpc->target.policies[code] = DRIFT_AUTO;
            vpc->target.policy_said[code] = true;
        }
        vpc_look(vpc);
        drift = vpc_drift(vpc, rows[i].is, 0);
        if (!drift || drift->n_actions == 0)
            fail_msg("%s: the plan repairs nothing", rows[i].name);
        drift->code = rows[i].called;
        policy = vpc_policy(vpc);
        guard_judge(vpc->arena, vpc->plan, vpc->desired, vpc->snapshot, &policy, &verdicts);
        verdict = &verdicts[drift - vpc->plan->drifts.items];
        if (verdict->hold != rows[i].hold ||
            (verdict->hold == HOLD_NOT_OURS && !strstr(verdict->reason, "is no repair of")))
            fail_msg("%s: \"%s\" (%s)", rows[i].name, hold_name(verdict->hold),
                     verdict->reason ? verdict->reason : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
