#include "service.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "files.h"
#include "notify.h"
#include "process.h"
#include "resolver.h"
#include "vpc_reconciled/report.h"

struct service {
    const struct service_options *options;
    uv_loop_t loop;
    struct inbox inbox;
    struct effects effects;
    struct http *http;
    struct files *files;
    struct processes *processes;
    struct resolver *resolver;
    uv_prepare_t feeder;
    uv_timer_t wake, watchdog;
    uv_signal_t sighup, sigterm, sigint;
    uint64_t wake_at_ms;
    bool stopping, ended;
    int exit_code;
};

/* ---- effects ---- */

static void http_send_effect(struct service *service, const struct effect *effect)
{
    http_send(service->http, effect);
}

static void http_cancel_effect(struct service *service, const struct effect *effect)
{
    http_cancel(service->http, effect->id);
}

static void file_effect(struct service *service, const struct effect *effect)
{
    files_start(service->files, effect);
}

static void resolve_effect(struct service *service, const struct effect *effect)
{
    resolver_start(service->resolver, effect);
}

static void process_effect(struct service *service, const struct effect *effect)
{
    processes_start(service->processes, effect);
}

static void on_wake(uv_timer_t *timer);

static void start_wake_timer(struct service *service)
{
    uint64_t now = clock_now().monotonic_ms;

    uv_update_time(&service->loop); /* timers count from the loop's time, which may lie back */
    uv_timer_start(&service->wake, on_wake,
                   service->wake_at_ms > now ? service->wake_at_ms - now : 0, 0);
}

/* The loop's clock is a coarse one and a few milliseconds behind: never wake before the time. */
static void on_wake(uv_timer_t *timer)
{
    struct service *service = timer->data;

    if (clock_now().monotonic_ms < service->wake_at_ms)
        start_wake_timer(service);
    else
        inbox_push(&service->inbox, &(struct input){.kind = INPUT_WAKE});
}

static void wake_effect(struct service *service, const struct effect *effect)
{
    service->wake_at_ms = effect->at_monotonic_ms;
    start_wake_timer(service);
}

static void report_effect(struct service *service, const struct effect *effect)
{
    sink_event(service->options->sink, effect->event);
}

static void status_effect(struct service *service, const struct effect *effect)
{
    (void)service;
    notify_status(effect->text);
}

static void close_handles(struct service *service);

static void exit_effect(struct service *service, const struct effect *effect)
{
    service->exit_code = effect->exit_code;
    close_handles(service);
}

static void (*const effect_table[])(struct service *, const struct effect *) = {
    [EFFECT_HTTP_SEND] = http_send_effect, [EFFECT_HTTP_CANCEL] = http_cancel_effect,
    [EFFECT_READ_FILE] = file_effect,      [EFFECT_APPEND_FILE] = file_effect,
    [EFFECT_REPLACE_FILE] = file_effect,   [EFFECT_RESOLVE_NAME] = resolve_effect,
    [EFFECT_RUN_PROCESS] = process_effect, [EFFECT_WAKE_AT] = wake_effect,
    [EFFECT_REPORT] = report_effect,       [EFFECT_STATUS] = status_effect,
    [EFFECT_EXIT] = exit_effect,
};

/* ---- feeding ---- */

static void feed(struct service *service, struct input *input)
{
    input->now = clock_now();
    manager_feed(service->options->manager, input, &service->effects);
    for (size_t i = 0; i < service->effects.n && !service->ended; i++) {
        const struct effect *effect = &service->effects.items[i];

        assert((size_t)effect->kind < ARRAY_SIZE(effect_table));
        effect_table[effect->kind](service, effect);
    }
    if (input->kind == INPUT_RELOAD)
        notify_ready();
}

/* Runs before each wait of the loop, so whatever a timer, a socket or a worker brought is fed
 * before the next sleep, and never inside the callback that brought it. */
static void on_prepare(uv_prepare_t *prepare)
{
    struct service *service = prepare->data;
    struct inbox_item *item;

    while (!service->ended && (item = inbox_pop(&service->inbox))) {
        feed(service, &item->input);
        inbox_item_free(&item);
    }
}

/* ---- signals and systemd ---- */

static void on_reload(uv_signal_t *handle, int signal_number)
{
    struct service *service = handle->data;

    (void)signal_number;
    if (service->stopping)
        return;
    notify_reloading();
    service->options->reload(service->options->context);
    inbox_push(&service->inbox, &(struct input){.kind = INPUT_RELOAD});
}

static void on_stop(uv_signal_t *handle, int signal_number)
{
    struct service *service = handle->data;

    if (service->stopping) {
        signal(signal_number, SIG_DFL);
        raise(signal_number);
    }
    service->stopping = true;
    notify_stopping();
    inbox_push(&service->inbox, &(struct input){.kind = INPUT_STOP});
}

/* Lives on the loop that does all the work: when that hangs, systemd hears nothing. Nor does it
 * when a pass hangs while the loop turns (safety.md L3). */
static void on_watchdog(uv_timer_t *timer)
{
    const struct service *service = timer->data;

    if (!manager_overdue(service->options->manager, clock_now().monotonic_ms))
        notify_watchdog();
}

/* ---- life ---- */

static void open_handles(struct service *service)
{
    uint64_t watchdog_ms = notify_watchdog_ms();
    int r = uv_loop_init(&service->loop);

    assert(r == 0);
    uv_prepare_init(&service->loop, &service->feeder);
    uv_timer_init(&service->loop, &service->wake);
    uv_timer_init(&service->loop, &service->watchdog);
    uv_signal_init(&service->loop, &service->sighup);
    uv_signal_init(&service->loop, &service->sigterm);
    uv_signal_init(&service->loop, &service->sigint);
    service->feeder.data = service->wake.data = service->sighup.data = service;
    service->watchdog.data = service;
    service->sigterm.data = service->sigint.data = service;
    uv_prepare_start(&service->feeder, on_prepare);
    uv_signal_start(&service->sighup, on_reload, SIGHUP);
    uv_signal_start(&service->sigterm, on_stop, SIGTERM);
    uv_signal_start(&service->sigint, on_stop, SIGINT);
    if (watchdog_ms)
        uv_timer_start(&service->watchdog, on_watchdog, watchdog_ms, watchdog_ms);
}

static void close_handles(struct service *service)
{
    uv_handle_t *const handles[] = {
        (uv_handle_t *)&service->feeder,   (uv_handle_t *)&service->wake,
        (uv_handle_t *)&service->watchdog, (uv_handle_t *)&service->sighup,
        (uv_handle_t *)&service->sigterm,  (uv_handle_t *)&service->sigint,
    };

    service->ended = true;
    http_close(service->http);
    processes_close(service->processes);
    resolver_close(service->resolver);
    for (size_t i = 0; i < ARRAY_SIZE(handles); i++)
        uv_close(handles[i], NULL);
}

static void count_handle(uv_handle_t *handle, void *n)
{
    (void)handle;
    ++*(unsigned *)n;
}

/* Until the last handle is closed and the last file operation is done. A lookup that a worker is
 * busy with could hold the end up for as long as a name server is silent, and libuv joins its
 * workers at exit(): with nothing else left the process ends as it is. */
static void run_loop(struct service *service)
{
    while (uv_run(&service->loop, UV_RUN_ONCE)) {
        unsigned n_handles = 0;

        if (!service->ended || !files_idle(service->files) || !resolver_busy(service->resolver))
            continue;
        uv_walk(&service->loop, count_handle, &n_handles);
        if (n_handles == 0) {
            fflush(NULL);
            _exit(service->exit_code);
        }
    }
}

int service_run(const struct service_options *options)
{
    struct service *service = calloc(1, sizeof(*service));
    int exit_code, r;

    if (!service)
        abort();
    service->options = options;
    open_handles(service);
    service->http = http_new(&service->loop, &service->inbox, &options->http);
    service->files =
        files_new(&service->loop, &service->inbox, options->state_fd, options->read_only);
    service->processes = processes_new(&service->loop, &service->inbox);
    service->resolver = resolver_new(&service->loop, &service->inbox);
    notify_ready();
    if (options->first_status)
        notify_status(options->first_status);
    inbox_push(&service->inbox, &(struct input){.kind = INPUT_START});
    run_loop(service);
    r = uv_loop_close(&service->loop);
    assert(r == 0);
    http_free(service->http);
    files_free(service->files);
    processes_free(service->processes);
    resolver_free(service->resolver);
    inbox_clear(&service->inbox);
    exit_code = service->exit_code;
    free(service);
    return exit_code;
}
