/* plan.h - what should be (resolve), and what differs (plan): values in, values out.
 *
 * desired has the snapshot's shape. What does not exist yet is a role in place of an id; one role
 * string serves desired, token, tag, wiring and finding id. Everything lies in the arena of the
 * pass. */
#pragma once

#include "vpc_reconciled/config.h"
#include "vpc_reconciled/history.h"
#include "vpc_reconciled/model.h"

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

struct desired_subnet {
    const struct subnet *subnet;
    const struct subnet_group *group;
    bool judged;                         /* its group declares something for a family */
    const struct route_table *associate; /* association missing: the table to associate, or NULL */
    const char *associate_why;           /* "recorded wiring", "serves the group's other subnets" */
};

struct desired_group {
    const struct subnet_group *group;
    size_t n_subnets;
    unsigned n_azs;
    const char *missing; /* ids that the config names and the VPC lacks, or NULL */
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
/* Would this kind and id, live, be right for the default? Foreign ids count where they are
 * declared. */
bool default_accepts(const struct snapshot *snapshot, const struct desired_default *want,
                     enum target_kind kind, const char *id);

/* ---- plan ---- */
#define FINDING_ID_SIZE 17

/* what the one object must look like right before the write (S6) */
enum action_expect {
    EXPECT_NOTHING_ATTACHED, /* no IGW, or EIGW, is attached to the VPC */
    EXPECT_UNATTACHED,       /* the IGW is attached nowhere */
    EXPECT_ROUTE,            /* the table's default is what it was (or absent), and the table
                                serves whom it did */
    EXPECT_NO_ASSOCIATION,   /* the subnet has no explicit association */
    EXPECT_ASSOCIATION,      /* the subnet's explicit association is what it was */
    EXPECT_NO_TABLE,         /* no table carries our tag for the role */
    EXPECT_ROUTE_ABSENT,     /* the copy serves nobody and lacks the destination */
    EXPECT_NO_NAT_GATEWAY,   /* none is pending or available in the zone */
    EXPECT_NO_ADDRESS,       /* no free address carries our tag for the role */
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
    size_t cause;     /* index of the drift that explains it, or NO_CAUSE */
    const char *held; /* there is no repair: why, and what a person does */
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

/* Roles under which a healthy pass records its wiring. */
/* wiring_role_zone(arena, "nat-subnet", "nat-gateway/az") is "nat-subnet/az". */
const char *wiring_role_zone(struct arena *arena, const char *what, const char *zone_role);
const char *wiring_role_subnet_count(struct arena *arena, const struct desired_group *group);
const char *wiring_role_association(struct arena *arena, const struct subnet *subnet);
const char *wiring_role_default(struct arena *arena, const struct route_table *table,
                                enum family family);
