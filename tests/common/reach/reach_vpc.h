/* reach_vpc.h - tests/support/vpc.h's VPC with all that reach looks at, and edits that break it.
 *
 * Both families everywhere; sg-functions (may send everything), sg-endpoint (admits sg-functions on
 * 443); one open network ACL; vpce-s3 (gateway, in rtb-private-a), vpce-logs (interface, in both
 * private subnets); DNS attributes on. */
#pragma once

#define VPC_OBSERVED_ALONE
#include "support/vpc.h"
#include "vpc_reconciled/reach.h"

#define S3 "com.amazonaws.ap-northeast-1.s3"
#define LOGS "com.amazonaws.ap-northeast-1.logs"
#define XRAY "com.amazonaws.ap-northeast-1.xray"
#define OPEN_POLICY                                                                                \
    "{\"Version\":\"2008-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","        \
    "\"Action\":\"*\",\"Resource\":\"*\"}]}"

static struct prefix reach_block(const char *text)
{
    struct prefix prefix;

    if (prefix_parse(text, &prefix) < 0 && prefix_parse_address(text, &prefix) < 0)
        fail_msg("%s is no prefix", text);
    return prefix;
}

/* ---- making ---- */

static void add_permission(struct vpc *vpc, ec2_ip_permissions *permissions, const char *peer,
                           int port)
{
    struct ec2_ip_permission *items =
        ARENA_ARRAY(vpc->arena, struct ec2_ip_permission, permissions->n + 1);
    struct ec2_ip_permission *permission = &items[permissions->n];

    if (permissions->n)
        memcpy(items, permissions->items, permissions->n * sizeof(*items));
    permission->ip_protocol = "-1";
    if (port) {
        permission->ip_protocol = "tcp";
        permission->from_port = permission->to_port = (struct wire_int){port, true};
    }
    if (text_starts_with(peer, "sg-")) {
        permission->groups.items = ARENA_NEW(vpc->arena, struct ec2_user_id_group_pair);
        permission->groups.items[permission->groups.n++].group_id = peer;
    } else if (strchr(peer, ':')) {
        permission->ipv6_ranges.items = ARENA_NEW(vpc->arena, struct ec2_ipv6_range);
        permission->ipv6_ranges.items[permission->ipv6_ranges.n++].cidr_ipv6 = reach_block(peer);
    } else {
        permission->ip_ranges.items = ARENA_NEW(vpc->arena, struct ec2_ip_range);
        permission->ip_ranges.items[permission->ip_ranges.n++].cidr_ip = reach_block(peer);
    }
    permissions->items = items;
    permissions->n++;
}

static struct ec2_security_group *group_of(struct vpc *vpc, const char *id)
{
    VEC_EACH (group, &vpc->observation.security_groups)
        if (text_equal(group->group_id, id))
            return group;
    fail_msg("no %s", id);
    return NULL;
}

static struct ec2_network_acl *acl_of(struct vpc *vpc, const char *id)
{
    VEC_EACH (acl, &vpc->observation.network_acls)
        if (text_equal(acl->network_acl_id, id))
            return acl;
    fail_msg("no %s", id);
    return NULL;
}

static struct ec2_vpc_endpoint *endpoint_of(struct vpc *vpc, const char *id)
{
    VEC_EACH (endpoint, &vpc->observation.vpc_endpoints)
        if (text_equal(endpoint->vpc_endpoint_id, id))
            return endpoint;
    fail_msg("no %s", id);
    return NULL;
}

static void add_acl_entry(struct vpc *vpc, const char *id, int number, bool egress,
                          const char *cidr, const char *action, int from, int to)
{
    struct ec2_network_acl *acl = acl_of(vpc, id);
    struct ec2_network_acl_entry *entry = &acl->entries.items[acl->entries.n++];

    assert_true(acl->entries.n <= 16);
    *entry = (struct ec2_network_acl_entry){.rule_number = {number, true},
                                            .protocol = from < 0 ? "-1" : "6",
                                            .rule_action = action,
                                            .egress = egress ? WIRE_TRUE : WIRE_FALSE};
    if (from >= 0) {
        entry->port_from = (struct wire_int){from, true};
        entry->port_to = (struct wire_int){to, true};
    }
    if (strchr(cidr, ':'))
        entry->ipv6_cidr_block = reach_block(cidr);
    else
        entry->cidr_block = reach_block(cidr);
}

static struct ec2_network_acl *add_acl(struct vpc *vpc, const char *id)
{
    struct ec2_network_acl *acl = VEC_ADD(vpc->arena, &vpc->observation.network_acls);

    *acl = (struct ec2_network_acl){.network_acl_id = id, .vpc_id = "vpc-1"};
    acl->entries.items = ARENA_ARRAY(vpc->arena, struct ec2_network_acl_entry, 16);
    acl->associations.items = ARENA_ARRAY(vpc->arena, struct ec2_network_acl_association, 16);
    for (int egress = 0; egress < 2; egress++) {
        add_acl_entry(vpc, id, 32767, egress, "0.0.0.0/0", "deny", -1, -1);
        add_acl_entry(vpc, id, 32767, egress, "::/0", "deny", -1, -1);
    }
    return acl;
}

static void make_both_families(struct vpc *vpc)
{
    unsigned n = 0;

    VEC_EACH (subnet, &vpc->observation.subnets) {
        struct ec2_ipv6_cidr_block_association *association =
            ARENA_NEW(vpc->arena, struct ec2_ipv6_cidr_block_association);

        if (!text_equal(subnet->vpc_id, "vpc-1"))
            continue;
        association->state = EC2_ASSOCIATION_ASSOCIATED;
        association->ipv6_cidr_block =
            reach_block(arena_printf(vpc->arena, "2406:da14:1:%x::/64", n++));
        subnet->ipv6_cidr_block_associations.items = association;
        subnet->ipv6_cidr_block_associations.n = 1;
        subnet->enable_dns64 = WIRE_TRUE;
        subnet->map_public_ip_on_launch = WIRE_FALSE;
    }
    VEC_EACH (table, &vpc->observation.route_tables)
        if (text_equal(table->vpc_id, "vpc-1"))
            vpc_add_route(vpc, table->route_table_id, "2406:da14:1::/56", "local")->origin =
                EC2_ORIGIN_CREATE_ROUTE_TABLE;
    vpc_add_route(vpc, "rtb-private-a", "64:ff9b::/96", "nat-a");
    vpc_subnet(vpc, "subnet-public-c")->map_public_ip_on_launch = WIRE_TRUE;
}

static void make_layers(struct vpc *vpc)
{
    static const char *const groups[] = {"sg-functions", "sg-endpoint"};
    struct ec2_network_acl *acl;

    for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
        struct ec2_security_group *group = VEC_ADD(vpc->arena, &vpc->observation.security_groups);

        *group = (struct ec2_security_group){.group_id = groups[i], .vpc_id = "vpc-1"};
        add_permission(vpc, &group->ip_permissions_egress, "0.0.0.0/0", 0);
        add_permission(vpc, &group->ip_permissions_egress, "::/0", 0);
    }
    add_permission(vpc, &group_of(vpc, "sg-endpoint")->ip_permissions, "sg-functions", 443);
    add_acl(vpc, "acl-other");
    acl = add_acl(vpc, "acl-open");
    for (int egress = 0; egress < 2; egress++) {
        add_acl_entry(vpc, "acl-open", 100, egress, "0.0.0.0/0", "allow", -1, -1);
        add_acl_entry(vpc, "acl-open", 101, egress, "::/0", "allow", -1, -1);
    }
    VEC_EACH (subnet, &vpc->observation.subnets)
        if (text_equal(subnet->vpc_id, "vpc-1"))
            acl->associations.items[acl->associations.n++].subnet_id = subnet->subnet_id;
}

static void set_addresses(struct vpc *vpc, const char *id, const char *ipv4, const char *ipv6,
                          const char *group)
{
    struct ec2_network_interface *interface = vpc_interface(vpc, id);

    interface->private_ip_address = ipv4;
    interface->status = "in-use";
    interface->ipv6_addresses.items = ARENA_NEW(vpc->arena, struct ec2_ipv6_address);
    interface->ipv6_addresses.items[0].ipv6_address = ipv6;
    interface->ipv6_addresses.n = 1;
    interface->groups.items = ARENA_NEW(vpc->arena, struct ec2_group_identifier);
    interface->groups.items[0].group_id = group;
    interface->groups.n = 1;
}

static struct ec2_vpc_endpoint *add_endpoint(struct vpc *vpc, const char *id, const char *type,
                                             const char *service)
{
    struct ec2_vpc_endpoint *endpoint = VEC_ADD(vpc->arena, &vpc->observation.vpc_endpoints);

    *endpoint = (struct ec2_vpc_endpoint){.vpc_endpoint_id = id,
                                          .vpc_endpoint_type = type,
                                          .vpc_id = "vpc-1",
                                          .service_name = service,
                                          .state = "available",
                                          .policy_document = OPEN_POLICY};
    return endpoint;
}

static void make_endpoints(struct vpc *vpc)
{
    struct prefix *entries = ARENA_ARRAY(vpc->arena, struct prefix, 1);
    struct ec2_vpc_endpoint *logs;

    vpc_prefix_list(vpc, "pl-s3")->prefix_list_name = S3;
    entries[0] = reach_block("52.219.0.0/17");
    *VEC_ADD(vpc->arena, &vpc->observation.prefix_list_entries) =
        (struct observed_prefix_list){"pl-s3", entries, 1};
    add_endpoint(vpc, "vpce-s3", "Gateway", S3);
    logs = add_endpoint(vpc, "vpce-logs", "Interface", LOGS);
    logs->private_dns_enabled = WIRE_TRUE;
    logs->ip_address_type = "ipv4";
    logs->groups.items = ARENA_NEW(vpc->arena, struct ec2_group_identifier);
    logs->groups.items[0].group_id = "sg-endpoint";
    logs->groups.n = 1;
    vpc_add_interface(vpc, "eni-logs-a", "subnet-private-a", NULL)->interface_type = "vpc_endpoint";
    vpc_add_interface(vpc, "eni-logs-c", "subnet-private-c", NULL)->interface_type = "vpc_endpoint";
    set_addresses(vpc, "eni-logs-a", "10.0.16.99", "2406:da14:1:2::99", "sg-endpoint");
    set_addresses(vpc, "eni-logs-c", "10.0.17.99", "2406:da14:1:3::99", "sg-endpoint");
    logs->network_interface_ids.items = ARENA_ARRAY(vpc->arena, const char *, 2);
    logs->network_interface_ids.items[0] = "eni-logs-a";
    logs->network_interface_ids.items[1] = "eni-logs-c";
    logs->network_interface_ids.n = 2;
    *VEC_ADD(vpc->arena, &vpc->observation.vpc_attributes) =
        (struct observed_vpc_attributes){"vpc-1", WIRE_TRUE, WIRE_TRUE};
}

static struct vpc *reach_vpc_new(void)
{
    struct vpc *vpc = vpc_new_observed();

    make_both_families(vpc);
    make_layers(vpc);
    set_addresses(vpc, "eni-public", "10.0.0.10", "2406:da14:1::10", "sg-functions");
    set_addresses(vpc, "eni-private", "10.0.16.10", "2406:da14:1:2::10", "sg-functions");
    make_endpoints(vpc);
    return vpc;
}

/* ---- breaking: each edit takes up to three words ---- */

#define EDIT(name)                                                                                 \
    static void name(struct vpc *vpc, const char *a __attribute__((unused)),                       \
                     const char *b __attribute__((unused)), const char *c __attribute__((unused)))

EDIT(drop)
{
    vpc_drop_route(vpc, a, b);
}
EDIT(route)
{
    vpc_add_route(vpc, a, b, c);
}
EDIT(retarget)
{
    vpc_retarget(vpc_route(vpc, a, b), c);
}
EDIT(propagated)
{
    vpc_add_route(vpc, a, b, c)->origin = EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION;
}
EDIT(route_is)
{
    vpc_route(vpc, a, b)->state = text_equal(c, "blackhole")  ? EC2_ROUTE_BLACKHOLE
                                  : text_equal(c, "filtered") ? EC2_ROUTE_FILTERED
                                                              : EC2_ROUTE_UNKNOWN;
}
EDIT(disassociate)
{
    vpc_disassociate(vpc, a, b);
}
EDIT(associating)
{
    vpc_table(vpc, a)->associations.items[0].state = EC2_ASSOCIATION_ASSOCIATING;
}
EDIT(no_main_table)
{
    vpc_table(vpc, "rtb-main")->associations.n = 0;
}
/* a list that could not be read */
EDIT(unread)
{
    for (size_t i = 0; i < LIST_COUNT; i++)
        if (text_equal(observed_list_name((enum observed_list)i), a)) {
            vpc->observation.lists[i].complete = false;
            return;
        }
    fail_msg("no list is called %s", a);
}
EDIT(nat_is)
{
    static const struct {
        const char *word;
        enum ec2_state state;
    } words[] = {{"pending", EC2_STATE_PENDING}, {"deleted", EC2_STATE_DELETED}};
    struct ec2_nat_gateway *nat = vpc_nat(vpc, a);

    nat->state = EC2_STATE_UNKNOWN;
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (text_equal(words[i].word, b))
            nat->state = (uint8_t)words[i].state;
}
EDIT(nat_is_private)
{
    vpc_nat(vpc, a)->connectivity_type = EC2_CONNECTIVITY_PRIVATE;
}
EDIT(nat_is_regional) /* with b as its own table, which leads to c */
{
    vpc_nat(vpc, a)->subnet_id = NULL;
    vpc_nat(vpc, a)->availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
    vpc_nat(vpc, a)->route_table_id = b;
    if (b)
        vpc_add_table(vpc, b, "vpc-1");
    if (c)
        vpc_add_route(vpc, b, "0.0.0.0/0", c);
}
EDIT(igw_detached)
{
    vpc_igw(vpc, a)->attachments.n = 0;
}
EDIT(igw_attaching)
{
    vpc_igw(vpc, a)->attachments.items[0].state = EC2_ATTACHMENT_ATTACHING;
}
EDIT(eigw_elsewhere)
{
    vpc_eigw(vpc, a)->attachments.items[0].vpc_id = "vpc-9";
}
EDIT(no_public_address)
{
    vpc_interface(vpc, a)->association_public_ip = NULL;
}
EDIT(on_launch)
{
    vpc_subnet(vpc, a)->map_public_ip_on_launch = text_equal(b, "off") ? WIRE_FALSE : WIRE_ABSENT;
}
EDIT(dns64_off)
{
    vpc_subnet(vpc, a)->enable_dns64 = WIRE_FALSE;
}
EDIT(ipv6_block)
{
    struct ec2_subnet *subnet = vpc_subnet(vpc, a);

    if (text_equal(b, "none"))
        subnet->ipv6_cidr_block_associations.n = 0;
    else
        subnet->ipv6_cidr_block_associations.items[0].state = text_equal(b, "associating")
                                                                  ? EC2_ASSOCIATION_ASSOCIATING
                                                                  : EC2_ASSOCIATION_DISASSOCIATED;
}
EDIT(no_ipv4)
{
    vpc_subnet(vpc, a)->cidr_block = (struct prefix){0};
}
EDIT(block_mode) /* of the VPC or a subnet */
{
    if (text_equal(a, "vpc-1"))
        vpc_vpc(vpc, a)->internet_gateway_block_mode = b;
    else
        vpc_subnet(vpc, a)->internet_gateway_block_mode = b;
}
EDIT(encryption)
{
    vpc_vpc(vpc, "vpc-1")->encryption_control_mode = a;
}
EDIT(acl) /* the subnet gets acl-other, which denies all but what entries say */
{
    struct ec2_network_acl *open = acl_of(vpc, "acl-open"), *other = acl_of(vpc, "acl-other");

    for (size_t i = 0; i < open->associations.n; i++)
        if (text_equal(open->associations.items[i].subnet_id, a))
            open->associations.items[i] = open->associations.items[--open->associations.n];
    other->associations.items[other->associations.n++].subnet_id = a;
}
/* "out" or "in", CIDR, "443" or "1024-65535" */
EDIT(acl_allow)
{
    int from = atoi(c), to = strchr(c, '-') ? atoi(strchr(c, '-') + 1) : from;

    add_acl_entry(vpc, "acl-other", 100 + (int)acl_of(vpc, "acl-other")->entries.n,
                  text_equal(a, "out"), b, "allow", from, to);
}
EDIT(acl_deny) /* in acl-open, before everything else */
{
    add_acl_entry(vpc, "acl-open", 50, text_equal(a, "out"), b, "deny", -1, -1);
}
EDIT(no_outbound)
{
    group_of(vpc, a)->ip_permissions_egress.n = 0;
}
EDIT(outbound)
{
    add_permission(vpc, &group_of(vpc, a)->ip_permissions_egress, b, atoi(c));
}
EDIT(no_inbound)
{
    group_of(vpc, a)->ip_permissions.n = 0;
}
EDIT(entries) /* of a customer's prefix list */
{
    struct prefix *items = ARENA_ARRAY(vpc->arena, struct prefix, 1);

    items[0] = reach_block(b);
    *VEC_ADD(vpc->arena, &vpc->observation.prefix_list_entries) =
        (struct observed_prefix_list){a, items, 1};
}
EDIT(policy)
{
    endpoint_of(vpc, a)->policy_document = b;
}
EDIT(endpoint_is)
{
    endpoint_of(vpc, a)->state = b;
}
EDIT(second_endpoint) /* b is like a */
{
    struct ec2_vpc_endpoint copy = *endpoint_of(vpc, a);

    copy.vpc_endpoint_id = b;
    *VEC_ADD(vpc->arena, &vpc->observation.vpc_endpoints) = copy;
}
EDIT(private_dns_off)
{
    endpoint_of(vpc, a)->private_dns_enabled = WIRE_FALSE;
}
EDIT(private_dns_absent)
{
    endpoint_of(vpc, a)->private_dns_enabled = WIRE_ABSENT;
}
EDIT(unattached)
{
    vpc_interface(vpc, a)->status = "available";
}
EDIT(denies_igw)
{
    vpc_interface(vpc, a)->deny_all_igw_traffic = WIRE_TRUE;
}
EDIT(gwlb)
{
    add_endpoint(vpc, a, "GatewayLoadBalancer", "firewall");
}
EDIT(dns_support_off)
{
    vpc->observation.vpc_attributes.items[0].enable_dns_support = WIRE_FALSE;
}
EDIT(dns_hostnames_off)
{
    vpc->observation.vpc_attributes.items[0].enable_dns_hostnames = WIRE_FALSE;
}
