#include "descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void descriptor_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

int descriptor_write(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;

    while (n > 0) {
        ssize_t written = write(fd, at, n);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -errno;
        at += written;
        n -= (size_t)written;
    }
    return 0;
}

int descriptor_read_file(int directory_fd, const char *path, size_t limit, bool cut,
                         struct buf *buf)
{
    CLEANUP(descriptor_close)
    int fd = openat(directory_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    size_t read_n = 0;
    struct stat status;
    char chunk[16384];

    if (fd < 0 || fstat(fd, &status) < 0)
        return -errno;
    if (!S_ISREG(status.st_mode))
        return S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof(chunk));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            return 0;
        if ((size_t)n > limit - read_n) {
            if (!cut)
                return -EFBIG;
            n = (ssize_t)(limit - read_n);
        }
        buf_add(buf, chunk, (size_t)n);
        read_n += (size_t)n;
        if (cut && read_n == limit)
            return 0;
    }
}
