/* world.h - a world as JSON: what loading it takes besides the wire tables; private to
 * common/simulator/. */
#pragma once

#include "call.h"
#include "wire_json.h"

/* world_check.c: does each object refer to objects that are there? -EINVAL with the place of the
 * one that does not. */
int world_check(struct state *state, const struct json *world, struct json_error *reterr);

/* world_complete.c: what a person leaves out and EC2 never does: owners, states, ids of
 * associations, local routes. call is one without a request. -EINVAL: what is there cannot be
 * completed. */
int world_complete(struct call *call, const struct json *world, struct json_error *reterr);
/* world_complete.c: slow states that the world holds end some time from now. */
void world_resume(struct call *call);

/* nat_gateways.c: interface and address of an available gateway that names neither. NULL or why
 * not. */
const char *nat_gateway_complete(struct call *call, struct ec2_nat_gateway *gateway);
