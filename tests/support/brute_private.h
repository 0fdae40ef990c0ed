/* brute_private.h - what the files of brute_reach share. */
#pragma once

#include "brute_reach.h"

#include <stdio.h>
#include <strings.h>

#define ADDRESSES_MAX 512
#define PORTS_MAX 64

struct address {
    bool ipv6;
    uint8_t bytes[16];
};
struct addresses {
    struct address items[ADDRESSES_MAX];
    size_t n;
};

struct brute_walk {
    const struct observation *world;
    const struct brute_question *question;
    const struct ec2_vpc *vpc;
    const struct ec2_subnet *subnet;
    const struct ec2_network_interface *interface;
    const char *const *groups; /* of the sender */
    size_t n_groups;
    bool groups_known;
    bool ordinary; /* the destination stands for the internet: AWS's own lists don't matter */
    unsigned reply_ports[PORTS_MAX];
    size_t n_reply_ports;
};

static inline enum brute min(enum brute a, enum brute b)
{
    return a < b ? a : b;
}

static inline enum brute max(enum brute a, enum brute b)
{
    return a > b ? a : b;
}

static inline bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static inline bool known(const struct brute_walk *w, enum observed_list list)
{
    return w->world->lists[list].complete;
}

/* ---- brute_addresses.c ---- */
bool brute_holds(const struct prefix *prefix, const struct address *address);
struct address brute_first_of(const struct prefix *prefix);
bool brute_parse(const char *text, struct address *ret_address);
bool brute_equal(const struct address *a, const struct address *b);
struct address brute_into_nat64(struct address address);
struct address brute_out_of_nat64(struct address address);
bool brute_is_public(const struct address *address);
bool brute_is_nat64(const struct address *address);
void brute_addresses_of(const struct brute_walk *w, const struct prefix *in,
                        struct addresses *addresses);
void brute_internet_of(const struct brute_walk *w, struct addresses *addresses);
void brute_sources_of(const struct brute_walk *w, bool ipv6, struct addresses *sources);
void brute_find_reply_ports(struct brute_walk *w);

/* ---- brute_rules.c ---- */
const struct ec2_subnet *brute_find_subnet(const struct brute_walk *w, const char *wanted);
const struct ec2_route_table *brute_find_table(const struct brute_walk *w, const char *wanted);
const struct ec2_internet_gateway *brute_find_igw(const struct brute_walk *w, const char *wanted);
const struct ec2_egress_only_internet_gateway *brute_find_eigw(const struct brute_walk *w,
                                                               const char *wanted);
const struct ec2_nat_gateway *brute_find_nat(const struct brute_walk *w, const char *wanted);
const struct ec2_network_interface *brute_find_interface(const struct brute_walk *w,
                                                         const char *wanted);
const struct ec2_security_group *brute_find_group(const struct brute_walk *w, const char *wanted);
const struct ec2_vpc_endpoint *brute_find_endpoint(const struct brute_walk *w, const char *wanted);
const struct ec2_managed_prefix_list *brute_find_list(const struct brute_walk *w,
                                                      const char *wanted);
const struct observed_prefix_list *brute_find_entries(const struct brute_walk *w,
                                                      const char *wanted);
const struct ec2_subnet *brute_subnet_at(const struct brute_walk *w, const struct address *address);
const struct ec2_network_interface *brute_host_at(const struct brute_walk *w,
                                                  const struct address *address);
enum brute brute_listed(const struct brute_walk *w, const char *list,
                        const struct address *address);
enum brute brute_groups_let(const struct brute_walk *w, const char *const *groups, size_t n,
                            bool inbound, const struct address *peer,
                            const char *const *peer_groups, size_t n_peer_groups,
                            bool peer_groups_known);
enum brute brute_acl_out(const struct brute_walk *w, const char *subnet, const struct address *peer,
                         unsigned reply_port);
enum brute brute_acl_in(const struct brute_walk *w, const char *subnet, const struct address *peer,
                        unsigned reply_port);

/* ---- brute_hops.c ---- */
struct hop {
    enum brute found;
    const struct ec2_route *route;
};
const char *brute_target(const struct ec2_route *route);
struct hop brute_next_hop(const struct brute_walk *w, const struct ec2_route_table *table,
                          const struct address *to);
const struct ec2_route_table *brute_table_of(const struct brute_walk *w, const char *subnet);
enum brute brute_through_igw(const struct brute_walk *w, const char *id, const struct address *to);
enum brute brute_through_eigw(const struct brute_walk *w, const char *id, const struct address *to);
enum brute brute_through_nat(const struct brute_walk *w, const char *id, const struct address *from,
                             const struct address *to, unsigned reply_port);
enum brute brute_policy_lets(const struct ec2_vpc_endpoint *endpoint);
enum brute brute_endpoint_works(const struct ec2_vpc_endpoint *endpoint);
enum brute brute_through_gateway_endpoint(const struct brute_walk *w, const char *id);
