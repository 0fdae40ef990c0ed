/* vpc-simulator: EC2 on loopback. All that EC2 does is in common/simulator/; here are clock, files
 * and port. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "file.h"
#include "options.h"
#include "server.h"

#define EXIT_USAGE 2

struct program {
    struct options options;
    struct simulator *simulator;
    struct server *server;
    FILE *log;
    uv_signal_t signals[3];
    bool failed; /* the last dump */
};

static struct instant instant_now(void)
{
    struct timespec monotonic, wall;

    clock_gettime(CLOCK_MONOTONIC, &monotonic);
    clock_gettime(CLOCK_REALTIME, &wall);
    return (struct instant){.monotonic_ms = (uint64_t)monotonic.tv_sec * 1000 +
                                            (uint64_t)monotonic.tv_nsec / 1000000,
                            .wall_ms = (int64_t)wall.tv_sec * 1000 + wall.tv_nsec / 1000000};
}

/* ---- calls ---- */

static void on_request(void *userdata, const struct simulator_request *request,
                       struct simulator_response *ret_response)
{
    struct program *program = userdata;
    CLEANUP(buf_free)
    struct buf line = {0};

    simulator_handle(program->simulator, instant_now(), request, ret_response);
    if (program->log) {
        simulator_log_line(program->simulator, request, ret_response, &line);
        (void)fwrite(line.data, 1, line.n, program->log);
        (void)fflush(program->log);
    }
    if (ret_response->never) { /* a test waits for this line to aim its kill */
        printf("held %llu\n", (unsigned long long)ret_response->call);
        (void)fflush(stdout);
    }
}

/* ---- files ---- */

static int say(const char *path, const char *what, int r)
{
    fprintf(stderr, "vpc-simulator: %s: %s: %s\n", path, what, strerror(-r));
    return r;
}

static int say_place(const char *path, const struct json_error *error)
{
    fprintf(stderr, "vpc-simulator: %s:%u:%u: %s\n", path, error->place.line, error->place.column,
            error->message);
    return -EINVAL;
}

static int load_policies(struct program *program)
{
    const struct options *options = &program->options;

    for (size_t i = 0; i < options->n_policies; i++) {
        const char *path = options->policies[i];
        CLEANUP(buf_free)
        struct buf policy = {0};
        struct json_error error = {0};
        int r = file_read(path, JSON_SIZE_MAX, &policy);

        if (r < 0)
            return say(path, "cannot be read", r);
        if (simulator_add_policy(program->simulator, buf_string(&policy), policy.n, &error) < 0)
            return say_place(path, &error);
    }
    return 0;
}

static int load_files(struct program *program)
{
    const struct options *options = &program->options;
    CLEANUP(buf_free)
    struct buf world = {0};
    CLEANUP(buf_free)
    struct buf faults = {0};
    struct json_error error = {0};
    int r;

    if (options->world) {
        r = file_read(options->world, JSON_SIZE_MAX, &world);
        if (r < 0)
            return say(options->world, "cannot be read", r);
        if (simulator_load(program->simulator, instant_now(), buf_string(&world), world.n, &error) <
            0)
            return say_place(options->world, &error);
    }
    if (options->faults) {
        r = file_read(options->faults, JSON_SIZE_MAX, &faults);
        if (r < 0)
            return say(options->faults, "cannot be read", r);
        if (simulator_set_faults(program->simulator, buf_string(&faults), faults.n, &error) < 0)
            return say_place(options->faults, &error);
    }
    r = load_policies(program);
    if (r < 0)
        return r;
    if (options->log) {
        program->log = fopen(options->log, "ae");
        if (!program->log)
            return say(options->log, "cannot be opened", -errno);
    }
    return 0;
}

static void dump(struct program *program)
{
    CLEANUP(buf_free)
    struct buf world = {0};
    int r;

    if (!program->options.dump)
        return;
    simulator_dump(program->simulator, instant_now(), &world);
    r = file_replace(program->options.dump, &world);
    program->failed = r < 0;
    if (r < 0)
        say(program->options.dump, "cannot be written", r);
}

/* ---- signals ---- */

static void on_signal(uv_signal_t *handle, int number)
{
    struct program *program = handle->data;

    if (number == SIGUSR1) {
        dump(program);
        return;
    }
    server_stop(program->server);
    for (size_t i = 0; i < ARRAY_SIZE(program->signals); i++)
        uv_close((uv_handle_t *)&program->signals[i], NULL);
}

static void watch_signals(uv_loop_t *loop, struct program *program)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGUSR1};

    static_assert(ARRAY_SIZE(numbers) == ARRAY_SIZE(program->signals), "one handle each");
    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        uv_signal_init(loop, &program->signals[i]);
        program->signals[i].data = program;
        uv_signal_start(&program->signals[i], on_signal, numbers[i]);
    }
}

static void print_address(const struct sockaddr_storage *address, uint16_t port)
{
    char host[64];

    if (address->ss_family == AF_INET6) {
        uv_ip6_name((const struct sockaddr_in6 *)(const void *)address, host, sizeof(host));
        printf("listening on http://[%s]:%u\n", host, port);
    } else {
        uv_ip4_name((const struct sockaddr_in *)(const void *)address, host, sizeof(host));
        printf("listening on http://%s:%u\n", host, port);
    }
    (void)fflush(stdout);
}

static int serve(struct program *program)
{
    uv_loop_t loop;
    uint16_t port;
    int r = uv_loop_init(&loop);

    assert(r == 0);
    r = server_start(&loop, &program->options.listen, on_request, program, &program->server, &port);
    if (r < 0) {
        fprintf(stderr, "vpc-simulator: --listen: %s; port 0 picks a free one\n", strerror(-r));
    } else {
        watch_signals(&loop, program);
        print_address(&program->options.listen, port);
        uv_run(&loop, UV_RUN_DEFAULT);
        dump(program);
    }
    uv_loop_close(&loop);
    return r;
}

/* The option, else the environment of any AWS client, else Tokyo. */
static const char *choose_region(const struct options *options,
                                 const struct aws_environment *environment)
{
    if (options->region)
        return options->region;
    return environment->region ? environment->region : "ap-northeast-1";
}

static int run(struct program *program, const struct aws_environment *environment)
{
    const struct aws_credentials *keys = &environment->credentials;
    struct simulator_options options = {
        .region = choose_region(&program->options, environment),
        .account = program->options.account,
        .access_key_id = keys->access_key_id ? keys->access_key_id : "test",
        .secret_access_key = keys->access_key_id ? keys->secret_access_key : "test",
        .speed = program->options.speed,
        .seed = program->options.seed,
        .visibility_ms = program->options.visibility_ms,
        .throttle = program->options.throttle,
    };
    int r;

    program->simulator = simulator_new(&options);
    r = load_files(program);
    if (r >= 0)
        r = serve(program);
    if (program->log)
        (void)fclose(program->log);
    program->simulator = simulator_free(program->simulator);
    return r;
}

int main(int argc, char **argv)
{
    struct program program = {0};
    struct aws_environment environment = {0};
    struct aws_environment_error error;
    int r;

    switch (options_parse(argc, argv, &program.options)) {
    case OPTIONS_DONE:
        return EXIT_SUCCESS;
    case OPTIONS_BAD:
        return EXIT_USAGE;
    case OPTIONS_RUN:
        break;
    }
    if (aws_environment_parse((const char *const *)environ, &environment, &error) < 0) {
        fprintf(stderr, "vpc-simulator: %s: %s\n", error.variable, error.message);
        return EXIT_USAGE;
    }
    r = run(&program, &environment);
    aws_environment_clear(&environment);
    return r < 0 || program.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
