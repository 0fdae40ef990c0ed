#include "vpc_reconciled/model.h"

#include <stdio.h>
#include <stdlib.h>

/* Every item of every list starts somewhere with its id; one row a list. */
static const struct {
    size_t vec_offset, item_size, id_offset;
} list_table[LIST_COUNT] = {
#define ROW(member, type, id)                                                                      \
    {                                                                                              \
        offsetof(struct observation, member), sizeof(struct type), offsetof(struct type, id)       \
    }
    [LIST_VPCS] = ROW(vpcs, ec2_vpc, vpc_id),
    [LIST_SUBNETS] = ROW(subnets, ec2_subnet, subnet_id),
    [LIST_ROUTE_TABLES] = ROW(route_tables, ec2_route_table, route_table_id),
    [LIST_INTERNET_GATEWAYS] = ROW(internet_gateways, ec2_internet_gateway, internet_gateway_id),
    [LIST_EGRESS_ONLY_INTERNET_GATEWAYS] =
        ROW(egress_only_internet_gateways, ec2_egress_only_internet_gateway,
            egress_only_internet_gateway_id),
    [LIST_NAT_GATEWAYS] = ROW(nat_gateways, ec2_nat_gateway, nat_gateway_id),
    [LIST_ADDRESSES] = ROW(addresses, ec2_address, allocation_id),
    [LIST_NETWORK_INTERFACES] =
        ROW(network_interfaces, ec2_network_interface, network_interface_id),
    [LIST_AVAILABILITY_ZONES] = ROW(availability_zones, ec2_availability_zone, zone_name),
    [LIST_MANAGED_PREFIX_LISTS] =
        ROW(managed_prefix_lists, ec2_managed_prefix_list, prefix_list_id),
    [LIST_SECURITY_GROUPS] = ROW(security_groups, ec2_security_group, group_id),
    [LIST_NETWORK_ACLS] = ROW(network_acls, ec2_network_acl, network_acl_id),
    [LIST_VPC_ENDPOINTS] = ROW(vpc_endpoints, ec2_vpc_endpoint, vpc_endpoint_id),
    [LIST_VPC_ENDPOINT_SERVICES] = ROW(vpc_endpoint_services, ec2_service_detail, service_name),
    [LIST_VPC_ATTRIBUTES] = ROW(vpc_attributes, observed_vpc_attributes, vpc_id),
    [LIST_PREFIX_LIST_ENTRIES] = ROW(prefix_list_entries, observed_prefix_list, prefix_list_id),
    [LIST_CAPACITY_PROVIDERS] = ROW(capacity_providers, observed_capacity_provider, name),
#undef ROW
};

typedef VEC(char) any_vec;

static const char *item_id(const void *item, size_t id_offset)
{
    return *(const char *const *)((const char *)item + id_offset);
}

static int compare_items(const void *a, const void *b, void *id_offset)
{
    return text_compare(item_id(a, *(size_t *)id_offset), item_id(b, *(size_t *)id_offset));
}

static void list_doubt(struct observation *observation, enum observed_list list, const char *what,
                       const char *id)
{
    struct list_status *status = &observation->lists[list];

    status->complete = false;
    snprintf(status->message, sizeof(status->message), "%s: %s %s", observed_list_action(list),
             what, id);
}

void observation_seal(struct observation *observation)
{
    for (size_t list = 0; list < LIST_COUNT; list++) {
        any_vec *vec = (any_vec *)((char *)observation + list_table[list].vec_offset);
        size_t size = list_table[list].item_size, id_offset = list_table[list].id_offset;

        if (!observation->lists[list].complete || vec->n == 0)
            continue;
        qsort_r(vec->items, vec->n, size, compare_items, &id_offset);
        for (size_t i = 0; i < vec->n; i++) {
            const char *id = item_id(vec->items + i * size, id_offset);

            /* An EC2-Classic address has no allocation id; nothing of ours can be one. */
            if (!id && list == LIST_ADDRESSES)
                continue;
            if (!id)
                list_doubt(observation, (enum observed_list)list, "an item without an id", "");
            else if (i > 0 && list != LIST_VPC_ENDPOINT_SERVICES && /* S3: once for each type */
                     text_equal(id, item_id(vec->items + (i - 1) * size, id_offset)))
                list_doubt(observation, (enum observed_list)list, "listed twice:", id);
        }
    }
}

static const void *find(const void *items, size_t n, size_t size, size_t id_offset, const char *id)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const void *item = (const char *)items + middle * size;
        int r = text_compare(item_id(item, id_offset), id);

        if (r == 0)
            return item;
        if (r < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct ec2_internet_gateway *
observation_find_internet_gateway(const struct observation *observation, const char *id)
{
    return find(observation->internet_gateways.items, observation->internet_gateways.n,
                sizeof(struct ec2_internet_gateway),
                offsetof(struct ec2_internet_gateway, internet_gateway_id), id);
}

const struct ec2_egress_only_internet_gateway *
observation_find_egress_only_internet_gateway(const struct observation *observation, const char *id)
{
    return find(observation->egress_only_internet_gateways.items,
                observation->egress_only_internet_gateways.n,
                sizeof(struct ec2_egress_only_internet_gateway),
                offsetof(struct ec2_egress_only_internet_gateway, egress_only_internet_gateway_id),
                id);
}

const struct observed_prefix_list *
observation_find_prefix_list_entries(const struct observation *observation, const char *id)
{
    if (!observation->lists[LIST_PREFIX_LIST_ENTRIES].complete)
        return NULL;
    return find(observation->prefix_list_entries.items, observation->prefix_list_entries.n,
                sizeof(struct observed_prefix_list),
                offsetof(struct observed_prefix_list, prefix_list_id), id);
}

const struct observed_capacity_provider *
observation_find_capacity_provider(const struct observation *observation, const char *name)
{
    if (!observation->lists[LIST_CAPACITY_PROVIDERS].complete)
        return NULL;
    return find(observation->capacity_providers.items, observation->capacity_providers.n,
                sizeof(struct observed_capacity_provider),
                offsetof(struct observed_capacity_provider, name), name);
}

const char *observation_service_ipv6(const struct observation *observation, const char *name,
                                     enum verdict *ret_ipv6)
{
    VEC_EACH (service, &observation->services)
        if (text_equal(service->name, name)) {
            if (ret_ipv6)
                *ret_ipv6 = service->ipv6;
            return service->dualstack_name;
        }
    return NULL;
}
