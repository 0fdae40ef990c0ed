/* From how many GB a month an endpoint is cheaper than the same traffic through a NAT gateway. */
#include "advise_private.h"

struct candidate {
    const char *service, *type;
    unsigned zones;
    bool declared;
};

static void add(struct advising *advising, const struct candidate *candidate)
{
    const struct region_prices *prices = advising->prices;
    struct advice *advice = advising->advice;
    struct advice_break_even *row;
    double saves = prices->nat_gateway_gb - prices->interface_endpoint_gb;
    double fixed = advise_month(candidate->zones, prices->interface_endpoint_hour);

    for (size_t i = 0; i < advice->break_evens.n; i++) {
        row = &advice->break_evens.items[i];
        if (text_equal(row->type, candidate->type) &&
            text_equal(advise_short_service(row->service),
                       advise_short_service(candidate->service))) {
            row->declared |= candidate->declared;
            return;
        }
    }
    row = VEC_ADD(advising->arena, &advice->break_evens);
    *row = (struct advice_break_even){.service = candidate->service,
                                      .type = candidate->type,
                                      .declared = candidate->declared,
                                      .gb_month = PRICE_UNKNOWN};
    if (text_equal(candidate->type, "gateway")) {
        row->gb_month = 0;
        row->note = "costs nothing, and takes its traffic off the NAT gateway";
    } else if (prices->nat_gateway_gb < 0 || prices->interface_endpoint_gb < 0 || fixed < 0) {
        row->note = "a price is not known";
    } else if (saves <= 0) {
        row->note = "never: a GB through the endpoint costs no less";
    } else {
        row->gb_month = fixed / saves;
        row->note = arena_printf(advising->arena,
                                 "%.2f USD a month in %u zone%s, %.3f USD saved on each GB", fixed,
                                 candidate->zones, candidate->zones == 1 ? "" : "s", saves);
    }
}

void advise_break_evens(struct advising *advising)
{
    const struct config_target *target = advising->target;

    for (size_t i = 0; i < target->n_groups; i++) {
        const struct subnet_group *group = &target->groups[i];
        const struct texts services = config_group_services(group);
        bool assumed;
        unsigned zones = advise_zones(advising, group, &assumed);

        if (!options_have(&group->ipv4, OPTION_NAT_GATEWAY))
            continue; /* without a NAT gateway there is no charge to save */
        for (size_t k = 0; k < target->n_endpoints; k++)
            if (texts_contain(&target->endpoints[k].for_groups, group->name))
                add(advising, &(struct candidate){target->endpoints[k].service,
                                                  target->endpoints[k].type, zones, true});
        for (size_t k = 0; k < services.n; k++)
            add(advising,
                &(struct candidate){services.items[k],
                                    advise_has_gateway_endpoint(services.items[k]) ? "gateway"
                                                                                   : "interface",
                                    zones, false});
    }
}
