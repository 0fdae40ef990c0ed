/* What each change of a route table or a route takes (aws-facts 2.3). */
#include "change_private.h"

#define ROUTE_TABLE_ID REQUIRED(route_table_id, TEXT, "RouteTableId")
/* Exactly one of each; EC2 judges that, not the model. */
#define DESTINATION                                                                                \
    MEMBER(destination_cidr_block, PREFIX, "DestinationCidrBlock"),                                \
        MEMBER(destination_ipv6_cidr_block, PREFIX, "DestinationIpv6CidrBlock"),                   \
        MEMBER(destination_prefix_list_id, TEXT, "DestinationPrefixListId")
#define TARGET                                                                                     \
    MEMBER(gateway_id, TEXT, "GatewayId"), MEMBER(nat_gateway_id, TEXT, "NatGatewayId"),           \
        MEMBER(egress_only_internet_gateway_id, TEXT, "EgressOnlyInternetGatewayId"),              \
        MEMBER(transit_gateway_id, TEXT, "TransitGatewayId"),                                      \
        MEMBER(vpc_peering_connection_id, TEXT, "VpcPeeringConnectionId"),                         \
        MEMBER(network_interface_id, TEXT, "NetworkInterfaceId"),                                  \
        MEMBER(instance_id, TEXT, "InstanceId"), MEMBER(vpc_endpoint_id, TEXT, "VpcEndpointId"),   \
        MEMBER(local_gateway_id, TEXT, "LocalGatewayId"),                                          \
        MEMBER(carrier_gateway_id, TEXT, "CarrierGatewayId"),                                      \
        MEMBER(core_network_arn, TEXT, "CoreNetworkArn"),                                          \
        MEMBER(odb_network_arn, TEXT, "OdbNetworkArn")

CHANGE(ec2_create_route_request, "CreateRouteRequest", ROUTE_TABLE_ID, DESTINATION, TARGET,
       DRY_RUN);
CHANGE(ec2_replace_route_request, "ReplaceRouteRequest", ROUTE_TABLE_ID, DESTINATION, TARGET,
       MEMBER(local_target, BOOL, "LocalTarget"), DRY_RUN);
CHANGE(ec2_delete_route_request, "DeleteRouteRequest", ROUTE_TABLE_ID, DESTINATION, DRY_RUN);

CHANGE(ec2_create_route_table_request, "CreateRouteTableRequest", REQUIRED(vpc_id, TEXT, "VpcId"),
       CLIENT_TOKEN, TAG_SPECIFICATIONS, DRY_RUN);
CHANGE(ec2_delete_route_table_request, "DeleteRouteTableRequest", ROUTE_TABLE_ID, DRY_RUN);
CHANGE(ec2_associate_route_table_request, "AssociateRouteTableRequest", ROUTE_TABLE_ID,
       MEMBER(subnet_id, TEXT, "SubnetId"), MEMBER(gateway_id, TEXT, "GatewayId"), DRY_RUN);
CHANGE(ec2_replace_route_table_association_request, "ReplaceRouteTableAssociationRequest",
       REQUIRED(association_id, TEXT, "AssociationId"), ROUTE_TABLE_ID, DRY_RUN);
CHANGE(ec2_disassociate_route_table_request, "DisassociateRouteTableRequest",
       REQUIRED(association_id, TEXT, "AssociationId"), DRY_RUN);
CHANGE(ec2_enable_vgw_route_propagation_request, "EnableVgwRoutePropagationRequest",
       REQUIRED(gateway_id, TEXT, "GatewayId"), ROUTE_TABLE_ID, DRY_RUN);
