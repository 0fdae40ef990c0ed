#include "process.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct program {
    struct program *next;
    struct processes *processes;
    uint64_t id;
    uv_process_t process;
    uv_pipe_t output;
    uv_timer_t deadline;
    unsigned n_handles; /* that are not closed yet */
    bool exited, ended_output, answered;
    int status;
    struct buf bytes; /* a secret */
    char chunk[4096];
};

struct processes {
    uv_loop_t *loop;
    struct inbox *inbox;
    struct program *first;
};

/* What names this service to systemd is not the program's to use. */
static const char *const own[] = {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
                                  "LISTEN_FDS",    "LISTEN_PID",    "JOURNAL_STREAM"};

static bool is_own(const char *variable)
{
    for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
        size_t n = strlen(own[i]);

        if (strncmp(variable, own[i], n) == 0 && variable[n] == '=')
            return true;
    }
    return false;
}

/* Borrows from environ; the caller frees the list. */
static char **others_environment(void)
{
    size_t n = 0;
    char **list;

    while (environ[n])
        n++;
    list = calloc(n + 1, sizeof(*list));
    if (!list)
        abort();
    n = 0;
    for (char **from = environ; *from; from++)
        if (!is_own(*from))
            list[n++] = *from;
    return list;
}

/* ---- the end ---- */

static void remove_program(struct program *program)
{
    struct program **at = &program->processes->first;

    while (*at != program)
        at = &(*at)->next;
    *at = program->next;
}

static void on_closed(uv_handle_t *handle)
{
    struct program *program = handle->data;

    if (--program->n_handles > 0)
        return;
    remove_program(program);
    secret_wipe(program->chunk, sizeof(program->chunk));
    buf_free(&program->bytes);
    free(program);
}

/* The group has the program's number for as long as one of it lives. */
static void kill_group(const struct program *program)
{
    if (program->process.pid > 0)
        kill(-program->process.pid, SIGKILL);
}

static void close_program(struct program *program)
{
    uv_handle_t *const handles[] = {(uv_handle_t *)&program->process,
                                    (uv_handle_t *)&program->output,
                                    (uv_handle_t *)&program->deadline};

    for (size_t i = 0; i < ARRAY_SIZE(handles); i++)
        if (!uv_is_closing(handles[i]))
            uv_close(handles[i], on_closed);
}

static void answer(struct program *program, int r, const char *detail)
{
    struct input input = {.kind = INPUT_PROCESS,
                          .id = program->id,
                          .r = r,
                          .status = program->status,
                          .detail = detail};

    if (program->answered)
        return;
    program->answered = true;
    if (r >= 0) {
        input.bytes = buf_string(&program->bytes);
        input.n = program->bytes.n;
    } else {
        kill_group(program);
    }
    inbox_push(program->processes->inbox, &input);
    close_program(program);
}

static void answer_if_ended(struct program *program)
{
    if (program->exited && program->ended_output)
        answer(program, 0, NULL);
}

static void on_exit_of(uv_process_t *process, int64_t exit_status, int term_signal)
{
    struct program *program = process->data;

    program->exited = true;
    program->status = term_signal ? 128 + term_signal : (int)exit_status;
    answer_if_ended(program);
}

static void on_deadline(uv_timer_t *timer)
{
    answer(timer->data, -ETIMEDOUT, "it did not end in time and was killed");
}

/* ---- output ---- */

static void on_allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct program *program = handle->data;

    (void)suggested;
    *buf = uv_buf_init(program->chunk, sizeof(program->chunk));
}

static void on_output(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct program *program = stream->data;

    if (n < 0) { /* the end, or as good as that */
        program->ended_output = true;
        answer_if_ended(program);
        return;
    }
    buf_add(&program->bytes, buf->base, (size_t)n);
    if (program->bytes.overflow)
        answer(program, -EFBIG, "it writes more than allowed and was killed");
}

/* ---- the beginning ---- */

void processes_start(struct processes *processes, const struct effect *effect)
{
    struct program *program = calloc(1, sizeof(*program));
    char **environment = others_environment();
    uv_stdio_container_t stdio[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE},
        {.flags = UV_IGNORE},
    };
    const uv_process_options_t options = {
        .exit_cb = on_exit_of,
        .file = effect->argv[0],
        .args = (char **)(uintptr_t)effect->argv, /* uv_spawn() changes neither */
        .env = environment,
        .flags = UV_PROCESS_DETACHED, /* a group of its own */
        .stdio = stdio,
        .stdio_count = ARRAY_SIZE(stdio),
    };
    int r;

    if (!program)
        abort();
    assert(effect->timeout_ms > 0 && effect->reply_limit > 0);
    program->processes = processes;
    program->id = effect->id;
    program->bytes.secret = true;
    program->bytes.limit = effect->reply_limit;
    program->next = processes->first;
    processes->first = program;
    program->n_handles = 3;
    uv_pipe_init(processes->loop, &program->output, 0);
    uv_timer_init(processes->loop, &program->deadline);
    stdio[1].data.stream = (uv_stream_t *)&program->output;
    program->process.data = program->output.data = program->deadline.data = program;
    r = uv_spawn(processes->loop, &program->process, &options);
    free(environment);
    if (r < 0) {
        program->process.pid = 0;
        answer(program, r, strerror(-r));
        return;
    }
    uv_update_time(processes->loop); /* timers count from the loop's time, which may lie back */
    uv_timer_start(&program->deadline, on_deadline, effect->timeout_ms, 0);
    uv_read_start((uv_stream_t *)&program->output, on_allocate, on_output);
}

/* ---- life ---- */

struct processes *processes_new(uv_loop_t *loop, struct inbox *inbox)
{
    struct processes *processes = calloc(1, sizeof(*processes));

    if (!processes)
        abort();
    processes->loop = loop;
    processes->inbox = inbox;
    return processes;
}

void processes_close(struct processes *processes)
{
    for (struct program *program = processes->first; program; program = program->next) {
        if (!program->answered)
            kill_group(program);
        program->answered = true;
        close_program(program);
    }
}

struct processes *processes_free(struct processes *processes)
{
    if (processes)
        assert(!processes->first);
    free(processes);
    return NULL;
}
