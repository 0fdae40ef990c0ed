/* Tables that serve declared subnets, and what their two default routes should be. */
#include "nat_zones.h"

#include "vpc_reconciled/fault.h"

#include <stdlib.h>

const char *wiring_role_default(struct arena *arena, const struct route_table *table,
                                enum family family)
{
    return arena_printf(arena, "default/%s/%s", table->id, family == FAMILY_IPV4 ? "ipv4" : "ipv6");
}

/* Served here and staying here: a subnet that is about to be associated elsewhere does not speak.
 */
static const struct desired_subnet *served(const struct desired *desired,
                                           const struct route_table *table, size_t i)
{
    const struct desired_subnet *subnet = &desired->subnets[i];

    if (subnet->subnet->table != table || !subnet->judged || subnet->associate)
        return NULL;
    for (size_t k = 0; k < desired->n_copies; k++)
        for (size_t s = 0; s < desired->copies[k].n_subnets; s++)
            if (desired->copies[k].subnets[s] == subnet->subnet && desired->copies[k].implicit &&
                !desired->copies[k].cannot)
                return NULL;
    return subnet;
}

static const char *undeclared_subnets(struct arena *arena, const struct desired *desired,
                                      const struct snapshot *snapshot,
                                      const struct route_table *table)
{
    const char *list = NULL;

    for (size_t i = 0; i < snapshot->n_subnets; i++) {
        const struct subnet *subnet = &snapshot->subnets[i];

        if (subnet->table == table && !desired_find_subnet(desired, subnet->id) &&
            !FAULT(SHARED_TABLES_WRITTEN))
            list = list ? arena_printf(arena, "%s, %s", list, subnet->id) : subnet->id;
    }
    return list;
}

/* S2: which tables are never written. */
static const char *never_written(struct arena *arena, const struct desired *desired,
                                 const struct snapshot *snapshot, const struct route_table *table)
{
    const char *others;

    if (table->main)
        return "it is the VPC's main route table, which is never written: associate a table of the "
               "subnet's own";
    if (table->gateway_association)
        return "it is associated with a gateway (edge routing)";
    others = undeclared_subnets(arena, desired, snapshot, table);
    if (others)
        return arena_printf(arena, "it also serves %s, which the config does not declare", others);
    return NULL;
}

static bool options_equal(const struct declared_options *a, const struct declared_options *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->items[i].option != b->items[i].option ||
            !text_equal(a->items[i].target_id, b->items[i].target_id))
            return false;
    return true;
}

static void point(struct desired_default *want, const struct desired *desired,
                  const struct snapshot *snapshot, const char *az)
{
    switch (want->option) {
    case OPTION_INTERNET_GATEWAY:
        want->kind = TARGET_INTERNET_GATEWAY;
        want->id = desired->internet_gateway.attaching ? NULL : desired->internet_gateway.id;
        want->role = ROLE_INTERNET_GATEWAY;
        if (desired->internet_gateway.ambiguous)
            want->why_not = "several internet gateways read as attached";
        break;
    case OPTION_EGRESS_ONLY_INTERNET_GATEWAY:
        want->kind = TARGET_EGRESS_ONLY_INTERNET_GATEWAY;
        want->id = desired->egress_only_internet_gateway.attaching
                       ? NULL
                       : desired->egress_only_internet_gateway.id;
        want->role = ROLE_EGRESS_ONLY_INTERNET_GATEWAY;
        if (desired->egress_only_internet_gateway.ambiguous)
            want->why_not = "several egress-only internet gateways are attached to this VPC: "
                            "delete the one that is not wanted";
        break;
    case OPTION_NAT_GATEWAY: {
        const struct desired_zone *zone = FAULT(ZONES_ALIKE) && desired->n_zones
                                              ? &desired->zones[0]
                                              : desired_find_zone(desired, snapshot, az);

        want->kind = TARGET_NAT_GATEWAY;
        if (!zone)
            break;
        want->id = zone->gateway ? zone->gateway->nat_gateway_id : NULL;
        if (FAULT(TARGET_UNCHECKED) && !want->id && zone->coming)
            want->id = zone->coming->nat_gateway_id;
        want->role = zone->role;
        want->why_not = zone->gateway ? NULL : zone->why_not;
        break;
    }
    case OPTION_TARGET_ID:
        want->kind = target_kind_of_id(want->accepted->items[0].target_id);
        want->why_not = "a declared target of this kind is watched, never written";
        break;
    case OPTION_NONE:
    case OPTION_UNMANAGED:
        break;
    }
}

static void resolve_table(struct arena *arena, struct desired *desired,
                          const struct snapshot *snapshot, const struct route_table *table)
{
    struct desired_table want = {.table = table};
    const struct desired_subnet *first = NULL;
    bool one_az = true, one_zone = true, one_group = true;
    unsigned same_role = 0;

    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct desired_subnet *subnet = served(desired, table, i);

        if (!subnet)
            continue;
        want.subnets = want.subnets
                           ? arena_printf(arena, "%s, %s", want.subnets, subnet->subnet->id)
                           : subnet->subnet->id;
        if (!first) {
            first = subnet;
            for (size_t f = 0; f < 2; f++) {
                want.defaults[f].accepted = group_options(subnet->group, family_of_index(f));
                want.defaults[f].option = built_option(want.defaults[f].accepted);
            }
            continue;
        }
        one_az &= text_equal(first->subnet->az, subnet->subnet->az);
        one_zone &= text_equal(nat_zone_name(snapshot, first->subnet->az),
                               nat_zone_name(snapshot, subnet->subnet->az));
        one_group &= first->group == subnet->group;
        for (size_t f = 0; f < 2; f++)
            want.defaults[f].conflict |= !options_equal(
                want.defaults[f].accepted, group_options(subnet->group, family_of_index(f)));
    }
    if (!first)
        return;
    /* An edge zone and its parent share a NAT gateway, and so a table. */
    want.az = one_az                                 ? first->subnet->az
              : one_zone && desired_wants_nat(first) ? nat_zone_name(snapshot, first->subnet->az)
                                                     : NULL;
    want.never = never_written(arena, desired, snapshot, table);
    for (size_t f = 0; f < 2; f++) {
        struct desired_default *family = &want.defaults[f];

        point(family, desired, snapshot, first->subnet->az);
        if (family->conflict)
            family->why_not = "the table serves subnets of groups that declare different defaults";
    }
    want.role = arena_printf(arena, "route-table/%s/%s", one_group ? first->group->name : "mixed",
                             want.az ? want.az : "all");
    /* Two tables of the same group and AZ are told apart by their order, which ids give. */
    for (size_t i = 0; i < desired->n_tables; i++)
        same_role += text_starts_with(desired->tables[i].role, want.role);
    if (same_role)
        want.role = arena_printf(arena, "%s#%u", want.role, same_role + 1);
    desired->tables[desired->n_tables++] = want;
}

void resolve_route_tables(struct arena *arena, struct desired *desired,
                          const struct snapshot *snapshot, const struct history *wiring)
{
    (void)wiring;
    desired->tables = ARENA_ARRAY(arena, struct desired_table, snapshot->n_route_tables + 1);
    for (size_t t = 0; t < snapshot->n_route_tables; t++)
        resolve_table(arena, desired, snapshot, &snapshot->route_tables[t]);
}
