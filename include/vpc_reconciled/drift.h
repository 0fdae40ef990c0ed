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
    LIST_COUNT,
};
#define NEEDS(list) (1U << LIST_##list)

/* S6: what a second look waits for */
enum drift_confirm {
    CONFIRM_ROUTE,  /* absence, repaired by a route or an association to a live
                       object */
    CONFIRM_CREATE, /* something is created */
};

enum drift {
    DRIFT_INTERNET_GATEWAY_MISSING,
    DRIFT_INTERNET_GATEWAY_DETACHED,
    DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING,
    DRIFT_ROUTE_MISSING,
    DRIFT_ROUTE_BLACKHOLE,
    DRIFT_ROUTE_WRONG_TARGET,
    DRIFT_ROUTE_FOREIGN_TARGET,
    DRIFT_PRIVATE_SUBNET_EXPOSED,
    DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING,
    DRIFT_NAT_GATEWAY_MISSING,
    DRIFT_NAT_GATEWAY_FAILED,
    DRIFT_NAT_GATEWAY_PRIVATE,
    DRIFT_NAT_GATEWAY_ADDRESS_WRONG,
    DRIFT_NAT_SUBNET_NOT_PUBLIC,
    DRIFT_ZONE_WITHOUT_PUBLIC_SUBNET,
    DRIFT_ROUTE_CROSS_AZ,
    DRIFT_ROUTE_TABLE_IMPLICIT,
    DRIFT_ROUTE_TABLE_SHARED,
    DRIFT_ROUTE_TABLE_FOREIGN,
    DRIFT_ELASTIC_IP_IDLE,
    DRIFT_QUOTA_EXHAUSTED,
    DRIFT_VPC_NOT_FOUND,
    DRIFT_VPC_NOT_OWNED,
    DRIFT_GROUP_MATCHES_NOTHING,
    DRIFT_GROUP_AZ_MISSING,
    DRIFT_GROUP_CHANGED,
    DRIFT_OBSERVATION_INCOMPLETE,
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
