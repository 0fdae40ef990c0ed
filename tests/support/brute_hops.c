/* Routes, and what they lead to. */
#include "brute_private.h"

/* ---- routes ---- */

const char *brute_target(const struct ec2_route *route)
{
    return route->gateway_id                        ? route->gateway_id
           : route->nat_gateway_id                  ? route->nat_gateway_id
           : route->egress_only_internet_gateway_id ? route->egress_only_internet_gateway_id
           : route->transit_gateway_id              ? route->transit_gateway_id
           : route->vpc_peering_connection_id       ? route->vpc_peering_connection_id
                                                    : route->network_interface_id;
}

struct hop brute_next_hop(const struct brute_walk *w, const struct ec2_route_table *table,
                          const struct address *to)
{
    struct hop hop = {BRUTE_NO, NULL};
    int best = -1; /* length * 4 + weight */

    for (size_t i = 0; i < table->routes.n; i++) {
        const struct ec2_route *route = &table->routes.items[i];
        const char *list = route->destination_prefix_list_id;
        const struct observed_prefix_list *entries = NULL;
        bool propagated = route->origin == EC2_ORIGIN_ENABLE_VGW_ROUTE_PROPAGATION ||
                          route->origin == EC2_ORIGIN_ADVERTISEMENT;
        int length = -1, score;

        if (list) {
            bool aws = known(w, LIST_MANAGED_PREFIX_LISTS) && brute_find_list(w, list) &&
                       same(brute_find_list(w, list)->owner_id, "AWS");

            if (brute_listed(w, list, to) == BRUTE_UNKNOWN && !(w->ordinary && aws))
                return (struct hop){BRUTE_UNKNOWN, NULL};
            if (brute_listed(w, list, to) != BRUTE_YES)
                continue;
            entries = brute_find_entries(w, list);
            for (size_t k = 0; k < entries->n; k++)
                if (brute_holds(&entries->entries[k], to) && entries->entries[k].length > length)
                    length = entries->entries[k].length;
        } else if (brute_holds(&route->destination_cidr_block, to)) {
            length = route->destination_cidr_block.length;
        } else if (brute_holds(&route->destination_ipv6_cidr_block, to)) {
            length = route->destination_ipv6_cidr_block.length;
        } else {
            continue;
        }
        score = length * 4 + (propagated ? 1 : list ? 2 : 3);
        if (score == best && !same(brute_target(hop.route), brute_target(route)))
            hop.found = BRUTE_UNKNOWN;
        if (score > best)
            hop = (struct hop){BRUTE_YES, route};
        if (score > best)
            best = score;
    }
    if (hop.found == BRUTE_UNKNOWN)
        hop.route = NULL;
    return hop;
}

const struct ec2_route_table *brute_table_of(const struct brute_walk *w, const char *subnet)
{
    const struct ec2_route_table *main = NULL;

    VEC_EACH (table, &w->world->route_tables)
        for (size_t i = 0; i < table->associations.n; i++) {
            const struct ec2_route_table_association *association = &table->associations.items[i];

            if (association->main == WIRE_TRUE)
                main = table;
            if (!same(association->subnet_id, subnet) ||
                association->state == EC2_ASSOCIATION_DISASSOCIATED)
                continue;
            return association->state == EC2_ASSOCIATION_ASSOCIATED ? table : NULL;
        }
    return main;
}

static enum brute is_attached(const struct ec2_gateway_attachment *attachments, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (same(attachments[i].vpc_id, "vpc-1"))
            return attachments[i].state == EC2_ATTACHMENT_AVAILABLE ||
                           attachments[i].state == EC2_ATTACHMENT_ATTACHED
                       ? BRUTE_YES
                   : attachments[i].state == EC2_ATTACHMENT_DETACHED ? BRUTE_NO
                                                                     : BRUTE_UNKNOWN;
    return BRUTE_NO;
}

static enum brute igw_works(const struct brute_walk *w, const char *id)
{
    const struct ec2_internet_gateway *igw = brute_find_igw(w, id);

    if (!known(w, LIST_INTERNET_GATEWAYS))
        return BRUTE_UNKNOWN;
    return igw ? is_attached(igw->attachments.items, igw->attachments.n) : BRUTE_NO;
}

static enum brute eigw_works(const struct brute_walk *w, const char *id)
{
    const struct ec2_egress_only_internet_gateway *eigw = brute_find_eigw(w, id);

    if (!known(w, LIST_EGRESS_ONLY_INTERNET_GATEWAYS))
        return BRUTE_UNKNOWN;
    return eigw ? is_attached(eigw->attachments.items, eigw->attachments.n) : BRUTE_NO;
}

/* ---- the edge of the VPC ---- */

static const char *block_mode(const struct brute_walk *w, const struct ec2_subnet *subnet)
{
    const char *mode = subnet->internet_gateway_block_mode;

    if (!mode)
        mode = w->vpc->internet_gateway_block_mode;
    return mode ? mode : "off";
}

static enum brute encryption_lets(const struct brute_walk *w)
{
    const char *mode = w->vpc->encryption_control_mode;

    return !mode || same(mode, "monitor") ? BRUTE_YES : BRUTE_UNKNOWN;
}

/* ---- leaving the subnet ---- */

static enum brute has_public_ipv4(const struct brute_walk *w)
{
    enum brute answer = BRUTE_YES;
    bool any = false;

    if (w->interface)
        return w->interface->association_public_ip ? BRUTE_YES : BRUTE_NO;
    if (!known(w, LIST_NETWORK_INTERFACES))
        return BRUTE_UNKNOWN;
    VEC_EACH (interface, &w->world->network_interfaces) {
        bool asked = !w->groups_known;

        for (size_t i = 0; i < interface->groups.n; i++)
            for (size_t k = 0; k < w->n_groups; k++)
                asked |= same(interface->groups.items[i].group_id, w->groups[k]);
        if (!asked || !same(interface->subnet_id, w->subnet->subnet_id) ||
            !same(interface->interface_type, "interface") || !same(interface->status, "in-use"))
            continue;
        any = true;
        if (!interface->association_public_ip)
            answer = BRUTE_NO;
    }
    if (any)
        return answer;
    return w->subnet->map_public_ip_on_launch == WIRE_TRUE    ? BRUTE_YES
           : w->subnet->map_public_ip_on_launch == WIRE_FALSE ? BRUTE_NO
                                                              : BRUTE_UNKNOWN;
}

enum brute brute_through_igw(const struct brute_walk *w, const char *id, const struct address *to)
{
    const char *mode = block_mode(w, w->subnet);
    enum brute answer = min(igw_works(w, id), encryption_lets(w));

    if (!brute_is_public(to))
        return BRUTE_NO;
    if (same(mode, "block-bidirectional") || same(mode, "block-ingress"))
        return BRUTE_NO;
    if (!same(mode, "off"))
        answer = min(answer, BRUTE_UNKNOWN);
    if (w->interface && w->interface->deny_all_igw_traffic == WIRE_TRUE)
        return BRUTE_NO;
    return to->ipv6 ? answer : min(answer, has_public_ipv4(w));
}

enum brute brute_through_eigw(const struct brute_walk *w, const char *id, const struct address *to)
{
    const char *mode = block_mode(w, w->subnet);
    enum brute answer = min(eigw_works(w, id), encryption_lets(w));

    if (!to->ipv6 || !brute_is_public(to) || same(mode, "block-bidirectional"))
        return BRUTE_NO;
    return same(mode, "off") || same(mode, "block-ingress") ? answer : min(answer, BRUTE_UNKNOWN);
}

/* Where the NAT gateway itself sends the packet. */
static enum brute nat_sends(const struct brute_walk *w, const struct ec2_nat_gateway *nat,
                            const struct ec2_route_table *table, const struct address *to)
{
    bool is_private = nat->connectivity_type == EC2_CONNECTIVITY_PRIVATE;
    const char *next;
    struct hop hop;

    if (!table)
        return BRUTE_UNKNOWN;
    hop = brute_next_hop(w, table, to);
    if (hop.found == BRUTE_UNKNOWN)
        return BRUTE_UNKNOWN;
    if (hop.found == BRUTE_NO)
        return BRUTE_NO;
    next = brute_target(hop.route);
    if (!is_private && hop.route->state == EC2_ROUTE_BLACKHOLE)
        return BRUTE_NO;
    if (!strncmp(next, "nat-", 4) || !strncmp(next, "eigw-", 5))
        return BRUTE_NO;
    if (strncmp(next, "igw-", 4) != 0)
        return BRUTE_UNKNOWN;
    if (is_private || !brute_is_public(to))
        return BRUTE_NO;
    return hop.route->state == EC2_ROUTE_ACTIVE ? igw_works(w, next) : BRUTE_UNKNOWN;
}

enum brute brute_through_nat(const struct brute_walk *w, const char *id, const struct address *from,
                             const struct address *to, unsigned reply_port)
{
    const struct ec2_nat_gateway *nat = brute_find_nat(w, id);
    const struct ec2_subnet *home = NULL;
    const char *mode = block_mode(w, w->subnet), *nat_mode = mode;
    struct address outside = *to;
    enum brute answer;

    if (to->ipv6 && !brute_is_nat64(to))
        return BRUTE_NO;
    if (!known(w, LIST_NAT_GATEWAYS))
        return BRUTE_UNKNOWN;
    if (!nat)
        return BRUTE_NO;
    if (nat->state != EC2_STATE_AVAILABLE)
        return nat->state == EC2_STATE_UNKNOWN ? BRUTE_UNKNOWN : BRUTE_NO;
    if (to->ipv6)
        outside = brute_out_of_nat64(*to);
    answer = encryption_lets(w);
    if (nat->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL) {
        answer = min(answer, nat_sends(w, nat, brute_find_table(w, nat->route_table_id), &outside));
    } else {
        home = brute_find_subnet(w, nat->subnet_id);
        answer = min(answer, nat_sends(w, nat, brute_table_of(w, nat->subnet_id), &outside));
        if (home != w->subnet) {
            answer = min(answer, brute_acl_in(w, nat->subnet_id, from, reply_port));
            answer = min(answer, brute_acl_out(w, nat->subnet_id, &outside, reply_port));
        }
        nat_mode = block_mode(w, home);
    }
    if (same(nat_mode, "block-bidirectional"))
        return BRUTE_NO;
    if (!same(mode, "off") && !same(mode, "block-ingress"))
        answer = min(answer, BRUTE_UNKNOWN);
    if (!same(nat_mode, "off") && !same(nat_mode, "block-ingress"))
        answer = min(answer, BRUTE_UNKNOWN);
    if (nat->connectivity_type == EC2_CONNECTIVITY_UNKNOWN ||
        nat->connectivity_type == EC2_CONNECTIVITY_PRIVATE)
        answer = min(answer, BRUTE_UNKNOWN);
    return answer;
}

enum brute brute_policy_lets(const struct ec2_vpc_endpoint *endpoint)
{
    static const char *const open[] = {
        "{\"Version\":\"2008-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
        "\"Action\":\"*\",\"Resource\":\"*\"}]}",
        "{ \"Statement\": { \"Action\": [\"*\"], \"Resource\": \"*\", \"Principal\": "
        "{\"AWS\": \"*\"}, \"Effect\": \"Allow\" } }",
    };

    for (size_t i = 0; i < ARRAY_SIZE(open); i++)
        if (same(endpoint->policy_document, open[i]))
            return BRUTE_YES;
    return BRUTE_UNKNOWN;
}

enum brute brute_endpoint_works(const struct ec2_vpc_endpoint *endpoint)
{
    static const char *const dead[] = {"deleting", "deleted", "failed",
                                       "rejected", "expired", "pendingAcceptance"};

    if (strcasecmp(endpoint->state, "available") == 0)
        return BRUTE_YES;
    for (size_t i = 0; i < ARRAY_SIZE(dead); i++)
        if (strcasecmp(endpoint->state, dead[i]) == 0)
            return BRUTE_NO;
    return BRUTE_UNKNOWN;
}

enum brute brute_through_gateway_endpoint(const struct brute_walk *w, const char *id)
{
    const struct ec2_vpc_endpoint *endpoint =
        known(w, LIST_VPC_ENDPOINTS) ? brute_find_endpoint(w, id) : NULL;

    if (!endpoint || strcasecmp(endpoint->vpc_endpoint_type, "gateway") != 0)
        return BRUTE_UNKNOWN;
    return min(brute_endpoint_works(endpoint), brute_policy_lets(endpoint));
}
