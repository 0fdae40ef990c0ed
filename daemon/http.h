/* http.h - the HTTP effects: libcurl's multi interface on libuv. One for the process, so
 * connections are kept alive and the CA bundle is parsed once for all of it.
 *
 * What safety.md 1 asks of the transport holds here: TLS 1.2 or newer with the peer verified, plain
 * http to loopback only, no redirects, no content encodings, no cookies, no HTTP/0.9; limits for
 * connecting, for the whole transfer, for slowness, for the head and for the body. */
#pragma once

#include <uv.h>

#include "inbox.h"

struct http_options {
    const char *ca_bundle; /* NULL: the one that libcurl was built with */
    const char *no_proxy;  /* $no_proxy; loopback and the metadata addresses never have a proxy */
};

#define HTTP_HEAD_MAX ((size_t)64 << 10) /* bytes of one reply's head; more is -EFBIG */

struct http;

/* Heads, chunks and ends go to inbox. */
struct http *http_new(uv_loop_t *loop, struct inbox *inbox, const struct http_options *options);
/* Ends all transfers without an answer and closes its handles; the loop must run until they are
 * closed, and only then is http_free() allowed. */
void http_close(struct http *http);
struct http *http_free(struct http *http);

/* Starts an EFFECT_HTTP_SEND (POST, or GET or PUT without a body); copies what it needs. Exactly
 * the given headers are sent, with Host and Content-Length when they are not among them. The end,
 * in HTTP_END:
 *
 *   r = 0: the reply is whole; status and sent = YES
 *   -EINVAL not a URL or another method; -EPERM a scheme or host that is not allowed
 *   -EHOSTUNREACH the name does not resolve; -ECONNREFUSED no connection
 *   -ETIMEDOUT a limit of time; -EFBIG a limit of size
 *   -EKEYREJECTED the peer's certificate is not good; -ENOKEY the CA bundle cannot be used
 *   -ECONNRESET cut short; -EPROTO the peer does not speak TLS or HTTP as we do
 *   -ECANCELED http_cancel(); -EIO all else
 *
 * sent: NO when no byte of the request can have left, YES once a whole head of a reply came, else
 * MAYBE. A request that `mutates` leaves at most once: libcurl's silent repeat on a fresh
 * connection, after a kept one died without a reply, is refused for it and ends with MAYBE. */
void http_send(struct http *http, const struct effect *effect);
/* Ends the request now; one that has ended already is left alone. */
void http_cancel(struct http *http, uint64_t id);
