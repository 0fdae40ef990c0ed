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
    /* in the same way */
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
    assert_int_equal(n_refused, EC2_ACTION_COUNT - 12); /* 11 Describes and GetCallerIdentity */
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
