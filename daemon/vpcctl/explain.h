/* explain.h - what the drift table says of a code, in words: the same for the terminal, for JSON
 * and for the manual page. */
#pragma once

#include "vpc_reconciled/drift.h"

/* In the order in which they are shown. */
enum explain_part {
    EXPLAIN_MEANS,
    EXPLAIN_IMPACT,
    EXPLAIN_DAEMON, /* what the daemon does unless `repair` says otherwise */
    EXPLAIN_REMEDY,
    EXPLAIN_LOOKS, /* the second look */
    EXPLAIN_READS, /* lists, and the permission for each */
    EXPLAIN_STEP,
    EXPLAIN_PART_COUNT,
};
const char *explain_label(enum explain_part part); /* "means" */
void explain_part(struct buf *buf, const struct drift_row *row, enum explain_part part);

/* vpc-reconciled-drift(7): a section for each row, as roff for man(7). */
void explain_man_page(struct buf *buf);
