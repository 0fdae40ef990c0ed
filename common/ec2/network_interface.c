/* NetworkInterface. */
#include "shapes.h"

static const struct wire_field association_fields[] = {
    WIRE_FIELD(ec2_network_interface, association_public_ip, TEXT, "publicIp"),
    WIRE_FIELD(ec2_network_interface, association_allocation_id, TEXT, "allocationId"),
    WIRE_FIELD(ec2_network_interface, association_association_id, TEXT, "associationId"),
};
static const struct wire_shape association_shape =
    SHAPE(ec2_network_interface, "NetworkInterfaceAssociation", association_fields);

static const struct wire_field attachment_fields[] = {
    WIRE_FIELD(ec2_network_interface, attachment_instance_id, TEXT, "instanceId"),
};
static const struct wire_shape attachment_shape =
    SHAPE(ec2_network_interface, "NetworkInterfaceAttachment", attachment_fields);

/* Who runs it: those of Lambda Managed Instances are operator-managed (aws-facts 2.1). */
static const struct wire_field operator_fields[] = {
    WIRE_FIELD(ec2_network_interface, operator_managed, BOOL, "managed"),
    WIRE_FIELD(ec2_network_interface, operator_principal, TEXT, "principal"),
    WIRE_FIELD(ec2_network_interface, operator_hidden_by_default, BOOL, "hiddenByDefault"),
};
static const struct wire_shape operator_shape =
    SHAPE(ec2_network_interface, "OperatorResponse", operator_fields);

static const struct wire_field ipv6_address_fields[] = {
    WIRE_FIELD(ec2_ipv6_address, ipv6_address, TEXT, "ipv6Address"),
};
static const struct wire_shape ipv6_address_shape =
    SHAPE(ec2_ipv6_address, "NetworkInterfaceIpv6Address", ipv6_address_fields);

static const struct wire_field group_identifier_fields[] = {
    WIRE_FIELD(ec2_group_identifier, group_id, TEXT, "groupId"),
    WIRE_FIELD(ec2_group_identifier, group_name, TEXT, "groupName"),
};
const struct wire_shape ec2_group_identifier_shape =
    SHAPE(ec2_group_identifier, "GroupIdentifier", group_identifier_fields);

static const struct wire_field network_interface_fields[] = {
    WIRE_FIELD(ec2_network_interface, network_interface_id, TEXT, "networkInterfaceId",
               .required = true),
    WIRE_FIELD(ec2_network_interface, subnet_id, TEXT, "subnetId"),
    WIRE_FIELD(ec2_network_interface, vpc_id, TEXT, "vpcId"),
    WIRE_FIELD(ec2_network_interface, owner_id, TEXT, "ownerId"),
    WIRE_FIELD(ec2_network_interface, availability_zone, TEXT, "availabilityZone"),
    WIRE_FIELD(ec2_network_interface, availability_zone_id, TEXT, "availabilityZoneId"),
    WIRE_FIELD(ec2_network_interface, interface_type, TEXT, "interfaceType"),
    WIRE_FIELD(ec2_network_interface, status, TEXT, "status"),
    WIRE_FIELD(ec2_network_interface, requester_id, TEXT, "requesterId"),
    WIRE_FIELD(ec2_network_interface, requester_managed, BOOL, "requesterManaged"),
    WIRE_FIELD(ec2_network_interface, description, TEXT, "description"),
    WIRE_FIELD(ec2_network_interface, private_ip_address, TEXT, "privateIpAddress"),
    WIRE_FIELD(ec2_network_interface, ipv6_addresses, LIST, "ipv6AddressesSet",
               .type = &ipv6_address_shape),
    WIRE_FIELD(ec2_network_interface, deny_all_igw_traffic, BOOL, "denyAllIgwTraffic"),
    WIRE_FIELD(ec2_network_interface, groups, LIST, "groupSet",
               .type = &ec2_group_identifier_shape),
    GROUP_HERE("association", association_shape),
    GROUP_HERE("attachment", attachment_shape),
    GROUP_HERE("operator", operator_shape),
    WIRE_FIELD(ec2_network_interface, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_network_interface_shape =
    SHAPE(ec2_network_interface, "NetworkInterface", network_interface_fields);
