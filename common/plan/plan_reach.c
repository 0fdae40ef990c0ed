/* Layers that defeat correct routes, and goals that fail although nothing else has drifted.
 *
 * The layers are looked at along the path of each goal: what a network ACL or Block Public Access
 * stops is a finding of its own, whatever else is wrong with the path. A goal is "unreachable" only
 * where no other drift explains it. Unknown is neither. */
#include "reach_goals.h"

#include "vpc_reconciled/fault.h"

#include <stdio.h>

struct layer { /* what stops subnets of a group in a family, once */
    enum drift code;
    const struct desired_group *group;
    const char *resource, *text, *goal;
    VEC(const char *) subnets;
};
typedef VEC(struct layer) layers;

static bool layer_code(enum reach_layer layer, enum drift *ret_code)
{
    switch (layer) {
    case REACH_LAYER_NETWORK_ACL:
    case REACH_LAYER_NAT_GATEWAY_NETWORK_ACL:
    case REACH_LAYER_DESTINATION_NETWORK_ACL:
        *ret_code = DRIFT_NETWORK_ACL_BLOCKS;
        return true;
    case REACH_LAYER_BLOCK_PUBLIC_ACCESS:
        *ret_code = DRIFT_BLOCK_PUBLIC_ACCESS;
        return true;
    default:
        return false;
    }
}

static bool names(const char *const *items, size_t n, const char *text)
{
    return texts_contain(&(const struct texts){(const char **)(uintptr_t)items, n}, text);
}

static void note_layer(struct planning *planning, layers *found, const struct reach_goal *goal,
                       const struct reach_step *step, const char *subnet_id)
{
    struct layer *layer = NULL;
    enum drift code;

    if (step->verdict != VERDICT_NO || !layer_code(step->layer, &code))
        return;
    for (size_t i = 0; i < found->n; i++)
        if (found->items[i].code == code && found->items[i].group == goal->group &&
            text_equal(found->items[i].resource, step->resource))
            layer = &found->items[i];
    if (!layer) {
        layer = VEC_ADD(planning->arena, found);
        *layer = (struct layer){.code = code,
                                .group = goal->group,
                                .resource = step->resource,
                                .text = step->text,
                                .goal = goal->name};
    }
    if (!names(layer->subnets.items, layer->subnets.n, subnet_id))
        *VEC_ADD(planning->arena, &layer->subnets) = subnet_id;
}

static const char *joined(struct arena *arena, const char *const *items, size_t n)
{
    CLEANUP(buf_free)
    struct buf text = {0};

    for (size_t i = 0; i < n; i++)
        buf_printf(&text, "%s%s", i ? ", " : "", items[i]);
    return arena_strdup(arena, buf_string(&text));
}

/* A group's second ACL has a second finding: the id of an ACL is no part of the role. */
static const char *layer_role(const struct planning *planning, const layers *found, size_t at)
{
    const struct layer *layer = &found->items[at];
    unsigned before = 0;

    for (size_t i = 0; i < at; i++)
        before += found->items[i].code == layer->code && found->items[i].group == layer->group;
    return before ? arena_printf(planning->arena, "layer/%s/%u", layer->group->group->name, before)
                  : arena_printf(planning->arena, "layer/%s", layer->group->group->name);
}

static void report_layers(struct planning *planning, const layers *found)
{
    for (size_t i = 0; i < found->n; i++) {
        const struct layer *layer = &found->items[i];
        bool acl = layer->code == DRIFT_NETWORK_ACL_BLOCKS;
        struct plan_drift *drift =
            planning_add_drift(planning, layer->code, layer_role(planning, found, i));

        if (!drift)
            continue;
        drift->resource = layer->resource;
        drift->subnets = joined(planning->arena, layer->subnets.items, layer->subnets.n);
        drift->desired = arena_printf(planning->arena, "%s can be reached", layer->goal);
        drift->observed = layer->text;
        drift->message = arena_printf(
            planning->arena, "Group %s cannot reach %s: %s. Routes and gateways do not help here.",
            layer->group->group->name, layer->goal, layer->text);
        drift->held = acl ? "change the entry that is named; network ACLs are never written by "
                            "this daemon"
                          : "exclude the VPC or its subnets from Block Public Access, or change "
                            "its mode; it is never written by this daemon";
    }
}

/* Does a finding of this plan say already why the subnet does not get there? */
static bool explained(const struct plan *plan, size_t n_drifts, const struct reach_answer *answer,
                      const char *subnet_id)
{
    for (size_t i = 0; i < n_drifts; i++) {
        const struct plan_drift *drift = &plan->drifts.items[i];

        if (drift->impact == IMPACT_NONE)
            continue;
        if ((drift->subnets && strstr(drift->subnets, subnet_id)) ||
            text_equal(drift->resource, subnet_id) ||
            text_equal(drift->resource, plan->target->vpc_id))
            return true;
        for (size_t k = 0; k < answer->n_steps; k++)
            if (answer->steps[k].verdict == VERDICT_NO && answer->steps[k].resource &&
                text_equal(drift->resource, answer->steps[k].resource))
                return true;
        switch (drift->code) { /* of the whole VPC */
        case DRIFT_INTERNET_GATEWAY_MISSING:
        case DRIFT_INTERNET_GATEWAY_DETACHED:
        case DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING:
        case DRIFT_VPC_IPV6_MISSING:
        case DRIFT_VPC_DNS_SUPPORT_OFF:
        case DRIFT_VPC_DNS_HOSTNAMES_OFF:
            return true;
        default:
            break;
        }
    }
    return false;
}

static const char *chain(struct arena *arena, const struct reach_answer *answer)
{
    static const char *const words[] = {
        [VERDICT_NO] = "no", [VERDICT_UNKNOWN] = "unknown", [VERDICT_YES] = "yes"};
    CLEANUP(buf_free)
    struct buf text = {0};

    for (size_t i = 0; i < answer->n_steps; i++)
        buf_printf(&text, "%s%s: %s%s%s%s", i ? "; " : "", reach_layer_name(answer->steps[i].layer),
                   words[answer->steps[i].verdict], answer->steps[i].text ? " (" : "",
                   answer->steps[i].text ? answer->steps[i].text : "",
                   answer->steps[i].text ? ")" : "");
    return arena_strdup(arena, buf_string(&text));
}

static void report_unreachable(struct planning *planning, const struct reach_goal *goal,
                               const struct reach_answer *answer, const char *subnets)
{
    const struct reach_step *broken = reach_broken_step(answer);
    struct plan_drift *drift = planning_add_drift(planning, DRIFT_UNREACHABLE, goal->role);

    if (!drift)
        return;
    drift->resource = broken->resource;
    drift->subnets = subnets;
    drift->desired =
        arena_printf(planning->arena, "group %s reaches %s", goal->group->group->name, goal->name);
    drift->observed = chain(planning->arena, answer);
    drift->message = arena_printf(
        planning->arena, "Group %s cannot reach %s, though nothing else has drifted: %s (%s).",
        goal->group->group->name, goal->name, broken->text ? broken->text : "the path is broken",
        reach_layer_name(broken->layer));
    drift->held = "mend the layer that is named, or take the goal out of \"must_reach\" or "
                  "\"services\"";
}

/* What stays unknown of a declared goal may rest on any list that could not be read: then it is not
 * said to be reached (S16). */
static void need_what_was_asked(struct planning *planning)
{
    const struct list_status *lists = planning->snapshot->observation->lists;

    for (size_t list = 0; list < LIST_COUNT; list++)
        if (lists[list].asked)
            planning_knows(planning, 1U << list);
}

static void judge_goal(struct planning *planning, const struct reach_goal *goal, size_t n_drifts,
                       layers *found)
{
    const struct desired *desired = planning->desired;
    VEC(const char *) failing = {0};
    struct reach_answer first = {0};

    for (size_t i = 0; i < desired->n_subnets; i++) {
        const char *subnet_id = desired->subnets[i].subnet->id;
        struct reach_answer answer;
        enum drift code;
        bool layered = false;

        if (desired->subnets[i].group != goal->group->group)
            continue;
        answer = reach_goal_answer(planning, goal, subnet_id);
        if (answer.verdict == VERDICT_UNKNOWN && !goal->implied)
            need_what_was_asked(planning);
        if (answer.verdict != VERDICT_NO)
            continue;
        for (size_t k = 0; k < answer.n_steps; k++) {
            note_layer(planning, found, goal, &answer.steps[k], subnet_id);
            layered |=
                answer.steps[k].verdict == VERDICT_NO && layer_code(answer.steps[k].layer, &code);
        }
        if (goal->implied || layered || explained(planning->plan, n_drifts, &answer, subnet_id))
            continue;
        if (failing.n == 0)
            first = answer;
        *VEC_ADD(planning->arena, &failing) = subnet_id;
    }
    if (failing.n)
        report_unreachable(planning, goal, &first,
                           joined(planning->arena, failing.items, failing.n));
}

/* Whether enforcement cuts a way out is not documented (aws-facts 2.7): said, and no more. */
static void report_encryption_control(struct planning *planning, const reach_goals *goals)
{
    const struct ec2_vpc *vpc = planning->snapshot->vpc;
    struct plan_drift *drift;

    if (!text_equal(vpc->encryption_control_mode, "enforce") || goals->n == 0 ||
        FAULT(ENCRYPTION_CONTROL_UNREAD))
        return;
    drift = planning_add_drift(planning, DRIFT_ENCRYPTION_CONTROL, "encryption-control");
    if (!drift)
        return;
    drift->resource = vpc->vpc_id;
    drift->desired = "ways out that encryption control does not stop";
    drift->observed =
        arena_printf(planning->arena, "mode enforce, state %s",
                     vpc->encryption_control_state ? vpc->encryption_control_state : "not said");
    drift->message =
        arena_printf(planning->arena,
                     "Encryption control of %s is enforced: gateways that are not "
                     "excluded from it may carry nothing, though every route is right.",
                     vpc->vpc_id);
    drift->held = "exclude the gateways in the VPC's encryption control, or look whether the "
                  "functions reach what they need";
}

/* A goal that stays unknown for a list that could not be read is unknown, not reached: S16. */
static void need_lists(struct planning *planning, const struct reach_goal *goal)
{
    unsigned needs = NEEDS(NETWORK_ACLS);

    if (goal->query.security_group_ids.n || !goal->group->security_groups_known)
        needs |= NEEDS(SECURITY_GROUPS);
    if (goal->query.destination == REACH_SERVICE)
        needs |= NEEDS(VPC_ENDPOINTS) | NEEDS(VPC_ATTRIBUTES);
    planning_knows(planning, needs);
}

void plan_reach(struct planning *planning)
{
    reach_goals goals = {0};
    layers found = {0};
    size_t n_drifts = planning->plan->drifts.n; /* those that can explain */

    reach_goals_add(planning, &goals);
    for (size_t i = 0; i < goals.n; i++) {
        need_lists(planning, &goals.items[i]);
        judge_goal(planning, &goals.items[i], n_drifts, &found);
    }
    report_layers(planning, &found);
    report_encryption_control(planning, &goals);
}
