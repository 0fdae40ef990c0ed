/* RouteTable, its associations and its routes. */
#include "shapes.h"

static const struct wire_field association_state_fields[] = {
    WIRE_FIELD(ec2_route_table_association, state, ENUM, "state",
               .type = &ec2_association_state_words),
    WIRE_FIELD(ec2_route_table_association, status_message, TEXT, "statusMessage"),
};
static const struct wire_shape association_state_shape =
    SHAPE(ec2_route_table_association, "RouteTableAssociationState", association_state_fields);

static const struct wire_field association_fields[] = {
    WIRE_FIELD(ec2_route_table_association, route_table_association_id, TEXT,
               "routeTableAssociationId"),
    WIRE_FIELD(ec2_route_table_association, route_table_id, TEXT, "routeTableId"),
    WIRE_FIELD(ec2_route_table_association, subnet_id, TEXT, "subnetId"),
    WIRE_FIELD(ec2_route_table_association, gateway_id, TEXT, "gatewayId"),
    WIRE_FIELD(ec2_route_table_association, main, BOOL, "main"),
    GROUP_HERE("associationState", association_state_shape),
};
static const struct wire_shape association_shape =
    SHAPE(ec2_route_table_association, "RouteTableAssociation", association_fields);

static const struct wire_field propagating_vgw_fields[] = {
    WIRE_FIELD(ec2_propagating_vgw, gateway_id, TEXT, "gatewayId"),
};
static const struct wire_shape propagating_vgw_shape =
    SHAPE(ec2_propagating_vgw, "PropagatingVgw", propagating_vgw_fields);

static const struct wire_field route_fields[] = {
    WIRE_FIELD(ec2_route, destination_cidr_block, PREFIX, "destinationCidrBlock"),
    WIRE_FIELD(ec2_route, destination_ipv6_cidr_block, PREFIX, "destinationIpv6CidrBlock"),
    WIRE_FIELD(ec2_route, destination_prefix_list_id, TEXT, "destinationPrefixListId"),
    WIRE_FIELD(ec2_route, gateway_id, TEXT, "gatewayId"),
    WIRE_FIELD(ec2_route, nat_gateway_id, TEXT, "natGatewayId"),
    WIRE_FIELD(ec2_route, egress_only_internet_gateway_id, TEXT, "egressOnlyInternetGatewayId"),
    WIRE_FIELD(ec2_route, transit_gateway_id, TEXT, "transitGatewayId"),
    WIRE_FIELD(ec2_route, vpc_peering_connection_id, TEXT, "vpcPeeringConnectionId"),
    WIRE_FIELD(ec2_route, network_interface_id, TEXT, "networkInterfaceId"),
    WIRE_FIELD(ec2_route, instance_id, TEXT, "instanceId"),
    WIRE_FIELD(ec2_route, instance_owner_id, TEXT, "instanceOwnerId"),
    WIRE_FIELD(ec2_route, local_gateway_id, TEXT, "localGatewayId"),
    WIRE_FIELD(ec2_route, carrier_gateway_id, TEXT, "carrierGatewayId"),
    WIRE_FIELD(ec2_route, core_network_arn, TEXT, "coreNetworkArn"),
    WIRE_FIELD(ec2_route, odb_network_arn, TEXT, "odbNetworkArn"),
    WIRE_FIELD(ec2_route, ip_address, TEXT, "ipAddress"),
    WIRE_FIELD(ec2_route, origin, ENUM, "origin", .type = &ec2_route_origin_words),
    WIRE_FIELD(ec2_route, state, ENUM, "state", .type = &ec2_route_state_words),
};
static const struct wire_shape route_shape = SHAPE(ec2_route, "Route", route_fields);

static const struct wire_field route_table_fields[] = {
    WIRE_FIELD(ec2_route_table, route_table_id, TEXT, "routeTableId", .required = true),
    WIRE_FIELD(ec2_route_table, vpc_id, TEXT, "vpcId"),
    WIRE_FIELD(ec2_route_table, owner_id, TEXT, "ownerId"),
    WIRE_FIELD(ec2_route_table, routes, LIST, "routeSet", .type = &route_shape),
    WIRE_FIELD(ec2_route_table, associations, LIST, "associationSet", .type = &association_shape),
    WIRE_FIELD(ec2_route_table, propagating_vgws, LIST, "propagatingVgwSet",
               .type = &propagating_vgw_shape),
    WIRE_FIELD(ec2_route_table, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_route_table_shape =
    SHAPE(ec2_route_table, "RouteTable", route_table_fields);
