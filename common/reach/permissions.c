/* permissions_cover(): the union of security group rules against one piece of traffic.
 *
 * Ports are cut where a rule begins or ends. Between two cuts the same rules hold for every port,
 * and their CIDR blocks must together hold all of the other side. */
#include "vpc_reconciled/fault.h"
#include "vpc_reconciled/traffic.h"

#include <stdlib.h>

/* For icmp and icmpv6: type * 256 + code, so that a type is a range of them. */
#define NUMBER_MAX 65535

struct covering {
    const struct snapshot *snapshot;
    const ec2_ip_permissions *const *lists;
    size_t n_lists;
    const struct traffic *traffic;
    const char *protocol; /* of the traffic, as protocol_name() has it */
    /* the ports, or types and codes, between two cuts */
    unsigned from, to;
    bool hopeful; /* what is not known is taken for the best */
};

/* ---- protocol and ports ---- */

/* EC2 answers names for these four, and takes both spellings (aws-facts 2.3). */
static const char *protocol_name(const char *protocol)
{
    static const struct {
        const char *spelled, *name;
    } names[] = {
        {"6", "tcp"},  {"tcp", "tcp"},   {"17", "udp"},    {"udp", "udp"},
        {"1", "icmp"}, {"58", "icmpv6"}, {"icmp", "icmp"}, {"icmpv6", "icmpv6"},
    };

    for (size_t i = 0; protocol && i < ARRAY_SIZE(names); i++)
        if (strcasecmp(names[i].spelled, protocol) == 0)
            return names[i].name;
    return protocol;
}

static bool has_ports(const char *protocol)
{
    return text_equal(protocol, "tcp") || text_equal(protocol, "udp");
}

static bool is_icmp(const char *protocol)
{
    return text_equal(protocol, "icmp") || text_equal(protocol, "icmpv6");
}

/* Of a type or a code: absent and -1 are every one. */
static bool is_every(struct wire_int number)
{
    return !number.set || number.value == -1;
}

/* Numbers that the permission holds for; false: it is of another protocol. *ret_sure: false where
 * EC2 sent what it does not send. */
static bool numbers_of(const struct covering *c, const struct ec2_ip_permission *permission,
                       unsigned *ret_from, unsigned *ret_to, bool *ret_sure)
{
    const char *protocol = protocol_name(permission->ip_protocol);
    const bool every = text_equal(protocol, "-1") && !FAULT(RULES_BY_TEXT);

    *ret_from = 0;
    *ret_to = NUMBER_MAX;
    *ret_sure = true;
    if (!every && !text_equal(protocol, c->protocol))
        return false;
    if (!every && has_ports(protocol)) {
        const struct wire_int from = permission->from_port, to = permission->to_port;

        if (is_every(from) || is_every(to)) { /* EC2 wants both ports (aws-facts 2.3) */
            *ret_sure = false;
            return true;
        }
        if (from.value < 0 || to.value > NUMBER_MAX || from.value > to.value)
            return false;
        *ret_from = (unsigned)from.value;
        *ret_to = (unsigned)to.value;
    } else if (!every && is_icmp(protocol) && !is_every(permission->from_port)) {
        const int64_t type = permission->from_port.value, code = permission->to_port.value;

        if (type < 0 || type > 255 || (!is_every(permission->to_port) && (code < 0 || code > 255)))
            return false;
        *ret_from = (unsigned)type * 256;
        *ret_to = *ret_from + 255;
        if (!is_every(permission->to_port))
            *ret_from = *ret_to = *ret_from + (unsigned)code;
    }
    return true;
}

/* ---- what the rules between two cuts let through ---- */

/* Steps through the permissions that hold between the cuts; list and item start at 0. */
static const struct ec2_ip_permission *next_permission(const struct covering *c, size_t *list,
                                                       size_t *item)
{
    for (; *list < c->n_lists; (*list)++, *item = 0)
        while (*item < c->lists[*list]->n) {
            const struct ec2_ip_permission *permission = &c->lists[*list]->items[(*item)++];
            unsigned from, to;
            bool sure;

            if (numbers_of(c, permission, &from, &to, &sure) && (sure || c->hopeful) &&
                from <= c->from && c->to <= to &&
                (!FAULT(RULES_BY_TEXT) || (from == c->from && to == c->to)))
                return permission;
        }
    return NULL;
}

#define EACH_PERMISSION(permission, c)                                                             \
    for (size_t list_ = 0, item_ = 0, once_ = 1; once_; once_ = 0)                                 \
        for (const struct ec2_ip_permission *permission;                                           \
             (permission = next_permission((c), &list_, &item_));)

/* The family of a list whose entries are not known, or FAMILY_NONE. */
static enum family prefix_list_family(const struct snapshot *snapshot, const char *id)
{
    if (!(snapshot->complete & NEEDS(MANAGED_PREFIX_LISTS)))
        return FAMILY_NONE;
    VEC_EACH (list, &snapshot->observation->managed_prefix_lists)
        if (text_equal(list->prefix_list_id, id) && list->address_family)
            return strcasecmp(list->address_family, "IPv6") == 0   ? FAMILY_IPV6
                   : strcasecmp(list->address_family, "IPv4") == 0 ? FAMILY_IPV4
                                                                   : FAMILY_NONE;
    return FAMILY_NONE;
}

/* CIDR blocks that together may hold `want`. */
struct pieces {
    const struct prefix *want;
    struct prefix *items; /* those that lie in it; NULL: only counted */
    size_t n;
    bool whole; /* one block holds all of it */
};

static void add_piece(struct pieces *pieces, const struct prefix *have)
{
    if (FAULT(RULES_BY_TEXT) ? prefix_equal(have, pieces->want)
                             : prefix_contains(have, pieces->want)) {
        pieces->whole = true;
    } else if (!FAULT(RULES_BY_TEXT) && prefix_contains(pieces->want, have)) {
        if (pieces->items)
            pieces->items[pieces->n] = *have;
        pieces->n++;
    }
}

static void add_prefix_list(const struct covering *c, struct pieces *pieces, const char *id)
{
    const struct observed_prefix_list *list =
        observation_find_prefix_list_entries(c->snapshot->observation, id);
    enum family family;

    if (list) {
        for (size_t i = 0; i < list->n; i++)
            add_piece(pieces, &list->entries[i]);
        return;
    }
    family = prefix_list_family(c->snapshot, id);
    if (c->hopeful && (family == FAMILY_NONE || family == pieces->want->family))
        pieces->whole = true;
}

static void gather(const struct covering *c, struct pieces *pieces)
{
    EACH_PERMISSION(permission, c)
    {
        for (size_t i = 0; i < permission->ip_ranges.n; i++)
            add_piece(pieces, &permission->ip_ranges.items[i].cidr_ip);
        for (size_t i = 0; i < permission->ipv6_ranges.n; i++)
            add_piece(pieces, &permission->ipv6_ranges.items[i].cidr_ipv6);
        for (size_t i = 0; i < permission->prefix_list_ids.n; i++)
            add_prefix_list(c, pieces, permission->prefix_list_ids.items[i].prefix_list_id);
    }
}

static int compare_prefix(const void *a, const void *b)
{
    return prefix_compare(a, b);
}

/* Both halves of a block, down to the pieces. sorted: all lie in the block, by prefix_compare(). */
static bool fill_up(struct prefix block, const struct prefix *sorted, size_t n)
{
    const unsigned bit = block.length;
    size_t n_low = 0;

    if (n == 0)
        return false;
    if (sorted[0].length <= block.length) /* it comes first, or none does: shorter before longer */
        return true;
    while (n_low < n && !(sorted[n_low].bytes[bit / 8] & (0x80U >> (bit % 8))))
        n_low++;
    block.length++;
    return fill_up(block, sorted, n_low) && fill_up(block, sorted + n_low, n - n_low);
}

static bool covers_cidr(const struct covering *c, const struct prefix *want)
{
    struct pieces pieces = {.want = want};
    bool covered;

    gather(c, &pieces);
    if (pieces.whole || pieces.n == 0)
        return pieces.whole;
    pieces.items = calloc(pieces.n, sizeof(*pieces.items));
    if (!pieces.items)
        abort();
    pieces.n = 0;
    gather(c, &pieces);
    qsort(pieces.items, pieces.n, sizeof(*pieces.items), compare_prefix);
    covered = fill_up(*want, pieces.items, pieces.n);
    free(pieces.items);
    return covered;
}

static bool covers_family(const struct covering *c, enum family family)
{
    return covers_cidr(c, family == FAMILY_IPV4 ? &PREFIX_IPV4_DEFAULT : &PREFIX_IPV6_DEFAULT);
}

/* ---- the other side ---- */

/* Every VPC has IPv4. */
static bool covers_ipv4_members(const struct covering *c, const struct ec2_vpc *vpc)
{
    size_t n = 0;

    for (size_t i = 0; i < vpc->cidr_block_associations.n; i++) {
        const struct ec2_vpc_cidr_block_association *block = &vpc->cidr_block_associations.items[i];

        if (block->state != EC2_ASSOCIATION_ASSOCIATED)
            continue;
        n++;
        if (!covers_cidr(c, &block->cidr_block))
            return false;
    }
    if (n == 0 && vpc->cidr_block.family == FAMILY_IPV4)
        return covers_cidr(c, &vpc->cidr_block);
    return n > 0 || covers_family(c, FAMILY_IPV4);
}

static bool covers_ipv6_members(const struct covering *c, const struct ec2_vpc *vpc)
{
    size_t n = 0;

    for (size_t i = 0; i < vpc->ipv6_cidr_block_associations.n; i++) {
        const struct ec2_ipv6_cidr_block_association *block =
            &vpc->ipv6_cidr_block_associations.items[i];

        if (block->state != EC2_ASSOCIATION_ASSOCIATED)
            continue;
        n++;
        if (!covers_cidr(c, &block->ipv6_cidr_block))
            return false;
    }
    return n > 0 || c->traffic->family == FAMILY_NONE || covers_family(c, FAMILY_IPV6);
}

/* Every address that a member may have: all of the VPC's, or of anywhere. */
static bool covers_members(const struct covering *c)
{
    const bool here = snapshot_find_security_group(c->snapshot, c->traffic->group_id) != NULL;
    const struct ec2_vpc *vpc = c->snapshot->vpc;
    const enum family only = (enum family)c->traffic->family;

    return (only == FAMILY_IPV6 ||
            (here ? covers_ipv4_members(c, vpc) : covers_family(c, FAMILY_IPV4))) &&
           (only == FAMILY_IPV4 ||
            (here ? covers_ipv6_members(c, vpc) : covers_family(c, FAMILY_IPV6)));
}

static bool covers_group(const struct covering *c)
{
    EACH_PERMISSION(permission, c)
    {
        for (size_t i = 0; i < permission->groups.n; i++)
            if (text_equal(permission->groups.items[i].group_id, c->traffic->group_id))
                return true;
    }
    return covers_members(c);
}

/* Lists that nobody knows the entries of: any CIDR block, or any other such list, may hold them. */
static bool covers_unknown_list(const struct covering *c)
{
    const enum family family = prefix_list_family(c->snapshot, c->traffic->prefix_list_id);

    if ((family == FAMILY_IPV6 || covers_family(c, FAMILY_IPV4)) &&
        (family == FAMILY_IPV4 || covers_family(c, FAMILY_IPV6)))
        return true;
    if (!c->hopeful)
        return false;
    EACH_PERMISSION(permission, c)
    {
        if (permission->ip_ranges.n && family != FAMILY_IPV6)
            return true;
        if (permission->ipv6_ranges.n && family != FAMILY_IPV4)
            return true;
        if (permission->prefix_list_ids.n)
            return true;
    }
    return false;
}

static bool covers_prefix_list(const struct covering *c)
{
    const char *id = c->traffic->prefix_list_id;
    const struct observed_prefix_list *list;

    EACH_PERMISSION(permission, c)
    {
        for (size_t i = 0; i < permission->prefix_list_ids.n; i++)
            if (text_equal(permission->prefix_list_ids.items[i].prefix_list_id, id))
                return true;
    }
    list = observation_find_prefix_list_entries(c->snapshot->observation, id);
    if (!list)
        return covers_unknown_list(c);
    for (size_t i = 0; i < list->n; i++)
        if (!covers_cidr(c, &list->entries[i]))
            return false;
    return true;
}

static bool covers_other_side(struct covering *c, bool hopeful)
{
    c->hopeful = hopeful;
    return c->traffic->group_id         ? covers_group(c)
           : c->traffic->prefix_list_id ? covers_prefix_list(c)
                                        : covers_cidr(c, &c->traffic->cidr);
}

/* The last number from c->from on, before which no rule begins or ends. */
static unsigned next_cut(const struct covering *c, unsigned last)
{
    unsigned cut = last;

    for (size_t l = 0; l < c->n_lists; l++)
        for (size_t i = 0; i < c->lists[l]->n; i++) {
            unsigned from, to;
            bool sure;

            if (!numbers_of(c, &c->lists[l]->items[i], &from, &to, &sure))
                continue;
            if (from > c->from && from - 1 < cut)
                cut = from - 1;
            if (from <= c->from && to >= c->from && to < cut)
                cut = to;
        }
    return cut;
}

enum verdict permissions_cover(const struct snapshot *snapshot,
                               const ec2_ip_permissions *const *lists, size_t n_lists,
                               const struct traffic *traffic)
{
    struct covering c = {.snapshot = snapshot,
                         .lists = lists,
                         .n_lists = n_lists,
                         .traffic = traffic,
                         .protocol = protocol_name(traffic->protocol)};
    const bool ports = has_ports(c.protocol);
    const unsigned first = ports ? traffic->port_from : 0,
                   last = ports ? traffic->port_to : NUMBER_MAX;
    enum verdict verdict = VERDICT_YES;

    assert(!!traffic->group_id + !!traffic->prefix_list_id +
               (traffic->cidr.family != FAMILY_NONE) ==
           1);
    for (c.from = first; c.from <= last; c.from = c.to + 1) {
        c.to = next_cut(&c, last);
        if (covers_other_side(&c, false))
            continue;
        if (!covers_other_side(&c, true))
            return VERDICT_NO;
        verdict = VERDICT_UNKNOWN;
    }
    return verdict;
}
