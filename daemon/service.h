/* service.h - the loop: libuv events become inputs of the manager, its effects are carried out.
 *
 * It decides nothing. Inputs are queued and fed between callbacks, one after the other; the effects
 * of one feed are carried out before the next, as effect.h asks. */
#pragma once

#include "http.h"
#include "sink.h"
#include "vpc_reconciled/manager.h"

struct service_options {
    struct manager *manager;
    struct sink *sink;
    int state_fd;   /* -1: none */
    bool read_only; /* --observe: no file is written */
    struct http_options http;
    /* SIGHUP: reads the config and hands it to manager_set_config(), good or not. */
    void (*reload)(void *context);
    void *context;
    const char *first_status; /* Status line until the manager has one; NULL: none */
};

/* Runs until EFFECT_EXIT and returns its code. SIGTERM and SIGINT ask the manager to stop; a second
 * one ends the process at once, by that signal. */
int service_run(const struct service_options *options);
