/* One API call at a time as bytes: encode, sign, send, decode, repeat. */
#include "vpc_reconciled/observe.h"

#include <stdio.h>
#include <stdlib.h>

enum call_state {
    CALL_IN_FLIGHT,
    CALL_WAITING,   /* for its next attempt */
    CALL_CANCELLED, /* while it waited; the next input says so */
};

struct call {
    struct call *next;
    uint64_t id;   /* of the call: that of its first request */
    uint64_t http; /* of the request in flight */
    enum ec2_action action;
    enum call_state state;
    unsigned attempt; /* from 1 */
    uint64_t retry_at_ms;
    char *body;
    struct arena *arena;
    /* of the reply in flight */
    struct ec2_decoder *decoder;
    void *reply;
    struct aws_error error;
    struct wire_error wire_error;
    int status, decode_r;
};

struct aws_client {
    const struct aws_environment *environment;
    char *region;
    struct aws_endpoint ec2, sts;
    char user_agent[160];
    struct call *calls;
    uint64_t n_requests;
};

struct effect *outlet_add(struct outlet *outlet, enum effect_kind kind)
{
    struct effects *effects = outlet->effects;
    struct effect *effect;

    if (effects->n == effects->reserved) {
        effects->reserved = effects->reserved ? effects->reserved * 2 : 16;
        effects->items = realloc(effects->items, effects->reserved * sizeof(*effects->items));
        if (!effects->items)
            abort();
    }
    effect = &effects->items[effects->n++];
    *effect = (struct effect){.kind = kind, .id = (*outlet->next_id)++};
    return effect;
}

int aws_client_new(const struct aws_environment *environment, const char *region,
                   struct aws_client **ret_client, struct aws_environment_error *reterr)
{
    struct aws_client *client = calloc(1, sizeof(*client));
    int r;

    if (!client)
        abort();
    client->environment = environment;
    client->region = strdup(region);
    if (!client->region)
        abort();
    snprintf(client->user_agent, sizeof(client->user_agent), "vpc-reconciled/%s",
             VPC_RECONCILED_VERSION);
    r = aws_endpoint_resolve(environment, "ec2", region, &client->ec2, reterr);
    if (r >= 0)
        r = aws_endpoint_resolve(environment, "sts", region, &client->sts, reterr);
    if (r < 0) {
        aws_client_free(client);
        return r;
    }
    *ret_client = client;
    return 0;
}

static void call_free(struct call *call)
{
    ec2_decoder_free(call->decoder);
    free(call->body);
    free(call);
}

struct aws_client *aws_client_free(struct aws_client *client)
{
    if (!client)
        return NULL;
    while (client->calls) {
        struct call *next = client->calls->next;

        call_free(client->calls);
        client->calls = next;
    }
    free(client->region);
    free(client);
    return NULL;
}

void aws_client_set_user_agent(struct aws_client *client, const char *text)
{
    snprintf(client->user_agent, sizeof(client->user_agent), "vpc-reconciled/%s%s%s",
             VPC_RECONCILED_VERSION, *text ? " " : "", text);
}

static void send_request(struct aws_client *client, struct outlet *outlet, struct instant now,
                         struct call *call)
{
    const struct ec2_action_row *row = &ec2_action_table[call->action];
    bool sts = text_equal(row->service, "sts");
    const struct aws_endpoint *endpoint = sts ? &client->sts : &client->ec2;
    const struct aws_credentials *credentials = &client->environment->credentials;
    struct effect_header *headers = ARENA_ARRAY(outlet->arena, struct effect_header, 6);
    struct http_header signed_headers[4];
    struct sigv4_scope scope = {client->region, row->service, now.wall_ms};
    struct sigv4_request request = {.method = "POST", .path = endpoint->path};
    struct sigv4_result result;
    struct effect *effect;
    char date[17];
    size_t n = 0;

    time_compact(now.wall_ms, date);
    headers[n++] = (struct effect_header){"Host", endpoint->host};
    headers[n++] = (struct effect_header){"X-Amz-Date", arena_strdup(outlet->arena, date)};
    headers[n++] =
        (struct effect_header){"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"};
    if (credentials->session_token)
        headers[n++] = (struct effect_header){
            "X-Amz-Security-Token",
            credentials->session_token}; /* lent: nobody would wipe a copy (S11) */
    for (size_t i = 0; i < n; i++)
        signed_headers[i] = (struct http_header){headers[i].name, headers[i].value};
    request.headers = signed_headers;
    request.n_headers = n;
    request.body = call->body;
    request.body_n = strlen(call->body);
    /* The headers are ours, so the signer has nothing to refuse. */
    if (sigv4_sign(outlet->arena, &request, &scope, credentials, &result) < 0)
        abort();
    headers[n++] = (struct effect_header){"Authorization", result.authorization};
    headers[n++] =
        (struct effect_header){"User-Agent", arena_strdup(outlet->arena, client->user_agent)};

    effect = outlet_add(outlet, EFFECT_HTTP_SEND);
    effect->method = "POST";
    effect->url = arena_printf(outlet->arena, "%s%s", endpoint->url,
                               text_equal(endpoint->path, "/") ? "/" : "");
    effect->headers = headers;
    effect->n_headers = n;
    effect->body = arena_memdup(outlet->arena, call->body, request.body_n);
    effect->body_n = request.body_n;
    effect->timeout_ms = AWS_CLIENT_TIMEOUT_MS;
    effect->reply_limit = AWS_REPLY_MAX;
    effect->mutates = row->mutates;
    call->http = effect->id;
    call->state = CALL_IN_FLIGHT;
    call->attempt++;
    call->status = 0;
    call->decode_r = 0;
    call->error = (struct aws_error){0};
    call->wire_error = (struct wire_error){0};
    client->n_requests++;
}

int aws_client_call(struct aws_client *client, struct outlet *outlet, struct instant now,
                    enum ec2_action action, const void *request, const char *body,
                    bool observe_only, struct arena *arena, uint64_t *ret_call)
{
    CLEANUP(buf_free)
    struct buf encoded = {0};
    struct call *call;
    int r;

    if (body && observe_only && ec2_action_table[action].mutates)
        return -EPERM;
    if (!body) {
        r = ec2_request_encode(&encoded, action, request, observe_only);
        if (r < 0)
            return r;
        body = buf_string(&encoded);
    }
    call = calloc(1, sizeof(*call));
    if (!call)
        abort();
    call->action = action;
    call->arena = arena;
    call->body = strdup(body);
    if (!call->body)
        abort();
    call->next = client->calls;
    client->calls = call;
    send_request(client, outlet, now, call);
    call->id = *ret_call = call->http;
    return 0;
}

static void start_reply(struct call *call, int status)
{
    const struct ec2_action_row *row = &ec2_action_table[call->action];

    call->status = status;
    call->reply = arena_alloc(call->arena, row->describe ? sizeof(struct ec2_describe_reply)
                                                         : sizeof(struct ec2_change_reply));
    ec2_decoder_free(call->decoder);
    call->decoder = ec2_decoder_new(call->arena, call->action, status, call->reply, &call->error,
                                    AWS_REPLY_MAX);
}

static void feed_reply(struct call *call, const void *bytes, size_t n, bool final)
{
    if (call->decoder && call->decode_r >= 0)
        call->decode_r = ec2_decoder_feed(call->decoder, bytes, n, final, &call->wire_error);
}

static void finish_message(struct call_result *result, const struct call *call, const char *what)
{
    char attempts[40] = "";

    if (call->attempt > 1)
        snprintf(attempts, sizeof(attempts), " (attempt %u of %u)", call->attempt,
                 (unsigned)AWS_CLIENT_ATTEMPTS);
    snprintf(result->message, sizeof(result->message), "%s: %s%s",
             ec2_action_table[call->action].name, what, attempts);
}

/* What became of the request that just ended. */
static void judge_end(struct call *call, const struct input *input, struct call_result *result)
{
    char what[352];

    *result = (struct call_result){
        .call = call->id, .action = call->action, .sent = input->sent, .reply = call->reply};
    if (input->r >= 0)
        feed_reply(call, "", 0, true);
    result->error = call->error;
    result->error.status = call->status;
    if (input->r < 0) {
        result->r = input->r;
        finish_message(result, call, input->detail ? input->detail : strerror(-input->r));
    } else if (call->status == 200) {
        result->r = call->decode_r < 0 ? call->decode_r : 0;
        if (result->r < 0) {
            snprintf(what, sizeof(what), "the reply is not what AWS sends: %.300s",
                     call->wire_error.message[0] ? call->wire_error.message : "it cannot be read");
            finish_message(result, call, what);
        }
    } else {
        result->r = -EREMOTEIO;
        result->error_class = ec2_error_classify(&result->error);
        if (result->error.code[0])
            snprintf(what, sizeof(what), "%.95s: %.200s", result->error.code,
                     result->error.message);
        else
            snprintf(what, sizeof(what), "HTTP status %d with a body that is not AWS's",
                     call->status);
        finish_message(result, call, what);
    }
}

/* Only what reads is repeated: a change is planned anew from a fresh look. */
static bool worth_repeating(const struct call *call, const struct call_result *result)
{
    if (result->r == 0 || result->r == -ECANCELED || ec2_action_table[call->action].mutates ||
        call->attempt >= AWS_CLIENT_ATTEMPTS)
        return false;
    if (result->r != -EREMOTEIO)
        return true;
    return result->error_class == EC2_ERROR_THROTTLED || result->error_class == EC2_ERROR_SERVER;
}

/* Full jitter (aws-facts 3.2): 50 ms doubled for what failed on the way, 1 s where AWS throttles.
 */
static uint64_t retry_delay_ms(struct rng *rng, const struct call *call,
                               const struct call_result *result)
{
    uint64_t base =
        result->r == -EREMOTEIO && result->error_class == EC2_ERROR_THROTTLED ? 1000 : 50;

    return rng_below(rng, base << call->attempt) + 1;
}

static void remove_call(struct aws_client *client, struct call *call)
{
    struct call **at = &client->calls;

    while (*at != call)
        at = &(*at)->next;
    *at = call->next;
    call_free(call);
}

static bool take_cancelled(struct aws_client *client, struct call_result *ret_result)
{
    for (struct call *call = client->calls; call; call = call->next) {
        if (call->state != CALL_CANCELLED)
            continue;
        *ret_result = (struct call_result){
            .call = call->id, .action = call->action, .r = -ECANCELED, .sent = SENT_NO};
        finish_message(ret_result, call, "given up");
        remove_call(client, call);
        return true;
    }
    return false;
}

bool aws_client_feed(struct aws_client *client, struct outlet *outlet, const struct input *input,
                     struct call_result *ret_result)
{
    struct call *call;

    if (take_cancelled(client, ret_result))
        return true;
    if (input->kind == INPUT_WAKE) {
        for (call = client->calls; call; call = call->next)
            if (call->state == CALL_WAITING && call->retry_at_ms <= input->now.monotonic_ms)
                send_request(client, outlet, input->now, call);
        return false;
    }
    if (input->kind != INPUT_HTTP_HEAD && input->kind != INPUT_HTTP_CHUNK &&
        input->kind != INPUT_HTTP_END)
        return false;
    for (call = client->calls; call; call = call->next)
        if (call->state == CALL_IN_FLIGHT && call->http == input->id)
            break;
    if (!call)
        return false;
    switch (input->kind) {
    case INPUT_HTTP_HEAD:
        start_reply(call, input->status);
        return false;
    case INPUT_HTTP_CHUNK:
        feed_reply(call, input->bytes, input->n, false);
        return false;
    default:
        break;
    }
    judge_end(call, input, ret_result);
    if (worth_repeating(call, ret_result)) {
        call->state = CALL_WAITING;
        call->retry_at_ms = input->now.monotonic_ms + retry_delay_ms(outlet->rng, call, ret_result);
        call->decoder = ec2_decoder_free(call->decoder);
        return false;
    }
    remove_call(client, call);
    return true;
}

uint64_t aws_client_wake_at(const struct aws_client *client)
{
    uint64_t at = UINT64_MAX;

    for (const struct call *call = client->calls; call; call = call->next)
        if (call->state == CALL_WAITING && call->retry_at_ms < at)
            at = call->retry_at_ms;
    return at;
}

void aws_client_cancel_all(struct aws_client *client, struct outlet *outlet)
{
    for (struct call *call = client->calls; call; call = call->next) {
        if (call->state == CALL_IN_FLIGHT)
            outlet_add(outlet, EFFECT_HTTP_CANCEL)->id = call->http;
        else
            call->state = CALL_CANCELLED;
    }
}

unsigned aws_client_in_flight(const struct aws_client *client)
{
    unsigned n = 0;

    for (const struct call *call = client->calls; call; call = call->next)
        n++;
    return n;
}

uint64_t aws_client_n_requests(const struct aws_client *client)
{
    return client->n_requests;
}
