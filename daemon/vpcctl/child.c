#include "child.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

const char *child_find(struct arena *arena, const char *name)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    const char *beside;
    char *slash;

    if (n <= 0)
        return arena_strdup(arena, name);
    self[n] = 0;
    slash = strrchr(self, '/');
    if (!slash)
        return arena_strdup(arena, name);
    *slash = 0;
    beside = arena_printf(arena, "%s/%s", self, name);
    return access(beside, X_OK) == 0 ? beside : arena_strdup(arena, name);
}

/* Between fork and exec. Returns only when the program could not be run: errno. */
static int become(const char *const *argv, int stderr_fd, pid_t parent)
{
    static const char *const services[] = {"JOURNAL_STREAM", "NOTIFY_SOCKET", "WATCHDOG_USEC",
                                           "WATCHDOG_PID",   "LISTEN_FDS",    "LISTEN_PID"};
    int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    /* Our own end, however it comes, ends the child too. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
        return errno ? errno : ECANCELED;
    for (size_t i = 0; i < ARRAY_SIZE(services); i++)
        unsetenv(services[i]);
    if (null_fd < 0 || dup2(null_fd, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ||
        dup2(stderr_fd, STDERR_FILENO) < 0)
        return errno;
    execvp(argv[0], (char *const *)(uintptr_t)argv); /* execvp() changes neither */
    return errno;
}

static void add_lines(struct buf *line, const char *bytes, size_t n,
                      void (*on_line)(void *data, const char *line, size_t n), void *data)
{
    while (n > 0) {
        const char *end = memchr(bytes, '\n', n);
        size_t piece = end ? (size_t)(end - bytes) : n;

        if (line->n + piece > CHILD_LINE_MAX)
            piece = CHILD_LINE_MAX - line->n;
        buf_add(line, bytes, piece);
        bytes += piece;
        n -= piece;
        if (bytes == end || line->n == CHILD_LINE_MAX) {
            on_line(data, buf_string(line), line->n);
            buf_clear(line);
        }
        if (n > 0 && bytes == end) {
            bytes++;
            n--;
        }
    }
}

static int read_lines(int fd, void (*on_line)(void *data, const char *line, size_t n), void *data)
{
    CLEANUP(buf_free)
    struct buf line = {0};
    char bytes[65536];

    for (;;) {
        ssize_t n = read(fd, bytes, sizeof(bytes));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            break;
        add_lines(&line, bytes, (size_t)n, on_line, data);
    }
    if (line.n > 0) /* its last words had no newline */
        on_line(data, buf_string(&line), line.n);
    return 0;
}

static int wait_for(pid_t pid, int *ret_signal)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    *ret_signal = WTERMSIG(status);
    return -ECHILD;
}

int child_run(const char *const *argv, void (*on_line)(void *data, const char *line, size_t n),
              void *data, int *ret_signal)
{
    CLEANUP(closep)
    int lines_in = -1, lines_out = -1, failure_in = -1, failure_out = -1;
    pid_t pid, parent = getpid();
    int lines[2], failure[2], failed = 0, r;

    if (pipe2(lines, O_CLOEXEC) < 0)
        return -errno;
    lines_in = lines[0];
    lines_out = lines[1];
    if (pipe2(failure, O_CLOEXEC) < 0) /* closed by a successful exec, else it carries errno */
        return -errno;
    failure_in = failure[0];
    failure_out = failure[1];
    pid = fork();
    if (pid < 0)
        return -errno;
    if (pid == 0) {
        errno = 0;
        failed = become(argv, lines_out, parent);
        if (write(failure_out, &failed, sizeof(failed)) < 0)
            _exit(126);
        _exit(127);
    }
    close(lines_out);
    close(failure_out);
    lines_out = failure_out = -1;
    if (read(failure_in, &failed, sizeof(failed)) < 0)
        failed = errno;
    r = read_lines(lines_in, on_line, data);
    if (r < 0 || failed) {
        wait_for(pid, ret_signal);
        return failed ? -failed : r;
    }
    return wait_for(pid, ret_signal);
}
