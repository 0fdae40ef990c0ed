/* Security groups and network ACLs, one packet at a time. */
#include "brute_private.h"

/* ---- things by id ---- */

#define FIND(name, type, list, id)                                                                 \
    const struct type *name(const struct brute_walk *w, const char *wanted)                        \
    {                                                                                              \
        VEC_EACH (item, &w->world->list)                                                           \
            if (same(item->id, wanted))                                                            \
                return item;                                                                       \
        return NULL;                                                                               \
    }
FIND(brute_find_subnet, ec2_subnet, subnets, subnet_id)
FIND(brute_find_table, ec2_route_table, route_tables, route_table_id)
FIND(brute_find_igw, ec2_internet_gateway, internet_gateways, internet_gateway_id)
FIND(brute_find_eigw, ec2_egress_only_internet_gateway, egress_only_internet_gateways,
     egress_only_internet_gateway_id)
FIND(brute_find_nat, ec2_nat_gateway, nat_gateways, nat_gateway_id)
FIND(brute_find_interface, ec2_network_interface, network_interfaces, network_interface_id)
FIND(brute_find_group, ec2_security_group, security_groups, group_id)
FIND(brute_find_endpoint, ec2_vpc_endpoint, vpc_endpoints, vpc_endpoint_id)
FIND(brute_find_list, ec2_managed_prefix_list, managed_prefix_lists, prefix_list_id)
FIND(brute_find_entries, observed_prefix_list, prefix_list_entries, prefix_list_id)

const struct ec2_subnet *brute_subnet_at(const struct brute_walk *w, const struct address *address)
{
    VEC_EACH (subnet, &w->world->subnets) {
        if (brute_holds(&subnet->cidr_block, address))
            return subnet;
        for (size_t i = 0; i < subnet->ipv6_cidr_block_associations.n; i++)
            if (subnet->ipv6_cidr_block_associations.items[i].state == EC2_ASSOCIATION_ASSOCIATED &&
                brute_holds(&subnet->ipv6_cidr_block_associations.items[i].ipv6_cidr_block,
                            address))
                return subnet;
    }
    return NULL;
}

const struct ec2_network_interface *brute_host_at(const struct brute_walk *w,
                                                  const struct address *address)
{
    struct address own;

    if (known(w, LIST_NETWORK_INTERFACES))
        VEC_EACH (interface, &w->world->network_interfaces) {
            if (brute_parse(interface->private_ip_address, &own) && brute_equal(&own, address))
                return interface;
            for (size_t i = 0; i < interface->ipv6_addresses.n; i++)
                if (brute_parse(interface->ipv6_addresses.items[i].ipv6_address, &own) &&
                    brute_equal(&own, address))
                    return interface;
        }
    return NULL;
}

/* Is the address in the prefix list? */
enum brute brute_listed(const struct brute_walk *w, const char *list, const struct address *address)
{
    const struct observed_prefix_list *entries =
        known(w, LIST_PREFIX_LIST_ENTRIES) ? brute_find_entries(w, list) : NULL;
    const struct ec2_managed_prefix_list *about =
        known(w, LIST_MANAGED_PREFIX_LISTS) ? brute_find_list(w, list) : NULL;

    if (entries) {
        for (size_t i = 0; i < entries->n; i++)
            if (brute_holds(&entries->entries[i], address))
                return BRUTE_YES;
        return BRUTE_NO;
    }
    if (about && same(about->address_family, address->ipv6 ? "IPv4" : "IPv6"))
        return BRUTE_NO;
    return BRUTE_UNKNOWN;
}

/* ---- security groups: any rule that fits ---- */

static enum brute rules_let(const struct brute_walk *w, const ec2_ip_permissions *rules,
                            const struct address *peer, const char *const *peer_groups,
                            size_t n_peer_groups, bool peer_groups_known)
{
    enum brute best = BRUTE_NO;

    for (size_t i = 0; i < rules->n; i++) {
        const struct ec2_ip_permission *rule = &rules->items[i];

        if (!same(rule->ip_protocol, "-1")) {
            if (!same(rule->ip_protocol, w->question->udp ? "udp" : "tcp"))
                continue;
            if (w->question->port < rule->from_port.value ||
                w->question->port > rule->to_port.value)
                continue;
        }
        for (size_t k = 0; k < rule->ip_ranges.n; k++)
            if (brute_holds(&rule->ip_ranges.items[k].cidr_ip, peer))
                return BRUTE_YES;
        for (size_t k = 0; k < rule->ipv6_ranges.n; k++)
            if (brute_holds(&rule->ipv6_ranges.items[k].cidr_ipv6, peer))
                return BRUTE_YES;
        for (size_t k = 0; k < rule->prefix_list_ids.n; k++)
            best = max(best, brute_listed(w, rule->prefix_list_ids.items[k].prefix_list_id, peer));
        for (size_t k = 0; k < rule->groups.n; k++) {
            if (!peer_groups_known)
                best = max(best, BRUTE_UNKNOWN);
            for (size_t g = 0; g < n_peer_groups; g++)
                if (same(peer_groups[g], rule->groups.items[k].group_id))
                    return BRUTE_YES;
        }
    }
    return best;
}

enum brute brute_groups_let(const struct brute_walk *w, const char *const *groups, size_t n,
                            bool inbound, const struct address *peer,
                            const char *const *peer_groups, size_t n_peer_groups,
                            bool peer_groups_known)
{
    enum brute best = BRUTE_NO;

    if (n == 0 || !known(w, LIST_SECURITY_GROUPS))
        return BRUTE_UNKNOWN;
    for (size_t i = 0; i < n; i++)
        if (!brute_find_group(w, groups[i]))
            return BRUTE_UNKNOWN;
    for (size_t i = 0; i < n; i++) {
        const struct ec2_security_group *group = brute_find_group(w, groups[i]);

        best =
            max(best, rules_let(w, inbound ? &group->ip_permissions : &group->ip_permissions_egress,
                                peer, peer_groups, n_peer_groups, peer_groups_known));
    }
    return best;
}

/* ---- network ACLs: the lowest number that matches ---- */

static enum brute acl_lets(const struct brute_walk *w, const char *subnet, bool egress,
                           const struct address *peer, unsigned port)
{
    const struct ec2_network_acl *acl = NULL;
    const struct ec2_network_acl_entry *hit = NULL;

    if (!known(w, LIST_NETWORK_ACLS))
        return BRUTE_UNKNOWN;
    VEC_EACH (item, &w->world->network_acls)
        for (size_t i = 0; i < item->associations.n; i++)
            if (same(item->associations.items[i].subnet_id, subnet))
                acl = item;
    if (!acl)
        return BRUTE_UNKNOWN;
    for (size_t i = 0; i < acl->entries.n; i++) {
        const struct ec2_network_acl_entry *entry = &acl->entries.items[i];

        if ((entry->egress == WIRE_TRUE) != egress ||
            (!brute_holds(&entry->cidr_block, peer) && !brute_holds(&entry->ipv6_cidr_block, peer)))
            continue;
        if (!same(entry->protocol, "-1")) {
            if (!same(entry->protocol, w->question->udp ? "17" : "6"))
                continue;
            if (entry->port_from.set &&
                (port < entry->port_from.value || port > entry->port_to.value))
                continue;
        }
        if (!hit || entry->rule_number.value < hit->rule_number.value)
            hit = entry;
    }
    if (!hit || same(hit->rule_action, "deny"))
        return BRUTE_NO;
    return same(hit->rule_action, "allow") ? BRUTE_YES : BRUTE_UNKNOWN;
}

/* A request that goes out of the subnet to the peer, and its reply that comes in. */
enum brute brute_acl_out(const struct brute_walk *w, const char *subnet, const struct address *peer,
                         unsigned reply_port)
{
    return min(acl_lets(w, subnet, true, peer, w->question->port),
               acl_lets(w, subnet, false, peer, reply_port));
}

enum brute brute_acl_in(const struct brute_walk *w, const char *subnet, const struct address *peer,
                        unsigned reply_port)
{
    return min(acl_lets(w, subnet, false, peer, w->question->port),
               acl_lets(w, subnet, true, peer, reply_port));
}
