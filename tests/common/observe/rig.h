/* rig.h - one scope's observation with hand-made results; the requests are read off the effects. */
#pragma once

#include "vpc_reconciled/observe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WALL_MS 1795500000000

struct rig {
    struct arena *arena;
    struct aws_environment environment;
    struct effects effects;
    uint64_t next_id;
    struct rng rng;
    struct outlet outlet;
    struct aws_client *client;
    struct instant now;
    struct observe *observe;
};

static inline void rig_start_in(struct rig *rig, const char *region, const struct observe_vpc *vpcs,
                                size_t n_vpcs, const struct observe_wants *wants)
{
    static const char *const environment[] = {"AWS_ACCESS_KEY_ID=test",
                                              "AWS_SECRET_ACCESS_KEY=test",
                                              "AWS_ENDPOINT_URL=http://127.0.0.1:4566", NULL};
    struct aws_environment_error error;

    *rig = (struct rig){.arena = arena_new(), .next_id = 1, .rng = {42}};
    rig->now = (struct instant){.monotonic_ms = 5000, .wall_ms = WALL_MS};
    assert_int_equal(aws_environment_parse(environment, &rig->environment, &error), 0);
    rig->outlet = (struct outlet){&rig->effects, rig->arena, &rig->next_id, &rig->rng};
    assert_int_equal(aws_client_new(&rig->environment, region, &rig->client, &error), 0);
    rig->observe =
        observe_new(rig->client, region, "111122223333", 9, vpcs, n_vpcs, wants, rig->now);
    observe_begin(rig->observe, &rig->outlet, rig->now);
}

static inline void rig_start_wanting(struct rig *rig, const struct observe_vpc *vpcs, size_t n_vpcs,
                                     const struct observe_wants *wants)
{
    rig_start_in(rig, "eu-west-1", vpcs, n_vpcs, wants);
}

static inline void rig_start(struct rig *rig, const struct observe_vpc *vpcs, size_t n_vpcs)
{
    rig_start_wanting(rig, vpcs, n_vpcs, NULL);
}

static inline const char *body_of(struct rig *rig, size_t i)
{
    const struct effect *effect = &rig->effects.items[i];

    return effect->body ? arena_strndup(rig->arena, effect->body, effect->body_n) : "";
}

static inline void rig_stop(struct rig *rig)
{
    /* Nothing may ever describe everything by an empty filter (safety.md 1). */
    for (size_t i = 0; i < rig->effects.n; i++) {
        const char *body = body_of(rig, i);

        if (strstr(body, "Filter.1.Name="))
            assert_non_null(strstr(body, "Filter.1.Value.1="));
        assert_null(strstr(body, "Value.1=&"));
        assert_false(rig->effects.items[i].mutates);
    }
    observe_free(rig->observe);
    aws_client_free(rig->client);
    aws_environment_clear(&rig->environment);
    free(rig->effects.items);
    arena_free(rig->arena);
}

/* Instead of observe_free(): the observation is taken, and observe lies in its arena. */
static inline struct observation *take(struct rig *rig)
{
    assert_true(observe_done(rig->observe));
    return observe_take(rig->observe);
}

static inline bool asks(struct rig *rig, size_t i, enum ec2_action action)
{
    const char *text = arena_printf(rig->arena, "Action=%s&", ec2_action_table[action].name);

    return text_starts_with(body_of(rig, i), text);
}

/* Requests of the action so far. */
static inline unsigned count(struct rig *rig, enum ec2_action action)
{
    unsigned n = 0;

    for (size_t i = 0; i < rig->effects.n; i++)
        n += asks(rig, i, action);
    return n;
}

/* The n-th request of the action, from 0. */
static inline size_t request_of(struct rig *rig, enum ec2_action action, unsigned n)
{
    for (size_t i = 0; i < rig->effects.n; i++)
        if (asks(rig, i, action) && n-- == 0)
            return i;
    fail_msg("%s was not asked", ec2_action_table[action].name);
    return 0;
}

static inline void give(struct rig *rig, size_t i, struct call_result result)
{
    result.call = rig->effects.items[i].id;
    assert_true(observe_feed(rig->observe, &rig->outlet, rig->now, &result));
    /* Once taken, an answer is nobody's. */
    assert_false(observe_feed(rig->observe, &rig->outlet, rig->now, &result));
}

static inline void answer(struct rig *rig, enum ec2_action action, unsigned n,
                          struct ec2_describe_reply *reply)
{
    give(rig, request_of(rig, action, n),
         (struct call_result){.action = action, .sent = SENT_YES, .reply = reply});
}

/* An empty page to whatever has had no answer yet; what is asked for by name is as it should be. */
static inline void answer_rest(struct rig *rig)
{
    for (size_t i = 0; i < rig->effects.n; i++) {
        struct call_result result = {
            .call = rig->effects.items[i].id,
            .reply = ARENA_NEW(rig->arena, struct ec2_describe_reply),
        };
        const char *vpc = strstr(body_of(rig, i), "VpcId=");

        if (text_equal(rig->effects.items[i].method, "GET")) {
            struct observed_capacity_provider *provider =
                ARENA_NEW(rig->arena, struct observed_capacity_provider);

            provider->name = strrchr(rig->effects.items[i].url, '/') + 1;
            result.reply = provider;
        } else if (vpc) {
            struct ec2_describe_reply *reply = result.reply;

            reply->vpc_id = arena_strndup(rig->arena, vpc + 6, strcspn(vpc + 6, "&"));
            reply->enable_dns_support = reply->enable_dns_hostnames = WIRE_TRUE;
        }
        observe_feed(rig->observe, &rig->outlet, rig->now, &result);
    }
}

/* What a pass asks for when no config wants more. */
#define N_ALWAYS ((unsigned)LIST_VPC_ENDPOINTS + 1)
