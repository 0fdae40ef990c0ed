/* What each change of security groups, network ACLs and Block Public Access takes (aws-facts 2.3).
 */
#include "change_private.h"

CHANGE(ec2_create_security_group_request, "CreateSecurityGroupRequest",
       REQUIRED(group_description, TEXT, "GroupDescription"),
       REQUIRED(group_name, TEXT, "GroupName"), MEMBER(vpc_id, TEXT, "VpcId"), TAG_SPECIFICATIONS,
       DRY_RUN);

/* AWS's model has the flat form of one rule beside the list (CidrIp, IpProtocol ...); we send the
 * list alone, and for egress EC2 refuses the flat one. */
#define PERMISSIONS                                                                                \
    MEMBER(ip_permissions, LIST, "IpPermissions", .type = &ec2_ip_permission_request_shape)

CHANGE(ec2_authorize_security_group_egress_request, "AuthorizeSecurityGroupEgressRequest",
       REQUIRED(group_id, TEXT, "GroupId"), PERMISSIONS, TAG_SPECIFICATIONS, DRY_RUN);
/* Not required: a group of the default VPC may come by its name, which we do not send. */
CHANGE(ec2_authorize_security_group_ingress_request, "AuthorizeSecurityGroupIngressRequest",
       MEMBER(group_id, TEXT, "GroupId"), PERMISSIONS, TAG_SPECIFICATIONS, DRY_RUN);
CHANGE(ec2_revoke_security_group_egress_request, "RevokeSecurityGroupEgressRequest",
       REQUIRED(group_id, TEXT, "GroupId"), PERMISSIONS, DRY_RUN);
CHANGE(ec2_revoke_security_group_ingress_request, "RevokeSecurityGroupIngressRequest",
       MEMBER(group_id, TEXT, "GroupId"), PERMISSIONS, DRY_RUN);

#define NETWORK_ACL_ID REQUIRED(network_acl_id, TEXT, "NetworkAclId")
#define RULE REQUIRED(rule_number, INT, "RuleNumber"), REQUIRED(egress, BOOL, "Egress")

static const struct wire_field port_range_fields[] = {
    MEMBER(port_from, INT, "From"),
    MEMBER(port_to, INT, "To"),
};
static const struct wire_shape port_range_shape =
    SHAPE(ec2_change_request, "PortRange", port_range_fields);

static const struct wire_field icmp_type_code_fields[] = {
    MEMBER(icmp_type, INT, "Type"),
    MEMBER(icmp_code, INT, "Code"),
};
static const struct wire_shape icmp_type_code_shape =
    SHAPE(ec2_change_request, "IcmpTypeCode", icmp_type_code_fields);

CHANGE(ec2_create_network_acl_request, "CreateNetworkAclRequest", REQUIRED(vpc_id, TEXT, "VpcId"),
       CLIENT_TOKEN, TAG_SPECIFICATIONS, DRY_RUN);
CHANGE(ec2_create_network_acl_entry_request, "CreateNetworkAclEntryRequest", NETWORK_ACL_ID, RULE,
       REQUIRED(protocol, TEXT, "Protocol"), REQUIRED(rule_action, TEXT, "RuleAction"),
       MEMBER(cidr_block, PREFIX, "CidrBlock"), MEMBER(ipv6_cidr_block, PREFIX, "Ipv6CidrBlock"),
       GROUP_HERE("Icmp", icmp_type_code_shape), GROUP_HERE("PortRange", port_range_shape),
       DRY_RUN);
CHANGE(ec2_delete_network_acl_entry_request, "DeleteNetworkAclEntryRequest", NETWORK_ACL_ID, RULE,
       DRY_RUN);
CHANGE(ec2_replace_network_acl_association_request, "ReplaceNetworkAclAssociationRequest",
       REQUIRED(association_id, TEXT, "AssociationId"), NETWORK_ACL_ID, DRY_RUN);

CHANGE(ec2_modify_vpc_block_public_access_options_request,
       "ModifyVpcBlockPublicAccessOptionsRequest",
       REQUIRED(internet_gateway_block_mode, TEXT, "InternetGatewayBlockMode"), DRY_RUN);
