/* What is read off replies about security groups, network ACLs, endpoints and Block Public Access:
 * each in the spelling of AWS's own samples (EC2 API Reference). */
#include "vpc_reconciled/ec2.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

#define NS " xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\""

static void read_reply(struct arena *arena, enum ec2_action action, const char *body, void *reply)
{
    struct aws_error aws = {0};
    struct wire_error error = {0};
    struct ec2_decoder *decoder = ec2_decoder_new(arena, action, 200, reply, &aws, 64 << 10);

    if (ec2_decoder_feed(decoder, body, strlen(body), true, &error) < 0)
        fail_msg("%s: %s", ec2_action_table[action].name, error.message);
    ec2_decoder_free(decoder);
}

static struct ec2_describe_reply *describe(struct arena *arena, enum ec2_action action,
                                           const char *body)
{
    struct ec2_describe_reply *reply = ARENA_NEW(arena, struct ec2_describe_reply);

    read_reply(arena, action, body, reply);
    return reply;
}

static struct ec2_change_reply *change(struct arena *arena, enum ec2_action action,
                                       const char *body)
{
    struct ec2_change_reply *reply = ARENA_NEW(arena, struct ec2_change_reply);

    read_reply(arena, action, body, reply);
    return reply;
}

static void assert_prefix(const struct prefix *prefix, const char *expected)
{
    char text[PREFIX_TEXT_SIZE];

    assert_string_equal(prefix_format(prefix, text), expected);
}

static void test_security_groups(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct ec2_describe_reply *reply = describe(
        arena, EC2_DESCRIBE_SECURITY_GROUPS,
        "<DescribeSecurityGroupsResponse" NS "><requestId>r</requestId><securityGroupInfo>"
        "<item><ownerId>111122223333</ownerId><groupId>sg-1</groupId><groupName>functions</"
        "groupName>"
        "<groupDescription>of functions</groupDescription><vpcId>vpc-1</vpcId><ipPermissions>"
        "<item><ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>445</toPort><groups>"
        "<item><userId>111122223333</userId><groupId>sg-2</groupId><vpcId>vpc-2</vpcId>"
        "<vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><description>peers</description>"
        "</item></groups><ipRanges/><ipv6Ranges/><prefixListIds><item><prefixListId>pl-1"
        "</prefixListId><description>s3</description></item></prefixListIds></item></ipPermissions>"
        "<ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><groups/><ipRanges><item>"
        "<cidrIp>0.0.0.0/0</cidrIp></item><item><cidrIp>192.0.2.0/24</cidrIp>"
        "<description>x</description></item></ipRanges><ipv6Ranges><item><cidrIpv6>::/0</cidrIpv6>"
        "<description>y</description></item></ipv6Ranges><prefixListIds/></item>"
        "</ipPermissionsEgress><tagSet><item><key>k</key><value>v</value></item></tagSet></item>"
        "<item><groupId>sg-3</groupId><ipPermissions/><ipPermissionsEgress/></item>"
        "</securityGroupInfo><nextToken>t</nextToken></DescribeSecurityGroupsResponse>");
    const struct ec2_security_group *group = reply->security_groups.items;
    const struct ec2_ip_permission *in, *out;

    (void)state;
    assert_string_equal(reply->next_token, "t");
    assert_int_equal(reply->security_groups.n, 2);
    assert_string_equal(group->group_id, "sg-1");
    assert_string_equal(group->group_name, "functions");
    assert_string_equal(group->group_description, "of functions");
    assert_string_equal(group->vpc_id, "vpc-1");
    assert_string_equal(group->owner_id, "111122223333");
    assert_string_equal(ec2_tag_value(&group->tags, "k"), "v");
    assert_int_equal(group->ip_permissions.n, 1);
    in = group->ip_permissions.items;
    assert_string_equal(in->ip_protocol, "tcp");
    assert_true(in->from_port.set && in->to_port.set);
    assert_int_equal(in->from_port.value, 443);
    assert_int_equal(in->to_port.value, 445);
    assert_int_equal(in->groups.n, 1);
    assert_string_equal(in->groups.items->group_id, "sg-2");
    assert_string_equal(in->groups.items->user_id, "111122223333");
    assert_string_equal(in->groups.items->vpc_id, "vpc-2");
    assert_string_equal(in->groups.items->vpc_peering_connection_id, "pcx-1");
    assert_string_equal(in->groups.items->description, "peers");
    assert_string_equal(in->prefix_list_ids.items->prefix_list_id, "pl-1");
    assert_string_equal(in->prefix_list_ids.items->description, "s3");
    assert_int_equal(in->ip_ranges.n, 0);
    assert_int_equal(group->ip_permissions_egress.n, 1);
    out = group->ip_permissions_egress.items;
    assert_string_equal(out->ip_protocol, "-1");
    assert_false(out->from_port.set || out->to_port.set); /* all traffic: no ports */
    assert_int_equal(out->ip_ranges.n, 2);
    assert_prefix(&out->ip_ranges.items[0].cidr_ip, "0.0.0.0/0");
    assert_null(out->ip_ranges.items[0].description);
    assert_prefix(&out->ip_ranges.items[1].cidr_ip, "192.0.2.0/24");
    assert_string_equal(out->ip_ranges.items[1].description, "x");
    assert_prefix(&out->ipv6_ranges.items[0].cidr_ipv6, "::/0");
    assert_string_equal(out->ipv6_ranges.items[0].description, "y");
    assert_string_equal(group[1].group_id, "sg-3");
    assert_int_equal(group[1].ip_permissions_egress.n, 0);
    assert_true(group[1].ip_permissions_egress.seen);
}

static void test_network_acls(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct ec2_describe_reply *reply = describe(
        arena, EC2_DESCRIBE_NETWORK_ACLS,
        "<DescribeNetworkAclsResponse" NS "><networkAclSet><item><networkAclId>acl-1</networkAclId>"
        "<vpcId>vpc-1</vpcId><default>true</default><entrySet>"
        "<item><ruleNumber>100</ruleNumber><protocol>6</protocol><ruleAction>allow</ruleAction>"
        "<egress>false</egress><cidrBlock>10.0.0.0/8</cidrBlock><portRange><from>1024</from>"
        "<to>65535</to></portRange></item>"
        "<item><ruleNumber>110</ruleNumber><protocol>58</protocol><ruleAction>deny</ruleAction>"
        "<egress>true</egress><ipv6CidrBlock>::/0</ipv6CidrBlock><icmpTypeCode><code>-1</code>"
        "<type>8</type></icmpTypeCode></item>"
        "<item><ruleNumber>32767</ruleNumber><protocol>-1</protocol><ruleAction>deny</ruleAction>"
        "<egress>true</egress><cidrBlock>0.0.0.0/0</cidrBlock></item></entrySet><associationSet>"
        "<item><networkAclAssociationId>aclassoc-1</networkAclAssociationId>"
        "<networkAclId>acl-1</networkAclId><subnetId>subnet-1</subnetId></item></associationSet>"
        "<tagSet/><ownerId>111122223333</ownerId></item></networkAclSet>"
        "</DescribeNetworkAclsResponse>");
    const struct ec2_network_acl *acl = reply->network_acls.items;
    const struct ec2_network_acl_entry *entries;

    (void)state;
    assert_int_equal(reply->network_acls.n, 1);
    assert_string_equal(acl->network_acl_id, "acl-1");
    assert_string_equal(acl->vpc_id, "vpc-1");
    assert_string_equal(acl->owner_id, "111122223333");
    assert_int_equal(acl->is_default, WIRE_TRUE);
    assert_string_equal(acl->associations.items->network_acl_association_id, "aclassoc-1");
    assert_string_equal(acl->associations.items->network_acl_id, "acl-1");
    assert_string_equal(acl->associations.items->subnet_id, "subnet-1");
    assert_int_equal(acl->entries.n, 3);
    entries = acl->entries.items;
    assert_int_equal(entries[0].rule_number.value, 100);
    assert_string_equal(entries[0].protocol, "6");
    assert_string_equal(entries[0].rule_action, "allow");
    assert_int_equal(entries[0].egress, WIRE_FALSE);
    assert_prefix(&entries[0].cidr_block, "10.0.0.0/8");
    assert_int_equal(entries[0].port_from.value, 1024);
    assert_int_equal(entries[0].port_to.value, 65535);
    assert_false(entries[0].icmp_type.set || entries[0].icmp_code.set);
    assert_int_equal(entries[1].egress, WIRE_TRUE);
    assert_prefix(&entries[1].ipv6_cidr_block, "::/0");
    assert_int_equal(entries[1].cidr_block.family, FAMILY_NONE);
    assert_int_equal(entries[1].icmp_type.value, 8);
    assert_int_equal(entries[1].icmp_code.value, -1);
    assert_false(entries[1].port_from.set || entries[1].port_to.set);
    assert_int_equal(entries[2].rule_number.value, 32767);
    assert_string_equal(entries[2].protocol, "-1");
    assert_string_equal(entries[2].rule_action, "deny");
}

#define INTERFACE_ENDPOINT                                                                         \
    "<vpcEndpointId>vpce-1</vpcEndpointId><vpcEndpointType>Interface</vpcEndpointType>"            \
    "<vpcId>vpc-1</vpcId><serviceName>com.amazonaws.ap-northeast-1.logs</serviceName>"             \
    "<state>pendingAcceptance</state><routeTableIdSet/><subnetIdSet><item>subnet-1</item>"         \
    "<item>subnet-2</item></subnetIdSet><groupSet><item><groupId>sg-1</groupId>"                   \
    "<groupName>endpoints</groupName></item></groupSet><networkInterfaceIdSet><item>eni-1</item>"  \
    "</networkInterfaceIdSet><dnsEntrySet><item><dnsName>vpce-1.logs.example</dnsName>"            \
    "<hostedZoneId>Z1</hostedZoneId></item></dnsEntrySet>"                                         \
    "<privateDnsEnabled>true</privateDnsEnabled><requesterManaged>false</requesterManaged>"        \
    "<ipAddressType>dualstack</ipAddressType><dnsOptions><dnsRecordIpType>ipv4</dnsRecordIpType>"  \
    "</dnsOptions><policyDocument>{&quot;a&quot;: 1}</policyDocument><lastError><code>c</code>"    \
    "<message>m</message></lastError><failureReason>f</failureReason>"                             \
    "<ownerId>111122223333</ownerId><creationTimestamp>2026-11-24T20:00:00Z</creationTimestamp>"   \
    "<tagSet><item><key>k</key><value>v</value></item></tagSet>"

static void check_interface_endpoint(const struct ec2_vpc_endpoint *endpoint)
{
    assert_string_equal(endpoint->vpc_endpoint_id, "vpce-1");
    assert_string_equal(endpoint->vpc_endpoint_type, "Interface");
    assert_string_equal(endpoint->vpc_id, "vpc-1");
    assert_string_equal(endpoint->service_name, "com.amazonaws.ap-northeast-1.logs");
    assert_string_equal(endpoint->state, "pendingAcceptance");
    assert_string_equal(endpoint->owner_id, "111122223333");
    assert_int_equal(endpoint->route_table_ids.n, 0);
    assert_true(endpoint->route_table_ids.seen);
    assert_int_equal(endpoint->subnet_ids.n, 2);
    assert_string_equal(endpoint->subnet_ids.items[1], "subnet-2");
    assert_string_equal(endpoint->groups.items->group_id, "sg-1");
    assert_string_equal(endpoint->groups.items->group_name, "endpoints");
    assert_string_equal(endpoint->network_interface_ids.items[0], "eni-1");
    assert_string_equal(endpoint->dns_entries.items->dns_name, "vpce-1.logs.example");
    assert_string_equal(endpoint->dns_entries.items->hosted_zone_id, "Z1");
    assert_int_equal(endpoint->private_dns_enabled, WIRE_TRUE);
    assert_int_equal(endpoint->requester_managed, WIRE_FALSE);
    assert_string_equal(endpoint->ip_address_type, "dualstack");
    assert_string_equal(endpoint->dns_record_ip_type, "ipv4");
    assert_string_equal(endpoint->policy_document, "{\"a\": 1}");
    assert_string_equal(endpoint->last_error_code, "c");
    assert_string_equal(endpoint->last_error_message, "m");
    assert_string_equal(endpoint->failure_reason, "f");
    assert_string_equal(endpoint->creation_timestamp, "2026-11-24T20:00:00Z");
    assert_string_equal(ec2_tag_value(&endpoint->tags, "k"), "v");
}

static void test_vpc_endpoints(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct ec2_describe_reply *reply =
        describe(arena, EC2_DESCRIBE_VPC_ENDPOINTS,
                 "<DescribeVpcEndpointsResponse" NS "><vpcEndpointSet><item>" INTERFACE_ENDPOINT
                 "</item><item><vpcEndpointId>vpce-2</vpcEndpointId><vpcEndpointType>Gateway"
                 "</vpcEndpointType><state>available</state><routeTableIdSet><item>rtb-1</item>"
                 "</routeTableIdSet></item></vpcEndpointSet></DescribeVpcEndpointsResponse>");
    const struct ec2_change_reply *made =
        change(arena, EC2_CREATE_VPC_ENDPOINT,
               "<CreateVpcEndpointResponse" NS "><requestId>r</requestId>"
               "<vpcEndpoint>" INTERFACE_ENDPOINT "</vpcEndpoint><clientToken>t</clientToken>"
               "</CreateVpcEndpointResponse>");

    (void)state;
    assert_int_equal(reply->vpc_endpoints.n, 2);
    check_interface_endpoint(&reply->vpc_endpoints.items[0]);
    assert_string_equal(reply->vpc_endpoints.items[1].vpc_endpoint_type, "Gateway");
    assert_string_equal(reply->vpc_endpoints.items[1].route_table_ids.items[0], "rtb-1");
    assert_int_equal(reply->vpc_endpoints.items[1].private_dns_enabled, WIRE_ABSENT);
    check_interface_endpoint(&made->vpc_endpoint);
    assert_string_equal(made->client_token, "t");
}

static void test_vpc_endpoint_services(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct ec2_describe_reply *reply = describe(
        arena, EC2_DESCRIBE_VPC_ENDPOINT_SERVICES,
        "<DescribeVpcEndpointServicesResponse" NS "><serviceNameSet><item>s3</item>"
        "</serviceNameSet><serviceDetailSet><item><serviceName>s3</serviceName>"
        "<serviceId>vpce-svc-1</serviceId><serviceType><item><serviceType>Gateway</serviceType>"
        "</item><item><serviceType>Interface</serviceType></item></serviceType>"
        "<availabilityZoneSet><item>a</item><item>c</item></availabilityZoneSet>"
        "<availabilityZoneIdSet><item>az4</item></availabilityZoneIdSet><owner>amazon</owner>"
        "<privateDnsName>s3.example</privateDnsName><privateDnsNameSet><item>"
        "<privateDnsName>s3.example</privateDnsName></item><item>"
        "<privateDnsName>*.s3.example</privateDnsName></item></privateDnsNameSet>"
        "<vpcEndpointPolicySupported>true</vpcEndpointPolicySupported>"
        "<acceptanceRequired>false</acceptanceRequired><supportedIpAddressTypeSet><item>ipv4</item>"
        "<item>ipv6</item></supportedIpAddressTypeSet></item></serviceDetailSet>"
        "</DescribeVpcEndpointServicesResponse>");
    const struct ec2_service_detail *service = reply->service_details.items;

    (void)state;
    assert_int_equal(reply->service_details.n, 1);
    assert_string_equal(service->service_name, "s3");
    assert_string_equal(service->service_id, "vpce-svc-1");
    assert_string_equal(service->owner, "amazon");
    assert_int_equal(service->service_types.n, 2);
    assert_string_equal(service->service_types.items[0].service_type, "Gateway");
    assert_string_equal(service->service_types.items[1].service_type, "Interface");
    assert_int_equal(service->availability_zones.n, 2);
    assert_string_equal(service->availability_zones.items[1], "c");
    assert_string_equal(service->availability_zone_ids.items[0], "az4");
    assert_string_equal(service->private_dns_name, "s3.example");
    assert_string_equal(service->private_dns_names.items[1].private_dns_name, "*.s3.example");
    assert_int_equal(service->vpc_endpoint_policy_supported, WIRE_TRUE);
    assert_int_equal(service->acceptance_required, WIRE_FALSE);
    assert_string_equal(service->supported_ip_address_types.items[1], "ipv6");
}

static void test_prefix_list_entries(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct ec2_describe_reply *reply =
        describe(arena, EC2_GET_MANAGED_PREFIX_LIST_ENTRIES,
                 "<GetManagedPrefixListEntriesResponse" NS "><entrySet><item>"
                 "<cidr>192.0.2.0/24</cidr><description>d</description></item><item>"
                 "<cidr>2001:db8::/32</cidr></item></entrySet><nextToken>t</nextToken>"
                 "</GetManagedPrefixListEntriesResponse>");

    (void)state;
    assert_int_equal(reply->prefix_list_entries.n, 2);
    assert_prefix(&reply->prefix_list_entries.items[0].cidr, "192.0.2.0/24");
    assert_string_equal(reply->prefix_list_entries.items[0].description, "d");
    assert_prefix(&reply->prefix_list_entries.items[1].cidr, "2001:db8::/32");
    assert_string_equal(reply->next_token, "t");
}

#define OPTIONS                                                                                    \
    "<vpcBlockPublicAccessOptions><awsAccountId>111122223333</awsAccountId>"                       \
    "<state>update-complete</state><internetGatewayBlockMode>block-ingress"                        \
    "</internetGatewayBlockMode><managedBy>account</managedBy>"                                    \
    "<exclusionsAllowed>allowed</exclusionsAllowed></vpcBlockPublicAccessOptions>"

static void check_options(const struct ec2_vpc_block_public_access_options *options)
{
    assert_string_equal(options->internet_gateway_block_mode, "block-ingress");
    assert_string_equal(options->state, "update-complete");
    assert_string_equal(options->managed_by, "account");
    assert_string_equal(options->exclusions_allowed, "allowed");
}

static void test_block_public_access(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct ec2_describe_reply *reply =
        describe(arena, EC2_DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS,
                 "<DescribeVpcBlockPublicAccessOptionsResponse" NS ">" OPTIONS
                 "</DescribeVpcBlockPublicAccessOptionsResponse>");
    const struct ec2_change_reply *changed =
        change(arena, EC2_MODIFY_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS,
               "<ModifyVpcBlockPublicAccessOptionsResponse" NS ">" OPTIONS
               "</ModifyVpcBlockPublicAccessOptionsResponse>");

    (void)state;
    check_options(&reply->vpc_block_public_access_options);
    check_options(&changed->vpc_block_public_access_options);
}

/* HTTP 200, and yet one of two is still there. */
static void test_unsuccessful(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct ec2_change_reply *all =
        change(arena, EC2_DELETE_VPC_ENDPOINTS,
               "<DeleteVpcEndpointsResponse" NS "><unsuccessful/></DeleteVpcEndpointsResponse>");
    const struct ec2_change_reply *one =
        change(arena, EC2_DELETE_VPC_ENDPOINTS,
               "<DeleteVpcEndpointsResponse" NS "><unsuccessful><item>"
               "<resourceId>vpce-9</resourceId><error><code>InvalidVpcEndpoint.NotFound</code>"
               "<message>no such endpoint</message></error></item></unsuccessful>"
               "</DeleteVpcEndpointsResponse>");

    (void)state;
    assert_int_equal(all->unsuccessful.n, 0);
    assert_int_equal(one->unsuccessful.n, 1);
    assert_string_equal(one->unsuccessful.items->resource_id, "vpce-9");
    assert_string_equal(one->unsuccessful.items->error_code, "InvalidVpcEndpoint.NotFound");
    assert_string_equal(one->unsuccessful.items->error_message, "no such endpoint");
}

static void test_changes(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct ec2_change_reply *reply;

    (void)state;
    reply = change(arena, EC2_CREATE_SECURITY_GROUP,
                   "<CreateSecurityGroupResponse" NS "><return>true</return><groupId>sg-1</groupId>"
                   "</CreateSecurityGroupResponse>");
    assert_string_equal(reply->group_id, "sg-1");

    reply = change(arena, EC2_AUTHORIZE_SECURITY_GROUP_EGRESS,
                   "<AuthorizeSecurityGroupEgressResponse" NS "><return>true</return>"
                   "<securityGroupRuleSet><item><securityGroupRuleId>sgr-1</securityGroupRuleId>"
                   "<groupId>sg-1</groupId><isEgress>true</isEgress></item></securityGroupRuleSet>"
                   "</AuthorizeSecurityGroupEgressResponse>");
    assert_int_equal(reply->return_value, WIRE_TRUE);
    assert_int_equal(reply->security_group_rules.n, 1);
    assert_string_equal(reply->security_group_rules.items->security_group_rule_id, "sgr-1");
    assert_string_equal(reply->security_group_rules.items->group_id, "sg-1");

    reply = change(arena, EC2_REVOKE_SECURITY_GROUP_INGRESS,
                   "<RevokeSecurityGroupIngressResponse" NS "><return>true</return>"
                   "<revokedSecurityGroupRuleSet><item><securityGroupRuleId>sgr-2"
                   "</securityGroupRuleId></item></revokedSecurityGroupRuleSet>"
                   "</RevokeSecurityGroupIngressResponse>");
    assert_string_equal(reply->security_group_rules.items->security_group_rule_id, "sgr-2");

    reply = change(arena, EC2_CREATE_NETWORK_ACL,
                   "<CreateNetworkAclResponse" NS "><networkAcl><networkAclId>acl-1</networkAclId>"
                   "<default>false</default></networkAcl><clientToken>t</clientToken>"
                   "</CreateNetworkAclResponse>");
    assert_string_equal(reply->network_acl.network_acl_id, "acl-1");
    assert_int_equal(reply->network_acl.is_default, WIRE_FALSE);
    assert_string_equal(reply->client_token, "t");

    reply = change(arena, EC2_REPLACE_NETWORK_ACL_ASSOCIATION,
                   "<ReplaceNetworkAclAssociationResponse" NS ">"
                   "<newAssociationId>aclassoc-2</newAssociationId>"
                   "</ReplaceNetworkAclAssociationResponse>");
    assert_string_equal(reply->new_association_id, "aclassoc-2");

    reply = change(arena, EC2_MODIFY_VPC_ENDPOINT,
                   "<ModifyVpcEndpointResponse" NS "><return>true</return>"
                   "</ModifyVpcEndpointResponse>");
    assert_int_equal(reply->return_value, WIRE_TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_security_groups),     cmocka_unit_test(test_network_acls),
        cmocka_unit_test(test_vpc_endpoints),       cmocka_unit_test(test_vpc_endpoint_services),
        cmocka_unit_test(test_prefix_list_entries), cmocka_unit_test(test_block_public_access),
        cmocka_unit_test(test_unsuccessful),        cmocka_unit_test(test_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
