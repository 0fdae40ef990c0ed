#include "reach_goals.h"

#include <stdio.h>

#define GOAL_PORT 443

static struct reach_goal *add(struct planning *planning, reach_goals *goals,
                              const struct desired_group *group, enum reach_destination destination,
                              uint16_t port)
{
    struct reach_goal *goal = VEC_ADD(planning->arena, goals);

    *goal = (struct reach_goal){
        .group = group,
        .query = {.destination = destination, .protocol = "tcp", .port = port},
    };
    if (group->security_groups_known)
        goal->query.security_group_ids = group->security_groups;
    return goal;
}

static void add_internet(struct planning *planning, reach_goals *goals,
                         const struct desired_group *group, enum family family, uint16_t port,
                         bool implied)
{
    const char *word = family == FAMILY_IPV4 ? "ipv4" : "ipv6";
    struct reach_goal *goal = add(planning, goals, group, REACH_INTERNET, port);

    goal->ipv4 = family == FAMILY_IPV4;
    goal->ipv6 = family == FAMILY_IPV6;
    goal->implied = implied;
    goal->name = arena_printf(planning->arena, "the internet over %s, port %u",
                              family == FAMILY_IPV4 ? "IPv4" : "IPv6", port);
    goal->role =
        arena_printf(planning->arena, "reach/%s/internet/%s/%u", group->group->name, word, port);
}

/* The service by its whole name: as AWS lists it, else as AWS forms it for its own services. */
static const char *whole_name(const struct planning *planning, const char *service)
{
    const struct desired *desired = planning->desired;

    for (size_t i = 0; i < desired->n_endpoints; i++)
        if (desired->endpoints[i].service &&
            text_equal(desired->endpoints[i].declared->service, service))
            return desired->endpoints[i].service->service_name;
    if (text_starts_with(service, "com.") || text_starts_with(service, "cn.com."))
        return service;
    return arena_printf(planning->arena, "com.amazonaws.%s.%s", desired->target->region, service);
}

static uint8_t service_has_ipv6(const struct planning *planning, const char *service)
{
    const struct config_target *target = planning->desired->target;
    enum verdict verdict = VERDICT_UNKNOWN;

    for (size_t i = 0; i < target->n_service_ipv6; i++)
        if (text_equal(target->service_ipv6[i].key, service))
            return text_equal(target->service_ipv6[i].value, "true") ? WIRE_TRUE : WIRE_FALSE;
    observation_service_ipv6(planning->snapshot->observation, service, &verdict);
    return verdict == VERDICT_YES ? WIRE_TRUE : verdict == VERDICT_NO ? WIRE_FALSE : WIRE_ABSENT;
}

static void add_service(struct planning *planning, reach_goals *goals,
                        const struct desired_group *group, const char *service, enum family family,
                        uint16_t port)
{
    struct reach_goal *goal = add(planning, goals, group, REACH_SERVICE, port);

    goal->ipv4 = family != FAMILY_IPV6;
    goal->ipv6 = family != FAMILY_IPV4;
    goal->nat64 = goal->ipv4 && group->group->nat64 == 2;
    goal->query.service_name = whole_name(planning, service);
    goal->query.service_has_ipv6 = service_has_ipv6(planning, service);
    goal->name = arena_printf(planning->arena, "%s, port %u", service, port);
    goal->role = arena_printf(planning->arena, "reach/%s/%s/%s/%u", group->group->name, service,
                              family == FAMILY_NONE   ? "any"
                              : family == FAMILY_IPV4 ? "ipv4"
                                                      : "ipv6",
                              port);
}

static void add_declared(struct planning *planning, reach_goals *goals,
                         const struct declared_reach *reach)
{
    const struct desired_group *group = desired_find_group(planning->desired, reach->from);
    struct reach_goal *goal;
    struct prefix to;

    if (!group)
        return;
    if (text_equal(reach->to, "internet")) {
        for (size_t i = 0; i < 2; i++)
            if (reach->family == FAMILY_NONE || reach->family == family_of_index(i))
                add_internet(planning, goals, group, family_of_index(i), reach->port, false);
        return;
    }
    if (prefix_parse(reach->to, &to) < 0 && prefix_parse_address(reach->to, &to) < 0) {
        add_service(planning, goals, group, reach->to, reach->family, reach->port);
        return;
    }
    goal = add(planning, goals, group, REACH_CIDR, reach->port);
    goal->ipv4 = to.family == FAMILY_IPV4;
    goal->ipv6 = to.family == FAMILY_IPV6;
    goal->query.cidr = to;
    goal->name = arena_printf(planning->arena, "%s, port %u", reach->to, reach->port);
    goal->role =
        arena_printf(planning->arena, "reach/%s/%s/%u", group->group->name, reach->to, reach->port);
}

void reach_goals_add(struct planning *planning, reach_goals *goals)
{
    const struct desired *desired = planning->desired;

    for (size_t g = 0; g < desired->n_groups; g++) {
        const struct desired_group *group = &desired->groups[g];
        const struct texts services = config_group_services(group->group);

        if (group->unknown)
            continue;
        for (size_t i = 0; i < 2; i++)
            if (options_lead_out(group_options(group->group, family_of_index(i))))
                add_internet(planning, goals, group, family_of_index(i), GOAL_PORT, true);
        for (size_t i = 0; i < services.n; i++)
            add_service(planning, goals, group, services.items[i], FAMILY_NONE, GOAL_PORT);
    }
    for (size_t i = 0; i < desired->target->n_must_reach; i++)
        add_declared(planning, goals, &desired->target->must_reach[i]);
}

struct reach_answer reach_goal_answer(const struct planning *planning,
                                      const struct reach_goal *goal, const char *subnet_id)
{
    const struct {
        bool tried;
        enum family family;
        bool nat64;
    } ways[] = {
        {goal->ipv4, FAMILY_IPV4, false},
        {goal->ipv6, FAMILY_IPV6, false},
        {goal->nat64, FAMILY_IPV4, true},
    };
    struct reach_answer best = {0};
    bool any = false;

    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        struct reach_query query = goal->query;
        struct reach_answer answer;

        if (!ways[i].tried)
            continue;
        query.subnet_id = subnet_id;
        query.family = ways[i].family;
        query.nat64 = ways[i].nat64;
        answer = reach(planning->arena, planning->snapshot, &query);
        /* Of several ways that fail, the one that gets furthest is worth a person's time. */
        if (!any || answer.verdict > best.verdict ||
            (answer.verdict == best.verdict && answer.verdict != VERDICT_YES &&
             answer.broken > best.broken))
            best = answer;
        any = true;
    }
    assert(any);
    return best;
}
