/* What each call touches: one row an action, each resource with what ties it to a VPC. Source:
 * AWS's Service Authorization Reference, list_amazonec2 (as of 2026-09-26). Every action knows
 * ec2:Region besides. */
#include "vpc_reconciled/iam.h"

#define COUNT(...) (sizeof((struct iam_resource[]){__VA_ARGS__}) / sizeof(struct iam_resource))
#define ON(...)                                                                                    \
    {                                                                                              \
        .sent = true, .n_resources = COUNT(__VA_ARGS__), .resources = { __VA_ARGS__ }              \
    }
#define ON_ALL                                                                                     \
    {                                                                                              \
        .sent = true                                                                               \
    }
#define MADE(type)                                                                                 \
    {                                                                                              \
        IAM_##type, IAM_MADE                                                                       \
    }
#define IN_VPC(type)                                                                               \
    {                                                                                              \
        IAM_##type, IAM_IN_VPC                                                                     \
    }
#define UNBOUND(type)                                                                              \
    {                                                                                              \
        IAM_##type, IAM_UNBOUND                                                                    \
    }
#define THE_VPC                                                                                    \
    {                                                                                              \
        IAM_VPC, IAM_THE_VPC                                                                       \
    }

const struct iam_row iam_table[EC2_ACTION_COUNT] = {
    [EC2_DESCRIBE_VPCS] = ON_ALL,
    [EC2_DESCRIBE_SUBNETS] = ON_ALL,
    [EC2_DESCRIBE_ROUTE_TABLES] = ON_ALL,
    [EC2_DESCRIBE_INTERNET_GATEWAYS] = ON_ALL,
    [EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS] = ON_ALL,
    [EC2_DESCRIBE_NAT_GATEWAYS] = ON_ALL,
    [EC2_DESCRIBE_ADDRESSES] = ON_ALL,
    [EC2_DESCRIBE_NETWORK_INTERFACES] = ON_ALL,
    [EC2_DESCRIBE_AVAILABILITY_ZONES] = ON_ALL,
    [EC2_DESCRIBE_MANAGED_PREFIX_LISTS] = ON_ALL,
    [EC2_DESCRIBE_SECURITY_GROUPS] = ON_ALL,
    [EC2_DESCRIBE_NETWORK_ACLS] = ON_ALL,
    [EC2_DESCRIBE_VPC_ENDPOINTS] = ON_ALL,
    [EC2_DESCRIBE_VPC_ENDPOINT_SERVICES] = ON_ALL,
    /* Of the reads only these two have resources. */
    [EC2_DESCRIBE_VPC_ATTRIBUTE] = ON(THE_VPC),
    [EC2_GET_MANAGED_PREFIX_LIST_ENTRIES] = ON(UNBOUND(PREFIX_LIST)),

    [EC2_CREATE_INTERNET_GATEWAY] = ON(MADE(INTERNET_GATEWAY)),
    /* A gateway belongs to no VPC before. */
    [EC2_ATTACH_INTERNET_GATEWAY] = ON(THE_VPC, UNBOUND(INTERNET_GATEWAY)),
    [EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY] = ON(MADE(EGRESS_ONLY_INTERNET_GATEWAY), THE_VPC),
    [EC2_CREATE_ROUTE] = ON(IN_VPC(ROUTE_TABLE)),
    [EC2_REPLACE_ROUTE] = ON(IN_VPC(ROUTE_TABLE)),
    [EC2_ASSOCIATE_ROUTE_TABLE] = ON(IN_VPC(ROUTE_TABLE), IN_VPC(SUBNET)),
    [EC2_REPLACE_ROUTE_TABLE_ASSOCIATION] = ON(IN_VPC(ROUTE_TABLE), IN_VPC(SUBNET)),
    [EC2_CREATE_ROUTE_TABLE] = ON(MADE(ROUTE_TABLE), THE_VPC),
    [EC2_ALLOCATE_ADDRESS] = ON(MADE(ELASTIC_IP)),
    /* An address is the region's. The VPC is named for a regional gateway only. */
    [EC2_CREATE_NAT_GATEWAY] = ON(MADE(NAT_GATEWAY), IN_VPC(SUBNET), UNBOUND(ELASTIC_IP), THE_VPC),
    [EC2_ASSOCIATE_ADDRESS] = ON(IN_VPC(NETWORK_INTERFACE), UNBOUND(ELASTIC_IP)),
    [EC2_AUTHORIZE_SECURITY_GROUP_EGRESS] = ON(IN_VPC(SECURITY_GROUP), MADE(SECURITY_GROUP_RULE)),
    [EC2_AUTHORIZE_SECURITY_GROUP_INGRESS] = ON(IN_VPC(SECURITY_GROUP), MADE(SECURITY_GROUP_RULE)),
    [EC2_CREATE_SUBNET] = ON(MADE(SUBNET), THE_VPC),
    [EC2_MODIFY_SUBNET_ATTRIBUTE] = ON(IN_VPC(SUBNET)),
    [EC2_ASSOCIATE_SUBNET_CIDR_BLOCK] = ON(IN_VPC(SUBNET)),
    [EC2_ASSOCIATE_VPC_CIDR_BLOCK] = ON(THE_VPC),
    [EC2_MODIFY_VPC_ATTRIBUTE] = ON(THE_VPC),
    /* ec2:Vpc is not known here; EC2 itself wants all of them of the VPC that is named. */
    [EC2_CREATE_VPC_ENDPOINT] = ON(MADE(VPC_ENDPOINT), THE_VPC, UNBOUND(ROUTE_TABLE),
                                   UNBOUND(SUBNET), UNBOUND(SECURITY_GROUP)),
    /* An endpoint has no ec2:Vpc, and here neither has a table. */
    [EC2_MODIFY_VPC_ENDPOINT] =
        ON(UNBOUND(VPC_ENDPOINT), UNBOUND(ROUTE_TABLE), IN_VPC(SUBNET), IN_VPC(SECURITY_GROUP)),
};

static const char *const type_names[IAM_TYPE_COUNT] = {
    [IAM_VPC] = "vpc",
    [IAM_SUBNET] = "subnet",
    [IAM_ROUTE_TABLE] = "route-table",
    [IAM_INTERNET_GATEWAY] = "internet-gateway",
    [IAM_EGRESS_ONLY_INTERNET_GATEWAY] = "egress-only-internet-gateway",
    [IAM_NAT_GATEWAY] = "natgateway",
    [IAM_ELASTIC_IP] = "elastic-ip",
    [IAM_NETWORK_INTERFACE] = "network-interface",
    [IAM_SECURITY_GROUP] = "security-group",
    [IAM_SECURITY_GROUP_RULE] = "security-group-rule",
    [IAM_VPC_ENDPOINT] = "vpc-endpoint",
    [IAM_PREFIX_LIST] = "prefix-list",
};

const char *iam_type_name(enum iam_type type)
{
    return type_names[type];
}

const char *iam_partition(const char *region)
{
    return text_starts_with(region, "cn-")       ? "aws-cn"
           : text_starts_with(region, "us-gov-") ? "aws-us-gov"
                                                 : "aws";
}
