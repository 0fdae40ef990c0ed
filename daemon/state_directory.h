/* state_directory.h - where the history lies, and the lock that keeps a second writer out. */
#pragma once

#include "vpc_reconciled/base.h"

struct state_directory {
    int fd;        /* -1: there is none (a run that only observes) */
    int missing_r; /* why: -ENOENT, -EACCES ... */
    int lock_fd;   /* -1: not locked */
};
#define STATE_DIRECTORY_NONE ((struct state_directory){.fd = -1, .lock_fd = -1})

/* With `write`, the directory is made when it is missing (0700) and locked for as long as the
 * process lives; without, nothing is touched and a missing one is no error. -EWOULDBLOCK: another
 * run holds it, message says which; other errors: message says what failed. */
int state_directory_open(const char *path, bool write, struct state_directory *ret_directory,
                         struct buf *message);
void state_directory_close(struct state_directory *directory); /* also for CLEANUP */
