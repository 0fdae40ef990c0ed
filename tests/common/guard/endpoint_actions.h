/* endpoint_actions.h - actions on VPC endpoints, on what lets functions in, and on the VPC's DNS,
 * in the world of support/vpc_endpoints.h. */
#pragma once

#include "support/vpc_endpoints.h"

#define ROLE_S3 "vpc-endpoint/s3/gateway"
#define ROLE_LOGS "vpc-endpoint/logs/interface"

static const char *text_a[] = {"rtb-private-a", "rtb-private-c"};
static const char *subnets[] = {"subnet-private-a", "subnet-private-c"};
static const char *groups[] = {"sg-endpoint"};

static inline struct plan_action create_s3(void)
{
    return (struct plan_action){.call = EC2_CREATE_VPC_ENDPOINT,
                                .role = ROLE_S3,
                                .expect = EXPECT_NO_ENDPOINT,
                                .request = {.vpc_id = "vpc-1",
                                            .service_name = SERVICE("s3"),
                                            .vpc_endpoint_type = "Gateway",
                                            .route_table_ids = {.items = text_a, .n = 2}}};
}

static inline void s3_gone(struct vpc *vpc)
{
    vpc_drop_endpoint(vpc, "vpce-s3");
    vpc_drop_route(vpc, "rtb-private-a", "pl-s3");
    vpc_drop_route(vpc, "rtb-private-c", "pl-s3");
}

static inline struct plan_action create_logs(void)
{
    return (struct plan_action){.call = EC2_CREATE_VPC_ENDPOINT,
                                .role = ROLE_LOGS,
                                .expect = EXPECT_NO_ENDPOINT,
                                .request = {.vpc_id = "vpc-1",
                                            .service_name = SERVICE("logs"),
                                            .vpc_endpoint_type = "Interface",
                                            .subnet_ids = {.items = subnets, .n = 2},
                                            .security_group_ids = {.items = groups, .n = 1},
                                            .private_dns_enabled = WIRE_TRUE}};
}

static inline struct plan_action add_table(void)
{
    static const char *table[] = {"rtb-private-c"};

    return (struct plan_action){
        .call = EC2_MODIFY_VPC_ENDPOINT,
        .role = ROLE_S3,
        .expect = EXPECT_ENDPOINT,
        .request = {.vpc_endpoint_id = "vpce-s3", .add_route_table_ids = {.items = table, .n = 1}}};
}

static inline struct plan_action modify_logs(void)
{
    return (struct plan_action){.call = EC2_MODIFY_VPC_ENDPOINT,
                                .role = ROLE_LOGS,
                                .expect = EXPECT_ENDPOINT,
                                .request = {.vpc_endpoint_id = "vpce-logs"}};
}

static inline struct plan_action copy_entry(void)
{
    static const char *copy[] = {"rtb-copy"};

    return (struct plan_action){
        .call = EC2_MODIFY_VPC_ENDPOINT,
        .role = "route-table/functions/" ZONE_A,
        .expect = EXPECT_ENDPOINT,
        .request = {.vpc_endpoint_id = "vpce-s3", .add_route_table_ids = {.items = copy, .n = 1}}};
}

static struct ec2_user_id_group_pair pair;
static struct ec2_ip_permission rule;

static inline struct plan_action let_in(void)
{
    pair = (struct ec2_user_id_group_pair){.group_id = "sg-functions"};
    rule = (struct ec2_ip_permission){.ip_protocol = "tcp",
                                      .from_port = {443, true},
                                      .to_port = {443, true},
                                      .groups = {.items = &pair, .n = 1}};
    return (struct plan_action){
        .call = EC2_AUTHORIZE_SECURITY_GROUP_INGRESS,
        .role = "inbound/" ROLE_LOGS "/functions/443",
        .expect = EXPECT_RULE_ABSENT,
        .request = {.group_id = "sg-endpoint", .ip_permissions = {.items = &rule, .n = 1}}};
}

static inline struct plan_action turn_hostnames_on(void)
{
    return (struct plan_action){.call = EC2_MODIFY_VPC_ATTRIBUTE,
                                .role = "vpc-dns-hostnames",
                                .expect = EXPECT_VPC_ATTRIBUTE,
                                .request = {.vpc_id = "vpc-1", .enable_dns_hostnames = WIRE_TRUE}};
}
