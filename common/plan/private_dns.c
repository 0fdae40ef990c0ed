/* Private DNS of an interface endpoint: it moves everybody in the VPC who uses the service's name
 * to the endpoint, so that it is turned on only where nobody loses by it (safety.md S7). */
#include "endpoints.h"

#include "vpc_reconciled/fault.h"

#include <strings.h>

enum verdict security_groups_admit(const struct snapshot *snapshot, const struct texts *group_ids,
                                   const struct traffic *traffic)
{
    const ec2_ip_permissions *lists[16];
    size_t n = 0;

    if (group_ids->n == 0) { /* EC2 gives the VPC's default group */
        const struct ec2_security_group *group = snapshot_default_security_group(snapshot);

        if (group)
            lists[n++] = &group->ip_permissions;
    }
    for (size_t i = 0; i < group_ids->n && n < ARRAY_SIZE(lists); i++) {
        const struct ec2_security_group *group =
            snapshot_find_security_group(snapshot, group_ids->items[i]);

        if (group)
            lists[n++] = &group->ip_permissions;
    }
    return n ? permissions_cover(snapshot, lists, n, traffic) : VERDICT_NO;
}

/* ---- the private name ---- */

static bool has_name(const struct ec2_vpc_endpoint *endpoint, const char *name)
{
    for (size_t i = 0; name && i < endpoint->dns_entries.n; i++)
        if (endpoint->dns_entries.items[i].dns_name &&
            strcasecmp(endpoint->dns_entries.items[i].dns_name, name) == 0)
            return true;
    return false;
}

/* An endpoint of another service may have the name, too: it is among its DNS entries then. */
static bool claims(const struct desired_endpoint *want, const struct ec2_vpc_endpoint *endpoint,
                   bool same_service)
{
    const struct ec2_service_detail *service = want->service;

    if (endpoint->private_dns_enabled != WIRE_TRUE || !vpc_endpoint_is_there(endpoint))
        return false;
    if (same_service)
        return true;
    if (service && has_name(endpoint, service->private_dns_name))
        return true;
    for (size_t i = 0; service && i < service->private_dns_names.n; i++)
        if (has_name(endpoint, service->private_dns_names.items[i].private_dns_name))
            return true;
    return false;
}

const struct ec2_vpc_endpoint *private_dns_conflict(const struct snapshot *snapshot,
                                                    const struct desired_endpoint *want)
{
    if (!(snapshot->complete & NEEDS(VPC_ENDPOINTS)) || FAULT(CONFLICTS_UNSEEN))
        return NULL;
    for (size_t i = 0; i < snapshot->n_vpc_endpoints; i++) {
        const struct ec2_vpc_endpoint *endpoint = snapshot->vpc_endpoints[i];

        if (endpoint != want->endpoint &&
            claims(want, endpoint, endpoint_is_for(snapshot, want, endpoint)))
            return endpoint;
    }
    return NULL;
}

/* ---- S3 ---- */

static bool is_s3(const char *service_name)
{
    size_t n = service_name ? strlen(service_name) : 0;

    return n > 3 && strcmp(service_name + n - 3, ".s3") == 0;
}

bool private_dns_wants_gateway(const struct snapshot *snapshot, const struct desired_endpoint *want)
{
    if (!want->private_dns || !want->service || !is_s3(want->service->service_name) ||
        FAULT(S3_GATEWAY_LAST))
        return false;
    for (size_t i = 0; i < snapshot->n_vpc_endpoints; i++)
        if (vpc_endpoint_is_gateway(snapshot->vpc_endpoints[i]) &&
            vpc_endpoint_state(snapshot->vpc_endpoints[i]) == ENDPOINT_AVAILABLE &&
            text_equal(snapshot->vpc_endpoints[i]->service_name, want->service->service_name))
            return false;
    return true;
}

const char *private_dns_refused(struct arena *arena, const struct snapshot *snapshot,
                                const struct desired_endpoint *want)
{
    const struct observed_vpc_attributes *attributes = snapshot->vpc_attributes;

    if (want->conflict)
        return arena_printf(arena, "%s has the service's private name in this VPC",
                            want->conflict->vpc_endpoint_id);
    if (want->service && text_empty(want->service->private_dns_name) &&
        want->service->private_dns_names.n == 0)
        return arena_printf(arena, "%s has no private name: take \"private_dns\" out",
                            want->service->service_name);
    if (private_dns_wants_gateway(snapshot, want))
        return "private DNS of S3 wants a gateway endpoint of S3 in the VPC first: declare one";
    if (!attributes)
        return "the VPC's DNS attributes are not known";
    if (attributes->enable_dns_support != WIRE_TRUE ||
        attributes->enable_dns_hostnames != WIRE_TRUE)
        return "private DNS wants enableDnsSupport and enableDnsHostnames of the VPC on";
    return NULL;
}

/* ---- whom it would cut off (S7) ---- */

/* Addresses that no service's public name leads to. */
static bool is_private_range(const struct prefix *destination)
{
    static const char *const ranges[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                         "100.64.0.0/10", "fc00::/7"};
    struct prefix range;

    for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
        if (prefix_parse(ranges[i], &range) == 0 && prefix_contains(&range, destination))
            return true;
    return false;
}

const struct ec2_vpc_endpoint *gateway_endpoint_of(const struct snapshot *snapshot,
                                                   const struct route *route)
{
    const struct ec2_vpc_endpoint *endpoint =
        route->prefix_list_id && route->kind == TARGET_VPC_ENDPOINT
            ? snapshot_find_vpc_endpoint(snapshot, route->target_id)
            : NULL;

    return endpoint && vpc_endpoint_is_gateway(endpoint) ? endpoint : NULL;
}

/* Does the route lead to where the service's public name does? */
static bool may_lead_to(const struct snapshot *snapshot, const struct route *route,
                        const char *service)
{
    const struct ec2_vpc_endpoint *gateway = gateway_endpoint_of(snapshot, route);

    if (route->kind == TARGET_LOCAL || route_is_live(snapshot, route) == VERDICT_NO)
        return false;
    if (gateway)
        return text_equal(gateway->service_name, service);
    return route->prefix_list_id || !is_private_range(&route->destination);
}

static bool could_use(const struct snapshot *snapshot,
                      const struct ec2_network_interface *interface, const char *service)
{
    static const char *const never[] = {"nat_gateway", "natGateway", "vpc_endpoint",
                                        "gateway_load_balancer", "gateway_load_balancer_endpoint"};
    const struct subnet *subnet = snapshot_find_subnet(snapshot, interface->subnet_id);

    for (size_t i = 0; i < ARRAY_SIZE(never); i++)
        if (text_equal(interface->interface_type, never[i]))
            return false;
    if (!subnet || !subnet->table)
        return true; /* nothing shows that it could not */
    for (size_t i = 0; i < subnet->table->n_routes; i++)
        if (may_lead_to(snapshot, &subnet->table->routes[i], service))
            return true;
    return false;
}

static bool is_admitted(const struct snapshot *snapshot,
                        const struct ec2_network_interface *interface,
                        const struct private_dns *dns, uint16_t port)
{
    struct traffic traffic = {
        .protocol = "tcp", .port_from = port, .port_to = port, .family = (uint8_t)dns->family};

    for (size_t g = 0; g < interface->groups.n; g++) {
        traffic.group_id = interface->groups.items[g].group_id;
        if (security_groups_admit(snapshot, &dns->group_ids, &traffic) == VERDICT_YES)
            return true;
    }
    traffic.group_id = NULL;
    traffic.family = FAMILY_NONE;
    return dns->family == FAMILY_IPV4 &&
           prefix_parse_address(interface->private_ip_address ? interface->private_ip_address : "",
                                &traffic.cidr) == 0 &&
           security_groups_admit(snapshot, &dns->group_ids, &traffic) == VERDICT_YES;
}

/* It answers for the name, or may: what is in a state that we do not know may be there. */
static bool may_be_there(const struct ec2_vpc_endpoint *endpoint)
{
    return vpc_endpoint_is_there(endpoint) || vpc_endpoint_state(endpoint) == ENDPOINT_UNCLEAR;
}

const char *vpc_dns_cuts_off(struct arena *arena, const struct snapshot *snapshot)
{
    static const uint16_t https[] = {443};

    for (size_t i = 0; i < snapshot->n_vpc_endpoints; i++) {
        const struct ec2_vpc_endpoint *endpoint = snapshot->vpc_endpoints[i];
        const struct private_dns dns = {.service = endpoint->service_name,
                                        .group_ids = endpoint_group_ids(arena, endpoint),
                                        .ports = https,
                                        .n_ports = ARRAY_SIZE(https),
                                        .family = endpoint_family(endpoint->ip_address_type)};
        const char *why = endpoint->private_dns_enabled == WIRE_TRUE && may_be_there(endpoint)
                              ? private_dns_cuts_off(arena, snapshot, &dns)
                              : NULL;

        if (why)
            return why;
    }
    return NULL;
}

const char *private_dns_cuts_off(struct arena *arena, const struct snapshot *snapshot,
                                 const struct private_dns *dns)
{
    for (size_t i = 0; i < snapshot->n_network_interfaces && !FAULT(PRIVATE_DNS_CUTS_OFF); i++) {
        const struct ec2_network_interface *interface = snapshot->network_interfaces[i];

        if (!could_use(snapshot, interface, dns->service))
            continue;
        for (size_t p = 0; p < dns->n_ports; p++)
            if (!is_admitted(snapshot, interface, dns, dns->ports[p]))
                return arena_printf(
                    arena,
                    "%s in %s can reach %s today, and no security group of the endpoint lets it in "
                    "on port %u: private DNS would cut it off",
                    interface->network_interface_id,
                    interface->subnet_id ? interface->subnet_id : "?", dns->service, dns->ports[p]);
    }
    return NULL;
}
