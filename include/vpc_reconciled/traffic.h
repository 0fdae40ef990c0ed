/* traffic.h - traffic as security groups see it, and whether permissions let it pass.
 *
 * Rules are compared by the traffic that they cover, not by their text (aws-facts 2.3): all-traffic
 * rules, port ranges that join, CIDR blocks that together make up a larger one, managed prefix
 * lists by their entries, references to groups, any spelling of IPv6. */
#pragma once

#include "vpc_reconciled/model.h"

struct traffic {
    const char *protocol;        /* "tcp", "udp", "icmp", "icmpv6", "-1": every one */
    uint16_t port_from, port_to; /* tcp, udp; both ends belong to it */
    /* the other side: exactly one is set */
    struct prefix cidr; /* an address is a /32 or /128 */
    const char *prefix_list_id, *group_id;
    uint8_t family; /* with group_id: of its members' addresses; FAMILY_NONE: each of the VPC */
};

/* Does the union of the permissions cover all of the traffic? lists: of one group each. Unknown
 * where that hangs on the entries of a prefix list that are not known.
 *
 * A group's members are covered by a reference to it, or by CIDR blocks that hold all of the VPC's
 * (all addresses, where the group is not this VPC's). A reference covers no CIDR block: who its
 * members are may change. */
enum verdict permissions_cover(const struct snapshot *snapshot,
                               const ec2_ip_permissions *const *lists, size_t n_lists,
                               const struct traffic *traffic);
