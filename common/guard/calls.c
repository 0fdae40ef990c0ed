/* What the repair of each drift may consist of. Approval, confirmation and what a person is told
 * hang on the drift's code, and that is the plan's word: a change goes by no other name than its
 * own. */
#include "action.h"

static bool is_default(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;

    return prefix_equal(&request->destination_cidr_block, &PREFIX_IPV4_DEFAULT) ||
           prefix_equal(&request->destination_ipv6_cidr_block, &PREFIX_IPV6_DEFAULT);
}

static bool is_nat64(const struct action_case *c)
{
    return prefix_equal(&c->action->request.destination_ipv6_cidr_block, &PREFIX_NAT64);
}

static bool is_dead_default(const struct action_case *c)
{
    return is_default(c) && evidence_revives(c->action, c->desired, c->snapshot);
}

static bool is_exposed_default(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct route_table *table =
        snapshot_find_route_table(c->snapshot, request->route_table_id);
    const struct route *now =
        table ? route_table_find(table, request->destination_cidr_block.family == FAMILY_IPV4
                                            ? &PREFIX_IPV4_DEFAULT
                                            : &PREFIX_IPV6_DEFAULT)
              : NULL;

    return is_default(c) && now && now->kind == TARGET_INTERNET_GATEWAY;
}

static bool is_undo(const struct action_case *c)
{
    return evidence_of_undo(c->arena, c->action, c->snapshot, c->policy);
}

static bool adds_tables(const struct action_case *c)
{
    return c->action->request.add_route_table_ids.n > 0;
}

static bool adds_subnets(const struct action_case *c)
{
    return c->action->request.add_subnet_ids.n > 0;
}

static bool adds_groups(const struct action_case *c)
{
    return c->action->request.add_security_group_ids.n > 0;
}

static bool is_private_dns(const struct action_case *c)
{
    return c->action->request.private_dns_enabled != WIRE_ABSENT;
}

static bool is_public_on_launch(const struct action_case *c)
{
    return c->action->request.map_public_ip_on_launch != WIRE_ABSENT;
}

static bool is_ipv6_on_launch(const struct action_case *c)
{
    return c->action->request.assign_ipv6_address_on_creation != WIRE_ABSENT;
}

static bool is_dns64(const struct action_case *c)
{
    return c->action->request.enable_dns64 != WIRE_ABSENT;
}

static bool is_dns_support(const struct action_case *c)
{
    return c->action->request.enable_dns_support != WIRE_ABSENT;
}

static bool is_dns_hostnames(const struct action_case *c)
{
    return c->action->request.enable_dns_hostnames != WIRE_ABSENT;
}

static const struct {
    enum drift drift;
    enum ec2_action call;
    bool (*is_it)(const struct action_case *c); /* NULL: any such call */
} call_table[] = {
    {DRIFT_SUBNET_MISSING, EC2_CREATE_SUBNET, NULL},
    {DRIFT_INTERNET_GATEWAY_MISSING, EC2_CREATE_INTERNET_GATEWAY, NULL},
    {DRIFT_INTERNET_GATEWAY_MISSING, EC2_ATTACH_INTERNET_GATEWAY, NULL},
    {DRIFT_INTERNET_GATEWAY_DETACHED, EC2_ATTACH_INTERNET_GATEWAY, NULL},
    {DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING, EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, NULL},
    {DRIFT_ROUTE_MISSING, EC2_CREATE_ROUTE, is_default},
    {DRIFT_ROUTE_BLACKHOLE, EC2_REPLACE_ROUTE, is_dead_default},
    {DRIFT_ROUTE_BLACKHOLE, EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, is_undo},
    {DRIFT_ROUTE_WRONG_TARGET, EC2_REPLACE_ROUTE, is_default},
    {DRIFT_ROUTE_WRONG_TARGET, EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, is_undo},
    {DRIFT_PRIVATE_SUBNET_EXPOSED, EC2_REPLACE_ROUTE, is_exposed_default},
    {DRIFT_ROUTE_CROSS_AZ, EC2_REPLACE_ROUTE, is_default},
    {DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING, EC2_ASSOCIATE_ROUTE_TABLE, NULL},
    {DRIFT_ROUTE_TABLE_IMPLICIT, EC2_CREATE_ROUTE_TABLE, NULL},
    {DRIFT_ROUTE_TABLE_IMPLICIT, EC2_CREATE_ROUTE, NULL},
    {DRIFT_ROUTE_TABLE_IMPLICIT, EC2_MODIFY_VPC_ENDPOINT, adds_tables},
    {DRIFT_ROUTE_TABLE_IMPLICIT, EC2_ASSOCIATE_ROUTE_TABLE, NULL},
    {DRIFT_ROUTE_TABLE_IMPLICIT, EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, NULL},
    {DRIFT_ROUTE_TABLE_SHARED, EC2_CREATE_ROUTE_TABLE, NULL},
    {DRIFT_ROUTE_TABLE_SHARED, EC2_CREATE_ROUTE, NULL},
    {DRIFT_ROUTE_TABLE_SHARED, EC2_MODIFY_VPC_ENDPOINT, adds_tables},
    {DRIFT_ROUTE_TABLE_SHARED, EC2_ASSOCIATE_ROUTE_TABLE, NULL},
    {DRIFT_ROUTE_TABLE_SHARED, EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, NULL},
    {DRIFT_NAT_GATEWAY_MISSING, EC2_ALLOCATE_ADDRESS, NULL},
    {DRIFT_NAT_GATEWAY_MISSING, EC2_CREATE_NAT_GATEWAY, NULL},
    {DRIFT_NAT_GATEWAY_FAILED, EC2_ALLOCATE_ADDRESS, NULL},
    {DRIFT_NAT_GATEWAY_FAILED, EC2_CREATE_NAT_GATEWAY, NULL},
    {DRIFT_NAT_SUBNET_NOT_PUBLIC, EC2_REPLACE_ROUTE, is_undo},
    {DRIFT_NAT64_ROUTE_MISSING, EC2_CREATE_ROUTE, is_nat64},
    {DRIFT_NAT64_ROUTE_MISSING, EC2_REPLACE_ROUTE, is_nat64},
    {DRIFT_PUBLIC_IPV4_OFF, EC2_MODIFY_SUBNET_ATTRIBUTE, is_public_on_launch},
    {DRIFT_IPV6_ON_LAUNCH_OFF, EC2_MODIFY_SUBNET_ATTRIBUTE, is_ipv6_on_launch},
    {DRIFT_DNS64_OFF, EC2_MODIFY_SUBNET_ATTRIBUTE, is_dns64},
    {DRIFT_INTERFACE_WITHOUT_PUBLIC_IPV4, EC2_ALLOCATE_ADDRESS, NULL},
    {DRIFT_INTERFACE_WITHOUT_PUBLIC_IPV4, EC2_ASSOCIATE_ADDRESS, NULL},
    {DRIFT_VPC_IPV6_MISSING, EC2_ASSOCIATE_VPC_CIDR_BLOCK, NULL},
    {DRIFT_SUBNET_IPV6_MISSING, EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, NULL},
    {DRIFT_OUTBOUND_RULE_MISSING, EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, NULL},
    {DRIFT_ENDPOINT_MISSING, EC2_CREATE_VPC_ENDPOINT, NULL},
    {DRIFT_ENDPOINT_FAILED, EC2_CREATE_VPC_ENDPOINT, NULL},
    {DRIFT_ENDPOINT_SUBNET_MISSING, EC2_MODIFY_VPC_ENDPOINT, adds_subnets},
    {DRIFT_ENDPOINT_ROUTE_TABLE_MISSING, EC2_MODIFY_VPC_ENDPOINT, adds_tables},
    {DRIFT_ENDPOINT_SECURITY_GROUP_MISSING, EC2_MODIFY_VPC_ENDPOINT, adds_groups},
    {DRIFT_ENDPOINT_PRIVATE_DNS_OFF, EC2_MODIFY_VPC_ENDPOINT, is_private_dns},
    {DRIFT_ENDPOINT_INBOUND_RULE_MISSING, EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, NULL},
    {DRIFT_VPC_DNS_SUPPORT_OFF, EC2_MODIFY_VPC_ATTRIBUTE, is_dns_support},
    {DRIFT_VPC_DNS_HOSTNAMES_OFF, EC2_MODIFY_VPC_ATTRIBUTE, is_dns_hostnames},
};

bool guard_is_repair_of(const struct action_case *c, enum drift drift)
{
    for (size_t i = 0; i < ARRAY_SIZE(call_table); i++)
        if (call_table[i].drift == drift && call_table[i].call == c->action->call &&
            (!call_table[i].is_it || call_table[i].is_it(c)))
            return true;
    return false;
}
