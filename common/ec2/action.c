/* The action table: all about an action is in its row. */
#include "shapes.h"

#define EC2(action) .name = action, .service = "ec2", .version = "2016-11-15", .iam = "ec2:" action
/* MaxResults at most: aws-facts 1.5; 0 where there are no pages. */
#define DESCRIBE(action, shapes, max, element, member)                                             \
    {                                                                                              \
        EC2(action), .dry_run = true, .bucket = EC2_BUCKET_NON_MUTATING, .page_max = (max),        \
                     .request = &(shapes).request, .reply = &(shapes).reply, .describe = true,     \
                     .list = element, .list_offset = offsetof(struct ec2_describe_reply, member)   \
    }
#define CHANGE(action, request_shape, reply_shape, ...)                                            \
    {                                                                                              \
        EC2(action), .mutates = true, .bucket = EC2_BUCKET_MUTATING, .request = &(request_shape),  \
                     .reply = &(reply_shape), __VA_ARGS__                                          \
    }
/* A row that names its own bucket. */
#define BUCKET_CHANGE(action, which, request_shape, reply_shape, ...)                              \
    {                                                                                              \
        EC2(action), .mutates = true, .bucket = (which), .request = &(request_shape),              \
                     .reply = &(reply_shape), __VA_ARGS__                                          \
    }
#define DRY_RUN .dry_run = true
#define TOKEN .client_token = true
#define MAKES(type) .makes = type

const struct ec2_action_row ec2_action_table[EC2_ACTION_COUNT] = {
    [EC2_DESCRIBE_VPCS] = DESCRIBE("DescribeVpcs", ec2_describe_vpcs, 1000, "vpcSet", vpcs),
    [EC2_DESCRIBE_SUBNETS] =
        DESCRIBE("DescribeSubnets", ec2_describe_subnets, 1000, "subnetSet", subnets),
    [EC2_DESCRIBE_ROUTE_TABLES] = DESCRIBE("DescribeRouteTables", ec2_describe_route_tables, 100,
                                           "routeTableSet", route_tables),
    [EC2_DESCRIBE_INTERNET_GATEWAYS] =
        DESCRIBE("DescribeInternetGateways", ec2_describe_internet_gateways, 1000,
                 "internetGatewaySet", internet_gateways),
    [EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS] =
        DESCRIBE("DescribeEgressOnlyInternetGateways", ec2_describe_egress_only_internet_gateways,
                 255, "egressOnlyInternetGatewaySet", egress_only_internet_gateways),
    [EC2_DESCRIBE_NAT_GATEWAYS] = DESCRIBE("DescribeNatGateways", ec2_describe_nat_gateways, 1000,
                                           "natGatewaySet", nat_gateways),
    [EC2_DESCRIBE_ADDRESSES] =
        DESCRIBE("DescribeAddresses", ec2_describe_addresses, 0, "addressesSet", addresses),
    [EC2_DESCRIBE_NETWORK_INTERFACES] =
        DESCRIBE("DescribeNetworkInterfaces", ec2_describe_network_interfaces, 1000,
                 "networkInterfaceSet", network_interfaces),
    [EC2_DESCRIBE_AVAILABILITY_ZONES] =
        DESCRIBE("DescribeAvailabilityZones", ec2_describe_availability_zones, 0,
                 "availabilityZoneInfo", availability_zones),
    [EC2_DESCRIBE_MANAGED_PREFIX_LISTS] =
        DESCRIBE("DescribeManagedPrefixLists", ec2_describe_managed_prefix_lists, 100,
                 "prefixListSet", managed_prefix_lists),
    [EC2_DESCRIBE_VPC_ATTRIBUTE] = {EC2("DescribeVpcAttribute"), .dry_run = true,
                                    .bucket = EC2_BUCKET_NON_MUTATING,
                                    .request = &ec2_describe_vpc_attribute.request,
                                    .reply = &ec2_describe_vpc_attribute.reply, .describe = true},
    [EC2_DESCRIBE_SECURITY_GROUPS] =
        DESCRIBE("DescribeSecurityGroups", ec2_describe_security_groups, 1000, "securityGroupInfo",
                 security_groups),
    [EC2_DESCRIBE_NETWORK_ACLS] = DESCRIBE("DescribeNetworkAcls", ec2_describe_network_acls, 1000,
                                           "networkAclSet", network_acls),
    [EC2_DESCRIBE_VPC_ENDPOINTS] = DESCRIBE("DescribeVpcEndpoints", ec2_describe_vpc_endpoints,
                                            1000, "vpcEndpointSet", vpc_endpoints),
    [EC2_DESCRIBE_VPC_ENDPOINT_SERVICES] =
        DESCRIBE("DescribeVpcEndpointServices", ec2_describe_vpc_endpoint_services, 1000,
                 "serviceDetailSet", service_details),
    [EC2_GET_MANAGED_PREFIX_LIST_ENTRIES] =
        DESCRIBE("GetManagedPrefixListEntries", ec2_get_managed_prefix_list_entries, 100,
                 "entrySet", prefix_list_entries),
    [EC2_DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS] =
        {EC2("DescribeVpcBlockPublicAccessOptions"), .dry_run = true,
         .bucket = EC2_BUCKET_NON_MUTATING,
         .request = &ec2_describe_vpc_block_public_access_options.request,
         .reply = &ec2_describe_vpc_block_public_access_options.reply, .describe = true},
    [STS_GET_CALLER_IDENTITY] = {.name = "GetCallerIdentity",
                                 .service = "sts",
                                 .version = "2011-06-15",
                                 .iam = "sts:GetCallerIdentity",
                                 .bucket = EC2_BUCKET_STS,
                                 .request = &ec2_no_parameters,
                                 .reply = &sts_get_caller_identity_reply},
    /* They change nothing of what stands: a session that nobody uses just ends. */
    [STS_ASSUME_ROLE] = {.name = "AssumeRole",
                         .service = "sts",
                         .version = "2011-06-15",
                         .iam = "sts:AssumeRole",
                         .bucket = EC2_BUCKET_STS,
                         .request = &sts_assume_role_request,
                         .reply = &sts_assume_role_reply},
    [STS_ASSUME_ROLE_WITH_WEB_IDENTITY] = {.name = "AssumeRoleWithWebIdentity",
                                           .service = "sts",
                                           .version = "2011-06-15",
                                           .iam = "sts:AssumeRoleWithWebIdentity",
                                           .bucket = EC2_BUCKET_STS,
                                           .no_signature = true,
                                           .request = &sts_assume_role_with_web_identity_request,
                                           .reply = &sts_assume_role_with_web_identity_reply},

    [EC2_CREATE_VPC] =
        CHANGE("CreateVpc", ec2_create_vpc_request, ec2_create_vpc_reply, DRY_RUN, MAKES("vpc")),
    [EC2_DELETE_VPC] = CHANGE("DeleteVpc", ec2_delete_vpc_request, ec2_return_reply, DRY_RUN),
    [EC2_CREATE_SUBNET] = CHANGE("CreateSubnet", ec2_create_subnet_request, ec2_create_subnet_reply,
                                 DRY_RUN, MAKES("subnet")),
    [EC2_DELETE_SUBNET] =
        CHANGE("DeleteSubnet", ec2_delete_subnet_request, ec2_return_reply, DRY_RUN),
    [EC2_CREATE_INTERNET_GATEWAY] =
        CHANGE("CreateInternetGateway", ec2_create_internet_gateway_request,
               ec2_create_internet_gateway_reply, DRY_RUN, MAKES("internet-gateway")),
    [EC2_ATTACH_INTERNET_GATEWAY] = CHANGE(
        "AttachInternetGateway", ec2_attach_internet_gateway_request, ec2_return_reply, DRY_RUN),
    [EC2_DETACH_INTERNET_GATEWAY] = CHANGE(
        "DetachInternetGateway", ec2_attach_internet_gateway_request, ec2_return_reply, DRY_RUN),
    [EC2_DELETE_INTERNET_GATEWAY] = CHANGE(
        "DeleteInternetGateway", ec2_delete_internet_gateway_request, ec2_return_reply, DRY_RUN),
    [EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY] =
        CHANGE("CreateEgressOnlyInternetGateway", ec2_create_egress_only_internet_gateway_request,
               ec2_create_egress_only_internet_gateway_reply, DRY_RUN, TOKEN,
               MAKES("egress-only-internet-gateway")),
    [EC2_DELETE_EGRESS_ONLY_INTERNET_GATEWAY] =
        CHANGE("DeleteEgressOnlyInternetGateway", ec2_delete_egress_only_internet_gateway_request,
               ec2_return_code_reply, DRY_RUN),
    [EC2_CREATE_ROUTE_TABLE] =
        CHANGE("CreateRouteTable", ec2_create_route_table_request, ec2_create_route_table_reply,
               DRY_RUN, TOKEN, MAKES("route-table")),
    [EC2_DELETE_ROUTE_TABLE] =
        CHANGE("DeleteRouteTable", ec2_delete_route_table_request, ec2_return_reply, DRY_RUN),
    [EC2_ASSOCIATE_ROUTE_TABLE] = CHANGE("AssociateRouteTable", ec2_associate_route_table_request,
                                         ec2_associate_route_table_reply, DRY_RUN),
    [EC2_DISASSOCIATE_ROUTE_TABLE] = CHANGE(
        "DisassociateRouteTable", ec2_disassociate_route_table_request, ec2_return_reply, DRY_RUN),
    [EC2_REPLACE_ROUTE_TABLE_ASSOCIATION] =
        CHANGE("ReplaceRouteTableAssociation", ec2_replace_route_table_association_request,
               ec2_replace_route_table_association_reply, DRY_RUN),
    [EC2_CREATE_ROUTE] = CHANGE("CreateRoute", ec2_create_route_request, ec2_return_reply, DRY_RUN),
    [EC2_REPLACE_ROUTE] =
        CHANGE("ReplaceRoute", ec2_replace_route_request, ec2_return_reply, DRY_RUN),
    [EC2_DELETE_ROUTE] = CHANGE("DeleteRoute", ec2_delete_route_request, ec2_return_reply, DRY_RUN),
    [EC2_ALLOCATE_ADDRESS] = CHANGE("AllocateAddress", ec2_allocate_address_request,
                                    ec2_allocate_address_reply, DRY_RUN, MAKES("elastic-ip")),
    [EC2_RELEASE_ADDRESS] =
        CHANGE("ReleaseAddress", ec2_release_address_request, ec2_return_reply, DRY_RUN),
    [EC2_ASSOCIATE_ADDRESS] = CHANGE("AssociateAddress", ec2_associate_address_request,
                                     ec2_associate_address_reply, DRY_RUN),
    [EC2_DISASSOCIATE_ADDRESS] =
        CHANGE("DisassociateAddress", ec2_disassociate_address_request, ec2_return_reply, DRY_RUN),
    [EC2_CREATE_NAT_GATEWAY] =
        BUCKET_CHANGE("CreateNatGateway", EC2_BUCKET_NAT_GATEWAY, ec2_create_nat_gateway_request,
                      ec2_create_nat_gateway_reply, DRY_RUN, TOKEN, MAKES("natgateway")),
    [EC2_DELETE_NAT_GATEWAY] =
        BUCKET_CHANGE("DeleteNatGateway", EC2_BUCKET_NAT_GATEWAY, ec2_delete_nat_gateway_request,
                      ec2_delete_nat_gateway_reply, DRY_RUN),
    [EC2_ASSOCIATE_VPC_CIDR_BLOCK] =
        CHANGE("AssociateVpcCidrBlock", ec2_associate_vpc_cidr_block_request,
               ec2_vpc_cidr_block_reply, .adds = true),
    [EC2_DISASSOCIATE_VPC_CIDR_BLOCK] = CHANGE(
        "DisassociateVpcCidrBlock", ec2_disassociate_cidr_block_request, ec2_vpc_cidr_block_reply),
    [EC2_ASSOCIATE_SUBNET_CIDR_BLOCK] =
        CHANGE("AssociateSubnetCidrBlock", ec2_associate_subnet_cidr_block_request,
               ec2_subnet_cidr_block_reply),
    [EC2_DISASSOCIATE_SUBNET_CIDR_BLOCK] =
        CHANGE("DisassociateSubnetCidrBlock", ec2_disassociate_cidr_block_request,
               ec2_subnet_cidr_block_reply),
    [EC2_MODIFY_SUBNET_ATTRIBUTE] =
        CHANGE("ModifySubnetAttribute", ec2_modify_subnet_attribute_request, ec2_return_reply),
    [EC2_MODIFY_VPC_ATTRIBUTE] =
        CHANGE("ModifyVpcAttribute", ec2_modify_vpc_attribute_request, ec2_return_reply),
    [EC2_CREATE_NETWORK_INTERFACE] =
        CHANGE("CreateNetworkInterface", ec2_create_network_interface_request,
               ec2_create_network_interface_reply, DRY_RUN, TOKEN, MAKES("network-interface")),
    [EC2_DELETE_NETWORK_INTERFACE] = CHANGE(
        "DeleteNetworkInterface", ec2_delete_network_interface_request, ec2_return_reply, DRY_RUN),
    [EC2_ENABLE_VGW_ROUTE_PROPAGATION] =
        CHANGE("EnableVgwRoutePropagation", ec2_enable_vgw_route_propagation_request,
               ec2_return_reply, DRY_RUN),
    [EC2_CREATE_VPC_ENDPOINT] =
        BUCKET_CHANGE("CreateVpcEndpoint", EC2_BUCKET_VPC_ENDPOINT, ec2_create_vpc_endpoint_request,
                      ec2_create_vpc_endpoint_reply, DRY_RUN, TOKEN, MAKES("vpc-endpoint")),
    [EC2_MODIFY_VPC_ENDPOINT] =
        BUCKET_CHANGE("ModifyVpcEndpoint", EC2_BUCKET_VPC_ENDPOINT, ec2_modify_vpc_endpoint_request,
                      ec2_return_reply, DRY_RUN),
    [EC2_DELETE_VPC_ENDPOINTS] =
        BUCKET_CHANGE("DeleteVpcEndpoints", EC2_BUCKET_VPC_ENDPOINT,
                      ec2_delete_vpc_endpoints_request, ec2_delete_vpc_endpoints_reply, DRY_RUN),
    [EC2_CREATE_SECURITY_GROUP] =
        CHANGE("CreateSecurityGroup", ec2_create_security_group_request,
               ec2_create_security_group_reply, DRY_RUN, MAKES("security-group")),
    [EC2_AUTHORIZE_SECURITY_GROUP_EGRESS] =
        CHANGE("AuthorizeSecurityGroupEgress", ec2_authorize_security_group_egress_request,
               ec2_authorize_security_group_reply, DRY_RUN, MAKES("security-group-rule")),
    [EC2_AUTHORIZE_SECURITY_GROUP_INGRESS] =
        BUCKET_CHANGE("AuthorizeSecurityGroupIngress", EC2_BUCKET_RESOURCE_INTENSIVE,
                      ec2_authorize_security_group_ingress_request,
                      ec2_authorize_security_group_reply, DRY_RUN, MAKES("security-group-rule")),
    [EC2_REVOKE_SECURITY_GROUP_EGRESS] =
        CHANGE("RevokeSecurityGroupEgress", ec2_revoke_security_group_egress_request,
               ec2_revoke_security_group_reply, DRY_RUN),
    [EC2_REVOKE_SECURITY_GROUP_INGRESS] = BUCKET_CHANGE(
        "RevokeSecurityGroupIngress", EC2_BUCKET_RESOURCE_INTENSIVE,
        ec2_revoke_security_group_ingress_request, ec2_revoke_security_group_reply, DRY_RUN),
    [EC2_CREATE_NETWORK_ACL] =
        CHANGE("CreateNetworkAcl", ec2_create_network_acl_request, ec2_create_network_acl_reply,
               DRY_RUN, TOKEN, MAKES("network-acl")),
    [EC2_CREATE_NETWORK_ACL_ENTRY] = CHANGE(
        "CreateNetworkAclEntry", ec2_create_network_acl_entry_request, ec2_return_reply, DRY_RUN),
    [EC2_DELETE_NETWORK_ACL_ENTRY] = CHANGE(
        "DeleteNetworkAclEntry", ec2_delete_network_acl_entry_request, ec2_return_reply, DRY_RUN),
    [EC2_REPLACE_NETWORK_ACL_ASSOCIATION] =
        CHANGE("ReplaceNetworkAclAssociation", ec2_replace_network_acl_association_request,
               ec2_replace_network_acl_association_reply, DRY_RUN),
    [EC2_MODIFY_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS] = CHANGE(
        "ModifyVpcBlockPublicAccessOptions", ec2_modify_vpc_block_public_access_options_request,
        ec2_modify_vpc_block_public_access_options_reply, DRY_RUN),
    [EC2_CREATE_TAGS] = BUCKET_CHANGE("CreateTags", EC2_BUCKET_TAGS, ec2_create_tags_request,
                                      ec2_return_reply, DRY_RUN),
    [EC2_DELETE_TAGS] = BUCKET_CHANGE("DeleteTags", EC2_BUCKET_TAGS, ec2_delete_tags_request,
                                      ec2_return_reply, DRY_RUN),
};

int ec2_action_find(const char *name, enum ec2_action *ret_action)
{
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        if (text_equal(ec2_action_table[i].name, name)) {
            *ret_action = (enum ec2_action)i;
            return 0;
        }
    return -ENOENT;
}
