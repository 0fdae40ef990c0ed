/* The look right before an endpoint, or an attribute of the VPC, is changed. */
#include "endpoint_actions.h"

static void look_and_recheck(const char *name, struct vpc *vpc, const struct plan_action *action,
                             enum ec2_action call, const struct ec2_describe_reply *fresh,
                             const char *changed)
{
    struct guard_look look;
    const char *said;

    guard_look(vpc->arena, action, vpc->snapshot, &look);
    assert_int_equal(look.call, call);
    said = guard_recheck(vpc->arena, action, vpc->snapshot, fresh);
    if (changed ? !said || !strstr(said, changed) : said != NULL)
        fail_msg("%s: \"%s\", expected \"%s\"", name, said ? said : "(unchanged)",
                 changed ? changed : "(unchanged)");
}

static void test_look_at_endpoint(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    struct plan_action action = modify_logs(), create = create_logs();
    struct ec2_vpc_endpoint now;
    struct ec2_describe_reply fresh = {.vpc_endpoints = {.items = &now, .n = 1}};

    (void)state;
    vpc_make_endpoints(vpc);
    vpc_look(vpc);
#define LOOK(name, changed)                                                                        \
    look_and_recheck(name, vpc, &action, EC2_DESCRIBE_VPC_ENDPOINTS, &fresh, changed)
    now = *vpc_endpoint(vpc, "vpce-logs");
    LOOK("the same", NULL);
    now.state = "pending";
    LOOK("changing", "is pending now");
    now = *vpc_endpoint(vpc, "vpce-logs");
    now.subnet_ids.n = 1;
    LOOK("another list of subnets", "changed since");
    now = *vpc_endpoint(vpc, "vpce-logs");
    now.private_dns_enabled = WIRE_FALSE;
    LOOK("private DNS", "changed since");
    now = *vpc_endpoint(vpc, "vpce-logs");
    now.groups.n = 0;
    LOOK("groups", "changed since");
    fresh.vpc_endpoints.n = 0;
    LOOK("gone", "was not there");
#undef LOOK
    look_and_recheck("nobody", vpc, &create, EC2_DESCRIBE_VPC_ENDPOINTS, &fresh, NULL);
    fresh.vpc_endpoints.n = 1;
    now = *vpc_endpoint(vpc, "vpce-logs");
    look_and_recheck("known", vpc, &create, EC2_DESCRIBE_VPC_ENDPOINTS, &fresh, NULL);
    now.state = "deleting";
    look_and_recheck("in another state", vpc, &create, EC2_DESCRIBE_VPC_ENDPOINTS, &fresh,
                     "vpce-logs is deleting now");
    now.state = "available";
    now.vpc_endpoint_id = "vpce-new";
    look_and_recheck("another one", vpc, &create, EC2_DESCRIBE_VPC_ENDPOINTS, &fresh,
                     "vpce-new is available now");
    now.vpc_endpoint_type = "Gateway";
    look_and_recheck("another type", vpc, &create, EC2_DESCRIBE_VPC_ENDPOINTS, &fresh, NULL);
}

static void test_look_at_attribute(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    struct plan_action action = turn_hostnames_on();
    struct ec2_describe_reply fresh = {.vpc_id = "vpc-1", .enable_dns_hostnames = WIRE_FALSE};
    struct guard_look look;

    (void)state;
    vpc_make_endpoints(vpc);
    vpc_look(vpc);
    guard_look(vpc->arena, &action, vpc->snapshot, &look);
    assert_string_equal(look.request.vpc_id, "vpc-1");
    assert_string_equal(look.request.attribute, "enableDnsHostnames");
    look_and_recheck("off", vpc, &action, EC2_DESCRIBE_VPC_ATTRIBUTE, &fresh, NULL);
    fresh.enable_dns_hostnames = WIRE_TRUE;
    look_and_recheck("on", vpc, &action, EC2_DESCRIBE_VPC_ATTRIBUTE, &fresh, "not off any more");
    fresh.enable_dns_hostnames = WIRE_ABSENT;
    look_and_recheck("?", vpc, &action, EC2_DESCRIBE_VPC_ATTRIBUTE, &fresh, "not off any more");
    fresh = (struct ec2_describe_reply){.vpc_id = "vpc-9", .enable_dns_hostnames = WIRE_FALSE};
    look_and_recheck("another", vpc, &action, EC2_DESCRIBE_VPC_ATTRIBUTE, &fresh, "not off");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_look_at_endpoint),
        cmocka_unit_test(test_look_at_attribute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
