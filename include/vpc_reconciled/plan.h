/* plan.h - what should be (resolve), and what differs (plan): values in, values out.
 *
 * desired has the snapshot's shape. What does not exist yet is a role in place of an id; one role
 * string serves desired, token, tag, wiring and finding id. Everything lies in the arena of the
 * pass. */
#pragma once

#include "vpc_reconciled/config.h"
#include "vpc_reconciled/history.h"
#include "vpc_reconciled/model.h"
#include "vpc_reconciled/traffic.h"

#define ROLE_INTERNET_GATEWAY "internet-gateway"
#define ROLE_EGRESS_ONLY_INTERNET_GATEWAY "egress-only-internet-gateway"

/* ---- desired ---- */
struct desired_gateway {
    bool needed;
    const char *id;       /* attached, or attaching: the one that routes may lead to */
    bool attaching;       /* neither attached nor detached: wait */
    const char *detached; /* IGW: unattached, and known to be this VPC's */
    const char *known_by; /* how `detached` was known: "recorded wiring", "a dead route names it" */
    const char *predecessor; /* what held the role before, or NULL: part of the token */
    bool ambiguous;          /* several attached: report, no write */
};

/* The NAT gateway of an Availability Zone, or of all of them (placement single, regional). */
struct desired_zone {
    const char *az;           /* NULL: all */
    const char *role;         /* "nat-gateway/ap-northeast-1a", "nat-gateway/single" */
    const char *address_role; /* "elastic-ip/ap-northeast-1a" */
    const char *subnets;      /* declared private subnets that depend on it */
    /* what is there; NULL: none */
    const struct ec2_nat_gateway *gateway; /* available, public, in the right place */
    const struct ec2_nat_gateway *coming;  /* pending, whoever made it */
    const struct ec2_nat_gateway *going;   /* deleting */
    const struct ec2_nat_gateway *dead;    /* the newest that failed or was deleted */
    const struct ec2_nat_gateway *unclear; /* in a state that we do not know */
    const struct ec2_nat_gateway *private_gateway;
    unsigned n_available, n_failed;
    /* from what it is built, when there is none */
    const char *predecessor;
    const struct subnet *subnet;
    const char *why_not;       /* it cannot be built, and why */
    const char *allocation_id; /* NULL: a new address */
    const char *public_ip, *address_why;
    const char *lost_address, *lost_why; /* the first choice that is gone, or in use elsewhere */
    bool lost_busy;                      /* it exists, and something else has it */
    bool husk_holds_address;             /* namely the failed gateway, which lets go by itself */
    bool pin_lost; /* the config names its addresses, and none of them is free */
};

/* A route table to make for subnets that have none of their own, or share one across zones. */
struct desired_copy {
    const char *role; /* "route-table/functions/ap-northeast-1a" */
    const char *az;   /* NULL: every zone of the group */
    const struct subnet_group *group;
    const struct route_table *source; /* serves the subnets now */
    const struct route_table *table;  /* ours for this role; NULL: not made yet */
    bool implicit;                    /* the source is the main table */
    const char *cannot;               /* why it cannot be copied, or NULL */
    const struct subnet **subnets;
    size_t n_subnets;
};

/* What one family's default route of a table should be. */
struct desired_default {
    enum option option; /* OPTION_UNMANAGED: not judged */
    const struct declared_options *accepted;
    enum target_kind kind; /* what a repair would set */
    const char *id;        /* NULL: role, or nothing to point at */
    const char *role;
    const char
        *why_not;  /* no repair is possible, for a person: "no available NAT gateway in ..." */
    bool conflict; /* served subnets declare different defaults */
};

struct desired_table { /* a table that serves at least one declared subnet */
    const struct route_table *table;
    const char *role;                   /* "route-table/functions/ap-northeast-1a" */
    const char *az;                     /* NULL when it serves several */
    const char *subnets;                /* "subnet-a, subnet-b": those that are declared */
    const char *never;                  /* why it may never be written (S2), or NULL */
    struct desired_default defaults[2]; /* IPv4, IPv6 */
};

/* A subnet of "create" that is not there: one of exactly its block, in its zone. */
struct desired_new_subnet {
    const char *role; /* "subnet/public/10.0.1.0/24" */
    const struct subnet_group *group;
    const struct declared_subnet *declared;
    const char *predecessor; /* the id that it had when last healthy, or NULL */
    const char *why_not;     /* what is in its place, for a person; NULL: nothing */
};

/* The VPC's IPv6 blocks. */
struct desired_ipv6 {
    bool needed;                /* a group declares IPv6 */
    const char *source;         /* "amazon", "ipam", "unmanaged" */
    const struct prefix *block; /* associated: the one that subnets get theirs from; NULL: none */
    const char *coming;         /* id of an association that is on its way, or going; NULL: none */
    const char *failed;         /* why the last one failed, or NULL */
    struct prefix lost;         /* what a healthy pass recorded and is not associated now */
};

/* An interface in a public subnet without a public IPv4 address. */
struct desired_interface {
    const struct ec2_network_interface *interface;
    const struct desired_subnet *subnet;
    const char *role, *address_role; /* "interface/10.0.1.7", "elastic-ip/interface/10.0.1.7" */
    const char *allocation_id;       /* a free address of ours for this role; NULL: a new one */
    const char *why_not;             /* no address can be associated with it, or NULL */
};

struct desired_subnet {
    const struct subnet *subnet;
    const struct subnet_group *group;
    bool judged;                         /* its group declares something for a family */
    const struct route_table *associate; /* association missing: the table to associate, or NULL */
    const char *associate_why;           /* "recorded wiring", "serves the group's other subnets" */
    const struct declared_subnet *created; /* the item of "create" that it is; or NULL */
    bool ipv6;                             /* a /64 is declared for it */
    bool ipv6_changing;                    /* an association of its own is on its way, or going */
    struct prefix ipv6_now;                /* associated; FAMILY_NONE: none */
    struct prefix ipv6_next;               /* what it would be given, or FAMILY_NONE */
    const char *ipv6_why;                  /* why that one, or why none can be given */
};

struct desired_group {
    const struct subnet_group *group;
    /* Its subnets, or its security groups, come from Lambda, which could not be asked: nothing of
     * the group is known. */
    bool unknown;
    const struct observed_capacity_provider *capacity_provider; /* NULL: none, or unknown */
    const char *provider_wrong; /* why the capacity provider says nothing: missing, failed ... */
    size_t n_subnets;
    unsigned n_azs;
    const char *missing; /* ids that the config, or the capacity provider, names and the VPC lacks;
                            or NULL */
    struct texts security_groups; /* desired_security_groups() */
    bool security_groups_known;
};

/* A zone that an interface endpoint should have a subnet in. */
struct desired_endpoint_zone {
    const char *az;
    bool offered;                /* the service is offered there */
    bool has;                    /* the endpoint has a subnet there */
    const struct subnet *subnet; /* the one that it would be given; NULL: none can be */
    const char *why_not;
};

/* A VPC endpoint of the config: what serves it now, or from what it is built. */
struct desired_endpoint {
    const struct declared_endpoint *declared;
    const char *role; /* "vpc-endpoint/logs/interface" */
    bool interface;
    bool private_dns;                         /* declared on */
    const struct ec2_service_detail *service; /* NULL: not known, or none of that name and type */
    const char *why_not;                      /* it cannot be built, and why */
    bool unknown;                             /* subnets of a group that it is for are not known */
    const char *subnets; /* declared subnets that it is for; NULL: there are none */
    bool path_dead;      /* one of these has no way out in either family */
    /* what is there; NULL: none */
    const struct ec2_vpc_endpoint *endpoint; /* available or pending: the one already serving us */
    const struct ec2_vpc_endpoint *waiting;  /* for acceptance */
    const struct ec2_vpc_endpoint *going;    /* deleting */
    const struct ec2_vpc_endpoint *unclear;  /* in a state that we do not know */
    const struct ec2_vpc_endpoint *dead;     /* the newest rejected, failed, expired or deleted */
    unsigned n_dead;                         /* of ours */
    const char *predecessor;
    /* of a gateway endpoint */
    struct texts table_ids; /* tables of those subnets that may be written */
    struct texts lacking;   /* of these, the ones that no endpoint of the service is in */
    const char *never;      /* those that lack it and may not be written, and why; or NULL */
    bool moving;            /* some of the subnets are about to get another table */
    /* of an interface endpoint */
    struct desired_endpoint_zone *zones;
    size_t n_zones;
    const struct ec2_vpc_endpoint *conflict; /* has the service's private name */
};

struct desired {
    const struct config_target *target;
    struct desired_gateway internet_gateway, egress_only_internet_gateway;
    struct desired_group *groups;
    size_t n_groups;
    struct desired_subnet *subnets; /* declared ones, by id */
    size_t n_subnets;
    struct desired_table *tables; /* by id */
    size_t n_tables;
    struct desired_copy *copies;
    size_t n_copies;
    struct desired_zone *zones; /* of NAT gateways */
    size_t n_zones;
    struct desired_new_subnet *new_subnets; /* in the order of the config */
    size_t n_new_subnets;
    struct desired_ipv6 ipv6;
    struct desired_interface *interfaces; /* by id */
    size_t n_interfaces;
    struct desired_endpoint *endpoints; /* gateway endpoints first */
    size_t n_endpoints;
};

/* wiring: the history knows it by the target's name. */
struct desired *resolve(struct arena *arena, const struct config_target *target,
                        const struct snapshot *snapshot, const struct history *wiring);
const struct desired_table *desired_find_table(const struct desired *desired, const char *id);
/* The zone that an AZ's private subnets belong to; NULL: none wants a NAT gateway there. */
struct desired_zone *desired_find_zone(const struct desired *desired,
                                       const struct snapshot *snapshot, const char *az);
/* The next static route of source, from *at on, whose destination copy does not have; NULL: none.
 */
const struct route *copy_lacks(const struct route_table *source, const struct route_table *copy,
                               size_t *at);
const struct desired_subnet *desired_find_subnet(const struct desired *desired, const char *id);
const struct desired_group *desired_find_group(const struct desired *desired, const char *name);
/* False: a group's subnets are unknown, so that what serves no declared subnet may yet serve one.
 */
bool desired_groups_known(const struct desired *desired);
/* Ids of the security groups that the group's functions have: the declared ones, then its capacity
 * provider's (the VPC's default group where that names none). Sorted by nothing, without repeats;
 * may be empty. NULL: not known. */
const struct texts *desired_security_groups(const struct desired *desired,
                                            const struct subnet_group *group);
/* Would this kind and id, live, be right for the default? Foreign ids count where they are
 * declared. */
bool default_accepts(const struct snapshot *snapshot, const struct desired_default *want,
                     enum target_kind kind, const char *id);

/* ---- VPC endpoints ---- */
/* The endpoint's ports: the declared ones, else 443. */
const uint16_t *endpoint_ports(const struct declared_endpoint *declared, size_t *ret_n);
/* Do inbound rules of the security groups (none: the VPC's default one) let the traffic in? A group
 * that is not known lets nothing in. */
enum verdict security_groups_admit(const struct snapshot *snapshot, const struct texts *group_ids,
                                   const struct traffic *traffic);
/* Ids of the groups that an endpoint has. */
struct texts endpoint_group_ids(struct arena *arena, const struct ec2_vpc_endpoint *endpoint);
/* Of the addresses by which it is connected to: FAMILY_NONE is both. type: as in the config and on
 * the wire; NULL: ipv4. */
enum family endpoint_family(const char *ip_address_type);
/* An endpoint that has, or would get, the private name of its service. */
struct private_dns {
    const char *service; /* full name */
    struct texts group_ids;
    const uint16_t *ports;
    size_t n_ports;
    enum family family;
};
/* S7: an interface that could use the service today, and that the endpoint would not let in, so
 * that private DNS would cut it off; as a sentence, or NULL. Wants complete lists of interfaces and
 * security groups. */
const char *private_dns_cuts_off(struct arena *arena, const struct snapshot *snapshot,
                                 const struct private_dns *dns);
/* The same for all private names of the VPC's endpoints, which begin to resolve when both DNS
 * attributes are on. */
const char *vpc_dns_cuts_off(struct arena *arena, const struct snapshot *snapshot);
/* Why AWS would not turn private DNS on for the endpoint now, or NULL: a conflict, no private name,
 * the VPC's DNS attributes, S3 without a gateway endpoint. */
const char *private_dns_refused(struct arena *arena, const struct snapshot *snapshot,
                                const struct desired_endpoint *want);
/* Private DNS of S3 leads to the interface endpoint only where a gateway endpoint is there, too. */
bool private_dns_wants_gateway(const struct snapshot *snapshot,
                               const struct desired_endpoint *want);
/* The gateway endpoint of this VPC that a route leads to; NULL: it is none, or not known. */
const struct ec2_vpc_endpoint *gateway_endpoint_of(const struct snapshot *snapshot,
                                                   const struct route *route);

/* ---- plan ---- */
#define FINDING_ID_SIZE 17

/* what the one object must look like right before the write (S6) */
enum action_expect {
    EXPECT_NOTHING_ATTACHED,  /* no IGW, or EIGW, is attached to the VPC */
    EXPECT_UNATTACHED,        /* the IGW is attached nowhere */
    EXPECT_ROUTE,             /* the table's default is what it was (or absent), and the table
                                 serves whom it did */
    EXPECT_NO_ASSOCIATION,    /* the subnet has no explicit association */
    EXPECT_ASSOCIATION,       /* the subnet's explicit association is what it was */
    EXPECT_NO_TABLE,          /* no table carries our tag for the role */
    EXPECT_ROUTE_ABSENT,      /* the copy serves nobody and lacks the destination */
    EXPECT_NO_NAT_GATEWAY,    /* none is pending or available in the zone */
    EXPECT_NO_ADDRESS,        /* no free address carries our tag for the role */
    EXPECT_NO_SUBNET,         /* no subnet of the VPC overlaps with the block */
    EXPECT_NO_VPC_BLOCK,      /* the VPC has no IPv6 block, and none is on its way */
    EXPECT_NO_SUBNET_BLOCK,   /* the subnet has no IPv6 block, and nobody has this one */
    EXPECT_ATTRIBUTE,         /* the subnet's attribute is still off */
    EXPECT_NO_PUBLIC_ADDRESS, /* the interface has no public IPv4 address */
    EXPECT_NAT64_ROUTE,       /* as EXPECT_ROUTE, for 64:ff9b::/96 */
    EXPECT_NO_ENDPOINT,       /* no endpoint of the service is new, or in a new state */
    EXPECT_ENDPOINT,          /* the endpoint is available and has what it had */
    EXPECT_VPC_ATTRIBUTE,     /* the VPC's DNS attribute is still off */
    EXPECT_RULE_ABSENT,       /* no rule of the security group covers the one to be added */
};

/* the member of the request that a role's id fills */
enum action_input {
    INPUT_NOTHING,
    INPUT_INTERNET_GATEWAY_ID, /* AttachInternetGateway */
    INPUT_GATEWAY_ID,          /* CreateRoute, ReplaceRoute to an IGW */
    INPUT_EGRESS_ONLY_INTERNET_GATEWAY_ID,
    INPUT_ALLOCATION_ID, /* CreateNatGateway */
};

struct plan_action {
    enum ec2_action call;
    size_t drift;
    const char *role; /* of what it makes or changes */
    struct ec2_change_request request;
    enum action_input input;
    const char *input_role; /* NULL: the request is complete */
    bool input_is_fresh; /* execute filled it with what AWS made, or attached, in this very pass */
    const char *predecessor;
    enum action_expect expect;
    const char *subnet_id;      /* EXPECT_ASSOCIATION, EXPECT_NO_ASSOCIATION of a copy */
    const struct route *before; /* EXPECT_ROUTE: NULL when absent */
    enum target_kind target_kind;
    const char *target_id; /* NULL until made */
    bool revives;   /* a route or association that turns a dead path live: free of S9's counts */
    const char *az; /* of the working value that it replaces, for S9 */
};

struct plan_drift {
    enum drift code;
    const char *role; /* what the finding is about: never an AWS id */
    char finding[FINDING_ID_SIZE];
    const char *resource; /* AWS id, where there is one */
    const char *subnets, *desired, *observed, *az;
    const char
        *progress; /* of a repair of several passes: how far it is; nothing to look twice at */
    const char *message; /* what is wrong and what it breaks; the repair is the actions' to say */
    enum drift_policy policy; /* what the case asks for; the config's word may replace it */
    bool report_only;         /* no config raises it (S2) */
    enum drift_impact impact;
    bool positive_evidence; /* S6 (a) */
    enum drift_confirm confirm;
    size_t cause;       /* index of the drift that explains it, or NO_CAUSE */
    const char *awaits; /* without actions or cause: what comes first; NULL: a gateway */
    const char *held;   /* there is no repair: why, and what a person does */
    size_t first_action, n_actions;
};
#define NO_CAUSE SIZE_MAX

struct plan {
    struct arena *arena;
    const struct config_target *target;
    VEC(struct plan_drift) drifts;
    VEC(struct plan_action) actions; /* makers before users */
    unsigned unknown; /* NEEDS() of lists that a verdict wanted and that are incomplete */
    bool pending;     /* something observed is on its way: look again soon */
    const char *pending_what;
};

struct plan *plan_new(struct arena *arena, const struct desired *desired,
                      const struct snapshot *snapshot, const struct history *history,
                      const struct config *config);

/* "CreateRoute ::/0 -> eigw-... in rtb-...": what it does, as far as is known by now. */
const char *plan_action_text(struct arena *arena, const struct plan_action *action);

/* Hash of target, code and role, as 16 hex digits (design.md 10). */
void finding_id(const char *target, const char *code, const char *role,
                char ret_id[static FINDING_ID_SIZE]);
/* Deterministic ClientToken and intent id (design.md 6.7): 40 hex digits and a NUL. */
void intent_token(const char *owner, const char *vpc_id, const char *role, const char *predecessor,
                  unsigned attempt, char ret_token[static 41]);

/* S13: does the group resolve to under half of the subnets that the wiring remembers? *ret_before:
 * how many. */
bool group_shrank(struct arena *arena, const struct history *wiring, const char *target,
                  const struct desired_group *group, unsigned *ret_before);
const char *group_role(struct arena *arena, const struct desired_group *group);

/* "5@1795500000000": AWS refused an address when the account had five, at that time (wall_ms). */
#define WIRING_ADDRESS_QUOTA "quota/elastic-ips"
/* Elastic IP addresses that count against the account's quota. */
unsigned plan_addresses_used(const struct snapshot *snapshot);

/* Did we ask for a NAT gateway as that role under five minutes ago, so that it may be there and not
 * show (aws-facts 2.6)? Not when AWS refused it, nor once the one that it made is listed. */
bool nat_gateway_may_hide(const struct history *history, const struct snapshot *snapshot,
                          const char *target, const char *role, int64_t now_wall_ms);

/* What our newest change of a role (wiring_role_default(), wiring_role_association()) replaced, if
 * that was within the hour and what it set is what is there now; NULL: nothing to put back. */
const char *undo_previous(const struct history *history, const char *target, const char *role,
                          const char *now_id, int64_t now_wall_ms);

/* Roles under which a healthy pass records its wiring, and a change what it replaced. */
/* wiring_role_zone(arena, "nat-subnet", "nat-gateway/az") is "nat-subnet/az". */
const char *wiring_role_zone(struct arena *arena, const char *what, const char *zone_role);
const char *wiring_role_subnet_count(struct arena *arena, const struct desired_group *group);
const char *wiring_role_association(struct arena *arena, const struct subnet *subnet);
const char *wiring_role_default(struct arena *arena, const struct route_table *table,
                                enum family family);
#define WIRING_VPC_IPV6 "vpc-ipv6" /* the block that subnets get theirs from */
const char *wiring_role_ipv6_block(struct arena *arena, const struct subnet *subnet);
const char *wiring_role_created(struct arena *arena, const struct subnet_group *group,
                                const struct declared_subnet *declared);

/* ---- IPv6 blocks of subnets ---- */
extern const struct prefix PREFIX_NAT64; /* 64:ff9b::/96 (RFC 6052; aws-facts 9.3) */
/* An association that is over, or came to nothing: it is still listed for a while. */
bool ipv6_association_is_past(uint8_t state);
/* The n-th /64 of a block; false when it has fewer. */
bool ipv6_block_at(const struct prefix *vpc_block, unsigned n, struct prefix *ret_block);
/* The subnet whose association, in any state but a past one, overlaps with the block; NULL: none.
 * With past also those that EC2 still lists as over. */
const struct ec2_subnet *ipv6_block_holder(const struct snapshot *snapshot,
                                           const struct prefix *block, const char *but_subnet,
                                           bool past);
/* Of the VPC: associated, and the block lies in it. */
bool ipv6_block_is_of_vpc(const struct snapshot *snapshot, const struct prefix *block);
bool subnet_group_wants_ipv6(const struct subnet_group *group);
