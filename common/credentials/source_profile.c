/* What a profile of the shared files says: a role, a web identity, keys, or a process (aws-facts
 * 5.2). */
#include "chain.h"

#include <stdlib.h>

/* Where a setting stands, for messages. */
static const char *place(struct chain *chain, const char *profile, const char *key)
{
    const char *file = NULL;
    const struct ini_setting *setting = shared_files_find(&chain->files, profile, key, &file);

    return setting ? arena_printf(chain->arena, "%s:%u", file, setting->line) : "?";
}

static const char *value(struct chain *chain, const char *profile, const char *key)
{
    const struct ini_setting *setting = shared_files_find(&chain->files, profile, key, NULL);

    return setting && *setting->value ? setting->value : NULL;
}

static bool is_word(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || (unsigned char)*text >= 0x7f)
            return false;
    return true;
}

int profile_check(struct chain *chain)
{
    const char *profile = chain->environment->profile;

    if (!profile || shared_files_have(&chain->files, profile))
        return 0;
    chain_fail(chain, "AWS_PROFILE is \"%s\", and no file has this profile", profile);
    return -ENOENT;
}

/* ---- keys ---- */

/* Both keys come from one file: halves of two pairs are no pair. 1 found, 0 none. */
static int find_keys(struct chain *chain, const char *profile)
{
    static const char *const names[] = {"aws_access_key_id", "aws_secret_access_key",
                                        "aws_session_token"};

    for (size_t kind = 0; kind < SHARED_FILE_COUNT; kind++) {
        const struct ini_section *section =
            shared_file_profile(&chain->files, (enum shared_file_kind)kind, profile);
        const char *path = chain->files.files[kind].path;
        const struct ini_setting *settings[3];
        const char *values[3];

        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
            settings[i] = section ? ini_find(section, NULL, names[i]) : NULL;
            values[i] = settings[i] && *settings[i]->value ? settings[i]->value : NULL;
            if (settings[i] && values[i] && !is_word(values[i])) {
                chain_fail(chain, "%s:%u: %s holds a space or a character that no key has", path,
                           settings[i]->line, names[i]);
                return -EINVAL;
            }
        }
        if (!values[0] && !values[1])
            continue;
        if (!values[0] || !values[1]) {
            chain_fail(chain, "%s:%u: the profile has %s and no %s; a key pair needs both", path,
                       settings[values[0] ? 0 : 1]->line, names[values[0] ? 0 : 1],
                       names[values[0] ? 1 : 0]);
            return -EINVAL;
        }
        chain->found = (struct reply){.credentials = {(char *)(uintptr_t)values[0],
                                                      (char *)(uintptr_t)values[1],
                                                      (char *)(uintptr_t)values[2]},
                                      .expires_ms = EXPIRES_NEVER};
        chain->source = &source_keys;
        chain_describe(chain, "the keys of the profile \"%s\" (%s:%u)", profile, path,
                       settings[0]->line);
        return 1;
    }
    return 0;
}

int profile_find_keys(struct chain *chain)
{
    const char *profile = aws_profile_name(chain->environment);
    int r = find_keys(chain, profile);

    if (r == 0)
        chain_pass(chain, "the profile \"%s\" has no keys%s", profile,
                   shared_files_have(&chain->files, profile) ? "" : ": no file has it");
    return r;
}

static int find_process(struct chain *chain, const char *profile)
{
    const char *command = value(chain, profile, "credential_process");

    if (!command)
        return 0;
    chain->command = command;
    chain->where = place(chain, profile, "credential_process");
    chain->source = &source_process;
    return 1;
}

int profile_find_process(struct chain *chain)
{
    const char *profile = aws_profile_name(chain->environment);
    int r = find_process(chain, profile);

    if (r == 0 &&
        (value(chain, profile, "sso_session") || value(chain, profile, "sso_start_url"))) {
        chain_fail(
            chain,
            "the profile \"%s\" signs in by IAM Identity Center, which a daemon cannot; give "
            "it a role, or a credential_process",
            profile);
        return -ENOTSUP;
    }
    return r;
}

/* ---- web identity ---- */

int profile_web_identity(struct chain *chain, const char *profile)
{
    const char *file = value(chain, profile, "web_identity_token_file"),
               *arn = value(chain, profile, "role_arn"),
               *name = value(chain, profile, "role_session_name");

    if (!file)
        return 0;
    if (!arn) {
        chain_fail(chain, "%s: web_identity_token_file needs a role_arn",
                   place(chain, profile, "web_identity_token_file"));
        return -EINVAL;
    }
    chain->role_arn = arn;
    chain->session_name = name ? name : chain_session_name(chain);
    chain->token_file = file;
    chain->where = place(chain, profile, "web_identity_token_file");
    chain->source = &source_web_identity;
    return 1;
}

/* ---- roles ---- */

static int read_role(struct chain *chain, const char *profile, struct role *role)
{
    const char *duration = value(chain, profile, "duration_seconds"), *end;

    *role = (struct role){
        .arn = value(chain, profile, "role_arn"),
        .external_id = value(chain, profile, "external_id"),
        .session_name = value(chain, profile, "role_session_name"),
        .where = place(chain, profile, "role_arn"),
    };
    if (!role->session_name)
        role->session_name = chain_session_name(chain);
    if (value(chain, profile, "mfa_serial")) {
        chain_fail(chain, "%s: the role wants a code of an MFA device, which a daemon cannot type",
                   place(chain, profile, "mfa_serial"));
        return -ENOTSUP;
    }
    if (!duration)
        return 0;
    end = duration + strspn(duration, "0123456789");
    role->duration_s = end - duration > 0 && end - duration < 6 && !*end ? atoi(duration) : 0;
    if (role->duration_s < 900 || role->duration_s > 43200) {
        chain_fail(chain, "%s: duration_seconds must be 900 to 43200",
                   place(chain, profile, "duration_seconds"));
        return -ERANGE;
    }
    return 0;
}

static int find_role(struct chain *chain, const char *profile, const char **path, size_t n_path);

/* The keys that another profile gives: its own before its role (as AWS's SDKs read it). */
static int find_source(struct chain *chain, const char *profile, const char **path, size_t n_path)
{
    int r = find_keys(chain, profile);

    for (size_t i = 0; i < n_path && r == 0; i++)
        if (text_equal(path[i], profile)) {
            chain_fail(chain, "the profile \"%s\" leads back to itself by source_profile (%s)",
                       profile, place(chain, path[n_path - 1], "source_profile"));
            return -ELOOP;
        }
    if (r == 0)
        r = find_role(chain, profile, path, n_path);
    if (r == 0)
        r = profile_web_identity(chain, profile);
    if (r == 0)
        r = find_process(chain, profile);
    if (r == 0) {
        chain_fail(chain, "%s: source_profile \"%s\" %s",
                   place(chain, path[n_path - 1], "source_profile"), profile,
                   shared_files_have(&chain->files, profile)
                       ? "has no keys, role or credential_process"
                       : "is in no file");
        return -ENOENT;
    }
    return r;
}

/* credential_source: which of the sources that need no profile. */
static const struct {
    const char *word;
    int (*find)(struct chain *chain);
} credential_sources[] = {
    {"Environment", environment_find},
    {"Ec2InstanceMetadata", metadata_find},
    {"EcsContainer", container_find},
};

static int find_named(struct chain *chain, const char *profile, const char *word)
{
    for (size_t i = 0; i < ARRAY_SIZE(credential_sources); i++) {
        int r;

        if (!text_equal(credential_sources[i].word, word))
            continue;
        r = credential_sources[i].find(chain);
        if (r == 0) {
            chain_fail(chain, "%s: credential_source %s gives nothing here",
                       place(chain, profile, "credential_source"), word);
            return -ENOENT;
        }
        return r;
    }
    chain_fail(chain,
               "%s: credential_source must be Environment, Ec2InstanceMetadata or EcsContainer",
               place(chain, profile, "credential_source"));
    return -EINVAL;
}

/* path: the profiles that led here. */
static int find_role(struct chain *chain, const char *profile, const char **path, size_t n_path)
{
    const char *source = value(chain, profile, "source_profile"),
               *word = value(chain, profile, "credential_source");
    struct role role;
    int r;

    if (!value(chain, profile, "role_arn") || value(chain, profile, "web_identity_token_file"))
        return 0;
    if (!source == !word) {
        chain_fail(chain,
                   "%s: role_arn needs exactly one of source_profile, credential_source and "
                   "web_identity_token_file",
                   place(chain, profile, "role_arn"));
        return -EINVAL;
    }
    if (n_path == HOPS_MAX) {
        chain_fail(chain, "%s: more than %d roles in a row", place(chain, profile, "role_arn"),
                   HOPS_MAX);
        return -ELOOP;
    }
    r = read_role(chain, profile, &role);
    if (r < 0)
        return r;
    path[n_path++] = profile;
    r = source ? find_source(chain, source, path, n_path) : find_named(chain, profile, word);
    if (r > 0)
        chain->roles[chain->n_roles++] = role; /* after those that it needs */
    return r;
}

int profile_find_role(struct chain *chain)
{
    const char *profile = aws_profile_name(chain->environment), *path[HOPS_MAX];
    int r = find_role(chain, profile, path, 0);

    if (r == 0)
        chain_pass(chain, "the profile \"%s\" has no role_arn", profile);
    return r;
}
