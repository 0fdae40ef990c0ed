/* bystanders.h - what a repair may not have touched: the world as it was, held against the world as
 * it is. */
#pragma once

#include "support/trial.h"

#include "vpc_reconciled/json.h"

struct bystanders {
    struct arena *arena;
    const struct json *world;
};
/* The world of now. The caller frees it with bystanders_clear(). */
struct bystanders bystanders_now(struct trial *trial);
void bystanders_clear(struct bystanders *bystanders);

/* NULL; else what changed that is not the daemon's to change, in a static ring. Everything that was
 * there must be as it was, and everything new must carry our tags, but for: default routes and
 * associations of the declared tables, the VPC's own gateways, NAT gateways that were not
 * available, addresses that are named as declared, and what AWS itself counts or makes for NAT
 * gateways. declared: ids of addresses, and of tables beside the world's. */
const char *bystanders_changed(struct trial *trial, const struct bystanders *before,
                               const struct trial_world *world, const char (*declared)[40],
                               size_t n_declared);
