/* config.h - the declared connectivity (design.md 4): text in, validated config out.
 *
 * The parser takes every key of design.md 4. An unknown key, a wrong type, a duplicate key or an
 * impossible combination is an error with file, line, column, what was found and what would be
 * right; every error is collected, not only the first. A config lies in its own arena and is only
 * read. */
#pragma once

#include "vpc_reconciled/drift.h"
#include "vpc_reconciled/net.h"

struct config_file {
    const char *path; /* as a person knows it: "/etc/vpc-reconciled/vpcs.d/orders.json" */
    const char *text;
    size_t n;
    bool is_main; /* vpc-reconciled.json; the others are vpcs.d/ *.json, one VPC each */
};

struct config_error {
    const char *file;
    unsigned line, column; /* 0: the whole file */
    const char *message;
};
struct config_errors {
    VEC(struct config_error) list; /* in file order, then place; at most CONFIG_ERRORS_MAX */
    bool more;
};
#define CONFIG_ERRORS_MAX 50

/* what a group declares for a family */
enum option {
    OPTION_UNMANAGED, /* not judged, not written: the meaning of an absent key */
    OPTION_NONE,      /* no default route may exist */
    OPTION_INTERNET_GATEWAY,
    OPTION_NAT_GATEWAY,
    OPTION_EGRESS_ONLY_INTERNET_GATEWAY,
    OPTION_TARGET_ID, /* tgw-, vpce-, eni-: watched, never built */
};
struct declared_option {
    enum option option;
    const char *target_id;
};
/* One option, or {"any": [...]}: the first that can be built is the one that is; each counts as
 * right. */
struct declared_options {
    struct declared_option *items;
    size_t n; /* 0: unmanaged */
};

struct declared_subnet { /* of "create" */
    const char *availability_zone;
    struct prefix cidr;
    int ipv6_index; /* -1: next free */
};

struct match_tag {
    const char *key, *value; /* * and ? as in EC2's filters */
};

struct declared_rule {    /* of "outbound" */
    const char *protocol; /* tcp, udp, icmp, icmpv6, all */
    struct port_range {
        uint16_t from, to;
    } * ports;
    size_t n_ports;
    struct texts to; /* CIDRs, pl-, sg- */
};

struct subnet_group {
    const char *name;
    /* one way of naming the subnets */
    struct texts subnet_ids;
    struct match_tag *match_tags;
    size_t n_match_tags;
    const char *capacity_provider;
    struct declared_subnet *create;
    size_t n_create;
    unsigned azs; /* 0: not said */
    struct declared_options ipv4, ipv6;
    uint8_t public_ipv4_on_launch, ipv6_on_launch, nat64; /* 0 absent, 1 false, 2 true */
    struct declared_rule *outbound;
    size_t n_outbound;
    struct texts services;
    bool services_said;
    struct texts security_groups;
    const char *file; /* for reports */
    unsigned line;
};

struct declared_endpoint {
    const char *service, *type; /* "gateway", "interface" */
    struct texts for_groups;
    const char *in_group;
    struct texts security_groups;
    uint16_t *ports;
    size_t n_ports;      /* 0: 443 */
    uint8_t private_dns; /* 0 absent: not judged, and off where one is built; 1 false, 2 true */
    const char *policy;  /* NULL: keep; else the JSON document */
    const char *ip_address_type;
};

struct declared_reach {
    const char *from, *to;
    enum family family; /* FAMILY_NONE: both */
    uint16_t port;
};

enum nat_placement {
    NAT_PER_AZ,
    NAT_SINGLE,
    NAT_REGIONAL,
};
struct declared_nat_zone {
    const char *availability_zone;
    struct texts allocation_ids;
};
struct declared_nat_gateways {
    bool declared;
    enum nat_placement placement;
    const char *in_group;
    struct declared_nat_zone *elastic_ips;
    size_t n_elastic_ips;
};

struct config_target { /* one VPC's file */
    const char *file, *name, *region, *account;
    const char *vpc_id;       /* or */
    struct match_tag vpc_tag; /* key NULL when vpc_id is given */
    bool repair_mode;         /* "mode": "repair" */
    /* A key that would hold a write back or choose credentials, and that this version does not
     * check: the target is only observed. NULL: none. "account, change_windows" */
    const char *observe_because;
    struct subnet_group *groups; /* sorted by name */
    size_t n_groups;
    struct declared_nat_gateways nat_gateways;
    struct declared_endpoint *endpoints;
    size_t n_endpoints;
    struct declared_reach *must_reach;
    size_t n_must_reach;
    uint8_t policies[DRIFT_CODE_COUNT]; /* enum drift_policy: defaults, "*" and names applied */
    bool
        policy_said[DRIFT_CODE_COUNT]; /* by "*" or by name: replaces what the plan would ask for */
    unsigned changes_per_pass, changes_per_hour; /* 20, 60 */
    double monthly_usd;                          /* < 0: no limit */
    struct texts change_windows;
    struct match_tag *tags; /* target's own over the main file's, sorted by key */
    size_t n_tags;
    const char *ipv6_cidr;      /* "unmanaged", "amazon", or "ipam"; NULL: not said */
    const char *ipv6_ipam_pool; /* of "ipam" */
    unsigned ipv6_netmask_length;
    struct match_tag *service_ipv6; /* value "true" or "false" */
    size_t n_service_ipv6;
};

struct config_account {      /* an entry of "accounts"; a target names it by "account" */
    const char *name, *id;   /* 12 digits: GetCallerIdentity must say them */
    const char *assume_role; /* ARN; NULL: the host's own keys are that account's */
    const char *external_id; /* that the role's trust policy asks for; NULL: none */
};

struct config {
    const char *owner; /* "vpc-reconciled" */
    uint64_t interval_ms;
    unsigned jitter_percent;
    uint64_t confirm_route_ms, confirm_create_ms;
    uint64_t page_after_ms, remind_every_ms;
    unsigned quota_elastic_ips;      /* of the account in a region; 0: not known */
    struct config_account *accounts; /* in the file's order */
    size_t n_accounts;
    struct config_target *targets; /* sorted by name */
    size_t n_targets;
    struct texts not_checked; /* "vpcs.d/orders.json:12: services: not checked by this version" */
};

/* Copies all that it keeps into the arena. -EINVAL: errors has at least one; no config. With
 * n_files 0 or no target the config is valid and empty. */
int config_parse(struct arena *arena, const struct config_file *files, size_t n_files,
                 struct config **ret_config, struct config_errors *ret_errors);

/* Services that the group's functions use: those that it names, else what the telemetry of a
 * capacity provider needs (design.md 4). */
struct texts config_group_services(const struct subnet_group *group);
/* Is the option one of those that count as right? */
bool options_have(const struct declared_options *options, enum option option);
/* Is a way out declared, of whatever kind (not "none", and not unmanaged)? */
bool options_lead_out(const struct declared_options *options);
const char *option_name(enum option option); /* "internet-gateway" */
