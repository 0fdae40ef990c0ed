/* Managed prefix lists: AWS's own for S3 and DynamoDB, and the entries of any. */
#include "actions.h"
#include "pages.h"

static const struct {
    const char *service, *id;
    const char *entries[6]; /* of the size and kind that AWS has */
} service_table[] = {
    {"s3", "pl-61a54008", {"3.5.152.0/21", "52.219.0.0/20", "52.219.16.0/22", "52.219.136.0/22"}},
    {"dynamodb", "pl-78a54011", {"35.71.115.0/24", "52.94.8.0/24"}},
};

static bool has_entries(const struct state *state, const char *id)
{
    VEC_EACH (entry, &state->prefix_list_entries)
        if (text_equal(entry->prefix_list_id, id))
            return true;
    return false;
}

static const struct ec2_managed_prefix_list *find_by_name(struct state *state, const char *name)
{
    VEC_EACH (list, &state->objects.managed_prefix_lists)
        if (text_equal(list->prefix_list_name, name))
            return list;
    return NULL;
}

static const struct ec2_managed_prefix_list *make(struct simulator *simulator, const char *name,
                                                  const char *id)
{
    struct state *state = &simulator->state;
    struct ec2_managed_prefix_list *list = state_add(state, KIND_PREFIX_LIST, id);

    list->prefix_list_name = name;
    list->address_family = "IPv4";
    list->owner_id = "AWS";
    list->prefix_list_arn =
        arena_printf(state->arena, "arn:aws:ec2:%s:aws:prefix-list/%s", simulator->region, id);
    list->state = "create-complete";
    list->tags.seen = true;
    return list;
}

void prefix_lists_init(struct simulator *simulator)
{
    struct state *state = &simulator->state;

    for (size_t i = 0; i < ARRAY_SIZE(service_table); i++) {
        const char *name = arena_printf(state->arena, "com.amazonaws.%s.%s", simulator->region,
                                        service_table[i].service);
        const struct ec2_managed_prefix_list *list = find_by_name(state, name);

        if (!list && state_find(state, KIND_PREFIX_LIST, service_table[i].id))
            continue; /* the world has that id for something else */
        if (!list)
            list = make(simulator, name, service_table[i].id);
        if (has_entries(state, list->prefix_list_id))
            continue;
        for (size_t k = 0; service_table[i].entries[k]; k++) {
            struct prefix_list_entry *entry = LIST_ADD(state->arena, &state->prefix_list_entries);
            int r = prefix_parse(service_table[i].entries[k], &entry->cidr);

            assert(r == 0);
            entry->prefix_list_id = list->prefix_list_id;
        }
    }
}

/* ---- GetManagedPrefixListEntries ---- */

static int check_page(struct call *call)
{
    const struct wire_int *max_results = &call->describe.max_results;

    if (max_results->set && (max_results->value < 1 || max_results->value > call->row->page_max))
        return call_fail(call, "InvalidMaxResults",
                         "Value ( %lld ) for parameter maxResults is invalid. Expecting a value "
                         "between 1 and %d.",
                         (long long)max_results->value, call->row->page_max);
    return 0;
}

int prefix_list_entries(struct call *call)
{
    const struct ec2_describe_request *request = &call->describe;
    struct ec2_describe_reply *reply = &call->describe_reply;
    const size_t limit =
        request->max_results.set ? (size_t)request->max_results.value : call->row->page_max;
    const char *after = page_token_read(call);
    bool begun = after && (!*after || text_equal(after, PAGE_LOOP));
    char cidr[PREFIX_TEXT_SIZE] = "";

    if (call_require(call, request->prefix_list_id, "PrefixListId") < 0 || check_page(call) < 0 ||
        !call_find(call, KIND_PREFIX_LIST, request->prefix_list_id))
        return -EINVAL;
    if (!after)
        return call_fail(call, "InvalidPaginationToken",
                         "The nextToken is invalid: it does not belong to this request");
    reply->prefix_list_entries.seen = true;
    VEC_EACH (entry, &call->state->prefix_list_entries) {
        if (!text_equal(entry->prefix_list_id, request->prefix_list_id))
            continue;
        if (begun && reply->prefix_list_entries.n == limit) {
            reply->next_token = page_token(call, arena_strdup(call->arena, cidr));
            break;
        }
        prefix_format(&entry->cidr, cidr);
        if (begun)
            *LIST_ADD(call->arena, &reply->prefix_list_entries) =
                (struct ec2_prefix_list_entry){entry->cidr, entry->description};
        begun |= text_equal(after, cidr);
    }
    if (text_equal(after, PAGE_LOOP))
        reply->next_token = request->next_token;
    return 0;
}
