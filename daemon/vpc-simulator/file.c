#include "file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void fclosep(FILE **file)
{
    if (*file)
        (void)fclose(*file);
}

int file_read(const char *path, size_t limit, struct buf *buf)
{
    CLEANUP(fclosep)
    FILE *file = fopen(path, "re");
    char chunk[16384];
    size_t n;

    if (!file)
        return -errno;
    while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0) {
        if (buf->n + n > limit)
            return -EFBIG;
        buf_add(buf, chunk, n);
    }
    return ferror(file) ? -EIO : 0;
}

static int write_all(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t written = write(fd, bytes, n);

        if (written < 0 && errno != EINTR)
            return -errno;
        if (written > 0) {
            bytes += written;
            n -= (size_t)written;
        }
    }
    return 0;
}

int file_replace(const char *path, const struct buf *buf)
{
    CLEANUP(buf_free)
    struct buf temporary = {0};
    int fd, r;

    buf_printf(&temporary, "%s.XXXXXX", path);
    fd = mkostemp(temporary.data, O_CLOEXEC);
    if (fd < 0)
        return -errno;
    r = write_all(fd, buf_string(buf), buf->n);
    if (r >= 0 && fchmod(fd, 0644) < 0)
        r = -errno;
    if (close(fd) < 0 && r >= 0)
        r = -errno;
    if (r >= 0 && rename(temporary.data, path) < 0)
        r = -errno;
    if (r < 0)
        (void)unlink(temporary.data);
    return r;
}
