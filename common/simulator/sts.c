#include "actions.h"

int caller_identity(struct call *call)
{
    struct simulator *simulator = call->simulator;

    call->change_reply.account = simulator->account;
    call->change_reply.arn =
        arena_printf(call->arena, "arn:aws:iam::%s:user/simulator", simulator->account);
    call->change_reply.user_id = "AIDASIMULATOR00000000";
    return 0;
}
