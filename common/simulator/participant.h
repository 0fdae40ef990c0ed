/* participant.h - a shared VPC as an account sees it that does not own it; private to
 * common/simulator/. */
#pragma once

#include "call.h"

/* What only the owner of its VPC sees: NAT gateways, egress-only internet gateways, endpoints.
 * Whether EC2 refuses to list them, or lists none, it does not say: here it lists none. */
bool participant_misses(const struct call *call, enum kind kind, const void *item);
/* Nor does a participant see the owner's tags: takes them off the copy that is answered. */
void participant_strip(const struct call *call, enum kind kind, void *item);
