/* Security groups: the default one of each VPC, and those that are made. Their rules:
 * security_group_rules.c. */
#include "actions.h"

#define DEFAULT_NAME "default"

static const struct ec2_security_group *find_by_name(struct state *state, const char *vpc_id,
                                                     const char *name)
{
    VEC_EACH (group, &state->objects.security_groups)
        if (text_equal(group->vpc_id, vpc_id) && text_equal(group->group_name, name))
            return group;
    return NULL;
}

const struct ec2_security_group *security_group_default_of(struct state *state, const char *vpc_id)
{
    return find_by_name(state, vpc_id, DEFAULT_NAME);
}

/* A new group lets everything out: aws-facts 2.7. */
static struct ec2_security_group *group_new(struct call *call, const struct ec2_vpc *vpc,
                                            const char *name, const char *description)
{
    struct ec2_security_group *group = call_add(call, KIND_SECURITY_GROUP, new_id(call, "sg-"));

    group->group_name = keep(call, name);
    group->group_description = keep(call, description);
    group->vpc_id = keep(call, vpc->vpc_id);
    group->owner_id = keep(call, call->simulator->account);
    group->ip_permissions.seen = group->tags.seen = true;
    security_group_allow_all_out(call, group, FAMILY_IPV4);
    if (vpc_has_ipv6(vpc))
        security_group_allow_all_out(call, group, FAMILY_IPV6);
    return group;
}

/* Its members may talk to each other. */
void security_group_add_default(struct call *call, const struct ec2_vpc *vpc)
{
    struct arena *arena = call->state->arena;
    struct ec2_security_group *group =
        group_new(call, vpc, DEFAULT_NAME, "default VPC security group");
    struct ec2_ip_permission *itself = LIST_ADD(arena, &group->ip_permissions);

    itself->ip_protocol = "-1";
    itself->ip_ranges.seen = itself->ipv6_ranges.seen = itself->prefix_list_ids.seen = true;
    *LIST_ADD(arena, &itself->groups) =
        (struct ec2_user_id_group_pair){.group_id = group->group_id, .user_id = group->owner_id};
}

int security_group_create(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    const struct ec2_vpc *vpc;
    struct ec2_security_group *group;

    if (call_require(call, change->vpc_id, "VpcId") < 0) /* EC2-Classic is gone */
        return -EINVAL;
    vpc = call_find(call, KIND_VPC, change->vpc_id);
    if (!vpc ||
        call_check_quota(call, QUOTA_SECURITY_GROUPS, call->state->objects.security_groups.n) < 0)
        return -EINVAL;
    if (text_equal(change->group_name, DEFAULT_NAME))
        return call_fail(call, "InvalidParameterValue",
                         "Cannot use reserved security group name: default");
    if (text_starts_with(change->group_name, "sg-") || strlen(change->group_name) > 255)
        return call_fail(call, "InvalidParameterValue",
                         "Value (%s) for parameter groupName is invalid", change->group_name);
    if (find_by_name(call->state, vpc->vpc_id, change->group_name))
        return call_fail(call, "InvalidGroup.Duplicate",
                         "The security group '%s' already exists for VPC '%s'", change->group_name,
                         vpc->vpc_id);
    group = group_new(call, vpc, change->group_name, change->group_description);
    call_tag(call, &group->tags);
    call->made_id = group->group_id;
    call->change_reply.group_id = group->group_id;
    return 0;
}

static bool outbound_changed(const struct state *state, const char *group_id)
{
    VEC_EACH (history, &state->security_group_history)
        if (text_equal(history->group_id, group_id))
            return history->outbound_changed == WIRE_TRUE;
    return false;
}

void security_groups_open_ipv6(struct call *call, const char *vpc_id)
{
    VEC_EACH (group, &call->state->objects.security_groups)
        if (text_equal(group->vpc_id, vpc_id) && !outbound_changed(call->state, group->group_id))
            security_group_allow_all_out(call, group, FAMILY_IPV6);
}

/* ---- what has groups ---- */

int security_groups_check(struct call *call, const char *vpc_id, const struct wire_texts *ids)
{
    for (size_t i = 0; i < ids->n; i++) {
        const struct ec2_security_group *group =
            call_find(call, KIND_SECURITY_GROUP, ids->items[i]);

        if (!group)
            return -EINVAL;
        if (!text_equal(group->vpc_id, vpc_id))
            return call_fail(call, "InvalidGroup.NotFound",
                             "The security group '%s' does not exist in VPC '%s'", ids->items[i],
                             vpc_id);
    }
    return 0;
}

void security_groups_give(struct call *call, const char *vpc_id, const struct wire_texts *ids,
                          struct wire_any_list *identifiers)
{
    const struct ec2_security_group *fallback = security_group_default_of(call->state, vpc_id);

    for (size_t i = 0; i < ids->n; i++) {
        const struct ec2_security_group *group =
            state_find(call->state, KIND_SECURITY_GROUP, ids->items[i]);

        *(struct ec2_group_identifier *)list_add(call->state->arena, identifiers,
                                                 sizeof(struct ec2_group_identifier)) =
            (struct ec2_group_identifier){group->group_id, group->group_name};
    }
    if (!ids->n && fallback)
        *(struct ec2_group_identifier *)list_add(call->state->arena, identifiers,
                                                 sizeof(struct ec2_group_identifier)) =
            (struct ec2_group_identifier){fallback->group_id, fallback->group_name};
}

/* ---- worlds ---- */

static void complete_permissions(ec2_ip_permissions *permissions, const char *owner_id)
{
    VEC_EACH (permission, permissions) {
        permission->ip_ranges.seen = permission->ipv6_ranges.seen = true;
        permission->prefix_list_ids.seen = permission->groups.seen = true;
        VEC_EACH (pair, &permission->groups)
            if (!pair->user_id)
                pair->user_id = owner_id;
    }
    permissions->seen = true;
}

/* Outbound rules that are left out are those of a new group; an empty list means none. */
void security_groups_complete(struct call *call)
{
    struct ec2_describe_reply *objects = &call->state->objects;

    VEC_EACH (group, &objects->security_groups) {
        const struct ec2_vpc *vpc = state_find(call->state, KIND_VPC, group->vpc_id);

        if (!group->owner_id)
            group->owner_id = vpc->owner_id;
        if (!group->group_name)
            group->group_name = group->group_id;
        if (!group->group_description)
            group->group_description = group->group_name;
        if (!group->ip_permissions_egress.seen) {
            security_group_allow_all_out(call, group, FAMILY_IPV4);
            if (vpc_has_ipv6(vpc))
                security_group_allow_all_out(call, group, FAMILY_IPV6);
        }
        complete_permissions(&group->ip_permissions, group->owner_id);
        complete_permissions(&group->ip_permissions_egress, group->owner_id);
        group->tags.seen = true;
    }
    VEC_EACH (vpc, &objects->vpcs)
        if (!security_group_default_of(call->state, vpc->vpc_id))
            security_group_add_default(call, vpc);
    VEC_EACH (interface, &objects->network_interfaces) {
        const struct wire_texts none = {0};

        /* NAT gateways' interfaces have none. */
        if (interface->groups.seen || text_equal(interface->interface_type, "nat_gateway"))
            continue;
        security_groups_give(call, interface->vpc_id, &none,
                             (struct wire_any_list *)(void *)&interface->groups);
    }
}
