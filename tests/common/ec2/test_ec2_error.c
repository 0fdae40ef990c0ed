/* What a code means for the caller: every code of aws-facts 2.4, and what has no row. */
#include "vpc_reconciled/ec2.h"

#include "common/ec2/error.h"

#include <setjmp.h>
#include <stdio.h>

#include <cmocka.h>

static const struct {
    const char *code;
    int status;
    enum ec2_error_class expected;
} rows[] = {
    /* already in the wanted state */
    {"RouteAlreadyExists", 400, EC2_ERROR_DONE},
    {"Resource.AlreadyAssociated", 400, EC2_ERROR_DONE},
    {"InvalidParameterValue", 400, EC2_ERROR_DONE},
    {"InvalidParameter", 400, EC2_ERROR_DONE},
    {"InvalidPermission.Duplicate", 400, EC2_ERROR_DONE},
    {"DuplicateSubnetsInSameZone", 400, EC2_ERROR_DONE},
    {"IdempotentParameterMismatch", 400, EC2_ERROR_DONE},
    /* missing */
    {"InvalidVpcID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidSubnetID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidSubnetId.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidRouteTableID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidRouteTableId.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidRoute.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidInternetGatewayID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidGatewayID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidEgressOnlyInternetGatewayId.NotFound", 400, EC2_ERROR_MISSING},
    {"NatGatewayNotFound", 400, EC2_ERROR_MISSING},
    {"InvalidNatGatewayID.NotFound", 400, EC2_ERROR_MISSING},
    {"NatGatewayMalformed", 400, EC2_ERROR_MISSING},
    {"InvalidAllocationID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidAddress.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidAddressID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidAssociationID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidGroup.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidSecurityGroupID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidGroupId.Malformed", 400, EC2_ERROR_MISSING},
    {"InvalidPermission.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidVpcEndpointId.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidVpcEndpoint.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidServiceName", 400, EC2_ERROR_MISSING},
    {"InvalidNetworkInterfaceID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidPrefixListID.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidPrefixListId.NotFound", 400, EC2_ERROR_MISSING},
    {"InvalidVpcCidrBlockAssociationID.NotFound", 400, EC2_ERROR_MISSING},
    {"SomethingNewID.NotFound", 400, EC2_ERROR_MISSING},
    /* in the way */
    {"DependencyViolation", 400, EC2_ERROR_WAIT},
    {"InvalidIPAddress.InUse", 400, EC2_ERROR_WAIT},
    {"Gateway.NotAttached", 400, EC2_ERROR_WAIT},
    {"IncorrectState", 400, EC2_ERROR_WAIT},
    {"InvalidState", 400, EC2_ERROR_WAIT},
    {"IncorrectInstanceState", 400, EC2_ERROR_WAIT},
    {"OperationNotPermitted", 400, EC2_ERROR_WAIT},
    {"InsufficientFreeAddressesInSubnet", 400, EC2_ERROR_WAIT},
    {"InsufficientAddressCapacity", 500, EC2_ERROR_WAIT},
    {"ConcurrentTagAccess", 400, EC2_ERROR_WAIT},
    {"InvalidSubnet.Conflict", 400, EC2_ERROR_DONE},
    {"InvalidSubnet.Range", 400, EC2_ERROR_OUR_BUG},
    {"InvalidVpcRange", 400, EC2_ERROR_OUR_BUG},
    {"NotAvailableInZone", 400, EC2_ERROR_OTHER},
    {"InvalidAddress.Locked", 400, EC2_ERROR_OTHER},
    {"TagPolicyViolation", 400, EC2_ERROR_DENIED},
    /* quota: all end in LimitExceeded, and so does the throttle below */
    {"AddressLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"NatGatewayLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"InternetGatewayLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"VpcEndpointLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"RouteLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"RouteTableLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"SubnetLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"RulesPerSecurityGroupLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"SecurityGroupLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"NetworkInterfaceLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"TagLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"ResourceCountLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"ResourceLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"FilterLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"CidrLimitExceeded", 400, EC2_ERROR_QUOTA},
    {"VpcLimitExceeded", 400, EC2_ERROR_QUOTA},
    /* throttled */
    {"RequestLimitExceeded", 503, EC2_ERROR_THROTTLED},
    {"Throttling", 400, EC2_ERROR_THROTTLED},
    {"ThrottlingException", 400, EC2_ERROR_THROTTLED},
    {"ThrottledException", 400, EC2_ERROR_THROTTLED},
    {"RequestThrottled", 400, EC2_ERROR_THROTTLED},
    {"RequestThrottledException", 400, EC2_ERROR_THROTTLED},
    {"TooManyRequestsException", 429, EC2_ERROR_THROTTLED},
    {"SlowDown", 503, EC2_ERROR_THROTTLED},
    {"EC2ThrottledException", 400, EC2_ERROR_THROTTLED},
    {"BandwidthLimitExceeded", 400, EC2_ERROR_THROTTLED},
    {"PriorRequestNotComplete", 400, EC2_ERROR_THROTTLED},
    {"TransactionInProgressException", 400, EC2_ERROR_THROTTLED},
    {"ProvisionedThroughputExceededException", 400, EC2_ERROR_THROTTLED},
    {"LimitExceededException", 400, EC2_ERROR_THROTTLED},
    /* server */
    {"InternalError", 500, EC2_ERROR_SERVER},
    {"InternalFailure", 500, EC2_ERROR_SERVER},
    {"ServerInternal", 500, EC2_ERROR_SERVER},
    {"ServiceUnavailable", 503, EC2_ERROR_SERVER},
    {"Unavailable", 503, EC2_ERROR_SERVER},
    /* credentials and account */
    {"AuthFailure", 401, EC2_ERROR_CREDENTIALS},
    {"MissingAuthenticationToken", 403, EC2_ERROR_CREDENTIALS},
    {"InvalidClientTokenId", 403, EC2_ERROR_CREDENTIALS},
    {"IncompleteSignature", 400, EC2_ERROR_CREDENTIALS},
    {"SignatureDoesNotMatch", 403, EC2_ERROR_CREDENTIALS},
    {"RequestExpired", 400, EC2_ERROR_CREDENTIALS},
    {"ExpiredToken", 403, EC2_ERROR_CREDENTIALS},
    {"ExpiredTokenException", 403, EC2_ERROR_CREDENTIALS},
    {"OptInRequired", 400, EC2_ERROR_CREDENTIALS},
    {"Blocked", 400, EC2_ERROR_CREDENTIALS},
    {"PendingVerification", 400, EC2_ERROR_CREDENTIALS},
    {"AccountDisabled", 400, EC2_ERROR_CREDENTIALS},
    {"UnauthorizedOperation", 403, EC2_ERROR_DENIED},
    {"AccessDenied", 403, EC2_ERROR_DENIED},
    {"InvalidAction", 400, EC2_ERROR_OUR_BUG},
    {"UnknownParameter", 400, EC2_ERROR_OUR_BUG},
    {"MissingParameter", 400, EC2_ERROR_OUR_BUG},
    {"InvalidParameterCombination", 400, EC2_ERROR_OUR_BUG},
    /* dry run */
    {"DryRunOperation", 412, EC2_ERROR_DRY_RUN},
    /* no row: the status */
    {"", 500, EC2_ERROR_SERVER},
    {"", 502, EC2_ERROR_SERVER},
    {"", 503, EC2_ERROR_SERVER},
    {"", 504, EC2_ERROR_SERVER},
    {"SomethingNew", 503, EC2_ERROR_SERVER},
    {"", 429, EC2_ERROR_THROTTLED},
    {"", 400, EC2_ERROR_OTHER},
    {"", 403, EC2_ERROR_OTHER},
    {"", 501, EC2_ERROR_OTHER},
    {"", 301, EC2_ERROR_OTHER},
    {"SomethingNew", 400, EC2_ERROR_OTHER},
    /* nearly a code that we know */
    {"authfailure", 400, EC2_ERROR_OTHER},
    {"AuthFailures", 400, EC2_ERROR_OTHER},
    {"NotFound", 400, EC2_ERROR_OTHER},
    {"Client.RouteAlreadyExists", 400, EC2_ERROR_OTHER},
    {"InvalidVpcID.NotFound ", 400, EC2_ERROR_OTHER},
};

static void test_classes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct aws_error error = {.status = rows[i].status};
        enum ec2_error_class found;

        snprintf(error.code, sizeof(error.code), "%s", rows[i].code);
        found = ec2_error_classify(&error);
        if (found != rows[i].expected)
            fail_msg("\"%s\" with status %d: class %d, expected %d", rows[i].code, rows[i].status,
                     (int)found, (int)rows[i].expected);
    }
}

static void test_table_is_sorted(void **state)
{
    (void)state;
    for (size_t i = 1; i < ec2_n_error_rows; i++)
        if (strcmp(ec2_error_table[i - 1].code, ec2_error_table[i].code) >= 0)
            fail_msg("%s does not belong before %s", ec2_error_table[i - 1].code,
                     ec2_error_table[i].code);
}

/* Each row is found by its own code: what the table says is what a caller gets. */
static void test_every_row_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < ec2_n_error_rows; i++) {
        struct aws_error error = {.status = 400};

        assert_true(strlen(ec2_error_table[i].code) < sizeof(error.code));
        snprintf(error.code, sizeof(error.code), "%s", ec2_error_table[i].code);
        assert_int_equal(ec2_error_classify(&error), ec2_error_table[i].error_class);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_table_is_sorted),
        cmocka_unit_test(test_every_row_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
