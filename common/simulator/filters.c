#include "filters.h"

/* Each filter reads one path of the item's wire table. aws-facts 2.1 has the useful ones; these are
 * those of the EC2 API Reference whose elements are simulated. `tag:KEY` and `tag-key` are common
 * to all. */
static const struct filter_row {
    enum kind kind;
    const char *name, *path;
} filter_table[] = {
    {KIND_VPC, "vpc-id", "vpcId"},
    {KIND_VPC, "owner-id", "ownerId"},
    {KIND_VPC, "state", "state"},
    {KIND_VPC, "cidr", "cidrBlock"},
    {KIND_VPC, "is-default", "isDefault"},
    {KIND_VPC, "dhcp-options-id", "dhcpOptionsId"},
    {KIND_VPC, "cidr-block-association.association-id", "cidrBlockAssociationSet/associationId"},
    {KIND_VPC, "cidr-block-association.cidr-block", "cidrBlockAssociationSet/cidrBlock"},
    {KIND_VPC, "cidr-block-association.state", "cidrBlockAssociationSet/cidrBlockState/state"},
    {KIND_VPC, "ipv6-cidr-block-association.association-id",
     "ipv6CidrBlockAssociationSet/associationId"},
    {KIND_VPC, "ipv6-cidr-block-association.ipv6-cidr-block",
     "ipv6CidrBlockAssociationSet/ipv6CidrBlock"},
    {KIND_VPC, "ipv6-cidr-block-association.ipv6-pool", "ipv6CidrBlockAssociationSet/ipv6Pool"},
    {KIND_VPC, "ipv6-cidr-block-association.state",
     "ipv6CidrBlockAssociationSet/ipv6CidrBlockState/state"},

    {KIND_SUBNET, "vpc-id", "vpcId"},
    {KIND_SUBNET, "subnet-id", "subnetId"},
    {KIND_SUBNET, "owner-id", "ownerId"},
    {KIND_SUBNET, "state", "state"},
    {KIND_SUBNET, "availability-zone", "availabilityZone"},
    {KIND_SUBNET, "availabilityZone", "availabilityZone"},
    {KIND_SUBNET, "availability-zone-id", "availabilityZoneId"},
    {KIND_SUBNET, "availabilityZoneId", "availabilityZoneId"},
    {KIND_SUBNET, "available-ip-address-count", "availableIpAddressCount"},
    {KIND_SUBNET, "cidr", "cidrBlock"},
    {KIND_SUBNET, "cidr-block", "cidrBlock"},
    {KIND_SUBNET, "cidrBlock", "cidrBlock"},
    {KIND_SUBNET, "default-for-az", "defaultForAz"},
    {KIND_SUBNET, "map-public-ip-on-launch", "mapPublicIpOnLaunch"},
    {KIND_SUBNET, "enable-dns64", "enableDns64"},
    {KIND_SUBNET, "ipv6-native", "ipv6Native"},
    {KIND_SUBNET, "ipv6-cidr-block-association.association-id",
     "ipv6CidrBlockAssociationSet/associationId"},
    {KIND_SUBNET, "ipv6-cidr-block-association.ipv6-cidr-block",
     "ipv6CidrBlockAssociationSet/ipv6CidrBlock"},
    {KIND_SUBNET, "ipv6-cidr-block-association.state",
     "ipv6CidrBlockAssociationSet/ipv6CidrBlockState/state"},

    {KIND_ROUTE_TABLE, "vpc-id", "vpcId"},
    {KIND_ROUTE_TABLE, "route-table-id", "routeTableId"},
    {KIND_ROUTE_TABLE, "owner-id", "ownerId"},
    {KIND_ROUTE_TABLE, "association.subnet-id", "associationSet/subnetId"},
    {KIND_ROUTE_TABLE, "association.gateway-id", "associationSet/gatewayId"},
    {KIND_ROUTE_TABLE, "association.main", "associationSet/main"},
    {KIND_ROUTE_TABLE, "association.route-table-id", "associationSet/routeTableId"},
    {KIND_ROUTE_TABLE, "association.route-table-association-id",
     "associationSet/routeTableAssociationId"},
    {KIND_ROUTE_TABLE, "route.destination-cidr-block", "routeSet/destinationCidrBlock"},
    {KIND_ROUTE_TABLE, "route.destination-ipv6-cidr-block", "routeSet/destinationIpv6CidrBlock"},
    {KIND_ROUTE_TABLE, "route.destination-prefix-list-id", "routeSet/destinationPrefixListId"},
    {KIND_ROUTE_TABLE, "route.egress-only-internet-gateway-id",
     "routeSet/egressOnlyInternetGatewayId"},
    {KIND_ROUTE_TABLE, "route.gateway-id", "routeSet/gatewayId"},
    {KIND_ROUTE_TABLE, "route.instance-id", "routeSet/instanceId"},
    {KIND_ROUTE_TABLE, "route.nat-gateway-id", "routeSet/natGatewayId"},
    {KIND_ROUTE_TABLE, "route.transit-gateway-id", "routeSet/transitGatewayId"},
    {KIND_ROUTE_TABLE, "route.vpc-peering-connection-id", "routeSet/vpcPeeringConnectionId"},
    {KIND_ROUTE_TABLE, "route.origin", "routeSet/origin"},
    {KIND_ROUTE_TABLE, "route.state", "routeSet/state"},

    {KIND_INTERNET_GATEWAY, "internet-gateway-id", "internetGatewayId"},
    {KIND_INTERNET_GATEWAY, "owner-id", "ownerId"},
    {KIND_INTERNET_GATEWAY, "attachment.vpc-id", "attachmentSet/vpcId"},
    {KIND_INTERNET_GATEWAY, "attachment.state", "attachmentSet/state"},

    /* KIND_EGRESS_ONLY_INTERNET_GATEWAY: by tags only; there is no vpc filter (aws-facts 2.1) */

    {KIND_NAT_GATEWAY, "nat-gateway-id", "natGatewayId"},
    {KIND_NAT_GATEWAY, "vpc-id", "vpcId"},
    {KIND_NAT_GATEWAY, "subnet-id", "subnetId"},
    {KIND_NAT_GATEWAY, "state", "state"},

    {KIND_ADDRESS, "allocation-id", "allocationId"},
    {KIND_ADDRESS, "association-id", "associationId"},
    {KIND_ADDRESS, "instance-id", "instanceId"},
    {KIND_ADDRESS, "network-border-group", "networkBorderGroup"},
    {KIND_ADDRESS, "network-interface-id", "networkInterfaceId"},
    {KIND_ADDRESS, "network-interface-owner-id", "networkInterfaceOwnerId"},
    {KIND_ADDRESS, "private-ip-address", "privateIpAddress"},
    {KIND_ADDRESS, "public-ip", "publicIp"},

    {KIND_NETWORK_INTERFACE, "network-interface-id", "networkInterfaceId"},
    {KIND_NETWORK_INTERFACE, "vpc-id", "vpcId"},
    {KIND_NETWORK_INTERFACE, "subnet-id", "subnetId"},
    {KIND_NETWORK_INTERFACE, "owner-id", "ownerId"},
    {KIND_NETWORK_INTERFACE, "availability-zone", "availabilityZone"},
    {KIND_NETWORK_INTERFACE, "group-id", "groupSet/groupId"},
    {KIND_NETWORK_INTERFACE, "group-name", "groupSet/groupName"},
    {KIND_NETWORK_INTERFACE, "interface-type", "interfaceType"},
    {KIND_NETWORK_INTERFACE, "status", "status"},
    {KIND_NETWORK_INTERFACE, "description", "description"},
    {KIND_NETWORK_INTERFACE, "requester-id", "requesterId"},
    {KIND_NETWORK_INTERFACE, "requester-managed", "requesterManaged"},
    {KIND_NETWORK_INTERFACE, "private-ip-address", "privateIpAddress"},
    {KIND_NETWORK_INTERFACE, "association.public-ip", "association/publicIp"},
    {KIND_NETWORK_INTERFACE, "association.allocation-id", "association/allocationId"},
    {KIND_NETWORK_INTERFACE, "association.association-id", "association/associationId"},
    {KIND_NETWORK_INTERFACE, "attachment.instance-id", "attachment/instanceId"},
    {KIND_NETWORK_INTERFACE, "ipv6-addresses.ipv6-address", "ipv6AddressesSet/ipv6Address"},
    {KIND_NETWORK_INTERFACE, "operator.managed", "operator/managed"},
    {KIND_NETWORK_INTERFACE, "operator.principal", "operator/principal"},

    {KIND_PREFIX_LIST, "prefix-list-id", "prefixListId"},
    {KIND_PREFIX_LIST, "prefix-list-name", "prefixListName"},
    {KIND_PREFIX_LIST, "owner-id", "ownerId"},

    {KIND_SECURITY_GROUP, "group-id", "groupId"},
    {KIND_SECURITY_GROUP, "group-name", "groupName"},
    {KIND_SECURITY_GROUP, "description", "groupDescription"},
    {KIND_SECURITY_GROUP, "vpc-id", "vpcId"},
    {KIND_SECURITY_GROUP, "owner-id", "ownerId"},
    {KIND_SECURITY_GROUP, "ip-permission.protocol", "ipPermissions/ipProtocol"},
    {KIND_SECURITY_GROUP, "ip-permission.from-port", "ipPermissions/fromPort"},
    {KIND_SECURITY_GROUP, "ip-permission.to-port", "ipPermissions/toPort"},
    {KIND_SECURITY_GROUP, "ip-permission.cidr", "ipPermissions/ipRanges/cidrIp"},
    {KIND_SECURITY_GROUP, "ip-permission.ipv6-cidr", "ipPermissions/ipv6Ranges/cidrIpv6"},
    {KIND_SECURITY_GROUP, "ip-permission.prefix-list-id",
     "ipPermissions/prefixListIds/prefixListId"},
    {KIND_SECURITY_GROUP, "ip-permission.group-id", "ipPermissions/groups/groupId"},
    {KIND_SECURITY_GROUP, "ip-permission.user-id", "ipPermissions/groups/userId"},
    {KIND_SECURITY_GROUP, "egress.ip-permission.protocol", "ipPermissionsEgress/ipProtocol"},
    {KIND_SECURITY_GROUP, "egress.ip-permission.from-port", "ipPermissionsEgress/fromPort"},
    {KIND_SECURITY_GROUP, "egress.ip-permission.to-port", "ipPermissionsEgress/toPort"},
    {KIND_SECURITY_GROUP, "egress.ip-permission.cidr", "ipPermissionsEgress/ipRanges/cidrIp"},
    {KIND_SECURITY_GROUP, "egress.ip-permission.ipv6-cidr",
     "ipPermissionsEgress/ipv6Ranges/cidrIpv6"},
    {KIND_SECURITY_GROUP, "egress.ip-permission.prefix-list-id",
     "ipPermissionsEgress/prefixListIds/prefixListId"},
    {KIND_SECURITY_GROUP, "egress.ip-permission.group-id", "ipPermissionsEgress/groups/groupId"},
    {KIND_SECURITY_GROUP, "egress.ip-permission.user-id", "ipPermissionsEgress/groups/userId"},

    {KIND_NETWORK_ACL, "network-acl-id", "networkAclId"},
    {KIND_NETWORK_ACL, "vpc-id", "vpcId"},
    {KIND_NETWORK_ACL, "owner-id", "ownerId"},
    {KIND_NETWORK_ACL, "default", "default"},
    {KIND_NETWORK_ACL, "association.subnet-id", "associationSet/subnetId"},
    {KIND_NETWORK_ACL, "association.network-acl-id", "associationSet/networkAclId"},
    {KIND_NETWORK_ACL, "association.association-id", "associationSet/networkAclAssociationId"},
    {KIND_NETWORK_ACL, "entry.rule-number", "entrySet/ruleNumber"},
    {KIND_NETWORK_ACL, "entry.rule-action", "entrySet/ruleAction"},
    {KIND_NETWORK_ACL, "entry.egress", "entrySet/egress"},
    {KIND_NETWORK_ACL, "entry.protocol", "entrySet/protocol"},
    {KIND_NETWORK_ACL, "entry.cidr", "entrySet/cidrBlock"},
    {KIND_NETWORK_ACL, "entry.ipv6-cidr", "entrySet/ipv6CidrBlock"},
    {KIND_NETWORK_ACL, "entry.port-range.from", "entrySet/portRange/from"},
    {KIND_NETWORK_ACL, "entry.port-range.to", "entrySet/portRange/to"},
    {KIND_NETWORK_ACL, "entry.icmp.type", "entrySet/icmpTypeCode/type"},
    {KIND_NETWORK_ACL, "entry.icmp.code", "entrySet/icmpTypeCode/code"},

    {KIND_VPC_ENDPOINT, "vpc-endpoint-id", "vpcEndpointId"},
    {KIND_VPC_ENDPOINT, "vpc-endpoint-state", "state"},
    {KIND_VPC_ENDPOINT, "vpc-endpoint-type", "vpcEndpointType"},
    {KIND_VPC_ENDPOINT, "vpc-id", "vpcId"},
    {KIND_VPC_ENDPOINT, "service-name", "serviceName"},
    {KIND_VPC_ENDPOINT, "ip-address-type", "ipAddressType"},

    {KIND_ENDPOINT_SERVICE, "service-name", "serviceName"},
    {KIND_ENDPOINT_SERVICE, "service-type", "serviceType/serviceType"},
    {KIND_ENDPOINT_SERVICE, "owner", "owner"},
    {KIND_ENDPOINT_SERVICE, "supported-ip-address-types", "supportedIpAddressTypeSet"},

    {KIND_ZONE, "zone-name", "zoneName"},
    {KIND_ZONE, "zone-id", "zoneId"},
    {KIND_ZONE, "zone-type", "zoneType"},
    {KIND_ZONE, "state", "zoneState"},
    {KIND_ZONE, "region-name", "regionName"},
    {KIND_ZONE, "group-name", "groupName"},
    {KIND_ZONE, "opt-in-status", "optInStatus"},
    {KIND_ZONE, "parent-zone-name", "parentZoneName"},
};

static const struct filter_row *filter_find(enum kind kind, const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(filter_table); i++)
        if (filter_table[i].kind == kind && text_equal(filter_table[i].name, name))
            return &filter_table[i];
    return NULL;
}

static bool is_tag_filter(enum kind kind, const char *name)
{
    return kind_table[kind].tags_offset != NO_OFFSET &&
           (text_equal(name, "tag-key") || (text_starts_with(name, "tag:") && name[4]));
}

#define VALUES_MAX 200     /* of all filters together: aws-facts 2.4, FilterLimitExceeded */
#define VALUE_SIZE_MAX 255 /* EC2 API Reference, "Filtering your resources" */

int filters_check(struct call *call, enum kind kind)
{
    size_t n = 0;

    VEC_EACH (filter, &call->describe.filters) {
        if (text_empty(filter->name))
            return call_fail(call, "InvalidParameterValue", "A filter has no name");
        if (!filter_find(kind, filter->name) && !is_tag_filter(kind, filter->name))
            return call_fail(call, "InvalidParameterValue", "The filter '%s' is invalid",
                             filter->name);
        if (!filter->values.n)
            return call_fail(call, "InvalidParameterValue",
                             "The filter '%s' must have at least one value", filter->name);
        for (size_t i = 0; i < filter->values.n; i++)
            if (strlen(filter->values.items[i]) > VALUE_SIZE_MAX)
                return call_fail(call, "InvalidParameterValue",
                                 "A value of the filter '%s' is longer than %d characters",
                                 filter->name, VALUE_SIZE_MAX);
        n += filter->values.n;
    }
    if (n > VALUES_MAX)
        return call_fail(call, "FilterLimitExceeded",
                         "The maximum number of filter values specified on a single call is %d",
                         VALUES_MAX);
    return 0;
}

/* `*` is any run, `?` is one character or none (aws-facts 1.2); `\` takes the next one as it is.
 * Walks all ways through the pattern at once, so that no pattern takes long. */
static bool wildcard_match(const char *pattern, const char *text)
{
    size_t n = strlen(pattern);
    bool places[2][VALUE_SIZE_MAX + 2] = {{true}};
    bool *now = places[0], *next = places[1];

    assert(n <= VALUE_SIZE_MAX);
    for (;; text++) {
        for (size_t i = 0; i < n; i++)
            if (now[i] && (pattern[i] == '*' || pattern[i] == '?'))
                now[i + 1] = true;
        if (!*text)
            return now[n];
        memset(next, 0, sizeof(places[0]));
        for (size_t i = 0; i < n; i++) {
            size_t literal = pattern[i] == '\\' && i + 1 < n ? i + 1 : i;

            if (!now[i])
                continue;
            if (pattern[i] == '*')
                next[i] = true;
            else if (pattern[i] == '?' || pattern[literal] == *text)
                next[literal + 1] = true;
        }
        bool *swap = now;

        now = next;
        next = swap;
    }
}

static bool values_match(const struct wire_texts *values, const char *text)
{
    for (size_t i = 0; i < values->n; i++)
        if (wildcard_match(values->items[i], text))
            return true;
    return false;
}

static bool path_matches(const struct wire_shape *shape, const void *object, const char *path,
                         const struct wire_texts *values)
{
    size_t n = strcspn(path, "/");
    const char *rest = path[n] ? path + n + 1 : NULL;

    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];
        const void *at = (const char *)object + field->offset;
        char scratch[PREFIX_TEXT_SIZE];
        const char *text;

        if (strncmp(field->name, path, n) != 0 || field->name[n])
            continue;
        if (field->kind == WIRE_GROUP)
            return rest && path_matches(field->type, at, rest, values);
        if (field->kind == WIRE_LIST) {
            const struct wire_any_list *list = at;
            const struct wire_shape *item = field->type;

            for (size_t k = 0; rest && k < list->n; k++)
                if (path_matches(item, (const char *)list->items + k * item->size, rest, values))
                    return true;
            return false;
        }
        text = wire_leaf_text(field, object, scratch);
        return text && values_match(values, text);
    }
    return false;
}

static bool tags_match(const struct ec2_filter *filter, enum kind kind, const void *item)
{
    const ec2_tags *tags = (const void *)((const char *)item + kind_table[kind].tags_offset);

    if (text_equal(filter->name, "tag-key")) {
        VEC_EACH (tag, tags)
            if (values_match(&filter->values, tag->key))
                return true;
        return false;
    }
    VEC_EACH (tag, tags)
        if (text_equal(tag->key, filter->name + strlen("tag:")))
            return values_match(&filter->values, tag->value ? tag->value : "");
    return false;
}

bool filters_match(const ec2_filters *filters, enum kind kind, const void *item)
{
    VEC_EACH (filter, filters) {
        const struct filter_row *row = filter_find(kind, filter->name);

        if (row ? !path_matches(kind_shape(kind), item, row->path, &filter->values)
                : !tags_match(filter, kind, item))
            return false;
    }
    return true;
}
