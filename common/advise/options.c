/* The ways to connect a group, one row each, weighed as the source document does
 * (section "How to choose"), with what AWS's routing and endpoint rules add (aws-facts 9, 11). */
#include "advise_private.h"

enum way {
    WAY_INTERNET_GATEWAY_IPV4,
    WAY_INTERNET_GATEWAY_IPV6,
    WAY_EGRESS_ONLY,
    WAY_NAT_PER_AZ,
    WAY_NAT_SINGLE,
    WAY_NAT_REGIONAL,
    WAY_ENDPOINTS,
    WAY_COUNT,
};

static const struct way_row {
    const char *name, *families, *reaches, *exposure, *resilience, *fits;
    const char *source; /* what servers see as the source address */
    bool ipv6;          /* of the IPv6 default; else of the IPv4 one */
    enum option option; /* that declares it; UNMANAGED: endpoints */
} way_table[WAY_COUNT] = {
    [WAY_INTERNET_GATEWAY_IPV4] =
        {.name = "internet-gateway, IPv4",
         .families = "IPv4",
         .reaches = "the internet and every AWS service",
         .exposure = "inbound from the internet is possible: security groups alone keep it out",
         .resilience = "no part of it stands in one zone",
         .fits = "the simplest and cheapest; development and test",
         .source = "each interface's own public address",
         .option = OPTION_INTERNET_GATEWAY},
    [WAY_INTERNET_GATEWAY_IPV6] =
        {.name = "internet-gateway, IPv6",
         .families = "IPv6",
         .reaches = "what has an IPv6 address: not every AWS service, and only by dual-stack names",
         .exposure = "inbound from the internet is possible: security groups alone keep it out",
         .resilience = "no part of it stands in one zone",
         .fits = "the simplest, no address is billed; development and test",
         .source = "each interface's own IPv6 address",
         .ipv6 = true,
         .option = OPTION_INTERNET_GATEWAY},
    [WAY_EGRESS_ONLY] =
        {.name = "egress-only-internet-gateway",
         .families = "IPv6",
         .reaches = "what has an IPv6 address: not every AWS service, and only by dual-stack names",
         .exposure = "outbound only",
         .resilience = "no part of it stands in one zone",
         .fits = "private subnets whose services speak IPv6; nothing is billed by the hour",
         .source = "each interface's own IPv6 address",
         .ipv6 = true,
         .option = OPTION_EGRESS_ONLY_INTERNET_GATEWAY},
    [WAY_NAT_PER_AZ] = {.name = "nat-gateway, one in each zone",
                        .families = "IPv4; IPv6 to IPv4 with \"nat64\"",
                        .reaches = "the internet and every AWS service",
                        .exposure = "outbound only; resources stay private",
                        .resilience = "a zone falls alone",
                        .fits = "the standard in enterprises; production",
                        .source = "the Elastic IP address of the zone's gateway",
                        .option = OPTION_NAT_GATEWAY},
    [WAY_NAT_SINGLE] = {.name = "nat-gateway, one for all zones",
                        .families = "IPv4; IPv6 to IPv4 with \"nat64\"",
                        .reaches = "the internet and every AWS service",
                        .exposure = "outbound only; resources stay private",
                        .resilience = "all zones fall with the gateway's, and pay to cross to it",
                        .fits = "where an outage of a zone may be an outage of all",
                        .source = "one Elastic IP address",
                        .option = OPTION_NAT_GATEWAY},
    [WAY_NAT_REGIONAL] =
        {.name = "nat-gateway, regional",
         .families = "IPv4; IPv6 to IPv4 with \"nat64\"",
         .reaches = "the internet and every AWS service",
         .exposure = "outbound only; resources stay private",
         .resilience = "AWS spreads it; a new zone may be served across zones for an hour",
         .fits = "where zones come and go, and addresses need not be known beforehand",
         .source = "addresses that the gateway has in each zone, AWS's choice unless pinned",
         .option = OPTION_NAT_GATEWAY},
    [WAY_ENDPOINTS] =
        {.name = "VPC endpoints alone",
         .families = "IPv4; IPv6 where the endpoint is dual-stack",
         .reaches = "only the AWS services that have one",
         .exposure = "none: traffic stays in Amazon's network",
         .resilience = "a zone falls alone, if the endpoint has a subnet in each",
         .fits = "production with strict security; low latency; the most expensive by service, "
                 "zone and GB",
         .source = "private addresses of the VPC, and the endpoint",
         .option = OPTION_UNMANAGED},
};

static bool chosen(const struct advising *advising, const struct subnet_group *group, enum way way)
{
    const struct way_row *row = &way_table[way];
    static const enum way by_placement[] = {
        [NAT_PER_AZ] = WAY_NAT_PER_AZ,
        [NAT_SINGLE] = WAY_NAT_SINGLE,
        [NAT_REGIONAL] = WAY_NAT_REGIONAL,
    };

    if (way == WAY_ENDPOINTS) { /* they carry the group when nothing else does */
        for (size_t i = 0; i < advising->target->n_endpoints; i++)
            if (texts_contain(&advising->target->endpoints[i].for_groups, group->name))
                return !options_have(&group->ipv4, OPTION_NAT_GATEWAY) &&
                       !options_have(&group->ipv4, OPTION_INTERNET_GATEWAY);
        return false;
    }
    if (!options_have(row->ipv6 ? &group->ipv6 : &group->ipv4, row->option))
        return false;
    return row->option != OPTION_NAT_GATEWAY ||
           by_placement[advising->target->nat_gateways.placement] == way;
}

static void price(const struct advising *advising, const struct subnet_group *group, unsigned zones,
                  enum way way, struct advice_option *option)
{
    const struct region_prices *prices = advising->prices;
    const struct advise_group_facts *seen = advise_group_facts(advising, group->name);
    const struct texts services = config_group_services(group);
    unsigned interface_endpoints = 0;

    for (size_t i = 0; i < services.n; i++)
        interface_endpoints += !advise_has_gateway_endpoint(services.items[i]);
    switch (way) {
    case WAY_INTERNET_GATEWAY_IPV4:
        option->usd_month =
            seen ? advise_month(seen->interfaces, prices->public_ipv4_hour) : PRICE_UNKNOWN;
        option->usd_gb = 0;
        break;
    case WAY_INTERNET_GATEWAY_IPV6:
    case WAY_EGRESS_ONLY:
        option->usd_month = option->usd_gb = 0;
        break;
    case WAY_NAT_PER_AZ:
        option->usd_month = advise_sum(advise_month(zones, prices->nat_gateway_hour),
                                       advise_month(zones, prices->public_ipv4_hour));
        option->usd_gb = prices->nat_gateway_gb;
        break;
    case WAY_NAT_SINGLE:
        option->usd_month = advise_sum(advise_month(1, prices->nat_gateway_hour),
                                       advise_month(1, prices->public_ipv4_hour));
        option->usd_gb =
            prices->cross_az_gb < 0
                ? PRICE_UNKNOWN
                : advise_sum(prices->nat_gateway_gb, 2 * prices->cross_az_gb * (zones - 1) / zones);
        break;
    case WAY_NAT_REGIONAL:
        option->usd_month = advise_sum(advise_month(zones, prices->regional_nat_gateway_hour),
                                       advise_month(zones, prices->public_ipv4_hour));
        option->usd_gb = prices->nat_gateway_gb;
        break;
    case WAY_ENDPOINTS:
        /* Which services is what it costs: none said, none known. */
        option->usd_month = services.n == 0 ? PRICE_UNKNOWN
                                            : advise_month(interface_endpoints * zones,
                                                           prices->interface_endpoint_hour);
        option->usd_gb = prices->interface_endpoint_gb;
        break;
    case WAY_COUNT:
        break;
    }
}

/* From what is declared for the family to this way: what breaks, and who has to know before. */
static const char *switching(const struct advising *advising, const struct subnet_group *group,
                             enum way way)
{
    const struct way_row *to = &way_table[way], *from = NULL;

    for (size_t i = 0; i < WAY_COUNT; i++)
        if (chosen(advising, group, (enum way)i) &&
            (way_table[i].ipv6 == to->ipv6 || i == WAY_ENDPOINTS || way == WAY_ENDPOINTS) &&
            (!from || way_table[i].ipv6 == to->ipv6))
            from = &way_table[i];
    if (from == to)
        return "declared";
    if (way == WAY_ENDPOINTS)
        return "open connections to the services break when private DNS or the prefix-list route "
               "takes over; policies with aws:SourceIp no longer match, aws:SourceVpce and "
               "aws:SourceVpc do; private DNS changes the names for the whole VPC; all else loses "
               "its way out";
    if (!from)
        return arena_printf(advising->arena,
                            "no such way is declared now: nothing breaks; servers will see %s",
                            to->source);
    if (text_equal(from->source, to->source))
        return "open connections break when the default route moves; source addresses stay";
    return arena_printf(advising->arena,
                        "open connections break when the default route moves; servers see %s "
                        "instead of %s: allow lists and policies with aws:SourceIp must know "
                        "before%s",
                        to->source, from->source,
                        way == WAY_INTERNET_GATEWAY_IPV4
                            ? "; interfaces that exist get no public address by the subnet's flag"
                            : "");
}

static const char *declared(const struct advising *advising, const struct subnet_group *group)
{
    const struct declared_options *const families[] = {&group->ipv4, &group->ipv6};
    CLEANUP(buf_free)
    struct buf text = {0};

    for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
        buf_printf(&text, "%s%s ", i ? ", " : "", i ? "ipv6" : "ipv4");
        if (families[i]->n == 0)
            buf_text(&text, option_name(OPTION_UNMANAGED));
        for (size_t k = 0; k < families[i]->n; k++)
            buf_printf(&text, "%s%s", k ? " or " : "",
                       families[i]->items[k].option == OPTION_TARGET_ID
                           ? families[i]->items[k].target_id
                           : option_name(families[i]->items[k].option));
    }
    return arena_strdup(advising->arena, buf_string(&text));
}

void advise_options(struct advising *advising)
{
    for (size_t i = 0; i < advising->target->n_groups; i++) {
        const struct subnet_group *group = &advising->target->groups[i];
        struct advice_group *row = VEC_ADD(advising->arena, &advising->advice->groups);

        row->name = group->name;
        row->declared = declared(advising, group);
        row->zones = advise_zones(advising, group, &row->zones_assumed);
        for (size_t way = 0; way < WAY_COUNT; way++) {
            const struct way_row *from = &way_table[way];
            struct advice_option *option = VEC_ADD(advising->arena, &row->options);

            *option = (struct advice_option){
                .name = from->name,
                .chosen = chosen(advising, group, (enum way)way),
                .families = from->families,
                .reaches = from->reaches,
                .exposure = from->exposure,
                .resilience = from->resilience,
                .fits = from->fits,
                .switching = switching(advising, group, (enum way)way),
            };
            price(advising, group, row->zones, (enum way)way, option);
        }
    }
}
