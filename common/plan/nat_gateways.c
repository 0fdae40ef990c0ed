/* nat-gateway-missing, -failed, -private, -address-wrong, zone-without-public-subnet,
 * elastic-ip-idle. */
#include "plan_private.h"

#include "vpc_reconciled/fault.h"

#include <stdio.h>

#define PENDING_MAX_MS ((int64_t)600000) /* botocore's waiter: 40 looks, 15 s apart */
#define GRACE_MS ((int64_t)300000)       /* what we made may not show for so long */
#define RETRY_FIRST_MS ((int64_t)900000) /* after the second failure, then doubled */
#define RETRY_DOUBLINGS_MAX 4

static const char *place(struct arena *arena, const struct desired_zone *zone)
{
    return zone->az ? zone->az : arena_printf(arena, "the VPC (%s)", zone->role);
}

static bool route_works(const struct planning *planning, const struct subnet *subnet,
                        const struct prefix *destination)
{
    const struct route *route = subnet->table ? route_table_find(subnet->table, destination) : NULL;

    return route && route_is_live(planning->snapshot, route) == VERDICT_YES;
}

/* Does every private subnet of the zone have a live way to IPv4 meanwhile? */
static bool paths_work(const struct planning *planning, const struct desired_zone *zone)
{
    for (size_t i = 0; i < planning->desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &planning->desired->subnets[i];

        if (desired_find_zone(planning->desired, planning->snapshot, subnet->subnet->az) != zone)
            continue;
        if ((built_option(&subnet->group->ipv4) == OPTION_NAT_GATEWAY &&
             !route_works(planning, subnet->subnet, &PREFIX_IPV4_DEFAULT)) ||
            (subnet->group->nat64 == 2 && !route_works(planning, subnet->subnet, &PREFIX_NAT64)))
            return false;
    }
    return true;
}

/* A gateway that failed once is built again at once; after that each try waits longer (scenario 5).
 */
const char *nat_gateway_rests(const struct planning *planning, const struct desired_zone *zone)
{
    int64_t failed_ms, wait_ms, now_ms = planning->snapshot->observation->at.wall_ms;
    unsigned doublings;
    char until[25];

    if (FAULT(FAILED_IS_NO_REASON) || zone->n_failed < 2 || !zone->dead ||
        !zone->dead->create_time || time_parse(zone->dead->create_time, &failed_ms) < 0)
        return NULL;
    doublings = zone->n_failed - 2;
    wait_ms = RETRY_FIRST_MS << (doublings < RETRY_DOUBLINGS_MAX ? doublings : RETRY_DOUBLINGS_MAX);
    if (now_ms >= failed_ms + wait_ms)
        return NULL;
    time_iso8601(failed_ms + wait_ms, until);
    return arena_printf(planning->arena,
                        "%u NAT gateways failed here within the hour; the next is "
                        "tried at %s",
                        zone->n_failed, until);
}

static void add_create(struct planning *planning, const struct desired_zone *zone)
{
    const char *vpc_id = planning->snapshot->vpc->vpc_id;
    bool regional = planning->desired->target->nat_gateways.placement == NAT_REGIONAL;
    struct plan_action *action;

    if (!regional && !zone->allocation_id) {
        action = planning_add_action(planning, EC2_ALLOCATE_ADDRESS, zone->address_role);
        action->request.domain = "vpc";
        action->expect = EXPECT_NO_ADDRESS;
        action->predecessor = zone->lost_address;
    }
    action = planning_add_action(planning, EC2_CREATE_NAT_GATEWAY, zone->role);
    action->expect = EXPECT_NO_NAT_GATEWAY;
    action->target_kind = TARGET_NAT_GATEWAY;
    action->predecessor = zone->predecessor;
    action->az = zone->az;
    if (regional) {
        action->request.vpc_id = vpc_id;
        action->request.availability_mode = EC2_AVAILABILITY_MODE_REGIONAL;
        return;
    }
    action->request.subnet_id = zone->subnet->id;
    action->request.allocation_id = zone->allocation_id;
    action->request.connectivity_type = EC2_CONNECTIVITY_PUBLIC;
    action->input = INPUT_ALLOCATION_ID;
    if (!zone->allocation_id)
        action->input_role = zone->address_role;
}

static const char *source_text(struct planning *planning, const struct desired_zone *zone)
{
    if (planning->desired->target->nat_gateways.placement == NAT_REGIONAL)
        return "a regional one is built, with addresses that AWS chooses";
    if (zone->allocation_id && !zone->lost_address)
        return arena_printf(planning->arena, "it is built in %s with %s (%s): %s", zone->subnet->id,
                            zone->allocation_id, zone->public_ip ? zone->public_ip : "?",
                            zone->address_why);
    return arena_printf(planning->arena, "it is built in %s with %s%s%s%s", zone->subnet->id,
                        zone->allocation_id ? zone->allocation_id : "a new address",
                        zone->lost_address ? ", because " : "",
                        zone->lost_address ? zone->lost_address : "",
                        !zone->lost_address ? ""
                        : zone->lost_busy   ? " is in use elsewhere"
                                            : " is gone");
}

static void plan_missing(struct planning *planning, const struct desired_zone *zone)
{
    struct arena *arena = planning->arena;
    bool failed = zone->dead && zone->dead->state == EC2_STATE_FAILED;
    struct plan_drift *drift = planning_add_drift(
        planning, failed ? DRIFT_NAT_GATEWAY_FAILED : DRIFT_NAT_GATEWAY_MISSING, zone->role);

    if (!drift)
        return;
    planning->zone_drifts[zone - planning->desired->zones] = planning->plan->drifts.n - 1;
    drift->az = zone->az;
    drift->subnets = zone->subnets;
    drift->resource = zone->predecessor;
    if (paths_work(planning, zone))
        drift->impact = IMPACT_DEGRADED;
    drift->desired =
        arena_printf(arena, "an available public NAT gateway in %s", place(arena, zone));
    drift->observed =
        failed       ? arena_printf(arena, "%s failed: %s", zone->dead->nat_gateway_id,
                              zone->dead->failure_code ? zone->dead->failure_code : "no code")
        : zone->dead ? arena_printf(arena, "%s is %s", zone->dead->nat_gateway_id,
                                    ec2_word(&ec2_state_words, zone->dead->state))
                     : "none";
    if (zone->why_not) {
        drift->message = arena_printf(arena, "%s has no NAT gateway (%s), and %s.",
                                      place(arena, zone), drift->observed, zone->why_not);
        drift->held = zone->why_not;
        return;
    }
    drift->message = arena_printf(
        arena, "%s has no NAT gateway (%s%s%s). Its private subnets %s %s over IPv4; %s.",
        place(arena, zone), drift->observed, failed && zone->dead->failure_message ? ": " : "",
        failed && zone->dead->failure_message ? zone->dead->failure_message : "", zone->subnets,
        drift->impact == IMPACT_DEGRADED ? "go out through another zone" : "have no way out",
        source_text(planning, zone));
    /* Who allows the pinned address by name would see a stranger: a person decides. */
    if (zone->pin_lost && !FAULT(PINS_YIELD))
        drift->policy = DRIFT_APPROVE;
    drift->held = nat_gateway_rests(planning, zone);
    if (drift->held)
        return;
    if (planning->quota_drift != NO_CAUSE && nat_gateway_wants_address(planning, zone)) {
        drift->cause = planning->quota_drift;
        drift->held = "it needs a new Elastic IP address, and the quota leaves too few for all "
                      "that need one";
        return;
    }
    drift->cause = planning->internet_gateway_drift;
    /* Without an internet gateway it would only fail (scenario 17). */
    if (drift->cause == NO_CAUSE || FAULT(NAT_BEFORE_IGW))
        add_create(planning, zone);
}

static void plan_late(struct planning *planning, const struct desired_zone *zone, int64_t age_ms)
{
    struct plan_drift *drift = planning_add_drift(planning, DRIFT_NAT_GATEWAY_MISSING, zone->role);

    if (!drift)
        return;
    planning->zone_drifts[zone - planning->desired->zones] = planning->plan->drifts.n - 1;
    drift->az = zone->az;
    drift->subnets = zone->subnets;
    drift->resource = zone->coming->nat_gateway_id;
    drift->desired = arena_printf(planning->arena, "%s available", zone->coming->nat_gateway_id);
    drift->observed = "pending";
    drift->message = arena_printf(
        planning->arena,
        "NAT gateway %s of %s has been pending for %lld minutes; AWS takes ten at the most. No "
        "second "
        "one is built beside it. Look at it in the console, or delete it.",
        zone->coming->nat_gateway_id, place(planning->arena, zone), (long long)(age_ms / 60000));
    drift->held = "a pending gateway is never doubled";
}

static void plan_private(struct planning *planning, const struct desired_zone *zone)
{
    struct plan_drift *drift =
        planning_add_drift(planning, DRIFT_NAT_GATEWAY_PRIVATE,
                           wiring_role_zone(planning->arena, "nat-gateway-private", zone->role));

    if (!drift)
        return;
    drift->az = zone->az;
    drift->resource = zone->private_gateway->nat_gateway_id;
    drift->desired = "connectivityType public";
    drift->observed = "connectivityType private";
    drift->message = arena_printf(
        planning->arena,
        "NAT gateway %s in %s is private: nothing gets to the internet through it, and it is not "
        "counted as this zone's.",
        zone->private_gateway->nat_gateway_id, place(planning->arena, zone));
}

static void plan_zone_without_subnet(struct planning *planning, const struct desired_zone *zone)
{
    struct plan_drift *drift =
        planning_add_drift(planning, DRIFT_ZONE_WITHOUT_PUBLIC_SUBNET,
                           wiring_role_zone(planning->arena, "public-subnet", zone->role));

    if (!drift)
        return;
    drift->az = zone->az;
    drift->subnets = zone->subnets;
    drift->desired =
        arena_printf(planning->arena, "a public subnet in %s", place(planning->arena, zone));
    drift->observed = "none";
    drift->message = arena_printf(planning->arena, "Private subnets %s want a NAT gateway, and %s.",
                                  zone->subnets, zone->why_not);
}

static void plan_address(struct planning *planning, const struct desired_zone *zone)
{
    const struct declared_nat_gateways *nat = &planning->desired->target->nat_gateways;
    const struct subnet *home = snapshot_find_subnet(planning->snapshot, zone->gateway->subnet_id);
    const char *have = NULL;
    struct plan_drift *drift;

    if (!home)
        return; /* a regional one: AWS chooses its addresses */
    for (size_t i = 0; i < zone->gateway->addresses.n; i++)
        if (!have || zone->gateway->addresses.items[i].is_primary == WIRE_TRUE)
            have = zone->gateway->addresses.items[i].allocation_id;
    for (size_t i = 0; have && i < nat->n_elastic_ips; i++) {
        const struct declared_nat_zone *pin = &nat->elastic_ips[i];

        if (!text_equal(pin->availability_zone, home->az) || pin->allocation_ids.n == 0 ||
            texts_contain(&pin->allocation_ids, have))
            continue;
        drift = planning_add_drift(planning, DRIFT_NAT_GATEWAY_ADDRESS_WRONG, zone->address_role);
        if (!drift)
            return;
        drift->az = zone->az;
        drift->resource = zone->gateway->nat_gateway_id;
        drift->desired = arena_printf(planning->arena, "%s", pin->allocation_ids.items[0]);
        drift->observed = have;
        drift->message = arena_printf(planning->arena,
                                      "NAT gateway %s of %s uses %s, and the config pins %s. Who "
                                      "allows the pinned address sees "
                                      "a stranger. A working gateway is not replaced for it.",
                                      zone->gateway->nat_gateway_id, place(planning->arena, zone),
                                      have, drift->desired);
    }
}

static bool wanted_address(const struct planning *planning, const char *id)
{
    for (size_t z = 0; z < planning->desired->n_zones; z++)
        if (text_equal(planning->desired->zones[z].allocation_id, id))
            return true;
    for (size_t i = 0; i < planning->desired->n_interfaces; i++)
        if (text_equal(planning->desired->interfaces[i].allocation_id, id))
            return true;
    return false;
}

static void plan_idle_addresses(struct planning *planning)
{
    if (!planning_knows(planning, NEEDS(ADDRESSES)) || !desired_groups_known(planning->desired))
        return;
    VEC_EACH (address, &planning->snapshot->observation->addresses) {
        struct plan_drift *drift;

        if (!tags_are_ours(&address->tags, planning->snapshot->owner_tag) ||
            !text_empty(address->association_id) || !text_empty(address->network_interface_id) ||
            wanted_address(planning, address->allocation_id))
            continue;
        drift = planning_add_drift(planning, DRIFT_ELASTIC_IP_IDLE,
                                   arena_printf(planning->arena, "idle/%s",
                                                ec2_tag_value(&address->tags, TAG_INTENT)
                                                    ? ec2_tag_value(&address->tags, TAG_INTENT)
                                                    : "?"));
        if (!drift)
            return;
        drift->report_only = true; /* this version releases none, whatever "repair" says */
        drift->resource = address->allocation_id;
        drift->desired = "in use";
        drift->observed = "attached to nothing";
        drift->message = arena_printf(
            planning->arena,
            "Elastic IP address %s (%s), which this daemon allocated as %s, is attached to nothing "
            "and "
            "billed. It is never released: others may rely on it.",
            address->allocation_id, address->public_ip ? address->public_ip : "?",
            ec2_tag_value(&address->tags, TAG_ROLE) ? ec2_tag_value(&address->tags, TAG_ROLE)
                                                    : "?");
    }
}

bool nat_gateway_may_hide(const struct history *history, const struct snapshot *snapshot,
                          const char *target, const char *role, int64_t now_wall_ms)
{
    const struct history_intent *intent = history_intent_of(history, target, role);

    return intent && intent->state != INTENT_FAILED &&
           strcmp(intent->record.action, ec2_action_table[EC2_CREATE_NAT_GATEWAY].name) == 0 &&
           intent->record.wall_ms > now_wall_ms - GRACE_MS &&
           intent->record.wall_ms < now_wall_ms + GRACE_MS &&
           !(intent->state == INTENT_MADE && snapshot_find_nat_gateway(snapshot, intent->made_id));
}

bool nat_gateway_hides(const struct planning *planning, const struct desired_zone *zone)
{
    return !zone->allocation_id && zone->lost_busy &&
           nat_gateway_may_hide(planning->history, planning->snapshot, planning->plan->target->name,
                                zone->role, planning->snapshot->observation->at.wall_ms);
}

static void plan_zone(struct planning *planning, const struct desired_zone *zone)
{
    int64_t created_ms, now_ms = planning->snapshot->observation->at.wall_ms;

    if (zone->private_gateway && !zone->gateway)
        plan_private(planning, zone);
    if (zone->gateway) {
        plan_address(planning, zone);
    } else if (zone->unclear) {
        planning_pending(planning, arena_printf(planning->arena,
                                                "NAT gateway %s to be in a state "
                                                "that is known",
                                                zone->unclear->nat_gateway_id));
    } else if (zone->coming) {
        if (zone->coming->create_time && time_parse(zone->coming->create_time, &created_ms) >= 0 &&
            now_ms - created_ms > PENDING_MAX_MS)
            plan_late(planning, zone, now_ms - created_ms);
        else
            planning_pending(
                planning,
                arena_printf(planning->arena,
                             "NAT gateway %s to become available, "
                             "since %s",
                             zone->coming->nat_gateway_id,
                             zone->coming->create_time ? zone->coming->create_time : "a while"));
    } else if (zone->going) { /* S6 (c): its address is not free yet, and somebody is at work */
        planning_pending(planning, arena_printf(planning->arena, "NAT gateway %s to be deleted",
                                                zone->going->nat_gateway_id));
    } else if (zone->husk_holds_address && !zone->allocation_id) {
        planning_pending(planning,
                         arena_printf(planning->arena, "%s to be let go by failed NAT gateway %s",
                                      zone->lost_address, zone->dead->nat_gateway_id));
    } else if (nat_gateway_hides(planning, zone)) {
        planning_pending(planning, arena_printf(planning->arena,
                                                "the NAT gateway of %s to show, which has %s",
                                                place(planning->arena, zone), zone->lost_address));
    } else {
        if (zone->why_not)
            plan_zone_without_subnet(planning, zone);
        plan_missing(planning, zone);
    }
}

void plan_nat_gateways(struct planning *planning)
{
    planning->zone_drifts = ARENA_ARRAY(planning->arena, size_t, planning->desired->n_zones + 1);
    for (size_t z = 0; z < planning->desired->n_zones; z++)
        planning->zone_drifts[z] = NO_CAUSE;
    if (planning->desired->n_zones == 0 ||
        !planning_knows(planning, drift_table[DRIFT_NAT_GATEWAY_MISSING].needs))
        return;
    plan_quota(planning);
    for (size_t z = 0; z < planning->desired->n_zones; z++)
        plan_zone(planning, &planning->desired->zones[z]);
    plan_nat_coverage(planning);
    plan_idle_addresses(planning);
}
