/* One attempt of a call: signed bytes on their way. */
#include "client_private.h"

#include <stdlib.h>

static const struct aws_endpoint *endpoint_of(const struct aws_client *client,
                                              const struct call *call)
{
    return text_equal(call->service, "lambda") ? &client->lambda
           : text_equal(call->service, "sts")  ? &client->sts
                                               : &client->ec2;
}

/* All headers; the last two are not signed. */
static struct effect_header *sign(const struct aws_client *client, struct outlet *outlet,
                                  struct instant now, const struct call *call, const char *path,
                                  size_t *ret_n)
{
    const struct aws_credentials *credentials = &client->credentials;
    struct effect_header *headers = ARENA_ARRAY(outlet->arena, struct effect_header, 6);
    struct http_header signed_headers[4];
    struct sigv4_scope scope = {client->region, call->service, now.wall_ms};
    struct sigv4_request request = {.method = call->body ? "POST" : "GET",
                                    .path = path,
                                    .headers = signed_headers,
                                    .body = call->body ? call->body : "",
                                    .body_n = call->body ? strlen(call->body) : 0};
    struct sigv4_result result;
    char date[17];
    size_t n = 0;

    time_compact(now.wall_ms, date);
    headers[n++] = (struct effect_header){"Host", endpoint_of(client, call)->host};
    headers[n++] = (struct effect_header){"X-Amz-Date", arena_strdup(outlet->arena, date)};
    if (call->body)
        headers[n++] = (struct effect_header){"Content-Type",
                                              "application/x-www-form-urlencoded; charset=utf-8"};
    if (credentials->session_token && !call->no_signature)
        headers[n++] = (struct effect_header){
            "X-Amz-Security-Token",
            credentials->session_token}; /* lent: nobody would wipe a copy (S11) */
    for (size_t i = 0; i < n; i++)
        signed_headers[i] = (struct http_header){headers[i].name, headers[i].value};
    request.n_headers = n;
    if (!call->no_signature) {
        /* The headers are ours, so the signer has nothing to refuse. */
        if (sigv4_sign(outlet->arena, &request, &scope, credentials, &result) < 0)
            abort();
        headers[n++] = (struct effect_header){"Authorization", result.authorization};
    }
    headers[n++] =
        (struct effect_header){"User-Agent", arena_strdup(outlet->arena, client->user_agent)};
    *ret_n = n;
    return headers;
}

/* What reads is over by the deadline; a change is worth its answer. */
static uint64_t timeout_ms(const struct call *call, struct instant now)
{
    uint64_t left_ms = call->until_ms - now.monotonic_ms;

    return call->mutates || left_ms > AWS_CLIENT_TIMEOUT_MS ? AWS_CLIENT_TIMEOUT_MS : left_ms;
}

void client_send(struct aws_client *client, struct outlet *outlet, struct instant now,
                 struct call *call)
{
    const struct aws_endpoint *endpoint = endpoint_of(client, call);
    /* An endpoint's path has no slash at its end, but for "/" alone. */
    const char *base = text_equal(endpoint->path, "/") ? "" : endpoint->path;
    const char *path = call->path ? call->path : *base ? "" : "/";
    struct effect_header *headers;
    struct effect *effect;
    size_t n;

    now.wall_ms += client->correction_ms;
    headers = sign(client, outlet, now, call, arena_printf(outlet->arena, "%s%s", base, path), &n);
    effect = outlet_add(outlet, EFFECT_HTTP_SEND);
    effect->method = call->body ? "POST" : "GET";
    effect->url = arena_printf(outlet->arena, "%s%s", endpoint->url, path);
    effect->headers = headers;
    effect->n_headers = n;
    effect->body = call->body; /* lent, as the token above */
    effect->body_n = call->body ? strlen(call->body) : 0;
    effect->timeout_ms = timeout_ms(call, now);
    effect->reply_limit = AWS_REPLY_MAX;
    effect->mutates = call->mutates;
    effect->secret = text_equal(call->service, "sts"); /* AssumeRole answers with keys */
    call->http = effect->id;
    call->state = CALL_IN_FLIGHT;
    call->attempt++;
    call->sent_ms = now.monotonic_ms;
    call->correction_ms = client->correction_ms;
    call->dated = false;
    reply_clear(&call->reply);
    client->n_requests++;
}
