/* advise_private.h - what the parts of advise() share; private to common/advise/. */
#pragma once

#include "vpc_reconciled/advise.h"

struct advising {
    struct arena *arena;
    const struct config_target *target;
    const struct advise_facts *facts;   /* NULL: the config alone */
    const struct region_prices *prices; /* all PRICE_UNKNOWN when the region has none */
    struct advice *advice;
};

/* Of a group: as seen, as declared, or assumed (*ret_assumed). */
#define ADVISE_ZONES_ASSUMED 3
unsigned advise_zones(const struct advising *advising, const struct subnet_group *group,
                      bool *ret_assumed);
/* The most zones of any group whose IPv4 is a NAT gateway's; 0: none. */
unsigned advise_nat_zones(const struct advising *advising);
const struct advise_group_facts *advise_group_facts(const struct advising *advising,
                                                    const char *name);
/* "s3" of "com.amazonaws.REGION.s3", or as it is */
const char *advise_short_service(const char *service);
/* S3 and DynamoDB alone have gateway endpoints, which cost nothing (aws-facts 6). */
bool advise_has_gateway_endpoint(const char *service);

/* count * price for a month; PRICE_UNKNOWN when the price is. */
double advise_month(unsigned count, double usd_hour);
double advise_sum(double a, double b); /* PRICE_UNKNOWN when either is */

void advise_costs(struct advising *advising);       /* costs.c */
void advise_options(struct advising *advising);     /* options.c */
void advise_break_evens(struct advising *advising); /* break_even.c */
