/* process.h - the effect RUN_PROCESS: one program's output, with a deadline and a limit.
 *
 * No shell. It gets no input, its stderr goes nowhere (it may hold anything), and of our
 * environment it gets all but what is this service's own. It leads a process group, so what it
 * starts dies with it. */
#pragma once

#include <uv.h>

#include "inbox.h"

struct processes;
struct processes *processes_new(uv_loop_t *loop, struct inbox *inbox);
/* Starts one; copies what it needs. INPUT_PROCESS comes when it has ended and its output too, never
 * before this has returned: its stdout and exit status; -ENOENT, -EACCES ... when it cannot be
 * run; -ETIMEDOUT at the deadline, -EFBIG for too much output: then the group was killed. */
void processes_start(struct processes *processes, const struct effect *effect);
/* Kills all without an answer; the loop must run until their handles are closed, and only then is
 * processes_free() allowed. */
void processes_close(struct processes *processes);
struct processes *processes_free(struct processes *processes);
