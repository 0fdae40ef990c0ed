/* Bodies of requests: AWS's own serializer's (aws-facts 1.2), and the two refusals. */
#include "vpc_reconciled/ec2.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define TEXTS(...)                                                                                 \
    {                                                                                              \
        .items = (const char *[]){__VA_ARGS__},                                                    \
        .n = sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)                          \
    }
#define LIST(type, ...)                                                                            \
    {                                                                                              \
        .items = (type[]){__VA_ARGS__}, .n = sizeof((type[]){__VA_ARGS__}) / sizeof(type)          \
    }

static const struct ec2_describe_request route_tables = {
    .filters = LIST(struct ec2_filter, {"vpc-id", TEXTS("vpc-1", "vpc-2")},
                    {"tag:env", TEXTS("prod a*b")}),
    .max_results = {100, true},
    .next_token = "a+b/c=",
};
static const struct ec2_describe_request network_interfaces = {
    .filters = LIST(struct ec2_filter, {"vpc-id", TEXTS("vpc-1")}),
    .max_results = {1000, true},
    .include_managed_resources = WIRE_TRUE,
};
static const struct ec2_describe_request vpcs_by_id = {.ids = TEXTS("vpc-1", "vpc-2")};
static const struct ec2_describe_request vpc_attribute = {.vpc_id = "vpc-1",
                                                          .attribute = "enableDnsSupport"};
static const struct ec2_describe_request nothing;
static const struct ec2_change_request no_change;
static const struct ec2_change_request zonal_nat_gateway = {
    .subnet_id = "subnet-1",
    .allocation_id = "eipalloc-1",
    .connectivity_type = EC2_CONNECTIVITY_PUBLIC,
    .client_token = "tok",
    .tag_specifications =
        LIST(struct ec2_tag_specification,
             {"natgateway", LIST(struct ec2_tag, {"managed-by", "x"}, {"n", ""})}),
};
static const struct ec2_change_request regional_nat_gateway = {
    .vpc_id = "vpc-1",
    .availability_mode = EC2_AVAILABILITY_MODE_REGIONAL,
    .client_token = "tok",
};
static const struct ec2_change_request regional_with_addresses = {
    .vpc_id = "vpc-1",
    .availability_mode = EC2_AVAILABILITY_MODE_REGIONAL,
    .client_token = "tok",
    .availability_zone_addresses = LIST(struct ec2_availability_zone_address,
                                        {NULL, "apne1-az4", TEXTS("eipalloc-1", "eipalloc-2")}),
};
static const struct ec2_change_request dns_hostnames = {.vpc_id = "vpc-1",
                                                        .enable_dns_hostnames = WIRE_TRUE};
static const struct ec2_change_request launch_off = {.subnet_id = "subnet-1",
                                                     .map_public_ip_on_launch = WIRE_FALSE};
static const struct ec2_change_request subnet_block = {
    .subnet_id = "subnet-1",
    .ipv6_cidr_block = {FAMILY_IPV6, 64, {0x24, 0x06, 0xda, 0x14}},
};
static const struct ec2_change_request ipv6_route = {
    .route_table_id = "rtb-1",
    .destination_ipv6_cidr_block = {FAMILY_IPV6, 0, {0}},
    .egress_only_internet_gateway_id = "eigw-1",
};
static const struct ec2_change_request ipv4_route = {
    .route_table_id = "rtb-1",
    .destination_cidr_block = {FAMILY_IPV4, 0, {0}},
    .gateway_id = "igw-1",
};
static const struct ec2_change_request tags = {
    .resource_ids = TEXTS("vpc-1", "subnet-1"),
    .tags = LIST(struct ec2_tag, {"a", ""}),
};
static const struct ec2_change_request tag_keys = {
    .resource_ids = TEXTS("vpc-1"),
    .tags = LIST(struct ec2_tag, {"a", NULL}),
};
static const struct ec2_change_request ipam_block = {
    .vpc_id = "vpc-1",
    .ipv6_ipam_pool_id = "ipam-pool-1",
    .ipv6_netmask_length = {56, true},
};
static const struct ec2_change_request interface_endpoint = {
    .vpc_id = "vpc-1",
    .service_name = "com.amazonaws.ap-northeast-1.logs",
    .vpc_endpoint_type = "Interface",
    .subnet_ids = TEXTS("subnet-1", "subnet-2"),
    .security_group_ids = TEXTS("sg-1"),
    .private_dns_enabled = WIRE_TRUE,
    .ip_address_type = "dualstack",
    .dns_record_ip_type = "dualstack",
    .client_token = "t",
    .tag_specifications =
        LIST(struct ec2_tag_specification, {"vpc-endpoint", LIST(struct ec2_tag, {"k", "v"})}),
};
static const struct ec2_change_request gateway_endpoint = {
    .vpc_id = "vpc-1",
    .service_name = "com.amazonaws.ap-northeast-1.s3",
    .vpc_endpoint_type = "Gateway",
    .route_table_ids = TEXTS("rtb-1", "rtb-2"),
    .policy_document = "{}",
};
static const struct ec2_change_request endpoint_additions = {
    .vpc_endpoint_id = "vpce-1",
    .add_subnet_ids = TEXTS("subnet-3"),
    .add_security_group_ids = TEXTS("sg-2"),
    .private_dns_enabled = WIRE_TRUE,
};
static const struct ec2_change_request endpoint_rest = {
    .vpc_endpoint_id = "vpce-1",
    .reset_policy = WIRE_TRUE,
    .add_route_table_ids = TEXTS("rtb-1"),
    .remove_route_table_ids = TEXTS("rtb-2"),
    .remove_subnet_ids = TEXTS("subnet-1"),
    .remove_security_group_ids = TEXTS("sg-1"),
};
static const struct ec2_change_request endpoints_of_two = {.vpc_endpoint_ids =
                                                               TEXTS("vpce-1", "vpce-2")};
static const struct ec2_change_request rules = {
    .group_id = "sg-1",
    .ip_permissions =
        LIST(struct ec2_ip_permission,
             {
                 .ip_protocol = "tcp",
                 .from_port = {443, true},
                 .to_port = {443, true},
                 .ip_ranges = LIST(struct ec2_ip_range, {{FAMILY_IPV4, 0, {0}}, "d"}),
                 .ipv6_ranges = LIST(struct ec2_ipv6_range, {{FAMILY_IPV6, 0, {0}}, NULL}),
                 .prefix_list_ids = LIST(struct ec2_prefix_list_id, {"pl-1", NULL}),
                 .groups = LIST(struct ec2_user_id_group_pair,
                                {"sg-2", "123456789012", NULL, NULL, NULL}),
             }),
    .tag_specifications = LIST(struct ec2_tag_specification,
                               {"security-group-rule", LIST(struct ec2_tag, {"k", "v"})}),
};
static const struct ec2_change_request port_range = {
    .group_id = "sg-1",
    .ip_permissions = LIST(struct ec2_ip_permission, {.ip_protocol = "-1"},
                           {.ip_protocol = "udp", .from_port = {53, true}, .to_port = {54, true}}),
};
static const struct ec2_change_request network_acl_entry = {
    .network_acl_id = "acl-1",
    .rule_number = {100, true},
    .egress = WIRE_FALSE,
    .protocol = "1",
    .rule_action = "allow",
    .cidr_block = {FAMILY_IPV4, 8, {10}},
    .icmp_type = {8, true},
    .icmp_code = {-1, true},
    .port_from = {1024, true},
    .port_to = {65535, true},
};
static const struct ec2_change_request network_acl_association = {.association_id = "aclassoc-1",
                                                                  .network_acl_id = "acl-1"};
static const struct ec2_change_request block_mode = {.internet_gateway_block_mode =
                                                         "block-ingress"};
static const struct ec2_describe_request prefix_list_entries = {.prefix_list_id = "pl-1",
                                                                .max_results = {100, true}};

static const struct {
    const char *name;
    enum ec2_action action;
    const void *request;
    const char *body;
} bodies[] = {
    /* aws-facts 1.2, word for word */
    {"filters and a page", EC2_DESCRIBE_ROUTE_TABLES, &route_tables,
     "Action=DescribeRouteTables&Version=2016-11-15&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&"
     "Filter.1.Value.2=vpc-2&Filter.2.Name=tag%3Aenv&Filter.2.Value.1=prod+a%2Ab&MaxResults=100&"
     "NextToken=a%2Bb%2Fc%3D"},
    {"tags on create, one empty", EC2_CREATE_NAT_GATEWAY, &zonal_nat_gateway,
     "Action=CreateNatGateway&Version=2016-11-15&SubnetId=subnet-1&AllocationId=eipalloc-1&"
     "ConnectivityType=public&ClientToken=tok&TagSpecification.1.ResourceType=natgateway&"
     "TagSpecification.1.Tag.1.Key=managed-by&TagSpecification.1.Tag.1.Value=x&"
     "TagSpecification.1.Tag.2.Key=n&TagSpecification.1.Tag.2.Value="},
    {"a flag", EC2_MODIFY_VPC_ATTRIBUTE, &dns_hostnames,
     "Action=ModifyVpcAttribute&Version=2016-11-15&VpcId=vpc-1&EnableDnsHostnames.Value=true"},
    {"an IPv6 block", EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, &subnet_block,
     "Action=AssociateSubnetCidrBlock&Version=2016-11-15&SubnetId=subnet-1&"
     "Ipv6CidrBlock=2406%3Ada14%3A%3A%2F64"},
    {"an IPv6 route", EC2_CREATE_ROUTE, &ipv6_route,
     "Action=CreateRoute&Version=2016-11-15&RouteTableId=rtb-1&DestinationIpv6CidrBlock=%3A%3A%2F0&"
     "EgressOnlyInternetGatewayId=eigw-1"},
    {"tags", EC2_CREATE_TAGS, &tags,
     "Action=CreateTags&Version=2016-11-15&ResourceId.1=vpc-1&ResourceId.2=subnet-1&Tag.1.Key=a&"
     "Tag.1.Value="},
    {"a regional NAT gateway", EC2_CREATE_NAT_GATEWAY, &regional_with_addresses,
     "Action=CreateNatGateway&Version=2016-11-15&VpcId=vpc-1&AvailabilityMode=regional&"
     "ClientToken=tok&AvailabilityZoneAddress.1.AvailabilityZoneId=apne1-az4&"
     "AvailabilityZoneAddress.1.AllocationId.1=eipalloc-1&"
     "AvailabilityZoneAddress.1.AllocationId.2=eipalloc-2"},
    {"an interface endpoint", EC2_CREATE_VPC_ENDPOINT, &interface_endpoint,
     "Action=CreateVpcEndpoint&Version=2016-11-15&VpcId=vpc-1&"
     "ServiceName=com.amazonaws.ap-northeast-1.logs&VpcEndpointType=Interface&SubnetId.1=subnet-1&"
     "SubnetId.2=subnet-2&SecurityGroupId.1=sg-1&PrivateDnsEnabled=true&IpAddressType=dualstack&"
     "DnsOptions.DnsRecordIpType=dualstack&ClientToken=t&"
     "TagSpecification.1.ResourceType=vpc-endpoint&TagSpecification.1.Tag.1.Key=k&"
     "TagSpecification.1.Tag.1.Value=v"},
    {"what an endpoint gets", EC2_MODIFY_VPC_ENDPOINT, &endpoint_additions,
     "Action=ModifyVpcEndpoint&Version=2016-11-15&VpcEndpointId=vpce-1&AddSubnetId.1=subnet-3&"
     "AddSecurityGroupId.1=sg-2&PrivateDnsEnabled=true"},
    {"rules", EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, &rules,
     "Action=AuthorizeSecurityGroupEgress&Version=2016-11-15&GroupId=sg-1&"
     "IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=443&IpPermissions.1.ToPort=443&"
     "IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%2F0&IpPermissions.1.IpRanges.1.Description=d&"
     "IpPermissions.1.Ipv6Ranges.1.CidrIpv6=%3A%3A%2F0&"
     "IpPermissions.1.PrefixListIds.1.PrefixListId=pl-1&IpPermissions.1.Groups.1.GroupId=sg-2&"
     "IpPermissions.1.Groups.1.UserId=123456789012&"
     "TagSpecification.1.ResourceType=security-group-rule&TagSpecification.1.Tag.1.Key=k&"
     "TagSpecification.1.Tag.1.Value=v"},
    /* in the same way */
    {"an IPv6 block from IPAM", EC2_ASSOCIATE_VPC_CIDR_BLOCK, &ipam_block,
     "Action=AssociateVpcCidrBlock&Version=2016-11-15&VpcId=vpc-1&Ipv6IpamPoolId=ipam-pool-1&"
     "Ipv6NetmaskLength=56"},
    {"a gateway endpoint", EC2_CREATE_VPC_ENDPOINT, &gateway_endpoint,
     "Action=CreateVpcEndpoint&Version=2016-11-15&VpcId=vpc-1&"
     "ServiceName=com.amazonaws.ap-northeast-1.s3&VpcEndpointType=Gateway&RouteTableId.1=rtb-1&"
     "RouteTableId.2=rtb-2&PolicyDocument=%7B%7D"},
    {"what an endpoint loses", EC2_MODIFY_VPC_ENDPOINT, &endpoint_rest,
     "Action=ModifyVpcEndpoint&Version=2016-11-15&VpcEndpointId=vpce-1&ResetPolicy=true&"
     "AddRouteTableId.1=rtb-1&RemoveRouteTableId.1=rtb-2&RemoveSubnetId.1=subnet-1&"
     "RemoveSecurityGroupId.1=sg-1"},
    {"endpoints", EC2_DELETE_VPC_ENDPOINTS, &endpoints_of_two,
     "Action=DeleteVpcEndpoints&Version=2016-11-15&VpcEndpointId.1=vpce-1&VpcEndpointId.2=vpce-2"},
    {"rules without tags", EC2_REVOKE_SECURITY_GROUP_INGRESS, &rules,
     "Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1&"
     "IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=443&IpPermissions.1.ToPort=443&"
     "IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%2F0&IpPermissions.1.IpRanges.1.Description=d&"
     "IpPermissions.1.Ipv6Ranges.1.CidrIpv6=%3A%3A%2F0&"
     "IpPermissions.1.PrefixListIds.1.PrefixListId=pl-1&IpPermissions.1.Groups.1.GroupId=sg-2&"
     "IpPermissions.1.Groups.1.UserId=123456789012"},
    {"a range of ports", EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, &port_range,
     "Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1&"
     "IpPermissions.1.IpProtocol=-1&IpPermissions.2.IpProtocol=udp&IpPermissions.2.FromPort=53&"
     "IpPermissions.2.ToPort=54"},
    {"an entry of a network ACL", EC2_CREATE_NETWORK_ACL_ENTRY, &network_acl_entry,
     "Action=CreateNetworkAclEntry&Version=2016-11-15&NetworkAclId=acl-1&RuleNumber=100&"
     "Egress=false&Protocol=1&RuleAction=allow&CidrBlock=10.0.0.0%2F8&Icmp.Type=8&Icmp.Code=-1&"
     "PortRange.From=1024&PortRange.To=65535"},
    {"an entry's end", EC2_DELETE_NETWORK_ACL_ENTRY, &network_acl_entry,
     "Action=DeleteNetworkAclEntry&Version=2016-11-15&NetworkAclId=acl-1&RuleNumber=100&"
     "Egress=false"},
    {"a network ACL's subnet", EC2_REPLACE_NETWORK_ACL_ASSOCIATION, &network_acl_association,
     "Action=ReplaceNetworkAclAssociation&Version=2016-11-15&AssociationId=aclassoc-1&"
     "NetworkAclId=acl-1"},
    {"Block Public Access", EC2_MODIFY_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS, &block_mode,
     "Action=ModifyVpcBlockPublicAccessOptions&Version=2016-11-15&"
     "InternetGatewayBlockMode=block-ingress"},
    {"entries of a prefix list", EC2_GET_MANAGED_PREFIX_LIST_ENTRIES, &prefix_list_entries,
     "Action=GetManagedPrefixListEntries&Version=2016-11-15&PrefixListId=pl-1&MaxResults=100"},
    {"a regional NAT gateway, its addresses AWS's to find", EC2_CREATE_NAT_GATEWAY,
     &regional_nat_gateway,
     "Action=CreateNatGateway&Version=2016-11-15&VpcId=vpc-1&AvailabilityMode=regional&"
     "ClientToken=tok"},
    {"an IPv4 route", EC2_REPLACE_ROUTE, &ipv4_route,
     "Action=ReplaceRoute&Version=2016-11-15&RouteTableId=rtb-1&DestinationCidrBlock=0.0.0.0%2F0&"
     "GatewayId=igw-1"},
    {"a flag that is off", EC2_MODIFY_SUBNET_ATTRIBUTE, &launch_off,
     "Action=ModifySubnetAttribute&Version=2016-11-15&SubnetId=subnet-1&"
     "MapPublicIpOnLaunch.Value=false"},
    {"managed resources", EC2_DESCRIBE_NETWORK_INTERFACES, &network_interfaces,
     "Action=DescribeNetworkInterfaces&Version=2016-11-15&Filter.1.Name=vpc-id&"
     "Filter.1.Value.1=vpc-1&MaxResults=1000&IncludeManagedResources=true"},
    {"ids", EC2_DESCRIBE_VPCS, &vpcs_by_id,
     "Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-1&VpcId.2=vpc-2"},
    {"an attribute", EC2_DESCRIBE_VPC_ATTRIBUTE, &vpc_attribute,
     "Action=DescribeVpcAttribute&Version=2016-11-15&VpcId=vpc-1&Attribute=enableDnsSupport"},
    {"nothing at all", EC2_DESCRIBE_ADDRESSES, &nothing,
     "Action=DescribeAddresses&Version=2016-11-15"},
    {"STS", STS_GET_CALLER_IDENTITY, &no_change, "Action=GetCallerIdentity&Version=2011-06-15"},
    {"a tag's key without a value", EC2_DELETE_TAGS, &tag_keys,
     "Action=DeleteTags&Version=2016-11-15&ResourceId.1=vpc-1&Tag.1.Key=a"},
    /* what the action does not take stays out, even when it is set */
    {"members of other actions", EC2_CREATE_INTERNET_GATEWAY, &zonal_nat_gateway,
     "Action=CreateInternetGateway&Version=2016-11-15&TagSpecification.1.ResourceType=natgateway&"
     "TagSpecification.1.Tag.1.Key=managed-by&TagSpecification.1.Tag.1.Value=x&"
     "TagSpecification.1.Tag.2.Key=n&TagSpecification.1.Tag.2.Value="},
};

static void test_bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
        CLEANUP(buf_free)
        struct buf body = {0};

        assert_int_equal(ec2_request_encode(&body, bodies[i].action, bodies[i].request, false), 0);
        if (!text_equal(buf_string(&body), bodies[i].body))
            fail_msg("%s:\n  got      %s\n  expected %s", bodies[i].name, buf_string(&body),
                     bodies[i].body);
    }
}

/* S15: in observe mode the encoder itself refuses what changes something, and writes nothing. */
static void test_observe_only(void **state)
{
    unsigned n_refused = 0;

    (void)state;
    for (unsigned action = 0; action < EC2_ACTION_COUNT; action++) {
        const struct ec2_action_row *row = &ec2_action_table[action];
        const void *request = row->describe ? (const void *)&nothing : &no_change;
        CLEANUP(buf_free)
        struct buf body = {0};
        int r = ec2_request_encode(&body, action, request, true);

        if (row->mutates) {
            assert_int_equal(r, -EPERM);
            assert_int_equal(body.n, 0);
            n_refused++;
        } else {
            assert_int_equal(r, 0);
            assert_true(text_starts_with(buf_string(&body), "Action="));
        }
    }
    /* 16 Describes, GetManagedPrefixListEntries and three of STS */
    assert_int_equal(n_refused, EC2_ACTION_COUNT - 20);
}

/* What the simulator does with parameters that an action does not take, or lacks. */
static const struct {
    const char *name;
    enum ec2_action action;
    const char *body;
    int r;
    const char *parameter;
} refused[] = {
    {"a member of another action", EC2_DELETE_VPC, "VpcId=vpc-1&SubnetId=subnet-1", -ENOKEY,
     "SubnetId"},
    {"DryRun where there is none", EC2_MODIFY_VPC_ATTRIBUTE, "VpcId=vpc-1&DryRun=true", -ENOKEY,
     "DryRun"},
    {"ClientToken where there is none", EC2_CREATE_SUBNET, "VpcId=vpc-1&ClientToken=x", -ENOKEY,
     "ClientToken"},
    {"a name in the wrong case", EC2_DELETE_VPC, "vpcId=vpc-1", -ENOKEY, "vpcId"},
    {"an element's name", EC2_CREATE_TAGS, "ResourceId.1=vpc-1&Tag.1.key=a", -ENOKEY, "Tag.1.key"},
    {"LocalTarget on a create", EC2_CREATE_ROUTE, "RouteTableId=rtb-1&LocalTarget=true", -ENOKEY,
     "LocalTarget"},
    {"required and missing", EC2_DELETE_VPC, "", -ENODATA, "VpcId"},
    {"one of two missing", EC2_ATTACH_INTERNET_GATEWAY, "VpcId=vpc-1", -ENODATA,
     "InternetGatewayId"},
    {"a list missing", EC2_CREATE_TAGS, "Tag.1.Key=a&Tag.1.Value=b", -ENODATA, "ResourceId"},
    {"a flag without its Value", EC2_MODIFY_SUBNET_ATTRIBUTE,
     "SubnetId=subnet-1&MapPublicIpOnLaunch=true", -ENOKEY, "MapPublicIpOnLaunch"},
    {"no CIDR block", EC2_CREATE_ROUTE, "RouteTableId=rtb-1&DestinationCidrBlock=default", -EINVAL,
     "DestinationCidrBlock"},
    {"no boolean", EC2_CREATE_VPC, "AmazonProvidedIpv6CidrBlock=yes", -EINVAL,
     "AmazonProvidedIpv6CidrBlock"},
    {"DryRun of an association from IPAM", EC2_ASSOCIATE_VPC_CIDR_BLOCK,
     "VpcId=vpc-1&Ipv6IpamPoolId=ipam-pool-1&Ipv6NetmaskLength=56&DryRun=true", -ENOKEY, "DryRun"},
    {"an element's name of a rule", EC2_AUTHORIZE_SECURITY_GROUP_EGRESS,
     "GroupId=sg-1&IpPermissions.1.ipProtocol=tcp", -ENOKEY, "IpPermissions.1.ipProtocol"},
    {"an element's name of a rule's peer", EC2_AUTHORIZE_SECURITY_GROUP_INGRESS,
     "GroupId=sg-1&IpPermissions.1.IpRanges.1.cidrIp=10.0.0.0/8", -ENOKEY,
     "IpPermissions.1.IpRanges.1.cidrIp"},
    {"the flat form of a rule", EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, "GroupId=sg-1&IpProtocol=tcp",
     -ENOKEY, "IpProtocol"},
    {"an egress rule of no group", EC2_REVOKE_SECURITY_GROUP_EGRESS,
     "IpPermissions.1.IpProtocol=-1", -ENODATA, "GroupId"},
    {"tags on a revocation", EC2_REVOKE_SECURITY_GROUP_EGRESS,
     "GroupId=sg-1&TagSpecification.1.ResourceType=security-group-rule", -ENOKEY,
     "TagSpecification.1.ResourceType"},
    {"no CIDR block in a rule", EC2_AUTHORIZE_SECURITY_GROUP_EGRESS,
     "GroupId=sg-1&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=all", -EINVAL,
     "IpPermissions.1.Ipv6Ranges.1.CidrIpv6"},
    {"ClientToken on a modification", EC2_MODIFY_VPC_ENDPOINT, "VpcEndpointId=vpce-1&ClientToken=x",
     -ENOKEY, "ClientToken"},
    {"an endpoint of no VPC", EC2_CREATE_VPC_ENDPOINT, "ServiceName=s3", -ENODATA, "VpcId"},
    {"no endpoints", EC2_DELETE_VPC_ENDPOINTS, "DryRun=true", -ENODATA, "VpcEndpointId"},
    {"an entry of neither direction", EC2_DELETE_NETWORK_ACL_ENTRY,
     "NetworkAclId=acl-1&RuleNumber=100", -ENODATA, "Egress"},
    {"an element's name of a port range", EC2_CREATE_NETWORK_ACL_ENTRY,
     "NetworkAclId=acl-1&PortRange.from=1", -ENOKEY, "PortRange.from"},
    {"Block Public Access without a mode", EC2_MODIFY_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS, "", -ENODATA,
     "InternetGatewayBlockMode"},
    {"GetCallerIdentity takes nothing", STS_GET_CALLER_IDENTITY, "VpcId=vpc-1", -ENOKEY, "VpcId"},
};

static void test_refused_parameters(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct ec2_change_request request = {0};
        struct wire_error error = {0};
        int r = wire_query_decode(arena, ec2_action_table[refused[i].action].request,
                                  refused[i].body, strlen(refused[i].body), NULL, &request, &error);

        if (r != refused[i].r || !text_equal(error.name, refused[i].parameter))
            fail_msg("%s: %d for \"%s\" (%s), expected %d for \"%s\"", refused[i].name, r,
                     error.name, error.message, refused[i].r, refused[i].parameter);
    }
}

/* AWS reads these as "everything" (safety.md 1); they end the process before a byte is written. */
static const struct ec2_describe_request no_values = {.filters =
                                                          LIST(struct ec2_filter, {"vpc-id", {0}})};
static const struct ec2_describe_request no_name = {
    .filters = LIST(struct ec2_filter, {NULL, TEXTS("vpc-1")})};
static const struct ec2_describe_request second_without_values = {
    .filters = LIST(struct ec2_filter, {"vpc-id", TEXTS("vpc-1")}, {"state", {0}})};
static const struct ec2_describe_request null_value = {
    .filters = LIST(struct ec2_filter, {"vpc-id", TEXTS("vpc-1", NULL)})};
static const struct ec2_describe_request empty_ids = {.ids = {.seen = true}};
static const struct ec2_describe_request empty_filters = {.filters = {.seen = true}};

static bool aborts(const struct ec2_describe_request *request)
{
    pid_t pid = fork();
    int status;

    assert_true(pid >= 0);
    if (pid == 0) {
        struct buf body = {0};
        int null = open("/dev/null", O_WRONLY);

        signal(SIGABRT, SIG_DFL); /* cmocka's handler would report it as its own */
        dup2(null, STDERR_FILENO);
        ec2_request_encode(&body, EC2_DESCRIBE_VPCS, request, false);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void test_empty_lists_abort(void **state)
{
    (void)state;
    assert_true(aborts(&no_values));
    assert_true(aborts(&no_name));
    assert_true(aborts(&second_without_values));
    assert_true(aborts(&null_value));
    assert_true(aborts(&empty_ids));
    assert_true(aborts(&empty_filters));
    assert_false(aborts(&vpcs_by_id));
    assert_false(aborts(&nothing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_observe_only),
        cmocka_unit_test(test_refused_parameters),
        cmocka_unit_test(test_empty_lists_abort),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
