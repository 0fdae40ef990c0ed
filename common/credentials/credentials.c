/* The set in force: when it is renewed, and what holds in between. */
#include "vpc_reconciled/credentials.h"

#include "chain.h"

#include <stdio.h>
#include <stdlib.h>

#define HOLD_MIN_MS 1000
#define HOLD_MAX_MS 60000
/* IMDS may answer with an expired set while it is ill; AWS may still honour it (aws-facts 5.5). */
#define STABLE_MIN_MS 300000
#define STABLE_MAX_MS 600000

struct credentials {
    struct credentials_options options;
    char *region, *host, *role_arn, *external_id;
    struct chain *chain; /* while a refresh runs */
    bool awaits_base;

    struct aws_credentials current;
    uint64_t serial;
    int64_t expires_ms;     /* wall; EXPIRES_NEVER */
    int64_t margin_ms;      /* so near its end a pass waits for the renewal */
    bool stable;            /* expired as it is, it may be honoured */
    bool rejected;          /* AWS refused it */
    uint64_t refresh_at_ms; /* monotonic */
    uint64_t hold_until_ms; /* no refresh before */
    unsigned failures;      /* running */
    char *source, *error;
};

static char *copy(const char *text)
{
    char *copied = text ? strdup(text) : NULL;

    if (text && !copied)
        abort();
    return copied;
}

struct credentials *credentials_new(const struct credentials_options *options)
{
    struct credentials *credentials = calloc(1, sizeof(*credentials));

    if (!credentials)
        abort();
    assert(!options->role_arn == !options->base);
    credentials->options = *options;
    credentials->options.region = credentials->region = copy(options->region);
    credentials->options.host = credentials->host = copy(options->host);
    credentials->options.role_arn = credentials->role_arn = copy(options->role_arn);
    credentials->options.external_id = credentials->external_id = copy(options->external_id);
    return credentials;
}

struct credentials *credentials_free(struct credentials *credentials)
{
    if (!credentials)
        return NULL;
    chain_free(credentials->chain);
    aws_credentials_clear(&credentials->current);
    free(credentials->region);
    free(credentials->host);
    free(credentials->role_arn);
    free(credentials->external_id);
    free(credentials->source);
    free(credentials->error);
    free(credentials);
    return NULL;
}

/* ---- the end of a refresh ---- */

/* Doubles with each failure in a row, with jitter: many hosts lose the same service at once. */
static void hold(struct credentials *credentials, struct outlet *outlet, struct instant now)
{
    uint64_t most = (uint64_t)HOLD_MIN_MS
                    << (credentials->failures < 6 ? credentials->failures : 6);

    if (most > HOLD_MAX_MS)
        most = HOLD_MAX_MS;
    credentials->failures++;
    credentials->hold_until_ms = now.monotonic_ms + most / 2 + rng_below(outlet->rng, most / 2 + 1);
}

static void failed(struct credentials *credentials, struct outlet *outlet, struct instant now,
                   const char *error)
{
    char *text = copy(error);

    free(credentials->error);
    credentials->error = text;
    hold(credentials, outlet, now);
    if (credentials->refresh_at_ms < credentials->hold_until_ms)
        credentials->refresh_at_ms = credentials->hold_until_ms;
}

/* At half of what is left, at the latest ten minutes before the end, with jitter. */
static uint64_t refresh_in_ms(const struct credentials *credentials, struct rng *rng,
                              int64_t left_ms)
{
    int64_t in = left_ms / 2;

    if (left_ms > CREDENTIALS_MARGIN_MS && in > left_ms - CREDENTIALS_MARGIN_MS)
        in = left_ms - CREDENTIALS_MARGIN_MS;
    if (left_ms <= 0 || credentials->stable)
        return STABLE_MIN_MS + rng_below(rng, STABLE_MAX_MS - STABLE_MIN_MS + 1);
    in -= (int64_t)rng_below(rng, (uint64_t)in / 10 + 1);
    return in < HOLD_MIN_MS ? HOLD_MIN_MS : (uint64_t)in;
}

static void set_times(struct credentials *credentials, struct outlet *outlet, struct instant now)
{
    int64_t left_ms;

    credentials->refresh_at_ms = UINT64_MAX;
    credentials->margin_ms = 0;
    if (credentials->expires_ms == EXPIRES_NEVER)
        return;
    left_ms = credentials->expires_ms - now.wall_ms;
    /* A process may give keys for five minutes: those are not at their end all the time. */
    credentials->margin_ms =
        left_ms / 4 < CREDENTIALS_MARGIN_MS ? left_ms / 4 : CREDENTIALS_MARGIN_MS;
    credentials->refresh_at_ms =
        now.monotonic_ms + refresh_in_ms(credentials, outlet->rng, left_ms);
}

static void succeeded(struct credentials *credentials, struct outlet *outlet, struct instant now)
{
    struct chain *chain = credentials->chain;
    bool expired = chain->found.expires_ms <= now.wall_ms;

    if (expired && !chain->static_stability) {
        char text[400];

        snprintf(text, sizeof(text), "%.300s: the keys that it gives have expired already",
                 chain->source_text);
        failed(credentials, outlet, now, text);
        return;
    }
    credentials->stable = expired;
    if (!aws_credentials_equal(&credentials->current, &chain->found.credentials)) {
        aws_credentials_clear(&credentials->current);
        aws_credentials_copy(&chain->found.credentials, &credentials->current);
        credentials->serial++;
        credentials->failures = 0;
        credentials->hold_until_ms = now.monotonic_ms + HOLD_MIN_MS;
    } else {
        hold(credentials, outlet, now); /* nothing newer is to be had yet */
    }
    credentials->rejected = false;
    credentials->expires_ms = chain->found.expires_ms;
    free(credentials->source);
    credentials->source = copy(chain->source_text);
    free(credentials->error);
    credentials->error = NULL;
    set_times(credentials, outlet, now);
}

static void finish(struct credentials *credentials, struct outlet *outlet, struct instant now)
{
    struct chain *chain = credentials->chain;

    if (!chain->done)
        return;
    if (chain->base_refused && credentials->options.base)
        credentials_reject(credentials->options.base,
                           credentials_serial(credentials->options.base));
    if (chain->error[0])
        failed(credentials, outlet, now, chain->error);
    else
        succeeded(credentials, outlet, now);
    credentials->chain = chain_free(chain);
}

/* ---- its beginning ---- */

static void begin(struct credentials *credentials, struct outlet *outlet, struct instant now)
{
    struct credentials *base = credentials->options.base;

    credentials->awaits_base = false;
    if (base) {
        enum credentials_state state = credentials_want(base, outlet, now);

        if (state == CREDENTIALS_WAIT) {
            credentials->awaits_base = true;
            return;
        }
        if (state == CREDENTIALS_NONE) {
            failed(credentials, outlet, now, credentials_error(base));
            return;
        }
    }
    credentials->chain = chain_new(&credentials->options);
    if (base)
        chain_begin_role(credentials->chain, outlet, now, &base->current, base->source,
                         credentials->role_arn, credentials->external_id);
    else
        chain_begin_host(credentials->chain, outlet, now);
    finish(credentials, outlet, now);
}

static bool near_its_end(const struct credentials *credentials, struct instant now)
{
    return credentials->expires_ms != EXPIRES_NEVER && !credentials->stable &&
           credentials->expires_ms - now.wall_ms <= credentials->margin_ms;
}

static bool due(const struct credentials *credentials, struct instant now)
{
    if (credentials->chain || now.monotonic_ms < credentials->hold_until_ms)
        return false;
    return credentials->serial == 0 || credentials->rejected ||
           now.monotonic_ms >= credentials->refresh_at_ms || near_its_end(credentials, now);
}

enum credentials_state credentials_want(struct credentials *credentials, struct outlet *outlet,
                                        struct instant now)
{
    bool usable, waits;

    if (due(credentials, now))
        begin(credentials, outlet, now);
    waits = credentials->chain || credentials->awaits_base;
    usable = credentials->serial > 0 && !credentials->rejected &&
             (credentials->stable || credentials->expires_ms > now.wall_ms);
    if (usable && !(waits && near_its_end(credentials, now)))
        return CREDENTIALS_READY;
    if (waits)
        return CREDENTIALS_WAIT;
    /* A renewal just failed, or is held: what AWS refused it is asked again, at the pace of the
     * passes; what has expired by its own word is not even signed with. */
    return usable || (credentials->serial > 0 && credentials->rejected) ? CREDENTIALS_READY
                                                                        : CREDENTIALS_NONE;
}

void credentials_feed(struct credentials *credentials, struct outlet *outlet,
                      const struct input *input)
{
    if (input->kind == INPUT_START)
        return;
    if (credentials->chain) {
        chain_feed(credentials->chain, outlet, input);
        finish(credentials, outlet, input->now);
    } else if (credentials->awaits_base || (input->kind == INPUT_WAKE && credentials->serial > 0 &&
                                            due(credentials, input->now))) {
        begin(credentials, outlet, input->now);
    }
}

uint64_t credentials_wake_at(const struct credentials *credentials)
{
    uint64_t at;

    if (credentials->chain)
        return credentials->chain->sts ? aws_client_wake_at(credentials->chain->sts) : UINT64_MAX;
    if (credentials->serial == 0 || credentials->refresh_at_ms == UINT64_MAX)
        return UINT64_MAX;
    at = credentials->refresh_at_ms;
    return at > credentials->hold_until_ms ? at : credentials->hold_until_ms;
}

const struct aws_credentials *credentials_current(const struct credentials *credentials)
{
    return credentials->serial > 0 ? &credentials->current : NULL;
}

uint64_t credentials_serial(const struct credentials *credentials)
{
    return credentials->serial;
}

void credentials_reject(struct credentials *credentials, uint64_t serial)
{
    if (serial == credentials->serial && serial > 0)
        credentials->rejected = true;
}

const char *credentials_source(const struct credentials *credentials)
{
    return credentials->source;
}

const char *credentials_error(const struct credentials *credentials)
{
    return credentials->error;
}
