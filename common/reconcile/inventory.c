/* What the VPC of a target has, counted, for programs that weigh its options: vpcctl advise. */
#include "reconcile_private.h"

#include "vpc_reconciled/json.h"

static void count_member(struct json_writer *writer, const char *key, size_t n)
{
    json_key(writer, key);
    json_number(writer, (int64_t)n);
}

/* Distinct zones of the subnets. */
static size_t count_zones(const struct snapshot *snapshot, const char *const *subnet_ids, size_t n)
{
    size_t zones = 0;

    for (size_t i = 0; i < n; i++) {
        const struct subnet *subnet = snapshot_find_subnet(snapshot, subnet_ids[i]);
        bool again = !subnet;

        for (size_t k = 0; subnet && k < i; k++) {
            const struct subnet *other = snapshot_find_subnet(snapshot, subnet_ids[k]);

            again |= other && text_equal(other->az, subnet->az);
        }
        zones += !again;
    }
    return zones;
}

static void write_group(struct json_writer *writer, const struct reconcile *reconcile,
                        const struct subnet_group *group)
{
    const struct snapshot *snapshot = reconcile->snapshot;
    const struct desired *desired = reconcile->desired;
    const char **ids = ARENA_ARRAY(reconcile->arena, const char *, desired->n_subnets + 1);
    size_t n = 0, interfaces = 0, public_ipv4 = 0;

    for (size_t i = 0; i < desired->n_subnets; i++)
        if (desired->subnets[i].group == group)
            ids[n++] = desired->subnets[i].subnet->id;
    for (size_t i = 0; i < snapshot->n_network_interfaces; i++) {
        const struct ec2_network_interface *interface = snapshot->network_interfaces[i];

        if (!texts_contain(&(struct texts){ids, n}, interface->subnet_id))
            continue;
        interfaces++;
        public_ipv4 += !text_empty(interface->association_public_ip);
    }
    json_begin(writer, '{');
    json_text_member(writer, "name", group->name);
    count_member(writer, "zones", count_zones(snapshot, ids, n));
    count_member(writer, "subnets", n);
    count_member(writer, "interfaces", interfaces);
    count_member(writer, "public_ipv4", public_ipv4);
    json_end(writer, '}');
}

static void write_endpoints(struct json_writer *writer, const struct snapshot *snapshot)
{
    json_key(writer, "endpoints");
    json_begin(writer, '[');
    for (size_t i = 0; i < snapshot->n_vpc_endpoints; i++) {
        const struct ec2_vpc_endpoint *endpoint = snapshot->vpc_endpoints[i];

        json_begin(writer, '{');
        json_text_member(writer, "service", endpoint->service_name ? endpoint->service_name : "");
        json_text_member(writer, "type",
                         endpoint->vpc_endpoint_type ? endpoint->vpc_endpoint_type : "");
        count_member(writer, "zones",
                     count_zones(snapshot, endpoint->subnet_ids.items, endpoint->subnet_ids.n));
        json_end(writer, '}');
    }
    json_end(writer, ']');
}

static void write_nat_gateways(struct json_writer *writer, const struct snapshot *snapshot)
{
    size_t zonal = 0, regional_zones = 0, idle = 0;

    for (size_t i = 0; i < snapshot->n_nat_gateways; i++) {
        const struct ec2_nat_gateway *gateway = snapshot->nat_gateways[i];

        if ((gateway->state != EC2_STATE_AVAILABLE && gateway->state != EC2_STATE_PENDING) ||
            gateway->connectivity_type == EC2_CONNECTIVITY_PRIVATE)
            continue;
        if (gateway->availability_mode != EC2_AVAILABILITY_MODE_REGIONAL) {
            zonal++;
            continue;
        }
        for (size_t k = 0; k < gateway->addresses.n; k++) {
            bool again = false;

            for (size_t j = 0; j < k; j++)
                again |= text_equal(gateway->addresses.items[j].availability_zone,
                                    gateway->addresses.items[k].availability_zone);
            regional_zones += !again;
        }
    }
    VEC_EACH (address, &snapshot->observation->addresses)
        idle += text_empty(address->association_id) &&
                tags_are_ours(&address->tags, snapshot->owner_tag);
    count_member(writer, "nat_gateways", zonal);
    count_member(writer, "regional_nat_zones", regional_zones);
    count_member(writer, "idle_addresses", idle);
}

#define INVENTORY_NEEDS                                                                            \
    (NEEDS(NAT_GATEWAYS) | NEEDS(ADDRESSES) | NEEDS(NETWORK_INTERFACES) | NEEDS(VPC_ENDPOINTS))

void inventory_report(struct reconcile *reconcile, const struct reconcile_context *context)
{
    const struct snapshot *snapshot = reconcile->snapshot;
    CLEANUP(buf_free)
    struct buf text = {0};
    struct json_writer writer = {.buf = &text};
    struct event *event;

    /* A count of half a list would be a wrong figure. */
    if ((snapshot->complete & INVENTORY_NEEDS) != INVENTORY_NEEDS)
        return;
    json_begin(&writer, '{');
    json_key(&writer, "groups");
    json_begin(&writer, '[');
    for (size_t i = 0; i < reconcile->desired->n_groups; i++)
        write_group(&writer, reconcile, reconcile->desired->groups[i].group);
    json_end(&writer, ']');
    write_endpoints(&writer, snapshot);
    write_nat_gateways(&writer, snapshot);
    json_end(&writer, '}');
    event = ARENA_NEW(context->outlet->arena, struct event);
    *event = (struct event){
        .kind = EVENT_INVENTORY,
        .priority = PRIORITY_INFO,
        .wall_ms = context->now.wall_ms,
        .target = context->target->name,
        .vpc_id = arena_strdup(context->outlet->arena, snapshot->vpc->vpc_id),
        .region = context->target->region,
        .message =
            arena_printf(context->outlet->arena,
                         "%s has %zu subnets, %zu NAT gateways of any state, %zu endpoints "
                         "and %zu interfaces.",
                         snapshot->vpc->vpc_id, snapshot->n_subnets, snapshot->n_nat_gateways,
                         snapshot->n_vpc_endpoints, snapshot->n_network_interfaces),
        .inventory = arena_strdup(context->outlet->arena, buf_string(&text)),
    };
    outlet_add(context->outlet, EFFECT_REPORT)->event = event;
}
