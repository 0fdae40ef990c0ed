/* CreateVpcEndpoint, ModifyVpcEndpoint, DeleteVpcEndpoints. */
#include "vpc_endpoints.h"

#include "transitions.h"

/* What AWS gives an endpoint whose maker says nothing. */
#define FULL_ACCESS                                                                                \
    "{\"Statement\":[{\"Action\":\"*\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Resource\":\"*"  \
    "\"}]}"

static size_t count(struct state *state, const char *vpc_id, bool gateway)
{
    size_t n = 0;

    VEC_EACH (endpoint, &state->objects.vpc_endpoints)
        n += endpoint_is_gateway(endpoint) == gateway &&
             (gateway || text_equal(endpoint->vpc_id, vpc_id));
    return n;
}

static int check_policy(struct call *call, const char *policy)
{
    if (policy && *policy != '{')
        return call_fail(call, "InvalidPolicyDocument", "This policy contains invalid Json");
    return 0;
}

static int check_gateway(struct call *call, const struct ec2_vpc_endpoint *endpoint)
{
    const struct ec2_change_request *change = &call->change;

    if (change->subnet_ids.n || change->security_group_ids.n)
        return call_fail(call, "InvalidParameter",
                         "Subnets and security groups are not supported by Gateway endpoints.");
    if (change->private_dns_enabled == WIRE_TRUE)
        return call_fail(call, "InvalidParameter",
                         "Private DNS is not supported by Gateway endpoints.");
    if (call_check_quota(call, QUOTA_GATEWAY_ENDPOINTS, count(call->state, NULL, true)) < 0)
        return -EINVAL;
    return endpoint_check_tables(call, endpoint, &change->route_table_ids);
}

static int check_ip_address_type(struct call *call, const struct ec2_vpc_endpoint *endpoint,
                                 const struct wire_texts *subnet_ids)
{
    bool wants_ipv6 = !text_equal(endpoint->ip_address_type, "ipv4");

    for (size_t i = 0; i < subnet_ids->n; i++) {
        const struct ec2_subnet *subnet =
            state_find(call->state, KIND_SUBNET, subnet_ids->items[i]);
        bool ipv6 = false;

        VEC_EACH (block, &subnet->ipv6_cidr_block_associations)
            ipv6 |= block->state == EC2_ASSOCIATION_ASSOCIATED;
        if (wants_ipv6 && !ipv6)
            return call_fail(call, "InvalidParameter",
                             "The subnet %s does not support the IP address type %s",
                             subnet->subnet_id, endpoint->ip_address_type);
    }
    return 0;
}

static int check_interface(struct call *call, const struct ec2_vpc_endpoint *endpoint)
{
    const struct ec2_change_request *change = &call->change;

    if (change->route_table_ids.n)
        return call_fail(call, "InvalidParameter",
                         "Route tables are not supported by Interface endpoints.");
    if (call_check_quota(call, QUOTA_INTERFACE_ENDPOINTS_PER_VPC,
                         count(call->state, endpoint->vpc_id, false)) < 0 ||
        endpoint_check_subnets(call, endpoint, &change->subnet_ids) < 0 ||
        check_ip_address_type(call, endpoint, &change->subnet_ids) < 0 ||
        security_groups_check(call, endpoint->vpc_id, &change->security_group_ids) < 0)
        return -EINVAL;
    return endpoint->private_dns_enabled == WIRE_TRUE ? endpoint_check_private_dns(call, endpoint)
                                                      : 0;
}

/* As it would be made; texts are the request's. */
static int read_request(struct call *call, struct ec2_vpc_endpoint *endpoint)
{
    const struct ec2_change_request *change = &call->change;
    const char *type = change->vpc_endpoint_type ? change->vpc_endpoint_type : "Gateway";
    const struct ec2_service_detail *service;

    if (call_require(call, change->service_name, "ServiceName") < 0 ||
        !call_find(call, KIND_VPC, change->vpc_id) ||
        check_policy(call, change->policy_document) < 0)
        return -EINVAL;
    service = endpoint_service_find(call->state, change->service_name, type);
    if (!service)
        return call_fail(call, "InvalidServiceName",
                         "The Vpc Endpoint Service '%s' does not exist for endpoints of type %s",
                         change->service_name, type);
    *endpoint = (struct ec2_vpc_endpoint){
        .vpc_id = change->vpc_id,
        .vpc_endpoint_type = type,
        .service_name = change->service_name,
        .ip_address_type = change->ip_address_type ? change->ip_address_type : "ipv4",
        .dns_record_ip_type = change->dns_record_ip_type,
        .policy_document = change->policy_document ? change->policy_document : FULL_ACCESS,
    };
    if (!texts_contain(&(const struct texts){(const char *[]){"ipv4", "dualstack", "ipv6"}, 3},
                       endpoint->ip_address_type))
        return call_fail(call, "InvalidParameter", "The IP address type %s is invalid",
                         endpoint->ip_address_type);
    endpoint->private_dns_enabled = WIRE_FALSE;
    /* EC2 API Reference, CreateVpcEndpoint: PrivateDnsEnabled is true where nobody says. */
    if (!endpoint_is_gateway(endpoint) && service->private_dns_name)
        endpoint->private_dns_enabled =
            change->private_dns_enabled == WIRE_ABSENT ? WIRE_TRUE : change->private_dns_enabled;
    endpoint->state = service->acceptance_required == WIRE_TRUE ? "pendingAcceptance"
                      : endpoint_is_gateway(endpoint)           ? ENDPOINT_AVAILABLE
                                                                : ENDPOINT_PENDING;
    return 0;
}

static void keep_texts(struct call *call, struct ec2_vpc_endpoint *endpoint)
{
    const char **const texts[] = {
        &endpoint->vpc_id,          &endpoint->vpc_endpoint_type,  &endpoint->service_name,
        &endpoint->ip_address_type, &endpoint->dns_record_ip_type, &endpoint->policy_document};

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        *texts[i] = keep(call, *texts[i]);
    if (!endpoint->owner_id) /* a world may say another */
        endpoint->owner_id = keep(call, call->simulator->account);
    if (!endpoint->creation_timestamp)
        endpoint->creation_timestamp = state_time(call->state, call->now.wall_ms);
    if (!endpoint->requester_managed)
        endpoint->requester_managed = WIRE_FALSE;
    endpoint->route_table_ids.seen = endpoint->subnet_ids.seen = true;
    endpoint->network_interface_ids.seen = endpoint->groups.seen = true;
    endpoint->dns_entries.seen = endpoint->tags.seen = true;
}

static void wait_for_available(struct call *call, const char *id)
{
    transition_start(call->simulator, call->now, SLOW_VPC_ENDPOINT_PENDING, id);
}

int vpc_endpoint_create(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_vpc_endpoint made = {0}, *endpoint;

    if (read_request(call, &made) < 0 ||
        (endpoint_is_gateway(&made) ? check_gateway(call, &made) : check_interface(call, &made)) <
            0)
        return -EINVAL;
    call->made_id = new_id(call, "vpce-");
    endpoint = call_add(call, KIND_VPC_ENDPOINT, call->made_id);
    made.vpc_endpoint_id = endpoint->vpc_endpoint_id;
    *endpoint = made;
    keep_texts(call, endpoint);
    call_tag(call, &endpoint->tags);
    if (endpoint_is_gateway(endpoint)) {
        endpoint_add_tables(call, endpoint, &change->route_table_ids);
    } else {
        security_groups_give(call, endpoint->vpc_id, &change->security_group_ids,
                             (struct wire_any_list *)(void *)&endpoint->groups);
        endpoint_name(call, endpoint);
        if (endpoint_add_subnets(call, call->made_id, &change->subnet_ids) < 0)
            return -EINVAL;
        if (text_equal(endpoint->state, ENDPOINT_PENDING))
            wait_for_available(call, call->made_id);
    }
    call->change_reply.vpc_endpoint = *endpoint;
    return 0;
}

void vpc_endpoint_settle(struct call *call, const char *id)
{
    struct ec2_vpc_endpoint *endpoint = state_find(call->state, KIND_VPC_ENDPOINT, id);

    if (endpoint && text_equal(endpoint->state, ENDPOINT_PENDING))
        endpoint->state = ENDPOINT_AVAILABLE;
}

/* ---- changes ---- */

static int check_change(struct call *call, const struct ec2_vpc_endpoint *endpoint)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_vpc_endpoint wanted = *endpoint;

    if (!endpoint_is_alive(endpoint))
        return call_fail(call, "IncorrectState", "The VPC endpoint %s is in the state %s",
                         endpoint->vpc_endpoint_id, endpoint->state);
    if (endpoint_is_gateway(endpoint)
            ? change->add_subnet_ids.n || change->add_security_group_ids.n ||
                  change->private_dns_enabled == WIRE_TRUE
            : change->add_route_table_ids.n > 0)
        return call_fail(call, "InvalidParameter",
                         "The request has parameters that endpoints of type %s do not have",
                         endpoint->vpc_endpoint_type);
    if (change->ip_address_type)
        wanted.ip_address_type = change->ip_address_type;
    if (endpoint_check_tables(call, endpoint, &change->add_route_table_ids) < 0 ||
        endpoint_check_subnets(call, endpoint, &change->add_subnet_ids) < 0 ||
        check_ip_address_type(call, &wanted, &change->add_subnet_ids) < 0 ||
        security_groups_check(call, endpoint->vpc_id, &change->add_security_group_ids) < 0 ||
        check_policy(call, change->policy_document) < 0)
        return -EINVAL;
    if (change->private_dns_enabled == WIRE_TRUE && endpoint->private_dns_enabled != WIRE_TRUE)
        return endpoint_check_private_dns(call, endpoint);
    return 0;
}

/* Of the endpoint, and so of its interfaces. */
static void change_groups(struct call *call, struct ec2_vpc_endpoint *endpoint)
{
    const struct ec2_change_request *change = &call->change;
    struct arena *arena = call->state->arena;

    for (size_t i = 0; i < change->add_security_group_ids.n; i++) {
        const struct ec2_security_group *group =
            state_find(call->state, KIND_SECURITY_GROUP, change->add_security_group_ids.items[i]);
        bool there = false;

        VEC_EACH (have, &endpoint->groups)
            there |= text_equal(have->group_id, group->group_id);
        if (!there)
            *LIST_ADD(arena, &endpoint->groups) =
                (struct ec2_group_identifier){group->group_id, group->group_name};
    }
    for (size_t i = 0; i < change->remove_security_group_ids.n; i++)
        for (size_t k = endpoint->groups.n; k-- > 0;)
            if (text_equal(endpoint->groups.items[k].group_id,
                           change->remove_security_group_ids.items[i]))
                LIST_REMOVE(&endpoint->groups, k);
    for (size_t i = 0; i < endpoint->network_interface_ids.n; i++) {
        struct ec2_network_interface *interface = state_find(
            call->state, KIND_NETWORK_INTERFACE, endpoint->network_interface_ids.items[i]);

        if (!interface)
            continue;
        interface->groups.n = 0;
        VEC_EACH (group, &endpoint->groups)
            *LIST_ADD(arena, &interface->groups) = *group;
    }
}

int vpc_endpoint_modify(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    const char *id = change->vpc_endpoint_id;
    struct ec2_vpc_endpoint *endpoint = call_find(call, KIND_VPC_ENDPOINT, id);

    if (!endpoint || check_change(call, endpoint) < 0)
        return -EINVAL;
    endpoint_add_tables(call, endpoint, &change->add_route_table_ids);
    for (size_t i = 0; i < change->remove_route_table_ids.n; i++)
        endpoint_remove_table(call->state, endpoint, change->remove_route_table_ids.items[i]);
    for (size_t i = 0; i < change->remove_subnet_ids.n; i++)
        endpoint_remove_subnet(call->state, endpoint, change->remove_subnet_ids.items[i]);
    if (change->ip_address_type)
        endpoint->ip_address_type = keep(call, change->ip_address_type);
    if (change->dns_record_ip_type)
        endpoint->dns_record_ip_type = keep(call, change->dns_record_ip_type);
    if (change->policy_document || change->reset_policy == WIRE_TRUE)
        endpoint->policy_document =
            keep(call, change->policy_document ? change->policy_document : FULL_ACCESS);
    if (change->private_dns_enabled != WIRE_ABSENT)
        endpoint->private_dns_enabled = change->private_dns_enabled;
    if (endpoint_add_subnets(call, id, &change->add_subnet_ids) < 0)
        return -EINVAL;
    if (!endpoint_is_gateway(endpoint)) { /* back to pending while it changes (aws-facts 2.3) */
        change_groups(call, endpoint);
        endpoint_name(call, endpoint);
        endpoint->state = ENDPOINT_PENDING;
        wait_for_available(call, id);
    }
    call->change_reply.return_value = WIRE_TRUE;
    return 0;
}

/* ---- the end ---- */

static void delete_one(struct call *call, struct ec2_vpc_endpoint *endpoint)
{
    while (endpoint->route_table_ids.n)
        endpoint_remove_table(call->state, endpoint, endpoint->route_table_ids.items[0]);
    while (endpoint->subnet_ids.n)
        endpoint_remove_subnet(call->state, endpoint, endpoint->subnet_ids.items[0]);
    endpoint->state = ENDPOINT_DELETING;
    endpoint->private_dns_enabled = WIRE_FALSE;
    endpoint->dns_entries.n = 0;
    transition_start(call->simulator, call->now, SLOW_VPC_ENDPOINT_DELETING,
                     endpoint->vpc_endpoint_id);
}

/* HTTP 200 with failures inside (aws-facts 2.3). */
int vpc_endpoints_delete(struct call *call)
{
    const struct wire_texts *ids = &call->change.vpc_endpoint_ids;

    if (!ids->n)
        return call_require(call, NULL, "VpcEndpointId");
    call->change_reply.unsuccessful.seen = true;
    for (size_t i = 0; i < ids->n; i++) {
        struct ec2_vpc_endpoint *endpoint =
            state_find(call->state, KIND_VPC_ENDPOINT, ids->items[i]);

        if (endpoint) {
            delete_one(call, endpoint);
            continue;
        }
        *LIST_ADD(call->arena, &call->change_reply.unsuccessful) = (struct ec2_unsuccessful_item){
            .resource_id = ids->items[i],
            .error_code = "InvalidVpcEndpoint.NotFound",
            .error_message =
                arena_printf(call->arena, "The Vpc Endpoint Id '%s' does not exist", ids->items[i]),
        };
    }
    return 0;
}

void vpc_endpoint_gone(struct call *call, const char *id)
{
    const struct ec2_vpc_endpoint *endpoint = state_find(call->state, KIND_VPC_ENDPOINT, id);

    if (endpoint && text_equal(endpoint->state, ENDPOINT_DELETING))
        state_remove(call->state, KIND_VPC_ENDPOINT, id);
}

/* ---- worlds ---- */

void vpc_endpoints_complete(struct call *call)
{
    VEC_EACH (endpoint, &call->state->objects.vpc_endpoints) {
        const struct wire_texts tables = endpoint->route_table_ids, subnets = endpoint->subnet_ids;

        if (!endpoint->vpc_endpoint_type)
            endpoint->vpc_endpoint_type = "Gateway";
        if (!endpoint->state)
            endpoint->state = ENDPOINT_AVAILABLE;
        if (!endpoint->ip_address_type)
            endpoint->ip_address_type = "ipv4";
        if (!endpoint->policy_document)
            endpoint->policy_document = FULL_ACCESS;
        if (!endpoint->private_dns_enabled)
            endpoint->private_dns_enabled = WIRE_FALSE;
        keep_texts(call, endpoint);
        if (!endpoint_is_alive(endpoint))
            continue;
        if (endpoint_is_gateway(endpoint)) { /* their routes, where the world leaves them out */
            endpoint->route_table_ids = (struct wire_texts){.seen = true};
            if (endpoint_check_tables(call, endpoint, &tables) == 0)
                endpoint_add_tables(call, endpoint, &tables);
            else
                endpoint->route_table_ids = tables;
            call->code = call->message = NULL;
        } else if (!endpoint->network_interface_ids.n) {
            const char *id = endpoint->vpc_endpoint_id;

            if (!endpoint->groups.n)
                security_groups_give(call, endpoint->vpc_id, &(const struct wire_texts){0},
                                     (struct wire_any_list *)(void *)&endpoint->groups);
            endpoint->subnet_ids = (struct wire_texts){.seen = true};
            if (endpoint_add_subnets(call, id, &subnets) < 0)
                call->code = call->message = NULL;
            endpoint_name(call, endpoint);
        }
    }
}
