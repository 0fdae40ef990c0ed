/* "nat_gateways": where they stand, and which addresses they have. */
#include "config_private.h"

static const char *const placements[] = {
    [NAT_PER_AZ] = "per-az",
    [NAT_SINGLE] = "single",
    [NAT_REGIONAL] = "regional",
};

static READER(read_placement)
{
    int i = config_choice(loader, json, "a placement", placements, ARRAY_SIZE(placements));

    (void)row;
    if (i >= 0)
        *(enum nat_placement *)at = (enum nat_placement)i;
}

static READER(read_elastic_ips)
{
    static const struct config_row ids = {.right = "\"eipalloc-...\"",
                                          .problem = config_problem_allocation_id,
                                          .claim = CLAIM_ADDRESS};
    struct declared_nat_gateways *gateways = at;

    (void)row;
    gateways->elastic_ips = ARENA_ARRAY(loader->arena, struct declared_nat_zone, json->n_items);
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const struct json *member = &json->items[i];
        const size_t was = config_enter(loader, member);
        const char *problem = config_problem_zone(loader, member->key);
        struct declared_nat_zone *zone = &gateways->elastic_ips[gateways->n_elastic_ips];

        if (problem)
            config_fail_key(loader, member, "%s %s", config_shown(loader, member->key), problem);
        if (config_is(loader, member, JSON_ARRAY, "a list of \"eipalloc-...\"") && !problem) {
            zone->availability_zone = arena_strdup(loader->arena, member->key);
            config_read_texts(loader, &ids, member, &zone->allocation_ids);
            gateways->n_elastic_ips++;
        }
        config_leave(loader, was);
    }
}

static const struct config_row nat_rows[] = {
    {.key = "placement",
     .types = TYPE(STRING),
     .right = "\"per-az\", \"single\" or \"regional\"",
     .read = read_placement,
     .offset = offsetof(struct declared_nat_gateways, placement)},
    {.key = "in",
     .types = TYPE(STRING),
     .right = "the name of the group whose subnets hold them, in quotes",
     .read = config_read_text,
     .offset = offsetof(struct declared_nat_gateways, in_group),
     .problem = config_problem_name},
    {.key = "elastic_ips",
     .types = TYPE(OBJECT),
     .right = "{\"ZONE\": [\"eipalloc-...\"]}",
     .read = read_elastic_ips},
};
static const struct config_table nat_table = TABLE(nat_rows);

READER(config_read_nat_gateways)
{
    struct config_target *target = at;

    (void)row;
    target->nat_gateways.declared = true;
    config_read_object(loader, &nat_table, json, &target->nat_gateways);
}
