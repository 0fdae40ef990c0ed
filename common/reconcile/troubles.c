/* Findings that no plan can have: the VPC is not there, or not all of it could be read. */
#include "reconcile_private.h"

#define BLIND_INTERVALS 3 /* design.md 10 */

/* AWS's own messages end in a full stop; inside a sentence they do not. */
static const char *clause(struct arena *arena, const char *message)
{
    size_t n = strlen(message);

    while (n > 0 && message[n - 1] == '.')
        n--;
    return arena_strndup(arena, message, n);
}

static void see(struct reconcile *reconcile, const struct reconcile_context *context,
                struct plan_drift *drift, const char *reason)
{
    const struct guard_verdict verdict = {.hold = HOLD_REPORT, .reason = reason};
    struct finding_case c = reconcile_case(reconcile, context, NO_CAUSE);
    struct finding *finding;

    drift->policy = DRIFT_REPORT;
    drift->report_only = true;
    drift->impact = drift_table[drift->code].impact;
    drift->cause = NO_CAUSE;
    drift->positive_evidence = true; /* what a call answered needs no second look */
    finding_id(context->target->name, drift_table[drift->code].code, drift->role, drift->finding);
    finding = findings_see(&reconcile->findings, drift, context->now.monotonic_ms);
    c.drift = drift;
    c.verdict = &verdict;
    findings_judge(finding, &c);
}

static void see_list(struct reconcile *reconcile, const struct reconcile_context *context,
                     enum observed_list list)
{
    const struct list_status *status = &reconcile->observation->lists[list];
    const char *action = observed_list_action(list);
    struct plan_drift drift = {
        .code = DRIFT_OBSERVATION_INCOMPLETE,
        .role = action,
        .resource = action,
        .observed = status->message,
        .desired = arena_printf(reconcile->arena, "all %s", observed_list_name(list)),
    };

    drift.message =
        status->denied
            ? arena_printf(
                  reconcile->arena,
                  "The %s could not be read: %s. Nothing that depends on them is judged or "
                  "changed. Give the role the permission %s.",
                  observed_list_name(list), clause(reconcile->arena, status->message),
                  observed_list_permission(list))
            : arena_printf(reconcile->arena,
                           "The %s could not be read whole: %s. Nothing that depends on them is "
                           "judged or changed; the next look comes soon.",
                           observed_list_name(list), clause(reconcile->arena, status->message));
    see(reconcile, context, &drift, "unknown is not missing");
}

/* Named once, however many repairs wait for it. */
static void see_denied(struct reconcile *reconcile, const struct reconcile_context *context,
                       enum ec2_action action)
{
    const struct ec2_action_row *row = &ec2_action_table[action];
    const char *permission = arena_strdup(reconcile->arena, reconcile->denied_permission[action]);
    struct plan_drift drift = {
        .code = DRIFT_PERMISSION_MISSING,
        .role = permission,
        .resource = permission,
        .observed = arena_printf(reconcile->arena, "AWS refused %s", row->name),
        .desired = arena_printf(reconcile->arena, "the role may %s", row->name),
    };

    for (size_t earlier = 0; earlier < (size_t)action; earlier++)
        if (reconcile->denied_until_ms[earlier] &&
            text_equal(reconcile->denied_permission[earlier], permission))
            return;
    drift.message =
        arena_printf(reconcile->arena,
                     "AWS refused %s: the role lacks %s. Repairs that need it are not "
                     "begun, so that none ends half-way. Give the role that permission.",
                     row->name, permission);
    see(reconcile, context, &drift, "a permission is a person's to give");
}

static void see_vpc(struct reconcile *reconcile, const struct reconcile_context *context,
                    const struct texts *vpc_ids)
{
    const struct config_target *target = context->target;
    const char *wanted = target->vpc_id ? target->vpc_id
                                        : arena_printf(reconcile->arena, "a VPC with the tag %s=%s",
                                                       target->vpc_tag.key, target->vpc_tag.value);
    struct plan_drift drift = {
        .code = DRIFT_VPC_NOT_FOUND, .role = "vpc", .resource = target->vpc_id, .desired = wanted};

    drift.observed = vpc_ids->n > 1 ? arena_printf(reconcile->arena, "%zu VPCs match", vpc_ids->n)
                                    : "none in this account and region";
    drift.message = arena_printf(
        reconcile->arena,
        "The VPC of this target is not found in %s: %s was wanted, and %s. Nothing is changed. "
        "Check "
        "\"vpc\" and \"region\" in %s, and whose credentials these are (account %s).",
        target->region, wanted, drift.observed, target->file, reconcile->observation->account);
    see(reconcile, context, &drift, "there is nothing to repair in");
}

static bool vpc_missing(const struct observation *observation, const struct texts *vpc_ids)
{
    if (!observation->lists[LIST_VPCS].complete)
        return false;
    if (vpc_ids->n != 1)
        return true;
    VEC_EACH (vpc, &observation->vpcs)
        if (text_equal(vpc->vpc_id, vpc_ids->items[0]))
            return false;
    return true;
}

static void see_account(struct reconcile *reconcile, const struct reconcile_context *context)
{
    const struct config *config = context->config;
    struct plan_drift drift = {
        .code = DRIFT_ACCOUNT_MISMATCH, .role = "account", .observed = context->wrong_account};

    for (size_t i = 0; i < config->n_accounts; i++)
        if (text_equal(config->accounts[i].name, context->target->account))
            drift.desired = config->accounts[i].id;
    drift.message = arena_printf(reconcile->arena,
                                 "The keys are those of account %s, but \"%s\" of \"accounts\" is "
                                 "%s. Nothing is looked at or "
                                 "changed. Check that entry, and whose keys the daemon is given.",
                                 context->wrong_account, context->target->account, drift.desired);
    see(reconcile, context, &drift, "another account is not touched");
}

/* Without these there is no snapshot, and no verdict on anything. */
static const enum observed_list sight[] = {LIST_VPCS, LIST_SUBNETS, LIST_ROUTE_TABLES};

/* The first that is missing, in the words of its failure; NULL: it sees. */
static const char *out_of_sight(const struct observation *observation, const char *why)
{
    if (!observation)
        return why;
    for (size_t i = 0; i < ARRAY_SIZE(sight); i++)
        if (!observation->lists[sight[i]].complete)
            return observation->lists[sight[i]].message;
    return NULL;
}

/* One failed pass is nothing to wake a person for; three intervals without a look are. */
static void see_blind(struct reconcile *reconcile, const struct reconcile_context *context,
                      const char *why)
{
    const char *failed = out_of_sight(reconcile->observation, why);
    struct plan_drift drift = {
        .code = DRIFT_BLIND, .role = "blind", .observed = failed, .desired = "an observation"};
    char since[25];

    if (context->wrong_account || !failed || reconcile->seen.monotonic_ms == 0)
        reconcile->seen = context->now;
    if (context->wrong_account || !failed || context->once ||
        context->now.monotonic_ms - reconcile->seen.monotonic_ms <
            BLIND_INTERVALS * context->config->interval_ms)
        return;
    time_iso8601(reconcile->seen.wall_ms, since);
    drift.message = arena_printf(reconcile->arena,
                                 "Blind since %s: AWS has not answered for three intervals. The "
                                 "last failure: %s. Nothing is judged or changed, and what breaks "
                                 "now goes unseen. Look at this host's way to AWS.",
                                 since, clause(reconcile->arena, failed));
    see(reconcile, context, &drift, "nothing can be seen");
}

void troubles_see(struct reconcile *reconcile, const struct reconcile_context *context,
                  const struct texts *vpc_ids, const char *why)
{
    see_blind(reconcile, context, why);
    if (context->wrong_account) {
        see_account(reconcile, context);
        return;
    }
    if (!reconcile->observation) {
        struct plan_drift drift = {.code = DRIFT_OBSERVATION_INCOMPLETE,
                                   .role = "account",
                                   .observed = why,
                                   .desired = "an observation"};

        drift.message = arena_printf(reconcile->arena,
                                     "AWS could not be asked: %s. Nothing is judged or changed.",
                                     clause(reconcile->arena, why));
        see(reconcile, context, &drift, "unknown is not missing");
        return;
    }
    for (size_t list = 0; list < LIST_COUNT; list++)
        if (reconcile->observation->lists[list].asked &&
            !reconcile->observation->lists[list].complete)
            see_list(reconcile, context, (enum observed_list)list);
    for (size_t action = 0; action < EC2_ACTION_COUNT; action++)
        if (reconcile->denied_until_ms[action])
            see_denied(reconcile, context, (enum ec2_action)action);
    if (vpc_missing(reconcile->observation, vpc_ids))
        see_vpc(reconcile, context, vpc_ids);
}
