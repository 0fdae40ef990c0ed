/* Creates: the deterministic token, our tags, and the bytes that a repeat sends again
 * (design.md 6.7). */
#include "reconcile_private.h"

#include <stdlib.h>

void intent_clear(struct intent *intent)
{
    free(intent->body);
    *intent = (struct intent){0};
}

bool intent_is_recorded(const struct ec2_action_row *row)
{
    return row->makes || row->adds;
}

/* An earlier attempt at the same role: may it still show, and which attempt is this one? */
static enum hold judge_earlier(const struct reconcile_context *context,
                               const struct ec2_action_row *row, const char *vpc_id,
                               const struct plan_action *action, struct arena *arena,
                               unsigned *ret_attempt, const char **ret_body,
                               const char **ret_reason)
{
    const struct history_intent *earlier =
        history_intent_of(context->history, context->target->name, action->role);
    char token[41];
    bool fresh, same;

    *ret_attempt = 1;
    *ret_body = NULL;
    if (!earlier || strcmp(earlier->record.action, row->name) != 0)
        return HOLD_NONE;
    intent_token(context->config->owner, vpc_id, action->role, action->predecessor,
                 earlier->record.attempt, token);
    same = strcmp(token, earlier->record.token) == 0;
    fresh = context->now.wall_ms - earlier->record.wall_ms < (int64_t)GRACE_MS;
    switch (earlier->state) {
    case INTENT_OPEN:
        if (same && row->client_token) { /* the same bytes give the same object, made once */
            *ret_attempt = earlier->record.attempt;
            *ret_body = earlier->record.body;
            return HOLD_NONE;
        }
        if (fresh) {
            *ret_reason = arena_printf(arena,
                                       "an earlier %s got no answer, and what it may have made may "
                                       "not show for five minutes",
                                       row->name);
            return HOLD_WAIT;
        }
        break;
    case INTENT_MADE:
        if (fresh && !text_equal(action->predecessor, earlier->made_id)) {
            *ret_reason = arena_printf(arena, "%s was made a moment ago and may not show yet",
                                       earlier->made_id);
            return HOLD_WAIT;
        }
        break;
    case INTENT_FAILED:
        break;
    }
    /* A token names one attempt at one object: once that is gone or was refused, another one. */
    if (same)
        *ret_attempt = earlier->record.attempt + 1;
    return HOLD_NONE;
}

static void set_tags(struct reconcile *reconcile, const struct reconcile_context *context,
                     const struct ec2_action_row *row, const struct plan_action *action,
                     const char *token, struct ec2_change_request *request)
{
    const struct config_target *target = context->target;
    struct ec2_tag_specification *specification =
        ARENA_NEW(reconcile->arena, struct ec2_tag_specification);
    size_t n = 0;

    specification->resource_type = row->makes;
    specification->tags.items = ARENA_ARRAY(reconcile->arena, struct ec2_tag, target->n_tags + 3);
    specification->tags.items[n++] = (struct ec2_tag){TAG_OWNER, reconcile->snapshot->owner_tag};
    specification->tags.items[n++] = (struct ec2_tag){TAG_ROLE, action->role};
    specification->tags.items[n++] = (struct ec2_tag){TAG_INTENT, token};
    for (size_t i = 0; i < target->n_tags; i++)
        specification->tags.items[n++] =
            (struct ec2_tag){target->tags[i].key, target->tags[i].value};
    specification->tags.n = n;
    request->tag_specifications.items = specification;
    request->tag_specifications.n = 1;
}

/* The bytes of the attempt that *intent has the number of. */
static int encode(struct reconcile *reconcile, const struct reconcile_context *context,
                  const struct ec2_action_row *row, const struct plan_action *action,
                  struct buf *encoded)
{
    struct ec2_change_request request = action->request;
    struct intent *intent = &reconcile->intent;

    if (intent_is_recorded(row)) {
        const char *token;

        intent_token(context->config->owner, reconcile->snapshot->vpc->vpc_id, action->role,
                     action->predecessor, intent->attempt, intent->token);
        token = arena_strdup(reconcile->arena, intent->token);
        if (row->makes)
            set_tags(reconcile, context, row, action, token, &request);
        if (row->client_token)
            request.client_token = token;
    }
    return ec2_request_encode(encoded, action->call, &request, context_observes(context));
}

/* The guard judged the request of now. Where an attempt without an answer asked for something else,
 * its bytes may ask for what must not be any more, and its token with other bytes is refused: what
 * it may have made has time to show, then comes another attempt. */
static bool asked_otherwise_lately(const struct reconcile_context *context,
                                   const struct plan_action *action)
{
    const struct history_intent *earlier =
        history_intent_of(context->history, context->target->name, action->role);

    return earlier && context->now.wall_ms - earlier->record.wall_ms < (int64_t)GRACE_MS;
}

enum hold intent_prepare(struct reconcile *reconcile, const struct reconcile_context *context,
                         const struct plan_action *action, const char **ret_reason)
{
    const struct ec2_action_row *row = &ec2_action_table[action->call];
    const char *earlier_body = NULL;
    CLEANUP(buf_free)
    struct buf encoded = {0};
    struct intent *intent = &reconcile->intent;
    enum hold hold;
    int r;

    intent_clear(intent);
    if (intent_is_recorded(row)) {
        hold = judge_earlier(context, row, reconcile->snapshot->vpc->vpc_id, action,
                             reconcile->arena, &intent->attempt, &earlier_body, ret_reason);
        if (hold != HOLD_NONE)
            return hold;
    }
    r = encode(reconcile, context, row, action, &encoded);
    if (r >= 0 && earlier_body && strcmp(earlier_body, buf_string(&encoded)) != 0) {
        if (asked_otherwise_lately(context, action)) {
            *ret_reason = arena_printf(reconcile->arena,
                                       "an earlier %s, which asked for something else, got no "
                                       "answer, and what it may have made may not show for five "
                                       "minutes",
                                       row->name);
            return HOLD_WAIT;
        }
        intent->attempt++;
        buf_clear(&encoded);
        r = encode(reconcile, context, row, action, &encoded);
    }
    if (r < 0) {
        *ret_reason = "this run only observes, so the request is not even encoded";
        return HOLD_OBSERVE;
    }
    intent->body = strdup(buf_string(&encoded));
    if (!intent->body)
        abort();
    return HOLD_NONE;
}
