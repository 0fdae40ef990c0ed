/* Can this subnet reach that? Each row stands on one sentence of the fact sheet, which it quotes
 * with its section. */
#include "reach_vpc.h"

#define EDITS_MAX 6

struct edit {
    void (*edit)(struct vpc *vpc, const char *a, const char *b, const char *c);
    const char *a, *b, *c;
};

struct ask {
    const char *from, *interface, *group; /* from: subnet-private-a unless it says otherwise */
    const char *to;                       /* NULL: the internet; a service; a CIDR */
    bool ipv6, nat64;
    uint8_t has_ipv6;
};

static const struct row {
    const char *fact;
    struct edit edits[EDITS_MAX];
    struct ask ask;
    enum verdict verdict;
    enum reach_layer broken; /* REACH_LAYER_COUNT where nothing is */
    const char *resource;    /* of the broken step; NULL: not looked at */
} rows[] = {
#define NOTHING REACH_LAYER_COUNT
    /* ---- which table (9.1), which route (9.2) ---- */
    {"9.2: IPv4 defaults go to IGW or NAT", {{0}}, {0}, VERDICT_YES, NOTHING, NULL},
    {"9.2: IPv6 defaults to IGW or egress-only gateway",
     {{0}},
     {.ipv6 = true},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.2: IPv6 defaults to IGW or egress-only gateway (the IGW)",
     {{0}},
     {.from = "subnet-public-a", .ipv6 = true},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.1: a subnet that no association names uses the table with main=true",
     {{disassociate, "rtb-private-a", "subnet-private-a", NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_ROUTE,
     "rtb-main"},
    {"9.1: a subnet that no association names uses the table with main=true (it has a default)",
     {{disassociate, "rtb-private-a", "subnet-private-a", NULL},
      {route, "rtb-main", "0.0.0.0/0", "nat-c"}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.1: explicit association, else the VPC's main table",
     {{disassociate, "rtb-private-a", "subnet-private-a", NULL}, {no_main_table, NULL, NULL, NULL}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_ASSOCIATION,
     "subnet-private-a"},
    {"2.5: route table association: associating, associated, ...",
     {{associating, "rtb-private-a", NULL, NULL}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_ASSOCIATION,
     NULL},
    {"9.2: longest prefix first (there is none)",
     {{drop, "rtb-private-a", "0.0.0.0/0", NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_ROUTE,
     "rtb-private-a"},
    {"9.2: IPv4 and IPv6 are separate",
     {{drop, "rtb-private-a", "::/0", NULL}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.2: IPv4 and IPv6 are separate (the other one)",
     {{drop, "rtb-private-a", "::/0", NULL}},
     {.ipv6 = true},
     VERDICT_NO,
     REACH_LAYER_ROUTE,
     NULL},
    {"2.2: blackhole (target gone: NAT gateway deleted, IGW detached, instance gone)",
     {{route_is, "rtb-private-a", "0.0.0.0/0", "blackhole"}},
     {0},
     VERDICT_NO,
     REACH_LAYER_ROUTE_STATE,
     NULL},
    {"2.5: route: active, blackhole, filtered",
     {{route_is, "rtb-private-a", "0.0.0.0/0", "filtered"}},
     {0},
     VERDICT_NO,
     REACH_LAYER_ROUTE_STATE,
     NULL},
    {"2.5: route: active, blackhole, filtered (and no fourth word)",
     {{route_is, "rtb-private-a", "0.0.0.0/0", "resting"}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_ROUTE_STATE,
     NULL},
    {"9.2: two halves 0.0.0.0/1 + 128.0.0.0/1 defeat a correct default",
     {{route, "rtb-private-a", "0.0.0.0/1", "tgw-1"},
      {route, "rtb-private-a", "128.0.0.0/1", "nat-0"}},
     {0},
     VERDICT_NO,
     REACH_LAYER_TARGET,
     "nat-0"},
    {"9.2: or other broad prefixes: check more-specific routes that cover the targets",
     {{route, "rtb-private-a", "52.0.0.0/8", "tgw-1"}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "tgw-1"},
    {"9.2: check more-specific routes that cover the targets (this one does not)",
     {{route, "rtb-private-a", "198.51.100.0/24", "tgw-1"}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.2: a static default can be created beside a propagated default and wins",
     {{propagated, "rtb-private-a", "0.0.0.0/0", "vgw-1"}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.2: only a propagated default",
     {{drop, "rtb-private-a", "0.0.0.0/0", NULL},
      {propagated, "rtb-private-a", "0.0.0.0/0", "vgw-1"}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "vgw-1"},
    {"9.2: expand with GetManagedPrefixListEntries before calling the default missing",
     {{drop, "rtb-private-a", "0.0.0.0/0", NULL},
      {route, "rtb-private-a", "pl-corp", "nat-a"},
      {entries, "pl-corp", "0.0.0.0/0", NULL}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.2: customer prefix list containing the default (nobody knows)",
     {{drop, "rtb-private-a", "0.0.0.0/0", NULL}, {route, "rtb-private-a", "pl-corp", "nat-a"}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_ROUTE,
     "rtb-private-a"},
    {"9.2: then static over prefix-list over propagated (static)",
     {{route, "rtb-private-a", "pl-corp", "nat-0"}, {entries, "pl-corp", "0.0.0.0/0", NULL}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.2: then static over prefix-list over propagated (prefix list)",
     {{drop, "rtb-private-a", "0.0.0.0/0", NULL},
      {propagated, "rtb-private-a", "0.0.0.0/0", "vgw-1"},
      {route, "rtb-private-a", "pl-corp", "nat-a"},
      {entries, "pl-corp", "0.0.0.0/0", NULL}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.2: among propagated: Direct Connect BGP, VPN static, VPN BGP (which is which is not shown)",
     {{propagated, "rtb-private-a", "10.60.0.0/16", "vgw-1"},
      {propagated, "rtb-private-a", "10.60.0.0/16", "vgw-2"}},
     {.to = "10.60.0.0/16"},
     VERDICT_UNKNOWN,
     REACH_LAYER_ROUTE,
     "rtb-private-a"},
    {"9.2: static to TGW: somebody's design",
     {{retarget, "rtb-private-a", "0.0.0.0/0", "tgw-1"}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "tgw-1"},
    {"9.2: static to ENI (firewall, NAT instance): somebody's design",
     {{retarget, "rtb-private-a", "0.0.0.0/0", "eni-9"}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "eni-9"},
    {"2.2: vpce-… (gateway endpoints and Gateway Load Balancer endpoints)",
     {{gwlb, "vpce-firewall", NULL, NULL},
      {retarget, "rtb-private-a", "0.0.0.0/0", "vpce-firewall"}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "vpce-firewall"},
    {"9.2: static to core network: somebody's design",
     {{retarget, "rtb-private-a", "0.0.0.0/0", "arn:aws:networkmanager::1:core-network/c"}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     NULL},
    {"9.2: longest prefix first (a peering connection's)",
     {{0}},
     {.to = "10.50.1.0/24"},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "pcx-1"},
    {"9.2: longest prefix first (what the internet does not route falls to the default)",
     {{0}},
     {.to = "10.60.0.0/16"},
     VERDICT_NO,
     REACH_LAYER_NAT_GATEWAY_ROUTE,
     NULL},
    {"9.2: longest prefix first (a block with a part that the internet does not route)",
     {{0}},
     {.to = "172.0.0.0/11"},
     VERDICT_NO,
     REACH_LAYER_NAT_GATEWAY_ROUTE,
     NULL},
    {"9.2: or other broad prefixes: check more-specific routes (at the far end of IPv4)",
     {{route, "rtb-private-a", "216.0.0.0/5", "tgw-1"}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "tgw-1"},
    {"9.2: local routes cannot be deleted",
     {{outbound, "sg-endpoint", "10.0.0.0/16", "0"}},
     {.group = "sg-functions", .to = "10.0.17.99"},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.2: they can be retargeted with ReplaceRoute",
     {{retarget, "rtb-private-a", "10.0.0.0/16", "eni-9"}},
     {.group = "sg-functions", .to = "10.0.17.99"},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "eni-9"},
    {"9.2: NatGatewayId with an IPv6 destination is only right for NAT64",
     {{retarget, "rtb-private-a", "::/0", "nat-a"}},
     {.ipv6 = true},
     VERDICT_NO,
     REACH_LAYER_TARGET,
     "nat-a"},
    {"9.2: IPv4 defaults go to IGW or NAT (never an egress-only gateway)",
     {{retarget, "rtb-private-a", "0.0.0.0/0", "eigw-1"}},
     {0},
     VERDICT_NO,
     REACH_LAYER_TARGET,
     "eigw-1"},

    /* ---- gateways (2.5) ---- */
    {"2.5: NAT gateway: pending → available",
     {{nat_is, "nat-a", "pending", NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_TARGET,
     "nat-a"},
    {"2.5: deleted ones stay listed for about an hour too",
     {{nat_is, "nat-a", "deleted", NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_TARGET,
     "nat-a"},
    {"2.5: pending → available → deleting → deleted; pending → failed (and no sixth word)",
     {{nat_is, "nat-a", "resting", NULL}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "nat-a"},
    {"1.3: absent, the list is unknown, not empty (NAT gateways)",
     {{unread, "NAT gateways", NULL, NULL}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "nat-a"},
    {"2.5: an attached IGW reads available; unattached has an empty set",
     {{igw_detached, "igw-1", NULL, NULL}},
     {.from = "subnet-public-a", .ipv6 = true},
     VERDICT_NO,
     REACH_LAYER_TARGET,
     "igw-1"},
    {"2.5: internet gateway attachment: attaching",
     {{igw_attaching, "igw-1", NULL, NULL}},
     {.from = "subnet-public-a", .ipv6 = true},
     VERDICT_UNKNOWN,
     REACH_LAYER_TARGET,
     "igw-1"},
    {"2.1: egress-only gateways: there is no vpc filter, list all and match",
     {{eigw_elsewhere, "eigw-1", NULL, NULL}},
     {.ipv6 = true},
     VERDICT_NO,
     REACH_LAYER_TARGET,
     "eigw-1"},
    {"2.3: ConnectivityType (public default, private)",
     {{nat_is_private, "nat-a", NULL, NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_NAT_GATEWAY,
     "nat-a"},
    {"2.3: ConnectivityType (private, towards another network)",
     {{nat_is_private, "nat-a", NULL, NULL}, {retarget, "rtb-public", "0.0.0.0/0", "tgw-1"}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_NAT_GATEWAY,
     "nat-a"},
    {"2.5: a gateway in a subnet whose table lost its IGW route is still available and useless",
     {{drop, "rtb-public", "0.0.0.0/0", NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_NAT_GATEWAY_ROUTE,
     "rtb-public"},
    {"2.5: available says nothing about health (its IGW is gone)",
     {{igw_detached, "igw-1", NULL, NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_NAT_GATEWAY_ROUTE,
     "rtb-public"},
    {"2.5: regional: no subnet; its own route table with an IGW route (routeTableId)",
     {{nat_is_regional, "nat-a", "rtb-regional", "igw-1"}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.5: its own route table with an IGW route (which is lost)",
     {{nat_is_regional, "nat-a", "rtb-regional", NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_NAT_GATEWAY_ROUTE,
     "rtb-regional"},
    {"2.5: regional: no subnet; its own route table (which is not known)",
     {{nat_is_regional, "nat-a", NULL, NULL}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_NAT_GATEWAY_ROUTE,
     NULL},

    /* ---- NAT64 (9.3) ---- */
    {"9.3: IPv6-only subnets do reach IPv4 services this way",
     {{no_ipv4, "subnet-private-a", NULL, NULL}},
     {.nat64 = true},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.1: cidrBlock (absent when IPv6-only)",
     {{no_ipv4, "subnet-private-a", NULL, NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_ADDRESS,
     "subnet-private-a"},
    {"9.3: needed: subnet flag EnableDns64.Value=true",
     {{dns64_off, "subnet-private-a", NULL, NULL}},
     {.nat64 = true},
     VERDICT_NO,
     REACH_LAYER_DNS,
     "subnet-private-a"},
    {"9.3: needed: route 64:ff9b::/96 → NAT gateway",
     {{drop, "rtb-private-a", "64:ff9b::/96", NULL}},
     {.nat64 = true},
     VERDICT_NO,
     REACH_LAYER_TARGET,
     "eigw-1"},
    {"9.3: needed: NACL rules letting 64:ff9b::/96 pass",
     {{acl_deny, "out", "64:ff9b::/96", NULL}},
     {.nat64 = true},
     VERDICT_NO,
     REACH_LAYER_NETWORK_ACL,
     "acl-open"},
    {"9.3: the NAT's own subnet need not be dual-stack (its ACL sees IPv4 outside)",
     {{acl_deny, "out", "198.51.100.0/24", NULL}},
     {.nat64 = true},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.3: NAT64 is always on in NAT gateways (its ACL sees IPv4 outside)",
     {{acl_deny, "out", "198.51.100.0/24", NULL}},
     {.ipv6 = true, .to = "64:ff9b::c633:6400/120"},
     VERDICT_NO,
     REACH_LAYER_NAT_GATEWAY_NETWORK_ACL,
     "acl-open"},
    {"9.3: needed: security group rules letting 64:ff9b::/96 pass",
     {{no_outbound, "sg-functions", NULL, NULL}, {outbound, "sg-functions", "0.0.0.0/0", "443"}},
     {.nat64 = true, .group = "sg-functions"},
     VERDICT_NO,
     REACH_LAYER_SECURITY_GROUP,
     "sg-functions"},
    {"9.3: needed: route 64:ff9b::/96 → NAT gateway (asked for as a block)",
     {{0}},
     {.ipv6 = true, .to = "64:ff9b::c633:6400/120"},
     VERDICT_YES,
     NOTHING,
     NULL},

    /* ---- addresses (2.7, 2.5) ---- */
    {"2.7: IGW path needs mapPublicIpOnLaunch or an EIP",
     {{0}},
     {.from = "subnet-public-a", .interface = "eni-public"},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.7: IGW path needs mapPublicIpOnLaunch or an EIP (neither)",
     {{no_public_address, "eni-public", NULL, NULL}},
     {.from = "subnet-public-a", .interface = "eni-public"},
     VERDICT_NO,
     REACH_LAYER_PUBLIC_ADDRESS,
     "eni-public"},
    {"2.7: the flag affects only interfaces created later",
     {{no_public_address, "eni-public", NULL, NULL}},
     {.from = "subnet-public-a"},
     VERDICT_NO,
     REACH_LAYER_PUBLIC_ADDRESS,
     "eni-public"},
    {"2.5: network interface: available, associated, attaching, in-use (attached to nothing)",
     {{no_public_address, "eni-public", NULL, NULL}, {unattached, "eni-public", NULL, NULL}},
     {.from = "subnet-public-a"},
     VERDICT_NO,
     REACH_LAYER_PUBLIC_ADDRESS,
     "subnet-public-a"}, /* so it is the flag that decides */
    {"2.7: or an EIP (that something of another group has)",
     {{0}},
     {.from = "subnet-public-a", .group = "sg-endpoint"},
     VERDICT_NO,
     REACH_LAYER_PUBLIC_ADDRESS,
     "subnet-public-a"},
    {"11: are never reachable from the internet (denyAllIgwTraffic)",
     {{denies_igw, "eni-public", NULL, NULL}},
     {.from = "subnet-public-a", .interface = "eni-public", .ipv6 = true},
     VERDICT_NO,
     REACH_LAYER_PUBLIC_ADDRESS,
     "eni-public"},
    {"2.7: IGW path needs mapPublicIpOnLaunch (of a subnet with nothing in it)",
     {{0}},
     {.from = "subnet-public-c"},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.7: IGW path needs mapPublicIpOnLaunch (which is off)",
     {{on_launch, "subnet-public-c", "off", NULL}},
     {.from = "subnet-public-c"},
     VERDICT_NO,
     REACH_LAYER_PUBLIC_ADDRESS,
     "subnet-public-c"},
    {"2.7: IGW path needs mapPublicIpOnLaunch (which was not said)",
     {{on_launch, "subnet-public-c", "absent", NULL}},
     {.from = "subnet-public-c"},
     VERDICT_UNKNOWN,
     REACH_LAYER_PUBLIC_ADDRESS,
     NULL},
    {"2.1: never infer \"no workload in this AZ\" from a describe without it",
     {{unread, "network interfaces", NULL, NULL}},
     {.from = "subnet-public-c"},
     VERDICT_UNKNOWN,
     REACH_LAYER_PUBLIC_ADDRESS,
     NULL},
    {"2.5: IPv6 CIDR associations: associating",
     {{ipv6_block, "subnet-private-a", "associating", NULL}},
     {.ipv6 = true},
     VERDICT_UNKNOWN,
     REACH_LAYER_ADDRESS,
     "subnet-private-a"},
    {"2.5: disassociated entries may linger in the list: use only associated",
     {{ipv6_block, "subnet-private-a", "disassociated", NULL}},
     {.ipv6 = true},
     VERDICT_NO,
     REACH_LAYER_ADDRESS,
     "subnet-private-a"},
    {"2.3: one IPv6 block a subnet (here none)",
     {{ipv6_block, "subnet-private-a", "none", NULL}},
     {.ipv6 = true},
     VERDICT_NO,
     REACH_LAYER_ADDRESS,
     "subnet-private-a"},

    /* ---- what defeats correct routes (2.7) ---- */
    {"2.7: block-bidirectional stops IGW, NAT and egress-only traffic",
     {{block_mode, "vpc-1", "block-bidirectional", NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_BLOCK_PUBLIC_ACCESS,
     "vpc-1"},
    {"2.7: block-bidirectional stops IGW, NAT and egress-only traffic (the last)",
     {{block_mode, "vpc-1", "block-bidirectional", NULL}},
     {.ipv6 = true},
     VERDICT_NO,
     REACH_LAYER_BLOCK_PUBLIC_ACCESS,
     "vpc-1"},
    {"2.7: block-ingress lets NAT and egress-only gateways work",
     {{block_mode, "vpc-1", "block-ingress", NULL}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.7: block-ingress blocks inbound to others",
     {{block_mode, "vpc-1", "block-ingress", NULL}},
     {.from = "subnet-public-a", .ipv6 = true},
     VERDICT_NO,
     REACH_LAYER_BLOCK_PUBLIC_ACCESS,
     "vpc-1"},
    {"2.7: internetGatewayBlockMode on VPC and subnet",
     {{block_mode, "vpc-1", "block-bidirectional", NULL},
      {block_mode, "subnet-private-a", "off", NULL}},
     {.ipv6 = true},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.7: internetGatewayBlockMode on VPC and subnet (the NAT gateway's only)",
     {{block_mode, "subnet-public-a", "block-bidirectional", NULL}},
     {0},
     VERDICT_NO,
     REACH_LAYER_BLOCK_PUBLIC_ACCESS,
     "subnet-public-a"},
    {"2.7: that it cuts egress is unverified",
     {{encryption, "enforce", NULL, NULL}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_ENCRYPTION_CONTROL,
     "vpc-1"},
    {"2.7: encryption control in enforce mode (not in this one)",
     {{encryption, "monitor", NULL, NULL}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.7: replies need inbound ephemeral ports",
     {{acl, "subnet-private-a", NULL, NULL}, {acl_allow, "out", "0.0.0.0/0", "443"}},
     {0},
     VERDICT_NO,
     REACH_LAYER_NETWORK_ACL,
     "acl-other"},
    {"2.7: replies need inbound ephemeral ports (which are open)",
     {{acl, "subnet-private-a", NULL, NULL},
      {acl_allow, "out", "0.0.0.0/0", "443"},
      {acl_allow, "in", "0.0.0.0/0", "1024-65535"}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.7: NAT gateways and Lambda use 1024–65535 (not only the upper half)",
     {{acl, "subnet-private-a", NULL, NULL},
      {acl_allow, "out", "0.0.0.0/0", "443"},
      {acl_allow, "in", "0.0.0.0/0", "32768-65535"}},
     {0},
     VERDICT_NO,
     REACH_LAYER_NETWORK_ACL,
     "acl-other"},
    {"2.7: NAT gateways and Lambda use 1024–65535 (the NAT gateway's subnet)",
     {{acl, "subnet-public-a", NULL, NULL},
      {acl_allow, "out", "0.0.0.0/0", "443"},
      {acl_allow, "in", "0.0.0.0/0", "443"},
      {acl_allow, "out", "10.0.16.0/24", "1024-65535"}},
     {0},
     VERDICT_NO,
     REACH_LAYER_NAT_GATEWAY_NETWORK_ACL,
     "acl-other"},
    {"2.7: network ACL (of a subnet that is a part of the destination)",
     {{acl, "subnet-other", NULL, NULL}},
     {.to = "10.0.32.0/23"},
     VERDICT_NO,
     REACH_LAYER_DESTINATION_NETWORK_ACL,
     "acl-other"},
    {"2.7: network ACL (a block list is an exception)",
     {{acl_deny, "in", "198.51.100.0/24", NULL}},
     {0},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.7: network ACL (what is on a block list)",
     {{acl_deny, "in", "198.51.100.0/24", NULL}},
     {.to = "198.51.100.0/25"},
     VERDICT_NO,
     REACH_LAYER_NETWORK_ACL,
     "acl-open"},
    {"1.3: absent, the list is unknown, not empty (network ACLs)",
     {{unread, "network ACLs", NULL, NULL}},
     {0},
     VERDICT_UNKNOWN,
     REACH_LAYER_NETWORK_ACL,
     NULL},
    {"2.7: security group without egress",
     {{no_outbound, "sg-functions", NULL, NULL}},
     {.group = "sg-functions"},
     VERDICT_NO,
     REACH_LAYER_SECURITY_GROUP,
     "sg-functions"},
    {"2.7: a new group has one all-IPv4 egress rule",
     {{no_outbound, "sg-functions", NULL, NULL}, {outbound, "sg-functions", "0.0.0.0/0", "0"}},
     {.group = "sg-functions", .ipv6 = true},
     VERDICT_NO,
     REACH_LAYER_SECURITY_GROUP,
     "sg-functions"},
    {"1.3: absent, the list is unknown, not empty (security groups)",
     {{unread, "security groups", NULL, NULL}},
     {.group = "sg-functions"},
     VERDICT_UNKNOWN,
     REACH_LAYER_SECURITY_GROUP,
     "sg-functions"},

    /* ---- services (2.2, 2.5, 2.7, 11) ---- */
    {"9.2: gateway-endpoint prefixes are more specific than a default, so they win over it",
     {{drop, "rtb-private-a", "0.0.0.0/0", NULL}},
     {.to = S3},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"9.2: gateway-endpoint prefixes win over it (also where they lead nowhere)",
     {{endpoint_is, "vpce-s3", "deleted", NULL}},
     {.to = S3},
     VERDICT_NO,
     REACH_LAYER_ENDPOINT,
     "vpce-s3"},
    {"2.2: gateway-endpoint routes are destinationPrefixListId + gatewayId (this table has none)",
     {{0}},
     {.from = "subnet-private-c", .to = S3},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.2: gateway-endpoint routes are destinationPrefixListId + gatewayId (nor a default)",
     {{drop, "rtb-private-c", "0.0.0.0/0", NULL}},
     {.from = "subnet-private-c", .to = S3},
     VERDICT_NO,
     REACH_LAYER_ROUTE,
     "rtb-private-c"},
    {"2.1: policyDocument (with a condition)",
     {{policy, "vpce-s3",
       "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":"
       "\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}}]}",
       NULL}},
     {.to = S3},
     VERDICT_UNKNOWN,
     REACH_LAYER_ENDPOINT_POLICY,
     "vpce-s3"},
    {"2.1: GetManagedPrefixListEntries (which could not be read)",
     {{unread, "prefix list entries", NULL, NULL}},
     {.to = S3},
     VERDICT_UNKNOWN,
     REACH_LAYER_ROUTE,
     "pl-s3"},
    {"2.7: the endpoint's group must let the functions' group in on 443",
     {{0}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.7: the endpoint's group must let the functions' group in on 443 (it does not)",
     {{no_inbound, "sg-endpoint", NULL, NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_NO,
     REACH_LAYER_DESTINATION_SECURITY_GROUP,
     "sg-endpoint"},
    {"2.7: the endpoint's group must let the functions' group in (whose is not known)",
     {{0}},
     {.to = LOGS},
     VERDICT_UNKNOWN,
     REACH_LAYER_DESTINATION_SECURITY_GROUP,
     "sg-endpoint"},
    {"2.5: interface endpoints return to pending on every modification",
     {{endpoint_is, "vpce-logs", "Pending", NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_UNKNOWN,
     REACH_LAYER_ENDPOINT,
     "vpce-logs"},
    {"2.5: rejected, failed, expired are terminal: such an endpoint never comes back",
     {{endpoint_is, "vpce-logs", "failed", NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_YES, /* the name is public again, and the NAT gateway leads there */
     NOTHING,
     NULL},
    {"2.5: endpoints are deleting, deleted (and another one has taken over)",
     {{second_endpoint, "vpce-logs", "vpce-logs-2", NULL},
      {endpoint_is, "vpce-logs", "deleting", NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.5: compare case-insensitively",
     {{endpoint_is, "vpce-logs", "Available", NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.7: private DNS off",
     {{private_dns_off, "vpce-logs", NULL, NULL}, {drop, "rtb-private-a", "0.0.0.0/0", NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_NO,
     REACH_LAYER_DNS,
     "vpce-logs"},
    {"2.1: privateDnsEnabled (which was not said)",
     {{private_dns_absent, "vpce-logs", NULL, NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_UNKNOWN,
     REACH_LAYER_DNS,
     "vpc-1"},
    {"2.7: private DNS off (the public name will do)",
     {{private_dns_off, "vpce-logs", NULL, NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"2.7: enableDnsSupport and enableDnsHostnames both true are needed",
     {{dns_hostnames_off, NULL, NULL, NULL}, {drop, "rtb-private-a", "0.0.0.0/0", NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_NO,
     REACH_LAYER_DNS,
     "vpce-logs"},
    {"2.7: enableDnsSupport and enableDnsHostnames (something else resolves names)",
     {{dns_support_off, NULL, NULL, NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_UNKNOWN,
     REACH_LAYER_DNS,
     "vpc-1"},
    {"2.1: DescribeVpcAttribute (which was not asked)",
     {{unread, "VPC attributes", NULL, NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_UNKNOWN,
     REACH_LAYER_DNS,
     "vpc-1"},
    {"1.3: absent, the list is unknown, not empty (VPC endpoints)",
     {{unread, "VPC endpoints", NULL, NULL}},
     {.to = XRAY},
     VERDICT_UNKNOWN,
     REACH_LAYER_DNS,
     "vpc-1"},
    {"2.7: network ACL (between the subnet and one of the endpoint's)",
     {{acl, "subnet-private-c", NULL, NULL}},
     {.group = "sg-functions", .to = LOGS},
     VERDICT_UNKNOWN, /* the other one is in the same subnet, where no ACL stands between */
     REACH_LAYER_ENDPOINT,
     "vpce-logs"},
    {"2.7: network ACL (between the subnet and each of the endpoint's)",
     {{acl, "subnet-other", NULL, NULL}},
     {.from = "subnet-other", .group = "sg-functions", .to = LOGS},
     VERDICT_NO,
     REACH_LAYER_NETWORK_ACL,
     "acl-other"},
    {"11: public names are IPv4 for most services; the AAAA records live on the dual-stack names",
     {{0}},
     {.to = XRAY, .ipv6 = true, .has_ipv6 = WIRE_TRUE},
     VERDICT_YES,
     NOTHING,
     NULL},
    {"11: with only an egress-only gateway and no NAT64, an SDK left on default names fails",
     {{0}},
     {.to = XRAY, .ipv6 = true, .has_ipv6 = WIRE_FALSE},
     VERDICT_NO,
     REACH_LAYER_DNS,
     NULL},
    {"11: how to check at run time: resolve AAAA of the dual-stack name (not done yet)",
     {{0}},
     {.to = XRAY, .ipv6 = true, .has_ipv6 = WIRE_ABSENT},
     VERDICT_UNKNOWN,
     REACH_LAYER_DNS,
     NULL},
    {"11: IpAddressType: ipv4 needs IPv4 in all subnets (and has no IPv6 address)",
     {{0}},
     {.to = LOGS, .ipv6 = true, .has_ipv6 = WIRE_TRUE},
     VERDICT_YES,
     NOTHING,
     NULL},
};

static struct reach_query query_of(struct ask ask, const char **groups)
{
    struct reach_query query = {.subnet_id = ask.from ? ask.from : "subnet-private-a",
                                .network_interface_id = ask.interface,
                                .destination = REACH_INTERNET,
                                .family = ask.ipv6 ? FAMILY_IPV6 : FAMILY_IPV4,
                                .protocol = "tcp",
                                .port = 443,
                                .nat64 = ask.nat64,
                                .service_has_ipv6 = ask.has_ipv6};

    if (ask.group) {
        groups[0] = ask.group;
        query.security_group_ids = (struct texts){groups, 1};
    }
    if (ask.to && text_starts_with(ask.to, "com.")) {
        query.destination = REACH_SERVICE;
        query.service_name = ask.to;
    } else if (ask.to) {
        query.destination = REACH_CIDR;
        query.cidr = reach_block(ask.to);
    }
    return query;
}

/* What holds for any answer. */
static void check_shape(const struct reach_answer *answer)
{
    enum verdict worst = VERDICT_YES;

    for (size_t i = 0; i < answer->n_steps; i++) {
        const struct reach_step *step = &answer->steps[i];

        worst = step->verdict < worst ? step->verdict : worst;
        assert_non_null(step->text);
        assert_true(strlen(step->text) > 10);
        assert_true(step->text[strlen(step->text) - 1] != '.');
        assert_ptr_equal(reach_find_step(answer, step->layer), step);
        if (i > 0)
            assert_true(answer->steps[i - 1].layer < step->layer);
        if (step->verdict == answer->verdict && answer->verdict != VERDICT_YES)
            assert_true(answer->broken <= i);
    }
    assert_int_equal(worst, answer->verdict);
    assert_int_equal(answer->broken == REACH_NOT_BROKEN, answer->verdict == VERDICT_YES);
}

static void check_row(const struct row *row)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = reach_vpc_new();
    const char *groups[1];
    struct reach_query query = query_of(row->ask, groups);
    const struct reach_step *broken;
    struct reach_answer answer;
    bool right;

    for (size_t i = 0; i < EDITS_MAX && row->edits[i].edit; i++)
        row->edits[i].edit(vpc, row->edits[i].a, row->edits[i].b, row->edits[i].c);
    vpc_snapshot(vpc);
    assert_non_null(vpc->snapshot);
    answer = reach(vpc->arena, vpc->snapshot, &query);
    check_shape(&answer);
    broken = reach_broken_step(&answer);
    right = answer.verdict == row->verdict && (broken ? broken->layer : NOTHING) == row->broken &&
            (!row->resource || text_equal(broken->resource, row->resource));
    for (size_t i = 0; !right && i < answer.n_steps; i++)
        print_message("  %d %s: %s (%s)\n", answer.steps[i].verdict,
                      reach_layer_name(answer.steps[i].layer), answer.steps[i].text,
                      answer.steps[i].resource ? answer.steps[i].resource : "-");
    if (!right)
        fail_msg("%s", row->fact);
}

static void test_facts(void **state)
{
    unsigned verdicts[3] = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        check_row(&rows[i]);
        verdicts[rows[i].verdict]++;
    }
    assert_true(ARRAY_SIZE(rows) >= 60);
    assert_true(verdicts[VERDICT_NO] > 15 && verdicts[VERDICT_UNKNOWN] > 15 &&
                verdicts[VERDICT_YES] > 15);
}

/* ---- policies that are open, and those that nobody judges ---- */

static void test_policies(void **state)
{
#define ALLOW(rest) "{\"Effect\":\"Allow\",\"Principal\":\"*\"," rest "}"
    static const struct {
        const char *document;
        enum verdict verdict;
    } policies[] = {
        {OPEN_POLICY, VERDICT_YES},
        {" { \"Statement\" : " ALLOW("\"Action\":[\"*\"],\"Resource\":[\"*\"]") " } ", VERDICT_YES},
        {"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"*\","
         "\"Resource\":\"*\",\"Sid\":\"all\"},\"Version\":\"2012-10-17\",\"Id\":\"x\"}",
         VERDICT_YES},
        {"{\"Statement\":[" ALLOW("\"Action\":\"s3:Get*\",\"Resource\":\"*\"") "," ALLOW(
             "\"Action\":\"*\",\"Resource\":\"*\"") "]}",
         VERDICT_YES},
        {"{\"Statement\":[" ALLOW(
             "\"Action\":\"*\",\"Resource\":\"*\"") ",{\"Effect\":\"Deny\","
                                                    "\"Principal\":\"*\",\"Action\":\"s3:*\","
                                                    "\"Resource\":\"*\"}]}",
         VERDICT_UNKNOWN},
        {"{\"Statement\":[" ALLOW("\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::mine/*\"") "]}",
         VERDICT_UNKNOWN},
        {"{\"Statement\":[" ALLOW("\"NotAction\":\"*\",\"Resource\":\"*\"") "]}", VERDICT_UNKNOWN},
        {"{\"Statement\":[" ALLOW("\"Action\":\"*\"") "]}", VERDICT_UNKNOWN},
        {"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},"
         "\"Action\":\"*\",\"Resource\":\"*\"}]}",
         VERDICT_UNKNOWN},
        {"{\"Statement\":[]}", VERDICT_UNKNOWN},
        {"{}", VERDICT_UNKNOWN},
        {"", VERDICT_UNKNOWN},
        {"{\"Statement\":[" ALLOW("\"Action\":\"*\",\"Resource\":\"*\"") "]", VERDICT_UNKNOWN},
        {"{\"Statement\":[" ALLOW("\"Action\":\"*\",\"Resource\":\"*\"") "]} and more",
         VERDICT_UNKNOWN},
        {"{\"Statement\":\"*", VERDICT_UNKNOWN},
        {"{\"Version\":{", VERDICT_UNKNOWN},
        {NULL, VERDICT_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = reach_vpc_new();
        const char *groups[1];
        struct reach_query query = query_of((struct ask){.to = S3}, groups);
        struct ec2_service_detail service = {.vpc_endpoint_policy_supported = WIRE_FALSE};
        struct reach_answer answer;

        policy(vpc, "vpce-s3", policies[i].document, NULL);
        vpc_snapshot(vpc);
        answer = reach(vpc->arena, vpc->snapshot, &query);
        if (answer.verdict != policies[i].verdict)
            fail_msg("%s: %d", policies[i].document, answer.verdict);
        /* A service without policies has none that could stop anybody. */
        query.service = &service;
        assert_int_equal(reach(vpc->arena, vpc->snapshot, &query).verdict, VERDICT_YES);
    }
}

/* ---- where one table sends one destination ---- */

static void test_paths(void **state)
{
    static const struct {
        const char *name;
        struct edit edits[3];
        const char *to;
        enum verdict found, live;
        const char *target;
        uint8_t length;
        bool partial;
    } paths[] = {
        {"the default", {{0}}, "0.0.0.0/0", VERDICT_YES, VERDICT_YES, "nat-a", 0, true},
        {"an address", {{0}}, "198.51.100.1", VERDICT_YES, VERDICT_YES, "nat-a", 0, false},
        {"longest prefix", {{0}}, "10.50.1.0/24", VERDICT_YES, VERDICT_YES, "pcx-1", 16, false},
        {"an entry", {{0}}, "52.219.9.0/24", VERDICT_YES, VERDICT_YES, "vpce-s3", 17, false},
        {"IPv6", {{0}}, "2600::/32", VERDICT_YES, VERDICT_YES, "eigw-1", 0, false},
        {"none",
         {{drop, "rtb-private-a", "0.0.0.0/0", NULL}},
         "198.51.100.1",
         VERDICT_NO,
         VERDICT_NO,
         NULL,
         0,
         false},
        {"a blackhole of somebody's",
         {{route_is, "rtb-private-a", "10.50.0.0/16", "blackhole"}},
         "10.50.1.0/24",
         VERDICT_YES,
         VERDICT_NO,
         "pcx-1",
         16,
         false},
        {"a dead target",
         {{nat_is, "nat-a", "deleted", NULL}},
         "198.51.100.1",
         VERDICT_YES,
         VERDICT_NO,
         "nat-a",
         0,
         false},
        {"entries that nobody knows",
         {{route, "rtb-private-a", "pl-corp", "tgw-1"}},
         "198.51.100.1",
         VERDICT_YES,
         VERDICT_UNKNOWN,
         NULL,
         0,
         true},
        {"only entries that nobody knows",
         {{drop, "rtb-private-a", "0.0.0.0/0", NULL}, {route, "rtb-private-a", "pl-corp", "tgw-1"}},
         "198.51.100.1",
         VERDICT_UNKNOWN,
         VERDICT_UNKNOWN,
         NULL,
         0,
         true},
        {"an address route before a list that nobody knows",
         {{route, "rtb-private-a", "198.51.100.1/32", "nat-c"},
          {route, "rtb-private-a", "pl-corp", "tgw-1"}},
         "198.51.100.1",
         VERDICT_YES,
         VERDICT_YES,
         "nat-c",
         32,
         true},
        {"two propagated routes of one destination",
         {{propagated, "rtb-private-a", "10.60.0.0/16", "vgw-1"},
          {propagated, "rtb-private-a", "10.60.0.0/16", "vgw-2"}},
         "10.60.1.0/24",
         VERDICT_YES,
         VERDICT_UNKNOWN,
         NULL,
         0,
         false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
        CLEANUP(vpc_freep)
        struct vpc *vpc = reach_vpc_new();
        struct prefix to = reach_block(paths[i].to);
        struct reach_path path;
        const char *target;

        for (size_t k = 0; k < ARRAY_SIZE(paths[i].edits) && paths[i].edits[k].edit; k++)
            paths[i].edits[k].edit(vpc, paths[i].edits[k].a, paths[i].edits[k].b,
                                   paths[i].edits[k].c);
        vpc_snapshot(vpc);
        path = reach_route(vpc->snapshot, snapshot_find_route_table(vpc->snapshot, "rtb-private-a"),
                           &to);
        target = path.route ? path.route->target_id : NULL;
        if (path.found != paths[i].found || path.live != paths[i].live ||
            !text_equal(target, paths[i].target) || path.length != paths[i].length ||
            path.partial != paths[i].partial)
            fail_msg("%s: found %d, live %d, %s, /%u, partial %d", paths[i].name, path.found,
                     path.live, target ? target : "-", path.length, path.partial);
        assert_int_equal(path.why_unknown != NULL, !path.route && path.found != VERDICT_NO);
    }
}

/* ---- names and corners ---- */

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < REACH_LAYER_COUNT; i++) {
        assert_non_null(reach_layer_name((enum reach_layer)i));
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(reach_layer_name((enum reach_layer)i),
                                    reach_layer_name((enum reach_layer)k));
    }
}

/* All addresses, written as a block, are the internet. */
static void test_default_block(void **state)
{
    CLEANUP(vpc_freep)
    struct vpc *vpc = reach_vpc_new();
    const char *groups[1];
    struct reach_query query = query_of((struct ask){.to = "0.0.0.0/0"}, groups);

    (void)state;
    vpc_snapshot(vpc);
    assert_int_equal(reach(vpc->arena, vpc->snapshot, &query).verdict, VERDICT_YES);
    query.subnet_id = "subnet-9"; /* somebody else's */
    assert_int_equal(reach(vpc->arena, vpc->snapshot, &query).verdict, VERDICT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts),         cmocka_unit_test(test_policies),
        cmocka_unit_test(test_paths),         cmocka_unit_test(test_names),
        cmocka_unit_test(test_default_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
