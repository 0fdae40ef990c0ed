/* fault.h - rules that the tests switch off, to see that a test notices.
 *
 * FAULT(RULE) is false and costs nothing, except in the extra test build (the CMake option
 * VPC_TEST_FAULTS, which cannot be installed): there a test chooses at run time which rules do not
 * hold. Each is one place of the product, or two where the guard repeats what the plan does. */
#pragma once

#include "vpc_reconciled/base.h"

enum fault {
    FAULT_DEAD_GATEWAYS_COUNT, /* a deleted NAT gateway that is still listed counts as there */
    FAULT_PENDING_GATEWAYS_ARE_NONE,
    FAULT_DEAD_ENTRY_UNREAD,     /* the address in a dead gateway's entry is not looked at */
    FAULT_FAILED_IS_NO_REASON,   /* after a failure the next gateway is built at once */
    FAULT_NAT_BEFORE_IGW,        /* a NAT gateway is built though its subnet has no way out */
    FAULT_LEFTOVERS_UNREAD,      /* an address with our tag for the role is not looked for */
    FAULT_NO_INTENT,             /* a create is sent without its intent on disk */
    FAULT_TARGET_UNCHECKED,      /* a route may lead to a gateway that is not available */
    FAULT_APPROVAL_GIVEN,        /* nobody needs to approve anything */
    FAULT_PRIVATE_MAY_BE_PUBLIC, /* an internet gateway is right for every subnet */
    FAULT_TABLES_UNSOUGHT,       /* no existing table is found for a subnet without one */
    FAULT_ALL_ZONES_AT_ONCE,     /* working values are replaced without S9's limit */
    FAULT_REGIONAL_UNKNOWN,      /* a regional NAT gateway counts for no zone */
    FAULT_PINS_YIELD,            /* another address than the pinned one needs no approval */
    FAULT_QUOTA_UNREAD,
    FAULT_DETACHED_UNSOUGHT, /* a detached internet gateway of ours is not found */
    FAULT_ONE_LOOK,          /* what one look shows is true (S6) */
    FAULT_COUNT,
};

#ifdef VPC_TEST_FAULTS
extern bool fault_on[FAULT_COUNT]; /* all false until a test says otherwise */
#define FAULT(rule) (fault_on[FAULT_##rule])
#else
#define FAULT(rule) (FAULT_##rule == FAULT_COUNT)
#endif
