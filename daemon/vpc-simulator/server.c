#include "server.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>

#define IDLE_TIMEOUT_S 120U /* of a kept-alive connection */

struct server {
    struct MHD_Daemon *daemon;
    uv_poll_t poll;
    uv_timer_t timer;
    server_handler *handler;
    void *userdata;
    struct held *held;
    unsigned open_handles;
};

/* A connection that gets no answer. */
struct held {
    struct held *next;
    struct MHD_Connection *connection;
};

/* One request on its way in. */
struct exchange {
    char *target; /* as on the request line: libmicrohttpd decodes the path, which no signature
                     survives */
    struct buf body;
    bool begun, too_large, held;
};

static void *allocate(size_t size)
{
    void *memory = calloc(1, size);

    if (!memory)
        abort();
    return memory;
}

/* ---- requests ---- */

static void *begin_exchange(void *userdata, const char *target, struct MHD_Connection *connection)
{
    struct exchange *exchange = allocate(sizeof(*exchange));

    (void)userdata;
    (void)connection;
    exchange->target = strdup(target);
    if (!exchange->target)
        abort();
    return exchange;
}

static void end_exchange(void *userdata, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *context;

    (void)userdata;
    (void)connection;
    (void)why;
    if (!exchange)
        return;
    buf_free(&exchange->body);
    free(exchange->target);
    free(exchange);
    *context = NULL;
}

struct header_list {
    struct http_header *items;
    size_t n, reserved;
};

static enum MHD_Result add_header(void *userdata, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    struct header_list *headers = userdata;

    (void)kind;
    if (headers->n == headers->reserved) {
        headers->reserved = headers->reserved ? headers->reserved * 2 : 16;
        headers->items = realloc(headers->items, headers->reserved * sizeof(*headers->items));
        if (!headers->items)
            abort();
    }
    headers->items[headers->n++] = (struct http_header){name, value ? value : ""};
    return MHD_YES;
}

static enum MHD_Result answer(struct MHD_Connection *connection,
                              const struct simulator_response *response)
{
    struct MHD_Response *reply =
        response->body.data ? MHD_create_response_from_buffer(response->body.n, response->body.data,
                                                              MHD_RESPMEM_MUST_FREE)
                            : MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result;

    if (!reply)
        return MHD_NO;
    (void)MHD_add_response_header(reply, "Content-Type", response->content_type);
    (void)MHD_add_response_header(reply, "Server", "AmazonEC2");
    for (size_t i = 0; i < response->n_headers; i++)
        (void)MHD_add_response_header(reply, response->headers[i].name, response->headers[i].value);
    result = MHD_queue_response(connection, (unsigned)response->status, reply);
    MHD_destroy_response(reply);
    return result;
}

static enum MHD_Result refuse_size(struct MHD_Connection *connection)
{
    struct simulator_response response = {.status = 413, .content_type = "text/xml;charset=UTF-8"};

    buf_text(&response.body,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error>"
             "<Code>RequestEntityTooLarge</Code><Message>A request has at most 1 MiB.</Message>"
             "</Error></Errors></Response>");
    return answer(connection, &response);
}

static void hold(struct server *server, struct exchange *exchange,
                 struct MHD_Connection *connection)
{
    struct held *held = allocate(sizeof(*held));

    *held = (struct held){server->held, connection};
    server->held = held;
    exchange->held = true;
    MHD_suspend_connection(connection);
}

static enum MHD_Result finish(struct server *server, struct exchange *exchange,
                              struct MHD_Connection *connection, const char *method)
{
    struct header_list headers = {0};
    struct simulator_request request = {.method = method,
                                        .target = exchange->target,
                                        .body = buf_string(&exchange->body),
                                        .body_n = exchange->body.n};
    struct simulator_response response = {0};

    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &headers);
    request.headers = headers.items;
    request.n_headers = headers.n;
    server->handler(server->userdata, &request, &response);
    free(headers.items);
    if (response.never) {
        buf_free(&response.body);
        hold(server, exchange, connection);
        return MHD_YES;
    }
    return answer(connection, &response);
}

static enum MHD_Result access_handler(void *userdata, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *upload_data, size_t *upload_data_size,
                                      void **context)
{
    struct server *server = userdata;
    struct exchange *exchange = *context;

    (void)url;
    (void)version;
    if (!exchange->begun) { /* head only */
        exchange->begun = true;
        return MHD_YES;
    }
    if (exchange->held) /* resumed, so the server stops */
        return MHD_NO;
    if (*upload_data_size) {
        if (exchange->body.n + *upload_data_size > SERVER_BODY_MAX)
            exchange->too_large = true;
        if (!exchange->too_large)
            buf_add(&exchange->body, upload_data, *upload_data_size);
        *upload_data_size = 0;
        return MHD_YES;
    }
    if (exchange->too_large)
        return refuse_size(connection);
    return finish(server, exchange, connection, method);
}

/* ---- the loop ---- */

static void run(struct server *server);

static void on_timer(uv_timer_t *timer)
{
    run(timer->data);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    run(poll->data);
}

static void run(struct server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;

    (void)MHD_run(server->daemon);
    if (MHD_get_timeout(server->daemon, &timeout_ms) == MHD_YES)
        uv_timer_start(&server->timer, on_timer, timeout_ms, 0);
    else
        uv_timer_stop(&server->timer);
}

static void on_close(uv_handle_t *handle)
{
    struct server *server = handle->data;

    if (--server->open_handles == 0)
        free(server);
}

static uint16_t port_of(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info ? info->port : 0;
}

int server_start(uv_loop_t *loop, const struct sockaddr_storage *address, server_handler *handler,
                 void *userdata, struct server **ret_server, uint16_t *ret_port)
{
    struct server *server = allocate(sizeof(*server));
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
                     (address->ss_family == AF_INET6 ? MHD_USE_IPv6 : 0U);
    const union MHD_DaemonInfo *info;
    int r;

    server->handler = handler;
    server->userdata = userdata;
    errno = 0;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, access_handler, server, MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        end_exchange, NULL, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_TIMEOUT_S, MHD_OPTION_END);
    if (!server->daemon) {
        r = errno ? -errno : -EADDRINUSE;
        free(server);
        return r;
    }
    info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    assert(info);
    r = uv_timer_init(loop, &server->timer);
    assert(r == 0);
    r = uv_poll_init(loop, &server->poll, info->epoll_fd);
    assert(r == 0);
    server->timer.data = server->poll.data = server;
    server->open_handles = 2;
    uv_poll_start(&server->poll, UV_READABLE, on_poll);
    *ret_server = server;
    *ret_port = port_of(server->daemon);
    return 0;
}

void server_stop(struct server *server)
{
    while (server->held) {
        struct held *held = server->held;

        server->held = held->next;
        MHD_resume_connection(held->connection);
        free(held);
    }
    uv_poll_stop(&server->poll);
    MHD_stop_daemon(server->daemon);
    uv_close((uv_handle_t *)&server->poll, on_close);
    uv_close((uv_handle_t *)&server->timer, on_close);
}
