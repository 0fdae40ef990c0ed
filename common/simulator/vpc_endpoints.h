/* vpc_endpoints.h - what the files about VPC endpoints share; private to common/simulator/. */
#pragma once

#include "actions.h"

/* The wire spells states lower camel (aws-facts 2.5). */
#define ENDPOINT_PENDING "pending"
#define ENDPOINT_AVAILABLE "available"
#define ENDPOINT_DELETING "deleting"

static inline bool endpoint_is_gateway(const struct ec2_vpc_endpoint *endpoint)
{
    return text_equal(endpoint->vpc_endpoint_type, "Gateway");
}
/* Pending or available: it has routes, interfaces and names. */
static inline bool endpoint_is_alive(const struct ec2_vpc_endpoint *endpoint)
{
    return text_equal(endpoint->state, ENDPOINT_PENDING) ||
           text_equal(endpoint->state, ENDPOINT_AVAILABLE);
}

void texts_add(struct arena *arena, struct wire_texts *texts, const char *text);
void texts_remove(struct wire_texts *texts, const char *text);

/* endpoint_services.c: NULL when there is no such service of that type */
const struct ec2_service_detail *endpoint_service_find(struct state *state, const char *name,
                                                       const char *type);

/* endpoint_parts.c. Each check: -EINVAL, the call has failed. */
int endpoint_check_tables(struct call *call, const struct ec2_vpc_endpoint *endpoint,
                          const struct wire_texts *table_ids);
void endpoint_add_tables(struct call *call, struct ec2_vpc_endpoint *endpoint,
                         const struct wire_texts *table_ids);
void endpoint_remove_table(struct state *state, struct ec2_vpc_endpoint *endpoint,
                           const char *table_id);
/* Subnets of the VPC, one in each zone, where the service is offered, the endpoint's own included.
 */
int endpoint_check_subnets(struct call *call, const struct ec2_vpc_endpoint *endpoint,
                           const struct wire_texts *subnet_ids);
/* May fail half-way only where endpoint_check_subnets() was not asked. */
int endpoint_add_subnets(struct call *call, const char *endpoint_id,
                         const struct wire_texts *subnet_ids);
void endpoint_remove_subnet(struct state *state, struct ec2_vpc_endpoint *endpoint,
                            const char *subnet_id);
int endpoint_check_private_dns(struct call *call, const struct ec2_vpc_endpoint *endpoint);
void endpoint_name(struct call *call, struct ec2_vpc_endpoint *endpoint);
