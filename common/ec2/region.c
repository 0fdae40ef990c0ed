/* What belongs to the region: AvailabilityZone, ManagedPrefixList and its entries,
 * VpcBlockPublicAccessOptions. */
#include "shapes.h"

static const struct wire_field availability_zone_fields[] = {
    WIRE_FIELD(ec2_availability_zone, zone_name, TEXT, "zoneName", .required = true),
    WIRE_FIELD(ec2_availability_zone, zone_id, TEXT, "zoneId"),
    WIRE_FIELD(ec2_availability_zone, zone_state, ENUM, "zoneState", .type = &ec2_zone_state_words),
    WIRE_FIELD(ec2_availability_zone, zone_type, TEXT, "zoneType"),
    WIRE_FIELD(ec2_availability_zone, region_name, TEXT, "regionName"),
    WIRE_FIELD(ec2_availability_zone, network_border_group, TEXT, "networkBorderGroup"),
    WIRE_FIELD(ec2_availability_zone, group_name, TEXT, "groupName"),
    WIRE_FIELD(ec2_availability_zone, opt_in_status, TEXT, "optInStatus"),
    WIRE_FIELD(ec2_availability_zone, parent_zone_name, TEXT, "parentZoneName"),
    WIRE_FIELD(ec2_availability_zone, parent_zone_id, TEXT, "parentZoneId"),
};
const struct wire_shape ec2_availability_zone_shape =
    SHAPE(ec2_availability_zone, "AvailabilityZone", availability_zone_fields);

static const struct wire_field managed_prefix_list_fields[] = {
    WIRE_FIELD(ec2_managed_prefix_list, prefix_list_id, TEXT, "prefixListId", .required = true),
    WIRE_FIELD(ec2_managed_prefix_list, prefix_list_name, TEXT, "prefixListName"),
    WIRE_FIELD(ec2_managed_prefix_list, prefix_list_arn, TEXT, "prefixListArn"),
    WIRE_FIELD(ec2_managed_prefix_list, address_family, TEXT, "addressFamily"),
    WIRE_FIELD(ec2_managed_prefix_list, state, TEXT, "state"),
    WIRE_FIELD(ec2_managed_prefix_list, max_entries, INT, "maxEntries"),
    WIRE_FIELD(ec2_managed_prefix_list, version, INT, "version"),
    WIRE_FIELD(ec2_managed_prefix_list, owner_id, TEXT, "ownerId"),
    WIRE_FIELD(ec2_managed_prefix_list, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_managed_prefix_list_shape =
    SHAPE(ec2_managed_prefix_list, "ManagedPrefixList", managed_prefix_list_fields);

static const struct wire_field prefix_list_entry_fields[] = {
    WIRE_FIELD(ec2_prefix_list_entry, cidr, PREFIX, "cidr"),
    WIRE_FIELD(ec2_prefix_list_entry, description, TEXT, "description"),
};
const struct wire_shape ec2_prefix_list_entry_shape =
    SHAPE(ec2_prefix_list_entry, "PrefixListEntry", prefix_list_entry_fields);

static const struct wire_field vpc_block_public_access_options_fields[] = {
    WIRE_FIELD(ec2_vpc_block_public_access_options, state, TEXT, "state"),
    WIRE_FIELD(ec2_vpc_block_public_access_options, internet_gateway_block_mode, TEXT,
               "internetGatewayBlockMode", .required = true),
    WIRE_FIELD(ec2_vpc_block_public_access_options, managed_by, TEXT, "managedBy"),
    WIRE_FIELD(ec2_vpc_block_public_access_options, exclusions_allowed, TEXT, "exclusionsAllowed"),
};
const struct wire_shape ec2_vpc_block_public_access_options_shape =
    SHAPE(ec2_vpc_block_public_access_options, "VpcBlockPublicAccessOptions",
          vpc_block_public_access_options_fields);
