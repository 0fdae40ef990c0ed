/* child.h - vpc-reconciled as a child process, its stderr read line by line. */
#pragma once

#include "vpc_reconciled/base.h"

#define CHILD_LINE_MAX ((size_t)1 << 20) /* what is longer comes in pieces */

/* Path of the program: beside this one, else its bare name for $PATH. Lies in the arena. */
const char *child_find(struct arena *arena, const char *name);

/* Runs argv (argv[0] is what child_find() gave) to its end and calls on_line for each line of its
 * stderr, without the newline. Its stdout goes to our stderr, its stdin is empty; variables that
 * would make it speak to a service manager are taken away. Returns its exit status, -ECHILD when a
 * signal ended it
 * (*ret_signal), or another negative errno when it could not be run. */
int child_run(const char *const *argv, void (*on_line)(void *data, const char *line, size_t n),
              void *data, int *ret_signal);
