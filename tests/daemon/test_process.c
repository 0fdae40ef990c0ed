/* One program's output: what it is given, what comes back, and that nothing of it stays. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/process.h"

struct answer {
    int r, status;
    char output[4096], detail[200];
};

static struct effect effect_of(const char *const *argv)
{
    return (struct effect){.kind = EFFECT_RUN_PROCESS,
                           .id = 7,
                           .argv = argv,
                           .timeout_ms = 10000,
                           .reply_limit = 4000,
                           .secret = true};
}

static void run_effect(const struct effect *effect, struct answer *ret_answer)
{
    struct inbox inbox = {0};
    struct processes *processes;
    struct inbox_item *item;
    uv_loop_t loop;

    uv_loop_init(&loop);
    processes = processes_new(&loop, &inbox);
    processes_start(processes, effect);
    uv_run(&loop, UV_RUN_DEFAULT); /* all handles are closed by themselves */
    assert_int_equal(uv_loop_close(&loop), 0);
    processes_free(processes);
    item = inbox_pop(&inbox);
    assert_non_null(item);
    assert_int_equal(item->input.kind, INPUT_PROCESS);
    assert_int_equal(item->input.id, 7);
    *ret_answer = (struct answer){.r = item->input.r, .status = item->input.status};
    snprintf(ret_answer->output, sizeof(ret_answer->output), "%.*s", (int)item->input.n,
             item->input.n ? (const char *)item->input.bytes : "");
    snprintf(ret_answer->detail, sizeof(ret_answer->detail), "%s",
             item->input.detail ? item->input.detail : "");
    inbox_item_free(&item);
    assert_null(inbox.first);
}

static void run_shell(const char *script, struct answer *ret_answer)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    const struct effect effect = effect_of(argv);

    run_effect(&effect, ret_answer);
}

static void test_ends(void **state)
{
    static const struct {
        const char *script;
        int r, status;
        const char *output;
    } rows[] = {
        {"echo hello; echo noise >&2", 0, 0, "hello\n"},
        {"echo part; exit 3", 0, 3, "part\n"},
        {"kill -9 $$", 0, 128 + SIGKILL, ""},
        {"cat", 0, 0, ""}, /* its input is empty */
        {"exec >&-; sleep 0.1; exit 2", 0, 2, ""},
        {"(sleep 0.1; echo late) & exit 0", 0, 0, "late\n"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct answer answer;

        run_shell(rows[i].script, &answer);
        if (answer.r != rows[i].r || answer.status != rows[i].status ||
            strcmp(answer.output, rows[i].output) != 0)
            fail_msg("%s: r %d, status %d, \"%s\"", rows[i].script, answer.r, answer.status,
                     answer.output);
    }
}

static void test_not_a_program(void **state)
{
    static const char *const names[] = {"/nonexistent/program", "/etc/passwd"};
    static const int results[] = {-ENOENT, -EACCES};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        const char *const argv[] = {names[i], NULL};
        const struct effect effect = effect_of(argv);
        struct answer answer;

        run_effect(&effect, &answer);
        assert_int_equal(answer.r, results[i]);
        assert_string_equal(answer.detail, strerror(-results[i]));
    }
}

/* No shell: an argument is what it is. */
static void test_arguments(void **state)
{
    const char *const argv[] = {"printf", "%s|", "a b", "$HOME", "*", "", NULL};
    const struct effect effect = effect_of(argv);
    struct answer answer;

    (void)state;
    run_effect(&effect, &answer);
    assert_string_equal(answer.output, "a b|$HOME|*||");
}

static void test_environment(void **state)
{
    struct answer answer;

    (void)state;
    setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
    setenv("WATCHDOG_USEC", "1", 1);
    setenv("OURS", "kept", 1);
    run_shell("echo \"$OURS,$NOTIFY_SOCKET,$WATCHDOG_USEC\"", &answer);
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    assert_string_equal(answer.output, "kept,,\n");
}

static void wait_until_gone(const char *pid_text)
{
    pid_t pid = (pid_t)atoi(pid_text);

    assert_true(pid > 1);
    for (unsigned i = 0; kill(pid, 0) == 0; i++) {
        char path[64], state[256] = "";
        FILE *file;

        snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
        file = fopen(path, "re");
        if (!file || !fgets(state, sizeof(state), file) || strstr(state, ") Z"))
            i = 5000; /* an orphan that nobody waits for yet is as good as gone */
        if (file)
            fclose(file);
        if (i >= 5000)
            return;
        usleep(1000);
    }
}

/* Not only the program: what it started goes with it. */
static void test_deadline(void **state)
{
    static const char *const scripts[] = {
        "sleep 1000 & echo $! > $0; wait",
        "sleep 1000 & echo $! > $0; exit 0", /* it has ended, and its output has not */
        "trap '' TERM; sleep 1000 & echo $! > $0; wait",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
        char path[] = P_tmpdir "/test_process.XXXXXX", pid[32] = "";
        int fd = mkstemp(path);
        const char *const argv[] = {"sh", "-c", scripts[i], path, NULL};
        struct effect effect = effect_of(argv);
        struct answer answer;

        assert_true(fd >= 0);
        effect.timeout_ms = 500;
        run_effect(&effect, &answer);
        assert_int_equal(answer.r, -ETIMEDOUT);
        assert_true(read(fd, pid, sizeof(pid) - 1) > 0);
        close(fd);
        unlink(path);
        wait_until_gone(pid);
    }
}

static void test_too_much_output(void **state)
{
    struct answer answer;

    (void)state;
    run_shell("yes", &answer);
    assert_int_equal(answer.r, -EFBIG);
    assert_string_equal(answer.output, "");
}

/* At the service's end nobody is answered and nothing stays. */
static void test_close(void **state)
{
    const char *const argv[] = {"sleep", "1000", NULL};
    const struct effect effect = effect_of(argv);
    struct inbox inbox = {0};
    struct processes *processes;
    uv_loop_t loop;

    (void)state;
    uv_loop_init(&loop);
    processes = processes_new(&loop, &inbox);
    processes_start(processes, &effect);
    processes_start(processes, &effect);
    uv_run(&loop, UV_RUN_NOWAIT);
    processes_close(processes);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    processes_free(processes);
    assert_null(inbox.first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends),      cmocka_unit_test(test_not_a_program),
        cmocka_unit_test(test_arguments), cmocka_unit_test(test_environment),
        cmocka_unit_test(test_deadline),  cmocka_unit_test(test_too_much_output),
        cmocka_unit_test(test_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
