/* VpcEndpoint, and ServiceDetail: what an endpoint can be made for. */
#include "shapes.h"

static const struct wire_field dns_entry_fields[] = {
    WIRE_FIELD(ec2_dns_entry, dns_name, TEXT, "dnsName"),
    WIRE_FIELD(ec2_dns_entry, hosted_zone_id, TEXT, "hostedZoneId"),
};
static const struct wire_shape dns_entry_shape = SHAPE(ec2_dns_entry, "DnsEntry", dns_entry_fields);

static const struct wire_field dns_options_fields[] = {
    WIRE_FIELD(ec2_vpc_endpoint, dns_record_ip_type, TEXT, "dnsRecordIpType"),
};
static const struct wire_shape dns_options_shape =
    SHAPE(ec2_vpc_endpoint, "DnsOptions", dns_options_fields);

static const struct wire_field last_error_fields[] = {
    WIRE_FIELD(ec2_vpc_endpoint, last_error_code, TEXT, "code"),
    WIRE_FIELD(ec2_vpc_endpoint, last_error_message, TEXT, "message"),
};
static const struct wire_shape last_error_shape =
    SHAPE(ec2_vpc_endpoint, "LastError", last_error_fields);

static const struct wire_field vpc_endpoint_fields[] = {
    WIRE_FIELD(ec2_vpc_endpoint, vpc_endpoint_id, TEXT, "vpcEndpointId", .required = true),
    WIRE_FIELD(ec2_vpc_endpoint, vpc_endpoint_type, TEXT, "vpcEndpointType"),
    WIRE_FIELD(ec2_vpc_endpoint, vpc_id, TEXT, "vpcId"),
    WIRE_FIELD(ec2_vpc_endpoint, service_name, TEXT, "serviceName"),
    WIRE_FIELD(ec2_vpc_endpoint, state, TEXT, "state"),
    WIRE_FIELD(ec2_vpc_endpoint, policy_document, TEXT, "policyDocument"),
    WIRE_FIELD(ec2_vpc_endpoint, route_table_ids, TEXTS, "routeTableIdSet"),
    WIRE_FIELD(ec2_vpc_endpoint, subnet_ids, TEXTS, "subnetIdSet"),
    WIRE_FIELD(ec2_vpc_endpoint, groups, LIST, "groupSet", .type = &ec2_group_identifier_shape),
    WIRE_FIELD(ec2_vpc_endpoint, ip_address_type, TEXT, "ipAddressType"),
    GROUP_HERE("dnsOptions", dns_options_shape),
    WIRE_FIELD(ec2_vpc_endpoint, private_dns_enabled, BOOL, "privateDnsEnabled"),
    WIRE_FIELD(ec2_vpc_endpoint, requester_managed, BOOL, "requesterManaged"),
    WIRE_FIELD(ec2_vpc_endpoint, network_interface_ids, TEXTS, "networkInterfaceIdSet"),
    WIRE_FIELD(ec2_vpc_endpoint, dns_entries, LIST, "dnsEntrySet", .type = &dns_entry_shape),
    WIRE_FIELD(ec2_vpc_endpoint, creation_timestamp, TEXT, "creationTimestamp"),
    WIRE_FIELD(ec2_vpc_endpoint, owner_id, TEXT, "ownerId"),
    WIRE_FIELD(ec2_vpc_endpoint, failure_reason, TEXT, "failureReason"),
    GROUP_HERE("lastError", last_error_shape),
    WIRE_FIELD(ec2_vpc_endpoint, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_vpc_endpoint_shape =
    SHAPE(ec2_vpc_endpoint, "VpcEndpoint", vpc_endpoint_fields);

static const struct wire_field service_type_fields[] = {
    WIRE_FIELD(ec2_service_type, service_type, TEXT, "serviceType"),
};
static const struct wire_shape service_type_shape =
    SHAPE(ec2_service_type, "ServiceTypeDetail", service_type_fields);

static const struct wire_field private_dns_name_fields[] = {
    WIRE_FIELD(ec2_private_dns_name, private_dns_name, TEXT, "privateDnsName"),
};
static const struct wire_shape private_dns_name_shape =
    SHAPE(ec2_private_dns_name, "PrivateDnsDetails", private_dns_name_fields);

static const struct wire_field service_detail_fields[] = {
    WIRE_FIELD(ec2_service_detail, service_name, TEXT, "serviceName", .required = true),
    WIRE_FIELD(ec2_service_detail, service_id, TEXT, "serviceId"),
    WIRE_FIELD(ec2_service_detail, service_types, LIST, "serviceType", .type = &service_type_shape),
    WIRE_FIELD(ec2_service_detail, availability_zones, TEXTS, "availabilityZoneSet"),
    WIRE_FIELD(ec2_service_detail, availability_zone_ids, TEXTS, "availabilityZoneIdSet"),
    WIRE_FIELD(ec2_service_detail, owner, TEXT, "owner"),
    WIRE_FIELD(ec2_service_detail, private_dns_name, TEXT, "privateDnsName"),
    WIRE_FIELD(ec2_service_detail, private_dns_names, LIST, "privateDnsNameSet",
               .type = &private_dns_name_shape),
    WIRE_FIELD(ec2_service_detail, vpc_endpoint_policy_supported, BOOL,
               "vpcEndpointPolicySupported"),
    WIRE_FIELD(ec2_service_detail, acceptance_required, BOOL, "acceptanceRequired"),
    WIRE_FIELD(ec2_service_detail, supported_ip_address_types, TEXTS, "supportedIpAddressTypeSet"),
};
const struct wire_shape ec2_service_detail_shape =
    SHAPE(ec2_service_detail, "ServiceDetail", service_detail_fields);
