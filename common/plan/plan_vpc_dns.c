/* vpc-dns-support-off, vpc-dns-hostnames-off: private DNS of endpoints wants both attributes of the
 * VPC. One attribute a call, and hostnames want support first (aws-facts 2.3). */
#include "plan_private.h"

static bool private_dns_declared(const struct planning *planning)
{
    for (size_t i = 0; i < planning->desired->n_endpoints; i++)
        if (planning->desired->endpoints[i].private_dns)
            return true;
    return false;
}

static const char *users(struct planning *planning)
{
    const char *list = NULL;

    for (size_t i = 0; i < planning->desired->n_endpoints; i++) {
        const struct desired_endpoint *want = &planning->desired->endpoints[i];

        if (want->private_dns)
            list = list ? arena_printf(planning->arena, "%s, %s", list, want->declared->service)
                        : want->declared->service;
    }
    return list;
}

static void plan_attribute(struct planning *planning, enum drift code, const char *attribute,
                           const char *breaks, bool completes)
{
    const char *vpc_id = planning->snapshot->vpc->vpc_id;
    bool support = code == DRIFT_VPC_DNS_SUPPORT_OFF;
    struct plan_drift *drift =
        planning_add_drift(planning, code, support ? "vpc-dns-support" : "vpc-dns-hostnames");
    struct plan_action *action;

    if (!drift)
        return;
    drift->resource = vpc_id;
    drift->desired = arena_printf(planning->arena, "%s true", attribute);
    drift->observed = arena_printf(planning->arena, "%s false", attribute);
    drift->message = arena_printf(
        planning->arena, "%s of %s is off: %s. The endpoints of %s are declared with private DNS.",
        attribute, vpc_id, breaks, users(planning));
    drift->cause = planning->vpc_dns_drift;
    planning->vpc_dns_drift = planning->plan->drifts.n - 1;
    if (drift->cause != NO_CAUSE)
        return; /* support first */
    /* Private names of endpoints that are there begin to resolve: S7. */
    drift->held = completes ? vpc_dns_cuts_off(planning->arena, planning->snapshot) : NULL;
    if (drift->held)
        return;
    action = planning_add_action(planning, EC2_MODIFY_VPC_ATTRIBUTE, drift->role);
    action->request.vpc_id = vpc_id;
    if (support)
        action->request.enable_dns_support = WIRE_TRUE;
    else
        action->request.enable_dns_hostnames = WIRE_TRUE;
    action->expect = EXPECT_VPC_ATTRIBUTE;
}

void plan_vpc_dns(struct planning *planning)
{
    const struct observed_vpc_attributes *attributes = planning->snapshot->vpc_attributes;

    planning->vpc_dns_drift = NO_CAUSE;
    if (!private_dns_declared(planning) ||
        !planning_knows(planning, drift_table[DRIFT_VPC_DNS_SUPPORT_OFF].needs))
        return;
    if (!attributes) {
        planning->plan->unknown |= NEEDS(VPC_ATTRIBUTES);
        return;
    }
    if (attributes->enable_dns_support == WIRE_FALSE)
        plan_attribute(planning, DRIFT_VPC_DNS_SUPPORT_OFF, "enableDnsSupport",
                       "no name resolves through the VPC's resolver",
                       attributes->enable_dns_hostnames == WIRE_TRUE);
    if (attributes->enable_dns_hostnames == WIRE_FALSE)
        plan_attribute(planning, DRIFT_VPC_DNS_HOSTNAMES_OFF, "enableDnsHostnames",
                       "private names of endpoints do not resolve", true);
}
