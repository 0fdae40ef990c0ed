/* Profiles: what the shared files say of one, and what region and endpoints take from it. */
#include "vpc_reconciled/aws.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define SYSTEMD_CREDENTIAL "aws-credentials"

static const char *in_home(struct arena *arena, const struct aws_environment *environment,
                           const char *explicit, const char *name)
{
    if (text_equal(explicit, "/dev/null")) /* how people say "none" */
        return NULL;
    if (explicit)
        return arena_strdup(arena, explicit);
    /* A service without a home of its own has none, or "/". */
    if (text_empty(environment->home) || text_equal(environment->home, "/"))
        return NULL;
    return arena_printf(arena, "%s/.aws/%s", environment->home, name);
}

void shared_files_paths(struct arena *arena, const struct aws_environment *environment,
                        struct shared_files *ret_files)
{
    *ret_files = (struct shared_files){0};
    if (environment->credentials_directory)
        ret_files->files[SHARED_FILE_SYSTEMD].path =
            arena_printf(arena, "%s/" SYSTEMD_CREDENTIAL, environment->credentials_directory);
    ret_files->files[SHARED_FILE_CREDENTIALS].path =
        in_home(arena, environment, environment->shared_credentials_file, "credentials");
    ret_files->files[SHARED_FILE_CONFIG].path =
        in_home(arena, environment, environment->config_file, "config");
}

/* "profile NAME", also with more spaces and with the name in quotes. */
static bool names_profile(const char *section, const char *word, const char *profile)
{
    size_t n = strlen(word);

    if (strncmp(section, word, n) != 0 || (section[n] != ' ' && section[n] != '\t'))
        return false;
    section += n + strspn(section + n, " \t");
    n = strlen(section);
    if (n >= 2 && (*section == '"' || *section == '\'') && section[n - 1] == *section) {
        section++;
        n -= 2;
    }
    return strlen(profile) == n && strncmp(section, profile, n) == 0;
}

const struct ini_section *shared_file_profile(const struct shared_files *files,
                                              enum shared_file_kind kind, const char *profile)
{
    const struct ini *ini = &files->files[kind].ini;
    const struct ini_section *found = NULL;

    VEC_EACH (section, &ini->sections) {
        if (kind != SHARED_FILE_CONFIG) {
            if (text_equal(section->name, profile))
                found = section;
        } else if (names_profile(section->name, "profile", profile)) {
            return section; /* [profile default] goes before [default] */
        } else if (text_equal(section->name, profile) && text_equal(profile, "default")) {
            found = section;
        }
    }
    return found;
}

bool shared_files_have(const struct shared_files *files, const char *profile)
{
    for (size_t kind = 0; kind < SHARED_FILE_COUNT; kind++)
        if (shared_file_profile(files, (enum shared_file_kind)kind, profile))
            return true;
    return false;
}

const struct ini_setting *shared_files_find(const struct shared_files *files, const char *profile,
                                            const char *key, const char **ret_file)
{
    for (size_t kind = 0; kind < SHARED_FILE_COUNT; kind++) {
        const struct ini_section *section =
            shared_file_profile(files, (enum shared_file_kind)kind, profile);
        const struct ini_setting *setting = section ? ini_find(section, NULL, key) : NULL;

        if (!setting)
            continue;
        if (ret_file)
            *ret_file = files->files[kind].path;
        return setting;
    }
    return NULL;
}

const char *aws_profile_name(const struct aws_environment *environment)
{
    return environment->profile ? environment->profile : "default";
}

/* ---- region and endpoints ---- */

/* Keys of a services section, as AWS's models name the services; the key with the URL is the same
 * in each. */
static const struct {
    const char *service;
    size_t offset; /* of the char * in struct aws_endpoint_urls */
} url_rows[] = {
    {"ec2", offsetof(struct aws_endpoint_urls, ec2)},
    {"sts", offsetof(struct aws_endpoint_urls, sts)},
    {"lambda", offsetof(struct aws_endpoint_urls, lambda)},
    {"sqs", offsetof(struct aws_endpoint_urls, sqs)},
    {"sns", offsetof(struct aws_endpoint_urls, sns)},
    {"eventbridge", offsetof(struct aws_endpoint_urls, eventbridge)},
};

PRINTF_LIKE(4, 5)
static int fail(struct aws_environment_error *reterr, const char *path, unsigned line,
                const char *format, ...)
{
    va_list args;
    int n;

    n = snprintf(reterr->message, sizeof(reterr->message), "%.100s:%u: ", path, line);
    reterr->variable = "AWS_CONFIG_FILE";
    va_start(args, format);
    vsnprintf(reterr->message + n, sizeof(reterr->message) - (size_t)n, format, args);
    va_end(args);
    return -EINVAL;
}

static void fill(char **member, const struct ini_setting *setting)
{
    if (!setting || !*setting->value || *member)
        return;
    *member = strdup(setting->value);
    if (!*member)
        abort();
}

static int fill_flag(uint8_t *member, const char *path, const struct ini_setting *setting,
                     struct aws_environment_error *reterr)
{
    bool on;

    if (!setting || *member != WIRE_ABSENT)
        return 0;
    on = strcasecmp(setting->value, "true") == 0;
    if (!on && strcasecmp(setting->value, "false") != 0)
        return fail(reterr, path, setting->line, "%s must be true or false", setting->key);
    *member = on ? WIRE_TRUE : WIRE_FALSE;
    return 0;
}

static const struct ini_section *services_section(const struct ini *ini, const char *name)
{
    VEC_EACH (section, &ini->sections)
        if (names_profile(section->name, "services", name))
            return section;
    return NULL;
}

static int add_urls(struct aws_environment *environment, const char *path, const struct ini *ini,
                    const struct ini_section *profile, struct aws_environment_error *reterr)
{
    const struct ini_setting *named = ini_find(profile, NULL, "services");
    const struct ini_section *services = named ? services_section(ini, named->value) : NULL;

    if (named && !services)
        return fail(reterr, path, named->line, "there is no section [services %.60s]",
                    named->value);
    fill(&environment->profile_urls.all, ini_find(profile, NULL, "endpoint_url"));
    for (size_t i = 0; services && i < ARRAY_SIZE(url_rows); i++)
        fill((char **)(void *)((char *)&environment->profile_urls + url_rows[i].offset),
             ini_find(services, url_rows[i].service, "endpoint_url"));
    if (!environment->profile_urls_file && !(environment->profile_urls_file = strdup(path)))
        abort();
    return 0;
}

int aws_environment_add_profile(struct aws_environment *environment, const char *path,
                                const char *text, size_t n, struct aws_environment_error *reterr)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new_secret(); /* the file may hold keys, too */
    struct shared_files files = {0};
    struct ini *ini = &files.files[SHARED_FILE_CONFIG].ini;
    const struct ini_section *profile;
    const struct ini_setting *ignore;
    struct ini_error error;
    int r;

    if (ini_parse(arena, text, n, ini, &error) < 0)
        return fail(reterr, path, error.line, "%s", error.message);
    profile = shared_file_profile(&files, SHARED_FILE_CONFIG, aws_profile_name(environment));
    if (!profile)
        return 0;
    fill(&environment->region, ini_find(profile, NULL, "region"));
    r = fill_flag(&environment->use_dualstack_endpoint, path,
                  ini_find(profile, NULL, "use_dualstack_endpoint"), reterr);
    if (r >= 0)
        r = fill_flag(&environment->use_fips_endpoint, path,
                      ini_find(profile, NULL, "use_fips_endpoint"), reterr);
    if (r < 0)
        return r;
    ignore = ini_find(profile, NULL, "ignore_configured_endpoint_urls");
    if (ignore && strcasecmp(ignore->value, "true") == 0)
        environment->ignore_configured_endpoint_urls = true;
    return add_urls(environment, path, ini, profile, reterr);
}
