/* SecurityGroup and its rules: spelled one way in replies, another in requests. */
#include "shapes.h"

static const struct wire_field ip_range_fields[] = {
    WIRE_FIELD(ec2_ip_range, cidr_ip, PREFIX, "cidrIp"),
    WIRE_FIELD(ec2_ip_range, description, TEXT, "description"),
};
static const struct wire_shape ip_range_shape = SHAPE(ec2_ip_range, "IpRange", ip_range_fields);

static const struct wire_field ipv6_range_fields[] = {
    WIRE_FIELD(ec2_ipv6_range, cidr_ipv6, PREFIX, "cidrIpv6"),
    WIRE_FIELD(ec2_ipv6_range, description, TEXT, "description"),
};
static const struct wire_shape ipv6_range_shape =
    SHAPE(ec2_ipv6_range, "Ipv6Range", ipv6_range_fields);

static const struct wire_field prefix_list_id_fields[] = {
    WIRE_FIELD(ec2_prefix_list_id, prefix_list_id, TEXT, "prefixListId"),
    WIRE_FIELD(ec2_prefix_list_id, description, TEXT, "description"),
};
static const struct wire_shape prefix_list_id_shape =
    SHAPE(ec2_prefix_list_id, "PrefixListId", prefix_list_id_fields);

static const struct wire_field user_id_group_pair_fields[] = {
    WIRE_FIELD(ec2_user_id_group_pair, group_id, TEXT, "groupId"),
    WIRE_FIELD(ec2_user_id_group_pair, user_id, TEXT, "userId"),
    WIRE_FIELD(ec2_user_id_group_pair, vpc_id, TEXT, "vpcId"),
    WIRE_FIELD(ec2_user_id_group_pair, vpc_peering_connection_id, TEXT, "vpcPeeringConnectionId"),
    WIRE_FIELD(ec2_user_id_group_pair, description, TEXT, "description"),
};
static const struct wire_shape user_id_group_pair_shape =
    SHAPE(ec2_user_id_group_pair, "UserIdGroupPair", user_id_group_pair_fields);

/* A rule for all traffic has no ports (aws-facts 2.3). */
static const struct wire_field ip_permission_fields[] = {
    WIRE_FIELD(ec2_ip_permission, ip_protocol, TEXT, "ipProtocol"),
    WIRE_FIELD(ec2_ip_permission, from_port, INT, "fromPort"),
    WIRE_FIELD(ec2_ip_permission, to_port, INT, "toPort"),
    WIRE_FIELD(ec2_ip_permission, groups, LIST, "groups", .type = &user_id_group_pair_shape),
    WIRE_FIELD(ec2_ip_permission, ip_ranges, LIST, "ipRanges", .type = &ip_range_shape),
    WIRE_FIELD(ec2_ip_permission, ipv6_ranges, LIST, "ipv6Ranges", .type = &ipv6_range_shape),
    WIRE_FIELD(ec2_ip_permission, prefix_list_ids, LIST, "prefixListIds",
               .type = &prefix_list_id_shape),
};
static const struct wire_shape ip_permission_shape =
    SHAPE(ec2_ip_permission, "IpPermission", ip_permission_fields);

static const struct wire_field security_group_fields[] = {
    WIRE_FIELD(ec2_security_group, group_id, TEXT, "groupId", .required = true),
    WIRE_FIELD(ec2_security_group, group_name, TEXT, "groupName"),
    WIRE_FIELD(ec2_security_group, group_description, TEXT, "groupDescription"),
    WIRE_FIELD(ec2_security_group, vpc_id, TEXT, "vpcId"),
    WIRE_FIELD(ec2_security_group, owner_id, TEXT, "ownerId"),
    WIRE_FIELD(ec2_security_group, ip_permissions, LIST, "ipPermissions",
               .type = &ip_permission_shape),
    WIRE_FIELD(ec2_security_group, ip_permissions_egress, LIST, "ipPermissionsEgress",
               .type = &ip_permission_shape),
    WIRE_FIELD(ec2_security_group, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_security_group_shape =
    SHAPE(ec2_security_group, "SecurityGroup", security_group_fields);

/* ---- requests ---- */

static const struct wire_field ip_range_request_fields[] = {
    WIRE_FIELD(ec2_ip_range, cidr_ip, PREFIX, "CidrIp"),
    WIRE_FIELD(ec2_ip_range, description, TEXT, "Description"),
};
static const struct wire_shape ip_range_request_shape =
    SHAPE(ec2_ip_range, "IpRange", ip_range_request_fields);

static const struct wire_field ipv6_range_request_fields[] = {
    WIRE_FIELD(ec2_ipv6_range, cidr_ipv6, PREFIX, "CidrIpv6"),
    WIRE_FIELD(ec2_ipv6_range, description, TEXT, "Description"),
};
static const struct wire_shape ipv6_range_request_shape =
    SHAPE(ec2_ipv6_range, "Ipv6Range", ipv6_range_request_fields);

static const struct wire_field prefix_list_id_request_fields[] = {
    WIRE_FIELD(ec2_prefix_list_id, prefix_list_id, TEXT, "PrefixListId"),
    WIRE_FIELD(ec2_prefix_list_id, description, TEXT, "Description"),
};
static const struct wire_shape prefix_list_id_request_shape =
    SHAPE(ec2_prefix_list_id, "PrefixListId", prefix_list_id_request_fields);

/* A group of a peered VPC is told by its account and id alone. */
static const struct wire_field user_id_group_pair_request_fields[] = {
    WIRE_FIELD(ec2_user_id_group_pair, group_id, TEXT, "GroupId"),
    WIRE_FIELD(ec2_user_id_group_pair, user_id, TEXT, "UserId"),
    WIRE_FIELD(ec2_user_id_group_pair, description, TEXT, "Description"),
};
static const struct wire_shape user_id_group_pair_request_shape =
    SHAPE(ec2_user_id_group_pair, "UserIdGroupPair", user_id_group_pair_request_fields);

static const struct wire_field ip_permission_request_fields[] = {
    WIRE_FIELD(ec2_ip_permission, ip_protocol, TEXT, "IpProtocol"),
    WIRE_FIELD(ec2_ip_permission, from_port, INT, "FromPort"),
    WIRE_FIELD(ec2_ip_permission, to_port, INT, "ToPort"),
    WIRE_FIELD(ec2_ip_permission, ip_ranges, LIST, "IpRanges", .type = &ip_range_request_shape),
    WIRE_FIELD(ec2_ip_permission, ipv6_ranges, LIST, "Ipv6Ranges",
               .type = &ipv6_range_request_shape),
    WIRE_FIELD(ec2_ip_permission, prefix_list_ids, LIST, "PrefixListIds",
               .type = &prefix_list_id_request_shape),
    WIRE_FIELD(ec2_ip_permission, groups, LIST, "Groups",
               .type = &user_id_group_pair_request_shape),
};
const struct wire_shape ec2_ip_permission_request_shape =
    SHAPE(ec2_ip_permission, "IpPermission", ip_permission_request_fields);
