/* Every layer between the source and one part of the destination. */
#include "reach_private.h"

static const struct groups nobody; /* no group: the internet has none */

/* The subnet that holds all of the block; NULL: none. */
static const struct subnet *subnet_of(const struct snapshot *snapshot, const struct prefix *block)
{
    for (size_t i = 0; i < snapshot->n_subnets; i++) {
        const struct ec2_subnet *subnet = snapshot->subnets[i].ec2;

        if (prefix_contains(&subnet->cidr_block, block))
            return &snapshot->subnets[i];
        for (size_t k = 0; k < subnet->ipv6_cidr_block_associations.n; k++)
            if (subnet->ipv6_cidr_block_associations.items[k].state == EC2_ASSOCIATION_ASSOCIATED &&
                prefix_contains(&subnet->ipv6_cidr_block_associations.items[k].ipv6_cidr_block,
                                block))
                return &snapshot->subnets[i];
    }
    return NULL;
}

/* ---- the way out ---- */

static const char *target_of(const struct route *route)
{
    return route->target_id ? route->target_id : "nothing that is known";
}

static const struct route *walk_route(struct walk *walk, const struct prefix *destination)
{
    const struct subnet *subnet = walk->source->subnet;
    const struct route_table *table = subnet->table;
    const char *to = walk_prefix(walk, destination);
    struct reach_path path;

    if (!table || subnet->association_changing) {
        walk_step(walk, REACH_LAYER_ASSOCIATION, VERDICT_UNKNOWN, subnet->id,
                  table ? "the route table association of %s is changing"
                        : "no route table serves %s, not even a main one",
                  subnet->id);
        return NULL;
    }
    walk_step(walk, REACH_LAYER_ASSOCIATION, VERDICT_YES, table->id, "%s serves %s, %s", table->id,
              subnet->id,
              subnet->association_id ? "by an explicit association" : "as the main route table");
    path = route_lookup(walk->snapshot, table, destination, walk->finest);
    if (!path.route) {
        walk_step(
            walk, REACH_LAYER_ROUTE, path.why_unknown ? VERDICT_UNKNOWN : VERDICT_NO, table->id,
            path.why_unknown ? "where %s leads %s is not known: %s" : "%s has no route to %s%s",
            table->id, to, path.why_unknown ? path.why_unknown : "");
        return NULL;
    }
    walk_step(walk, REACH_LAYER_ROUTE, VERDICT_YES, table->id, "%s leads %s to %s", table->id, to,
              target_of(path.route));
    if (path.route->state == EC2_ROUTE_ACTIVE)
        walk_step(walk, REACH_LAYER_ROUTE_STATE, VERDICT_YES, table->id, "the route is active");
    else
        walk_step(walk, REACH_LAYER_ROUTE_STATE,
                  path.route->state == EC2_ROUTE_BLACKHOLE ||
                          path.route->state == EC2_ROUTE_FILTERED
                      ? VERDICT_NO
                      : VERDICT_UNKNOWN,
                  table->id, "the route of %s to %s is in state %s", table->id,
                  target_of(path.route), ec2_word(&ec2_route_state_words, path.route->state));
    return path.route;
}

/* The subnet's own network ACL, which sees what leaves the subnet. */
static void walk_own_acl(struct walk *walk, const struct prefix *destination,
                         const struct subnet *there)
{
    if (there != walk->source->subnet)
        walk_network_acl(walk, REACH_LAYER_NETWORK_ACL, walk->source->subnet->id, false,
                         destination, walk->finest);
}

/* ---- inside the VPC ---- */

static void walk_destination_acl(struct walk *walk, const struct subnet *there)
{
    if (there == walk->source->subnet)
        return;
    for (size_t i = 0; i < walk->source->addresses.n; i++)
        if (walk_network_acl(walk, REACH_LAYER_DESTINATION_NETWORK_ACL, there->id, true,
                             &walk->source->addresses.items[i], EXACT) == VERDICT_NO)
            return;
}

static void walk_destination_groups(struct walk *walk, const struct groups *groups,
                                    const char *resource)
{
    enum verdict verdict = groups_admit(walk, groups);

    walk_step(walk, REACH_LAYER_DESTINATION_SECURITY_GROUP, verdict,
              groups->n ? groups->ids[0] : resource,
              verdict == VERDICT_YES  ? "the security groups of %s let %s in on port %u"
              : verdict == VERDICT_NO ? "no security group of %s lets %s in on port %u"
                                      : "it is not known whether the security groups of %s let %s "
                                        "in on port %u",
              resource, walk->source->subnet->id, walk->query->port);
}

void walk_to_member(struct walk *walk, const struct prefix *address, const char *subnet_id,
                    const char *resource, const struct groups *groups)
{
    const struct subnet *there = snapshot_find_subnet(walk->snapshot, subnet_id);
    const struct route *route = walk_route(walk, address);

    if (route && route->kind != TARGET_LOCAL)
        walk_exit(walk, route, address);
    walk_security_group(walk, address, groups);
    walk_own_acl(walk, address, there);
    if (there)
        walk_destination_acl(walk, there);
    else
        walk_step(walk, REACH_LAYER_DESTINATION_NETWORK_ACL, VERDICT_UNKNOWN, subnet_id,
                  "%s is not in this VPC as it was observed", subnet_id ? subnet_id : "its subnet");
    walk_destination_groups(walk, groups, resource);
}

/* The interface's address in the block; false: it has none. */
static bool address_in(const struct ec2_network_interface *interface, const struct prefix *block,
                       struct prefix *ret_address)
{
    if (!text_empty(interface->private_ip_address) &&
        prefix_parse_address(interface->private_ip_address, ret_address) == 0 &&
        prefix_contains(block, ret_address))
        return true;
    for (size_t i = 0; i < interface->ipv6_addresses.n; i++)
        if (prefix_parse_address(interface->ipv6_addresses.items[i].ipv6_address, ret_address) ==
                0 &&
            prefix_contains(block, ret_address))
            return true;
    return false;
}

static struct groups groups_of(struct walk *walk, const struct ec2_network_interface *interface)
{
    struct groups groups = {.n = interface->groups.n};

    groups.ids = ARENA_ARRAY(walk->arena, const char *, groups.n + 1);
    for (size_t i = 0; i < groups.n; i++)
        groups.ids[i] = interface->groups.items[i].group_id;
    groups_find(walk->arena, walk->snapshot, &groups);
    return groups;
}

/* Who has addresses in the block decides; an address that nobody is known to have is unknown. */
static void walk_local(struct walk *walk, const struct prefix *block, const struct subnet *there)
{
    const struct snapshot *snapshot = walk->snapshot;
    const bool one = block->length == (block->family == FAMILY_IPV4 ? 32 : 128);
    bool found = false;

    for (size_t i = 0; there && i < snapshot->n_network_interfaces; i++) {
        const struct ec2_network_interface *interface = snapshot->network_interfaces[i];
        struct prefix address;
        struct groups groups;

        if (!text_equal(interface->subnet_id, there->id) || !address_in(interface, block, &address))
            continue;
        found = true;
        groups = groups_of(walk, interface);
        walk_security_group(walk, &address, &groups);
        walk_destination_groups(walk, &groups, interface->network_interface_id);
        if (walk->verdict == VERDICT_NO)
            break;
    }
    if (!found || !one) {
        if (walk->verdict != VERDICT_NO)
            walk_security_group(walk, block, NULL);
        walk_step(walk, REACH_LAYER_DESTINATION_SECURITY_GROUP, VERDICT_UNKNOWN, NULL,
                  "nothing is known to have %s", one ? "the address" : "every address of it");
    }
    walk_own_acl(walk, block, there);
    if (there)
        walk_destination_acl(walk, there);
    else
        walk_step(walk, REACH_LAYER_DESTINATION_NETWORK_ACL, VERDICT_UNKNOWN, NULL,
                  "no subnet holds %s", walk_prefix(walk, block));
}

void walk_path(struct walk *walk, const struct prefix *destination)
{
    const struct subnet *there = subnet_of(walk->snapshot, destination);
    const struct route *route = walk_route(walk, destination);

    if (route && route->kind == TARGET_LOCAL) {
        walk_local(walk, destination, there);
        return;
    }
    if (route)
        walk_exit(walk, route, destination);
    /* Beyond a peering connection or a transit gateway groups may be referred to as well. */
    walk_security_group(
        walk, destination,
        route && (route->kind == TARGET_VPC_ENDPOINT || !target_kind_is_foreign(route->kind))
            ? &nobody
            : NULL);
    walk_own_acl(walk, destination, there);
}

/* ---- parts ---- */

/* Does a route of the NAT gateway's own table divide the block? */
static bool nat_gateway_cuts(const struct walk *walk, const struct route *route,
                             const struct prefix *block)
{
    const struct snapshot *snapshot = walk->snapshot;
    const struct ec2_nat_gateway *gateway = NULL;
    const struct route_table *table;
    struct prefix inside;

    if (route->kind == TARGET_NAT_GATEWAY && (snapshot->complete & NEEDS(NAT_GATEWAYS)))
        gateway = snapshot_find_nat_gateway(snapshot, route->target_id);
    table = gateway ? nat_gateway_table(snapshot, gateway) : NULL;
    if (!table)
        return false;
    if (block->family == FAMILY_IPV4)
        return routes_cut(snapshot, table, block, walk->finest);
    if (!is_nat64(block))
        return false;
    inside = nat64_inside(block);
    return routes_cut(snapshot, table, &inside,
                      walk->finest == EXACT ? EXACT : INTERNET_FINEST_IPV4);
}

static bool lies_inside(const struct walk *walk, const struct prefix *block,
                        const struct prefix *outer)
{
    return block->length <= walk->finest && block->length > outer->length &&
           prefix_contains(outer, block);
}

/* Is the block treated differently here and there? Network ACLs and groups look at all of it by
 * themselves. */
static bool is_cut(const struct walk *walk, const struct prefix *block)
{
    const struct snapshot *snapshot = walk->snapshot;
    const struct route_table *table = walk->source->subnet->table;
    const struct prefix *special;

    if (block->length >= walk->finest || block->length == (block->family == FAMILY_IPV4 ? 32 : 128))
        return false;
    for (size_t i = 0; (special = special_block(i)); i++)
        if (lies_inside(walk, special, block))
            return true;
    if (table && routes_cut(snapshot, table, block, walk->finest))
        return true;
    for (size_t i = 0; table && i < table->n_routes; i++)
        if (nat_gateway_cuts(walk, &table->routes[i], block))
            return true;
    for (size_t i = 0; i < snapshot->n_subnets; i++) {
        const struct ec2_subnet *subnet = snapshot->subnets[i].ec2;

        if (lies_inside(walk, &subnet->cidr_block, block))
            return true;
        for (size_t k = 0; k < subnet->ipv6_cidr_block_associations.n; k++)
            if (lies_inside(walk, &subnet->ipv6_cidr_block_associations.items[k].ipv6_cidr_block,
                            block))
                return true;
    }
    return false;
}

struct worst {
    bool any;
    enum verdict verdict;
    struct prefix part;
};

static void walk_parts(const struct walk *walk, const struct prefix *block, struct worst *worst)
{
    struct walk one = *walk;
    struct prefix half = *block;

    if (worst->any && worst->verdict == VERDICT_NO)
        return;
    if (is_cut(walk, block)) {
        half.length++;
        walk_parts(walk, &half, worst);
        half.bytes[block->length / 8] |= (uint8_t)(0x80U >> (block->length % 8));
        walk_parts(walk, &half, worst);
        return;
    }
    one.told = false;
    one.verdict = VERDICT_YES;
    walk_path(&one, block);
    if (!worst->any || one.verdict < worst->verdict)
        *worst = (struct worst){true, one.verdict, *block};
}

void walk_blocks(struct walk *walk, struct prefixes blocks)
{
    struct worst worst = {0};

    for (size_t i = 0; i < blocks.n; i++)
        walk_parts(walk, &blocks.items[i], &worst);
    if (worst.any)
        walk_path(walk, &worst.part);
}
