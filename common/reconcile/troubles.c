/* Findings that no plan can have: the VPC is not there, or not all of it could be read. */
#include "reconcile_private.h"

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
    const struct ec2_action_row *row = &ec2_action_table[status->action];
    struct plan_drift drift = {
        .code = DRIFT_OBSERVATION_INCOMPLETE,
        .role = row->name,
        .resource = row->name,
        .observed = status->message,
        .desired = arena_printf(reconcile->arena, "all %s", observed_list_name(list)),
    };

    drift.message =
        status->denied
            ? arena_printf(
                  reconcile->arena,
                  "The %s could not be read: %s. Nothing that depends on them is judged or "
                  "changed. Give the role the permission %s.",
                  observed_list_name(list), clause(reconcile->arena, status->message), row->iam)
            : arena_printf(reconcile->arena,
                           "The %s could not be read whole: %s. Nothing that depends on them is "
                           "judged or changed; the next look comes soon.",
                           observed_list_name(list), clause(reconcile->arena, status->message));
    see(reconcile, context, &drift, "unknown is not missing");
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

void troubles_see(struct reconcile *reconcile, const struct reconcile_context *context,
                  const struct texts *vpc_ids, const char *why)
{
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
        if (!reconcile->observation->lists[list].complete)
            see_list(reconcile, context, (enum observed_list)list);
    if (vpc_missing(reconcile->observation, vpc_ids))
        see_vpc(reconcile, context, vpc_ids);
}
