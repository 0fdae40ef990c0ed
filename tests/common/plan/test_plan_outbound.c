/* outbound-rule-missing: declared traffic against the rules that are there. */
#include "plan_text.h"
#include "support/outbound.h"

#define MISSING "outbound-rule-missing sg-f outage approve:"
#define ADD(what) " AuthorizeSecurityGroupEgress " what " in sg-f (counts);"

#define WORLD(name, egress)                                                                        \
    static void name(struct vpc *vpc)                                                              \
    {                                                                                              \
        vpc_make_outbound(vpc, egress);                                                            \
    }
WORLD(everything, "-1 - 0.0.0.0/0,::/0")
WORLD(as_declared, "tcp 443:443 0.0.0.0/0,::/0")
WORLD(all_ports, "tcp 0:65535 0.0.0.0/0;-1 - ::/0")
WORLD(split, "tcp 1:443 0.0.0.0/1;tcp 443:500 128.0.0.0/1;6 443:443 0:0:0:0:0:0:0:0/0")
WORLD(joined_by_two_lists, "tcp 443:443 pl-low,pl-high,::/0")
WORLD(none, "")
WORLD(ipv4_alone, "tcp 443:443 0.0.0.0/0")
WORLD(another_port, "tcp 80:80 0.0.0.0/0,::/0")
WORLD(half, "tcp 443:443 0.0.0.0/1,::/0")
WORLD(unknown_list, "tcp 443:443 pl-x,::/0")

static void lists(struct vpc *vpc)
{
    static struct prefix entries[2];
    static const char *const ids[] = {"pl-low", "pl-high"};

    entries[0] = rules_prefix("0.0.0.0/1");
    entries[1] = rules_prefix("128.0.0.0/1");
    joined_by_two_lists(vpc);
    for (size_t i = 0; i < 2; i++)
        *VEC_ADD(vpc->arena, &vpc->observation.prefix_list_entries) =
            (struct observed_prefix_list){ids[i], &entries[i], 1};
}

static void nothing_declared(struct vpc *vpc)
{
    none(vpc);
    vpc_group(vpc, "functions")->n_outbound = 0;
}

/* What the functions have is all of their groups together. */
static void two_groups(struct vpc *vpc)
{
    ipv4_alone(vpc);
    vpc_add_security_group(vpc, "sg-g", "vpc-1", "tcp 1:1000 ::/0");
    vpc_list_security_group(vpc, "functions", "sg-g");
}

static void strangers_rules(struct vpc *vpc)
{
    none(vpc);
    vpc_list_security_group(vpc, "functions", "sg-9");
}

static void group_of_elsewhere(struct vpc *vpc)
{
    none(vpc);
    vpc_group(vpc, "functions")->security_groups.items[0] = "sg-9";
}

static void every_kind(struct vpc *vpc)
{
    none(vpc);
    vpc_group(vpc, "functions")->n_outbound = 0;
    vpc_declare_outbound(vpc, "functions", "udp", PORTS(1024, 65535), "pl-x,sg-f");
    vpc_declare_outbound(vpc, "functions", "icmp", NO_PORTS, "0.0.0.0/0");
    vpc_declare_outbound(vpc, "functions", "all", NO_PORTS, "2001:db8::/32");
}

/* Of declared traffic that holds other declared traffic, the wider is enough. */
static void nested(struct vpc *vpc)
{
    none(vpc);
    vpc_declare_outbound(vpc, "functions", "tcp", PORT(443), "10.0.0.0/8");
    vpc_declare_outbound(vpc, "functions", "all", NO_PORTS, "0.0.0.0/0");
    vpc_declare_outbound(vpc, "functions", "all", NO_PORTS, "0.0.0.0/0");
}

static void list_unknown(struct vpc *vpc)
{
    none(vpc);
    vpc->observation.lists[LIST_SECURITY_GROUPS].complete = false;
}

/* ---- through a capacity provider ---- */

static void provided(struct vpc *vpc, const char *group_id)
{
    struct observed_capacity_provider *provider =
        VEC_ADD(vpc->arena, &vpc->observation.capacity_providers);

    none(vpc);
    vpc_group(vpc, "functions")->security_groups.n = 0;
    vpc_group(vpc, "functions")->capacity_provider = "orders";
    *provider = (struct observed_capacity_provider){
        .name = "orders", .state = "Active", .subnet_ids = vpc_group(vpc, "functions")->subnet_ids};
    provider->security_group_ids.items = ARENA_ARRAY(vpc->arena, const char *, 1);
    if (group_id)
        provider->security_group_ids.items[provider->security_group_ids.n++] = group_id;
}

static void provider(struct vpc *vpc)
{
    provided(vpc, "sg-f");
}

static void provider_has_default(struct vpc *vpc)
{
    provided(vpc, NULL);
}

static void provider_unknown(struct vpc *vpc)
{
    provided(vpc, "sg-f");
    vpc->observation.lists[LIST_CAPACITY_PROVIDERS].complete = false;
}

static void test_outbound(void **state)
{
    static const struct plan_case rows[] = {
        {"everything is let out", everything, "", NULL},
        {"as declared", as_declared, "", NULL},
        {"all ports, all traffic", all_ports, "", NULL},
        {"split by ports and blocks, spelled otherwise", split, "", NULL},
        {"prefix lists that together hold all", lists, "", NULL},
        {"nothing declared", nothing_declared, "", NULL},
        {"two groups together", two_groups, "", NULL},
        {"no rule at all", none, MISSING ADD("tcp 443 to 0.0.0.0/0") ADD("tcp 443 to ::/0") "\n",
         "No outbound rule of group \"functions\"'s security groups (sg-f) lets out tcp 443 to "
         "0.0.0.0/0, tcp 443 to ::/0"},
        {"one family", ipv4_alone, MISSING ADD("tcp 443 to ::/0") "\n", NULL},
        {"another port", another_port,
         MISSING ADD("tcp 443 to 0.0.0.0/0") ADD("tcp 443 to ::/0") "\n", NULL},
        {"half of the addresses", half, MISSING ADD("tcp 443 to 0.0.0.0/0") "\n", NULL},
        {"hangs on a list that is not known", unknown_list, "unknown: prefix list entries\n", NULL},
        {"another VPC's rules count for nothing", strangers_rules,
         MISSING ADD("tcp 443 to 0.0.0.0/0") ADD("tcp 443 to ::/0") "\n", NULL},
        {"no group of this VPC", group_of_elsewhere,
         "outbound-rule-missing sg-9 outage approve held:\n",
         "this VPC has none of these security groups"},
        {"every kind", every_kind,
         MISSING ADD("udp 1024-65535 to pl-x") ADD("udp 1024-65535 to sg-f")
             ADD("icmp to 0.0.0.0/0") ADD("all traffic to 2001:db8::/32") "\n",
         NULL},
        {"one in another", nested,
         MISSING ADD("tcp 443 to ::/0") ADD("all traffic to 0.0.0.0/0") "\n", NULL},
        {"the list is incomplete", list_unknown, "unknown: security groups\n", NULL},
        {"of a capacity provider", provider,
         MISSING ADD("tcp 443 to 0.0.0.0/0") ADD("tcp 443 to ::/0") "\n", NULL},
        {"a capacity provider with the default group", provider_has_default,
         "outbound-rule-missing sg-default outage approve held:\n",
         "the VPC's default security group"},
        {"a capacity provider that is not known", provider_unknown, "unknown: capacity providers\n",
         NULL},
    };

    (void)state;
    check(rows, ARRAY_SIZE(rows));
}

/* One permission with one peer a call, and a role that holds no id of AWS but the declared ones. */
static void test_requests(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    const struct plan_action *action;

    (void)state;
    none(vpc);
    vpc_look(vpc);
    assert_int_equal(vpc->plan->actions.n, 2);
    action = &vpc->plan->actions.items[0];
    assert_int_equal(action->expect, EXPECT_RULE_ABSENT);
    assert_string_equal(action->role, "outbound/functions/tcp 443/0.0.0.0/0");
    assert_string_equal(action->request.group_id, "sg-f");
    assert_int_equal(action->request.ip_permissions.n, 1);
    assert_int_equal(action->request.ip_permissions.items->ip_ranges.n, 1);
    assert_int_equal(action->request.ip_permissions.items->ipv6_ranges.n, 0);
    assert_string_equal(action->request.ip_permissions.items->ip_ranges.items->description,
                        "vpc-reconciled: outbound of functions");
    assert_string_equal(vpc->plan->drifts.items[0].role, "outbound/functions");
    assert_string_equal(vpc->plan->drifts.items[0].subnets, "subnet-private-a, subnet-private-c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outbound),
        cmocka_unit_test(test_requests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
