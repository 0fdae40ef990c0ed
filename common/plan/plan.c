/* plan_new() and what every concern of it uses. */
#include "plan_private.h"

void finding_id(const char *target, const char *code, const char *role,
                char ret_id[static FINDING_ID_SIZE])
{
    CLEANUP(buf_free)
    struct buf text = {0};
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];

    buf_printf(&text, "%s\n%s\n%s", target, code, role);
    sha256(text.data, text.n, digest);
    hex_encode(digest, SHA256_SIZE, hex);
    memcpy(ret_id, hex, FINDING_ID_SIZE - 1);
    ret_id[FINDING_ID_SIZE - 1] = 0;
}

void intent_token(const char *owner, const char *vpc_id, const char *role, const char *predecessor,
                  unsigned attempt, char ret_token[static 41])
{
    CLEANUP(buf_free)
    struct buf text = {0};
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];

    buf_printf(&text, "%s\n%s\n%s\n%s\n%u", owner, vpc_id, role, predecessor ? predecessor : "none",
               attempt);
    sha256(text.data, text.n, digest);
    hex_encode(digest, SHA256_SIZE, hex);
    memcpy(ret_token, hex, 40);
    ret_token[40] = 0;
}

bool planning_knows(struct planning *planning, unsigned needs)
{
    unsigned missing = needs & ~planning->snapshot->complete;

    planning->plan->unknown |= missing;
    return missing == 0;
}

void planning_pending(struct planning *planning, const char *what)
{
    planning->plan->pending = true;
    planning->plan->pending_what = what;
}

struct plan_drift *planning_add_drift(struct planning *planning, enum drift code, const char *role)
{
    const struct drift_row *row = &drift_table[code];
    struct plan_drift *drift;

    if (!planning_knows(planning, row->needs))
        return NULL;
    drift = VEC_ADD(planning->arena, &planning->plan->drifts);
    *drift = (struct plan_drift){
        .code = code,
        .role = role,
        .policy = row->policy,
        .report_only = row->policy == DRIFT_REPORT && !row->raisable,
        .impact = row->impact,
        .confirm = row->confirm,
        .cause = NO_CAUSE,
        .first_action = planning->plan->actions.n,
    };
    finding_id(planning->plan->target->name, row->code, role, drift->finding);
    return drift;
}

struct plan_action *planning_add_action(struct planning *planning, enum ec2_action call,
                                        const char *role)
{
    struct plan *plan = planning->plan;
    struct plan_action *action = VEC_ADD(planning->arena, &plan->actions);

    *action = (struct plan_action){.call = call, .drift = plan->drifts.n - 1, .role = role};
    plan->drifts.items[plan->drifts.n - 1].n_actions++;
    return action;
}

/* Worst first within what depends on nothing else: the order of the concerns is makers before
 * users. */
struct plan *plan_new(struct arena *arena, const struct desired *desired,
                      const struct snapshot *snapshot, const struct history *history,
                      const struct config *config)
{
    struct plan *plan = ARENA_NEW(arena, struct plan);
    struct planning planning = {
        .plan = plan,
        .arena = arena,
        .desired = desired,
        .snapshot = snapshot,
        .history = history,
        .config = config,
        .internet_gateway_drift = NO_CAUSE,
        .egress_only_internet_gateway_drift = NO_CAUSE,
        .vpc_ipv6_drift = NO_CAUSE,
    };

    plan->arena = arena;
    plan->target = desired->target;
    plan_groups(&planning);
    plan_new_subnets(&planning);
    plan_internet_gateway(&planning);
    plan_egress_only_internet_gateway(&planning);
    plan_ipv6(&planning);
    plan_nat_gateways(&planning);
    plan_associations(&planning);
    plan_route_tables(&planning);
    plan_routes(&planning);
    plan_nat64(&planning);
    plan_nat_subnets(&planning);
    plan_security_groups(&planning);
    plan_services(&planning);
    plan_vpc_dns(&planning);
    plan_endpoints(&planning);
    plan_public_ipv4(&planning);
    plan_route_reports(&planning);
    plan_reach(&planning);
    plan_name_capacity_providers(&planning);
    /* That no look will ever show these is said once, by vpc-not-owned. */
    if (!snapshot->owned)
        plan->unknown &= ~OWNERS_LISTS;
    return plan;
}
