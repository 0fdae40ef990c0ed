/* effect.h - the one seam between common/ and the world: what comes in, what goes out.
 *
 * Each effect with an id is answered exactly once, by the input that its comment names. Effects are
 * valid until the next input is fed. Source of the shape: design.md 2. */
#pragma once

#include "vpc_reconciled/base.h"

struct event; /* report.h */

/* whether the other side may have carried a request out */
enum sent {
    SENT_NO,
    SENT_MAYBE,
    SENT_YES,
};

struct effect_header {
    const char *name, *value;
};

enum effect_kind {
    EFFECT_HTTP_SEND,    /* -> INPUT_HTTP_HEAD?, INPUT_HTTP_CHUNK*, INPUT_HTTP_END */
    EFFECT_HTTP_CANCEL,  /* -> the request's INPUT_HTTP_END with r = -ECANCELED */
    EFFECT_READ_FILE,    /* -> INPUT_FILE */
    EFFECT_APPEND_FILE,  /* -> INPUT_FILE once it is on disk (fdatasync) */
    EFFECT_REPLACE_FILE, /* whole new content by write, fsync, rename -> INPUT_FILE */
    EFFECT_RUN_PROCESS,  /* -> INPUT_PROCESS once it has ended or was killed at its deadline */
    EFFECT_RESOLVE_NAME, /* its IPv6 addresses -> INPUT_NAME */
    EFFECT_WAKE_AT,      /* the last one asked for counts -> INPUT_WAKE */
    EFFECT_REPORT,       /* no answer */
    EFFECT_STATUS,       /* text of the service's Status line; no answer */
    EFFECT_EXIT,         /* no answer; the last effect ever */
};

struct effect {
    enum effect_kind kind;
    uint64_t id;
    /* HTTP_SEND */
    const char *method, *url;
    const struct effect_header *headers;
    size_t n_headers;
    const void *body;
    size_t body_n;
    uint64_t timeout_ms; /* of the whole transfer */
    size_t reply_limit;  /* bytes of body; more ends it with r = -EFBIG */
    bool mutates;        /* leaves at most once: the transport never repeats it by itself */
    /* The host's own metadata services (aws-facts 5.3, 5.4): plain http to their fixed addresses is
     * allowed, and no proxy is ever asked. */
    bool metadata;
    /* HTTP_SEND, READ_FILE, RUN_PROCESS: what comes back holds secrets, so no copy of it is kept.
     */
    bool secret;
    /* READ_FILE, APPEND_FILE, REPLACE_FILE: path; bytes are body/body_n. A name without '/' lies in
     * the state directory. */
    const char *path;
    /* RUN_PROCESS: argv[0] is looked for in $PATH; NULL at the end. No shell, no input, its stderr
     * goes nowhere; timeout_ms and reply_limit (of stdout) as above. */
    const char *const *argv;
    /* RESOLVE_NAME: "logs.ap-northeast-1.api.aws" */
    const char *name;
    /* WAKE_AT */
    uint64_t at_monotonic_ms;
    /* REPORT */
    const struct event *event;
    /* STATUS */
    const char *text;
    /* EXIT */
    int exit_code;
};

struct effects {
    struct effect *items;
    size_t n, reserved;
};

enum input_kind {
    INPUT_START, /* once, first */
    INPUT_WAKE,
    INPUT_HTTP_HEAD, /* status and headers are whole */
    INPUT_HTTP_CHUNK,
    INPUT_HTTP_END, /* exactly one for each HTTP_SEND */
    INPUT_FILE,
    INPUT_PROCESS, /* exactly one for each RUN_PROCESS */
    INPUT_NAME,    /* exactly one for each RESOLVE_NAME: 0 with 16 bytes an address; -ENODATA: the
                      name exists and has none; -ENOENT: there is no such name; else the way to the
                      answer failed */
    INPUT_RELOAD,  /* a new config was parsed (manager.h) or could not be */
    INPUT_STOP,    /* finish the call in flight, then EFFECT_EXIT */
};

struct input {
    enum input_kind kind;
    struct instant now;
    uint64_t id;
    int r; /* HTTP_END, FILE, NAME, PROCESS: 0 or negative errno */
    /* HTTP_HEAD and HTTP_END; PROCESS: its exit status, 128 + N for a signal */
    int status;
    enum sent sent;
    const struct effect_header *headers; /* HTTP_HEAD: names in lower case */
    size_t n_headers;
    const char *detail; /* HTTP_END, FILE, PROCESS with r < 0: for people ("Connection refused");
                           may be NULL */
    /* HTTP_CHUNK, FILE of a READ_FILE, PROCESS: stdout */
    const void *bytes;
    size_t n;
};
