/* One API call at a time as bytes: encode, sign, send, decode, repeat. */
#include "capacity_provider.h"
#include "client_private.h"
#include "skew.h"

#include <stdio.h>
#include <stdlib.h>

static char *copy(const char *text)
{
    char *copied = text ? strdup(text) : NULL;

    if (text && !copied)
        abort();
    return copied;
}

/* The ones before stay until the next change: what was sent in the same feed lends their token. */
void aws_client_set_credentials(struct aws_client *client,
                                const struct aws_credentials *credentials)
{
    if (aws_credentials_equal(&client->credentials, credentials))
        return;
    aws_credentials_clear(&client->previous);
    client->previous = client->credentials;
    aws_credentials_copy(credentials, &client->credentials);
}

int aws_client_new(const struct aws_environment *environment, const char *region,
                   struct aws_client **ret_client, struct aws_environment_error *reterr)
{
    struct aws_client *client = calloc(1, sizeof(*client));
    int r;

    if (!client)
        abort();
    client->region = copy(region);
    if (environment->credentials.access_key_id)
        aws_client_set_credentials(client, &environment->credentials);
    client->deadline_ms = UINT64_MAX;
    client->next = EC2_NO_ACTION;
    snprintf(client->user_agent, sizeof(client->user_agent), "vpc-reconciled/%s",
             VPC_RECONCILED_VERSION);
    client->special_hosts = environment->use_dualstack_endpoint == WIRE_TRUE ||
                            environment->use_fips_endpoint == WIRE_TRUE;
    r = aws_endpoint_resolve(environment, "ec2", region, &client->ec2, reterr);
    if (r >= 0)
        r = aws_endpoint_resolve(environment, "sts", region, &client->sts, reterr);
    if (r >= 0)
        r = aws_endpoint_resolve(environment, "lambda", region, &client->lambda, reterr);
    if (r < 0) {
        aws_client_free(client);
        return r;
    }
    *ret_client = client;
    return 0;
}

static void call_free(struct call *call)
{
    reply_clear(&call->reply);
    free(call->path);
    if (call->body)
        secret_wipe(call->body, strlen(call->body)); /* a web identity's token may be in it */
    free(call->body);
    free(call);
}

struct aws_client *aws_client_free(struct aws_client *client)
{
    if (!client)
        return NULL;
    while (client->calls) {
        struct call *next = client->calls->next_call;

        call_free(client->calls);
        client->calls = next;
    }
    aws_credentials_clear(&client->credentials);
    aws_credentials_clear(&client->previous);
    free(client->region);
    free(client);
    return NULL;
}

void aws_client_set_user_agent(struct aws_client *client, const char *text)
{
    snprintf(client->user_agent, sizeof(client->user_agent), "vpc-reconciled/%s%s%s",
             VPC_RECONCILED_VERSION, *text ? " " : "", text);
}

void aws_client_set_deadline(struct aws_client *client, uint64_t monotonic_ms)
{
    client->deadline_ms = monotonic_ms;
}

void aws_client_set_next(struct aws_client *client, enum ec2_action action)
{
    client->next = action;
}

void aws_client_inherit(struct aws_client *client, const struct aws_client *from)
{
    client->pace = from->pace;
    client->correction_ms = from->correction_ms;
}

int64_t aws_client_clock_correction_ms(const struct aws_client *client)
{
    return client->correction_ms;
}

/* ---- leaving ---- */

static uint64_t due_at(const struct aws_client *client, const struct call *call)
{
    uint64_t at = pace_ready_at(&client->pace, call->action), next;

    at = call->retry_at_ms > at ? call->retry_at_ms : at;
    next = call->next == EC2_NO_ACTION ? 0 : pace_ready_at(&client->pace, call->next);
    return next > at ? next : at;
}

static bool leave(struct aws_client *client, struct outlet *outlet, struct instant now,
                  struct call *call)
{
    if (now.monotonic_ms >= call->until_ms || now.monotonic_ms < due_at(client, call) ||
        !pace_take(&client->pace, call->action, now.monotonic_ms))
        return false;
    client_send(client, outlet, now, call);
    return true;
}

/* Its id is that of its first request, if that leaves at once. */
static uint64_t begin(struct aws_client *client, struct outlet *outlet, struct instant now,
                      struct call *call)
{
    uint64_t until_ms = client->deadline_ms;

    if (call->mutates && until_ms > now.monotonic_ms + AWS_CLIENT_CHANGE_WAIT_MS)
        until_ms = now.monotonic_ms + AWS_CLIENT_CHANGE_WAIT_MS;
    call->until_ms = until_ms;
    call->next = client->next;
    call->state = CALL_WAITING;
    call->id = leave(client, outlet, now, call) ? call->http : (*outlet->next_id)++;
    return call->id;
}

static struct call *call_new(struct aws_client *client, enum ec2_action action, const char *name,
                             const char *service, struct arena *arena)
{
    struct call *call = calloc(1, sizeof(*call)), **end = &client->calls;

    if (!call)
        abort();
    while (*end)
        end = &(*end)->next_call;
    *end = call;
    call->action = action;
    call->name = name;
    call->service = service;
    call->reply.action = action;
    call->reply.arena = arena;
    return call;
}

int aws_client_call(struct aws_client *client, struct outlet *outlet, struct instant now,
                    enum ec2_action action, const void *request, const char *body,
                    bool observe_only, struct arena *arena, uint64_t *ret_call)
{
    CLEANUP(buf_free)
    struct buf encoded = {0};
    const struct ec2_action_row *row;
    struct call *call;
    int r;

    if (body && observe_only && ec2_action_table[action].mutates)
        return -EPERM;
    if (!client->credentials.access_key_id && !ec2_action_table[action].no_signature)
        return -ENOKEY;
    encoded.secret = true;
    if (!body) {
        r = ec2_request_encode(&encoded, action, request, observe_only);
        if (r < 0)
            return r;
        body = buf_string(&encoded);
    }
    row = &ec2_action_table[action];
    call = call_new(client, action, row->name, row->service, arena);
    call->mutates = row->mutates;
    call->no_signature = row->no_signature;
    call->body = copy(body);
    *ret_call = begin(client, outlet, now, call);
    return 0;
}

int aws_client_get_capacity_provider(struct aws_client *client, struct outlet *outlet,
                                     struct instant now, const char *name, struct arena *arena,
                                     uint64_t *ret_call)
{
    CLEANUP(buf_free)
    struct buf path = {0};
    struct call *call;

    if (!client->credentials.access_key_id)
        return -ENOKEY;
    buf_text(&path, CAPACITY_PROVIDER_PATH);
    uri_encode(&path, name, false);
    call = call_new(client, EC2_NO_ACTION, CAPACITY_PROVIDER_ACTION, "lambda", arena);
    call->path = strdup(buf_string(&path));
    if (!call->path)
        abort();
    call->reply.provider = arena_strdup(arena, name);
    *ret_call = begin(client, outlet, now, call);
    return 0;
}

static void remove_call(struct aws_client *client, struct call *call)
{
    struct call **at = &client->calls;

    while (*at != call)
        at = &(*at)->next_call;
    *at = call->next_call;
    call_free(call);
}

static void end_unsent(struct aws_client *client, struct call *call, int r, const char *why,
                       struct call_result *ret_result)
{
    *ret_result =
        (struct call_result){.call = call->id, .action = call->action, .r = r, .sent = SENT_NO};
    client_message(ret_result, call, why);
    remove_call(client, call);
}

/* One that waited, and will not leave any more. Time runs out only at a wake-up, which every client
 * is given: other inputs are somebody's. */
static bool take_unsent(struct aws_client *client, const struct input *input,
                        struct call_result *ret_result)
{
    for (struct call *call = client->calls; call; call = call->next_call) {
        if (call->state == CALL_CANCELLED) {
            end_unsent(client, call, -ECANCELED, "given up", ret_result);
            return true;
        }
        if (call->state == CALL_WAITING && input->kind == INPUT_WAKE &&
            input->now.monotonic_ms >= call->until_ms) {
            end_unsent(client, call, -ETIMEDOUT,
                       call->until_ms < client->deadline_ms
                           ? "not sent: AWS's rate leaves no room for it now"
                           : "the pass's deadline came before its turn",
                       ret_result);
            return true;
        }
    }
    return false;
}

bool aws_client_feed(struct aws_client *client, struct outlet *outlet, const struct input *input,
                     struct call_result *ret_result)
{
    struct call *call;

    if (take_unsent(client, input, ret_result))
        return true;
    if (input->kind == INPUT_WAKE) {
        for (call = client->calls; call; call = call->next_call)
            if (call->state == CALL_WAITING)
                leave(client, outlet, input->now, call);
        return false;
    }
    if (input->kind != INPUT_HTTP_HEAD && input->kind != INPUT_HTTP_CHUNK &&
        input->kind != INPUT_HTTP_END)
        return false;
    for (call = client->calls; call; call = call->next_call)
        if (call->state == CALL_IN_FLIGHT && call->http == input->id)
            break;
    if (!call)
        return false;
    switch (input->kind) {
    case INPUT_HTTP_HEAD:
        reply_begin(&call->reply, input->status, input->headers, input->n_headers);
        call->dated =
            skew_read(input->headers, input->n_headers, input->now.wall_ms, &call->skew_ms);
        return false;
    case INPUT_HTTP_CHUNK:
        reply_feed(&call->reply, input->bytes, input->n);
        return false;
    default:
        break;
    }
    client_judge(call, input, ret_result);
    if (input->r == -EHOSTUNREACH && client->special_hosts) {
        size_t n = strlen(ret_result->message);

        snprintf(ret_result->message + n, sizeof(ret_result->message) - n,
                 "; some regions have no such host: see AWS_USE_FIPS_ENDPOINT and "
                 "AWS_USE_DUALSTACK_ENDPOINT");
    }
    if (client_repeat(client, outlet->rng, call, input->now.monotonic_ms, ret_result)) {
        reply_clear(&call->reply);
        return false;
    }
    remove_call(client, call);
    return true;
}

uint64_t aws_client_wake_at(const struct aws_client *client)
{
    uint64_t at = UINT64_MAX;

    for (const struct call *call = client->calls; call; call = call->next_call) {
        uint64_t due = due_at(client, call);

        if (due > call->until_ms)
            due = call->until_ms;
        if (call->state == CALL_WAITING && due < at)
            at = due;
    }
    return at;
}

void aws_client_cancel_all(struct aws_client *client, struct outlet *outlet)
{
    for (struct call *call = client->calls; call; call = call->next_call) {
        if (call->state == CALL_IN_FLIGHT)
            outlet_add(outlet, EFFECT_HTTP_CANCEL)->id = call->http;
        else
            call->state = CALL_CANCELLED;
    }
}

unsigned aws_client_in_flight(const struct aws_client *client)
{
    unsigned n = 0;

    for (const struct call *call = client->calls; call; call = call->next_call)
        n++;
    return n;
}

uint64_t aws_client_n_requests(const struct aws_client *client)
{
    return client->n_requests;
}
