/* Subnet and its IPv6 block. */
#include "shapes.h"

static const struct wire_field ipv6_cidr_block_state_fields[] = {
    WIRE_FIELD(ec2_ipv6_cidr_block_association, state, ENUM, "state",
               .type = &ec2_association_state_words),
    WIRE_FIELD(ec2_ipv6_cidr_block_association, status_message, TEXT, "statusMessage"),
};
static const struct wire_shape ipv6_cidr_block_state_shape =
    SHAPE(ec2_ipv6_cidr_block_association, "SubnetCidrBlockState", ipv6_cidr_block_state_fields);

/* A subnet's has neither pool nor border group: those are the VPC's. */
static const struct wire_field ipv6_cidr_block_association_fields[] = {
    WIRE_FIELD(ec2_ipv6_cidr_block_association, association_id, TEXT, "associationId"),
    WIRE_FIELD(ec2_ipv6_cidr_block_association, ipv6_cidr_block, PREFIX, "ipv6CidrBlock"),
    GROUP_HERE("ipv6CidrBlockState", ipv6_cidr_block_state_shape),
    WIRE_FIELD(ec2_ipv6_cidr_block_association, ip_source, TEXT, "ipSource"),
};
const struct wire_shape ec2_subnet_ipv6_cidr_block_association_shape =
    SHAPE(ec2_ipv6_cidr_block_association, "SubnetIpv6CidrBlockAssociation",
          ipv6_cidr_block_association_fields);

static const struct wire_field block_public_access_fields[] = {
    WIRE_FIELD(ec2_subnet, internet_gateway_block_mode, TEXT, "internetGatewayBlockMode"),
};
static const struct wire_shape block_public_access_shape =
    SHAPE(ec2_subnet, "BlockPublicAccessStates", block_public_access_fields);

static const struct wire_field subnet_fields[] = {
    WIRE_FIELD(ec2_subnet, subnet_id, TEXT, "subnetId", .required = true),
    WIRE_FIELD(ec2_subnet, vpc_id, TEXT, "vpcId"),
    WIRE_FIELD(ec2_subnet, owner_id, TEXT, "ownerId"),
    WIRE_FIELD(ec2_subnet, state, ENUM, "state", .type = &ec2_state_words),
    WIRE_FIELD(ec2_subnet, cidr_block, PREFIX, "cidrBlock"),
    WIRE_FIELD(ec2_subnet, ipv6_cidr_block_associations, LIST, "ipv6CidrBlockAssociationSet",
               .type = &ec2_subnet_ipv6_cidr_block_association_shape),
    WIRE_FIELD(ec2_subnet, availability_zone, TEXT, "availabilityZone"),
    WIRE_FIELD(ec2_subnet, availability_zone_id, TEXT, "availabilityZoneId"),
    WIRE_FIELD(ec2_subnet, available_ip_address_count, INT, "availableIpAddressCount"),
    WIRE_FIELD(ec2_subnet, default_for_az, BOOL, "defaultForAz"),
    WIRE_FIELD(ec2_subnet, map_public_ip_on_launch, BOOL, "mapPublicIpOnLaunch"),
    WIRE_FIELD(ec2_subnet, assign_ipv6_address_on_creation, BOOL, "assignIpv6AddressOnCreation"),
    WIRE_FIELD(ec2_subnet, enable_dns64, BOOL, "enableDns64"),
    WIRE_FIELD(ec2_subnet, ipv6_native, BOOL, "ipv6Native"),
    GROUP_HERE("blockPublicAccessStates", block_public_access_shape),
    WIRE_FIELD(ec2_subnet, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_subnet_shape = SHAPE(ec2_subnet, "Subnet", subnet_fields);
