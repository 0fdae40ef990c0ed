/* subnet_blocks.h - subnets to make, and their IPv6 blocks; private to common/plan/. */
#pragma once

#include "resolve.h"

/* After resolve_subnets(): the items of "create" that no subnet of the VPC is. */
void resolve_new_subnets(struct arena *arena, struct desired *desired,
                         const struct snapshot *snapshot, const struct history *wiring);
/* The VPC's IPv6 block, and the /64 of each subnet that declares IPv6. */
void resolve_ipv6_blocks(struct arena *arena, struct desired *desired,
                         const struct snapshot *snapshot, const struct history *wiring);
/* interfaces.c: what lives in public subnets and has no public IPv4 address. */
void resolve_interfaces(struct arena *arena, struct desired *desired,
                        const struct snapshot *snapshot);

/* A subnet is the item of "create" that has exactly its block and its zone. */
const struct declared_subnet *created_as(const struct subnet_group *group,
                                         const struct subnet *subnet);
