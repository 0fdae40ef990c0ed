/* What each change of a VPC, subnet, gateway, address or interface takes (aws-facts 2.3). What is
 * required is AWS's model's word; that CreateSubnet wants one of two CIDR blocks, say, is the
 * simulator's to know. */
#include "change_private.h"

/* GetCallerIdentity takes nothing. */
const struct wire_shape ec2_no_parameters = {"GetCallerIdentityRequest",
                                             sizeof(struct ec2_change_request), NULL, 0};

CHANGE(ec2_create_vpc_request, "CreateVpcRequest", MEMBER(cidr_block, PREFIX, "CidrBlock"),
       MEMBER(amazon_provided_ipv6_cidr_block, BOOL, "AmazonProvidedIpv6CidrBlock"),
       MEMBER(ipv6_pool, TEXT, "Ipv6Pool"), MEMBER(ipv6_cidr_block, PREFIX, "Ipv6CidrBlock"),
       MEMBER(ipv6_cidr_block_network_border_group, TEXT, "Ipv6CidrBlockNetworkBorderGroup"),
       MEMBER(instance_tenancy, TEXT, "InstanceTenancy"), TAG_SPECIFICATIONS, DRY_RUN);
CHANGE(ec2_delete_vpc_request, "DeleteVpcRequest", REQUIRED(vpc_id, TEXT, "VpcId"), DRY_RUN);

CHANGE(ec2_create_subnet_request, "CreateSubnetRequest", REQUIRED(vpc_id, TEXT, "VpcId"),
       MEMBER(cidr_block, PREFIX, "CidrBlock"), MEMBER(ipv6_cidr_block, PREFIX, "Ipv6CidrBlock"),
       MEMBER(ipv6_native, BOOL, "Ipv6Native"), MEMBER(availability_zone, TEXT, "AvailabilityZone"),
       MEMBER(availability_zone_id, TEXT, "AvailabilityZoneId"), TAG_SPECIFICATIONS, DRY_RUN);
CHANGE(ec2_delete_subnet_request, "DeleteSubnetRequest", REQUIRED(subnet_id, TEXT, "SubnetId"),
       DRY_RUN);

CHANGE(ec2_create_internet_gateway_request, "CreateInternetGatewayRequest", TAG_SPECIFICATIONS,
       DRY_RUN);
/* Attach and Detach take the same. */
CHANGE(ec2_attach_internet_gateway_request, "AttachInternetGatewayRequest",
       REQUIRED(internet_gateway_id, TEXT, "InternetGatewayId"), REQUIRED(vpc_id, TEXT, "VpcId"),
       DRY_RUN);
CHANGE(ec2_delete_internet_gateway_request, "DeleteInternetGatewayRequest",
       REQUIRED(internet_gateway_id, TEXT, "InternetGatewayId"), DRY_RUN);

CHANGE(ec2_create_egress_only_internet_gateway_request, "CreateEgressOnlyInternetGatewayRequest",
       REQUIRED(vpc_id, TEXT, "VpcId"), CLIENT_TOKEN, TAG_SPECIFICATIONS, DRY_RUN);
CHANGE(ec2_delete_egress_only_internet_gateway_request, "DeleteEgressOnlyInternetGatewayRequest",
       REQUIRED(egress_only_internet_gateway_id, TEXT, "EgressOnlyInternetGatewayId"), DRY_RUN);

static const struct wire_field availability_zone_address_fields[] = {
    WIRE_FIELD(ec2_availability_zone_address, availability_zone, TEXT, "AvailabilityZone"),
    WIRE_FIELD(ec2_availability_zone_address, availability_zone_id, TEXT, "AvailabilityZoneId"),
    WIRE_FIELD(ec2_availability_zone_address, allocation_ids, TEXTS, "AllocationId"),
};
static const struct wire_shape availability_zone_address_shape = SHAPE(
    ec2_availability_zone_address, "AvailabilityZoneAddress", availability_zone_address_fields);

/* Nothing is required since there are regional ones: either SubnetId, or VpcId and
 * AvailabilityMode. */
CHANGE(ec2_create_nat_gateway_request, "CreateNatGatewayRequest", MEMBER(vpc_id, TEXT, "VpcId"),
       MEMBER(subnet_id, TEXT, "SubnetId"), MEMBER(allocation_id, TEXT, "AllocationId"),
       MEMBER(connectivity_type, ENUM, "ConnectivityType", .type = &ec2_connectivity_type_words),
       MEMBER(availability_mode, ENUM, "AvailabilityMode", .type = &ec2_availability_mode_words),
       MEMBER(private_ip_address, TEXT, "PrivateIpAddress"), CLIENT_TOKEN,
       MEMBER(availability_zone_addresses, LIST, "AvailabilityZoneAddress",
              .type = &availability_zone_address_shape),
       TAG_SPECIFICATIONS, DRY_RUN);
CHANGE(ec2_delete_nat_gateway_request, "DeleteNatGatewayRequest",
       REQUIRED(nat_gateway_id, TEXT, "NatGatewayId"), DRY_RUN);

CHANGE(ec2_allocate_address_request, "AllocateAddressRequest", MEMBER(domain, TEXT, "Domain"),
       MEMBER(address, TEXT, "Address"), MEMBER(public_ipv4_pool, TEXT, "PublicIpv4Pool"),
       MEMBER(network_border_group, TEXT, "NetworkBorderGroup"), TAG_SPECIFICATIONS, DRY_RUN);
CHANGE(ec2_release_address_request, "ReleaseAddressRequest",
       MEMBER(allocation_id, TEXT, "AllocationId"), MEMBER(public_ip, TEXT, "PublicIp"),
       MEMBER(network_border_group, TEXT, "NetworkBorderGroup"), DRY_RUN);
CHANGE(ec2_associate_address_request, "AssociateAddressRequest",
       MEMBER(allocation_id, TEXT, "AllocationId"), MEMBER(public_ip, TEXT, "PublicIp"),
       MEMBER(network_interface_id, TEXT, "NetworkInterfaceId"),
       MEMBER(instance_id, TEXT, "InstanceId"),
       MEMBER(private_ip_address, TEXT, "PrivateIpAddress"),
       MEMBER(allow_reassociation, BOOL, "AllowReassociation"), DRY_RUN);
CHANGE(ec2_disassociate_address_request, "DisassociateAddressRequest",
       MEMBER(association_id, TEXT, "AssociationId"), MEMBER(public_ip, TEXT, "PublicIp"), DRY_RUN);

/* The CIDR block associations and Modify*Attribute have no DryRun (aws-facts 1.6). */
#define IPAM                                                                                       \
    MEMBER(ipv6_ipam_pool_id, TEXT, "Ipv6IpamPoolId"),                                             \
        MEMBER(ipv6_netmask_length, INT, "Ipv6NetmaskLength")
CHANGE(ec2_associate_vpc_cidr_block_request, "AssociateVpcCidrBlockRequest",
       REQUIRED(vpc_id, TEXT, "VpcId"), MEMBER(cidr_block, PREFIX, "CidrBlock"),
       MEMBER(amazon_provided_ipv6_cidr_block, BOOL, "AmazonProvidedIpv6CidrBlock"),
       MEMBER(ipv6_pool, TEXT, "Ipv6Pool"), MEMBER(ipv6_cidr_block, PREFIX, "Ipv6CidrBlock"), IPAM,
       MEMBER(ipv6_cidr_block_network_border_group, TEXT, "Ipv6CidrBlockNetworkBorderGroup"));
CHANGE(ec2_associate_subnet_cidr_block_request, "AssociateSubnetCidrBlockRequest",
       REQUIRED(subnet_id, TEXT, "SubnetId"), MEMBER(ipv6_cidr_block, PREFIX, "Ipv6CidrBlock"),
       IPAM);
/* DisassociateVpcCidrBlock and DisassociateSubnetCidrBlock take the same. */
CHANGE(ec2_disassociate_cidr_block_request, "DisassociateVpcCidrBlockRequest",
       REQUIRED(association_id, TEXT, "AssociationId"));

/* A flag is a structure with one member: "MapPublicIpOnLaunch.Value". */
#define FLAG(member)                                                                               \
    static const struct wire_field member##_fields[] = {MEMBER(member, BOOL, "Value")};            \
    static const struct wire_shape member##_shape =                                                \
        SHAPE(ec2_change_request, "AttributeBooleanValue", member##_fields)
FLAG(map_public_ip_on_launch);
FLAG(assign_ipv6_address_on_creation);
FLAG(enable_dns64);
FLAG(enable_dns_support);
FLAG(enable_dns_hostnames);

CHANGE(ec2_modify_subnet_attribute_request, "ModifySubnetAttributeRequest",
       REQUIRED(subnet_id, TEXT, "SubnetId"),
       GROUP_HERE("MapPublicIpOnLaunch", map_public_ip_on_launch_shape),
       GROUP_HERE("AssignIpv6AddressOnCreation", assign_ipv6_address_on_creation_shape),
       GROUP_HERE("EnableDns64", enable_dns64_shape));
CHANGE(ec2_modify_vpc_attribute_request, "ModifyVpcAttributeRequest",
       REQUIRED(vpc_id, TEXT, "VpcId"), GROUP_HERE("EnableDnsSupport", enable_dns_support_shape),
       GROUP_HERE("EnableDnsHostnames", enable_dns_hostnames_shape));

CHANGE(ec2_create_network_interface_request, "CreateNetworkInterfaceRequest",
       REQUIRED(subnet_id, TEXT, "SubnetId"), MEMBER(description, TEXT, "Description"),
       MEMBER(interface_type, TEXT, "InterfaceType"),
       MEMBER(private_ip_address, TEXT, "PrivateIpAddress"),
       MEMBER(security_group_ids, TEXTS, "SecurityGroupId"),
       MEMBER(ipv6_address_count, INT, "Ipv6AddressCount"), CLIENT_TOKEN, TAG_SPECIFICATIONS,
       DRY_RUN);
CHANGE(ec2_delete_network_interface_request, "DeleteNetworkInterfaceRequest",
       REQUIRED(network_interface_id, TEXT, "NetworkInterfaceId"), DRY_RUN);

CHANGE(ec2_create_tags_request, "CreateTagsRequest", REQUIRED(resource_ids, TEXTS, "ResourceId"),
       REQUIRED(tags, LIST, "Tag", .type = &ec2_tag_request_shape), DRY_RUN);
/* Without a Tag every tag is deleted. */
CHANGE(ec2_delete_tags_request, "DeleteTagsRequest", REQUIRED(resource_ids, TEXTS, "ResourceId"),
       MEMBER(tags, LIST, "Tag", .type = &ec2_tag_request_shape), DRY_RUN);
