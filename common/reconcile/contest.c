/* What becomes of our repairs: a look shows them, and somebody undoes them (safety.md L2). It is
 * written down as it is seen, so that a restart goes on counting. */
#include "reconcile_private.h"

struct noting {
    const struct reconcile_context *context;
    struct buf lines;
};

static void note(struct noting *noting, enum history_kind kind, const char *finding,
                 const char *code)
{
    const struct reconcile_context *context = noting->context;
    struct history_record record = {.kind = kind, .wall_ms = context->now.wall_ms};

    HISTORY_SET(record.target, context->target->name);
    HISTORY_SET(record.role, finding);
    HISTORY_SET(record.action, code);
    if (kind == HISTORY_REVERTED)
        record.attempt = guard_contest_level(context->history, context->target->name, finding,
                                             context->now.wall_ms);
    history_add(context->history, &record, NULL, &noting->lines);
}

static void append(struct noting *noting)
{
    struct outlet *outlet = noting->context->outlet;

    if (noting->lines.n) {
        struct effect *effect = outlet_add(outlet, EFFECT_APPEND_FILE);

        effect->path = noting->context->history_path;
        effect->body = arena_memdup(outlet->arena, noting->lines.data, noting->lines.n);
        effect->body_n = noting->lines.n;
        /* Losing it costs time only, so nothing waits for the answer. */
    }
    buf_free(&noting->lines);
}

static bool is_in_plan(const struct plan *plan, const char *finding)
{
    for (size_t i = 0; i < plan->drifts.n; i++)
        if (strcmp(plan->drifts.items[i].finding, finding) == 0)
            return true;
    return false;
}

/* Repairs, of this process or the one before it, that this look shows. */
static void note_shown(struct noting *noting, const struct reconcile *reconcile)
{
    const struct history *history = noting->context->history;
    const char *target = noting->context->target->name;
    const struct history_contest *contest = NULL;

    while ((contest = history_contest_next(history, target, contest))) {
        struct finding finding = {0};

        if (contest->record.kind != HISTORY_REPAIRED ||
            drift_find(contest->record.action, &finding.code) < 0 ||
            is_in_plan(reconcile->plan, contest->record.role) ||
            reconcile_judge_unseen(&finding, reconcile) != UNSEEN_OVER)
            continue;
        note(noting, HISTORY_SHOWN, contest->record.role, contest->record.action);
    }
}

/* The same drift again, after a look had shown its repair; one look may be an old one. */
static void note_reverted(struct noting *noting, const struct reconcile *reconcile)
{
    for (size_t i = 0; i < reconcile->plan->drifts.n; i++) {
        const struct plan_drift *drift = &reconcile->plan->drifts.items[i];
        const struct history_contest *contest = history_contest_of(
            noting->context->history, noting->context->target->name, drift->finding);

        if (contest && contest->record.kind == HISTORY_SHOWN &&
            (reconcile->looks[i].looks >= 2 || drift->positive_evidence))
            note(noting, HISTORY_REVERTED, drift->finding, drift_table[drift->code].code);
    }
}

void contest_record(struct reconcile *reconcile, const struct reconcile_context *context)
{
    struct noting noting = {.context = context};

    if (context_observes(context))
        return;
    note_shown(&noting, reconcile);
    note_reverted(&noting, reconcile);
    append(&noting);
}

void contest_unshown(const struct reconcile_context *context, const struct plan_drift *drift)
{
    struct noting noting = {.context = context};

    if (context_observes(context))
        return;
    note(&noting, HISTORY_REVERTED, drift->finding, drift_table[drift->code].code);
    append(&noting);
}

void contest_repaired(const struct reconcile *reconcile, const struct reconcile_context *context,
                      struct buf *lines)
{
    const struct plan_drift *drift = &reconcile->plan->drifts.items[reconcile->drift];
    struct noting noting = {.context = context, .lines = *lines};

    note(&noting, HISTORY_REPAIRED, drift->finding, drift_table[drift->code].code);
    *lines = noting.lines;
}
