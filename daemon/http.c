#include "http.h"

#include <stdlib.h>

#include "transfer.h"

#define CONNECTIONS_PER_HOST_MAX 16L
#define CONNECTIONS_KEPT_MAX 32L

struct http {
    uv_loop_t *loop;
    struct inbox *inbox;
    CURLM *multi;
    uv_timer_t timer;
    struct socket *sockets;         /* those that curl watches */
    struct transfer *active, *pool; /* pool: idle easy handles, ready for the next request */
    char *ca_bundle;
    struct buf no_proxy;
};

/* A descriptor that curl watches. Freed in its close callback only (design.md 8). */
struct socket {
    struct socket *next;
    struct http *http;
    curl_socket_t fd;
    int events; /* as curl asked for them */
    uv_poll_t poll;
};

static void reap(struct http *http);

static void act(struct http *http, curl_socket_t fd, int events)
{
    int running;
    CURLMcode code = curl_multi_socket_action(http->multi, fd, events, &running);

    assert(code == CURLM_OK);
    reap(http);
}

/* ---- sockets ---- */

/* With POLLERR libuv stops the watch and tells no events; "error" would make curl give up at once.
 * A peer that resets after its reply is common, and the reply still waits to be read: so curl is
 * told to read and write, and finds the bytes first, then the error. */
static void on_socket_event(uv_poll_t *poll, int status, int events)
{
    struct socket *socket = poll->data;
    int curl_events = 0;

    if (status < 0) {
        uv_poll_start(poll, socket->events, on_socket_event);
        events = UV_READABLE | UV_WRITABLE;
    }
    if (events & UV_READABLE)
        curl_events |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE)
        curl_events |= CURL_CSELECT_OUT;
    act(socket->http, socket->fd, curl_events);
}

static void on_socket_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static struct socket *socket_new(struct http *http, curl_socket_t fd)
{
    struct socket *socket = calloc(1, sizeof(*socket));
    int r;

    if (!socket)
        abort();
    socket->http = http;
    socket->fd = fd;
    r = uv_poll_init_socket(http->loop, &socket->poll, fd);
    assert(r == 0);
    socket->poll.data = socket;
    socket->next = http->sockets;
    http->sockets = socket;
    curl_multi_assign(http->multi, fd, socket);
    return socket;
}

static void socket_close(struct socket *socket)
{
    struct socket **at = &socket->http->sockets;

    while (*at != socket)
        at = &(*at)->next;
    *at = socket->next;
    /* At once: curl closes the descriptor when this returns. */
    uv_poll_stop(&socket->poll);
    uv_close((uv_handle_t *)&socket->poll, on_socket_closed);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *assigned)
{
    struct socket *socket = assigned;
    struct http *http = context;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (socket) {
            curl_multi_assign(http->multi, fd, NULL);
            socket_close(socket);
        }
        return 0;
    }
    if (!socket)
        socket = socket_new(http, fd);
    socket->events =
        (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    uv_poll_start(&socket->poll, socket->events, on_socket_event);
    return 0;
}

/* ---- timer ---- */

static void on_timer(uv_timer_t *timer)
{
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_timeout_set(CURLM *multi, long timeout_ms, void *context)
{
    struct http *http = context;

    (void)multi;
    if (timeout_ms < 0) {
        uv_timer_stop(&http->timer);
        return 0;
    }
    uv_update_time(http->loop); /* timers count from the loop's time, which may lie back */
    uv_timer_start(&http->timer, on_timer, (uint64_t)timeout_ms, 0);
    return 0;
}

/* ---- transfers ---- */

/* Takes it out of the active ones, into the pool. */
static void retire(struct http *http, struct transfer *transfer)
{
    struct transfer **at = &http->active;

    while (*at != transfer)
        at = &(*at)->next;
    *at = transfer->next;
    curl_multi_remove_handle(http->multi, transfer->easy);
    transfer->next = http->pool;
    http->pool = transfer;
}

/* Its buffers held what a metadata service said: they go back, wiped, with the handle. */
static void drop_if_secret(struct http *http, struct transfer *transfer)
{
    if (!transfer->secret)
        return;
    assert(http->pool == transfer);
    http->pool = transfer->next;
    transfer_free(transfer);
}

static void reap(struct http *http)
{
    struct transfer *transfer;
    const CURLMsg *message;
    CURLcode code;
    int left;

    while ((message = curl_multi_info_read(http->multi, &left))) {
        char *private = NULL;

        assert(message->msg == CURLMSG_DONE);
        code = message->data.result; /* gone once the handle is removed */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        transfer = (struct transfer *)(void *)private;
        retire(http, transfer);
        transfer_end(transfer, code);
        drop_if_secret(http, transfer);
    }
}

void http_send(struct http *http, const struct effect *effect)
{
    struct transfer *transfer = http->pool;
    const char *detail;
    CURLMcode code;
    int r;

    if (transfer)
        http->pool = transfer->next;
    else
        transfer = transfer_new(http->inbox, http->ca_bundle, http->no_proxy.data);
    r = transfer_prepare(transfer, effect, &detail);
    if (r < 0) {
        inbox_push(http->inbox, &(struct input){.kind = INPUT_HTTP_END,
                                                .id = effect->id,
                                                .r = r,
                                                .sent = SENT_NO,
                                                .detail = detail});
        transfer->next = http->pool;
        http->pool = transfer;
        return;
    }
    transfer->next = http->active;
    http->active = transfer;
    code = curl_multi_add_handle(http->multi, transfer->easy);
    assert(code == CURLM_OK);
}

void http_cancel(struct http *http, uint64_t id)
{
    for (struct transfer *transfer = http->active; transfer; transfer = transfer->next) {
        if (transfer->id != id)
            continue;
        retire(http, transfer);
        transfer_cancel(transfer);
        drop_if_secret(http, transfer);
        return;
    }
}

/* ---- life ---- */

struct http *http_new(uv_loop_t *loop, struct inbox *inbox, const struct http_options *options)
{
    struct http *http = calloc(1, sizeof(*http));

    if (!http ||
        curl_global_init_mem(CURL_GLOBAL_DEFAULT, wiping_malloc, wiping_free, wiping_realloc,
                             wiping_strdup, wiping_calloc) != CURLE_OK ||
        !(http->multi = curl_multi_init()))
        abort();
    http->loop = loop;
    http->inbox = inbox;
    if (options->ca_bundle && !(http->ca_bundle = strdup(options->ca_bundle)))
        abort();
    /* CURLOPT_NOPROXY replaces the variable, so what that says is taken along. */
    buf_text(&http->no_proxy,
             "localhost,127.0.0.0/8,::1,169.254.169.254,169.254.170.2,169.254.170.23,fd00:ec2::254,"
             "fd00:ec2::23");
    if (!text_empty(options->no_proxy))
        buf_printf(&http->no_proxy, ",%s", options->no_proxy);
    uv_timer_init(loop, &http->timer);
    http->timer.data = http;
    curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
    curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timeout_set);
    curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
    curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS, CONNECTIONS_PER_HOST_MAX);
    curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT_MAX);
    return http;
}

void http_close(struct http *http)
{
    while (http->active)
        retire(http, http->active);
    /* Kept connections close silently from here on; their descriptors must be out of the loop
     * first. */
    curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, NULL);
    curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, NULL);
    while (http->sockets)
        socket_close(http->sockets);
    while (http->pool) {
        struct transfer *transfer = http->pool;

        http->pool = transfer->next;
        transfer_free(transfer);
    }
    curl_multi_cleanup(http->multi);
    http->multi = NULL;
    uv_close((uv_handle_t *)&http->timer, NULL);
}

struct http *http_free(struct http *http)
{
    if (!http)
        return NULL;
    assert(!http->multi);
    buf_free(&http->no_proxy);
    free(http->ca_bundle);
    free(http);
    curl_global_cleanup();
    return NULL;
}
