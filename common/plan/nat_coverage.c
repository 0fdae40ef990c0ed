/* A regional NAT gateway that is not in every zone that uses it (scenario 14): said, and left to
 * AWS. */
#include "nat_zones.h"
#include "plan_private.h"

#include "vpc_reconciled/fault.h"

static const char *zone_id(const struct snapshot *snapshot, const char *az)
{
    VEC_EACH (zone, &snapshot->observation->availability_zones)
        if (text_equal(zone->zone_name, az))
            return zone->zone_id;
    return NULL;
}

/* Its addresses say in which zones it is (aws-facts 2.2). Without one that does, nothing is known.
 */
static enum verdict covers(const struct snapshot *snapshot, const struct ec2_nat_gateway *gateway,
                           const char *az)
{
    const char *id = zone_id(snapshot, az);
    enum verdict verdict = VERDICT_UNKNOWN;

    for (size_t i = 0; i < gateway->addresses.n; i++) {
        const struct ec2_nat_gateway_address *address = &gateway->addresses.items[i];

        if (text_empty(address->availability_zone) && text_empty(address->availability_zone_id))
            continue;
        verdict = VERDICT_NO;
        if ((text_equal(address->availability_zone, az) ||
             (id && text_equal(address->availability_zone_id, id))) &&
            (text_empty(address->status) || text_equal(address->status, "succeeded")))
            return VERDICT_YES;
    }
    return verdict;
}

static void plan_uncovered(struct planning *planning, const struct ec2_nat_gateway *gateway,
                           const char *az, const char *subnets)
{
    struct arena *arena = planning->arena;
    const char *id = gateway->nat_gateway_id;
    bool by_hand = text_equal(gateway->auto_provision_zones, "disabled");
    struct plan_drift *drift = planning_add_drift(planning, DRIFT_NAT_GATEWAY_MISSING,
                                                  arena_printf(arena, "nat-coverage/%s", az));

    if (!drift)
        return;
    drift->impact = IMPACT_DEGRADED;
    drift->az = az;
    drift->subnets = subnets;
    drift->resource = id;
    drift->desired = arena_printf(arena, "%s in %s", id, az);
    drift->observed = arena_printf(arena, "%s has no address in %s", id, az);
    drift->message = arena_printf(
        arena,
        "Regional NAT gateway %s does not cover %s%s. Subnets %s there go out through another zone "
        "meanwhile.",
        id, az, by_hand ? "" : " yet (up to 60 minutes)", subnets);
    drift->held =
        by_hand ? "its zones are chosen by hand, and no zonal gateway is built beside a regional "
                  "one: give it an address in the zone"
                : "AWS extends it by itself, and no zonal gateway is built beside a regional one";
}

void plan_nat_coverage(struct planning *planning)
{
    const struct desired *desired = planning->desired;
    const char **seen = ARENA_ARRAY(planning->arena, const char *, desired->n_subnets + 1);
    size_t n_seen = 0;

    for (size_t i = 0; i < desired->n_subnets && !FAULT(REGIONAL_COVERS_ALL); i++) {
        const char *az = nat_zone_name(planning->snapshot, desired->subnets[i].subnet->az);
        const struct desired_zone *zone = desired_wants_nat(&desired->subnets[i])
                                              ? desired_find_zone(desired, planning->snapshot, az)
                                              : NULL;
        const char *subnets = NULL;
        bool known = false;

        for (size_t k = 0; k < n_seen; k++)
            known |= text_equal(seen[k], az);
        if (known || !zone || !zone->gateway ||
            zone->gateway->availability_mode != EC2_AVAILABILITY_MODE_REGIONAL)
            continue;
        seen[n_seen++] = az;
        if (covers(planning->snapshot, zone->gateway, az) != VERDICT_NO)
            continue;
        for (size_t k = i; k < desired->n_subnets; k++) {
            const struct subnet *subnet = desired->subnets[k].subnet;

            if (!desired_wants_nat(&desired->subnets[k]) ||
                !text_equal(nat_zone_name(planning->snapshot, subnet->az), az))
                continue;
            subnets =
                subnets ? arena_printf(planning->arena, "%s, %s", subnets, subnet->id) : subnet->id;
        }
        plan_uncovered(planning, zone->gateway, az, subnets);
    }
}
