/* drift.h - the drift catalogue (design.md 5): one row for each code, all about it in it. */
#pragma once

#include "vpc_reconciled/base.h"

enum drift_policy {
    DRIFT_REPORT,  /* never writes */
    DRIFT_APPROVE, /* writes when a person says so */
    DRIFT_AUTO,
};

enum drift_impact {
    IMPACT_NONE,
    IMPACT_DEGRADED,
    IMPACT_EXPOSURE,
    IMPACT_OUTAGE,
};

/* Lists of an observation that a verdict and its repair read (S5); one unknown makes the drift
 * unknown. */
enum observed_list {
    LIST_VPCS,
    LIST_SUBNETS,
    LIST_ROUTE_TABLES,
    LIST_INTERNET_GATEWAYS,
    LIST_EGRESS_ONLY_INTERNET_GATEWAYS,
    LIST_NAT_GATEWAYS,
    LIST_ADDRESSES,
    LIST_NETWORK_INTERFACES,
    LIST_AVAILABILITY_ZONES,
    LIST_MANAGED_PREFIX_LISTS, /* a customer's list may carry the default (safety.md S2) */
    LIST_SECURITY_GROUPS,
    LIST_NETWORK_ACLS,
    LIST_VPC_ENDPOINTS,
    /* asked for only where a config of the scope wants them */
    LIST_VPC_ENDPOINT_SERVICES, /* of the declared services */
    LIST_VPC_ATTRIBUTES,        /* the two DNS attributes */
    LIST_PREFIX_LIST_ENTRIES,   /* of the lists that the VPC's groups and route tables name */
    LIST_CAPACITY_PROVIDERS,    /* of Lambda, by name */
    LIST_COUNT,
};
#define NEEDS(list) (1U << LIST_##list)

/* S6: what a second look waits for */
enum drift_confirm {
    CONFIRM_ROUTE,  /* absence, repaired by a route or an association to a live
                       object */
    CONFIRM_CREATE, /* something is created */
};

enum drift { /* in the order of design.md 5 */
             DRIFT_SUBNET_MISSING,
             DRIFT_INTERNET_GATEWAY_MISSING,
             DRIFT_INTERNET_GATEWAY_DETACHED,
             DRIFT_ROUTE_MISSING,
             DRIFT_ROUTE_BLACKHOLE,
             DRIFT_ROUTE_WRONG_TARGET,
             DRIFT_ROUTE_FOREIGN_TARGET,
             DRIFT_ROUTE_UNEXPECTED,
             DRIFT_DEFAULT_ROUTE_OVERRIDDEN,
             DRIFT_PRIVATE_SUBNET_EXPOSED,
             DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING,
             DRIFT_ROUTE_TABLE_IMPLICIT,
             DRIFT_ROUTE_TABLE_SHARED,
             DRIFT_ROUTE_TABLE_FOREIGN,
             DRIFT_PUBLIC_IPV4_OFF,
             DRIFT_INTERFACE_WITHOUT_PUBLIC_IPV4,
             DRIFT_VPC_IPV6_MISSING,
             DRIFT_SUBNET_IPV6_MISSING,
             DRIFT_IPV6_ON_LAUNCH_OFF,
             DRIFT_SERVICE_WITHOUT_IPV6,
             DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING,
             DRIFT_OUTBOUND_RULE_MISSING,
             DRIFT_NAT_GATEWAY_MISSING,
             DRIFT_NAT_GATEWAY_FAILED,
             DRIFT_NAT_GATEWAY_PRIVATE,
             DRIFT_NAT_GATEWAY_ADDRESS_WRONG,
             DRIFT_ZONE_WITHOUT_PUBLIC_SUBNET,
             DRIFT_NAT_SUBNET_NOT_PUBLIC,
             DRIFT_ROUTE_CROSS_AZ,
             DRIFT_ELASTIC_IP_IDLE,
             DRIFT_DNS64_OFF,
             DRIFT_NAT64_ROUTE_MISSING,
             DRIFT_ENDPOINT_MISSING,
             DRIFT_ENDPOINT_FAILED,
             DRIFT_ENDPOINT_PENDING_ACCEPTANCE,
             DRIFT_ENDPOINT_ZONE_UNSUPPORTED,
             DRIFT_ENDPOINT_DNS_CONFLICT,
             DRIFT_ENDPOINT_POLICY_DIFFERS,
             DRIFT_ENDPOINT_SUBNET_MISSING,
             DRIFT_ENDPOINT_ROUTE_TABLE_MISSING,
             DRIFT_ENDPOINT_SECURITY_GROUP_MISSING,
             DRIFT_ENDPOINT_INBOUND_RULE_MISSING,
             DRIFT_ENDPOINT_PRIVATE_DNS_OFF,
             DRIFT_VPC_DNS_SUPPORT_OFF,
             DRIFT_VPC_DNS_HOSTNAMES_OFF,
             DRIFT_NETWORK_ACL_BLOCKS,
             DRIFT_BLOCK_PUBLIC_ACCESS,
             DRIFT_ENCRYPTION_CONTROL,
             DRIFT_QUOTA_EXHAUSTED,
             DRIFT_PERMISSION_MISSING,
             DRIFT_ACCOUNT_MISMATCH,
             DRIFT_VPC_NOT_FOUND,
             DRIFT_VPC_NOT_OWNED,
             DRIFT_GROUP_MATCHES_NOTHING,
             DRIFT_GROUP_AZ_MISSING,
             DRIFT_GROUP_CHANGED,
             DRIFT_OBSERVATION_INCOMPLETE,
             DRIFT_BLIND,
             DRIFT_UNREACHABLE,
             DRIFT_CODE_COUNT,
};

struct drift_row {
    const char *code; /* in the journal, metrics, policies and the man page; never renamed */
    const char *seed; /* step of the source document: "IGW 3/4" */
    enum drift_policy
        policy;    /* the default; where it depends, the stricter one is the plan's to ask for */
    bool raisable; /* a report row that `repair` may raise by name (†) */
    enum drift_impact impact;
    unsigned needs; /* NEEDS() of every list */
    enum drift_confirm confirm;
    const char *means;  /* one sentence: what is wrong and what it breaks */
    const char *remedy; /* one sentence: what a person does when the daemon doesn't */
};
extern const struct drift_row drift_table[DRIFT_CODE_COUNT];
int drift_find(const char *code, enum drift *ret_drift); /* -ENOENT */

/* Every code of design.md 5, also those that this version does not check yet: `repair` may name
 * them. */
struct drift_known {
    const char *code;
    bool report_only; /* neither "*" nor a name raises it */
};
extern const struct drift_known drift_known_codes[];
extern const size_t drift_n_known_codes;

const char *drift_policy_name(enum drift_policy policy); /* "auto" */
const char *drift_impact_name(enum drift_impact impact); /* "outage" */
const char *observed_list_name(enum observed_list list); /* "route tables" */
/* "DescribeRouteTables" and "ec2:DescribeRouteTables": what reads a list, and the permission it
 * wants. */
const char *observed_list_action(enum observed_list list);
const char *observed_list_permission(enum observed_list list);
