/* STS: AssumeRole and AssumeRoleWithWebIdentity (aws-facts 5.6). GetCallerIdentity is in
 * change_reply.c. */
#include "change_private.h"

/* DurationSeconds lies between 900 and the role's own maximum; absent it is 3600. */
CHANGE(sts_assume_role_request, "AssumeRoleRequest", REQUIRED(role_arn, TEXT, "RoleArn"),
       REQUIRED(role_session_name, TEXT, "RoleSessionName"),
       MEMBER(duration_seconds, INT, "DurationSeconds"), MEMBER(external_id, TEXT, "ExternalId"));
CHANGE(sts_assume_role_with_web_identity_request, "AssumeRoleWithWebIdentityRequest",
       REQUIRED(role_arn, TEXT, "RoleArn"), REQUIRED(role_session_name, TEXT, "RoleSessionName"),
       REQUIRED(web_identity_token, TEXT, "WebIdentityToken"),
       MEMBER(duration_seconds, INT, "DurationSeconds"));

#define REPLY(m, k, n, ...) WIRE_FIELD(ec2_change_reply, m, k, n, __VA_ARGS__)

/* All four, or it is no reply to believe. */
static const struct wire_field credentials_fields[] = {
    REPLY(credentials.access_key_id, TEXT, "AccessKeyId", .required = true),
    REPLY(credentials.secret_access_key, TEXT, "SecretAccessKey", .required = true),
    REPLY(credentials.session_token, TEXT, "SessionToken", .required = true),
    REPLY(credentials.expiration, TEXT, "Expiration", .required = true),
};
static const struct wire_shape credentials_shape =
    SHAPE(ec2_change_reply, "Credentials", credentials_fields);
static const struct wire_field assumed_role_user_fields[] = {
    REPLY(arn, TEXT, "Arn"),
    REPLY(user_id, TEXT, "AssumedRoleId"),
};
static const struct wire_shape assumed_role_user_shape =
    SHAPE(ec2_change_reply, "AssumedRoleUser", assumed_role_user_fields);
static const struct wire_field response_metadata_fields[] = {
    REPLY(request_id, TEXT, "RequestId"),
};
static const struct wire_shape response_metadata_shape =
    SHAPE(ec2_change_reply, "ResponseMetadata", response_metadata_fields);

static const struct wire_field result_fields[] = {
    {.name = "Credentials", .kind = WIRE_GROUP, .required = true, .type = &credentials_shape},
    GROUP_HERE("AssumedRoleUser", assumed_role_user_shape),
};
static const struct wire_shape result_shape =
    SHAPE(ec2_change_reply, "AssumeRoleResponse", result_fields);

#define ANSWER(object, result)                                                                     \
    static const struct wire_field object##_fields[] = {                                           \
        {.name = result, .kind = WIRE_GROUP, .required = true, .type = &result_shape},             \
        GROUP_HERE("ResponseMetadata", response_metadata_shape),                                   \
    };                                                                                             \
    const struct wire_shape object = SHAPE(ec2_change_reply, "AssumeRoleResponse", object##_fields)
ANSWER(sts_assume_role_reply, "AssumeRoleResult");
ANSWER(sts_assume_role_with_web_identity_reply, "AssumeRoleWithWebIdentityResult");
