/* nat_actions.h - worlds that lack a NAT gateway or a route table, and the actions that mend them,
 * for the tests of the guard. */
#pragma once

#include "support/vpc.h"

#define ROLE_COPY "route-table/functions/" ZONE_A

static inline void nat_gone(struct vpc *vpc)
{
    vpc_nat(vpc, "nat-a")->state = EC2_STATE_DELETED;
    vpc_route(vpc, "rtb-private-a", "0.0.0.0/0")->state = EC2_ROUTE_BLACKHOLE;
}

static inline void nat_gone_address_free(struct vpc *vpc)
{
    nat_gone(vpc);
    vpc_nat_had(vpc, "nat-a", "eipalloc-a");
    vpc_add_address(vpc, "eipalloc-a");
}

/* Nothing fits the subnet that lost its table. */
static inline void table_lost(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
}

static inline void table_shared(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
    vpc_associate(vpc, "rtb-private-c", "subnet-private-a");
}

static inline void copy_made(struct vpc *vpc)
{
    struct ec2_route_table *table;

    table_shared(vpc);
    table = vpc_add_table(vpc, "rtb-copy", "vpc-1");
    vpc_tag(vpc, &table->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    vpc_tag(vpc, &table->tags, TAG_ROLE, ROLE_COPY);
}

static inline void copy_whole(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_add_route(vpc, "rtb-copy", "0.0.0.0/0", "nat-c");
    vpc_add_route(vpc, "rtb-copy", "::/0", "eigw-1");
}

static inline void nothing_lost(struct vpc *vpc)
{
    (void)vpc;
}

static inline void another_in(struct vpc *vpc, enum ec2_state state)
{
    nat_gone_address_free(vpc);
    vpc_add_nat(vpc, "nat-new", "vpc-1", "subnet-public-a")->state = (uint8_t)state;
}

static inline void another_pending(struct vpc *vpc)
{
    another_in(vpc, EC2_STATE_PENDING);
}

static inline void a_regional_one(struct vpc *vpc)
{
    nat_gone_address_free(vpc);
    vpc_add_nat(vpc, "nat-new", "vpc-1", NULL)->availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
}

static inline void copy_in_use(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_disassociate(vpc, "rtb-other", "subnet-other");
    vpc_associate(vpc, "rtb-copy", "subnet-other");
}

static inline struct plan_action allocate_address(void)
{
    return (struct plan_action){.call = EC2_ALLOCATE_ADDRESS,
                                .role = "elastic-ip/" ZONE_A,
                                .expect = EXPECT_NO_ADDRESS,
                                .request = {.domain = "vpc"}};
}

static inline struct plan_action create_nat_gateway(void)
{
    return (struct plan_action){.call = EC2_CREATE_NAT_GATEWAY,
                                .role = "nat-gateway/" ZONE_A,
                                .az = ZONE_A,
                                .expect = EXPECT_NO_NAT_GATEWAY,
                                .request = {.subnet_id = "subnet-public-a",
                                            .allocation_id = "eipalloc-a",
                                            .connectivity_type = EC2_CONNECTIVITY_PUBLIC}};
}

static inline struct plan_action create_route_table(void)
{
    return (struct plan_action){.call = EC2_CREATE_ROUTE_TABLE,
                                .role = ROLE_COPY,
                                .expect = EXPECT_NO_TABLE,
                                .request = {.vpc_id = "vpc-1"}};
}

static inline struct plan_action copy_a_route(void)
{
    struct plan_action action =
        vpc_route_action(EC2_CREATE_ROUTE, "rtb-copy", "0.0.0.0/0", "nat-c");

    action.role = ROLE_COPY;
    action.expect = EXPECT_ROUTE_ABSENT;
    action.revives = false;
    return action;
}

static inline struct plan_action move_to_the_copy(void)
{
    return (struct plan_action){
        .call = EC2_REPLACE_ROUTE_TABLE_ASSOCIATION,
        .role = ROLE_COPY,
        .az = ZONE_A,
        .subnet_id = "subnet-private-a",
        .expect = EXPECT_ASSOCIATION,
        .request = {.association_id = "rtbassoc-subnet-private-a", .route_table_id = "rtb-copy"}};
}
