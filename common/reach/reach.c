/* The question and its answer. */
#include "reach_private.h"

#include "vpc_reconciled/fault.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const layer_names[] = {
    [REACH_LAYER_SUBNET] = "subnet",
    [REACH_LAYER_ADDRESS] = "source address",
    [REACH_LAYER_DNS] = "DNS",
    [REACH_LAYER_ASSOCIATION] = "route table association",
    [REACH_LAYER_ROUTE] = "route",
    [REACH_LAYER_ROUTE_STATE] = "route state",
    [REACH_LAYER_TARGET] = "route target",
    [REACH_LAYER_NAT_GATEWAY] = "NAT gateway",
    [REACH_LAYER_NAT_GATEWAY_ROUTE] = "route of the NAT gateway's subnet",
    [REACH_LAYER_PUBLIC_ADDRESS] = "public address",
    [REACH_LAYER_ENDPOINT] = "VPC endpoint",
    [REACH_LAYER_SECURITY_GROUP] = "security group",
    [REACH_LAYER_NETWORK_ACL] = "network ACL",
    [REACH_LAYER_NAT_GATEWAY_NETWORK_ACL] = "network ACL of the NAT gateway's subnet",
    [REACH_LAYER_DESTINATION_NETWORK_ACL] = "network ACL of the destination's subnet",
    [REACH_LAYER_DESTINATION_SECURITY_GROUP] = "security group of the destination",
    [REACH_LAYER_ENDPOINT_POLICY] = "endpoint policy",
    [REACH_LAYER_BLOCK_PUBLIC_ACCESS] = "VPC Block Public Access",
    [REACH_LAYER_ENCRYPTION_CONTROL] = "VPC encryption control",
};
static_assert(ARRAY_SIZE(layer_names) == REACH_LAYER_COUNT, "a name for each layer");

const char *reach_layer_name(enum reach_layer layer)
{
    return layer_names[layer];
}

enum verdict worse(enum verdict a, enum verdict b)
{
    return a < b ? a : b;
}

enum verdict better(enum verdict a, enum verdict b)
{
    return a > b ? a : b;
}

static bool layer_unread(enum reach_layer layer)
{
    switch (layer) {
    case REACH_LAYER_BLOCK_PUBLIC_ACCESS:
        return FAULT(BLOCK_PUBLIC_ACCESS_UNREAD);
    case REACH_LAYER_NETWORK_ACL:
    case REACH_LAYER_NAT_GATEWAY_NETWORK_ACL:
    case REACH_LAYER_DESTINATION_NETWORK_ACL:
        return FAULT(NETWORK_ACLS_UNREAD);
    case REACH_LAYER_SECURITY_GROUP:
    case REACH_LAYER_DESTINATION_SECURITY_GROUP:
        return FAULT(SECURITY_GROUPS_UNREAD);
    default:
        return false;
    }
}

void walk_step(struct walk *walk, enum reach_layer layer, enum verdict verdict,
               const char *resource, const char *format, ...)
{
    struct reach_step *step = &walk->steps[layer];
    char line[512];
    va_list args;

    if (layer_unread(layer))
        return;
    if (walk->present[layer] && step->verdict <= verdict)
        return;
    walk->verdict = worse(walk->verdict, verdict);
    walk->present[layer] = true;
    *step = (struct reach_step){.layer = layer, .verdict = verdict, .resource = resource};
    if (!walk->told)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    step->text = arena_strdup(walk->arena, line);
}

const char *walk_prefix(struct walk *walk, const struct prefix *prefix)
{
    char text[PREFIX_TEXT_SIZE];

    if (!walk->told)
        return "";
    if (walk->finest != EXACT && walk->query->destination != REACH_CIDR)
        return "the internet";
    return arena_strdup(walk->arena, prefix_format(prefix, text));
}

struct prefixes internet_packets(struct walk *walk)
{
    struct prefixes blocks = internet_blocks(walk->query->family);
    struct prefix *mapped;

    if (!walk->query->nat64)
        return blocks;
    mapped = ARENA_ARRAY(walk->arena, struct prefix, blocks.n);
    for (size_t i = 0; i < blocks.n; i++)
        mapped[i] = nat64_of(&blocks.items[i]);
    return (struct prefixes){mapped, blocks.n};
}

static void walk_dns64(struct walk *walk)
{
    const struct ec2_subnet *subnet = walk->source->subnet->ec2;
    enum verdict verdict = subnet->enable_dns64 == WIRE_TRUE    ? VERDICT_YES
                           : subnet->enable_dns64 == WIRE_FALSE ? VERDICT_NO
                                                                : VERDICT_UNKNOWN;

    walk_step(walk, REACH_LAYER_DNS, verdict, subnet->subnet_id,
              verdict == VERDICT_YES ? "DNS64 is on in %s"
              : verdict == VERDICT_NO
                  ? "DNS64 is off in %s, so IPv4-only names have no address there"
                  : "whether DNS64 is on in %s is not known",
              subnet->subnet_id);
}

static uint8_t finest_of(const struct reach_query *query)
{
    if (query->nat64)
        return 96 + INTERNET_FINEST_IPV4;
    return query->family == FAMILY_IPV4 ? INTERNET_FINEST_IPV4 : INTERNET_FINEST_IPV6;
}

static struct reach_answer answer_of(struct walk *walk)
{
    struct reach_step *steps = ARENA_ARRAY(walk->arena, struct reach_step, REACH_LAYER_COUNT);
    struct reach_answer answer = {walk->verdict, steps, 0, REACH_NOT_BROKEN};

    for (size_t layer = 0; layer < REACH_LAYER_COUNT; layer++) {
        if (!walk->present[layer])
            continue;
        if (answer.broken == REACH_NOT_BROKEN && walk->verdict != VERDICT_YES &&
            walk->steps[layer].verdict == walk->verdict)
            answer.broken = answer.n_steps;
        steps[answer.n_steps++] = walk->steps[layer];
    }
    return answer;
}

struct reach_answer reach(struct arena *arena, const struct snapshot *snapshot,
                          const struct reach_query *query)
{
    struct source source;
    struct walk walk = {.arena = arena,
                        .told = true,
                        .snapshot = snapshot,
                        .query = query,
                        .source = &source,
                        .finest = EXACT,
                        .verdict = VERDICT_YES};

    assert(query->family == FAMILY_IPV4 || query->family == FAMILY_IPV6);
    assert(text_equal(query->protocol, "tcp") || text_equal(query->protocol, "udp"));
    assert(!query->nat64 || (query->family == FAMILY_IPV4 && query->destination != REACH_CIDR));
    assert(query->destination != REACH_CIDR || query->cidr.family == query->family);
    source_find(arena, snapshot, query, &source);
    if (!walk_source(&walk))
        return answer_of(&walk);
    if (query->nat64)
        walk_dns64(&walk);
    if (query->destination == REACH_CIDR && !prefix_is_default(&query->cidr)) {
        walk_blocks(&walk, (struct prefixes){&query->cidr, 1});
        return answer_of(&walk);
    }
    walk.finest = finest_of(query);
    if (query->destination == REACH_SERVICE)
        walk_service(&walk);
    else
        walk_blocks(&walk, internet_packets(&walk));
    return answer_of(&walk);
}

const struct reach_step *reach_broken_step(const struct reach_answer *answer)
{
    return answer->broken == REACH_NOT_BROKEN ? NULL : &answer->steps[answer->broken];
}

const struct reach_step *reach_find_step(const struct reach_answer *answer, enum reach_layer layer)
{
    for (size_t i = 0; i < answer->n_steps; i++)
        if (answer->steps[i].layer == layer)
            return &answer->steps[i];
    return NULL;
}
