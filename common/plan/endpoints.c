/* Which VPC endpoint serves each declared one, or from what it is built (scenarios 18 to 20: one
 * endpoint a service, the one that is there, whoever made it; names are AWS's, never put together).
 */
#include "endpoints.h"

#include "vpc_reconciled/fault.h"

#include <strings.h>

const uint16_t *endpoint_ports(const struct declared_endpoint *declared, size_t *ret_n)
{
    static const uint16_t https[] = {443};

    *ret_n = declared->n_ports ? declared->n_ports : ARRAY_SIZE(https);
    return declared->n_ports ? declared->ports : https;
}

enum family endpoint_family(const char *ip_address_type)
{
    return !ip_address_type || strcasecmp(ip_address_type, "ipv4") == 0 ? FAMILY_IPV4
           : strcasecmp(ip_address_type, "ipv6") == 0                   ? FAMILY_IPV6
                                                                        : FAMILY_NONE;
}

struct texts endpoint_group_ids(struct arena *arena, const struct ec2_vpc_endpoint *endpoint)
{
    struct texts ids = {0};

    for (size_t i = 0; i < endpoint->groups.n; i++)
        texts_add_once(arena, &ids, endpoint->groups.items[i].group_id);
    return ids;
}

/* ---- the service ---- */

/* Does the name end in "." and the tail? */
static bool has_tail(const char *name, const char *tail)
{
    size_t n = name ? strlen(name) : 0, n_tail = strlen(tail);

    return n > n_tail && name[n - n_tail - 1] == '.' && strcmp(name + n - n_tail, tail) == 0;
}

/* "com.amazonaws.ap-northeast-1.ecr.api" is "ecr.api"; and so is what China's names begin with. */
static bool is_short_name(const char *name, const char *region, const char *wanted)
{
    size_t n_head = name && has_tail(name, wanted) ? strlen(name) - strlen(wanted) - 1 : 0;
    size_t n_region = strlen(region);

    return n_head > n_region && name[n_head - n_region - 1] == '.' &&
           strncmp(name + n_head - n_region, region, n_region) == 0;
}

static bool service_has_type(const struct ec2_service_detail *service, const char *type)
{
    for (size_t i = 0; i < service->service_types.n; i++)
        if (service->service_types.items[i].service_type &&
            strcasecmp(service->service_types.items[i].service_type, type) == 0)
            return true;
    return false;
}

/* By its full name, else by its last labels; two that fit only those are nobody's to choose from.
 */
static void find_service(struct arena *arena, struct desired_endpoint *want,
                         const struct snapshot *snapshot)
{
    const struct observation *observation = snapshot->observation;
    const struct declared_endpoint *declared = want->declared;
    const struct ec2_service_detail *other = NULL;
    unsigned n_other = 0;

    if (!(snapshot->complete & NEEDS(VPC_ENDPOINT_SERVICES)))
        return;
    VEC_EACH (service, &observation->vpc_endpoint_services) {
        if (!service_has_type(service, declared->type))
            continue;
        if (text_equal(service->service_name, declared->service) ||
            is_short_name(service->service_name, observation->region, declared->service)) {
            want->service = service;
            return;
        }
        if (has_tail(service->service_name, declared->service)) {
            other = service;
            n_other++;
        }
    }
    want->service = n_other == 1 ? other : NULL;
    if (!want->service)
        want->why_not = arena_printf(
            arena, "AWS lists %s service \"%s\" for %s endpoints in %s: check \"service\"",
            n_other ? "more than one" : "no", declared->service, declared->type,
            observation->region);
}

/* ---- what is there ---- */

bool endpoint_is_for(const struct snapshot *snapshot, const struct desired_endpoint *want,
                     const struct ec2_vpc_endpoint *endpoint)
{
    const char *name = endpoint->service_name;

    if (want->interface ? !vpc_endpoint_is_interface(endpoint) : !vpc_endpoint_is_gateway(endpoint))
        return false;
    if (want->service)
        return text_equal(name, want->service->service_name);
    return text_equal(name, want->declared->service) ||
           is_short_name(name, snapshot->observation->region, want->declared->service);
}

/* A service of AWS made it for itself, or another account did: neither ours to change nor ours to
 * rely on. */
static bool is_usable(const struct snapshot *snapshot, const struct ec2_vpc_endpoint *endpoint)
{
    return endpoint->requester_managed != WIRE_TRUE &&
           (text_empty(endpoint->owner_id) ||
            text_equal(endpoint->owner_id, snapshot->observation->account));
}

/* How much of what is declared it serves today. */
static unsigned serves(const struct snapshot *snapshot, const struct desired_endpoint *want,
                       const struct ec2_vpc_endpoint *endpoint)
{
    unsigned n = 0;

    for (size_t t = 0; t < want->table_ids.n; t++)
        for (size_t i = 0; i < endpoint->route_table_ids.n; i++)
            n += text_equal(endpoint->route_table_ids.items[i], want->table_ids.items[t]);
    for (size_t z = 0; z < want->n_zones; z++)
        for (size_t i = 0; i < endpoint->subnet_ids.n; i++) {
            const struct subnet *subnet =
                snapshot_find_subnet(snapshot, endpoint->subnet_ids.items[i]);

            n += subnet && text_equal(subnet->az, want->zones[z].az);
        }
    return n;
}

/* Of several: one that serves us, ours first, then the one that has the private name, serves most,
 * is available; else the lowest id, in whose order they come. */
static bool is_better(const struct snapshot *snapshot, const struct desired_endpoint *want,
                      const struct ec2_vpc_endpoint *endpoint)
{
    const struct ec2_vpc_endpoint *sides[] = {want->endpoint, endpoint};
    unsigned rank[2];

    if (!want->endpoint || FAULT(FIRST_ENDPOINT_WINS))
        return !want->endpoint;
    for (size_t i = 0; i < 2; i++) {
        unsigned served = serves(snapshot, want, sides[i]);

        rank[i] = served < 0xfff ? served << 1 : 0x1ffe;
        rank[i] |= served ? 1U << 20 : 0;
        rank[i] |= tags_are_ours(&sides[i]->tags, snapshot->owner_tag) ? 1U << 19 : 0;
        rank[i] |= want->private_dns && sides[i]->private_dns_enabled == WIRE_TRUE ? 1U << 18 : 0;
        rank[i] |= vpc_endpoint_state(sides[i]) == ENDPOINT_AVAILABLE;
    }
    return rank[1] > rank[0];
}

static void sort_endpoint(const struct snapshot *snapshot, struct desired_endpoint *want,
                          const struct ec2_vpc_endpoint *endpoint)
{
    enum vpc_endpoint_state state = vpc_endpoint_state(endpoint);

    if (FAULT(DEAD_ENDPOINTS_COUNT) && state == ENDPOINT_DEAD)
        state = ENDPOINT_AVAILABLE;
    switch (state) {
    case ENDPOINT_AVAILABLE:
    case ENDPOINT_PENDING:
        if (is_better(snapshot, want, endpoint))
            want->endpoint = endpoint;
        break;
    case ENDPOINT_PENDING_ACCEPTANCE:
        want->waiting = want->waiting ? want->waiting : endpoint;
        break;
    case ENDPOINT_DELETING:
        want->going = endpoint;
        break;
    case ENDPOINT_DEAD:
        want->n_dead += tags_are_ours(&endpoint->tags, snapshot->owner_tag);
        __attribute__((fallthrough));
    case ENDPOINT_DELETED: /* ISO 8601: text order is time order; absent sorts first */
        if (!want->dead ||
            text_compare(want->dead->creation_timestamp, endpoint->creation_timestamp) < 0)
            want->dead = endpoint;
        break;
    case ENDPOINT_UNCLEAR:
        want->unclear = endpoint;
        break;
    }
}

static void find_endpoints(struct desired_endpoint *want, const struct desired *desired,
                           const struct snapshot *snapshot, const struct history *wiring)
{
    const char *wired;

    if (!(snapshot->complete & NEEDS(VPC_ENDPOINTS)))
        return;
    for (size_t i = 0; i < snapshot->n_vpc_endpoints; i++)
        if (endpoint_is_for(snapshot, want, snapshot->vpc_endpoints[i]) &&
            is_usable(snapshot, snapshot->vpc_endpoints[i]))
            sort_endpoint(snapshot, want, snapshot->vpc_endpoints[i]);
    wired = history_wiring(wiring, desired->target->name, want->role);
    want->predecessor = want->dead ? want->dead->vpc_endpoint_id : wired;
}

/* ---- whom it is for ---- */

bool endpoint_is_for_group(const struct desired_endpoint *want, const struct subnet_group *group)
{
    return texts_contain(&want->declared->for_groups, group->name);
}

/* No default of the table leads anywhere. */
static bool is_cut_off(const struct snapshot *snapshot, const struct subnet *subnet)
{
    for (size_t f = 0; f < 2; f++) {
        const struct route *route =
            subnet->table ? route_table_find(subnet->table, default_of(family_of_index(f))) : NULL;

        if (route && route_is_live(snapshot, route) != VERDICT_NO)
            return false;
    }
    return true;
}

static void find_users(struct arena *arena, struct desired_endpoint *want,
                       const struct desired *desired, const struct snapshot *snapshot)
{
    for (size_t g = 0; g < desired->n_groups; g++)
        if (desired->groups[g].unknown &&
            (endpoint_is_for_group(want, desired->groups[g].group) ||
             text_equal(want->declared->in_group, desired->groups[g].group->name)))
            want->unknown = true;
    for (size_t i = 0; i < desired->n_subnets; i++) {
        const struct desired_subnet *subnet = &desired->subnets[i];

        if (!endpoint_is_for_group(want, subnet->group))
            continue;
        want->subnets = want->subnets
                            ? arena_printf(arena, "%s, %s", want->subnets, subnet->subnet->id)
                            : subnet->subnet->id;
        want->path_dead |= is_cut_off(snapshot, subnet->subnet);
    }
}

static bool supports_family(const struct ec2_service_detail *service, const char *family)
{
    const struct wire_texts *types = &service->supported_ip_address_types;

    for (size_t i = 0; i < types->n; i++)
        if (strcasecmp(types->items[i], family) == 0)
            return true;
    return types->n == 0; /* it does not say */
}

/* What AWS would refuse, whatever the VPC looks like. */
static const char *service_refuses(struct arena *arena, const struct desired_endpoint *want)
{
    const struct declared_endpoint *declared = want->declared;
    const char *type = declared->ip_address_type ? declared->ip_address_type : "ipv4";

    if ((!text_equal(type, "ipv6") && !supports_family(want->service, "ipv4")) ||
        (!text_equal(type, "ipv4") && !supports_family(want->service, "ipv6")))
        return arena_printf(arena, "%s does not support \"ip_address_type\": \"%s\"",
                            want->service->service_name, type);
    if (declared->policy && want->service->vpc_endpoint_policy_supported == WIRE_FALSE)
        return arena_printf(arena, "endpoints of %s take no policy: declare \"keep\"",
                            want->service->service_name);
    return NULL;
}

static void resolve_endpoint(struct arena *arena, struct desired_endpoint *want,
                             const struct desired *desired, const struct snapshot *snapshot,
                             const struct history *wiring)
{
    want->interface = text_equal(want->declared->type, "interface");
    want->private_dns = want->interface && want->declared->private_dns == WIRE_TRUE;
    want->role =
        arena_printf(arena, "vpc-endpoint/%s/%s", want->declared->service, want->declared->type);
    find_service(arena, want, snapshot);
    find_users(arena, want, desired, snapshot);
    if (want->interface)
        resolve_endpoint_zones(arena, want, desired, snapshot);
    else
        resolve_endpoint_tables(arena, want, desired, snapshot);
    find_endpoints(want, desired, snapshot, wiring);
    for (size_t z = 0; want->endpoint && z < want->n_zones; z++)
        for (size_t i = 0; i < want->endpoint->subnet_ids.n; i++) {
            const struct subnet *subnet =
                snapshot_find_subnet(snapshot, want->endpoint->subnet_ids.items[i]);

            want->zones[z].has |= subnet && text_equal(subnet->az, want->zones[z].az);
        }
    if (want->private_dns)
        want->conflict = private_dns_conflict(snapshot, want);
    if (want->service && !want->why_not)
        want->why_not = service_refuses(arena, want);
}

void resolve_endpoints(struct arena *arena, struct desired *desired,
                       const struct snapshot *snapshot, const struct history *wiring)
{
    const struct config_target *target = desired->target;

    desired->endpoints = ARENA_ARRAY(arena, struct desired_endpoint, target->n_endpoints + 1);
    /* Private DNS of S3 wants its gateway endpoint first. */
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < target->n_endpoints; i++) {
            struct desired_endpoint *want = &desired->endpoints[desired->n_endpoints];

            if (text_equal(target->endpoints[i].type, "interface") != (pass == 1))
                continue;
            want->declared = &target->endpoints[i];
            resolve_endpoint(arena, want, desired, snapshot, wiring);
            desired->n_endpoints++;
        }
}
