#include "files.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"

struct operation {
    struct operation *next;
    enum effect_kind kind;
    uint64_t id;
    int r;
    char *path;
    size_t limit;
    struct buf bytes; /* to be written, or what was read */
};

struct files {
    uv_loop_t *loop;
    struct inbox *inbox;
    int directory_fd;
    bool read_only;
    uv_work_t work;
    struct operation *first, **end; /* first is the one that runs */
};

static int directory_of(const struct files *files, const struct operation *operation)
{
    return strchr(operation->path, '/') ? AT_FDCWD : files->directory_fd;
}

static int read_whole(const struct files *files, struct operation *operation)
{
    int directory_fd = directory_of(files, operation);

    if (directory_fd == -1)
        return -ENOENT;
    return descriptor_read_file(directory_fd, operation->path, operation->limit, false,
                                &operation->bytes);
}

/* A write that fails half-way is taken back, so the next record starts on a line of its own. */
static int append(const struct files *files, struct operation *operation)
{
    int directory_fd = directory_of(files, operation);
    CLEANUP(descriptor_close)
    int fd = openat(directory_fd, operation->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    struct stat before;
    int r;

    if (fd < 0 || fstat(fd, &before) < 0)
        return -errno;
    r = descriptor_write(fd, operation->bytes.data, operation->bytes.n);
    if (r < 0) {
        if (ftruncate(fd, before.st_size) < 0)
            return -errno;
        return r;
    }
    if (fdatasync(fd) < 0)
        return -errno;
    /* The name of a new file is on disk only once its directory is (fsync(2)). */
    if (before.st_size == 0 && fsync(directory_fd) < 0)
        return -errno;
    return 0;
}

static int write_temporary(int directory_fd, const char *path, const struct buf *bytes)
{
    CLEANUP(descriptor_close)
    int fd = openat(directory_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int r;

    if (fd < 0)
        return -errno;
    r = descriptor_write(fd, bytes->data, bytes->n);
    if (r < 0)
        return r;
    return fsync(fd) < 0 ? -errno : 0;
}

static int replace(const struct files *files, struct operation *operation)
{
    int directory_fd = directory_of(files, operation), r;
    char temporary[512];

    if (snprintf(temporary, sizeof(temporary), "%s.new", operation->path) >= (int)sizeof(temporary))
        return -ENAMETOOLONG;
    r = write_temporary(directory_fd, temporary, &operation->bytes);
    if (r >= 0 && renameat(directory_fd, temporary, directory_fd, operation->path) < 0)
        r = -errno;
    if (r < 0) {
        unlinkat(directory_fd, temporary, 0);
        return r;
    }
    return fsync(directory_fd) < 0 ? -errno : 0;
}

static void run(uv_work_t *work)
{
    const struct files *files = work->data;
    struct operation *operation = files->first;

    if (operation->kind == EFFECT_READ_FILE)
        operation->r = read_whole(files, operation);
    else if (files->read_only)
        operation->r = -EROFS;
    else if (strchr(operation->path, '/'))
        operation->r = -EPERM;
    else if (files->directory_fd == -1)
        operation->r = -ENOENT;
    else if (operation->kind == EFFECT_APPEND_FILE)
        operation->r = append(files, operation);
    else
        operation->r = replace(files, operation);
}

static void operation_free(struct operation *operation)
{
    buf_free(&operation->bytes);
    free(operation->path);
    free(operation);
}

static void done(uv_work_t *work, int status);

static void run_first(struct files *files)
{
    int r = uv_queue_work(files->loop, &files->work, run, done);

    assert(r == 0);
}

static void done(uv_work_t *work, int status)
{
    struct files *files = work->data;
    struct operation *operation = files->first;
    struct input input = {.kind = INPUT_FILE, .id = operation->id, .r = operation->r};
    char detail[640];

    assert(status == 0); /* nothing is ever taken back with uv_cancel() */
    if (operation->r < 0) {
        snprintf(detail, sizeof(detail), "%s: %s", operation->path, strerror(-operation->r));
        input.detail = detail;
    } else if (operation->kind == EFFECT_READ_FILE) {
        input.bytes = buf_string(&operation->bytes);
        input.n = operation->bytes.n;
    }
    inbox_push(files->inbox, &input);
    files->first = operation->next;
    operation_free(operation);
    if (files->first)
        run_first(files);
}

struct files *files_new(uv_loop_t *loop, struct inbox *inbox, int directory_fd, bool read_only)
{
    struct files *files = calloc(1, sizeof(*files));

    if (!files)
        abort();
    files->loop = loop;
    files->inbox = inbox;
    files->directory_fd = directory_fd;
    files->read_only = read_only;
    files->work.data = files;
    return files;
}

bool files_idle(const struct files *files)
{
    return files->first == NULL;
}

struct files *files_free(struct files *files)
{
    if (files)
        assert(!files->first);
    free(files);
    return NULL;
}

void files_start(struct files *files, const struct effect *effect)
{
    struct operation *operation = calloc(1, sizeof(*operation));
    bool idle = !files->first;

    if (!operation || !(operation->path = strdup(effect->path)))
        abort();
    operation->kind = effect->kind;
    operation->id = effect->id;
    operation->limit = effect->reply_limit ? effect->reply_limit : FILES_READ_MAX;
    operation->bytes.limit = FILES_READ_MAX;
    operation->bytes.secret = effect->secret;
    buf_add(&operation->bytes, effect->body, effect->kind == EFFECT_READ_FILE ? 0 : effect->body_n);
    assert(!operation->bytes.overflow);
    if (idle)
        files->end = &files->first;
    *files->end = operation;
    files->end = &operation->next;
    if (idle)
        run_first(files);
}
