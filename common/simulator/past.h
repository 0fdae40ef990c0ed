/* past.h - the state as it was a while ago, for the fault stale-list; private to
 * common/simulator/. */
#pragma once

#include "state.h"

struct call;
struct simulator;

#define PAST_MS 60000 /* how far back stale-list looks; the simulator's speed divides it */
#define PAST_STEPS 60 /* at most one change in a second is remembered apart */

struct past {
    struct past_state {
        uint64_t until_ms; /* when the first change after it came */
        struct state state;
    } items[PAST_STEPS + 2]; /* the oldest first */
    size_t n;
};

/* To be called before a change that comes at that time. */
void past_keep(struct simulator *simulator, uint64_t monotonic_ms);
/* Turns the call to the state of PAST_MS ago. What was never changed since is the state of now. */
void past_look(struct call *call);
void past_clear(struct past *past);
