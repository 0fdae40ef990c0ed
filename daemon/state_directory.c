#include "state_directory.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "clock.h"
#include "descriptor.h"

#define LOCK_FILE "lock"

static int fail(int r, const char *path, const char *what, struct buf *message)
{
    buf_printf(message, "the state directory %s cannot be %s: %s", path, what, strerror(-r));
    return r;
}

static int say_who(int lock_fd, const char *path, struct buf *message)
{
    char holder[256] = "";
    ssize_t n = pread(lock_fd, holder, sizeof(holder) - 1, 0);

    holder[n > 0 ? n : 0] = 0;
    holder[strcspn(holder, "\n")] = 0;
    buf_printf(message,
               "the state directory %s is in use by %s; stop that run first, or only look "
               "with --observe",
               path, *holder ? holder : "another process");
    return -EWOULDBLOCK;
}

/* The text is for people and written after the lock is held; the lock alone decides, so a file that
 * a crash left behind holds nobody up. */
static int write_holder(int lock_fd)
{
    char text[256], since[25];
    struct utsname host = {0};
    int n;

    uname(&host);
    time_iso8601(clock_now().wall_ms, since);
    n = snprintf(text, sizeof(text), "process %d on %.64s since %s\n", (int)getpid(), host.nodename,
                 since);
    if (ftruncate(lock_fd, 0) < 0)
        return -errno;
    return descriptor_write(lock_fd, text, (size_t)n);
}

static int lock(int directory_fd, const char *path, int *ret_lock_fd, struct buf *message)
{
    CLEANUP(descriptor_close)
    int fd = openat(directory_fd, LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int r;

    if (fd < 0)
        return fail(-errno, path, "locked", message);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno == EWOULDBLOCK)
            return say_who(fd, path, message);
        return fail(-errno, path, "locked", message);
    }
    r = write_holder(fd);
    if (r < 0)
        return fail(r, path, "written", message);
    *ret_lock_fd = fd;
    fd = -1;
    return 0;
}

int state_directory_open(const char *path, bool write, struct state_directory *ret_directory,
                         struct buf *message)
{
    CLEANUP(state_directory_close)
    struct state_directory directory = STATE_DIRECTORY_NONE;
    int r;

    if (write && mkdir(path, 0700) < 0 && errno != EEXIST)
        return fail(-errno, path, "made", message);
    directory.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory.fd < 0)
        directory.missing_r = -errno;
    if (directory.fd < 0 && write)
        return fail(directory.missing_r, path, "opened", message);
    if (write) {
        r = lock(directory.fd, path, &directory.lock_fd, message);
        if (r < 0)
            return r;
    }
    *ret_directory = directory;
    directory = STATE_DIRECTORY_NONE;
    return 0;
}

void state_directory_close(struct state_directory *directory)
{
    descriptor_close(&directory->lock_fd);
    descriptor_close(&directory->fd);
}
