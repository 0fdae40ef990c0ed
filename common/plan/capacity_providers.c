/* Groups whose subnets and security groups come from Lambda (aws-facts 6). */
#include "plan_private.h"

static bool is_serving(const char *state)
{
    return text_equal(state, "Pending") || text_equal(state, "Active");
}

/* Why nothing of it counts; NULL: in a state that this version does not know. */
static const char *wrong_because(struct arena *arena,
                                 const struct observed_capacity_provider *provider)
{
    if (!provider->state)
        return arena_printf(arena,
                            "Lambda has no capacity provider \"%s\" in this account and region",
                            provider->name);
    if (text_equal(provider->state, "Failed"))
        return arena_printf(arena,
                            "capacity provider \"%s\" has failed, so nothing runs in its subnets",
                            provider->name);
    if (text_equal(provider->state, "Deleting"))
        return arena_printf(arena, "capacity provider \"%s\" is being deleted", provider->name);
    return NULL;
}

static void resolve_provider(struct arena *arena, struct desired_group *group,
                             const struct snapshot *snapshot)
{
    const char *name = group->group->capacity_provider;
    const struct observed_capacity_provider *provider;

    if (!name)
        return;
    provider = observation_find_capacity_provider(snapshot->observation, name);
    if (!provider) {
        group->unknown = true;
        return;
    }
    if (is_serving(provider->state)) {
        group->capacity_provider = provider;
        return;
    }
    group->provider_wrong = wrong_because(arena, provider);
    if (!group->provider_wrong) {
        group->unknown = true;
        group->provider_wrong =
            arena_printf(arena, "capacity provider \"%s\" is in a state that is not known here: %s",
                         name, provider->state);
    }
}

static void add(struct texts *texts, const char *id)
{
    if (!texts_contain(texts, id))
        texts->items[texts->n++] = id;
}

static void resolve_security_groups(struct arena *arena, struct desired_group *group,
                                    const struct snapshot *snapshot)
{
    const struct texts *declared = &group->group->security_groups;
    const struct observed_capacity_provider *provider = group->capacity_provider;
    const size_t n = provider ? provider->security_group_ids.n : 0;
    const struct ec2_security_group *fallback;

    if (group->unknown)
        return;
    group->security_groups.items = ARENA_ARRAY(arena, const char *, declared->n + n + 1);
    for (size_t i = 0; i < declared->n; i++)
        add(&group->security_groups, declared->items[i]);
    for (size_t i = 0; i < n; i++)
        add(&group->security_groups, provider->security_group_ids.items[i]);
    if (provider && n == 0) { /* it has the VPC's default one (aws-facts 6) */
        fallback = snapshot_default_security_group(snapshot);
        if (!fallback)
            return;
        add(&group->security_groups, fallback->group_id);
    }
    group->security_groups_known = true;
}

void resolve_capacity_provider(struct arena *arena, struct desired_group *group,
                               const struct snapshot *snapshot)
{
    resolve_provider(arena, group, snapshot);
    resolve_security_groups(arena, group, snapshot);
}

/* ids: "subnet-a, subnet-b" */
static bool is_among(const char *id, const char *ids)
{
    size_t n = strlen(id);

    for (const char *at = ids; (at = strstr(at, id)); at += n)
        if ((at == ids || at[-1] == ' ') && (!at[n] || at[n] == ','))
            return true;
    return false;
}

static bool is_about(const struct plan_drift *drift,
                     const struct observed_capacity_provider *provider)
{
    for (size_t i = 0; i < provider->subnet_ids.n; i++)
        if (is_among(provider->subnet_ids.items[i], drift->subnets))
            return true;
    return false;
}

void plan_name_capacity_providers(struct planning *planning)
{
    const struct desired *desired = planning->desired;

    VEC_EACH (drift, &planning->plan->drifts) {
        const char *names = NULL;

        if (!drift->subnets || !drift->message)
            continue;
        for (size_t g = 0; g < desired->n_groups; g++) {
            const struct observed_capacity_provider *provider =
                desired->groups[g].capacity_provider;

            if (!provider || !is_about(drift, provider))
                continue;
            names = names ? arena_printf(planning->arena, "%s and \"%s\"", names, provider->name)
                          : arena_printf(planning->arena, "\"%s\"", provider->name);
        }
        if (names)
            drift->message = arena_printf(planning->arena, "%s Capacity provider %s runs there.",
                                          drift->message, names);
    }
}
