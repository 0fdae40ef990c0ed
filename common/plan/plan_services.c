/* A declared service that groups with IPv6 alone cannot reach (step 5 of both IPv6 options). */
#include "plan_private.h"

static bool has_endpoint(const struct config_target *target, const struct subnet_group *group,
                         const char *service)
{
    for (size_t i = 0; i < target->n_endpoints; i++) {
        const struct declared_endpoint *endpoint = &target->endpoints[i];
        size_t n = strlen(endpoint->service), k = strlen(service);

        /* "s3", or a full name that ends in ".s3" */
        if (texts_contain(&endpoint->for_groups, group->name) && n >= k &&
            text_equal(endpoint->service + n - k, service) &&
            (n == k || endpoint->service[n - k - 1] == '.'))
            return true;
    }
    return false;
}

/* The config's word replaces the lookup. */
static enum verdict speaks_ipv6(const struct planning *planning, const char *service,
                                const char **ret_observed)
{
    const struct config_target *target = planning->desired->target;
    const char *name = NULL;
    enum verdict verdict = VERDICT_UNKNOWN;

    for (size_t i = 0; i < target->n_service_ipv6; i++)
        if (text_equal(target->service_ipv6[i].key, service)) {
            *ret_observed = "the config says so (\"service_ipv6\")";
            return text_equal(target->service_ipv6[i].value, "true") ? VERDICT_YES : VERDICT_NO;
        }
    name = observation_service_ipv6(planning->snapshot->observation, service, &verdict);
    if (name)
        *ret_observed = arena_printf(planning->arena,
                                     "%s has no AAAA record, in two looks an hour apart", name);
    return verdict;
}

static void plan_service(struct planning *planning, const struct subnet_group *group,
                         const char *service)
{
    const char *observed = NULL;
    struct plan_drift *drift;

    if (has_endpoint(planning->desired->target, group, service) ||
        speaks_ipv6(planning, service, &observed) != VERDICT_NO)
        return;
    drift =
        planning_add_drift(planning, DRIFT_SERVICE_WITHOUT_IPV6,
                           arena_printf(planning->arena, "service/%s/%s", service, group->name));
    if (!drift)
        return;
    drift->resource = service;
    drift->desired = arena_printf(planning->arena, "%s reachable over IPv6", service);
    drift->observed = observed;
    drift->message = arena_printf(
        planning->arena,
        "Group %s has a way out over IPv6 alone, and %s has no public IPv6 address in %s: its "
        "functions cannot reach it.",
        group->name, service, planning->desired->target->region);
    drift->held = "declare an endpoint for the service, \"nat64\" or an IPv4 way out for the "
                  "group; or say what is true in \"service_ipv6\"";
}

void plan_services(struct planning *planning)
{
    const struct config_target *target = planning->desired->target;

    for (size_t g = 0; g < target->n_groups; g++) {
        const struct subnet_group *group = &target->groups[g];
        const struct texts services = config_group_services(group);

        /* NAT64 reaches IPv4 services from IPv6 (aws-facts 9.3). */
        if (!options_lead_out(&group->ipv6) || options_lead_out(&group->ipv4) || group->nat64 == 2)
            continue;
        for (size_t i = 0; i < services.n; i++)
            plan_service(planning, group, services.items[i]);
    }
}
