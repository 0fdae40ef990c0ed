/* Every drift around NAT gateways, alone and together with others, in a world with bystanders: the
 * exact calls, how --once ends, the same addresses in the same zones, none left over, a second run
 * that sends nothing, and nobody else's things changed. */
#include "support/bystanders.h"
#include "support/nat_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* ---- single drifts ---- */

static void nothing(struct nat_stage *stage)
{
    (void)stage;
}

static void deleted_in_a(struct nat_stage *stage)
{
    nat_delete_and_wait(stage, 0);
}

static void deleted_in_c(struct nat_stage *stage)
{
    nat_delete_and_wait(stage, 1);
}

static void deleted_in_d(struct nat_stage *stage)
{
    nat_delete_and_wait(stage, 2);
}

static void deleting(struct nat_stage *stage)
{
    nat_delete(stage, 1);
}

static void unlisted(struct nat_stage *stage)
{
    nat_delete(stage, 1);
    nat_stage_wait(stage, 2 * 3600 * 1000);
}

static void unlisted_and_address_released(struct nat_stage *stage)
{
    unlisted(stage);
    nat_release(stage, stage->address[1]);
}

static void fill(struct nat_stage *stage, const char *subnet)
{
    while (trial_try(stage->trial, "CreateNetworkInterface", trial_text("SubnetId=%s", subnet),
                     NULL) == 200)
        ;
}

static void failed_for_a_full_subnet(struct nat_stage *stage)
{
    deleted_in_c(stage);
    fill(stage, stage->world.public_subnet[1]);
    nat_create_failing(stage, 1, stage->address[1], "InsufficientFreeAddressesInSubnet");
}

static void failed_for_a_subnet_that_has_room_now(struct nat_stage *stage)
{
    char last[40];

    deleted_in_c(stage);
    snprintf(last, sizeof(last), "%s", nat_add_interface(stage, stage->world.public_subnet[1]));
    fill(stage, stage->world.public_subnet[1]);
    nat_create_failing(stage, 1, stage->address[1], "InsufficientFreeAddressesInSubnet");
    nat_call(stage, "DeleteNetworkInterface", trial_text("NetworkInterfaceId=%s", last));
}

static void failed_with_another_zones_address(struct nat_stage *stage)
{
    deleted_in_c(stage);
    nat_create_failing(stage, 1, stage->address[0], "Resource.AlreadyAssociated");
}

static void failed_with_an_address_that_is_gone(struct nat_stage *stage)
{
    const char *association;

    nat_allocate_spare(stage);
    association = nat_use_elsewhere(stage, stage->spare);
    deleted_in_c(stage);
    nat_create(stage, 1, stage->spare);
    nat_call(stage, "DisassociateAddress", trial_text("AssociationId=%s", association));
    nat_release(stage, stage->spare);
    nat_stage_wait(stage, 120000);
    assert_non_null(strstr(nat_call(stage, "DescribeNatGateways", ""),
                           "<failureCode>InvalidAllocationID.NotFound</failureCode>"));
}

static void private_in_place(struct nat_stage *stage)
{
    deleted_in_c(stage);
    nat_call(stage, "CreateNatGateway",
             trial_text("SubnetId=%s&ConnectivityType=private", stage->world.public_subnet[1]));
    nat_stage_wait(stage, 120000);
}

static void private_beside(struct nat_stage *stage)
{
    nat_call(stage, "CreateNatGateway",
             trial_text("SubnetId=%s&ConnectivityType=private", stage->world.public_subnet[1]));
    nat_stage_wait(stage, 120000);
}

static void deleted_and_address_released(struct nat_stage *stage)
{
    deleted_in_c(stage);
    nat_release(stage, stage->address[1]);
}

static void deleted_and_address_busy(struct nat_stage *stage)
{
    deleted_in_c(stage);
    nat_use_elsewhere(stage, stage->address[1]);
}

static void crosses_zones(struct nat_stage *stage)
{
    nat_point_private(stage, 2, stage->world.nat[0]);
}

static void public_route_lost(struct nat_stage *stage)
{
    nat_drop_route(stage, stage->world.public_table);
}

static void two_gateways(struct nat_stage *stage)
{
    const char *second;

    nat_allocate_spare(stage);
    second = nat_create(stage, 1, stage->spare);
    nat_stage_wait(stage, 120000);
    nat_point_private(stage, 1, second);
}

static void pending_by_another(struct nat_stage *stage)
{
    deleted_in_c(stage);
    nat_create(stage, 1, stage->address[1]);
}

static void regional_beside(struct nat_stage *stage)
{
    nat_point_private(stage, 2, nat_create_regional(stage));
}

static void regional_instead(struct nat_stage *stage)
{
    char regional[40];

    snprintf(regional, sizeof(regional), "%s", nat_create_regional(stage));
    for (size_t i = 0; i < 3; i++)
        nat_point_private(stage, i, regional);
    nat_delete_all(stage);
}

static void regional_unused(struct nat_stage *stage)
{
    nat_create_regional(stage);
    nat_delete_all(stage);
}

static void all_unlisted(struct nat_stage *stage)
{
    nat_delete_all(stage);
    nat_stage_wait(stage, 2 * 3600 * 1000);
}

static void one_serves_all(struct nat_stage *stage)
{
    for (size_t i = 1; i < 3; i++) {
        nat_point_private(stage, i, stage->world.nat[0]);
        nat_delete(stage, i);
    }
    nat_stage_wait(stage, 2 * 3600 * 1000);
    for (size_t i = 1; i < 3; i++)
        nat_release(stage, stage->address[i]);
}

static void one_served_all(struct nat_stage *stage)
{
    one_serves_all(stage);
    deleted_in_a(stage);
}

static void implicit_table(struct nat_stage *stage)
{
    nat_call(stage, "DisassociateRouteTable",
             trial_text("AssociationId=%s", stage->world.private_association[1]));
    nat_call(stage, "DeleteRouteTable",
             trial_text("RouteTableId=%s", stage->world.private_table[1]));
}

static void shared_table(struct nat_stage *stage)
{
    nat_call(stage, "ReplaceRouteTableAssociation",
             trial_text("AssociationId=%s&RouteTableId=%s", stage->world.private_association[1],
                        stage->world.private_table[0]));
    nat_call(stage, "DeleteRouteTable",
             trial_text("RouteTableId=%s", stage->world.private_table[1]));
}

static void foreign_table(struct nat_stage *stage)
{
    const char *association =
        trial_element(nat_call(stage, "DescribeRouteTables",
                               trial_text("RouteTableId.1=%s", stage->world.other_table)),
                      "routeTableAssociationId");

    nat_call(
        stage, "ReplaceRouteTableAssociation",
        trial_text("AssociationId=%s&RouteTableId=%s", association, stage->world.private_table[1]));
    nat_drop_route(stage, stage->world.private_table[1]);
}

#define TAG(n, key, value)                                                                         \
    "&TagSpecification.1.Tag." #n ".Key=" key "&TagSpecification.1.Tag." #n ".Value=" value

static void idle_address_of_ours(struct nat_stage *stage)
{
    snprintf(stage->address[3], sizeof(stage->address[3]), "%s",
             trial_element(
                 nat_call(stage, "AllocateAddress",
                          trial_text("Domain=vpc&TagSpecification.1.ResourceType=elastic-ip" TAG(
                                         1, "vpc-reconciled%%3Aowner", "vpc-reconciled%%2F%s")
                                         TAG(2, "vpc-reconciled%%3Arole", "elastic-ip%%2Fsomewhere")
                                             TAG(3, "vpc-reconciled%%3Aintent", "0123456789"),
                                     stage->world.vpc)),
                 "allocationId"));
}

static void idle_address_of_ours_and_one_lost(struct nat_stage *stage)
{
    idle_address_of_ours(stage);
    deleted_and_address_released(stage);
}

static void add_edge_zone(struct nat_stage *stage)
{
    static const char zone[] =
        "\"availabilityZoneInfo\": "
        "[{\"zoneName\":\"ap-northeast-1-nrt-1a\",\"zoneId\":\"apne1-nrt1-"
        "az1\",\"zoneState\":\"available\",\"zoneType\":\"local-zone\",\"regionName\":\"ap-"
        "northeast-1\",\"networkBorderGroup\":\"ap-northeast-1-nrt-1\",\"groupName\":\"ap-"
        "northeast-1-nrt-1\",\"optInStatus\":\"opted-in\",\"parentZoneName\":\"ap-northeast-1a\","
        "\"parentZoneId\":\"apne1-az4\"},";

    trial_edit(stage->trial, NULL, "\"availabilityZoneInfo\": [", zone);
}

static void add_edge_subnet(struct nat_stage *stage)
{
    const char *block =
        trial_element(nat_call(stage, "DescribeVpcs", trial_text("VpcId.1=%s", stage->world.vpc)),
                      "ipv6CidrBlock");

    add_edge_zone(stage);
    /* The VPC's block ends in "00::/56": one /64 of it, as the group declares IPv6. */
    snprintf(
        stage->edge_subnet, sizeof(stage->edge_subnet), "%s",
        trial_element(
            nat_call(stage, "CreateSubnet",
                     trial_text("VpcId=%s&AvailabilityZone=ap-northeast-1-nrt-1a&"
                                "CidrBlock=10.0.40.0%%2F24&Ipv6CidrBlock=%.*s28%%3A%%3A%%2F64",
                                stage->world.vpc, (int)(strlen(block) - strlen("00::/56")), block)),
            "subnetId"));
    nat_call(stage, "ModifySubnetAttribute",
             trial_text("SubnetId=%s&AssignIpv6AddressOnCreation.Value=true", stage->edge_subnet));
    nat_stage_wait(stage, 60000); /* the block is associated */
    nat_call(stage, "DescribeVpcs", "");
}

/* A subnet in a Local Zone, in a table of its own that leads to nat, or nowhere. */
static void add_edge_subnet_and_table(struct nat_stage *stage, const char *nat)
{
    char table[40];

    add_edge_subnet(stage);
    snprintf(
        table, sizeof(table), "%s",
        trial_element(nat_call(stage, "CreateRouteTable", trial_text("VpcId=%s", stage->world.vpc)),
                      "routeTableId"));
    memcpy(stage->address[4], table, sizeof(table));
    nat_call(stage, "AssociateRouteTable",
             trial_text("RouteTableId=%s&SubnetId=%s", table, stage->edge_subnet));
    if (nat)
        nat_call(stage, "CreateRoute", trial_text(IPV4_DEFAULT "&NatGatewayId=%s", table, nat));
    nat_call(stage, "CreateRoute",
             trial_text(IPV6_DEFAULT "&EgressOnlyInternetGatewayId=%s", table, stage->world.eigw));
}

static void edge_zone_on_its_parents_table(struct nat_stage *stage)
{
    add_edge_subnet(stage);
    nat_call(stage, "AssociateRouteTable",
             trial_text("RouteTableId=%s&SubnetId=%s", stage->world.private_table[0],
                        stage->edge_subnet));
}

static void edge_zone_on_its_parents_table_and_deleted(struct nat_stage *stage)
{
    edge_zone_on_its_parents_table(stage);
    deleted_in_a(stage);
}

static void edge_zone_and_its_parent_through_another(struct nat_stage *stage)
{
    edge_zone_on_its_parents_table(stage);
    nat_point_private(stage, 0, stage->world.nat[1]);
}

static void edge_zone_without_a_way_out(struct nat_stage *stage)
{
    add_edge_subnet_and_table(stage, NULL);
}

static void edge_zone_through_another_parent(struct nat_stage *stage)
{
    add_edge_subnet_and_table(stage, stage->world.nat[1]);
}

/* ---- combined drifts ---- */

static void deleted_and_route_gone(struct nat_stage *stage)
{
    deleted_in_d(stage);
    nat_drop_route(stage, stage->world.private_table[2]);
}

static void all_deleted_and_routes_gone(struct nat_stage *stage)
{
    nat_delete_all(stage);
    for (size_t i = 0; i < 3; i++)
        nat_drop_route(stage, stage->world.private_table[i]);
}

static void deleted_and_public_route_gone(struct nat_stage *stage)
{
    deleted_in_a(stage);
    public_route_lost(stage);
}

static void deleted_and_egress_only_gone(struct nat_stage *stage)
{
    deleted_in_c(stage);
    nat_call(stage, "DeleteEgressOnlyInternetGateway",
             trial_text("EgressOnlyInternetGatewayId=%s", stage->world.eigw));
}

static void all_deleted_and_igw_detached(struct nat_stage *stage)
{
    nat_delete_all(stage);
    nat_detach_igw(stage);
}

static void all_deleted_and_igw_deleted(struct nat_stage *stage)
{
    all_deleted_and_igw_detached(stage);
    nat_call(stage, "DeleteInternetGateway", trial_text("InternetGatewayId=%s", stage->world.igw));
}

static void crossed_and_deleted(struct nat_stage *stage)
{
    crosses_zones(stage);
    deleted_in_d(stage);
}

static void failed_and_route_gone(struct nat_stage *stage)
{
    failed_with_another_zones_address(stage);
    nat_drop_route(stage, stage->world.private_table[1]);
}

static void deleted_and_disassociated(struct nat_stage *stage)
{
    deleted_in_c(stage);
    nat_call(stage, "DisassociateRouteTable",
             trial_text("AssociationId=%s", stage->world.private_association[1]));
}

static void deleted_and_exposed(struct nat_stage *stage)
{
    nat_call(
        stage, "ReplaceRoute",
        trial_text(IPV4_DEFAULT "&GatewayId=%s", stage->world.private_table[1], stage->world.igw));
    deleted_in_c(stage);
}

static void failed_while_the_igw_was_detached(struct nat_stage *stage)
{
    nat_delete_all(stage);
    nat_detach_igw(stage);
    nat_create_failing(stage, 1, stage->address[1], "Gateway.NotAttached");
    nat_attach_igw(stage);
}

static void failed_and_the_igw_is_detached(struct nat_stage *stage)
{
    nat_delete_all(stage);
    nat_detach_igw(stage);
    nat_create_failing(stage, 1, stage->address[1], "Gateway.NotAttached");
}

static void deleted_private_and_crossed(struct nat_stage *stage)
{
    crosses_zones(stage);
    private_in_place(stage);
}

static void shared_and_deleted(struct nat_stage *stage)
{
    shared_table(stage);
    deleted_in_c(stage);
}

static void implicit_and_deleted(struct nat_stage *stage)
{
    implicit_table(stage);
    deleted_in_c(stage);
}

static void two_deleted_one_crossed(struct nat_stage *stage)
{
    crosses_zones(stage);
    nat_delete(stage, 0);
    nat_delete(stage, 1);
    nat_stage_wait(stage, 600000);
}

static void deleted_and_failed(struct nat_stage *stage)
{
    failed_with_another_zones_address(stage);
    deleted_in_d(stage);
}

/* ---- the rows ---- */

static const struct nat_case {
    const char *name;
    void (*break_it)(struct nat_stage *stage);
    const char *drift; /* repaired, or, when the end is drift, held or reported */
    struct expected_calls calls[8];
    int end; /* MANAGER_IN_SYNC is 0 */
    struct nat_config config;
    unsigned other;      /* zones that end with another address, or without a gateway */
    unsigned unattached; /* addresses that are attached to nothing at the end */
    bool plain_tables;
    bool needs_history; /* the live VPC alone does not show how it was */
} cases[] = {
    {"in sync", nothing, NULL, .calls = {{0, 0}}},
    {"deleted in a", deleted_in_a, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"deleted in c", deleted_in_c, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"deleted in d", deleted_in_d, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"being deleted", deleting, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"deleted, and no longer listed", unlisted, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}, .needs_history = true},
    {"deleted, no longer listed, its address released", unlisted_and_address_released,
     "nat-gateway-missing",
     .calls = {{EC2_ALLOCATE_ADDRESS, 1}, {EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}},
     .other = ZONE(1)},
    {"failed: the subnet is full", failed_for_a_full_subnet, "zone-without-public-subnet",
     .calls = {{0, 0}}, .end = MANAGER_DRIFT, .other = ZONE(1), .unattached = 1},
    {"failed: the subnet was full", failed_for_a_subnet_that_has_room_now, "nat-gateway-failed",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"failed: with another zone's address", failed_with_another_zones_address, "nat-gateway-failed",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"failed: with an address that is gone", failed_with_an_address_that_is_gone,
     "nat-gateway-failed", .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"a private one in its place", private_in_place, "nat-gateway-private",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"a private one beside it", private_beside, NULL, .calls = {{0, 0}}},
    {"pinned addresses, all right", nothing, NULL, .calls = {{0, 0}},
     .config.pins = PINS_AS_THEY_ARE},
    {"pinned address, deleted", deleted_in_c, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}},
     .config.pins = PINS_AS_THEY_ARE},
    {"pinned to another address", nat_allocate_spare, "nat-gateway-address-wrong",
     .calls = {{0, 0}}, .end = MANAGER_DRIFT, .config.pins = PINS_ANOTHER, .unattached = 1},
    {"pinned address lost", deleted_and_address_released, "nat-gateway-missing", .calls = {{0, 0}},
     .end = MANAGER_DRIFT, .config.pins = PINS_AS_THEY_ARE, .other = ZONE(1)},
    {"pinned address busy elsewhere", deleted_and_address_busy, "nat-gateway-missing",
     .calls = {{0, 0}}, .end = MANAGER_DRIFT, .config.pins = PINS_AS_THEY_ARE, .other = ZONE(1)},
    {"address busy elsewhere", deleted_and_address_busy, "nat-gateway-missing",
     .calls = {{EC2_ALLOCATE_ADDRESS, 1}, {EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}},
     .other = ZONE(1)},
    {"address released", deleted_and_address_released, "nat-gateway-missing",
     .calls = {{EC2_ALLOCATE_ADDRESS, 1}, {EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}},
     .other = ZONE(1)},
    {"through another zone", crosses_zones, "route-cross-az", .calls = {{EC2_REPLACE_ROUTE, 1}},
     .config.repair = "\"route-cross-az\": \"auto\""},
    {"through another zone, not raised", crosses_zones, "route-cross-az", .calls = {{0, 0}},
     .end = MANAGER_DRIFT},
    {"the gateways' subnets lost their route", public_route_lost, "nat-subnet-not-public",
     .calls = {{EC2_CREATE_ROUTE, 1}}},
    {"the gateways' subnets lost a route that is not declared", public_route_lost,
     "nat-subnet-not-public", .calls = {{0, 0}}, .end = MANAGER_DRIFT,
     .config.public_ipv4_unmanaged = true},
    {"a zone without a public subnet", nothing, "zone-without-public-subnet", .calls = {{0, 0}},
     .end = MANAGER_DRIFT, .config.without_public = ZONE(2)},
    {"a zone without a public subnet, its gateway deleted", deleted_in_d,
     "zone-without-public-subnet", .calls = {{0, 0}}, .end = MANAGER_DRIFT,
     .config.without_public = ZONE(2), .other = ZONE(2), .unattached = 1},
    {"two gateways in a zone", two_gateways, NULL, .calls = {{0, 0}}, .other = ZONE(1)},
    {"pending, and another's", pending_by_another, "route-blackhole",
     .calls = {{EC2_REPLACE_ROUTE, 1}}},
    {"a regional one beside the zonal ones", regional_beside, NULL, .calls = {{0, 0}}},
    {"a regional one instead of the zonal ones", regional_instead, NULL, .calls = {{0, 0}},
     .other = ALL_ZONES, .unattached = 3},
    {"a regional one that nobody leads to", regional_unused, "route-blackhole",
     .calls = {{EC2_REPLACE_ROUTE, 3}}, .other = ALL_ZONES, .unattached = 3},
    {"single, and there are three", nothing, NULL, .calls = {{0, 0}}, .config.placement = "single"},
    {"single, and there is one", one_serves_all, NULL, .calls = {{0, 0}},
     .config.placement = "single", .other = ZONE(1) | ZONE(2)},
    {"single, deleted", one_served_all, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 3}}, .config.placement = "single",
     .other = ZONE(1) | ZONE(2)},
    {"regional, and it is there", regional_instead, NULL, .calls = {{0, 0}},
     .config.placement = "regional", .other = ALL_ZONES, .unattached = 3},
    {"regional, and there is none", all_unlisted, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 3}}, .config.placement = "regional",
     .other = ALL_ZONES, .unattached = 3},
    {"no table of its own", implicit_table, "route-table-implicit",
     .calls = {{EC2_CREATE_ROUTE_TABLE, 1}, {EC2_ASSOCIATE_ROUTE_TABLE, 1}, {EC2_CREATE_ROUTE, 2}},
     .config.repair = "\"route-table-implicit\": \"auto\""},
    {"no table of its own, not raised", implicit_table, "route-table-implicit", .calls = {{0, 0}},
     .end = MANAGER_DRIFT},
    {"a table shared by two zones", shared_table, "route-table-shared",
     .calls = {{EC2_CREATE_ROUTE_TABLE, 1},
               {EC2_CREATE_ROUTE, 2},
               {EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, 1},
               {EC2_REPLACE_ROUTE, 1}},
     .config.repair = "\"route-table-shared\": \"auto\", \"route-cross-az\": \"auto\"",
     .plain_tables = true},
    {"a table shared by two zones, not raised", shared_table, "route-table-shared",
     .calls = {{0, 0}}, .end = MANAGER_DRIFT, .plain_tables = true},
    {"a shared table that cannot be copied", shared_table, "route-table-shared", .calls = {{0, 0}},
     .config.repair = "\"*\": \"auto\"", .end = MANAGER_DRIFT},
    {"a table that also serves a stranger", foreign_table, "route-table-foreign", .calls = {{0, 0}},
     .config.repair = "\"*\": \"auto\"", .end = MANAGER_DRIFT},
    {"an address of ours that is idle", idle_address_of_ours, "elastic-ip-idle", .calls = {{0, 0}},
     .config.repair = "\"*\": \"auto\"", .end = MANAGER_DRIFT, .unattached = 1},
    {"an address of ours that is idle is used first", idle_address_of_ours_and_one_lost,
     "nat-gateway-missing", .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}},
     .other = ZONE(1)},
    {"an edge zone on its parent's table", edge_zone_on_its_parents_table, NULL, .calls = {{0, 0}}},
    {"an edge zone on its parent's table, the parent's gateway deleted",
     edge_zone_on_its_parents_table_and_deleted, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"an edge zone without a way out", edge_zone_without_a_way_out, "route-missing",
     .calls = {{EC2_CREATE_ROUTE, 1}}},
    {"an edge zone through a zone that is not its parent", edge_zone_through_another_parent,
     "route-cross-az", .calls = {{EC2_REPLACE_ROUTE, 1}},
     .config.repair = "\"route-cross-az\": \"auto\""},
    {"an edge zone and its parent, on one table, through another zone",
     edge_zone_and_its_parent_through_another, "route-cross-az", .calls = {{EC2_REPLACE_ROUTE, 1}},
     .config.repair = "\"route-cross-az\": \"auto\""},

    /* combined */
    {"all deleted", nat_delete_all, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 3}}},
    {"all deleted, and no longer listed", all_unlisted, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 3}}, .needs_history = true},
    {"deleted, and its route", deleted_and_route_gone, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_CREATE_ROUTE, 1}}},
    {"all deleted, and their routes", all_deleted_and_routes_gone, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 3}, {EC2_CREATE_ROUTE, 3}}},
    {"deleted, and the public route", deleted_and_public_route_gone, "nat-gateway-missing",
     .calls = {{EC2_CREATE_ROUTE, 1}, {EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"deleted, and the egress-only gateway", deleted_and_egress_only_gone, "nat-gateway-missing",
     .calls = {{EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
               {EC2_CREATE_NAT_GATEWAY, 1},
               {EC2_REPLACE_ROUTE, 4}}},
    {"all deleted, the internet gateway detached", all_deleted_and_igw_detached,
     "internet-gateway-detached",
     .calls = {{EC2_ATTACH_INTERNET_GATEWAY, 1},
               {EC2_CREATE_NAT_GATEWAY, 3},
               {EC2_REPLACE_ROUTE, 3}}},
    {"all deleted, the internet gateway too", all_deleted_and_igw_deleted,
     "internet-gateway-missing",
     .calls = {{EC2_CREATE_INTERNET_GATEWAY, 1},
               {EC2_ATTACH_INTERNET_GATEWAY, 1},
               {EC2_CREATE_NAT_GATEWAY, 3},
               {EC2_REPLACE_ROUTE, 5}}},
    {"through another zone, the own deleted", crossed_and_deleted, "nat-gateway-missing",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}},
     .config.repair = "\"route-cross-az\": \"auto\""},
    {"failed, and the route", failed_and_route_gone, "nat-gateway-failed",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_CREATE_ROUTE, 1}}},
    {"deleted, and the table's association", deleted_and_disassociated,
     "route-table-association-missing",
     .calls = {{EC2_ASSOCIATE_ROUTE_TABLE, 1}, {EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}},
     .needs_history = true},
    {"deleted, and exposed", deleted_and_exposed, "private-subnet-exposed",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}}},
    {"all deleted, one failed while the internet gateway was detached",
     failed_while_the_igw_was_detached, "nat-gateway-failed",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 3}}},
    {"all deleted, one failed, the internet gateway is detached", failed_and_the_igw_is_detached,
     "internet-gateway-detached",
     .calls = {{EC2_ATTACH_INTERNET_GATEWAY, 1},
               {EC2_CREATE_NAT_GATEWAY, 3},
               {EC2_REPLACE_ROUTE, 3}}},
    {"a private one in its place, and another zone through a third", deleted_private_and_crossed,
     "route-cross-az", .calls = {{EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 2}},
     .config.repair = "\"route-cross-az\": \"auto\""},
    {"a shared table, and a gateway deleted", shared_and_deleted, "route-table-shared",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1},
               {EC2_CREATE_ROUTE_TABLE, 1},
               {EC2_CREATE_ROUTE, 2},
               {EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, 1},
               {EC2_REPLACE_ROUTE, 1}},
     .config.repair = "\"route-table-shared\": \"auto\", \"route-cross-az\": \"auto\"",
     .plain_tables = true},
    {"no table of its own, and the gateway deleted", implicit_and_deleted, "route-table-implicit",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 1},
               {EC2_CREATE_ROUTE_TABLE, 1},
               {EC2_ASSOCIATE_ROUTE_TABLE, 1},
               {EC2_CREATE_ROUTE, 2}},
     .config.repair = "\"route-table-implicit\": \"auto\""},
    {"two deleted, the third zone through one of them", two_deleted_one_crossed,
     "nat-gateway-missing", .calls = {{EC2_CREATE_NAT_GATEWAY, 2}, {EC2_REPLACE_ROUTE, 3}}},
    {"one failed, another deleted", deleted_and_failed, "nat-gateway-failed",
     .calls = {{EC2_CREATE_NAT_GATEWAY, 2}, {EC2_REPLACE_ROUTE, 2}}},
};

/* ---- running ---- */

static const char *check_drift(struct nat_stage *stage, const struct nat_case *row)
{
    const struct trial *trial = stage->trial;
    enum event_kind kind = row->end == MANAGER_DRIFT ? EVENT_FINDING_HELD : EVENT_FINDING_REPAIRED;

    if (!row->drift)
        return trial_count(trial, EVENT_FINDING_OPENED, NULL) ||
                       trial_count(trial, EVENT_FINDING_HELD, NULL)
                   ? "something is reported where nothing is wrong"
                   : NULL;
    return trial_count(trial, kind, row->drift) ||
                   trial_count(trial, EVENT_FINDING_RESOLVED, row->drift)
               ? NULL
               : trial_text("no %s was %s", row->drift,
                            row->end == MANAGER_DRIFT ? "held" : "repaired");
}

static const char *check_once(struct nat_stage *stage, const struct nat_case *row,
                              const struct expected_calls *expected)
{
    struct trial_calls before = trial_calls_now(stage->trial);
    int end = trial_once(stage->trial);

    return end == row->end ? trial_check_calls(stage->trial, &before, expected)
                           : trial_text("--once ended with %d, expected %d", end, row->end);
}

static const char *check_case(struct nat_stage *stage, const struct nat_case *row)
{
    struct bystanders before = bystanders_now(stage->trial);
    const char *wrong = check_once(stage, row, row->calls);

    if (!wrong)
        wrong = check_drift(stage, row);
    if (!wrong)
        wrong = nat_check_addresses(stage, row->other, row->unattached);
    if (!wrong)
        wrong = bystanders_changed(stage->trial, &before, &stage->world,
                                   (const char(*)[40])stage->address, ARRAY_SIZE(stage->address));
    if (!wrong) {
        wrong = check_once(stage, row, NULL);
        wrong = wrong ? trial_text("the second run: %s", wrong) : NULL;
    }
    bystanders_clear(&before);
    return wrong;
}

static bool run_case(const struct nat_case *row, bool history)
{
    struct nat_stage stage;
    const char *wrong = NULL;

    nat_stage_begin(&stage, 31, row->plain_tables ? WORLD_PLAIN_TABLES : 0);
    if (history) { /* as it should be, in a config that nothing is wrong with */
        nat_stage_config(&stage, &cases[0].config);
        wrong = check_once(&stage, &cases[0], NULL);
    }
    row->break_it(&stage);
    nat_stage_config(&stage, &row->config);
    trial_forget_events(stage.trial);
    if (!wrong)
        wrong = check_case(&stage, row);
    if (wrong) {
        trial_print_events(stage.trial);
        print_error("%s: %s\n\n", row->name, wrong);
    }
    nat_stage_end(&stage);
    return !wrong;
}

static void run_cases(bool history)
{
    unsigned n_wrong = 0;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        if (history || !cases[i].needs_history)
            n_wrong += !run_case(&cases[i], history);
    assert_int_equal(n_wrong, 0);
}

static void test_each_drift(void **state)
{
    (void)state;
    run_cases(true);
}

/* Without any memory: what the live VPC still shows is enough. */
static void test_each_drift_without_history(void **state)
{
    (void)state;
    run_cases(false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_drift),
        cmocka_unit_test(test_each_drift_without_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
