/* Vpc and its CIDR block associations. */
#include "shapes.h"

static const struct wire_field cidr_block_state_fields[] = {
    WIRE_FIELD(ec2_vpc_cidr_block_association, state, ENUM, "state",
               .type = &ec2_association_state_words),
};
static const struct wire_shape cidr_block_state_shape =
    SHAPE(ec2_vpc_cidr_block_association, "VpcCidrBlockState", cidr_block_state_fields);

static const struct wire_field cidr_block_association_fields[] = {
    WIRE_FIELD(ec2_vpc_cidr_block_association, association_id, TEXT, "associationId"),
    WIRE_FIELD(ec2_vpc_cidr_block_association, cidr_block, PREFIX, "cidrBlock"),
    GROUP_HERE("cidrBlockState", cidr_block_state_shape),
};
const struct wire_shape ec2_vpc_cidr_block_association_shape =
    SHAPE(ec2_vpc_cidr_block_association, "VpcCidrBlockAssociation", cidr_block_association_fields);

static const struct wire_field ipv6_cidr_block_state_fields[] = {
    WIRE_FIELD(ec2_ipv6_cidr_block_association, state, ENUM, "state",
               .type = &ec2_association_state_words),
    WIRE_FIELD(ec2_ipv6_cidr_block_association, status_message, TEXT, "statusMessage"),
};
static const struct wire_shape ipv6_cidr_block_state_shape =
    SHAPE(ec2_ipv6_cidr_block_association, "VpcCidrBlockState", ipv6_cidr_block_state_fields);

static const struct wire_field ipv6_cidr_block_association_fields[] = {
    WIRE_FIELD(ec2_ipv6_cidr_block_association, association_id, TEXT, "associationId"),
    WIRE_FIELD(ec2_ipv6_cidr_block_association, ipv6_cidr_block, PREFIX, "ipv6CidrBlock"),
    GROUP_HERE("ipv6CidrBlockState", ipv6_cidr_block_state_shape),
    WIRE_FIELD(ec2_ipv6_cidr_block_association, network_border_group, TEXT, "networkBorderGroup"),
    WIRE_FIELD(ec2_ipv6_cidr_block_association, ipv6_pool, TEXT, "ipv6Pool"),
    WIRE_FIELD(ec2_ipv6_cidr_block_association, ip_source, TEXT, "ipSource"),
};
const struct wire_shape ec2_vpc_ipv6_cidr_block_association_shape =
    SHAPE(ec2_ipv6_cidr_block_association, "VpcIpv6CidrBlockAssociation",
          ipv6_cidr_block_association_fields);

static const struct wire_field block_public_access_fields[] = {
    WIRE_FIELD(ec2_vpc, internet_gateway_block_mode, TEXT, "internetGatewayBlockMode"),
};
static const struct wire_shape block_public_access_shape =
    SHAPE(ec2_vpc, "BlockPublicAccessStates", block_public_access_fields);

static const struct wire_field encryption_control_fields[] = {
    WIRE_FIELD(ec2_vpc, encryption_control_mode, TEXT, "mode"),
    WIRE_FIELD(ec2_vpc, encryption_control_state, TEXT, "state"),
};
static const struct wire_shape encryption_control_shape =
    SHAPE(ec2_vpc, "VpcEncryptionControl", encryption_control_fields);

static const struct wire_field vpc_fields[] = {
    WIRE_FIELD(ec2_vpc, vpc_id, TEXT, "vpcId", .required = true),
    WIRE_FIELD(ec2_vpc, owner_id, TEXT, "ownerId"),
    WIRE_FIELD(ec2_vpc, state, ENUM, "state", .type = &ec2_state_words),
    WIRE_FIELD(ec2_vpc, cidr_block, PREFIX, "cidrBlock"),
    WIRE_FIELD(ec2_vpc, cidr_block_associations, LIST, "cidrBlockAssociationSet",
               .type = &ec2_vpc_cidr_block_association_shape),
    WIRE_FIELD(ec2_vpc, ipv6_cidr_block_associations, LIST, "ipv6CidrBlockAssociationSet",
               .type = &ec2_vpc_ipv6_cidr_block_association_shape),
    WIRE_FIELD(ec2_vpc, dhcp_options_id, TEXT, "dhcpOptionsId"),
    WIRE_FIELD(ec2_vpc, instance_tenancy, TEXT, "instanceTenancy"),
    WIRE_FIELD(ec2_vpc, is_default, BOOL, "isDefault"),
    GROUP_HERE("blockPublicAccessStates", block_public_access_shape),
    GROUP_HERE("encryptionControl", encryption_control_shape),
    WIRE_FIELD(ec2_vpc, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_vpc_shape = SHAPE(ec2_vpc, "Vpc", vpc_fields);
