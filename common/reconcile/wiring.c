/* What is remembered of what is right: which gateway, which table, which default (design.md
 * 2, 6.6). */
#include "reconcile_private.h"

struct recording {
    const struct reconcile_context *context;
    struct arena *arena;
    struct buf lines;
};

static void record(struct recording *recording, const char *role, const char *id)
{
    struct history_record wiring = {.kind = HISTORY_WIRING,
                                    .wall_ms = recording->context->now.wall_ms};
    const char *target = recording->context->target->name;

    HISTORY_SET(wiring.target, target);
    HISTORY_SET(wiring.role, role);
    HISTORY_SET(wiring.id, id);
    /* As it is stored: a long ARN is cut, and would be new in every pass. */
    if (text_empty(id) ||
        text_equal(history_wiring(recording->context->history, target, role), wiring.id))
        return;
    history_add(recording->context->history, &wiring, NULL, &recording->lines);
}

static void record_table(struct recording *recording, const struct desired_table *table)
{
    for (size_t f = 0; f < 2; f++) {
        enum family family = f == 0 ? FAMILY_IPV4 : FAMILY_IPV6;
        const struct route *route =
            route_table_find(table->table, f == 0 ? &PREFIX_IPV4_DEFAULT : &PREFIX_IPV6_DEFAULT);

        if (route && route->state == EC2_ROUTE_ACTIVE)
            record(recording, wiring_role_default(recording->arena, table->table, family),
                   route->target_id);
    }
}

/* A table that a finding is about is remembered as it was before. */
static bool in_doubt(const struct reconcile *reconcile, const char *resource)
{
    for (size_t i = 0; i < reconcile->plan->drifts.n; i++)
        if (text_equal(reconcile->plan->drifts.items[i].resource, resource))
            return true;
    return false;
}

/* How many subnets a group had: not what is left when most of them went at once, unless that is
 * meant. */
static void record_group(struct recording *recording, const struct desired_group *group)
{
    const struct reconcile_context *context = recording->context;
    char finding[FINDING_ID_SIZE];
    unsigned before;

    finding_id(context->target->name, drift_table[DRIFT_GROUP_CHANGED].code,
               group_role(recording->arena, group), finding);
    if (group->n_subnets > 0 &&
        (texts_contain(context->approved, finding) ||
         !group_shrank(recording->arena, context->history, context->target->name, group, &before)))
        record(recording, wiring_role_subnet_count(recording->arena, group),
               arena_printf(recording->arena, "%zu", group->n_subnets));
}

static void record_zone(struct recording *recording, const struct desired_zone *zone)
{
    const struct ec2_nat_gateway *gateway = zone->gateway;

    if (!gateway || gateway->availability_mode == EC2_AVAILABILITY_MODE_REGIONAL)
        return;
    record(recording, zone->role, gateway->nat_gateway_id);
    record(recording, wiring_role_zone(recording->arena, "nat-subnet", zone->role),
           gateway->subnet_id);
    for (size_t i = 0; i < gateway->addresses.n; i++)
        if (i == 0 || gateway->addresses.items[i].is_primary == WIRE_TRUE)
            record(recording, zone->address_role, gateway->addresses.items[i].allocation_id);
}

/* The /64 of each subnet, so that it is asked for again (aws-facts 2.3: it may be another's by
 * then). */
static void record_blocks(struct recording *recording, const struct desired *desired)
{
    char text[PREFIX_TEXT_SIZE];

    if (desired->ipv6.needed && desired->ipv6.block)
        record(recording, WIRING_VPC_IPV6, prefix_format(desired->ipv6.block, text));
    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &desired->subnets[i];

        if (subnet->ipv6 && subnet->ipv6_now.family != FAMILY_NONE)
            record(recording, wiring_role_ipv6_block(recording->arena, subnet->subnet),
                   prefix_format(&subnet->ipv6_now, text));
        if (subnet->created)
            record(recording, wiring_role_created(recording->arena, subnet->group, subnet->created),
                   subnet->subnet->id);
    }
}

void wiring_changed(const struct reconcile *reconcile, const struct plan_action *action,
                    struct history_record *record)
{
    const struct ec2_change_request *request = &action->request;

    if (action->expect == EXPECT_ROUTE) {
        enum family family =
            request->destination_cidr_block.family != FAMILY_NONE ? FAMILY_IPV4 : FAMILY_IPV6;
        const struct route_table *table =
            snapshot_find_route_table(reconcile->snapshot, request->route_table_id);

        HISTORY_SET(record->role, wiring_role_default(reconcile->arena, table, family));
        HISTORY_SET(record->token, action->before ? action->before->target_id : NULL);
        HISTORY_SET(record->id, action->target_id);
    } else if (action->call == EC2_REPLACE_ROUTE_TABLE_ASSOCIATION) {
        const struct subnet *subnet = snapshot_find_subnet(reconcile->snapshot, action->subnet_id);

        assert(subnet && subnet->table); /* as the plan names them */
        HISTORY_SET(record->role, wiring_role_association(reconcile->arena, subnet));
        HISTORY_SET(record->token, subnet->table->id);
        HISTORY_SET(record->id, request->route_table_id);
    }
}

void wiring_record(struct reconcile *reconcile, const struct reconcile_context *context)
{
    const struct desired *desired = reconcile->desired;
    struct recording recording = {.context = context, .arena = reconcile->arena};

    if (desired->internet_gateway.needed && !desired->internet_gateway.ambiguous)
        record(&recording, ROLE_INTERNET_GATEWAY, desired->internet_gateway.id);
    if (desired->egress_only_internet_gateway.needed &&
        !desired->egress_only_internet_gateway.ambiguous)
        record(&recording, ROLE_EGRESS_ONLY_INTERNET_GATEWAY,
               desired->egress_only_internet_gateway.id);
    for (size_t i = 0; i < desired->n_subnets; i++)
        if (desired->subnets[i].subnet->association_id &&
            !in_doubt(reconcile, desired->subnets[i].subnet->table->id))
            record(&recording,
                   wiring_role_association(reconcile->arena, desired->subnets[i].subnet),
                   desired->subnets[i].subnet->table->id);
    for (size_t i = 0; i < desired->n_tables; i++)
        if (!in_doubt(reconcile, desired->tables[i].table->id))
            record_table(&recording, &desired->tables[i]);
    for (size_t i = 0; i < desired->n_zones; i++)
        record_zone(&recording, &desired->zones[i]);
    record_blocks(&recording, desired);
    for (size_t i = 0; i < desired->n_endpoints; i++)
        if (desired->endpoints[i].endpoint)
            record(&recording, desired->endpoints[i].role,
                   desired->endpoints[i].endpoint->vpc_endpoint_id);
    for (size_t i = 0; i < desired->n_groups; i++)
        record_group(&recording, &desired->groups[i]);
    if (recording.lines.n) {
        struct effect *effect = outlet_add(context->outlet, EFFECT_APPEND_FILE);

        effect->path = context->history_path;
        effect->body =
            arena_memdup(context->outlet->arena, recording.lines.data, recording.lines.n);
        effect->body_n = recording.lines.n;
        /* Losing it costs time only, so nothing waits for the answer. */
    }
    buf_free(&recording.lines);
}
