/* Network ACLs: numbered entries, and each subnet associated with exactly one. */
#include "actions.h"

#include <stdlib.h>

#define RULE_MAX 32766 /* what a person may choose; behind it are AWS's own denials */
#define DENY_IPV4 32767
#define DENY_IPV6 32768
#define ALLOW_IPV4 100
#define ALLOW_IPV6 101

static void add_entry(struct call *call, struct ec2_network_acl *acl, int64_t number,
                      const char *action, bool egress, enum family family)
{
    struct ec2_network_acl_entry *entry = LIST_ADD(call->state->arena, &acl->entries);

    *entry = (struct ec2_network_acl_entry){.rule_number = {number, true},
                                            .protocol = "-1",
                                            .rule_action = action,
                                            .egress = egress ? WIRE_TRUE : WIRE_FALSE};
    if (family == FAMILY_IPV4)
        entry->cidr_block = PREFIX_IPV4_DEFAULT;
    else
        entry->ipv6_cidr_block = PREFIX_IPV6_DEFAULT;
}

static bool has_entry(const struct ec2_network_acl *acl, int64_t number, bool egress)
{
    VEC_EACH (entry, &acl->entries)
        if (entry->rule_number.value == number && (entry->egress == WIRE_TRUE) == egress)
            return true;
    return false;
}

/* The denials at the end, which nobody can take away; open: what a default ACL lets pass. */
static void add_own_entries(struct call *call, struct ec2_network_acl *acl, enum family family,
                            bool open)
{
    const bool ipv4 = family == FAMILY_IPV4;

    for (int egress = 0; egress < 2; egress++) {
        if (open && !has_entry(acl, ipv4 ? ALLOW_IPV4 : ALLOW_IPV6, egress))
            add_entry(call, acl, ipv4 ? ALLOW_IPV4 : ALLOW_IPV6, "allow", egress, family);
        if (!has_entry(acl, ipv4 ? DENY_IPV4 : DENY_IPV6, egress))
            add_entry(call, acl, ipv4 ? DENY_IPV4 : DENY_IPV6, "deny", egress, family);
    }
}

static struct ec2_network_acl *acl_new(struct call *call, const struct ec2_vpc *vpc,
                                       bool is_default)
{
    struct ec2_network_acl *acl = call_add(call, KIND_NETWORK_ACL, new_id(call, "acl-"));

    acl->vpc_id = keep(call, vpc->vpc_id);
    acl->owner_id = keep(call, call->simulator->account);
    acl->is_default = is_default ? WIRE_TRUE : WIRE_FALSE;
    acl->associations.seen = acl->tags.seen = true;
    add_own_entries(call, acl, FAMILY_IPV4, is_default);
    if (vpc_has_ipv6(vpc))
        add_own_entries(call, acl, FAMILY_IPV6, is_default);
    return acl;
}

void network_acl_add_default(struct call *call, const struct ec2_vpc *vpc)
{
    acl_new(call, vpc, true);
}

static struct ec2_network_acl *default_of(struct state *state, const char *vpc_id)
{
    VEC_EACH (acl, &state->objects.network_acls)
        if (text_equal(acl->vpc_id, vpc_id) && acl->is_default == WIRE_TRUE)
            return acl;
    return NULL;
}

static const char *associate(struct call *call, struct ec2_network_acl *acl, const char *subnet_id)
{
    struct ec2_network_acl_association *association =
        LIST_ADD(call->state->arena, &acl->associations);

    association->network_acl_association_id = new_id(call, "aclassoc-");
    association->network_acl_id = acl->network_acl_id;
    association->subnet_id = keep(call, subnet_id);
    return association->network_acl_association_id;
}

void network_acl_associate_default(struct call *call, const struct ec2_subnet *subnet)
{
    struct ec2_network_acl *acl = default_of(call->state, subnet->vpc_id);

    if (acl)
        associate(call, acl, subnet->subnet_id);
}

void network_acl_forget_subnet(struct state *state, const char *subnet_id)
{
    VEC_EACH (acl, &state->objects.network_acls)
        for (size_t i = acl->associations.n; i-- > 0;)
            if (text_equal(acl->associations.items[i].subnet_id, subnet_id))
                LIST_REMOVE(&acl->associations, i);
}

/* "Default network ACL": with an IPv6 block come an entry that lets IPv6 pass, where nobody changed
 * the entries, and the denial behind it. */
void network_acls_open_ipv6(struct call *call, const char *vpc_id)
{
    VEC_EACH (acl, &call->state->objects.network_acls) {
        const bool untouched = acl->is_default == WIRE_TRUE && acl->entries.n == 4 &&
                               has_entry(acl, ALLOW_IPV4, false) &&
                               has_entry(acl, ALLOW_IPV4, true);

        if (text_equal(acl->vpc_id, vpc_id))
            add_own_entries(call, acl, FAMILY_IPV6, untouched);
    }
}

/* ---- the actions ---- */

int network_acl_create(struct call *call)
{
    const struct ec2_vpc *vpc = call_find(call, KIND_VPC, call->change.vpc_id);
    struct ec2_network_acl *acl;

    if (!vpc ||
        call_check_quota(call, QUOTA_NETWORK_ACLS_PER_VPC,
                         state_count_in_vpc(call->state, KIND_NETWORK_ACL, vpc->vpc_id)) < 0)
        return -EINVAL;
    acl = acl_new(call, vpc, false);
    call_tag(call, &acl->tags);
    call->made_id = acl->network_acl_id;
    call->change_reply.network_acl = *acl;
    return 0;
}

static int check_number(struct call *call)
{
    const int64_t number = call->change.rule_number.value;

    if (number >= 1 && number <= RULE_MAX)
        return 0;
    return call_fail(call, "InvalidParameterValue",
                     "Value (%lld) for parameter ruleNumber is invalid. Expecting 1 to %d.",
                     (long long)number, RULE_MAX);
}

/* Ports for tcp and udp, a type and a code for icmp and icmpv6. */
static int check_entry(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    const size_t n = strspn(change->protocol, "0123456789");
    const int protocol = atoi(change->protocol);

    if (!text_equal(change->protocol, "-1") &&
        (n == 0 || n > 3 || change->protocol[n] || protocol > 255))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%s) for parameter protocol is invalid. Unknown protocol",
                         change->protocol);
    if (!text_equal(change->rule_action, "allow") && !text_equal(change->rule_action, "deny"))
        return call_fail(call, "InvalidParameterValue",
                         "Value (%s) for parameter ruleAction is invalid", change->rule_action);
    if ((change->cidr_block.family == FAMILY_IPV4) ==
        (change->ipv6_cidr_block.family == FAMILY_IPV6))
        return call_fail(call, "InvalidParameterCombination",
                         "Exactly one of cidrBlock and ipv6CidrBlock is to be given");
    if ((protocol == 6 || protocol == 17) &&
        (!change->port_from.set || !change->port_to.set || change->port_from.value < 0 ||
         change->port_from.value > change->port_to.value || change->port_to.value > 65535))
        return call_fail(call, "InvalidParameterValue", "A port range is needed, from 0 to 65535");
    if ((protocol == 1 || protocol == 58) && (!change->icmp_type.set || !change->icmp_code.set))
        return call_fail(call, "MissingParameter", "An ICMP type and code are needed");
    return 0;
}

int network_acl_entry_create(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_network_acl *acl = call_find(call, KIND_NETWORK_ACL, change->network_acl_id);
    const bool egress = change->egress == WIRE_TRUE;
    struct ec2_network_acl_entry *entry;
    size_t used = 0;

    if (!acl || check_number(call) < 0 || check_entry(call) < 0)
        return -EINVAL;
    if (has_entry(acl, change->rule_number.value, egress))
        return call_fail(call, "NetworkAclEntryAlreadyExists",
                         "The network acl entry identified by %lld already exists.",
                         (long long)change->rule_number.value);
    VEC_EACH (other, &acl->entries)
        used += (other->egress == WIRE_TRUE) == egress && other->rule_number.value <= RULE_MAX;
    if (call_check_quota(call, QUOTA_RULES_PER_NETWORK_ACL, used) < 0)
        return -EINVAL;
    entry = LIST_ADD(call->state->arena, &acl->entries);
    entry->rule_number = change->rule_number;
    entry->protocol = keep(call, change->protocol);
    entry->rule_action = keep(call, change->rule_action);
    entry->egress = change->egress;
    entry->cidr_block = change->cidr_block;
    entry->ipv6_cidr_block = change->ipv6_cidr_block;
    entry->port_from = change->port_from;
    entry->port_to = change->port_to;
    entry->icmp_type = change->icmp_type;
    entry->icmp_code = change->icmp_code;
    return 0;
}

int network_acl_entry_delete(struct call *call)
{
    const struct ec2_change_request *change = &call->change;
    struct ec2_network_acl *acl = call_find(call, KIND_NETWORK_ACL, change->network_acl_id);

    if (!acl || check_number(call) < 0)
        return -EINVAL;
    for (size_t i = 0; i < acl->entries.n; i++)
        if (acl->entries.items[i].rule_number.value == change->rule_number.value &&
            acl->entries.items[i].egress == change->egress) {
            LIST_REMOVE(&acl->entries, i);
            return 0;
        }
    return call_fail(call, "InvalidNetworkAclEntry.NotFound",
                     "The network acl entry identified by %lld does not exist",
                     (long long)change->rule_number.value);
}

/* The association gets a new id. */
int network_acl_association_replace(struct call *call)
{
    const char *id = call->change.association_id;
    struct ec2_network_acl *to = call_find(call, KIND_NETWORK_ACL, call->change.network_acl_id);

    if (!to)
        return -EINVAL;
    VEC_EACH (from, &call->state->objects.network_acls)
        for (size_t i = 0; i < from->associations.n; i++) {
            const char *subnet_id = from->associations.items[i].subnet_id;

            if (!text_equal(from->associations.items[i].network_acl_association_id, id))
                continue;
            if (!text_equal(from->vpc_id, to->vpc_id))
                return call_fail(call, "InvalidParameterValue",
                                 "Network ACL %s and subnet %s belong to different networks",
                                 to->network_acl_id, subnet_id);
            LIST_REMOVE(&from->associations, i);
            call->change_reply.new_association_id = associate(call, to, subnet_id);
            return 0;
        }
    return call_fail(call, "InvalidAssociationID.NotFound",
                     "The association ID '%s' does not exist", id);
}

/* ---- worlds ---- */

static bool is_associated(const struct state *state, const char *subnet_id)
{
    VEC_EACH (acl, &state->objects.network_acls)
        VEC_EACH (association, &acl->associations)
            if (text_equal(association->subnet_id, subnet_id))
                return true;
    return false;
}

static void complete_acl(struct call *call, struct ec2_network_acl *acl)
{
    const struct ec2_vpc *vpc = state_find(call->state, KIND_VPC, acl->vpc_id);
    const bool said = acl->entries.seen;

    if (!acl->owner_id)
        acl->owner_id = vpc->owner_id;
    if (!acl->is_default)
        acl->is_default = WIRE_FALSE;
    VEC_EACH (association, &acl->associations) {
        if (!association->network_acl_association_id)
            association->network_acl_association_id = new_id(call, "aclassoc-");
        if (!association->network_acl_id)
            association->network_acl_id = acl->network_acl_id;
    }
    VEC_EACH (entry, &acl->entries) {
        if (!entry->egress)
            entry->egress = WIRE_FALSE;
        if (!entry->protocol)
            entry->protocol = "-1";
    }
    add_own_entries(call, acl, FAMILY_IPV4, !said && acl->is_default == WIRE_TRUE);
    if (vpc_has_ipv6(vpc))
        add_own_entries(call, acl, FAMILY_IPV6, !said && acl->is_default == WIRE_TRUE);
    acl->associations.seen = acl->tags.seen = true;
}

void network_acls_complete(struct call *call)
{
    VEC_EACH (acl, &call->state->objects.network_acls)
        complete_acl(call, acl);
    VEC_EACH (vpc, &call->state->objects.vpcs)
        if (!default_of(call->state, vpc->vpc_id))
            network_acl_add_default(call, vpc);
    VEC_EACH (subnet, &call->state->objects.subnets)
        if (!is_associated(call->state, subnet->subnet_id))
            network_acl_associate_default(call, subnet);
}
