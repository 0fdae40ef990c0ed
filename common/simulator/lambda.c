#include "lambda.h"

#include <stdio.h>
#include <stdlib.h>

#include "authenticate.h"
#include "lies.h"
#include "wire_json.h"

#define PROVIDERS_PATH "/2025-11-30/capacity-providers"
#define PAGE_MAX 50

const char *const lambda_operation_names[LAMBDA_OPERATION_COUNT] = {
    [LAMBDA_GET_CAPACITY_PROVIDER] = "GetCapacityProvider",
    [LAMBDA_LIST_CAPACITY_PROVIDERS] = "ListCapacityProviders",
};

/* ---- a capacity provider, with the API's own names ---- */

static const char *const state_words_list[] = {"Pending", "Active", "Failed", "Deleting"};
static const struct wire_enum state_words = {state_words_list, ARRAY_SIZE(state_words_list), false};

static const struct wire_field vpc_config_fields[] = {
    WIRE_FIELD(capacity_provider, subnet_ids, TEXTS, "SubnetIds"),
    WIRE_FIELD(capacity_provider, security_group_ids, TEXTS, "SecurityGroupIds"),
};
static const struct wire_shape vpc_config_shape = {
    "CapacityProviderVpcConfig", sizeof(struct capacity_provider), vpc_config_fields,
    ARRAY_SIZE(vpc_config_fields)};
static const struct wire_field permissions_fields[] = {
    WIRE_FIELD(capacity_provider, operator_role_arn, TEXT, "CapacityProviderOperatorRoleArn"),
};
static const struct wire_shape permissions_shape = {
    "CapacityProviderPermissionsConfig", sizeof(struct capacity_provider), permissions_fields,
    ARRAY_SIZE(permissions_fields)};
static const struct wire_field provider_fields[] = {
    WIRE_FIELD(capacity_provider, arn, TEXT, "CapacityProviderArn"),
    WIRE_FIELD(capacity_provider, state, ENUM, "State", .type = &state_words),
    {.name = "VpcConfig", .kind = WIRE_GROUP, .type = &vpc_config_shape},
    {.name = "PermissionsConfig", .kind = WIRE_GROUP, .type = &permissions_shape},
    WIRE_FIELD(capacity_provider, kms_key_arn, TEXT, "KmsKeyArn"),
    WIRE_FIELD(capacity_provider, last_modified, TEXT, "LastModified"),
};
const struct wire_shape capacity_provider_shape = {"CapacityProvider",
                                                   sizeof(struct capacity_provider),
                                                   provider_fields, ARRAY_SIZE(provider_fields)};

static const char *name_of(const struct capacity_provider *provider)
{
    return strrchr(provider->arn, ':') + 1;
}

/* CapacityProviderName without an ARN around it: [a-zA-Z0-9-_]+ */
static bool is_name(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    return n >= 1 && n <= 140 && !text[n];
}

static bool is_arn(const char *text)
{
    const char *last = strrchr(text, ':');

    return text_starts_with(text, "arn:aws") && strstr(text, ":capacity-provider:") && last &&
           is_name(last + 1) && strlen(text) <= 140;
}

int capacity_provider_complete(const struct simulator *simulator,
                               struct capacity_provider *provider, struct json_place place,
                               struct json_error *reterr)
{
    size_t same = 0;

    if (!provider->arn || !is_arn(provider->arn))
        return json_refuse(reterr, place,
                           "a capacity provider has a \"CapacityProviderArn\": "
                           "\"arn:aws:lambda:%s:%s:capacity-provider:NAME\"",
                           simulator->region, simulator->account);
    if (provider->subnet_ids.n < 1 || provider->subnet_ids.n > 16 ||
        provider->security_group_ids.n > 5)
        return json_refuse(reterr, place,
                           "a capacity provider's \"VpcConfig\" has 1 to 16 \"SubnetIds\" and at "
                           "most 5 \"SecurityGroupIds\"");
    VEC_EACH (other, &simulator->state.capacity_providers)
        same += other->arn && text_equal(other->arn, provider->arn);
    if (same > 1)
        return json_refuse(reterr, place, "\"%.140s\" is here twice", provider->arn);
    if (!provider->state)
        wire_leaf_set(simulator->state.arena, &provider_fields[1], provider, "Active");
    provider->security_group_ids.seen = true; /* Lambda always writes it */
    if (!provider->operator_role_arn)
        provider->operator_role_arn =
            arena_printf(simulator->state.arena, "arn:aws:iam::%s:role/capacity-provider-operator",
                         simulator->account);
    return 0;
}

/* ---- errors ---- */

/* What the checks and the faults say in EC2's and STS's words, in Lambda's (aws-facts 6). */
static const struct {
    const char *code, *lambda_code;
    int status;
} error_table[] = {
    {"MissingAuthenticationToken", "MissingAuthenticationTokenException", 403},
    {"IncompleteSignature", "IncompleteSignatureException", 403},
    {"AuthFailure", "UnrecognizedClientException", 403},
    {"InvalidClientTokenId", "UnrecognizedClientException", 403},
    {"SignatureDoesNotMatch", "InvalidSignatureException", 403},
    {"RequestExpired", "InvalidSignatureException", 403},
    {"ExpiredToken", "ExpiredTokenException", 403},
    {"UnauthorizedOperation", "AccessDeniedException", 403},
    {"RequestLimitExceeded", "TooManyRequestsException", 429},
    {"Throttling", "TooManyRequestsException", 429},
    {"Unavailable", "ServiceException", 500},
    {"InternalError", "ServiceException", 500},
    {"ResourceNotFoundException", "ResourceNotFoundException", 404},
    {"UnknownOperationException", "UnknownOperationException", 404},
};

PRINTF_LIKE(3, 4)
static void add_header(struct simulator_response *response, const char *name, const char *format,
                       ...)
{
    struct simulator_header *header = &response->headers[response->n_headers++];
    va_list args;

    assert(response->n_headers <= ARRAY_SIZE(response->headers));
    header->name = name;
    va_start(args, format);
    vsnprintf(header->value, sizeof(header->value), format, args);
    va_end(args);
}

static void write_error(const struct call *call, struct simulator_response *response)
{
    struct json_writer writer = {.buf = &response->body};
    const char *code = "InvalidParameterValueException";
    int status = 400;

    for (size_t i = 0; i < ARRAY_SIZE(error_table); i++)
        if (text_equal(error_table[i].code, call->code)) {
            code = error_table[i].lambda_code;
            status = error_table[i].status;
        }
    response->status = status;
    snprintf(response->code, sizeof(response->code), "%s", code);
    add_header(response, "x-amzn-ErrorType", "%s", code);
    if (status == 429)
        add_header(response, "Retry-After", "1");
    buf_clear(&response->body);
    json_begin(&writer, '{');
    json_text_member(&writer, "Type", status < 500 ? "User" : "Service");
    json_text_member(&writer, "Message", call->message);
    json_end(&writer, '}');
}

/* ---- the operations ---- */

static const char *query_value(struct call *call, const struct simulator_request *request,
                               const char *name)
{
    const char *query = strchr(request->target, '?');
    size_t n = strlen(name);

    for (query = query ? query + 1 : ""; *query;) {
        size_t pair = strcspn(query, "&");
        const char *value;

        if (pair > n && query[n] == '=' && strncmp(query, name, n) == 0)
            return form_decode(call->arena, query + n + 1, pair - n - 1, &value) < 0 ? NULL : value;
        query += pair + (query[pair] == '&');
    }
    return NULL;
}

static int get(struct call *call, const char *name, struct simulator_response *response)
{
    struct json_writer writer = {.buf = &response->body};

    if (!is_name(name) && !is_arn(name))
        return call_fail(call, "InvalidParameterValueException",
                         "\"%.150s\" is not the name or ARN of a capacity provider", name);
    VEC_EACH (provider, &call->state->capacity_providers) {
        if (!text_equal(provider->arn, name) && !text_equal(name_of(provider), name))
            continue;
        json_begin(&writer, '{');
        json_key(&writer, "CapacityProvider");
        wire_json_dump(&writer, &capacity_provider_shape, provider);
        json_end(&writer, '}');
        return 0;
    }
    return call_fail(call, "ResourceNotFoundException", "Capacity provider not found: %.150s",
                     name);
}

static int list(struct call *call, const struct simulator_request *request,
                struct simulator_response *response)
{
    const char *state = query_value(call, request, "State"),
               *marker = query_value(call, request, "Marker"),
               *items = query_value(call, request, "MaxItems");
    const unsigned long max = items ? strtoul(items, NULL, 10) : PAGE_MAX;
    struct json_writer writer = {.buf = &response->body};
    const char *last = NULL;
    unsigned long n = 0;
    bool more = false;

    if (max < 1 || max > PAGE_MAX)
        return call_fail(call, "InvalidParameterValueException", "MaxItems is 1 to %d", PAGE_MAX);
    json_begin(&writer, '{');
    json_key(&writer, "CapacityProviders");
    json_begin(&writer, '[');
    VEC_EACH (provider, &call->state->capacity_providers) {
        char scratch[PREFIX_TEXT_SIZE];

        if ((marker && text_compare(name_of(provider), marker) <= 0) ||
            (state && !text_equal(wire_leaf_text(&provider_fields[1], provider, scratch), state)))
            continue;
        more = n == max;
        if (more)
            break;
        n++;
        last = name_of(provider);
        wire_json_dump(&writer, &capacity_provider_shape, provider);
    }
    json_end(&writer, ']');
    if (more)
        json_text_member(&writer, "NextMarker", last);
    json_end(&writer, '}');
    return 0;
}

/* "/2025-11-30/capacity-providers", with "/NAME" behind it or not. -EINVAL: neither. */
static int read_path(struct call *call, const struct simulator_request *request,
                     enum lambda_operation *ret_operation, const char **ret_name)
{
    const char *rest = request->target + strlen(PROVIDERS_PATH);
    size_t n = strcspn(rest, "?");

    *ret_name = NULL;
    *ret_operation = n == 0 ? LAMBDA_LIST_CAPACITY_PROVIDERS : LAMBDA_GET_CAPACITY_PROVIDER;
    if (text_equal(request->method, "GET") &&
        (n == 0 || (n > 1 && !memchr(rest + 1, '/', n - 1) &&
                    form_decode(call->arena, rest + 1, n - 1, ret_name) >= 0)))
        return 0;
    return call_fail(call, "UnknownOperationException",
                     "%s %.*s is no operation that is known here", request->method,
                     (int)n + (int)strlen(PROVIDERS_PATH), request->target);
}

static int run(struct call *call, const struct simulator_request *request,
               struct simulator_response *response)
{
    const struct fault_row *fault = call->fault;
    struct credential_scope scope;
    enum lambda_operation operation;
    const char *name;

    credential_scope_read(call->arena, request, &scope);
    if (authenticate(call, request, &scope) < 0)
        return -EINVAL;
    if (!text_equal(scope.service, "lambda"))
        return call_fail(call, "SignatureDoesNotMatch",
                         "Credential should be scoped to correct service: 'lambda'.");
    if (read_path(call, request, &operation, &name) < 0)
        return -EINVAL;
    call->simulator->lambda_calls[operation]++;
    snprintf(response->operation, sizeof(response->operation), "%s",
             lambda_operation_names[operation]);
    if (fault && fault->effect == EFFECT_NONE && fault->code)
        return call_fail(call, fault->code, "%s", fault->message);
    if (policy_check_lambda(call, lambda_operation_names[operation], name) < 0)
        return -EINVAL;
    if (fault && fault->past)
        past_look(call);
    return name ? get(call, name, response) : list(call, request, response);
}

bool lambda_is_asked(const struct simulator_request *request)
{
    size_t n = strlen(PROVIDERS_PATH);

    return text_starts_with(request->target, PROVIDERS_PATH) &&
           (!request->target[n] || request->target[n] == '/' || request->target[n] == '?');
}

/* Those faults that do not care what a body is written in. */
static const struct {
    void (*answer)(struct call *call, struct simulator_response *response);
} any_body[] = {{lie_html_200}, {lie_html_500}, {lie_empty_body}, {lie_truncated_xml}};

void lambda_handle(struct call *call, const struct simulator_request *request,
                   struct simulator_response *response)
{
    response->action = EC2_NO_ACTION;
    response->content_type = "application/json";
    response->status = 200;
    add_header(response, "x-amzn-RequestId", "%s", call->request_id);
    if (run(call, request, response) < 0)
        write_error(call, response);
    for (size_t i = 0; call->fault && i < ARRAY_SIZE(any_body); i++)
        if (call->fault->answer == any_body[i].answer)
            call->fault->answer(call, response);
}
