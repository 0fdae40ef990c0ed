/* file.h - whole files in, whole files out. */
#pragma once

#include "vpc_reconciled/base.h"

/* -errno, or -EFBIG. */
int file_read(const char *path, size_t limit, struct buf *buf);
/* By a new file and a rename, so that nobody ever reads half of it. */
int file_replace(const char *path, const struct buf *buf);
