/* One action after the other: look again, write the intent down, send, write the answer down. */
#include "reconcile_private.h"

#include "vpc_reconciled/fault.h"

#include <stdio.h>

static struct plan_action *action_of(const struct reconcile *reconcile)
{
    return &reconcile->plan->actions.items[reconcile->action];
}

static const struct plan_drift *drift_of(const struct reconcile *reconcile)
{
    return &reconcile->plan->drifts.items[reconcile->drift];
}

static struct finding *finding_of(const struct reconcile *reconcile)
{
    return findings_find(&reconcile->findings, drift_of(reconcile)->finding);
}

/* The drift's verdict becomes a hold for the rest of the pass, and is reported. */
static void hold_drift(struct reconcile *reconcile, const struct reconcile_context *context,
                       enum hold hold, const char *reason)
{
    struct guard_verdict *verdict = &reconcile->verdicts[reconcile->drift];
    struct finding_case c;

    *verdict = (struct guard_verdict){.hold = hold, .reason = reason};
    c = reconcile_case(reconcile, context, reconcile->drift);
    findings_judge(finding_of(reconcile), &c);
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
    guard_look(reconcile->arena, action_of(reconcile), reconcile->snapshot, &reconcile->look);
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
    return guard_recheck(reconcile->arena, action_of(reconcile), snapshot, reconcile->fresh_object);
}

/* ---- sending ---- */

static void append(struct reconcile *reconcile, const struct reconcile_context *context,
                   const struct buf *lines, enum reconcile_state state)
{
    struct effect *effect = outlet_add(context->outlet, EFFECT_APPEND_FILE);

    effect->path = context->history_path;
    effect->body = arena_memdup(context->outlet->arena, lines->data, lines->n);
    effect->body_n = lines->n;
    reconcile->file = effect->id;
    reconcile_set_state(reconcile, state);
}

static struct history_record new_record(const struct reconcile *reconcile,
                                        const struct reconcile_context *context,
                                        enum history_kind kind)
{
    const struct plan_action *action = action_of(reconcile);
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
    enum hold hold = guard_action(reconcile->arena, action_of(reconcile), reconcile->desired,
                                  reconcile->snapshot, &policy, &reason);

    if (hold != HOLD_NONE)
        hold_drift(reconcile, context, hold, reason);
    return hold == HOLD_NONE;
}

static void send(struct reconcile *reconcile, const struct reconcile_context *context)
{
    const struct plan_action *action = action_of(reconcile);
    char agent[120];

    if (!guard_lets(reconcile, context)) {
        execute_next(reconcile, context);
        return;
    }
    snprintf(agent, sizeof(agent), "config/%u pass/%llu finding/%s", context->generation,
             (unsigned long long)reconcile->observation->pass, drift_of(reconcile)->finding);
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
    hold = intent_prepare(reconcile, context, action_of(reconcile), &reason);
    if (hold != HOLD_NONE) {
        hold_drift(reconcile, context, hold, reason);
        execute_next(reconcile, context);
        return;
    }
    if (!ec2_action_table[action_of(reconcile)->call].makes || FAULT(NO_INTENT)) {
        send(reconcile, context);
        return;
    }
    record = new_record(reconcile, context, HISTORY_INTENT);
    history_add(context->history, &record, reconcile->intent.body, &lines);
    append(reconcile, context, &lines, RECONCILE_INTENDING);
}

/* ---- the answer ---- */

/* The id of what the reply says was made; NULL when it made nothing. */
static const char *made_id(const struct plan_action *action, const struct ec2_change_reply *reply)
{
    switch (action->call) {
    case EC2_CREATE_INTERNET_GATEWAY:
        return reply->internet_gateway.internet_gateway_id;
    case EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY:
        return reply->egress_only_internet_gateway.egress_only_internet_gateway_id;
    case EC2_CREATE_ROUTE_TABLE:
        return reply->route_table.route_table_id;
    case EC2_ALLOCATE_ADDRESS:
        return reply->allocation_id;
    case EC2_CREATE_NAT_GATEWAY:
        return reply->nat_gateway.nat_gateway_id;
    default:
        return NULL;
    }
}

static void fill(struct plan_action *action, const char *id)
{
    struct ec2_change_request *request = &action->request;

    switch (action->input) {
    case INPUT_INTERNET_GATEWAY_ID:
        request->internet_gateway_id = id;
        break;
    case INPUT_GATEWAY_ID:
        request->gateway_id = id;
        break;
    case INPUT_EGRESS_ONLY_INTERNET_GATEWAY_ID:
        request->egress_only_internet_gateway_id = id;
        break;
    case INPUT_ALLOCATION_ID:
        request->allocation_id = id;
        break;
    case INPUT_NOTHING:
        return;
    }
    if (action->input != INPUT_ALLOCATION_ID) /* an address is no target */
        action->target_id = id;
    action->input_role = NULL;
    action->input_is_fresh = true;
}

/* What the answer makes known to the actions after it: an id, and that it may be led to. */
static void learn(struct reconcile *reconcile, const struct ec2_change_reply *reply)
{
    const struct plan_action *done = action_of(reconcile);
    const char *made = made_id(done, reply);
    const struct ec2_egress_only_internet_gateway *egress = &reply->egress_only_internet_gateway;
    bool attached = done->call == EC2_ATTACH_INTERNET_GATEWAY ||
                    (made && egress->attachments.n == 1 &&
                     egress->attachments.items[0].state == EC2_ATTACHMENT_ATTACHED);

    for (size_t a = 0; a < reconcile->plan->actions.n; a++) {
        struct plan_action *action = &reconcile->plan->actions.items[a];

        if (!text_equal(action->input_role, done->role))
            continue;
        if (action->input == INPUT_INTERNET_GATEWAY_ID || action->input == INPUT_ALLOCATION_ID
                ? made != NULL
                : attached)
            fill(action, made ? made : done->request.internet_gateway_id);
    }
}

static void report_call(const struct reconcile *reconcile, const struct reconcile_context *context,
                        const struct call_result *result, const char *made, const char *what)
{
    struct arena *arena = context->outlet->arena;
    struct event *event = ARENA_NEW(arena, struct event);
    const struct ec2_change_reply *reply = result->reply;

    event->kind = EVENT_CALL;
    event->priority = result->r == 0 ? PRIORITY_NOTICE : PRIORITY_WARNING;
    event->wall_ms = context->now.wall_ms;
    event->target = context->target->name;
    event->region = context->target->region;
    event->vpc_id = arena_strdup(arena, reconcile->snapshot->vpc->vpc_id);
    event->finding = arena_strdup(arena, drift_of(reconcile)->finding);
    event->drift = drift_table[drift_of(reconcile)->code].code;
    event->resource = arena_strdup(arena, drift_of(reconcile)->resource);
    event->action = plan_action_text(arena, action_of(reconcile));
    event->result = arena_strdup(arena, what);
    event->request_id = arena_strdup(arena, result->r == 0                ? reply->request_id
                                            : result->error.request_id[0] ? result->error.request_id
                                                                          : NULL);
    if (made && action_of(reconcile)->predecessor)
        event->replaces = arena_printf(arena, "%s -> %s", action_of(reconcile)->predecessor, made);
    event->message = arena_printf(arena, "%s: %s.", event->action, event->result);
    outlet_add(context->outlet, EFFECT_REPORT)->event = event;
}

/* A token that was used before may answer with a gateway that is gone by now (design.md 6.7). */
static bool made_dead(const struct plan_action *action, const struct ec2_change_reply *reply)
{
    return action->call == EC2_CREATE_NAT_GATEWAY &&
           reply->nat_gateway.state != EC2_STATE_PENDING &&
           reply->nat_gateway.state != EC2_STATE_AVAILABLE;
}

static void succeeded(struct reconcile *reconcile, const struct reconcile_context *context,
                      const struct call_result *result)
{
    const struct plan_action *action = action_of(reconcile);
    const struct plan_drift *drift = drift_of(reconcile);
    const char *made = made_id(action, result->reply);
    CLEANUP(buf_free)
    struct buf lines = {0};
    struct history_record record;

    report_call(reconcile, context, result, made,
                made ? arena_printf(reconcile->arena, "made %s", made) : "carried out");
    if (made_dead(action, result->reply)) { /* the next attempt has a token of its own */
        record = new_record(reconcile, context, HISTORY_FAILED);
        history_add(context->history, &record, NULL, &lines);
        reconcile->stale = true;
        append(reconcile, context, &lines, RECONCILE_RECORDING);
        return;
    }
    learn(reconcile, result->reply);
    record = new_record(reconcile, context, HISTORY_MADE);
    HISTORY_SET(record.id, made);
    if (made)
        history_add(context->history, &record, NULL, &lines);
    record.kind = HISTORY_CHANGE;
    record.counted = !action->revives;
    history_add(context->history, &record, NULL, &lines);
    if (reconcile->action + 1 == drift->first_action + drift->n_actions) {
        reconcile->carried_out[reconcile->drift] = true;
        finding_of(reconcile)->written_ms = context->now.monotonic_ms;
    }
    reconcile->begun = drift;
    reconcile->progress = true;
    append(reconcile, context, &lines, RECONCILE_RECORDING);
}

/* What to do about a call that AWS did not confirm; one row for each kind of answer. */
enum aftermath {
    LOOK_AGAIN, /* this plan is over, the next pass sees what is so */
    GIVE_UP,    /* a person must act: the finding failed */
};

static enum aftermath aftermath_of(const struct call_result *result)
{
    if (result->r != -EREMOTEIO)
        return LOOK_AGAIN; /* perhaps carried out: the intent stays open */
    switch (result->error_class) {
    case EC2_ERROR_DONE:
    case EC2_ERROR_MISSING:
    case EC2_ERROR_WAIT:
    case EC2_ERROR_THROTTLED:
    case EC2_ERROR_SERVER:
    case EC2_ERROR_CREDENTIALS:
        return LOOK_AGAIN;
    case EC2_ERROR_OTHER:
    case EC2_ERROR_QUOTA:
    case EC2_ERROR_DENIED:
    case EC2_ERROR_OUR_BUG:
    case EC2_ERROR_DRY_RUN:
        break;
    }
    return GIVE_UP;
}

static const char *failure_text(struct reconcile *reconcile, const struct call_result *result)
{
    const struct ec2_action_row *row = &ec2_action_table[result->action];

    if (result->error_class == EC2_ERROR_DENIED)
        return arena_printf(reconcile->arena, "%s; the role lacks %s", result->message, row->iam);
    if (result->error_class == EC2_ERROR_QUOTA)
        return arena_printf(reconcile->arena, "%s; have that quota raised, or free some of it",
                            result->message);
    return arena_strdup(reconcile->arena, result->message);
}

/* The quota is as many as there are when AWS refuses one more (scenario 16). */
static void remember_quota(struct reconcile *reconcile, const struct reconcile_context *context,
                           struct buf *lines)
{
    struct history_record record = {.kind = HISTORY_WIRING, .wall_ms = context->now.wall_ms};

    HISTORY_SET(record.target, context->target->name);
    HISTORY_SET(record.role, WIRING_ADDRESS_QUOTA);
    HISTORY_SET(record.id,
                arena_printf(reconcile->arena, "%u@%lld", plan_addresses_used(reconcile->snapshot),
                             (long long)context->now.wall_ms));
    history_add(context->history, &record, NULL, lines);
}

static void not_confirmed(struct reconcile *reconcile, const struct reconcile_context *context,
                          const struct call_result *result)
{
    CLEANUP(buf_free)
    struct buf lines = {0};
    struct history_record record;
    bool refused = result->r == -EREMOTEIO && result->error_class != EC2_ERROR_SERVER;

    report_call(reconcile, context, result, NULL, result->message);
    reconcile->stale = true;
    /* It may be so already: looked at for a while before it is sent again. */
    if (result->r == -EREMOTEIO && result->error_class == EC2_ERROR_DONE)
        finding_of(reconcile)->written_ms = context->now.monotonic_ms;
    if (result->r == -EREMOTEIO && result->error_class == EC2_ERROR_CREDENTIALS)
        reconcile->outcome.incomplete = true;
    if (aftermath_of(result) == GIVE_UP) {
        struct finding_case c = reconcile_case(reconcile, context, reconcile->drift);

        findings_failed(finding_of(reconcile), &c, failure_text(reconcile, result));
    }
    /* Nothing was made: the next attempt has a token of its own. */
    if (refused && ec2_action_table[result->action].makes) {
        record = new_record(reconcile, context, HISTORY_FAILED);
        history_add(context->history, &record, NULL, &lines);
        if (result->action == EC2_ALLOCATE_ADDRESS && result->error_class == EC2_ERROR_QUOTA)
            remember_quota(reconcile, context, &lines);
        append(reconcile, context, &lines, RECONCILE_RECORDING);
        return;
    }
    reconcile_end_pass(reconcile, context);
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
        succeeded(reconcile, context, result);
    else
        not_confirmed(reconcile, context, result);
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
        hold = guard_action(reconcile->arena, action_of(reconcile), reconcile->desired,
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
    findings_repairing(finding_of(reconcile), &c);
    begin_looks(reconcile, context);
}
