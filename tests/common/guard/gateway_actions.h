/* gateway_actions.h - actions on gateways, associations and routes, and the worlds that want them.
 */
#pragma once

#include "support/vpc.h"

static inline void no_igw(struct vpc *vpc)
{
    vpc_igw(vpc, "igw-1")->attachments.n = 0;
}

static inline void no_eigw(struct vpc *vpc)
{
    vpc_eigw(vpc, "eigw-1")->attachments.n = 0;
}

static inline void lost_association(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
}

static inline void igw_ours(struct vpc *vpc)
{
    no_igw(vpc);
    vpc_tag(vpc, &vpc_igw(vpc, "igw-1")->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
}

static inline struct plan_action create_igw(void)
{
    return (struct plan_action){.call = EC2_CREATE_INTERNET_GATEWAY,
                                .role = ROLE_INTERNET_GATEWAY,
                                .expect = EXPECT_NOTHING_ATTACHED};
}

static inline struct plan_action attach_igw(void)
{
    return (struct plan_action){
        .call = EC2_ATTACH_INTERNET_GATEWAY,
        .role = ROLE_INTERNET_GATEWAY,
        .expect = EXPECT_UNATTACHED,
        .request = {.vpc_id = "vpc-1", .internet_gateway_id = "igw-1"},
    };
}

static inline struct plan_action create_eigw(void)
{
    return (struct plan_action){.call = EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY,
                                .role = ROLE_EGRESS_ONLY_INTERNET_GATEWAY,
                                .expect = EXPECT_NOTHING_ATTACHED,
                                .request = {.vpc_id = "vpc-1"}};
}

static inline struct plan_action associate(void)
{
    return (struct plan_action){
        .call = EC2_ASSOCIATE_ROUTE_TABLE,
        .role = "association/functions/10.0.16.0/24",
        .expect = EXPECT_NO_ASSOCIATION,
        .request = {.route_table_id = "rtb-private-a", .subnet_id = "subnet-private-a"},
    };
}

static inline struct plan_action create_route(void)
{
    return vpc_route_action(EC2_CREATE_ROUTE, "rtb-private-a", "0.0.0.0/0", "nat-a");
}

static inline struct plan_action replace_route(void)
{
    return vpc_route_action(EC2_REPLACE_ROUTE, "rtb-private-a", "0.0.0.0/0", "nat-a");
}
