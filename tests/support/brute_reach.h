/* brute_reach.h - a second answer to "can this subnet reach that?", for tests: packet by packet,
 * with nothing clever in it, written from the AWS rules and not from common/reach.
 *
 * It takes the destination's addresses one by one (every address at which any prefix of the world
 * begins or ends), each source address, each port that a reply may come back to, and walks the
 * request out and the reply back. The worst walk is the answer. */
#pragma once

#include "vpc_reconciled/model.h"

enum brute { /* worst first */
             BRUTE_NO,
             BRUTE_UNKNOWN,
             BRUTE_YES,
};

struct brute_question {
    const char *subnet, *interface; /* interface: NULL for any */
    const char *groups[4];          /* of the sender */
    size_t n_groups;
    enum { BRUTE_INTERNET, BRUTE_SERVICE, BRUTE_BLOCK } to;
    bool ipv6, nat64, udp;
    unsigned port;
    struct prefix block;
    const char *service;
    int service_has_ipv6; /* -1: nobody knows */
};

enum brute brute_reach(const struct observation *world, const char *vpc_id,
                       const struct brute_question *question);

/* ---- random worlds (brute_world.c) ---- */
struct brute_trial {
    struct observation *world;
    struct brute_question question;
};
/* Same seed, same trial; lies in the arena. The VPC is "vpc-1". */
struct brute_trial brute_trial_new(struct arena *arena, uint64_t seed);
