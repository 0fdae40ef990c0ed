/* public-ipv4-off, interface-without-public-ipv4. */
#include "plan_private.h"

static void plan_attribute(struct planning *planning, const struct desired_subnet *subnet)
{
    struct plan_drift *drift = planning_add_drift(
        planning, DRIFT_PUBLIC_IPV4_OFF, planning_subnet_role(planning, "public-ipv4", subnet));
    struct plan_action *action;

    if (!drift)
        return;
    drift->resource = subnet->subnet->id;
    drift->subnets = subnet->subnet->id;
    drift->az = subnet->subnet->az;
    drift->desired = "MapPublicIpOnLaunch on";
    drift->observed = "off";
    drift->message = arena_printf(planning->arena,
                                  "New interfaces in public subnet %s get no public IPv4 address, "
                                  "and so no way to the internet. Turning it on changes new "
                                  "interfaces only.",
                                  subnet->subnet->id);
    action = planning_add_action(planning, EC2_MODIFY_SUBNET_ATTRIBUTE, drift->role);
    action->request.subnet_id = subnet->subnet->id;
    action->request.map_public_ip_on_launch = WIRE_TRUE;
    action->expect = EXPECT_ATTRIBUTE;
    action->az = subnet->subnet->az;
}

static void add_address(struct planning *planning, const struct desired_interface *want)
{
    struct plan_action *action;

    if (!want->allocation_id) {
        action = planning_add_action(planning, EC2_ALLOCATE_ADDRESS, want->address_role);
        action->request.domain = "vpc";
        action->expect = EXPECT_NO_ADDRESS;
    }
    action = planning_add_action(planning, EC2_ASSOCIATE_ADDRESS, want->role);
    action->request.network_interface_id = want->interface->network_interface_id;
    action->request.allocation_id = want->allocation_id;
    /* Without it an address that is in use elsewhere moves in silence (aws-facts 2.3). */
    action->request.allow_reassociation = WIRE_FALSE;
    action->expect = EXPECT_NO_PUBLIC_ADDRESS;
    action->input = INPUT_ALLOCATION_ID;
    action->az = want->subnet->subnet->az;
    if (!want->allocation_id)
        action->input_role = want->address_role;
}

static void plan_interface(struct planning *planning, const struct desired_interface *want)
{
    const struct ec2_network_interface *interface = want->interface;
    bool idle = text_equal(interface->status, "available"); /* attached to nothing */
    struct plan_drift *drift =
        planning_add_drift(planning, DRIFT_INTERFACE_WITHOUT_PUBLIC_IPV4, want->role);

    if (!drift)
        return;
    if (idle)
        drift->impact = IMPACT_DEGRADED;
    drift->resource = interface->network_interface_id;
    drift->subnets = interface->subnet_id;
    drift->az = want->subnet->subnet->az;
    drift->desired = "a public IPv4 address";
    drift->observed = arena_printf(planning->arena, "%s alone", interface->private_ip_address);
    drift->message = arena_printf(
        planning->arena,
        "Interface %s%s%s in public subnet %s has no public IPv4 address%s: it cannot use the "
        "internet gateway.",
        interface->network_interface_id,
        interface->operator_managed == WIRE_TRUE ? ", managed by " : "",
        interface->operator_managed != WIRE_TRUE    ? ""
        : text_empty(interface->operator_principal) ? "a service"
                                                    : interface->operator_principal,
        interface->subnet_id, idle ? " (nothing is attached to it)" : "");
    drift->held = want->why_not;
    if (drift->held)
        return;
    drift->cause = planning->internet_gateway_drift;
    if (drift->cause == NO_CAUSE) /* without an internet gateway EC2 takes no address */
        add_address(planning, want);
}

static bool has_public_subnets(const struct planning *planning)
{
    for (size_t i = 0; i < planning->desired->n_subnets; i++)
        if (built_option(&planning->desired->subnets[i].group->ipv4) == OPTION_INTERNET_GATEWAY)
            return true;
    return false;
}

void plan_public_ipv4(struct planning *planning)
{
    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];

        if (subnet->group->public_ipv4_on_launch == 2 &&
            subnet->subnet->ec2->map_public_ip_on_launch == WIRE_FALSE)
            plan_attribute(planning, subnet);
    }
    if (!has_public_subnets(planning) ||
        !planning_knows(planning, drift_table[DRIFT_INTERFACE_WITHOUT_PUBLIC_IPV4].needs))
        return;
    for (size_t i = 0; i < planning->desired->n_interfaces; i++)
        plan_interface(planning, &planning->desired->interfaces[i]);
}
