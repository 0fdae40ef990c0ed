/* What each change answers (aws-facts 2.3).
 *
 * The id of what was made is required: a success that does not name it is no reply to believe, and
 * the caller looks again for what came of the call. */
#include "shapes.h"

#define REPLY(m, k, n, ...) WIRE_FIELD(ec2_change_reply, m, k, n, __VA_ARGS__)
#define REQUEST_ID REPLY(request_id, TEXT, "requestId")
#define CLIENT_TOKEN REPLY(client_token, TEXT, "clientToken")
#define MADE(m, n, shape) GROUP_OF(ec2_change_reply, m, n, shape, .required = true)

#define ANSWER(object, name, ...)                                                                  \
    static const struct wire_field object##_fields[] = {__VA_ARGS__};                              \
    const struct wire_shape object = SHAPE(ec2_change_reply, name, object##_fields)

/* Actions without output in AWS's model answer <return>true</return>; HTTP 200 is the success, not
 * the element (aws-facts 1.3), so it is not required. */
ANSWER(ec2_return_reply, "", REQUEST_ID, REPLY(return_value, BOOL, "return"));
ANSWER(ec2_return_code_reply, "DeleteEgressOnlyInternetGatewayResult", REQUEST_ID,
       REPLY(return_value, BOOL, "returnCode", .alias = "return"));

ANSWER(ec2_create_vpc_reply, "CreateVpcResult", REQUEST_ID, MADE(vpc, "vpc", ec2_vpc_shape));
ANSWER(ec2_create_subnet_reply, "CreateSubnetResult", REQUEST_ID,
       MADE(subnet, "subnet", ec2_subnet_shape));
ANSWER(ec2_create_internet_gateway_reply, "CreateInternetGatewayResult", REQUEST_ID,
       MADE(internet_gateway, "internetGateway", ec2_internet_gateway_shape));
ANSWER(ec2_create_egress_only_internet_gateway_reply, "CreateEgressOnlyInternetGatewayResult",
       REQUEST_ID,
       MADE(egress_only_internet_gateway, "egressOnlyInternetGateway",
            ec2_egress_only_internet_gateway_shape),
       CLIENT_TOKEN);
ANSWER(ec2_create_route_table_reply, "CreateRouteTableResult", REQUEST_ID,
       MADE(route_table, "routeTable", ec2_route_table_shape), CLIENT_TOKEN);
ANSWER(ec2_create_nat_gateway_reply, "CreateNatGatewayResult", REQUEST_ID,
       MADE(nat_gateway, "natGateway", ec2_nat_gateway_shape), CLIENT_TOKEN);
ANSWER(ec2_delete_nat_gateway_reply, "DeleteNatGatewayResult", REQUEST_ID,
       REPLY(nat_gateway_id, TEXT, "natGatewayId"));
ANSWER(ec2_create_network_interface_reply, "CreateNetworkInterfaceResult", REQUEST_ID,
       MADE(network_interface, "networkInterface", ec2_network_interface_shape), CLIENT_TOKEN);

ANSWER(ec2_create_vpc_endpoint_reply, "CreateVpcEndpointResult", REQUEST_ID,
       MADE(vpc_endpoint, "vpcEndpoint", ec2_vpc_endpoint_shape), CLIENT_TOKEN);
ANSWER(ec2_create_security_group_reply, "CreateSecurityGroupResult", REQUEST_ID,
       REPLY(group_id, TEXT, "groupId", .required = true));
ANSWER(ec2_create_network_acl_reply, "CreateNetworkAclResult", REQUEST_ID,
       MADE(network_acl, "networkAcl", ec2_network_acl_shape), CLIENT_TOKEN);
ANSWER(ec2_replace_network_acl_association_reply, "ReplaceNetworkAclAssociationResult", REQUEST_ID,
       REPLY(new_association_id, TEXT, "newAssociationId", .required = true));
ANSWER(ec2_modify_vpc_block_public_access_options_reply, "ModifyVpcBlockPublicAccessOptionsResult",
       REQUEST_ID,
       GROUP_OF(ec2_change_reply, vpc_block_public_access_options, "vpcBlockPublicAccessOptions",
                ec2_vpc_block_public_access_options_shape));

/* Ingress and egress answer the same. The rules are not required: EC2's samples of older versions
 * answer <return> alone. */
static const struct wire_field security_group_rule_fields[] = {
    WIRE_FIELD(ec2_security_group_rule, security_group_rule_id, TEXT, "securityGroupRuleId"),
    WIRE_FIELD(ec2_security_group_rule, group_id, TEXT, "groupId"),
};
static const struct wire_shape security_group_rule_shape =
    SHAPE(ec2_security_group_rule, "SecurityGroupRule", security_group_rule_fields);
ANSWER(ec2_authorize_security_group_reply, "AuthorizeSecurityGroupIngressResult", REQUEST_ID,
       REPLY(return_value, BOOL, "return"),
       REPLY(security_group_rules, LIST, "securityGroupRuleSet",
             .type = &security_group_rule_shape));
ANSWER(ec2_revoke_security_group_reply, "RevokeSecurityGroupIngressResult", REQUEST_ID,
       REPLY(return_value, BOOL, "return"),
       REPLY(security_group_rules, LIST, "revokedSecurityGroupRuleSet",
             .type = &security_group_rule_shape));

/* HTTP 200 says only that each endpoint was tried: those that stay are in `unsuccessful`. */
static const struct wire_field unsuccessful_error_fields[] = {
    WIRE_FIELD(ec2_unsuccessful_item, error_code, TEXT, "code"),
    WIRE_FIELD(ec2_unsuccessful_item, error_message, TEXT, "message"),
};
static const struct wire_shape unsuccessful_error_shape =
    SHAPE(ec2_unsuccessful_item, "UnsuccessfulItemError", unsuccessful_error_fields);
static const struct wire_field unsuccessful_item_fields[] = {
    GROUP_HERE("error", unsuccessful_error_shape),
    WIRE_FIELD(ec2_unsuccessful_item, resource_id, TEXT, "resourceId"),
};
static const struct wire_shape unsuccessful_item_shape =
    SHAPE(ec2_unsuccessful_item, "UnsuccessfulItem", unsuccessful_item_fields);
ANSWER(ec2_delete_vpc_endpoints_reply, "DeleteVpcEndpointsResult", REQUEST_ID,
       REPLY(unsuccessful, LIST, "unsuccessful", .type = &unsuccessful_item_shape));

static const struct wire_field association_state_fields[] = {
    REPLY(association_state, ENUM, "state", .type = &ec2_association_state_words),
};
static const struct wire_shape association_state_shape =
    SHAPE(ec2_change_reply, "RouteTableAssociationState", association_state_fields);

ANSWER(ec2_associate_route_table_reply, "AssociateRouteTableResult", REQUEST_ID,
       REPLY(association_id, TEXT, "associationId", .required = true),
       GROUP_HERE("associationState", association_state_shape));
ANSWER(ec2_replace_route_table_association_reply, "ReplaceRouteTableAssociationResult", REQUEST_ID,
       REPLY(new_association_id, TEXT, "newAssociationId", .required = true),
       GROUP_HERE("associationState", association_state_shape));

ANSWER(ec2_allocate_address_reply, "AllocateAddressResult", REQUEST_ID,
       REPLY(allocation_id, TEXT, "allocationId", .required = true),
       REPLY(public_ip, TEXT, "publicIp"), REPLY(domain, TEXT, "domain"),
       REPLY(network_border_group, TEXT, "networkBorderGroup"),
       REPLY(public_ipv4_pool, TEXT, "publicIpv4Pool"));
/* Not required: EC2's samples of older versions answer <return> alone. */
ANSWER(ec2_associate_address_reply, "AssociateAddressResult", REQUEST_ID,
       REPLY(association_id, TEXT, "associationId"));

/* Associate and Disassociate answer the same. */
ANSWER(ec2_vpc_cidr_block_reply, "AssociateVpcCidrBlockResult", REQUEST_ID,
       GROUP_OF(ec2_change_reply, ipv6_cidr_block_association, "ipv6CidrBlockAssociation",
                ec2_vpc_ipv6_cidr_block_association_shape),
       GROUP_OF(ec2_change_reply, cidr_block_association, "cidrBlockAssociation",
                ec2_vpc_cidr_block_association_shape),
       REPLY(vpc_id, TEXT, "vpcId"));
ANSWER(ec2_subnet_cidr_block_reply, "AssociateSubnetCidrBlockResult", REQUEST_ID,
       GROUP_OF(ec2_change_reply, ipv6_cidr_block_association, "ipv6CidrBlockAssociation",
                ec2_subnet_ipv6_cidr_block_association_shape),
       REPLY(subnet_id, TEXT, "subnetId"));

/* STS speaks the older Query dialect: capitals, a wrapper, the request id in its own element. */
static const struct wire_field caller_identity_fields[] = {
    REPLY(account, TEXT, "Account", .required = true), /* S1 compares it */
    REPLY(arn, TEXT, "Arn"),
    REPLY(user_id, TEXT, "UserId"),
};
static const struct wire_shape caller_identity_shape =
    SHAPE(ec2_change_reply, "GetCallerIdentityResponse", caller_identity_fields);
static const struct wire_field response_metadata_fields[] = {
    REPLY(request_id, TEXT, "RequestId"),
};
static const struct wire_shape response_metadata_shape =
    SHAPE(ec2_change_reply, "ResponseMetadata", response_metadata_fields);
static const struct wire_field get_caller_identity_fields[] = {
    {.name = "GetCallerIdentityResult",
     .kind = WIRE_GROUP,
     .required = true,
     .type = &caller_identity_shape},
    GROUP_HERE("ResponseMetadata", response_metadata_shape),
};
const struct wire_shape sts_get_caller_identity_reply =
    SHAPE(ec2_change_reply, "GetCallerIdentityResponse", get_caller_identity_fields);
