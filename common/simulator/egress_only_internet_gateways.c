#include "actions.h"

int egress_only_internet_gateway_create(struct call *call)
{
    const struct ec2_vpc *vpc = call_find(call, KIND_VPC, call->change.vpc_id);
    struct ec2_egress_only_internet_gateway *gateway;

    if (!vpc || call_check_quota(call, QUOTA_EGRESS_ONLY_INTERNET_GATEWAYS,
                                 call->state->objects.egress_only_internet_gateways.n) < 0)
        return -EINVAL;
    /* One for each VPC (aws-facts 9.4); the code is unverified there. */
    VEC_EACH (other, &call->state->objects.egress_only_internet_gateways)
        VEC_EACH (attachment, &other->attachments)
            if (text_equal(attachment->vpc_id, vpc->vpc_id))
                return call_fail(call, quota_table[QUOTA_EGRESS_ONLY_INTERNET_GATEWAYS].code,
                                 "Network %s already has an egress-only internet gateway attached",
                                 vpc->vpc_id);

    call->made_id = new_id(call, "eigw-");
    gateway = call_add(call, KIND_EGRESS_ONLY_INTERNET_GATEWAY, call->made_id);
    *LIST_ADD(call->state->arena, &gateway->attachments) =
        (struct ec2_gateway_attachment){vpc->vpc_id, EC2_ATTACHMENT_ATTACHED};
    gateway->tags.seen = true;
    call_tag(call, &gateway->tags);
    call->change_reply.egress_only_internet_gateway = *gateway;
    return 0;
}

int egress_only_internet_gateway_delete(struct call *call)
{
    const char *id = call->change.egress_only_internet_gateway_id;

    if (!call_find(call, KIND_EGRESS_ONLY_INTERNET_GATEWAY, id))
        return -EINVAL;
    state_remove(call->state, KIND_EGRESS_ONLY_INTERNET_GATEWAY, id);
    return 0;
}
