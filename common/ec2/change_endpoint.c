/* What each change of a VPC endpoint takes (aws-facts 2.3). */
#include "change_private.h"

static const struct wire_field dns_options_fields[] = {
    MEMBER(dns_record_ip_type, TEXT, "DnsRecordIpType"),
};
static const struct wire_shape dns_options_shape =
    SHAPE(ec2_change_request, "DnsOptionsSpecification", dns_options_fields);

/* What Create and Modify share. */
#define OPTIONS                                                                                    \
    MEMBER(private_dns_enabled, BOOL, "PrivateDnsEnabled"),                                        \
        MEMBER(ip_address_type, TEXT, "IpAddressType"),                                            \
        GROUP_HERE("DnsOptions", dns_options_shape),                                               \
        MEMBER(policy_document, TEXT, "PolicyDocument")

/* Without VpcEndpointType it is a Gateway. ServiceName is not required since endpoints lead to
 * resources too. */
CHANGE(ec2_create_vpc_endpoint_request, "CreateVpcEndpointRequest", REQUIRED(vpc_id, TEXT, "VpcId"),
       MEMBER(service_name, TEXT, "ServiceName"),
       MEMBER(vpc_endpoint_type, TEXT, "VpcEndpointType"),
       MEMBER(route_table_ids, TEXTS, "RouteTableId"), MEMBER(subnet_ids, TEXTS, "SubnetId"),
       MEMBER(security_group_ids, TEXTS, "SecurityGroupId"), OPTIONS, CLIENT_TOKEN,
       TAG_SPECIFICATIONS, DRY_RUN);
CHANGE(ec2_modify_vpc_endpoint_request, "ModifyVpcEndpointRequest",
       REQUIRED(vpc_endpoint_id, TEXT, "VpcEndpointId"), MEMBER(reset_policy, BOOL, "ResetPolicy"),
       MEMBER(add_route_table_ids, TEXTS, "AddRouteTableId"),
       MEMBER(remove_route_table_ids, TEXTS, "RemoveRouteTableId"),
       MEMBER(add_subnet_ids, TEXTS, "AddSubnetId"),
       MEMBER(remove_subnet_ids, TEXTS, "RemoveSubnetId"),
       MEMBER(add_security_group_ids, TEXTS, "AddSecurityGroupId"),
       MEMBER(remove_security_group_ids, TEXTS, "RemoveSecurityGroupId"), OPTIONS, DRY_RUN);
CHANGE(ec2_delete_vpc_endpoints_request, "DeleteVpcEndpointsRequest",
       REQUIRED(vpc_endpoint_ids, TEXTS, "VpcEndpointId"), DRY_RUN);
