/* What AWS said to a mutating call: what is remembered, reported, and done next. */
#include "reconcile_private.h"

#include <stdio.h>

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
    case EC2_CREATE_SUBNET:
        return reply->subnet.subnet_id;
    case EC2_CREATE_VPC_ENDPOINT:
        return reply->vpc_endpoint.vpc_endpoint_id;
    case EC2_ASSOCIATE_VPC_CIDR_BLOCK:
        return reply->ipv6_cidr_block_association.association_id;
    case EC2_AUTHORIZE_SECURITY_GROUP_EGRESS:
    case EC2_AUTHORIZE_SECURITY_GROUP_INGRESS:
        /* Old replies say <return> alone; what it was added to is known. */
        return reply->security_group_rules.n
                   ? reply->security_group_rules.items[0].security_group_rule_id
                   : action->request.group_id;
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
    const struct plan_action *done = execute_action(reconcile);
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
    event->finding = arena_strdup(arena, execute_drift(reconcile)->finding);
    event->drift = drift_table[execute_drift(reconcile)->code].code;
    event->resource = arena_strdup(arena, execute_drift(reconcile)->resource);
    event->action = plan_action_text(arena, execute_action(reconcile));
    event->result = arena_strdup(arena, what);
    event->request_id = arena_strdup(arena, result->r == 0                ? reply->request_id
                                            : result->error.request_id[0] ? result->error.request_id
                                                                          : NULL);
    if (made && execute_action(reconcile)->predecessor)
        event->replaces =
            arena_printf(arena, "%s -> %s", execute_action(reconcile)->predecessor, made);
    event->message = arena_printf(arena, "%s: %s.", event->action, event->result);
    outlet_add(context->outlet, EFFECT_REPORT)->event = event;
}

/* A token that was used before may answer with a gateway that is gone by now (design.md 6.7). */
static bool made_dead(const struct plan_action *action, const struct ec2_change_reply *reply)
{
    if (action->call == EC2_CREATE_VPC_ENDPOINT) {
        enum vpc_endpoint_state state = vpc_endpoint_state(&reply->vpc_endpoint);

        return state == ENDPOINT_DEAD || state == ENDPOINT_DELETING || state == ENDPOINT_DELETED;
    }
    return action->call == EC2_CREATE_NAT_GATEWAY &&
           reply->nat_gateway.state != EC2_STATE_PENDING &&
           reply->nat_gateway.state != EC2_STATE_AVAILABLE;
}

void answer_succeeded(struct reconcile *reconcile, const struct reconcile_context *context,
                      const struct call_result *result)
{
    const struct plan_action *action = execute_action(reconcile);
    const struct plan_drift *drift = execute_drift(reconcile);
    const char *made = made_id(action, result->reply);
    CLEANUP(buf_free)
    struct buf lines = {0};
    struct history_record record;

    reconcile->denied_until_ms[action->call] = 0;
    report_call(reconcile, context, result, made,
                made ? arena_printf(reconcile->arena, "made %s", made) : "carried out");
    if (made_dead(action, result->reply)) { /* the next attempt has a token of its own */
        record = execute_record(reconcile, context, HISTORY_FAILED);
        history_add(context->history, &record, NULL, &lines);
        reconcile->stale = true;
        execute_append(reconcile, context, &lines, RECONCILE_RECORDING);
        return;
    }
    learn(reconcile, result->reply);
    record = execute_record(reconcile, context, HISTORY_MADE);
    HISTORY_SET(record.id, made);
    if (made)
        history_add(context->history, &record, NULL, &lines);
    record.kind = HISTORY_CHANGE;
    record.counted = !action->revives;
    wiring_changed(reconcile, action, &record);
    history_add(context->history, &record, NULL, &lines);
    if (reconcile->action + 1 == drift->first_action + drift->n_actions) {
        reconcile->carried_out[reconcile->drift] = true;
        execute_finding(reconcile)->written_ms = context->now.monotonic_ms;
        contest_repaired(reconcile, context, &lines);
    }
    reconcile->begun = drift;
    reconcile->progress = true;
    execute_append(reconcile, context, &lines, RECONCILE_RECORDING);
}

/* What to do about a call that AWS did not confirm; one row for each kind of answer. */
enum aftermath {
    LOOK_AGAIN, /* this plan is over, the next pass sees what is so */
    GIVE_UP,    /* a person must act: the finding failed */
};

/* What no list shows stands in an endpoint's way: a private name that a hosted zone has, a zone
 * without the service (aws-facts 2.4). AWS's text says it, and looking again does not help. */
static bool endpoint_refused(const struct call_result *result)
{
    return result->r == -EREMOTEIO &&
           ec2_action_table[result->action].bucket == EC2_BUCKET_VPC_ENDPOINT &&
           strcmp(result->error.code, "InvalidParameter") == 0;
}

static enum aftermath aftermath_of(const struct call_result *result)
{
    if (result->r != -EREMOTEIO)
        return LOOK_AGAIN; /* perhaps carried out: the intent stays open */
    if (endpoint_refused(result))
        return GIVE_UP;
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

/* AWS's message names it ("is not authorized to perform: ec2:CreateTags on resource: ..."), for one
 * call may need two. Where it names none, or what is no permission, it is the action's own. */
static const char *missing_permission(struct reconcile *reconcile, const struct call_result *result)
{
    static const char before[] = "is not authorized to perform: ";
    const char *at = strstr(result->message, before);
    size_t n = 0;

    if (at) {
        at += strlen(before);
        n = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:");
    }
    if (n == 0 || n >= sizeof(reconcile->denied_permission[0]) || !memchr(at, ':', n))
        return ec2_action_table[result->action].iam;
    return arena_strndup(reconcile->arena, at, n);
}

static const char *failure_text(struct reconcile *reconcile, const struct call_result *result)
{
    if (result->error_class == EC2_ERROR_DENIED)
        return arena_printf(reconcile->arena, "%s; the role lacks %s", result->message,
                            missing_permission(reconcile, result));
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

void answer_not_confirmed(struct reconcile *reconcile, const struct reconcile_context *context,
                          const struct call_result *result)
{
    CLEANUP(buf_free)
    struct buf lines = {0};
    struct history_record record;
    bool refused = result->r == -EREMOTEIO && result->error_class != EC2_ERROR_SERVER;

    report_call(reconcile, context, result, NULL, result->message);
    reconcile->stale = true;
    if (result->r == -EREMOTEIO && result->error_class == EC2_ERROR_DENIED) {
        char *permission = reconcile->denied_permission[result->action];

        reconcile->denied_until_ms[result->action] = context->now.monotonic_ms + FAILED_REST_MS;
        snprintf(permission, sizeof(reconcile->denied_permission[0]), "%s",
                 missing_permission(reconcile, result));
    }
    /* It may be so already: looked at for a while before it is sent again. */
    if (result->r == -EREMOTEIO && result->error_class == EC2_ERROR_DONE &&
        !endpoint_refused(result))
        execute_finding(reconcile)->written_ms = context->now.monotonic_ms;
    if (result->r == -EREMOTEIO && result->error_class == EC2_ERROR_CREDENTIALS)
        reconcile->outcome.incomplete = true;
    if (aftermath_of(result) == GIVE_UP) {
        struct finding_case c = reconcile_case(reconcile, context, reconcile->drift);

        findings_failed(execute_finding(reconcile), &c, failure_text(reconcile, result));
    }
    /* Nothing was made: the next attempt has a token of its own. */
    if (refused && intent_is_recorded(&ec2_action_table[result->action])) {
        record = execute_record(reconcile, context, HISTORY_FAILED);
        history_add(context->history, &record, NULL, &lines);
        if (result->action == EC2_ALLOCATE_ADDRESS && result->error_class == EC2_ERROR_QUOTA)
            remember_quota(reconcile, context, &lines);
        execute_append(reconcile, context, &lines, RECONCILE_RECORDING);
        return;
    }
    reconcile_end_pass(reconcile, context);
}
