/* Where a service answers. */
#include "vpc_reconciled/aws.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* aws-facts 1.1, column "plain" */
static const struct {
    const char *service, *region, *host;
} hosts[] = {
    {"ec2", "us-east-1", "ec2.us-east-1.amazonaws.com"},
    {"ec2", "ap-northeast-1", "ec2.ap-northeast-1.amazonaws.com"},
    {"sts", "ap-northeast-1", "sts.ap-northeast-1.amazonaws.com"},
    {"lambda", "mx-central-1", "lambda.mx-central-1.amazonaws.com"},
    {"ec2", "ap-southeast-7", "ec2.ap-southeast-7.amazonaws.com"},
    {"ec2", "xx-future-12", "ec2.xx-future-12.amazonaws.com"}, /* newer than this table */
    {"ec2", "us-gov-west-1", "ec2.us-gov-west-1.amazonaws.com"},
    {"ec2", "us-gov-east-1", "ec2.us-gov-east-1.amazonaws.com"},
    {"ec2", "cn-north-1", "ec2.cn-north-1.amazonaws.com.cn"},
    {"ec2", "cn-northwest-1", "ec2.cn-northwest-1.amazonaws.com.cn"},
    {"ec2", "eusc-de-east-1", "ec2.eusc-de-east-1.amazonaws.eu"},
    {"ec2", "us-iso-east-1", "ec2.us-iso-east-1.c2s.ic.gov"},
    {"ec2", "us-iso-west-1", "ec2.us-iso-west-1.c2s.ic.gov"},
    {"ec2", "us-isob-east-1", "ec2.us-isob-east-1.sc2s.sgov.gov"},
    {"ec2", "eu-isoe-west-1", "ec2.eu-isoe-west-1.cloud.adc-e.uk"},
    {"ec2", "us-isof-south-1", "ec2.us-isof-south-1.csp.hci.ic.gov"},
};

static void each_partition_has_its_hosts(void **state)
{
    const struct aws_environment environment = {0};
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
        struct aws_environment_error error;
        struct aws_endpoint endpoint;
        char url[600];

        assert_int_equal(aws_endpoint_resolve(&environment, hosts[i].service, hosts[i].region,
                                              &endpoint, &error),
                         0);
        snprintf(url, sizeof(url), "https://%s", hosts[i].host);
        assert_string_equal(endpoint.host, hosts[i].host);
        assert_string_equal(endpoint.url, url);
        assert_string_equal(endpoint.path, "/");
    }
}

static char general[] = "http://127.0.0.1:1", ec2[] = "http://127.0.0.1:2",
            sts[] = "http://127.0.0.1:3";

/* aws-facts 1.1, the other columns */
static const struct {
    const char *service, *region, *dualstack, *fips, *both;
} variants[] = {
    {"ec2", "us-east-1", "ec2.us-east-1.api.aws", "ec2-fips.us-east-1.amazonaws.com",
     "ec2-fips.us-east-1.api.aws"},
    {"sts", "ap-northeast-1", "sts.ap-northeast-1.api.aws", "sts-fips.ap-northeast-1.amazonaws.com",
     "sts-fips.ap-northeast-1.api.aws"},
    {"ec2", "us-gov-west-1", "ec2.us-gov-west-1.api.aws", "ec2.us-gov-west-1.amazonaws.com",
     "ec2-fips.us-gov-west-1.api.aws"},
    {"sts", "us-gov-east-1", "sts.us-gov-east-1.api.aws", "sts.us-gov-east-1.amazonaws.com",
     "sts-fips.us-gov-east-1.api.aws"},
    {"lambda", "us-gov-west-1", "lambda.us-gov-west-1.api.aws",
     "lambda-fips.us-gov-west-1.amazonaws.com", "lambda-fips.us-gov-west-1.api.aws"},
    {"ec2", "cn-north-1", "ec2.cn-north-1.api.amazonwebservices.com.cn",
     "ec2-fips.cn-north-1.amazonaws.com.cn", "ec2-fips.cn-north-1.api.amazonwebservices.com.cn"},
    {"ec2", "eusc-de-east-1", "ec2.eusc-de-east-1.api.amazonwebservices.eu",
     "ec2-fips.eusc-de-east-1.amazonaws.eu", "ec2-fips.eusc-de-east-1.api.amazonwebservices.eu"},
    {"ec2", "us-iso-east-1", "ec2.us-iso-east-1.api.aws.ic.gov",
     "ec2-fips.us-iso-east-1.c2s.ic.gov", "ec2-fips.us-iso-east-1.api.aws.ic.gov"},
    {"ec2", "us-isob-east-1", "ec2.us-isob-east-1.api.aws.scloud",
     "ec2-fips.us-isob-east-1.sc2s.sgov.gov", "ec2-fips.us-isob-east-1.api.aws.scloud"},
    {"ec2", "eu-isoe-west-1", "ec2.eu-isoe-west-1.api.cloud-aws.adc-e.uk",
     "ec2-fips.eu-isoe-west-1.cloud.adc-e.uk", "ec2-fips.eu-isoe-west-1.api.cloud-aws.adc-e.uk"},
    {"ec2", "us-isof-south-1", "ec2.us-isof-south-1.api.aws.hci.ic.gov",
     "ec2-fips.us-isof-south-1.csp.hci.ic.gov", "ec2-fips.us-isof-south-1.api.aws.hci.ic.gov"},
};

static void dual_stack_and_fips_have_theirs(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(variants); i++)
        for (int k = 1; k < 4; k++) {
            const char *const hosts_of[] = {NULL, variants[i].dualstack, variants[i].fips,
                                            variants[i].both};
            struct aws_environment environment = {
                .use_dualstack_endpoint = k & 1 ? WIRE_TRUE : WIRE_FALSE,
                .use_fips_endpoint = k & 2 ? WIRE_TRUE : WIRE_ABSENT};
            struct aws_environment_error error;
            struct aws_endpoint endpoint;

            assert_int_equal(aws_endpoint_resolve(&environment, variants[i].service,
                                                  variants[i].region, &endpoint, &error),
                             0);
            assert_string_equal(endpoint.host, hosts_of[k]);
            /* A URL that somebody chose is what it is. */
            environment.endpoint_url = general;
            assert_int_equal(aws_endpoint_resolve(&environment, variants[i].service,
                                                  variants[i].region, &endpoint, &error),
                             0);
            assert_string_equal(endpoint.url, general);
        }
}

static void what_is_no_region_is_refused(void **state)
{
    static const char *const regions[] = {
        "",
        "tokyo",
        "ap-northeast",
        "ap-northeast-",
        "ap-northeast-1a",
        "-ap-east-1",
        "ap--east-1",
        "ap-1",
        "AP-NORTHEAST-1",
        "ap-northeast-1 ",
        "ap_east_1",
        "ap-east-1.x",
        "evil.com/-a-1",
        "ap-east-1\n",
        "ap-east1-1",
        "12-34-1",
        "ap-east-1-2",
        "ap-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1",
    };
    const struct aws_environment environment = {0};
    struct aws_environment_error error;
    struct aws_endpoint endpoint = {.url = "untouched"};
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(regions); i++) {
        int r = aws_endpoint_resolve(&environment, "ec2", regions[i], &endpoint, &error);

        if (r != -EINVAL)
            fail_msg("\"%s\" gave %d", regions[i], r);
        assert_string_equal(error.variable, "AWS_REGION");
        assert_true(strlen(error.message) > 0);
    }
    assert_int_equal(aws_endpoint_resolve(&environment, "ec2", NULL, &endpoint, &error), -EINVAL);
    assert_non_null(strstr(error.message, "AWS_REGION"));
    assert_string_equal(endpoint.url, "untouched");
}

static const struct {
    char *general, *ec2, *sts;
    bool ignore;
    const char *service, *url;
} overrides[] = {
    {general, ec2, sts, false, "ec2", ec2},
    {general, ec2, sts, false, "sts", sts},
    {general, ec2, sts, false, "lambda", general},
    {general, NULL, NULL, false, "ec2", general},
    {general, NULL, sts, false, "ec2", general},
    {NULL, ec2, NULL, false, "ec2", ec2},
    {NULL, ec2, NULL, false, "sts", "https://sts.eu-west-1.amazonaws.com"},
    {general, ec2, sts, true, "ec2", "https://ec2.eu-west-1.amazonaws.com"},
    {general, ec2, sts, true, "sts", "https://sts.eu-west-1.amazonaws.com"},
};

static void overrides_have_their_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(overrides); i++) {
        const struct aws_environment environment = {
            .endpoint_url = overrides[i].general,
            .endpoint_url_ec2 = overrides[i].ec2,
            .endpoint_url_sts = overrides[i].sts,
            .ignore_configured_endpoint_urls = overrides[i].ignore,
        };
        struct aws_environment_error error;
        struct aws_endpoint endpoint;

        assert_int_equal(aws_endpoint_resolve(&environment, overrides[i].service, "eu-west-1",
                                              &endpoint, &error),
                         0);
        assert_string_equal(endpoint.url, overrides[i].url);
    }
}

#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
    const char *url;
    int r;
    const char *host, *path, *shown; /* shown: the URL made of it, or part of the message */
} urls[] = {
    {"https://vpce-1.ec2.eu-west-1.vpce.amazonaws.com", 0,
     "vpce-1.ec2.eu-west-1.vpce.amazonaws.com", "/",
     "https://vpce-1.ec2.eu-west-1.vpce.amazonaws.com"},
    {"https://example.com/", 0, "example.com", "/", "https://example.com"},
    {"https://example.com///", 0, "example.com", "/", "https://example.com"},
    {"https://example.com/a/b/", 0, "example.com", "/a/b", "https://example.com/a/b"},
    {"HTTPS://Example.COM:443/x", 0, "Example.COM", "/x", "https://Example.COM/x"},
    {"https://example.com:8443", 0, "example.com:8443", "/", "https://example.com:8443"},
    {"https://example.com:80", 0, "example.com:80", "/", "https://example.com:80"},
    {"https://10.0.0.1:65535", 0, "10.0.0.1:65535", "/", "https://10.0.0.1:65535"},
    {"https://[2001:db8::1]", 0, "[2001:db8::1]", "/", "https://[2001:db8::1]"},
    {"https://[2001:db8::1]:8443/x", 0, "[2001:db8::1]:8443", "/x", "https://[2001:db8::1]:8443/x"},
    {"http://127.0.0.1:4566", 0, "127.0.0.1:4566", "/", "http://127.0.0.1:4566"},
    {"http://127.0.0.1:80", 0, "127.0.0.1", "/", "http://127.0.0.1"},
    {"http://127.0.0.1", 0, "127.0.0.1", "/", "http://127.0.0.1"},
    {"http://127.255.3.4:443", 0, "127.255.3.4:443", "/", "http://127.255.3.4:443"},
    {"http://localhost:1", 0, "localhost:1", "/", "http://localhost:1"},
    {"http://LocalHost:1", 0, "LocalHost:1", "/", "http://LocalHost:1"},
    {"http://[::1]:4566", 0, "[::1]:4566", "/", "http://[::1]:4566"},
    /* plain http elsewhere */
    {"http://example.com", -EPERM, NULL, NULL, "plain http is only for loopback"},
    {"http://10.0.0.1", -EPERM, NULL, NULL, "plain http"},
    {"http://169.254.169.254/", -EPERM, NULL, NULL, "plain http"},
    {"http://128.0.0.1", -EPERM, NULL, NULL, "plain http"},
    {"http://0.0.0.0", -EPERM, NULL, NULL, "plain http"},
    {"http://127.1", -EPERM, NULL, NULL, "plain http"},
    {"http://127.0.0.1.example.com", -EPERM, NULL, NULL, "plain http"},
    {"http://localhost.example.com", -EPERM, NULL, NULL, "plain http"},
    {"http://[2001:db8::1]", -EPERM, NULL, NULL, "plain http"},
    /* what is no URL of an endpoint */
    {"", -EINVAL, NULL, NULL, "is not a URL"},
    {"127.0.0.1:4566", -EINVAL, NULL, NULL, "is not a URL"},
    {"ftp://example.com", -EINVAL, NULL, NULL, "\"ftp://example.com\" is not a URL"},
    {"https:/example.com", -EINVAL, NULL, NULL, "is not a URL"},
    {"https://", -EINVAL, NULL, NULL, "names no host"},
    {"https:///x", -EINVAL, NULL, NULL, "names no host"},
    {"https://:443", -EINVAL, NULL, NULL, "names no host"},
    {"https://[::1", -EINVAL, NULL, NULL, "names no host"},
    {"https://[", -EINVAL, NULL, NULL, "names no host"},
    {"https://[/]", -EINVAL, NULL, NULL, "names no host"},
    {"https://[]", -EINVAL, NULL, NULL, "is not the name or address of a host"},
    {"https://[1.2.3.4]", -EINVAL, NULL, NULL, "is not the name or address of a host"},
    {"https://a_b.c-d.e", 0, "a_b.c-d.e", "/", "https://a_b.c-d.e"},
    {"https://a,b", -EINVAL, NULL, NULL, "is not the name or address of a host"},
    {"https://a%2Fb", -EINVAL, NULL, NULL, "is not the name or address of a host"},
    {"https://example.com:", -EINVAL, NULL, NULL, "the port must be 1 to 65535"},
    {"https://example.com:0", -EINVAL, NULL, NULL, "the port must be"},
    {"https://example.com:65536", -EINVAL, NULL, NULL, "the port must be"},
    {"https://example.com:4294967297", -EINVAL, NULL, NULL, "the port must be"},
    {"https://example.com:-1", -EINVAL, NULL, NULL, "the port must be"},
    {"https://example.com:+1", -EINVAL, NULL, NULL, "the port must be"},
    {"https://example.com:8x", -EINVAL, NULL, NULL, "the port must be"},
    {"https://[::1]x", -EINVAL, NULL, NULL, "the port must be"},
    {"https://example.com?x", -EINVAL, NULL, NULL, "cannot have"},
    {"https://example.com/x?y", -EINVAL, NULL, NULL, "cannot have"},
    {"https://example.com#x", -EINVAL, NULL, NULL, "cannot have"},
    {"https://example.com\\x", -EINVAL, NULL, NULL, "cannot have"},
    {"https://user:hunter2@example.com", -EINVAL, NULL, NULL, "cannot have"},
    {"http://127.0.0.1:80@example.com", -EINVAL, NULL, NULL, "cannot have"},
    {"ftp://user:hunter2@example.com", -EINVAL, NULL, NULL, "is not a URL"},
    {"ftp://example.com/?key=hunter2", -EINVAL, NULL, NULL, "is not a URL"},
    {"https://" A50 A50 A50 A50 A50 A50, -EINVAL, NULL, NULL, "names no host"},
    {"https://x/" A50 A50 A50 A50 A50 A50, -EINVAL, NULL, NULL, "the path is too long"},
    {"https://" A50 A50 A50 A50 A50 ":8443/" A50 A50 A50 A50 A50, -EINVAL, NULL, NULL, "too long"},
};

static void urls_are_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
        char *url = strdup(urls[i].url);
        const struct aws_environment environment = {.endpoint_url = url};
        struct aws_environment_error error = {.message = ""};
        struct aws_endpoint endpoint = {.url = "untouched"};
        int r = aws_endpoint_resolve(&environment, "ec2", "eu-west-1", &endpoint, &error);

        if (r != urls[i].r)
            fail_msg("\"%s\" gave %d (%s)", urls[i].url, r, error.message);
        if (r == 0) {
            assert_string_equal(endpoint.host, urls[i].host);
            assert_string_equal(endpoint.path, urls[i].path);
            assert_string_equal(endpoint.url, urls[i].shown);
        } else {
            assert_string_equal(error.variable, "AWS_ENDPOINT_URL");
            if (!strstr(error.message, urls[i].shown) || !strstr(error.message, "AWS_ENDPOINT_URL"))
                fail_msg("\"%s\" said \"%s\"", urls[i].url, error.message);
            assert_null(strstr(error.message, "hunter2"));
            assert_string_equal(endpoint.url, "untouched");
        }
        free(url);
    }
}

/* aws-facts 11: dual-stack names, where the AAAA records are. */
static void test_dualstack_names(void **state)
{
    static const struct {
        const char *service, *region, *name; /* NULL: none is known */
    } rows[] = {
        {"logs", "ap-northeast-1", "logs.ap-northeast-1.api.aws"},
        {"xray", "us-gov-west-1", "xray.us-gov-west-1.api.aws"},
        {"s3", "ap-northeast-1", "s3.dualstack.ap-northeast-1.amazonaws.com"},
        {"s3", "cn-north-1", "s3.dualstack.cn-north-1.amazonaws.com.cn"},
        {"sqs", "cn-north-1", "sqs.cn-north-1.api.amazonwebservices.com.cn"},
        {"kinesis-streams", "eu-west-1", "kinesis.eu-west-1.api.aws"},
        {"ecr.api", "eu-west-1", "ecr.eu-west-1.api.aws"},
        {"ecr.dkr", "eu-west-1", NULL},
        {"com.example.thing", "eu-west-1", NULL},
        {"logs", "nowhere", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char name[160] = "";
        bool known =
            aws_service_dualstack_name(rows[i].service, rows[i].region, name, sizeof(name));

        assert_int_equal(known, rows[i].name != NULL);
        if (known)
            assert_string_equal(name, rows[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dualstack_names),
        cmocka_unit_test(each_partition_has_its_hosts),
        cmocka_unit_test(dual_stack_and_fips_have_theirs),
        cmocka_unit_test(what_is_no_region_is_refused),
        cmocka_unit_test(overrides_have_their_order),
        cmocka_unit_test(urls_are_judged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
