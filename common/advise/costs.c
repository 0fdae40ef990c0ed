/* What the declared mix costs a month: one line for each thing that is billed by the hour. */
#include "advise_private.h"

static void add(struct advising *advising, const char *what, double usd_month, const char *note)
{
    struct advice *advice = advising->advice;

    *VEC_ADD(advising->arena, &advice->costs) =
        (struct advice_cost){.what = what, .usd_month = usd_month, .note = note};
    if (usd_month < 0)
        advice->usd_complete = false;
    else
        advice->usd_month += usd_month;
}

static const char *counted(struct advising *advising, unsigned n, const char *one,
                           const char *several)
{
    return arena_printf(advising->arena, "%u %s", n, n == 1 ? one : several);
}

static void add_nat_gateways(struct advising *advising)
{
    const struct region_prices *prices = advising->prices;
    unsigned zones = advise_nat_zones(advising), n;

    if (zones == 0)
        return;
    n = advising->target->nat_gateways.placement == NAT_SINGLE ? 1 : zones;
    if (advising->target->nat_gateways.placement == NAT_REGIONAL)
        add(advising,
            arena_printf(advising->arena, "a regional NAT gateway in %u zone%s", n,
                         n == 1 ? "" : "s"),
            advise_month(n, prices->regional_nat_gateway_hour),
            "counted as billed in each zone that it covers, which AWS does not say plainly");
    else
        add(advising, counted(advising, n, "NAT gateway", "NAT gateways"),
            advise_month(n, prices->nat_gateway_hour), NULL);
    add(advising,
        counted(advising, n, "public IPv4 address of NAT gateways",
                "public IPv4 addresses of NAT gateways"),
        advise_month(n, prices->public_ipv4_hour), NULL);
    if (advising->advice->gb_month >= 0 && prices->nat_gateway_gb >= 0) {
        double usd_gb = prices->nat_gateway_gb;

        /* Of n zones all but one send across a zone's border, and are answered across it. */
        if (advising->target->nat_gateways.placement == NAT_SINGLE && prices->cross_az_gb > 0)
            usd_gb += 2 * prices->cross_az_gb * (zones - 1) / zones;
        advising->advice->usd_traffic = usd_gb * advising->advice->gb_month;
    }
}

static void add_addresses(struct advising *advising)
{
    const struct advise_facts *facts = advising->facts;

    for (size_t i = 0; i < advising->target->n_groups; i++) {
        const struct subnet_group *group = &advising->target->groups[i];
        const struct advise_group_facts *seen = advise_group_facts(advising, group->name);

        if (!options_have(&group->ipv4, OPTION_INTERNET_GATEWAY))
            continue;
        if (!seen)
            add(advising,
                arena_printf(advising->arena, "public IPv4 addresses of interfaces in %s",
                             group->name),
                PRICE_UNKNOWN, "one for each interface; --live counts them");
        else if (seen->public_ipv4)
            add(advising,
                arena_printf(advising->arena, "%u public IPv4 address%s of interfaces in %s",
                             seen->public_ipv4, seen->public_ipv4 == 1 ? "" : "es", group->name),
                advise_month(seen->public_ipv4, advising->prices->public_ipv4_hour),
                "those of NAT gateways that stand there are among them");
    }
    if (facts && facts->idle_addresses)
        add(advising,
            counted(advising, facts->idle_addresses, "idle Elastic IP address",
                    "idle Elastic IP addresses"),
            advise_month(facts->idle_addresses, advising->prices->public_ipv4_hour),
            "billed although nothing uses them");
}

/* What stands in the VPC and nobody declared is billed all the same. */
static void add_undeclared(struct advising *advising)
{
    const struct config_target *target = advising->target;
    const struct advise_facts *facts = advising->facts;
    unsigned zones = advise_nat_zones(advising), declared = zones;

    if (!facts)
        return;
    if (zones && target->nat_gateways.placement == NAT_SINGLE)
        declared = 1;
    if (zones && target->nat_gateways.placement == NAT_REGIONAL)
        declared = 0;
    if (facts->nat_gateways > declared)
        add(advising,
            counted(advising, facts->nat_gateways - declared, "more NAT gateway than declared",
                    "more NAT gateways than declared"),
            advise_month(facts->nat_gateways - declared, advising->prices->nat_gateway_hour),
            "and its address");
    for (size_t i = 0; i < facts->n_endpoints; i++) {
        const struct advise_endpoint_facts *endpoint = &facts->endpoints[i];
        bool known = false;

        for (size_t k = 0; k < target->n_endpoints; k++)
            known |= text_equal(advise_short_service(target->endpoints[k].service),
                                advise_short_service(endpoint->service));
        if (!known && text_equal(endpoint->type, "Interface"))
            add(advising,
                arena_printf(advising->arena, "interface endpoint %s in %u zone%s, not declared",
                             endpoint->service, endpoint->zones, endpoint->zones == 1 ? "" : "s"),
                advise_month(endpoint->zones, advising->prices->interface_endpoint_hour), NULL);
    }
}

/* Zones of the group that an endpoint lies in: `in`, else the first of `for`. */
static unsigned endpoint_zones(const struct advising *advising,
                               const struct declared_endpoint *endpoint)
{
    const char *in = endpoint->in_group           ? endpoint->in_group
                     : endpoint->for_groups.n > 0 ? endpoint->for_groups.items[0]
                                                  : NULL;
    bool assumed;

    for (size_t i = 0; i < advising->target->n_groups; i++)
        if (text_equal(advising->target->groups[i].name, in))
            return advise_zones(advising, &advising->target->groups[i], &assumed);
    return ADVISE_ZONES_ASSUMED;
}

static void add_endpoints(struct advising *advising)
{
    for (size_t i = 0; i < advising->target->n_endpoints; i++) {
        const struct declared_endpoint *endpoint = &advising->target->endpoints[i];
        unsigned zones = endpoint_zones(advising, endpoint);

        if (text_equal(endpoint->type, "gateway"))
            add(advising, arena_printf(advising->arena, "gateway endpoint %s", endpoint->service),
                0, NULL);
        else
            add(advising,
                arena_printf(advising->arena, "interface endpoint %s in %u zone%s",
                             endpoint->service, zones, zones == 1 ? "" : "s"),
                advise_month(zones, advising->prices->interface_endpoint_hour), NULL);
    }
}

void advise_costs(struct advising *advising)
{
    bool internet = false, egress = false;

    advising->advice->usd_complete = true;
    for (size_t i = 0; i < advising->target->n_groups; i++) {
        const struct subnet_group *group = &advising->target->groups[i];

        internet |= options_have(&group->ipv4, OPTION_INTERNET_GATEWAY) ||
                    options_have(&group->ipv6, OPTION_INTERNET_GATEWAY);
        egress |= options_have(&group->ipv6, OPTION_EGRESS_ONLY_INTERNET_GATEWAY);
    }
    if (internet)
        add(advising, "internet gateway", 0, NULL);
    if (egress)
        add(advising, "egress-only internet gateway", 0, NULL);
    add_nat_gateways(advising);
    add_addresses(advising);
    add_endpoints(advising);
    add_undeclared(advising);
}
