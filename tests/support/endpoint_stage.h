/* endpoint_stage.h - a healthy world with a gateway endpoint of S3 and an interface endpoint of
 * CloudWatch Logs, what people do to them, and the config that declares them. */
#pragma once

#include "support/calls.h"

struct endpoint_stage {
    struct trial *trial;
    struct trial_world world;
    char functions_group[40], endpoint_group[40];
    char s3[40], logs[40];
    char config[4096];
};

/* The world of trial_build_world() without NAT gateways, and the two endpoints once they are
 * available: S3 in the three private tables, Logs in the three private subnets with private DNS.
 * No config yet. */
void endpoint_stage_begin(struct endpoint_stage *stage, uint64_t seed);
void endpoint_stage_end(struct endpoint_stage *stage);
void endpoint_stage_wait(struct endpoint_stage *stage, uint64_t ms);

struct endpoint_config {
    const char *repair;    /* members of "repair", or NULL */
    const char *endpoints; /* NULL: the two of the stage */
    const char *policy;    /* of Logs, or NULL */
    const char *subnet;    /* one more of the functions, or NULL */
    const char *alone;     /* the functions' only subnet, or NULL */
    bool no_private_dns;   /* of Logs */
    bool cut_off;          /* the functions have no way out, and are to have none */
};
void endpoint_stage_config(struct endpoint_stage *stage, const struct endpoint_config *config);

/* ---- what people do; ids lie in a static ring ---- */
const char *endpoint_call(struct endpoint_stage *stage, const char *action, const char *parameters);
const char *endpoint_create(struct endpoint_stage *stage, const char *parameters);
/* Waits until nothing of it is listed. */
void endpoint_delete(struct endpoint_stage *stage, const char *id);
/* Its state reads so from now on, whatever brought that about. */
void endpoint_set_state(struct endpoint_stage *stage, const char *id, const char *from,
                        const char *to);
/* Logs is offered in zone d, or not any more. */
void endpoint_offer_in_d(struct endpoint_stage *stage, bool offered);
/* Routes to the outside of the private tables are gone. */
void endpoint_cut_off(struct endpoint_stage *stage);
/* The reply's part about one endpoint. */
const char *endpoint_describe(struct endpoint_stage *stage, const char *id);
unsigned endpoint_count_text(const char *text, const char *part);
