#include "quotas.h"

#include <stdio.h>

#include "call.h"

/* Defaults and codes: aws-facts 9.4 and 2.4. The code for egress-only gateways and IPv6 blocks is
 * unverified there. */
const struct quota_row quota_table[QUOTA_COUNT] = {
    [QUOTA_VPCS] = {"vpcs", 5, "VpcLimitExceeded", "The maximum number of VPCs has been reached."},
    [QUOTA_SUBNETS_PER_VPC] = {"subnetsPerVpc", 200, "SubnetLimitExceeded",
                               "The maximum number of subnets has been reached."},
    [QUOTA_ROUTE_TABLES_PER_VPC] = {"routeTablesPerVpc", 200, "RouteTableLimitExceeded",
                                    "The maximum number of route tables has been reached."},
    [QUOTA_ROUTES_PER_TABLE] = {"routesPerRouteTable", 500, "RouteLimitExceeded",
                                "The maximum number of routes has been reached."},
    [QUOTA_INTERNET_GATEWAYS] = {"internetGateways", 5, "InternetGatewayLimitExceeded",
                                 "The maximum number of internet gateways has been reached."},
    [QUOTA_EGRESS_ONLY_INTERNET_GATEWAYS] =
        {"egressOnlyInternetGateways", 5, "EgressOnlyInternetGatewayLimitExceeded",
         "The maximum number of egress-only internet gateways has been reached."},
    [QUOTA_NAT_GATEWAYS_PER_ZONE] =
        {"natGatewaysPerAvailabilityZone", 5, "NatGatewayLimitExceeded",
         "Performing this operation would exceed the limit of %lld NAT gateways"},
    [QUOTA_ADDRESSES] = {"addresses", 5, "AddressLimitExceeded",
                         "The maximum number of addresses has been reached."},
    [QUOTA_IPV6_BLOCKS_PER_VPC] =
        {"ipv6CidrBlocksPerVpc", 5, "CidrLimitExceeded",
         "This network has met its maximum number of allowed CIDRs: %lld"},
    [QUOTA_NETWORK_INTERFACES] = {"networkInterfaces", 5000, "NetworkInterfaceLimitExceeded",
                                  "The maximum number of network interfaces has been reached."},
    [QUOTA_SECURITY_GROUPS] = {"securityGroups", 2500, "SecurityGroupLimitExceeded",
                               "The maximum number of security groups has been reached."},
    [QUOTA_RULES_PER_SECURITY_GROUP] =
        {"rulesPerSecurityGroup", 60, "RulesPerSecurityGroupLimitExceeded",
         "The maximum number of rules per security group has been reached."},
    [QUOTA_NETWORK_ACLS_PER_VPC] = {"networkAclsPerVpc", 200, "NetworkAclLimitExceeded",
                                    "The maximum number of network ACLs has been reached."},
    [QUOTA_RULES_PER_NETWORK_ACL] = {"rulesPerNetworkAcl", 20, "NetworkAclEntryLimitExceeded",
                                     "The maximum number of network ACL entries has been reached."},
    [QUOTA_GATEWAY_ENDPOINTS] = {"gatewayEndpoints", 20, "VpcEndpointLimitExceeded",
                                 "The maximum number of gateway endpoints has been reached."},
    [QUOTA_INTERFACE_ENDPOINTS_PER_VPC] =
        {"interfaceEndpointsPerVpc", 50, "VpcEndpointLimitExceeded",
         "The maximum number of interface endpoints of the VPC has been reached."},
};

void quotas_init(int64_t quotas[QUOTA_COUNT])
{
    for (size_t i = 0; i < QUOTA_COUNT; i++)
        quotas[i] = quota_table[i].initial;
}

static int find_quota(const char *name)
{
    for (int i = 0; i < QUOTA_COUNT; i++)
        if (text_equal(quota_table[i].name, name))
            return i;
    return -ENOENT;
}

int quotas_load(int64_t quotas[QUOTA_COUNT], const struct json *object, struct json_error *reterr)
{
    for (size_t i = 0; i < object->n_items; i++) {
        const struct json *item = &object->items[i];
        int quota = find_quota(item->key);

        reterr->place = item->key_place;
        if (quota < 0) {
            snprintf(reterr->message, sizeof(reterr->message),
                     "unknown quota \"%.60s\"; a known one is \"%s\"", item->key,
                     quota_table[QUOTA_ADDRESSES].name);
            return -EINVAL;
        }
        if (item->type != JSON_NUMBER || item->number < 0 || item->number > 1e9) {
            reterr->place = item->place;
            snprintf(reterr->message, sizeof(reterr->message),
                     "quota \"%s\": expected a number from 0 to 1000000000", item->key);
            return -EINVAL;
        }
        quotas[quota] = (int64_t)item->number;
    }
    return 0;
}

void quotas_dump(const int64_t quotas[QUOTA_COUNT], struct json_writer *writer)
{
    bool begun = false;

    for (size_t i = 0; i < QUOTA_COUNT; i++) {
        if (quotas[i] == quota_table[i].initial)
            continue;
        if (!begun) {
            json_key(writer, "quotas");
            json_begin(writer, '{');
            begun = true;
        }
        json_key(writer, quota_table[i].name);
        json_number(writer, quotas[i]);
    }
    if (begun)
        json_end(writer, '}');
}

int call_check_quota(struct call *call, enum quota quota, size_t used)
{
    int64_t limit = call->simulator->quotas[quota];
    const struct quota_row *row = &quota_table[quota];

    if ((int64_t)used < limit)
        return 0;
    if (strstr(row->message, "%lld")) {
        size_t before = (size_t)(strstr(row->message, "%lld") - row->message);

        return call_fail(call, row->code, "%.*s%lld%s", (int)before, row->message, (long long)limit,
                         row->message + before + strlen("%lld"));
    }
    return call_fail(call, row->code, "%s", row->message);
}
