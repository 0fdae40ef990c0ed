/* host.h - a host that answers effects by a script: its files, its metadata services, STS, one
 * process. Each exchange must come in its turn, and none may be left over. */
#pragma once

#include "vpc_reconciled/credentials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WALL_MS 1795500000000 /* 2026-11-24T06:00:00Z */
#define EXCHANGES_MAX 16

struct exchange {
    const char *asks;   /* "PUT URL", "GET URL", "POST URL Action=...", "FILE path", "RUN a|b" */
    const char *header; /* "Name: value" that must be sent, or NULL */
    int r, status;
    const char *body;
};

struct host {
    struct arena *arena;   /* the test's own */
    struct arena *lasting; /* of the effects; the daemon's is no secret one */
    struct aws_environment environment;
    struct effects effects;
    uint64_t next_id;
    struct rng rng;
    struct outlet outlet;
    struct instant now;
    struct credentials *credentials, *role;
    const struct exchange *next;
    unsigned n_asked;
    size_t handled; /* effects so far */
};

static inline void host_start(struct host *host, const char *const *variables,
                              const struct exchange *script)
{
    struct aws_environment_error error = {0};
    struct credentials_options options = {
        .environment = &host->environment, .region = "eu-west-1", .host = "ops.example"};

    *host = (struct host){.arena = arena_new_secret(),
                          .lasting = arena_new(),
                          .next_id = 1,
                          .rng = {7},
                          .next = script};
    host->now = (struct instant){.monotonic_ms = 1000, .wall_ms = WALL_MS};
    host->outlet = (struct outlet){&host->effects, host->lasting, &host->next_id, &host->rng};
    if (aws_environment_parse(variables, &host->environment, &error) < 0)
        fail_msg("%s", error.message);
    host->credentials = credentials_new(&options);
}

static inline void host_add_role(struct host *host, const char *arn)
{
    struct credentials_options options = {.environment = &host->environment,
                                          .region = "eu-west-1",
                                          .host = "ops.example",
                                          .role_arn = arn,
                                          .external_id = "x:1",
                                          .base = host->credentials};

    host->role = credentials_new(&options);
}

static inline void host_stop(struct host *host)
{
    credentials_free(host->role);
    credentials_free(host->credentials);
    aws_environment_clear(&host->environment);
    free(host->effects.items);
    arena_free(host->arena);
    arena_free(host->lasting);
}

static inline void host_feed(struct host *host, struct input input)
{
    input.now = host->now;
    credentials_feed(host->credentials, &host->outlet, &input);
    if (host->role)
        credentials_feed(host->role, &host->outlet, &input);
}

static inline const char *asked(struct host *host, const struct effect *effect)
{
    CLEANUP(buf_free)
    struct buf text = {.secret = true};

    switch (effect->kind) {
    case EFFECT_READ_FILE:
        buf_printf(&text, "FILE %s", effect->path);
        break;
    case EFFECT_RUN_PROCESS:
        buf_text(&text, "RUN ");
        for (size_t i = 0; effect->argv[i]; i++)
            buf_printf(&text, "%s%s", i ? "|" : "", effect->argv[i]);
        break;
    case EFFECT_HTTP_SEND:
        buf_printf(&text, "%s %s", effect->method, effect->url);
        if (effect->body_n)
            buf_printf(&text, " %.*s", (int)effect->body_n, (const char *)effect->body);
        break;
    default:
        fail_msg("effect %d", (int)effect->kind);
    }
    return arena_strdup(host->arena, buf_string(&text));
}

static inline bool has_header(const struct effect *effect, const char *line)
{
    for (size_t i = 0; i < effect->n_headers; i++) {
        size_t n = strlen(effect->headers[i].name);

        if (strncmp(line, effect->headers[i].name, n) == 0 && strncmp(line + n, ": ", 2) == 0 &&
            strcmp(line + n + 2, effect->headers[i].value) == 0)
            return true;
    }
    return false;
}

static inline void answer(struct host *host, const struct effect *effect)
{
    const struct exchange *exchange = host->next;
    const char *text = asked(host, effect);
    uint64_t id = effect->id;
    struct input end = {.id = id};

    if (!exchange->asks)
        fail_msg("not in the script: %s", text);
    if (strcmp(text, exchange->asks) != 0)
        fail_msg("asked: %s\nwanted: %s", text, exchange->asks);
    if (exchange->header && !has_header(effect, exchange->header))
        fail_msg("%s: not sent: %s", text, exchange->header);
    assert_true(effect->secret);
    host->next++;
    host->n_asked++;
    end.r = exchange->r;
    end.status = exchange->status;
    end.detail = exchange->r < 0 ? strerror(-exchange->r) : NULL;
    if (effect->kind != EFFECT_HTTP_SEND) {
        end.kind = effect->kind == EFFECT_READ_FILE ? INPUT_FILE : INPUT_PROCESS;
        end.bytes = exchange->body;
        end.n = exchange->body ? strlen(exchange->body) : 0;
        host_feed(host, end);
        return;
    }
    if (exchange->r >= 0) {
        host_feed(host,
                  (struct input){.kind = INPUT_HTTP_HEAD, .id = id, .status = exchange->status});
        for (size_t i = 0; exchange->body && exchange->body[i]; i++)
            host_feed(host,
                      (struct input){
                          .kind = INPUT_HTTP_CHUNK, .id = id, .bytes = exchange->body + i, .n = 1});
    }
    end.kind = INPUT_HTTP_END;
    end.sent = SENT_YES;
    host_feed(host, end);
}

/* Answers what is asked until nothing is. */
static inline void host_run(struct host *host)
{
    while (host->handled < host->effects.n) {
        const struct effect effect = host->effects.items[host->handled++];

        answer(host, &effect);
    }
}

static inline void host_pass_time(struct host *host, int64_t ms)
{
    host->now.monotonic_ms += (uint64_t)ms;
    host->now.wall_ms += ms;
}

static inline enum credentials_state host_want(struct host *host, struct credentials *credentials)
{
    credentials_want(credentials, &host->outlet, host->now);
    host_run(host);
    return credentials_want(credentials, &host->outlet, host->now);
}

static inline void host_none_left(const struct host *host)
{
    if (host->next->asks)
        fail_msg("never asked: %s", host->next->asks);
}
