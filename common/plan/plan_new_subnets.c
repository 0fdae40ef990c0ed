/* subnet-missing: a subnet of "create" that is not there. */
#include "plan_private.h"

const char *planning_subnet_role(const struct planning *planning, const char *what,
                                 const struct desired_subnet *subnet)
{
    char text[PREFIX_TEXT_SIZE];

    prefix_format(&subnet->subnet->ec2->cidr_block, text);
    return arena_printf(planning->arena, "%s/%s/%s", what, subnet->group->name,
                        *text ? text : subnet->subnet->id);
}

static void plan_new_subnet(struct planning *planning, const struct desired_new_subnet *want)
{
    const char *vpc_id = planning->snapshot->vpc->vpc_id;
    struct arena *arena = planning->arena;
    struct plan_drift *drift = planning_add_drift(planning, DRIFT_SUBNET_MISSING, want->role);
    struct plan_action *create;
    char text[PREFIX_TEXT_SIZE];

    if (!drift)
        return;
    prefix_format(&want->declared->cidr, text);
    drift->resource = want->predecessor;
    drift->az = want->declared->availability_zone;
    drift->desired = arena_printf(arena, "a subnet %s in %s", text, drift->az);
    drift->observed = want->why_not ? want->why_not : "none";
    if (want->why_not) {
        drift->message = arena_printf(
            arena, "Group \"%s\" declares a subnet %s in %s, and it cannot be made: %s.",
            want->group->name, text, drift->az, want->why_not);
        drift->held = want->why_not;
        return;
    }
    drift->message = arena_printf(arena,
                                  "Group \"%s\" declares a subnet %s in %s, and %s has none: "
                                  "nothing can run in it.",
                                  want->group->name, text, drift->az, vpc_id);
    create = planning_add_action(planning, EC2_CREATE_SUBNET, want->role);
    create->request.vpc_id = vpc_id;
    create->request.cidr_block = want->declared->cidr;
    create->request.availability_zone = want->declared->availability_zone;
    create->expect = EXPECT_NO_SUBNET;
    create->predecessor = want->predecessor;
    create->az = want->declared->availability_zone;
}

void plan_new_subnets(struct planning *planning)
{
    for (size_t i = 0; i < planning->desired->n_new_subnets; i++)
        plan_new_subnet(planning, &planning->desired->new_subnets[i]);
}
