/* guard_judge(): policy, confirmation, limits; then each action by itself (action.c). */
#include "action.h"

#include "vpc_reconciled/fault.h"

#include <stdio.h>

static const struct {
    const char *name;
    bool settled;
} hold_table[HOLD_COUNT] = {
    [HOLD_NONE] = {"none", false},
    [HOLD_OBSERVE] = {"observe mode", true},
    [HOLD_REPORT] = {"report only", true},
    [HOLD_APPROVAL] = {"approval", true},
    [HOLD_PLAN] = {"no repair", true},
    [HOLD_PAUSED] = {"paused", true},
    [HOLD_CONFIRM] = {"second look", false},
    [HOLD_LIMIT_PASS] = {"limit of a pass", false},
    [HOLD_LIMIT_HOUR] = {"limit of an hour", true},
    [HOLD_NOT_OURS] = {"not ours", true},
    [HOLD_UNKNOWN] = {"unknown", false},
    [HOLD_UNSAFE] = {"unsafe", true},
    [HOLD_WAIT] = {"waiting", false},
    [HOLD_MASS_DRIFT] = {"mass drift", true},
    [HOLD_PERMISSION] = {"permission", true},
    [HOLD_CONTESTED] = {"contested", true},
};

const char *hold_name(enum hold hold)
{
    return hold_table[hold].name;
}

bool hold_is_settled(enum hold hold)
{
    return hold_table[hold].settled;
}

enum hold refuse(const struct action_case *c, enum hold hold, const char *format, ...)
{
    va_list args;
    char text[512];

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    *c->ret_reason = arena_strdup(c->arena, text);
    return hold;
}

struct judging {
    struct arena *arena;
    const struct plan *plan;
    const struct desired *desired;
    const struct snapshot *snapshot;
    const struct guard_policy *policy;
    struct guard_verdict *verdicts;
    unsigned counted_pass, counted_hour; /* S9 */
    int64_t hour_until_ms;
    unsigned replaced_tables, replaced_max, endpoint_calls;
    const char *replaced_az;
};

static bool carried_out(const struct judging *j, size_t drift)
{
    return j->policy->carried_out && j->policy->carried_out[drift];
}

static void hold(struct guard_verdict *verdict, enum hold why, const char *reason,
                 const char *lifts)
{
    assert(verdict); /* clang-tidy 14 thinks that an arena may give NULL */
    *verdict = (struct guard_verdict){.hold = why, .reason = reason, .lifts = lifts};
}

/* The config's word replaces what the case asks for; a report-only case is raised by nothing. */
static enum drift_policy policy_of(const struct judging *j, const struct plan_drift *drift)
{
    if (drift->report_only)
        return DRIFT_REPORT;
    if (j->policy->target->policy_said[drift->code])
        return (enum drift_policy)j->policy->target->policies[drift->code];
    /* Auto where a row asks for approval: only for what is dead now, whatever the plan says of it.
     */
    if (drift->policy == DRIFT_AUTO && drift_table[drift->code].policy == DRIFT_APPROVE &&
        drift->n_actions > 0 &&
        !evidence_path_is_dead(&j->plan->actions.items[drift->first_action], j->desired,
                               j->snapshot))
        return DRIFT_APPROVE;
    return drift->policy;
}

/* What gives the approval that a drift's policy asks for; NULL: it asks for none, or has it. A run
 * that only observes says it as well, so that a plan shows who is waited for. */
static const char *approval_of(const struct judging *j, const struct plan_drift *drift)
{
    if (policy_of(j, drift) != DRIFT_APPROVE || FAULT(APPROVAL_GIVEN) ||
        texts_contain(&j->policy->approved, drift->finding))
        return NULL;
    return arena_printf(j->arena,
                        "vpc-reconciled --once --approve %s, or \"repair\": {\"%s\": "
                        "\"auto\"} in %s",
                        drift->finding, drift_table[drift->code].code, j->policy->target->file);
}

static bool judge_mode(const struct judging *j, const struct plan_drift *drift,
                       struct guard_verdict *verdict)
{
    const struct config_target *target = j->policy->target;
    const char *approval = approval_of(j, drift);

    if (drift->held) {
        hold(verdict, HOLD_PLAN, drift->held, "a change by hand, or in the config");
    } else if (policy_of(j, drift) == DRIFT_REPORT) {
        hold(verdict, HOLD_REPORT, "this drift is only reported",
             drift->report_only ? "nothing: repair it by hand"
                                : arena_printf(j->arena, "\"repair\": {\"%s\": \"auto\"} in %s",
                                               drift_table[drift->code].code, target->file));
    } else if (j->policy->observe_only) {
        hold(verdict, HOLD_OBSERVE, "this run only observes",
             approval ? approval : "a run without --observe");
    } else if (target->observe_because) {
        hold(verdict, HOLD_OBSERVE,
             arena_printf(j->arena,
                          "the config has %s, which this version does not check, so the "
                          "target is only observed",
                          target->observe_because),
             arena_printf(j->arena, "taking %s out of %s", target->observe_because, target->file));
    } else if (!target->repair_mode) {
        hold(verdict, HOLD_OBSERVE, "\"mode\" is \"observe\"",
             arena_printf(j->arena, "\"mode\": \"repair\" in %s%s%s", target->file,
                          approval ? ", and then " : "", approval ? approval : ""));
    } else if (approval) {
        hold(verdict, HOLD_APPROVAL, "it changes something that works, or widens access", approval);
    } else if (j->policy->paused) {
        hold(verdict, HOLD_PAUSED, arena_printf(j->arena, "paused: %s", j->policy->paused),
             "removing the pause file, or the tag " TAG_PAUSE " of the VPC");
    } else {
        return false;
    }
    return true;
}

/* S6: absence is looked at twice, creation after longer; positive evidence needs no second look. */
static bool judge_confirmation(const struct judging *j, size_t i, struct guard_verdict *verdict)
{
    const struct plan_drift *drift = &j->plan->drifts.items[i];
    const struct guard_looks *looks = &j->policy->looks[i];
    bool creates = drift->confirm == CONFIRM_CREATE, evident = drift->positive_evidence;
    uint64_t due_ms;

    for (size_t a = drift->first_action; a < drift->first_action + drift->n_actions; a++) {
        const struct plan_action *action = &j->plan->actions.items[a];

        creates |= ec2_action_table[action->call].makes || ec2_action_table[action->call].adds;
        evident = evident && evidence_is_positive(action, j->snapshot) &&
                  !evidence_of_undo(j->arena, action, j->snapshot, j->policy);
    }
    if (evident || FAULT(ONE_LOOK))
        return false;
    due_ms = looks->first_monotonic_ms +
             (creates ? j->policy->config->confirm_create_ms : j->policy->config->confirm_route_ms);
    if (looks->looks >= 2 && j->policy->now.monotonic_ms >= due_ms)
        return false;
    hold(verdict, HOLD_CONFIRM, "it is looked at twice before anything is changed",
         "a second look that agrees");
    verdict->until_monotonic_ms =
        due_ms > j->policy->now.monotonic_ms ? due_ms : j->policy->now.monotonic_ms;
    return true;
}

/* EC2's bucket for these holds four calls and gets one more every 3.3 s, for all of the account
 * (aws-facts 3.1): three in ten seconds, so that one is left to others. */
#define ENDPOINT_CALLS_MAX 3
#define ENDPOINT_CALLS_MS 10000

/* What a drift's actions weigh on the limits. */
struct weight {
    unsigned n, n_replaced, n_endpoint_calls;
    const char *az;
};

static struct weight weigh(const struct judging *j, const struct plan_drift *drift)
{
    struct weight weight = {0};

    for (size_t a = drift->first_action; a < drift->first_action + drift->n_actions; a++) {
        const struct plan_action *action = &j->plan->actions.items[a];

        weight.n_endpoint_calls += ec2_action_table[action->call].bucket == EC2_BUCKET_VPC_ENDPOINT;
        /* Not counted by S9: what turns a dead path live. */
        if (action->revives && evidence_revives(action, j->desired, j->snapshot))
            continue;
        weight.n++;
        /* A route that works now and is changed: one AZ a pass, a quarter of the tables. */
        if (action->call == EC2_REPLACE_ROUTE || action->call == EC2_ASSOCIATE_ROUTE_TABLE ||
            action->call == EC2_REPLACE_ROUTE_TABLE_ASSOCIATION) {
            weight.n_replaced++;
            weight.az = action->az ? action->az : "several";
        }
    }
    return weight;
}

static void spend(struct judging *j, const struct weight *weight)
{
    j->counted_pass += weight->n;
    j->endpoint_calls += weight->n_endpoint_calls;
    j->replaced_tables += weight->n_replaced;
    if (weight->n_replaced)
        j->replaced_az = weight->az;
}

/* Limits slow a repair, they do not freeze it (S9): what is larger than the limit by itself has a
 * pass, or an hour, to itself. */
static bool exceeds(unsigned counted, unsigned n, unsigned limit)
{
    return counted > 0 && n > 0 && counted + n > limit;
}

static bool judge_limits(struct judging *j, const struct plan_drift *drift,
                         struct guard_verdict *verdict)
{
    const struct config_target *target = j->policy->target;
    struct weight weight = weigh(j, drift);

    if (exceeds(j->counted_hour, weight.n, target->changes_per_hour)) {
        char until[25];

        time_iso8601(j->hour_until_ms, until);
        hold(verdict, HOLD_LIMIT_HOUR,
             arena_printf(j->arena, "%u changes an hour are the limit; the next is free at %s",
                          target->changes_per_hour, until),
             "time, or limits.changes_per_hour");
        return true;
    }
    if (exceeds(j->counted_pass, weight.n, target->changes_per_pass)) {
        hold(verdict, HOLD_LIMIT_PASS,
             arena_printf(j->arena, "%u changes a pass are the limit", target->changes_per_pass),
             "the next pass, or limits.changes_per_pass");
        return true;
    }
    if (exceeds(j->endpoint_calls, weight.n_endpoint_calls, ENDPOINT_CALLS_MAX)) {
        hold(verdict, HOLD_LIMIT_PASS, "EC2 takes only few calls about endpoints at a time",
             "the next pass");
        return true;
    }
    if (weight.n_replaced && !FAULT(ALL_ZONES_AT_ONCE) &&
        (exceeds(j->replaced_tables, weight.n_replaced, j->replaced_max) ||
         (j->replaced_az && !text_equal(j->replaced_az, weight.az)))) {
        hold(verdict, HOLD_LIMIT_PASS,
             "where a working value is replaced, one Availability Zone and a quarter of the tables "
             "change in a pass",
             "the next pass");
        return true;
    }
    j->counted_hour += weight.n;
    spend(j, &weight);
    return false;
}

static unsigned recent_endpoint_calls(const struct judging *j)
{
    unsigned n = 0;

    for (size_t i = 0; i < j->desired->n_endpoints; i++) {
        const struct history_record *change = history_last_change(
            j->policy->history, j->policy->target->name, j->desired->endpoints[i].role);

        n += change && j->policy->now.wall_ms - change->wall_ms < ENDPOINT_CALLS_MS &&
             change->wall_ms <= j->policy->now.wall_ms;
    }
    return n;
}

/* S13, and S9's mass drift: over half of a group's subnets gone at once. A person may say that it
 * is meant. */
static bool mass_drift(const struct judging *j)
{
    const char *target = j->policy->target->name;

    for (size_t i = 0; i < j->desired->n_groups; i++) {
        const struct desired_group *group = &j->desired->groups[i];
        char finding[FINDING_ID_SIZE];
        unsigned before;

        finding_id(target, drift_table[DRIFT_GROUP_CHANGED].code, group_role(j->arena, group),
                   finding);
        if (group_shrank(j->arena, j->policy->history, target, group, &before) &&
            !texts_contain(&j->policy->approved, finding))
            return true;
    }
    return false;
}

static bool judge_contest(const struct judging *j, const struct plan_drift *drift,
                          struct guard_verdict *verdict)
{
    const char *reason = NULL, *lifts = NULL;

    if (!contested(j->arena, drift, j->policy, &reason, &lifts))
        return false;
    hold(verdict, HOLD_CONTESTED, reason, lifts);
    return true;
}

/* What follows from another repair waits for it, as long as that one will come: held for good, it
 * holds this one too. */
static void judge_dependence(const struct judging *j, const struct plan_drift *drift,
                             const char *awaited, struct guard_verdict *verdict)
{
    const struct guard_verdict *cause =
        drift->cause == NO_CAUSE ? NULL : &j->verdicts[drift->cause];

    if (cause && hold_is_settled(cause->hold))
        hold(verdict, cause->hold,
             arena_printf(j->arena, "it follows from a repair that is held: %s", cause->reason),
             cause->lifts);
    else if (cause && cause->hold == HOLD_CONFIRM)
        *verdict = *cause; /* no look of its own: the cause's second one is its, too */
    else
        hold(verdict, HOLD_WAIT,
             arena_printf(j->arena, "the repair of the %s comes first", awaited),
             "the repair that it follows from");
}

/* A drift may run when its first action may; what later actions wait for is judged when they come
 * up, because only then is the id that they need known. */
static void judge_actions(struct judging *j, const struct plan_drift *drift,
                          struct guard_verdict *verdict)
{
    const struct plan_action *action = &j->plan->actions.items[drift->first_action];
    const char *reason = NULL;
    enum hold why;

    if (action->input_role) {
        judge_dependence(j, drift, action->input_role, verdict);
        return;
    }
    why = guard_action(j->arena, action, j->desired, j->snapshot, j->policy, &reason);
    if (why != HOLD_NONE)
        hold(verdict, why, reason, "a change by hand, or in the config");
}

/* Nothing goes by the name of a drift that asks for less. */
static bool judge_calls(const struct judging *j, const struct plan_drift *drift,
                        struct guard_verdict *verdict)
{
    for (size_t i = 0; i < drift->n_actions; i++) {
        const struct plan_action *action = &j->plan->actions.items[drift->first_action + i];
        const struct action_case c = {.arena = j->arena,
                                      .action = action,
                                      .desired = j->desired,
                                      .snapshot = j->snapshot,
                                      .policy = j->policy};

        if (guard_is_repair_of(&c, drift->code))
            continue;
        hold(verdict, HOLD_NOT_OURS,
             arena_printf(j->arena, "this %s is no repair of %s",
                          action->call < EC2_ACTION_COUNT ? ec2_action_table[action->call].name
                                                          : "call",
                          drift_table[drift->code].code),
             "a change by hand, or in the config");
        return true;
    }
    return false;
}

/* No half of a repair whose other half AWS refuses. */
static bool judge_permissions(const struct judging *j, const struct plan_drift *drift,
                              struct guard_verdict *verdict)
{
    for (size_t i = 0; j->policy->denied_until_ms && i < drift->n_actions; i++) {
        enum ec2_action call = j->plan->actions.items[drift->first_action + i].call;

        if (j->policy->denied_until_ms[call] <= j->policy->now.monotonic_ms)
            continue;
        hold(verdict, HOLD_PERMISSION,
             arena_printf(j->arena, "AWS refuses %s to the role, and its repair needs that",
                          ec2_action_table[call].name),
             "the permission; it is tried again every ten minutes, and after a reload");
        return true;
    }
    return false;
}

void guard_judge(struct arena *arena, const struct plan *plan, const struct desired *desired,
                 const struct snapshot *snapshot, const struct guard_policy *policy,
                 struct guard_verdict **ret_verdicts)
{
    struct judging j = {.arena = arena,
                        .plan = plan,
                        .desired = desired,
                        .snapshot = snapshot,
                        .policy = policy,
                        .verdicts = ARENA_ARRAY(arena, struct guard_verdict, plan->drifts.n + 1)};
    bool mass = mass_drift(&j);

    j.counted_hour = history_changes(policy->history, policy->target->name, policy->now.wall_ms,
                                     &j.hour_until_ms);
    j.endpoint_calls = recent_endpoint_calls(&j);
    j.replaced_max = (unsigned)(snapshot->n_route_tables / 4);
    if (j.replaced_max == 0)
        j.replaced_max = 1;
    for (size_t i = 0; i < plan->drifts.n; i++) {
        const struct plan_drift *drift = &plan->drifts.items[i];
        struct guard_verdict *verdict = &j.verdicts[i];

        if (carried_out(&j, i)) {
            struct weight weight = weigh(&j, drift); /* the hour has it from the history */

            weight.n_endpoint_calls = 0; /* likewise */
            spend(&j, &weight);
            continue;
        }
        if (judge_mode(&j, drift, verdict))
            continue;
        if (mass) {
            hold(verdict, HOLD_MASS_DRIFT,
                 "over half of a group's subnets of the last healthy pass are gone: that is more "
                 "than drift",
                 "a reload, or the approval of group-changed, after a look at the config and the "
                 "VPC");
            continue;
        }
        if (judge_contest(&j, drift, verdict))
            continue;
        if (drift->n_actions == 0) {
            judge_dependence(&j, drift, drift->awaits ? drift->awaits : "gateway that it leads to",
                             verdict);
            continue;
        }
        if (judge_calls(&j, drift, verdict) || judge_permissions(&j, drift, verdict) ||
            judge_confirmation(&j, i, verdict))
            continue;
        judge_actions(&j, drift, verdict);
        if (verdict->hold != HOLD_NONE)
            continue;
        if (drift == policy->begun) {
            struct weight weight = weigh(&j, drift);

            spend(&j, &weight); /* half a repair helps nobody: it goes on */
        } else {
            judge_limits(&j, drift, verdict);
        }
    }
    *ret_verdicts = j.verdicts;
}
