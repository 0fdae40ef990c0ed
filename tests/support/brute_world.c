/* Random worlds for brute_reach(): one VPC in which most things are right, and some are not. */
#include "brute_reach.h"

#include <stdio.h>

struct dice {
    struct arena *arena;
    struct rng rng;
    unsigned rate; /* of 1000: how often something is broken */
    struct observation *world;
    const char *route_destinations[16]; /* static ones of the table that is being made */
    size_t n_route_destinations;
};

static bool one_in(struct dice *dice, unsigned n)
{
    return rng_below(&dice->rng, n) == 0;
}

static bool broken(struct dice *dice)
{
    return rng_below(&dice->rng, 1000) < dice->rate;
}

static const char *pick_of(struct dice *dice, const char *const *items, size_t n)
{
    return items[rng_below(&dice->rng, n)];
}
#define PICK(dice, ...)                                                                            \
    pick_of((dice), (const char *const[]){__VA_ARGS__},                                            \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static uint8_t pick_number(struct dice *dice, const uint8_t *items, size_t n)
{
    return items[rng_below(&dice->rng, n)];
}
#define PICK_NUMBER(dice, ...)                                                                     \
    pick_number((dice), (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static struct prefix block(const char *text)
{
    struct prefix prefix;
    int r = prefix_parse(text, &prefix);

    assert(r == 0);
    return prefix;
}

static const char *some_ipv4(struct dice *dice)
{
    return PICK(dice, "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/2", "52.0.0.0/8",
                "52.219.0.0/17", "52.219.64.0/18", "10.50.0.0/16", "203.0.113.0/24", "10.0.0.0/16",
                "10.0.3.0/24", "10.0.2.0/24", "10.0.1.0/25", "172.16.0.0/12", "208.0.0.0/4");
}

static const char *some_ipv6(struct dice *dice)
{
    return PICK(dice, "::/0", "2000::/3", "2600::/12", "2600::/32", "2406:da14:1::/56",
                "2406:da14:1:3::/64", "2406:da14:1:2::/64", "64:ff9b::/96", "64:ff9b::3400:0/104");
}

/* ---- route tables ---- */

static const char *some_target(struct dice *dice)
{
    return PICK(dice, "igw-1", "eigw-1", "nat-1", "nat-r", "tgw-1", "pcx-1", "eni-9", "vpce-gwlb",
                "vgw-1", "nat-9");
}

static void lead_to(struct ec2_route *route, const char *target)
{
    if (text_starts_with(target, "nat-"))
        route->nat_gateway_id = target;
    else if (text_starts_with(target, "eigw-"))
        route->egress_only_internet_gateway_id = target;
    else if (text_starts_with(target, "tgw-"))
        route->transit_gateway_id = target;
    else if (text_starts_with(target, "pcx-"))
        route->vpc_peering_connection_id = target;
    else if (text_starts_with(target, "eni-"))
        route->network_interface_id = target;
    else
        route->gateway_id = target;
}

/* A destination is there once as a static route; propagated ones may double it. */
static void add_route(struct dice *dice, struct ec2_route_table *table, const char *destination,
                      const char *target, uint8_t origin)
{
    struct ec2_route *route = &table->routes.items[table->routes.n];

    for (size_t i = 0; i < dice->n_route_destinations; i++)
        if (text_equal(dice->route_destinations[i], destination) &&
            origin != EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION)
            return;
    dice->route_destinations[dice->n_route_destinations++] = destination;
    *route = (struct ec2_route){.origin = origin, .state = EC2_ROUTE_ACTIVE};
    if (broken(dice))
        route->state = PICK_NUMBER(dice, EC2_ROUTE_BLACKHOLE, EC2_ROUTE_UNKNOWN);
    if (text_starts_with(destination, "pl-"))
        route->destination_prefix_list_id = destination;
    else if (strchr(destination, ':'))
        route->destination_ipv6_cidr_block = block(destination);
    else
        route->destination_cidr_block = block(destination);
    lead_to(route, broken(dice) ? some_target(dice) : target);
    table->routes.n++;
}

static struct ec2_route_table *add_table(struct dice *dice, const char *id)
{
    struct ec2_route_table *table = VEC_ADD(dice->arena, &dice->world->route_tables);

    *table = (struct ec2_route_table){.route_table_id = id, .vpc_id = "vpc-1"};
    table->routes.items = ARENA_ARRAY(dice->arena, struct ec2_route, 16);
    table->associations.items = ARENA_ARRAY(dice->arena, struct ec2_route_table_association, 8);
    dice->n_route_destinations = 0;
    add_route(dice, table, "10.0.0.0/16", "local", EC2_ORIGIN_CREATE_ROUTE_TABLE);
    add_route(dice, table, "2406:da14:1::/56", "local", EC2_ORIGIN_CREATE_ROUTE_TABLE);
    return table;
}

static void add_oddities(struct dice *dice, struct ec2_route_table *table)
{
    if (broken(dice)) {
        add_route(dice, table, "0.0.0.0/1", some_target(dice), EC2_ORIGIN_CREATE_ROUTE);
        add_route(dice, table, "128.0.0.0/1", some_target(dice), EC2_ORIGIN_CREATE_ROUTE);
    }
    for (unsigned i = 0; i < 2; i++) {
        if (broken(dice))
            add_route(dice, table, some_ipv4(dice), some_target(dice), EC2_ORIGIN_CREATE_ROUTE);
        if (broken(dice))
            add_route(dice, table, some_ipv6(dice), some_target(dice), EC2_ORIGIN_CREATE_ROUTE);
    }
    if (broken(dice))
        add_route(dice, table, one_in(dice, 2) ? "0.0.0.0/0" : "10.50.0.0/16", "vgw-1",
                  EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION);
    if (broken(dice))
        add_route(dice, table, "10.50.0.0/16", "vgw-2", EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION);
    if (broken(dice))
        add_route(dice, table, "pl-corp", PICK(dice, "tgw-1", "igw-1", "nat-1"),
                  EC2_ORIGIN_CREATE_ROUTE);
}

/* A subnet's own; a subnet without is served by the main table. */
static void associate(struct dice *dice, struct ec2_route_table *table, const char *subnet)
{
    struct ec2_route_table_association *association =
        &table->associations.items[table->associations.n++];

    *association = (struct ec2_route_table_association){
        .route_table_association_id = arena_printf(dice->arena, "rtbassoc-%s", subnet),
        .subnet_id = subnet,
        .state = EC2_ASSOCIATION_ASSOCIATED};
    if (broken(dice))
        association->state =
            PICK_NUMBER(dice, EC2_ASSOCIATION_ASSOCIATING, EC2_ASSOCIATION_DISASSOCIATED);
}

static void make_tables(struct dice *dice)
{
    struct ec2_route_table *table = add_table(dice, "rtb-a");

    if (!broken(dice))
        add_route(dice, table, "0.0.0.0/0", PICK(dice, "igw-1", "nat-1", "nat-1", "nat-r"),
                  EC2_ORIGIN_CREATE_ROUTE);
    if (!broken(dice))
        add_route(dice, table, "::/0", PICK(dice, "eigw-1", "igw-1"), EC2_ORIGIN_CREATE_ROUTE);
    if (!broken(dice))
        add_route(dice, table, "64:ff9b::/96", PICK(dice, "nat-1", "nat-r"),
                  EC2_ORIGIN_CREATE_ROUTE);
    if (one_in(dice, 2))
        add_route(dice, table, "pl-s3", "vpce-s3", EC2_ORIGIN_CREATE_ROUTE);
    add_oddities(dice, table);
    if (!broken(dice))
        associate(dice, table, "subnet-a");

    table = add_table(dice, "rtb-main");
    if (!broken(dice))
        table->associations.items[table->associations.n++] = (struct ec2_route_table_association){
            .main = WIRE_TRUE, .state = EC2_ASSOCIATION_ASSOCIATED};
    if (one_in(dice, 2))
        add_route(dice, table, "0.0.0.0/0", some_target(dice), EC2_ORIGIN_CREATE_ROUTE);

    table = add_table(dice, "rtb-n");
    if (!broken(dice))
        add_route(dice, table, "0.0.0.0/0", "igw-1", EC2_ORIGIN_CREATE_ROUTE);
    add_oddities(dice, table);
    if (!broken(dice))
        associate(dice, table, "subnet-n");

    table = add_table(dice, "rtb-r");
    if (!broken(dice))
        add_route(dice, table, "0.0.0.0/0", "igw-1", EC2_ORIGIN_CREATE_ROUTE);
}

/* ---- VPC, subnets, gateways ---- */

static const char *some_mode(struct dice *dice)
{
    if (broken(dice))
        return PICK(dice, "block-bidirectional", "block-ingress", "block-sideways");
    return one_in(dice, 2) ? NULL : "off";
}

static void add_subnet(struct dice *dice, const char *id, const char *ipv4, const char *ipv6)
{
    struct ec2_subnet *subnet = VEC_ADD(dice->arena, &dice->world->subnets);
    struct ec2_ipv6_cidr_block_association *association =
        ARENA_NEW(dice->arena, struct ec2_ipv6_cidr_block_association);

    *subnet = (struct ec2_subnet){.subnet_id = id,
                                  .vpc_id = "vpc-1",
                                  .availability_zone = "r-1a",
                                  .state = EC2_STATE_AVAILABLE,
                                  .map_public_ip_on_launch = WIRE_TRUE,
                                  .enable_dns64 = WIRE_TRUE,
                                  .cidr_block = block(ipv4)};
    if (broken(dice))
        subnet->state = PICK_NUMBER(dice, EC2_STATE_PENDING, EC2_STATE_UNAVAILABLE,
                                    EC2_STATE_UNKNOWN, EC2_STATE_ABSENT);
    if (broken(dice))
        subnet->cidr_block = (struct prefix){0};
    if (broken(dice))
        subnet->map_public_ip_on_launch = PICK_NUMBER(dice, WIRE_FALSE, WIRE_ABSENT);
    if (broken(dice))
        subnet->enable_dns64 = PICK_NUMBER(dice, WIRE_FALSE, WIRE_ABSENT);
    if (one_in(dice, 3))
        subnet->internet_gateway_block_mode = some_mode(dice);
    *association = (struct ec2_ipv6_cidr_block_association){.ipv6_cidr_block = block(ipv6),
                                                            .state = EC2_ASSOCIATION_ASSOCIATED};
    if (broken(dice))
        association->state = PICK_NUMBER(dice, EC2_ASSOCIATION_ASSOCIATING,
                                         EC2_ASSOCIATION_DISASSOCIATED, EC2_ASSOCIATION_FAILED);
    subnet->ipv6_cidr_block_associations.items = association;
    subnet->ipv6_cidr_block_associations.n = !broken(dice);
}

static struct ec2_gateway_attachment *attachment(struct dice *dice, uint8_t state)
{
    struct ec2_gateway_attachment *made = ARENA_NEW(dice->arena, struct ec2_gateway_attachment);

    *made = (struct ec2_gateway_attachment){broken(dice) ? "vpc-9" : "vpc-1", state};
    if (broken(dice))
        made->state = PICK_NUMBER(dice, EC2_ATTACHMENT_ATTACHING, EC2_ATTACHMENT_DETACHED,
                                  EC2_ATTACHMENT_UNKNOWN);
    return made;
}

static void add_nat(struct dice *dice, const char *id, const char *subnet)
{
    struct ec2_nat_gateway *nat;

    if (broken(dice))
        return;
    nat = VEC_ADD(dice->arena, &dice->world->nat_gateways);
    *nat = (struct ec2_nat_gateway){.nat_gateway_id = id,
                                    .vpc_id = "vpc-1",
                                    .subnet_id = subnet,
                                    .state = EC2_STATE_AVAILABLE,
                                    .connectivity_type = EC2_CONNECTIVITY_PUBLIC,
                                    .availability_mode = EC2_AVAILABILITY_MODE_ZONAL};
    if (broken(dice))
        nat->state = PICK_NUMBER(dice, EC2_STATE_PENDING, EC2_STATE_FAILED, EC2_STATE_DELETED,
                                 EC2_STATE_DELETING, EC2_STATE_UNKNOWN);
    if (broken(dice))
        nat->connectivity_type =
            PICK_NUMBER(dice, EC2_CONNECTIVITY_PRIVATE, EC2_CONNECTIVITY_UNKNOWN);
    if (!subnet) {
        nat->availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
        nat->route_table_id = broken(dice) ? NULL : "rtb-r";
    }
}

static void make_vpc(struct dice *dice)
{
    struct observation *world = dice->world;
    struct ec2_vpc *vpc = VEC_ADD(dice->arena, &world->vpcs);

    *vpc = (struct ec2_vpc){.vpc_id = "vpc-1",
                            .state = EC2_STATE_AVAILABLE,
                            .cidr_block = block("10.0.0.0/16"),
                            .internet_gateway_block_mode = some_mode(dice)};
    if (one_in(dice, 3))
        vpc->encryption_control_mode = broken(dice) ? PICK(dice, "enforce", "x") : "monitor";
    add_subnet(dice, "subnet-a", "10.0.1.0/24", "2406:da14:1:1::/64");
    add_subnet(dice, "subnet-n", "10.0.2.0/24", "2406:da14:1:2::/64");
    add_subnet(dice, "subnet-e", "10.0.3.0/24", "2406:da14:1:3::/64");
    if (!broken(dice)) {
        struct ec2_internet_gateway *igw = VEC_ADD(dice->arena, &world->internet_gateways);

        igw->internet_gateway_id = "igw-1";
        igw->attachments.items = attachment(dice, EC2_ATTACHMENT_AVAILABLE);
        igw->attachments.n = 1;
    }
    if (!broken(dice)) {
        struct ec2_egress_only_internet_gateway *eigw =
            VEC_ADD(dice->arena, &world->egress_only_internet_gateways);

        eigw->egress_only_internet_gateway_id = "eigw-1";
        eigw->attachments.items = attachment(dice, EC2_ATTACHMENT_ATTACHED);
        eigw->attachments.n = 1;
    }
    add_nat(dice, "nat-1", broken(dice) ? "subnet-a" : "subnet-n");
    add_nat(dice, "nat-r", NULL);
    if (!broken(dice))
        *VEC_ADD(dice->arena, &world->vpc_attributes) = (struct observed_vpc_attributes){
            "vpc-1", broken(dice) ? PICK_NUMBER(dice, WIRE_FALSE, WIRE_ABSENT) : WIRE_TRUE,
            broken(dice) ? PICK_NUMBER(dice, WIRE_FALSE, WIRE_ABSENT) : WIRE_TRUE};
}

/* ---- prefix lists ---- */

static void add_list(struct dice *dice, const char *id, const char *name, const char *owner,
                     const char *const *entries, size_t n)
{
    struct observation *world = dice->world;
    struct prefix *items = ARENA_ARRAY(dice->arena, struct prefix, n);

    for (size_t i = 0; i < n; i++)
        items[i] = block(entries[i]);
    *VEC_ADD(dice->arena, &world->managed_prefix_lists) =
        (struct ec2_managed_prefix_list){.prefix_list_id = id,
                                         .prefix_list_name = name,
                                         .owner_id = owner,
                                         .address_family = one_in(dice, 2) ? "IPv4" : NULL};
    if (!broken(dice))
        *VEC_ADD(dice->arena, &world->prefix_list_entries) =
            (struct observed_prefix_list){id, items, n};
}

static void make_lists(struct dice *dice)
{
    const char *corp[2] = {some_ipv4(dice), some_ipv4(dice)};

    add_list(dice, "pl-s3", "com.amazonaws.r.s3", "AWS",
             (const char *const[]){"52.219.0.0/17", "3.5.152.0/21"}, 2);
    add_list(dice, "pl-corp", "corp", "111122223333", corp, 2);
}

/* ---- security groups ---- */

static struct ec2_ip_permission *add_rule(struct dice *dice, ec2_ip_permissions *rules)
{
    struct ec2_ip_permission *rule = &rules->items[rules->n++];

    *rule = (struct ec2_ip_permission){.ip_protocol = "-1"};
    rule->ip_ranges.items = ARENA_NEW(dice->arena, struct ec2_ip_range);
    rule->ipv6_ranges.items = ARENA_NEW(dice->arena, struct ec2_ipv6_range);
    rule->prefix_list_ids.items = ARENA_NEW(dice->arena, struct ec2_prefix_list_id);
    rule->groups.items = ARENA_NEW(dice->arena, struct ec2_user_id_group_pair);
    if (one_in(dice, 2)) {
        rule->ip_protocol = broken(dice) ? "udp" : "tcp";
        rule->from_port = (struct wire_int){one_in(dice, 2) ? 443 : 0, true};
        rule->to_port = (struct wire_int){one_in(dice, 2) ? 443 : 65535, true};
        if (broken(dice))
            rule->from_port.value = 444;
        if (rule->from_port.value > rule->to_port.value)
            rule->to_port.value = rule->from_port.value;
    }
    return rule;
}

static void let_cidr(struct ec2_ip_permission *rule, const char *text)
{
    struct prefix cidr = block(text);

    if (cidr.family == FAMILY_IPV4)
        rule->ip_ranges.items[rule->ip_ranges.n++].cidr_ip = cidr;
    else
        rule->ipv6_ranges.items[rule->ipv6_ranges.n++].cidr_ipv6 = cidr;
}

static void some_rules(struct dice *dice, ec2_ip_permissions *rules, bool egress)
{
    rules->items = ARENA_ARRAY(dice->arena, struct ec2_ip_permission, 8);
    if (!broken(dice))
        let_cidr(add_rule(dice, rules), broken(dice) ? some_ipv4(dice)
                                        : egress     ? "0.0.0.0/0"
                                                     : "10.0.0.0/16");
    if (!broken(dice))
        let_cidr(add_rule(dice, rules), broken(dice) ? some_ipv6(dice)
                                        : egress     ? "::/0"
                                                     : "2406:da14:1::/56");
    if (broken(dice)) {
        struct ec2_ip_permission *rule = add_rule(dice, rules);

        rule->prefix_list_ids.items[rule->prefix_list_ids.n++].prefix_list_id =
            PICK(dice, "pl-s3", "pl-corp");
    }
    if (one_in(dice, 8) || broken(dice)) {
        struct ec2_ip_permission *rule = add_rule(dice, rules);

        rule->groups.items[rule->groups.n++].group_id = PICK(dice, "sg-a", "sg-b", "sg-e");
    }
}

static void make_groups(struct dice *dice)
{
    static const char *const ids[] = {"sg-a", "sg-b", "sg-e"};

    for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
        struct ec2_security_group *group = VEC_ADD(dice->arena, &dice->world->security_groups);

        *group = (struct ec2_security_group){.group_id = ids[i], .vpc_id = "vpc-1"};
        some_rules(dice, &group->ip_permissions, false);
        some_rules(dice, &group->ip_permissions_egress, true);
    }
}

/* ---- network ACLs ---- */

static void add_entry(struct dice *dice, struct ec2_network_acl *acl, int number, bool egress,
                      const char *cidr, const char *action, int from, int to)
{
    struct ec2_network_acl_entry *entry = &acl->entries.items[acl->entries.n++];
    struct prefix prefix = block(cidr);

    *entry = (struct ec2_network_acl_entry){.rule_number = {number, true},
                                            .protocol = "-1",
                                            .rule_action = action,
                                            .egress = egress ? WIRE_TRUE : WIRE_FALSE};
    if (from >= 0) {
        entry->protocol = broken(dice) ? "17" : "6";
        entry->port_from = (struct wire_int){from, true};
        entry->port_to = (struct wire_int){to, true};
    }
    if (prefix.family == FAMILY_IPV4)
        entry->cidr_block = prefix;
    else
        entry->ipv6_cidr_block = prefix;
}

static struct ec2_network_acl *add_acl(struct dice *dice, const char *id)
{
    struct ec2_network_acl *acl = VEC_ADD(dice->arena, &dice->world->network_acls);

    *acl = (struct ec2_network_acl){.network_acl_id = id, .vpc_id = "vpc-1"};
    acl->entries.items = ARENA_ARRAY(dice->arena, struct ec2_network_acl_entry, 16);
    acl->associations.items = ARENA_ARRAY(dice->arena, struct ec2_network_acl_association, 4);
    for (int egress = 0; egress < 2; egress++) {
        add_entry(dice, acl, 32767, egress, "0.0.0.0/0", "deny", -1, -1);
        add_entry(dice, acl, 32767, egress, "::/0", "deny", -1, -1);
    }
    return acl;
}

/* What an administrator writes by hand: requests out and in, replies back, here and there a rule
 * too few or too many. */
static void strict_entries(struct dice *dice, struct ec2_network_acl *acl)
{
    for (int egress = 0; egress < 2; egress++)
        for (int ipv6 = 0; ipv6 < 2; ipv6++) {
            const char *all = ipv6 ? "::/0" : "0.0.0.0/0";

            if (!broken(dice))
                add_entry(dice, acl, 100, egress, all, "allow", 443, 443);
            if (!broken(dice))
                add_entry(dice, acl, 110, egress, all, broken(dice) ? "perhaps" : "allow",
                          broken(dice) ? 32768 : 1024, broken(dice) ? 60999 : 65535);
            if (broken(dice))
                add_entry(dice, acl, PICK_NUMBER(dice, 90, 120), egress,
                          ipv6 ? some_ipv6(dice) : some_ipv4(dice), PICK(dice, "deny", "allow"),
                          one_in(dice, 2) ? -1 : 400, 2000);
        }
}

static void make_acls(struct dice *dice)
{
    static const char *const subnets[] = {"subnet-a", "subnet-n", "subnet-e"};
    struct ec2_network_acl *open, *strict;

    add_acl(dice, "acl-open");
    add_acl(dice, "acl-strict");
    open = &dice->world->network_acls.items[0];
    strict = &dice->world->network_acls.items[1];
    for (int egress = 0; egress < 2; egress++) {
        add_entry(dice, open, 100, egress, "0.0.0.0/0", "allow", -1, -1);
        add_entry(dice, open, 100, egress, "::/0", "allow", -1, -1);
    }
    strict_entries(dice, strict);
    for (size_t i = 0; i < ARRAY_SIZE(subnets); i++) {
        struct ec2_network_acl *acl = one_in(dice, 3) ? strict : open;

        if (!broken(dice))
            acl->associations.items[acl->associations.n++].subnet_id = subnets[i];
    }
}

/* ---- network interfaces and endpoints ---- */

static void add_interface(struct dice *dice, const char *id, const char *subnet, const char *type,
                          const char *ipv4, const char *ipv6, const char *group)
{
    struct ec2_network_interface *interface =
        VEC_ADD(dice->arena, &dice->world->network_interfaces);

    *interface = (struct ec2_network_interface){.network_interface_id = id,
                                                .subnet_id = subnet,
                                                .vpc_id = "vpc-1",
                                                .interface_type = type,
                                                .status = broken(dice) ? "available" : "in-use",
                                                .private_ip_address = ipv4,
                                                .deny_all_igw_traffic =
                                                    broken(dice) ? WIRE_TRUE : WIRE_FALSE};
    /* An interface has addresses of its subnet's blocks. */
    VEC_EACH (home, &dice->world->subnets) {
        if (!text_equal(home->subnet_id, subnet))
            continue;
        if (home->cidr_block.family == FAMILY_NONE)
            interface->private_ip_address = NULL;
        if (home->ipv6_cidr_block_associations.n == 0 ||
            home->ipv6_cidr_block_associations.items[0].state != EC2_ASSOCIATION_ASSOCIATED)
            ipv6 = NULL;
    }
    if (text_equal(type, "interface") && !broken(dice))
        interface->association_public_ip = "198.51.100.7";
    interface->ipv6_addresses.items = ARENA_NEW(dice->arena, struct ec2_ipv6_address);
    interface->ipv6_addresses.items[0].ipv6_address = ipv6;
    interface->ipv6_addresses.n = ipv6 && !broken(dice);
    interface->groups.items = ARENA_ARRAY(dice->arena, struct ec2_group_identifier, 2);
    if (!broken(dice))
        interface->groups.items[interface->groups.n++].group_id = group;
    if (broken(dice))
        interface->groups.items[interface->groups.n++].group_id = PICK(dice, "sg-b", "sg-9");
}

static void make_interfaces(struct dice *dice)
{
    if (!one_in(dice, 4))
        add_interface(dice, "eni-1", "subnet-a", "interface", "10.0.1.10", "2406:da14:1:1::10",
                      "sg-a");
    if (one_in(dice, 2))
        add_interface(dice, "eni-2", "subnet-a", "interface", "10.0.1.200", "2406:da14:1:1::20",
                      "sg-b");
    add_interface(dice, "eni-3", "subnet-e", "interface", "10.0.3.10", "2406:da14:1:3::10", "sg-e");
    add_interface(dice, "eni-nat", "subnet-n", "nat_gateway", "10.0.2.5", "2406:da14:1:2::5",
                  "sg-e");
    if (!broken(dice))
        add_interface(dice, "eni-e1", "subnet-e", "vpc_endpoint", "10.0.3.20", "2406:da14:1:3::20",
                      "sg-e");
    if (!broken(dice))
        add_interface(dice, "eni-e2", broken(dice) ? "subnet-9" : "subnet-a", "vpc_endpoint",
                      "10.0.1.20", "2406:da14:1:1::30", "sg-e");
}

static struct ec2_vpc_endpoint *add_endpoint(struct dice *dice, const char *id, const char *type,
                                             const char *service)
{
    static const char *const open[] = {
        "{\"Version\":\"2008-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
        "\"Action\":\"*\",\"Resource\":\"*\"}]}",
        "{ \"Statement\": { \"Action\": [\"*\"], \"Resource\": \"*\", \"Principal\": "
        "{\"AWS\": \"*\"}, \"Effect\": \"Allow\" } }",
    };
    static const char *const narrow[] = {
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":"
        "\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}}]}",
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\","
        "\"Resource\":\"*\"}]}",
        "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":"
        "\"*\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}",
        "{",
        NULL,
    };
    struct ec2_vpc_endpoint *endpoint = VEC_ADD(dice->arena, &dice->world->vpc_endpoints);

    *endpoint = (struct ec2_vpc_endpoint){.vpc_endpoint_id = id,
                                          .vpc_endpoint_type = type,
                                          .vpc_id = "vpc-1",
                                          .service_name = service,
                                          .state = one_in(dice, 2) ? "available" : "Available"};
    endpoint->policy_document = broken(dice) ? pick_of(dice, narrow, ARRAY_SIZE(narrow))
                                             : pick_of(dice, open, ARRAY_SIZE(open));
    if (broken(dice))
        endpoint->state = PICK(dice, "pending", "deleting", "deleted", "failed", "partial",
                               "pendingAcceptance", "Expired");
    return endpoint;
}

static void make_endpoints(struct dice *dice)
{
    struct ec2_vpc_endpoint *logs;

    if (!broken(dice))
        add_endpoint(dice, "vpce-s3", "Gateway", "com.amazonaws.r.s3");
    if (!broken(dice))
        add_endpoint(dice, "vpce-gwlb", "GatewayLoadBalancer", "firewall");
    if (one_in(dice, 4))
        return;
    logs = add_endpoint(dice, "vpce-logs", "Interface", "com.amazonaws.r.logs");
    logs->private_dns_enabled =
        broken(dice) ? PICK_NUMBER(dice, WIRE_FALSE, WIRE_ABSENT) : WIRE_TRUE;
    logs->ip_address_type = PICK(dice, "ipv4", "dualstack", "dualstack", "ipv6", NULL);
    logs->groups.items = ARENA_NEW(dice->arena, struct ec2_group_identifier);
    logs->groups.items[0].group_id = broken(dice) ? "sg-9" : "sg-e";
    logs->groups.n = !broken(dice);
    logs->network_interface_ids.items = ARENA_ARRAY(dice->arena, const char *, 2);
    logs->subnet_ids.items = ARENA_ARRAY(dice->arena, const char *, 2);
    if (broken(dice)) {
        logs->subnet_ids.n = one_in(dice, 2) ? 1 : 0;
        return;
    }
    logs->network_interface_ids.items[logs->network_interface_ids.n++] = "eni-e1";
    if (one_in(dice, 2))
        logs->network_interface_ids.items[logs->network_interface_ids.n++] = "eni-e2";
    logs->subnet_ids.n = logs->network_interface_ids.n;
}

/* ---- the question ---- */

static struct brute_question some_question(struct dice *dice)
{
    struct brute_question question = {.subnet = broken(dice) ? "subnet-9" : "subnet-a",
                                      .port = broken(dice) ? 80 : 443,
                                      .udp = broken(dice),
                                      .ipv6 = one_in(dice, 3),
                                      .service_has_ipv6 = broken(dice) ? -1 : !broken(dice)};

    if (one_in(dice, 2))
        question.interface = broken(dice)      ? PICK(dice, "eni-3", "eni-9")
                             : one_in(dice, 2) ? "eni-1"
                                               : "eni-2";
    if (one_in(dice, 2))
        question.groups[question.n_groups++] = broken(dice) ? "sg-9" : "sg-a";
    if (question.n_groups && one_in(dice, 3))
        question.groups[question.n_groups++] = "sg-b";
    if (one_in(dice, 3)) {
        question.to = BRUTE_BLOCK;
        question.block =
            block(question.ipv6
                      ? PICK(dice, "2406:da14:1:3::10/128", "2406:da14:1:3::20/128", "2600::/32",
                             "2600::/12", "64:ff9b::cb00:7100/120", "2406:da14:1:3::/64",
                             "fd00::/16", "64:ff9b::/64", "2406:da14:1::/62")
                      : PICK(dice, "10.0.3.10/32", "10.0.3.20/32", "10.0.1.10/32", "10.0.3.0/24",
                             "10.50.0.0/16", "52.219.7.0/24", "52.219.0.0/16", "203.0.113.7/32",
                             "203.0.113.0/24", "10.0.9.0/24", "8.0.0.0/7", "192.168.1.0/24",
                             "8.0.0.0/6", "172.0.0.0/11", "10.0.0.0/22", "10.0.2.0/23"));
        return question;
    }
    if (!question.ipv6)
        question.nat64 = one_in(dice, 5);
    if (one_in(dice, 2)) {
        question.to = BRUTE_SERVICE;
        question.service = PICK(dice, "com.amazonaws.r.s3", "com.amazonaws.r.logs",
                                "com.amazonaws.r.logs", "com.amazonaws.r.xray");
    }
    return question;
}

struct brute_trial brute_trial_new(struct arena *arena, uint64_t seed)
{
    static const unsigned rates[] = {0, 15, 15, 30, 60, 150};
    struct dice dice = {.arena = arena, .rng = {.state = seed}};
    struct brute_trial trial;

    dice.rate = rates[rng_below(&dice.rng, ARRAY_SIZE(rates))];
    dice.world = ARENA_NEW(arena, struct observation);
    dice.world->arena = arena;
    for (size_t i = 0; i < LIST_COUNT; i++) {
        dice.world->lists[i].asked = true;
        dice.world->lists[i].complete =
            i == LIST_VPCS || i == LIST_SUBNETS || i == LIST_ROUTE_TABLES || !broken(&dice);
    }
    make_vpc(&dice);
    make_tables(&dice);
    make_lists(&dice);
    make_groups(&dice);
    make_acls(&dice);
    make_interfaces(&dice);
    make_endpoints(&dice);
    observation_seal(dice.world);
    trial.world = dice.world;
    trial.question = some_question(&dice);
    return trial;
}
