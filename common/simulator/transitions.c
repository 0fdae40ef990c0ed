#include "transitions.h"

#include "actions.h"

/* A NAT gateway takes a minute or two; failed and deleted entries vanish in about an hour
 * (aws-facts 2.5). A new zone takes a regional one up to an hour (there). How long a failed one
 * keeps its address is unverified. Block associations take seconds. */
static const struct {
    uint32_t min_ms, max_ms;
    void (*end)(struct call *call, const char *id);
} slow_state_table[SLOW_STATE_COUNT] = {
    [SLOW_NAT_GATEWAY_PENDING] = {60000, 90000, nat_gateway_settle},
    [SLOW_NAT_GATEWAY_BREAKING] = {60000, 90000, nat_gateway_break},
    [SLOW_NAT_GATEWAY_LETTING_GO] = {60000, 120000, nat_gateway_let_go},
    [SLOW_NAT_GATEWAY_EXPANDING] = {600000, 3600000, nat_gateway_expand},
    [SLOW_NAT_GATEWAY_DELETING] = {40000, 60000, nat_gateway_deleted},
    [SLOW_NAT_GATEWAY_GONE] = {3600000, 3600000, nat_gateway_gone},
    [SLOW_VPC_BLOCK_ASSOCIATING] = {5000, 10000, vpc_block_associated},
    [SLOW_VPC_BLOCK_DISASSOCIATING] = {5000, 10000, vpc_block_disassociated},
    [SLOW_VPC_BLOCK_GONE] = {60000, 60000, vpc_block_gone},
    [SLOW_SUBNET_BLOCK_ASSOCIATING] = {1000, 3000, subnet_block_associated},
    [SLOW_SUBNET_BLOCK_DISASSOCIATING] = {1000, 3000, subnet_block_disassociated},
    [SLOW_SUBNET_BLOCK_GONE] = {60000, 60000, subnet_block_gone},
    /* interface endpoints take minutes (aws-facts 2.5) */
    [SLOW_VPC_ENDPOINT_PENDING] = {60000, 180000, vpc_endpoint_settle},
    [SLOW_VPC_ENDPOINT_DELETING] = {20000, 60000, vpc_endpoint_gone},
};

void transition_start(struct simulator *simulator, struct instant now, enum slow_state what,
                      const char *id)
{
    struct state *state = &simulator->state;
    uint32_t min_ms = slow_state_table[what].min_ms;
    uint64_t span = slow_state_table[what].max_ms - min_ms + 1U;
    struct transition transition = {
        .due_ms = now.monotonic_ms + (min_ms + rng_below(&simulator->ids, span)) / simulator->speed,
        .what = (uint8_t)what,
        .id = arena_strdup(state->arena, id)};
    struct transition *at = LIST_ADD(state->arena, &state->transitions);

    for (; at > state->transitions.items && at[-1].due_ms > transition.due_ms; at--)
        *at = at[-1];
    *at = transition;
}

void transitions_run(struct simulator *simulator, struct instant now)
{
    struct state *state = &simulator->state;
    bool changed = false;

    while (state->transitions.n && state->transitions.items[0].due_ms <= now.monotonic_ms) {
        struct transition transition = state->transitions.items[0];
        struct call call = {
            .simulator = simulator,
            .action = EC2_NO_ACTION,
            .state = state,
            .arena = simulator->scratch,
            .now = {.monotonic_ms = transition.due_ms,
                    .wall_ms = now.wall_ms - (int64_t)(now.monotonic_ms - transition.due_ms)}};

        past_keep(simulator, transition.due_ms);
        LIST_REMOVE(&state->transitions, 0);
        slow_state_table[transition.what].end(&call, transition.id);
        changed = true;
    }
    if (changed)
        routes_refresh(state);
}
