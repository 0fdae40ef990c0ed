/* The enums of drift.h as words. */
#include "vpc_reconciled/drift.h"
#include "vpc_reconciled/ec2.h"

const char *drift_policy_name(enum drift_policy policy)
{
    static const char *const names[] = {
        [DRIFT_REPORT] = "report",
        [DRIFT_APPROVE] = "approve",
        [DRIFT_AUTO] = "auto",
    };

    assert((size_t)policy < ARRAY_SIZE(names));
    return names[policy];
}

const char *drift_impact_name(enum drift_impact impact)
{
    static const char *const names[] = {
        [IMPACT_NONE] = "none",
        [IMPACT_DEGRADED] = "degraded",
        [IMPACT_EXPOSURE] = "exposure",
        [IMPACT_OUTAGE] = "outage",
    };

    assert((size_t)impact < ARRAY_SIZE(names));
    return names[impact];
}

static const struct {
    const char *name;
    enum ec2_action action;
} list_table[] = {
    [LIST_VPCS] = {"VPCs", EC2_DESCRIBE_VPCS},
    [LIST_SUBNETS] = {"subnets", EC2_DESCRIBE_SUBNETS},
    [LIST_ROUTE_TABLES] = {"route tables", EC2_DESCRIBE_ROUTE_TABLES},
    [LIST_INTERNET_GATEWAYS] = {"internet gateways", EC2_DESCRIBE_INTERNET_GATEWAYS},
    [LIST_EGRESS_ONLY_INTERNET_GATEWAYS] = {"egress-only internet gateways",
                                            EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS},
    [LIST_NAT_GATEWAYS] = {"NAT gateways", EC2_DESCRIBE_NAT_GATEWAYS},
    [LIST_ADDRESSES] = {"Elastic IP addresses", EC2_DESCRIBE_ADDRESSES},
    [LIST_NETWORK_INTERFACES] = {"network interfaces", EC2_DESCRIBE_NETWORK_INTERFACES},
    [LIST_AVAILABILITY_ZONES] = {"Availability Zones", EC2_DESCRIBE_AVAILABILITY_ZONES},
    [LIST_MANAGED_PREFIX_LISTS] = {"managed prefix lists", EC2_DESCRIBE_MANAGED_PREFIX_LISTS},
    [LIST_SECURITY_GROUPS] = {"security groups", EC2_DESCRIBE_SECURITY_GROUPS},
    [LIST_NETWORK_ACLS] = {"network ACLs", EC2_DESCRIBE_NETWORK_ACLS},
    [LIST_VPC_ENDPOINTS] = {"VPC endpoints", EC2_DESCRIBE_VPC_ENDPOINTS},
    [LIST_VPC_ENDPOINT_SERVICES] = {"VPC endpoint services", EC2_DESCRIBE_VPC_ENDPOINT_SERVICES},
    [LIST_VPC_ATTRIBUTES] = {"VPC attributes", EC2_DESCRIBE_VPC_ATTRIBUTE},
    [LIST_PREFIX_LIST_ENTRIES] = {"prefix list entries", EC2_GET_MANAGED_PREFIX_LIST_ENTRIES},
    /* GetCapacityProvider is Lambda's: no row of EC2's table */
    [LIST_CAPACITY_PROVIDERS] = {"capacity providers", EC2_NO_ACTION},
};
static_assert(ARRAY_SIZE(list_table) == LIST_COUNT, "a row for each list");

const char *observed_list_name(enum observed_list list)
{
    assert(list < LIST_COUNT);
    return list_table[list].name;
}

const char *observed_list_action(enum observed_list list)
{
    assert(list < LIST_COUNT);
    return list == LIST_CAPACITY_PROVIDERS ? "GetCapacityProvider"
                                           : ec2_action_table[list_table[list].action].name;
}

const char *observed_list_permission(enum observed_list list)
{
    assert(list < LIST_COUNT);
    return list == LIST_CAPACITY_PROVIDERS ? "lambda:GetCapacityProvider"
                                           : ec2_action_table[list_table[list].action].iam;
}
