/* AllocateAddress and AssociateAddress for an interface in a public subnet, against the invariants:
 * only an address of ours that nothing uses (S2, S8), one at a time (S4), and never one that would
 * move in silence. */
#include "action.h"

static const struct desired_interface *wanted_by(const struct action_case *c, bool address)
{
    for (size_t i = 0; i < c->desired->n_interfaces; i++) {
        const struct desired_interface *want = &c->desired->interfaces[i];

        if (text_equal(address ? want->address_role : want->role, c->action->role))
            return want;
    }
    return NULL;
}

/* Seen again in the snapshot: it is there, declared public, and has no public address. */
static enum hold interface_lacks_address(const struct action_case *c,
                                         const struct desired_interface *want)
{
    const struct ec2_network_interface *interface = want->interface;
    const struct desired_subnet *subnet = desired_find_subnet(c->desired, interface->subnet_id);

    if (!subnet || subnet->group->ipv4.n == 0 ||
        subnet->group->ipv4.items[0].option != OPTION_INTERNET_GATEWAY)
        return refuse(c, HOLD_NOT_OURS, "%s is in no subnet that is declared public",
                      interface->network_interface_id);
    if (!text_empty(interface->association_public_ip))
        return refuse(c, HOLD_WAIT, "%s has a public address", interface->network_interface_id);
    if (!text_empty(interface->owner_id) &&
        !text_equal(interface->owner_id, c->snapshot->observation->account))
        return refuse(c, HOLD_NOT_OURS, "%s belongs to another account",
                      interface->network_interface_id);
    if (interface->requester_managed == WIRE_TRUE)
        return refuse(c, HOLD_NOT_OURS, "AWS manages %s", interface->network_interface_id);
    return HOLD_NONE;
}

static bool is_free(const struct ec2_address *address)
{
    return text_empty(address->association_id) && text_empty(address->network_interface_id) &&
           text_empty(address->instance_id) && text_empty(address->service_managed);
}

bool address_is_for_interface(const struct action_case *c)
{
    return wanted_by(c, true) != NULL;
}

#define GRACE_MS INT64_C(300000) /* what was made may not show for so long (safety.md 1) */

/* S4: an address that was asked for, for an interface that has none yet, and that no list shows. */
static bool may_hide(const struct action_case *c, const struct desired_interface *want)
{
    const char *name = c->policy->target->name;
    const struct history_intent *intent =
        history_intent_of(c->policy->history, name, want->address_role);
    const struct history_record *used = history_last_change(c->policy->history, name, want->role);

    if (!intent || intent->state == INTENT_FAILED ||
        c->policy->now.wall_ms - intent->record.wall_ms >= GRACE_MS ||
        (used && used->wall_ms >= intent->record.wall_ms))
        return false;
    VEC_EACH (address, &c->snapshot->observation->addresses)
        if (intent->state == INTENT_MADE && text_equal(address->allocation_id, intent->made_id))
            return false;
    return true;
}

enum hold judge_allocate_interface_address(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct desired_interface *want = wanted_by(c, true);
    enum hold hold = interface_lacks_address(c, want);

    if (hold != HOLD_NONE)
        return hold;
    if (!text_equal(request->domain, "vpc") || request->address || request->public_ipv4_pool)
        return refuse(c, HOLD_NOT_OURS, "only a plain address is allocated");
    VEC_EACH (address, &c->snapshot->observation->addresses) {
        const char *role = ec2_tag_value(&address->tags, TAG_ROLE);

        if (is_free(address) && tags_are_ours(&address->tags, c->snapshot->owner_tag) && role &&
            text_starts_with(role, "elastic-ip/interface/"))
            return refuse(c, HOLD_UNSAFE,
                          "%s, which is ours for %s, is attached to nothing: that "
                          "one first",
                          address->allocation_id, role);
    }
    for (size_t i = 0; i < c->desired->n_interfaces; i++) /* its own is intent.c's to wait for */
        if (&c->desired->interfaces[i] != want && may_hide(c, &c->desired->interfaces[i]))
            return refuse(c, HOLD_WAIT, "an address for %s was asked for, and may not show yet",
                          c->desired->interfaces[i].role);
    return HOLD_NONE;
}

/* Ours for this interface, and free; or one that AWS gave us in this very pass: that one no list
 * has yet. */
static bool address_is_the_interfaces(const struct action_case *c,
                                      const struct desired_interface *want)
{
    const char *id = c->action->request.allocation_id;

    if (!id)
        return false;
    VEC_EACH (address, &c->snapshot->observation->addresses)
        if (text_equal(address->allocation_id, id))
            return is_free(address) && tags_are_ours(&address->tags, c->snapshot->owner_tag) &&
                   text_equal(ec2_tag_value(&address->tags, TAG_ROLE), want->address_role);
    return c->action->input_is_fresh;
}

enum hold judge_associate_address(const struct action_case *c)
{
    const struct ec2_change_request *request = &c->action->request;
    const struct desired_interface *want = wanted_by(c, false);
    enum hold hold;

    if (!want ||
        !text_equal(want->interface->network_interface_id, request->network_interface_id) ||
        request->instance_id || request->private_ip_address)
        return refuse(c, HOLD_NOT_OURS, "%s is no interface that wants a public address",
                      request->network_interface_id ? request->network_interface_id : "(none)");
    hold = interface_lacks_address(c, want);
    if (hold != HOLD_NONE)
        return hold;
    if (request->allow_reassociation != WIRE_FALSE)
        return refuse(c, HOLD_UNSAFE,
                      "without AllowReassociation=false an address could be taken "
                      "away from something else");
    if (!address_is_the_interfaces(c, want))
        return refuse(c, HOLD_NOT_OURS, "nothing shows that %s is this interface's address",
                      request->allocation_id ? request->allocation_id : "(none)");
    if (c->snapshot->n_internet_gateways == 0)
        return refuse(c, HOLD_WAIT, "no internet gateway is attached yet");
    return HOLD_NONE;
}
