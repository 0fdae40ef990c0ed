/* What a route leads to: gateways, their own way out, and what stops public traffic at the VPC's
 * edge. */
#include "reach_private.h"

static bool is_regional(const struct ec2_nat_gateway *gateway)
{
    return gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL ||
           text_empty(gateway->subnet_id);
}

const struct route_table *nat_gateway_table(const struct snapshot *snapshot,
                                            const struct ec2_nat_gateway *gateway)
{
    const struct subnet *subnet;

    if (is_regional(gateway))
        return text_empty(gateway->route_table_id)
                   ? NULL
                   : snapshot_find_route_table(snapshot, gateway->route_table_id);
    subnet = snapshot_find_subnet(snapshot, gateway->subnet_id);
    return subnet && !subnet->association_changing ? subnet->table : NULL;
}

/* ---- the VPC's edge ---- */

enum edge {
    EDGE_OPEN,
    EDGE_BLOCKS_BOTH,    /* internet, NAT and egress-only gateways (aws-facts 2.7) */
    EDGE_BLOCKS_INGRESS, /* only the internet gateway's own traffic: replies come in */
    EDGE_UNCLEAR,
};

/* The subnet's word is the effective one, exclusions counted; without it the VPC's. No word at all:
 * nothing is blocked, for the feature is not there. */
static enum edge edge_of(const struct snapshot *snapshot, const struct ec2_subnet *subnet)
{
    const char *mode = subnet ? subnet->internet_gateway_block_mode : NULL;

    if (text_empty(mode))
        mode = snapshot->vpc->internet_gateway_block_mode;
    if (text_empty(mode) || text_equal(mode, "off"))
        return EDGE_OPEN;
    return text_equal(mode, "block-bidirectional") ? EDGE_BLOCKS_BOTH
           : text_equal(mode, "block-ingress")     ? EDGE_BLOCKS_INGRESS
                                                   : EDGE_UNCLEAR;
}

static void walk_edge(struct walk *walk, enum target_kind kind, const struct ec2_subnet *nat_subnet)
{
    const struct ec2_vpc *vpc = walk->snapshot->vpc;
    const struct ec2_subnet *subnet = walk->source->subnet->ec2;
    enum edge edge = edge_of(walk->snapshot, subnet);
    enum edge nat_edge = nat_subnet ? edge_of(walk->snapshot, nat_subnet) : edge;
    enum verdict verdict = VERDICT_YES;

    if (nat_edge == EDGE_BLOCKS_BOTH ||
        (edge == EDGE_BLOCKS_INGRESS && kind == TARGET_INTERNET_GATEWAY))
        verdict = VERDICT_NO;
    else if (edge == EDGE_UNCLEAR || nat_edge == EDGE_UNCLEAR || edge == EDGE_BLOCKS_BOTH)
        verdict = VERDICT_UNKNOWN; /* the last: only the NAT gateway's subnet is excluded */
    walk_step(walk, REACH_LAYER_BLOCK_PUBLIC_ACCESS, verdict,
              nat_subnet && verdict != VERDICT_YES && nat_edge != edge ? nat_subnet->subnet_id
                                                                       : vpc->vpc_id,
              verdict == VERDICT_YES  ? "VPC Block Public Access lets %s through %s"
              : verdict == VERDICT_NO ? "VPC Block Public Access stops the traffic of %s to %s"
                                      : "it is not known what VPC Block Public Access does to the "
                                        "traffic of %s to %s",
              subnet->subnet_id, target_kind_name(kind));

    /* That enforcement cuts these ways out is not verified (aws-facts 2.7): never a no. */
    verdict = text_empty(vpc->encryption_control_mode) ||
                      text_equal(vpc->encryption_control_mode, "off") ||
                      text_equal(vpc->encryption_control_mode, "monitor")
                  ? VERDICT_YES
                  : VERDICT_UNKNOWN;
    walk_step(walk, REACH_LAYER_ENCRYPTION_CONTROL, verdict, vpc->vpc_id,
              "the encryption control of %s is in mode %s", vpc->vpc_id,
              text_empty(vpc->encryption_control_mode) ? "off" : vpc->encryption_control_mode);
}

/* ---- NAT gateways ---- */

/* A private NAT gateway serves other private networks, which nobody can see from here. */
static void private_nat_gateway(struct walk *walk, const struct ec2_nat_gateway *gateway,
                                const struct reach_path *own)
{
    const char *id = gateway->nat_gateway_id;
    bool elsewhere = own && own->found != VERDICT_NO &&
                     (!own->route || own->route->kind == TARGET_LOCAL ||
                      target_kind_is_foreign(own->route->kind));
    enum verdict verdict = !own || elsewhere ? VERDICT_UNKNOWN : VERDICT_NO;

    walk_step(walk, REACH_LAYER_NAT_GATEWAY, verdict, id,
              verdict == VERDICT_NO ? "%s is a private NAT gateway: it has no public address"
                                    : "%s is a private NAT gateway, and leads to another network",
              id);
}

/* The NAT gateway's own packets, which only an internet gateway carries. */
static void nat_gateway_route(struct walk *walk, const struct ec2_nat_gateway *gateway,
                              const struct route_table *table, const struct reach_path *own,
                              const struct prefix *destination)
{
    const char *id = gateway->nat_gateway_id, *what = "nothing";
    enum verdict verdict = VERDICT_NO;

    if (!own || own->why_unknown) {
        verdict = VERDICT_UNKNOWN;
        what = "what is not known";
    } else if (own->route) {
        what = own->route->target_id ? own->route->target_id : "nothing that is known";
        if (own->route->state == EC2_ROUTE_BLACKHOLE || own->route->state == EC2_ROUTE_FILTERED)
            what = walk->told ? arena_printf(walk->arena, "%s, a blackhole", what) : what;
        else if (own->route->kind == TARGET_INTERNET_GATEWAY)
            verdict = private_block(destination) ? VERDICT_NO : own->live;
        else if (own->route->kind == TARGET_LOCAL || target_kind_is_foreign(own->route->kind))
            verdict = VERDICT_UNKNOWN;
    }
    walk_step(walk, REACH_LAYER_NAT_GATEWAY_ROUTE, verdict, table ? table->id : id,
              "the route table of %s leads %s to %s", id, walk_prefix(walk, destination), what);
}

static void nat_gateway_acl(struct walk *walk, const struct ec2_nat_gateway *gateway,
                            const struct prefix *outside, uint8_t finest)
{
    const enum reach_layer layer = REACH_LAYER_NAT_GATEWAY_NETWORK_ACL;

    if (text_equal(gateway->subnet_id, walk->source->subnet->id))
        return; /* the source's step says it all */
    for (size_t i = 0; i < walk->source->addresses.n; i++)
        if (walk_network_acl(walk, layer, gateway->subnet_id, true,
                             &walk->source->addresses.items[i], EXACT) == VERDICT_NO)
            return;
    walk_network_acl(walk, layer, gateway->subnet_id, false, outside, finest);
}

static void walk_nat_gateway(struct walk *walk, const char *id, const struct prefix *destination)
{
    const struct snapshot *snapshot = walk->snapshot;
    const struct ec2_nat_gateway *gateway = snapshot_find_nat_gateway(snapshot, id);
    const struct route_table *table = nat_gateway_table(snapshot, gateway);
    const struct subnet *subnet = NULL;
    struct prefix outside = *destination;
    uint8_t finest = walk->finest;
    struct reach_path own = {0};

    /* Behind it an IPv6 destination of NAT64 is an IPv4 one. */
    if (destination->family == FAMILY_IPV6) {
        outside = nat64_inside(destination);
        finest = finest == EXACT ? EXACT : INTERNET_FINEST_IPV4;
    }
    if (table)
        own = route_lookup(snapshot, table, &outside, finest);
    if (gateway->connectivity_type == EC2_CONNECTIVITY_PRIVATE)
        private_nat_gateway(walk, gateway, table ? &own : NULL);
    else
        walk_step(walk, REACH_LAYER_NAT_GATEWAY,
                  gateway->connectivity_type == EC2_CONNECTIVITY_PUBLIC ? VERDICT_YES
                                                                        : VERDICT_UNKNOWN,
                  id, "the connectivity type of %s is %s", id,
                  ec2_word(&ec2_connectivity_type_words, gateway->connectivity_type));
    if (gateway->connectivity_type != EC2_CONNECTIVITY_PRIVATE)
        nat_gateway_route(walk, gateway, table, table ? &own : NULL, &outside);
    if (!is_regional(gateway)) {
        subnet = snapshot_find_subnet(snapshot, gateway->subnet_id);
        nat_gateway_acl(walk, gateway, &outside, finest);
    }
    walk_edge(walk, TARGET_NAT_GATEWAY, subnet ? subnet->ec2 : NULL);
}

/* ---- any target ---- */

/* Can a gateway of this kind carry packets to the destination at all? NULL: yes. */
static const char *unfit(enum target_kind kind, const struct prefix *destination)
{
    bool ipv6 = destination->family == FAMILY_IPV6;

    if (kind == TARGET_NAT_GATEWAY)
        return ipv6 && !is_nat64(destination) ? "a NAT gateway carries IPv6 for NAT64 only" : NULL;
    if (ipv6 && is_nat64(destination))
        return "NAT64 takes a NAT gateway";
    if (kind == TARGET_EGRESS_ONLY_INTERNET_GATEWAY && !ipv6)
        return "an egress-only internet gateway carries IPv6 only";
    return private_block(destination) ? "the internet does not route to it" : NULL;
}

void walk_exit(struct walk *walk, const struct route *route, const struct prefix *destination)
{
    const char *id = route->target_id, *why;
    enum verdict live;

    if (route->kind == TARGET_LOCAL)
        return;
    if (route->kind == TARGET_VPC_ENDPOINT) {
        walk_gateway_endpoint(walk, id);
        return;
    }
    if (target_kind_is_foreign(route->kind)) {
        walk_step(walk, REACH_LAYER_TARGET, VERDICT_UNKNOWN, id,
                  "%s is %s: what lies behind it cannot be seen from here", id ? id : "the target",
                  target_kind_name(route->kind));
        return;
    }
    why = unfit(route->kind, destination);
    if (why) {
        walk_step(walk, REACH_LAYER_TARGET, VERDICT_NO, id, "%s cannot carry %s: %s", id,
                  walk_prefix(walk, destination), why);
        return;
    }
    live = target_is_live(walk->snapshot, route->kind, id);
    walk_step(walk, REACH_LAYER_TARGET, live, id,
              live == VERDICT_YES  ? "%s is %s that works"
              : live == VERDICT_NO ? "%s is %s that is gone, unattached or not available"
                                   : "it is not known whether %s, %s, works",
              id, target_kind_name(route->kind));
    if (route->kind == TARGET_NAT_GATEWAY) {
        if (live == VERDICT_YES)
            walk_nat_gateway(walk, id, destination);
        return;
    }
    if (route->kind == TARGET_INTERNET_GATEWAY) {
        const struct ec2_network_interface *interface = walk->source->interface;

        if (interface && interface->deny_all_igw_traffic == WIRE_TRUE)
            walk_step(walk, REACH_LAYER_PUBLIC_ADDRESS, VERDICT_NO, interface->network_interface_id,
                      "%s denies all internet gateway traffic", interface->network_interface_id);
        else if (destination->family == FAMILY_IPV4)
            walk_public_address(walk);
    }
    walk_edge(walk, route->kind, NULL);
}
