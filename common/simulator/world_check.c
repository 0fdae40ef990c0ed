/* Is a loaded world one that EC2 could have? */
#include "world.h"

#include "actions.h"

static const char *text_at(const void *item, size_t offset)
{
    const char *text;

    memcpy(&text, (const char *)item + offset, sizeof(text));
    return text;
}

/* Who names whom. Routes may lead to what is not there: that is a blackhole. */
static const struct {
    enum kind kind;
    size_t offset;
    const char *element;
    enum kind to;
    bool required;
} reference_table[] = {
    {KIND_SUBNET, offsetof(struct ec2_subnet, vpc_id), "vpcId", KIND_VPC, true},
    {KIND_ROUTE_TABLE, offsetof(struct ec2_route_table, vpc_id), "vpcId", KIND_VPC, true},
    {KIND_NAT_GATEWAY, offsetof(struct ec2_nat_gateway, vpc_id), "vpcId", KIND_VPC, false},
    {KIND_NAT_GATEWAY, offsetof(struct ec2_nat_gateway, subnet_id), "subnetId", KIND_SUBNET, false},
    {KIND_NETWORK_INTERFACE, offsetof(struct ec2_network_interface, subnet_id), "subnetId",
     KIND_SUBNET, true},
    {KIND_NETWORK_INTERFACE, offsetof(struct ec2_network_interface, vpc_id), "vpcId", KIND_VPC,
     false},
    {KIND_SECURITY_GROUP, offsetof(struct ec2_security_group, vpc_id), "vpcId", KIND_VPC, true},
    {KIND_NETWORK_ACL, offsetof(struct ec2_network_acl, vpc_id), "vpcId", KIND_VPC, true},
    {KIND_VPC_ENDPOINT, offsetof(struct ec2_vpc_endpoint, vpc_id), "vpcId", KIND_VPC, true},
};

static bool is_past(enum kind kind, const void *item)
{
    const struct ec2_nat_gateway *gateway = item;

    return kind == KIND_NAT_GATEWAY &&
           (gateway->state == EC2_STATE_DELETED || gateway->state == EC2_STATE_FAILED);
}

static int check_references(struct state *state, enum kind kind, const void *item,
                            const struct json *json, struct json_error *reterr)
{
    for (size_t i = 0; i < ARRAY_SIZE(reference_table); i++) {
        const char *id;

        if (reference_table[i].kind != kind)
            continue;
        id = text_at(item, reference_table[i].offset);
        if (!id && reference_table[i].required)
            return json_refuse(reterr, json->place, "\"%s\" has no \"%s\"", kind_id(kind, item),
                               reference_table[i].element);
        if (id && !state_find(state, reference_table[i].to, id) && !is_past(kind, item))
            return json_refuse(reterr, json_member(json, reference_table[i].element)->place,
                               "\"%s\": \"%.60s\" is not in %s", reference_table[i].element, id,
                               kind_list_name(reference_table[i].to));
    }
    return 0;
}

static int check_attachments(struct state *state, const struct ec2_gateway_attachment *items,
                             size_t n, const struct json *json, struct json_error *reterr)
{
    for (size_t i = 0; i < n; i++)
        if (!items[i].vpc_id || !state_find(state, KIND_VPC, items[i].vpc_id))
            return json_refuse(reterr, json->place,
                               "\"attachmentSet\": \"vpcId\" names no VPC of vpcSet");
    return 0;
}

static int check_gateway(struct state *state, enum kind kind, const void *item,
                         const struct json *json, struct json_error *reterr)
{
    const struct ec2_internet_gateway *internet = item;
    const struct ec2_egress_only_internet_gateway *egress_only = item;

    if (kind == KIND_INTERNET_GATEWAY) {
        int r = check_attachments(state, internet->attachments.items, internet->attachments.n, json,
                                  reterr);

        if (r >= 0 && internet->attachments.n &&
            internet_gateway_of_vpc(state, internet->attachments.items[0].vpc_id) != internet)
            return json_refuse(reterr, json->place, "%s has two internet gateways",
                               internet->attachments.items[0].vpc_id);
        return r;
    }
    if (kind == KIND_EGRESS_ONLY_INTERNET_GATEWAY)
        return check_attachments(state, egress_only->attachments.items, egress_only->attachments.n,
                                 json, reterr);
    return 0;
}

static size_t count_associations(const struct state *state, const char *subnet_id)
{
    size_t n = 0;

    VEC_EACH (table, &state->objects.route_tables)
        VEC_EACH (association, &table->associations)
            n += text_equal(association->subnet_id, subnet_id);
    return n;
}

static int check_table(struct state *state, const struct ec2_route_table *table,
                       const struct json *json, struct json_error *reterr)
{
    VEC_EACH (association, &table->associations) {
        const struct ec2_subnet *subnet = state_find(state, KIND_SUBNET, association->subnet_id);

        if (!association->subnet_id)
            continue;
        if (!subnet || !text_equal(subnet->vpc_id, table->vpc_id))
            return json_refuse(reterr, json->place,
                               "\"associationSet\": \"%.60s\" is no subnet of %s",
                               association->subnet_id, table->vpc_id);
        if (count_associations(state, association->subnet_id) > 1)
            return json_refuse(reterr, json->place, "\"%s\" is associated with two route tables",
                               association->subnet_id);
    }
    return 0;
}

static int check_vpc(const struct state *state, const struct ec2_vpc *vpc, const struct json *json,
                     struct json_error *reterr)
{
    size_t n = 0;

    if (vpc->cidr_block.family != FAMILY_IPV4)
        return json_refuse(reterr, json->place, "\"%s\" has no IPv4 \"cidrBlock\"", vpc->vpc_id);
    VEC_EACH (table, &state->objects.route_tables)
        if (text_equal(table->vpc_id, vpc->vpc_id))
            VEC_EACH (association, &table->associations)
                n += association->main == WIRE_TRUE;
    if (n != 1)
        return json_refuse(
            reterr, json->place,
            "\"%s\" has %zu main route tables, expected 1: an item of routeTableSet with "
            "{\"associationSet\": [{\"main\": true}]}",
            vpc->vpc_id, n);
    return 0;
}

static int check_item(struct state *state, enum kind kind, const struct json *json,
                      struct json_error *reterr)
{
    const struct wire_shape *shape = kind_shape(kind);
    const void *item = NULL;
    int r;

    for (unsigned i = 0; i < shape->n_fields; i++)
        if (shape->fields[i].kind == WIRE_TEXT &&
            shape->fields[i].offset == kind_table[kind].id_offset)
            item = state_find(state, kind, json_member(json, shape->fields[i].name)->string);
    assert(item); /* each item of the JSON was loaded */
    r = check_references(state, kind, item, json, reterr);
    if (r >= 0)
        r = check_gateway(state, kind, item, json, reterr);
    if (r >= 0 && kind == KIND_ROUTE_TABLE)
        r = check_table(state, item, json, reterr);
    if (r >= 0 && kind == KIND_VPC)
        r = check_vpc(state, item, json, reterr);
    if (r >= 0 && kind == KIND_ADDRESS && !((const struct ec2_address *)item)->public_ip)
        r = json_refuse(reterr, json->place, "\"%s\" has no \"publicIp\"", kind_id(kind, item));
    return r;
}

int world_check(struct state *state, const struct json *world, struct json_error *reterr)
{
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        const struct json *list = json_member(world, kind_list_name(kind));

        for (size_t i = 0; list && i < list->n_items; i++) {
            int r = check_item(state, kind, &list->items[i], reterr);

            if (r < 0)
                return r;
        }
    }
    return 0;
}
