/* Any bytes as Lambda's reply: refused with a reason, or a provider that holds what is promised.
 * The first byte cuts the rest into a name and a body. */
#include "vpc_reconciled/observe.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool is_whole(const struct observed_capacity_provider *provider)
{
    if (text_empty(provider->name) || text_empty(provider->arn) || text_empty(provider->state) ||
        provider->subnet_ids.n == 0)
        return false;
    for (size_t i = 0; i < provider->subnet_ids.n; i++)
        if (text_empty(provider->subnet_ids.items[i]))
            return false;
    for (size_t i = 0; i < provider->security_group_ids.n; i++)
        if (text_empty(provider->security_group_ids.items[i]))
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const size_t name_n = n && data[0] < 64 && data[0] < n ? data[0] : 0;
    const char *name = name_n ? arena_strndup(arena, (const char *)data + 1, name_n) : "orders";
    const char *body = (const char *)data + (name_n ? 1 + name_n : 0);
    struct observed_capacity_provider provider = {0};
    struct wire_error error = {0};

    if (capacity_provider_decode(arena, name, body, n - (size_t)(body - (const char *)data),
                                 &provider, &error) < 0) {
        assert(error.message[0] && !provider.name && !provider.state);
        return 0;
    }
    assert(is_whole(&provider) && !error.message[0]);
    assert(text_equal(provider.name, name));
    return 0;
}
