/* advise(), and what its parts share. */
#include "advise_private.h"

double advise_month(unsigned count, double usd_hour)
{
    if (count == 0)
        return 0;
    return usd_hour < 0 ? PRICE_UNKNOWN : count * usd_hour * ADVISE_HOURS;
}

double advise_sum(double a, double b)
{
    return a < 0 || b < 0 ? PRICE_UNKNOWN : a + b;
}

const char *advise_short_service(const char *service)
{
    static const char head[] = "com.amazonaws.";
    const char *dot = text_starts_with(service, head) ? strchr(service + strlen(head), '.') : NULL;

    return dot ? dot + 1 : service;
}

bool advise_has_gateway_endpoint(const char *service)
{
    const char *name = advise_short_service(service);

    return text_equal(name, "s3") || text_equal(name, "dynamodb");
}

const struct advise_group_facts *advise_group_facts(const struct advising *advising,
                                                    const char *name)
{
    for (size_t i = 0; advising->facts && i < advising->facts->n_groups; i++)
        if (text_equal(advising->facts->groups[i].name, name))
            return &advising->facts->groups[i];
    return NULL;
}

unsigned advise_zones(const struct advising *advising, const struct subnet_group *group,
                      bool *ret_assumed)
{
    const struct advise_group_facts *facts = advise_group_facts(advising, group->name);
    unsigned n = 0;

    *ret_assumed = false;
    if (facts && facts->zones)
        return facts->zones;
    for (size_t i = 0; i < group->n_create; i++) {
        bool again = false;

        for (size_t k = 0; k < i; k++)
            again |=
                text_equal(group->create[i].availability_zone, group->create[k].availability_zone);
        n += !again;
    }
    if (n)
        return n;
    if (group->azs)
        return group->azs;
    *ret_assumed = true;
    return ADVISE_ZONES_ASSUMED;
}

unsigned advise_nat_zones(const struct advising *advising)
{
    unsigned most = 0;

    for (size_t i = 0; i < advising->target->n_groups; i++) {
        const struct subnet_group *group = &advising->target->groups[i];
        bool assumed;
        unsigned zones = advise_zones(advising, group, &assumed);

        if (options_have(&group->ipv4, OPTION_NAT_GATEWAY) && zones > most)
            most = zones;
    }
    return most;
}

static void note(struct advising *advising, const char *text)
{
    *VEC_ADD(advising->arena, &advising->advice->notes) = text;
}

static void add_notes(struct advising *advising, bool priced)
{
    for (size_t i = 0; i < advising->advice->groups.n; i++)
        if (advising->advice->groups.items[i].zones_assumed)
            note(advising,
                 arena_printf(advising->arena,
                              "%s: how many Availability Zones it has is not known from the "
                              "config alone, %d are assumed; declare \"azs\", or use --live",
                              advising->advice->groups.items[i].name, ADVISE_ZONES_ASSUMED));
    if (!priced)
        note(advising,
             arena_printf(advising->arena, "no prices for %s: give --prices FILE with its row",
                          advising->target->region));
    note(advising, "list prices without tax and discounts; data transfer out to the internet is "
                   "billed beside them, whatever the option");
}

struct advice *advise(struct arena *arena, const struct config_target *target,
                      const struct advise_facts *facts, const struct prices *prices,
                      double gb_month)
{
    static const struct region_prices unknown = {
        .nat_gateway_hour = PRICE_UNKNOWN,
        .nat_gateway_gb = PRICE_UNKNOWN,
        .regional_nat_gateway_hour = PRICE_UNKNOWN,
        .interface_endpoint_hour = PRICE_UNKNOWN,
        .interface_endpoint_gb = PRICE_UNKNOWN,
        .public_ipv4_hour = PRICE_UNKNOWN,
        .cross_az_gb = PRICE_UNKNOWN,
    };
    const struct region_prices *of_region = prices_find(prices, target->region);
    struct advising advising = {
        .arena = arena,
        .target = target,
        .facts = facts,
        .prices = of_region ? of_region : &unknown,
        .advice = ARENA_NEW(arena, struct advice),
    };

    advising.advice->target = target->name;
    advising.advice->region = target->region;
    advising.advice->live = facts != NULL;
    advising.advice->gb_month = gb_month;
    advising.advice->usd_traffic = PRICE_UNKNOWN;
    if (of_region) {
        advising.advice->prices_as_of = prices->as_of;
        advising.advice->prices_source = prices->source;
    }
    advise_costs(&advising);
    advise_options(&advising);
    advise_break_evens(&advising);
    add_notes(&advising, of_region != NULL);
    return advising.advice;
}
