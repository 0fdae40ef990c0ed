/* What of a request its judge looks at. A member that the action's row does not name is one that
 * nobody judged: with it the call could do more than what was let through (S2), so it is refused,
 * whether or not it would reach the wire. Tokens and tags are intent.c's to set, after the guard.
 */
#include "action.h"

#define M(member) offsetof(struct ec2_change_request, member)
#define JUDGED(action, ...)                                                                        \
    [action] = {(const size_t[]){__VA_ARGS__},                                                     \
                sizeof((const size_t[]){__VA_ARGS__}) / sizeof(size_t)}

#define ROUTE_MEMBERS                                                                              \
    M(route_table_id), M(destination_cidr_block), M(destination_ipv6_cidr_block),                  \
        M(destination_prefix_list_id), M(gateway_id), M(nat_gateway_id),                           \
        M(egress_only_internet_gateway_id), M(transit_gateway_id), M(vpc_peering_connection_id),   \
        M(network_interface_id), M(instance_id), M(vpc_endpoint_id), M(local_gateway_id),          \
        M(carrier_gateway_id), M(core_network_arn), M(odb_network_arn), M(local_target)

/* CreateInternetGateway takes nothing. */
static const struct {
    const size_t *members;
    size_t n;
} judged[EC2_ACTION_COUNT] = {
    JUDGED(EC2_ATTACH_INTERNET_GATEWAY, M(vpc_id), M(internet_gateway_id)),
    JUDGED(EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, M(vpc_id)),
    JUDGED(EC2_CREATE_ROUTE, ROUTE_MEMBERS),
    JUDGED(EC2_REPLACE_ROUTE, ROUTE_MEMBERS),
    JUDGED(EC2_ASSOCIATE_ROUTE_TABLE, M(route_table_id), M(subnet_id), M(gateway_id)),
    JUDGED(EC2_CREATE_ROUTE_TABLE, M(vpc_id)),
    JUDGED(EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, M(route_table_id), M(association_id)),
    JUDGED(EC2_ALLOCATE_ADDRESS, M(domain), M(address), M(public_ipv4_pool)),
    JUDGED(EC2_CREATE_NAT_GATEWAY, M(vpc_id), M(subnet_id), M(allocation_id), M(connectivity_type),
           M(availability_mode)),
    JUDGED(EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, M(group_id), M(ip_permissions)),
    JUDGED(EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, M(group_id), M(ip_permissions)),
    JUDGED(EC2_CREATE_SUBNET, M(vpc_id), M(cidr_block), M(availability_zone)),
    JUDGED(EC2_MODIFY_SUBNET_ATTRIBUTE, M(subnet_id), M(map_public_ip_on_launch),
           M(assign_ipv6_address_on_creation), M(enable_dns64)),
    JUDGED(EC2_ASSOCIATE_VPC_CIDR_BLOCK, M(vpc_id), M(amazon_provided_ipv6_cidr_block),
           M(ipv6_ipam_pool_id), M(ipv6_netmask_length)),
    JUDGED(EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, M(subnet_id), M(ipv6_cidr_block)),
    JUDGED(EC2_CREATE_VPC_ENDPOINT, M(vpc_id), M(service_name), M(vpc_endpoint_type),
           M(route_table_ids), M(subnet_ids), M(security_group_ids), M(private_dns_enabled),
           M(ip_address_type), M(policy_document)),
    JUDGED(EC2_MODIFY_VPC_ENDPOINT, M(vpc_endpoint_id), M(add_route_table_ids), M(add_subnet_ids),
           M(add_security_group_ids), M(private_dns_enabled), M(remove_route_table_ids),
           M(remove_subnet_ids), M(remove_security_group_ids), M(reset_policy), M(policy_document),
           M(ip_address_type), M(dns_record_ip_type)),
    JUDGED(EC2_MODIFY_VPC_ATTRIBUTE, M(vpc_id), M(enable_dns_support), M(enable_dns_hostnames)),
    JUDGED(EC2_ASSOCIATE_ADDRESS, M(allocation_id), M(network_interface_id),
           M(allow_reassociation)),
};

static bool is_judged(enum ec2_action call, size_t offset)
{
    for (size_t i = 0; i < judged[call].n; i++)
        if (judged[call].members[i] == offset)
            return true;
    return false;
}

static bool is_set(const struct wire_field *field, const struct ec2_change_request *request)
{
    const void *at = (const char *)request + field->offset;

    switch ((enum wire_kind)field->kind) {
    case WIRE_TEXT:
        return *(const char *const *)at != NULL;
    case WIRE_BOOL:
    case WIRE_ENUM:
        return *(const uint8_t *)at != WIRE_ABSENT;
    case WIRE_INT:
        return ((const struct wire_int *)at)->set;
    case WIRE_PREFIX:
        return ((const struct prefix *)at)->family != FAMILY_NONE;
    case WIRE_LIST:
        return ((const struct wire_any_list *)at)->n > 0;
    case WIRE_TEXTS:
        return ((const struct wire_texts *)at)->n > 0;
    case WIRE_GROUP: /* of members of the same struct: the caller goes into it */
        return false;
    }
    return true;
}

/* AWS's name of a member that is set and that nobody judged; NULL: there is none. */
static const char *unjudged(enum ec2_action call, const struct wire_shape *shape,
                            const struct ec2_change_request *request)
{
    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];
        const char *inside =
            field->kind == WIRE_GROUP ? unjudged(call, field->type, request) : NULL;

        if (inside)
            return inside;
        if (!is_judged(call, field->offset) && is_set(field, request))
            return field->name;
    }
    return NULL;
}

enum hold guard_request(const struct action_case *c)
{
    const enum ec2_action call = c->action->call;

    /* Every mutating action's members: together these are all that can ever be sent. */
    for (size_t a = 0; a < EC2_ACTION_COUNT; a++) {
        const struct ec2_action_row *row = &ec2_action_table[a];
        const char *name = row->mutates ? unjudged(call, row->request, &c->action->request) : NULL;

        if (name)
            return refuse(c, HOLD_NOT_OURS, "%s with %s is never sent", ec2_action_table[call].name,
                          name);
    }
    return HOLD_NONE;
}
