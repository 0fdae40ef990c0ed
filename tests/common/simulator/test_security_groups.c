/* Security groups, network ACLs, prefix list entries and Block Public Access. */
#include "client.h"

#define SG "sg-0000000000000000a"
#define SG_B "sg-0000000000000000b" /* of VPC_B */
#define ACL "acl-0000000000000000a"

static int setup(void **state)
{
    struct client *client = calloc(1, sizeof(*client));

    client_start(client, 1);
    client_load(client,
                "{\"vpcSet\": [{\"vpcId\": \"" VPC "\", \"cidrBlock\": \"10.0.0.0/16\"},\n"
                "  {\"vpcId\": \"" VPC_B "\", \"cidrBlock\": \"10.1.0.0/16\"}],\n"
                "\"routeTableSet\": [{\"routeTableId\": \"" MAIN "\", \"vpcId\": \"" VPC "\",\n"
                "   \"associationSet\": [{\"main\": true}]},\n"
                "  {\"routeTableId\": \"rtb-0000000000000000b\", \"vpcId\": \"" VPC_B "\",\n"
                "   \"associationSet\": [{\"main\": true}]}],\n"
                "\"subnetSet\": [{\"subnetId\": \"" SUBNET "\", \"vpcId\": \"" VPC "\",\n"
                "   \"cidrBlock\": \"10.0.0.0/24\", \"availabilityZone\": \"ap-northeast-1a\"}],\n"
                "\"prefixListSet\": [{\"prefixListId\": \"pl-0000000000000000a\",\n"
                "   \"prefixListName\": \"ours\", \"maxEntries\": 58}],\n"
                "\"prefixListEntries\": [\n"
                "  {\"prefixListId\": \"pl-0000000000000000a\", \"cidr\": \"10.0.0.0/8\",\n"
                "   \"description\": \"inside\"},\n"
                "  {\"prefixListId\": \"pl-0000000000000000a\", \"cidr\": \"192.0.2.0/24\"}],\n"
                "\"securityGroupInfo\": [{\"groupId\": \"" SG "\", \"vpcId\": \"" VPC "\",\n"
                "   \"groupName\": \"functions\", \"ipPermissionsEgress\": []},\n"
                "  {\"groupId\": \"" SG_B "\", \"vpcId\": \"" VPC_B "\"}]}\n");
    *state = client;
    return 0;
}

static int teardown(void **state)
{
    client_stop(*state);
    free(*state);
    return 0;
}

#define EGRESS "AuthorizeSecurityGroupEgress&GroupId=" SG "&IpPermissions.1."
#define TCP_443 "IpProtocol=tcp&IpPermissions.1.FromPort=443&IpPermissions.1.ToPort=443"
#define TO(cidr) "&IpPermissions.1.IpRanges.1.CidrIp=" cidr

static void describe_group(struct client *client, const char *id)
{
    client_ask(client, "DescribeSecurityGroups&GroupId.1=%s", id);
    assert_ok(client);
}

/* ---- rules ---- */

static const struct {
    const char *call, *code;
} refused[] = {
    {"CreateSecurityGroup&GroupName=a&GroupDescription=b", "MissingParameter"},
    {"CreateSecurityGroup&GroupName=a&VpcId=" VPC, "MissingParameter"},
    {"CreateSecurityGroup&GroupName=default&GroupDescription=b&VpcId=" VPC,
     "InvalidParameterValue"},
    {"CreateSecurityGroup&GroupName=sg-1&GroupDescription=b&VpcId=" VPC, "InvalidParameterValue"},
    {"CreateSecurityGroup&GroupName=functions&GroupDescription=b&VpcId=" VPC,
     "InvalidGroup.Duplicate"},
    {"CreateSecurityGroup&GroupName=a&GroupDescription=b&VpcId=vpc-00000000000000000",
     "InvalidVpcID.NotFound"},
    {"AuthorizeSecurityGroupEgress&GroupId=sg-00000000000000000&IpPermissions.1." TCP_443 TO(
         "0.0.0.0/0"),
     "InvalidGroup.NotFound"},
    {"AuthorizeSecurityGroupEgress&GroupId=functions&IpPermissions.1." TCP_443 TO("0.0.0.0/0"),
     "InvalidGroupId.Malformed"},
    {"AuthorizeSecurityGroupEgress&GroupId=" SG, "MissingParameter"},
    {EGRESS "FromPort=443" TO("0.0.0.0/0"), "MissingParameter"},
    {EGRESS TCP_443, "MissingParameter"},
    {EGRESS "IpProtocol=tcp&IpPermissions.1.FromPort=443" TO("0.0.0.0/0"), "InvalidParameterValue"},
    {EGRESS
     "IpProtocol=tcp&IpPermissions.1.FromPort=444&IpPermissions.1.ToPort=443" TO("0.0.0.0/0"),
     "InvalidParameterValue"},
    {EGRESS
     "IpProtocol=udp&IpPermissions.1.FromPort=1&IpPermissions.1.ToPort=65536" TO("0.0.0.0/0"),
     "InvalidParameterValue"},
    {EGRESS "IpProtocol=icmp" TO("0.0.0.0/0"), "InvalidParameterValue"},
    {EGRESS "IpProtocol=smtp" TO("0.0.0.0/0"), "InvalidParameterValue"},
    {EGRESS "IpProtocol=256" TO("0.0.0.0/0"), "InvalidParameterValue"},
    {EGRESS TCP_443 TO("::/0"), "InvalidParameterValue"},
    {EGRESS TCP_443 "&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=0.0.0.0/0", "InvalidParameterValue"},
    {EGRESS TCP_443 "&IpPermissions.1.PrefixListIds.1.PrefixListId=pl-00000000000000000",
     "InvalidPrefixListID.NotFound"},
    {EGRESS TCP_443 "&IpPermissions.1.Groups.1.GroupId=sg-00000000000000000",
     "InvalidGroup.NotFound"},
    {EGRESS TCP_443 "&IpPermissions.1.Groups.1.GroupId=" SG_B, "InvalidGroup.NotFound"},
    {EGRESS TCP_443 TO("10.0.0.0/8") "&IpPermissions.1.IpRanges.2.CidrIp=10.1.2.3/8",
     "InvalidPermission.Duplicate"},
    {"RevokeSecurityGroupEgress&GroupId=" SG "&IpPermissions.1." TCP_443 TO("10.0.0.0/8"),
     "InvalidPermission.NotFound"},
};

static void test_refused(void **state)
{
    struct client *client = *state;

    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        client_ask(client, "%s", refused[i].call);
        if (!text_equal(client->reply.code, refused[i].code))
            fail_msg("%s: %s, expected %s", refused[i].call, client->reply.code, refused[i].code);
        describe_group(client, SG);
        assert_has_not(client, "<ipProtocol>");
    }
}

/* Canonical form: one permission for each protocol and range, and a rule is its meaning. */
static void test_rules(void **state)
{
    static const char *const same[] = {
        EGRESS TCP_443 TO("10.0.0.0/8"),
        EGRESS TCP_443 TO("10.9.9.9/8"),
        EGRESS
        "IpProtocol=6&IpPermissions.1.FromPort=443&IpPermissions.1.ToPort=443" TO("10.0.0.0/8"),
        EGRESS TCP_443 TO("192.0.2.0/24") "&IpPermissions.1.IpRanges.2.CidrIp=10.0.0.0/8",
        EGRESS TCP_443 "&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=2001:DB8:0:0::1/32",
        EGRESS TCP_443 "&IpPermissions.1.Groups.1.GroupId=" SG,
        EGRESS TCP_443 "&IpPermissions.1.PrefixListIds.1.PrefixListId=pl-61a54008",
        EGRESS "IpProtocol=-1&IpPermissions.1.FromPort=0&IpPermissions.1.ToPort=0" TO("0.0.0.0/0"),
        EGRESS "IpProtocol=icmpv6&IpPermissions.1.FromPort=-1&IpPermissions.1.ToPort=-1"
               "&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=::/0",
    };
    struct client *client = *state;

    client_ask(client, EGRESS TCP_443 TO(
                           "10.1.2.3/8") "&IpPermissions.1.IpRanges.1.Description=inside"
                                         "&IpPermissions.2.IpProtocol=TCP"
                                         "&IpPermissions.2.FromPort=443"
                                         "&IpPermissions.2.ToPort=443"
                                         "&IpPermissions.2.Ipv6Ranges.1.CidrIpv6=2001:db8::/32"
                                         "&IpPermissions.2.Groups.1.GroupId=" SG
                                         "&IpPermissions.2.PrefixListIds.1.PrefixListId="
                                         "pl-61a54008");
    assert_ok(client);
    assert_int_equal(client_count(client, "<securityGroupRuleId>sgr-0"), 4);
    client_ask(client,
               EGRESS "IpProtocol=-1&IpPermissions.1.FromPort=1&IpPermissions.1.ToPort=2" TO(
                   "0.0.0.0/0") "&IpPermissions.2.IpProtocol=58"
                                "&IpPermissions.2.Ipv6Ranges.1.CidrIpv6=::/0");
    assert_ok(client);
    describe_group(client, SG);
    assert_int_equal(client_count(client, "<ipProtocol>tcp</ipProtocol>"), 1);
    assert_int_equal(client_count(client, "<fromPort>"), 2); /* all traffic has none */
    assert_has(client, "<cidrIp>10.0.0.0/8</cidrIp><description>inside</description>");
    assert_has(client, "<ipProtocol>icmpv6</ipProtocol><fromPort>-1</fromPort>");
    for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
        client_ask(client, "%s", same[i]);
        if (!text_equal(client->reply.code, "InvalidPermission.Duplicate"))
            fail_msg("%s: \"%s\"", same[i], client->reply.code);
    }
    describe_group(client, SG);
    assert_has_not(client, "192.0.2.0"); /* all of a call or nothing */

    client_ask(client, "RevokeSecurityGroupEgress&GroupId=" SG "&IpPermissions.1." TCP_443 TO(
                           "10.0.0.0/8") "&IpPermissions.1.Groups.1.GroupId=" SG);
    assert_ok(client);
    describe_group(client, SG);
    assert_has_not(client, "10.0.0.0/8");
    assert_has(client, "2001:db8::/32");
}

static void test_ingress(void **state)
{
    struct client *client = *state;

    client_ask(client, "AuthorizeSecurityGroupIngress&GroupId=" SG "&IpPermissions.1." TCP_443
                       "&IpPermissions.1.Groups.1.GroupId=" SG);
    assert_ok(client);
    describe_group(client, SG);
    assert_has(client, "<ipPermissions><item><ipProtocol>tcp</ipProtocol>");
    assert_has(client, "<groupId>" SG "</groupId><userId>111122223333</userId>");
    client_ask(client, "DescribeSecurityGroups&Filter.1.Name=ip-permission.group-id"
                       "&Filter.1.Value.1=" SG);
    assert_int_equal(client_count(client, "<groupName>"), 1); /* the default one names itself */
    client_ask(client, "DescribeSecurityGroups&Filter.1.Name=egress.ip-permission.group-id"
                       "&Filter.1.Value.1=" SG);
    assert_int_equal(client_count(client, "<groupName>"), 0);
    client_ask(client, "RevokeSecurityGroupIngress&GroupId=" SG "&IpPermissions.1." TCP_443
                       "&IpPermissions.1.Groups.1.GroupId=" SG);
    assert_ok(client);
    describe_group(client, SG);
    assert_has_not(client, "<ipProtocol>");
}

/* 60 in each direction and family; a prefix list counts as many as it may have (aws-facts 9.4). */
static void test_quota(void **state)
{
    struct client *client = *state;

    client_ask(client,
               EGRESS TCP_443 "&IpPermissions.1.PrefixListIds.1.PrefixListId=pl-0000000000000000a");
    assert_ok(client);
    client_ask(client,
               EGRESS TCP_443 TO("10.0.0.0/8") "&IpPermissions.1.IpRanges.2.CidrIp=11.0.0.0/8"
                                               "&IpPermissions.1.IpRanges.3.CidrIp=12.0.0.0/8");
    assert_code(client, "RulesPerSecurityGroupLimitExceeded");
    client_ask(client,
               EGRESS TCP_443 TO("10.0.0.0/8") "&IpPermissions.1.IpRanges.2.CidrIp=11.0.0.0/8");
    assert_ok(client);
    client_ask(client, EGRESS TCP_443 TO("12.0.0.0/8"));
    assert_code(client, "RulesPerSecurityGroupLimitExceeded");
    client_ask(client, EGRESS TCP_443 "&IpPermissions.1.Ipv6Ranges.1.CidrIpv6=::/0");
    assert_ok(client); /* IPv6 has its own */
    client_ask(client, "AuthorizeSecurityGroupIngress&GroupId=" SG
                       "&IpPermissions.1." TCP_443 TO("12.0.0.0/8"));
    assert_ok(client); /* and so has the other direction */
}

/* ---- what comes by itself ---- */

static void test_defaults(void **state)
{
    struct client *client = *state;
    const char *vpc, *subnet;

    client_ask(client, "CreateVpc&CidrBlock=10.5.0.0/16");
    vpc = client_text(client, "vpcId");
    assert_string_equal(client_text(client, "internetGatewayBlockMode"), "off");
    client_ask(client, "DescribeSecurityGroups&Filter.1.Name=vpc-id&Filter.1.Value.1=%s", vpc);
    assert_int_equal(client_count(client, "<groupName>default</groupName>"), 1);
    assert_int_equal(client_count(client, "<ipProtocol>-1</ipProtocol>"), 2);
    assert_int_equal(client_count(client, "<cidrIp>0.0.0.0/0</cidrIp>"), 1);
    client_ask(client, "CreateSubnet&VpcId=%s&CidrBlock=10.5.1.0/24", vpc);
    subnet = client_text(client, "subnetId");
    client_ask(client,
               "DescribeNetworkAcls&Filter.1.Name=association.subnet-id&Filter.1.Value.1=%s",
               subnet);
    assert_int_equal(client_count(client, "<default>true</default>"), 1);
    assert_int_equal(client_count(client, "<ruleNumber>"), 4);
    client_ask(client, "CreateNetworkInterface&SubnetId=%s", subnet);
    assert_has(client, "<groupName>default</groupName>");
    client_ask(client, "DeleteNetworkInterface&NetworkInterfaceId=%s",
               client_text(client, "networkInterfaceId"));
    assert_ok(client);
    client_ask(client, "DeleteSubnet&SubnetId=%s", subnet);
    client_ask(client,
               "DescribeNetworkAcls&Filter.1.Name=association.subnet-id&Filter.1.Value.1=%s",
               subnet);
    assert_has_not(client, "<networkAclId>");
    client_ask(client, "CreateSecurityGroup&GroupName=a&GroupDescription=b&VpcId=%s", vpc);
    assert_ok(client);
    client_ask(client, "DeleteVpc&VpcId=%s", vpc);
    assert_code(client, "DependencyViolation");
    /* a world's VPCs have them too, and go with them */
    client_ask(client, "DescribeSecurityGroups&Filter.1.Name=vpc-id&Filter.1.Value.1=" VPC
                       "&Filter.2.Name=group-name&Filter.2.Value.1=default");
    assert_int_equal(client_count(client, "<groupId>"), 2); /* itself, and in its own rule */
}

static void test_interfaces(void **state)
{
    struct client *client = *state;

    client_ask(client, "CreateNetworkInterface&SubnetId=" SUBNET "&SecurityGroupId.1=" SG);
    assert_ok(client);
    assert_has(client, "<groupId>" SG "</groupId><groupName>functions</groupName>");
    client_ask(client, "CreateNetworkInterface&SubnetId=" SUBNET "&SecurityGroupId.1=" SG_B);
    assert_code(client, "InvalidGroup.NotFound");
}

/* aws-facts 2.7: an IPv6 block opens IPv6, unless the outbound rules were changed before. */
static void test_ipv6_opens(void **state)
{
    struct client *client = *state;
    const char *untouched, *changed;

    client_ask(client, "CreateSecurityGroup&GroupName=a&GroupDescription=b&VpcId=" VPC);
    untouched = client_text(client, "groupId");
    client_ask(client, "CreateSecurityGroup&GroupName=c&GroupDescription=d&VpcId=" VPC);
    changed = client_text(client, "groupId");
    for (int i = 0; i < 2; i++) { /* there and back again is a change */
        client_ask(client,
                   "%sSecurityGroupEgress&GroupId=%s&IpPermissions.1.IpProtocol=-1"
                   "&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0",
                   i ? "Authorize" : "Revoke", changed);
        assert_ok(client);
    }
    describe_group(client, changed);
    assert_has(client, "0.0.0.0/0");
    client_ask(client, "AssociateVpcCidrBlock&VpcId=" VPC "&AmazonProvidedIpv6CidrBlock=true");
    describe_group(client, untouched);
    assert_has_not(client, "::/0");
    client_wait(client, 600000);
    describe_group(client, untouched);
    assert_has(client, "<cidrIpv6>::/0</cidrIpv6>");
    describe_group(client, changed);
    assert_has_not(client, "::/0");
    client_ask(client, "DescribeNetworkAcls&Filter.1.Name=vpc-id&Filter.1.Value.1=" VPC);
    assert_int_equal(client_count(client, "<ruleNumber>101</ruleNumber>"), 2);
    assert_int_equal(client_count(client, "<ruleNumber>32768</ruleNumber>"), 2);
    client_ask(client, "CreateSecurityGroup&GroupName=e&GroupDescription=f&VpcId=" VPC);
    describe_group(client, client_text(client, "groupId"));
    assert_has(client, "<cidrIpv6>::/0</cidrIpv6>");
}

/* ---- network ACLs ---- */

static void test_network_acls(void **state)
{
    static const struct {
        const char *entry, *code;
    } rows[] = {
        {"RuleNumber=0&Protocol=-1&RuleAction=allow&CidrBlock=0.0.0.0/0", "InvalidParameterValue"},
        {"RuleNumber=32767&Protocol=-1&RuleAction=allow&CidrBlock=0.0.0.0/0",
         "InvalidParameterValue"},
        {"RuleNumber=1&Protocol=-1&RuleAction=permit&CidrBlock=0.0.0.0/0", "InvalidParameterValue"},
        {"RuleNumber=1&Protocol=tcp&RuleAction=allow&CidrBlock=0.0.0.0/0", "InvalidParameterValue"},
        {"RuleNumber=1&Protocol=6&RuleAction=allow&CidrBlock=0.0.0.0/0", "InvalidParameterValue"},
        {"RuleNumber=1&Protocol=1&RuleAction=allow&CidrBlock=0.0.0.0/0", "MissingParameter"},
        {"RuleNumber=1&Protocol=-1&RuleAction=allow", "InvalidParameterCombination"},
        {"RuleNumber=1&Protocol=-1&RuleAction=allow&CidrBlock=0.0.0.0/0&Ipv6CidrBlock=::/0",
         "InvalidParameterCombination"},
        {"RuleNumber=1&Protocol=6&RuleAction=deny&CidrBlock=10.0.0.9/8&PortRange.From=1"
         "&PortRange.To=2",
         ""},
        {"RuleNumber=1&Protocol=-1&RuleAction=allow&CidrBlock=0.0.0.0/0",
         "NetworkAclEntryAlreadyExists"},
        {"RuleNumber=2&Protocol=58&RuleAction=allow&Ipv6CidrBlock=::/0&Icmp.Type=-1&Icmp.Code=-1",
         ""},
    };
    struct client *client = *state;
    const char *acl, *association;

    client_ask(client, "CreateNetworkAcl&VpcId=" VPC);
    assert_ok(client);
    acl = client_text(client, "networkAclId");
    assert_int_equal(client_count(client, "<ruleNumber>32767</ruleNumber>"), 2);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        client_ask(client, "CreateNetworkAclEntry&NetworkAclId=%s&Egress=true&%s", acl,
                   rows[i].entry);
        if (!text_equal(client->reply.code, rows[i].code))
            fail_msg("%s: %s", rows[i].entry, client->reply.code);
    }
    client_ask(client, "DescribeNetworkAcls&NetworkAclId.1=%s", acl);
    assert_has(client, "<cidrBlock>10.0.0.0/8</cidrBlock>");
    client_ask(client, "DeleteNetworkAclEntry&NetworkAclId=%s&RuleNumber=1&Egress=true", acl);
    assert_ok(client);
    client_ask(client, "DeleteNetworkAclEntry&NetworkAclId=%s&RuleNumber=1&Egress=true", acl);
    assert_code(client, "InvalidNetworkAclEntry.NotFound");

    client_ask(client, "DescribeNetworkAcls&Filter.1.Name=association.subnet-id"
                       "&Filter.1.Value.1=" SUBNET);
    association = client_text(client, "networkAclAssociationId");
    client_ask(client, "ReplaceNetworkAclAssociation&AssociationId=%s&NetworkAclId=%s", association,
               acl);
    assert_ok(client);
    assert_string_not_equal(client_text(client, "newAssociationId"), association);
    client_ask(client, "ReplaceNetworkAclAssociation&AssociationId=%s&NetworkAclId=%s", association,
               acl);
    assert_code(client, "InvalidAssociationID.NotFound");
    client_ask(client, "DescribeNetworkAcls&Filter.1.Name=association.subnet-id"
                       "&Filter.1.Value.1=" SUBNET);
    assert_int_equal(client_count(client, "<default>false</default>"), 1);
    assert_int_equal(client_count(client, "<subnetId>"), 1);
}

/* ---- prefix lists, Block Public Access ---- */

static void test_prefix_list_entries(void **state)
{
    struct client *client = *state;
    const char *token;

    client_ask(client, "GetManagedPrefixListEntries&PrefixListId=pl-61a54008");
    assert_ok(client);
    assert_int_equal(client_count(client, "<cidr>"), 4);
    client_ask(client,
               "GetManagedPrefixListEntries&PrefixListId=pl-0000000000000000a&MaxResults=1");
    assert_has(client, "<cidr>10.0.0.0/8</cidr><description>inside</description>");
    assert_has_not(client, "192.0.2.0");
    token = client_text(client, "nextToken");
    token = arena_printf(client->arena, "%.*s%%2B%%3D", (int)strlen(token) - 2, token);
    client_ask(client,
               "GetManagedPrefixListEntries&PrefixListId=pl-0000000000000000a&MaxResults=1"
               "&NextToken=%s",
               token);
    assert_ok(client);
    assert_has(client, "<cidr>192.0.2.0/24</cidr>");
    assert_has_not(client, "10.0.0.0/8");
    assert_has_not(client, "<nextToken>");
    client_ask(client, "GetManagedPrefixListEntries&PrefixListId=pl-61a54008&NextToken=%s", token);
    assert_code(client, "InvalidPaginationToken");
    client_ask(client, "GetManagedPrefixListEntries&PrefixListId=pl-00000000000000000");
    assert_code(client, "InvalidPrefixListID.NotFound");
    client_ask(client, "GetManagedPrefixListEntries&PrefixListId=pl-61a54008&MaxResults=101");
    assert_code(client, "InvalidMaxResults");
}

static void test_block_public_access(void **state)
{
    struct client *client = *state;

    client_ask(client, "DescribeVpcBlockPublicAccessOptions");
    assert_string_equal(client_text(client, "internetGatewayBlockMode"), "off");
    assert_string_equal(client_text(client, "state"), "default-state");
    client_ask(client, "ModifyVpcBlockPublicAccessOptions&InternetGatewayBlockMode=block");
    assert_code(client, "InvalidParameterValue");
    client_ask(client,
               "ModifyVpcBlockPublicAccessOptions&InternetGatewayBlockMode=block-bidirectional");
    assert_ok(client);
    client_ask(client, "DescribeVpcs&VpcId.1=" VPC);
    assert_string_equal(client_text(client, "internetGatewayBlockMode"), "block-bidirectional");
    client_ask(client, "DescribeSubnets&SubnetId.1=" SUBNET);
    assert_string_equal(client_text(client, "internetGatewayBlockMode"), "block-bidirectional");
    client_ask(client, "CreateVpc&CidrBlock=10.5.0.0/16");
    assert_string_equal(client_text(client, "internetGatewayBlockMode"), "block-bidirectional");
}

/* Each filter finds the one object that has the value. */
static void test_filters(void **state)
{
    static const struct {
        const char *action, *name, *value;
    } rows[] = {
        {"DescribeSecurityGroups", "group-id", SG},
        {"DescribeSecurityGroups", "group-name", "functions"},
        {"DescribeSecurityGroups", "description", "of+orders"},
        {"DescribeSecurityGroups", "tag:a", "b"},
        {"DescribeSecurityGroups", "ip-permission.protocol", "tcp"},
        {"DescribeSecurityGroups", "ip-permission.from-port", "443"},
        {"DescribeSecurityGroups", "ip-permission.to-port", "444"},
        {"DescribeSecurityGroups", "ip-permission.cidr", "10.0.0.0/8"},
        {"DescribeSecurityGroups", "ip-permission.ipv6-cidr", "2001:db8::/32"},
        {"DescribeSecurityGroups", "ip-permission.prefix-list-id", "pl-61a54008"},
        {"DescribeSecurityGroups", "ip-permission.group-id", SG},
        {"DescribeSecurityGroups", "egress.ip-permission.protocol", "udp"},
        {"DescribeSecurityGroups", "egress.ip-permission.from-port", "53"},
        {"DescribeSecurityGroups", "egress.ip-permission.to-port", "54"},
        {"DescribeSecurityGroups", "egress.ip-permission.cidr", "11.0.0.0/8"},
        {"DescribeSecurityGroups", "egress.ip-permission.ipv6-cidr", "2001:db9::/32"},
        {"DescribeSecurityGroups", "egress.ip-permission.prefix-list-id", "pl-78a54011"},
        {"DescribeSecurityGroups", "egress.ip-permission.group-id", SG},
        {"DescribeNetworkAcls", "network-acl-id", ACL},
        {"DescribeNetworkAcls", "association.subnet-id", SUBNET},
        {"DescribeNetworkAcls", "association.association-id", "aclassoc-0000000000000000a"},
        {"DescribeNetworkAcls", "association.network-acl-id", ACL},
        {"DescribeNetworkAcls", "entry.rule-number", "7"},
        {"DescribeNetworkAcls", "entry.protocol", "6"},
        {"DescribeNetworkAcls", "entry.cidr", "10.0.0.0/8"},
        {"DescribeNetworkAcls", "entry.ipv6-cidr", "2001:db8::/32"},
        {"DescribeNetworkAcls", "entry.port-range.from", "443"},
        {"DescribeNetworkAcls", "entry.port-range.to", "444"},
        {"DescribeNetworkAcls", "entry.icmp.type", "8"},
        {"DescribeNetworkAcls", "entry.icmp.code", "1"},
    };
#define PERMISSION(protocol, from, to, cidr, ipv6, list)                                           \
    "[{\"ipProtocol\": \"" protocol "\", \"fromPort\": " from ", \"toPort\": " to                  \
    ", \"ipRanges\": [{\"cidrIp\": \"" cidr "\"}], \"ipv6Ranges\": [{\"cidrIpv6\": \"" ipv6        \
    "\"}], \"prefixListIds\": [{\"prefixListId\": \"" list                                         \
    "\"}], \"groups\": [{\"groupId\": \"" SG "\"}]}]"
    struct client client;

    (void)state;
    client_start(&client, 1);
    client_load(
        &client,
        "{\"vpcSet\": [{\"vpcId\": \"" VPC "\", \"cidrBlock\": \"10.0.0.0/16\"}],\n"
        "\"routeTableSet\": [{\"routeTableId\": \"" MAIN "\", \"vpcId\": \"" VPC "\",\n"
        "  \"associationSet\": [{\"main\": true}]}],\n"
        "\"subnetSet\": [{\"subnetId\": \"" SUBNET "\", \"vpcId\": \"" VPC "\",\n"
        "  \"cidrBlock\": \"10.0.0.0/24\", \"availabilityZone\": \"ap-northeast-1a\"}],\n"
        "\"securityGroupInfo\": [{\"groupId\": \"" SG "\", \"vpcId\": \"" VPC "\",\n"
        "  \"groupName\": \"functions\", \"groupDescription\": \"of orders\",\n"
        "  \"tagSet\": [{\"key\": \"a\", \"value\": \"b\"}],\n"
        "  \"ipPermissions\": " PERMISSION(
            "tcp", "443", "444", "10.0.0.0/8", "2001:db8::/32",
            "pl-61a54008") ",\n"
                           "  \"ipPermissionsEgress\": " PERMISSION(
                               "udp", "53", "54", "11.0.0.0/8", "2001:db9::/32",
                               "pl-78a54011") "}],\n"
                                              "\"networkAclSet\": [{\"networkAclId\": \"" ACL
                                              "\", \"vpcId\": \"" VPC "\",\n"
                                              "  \"associationSet\": [{\"subnetId\": \"" SUBNET
                                              "\",\n"
                                              "    \"networkAclAssociationId\": "
                                              "\"aclassoc-0000000000000000a\"}],\n"
                                              "  \"entrySet\": [{\"ruleNumber\": 7, \"protocol\": "
                                              "\"6\",\n"
                                              "    \"ruleAction\": \"deny\", \"cidrBlock\": "
                                              "\"10.0.0.0/8\",\n"
                                              "    \"ipv6CidrBlock\": \"2001:db8::/32\",\n"
                                              "    \"portRange\": {\"from\": 443, \"to\": 444},\n"
                                              "    \"icmpTypeCode\": {\"type\": 8, \"code\": "
                                              "1}}]}]}\n");
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        client_ask(&client, "%s&Filter.1.Name=%s&Filter.1.Value.1=%s", rows[i].action, rows[i].name,
                   rows[i].value);
        assert_ok(&client);
        if (!text_equal(client_text(&client, i < 18 ? "groupName" : "networkAclId"),
                        i < 18 ? "functions" : ACL) ||
            client_count(&client, "<vpcId>") != 1)
            fail_msg("%s: %s", rows[i].name, buf_string(&client.reply.body));
    }
    client_ask(&client, "DescribeNetworkAcls&Filter.1.Name=default&Filter.1.Value.1=true");
    assert_int_equal(client_count(&client, "<vpcId>"), 1);
    assert_has_not(&client, ACL); /* the VPC's default one came by itself */
    client_stop(&client);
}

/* All of it comes back out of a dump. */
static void test_round_trip(void **state)
{
    struct client *client = *state, other;
    CLEANUP(buf_free)
    struct buf first = {0};
    CLEANUP(buf_free)
    struct buf second = {0};

    client_ask(client, EGRESS TCP_443 TO("10.0.0.0/8"));
    client_ask(client, "CreateNetworkAcl&VpcId=" VPC);
    client_ask(client, "ModifyVpcBlockPublicAccessOptions&InternetGatewayBlockMode=block-ingress");
    assert_ok(client);
    simulator_dump(client->simulator, client->now, &first);
    client_start(&other, 1);
    client_load(&other, first.data);
    simulator_dump(other.simulator, other.now, &second);
    assert_memory_equal(first.data, second.data,
                        (size_t)(strstr(first.data, "\"calls\"") - first.data));
    assert_non_null(strstr(first.data, "\"outboundChanged\": true"));
    assert_non_null(strstr(first.data, "\"block-ingress\""));
    client_stop(&other);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_refused),
        TEST(test_rules),
        TEST(test_ingress),
        TEST(test_quota),
        TEST(test_defaults),
        TEST(test_interfaces),
        TEST(test_ipv6_opens),
        TEST(test_network_acls),
        TEST(test_prefix_list_entries),
        TEST(test_block_public_access),
        cmocka_unit_test(test_filters),
        TEST(test_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
