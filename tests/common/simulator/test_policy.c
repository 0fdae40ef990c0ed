/* IAM policies: what each operator means, what a call is asked about, and what EC2 answers. */
#include "client.h"

static void add_policy(struct client *client, const char *text)
{
    struct json_error error;

    if (simulator_add_policy(client->simulator, text, strlen(text), &error) < 0)
        fail_msg("%u:%u: %s", error.place.line, error.place.column, error.message);
}

#define POLICY(statements) "{\"Version\": \"2012-10-17\", \"Statement\": [" statements "]}"
#define ALLOW(actions, resources, more)                                                            \
    "{\"Effect\": \"Allow\", \"Action\": " actions ", \"Resource\": " resources more "}"
#define WHEN(test, key, values) ", \"Condition\": {\"" test "\": {\"" key "\": " values "}}"

#define ARN(rest) "arn:aws:ec2:ap-northeast-1:111122223333:" rest

/* ---- the world: two VPCs with a table each ---- */

struct made {
    char vpc[2][40], table[2][40], subnet[2][40];
};

static void make(struct client *client, char into[40], const char *element, const char *call)
{
    client_ask(client, "%s", call);
    assert_ok(client);
    snprintf(into, 40, "%s", client_text(client, element));
}

static void begin(struct client *client, struct made *made)
{
    client_start(client, 1);
    for (unsigned i = 0; i < 2; i++) {
        make(client, made->vpc[i], "vpcId",
             arena_printf(client->arena, "CreateVpc&CidrBlock=10.%u.0.0%%2F16", i));
        make(client, made->subnet[i], "subnetId",
             arena_printf(client->arena, "CreateSubnet&VpcId=%s&CidrBlock=10.%u.0.0%%2F24",
                          made->vpc[i], i));
        make(client, made->table[i], "routeTableId",
             arena_printf(client->arena, "CreateRouteTable&VpcId=%s%s", made->vpc[i],
                          "&TagSpecification.1.ResourceType=route-table&TagSpecification.1.Tag.1."
                          "Key=team&TagSpecification.1.Tag.1.Value=net"));
    }
}

/* "%s" in a policy: the ARN of the first VPC. */
static const char *about(struct client *client, const struct made *made, const char *policy)
{
    const char *at = strstr(policy, "VPC-ARN");

    return at ? arena_printf(client->arena, "%.*s%s%s%s", (int)(at - policy), policy, ARN("vpc/"),
                             made->vpc[0], at + strlen("VPC-ARN"))
              : policy;
}

/* ---- what policies mean ---- */

static const struct {
    const char *name, *policy;
    bool first, second; /* may the table of the one VPC, of the other be associated with? */
} rows[] = {
    {"another action", POLICY(ALLOW("\"ec2:CreateRoute\"", "\"*\"", "")), false, false},
    {"all", POLICY(ALLOW("\"*\"", "\"*\"", "")), true, true},
    {"wildcards in the action", POLICY(ALLOW("\"EC2:associate?oute*\"", "\"*\"", "")), true, true},
    {"one resource of two",
     POLICY(ALLOW("\"ec2:AssociateRouteTable\"", "\"" ARN("route-table/*") "\"", "")), false,
     false},
    {"both resources",
     POLICY(ALLOW("\"ec2:AssociateRouteTable\"",
                  "[\"" ARN("route-table/*") "\", \"" ARN("subnet/*") "\"]", "")),
     true, true},
    {"two statements for two resources",
     POLICY(ALLOW("\"ec2:AssociateRouteTable\"", "\"" ARN("route-table/*") "\"",
                  "") "," ALLOW("\"ec2:*\"", "\"" ARN("subnet/*") "\"", "")),
     true, true},
    {"another region", POLICY(ALLOW("\"ec2:*\"", "\"arn:aws:ec2:eu-west-1:*:*/*\"", "")), false,
     false},
    {"a wildcard reaches over no colon", POLICY(ALLOW("\"ec2:*\"", "\"arn:*:route-table/*\"", "")),
     false, false},
    {"of the VPC", POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("ArnEquals", "ec2:Vpc", "\"VPC-ARN\""))),
     true, false},
    {"of the VPC, the key in other letters",
     POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("StringEquals", "EC2:VPC", "[\"x\", \"VPC-ARN\"]"))),
     true, false},
    {"of any VPC",
     POLICY(
         ALLOW("\"ec2:*\"", "\"*\"", WHEN("ArnLike", "ec2:Vpc", "\"arn:aws:ec2:*:*:vpc/vpc-*\""))),
     true, true},
    {"not of the VPC",
     POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("ArnNotEquals", "ec2:Vpc", "\"VPC-ARN\""))), false,
     true},
    {"an explicit deny wins",
     POLICY(ALLOW("\"*\"", "\"*\"", "") ",{\"Effect\": \"Deny\", \"Action\": "
                                        "\"ec2:AssociateRouteTable\", \"Resource\": "
                                        "\"*\"" WHEN("ArnEquals", "ec2:Vpc", "\"VPC-ARN\"") "}"),
     false, true},
    {"a key that is not there",
     POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("StringLike", "aws:RequestTag/x", "\"*\""))), false,
     false},
    {"a key that is not there, if it exists",
     POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("StringLikeIfExists", "aws:RequestTag/x", "\"y\""))),
     true, true},
    {"a key that is not there, negated",
     POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("StringNotEquals", "aws:RequestTag/x", "\"y\""))),
     true, true},
    {"null", POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("Null", "aws:RequestTag/x", "\"true\""))),
     true, true},
    {"not null", POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("Null", "ec2:Vpc", "\"false\""))), true,
     true},
    {"all values of none",
     POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("ForAllValues:StringEquals", "aws:TagKeys", "\"x\""))),
     true, true},
    {"any value of none",
     POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("ForAnyValue:StringEquals", "aws:TagKeys", "\"x\""))),
     false, false},
    {"every action but",
     POLICY("{\"Effect\": \"Allow\", \"NotAction\": \"ec2:Associate*\", "
            "\"Resource\": \"*\"}"),
     false, false},
    {"region",
     POLICY(ALLOW("\"ec2:*\"", "\"*\"", WHEN("StringEquals", "ec2:Region", "\"ap-northeast-1\""))),
     true, true},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct client client;
        struct made made;

        begin(&client, &made);
        add_policy(&client, about(&client, &made, rows[i].policy));
        for (unsigned k = 0; k < 2; k++) {
            client_ask(&client, "AssociateRouteTable&RouteTableId=%s&SubnetId=%s", made.table[k],
                       made.subnet[k]);
            if (text_equal(client.reply.code, "") != (k ? rows[i].second : rows[i].first))
                fail_msg("%s, VPC %u: %s", rows[i].name, k, buf_string(&client.reply.body));
        }
        client_stop(&client);
    }
}

/* ---- what a call is asked about ---- */

#define MAKE "\"ec2:CreateRouteTable\""
#define TAGGED WHEN("StringEquals", "aws:RequestTag/owner", "\"me\"")
#define TAGS(value)                                                                                \
    "&TagSpecification.1.ResourceType=route-table&TagSpecification.1.Tag.1.Key=owner&"             \
    "TagSpecification.1.Tag.1.Value=" value

static const struct {
    const char *name, *policy, *tags;
    bool allowed;
} creates[] = {
    {"no tags", POLICY(ALLOW(MAKE, "\"*\"", "")), "", true},
    {"the VPC is not allowed", POLICY(ALLOW(MAKE, "\"" ARN("route-table/*") "\"", "")), "", false},
    {"tags want CreateTags", POLICY(ALLOW(MAKE, "\"*\"", "")), TAGS("me"), false},
    {"tags with CreateTags",
     POLICY(ALLOW(MAKE, "\"*\"",
                  "") "," ALLOW("\"ec2:CreateTags\"", "\"*\"",
                                WHEN("StringEquals", "ec2:CreateAction", "\"CreateRouteTable\""))),
     TAGS("me"), true},
    {"CreateTags of another action",
     POLICY(ALLOW(MAKE, "\"*\"",
                  "") "," ALLOW("\"ec2:CreateTags\"", "\"*\"",
                                WHEN("StringEquals", "ec2:CreateAction", "\"CreateSubnet\""))),
     TAGS("me"), false},
    {"the tag that it must have",
     POLICY(ALLOW("\"ec2:*\"", "\"" ARN("route-table/*") "\"",
                  TAGGED) "," ALLOW(MAKE, "\"VPC-ARN\"", "")),
     TAGS("me"), true},
    {"the tag says another",
     POLICY(ALLOW("\"ec2:*\"", "\"" ARN("route-table/*") "\"",
                  TAGGED) "," ALLOW(MAKE, "\"VPC-ARN\"", "")),
     TAGS("you"), false},
    {"what is there is not under the tags of the request",
     POLICY(ALLOW("\"ec2:*\"", "\"*\"", TAGGED)), TAGS("me"), false},
};

static void test_creates(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(creates); i++) {
        struct client client;
        struct made made;

        begin(&client, &made);
        add_policy(&client, about(&client, &made, creates[i].policy));
        for (unsigned dry = 0; dry < 2; dry++) { /* a dry run is told the same */
            client_ask(&client, "CreateRouteTable&VpcId=%s%s%s", made.vpc[0], creates[i].tags,
                       dry ? "&DryRun=true" : "");
            if (!text_equal(client.reply.code, !creates[i].allowed ? "UnauthorizedOperation"
                                               : dry               ? "DryRunOperation"
                                                                   : ""))
                fail_msg("%s: %s", creates[i].name, buf_string(&client.reply.body));
        }
        client_stop(&client);
    }
}

static void test_tags_of_what_is_there(void **state)
{
    struct client client;
    struct made made;

    (void)state;
    begin(&client, &made);
    add_policy(&client, POLICY(ALLOW("\"ec2:CreateTags\"", "\"*\"",
                                     WHEN("StringEquals", "aws:ResourceTag/team", "\"net\""))));
    client_ask(&client, "CreateTags&ResourceId.1=%s&Tag.1.Key=a&Tag.1.Value=b", made.table[0]);
    assert_ok(&client);
    client_ask(&client, "CreateTags&ResourceId.1=%s&Tag.1.Key=a&Tag.1.Value=b", made.subnet[0]);
    assert_code(&client, "UnauthorizedOperation");
    client_ask(&client, "DeleteTags&ResourceId.1=%s&Tag.1.Key=a", made.table[0]);
    assert_code(&client, "UnauthorizedOperation");
    client_stop(&client);
}

static void test_answer(void **state)
{
    struct client client;
    struct made made;

    (void)state;
    begin(&client, &made);
    add_policy(&client, POLICY(ALLOW("\"ec2:DescribeVpcs\"", "\"*\"", "")));
    client_ask(&client, "DescribeVpcs");
    assert_ok(&client);
    client_ask(&client, "DescribeSubnets");
    assert_code(&client, "UnauthorizedOperation");
    assert_int_equal(client.reply.status, 403);
    assert_has(&client, "User: arn:aws:iam::111122223333:user/simulator is not authorized to "
                        "perform: ec2:DescribeSubnets on resource: * because no identity-based "
                        "policy allows the ec2:DescribeSubnets action");
    client_ask(&client, "DeleteVpc&VpcId=%s", made.vpc[0]);
    assert_code(&client, "UnauthorizedOperation");
    client.service = "sts"; /* needs no permission */
    client_ask(&client, "GetCallerIdentity");
    assert_ok(&client);
    client.service = "lambda";
    client_send_signed(&client, "GET", "/2025-11-30/capacity-providers/x", "");
    assert_int_equal(client.reply.status, 403);
    assert_has(&client, "lambda:GetCapacityProvider on resource: arn:aws:lambda:ap-northeast-1:"
                        "111122223333:capacity-provider:x");
    client.service = "ec2";
    simulator_clear_policies(client.simulator);
    client_ask(&client, "DescribeSubnets");
    assert_ok(&client);
    client_stop(&client);
}

/* ---- what is no policy ---- */

static void test_refused(void **state)
{
    static const struct {
        const char *text, *says;
    } refused[] = {
        {"[]", "expected a policy"},
        {"{\"Version\": \"2008-10-17\", \"Statement\": []}", "2012-10-17"},
        {POLICY("{\"Effect\": \"Allow\", \"Action\": \"*\"}"), "Effect, Action and Resource"},
        {POLICY("{\"Action\": \"*\", \"Resource\": \"*\"}"), "Effect, Action and Resource"},
        {POLICY("{\"Effect\": \"allow\", \"Action\": \"*\", \"Resource\": \"*\"}"), "\"Deny\""},
        {POLICY(ALLOW("\"*\"", "[]", "")), "an empty array"},
        {POLICY(ALLOW("7", "\"*\"", "")), "expected a string"},
        {POLICY(ALLOW("\"*\"", "\"*\"", WHEN("DateLessThan", "aws:CurrentTime", "\"x\""))),
         "DateLessThan"},
        {POLICY(ALLOW("\"*\"", "\"*\"", ", \"Principal\": \"*\"")), "Principal"},
        {POLICY(ALLOW("\"*\"", "\"${aws:username}\"", "")), "variables"},
        {"{", ""},
    };
    struct client client;
    struct json_error error;

    (void)state;
    client_start(&client, 1);
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
        if (simulator_add_policy(client.simulator, refused[i].text, strlen(refused[i].text),
                                 &error) != -EINVAL ||
            !strstr(error.message, refused[i].says))
            fail_msg("%s: %s", refused[i].text, error.message);
    client_stop(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows), cmocka_unit_test(test_creates), cmocka_unit_test(test_answer),
        cmocka_unit_test(test_tags_of_what_is_there), cmocka_unit_test(test_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
