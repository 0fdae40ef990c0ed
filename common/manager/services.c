/* Step 5 of both IPv6 options: does a service that the functions use speak IPv6 in the region? */
#include "scope.h"

#define NAME_SIZE 160

void services_look(struct scope *scope, struct shared *shared)
{
    char name[NAME_SIZE];

    for (size_t t = 0; t < scope->n_targets; t++) {
        const struct config_target *target = scope->targets[t].config;

        for (size_t g = 0; g < target->n_groups; g++) {
            const struct texts services = config_group_services(&target->groups[g]);

            for (size_t i = 0; i < services.n && options_lead_out(&target->groups[g].ipv6); i++)
                if (aws_service_dualstack_name(services.items[i], scope->region, name,
                                               sizeof(name)))
                    names_look(&shared->names, &shared->outlet, shared->now, name);
        }
    }
}

void services_observe(const struct scope *scope, const struct shared *shared,
                      struct observation *observation)
{
    char name[NAME_SIZE];

    for (size_t t = 0; t < scope->n_targets; t++) {
        const struct config_target *target = scope->targets[t].config;

        for (size_t g = 0; g < target->n_groups; g++) {
            const struct texts services = config_group_services(&target->groups[g]);

            for (size_t i = 0; i < services.n; i++) {
                struct observed_service *service;

                if (observation_service_ipv6(observation, services.items[i], NULL) ||
                    !aws_service_dualstack_name(services.items[i], scope->region, name,
                                                sizeof(name)))
                    continue;
                service = VEC_ADD(observation->arena, &observation->services);
                service->name = arena_strdup(observation->arena, services.items[i]);
                service->dualstack_name = arena_strdup(observation->arena, name);
                service->ipv6 = names_ipv6(&shared->names, name);
            }
        }
    }
}
