/* NAT gateways as targets: which one a private default leads to. Building them is a later
 * capability. */
#include "resolve.h"

bool nat_gateway_serves(const struct desired *desired, const struct ec2_nat_gateway *gateway)
{
    const struct desired_subnet *home;

    /* An absent connectivityType is public, EC2's default. */
    if (gateway->state != EC2_STATE_AVAILABLE ||
        gateway->connectivity_type == EC2_CONNECTIVITY_PRIVATE ||
        gateway->connectivity_type == EC2_CONNECTIVITY_UNKNOWN)
        return false;
    if (gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL)
        return true;
    home = desired_find_subnet(desired, gateway->subnet_id);
    return home && text_equal(home->group->name, desired->target->nat_gateways.in_group);
}

const struct ec2_nat_gateway *resolve_nat_gateway(struct arena *arena,
                                                  const struct desired *desired,
                                                  const struct snapshot *snapshot, const char *az,
                                                  const char **ret_why)
{
    bool any_az = desired->target->nat_gateways.placement != NAT_PER_AZ;
    const struct ec2_nat_gateway *regional = NULL;

    for (size_t i = 0; i < snapshot->n_nat_gateways; i++) { /* by id: the lowest wins */
        const struct ec2_nat_gateway *gateway = snapshot->nat_gateways[i];
        const struct subnet *home;

        if (!nat_gateway_serves(desired, gateway))
            continue;
        if (gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL) {
            regional = regional ? regional : gateway;
            continue;
        }
        home = snapshot_find_subnet(snapshot, gateway->subnet_id);
        if (home && (any_az || text_equal(home->az, az)))
            return gateway;
    }
    if (regional)
        return regional;
    *ret_why = arena_printf(
        arena,
        any_az ? "no available public NAT gateway in group \"%s\"%.0s; build one, this version "
                 "does not"
               : "no available public NAT gateway in group \"%s\" in %s; build one, this version "
                 "does not",
        desired->target->nat_gateways.in_group ? desired->target->nat_gateways.in_group : "?",
        any_az ? ""
        : az   ? az
               : "its Availability Zone");
    return NULL;
}
