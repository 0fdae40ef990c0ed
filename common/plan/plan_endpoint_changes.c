/* What an endpoint that is there lacks: route tables, subnets, security groups, inbound rules,
 * private DNS, its policy. Only added to, whoever made it; nothing is ever taken from it. */
#include "endpoints.h"
#include "plan_private.h"

#include "vpc_reconciled/json.h"

static const char *join(struct arena *arena, const struct texts *texts)
{
    const char *list = "";

    for (size_t i = 0; i < texts->n; i++)
        list = arena_printf(arena, "%s%s%s", list, i ? ", " : "", texts->items[i]);
    return list;
}

static struct plan_drift *add_drift(struct planning *planning, const struct desired_endpoint *want,
                                    enum drift code, const char *what)
{
    struct plan_drift *drift = planning_add_drift(
        planning, code, arena_printf(planning->arena, "%s/%s", what, want->role));

    if (!drift)
        return NULL;
    drift->subnets = want->subnets;
    drift->resource = want->endpoint->vpc_endpoint_id;
    return drift;
}

static struct plan_action *add_modify(struct planning *planning,
                                      const struct desired_endpoint *want)
{
    struct plan_action *action = planning_add_action(planning, EC2_MODIFY_VPC_ENDPOINT, want->role);

    action->request.vpc_endpoint_id = want->endpoint->vpc_endpoint_id;
    action->expect = EXPECT_ENDPOINT;
    action->target_kind = TARGET_VPC_ENDPOINT;
    return action;
}

/* ---- route tables ---- */

static void plan_never(struct planning *planning, const struct desired_endpoint *want)
{
    struct plan_drift *drift =
        add_drift(planning, want, DRIFT_ENDPOINT_ROUTE_TABLE_MISSING, "foreign-tables");

    if (!drift)
        return;
    drift->impact = want->path_dead ? IMPACT_OUTAGE : IMPACT_DEGRADED;
    drift->desired = "the route tables of its groups in the endpoint";
    drift->observed = want->never;
    drift->message =
        arena_printf(planning->arena,
                     "Gateway endpoint %s does not serve every declared subnet, and cannot: %s.",
                     want->endpoint->vpc_endpoint_id, want->never);
    drift->held = want->never;
}

static void plan_tables(struct planning *planning, const struct desired_endpoint *want)
{
    struct plan_action *action;
    struct plan_drift *drift;
    const char *tables;

    if (want->never)
        plan_never(planning, want);
    if (want->lacking.n == 0)
        return;
    drift = add_drift(planning, want, DRIFT_ENDPOINT_ROUTE_TABLE_MISSING, "tables");
    if (!drift)
        return;
    tables = join(planning->arena, &want->lacking);
    drift->impact = want->path_dead ? IMPACT_OUTAGE : IMPACT_DEGRADED;
    drift->desired = arena_printf(planning->arena, "%s in the endpoint", tables);
    drift->observed =
        arena_printf(planning->arena, "%s lacks %s", want->endpoint->vpc_endpoint_id, tables);
    drift->message =
        arena_printf(planning->arena,
                     "Gateway endpoint %s is not in route table %s, so the subnets behind it %s.",
                     want->endpoint->vpc_endpoint_id, tables,
                     want->path_dead ? "have no way to the service"
                                     : "reach the service by their way out to the internet");
    action = add_modify(planning, want);
    action->request.add_route_table_ids =
        (struct wire_texts){.items = want->lacking.items, .n = want->lacking.n};
}

/* ---- subnets ---- */

static void plan_subnets(struct planning *planning, const struct desired_endpoint *want)
{
    struct texts ids = {0}, zones = {0};
    const char *why_not = NULL;
    struct plan_action *action;
    struct plan_drift *drift;

    for (size_t z = 0; want->service && z < want->n_zones; z++) {
        const struct desired_endpoint_zone *zone = &want->zones[z];

        if (zone->has || !zone->offered)
            continue;
        texts_add_once(planning->arena, &zones, zone->az);
        if (zone->subnet)
            texts_add_once(planning->arena, &ids, zone->subnet->id);
        else
            why_not = zone->why_not;
    }
    if (zones.n == 0)
        return;
    drift = add_drift(planning, want, DRIFT_ENDPOINT_SUBNET_MISSING, "subnets");
    if (!drift)
        return;
    drift->az = zones.n == 1 ? zones.items[0] : NULL;
    drift->desired = arena_printf(planning->arena, "a subnet of the endpoint in %s",
                                  join(planning->arena, &zones));
    drift->observed = arena_printf(planning->arena, "none in %s", join(planning->arena, &zones));
    drift->message = arena_printf(
        planning->arena,
        "Endpoint %s has no subnet in %s: what runs there depends on another zone%s%s.",
        want->endpoint->vpc_endpoint_id, join(planning->arena, &zones),
        why_not ? ", and one of them has no subnet to give: " : "", why_not ? why_not : "");
    if (ids.n == 0) {
        drift->held = why_not;
        return;
    }
    action = add_modify(planning, want);
    action->request.add_subnet_ids = (struct wire_texts){.items = ids.items, .n = ids.n};
}

/* ---- security groups ---- */

static void plan_groups_missing(struct planning *planning, const struct desired_endpoint *want)
{
    const struct texts *declared = &want->declared->security_groups;
    struct texts have = endpoint_group_ids(planning->arena, want->endpoint), lacking = {0};
    const char *unknown = NULL;
    struct plan_action *action;
    struct plan_drift *drift;

    for (size_t i = 0; i < declared->n; i++) {
        if (texts_contain(&have, declared->items[i]))
            continue;
        texts_add_once(planning->arena, &lacking, declared->items[i]);
        if (!snapshot_find_security_group(planning->snapshot, declared->items[i]))
            unknown = declared->items[i];
    }
    if (lacking.n == 0)
        return;
    drift = add_drift(planning, want, DRIFT_ENDPOINT_SECURITY_GROUP_MISSING, "security-groups");
    if (!drift)
        return;
    drift->desired =
        arena_printf(planning->arena, "%s on the endpoint", join(planning->arena, &lacking));
    drift->observed =
        arena_printf(planning->arena, "it has %s", have.n ? join(planning->arena, &have) : "none");
    drift->message = arena_printf(planning->arena,
                                  "Endpoint %s lacks security group %s, whose rules decide who may "
                                  "connect to it.",
                                  want->endpoint->vpc_endpoint_id, join(planning->arena, &lacking));
    if (unknown) {
        drift->held = arena_printf(planning->arena, "%s is no security group of this VPC", unknown);
        return;
    }
    action = add_modify(planning, want);
    action->request.add_security_group_ids =
        (struct wire_texts){.items = lacking.items, .n = lacking.n};
}

/* ---- private DNS ---- */

static void plan_private_dns(struct planning *planning, const struct desired_endpoint *want)
{
    struct texts group_ids = endpoint_group_ids(planning->arena, want->endpoint);
    struct plan_drift *drift;

    if (want->private_dns && want->endpoint->private_dns_enabled == WIRE_ABSENT)
        planning->plan->unknown |= NEEDS(VPC_ENDPOINTS); /* it was not said */
    if (!want->private_dns || want->endpoint->private_dns_enabled != WIRE_FALSE ||
        !planning_knows(planning, NEEDS(SECURITY_GROUPS) | NEEDS(NETWORK_INTERFACES)))
        return;
    drift = add_drift(planning, want, DRIFT_ENDPOINT_PRIVATE_DNS_OFF, "private-dns");
    if (!drift)
        return;
    drift->impact = want->path_dead ? IMPACT_OUTAGE : IMPACT_DEGRADED;
    drift->desired = "privateDnsEnabled true";
    drift->observed = "privateDnsEnabled false";
    drift->message = arena_printf(
        planning->arena,
        "Private DNS of endpoint %s is off, so the service's name leads to its public addresses: "
        "subnets %s do not use the endpoint%s.",
        want->endpoint->vpc_endpoint_id, want->subnets,
        want->path_dead ? ", and some of them have no other way" : "");
    drift->held = plan_private_dns_hold(planning, want, &group_ids, &drift->cause);
    if (!drift->held && drift->cause == NO_CAUSE)
        add_modify(planning, want)->request.private_dns_enabled = WIRE_TRUE;
}

/* ---- policy ---- */

static bool same_document(struct arena *arena, const char *a, const char *b)
{
    const struct json *json[2];
    struct json_error error;

    if (json_parse(arena, a, strlen(a), &json[0], &error) < 0 ||
        json_parse(arena, b, strlen(b), &json[1], &error) < 0)
        return text_equal(a, b);
    return json_equal(json[0], json[1]);
}

static void plan_policy(struct planning *planning, const struct desired_endpoint *want)
{
    const char *declared = want->declared->policy, *have = want->endpoint->policy_document;
    struct plan_drift *drift;

    if (!declared || !have || same_document(planning->arena, declared, have))
        return;
    drift = add_drift(planning, want, DRIFT_ENDPOINT_POLICY_DIFFERS, "policy");
    if (!drift)
        return;
    drift->desired = declared;
    drift->observed = have;
    drift->message = arena_printf(
        planning->arena,
        "The policy of endpoint %s is not the declared one, so it may refuse calls that should "
        "pass, or let others pass. It is never rewritten.",
        want->endpoint->vpc_endpoint_id);
}

void plan_endpoint_changes(struct planning *planning, const struct desired_endpoint *want)
{
    if (want->interface) {
        plan_subnets(planning, want);
        plan_groups_missing(planning, want);
        plan_endpoint_inbound(planning, want);
        plan_private_dns(planning, want);
    } else {
        plan_tables(planning, want);
    }
    plan_policy(planning, want);
}
