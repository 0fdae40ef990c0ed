/* Bodies of requests. */
#include "vpc_reconciled/ec2.h"

/* AWS reads an empty id list or a filter without values as no filter at all, and describes
 * everything (safety.md 1): whoever builds one has a bug that must not reach AWS. */
static void check_describe(const struct ec2_describe_request *request)
{
    assert(request->ids.n || !request->ids.seen);
    assert(request->zone_ids.n || !request->zone_ids.seen);
    assert(request->public_ips.n || !request->public_ips.seen);
    assert(request->filters.n || !request->filters.seen);
    for (size_t i = 0; i < request->filters.n; i++) {
        const struct ec2_filter *filter = &request->filters.items[i];

        assert(!text_empty(filter->name));
        assert(filter->values.n > 0);
        for (size_t k = 0; k < filter->values.n; k++)
            assert(filter->values.items[k]);
    }
}

int ec2_request_encode(struct buf *buf, enum ec2_action action, const void *request,
                       bool observe_only)
{
    const struct ec2_action_row *row;

    assert(action < EC2_ACTION_COUNT);
    row = &ec2_action_table[action];
    if (observe_only && row->mutates)
        return -EPERM;
    if (row->describe)
        check_describe(request);
    buf_printf(buf, "Action=%s&Version=%s", row->name, row->version);
    wire_query_encode(buf, row->request, request);
    return 0;
}
