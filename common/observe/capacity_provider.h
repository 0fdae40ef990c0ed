/* capacity_provider.h - GetCapacityProvider of Lambda's REST-JSON API (aws-facts 6); private to
 * common/observe/. */
#pragma once

#include "vpc_reconciled/observe.h"

#define CAPACITY_PROVIDER_ACTION "GetCapacityProvider"
/* The date is the API's own, not Lambda's 2015-03-31 (aws-facts 6). */
#define CAPACITY_PROVIDER_PATH "/2025-11-30/capacity-providers/"
#define CAPACITY_PROVIDER_NOT_FOUND "ResourceNotFoundException"

/* The error's code, and the request's id, out of a head: x-amzn-ErrorType, x-amzn-RequestId. */
void capacity_provider_error_type(const struct effect_header *headers, size_t n_headers,
                                  struct aws_error *error);
/* The message, and the code where the head had none, out of an error's body. One that is not AWS's
 * says nothing. */
void capacity_provider_decode_error(const char *body, size_t n, struct aws_error *error);
enum ec2_error_class capacity_provider_error_class(const struct aws_error *error);
