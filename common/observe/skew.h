/* skew.h - what AWS's Date says of this host's clock; private to common/observe/.
 *
 * It corrects the time that requests are signed with (aws-facts 4.4: 15 minutes either way), and
 * nothing else: no decision rests on it. */
#pragma once

#include "vpc_reconciled/effect.h"

#define SKEW_LEAST_MS (INT64_C(4) * 60000) /* less is no reason for a refusal */
#define SKEW_MOST_MS (INT64_C(15) * 60000) /* what AWS takes */

/* AWS's clock less wall_ms, out of a reply's head. False: it says nothing, or a cache says it. */
bool skew_read(const struct effect_header *headers, size_t n_headers, int64_t wall_ms,
               int64_t *ret_skew_ms);
/* What a whole reply teaches. code: of the error, or "". signed_ms: the correction that the request
 * was signed with; *correction_ms: the one in force, which may change. True: AWS refused the
 * request for its time, and another with the new correction may pass. */
bool skew_learn(int64_t *correction_ms, int64_t skew_ms, int64_t signed_ms, const char *code);
