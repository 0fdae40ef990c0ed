/* One action after the other: look again, write the intent down, send, write the answer down. */
#include "reconcile_private.h"

#include "vpc_reconciled/fault.h"

#include <stdio.h>

struct plan_action *execute_action(const struct reconcile *reconcile)
{
    return &reconcile->plan->actions.items[reconcile->action];
}

const struct plan_drift *execute_drift(const struct reconcile *reconcile)
{
    return &reconcile->plan->drifts.items[reconcile->drift];
}

struct finding *execute_finding(const struct reconcile *reconcile)
{
    return findings_find(&reconcile->findings, execute_drift(reconcile)->finding);
}

/* The drift's verdict becomes a hold for the rest of the pass, and is reported. */
static void hold_drift(struct reconcile *reconcile, const struct reconcile_context *context,
                       enum hold hold, const char *reason)
{
    struct guard_verdict *verdict = &reconcile->verdicts[reconcile->drift];
    struct finding_case c;

    *verdict = (struct guard_verdict){.hold = hold, .reason = reason};
    c = reconcile_case(reconcile, context, reconcile->drift);
    findings_judge(execute_finding(reconcile), &c);
}

/* ---- the look right before the write (safety.md S6, design.md 6.11) ---- */

static uint64_t look_at_vpc(struct reconcile *reconcile, const struct reconcile_context *context)
{
    const char *vpc_id = reconcile->snapshot->vpc->vpc_id;
    struct ec2_filter filter = {.name = "vpc-id", .values = {.items = &vpc_id, .n = 1}};
    struct ec2_describe_request request = {.filters = {.items = &filter, .n = 1}};
    uint64_t call = 0;

    if (aws_client_call(context->client, context->outlet, context->now, EC2_DESCRIBE_VPCS, &request,
                        NULL, true, reconcile->arena, &call) < 0)
        assert(false && "a Describe of ours can be encoded");
    return call;
}

static void begin_looks(struct reconcile *reconcile, const struct reconcile_context *context)
{
    reconcile->looking = LOOK_VPC | LOOK_OBJECT;
    reconcile->look_failed = NULL;
    reconcile->fresh_vpc = reconcile->fresh_object = NULL;
    reconcile->paused = NULL;
    if (context->pause_path) {
        struct effect *effect = outlet_add(context->outlet, EFFECT_READ_FILE);

        effect->path = context->pause_path;
        reconcile->look_file = effect->id;
        reconcile->looking |= LOOK_PAUSE_FILE;
    }
    reconcile->look_vpc_call = look_at_vpc(reconcile, context);
    guard_look(reconcile->arena, execute_action(reconcile), reconcile->snapshot, &reconcile->look);
    if (aws_client_call(context->client, context->outlet, context->now, reconcile->look.call,
                        &reconcile->look.request, NULL, true, reconcile->arena,
                        &reconcile->look_object_call) < 0)
        assert(false && "a Describe of ours can be encoded");
    reconcile_set_state(reconcile, RECONCILE_LOOKING);
}

/* Whether the world is still as the plan saw it; what is not ends the plan. */
static const char *world_changed(struct reconcile *reconcile)
{
    const struct snapshot *snapshot = reconcile->snapshot;
    const struct ec2_vpc *vpc;

    if (reconcile->fresh_vpc->vpcs.n != 1 ||
        !text_equal(reconcile->fresh_vpc->vpcs.items[0].vpc_id, snapshot->vpc->vpc_id))
        return "the VPC was not there when it was looked at again";
    vpc = &reconcile->fresh_vpc->vpcs.items[0];
    if (!text_equal(vpc->owner_id, snapshot->observation->account))
        return "the VPC belongs to another account now";
    if (!text_empty(reconcile->fresh_object->next_token))
        return "the look at the object came in pages";
    return guard_recheck(reconcile->arena, execute_action(reconcile), snapshot,
                         reconcile->fresh_object);
}

/* ---- sending ---- */

void execute_append(struct reconcile *reconcile, const struct reconcile_context *context,
                    const struct buf *lines, enum reconcile_state state)
{
    struct effect *effect = outlet_add(context->outlet, EFFECT_APPEND_FILE);

    effect->path = context->history_path;
    effect->body = arena_memdup(context->outlet->arena, lines->data, lines->n);
    effect->body_n = lines->n;
    reconcile->file = effect->id;
    reconcile_set_state(reconcile, state);
}

struct history_record execute_record(const struct reconcile *reconcile,
                                     const struct reconcile_context *context,
                                     enum history_kind kind)
{
    const struct plan_action *action = execute_action(reconcile);
    struct history_record record = {
        .kind = kind, .wall_ms = context->now.wall_ms, .attempt = reconcile->intent.attempt};

    HISTORY_SET(record.target, context->target->name);
    HISTORY_SET(record.role, action->role);
    HISTORY_SET(record.action, ec2_action_table[action->call].name);
    HISTORY_SET(record.token, reconcile->intent.token);
    return record;
}

/* The guard once more, right before the call: the looks and the disk took their time (S5). */
static bool guard_lets(struct reconcile *reconcile, const struct reconcile_context *context)
{
    struct guard_policy policy = reconcile_policy(reconcile, context);
    const char *reason = NULL;
    enum hold hold = guard_action(reconcile->arena, execute_action(reconcile), reconcile->desired,
                                  reconcile->snapshot, &policy, &reason);

    if (hold != HOLD_NONE)
        hold_drift(reconcile, context, hold, reason);
    return hold == HOLD_NONE;
}

static void send(struct reconcile *reconcile, const struct reconcile_context *context)
{
    const struct plan_action *action = execute_action(reconcile);
    char agent[120];

    if (!guard_lets(reconcile, context)) {
        execute_next(reconcile, context);
        return;
    }
    snprintf(agent, sizeof(agent), "config/%u pass/%llu finding/%s", context->generation,
             (unsigned long long)reconcile->observation->pass, execute_drift(reconcile)->finding);
    aws_client_set_user_agent(context->client, agent);
    if (aws_client_call(context->client, context->outlet, context->now, action->call, NULL,
                        reconcile->intent.body, context_observes(context), reconcile->arena,
                        &reconcile->call) < 0) {
        hold_drift(reconcile, context, HOLD_OBSERVE, "this run only observes");
        execute_next(reconcile, context);
        return;
    }
    aws_client_set_user_agent(context->client, "");
    reconcile->outcome.changed = true;
    reconcile_set_state(reconcile, RECONCILE_CALLING);
}

/* All looks are in: go on, or say why not. */
static void looked(struct reconcile *reconcile, const struct reconcile_context *context)
{
    CLEANUP(buf_free)
    struct buf lines = {0};
    struct history_record record;
    const char *changed, *reason = NULL;
    enum hold hold;

    if (reconcile->stopping) {
        reconcile_end_pass(reconcile, context);
        return;
    }
    if (reconcile->look_failed) {
        hold_drift(reconcile, context, HOLD_UNKNOWN, reconcile->look_failed);
        reconcile->stale = true;
        reconcile_end_pass(reconcile, context);
        return;
    }
    if (!reconcile->paused && reconcile->fresh_vpc->vpcs.n > 0)
        reconcile->paused = ec2_tag_value(&reconcile->fresh_vpc->vpcs.items[0].tags, TAG_PAUSE);
    if (reconcile->paused) { /* holds every repair of the plan, not only this one */
        reconcile_judge(reconcile, context);
        reconcile_end_pass(reconcile, context);
        return;
    }
    changed = world_changed(reconcile);
    if (changed) {
        hold_drift(reconcile, context, HOLD_WAIT, changed);
        reconcile->stale = true;
        reconcile_end_pass(reconcile, context);
        return;
    }
    if (!guard_lets(reconcile, context)) {
        execute_next(reconcile, context);
        return;
    }
    hold = intent_prepare(reconcile, context, execute_action(reconcile), &reason);
    if (hold != HOLD_NONE) {
        hold_drift(reconcile, context, hold, reason);
        execute_next(reconcile, context);
        return;
    }
    if (!intent_is_recorded(&ec2_action_table[execute_action(reconcile)->call]) ||
        FAULT(NO_INTENT)) {
        send(reconcile, context);
        return;
    }
    record = execute_record(reconcile, context, HISTORY_INTENT);
    history_add(context->history, &record, reconcile->intent.body, &lines);
    execute_append(reconcile, context, &lines, RECONCILE_INTENDING);
}

/* ---- feeding ---- */

static bool looks_are_in(struct reconcile *reconcile, const struct reconcile_context *context,
                         unsigned look)
{
    reconcile->looking &= ~look;
    if (reconcile->looking == 0)
        looked(reconcile, context);
    return true;
}

bool execute_feed_call(struct reconcile *reconcile, const struct reconcile_context *context,
                       const struct call_result *result)
{
    if (reconcile->state == RECONCILE_LOOKING) {
        bool vpc = (reconcile->looking & LOOK_VPC) && result->call == reconcile->look_vpc_call;

        if (!vpc &&
            (!(reconcile->looking & LOOK_OBJECT) || result->call != reconcile->look_object_call))
            return false;
        if (result->r < 0)
            reconcile->look_failed = arena_strdup(reconcile->arena, result->message);
        else if (vpc)
            reconcile->fresh_vpc = result->reply;
        else
            reconcile->fresh_object = result->reply;
        return looks_are_in(reconcile, context, vpc ? LOOK_VPC : LOOK_OBJECT);
    }
    if (reconcile->state != RECONCILE_CALLING || result->call != reconcile->call)
        return false;
    if (result->r == 0)
        answer_succeeded(reconcile, context, result);
    else
        answer_not_confirmed(reconcile, context, result);
    return true;
}

static const char *pause_reason(struct arena *arena, const struct input *input)
{
    const char *bytes = input->bytes, *newline = input->n ? memchr(bytes, '\n', input->n) : NULL;
    size_t n = newline ? (size_t)(newline - bytes) : input->n;

    if (input->r == -ENOENT)
        return NULL;
    if (input->r < 0)
        return arena_printf(arena, "the pause file cannot be read: %s", strerror(-input->r));
    return n ? arena_strndup(arena, bytes, n < 200 ? n : 200) : "the pause file is there";
}

bool execute_feed_file(struct reconcile *reconcile, const struct reconcile_context *context,
                       const struct input *input)
{
    if (reconcile->state == RECONCILE_LOOKING && (reconcile->looking & LOOK_PAUSE_FILE) &&
        input->id == reconcile->look_file) {
        reconcile->paused = pause_reason(reconcile->arena, input);
        return looks_are_in(reconcile, context, LOOK_PAUSE_FILE);
    }
    if (input->id != reconcile->file)
        return false;
    if (reconcile->state == RECONCILE_INTENDING) {
        if (input->r < 0) { /* no create without its intent on disk */
            hold_drift(reconcile, context, HOLD_PLAN,
                       arena_printf(reconcile->arena,
                                    "its intent could not be written to the state directory (%s)",
                                    strerror(-input->r)));
            execute_next(reconcile, context);
        } else if (reconcile->stopping) {
            reconcile_end_pass(reconcile, context);
        } else {
            send(reconcile, context);
        }
        return true;
    }
    if (reconcile->state != RECONCILE_RECORDING)
        return false;
    if (reconcile->stale || reconcile->stopping) {
        reconcile_end_pass(reconcile, context);
    } else {
        reconcile_judge(reconcile, context);
        execute_next(reconcile, context);
    }
    return true;
}

/* ---- what comes next ---- */

/* The next action of the first drift that may run; its index in *reconcile. */
static bool pick(struct reconcile *reconcile, const struct reconcile_context *context)
{
    for (size_t d = 0; d < reconcile->plan->drifts.n; d++) {
        const struct plan_drift *drift = &reconcile->plan->drifts.items[d];
        struct guard_policy policy = reconcile_policy(reconcile, context);
        const char *reason = NULL;
        enum hold hold;

        if (reconcile->verdicts[d].hold != HOLD_NONE || reconcile->carried_out[d] ||
            drift->n_actions == 0)
            continue;
        if (reconcile->drift == d && reconcile->action >= drift->first_action &&
            reconcile->action < drift->first_action + drift->n_actions)
            reconcile->action++; /* the one before it was carried out */
        else
            reconcile->action = drift->first_action;
        reconcile->drift = d;
        hold = guard_action(reconcile->arena, execute_action(reconcile), reconcile->desired,
                            reconcile->snapshot, &policy, &reason);
        if (hold == HOLD_NONE)
            return true;
        hold_drift(reconcile, context, hold, reason);
    }
    return false;
}

void execute_next(struct reconcile *reconcile, const struct reconcile_context *context)
{
    struct finding_case c;

    if (reconcile->stopping || reconcile->stale || !pick(reconcile, context)) {
        reconcile_end_pass(reconcile, context);
        return;
    }
    c = reconcile_case(reconcile, context, reconcile->drift);
    findings_repairing(execute_finding(reconcile), &c);
    /* The looks wait for AWS's rate in the change's place, so that they are fresh when it leaves.
     */
    aws_client_set_next(context->client, execute_action(reconcile)->call);
    begin_looks(reconcile, context);
    aws_client_set_next(context->client, EC2_NO_ACTION);
}
