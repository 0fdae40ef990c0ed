/* Every Describe of a list: by ids, or by filters and pages. */
#include "actions.h"
#include "filters.h"
#include "pages.h"
#include "participant.h"
#include "visibility.h"

#define PAGE_MIN 5
#define PAGE_WITHOUT_MAX_RESULTS                                                                   \
    1000 /* a page may be cut although MaxResults was not sent (aws-facts 1.5) */

static bool is_hidden(const struct call *call, enum kind kind, const void *item)
{
    const struct ec2_network_interface *interface = item;
    const struct ec2_availability_zone *zone = item;

    if (!visibility_shows(call, kind, kind_id(kind, item)) || participant_misses(call, kind, item))
        return true;
    if (kind == KIND_ZONE) /* EC2 API Reference, DescribeAvailabilityZones: AllAvailabilityZones */
        return text_equal(zone->opt_in_status, "not-opted-in") &&
               call->describe.all_availability_zones != WIRE_TRUE;
    return kind == KIND_NETWORK_INTERFACE && interface->operator_managed == WIRE_TRUE &&
           interface->operator_hidden_by_default == WIRE_TRUE &&
           call->describe.include_managed_resources != WIRE_TRUE;
}

static int check_page(struct call *call)
{
    const struct ec2_describe_request *request = &call->describe;
    /* Prefix lists go down to 1: aws-facts 1.5. */
    int64_t min = call->action == EC2_DESCRIBE_MANAGED_PREFIX_LISTS ? 1 : PAGE_MIN;

    if (request->ids.n && request->max_results.set)
        return call_fail(call, "InvalidParameterCombination",
                         "The parameter maxResults cannot be used with ids in the same request");
    if (request->max_results.set &&
        (request->max_results.value < min || request->max_results.value > call->row->page_max))
        return call_fail(call, "InvalidMaxResults",
                         "Value ( %lld ) for parameter maxResults is invalid. Expecting a value "
                         "between %lld and %d.",
                         (long long)request->max_results.value, (long long)min,
                         call->row->page_max);
    return 0;
}

/* ---- ids ---- */

static bool is_asked_for(const struct call *call, enum kind kind, const void *item)
{
    const struct ec2_describe_request *request = &call->describe;
    const struct ec2_address *address = item;
    const struct ec2_availability_zone *zone = item;
    const struct ec2_service_detail *service = item;
    const char *second = kind == KIND_ADDRESS ? address->public_ip
                         : kind == KIND_ZONE  ? zone->zone_id
                                              : NULL;
    const struct wire_texts *seconds =
        kind == KIND_ADDRESS ? &request->public_ips : &request->zone_ids;

    if (!request->ids.n && !request->public_ips.n && !request->zone_ids.n)
        return true;
    for (size_t i = 0; i < request->ids.n; i++)
        if (text_equal(request->ids.items[i],
                       kind == KIND_ENDPOINT_SERVICE ? service->service_name : kind_id(kind, item)))
            return true;
    for (size_t i = 0; i < seconds->n; i++)
        if (text_equal(seconds->items[i], second))
            return true;
    return false;
}

static int check_zones(struct call *call)
{
    const struct ec2_describe_request *request = &call->describe;

    for (size_t i = 0; i < request->ids.n; i++)
        if (!zone_by_name_or_id(call->state, request->ids.items[i], NULL))
            return call_fail(call, "InvalidParameterValue", "Invalid availability zone: [%s]",
                             request->ids.items[i]);
    for (size_t i = 0; i < request->zone_ids.n; i++)
        if (!zone_by_name_or_id(call->state, NULL, request->zone_ids.items[i]))
            return call_fail(call, "InvalidParameterValue", "Invalid availability zone-id: [%s]",
                             request->zone_ids.items[i]);
    return 0;
}

static int check_public_ips(struct call *call)
{
    const struct wire_texts *ips = &call->describe.public_ips;

    for (size_t i = 0; i < ips->n; i++) {
        bool found = false;

        VEC_EACH (address, &call->state->objects.addresses)
            found |= text_equal(address->public_ip, ips->items[i]) &&
                     !is_hidden(call, KIND_ADDRESS, address);
        if (!found)
            return call_fail(call, "InvalidAddress.NotFound", "Address '%s' not found.",
                             ips->items[i]);
    }
    return 0;
}

static int check_services(struct call *call)
{
    const struct wire_texts *names = &call->describe.ids;

    for (size_t i = 0; i < names->n; i++) {
        bool found = false;

        VEC_EACH (service, &call->state->objects.service_details)
            found |= text_equal(service->service_name, names->items[i]);
        if (!found)
            return call_fail(call, "InvalidServiceName",
                             "The Vpc Endpoint Service '%s' does not exist", names->items[i]);
    }
    return 0;
}

static int check_ids(struct call *call, enum kind kind)
{
    const struct wire_texts *ids = &call->describe.ids;

    if (kind == KIND_ZONE)
        return check_zones(call);
    if (kind == KIND_ENDPOINT_SERVICE)
        return check_services(call);
    for (size_t i = 0; i < ids->n; i++) {
        const void *item = call_find(call, kind, ids->items[i]);

        if (!item)
            return -EINVAL;
        if (is_hidden(call, kind, item))
            return call_fail(call, kind_table[kind].not_found, "The %s '%s' does not exist",
                             kind_table[kind].noun, ids->items[i]);
    }
    return check_public_ips(call);
}

/* ---- the list ---- */

int describe(struct call *call)
{
    enum kind kind = kind_of_describe(call->action);
    const struct wire_any_list *all = state_list(call->state, kind);
    struct wire_any_list *page = (void *)((char *)&call->describe_reply + call->row->list_offset);
    const struct wire_int *max_results = &call->describe.max_results;
    size_t size = kind_shape(kind)->size;
    size_t limit = max_results->set      ? (size_t)max_results->value
                   : call->row->page_max ? PAGE_WITHOUT_MAX_RESULTS
                                         : SIZE_MAX;
    const char *after = page_token_read(call);
    bool loop = after && text_equal(after, PAGE_LOOP);

    if (check_page(call) < 0 || check_ids(call, kind) < 0 || filters_check(call, kind) < 0)
        return -EINVAL;
    if (!after)
        return call_fail(call, "InvalidPaginationToken",
                         "The nextToken is invalid: it does not belong to this request");
    page->seen = true;
    for (size_t i = 0; i < all->n; i++) {
        const char *item = (const char *)all->items + i * size;

        if ((!loop && strcmp(kind_id(kind, item), after) <= 0) || is_hidden(call, kind, item) ||
            !is_asked_for(call, kind, item) || !filters_match(&call->describe.filters, kind, item))
            continue;
        if (page->n == limit) {
            call->describe_reply.next_token =
                page_token(call, kind_id(kind, (const char *)page->items + (page->n - 1) * size));
            break;
        }
        participant_strip(call, kind, memcpy(list_add(call->arena, page, size), item, size));
    }
    if (loop)
        call->describe_reply.next_token = call->describe.next_token;
    return 0;
}
