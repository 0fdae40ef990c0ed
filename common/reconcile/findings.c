#include "findings.h"

#include <stdio.h>
#include <stdlib.h>

void findings_free(struct findings *findings)
{
    free(findings->items);
    *findings = (struct findings){0};
}

void findings_begin(struct findings *findings)
{
    for (size_t i = 0; i < findings->n; i++)
        findings->items[i].seen = false;
}

void findings_forget_looks(struct findings *findings)
{
    for (size_t i = 0; i < findings->n; i++) {
        findings->items[i].looks = 0;
        findings->items[i].written_ms = 0;
    }
}

struct finding *findings_find(const struct findings *findings, const char *id)
{
    for (size_t i = 0; i < findings->n; i++)
        if (strcmp(findings->items[i].id, id) == 0)
            return &findings->items[i];
    return NULL;
}

static struct finding *add(struct findings *findings, const struct plan_drift *drift)
{
    struct finding *finding;

    if (findings->n == findings->reserved) {
        findings->reserved = findings->reserved ? findings->reserved * 2 : 16;
        findings->items = realloc(findings->items, findings->reserved * sizeof(*findings->items));
        if (!findings->items)
            abort();
    }
    finding = &findings->items[findings->n++];
    *finding = (struct finding){.code = drift->code};
    memcpy(finding->id, drift->finding, sizeof(finding->id));
    return finding;
}

/* What was observed, not what is wanted: the id of a gateway that a repair made changes the latter,
 * and a chain is confirmed once (safety.md S6). */
static uint32_t fingerprint(const struct plan_drift *drift)
{
    CLEANUP(buf_free)
    struct buf text = {0};

    buf_printf(&text, "%s\n%s", drift->observed ? drift->observed : "",
               drift->resource ? drift->resource : "");
    return crc32_of(text.data, text.n);
}

struct finding *findings_see(struct findings *findings, const struct plan_drift *drift,
                             uint64_t now_ms)
{
    struct finding *finding = findings_find(findings, drift->finding);
    uint32_t print = fingerprint(drift);
    uint32_t progress = drift->progress ? crc32_of(drift->progress, strlen(drift->progress)) : 0;

    if (!finding)
        finding = add(findings, drift);
    if (finding->progress != progress)
        finding->written_ms = 0;
    finding->progress = progress;
    if (finding->fingerprint != print) {
        finding->looks = 0;
        finding->written_ms = 0;
    }
    if (finding->looks == 0)
        finding->first_look_ms = now_ms;
    finding->fingerprint = print;
    finding->looks++;
    finding->seen = true;
    snprintf(finding->resource, sizeof(finding->resource), "%s",
             drift->resource ? drift->resource : "");
    return finding;
}

static enum event_priority priority_of(enum event_kind kind, enum drift_impact impact)
{
    switch (kind) {
    case EVENT_FINDING_SUSPECTED:
        return PRIORITY_INFO;
    case EVENT_FINDING_REPAIRING:
    case EVENT_FINDING_REPAIRED:
    case EVENT_FINDING_RESOLVED:
        return PRIORITY_NOTICE;
    case EVENT_FINDING_FAILED:
        return PRIORITY_ERR;
    default:
        break;
    }
    return impact == IMPACT_OUTAGE || impact == IMPACT_EXPOSURE ? PRIORITY_ERR
           : impact == IMPACT_DEGRADED                          ? PRIORITY_WARNING
                                                                : PRIORITY_NOTICE;
}

static const struct {
    const char *state;
    enum event_kind event;
} state_table[] = {
    [FINDING_NEW] = {"new", EVENT_FINDING_SUSPECTED},
    [FINDING_SUSPECTED] = {"suspected", EVENT_FINDING_SUSPECTED},
    [FINDING_OPENED] = {"opened", EVENT_FINDING_OPENED},
    [FINDING_HELD] = {"held", EVENT_FINDING_HELD},
    [FINDING_REPAIRING] = {"repairing", EVENT_FINDING_REPAIRING},
    [FINDING_FAILED] = {"failed", EVENT_FINDING_FAILED},
    [FINDING_CONTESTED] = {"contested", EVENT_FINDING_CONTESTED},
};

/* "AttachInternetGateway igw-1 to vpc-1; CreateRoute ...": what its repair consists of. */
static const char *actions_text(struct arena *arena, const struct finding_case *c)
{
    const char *text = NULL;

    if (!c->plan)
        return NULL;
    for (size_t a = c->drift->first_action; a < c->drift->first_action + c->drift->n_actions; a++) {
        const char *one = plan_action_text(arena, &c->plan->actions.items[a]);

        text = text ? arena_printf(arena, "%s; %s", text, one) : one;
    }
    return text;
}

static struct event *report(const struct finding_case *c, enum event_kind kind)
{
    struct outlet *outlet = c->context->outlet;
    struct event *event = ARENA_NEW(outlet->arena, struct event);

    event->kind = kind;
    event->wall_ms = c->context->now.wall_ms;
    event->target = c->context->target->name;
    event->region = c->context->target->region;
    event->vpc_id = arena_strdup(outlet->arena, c->vpc_id);
    outlet_add(outlet, EFFECT_REPORT)->event = event;
    return event;
}

/* An event of a finding that a drift of this pass stands behind. The effect outlives the pass, so
 * all is copied. */
static void report_drift(const struct finding *finding, const struct finding_case *c,
                         enum event_kind kind, const char *state, const char *message)
{
    struct arena *arena = c->context->outlet->arena;
    const struct plan_drift *drift = c->drift;
    const char *actions = actions_text(arena, c);
    struct event *event = report(c, kind);

    event->finding = arena_strdup(arena, finding->id);
    event->drift = drift_table[drift->code].code;
    event->state = state;
    event->impact = drift_impact_name(drift->impact);
    event->priority = priority_of(kind, drift->impact);
    event->resource = arena_strdup(arena, drift->resource);
    event->subnets = arena_strdup(arena, drift->subnets);
    event->desired = arena_strdup(arena, drift->desired);
    event->observed = arena_strdup(arena, drift->observed);
    event->action = arena_strdup(arena, actions);
    if (drift->cause != NO_CAUSE)
        event->cause = arena_strdup(arena, c->plan->drifts.items[drift->cause].finding);
    if (c->verdict)
        event->lifts = arena_strdup(arena, c->verdict->lifts);
    event->message = message;
}

static void set_state(struct finding *finding, const struct finding_case *c,
                      enum finding_state state, const char *tail)
{
    finding->state = state;
    report_drift(
        finding, c, state_table[state].event, state_table[state].state,
        arena_printf(c->context->outlet->arena, "%s%s", c->drift->message, tail ? tail : ""));
}

static void judge_held(struct finding *finding, const struct finding_case *c)
{
    struct arena *arena = c->context->outlet->arena;
    const struct guard_verdict *verdict = c->verdict;
    enum finding_state state = verdict->hold == HOLD_CONTESTED ? FINDING_CONTESTED : FINDING_HELD;
    const char *tail;

    if (finding->state == state && finding->hold == verdict->hold)
        return;
    tail = arena_printf(arena, " Not repaired: %s%s%s%s.", verdict->reason,
                        verdict->lifts ? " (lifted by " : "", verdict->lifts ? verdict->lifts : "",
                        verdict->lifts ? ")" : "");
    set_state(finding, c, state, tail);
    finding->hold = verdict->hold;
}

void findings_judge(struct finding *finding, const struct finding_case *c)
{
    enum hold hold = c->verdict->hold;
    bool confirmed = finding->looks >= 2 || c->drift->positive_evidence;

    finding->cause[0] = 0;
    if (c->drift->cause != NO_CAUSE)
        memcpy(finding->cause, c->plan->drifts.items[c->drift->cause].finding, FINDING_ID_SIZE);
    if (finding->state == FINDING_FAILED && finding->failed_until_ms)
        return; /* said once; it rests */
    if (hold != HOLD_NONE && hold_is_settled(hold)) {
        if (confirmed || c->context->once)
            judge_held(finding, c);
        else if (finding->state < FINDING_SUSPECTED)
            set_state(finding, c, FINDING_SUSPECTED, NULL);
        return;
    }
    if (finding->state == FINDING_REPAIRING && finding->written_ms)
        return; /* our own write does not show yet */
    if (confirmed && finding->state != FINDING_OPENED && finding->state != FINDING_REPAIRING)
        set_state(finding, c, FINDING_OPENED, NULL);
    else if (!confirmed && finding->state < FINDING_SUSPECTED)
        set_state(finding, c, FINDING_SUSPECTED, NULL);
    finding->hold = hold;
}

void findings_repairing(struct finding *finding, const struct finding_case *c)
{
    struct arena *arena = c->context->outlet->arena;

    if (finding->state == FINDING_REPAIRING)
        return;
    finding->state = FINDING_REPAIRING;
    report_drift(finding, c, EVENT_FINDING_REPAIRING, state_table[FINDING_REPAIRING].state,
                 arena_printf(arena, "Being repaired: %s.", actions_text(arena, c)));
}

void findings_failed(struct finding *finding, const struct finding_case *c, const char *why)
{
    finding->failed_until_ms = c->context->now.monotonic_ms + FAILED_REST_MS;
    finding->written_ms = 0;
    set_state(finding, c, FINDING_FAILED,
              arena_printf(c->context->outlet->arena, " The repair failed: %s.", why));
}

static void end(const struct finding *finding, const struct finding_case *c)
{
    struct arena *arena = c->context->outlet->arena;
    bool ours = finding->written_ms != 0, suspected = finding->state == FINDING_SUSPECTED;
    struct event *event = report(c, ours ? EVENT_FINDING_REPAIRED : EVENT_FINDING_RESOLVED);
    const char *code = drift_table[finding->code].code,
               *resource =
                   finding->resource[0] ? arena_strdup(arena, finding->resource) : event->vpc_id;

    event->finding = arena_strdup(arena, finding->id);
    event->drift = code;
    event->state = ours ? "repaired" : "resolved";
    event->impact = drift_impact_name(drift_table[finding->code].impact);
    event->cause = finding->cause[0] ? arena_strdup(arena, finding->cause) : NULL;
    event->resource = resource;
    event->priority = suspected ? PRIORITY_INFO : PRIORITY_NOTICE;
    event->message = arena_printf(
        arena,
        ours                ? "Repaired: %s of %s is over, as a look after the write shows."
        : suspected         ? "Not so: %s of %s was suspected, and a second look does not show it."
        : finding->cause[0] ? "Resolved: %s of %s is over, with the finding that caused it."
                            : "Resolved: %s of %s is over, and not by this daemon.",
        code, resource ? resource : "the target");
}

void findings_end(struct findings *findings, const struct finding_case *c,
                  enum unseen (*judge)(const struct finding *finding, const void *data),
                  const void *data)
{
    size_t kept = 0;

    for (size_t i = 0; i < findings->n; i++) {
        struct finding *finding = &findings->items[i];
        enum unseen unseen = finding->seen ? UNSEEN_UNKNOWN : judge(finding, data);

        if (unseen == UNSEEN_OVER) {
            end(finding, c);
            continue;
        }
        if (unseen == UNSEEN_CHANGING)
            finding->looks = 0;
        findings->items[kept++] = *finding;
    }
    findings->n = kept;
}
