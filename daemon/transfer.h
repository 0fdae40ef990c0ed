/* transfer.h - one request and its reply on a libcurl easy handle: its limits, its callbacks, how
 * its end reads. Private to http.c and transfer.c. */
#pragma once

#include <curl/curl.h>

#include "inbox.h"

struct transfer {
    struct transfer *next;
    CURL *easy;
    struct inbox *inbox;
    uint64_t id;
    bool mutates, secret;
    const char *no_proxy;       /* lent */
    struct curl_slist *headers; /* as sent; wiped before release, a session token is among them */
    size_t reply_limit, received;
    unsigned n_starts; /* how often the request was about to be written to a connection */
    int r;             /* why one of our callbacks ended it; 0: none did */
    struct buf head;   /* "name\0value\0" of each header so far */
    size_t head_n;     /* bytes of it as received */
    size_t n_headers;
    bool head_done;
    int status;
    char error[CURL_ERROR_SIZE];
};

struct transfer *transfer_new(struct inbox *inbox, const char *ca_bundle, const char *no_proxy);
struct transfer *transfer_free(struct transfer *transfer);

/* -EINVAL: not a URL; -EPERM: neither https, nor http to loopback or, with `metadata`, to one of
 * the metadata services' addresses. *ret_detail says which. */
int transfer_check_url(const char *text, bool metadata, const char **ret_detail);
/* Makes it ready for curl_multi_add_handle(). Negative errno: it cannot be sent; *ret_detail says
 * why. */
int transfer_prepare(struct transfer *transfer, const struct effect *effect,
                     const char **ret_detail);
/* Pushes HTTP_END for what curl said, and makes it ready to be prepared again. */
void transfer_end(struct transfer *transfer, CURLcode code);
void transfer_cancel(struct transfer *transfer); /* the same, with -ECANCELED */
