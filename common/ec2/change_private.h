/* change_private.h - rows of struct ec2_change_request; private to common/ec2/. */
#pragma once

#include "shapes.h"

#define MEMBER(m, k, n, ...) WIRE_FIELD(ec2_change_request, m, k, n, __VA_ARGS__)
#define REQUIRED(m, k, n, ...)                                                                     \
    WIRE_FIELD(ec2_change_request, m, k, n, .required = true, __VA_ARGS__)

#define DRY_RUN MEMBER(dry_run, BOOL, "DryRun")
#define CLIENT_TOKEN MEMBER(client_token, TEXT, "ClientToken")
#define TAG_SPECIFICATIONS                                                                         \
    MEMBER(tag_specifications, LIST, "TagSpecification", .type = &ec2_tag_specification_shape)

/* The shape of one action's request: its name in AWS's model, then its rows. */
#define CHANGE(object, name, ...)                                                                  \
    static const struct wire_field object##_fields[] = {__VA_ARGS__};                              \
    const struct wire_shape object = SHAPE(ec2_change_request, name, object##_fields)
