/* What a group declares for IPv4 and IPv6. */
#include "config_private.h"

#define IPV4 (1U << FAMILY_IPV4)
#define IPV6 (1U << FAMILY_IPV6)

static const struct {
    const char *name;
    unsigned families;
} option_table[] = {
    [OPTION_UNMANAGED] = {"unmanaged", IPV4 | IPV6},
    [OPTION_NONE] = {"none", IPV4 | IPV6},
    [OPTION_INTERNET_GATEWAY] = {"internet-gateway", IPV4 | IPV6},
    [OPTION_NAT_GATEWAY] = {"nat-gateway", IPV4},
    /* an egress-only internet gateway carries IPv6 only (VPC User Guide) */
    [OPTION_EGRESS_ONLY_INTERNET_GATEWAY] = {"egress-only-internet-gateway", IPV6},
    [OPTION_TARGET_ID] = {"target id", 0},
};

/* What people call them. */
static const struct {
    const char *alias;
    enum option option;
} alias_table[] = {
    {"igw", OPTION_INTERNET_GATEWAY},
    {"internet", OPTION_INTERNET_GATEWAY},
    {"ngw", OPTION_NAT_GATEWAY},
    {"natgw", OPTION_NAT_GATEWAY},
    {"eigw", OPTION_EGRESS_ONLY_INTERNET_GATEWAY},
    {"eoigw", OPTION_EGRESS_ONLY_INTERNET_GATEWAY},
    {"egress-only", OPTION_EGRESS_ONLY_INTERNET_GATEWAY},
};

const char *option_name(enum option option)
{
    return option_table[option].name;
}

static bool is_target_id(const char *text)
{
    return config_is_id(text, "tgw-") || config_is_id(text, "vpce-") || config_is_id(text, "eni-");
}

static const char *option_hint(struct loader *loader, const char *text, unsigned family)
{
    const char *words[OPTION_TARGET_ID], *nearest = NULL;
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_SIZE(alias_table); i++)
        if (strcasecmp(alias_table[i].alias, text) == 0 &&
            option_table[alias_table[i].option].families & family)
            nearest = option_name(alias_table[i].option);
    if (nearest)
        return arena_printf(loader->scratch, " (did you mean \"%s\"?)", nearest);
    for (size_t i = 0; i < OPTION_TARGET_ID; i++)
        if (option_table[i].families & family)
            words[n++] = option_table[i].name;
    return config_nearest(loader, text, words, n);
}

static const char *family_options(unsigned family)
{
    return family == IPV4
               ? "\"internet-gateway\", \"nat-gateway\", \"none\", \"unmanaged\", the id of a "
                 "target "
                 "(tgw-, vpce-, eni-) or {\"any\": [...]}"
               : "\"internet-gateway\", \"egress-only-internet-gateway\", \"none\", \"unmanaged\", "
                 "the id of a target (tgw-, vpce-, eni-) or {\"any\": [...]}";
}

static bool read_option(struct loader *loader, const struct json *json, unsigned family,
                        struct declared_option *ret_option)
{
    const char *here = family == IPV4 ? "IPv4" : "IPv6", *there = family == IPV4 ? "IPv6" : "IPv4";
    const char *text = json->string, *hint;

    for (size_t i = 0; i < OPTION_TARGET_ID; i++) {
        if (!text_equal(text, option_table[i].name))
            continue;
        if (option_table[i].families & family) {
            ret_option->option = (enum option)i;
            return true;
        }
        config_fail(loader, json, "\"%s\" is an option of %s only; for %s write %s", text, there,
                    here, family_options(family));
        return false;
    }
    if (is_target_id(text)) {
        *ret_option = (struct declared_option){OPTION_TARGET_ID, arena_strdup(loader->arena, text)};
        return true;
    }
    hint = option_hint(loader, text, family);
    if (*hint)
        config_fail(loader, json, "%s is not an option of %s%s", config_shown(loader, text), here,
                    hint);
    else
        config_fail(loader, json, "%s is not an option of %s; write %s", config_shown(loader, text),
                    here, family_options(family));
    return false;
}

static bool same_option(const struct declared_option *a, const struct declared_option *b)
{
    return a->option == b->option && text_equal(a->target_id, b->target_id);
}

static void read_any(struct loader *loader, const struct json *json, unsigned family,
                     struct declared_options *options)
{
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const struct json *item = &json->items[i];
        const size_t was = config_enter_index(loader, i);
        struct declared_option option = {0};

        if (config_is(loader, item, JSON_STRING, "an option or the id of a target, in quotes") &&
            read_option(loader, item, family, &option)) {
            if (option.option == OPTION_NONE || option.option == OPTION_UNMANAGED)
                config_fail(loader, item,
                            "\"%s\" is no target that could be right: write it alone, "
                            "without \"any\"",
                            option_name(option.option));
            for (size_t j = 0; j < options->n; j++)
                if (same_option(&options->items[j], &option))
                    config_fail(loader, item, "%s is in the list already",
                                config_shown(loader, item->string));
            options->items[options->n++] = option;
        }
        config_leave(loader, was);
    }
}

static READER(read_any_row)
{
    struct declared_options *options = at;

    if (json->n_items == 0 || json->n_items > 16) {
        config_fail(loader, json, "a list of %zu; write 1 to 16 options", json->n_items);
        return;
    }
    options->items = ARENA_ARRAY(loader->arena, struct declared_option, json->n_items);
    read_any(loader, json, row->max == FAMILY_IPV4 ? IPV4 : IPV6, options);
}

#define ANY_ROW(family)                                                                            \
    {                                                                                              \
        .key = "any", .types = TYPE(ARRAY), .right = "a list of options", .required = true,        \
        .read = read_any_row, .max = (family)                                                      \
    }
static const struct config_row any_ipv4_rows[] = {ANY_ROW(FAMILY_IPV4)};
static const struct config_row any_ipv6_rows[] = {ANY_ROW(FAMILY_IPV6)};
static const struct config_table any_ipv4_table = TABLE(any_ipv4_rows);
static const struct config_table any_ipv6_table = TABLE(any_ipv6_rows);

/* row->max is the family. */
READER(config_read_options)
{
    struct declared_options *options = at;
    struct declared_option option = {0};
    enum drift unexpected;

    if (json->type == JSON_OBJECT) {
        config_read_object(loader, row->max == FAMILY_IPV4 ? &any_ipv4_table : &any_ipv6_table,
                           json, options);
        return;
    }
    if (!read_option(loader, json, row->max == FAMILY_IPV4 ? IPV4 : IPV6, &option) ||
        option.option == OPTION_UNMANAGED)
        return; /* no option: not managed */
    /* A default route where none may be is what this drift says. */
    if (option.option == OPTION_NONE && drift_find("route-unexpected", &unexpected) < 0)
        config_not_checked(loader, json, "none");
    options->items = arena_memdup(loader->arena, &option, sizeof(option));
    options->n = 1;
}

enum option config_built_option(const struct declared_options *options)
{
    for (size_t i = 0; i < options->n; i++)
        if (options->items[i].option != OPTION_TARGET_ID)
            return options->items[i].option;
    return options->n ? OPTION_TARGET_ID : OPTION_UNMANAGED;
}
