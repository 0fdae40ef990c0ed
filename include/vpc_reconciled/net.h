/* net.h - IPv4 and IPv6 prefixes, compared as numbers and never as text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum family {
    FAMILY_NONE, /* an absent prefix */
    FAMILY_IPV4,
    FAMILY_IPV6,
};

/* Bits beyond length are zero, so two prefixes are equal when their bytes are. IPv4 uses
 * bytes[0..3]. */
struct prefix {
    uint8_t family; /* enum family */
    uint8_t length;
    uint8_t bytes[16];
};

#define PREFIX_TEXT_SIZE 50 /* the longest IPv6 prefix with its NUL */

/* "10.0.0.0/16", "2001:db8::/56"; host bits are cleared, as EC2 canonicalises them.
 * An address without a length is -EINVAL. */
int prefix_parse(const char *text, struct prefix *ret_prefix);
/* An address becomes a /32 or /128. */
int prefix_parse_address(const char *text, struct prefix *ret_prefix);
/* Canonical text (RFC 5952 for IPv6); "" for FAMILY_NONE. Returns ret_text. */
const char *prefix_format(const struct prefix *prefix, char ret_text[static PREFIX_TEXT_SIZE]);
/* IPv4 before IPv6, then by bytes, then shorter first. */
int prefix_compare(const struct prefix *a, const struct prefix *b);
bool prefix_equal(const struct prefix *a, const struct prefix *b);
bool prefix_contains(const struct prefix *outer, const struct prefix *inner); /* equal counts */
bool prefix_overlaps(const struct prefix *a, const struct prefix *b);
bool prefix_is_default(const struct prefix *prefix); /* 0.0.0.0/0 or ::/0 */

extern const struct prefix PREFIX_IPV4_DEFAULT, PREFIX_IPV6_DEFAULT;
