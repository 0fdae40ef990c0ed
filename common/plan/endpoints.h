/* endpoints.h - VPC endpoints, wanted and observed; private to common/plan/. */
#pragma once

#include "resolve.h"

/* After the tables, which gateway endpoints are entries of. */
void resolve_endpoints(struct arena *arena, struct desired *desired,
                       const struct snapshot *snapshot, const struct history *wiring);
/* endpoint_subnets.c: its tables, or its zones and the subnets in them. */
void resolve_endpoint_tables(struct arena *arena, struct desired_endpoint *want,
                             const struct desired *desired, const struct snapshot *snapshot);
void resolve_endpoint_zones(struct arena *arena, struct desired_endpoint *want,
                            const struct desired *desired, const struct snapshot *snapshot);
/* Is the endpoint, in whatever state, for the service and of the type? */
bool endpoint_is_for(const struct snapshot *snapshot, const struct desired_endpoint *want,
                     const struct ec2_vpc_endpoint *endpoint);
bool endpoint_is_for_group(const struct desired_endpoint *want, const struct subnet_group *group);
/* private_dns.c */
const struct ec2_vpc_endpoint *private_dns_conflict(const struct snapshot *snapshot,
                                                    const struct desired_endpoint *want);
