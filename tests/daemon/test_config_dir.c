#include "daemon/config_dir.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "vpc_reconciled/json.h"

#define ORDERS                                                                                     \
    "{\"name\": \"orders\", \"region\": \"ap-northeast-1\", \"vpc\": \"vpc-0a1b2c3d4e5f60718\","   \
    " \"subnet_groups\": {\"g\": {\"match\": [\"subnet-0a1b2c3d4e5f60718\"]}}}"
#define STOCK                                                                                      \
    "{\"name\": \"stock\", \"region\": \"ap-northeast-1\", \"vpc\": \"vpc-0a1b2c3d4e5f60719\","    \
    " \"subnet_groups\": {\"g\": {\"match\": [\"subnet-0a1b2c3d4e5f60719\"]}}}"

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static int set_up(void **state)
{
    char *path = strdup(P_tmpdir "/test_config_dir.XXXXXX");

    assert_non_null(mkdtemp(path));
    *state = path;
    return 0;
}

static int tear_down(void **state)
{
    nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return 0;
}

static void put(const char *directory, const char *name, const char *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof(path), "%s/vpcs.d", directory);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Returns what config_dir_load() does; the first error as "FILE:LINE: MESSAGE" without the
 * directory. */
static int load(struct arena *arena, const char *directory, struct config **config,
                size_t *n_errors, char ret_first[static 512])
{
    struct config_errors errors = {0};
    int r = config_dir_load(arena, directory, config, &errors);

    ret_first[0] = 0;
    *n_errors = errors.list.n;
    if (errors.list.n) {
        const struct config_error *first = &errors.list.items[0];

        assert_true(text_starts_with(first->file, directory));
        snprintf(ret_first, 512, "%s:%u: %s", first->file + strlen(directory), first->line,
                 first->message);
    }
    return r;
}

static void test_files_are_found(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct config *config = NULL;
    char first[512];
    size_t n;

    /* An empty directory is a config without VPCs. */
    assert_int_equal(load(arena, *state, &config, &n, first), 0);
    assert_int_equal(config->n_targets, 0);
    assert_string_equal(config->owner, "vpc-reconciled");
    put(*state, "vpc-reconciled.json", "{\"owner\": \"us\"} // a comment\n");
    put(*state, "vpcs.d/b-stock.json", STOCK);
    put(*state, "vpcs.d/a-orders.json", ORDERS);
    put(*state, "vpcs.d/.a-orders.json", "not ours: hidden");
    put(*state, "vpcs.d/a-orders.json~", "not ours: a backup");
    put(*state, "vpcs.d/README", "not ours");
    put(*state, "vpcs.d/.json", "not ours");
    if (load(arena, *state, &config, &n, first) < 0)
        fail_msg("%s", first);
    assert_string_equal(config->owner, "us");
    assert_int_equal(config->n_targets, 2);
    assert_string_equal(config->targets[0].name, "orders");
    assert_string_equal(config->targets[1].name, "stock");
}

static void test_wrong_files(void **state)
{
    static const struct {
        const char *name, *text;
        const char *first; /* begins so */
    } rows[] = {
        {"vpcs.d/a.json", "{\"nam\": 1}", "/vpcs.d/a.json:1: "},
        {"vpcs.d/a.json", "", "/vpcs.d/a.json:"},
        {"vpcs.d/a.json", "\n\n{,}", "/vpcs.d/a.json:3: "},
        {"vpc-reconciled.json", "[]", "/vpc-reconciled.json:1: "},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct config *config = NULL;
        char first[512];
        size_t n;

        put(*state, rows[i].name, rows[i].text);
        assert_int_equal(load(arena, *state, &config, &n, first), -EINVAL);
        if (!text_starts_with(first, rows[i].first))
            fail_msg("row %zu: %s", i, first);
        put(*state, rows[i].name, i == 3 ? "{}" : ORDERS);
    }
}

static void test_what_cannot_be_read(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct config *config = NULL;
    char first[512], path[256];
    size_t n;

    snprintf(path, sizeof(path), "%s/none", (const char *)*state);
    assert_int_equal(load(arena, path, &config, &n, first), -EINVAL);
    assert_string_equal(first,
                        ":0: the config directory cannot be read: No such file or directory");

    /* A directory and a pipe by a file's name: named, the pipe not waited for; the errors of the
     * files that can be read are told in the same go. */
    put(*state, "vpcs.d/z.json", "{\"nam\": 1}");
    snprintf(path, sizeof(path), "%s/vpcs.d/a.json", (const char *)*state);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof(path), "%s/vpcs.d/b.json", (const char *)*state);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(load(arena, *state, &config, &n, first), -EINVAL);
    assert_string_equal(first, "/vpcs.d/a.json:0: cannot be read: Is a directory");
    assert_true(n >= 3);
}

static void test_too_long(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct config *config = NULL;
    char *garbage = malloc(10000001);
    char first[512];
    size_t n;

    memset(garbage, ' ', 10000000);
    garbage[10000000] = 0;
    put(*state, "vpcs.d/a.json", garbage);
    free(garbage);
    assert_int_equal(load(arena, *state, &config, &n, first), -EINVAL);
    assert_int_equal(n, 1);
    assert_true(arena_bytes(arena) < 2 * JSON_SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_files_are_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_too_long, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
