/* visibility.h - eventual consistency: what was just made, reads do not show for a while (aws-facts
 * 2.6); private to common/simulator/. Writes know it at once, as EC2's usually do. */
#pragma once

#include "call.h"

/* Unseen from now on, for this object's own share of simulator_options.visibility_ms. */
void visibility_begin(struct call *call, enum kind kind, const char *id);
/* Does a read of now see the object? Its life is not asked about. */
bool visibility_shows(const struct call *call, enum kind kind, const char *id);
/* For the fault fresh-not-found: -EINVAL when the change names an object that no read shows yet;
 * the call has failed as if it were not there. */
int visibility_refuse_fresh(struct call *call);
