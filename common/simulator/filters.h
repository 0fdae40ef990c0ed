/* filters.h - which items of a list a Describe's filters let through; private to common/simulator/.
 */
#pragma once

#include "call.h"

/* -EINVAL: a filter that the action does not have; the call has failed. */
int filters_check(struct call *call, enum kind kind);
/* Values of one filter are OR-ed, filters are AND-ed (aws-facts 1.2). */
bool filters_match(const ec2_filters *filters, enum kind kind, const void *item);
