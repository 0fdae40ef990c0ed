/* Blocks of addresses that mean something by themselves. */
#include "reach_private.h"

#define IPV4(a, b, l)                                                                              \
    {                                                                                              \
        FAMILY_IPV4, (l),                                                                          \
        {                                                                                          \
            (a), (b)                                                                               \
        }                                                                                          \
    }

/* NAT64's prefix (aws-facts 9.3, RFC 6052) */
static const struct prefix nat64 = {FAMILY_IPV6, 96, {0x00, 0x64, 0xff, 0x9b}};
/* Global unicast: all that the internet routes (RFC 4291). */
static const struct prefix global_ipv6 = {FAMILY_IPV6, 3, {0x20}};

/* What is never routed on the internet (RFC 6890), and multicast. */
static const struct prefix private_ipv4[] = {
    IPV4(0, 0, 8),      IPV4(10, 0, 8),    IPV4(100, 64, 10),  IPV4(127, 0, 8),
    IPV4(169, 254, 16), IPV4(172, 16, 12), IPV4(192, 168, 16), IPV4(224, 0, 3),
};

/* All of IPv4 less the private blocks of 8 bits or fewer; the others are exceptions. */
static const struct prefix public_ipv4[] = {
    IPV4(1, 0, 8),   IPV4(2, 0, 7),   IPV4(4, 0, 6),   IPV4(8, 0, 7),
    IPV4(11, 0, 8),  IPV4(12, 0, 6),  IPV4(16, 0, 4),  IPV4(32, 0, 3),
    IPV4(64, 0, 3),  IPV4(96, 0, 4),  IPV4(112, 0, 5), IPV4(120, 0, 6),
    IPV4(124, 0, 7), IPV4(126, 0, 8), IPV4(128, 0, 2), IPV4(192, 0, 3),
};

bool is_nat64(const struct prefix *prefix)
{
    return prefix_contains(&nat64, prefix);
}

struct prefix nat64_of(const struct prefix *ipv4)
{
    struct prefix prefix = nat64;

    prefix.length = (uint8_t)(96 + ipv4->length);
    memcpy(prefix.bytes + 12, ipv4->bytes, 4);
    return prefix;
}

struct prefix nat64_inside(const struct prefix *ipv6)
{
    struct prefix prefix = {.family = FAMILY_IPV4, .length = (uint8_t)(ipv6->length - 96)};

    assert(is_nat64(ipv6));
    memcpy(prefix.bytes, ipv6->bytes + 12, 4);
    return prefix;
}

const struct prefix *private_block(const struct prefix *prefix)
{
    if (prefix->family == FAMILY_IPV6)
        return prefix_contains(&global_ipv6, prefix) ? NULL : prefix;
    for (size_t i = 0; i < ARRAY_SIZE(private_ipv4); i++)
        if (prefix_contains(&private_ipv4[i], prefix))
            return &private_ipv4[i];
    return NULL;
}

const struct prefix *special_block(size_t at)
{
    if (at < ARRAY_SIZE(private_ipv4))
        return &private_ipv4[at];
    return at == ARRAY_SIZE(private_ipv4)       ? &nat64
           : at == ARRAY_SIZE(private_ipv4) + 1 ? &global_ipv6
                                                : NULL;
}

struct prefixes internet_blocks(enum family family)
{
    if (family == FAMILY_IPV6)
        return (struct prefixes){&global_ipv6, 1};
    return (struct prefixes){public_ipv4, ARRAY_SIZE(public_ipv4)};
}
