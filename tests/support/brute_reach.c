#include "brute_private.h"

/* ---- one connection ---- */

struct far_side { /* who has the address, where the question says so */
    const char *const *groups;
    size_t n;
    const char *subnet;
};

static void group_ids(const struct ec2_network_interface *interface, const char *ret_ids[4],
                      size_t *ret_n)
{
    *ret_n = 0;
    for (size_t i = 0; i < interface->groups.n; i++)
        ret_ids[(*ret_n)++] = interface->groups.items[i].group_id;
}

static enum brute sender_groups_let(const struct brute_walk *w, const struct address *peer,
                                    const char *const *peer_groups, size_t n, bool peer_known)
{
    if (!w->groups_known)
        return BRUTE_YES; /* not asked */
    return brute_groups_let(w, w->groups, w->n_groups, false, peer, peer_groups, n, peer_known);
}

static enum brute arrives(const struct brute_walk *w, const struct address *from,
                          const char *subnet, const char *const *groups, size_t n,
                          unsigned reply_port)
{
    enum brute answer =
        brute_groups_let(w, groups, n, true, from, w->groups, w->n_groups, w->groups_known);

    if (!subnet)
        return min(answer, BRUTE_UNKNOWN);
    if (!same(subnet, w->subnet->subnet_id))
        answer = min(answer, brute_acl_in(w, subnet, from, reply_port));
    return answer;
}

static enum brute to_neighbour(const struct brute_walk *w, const struct address *from,
                               const struct address *to, unsigned reply_port)
{
    const struct ec2_network_interface *host = brute_host_at(w, to);
    const struct ec2_subnet *subnet = brute_subnet_at(w, to);
    const char *ids[4];
    size_t n = 0;

    if (host)
        group_ids(host, ids, &n);
    return min(sender_groups_let(w, to, ids, n, host != NULL),
               arrives(w, from, subnet ? subnet->subnet_id : NULL, ids, n, reply_port));
}

static enum brute connection(const struct brute_walk *w, const struct address *from,
                             const struct address *to, unsigned reply_port,
                             const struct far_side *far)
{
    const struct ec2_route_table *table = brute_table_of(w, w->subnet->subnet_id);
    const struct ec2_subnet *there = brute_subnet_at(w, to);
    enum brute answer = BRUTE_YES;
    bool local = false, groups_cross = true;
    const char *next = NULL;
    struct hop hop = {BRUTE_UNKNOWN, NULL};

    if (table)
        hop = brute_next_hop(w, table, to);
    answer = min(answer, hop.found);
    if (hop.route) {
        next = brute_target(hop.route);
        if (hop.route->state == EC2_ROUTE_BLACKHOLE)
            answer = BRUTE_NO;
        else if (hop.route->state != EC2_ROUTE_ACTIVE)
            answer = min(answer, BRUTE_UNKNOWN);
        if (same(next, "local"))
            local = true;
        else if (!strncmp(next, "igw-", 4))
            answer = min(answer, brute_through_igw(w, next, to));
        else if (!strncmp(next, "eigw-", 5))
            answer = min(answer, brute_through_eigw(w, next, to));
        else if (!strncmp(next, "nat-", 4))
            answer = min(answer, brute_through_nat(w, next, from, to, reply_port));
        else if (!strncmp(next, "vpce-", 5))
            answer = min(answer, brute_through_gateway_endpoint(w, next));
        else
            answer = min(answer, BRUTE_UNKNOWN);
        groups_cross = strncmp(next, "tgw-", 4) == 0 || strncmp(next, "pcx-", 4) == 0 ||
                       strncmp(next, "eni-", 4) == 0 || strncmp(next, "vgw-", 4) == 0;
    }
    if (far)
        answer = min(answer, min(sender_groups_let(w, to, far->groups, far->n, true),
                                 arrives(w, from, far->subnet, far->groups, far->n, reply_port)));
    else if (local)
        answer = min(answer, to_neighbour(w, from, to, reply_port));
    else
        answer = min(answer, sender_groups_let(w, to, NULL, 0, !groups_cross));
    if (far ? !same(far->subnet, w->subnet->subnet_id) : there != w->subnet)
        answer = min(answer, brute_acl_out(w, w->subnet->subnet_id, to, reply_port));
    return answer;
}

static enum brute every_connection(const struct brute_walk *w, const struct addresses *sources,
                                   const struct addresses *destinations, const struct far_side *far)
{
    enum brute worst = BRUTE_YES;

    for (size_t d = 0; d < destinations->n; d++)
        for (size_t s = 0; s < sources->n; s++)
            for (size_t p = 0; p < w->n_reply_ports && worst != BRUTE_NO; p++)
                worst = min(worst, connection(w, &sources->items[s], &destinations->items[d],
                                              w->reply_ports[p], far));
    return worst;
}

/* ---- services ---- */

static bool speaks(const struct ec2_vpc_endpoint *endpoint, bool ipv6)
{
    if (ipv6)
        return same(endpoint->ip_address_type, "dualstack") ||
               same(endpoint->ip_address_type, "ipv6");
    return !same(endpoint->ip_address_type, "ipv6");
}

static enum brute to_interface_endpoint(const struct brute_walk *w,
                                        const struct ec2_vpc_endpoint *endpoint,
                                        const struct addresses *sources)
{
    enum brute answer = min(brute_endpoint_works(endpoint), brute_policy_lets(endpoint));
    enum brute best = BRUTE_NO, worst = BRUTE_YES;
    static struct addresses one;
    const char *ids[4];
    size_t n = 0;

    for (size_t i = 0; i < endpoint->groups.n; i++)
        ids[n++] = endpoint->groups.items[i].group_id;
    if (endpoint->network_interface_ids.n == 0)
        return endpoint->subnet_ids.n ? min(answer, BRUTE_UNKNOWN) : BRUTE_NO;
    for (size_t i = 0; i < endpoint->network_interface_ids.n; i++) {
        const struct ec2_network_interface *interface =
            known(w, LIST_NETWORK_INTERFACES)
                ? brute_find_interface(w, endpoint->network_interface_ids.items[i])
                : NULL;
        struct far_side far = {.groups = ids, .n = n};
        enum brute there;

        if (!interface)
            return min(answer, BRUTE_UNKNOWN);
        one.n = 1;
        far.subnet = interface->subnet_id;
        if (!brute_parse(w->question->ipv6 ? interface->ipv6_addresses.n
                                                 ? interface->ipv6_addresses.items[0].ipv6_address
                                                 : NULL
                                           : interface->private_ip_address,
                         &one.items[0]))
            return min(answer, BRUTE_UNKNOWN);
        there = every_connection(w, sources, &one, &far);
        best = max(best, there);
        worst = min(worst, there);
    }
    return min(answer, best == worst ? best : BRUTE_UNKNOWN);
}

/* The addresses that a prefix list of the service holds; false: it has one that nobody knows, and
 * the table sends it to an endpoint. */
static bool service_addresses(const struct brute_walk *w, struct addresses *addresses)
{
    const struct ec2_route_table *table = NULL;
    bool ours, routed = false;

    /* the table, even while its association changes */
    VEC_EACH (candidate, &w->world->route_tables)
        for (size_t i = 0; i < candidate->associations.n; i++)
            if (same(candidate->associations.items[i].subnet_id, w->subnet->subnet_id) &&
                candidate->associations.items[i].state != EC2_ASSOCIATION_DISASSOCIATED)
                table = candidate;
    if (!table)
        table = brute_table_of(w, w->subnet->subnet_id);
    addresses->n = 0;
    ours = same(w->question->service, "com.amazonaws.r.s3") &&
           known(w, LIST_MANAGED_PREFIX_LISTS) && brute_find_list(w, "pl-s3");
    for (size_t i = 0; table && i < table->routes.n; i++) {
        const struct ec2_vpc_endpoint *endpoint;

        if (!same(table->routes.items[i].destination_prefix_list_id, "pl-s3"))
            continue;
        endpoint = brute_find_endpoint(w, brute_target(&table->routes.items[i]));
        routed = true;
        ours |= endpoint && strcasecmp(endpoint->vpc_endpoint_type, "gateway") == 0 &&
                same(endpoint->service_name, w->question->service);
    }
    if (!ours)
        return true;
    if (!known(w, LIST_PREFIX_LIST_ENTRIES) || !brute_find_entries(w, "pl-s3"))
        return !routed;
    if (!w->question->ipv6) {
        const struct observed_prefix_list *list = brute_find_entries(w, "pl-s3");

        for (size_t i = 0; i < list->n; i++)
            brute_addresses_of(w, &list->entries[i], addresses);
        for (size_t i = 0; w->question->nat64 && i < addresses->n; i++)
            addresses->items[i] = brute_into_nat64(addresses->items[i]);
    }
    return true;
}

static enum brute to_service(struct brute_walk *w, const struct addresses *sources)
{
    const struct ec2_vpc_endpoint *with = NULL;
    int support = WIRE_ABSENT, hostnames = WIRE_ABSENT;
    enum brute answer = BRUTE_YES;
    static struct addresses to;

    if (known(w, LIST_VPC_ATTRIBUTES) && w->world->vpc_attributes.n) {
        support = w->world->vpc_attributes.items[0].enable_dns_support;
        hostnames = w->world->vpc_attributes.items[0].enable_dns_hostnames;
    }
    if (!known(w, LIST_VPC_ENDPOINTS) || support != WIRE_TRUE)
        return BRUTE_UNKNOWN;
    VEC_EACH (endpoint, &w->world->vpc_endpoints) {
        enum brute works = brute_endpoint_works(endpoint);

        if (!same(endpoint->service_name, w->question->service) ||
            strcasecmp(endpoint->vpc_endpoint_type, "interface") != 0 ||
            !speaks(endpoint, w->question->ipv6) ||
            (works == BRUTE_NO && strcasecmp(endpoint->state, "deleting") != 0))
            continue;
        if (endpoint->private_dns_enabled == WIRE_ABSENT)
            return BRUTE_UNKNOWN;
        if (endpoint->private_dns_enabled == WIRE_TRUE)
            with = endpoint;
    }
    if (with && hostnames == WIRE_ABSENT)
        return BRUTE_UNKNOWN;
    if (with && hostnames == WIRE_TRUE)
        return w->question->nat64 ? BRUTE_UNKNOWN : to_interface_endpoint(w, with, sources);
    if (w->question->ipv6)
        answer = w->question->service_has_ipv6 < 0 ? BRUTE_UNKNOWN
                 : w->question->service_has_ipv6   ? BRUTE_YES
                                                   : BRUTE_NO;
    if (!service_addresses(w, &to))
        return min(answer, BRUTE_UNKNOWN);
    w->ordinary = to.n == 0;
    if (w->ordinary)
        brute_internet_of(w, &to);
    return min(answer, every_connection(w, sources, &to, NULL));
}

enum brute brute_reach(const struct observation *world, const char *vpc_id,
                       const struct brute_question *question)
{
    struct brute_walk w = {.world = world, .question = question};
    const char *ids[4];
    static struct addresses sources, destinations;
    enum brute answer = BRUTE_YES;
    bool packets_ipv6 = question->ipv6 || question->nat64;

    VEC_EACH (vpc, &world->vpcs)
        if (same(vpc->vpc_id, vpc_id))
            w.vpc = vpc;
    w.subnet = brute_find_subnet(&w, question->subnet);
    if (!w.subnet || w.subnet->state == EC2_STATE_UNAVAILABLE)
        return BRUTE_NO;
    if (w.subnet->state != EC2_STATE_AVAILABLE)
        return BRUTE_UNKNOWN;
    if (question->interface) {
        if (!known(&w, LIST_NETWORK_INTERFACES))
            return BRUTE_UNKNOWN;
        w.interface = brute_find_interface(&w, question->interface);
        if (!w.interface || !same(w.interface->subnet_id, question->subnet))
            return BRUTE_NO;
    }
    w.groups = question->groups;
    w.n_groups = question->n_groups;
    w.groups_known = question->n_groups > 0 || w.interface;
    if (!question->n_groups && w.interface) {
        group_ids(w.interface, ids, &w.n_groups);
        w.groups = ids;
    }
    brute_sources_of(&w, packets_ipv6, &sources);
    if (sources.n == 0) {
        bool coming = false;

        for (size_t i = 0; packets_ipv6 && i < w.subnet->ipv6_cidr_block_associations.n; i++)
            coming |= w.subnet->ipv6_cidr_block_associations.items[i].state ==
                      EC2_ASSOCIATION_ASSOCIATING;
        return coming && !w.interface ? BRUTE_UNKNOWN : BRUTE_NO;
    }
    if (question->nat64)
        answer = w.subnet->enable_dns64 == WIRE_TRUE    ? BRUTE_YES
                 : w.subnet->enable_dns64 == WIRE_FALSE ? BRUTE_NO
                                                        : BRUTE_UNKNOWN;
    brute_find_reply_ports(&w);
    if (question->to == BRUTE_SERVICE)
        return min(answer, to_service(&w, &sources));
    destinations.n = 0;
    w.ordinary = question->to == BRUTE_INTERNET;
    if (w.ordinary)
        brute_internet_of(&w, &destinations);
    else
        brute_addresses_of(&w, &question->block, &destinations);
    return min(answer, every_connection(&w, &sources, &destinations, NULL));
}
