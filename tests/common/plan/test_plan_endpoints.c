/* Plans for VPC endpoints and what private DNS rests on: which one serves, from what one is built,
 * what it lacks, and what is only said. */
#include "support/vpc_endpoints.h"

#include "plan_text.h"

/* ---- nothing wrong ---- */

static void all_there(struct vpc *vpc)
{
    (void)vpc;
}

static void by_its_full_name(struct vpc *vpc)
{
    vpc->target.endpoints[0].service = SERVICE("s3");
    LOGS_DECLARED->service = SERVICE("logs");
}

static void another_spelling_of_states(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-s3")->state = "Available";
    vpc_endpoint(vpc, "vpce-logs")->state = "Available";
    vpc_endpoint(vpc, "vpce-logs")->vpc_endpoint_type = "interface";
}

static void in_another_subnet_of_the_zone(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-logs")->subnet_ids.items[0] = "subnet-other";
}

static void admitted_by_block(struct vpc *vpc)
{
    vpc_security_group(vpc, "sg-endpoint")->ip_permissions.n = 0;
    vpc_let_in(vpc, "sg-endpoint", "10.0.16.0/23", 0, 1000);
}

static void the_same_policy_in_another_order(struct vpc *vpc)
{
    LOGS_DECLARED->policy = "{\"Version\": \"1\", \"Statement\": [{\"Effect\": \"Deny\"}]}";
    vpc_endpoint(vpc, "vpce-logs")->policy_document =
        "{\"Statement\":[ {\"Effect\":\"Deny\"} ],\"Version\":\"1\"}";
}

static void nobody_declares_one(struct vpc *vpc)
{
    vpc->target.n_endpoints = 0;
    vpc_attributes(vpc)->enable_dns_support = WIRE_FALSE;
    vpc_endpoint(vpc, "vpce-logs")->state = "failed";
}

static void dns_is_of_no_matter(struct vpc *vpc)
{
    LOGS_DECLARED->private_dns = WIRE_FALSE;
    vpc_attributes(vpc)->enable_dns_support = WIRE_FALSE;
    vpc_attributes(vpc)->enable_dns_hostnames = WIRE_FALSE;
    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_FALSE;
}

/* ---- missing ---- */

#define S3_BUILT                                                                                   \
    "CreateVpcEndpoint for " SERVICE("s3") " in vpc-1: rtb-private-a, rtb-private-c (counts);\n"
#define LOGS_BUILT_IN(subnets)                                                                     \
    "CreateVpcEndpoint for " SERVICE("logs") " in " subnets                                        \
                                             ", private DNS on, with sg-endpoint (counts);\n"
#define LOGS_BUILT LOGS_BUILT_IN("subnet-private-a, subnet-private-c")

static void no_s3(struct vpc *vpc)
{
    vpc_drop_endpoint(vpc, "vpce-s3");
    vpc_drop_route(vpc, "rtb-private-a", "pl-s3");
    vpc_drop_route(vpc, "rtb-private-c", "pl-s3");
}

static void no_s3_and_no_way_out(struct vpc *vpc)
{
    no_s3(vpc);
    vpc_cut_off_functions(vpc);
}

static void no_logs(struct vpc *vpc)
{
    vpc_drop_endpoint(vpc, "vpce-logs");
}

static void no_logs_and_no_way_out(struct vpc *vpc)
{
    no_logs(vpc);
    vpc_cut_off_functions(vpc);
}

static void the_service_is_not_in_c(struct vpc *vpc)
{
    no_logs(vpc);
    vpc_service(vpc, SERVICE("logs"), "Interface")->availability_zones.n = 1;
}

static void two_subnets_of_a_zone(struct vpc *vpc)
{
    no_logs(vpc);
    vpc_add_subnet(vpc, "subnet-private-a2", "vpc-1", ZONE_A, "10.0.18.0/24", "rtb-private-a");
    vpc_declare(vpc, "functions", "subnet-private-a2");
    vpc_subnet(vpc, "subnet-private-a")->available_ip_address_count =
        (struct wire_int){.value = 3, .set = true};
    vpc_subnet(vpc, "subnet-private-a2")->available_ip_address_count =
        (struct wire_int){.value = 200, .set = true};
}

static void a_full_subnet(struct vpc *vpc)
{
    no_logs(vpc);
    vpc_subnet(vpc, "subnet-private-a")->available_ip_address_count.set = true;
}

static void every_subnet_full(struct vpc *vpc)
{
    a_full_subnet(vpc);
    vpc_subnet(vpc, "subnet-private-c")->available_ip_address_count.set = true;
}

static void the_service_is_unknown(struct vpc *vpc)
{
    no_logs(vpc);
    LOGS_DECLARED->service = "lgos";
}

static void the_services_are_unread(struct vpc *vpc)
{
    no_logs(vpc);
    vpc->observation.lists[LIST_VPC_ENDPOINT_SERVICES].complete = false;
}

static void the_endpoints_are_unread(struct vpc *vpc)
{
    no_logs(vpc);
    vpc->observation.lists[LIST_VPC_ENDPOINTS].complete = false;
}

static void no_ipv6_in_the_service(struct vpc *vpc)
{
    no_logs(vpc);
    LOGS_DECLARED->ip_address_type = "dualstack";
}

static void no_such_group(struct vpc *vpc)
{
    no_logs(vpc);
    LOGS_DECLARED->security_groups = VPC_TEXTS(vpc, struct texts, "sg-nowhere");
}

static void in_another_group(struct vpc *vpc)
{
    no_logs(vpc);
    LOGS_DECLARED->in_group = "public";
}

/* China's names, and one that stands for the region itself, are found by their last labels. */
static void a_foreign_name(struct vpc *vpc)
{
    no_logs(vpc);
    vpc_service(vpc, SERVICE("logs"), "Interface")->service_name =
        "cn.com.amazonaws.ap-northeast-1.logs";
}

static void another_regions_endpoint(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-logs")->service_name = "com.amazonaws.us-east-1.logs";
    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_FALSE;
}

static void made_by_a_service_of_aws(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-logs")->requester_managed = WIRE_TRUE;
    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_FALSE;
}

static void an_interface_that_would_lose(struct vpc *vpc)
{
    no_logs(vpc);
    vpc_group_interface(vpc, "eni-public", "sg-default");
}

static void a_nat_gateways_interface(struct vpc *vpc)
{
    an_interface_that_would_lose(vpc);
    vpc_interface(vpc, "eni-public")->interface_type = "nat_gateway";
}

static void an_interface_without_a_way_out(struct vpc *vpc)
{
    no_logs(vpc);
    vpc_add_interface(vpc, "eni-other", "subnet-other", NULL); /* its table has local routes */
    vpc_add_route(vpc, "rtb-other", "10.50.0.0/16", "pcx-1");
    vpc_add_route(vpc, "rtb-other", "pl-s3", "vpce-s3");
}

/* ---- states ---- */

static void in_state(struct vpc *vpc, const char *state)
{
    vpc_endpoint(vpc, "vpce-logs")->state = state;
    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_FALSE;
}

static void failed(struct vpc *vpc)
{
    in_state(vpc, "failed");
    vpc_endpoint(vpc, "vpce-logs")->last_error_message = "no capacity";
}

static void rejected(struct vpc *vpc)
{
    in_state(vpc, "Rejected");
}

static void expired_and_no_way_out(struct vpc *vpc)
{
    in_state(vpc, "expired");
    vpc_cut_off_functions(vpc);
}

static void deleted(struct vpc *vpc)
{
    in_state(vpc, "deleted");
}

static void deleting(struct vpc *vpc)
{
    in_state(vpc, "deleting");
}

static void waiting(struct vpc *vpc)
{
    in_state(vpc, "pendingAcceptance");
}

static void waiting_as_in_the_model(struct vpc *vpc)
{
    in_state(vpc, "PendingAcceptance");
}

static void in_a_new_state(struct vpc *vpc)
{
    in_state(vpc, "hibernating");
}

static void pending(struct vpc *vpc)
{
    in_state(vpc, "pending");
    vpc_endpoint(vpc, "vpce-logs")->creation_timestamp = NULL;
}

static void pending_too_long(struct vpc *vpc)
{
    in_state(vpc, "pending");
}

static void pending_again(struct vpc *vpc)
{
    in_state(vpc, "pending");
    vpc_wire(vpc, "vpc-endpoint/logs/interface", "vpce-logs");
}

static void dead_three_times(struct vpc *vpc)
{
    static const char *const ids[] = {"vpce-1", "vpce-2", "vpce-3"};

    no_logs(vpc);
    for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
        struct ec2_vpc_endpoint *endpoint = vpc_add_endpoint(vpc, ids[i], SERVICE("logs"), true);

        endpoint->state = "failed";
        vpc_tag(vpc, &endpoint->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    }
}

/* ---- several ---- */

static void a_stranger_first(struct vpc *vpc)
{
    vpc_add_endpoint(vpc, "vpce-a", SERVICE("s3"), false);
}

/* Each of two has one of our tables: both are served, and nothing is moved. */
static void two_share_the_tables(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-s3")->route_table_ids.n = 1;
    vpc_add_endpoint(vpc, "vpce-a", SERVICE("s3"), false)->route_table_ids =
        VPC_TEXTS(vpc, struct wire_texts, "rtb-private-c");
}

static void ours_among_those_that_serve(struct vpc *vpc)
{
    struct ec2_vpc_endpoint *endpoint = vpc_add_endpoint(vpc, "vpce-z", SERVICE("s3"), false);

    two_share_the_tables(vpc);
    endpoint->route_table_ids = VPC_TEXTS(vpc, struct wire_texts, "rtb-private-a");
    vpc_tag(vpc, &endpoint->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    vpc_endpoint(vpc, "vpce-s3")->route_table_ids.n = 0;
    vpc_endpoint(vpc, "vpce-a")->route_table_ids.n = 0;
}

/* Somebody's serves both zones and ours one: ours is the one to add to. */
static void ours_before_a_strangers(struct vpc *vpc)
{
    struct ec2_vpc_endpoint *endpoint = vpc_add_endpoint(vpc, "vpce-z", SERVICE("logs"), true);

    LOGS_DECLARED->private_dns = WIRE_FALSE;
    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_FALSE;
    endpoint->subnet_ids = VPC_TEXTS(vpc, struct wire_texts, "subnet-private-a");
    vpc_give_group(vpc, endpoint, "sg-endpoint");
    vpc_tag(vpc, &endpoint->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
}

static void another_has_the_name(struct vpc *vpc)
{
    struct ec2_vpc_endpoint *other = vpc_add_endpoint(vpc, "vpce-zz", SERVICE("logs"), true);

    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_FALSE;
    other->private_dns_enabled = WIRE_TRUE; /* in no declared zone */
}

/* The name belongs to an endpoint of another service: the entries of its DNS tell. */
static void another_service_has_the_name(struct vpc *vpc)
{
    struct ec2_vpc_endpoint *other =
        vpc_add_endpoint(vpc, "vpce-proxy", "com.amazonaws.vpce.ap-northeast-1.vpce-svc-1", true);

    no_logs(vpc);
    other = vpc_endpoint(vpc, "vpce-proxy");
    other->private_dns_enabled = WIRE_TRUE;
    other->dns_entries.items = ARENA_NEW(vpc->arena, struct ec2_dns_entry);
    other->dns_entries.items->dns_name = "logs.ap-northeast-1.amazonaws.com";
    other->dns_entries.n = 1;
}

static void the_name_is_not_wanted(struct vpc *vpc)
{
    another_service_has_the_name(vpc);
    LOGS_DECLARED->private_dns = WIRE_FALSE;
}

/* ---- what one lacks ---- */

static void lacks_a_table(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-s3")->route_table_ids.n = 1;
    vpc_drop_route(vpc, "rtb-private-c", "pl-s3");
}

static void a_table_serves_strangers(struct vpc *vpc)
{
    lacks_a_table(vpc);
    vpc_add_subnet(vpc, "subnet-stranger", "vpc-1", ZONE_C, "10.0.40.0/24", "rtb-private-c");
}

static void a_table_serves_another_group(struct vpc *vpc)
{
    lacks_a_table(vpc);
    vpc_add_group(vpc, "workers", "nat-gateway", "egress-only-internet-gateway");
    vpc_add_subnet(vpc, "subnet-worker", "vpc-1", ZONE_C, "10.0.40.0/24", "rtb-private-c");
    vpc_declare(vpc, "workers", "subnet-worker");
}

static void lacks_a_subnet(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-logs")->subnet_ids.n = 1;
}

static void lacks_a_subnet_that_is_full(struct vpc *vpc)
{
    lacks_a_subnet(vpc);
    vpc_subnet(vpc, "subnet-private-c")->available_ip_address_count.set = true;
}

static void lacks_a_zone_without_the_service(struct vpc *vpc)
{
    lacks_a_subnet(vpc);
    vpc_service(vpc, SERVICE("logs"), "Interface")->availability_zones.n = 1;
}

static void lacks_a_group(struct vpc *vpc)
{
    vpc_add_security_group(vpc, "sg-more", "more");
    LOGS_DECLARED->security_groups = VPC_TEXTS(vpc, struct texts, "sg-endpoint", "sg-more");
}

static void lacks_a_rule(struct vpc *vpc)
{
    vpc_security_group(vpc, "sg-endpoint")->ip_permissions.n = 0;
}

static void lacks_a_rule_for_a_port(struct vpc *vpc)
{
    static uint16_t ports[] = {443, 8443};

    LOGS_DECLARED->ports = ports;
    LOGS_DECLARED->n_ports = ARRAY_SIZE(ports);
}

static void lacks_a_rule_in_nobodys_group(struct vpc *vpc)
{
    lacks_a_rule(vpc);
    LOGS_DECLARED->security_groups.n = 0;
}

static void the_functions_groups_are_not_said(struct vpc *vpc)
{
    lacks_a_rule(vpc);
    vpc_group(vpc, "functions")->security_groups.n = 0;
}

static void one_of_two_groups_is_let_in(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->security_groups =
        VPC_TEXTS(vpc, struct texts, "sg-functions", "sg-default");
}

static void in_the_default_group(struct vpc *vpc)
{
    no_logs(vpc);
    LOGS_DECLARED->security_groups.n = 0;
    vpc_let_in(vpc, "sg-default", "sg-functions", 0, 65535);
}

static void private_dns_off(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_FALSE;
}

static void private_dns_off_and_a_loser(struct vpc *vpc)
{
    private_dns_off(vpc);
    vpc_group_interface(vpc, "eni-public", "sg-default");
}

static void a_policy_with_one_member_more(struct vpc *vpc)
{
    LOGS_DECLARED->policy = "{\"Statement\":[{\"Effect\":\"Allow\"}]}";
    vpc_endpoint(vpc, "vpce-logs")->policy_document =
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Condition\":{}}]}";
}

static void another_policy(struct vpc *vpc)
{
    LOGS_DECLARED->policy = "{\"Statement\":[{\"Effect\":\"Deny\"}]}";
}

/* ---- DNS attributes ---- */

static void both_off(struct vpc *vpc)
{
    vpc_attributes(vpc)->enable_dns_support = WIRE_FALSE;
    vpc_attributes(vpc)->enable_dns_hostnames = WIRE_FALSE;
}

static void hostnames_off(struct vpc *vpc)
{
    vpc_attributes(vpc)->enable_dns_hostnames = WIRE_FALSE;
}

static void hostnames_off_and_a_loser(struct vpc *vpc)
{
    hostnames_off(vpc);
    vpc_group_interface(vpc, "eni-public", "sg-default");
}

/* Whether it answers for its name is not known; should it, somebody would lose. */
static void hostnames_off_and_a_new_state(struct vpc *vpc)
{
    struct ec2_vpc_endpoint *stranger =
        vpc_add_endpoint(vpc, "vpce-stranger", SERVICE("kms"), true);

    hostnames_off_and_a_loser(vpc);
    vpc_let_in(vpc, "sg-endpoint", "0.0.0.0/0", 443, 443);
    stranger->private_dns_enabled = WIRE_TRUE;
    stranger->state = "moving";
    vpc_give_group(vpc, stranger, "sg-functions");
}

static void private_dns_not_said(struct vpc *vpc)
{
    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_ABSENT;
}

static void hostnames_off_and_no_endpoint(struct vpc *vpc)
{
    hostnames_off(vpc);
    no_logs(vpc);
}

static void attributes_unread(struct vpc *vpc)
{
    vpc->observation.lists[LIST_VPC_ATTRIBUTES].complete = false;
}

/* ---- S3 by an interface ---- */

static void s3_by_an_interface(struct vpc *vpc)
{
    struct declared_endpoint *s3 = vpc_declare_endpoint(vpc, "s3", "interface");

    s3->security_groups = VPC_TEXTS(vpc, struct texts, "sg-endpoint");
    s3->private_dns = WIRE_TRUE;
    vpc_endpoint(vpc, "vpce-logs")->private_dns_enabled = WIRE_TRUE;
}

static void s3_by_an_interface_and_no_gateway(struct vpc *vpc)
{
    s3_by_an_interface(vpc);
    no_s3(vpc);
}

static void s3_by_an_interface_and_none_declared(struct vpc *vpc)
{
    s3_by_an_interface(vpc);
    no_s3(vpc);
    vpc->target.endpoints++;
    vpc->target.n_endpoints--;
}

#define S3_INTERFACE_BUILT                                                                         \
    "CreateVpcEndpoint for " SERVICE("s3") " in subnet-private-a, subnet-private-c, private DNS "  \
                                           "on, with sg-endpoint (counts);\n"

static const struct plan_case rows[] = {
    {"all is there", all_there, "", NULL},
    {"by full names", by_its_full_name, "", NULL},
    {"states in another spelling", another_spelling_of_states, "", NULL},
    {"another subnet of the zone will do", in_another_subnet_of_the_zone, "", NULL},
    {"let in by a block that holds the functions' subnets", admitted_by_block, "", NULL},
    {"the same policy", the_same_policy_in_another_order, "", NULL},
    {"nobody declares one", nobody_declares_one, "", NULL},
    {"DNS is of no matter", dns_is_of_no_matter, "", NULL},
    {"no S3", no_s3, "endpoint-missing - degraded approve: " S3_BUILT,
     "by their way out to the internet"},
    {"no S3 and no way out", no_s3_and_no_way_out, "endpoint-missing - outage auto: " S3_BUILT,
     "have no way to the service"},
    {"no logs", no_logs, "endpoint-missing - degraded approve: " LOGS_BUILT, NULL},
    {"no logs and no way out", no_logs_and_no_way_out,
     "endpoint-missing - outage auto: " LOGS_BUILT, NULL},
    {"not offered in a zone", the_service_is_not_in_c,
     "endpoint-zone-unsupported - degraded never:\n"
     "endpoint-missing - degraded approve: " LOGS_BUILT_IN("subnet-private-a"),
     "does not offer"},
    {"two subnets of a zone: the emptier one", two_subnets_of_a_zone,
     "endpoint-missing - degraded approve: " LOGS_BUILT_IN("subnet-private-a2, subnet-private-c"),
     NULL},
    {"a full subnet", a_full_subnet,
     "endpoint-missing - degraded approve: " LOGS_BUILT_IN("subnet-private-c"), NULL},
    {"every subnet is full", every_subnet_full, "endpoint-missing - degraded approve held:\n",
     "no free IPv4 address"},
    {"no such service", the_service_is_unknown, "endpoint-missing - degraded approve held:\n",
     "AWS lists no service \"lgos\""},
    {"services unread", the_services_are_unread, "unknown: VPC endpoint services\n", NULL},
    {"endpoints unread", the_endpoints_are_unread, "unknown: VPC endpoints\n", NULL},
    {"dual-stack where the service is not", no_ipv6_in_the_service,
     "endpoint-missing - degraded approve held:\n", "does not support"},
    {"a security group that is not there", no_such_group,
     "endpoint-missing - degraded approve held:\n", "sg-nowhere is no security group"},
    {"in another group's subnets", in_another_group,
     "endpoint-missing - degraded approve: " LOGS_BUILT_IN("subnet-public-a, subnet-public-c"),
     NULL},
    {"a name that begins otherwise", a_foreign_name,
     "endpoint-missing - degraded approve: CreateVpcEndpoint for "
     "cn.com.amazonaws.ap-northeast-1.logs in subnet-private-a, subnet-private-c, private DNS on, "
     "with sg-endpoint (counts);\n",
     NULL},
    {"an endpoint of another region's service", another_regions_endpoint,
     "endpoint-missing - degraded approve: " LOGS_BUILT, NULL},
    {"AWS's own endpoint", made_by_a_service_of_aws,
     "endpoint-missing - degraded approve: " LOGS_BUILT, NULL},
    {"somebody would lose by private DNS", an_interface_that_would_lose,
     "endpoint-missing - degraded approve held:\n", "eni-public in subnet-public-a"},
    {"a NAT gateway's interface loses nothing", a_nat_gateways_interface,
     "endpoint-missing - degraded approve: " LOGS_BUILT, NULL},
    {"nor what has no way out", an_interface_without_a_way_out,
     "endpoint-missing - degraded approve: " LOGS_BUILT, NULL},
    {"failed", failed, "endpoint-failed vpce-logs degraded approve: " LOGS_BUILT, "no capacity"},
    {"rejected", rejected, "endpoint-failed vpce-logs degraded approve: " LOGS_BUILT, NULL},
    {"expired", expired_and_no_way_out, "endpoint-failed vpce-logs outage auto: " LOGS_BUILT, NULL},
    {"deleted", deleted, "endpoint-missing vpce-logs degraded approve: " LOGS_BUILT, NULL},
    {"deleting", deleting, "pending: endpoint vpce-logs to be deleted\n", NULL},
    {"waits for acceptance", waiting, "endpoint-pending-acceptance vpce-logs outage never:\n",
     "accepts it"},
    {"waits, as the model spells it", waiting_as_in_the_model,
     "endpoint-pending-acceptance vpce-logs outage never:\n", NULL},
    {"in a new state", in_a_new_state,
     "pending: endpoint vpce-logs to be in a state that is known\n", NULL},
    {"pending", pending, "pending: endpoint vpce-logs to become available\n", NULL},
    {"pending for too long", pending_too_long, "endpoint-missing vpce-logs outage approve held:\n",
     "has been pending for"},
    {"pending again, after it was right", pending_again,
     "pending: endpoint vpce-logs to become available\n", NULL},
    {"three of ours died", dead_three_times, "endpoint-failed vpce-1 degraded approve held:\n",
     "3 endpoints"},
    {"a stranger's with a lower id", a_stranger_first, "", NULL},
    {"two share the tables", two_share_the_tables, "", NULL},
    {"ours is added to", ours_among_those_that_serve,
     "endpoint-route-table-missing vpce-z degraded auto: ModifyVpcEndpoint vpce-z: add "
     "rtb-private-c (counts);\n",
     NULL},
    {"ours before a stranger's", ours_before_a_strangers,
     "endpoint-subnet-missing vpce-z degraded auto: ModifyVpcEndpoint vpce-z: add subnet-private-c "
     "(counts);\n",
     NULL},
    {"another one has the name", another_has_the_name,
     "endpoint-dns-conflict vpce-zz degraded never:\n"
     "endpoint-private-dns-off vpce-logs degraded approve after endpoint-dns-conflict held:\n",
     "vpce-zz has private DNS on"},
    {"another service has the name", another_service_has_the_name,
     "endpoint-dns-conflict vpce-proxy degraded never:\n"
     "endpoint-missing - degraded approve after endpoint-dns-conflict held:\n",
     NULL},
    {"the name is not wanted", the_name_is_not_wanted,
     "endpoint-missing - degraded approve: CreateVpcEndpoint for " SERVICE(
         "logs") " in subnet-private-a, subnet-private-c, private DNS off, with sg-endpoint "
                 "(counts);\n",
     NULL},
    {"lacks a table", lacks_a_table,
     "endpoint-route-table-missing vpce-s3 degraded auto: ModifyVpcEndpoint vpce-s3: add "
     "rtb-private-c (counts);\n",
     NULL},
    {"a table serves another group", a_table_serves_another_group,
     "endpoint-route-table-missing vpce-s3 degraded auto held:\n", "which is of no group"},
    {"lacks a subnet", lacks_a_subnet,
     "endpoint-subnet-missing vpce-logs degraded auto: ModifyVpcEndpoint vpce-logs: add "
     "subnet-private-c (counts);\n",
     NULL},
    {"lacks a subnet, and it is full", lacks_a_subnet_that_is_full,
     "endpoint-subnet-missing vpce-logs degraded auto held:\n", "no free IPv4 address"},
    {"lacks a zone without the service", lacks_a_zone_without_the_service,
     "endpoint-zone-unsupported vpce-logs degraded never:\n", NULL},
    {"lacks a security group", lacks_a_group,
     "endpoint-security-group-missing vpce-logs degraded approve: ModifyVpcEndpoint vpce-logs: add "
     "sg-more (counts);\n",
     NULL},
    {"lacks a rule", lacks_a_rule,
     "endpoint-inbound-rule-missing vpce-logs outage approve: AuthorizeSecurityGroupIngress "
     "tcp 443 from sg-functions in sg-endpoint (counts);\n",
     "time out"},
    {"lacks a rule for a port", lacks_a_rule_for_a_port,
     "endpoint-inbound-rule-missing vpce-logs outage approve: AuthorizeSecurityGroupIngress "
     "tcp 8443 from sg-functions in sg-endpoint (counts);\n",
     NULL},
    {"lacks a rule, and no group is listed", lacks_a_rule_in_nobodys_group,
     "endpoint-inbound-rule-missing vpce-logs outage approve held:\n", "name one"},
    {"nobody says who the functions are", the_functions_groups_are_not_said, "", NULL},
    {"one of the functions' groups is let in", one_of_two_groups_is_let_in, "", NULL},
    {"with the VPC's default group", in_the_default_group,
     "endpoint-missing - degraded approve: CreateVpcEndpoint for " SERVICE(
         "logs") " in subnet-private-a, subnet-private-c, private DNS on (counts);\n",
     NULL},
    {"private DNS off", private_dns_off,
     "endpoint-private-dns-off vpce-logs degraded approve: ModifyVpcEndpoint vpce-logs: private "
     "DNS on (counts);\n",
     NULL},
    {"private DNS off, and somebody would lose", private_dns_off_and_a_loser,
     "endpoint-private-dns-off vpce-logs degraded approve held:\n", "would cut it off"},
    {"another policy", another_policy, "endpoint-policy-differs vpce-logs degraded never:\n", NULL},
    {"a policy with one member more", a_policy_with_one_member_more,
     "endpoint-policy-differs vpce-logs degraded never:\n", NULL},
    {"both DNS attributes off", both_off,
     "vpc-dns-support-off vpc-1 outage approve: ModifyVpcAttribute of vpc-1: enableDnsSupport on "
     "(counts);\n"
     "vpc-dns-hostnames-off vpc-1 outage approve after vpc-dns-support-off:\n",
     NULL},
    {"DNS hostnames off", hostnames_off,
     "vpc-dns-hostnames-off vpc-1 outage approve: ModifyVpcAttribute of vpc-1: enableDnsHostnames "
     "on (counts);\n",
     NULL},
    {"DNS hostnames off, and somebody would lose", hostnames_off_and_a_loser,
     "vpc-dns-hostnames-off vpc-1 outage approve held:\n", "would cut it off"},
    {"DNS hostnames off, and one in a new state", hostnames_off_and_a_new_state,
     "vpc-dns-hostnames-off vpc-1 outage approve held:\n", "would cut it off"},
    {"private DNS is not said", private_dns_not_said, "unknown: VPC endpoints\n", NULL},
    {"DNS hostnames off, and no endpoint", hostnames_off_and_no_endpoint,
     "vpc-dns-hostnames-off vpc-1 outage approve: ModifyVpcAttribute of vpc-1: enableDnsHostnames "
     "on (counts);\n"
     "endpoint-missing - degraded approve after vpc-dns-hostnames-off:\n",
     NULL},
    {"attributes unread", attributes_unread, "unknown: VPC attributes\n", NULL},
    {"S3 by an interface", s3_by_an_interface,
     "endpoint-missing - degraded approve: " S3_INTERFACE_BUILT, NULL},
    {"S3 by an interface, and no gateway", s3_by_an_interface_and_no_gateway,
     "endpoint-missing - degraded approve: " S3_BUILT
     "endpoint-missing - degraded approve after endpoint-missing:\n",
     NULL},
    {"S3 by an interface, and no gateway declared", s3_by_an_interface_and_none_declared,
     "endpoint-missing - degraded approve held:\n", "wants a gateway endpoint"},
};

static void test_endpoints(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        const struct plan_drift *drift;
        const char *text;

        vpc_make_endpoints(vpc);
        rows[i].arrange(vpc);
        vpc_look(vpc);
        text = text_of(vpc);
        if (strcmp(text, rows[i].plan) != 0)
            fail_msg("%s:\n%sexpected:\n%s", rows[i].name, text, rows[i].plan);
        drift = vpc->plan->drifts.items;
        if (rows[i].says && !strstr(drift->message, rows[i].says) &&
            !(drift->held && strstr(drift->held, rows[i].says)))
            fail_msg("%s: \"%s\", \"%s\"", rows[i].name, drift->message,
                     drift->held ? drift->held : "");
    }
}

/* What an undeclared subnet shares is another finding's, too. */
static void test_foreign_table(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    const struct plan_drift *drift;

    (void)state;
    vpc_make_endpoints(vpc);
    a_table_serves_strangers(vpc);
    vpc_look(vpc);
    drift = vpc_drift(vpc, DRIFT_ENDPOINT_ROUTE_TABLE_MISSING, 0);
    assert_non_null(drift);
    assert_non_null(drift->held);
    assert_non_null(strstr(drift->held, "subnet-stranger, which the config does not declare"));
    assert_int_equal(drift->n_actions, 0);
}

/* The dead one's id goes into the token of the next, and "old -> new" is said of it. */
static void test_predecessor(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();

    (void)state;
    vpc_make_endpoints(vpc);
    failed(vpc);
    vpc_add_endpoint(vpc, "vpce-older", SERVICE("logs"), true)->state = "failed";
    vpc_endpoint(vpc, "vpce-older")->creation_timestamp = "2026-11-20T05:00:00.000Z";
    vpc_look(vpc);
    assert_string_equal(vpc->plan->actions.items[0].predecessor, "vpce-logs");
}

/* ---- copies of tables that a gateway endpoint is in (S7) ---- */

static void table_shared(struct vpc *vpc)
{
    vpc_disassociate(vpc, "rtb-private-a", "subnet-private-a");
    vpc_associate(vpc, "rtb-private-c", "subnet-private-a");
}

static void copy_made(struct vpc *vpc)
{
    struct ec2_route_table *table;

    table_shared(vpc);
    table = vpc_add_table(vpc, "rtb-copy", "vpc-1");
    vpc_tag(vpc, &table->tags, TAG_OWNER, "vpc-reconciled/vpc-1");
    vpc_tag(vpc, &table->tags, TAG_ROLE, "route-table/functions/" ZONE_A);
}

static void copy_of_two_families(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_add_route(vpc, "rtb-private-c", "pl-s3-ipv6", "vpce-s3");
}

static void copy_has_its_static_routes(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_add_route(vpc, "rtb-copy", "0.0.0.0/0", "nat-c");
    vpc_add_route(vpc, "rtb-copy", "::/0", "eigw-1");
}

static void copys_entry_does_not_show(struct vpc *vpc)
{
    copy_has_its_static_routes(vpc);
    vpc_endpoint(vpc, "vpce-s3")->route_table_ids =
        VPC_TEXTS(vpc, struct wire_texts, "rtb-copy", "rtb-private-a", "rtb-private-c");
}

static void copy_whole(struct vpc *vpc)
{
    copys_entry_does_not_show(vpc);
    vpc_add_route(vpc, "rtb-copy", "pl-s3", "vpce-s3");
}

static void the_source_has_a_strange_entry(struct vpc *vpc)
{
    table_shared(vpc);
    vpc_drop_endpoint(vpc, "vpce-s3");
    vpc->target.endpoints++;
    vpc->target.n_endpoints--;
}

static void the_source_has_an_endpoint_that_changes(struct vpc *vpc)
{
    copy_made(vpc);
    vpc_endpoint(vpc, "vpce-s3")->state = "pending";
}

static void the_source_has_a_load_balancers_endpoint(struct vpc *vpc)
{
    copy_has_its_static_routes(vpc);
    vpc_drop_route(vpc, "rtb-private-c", "pl-s3");
    vpc_add_endpoint(vpc, "vpce-gwlb", "com.amazonaws.vpce.ap-northeast-1.vpce-svc-9", true)
        ->vpc_endpoint_type = "GatewayLoadBalancer";
    vpc_add_route(vpc, "rtb-private-c", "pl-corp", "vpce-gwlb");
}

#define SHARED "route-table-shared rtb-private-c degraded approve: "
#define STATIC_ROUTES                                                                              \
    "CreateRoute 0.0.0.0/0 -> nat-c in rtb-copy (counts); "                                        \
    "CreateRoute ::/0 -> eigw-1 in rtb-copy (counts); "
#define ENTRY "ModifyVpcEndpoint vpce-s3: add rtb-copy (counts);\n"

static const struct {
    const char *name;
    void (*arrange)(struct vpc *vpc);
    const char *first; /* line of the plan */
    const char *pending;
} copy_rows[] = {
    {"no copy yet", table_shared,
     SHARED "CreateRouteTable for route-table/functions/" ZONE_A " in vpc-1 (counts);\n", NULL},
    {"a bare copy: static routes, then the entry", copy_made, SHARED STATIC_ROUTES ENTRY, NULL},
    {"one entry makes the routes of both families", copy_of_two_families,
     SHARED STATIC_ROUTES ENTRY, NULL},
    {"the entry is what is left", copy_has_its_static_routes, SHARED ENTRY, NULL},
    {"the entry's route does not show yet", copys_entry_does_not_show,
     "route-table-shared rtb-private-c degraded approve:\n", "the routes of vpce-s3 in rtb-copy"},
    {"whole", copy_whole,
     SHARED "ReplaceRouteTableAssociation of subnet-private-a: rtb-copy (counts);\n", NULL},
    {"an entry of an endpoint that is not listed", the_source_has_a_strange_entry,
     "route-table-shared rtb-private-c degraded approve held:\n", NULL},
    {"an entry of an endpoint that changes", the_source_has_an_endpoint_that_changes,
     "route-table-shared rtb-private-c degraded approve held:\n", NULL},
    {"a Gateway Load Balancer's route is a static one", the_source_has_a_load_balancers_endpoint,
     SHARED "CreateRoute pl-corp -> vpce-gwlb in rtb-copy (counts);\n", NULL},
};

static void test_copies(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(copy_rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        const char *text;

        vpc_make_endpoints(vpc);
        copy_rows[i].arrange(vpc);
        vpc_look(vpc);
        text = text_of(vpc);
        if (!text_starts_with(text, copy_rows[i].first))
            fail_msg("%s:\n%sexpected first:\n%s", copy_rows[i].name, text, copy_rows[i].first);
        if (copy_rows[i].pending) {
            assert_true(vpc->plan->pending);
            assert_string_equal(vpc->plan->pending_what, copy_rows[i].pending);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endpoints),
        cmocka_unit_test(test_foreign_table),
        cmocka_unit_test(test_predecessor),
        cmocka_unit_test(test_copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
