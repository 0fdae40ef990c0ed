/* VPC endpoints as a way to a service. */
#include "reach_private.h"

static enum verdict state_verdict(const struct ec2_vpc_endpoint *endpoint)
{
    switch (vpc_endpoint_state(endpoint)) {
    case ENDPOINT_AVAILABLE:
        return VERDICT_YES;
    case ENDPOINT_PENDING: /* it goes there on every modification (aws-facts 2.5) */
    case ENDPOINT_UNCLEAR:
        return VERDICT_UNKNOWN;
    default:
        return VERDICT_NO;
    }
}

static void walk_state(struct walk *walk, const struct ec2_vpc_endpoint *endpoint)
{
    walk_step(walk, REACH_LAYER_ENDPOINT, state_verdict(endpoint), endpoint->vpc_endpoint_id,
              "%s is in state %s", endpoint->vpc_endpoint_id,
              endpoint->state ? endpoint->state : "unknown");
}

static const struct ec2_service_detail *service_detail(struct walk *walk)
{
    const struct observation *observation = walk->snapshot->observation;

    if (walk->query->service)
        return walk->query->service;
    if (walk->snapshot->complete & NEEDS(VPC_ENDPOINT_SERVICES))
        VEC_EACH (service, &observation->vpc_endpoint_services)
            if (text_equal(service->service_name, walk->query->service_name))
                return service;
    return NULL;
}

static void walk_policy(struct walk *walk, const struct ec2_vpc_endpoint *endpoint)
{
    const struct ec2_service_detail *service = service_detail(walk);
    const char *id = endpoint->vpc_endpoint_id;
    enum verdict verdict = policy_is_open(endpoint->policy_document);

    if (service && service->vpc_endpoint_policy_supported == WIRE_FALSE)
        verdict = VERDICT_YES;
    walk_step(walk, REACH_LAYER_ENDPOINT_POLICY, verdict, id,
              verdict == VERDICT_YES ? "the policy of %s allows everything"
                                     : "whom the policy of %s lets pass is not known",
              id);
}

void walk_gateway_endpoint(struct walk *walk, const char *id)
{
    const struct ec2_vpc_endpoint *endpoint = NULL;

    if (walk->snapshot->complete & NEEDS(VPC_ENDPOINTS))
        endpoint = snapshot_find_vpc_endpoint(walk->snapshot, id);
    if (!endpoint || !vpc_endpoint_is_gateway(endpoint)) {
        walk_step(walk, REACH_LAYER_TARGET, VERDICT_UNKNOWN, id,
                  endpoint ? "%s is not a gateway endpoint: what lies behind it cannot be seen "
                             "from here"
                           : "%s is not known",
                  id);
        return;
    }
    walk_step(walk, REACH_LAYER_TARGET, VERDICT_YES, id, "%s is a gateway endpoint", id);
    walk_state(walk, endpoint);
    walk_policy(walk, endpoint);
}

/* ---- interface endpoints ---- */

static bool address_of(const struct ec2_network_interface *interface, enum family family,
                       struct prefix *ret_address)
{
    const char *text = interface->private_ip_address;

    if (family == FAMILY_IPV6)
        text = interface->ipv6_addresses.n ? interface->ipv6_addresses.items[0].ipv6_address : NULL;
    return !text_empty(text) && prefix_parse_address(text, ret_address) == 0 &&
           ret_address->family == family;
}

/* One of its network interfaces; false: the address is not known. */
static bool walk_to_interface(struct walk *walk, const struct ec2_vpc_endpoint *endpoint,
                              const struct groups *groups, size_t i)
{
    const struct ec2_network_interface *interface =
        interface_find(walk->snapshot, endpoint->network_interface_ids.items[i]);
    struct prefix address;

    if (!interface || !address_of(interface, walk->source->family, &address))
        return false;
    walk_to_member(walk, &address, interface->subnet_id, endpoint->vpc_endpoint_id, groups);
    return true;
}

/* DNS gives any of the addresses. All alike: that is the answer. */
static void walk_addresses(struct walk *walk, const struct ec2_vpc_endpoint *endpoint,
                           const struct groups *groups)
{
    const char *id = endpoint->vpc_endpoint_id;
    enum verdict best = VERDICT_NO, worst = VERDICT_YES;
    size_t n = endpoint->network_interface_ids.n, take = 0;

    for (size_t i = 0; i < n; i++) {
        struct walk one = *walk;

        one.told = false;
        one.verdict = VERDICT_YES;
        if (!walk_to_interface(&one, endpoint, groups, i)) {
            walk_step(walk, REACH_LAYER_ENDPOINT, VERDICT_UNKNOWN, id,
                      "the address of network interface %s of %s is not known",
                      endpoint->network_interface_ids.items[i], id);
            return;
        }
        if (i == 0 || one.verdict > best) {
            best = one.verdict;
            take = i;
        }
        worst = worse(worst, one.verdict);
    }
    walk_to_interface(walk, endpoint, groups, take);
    if (best != worst)
        walk_step(walk, REACH_LAYER_ENDPOINT, VERDICT_UNKNOWN, id,
                  "some network interfaces of %s can be reached and others not: it hangs on which "
                  "address DNS gives",
                  id);
}

void walk_interface_endpoint(struct walk *walk, const struct ec2_vpc_endpoint *endpoint)
{
    const char *id = endpoint->vpc_endpoint_id;
    struct groups groups = {.n = endpoint->groups.n};

    walk->finest = EXACT;
    walk_state(walk, endpoint);
    walk_policy(walk, endpoint);
    groups.ids = ARENA_ARRAY(walk->arena, const char *, groups.n + 1);
    for (size_t i = 0; i < groups.n; i++)
        groups.ids[i] = endpoint->groups.items[i].group_id;
    groups_find(walk->arena, walk->snapshot, &groups);
    if (endpoint->network_interface_ids.n)
        walk_addresses(walk, endpoint, &groups);
    else
        walk_step(walk, REACH_LAYER_ENDPOINT, endpoint->subnet_ids.n ? VERDICT_UNKNOWN : VERDICT_NO,
                  id,
                  endpoint->subnet_ids.n ? "the network interfaces of %s are not known"
                                         : "%s is in no subnet",
                  id);
}
