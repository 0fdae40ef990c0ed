/* Replies: what is read off a good one, and what every bad one is. */
#include "vpc_reconciled/ec2.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define LIMIT ((size_t)64 << 10)
#define NS " xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\""

union reply {
    struct ec2_describe_reply describe;
    struct ec2_change_reply change;
};

struct outcome {
    union reply *reply;
    struct aws_error aws;
    struct wire_error wire;
    int r;
};

/* step: bytes a feed; 0: all at once. The end comes apart from the bytes, as it does from a socket.
 */
static struct outcome decode(struct arena *arena, enum ec2_action action, int status,
                             const char *body, size_t n, size_t step)
{
    struct outcome outcome = {.reply = ARENA_NEW(arena, union reply)};
    struct ec2_decoder *decoder =
        ec2_decoder_new(arena, action, status, outcome.reply, &outcome.aws, LIMIT);

    if (step == 0) {
        outcome.r = ec2_decoder_feed(decoder, body, n, true, &outcome.wire);
    } else {
        for (size_t i = 0; i < n; i += step) {
            size_t part = n - i < step ? n - i : step;

            outcome.r = ec2_decoder_feed(decoder, body + i, part, false, &outcome.wire);
        }
        outcome.r = ec2_decoder_feed(decoder, "", 0, true, &outcome.wire);
    }
    /* What failed stays failed. */
    if (outcome.r < 0)
        assert_int_equal(ec2_decoder_feed(decoder, " ", 1, true, NULL), outcome.r);
    ec2_decoder_free(decoder);
    return outcome;
}

static struct outcome decode_text(struct arena *arena, enum ec2_action action, int status,
                                  const char *body)
{
    return decode(arena, action, status, body, strlen(body), 0);
}

/* ---- replies that are none ---- */

static const struct {
    const char *name;
    enum ec2_action action;
    const char *body;
    int r;
    const char *says; /* part of the message */
} bad[] = {
    {"empty body", EC2_DESCRIBE_VPCS, "", -EBADMSG, "not whole XML"},
    {"white space", EC2_DESCRIBE_VPCS, " \n", -EBADMSG, "not whole XML"},
    {"truncated", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet>", -EBADMSG,
     "not whole XML"},
    {"HTML", EC2_DESCRIBE_VPCS, "<html><body><h1>It works!</h1></body></html>", -EBADMSG,
     "the root element is <html>"},
    {"HTML 5", EC2_DESCRIBE_VPCS, "<!DOCTYPE html><html><body/></html>", -EPERM, "DTD"},
    {"JSON", EC2_DESCRIBE_VPCS, "{\"message\": null}", -EBADMSG, "not whole XML"},
    {"an error document with 200", EC2_DESCRIBE_VPCS,
     "<Response><Errors><Error><Code>InternalError</Code><Message>x</Message></Error></Errors>"
     "<RequestID>r</RequestID></Response>",
     -EBADMSG, "the root element is <Response>"},
    {"another action's reply", EC2_DESCRIBE_VPCS,
     "<DescribeSubnetsResponse><vpcSet/><subnetSet/></DescribeSubnetsResponse>", -EBADMSG,
     "expected <DescribeVpcsResponse>"},
    {"a root that begins alike", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponses><vpcSet/></DescribeVpcsResponses>", -EBADMSG, "the root element"},
    {"a root in another case", EC2_DESCRIBE_VPCS,
     "<describeVpcsResponse><vpcSet/></describeVpcsResponse>", -EBADMSG, "the root element"},
    {"a root in a root", EC2_DESCRIBE_VPCS,
     "<Envelope><DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse></Envelope>", -EBADMSG,
     "the root element is <Envelope>"},
    {"text after the root", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>x", -EBADMSG, "not whole XML"},
    {"two replies", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"
     "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>",
     -EBADMSG, "not whole XML"},
    {"a DTD", EC2_DESCRIBE_VPCS,
     "<!DOCTYPE x [<!ENTITY a \"b\">]><DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>",
     -EPERM, "DTD"},
    {"an external DTD", EC2_DESCRIBE_VPCS,
     "<?xml version=\"1.0\"?><!DOCTYPE DescribeVpcsResponse SYSTEM \"file:///etc/passwd\">"
     "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>",
     -EPERM, "DTD"},
    {"an entity that nobody declared", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponse><vpcSet>&x;</vpcSet></DescribeVpcsResponse>", -EBADMSG, "entity"},
    {"elements that cross", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponse><vpcSet><item></vpcSet></item></DescribeVpcsResponse>", -EBADMSG,
     "mismatched tag"},
    {"the list absent", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponse><requestId>r</requestId></DescribeVpcsResponse>", -EBADMSG,
     "has no <vpcSet>"},
    {"the list in an element that we do not know", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponse><page><vpcSet/></page></DescribeVpcsResponse>", -EBADMSG,
     "has no <vpcSet>"},
    {"the list of another spelling", EC2_DESCRIBE_ADDRESSES,
     "<DescribeAddressesResponse><addressSet/></DescribeAddressesResponse>", -EBADMSG,
     "has no <addressesSet>"},
    {"an item without its id", EC2_DESCRIBE_SUBNETS,
     "<DescribeSubnetsResponse><subnetSet><item><vpcId>vpc-1</vpcId></item></subnetSet>"
     "</DescribeSubnetsResponse>",
     -EBADMSG, "<item> has no <subnetId>"},
    {"no CIDR block", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponse><vpcSet><item><vpcId>v</vpcId><cidrBlock>all</cidrBlock></item></"
     "vpcSet>"
     "</DescribeVpcsResponse>",
     -EBADMSG, "expected a CIDR block"},
    {"no boolean", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponse><vpcSet><item><vpcId>v</vpcId><isDefault>1</isDefault></item></vpcSet>"
     "</DescribeVpcsResponse>",
     -EBADMSG, "expected true or false"},
    {"no number", EC2_DESCRIBE_SUBNETS,
     "<DescribeSubnetsResponse><subnetSet><item><subnetId>s</subnetId><availableIpAddressCount>many"
     "</availableIpAddressCount></item></subnetSet></DescribeSubnetsResponse>",
     -EBADMSG, "expected a whole number"},
    {"bytes that are not UTF-8", EC2_DESCRIBE_VPCS,
     "<DescribeVpcsResponse><vpcSet>\xff\xfe</vpcSet></DescribeVpcsResponse>", -EBADMSG,
     "not whole XML"},
    {"a create that names nothing", EC2_CREATE_INTERNET_GATEWAY,
     "<CreateInternetGatewayResponse><requestId>r</requestId></CreateInternetGatewayResponse>",
     -EBADMSG, "has no <internetGateway>"},
    {"a create without the id", EC2_CREATE_NAT_GATEWAY,
     "<CreateNatGatewayResponse><natGateway><state>pending</state></natGateway>"
     "</CreateNatGatewayResponse>",
     -EBADMSG, "<natGateway> has no <natGatewayId>"},
    {"an address without its id", EC2_ALLOCATE_ADDRESS,
     "<AllocateAddressResponse><publicIp>198.51.100.1</publicIp></AllocateAddressResponse>",
     -EBADMSG, "has no <allocationId>"},
    {"an endpoint without its id", EC2_CREATE_VPC_ENDPOINT,
     "<CreateVpcEndpointResponse><vpcEndpoint><state>pending</state></vpcEndpoint>"
     "</CreateVpcEndpointResponse>",
     -EBADMSG, "<vpcEndpoint> has no <vpcEndpointId>"},
    {"a security group without its id", EC2_CREATE_SECURITY_GROUP,
     "<CreateSecurityGroupResponse><return>true</return></CreateSecurityGroupResponse>", -EBADMSG,
     "has no <groupId>"},
    {"a rule for no CIDR block", EC2_DESCRIBE_SECURITY_GROUPS,
     "<DescribeSecurityGroupsResponse><securityGroupInfo><item><groupId>sg-1</groupId>"
     "<ipPermissionsEgress><item><ipRanges><item><cidrIp>all</cidrIp></item></ipRanges></item>"
     "</ipPermissionsEgress></item></securityGroupInfo></DescribeSecurityGroupsResponse>",
     -EBADMSG, "expected a CIDR block"},
    {"security groups by the usual spelling", EC2_DESCRIBE_SECURITY_GROUPS,
     "<DescribeSecurityGroupsResponse><securityGroupSet/></DescribeSecurityGroupsResponse>",
     -EBADMSG, "has no <securityGroupInfo>"},
    {"names of services without what they are", EC2_DESCRIBE_VPC_ENDPOINT_SERVICES,
     "<DescribeVpcEndpointServicesResponse><serviceNameSet/></DescribeVpcEndpointServicesResponse>",
     -EBADMSG, "has no <serviceDetailSet>"},
    {"a prefix list without entries", EC2_GET_MANAGED_PREFIX_LIST_ENTRIES,
     "<GetManagedPrefixListEntriesResponse><requestId>r</requestId>"
     "</GetManagedPrefixListEntriesResponse>",
     -EBADMSG, "has no <entrySet>"},
    {"no options of Block Public Access", EC2_DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS,
     "<DescribeVpcBlockPublicAccessOptionsResponse><requestId>r</requestId>"
     "</DescribeVpcBlockPublicAccessOptionsResponse>",
     -EBADMSG, "has no <vpcBlockPublicAccessOptions>"},
    {"Block Public Access without its mode", EC2_DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS,
     "<DescribeVpcBlockPublicAccessOptionsResponse><vpcBlockPublicAccessOptions>"
     "<state>update-complete</state></vpcBlockPublicAccessOptions>"
     "</DescribeVpcBlockPublicAccessOptionsResponse>",
     -EBADMSG, "has no <internetGatewayBlockMode>"},
    {"an identity without an account", STS_GET_CALLER_IDENTITY,
     "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn></GetCallerIdentityResult>"
     "</GetCallerIdentityResponse>",
     -EBADMSG, "has no <Account>"},
    {"an identity without a result", STS_GET_CALLER_IDENTITY,
     "<GetCallerIdentityResponse><Account>111122223333</Account></GetCallerIdentityResponse>",
     -EBADMSG, "has no <GetCallerIdentityResult>"},
};

static void test_bad_replies(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        for (size_t step = 0; step < 2; step++) {
            CLEANUP(arena_freep)
            struct arena *arena = arena_new();
            struct outcome outcome =
                decode(arena, bad[i].action, 200, bad[i].body, strlen(bad[i].body), step);

            if (outcome.r != bad[i].r || !strstr(outcome.wire.message, bad[i].says))
                fail_msg("%s: %d, \"%s\"; expected %d, \"%s\"", bad[i].name, outcome.r,
                         outcome.wire.message, bad[i].r, bad[i].says);
            assert_string_equal(outcome.aws.code, "");
            assert_int_equal(outcome.aws.status, 200);
        }
}

static void test_too_large(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf body = {0};
    struct outcome outcome;

    (void)state;
    buf_text(&body, "<DescribeVpcsResponse><vpcSet/><padding>");
    while (body.n < LIMIT)
        buf_text(&body, "<p/>");
    buf_text(&body, "</padding></DescribeVpcsResponse>");
    outcome = decode(arena, EC2_DESCRIBE_VPCS, 200, body.data, body.n, 0);
    assert_int_equal(outcome.r, -EFBIG);
    outcome = decode(arena, EC2_DESCRIBE_VPCS, 200, body.data, body.n, 1000);
    assert_int_equal(outcome.r, -EFBIG);
}

static void test_too_deep(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf body = {0};

    (void)state;
    buf_text(&body, "<DescribeVpcsResponse><vpcSet/>");
    for (int i = 0; i < 100; i++)
        buf_text(&body, "<a>");
    for (int i = 0; i < 100; i++)
        buf_text(&body, "</a>");
    buf_text(&body, "</DescribeVpcsResponse>");
    assert_int_equal(decode_text(arena, EC2_DESCRIBE_VPCS, 200, buf_string(&body)).r, -EBADMSG);
}

/* ---- good ones ---- */

static const char route_tables[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<DescribeRouteTablesResponse" NS ">"
    "<requestId>req-1</requestId><routeTableSet>"
    "<item><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId><ownerId>111122223333</ownerId>"
    "<routeSet>"
    "<item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId>"
    "<state>active</state><origin>CreateRouteTable</origin></item>"
    "<item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>"
    "<natGatewayId>nat-1</natGatewayId><state>blackhole</state><origin>CreateRoute</origin></item>"
    "<item><destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock>"
    "<egressOnlyInternetGatewayId>eigw-1</egressOnlyInternetGatewayId><state>active</state>"
    "<origin>CreateRoute</origin></item>"
    "<item><destinationPrefixListId>pl-1</destinationPrefixListId><gatewayId>vpce-1</gatewayId>"
    "<state>active</state><origin>CreateRoute</origin></item>"
    "<item><destinationCidrBlock>192.0.2.0/24</destinationCidrBlock><gatewayId>vgw-1</gatewayId>"
    "<state>active</state><origin>EnableVgwRoutePropagation</origin></item>"
    "</routeSet><associationSet>"
    "<item><routeTableAssociationId>rtbassoc-1</routeTableAssociationId>"
    "<routeTableId>rtb-1</routeTableId><subnetId>subnet-1</subnetId><main>false</main>"
    "<associationState><state>associated</state></associationState></item>"
    "</associationSet><propagatingVgwSet><item><gatewayId>vgw-1</gatewayId></item>"
    "</propagatingVgwSet><tagSet><item><key>Name</key><value>a &amp; b</value></item>"
    "<item><key>empty</key><value/></item></tagSet></item>"
    "</routeTableSet><nextToken>more==</nextToken></DescribeRouteTablesResponse>";

static void test_route_tables(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct outcome outcome = decode_text(arena, EC2_DESCRIBE_ROUTE_TABLES, 200, route_tables);
    const struct ec2_describe_reply *reply = &outcome.reply->describe;
    const struct ec2_route_table *table;
    const struct ec2_route *routes;

    (void)state;
    assert_int_equal(outcome.r, 0);
    assert_string_equal(reply->request_id, "req-1");
    assert_string_equal(reply->next_token, "more==");
    assert_true(reply->route_tables.seen);
    assert_int_equal(reply->route_tables.n, 1);
    table = &reply->route_tables.items[0];
    assert_string_equal(table->route_table_id, "rtb-1");
    assert_string_equal(table->vpc_id, "vpc-1");
    assert_string_equal(table->owner_id, "111122223333");
    assert_int_equal(table->routes.n, 5);
    routes = table->routes.items;
    assert_string_equal(routes[0].gateway_id, "local");
    assert_int_equal(routes[0].origin, EC2_ORIGIN_CREATE_ROUTE_TABLE);
    assert_true(prefix_equal(&routes[1].destination_cidr_block, &PREFIX_IPV4_DEFAULT));
    assert_string_equal(routes[1].nat_gateway_id, "nat-1");
    assert_int_equal(routes[1].state, EC2_ROUTE_BLACKHOLE);
    assert_int_equal(routes[1].origin, EC2_ORIGIN_CREATE_ROUTE);
    assert_null(routes[1].gateway_id);
    assert_true(prefix_equal(&routes[2].destination_ipv6_cidr_block, &PREFIX_IPV6_DEFAULT));
    assert_int_equal(routes[2].destination_cidr_block.family, FAMILY_NONE);
    assert_string_equal(routes[2].egress_only_internet_gateway_id, "eigw-1");
    assert_string_equal(routes[3].destination_prefix_list_id, "pl-1");
    assert_int_equal(routes[4].origin, EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION);
    assert_int_equal(table->associations.n, 1);
    assert_string_equal(table->associations.items[0].subnet_id, "subnet-1");
    assert_int_equal(table->associations.items[0].main, WIRE_FALSE);
    assert_int_equal(table->associations.items[0].state, EC2_ASSOCIATION_ASSOCIATED);
    assert_string_equal(table->propagating_vgws.items[0].gateway_id, "vgw-1");
    assert_string_equal(ec2_tag_value(&table->tags, "Name"), "a & b");
    assert_string_equal(ec2_tag_value(&table->tags, "empty"), "");
}

/* Bodies that are the same reply to a reader: order, spelling of the root, unknown elements, white
 * space. */
static const struct {
    const char *name, *body;
} same[] = {
    {"plain",
     "<DescribeVpcsResponse" NS "><requestId>r</requestId><vpcSet><item><vpcId>vpc-1</vpcId>"
     "<state>available</state><cidrBlock>10.0.0.0/16</cidrBlock></item></vpcSet>"
     "<nextToken>t</nextToken></DescribeVpcsResponse>"},
    {"the root without its suffix",
     "<DescribeVpcs><requestId>r</requestId><vpcSet><item><vpcId>vpc-1</vpcId>"
     "<state>available</state><cidrBlock>10.0.0.0/16</cidrBlock></item></vpcSet>"
     "<nextToken>t</nextToken></DescribeVpcs>"},
    {"another order",
     "<DescribeVpcsResponse><nextToken>t</nextToken><vpcSet><item><cidrBlock>10.0.0.0/16</"
     "cidrBlock>"
     "<state>available</state><vpcId>vpc-1</vpcId></item></vpcSet><requestId>r</requestId>"
     "</DescribeVpcsResponse>"},
    {"unknown elements, some with names that we know elsewhere",
     "<DescribeVpcsResponse><newSet><item><vpcId>vpc-9</vpcId></item></newSet>"
     "<requestId>r</requestId><vpcSet><item><new><vpcId>vpc-9</vpcId><state>pending</state></new>"
     "<vpcId>vpc-1</vpcId><subnetId>x</subnetId><state>available</state>"
     "<cidrBlock>10.0.0.0/16</cidrBlock></item></vpcSet><nextToken>t</nextToken>"
     "</DescribeVpcsResponse>"},
    {"indented, with comments and CDATA",
     "<?xml version=\"1.0\"?>\n<!-- x -->\n<DescribeVpcsResponse>\n  <requestId>r</requestId>\n"
     "  <vpcSet>\n    <item>\n      <vpcId><![CDATA[vpc-1]]></vpcId>\n"
     "      <state>avail<!-- y -->able</state>\n      <cidrBlock>10.0.0.0/16</cidrBlock>\n"
     "    </item>\n  </vpcSet>\n  <nextToken>&#x74;</nextToken>\n</DescribeVpcsResponse>\n"},
    {"a CIDR block with host bits",
     "<DescribeVpcsResponse><requestId>r</requestId><vpcSet><item><vpcId>vpc-1</vpcId>"
     "<state>available</state><cidrBlock>10.0.5.6/16</cidrBlock></item></vpcSet>"
     "<nextToken>t</nextToken></DescribeVpcsResponse>"},
};

static char *as_text(struct arena *arena, const struct outcome *outcome, enum ec2_action action)
{
    CLEANUP(buf_free)
    struct buf text = {0};

    wire_xml_encode(&text, ec2_action_table[action].reply, outcome->reply);
    return arena_strdup(arena, buf_string(&text));
}

static void test_same_replies(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const char *first = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(same); i++)
        for (size_t step = 0; step < 4; step++) {
            struct outcome outcome =
                decode(arena, EC2_DESCRIBE_VPCS, 200, same[i].body, strlen(same[i].body), step);
            const char *text = as_text(arena, &outcome, EC2_DESCRIBE_VPCS);

            if (outcome.r < 0)
                fail_msg("%s: %s", same[i].name, outcome.wire.message);
            if (!first)
                first = text;
            if (!text_equal(text, first))
                fail_msg("%s, %zu bytes a feed:\n  %s\n  expected\n  %s", same[i].name, step, text,
                         first);
        }
    assert_non_null(strstr(first, "<vpcId>vpc-1</vpcId>"));
}

/* However the bytes come, and cut anywhere: whole or nothing. */
static void test_every_cut(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    size_t n = sizeof(route_tables) - 1;
    struct outcome whole = decode(arena, EC2_DESCRIBE_ROUTE_TABLES, 200, route_tables, n, 0);
    const char *text = as_text(arena, &whole, EC2_DESCRIBE_ROUTE_TABLES);

    (void)state;
    for (size_t step = 1; step < 40; step++) {
        struct outcome outcome =
            decode(arena, EC2_DESCRIBE_ROUTE_TABLES, 200, route_tables, n, step);

        assert_int_equal(outcome.r, 0);
        assert_string_equal(as_text(arena, &outcome, EC2_DESCRIBE_ROUTE_TABLES), text);
    }
    for (size_t cut = 0; cut < n; cut++)
        if (decode(arena, EC2_DESCRIBE_ROUTE_TABLES, 200, route_tables, cut, 0).r != -EBADMSG)
            fail_msg("%zu of %zu bytes pass for a reply", cut, n);
}

/* Absent, empty and seen are told apart. */
static void test_empty_lists(void **state)
{
    static const struct {
        const char *body;
        bool outer, inner;
    } rows[] = {
        {"<DescribeInternetGatewaysResponse><internetGatewaySet/></"
         "DescribeInternetGatewaysResponse>",
         true, false},
        {"<DescribeInternetGatewaysResponse><internetGatewaySet></internetGatewaySet>"
         "</DescribeInternetGatewaysResponse>",
         true, false},
        {"<DescribeInternetGatewaysResponse><internetGatewaySet><item>"
         "<internetGatewayId>igw-1</internetGatewayId></item></internetGatewaySet>"
         "</DescribeInternetGatewaysResponse>",
         true, false},
        {"<DescribeInternetGatewaysResponse><internetGatewaySet><item>"
         "<internetGatewayId>igw-1</internetGatewayId><attachmentSet/></item></internetGatewaySet>"
         "</DescribeInternetGatewaysResponse>",
         true, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct outcome outcome =
            decode_text(arena, EC2_DESCRIBE_INTERNET_GATEWAYS, 200, rows[i].body);
        const struct ec2_describe_reply *reply = &outcome.reply->describe;

        assert_int_equal(outcome.r, 0);
        assert_int_equal(reply->internet_gateways.seen, rows[i].outer);
        assert_int_equal(reply->internet_gateways.n, i < 2 ? 0 : 1);
        if (i >= 2) {
            assert_int_equal(reply->internet_gateways.items[0].attachments.seen, rows[i].inner);
            assert_int_equal(reply->internet_gateways.items[0].attachments.n, 0);
        }
        assert_null(reply->next_token);
    }
}

/* A word that AWS adds tomorrow is neither absent nor one of ours. */
static void test_unknown_words(void **state)
{
    static const struct {
        const char *element; /* in place of <state> */
        uint8_t expected;
    } rows[] = {
        {"<state>available</state>", EC2_STATE_AVAILABLE},
        {"<state>pending</state>", EC2_STATE_PENDING},
        {"<state>failed</state>", EC2_STATE_FAILED},
        {"<state>deleted</state>", EC2_STATE_DELETED},
        {"<state>suspended</state>", EC2_STATE_UNKNOWN},
        {"<state>Available</state>", EC2_STATE_UNKNOWN},
        {"<state/>", EC2_STATE_UNKNOWN},
        {"", EC2_STATE_ABSENT},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        const char *body =
            arena_printf(arena,
                         "<DescribeNatGatewaysResponse><natGatewaySet><item>"
                         "<natGatewayId>nat-1</natGatewayId>%s</item></natGatewaySet>"
                         "</DescribeNatGatewaysResponse>",
                         rows[i].element);
        struct outcome outcome = decode_text(arena, EC2_DESCRIBE_NAT_GATEWAYS, 200, body);

        assert_int_equal(outcome.r, 0);
        if (outcome.reply->describe.nat_gateways.items[0].state != rows[i].expected)
            fail_msg("%s reads as %u", rows[i].element,
                     outcome.reply->describe.nat_gateways.items[0].state);
    }
}

static void test_changes(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct outcome outcome;

    (void)state;
    outcome =
        decode_text(arena, EC2_CREATE_INTERNET_GATEWAY, 200,
                    "<CreateInternetGatewayResponse" NS "><requestId>r</requestId>"
                    "<internetGateway><internetGatewayId>igw-1</internetGatewayId>"
                    "<attachmentSet/><tagSet><item><key>k</key><value>v</value></item></tagSet>"
                    "</internetGateway></CreateInternetGatewayResponse>");
    assert_int_equal(outcome.r, 0);
    assert_string_equal(outcome.reply->change.internet_gateway.internet_gateway_id, "igw-1");
    assert_string_equal(ec2_tag_value(&outcome.reply->change.internet_gateway.tags, "k"), "v");

    outcome = decode_text(arena, EC2_CREATE_ROUTE, 200,
                          "<CreateRouteResponse><return>true</return></CreateRouteResponse>");
    assert_int_equal(outcome.r, 0);
    assert_int_equal(outcome.reply->change.return_value, WIRE_TRUE);
    /* HTTP 200 is the success, not the element. */
    outcome = decode_text(arena, EC2_REPLACE_ROUTE, 200, "<ReplaceRouteResponse/>");
    assert_int_equal(outcome.r, 0);
    assert_int_equal(outcome.reply->change.return_value, WIRE_ABSENT);
    outcome = decode_text(arena, EC2_DELETE_EGRESS_ONLY_INTERNET_GATEWAY, 200,
                          "<DeleteEgressOnlyInternetGatewayResponse><returnCode>true</returnCode>"
                          "</DeleteEgressOnlyInternetGatewayResponse>");
    assert_int_equal(outcome.reply->change.return_value, WIRE_TRUE);

    /* One of the samples without the suffix; the block is absent while it is being associated. */
    outcome = decode_text(arena, EC2_ASSOCIATE_VPC_CIDR_BLOCK, 200,
                          "<AssociateVpcCidrBlock" NS "><vpcId>vpc-1</vpcId>"
                          "<ipv6CidrBlockAssociation><ipv6CidrBlockState><state>associating</state>"
                          "</ipv6CidrBlockState><associationId>vpc-cidr-assoc-1</associationId>"
                          "</ipv6CidrBlockAssociation></AssociateVpcCidrBlock>");
    assert_int_equal(outcome.r, 0);
    assert_int_equal(outcome.reply->change.ipv6_cidr_block_association.state,
                     EC2_ASSOCIATION_ASSOCIATING);
    assert_int_equal(outcome.reply->change.ipv6_cidr_block_association.ipv6_cidr_block.family,
                     FAMILY_NONE);

    outcome = decode_text(arena, EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, 200,
                          "<ReplaceRouteTableAssociationResponse><newAssociationId>rtbassoc-2"
                          "</newAssociationId><associationState><state>associated</state>"
                          "</associationState></ReplaceRouteTableAssociationResponse>");
    assert_string_equal(outcome.reply->change.new_association_id, "rtbassoc-2");
    assert_int_equal(outcome.reply->change.association_state, EC2_ASSOCIATION_ASSOCIATED);

    outcome = decode_text(
        arena, STS_GET_CALLER_IDENTITY, 200,
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
        "<GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/u</Arn><UserId>AIDA</UserId>"
        "<Account>111122223333</Account></GetCallerIdentityResult><ResponseMetadata>"
        "<RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>");
    assert_int_equal(outcome.r, 0);
    assert_string_equal(outcome.reply->change.account, "111122223333");
    assert_string_equal(outcome.reply->change.arn, "arn:aws:iam::111122223333:user/u");
    assert_string_equal(outcome.reply->change.user_id, "AIDA");
    assert_string_equal(outcome.reply->change.request_id, "r");

    outcome =
        decode_text(arena, EC2_DESCRIBE_VPC_ATTRIBUTE, 200,
                    "<DescribeVpcAttributeResponse><vpcId>vpc-1</vpcId><enableDnsHostnames>"
                    "<value>false</value></enableDnsHostnames></DescribeVpcAttributeResponse>");
    assert_int_equal(outcome.r, 0);
    assert_int_equal(outcome.reply->describe.enable_dns_hostnames, WIRE_FALSE);
    assert_int_equal(outcome.reply->describe.enable_dns_support, WIRE_ABSENT);
}

/* ---- any other status ---- */

#define ERROR_DOCUMENT                                                                             \
    "<?xml version=\"1.0\"?><Response><Errors><Error><Code>InvalidVpcID.NotFound</Code>"           \
    "<Message>The vpc ID 'vpc-1' &lt;x&gt; does not exist</Message></Error></Errors>"              \
    "<RequestID>req-9</RequestID></Response>"

static const struct {
    const char *name;
    int status;
    const char *body, *code, *message, *request_id;
} errors[] = {
    {"EC2's document", 400, ERROR_DOCUMENT, "InvalidVpcID.NotFound",
     "The vpc ID 'vpc-1' <x> does not exist", "req-9"},
    {"STS's document", 403,
     "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
     "<Code>ExpiredToken</Code><Message>The token expired</Message></Error><RequestId>req-8"
     "</RequestId></ErrorResponse>",
     "ExpiredToken", "The token expired", "req-8"},
    {"a dry run", 412,
     "<Response><Errors><Error><Code>DryRunOperation</Code><Message>m</Message></Error></Errors>"
     "<RequestID>r</RequestID></Response>",
     "DryRunOperation", "m", "r"},
    {"throttled", 503,
     "<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>",
     "RequestLimitExceeded", "", ""},
    {"HTML", 502, "<html><body>Bad Gateway</body></html>", "", "", ""},
    {"HTML 5", 503, "<!doctype html><p>Unavailable", "", "", ""},
    {"nothing", 500, "", "", "", ""},
    {"JSON", 403, "{\"message\":\"Forbidden\"}", "", "", ""},
    {"a redirect", 301, "<html/>", "", "", ""},
    {"a document without a code", 500, "<Response/>", "", "", ""},
    {"a DTD", 400, "<!DOCTYPE x [<!ENTITY a \"b\">]>" ERROR_DOCUMENT, "", "", ""},
    {"a reply where an error should be", 500,
     "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>", "", "", ""},
    {"two hundred and four", 204, "", "", "", ""},
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
        for (size_t step = 0; step < 2; step++) {
            CLEANUP(arena_freep)
            struct arena *arena = arena_new();
            struct outcome outcome = decode(arena, EC2_DESCRIBE_VPCS, errors[i].status,
                                            errors[i].body, strlen(errors[i].body), step);

            if (outcome.r != 0 || !text_equal(outcome.aws.code, errors[i].code) ||
                !text_equal(outcome.aws.message, errors[i].message) ||
                !text_equal(outcome.aws.request_id, errors[i].request_id) ||
                outcome.aws.status != errors[i].status)
                fail_msg("%s: %d, %d \"%s\" \"%s\" \"%s\"", errors[i].name, outcome.r,
                         outcome.aws.status, outcome.aws.code, outcome.aws.message,
                         outcome.aws.request_id);
            assert_false(outcome.reply->describe.vpcs.seen);
        }
}

/* A document that is cut names no code: half of one must not decide what is done. */
static void test_cut_errors(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();

    (void)state;
    for (size_t cut = 0; cut < strlen(ERROR_DOCUMENT); cut++) {
        struct outcome outcome = decode(arena, EC2_CREATE_ROUTE, 400, ERROR_DOCUMENT, cut, 0);

        assert_int_equal(outcome.r, 0);
        assert_string_equal(outcome.aws.code, "");
        assert_int_equal(outcome.aws.status, 400);
    }
}

static void test_free_decoder(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    union reply *reply = ARENA_NEW(arena, union reply);
    struct aws_error error;

    (void)state;
    assert_null(ec2_decoder_free(NULL));
    assert_null(
        ec2_decoder_free(ec2_decoder_new(arena, EC2_DESCRIBE_VPCS, 200, reply, &error, LIMIT)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_replies),  cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_too_deep),     cmocka_unit_test(test_route_tables),
        cmocka_unit_test(test_same_replies), cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_empty_lists),  cmocka_unit_test(test_unknown_words),
        cmocka_unit_test(test_changes),      cmocka_unit_test(test_errors),
        cmocka_unit_test(test_cut_errors),   cmocka_unit_test(test_free_decoder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
