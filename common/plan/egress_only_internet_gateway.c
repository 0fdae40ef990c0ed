/* egress-only-internet-gateway-missing. */
#include "plan_private.h"

void plan_egress_only_internet_gateway(struct planning *planning)
{
    const struct desired_gateway *want = &planning->desired->egress_only_internet_gateway;
    const char *vpc_id = planning->snapshot->vpc->vpc_id, *subnets = NULL;
    struct plan_action *create;
    struct plan_drift *drift;

    if (!want->needed || !planning_knows(planning, NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS)))
        return;
    if (want->attaching) {
        planning_pending(
            planning,
            arena_printf(planning->arena, "egress-only internet gateway %s to attach", want->id));
        return;
    }
    if (want->id)
        return;
    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];

        if (built_option(&subnet->group->ipv6) == OPTION_EGRESS_ONLY_INTERNET_GATEWAY)
            subnets = subnets ? arena_printf(planning->arena, "%s, %s", subnets, subnet->subnet->id)
                              : subnet->subnet->id;
    }
    drift = planning_add_drift(planning, DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING,
                               ROLE_EGRESS_ONLY_INTERNET_GATEWAY);
    if (!drift)
        return;
    planning->egress_only_internet_gateway_drift = planning->plan->drifts.n - 1;
    drift->subnets = subnets;
    drift->desired =
        arena_printf(planning->arena, "an egress-only internet gateway attached to %s", vpc_id);
    drift->observed = "none is attached";
    drift->message = arena_printf(
        planning->arena,
        "%s has no egress-only internet gateway, so its private subnets have no way out over IPv6.",
        vpc_id);
    create = planning_add_action(planning, EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY,
                                 ROLE_EGRESS_ONLY_INTERNET_GATEWAY);
    create->request.vpc_id = vpc_id;
    create->expect = EXPECT_NOTHING_ATTACHED;
    create->target_kind = TARGET_EGRESS_ONLY_INTERNET_GATEWAY;
    create->predecessor = want->predecessor;
}
