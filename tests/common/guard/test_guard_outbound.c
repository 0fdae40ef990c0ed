/* Outbound rules before the guard alone: whose group (S1, S2), which traffic (S7), how many at
 * once, and what a look right before the write shows. */
#include "support/outbound.h"

static struct plan_action authorise(struct vpc *vpc, const char *group_id, const char *rules)
{
    struct plan_action action = {.call = EC2_AUTHORIZE_SECURITY_GROUP_EGRESS,
                                 .role = "outbound/functions/tcp 443/0.0.0.0/0",
                                 .expect = EXPECT_RULE_ABSENT};

    action.request.group_id = group_id;
    action.request.ip_permissions = rules_read(vpc->arena, rules);
    return action;
}

static void world(struct vpc *vpc)
{
    vpc_make_outbound(vpc, "tcp 80:80 0.0.0.0/0");
    vpc_declare_outbound(vpc, "functions", "udp", PORTS(1024, 65535), "pl-x,sg-other");
    vpc_declare_outbound(vpc, "functions", "icmp", NO_PORTS, "0.0.0.0/0");
    vpc_declare_outbound(vpc, "functions", "all", NO_PORTS, "2001:db8::/32");
}

static void covered(struct vpc *vpc)
{
    world(vpc);
    vpc->observation.security_groups.items[1].ip_permissions_egress =
        rules_read(vpc->arena, "-1 - 0.0.0.0/1,128.0.0.0/1");
}

static void covered_by_another_of_its_groups(struct vpc *vpc)
{
    world(vpc);
    vpc_add_security_group(vpc, "sg-g", "vpc-1", "tcp 0:65535 0.0.0.0/0");
    vpc_list_security_group(vpc, "functions", "sg-g");
}

static void hangs_on_a_list(struct vpc *vpc)
{
    world(vpc);
    vpc->observation.security_groups.items[1].ip_permissions_egress =
        rules_read(vpc->arena, "tcp 443:443 pl-x");
}

static void groups_unknown(struct vpc *vpc)
{
    world(vpc);
    vpc->observation.lists[LIST_SECURITY_GROUPS].complete = false;
}

static void unlisted(struct vpc *vpc)
{
    world(vpc);
    vpc_group(vpc, "functions")->security_groups.n = 0;
}

static void listed_by_a_group_that_declares_nothing(struct vpc *vpc)
{
    unlisted(vpc);
    vpc_list_security_group(vpc, "public", "sg-f");
}

static void provided(struct vpc *vpc)
{
    struct observed_capacity_provider *provider =
        VEC_ADD(vpc->arena, &vpc->observation.capacity_providers);

    unlisted(vpc);
    vpc_group(vpc, "functions")->capacity_provider = "orders";
    *provider = (struct observed_capacity_provider){.name = "orders", .state = "Active"};
    provider->security_group_ids.items = ARENA_ARRAY(vpc->arena, const char *, 2);
    provider->security_group_ids.items[0] = "sg-f";
    provider->security_group_ids.items[1] = "sg-default";
    provider->security_group_ids.n = 2;
    vpc->observation.security_groups.items[0].ip_permissions_egress.n = 0;
}

static void provider_failed(struct vpc *vpc)
{
    provided(vpc);
    vpc->observation.capacity_providers.items[0].state = "Failed";
}

static void provider_unknown(struct vpc *vpc)
{
    provided(vpc);
    vpc->observation.lists[LIST_CAPACITY_PROVIDERS].complete = false;
}

static void test_judged(void **state)
{
    static const struct {
        const char *name;
        void (*arrange)(struct vpc *vpc);
        const char *group_id, *rules;
        enum hold hold;
        const char *reason;
    } rows[] = {
        {"what is declared", world, "sg-f", "tcp 443:443 0.0.0.0/0", HOLD_NONE, NULL},
        {"the other family", world, "sg-f", "tcp 443:443 ::/0", HOLD_NONE, NULL},
        {"a prefix list", world, "sg-f", "udp 1024:65535 pl-x", HOLD_NONE, NULL},
        {"a group", world, "sg-f", "udp 1024:65535 sg-other", HOLD_NONE, NULL},
        {"icmp", world, "sg-f", "icmp -1:-1 0.0.0.0/0", HOLD_NONE, NULL},
        {"all traffic", world, "sg-f", "-1 - 2001:db8::/32", HOLD_NONE, NULL},
        {"of a capacity provider", provided, "sg-f", "tcp 443:443 0.0.0.0/0", HOLD_NONE, NULL},
        /* S1, S2 */
        {"another VPC's group", world, "sg-9", "tcp 443:443 0.0.0.0/0", HOLD_NOT_OURS, "vpc-1"},
        {"no group", world, NULL, "tcp 443:443 0.0.0.0/0", HOLD_NOT_OURS, "(none)"},
        {"a group that nobody lists", world, "sg-other", "tcp 443:443 0.0.0.0/0", HOLD_NOT_OURS,
         "does not list sg-other"},
        {"it is listed no more", unlisted, "sg-f", "tcp 443:443 0.0.0.0/0", HOLD_NOT_OURS,
         "does not list"},
        {"the default group, unlisted", provided, "sg-default", "tcp 443:443 0.0.0.0/0",
         HOLD_NOT_OURS, "does not list"},
        {"not of the provider's", provided, "sg-other", "tcp 443:443 0.0.0.0/0", HOLD_NOT_OURS,
         "does not list"},
        {"of a provider that failed", provider_failed, "sg-f", "tcp 443:443 0.0.0.0/0",
         HOLD_NOT_OURS, "do not have sg-f"},
        {"of a provider that is not known", provider_unknown, "sg-f", "tcp 443:443 0.0.0.0/0",
         HOLD_NOT_OURS, "does not list"},
        /* S7 */
        {"another port", world, "sg-f", "tcp 22:22 0.0.0.0/0", HOLD_UNSAFE, "declares"},
        {"more ports", world, "sg-f", "tcp 443:444 0.0.0.0/0", HOLD_UNSAFE, "declares"},
        {"another protocol", world, "sg-f", "udp 443:443 0.0.0.0/0", HOLD_UNSAFE, "declares"},
        {"every protocol", world, "sg-f", "-1 - 0.0.0.0/0", HOLD_UNSAFE, "declares"},
        {"a wider block", world, "sg-f", "-1 - 2001:d00::/24", HOLD_UNSAFE, "declares"},
        {"a narrower block", world, "sg-f", "tcp 443:443 10.0.0.0/8", HOLD_UNSAFE, "declares"},
        {"another list", world, "sg-f", "udp 1024:65535 pl-y", HOLD_UNSAFE, "declares"},
        {"another group", world, "sg-f", "udp 1024:65535 sg-f", HOLD_UNSAFE, "declares"},
        {"a group that declares nothing has it", listed_by_a_group_that_declares_nothing, "sg-f",
         "tcp 443:443 0.0.0.0/0", HOLD_UNSAFE, "declares"},
        /* one rule a call */
        {"two blocks", world, "sg-f", "tcp 443:443 0.0.0.0/0,::/0", HOLD_NOT_OURS, "one rule"},
        {"two permissions", world, "sg-f", "tcp 443:443 0.0.0.0/0;tcp 443:443 ::/0", HOLD_NOT_OURS,
         "one rule"},
        {"none", world, "sg-f", "", HOLD_NOT_OURS, "one rule"},
        {"tcp without ports", world, "sg-f", "tcp - 0.0.0.0/0", HOLD_NOT_OURS, "one rule"},
        {"ports the wrong way round", world, "sg-f", "tcp 443:80 0.0.0.0/0", HOLD_NOT_OURS,
         "one rule"},
        {"all traffic with ports", world, "sg-f", "-1 443:443 2001:db8::/32", HOLD_NOT_OURS,
         "one rule"},
        {"one type of icmp", world, "sg-f", "icmp 8:-1 0.0.0.0/0", HOLD_NOT_OURS, "one rule"},
        /* not needed, or not known to be */
        {"let out already", covered, "sg-f", "tcp 443:443 0.0.0.0/0", HOLD_WAIT, "already"},
        {"another of its groups lets it out", covered_by_another_of_its_groups, "sg-f",
         "tcp 443:443 0.0.0.0/0", HOLD_WAIT, "already"},
        {"hangs on a list that is not known", hangs_on_a_list, "sg-f", "tcp 443:443 0.0.0.0/0",
         HOLD_UNKNOWN, "prefix list"},
        {"groups are not known", groups_unknown, "sg-f", "tcp 443:443 0.0.0.0/0", HOLD_UNKNOWN,
         "incomplete"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct plan_action action;
        const char *reason = NULL;
        enum hold hold;

        rows[i].arrange(vpc);
        vpc_look(vpc);
        action = authorise(vpc, rows[i].group_id, rows[i].rules);
        hold = vpc_judge(vpc, &action, &reason);
        if (hold != rows[i].hold || (rows[i].reason && !strstr(reason, rows[i].reason)))
            fail_msg("%s: \"%s\" (%s), expected \"%s\" (%s)", rows[i].name, hold_name(hold),
                     reason ? reason : "", hold_name(rows[i].hold),
                     rows[i].reason ? rows[i].reason : "");
    }
}

/* Approval is what the row asks for, and then a second look after confirm_after.create. */
static void test_verdict(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = vpc_new();
    struct guard_policy policy;
    struct guard_verdict *verdicts;
    const char *finding;

    (void)state;
    vpc_make_outbound(vpc, "");
    vpc_look(vpc);
    policy = vpc_policy(vpc);
    guard_judge(vpc->arena, vpc->plan, vpc->desired, vpc->snapshot, &policy, &verdicts);
    assert_int_equal(vpc->plan->drifts.n, 1);
    assert_int_equal(verdicts[0].hold, HOLD_APPROVAL);
    finding = vpc->plan->drifts.items[0].finding;
    policy.approved = (struct texts){.items = &finding, .n = 1};
    guard_judge(vpc->arena, vpc->plan, vpc->desired, vpc->snapshot, &policy, &verdicts);
    assert_int_equal(verdicts[0].hold, HOLD_NONE);
}

static void test_look(void **state)
{
    static const struct {
        const char *name, *group_id, *vpc_id, *egress;
        const char *differs;
    } rows[] = {
        {"unchanged", "sg-f", "vpc-1", "tcp 80:80 0.0.0.0/0", NULL},
        {"rules that do not matter", "sg-f", "vpc-1", "tcp 443:443 ::/0,0.0.0.0/1", NULL},
        {"the rule is there", "sg-f", "vpc-1", "tcp 443:443 0.0.0.0/0", "covers it now"},
        {"a wider rule is there", "sg-f", "vpc-1", "-1 - 0.0.0.0/0", "covers it now"},
        {"a list that is not known", "sg-f", "vpc-1", "tcp 443:443 pl-x", "covers it now"},
        {"another group", "sg-g", "vpc-1", "", "was not there"},
        {"moved", "sg-f", "vpc-9", "", "another VPC"},
        {"gone", NULL, NULL, "", "was not there"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct ec2_security_group group = {.group_id = rows[i].group_id, .vpc_id = rows[i].vpc_id};
        struct ec2_describe_reply fresh = {0};
        struct plan_action action;
        struct guard_look look;
        const char *differs;

        world(vpc);
        vpc_look(vpc);
        action = authorise(vpc, "sg-f", "tcp 443:443 0.0.0.0/0");
        guard_look(vpc->arena, &action, vpc->snapshot, &look);
        assert_int_equal(look.call, EC2_DESCRIBE_SECURITY_GROUPS);
        assert_string_equal(look.request.filters.items[0].name, "group-id");
        assert_string_equal(look.request.filters.items[0].values.items[0], "sg-f");
        group.ip_permissions_egress = rules_read(vpc->arena, rows[i].egress);
        fresh.security_groups.items = &group;
        fresh.security_groups.n = rows[i].group_id != NULL;
        differs = guard_recheck(vpc->arena, &action, vpc->snapshot, &fresh);
        if ((differs == NULL) != (rows[i].differs == NULL) ||
            (differs && !strstr(differs, rows[i].differs)))
            fail_msg("%s: %s", rows[i].name, differs ? differs : "unchanged");
    }
}

/* ---- a hostile planner: whatever comes, what is let through is declared, ours and missing ---- */

/* One address for each way in which the blocks below tell addresses apart. */
static const char *const addresses[] = {"10.1.1.1", "64.0.0.1", "200.0.0.1", "2001:db8::1",
                                        "9000::1"};
static const char *const blocks[] = {"0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8",
                                     "::/0",      "::/1",      "8000::/1"};
static const char *const ports[] = {"80:80", "443:443", "1:500", "444:444"};
static const char *const groups[] = {"sg-f", "sg-g", "sg-other", "sg-default", "sg-9"};
#define PICK(rng, list) ((list)[rng_below((rng), ARRAY_SIZE(list))])

static const char *random_rules(struct vpc *vpc, struct rng *rng, uint64_t n)
{
    const char *text = "";

    for (; n > 0; n--) {
        const bool all = rng_below(rng, 8) == 0;
        const char *at = all ? "-" : PICK(rng, ports), *block = PICK(rng, blocks);
        const char *more = rng_below(rng, 4) ? NULL : PICK(rng, blocks);

        text = arena_printf(vpc->arena, "%s%s%s %s %s%s%s", text, *text ? ";" : "",
                            all ? "-1" : "tcp", at, block, more ? "," : "", more ? more : "");
    }
    return text;
}

static bool lets_out(const ec2_ip_permissions *rules, const char *protocol, int port,
                     const struct prefix *address)
{
    for (size_t i = 0; i < rules->n; i++) {
        const struct ec2_ip_permission *rule = &rules->items[i];

        if (!text_equal(rule->ip_protocol, "-1") &&
            (!text_equal(rule->ip_protocol, protocol) || port < rule->from_port.value ||
             port > rule->to_port.value))
            continue;
        for (size_t k = 0; k < rule->ip_ranges.n; k++)
            if (prefix_contains(&rule->ip_ranges.items[k].cidr_ip, address))
                return true;
        for (size_t k = 0; k < rule->ipv6_ranges.n; k++)
            if (prefix_contains(&rule->ipv6_ranges.items[k].cidr_ipv6, address))
                return true;
    }
    return false;
}

/* Why the call must not be sent, or NULL, by trying packets. */
static const char *forbidden(struct vpc *vpc, const struct plan_action *action)
{
    const struct ec2_ip_permission *rule = action->request.ip_permissions.items;
    bool missing = false;

    if (!text_equal(action->request.group_id, "sg-f") &&
        !text_equal(action->request.group_id, "sg-g"))
        return "a group that the config does not list";
    if (action->request.ip_permissions.n != 1 || rule->ip_ranges.n + rule->ipv6_ranges.n != 1)
        return "several rules";
    for (size_t i = 0; i < ARRAY_SIZE(addresses); i++)
        for (int port = 79; port < 510; port++) {
            struct prefix address;
            bool declared = false, before = false;

            assert_int_equal(prefix_parse_address(addresses[i], &address), 0);
            if (!lets_out(&action->request.ip_permissions, "tcp", port, &address))
                continue;
            for (size_t d = 0; d < vpc->groups[0].n_outbound; d++)
                for (size_t t = 0; t < vpc->groups[0].outbound[d].to.n; t++) {
                    const struct prefix to = rules_prefix(vpc->groups[0].outbound[d].to.items[t]);

                    declared |= prefix_contains(&to, &address) &&
                                port >= vpc->groups[0].outbound[d].ports->from &&
                                port <= vpc->groups[0].outbound[d].ports->to;
                }
            VEC_EACH (group, &vpc->observation.security_groups)
                if (text_equal(group->group_id, "sg-f") || text_equal(group->group_id, "sg-g"))
                    before |= lets_out(&group->ip_permissions_egress, "tcp", port, &address);
            missing |= !before;
            if (!declared)
                return "traffic that nobody declared";
        }
    return missing ? NULL : "all of it is let out already";
}

static void test_hostile_planner(void **state)
{
    unsigned n_passed = 0, n_refused_right = 0, n_planned = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 4000; seed++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = vpc_new();
        struct rng rng = {seed};
        struct plan_action action;
        const char *reason = NULL, *why;

        vpc_add_security_group(vpc, "sg-default", "vpc-1", "")->group_name = "default";
        vpc_add_security_group(vpc, "sg-f", "vpc-1", random_rules(vpc, &rng, rng_below(&rng, 4)));
        vpc_add_security_group(vpc, "sg-g", "vpc-1", random_rules(vpc, &rng, rng_below(&rng, 2)));
        vpc_add_security_group(vpc, "sg-other", "vpc-1", "");
        vpc_add_security_group(vpc, "sg-9", "vpc-9", "");
        vpc_list_security_group(vpc, "functions", "sg-f");
        vpc_list_security_group(vpc, "functions", "sg-g");
        vpc_declare_outbound(vpc, "functions", "tcp", PORT(443), PICK(&rng, blocks));
        vpc_declare_outbound(vpc, "functions", "tcp", PORTS(1, 500), PICK(&rng, blocks));
        vpc_look(vpc);
        for (size_t i = 0; i < vpc->plan->actions.n;
             i++, n_planned++) /* the plan is refused none */
            assert_int_equal(vpc_judge(vpc, &vpc->plan->actions.items[i], &reason), HOLD_NONE);

        action = authorise(vpc, PICK(&rng, groups), random_rules(vpc, &rng, 1));
        why = forbidden(vpc, &action);
        if (vpc_judge(vpc, &action, &reason) != HOLD_NONE) {
            n_refused_right += why != NULL;
            continue;
        }
        if (why)
            fail_msg("seed %llu: let through: %s", (unsigned long long)seed, why);
        n_passed++;
    }
    assert_true(n_passed > 20);
    assert_true(n_planned > 1000);
    assert_true(n_refused_right > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_judged),
        cmocka_unit_test(test_verdict),
        cmocka_unit_test(test_look),
        cmocka_unit_test(test_hostile_planner),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
