/* Route table associations: of subnets, of gateways, and the main one of a VPC. */
#include "actions.h"

static struct ec2_route_table_association *association_find(struct state *state, const char *id,
                                                            struct ec2_route_table **ret_table)
{
    VEC_EACH (table, &state->objects.route_tables)
        VEC_EACH (association, &table->associations)
            if (text_equal(association->route_table_association_id, id)) {
                *ret_table = table;
                return association;
            }
    return NULL;
}

static struct ec2_route_table_association *require_association(struct call *call, const char *id,
                                                               struct ec2_route_table **ret_table)
{
    struct ec2_route_table_association *association = association_find(call->state, id, ret_table);

    if (!association)
        call_fail(call, "InvalidAssociationID.NotFound", "The association ID '%s' does not exist",
                  id);
    return association;
}

/* What is associated explicitly with the subnet or gateway, in any table. */
static const struct ec2_route_table_association *
association_of(struct state *state, const char *subnet_id, const char *gateway_id)
{
    VEC_EACH (table, &state->objects.route_tables)
        VEC_EACH (association, &table->associations)
            if ((subnet_id && text_equal(association->subnet_id, subnet_id)) ||
                (gateway_id && text_equal(association->gateway_id, gateway_id)))
                return association;
    return NULL;
}

static int check_other_end(struct call *call, const struct ec2_route_table *table)
{
    const struct ec2_change_request *change = &call->change;
    const struct ec2_subnet *subnet;

    if (!change->subnet_id == !change->gateway_id)
        return call_fail(call,
                         change->subnet_id ? "InvalidParameterCombination" : "MissingParameter",
                         "Exactly one of subnetId and gatewayId is to be given");
    if (change->gateway_id) {
        if (text_starts_with(change->gateway_id, "igw-"))
            return call_find(call, KIND_INTERNET_GATEWAY, change->gateway_id) ? 0 : -EINVAL;
        if (id_is_well_formed(change->gateway_id, "vgw-"))
            return 0;
        return call_fail(call, "InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist",
                         change->gateway_id);
    }
    subnet = call_find(call, KIND_SUBNET, change->subnet_id);
    if (!subnet)
        return -EINVAL;
    if (!text_equal(subnet->vpc_id, table->vpc_id))
        return call_fail(call, "InvalidParameterValue",
                         "Route table %s and subnet %s belong to different networks",
                         table->route_table_id, subnet->subnet_id);
    return 0;
}

static struct ec2_route_table_association *add_association(struct call *call,
                                                           struct ec2_route_table *table)
{
    struct ec2_route_table_association *association =
        LIST_ADD(call->state->arena, &table->associations);

    association->route_table_association_id = new_id(call, "rtbassoc-");
    association->route_table_id = table->route_table_id;
    association->state = EC2_ASSOCIATION_ASSOCIATED;
    return association;
}

int route_table_associate(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_route_table *table = call_find(call, KIND_ROUTE_TABLE, change->route_table_id);
    const struct ec2_route_table_association *other;
    struct ec2_route_table_association *association;

    if (!table || check_other_end(call, table) < 0)
        return -EINVAL;
    other = association_of(call->state, change->subnet_id, change->gateway_id);
    if (other && !text_equal(other->route_table_id, table->route_table_id))
        return call_fail(call, "Resource.AlreadyAssociated",
                         "the specified association for route table %s conflicts with an existing "
                         "association",
                         table->route_table_id);
    if (!other) {
        association = add_association(call, table);
        association->main = WIRE_FALSE;
        association->subnet_id = keep(call, change->subnet_id);
        association->gateway_id = keep(call, change->gateway_id);
        other = association;
    }
    call->change_reply.association_id = other->route_table_association_id;
    call->change_reply.association_state = other->state;
    return 0;
}

int route_table_disassociate(struct call *call)
{
    struct ec2_route_table *table;
    struct ec2_route_table_association *association =
        require_association(call, call->change.association_id, &table);

    if (!association)
        return -EINVAL;
    if (association->main == WIRE_TRUE)
        return call_fail(call, "InvalidParameterValue",
                         "cannot disassociate the main route table association %s",
                         association->route_table_association_id);
    LIST_REMOVE(&table->associations, (size_t)(association - table->associations.items));
    return 0;
}

/* The association gets a new id; with the main one the VPC gets a new main table (aws-facts 2.3).
 */
int route_table_association_replace(struct call *call)
{
    struct ec2_route_table *table = call_find(call, KIND_ROUTE_TABLE, call->change.route_table_id);
    struct ec2_route_table *old_table;
    struct ec2_route_table_association *association, *moved, old;

    if (!table)
        return -EINVAL;
    association = require_association(call, call->change.association_id, &old_table);
    if (!association)
        return -EINVAL;
    if (!text_equal(table->vpc_id, old_table->vpc_id))
        return call_fail(call, "InvalidParameterValue",
                         "Route tables %s and %s belong to different networks",
                         table->route_table_id, old_table->route_table_id);
    old = *association;
    LIST_REMOVE(&old_table->associations, (size_t)(association - old_table->associations.items));
    moved = add_association(call, table);
    moved->main = old.main;
    moved->subnet_id = old.subnet_id;
    moved->gateway_id = old.gateway_id;
    call->change_reply.new_association_id = moved->route_table_association_id;
    call->change_reply.association_state = moved->state;
    return 0;
}
