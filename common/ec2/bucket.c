/* How often AWS lets an action be called (EC2 API Reference, "Throttle requests"; aws-facts 3.1).
 */
#include "vpc_reconciled/ec2.h"

/* STS: IAM User Guide, "IAM and STS quotas", 600 requests a second. */
const struct ec2_bucket_row ec2_bucket_table[EC2_BUCKET_COUNT] = {
    [EC2_BUCKET_NON_MUTATING] = {100, 200}, [EC2_BUCKET_UNFILTERED] = {50, 100},
    [EC2_BUCKET_MUTATING] = {50, 50},       [EC2_BUCKET_RESOURCE_INTENSIVE] = {50, 50},
    [EC2_BUCKET_NAT_GATEWAY] = {10, 10},    [EC2_BUCKET_VPC_ENDPOINT] = {4, 3},
    [EC2_BUCKET_TAGS] = {100, 100},         [EC2_BUCKET_STS] = {600, 6000},
};
