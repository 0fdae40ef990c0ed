/* nat_gateways.h - the parts of a NAT gateway; private to common/simulator/. */
#pragma once

#include "call.h"

/* ---- nat_gateway_addresses.c ---- */

/* Takes interfaces and addresses for the items of the gateway that have none yet. NULL, or the
 * failureCode that it comes to; then what was taken so far is kept. */
const char *nat_gateway_acquire(struct call *call, struct ec2_nat_gateway *gateway);
/* Lets go of all that it holds; addresses of AWS's own vanish. */
void nat_gateway_release(struct state *state, struct ec2_nat_gateway *gateway);
bool nat_gateway_holds(struct state *state, const struct ec2_nat_gateway *gateway);

/* ---- nat_gateway_regional.c: one for all zones of a VPC (aws-facts 2.5) ---- */

bool nat_gateway_is_regional(const struct ec2_nat_gateway *gateway);
/* -EINVAL: the request does not make one; the call has failed. */
int nat_gateway_check_regional(struct call *call);
/* Its own route table, and the addresses that the request gives it. */
void nat_gateway_begin_regional(struct call *call, struct ec2_nat_gateway *gateway);
/* What one that becomes available has: a route to the internet, and an address of AWS's own in each
 * zone of its VPC's subnets unless the request gave it some. */
void nat_gateway_open_regional(struct call *call, struct ec2_nat_gateway *gateway);
/* Its route table goes. */
void nat_gateway_end_regional(struct state *state, const struct ec2_nat_gateway *gateway);
