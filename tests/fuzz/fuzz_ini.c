/* Any bytes as a shared file: refused with a line, or read, and then a profile's region and
 * endpoints are taken without a word of a secret in an error. */
#include "vpc_reconciled/aws.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static size_t count_lines(const uint8_t *data, size_t n)
{
    size_t lines = 1;

    for (size_t i = 0; i < n; i++)
        lines += data[i] == '\n';
    return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new_secret();
    const char *const variables[] = {"AWS_REGION=eu-west-1", NULL};
    struct aws_environment environment;
    struct aws_environment_error environment_error = {0};
    struct aws_endpoint endpoint;
    struct shared_files files = {0};
    struct ini *ini = &files.files[SHARED_FILE_CREDENTIALS].ini;
    struct ini_error error;

    if (ini_parse(arena, (const char *)data, n, ini, &error) < 0) {
        assert(error.message[0] && (error.line >= 1 || n > INI_SIZE_MAX));
        assert(error.line <= count_lines(data, n));
        return 0;
    }
    VEC_EACH (section, &ini->sections) {
        assert(*section->name && section->line >= 1);
        assert(shared_files_have(&files, section->name));
        VEC_EACH (setting, &section->settings) {
            assert(*setting->key && setting->line > section->line);
            assert(ini_find(section, setting->parent, setting->key) == setting); /* once */
        }
    }
    if (aws_environment_parse(variables, &environment, &environment_error) < 0)
        abort();
    if (aws_environment_add_profile(&environment, "/c", (const char *)data, n, &environment_error) <
        0)
        assert(environment_error.message[0]);
    else if (aws_endpoint_resolve(&environment, "ec2", environment.region, &endpoint,
                                  &environment_error) >= 0)
        assert(endpoint.host[0] && endpoint.path[0] == '/');
    aws_environment_clear(&environment);
    return 0;
}
