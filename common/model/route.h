/* route.h - what EC2 says of a route, typed; private to common/model/. */
#pragma once

#include "vpc_reconciled/model.h"

void route_derive(const struct ec2_route *ec2, struct route *ret_route);
/* For qsort: destination, then static before the rest, prefix lists last. */
int route_compare(const void *left, const void *right);
