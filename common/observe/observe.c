/* One scope: who is looked up, which lists are out, and whether each is whole. */
#include "observe_private.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

static void copy_wants(struct observe *observe, const struct observe_wants *wants)
{
    struct arena *arena = observe->arena;
    const struct texts *providers = &wants->capacity_providers;

    observe->service_names = service_filter(arena, observe->observation->region, &wants->services);
    for (size_t i = 0; i < providers->n; i++)
        texts_add_once(arena, &observe->capacity_providers,
                       arena_strdup(arena, providers->items[i]));
}

struct observe *observe_new(struct aws_client *client, const char *region, const char *account,
                            uint64_t pass, const struct observe_vpc *vpcs, size_t n_vpcs,
                            const struct observe_wants *wants, struct instant now)
{
    const unsigned optional = wants ? wants->lists & OBSERVE_OPTIONAL : 0;
    struct arena *arena = arena_new();
    struct observe *observe = ARENA_NEW(arena, struct observe);
    struct observation *observation = ARENA_NEW(arena, struct observation);

    observe->client = client;
    observe->arena = arena;
    observe->observation = observation;
    observation->arena = arena;
    observation->region = arena_strdup(arena, region);
    observation->account = arena_strdup(arena, account);
    observation->pass = pass;
    observation->at = now;
    observe->vpcs = ARENA_ARRAY(arena, struct observe_vpc, n_vpcs + 1);
    observe->resolved = ARENA_ARRAY(arena, struct texts, n_vpcs + 1);
    observe->n_vpcs = n_vpcs;
    for (size_t i = 0; i < n_vpcs; i++)
        observe->vpcs[i] = (struct observe_vpc){
            .vpc_id = arena_strdup(arena, vpcs[i].vpc_id),
            .tag_key = arena_strdup(arena, vpcs[i].tag_key),
            .tag_value = arena_strdup(arena, vpcs[i].tag_value),
        };
    if (wants)
        copy_wants(observe, wants);
    for (size_t list = 0; list < LIST_COUNT; list++) {
        struct list_status *status = &observation->lists[list];

        status->action = list_action((enum observed_list)list);
        status->asked = status->complete = ((~OBSERVE_OPTIONAL | optional) & (1U << list)) != 0;
    }
    observe->references = !observation->lists[LIST_PREFIX_LIST_ENTRIES].asked;
    return observe;
}

struct observe *observe_free(struct observe *observe)
{
    if (observe)
        arena_free(observe->arena);
    return NULL;
}

void list_failed(struct observe *observe, enum observed_list list, const struct call_result *result,
                 const char *message)
{
    struct list_status *status = &observe->observation->lists[list];

    if (!status->complete)
        return;
    status->complete = false;
    snprintf(status->message, sizeof(status->message), "%s", message);
    if (result) {
        status->error = result->error;
        status->denied = result->r == -EREMOTEIO && result->error_class == EC2_ERROR_DENIED;
        observe->stale_credentials |=
            result->r == -EREMOTEIO && result->error_class == EC2_ERROR_CREDENTIALS;
    }
}

/* ---- asking ---- */

static const char not_sent[] = "the request could not be sent";

static void ask(struct observe *observe, struct outlet *outlet, struct instant now,
                struct page_run *run, const char *token)
{
    if (list_ask(observe, outlet, now, run, token) >= 0)
        return;
    list_failed(observe, run->list, NULL, not_sent);
    run->done = true;
}

static void ask_from(struct observe *observe, struct outlet *outlet, struct instant now,
                     size_t first)
{
    for (size_t i = first; i < observe->runs.n; i++)
        ask(observe, outlet, now, &observe->runs.items[i], NULL);
}

static bool list_done(const struct observe *observe, enum observed_list list)
{
    for (size_t i = 0; i < observe->runs.n; i++)
        if (observe->runs.items[i].list == list && !observe->runs.items[i].done)
            return false;
    return true;
}

/* The second wave, once the lists that name its objects are whole. */
static void begin_references(struct observe *observe, struct outlet *outlet, struct instant now)
{
    static const enum observed_list naming[] = {LIST_SECURITY_GROUPS, LIST_ROUTE_TABLES};
    size_t first = observe->runs.n;

    if (observe->references)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(naming); i++)
        if (!list_done(observe, naming[i]))
            return;
    observe->references = true;
    for (size_t i = 0; i < ARRAY_SIZE(naming); i++)
        if (!observe->observation->lists[naming[i]].complete) {
            list_failed(observe, LIST_PREFIX_LIST_ENTRIES, NULL,
                        arena_printf(observe->arena,
                                     "%s: not asked, because the %s that name prefix lists could "
                                     "not be read",
                                     observed_list_action(LIST_PREFIX_LIST_ENTRIES),
                                     observed_list_name(naming[i])));
            return;
        }
    list_add_runs(observe, LIST_PREFIX_LIST_ENTRIES);
    ask_from(observe, outlet, now, first);
}

static void begin_lists(struct observe *observe, struct outlet *outlet, struct instant now)
{
    observe->listing = true;
    for (size_t list = 0; list < LIST_COUNT; list++)
        if (observe->observation->lists[list].asked && list != LIST_PREFIX_LIST_ENTRIES)
            list_add_runs(observe, (enum observed_list)list);
    ask_from(observe, outlet, now, 0);
    begin_references(observe, outlet, now); /* without a VPC there is nothing to wait for */
}

static bool lookups_done(const struct observe *observe)
{
    for (size_t i = 0; i < observe->lookups.n; i++)
        if (!observe->lookups.items[i].done)
            return false;
    return true;
}

static void note_vpc(struct observe *observe, size_t wanted, const char *vpc_id)
{
    texts_add_once(observe->arena, &observe->resolved[wanted], vpc_id);
    texts_add_once(observe->arena, &observe->vpc_ids, vpc_id);
}

void observe_begin(struct observe *observe, struct outlet *outlet, struct instant now)
{
    for (size_t i = 0; i < observe->n_vpcs; i++) {
        if (observe->vpcs[i].vpc_id)
            note_vpc(observe, i, observe->vpcs[i].vpc_id);
        else
            VEC_ADD(observe->arena, &observe->lookups)->wanted = i;
    }
    for (size_t i = 0; i < observe->lookups.n; i++) {
        struct lookup *lookup = &observe->lookups.items[i];
        const struct observe_vpc *vpc = &observe->vpcs[lookup->wanted];
        const char *value = vpc->tag_value;
        struct ec2_filter filter = {
            .name = arena_printf(observe->arena, "tag:%s", vpc->tag_key),
            .values = {.items = &value, .n = 1},
        };
        struct ec2_describe_request request = {.filters = {.items = &filter, .n = 1}};

        if (aws_client_call(observe->client, outlet, now, EC2_DESCRIBE_VPCS, &request, NULL, true,
                            observe->arena, &lookup->call) < 0) {
            list_failed(observe, LIST_VPCS, NULL, not_sent);
            lookup->done = true;
        }
    }
    if (lookups_done(observe))
        begin_lists(observe, outlet, now);
}

/* ---- answers ---- */

/* Is it one that was asked for (S5)? Values match as EC2's filters do, by * and ? alone. */
static bool carries_tag(const struct ec2_vpc *vpc, const struct observe_vpc *wanted)
{
    const char *value = ec2_tag_value(&vpc->tags, wanted->tag_key);
    CLEANUP(buf_free)
    struct buf pattern = {0};

    for (const char *at = wanted->tag_value; *at; at++)
        if (*at == '[') /* a letter to EC2 */
            buf_text(&pattern, "[[]");
        else
            buf_add(&pattern, at, 1);
    return value && fnmatch(buf_string(&pattern), value, FNM_NOESCAPE) == 0;
}

static void lookup_answered(struct observe *observe, struct outlet *outlet, struct instant now,
                            struct lookup *lookup, const struct call_result *result)
{
    lookup->done = true;
    if (result->r < 0) {
        list_failed(observe, LIST_VPCS, result, result->message);
    } else {
        const struct ec2_describe_reply *reply = result->reply;

        if (!text_empty(reply->next_token))
            list_failed(observe, LIST_VPCS, NULL,
                        "DescribeVpcs: so many VPCs carry the tag that they come in pages");
        for (size_t i = 0; i < reply->vpcs.n; i++) {
            if (!carries_tag(&reply->vpcs.items[i], &observe->vpcs[lookup->wanted]))
                list_failed(observe, LIST_VPCS, NULL,
                            "DescribeVpcs: a VPC without the tag that was asked for");
            note_vpc(observe, lookup->wanted, reply->vpcs.items[i].vpc_id);
        }
    }
    if (lookups_done(observe))
        begin_lists(observe, outlet, now);
}

static const char *next_token_of(const struct page_run *run, const struct call_result *result)
{
    const struct ec2_describe_reply *reply = result->reply;

    return run->list == LIST_CAPACITY_PROVIDERS || text_empty(reply->next_token)
               ? NULL
               : reply->next_token;
}

static void page_answered(struct observe *observe, struct outlet *outlet, struct instant now,
                          struct page_run *run, const struct call_result *result)
{
    const char *wrong, *token;

    run->done = true;
    if (result->r < 0) {
        list_failed(observe, run->list, result, result->message);
        return;
    }
    wrong = list_take(observe, run, result->reply);
    token = next_token_of(run, result);
    if (!wrong && texts_contain(&run->tokens, token))
        wrong = arena_printf(observe->arena, "%s: NextToken comes round again: the pages never end",
                             observed_list_action(run->list));
    if (wrong) {
        list_failed(observe, run->list, NULL, wrong);
    } else if (token) {
        run->done = false;
        texts_add_once(observe->arena, &run->tokens, token);
        ask(observe, outlet, now, run, token);
    }
}

bool observe_feed(struct observe *observe, struct outlet *outlet, struct instant now,
                  const struct call_result *result)
{
    for (size_t i = 0; i < observe->lookups.n; i++)
        if (!observe->lookups.items[i].done && observe->lookups.items[i].call == result->call) {
            lookup_answered(observe, outlet, now, &observe->lookups.items[i], result);
            return true;
        }
    for (size_t i = 0; i < observe->runs.n; i++)
        if (!observe->runs.items[i].done && observe->runs.items[i].call == result->call) {
            page_answered(observe, outlet, now, &observe->runs.items[i], result);
            begin_references(observe, outlet, now);
            return true;
        }
    return false;
}

bool observe_done(const struct observe *observe)
{
    if (!observe->listing)
        return false;
    for (size_t i = 0; i < observe->runs.n; i++)
        if (!observe->runs.items[i].done)
            return false;
    return true;
}

struct observation *observe_take(struct observe *observe)
{
    observation_seal(observe->observation);
    return observe->observation;
}

const struct texts *observe_vpc_ids(const struct observe *observe, size_t i)
{
    return &observe->resolved[i];
}

bool observe_stale_credentials(const struct observe *observe)
{
    return observe->stale_credentials;
}
