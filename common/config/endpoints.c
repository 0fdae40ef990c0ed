/* "endpoints": the VPC endpoints that must be there. */
#include "config_private.h"

static const char *const types[] = {"gateway", "interface"};
static const char *const address_types[] = {"ipv4", "dualstack", "ipv6"};

static READER(read_type)
{
    int i = config_choice(loader, json, "a type of endpoint", types, ARRAY_SIZE(types));

    (void)row;
    if (i >= 0)
        *(const char **)at = types[i];
}

static READER(read_address_type)
{
    int i =
        config_choice(loader, json, "an IP address type", address_types, ARRAY_SIZE(address_types));

    (void)row;
    if (i >= 0)
        *(const char **)at = address_types[i];
}

static READER(read_ports)
{
    struct declared_endpoint *endpoint = at;

    if (json->n_items == 0 || json->n_items > CONFIG_LIST_MAX) {
        config_fail(loader, json, "a list of %zu; write 1 to %d ports", json->n_items,
                    CONFIG_LIST_MAX);
        return;
    }
    endpoint->ports = ARENA_ARRAY(loader->arena, uint16_t, json->n_items);
    for (size_t i = 0; i < json->n_items; i++) {
        const size_t was = config_enter_index(loader, i);

        if (config_is(loader, &json->items[i], JSON_NUMBER, "a port, as 443"))
            config_read_port(loader, row, &json->items[i], &endpoint->ports[endpoint->n_ports++]);
        config_leave(loader, was);
    }
}

static void write_value(struct json_writer *writer, const struct json *json)
{
    if (json->type == JSON_OBJECT || json->type == JSON_ARRAY) {
        json_begin(writer, json->type == JSON_OBJECT ? '{' : '[');
        for (size_t i = 0; i < json->n_items; i++) {
            if (json->type == JSON_OBJECT)
                json_key(writer, json->items[i].key);
            write_value(writer, &json->items[i]);
        }
        json_end(writer, json->type == JSON_OBJECT ? '}' : ']');
    } else if (json->type == JSON_STRING) {
        json_string(writer, json->string);
    } else if (json->type == JSON_NUMBER) {
        json_real(writer, json->number);
    } else if (json->type == JSON_BOOL) {
        json_bool(writer, json->boolean);
    } else {
        json_null(writer);
    }
}

/* The document as compact text, or NULL for "keep". */
static READER(read_policy)
{
    CLEANUP(buf_free)
    struct buf text = {0};

    (void)row;
    if (json->type == JSON_STRING) {
        if (!text_equal(json->string, "keep"))
            config_fail(loader, json, "%s is no policy: write \"keep\", or the document as JSON",
                        config_shown(loader, json->string));
        return;
    }
    if (!json_member(json, "Statement"))
        config_fail(loader, json, "\"Statement\" is missing; write a policy document, or \"keep\"");
    write_value(&(struct json_writer){.buf = &text}, json);
    *(const char **)at = arena_strdup(loader->arena, buf_string(&text));
}

static const struct config_row endpoint_rows[] = {
    {.key = "service",
     .types = TYPE(STRING),
     .right = "the service's name, as \"s3\" or \"ecr.api\"",
     .read = config_read_text,
     .offset = offsetof(struct declared_endpoint, service),
     .problem = config_problem_service,
     .required = true},
    {.key = "type",
     .types = TYPE(STRING),
     .right = "\"gateway\" or \"interface\"",
     .read = read_type,
     .offset = offsetof(struct declared_endpoint, type),
     .required = true},
    {.key = "for",
     .types = TYPE(ARRAY),
     .right = "a list of groups that use it",
     .read = config_read_texts,
     .offset = offsetof(struct declared_endpoint, for_groups),
     .problem = config_problem_name,
     .required = true},
    {.key = "in",
     .types = TYPE(STRING),
     .right = "the name of the group whose subnets hold it, in quotes",
     .read = config_read_text,
     .offset = offsetof(struct declared_endpoint, in_group),
     .problem = config_problem_name},
    {.key = "security_groups",
     .types = TYPE(ARRAY),
     .right = "a list of \"sg-...\"",
     .read = config_read_texts,
     .offset = offsetof(struct declared_endpoint, security_groups),
     .problem = config_problem_security_group_id},
    {.key = "ports",
     .types = TYPE(ARRAY),
     .right = "a list of ports, as [443]",
     .read = read_ports},
    {.key = "private_dns",
     .types = TYPE(BOOL),
     .right = "true or false",
     .read = config_read_flag,
     .offset = offsetof(struct declared_endpoint, private_dns)},
    {.key = "policy",
     .types = TYPE(STRING) | TYPE(OBJECT),
     .right = "\"keep\", or a policy document",
     .read = read_policy,
     .offset = offsetof(struct declared_endpoint, policy)},
    {.key = "ip_address_type",
     .types = TYPE(STRING),
     .right = "\"ipv4\", \"dualstack\" or \"ipv6\"",
     .read = read_address_type,
     .offset = offsetof(struct declared_endpoint, ip_address_type)},
};
static const struct config_table endpoint_table = TABLE(endpoint_rows);

/* By its short name, or by a full one that ends in it. */
static bool is_service(const char *service, const char *name)
{
    size_t n = strlen(service), n_name = strlen(name);

    return text_equal(service, name) ||
           (n > n_name && service[n - n_name - 1] == '.' && text_equal(service + n - n_name, name));
}

/* A gateway endpoint is an entry of route tables: it has no network interface. Only two services
 * have one (VPC User Guide, "Gateway endpoints"). */
static void check_gateway(struct loader *loader, const struct json *json,
                          const struct declared_endpoint *endpoint)
{
    static const char *const interface_keys[] = {"in", "security_groups", "ports", "private_dns"};

    if (endpoint->service && !is_service(endpoint->service, "s3") &&
        !is_service(endpoint->service, "dynamodb"))
        config_fail_member(loader, json_member(json, "service"),
                           "%s has no gateway endpoint, only s3 and dynamodb have: write \"type\": "
                           "\"interface\"",
                           config_shown(loader, endpoint->service));
    for (size_t i = 0; i < ARRAY_SIZE(interface_keys); i++) {
        const struct json *member = json_member(json, interface_keys[i]);

        if (member)
            config_fail_member(loader, member, "a gateway endpoint has no \"%s\": leave it out",
                               interface_keys[i]);
    }
}

static void check_endpoint(struct loader *loader, const struct json *json,
                           const struct config_target *target, size_t i)
{
    const struct declared_endpoint *endpoint = &target->endpoints[i];
    const struct json *groups = json_member(json, "for");

    if (text_equal(endpoint->type, "gateway"))
        check_gateway(loader, json, endpoint);
    if (groups && groups->type == JSON_ARRAY && groups->n_items == 0)
        config_fail_member(loader, groups,
                           "the list is empty: write the groups that use the endpoint");
    for (size_t j = 0; j < i && endpoint->service && endpoint->type; j++)
        if (text_equal(endpoint->service, target->endpoints[j].service) &&
            text_equal(endpoint->type, target->endpoints[j].type))
            config_fail(loader, json,
                        "endpoints[%zu] is the %s endpoint of %s already: write one, "
                        "with all groups in \"for\"",
                        j, endpoint->type, config_shown(loader, endpoint->service));
}

READER(config_read_endpoints)
{
    struct config_target *target = at;

    (void)row;
    if (json->n_items > CONFIG_LIST_MAX) {
        config_fail(loader, json, "a list of %zu; at most %d endpoints", json->n_items,
                    CONFIG_LIST_MAX);
        return;
    }
    target->endpoints = ARENA_ARRAY(loader->arena, struct declared_endpoint, json->n_items);
    target->n_endpoints = json->n_items;
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const size_t was = config_enter_index(loader, i);

        if (config_is(loader, &json->items[i], JSON_OBJECT,
                      "{\"service\": ..., \"type\": ..., \"for\": [...]}")) {
            config_read_object(loader, &endpoint_table, &json->items[i], &target->endpoints[i]);
            check_endpoint(loader, &json->items[i], target, i);
        }
        config_leave(loader, was);
    }
}
