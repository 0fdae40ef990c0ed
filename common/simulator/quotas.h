/* quotas.h - the account's limits (aws-facts 9.4); a world sets them under "quotas". */
#pragma once

#include "vpc_reconciled/json.h"

enum quota {
    QUOTA_VPCS,
    QUOTA_SUBNETS_PER_VPC,
    QUOTA_ROUTE_TABLES_PER_VPC,
    QUOTA_ROUTES_PER_TABLE,
    QUOTA_INTERNET_GATEWAYS,
    QUOTA_EGRESS_ONLY_INTERNET_GATEWAYS,
    QUOTA_NAT_GATEWAYS_PER_ZONE,
    QUOTA_ADDRESSES,
    QUOTA_IPV6_BLOCKS_PER_VPC,
    QUOTA_NETWORK_INTERFACES,
    QUOTA_SECURITY_GROUPS,
    QUOTA_RULES_PER_SECURITY_GROUP,
    QUOTA_NETWORK_ACLS_PER_VPC,
    QUOTA_RULES_PER_NETWORK_ACL,
    QUOTA_GATEWAY_ENDPOINTS,
    QUOTA_INTERFACE_ENDPOINTS_PER_VPC,
    QUOTA_COUNT,
};

struct quota_row {
    const char *name; /* in a world */
    int64_t initial;
    const char *code, *message; /* %lld is the quota */
};
extern const struct quota_row quota_table[QUOTA_COUNT];

void quotas_init(int64_t quotas[QUOTA_COUNT]);
int quotas_load(int64_t quotas[QUOTA_COUNT], const struct json *object, struct json_error *reterr);
/* Writes those that are not the default; nothing at all when none is. */
void quotas_dump(const int64_t quotas[QUOTA_COUNT], struct json_writer *writer);

struct call;
/* Would one more than `used` break it? -EINVAL: the call has failed with the quota's code. */
int call_check_quota(struct call *call, enum quota quota, size_t used);
