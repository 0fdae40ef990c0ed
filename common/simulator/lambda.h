/* lambda.h - what of Lambda's REST-JSON API the simulator answers: capacity providers, read only
 * (aws-facts 6); private to common/simulator/. */
#pragma once

#include "call.h"

enum lambda_operation {
    LAMBDA_GET_CAPACITY_PROVIDER,
    LAMBDA_LIST_CAPACITY_PROVIDERS,
    LAMBDA_OPERATION_COUNT,
};
extern const char *const lambda_operation_names[LAMBDA_OPERATION_COUNT];

/* Requests are told apart by their path. */
bool lambda_is_asked(const struct simulator_request *request);
void lambda_handle(struct call *call, const struct simulator_request *request,
                   struct simulator_response *response);
/* After a world was read: fills in what every provider has, refuses what none can be. */
int capacity_provider_complete(const struct simulator *simulator,
                               struct capacity_provider *provider, struct json_place place,
                               struct json_error *reterr);
