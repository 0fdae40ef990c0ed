/* Where a service answers: an override's URL, or the host that the region's partition has. */
#include "vpc_reconciled/aws.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

PRINTF_LIKE(4, 5)
static int fail(struct aws_environment_error *reterr, int r, const char *name, const char *format,
                ...)
{
    va_list args;

    reterr->variable = name;
    va_start(args, format);
    vsnprintf(reterr->message, sizeof(reterr->message), format, args);
    va_end(args);
    return r;
}

/* By the region's prefix (aws-facts 1.1); the first that fits. */
static const struct partition {
    const char *prefix, *suffix, *dualstack_suffix;
    const char *fips_plain; /* services whose plain host is the FIPS one, as " ec2 sts "; or NULL */
} partitions[] = {
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", NULL},
    {"us-gov-", "amazonaws.com", "api.aws", " ec2 sqs sns sts events "},
    {"eusc-", "amazonaws.eu", "api.amazonwebservices.eu", NULL},
    {"us-isob-", "sc2s.sgov.gov", "api.aws.scloud", NULL},
    {"us-iso-", "c2s.ic.gov", "api.aws.ic.gov", NULL},
    {"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", NULL},
    {"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", NULL},
    {"", "amazonaws.com", "api.aws", NULL},
};

/* "ap-northeast-1", "us-gov-west-1", "eusc-de-east-1": two words of letters at least, then a
 * number. AWS opens regions faster than lists of them are updated, so it is the form that counts.
 */
static bool is_region(const char *region)
{
    size_t words = 0, n = strlen(region);

    if (n > 32)
        return false;
    for (; islower((unsigned char)*region); words++) {
        while (islower((unsigned char)*region))
            region++;
        if (*region++ != '-')
            return false;
    }
    n = strspn(region, "0123456789");
    return words >= 2 && n >= 1 && !region[n];
}

static bool is_loopback(const char *host)
{
    struct prefix address;

    if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
        return true;
    /* Only the plain form of four numbers: "127.1" and the like could be names as well. */
    return prefix_parse_address(host, &address) == 0 && address.family == FAMILY_IPV4 &&
           address.bytes[0] == 127;
}

static bool is_host(const char *host)
{
    struct prefix address;
    char plain[64];
    size_t n = strlen(host);

    if (host[0] != '[')
        return host[strspn(host,
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")] ==
               '\0';
    if (n < 4 || n - 2 >= sizeof(plain))
        return false;
    memcpy(plain, host + 1, n - 2);
    plain[n - 2] = '\0';
    return prefix_parse_address(plain, &address) == 0 && address.family == FAMILY_IPV6;
}

/* For messages: what a URL may carry of secrets (a password, a token in its query) is not shown. */
static const char *shown(const char *url)
{
    return strpbrk(url, "@?#") ? "(not shown)" : url;
}

/* ":PORT" or nothing, up to end. Returns the port, or 0. */
static unsigned parse_port(const char *at, const char *end, unsigned scheme_port)
{
    unsigned port = 0;

    if (at == end)
        return scheme_port;
    if (*at++ != ':')
        return 0;
    for (; at < end && port <= 65535; at++) {
        if (!isdigit((unsigned char)*at))
            return 0;
        port = port * 10 + (unsigned)(*at - '0');
    }
    return port <= 65535 ? port : 0;
}

/* One override's URL into its parts. */
static int parse_url(const char *url, const char *name, struct aws_endpoint *endpoint,
                     struct aws_environment_error *reterr)
{
    bool https = strncasecmp(url, "https://", 8) == 0, http = strncasecmp(url, "http://", 7) == 0;
    const char *authority = url + (https ? 8 : 7), *path;
    unsigned scheme_port = https ? 443 : 80, port;
    char host[260];
    size_t host_n, path_n;

    if (!https && !http)
        return fail(reterr, -EINVAL, name,
                    "%s: \"%.100s\" is not a URL; expected https://HOST[:PORT]", name, shown(url));
    if (strpbrk(authority, "?#@\\"))
        return fail(reterr, -EINVAL, name,
                    "%s: \"%.100s\" has a part that an endpoint cannot have (a user, a query or a "
                    "fragment); expected https://HOST[:PORT][/PATH]",
                    name, shown(url));
    path = authority + strcspn(authority, "/");
    host_n = authority[0] == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/");
    if (host_n == 0 || host_n >= sizeof(host) || authority + host_n > path)
        return fail(reterr, -EINVAL, name, "%s: \"%.100s\" names no host", name, url);
    snprintf(host, sizeof(host), "%.*s", (int)host_n, authority);
    if (!is_host(host))
        return fail(reterr, -EINVAL, name, "%s: \"%.100s\" is not the name or address of a host",
                    name, host);
    port = parse_port(authority + host_n, path, scheme_port);
    if (port == 0)
        return fail(reterr, -EINVAL, name, "%s: \"%.100s\": the port must be 1 to 65535", name,
                    url);
    if (http && !is_loopback(host))
        return fail(reterr, -EPERM, name,
                    "%s: plain http is only for loopback, \"%.100s\" would send signed requests in "
                    "the open; use https://",
                    name, url);
    path_n = strlen(path);
    while (path_n && path[path_n - 1] == '/')
        path_n--;
    if (path_n >= sizeof(endpoint->path))
        return fail(reterr, -EINVAL, name, "%s: the path is too long", name);
    if (port == scheme_port)
        snprintf(endpoint->host, sizeof(endpoint->host), "%s", host);
    else
        snprintf(endpoint->host, sizeof(endpoint->host), "%s:%u", host, port);
    snprintf(endpoint->path, sizeof(endpoint->path), "%.*s", path_n ? (int)path_n : 1,
             path_n ? path : "/");
    if ((size_t)snprintf(endpoint->url, sizeof(endpoint->url), "%s%s%.*s",
                         https ? "https://" : "http://", endpoint->host, (int)path_n,
                         path) >= sizeof(endpoint->url))
        return fail(reterr, -EINVAL, name, "%s: the URL is too long", name);
    return 0;
}

static const struct partition *partition_of(const char *region)
{
    const struct partition *partition = partitions;

    while (!text_starts_with(region, partition->prefix))
        partition++;
    return partition;
}

static void partition_host(const struct aws_environment *environment, const char *service,
                           const char *region, char *host, size_t size)
{
    bool dualstack = environment->use_dualstack_endpoint == WIRE_TRUE,
         fips = environment->use_fips_endpoint == WIRE_TRUE;
    const struct partition *partition = partition_of(region);
    char word[32];

    snprintf(word, sizeof(word), " %s ", service);
    if (fips && !dualstack && partition->fips_plain && strstr(partition->fips_plain, word))
        fips = false;
    snprintf(host, size, "%s%s.%s.%s", service, fips ? "-fips" : "", region,
             dualstack ? partition->dualstack_suffix : partition->suffix);
}

int aws_endpoint_resolve(const struct aws_environment *environment, const char *service,
                         const char *region, struct aws_endpoint *ret_endpoint,
                         struct aws_environment_error *reterr)
{
    const struct aws_endpoint_urls *profile = &environment->profile_urls;
    const char *const file = environment->profile_urls_file;
    const struct {
        const char *name, *url, *service;
    } overrides[] = {
        {"AWS_ENDPOINT_URL_EC2", environment->endpoint_url_ec2, "ec2"},
        {"AWS_ENDPOINT_URL_STS", environment->endpoint_url_sts, "sts"},
        {"AWS_ENDPOINT_URL_LAMBDA", environment->endpoint_url_lambda, "lambda"},
        {"AWS_ENDPOINT_URL_SQS", environment->endpoint_url_sqs, "sqs"},
        {"AWS_ENDPOINT_URL_SNS", environment->endpoint_url_sns, "sns"},
        {"AWS_ENDPOINT_URL_EVENTBRIDGE", environment->endpoint_url_eventbridge, "events"},
        {"AWS_ENDPOINT_URL", environment->endpoint_url, NULL},
        {file, profile->ec2, "ec2"},
        {file, profile->sts, "sts"},
        {file, profile->lambda, "lambda"},
        {file, profile->sqs, "sqs"},
        {file, profile->sns, "sns"},
        {file, profile->eventbridge, "events"},
        {file, profile->all, NULL},
    };
    struct aws_endpoint endpoint = {0};

    if (text_empty(region))
        return fail(reterr, -EINVAL, "AWS_REGION",
                    "no region is known; set AWS_REGION, such as ap-northeast-1");
    if (!is_region(region))
        return fail(reterr, -EINVAL, "AWS_REGION",
                    "\"%.60s\" is not the name of an AWS region; "
                    "expected one such as ap-northeast-1",
                    region);
    for (size_t i = 0; i < ARRAY_SIZE(overrides) && !environment->ignore_configured_endpoint_urls;
         i++) {
        int r;

        if (!overrides[i].url ||
            (overrides[i].service && !text_equal(overrides[i].service, service)))
            continue;
        r = parse_url(overrides[i].url, overrides[i].name, &endpoint, reterr);
        if (r >= 0)
            *ret_endpoint = endpoint;
        return r;
    }
    partition_host(environment, service, region, endpoint.host, sizeof(endpoint.host));
    snprintf(endpoint.url, sizeof(endpoint.url), "https://%s", endpoint.host);
    memcpy(endpoint.path, "/", 2);
    *ret_endpoint = endpoint;
    return 0;
}

bool aws_service_dualstack_name(const char *service, const char *region, char *ret_name,
                                size_t size)
{
    /* PrivateLink's short names where the host has another (aws-facts 6, 11). */
    static const struct {
        const char *service, *host;
    } hosts[] = {
        {"kinesis-streams", "kinesis"},
        {"kinesis-firehose", "firehose"},
        {"ecr.api", "ecr"},
        {"ecr.dkr", NULL}, /* each account's own name */
    };
    const struct partition *partition = partition_of(region);
    const char *host = service;

    for (size_t i = 0; i < ARRAY_SIZE(hosts); i++)
        if (text_equal(service, hosts[i].service))
            host = hosts[i].host;
    if (!host || !is_region(region) ||
        strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(host))
        return false;
    if (text_equal(host, "s3"))
        snprintf(ret_name, size, "s3.dualstack.%s.%s", region, partition->suffix);
    else
        snprintf(ret_name, size, "%s.%s.%s", host, region, partition->dualstack_suffix);
    return true;
}
