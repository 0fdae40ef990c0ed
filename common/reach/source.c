/* Where packets start: subnet, interface, address, security groups. */
#include "reach_private.h"

/* ---- finding ---- */

void groups_find(struct arena *arena, const struct snapshot *snapshot, struct groups *groups)
{
    groups->ingress = ARENA_ARRAY(arena, const ec2_ip_permissions *, groups->n + 1);
    groups->egress = ARENA_ARRAY(arena, const ec2_ip_permissions *, groups->n + 1);
    groups->n_found = 0;
    if (!(snapshot->complete & NEEDS(SECURITY_GROUPS)))
        return;
    for (size_t i = 0; i < groups->n; i++) {
        const struct ec2_security_group *group =
            snapshot_find_security_group(snapshot, groups->ids[i]);

        if (!group)
            continue;
        groups->ingress[groups->n_found] = &group->ip_permissions;
        groups->egress[groups->n_found++] = &group->ip_permissions_egress;
    }
}

const struct ec2_network_interface *interface_find(const struct snapshot *snapshot, const char *id)
{
    for (size_t i = 0; i < snapshot->n_network_interfaces; i++)
        if (text_equal(snapshot->network_interfaces[i]->network_interface_id, id))
            return snapshot->network_interfaces[i];
    return NULL;
}

static void find_addresses(struct arena *arena, struct source *source)
{
    const struct ec2_network_interface *interface = source->interface;
    const struct ec2_subnet *subnet = source->subnet->ec2;
    size_t n = interface ? interface->ipv6_addresses.n : 0;
    struct prefix *addresses =
        ARENA_ARRAY(arena, struct prefix, n + subnet->ipv6_cidr_block_associations.n + 1);
    size_t n_addresses = 0;

    if (source->family == FAMILY_IPV4) {
        if (!interface || text_empty(interface->private_ip_address) ||
            prefix_parse_address(interface->private_ip_address, addresses) < 0)
            addresses[0] = subnet->cidr_block;
        n_addresses = addresses[0].family == FAMILY_IPV4;
    } else if (interface) {
        for (size_t i = 0; i < n; i++)
            n_addresses += prefix_parse_address(interface->ipv6_addresses.items[i].ipv6_address,
                                                &addresses[n_addresses]) == 0;
    } else {
        for (size_t i = 0; i < subnet->ipv6_cidr_block_associations.n; i++)
            if (subnet->ipv6_cidr_block_associations.items[i].state == EC2_ASSOCIATION_ASSOCIATED)
                addresses[n_addresses++] =
                    subnet->ipv6_cidr_block_associations.items[i].ipv6_cidr_block;
    }
    source->addresses = (struct prefixes){addresses, n_addresses};
}

void source_find(struct arena *arena, const struct snapshot *snapshot,
                 const struct reach_query *query, struct source *ret_source)
{
    struct source source = {.family = query->nat64 ? FAMILY_IPV6 : query->family};

    source.subnet = snapshot_find_subnet(snapshot, query->subnet_id);
    if (query->network_interface_id)
        source.interface = interface_find(snapshot, query->network_interface_id);
    if (query->security_group_ids.n) {
        source.groups_asked = true;
        source.groups.ids = query->security_group_ids.items;
        source.groups.n = query->security_group_ids.n;
    } else if (source.interface) {
        source.groups_asked = true;
        source.groups.n = source.interface->groups.n;
        source.groups.ids = ARENA_ARRAY(arena, const char *, source.groups.n + 1);
        for (size_t i = 0; i < source.groups.n; i++)
            source.groups.ids[i] = source.interface->groups.items[i].group_id;
    }
    groups_find(arena, snapshot, &source.groups);
    if (source.subnet)
        find_addresses(arena, &source);
    *ret_source = source;
}

/* ---- the first steps ---- */

static enum verdict subnet_verdict(struct walk *walk)
{
    const struct reach_query *query = walk->query;
    const struct subnet *subnet = walk->source->subnet;
    const struct ec2_network_interface *interface = walk->source->interface;
    enum verdict verdict = VERDICT_NO;

    if (!subnet) {
        walk_step(walk, REACH_LAYER_SUBNET, VERDICT_NO, query->subnet_id, "%s is not in this VPC",
                  query->subnet_id);
        return VERDICT_NO;
    }
    if (subnet->ec2->state == EC2_STATE_AVAILABLE)
        verdict = VERDICT_YES;
    else if (subnet->ec2->state == EC2_STATE_PENDING || subnet->ec2->state == EC2_STATE_ABSENT ||
             subnet->ec2->state == EC2_STATE_UNKNOWN)
        verdict = VERDICT_UNKNOWN;
    if (verdict != VERDICT_YES) {
        walk_step(walk, REACH_LAYER_SUBNET, verdict, subnet->id, "the state of %s is %s",
                  subnet->id, ec2_word(&ec2_state_words, subnet->ec2->state));
        return verdict;
    }
    if (query->network_interface_id && !interface) {
        verdict =
            walk->snapshot->complete & NEEDS(NETWORK_INTERFACES) ? VERDICT_NO : VERDICT_UNKNOWN;
        walk_step(walk, REACH_LAYER_SUBNET, verdict, query->network_interface_id,
                  verdict == VERDICT_NO
                      ? "%s is not in this VPC"
                      : "%s is not known: the network interfaces could not be read",
                  query->network_interface_id);
        return verdict;
    }
    if (interface && !text_equal(interface->subnet_id, subnet->id)) {
        walk_step(walk, REACH_LAYER_SUBNET, VERDICT_NO, query->network_interface_id,
                  "%s is not in %s", query->network_interface_id, subnet->id);
        return VERDICT_NO;
    }
    walk_step(walk, REACH_LAYER_SUBNET, VERDICT_YES, subnet->id, "%s is available", subnet->id);
    return VERDICT_YES;
}

/* Associated or gone is certain; everything between is not (aws-facts 2.5). */
static bool ipv6_block_is_changing(const struct ec2_subnet *subnet)
{
    for (size_t i = 0; i < subnet->ipv6_cidr_block_associations.n; i++)
        switch (subnet->ipv6_cidr_block_associations.items[i].state) {
        case EC2_ASSOCIATION_ASSOCIATED:
        case EC2_ASSOCIATION_DISASSOCIATED:
        case EC2_ASSOCIATION_FAILED:
            break;
        default:
            return true;
        }
    return false;
}

static enum verdict address_verdict(struct walk *walk)
{
    const struct source *source = walk->source;
    const struct ec2_subnet *subnet = source->subnet->ec2;
    const char *family = source->family == FAMILY_IPV4 ? "IPv4" : "IPv6";
    enum verdict verdict = VERDICT_YES;

    if (source->addresses.n == 0) {
        verdict =
            source->family == FAMILY_IPV6 && !source->interface && ipv6_block_is_changing(subnet)
                ? VERDICT_UNKNOWN
                : VERDICT_NO;
        walk_step(walk, REACH_LAYER_ADDRESS, verdict,
                  source->interface ? source->interface->network_interface_id : subnet->subnet_id,
                  verdict == VERDICT_NO ? "%s has no %s address"
                                        : "%s has no %s block yet: one is on its way",
                  source->interface ? source->interface->network_interface_id : subnet->subnet_id,
                  family);
        return verdict;
    }
    walk_step(walk, REACH_LAYER_ADDRESS, VERDICT_YES, subnet->subnet_id, "%s sends from %s",
              subnet->subnet_id, walk_prefix(walk, &source->addresses.items[0]));
    return VERDICT_YES;
}

bool walk_source(struct walk *walk)
{
    return subnet_verdict(walk) == VERDICT_YES && address_verdict(walk) == VERDICT_YES;
}

/* ---- public IPv4 ---- */

/* NAT gateways and endpoints send for others; what is attached to nothing sends nothing. */
static bool is_workload(const struct walk *walk, const struct ec2_network_interface *interface)
{
    static const char *const others[] = {"nat_gateway", "natGateway", "vpc_endpoint",
                                         "gateway_load_balancer_endpoint"};
    const struct groups *groups = &walk->source->groups;

    if (!text_equal(interface->subnet_id, walk->source->subnet->id) ||
        text_equal(interface->status, "available"))
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        if (text_equal(interface->interface_type, others[i]))
            return false;
    for (size_t i = 0; i < groups->n; i++)
        for (size_t k = 0; k < interface->groups.n; k++)
            if (text_equal(interface->groups.items[k].group_id, groups->ids[i]))
                return true;
    return groups->n == 0;
}

static void public_address_of(struct walk *walk, const struct ec2_network_interface *interface)
{
    const char *id = interface->network_interface_id;

    if (text_empty(interface->association_public_ip))
        walk_step(walk, REACH_LAYER_PUBLIC_ADDRESS, VERDICT_NO, id,
                  "%s has no public IPv4 address, which an internet gateway needs", id);
    else
        walk_step(walk, REACH_LAYER_PUBLIC_ADDRESS, VERDICT_YES, id, "%s has the public address %s",
                  id, interface->association_public_ip);
}

void walk_public_address(struct walk *walk)
{
    const struct snapshot *snapshot = walk->snapshot;
    const struct ec2_subnet *subnet = walk->source->subnet->ec2;
    const struct ec2_network_interface *first = NULL;

    if (walk->source->interface) {
        public_address_of(walk, walk->source->interface);
        return;
    }
    if (!(snapshot->complete & NEEDS(NETWORK_INTERFACES))) {
        walk_step(walk, REACH_LAYER_PUBLIC_ADDRESS, VERDICT_UNKNOWN, subnet->subnet_id,
                  "the network interfaces of %s could not be read", subnet->subnet_id);
        return;
    }
    for (size_t i = 0; i < snapshot->n_network_interfaces; i++) {
        const struct ec2_network_interface *interface = snapshot->network_interfaces[i];

        if (is_workload(walk, interface) &&
            (!first || text_empty(interface->association_public_ip))) {
            first = interface;
            if (text_empty(interface->association_public_ip))
                break;
        }
    }
    if (first)
        public_address_of(walk, first);
    else if (subnet->map_public_ip_on_launch == WIRE_TRUE)
        walk_step(walk, REACH_LAYER_PUBLIC_ADDRESS, VERDICT_YES, subnet->subnet_id,
                  "%s gives new network interfaces a public IPv4 address", subnet->subnet_id);
    else
        walk_step(walk, REACH_LAYER_PUBLIC_ADDRESS,
                  subnet->map_public_ip_on_launch == WIRE_FALSE ? VERDICT_NO : VERDICT_UNKNOWN,
                  subnet->subnet_id,
                  "%s gives new network interfaces no public IPv4 address, as far as is known",
                  subnet->subnet_id);
}
