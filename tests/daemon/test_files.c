/* What test_service.c does not reach: a run that must not write, and a disk that is full. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/files.h"

#include <setjmp.h>

#include <cmocka.h>

struct place {
    char path[64];
    int fd;
    uv_loop_t loop;
    struct inbox inbox;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    snprintf(place->path, sizeof(place->path), P_tmpdir "/test_files.XXXXXX");
    assert_non_null(mkdtemp(place->path));
    place->fd = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    uv_loop_init(&place->loop);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    unlinkat(place->fd, "history", 0);
    unlinkat(place->fd, "pipe", 0);
    assert_int_equal(rmdir(place->path), 0); /* nothing else was left there */
    close(place->fd);
    assert_int_equal(uv_loop_close(&place->loop), 0);
    inbox_clear(&place->inbox);
    free(place);
    return 0;
}

/* One operation to its end; its r. */
static int one(struct place *place, struct files *files, enum effect_kind kind, const char *path,
               const char *bytes, size_t n)
{
    struct inbox_item *item;
    int r;

    files_start(files,
                &(struct effect){.kind = kind, .id = 7, .path = path, .body = bytes, .body_n = n});
    assert_null(place->inbox.first);
    uv_run(&place->loop, UV_RUN_DEFAULT);
    item = inbox_pop(&place->inbox);
    assert_non_null(item);
    assert_int_equal(item->input.kind, INPUT_FILE);
    assert_int_equal(item->input.id, 7);
    r = item->input.r;
    inbox_item_free(&item);
    assert_null(place->inbox.first);
    return r;
}

static off_t size_of(const struct place *place, const char *name)
{
    struct stat status;

    return fstatat(place->fd, name, &status, 0) < 0 ? -1 : status.st_size;
}

static void test_read_only_touches_nothing(void **state)
{
    struct place *place = *state;
    struct files *files = files_new(&place->loop, &place->inbox, place->fd, true);

    assert_int_equal(one(place, files, EFFECT_APPEND_FILE, "history", "a\n", 2), -EROFS);
    assert_int_equal(one(place, files, EFFECT_REPLACE_FILE, "history", "a\n", 2), -EROFS);
    assert_int_equal(one(place, files, EFFECT_READ_FILE, "history", NULL, 0), -ENOENT);
    assert_int_equal(size_of(place, "history"), -1);
    files_free(files);
}

static void test_without_a_directory(void **state)
{
    struct place *place = *state;
    struct files *files = files_new(&place->loop, &place->inbox, -1, false);

    assert_int_equal(one(place, files, EFFECT_READ_FILE, "history", NULL, 0), -ENOENT);
    assert_int_equal(one(place, files, EFFECT_APPEND_FILE, "history", "a\n", 2), -ENOENT);
    files_free(files);
}

static void test_a_pipe_holds_nobody_up(void **state)
{
    struct place *place = *state;
    struct files *files = files_new(&place->loop, &place->inbox, place->fd, false);

    assert_int_equal(mkfifoat(place->fd, "pipe", 0600), 0);
    assert_int_equal(one(place, files, EFFECT_READ_FILE, "pipe", NULL, 0), -EINVAL);
    files_free(files);
}

/* A file may have 4096 bytes: the second append would tear at 4096, the replacement too. */
static void test_a_write_that_fails_leaves_no_part(void **state)
{
    static char block[3000];
    struct place *place = *state;
    struct files *files = files_new(&place->loop, &place->inbox, place->fd, false);
    struct rlimit before;

    memset(block, 'x', sizeof(block));
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, before.rlim_max});
    assert_int_equal(one(place, files, EFFECT_APPEND_FILE, "history", block, 3000), 0);
    assert_int_equal(one(place, files, EFFECT_APPEND_FILE, "history", block, 3000), -EFBIG);
    assert_int_equal(size_of(place, "history"), 3000);
    assert_int_equal(one(place, files, EFFECT_APPEND_FILE, "history", block, 1000), 0);
    assert_int_equal(size_of(place, "history"), 4000);
    assert_int_equal(one(place, files, EFFECT_APPEND_FILE, "history", block, 200), -EFBIG);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){2000, before.rlim_max});
    assert_int_equal(one(place, files, EFFECT_REPLACE_FILE, "history", block, 3000), -EFBIG);
    assert_int_equal(size_of(place, "history"), 4000);
    setrlimit(RLIMIT_FSIZE, &before);
    files_free(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_read_only_touches_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_without_a_directory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_pipe_holds_nobody_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_write_that_fails_leaves_no_part, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
