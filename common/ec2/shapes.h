/* shapes.h - the wire tables of AWS's data types; private to common/ec2/.
 *
 * Names are those of AWS's own service model of version 2016-11-15 (aws-facts 2), which
 * tests/conformance/ walks. A shape of a reply has the elements that we read, not all that AWS
 * sends. */
#pragma once

#include "vpc_reconciled/ec2.h"

#define SHAPE(T, name, fields)                                                                     \
    {                                                                                              \
        name, sizeof(struct T), fields, ARRAY_SIZE(fields)                                         \
    }
/* An element around members of the same struct: "State" in "cidrBlockState". */
#define GROUP_HERE(n, shape)                                                                       \
    {                                                                                              \
        .name = n, .kind = WIRE_GROUP, .type = &(shape)                                            \
    }
/* An element around a struct that lies in this one. */
#define GROUP_OF(T, m, n, shape, ...) WIRE_FIELD(T, m, GROUP, n, .type = &(shape), __VA_ARGS__)

/* tag.c */
extern const struct wire_shape ec2_tag_shape;               /* in replies: key, value */
extern const struct wire_shape ec2_tag_request_shape;       /* in requests: Key, Value */
extern const struct wire_shape ec2_tag_specification_shape; /* tags of a create */

/* vpc.c */
extern const struct wire_shape ec2_vpc_shape, ec2_vpc_cidr_block_association_shape,
    ec2_vpc_ipv6_cidr_block_association_shape;
/* subnet.c */
extern const struct wire_shape ec2_subnet_shape, ec2_subnet_ipv6_cidr_block_association_shape;
/* route_table.c */
extern const struct wire_shape ec2_route_table_shape;
/* gateway.c */
extern const struct wire_shape ec2_internet_gateway_shape, ec2_egress_only_internet_gateway_shape;
/* nat_gateway.c */
extern const struct wire_shape ec2_nat_gateway_shape, ec2_address_shape;
/* network_interface.c */
extern const struct wire_shape ec2_network_interface_shape, ec2_group_identifier_shape;
/* region.c */
extern const struct wire_shape ec2_availability_zone_shape, ec2_managed_prefix_list_shape,
    ec2_prefix_list_entry_shape, ec2_vpc_block_public_access_options_shape;
/* security_group.c */
extern const struct wire_shape ec2_security_group_shape;        /* in replies: ipPermissions */
extern const struct wire_shape ec2_ip_permission_request_shape; /* in requests: IpPermissions */
/* network_acl.c */
extern const struct wire_shape ec2_network_acl_shape;
/* vpc_endpoint.c */
extern const struct wire_shape ec2_vpc_endpoint_shape, ec2_service_detail_shape;

/* describe.c: struct ec2_describe_request and ec2_describe_reply, by action */
struct ec2_describe_shapes {
    struct wire_shape request, reply;
};
extern const struct ec2_describe_shapes ec2_describe_vpcs, ec2_describe_subnets,
    ec2_describe_route_tables, ec2_describe_internet_gateways,
    ec2_describe_egress_only_internet_gateways, ec2_describe_nat_gateways, ec2_describe_addresses,
    ec2_describe_network_interfaces, ec2_describe_availability_zones,
    ec2_describe_managed_prefix_lists, ec2_describe_vpc_attribute, ec2_describe_security_groups,
    ec2_describe_network_acls, ec2_describe_vpc_endpoints, ec2_describe_vpc_endpoint_services,
    ec2_get_managed_prefix_list_entries, ec2_describe_vpc_block_public_access_options;

/* change_request.c: struct ec2_change_request, by action: only the members that the action takes,
 * so that the simulator refuses the others as EC2 does. */
extern const struct wire_shape ec2_no_parameters, ec2_create_vpc_request, ec2_delete_vpc_request,
    ec2_create_subnet_request, ec2_delete_subnet_request, ec2_create_internet_gateway_request,
    ec2_attach_internet_gateway_request, ec2_delete_internet_gateway_request,
    ec2_create_egress_only_internet_gateway_request,
    ec2_delete_egress_only_internet_gateway_request, ec2_create_nat_gateway_request,
    ec2_delete_nat_gateway_request, ec2_allocate_address_request, ec2_release_address_request,
    ec2_associate_address_request, ec2_disassociate_address_request,
    ec2_associate_vpc_cidr_block_request, ec2_associate_subnet_cidr_block_request,
    ec2_disassociate_cidr_block_request, ec2_modify_subnet_attribute_request,
    ec2_modify_vpc_attribute_request, ec2_create_network_interface_request,
    ec2_delete_network_interface_request, ec2_create_tags_request, ec2_delete_tags_request;
/* change_route.c */
extern const struct wire_shape ec2_create_route_request, ec2_replace_route_request,
    ec2_delete_route_request, ec2_create_route_table_request, ec2_delete_route_table_request,
    ec2_associate_route_table_request, ec2_replace_route_table_association_request,
    ec2_disassociate_route_table_request, ec2_enable_vgw_route_propagation_request;
/* change_endpoint.c */
extern const struct wire_shape ec2_create_vpc_endpoint_request, ec2_modify_vpc_endpoint_request,
    ec2_delete_vpc_endpoints_request;
/* change_access.c */
extern const struct wire_shape ec2_create_security_group_request,
    ec2_authorize_security_group_egress_request, ec2_authorize_security_group_ingress_request,
    ec2_revoke_security_group_egress_request, ec2_revoke_security_group_ingress_request,
    ec2_create_network_acl_request, ec2_create_network_acl_entry_request,
    ec2_delete_network_acl_entry_request, ec2_replace_network_acl_association_request,
    ec2_modify_vpc_block_public_access_options_request;

/* change_reply.c: struct ec2_change_reply, by what comes back */
extern const struct wire_shape ec2_return_reply, ec2_return_code_reply, ec2_create_vpc_reply,
    ec2_create_subnet_reply, ec2_create_internet_gateway_reply,
    ec2_create_egress_only_internet_gateway_reply, ec2_create_route_table_reply,
    ec2_associate_route_table_reply, ec2_replace_route_table_association_reply,
    ec2_allocate_address_reply, ec2_associate_address_reply, ec2_create_nat_gateway_reply,
    ec2_delete_nat_gateway_reply, ec2_vpc_cidr_block_reply, ec2_subnet_cidr_block_reply,
    ec2_create_network_interface_reply, ec2_create_vpc_endpoint_reply,
    ec2_delete_vpc_endpoints_reply, ec2_create_security_group_reply,
    ec2_authorize_security_group_reply, ec2_revoke_security_group_reply,
    ec2_create_network_acl_reply, ec2_replace_network_acl_association_reply,
    ec2_modify_vpc_block_public_access_options_reply, sts_get_caller_identity_reply;

/* sts.c */
extern const struct wire_shape sts_assume_role_request, sts_assume_role_with_web_identity_request,
    sts_assume_role_reply, sts_assume_role_with_web_identity_reply;
