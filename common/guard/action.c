/* One action against the invariants: is enough known (S5), may anything be sent at all (S15), and
 * then by its kind: route.c, association.c, gateway.c, nat_gateway.c, table.c. */
#include "action.h"

#include "vpc_reconciled/fault.h"

#define NEEDS_ROUTES                                                                               \
    (NEEDS(VPCS) | NEEDS(SUBNETS) | NEEDS(ROUTE_TABLES) | NEEDS(INTERNET_GATEWAYS) |               \
     NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) | NEEDS(NAT_GATEWAYS))

#define NEEDS_NAT (NEEDS_ROUTES | NEEDS(ADDRESSES) | NEEDS(AVAILABILITY_ZONES))

/* Every action that may ever be sent; one that is not here never is (S8). */
static const struct {
    enum ec2_action call;
    unsigned needs;
    enum hold (*judge)(const struct action_case *c);
} action_table[] = {
    {EC2_CREATE_INTERNET_GATEWAY, NEEDS(VPCS) | NEEDS(SUBNETS) | NEEDS(INTERNET_GATEWAYS),
     judge_create_internet_gateway},
    {EC2_ATTACH_INTERNET_GATEWAY, NEEDS(VPCS) | NEEDS(SUBNETS) | NEEDS(INTERNET_GATEWAYS),
     judge_attach_internet_gateway},
    {EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY,
     NEEDS(VPCS) | NEEDS(SUBNETS) | NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS),
     judge_create_egress_only_internet_gateway},
    {EC2_CREATE_ROUTE, NEEDS_ROUTES, judge_route},
    {EC2_REPLACE_ROUTE, NEEDS_ROUTES, judge_route},
    {EC2_ASSOCIATE_ROUTE_TABLE, NEEDS_ROUTES, judge_association},
    {EC2_CREATE_ROUTE_TABLE, NEEDS_NAT, judge_create_route_table},
    {EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, NEEDS_NAT, judge_replace_association},
    {EC2_ALLOCATE_ADDRESS, NEEDS_NAT, judge_allocate_address},
    {EC2_CREATE_NAT_GATEWAY, NEEDS_NAT, judge_create_nat_gateway},
    {EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, NEEDS(VPCS) | NEEDS(SECURITY_GROUPS),
     judge_authorize_egress},
    {EC2_CREATE_SUBNET, NEEDS(VPCS) | NEEDS(SUBNETS) | NEEDS(AVAILABILITY_ZONES),
     judge_create_subnet},
    {EC2_MODIFY_SUBNET_ATTRIBUTE, NEEDS_ROUTES, judge_modify_subnet_attribute},
    {EC2_ASSOCIATE_VPC_CIDR_BLOCK, NEEDS(VPCS) | NEEDS(SUBNETS), judge_associate_vpc_cidr_block},
    {EC2_ASSOCIATE_SUBNET_CIDR_BLOCK, NEEDS_ROUTES, judge_associate_subnet_cidr_block},
    {EC2_CREATE_VPC_ENDPOINT, NEEDS_ROUTES | NEEDS(VPC_ENDPOINTS) | NEEDS(VPC_ENDPOINT_SERVICES),
     judge_create_vpc_endpoint},
    {EC2_MODIFY_VPC_ENDPOINT, NEEDS_ROUTES | NEEDS(VPC_ENDPOINTS), judge_modify_vpc_endpoint},
    {EC2_AUTHORIZE_SECURITY_GROUP_INGRESS,
     NEEDS(VPCS) | NEEDS(SECURITY_GROUPS) | NEEDS(VPC_ENDPOINTS), judge_endpoint_inbound},
    {EC2_MODIFY_VPC_ATTRIBUTE,
     NEEDS_ROUTES | NEEDS(VPC_ATTRIBUTES) | NEEDS(VPC_ENDPOINTS) | NEEDS(SECURITY_GROUPS) |
         NEEDS(NETWORK_INTERFACES),
     judge_modify_vpc_attribute},
    {EC2_ASSOCIATE_ADDRESS, NEEDS_NAT | NEEDS(NETWORK_INTERFACES), judge_associate_address},
};

/* The VPC, or a declared subnet of it, that another account owns: all of it is only observed then
 * (safety.md 1). NULL: none. */
static const char *shared_object(const struct action_case *c)
{
    const char *account = c->snapshot->observation->account;

    if (FAULT(OWNER_UNREAD))
        return NULL;
    if (!text_equal(c->snapshot->vpc->owner_id, account))
        return c->snapshot->vpc->vpc_id;
    for (size_t i = 0; i < c->desired->n_subnets; i++)
        if (!text_equal(c->desired->subnets[i].subnet->ec2->owner_id, account))
            return c->desired->subnets[i].subnet->id;
    return NULL;
}

bool guard_may_send(enum ec2_action action)
{
    for (size_t i = 0; i < ARRAY_SIZE(action_table); i++)
        if (action_table[i].call == action)
            return true;
    return false;
}

enum hold guard_action(struct arena *arena, const struct plan_action *action,
                       const struct desired *desired, const struct snapshot *snapshot,
                       const struct guard_policy *policy, const char **ret_reason)
{
    const struct action_case c = {arena, action, desired, snapshot, policy, ret_reason};
    uint64_t age_ms = policy->now.monotonic_ms - snapshot->observation->at.monotonic_ms;
    const char *shared;

    if (policy->observe_only || !policy->target->repair_mode || policy->target->observe_because)
        return refuse(&c, HOLD_OBSERVE, "%s",
                      policy->observe_only ? "this run only observes"
                      : policy->target->observe_because
                          ? "the config has keys that this version does not check"
                          : "\"mode\" is \"observe\"");
    if (snapshot->observation->pass != policy->pass ||
        (age_ms > OBSERVATION_AGE_MAX_MS && !FAULT(OLD_IS_NOW)))
        return refuse(&c, HOLD_UNKNOWN, "the observation is of another pass, or too old");
    shared = shared_object(&c);
    if (shared)
        return refuse(&c, HOLD_NOT_OURS, "%s belongs to another account", shared);
    for (size_t i = 0; i < ARRAY_SIZE(action_table); i++) {
        if (action_table[i].call != action->call)
            continue;
        if ((snapshot->complete & action_table[i].needs) != action_table[i].needs)
            return refuse(&c, HOLD_UNKNOWN, "a list that this change rests on is incomplete");
        if (guard_request(&c) != HOLD_NONE)
            return HOLD_NOT_OURS;
        return action_table[i].judge(&c);
    }
    return refuse(&c, HOLD_NOT_OURS, "%s is never sent",
                  action->call < EC2_ACTION_COUNT ? ec2_action_table[action->call].name : "?");
}
