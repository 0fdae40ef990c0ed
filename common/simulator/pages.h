/* pages.h - NextToken: opaque, and good for the query that it came from only; private to
 * common/simulator/. */
#pragma once

#include "call.h"

#define PAGE_LOOP                                                                                  \
    "*" /* in place of an id: a token that leads to itself, for the fault of that name */

/* Leads to what lies behind the item of that id; "" is the start. */
const char *page_token(const struct call *call, const char *last_id);
/* The id in the request's token, "" without one. NULL: not a token of this query. */
const char *page_token_read(const struct call *call);
