/* internet-gateway-missing, internet-gateway-detached. */
#include "plan_private.h"

static const char *public_subnets(struct planning *planning)
{
    const char *list = NULL;

    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];

        if (built_option(&subnet->group->ipv4) != OPTION_INTERNET_GATEWAY &&
            built_option(&subnet->group->ipv6) != OPTION_INTERNET_GATEWAY)
            continue;
        list = list ? arena_printf(planning->arena, "%s, %s", list, subnet->subnet->id)
                    : subnet->subnet->id;
    }
    return list;
}

static void attach(struct planning *planning, const char *id)
{
    const char *vpc_id = planning->snapshot->vpc->vpc_id;
    struct plan_action *action =
        planning_add_action(planning, EC2_ATTACH_INTERNET_GATEWAY, ROLE_INTERNET_GATEWAY);

    action->request.vpc_id = vpc_id;
    action->request.internet_gateway_id = id;
    action->expect = EXPECT_UNATTACHED;
    action->target_kind = TARGET_INTERNET_GATEWAY;
    action->target_id = id;
    if (!id) {
        action->input = INPUT_INTERNET_GATEWAY_ID;
        action->input_role = ROLE_INTERNET_GATEWAY;
    }
}

void plan_internet_gateway(struct planning *planning)
{
    const struct desired_gateway *want = &planning->desired->internet_gateway;
    const char *vpc_id = planning->snapshot->vpc->vpc_id;
    struct plan_drift *drift;

    if (!want->needed || !planning_knows(planning, NEEDS(INTERNET_GATEWAYS)))
        return;
    if (want->attaching) {
        planning_pending(planning,
                         arena_printf(planning->arena, "internet gateway %s to attach", want->id));
        return;
    }
    if (want->id)
        return;
    drift = planning_add_drift(
        planning, want->detached ? DRIFT_INTERNET_GATEWAY_DETACHED : DRIFT_INTERNET_GATEWAY_MISSING,
        ROLE_INTERNET_GATEWAY);
    if (!drift)
        return;
    planning->internet_gateway_drift = planning->plan->drifts.n - 1;
    drift->subnets = public_subnets(planning);
    drift->desired = arena_printf(planning->arena, "an internet gateway attached to %s", vpc_id);
    if (want->detached) {
        drift->resource = want->detached;
        drift->observed = arena_printf(planning->arena, "%s is attached to no VPC (%s)",
                                       want->detached, want->known_by);
        drift->message = arena_printf(planning->arena,
                                      "Internet gateway %s is detached from %s (%s). All that goes "
                                      "to the internet through it "
                                      "is cut off, NAT gateways included.",
                                      want->detached, vpc_id, want->known_by);
        attach(planning, want->detached);
    } else {
        struct plan_action *create;

        drift->observed = "none is attached";
        drift->message = arena_printf(planning->arena,
                                      "%s has no internet gateway. Its public subnets, and every "
                                      "NAT gateway in them, have no "
                                      "way to the internet.",
                                      vpc_id);
        create = planning_add_action(planning, EC2_CREATE_INTERNET_GATEWAY, ROLE_INTERNET_GATEWAY);
        create->expect = EXPECT_NOTHING_ATTACHED;
        create->target_kind = TARGET_INTERNET_GATEWAY;
        create->predecessor = want->predecessor;
        attach(planning, NULL);
    }
}
