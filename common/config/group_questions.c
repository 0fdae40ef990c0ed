/* Questions about a group: what its functions use, and which ways out it declares. */
#include "vpc_reconciled/config.h"

struct texts config_group_services(const struct subnet_group *group)
{
    static const char *telemetry[] = {"logs", "xray"};

    if (group->services_said || !group->capacity_provider)
        return group->services;
    return (struct texts){telemetry, ARRAY_SIZE(telemetry)};
}

bool options_have(const struct declared_options *options, enum option option)
{
    for (size_t i = 0; i < options->n; i++)
        if (options->items[i].option == option)
            return true;
    return false;
}

bool options_lead_out(const struct declared_options *options)
{
    for (size_t i = 0; i < options->n; i++)
        if (options->items[i].option != OPTION_NONE && options->items[i].option != OPTION_UNMANAGED)
            return true;
    return false;
}
