/* table_copies.h - route tables that are ours to make; private to common/plan/. */
#pragma once

#include "resolve.h"

void resolve_table_copies(struct arena *arena, struct desired *desired,
                          const struct snapshot *snapshot);
