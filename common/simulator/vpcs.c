/* VPCs and their DNS attributes. */
#include "actions.h"

#include "transitions.h"

struct vpc_attributes *vpc_attributes_find(struct state *state, const char *vpc_id)
{
    VEC_EACH (attributes, &state->vpc_attributes)
        if (text_equal(attributes->vpc_id, vpc_id))
            return attributes;
    return NULL;
}

static void attributes_add(struct call *call, const char *vpc_id)
{
    struct vpc_attributes *attributes = LIST_ADD(call->state->arena, &call->state->vpc_attributes);

    /* Of a VPC that is not the account's default one: DNS yes, host names no. */
    *attributes = (struct vpc_attributes){keep(call, vpc_id), WIRE_TRUE, WIRE_FALSE};
}

static void add_main_table(struct call *call, const struct ec2_vpc *vpc)
{
    struct ec2_route_table *table = route_table_new(call, vpc);
    struct ec2_route_table_association *association =
        LIST_ADD(call->state->arena, &table->associations);

    *association = (struct ec2_route_table_association){
        .route_table_association_id = new_id(call, "rtbassoc-"),
        .route_table_id = table->route_table_id,
        .main = WIRE_TRUE,
        .state = EC2_ASSOCIATION_ASSOCIATED,
    };
}

int vpc_create(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_vpc *vpc;
    struct ec2_vpc_cidr_block_association *block;
    int r;

    if (change->cidr_block.family == FAMILY_NONE)
        return call_require(call, NULL, "cidrBlock");
    r = vpc_check_ipv4_block(call, &change->cidr_block);
    if (r >= 0)
        r = vpc_check_no_pool(call);
    if (r < 0)
        return r;
    r = call_check_quota(call, QUOTA_VPCS, call->state->objects.vpcs.n);
    if (r < 0)
        return r;

    call->made_id = new_id(call, "vpc-");
    vpc = call_add(call, KIND_VPC, call->made_id);
    vpc->owner_id = keep(call, call->simulator->account);
    vpc->dhcp_options_id = new_id(call, "dopt-");
    vpc->instance_tenancy =
        keep(call, change->instance_tenancy ? change->instance_tenancy : "default");
    vpc->state = EC2_STATE_AVAILABLE;
    vpc->is_default = WIRE_FALSE;
    vpc->cidr_block = change->cidr_block;
    vpc->ipv6_cidr_block_associations.seen = vpc->tags.seen = true;
    block = LIST_ADD(call->state->arena, &vpc->cidr_block_associations);
    block->association_id = new_id(call, "vpc-cidr-assoc-");
    block->cidr_block = change->cidr_block;
    block->state = EC2_ASSOCIATION_ASSOCIATED;
    vpc->internet_gateway_block_mode = block_public_access_mode(call->state);
    call_tag(call, &vpc->tags);
    if (change->amazon_provided_ipv6_cidr_block == WIRE_TRUE)
        vpc_add_amazon_block(call, vpc, change->ipv6_cidr_block_network_border_group);
    attributes_add(call, vpc->vpc_id);
    add_main_table(call, vpc);
    security_group_add_default(call, vpc);
    network_acl_add_default(call, vpc);
    call->change_reply.vpc = *vpc;
    return 0;
}

static bool internet_gateways_refer_to(struct state *state, const char *vpc_id)
{
    VEC_EACH (gateway, &state->objects.egress_only_internet_gateways)
        VEC_EACH (attachment, &gateway->attachments)
            if (text_equal(attachment->vpc_id, vpc_id))
                return true;
    return internet_gateway_of_vpc(state, vpc_id) != NULL;
}

/* The main table, the default security group and the default network ACL go with their VPC; any
 * other has to be deleted before. */
static bool vpc_is_in_use(struct state *state, const char *vpc_id)
{
    VEC_EACH (gateway, &state->objects.nat_gateways)
        if (text_equal(gateway->vpc_id, vpc_id) && gateway->state != EC2_STATE_DELETED &&
            gateway->state != EC2_STATE_FAILED)
            return true;
    return state_count_in_vpc(state, KIND_SUBNET, vpc_id) > 0 ||
           state_count_in_vpc(state, KIND_NETWORK_INTERFACE, vpc_id) > 0 ||
           state_count_in_vpc(state, KIND_ROUTE_TABLE, vpc_id) > 1 ||
           state_count_in_vpc(state, KIND_SECURITY_GROUP, vpc_id) > 1 ||
           state_count_in_vpc(state, KIND_NETWORK_ACL, vpc_id) > 1 ||
           state_count_in_vpc(state, KIND_VPC_ENDPOINT, vpc_id) > 0 ||
           internet_gateways_refer_to(state, vpc_id);
}

int vpc_delete(struct call *call)
{
    struct state *state = call->state;
    const char *id = call->change.vpc_id;
    struct ec2_vpc *vpc = call_find(call, KIND_VPC, id);
    const enum kind kinds[] = {KIND_ROUTE_TABLE, KIND_SECURITY_GROUP, KIND_NETWORK_ACL};

    if (!vpc)
        return -EINVAL;
    if (vpc_is_in_use(state, id))
        return call_fail(call, "DependencyViolation",
                         "The vpc '%s' has dependencies and cannot be deleted.", id);
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
        state_remove_of_vpc(state, kinds[i], id);
    LIST_REMOVE(&state->vpc_attributes,
                (size_t)(vpc_attributes_find(state, id) - state->vpc_attributes.items));
    state_remove(state, KIND_VPC, id);
    return 0;
}

int vpc_describe_attribute(struct call *call)
{
    const struct ec2_describe_request *request = &call->describe;
    struct ec2_describe_reply *reply = &call->describe_reply;
    const struct ec2_vpc *vpc;
    const struct vpc_attributes *attributes;

    if (call_require(call, request->vpc_id, "vpcId") < 0 ||
        call_require(call, request->attribute, "attribute") < 0)
        return -EINVAL;
    vpc = call_find(call, KIND_VPC, request->vpc_id);
    if (!vpc)
        return -EINVAL;
    attributes = vpc_attributes_find(call->state, vpc->vpc_id);
    reply->vpc_id = vpc->vpc_id;
    if (text_equal(request->attribute, "enableDnsSupport"))
        reply->enable_dns_support = attributes->enable_dns_support;
    else if (text_equal(request->attribute, "enableDnsHostnames"))
        reply->enable_dns_hostnames = attributes->enable_dns_hostnames;
    else
        return call_fail(call, "InvalidParameterValue",
                         "Value (%s) for parameter attribute is invalid. Unknown attribute.",
                         request->attribute);
    return 0;
}

int vpc_modify_attribute(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    const struct ec2_vpc *vpc = call_find(call, KIND_VPC, change->vpc_id);
    struct vpc_attributes *attributes;

    if (!vpc)
        return -EINVAL;
    attributes = vpc_attributes_find(call->state, vpc->vpc_id);
    if (!change->enable_dns_support == !change->enable_dns_hostnames)
        return call_fail(call, "InvalidParameterCombination",
                         "Exactly one of enableDnsSupport, enableDnsHostnames is to be given");
    if (change->enable_dns_support) {
        attributes->enable_dns_support = change->enable_dns_support;
        return 0;
    }
    if (change->enable_dns_hostnames == WIRE_TRUE && attributes->enable_dns_support != WIRE_TRUE)
        return call_fail(call, "InvalidParameterValue",
                         "enableDnsHostnames needs enableDnsSupport to be on in %s", vpc->vpc_id);
    attributes->enable_dns_hostnames = change->enable_dns_hostnames;
    return 0;
}
