#include "vpc_reconciled/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct prefix PREFIX_IPV4_DEFAULT = {.family = FAMILY_IPV4};
const struct prefix PREFIX_IPV6_DEFAULT = {.family = FAMILY_IPV6};

static unsigned family_bits(uint8_t family)
{
    return family == FAMILY_IPV4 ? 32 : family == FAMILY_IPV6 ? 128 : 0;
}

static void mask(struct prefix *prefix)
{
    for (unsigned bit = prefix->length; bit < 128; bit++)
        prefix->bytes[bit / 8] &= (uint8_t) ~(0x80U >> (bit % 8));
}

static int parse(const char *text, bool with_length, struct prefix *ret_prefix)
{
    struct prefix prefix = {0};
    char address[INET6_ADDRSTRLEN];
    const char *slash = strchr(text, '/');
    size_t n = slash ? (size_t)(slash - text) : strlen(text);

    if ((slash != NULL) != with_length || n >= sizeof(address))
        return -EINVAL;
    memcpy(address, text, n);
    address[n] = 0;
    prefix.family = strchr(address, ':') ? FAMILY_IPV6 : FAMILY_IPV4;
    if (inet_pton(prefix.family == FAMILY_IPV6 ? AF_INET6 : AF_INET, address, prefix.bytes) != 1)
        return -EINVAL;
    prefix.length = (uint8_t)family_bits(prefix.family);
    if (with_length) {
        unsigned length = 0;
        const char *at = slash + 1;

        /* No sign, no leading zero, no trailing text. */
        if (!*at || (at[0] == '0' && at[1]) || strlen(at) > 3)
            return -EINVAL;
        for (; *at; at++) {
            if (*at < '0' || *at > '9')
                return -EINVAL;
            length = length * 10 + (unsigned)(*at - '0');
        }
        if (length > prefix.length)
            return -EINVAL;
        prefix.length = (uint8_t)length;
    }
    mask(&prefix);
    *ret_prefix = prefix;
    return 0;
}

int prefix_parse(const char *text, struct prefix *ret_prefix)
{
    return parse(text, true, ret_prefix);
}

int prefix_parse_address(const char *text, struct prefix *ret_prefix)
{
    return parse(text, false, ret_prefix);
}

/* inet_ntop() writes "::1.2.3.4" where only the last 32 bits are set; RFC 5952 (5.) keeps that for
 * prefixes that are known to embed IPv4, such as ::ffff:0:0/96, and these are not. */
static bool is_low_32_bits(const struct prefix *prefix)
{
    static const uint8_t zero[12];

    return prefix->family == FAMILY_IPV6 && memcmp(prefix->bytes, zero, sizeof(zero)) == 0 &&
           (prefix->bytes[12] || prefix->bytes[13]);
}

const char *prefix_format(const struct prefix *prefix, char ret_text[static PREFIX_TEXT_SIZE])
{
    const uint8_t *bytes = prefix->bytes;
    char address[INET6_ADDRSTRLEN];

    ret_text[0] = 0;
    if (is_low_32_bits(prefix))
        snprintf(ret_text, PREFIX_TEXT_SIZE, "::%x:%x/%u", (unsigned)bytes[12] << 8 | bytes[13],
                 (unsigned)bytes[14] << 8 | bytes[15], prefix->length);
    else if (prefix->family != FAMILY_NONE &&
             inet_ntop(prefix->family == FAMILY_IPV6 ? AF_INET6 : AF_INET, bytes, address,
                       sizeof(address)))
        snprintf(ret_text, PREFIX_TEXT_SIZE, "%s/%u", address, prefix->length);
    return ret_text;
}

int prefix_compare(const struct prefix *a, const struct prefix *b)
{
    int r;

    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    r = memcmp(a->bytes, b->bytes, sizeof(a->bytes));
    if (r != 0)
        return r;
    return (a->length > b->length) - (a->length < b->length);
}

bool prefix_equal(const struct prefix *a, const struct prefix *b)
{
    return prefix_compare(a, b) == 0;
}

bool prefix_contains(const struct prefix *outer, const struct prefix *inner)
{
    struct prefix cut = *inner;

    if (outer->family != inner->family || outer->family == FAMILY_NONE ||
        outer->length > inner->length)
        return false;
    cut.length = outer->length;
    mask(&cut);
    return prefix_equal(outer, &cut);
}

bool prefix_overlaps(const struct prefix *a, const struct prefix *b)
{
    return prefix_contains(a, b) || prefix_contains(b, a);
}

bool prefix_is_default(const struct prefix *prefix)
{
    return prefix->family != FAMILY_NONE && prefix->length == 0;
}
