/* look.h - looks at subnets and their blocks right before a write; private to common/guard/. */
#pragma once

#include "vpc_reconciled/guard.h"

/* guard_recheck() for endpoints, and the attributes that private DNS rests on. */
const char *guard_recheck_endpoints(struct arena *arena, const struct plan_action *action,
                                    enum action_expect expect, const struct snapshot *snapshot,
                                    const struct ec2_describe_reply *fresh);
/* guard_recheck() for what makes or changes a subnet, an IPv6 block or a public address. */
const char *guard_recheck_subnets(struct arena *arena, const struct plan_action *action,
                                  enum action_expect expect, const struct snapshot *snapshot,
                                  const struct ec2_describe_reply *fresh);

/* security_group.c: EXPECT_RULE_ABSENT */
const char *guard_recheck_rule(struct arena *arena, const struct plan_action *action,
                               const struct snapshot *snapshot,
                               const struct ec2_describe_reply *fresh);
