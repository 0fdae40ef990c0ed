/* Rules of security groups, in EC2's canonical form: one permission for each protocol and port
 * range, and in it the peers. */
#include "actions.h"

#include <stdlib.h>

struct rule {
    const char *protocol;
    struct wire_int from, to; /* not set: all */
    /* one of these */
    struct prefix cidr;
    const char *prefix_list_id, *group_id;
    const char *user_id, *description;
};
struct rules { /* as VEC() */
    struct rule *items;
    size_t n, reserved;
};

/* ---- canonical form ---- */

/* NULL: EC2 knows no such protocol. */
static const char *protocol_name(const char *protocol)
{
    static const char *const names[][2] = {
        {"6", "tcp"}, {"17", "udp"}, {"1", "icmp"}, {"58", "icmpv6"}, {"-1", "-1"}};
    const size_t n = strspn(protocol, "0123456789");

    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        if (text_equal(names[i][0], protocol) || strcasecmp(names[i][1], protocol) == 0)
            return names[i][1];
    return n > 0 && n <= 3 && !protocol[n] && atoi(protocol) <= 255 ? protocol : NULL;
}

static int check_range(struct call *call, const struct ec2_ip_permission *permission,
                       int64_t smallest, int64_t largest)
{
    const struct wire_int *from = &permission->from_port, *to = &permission->to_port;

    if (from->value < smallest || from->value > largest || to->value < smallest ||
        to->value > largest)
        return call_fail(call, "InvalidParameterValue", "Invalid value '%lld-%lld' for portRange.",
                         (long long)from->value, (long long)to->value);
    return 0;
}

/* tcp and udp want both ports, icmpv6 may go without, all else has none (aws-facts 2.3). */
static int canonical_ports(struct call *call, const struct ec2_ip_permission *permission,
                           struct rule *rule)
{
    const bool ports = text_equal(rule->protocol, "tcp") || text_equal(rule->protocol, "udp");
    const bool icmp = text_equal(rule->protocol, "icmp");
    const bool both = permission->from_port.set && permission->to_port.set;

    if (!ports && !icmp && !text_equal(rule->protocol, "icmpv6"))
        return 0;
    if (!both && ports)
        return call_fail(call, "InvalidParameterValue",
                         "Invalid value 'Must specify both from and to ports with TCP/UDP.' for "
                         "portRange.");
    if (!both && icmp)
        return call_fail(call, "InvalidParameterValue",
                         "Invalid value 'Must specify both type and code with ICMP.' for "
                         "portRange.");
    rule->from = both ? permission->from_port : (struct wire_int){-1, true};
    rule->to = both ? permission->to_port : (struct wire_int){-1, true};
    if (both && check_range(call, permission, ports ? 0 : -1, ports ? 65535 : 255) < 0)
        return -EINVAL;
    if (ports && rule->from.value > rule->to.value)
        return call_fail(call, "InvalidParameterValue", "Invalid TCP/UDP port range (%lld:%lld)",
                         (long long)rule->from.value, (long long)rule->to.value);
    return 0;
}

static int add_cidr(struct call *call, struct rules *into, const struct rule *like,
                    const struct prefix *cidr, enum family family, const char *description)
{
    struct rule *rule;
    char text[PREFIX_TEXT_SIZE];

    if (cidr->family != family)
        return call_fail(call, "InvalidParameterValue", "CIDR block %s is malformed",
                         prefix_format(cidr, text));
    rule = VEC_ADD(call->arena, into);
    *rule = *like;
    rule->cidr = *cidr;
    rule->description = description;
    return 0;
}

static int add_peers(struct call *call, struct rules *into, const struct rule *like,
                     const struct ec2_ip_permission *permission, const char *vpc_id)
{
    const size_t before = into->n;

    VEC_EACH (range, &permission->ip_ranges)
        if (add_cidr(call, into, like, &range->cidr_ip, FAMILY_IPV4, range->description) < 0)
            return -EINVAL;
    VEC_EACH (range, &permission->ipv6_ranges)
        if (add_cidr(call, into, like, &range->cidr_ipv6, FAMILY_IPV6, range->description) < 0)
            return -EINVAL;
    VEC_EACH (list, &permission->prefix_list_ids) {
        struct rule *rule;

        if (!call_find(call, KIND_PREFIX_LIST, list->prefix_list_id))
            return -EINVAL;
        rule = VEC_ADD(call->arena, into);
        *rule = *like;
        rule->prefix_list_id = list->prefix_list_id;
        rule->description = list->description;
    }
    VEC_EACH (pair, &permission->groups) {
        const char *group_id = pair->group_id;
        const struct wire_texts one = {.items = &group_id, .n = 1};
        struct rule *rule;

        /* Peered VPCs are not simulated. */
        if (call_require(call, pair->group_id, "GroupId") < 0 ||
            security_groups_check(call, vpc_id, &one) < 0)
            return -EINVAL;
        rule = VEC_ADD(call->arena, into);
        *rule = *like;
        rule->group_id = pair->group_id;
        rule->user_id = pair->user_id ? pair->user_id : call->simulator->account;
        rule->description = pair->description;
    }
    if (into->n == before)
        return call_fail(call, "MissingParameter",
                         "A permission names no CIDR block, prefix list or security group");
    return 0;
}

/* The request's permissions, one rule a peer. */
static int canonical(struct call *call, const struct ec2_security_group *group,
                     struct rules *ret_rules)
{
    const ec2_ip_permissions *permissions = &call->change.ip_permissions;

    if (!permissions->n)
        return call_require(call, NULL, "IpPermissions");
    VEC_EACH (permission, permissions) {
        struct rule like = {0};

        if (call_require(call, permission->ip_protocol, "IpProtocol") < 0)
            return -EINVAL;
        like.protocol = protocol_name(permission->ip_protocol);
        if (!like.protocol)
            return call_fail(call, "InvalidParameterValue", "Invalid value '%s' for IP protocol.",
                             permission->ip_protocol);
        if (canonical_ports(call, permission, &like) < 0 ||
            add_peers(call, ret_rules, &like, permission, group->vpc_id) < 0)
            return -EINVAL;
    }
    return 0;
}

/* ---- a group's permissions ---- */

static bool same_number(struct wire_int a, struct wire_int b)
{
    return a.set == b.set && (!a.set || a.value == b.value);
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
    return text_equal(a->protocol, b->protocol) && same_number(a->from, b->from) &&
           same_number(a->to, b->to) && prefix_equal(&a->cidr, &b->cidr) &&
           text_equal(a->prefix_list_id, b->prefix_list_id) && text_equal(a->group_id, b->group_id);
}

static struct ec2_ip_permission *permission_of(ec2_ip_permissions *permissions,
                                               const struct rule *rule)
{
    VEC_EACH (permission, permissions)
        if (text_equal(permission->ip_protocol, rule->protocol) &&
            same_number(permission->from_port, rule->from) &&
            same_number(permission->to_port, rule->to))
            return permission;
    return NULL;
}

/* Takes the peer out; false: it is not there. With `look` it stays. */
static bool take_peer(struct ec2_ip_permission *permission, const struct rule *rule, bool look)
{
    for (size_t i = 0; i < permission->ip_ranges.n; i++)
        if (prefix_equal(&permission->ip_ranges.items[i].cidr_ip, &rule->cidr)) {
            if (!look)
                LIST_REMOVE(&permission->ip_ranges, i);
            return true;
        }
    for (size_t i = 0; i < permission->ipv6_ranges.n; i++)
        if (prefix_equal(&permission->ipv6_ranges.items[i].cidr_ipv6, &rule->cidr)) {
            if (!look)
                LIST_REMOVE(&permission->ipv6_ranges, i);
            return true;
        }
    for (size_t i = 0; rule->prefix_list_id && i < permission->prefix_list_ids.n; i++)
        if (text_equal(permission->prefix_list_ids.items[i].prefix_list_id, rule->prefix_list_id)) {
            if (!look)
                LIST_REMOVE(&permission->prefix_list_ids, i);
            return true;
        }
    for (size_t i = 0; rule->group_id && i < permission->groups.n; i++)
        if (text_equal(permission->groups.items[i].group_id, rule->group_id)) {
            if (!look)
                LIST_REMOVE(&permission->groups, i);
            return true;
        }
    return false;
}

static bool has_rule(ec2_ip_permissions *permissions, const struct rule *rule)
{
    struct ec2_ip_permission *permission = permission_of(permissions, rule);

    return permission && take_peer(permission, rule, true);
}

static void put_rule(struct call *call, ec2_ip_permissions *permissions, const struct rule *rule)
{
    struct arena *arena = call->state->arena;
    struct ec2_ip_permission *permission = permission_of(permissions, rule);
    const char *description = keep(call, rule->description);

    if (!permission) {
        permission = LIST_ADD(arena, permissions);
        permission->ip_protocol = keep(call, rule->protocol);
        permission->from_port = rule->from;
        permission->to_port = rule->to;
        permission->ip_ranges.seen = permission->ipv6_ranges.seen = true;
        permission->prefix_list_ids.seen = permission->groups.seen = true;
    }
    if (rule->cidr.family == FAMILY_IPV4)
        *LIST_ADD(arena, &permission->ip_ranges) = (struct ec2_ip_range){rule->cidr, description};
    else if (rule->cidr.family == FAMILY_IPV6)
        *LIST_ADD(arena, &permission->ipv6_ranges) =
            (struct ec2_ipv6_range){rule->cidr, description};
    else if (rule->prefix_list_id)
        *LIST_ADD(arena, &permission->prefix_list_ids) =
            (struct ec2_prefix_list_id){keep(call, rule->prefix_list_id), description};
    else
        *LIST_ADD(arena, &permission->groups) =
            (struct ec2_user_id_group_pair){.group_id = keep(call, rule->group_id),
                                            .user_id = keep(call, rule->user_id),
                                            .description = description};
}

static void drop_rule(ec2_ip_permissions *permissions, const struct rule *rule)
{
    struct ec2_ip_permission *permission = permission_of(permissions, rule);

    take_peer(permission, rule, false);
    if (!permission->ip_ranges.n && !permission->ipv6_ranges.n && !permission->prefix_list_ids.n &&
        !permission->groups.n)
        LIST_REMOVE(permissions, (size_t)(permission - permissions->items));
}

void security_group_allow_all_out(struct call *call, struct ec2_security_group *group,
                                  enum family family)
{
    const struct rule rule = {.protocol = "-1",
                              .cidr = family == FAMILY_IPV4 ? PREFIX_IPV4_DEFAULT
                                                            : PREFIX_IPV6_DEFAULT};

    if (!has_rule(&group->ip_permissions_egress, &rule))
        put_rule(call, &group->ip_permissions_egress, &rule);
}

/* ---- the actions ---- */

static bool is_egress(const struct call *call)
{
    return call->action == EC2_AUTHORIZE_SECURITY_GROUP_EGRESS ||
           call->action == EC2_REVOKE_SECURITY_GROUP_EGRESS;
}

/* A rule counts in its family, one for a group or a list in both; a list by its entries (aws-facts
 * 9.4). */
static size_t weight(struct call *call, const struct rule *rule, enum family family)
{
    const struct ec2_managed_prefix_list *list =
        state_find(call->state, KIND_PREFIX_LIST, rule->prefix_list_id);

    if (rule->cidr.family != FAMILY_NONE)
        return rule->cidr.family == family;
    return list && list->max_entries.set ? (size_t)list->max_entries.value : 1;
}

static size_t weight_of_all(struct call *call, const ec2_ip_permissions *permissions,
                            enum family family)
{
    size_t n = 0;

    VEC_EACH (permission, permissions) {
        n += family == FAMILY_IPV4 ? permission->ip_ranges.n : permission->ipv6_ranges.n;
        n += permission->groups.n;
        VEC_EACH (list, &permission->prefix_list_ids)
            n += weight(call, &(struct rule){.prefix_list_id = list->prefix_list_id}, family);
    }
    return n;
}

static int check_rules_quota(struct call *call, const ec2_ip_permissions *permissions,
                             const struct rules *added)
{
    for (enum family family = FAMILY_IPV4; family <= FAMILY_IPV6; family++) {
        const size_t used = weight_of_all(call, permissions, family);
        size_t n = 0;

        VEC_EACH (rule, added)
            n += weight(call, rule, family);
        if (n && call_check_quota(call, QUOTA_RULES_PER_SECURITY_GROUP, used + n - 1) < 0)
            return -EINVAL;
    }
    return 0;
}

static const char *rule_text(struct call *call, const struct rule *rule)
{
    char cidr[PREFIX_TEXT_SIZE];

    prefix_format(&rule->cidr, cidr);
    return arena_printf(call->arena, "peer: %s, %s, from port: %lld, to port: %lld, ALLOW",
                        rule->group_id         ? rule->group_id
                        : rule->prefix_list_id ? rule->prefix_list_id
                                               : cidr,
                        rule->protocol, (long long)(rule->from.set ? rule->from.value : -1),
                        (long long)(rule->to.set ? rule->to.value : -1));
}

static void remember_change(struct call *call, const char *group_id)
{
    if (!is_egress(call))
        return;
    VEC_EACH (history, &call->state->security_group_history)
        if (text_equal(history->group_id, group_id))
            return;
    *LIST_ADD(call->state->arena, &call->state->security_group_history) =
        (struct security_group_history){keep(call, group_id), WIRE_TRUE};
}

static void answer(struct call *call, const char *group_id, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *LIST_ADD(call->arena, &call->change_reply.security_group_rules) =
            (struct ec2_security_group_rule){new_id(call, "sgr-"), group_id};
}

static struct ec2_security_group *find_group(struct call *call)
{
    if (call_require(call, call->change.group_id, "GroupId") < 0)
        return NULL;
    return call_find(call, KIND_SECURITY_GROUP, call->change.group_id);
}

/* All of the rules or none. Rules have no object of their own here: their tags are lost. */
int security_group_authorize(struct call *call)
{
    struct ec2_security_group *group = find_group(call);
    ec2_ip_permissions *permissions;
    struct rules added = {0};

    if (!group || canonical(call, group, &added) < 0)
        return -EINVAL;
    permissions = is_egress(call) ? &group->ip_permissions_egress : &group->ip_permissions;
    for (size_t i = 0; i < added.n; i++) {
        bool twice = has_rule(permissions, &added.items[i]);

        for (size_t k = 0; k < i; k++)
            twice |= same_rule(&added.items[i], &added.items[k]);
        if (twice)
            return call_fail(call, "InvalidPermission.Duplicate",
                             "the specified rule \"%s\" already exists",
                             rule_text(call, &added.items[i]));
    }
    if (check_rules_quota(call, permissions, &added) < 0)
        return -EINVAL;
    VEC_EACH (rule, &added)
        put_rule(call, permissions, rule);
    remember_change(call, group->group_id);
    answer(call, group->group_id, added.n);
    return 0;
}

int security_group_revoke(struct call *call)
{
    struct ec2_security_group *group = find_group(call);
    ec2_ip_permissions *permissions;
    struct rules removed = {0};

    if (!group || canonical(call, group, &removed) < 0)
        return -EINVAL;
    permissions = is_egress(call) ? &group->ip_permissions_egress : &group->ip_permissions;
    VEC_EACH (rule, &removed)
        if (!has_rule(permissions, rule))
            return call_fail(call, "InvalidPermission.NotFound",
                             "The specified rule does not exist in this security group.");
    VEC_EACH (rule, &removed)
        if (has_rule(permissions, rule)) /* the request may name one twice */
            drop_rule(permissions, rule);
    remember_change(call, group->group_id);
    answer(call, group->group_id, removed.n);
    return 0;
}
