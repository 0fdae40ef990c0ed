/* How each list is asked for, and where its items go: one row a list. */
#include "observe_private.h"

#include <stdio.h>

enum list_form {
    FORM_REGION,  /* all there is */
    FORM_VPCS,    /* filtered by VPC; the item says of which it is */
    FORM_SERVICE, /* filtered by service name; likewise */
    FORM_OBJECTS, /* one object at a time */
};

static const struct list_row {
    enum ec2_action action;
    enum list_form form;
    size_t reply_offset, vec_offset, item_size;
    size_t value_offset; /* of what the filter names, in an item */
} list_table[LIST_COUNT] = {
#define LIST(list, form, action, member, list_member, type, value)                                 \
    [LIST_##list] = {action,                                                                       \
                     FORM_##form,                                                                  \
                     offsetof(struct ec2_describe_reply, member),                                  \
                     offsetof(struct observation, list_member),                                    \
                     sizeof(struct type),                                                          \
                     value}
#define REGION(list, action, member, type) LIST(list, REGION, action, member, member, type, 0)
#define VPC(list, action, member, type)                                                            \
    LIST(list, VPCS, action, member, member, type, offsetof(struct type, vpc_id))
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
    VPC(SECURITY_GROUPS, EC2_DESCRIBE_SECURITY_GROUPS, security_groups, ec2_security_group),
    VPC(NETWORK_ACLS, EC2_DESCRIBE_NETWORK_ACLS, network_acls, ec2_network_acl),
    VPC(VPC_ENDPOINTS, EC2_DESCRIBE_VPC_ENDPOINTS, vpc_endpoints, ec2_vpc_endpoint),
    LIST(VPC_ENDPOINT_SERVICES, SERVICE, EC2_DESCRIBE_VPC_ENDPOINT_SERVICES, service_details,
         vpc_endpoint_services, ec2_service_detail,
         offsetof(struct ec2_service_detail, service_name)),
#undef VPC
#undef REGION
#undef LIST
    [LIST_VPC_ATTRIBUTES] = {.action = EC2_DESCRIBE_VPC_ATTRIBUTE, .form = FORM_OBJECTS},
    [LIST_PREFIX_LIST_ENTRIES] = {.action = EC2_GET_MANAGED_PREFIX_LIST_ENTRIES,
                                  .form = FORM_OBJECTS},
    [LIST_CAPACITY_PROVIDERS] = {.action = EC2_NO_ACTION, .form = FORM_OBJECTS},
};

enum ec2_action list_action(enum observed_list list)
{
    return list_table[list].action;
}

static const struct texts *filter_values(const struct observe *observe, enum observed_list list)
{
    switch (list_table[list].form) {
    case FORM_VPCS:
        return &observe->vpc_ids;
    case FORM_SERVICE:
        return &observe->service_names;
    case FORM_REGION:
    case FORM_OBJECTS:
        break;
    }
    return NULL;
}

/* ---- asking ---- */

static struct page_run *add_run(struct observe *observe, enum observed_list list,
                                const char *subject)
{
    struct page_run *run = VEC_ADD(observe->arena, &observe->runs);

    *run = (struct page_run){.list = list, .subject = subject};
    return run;
}

/* An empty filter would describe everything (safety.md 1): no value, no call. */
static void add_batches(struct observe *observe, enum observed_list list, size_t n_values)
{
    for (size_t first = 0; first < n_values; first += OBSERVE_BATCH) {
        struct page_run *run = add_run(observe, list, NULL);

        run->first = first;
        run->n = n_values - first < OBSERVE_BATCH ? n_values - first : OBSERVE_BATCH;
    }
}

static void add_objects(struct observe *observe, enum observed_list list)
{
    static const char *const attributes[] = {"enableDnsSupport", "enableDnsHostnames"};
    struct texts subjects = list == LIST_PREFIX_LIST_ENTRIES  ? named_prefix_lists(observe)
                            : list == LIST_CAPACITY_PROVIDERS ? observe->capacity_providers
                                                              : observe->vpc_ids;

    for (size_t i = 0; i < subjects.n; i++) {
        if (list != LIST_VPC_ATTRIBUTES) {
            add_run(observe, list, subjects.items[i]);
            continue;
        }
        for (size_t k = 0; k < ARRAY_SIZE(attributes); k++) /* one a call (aws-facts 2.1) */
            add_run(observe, list, subjects.items[i])->attribute = attributes[k];
    }
}

void list_add_runs(struct observe *observe, enum observed_list list)
{
    switch (list_table[list].form) {
    case FORM_REGION:
        add_run(observe, list, NULL);
        break;
    case FORM_VPCS:
    case FORM_SERVICE:
        add_batches(observe, list, filter_values(observe, list)->n);
        break;
    case FORM_OBJECTS:
        add_objects(observe, list);
        break;
    }
}

int list_ask(struct observe *observe, struct outlet *outlet, struct instant now,
             struct page_run *run, const char *token)
{
    const struct list_row *row = &list_table[run->list];
    struct ec2_describe_request request = {0};
    struct ec2_filter filter = {.name = row->form == FORM_VPCS ? "vpc-id" : "service-name"};
    unsigned page_max;

    if (run->list == LIST_CAPACITY_PROVIDERS)
        return aws_client_get_capacity_provider(observe->client, outlet, now, run->subject,
                                                observe->arena, &run->call);
    if (run->n) {
        filter.values.items = ARENA_ARRAY(observe->arena, const char *, run->n);
        memcpy(filter.values.items, filter_values(observe, run->list)->items + run->first,
               run->n * sizeof(*filter.values.items));
        filter.values.n = run->n;
        request.filters.items = &filter;
        request.filters.n = 1;
    }
    page_max = ec2_action_table[row->action].page_max;
    if (page_max) {
        request.max_results = (struct wire_int){page_max, true};
        request.next_token = token;
    }
    if (row->action == EC2_DESCRIBE_NETWORK_INTERFACES)
        request.include_managed_resources = WIRE_TRUE; /* aws-facts 2.1: hidden otherwise */
    if (run->list == LIST_VPC_ATTRIBUTES) {
        request.vpc_id = run->subject;
        request.attribute = run->attribute;
    }
    if (run->list == LIST_PREFIX_LIST_ENTRIES)
        request.prefix_list_id = run->subject;
    return aws_client_call(observe->client, outlet, now, row->action, &request, NULL, true,
                           observe->arena, &run->call);
}

/* ---- taking ---- */

/* Appends a page's items; every one must be one that was asked for (S5). */
static const char *take_items(struct observe *observe, const struct page_run *run,
                              const struct ec2_describe_reply *reply)
{
    const struct list_row *row = &list_table[run->list];
    const struct texts *values = filter_values(observe, run->list);
    const struct wire_any_list *page =
        (const struct wire_any_list *)((const char *)reply + row->reply_offset);
    VEC(char) *vec = (void *)((char *)observe->observation + row->vec_offset);

    for (size_t i = 0; i < page->n; i++) {
        const char *item = (const char *)page->items + i * row->item_size;

        if (values) {
            const char *value = *(const char *const *)(item + row->value_offset);
            const struct texts asked = {values->items + run->first, run->n};

            if (!value || !texts_contain(&asked, value))
                return arena_printf(observe->arena, "%s: an item of %s, which was not asked for",
                                    observed_list_action(run->list),
                                    value                    ? value
                                    : row->form == FORM_VPCS ? "no VPC"
                                                             : "no service");
        }
        vec_grow_(observe->arena, vec, row->item_size);
        memcpy(vec->items + vec->n * row->item_size, item, row->item_size);
        vec->n++;
    }
    return NULL;
}

const char *list_take(struct observe *observe, const struct page_run *run, const void *reply)
{
    switch (run->list) {
    case LIST_VPC_ATTRIBUTES:
        return take_vpc_attribute(observe, run, reply);
    case LIST_PREFIX_LIST_ENTRIES:
        return take_prefix_list_entries(observe, run, reply);
    case LIST_CAPACITY_PROVIDERS:
        return take_capacity_provider(observe, run, reply);
    default:
        return take_items(observe, run, reply);
    }
}
