/* One scope: which Describes, their pages, and whether each list is whole. */
#include "vpc_reconciled/observe.h"

#include <stdio.h>
#include <stdlib.h>

/* One row a list: how it is asked for, and where its items go. */
static const struct list_row {
    enum ec2_action action;
    const char *vpc_filter; /* NULL: the list is of the whole region */
    size_t reply_offset, vec_offset, item_size;
    size_t vpc_id_offset; /* of an item's VPC, for lists with a filter */
} list_table[LIST_COUNT] = {
#define REGION(list, action, member, type)                                                         \
    [LIST_##list] = {action,                                                                       \
                     NULL,                                                                         \
                     offsetof(struct ec2_describe_reply, member),                                  \
                     offsetof(struct observation, member),                                         \
                     sizeof(struct type),                                                          \
                     0}
#define VPC(list, action, member, type)                                                            \
    [LIST_##list] = {action,                                                                       \
                     "vpc-id",                                                                     \
                     offsetof(struct ec2_describe_reply, member),                                  \
                     offsetof(struct observation, member),                                         \
                     sizeof(struct type),                                                          \
                     offsetof(struct type, vpc_id)}
    VPC(VPCS, EC2_DESCRIBE_VPCS, vpcs, ec2_vpc),
    VPC(SUBNETS, EC2_DESCRIBE_SUBNETS, subnets, ec2_subnet),
    VPC(ROUTE_TABLES, EC2_DESCRIBE_ROUTE_TABLES, route_tables, ec2_route_table),
    /* All of the region: an unattached one has no VPC to be found by, and the quota is small. */
    REGION(INTERNET_GATEWAYS, EC2_DESCRIBE_INTERNET_GATEWAYS, internet_gateways,
           ec2_internet_gateway),
    REGION(EGRESS_ONLY_INTERNET_GATEWAYS, EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS,
           egress_only_internet_gateways, ec2_egress_only_internet_gateway),
    VPC(NAT_GATEWAYS, EC2_DESCRIBE_NAT_GATEWAYS, nat_gateways, ec2_nat_gateway),
    REGION(ADDRESSES, EC2_DESCRIBE_ADDRESSES, addresses, ec2_address),
    VPC(NETWORK_INTERFACES, EC2_DESCRIBE_NETWORK_INTERFACES, network_interfaces,
        ec2_network_interface),
    REGION(AVAILABILITY_ZONES, EC2_DESCRIBE_AVAILABILITY_ZONES, availability_zones,
           ec2_availability_zone),
    REGION(MANAGED_PREFIX_LISTS, EC2_DESCRIBE_MANAGED_PREFIX_LISTS, managed_prefix_lists,
           ec2_managed_prefix_list),
#undef VPC
#undef REGION
};

struct page_run { /* one list of one batch, page after page */
    enum observed_list list;
    size_t first_vpc, n_vpcs; /* into vpc_ids; a region's list has none */
    uint64_t call;
    struct texts tokens; /* those seen, to notice a circle */
    bool done;
};

struct lookup { /* a VPC that the config names by tag */
    size_t wanted;
    uint64_t call;
    bool done;
};

struct observe {
    struct aws_client *client;
    struct arena *arena; /* the observation's; also holds this */
    struct observation *observation;
    struct observe_vpc *vpcs;
    struct texts *resolved; /* for each of vpcs */
    size_t n_vpcs;
    struct texts vpc_ids; /* distinct */
    VEC(struct lookup) lookups;
    VEC(struct page_run) runs;
    bool listing; /* lookups are over */
    bool stale_credentials, lookup_failed;
};

struct observe *observe_new(struct aws_client *client, const char *region, const char *account,
                            uint64_t pass, const struct observe_vpc *vpcs, size_t n_vpcs,
                            struct instant now)
{
    struct arena *arena = arena_new();
    struct observe *observe = ARENA_NEW(arena, struct observe);

    observe->client = client;
    observe->arena = arena;
    observe->observation = ARENA_NEW(arena, struct observation);
    observe->observation->arena = arena;
    observe->observation->region = arena_strdup(arena, region);
    observe->observation->account = arena_strdup(arena, account);
    observe->observation->pass = pass;
    observe->observation->at = now;
    observe->vpcs = ARENA_ARRAY(arena, struct observe_vpc, n_vpcs + 1);
    observe->resolved = ARENA_ARRAY(arena, struct texts, n_vpcs + 1);
    observe->n_vpcs = n_vpcs;
    for (size_t i = 0; i < n_vpcs; i++)
        observe->vpcs[i] = (struct observe_vpc){
            .vpc_id = arena_strdup(arena, vpcs[i].vpc_id),
            .tag_key = arena_strdup(arena, vpcs[i].tag_key),
            .tag_value = arena_strdup(arena, vpcs[i].tag_value),
        };
    for (size_t list = 0; list < LIST_COUNT; list++) {
        observe->observation->lists[list].action = list_table[list].action;
        observe->observation->lists[list].complete = true;
    }
    return observe;
}

struct observe *observe_free(struct observe *observe)
{
    if (observe)
        arena_free(observe->arena);
    return NULL;
}

static void add_text(struct arena *arena, struct texts *texts, const char *text)
{
    const char **items = ARENA_ARRAY(arena, const char *, texts->n + 1);

    if (texts->n)
        memcpy(items, texts->items, texts->n * sizeof(*items));
    items[texts->n++] = text;
    texts->items = items;
}

static struct ec2_filter one_filter(struct arena *arena, const char *name,
                                    const char *const *values, size_t n)
{
    struct ec2_filter filter = {.name = name};

    filter.values.items = ARENA_ARRAY(arena, const char *, n);
    memcpy(filter.values.items, values, n * sizeof(*values));
    filter.values.n = n;
    return filter;
}

static void list_failed(struct observe *observe, enum observed_list list,
                        const struct call_result *result, const char *message)
{
    struct list_status *status = &observe->observation->lists[list];

    if (!status->complete)
        return; /* the first reason stays */
    status->complete = false;
    snprintf(status->message, sizeof(status->message), "%s", message);
    if (result) {
        status->error = result->error;
        status->denied = result->r == -EREMOTEIO && result->error_class == EC2_ERROR_DENIED;
        observe->stale_credentials |=
            result->r == -EREMOTEIO && result->error_class == EC2_ERROR_CREDENTIALS;
    }
}

static void ask_page(struct observe *observe, struct outlet *outlet, struct instant now,
                     struct page_run *run, const char *token)
{
    const struct list_row *row = &list_table[run->list];
    struct ec2_describe_request request = {0};
    struct ec2_filter filter;
    unsigned page_max = ec2_action_table[row->action].page_max;

    if (row->vpc_filter) {
        filter = one_filter(observe->arena, row->vpc_filter,
                            observe->vpc_ids.items + run->first_vpc, run->n_vpcs);
        request.filters.items = &filter;
        request.filters.n = 1;
    }
    if (page_max) {
        request.max_results = (struct wire_int){page_max, true};
        request.next_token = token;
    }
    if (row->action == EC2_DESCRIBE_NETWORK_INTERFACES)
        request.include_managed_resources = WIRE_TRUE; /* aws-facts 2.1: hidden otherwise */
    if (aws_client_call(observe->client, outlet, now, row->action, &request, NULL, true,
                        observe->arena, &run->call) < 0) {
        list_failed(observe, run->list, NULL, "the request could not be encoded");
        run->done = true;
    }
}

static void begin_lists(struct observe *observe, struct outlet *outlet, struct instant now)
{
    observe->listing = true;
    for (size_t list = 0; list < LIST_COUNT; list++) {
        size_t n = observe->vpc_ids.n;

        if (!list_table[list].vpc_filter) {
            *VEC_ADD(observe->arena, &observe->runs) =
                (struct page_run){.list = (enum observed_list)list};
            continue;
        }
        /* An empty filter would describe everything (safety.md 1): no VPC, no call. */
        for (size_t first = 0; first < n; first += OBSERVE_BATCH)
            *VEC_ADD(observe->arena, &observe->runs) = (struct page_run){
                .list = (enum observed_list)list,
                .first_vpc = first,
                .n_vpcs = n - first < OBSERVE_BATCH ? n - first : OBSERVE_BATCH,
            };
    }
    for (size_t i = 0; i < observe->runs.n; i++)
        ask_page(observe, outlet, now, &observe->runs.items[i], NULL);
}

static void note_vpc(struct observe *observe, size_t wanted, const char *vpc_id)
{
    if (!texts_contain(&observe->resolved[wanted], vpc_id))
        add_text(observe->arena, &observe->resolved[wanted], vpc_id);
    if (!texts_contain(&observe->vpc_ids, vpc_id))
        add_text(observe->arena, &observe->vpc_ids, vpc_id);
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
        struct ec2_filter filter =
            one_filter(observe->arena, arena_printf(observe->arena, "tag:%s", vpc->tag_key),
                       (const char *const[]){vpc->tag_value}, 1);
        struct ec2_describe_request request = {.filters = {.items = &filter, .n = 1}};

        if (aws_client_call(observe->client, outlet, now, EC2_DESCRIBE_VPCS, &request, NULL, true,
                            observe->arena, &lookup->call) < 0)
            lookup->done = true;
    }
    if (observe->lookups.n == 0)
        begin_lists(observe, outlet, now);
}

static void lookup_answered(struct observe *observe, struct outlet *outlet, struct instant now,
                            struct lookup *lookup, const struct call_result *result)
{
    bool all = true;

    lookup->done = true;
    if (result->r < 0) {
        list_failed(observe, LIST_VPCS, result, result->message);
    } else {
        const struct ec2_describe_reply *reply = result->reply;

        if (!text_empty(reply->next_token))
            list_failed(observe, LIST_VPCS, NULL,
                        "DescribeVpcs: so many VPCs carry the tag that they come in pages");
        for (size_t i = 0; i < reply->vpcs.n; i++)
            if (reply->vpcs.items[i].vpc_id)
                note_vpc(observe, lookup->wanted, reply->vpcs.items[i].vpc_id);
    }
    for (size_t i = 0; i < observe->lookups.n; i++)
        all &= observe->lookups.items[i].done;
    if (all)
        begin_lists(observe, outlet, now);
}

/* Appends a page's items; every one must be of a VPC that was asked for (S5). */
static const char *take_items(struct observe *observe, const struct page_run *run,
                              const struct ec2_describe_reply *reply)
{
    const struct list_row *row = &list_table[run->list];
    const struct wire_any_list *page =
        (const struct wire_any_list *)((const char *)reply + row->reply_offset);
    VEC(char) *vec = (void *)((char *)observe->observation + row->vec_offset);

    for (size_t i = 0; i < page->n; i++) {
        const char *item = (const char *)page->items + i * row->item_size;

        if (row->vpc_filter) {
            const char *vpc_id = *(const char *const *)(item + row->vpc_id_offset);
            bool asked = false;

            for (size_t k = 0; !asked && k < run->n_vpcs; k++)
                asked = text_equal(vpc_id, observe->vpc_ids.items[run->first_vpc + k]);
            if (!asked)
                return arena_printf(observe->arena, "%s: an item of %s, which was not asked for",
                                    ec2_action_table[row->action].name, vpc_id ? vpc_id : "no VPC");
        }
        vec_grow_(observe->arena, vec, row->item_size);
        memcpy(vec->items + vec->n * row->item_size, item, row->item_size);
        vec->n++;
    }
    return NULL;
}

static void page_answered(struct observe *observe, struct outlet *outlet, struct instant now,
                          struct page_run *run, const struct call_result *result)
{
    const struct ec2_describe_reply *reply = result->reply;
    const char *wrong;

    if (result->r < 0) {
        list_failed(observe, run->list, result, result->message);
        run->done = true;
        return;
    }
    wrong = take_items(observe, run, reply);
    if (wrong) {
        list_failed(observe, run->list, NULL, wrong);
        run->done = true;
        return;
    }
    if (text_empty(reply->next_token)) {
        run->done = true;
        return;
    }
    if (texts_contain(&run->tokens, reply->next_token)) {
        list_failed(observe, run->list, NULL,
                    arena_printf(observe->arena,
                                 "%s: NextToken comes round again: the pages never end",
                                 ec2_action_table[list_table[run->list].action].name));
        run->done = true;
        return;
    }
    add_text(observe->arena, &run->tokens, reply->next_token);
    ask_page(observe, outlet, now, run, reply->next_token);
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
