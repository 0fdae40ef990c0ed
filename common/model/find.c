/* Look-ups in a snapshot. */
#include "vpc_reconciled/model.h"

const struct subnet *snapshot_find_subnet(const struct snapshot *snapshot, const char *id)
{
    for (size_t i = 0; i < snapshot->n_subnets; i++)
        if (text_equal(snapshot->subnets[i].id, id))
            return &snapshot->subnets[i];
    return NULL;
}

const struct route_table *snapshot_find_route_table(const struct snapshot *snapshot, const char *id)
{
    for (size_t i = 0; i < snapshot->n_route_tables; i++)
        if (text_equal(snapshot->route_tables[i].id, id))
            return &snapshot->route_tables[i];
    return NULL;
}

const struct ec2_nat_gateway *snapshot_find_nat_gateway(const struct snapshot *snapshot,
                                                        const char *id)
{
    for (size_t i = 0; i < snapshot->n_nat_gateways; i++)
        if (text_equal(snapshot->nat_gateways[i]->nat_gateway_id, id))
            return snapshot->nat_gateways[i];
    return NULL;
}

const struct ec2_security_group *snapshot_find_security_group(const struct snapshot *snapshot,
                                                              const char *id)
{
    for (size_t i = 0; i < snapshot->n_security_groups; i++)
        if (text_equal(snapshot->security_groups[i]->group_id, id))
            return snapshot->security_groups[i];
    return NULL;
}

const struct ec2_security_group *snapshot_default_security_group(const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->n_security_groups; i++)
        if (text_equal(snapshot->security_groups[i]->group_name, "default"))
            return snapshot->security_groups[i];
    return NULL;
}

const struct ec2_network_acl *snapshot_network_acl_of(const struct snapshot *snapshot,
                                                      const char *subnet_id)
{
    for (size_t i = 0; i < snapshot->n_network_acls; i++) {
        const struct ec2_network_acl *acl = snapshot->network_acls[i];

        for (size_t k = 0; k < acl->associations.n; k++)
            if (text_equal(acl->associations.items[k].subnet_id, subnet_id))
                return acl;
    }
    return NULL;
}

const struct ec2_vpc_endpoint *snapshot_find_vpc_endpoint(const struct snapshot *snapshot,
                                                          const char *id)
{
    for (size_t i = 0; i < snapshot->n_vpc_endpoints; i++)
        if (text_equal(snapshot->vpc_endpoints[i]->vpc_endpoint_id, id))
            return snapshot->vpc_endpoints[i];
    return NULL;
}
