/* reach.h - given a snapshot: can this subnet reach that destination, and why (not)?
 *
 * A path is a chain of layers, and its answer the worst of theirs: no before unknown before yes. A
 * list that is incomplete or was not asked for makes its layer unknown, never no; so does what
 * nobody can see from here (a transit gateway, somebody's firewall, a policy with conditions).
 * Pure: reads the snapshot, writes into the arena.
 *
 * Where the destination is many addresses, every one of them must be reached, from every address of
 * the subnet (or of the one interface), and every reply must come back. */
#pragma once

#include "vpc_reconciled/model.h"

enum reach_destination {
    /* Any public address that nothing singles out. What routes, network ACLs and groups say of
     * prefixes longer than /8 (IPv4) or /12 (IPv6) are exceptions, such as a block list or the
     * prefix list of a gateway endpoint: ask for those as a CIDR. */
    REACH_INTERNET,
    /* What the service's name leads to: an interface endpoint whose private DNS is in force, else
     * public addresses, which a gateway endpoint may carry. The VPC's resolver is taken to answer:
     * DHCP options are not observed. */
    REACH_SERVICE,
    REACH_CIDR, /* 0.0.0.0/0 and ::/0 mean the internet */
};

struct reach_query {
    /* from */
    const char *subnet_id;
    const char *network_interface_id; /* NULL: whatever is, or will be, in the subnet */
    /* Of the member. None: those of the interface; without an interface the layer is skipped. Who
     * means the VPC's default group says so: snapshot_default_security_group(). */
    struct texts security_group_ids;

    enum reach_destination destination;
    enum family family;   /* IPv4 or IPv6; of the destination */
    const char *protocol; /* "tcp" or "udp" */
    uint16_t port;
    /* An IPv4 destination as an IPv6 client reaches it: DNS64 and a NAT gateway (aws-facts 9.3).
     * Not for a CIDR: there, ask for one in 64:ff9b::/96. */
    bool nat64;
    struct prefix cidr; /* REACH_CIDR: of the family; an address is a /32 or /128 */
    /* REACH_SERVICE */
    const char *service_name; /* whole: "com.amazonaws.ap-northeast-1.logs" */
    /* of DescribeVpcEndpointServices; NULL: the observation's, if it knows it */
    const struct ec2_service_detail *service;
    /* Does the service's public name have an AAAA record? enum wire_bool; WIRE_ABSENT: not known.
     * Read for IPv6 only. */
    uint8_t service_has_ipv6;
};

/* In the order of the chain. */
enum reach_layer {
    REACH_LAYER_SUBNET,  /* it and the interface are there */
    REACH_LAYER_ADDRESS, /* the source has an address of the family */
    REACH_LAYER_DNS,     /* which address the service's name, or DNS64, gives */
    REACH_LAYER_ASSOCIATION,
    REACH_LAYER_ROUTE,             /* longest prefix */
    REACH_LAYER_ROUTE_STATE,       /* blackhole */
    REACH_LAYER_TARGET,            /* what the route leads to is live, and can carry the family */
    REACH_LAYER_NAT_GATEWAY,       /* public */
    REACH_LAYER_NAT_GATEWAY_ROUTE, /* of the NAT gateway's own subnet */
    /* IPv4 by an internet gateway. Without an interface in the query: every interface of the subnet
     * that has one of the groups, if any are given, and is attached; what serves others (NAT
     * gateways, endpoints) aside. None: MapPublicIpOnLaunch. */
    REACH_LAYER_PUBLIC_ADDRESS,
    REACH_LAYER_ENDPOINT, /* available, and somewhere */
    REACH_LAYER_SECURITY_GROUP,
    REACH_LAYER_NETWORK_ACL, /* of the subnet, out and back */
    REACH_LAYER_NAT_GATEWAY_NETWORK_ACL,
    /* of an interface endpoint, or of what has the address in the VPC */
    REACH_LAYER_DESTINATION_NETWORK_ACL,
    REACH_LAYER_DESTINATION_SECURITY_GROUP,
    REACH_LAYER_ENDPOINT_POLICY,
    REACH_LAYER_BLOCK_PUBLIC_ACCESS,
    REACH_LAYER_ENCRYPTION_CONTROL,
    REACH_LAYER_COUNT,
};
const char *reach_layer_name(enum reach_layer layer); /* "network ACL" */

struct reach_step {
    enum reach_layer layer;
    enum verdict verdict;
    const char *resource; /* AWS id of what decides; NULL: there is none */
    const char *text;     /* one sentence, for a person; no full stop at its end */
};

struct reach_answer {
    enum verdict verdict; /* the worst of the steps' */
    /* By layer. Of the first part of the destination that has the verdict. Layers that the path
     * does not touch are left out; those after a broken one are there where they can be told. */
    const struct reach_step *steps;
    size_t n_steps;
    size_t broken; /* the first step with the answer's verdict; REACH_NOT_BROKEN when it is yes */
};
#define REACH_NOT_BROKEN SIZE_MAX

/* Everything in the answer lies in the arena or is borrowed from snapshot and query. */
struct reach_answer reach(struct arena *arena, const struct snapshot *snapshot,
                          const struct reach_query *query);
/* The broken step; NULL when the answer is yes. */
const struct reach_step *reach_broken_step(const struct reach_answer *answer);
/* NULL: the path does not touch the layer, or ended before it. */
const struct reach_step *reach_find_step(const struct reach_answer *answer, enum reach_layer layer);

/* ---- where one table sends one destination (safety.md S7) ---- */
struct reach_path {
    const struct route *route; /* the one that decides; NULL: none does, or it cannot be told */
    uint8_t length;            /* of the prefix that matched, which may be a prefix list's entry */
    enum verdict found;        /* is there a route at all? */
    enum verdict live;         /* route_is_live(): for foreign targets the route's own state */
    bool partial; /* a more specific route, known or not, takes part of the destination */
    const char *why_unknown; /* found or the route is unknown: why; else NULL */
};

/* Longest prefix first; of equals static, then prefix list, then propagated (aws-facts 9.2). */
struct reach_path reach_route(const struct snapshot *snapshot, const struct route_table *table,
                              const struct prefix *destination);
