/* What EC2 refuses, with which code, and that a refusal changes nothing. */
#include "client.h"

#define GONE "00000000000000ff0"
#define POOL "ipam-pool-0123456789abcdef0"
#define REGIONAL "CreateNatGateway&VpcId=" VPC "&AvailabilityMode=regional"
#define ZONE_ADDRESS(n, zone)                                                                      \
    "&AvailabilityZoneAddress." n ".AvailabilityZone" zone "&AvailabilityZoneAddress." n           \
    ".AllocationId.1=" EIP_FREE

static const struct row {
    const char *request, *code;
} rows[] = {
    /* the request itself */
    {"DescribeVpcs&Bogus=1", "UnknownParameter"},
    {"DescribeVpcs&vpcid.1=" VPC, "UnknownParameter"},
    {"DescribeVpcs&VpcId=" VPC, "InvalidParameterValue"},
    {"ModifySubnetAttribute&SubnetId=" SUBNET "&MapPublicIpOnLaunch.Value=true&DryRun=true",
     "UnknownParameter"},
    {"ModifyVpcAttribute&VpcId=" VPC "&EnableDnsSupport.Value=true&DryRun=true",
     "UnknownParameter"},
    {"AssociateVpcCidrBlock&VpcId=" VPC "&AmazonProvidedIpv6CidrBlock=true&DryRun=true",
     "UnknownParameter"},
    {"AssociateSubnetCidrBlock&SubnetId=" SUBNET "&DryRun=true", "UnknownParameter"},
    {"AttachInternetGateway&VpcId=" VPC, "MissingParameter"},
    {"CreateVpc&CidrBlock=10.0.0.0%zz", "InvalidParameterValue"},
    {"CreateVpc&CidrBlock=nonsense", "InvalidParameterValue"},
    {"CreateVpc&CidrBlock=10.0.0.0/16&AmazonProvidedIpv6CidrBlock=yes", "InvalidParameterValue"},
    /* DryRun */
    {"CreateVpc&CidrBlock=10.0.0.0/16&DryRun=true", "DryRunOperation"},
    {"DescribeVpcs&DryRun=true", "DryRunOperation"},
    {"DeleteNatGateway&NatGatewayId=" NAT "&DryRun=true", "DryRunOperation"},
    /* ids: malformed and not there, as each kind spells it */
    {"DeleteVpc&VpcId=vpc-xyz", "InvalidVpcID.Malformed"},
    {"DeleteVpc&VpcId=subnet-0000000000000000a", "InvalidVpcID.Malformed"},
    {"DeleteVpc&VpcId=vpc-" GONE, "InvalidVpcID.NotFound"},
    {"DeleteSubnet&SubnetId=subnet-" GONE, "InvalidSubnetID.NotFound"},
    {"DeleteSubnet&SubnetId=subnet-" GONE "0", "InvalidSubnetID.Malformed"},
    {"DeleteRouteTable&RouteTableId=rtb-" GONE, "InvalidRouteTableID.NotFound"},
    {"DeleteRouteTable&RouteTableId=rtb-A000000000000000a", "InvalidRouteTableId.Malformed"},
    {"DeleteInternetGateway&InternetGatewayId=igw-" GONE, "InvalidInternetGatewayID.NotFound"},
    {"DeleteInternetGateway&InternetGatewayId=igw", "InvalidInternetGatewayId.Malformed"},
    {"DeleteEgressOnlyInternetGateway&EgressOnlyInternetGatewayId=eigw-" GONE,
     "InvalidEgressOnlyInternetGatewayId.NotFound"},
    {"DeleteNatGateway&NatGatewayId=nat-" GONE, "NatGatewayNotFound"},
    {"DeleteNatGateway&NatGatewayId=nat", "NatGatewayMalformed"},
    {"ReleaseAddress&AllocationId=eipalloc-" GONE, "InvalidAllocationID.NotFound"},
    {"ReleaseAddress&PublicIp=203.0.113.77", "InvalidAddress.NotFound"},
    {"ReleaseAddress&PublicIp=203.0.113.2&AllocationId=" EIP_FREE, "InvalidParameterCombination"},
    {"ReleaseAddress", "MissingParameter"},
    {"DeleteNetworkInterface&NetworkInterfaceId=eni-" GONE, "InvalidNetworkInterfaceID.NotFound"},
    {"DescribeManagedPrefixLists&PrefixListId.1=pl-" GONE, "InvalidPrefixListID.NotFound"},
    {"DescribeVpcs&VpcId.1=vpc-" GONE, "InvalidVpcID.NotFound"},
    {"DescribeNatGateways&NatGatewayId.1=nat-" GONE, "NatGatewayNotFound"},
    {"DescribeAddresses&PublicIp.1=192.0.2.1", "InvalidAddress.NotFound"},
    {"DescribeAvailabilityZones&ZoneName.1=ap-northeast-1b", "InvalidParameterValue"},
    {"DescribeAvailabilityZones&ZoneId.1=apne1-az3", "InvalidParameterValue"},
    {"DescribeNetworkInterfaces&NetworkInterfaceId.1=eni-0000000000000000b",
     "InvalidNetworkInterfaceID.NotFound"},
    /* Describes */
    {"DescribeVpcs&Filter.1.Name=nonsense&Filter.1.Value.1=x", "InvalidParameterValue"},
    {"DescribeEgressOnlyInternetGateways&Filter.1.Name=vpc-id&Filter.1.Value.1=" VPC,
     "InvalidParameterValue"},
    {"DescribeAvailabilityZones&Filter.1.Name=tag:Name&Filter.1.Value.1=x",
     "InvalidParameterValue"},
    {"DescribeVpcs&Filter.1.Name=vpc-id", "InvalidParameterValue"},
    {"DescribeVpcs&Filter.1.Value.1=x", "InvalidParameterValue"},
    {"DescribeVpcs&MaxResults=4", "InvalidMaxResults"},
    {"DescribeVpcs&MaxResults=1001", "InvalidMaxResults"},
    {"DescribeRouteTables&MaxResults=101", "InvalidMaxResults"},
    {"DescribeEgressOnlyInternetGateways&MaxResults=256", "InvalidMaxResults"},
    {"DescribeManagedPrefixLists&MaxResults=0", "InvalidMaxResults"},
    {"DescribeManagedPrefixLists&MaxResults=101", "InvalidMaxResults"},
    {"DescribeAddresses&MaxResults=5", "UnknownParameter"},
    {"DescribeVpcs&VpcId.1=" VPC "&MaxResults=5", "InvalidParameterCombination"},
    {"DescribeVpcs&NextToken=nonsense", "InvalidPaginationToken"},
    {"DescribeVpcAttribute&VpcId=" VPC "&Attribute=enableTelepathy", "InvalidParameterValue"},
    {"DescribeVpcAttribute&VpcId=" VPC, "MissingParameter"},
    /* VPCs, subnets and their blocks */
    {"CreateVpc&CidrBlock=10.0.0.0/8", "InvalidVpcRange"},
    {"CreateVpc&CidrBlock=10.0.0.0/29", "InvalidVpcRange"},
    {"CreateVpc", "MissingParameter"},
    {"DeleteVpc&VpcId=" VPC, "DependencyViolation"},
    {"DeleteVpc&VpcId=" VPC_B, "DependencyViolation"},
    {"AssociateVpcCidrBlock&VpcId=" VPC, "InvalidParameterCombination"},
    {"AssociateVpcCidrBlock&VpcId=" VPC "&AmazonProvidedIpv6CidrBlock=true&Ipv6IpamPoolId=" POOL
     "&Ipv6NetmaskLength=56",
     "InvalidParameterCombination"},
    {"AssociateVpcCidrBlock&VpcId=" VPC "&Ipv6IpamPoolId=" POOL, "InvalidParameterValue"},
    {"AssociateVpcCidrBlock&VpcId=" VPC "&Ipv6IpamPoolId=" POOL "&Ipv6NetmaskLength=58",
     "InvalidParameterValue"},
    {"AssociateVpcCidrBlock&VpcId=" VPC "&Ipv6IpamPoolId=" POOL "&Ipv6NetmaskLength=64",
     "InvalidParameterValue"},
    {"AssociateVpcCidrBlock&VpcId=" VPC "&Ipv6IpamPoolId=pool-1&Ipv6NetmaskLength=56",
     "InvalidParameterValue"},
    {"AssociateVpcCidrBlock&VpcId=" VPC "&CidrBlock=10.0.128.0/20", "CidrConflict"},
    {"DisassociateVpcCidrBlock&AssociationId=vpc-cidr-assoc-" GONE,
     "InvalidVpcCidrBlockAssociationID.NotFound"},
    {"ModifyVpcAttribute&VpcId=" VPC, "InvalidParameterCombination"},
    {"ModifyVpcAttribute&VpcId=" VPC "&EnableDnsSupport.Value=true&EnableDnsHostnames.Value=true",
     "InvalidParameterCombination"},
    {"CreateSubnet&VpcId=" VPC, "MissingParameter"},
    {"CreateSubnet&VpcId=" VPC "&CidrBlock=10.1.0.0/24", "InvalidSubnet.Range"},
    {"CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.0.0/30", "InvalidSubnet.Range"},
    {"CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.0.128/25", "InvalidSubnet.Conflict"},
    {"CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.5.0/24&Ipv6CidrBlock=2001:db8:a::/64",
     "InvalidSubnet.Conflict"},
    {"CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.5.0/24&Ipv6CidrBlock=2001:db8:b::/64",
     "InvalidSubnet.Range"},
    {"CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.5.0/24&Ipv6CidrBlock=2001:db8:a:1::/66",
     "InvalidSubnet.Range"},
    {"CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.5.0/24&AvailabilityZone=ap-northeast-1b",
     "InvalidParameterValue"},
    {"CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.5.0/24&AvailabilityZone=ap-northeast-1a"
     "&AvailabilityZoneId=apne1-az4",
     "InvalidParameterCombination"},
    {"CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.5.0/24&Ipv6Native=true",
     "InvalidParameterCombination"},
    {"DeleteSubnet&SubnetId=" SUBNET, "DependencyViolation"},
    {"AssociateSubnetCidrBlock&SubnetId=" SUBNET, "MissingParameter"},
    {"AssociateSubnetCidrBlock&SubnetId=" SUBNET "&Ipv6CidrBlock=2001:db8:a:1::/64",
     "InvalidParameterValue"},
    {"AssociateSubnetCidrBlock&SubnetId=" SUBNET_B "&Ipv6CidrBlock=2001:db8:a:1::/64",
     "InvalidSubnet.Range"},
    {"DisassociateSubnetCidrBlock&AssociationId=subnet-cidr-assoc-" GONE,
     "InvalidSubnetCidrBlockAssociationID.NotFound"},
    {"ModifySubnetAttribute&SubnetId=" SUBNET, "MissingParameter"},
    {"ModifySubnetAttribute&SubnetId=" SUBNET
     "&MapPublicIpOnLaunch.Value=true&EnableDns64.Value=true",
     "InvalidParameterCombination"},
    {"ModifySubnetAttribute&SubnetId=" SUBNET_B "&AssignIpv6AddressOnCreation.Value=true",
     "InvalidParameterValue"},
    /* gateways */
    {"AttachInternetGateway&InternetGatewayId=" IGW "&VpcId=" VPC_B, "Resource.AlreadyAssociated"},
    {"AttachInternetGateway&InternetGatewayId=" IGW_FREE "&VpcId=" VPC, "InvalidParameterValue"},
    {"DetachInternetGateway&InternetGatewayId=" IGW "&VpcId=" VPC_B, "Gateway.NotAttached"},
    {"DetachInternetGateway&InternetGatewayId=" IGW "&VpcId=" VPC, "DependencyViolation"},
    {"DeleteInternetGateway&InternetGatewayId=" IGW, "DependencyViolation"},
    {"CreateEgressOnlyInternetGateway&VpcId=" VPC, "EgressOnlyInternetGatewayLimitExceeded"},
    {"CreateNatGateway&AllocationId=" EIP_FREE, "MissingParameter"},
    {"CreateNatGateway&SubnetId=" SUBNET, "MissingParameter"},
    {"CreateNatGateway&SubnetId=subnet-" GONE "&AllocationId=" EIP_FREE,
     "InvalidSubnetID.NotFound"},
    {"CreateNatGateway&SubnetId=" SUBNET "&ConnectivityType=private&AllocationId=" EIP_FREE,
     "InvalidParameterCombination"},
    {"CreateNatGateway&SubnetId=" SUBNET "&ConnectivityType=odd&AllocationId=" EIP_FREE,
     "InvalidParameterValue"},
    {"CreateNatGateway&SubnetId=" SUBNET "&AvailabilityMode=regional",
     "InvalidParameterCombination"},
    {"CreateNatGateway&AvailabilityMode=regional", "MissingParameter"},
    {"CreateNatGateway&VpcId=" VPC, "InvalidParameterCombination"},
    {"CreateNatGateway&SubnetId=" SUBNET
     "&AllocationId=" EIP_FREE ZONE_ADDRESS("1", "Id=apne1-az1"),
     "InvalidParameterCombination"},
    {REGIONAL "&AvailabilityZoneAddress.1.AllocationId.1=" EIP_FREE, "MissingParameter"},
    {REGIONAL "&AvailabilityZoneAddress.1.AvailabilityZone=ap-northeast-1a", "MissingParameter"},
    {REGIONAL ZONE_ADDRESS(
         "1", "=ap-northeast-1a") "&AvailabilityZoneAddress.1.AvailabilityZoneId=apne1-az4",
     "InvalidParameterCombination"},
    {REGIONAL ZONE_ADDRESS("1", "=ap-northeast-1z"), "InvalidParameterValue"},
    {REGIONAL ZONE_ADDRESS("1", "Id=apne1-az9"), "InvalidParameterValue"},
    {REGIONAL ZONE_ADDRESS("1", "=ap-northeast-1a") ZONE_ADDRESS("2", "Id=apne1-az4"),
     "InvalidParameterValue"},
    {REGIONAL "&AvailabilityZoneAddress.1.AvailabilityZone=ap-northeast-1a"
              "&AvailabilityZoneAddress.1.AllocationId.1=eip",
     "InvalidAllocationID.NotFound"},
    {"CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP_FREE "&ClientToken=",
     "InvalidParameterValue"},
    {"CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP_FREE
     "&ClientToken=12345678901234567890123456789012345678901234567890123456789012345",
     "InvalidParameterValue"},
    /* route tables */
    {"DeleteRouteTable&RouteTableId=" MAIN, "DependencyViolation"},
    {"DeleteRouteTable&RouteTableId=" TABLE, "DependencyViolation"},
    {"AssociateRouteTable&RouteTableId=" MAIN "&SubnetId=" SUBNET, "Resource.AlreadyAssociated"},
    {"AssociateRouteTable&RouteTableId=" MAIN "&SubnetId=" SUBNET_B, "InvalidParameterValue"},
    {"AssociateRouteTable&RouteTableId=" MAIN, "MissingParameter"},
    {"DisassociateRouteTable&AssociationId=rtbassoc-" GONE, "InvalidAssociationID.NotFound"},
    {"DisassociateRouteTable&AssociationId=rtbassoc-0000000000000000a", "InvalidParameterValue"},
    {"ReplaceRouteTableAssociation&AssociationId=rtbassoc-0000000000000000c"
     "&RouteTableId=rtb-0000000000000000b",
     "InvalidParameterValue"},
    {"EnableVgwRoutePropagation&RouteTableId=" TABLE "&GatewayId=" IGW,
     "InvalidGatewayID.NotFound"},
    /* routes */
    {"CreateRoute&RouteTableId=" TABLE "&GatewayId=" IGW, "MissingParameter"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=0.0.0.0/0", "MissingParameter"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=1.0.0.0/8&GatewayId=" IGW
     "&NatGatewayId=" NAT,
     "InvalidParameterCombination"},
    {"CreateRoute&RouteTableId=" TABLE
     "&DestinationCidrBlock=1.0.0.0/8&DestinationIpv6CidrBlock=::/0&GatewayId=" IGW,
     "InvalidParameterCombination"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=::/0&GatewayId=" IGW,
     "InvalidParameterValue"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=0.0.0.0/0&GatewayId=" IGW,
     "RouteAlreadyExists"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=0.0.0.0/0&NatGatewayId=" NAT,
     "RouteAlreadyExists"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=1.0.0.0/8&GatewayId=igw-" GONE,
     "InvalidGatewayID.NotFound"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=1.0.0.0/8&GatewayId=" IGW_FREE,
     "InvalidParameterValue"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=1.0.0.0/8&NatGatewayId=nat-" GONE,
     "InvalidNatGatewayID.NotFound"},
    {"CreateRoute&RouteTableId=rtb-0000000000000000b&DestinationCidrBlock=1.0.0.0/8"
     "&NatGatewayId=" NAT,
     "InvalidParameterValue"},
    {"CreateRoute&RouteTableId=" TABLE
     "&DestinationCidrBlock=1.0.0.0/8&EgressOnlyInternetGatewayId=" EIGW,
     "InvalidParameterValue"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=1.0.0.0/8&TransitGatewayId=tgw-xyz",
     "InvalidTransitGatewayID.Malformed"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=169.254.168.0/24&GatewayId=" IGW,
     "InvalidParameterValue"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationIpv6CidrBlock=fd00:ec2::/64&GatewayId=" IGW,
     "InvalidParameterValue"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=10.0.0.0/24&GatewayId=" IGW,
     "InvalidParameterValue"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=10.0.9.0/24&NatGatewayId=" NAT,
     "InvalidParameterValue"},
    {"CreateRoute&RouteTableId=" TABLE "&DestinationPrefixListId=pl-0fffffff&GatewayId=" IGW,
     "InvalidPrefixListID.NotFound"},
    {"ReplaceRoute&RouteTableId=" TABLE "&DestinationCidrBlock=1.0.0.0/8&GatewayId=" IGW,
     "InvalidParameterValue"},
    {"ReplaceRoute&RouteTableId=" TABLE "&DestinationCidrBlock=10.0.0.0/16&GatewayId=" IGW,
     "InvalidParameterValue"},
    {"ReplaceRoute&RouteTableId=" TABLE "&DestinationCidrBlock=0.0.0.0/0&LocalTarget=true",
     "InvalidParameterValue"},
    {"ReplaceRoute&RouteTableId=" TABLE
     "&DestinationCidrBlock=10.0.0.0/16&LocalTarget=true&NatGatewayId=" NAT,
     "InvalidParameterCombination"},
    {"DeleteRoute&RouteTableId=" TABLE "&DestinationCidrBlock=1.0.0.0/8", "InvalidRoute.NotFound"},
    {"DeleteRoute&RouteTableId=" MAIN "&DestinationCidrBlock=10.9.0.0/16", "InvalidRoute.NotFound"},
    {"DeleteRoute&RouteTableId=" TABLE "&DestinationCidrBlock=10.0.0.0/16",
     "InvalidParameterValue"},
    {"DeleteRoute&RouteTableId=" TABLE "&DestinationPrefixListId=pl-61a54008",
     "InvalidParameterValue"},
    /* addresses and interfaces */
    {"AllocateAddress&Domain=standard", "InvalidParameterValue"},
    {"AllocateAddress&NetworkBorderGroup=us-east-1", "InvalidParameterValue"},
    {"AllocateAddress&Address=203.0.113.1", "InvalidAddress.InUse"},
    {"ReleaseAddress&AllocationId=" EIP, "InvalidIPAddress.InUse"},
    {"AssociateAddress&AllocationId=" EIP_FREE, "MissingParameter"},
    {"AssociateAddress&AllocationId=" EIP_FREE "&InstanceId=i-" GONE, "InvalidInstanceID.NotFound"},
    {"AssociateAddress&AllocationId=" EIP "&NetworkInterfaceId=" ENI, "OperationNotPermitted"},
    {"DisassociateAddress&AssociationId=eipassoc-" GONE, "InvalidAssociationID.NotFound"},
    {"CreateNetworkInterface&SubnetId=" SUBNET "&PrivateIpAddress=10.0.0.9",
     "InvalidIPAddress.InUse"},
    {"CreateNetworkInterface&SubnetId=" SUBNET "&PrivateIpAddress=10.0.1.9",
     "InvalidParameterValue"},
    {"CreateNetworkInterface&SubnetId=" SUBNET_B "&Ipv6AddressCount=1", "InvalidParameterValue"},
    {"CreateNetworkInterface&SubnetId=" SUBNET "&SecurityGroupId.1=sg", "InvalidGroupId.Malformed"},
    {"DeleteNetworkInterface&NetworkInterfaceId=eni-0000000000000000b", "OperationNotPermitted"},
    /* tags */
    {"CreateTags&ResourceId.1=" VPC, "MissingParameter"},
    {"CreateTags&ResourceId.1=vpc-" GONE "&Tag.1.Key=a", "InvalidVpcID.NotFound"},
    {"CreateTags&ResourceId.1=what-1&Tag.1.Key=a", "InvalidID"},
    {"CreateTags&ResourceId.1=" VPC "&Tag.1.Key=aws:a&Tag.1.Value=b", "InvalidParameterValue"},
    {"CreateTags&ResourceId.1=" VPC "&Tag.1.Key=&Tag.1.Value=b", "InvalidParameterValue"},
    {"CreateTags&ResourceId.1=" VPC "&Tag.1.Key=a&Tag.2.Key=a", "InvalidParameterValue"},
    {"CreateInternetGateway&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=a",
     "InvalidParameterValue"},
    {"CreateInternetGateway&TagSpecification.1.ResourceType=internet-gateway",
     "InvalidParameterValue"},
    {"CreateInternetGateway&TagSpecification.1.ResourceType=internet-gateway"
     "&TagSpecification.1.Tag.1.Key=aws:x",
     "InvalidParameterValue"},
};

static void test_rows(void **state)
{
    struct client client;
    CLEANUP(buf_free)
    struct buf before = {0};

    (void)state;
    client_start(&client, 1);
    client_load(&client, WORLD);
    simulator_dump(client.simulator, client.now, &before);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(buf_free)
        struct buf after = {0};
        bool dry_run = text_equal(rows[i].code, "DryRunOperation");

        client_ask(&client, "%s", rows[i].request);
        if (!text_equal(client.reply.code, rows[i].code))
            fail_msg("%s: expected %s, got %s", rows[i].request, rows[i].code,
                     buf_string(&client.reply.body));
        assert_int_equal(client.reply.status, dry_run ? 412 : 400);
        assert_false(client.reply.changed);
        simulator_dump(client.simulator, client.now, &after);
        /* all but the counts at the end */
        assert_memory_equal(before.data, after.data,
                            (size_t)(strstr(before.data, "\"calls\"") - before.data));
    }
    client_stop(&client);
}

/* The text matters where a client goes by it (aws-facts 2.4). */
static void test_messages(void **state)
{
    struct client client;

    (void)state;
    client_start(&client, 1);
    client_load(&client, WORLD);
    client_ask(&client,
               "ReplaceRoute&RouteTableId=" MAIN "&DestinationCidrBlock=0.0.0.0/0&GatewayId=" IGW);
    assert_has(&client, "There is no route defined for '0.0.0.0/0' in the route table. Use "
                        "CreateRoute instead.");
    client_ask(&client, "AttachInternetGateway&InternetGatewayId=" IGW_FREE "&VpcId=" VPC);
    assert_has(&client, "Network " VPC " already has an internet gateway attached");
    client_stop(&client);
}

static const struct {
    const char *quotas, *request, *code;
} quota_rows[] = {
    {"\"vpcs\": 2", "CreateVpc&CidrBlock=10.3.0.0/16", "VpcLimitExceeded"},
    {"\"subnetsPerVpc\": 1", "CreateSubnet&VpcId=" VPC "&CidrBlock=10.0.9.0/24",
     "SubnetLimitExceeded"},
    {"\"routeTablesPerVpc\": 2", "CreateRouteTable&VpcId=" VPC, "RouteTableLimitExceeded"},
    {"\"routesPerRouteTable\": 5",
     "CreateRoute&RouteTableId=" TABLE "&DestinationCidrBlock=1.0.0.0/8&GatewayId=" IGW,
     "RouteLimitExceeded"},
    {"\"internetGateways\": 2", "CreateInternetGateway", "InternetGatewayLimitExceeded"},
    {"\"egressOnlyInternetGateways\": 1", "CreateEgressOnlyInternetGateway&VpcId=" VPC_B,
     "EgressOnlyInternetGatewayLimitExceeded"},
    {"\"natGatewaysPerAvailabilityZone\": 1",
     "CreateNatGateway&SubnetId=" SUBNET "&AllocationId=" EIP_FREE, "NatGatewayLimitExceeded"},
    {"\"addresses\": 2", "AllocateAddress", "AddressLimitExceeded"},
    {"\"ipv6CidrBlocksPerVpc\": 1",
     "AssociateVpcCidrBlock&VpcId=" VPC "&AmazonProvidedIpv6CidrBlock=true", "CidrLimitExceeded"},
    {"\"networkInterfaces\": 3", "CreateNetworkInterface&SubnetId=" SUBNET,
     "NetworkInterfaceLimitExceeded"},
};

static void test_quotas(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(quota_rows); i++) {
        struct client client;
        char world[sizeof(WORLD) + 100];

        client_start(&client, 1);
        snprintf(world, sizeof(world), "{\"quotas\": {%s}, %s", quota_rows[i].quotas, &WORLD[1]);
        client_load(&client, world);
        client_ask(&client, "%s", quota_rows[i].request);
        assert_code(&client, quota_rows[i].code);
        client_stop(&client);

        /* and not without */
        client_start(&client, 1);
        client_load(&client, WORLD);
        client_ask(&client, "%s", quota_rows[i].request);
        assert_ok(&client);
        client_stop(&client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_quotas),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
