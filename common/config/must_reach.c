/* "must_reach": destinations that a group must reach, whatever the way. */
#include "config_private.h"

#define PORT_DEFAULT 443

static READER(read_family)
{
    static const char *const families[] = {"ipv4", "ipv6"};
    int i = config_choice(loader, json, "a family", families, ARRAY_SIZE(families));

    (void)row;
    if (i >= 0)
        *(enum family *)at = i == 0 ? FAMILY_IPV4 : FAMILY_IPV6;
}

static const struct config_row reach_rows[] = {
    {.key = "from",
     .types = TYPE(STRING),
     .right = "the name of a group, in quotes",
     .read = config_read_text,
     .offset = offsetof(struct declared_reach, from),
     .problem = config_problem_name,
     .required = true},
    {.key = "to",
     .types = TYPE(STRING),
     .right = "\"internet\", a service as \"s3\", an address or a CIDR block, in quotes",
     .read = config_read_text,
     .offset = offsetof(struct declared_reach, to),
     .problem = config_problem_reach,
     .required = true},
    {.key = "family",
     .types = TYPE(STRING),
     .right = "\"ipv4\" or \"ipv6\"; both when it is left out",
     .read = read_family,
     .offset = offsetof(struct declared_reach, family)},
    {.key = "port",
     .types = TYPE(NUMBER),
     .right = "a port, as 443",
     .read = config_read_port,
     .offset = offsetof(struct declared_reach, port)},
};
static const struct config_table reach_table = TABLE(reach_rows);

static void check_family(struct loader *loader, const struct json *json,
                         const struct declared_reach *reach)
{
    struct prefix to;

    if (reach->family == FAMILY_NONE || !reach->to ||
        (prefix_parse(reach->to, &to) < 0 && prefix_parse_address(reach->to, &to) < 0))
        return;
    if (to.family != reach->family)
        config_fail_member(loader, json_member(json, "family"),
                           "%s is an address of the other family: "
                           "leave \"family\" out",
                           config_shown(loader, reach->to));
}

READER(config_read_must_reach)
{
    struct config_target *target = at;

    (void)row;
    if (json->n_items > CONFIG_LIST_MAX) {
        config_fail(loader, json, "a list of %zu; at most %d", json->n_items, CONFIG_LIST_MAX);
        return;
    }
    target->must_reach = ARENA_ARRAY(loader->arena, struct declared_reach, json->n_items);
    target->n_must_reach = json->n_items;
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const size_t was = config_enter_index(loader, i);

        target->must_reach[i].port = PORT_DEFAULT;
        if (config_is(loader, &json->items[i], JSON_OBJECT, "{\"from\": ..., \"to\": ...}")) {
            config_read_object(loader, &reach_table, &json->items[i], &target->must_reach[i]);
            check_family(loader, &json->items[i], &target->must_reach[i]);
        }
        config_leave(loader, was);
    }
}
