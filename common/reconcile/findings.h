/* findings.h - what is wrong, across passes: one record for each finding, and the events of its
 * life. Private to common/reconcile/. */
#pragma once

#include "vpc_reconciled/reconcile.h"

/* design.md 10 */
enum finding_state {
    FINDING_NEW,
    FINDING_SUSPECTED,
    FINDING_OPENED,
    FINDING_HELD,
    FINDING_REPAIRING,
    FINDING_FAILED,
    FINDING_CONTESTED,
};

/* Our own write may not show for so long (aws-facts 2.6); a failed repair is not tried again for so
 * long. */
#define GRACE_MS ((uint64_t)300000)
#define FAILED_REST_MS ((uint64_t)600000)

struct finding {
    char id[FINDING_ID_SIZE];
    enum drift code;
    char resource[80];
    char cause[FINDING_ID_SIZE]; /* of the finding that explains it, or "" */
    uint64_t first_look_ms;      /* of the complete look that all later ones agree with */
    unsigned looks;
    uint32_t fingerprint; /* of what was observed: another one begins the looks anew */
    uint32_t progress; /* of how far its repair is: another one shows that our write took effect */
    enum finding_state state;
    enum hold hold;           /* as last reported */
    uint64_t written_ms;      /* our repair was carried out; 0: not yet */
    uint64_t failed_until_ms; /* 0: it did not fail */
    bool seen;                /* in this pass */
};

struct findings {
    struct finding *items;
    size_t n, reserved;
};
void findings_free(struct findings *findings);

/* Begins a pass: nothing is seen yet. */
void findings_begin(struct findings *findings);
/* They were another VPC's: what was seen, or written, there counts for nothing here. */
void findings_forget_looks(struct findings *findings);
/* A complete look shows the drift: counts the look. Valid until the next call. */
struct finding *findings_see(struct findings *findings, const struct plan_drift *drift,
                             uint64_t now_ms);
struct finding *findings_find(const struct findings *findings, const char *id);

/* What the pass knows of a finding, for the event. */
struct finding_case {
    const struct reconcile_context *context;
    const char *vpc_id;
    const struct plan *plan;        /* NULL for findings of our own */
    const struct plan_drift *drift; /* NULL: it is over */
    const struct guard_verdict *verdict;
};
/* Holds the finding against the verdict; an event goes out when its state or what holds it changed.
 */
void findings_judge(struct finding *finding, const struct finding_case *c);
void findings_repairing(struct finding *finding, const struct finding_case *c);
void findings_failed(struct finding *finding, const struct finding_case *c, const char *why);

/* what it means that a pass did not show a finding */
enum unseen {
    UNSEEN_OVER,
    UNSEEN_UNKNOWN,  /* the look could not tell: everything stays */
    UNSEEN_CHANGING, /* something is on its way: it stays, and its looks begin anew */
};
/* After all were seen: ends those that a look showed to be over. */
void findings_end(struct findings *findings, const struct finding_case *c,
                  enum unseen (*judge)(const struct finding *finding, const void *data),
                  const void *data);
