/* ec2.h - the EC2 and STS actions that we use, as tables: parameters out, reply elements in.
 *
 * One struct for each AWS data type, its members named after AWS's elements (EC2 API Reference,
 * version 2016-11-15). The wire tables behind ec2_action_table carry them both ways, so that the
 * client and the simulator share them. Absent members are zero (aws.h). */
#pragma once

#include "vpc_reconciled/aws.h"

/* ---- enums: 0 absent, 1 unknown word, then AWS's words in this order ---- */
#define EC2_ENUM_HEAD(x) x##_ABSENT, x##_UNKNOWN

/* Vpc, NatGateway, Subnet: the words that we tell apart */
enum ec2_state {
    EC2_ENUM_HEAD(EC2_STATE),
    EC2_STATE_PENDING,
    EC2_STATE_AVAILABLE,
    EC2_STATE_DELETING,
    EC2_STATE_DELETED,
    EC2_STATE_FAILED,
    EC2_STATE_UNAVAILABLE,
};
/* an attached IGW reads "available", an EIGW "attached" (aws-facts 2.5) */
enum ec2_attachment_state {
    EC2_ENUM_HEAD(EC2_ATTACHMENT),
    EC2_ATTACHMENT_ATTACHING,
    EC2_ATTACHMENT_ATTACHED,
    EC2_ATTACHMENT_DETACHING,
    EC2_ATTACHMENT_DETACHED,
    EC2_ATTACHMENT_AVAILABLE,
};
/* route table associations and CIDR block associations */
enum ec2_association_state {
    EC2_ENUM_HEAD(EC2_ASSOCIATION),
    EC2_ASSOCIATION_ASSOCIATING,
    EC2_ASSOCIATION_ASSOCIATED,
    EC2_ASSOCIATION_DISASSOCIATING,
    EC2_ASSOCIATION_DISASSOCIATED,
    EC2_ASSOCIATION_FAILING,
    EC2_ASSOCIATION_FAILED,
};
enum ec2_route_state {
    EC2_ENUM_HEAD(EC2_ROUTE),
    EC2_ROUTE_ACTIVE,
    EC2_ROUTE_BLACKHOLE,
    EC2_ROUTE_FILTERED,
};
enum ec2_route_origin {
    EC2_ENUM_HEAD(EC2_ORIGIN),
    EC2_ORIGIN_CREATE_ROUTE_TABLE,
    EC2_ORIGIN_CREATE_ROUTE,
    EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION,
    EC2_ORIGIN_ADVERTISEMENT,
};
enum ec2_connectivity_type {
    EC2_ENUM_HEAD(EC2_CONNECTIVITY),
    EC2_CONNECTIVITY_PUBLIC,
    EC2_CONNECTIVITY_PRIVATE,
};
enum ec2_availability_mode {
    EC2_ENUM_HEAD(EC2_AVAILABILITY_MODE),
    EC2_AVAILABILITY_MODE_ZONAL,
    EC2_AVAILABILITY_MODE_REGIONAL,
};
enum ec2_zone_state {
    EC2_ENUM_HEAD(EC2_ZONE),
    EC2_ZONE_AVAILABLE,
    EC2_ZONE_INFORMATION,
    EC2_ZONE_IMPAIRED,
    EC2_ZONE_UNAVAILABLE,
    EC2_ZONE_CONSTRAINED,
};
extern const struct wire_enum ec2_state_words, ec2_attachment_state_words,
    ec2_association_state_words, ec2_route_state_words, ec2_route_origin_words,
    ec2_connectivity_type_words, ec2_availability_mode_words, ec2_zone_state_words;
/* "available", "?" for 0 and 1. */
const char *ec2_word(const struct wire_enum *words, uint8_t value);

/* ---- data types (replies) ---- */
struct ec2_tag {
    const char *key, *value;
};
typedef WIRE_LIST_OF(
    struct ec2_tag) ec2_tags; /* the one typedef: an anonymous list shared by many */

struct ec2_vpc_cidr_block_association {
    const char *association_id;
    struct prefix cidr_block;
    uint8_t state; /* cidrBlockState/state, enum ec2_association_state */
};
struct ec2_ipv6_cidr_block_association { /* of a VPC or a subnet */
    const char *association_id;
    struct prefix ipv6_cidr_block; /* absent while associating */
    uint8_t state;
    const char *status_message, *network_border_group, *ipv6_pool, *ip_source;
};
struct ec2_vpc {
    const char *vpc_id, *owner_id, *dhcp_options_id, *instance_tenancy;
    uint8_t state;
    uint8_t is_default; /* enum wire_bool */
    struct prefix cidr_block;
    WIRE_LIST_OF(struct ec2_vpc_cidr_block_association) cidr_block_associations;
    WIRE_LIST_OF(struct ec2_ipv6_cidr_block_association) ipv6_cidr_block_associations;
    const char *internet_gateway_block_mode; /* blockPublicAccessStates/internetGatewayBlockMode */
    const char *encryption_control_mode, *encryption_control_state;
    ec2_tags tags;
};
struct ec2_subnet {
    const char *subnet_id, *vpc_id, *owner_id, *availability_zone, *availability_zone_id;
    uint8_t state;
    struct prefix cidr_block; /* absent when IPv6-only */
    struct wire_int available_ip_address_count;
    uint8_t map_public_ip_on_launch, assign_ipv6_address_on_creation, enable_dns64, ipv6_native,
        default_for_az;
    WIRE_LIST_OF(struct ec2_ipv6_cidr_block_association) ipv6_cidr_block_associations;
    const char *internet_gateway_block_mode;
    ec2_tags tags;
};
struct ec2_route_table_association {
    const char *route_table_association_id, *route_table_id, *subnet_id, *gateway_id;
    uint8_t main;
    uint8_t state; /* associationState/state */
    const char *status_message;
};
struct ec2_route {
    /* one destination */
    struct prefix destination_cidr_block, destination_ipv6_cidr_block;
    const char *destination_prefix_list_id;
    /* one target */
    const char *gateway_id, *nat_gateway_id, *egress_only_internet_gateway_id, *transit_gateway_id,
        *vpc_peering_connection_id, *network_interface_id, *instance_id, *instance_owner_id,
        *local_gateway_id, *carrier_gateway_id, *core_network_arn, *odb_network_arn, *ip_address;
    uint8_t origin, state;
};
struct ec2_propagating_vgw {
    const char *gateway_id;
};
struct ec2_route_table {
    const char *route_table_id, *vpc_id, *owner_id;
    WIRE_LIST_OF(struct ec2_route_table_association) associations;
    WIRE_LIST_OF(struct ec2_route) routes;
    WIRE_LIST_OF(struct ec2_propagating_vgw) propagating_vgws;
    ec2_tags tags;
};
struct ec2_gateway_attachment {
    const char *vpc_id;
    uint8_t state; /* enum ec2_attachment_state */
};
struct ec2_internet_gateway {
    const char *internet_gateway_id, *owner_id;
    WIRE_LIST_OF(struct ec2_gateway_attachment) attachments;
    ec2_tags tags;
};
struct ec2_egress_only_internet_gateway {
    const char *egress_only_internet_gateway_id;
    WIRE_LIST_OF(struct ec2_gateway_attachment) attachments;
    ec2_tags tags;
};
struct ec2_nat_gateway_address {
    const char *allocation_id, *association_id, *network_interface_id, *private_ip, *public_ip,
        *status, *failure_message, *availability_zone, *availability_zone_id;
    uint8_t is_primary;
};
struct ec2_nat_gateway {
    const char *nat_gateway_id, *vpc_id, *subnet_id, *failure_code, *failure_message, *create_time,
        *delete_time, *auto_scaling_ips, *auto_provision_zones, *route_table_id;
    uint8_t state, connectivity_type, availability_mode;
    WIRE_LIST_OF(struct ec2_nat_gateway_address) addresses;
    ec2_tags tags;
};
struct ec2_address {
    const char *allocation_id, *association_id, *public_ip, *domain, *network_interface_id,
        *network_interface_owner_id, *private_ip_address, *network_border_group, *service_managed,
        *subnet_id, *instance_id, *public_ipv4_pool;
    ec2_tags tags;
};
struct ec2_group_identifier {
    const char *group_id, *group_name;
};
struct ec2_ipv6_address {
    const char *ipv6_address;
};
struct ec2_network_interface {
    const char *network_interface_id, *subnet_id, *vpc_id, *owner_id, *availability_zone,
        *availability_zone_id, *interface_type, *status, *requester_id, *description,
        *private_ip_address;
    const char *association_public_ip, *association_allocation_id, *association_association_id;
    const char *attachment_instance_id;
    const char *operator_principal;
    uint8_t requester_managed, deny_all_igw_traffic, operator_managed, operator_hidden_by_default;
    WIRE_LIST_OF(struct ec2_ipv6_address) ipv6_addresses;
    WIRE_LIST_OF(struct ec2_group_identifier) groups;
    ec2_tags tags; /* tagSet */
};
struct ec2_availability_zone {
    const char *zone_name, *zone_id, *zone_type, *region_name, *network_border_group, *group_name,
        *opt_in_status, *parent_zone_name, *parent_zone_id;
    uint8_t zone_state;
};
struct ec2_managed_prefix_list {
    const char *prefix_list_id, *prefix_list_name, *address_family, *owner_id, *prefix_list_arn;
    const char *state;
    struct wire_int max_entries, version;
    ec2_tags tags;
};

/* Security groups: one permission is a protocol, a port range and any number of peers. "-1" is
 * every protocol; it, and any protocol but tcp, udp, icmp, icmpv6, means all ports (aws-facts 2.3).
 * For icmp and icmpv6 from_port is the type and to_port the code, -1: every one. */
struct ec2_ip_range {
    struct prefix cidr_ip;
    const char *description;
};
struct ec2_ipv6_range {
    struct prefix cidr_ipv6;
    const char *description;
};
struct ec2_prefix_list_id {
    const char *prefix_list_id, *description;
};
struct ec2_user_id_group_pair {
    const char *group_id, *user_id, *vpc_id, *vpc_peering_connection_id, *description;
};
struct ec2_ip_permission {
    const char *ip_protocol;
    struct wire_int from_port, to_port;
    WIRE_LIST_OF(struct ec2_ip_range) ip_ranges;
    WIRE_LIST_OF(struct ec2_ipv6_range) ipv6_ranges;
    WIRE_LIST_OF(struct ec2_prefix_list_id) prefix_list_ids;
    WIRE_LIST_OF(struct ec2_user_id_group_pair) groups;
};
typedef WIRE_LIST_OF(struct ec2_ip_permission) ec2_ip_permissions;
struct ec2_security_group {
    const char *group_id, *group_name, *group_description, *vpc_id, *owner_id;
    ec2_ip_permissions ip_permissions, ip_permissions_egress;
    ec2_tags tags;
};
struct ec2_network_acl_association {
    const char *network_acl_association_id, *network_acl_id, *subnet_id;
};
struct ec2_network_acl_entry {
    struct wire_int rule_number; /* the lowest that matches decides; 32767 is the default deny */
    const char *protocol;        /* its number, "-1": every one */
    const char *rule_action;     /* allow, deny */
    uint8_t egress;
    struct prefix cidr_block, ipv6_cidr_block;
    struct wire_int port_from, port_to; /* portRange */
    struct wire_int icmp_type, icmp_code;
};
struct ec2_network_acl {
    const char *network_acl_id, *vpc_id, *owner_id;
    uint8_t is_default;
    WIRE_LIST_OF(struct ec2_network_acl_association) associations;
    WIRE_LIST_OF(struct ec2_network_acl_entry) entries;
    ec2_tags tags;
};
struct ec2_dns_entry {
    const char *dns_name, *hosted_zone_id;
};
struct ec2_vpc_endpoint {
    const char *vpc_endpoint_id, *vpc_endpoint_type, *vpc_id, *service_name, *owner_id;
    const char *state; /* lower camel on the wire; compare without case (aws-facts 2.5) */
    struct wire_texts route_table_ids, subnet_ids, network_interface_ids;
    WIRE_LIST_OF(struct ec2_group_identifier) groups;
    WIRE_LIST_OF(struct ec2_dns_entry) dns_entries;
    uint8_t private_dns_enabled, requester_managed;
    const char *ip_address_type, *dns_record_ip_type, *policy_document, *failure_reason,
        *last_error_code, *last_error_message, *creation_timestamp;
    ec2_tags tags;
};
struct ec2_service_type {
    const char *service_type; /* Interface, Gateway, GatewayLoadBalancer */
};
struct ec2_private_dns_name {
    const char *private_dns_name;
};
struct ec2_service_detail { /* of DescribeVpcEndpointServices */
    const char *service_name, *service_id, *owner, *private_dns_name;
    WIRE_LIST_OF(struct ec2_service_type) service_types;
    struct wire_texts availability_zones, availability_zone_ids, supported_ip_address_types;
    WIRE_LIST_OF(struct ec2_private_dns_name) private_dns_names;
    uint8_t vpc_endpoint_policy_supported, acceptance_required;
};
struct ec2_prefix_list_entry {
    struct prefix cidr;
    const char *description;
};
struct ec2_vpc_block_public_access_options {
    /* off, block-bidirectional, block-ingress */
    const char *internet_gateway_block_mode, *state, *managed_by, *exclusions_allowed;
};

/* ---- requests ---- */
struct ec2_filter {
    const char *name;
    struct wire_texts values;
};
struct ec2_tag_specification {
    const char *resource_type; /* "natgateway", "internet-gateway", ... (aws-facts 1.2) */
    ec2_tags tags;
};
struct ec2_availability_zone_address { /* the zone by its name or by its id */
    const char *availability_zone, *availability_zone_id;
    struct wire_texts allocation_ids;
};
typedef WIRE_LIST_OF(struct ec2_filter) ec2_filters;
typedef WIRE_LIST_OF(struct ec2_tag_specification) ec2_tag_specifications;

/* Every Describe of aws-facts 2.1 takes this one. `ids` goes out under the action's id parameter
 * (VpcId.N ...). Ids with max_results is InvalidParameterCombination: use a filter (aws-facts 1.5).
 */
struct ec2_describe_request {
    struct wire_texts ids;
    ec2_filters filters;
    struct wire_int max_results;
    const char *next_token;
    uint8_t include_managed_resources; /* DescribeNetworkInterfaces only */
    uint8_t all_availability_zones;    /* DescribeAvailabilityZones only */
    struct wire_texts zone_ids;   /* DescribeAvailabilityZones only: ZoneId.N; ids is ZoneName.N */
    struct wire_texts public_ips; /* DescribeAddresses only */
    const char *vpc_id, *attribute; /* DescribeVpcAttribute only */
    const char *prefix_list_id;     /* GetManagedPrefixListEntries only */
    uint8_t dry_run;
};

/* One struct for every mutating action: each action's shape names the members that it takes. */
struct ec2_change_request {
    uint8_t dry_run;
    const char *client_token;
    ec2_tag_specifications tag_specifications;
    const char *vpc_id, *subnet_id, *route_table_id, *internet_gateway_id,
        *egress_only_internet_gateway_id, *nat_gateway_id, *allocation_id, *association_id,
        *network_interface_id, *gateway_id, *availability_zone, *availability_zone_id;
    /* CreateVpc, CreateSubnet, Associate*CidrBlock */
    struct prefix cidr_block, ipv6_cidr_block;
    uint8_t amazon_provided_ipv6_cidr_block, ipv6_native;
    const char *ipv6_ipam_pool_id;
    struct wire_int ipv6_netmask_length;
    const char *ipv6_pool, *ipv6_cidr_block_network_border_group, *instance_tenancy;
    /* CreateRoute, ReplaceRoute, DeleteRoute: one destination, one target */
    struct prefix destination_cidr_block, destination_ipv6_cidr_block;
    const char *destination_prefix_list_id, *transit_gateway_id, *vpc_peering_connection_id,
        *instance_id, *vpc_endpoint_id, *local_gateway_id, *carrier_gateway_id, *core_network_arn,
        *odb_network_arn;
    uint8_t local_target;
    /* AllocateAddress, AssociateAddress, ReleaseAddress */
    const char *domain, *network_border_group, *address, *public_ip, *public_ipv4_pool,
        *private_ip_address;
    uint8_t allow_reassociation;
    /* CreateNatGateway */
    uint8_t connectivity_type, availability_mode;
    /* of a regional one; without any, AWS finds addresses and zones (aws-facts 2.3) */
    WIRE_LIST_OF(struct ec2_availability_zone_address) availability_zone_addresses;
    /* Modify*Attribute: Name.Value; exactly one */
    uint8_t map_public_ip_on_launch, assign_ipv6_address_on_creation, enable_dns64,
        enable_dns_support, enable_dns_hostnames;
    /* CreateNetworkInterface */
    const char *description, *interface_type;
    struct wire_texts security_group_ids;
    struct wire_int ipv6_address_count;
    /* EnableVgwRoutePropagation uses gateway_id and route_table_id. */
    /* CreateVpcEndpoint (with security_group_ids), ModifyVpcEndpoint (with vpc_endpoint_id),
     * DeleteVpcEndpoints */
    const char *service_name, *vpc_endpoint_type, *ip_address_type, *dns_record_ip_type,
        *policy_document;
    uint8_t private_dns_enabled, reset_policy;
    struct wire_texts route_table_ids, subnet_ids, vpc_endpoint_ids, add_route_table_ids,
        remove_route_table_ids, add_subnet_ids, remove_subnet_ids, add_security_group_ids,
        remove_security_group_ids;
    /* CreateSecurityGroup; Authorize- and RevokeSecurityGroupEgress and -Ingress */
    const char *group_id, *group_name, *group_description;
    ec2_ip_permissions ip_permissions;
    /* CreateNetworkAcl, CreateNetworkAclEntry, DeleteNetworkAclEntry,
     * ReplaceNetworkAclAssociation (with association_id) */
    const char *network_acl_id, *protocol, *rule_action;
    struct wire_int rule_number, port_from, port_to, icmp_type, icmp_code;
    uint8_t egress;
    /* ModifyVpcBlockPublicAccessOptions */
    const char *internet_gateway_block_mode;
    /* CreateTags, DeleteTags */
    struct wire_texts resource_ids;
    ec2_tags tags;
    /* AssumeRole, AssumeRoleWithWebIdentity */
    const char *role_arn, *role_session_name, *external_id, *web_identity_token;
    struct wire_int duration_seconds;
};

/* ---- replies ---- */
struct ec2_security_group_rule {
    const char *security_group_rule_id, *group_id;
};
struct ec2_unsuccessful_item {
    const char *resource_id, *error_code, *error_message;
};

/* Of every Describe: one list is filled; `seen` of it says whether the element was there. */
struct ec2_describe_reply {
    const char *request_id, *next_token;
    WIRE_LIST_OF(struct ec2_vpc) vpcs;
    WIRE_LIST_OF(struct ec2_subnet) subnets;
    WIRE_LIST_OF(struct ec2_route_table) route_tables;
    WIRE_LIST_OF(struct ec2_internet_gateway) internet_gateways;
    WIRE_LIST_OF(struct ec2_egress_only_internet_gateway) egress_only_internet_gateways;
    WIRE_LIST_OF(struct ec2_nat_gateway) nat_gateways;
    WIRE_LIST_OF(struct ec2_address) addresses;
    WIRE_LIST_OF(struct ec2_network_interface) network_interfaces;
    WIRE_LIST_OF(struct ec2_availability_zone) availability_zones;
    WIRE_LIST_OF(struct ec2_managed_prefix_list) managed_prefix_lists; /* prefixListSet */
    WIRE_LIST_OF(struct ec2_prefix_list_entry) prefix_list_entries;
    WIRE_LIST_OF(struct ec2_security_group) security_groups;
    WIRE_LIST_OF(struct ec2_network_acl) network_acls;
    WIRE_LIST_OF(struct ec2_vpc_endpoint) vpc_endpoints;
    WIRE_LIST_OF(struct ec2_service_detail) service_details; /* serviceDetailSet */
    /* DescribeVpcBlockPublicAccessOptions */
    struct ec2_vpc_block_public_access_options vpc_block_public_access_options;
    const char *vpc_id;                               /* DescribeVpcAttribute */
    uint8_t enable_dns_support, enable_dns_hostnames; /* DescribeVpcAttribute */
};
/* Of every change: what its action's shape fills. */
struct ec2_change_reply {
    const char *request_id, *client_token;
    uint8_t return_value;
    struct ec2_vpc vpc;
    struct ec2_subnet subnet;
    struct ec2_route_table route_table;
    struct ec2_internet_gateway internet_gateway;
    struct ec2_egress_only_internet_gateway egress_only_internet_gateway;
    struct ec2_nat_gateway nat_gateway;
    struct ec2_network_interface network_interface;
    struct ec2_vpc_endpoint vpc_endpoint;
    struct ec2_network_acl network_acl;
    struct ec2_vpc_block_public_access_options vpc_block_public_access_options;
    WIRE_LIST_OF(struct ec2_security_group_rule) security_group_rules;
    WIRE_LIST_OF(struct ec2_unsuccessful_item) unsuccessful; /* HTTP 200 with failures inside */
    const char *group_id;
    /* top level members */
    const char *nat_gateway_id; /* DeleteNatGateway */
    const char *allocation_id, *public_ip, *domain, *network_border_group, *public_ipv4_pool;
    const char *association_id, *new_association_id;
    uint8_t association_state; /* associationState/state */
    const char *vpc_id, *subnet_id;
    struct ec2_ipv6_cidr_block_association ipv6_cidr_block_association;
    struct ec2_vpc_cidr_block_association cidr_block_association;
    /* GetCallerIdentity; AssumeRole* have arn and user_id of the session */
    const char *account, *arn, *user_id;
    struct {
        const char *access_key_id, *secret_access_key, *session_token, *expiration;
    } credentials; /* AssumeRole, AssumeRoleWithWebIdentity: the arena must be a secret one */
};

/* ---- the action table ---- */
enum ec2_action {
    EC2_DESCRIBE_VPCS,
    EC2_DESCRIBE_SUBNETS,
    EC2_DESCRIBE_ROUTE_TABLES,
    EC2_DESCRIBE_INTERNET_GATEWAYS,
    EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS,
    EC2_DESCRIBE_NAT_GATEWAYS,
    EC2_DESCRIBE_ADDRESSES,
    EC2_DESCRIBE_NETWORK_INTERFACES,
    EC2_DESCRIBE_AVAILABILITY_ZONES,
    EC2_DESCRIBE_MANAGED_PREFIX_LISTS, /* MaxResults 1-100; aws-facts 1.5 */
    EC2_DESCRIBE_VPC_ATTRIBUTE,
    EC2_DESCRIBE_SECURITY_GROUPS,
    EC2_DESCRIBE_NETWORK_ACLS,
    EC2_DESCRIBE_VPC_ENDPOINTS,
    EC2_DESCRIBE_VPC_ENDPOINT_SERVICES,
    EC2_GET_MANAGED_PREFIX_LIST_ENTRIES,
    EC2_DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS,
    STS_GET_CALLER_IDENTITY,
    STS_ASSUME_ROLE,
    STS_ASSUME_ROLE_WITH_WEB_IDENTITY,
    EC2_CREATE_VPC,
    EC2_DELETE_VPC,
    EC2_CREATE_SUBNET,
    EC2_DELETE_SUBNET,
    EC2_CREATE_INTERNET_GATEWAY,
    EC2_ATTACH_INTERNET_GATEWAY,
    EC2_DETACH_INTERNET_GATEWAY,
    EC2_DELETE_INTERNET_GATEWAY,
    EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY,
    EC2_DELETE_EGRESS_ONLY_INTERNET_GATEWAY,
    EC2_CREATE_ROUTE_TABLE,
    EC2_DELETE_ROUTE_TABLE,
    EC2_ASSOCIATE_ROUTE_TABLE,
    EC2_DISASSOCIATE_ROUTE_TABLE,
    EC2_REPLACE_ROUTE_TABLE_ASSOCIATION,
    EC2_CREATE_ROUTE,
    EC2_REPLACE_ROUTE,
    EC2_DELETE_ROUTE,
    EC2_ALLOCATE_ADDRESS,
    EC2_RELEASE_ADDRESS,
    EC2_ASSOCIATE_ADDRESS,
    EC2_DISASSOCIATE_ADDRESS,
    EC2_CREATE_NAT_GATEWAY,
    EC2_DELETE_NAT_GATEWAY,
    EC2_ASSOCIATE_VPC_CIDR_BLOCK,
    EC2_DISASSOCIATE_VPC_CIDR_BLOCK,
    EC2_ASSOCIATE_SUBNET_CIDR_BLOCK,
    EC2_DISASSOCIATE_SUBNET_CIDR_BLOCK,
    EC2_MODIFY_SUBNET_ATTRIBUTE,
    EC2_MODIFY_VPC_ATTRIBUTE,
    EC2_CREATE_NETWORK_INTERFACE,
    EC2_DELETE_NETWORK_INTERFACE,
    EC2_ENABLE_VGW_ROUTE_PROPAGATION,
    EC2_CREATE_VPC_ENDPOINT,
    EC2_MODIFY_VPC_ENDPOINT,
    EC2_DELETE_VPC_ENDPOINTS,
    EC2_CREATE_SECURITY_GROUP,
    EC2_AUTHORIZE_SECURITY_GROUP_EGRESS,
    EC2_AUTHORIZE_SECURITY_GROUP_INGRESS,
    EC2_REVOKE_SECURITY_GROUP_EGRESS,
    EC2_REVOKE_SECURITY_GROUP_INGRESS,
    EC2_CREATE_NETWORK_ACL,
    EC2_CREATE_NETWORK_ACL_ENTRY,
    EC2_DELETE_NETWORK_ACL_ENTRY,
    EC2_REPLACE_NETWORK_ACL_ASSOCIATION,
    EC2_MODIFY_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS,
    EC2_CREATE_TAGS,
    EC2_DELETE_TAGS,
    EC2_ACTION_COUNT,
    EC2_NO_ACTION = EC2_ACTION_COUNT,
};

/* token buckets of aws-facts 3.1: each action has one of its own, as large as its family's row */
enum ec2_bucket {
    EC2_BUCKET_NON_MUTATING,
    /* of DescribeNetworkInterfaces and DescribeSecurityGroups, when they are sent with neither
     * filter nor MaxResults; no row */
    EC2_BUCKET_UNFILTERED,
    EC2_BUCKET_MUTATING,
    EC2_BUCKET_RESOURCE_INTENSIVE,
    EC2_BUCKET_NAT_GATEWAY,
    EC2_BUCKET_VPC_ENDPOINT,
    EC2_BUCKET_TAGS,
    EC2_BUCKET_STS,
    EC2_BUCKET_COUNT,
};

/* AWS's own, for an account that asked for no more. */
struct ec2_bucket_row {
    uint16_t capacity, refill_per_10s; /* tokens: one a call */
};
extern const struct ec2_bucket_row ec2_bucket_table[EC2_BUCKET_COUNT];

struct ec2_action_row {
    const char *name;    /* "CreateRoute" */
    const char *service; /* "ec2" or "sts": endpoint and signing name */
    const char *version; /* "2016-11-15" */
    bool mutates, dry_run, client_token;
    bool no_signature; /* AssumeRoleWithWebIdentity: who asks has no keys yet */
    uint8_t bucket;
    uint16_t page_max; /* 0: not paginated */
    const struct wire_shape *request, *reply;
    bool describe;        /* ec2_describe_request/_reply, else ec2_change_* */
    const char *list;     /* a Describe's list element: "vpcSet"; must be seen */
    uint16_t list_offset; /* of that list in ec2_describe_reply */
    const char *makes; /* tag resource type of what it creates: "internet-gateway"; NULL: nothing */
    bool adds; /* a second one would be added beside the first, and no tag or token tells: it is
                  sent only with its intent written down */
    const char *iam; /* "ec2:CreateRoute" */
};
extern const struct ec2_action_row ec2_action_table[EC2_ACTION_COUNT];
/* -ENOENT when no row has the name. */
int ec2_action_find(const char *name, enum ec2_action *ret_action);

/* Body of a POST: "Action=...&Version=...&...". With observe_only an action whose row says mutates
 * is -EPERM and nothing is written (S15). An empty filter value list or a filter without values is
 * a programming error and aborts (safety.md 1: an empty list describes everything). */
int ec2_request_encode(struct buf *buf, enum ec2_action action, const void *request,
                       bool observe_only);

/* One reply as it arrives. The status is known before the body and chooses the shape. */
struct ec2_decoder;
/* reply: struct ec2_describe_reply or ec2_change_reply in the arena, filled on success. */
struct ec2_decoder *ec2_decoder_new(struct arena *arena, enum ec2_action action, int http_status,
                                    void *reply, struct aws_error *ret_error, size_t limit);
/* As xml_decoder_feed(). With final: -EBADMSG also when a Describe's list element was not seen.
 * With a status other than 200 the error document is read; a body that is none of ours leaves
 * ret_error.code "" with the status set, and the result is 0 (the status alone speaks). */
int ec2_decoder_feed(struct ec2_decoder *decoder, const char *bytes, size_t n, bool final,
                     struct wire_error *reterr);
struct ec2_decoder *ec2_decoder_free(struct ec2_decoder *decoder);

/* ---- errors ---- */
/* what a caller does about it; aws-facts 2.4 */
enum ec2_error_class {
    EC2_ERROR_OTHER,   /* not in the table */
    EC2_ERROR_DONE,    /* the wanted state may be reached: describe and compare */
    EC2_ERROR_MISSING, /* gone, or not visible yet */
    EC2_ERROR_WAIT,    /* in the way, transitional */
    EC2_ERROR_THROTTLED,
    EC2_ERROR_SERVER,      /* retry */
    EC2_ERROR_QUOTA,       /* a person must raise it */
    EC2_ERROR_DENIED,      /* this call only */
    EC2_ERROR_CREDENTIALS, /* the pass ends */
    EC2_ERROR_OUR_BUG,     /* InvalidAction, UnknownParameter, MissingParameter ... */
    EC2_ERROR_DRY_RUN,     /* DryRunOperation: allowed */
};
/* By code first, then by HTTP status; the ".NotFound" suffix counts as MISSING. */
enum ec2_error_class ec2_error_classify(const struct aws_error *error);

/* ---- small helpers on the structs ---- */
const char *ec2_tag_value(const ec2_tags *tags, const char *key); /* NULL: no such tag */
