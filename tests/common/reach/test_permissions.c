/* permissions_cover(): rows by hand, and random rules over a universe small enough to try every
 * packet. */
#include "support/rules.h"
#include "vpc_reconciled/traffic.h"

/* A VPC of 10.0.0.0/28 and 2001:db8::/124: sixteen addresses in each family. */
struct stage {
    struct arena *arena;
    struct observation observation;
    struct snapshot snapshot;
    struct ec2_vpc vpc;
    struct ec2_security_group groups[2];
    const struct ec2_security_group *group_list[2];
};

static void add_block(struct stage *stage, const char *text, uint8_t state)
{
    const struct prefix prefix = rules_prefix(text);
    struct ec2_vpc *vpc = &stage->vpc;

    if (prefix.family == FAMILY_IPV4) {
        struct ec2_vpc_cidr_block_association *block =
            &vpc->cidr_block_associations.items[vpc->cidr_block_associations.n++];

        block->cidr_block = prefix;
        block->state = state;
    } else {
        struct ec2_ipv6_cidr_block_association *block =
            &vpc->ipv6_cidr_block_associations.items[vpc->ipv6_cidr_block_associations.n++];

        block->ipv6_cidr_block = prefix;
        block->state = state;
    }
}

static void add_entries(struct stage *stage, const char *id, const struct prefix *entries, size_t n)
{
    struct observed_prefix_list *list =
        VEC_ADD(stage->arena, &stage->observation.prefix_list_entries);

    *list = (struct observed_prefix_list){id, entries, n};
}

static void stage_init(struct stage *stage)
{
    *stage = (struct stage){.arena = arena_new()};
    stage->vpc.cidr_block_associations.items =
        ARENA_ARRAY(stage->arena, struct ec2_vpc_cidr_block_association, 4);
    stage->vpc.ipv6_cidr_block_associations.items =
        ARENA_ARRAY(stage->arena, struct ec2_ipv6_cidr_block_association, 4);
    add_block(stage, "10.0.0.0/28", EC2_ASSOCIATION_ASSOCIATED);
    add_block(stage, "2001:db8::/124", EC2_ASSOCIATION_ASSOCIATED);
    stage->groups[0].group_id = "sg-a";
    stage->groups[1].group_id = "sg-b";
    stage->group_list[0] = &stage->groups[0];
    stage->group_list[1] = &stage->groups[1];
    stage->observation.lists[LIST_PREFIX_LIST_ENTRIES].complete = true;
    stage->snapshot = (struct snapshot){.observation = &stage->observation,
                                        .complete = ~0U,
                                        .vpc = &stage->vpc,
                                        .security_groups = stage->group_list,
                                        .n_security_groups = 2};
}

/* ---- rows ---- */

static struct traffic read_traffic(struct arena *arena, const char *text)
{
    char protocol[16], ports[32], peer[100];
    struct traffic traffic = {0};
    unsigned from = 0, to = 0;
    const char *kept;

    assert_int_equal(sscanf(text, "%15s %31s %99s", protocol, ports, peer), 3);
    traffic.protocol = arena_strdup(arena, protocol);
    if (strcmp(ports, "-") != 0) {
        assert_int_equal(sscanf(ports, "%u:%u", &from, &to), 2);
        traffic.port_from = (uint16_t)from;
        traffic.port_to = (uint16_t)to;
    }
    kept = arena_strdup(arena, peer);
    if (text_starts_with(kept, "pl-"))
        traffic.prefix_list_id = kept;
    else if (text_starts_with(kept, "sg-"))
        traffic.group_id = kept;
    else
        traffic.cidr = rules_prefix(kept);
    return traffic;
}

#define NO VERDICT_NO
#define UNKNOWN VERDICT_UNKNOWN
#define YES VERDICT_YES

/* pl-known is 10.0.0.0/30 and 10.0.0.8/30, pl-empty has nothing; pl-4 and pl-6 are of a known
 * family, pl-x of none. Permissions are separated by ";", groups by "|". */
static const struct {
    const char *name, *permissions, *traffic;
    enum verdict verdict;
} rows[] = {
    {"no rule", "", "tcp 443:443 0.0.0.0/0", NO},
    {"the same", "tcp 443:443 0.0.0.0/0", "tcp 443:443 0.0.0.0/0", YES},
    {"all traffic", "-1 - 0.0.0.0/0", "tcp 443:443 0.0.0.0/0", YES},
    {"all traffic with ports", "-1 0:0 0.0.0.0/0", "tcp 443:443 0.0.0.0/0", YES},
    {"tcp is not all", "tcp 0:65535 0.0.0.0/0", "-1 - 0.0.0.0/0", NO},
    {"all ports of tcp", "tcp 0:65535 0.0.0.0/0", "tcp 1:65535 0.0.0.0/0", YES},
    {"tcp is not udp", "tcp 0:65535 0.0.0.0/0", "udp 53:53 0.0.0.0/0", NO},
    {"by number", "6 443:443 0.0.0.0/0;17 53:53 0.0.0.0/0", "udp 53:53 0.0.0.0/0", YES},
    {"in capitals", "TCP 443:443 0.0.0.0/0", "tcp 443:443 0.0.0.0/0", YES},
    {"ports that join", "tcp 1:100 0.0.0.0/0;tcp 101:200 0.0.0.0/0", "tcp 50:150 0.0.0.0/0", YES},
    {"ports that overlap", "tcp 1:120 0.0.0.0/0;tcp 90:200 0.0.0.0/0", "tcp 50:150 0.0.0.0/0", YES},
    {"a port between", "tcp 1:100 0.0.0.0/0;tcp 102:200 0.0.0.0/0", "tcp 50:150 0.0.0.0/0", NO},
    {"port 0 and the last", "tcp 0:0 0.0.0.0/0;tcp 1:65535 0.0.0.0/0", "tcp 0:65535 0.0.0.0/0",
     YES},
    {"all but the last", "tcp 0:65534 0.0.0.0/0", "tcp 0:65535 0.0.0.0/0", NO},
    {"halves", "tcp 443:443 0.0.0.0/1,128.0.0.0/1", "tcp 443:443 0.0.0.0/0", YES},
    {"halves in two rules", "tcp 443:443 0.0.0.0/1;tcp 1:500 128.0.0.0/1", "tcp 443:443 0.0.0.0/0",
     YES},
    {"one half", "tcp 443:443 0.0.0.0/1", "tcp 443:443 0.0.0.0/0", NO},
    {"halves, each with its port", "tcp 443:443 0.0.0.0/1;tcp 80:80 128.0.0.0/1",
     "tcp 443:443 0.0.0.0/0", NO},
    {"quarters and a half", "tcp 1:2 10.0.0.0/30,10.0.0.4/30;tcp 2:3 10.0.0.8/29",
     "tcp 2:2 10.0.0.0/28", YES},
    {"a wider one", "tcp 443:443 10.0.0.0/8", "tcp 443:443 10.1.0.0/16", YES},
    {"host bits", "tcp 443:443 10.1.2.3/8", "tcp 443:443 10.1.0.0/16", YES},
    {"another family", "tcp 443:443 0.0.0.0/0", "tcp 443:443 ::/0", NO},
    {"IPv6 spelled out", "tcp 443:443 2001:0DB8:0:0:0:0:0:0/32", "tcp 443:443 2001:db8::/32", YES},
    {"halves of IPv6", "tcp 443:443 ::/1,8000::/1", "tcp 443:443 ::/0", YES},
    {"two groups of an interface", "tcp 443:443 0.0.0.0/1|tcp 443:443 128.0.0.0/1",
     "tcp 443:443 0.0.0.0/0", YES},
    /* icmp */
    {"every type", "icmp -1:-1 0.0.0.0/0", "icmp - 0.0.0.0/0", YES},
    {"one type", "icmp 8:-1 0.0.0.0/0", "icmp - 0.0.0.0/0", NO},
    {"icmpv6 without ports", "icmpv6 - ::/0", "icmpv6 - ::/0", YES},
    {"icmpv6 by number", "58 -1:-1 ::/0", "icmpv6 - ::/0", YES},
    {"a protocol of its own", "50 - 0.0.0.0/0", "50 - 0.0.0.0/0", YES},
    {"its ports say nothing", "50 1:2 0.0.0.0/0", "50 - 0.0.0.0/0", YES},
    /* what EC2 does not send */
    {"tcp without ports", "tcp - 0.0.0.0/0", "tcp 443:443 0.0.0.0/0", UNKNOWN},
    {"ports the wrong way round", "tcp 444:443 0.0.0.0/0", "tcp 443:443 0.0.0.0/0", NO},
    /* prefix lists */
    {"by its id", "tcp 443:443 pl-x", "tcp 443:443 pl-x", YES},
    {"by its entries", "tcp 443:443 10.0.0.0/28", "tcp 443:443 pl-known", YES},
    {"half of its entries", "tcp 443:443 10.0.0.0/29", "tcp 443:443 pl-known", NO},
    {"entries cover a block", "tcp 443:443 pl-known", "tcp 443:443 10.0.0.0/31", YES},
    {"entries and a block", "tcp 443:443 pl-known,10.0.0.4/30,10.0.0.12/30",
     "tcp 443:443 10.0.0.0/28", YES},
    {"entries do not cover", "tcp 443:443 pl-known", "tcp 443:443 10.0.0.0/28", NO},
    {"empty list", "", "tcp 443:443 pl-empty", YES},
    {"entries not known", "tcp 443:443 pl-x", "tcp 443:443 10.0.0.0/31", UNKNOWN},
    {"entries not known, one is enough", "tcp 443:443 pl-x,10.0.0.0/8", "tcp 443:443 10.0.0.0/31",
     YES},
    {"of the other family", "tcp 443:443 pl-6", "tcp 443:443 10.0.0.0/31", NO},
    {"of the same family", "tcp 443:443 pl-4", "tcp 443:443 10.0.0.0/31", UNKNOWN},
    {"unknown on another port", "tcp 80:80 pl-x", "tcp 443:443 10.0.0.0/31", NO},
    {"to a list that nobody knows", "", "tcp 443:443 pl-x", NO},
    {"to it, other lists", "tcp 443:443 pl-known", "tcp 443:443 pl-x", UNKNOWN},
    {"to it, all of both families", "tcp 443:443 0.0.0.0/0,::/0", "tcp 443:443 pl-x", YES},
    {"to it, all of one", "tcp 443:443 0.0.0.0/0", "tcp 443:443 pl-x", UNKNOWN},
    {"to one of IPv4", "tcp 443:443 0.0.0.0/0", "tcp 443:443 pl-4", YES},
    {"to one of IPv6", "tcp 443:443 0.0.0.0/0", "tcp 443:443 pl-6", NO},
    {"ports: one known, one not", "tcp 1:1 0.0.0.0/0;tcp 2:2 pl-x", "tcp 1:2 0.0.0.0/0", UNKNOWN},
    /* groups */
    {"by its id", "tcp 443:443 sg-a", "tcp 443:443 sg-a", YES},
    {"another group", "tcp 443:443 sg-b", "tcp 443:443 sg-a", NO},
    {"all that the VPC has", "tcp 443:443 10.0.0.0/28,2001:db8::/124", "tcp 443:443 sg-a", YES},
    {"one family of two", "tcp 443:443 10.0.0.0/28", "tcp 443:443 sg-a", NO},
    {"part of the VPC", "tcp 443:443 10.0.0.0/29,2001:db8::/124", "tcp 443:443 sg-a", NO},
    {"a group of elsewhere", "tcp 443:443 10.0.0.0/28,2001:db8::/124", "tcp 443:443 sg-z", NO},
    {"a group of elsewhere, all", "tcp 443:443 0.0.0.0/0,::/0", "tcp 443:443 sg-z", YES},
    {"a group covers no block", "tcp 443:443 sg-a", "tcp 443:443 10.0.0.1/32", NO},
    {"a port by group, one by block", "tcp 1:1 sg-a;tcp 2:2 0.0.0.0/0,::/0", "tcp 1:2 sg-a", YES},
};

static size_t read_permissions(struct arena *arena, const char *text, ec2_ip_permissions *groups)
{
    char *copy = arena_strdup(arena, text), *rest = NULL;
    size_t n = 0;

    for (char *group = strtok_r(copy, "|", &rest); group; group = strtok_r(NULL, "|", &rest))
        groups[n++] = rules_read(arena, group);
    return n;
}

static void stage_lists(struct stage *stage)
{
    static const struct prefix empty[1];
    static struct prefix known[2];
    static const char *const named[][2] = {{"pl-4", "IPv4"}, {"pl-6", "IPv6"}};

    known[0] = rules_prefix("10.0.0.0/30");
    known[1] = rules_prefix("10.0.0.8/30");
    add_entries(stage, "pl-empty", empty, 0);
    add_entries(stage, "pl-known", known, 2);
    for (size_t i = 0; i < ARRAY_SIZE(named); i++) {
        struct ec2_managed_prefix_list *list =
            VEC_ADD(stage->arena, &stage->observation.managed_prefix_lists);

        list->prefix_list_id = named[i][0];
        list->address_family = named[i][1];
    }
}

static void rows_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct stage stage;
        ec2_ip_permissions groups[4];
        const ec2_ip_permissions *lists[4];
        struct traffic traffic;
        enum verdict verdict;
        size_t n;

        stage_init(&stage);
        stage_lists(&stage);
        n = read_permissions(stage.arena, rows[i].permissions, groups);
        for (size_t k = 0; k < n; k++)
            lists[k] = &groups[k];
        traffic = read_traffic(stage.arena, rows[i].traffic);
        verdict = permissions_cover(&stage.snapshot, lists, n, &traffic);
        if (verdict != rows[i].verdict)
            fail_msg("%s: \"%s\" over \"%s\": %d, expected %d", rows[i].name, rows[i].permissions,
                     rows[i].traffic, verdict, rows[i].verdict);
        arena_free(stage.arena);
    }
}

/* Only the family that is asked for. */
static void members_by_family(void **state)
{
    struct stage stage;
    ec2_ip_permissions groups[1];
    const ec2_ip_permissions *lists[1] = {groups};
    struct traffic traffic = {
        .protocol = "tcp", .port_from = 443, .port_to = 443, .group_id = "sg-a"};

    (void)state;
    stage_init(&stage);
    add_block(&stage, "10.1.0.0/16", EC2_ASSOCIATION_DISASSOCIATED); /* lingers, holds nobody */
    assert_int_equal(read_permissions(stage.arena, "tcp 443:443 10.0.0.0/28", groups), 1);
    assert_int_equal(permissions_cover(&stage.snapshot, lists, 1, &traffic), NO);
    traffic.family = FAMILY_IPV4;
    assert_int_equal(permissions_cover(&stage.snapshot, lists, 1, &traffic), YES);
    traffic.family = FAMILY_IPV6;
    assert_int_equal(permissions_cover(&stage.snapshot, lists, 1, &traffic), NO);

    /* no block is said but the first one, or none at all */
    traffic.family = FAMILY_NONE;
    stage.vpc.cidr_block_associations.n = stage.vpc.ipv6_cidr_block_associations.n = 0;
    assert_int_equal(permissions_cover(&stage.snapshot, lists, 1, &traffic), NO);
    stage.vpc.cidr_block = rules_prefix("10.0.0.0/28");
    assert_int_equal(permissions_cover(&stage.snapshot, lists, 1, &traffic), YES);
    stage.vpc.cidr_block = rules_prefix("10.0.0.0/27");
    assert_int_equal(permissions_cover(&stage.snapshot, lists, 1, &traffic), NO);
    arena_free(stage.arena);
}

/* A type with all its codes, one by one. */
static void icmp_types_and_codes(void **state)
{
    struct stage stage;
    ec2_ip_permissions permissions = {.n = 256};
    const ec2_ip_permissions *lists[1] = {&permissions};
    struct traffic traffic = {.protocol = "icmp"};

    (void)state;
    stage_init(&stage);
    traffic.cidr = rules_prefix("10.0.0.0/28");
    permissions.items = ARENA_ARRAY(stage.arena, struct ec2_ip_permission, 256);
    for (int i = 0; i < 256; i++) {
        rules_read_one(stage.arena, "icmp 8:-1 0.0.0.0/0", &permissions.items[i]);
        permissions.items[i].from_port.value = i;
    }
    assert_int_equal(permissions_cover(&stage.snapshot, lists, 1, &traffic), YES);
    permissions.items[77].to_port.value = 3;
    assert_int_equal(permissions_cover(&stage.snapshot, lists, 1, &traffic), NO);
    arena_free(stage.arena);
}

/* ---- every packet ---- */

#define ADDRESSES 16
#define PORTS 8
#define FIRST_PORT 65528 /* so that the last one is the last of all */

static struct prefix random_prefix(struct rng *rng, enum family family)
{
    const unsigned bits = family == FAMILY_IPV4 ? 32 : 128;
    struct prefix prefix = rules_prefix(family == FAMILY_IPV4 ? "10.0.0.0/28" : "2001:db8::/124");

    prefix.length = (uint8_t)(bits - rng_below(rng, 5));
    prefix.bytes[bits / 8 - 1] =
        (uint8_t)(rng_below(rng, ADDRESSES) & ~((1U << (bits - prefix.length)) - 1));
    return prefix;
}

struct rule {
    char protocol; /* t, u, - */
    unsigned from, to;
    struct prefix cidr;
    int list;  /* 0, 1: known; 2: not known; -1: none */
    int group; /* 0, 1, or -1 */
};

struct universe {
    struct prefix entries[2][3];
    size_t n_entries[2];
    struct rule rules[8];
    size_t n_rules;
};

static bool in_prefix(const struct prefix *prefix, enum family family, unsigned address)
{
    const unsigned bits = family == FAMILY_IPV4 ? 32 : 128, free_bits = bits - prefix->length;

    return prefix->family == family &&
           (address >> free_bits) == ((unsigned)prefix->bytes[bits / 8 - 1] >> free_bits);
}

/* May a packet go to that address? lucky: the list that nobody knows holds everything. */
static bool passes(const struct universe *universe, char protocol, unsigned port,
                   enum family family, unsigned address, int group, int list, bool lucky)
{
    for (size_t i = 0; i < universe->n_rules; i++) {
        const struct rule *rule = &universe->rules[i];

        if (rule->protocol != '-' &&
            (rule->protocol != protocol || port < rule->from || port > rule->to))
            continue;
        if (rule->list < 0 && rule->group < 0 && in_prefix(&rule->cidr, family, address))
            return true;
        if (rule->group >= 0 && rule->group == group)
            return true;
        if (rule->list >= 0 && rule->list == list)
            return true;
        if (rule->list == 2 && lucky)
            return true;
        for (size_t k = 0;
             (rule->list == 0 || rule->list == 1) && k < universe->n_entries[rule->list]; k++)
            if (in_prefix(&universe->entries[rule->list][k], family, address))
                return true;
    }
    return false;
}

static bool all_pass(const struct universe *universe, const struct rule *traffic, bool lucky)
{
    for (unsigned port = traffic->from; port <= traffic->to; port++)
        for (enum family family = FAMILY_IPV4; family <= FAMILY_IPV6; family++)
            for (unsigned address = 0; address < ADDRESSES; address++) {
                bool wanted = traffic->group >= 0;

                for (size_t k = 0; traffic->list >= 0 && k < universe->n_entries[traffic->list];
                     k++)
                    wanted |= in_prefix(&universe->entries[traffic->list][k], family, address);
                if (traffic->list < 0 && traffic->group < 0)
                    wanted = in_prefix(&traffic->cidr, family, address);
                if (wanted && !passes(universe, traffic->protocol, port, family, address,
                                      traffic->group, traffic->list, lucky))
                    return false;
            }
    return true;
}

static struct rule random_rule(struct rng *rng, bool unknown_too)
{
    struct rule rule = {.protocol = "ttttuu-"[rng_below(rng, 7)], .list = -1, .group = -1};
    const uint64_t peer = rng_below(rng, 10);

    rule.from = FIRST_PORT + (unsigned)rng_below(rng, PORTS);
    rule.to = rule.from + (unsigned)rng_below(rng, FIRST_PORT + PORTS - rule.from);
    rule.cidr = random_prefix(rng, rng_below(rng, 4) ? FAMILY_IPV4 : FAMILY_IPV6);
    if (peer == 0)
        rule.group = (int)rng_below(rng, 2);
    else if (peer <= 2)
        rule.list = (int)rng_below(rng, unknown_too ? 3 : 2);
    return rule;
}

static const char *const list_names[] = {"pl-0", "pl-1", "pl-2"};
static const char *const group_names[] = {"sg-a", "sg-b"};

static void put_permission(struct arena *arena, const struct rule *rule,
                           struct ec2_ip_permission *permission)
{
    const char protocol[2] = {rule->protocol, 0};

    *permission = (struct ec2_ip_permission){.ip_protocol = protocol[0] == 't'   ? "tcp"
                                                            : protocol[0] == 'u' ? "udp"
                                                                                 : "-1"};
    if (rule->protocol != '-') {
        permission->from_port = (struct wire_int){rule->from, true};
        permission->to_port = (struct wire_int){rule->to, true};
    }
    if (rule->group >= 0) {
        permission->groups.items = ARENA_NEW(arena, struct ec2_user_id_group_pair);
        permission->groups.items->group_id = group_names[rule->group];
        permission->groups.n = 1;
    } else if (rule->list >= 0) {
        permission->prefix_list_ids.items = ARENA_NEW(arena, struct ec2_prefix_list_id);
        permission->prefix_list_ids.items->prefix_list_id = list_names[rule->list];
        permission->prefix_list_ids.n = 1;
    } else if (rule->cidr.family == FAMILY_IPV4) {
        permission->ip_ranges.items = ARENA_NEW(arena, struct ec2_ip_range);
        permission->ip_ranges.items->cidr_ip = rule->cidr;
        permission->ip_ranges.n = 1;
    } else {
        permission->ipv6_ranges.items = ARENA_NEW(arena, struct ec2_ipv6_range);
        permission->ipv6_ranges.items->cidr_ipv6 = rule->cidr;
        permission->ipv6_ranges.n = 1;
    }
}

static struct traffic traffic_of(const struct rule *rule)
{
    struct traffic traffic = {.protocol = rule->protocol == 't'   ? "tcp"
                                          : rule->protocol == 'u' ? "udp"
                                                                  : "-1",
                              .port_from = (uint16_t)rule->from,
                              .port_to = (uint16_t)rule->to};

    if (rule->group >= 0)
        traffic.group_id = group_names[rule->group];
    else if (rule->list >= 0)
        traffic.prefix_list_id = list_names[rule->list];
    else
        traffic.cidr = rule->cidr;
    return traffic;
}

static void try_universe(struct rng *rng, uint64_t seed, size_t seen[3])
{
    struct stage stage;
    struct universe universe = {.n_rules = rng_below(rng, 8) + 1};
    struct rule wanted = random_rule(rng, false);
    ec2_ip_permissions groups[2] = {{0}, {0}};
    const ec2_ip_permissions *lists[2] = {&groups[0], &groups[1]};
    struct traffic traffic = traffic_of(&wanted);
    enum verdict expected, verdict;

    stage_init(&stage);
    for (int list = 0; list < 2; list++) {
        universe.n_entries[list] = rng_below(rng, 4);
        for (size_t i = 0; i < universe.n_entries[list]; i++)
            universe.entries[list][i] = random_prefix(rng, FAMILY_IPV4);
        add_entries(&stage, list_names[list], universe.entries[list], universe.n_entries[list]);
    }
    for (int i = 0; i < 2; i++)
        groups[i].items = ARENA_ARRAY(stage.arena, struct ec2_ip_permission, 8);
    for (size_t i = 0; i < universe.n_rules; i++) {
        ec2_ip_permissions *in = &groups[rng_below(rng, 2)];

        universe.rules[i] = random_rule(rng, true);
        put_permission(stage.arena, &universe.rules[i], &in->items[in->n++]);
    }
    expected = all_pass(&universe, &wanted, false)  ? VERDICT_YES
               : all_pass(&universe, &wanted, true) ? VERDICT_UNKNOWN
                                                    : VERDICT_NO;
    verdict = permissions_cover(&stage.snapshot, lists, 2, &traffic);
    if (verdict != expected)
        fail_msg("seed %llu: %d, expected %d", (unsigned long long)seed, verdict, expected);
    seen[verdict]++;
    arena_free(stage.arena);
}

static void every_packet(void **state)
{
    size_t seen[3] = {0};

    (void)state;
    for (uint64_t seed = 0; seed < 40000; seed++) {
        struct rng rng = {seed};

        try_universe(&rng, seed, seen);
    }
    /* each answer was given often */
    for (size_t i = 0; i < 3; i++)
        assert_true(seen[i] > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_by_hand),
        cmocka_unit_test(members_by_family),
        cmocka_unit_test(icmp_types_and_codes),
        cmocka_unit_test(every_packet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
