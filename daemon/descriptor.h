/* descriptor.h - whole files in and out of a file descriptor. */
#pragma once

#include "vpc_reconciled/base.h"

void descriptor_close(int *fd); /* for CLEANUP; takes -1 */
/* Writes all of it. Negative errno. */
int descriptor_write(int fd, const void *bytes, size_t n);
/* A whole regular file, opened relative to directory_fd as openat() does, added to buf. With `cut`,
 * at most `limit` bytes of it; otherwise more is -EFBIG. What is not a regular file is -EINVAL
 * (-EISDIR for a directory): a FIFO would hold the reader for ever. */
int descriptor_read_file(int directory_fd, const char *path, size_t limit, bool cut,
                         struct buf *buf);
