#include "daemon/state_directory.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
    char parent[64], path[80];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    snprintf(place->parent, sizeof(place->parent), P_tmpdir "/test_state.XXXXXX");
    assert_non_null(mkdtemp(place->parent));
    snprintf(place->path, sizeof(place->path), "%s/state", place->parent);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char lock[96];

    snprintf(lock, sizeof(lock), "%s/lock", place->path);
    unlink(lock);
    rmdir(place->path);
    assert_int_equal(rmdir(place->parent), 0);
    free(place);
    return 0;
}

static void test_writer_makes_and_locks(void **state)
{
    CLEANUP(state_directory_close)
    struct state_directory first = STATE_DIRECTORY_NONE;
    CLEANUP(state_directory_close)
    struct state_directory second = STATE_DIRECTORY_NONE;
    CLEANUP(buf_free)
    struct buf message = {0};
    struct place *place = *state;
    struct stat status;
    char who[64];

    assert_int_equal(state_directory_open(place->path, true, &first, &message), 0);
    assert_int_equal(stat(place->path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_int_equal(state_directory_open(place->path, true, &second, &message), -EWOULDBLOCK);
    assert_int_equal(second.fd, -1);
    snprintf(who, sizeof(who), "in use by process %d on ", (int)getpid());
    assert_non_null(strstr(message.data, who));
    assert_non_null(strstr(message.data, " since 20"));
    /* Who only looks needs no lock. */
    assert_int_equal(state_directory_open(place->path, false, &second, &message), 0);
    assert_true(second.fd >= 0 && second.lock_fd == -1);
    state_directory_close(&second);
    /* A lock goes with its holder; the file that it leaves holds nobody up. */
    state_directory_close(&first);
    assert_int_equal(state_directory_open(place->path, true, &second, &message), 0);
}

static void test_looker_touches_nothing(void **state)
{
    struct state_directory directory = STATE_DIRECTORY_NONE;
    CLEANUP(buf_free)
    struct buf message = {0};
    struct place *place = *state;

    assert_int_equal(state_directory_open(place->path, false, &directory, &message), 0);
    assert_int_equal(directory.fd, -1);
    assert_int_equal(directory.missing_r, -ENOENT);
    assert_int_equal(access(place->path, F_OK), -1);
}

static void test_what_cannot_be_made(void **state)
{
    struct state_directory directory = STATE_DIRECTORY_NONE;
    CLEANUP(buf_free)
    struct buf message = {0};
    struct place *place = *state;
    char path[96];

    snprintf(path, sizeof(path), "%s/no/such", place->parent);
    assert_int_equal(state_directory_open(path, true, &directory, &message), -ENOENT);
    assert_non_null(strstr(message.data, path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_writer_makes_and_locks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_looker_touches_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_made, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
