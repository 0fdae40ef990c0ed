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

/* Keys and tokens go into headers: a control character or a space there is a paste gone wrong. */
static bool is_printable(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || (unsigned char)*text >= 0x7f)
            return false;
    return true;
}

/* Of two rows for one member the first that is set counts. */
static const struct {
    const char *name;
    size_t offset;        /* of the char * in struct aws_environment */
    bool empty_is_absent; /* EC2-style tools export empty variables freely */
} variables[] = {
    {"AWS_ACCESS_KEY_ID", offsetof(struct aws_environment, credentials.access_key_id), false},
    {"AWS_SECRET_ACCESS_KEY", offsetof(struct aws_environment, credentials.secret_access_key),
     false},
    {"AWS_SESSION_TOKEN", offsetof(struct aws_environment, credentials.session_token), true},
    {"AWS_REGION", offsetof(struct aws_environment, region), true},
    {"AWS_DEFAULT_REGION", offsetof(struct aws_environment, region), true}, /* the older name */
    {"AWS_ENDPOINT_URL", offsetof(struct aws_environment, endpoint_url), true},
    {"AWS_ENDPOINT_URL_EC2", offsetof(struct aws_environment, endpoint_url_ec2), true},
    {"AWS_ENDPOINT_URL_STS", offsetof(struct aws_environment, endpoint_url_sts), true},
};

static int read_variables(const char *const *environment, struct aws_environment *into,
                          struct aws_environment_error *reterr)
{
    for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
        const char *value = variable(environment, variables[i].name);
        char **member = (char **)((char *)into + variables[i].offset);

        if (!value || (!*value && variables[i].empty_is_absent) || *member)
            continue;
        if (!*value)
            return fail(reterr, variables[i].name,
                        "%s is set but empty; give it a value or unset it", variables[i].name);
        if (!is_printable(value))
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
    const char *value;
    int r = read_variables(environment, &parsed, reterr);

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
    value = variable(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    parsed.ignore_configured_endpoint_urls = value && strcasecmp(value, "true") == 0;
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
