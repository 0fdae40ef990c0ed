/* Credentials, region and endpoints from the environment's AWS_* variables. */
#include "vpc_reconciled/aws.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

static const char *variable(const char *const *environment, const char *name)
{
    size_t n = strlen(name);

    for (; *environment; environment++)
        if (strncmp(*environment, name, n) == 0 && (*environment)[n] == '=')
            return *environment + n + 1;
    return NULL;
}

PRINTF_LIKE(3, 4)
static int fail(struct aws_environment_error *reterr, const char *name, const char *format, ...)
{
    va_list args;

    reterr->variable = name;
    va_start(args, format);
    vsnprintf(reterr->message, sizeof(reterr->message), format, args);
    va_end(args);
    return -EINVAL;
}

static char *copy(const char *text)
{
    char *copied = strdup(text);

    if (!copied)
        abort();
    return copied;
}

/* Keys and tokens go into headers: a control character or a space there is a paste gone wrong. A
 * path may have spaces and more. */
static bool is_printable(const char *text, bool path)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || (unsigned char)*text == 0x7f ||
            (!path && (*text == ' ' || (unsigned char)*text > 0x7f)))
            return false;
    return true;
}

/* Of two rows for one member the first that is set counts. */
static const struct {
    const char *name;
    size_t offset;        /* of the char * in struct aws_environment */
    bool empty_is_absent; /* EC2-style tools export empty variables freely */
    bool spaces;          /* a path, or the name that a person gave something */
} variables[] = {
#define TEXT(name, member)                                                                         \
    {                                                                                              \
        name, offsetof(struct aws_environment, member), true, false                                \
    }
#define PATH(name, member)                                                                         \
    {                                                                                              \
        name, offsetof(struct aws_environment, member), true, true                                 \
    }
    {"AWS_ACCESS_KEY_ID", offsetof(struct aws_environment, credentials.access_key_id), false,
     false},
    {"AWS_SECRET_ACCESS_KEY", offsetof(struct aws_environment, credentials.secret_access_key),
     false, false},
    TEXT("AWS_SESSION_TOKEN", credentials.session_token),
    TEXT("AWS_SECURITY_TOKEN", credentials.session_token), /* the older name */
    TEXT("AWS_REGION", region),
    TEXT("AWS_DEFAULT_REGION", region), /* the older name */
    TEXT("AWS_ENDPOINT_URL", endpoint_url),
    TEXT("AWS_ENDPOINT_URL_EC2", endpoint_url_ec2),
    TEXT("AWS_ENDPOINT_URL_STS", endpoint_url_sts),
    TEXT("AWS_ENDPOINT_URL_LAMBDA", endpoint_url_lambda),
    TEXT("AWS_ENDPOINT_URL_SQS", endpoint_url_sqs),
    TEXT("AWS_ENDPOINT_URL_SNS", endpoint_url_sns),
    TEXT("AWS_ENDPOINT_URL_EVENTBRIDGE", endpoint_url_eventbridge),
    PATH("AWS_PROFILE", profile),
    PATH("AWS_CONFIG_FILE", config_file),
    PATH("AWS_SHARED_CREDENTIALS_FILE", shared_credentials_file),
    PATH("HOME", home),
    PATH("CREDENTIALS_DIRECTORY", credentials_directory),
    TEXT("AWS_ROLE_ARN", role_arn),
    TEXT("AWS_ROLE_SESSION_NAME", role_session_name),
    PATH("AWS_WEB_IDENTITY_TOKEN_FILE", web_identity_token_file),
    TEXT("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", container_relative_uri),
    TEXT("AWS_CONTAINER_CREDENTIALS_FULL_URI", container_full_uri),
    PATH("AWS_CONTAINER_AUTHORIZATION_TOKEN", container_token), /* "Bearer ..." has a space */
    PATH("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", container_token_file),
    TEXT("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata_endpoint),
#undef TEXT
#undef PATH
    /* Filled in from a file: freed with the rest. */
    {NULL, offsetof(struct aws_environment, profile_urls.all), true, false},
    {NULL, offsetof(struct aws_environment, profile_urls.ec2), true, false},
    {NULL, offsetof(struct aws_environment, profile_urls.sts), true, false},
    {NULL, offsetof(struct aws_environment, profile_urls.lambda), true, false},
    {NULL, offsetof(struct aws_environment, profile_urls.sqs), true, false},
    {NULL, offsetof(struct aws_environment, profile_urls.sns), true, false},
    {NULL, offsetof(struct aws_environment, profile_urls.eventbridge), true, false},
    {NULL, offsetof(struct aws_environment, profile_urls_file), true, false},
};

/* Those that are on or off; anything but "true" is off, as AWS's SDKs read them. */
static const struct {
    const char *name, *on;
    size_t offset; /* of the bool */
} switches[] = {
    {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true",
     offsetof(struct aws_environment, ignore_configured_endpoint_urls)},
    {"AWS_EC2_METADATA_DISABLED", "true", offsetof(struct aws_environment, metadata_disabled)},
    {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6",
     offsetof(struct aws_environment, metadata_ipv6)},
};

/* Those that a profile can say too, so "not set" is told from "false". A slip in one that asks for
 * FIPS must not send requests elsewhere: another word is an error. */
static const struct {
    const char *name;
    size_t offset; /* of the uint8_t, enum wire_bool */
} choices[] = {
    {"AWS_USE_DUALSTACK_ENDPOINT", offsetof(struct aws_environment, use_dualstack_endpoint)},
    {"AWS_USE_FIPS_ENDPOINT", offsetof(struct aws_environment, use_fips_endpoint)},
};

static int read_choices(const char *const *environment, struct aws_environment *into,
                        struct aws_environment_error *reterr)
{
    for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
        const char *value = variable(environment, switches[i].name);

        *(bool *)((char *)into + switches[i].offset) =
            value && strcasecmp(value, switches[i].on) == 0;
    }
    for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
        const char *value = variable(environment, choices[i].name);
        bool on = value && strcasecmp(value, "true") == 0;

        if (text_empty(value))
            continue;
        if (!on && strcasecmp(value, "false") != 0)
            return fail(reterr, choices[i].name, "%s must be true or false", choices[i].name);
        *((uint8_t *)into + choices[i].offset) = on ? WIRE_TRUE : WIRE_FALSE;
    }
    return 0;
}

static int read_variables(const char *const *environment, struct aws_environment *into,
                          struct aws_environment_error *reterr)
{
    for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
        const char *value = variables[i].name ? variable(environment, variables[i].name) : NULL;
        char **member = (char **)((char *)into + variables[i].offset);

        if (!value || (!*value && variables[i].empty_is_absent) || *member)
            continue;
        if (!*value)
            return fail(reterr, variables[i].name,
                        "%s is set but empty; give it a value or unset it", variables[i].name);
        if (!is_printable(value, variables[i].spaces))
            return fail(
                reterr, variables[i].name,
                "%s holds a space, a control character (a stray line break?) or one that is "
                "not ASCII",
                variables[i].name);
        *member = copy(value);
    }
    return 0;
}

int aws_environment_parse(const char *const *environment, struct aws_environment *ret_environment,
                          struct aws_environment_error *reterr)
{
    struct aws_environment parsed = {0};
    int r = read_variables(environment, &parsed, reterr);

    if (r >= 0)
        r = read_choices(environment, &parsed, reterr);
    if (r >= 0 && !parsed.credentials.access_key_id != !parsed.credentials.secret_access_key) {
        bool secret = !parsed.credentials.secret_access_key;

        r = fail(reterr, secret ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID",
                 "%s is set but %s is not; a key pair needs both",
                 secret ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                 secret ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
    }
    if (r < 0) {
        aws_environment_clear(&parsed);
        return r;
    }
    *ret_environment = parsed;
    return 0;
}

void aws_environment_clear(struct aws_environment *environment)
{
    for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
        char **text = (char **)((char *)environment + variables[i].offset);

        if (*text)
            secret_wipe(*text, strlen(*text));
        free(*text);
        *text = NULL;
    }
}
