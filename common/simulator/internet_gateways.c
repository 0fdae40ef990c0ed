#include "actions.h"

struct ec2_internet_gateway *internet_gateway_of_vpc(struct state *state, const char *vpc_id)
{
    VEC_EACH (gateway, &state->objects.internet_gateways)
        VEC_EACH (attachment, &gateway->attachments)
            if (text_equal(attachment->vpc_id, vpc_id))
                return gateway;
    return NULL;
}

int internet_gateway_create(struct call *call)
{
    struct ec2_internet_gateway *gateway;

    if (call_check_quota(call, QUOTA_INTERNET_GATEWAYS, call->state->objects.internet_gateways.n) <
        0)
        return -EINVAL;
    call->made_id = new_id(call, "igw-");
    gateway = call_add(call, KIND_INTERNET_GATEWAY, call->made_id);
    gateway->owner_id = keep(call, call->simulator->account);
    gateway->attachments.seen = gateway->tags.seen = true; /* born detached */
    call_tag(call, &gateway->tags);
    call->change_reply.internet_gateway = *gateway;
    return 0;
}

int internet_gateway_attach(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_internet_gateway *gateway =
        call_find(call, KIND_INTERNET_GATEWAY, change->internet_gateway_id);
    const struct ec2_vpc *vpc = gateway ? call_find(call, KIND_VPC, change->vpc_id) : NULL;

    if (!vpc)
        return -EINVAL;
    if (gateway->attachments.n)
        return call_fail(call, "Resource.AlreadyAssociated",
                         "resource %s is already attached to network %s",
                         gateway->internet_gateway_id, gateway->attachments.items[0].vpc_id);
    if (internet_gateway_of_vpc(call->state, vpc->vpc_id))
        return call_fail(call, "InvalidParameterValue",
                         "Network %s already has an internet gateway attached", vpc->vpc_id);
    *LIST_ADD(call->state->arena, &gateway->attachments) =
        (struct ec2_gateway_attachment){vpc->vpc_id, EC2_ATTACHMENT_AVAILABLE};
    return 0;
}

/* EC2 refuses to cut off what the internet reaches: "has some mapped public address(es)". */
static bool has_mapped_addresses(struct state *state, const char *vpc_id)
{
    VEC_EACH (interface, &state->objects.network_interfaces)
        if (text_equal(interface->vpc_id, vpc_id) && interface->association_public_ip)
            return true;
    VEC_EACH (address, &state->objects.addresses) {
        const struct ec2_nat_gateway *gateway = nat_gateway_of_address(state, address);

        if (gateway && text_equal(gateway->vpc_id, vpc_id))
            return true;
    }
    return false;
}

int internet_gateway_detach(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_internet_gateway *gateway =
        call_find(call, KIND_INTERNET_GATEWAY, change->internet_gateway_id);
    const struct ec2_vpc *vpc = gateway ? call_find(call, KIND_VPC, change->vpc_id) : NULL;

    if (!vpc)
        return -EINVAL;
    if (internet_gateway_of_vpc(call->state, vpc->vpc_id) != gateway)
        return call_fail(call, "Gateway.NotAttached", "resource %s is not attached to network %s",
                         gateway->internet_gateway_id, vpc->vpc_id);
    if (has_mapped_addresses(call->state, vpc->vpc_id))
        return call_fail(call, "DependencyViolation",
                         "Network %s has some mapped public address(es). Please unmap those public "
                         "address(es) before detaching the gateway.",
                         vpc->vpc_id);
    LIST_REMOVE(&gateway->attachments, 0);
    return 0;
}

int internet_gateway_delete(struct call *call)
{
    const char *id = call->change.internet_gateway_id;
    const struct ec2_internet_gateway *gateway = call_find(call, KIND_INTERNET_GATEWAY, id);

    if (!gateway)
        return -EINVAL;
    if (gateway->attachments.n)
        return call_fail(call, "DependencyViolation",
                         "The internetGateway '%s' has dependencies and cannot be deleted.", id);
    state_remove(call->state, KIND_INTERNET_GATEWAY, id);
    return 0;
}
