/* Which internet gateway, and which egress-only internet gateway, is this VPC's (design.md 6.6). */
#include "resolve.h"

#include "vpc_reconciled/fault.h"

static bool option_wanted(const struct desired *desired, enum option option)
{
    if (FAULT(BUILT_UNWANTED))
        return true;
    for (size_t i = 0; i < desired->n_subnets; i++)
        if (built_option(&desired->subnets[i].group->ipv4) == option ||
            built_option(&desired->subnets[i].group->ipv6) == option)
            return true;
    for (size_t i = 0; i < desired->n_new_subnets; i++)
        if (built_option(&desired->new_subnets[i].group->ipv4) == option ||
            built_option(&desired->new_subnets[i].group->ipv6) == option)
            return true;
    return false;
}

/* The id that a dead default of this VPC still names, when it is of the kind. */
static const char *dead_route_target(const struct snapshot *snapshot, enum target_kind kind)
{
    for (size_t t = 0; t < snapshot->n_route_tables; t++) {
        const struct route_table *table = &snapshot->route_tables[t];

        for (size_t i = 0; i < table->n_routes; i++)
            if (table->routes[i].kind == kind && table->routes[i].state == EC2_ROUTE_BLACKHOLE)
                return table->routes[i].target_id;
    }
    return NULL;
}

static bool unattached(const struct ec2_internet_gateway *gateway)
{
    for (size_t i = 0; i < gateway->attachments.n; i++)
        if (gateway->attachments.items[i].state != EC2_ATTACHMENT_DETACHED)
            return false;
    return true;
}

/* An unattached gateway that was this VPC's: by wiring, by a dead route, by our own tag; never a
 * guess among strangers' gateways. */
static void find_detached(struct desired_gateway *want, const struct snapshot *snapshot,
                          const char *wired)
{
    const struct observation *observation = snapshot->observation;
    const struct ec2_internet_gateway *gateway;

    if (FAULT(DETACHED_UNSOUGHT))
        return;
    gateway = wired ? observation_find_internet_gateway(observation, wired) : NULL;
    if (gateway && unattached(gateway)) {
        want->detached = gateway->internet_gateway_id;
        want->known_by = "the recorded wiring names it";
        return;
    }
    gateway = want->predecessor ? observation_find_internet_gateway(observation, want->predecessor)
                                : NULL;
    if (gateway && unattached(gateway)) {
        want->detached = gateway->internet_gateway_id;
        want->known_by = "a dead route of this VPC names it";
        return;
    }
    VEC_EACH (ours, &observation->internet_gateways)
        if (unattached(ours) &&
            (tags_are_ours(&ours->tags, snapshot->owner_tag) || FAULT(STRANGERS_GATEWAY_TAKEN))) {
            want->detached = ours->internet_gateway_id;
            want->known_by = "it carries our tag for this VPC";
            return;
        }
}

static void resolve_internet_gateway(struct desired *desired, const struct snapshot *snapshot,
                                     const struct history *wiring)
{
    struct desired_gateway *want = &desired->internet_gateway;
    const char *wired = history_wiring(wiring, desired->target->name, ROLE_INTERNET_GATEWAY);

    want->needed = option_wanted(desired, OPTION_INTERNET_GATEWAY);
    want->predecessor = dead_route_target(snapshot, TARGET_INTERNET_GATEWAY);
    if (!want->predecessor)
        want->predecessor = wired;
    if (!(snapshot->complete & NEEDS(INTERNET_GATEWAYS)))
        return;
    want->ambiguous = snapshot->n_internet_gateways > 1 && !FAULT(FIRST_GATEWAY_WINS);
    if (snapshot->n_internet_gateways > 0) {
        const struct ec2_internet_gateway *gateway = snapshot->internet_gateways[0];

        want->id = gateway->internet_gateway_id;
        want->attaching =
            internet_gateway_attached(gateway, snapshot->vpc->vpc_id) == VERDICT_UNKNOWN;
    } else {
        find_detached(want, snapshot, wired);
    }
}

static void resolve_egress_only_internet_gateway(struct desired *desired,
                                                 const struct snapshot *snapshot,
                                                 const struct history *wiring)
{
    struct desired_gateway *want = &desired->egress_only_internet_gateway;

    want->needed = option_wanted(desired, OPTION_EGRESS_ONLY_INTERNET_GATEWAY);
    want->predecessor = dead_route_target(snapshot, TARGET_EGRESS_ONLY_INTERNET_GATEWAY);
    if (!want->predecessor)
        want->predecessor =
            history_wiring(wiring, desired->target->name, ROLE_EGRESS_ONLY_INTERNET_GATEWAY);
    if (!(snapshot->complete & NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS)))
        return;
    want->ambiguous = snapshot->n_egress_only_internet_gateways > 1 && !FAULT(FIRST_GATEWAY_WINS);
    if (snapshot->n_egress_only_internet_gateways > 0) {
        const struct ec2_egress_only_internet_gateway *gateway =
            snapshot->egress_only_internet_gateways[0];

        want->id = gateway->egress_only_internet_gateway_id;
        want->attaching = egress_only_internet_gateway_attached(gateway, snapshot->vpc->vpc_id) ==
                          VERDICT_UNKNOWN;
    }
}

void resolve_gateways(struct arena *arena, struct desired *desired, const struct snapshot *snapshot,
                      const struct history *wiring)
{
    (void)arena;
    resolve_internet_gateway(desired, snapshot, wiring);
    resolve_egress_only_internet_gateway(desired, snapshot, wiring);
}
