/* vpc_endpoints.h - the hand-made VPC with VPC endpoints, and the config that declares them.
 *
 * Group "functions" has security group sg-functions and uses vpce-s3 (gateway, in both private
 * tables) and vpce-logs (interface, in both private subnets, with sg-endpoint, which lets
 * sg-functions in on 443; private DNS on). Both attributes of the VPC are on. */
#pragma once

#include "support/vpc.h"

#define SERVICE(name) "com.amazonaws.ap-northeast-1." name

static inline const char **vpc_strings(struct vpc *vpc, size_t n, const char *const *strings)
{
    const char **items = ARENA_ARRAY(vpc->arena, const char *, n + 8); /* room for more */

    for (size_t i = 0; i < n; i++)
        items[i] = strings[i];
    return items;
}
#define VPC_TEXTS(vpc, type, ...)                                                                  \
    ((type){.items = vpc_strings((vpc), ARRAY_SIZE(((const char *const[]){__VA_ARGS__})),          \
                                 ((const char *const[]){__VA_ARGS__})),                            \
            .n = ARRAY_SIZE(((const char *const[]){__VA_ARGS__}))})

static inline struct ec2_service_detail *vpc_add_service(struct vpc *vpc, const char *name,
                                                         const char *type, const char *private_name)
{
    struct ec2_service_detail *service =
        VEC_ADD(vpc->arena, &vpc->observation.vpc_endpoint_services);

    *service = (struct ec2_service_detail){
        .service_name = name,
        .owner = "amazon",
        .private_dns_name = private_name,
        .vpc_endpoint_policy_supported = WIRE_TRUE,
        .availability_zones = VPC_TEXTS(vpc, struct wire_texts, ZONE_A, ZONE_C),
        .supported_ip_address_types = VPC_TEXTS(vpc, struct wire_texts, "ipv4"),
    };
    service->service_types.items = ARENA_NEW(vpc->arena, struct ec2_service_type);
    service->service_types.items->service_type = type;
    service->service_types.n = 1;
    return service;
}

static inline struct ec2_service_detail *vpc_service(struct vpc *vpc, const char *name,
                                                     const char *type)
{
    VEC_EACH (service, &vpc->observation.vpc_endpoint_services)
        if (text_equal(service->service_name, name) &&
            text_equal(service->service_types.items->service_type, type))
            return service;
    fail_msg("no service %s", name);
    return NULL;
}

static inline void vpc_give_group(struct vpc *vpc, struct ec2_vpc_endpoint *endpoint,
                                  const char *group)
{
    struct ec2_group_identifier *items =
        ARENA_ARRAY(vpc->arena, struct ec2_group_identifier, endpoint->groups.n + 1);

    if (endpoint->groups.n)
        memcpy(items, endpoint->groups.items, endpoint->groups.n * sizeof(*items));
    items[endpoint->groups.n++].group_id = group;
    endpoint->groups.items = items;
}

static inline struct ec2_vpc_endpoint *vpc_add_endpoint(struct vpc *vpc, const char *id,
                                                        const char *service, bool interface)
{
    struct ec2_vpc_endpoint *endpoint = VEC_ADD(vpc->arena, &vpc->observation.vpc_endpoints);

    *endpoint = (struct ec2_vpc_endpoint){
        .vpc_endpoint_id = id,
        .vpc_endpoint_type = interface ? "Interface" : "Gateway",
        .vpc_id = "vpc-1",
        .service_name = service,
        .owner_id = ACCOUNT,
        .state = "available",
        .private_dns_enabled = WIRE_FALSE,
        .policy_document = "{\"Statement\":[{\"Effect\":\"Allow\"}]}",
        .creation_timestamp = "2026-11-24T05:00:00.000Z",
    };
    return endpoint;
}

static inline struct ec2_vpc_endpoint *vpc_endpoint(struct vpc *vpc, const char *id)
{
    VEC_EACH (endpoint, &vpc->observation.vpc_endpoints)
        if (text_equal(endpoint->vpc_endpoint_id, id))
            return endpoint;
    fail_msg("no endpoint %s", id);
    return NULL;
}

static inline void vpc_drop_endpoint(struct vpc *vpc, const char *id)
{
    struct ec2_vpc_endpoint *endpoint = vpc_endpoint(vpc, id), *items;

    items = vpc->observation.vpc_endpoints.items;
    vpc->observation.vpc_endpoints.n--;
    memmove(endpoint, endpoint + 1,
            (size_t)(items + vpc->observation.vpc_endpoints.n - endpoint) * sizeof(*endpoint));
}

static inline struct ec2_security_group *vpc_add_security_group(struct vpc *vpc, const char *id,
                                                                const char *name)
{
    struct ec2_security_group *group = VEC_ADD(vpc->arena, &vpc->observation.security_groups);

    *group = (struct ec2_security_group){
        .group_id = id, .group_name = name, .vpc_id = "vpc-1", .owner_id = ACCOUNT};
    return group;
}

static inline struct ec2_security_group *vpc_security_group(struct vpc *vpc, const char *id)
{
    VEC_EACH (group, &vpc->observation.security_groups)
        if (text_equal(group->group_id, id))
            return group;
    fail_msg("no security group %s", id);
    return NULL;
}

/* tcp; from: "sg-..." or a block. */
static inline void vpc_let_in(struct vpc *vpc, const char *group, const char *from, uint16_t first,
                              uint16_t last)
{
    struct ec2_security_group *into = vpc_security_group(vpc, group);
    struct ec2_ip_permission *items =
        ARENA_ARRAY(vpc->arena, struct ec2_ip_permission, into->ip_permissions.n + 1);
    struct ec2_ip_permission *rule = &items[into->ip_permissions.n];

    if (into->ip_permissions.n)
        memcpy(items, into->ip_permissions.items, into->ip_permissions.n * sizeof(*items));
    rule->ip_protocol = "tcp";
    rule->from_port = (struct wire_int){.value = first, .set = true};
    rule->to_port = (struct wire_int){.value = last, .set = true};
    if (text_starts_with(from, "sg-")) {
        rule->groups.items = ARENA_NEW(vpc->arena, struct ec2_user_id_group_pair);
        rule->groups.items->group_id = from;
        rule->groups.n = 1;
    } else {
        rule->ip_ranges.items = ARENA_NEW(vpc->arena, struct ec2_ip_range);
        assert_int_equal(prefix_parse(from, &rule->ip_ranges.items->cidr_ip), 0);
        rule->ip_ranges.n = 1;
    }
    into->ip_permissions.items = items;
    into->ip_permissions.n++;
}

static inline void vpc_group_interface(struct vpc *vpc, const char *id, const char *group)
{
    struct ec2_network_interface *interface = vpc_interface(vpc, id);

    interface->groups.items = ARENA_NEW(vpc->arena, struct ec2_group_identifier);
    interface->groups.items->group_id = group;
    interface->groups.n = 1;
}

static inline struct observed_vpc_attributes *vpc_attributes(struct vpc *vpc)
{
    return vpc->observation.vpc_attributes.items;
}

#define LOGS_DECLARED (&vpc->target.endpoints[1])
static inline struct declared_endpoint *vpc_declare_endpoint(struct vpc *vpc, const char *service,
                                                             const char *type)
{
    struct declared_endpoint *items =
        ARENA_ARRAY(vpc->arena, struct declared_endpoint, vpc->target.n_endpoints + 1);
    struct declared_endpoint *endpoint = &items[vpc->target.n_endpoints];

    if (vpc->target.n_endpoints)
        memcpy(items, vpc->target.endpoints, vpc->target.n_endpoints * sizeof(*items));
    *endpoint = (struct declared_endpoint){
        .service = service, .type = type, .for_groups = VPC_TEXTS(vpc, struct texts, "functions")};
    vpc->target.endpoints = items;
    vpc->target.n_endpoints++;
    return endpoint;
}

static inline void vpc_make_endpoints(struct vpc *vpc)
{
    struct ec2_vpc_endpoint *endpoint;
    struct declared_endpoint *logs;

    vpc_add_service(vpc, SERVICE("s3"), "Gateway", NULL);
    vpc_add_service(vpc, SERVICE("s3"), "Interface", "s3.ap-northeast-1.amazonaws.com");
    vpc_add_service(vpc, SERVICE("logs"), "Interface", "logs.ap-northeast-1.amazonaws.com");
    vpc_add_security_group(vpc, "sg-default", "default");
    vpc_add_security_group(vpc, "sg-endpoint", "endpoint");
    vpc_add_security_group(vpc, "sg-functions", "functions");
    vpc_let_in(vpc, "sg-endpoint", "sg-functions", 443, 443);
    vpc_group_interface(vpc, "eni-private", "sg-functions");
    vpc_group_interface(vpc, "eni-public", "sg-functions");
    *VEC_ADD(vpc->arena, &vpc->observation.vpc_attributes) =
        (struct observed_vpc_attributes){"vpc-1", WIRE_TRUE, WIRE_TRUE};
    endpoint = vpc_add_endpoint(vpc, "vpce-s3", SERVICE("s3"), false);
    endpoint->route_table_ids = VPC_TEXTS(vpc, struct wire_texts, "rtb-private-a", "rtb-private-c");
    vpc_add_route(vpc, "rtb-private-c", "pl-s3", "vpce-s3");
    endpoint = vpc_add_endpoint(vpc, "vpce-logs", SERVICE("logs"), true);
    endpoint->subnet_ids =
        VPC_TEXTS(vpc, struct wire_texts, "subnet-private-a", "subnet-private-c");
    endpoint->private_dns_enabled = WIRE_TRUE;
    vpc_give_group(vpc, endpoint, "sg-endpoint");
    vpc_group(vpc, "functions")->security_groups = VPC_TEXTS(vpc, struct texts, "sg-functions");
    vpc_declare_endpoint(vpc, "s3", "gateway");
    logs = vpc_declare_endpoint(vpc, "logs", "interface");
    logs->security_groups = VPC_TEXTS(vpc, struct texts, "sg-endpoint");
    logs->private_dns = WIRE_TRUE;
}

/* Nothing that the functions' tables lead to goes outside any more. */
static inline void vpc_cut_off_functions(struct vpc *vpc)
{
    vpc_group(vpc, "functions")->ipv4 = vpc_options(vpc, "none");
    vpc_group(vpc, "functions")->ipv6 = vpc_options(vpc, "none");
    vpc_drop_route(vpc, "rtb-private-a", "0.0.0.0/0");
    vpc_drop_route(vpc, "rtb-private-c", "0.0.0.0/0");
    vpc_drop_route(vpc, "rtb-private-a", "::/0");
    vpc_drop_route(vpc, "rtb-private-c", "::/0");
}
