/* endpoint-missing, endpoint-failed, endpoint-pending-acceptance, endpoint-dns-conflict,
 * endpoint-zone-unsupported. */
#include "endpoints.h"
#include "plan_private.h"

#define PENDING_MAX_MS ((int64_t)600000)
#define DEAD_MAX                                                                                   \
    3 /* of ours, which lie about until a person removes them: they are never deleted */

static const char *kind(const struct desired_endpoint *want)
{
    return want->interface ? "interface endpoint" : "gateway endpoint";
}

static const char *service_of(const struct desired_endpoint *want)
{
    return want->service ? want->service->service_name : want->declared->service;
}

/* ---- what stands in its way ---- */

static size_t gateway_drift(const struct planning *planning, const struct desired_endpoint *want)
{
    for (size_t i = 0; i < planning->desired->n_endpoints; i++)
        if (!planning->desired->endpoints[i].interface && planning->desired->endpoints[i].service &&
            text_equal(planning->desired->endpoints[i].service->service_name,
                       want->service->service_name))
            return planning->endpoint_drifts[i];
    return NO_CAUSE;
}

static size_t conflict_drift(const struct planning *planning, const struct desired_endpoint *want)
{
    for (size_t i = 0; i < planning->plan->drifts.n; i++)
        if (planning->plan->drifts.items[i].code == DRIFT_ENDPOINT_DNS_CONFLICT &&
            text_equal(planning->plan->drifts.items[i].resource, want->conflict->vpc_endpoint_id))
            return i;
    return NO_CAUSE;
}

const char *plan_private_dns_hold(struct planning *planning, const struct desired_endpoint *want,
                                  const struct texts *group_ids, size_t *ret_cause)
{
    const char *why = private_dns_refused(planning->arena, planning->snapshot, want);
    struct private_dns dns = {.service = service_of(want),
                              .group_ids = *group_ids,
                              .family = endpoint_family(want->endpoint
                                                            ? want->endpoint->ip_address_type
                                                            : want->declared->ip_address_type)};

    if (want->conflict) {
        *ret_cause = conflict_drift(planning, want);
        return why;
    }
    if (why) {
        *ret_cause = private_dns_wants_gateway(planning->snapshot, want)
                         ? gateway_drift(planning, want)
                         : planning->vpc_dns_drift;
        return *ret_cause == NO_CAUSE ? why : NULL;
    }
    dns.ports = endpoint_ports(want->declared, &dns.n_ports);
    return private_dns_cuts_off(planning->arena, planning->snapshot, &dns);
}

/* The repair that gives the subnets the table that they are about to have. */
static size_t table_drift(const struct planning *planning)
{
    for (size_t i = 0; i < planning->plan->drifts.n; i++) {
        enum drift code = planning->plan->drifts.items[i].code;

        if (code == DRIFT_ROUTE_TABLE_IMPLICIT || code == DRIFT_ROUTE_TABLE_SHARED ||
            code == DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING)
            return i;
    }
    return NO_CAUSE;
}

static const char *missing_group(struct planning *planning, const struct desired_endpoint *want)
{
    const struct texts *declared = &want->declared->security_groups;

    for (size_t i = 0; i < declared->n; i++)
        if (!snapshot_find_security_group(planning->snapshot, declared->items[i]))
            return arena_printf(planning->arena, "%s is no security group of this VPC",
                                declared->items[i]);
    return NULL;
}

static struct texts new_subnets(struct planning *planning, const struct desired_endpoint *want,
                                const char **ret_why)
{
    struct texts ids = {0};

    *ret_why = "the service is offered in no zone of the declared subnets";
    for (size_t z = 0; z < want->n_zones; z++) {
        const struct desired_endpoint_zone *zone = &want->zones[z];

        if (!zone->offered)
            continue;
        if (zone->subnet)
            texts_add_once(planning->arena, &ids, zone->subnet->id);
        else
            *ret_why = zone->why_not;
    }
    return ids;
}

/* ---- building one ---- */

static struct wire_texts on_wire(const struct texts *texts)
{
    return (struct wire_texts){.items = texts->items, .n = texts->n};
}

static void add_create(struct planning *planning, const struct desired_endpoint *want,
                       const struct texts *subnet_ids)
{
    struct plan_action *action = planning_add_action(planning, EC2_CREATE_VPC_ENDPOINT, want->role);
    struct ec2_change_request *request = &action->request;

    request->vpc_id = planning->snapshot->vpc->vpc_id;
    request->service_name = want->service->service_name;
    request->vpc_endpoint_type = want->interface ? "Interface" : "Gateway";
    request->policy_document = want->declared->policy;
    request->ip_address_type = want->declared->ip_address_type;
    if (want->interface) {
        request->subnet_ids = on_wire(subnet_ids);
        request->security_group_ids = on_wire(&want->declared->security_groups);
        /* Said either way: EC2's default is on (CreateVpcEndpoint, PrivateDnsEnabled). */
        request->private_dns_enabled = want->private_dns ? WIRE_TRUE : WIRE_FALSE;
    } else {
        request->route_table_ids = on_wire(&want->table_ids);
    }
    action->expect = EXPECT_NO_ENDPOINT;
    action->target_kind = TARGET_VPC_ENDPOINT;
    action->predecessor = want->predecessor;
}

/* Sets what holds it, or what comes first; adds the repair where nothing does. */
static void hold_or_create(struct planning *planning, const struct desired_endpoint *want,
                           struct plan_drift *drift)
{
    struct texts subnet_ids = {0};
    const char *no_subnet = NULL;

    if (want->interface)
        subnet_ids = new_subnets(planning, want, &no_subnet);
    if (want->why_not)
        drift->held = want->why_not;
    else if (want->n_dead >= DEAD_MAX)
        drift->held = arena_printf(planning->arena,
                                   "%u endpoints that this daemon built for it are dead: mend what "
                                   "their errors name, and remove them",
                                   want->n_dead);
    else if (want->interface && subnet_ids.n == 0)
        drift->held = no_subnet;
    else if (!want->interface && want->table_ids.n == 0 && !want->moving)
        drift->held = want->never ? want->never : "none of its subnets has a route table";
    else if (!want->interface && want->table_ids.n == 0)
        drift->cause = table_drift(planning);
    else
        drift->held = missing_group(planning, want);
    if (!drift->held && want->private_dns)
        drift->held =
            plan_private_dns_hold(planning, want, &want->declared->security_groups, &drift->cause);
    if (!drift->held && drift->cause == NO_CAUSE)
        add_create(planning, want, &subnet_ids);
}

static const char *dead_text(struct planning *planning, const struct desired_endpoint *want)
{
    const struct ec2_vpc_endpoint *dead = want->dead;

    if (!dead)
        return "none";
    return arena_printf(planning->arena, "%s is %s%s%s", dead->vpc_endpoint_id, dead->state,
                        dead->last_error_message || dead->failure_reason ? ": " : "",
                        dead->last_error_message ? dead->last_error_message
                        : dead->failure_reason   ? dead->failure_reason
                                                 : "");
}

static void plan_missing(struct planning *planning, const struct desired_endpoint *want)
{
    struct arena *arena = planning->arena;
    bool failed = want->dead && vpc_endpoint_state(want->dead) == ENDPOINT_DEAD;
    struct plan_drift *drift;

    if (want->interface && !planning_knows(planning, NEEDS(SECURITY_GROUPS)))
        return;
    if (want->private_dns &&
        !planning_knows(planning, NEEDS(VPC_ATTRIBUTES) | NEEDS(NETWORK_INTERFACES)))
        return;
    drift = planning_add_drift(planning, failed ? DRIFT_ENDPOINT_FAILED : DRIFT_ENDPOINT_MISSING,
                               want->role);
    if (!drift)
        return;
    planning->endpoint_drifts[want - planning->desired->endpoints] = planning->plan->drifts.n - 1;
    drift->subnets = want->subnets;
    drift->resource = want->predecessor;
    drift->desired = arena_printf(arena, "an available %s for %s", kind(want), service_of(want));
    drift->observed = dead_text(planning, want);
    if (want->path_dead)
        drift->policy = DRIFT_AUTO; /* nothing that works is touched by it */
    else
        drift->impact = IMPACT_DEGRADED;
    drift->message = arena_printf(
        arena, "%s has no %s for %s (%s). Subnets %s %s.", planning->snapshot->vpc->vpc_id,
        kind(want), service_of(want), drift->observed, want->subnets,
        want->path_dead ? "have no way to the service, for some have no way out at all"
                        : "reach the service by their way out to the internet");
    hold_or_create(planning, want, drift);
}

/* ---- what is only said ---- */

static void plan_waiting(struct planning *planning, const struct desired_endpoint *want)
{
    struct plan_drift *drift =
        planning_add_drift(planning, DRIFT_ENDPOINT_PENDING_ACCEPTANCE,
                           arena_printf(planning->arena, "acceptance/%s", want->role));

    if (!drift)
        return;
    drift->subnets = want->subnets;
    drift->resource = want->waiting->vpc_endpoint_id;
    drift->desired = "available";
    drift->observed = want->waiting->state;
    drift->message = arena_printf(
        planning->arena,
        "Endpoint %s for %s waits until the owner of the service accepts it. Until then it carries "
        "nothing; a second one would wait as well, so none is built.",
        want->waiting->vpc_endpoint_id, service_of(want));
}

static void plan_conflict(struct planning *planning, const struct desired_endpoint *want)
{
    const char *other = want->conflict->vpc_endpoint_id;
    struct plan_drift *drift =
        planning_add_drift(planning, DRIFT_ENDPOINT_DNS_CONFLICT,
                           arena_printf(planning->arena, "private-name/%s", want->role));

    if (!drift)
        return;
    drift->subnets = want->subnets;
    drift->resource = other;
    drift->desired =
        arena_printf(planning->arena, "the private name of %s on %s", service_of(want),
                     want->endpoint ? want->endpoint->vpc_endpoint_id : "a new endpoint");
    drift->observed = arena_printf(planning->arena, "%s has it", other);
    drift->impact = want->path_dead ? IMPACT_OUTAGE : IMPACT_DEGRADED;
    drift->message = arena_printf(
        planning->arena,
        "Endpoint %s has private DNS on and so the private name of %s in this VPC: AWS gives it to "
        "one endpoint only. Declare \"private_dns\": false, or turn it off on %s.",
        other, service_of(want), other);
}

static void plan_zones(struct planning *planning, const struct desired_endpoint *want)
{
    for (size_t z = 0; z < want->n_zones; z++) {
        const struct desired_endpoint_zone *zone = &want->zones[z];
        struct plan_drift *drift;

        if (zone->offered || zone->has)
            continue;
        drift =
            planning_add_drift(planning, DRIFT_ENDPOINT_ZONE_UNSUPPORTED,
                               arena_printf(planning->arena, "zone/%s/%s", want->role, zone->az));
        if (!drift)
            return;
        drift->az = zone->az;
        drift->subnets = zone->subnet ? zone->subnet->id : NULL;
        drift->resource = want->endpoint ? want->endpoint->vpc_endpoint_id : NULL;
        drift->desired = arena_printf(planning->arena, "%s in %s", service_of(want), zone->az);
        drift->observed = "not offered there";
        drift->message = arena_printf(
            planning->arena,
            "AWS does not offer %s in %s: its endpoint has no subnet there, and what runs there "
            "reaches it through another zone.",
            service_of(want), zone->az);
    }
}

/* New and pending for longer than AWS takes. One that was right before is being changed by
 * somebody, who may have begun just now. */
static bool is_late(const struct planning *planning, const struct desired_endpoint *want,
                    int64_t *ret_age_ms)
{
    const struct ec2_vpc_endpoint *endpoint = want->endpoint;
    int64_t created_ms;

    if (!endpoint->creation_timestamp ||
        time_parse(endpoint->creation_timestamp, &created_ms) < 0 ||
        text_equal(history_wiring(planning->history, planning->plan->target->name, want->role),
                   endpoint->vpc_endpoint_id))
        return false;
    *ret_age_ms = planning->snapshot->observation->at.wall_ms - created_ms;
    return *ret_age_ms > PENDING_MAX_MS;
}

static void plan_late(struct planning *planning, const struct desired_endpoint *want,
                      int64_t age_ms)
{
    struct plan_drift *drift = planning_add_drift(planning, DRIFT_ENDPOINT_MISSING, want->role);

    if (!drift)
        return;
    planning->endpoint_drifts[want - planning->desired->endpoints] = planning->plan->drifts.n - 1;
    drift->subnets = want->subnets;
    drift->resource = want->endpoint->vpc_endpoint_id;
    drift->desired = arena_printf(planning->arena, "%s available", want->endpoint->vpc_endpoint_id);
    drift->observed = want->endpoint->state;
    drift->message = arena_printf(
        planning->arena,
        "Endpoint %s for %s has been pending for %lld minutes; AWS takes ten at the most. No "
        "second "
        "one is built beside it. Look at it in the console, or delete it.",
        want->endpoint->vpc_endpoint_id, service_of(want), (long long)(age_ms / 60000));
    drift->held = "a pending endpoint is never doubled";
}

static void await(struct planning *planning, const struct ec2_vpc_endpoint *endpoint,
                  const char *what)
{
    planning_pending(
        planning, arena_printf(planning->arena, "endpoint %s %s", endpoint->vpc_endpoint_id, what));
}

static void plan_endpoint(struct planning *planning, const struct desired_endpoint *want)
{
    int64_t age_ms;

    if (want->conflict)
        plan_conflict(planning, want);
    plan_zones(planning, want);
    if (want->endpoint && vpc_endpoint_state(want->endpoint) == ENDPOINT_PENDING) {
        if (is_late(planning, want, &age_ms))
            plan_late(planning, want, age_ms);
        else
            await(planning, want->endpoint, "to become available");
    } else if (want->endpoint) {
        plan_endpoint_changes(planning, want);
    } else if (want->unclear) {
        await(planning, want->unclear, "to be in a state that is known");
    } else if (want->waiting) {
        plan_waiting(planning, want);
    } else if (want->going) { /* S6 (c): somebody is at work */
        await(planning, want->going, "to be deleted");
    } else {
        plan_missing(planning, want);
    }
}

void plan_endpoints(struct planning *planning)
{
    const struct desired *desired = planning->desired;

    planning->endpoint_drifts = ARENA_ARRAY(planning->arena, size_t, desired->n_endpoints + 1);
    for (size_t i = 0; i < desired->n_endpoints; i++)
        planning->endpoint_drifts[i] = NO_CAUSE;
    for (size_t i = 0; i < desired->n_endpoints; i++) {
        const struct desired_endpoint *want = &desired->endpoints[i];

        if (want->unknown)
            planning->plan->unknown |= NEEDS(CAPACITY_PROVIDERS);
        else if (want->subnets && planning_knows(planning, NEEDS(VPC_ENDPOINTS)))
            plan_endpoint(planning, want); /* a group without subnets has a finding of its own */
    }
}
