/* Availability zones of the region. */
#include "actions.h"

/* In Tokyo new accounts see a, c and d, and the ids go their own way; elsewhere three in a row will
 * do. */
static const struct {
    const char *region;
    struct {
        const char *letter, *id;
    } zones[3];
} region_table[] = {
    {"ap-northeast-1", {{"a", "apne1-az4"}, {"c", "apne1-az1"}, {"d", "apne1-az2"}}},
};

/* "eu-west-1" -> "euw1", "ap-southeast-2" -> "apse2": AWS's own ids in most regions. */
static const char *zone_id_prefix(struct arena *arena, const char *region)
{
    static const char *const two[][2] = {
        {"northeast", "ne"}, {"northwest", "nw"}, {"southeast", "se"}, {"southwest", "sw"}};
    CLEANUP(buf_free)
    struct buf short_name = {0};

    for (const char *part = region; *part;) {
        size_t n = strcspn(part, "-");
        const char *word = NULL;

        for (size_t i = 0; i < ARRAY_SIZE(two); i++)
            if (n == strlen(two[i][0]) && strncmp(part, two[i][0], n) == 0)
                word = two[i][1];
        if (word)
            buf_text(&short_name, word);
        else
            buf_add(&short_name, part, part == region && n > 2 ? 2 : part == region ? n : n > 0);
        part += n + (part[n] == '-');
    }
    return arena_strdup(arena, buf_string(&short_name));
}

void zones_init(struct simulator *simulator)
{
    struct state *state = &simulator->state;

    if (state_list(state, KIND_ZONE)->n)
        return;
    for (size_t i = 0; i < 3; i++) {
        static const char *const letters[] = {"a", "b", "c"};
        const char *letter = letters[i], *id = NULL;
        struct ec2_availability_zone *zone;

        for (size_t k = 0; k < ARRAY_SIZE(region_table); k++)
            if (text_equal(region_table[k].region, simulator->region)) {
                letter = region_table[k].zones[i].letter;
                id = region_table[k].zones[i].id;
            }
        zone = state_add(state, KIND_ZONE,
                         arena_printf(simulator->scratch, "%s%s", simulator->region, letter));
        zone->zone_id =
            id ? id
               : arena_printf(state->arena, "%s-az%zu",
                              zone_id_prefix(simulator->scratch, simulator->region), i + 1);
        zone->zone_state = EC2_ZONE_AVAILABLE;
        zone->zone_type = "availability-zone";
        zone->region_name = arena_strdup(state->arena, simulator->region);
        zone->network_border_group = zone->region_name;
        zone->group_name = arena_printf(state->arena, "%s-zg-1", simulator->region);
        zone->opt_in_status = "opt-in-not-required";
    }
}

const struct ec2_availability_zone *zone_by_name_or_id(struct state *state, const char *name,
                                                       const char *id)
{
    VEC_EACH (zone, &state->objects.availability_zones)
        if (name ? text_equal(zone->zone_name, name) : text_equal(zone->zone_id, id))
            return zone;
    return NULL;
}
