/* quota-exhausted: more Elastic IP addresses are needed than the account may have. */
#include "plan_private.h"

#include "vpc_reconciled/fault.h"

#include <stdio.h>

#define REFUSAL_HOLDS_MS ((int64_t)3600000) /* then the quota may have been raised */

/* As the config says, or as AWS said within the hour by refusing one. 0: not known. */
static unsigned address_quota(const struct planning *planning)
{
    unsigned quota = planning->config->quota_elastic_ips, refused_at;
    const char *refused =
        history_wiring(planning->history, planning->plan->target->name, WIRING_ADDRESS_QUOTA);
    long long when_ms;

    if (refused && sscanf(refused, "%u@%lld", &refused_at, &when_ms) == 2 &&
        planning->snapshot->observation->at.wall_ms - when_ms < REFUSAL_HOLDS_MS &&
        (quota == 0 || refused_at < quota))
        quota = refused_at;
    return quota;
}

bool nat_gateway_wants_address(const struct planning *planning, const struct desired_zone *zone)
{
    return planning->desired->target->nat_gateways.placement != NAT_REGIONAL && !zone->gateway &&
           !zone->coming && !zone->going && !zone->unclear && !zone->husk_holds_address &&
           zone->subnet && !zone->allocation_id && !nat_gateway_hides(planning, zone) &&
           !nat_gateway_rests(planning, zone);
}

/* Own-pool addresses, and those of a service, do not count. */
unsigned plan_addresses_used(const struct snapshot *snapshot)
{
    unsigned n = 0;

    VEC_EACH (address, &snapshot->observation->addresses)
        n += text_empty(address->service_managed) &&
             (text_empty(address->public_ipv4_pool) ||
              text_equal(address->public_ipv4_pool, "amazon"));
    return n;
}

/* A repair of several steps that cannot finish is not begun (scenario 16). */
void plan_quota(struct planning *planning)
{
    unsigned wanted = 0, used = plan_addresses_used(planning->snapshot),
             quota = address_quota(planning);
    struct plan_drift *drift;

    planning->quota_drift = NO_CAUSE;
    for (size_t z = 0; z < planning->desired->n_zones; z++)
        wanted += nat_gateway_wants_address(planning, &planning->desired->zones[z]);
    if (quota == 0 || wanted == 0 || used + wanted <= quota || FAULT(QUOTA_UNREAD))
        return;
    drift = planning_add_drift(planning, DRIFT_QUOTA_EXHAUSTED, WIRING_ADDRESS_QUOTA);
    if (!drift)
        return;
    planning->quota_drift = planning->plan->drifts.n - 1;
    drift->desired = arena_printf(planning->arena, "%u more Elastic IP addresses", wanted);
    drift->observed = arena_printf(planning->arena, "%u in use, and a quota of %u", used, quota);
    drift->message = arena_printf(
        planning->arena,
        "NAT gateways that are missing need %u new Elastic IP addresses, and %u of the account's "
        "quota of %u are in use: none of them is built. Have the quota \"EC2-VPC Elastic IPs\" "
        "raised to %u or more (and then limits.quotas.elastic_ips), or release addresses that are "
        "not needed.",
        wanted, used, quota, used + wanted);
}
