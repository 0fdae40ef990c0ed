/* What an endpoint consists of: entries of route tables, or interfaces in subnets and names. */
#include "vpc_endpoints.h"

void texts_add(struct arena *arena, struct wire_texts *texts, const char *text)
{
    const char **items = ARENA_ARRAY(arena, const char *, texts->n + 1);

    if (texts->n)
        memcpy(items, texts->items, texts->n * sizeof(*items));
    items[texts->n++] = arena_strdup(arena, text);
    texts->items = items;
    texts->seen = true;
}

static bool contains(const struct wire_texts *texts, const char *text)
{
    return texts_contain(&(const struct texts){texts->items, texts->n}, text);
}

/* Items are shared with nobody: texts_add() copies. */
void texts_remove(struct wire_texts *texts, const char *text)
{
    size_t n = 0;

    for (size_t i = 0; i < texts->n; i++)
        if (!text_equal(texts->items[i], text))
            texts->items[n++] = texts->items[i];
    texts->n = n;
}

/* ---- gateway endpoints: entries of route tables ---- */

static const char *prefix_list_of(struct state *state, const char *service_name)
{
    VEC_EACH (list, &state->objects.managed_prefix_lists)
        if (text_equal(list->prefix_list_name, service_name))
            return list->prefix_list_id;
    return NULL;
}

int endpoint_check_tables(struct call *call, const struct ec2_vpc_endpoint *endpoint,
                          const struct wire_texts *table_ids)
{
    const char *list = prefix_list_of(call->state, endpoint->service_name);

    for (size_t i = 0; i < table_ids->n; i++) {
        const struct ec2_route_table *table =
            call_find(call, KIND_ROUTE_TABLE, table_ids->items[i]);

        if (!table)
            return -EINVAL;
        if (!text_equal(table->vpc_id, endpoint->vpc_id))
            return call_fail(call, "InvalidParameter", "Route table %s does not belong to VPC %s",
                             table->route_table_id, endpoint->vpc_id);
        if (contains(&endpoint->route_table_ids, table->route_table_id))
            continue;
        VEC_EACH (route, &table->routes) /* aws-facts 2.4 */
            if (list && text_equal(route->destination_prefix_list_id, list))
                return call_fail(call, "RouteAlreadyExists",
                                 "route table %s already has a route with "
                                 "destination-prefix-list-id %s",
                                 table->route_table_id, list);
    }
    return 0;
}

void endpoint_add_tables(struct call *call, struct ec2_vpc_endpoint *endpoint,
                         const struct wire_texts *table_ids)
{
    const char *list = prefix_list_of(call->state, endpoint->service_name);

    for (size_t i = 0; i < table_ids->n; i++) {
        struct ec2_route_table *table =
            state_find(call->state, KIND_ROUTE_TABLE, table_ids->items[i]);

        if (contains(&endpoint->route_table_ids, table->route_table_id))
            continue;
        texts_add(call->state->arena, &endpoint->route_table_ids, table->route_table_id);
        if (!list)
            continue;
        *LIST_ADD(call->state->arena, &table->routes) =
            (struct ec2_route){.destination_prefix_list_id = list,
                               .gateway_id = endpoint->vpc_endpoint_id,
                               .origin = EC2_ORIGIN_CREATE_ROUTE,
                               .state = EC2_ROUTE_ACTIVE};
    }
}

void endpoint_remove_table(struct state *state, struct ec2_vpc_endpoint *endpoint,
                           const char *table_id)
{
    struct ec2_route_table *table = state_find(state, KIND_ROUTE_TABLE, table_id);

    for (size_t i = table ? table->routes.n : 0; i-- > 0;)
        if (text_equal(table->routes.items[i].gateway_id, endpoint->vpc_endpoint_id))
            LIST_REMOVE(&table->routes, i);
    texts_remove(&endpoint->route_table_ids, table_id);
}

/* ---- interface endpoints: one interface in each subnet ---- */

static int check_subnet(struct call *call, const struct ec2_vpc_endpoint *endpoint,
                        const struct ec2_service_detail *service, const struct ec2_subnet *subnet)
{
    if (!text_equal(subnet->vpc_id, endpoint->vpc_id))
        return call_fail(call, "InvalidParameter", "Subnet %s does not belong to VPC %s",
                         subnet->subnet_id, endpoint->vpc_id);
    if (service && !contains(&service->availability_zones, subnet->availability_zone))
        return call_fail(call, "InvalidParameter",
                         "The VPC endpoint service %s does not support the availability zone of "
                         "the subnet: %s.",
                         endpoint->service_name, subnet->subnet_id);
    if (subnet->available_ip_address_count.value <= 0 && subnet->ipv6_native != WIRE_TRUE)
        return call_fail(call, "InsufficientFreeAddressesInSubnet",
                         "The subnet '%s' has insufficient free addresses.", subnet->subnet_id);
    return 0;
}

int endpoint_check_subnets(struct call *call, const struct ec2_vpc_endpoint *endpoint,
                           const struct wire_texts *subnet_ids)
{
    const struct ec2_service_detail *service =
        endpoint_service_find(call->state, endpoint->service_name, endpoint->vpc_endpoint_type);
    const struct wire_texts *const lists[] = {&endpoint->subnet_ids, subnet_ids};

    for (size_t i = 0; i < subnet_ids->n; i++) {
        const struct ec2_subnet *subnet = call_find(call, KIND_SUBNET, subnet_ids->items[i]);

        if (!subnet || check_subnet(call, endpoint, service, subnet) < 0)
            return -EINVAL;
    }
    for (size_t i = 0; i < subnet_ids->n; i++) {
        const struct ec2_subnet *subnet =
            state_find(call->state, KIND_SUBNET, subnet_ids->items[i]);

        for (size_t k = 0; k < ARRAY_SIZE(lists); k++)
            for (size_t j = 0; j < lists[k]->n; j++) {
                const struct ec2_subnet *other =
                    state_find(call->state, KIND_SUBNET, lists[k]->items[j]);

                if ((k == 1 && j == i) || !other ||
                    !text_equal(other->availability_zone, subnet->availability_zone))
                    continue;
                return call_fail(call, "DuplicateSubnetsInSameZone",
                                 "Found another VPC endpoint subnet in the availability zone of %s",
                                 subnet->subnet_id);
            }
    }
    return 0;
}

int endpoint_add_subnets(struct call *call, const char *endpoint_id,
                         const struct wire_texts *subnet_ids)
{
    struct state *state = call->state;
    struct ec2_vpc_endpoint *endpoint = state_find(state, KIND_VPC_ENDPOINT, endpoint_id);
    bool ipv4 = !text_equal(endpoint->ip_address_type, "ipv6"),
         ipv6 = !text_equal(endpoint->ip_address_type, "ipv4");

    for (size_t i = 0; i < subnet_ids->n; i++) {
        const struct ec2_subnet *subnet = state_find(state, KIND_SUBNET, subnet_ids->items[i]);
        struct ec2_network_interface *interface =
            network_interface_new(call, subnet, NULL, ipv6 ? 1 : 0);

        if (!interface)
            return -EINVAL;
        interface->interface_type = "vpc_endpoint";
        interface->status = "in-use";
        interface->requester_managed = WIRE_TRUE;
        interface->deny_all_igw_traffic = WIRE_TRUE; /* aws-facts 11 */
        interface->requester_id = "amazon-aws";
        interface->description =
            arena_printf(state->arena, "VPC Endpoint Interface %s", endpoint_id);
        if (!ipv4)
            interface->private_ip_address = NULL;
        VEC_EACH (group, &endpoint->groups)
            *LIST_ADD(state->arena, &interface->groups) = *group;
        texts_add(state->arena, &endpoint->network_interface_ids, interface->network_interface_id);
        texts_add(state->arena, &endpoint->subnet_ids, subnet->subnet_id);
    }
    return 0;
}

void endpoint_remove_subnet(struct state *state, struct ec2_vpc_endpoint *endpoint,
                            const char *subnet_id)
{
    for (size_t i = endpoint->network_interface_ids.n; i-- > 0;) {
        const char *id = endpoint->network_interface_ids.items[i];
        const struct ec2_network_interface *interface =
            state_find(state, KIND_NETWORK_INTERFACE, id);

        if (!interface || !text_equal(interface->subnet_id, subnet_id))
            continue;
        texts_remove(&endpoint->network_interface_ids, id);
        network_interface_remove(state, id);
    }
    texts_remove(&endpoint->subnet_ids, subnet_id);
}

/* ---- names ---- */

/* aws-facts 2.7: both DNS attributes; 2.4: one endpoint of a service has the name in a VPC. That of
 * S3 wants a gateway endpoint beside it (scenarios.md 18). */
int endpoint_check_private_dns(struct call *call, const struct ec2_vpc_endpoint *endpoint)
{
    const struct vpc_attributes *attributes = vpc_attributes_find(call->state, endpoint->vpc_id);
    const struct ec2_service_detail *service =
        endpoint_service_find(call->state, endpoint->service_name, "Interface");
    bool gateway = false;

    if (!service || !service->private_dns_name)
        return call_fail(call, "InvalidParameter",
                         "Private DNS can't be enabled because the service %s does not provide a "
                         "private DNS name.",
                         endpoint->service_name);
    if (attributes->enable_dns_support != WIRE_TRUE ||
        attributes->enable_dns_hostnames != WIRE_TRUE)
        return call_fail(call, "InvalidParameter",
                         "Enabling private DNS requires both enableDnsSupport and "
                         "enableDnsHostnames VPC attributes set to true for %s",
                         endpoint->vpc_id);
    VEC_EACH (other, &call->state->objects.vpc_endpoints) {
        if (!text_equal(other->vpc_id, endpoint->vpc_id) || !endpoint_is_alive(other) ||
            !text_equal(other->service_name, endpoint->service_name) ||
            text_equal(other->vpc_endpoint_id, endpoint->vpc_endpoint_id))
            continue;
        gateway |= endpoint_is_gateway(other);
        if (other->private_dns_enabled == WIRE_TRUE)
            return call_fail(call, "InvalidParameter",
                             "private-dns-enabled cannot be set because there is already a "
                             "conflicting DNS domain for %s in the VPC %s",
                             service->private_dns_name, endpoint->vpc_id);
    }
    if (!gateway && endpoint_service_find(call->state, endpoint->service_name, "Gateway") &&
        text_starts_with(service->private_dns_name, "s3."))
        return call_fail(call, "InvalidParameter",
                         "To set PrivateDnsOnlyForInboundResolverEndpoint to true, the VPC %s must "
                         "have a Gateway endpoint for the service.",
                         endpoint->vpc_id);
    return 0;
}

void endpoint_name(struct call *call, struct ec2_vpc_endpoint *endpoint)
{
    struct arena *arena = call->state->arena;
    const struct ec2_service_detail *service =
        endpoint_service_find(call->state, endpoint->service_name, "Interface");
    const char *word = strrchr(endpoint->service_name, '.');

    endpoint->dns_entries.n = 0;
    LIST_ADD(arena, &endpoint->dns_entries)->dns_name =
        arena_printf(arena, "%s-simulated.%s.%s.vpce.amazonaws.com", endpoint->vpc_endpoint_id,
                     word ? word + 1 : endpoint->service_name, call->simulator->region);
    if (endpoint->private_dns_enabled == WIRE_TRUE && service && service->private_dns_name)
        LIST_ADD(arena, &endpoint->dns_entries)->dns_name = service->private_dns_name;
    VEC_EACH (entry, &endpoint->dns_entries)
        entry->hosted_zone_id = "Z2E726K9Y6RL4W";
}
