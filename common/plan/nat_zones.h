/* nat_zones.h - the NAT gateway of each zone, wanted and observed; private to common/plan/. */
#pragma once

#include "resolve.h"

void resolve_nat_zones(struct arena *arena, struct desired *desired,
                       const struct snapshot *snapshot, const struct history *wiring);

bool desired_wants_nat(const struct desired_subnet *subnet);
/* An edge zone (Local Zone, Wavelength) uses the NAT gateway of its parent: the name of that. */
const char *nat_zone_name(const struct snapshot *snapshot, const char *az);
/* Is the gateway, in whatever state, in a place that serves the zone? */
bool nat_gateway_of_zone(const struct desired *desired, const struct snapshot *snapshot,
                         const struct desired_zone *zone, const struct ec2_nat_gateway *gateway);
/* The one that was made later; a may be NULL. */
const struct ec2_nat_gateway *nat_gateway_newer(const struct ec2_nat_gateway *a,
                                                const struct ec2_nat_gateway *b);

/* nat_addresses.c: with which address a zone's gateway is built, once its subnet is chosen. All
 * zones know by then whether they have a gateway. */
void choose_nat_address(struct desired_zone *zone, const struct desired *desired,
                        const struct snapshot *snapshot, const struct history *wiring);
