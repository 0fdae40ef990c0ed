/* What endpoints can be made for: AWS's own services, as DescribeVpcEndpointServices lists them. A
 * world may bring a list of its own. */
#include "vpc_endpoints.h"

/* aws-facts 6: short names of PrivateLink; only S3 and DynamoDB have gateway endpoints. S3 and
 * DynamoDB stand twice in AWS's list, once for each type. */
static const struct {
    const char *name;
    bool gateway, ipv6; /* aws-facts 11: private IPv6 */
    const char *dns;    /* private name: PREFIX.REGION.amazonaws.com; NULL: none */
} service_table[] = {
    {"s3", true, true, NULL},
    {"s3", false, false, "s3"},
    {"dynamodb", true, false, NULL},
    {"dynamodb", false, false, "dynamodb"},
    {"logs", false, true, "logs"},
    {"monitoring", false, true, "monitoring"},
    {"xray", false, true, "xray"},
    {"lambda", false, true, "lambda"},
    {"sqs", false, true, "sqs"},
    {"sns", false, true, "sns"},
    {"sts", false, true, "sts"},
    {"events", false, true, "events"},
    {"kinesis-streams", false, true, "kinesis"},
    {"kms", false, true, "kms"},
    {"states", false, true, "states"},
    {"secretsmanager", false, true, "secretsmanager"},
    {"ssm", false, true, "ssm"},
    {"ec2", false, false, "ec2"},
    {"ecr.api", false, false, "api.ecr"},
    {"ecr.dkr", false, false, "dkr.ecr"},
};

const struct ec2_service_detail *endpoint_service_find(struct state *state, const char *name,
                                                       const char *type)
{
    VEC_EACH (service, &state->objects.service_details)
        VEC_EACH (offered, &service->service_types)
            if (text_equal(service->service_name, name) && text_equal(offered->service_type, type))
                return service;
    return NULL;
}

static void add_zones(struct state *state, struct ec2_service_detail *service)
{
    VEC_EACH (zone, &state->objects.availability_zones) {
        if (zone->zone_type && !text_equal(zone->zone_type, "availability-zone"))
            continue;
        texts_add(state->arena, &service->availability_zones, zone->zone_name);
        texts_add(state->arena, &service->availability_zone_ids, zone->zone_id);
    }
}

static void endpoint_services_complete(struct simulator *simulator)
{
    struct state *state = &simulator->state;

    VEC_EACH (service, &state->objects.service_details) {
        if (!service->availability_zones.seen)
            add_zones(state, service);
        if (!service->owner)
            service->owner = "amazon";
        if (!service->acceptance_required)
            service->acceptance_required = WIRE_FALSE;
        if (!service->vpc_endpoint_policy_supported)
            service->vpc_endpoint_policy_supported = WIRE_TRUE;
    }
}

void endpoint_services_init(struct simulator *simulator)
{
    struct state *state = &simulator->state;
    struct arena *arena = state->arena;

    endpoint_services_complete(simulator);
    if (state->objects.service_details.seen)
        return; /* the world has its own */
    for (size_t i = 0; i < ARRAY_SIZE(service_table); i++) {
        struct ec2_service_detail *service = state_add(
            state, KIND_ENDPOINT_SERVICE, arena_printf(arena, "vpce-svc-%017zx", 0x0a11ce00UL + i));

        service->service_name =
            arena_printf(arena, "com.amazonaws.%s.%s", simulator->region, service_table[i].name);
        LIST_ADD(arena, &service->service_types)->service_type =
            service_table[i].gateway ? "Gateway" : "Interface";
        add_zones(state, service);
        service->owner = "amazon";
        texts_add(arena, &service->supported_ip_address_types, "ipv4");
        if (service_table[i].ipv6)
            texts_add(arena, &service->supported_ip_address_types, "ipv6");
        if (service_table[i].dns) {
            service->private_dns_name =
                arena_printf(arena, "%s.%s.amazonaws.com", service_table[i].dns, simulator->region);
            LIST_ADD(arena, &service->private_dns_names)->private_dns_name =
                service->private_dns_name;
        }
        service->vpc_endpoint_policy_supported = WIRE_TRUE;
        service->acceptance_required = WIRE_FALSE;
    }
    state->objects.service_details.seen = true;
}
