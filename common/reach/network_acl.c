/* Network ACLs: stateless, the lowest rule that matches decides, so replies need rules too
 * (aws-facts 2.7). */
#include "reach_private.h"

/* Ports of the rule; false: it is of another protocol. */
static bool rule_ports(const struct ec2_network_acl_entry *entry, const char *protocol,
                       unsigned *ret_from, unsigned *ret_to)
{
    static const struct {
        const char *name, *number;
    } numbers[] = {{"tcp", "6"}, {"udp", "17"}};

    *ret_from = 0;
    *ret_to = 65535;
    if (text_equal(entry->protocol, "-1"))
        return true;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        if (!text_equal(protocol, numbers[i].name))
            continue;
        if (!text_equal(entry->protocol, numbers[i].number) &&
            !text_equal(entry->protocol, numbers[i].name))
            return false;
        if (entry->port_from.set && entry->port_to.set) {
            if (entry->port_from.value < 0 || entry->port_to.value > 65535 ||
                entry->port_from.value > entry->port_to.value)
                return false;
            *ret_from = (unsigned)entry->port_from.value;
            *ret_to = (unsigned)entry->port_to.value;
        }
        return true;
    }
    return false;
}

/* Rules go by number; IPv4 and IPv6 may have the same one. */
static int64_t place(const struct ec2_network_acl *acl, size_t i)
{
    return acl->entries.items[i].rule_number.value * 65536 + (int64_t)i;
}

/* The next rule of the direction behind that place; NULL: none. */
static const struct ec2_network_acl_entry *next_rule(const struct ec2_network_acl *acl, bool egress,
                                                     int64_t *place_)
{
    const struct ec2_network_acl_entry *next = NULL;
    int64_t after = *place_;

    for (size_t i = 0; i < acl->entries.n; i++) {
        const struct ec2_network_acl_entry *entry = &acl->entries.items[i];

        if ((entry->egress == WIRE_TRUE) == egress && place(acl, i) > after &&
            (!next || place(acl, i) < *place_)) {
            next = entry;
            *place_ = place(acl, i);
        }
    }
    return next;
}

static enum verdict passes(const struct ec2_network_acl *acl, bool egress,
                           const struct acl_traffic *traffic, int64_t after, int64_t *ret_rule);

/* The halves of the traffic's block, each by itself. */
static enum verdict halves_pass(const struct ec2_network_acl *acl, bool egress,
                                const struct acl_traffic *traffic, int64_t after, int64_t *ret_rule)
{
    struct acl_traffic half = *traffic;
    enum verdict low;

    half.cidr.length++;
    low = passes(acl, egress, &half, after, ret_rule);
    if (low == VERDICT_NO)
        return low;
    half.cidr.bytes[traffic->cidr.length / 8] |= (uint8_t)(0x80U >> (traffic->cidr.length % 8));
    return worse(low, passes(acl, egress, &half, after, ret_rule));
}

/* Traffic that rules up to `after` say nothing of. */
static enum verdict passes(const struct ec2_network_acl *acl, bool egress,
                           const struct acl_traffic *traffic, int64_t after, int64_t *ret_rule)
{
    const struct ec2_network_acl_entry *rule;

    while ((rule = next_rule(acl, egress, &after))) {
        const struct prefix *cidr =
            traffic->cidr.family == FAMILY_IPV4 ? &rule->cidr_block : &rule->ipv6_cidr_block;
        enum verdict verdict =
            text_equal(rule->rule_action, "allow") ? VERDICT_YES : VERDICT_UNKNOWN;
        unsigned from, to;

        if (cidr->family == FAMILY_NONE || cidr->length > traffic->finest ||
            !rule_ports(rule, traffic->protocol, &from, &to) || from > traffic->port_to ||
            to < traffic->port_from || !prefix_overlaps(cidr, &traffic->cidr))
            continue;
        *ret_rule = rule->rule_number.value;
        if (text_equal(rule->rule_action, "deny"))
            return VERDICT_NO; /* for some of the traffic, and all of it must pass */
        /* What the rule lets through is done; the rest goes on to the next. */
        if (from > traffic->port_from) {
            struct acl_traffic below = *traffic;

            below.port_to = from - 1;
            verdict = worse(verdict, passes(acl, egress, &below, after, ret_rule));
        }
        if (to < traffic->port_to && verdict != VERDICT_NO) {
            struct acl_traffic above = *traffic;

            above.port_from = to + 1;
            verdict = worse(verdict, passes(acl, egress, &above, after, ret_rule));
        }
        if (verdict != VERDICT_NO && !prefix_contains(cidr, &traffic->cidr)) {
            struct acl_traffic rest = *traffic;

            rest.port_from = from > traffic->port_from ? from : traffic->port_from;
            rest.port_to = to < traffic->port_to ? to : traffic->port_to;
            /* This rule once more, on halves: one of them is past it, or inside it. */
            verdict = worse(verdict, halves_pass(acl, egress, &rest, after - 1, ret_rule));
        }
        return verdict;
    }
    *ret_rule = 0;
    return VERDICT_NO; /* the default deny, which EC2 lists as rule 32767 */
}

enum verdict network_acl_passes(const struct snapshot *snapshot, const char *subnet_id, bool egress,
                                const struct acl_traffic *traffic, const char **ret_acl,
                                int64_t *ret_rule)
{
    const struct ec2_network_acl *acl = NULL;

    *ret_acl = NULL;
    *ret_rule = 0;
    if (snapshot->complete & NEEDS(NETWORK_ACLS))
        acl = snapshot_network_acl_of(snapshot, subnet_id);
    if (!acl)
        return VERDICT_UNKNOWN;
    *ret_acl = acl->network_acl_id;
    for (size_t i = 0; i < acl->entries.n; i++)
        if (!acl->entries.items[i].rule_number.set)
            return VERDICT_UNKNOWN; /* the order is not known */
    return passes(acl, egress, traffic, -1, ret_rule);
}

static const char *rule_text(struct walk *walk, int64_t rule)
{
    if (!walk->told)
        return "";
    return rule ? arena_printf(walk->arena, "rule %lld", (long long)rule) : "the default deny";
}

enum verdict walk_network_acl(struct walk *walk, enum reach_layer layer, const char *subnet_id,
                              bool request_enters, const struct prefix *there, uint8_t finest)
{
    static const char *const does[] = {"stops", "may stop", "lets pass"};
    struct acl_traffic traffic = {.protocol = walk->query->protocol,
                                  .port_from = walk->query->port,
                                  .port_to = walk->query->port,
                                  .cidr = *there,
                                  .finest = finest};
    const char *acl, *peer = walk_prefix(walk, there);
    enum verdict verdict;
    int64_t rule;

    verdict = network_acl_passes(walk->snapshot, subnet_id, !request_enters, &traffic, &acl, &rule);
    if (!acl)
        walk_step(walk, layer, VERDICT_UNKNOWN, subnet_id, "the network ACL of %s is not known",
                  subnet_id);
    else if (verdict != VERDICT_YES)
        walk_step(walk, layer, verdict, acl, "%s, the network ACL of %s, %s %s port %u %s %s: %s",
                  acl, subnet_id, does[verdict], traffic.protocol, traffic.port_from,
                  request_enters ? "from" : "to", peer, rule_text(walk, rule));
    if (verdict == VERDICT_NO || !acl)
        return verdict;
    traffic.port_from = EPHEMERAL_FIRST;
    traffic.port_to = EPHEMERAL_LAST;
    verdict = worse(verdict, network_acl_passes(walk->snapshot, subnet_id, request_enters, &traffic,
                                                &acl, &rule));
    if (verdict == VERDICT_YES)
        walk_step(walk, layer, verdict, acl,
                  "%s, the network ACL of %s, lets %s port %u %s %s pass, and the replies", acl,
                  subnet_id, traffic.protocol, walk->query->port, request_enters ? "from" : "to",
                  peer);
    else
        walk_step(walk, layer, verdict, acl,
                  "%s, the network ACL of %s, %s replies %s %s to some of the ports %u-%u: %s", acl,
                  subnet_id, does[verdict], request_enters ? "to" : "from", peer, EPHEMERAL_FIRST,
                  EPHEMERAL_LAST, rule_text(walk, rule));
    return verdict;
}
