#include "participant.h"

static const char *vpc_of(enum kind kind, const void *item)
{
    const struct ec2_egress_only_internet_gateway *gateway = item;
    size_t offset = kind_table[kind].vpc_id_offset;

    if (kind == KIND_EGRESS_ONLY_INTERNET_GATEWAY)
        return gateway->attachments.n ? gateway->attachments.items[0].vpc_id : NULL;
    return offset == NO_OFFSET ? NULL
                               : *(const char *const *)(const void *)((const char *)item + offset);
}

static bool is_shared(const struct call *call, enum kind kind, const void *item)
{
    const char *id = vpc_of(kind, item);
    const struct ec2_vpc *vpc = id ? state_find(call->state, KIND_VPC, id) : NULL;

    /* An owner that is no account (12 digits) is a test's own value. */
    return vpc && vpc->owner_id && strlen(vpc->owner_id) == 12 &&
           strspn(vpc->owner_id, "0123456789") == 12 &&
           !text_equal(vpc->owner_id, call->simulator->account);
}

bool participant_misses(const struct call *call, enum kind kind, const void *item)
{
    return (kind == KIND_NAT_GATEWAY || kind == KIND_EGRESS_ONLY_INTERNET_GATEWAY ||
            kind == KIND_VPC_ENDPOINT) &&
           is_shared(call, kind, item);
}

void participant_strip(const struct call *call, enum kind kind, void *item)
{
    size_t offset = kind_table[kind].tags_offset;

    if (offset != NO_OFFSET && is_shared(call, kind, item))
        memset((char *)item + offset, 0, sizeof(ec2_tags));
}
