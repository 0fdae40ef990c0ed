/* What each Describe takes and answers (aws-facts 2.1). */
#include "shapes.h"

#define REQUEST(m, k, n, ...) WIRE_FIELD(ec2_describe_request, m, k, n, __VA_ARGS__)
#define REPLY(m, k, n, ...) WIRE_FIELD(ec2_describe_reply, m, k, n, __VA_ARGS__)

static const struct wire_field filter_fields[] = {
    WIRE_FIELD(ec2_filter, name, TEXT, "Name"),
    WIRE_FIELD(ec2_filter, values, TEXTS, "Value"),
};
static const struct wire_shape filter_shape = SHAPE(ec2_filter, "Filter", filter_fields);

#define IDS(parameter) REQUEST(ids, TEXTS, parameter)
#define FILTERS REQUEST(filters, LIST, "Filter", .type = &filter_shape)
#define DRY_RUN REQUEST(dry_run, BOOL, "DryRun")
#define REQUEST_ID REPLY(request_id, TEXT, "requestId")
/* Some actions come in one piece (aws-facts 1.5); all others take these. */
#define PAGES REQUEST(max_results, INT, "MaxResults"), REQUEST(next_token, TEXT, "NextToken")
#define MORE REPLY(next_token, TEXT, "nextToken")

/* request and reply are lists of rows in parentheses: they hold commas. */
#define ROWS(...) __VA_ARGS__
#define DESCRIBE(object, name, request, reply)                                                     \
    static const struct wire_field object##_request_fields[] = {ROWS request};                     \
    static const struct wire_field object##_reply_fields[] = {ROWS reply};                         \
    const struct ec2_describe_shapes object = {                                                    \
        SHAPE(ec2_describe_request, name "Request", object##_request_fields),                      \
        SHAPE(ec2_describe_reply, name "Result", object##_reply_fields)}

DESCRIBE(ec2_describe_vpcs, "DescribeVpcs", (IDS("VpcId"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID, REPLY(vpcs, LIST, "vpcSet", .type = &ec2_vpc_shape), MORE));

DESCRIBE(ec2_describe_subnets, "DescribeSubnets", (IDS("SubnetId"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID, REPLY(subnets, LIST, "subnetSet", .type = &ec2_subnet_shape), MORE));

DESCRIBE(ec2_describe_route_tables, "DescribeRouteTables",
         (IDS("RouteTableId"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID, REPLY(route_tables, LIST, "routeTableSet", .type = &ec2_route_table_shape),
          MORE));

DESCRIBE(ec2_describe_internet_gateways, "DescribeInternetGateways",
         (IDS("InternetGatewayId"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID,
          REPLY(internet_gateways, LIST, "internetGatewaySet", .type = &ec2_internet_gateway_shape),
          MORE));

DESCRIBE(ec2_describe_egress_only_internet_gateways, "DescribeEgressOnlyInternetGateways",
         (IDS("EgressOnlyInternetGatewayId"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID,
          REPLY(egress_only_internet_gateways, LIST, "egressOnlyInternetGatewaySet",
                .type = &ec2_egress_only_internet_gateway_shape),
          MORE));

DESCRIBE(ec2_describe_nat_gateways, "DescribeNatGateways",
         (IDS("NatGatewayId"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID, REPLY(nat_gateways, LIST, "natGatewaySet", .type = &ec2_nat_gateway_shape),
          MORE));

DESCRIBE(ec2_describe_addresses, "DescribeAddresses",
         (IDS("AllocationId"), REQUEST(public_ips, TEXTS, "PublicIp"), FILTERS, DRY_RUN),
         (REQUEST_ID, REPLY(addresses, LIST, "addressesSet", .type = &ec2_address_shape)));

DESCRIBE(ec2_describe_network_interfaces, "DescribeNetworkInterfaces",
         (IDS("NetworkInterfaceId"), FILTERS, PAGES,
          REQUEST(include_managed_resources, BOOL, "IncludeManagedResources"), DRY_RUN),
         (REQUEST_ID,
          REPLY(network_interfaces, LIST, "networkInterfaceSet",
                .type = &ec2_network_interface_shape),
          MORE));

DESCRIBE(ec2_describe_availability_zones, "DescribeAvailabilityZones",
         (IDS("ZoneName"), REQUEST(zone_ids, TEXTS, "ZoneId"), FILTERS,
          REQUEST(all_availability_zones, BOOL, "AllAvailabilityZones"), DRY_RUN),
         (REQUEST_ID, REPLY(availability_zones, LIST, "availabilityZoneInfo",
                            .type = &ec2_availability_zone_shape)));

DESCRIBE(ec2_describe_managed_prefix_lists, "DescribeManagedPrefixLists",
         (IDS("PrefixListId"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID,
          REPLY(managed_prefix_lists, LIST, "prefixListSet",
                .type = &ec2_managed_prefix_list_shape),
          MORE));

static const struct wire_field dns_support_fields[] = {REPLY(enable_dns_support, BOOL, "value")};
static const struct wire_shape dns_support_shape =
    SHAPE(ec2_describe_reply, "AttributeBooleanValue", dns_support_fields);
static const struct wire_field dns_hostnames_fields[] = {
    REPLY(enable_dns_hostnames, BOOL, "value")};
static const struct wire_shape dns_hostnames_shape =
    SHAPE(ec2_describe_reply, "AttributeBooleanValue", dns_hostnames_fields);

/* One attribute a call; the answer holds only the one that was asked for. */
DESCRIBE(ec2_describe_vpc_attribute, "DescribeVpcAttribute",
         (REQUEST(vpc_id, TEXT, "VpcId", .required = true),
          REQUEST(attribute, TEXT, "Attribute", .required = true), DRY_RUN),
         (REQUEST_ID, REPLY(vpc_id, TEXT, "vpcId"),
          GROUP_HERE("enableDnsSupport", dns_support_shape),
          GROUP_HERE("enableDnsHostnames", dns_hostnames_shape)));

DESCRIBE(ec2_describe_security_groups, "DescribeSecurityGroups",
         (IDS("GroupId"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID,
          REPLY(security_groups, LIST, "securityGroupInfo", .type = &ec2_security_group_shape),
          MORE));

DESCRIBE(ec2_describe_network_acls, "DescribeNetworkAcls",
         (IDS("NetworkAclId"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID, REPLY(network_acls, LIST, "networkAclSet", .type = &ec2_network_acl_shape),
          MORE));

DESCRIBE(ec2_describe_vpc_endpoints, "DescribeVpcEndpoints",
         (IDS("VpcEndpointId"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID, REPLY(vpc_endpoints, LIST, "vpcEndpointSet", .type = &ec2_vpc_endpoint_shape),
          MORE));

/* The names alone come as well, in serviceNameSet, and are paged with the details. */
DESCRIBE(ec2_describe_vpc_endpoint_services, "DescribeVpcEndpointServices",
         (IDS("ServiceName"), FILTERS, PAGES, DRY_RUN),
         (REQUEST_ID,
          REPLY(service_details, LIST, "serviceDetailSet", .type = &ec2_service_detail_shape),
          MORE));

DESCRIBE(ec2_get_managed_prefix_list_entries, "GetManagedPrefixListEntries",
         (REQUEST(prefix_list_id, TEXT, "PrefixListId", .required = true), PAGES, DRY_RUN),
         (REQUEST_ID,
          REPLY(prefix_list_entries, LIST, "entrySet", .type = &ec2_prefix_list_entry_shape),
          MORE));

/* No list, so the element itself is what must be there: absent, the mode is unknown. */
DESCRIBE(ec2_describe_vpc_block_public_access_options, "DescribeVpcBlockPublicAccessOptions",
         (DRY_RUN),
         (REQUEST_ID, GROUP_OF(ec2_describe_reply, vpc_block_public_access_options,
                               "vpcBlockPublicAccessOptions",
                               ec2_vpc_block_public_access_options_shape, .required = true)));
