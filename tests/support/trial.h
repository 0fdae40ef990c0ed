/* trial.h - the manager against the simulator in one process, under a virtual clock, with files in
 * memory.
 *
 * Every reply goes through real bytes, cut into chunks. Nothing sleeps: when nobody has anything to
 * do the clock jumps to the next wake-up. A trial can kill the manager at any cut around a call and
 * start it again. */
#pragma once

#include "vpc_reconciled/manager.h"
#include "vpc_reconciled/report.h"
#include "vpc_reconciled/simulator.h"

enum trial_cut { /* where the process state is thrown away (safety.md 4, kill) */
                 CUT_NONE,
                 CUT_BEFORE_APPEND, /* the record is not written */
                 CUT_AFTER_APPEND,  /* written; its answer is never seen */
                 CUT_BEFORE_CALL,   /* a mutating call is not carried out */
                 CUT_AFTER_CALL,    /* carried out; its answer is lost */
};

struct trial_event {
    enum event_kind kind;
    char drift[64], finding[20], state[16], resource[80], action[200], message[600], lifts[200];
};

/* A mutating call that the daemon sent, in order. */
struct trial_sent {
    enum ec2_action action;
    unsigned pass; /* as its User-Agent says */
    uint64_t at_ms;
    char body[1000]; /* cut */
};

/* Describes of a pass, where no config wants more than what is always asked. */
#define TRIAL_LISTS ((unsigned)LIST_VPC_ENDPOINTS + 1)

/* Any request of the daemon's, in order; kept while trial.notes is set. */
struct trial_asked {
    enum ec2_action action; /* EC2_NO_ACTION: Lambda's */
    uint64_t at_ms;
    bool throttled; /* so it was answered */
};

struct trial_file {
    char name[64];
    struct buf bytes;
};

/* What the host's DNS says of a name; of any other the answer is a failure. */
struct trial_name {
    const char *name;
    int r;               /* 0, or -ENODATA, -ENOENT, ... */
    const uint8_t *ipv6; /* 16 bytes; with r 0 */
};

struct trial_answer;

struct trial {
    struct simulator *simulator;
    struct manager *manager;
    struct aws_environment environment;
    struct instant now;
    uint64_t wake_at_ms;
    struct rng rng;
    struct trial_answer *answers; /* those under way, in the order of their delivery */
    struct trial_file files[4];
    struct trial_event *events;
    size_t n_events, events_reserved;
    struct trial_sent *sent;
    size_t n_sent, sent_reserved;
    bool notes;
    struct trial_asked *asked;
    size_t n_asked, asked_reserved;
    bool exited, killed;
    int exit_code;
    /* the next start */
    const char *config_text, *main_text; /* main_text: NULL for none */
    const char *second_text;             /* another target's, or NULL */
    bool observe, service;               /* service: not --once */
    const char *approve[4];
    /* one cut: the number of the append, or of the mutating call, from 1 in this start; 0: none */
    enum trial_cut cut;
    unsigned cut_at, appends, changes;
    /* transport faults: this HTTP request (from 1 in this trial) ends so, carried out or not */
    uint64_t fail_request;
    bool fail_all; /* so does every request, while set */
    int fail_r;
    enum sent fail_sent;
    bool fail_carried_out;
    uint64_t requests;
    /* while set, each call of the daemon's of this action is answered with this fault */
    const char *fault_action, *fault;
    uint64_t slow_request, slow_ms; /* likewise, this one takes so much longer */
    int64_t skew_ms;                /* what the daemon's host has its clock ahead of AWS's */
    uint64_t slow_pause_ms;         /* so does every look at the pause file */
    int file_r;             /* while negative: what every write ends with, and nothing is written */
    const char *file_r_of;  /* or only those to this file */
    uint64_t visibility_ms; /* the simulator's, from trial_build_world() or trial_edit() on */
    int permissions;        /* enum trial_permissions, of the daemon; permissions.h */
    const char *deny;       /* a permission that a policy denies, from the next call by hand on */
    bool permissions_are_on; /* in the simulator */
    bool throttle;           /* likewise: EC2's token buckets */
    uint64_t mark;           /* the test's own: what its predicate compares with */
    struct trial_name names[4];
    unsigned lookups; /* of names */
    char status[240]; /* the service's Status line, as last told */
};

struct trial *trial_new(uint64_t seed);
void trial_free(struct trial *trial);
void trial_freep(struct trial **trial);

/* One call by an outside client; parameters "CidrBlock=10.0.0.0/16&VpcId=...". Returns the reply's
 * body, valid until the next call; fails the test when the status is not 200. */
const char *trial_call(struct trial *trial, const char *action, const char *parameters);
/* As above; returns the HTTP status. */
int trial_try(struct trial *trial, const char *action, const char *parameters,
              const char **ret_body);
/* Text of the first <element> of a reply; lies in a static ring of 32. */
const char *trial_element(const char *xml, const char *element);
/* printf into a static ring of 32, for parameters. */
const char *trial_text(const char *format, ...) PRINTF_LIKE(1, 2);

/* The world of "First light": a dual-stack VPC in three AZs, public and private tables, a NAT
 * gateway in each AZ, and the bystanders that no repair may touch. */
struct trial_world {
    char vpc[40], igw[40], eigw[40];
    char public_table[40], main_table[40], private_table[3][40];
    char public_subnet[3][40], private_subnet[3][40], nat[3][40];
    char private_association[3][40];
    /* bystanders */
    char other_subnet[40], other_table[40], foreign_vpc[40], foreign_igw[40], foreign_eigw[40];
};
#define WORLD_PLAIN_TABLES                                                                         \
    2U                       /* no peering, propagated or endpoint routes in the declared tables   \
                              */
#define WORLD_WITHOUT_NAT 1U /* and the functions' IPv4 is unmanaged */
void trial_build_world(struct trial *trial, struct trial_world *ret_world, unsigned flags);
/* The config that declares it: groups "public" and "functions" by ids; extra: more keys of the
 * target, or "". */
const char *trial_world_config(const struct trial_world *world, unsigned flags, const char *extra);

void trial_set_file(struct trial *trial, const char *name, const char *text); /* NULL removes it */
/* Starts the manager with config_text; the test fails when the config has errors. */
void trial_start(struct trial *trial);
/* Until it exits, is killed, or virtual_ms have passed. */
void trial_run(struct trial *trial, uint64_t virtual_ms);
void trial_stop(struct trial *trial); /* frees the manager; files and simulator stay */

/* As a service: SIGHUP with what the files say now, broken or not; SIGTERM. trial_run() afterwards.
 */
void trial_reload(struct trial *trial);
void trial_end(struct trial *trial);
/* Until it is so, at most for virtual_ms: true when it is. Looked at before each input. */
bool trial_run_until(struct trial *trial, uint64_t virtual_ms,
                     bool (*so)(const struct trial *trial));
/* When its next input comes, by its own clock; UINT64_MAX: never. For tests of several daemons. */
uint64_t trial_next_ms(const struct trial *trial);
/* What has been sent and not been answered yet, reading or mutating. */
unsigned trial_calls_under_way(const struct trial *trial, bool mutating);
unsigned trial_files_under_way(const struct trial *trial, enum effect_kind kind);
/* What a file of the state directory holds; "" when it is not there. */
const char *trial_file(const struct trial *trial, const char *name);
/* start, run for up to two hours, stop; the exit code. */
int trial_once(struct trial *trial);

/* Events so far: how many of this kind and drift (NULL: any). */
unsigned trial_count(const struct trial *trial, enum event_kind kind, const char *drift);
const struct trial_event *trial_last(const struct trial *trial, enum event_kind kind,
                                     const char *drift);
void trial_forget_events(struct trial *trial);
void trial_print_events(const struct trial *trial); /* to stderr, when a test fails */
/* The world as JSON without "calls"; the caller frees it. */
void trial_dump(struct trial *trial, struct buf *buf);
/* What no call of the simulator does: `from` becomes `to`, once and the first time after `after`
 * (NULL: from the start) in the world's JSON. Counts of calls begin anew. */
void trial_edit(struct trial *trial, const char *after, const char *from, const char *to);
