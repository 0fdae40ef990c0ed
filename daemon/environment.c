#include "environment.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "descriptor.h"

#define STATE_DIRECTORY_DEFAULT "/var/lib/vpc-reconciled"

static const char *const secrets[] = {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
                                      "AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"};

void environment_harden(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#ifndef SANITIZED /* the leak check at the end of a sanitized process attaches to it */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static char *variable(char **variables, const char *name)
{
    size_t n = strlen(name);

    for (; *variables; variables++)
        if (strncmp(*variables, name, n) == 0 && (*variables)[n] == '=')
            return *variables + n + 1;
    return NULL;
}

/* /proc/PID/environ shows the bytes where the kernel put them, so they are overwritten, not only
 * taken off the list. */
static void wipe_secrets(char **variables)
{
    for (size_t i = 0; i < ARRAY_SIZE(secrets); i++) {
        size_t n = strlen(secrets[i]);
        char **to = variables;

        for (char **from = variables; *from; from++) {
            if (strncmp(*from, secrets[i], n) == 0 && (*from)[n] == '=')
                secret_wipe(*from + n + 1, strlen(*from + n + 1));
            else
                *to++ = *from;
        }
        *to = NULL;
    }
}

/* Region and endpoints of the profile. The keys of the files are another matter: they change, and
 * the credentials' chain reads them when it needs them. */
static int read_profile(struct arena *arena, struct aws_environment *aws, struct buf *message)
{
    CLEANUP(buf_free)
    struct buf text = {.secret = true};
    struct aws_environment_error error = {0};
    struct shared_files files;
    const char *path;
    int r;

    shared_files_paths(arena, aws, &files);
    path = files.files[SHARED_FILE_CONFIG].path;
    if (!path)
        return 0;
    r = descriptor_read_file(AT_FDCWD, path, INI_SIZE_MAX, false, &text);
    if (r == -ENOENT || r == -ENOTDIR || (r == -EACCES && !aws->config_file))
        return 0;
    if (r < 0) {
        buf_printf(message, "%s%s cannot be read: %s", aws->config_file ? "AWS_CONFIG_FILE: " : "",
                   path, strerror(-r));
        return r;
    }
    r = aws_environment_add_profile(aws, path, buf_string(&text), text.n, &error);
    if (r < 0)
        buf_text(message, error.message);
    return r;
}

int environment_read(struct arena *arena, char **variables, struct environment *ret_environment,
                     struct buf *message)
{
    struct aws_environment_error error = {0};
    struct environment environment = {0};
    const char *state;
    int r = aws_environment_parse((const char *const *)variables, &environment.aws, &error);

    wipe_secrets(variables);
    if (r < 0) {
        buf_text(message, error.message);
        return r;
    }
    r = read_profile(arena, &environment.aws, message);
    if (r < 0) {
        aws_environment_clear(&environment.aws);
        return r;
    }
    environment.ca_bundle = variable(variables, "AWS_CA_BUNDLE");
    if (text_empty(environment.ca_bundle))
        environment.ca_bundle = NULL;
    environment.no_proxy = variable(variables, "no_proxy");
    if (!environment.no_proxy)
        environment.no_proxy = variable(variables, "NO_PROXY");
    state =
        variable(variables, "STATE_DIRECTORY"); /* several are joined by colons: systemd.exec(5) */
    environment.state_directory = text_empty(state)
                                      ? STATE_DIRECTORY_DEFAULT
                                      : arena_strndup(arena, state, strcspn(state, ":"));
    *ret_environment = environment;
    return 0;
}

static int check_target(const struct environment *environment, const struct config_target *target,
                        struct buf *message)
{
    static const char *const services[] = {"ec2", "sts"};
    const char *region = target->region ? target->region : environment->aws.region;
    struct aws_environment_error error = {0};
    struct aws_endpoint endpoint;

    if (!region) {
        buf_printf(message, "%s: no region: give the file a \"region\", or set AWS_REGION",
                   target->file);
        return -EINVAL;
    }
    for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
        if (aws_endpoint_resolve(&environment->aws, services[i], region, &endpoint, &error) >= 0)
            continue;
        if (text_equal(error.variable, "AWS_REGION") && target->region)
            buf_printf(message, "%s: region: ", target->file);
        buf_text(message, error.message);
        return -EINVAL;
    }
    return 0;
}

/* No source of the chain can give anything: known without asking anybody. */
static bool nowhere_to_look(const struct aws_environment *aws)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct shared_files files;

    if (aws->credentials.access_key_id || aws->web_identity_token_file ||
        aws->container_relative_uri || aws->container_full_uri || !aws->metadata_disabled)
        return false;
    shared_files_paths(arena, aws, &files);
    for (size_t i = 0; i < SHARED_FILE_COUNT; i++)
        if (files.files[i].path && access(files.files[i].path, F_OK) == 0)
            return false;
    return true;
}

int environment_check(const struct environment *environment, const struct config *config,
                      struct buf *message)
{
    if (config->n_targets == 0)
        return 0;
    if (nowhere_to_look(&environment->aws)) {
        buf_text(message,
                 "there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
                 "(and AWS_SESSION_TOKEN for temporary ones), which the service reads from "
                 "/etc/vpc-reconciled/environment, or give it a credentials file or a role; "
                 "AWS_EC2_METADATA_DISABLED is true, so the instance has none to give");
        return -EINVAL;
    }
    if (environment->ca_bundle && access(environment->ca_bundle, R_OK) < 0) {
        buf_printf(message, "AWS_CA_BUNDLE: %s: %s; name a file of PEM certificates, or unset it",
                   environment->ca_bundle, strerror(errno));
        return -EINVAL;
    }
    for (size_t i = 0; i < config->n_targets; i++) {
        int r = check_target(environment, &config->targets[i], message);

        if (r < 0)
            return r;
    }
    return 0;
}
