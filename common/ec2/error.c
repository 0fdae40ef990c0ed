/* What an error code of AWS means for a caller (EC2 API, "Error codes"; aws-facts 2.4). */
#include "vpc_reconciled/ec2.h"

#include "error.h"

#include <stdlib.h>

/* Sorted by code, as bytes; the test checks it. Codes that end in ".NotFound" or "LimitExceeded"
 * and have no row follow the rule at the end. */
const struct ec2_error_row ec2_error_table[] = {
    {"AccessDenied", EC2_ERROR_DENIED}, /* STS */
    {"AccessDeniedException", EC2_ERROR_DENIED},
    {"AccountDisabled", EC2_ERROR_CREDENTIALS},
    {"AddressLimitExceeded", EC2_ERROR_QUOTA},
    {"AuthFailure", EC2_ERROR_CREDENTIALS},
    {"BandwidthLimitExceeded", EC2_ERROR_THROTTLED},
    {"Blocked", EC2_ERROR_CREDENTIALS},
    {"ConcurrentTagAccess", EC2_ERROR_WAIT},
    {"DependencyViolation", EC2_ERROR_WAIT},
    {"DryRunOperation", EC2_ERROR_DRY_RUN},
    {"DuplicateSubnetsInSameZone", EC2_ERROR_DONE},
    {"EC2ThrottledException", EC2_ERROR_THROTTLED},
    {"ExpiredToken", EC2_ERROR_CREDENTIALS}, /* STS, section 5 */
    {"ExpiredTokenException", EC2_ERROR_CREDENTIALS},
    {"FilterLimitExceeded", EC2_ERROR_QUOTA},
    {"Gateway.NotAttached", EC2_ERROR_WAIT},
    {"IdempotentParameterMismatch", EC2_ERROR_DONE}, /* a safe failure: look again (safety.md 1) */
    {"IncompleteSignature", EC2_ERROR_CREDENTIALS},
    {"IncorrectInstanceState", EC2_ERROR_WAIT},
    {"IncorrectState", EC2_ERROR_WAIT},
    {"InsufficientAddressCapacity", EC2_ERROR_WAIT}, /* AWS is out of addresses: later */
    {"InsufficientFreeAddressesInSubnet", EC2_ERROR_WAIT},
    {"InternalError", EC2_ERROR_SERVER},
    {"InternalFailure", EC2_ERROR_SERVER},
    {"InternetGatewayLimitExceeded", EC2_ERROR_QUOTA},
    {"InvalidAction", EC2_ERROR_OUR_BUG},
    {"InvalidAddress.Locked", EC2_ERROR_OTHER}, /* permanent: a person removes the reverse DNS */
    {"InvalidClientTokenId", EC2_ERROR_CREDENTIALS},
    {"InvalidGroupId.Malformed", EC2_ERROR_MISSING},
    {"InvalidIPAddress.InUse", EC2_ERROR_WAIT},
    {"InvalidMaxResults", EC2_ERROR_OUR_BUG},
    /* Two codes that say many things, among them "already has an internet gateway attached" and "no
     * route defined, use CreateRoute": the world is not what the snapshot says. Their text decides
     * nothing. */
    {"InvalidParameter", EC2_ERROR_DONE},
    {"InvalidParameterCombination", EC2_ERROR_OUR_BUG}, /* ids with MaxResults (aws-facts 1.5) */
    {"InvalidParameterValue", EC2_ERROR_DONE},
    {"InvalidPermission.Duplicate", EC2_ERROR_DONE},
    {"InvalidQueryParameter", EC2_ERROR_OUR_BUG},
    {"InvalidServiceName", EC2_ERROR_MISSING},
    {"InvalidState", EC2_ERROR_WAIT},
    /* After a lost answer to CreateSubnet, which has no token, the block that is in the way is our
       own. */
    {"InvalidSubnet.Conflict", EC2_ERROR_DONE},
    {"InvalidSubnet.Range", EC2_ERROR_OUR_BUG},
    {"InvalidVpcRange", EC2_ERROR_OUR_BUG},
    {"LimitExceededException", EC2_ERROR_THROTTLED},
    {"MalformedQueryString", EC2_ERROR_OUR_BUG},
    {"MissingAction", EC2_ERROR_OUR_BUG},
    {"MissingAuthenticationToken", EC2_ERROR_CREDENTIALS},
    {"MissingParameter", EC2_ERROR_OUR_BUG},
    {"NatGatewayLimitExceeded", EC2_ERROR_QUOTA},
    {"NatGatewayMalformed", EC2_ERROR_MISSING},
    {"NatGatewayNotFound", EC2_ERROR_MISSING}, /* no dot, unlike all others */
    {"NetworkInterfaceLimitExceeded", EC2_ERROR_QUOTA},
    {"NotAvailableInZone", EC2_ERROR_OTHER}, /* permanent: another zone's gateway serves */
    {"OperationNotPermitted", EC2_ERROR_WAIT},
    {"OptInRequired", EC2_ERROR_CREDENTIALS},
    {"PendingVerification", EC2_ERROR_CREDENTIALS},
    {"PriorRequestNotComplete", EC2_ERROR_THROTTLED},
    {"ProvisionedThroughputExceededException", EC2_ERROR_THROTTLED},
    {"RequestExpired", EC2_ERROR_CREDENTIALS},
    {"RequestLimitExceeded", EC2_ERROR_THROTTLED}, /* the one that EC2 uses, with status 503 */
    {"RequestThrottled", EC2_ERROR_THROTTLED},
    {"RequestThrottledException", EC2_ERROR_THROTTLED},
    {"Resource.AlreadyAssociated", EC2_ERROR_DONE},
    {"ResourceCountLimitExceeded", EC2_ERROR_QUOTA},
    {"ResourceLimitExceeded", EC2_ERROR_QUOTA},
    {"RouteAlreadyExists", EC2_ERROR_DONE},
    {"RouteLimitExceeded", EC2_ERROR_QUOTA},
    {"RouteTableLimitExceeded", EC2_ERROR_QUOTA},
    {"RulesPerSecurityGroupLimitExceeded", EC2_ERROR_QUOTA},
    {"SecurityGroupLimitExceeded", EC2_ERROR_QUOTA},
    {"ServerInternal", EC2_ERROR_SERVER},
    {"ServiceUnavailable", EC2_ERROR_SERVER},
    {"SignatureDoesNotMatch", EC2_ERROR_CREDENTIALS},
    {"SlowDown", EC2_ERROR_THROTTLED},
    {"SubnetLimitExceeded", EC2_ERROR_QUOTA},
    {"TagLimitExceeded", EC2_ERROR_QUOTA},
    {"TagPolicyViolation", EC2_ERROR_DENIED}, /* the organisation refuses our tags */
    {"ThrottledException", EC2_ERROR_THROTTLED},
    {"Throttling", EC2_ERROR_THROTTLED},
    {"ThrottlingException", EC2_ERROR_THROTTLED},
    {"TooManyRequestsException", EC2_ERROR_THROTTLED},
    {"TransactionInProgressException", EC2_ERROR_THROTTLED},
    {"UnauthorizedOperation", EC2_ERROR_DENIED},
    {"Unavailable", EC2_ERROR_SERVER},
    {"UnknownParameter", EC2_ERROR_OUR_BUG},
    {"VpcEndpointLimitExceeded", EC2_ERROR_QUOTA},
};
const size_t ec2_n_error_rows = ARRAY_SIZE(ec2_error_table);

static int compare_code(const void *code, const void *row)
{
    return strcmp(code, ((const struct ec2_error_row *)row)->code);
}

static bool ends_in(const char *text, const char *suffix)
{
    size_t n = strlen(text), n_suffix = strlen(suffix);

    return n >= n_suffix && strcmp(text + n - n_suffix, suffix) == 0;
}

enum ec2_error_class ec2_error_classify(const struct aws_error *error)
{
    const struct ec2_error_row *row =
        bsearch(error->code, ec2_error_table, ec2_n_error_rows, sizeof(*row), compare_code);

    if (row)
        return (enum ec2_error_class)row->error_class;
    /* EC2 spells ID and Id at will, so the suffix decides. A quota ends as RequestLimitExceeded
     * does, which has its row above. */
    if (ends_in(error->code, ".NotFound"))
        return EC2_ERROR_MISSING;
    if (ends_in(error->code, "LimitExceeded"))
        return EC2_ERROR_QUOTA;
    switch (error->status) {
    case 429:
        return EC2_ERROR_THROTTLED;
    case 500:
    case 502:
    case 503:
    case 504:
        return EC2_ERROR_SERVER;
    default:
        return EC2_ERROR_OTHER;
    }
}
