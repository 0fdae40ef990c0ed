/* Lists of what AWS tells of one object at a time: a VPC's attributes, a prefix list's entries, a
 * capacity provider. */
#include "observe_private.h"

static struct observed_vpc_attributes *attributes_of(struct observe *observe, const char *vpc_id)
{
    struct observed_vpc_attributes *attributes;

    VEC_EACH (known, &observe->observation->vpc_attributes)
        if (text_equal(known->vpc_id, vpc_id))
            return known;
    attributes = VEC_ADD(observe->arena, &observe->observation->vpc_attributes);
    attributes->vpc_id = vpc_id;
    return attributes;
}

const char *take_vpc_attribute(struct observe *observe, const struct page_run *run,
                               const struct ec2_describe_reply *reply)
{
    bool support = text_equal(run->attribute, "enableDnsSupport");
    uint8_t value = support ? reply->enable_dns_support : reply->enable_dns_hostnames;
    struct observed_vpc_attributes *attributes;

    if (!text_equal(reply->vpc_id, run->subject))
        return arena_printf(observe->arena,
                            "DescribeVpcAttribute: an attribute of %s, which was not asked for",
                            reply->vpc_id ? reply->vpc_id : "no VPC");
    if (value == WIRE_ABSENT)
        return arena_printf(observe->arena, "DescribeVpcAttribute: the reply has no %s of %s",
                            run->attribute, run->subject);
    attributes = attributes_of(observe, run->subject);
    if (support)
        attributes->enable_dns_support = value;
    else
        attributes->enable_dns_hostnames = value;
    return NULL;
}

static struct observed_prefix_list *prefix_list_of(struct observe *observe, const char *id)
{
    struct observed_prefix_list *list;

    VEC_EACH (known, &observe->observation->prefix_list_entries)
        if (text_equal(known->prefix_list_id, id))
            return known;
    list = VEC_ADD(observe->arena, &observe->observation->prefix_list_entries);
    list->prefix_list_id = id;
    return list;
}

const char *take_prefix_list_entries(struct observe *observe, const struct page_run *run,
                                     const struct ec2_describe_reply *reply)
{
    struct observed_prefix_list *list = prefix_list_of(observe, run->subject);
    size_t n = reply->prefix_list_entries.n;
    struct prefix *entries = ARENA_ARRAY(observe->arena, struct prefix, list->n + n + 1);

    if (list->n)
        memcpy(entries, list->entries, list->n * sizeof(*entries));
    for (size_t i = 0; i < n; i++) {
        entries[list->n + i] = reply->prefix_list_entries.items[i].cidr;
        if (entries[list->n + i].family == FAMILY_NONE)
            return arena_printf(observe->arena,
                                "GetManagedPrefixListEntries: an entry of %s without a CIDR block",
                                run->subject);
    }
    list->entries = entries;
    list->n += n;
    return NULL;
}

const char *take_capacity_provider(struct observe *observe, const struct page_run *run,
                                   const struct observed_capacity_provider *provider)
{
    (void)run; /* the client has held it against the name that was asked for */
    *VEC_ADD(observe->arena, &observe->observation->capacity_providers) = *provider;
    return NULL;
}

static void add_permissions(struct arena *arena, struct texts *ids,
                            const ec2_ip_permissions *permissions)
{
    for (size_t i = 0; i < permissions->n; i++) {
        const struct ec2_ip_permission *permission = &permissions->items[i];

        for (size_t k = 0; k < permission->prefix_list_ids.n; k++)
            texts_add_once(arena, ids, permission->prefix_list_ids.items[k].prefix_list_id);
    }
}

struct texts named_prefix_lists(const struct observe *observe)
{
    const struct observation *observation = observe->observation;
    struct texts ids = {0};

    VEC_EACH (group, &observation->security_groups) {
        add_permissions(observe->arena, &ids, &group->ip_permissions);
        add_permissions(observe->arena, &ids, &group->ip_permissions_egress);
    }
    VEC_EACH (table, &observation->route_tables)
        for (size_t i = 0; i < table->routes.n; i++)
            texts_add_once(observe->arena, &ids, table->routes.items[i].destination_prefix_list_id);
    return ids;
}
