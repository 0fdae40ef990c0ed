/* What a text in a config must be. Each returns what is wrong and what would be right, or NULL. */
#include "config_private.h"

#include <stdio.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"
#define HEX "0123456789abcdef"

static bool is_of(const char *text, const char *characters, size_t min, size_t max)
{
    size_t n = strlen(text);

    return n >= min && n <= max && strspn(text, characters) == n;
}

/* Characters of a text that is valid UTF-8 (the JSON loader has seen to that). */
static size_t characters(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += (*text & 0xc0) != 0x80;
    return n;
}

/* Names go into the journal, metric labels and tags. */
const char *config_problem_name(struct loader *loader, const char *text)
{
    (void)loader;
    return is_of(text, LOWER UPPER DIGIT "-_.", 1, 64)
               ? NULL
               : "is not a name: write 1 to 64 letters, digits, \"-\", \"_\" or \".\"";
}

/* It stands in a tag's value, before "/vpc-...". */
const char *config_problem_owner(struct loader *loader, const char *text)
{
    return config_problem_name(loader, text);
}

const char *config_problem_region(struct loader *loader, const char *text)
{
    /* us-gov-west-1, eusc-de-east-1: words, then a number */
    size_t n = strspn(text, LOWER "-"), digits = strlen(text + n);

    (void)loader;
    if (strlen(text) <= 32 && n >= 5 && text[0] != '-' && text[n - 1] == '-' &&
        !strstr(text, "--") && strchr(text, '-') != text + n - 1 && digits <= 2 &&
        is_of(text + n, DIGIT, 1, 2))
        return NULL;
    if (digits > 1 && n >= 5 && is_of(text + n, DIGIT LOWER, 2, 3))
        return "is an Availability Zone, not a region: write it without the last letter";
    return "is not a region: write one as \"ap-northeast-1\"";
}

const char *config_problem_zone(struct loader *loader, const char *text)
{
    const char *region = loader->region, *rest;

    if (!region)
        return NULL; /* the region's own error is enough */
    rest = text + strlen(region);
    /* "ap-northeast-1a"; a Local Zone is "us-west-2-lax-1a" */
    if (text_starts_with(text, region) && strlen(text) <= 48 &&
        (is_of(rest, LOWER, 1, 1) || (*rest == '-' && is_of(rest, LOWER DIGIT "-", 4, 32) &&
                                      strspn(text + strlen(text) - 1, LOWER))))
        return NULL;
    return arena_printf(loader->scratch, "is not an Availability Zone of %s: write one as \"%sa\"",
                        region, region);
}

bool config_is_id(const char *text, const char *prefix)
{
    const char *digits = text + strlen(prefix);

    return text_starts_with(text, prefix) && (strlen(digits) == 8 || strlen(digits) == 17) &&
           strspn(digits, HEX) == strlen(digits);
}

static const char *problem_id(struct loader *loader, const char *text, const char *prefix,
                              const char *what)
{
    if (config_is_id(text, prefix))
        return NULL;
    return arena_printf(loader->scratch,
                        "is not %s: write \"%s\" and 8 or 17 hexadecimal digits in lower case",
                        what, prefix);
}

const char *config_problem_vpc_id(struct loader *loader, const char *text)
{
    return problem_id(loader, text, "vpc-", "the id of a VPC");
}

const char *config_problem_subnet_id(struct loader *loader, const char *text)
{
    return problem_id(loader, text, "subnet-", "the id of a subnet");
}

const char *config_problem_security_group_id(struct loader *loader, const char *text)
{
    return problem_id(loader, text, "sg-", "the id of a security group");
}

const char *config_problem_allocation_id(struct loader *loader, const char *text)
{
    return problem_id(loader, text, "eipalloc-", "the allocation id of an Elastic IP address");
}

const char *config_problem_ipam_pool_id(struct loader *loader, const char *text)
{
    return problem_id(loader, text, "ipam-pool-", "the id of an IPAM pool");
}

const char *config_problem_cidr(struct loader *loader, const char *text)
{
    const char *slash = strchr(text, '/');
    struct prefix prefix, address;
    char canonical[PREFIX_TEXT_SIZE];

    if (prefix_parse(text, &prefix) < 0 || !slash ||
        prefix_parse_address(arena_strndup(loader->scratch, text, (size_t)(slash - text)),
                             &address) < 0)
        return "is not a CIDR block: write one as \"10.0.0.0/16\" or \"2001:db8::/56\"";
    if (memcmp(prefix.bytes, address.bytes, sizeof(prefix.bytes)) != 0)
        return arena_printf(loader->scratch, "has bits set beyond its length /%u: write \"%s\"",
                            prefix.length, prefix_format(&prefix, canonical));
    return NULL;
}

const char *config_problem_destination(struct loader *loader, const char *text)
{
    if (text_starts_with(text, "pl-"))
        return problem_id(loader, text, "pl-", "the id of a prefix list");
    if (text_starts_with(text, "sg-"))
        return config_problem_security_group_id(loader, text);
    return strchr(text, '/')
               ? config_problem_cidr(loader, text)
               : "is no destination: write a CIDR block, a \"pl-...\" or a \"sg-...\"";
}

/* "s3", "ecr.api", or a whole name: "com.amazonaws.vpce.ap-northeast-1.vpce-svc-..." */
const char *config_problem_service(struct loader *loader, const char *text)
{
    (void)loader;
    return is_of(text, LOWER DIGIT "-.", 1, 128) && *text != '-' && *text != '.'
               ? NULL
               : "is not the name of a service: write one as \"s3\" or \"ecr.api\"";
}

const char *config_problem_reach(struct loader *loader, const char *text)
{
    struct prefix address;

    if (strchr(text, '/'))
        return config_problem_cidr(loader, text);
    if (prefix_parse_address(text, &address) >= 0 || !config_problem_service(loader, text))
        return NULL;
    return "is no destination: write \"internet\", a service as \"s3\", an address or a CIDR block";
}

const char *config_problem_account_id(struct loader *loader, const char *text)
{
    (void)loader;
    return is_of(text, DIGIT, 12, 12) ? NULL : "is not an account id: write its 12 digits";
}

/* arn:aws:iam::111122223333:role/path/name; other partitions are aws-cn, aws-us-gov ... */
const char *config_problem_role(struct loader *loader, const char *text)
{
    static const char right[] =
        "is not the ARN of a role: write it as \"arn:aws:iam::111122223333:role/NAME\"";
    const char *at = text;

    (void)loader;
    if (!text_starts_with(at, "arn:aws") || strlen(text) > 2048)
        return right;
    at += strlen("arn:aws");
    at += strspn(at, LOWER "-");
    if (!text_starts_with(at, ":iam::"))
        return right;
    at += strlen(":iam::");
    if (strspn(at, DIGIT) != 12 || !text_starts_with(at + 12, ":role/"))
        return right;
    at += 12 + strlen(":role/");
    return is_of(at, LOWER UPPER DIGIT "+=,.@_-/", 1, 1024) ? NULL : right;
}

/* Lambda API, CapacityProviderName: the name alone, or its ARN. */
const char *config_problem_capacity_provider(struct loader *loader, const char *text)
{
    static const char kind[] = ":capacity-provider:";
    const char *at = text_starts_with(text, "arn:aws") ? strstr(text, kind) : NULL;

    (void)loader;
    return strlen(text) <= 140 &&
                   is_of(at ? at + strlen(kind) : text, LOWER UPPER DIGIT "-_", 1, 140)
               ? NULL
               : "is not the name or ARN of a capacity provider: write letters, digits, \"-\" and "
                 "\"_\"";
}

/* EC2 API, data type Tag: keys up to 127 characters, values up to 256, "aws:" is AWS's. */
const char *config_problem_match_key(struct loader *loader, const char *text)
{
    (void)loader;
    if (!*text)
        return "is no key of a tag: write one as \"tag:Name\"";
    return characters(text) > 127 ? "is too long for a tag's key: at most 127 characters" : NULL;
}

const char *config_problem_tag_key(struct loader *loader, const char *text)
{
    if (!*text)
        return "is empty: a tag's key has 1 to 127 characters";
    if (strncasecmp(text, "aws:", 4) == 0)
        return "begins with \"aws:\", which only AWS may set";
    if (strncasecmp(text, "vpc-reconciled:", 15) == 0)
        return "begins with \"vpc-reconciled:\", which the daemon sets itself";
    return config_problem_match_key(loader, text);
}

const char *config_problem_tag_value(struct loader *loader, const char *text)
{
    (void)loader;
    return characters(text) > 256 ? "is too long for a tag's value: at most 256 characters" : NULL;
}
