/* findings.h - the daemon's event lines as a plan: the latest word on each finding. */
#pragma once

#include "vpc_reconciled/report.h"

/* what a repair does to the VPC, as a reader of plans counts it */
enum change {
    CHANGE_NOTHING, /* no repair is planned: a person's turn */
    CHANGE_IN_PLACE,
    CHANGE_CREATE,
    CHANGE_DESTROY,
    CHANGE_COUNT,
};

struct findings {
    struct arena *arena;
    VEC(struct event) list;  /* one for each finding, by target, then as the daemon named them */
    VEC(struct event) notes; /* other events that a person should know */
};

/* A line of the daemon's stderr. -EINVAL: it is no event; nothing was kept. */
int findings_add_line(struct findings *findings, const char *line, size_t n);

enum change finding_change(const struct event *finding);
/* Its repair waits for --approve. */
bool finding_needs_approval(const struct event *finding);
/* What holds it is more than that this run only looks. */
bool finding_is_held(const struct event *finding);

struct findings_sum {
    unsigned changes[CHANGE_COUNT], approvals;
};
struct findings_sum findings_count(const struct findings *findings);
/* "Plan: 1 to create, 2 to change, 0 to destroy; 1 needs approval" */
void findings_render_sum(struct buf *buf, const struct findings_sum *sum);
