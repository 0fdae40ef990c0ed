/* The drift table: all about a code is in its row. */
#include "vpc_reconciled/drift.h"

/* Without these three there is no plan at all (design.md 2). */
#define NEEDS_VPC (NEEDS(VPCS) | NEEDS(SUBNETS) | NEEDS(ROUTE_TABLES))
/* Whether a default is live, and what it should lead to, is read off the lists of the three kinds
 * of target that are ours to set. */
#define NEEDS_TARGETS                                                                              \
    (NEEDS_VPC | NEEDS(INTERNET_GATEWAYS) | NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) |                 \
     NEEDS(NAT_GATEWAYS))

const struct drift_row drift_table[DRIFT_CODE_COUNT] = {
#include "rows_endpoints.inc"
#include "rows_gateways.inc"
#include "rows_rest.inc"
#include "rows_routes.inc"
#include "rows_subnets.inc"
};

int drift_find(const char *code, enum drift *ret_drift)
{
    for (size_t i = 0; i < DRIFT_CODE_COUNT; i++)
        if (text_equal(drift_table[i].code, code)) {
            *ret_drift = (enum drift)i;
            return 0;
        }
    return -ENOENT;
}
