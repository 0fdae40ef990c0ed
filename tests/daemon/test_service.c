/* The loop with a manager of this test's own: what reaches it, and what becomes of its effects. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/service.h"

#include <setjmp.h>

#include <cmocka.h>

#define INPUTS_MAX 64

/* ---- the manager ---- */

struct heard {
    enum input_kind kind;
    uint64_t id, monotonic_ms;
    int r, status;
    enum sent sent;
    bool detail;
    char bytes[64];
    uint8_t raw[16];
};

struct manager {
    struct effect items[16];
    struct effects effects;
    struct heard heard[INPUTS_MAX];
    size_t n_heard;
    bool feeding, ended, overdue;
    unsigned reloads;
    void (*react)(struct manager *manager, const struct input *input);
};

static struct effect *emit(struct manager *manager, enum effect_kind kind, uint64_t id)
{
    struct effect *effect = &manager->items[manager->effects.n++];

    assert_true(manager->effects.n <= ARRAY_SIZE(manager->items));
    *effect = (struct effect){.kind = kind, .id = id};
    return effect;
}

static void emit_exit(struct manager *manager, int exit_code)
{
    emit(manager, EFFECT_EXIT, 0)->exit_code = exit_code;
}

static void emit_file(struct manager *manager, enum effect_kind kind, uint64_t id, const char *path,
                      const char *text)
{
    struct effect *effect = emit(manager, kind, id);

    effect->path = path;
    effect->body = text;
    effect->body_n = text ? strlen(text) : 0;
}

bool manager_overdue(const struct manager *manager, uint64_t monotonic_ms)
{
    assert_true(monotonic_ms > 0);
    return manager->overdue;
}

void manager_feed(struct manager *manager, const struct input *input, struct effects *ret_effects)
{
    struct heard *heard = &manager->heard[manager->n_heard++];

    assert_false(manager->feeding || manager->ended);
    assert_true(manager->n_heard < INPUTS_MAX);
    manager->feeding = true;
    *heard = (struct heard){.kind = input->kind,
                            .id = input->id,
                            .monotonic_ms = input->now.monotonic_ms,
                            .r = input->r,
                            .status = input->status,
                            .sent = input->sent,
                            .detail = input->detail};
    snprintf(heard->bytes, sizeof(heard->bytes), "%.*s", (int)input->n,
             input->bytes ? (const char *)input->bytes : "");
    if (input->n)
        memcpy(heard->raw, input->bytes, input->n < 16 ? input->n : 16);
    assert_true(input->now.wall_ms > 1700000000000);
    manager->effects = (struct effects){.items = manager->items};
    manager->react(manager, input);
    for (size_t i = 0; i < manager->effects.n; i++)
        manager->ended |= manager->items[i].kind == EFFECT_EXIT;
    *ret_effects = manager->effects;
    manager->feeding = false;
}

void manager_set_config(struct manager *manager, struct arena *take_arena,
                        const struct config *config, const char *message)
{
    (void)take_arena, (void)config, (void)message;
    manager->reloads++;
}

static void reload(void *context)
{
    manager_set_config(context, NULL, NULL, NULL);
}

/* ---- running ---- */

struct place {
    char path[64];
    int fd;
    struct sink sink;
    FILE *said;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    snprintf(place->path, sizeof(place->path), P_tmpdir "/test_service.XXXXXX");
    assert_non_null(mkdtemp(place->path));
    place->fd = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    place->said = tmpfile();
    unsetenv("JOURNAL_STREAM");
    sink_open(&place->sink, fileno(place->said), true);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"history", "history.new", "other", "socket"};
    struct place *place = *state;

    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        unlinkat(place->fd, names[i], 0);
    assert_int_equal(rmdir(place->path), 0);
    close(place->fd);
    sink_close(&place->sink);
    fclose(place->said);
    free(place);
    return 0;
}

static int run(struct place *place, struct manager *manager,
               void (*react)(struct manager *, const struct input *))
{
    manager->react = react;
    return service_run(&(struct service_options){.manager = manager,
                                                 .sink = &place->sink,
                                                 .state_fd = place->fd,
                                                 .reload = reload,
                                                 .context = manager,
                                                 .first_status = "Starting"});
}

static void content_of(const struct place *place, const char *name, char ret_text[static 256])
{
    int fd = openat(place->fd, name, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, ret_text, 255);

    ret_text[n > 0 ? n : 0] = 0;
    if (fd < 0)
        snprintf(ret_text, 256, "(none)");
    else
        close(fd);
}

/* ---- start and end ---- */

static void exit_at_start(struct manager *manager, const struct input *input)
{
    assert_int_equal(input->kind, INPUT_START);
    emit_exit(manager, 2);
    /* Nothing after the exit is carried out. */
    emit_file(manager, EFFECT_APPEND_FILE, 1, "history", "late\n");
}

static void test_start_is_first_and_exit_last(void **state)
{
    struct place *place = *state;
    struct manager manager = {0};
    char text[256];

    assert_int_equal(run(place, &manager, exit_at_start), 2);
    assert_int_equal(manager.n_heard, 1);
    content_of(place, "history", text);
    assert_string_equal(text, "(none)");
}

/* ---- files ---- */

static void use_files(struct manager *manager, const struct input *input)
{
    if (input->kind == INPUT_START) {
        emit_file(manager, EFFECT_READ_FILE, 1, "history", NULL);
        emit_file(manager, EFFECT_APPEND_FILE, 2, "history", "first\n");
        emit_file(manager, EFFECT_APPEND_FILE, 3, "history", "second\n");
        emit_file(manager, EFFECT_READ_FILE, 4, "history", NULL);
        emit_file(manager, EFFECT_REPLACE_FILE, 5, "history", "whole\n");
        emit_file(manager, EFFECT_READ_FILE, 6, "history", NULL);
        emit_file(manager, EFFECT_READ_FILE, 7, "/", NULL);
        emit_file(manager, EFFECT_APPEND_FILE, 8, "/elsewhere/history", "no\n");
        emit_file(manager, EFFECT_READ_FILE, 9, "/dev/zero", NULL);
    } else if (input->id == 9) {
        /* Asked for with the exit: still carried out. */
        emit_file(manager, EFFECT_APPEND_FILE, 10, "history", "last\n");
        emit_exit(manager, 0);
    }
}

static void test_files(void **state)
{
    static const struct {
        int r;
        const char *bytes;
    } expected[] = {
        {-ENOENT, ""},  {0, ""},       {0, ""},      {0, "first\nsecond\n"}, {0, ""},
        {0, "whole\n"}, {-EISDIR, ""}, {-EPERM, ""}, {-EINVAL, ""},
    };
    struct place *place = *state;
    struct manager manager = {0};
    char text[256];

    assert_int_equal(run(place, &manager, use_files), 0);
    assert_int_equal(manager.n_heard, 1 + ARRAY_SIZE(expected));
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
        const struct heard *heard = &manager.heard[i + 1];

        assert_int_equal(heard->kind, INPUT_FILE);
        assert_int_equal(heard->id, i + 1);
        assert_int_equal(heard->r, expected[i].r);
        assert_string_equal(heard->bytes, expected[i].bytes);
        assert_int_equal(heard->detail, expected[i].r < 0);
    }
    content_of(place, "history", text);
    assert_string_equal(text, "whole\nlast\n");
    content_of(place, "history.new", text);
    assert_string_equal(text, "(none)");
}

/* ---- wake ---- */

static uint64_t wanted_ms;

static void ask_to_wake(struct manager *manager, const struct input *input)
{
    switch (input->kind) {
    case INPUT_START:
        wanted_ms = input->now.monotonic_ms + 40;
        emit(manager, EFFECT_WAKE_AT, 0)->at_monotonic_ms = input->now.monotonic_ms + 1;
        emit(manager, EFFECT_WAKE_AT, 0)->at_monotonic_ms = input->now.monotonic_ms + 3600000;
        emit(manager, EFFECT_WAKE_AT, 0)->at_monotonic_ms = wanted_ms;
        break;
    case INPUT_WAKE:
        /* A time that has passed: at once, and once. */
        if (manager->n_heard == 2)
            emit(manager, EFFECT_WAKE_AT, 0)->at_monotonic_ms = 1;
        else
            emit_exit(manager, 0);
        break;
    default:
        fail();
    }
}

static void test_wake(void **state)
{
    struct manager manager = {0};

    for (int i = 0; i < 10; i++) {
        manager.n_heard = 0;
        manager.ended = false;
        run(*state, &manager, ask_to_wake);
        assert_int_equal(manager.n_heard, 3);
        assert_true(manager.heard[1].monotonic_ms >= wanted_ms);
        assert_true(manager.heard[1].monotonic_ms < wanted_ms + 2000);
    }
}

/* ---- http ---- */

static char closed_url[64];

static void emit_http(struct manager *manager, uint64_t id, const char *url)
{
    struct effect *effect = emit(manager, EFFECT_HTTP_SEND, id);

    effect->method = "POST";
    effect->url = url;
    effect->timeout_ms = 5000;
    effect->reply_limit = 1000;
}

static void use_http(struct manager *manager, const struct input *input)
{
    if (input->kind == INPUT_START) {
        emit_http(manager, 1, closed_url);
        emit_http(manager, 2, "http://169.254.169.254/");
        emit_http(manager, 3, closed_url);
        emit(manager, EFFECT_HTTP_CANCEL, 3);
    } else if (manager->n_heard == 4) {
        emit_http(manager, 4, closed_url); /* in flight at the exit: silently dropped */
        emit_exit(manager, 0);
    }
}

static void test_http_ends_once_each(void **state)
{
    static const int expected[] = {0, -ECONNREFUSED, -EPERM, -ECANCELED};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(address);
    struct manager manager = {0};
    unsigned seen = 0;
    int fd = socket(AF_INET, SOCK_STREAM, 0); /* bound, never listening */

    assert_int_equal(bind(fd, (struct sockaddr *)&address, n), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &n), 0);
    snprintf(closed_url, sizeof(closed_url), "http://127.0.0.1:%u/",
             (unsigned)ntohs(address.sin_port));
    run(*state, &manager, use_http);
    close(fd);
    assert_int_equal(manager.n_heard, 4);
    for (size_t i = 1; i < 4; i++) {
        assert_int_equal(manager.heard[i].kind, INPUT_HTTP_END);
        assert_int_equal(manager.heard[i].r, expected[manager.heard[i].id]);
        assert_int_equal(manager.heard[i].sent, SENT_NO);
        seen |= 1U << manager.heard[i].id;
    }
    assert_int_equal(seen, 0xe);
}

/* ---- reports ---- */

static void report(struct manager *manager, const struct input *input)
{
    static const struct event event = {
        .kind = EVENT_PASS, .priority = PRIORITY_INFO, .message = "In sync.", .target = "orders"};

    (void)input;
    emit(manager, EFFECT_REPORT, 0)->event = &event;
    emit_exit(manager, 0);
}

static void test_reports_reach_the_sink(void **state)
{
    struct place *place = *state;
    struct manager manager = {0};
    char text[512] = "";

    run(place, &manager, report);
    rewind(place->said);
    assert_true(fread(text, 1, sizeof(text) - 1, place->said) > 0);
    assert_non_null(strstr(text, "\"message\":\"In sync.\""));
    assert_int_equal(strchr(text, '\n') - text, (long)strlen(text) - 1);
}

/* ---- signals and systemd ---- */

static struct notified {
    int fd;
    size_t n; /* of in_order */
    unsigned watchdogs;
} notified;

/* Read as it goes: a few datagrams fill the socket, and the sender would wait. */
static void read_notifications(void)
{
    static const char *const in_order[] = {
        "READY=1",     "STATUS=Starting", "STATUS=In sync for now",
        "RELOADING=1", "READY=1",         "STOPPING=1",
    };
    char text[256];
    ssize_t n;

    while ((n = recv(notified.fd, text, sizeof(text) - 1, 0)) > 0) {
        text[n] = 0;
        if (strcmp(text, "WATCHDOG=1") == 0) {
            notified.watchdogs++;
            continue;
        }
        assert_in_range(notified.n, 0, ARRAY_SIZE(in_order) - 1);
        if (text_starts_with(text, "RELOADING=1"))
            assert_non_null(strstr(text, "\nMONOTONIC_USEC="));
        text[strcspn(text, "\n")] = 0;
        assert_string_equal(text, in_order[notified.n++]);
    }
}

static void take_signals(struct manager *manager, const struct input *input)
{
    read_notifications();
    switch (input->kind) {
    case INPUT_START:
        emit(manager, EFFECT_STATUS, 0)->text = "In sync\nfor now";
        kill(getpid(), SIGHUP);
        break;
    case INPUT_RELOAD:
        assert_int_equal(manager->reloads, 1); /* the config was read before this */
        emit(manager, EFFECT_WAKE_AT, 0)->at_monotonic_ms = input->now.monotonic_ms + 100;
        break;
    case INPUT_WAKE:
        kill(getpid(), SIGTERM);
        break;
    case INPUT_STOP:
        emit_exit(manager, 0);
        break;
    default:
        fail();
    }
}

static void run_notified(struct place *place, bool overdue)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct manager manager = {.overdue = overdue};

    notified =
        (struct notified){.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", place->path);
    assert_int_equal(bind(notified.fd, (struct sockaddr *)&address, sizeof(address)), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    setenv("WATCHDOG_USEC", "75000", 1);
    assert_int_equal(run(place, &manager, take_signals), 0);
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    read_notifications();
    assert_int_equal(manager.n_heard, 4);
    assert_int_equal(notified.n, 6);
    close(notified.fd);
}

static void test_signals_and_notify(void **state)
{
    run_notified(*state, false);
    assert_in_range(notified.watchdogs, 2, 8);
}

/* The loop turns, and a pass hangs: systemd is to notice (safety.md L3). */
static void test_a_pass_that_hangs(void **state)
{
    run_notified(*state, true);
    assert_int_equal(notified.watchdogs, 0);
}

/* ---- names ---- */

/* Numbers need no name server; what the last one finds depends on the host, so any answer will do.
 */
static const char *const looked_up[] = {"2001:db8::1", "192.0.2.1", "no-such-name.invalid"};

static void look_up(struct manager *manager, const struct input *input)
{
    unsigned answered = 0;

    if (input->kind == INPUT_START)
        for (size_t i = 0; i < ARRAY_SIZE(looked_up); i++)
            emit(manager, EFFECT_RESOLVE_NAME, 1 + i)->name = looked_up[i];
    for (size_t i = 0; i < manager->n_heard; i++)
        answered += manager->heard[i].kind == INPUT_NAME;
    if (answered == ARRAY_SIZE(looked_up))
        emit_exit(manager, 0);
}

static void test_names(void **state)
{
    static const uint8_t address[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
    struct manager manager = {0};

    assert_int_equal(run(*state, &manager, look_up), 0);
    assert_int_equal(manager.n_heard, 1 + ARRAY_SIZE(looked_up)); /* once each */
    for (size_t i = 1; i < manager.n_heard; i++) {
        const struct heard *heard = &manager.heard[i];

        assert_int_equal(heard->kind, INPUT_NAME);
        if (heard->id == 1) {
            assert_int_equal(heard->r, 0);
            assert_memory_equal(heard->raw, address, sizeof(address));
        } else {
            assert_true(heard->r < 0);
            assert_true(heard->detail);
        }
    }
}

/* A lookup that is out does not hold the end up, nor is its answer fed after it. */
static void look_up_and_leave(struct manager *manager, const struct input *input)
{
    assert_int_equal(input->kind, INPUT_START);
    for (size_t i = 0; i < 12; i++)
        emit(manager, EFFECT_RESOLVE_NAME, 1 + i)->name = "no-such-name.invalid";
    emit_exit(manager, 7);
}

static void test_exit_with_lookups_out(void **state)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        struct manager manager = {0};

        _exit(run(*state, &manager, look_up_and_leave));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

/* ---- the end ---- */

static void never_stop(struct manager *manager, const struct input *input)
{
    (void)manager;
    if (input->kind == INPUT_START || input->kind == INPUT_STOP)
        kill(getpid(), SIGTERM);
}

static void test_second_signal_ends_at_once(void **state)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        struct manager manager = {0};

        run(*state, &manager, never_stop);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_start_is_first_and_exit_last, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wake, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_http_ends_once_each, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reports_reach_the_sink, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_exit_with_lookups_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_signals_and_notify, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_pass_that_hangs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_second_signal_ends_at_once, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
