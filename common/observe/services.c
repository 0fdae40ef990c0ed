/* Services as a config names them become values of the filter service-name.
 *
 * A short name is one part of several whole ones, of which EC2 says which exist: nothing is created
 * by a name that was put together here. */
#include "observe_private.h"

/* Before the region. Not every partition has every one; a name that does not exist matches nothing.
 * Source: VPC endpoints of AWS services, PrivateLink guide; China's own prefix: the same list. */
static const struct {
    const char *region_prefix, *name_prefix;
} prefix_table[] = {
    {"", "com.amazonaws."},
    {"cn-", "cn.com.amazonaws."},
};

static bool is_whole(const char *service)
{
    static const char *const beginnings[] = {"com.amazonaws.", "cn.com.amazonaws.", "aws."};

    for (size_t i = 0; i < ARRAY_SIZE(beginnings); i++)
        if (text_starts_with(service, beginnings[i]))
            return true;
    return strstr(service, ".vpce-svc-") != NULL; /* somebody's own, in whatever partition */
}

struct texts service_filter(struct arena *arena, const char *region, const struct texts *services)
{
    struct texts names = {0};

    for (size_t i = 0; i < services->n; i++) {
        const char *service = services->items[i];

        if (is_whole(service)) {
            texts_add_once(arena, &names, arena_strdup(arena, service));
            continue;
        }
        for (size_t k = 0; k < ARRAY_SIZE(prefix_table); k++)
            if (text_starts_with(region, prefix_table[k].region_prefix))
                texts_add_once(
                    arena, &names,
                    arena_printf(arena, "%s%s.%s", prefix_table[k].name_prefix, region, service));
    }
    return names;
}
