#include "vpc_reconciled/model.h"

#include <strings.h>

/* AWS's words; the wire and the model of the API spell them differently (aws-facts 2.5). */
static const struct {
    const char *word;
    enum vpc_endpoint_state state;
} state_table[] = {
    {"available", ENDPOINT_AVAILABLE},
    {"pending", ENDPOINT_PENDING},
    {"pendingAcceptance", ENDPOINT_PENDING_ACCEPTANCE},
    {"deleting", ENDPOINT_DELETING},
    {"deleted", ENDPOINT_DELETED},
    {"rejected", ENDPOINT_DEAD},
    {"failed", ENDPOINT_DEAD},
    {"expired", ENDPOINT_DEAD},
};

enum vpc_endpoint_state vpc_endpoint_state(const struct ec2_vpc_endpoint *endpoint)
{
    for (size_t i = 0; endpoint->state && i < ARRAY_SIZE(state_table); i++)
        if (strcasecmp(endpoint->state, state_table[i].word) == 0)
            return state_table[i].state;
    return ENDPOINT_UNCLEAR;
}

bool vpc_endpoint_is_there(const struct ec2_vpc_endpoint *endpoint)
{
    enum vpc_endpoint_state state = vpc_endpoint_state(endpoint);

    return state == ENDPOINT_AVAILABLE || state == ENDPOINT_PENDING;
}

bool vpc_endpoint_is_interface(const struct ec2_vpc_endpoint *endpoint)
{
    return endpoint->vpc_endpoint_type && strcasecmp(endpoint->vpc_endpoint_type, "Interface") == 0;
}

bool vpc_endpoint_is_gateway(const struct ec2_vpc_endpoint *endpoint)
{
    return endpoint->vpc_endpoint_type && strcasecmp(endpoint->vpc_endpoint_type, "Gateway") == 0;
}
