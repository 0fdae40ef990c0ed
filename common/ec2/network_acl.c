/* NetworkAcl, its entries and its associations. */
#include "shapes.h"

static const struct wire_field association_fields[] = {
    WIRE_FIELD(ec2_network_acl_association, network_acl_association_id, TEXT,
               "networkAclAssociationId"),
    WIRE_FIELD(ec2_network_acl_association, network_acl_id, TEXT, "networkAclId"),
    WIRE_FIELD(ec2_network_acl_association, subnet_id, TEXT, "subnetId"),
};
static const struct wire_shape association_shape =
    SHAPE(ec2_network_acl_association, "NetworkAclAssociation", association_fields);

static const struct wire_field port_range_fields[] = {
    WIRE_FIELD(ec2_network_acl_entry, port_from, INT, "from"),
    WIRE_FIELD(ec2_network_acl_entry, port_to, INT, "to"),
};
static const struct wire_shape port_range_shape =
    SHAPE(ec2_network_acl_entry, "PortRange", port_range_fields);

static const struct wire_field icmp_type_code_fields[] = {
    WIRE_FIELD(ec2_network_acl_entry, icmp_type, INT, "type"),
    WIRE_FIELD(ec2_network_acl_entry, icmp_code, INT, "code"),
};
static const struct wire_shape icmp_type_code_shape =
    SHAPE(ec2_network_acl_entry, "IcmpTypeCode", icmp_type_code_fields);

static const struct wire_field entry_fields[] = {
    WIRE_FIELD(ec2_network_acl_entry, rule_number, INT, "ruleNumber"),
    WIRE_FIELD(ec2_network_acl_entry, protocol, TEXT, "protocol"),
    WIRE_FIELD(ec2_network_acl_entry, rule_action, TEXT, "ruleAction"),
    WIRE_FIELD(ec2_network_acl_entry, egress, BOOL, "egress"),
    WIRE_FIELD(ec2_network_acl_entry, cidr_block, PREFIX, "cidrBlock"),
    WIRE_FIELD(ec2_network_acl_entry, ipv6_cidr_block, PREFIX, "ipv6CidrBlock"),
    GROUP_HERE("icmpTypeCode", icmp_type_code_shape),
    GROUP_HERE("portRange", port_range_shape),
};
static const struct wire_shape entry_shape =
    SHAPE(ec2_network_acl_entry, "NetworkAclEntry", entry_fields);

static const struct wire_field network_acl_fields[] = {
    WIRE_FIELD(ec2_network_acl, network_acl_id, TEXT, "networkAclId", .required = true),
    WIRE_FIELD(ec2_network_acl, vpc_id, TEXT, "vpcId"),
    WIRE_FIELD(ec2_network_acl, owner_id, TEXT, "ownerId"),
    WIRE_FIELD(ec2_network_acl, is_default, BOOL, "default"),
    WIRE_FIELD(ec2_network_acl, entries, LIST, "entrySet", .type = &entry_shape),
    WIRE_FIELD(ec2_network_acl, associations, LIST, "associationSet", .type = &association_shape),
    WIRE_FIELD(ec2_network_acl, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_network_acl_shape =
    SHAPE(ec2_network_acl, "NetworkAcl", network_acl_fields);
