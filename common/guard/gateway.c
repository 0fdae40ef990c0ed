/* Making and attaching gateways against the invariants: one of a kind (S3), and never a stranger's
 * (S2). */
#include "action.h"

enum hold judge_create_internet_gateway(const struct action_case *c)
{
    if (c->snapshot->n_internet_gateways > 0)
        return refuse(c, HOLD_WAIT, "an internet gateway is attached, or on its way");
    if (!c->desired->internet_gateway.needed)
        return refuse(c, HOLD_NOT_OURS, "no declared group leads to an internet gateway");
    VEC_EACH (gateway, &c->snapshot->observation->internet_gateways)
        if (tags_are_ours(&gateway->tags, c->snapshot->owner_tag))
            return refuse(c, HOLD_WAIT, "%s is ours for this VPC already",
                          gateway->internet_gateway_id);
    return HOLD_NONE;
}

enum hold judge_attach_internet_gateway(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct ec2_internet_gateway *gateway;

    if (!text_equal(request->vpc_id, c->snapshot->vpc->vpc_id))
        return refuse(c, HOLD_NOT_OURS, "%s is not this target's VPC",
                      request->vpc_id ? request->vpc_id : "(none)");
    if (c->snapshot->n_internet_gateways > 0)
        return refuse(c, HOLD_WAIT, "an internet gateway is attached, or on its way");
    if (!c->desired->internet_gateway.needed)
        return refuse(c, HOLD_NOT_OURS, "no declared group leads to an internet gateway");
    gateway =
        observation_find_internet_gateway(c->snapshot->observation, request->internet_gateway_id);
    if (!gateway && c->action->input_is_fresh)
        return HOLD_NONE; /* AWS just made it for us; the look before the write still has to show it
                           */
    if (!gateway)
        return refuse(c, HOLD_WAIT, "%s does not show yet",
                      request->internet_gateway_id ? request->internet_gateway_id : "(none)");
    for (size_t i = 0; i < gateway->attachments.n; i++)
        if (gateway->attachments.items[i].state != EC2_ATTACHMENT_DETACHED)
            return refuse(c, HOLD_NOT_OURS, "%s is attached to %s", request->internet_gateway_id,
                          gateway->attachments.items[i].vpc_id);
    /* A stranger's unattached gateway is not ours to take. */
    if (!tags_are_ours(&gateway->tags, c->snapshot->owner_tag) &&
        !text_equal(c->desired->internet_gateway.detached, request->internet_gateway_id))
        return refuse(c, HOLD_NOT_OURS, "nothing shows that %s was this VPC's",
                      request->internet_gateway_id);
    return HOLD_NONE;
}

enum hold judge_create_egress_only_internet_gateway(const struct action_case *c)
{
    if (!text_equal(c->action->request.vpc_id, c->snapshot->vpc->vpc_id))
        return refuse(c, HOLD_NOT_OURS, "%s is not this target's VPC",
                      c->action->request.vpc_id ? c->action->request.vpc_id : "(none)");
    if (c->snapshot->n_egress_only_internet_gateways > 0)
        return refuse(c, HOLD_WAIT, "an egress-only internet gateway is attached, or on its way");
    if (!c->desired->egress_only_internet_gateway.needed)
        return refuse(c, HOLD_NOT_OURS,
                      "no declared group leads to an egress-only internet gateway");
    return HOLD_NONE;
}
