/* reach_private.h - what the files of reach share: one packet's source, and the walk of one part of
 * the destination. */
#pragma once

#include "vpc_reconciled/reach.h"
#include "vpc_reconciled/traffic.h"

/* Ports that replies come back to: NAT gateways and Lambda use all of them (aws-facts 2.7). */
#define EPHEMERAL_FIRST 1024
#define EPHEMERAL_LAST 65535

/* Longest prefixes that speak for "the internet" (reach.h). */
#define INTERNET_FINEST_IPV4 8
#define INTERNET_FINEST_IPV6 12
#define EXACT 128

struct prefixes {
    const struct prefix *items;
    size_t n;
};

/* Security groups of one member. */
struct groups {
    const char **ids;
    size_t n;
    const ec2_ip_permissions **ingress, **egress; /* of those that were found */
    size_t n_found;
};

struct source {
    const struct subnet *subnet;                   /* NULL: there is none */
    const struct ec2_network_interface *interface; /* NULL: any */
    enum family family;                            /* of the packets that leave the subnet */
    struct prefixes addresses;
    bool groups_asked; /* else the security group layer is skipped */
    struct groups groups;
};

struct walk {
    struct arena *arena; /* texts, where told, and what is looked up on the way */
    bool told;           /* texts are wanted, not only the verdict */
    const struct snapshot *snapshot;
    const struct reach_query *query;
    const struct source *source;
    uint8_t finest; /* longer prefixes are exceptions that don't speak for the destination */
    enum verdict verdict;
    bool present[REACH_LAYER_COUNT];
    struct reach_step steps[REACH_LAYER_COUNT];
};

enum verdict worse(enum verdict a, enum verdict b);
enum verdict better(enum verdict a, enum verdict b);

/* A step, whose text is made only where it is wanted. Of several in a layer the first of the worst
 * stays. */
void walk_step(struct walk *walk, enum reach_layer layer, enum verdict verdict,
               const char *resource, const char *format, ...) PRINTF_LIKE(5, 6);
/* "10.0.0.0/16", in the arena. */
const char *walk_prefix(struct walk *walk, const struct prefix *prefix);

/* ---- addresses.c ---- */
bool is_nat64(const struct prefix *prefix); /* lies in 64:ff9b::/96 */
struct prefix nat64_of(const struct prefix *ipv4);
struct prefix nat64_inside(const struct prefix *ipv6); /* the IPv4 part */
/* Blocks that no internet gateway carries. NULL: public, as a whole. */
const struct prefix *private_block(const struct prefix *prefix);
/* The next block, from *at on, that is private or NAT64's and that parts may have to be cut by. */
const struct prefix *special_block(size_t at);
struct prefixes internet_blocks(enum family family);

/* ---- route_lookup.c ---- */
struct reach_path route_lookup(const struct snapshot *snapshot, const struct route_table *table,
                               const struct prefix *destination, uint8_t finest);
/* Does a route of the table, or an entry of its prefix lists, lie inside the block? */
bool routes_cut(const struct snapshot *snapshot, const struct route_table *table,
                const struct prefix *block, uint8_t finest);

/* ---- network_acl.c ---- */
struct acl_traffic {
    const char *protocol;
    unsigned port_from, port_to;
    struct prefix cidr; /* the other side */
    uint8_t finest;
};
/* Does the network ACL of the subnet let every packet of the traffic pass? *ret_acl: the id, or
 * NULL; *ret_rule: the number of the rule that decides, or 0. */
enum verdict network_acl_passes(const struct snapshot *snapshot, const char *subnet_id, bool egress,
                                const struct acl_traffic *traffic, const char **ret_acl,
                                int64_t *ret_rule);
/* One step for a request to `there` and its replies, as the ACL of the subnet sees them;
 * from_outside: the request enters the subnet. */
enum verdict walk_network_acl(struct walk *walk, enum reach_layer layer, const char *subnet_id,
                              bool request_enters, const struct prefix *there, uint8_t finest);

/* ---- source.c ---- */
/* Adds the steps of the subnet and the address; false: the walk ends here. */
bool walk_source(struct walk *walk);
void source_find(struct arena *arena, const struct snapshot *snapshot,
                 const struct reach_query *query, struct source *ret_source);
const struct ec2_network_interface *interface_find(const struct snapshot *snapshot, const char *id);
void groups_find(struct arena *arena, const struct snapshot *snapshot, struct groups *groups);
/* ---- security_group.c ---- */
/* groups_there: of the member at the destination; NULL: not known. */
void walk_security_group(struct walk *walk, const struct prefix *destination,
                         const struct groups *groups_there);
/* Do the groups of a member let the source in? */
enum verdict groups_admit(struct walk *walk, const struct groups *there);
/* Adds IPv4 by an internet gateway's step: a public address. */
void walk_public_address(struct walk *walk);

/* ---- exit.c ---- */
/* What the route leads to, for a destination that is uniform in every table on its way. */
void walk_exit(struct walk *walk, const struct route *route, const struct prefix *destination);
/* The table that serves the NAT gateway itself; NULL: not known. */
const struct route_table *nat_gateway_table(const struct snapshot *snapshot,
                                            const struct ec2_nat_gateway *gateway);

/* ---- path.c ---- */
/* All the layers to one part of the destination, less the source's. */
void walk_path(struct walk *walk, const struct prefix *destination);
/* To one address of an interface endpoint: as above, the far side being known. */
void walk_to_member(struct walk *walk, const struct prefix *address, const char *subnet_id,
                    const char *resource, const struct groups *groups);

/* Every block, in parts that are uniform for all route tables on the way; what stays in the walk is
 * the first part with the worst verdict. */
void walk_blocks(struct walk *walk, struct prefixes blocks);

/* ---- endpoint.c ---- */
void walk_gateway_endpoint(struct walk *walk, const char *id);
/* An interface endpoint whose private DNS answers for the service. */
void walk_interface_endpoint(struct walk *walk, const struct ec2_vpc_endpoint *endpoint);

/* ---- service.c ---- */
void walk_service(struct walk *walk);

/* ---- reach.c ---- */
/* The internet, of the query's family, as packets of the source's family see it. */
struct prefixes internet_packets(struct walk *walk);

/* ---- policy.c ---- */
/* A policy document that lets everybody do everything: yes; any other: unknown. */
enum verdict policy_is_open(const char *document);
