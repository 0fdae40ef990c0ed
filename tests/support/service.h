/* service.h - what the tests of the manager as a service share: a healthy world with a daemon to
 * start in it, counts of what was sent, and the moments of a repair at which something may come
 * between. */
#pragma once

#include "support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h> /* after those three, as it wants */

#define HOUR_MS ((uint64_t)3600000)
#define PAUSE_FILE "/etc/vpc-reconciled/pause"
#define IPV4 "RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0"
#define IPV6 "RouteTableId=%s&DestinationIpv6CidrBlock=%%3A%%3A%%2F0"

struct stage {
    struct trial *trial;
    struct trial_world world;
    char config[4096];
    uint64_t calls[EC2_ACTION_COUNT]; /* as of stage_mark() */
    unsigned n_changes;               /* in the history, likewise */
};

struct calls {
    enum ec2_action action;
    unsigned n;
};

static const struct calls NOTHING[] = {{EC2_DESCRIBE_VPCS, 0}};

static inline unsigned count_text(const char *text, const char *part)
{
    unsigned n = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        n++;
    return n;
}

static inline void stage_wait(struct stage *stage, uint64_t ms)
{
    stage->trial->now.monotonic_ms += ms;
    stage->trial->now.wall_ms += (int64_t)ms;
}

static inline void stage_mark(struct stage *stage)
{
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        stage->calls[i] = simulator_calls(stage->trial->simulator, (enum ec2_action)i);
    stage->n_changes = count_text(trial_file(stage->trial, MANAGER_HISTORY_FILE), " change ");
    trial_forget_events(stage->trial);
}

static inline void stage_config(struct stage *stage, unsigned flags, const char *extra)
{
    snprintf(stage->config, sizeof(stage->config), "%s",
             trial_world_config(&stage->world, flags, extra));
    stage->trial->config_text = stage->config;
}

/* A healthy world, and a healthy run of the daemon in it; what follows is a service. */
static inline void stage_begin(struct stage *stage, unsigned flags)
{
    *stage = (struct stage){.trial = trial_new(17)};
    trial_build_world(stage->trial, &stage->world, flags);
    stage_config(stage, flags, "");
    stage_wait(stage, 300000); /* what was being made is */
    if (trial_once(stage->trial) != MANAGER_IN_SYNC) {
        trial_print_events(stage->trial);
        fail_msg("the world is not healthy");
    }
    stage->trial->service = true;
    stage_mark(stage);
}

static inline void stage_end(struct stage *stage)
{
    trial_free(stage->trial);
    stage->trial = NULL;
}

/* All mutating calls since stage_mark(), and no other. */
static inline void assert_sent(struct stage *stage, const char *name, const struct calls *expected)
{
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++) {
        uint64_t got =
            simulator_calls(stage->trial->simulator, (enum ec2_action)i) - stage->calls[i];
        unsigned want = 0;

        for (const struct calls *call = expected; call->n; call++)
            if (call->action == i)
                want = call->n;
        if (ec2_action_table[i].mutates && got != want) {
            trial_print_events(stage->trial);
            fail_msg("%s: %s was sent %llu times, expected %u", name, ec2_action_table[i].name,
                     (unsigned long long)got, want);
        }
    }
}

/* ---- a repair of several steps, and its moments ---- */

static inline void break_both_gateways(struct stage *stage)
{
    trial_call(stage->trial, "DetachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", stage->world.igw, stage->world.vpc));
    trial_call(stage->trial, "DeleteInternetGateway",
               trial_text("InternetGatewayId=%s", stage->world.igw));
    trial_call(stage->trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", stage->world.eigw));
}

static const struct calls both_gateways[] = {{EC2_CREATE_INTERNET_GATEWAY, 1},
                                             {EC2_ATTACH_INTERNET_GATEWAY, 1},
                                             {EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
                                             {EC2_REPLACE_ROUTE, 5},
                                             {EC2_DESCRIBE_VPCS, 0}};

static inline bool observing(const struct trial *trial)
{
    return trial_calls_under_way(trial, false) == TRIAL_LISTS;
}

static inline bool looking(const struct trial *trial)
{
    return trial_count(trial, EVENT_FINDING_REPAIRING, NULL) > 0 &&
           trial_files_under_way(trial, EFFECT_READ_FILE) == 1 &&
           trial_calls_under_way(trial, false) == 2;
}

static inline bool intending(const struct trial *trial)
{
    return trial_count(trial, EVENT_FINDING_REPAIRING, NULL) > 0 &&
           trial_count(trial, EVENT_CALL, NULL) == 0 &&
           trial_files_under_way(trial, EFFECT_APPEND_FILE) == 1 &&
           trial_calls_under_way(trial, true) == 0;
}

static inline bool calling(const struct trial *trial)
{
    return trial_calls_under_way(trial, true) == 1;
}

static inline bool recording(const struct trial *trial)
{
    return trial_count(trial, EVENT_CALL, NULL) == 1 &&
           trial_files_under_way(trial, EFFECT_APPEND_FILE) == 1;
}

static inline bool waiting_for_the_next_pass(const struct trial *trial)
{
    return trial_count(trial, EVENT_FINDING_SUSPECTED, NULL) > 0 && !trial->answers;
}

enum { MOMENT_LOOKING = 2 };
static const struct moment {
    const char *name;
    bool (*so)(const struct trial *trial);
    unsigned calling; /* mutating calls under way */
} moments[] = {
    {"waiting for the next pass", waiting_for_the_next_pass, 0},
    {"observing", observing, 0},
    {"looking before the write", looking, 0},
    {"the intent is on its way to the disk", intending, 0},
    {"the call is in flight", calling, 1},
    {"its answer is on its way to the disk", recording, 0},
};
static const size_t n_moments = ARRAY_SIZE(moments);

/* Live bytes of the heap, by whoever keeps it: AddressSanitizer to the byte; glibc counts what lies
 * in its caches, and rounds. */
#ifdef SANITIZED
#define LIVE_SLACK 0
size_t __sanitizer_get_current_allocated_bytes(void); /* gcc ships no header for it */
static inline size_t live_bytes(void)
{
    return __sanitizer_get_current_allocated_bytes();
}
#else
#include <malloc.h>
#define LIVE_SLACK 8192
static inline size_t live_bytes(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}
#endif
