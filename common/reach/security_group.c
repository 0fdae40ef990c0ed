/* Security groups at both ends. They are stateful: replies need no rule. */
#include "reach_private.h"

static enum verdict cover(struct walk *walk, const ec2_ip_permissions *const *lists, size_t n,
                          const struct prefix *cidr, const char *group_id)
{
    struct traffic traffic = {.protocol = walk->query->protocol,
                              .port_from = walk->query->port,
                              .port_to = walk->query->port,
                              .group_id = group_id,
                              .family = group_id ? (uint8_t)walk->source->family : FAMILY_NONE};

    if (cidr)
        traffic.cidr = *cidr;
    return permissions_cover(walk->snapshot, lists, n, &traffic);
}

/* Would a member of some group, whoever it is, pass by a reference to it? */
static enum verdict members_pass(struct walk *walk, const ec2_ip_permissions *const *lists,
                                 size_t n)
{
    enum verdict verdict = VERDICT_NO;

    for (size_t l = 0; l < n; l++)
        for (size_t i = 0; i < lists[l]->n; i++)
            for (size_t k = 0; k < lists[l]->items[i].groups.n; k++)
                verdict = better(verdict, cover(walk, lists, n, NULL,
                                                lists[l]->items[i].groups.items[k].group_id));
    return verdict;
}

/* The rules let pass what has this address or, if its groups are known, one of them. */
static enum verdict side_passes(struct walk *walk, const ec2_ip_permissions *const *lists, size_t n,
                                const struct prefix *address, const struct groups *groups)
{
    enum verdict verdict = cover(walk, lists, n, address, NULL);

    if (!groups && verdict == VERDICT_NO)
        return members_pass(walk, lists, n) == VERDICT_NO ? VERDICT_NO : VERDICT_UNKNOWN;
    if (!groups)
        return verdict;
    for (size_t i = 0; i < groups->n && verdict != VERDICT_YES; i++)
        verdict = better(verdict, cover(walk, lists, n, NULL, groups->ids[i]));
    return verdict;
}

static const char *group_names(struct walk *walk, const struct groups *groups)
{
    const char *text = groups->n ? groups->ids[0] : "";

    for (size_t i = 1; walk->told && i < groups->n; i++)
        text = arena_printf(walk->arena, "%s, %s", text, groups->ids[i]);
    return text;
}

void walk_security_group(struct walk *walk, const struct prefix *destination,
                         const struct groups *groups_there)
{
    const struct groups *groups = &walk->source->groups;
    const char *names = group_names(walk, groups), *protocol = walk->query->protocol;
    const char *peer = walk_prefix(walk, destination);
    enum verdict verdict = VERDICT_UNKNOWN;

    if (!walk->source->groups_asked)
        return;
    if (groups->n == 0 || groups->n_found < groups->n) {
        walk_step(walk, REACH_LAYER_SECURITY_GROUP, VERDICT_UNKNOWN,
                  groups->n ? groups->ids[0] : NULL,
                  "the rules of all security groups (%s) are not known", names);
        return;
    }
    verdict = side_passes(walk, groups->egress, groups->n_found, destination, groups_there);
    walk_step(walk, REACH_LAYER_SECURITY_GROUP, verdict, groups->ids[0],
              verdict == VERDICT_YES  ? "the outbound rules of %s allow %s port %u to %s"
              : verdict == VERDICT_NO ? "no outbound rule of %s allows %s port %u to %s"
                                      : "it is not known whether the outbound rules of %s allow %s "
                                        "port %u to %s",
              names, protocol, walk->query->port, peer);
}

enum verdict groups_admit(struct walk *walk, const struct groups *there)
{
    const struct source *source = walk->source;
    const struct groups *groups = source->groups_asked ? &source->groups : NULL;
    enum verdict verdict = VERDICT_YES;

    if (there->n == 0 || there->n_found < there->n)
        return VERDICT_UNKNOWN;
    for (size_t i = 0; i < source->addresses.n; i++)
        verdict = worse(verdict, side_passes(walk, there->ingress, there->n_found,
                                             &source->addresses.items[i], groups));
    return verdict;
}
