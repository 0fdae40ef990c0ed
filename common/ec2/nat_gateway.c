/* NatGateway, and Address (an Elastic IP). */
#include "shapes.h"

static const struct wire_field nat_gateway_address_fields[] = {
    WIRE_FIELD(ec2_nat_gateway_address, allocation_id, TEXT, "allocationId"),
    WIRE_FIELD(ec2_nat_gateway_address, association_id, TEXT, "associationId"),
    WIRE_FIELD(ec2_nat_gateway_address, network_interface_id, TEXT, "networkInterfaceId"),
    WIRE_FIELD(ec2_nat_gateway_address, private_ip, TEXT, "privateIp"),
    WIRE_FIELD(ec2_nat_gateway_address, public_ip, TEXT, "publicIp"),
    WIRE_FIELD(ec2_nat_gateway_address, is_primary, BOOL, "isPrimary"),
    WIRE_FIELD(ec2_nat_gateway_address, status, TEXT, "status"),
    WIRE_FIELD(ec2_nat_gateway_address, failure_message, TEXT, "failureMessage"),
    WIRE_FIELD(ec2_nat_gateway_address, availability_zone, TEXT, "availabilityZone"),
    WIRE_FIELD(ec2_nat_gateway_address, availability_zone_id, TEXT, "availabilityZoneId"),
};
static const struct wire_shape nat_gateway_address_shape =
    SHAPE(ec2_nat_gateway_address, "NatGatewayAddress", nat_gateway_address_fields);

static const struct wire_field nat_gateway_fields[] = {
    WIRE_FIELD(ec2_nat_gateway, nat_gateway_id, TEXT, "natGatewayId", .required = true),
    WIRE_FIELD(ec2_nat_gateway, vpc_id, TEXT, "vpcId"),
    WIRE_FIELD(ec2_nat_gateway, subnet_id, TEXT, "subnetId"), /* absent when regional */
    WIRE_FIELD(ec2_nat_gateway, state, ENUM, "state", .type = &ec2_state_words),
    WIRE_FIELD(ec2_nat_gateway, failure_code, TEXT, "failureCode"),
    WIRE_FIELD(ec2_nat_gateway, failure_message, TEXT, "failureMessage"),
    WIRE_FIELD(ec2_nat_gateway, create_time, TEXT, "createTime"),
    WIRE_FIELD(ec2_nat_gateway, delete_time, TEXT, "deleteTime"),
    WIRE_FIELD(ec2_nat_gateway, connectivity_type, ENUM, "connectivityType",
               .type = &ec2_connectivity_type_words),
    WIRE_FIELD(ec2_nat_gateway, availability_mode, ENUM, "availabilityMode",
               .type = &ec2_availability_mode_words),
    WIRE_FIELD(ec2_nat_gateway, auto_scaling_ips, TEXT, "autoScalingIps"),
    WIRE_FIELD(ec2_nat_gateway, auto_provision_zones, TEXT, "autoProvisionZones"),
    WIRE_FIELD(ec2_nat_gateway, route_table_id, TEXT, "routeTableId"), /* of a regional one */
    WIRE_FIELD(ec2_nat_gateway, addresses, LIST, "natGatewayAddressSet",
               .type = &nat_gateway_address_shape),
    WIRE_FIELD(ec2_nat_gateway, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_nat_gateway_shape =
    SHAPE(ec2_nat_gateway, "NatGateway", nat_gateway_fields);

/* allocationId is not required: an address of EC2-Classic had none. */
static const struct wire_field address_fields[] = {
    WIRE_FIELD(ec2_address, allocation_id, TEXT, "allocationId"),
    WIRE_FIELD(ec2_address, association_id, TEXT, "associationId"),
    WIRE_FIELD(ec2_address, public_ip, TEXT, "publicIp"),
    WIRE_FIELD(ec2_address, domain, TEXT, "domain"),
    WIRE_FIELD(ec2_address, network_interface_id, TEXT, "networkInterfaceId"),
    WIRE_FIELD(ec2_address, network_interface_owner_id, TEXT, "networkInterfaceOwnerId"),
    WIRE_FIELD(ec2_address, private_ip_address, TEXT, "privateIpAddress"),
    WIRE_FIELD(ec2_address, network_border_group, TEXT, "networkBorderGroup"),
    WIRE_FIELD(ec2_address, service_managed, TEXT, "serviceManaged"),
    WIRE_FIELD(ec2_address, subnet_id, TEXT, "subnetId"),
    WIRE_FIELD(ec2_address, instance_id, TEXT, "instanceId"),
    WIRE_FIELD(ec2_address, public_ipv4_pool, TEXT, "publicIpv4Pool"),
    WIRE_FIELD(ec2_address, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_address_shape = SHAPE(ec2_address, "Address", address_fields);
