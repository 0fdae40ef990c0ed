#include "state.h"

#define VPC_ID(type) offsetof(struct type, vpc_id)
#define MADE(member) offsetof(struct ec2_change_reply, member)

const struct kind_row kind_table[KIND_COUNT] = {
    [KIND_VPC] = {EC2_DESCRIBE_VPCS, "vpc-", offsetof(struct ec2_vpc, vpc_id), VPC_ID(ec2_vpc),
                  offsetof(struct ec2_vpc, tags), MADE(vpc), "InvalidVpcID.Malformed",
                  "InvalidVpcID.NotFound", "vpc ID"},
    [KIND_SUBNET] = {EC2_DESCRIBE_SUBNETS, "subnet-", offsetof(struct ec2_subnet, subnet_id),
                     VPC_ID(ec2_subnet), offsetof(struct ec2_subnet, tags), MADE(subnet),
                     "InvalidSubnetID.Malformed", "InvalidSubnetID.NotFound", "subnet ID"},
    [KIND_ROUTE_TABLE] = {EC2_DESCRIBE_ROUTE_TABLES, "rtb-",
                          offsetof(struct ec2_route_table, route_table_id), VPC_ID(ec2_route_table),
                          offsetof(struct ec2_route_table, tags), MADE(route_table),
                          "InvalidRouteTableId.Malformed", "InvalidRouteTableID.NotFound",
                          "routeTable ID"},
    [KIND_INTERNET_GATEWAY] = {EC2_DESCRIBE_INTERNET_GATEWAYS, "igw-",
                               offsetof(struct ec2_internet_gateway, internet_gateway_id),
                               NO_OFFSET, offsetof(struct ec2_internet_gateway, tags),
                               MADE(internet_gateway), "InvalidInternetGatewayId.Malformed",
                               "InvalidInternetGatewayID.NotFound", "internetGateway ID"},
    [KIND_EGRESS_ONLY_INTERNET_GATEWAY] =
        {EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS, "eigw-",
         offsetof(struct ec2_egress_only_internet_gateway, egress_only_internet_gateway_id),
         NO_OFFSET, offsetof(struct ec2_egress_only_internet_gateway, tags),
         MADE(egress_only_internet_gateway), "InvalidEgressOnlyInternetGatewayId.Malformed",
         "InvalidEgressOnlyInternetGatewayId.NotFound", "eigw ID"},
    [KIND_NAT_GATEWAY] = {EC2_DESCRIBE_NAT_GATEWAYS, "nat-",
                          offsetof(struct ec2_nat_gateway, nat_gateway_id), VPC_ID(ec2_nat_gateway),
                          offsetof(struct ec2_nat_gateway, tags), MADE(nat_gateway),
                          "NatGatewayMalformed", "NatGatewayNotFound", "Nat Gateway"},
    /* EC2 documents no Malformed code for an allocation. */
    [KIND_ADDRESS] = {EC2_DESCRIBE_ADDRESSES, "eipalloc-",
                      offsetof(struct ec2_address, allocation_id), NO_OFFSET,
                      offsetof(struct ec2_address, tags), NO_OFFSET, "InvalidAllocationID.NotFound",
                      "InvalidAllocationID.NotFound", "allocation ID"},
    [KIND_NETWORK_INTERFACE] = {EC2_DESCRIBE_NETWORK_INTERFACES, "eni-",
                                offsetof(struct ec2_network_interface, network_interface_id),
                                VPC_ID(ec2_network_interface),
                                offsetof(struct ec2_network_interface, tags),
                                MADE(network_interface), "InvalidNetworkInterfaceId.Malformed",
                                "InvalidNetworkInterfaceID.NotFound", "networkInterface ID"},
    [KIND_PREFIX_LIST] = {EC2_DESCRIBE_MANAGED_PREFIX_LISTS, "pl-",
                          offsetof(struct ec2_managed_prefix_list, prefix_list_id), NO_OFFSET,
                          offsetof(struct ec2_managed_prefix_list, tags), NO_OFFSET,
                          "InvalidPrefixListId.Malformed", "InvalidPrefixListID.NotFound",
                          "prefix list ID"},
    [KIND_SECURITY_GROUP] = {EC2_DESCRIBE_SECURITY_GROUPS, "sg-",
                             offsetof(struct ec2_security_group, group_id),
                             VPC_ID(ec2_security_group), offsetof(struct ec2_security_group, tags),
                             NO_OFFSET, "InvalidGroupId.Malformed", "InvalidGroup.NotFound",
                             "security group"},
    [KIND_NETWORK_ACL] = {EC2_DESCRIBE_NETWORK_ACLS, "acl-",
                          offsetof(struct ec2_network_acl, network_acl_id), VPC_ID(ec2_network_acl),
                          offsetof(struct ec2_network_acl, tags), MADE(network_acl),
                          "InvalidNetworkAclId.Malformed", "InvalidNetworkAclID.NotFound",
                          "networkAcl ID"},
    [KIND_VPC_ENDPOINT] = {EC2_DESCRIBE_VPC_ENDPOINTS, "vpce-",
                           offsetof(struct ec2_vpc_endpoint, vpc_endpoint_id),
                           VPC_ID(ec2_vpc_endpoint), offsetof(struct ec2_vpc_endpoint, tags),
                           MADE(vpc_endpoint), "InvalidVpcEndpointId.Malformed",
                           "InvalidVpcEndpointId.NotFound", "Vpc Endpoint Id"},
    [KIND_ENDPOINT_SERVICE] = {EC2_DESCRIBE_VPC_ENDPOINT_SERVICES, "vpce-svc-",
                               offsetof(struct ec2_service_detail, service_id), NO_OFFSET,
                               NO_OFFSET, NO_OFFSET, "InvalidServiceName", "InvalidServiceName",
                               "Vpc Endpoint Service"},
    [KIND_ZONE] = {EC2_DESCRIBE_AVAILABILITY_ZONES, "",
                   offsetof(struct ec2_availability_zone, zone_name), NO_OFFSET, NO_OFFSET,
                   NO_OFFSET, "InvalidParameterValue", "InvalidParameterValue",
                   "availability zone"},
};

static const struct wire_field vpc_attributes_fields[] = {
    WIRE_FIELD(vpc_attributes, vpc_id, TEXT, "vpcId"),
    WIRE_FIELD(vpc_attributes, enable_dns_support, BOOL, "enableDnsSupport"),
    WIRE_FIELD(vpc_attributes, enable_dns_hostnames, BOOL, "enableDnsHostnames"),
};
const struct wire_shape vpc_attributes_shape = {
    .name = "VpcAttributes",
    .size = sizeof(struct vpc_attributes),
    .fields = vpc_attributes_fields,
    .n_fields = ARRAY_SIZE(vpc_attributes_fields),
};

static const struct wire_field prefix_list_entry_fields[] = {
    WIRE_FIELD(prefix_list_entry, prefix_list_id, TEXT, "prefixListId"),
    WIRE_FIELD(prefix_list_entry, cidr, PREFIX, "cidr"),
    WIRE_FIELD(prefix_list_entry, description, TEXT, "description"),
};
const struct wire_shape prefix_list_entry_shape = {
    .name = "PrefixListEntry",
    .size = sizeof(struct prefix_list_entry),
    .fields = prefix_list_entry_fields,
    .n_fields = ARRAY_SIZE(prefix_list_entry_fields),
};

static const struct wire_field security_group_history_fields[] = {
    WIRE_FIELD(security_group_history, group_id, TEXT, "groupId"),
    WIRE_FIELD(security_group_history, outbound_changed, BOOL, "outboundChanged"),
};
const struct wire_shape security_group_history_shape = {
    .name = "SecurityGroupHistory",
    .size = sizeof(struct security_group_history),
    .fields = security_group_history_fields,
    .n_fields = ARRAY_SIZE(security_group_history_fields),
};

const char *kind_list_name(enum kind kind)
{
    return ec2_action_table[kind_table[kind].describe].list;
}

const struct wire_shape *kind_shape(enum kind kind)
{
    const struct wire_shape *reply = ec2_action_table[kind_table[kind].describe].reply;

    for (unsigned i = 0; i < reply->n_fields; i++)
        if (text_equal(reply->fields[i].name, kind_list_name(kind)))
            return reply->fields[i].type;
    assert(false && "the action table names a list that its reply has");
    return NULL;
}

const char *kind_id(enum kind kind, const void *item)
{
    const char *id;

    memcpy(&id, (const char *)item + kind_table[kind].id_offset, sizeof(id));
    return id;
}

enum kind kind_of_describe(enum ec2_action action)
{
    enum kind kind = 0;

    while (kind < KIND_COUNT && kind_table[kind].describe != action)
        kind++;
    return kind;
}

const struct wire_shape *block_public_access_shape(void)
{
    const struct wire_shape *reply =
        ec2_action_table[EC2_DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS].reply;

    for (unsigned i = 0; i < reply->n_fields; i++)
        if (text_equal(reply->fields[i].name, BLOCK_PUBLIC_ACCESS))
            return reply->fields[i].type;
    assert(false && "the reply has the options");
    return NULL;
}

/* ---- lists ---- */

/* Of a list of n items, at least: lists only ever grow by this rule. */
static size_t list_reserved(size_t n)
{
    size_t reserved = n ? 4 : 0;

    while (reserved < n)
        reserved *= 2;
    return reserved;
}

void *list_add(struct arena *arena, struct wire_any_list *list, size_t item_size)
{
    if (list->n == list_reserved(list->n)) {
        void *items = arena_alloc(arena, list_reserved(list->n + 1) * item_size);

        if (list->n)
            memcpy(items, list->items, list->n * item_size);
        list->items = items;
    }
    list->seen = true;
    return memset((char *)list->items + list->n++ * item_size, 0, item_size);
}

void list_remove(struct wire_any_list *list, size_t item_size, size_t index)
{
    char *at = (char *)list->items + index * item_size;

    assert(index < list->n);
    memmove(at, at + item_size, (--list->n - index) * item_size);
}

void wire_copy(struct arena *arena, const struct wire_shape *shape, const void *from, void *to)
{
    static const size_t sizes[] = {[WIRE_BOOL] = sizeof(uint8_t),
                                   [WIRE_INT] = sizeof(struct wire_int),
                                   [WIRE_ENUM] = sizeof(uint8_t),
                                   [WIRE_PREFIX] = sizeof(struct prefix)};

    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];
        const char *source = (const char *)from + field->offset;
        char *target = (char *)to + field->offset;

        switch (field->kind) {
        case WIRE_TEXT:
            *(const char **)(void *)target =
                arena_strdup(arena, *(const char *const *)(const void *)source);
            break;
        case WIRE_GROUP:
            wire_copy(arena, field->type, source, target);
            break;
        case WIRE_LIST: {
            const struct wire_any_list *list = (const void *)source;
            struct wire_any_list *copy = (void *)target;
            const struct wire_shape *item = field->type;

            *copy = (struct wire_any_list){.n = list->n, .seen = list->seen};
            if (list->n)
                copy->items = arena_alloc(arena, list_reserved(list->n) * item->size);
            for (size_t k = 0; k < list->n; k++)
                wire_copy(arena, item, (const char *)list->items + k * item->size,
                          (char *)copy->items + k * item->size);
            break;
        }
        case WIRE_TEXTS: {
            const struct wire_texts *texts = (const void *)source;
            struct wire_texts *copy = (void *)target;

            *copy = (struct wire_texts){.n = texts->n, .seen = texts->seen};
            copy->items = ARENA_ARRAY(arena, const char *, texts->n);
            for (size_t k = 0; k < texts->n; k++)
                copy->items[k] = arena_strdup(arena, texts->items[k]);
            break;
        }
        default:
            memcpy(target, source, sizes[field->kind]);
        }
    }
}

static void list_copy(struct arena *arena, const struct wire_shape *shape,
                      const struct wire_any_list *from, struct wire_any_list *to)
{
    for (size_t i = 0; i < from->n; i++)
        wire_copy(arena, shape, (const char *)from->items + i * shape->size,
                  list_add(arena, to, shape->size));
}

/* ---- the state ---- */

void state_init(struct state *state)
{
    *state = (struct state){.arena = arena_new()};
}

void state_clear(struct state *state)
{
    state->arena = arena_free(state->arena);
}

void state_copy(const struct state *state, struct state *ret_copy)
{
    struct state from = *state;

    state_init(ret_copy);
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        list_copy(ret_copy->arena, kind_shape(kind), state_list(&from, kind),
                  state_list(ret_copy, kind));
    list_copy(ret_copy->arena, &vpc_attributes_shape,
              (const struct wire_any_list *)(const void *)&state->vpc_attributes,
              (struct wire_any_list *)(void *)&ret_copy->vpc_attributes);
    list_copy(ret_copy->arena, &prefix_list_entry_shape,
              (const struct wire_any_list *)(const void *)&state->prefix_list_entries,
              (struct wire_any_list *)(void *)&ret_copy->prefix_list_entries);
    list_copy(ret_copy->arena, &security_group_history_shape,
              (const struct wire_any_list *)(const void *)&state->security_group_history,
              (struct wire_any_list *)(void *)&ret_copy->security_group_history);
    wire_copy(ret_copy->arena, block_public_access_shape(),
              &state->objects.vpc_block_public_access_options,
              &ret_copy->objects.vpc_block_public_access_options);
    list_copy(ret_copy->arena, &capacity_provider_shape,
              (const struct wire_any_list *)(const void *)&state->capacity_providers,
              (struct wire_any_list *)(void *)&ret_copy->capacity_providers);
    VEC_EACH (transition, &state->transitions) {
        struct transition *copy = LIST_ADD(ret_copy->arena, &ret_copy->transitions);

        *copy = *transition;
        copy->id = arena_strdup(ret_copy->arena, transition->id);
    }
    VEC_EACH (fresh, &state->fresh) {
        struct fresh *copy = LIST_ADD(ret_copy->arena, &ret_copy->fresh);

        *copy = *fresh;
        copy->id = arena_strdup(ret_copy->arena, fresh->id);
    }
    ret_copy->compacted_bytes = arena_bytes(ret_copy->arena);
}

#define GARBAGE_MIN ((size_t)256 << 10)

void state_compact(struct state *state)
{
    struct state copy;

    if (arena_bytes(state->arena) < 2 * state->compacted_bytes + GARBAGE_MIN)
        return;
    state_copy(state, &copy);
    state_clear(state);
    *state = copy;
}

struct wire_any_list *state_list(struct state *state, enum kind kind)
{
    size_t offset = ec2_action_table[kind_table[kind].describe].list_offset;

    return (struct wire_any_list *)(void *)((char *)&state->objects + offset);
}

/* Index of the id, or of the first item behind it. */
static size_t lower_bound(struct state *state, enum kind kind, const char *id)
{
    const struct wire_any_list *list = state_list(state, kind);
    size_t size = kind_shape(kind)->size, low = 0, high = list->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(kind_id(kind, (const char *)list->items + middle * size), id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void *state_find(struct state *state, enum kind kind, const char *id)
{
    const struct wire_any_list *list = state_list(state, kind);
    size_t index;
    char *item;

    if (!id)
        return NULL;
    index = lower_bound(state, kind, id);
    if (index == list->n)
        return NULL;
    item = (char *)list->items + index * kind_shape(kind)->size;
    return text_equal(kind_id(kind, item), id) ? item : NULL;
}

void *state_add(struct state *state, enum kind kind, const char *id)
{
    struct wire_any_list *list = state_list(state, kind);
    size_t size = kind_shape(kind)->size, index = lower_bound(state, kind, id);
    char *item;

    assert(!state_find(state, kind, id));
    list_add(state->arena, list, size);
    item = (char *)list->items + index * size;
    memmove(item + size, item, (list->n - 1 - index) * size);
    memset(item, 0, size);
    *(const char **)(void *)(item + kind_table[kind].id_offset) = arena_strdup(state->arena, id);
    return item;
}

void state_remove(struct state *state, enum kind kind, const char *id)
{
    char *item = state_find(state, kind, id);
    struct wire_any_list *list = state_list(state, kind);
    size_t size = kind_shape(kind)->size;

    assert(item);
    list_remove(list, size, (size_t)(item - (char *)list->items) / size);
}

static const char *vpc_id_of(enum kind kind, const struct wire_any_list *list, size_t index)
{
    const char *id;

    assert(kind_table[kind].vpc_id_offset != NO_OFFSET);
    memcpy(&id,
           (const char *)list->items + index * kind_shape(kind)->size +
               kind_table[kind].vpc_id_offset,
           sizeof(id));
    return id;
}

size_t state_count_in_vpc(struct state *state, enum kind kind, const char *vpc_id)
{
    const struct wire_any_list *list = state_list(state, kind);
    size_t n = 0;

    for (size_t i = 0; i < list->n; i++)
        n += text_equal(vpc_id_of(kind, list, i), vpc_id);
    return n;
}

void state_remove_of_vpc(struct state *state, enum kind kind, const char *vpc_id)
{
    struct wire_any_list *list = state_list(state, kind);

    for (size_t i = list->n; i-- > 0;)
        if (text_equal(vpc_id_of(kind, list, i), vpc_id))
            list_remove(list, kind_shape(kind)->size, i);
}
