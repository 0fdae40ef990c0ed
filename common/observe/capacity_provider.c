#include "capacity_provider.h"

#include "vpc_reconciled/json.h"

#include <stdio.h>

/* "ResourceNotFoundException:http://internal.amazon.com/..." and "com.amazonaws.lambda#Resource..."
 * are the same as the word alone: the protocol wants readers to cut both (Smithy, AWS restJson1,
 * "Operation error serialization"). */
static void set_code(struct aws_error *error, const char *type)
{
    const char *hash = strchr(type, '#');

    type = hash ? hash + 1 : type;
    snprintf(error->code, sizeof(error->code), "%.*s", (int)strcspn(type, ":"), type);
}

void capacity_provider_error_type(const struct effect_header *headers, size_t n_headers,
                                  struct aws_error *error)
{
    for (size_t i = 0; i < n_headers; i++) {
        if (text_equal(headers[i].name, "x-amzn-errortype"))
            set_code(error, headers[i].value);
        else if (text_equal(headers[i].name, "x-amzn-requestid"))
            snprintf(error->request_id, sizeof(error->request_id), "%s", headers[i].value);
    }
}

static const char *string_member(const struct json *object, const char *key)
{
    const struct json *member = json_member(object, key);

    return member && member->type == JSON_STRING ? member->string : NULL;
}

void capacity_provider_decode_error(const char *body, size_t n, struct aws_error *error)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    static const char *const types[] = {"__type", "code"}; /* "Type" is only "User" or "Service" */
    static const char *const messages[] = {"message", "Message"};
    const struct json *json;
    struct json_error place;

    if (json_parse(arena, body, n, &json, &place) < 0 || json->type != JSON_OBJECT)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(types) && !error->code[0]; i++)
        if (string_member(json, types[i]))
            set_code(error, string_member(json, types[i]));
    for (size_t i = 0; i < ARRAY_SIZE(messages) && !error->message[0]; i++)
        if (string_member(json, messages[i]))
            snprintf(error->message, sizeof(error->message), "%s",
                     string_member(json, messages[i]));
}

/* Lambda's own words for what EC2 names otherwise; the rest is as everywhere. */
static const struct {
    const char *code;
    enum ec2_error_class error_class;
} class_table[] = {
    {"ExpiredTokenException", EC2_ERROR_CREDENTIALS},
    {"IncompleteSignatureException", EC2_ERROR_CREDENTIALS},
    {"InvalidSignatureException", EC2_ERROR_CREDENTIALS},
    {"MissingAuthenticationTokenException", EC2_ERROR_CREDENTIALS},
    {"UnrecognizedClientException", EC2_ERROR_CREDENTIALS},
    {"InvalidParameterValueException", EC2_ERROR_OUR_BUG},
    {"ServiceException", EC2_ERROR_SERVER},
};

enum ec2_error_class capacity_provider_error_class(const struct aws_error *error)
{
    for (size_t i = 0; i < ARRAY_SIZE(class_table); i++)
        if (text_equal(class_table[i].code, error->code))
            return class_table[i].error_class;
    return ec2_error_classify(error);
}

/* ---- the provider itself ---- */

PRINTF_LIKE(3, 4)
static int refuse(struct wire_error *reterr, const char *name, const char *format, ...)
{
    va_list args;

    snprintf(reterr->name, sizeof(reterr->name), "%s", name);
    va_start(args, format);
    vsnprintf(reterr->message, sizeof(reterr->message), format, args);
    va_end(args);
    return -EBADMSG;
}

/* Was it asked for (S5)? A name is the last part of the ARN, which a config may give whole. */
static bool is_of(const char *arn, const char *name)
{
    const char *last = strrchr(arn, ':');

    return text_equal(arn, name) || (last && text_equal(last + 1, name));
}

static int decode_ids(struct arena *arena, const struct json *config, const char *key,
                      struct texts *ret_ids, struct wire_error *reterr)
{
    const struct json *list = json_member(config, key);

    *ret_ids = (struct texts){0};
    if (!list || list->type == JSON_NULL)
        return 0;
    if (list->type != JSON_ARRAY)
        return refuse(reterr, key, "\"%s\" is %s and no list", key, json_type_name(list->type));
    ret_ids->items = ARENA_ARRAY(arena, const char *, list->n_items + 1);
    for (size_t i = 0; i < list->n_items; i++) {
        const struct json *id = &list->items[i];

        if (id->type != JSON_STRING || text_empty(id->string))
            return refuse(reterr, key, "\"%s\" holds what is no id", key);
        if (!texts_contain(ret_ids, id->string))
            ret_ids->items[ret_ids->n++] = id->string;
    }
    return 0;
}

int capacity_provider_decode(struct arena *arena, const char *name, const char *body, size_t n,
                             struct observed_capacity_provider *ret_provider,
                             struct wire_error *reterr)
{
    struct observed_capacity_provider provider = {.name = arena_strdup(arena, name)};
    const struct json *json, *object, *config;
    struct json_error place;
    int r;

    if (json_parse(arena, body, n, &json, &place) < 0)
        return refuse(reterr, "", "it is not JSON: %.200s", place.message);
    object = json->type == JSON_OBJECT ? json_member(json, "CapacityProvider") : NULL;
    if (!object || object->type != JSON_OBJECT)
        return refuse(reterr, "CapacityProvider", "it has no object \"CapacityProvider\"");
    provider.arn = string_member(object, "CapacityProviderArn");
    provider.state = string_member(object, "State");
    config = json_member(object, "VpcConfig");
    if (text_empty(provider.arn) || text_empty(provider.state) || !config ||
        config->type != JSON_OBJECT)
        return refuse(reterr, "CapacityProvider",
                      "\"CapacityProviderArn\", \"State\" and \"VpcConfig\" are not all there");
    if (!is_of(provider.arn, name))
        return refuse(reterr, "CapacityProviderArn", "it is about %.120s, which was not asked for",
                      provider.arn);
    r = decode_ids(arena, config, "SubnetIds", &provider.subnet_ids, reterr);
    if (r >= 0)
        r = decode_ids(arena, config, "SecurityGroupIds", &provider.security_group_ids, reterr);
    if (r < 0)
        return r;
    /* Lambda wants one at least, so a list without any is a part of one. */
    if (provider.subnet_ids.n == 0)
        return refuse(reterr, "SubnetIds", "\"SubnetIds\" names no subnet");
    *ret_provider = provider;
    return 0;
}
