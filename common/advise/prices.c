/* The price table: JSON in, values out, every error with its place. */
#include "vpc_reconciled/advise.h"
#include "vpc_reconciled/json.h"

static const struct price_key {
    const char *key;
    size_t offset;
} price_keys[] = {
#define KEY(member)                                                                                \
    {                                                                                              \
#member, offsetof(struct region_prices, member)                                            \
    }
    KEY(nat_gateway_hour),
    KEY(nat_gateway_gb),
    KEY(regional_nat_gateway_hour),
    KEY(interface_endpoint_hour),
    KEY(interface_endpoint_gb),
    KEY(public_ipv4_hour),
    KEY(cross_az_gb),
#undef KEY
};

struct reading {
    struct arena *arena;
    const char *path, *error;
};

static int fail(struct reading *reading, const struct json_place *place, const char *what)
{
    reading->error = arena_printf(reading->arena, "%s:%u:%u: %s", reading->path, place->line,
                                  place->column, what);
    return -EINVAL;
}

static int read_price(struct reading *reading, const struct json *json,
                      struct region_prices *prices)
{
    const char *names[ARRAY_SIZE(price_keys)], *nearest;

    for (size_t i = 0; i < ARRAY_SIZE(price_keys); i++) {
        names[i] = price_keys[i].key;
        if (!text_equal(json->key, names[i]))
            continue;
        /* A dollar a unit is far above any price of the kind: it would be a slipped decimal. */
        if (json->type != JSON_NUMBER || !(json->number >= 0 && json->number <= 1))
            return fail(reading, &json->place,
                        arena_printf(reading->arena,
                                     "%s wants a number of dollars from 0 to 1, as 0.045",
                                     json->key));
        memcpy((char *)prices + price_keys[i].offset, &json->number, sizeof(json->number));
        return 0;
    }
    nearest = text_nearest(json->key, names, ARRAY_SIZE(names));
    return fail(reading, &json->key_place,
                arena_printf(reading->arena, "unknown price \"%s\"%s%s%s", json->key,
                             nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                             nearest ? "\"?" : ""));
}

static int read_regions(struct reading *reading, const struct json *json, struct prices *prices)
{
    const double unknown = PRICE_UNKNOWN;

    if (json->type != JSON_OBJECT)
        return fail(reading, &json->place, "\"regions\" wants an object, one member a region");
    prices->regions = ARENA_ARRAY(reading->arena, struct region_prices, json->n_items + 1);
    for (size_t i = 0; i < json->n_items; i++) {
        struct region_prices *region = &prices->regions[prices->n_regions++];

        region->region = arena_strdup(reading->arena, json->items[i].key);
        for (size_t k = 0; k < ARRAY_SIZE(price_keys); k++)
            memcpy((char *)region + price_keys[k].offset, &unknown, sizeof(unknown));
        if (json->items[i].type != JSON_OBJECT)
            return fail(reading, &json->items[i].place, "a region wants an object of prices");
        for (size_t k = 0; k < json->items[i].n_items; k++)
            if (read_price(reading, &json->items[i].items[k], region) < 0)
                return -EINVAL;
    }
    return 0;
}

static int read_all(struct reading *reading, const struct json *json, struct prices *prices)
{
    const struct json *regions = json_member(json, "regions");

    if (json->type != JSON_OBJECT || !regions)
        return fail(reading, &json->place,
                    "a price table wants an object with \"as_of\" and \"regions\"");
    for (size_t i = 0; i < json->n_items; i++) {
        const struct json *item = &json->items[i];
        const char **text = text_equal(item->key, "as_of")    ? &prices->as_of
                            : text_equal(item->key, "source") ? &prices->source
                                                              : NULL;

        if (item == regions)
            continue;
        if (!text)
            return fail(reading, &item->key_place,
                        arena_printf(reading->arena,
                                     "unknown key \"%s\"; there are \"as_of\", \"source\" and "
                                     "\"regions\"",
                                     item->key));
        if (item->type != JSON_STRING)
            return fail(reading, &item->place,
                        arena_printf(reading->arena, "\"%s\" wants text in quotes", item->key));
        *text = arena_strdup(reading->arena, item->string);
    }
    if (!prices->as_of)
        return fail(
            reading, &json->place,
            "\"as_of\" is missing: a price without its date misleads; write \"2026-09-25\"");
    return read_regions(reading, regions, prices);
}

int prices_parse(struct arena *arena, const char *path, const char *text, size_t n,
                 struct prices **ret_prices, const char **ret_error)
{
    struct reading reading = {.arena = arena, .path = path};
    struct prices *prices = ARENA_NEW(arena, struct prices);
    const struct json *json = NULL;
    struct json_error error;
    int r = json_parse(arena, text, n, &json, &error);

    if (r < 0)
        fail(&reading, &error.place, error.message);
    else
        r = read_all(&reading, json, prices);
    if (r < 0) {
        *ret_error = reading.error;
        return -EINVAL;
    }
    *ret_prices = prices;
    return 0;
}

const struct region_prices *prices_find(const struct prices *prices, const char *region)
{
    for (size_t i = 0; prices && i < prices->n_regions; i++)
        if (text_equal(prices->regions[i].region, region))
            return &prices->regions[i];
    return NULL;
}
