/* Every address that may make a difference. */
#include "brute_private.h"

/* ---- bits ---- */

bool brute_holds(const struct prefix *prefix, const struct address *address)
{
    if (prefix->family != (address->ipv6 ? FAMILY_IPV6 : FAMILY_IPV4))
        return false;
    for (unsigned bit = 0; bit < prefix->length; bit++)
        if ((prefix->bytes[bit / 8] ^ address->bytes[bit / 8]) & (0x80 >> (bit % 8)))
            return false;
    return true;
}

struct address brute_first_of(const struct prefix *prefix)
{
    struct address address = {.ipv6 = prefix->family == FAMILY_IPV6};

    memcpy(address.bytes, prefix->bytes, 16);
    return address;
}

static struct address last_of(const struct prefix *prefix)
{
    struct address address = brute_first_of(prefix);

    for (unsigned bit = prefix->length; bit < (address.ipv6 ? 128U : 32U); bit++)
        address.bytes[bit / 8] |= (uint8_t)(0x80 >> (bit % 8));
    return address;
}

/* false: there is none */
static bool next_of(struct address *address)
{
    for (int i = address->ipv6 ? 15 : 3; i >= 0; i--)
        if (++address->bytes[i])
            return true;
    return false;
}

bool brute_parse(const char *text, struct address *ret_address)
{
    struct prefix prefix;

    if (!text || prefix_parse_address(text, &prefix) < 0)
        return false;
    *ret_address = brute_first_of(&prefix);
    return true;
}

bool brute_equal(const struct address *a, const struct address *b)
{
    return a->ipv6 == b->ipv6 && memcmp(a->bytes, b->bytes, a->ipv6 ? 16 : 4) == 0;
}

static void add(struct addresses *addresses, struct address address)
{
    for (size_t i = 0; i < addresses->n; i++)
        if (brute_equal(&addresses->items[i], &address))
            return;
    assert(addresses->n < ADDRESSES_MAX);
    addresses->items[addresses->n++] = address;
}

static const struct prefix nat64 = {FAMILY_IPV6, 96, {0x00, 0x64, 0xff, 0x9b}}; /* 64:ff9b::/96 */
static const struct prefix global_unicast = {FAMILY_IPV6, 3, {0x20}};
static const struct prefix never_public[] = {
    {FAMILY_IPV4, 8, {0}},         {FAMILY_IPV4, 8, {10}},        {FAMILY_IPV4, 10, {100, 64}},
    {FAMILY_IPV4, 8, {127}},       {FAMILY_IPV4, 16, {169, 254}}, {FAMILY_IPV4, 12, {172, 16}},
    {FAMILY_IPV4, 16, {192, 168}}, {FAMILY_IPV4, 3, {224}},
};

struct address brute_into_nat64(struct address address)
{
    struct address mapped = brute_first_of(&nat64);

    memcpy(mapped.bytes + 12, address.bytes, 4);
    return mapped;
}

struct address brute_out_of_nat64(struct address address)
{
    struct address mapped = {0};

    memcpy(mapped.bytes, address.bytes + 12, 4);
    return mapped;
}

bool brute_is_public(const struct address *address)
{
    if (address->ipv6)
        return brute_holds(&global_unicast, address);
    for (size_t i = 0; i < ARRAY_SIZE(never_public); i++)
        if (brute_holds(&never_public[i], address))
            return false;
    return true;
}

bool brute_is_nat64(const struct address *address)
{
    return brute_holds(&nat64, address);
}

/* ---- every address that may make a difference ---- */

static void each_prefix(const struct brute_walk *w, void (*visit)(void *, const struct prefix *),
                        void *context)
{
    for (size_t i = 0; i < ARRAY_SIZE(never_public); i++)
        visit(context, &never_public[i]);
    visit(context, &nat64);
    visit(context, &global_unicast);
    VEC_EACH (table, &w->world->route_tables)
        for (size_t i = 0; i < table->routes.n; i++) {
            visit(context, &table->routes.items[i].destination_cidr_block);
            visit(context, &table->routes.items[i].destination_ipv6_cidr_block);
        }
    VEC_EACH (list, &w->world->prefix_list_entries)
        for (size_t i = 0; i < list->n; i++)
            visit(context, &list->entries[i]);
    VEC_EACH (acl, &w->world->network_acls)
        for (size_t i = 0; i < acl->entries.n; i++) {
            visit(context, &acl->entries.items[i].cidr_block);
            visit(context, &acl->entries.items[i].ipv6_cidr_block);
        }
    VEC_EACH (group, &w->world->security_groups)
        for (int egress = 0; egress < 2; egress++) {
            const ec2_ip_permissions *rules =
                egress ? &group->ip_permissions_egress : &group->ip_permissions;

            for (size_t i = 0; i < rules->n; i++) {
                for (size_t k = 0; k < rules->items[i].ip_ranges.n; k++)
                    visit(context, &rules->items[i].ip_ranges.items[k].cidr_ip);
                for (size_t k = 0; k < rules->items[i].ipv6_ranges.n; k++)
                    visit(context, &rules->items[i].ipv6_ranges.items[k].cidr_ipv6);
            }
        }
    VEC_EACH (subnet, &w->world->subnets) {
        visit(context, &subnet->cidr_block);
        for (size_t i = 0; i < subnet->ipv6_cidr_block_associations.n; i++)
            visit(context, &subnet->ipv6_cidr_block_associations.items[i].ipv6_cidr_block);
    }
    VEC_EACH (interface, &w->world->network_interfaces) {
        struct prefix own;

        if (interface->private_ip_address &&
            prefix_parse_address(interface->private_ip_address, &own) == 0)
            visit(context, &own);
        for (size_t i = 0; i < interface->ipv6_addresses.n; i++)
            if (prefix_parse_address(interface->ipv6_addresses.items[i].ipv6_address, &own) == 0)
                visit(context, &own);
    }
}

struct collecting {
    const struct prefix *in;
    struct addresses *addresses;
};

static void collect_address(struct collecting *c, struct address address)
{
    if (brute_holds(c->in, &address))
        add(c->addresses, address);
}

static void collect(void *context, const struct prefix *prefix)
{
    struct collecting *c = context;
    struct address first, after;

    if (prefix->family == FAMILY_NONE)
        return;
    first = brute_first_of(prefix);
    after = last_of(prefix);
    collect_address(c, first);
    if (!next_of(&after))
        after = first;
    collect_address(c, after);
    if (prefix->family == FAMILY_IPV4) { /* as NAT64 shows it */
        collect_address(c, brute_into_nat64(first));
        collect_address(c, brute_into_nat64(after));
    } else if (brute_holds(&nat64, &first) && prefix->length >= 96) { /* and back */
        collect_address(c, brute_out_of_nat64(first));
        collect_address(c, brute_out_of_nat64(after));
    }
}

void brute_addresses_of(const struct brute_walk *w, const struct prefix *in,
                        struct addresses *addresses)
{
    struct collecting collecting = {in, addresses};

    add(addresses, brute_first_of(in));
    add(addresses, last_of(in));
    each_prefix(w, collect, &collecting);
}

/* An address is ordinary when no narrow prefix singles it out. */
struct searching {
    struct address address;
    unsigned broad;
    bool singled_out;
};

static void search(void *context, const struct prefix *prefix)
{
    struct searching *s = context;

    struct address mapped = brute_into_nat64(s->address);

    if (prefix->length > s->broad && brute_holds(prefix, &s->address))
        s->singled_out = true;
    if (!s->address.ipv6 && prefix->length > 96 + s->broad && brute_holds(prefix, &mapped))
        s->singled_out = true;
}

static void add_ordinary(const struct brute_walk *w, struct address near,
                         struct addresses *addresses)
{
    struct searching s = {.address = near, .broad = near.ipv6 ? 12 : 8};

    if (!brute_is_public(&near) && near.bytes[0] != 0)
        return;
    for (unsigned try = 1; try < 250; try++) {
        if (near.ipv6) {
            s.address.bytes[1] = (uint8_t)((near.bytes[1] & 0xf0) | (try & 0x0f));
            s.address.bytes[2] = (uint8_t)try;
        } else {
            s.address.bytes[1] = (uint8_t)try;
            s.address.bytes[2] = (uint8_t)(255 - try);
        }
        s.address.bytes[3] = 77;
        s.singled_out = false;
        each_prefix(w, search, &s);
        if (!s.singled_out && brute_is_public(&s.address)) {
            add(addresses, w->question->nat64 ? brute_into_nat64(s.address) : s.address);
            return;
        }
    }
}

void brute_internet_of(const struct brute_walk *w, struct addresses *addresses)
{
    struct prefix all = w->question->ipv6 ? global_unicast : PREFIX_IPV4_DEFAULT;
    static struct addresses edges;
    unsigned broad = w->question->ipv6 ? 12 : 8;

    edges.n = 0;
    brute_addresses_of(w, &all, &edges);
    for (size_t i = 0; i < edges.n; i++) {
        struct address edge = edges.items[i];

        edge.bytes[1] &= w->question->ipv6 ? 0xf0 : 0;
        memset(edge.bytes + broad / 8 + 1, 0, 16 - broad / 8 - 1);
        add_ordinary(w, edge, addresses);
    }
}

/* ---- all connections of a question ---- */

void brute_sources_of(const struct brute_walk *w, bool ipv6, struct addresses *sources)
{
    struct address own;

    sources->n = 0;
    if (!ipv6 && w->interface && brute_parse(w->interface->private_ip_address, &own)) {
        add(sources, own);
    } else if (!ipv6 && w->subnet->cidr_block.family) {
        brute_addresses_of(w, &w->subnet->cidr_block, sources);
    } else if (ipv6 && w->interface) {
        for (size_t i = 0; i < w->interface->ipv6_addresses.n; i++)
            if (brute_parse(w->interface->ipv6_addresses.items[i].ipv6_address, &own))
                add(sources, own);
    } else if (ipv6) {
        for (size_t i = 0; i < w->subnet->ipv6_cidr_block_associations.n; i++)
            if (w->subnet->ipv6_cidr_block_associations.items[i].state ==
                EC2_ASSOCIATION_ASSOCIATED)
                brute_addresses_of(
                    w, &w->subnet->ipv6_cidr_block_associations.items[i].ipv6_cidr_block, sources);
    }
}

static void reply_port(struct brute_walk *w, int64_t port)
{
    if (port < 1024 || port > 65535)
        return;
    for (size_t i = 0; i < w->n_reply_ports; i++)
        if (w->reply_ports[i] == port)
            return;
    assert(w->n_reply_ports < PORTS_MAX);
    w->reply_ports[w->n_reply_ports++] = (unsigned)port;
}

void brute_find_reply_ports(struct brute_walk *w)
{
    w->n_reply_ports = 0;
    reply_port(w, 1024);
    reply_port(w, 65535);
    VEC_EACH (acl, &w->world->network_acls)
        for (size_t i = 0; i < acl->entries.n; i++)
            if (acl->entries.items[i].port_from.set) {
                reply_port(w, acl->entries.items[i].port_from.value);
                reply_port(w, acl->entries.items[i].port_to.value + 1);
            }
}
