/* The look right before a write (S6): VPC endpoints, DNS attributes. */
#include "look.h"

#include <strings.h>

static bool same_word(const char *a, const char *b)
{
    return a && b ? strcasecmp(a, b) == 0 : a == b;
}

/* An endpoint of the service and type that is new, or newly there: somebody was faster (S3). */
static const char *endpoint_appeared(struct arena *arena, const struct plan_action *action,
                                     const struct snapshot *snapshot,
                                     const struct ec2_describe_reply *fresh)
{
    for (size_t i = 0; i < fresh->vpc_endpoints.n; i++) {
        const struct ec2_vpc_endpoint *endpoint = &fresh->vpc_endpoints.items[i];
        const struct ec2_vpc_endpoint *before =
            snapshot_find_vpc_endpoint(snapshot, endpoint->vpc_endpoint_id);

        if (!same_word(endpoint->vpc_endpoint_type, action->request.vpc_endpoint_type) ||
            (before && same_word(before->state, endpoint->state)))
            continue; /* the plan knew it */
        return arena_printf(arena, "endpoint %s is %s now", endpoint->vpc_endpoint_id,
                            endpoint->state ? endpoint->state : "in an unknown state");
    }
    return NULL;
}

static bool same_texts(const struct wire_texts *a, const struct wire_texts *b)
{
    for (size_t i = 0; i < a->n; i++) {
        bool found = false;

        for (size_t k = 0; k < b->n; k++)
            found |= text_equal(a->items[i], b->items[k]);
        if (!found)
            return false;
    }
    return a->n == b->n;
}

static bool same_groups(const struct ec2_vpc_endpoint *a, const struct ec2_vpc_endpoint *b)
{
    for (size_t i = 0; i < a->groups.n; i++) {
        bool found = false;

        for (size_t k = 0; k < b->groups.n; k++)
            found |= text_equal(a->groups.items[i].group_id, b->groups.items[k].group_id);
        if (!found)
            return false;
    }
    return a->groups.n == b->groups.n;
}

static const char *endpoint_changed(struct arena *arena, const struct plan_action *action,
                                    const struct snapshot *snapshot,
                                    const struct ec2_describe_reply *fresh)
{
    const char *id = action->request.vpc_endpoint_id;
    const struct ec2_vpc_endpoint *before = snapshot_find_vpc_endpoint(snapshot, id),
                                  *now = fresh->vpc_endpoints.items;

    if (!before || fresh->vpc_endpoints.n != 1 || !text_equal(now->vpc_endpoint_id, id))
        return arena_printf(arena, "%s was not there when it was looked at again", id);
    if (vpc_endpoint_state(now) != ENDPOINT_AVAILABLE)
        return arena_printf(arena, "%s is %s now", id,
                            now->state ? now->state : "in an unknown state");
    if (!same_texts(&now->route_table_ids, &before->route_table_ids) ||
        !same_texts(&now->subnet_ids, &before->subnet_ids) || !same_groups(now, before) ||
        now->private_dns_enabled != before->private_dns_enabled)
        return arena_printf(arena, "%s changed since it was observed", id);
    return NULL;
}

static const char *attribute_changed(struct arena *arena, const struct plan_action *action,
                                     const struct ec2_describe_reply *fresh)
{
    bool support = action->request.enable_dns_support == WIRE_TRUE;
    uint8_t now = support ? fresh->enable_dns_support : fresh->enable_dns_hostnames;

    if (!text_equal(fresh->vpc_id, action->request.vpc_id) || now != WIRE_FALSE)
        return arena_printf(arena, "%s of %s is not off any more",
                            support ? "enableDnsSupport" : "enableDnsHostnames",
                            action->request.vpc_id);
    return NULL;
}

const char *guard_recheck_endpoints(struct arena *arena, const struct plan_action *action,
                                    enum action_expect expect, const struct snapshot *snapshot,
                                    const struct ec2_describe_reply *fresh)
{
    switch (expect) {
    case EXPECT_NO_ENDPOINT:
        return endpoint_appeared(arena, action, snapshot, fresh);
    case EXPECT_ENDPOINT:
        return endpoint_changed(arena, action, snapshot, fresh);
    case EXPECT_VPC_ATTRIBUTE:
        return attribute_changed(arena, action, fresh);
    default:
        return "an expectation that nobody wrote";
    }
}
