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
    FAULT_NO_UNDO,           /* what our own change did harm by stays as it is */
    FAULT_HARM_FORGOTTEN,    /* what was put back is changed again, though it would do harm again */
    FAULT_REGIONAL_COVERS_ALL,    /* a regional NAT gateway is in every zone from the start */
    FAULT_ASSOCIATING_IS_NONE,    /* an IPv6 block that is on its way counts for nothing */
    FAULT_BLOCK_FORGOTTEN,        /* the /64 that a subnet had is not asked for again */
    FAULT_TAKEN_BLOCKS_UNREAD,    /* who has a /64 is not looked at */
    FAULT_FIRST_ENDPOINT_WINS,    /* of several endpoints of a service any is taken */
    FAULT_DEAD_ENDPOINTS_COUNT,   /* a failed or rejected endpoint counts as there */
    FAULT_ZONES_UNASKED,          /* a service counts as offered in every zone */
    FAULT_CONFLICTS_UNSEEN,       /* nobody is asked who has a private name */
    FAULT_S3_GATEWAY_LAST,        /* private DNS of S3 does not wait for its gateway endpoint */
    FAULT_ENTRIES_NOT_COPIED,     /* a copied table counts as whole without its gateway endpoints */
    FAULT_PRIVATE_DNS_CUTS_OFF,   /* private DNS is turned on whoever loses by it */
    FAULT_RULES_BY_TEXT,          /* security group rules are compared by their text alone */
    FAULT_CONTESTS_UNHELD,        /* a repair is carried out however often it is undone (L2) */
    FAULT_OWNER_UNREAD,           /* a VPC, or a subnet, that is shared with us counts as ours */
    FAULT_OLD_IS_NOW,             /* an observation is never too old */
    FAULT_PART_IS_WHOLE,          /* a list that could not be read counts as read, and empty */
    FAULT_THROTTLING_IGNORED,     /* looks come as often while AWS throttles */
    FAULT_FOREIGN_GATEWAYS_COUNT, /* gateways of other VPCs, and of none, count as this VPC's */
    FAULT_FIRST_GATEWAY_WINS,     /* of several gateways of a kind the first is used */
    FAULT_STRANGERS_GATEWAY_TAKEN, /* an unattached internet gateway without our tag is attached */
    FAULT_BUILT_UNWANTED,          /* gateways are built that no group leads to */
    FAULT_FOREIGN_TARGET_REPLACED, /* a default that is somebody else's design is written (S2) */
    FAULT_SHARED_TABLES_WRITTEN,   /* so is a table that also serves undeclared subnets */
    FAULT_ZONES_ALIKE,             /* any zone's NAT gateway is as good as the own one's */
    FAULT_BLOCK_PUBLIC_ACCESS_UNREAD, /* these layers let everything through */
    FAULT_NETWORK_ACLS_UNREAD,
    FAULT_SECURITY_GROUPS_UNREAD,
    FAULT_ENCRYPTION_CONTROL_UNREAD,
    FAULT_COUNT,
};

#ifdef VPC_TEST_FAULTS
extern bool fault_on[FAULT_COUNT]; /* all false until a test says otherwise */
#define FAULT(rule) (fault_on[FAULT_##rule])
#else
#define FAULT(rule) (FAULT_##rule == FAULT_COUNT)
#endif
