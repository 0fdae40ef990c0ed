/* Any bytes as a VPC's file, and what follows a NUL byte as the main file: errors with places, or a
 * config. */
#include "vpc_reconciled/config.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const uint8_t *end = n ? memchr(data, 0, n) : NULL;
    const size_t n_first = end ? (size_t)(end - data) : n;
    const struct config_file files[2] = {
        {"vpc.json", (const char *)data, n_first, false},
        {"main.json", end ? (const char *)end + 1 : NULL, end ? n - n_first - 1 : 0, true},
    };
    struct config *config = NULL;
    struct config_errors errors;
    int r = config_parse(arena, files, end ? 2 : 1, &config, &errors);

    if (r < 0) {
        assert(!config && errors.list.n > 0 && errors.list.n <= CONFIG_ERRORS_MAX);
        VEC_EACH (error, &errors.list)
            assert(error->file && error->line > 0 && error->column > 0 && error->message[0]);
        return 0;
    }
    assert(config->n_targets == 1 && errors.list.n == 0);
    assert(config->targets->name && config->targets->region && config->targets->file);
    assert(!config->targets->vpc_id != !config->targets->vpc_tag.key);
    for (size_t i = 0; i < config->targets->n_groups; i++)
        assert(option_name(config->targets->groups[i].ipv4.n
                               ? config->targets->groups[i].ipv4.items->option
                               : OPTION_UNMANAGED));
    return 0;
}
