/* VPC Block Public Access: one setting of the account in the region, shown by every VPC and subnet.
 * Exclusions are not simulated; a world may say another mode of a VPC or a subnet. */
#include "actions.h"

static struct ec2_vpc_block_public_access_options *options_of(struct state *state)
{
    return &state->objects.vpc_block_public_access_options;
}

static const char *find_mode(const char *mode)
{
    static const char *const modes[] = {"off", "block-bidirectional", "block-ingress"};

    for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
        if (text_equal(modes[i], mode))
            return modes[i];
    return NULL;
}

void block_public_access_init(struct state *state)
{
    struct ec2_vpc_block_public_access_options *options = options_of(state);

    if (!options->internet_gateway_block_mode)
        options->internet_gateway_block_mode = "off";
    if (!options->state)
        options->state = "default-state";
    if (!options->managed_by)
        options->managed_by = "account";
    if (!options->exclusions_allowed)
        options->exclusions_allowed = "allowed";
}

const char *block_public_access_mode(struct state *state)
{
    return options_of(state)->internet_gateway_block_mode;
}

int block_public_access_describe(struct call *call)
{
    call->describe_reply.vpc_block_public_access_options = *options_of(call->state);
    return 0;
}

/* EC2 takes minutes over it and says "update-in-progress" meanwhile; here it is done at once. */
int block_public_access_modify(struct call *call)
{
    struct state *state = call->state;
    const char *mode = find_mode(call->change.internet_gateway_block_mode);

    if (!mode)
        return call_fail(call, "InvalidParameterValue",
                         "Value (%s) for parameter InternetGatewayBlockMode is invalid.",
                         call->change.internet_gateway_block_mode);
    options_of(state)->internet_gateway_block_mode = mode;
    options_of(state)->state = "update-complete";
    VEC_EACH (vpc, &state->objects.vpcs)
        vpc->internet_gateway_block_mode = mode;
    VEC_EACH (subnet, &state->objects.subnets)
        subnet->internet_gateway_block_mode = mode;
    call->change_reply.vpc_block_public_access_options = *options_of(state);
    return 0;
}
