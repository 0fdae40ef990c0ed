/* NAT gateways. CreateNatGateway answers `pending`; whether it works is settled later
 * (aws-facts 2.5). */
#include "nat_gateways.h"
#include "actions.h"
#include "transitions.h"
#include "world.h"

/* ---- create ---- */

static bool counts(const struct ec2_nat_gateway *gateway)
{
    return gateway->state == EC2_STATE_PENDING || gateway->state == EC2_STATE_AVAILABLE ||
           gateway->state == EC2_STATE_DELETING;
}

static size_t count_in_zone(struct state *state, const char *zone)
{
    size_t n = 0;

    VEC_EACH (gateway, &state->objects.nat_gateways) {
        const struct ec2_subnet *subnet = state_find(state, KIND_SUBNET, gateway->subnet_id);

        n += counts(gateway) && subnet && text_equal(subnet->availability_zone, zone);
    }
    return n;
}

static int check_zonal(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    const struct ec2_subnet *subnet;
    bool is_private = change->connectivity_type == EC2_CONNECTIVITY_PRIVATE;

    if (change->vpc_id || change->availability_zone_addresses.n)
        return call_fail(call, "InvalidParameterCombination",
                         "%s is for regional NAT gateways only",
                         change->vpc_id ? "VpcId" : "AvailabilityZoneAddress");
    if (call_require(call, change->subnet_id, "subnetId") < 0)
        return -EINVAL;
    subnet = call_find(call, KIND_SUBNET, change->subnet_id);
    if (!subnet)
        return -EINVAL;
    if (is_private && change->allocation_id)
        return call_fail(call, "InvalidParameterCombination",
                         "A private NAT gateway has no AllocationId");
    if (!is_private && call_require(call, change->allocation_id, "allocationId") < 0)
        return -EINVAL;
    if (!is_private && !id_is_well_formed(change->allocation_id, "eipalloc-"))
        return call_fail(call, "InvalidAllocationID.NotFound",
                         "The allocation ID '%s' does not exist", change->allocation_id);
    return call_check_quota(call, QUOTA_NAT_GATEWAYS_PER_ZONE,
                            count_in_zone(call->state, subnet->availability_zone));
}

static void begin_zonal(struct call *call, struct ec2_nat_gateway *gateway)
{
    struct ec2_nat_gateway_address *item = LIST_ADD(call->state->arena, &gateway->addresses);

    item->allocation_id = keep(call, call->change.allocation_id);
    item->private_ip = keep(call, call->change.private_ip_address);
    item->is_primary = WIRE_TRUE;
    item->status = "associating";
}

int nat_gateway_create(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    bool regional = change->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL;
    const struct ec2_subnet *subnet;
    struct ec2_nat_gateway *gateway;

    if (change->availability_mode == EC2_AVAILABILITY_MODE_UNKNOWN ||
        change->connectivity_type == EC2_CONNECTIVITY_UNKNOWN)
        return call_fail(call, "InvalidParameterValue",
                         "Unknown value for parameter availabilityMode or connectivityType");
    if ((regional ? nat_gateway_check_regional(call) : check_zonal(call)) < 0)
        return -EINVAL;

    subnet = state_find(call->state, KIND_SUBNET, change->subnet_id);
    call->made_id = new_id(call, "nat-");
    gateway = call_add(call, KIND_NAT_GATEWAY, call->made_id);
    gateway->vpc_id = keep(call, regional ? change->vpc_id : subnet->vpc_id);
    gateway->subnet_id = keep(call, change->subnet_id);
    gateway->state = EC2_STATE_PENDING;
    gateway->connectivity_type =
        change->connectivity_type ? change->connectivity_type : (uint8_t)EC2_CONNECTIVITY_PUBLIC;
    gateway->availability_mode =
        regional ? (uint8_t)EC2_AVAILABILITY_MODE_REGIONAL : (uint8_t)EC2_AVAILABILITY_MODE_ZONAL;
    gateway->create_time = state_time(call->state, call->now.wall_ms);
    gateway->addresses.seen = gateway->tags.seen = true;
    if (regional)
        nat_gateway_begin_regional(call, gateway);
    else
        begin_zonal(call, gateway);
    /* What fails here fails again when the gateway settles; by then it may have come right. */
    (void)nat_gateway_acquire(call, gateway);
    call->code = call->message = NULL;
    call_tag(call, &gateway->tags);
    transition_start(call->simulator, call->now,
                     call->fault && call->fault->nat_gateway_fails ? SLOW_NAT_GATEWAY_BREAKING
                                                                   : SLOW_NAT_GATEWAY_PENDING,
                     call->made_id);
    call->change_reply.nat_gateway = *gateway;
    return 0;
}

/* ---- settle ---- */

static const char *failure_text(struct call *call, const struct ec2_nat_gateway *gateway,
                                const char *code)
{
    if (text_equal(code, "Gateway.NotAttached"))
        return arena_printf(call->state->arena, "Network %s has no Internet gateway attached",
                            gateway->vpc_id);
    return arena_printf(call->state->arena, "NAT gateway %s failed: %s", gateway->nat_gateway_id,
                        code);
}

/* What it took it keeps for a while yet. */
static void fail(struct call *call, struct ec2_nat_gateway *gateway, const char *code)
{
    const char *id = gateway->nat_gateway_id;

    gateway->state = EC2_STATE_FAILED;
    gateway->failure_code = keep(call, code);
    gateway->failure_message = failure_text(call, gateway, code);
    VEC_EACH (item, &gateway->addresses) {
        item->status = "failed";
        item->failure_message = gateway->failure_message;
    }
    gateway->delete_time = state_time(call->state, call->now.wall_ms);
    transition_start(call->simulator, call->now, SLOW_NAT_GATEWAY_LETTING_GO, id);
    transition_start(call->simulator, call->now, SLOW_NAT_GATEWAY_GONE, id);
}

void nat_gateway_settle(struct call *call, const char *id)
{
    struct ec2_nat_gateway *gateway = state_find(call->state, KIND_NAT_GATEWAY, id);
    const char *code;

    if (!gateway || gateway->state != EC2_STATE_PENDING)
        return;
    code = nat_gateway_acquire(call, gateway);
    if (!code && gateway->connectivity_type == EC2_CONNECTIVITY_PUBLIC &&
        !internet_gateway_of_vpc(call->state, gateway->vpc_id))
        code = "Gateway.NotAttached";
    if (code) {
        fail(call, gateway, code);
        return;
    }
    gateway->state = EC2_STATE_AVAILABLE;
    VEC_EACH (item, &gateway->addresses)
        item->status = "succeeded";
    if (nat_gateway_is_regional(gateway))
        nat_gateway_open_regional(call, gateway);
}

void nat_gateway_break(struct call *call, const char *id)
{
    struct ec2_nat_gateway *gateway = state_find(call->state, KIND_NAT_GATEWAY, id);

    if (gateway && gateway->state == EC2_STATE_PENDING)
        fail(call, gateway, "InternalError");
}

void nat_gateway_let_go(struct call *call, const char *id)
{
    struct ec2_nat_gateway *gateway = state_find(call->state, KIND_NAT_GATEWAY, id);

    if (gateway && gateway->state == EC2_STATE_FAILED)
        nat_gateway_release(call->state, gateway);
}

/* ---- delete ---- */

int nat_gateway_delete(struct call *call)
{
    const char *id = call->change.nat_gateway_id;
    struct ec2_nat_gateway *gateway = call_find(call, KIND_NAT_GATEWAY, id);

    if (!gateway)
        return -EINVAL;
    call->change_reply.nat_gateway_id = gateway->nat_gateway_id;
    if (gateway->state == EC2_STATE_DELETING || gateway->state == EC2_STATE_DELETED)
        return 0;
    if (gateway->state == EC2_STATE_FAILED && !nat_gateway_holds(call->state, gateway)) {
        gateway->state = EC2_STATE_DELETED;
        return 0;
    }
    gateway->state = EC2_STATE_DELETING;
    gateway->delete_time = state_time(call->state, call->now.wall_ms);
    transition_start(call->simulator, call->now, SLOW_NAT_GATEWAY_DELETING, id);
    return 0;
}

void nat_gateway_deleted(struct call *call, const char *id)
{
    struct ec2_nat_gateway *gateway = state_find(call->state, KIND_NAT_GATEWAY, id);

    if (!gateway || gateway->state != EC2_STATE_DELETING)
        return;
    gateway->state = EC2_STATE_DELETED;
    nat_gateway_release(call->state, gateway);
    transition_start(call->simulator, call->now, SLOW_NAT_GATEWAY_GONE, id);
}

void nat_gateway_gone(struct call *call, const char *id)
{
    struct ec2_nat_gateway *gateway = state_find(call->state, KIND_NAT_GATEWAY, id);

    if (gateway && (gateway->state == EC2_STATE_DELETED || gateway->state == EC2_STATE_FAILED))
        state_remove(call->state, KIND_NAT_GATEWAY, id);
}

/* ---- a world's ---- */

const char *nat_gateway_complete(struct call *call, struct ec2_nat_gateway *gateway)
{
    const char *code = nat_gateway_acquire(call, gateway);

    if (code || !nat_gateway_is_regional(gateway) || gateway->route_table_id)
        return code;
    if (!gateway->auto_provision_zones)
        gateway->auto_scaling_ips = gateway->auto_provision_zones =
            gateway->addresses.n ? "disabled" : "enabled";
    nat_gateway_open_regional(call, gateway);
    return NULL;
}
