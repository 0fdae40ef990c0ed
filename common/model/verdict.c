#include "vpc_reconciled/model.h"

/* An attached IGW reads "available", an EIGW "attached"; both words count for both (aws-facts 2.5).
 * A word that we don't know, or none, is unknown: neither there nor gone. */
static enum verdict attachment_verdict(const struct ec2_gateway_attachment *attachments, size_t n,
                                       const char *vpc_id)
{
    for (size_t i = 0; i < n; i++) {
        if (!text_equal(attachments[i].vpc_id, vpc_id))
            continue;
        switch (attachments[i].state) {
        case EC2_ATTACHMENT_AVAILABLE:
        case EC2_ATTACHMENT_ATTACHED:
            return VERDICT_YES;
        case EC2_ATTACHMENT_DETACHED:
            return VERDICT_NO;
        default:
            return VERDICT_UNKNOWN;
        }
    }
    return VERDICT_NO;
}

enum verdict internet_gateway_attached(const struct ec2_internet_gateway *gateway,
                                       const char *vpc_id)
{
    return attachment_verdict(gateway->attachments.items, gateway->attachments.n, vpc_id);
}

enum verdict
egress_only_internet_gateway_attached(const struct ec2_egress_only_internet_gateway *gateway,
                                      const char *vpc_id)
{
    return attachment_verdict(gateway->attachments.items, gateway->attachments.n, vpc_id);
}

enum verdict target_is_live(const struct snapshot *snapshot, enum target_kind kind, const char *id)
{
    const struct observation *observation = snapshot->observation;
    const char *vpc_id = snapshot->vpc->vpc_id;

    switch (kind) {
    case TARGET_INTERNET_GATEWAY: {
        const struct ec2_internet_gateway *gateway;

        if (!(snapshot->complete & NEEDS(INTERNET_GATEWAYS)))
            return VERDICT_UNKNOWN;
        gateway = observation_find_internet_gateway(observation, id);
        return gateway ? internet_gateway_attached(gateway, vpc_id) : VERDICT_NO;
    }
    case TARGET_EGRESS_ONLY_INTERNET_GATEWAY: {
        const struct ec2_egress_only_internet_gateway *gateway;

        if (!(snapshot->complete & NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS)))
            return VERDICT_UNKNOWN;
        gateway = observation_find_egress_only_internet_gateway(observation, id);
        return gateway ? egress_only_internet_gateway_attached(gateway, vpc_id) : VERDICT_NO;
    }
    case TARGET_NAT_GATEWAY: {
        const struct ec2_nat_gateway *gateway;

        if (!(snapshot->complete & NEEDS(NAT_GATEWAYS)))
            return VERDICT_UNKNOWN;
        gateway = snapshot_find_nat_gateway(snapshot, id);
        if (!gateway)
            return VERDICT_NO;
        switch (gateway->state) {
        case EC2_STATE_AVAILABLE:
            return VERDICT_YES;
        case EC2_STATE_PENDING:
        case EC2_STATE_DELETING:
        case EC2_STATE_DELETED:
        case EC2_STATE_FAILED:
            return VERDICT_NO;
        default:
            return VERDICT_UNKNOWN;
        }
    }
    case TARGET_LOCAL:
        return VERDICT_YES;
    case TARGET_NONE:
        return VERDICT_NO;
    default:
        return VERDICT_UNKNOWN; /* nothing in an observation tells; the route's state may */
    }
}

enum verdict route_is_live(const struct snapshot *snapshot, const struct route *route)
{
    enum verdict target;

    if (route->state == EC2_ROUTE_BLACKHOLE || route->state == EC2_ROUTE_FILTERED)
        return VERDICT_NO;
    if (route->state != EC2_ROUTE_ACTIVE)
        return VERDICT_UNKNOWN;
    target = target_is_live(snapshot, route->kind, route->target_id);
    /* For what we cannot look at, "active" is the best that EC2 says. */
    return target_kind_is_foreign(route->kind) ? VERDICT_YES : target;
}

bool tags_are_ours(const ec2_tags *tags, const char *owner_tag)
{
    return text_equal(ec2_tag_value(tags, TAG_OWNER), owner_tag);
}

enum verdict prefix_list_is_aws_managed(const struct snapshot *snapshot, const char *id)
{
    const struct observation *observation = snapshot->observation;

    if (!(snapshot->complete & NEEDS(MANAGED_PREFIX_LISTS)))
        return VERDICT_UNKNOWN;
    VEC_EACH (list, &observation->managed_prefix_lists)
        if (text_equal(list->prefix_list_id, id))
            return text_equal(list->owner_id, "AWS") ? VERDICT_YES : VERDICT_NO;
    return VERDICT_UNKNOWN;
}
