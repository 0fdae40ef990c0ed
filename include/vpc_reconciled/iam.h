/* iam.h - what each call touches as IAM sees it, and the policies that allow the daemon's calls and
 * no more.
 *
 * One row of iam_table is one action that the daemon may send. The policies are written from the
 * rows, and the simulator authorises calls by them. The facts are those of AWS's Service
 * Authorization Reference, "Actions, resources, and condition keys for Amazon EC2", as of
 * 2026-09-26. */
#pragma once

#include "vpc_reconciled/ec2.h"

enum iam_type { /* of resources, as ARNs have it */
                IAM_VPC,
                IAM_SUBNET,
                IAM_ROUTE_TABLE,
                IAM_INTERNET_GATEWAY,
                IAM_EGRESS_ONLY_INTERNET_GATEWAY,
                IAM_NAT_GATEWAY,
                IAM_ELASTIC_IP,
                IAM_NETWORK_INTERFACE,
                IAM_SECURITY_GROUP,
                IAM_SECURITY_GROUP_RULE,
                IAM_VPC_ENDPOINT,
                IAM_PREFIX_LIST,
                IAM_TYPE_COUNT,
};

/* What ties a resource of a call to a VPC. */
enum iam_bound {
    IAM_MADE,    /* the call makes it: aws:RequestTag */
    IAM_THE_VPC, /* it is the VPC: its ARN */
    IAM_IN_VPC,  /* ec2:Vpc */
    IAM_UNBOUND, /* EC2 knows nothing of that kind for this call */
    IAM_BOUND_COUNT,
};

struct iam_resource {
    enum iam_type type;
    enum iam_bound bound;
};

#define IAM_RESOURCES_MAX 5
struct iam_row {
    bool sent;                                        /* the daemon may send it */
    uint8_t n_resources;                              /* 0: the call is authorised on "*" */
    struct iam_resource resources[IAM_RESOURCES_MAX]; /* whichever of them a request names */
};
extern const struct iam_row iam_table[EC2_ACTION_COUNT];

/* "subnet", as it stands in ARNs. */
const char *iam_type_name(enum iam_type type);
/* "aws", "aws-cn", "aws-us-gov": of the regions there. */
const char *iam_partition(const char *region);

enum iam_policy {
    IAM_OBSERVE, /* what observing reads */
    IAM_REPAIR,  /* what repairs change; beside the other one */
};
struct iam_vpcs {
    /* "arn:PARTITION:ec2:REGION:ACCOUNT:vpc/vpc-...", one partition; the account may be "*" */
    struct texts arns;
    const char *owner; /* "owner" of the config */
};
/* The policy as JSON text with a newline at its end. Reading: arena is scratch. -EINVAL: *reterr
 * says which ARN is wrong, and what would be right. */
int iam_policy_write(struct arena *arena, enum iam_policy policy, const struct iam_vpcs *vpcs,
                     struct buf *buf, const char **reterr);
