/* transitions.h - states that take time; private to common/simulator/. */
#pragma once

#include "call.h"

enum slow_state {
    SLOW_NAT_GATEWAY_PENDING,
    SLOW_NAT_GATEWAY_BREAKING, /* pending, and going to fail with InternalError */
    SLOW_NAT_GATEWAY_LETTING_GO,
    SLOW_NAT_GATEWAY_EXPANDING,
    SLOW_NAT_GATEWAY_DELETING,
    SLOW_NAT_GATEWAY_GONE, /* failed and deleted ones stay listed for about an hour */
    SLOW_VPC_BLOCK_ASSOCIATING,
    SLOW_VPC_BLOCK_DISASSOCIATING,
    SLOW_VPC_BLOCK_GONE,
    SLOW_SUBNET_BLOCK_ASSOCIATING,
    SLOW_SUBNET_BLOCK_DISASSOCIATING,
    SLOW_SUBNET_BLOCK_GONE,
    SLOW_VPC_ENDPOINT_PENDING,
    SLOW_VPC_ENDPOINT_DELETING,
    SLOW_STATE_COUNT,
};

/* Of the object, or of the block association, with this id. */
void transition_start(struct simulator *simulator, struct instant now, enum slow_state what,
                      const char *id);
/* Ends what is due, in order. Called first of all in each call. */
void transitions_run(struct simulator *simulator, struct instant now);

/* One for each slow state; a call without a request. id may have gone: then nothing happens. */
void nat_gateway_settle(struct call *call, const char *id);
void nat_gateway_break(struct call *call, const char *id);
void nat_gateway_let_go(struct call *call, const char *id);
void nat_gateway_expand(struct call *call, const char *id);
void nat_gateway_deleted(struct call *call, const char *id);
void nat_gateway_gone(struct call *call, const char *id);
void vpc_endpoint_settle(struct call *call, const char *id);
void vpc_endpoint_gone(struct call *call, const char *id);
void vpc_block_associated(struct call *call, const char *id);
void vpc_block_disassociated(struct call *call, const char *id);
void vpc_block_gone(struct call *call, const char *id);
void subnet_block_associated(struct call *call, const char *id);
void subnet_block_disassociated(struct call *call, const char *id);
void subnet_block_gone(struct call *call, const char *id);
