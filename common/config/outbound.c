/* "outbound": the traffic that the security groups of a group must let out. */
#include "config_private.h"

static const char *const protocols[] = {"tcp", "udp", "icmp", "icmpv6", "all"};

static READER(read_protocol)
{
    int i = config_choice(loader, json, "a protocol", protocols, ARRAY_SIZE(protocols));

    (void)row;
    if (i >= 0)
        *(const char **)at = protocols[i];
}

/* "1024-65535" */
static bool parse_range(const char *text, struct port_range *ret_range)
{
    unsigned ends[2] = {0, 0};

    for (int i = 0; i < 2; i++) {
        const size_t n = strspn(text, "0123456789");

        if (n == 0 || n > 5 || *text == '0' || text[n] != (i == 0 ? '-' : 0))
            return false;
        for (size_t j = 0; j < n; j++)
            ends[i] = ends[i] * 10 + (unsigned)(text[j] - '0');
        text += n + 1;
    }
    if (ends[0] > ends[1] || ends[1] > 65535)
        return false;
    *ret_range = (struct port_range){(uint16_t)ends[0], (uint16_t)ends[1]};
    return true;
}

static void read_range(struct loader *loader, const struct json *json, struct declared_rule *rule)
{
    struct port_range range;
    uint64_t port;

    if (json->type == JSON_STRING) {
        if (parse_range(json->string, &range))
            rule->ports[rule->n_ports++] = range;
        else
            config_fail(loader, json, "%s is not a range of ports: write 443, or \"1024-65535\"",
                        config_shown(loader, json->string));
    } else if (config_is(loader, json, JSON_NUMBER, "a port, or a range as \"1024-65535\"") &&
               config_whole(loader, json, 1, 65535, &port)) {
        rule->ports[rule->n_ports++] = (struct port_range){(uint16_t)port, (uint16_t)port};
    }
}

static READER(read_ports)
{
    struct declared_rule *rule = at;

    (void)row;
    if (json->n_items == 0 || json->n_items > CONFIG_LIST_MAX) {
        config_fail(loader, json, "a list of %zu; write 1 to %d ports", json->n_items,
                    CONFIG_LIST_MAX);
        return;
    }
    rule->ports = ARENA_ARRAY(loader->arena, struct port_range, json->n_items);
    for (size_t i = 0; i < json->n_items; i++) {
        const size_t was = config_enter_index(loader, i);

        read_range(loader, &json->items[i], rule);
        config_leave(loader, was);
    }
}

static const struct config_row rule_rows[] = {
    {.key = "protocol",
     .types = TYPE(STRING),
     .right = "\"tcp\", \"udp\", \"icmp\", \"icmpv6\" or \"all\"",
     .read = read_protocol,
     .offset = offsetof(struct declared_rule, protocol),
     .required = true},
    {.key = "ports",
     .types = TYPE(ARRAY),
     .right = "a list of ports, as [443, \"1024-65535\"]",
     .read = read_ports},
    {.key = "to",
     .types = TYPE(ARRAY),
     .right = "a list of CIDR blocks, \"pl-...\" or \"sg-...\"",
     .read = config_read_texts,
     .offset = offsetof(struct declared_rule, to),
     .problem = config_problem_destination,
     .required = true},
};
static const struct config_table rule_table = TABLE(rule_rows);

/* EC2 takes icmp with IPv4 blocks and icmpv6 with IPv6 blocks (IpPermission). */
static void check_rule(struct loader *loader, const struct json *json,
                       const struct declared_rule *rule)
{
    const bool has_ports = text_equal(rule->protocol, "tcp") || text_equal(rule->protocol, "udp");
    const struct json *ports = json_member(json, "ports"), *to = json_member(json, "to");

    if (!rule->protocol)
        return;
    if (ports && !has_ports)
        config_fail_member(loader, ports, "\"%s\" has no ports: leave \"ports\" out",
                           rule->protocol);
    if (!ports && has_ports)
        config_fail(loader, json, "\"ports\" is missing; \"%s\" wants some, as [443]",
                    rule->protocol);
    if (to && to->type == JSON_ARRAY && to->n_items == 0)
        config_fail_member(loader, to, "the list is empty: write at least one destination");
    for (size_t i = 0; to && i < to->n_items; i++) {
        const char *text = to->items[i].string;
        struct prefix prefix;

        if (!text || prefix_parse(text, &prefix) < 0)
            continue;
        if (text_equal(rule->protocol, prefix.family == FAMILY_IPV4 ? "icmpv6" : "icmp"))
            config_fail(loader, &to->items[i], "%s does not go with \"%s\": write \"%s\"",
                        config_shown(loader, text), rule->protocol,
                        prefix.family == FAMILY_IPV4 ? "icmp" : "icmpv6");
    }
}

READER(config_read_outbound)
{
    struct subnet_group *group = at;

    (void)row;
    if (json->n_items > CONFIG_LIST_MAX) {
        config_fail(loader, json, "a list of %zu; at most %d rules", json->n_items,
                    CONFIG_LIST_MAX);
        return;
    }
    group->outbound = ARENA_ARRAY(loader->arena, struct declared_rule, json->n_items);
    group->n_outbound = json->n_items;
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const size_t was = config_enter_index(loader, i);

        if (config_is(loader, &json->items[i], JSON_OBJECT, "{\"protocol\": ..., \"to\": [...]}")) {
            config_read_object(loader, &rule_table, &json->items[i], &group->outbound[i]);
            check_rule(loader, &json->items[i], &group->outbound[i]);
        }
        config_leave(loader, was);
    }
}
