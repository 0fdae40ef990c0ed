/* resolver.h - EFFECT_RESOLVE_NAME by the host's resolver, off the loop. */
#pragma once

#include <uv.h>

#include "inbox.h"

struct resolver;
struct resolver *resolver_new(uv_loop_t *loop, struct inbox *inbox);
void resolver_start(struct resolver *resolver, const struct effect *effect);
/* Answers of lookups that are out are no longer wanted. One that a worker thread is busy with ends
 * in its own time: resolver_busy() says whether the loop would wait for it. */
void resolver_close(struct resolver *resolver);
bool resolver_busy(const struct resolver *resolver);
struct resolver *resolver_free(struct resolver *resolver);
