#include "vpc_reconciled/simulator.h"

#include <stdio.h>
#include <stdlib.h>

#include "actions.h"
#include "authenticate.h"
#include "lambda.h"
#include "reply.h"
#include "transitions.h"
#include "visibility.h"

static char *heap_copy(const char *text)
{
    char *copy = strdup(text);

    if (!copy)
        abort();
    return copy;
}

struct simulator *simulator_new(const struct simulator_options *options)
{
    struct simulator *simulator = calloc(1, sizeof(*simulator));

    if (!simulator)
        abort();
    simulator->region = heap_copy(options->region);
    simulator->account = heap_copy(options->account);
    simulator->credentials.access_key_id = heap_copy(options->access_key_id);
    simulator->credentials.secret_access_key = heap_copy(options->secret_access_key);
    simulator->speed = options->speed ? options->speed : 1;
    simulator->ids.state = options->seed;
    simulator->request_ids.state = ~options->seed;
    simulator->visibility_ms = options->visibility_ms;
    simulator->throttle.on = options->throttle;
    simulator->scratch = arena_new();
    state_init(&simulator->state);
    quotas_init(simulator->quotas);
    zones_init(simulator);
    prefix_lists_init(simulator);
    endpoint_services_init(simulator);
    block_public_access_init(&simulator->state);
    return simulator;
}

void simulator_set_throttle(struct simulator *simulator, bool on, unsigned neighbour_percent)
{
    assert(neighbour_percent <= 100);
    simulator->throttle.on = on;
    simulator->throttle.neighbour_percent = neighbour_percent;
}

struct simulator *simulator_free(struct simulator *simulator)
{
    if (!simulator)
        return NULL;
    secret_wipe(simulator->credentials.secret_access_key,
                strlen(simulator->credentials.secret_access_key));
    free(simulator->credentials.secret_access_key);
    free(simulator->credentials.access_key_id);
    free(simulator->region);
    free(simulator->account);
    state_clear(&simulator->state);
    past_clear(&simulator->past);
    tokens_clear(&simulator->tokens);
    faults_clear(&simulator->faults);
    policies_clear(&simulator->policies);
    arena_free(simulator->scratch);
    free(simulator);
    return NULL;
}

uint64_t simulator_calls(const struct simulator *simulator, enum ec2_action action)
{
    return action < EC2_ACTION_COUNT ? simulator->action_calls[action] : 0;
}

uint64_t simulator_mutating_calls(const struct simulator *simulator)
{
    return simulator->mutating_calls;
}

uint64_t simulator_n_calls(const struct simulator *simulator)
{
    return simulator->calls;
}

int simulator_set_faults(struct simulator *simulator, const char *text, size_t n,
                         struct json_error *reterr)
{
    return faults_parse(&simulator->faults, text, n, reterr);
}

int simulator_add_policy(struct simulator *simulator, const char *text, size_t n,
                         struct json_error *reterr)
{
    return policies_add(&simulator->policies, text, n, reterr);
}

void simulator_clear_policies(struct simulator *simulator)
{
    policies_clear(&simulator->policies);
}

int simulator_add_fault(struct simulator *simulator, uint64_t call, const char *fault)
{
    return faults_add(&simulator->faults, call, fault);
}

/* ---- parameters as they arrive ---- */

struct parameters {
    const char *text;
    size_t n;
};

/* Of a POST in the body, of a GET behind the question mark. */
static struct parameters parameters_of(const struct simulator_request *request)
{
    const char *query = strchr(request->target, '?');

    if (text_equal(request->method, "POST"))
        return (struct parameters){request->body, request->body_n};
    return (struct parameters){query ? query + 1 : "", query ? strlen(query + 1) : 0};
}

/* NULL: not there, or not form-encoded. */
static const char *parameter(struct arena *arena, const struct parameters *parameters,
                             const char *name)
{
    const char *at = parameters->text, *end = at + parameters->n;
    size_t name_n = strlen(name);
    const char *value;

    while (at < end) {
        const char *amp = memchr(at, '&', (size_t)(end - at));
        size_t n = (size_t)((amp ? amp : end) - at);

        if (n > name_n && at[name_n] == '=' && memcmp(at, name, name_n) == 0)
            return form_decode(arena, at + name_n + 1, n - name_n - 1, &value) < 0 ? NULL : value;
        at += n + 1;
    }
    return NULL;
}

/* ---- a call ---- */

static const char *new_request_id(struct simulator *simulator)
{
    uint64_t a = rng_next(&simulator->request_ids), b = rng_next(&simulator->request_ids);

    return arena_printf(simulator->scratch, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(a >> 32),
                        (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff,
                        (unsigned)(b >> 48) & 0xfff, (unsigned long long)(b & 0xffffffffffffULL));
}

static int check_envelope(struct call *call, const struct simulator_request *request)
{
    const char *path_end = request->target + strcspn(request->target, "?");

    if (!text_equal(request->method, "POST") && !text_equal(request->method, "GET"))
        return call_fail(call, "MethodNotAllowed", "The method %.20s is not allowed; use POST",
                         request->method);
    if (path_end != request->target + 1 || *request->target != '/')
        return call_fail(call, "InvalidRequest", "The path of a request is /");
    return 0;
}

static int check_action(struct call *call, const struct parameters *parameters, const char *service)
{
    const char *name = parameter(call->arena, parameters, "Action");
    const char *version = parameter(call->arena, parameters, "Version");

    if (!name)
        return call_fail(call, "MissingAction", "The request must contain the parameter Action");
    if (call->action == EC2_NO_ACTION || !action_handlers[call->action].run ||
        !text_equal(call->row->service, service))
        return call_fail(call, "InvalidAction",
                         "The action %.80s is not valid for this web service.", name);
    if (!text_equal(version, call->row->version))
        return call_fail(call, "NoSuchVersion", "The requested version (%.40s) is not valid",
                         version ? version : "");
    return 0;
}

static int decode(struct call *call, const struct parameters *parameters)
{
    static const struct {
        int r;
        const char *code;
    } codes[] = {{-ENOKEY, "UnknownParameter"},
                 {-EINVAL, "InvalidParameterValue"},
                 {-ENODATA, "MissingParameter"}};
    struct wire_error error = {0};
    void *object = call->row->describe ? (void *)&call->describe : (void *)&call->change;
    int r = wire_query_decode(call->arena, call->row->request, parameters->text, parameters->n,
                              NULL, object, &error);

    for (size_t i = 0; r < 0 && i < ARRAY_SIZE(codes); i++)
        if (codes[i].r == r)
            return call_fail(call, codes[i].code, "%s", error.message);
    return r < 0 ? call_fail(call, "InternalError", "%s", error.message) : 0;
}

/* ---- client tokens ---- */

static int check_token(struct call *call)
{
    const char *token = call->change.client_token;
    size_t n = token ? strlen(token) : 0;

    if (token && (n < 1 || n > 64))
        return call_fail(call, "InvalidParameterValue",
                         "The client token must be 1 to 64 characters long");
    for (size_t i = 0; i < n; i++)
        if (token[i] < ' ' || token[i] > '~')
            return call_fail(call, "InvalidParameterValue",
                             "The client token must be ASCII characters");
    return 0;
}

/* The first one again, as it is now (aws-facts 1.7). 1: done. 0: the token is new. */
static int answer_again(struct call *call, struct simulator_response *response)
{
    const struct token *token =
        tokens_find(&call->simulator->tokens, call->action, call->change.client_token);
    enum kind kind = action_handlers[call->action].makes;
    uint8_t parameters[SHA256_SIZE];
    const void *item;

    if (!token)
        return 0;
    token_parameters(call->row, &call->change, parameters);
    if (memcmp(parameters, token->parameters, sizeof(parameters)) != 0)
        return call_fail(call, "IdempotentParameterMismatch",
                         "The client token has been used with other parameters");
    item = state_find(call->state, kind, token->id);
    if (!item) { /* gone for good: all that can be said is what was said first */
        response->status = 200;
        response->content_type = "text/xml;charset=UTF-8";
        buf_text(&response->body, token->first_reply);
        return 1;
    }
    memcpy((char *)&call->change_reply + kind_table[kind].reply_offset, item,
           kind_shape(kind)->size);
    return 1;
}

/* 0 or -EINVAL; response->body is filled only when a token's first reply is given again. */
static int run(struct call *call, struct simulator_response *response)
{
    bool has_token = call->row->client_token && call->change.client_token;
    int r;

    if (call->row->mutates && (check_token(call) < 0 || tags_check_specifications(call) < 0))
        return -EINVAL;
    if (call->describe.dry_run == WIRE_TRUE || call->change.dry_run == WIRE_TRUE)
        return call_fail(call, "DryRunOperation",
                         "Request would have succeeded, but DryRun flag is set.");
    if (has_token) {
        call->change_reply.client_token = call->change.client_token;
        r = answer_again(call, response);
        if (r != 0)
            return r < 0 ? r : 0;
    }
    call->change_reply.return_value = WIRE_TRUE;
    if (call->fault && call->fault->past && call->row->describe)
        past_look(call);
    if (call->row->mutates) {
        if (call->fault && call->fault->fresh_not_found && visibility_refuse_fresh(call) < 0)
            return -EINVAL;
        past_keep(call->simulator, call->now.monotonic_ms);
    }
    r = action_handlers[call->action].run(call);
    if (r < 0)
        return r;
    call->ran = true;
    if (call->row->mutates)
        routes_refresh(call->state);
    return 0;
}

static void remember_token(struct call *call, const struct simulator_response *response)
{
    uint8_t parameters[SHA256_SIZE];

    bool lost = call->fault && call->fault->effect == EFFECT_LOST;

    if (!call->ran || lost || !call->made_id || !call->row->client_token ||
        !call->change.client_token)
        return;
    token_parameters(call->row, &call->change, parameters);
    tokens_add(&call->simulator->tokens, call->action, call->change.client_token, parameters,
               call->made_id, buf_string(&response->body));
}

/* AssumeRoleWithWebIdentity comes without a signature. */
static const char unsigned_service[] = "sts";

/* All up to the point where the action is known and allowed. */
static int admit(struct call *call, const struct simulator_request *request,
                 const struct parameters *parameters, const struct credential_scope *scope)
{
    const struct fault_row *fault = call->fault;

    if (check_envelope(call, request) < 0 ||
        (scope->service != unsigned_service && authenticate(call, request, scope) < 0) ||
        check_action(call, parameters, scope->service) < 0)
        return -EINVAL;
    if (fault && fault->effect == EFFECT_NONE && fault->code)
        return call_fail(call, fault->code, "%s", fault->message);
    if (decode(call, parameters) < 0 || policy_check(call) < 0)
        return -EINVAL;
    return throttle_take(call);
}

static void count(struct call *call, const struct parameters *parameters)
{
    struct simulator *simulator = call->simulator;

    if (call->action == EC2_NO_ACTION)
        return;
    simulator->action_calls[call->action]++;
    if (call->row->mutates && !text_equal(parameter(call->arena, parameters, "DryRun"), "true"))
        simulator->mutating_calls++;
}

static void handle(struct call *call, const struct simulator_request *request,
                   struct simulator_response *response)
{
    struct parameters parameters = parameters_of(request);
    const char *name = parameter(call->arena, &parameters, "Action");
    const struct fault_row *fault = call->fault;
    struct credential_scope scope;
    bool sts;
    int r;

    credential_scope_read(call->arena, request, &scope);
    if (!name || ec2_action_find(name, &call->action) < 0)
        call->action = EC2_NO_ACTION;
    else
        call->row = &ec2_action_table[call->action];
    if (call->row && call->row->no_signature && !scope.service)
        scope.service = unsigned_service;
    sts = text_equal(scope.service, "sts");
    response->action = call->action;
    count(call, &parameters);
    if (fault && fault->never && fault->effect == EFFECT_NONE)
        return;

    r = admit(call, request, &parameters, &scope);
    if (r >= 0)
        r = run(call, response);
    if (r >= 0 && fault && fault->page && call->row->list)
        fault->page(call);
    if (r < 0 || !response->status)
        reply_write(call, sts, response);
    remember_token(call, response);
    response->changed = call->ran && call->row->mutates;
}

void simulator_handle(struct simulator *simulator, struct instant now,
                      const struct simulator_request *request,
                      struct simulator_response *ret_response)
{
    struct call call = {.simulator = simulator,
                        .state = &simulator->state,
                        .arena = simulator->scratch,
                        .now = now,
                        .action = EC2_NO_ACTION};
    struct state before = {0};
    bool lost;

    *ret_response = (struct simulator_response){.call = ++simulator->calls};
    arena_reset(simulator->scratch);
    transitions_run(simulator, now);
    call.request_id = new_request_id(simulator);
    call.fault = faults_find(&simulator->faults, ret_response->call);
    lost = call.fault && call.fault->effect == EFFECT_LOST;
    if (lost)
        state_copy(&simulator->state, &before);

    if (lambda_is_asked(request))
        lambda_handle(&call, request, ret_response);
    else
        handle(&call, request, ret_response);

    if (lost) {
        state_clear(&simulator->state);
        simulator->state = before;
        ret_response->changed = false;
    }
    /* An answer is spoilt when there is one, not when the call was refused for reasons of its own.
     */
    if (call.fault && call.fault->answer && call.row &&
        (!ret_response->code[0] || text_equal(ret_response->code, call.fault->code)))
        call.fault->answer(&call, ret_response);
    ret_response->never = call.fault && call.fault->never;
    state_compact(&simulator->state);
}
