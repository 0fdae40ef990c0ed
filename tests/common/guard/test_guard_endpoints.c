/* VPC endpoints, the rules that let functions in and the VPC's DNS attributes before the guard
 * alone: S1, S2, S3, S5, S7 and S8 of what their actions name. */
#include "endpoint_actions.h"

static const char *one[] = {"?", "?"}; /* a tweak's */

struct action_case {
    const char *name;
    void (*arrange)(struct vpc *vpc);
    void (*tweak)(struct plan_action *action);
    enum hold hold;
    const char *reason;
};

static void judge_all(struct plan_action (*make)(void), const struct action_case *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct action_case *row = &rows[i];
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action = make();
        const char *reason;
        enum hold hold;

        vpc_make_endpoints(vpc);
        row->arrange(vpc);
        vpc_look(vpc);
        if (row->tweak)
            row->tweak(&action);
        hold = vpc_judge(vpc, &action, &reason);
        if (hold != row->hold || (row->reason && !strstr(reason, row->reason)))
            fail_msg("%s: \"%s\" (%s), expected \"%s\" (... %s ...)", row->name, hold_name(hold),
                     reason ? reason : "", hold_name(row->hold), row->reason ? row->reason : "");
    }
}

static void nothing_lost(struct vpc *vpc)
{
    (void)vpc;
}

/* ---- CreateVpcEndpoint, gateway ---- */

static void s3_in(struct vpc *vpc, const char *state)
{
    vpc_endpoint(vpc, "vpce-s3")->state = state;
}

static void s3_pending(struct vpc *vpc)
{
    s3_in(vpc, "Pending");
}

static void s3_waits(struct vpc *vpc)
{
    s3_in(vpc, "pendingAcceptance");
}

static void s3_deleting(struct vpc *vpc)
{
    s3_in(vpc, "deleting");
}

static void s3_unclear(struct vpc *vpc)
{
    s3_in(vpc, "partial");
}

static void s3_dead(struct vpc *vpc)
{
    s3_gone(vpc);
    vpc_add_endpoint(vpc, "vpce-s3", SERVICE("s3"), false)->state = "expired";
}

static void s3_gone_and_a_stranger_served(struct vpc *vpc)
{
    s3_gone(vpc);
    vpc_add_subnet(vpc, "subnet-stranger", "vpc-1", ZONE_C, "10.0.40.0/24", "rtb-private-c");
}

static void s3_undeclared(struct vpc *vpc)
{
    s3_gone(vpc);
    vpc->target.endpoints++;
    vpc->target.n_endpoints--;
}

static void s3_gone_services_unread(struct vpc *vpc)
{
    s3_gone(vpc);
    vpc->observation.lists[LIST_VPC_ENDPOINT_SERVICES].complete = false;
}

static void s3_gone_endpoints_unread(struct vpc *vpc)
{
    s3_gone(vpc);
    vpc->observation.lists[LIST_VPC_ENDPOINTS].complete = false;
}

static void s3_gone_policy_declared(struct vpc *vpc)
{
    s3_gone(vpc);
    vpc->target.endpoints[0].policy = "{\"Statement\":[]}";
}

static void into_another_vpc(struct plan_action *action)
{
    action->request.vpc_id = "vpc-9";
}

static void of_another_service(struct plan_action *action)
{
    action->request.service_name = SERVICE("dynamodb");
}

static void as_an_interface(struct plan_action *action)
{
    action->request.vpc_endpoint_type = "Interface";
}

static void in_the_main_table(struct plan_action *action)
{
    one[0] = "rtb-main";
    action->request.route_table_ids = (struct wire_texts){.items = one, .n = 1};
}

static void in_an_undeclared_table(struct plan_action *action)
{
    one[0] = "rtb-other";
    action->request.route_table_ids = (struct wire_texts){.items = one, .n = 1};
}

static void in_another_groups_table(struct plan_action *action)
{
    one[0] = "rtb-public";
    action->request.route_table_ids = (struct wire_texts){.items = one, .n = 1};
}

static void in_no_table(struct plan_action *action)
{
    action->request.route_table_ids.n = 0;
}

static void with_subnets(struct plan_action *action)
{
    action->request.subnet_ids = (struct wire_texts){.items = subnets, .n = 1};
}

static void with_a_policy(struct plan_action *action)
{
    action->request.policy_document = "{\"Statement\":[]}";
}

static void for_another_role(struct plan_action *action)
{
    action->role = "vpc-endpoint/sqs/interface";
}

static const struct action_case create_gateway_rows[] = {
    {"as planned", s3_gone, NULL, HOLD_NONE, NULL},
    {"the old one is dead", s3_dead, NULL, HOLD_NONE, NULL},
    {"it is there", nothing_lost, NULL, HOLD_WAIT, "vpce-s3 of the service is available"},
    {"it is pending", s3_pending, NULL, HOLD_WAIT, "is Pending"},
    {"it waits for acceptance", s3_waits, NULL, HOLD_WAIT, "pendingAcceptance"},
    {"it is being deleted", s3_deleting, NULL, HOLD_WAIT, "is deleting"},
    {"it is in a state that we do not know", s3_unclear, NULL, HOLD_WAIT, "partial"},
    {"undeclared", s3_undeclared, NULL, HOLD_NOT_OURS, "no declared endpoint"},
    {"another role", s3_gone, for_another_role, HOLD_NOT_OURS, "no declared endpoint"},
    {"services unread", s3_gone_services_unread, NULL, HOLD_UNKNOWN, "incomplete"},
    {"endpoints unread", s3_gone_endpoints_unread, NULL, HOLD_UNKNOWN, "incomplete"},
    {"another VPC", s3_gone, into_another_vpc, HOLD_NOT_OURS, "vpc-9"},
    {"another service", s3_gone, of_another_service, HOLD_NOT_OURS, "not the declared service"},
    {"another type", s3_gone, as_an_interface, HOLD_NOT_OURS, "not the declared service"},
    {"the main table", s3_gone, in_the_main_table, HOLD_NOT_OURS, "rtb-main"},
    {"a table of undeclared subnets", s3_gone, in_an_undeclared_table, HOLD_NOT_OURS,
     "subnet-other"},
    {"a table of another group", s3_gone, in_another_groups_table, HOLD_NOT_OURS, "\"for\""},
    {"a table that strangers use too", s3_gone_and_a_stranger_served, NULL, HOLD_NOT_OURS,
     "subnet-stranger"},
    {"no table", s3_gone, in_no_table, HOLD_NOT_OURS, "route tables alone"},
    {"subnets", s3_gone, with_subnets, HOLD_NOT_OURS, "route tables alone"},
    {"a policy that nobody declared", s3_gone, with_a_policy, HOLD_NOT_OURS, "another endpoint"},
    {"the declared policy left out", s3_gone_policy_declared, NULL, HOLD_NOT_OURS,
     "another endpoint"},
    {"the declared policy", s3_gone_policy_declared, with_a_policy, HOLD_NONE, NULL},
};

/* ---- CreateVpcEndpoint, interface ---- */

static void logs_gone(struct vpc *vpc)
{
    vpc_drop_endpoint(vpc, "vpce-logs");
}

static void logs_gone_not_in_c(struct vpc *vpc)
{
    logs_gone(vpc);
    vpc_service(vpc, SERVICE("logs"), "Interface")->availability_zones.n = 1;
}

static void logs_gone_a_loser(struct vpc *vpc)
{
    logs_gone(vpc);
    vpc_group_interface(vpc, "eni-public", "sg-default");
}

static void logs_gone_hostnames_off(struct vpc *vpc)
{
    logs_gone(vpc);
    vpc_attributes(vpc)->enable_dns_hostnames = WIRE_FALSE;
}

static void logs_gone_interfaces_unread(struct vpc *vpc)
{
    logs_gone(vpc);
    vpc->observation.lists[LIST_NETWORK_INTERFACES].complete = false;
}

static void logs_gone_no_private_dns(struct vpc *vpc)
{
    logs_gone(vpc);
    LOGS_DECLARED->private_dns = WIRE_FALSE;
}

static void logs_gone_the_name_taken(struct vpc *vpc)
{
    struct ec2_vpc_endpoint *other = vpc_add_endpoint(vpc, "vpce-aws", SERVICE("logs"), true);

    logs_gone(vpc);
    other = vpc_endpoint(vpc, "vpce-aws");
    other->requester_managed = WIRE_TRUE;
    other->private_dns_enabled = WIRE_TRUE;
}

static void in_one_zone_twice(struct plan_action *action)
{
    one[0] = one[1] = "subnet-private-a";
    action->request.subnet_ids = (struct wire_texts){.items = one, .n = 2};
}

static void in_an_undeclared_subnet(struct plan_action *action)
{
    one[0] = "subnet-other";
    action->request.subnet_ids = (struct wire_texts){.items = one, .n = 1};
}

static void in_zone_a_alone(struct plan_action *action)
{
    action->request.subnet_ids.n = 1;
}

static void in_no_subnet(struct plan_action *action)
{
    action->request.subnet_ids.n = 0;
}

static void without_its_group(struct plan_action *action)
{
    action->request.security_group_ids.n = 0;
}

static void with_another_group(struct plan_action *action)
{
    one[0] = "sg-default";
    action->request.security_group_ids = (struct wire_texts){.items = one, .n = 1};
}

static void logs_gone_two_groups_declared(struct vpc *vpc)
{
    logs_gone(vpc);
    vpc_add_security_group(vpc, "sg-endpoint-too", "endpoint-too");
    LOGS_DECLARED->security_groups = VPC_TEXTS(vpc, struct texts, "sg-endpoint", "sg-endpoint-too");
}

static void with_both_groups(struct plan_action *action)
{
    one[0] = "sg-endpoint";
    one[1] = "sg-endpoint-too";
    action->request.security_group_ids = (struct wire_texts){.items = one, .n = 2};
}

static void with_one_group_twice(struct plan_action *action)
{
    with_both_groups(action);
    one[1] = "sg-endpoint";
}

static void with_nothing_said_of_private_dns(struct plan_action *action)
{
    action->request.private_dns_enabled = WIRE_ABSENT;
}

static void without_private_dns(struct plan_action *action)
{
    action->request.private_dns_enabled = WIRE_FALSE;
}

static void with_another_address_type(struct plan_action *action)
{
    action->request.ip_address_type = "dualstack";
}

static const struct action_case create_interface_rows[] = {
    {"as planned", logs_gone, NULL, HOLD_NONE, NULL},
    {"it is there", nothing_lost, NULL, HOLD_WAIT, "vpce-logs"},
    {"not offered in a zone", logs_gone_not_in_c, NULL, HOLD_UNSAFE, "not offered in " ZONE_C},
    {"in the zones that it is offered in", logs_gone_not_in_c, in_zone_a_alone, HOLD_NONE, NULL},
    {"two subnets of a zone", logs_gone, in_one_zone_twice, HOLD_NOT_OURS, "takes one subnet"},
    {"an undeclared subnet", logs_gone, in_an_undeclared_subnet, HOLD_NOT_OURS, "subnet-other"},
    {"no subnet", logs_gone, in_no_subnet, HOLD_NOT_OURS, "is made of subnets"},
    {"the VPC's default group", logs_gone, without_its_group, HOLD_NOT_OURS, "is made of subnets"},
    {"another group", logs_gone, with_another_group, HOLD_NOT_OURS, "sg-default"},
    {"both declared groups", logs_gone_two_groups_declared, with_both_groups, HOLD_NONE, NULL},
    {"one of two, twice", logs_gone_two_groups_declared, with_one_group_twice, HOLD_NOT_OURS,
     "sg-endpoint twice"},
    {"private DNS by EC2's default", logs_gone, with_nothing_said_of_private_dns, HOLD_UNSAFE,
     "EC2 turns private DNS on"},
    {"private DNS that nobody declared", logs_gone_no_private_dns, NULL, HOLD_NOT_OURS,
     "does not declare private DNS"},
    {"without it, as declared", logs_gone_no_private_dns, without_private_dns, HOLD_NONE, NULL},
    {"somebody would lose", logs_gone_a_loser, NULL, HOLD_UNSAFE, "eni-public"},
    {"nobody would lose without private DNS", logs_gone_a_loser, without_private_dns, HOLD_NONE,
     NULL},
    {"interfaces unread", logs_gone_interfaces_unread, NULL, HOLD_UNKNOWN, "incomplete"},
    {"DNS hostnames off", logs_gone_hostnames_off, NULL, HOLD_WAIT, "enableDnsHostnames"},
    {"the name is taken", logs_gone_the_name_taken, NULL, HOLD_WAIT, "vpce-aws"},
    {"another address type", logs_gone, with_another_address_type, HOLD_NOT_OURS,
     "another endpoint"},
};

/* ---- ModifyVpcEndpoint ---- */

static void s3_lacks_c(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-s3")->route_table_ids.n = 1;
    vpc_drop_route(vpc, "rtb-private-c", "pl-s3");
}

static void s3_lacks_c_and_changes(struct vpc *vpc)
{
    s3_lacks_c(vpc);
    s3_in(vpc, "pending");
}

static void s3_lacks_c_and_is_aws_own(struct vpc *vpc)
{
    s3_lacks_c(vpc);
    vpc_endpoint(vpc, "vpce-s3")->requester_managed = WIRE_TRUE;
}

static void s3_lacks_c_which_changes(struct vpc *vpc)
{
    s3_lacks_c(vpc);
    vpc_associate(vpc, "rtb-private-c", "subnet-going")->state = EC2_ASSOCIATION_DISASSOCIATING;
}

static void another_has_c(struct vpc *vpc)
{
    s3_lacks_c(vpc);
    vpc_add_endpoint(vpc, "vpce-z", SERVICE("s3"), false)->route_table_ids =
        VPC_TEXTS(vpc, struct wire_texts, "rtb-private-c");
}

static void of_another_endpoint(struct plan_action *action)
{
    action->request.vpc_endpoint_id = "vpce-logs";
}

static void of_a_strange_endpoint(struct plan_action *action)
{
    action->request.vpc_endpoint_id = "vpce-9";
}

static void taking_a_table_away(struct plan_action *action)
{
    one[0] = "rtb-private-a";
    action->request.remove_route_table_ids = (struct wire_texts){.items = one, .n = 1};
}

static void taking_a_subnet_away(struct plan_action *action)
{
    one[0] = "subnet-private-a";
    action->request.remove_subnet_ids = (struct wire_texts){.items = one, .n = 1};
}

static void taking_a_group_away(struct plan_action *action)
{
    one[0] = "sg-endpoint";
    action->request.remove_security_group_ids = (struct wire_texts){.items = one, .n = 1};
}

static void resetting_the_policy(struct plan_action *action)
{
    action->request.reset_policy = WIRE_TRUE;
}

static void turning_private_dns_off(struct plan_action *action)
{
    action->request.private_dns_enabled = WIRE_FALSE;
}

static void two_things_at_once(struct plan_action *action)
{
    action->request.private_dns_enabled = WIRE_TRUE;
}

static void adding_the_main_table(struct plan_action *action)
{
    one[0] = "rtb-main";
    action->request.add_route_table_ids = (struct wire_texts){.items = one, .n = 1};
}

static void adding_nothing(struct plan_action *action)
{
    action->request.add_route_table_ids.n = 0;
}

static const struct action_case table_rows[] = {
    {"as planned", s3_lacks_c, NULL, HOLD_NONE, NULL},
    {"it has the table", nothing_lost, NULL, HOLD_WAIT, "is in endpoint vpce-s3"},
    {"another endpoint has it", another_has_c, NULL, HOLD_WAIT, "is in endpoint vpce-z"},
    {"while it changes", s3_lacks_c_and_changes, NULL, HOLD_WAIT, "is pending"},
    {"while the table changes", s3_lacks_c_which_changes, NULL, HOLD_WAIT, "is changing"},
    {"AWS's own", s3_lacks_c_and_is_aws_own, NULL, HOLD_NOT_OURS, "vpce-s3"},
    {"another endpoint", s3_lacks_c, of_another_endpoint, HOLD_NOT_OURS, "no declared endpoint"},
    {"an endpoint of nowhere", s3_lacks_c, of_a_strange_endpoint, HOLD_NOT_OURS, "vpce-9"},
    {"a table taken away", s3_lacks_c, taking_a_table_away, HOLD_NOT_OURS, "only added to"},
    {"a subnet taken away", s3_lacks_c, taking_a_subnet_away, HOLD_NOT_OURS, "only added to"},
    {"a group taken away", s3_lacks_c, taking_a_group_away, HOLD_NOT_OURS, "only added to"},
    {"the policy reset", s3_lacks_c, resetting_the_policy, HOLD_NOT_OURS, "only added to"},
    {"the policy rewritten", s3_lacks_c, with_a_policy, HOLD_NOT_OURS, "only added to"},
    {"private DNS off", s3_lacks_c, turning_private_dns_off, HOLD_NOT_OURS, "only added to"},
    {"two things", s3_lacks_c, two_things_at_once, HOLD_NOT_OURS, "one thing a call"},
    {"nothing", s3_lacks_c, adding_nothing, HOLD_NOT_OURS, "one thing a call"},
    {"the main table", s3_lacks_c, adding_the_main_table, HOLD_NOT_OURS, "rtb-main"},
};

static void add_subnet_c(struct plan_action *action)
{
    one[0] = "subnet-private-c";
    action->request.add_subnet_ids = (struct wire_texts){.items = one, .n = 1};
}

static void add_an_undeclared_subnet(struct plan_action *action)
{
    one[0] = "subnet-public-c";
    action->request.add_subnet_ids = (struct wire_texts){.items = one, .n = 1};
}

static void add_a_table_to_an_interface(struct plan_action *action)
{
    one[0] = "rtb-private-a";
    action->request.add_route_table_ids = (struct wire_texts){.items = one, .n = 1};
}

static void add_a_declared_group(struct plan_action *action)
{
    one[0] = "sg-endpoint";
    action->request.add_security_group_ids = (struct wire_texts){.items = one, .n = 1};
}

static void add_another_group(struct plan_action *action)
{
    one[0] = "sg-default";
    action->request.add_security_group_ids = (struct wire_texts){.items = one, .n = 1};
}

static void logs_lacks_c(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-logs")->subnet_ids.n = 1;
}

static void logs_lacks_c_and_is_not_there(struct vpc *vpc)
{
    logs_lacks_c(vpc);
    vpc_service(vpc, SERVICE("logs"), "Interface")->availability_zones.n = 1;
}

static void logs_lacks_c_services_unread(struct vpc *vpc)
{
    logs_lacks_c(vpc);
    vpc->observation.lists[LIST_VPC_ENDPOINT_SERVICES].complete = false;
}

static void logs_dns_off(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_FALSE;
}

static void logs_dns_off_a_loser(struct vpc *vpc)
{
    logs_dns_off(vpc);
    vpc_group_interface(vpc, "eni-private", "sg-default");
}

static void logs_dns_off_a_loser_in_the_block(struct vpc *vpc)
{
    logs_dns_off_a_loser(vpc);
    vpc_interface(vpc, "eni-private")->private_ip_address = "10.0.16.9";
    vpc_let_in(vpc, "sg-endpoint", "10.0.16.0/24", 443, 443);
}

static void logs_dns_off_a_loser_on_another_port(struct vpc *vpc)
{
    logs_dns_off(vpc);
    vpc_security_group(vpc, "sg-endpoint")->ip_permissions.n = 0;
    vpc_let_in(vpc, "sg-endpoint", "sg-functions", 80, 80);
}

static void logs_groups_unread(struct vpc *vpc)
{
    vpc->observation.lists[LIST_SECURITY_GROUPS].complete = false;
}

static const struct action_case modify_rows[] = {
    {"a subnet", logs_lacks_c, add_subnet_c, HOLD_NONE, NULL},
    {"a subnet of a zone that it has", nothing_lost, add_subnet_c, HOLD_WAIT, "subnet-private-c"},
    {"a subnet where the service is not offered", logs_lacks_c_and_is_not_there, add_subnet_c,
     HOLD_UNSAFE, "not offered"},
    {"a subnet, and services unread", logs_lacks_c_services_unread, add_subnet_c, HOLD_UNKNOWN,
     NULL},
    {"another group's subnet", logs_lacks_c, add_an_undeclared_subnet, HOLD_NOT_OURS,
     "subnet-public-c"},
    {"a table", nothing_lost, add_a_table_to_an_interface, HOLD_NOT_OURS, "this type"},
    {"a declared security group", nothing_lost, add_a_declared_group, HOLD_NONE, NULL},
    {"another security group", nothing_lost, add_another_group, HOLD_NOT_OURS, "sg-default"},
    {"a security group, and groups unread", logs_groups_unread, add_a_declared_group, HOLD_UNKNOWN,
     NULL},
    {"private DNS", logs_dns_off, two_things_at_once, HOLD_NONE, NULL},
    {"private DNS, and somebody would lose", logs_dns_off_a_loser, two_things_at_once, HOLD_UNSAFE,
     "eni-private"},
    {"private DNS, and a block lets it in", logs_dns_off_a_loser_in_the_block, two_things_at_once,
     HOLD_NONE, NULL},
    {"private DNS, and another port", logs_dns_off_a_loser_on_another_port, two_things_at_once,
     HOLD_UNSAFE, "on port 443"},
};

/* ---- the entry of a copied table ---- */

static void copy_made(struct vpc *vpc)
{
    struct ec2_route_table *table;

    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
    vpc_associate(vpc, "rtb-private-c", "subnet-private-a");
    table = vpc_add_table(vpc, "rtb-copy", "vpc-1");
    vpc_tag(vpc, &table->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    vpc_tag(vpc, &table->tags, TAG_ROLE, "route-table/functions/" ZONE_A);
}

static void copy_has_the_entry(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_add_route(vpc, "rtb-copy", "pl-s3", "vpce-s3");
}

static void copy_in_use(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_add_subnet(vpc, "subnet-more", "vpc-1", ZONE_A, "10.0.60.0/24", "rtb-copy");
}

static void source_has_no_entry(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_drop_route(vpc, "rtb-private-c", "pl-s3");
}

static void copy_of_another_accounts_entry(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_endpoint(vpc, "vpce-s3")->owner_id = "999999999999";
}

static void into_the_source(struct plan_action *action)
{
    one[0] = "rtb-private-a";
    action->request.add_route_table_ids = (struct wire_texts){.items = one, .n = 1};
}

static const struct action_case copy_rows[] = {
    {"as planned", copy_made, NULL, HOLD_NONE, NULL},
    {"it has it", copy_has_the_entry, NULL, HOLD_NOT_OURS, "no entry"},
    {"another account's endpoint", copy_of_another_accounts_entry, NULL, HOLD_NOT_OURS,
     "vpce-s3 is not an endpoint of this VPC that may be changed"},
    {"the copy is in use", copy_in_use, NULL, HOLD_NOT_OURS, "is in use"},
    {"the source has none", source_has_no_entry, NULL, HOLD_NOT_OURS, "no entry"},
    {"another table", copy_made, into_the_source, HOLD_NOT_OURS, "only the copy"},
    {"an interface endpoint", copy_made, of_another_endpoint, HOLD_NOT_OURS, "no entry"},
};

/* ---- AuthorizeSecurityGroupIngress ---- */

static void no_rule(struct vpc *vpc)
{
    vpc_security_group(vpc, "sg-endpoint")->ip_permissions.n = 0;
}

/* What the list holds may let the functions in already. */
static void a_prefix_list_is_let_in(struct vpc *vpc)
{
    struct ec2_ip_permission *permission =
        vpc_security_group(vpc, "sg-endpoint")->ip_permissions.items;

    permission->groups.n = 0;
    permission->prefix_list_ids.items = ARENA_NEW(vpc->arena, struct ec2_prefix_list_id);
    permission->prefix_list_ids.items->prefix_list_id = "pl-x";
    permission->prefix_list_ids.n = 1;
}

static void into_another_group(struct plan_action *action)
{
    action->request.group_id = "sg-default";
}

static void into_a_strange_group(struct plan_action *action)
{
    action->request.group_id = "sg-9";
}

static void from_another_group(struct plan_action *action)
{
    (void)action;
    pair.group_id = "sg-default";
}

static void on_another_port(struct plan_action *action)
{
    (void)action;
    rule.from_port.value = rule.to_port.value = 22;
}

static void on_many_ports(struct plan_action *action)
{
    (void)action;
    rule.from_port.value = 0;
}

static void of_every_protocol(struct plan_action *action)
{
    (void)action;
    rule.ip_protocol = "-1";
}

static void from_everywhere_too(struct plan_action *action)
{
    static struct ec2_ip_range everywhere;

    (void)action;
    everywhere.cidr_ip = PREFIX_IPV4_DEFAULT;
    rule.ip_ranges.items = &everywhere;
    rule.ip_ranges.n = 1;
}

static const struct action_case inbound_rows[] = {
    {"as planned", no_rule, NULL, HOLD_NONE, NULL},
    {"it is there", nothing_lost, NULL, HOLD_WAIT, "lets it in already"},
    {"it hangs on a list that is not known", a_prefix_list_is_let_in, NULL, HOLD_UNKNOWN,
     "prefix list"},
    {"into another group", no_rule, into_another_group, HOLD_NOT_OURS, "sg-default"},
    {"into a group of nowhere", no_rule, into_a_strange_group, HOLD_NOT_OURS, "sg-9"},
    {"from another group", no_rule, from_another_group, HOLD_NOT_OURS, "sg-default"},
    {"another port", no_rule, on_another_port, HOLD_NOT_OURS, "port 22"},
    {"many ports", no_rule, on_many_ports, HOLD_NOT_OURS, "one rule"},
    {"every protocol", no_rule, of_every_protocol, HOLD_NOT_OURS, "one rule"},
    {"from everywhere, too", no_rule, from_everywhere_too, HOLD_NOT_OURS, "one rule"},
};

/* ---- ModifyVpcAttribute ---- */

static void hostnames_off(struct vpc *vpc)
{
    vpc_attributes(vpc)->enable_dns_hostnames = WIRE_FALSE;
}

static void both_off(struct vpc *vpc)
{
    hostnames_off(vpc);
    vpc_attributes(vpc)->enable_dns_support = WIRE_FALSE;
}

static void hostnames_off_a_loser(struct vpc *vpc)
{
    hostnames_off(vpc);
    vpc_group_interface(vpc, "eni-public", "sg-default");
}

static void hostnames_off_nobody_wants_them(struct vpc *vpc)
{
    hostnames_off(vpc);
    LOGS_DECLARED->private_dns = WIRE_FALSE;
}

static void turning_it_off(struct plan_action *action)
{
    action->request.enable_dns_hostnames = WIRE_FALSE;
}

static void both_at_once(struct plan_action *action)
{
    action->request.enable_dns_support = WIRE_TRUE;
}

static void support_alone(struct plan_action *action)
{
    action->request.enable_dns_support = WIRE_TRUE;
    action->request.enable_dns_hostnames = WIRE_ABSENT;
}

static const struct action_case attribute_rows[] = {
    {"as planned", hostnames_off, NULL, HOLD_NONE, NULL},
    {"it is on", nothing_lost, NULL, HOLD_WAIT, "it is on"},
    {"support first", both_off, NULL, HOLD_WAIT, "DNS support"},
    {"support", both_off, support_alone, HOLD_NONE, NULL},
    {"off", hostnames_off, turning_it_off, HOLD_NOT_OURS, "one DNS attribute"},
    {"both at once", both_off, both_at_once, HOLD_NOT_OURS, "one DNS attribute"},
    {"another VPC", hostnames_off, into_another_vpc, HOLD_NOT_OURS, "vpc-9"},
    {"nobody declares private DNS", hostnames_off_nobody_wants_them, NULL, HOLD_NOT_OURS,
     "for private DNS"},
    {"somebody would lose", hostnames_off_a_loser, NULL, HOLD_UNSAFE, "eni-public"},
};

static void test_actions(void **state)
{
    (void)state;
    judge_all(create_s3, create_gateway_rows, ARRAY_SIZE(create_gateway_rows));
    judge_all(create_logs, create_interface_rows, ARRAY_SIZE(create_interface_rows));
    judge_all(add_table, table_rows, ARRAY_SIZE(table_rows));
    judge_all(modify_logs, modify_rows, ARRAY_SIZE(modify_rows));
    judge_all(copy_entry, copy_rows, ARRAY_SIZE(copy_rows));
    judge_all(let_in, inbound_rows, ARRAY_SIZE(inbound_rows));
    judge_all(turn_hostnames_on, attribute_rows, ARRAY_SIZE(attribute_rows));
}

static void s3_lacks_c_and_no_rule(struct vpc *vpc)
{
    s3_lacks_c(vpc);
    no_rule(vpc);
}

static void both_gone(struct vpc *vpc)
{
    s3_gone(vpc);
    logs_gone(vpc);
}

/* S5: each list that the action's row needs, taken away alone. */
static void test_s5_lists(void **state)
{
#define ROUTES                                                                                     \
    (NEEDS(INTERNET_GATEWAYS) | NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) | NEEDS(NAT_GATEWAYS))
    static const struct {
        struct plan_action (*make)(void);
        void (*arrange)(struct vpc *vpc);
        unsigned needs;
    } rows[] = {
        {create_s3, both_gone, ROUTES | NEEDS(VPC_ENDPOINTS) | NEEDS(VPC_ENDPOINT_SERVICES)},
        {create_logs, both_gone,
         ROUTES | NEEDS(VPC_ENDPOINTS) | NEEDS(VPC_ENDPOINT_SERVICES) | NEEDS(SECURITY_GROUPS) |
             NEEDS(NETWORK_INTERFACES) | NEEDS(VPC_ATTRIBUTES)},
        {add_table, s3_lacks_c_and_no_rule, ROUTES | NEEDS(VPC_ENDPOINTS)},
        {let_in, s3_lacks_c_and_no_rule, NEEDS(SECURITY_GROUPS) | NEEDS(VPC_ENDPOINTS)},
        {turn_hostnames_on, hostnames_off,
         ROUTES | NEEDS(VPC_ENDPOINTS) | NEEDS(SECURITY_GROUPS) | NEEDS(NETWORK_INTERFACES) |
             NEEDS(VPC_ATTRIBUTES)},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        for (unsigned list = 0; list < LIST_COUNT; list++) {
            CLEANUP(vpc_freep)
            struct vpc *vpc = vpc_new();
            struct plan_action action = rows[i].make();
            const char *reason;
            enum hold hold;

            vpc_make_endpoints(vpc);
            rows[i].arrange(vpc);
            vpc->observation.lists[list].complete = false;
            vpc_look(vpc);
            if (!vpc->snapshot)
                continue; /* no plan at all */
            hold = vpc_judge(vpc, &action, &reason);
            if (hold != (rows[i].needs & (1U << list) ? HOLD_UNKNOWN : HOLD_NONE))
                fail_msg("%s without %s: \"%s\" (%s)", ec2_action_table[action.call].name,
                         observed_list_name((enum observed_list)list), hold_name(hold),
                         reason ? reason : "");
        }
#undef ROUTES
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actions),
        cmocka_unit_test(test_s5_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
