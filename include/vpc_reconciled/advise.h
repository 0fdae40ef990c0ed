/* advise.h - how to choose: the ways to connect a group of subnets, weighed as the source document
 * weighs them (cost, exposure, resilience, families), with prices from a dated table.
 *
 * Pure: a config, what a live VPC has (or nothing), prices and a monthly volume in; values out. A
 * month is 730 hours, a GB what AWS bills as one; amounts are US dollars. */
#pragma once

#include "vpc_reconciled/config.h"

/* ---- prices ---- */
#define PRICE_UNKNOWN (-1.0)
#define ADVISE_HOURS 730

/* Of one region; PRICE_UNKNOWN where the table has none (aws-facts 10). */
struct region_prices {
    const char *region;
    double nat_gateway_hour, nat_gateway_gb, regional_nat_gateway_hour;
    double interface_endpoint_hour; /* in each Availability Zone */
    double interface_endpoint_gb, public_ipv4_hour, cross_az_gb /* each direction */;
};
struct prices {
    const char *as_of, *source; /* "2026-09-25"; where the figures come from */
    struct region_prices *regions;
    size_t n_regions;
};

/* JSON text (packaging/prices.json shows the form). -EINVAL: *ret_error says "file:line:column:
 * what is wrong", in the arena. */
int prices_parse(struct arena *arena, const char *path, const char *text, size_t n,
                 struct prices **ret_prices, const char **ret_error);
const struct region_prices *prices_find(const struct prices *prices, const char *region);

/* ---- what a live VPC has ---- */
struct advise_group_facts {
    const char *name;
    unsigned zones, subnets;
    unsigned interfaces, public_ipv4; /* interfaces, and those of them with a public address */
};
struct advise_endpoint_facts {
    const char *service, *type; /* "com.amazonaws.REGION.s3"; "Gateway", "Interface" */
    unsigned zones;             /* that it has a subnet in */
};
struct advise_facts {
    const struct advise_group_facts *groups;
    size_t n_groups;
    const struct advise_endpoint_facts *endpoints;
    size_t n_endpoints;
    unsigned nat_gateways;       /* public, zonal, pending or available */
    unsigned regional_nat_zones; /* zones that a regional one covers */
    unsigned idle_addresses;     /* Elastic IP addresses of ours that nothing uses */
};
/* The JSON object of an inventory event. -EINVAL: not one. */
struct json;
int advise_facts_parse(struct arena *arena, const struct json *json,
                       struct advise_facts *ret_facts);

/* ---- advice ---- */
struct advice_cost {  /* of the mix as it is declared, or stands */
    const char *what; /* "3 NAT gateways" */
    double usd_month; /* PRICE_UNKNOWN: no price, or no count */
    const char *note; /* NULL: none */
};
struct advice_option {
    const char *name;         /* "nat-gateway, one in each Availability Zone" */
    bool chosen;              /* by the config, for this family */
    double usd_month, usd_gb; /* fixed, and for each GB through it; PRICE_UNKNOWN */
    const char *families, *reaches, *exposure, *resilience, *fits;
    const char *switching; /* what changing from the declared options to this one disturbs */
};
struct advice_group {
    const char *name;
    const char *declared; /* "ipv4 nat-gateway, ipv6 egress-only-internet-gateway" */
    unsigned zones;
    bool zones_assumed;
    VEC(struct advice_option) options;
};
struct advice_break_even { /* an endpoint against the NAT gateway */
    const char *service, *type;
    bool declared;
    double gb_month; /* from here on the endpoint is cheaper; 0: always; PRICE_UNKNOWN: never, or
                        not known */
    const char *note;
};
struct advice {
    const char *target, *region, *prices_as_of, *prices_source;
    bool live; /* from a live VPC, not from the config alone */
    VEC(struct advice_cost) costs;
    double usd_month;             /* of the costs that are known */
    bool usd_complete;            /* all are */
    double gb_month, usd_traffic; /* what was asked with; of the NAT gateway, for that volume */
    VEC(struct advice_group) groups;
    VEC(struct advice_break_even) break_evens;
    VEC(const char *) notes;
};

/* facts: NULL for the config alone. prices: NULL when the region has none. gb_month: < 0 when
 * nobody said. Everything lies in the arena and borrows from the config and the prices. */
struct advice *advise(struct arena *arena, const struct config_target *target,
                      const struct advise_facts *facts, const struct prices *prices,
                      double gb_month);
