/* main.c - vpc-reconciled: reads what it is told, then hands over to the loop. */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "config_dir.h"
#include "descriptor.h"
#include "environment.h"
#include "options.h"
#include "service.h"
#include "state_directory.h"
#include "vpc_reconciled/history.h"

struct program {
    struct arena *arena; /* lives as long as the process */
    struct options options;
    struct environment environment;
    struct sink sink;
    struct state_directory state;
    struct manager *manager;
};

static const char fix_config[] =
    "Correct it and start again; \"vpcctl check\" reads the same files and changes nothing.";
static const char fix_reload[] =
    "Correct it and reload again; until then the last good config is in force.";

static int say(struct program *program, int exit_code, const char *message, const char *remedy)
{
    sink_say(&program->sink, EVENT_CONFIG_INVALID, PRIORITY_ERR, message, remedy);
    return exit_code;
}

/* Config and environment together: what is wrong with either is said here. NULL: something is, and
 * summary has the first of it in a line. */
static const struct config *load(struct program *program, struct arena *arena, const char *remedy,
                                 struct buf *summary)
{
    CLEANUP(buf_free)
    struct buf message = {0};
    struct config_errors errors = {0};
    struct config *config = NULL;
    const struct config_error *first;

    if (config_dir_load(arena, program->options.config_directory, &config, &errors) < 0) {
        sink_config_errors(&program->sink, &errors);
        first = &errors.list.items[0];
        buf_printf(summary, "%s%zu error%s in the config, the first: %s",
                   errors.more ? "over " : "", errors.list.n, errors.list.n == 1 ? "" : "s",
                   first->file);
        if (first->line)
            buf_printf(summary, ":%u:%u", first->line, first->column);
        buf_printf(summary, ": %s", first->message);
        say(program, 0, "the config is not valid", remedy);
        return NULL;
    }
    if (environment_check(&program->environment, config, &message) < 0) {
        buf_text(summary, message.data);
        say(program, 0, message.data, remedy == fix_config ? NULL : remedy);
        return NULL;
    }
    return config;
}

static void reload(void *context)
{
    struct program *program = context;
    CLEANUP(buf_free)
    struct buf summary = {0};
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct config *config = load(program, arena, fix_reload, &summary);

    if (!config) {
        manager_set_config(program->manager, NULL, NULL, buf_string(&summary));
        return;
    }
    manager_set_config(program->manager, arena, config, NULL);
    arena = NULL; /* taken */
}

static int start_manager(struct program *program, struct arena **take_arena,
                         const struct config *config)
{
    CLEANUP(buf_free)
    struct buf history = {0};
    char host[HOST_NAME_MAX + 1] = "";
    struct manager_options options = {
        .environment = &program->environment.aws,
        .once = program->options.once,
        .observe_only = program->options.observe,
        .inventory = program->options.inventory,
        .approved = program->options.approved,
        .host = host,
        .pause_path = arena_printf(program->arena, "%s/pause", program->options.config_directory),
    };

    if (gethostname(host, sizeof(host) - 1) < 0)
        host[0] = 0;
    if (getrandom(&options.seed, sizeof(options.seed), 0) != (ssize_t)sizeof(options.seed))
        return -EIO;
    options.history_r = program->state.missing_r;
    if (program->state.fd >= 0)
        options.history_r = descriptor_read_file(program->state.fd, MANAGER_HISTORY_FILE,
                                                 HISTORY_SIZE_MAX * 2, false, &history);
    if (options.history_r >= 0) {
        options.history = history.data;
        options.history_n = history.n;
    }
    program->manager = manager_new(&options, *take_arena, config);
    *take_arena = NULL;
    return 0;
}

static int run(struct program *program)
{
    CLEANUP(buf_free)
    struct buf message = {0};
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct config *config = load(program, arena, fix_config, &message);
    struct service_options service = {
        .sink = &program->sink,
        .read_only = program->options.observe,
        .http = {.ca_bundle = program->environment.ca_bundle,
                 .no_proxy = program->environment.no_proxy},
        .reload = reload,
        .context = program,
    };
    int r;

    if (!config)
        return MANAGER_CONFIG;
    if (config->n_targets == 0) {
        static const char none[] = "no VPC is configured";
        const char *remedy =
            arena_printf(program->arena, "Add a file for each VPC to %s/vpcs.d%s",
                         program->options.config_directory,
                         program->options.once ? "." : ", then reload this service.");

        if (program->options.once)
            return say(program, MANAGER_CONFIG, none, remedy);
        sink_say(&program->sink, EVENT_CONFIG_LOADED, PRIORITY_NOTICE, none, remedy);
        service.first_status = "Idle: no VPC is configured";
    }
    r = state_directory_open(program->environment.state_directory, !program->options.observe,
                             &program->state, &message);
    if (r < 0)
        return say(program, MANAGER_UNKNOWN, message.data, NULL);
    r = start_manager(program, &arena, config);
    if (r < 0)
        return say(program, MANAGER_UNKNOWN, "the kernel gives no random numbers", NULL);
    service.manager = program->manager;
    service.state_fd = program->state.fd;
    return service_run(&service);
}

int main(int argc, char **argv)
{
    struct program program = {.arena = arena_new(), .state = STATE_DIRECTORY_NONE};
    CLEANUP(buf_free)
    struct buf message = {0};
    int exit_code, r;

    environment_harden();
    signal(SIGPIPE, SIG_IGN);
    /* Files are read and written one at a time: one worker does it, and costs one stack. */
    setenv("UV_THREADPOOL_SIZE", "1", 0);
    r = options_parse(program.arena, argc, argv, &program.options, &message);
    sink_open(&program.sink, STDERR_FILENO, program.options.json);
    if (r < 0)
        exit_code = say(&program, OPTIONS_USAGE_EXIT, message.data, NULL);
    else if (r > 0)
        exit_code = MANAGER_IN_SYNC; /* --help, --version */
    else if (environment_read(program.arena, environ, &program.environment, &message) < 0)
        exit_code = say(&program, MANAGER_CONFIG, message.data, NULL);
    else
        exit_code = run(&program);
    manager_free(program.manager);
    aws_environment_clear(&program.environment.aws);
    state_directory_close(&program.state);
    sink_close(&program.sink);
    arena_free(program.arena);
    return exit_code;
}
