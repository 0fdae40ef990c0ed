/* Readers for rows: text, lists, flags, numbers, times, tags. */
#include "config_private.h"

#include <stdio.h>

bool config_check_text(struct loader *loader, const struct json *json, config_problem *problem)
{
    const char *what = problem(loader, json->string);

    if (what)
        config_fail(loader, json, "%s %s", config_shown(loader, json->string), what);
    return !what;
}

READER(config_read_text)
{
    if (config_check_text(loader, json, row->problem))
        *(const char **)at = arena_strdup(loader->arena, json->string);
}

static bool list_fits(struct loader *loader, const struct json *json)
{
    if (json->n_items > CONFIG_LIST_MAX)
        config_fail(loader, json, "a list of %zu; at most %d", json->n_items, CONFIG_LIST_MAX);
    return json->n_items <= CONFIG_LIST_MAX;
}

READER(config_read_texts)
{
    struct texts *texts = at;

    if (!list_fits(loader, json))
        return;
    texts->items = ARENA_ARRAY(loader->arena, const char *, json->n_items);
    for (size_t i = 0; i < json->n_items; i++) {
        const struct json *item = &json->items[i];
        const size_t was = config_enter_index(loader, i);

        if (config_is(loader, item, JSON_STRING, row->right) &&
            config_check_text(loader, item, row->problem)) {
            if (row->claim)
                config_claim(loader, row->claim, item, item->string);
            else if (texts_contain(texts, item->string))
                config_fail(loader, item, "%s is in the list already",
                            config_shown(loader, item->string));
            texts->items[texts->n++] = arena_strdup(loader->arena, item->string);
        }
        config_leave(loader, was);
    }
}

READER(config_read_flag)
{
    (void)loader;
    (void)row;
    *(uint8_t *)at = json->boolean ? 2 : 1;
}

READER(config_read_nothing)
{
    (void)loader;
    (void)row;
    (void)json;
    (void)at;
}

bool config_whole(struct loader *loader, const struct json *json, uint64_t min, uint64_t max,
                  uint64_t *ret_number)
{
    const double number = json->number;

    if (number < (double)min || number > (double)max || number != (double)(uint64_t)number) {
        config_fail(loader, json, "%.17g is not a whole number from %llu to %llu", number,
                    (unsigned long long)min, (unsigned long long)max);
        return false;
    }
    *ret_number = (uint64_t)number;
    return true;
}

READER(config_read_unsigned)
{
    uint64_t number;

    if (config_whole(loader, json, row->min, row->max, &number))
        *(unsigned *)at = (unsigned)number;
}

READER(config_read_port)
{
    uint64_t number;

    (void)row;
    if (config_whole(loader, json, 1, 65535, &number))
        *(uint16_t *)at = (uint16_t)number;
}

int config_parse_time(const char *text, uint64_t *ret_ms)
{
    static const struct {
        const char *unit;
        uint64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    uint64_t number = 0;
    size_t n = strspn(text, "0123456789");

    if (n == 0 || n > 9 || (n > 1 && *text == '0'))
        return -EINVAL;
    for (size_t i = 0; i < n; i++)
        number = number * 10 + (uint64_t)(text[i] - '0');
    for (size_t i = 0; i < ARRAY_SIZE(units); i++)
        if (text_equal(text + n, units[i].unit)) {
            *ret_ms = number * units[i].ms;
            return 0;
        }
    return -EINVAL;
}

static const char *time_text(struct loader *loader, uint64_t ms)
{
    const char *unit = ms % 1000 ? "ms" : ms % 60000 ? "s" : ms % 3600000 ? "m" : "h";
    const uint64_t size = ms % 1000 ? 1 : ms % 60000 ? 1000 : ms % 3600000 ? 60000 : 3600000;

    if (ms == 0)
        return "0s";
    return arena_printf(loader->scratch, "%llu%s", (unsigned long long)(ms / size), unit);
}

READER(config_read_time)
{
    uint64_t ms = 0;

    if (config_parse_time(json->string, &ms) < 0)
        config_fail(loader, json, "%s is not a time: write a number and ms, s, m or h, as \"60s\"",
                    config_shown(loader, json->string));
    else if (ms < row->min || ms > row->max)
        config_fail(loader, json, "%s is out of range: write a time from %s to %s",
                    config_shown(loader, json->string), time_text(loader, row->min),
                    time_text(loader, row->max));
    else
        *(uint64_t *)at = ms;
}

int config_choice(struct loader *loader, const struct json *json, const char *what,
                  const char *const *words, size_t n)
{
    CLEANUP(buf_free)
    struct buf list = {0};
    const char *nearest;

    for (size_t i = 0; i < n; i++) {
        if (text_equal(json->string, words[i]))
            return (int)i;
        buf_printf(&list, "%s\"%s\"", i == 0 ? "" : i + 1 == n ? " or " : ", ", words[i]);
    }
    nearest = config_nearest(loader, json->string, words, n);
    config_fail(loader, json, "%s is not %s%s: write %s", config_shown(loader, json->string), what,
                nearest, buf_string(&list));
    return -1;
}

READER(config_read_tags)
{
    struct config_tags *tags = at;

    (void)row;
    if (json->n_items > CONFIG_TAGS_MAX) {
        config_fail(loader, json,
                    "%zu tags; at most %d: EC2 allows 50 a resource and three are the daemon's own",
                    json->n_items, CONFIG_TAGS_MAX);
        return;
    }
    tags->items = ARENA_ARRAY(loader->arena, struct match_tag, json->n_items);
    for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
        const struct json *tag = &json->items[i];
        const size_t was = config_enter(loader, tag);
        const char *problem = config_problem_tag_key(loader, tag->key);

        if (problem)
            config_fail_key(loader, tag, "%s %s", config_shown(loader, tag->key), problem);
        else if (config_is(loader, tag, JSON_STRING, "the tag's value in quotes") &&
                 config_check_text(loader, tag, config_problem_tag_value))
            tags->items[tags->n++] = (struct match_tag){arena_strdup(loader->arena, tag->key),
                                                        arena_strdup(loader->arena, tag->string)};
        config_leave(loader, was);
    }
}
