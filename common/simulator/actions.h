/* actions.h - what each action does; private to common/simulator/. */
#pragma once

#include "call.h"

struct action_handler {
    call_handler *run;
    enum kind makes; /* of a Create: where its client token finds the object again */
};
extern const struct action_handler action_handlers[EC2_ACTION_COUNT];

/* describe.c: every Describe but one */
call_handler describe;
/* vpcs.c */
call_handler vpc_create, vpc_delete, vpc_describe_attribute, vpc_modify_attribute;
/* vpc_blocks.c */
call_handler vpc_associate_block, vpc_disassociate_block;
/* subnets.c */
call_handler subnet_create, subnet_delete, subnet_modify_attribute;
/* subnet_blocks.c */
call_handler subnet_associate_block, subnet_disassociate_block;
/* internet_gateways.c */
call_handler internet_gateway_create, internet_gateway_attach, internet_gateway_detach,
    internet_gateway_delete;
/* egress_only_internet_gateways.c */
call_handler egress_only_internet_gateway_create, egress_only_internet_gateway_delete;
/* route_tables.c */
call_handler route_table_create, route_table_delete, vgw_propagation_enable;
/* associations.c */
call_handler route_table_associate, route_table_disassociate, route_table_association_replace;
/* routes.c */
call_handler route_create, route_replace, route_delete;
/* addresses.c */
call_handler address_allocate, address_release, address_associate, address_disassociate;
/* nat_gateways.c */
call_handler nat_gateway_create, nat_gateway_delete;
/* network_interfaces.c */
call_handler network_interface_create, network_interface_delete;
/* security_groups.c */
call_handler security_group_create;
/* security_group_rules.c */
call_handler security_group_authorize, security_group_revoke;
/* network_acls.c */
call_handler network_acl_create, network_acl_entry_create, network_acl_entry_delete,
    network_acl_association_replace;
/* vpc_endpoints.c */
call_handler vpc_endpoint_create, vpc_endpoint_modify, vpc_endpoints_delete;
/* prefix_lists.c */
call_handler prefix_list_entries;
/* block_public_access.c */
call_handler block_public_access_describe, block_public_access_modify;
/* tags.c */
call_handler tags_create, tags_delete;
/* sts.c */
const char *caller_arn(struct call *call);
call_handler caller_identity, role_assume, role_assume_with_web_identity;

/* ---- what one concern lends to another ---- */

/* route_state.c: routes of every table, after anything changed */
void routes_refresh(struct state *state);
/* route_tables.c: a new table of a VPC with a local route for each of its blocks */
struct ec2_route_table *route_table_new(struct call *call, const struct ec2_vpc *vpc);
/* route_tables.c: local routes of one block in every table of the VPC */
void local_routes_add(struct state *state, const char *vpc_id, const struct prefix *block);
void local_routes_remove(struct state *state, const char *vpc_id, const struct prefix *block);
void route_add_local(struct state *state, struct ec2_route_table *table,
                     const struct prefix *block);
/* internet_gateways.c: NULL when the VPC has none */
struct ec2_internet_gateway *internet_gateway_of_vpc(struct state *state, const char *vpc_id);
/* vpcs.c */
struct vpc_attributes *vpc_attributes_find(struct state *state, const char *vpc_id);
/* vpc_blocks.c: is an IPv6 block associated? */
bool vpc_has_ipv6(const struct ec2_vpc *vpc);
/* vpc_blocks.c: an IPv4 block that an EC2 VPC may have? Else the call fails. */
int vpc_check_ipv4_block(struct call *call, const struct prefix *block);
/* Does the request ask for an IPv6 block out of an address pool? Then the call fails. */
int vpc_check_no_pool(struct call *call);
void vpc_add_amazon_block(struct call *call, struct ec2_vpc *vpc, const char *border_group);
/* subnet_blocks.c: is the IPv6 block one of the VPC's, and free? Else the call fails. */
int subnet_check_ipv6_block(struct call *call, const struct ec2_vpc *vpc,
                            const struct prefix *block);
void subnet_add_ipv6_block(struct call *call, struct ec2_subnet *subnet,
                           const struct prefix *block);
/* network_interfaces.c: NULL when the subnet has no free address (the call fails).
 * wanted: an address of the subnet, or NULL for the next free one. */
struct ec2_network_interface *network_interface_new(struct call *call,
                                                    const struct ec2_subnet *subnet,
                                                    const char *wanted, size_t n_ipv6);
void network_interface_remove(struct state *state, const char *id);
/* addresses.c */
/* public_ip: NULL takes a free one; with none left NULL comes back, and the call fails. */
struct ec2_address *address_new(struct call *call, const char *public_ip);
/* interface: NULL for a regional NAT gateway, which has none. */
void address_bind(struct call *call, struct ec2_address *address,
                  struct ec2_network_interface *interface);
void address_unbind(struct state *state, struct ec2_address *address);
struct ec2_address *address_of_interface(struct state *state, const char *interface_id);
/* nat_gateway_addresses.c: NULL when no NAT gateway holds it */
const struct ec2_nat_gateway *nat_gateway_of_address(struct state *state,
                                                     const struct ec2_address *address);
/* nat_gateway_regional.c: those that find their zones themselves may have a new one to cover.
 * vpc_id: NULL for all. */
void nat_gateways_watch_zones(struct call *call, const char *vpc_id);
/* zones.c: where the world has none */
void zones_init(struct simulator *simulator);
/* prefix_lists.c: AWS's own, with their entries, where the world has none */
void prefix_lists_init(struct simulator *simulator);
const struct ec2_availability_zone *zone_by_name_or_id(struct state *state, const char *name,
                                                       const char *id);
/* security_groups.c: the default one of a new VPC */
void security_group_add_default(struct call *call, const struct ec2_vpc *vpc);
const struct ec2_security_group *security_group_default_of(struct state *state, const char *vpc_id);
/* An IPv6 block was associated: groups whose outbound rules nobody changed let IPv6 out too
 * (aws-facts 2.7). */
void security_groups_open_ipv6(struct call *call, const char *vpc_id);
/* Are all of them groups of the VPC? Else the call fails. */
int security_groups_check(struct call *call, const char *vpc_id, const struct wire_texts *ids);
/* Of an interface or an endpoint: these, or without any the VPC's default one. */
void security_groups_give(struct call *call, const char *vpc_id, const struct wire_texts *ids,
                          struct wire_any_list *identifiers);
void security_groups_complete(struct call *call);
/* security_group_rules.c: everything out, of that family */
void security_group_allow_all_out(struct call *call, struct ec2_security_group *group,
                                  enum family family);
/* network_acls.c: the default one of a new VPC; the subnet gets the VPC's default one */
void network_acl_add_default(struct call *call, const struct ec2_vpc *vpc);
void network_acl_associate_default(struct call *call, const struct ec2_subnet *subnet);
void network_acl_forget_subnet(struct state *state, const char *subnet_id);
void network_acls_open_ipv6(struct call *call, const char *vpc_id);
void network_acls_complete(struct call *call);
/* vpc_endpoints.c */
void vpc_endpoints_complete(struct call *call);
/* endpoint_services.c: AWS's own where the world has none, and what the world's leave out */
void endpoint_services_init(struct simulator *simulator);
/* block_public_access.c: what a new VPC or subnet shows */
const char *block_public_access_mode(struct state *state);
void block_public_access_init(struct state *state);
/* tags.c: the TagSpecification of a Create. -EINVAL: the call has failed. */
int tags_check_specifications(struct call *call);
