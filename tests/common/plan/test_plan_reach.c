/* Declared goals that hang on what could not be read: unknown, and neither reached nor missed. */
#include "support/outbound.h"

#include "plan_text.h"

static void must_reach(struct vpc *vpc, const char *to)
{
    struct declared_reach *reach = ARENA_NEW(vpc->arena, struct declared_reach);

    *reach = (struct declared_reach){.from = "functions", .to = to, .port = 443};
    vpc->target.must_reach = reach;
    vpc->target.n_must_reach = 1;
}

/* All subnets have one that lets everything over IPv4 pass. */
static void open_network_acl(struct vpc *vpc)
{
    struct ec2_network_acl *acl = VEC_ADD(vpc->arena, &vpc->observation.network_acls);
    struct ec2_network_acl_entry *entries =
        ARENA_ARRAY(vpc->arena, struct ec2_network_acl_entry, 2);

    *acl = (struct ec2_network_acl){.network_acl_id = "acl-1", .vpc_id = "vpc-1"};
    for (size_t i = 0; i < 2; i++)
        entries[i] = (struct ec2_network_acl_entry){.rule_number = {.value = 100, .set = true},
                                                    .protocol = "-1",
                                                    .rule_action = "allow",
                                                    .egress = i ? WIRE_TRUE : WIRE_FALSE,
                                                    .cidr_block = PREFIX_IPV4_DEFAULT};
    acl->entries.items = entries;
    acl->entries.n = 2;
    acl->associations.items =
        ARENA_ARRAY(vpc->arena, struct ec2_network_acl_association, vpc->observation.subnets.n);
    VEC_EACH (subnet, &vpc->observation.subnets)
        acl->associations.items[acl->associations.n++].subnet_id = subnet->subnet_id;
}

/* Nothing but the goal asks for the way out. */
static void goal(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->ipv4 = (struct declared_options){0};
    vpc_group(vpc, "functions")->ipv6 = (struct declared_options){0};
    vpc_group(vpc, "public")->ipv4 = (struct declared_options){0};
    vpc_group(vpc, "public")->ipv6 = (struct declared_options){0};
    open_network_acl(vpc);
    must_reach(vpc, "internet");
    vpc->target.must_reach[0].family = FAMILY_IPV4;
}

#define UNREAD(name, list)                                                                         \
    static void name(struct vpc *vpc)                                                              \
    {                                                                                              \
        goal(vpc);                                                                                 \
        vpc->observation.lists[LIST_##list].complete = false;                                      \
    }
UNREAD(nat_gateways_unread, NAT_GATEWAYS)
UNREAD(internet_gateways_unread, INTERNET_GATEWAYS)
UNREAD(network_acls_unread, NETWORK_ACLS)
UNREAD(zones_unread, AVAILABILITY_ZONES)

/* Entries of a list that is not asked for are no half of a picture. */
static void a_list_that_nobody_wants(struct vpc *vpc)
{
    network_acls_unread(vpc);
    vpc->observation.lists[LIST_CAPACITY_PROVIDERS] = (struct list_status){0};
}

/* Which groups the functions have is not known, and with them whether anything lets them out. */
static void groups_of_a_provider_unread(struct vpc *vpc)
{
    struct observed_capacity_provider *provider =
        VEC_ADD(vpc->arena, &vpc->observation.capacity_providers);

    goal(vpc);
    *provider = (struct observed_capacity_provider){
        .name = "orders", .state = "Active", .subnet_ids = vpc_group(vpc, "functions")->subnet_ids};
    vpc_group(vpc, "functions")->capacity_provider = "orders";
    vpc_group(vpc, "functions")->services_said = true; /* that it uses none */
    vpc->observation.lists[LIST_SECURITY_GROUPS].complete = false;
}

static void test_goals(void **state)
{
    static const struct plan_case rows[] = {
        {"all is read", goal, "", NULL},
        {"NAT gateways", nat_gateways_unread, "unknown: NAT gateways\n", NULL},
        {"internet gateways", internet_gateways_unread, "unknown: internet gateways\n", NULL},
        {"network ACLs", network_acls_unread, "unknown: network ACLs\n", NULL},
        {"and a list that nobody wants", a_list_that_nobody_wants, "unknown: network ACLs\n", NULL},
        {"zones, which it does not hang on", zones_unread, "", NULL},
        {"groups of a provider", groups_of_a_provider_unread, "unknown: security groups\n", NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_goals)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
