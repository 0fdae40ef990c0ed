/* server.h - HTTP in, HTTP out: libmicrohttpd on the libuv loop. The only file that includes it. */
#pragma once

#include <uv.h>

#include "vpc_reconciled/simulator.h"

#define SERVER_BODY_MAX ((size_t)1 << 20)

struct server;

/* Called once for each request that has come in whole. response->never: the connection is kept open
 * and gets no answer. The handler fills a zeroed response; its body is taken. */
typedef void server_handler(void *userdata, const struct simulator_request *request,
                            struct simulator_response *ret_response);

/* *ret_port is the port that it got. -errno: the address cannot be had. */
int server_start(uv_loop_t *loop, const struct sockaddr_storage *address, server_handler *handler,
                 void *userdata, struct server **ret_server, uint16_t *ret_port);
/* Drops all connections and closes the handles; the server is freed once the loop has run them
 * down. */
void server_stop(struct server *server);
