/* What EC2 always says and a person who writes a world leaves out. */
#include "actions.h"
#include "nat_gateways.h"
#include "transitions.h"
#include "world.h"

static void text_default(const char **text, const char *value)
{
    if (!*text)
        *text = value;
}

static void byte_default(uint8_t *byte, int value)
{
    if (!*byte)
        *byte = (uint8_t)value;
}

static const char *account_of(struct call *call)
{
    return keep(call, call->simulator->account);
}

/* ---- VPCs and subnets ---- */

static void complete_ipv6_block(struct call *call,
                                struct ec2_ipv6_cidr_block_association *association,
                                const char *prefix)
{
    text_default(&association->ip_source, "amazon");
    byte_default(&association->state, EC2_ASSOCIATION_ASSOCIATED);
    if (!association->association_id)
        association->association_id = new_id(call, prefix);
}

static void complete_vpc(struct call *call, struct ec2_vpc *vpc)
{
    struct state *state = call->state;
    bool has_primary = false;

    text_default(&vpc->owner_id, account_of(call));
    text_default(&vpc->instance_tenancy, "default");
    text_default(&vpc->dhcp_options_id, "default");
    text_default(&vpc->internet_gateway_block_mode, block_public_access_mode(state));
    byte_default(&vpc->state, EC2_STATE_AVAILABLE);
    byte_default(&vpc->is_default, WIRE_FALSE);
    VEC_EACH (association, &vpc->cidr_block_associations) {
        byte_default(&association->state, EC2_ASSOCIATION_ASSOCIATED);
        if (!association->association_id)
            association->association_id = new_id(call, "vpc-cidr-assoc-");
        has_primary |= prefix_equal(&association->cidr_block, &vpc->cidr_block);
    }
    if (!has_primary)
        *LIST_ADD(state->arena, &vpc->cidr_block_associations) =
            (struct ec2_vpc_cidr_block_association){new_id(call, "vpc-cidr-assoc-"),
                                                    vpc->cidr_block, EC2_ASSOCIATION_ASSOCIATED};
    VEC_EACH (association, &vpc->ipv6_cidr_block_associations) {
        complete_ipv6_block(call, association, "vpc-cidr-assoc-");
        text_default(&association->ipv6_pool, "Amazon");
        text_default(&association->network_border_group, keep(call, call->simulator->region));
    }
    vpc->ipv6_cidr_block_associations.seen = vpc->tags.seen = true;
    if (!vpc_attributes_find(state, vpc->vpc_id))
        *LIST_ADD(state->arena, &state->vpc_attributes) =
            (struct vpc_attributes){.vpc_id = vpc->vpc_id};
    byte_default(&vpc_attributes_find(state, vpc->vpc_id)->enable_dns_support, WIRE_TRUE);
    byte_default(&vpc_attributes_find(state, vpc->vpc_id)->enable_dns_hostnames, WIRE_FALSE);
}

static int complete_subnet(struct call *call, struct ec2_subnet *subnet, const struct json *json,
                           struct json_error *reterr)
{
    const struct ec2_vpc *vpc = state_find(call->state, KIND_VPC, subnet->vpc_id);
    const struct ec2_availability_zone *zone =
        zone_by_name_or_id(call->state, subnet->availability_zone, subnet->availability_zone_id);

    if (!zone)
        return json_refuse(reterr, json->place,
                           "\"%s\": \"availabilityZone\" is none of availabilityZoneInfo (which is "
                           "%s and its neighbours when the world has no list)",
                           subnet->subnet_id,
                           call->state->objects.availability_zones.items[0].zone_name);
    text_default(&subnet->availability_zone, zone->zone_name);
    text_default(&subnet->availability_zone_id, zone->zone_id);
    text_default(&subnet->owner_id, vpc->owner_id);
    text_default(&subnet->internet_gateway_block_mode, block_public_access_mode(call->state));
    byte_default(&subnet->state, EC2_STATE_AVAILABLE);
    byte_default(&subnet->map_public_ip_on_launch, WIRE_FALSE);
    byte_default(&subnet->assign_ipv6_address_on_creation, WIRE_FALSE);
    byte_default(&subnet->enable_dns64, WIRE_FALSE);
    byte_default(&subnet->ipv6_native, WIRE_FALSE);
    byte_default(&subnet->default_for_az, WIRE_FALSE);
    if (!subnet->available_ip_address_count.set)
        subnet->available_ip_address_count = (struct wire_int){
            subnet->cidr_block.family == FAMILY_IPV4 && subnet->cidr_block.length <= 28
                ? ((int64_t)1 << (32 - subnet->cidr_block.length)) - 5
                : 0,
            true};
    VEC_EACH (association, &subnet->ipv6_cidr_block_associations)
        complete_ipv6_block(call, association, "subnet-cidr-assoc-");
    subnet->ipv6_cidr_block_associations.seen = subnet->tags.seen = true;
    return 0;
}

/* ---- route tables ---- */

static void complete_table(struct call *call, struct ec2_route_table *table)
{
    const struct ec2_vpc *vpc = state_find(call->state, KIND_VPC, table->vpc_id);

    text_default(&table->owner_id, vpc->owner_id);
    VEC_EACH (association, &table->associations) {
        if (!association->route_table_association_id)
            association->route_table_association_id = new_id(call, "rtbassoc-");
        text_default(&association->route_table_id, table->route_table_id);
        byte_default(&association->main, WIRE_FALSE);
        byte_default(&association->state, EC2_ASSOCIATION_ASSOCIATED);
    }
    VEC_EACH (route, &table->routes) {
        byte_default(&route->origin, text_equal(route->gateway_id, "local")
                                         ? EC2_ORIGIN_CREATE_ROUTE_TABLE
                                         : EC2_ORIGIN_CREATE_ROUTE);
        byte_default(&route->state, EC2_ROUTE_ACTIVE);
    }
    VEC_EACH (block, &vpc->cidr_block_associations)
        if (block->state == EC2_ASSOCIATION_ASSOCIATED)
            route_add_local(call->state, table, &block->cidr_block);
    VEC_EACH (block, &vpc->ipv6_cidr_block_associations)
        if (block->state == EC2_ASSOCIATION_ASSOCIATED)
            route_add_local(call->state, table, &block->ipv6_cidr_block);
    table->associations.seen = table->propagating_vgws.seen = table->tags.seen = true;
}

/* ---- gateways, addresses, interfaces ---- */

static void complete_gateways(struct call *call)
{
    VEC_EACH (gateway, &call->state->objects.internet_gateways) {
        text_default(&gateway->owner_id, account_of(call));
        VEC_EACH (attachment, &gateway->attachments)
            byte_default(&attachment->state, EC2_ATTACHMENT_AVAILABLE);
        gateway->attachments.seen = gateway->tags.seen = true;
    }
    VEC_EACH (gateway, &call->state->objects.egress_only_internet_gateways) {
        VEC_EACH (attachment, &gateway->attachments)
            byte_default(&attachment->state, EC2_ATTACHMENT_ATTACHED);
        gateway->attachments.seen = gateway->tags.seen = true;
    }
}

static int complete_nat_gateway(struct call *call, struct ec2_nat_gateway *gateway,
                                const struct json *json, struct json_error *reterr)
{
    const struct ec2_subnet *subnet = state_find(call->state, KIND_SUBNET, gateway->subnet_id);
    const char *refusal;

    text_default(&gateway->vpc_id, subnet ? subnet->vpc_id : NULL);
    if (!gateway->vpc_id)
        return json_refuse(reterr, json->place, "\"%s\" has neither \"subnetId\" nor \"vpcId\"",
                           gateway->nat_gateway_id);
    byte_default(&gateway->state, EC2_STATE_AVAILABLE);
    byte_default(&gateway->connectivity_type, EC2_CONNECTIVITY_PUBLIC);
    byte_default(&gateway->availability_mode,
                 gateway->subnet_id ? EC2_AVAILABILITY_MODE_ZONAL : EC2_AVAILABILITY_MODE_REGIONAL);
    text_default(&gateway->create_time, state_time(call->state, call->now.wall_ms));
    VEC_EACH (item, &gateway->addresses) {
        byte_default(&item->is_primary, WIRE_TRUE);
        text_default(&item->status, "succeeded");
    }
    gateway->addresses.seen = gateway->tags.seen = true;
    refusal = gateway->state == EC2_STATE_AVAILABLE ? nat_gateway_complete(call, gateway) : NULL;
    if (refusal)
        return json_refuse(reterr, json->place, "\"%s\" cannot be available: %s",
                           gateway->nat_gateway_id, refusal);
    return 0;
}

static void complete_addresses(struct call *call)
{
    VEC_EACH (address, &call->state->objects.addresses) {
        text_default(&address->domain, "vpc");
        text_default(&address->public_ipv4_pool, "amazon");
        text_default(&address->network_border_group, keep(call, call->simulator->region));
        address->tags.seen = true;
    }
}

static void complete_interfaces(struct call *call)
{
    VEC_EACH (interface, &call->state->objects.network_interfaces) {
        const struct ec2_subnet *subnet =
            state_find(call->state, KIND_SUBNET, interface->subnet_id);

        text_default(&interface->vpc_id, subnet->vpc_id);
        text_default(&interface->owner_id, account_of(call));
        text_default(&interface->availability_zone, subnet->availability_zone);
        text_default(&interface->availability_zone_id, subnet->availability_zone_id);
        text_default(&interface->interface_type, "interface");
        text_default(&interface->status, "available");
        text_default(&interface->description, "");
        byte_default(&interface->requester_managed, WIRE_FALSE);
        byte_default(&interface->deny_all_igw_traffic, WIRE_FALSE);
        interface->ipv6_addresses.seen = interface->tags.seen = true;
    }
}

static void complete_region(struct call *call)
{
    VEC_EACH (zone, &call->state->objects.availability_zones) {
        text_default(&zone->region_name, keep(call, call->simulator->region));
        text_default(&zone->zone_type, "availability-zone");
        text_default(&zone->network_border_group, zone->region_name);
        text_default(&zone->opt_in_status, "opt-in-not-required");
        byte_default(&zone->zone_state, EC2_ZONE_AVAILABLE);
    }
    VEC_EACH (list, &call->state->objects.managed_prefix_lists) {
        text_default(&list->owner_id, account_of(call));
        text_default(&list->state, "create-complete");
        text_default(&list->address_family, "IPv4");
        list->tags.seen = true;
    }
}

/* The JSON item of an id, for its place. */
static const struct json *item_of(const struct json *world, enum kind kind, const char *element,
                                  const char *id)
{
    const struct json *list = json_member(world, kind_list_name(kind));

    for (size_t i = 0; list && i < list->n_items; i++)
        if (text_equal(json_member(&list->items[i], element)->string, id))
            return &list->items[i];
    return world;
}

int world_complete(struct call *call, const struct json *world, struct json_error *reterr)
{
    struct ec2_describe_reply *objects = &call->state->objects;
    int r;

    complete_region(call);
    VEC_EACH (vpc, &objects->vpcs)
        complete_vpc(call, vpc);
    VEC_EACH (subnet, &objects->subnets) {
        r = complete_subnet(call, subnet,
                            item_of(world, KIND_SUBNET, "subnetId", subnet->subnet_id), reterr);
        if (r < 0)
            return r;
    }
    VEC_EACH (table, &objects->route_tables)
        complete_table(call, table);
    complete_gateways(call);
    complete_addresses(call);
    complete_interfaces(call);
    security_groups_complete(call);
    network_acls_complete(call);
    vpc_endpoints_complete(call);
    VEC_EACH (gateway, &objects->nat_gateways) {
        r = complete_nat_gateway(
            call, gateway,
            item_of(world, KIND_NAT_GATEWAY, "natGatewayId", gateway->nat_gateway_id), reterr);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- slow states ---- */

#define NOTHING SLOW_STATE_COUNT

static void resume(struct call *call, enum slow_state what, const char *id)
{
    if (what != NOTHING)
        transition_start(call->simulator, call->now, what, id);
}

static enum slow_state slow_state_of(uint8_t state, enum slow_state associating)
{
    switch (state) { /* the three of a kind lie in this order: transitions.h */
    case EC2_ASSOCIATION_ASSOCIATING:
        return associating;
    case EC2_ASSOCIATION_DISASSOCIATING:
        return associating + 1;
    case EC2_ASSOCIATION_DISASSOCIATED:
        return associating + 2;
    default:
        return NOTHING;
    }
}

void world_resume(struct call *call)
{
    static const enum slow_state nat_gateway_states[] = {
        [EC2_STATE_PENDING] = SLOW_NAT_GATEWAY_PENDING,
        [EC2_STATE_AVAILABLE] = NOTHING,
        [EC2_STATE_DELETING] = SLOW_NAT_GATEWAY_DELETING,
        [EC2_STATE_DELETED] = SLOW_NAT_GATEWAY_GONE,
        [EC2_STATE_FAILED] = SLOW_NAT_GATEWAY_GONE,
        [EC2_STATE_UNAVAILABLE] = NOTHING,
    };
    struct ec2_describe_reply *objects = &call->state->objects;

    VEC_EACH (vpc, &objects->vpcs) {
        VEC_EACH (block, &vpc->cidr_block_associations)
            resume(call, slow_state_of(block->state, SLOW_VPC_BLOCK_ASSOCIATING),
                   block->association_id);
        VEC_EACH (block, &vpc->ipv6_cidr_block_associations)
            resume(call, slow_state_of(block->state, SLOW_VPC_BLOCK_ASSOCIATING),
                   block->association_id);
    }
    VEC_EACH (subnet, &objects->subnets)
        VEC_EACH (block, &subnet->ipv6_cidr_block_associations)
            resume(call, slow_state_of(block->state, SLOW_SUBNET_BLOCK_ASSOCIATING),
                   block->association_id);
    VEC_EACH (gateway, &objects->nat_gateways) {
        resume(call, nat_gateway_states[gateway->state], gateway->nat_gateway_id);
        if (gateway->state == EC2_STATE_FAILED && nat_gateway_holds(call->state, gateway))
            resume(call, SLOW_NAT_GATEWAY_LETTING_GO, gateway->nat_gateway_id);
    }
    nat_gateways_watch_zones(call, NULL);
    VEC_EACH (endpoint, &objects->vpc_endpoints) {
        if (text_equal(endpoint->state, "pending"))
            resume(call, SLOW_VPC_ENDPOINT_PENDING, endpoint->vpc_endpoint_id);
        if (text_equal(endpoint->state, "deleting"))
            resume(call, SLOW_VPC_ENDPOINT_DELETING, endpoint->vpc_endpoint_id);
    }
}
