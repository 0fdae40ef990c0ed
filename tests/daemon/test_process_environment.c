#include "daemon/environment.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SECRET "correct-horse-battery"
#define TOKEN "staple-token"

static const char *self;

static void test_read(void **state)
{
    static const struct {
        const char *variables[6];
        int r;
        const char *state_directory, *ca_bundle, *no_proxy;
        const char *message;
    } rows[] = {
        {{NULL}, 0, "/var/lib/vpc-reconciled", NULL, NULL, NULL},
        {{"STATE_DIRECTORY=/a:/b"}, 0, "/a", NULL, NULL, NULL},
        {{"STATE_DIRECTORY=", "AWS_CA_BUNDLE="}, 0, "/var/lib/vpc-reconciled", NULL, NULL, NULL},
        {{"AWS_CA_BUNDLE=/ca.pem", "NO_PROXY=x", "no_proxy=y"},
         0,
         "/var/lib/vpc-reconciled",
         "/ca.pem",
         "y",
         NULL},
        {{"NO_PROXY=x"}, 0, "/var/lib/vpc-reconciled", NULL, "x", NULL},
        {{"AWS_ACCESS_KEY_ID=A"}, -EINVAL, NULL, NULL, NULL, "AWS_SECRET_ACCESS_KEY"},
        {{"AWS_SECRET_ACCESS_KEY=" SECRET}, -EINVAL, NULL, NULL, NULL, "AWS_ACCESS_KEY_ID"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        CLEANUP(buf_free)
        struct buf message = {0};
        struct environment environment = {0};
        char *variables[6] = {NULL};

        for (size_t k = 0; rows[i].variables[k]; k++)
            variables[k] = arena_strdup(arena, rows[i].variables[k]);
        assert_int_equal(environment_read(arena, variables, &environment, &message), rows[i].r);
        assert_null(strstr(buf_string(&message), SECRET));
        if (rows[i].r < 0) {
            assert_non_null(strstr(buf_string(&message), rows[i].message));
            continue;
        }
        assert_string_equal(environment.state_directory, rows[i].state_directory);
        assert_true(text_equal(environment.ca_bundle, rows[i].ca_bundle));
        assert_true(text_equal(environment.no_proxy, rows[i].no_proxy));
        aws_environment_clear(&environment.aws);
    }
}

static void test_check(void **state)
{
    static char key[] = "AKIDEXAMPLE", secret[] = SECRET, region[] = "eu-west-1",
                http[] = "http://ec2.example.com", missing[] = "/nonexistent",
                there[] = "/etc/passwd";
    static struct config_target with_region = {.file = "vpcs.d/a.json", .region = "ap-northeast-1"},
                                bad_region = {.file = "vpcs.d/a.json", .region = "tokyo"},
                                without_region = {.file = "vpcs.d/a.json"};
    static const struct {
        struct config_target *target; /* NULL: none */
        struct environment environment;
        const char *message; /* NULL: good */
    } rows[] = {
        {NULL, {.ca_bundle = "/nonexistent"}, NULL},
        {&with_region, {.aws.credentials = {key, secret, NULL}}, NULL},
        {&without_region, {.aws.credentials = {key, secret, NULL}, .aws.region = region}, NULL},
        {&with_region, {.ca_bundle = NULL}, NULL}, /* its keys may come from the instance */
        {&with_region,
         {.aws.metadata_disabled = true},
         "there are no AWS credentials: set AWS_ACCESS_KEY_ID"},
        {&with_region,
         {.aws.metadata_disabled = true, .aws.web_identity_token_file = region},
         NULL},
        {&with_region, {.aws.metadata_disabled = true, .aws.container_full_uri = http}, NULL},
        {&with_region,
         {.aws.metadata_disabled = true, .aws.shared_credentials_file = missing},
         "there are no AWS credentials"},
        {&with_region, {.aws.metadata_disabled = true, .aws.shared_credentials_file = there}, NULL},
        {&without_region,
         {.aws.credentials = {key, secret, NULL}},
         "vpcs.d/a.json: no region: give the file a \"region\", or set AWS_REGION"},
        {&bad_region, {.aws.credentials = {key, secret, NULL}}, "vpcs.d/a.json: region: \"tokyo\""},
        {&with_region,
         {.aws.credentials = {key, secret, NULL}, .aws.endpoint_url = http},
         "AWS_ENDPOINT_URL: plain http is only for loopback"},
        {&with_region,
         {.aws.credentials = {key, secret, NULL}, .ca_bundle = "/nonexistent/ca.pem"},
         "AWS_CA_BUNDLE: /nonexistent/ca.pem: No such file or directory"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(buf_free)
        struct buf message = {0};
        struct config config = {.targets = rows[i].target, .n_targets = rows[i].target ? 1 : 0};
        int r = environment_check(&rows[i].environment, &config, &message);

        assert_int_equal(r, rows[i].message ? -EINVAL : 0);
        if (rows[i].message && !text_starts_with(buf_string(&message), rows[i].message))
            fail_msg("row %zu: \"%s\"", i, buf_string(&message));
    }
}

/* The profile's region and endpoints come from the config file, once, at start. */
static void test_profile(void **state)
{
    static const struct {
        const char *text; /* NULL: no file */
        const char *region, *message;
    } rows[] = {
        {"[default]\nregion = eu-west-3\n", "eu-west-3", NULL},
        {NULL, NULL, NULL},
        {"[default]\nregion\n", NULL, ":2: neither \"[section]\" nor \"key = value\""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        CLEANUP(buf_free)
        struct buf message = {0};
        struct environment environment = {0};
        char path[] = P_tmpdir "/test_profile.XXXXXX";
        int fd = mkstemp(path), r;
        char *variables[] = {arena_printf(arena, "AWS_CONFIG_FILE=%s", path), NULL};

        assert_true(fd >= 0);
        if (rows[i].text)
            assert_true(write(fd, rows[i].text, strlen(rows[i].text)) > 0);
        else
            unlink(path);
        r = environment_read(arena, variables, &environment, &message);
        close(fd);
        unlink(path);
        assert_int_equal(r, rows[i].message ? -EINVAL : 0);
        if (rows[i].message)
            assert_string_equal(buf_string(&message),
                                arena_printf(arena, "%s%s", path, rows[i].message));
        else
            assert_true(text_equal(environment.aws.region, rows[i].region));
        aws_environment_clear(&environment.aws);
    }
}

/* In a process that was started with them: afterwards the kernel shows them to nobody. */
static int child(void)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf message = {0};
    struct environment environment = {0};
    struct rlimit core;
    char shown[65536];
    ssize_t n;
    int fd, r;

    environment_harden();
    getrlimit(RLIMIT_CORE, &core);
    if (core.rlim_cur != 0 || core.rlim_max != 0)
        return 10;
    r = environment_read(arena, environ, &environment, &message);
    if (r < 0 || !text_equal(environment.aws.credentials.secret_access_key, SECRET) ||
        !text_equal(environment.aws.credentials.session_token, TOKEN))
        return 11;
    aws_environment_clear(&environment.aws);
    if (getenv("AWS_SECRET_ACCESS_KEY") || getenv("AWS_SESSION_TOKEN"))
        return 12;
    if (!text_equal(getenv("AWS_ACCESS_KEY_ID"), "AKIDEXAMPLE") || !getenv("LAST"))
        return 13;
    fd = open("/proc/self/environ", O_RDONLY | O_CLOEXEC);
    n = read(fd, shown, sizeof(shown));
    close(fd);
    if (n <= 0 || !memmem(shown, (size_t)n, "AKIDEXAMPLE", 11))
        return 14; /* then this test would see nothing */
    if (memmem(shown, (size_t)n, SECRET, strlen(SECRET)) ||
        memmem(shown, (size_t)n, TOKEN, strlen(TOKEN)))
        return 15;
    return 0;
}

static void test_secrets_are_wiped(void **state)
{
    static char key[] = "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", secret[] = "AWS_SECRET_ACCESS_KEY=" SECRET,
                token[] = "AWS_SESSION_TOKEN=" TOKEN, last[] = "LAST=1", program[] = "child";
    pid_t pid = fork();
    int status;

    (void)state;
    if (pid == 0) {
        execve(self, (char *[]){program, NULL}, (char *[]){secret, key, token, last, NULL});
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_profile),
        cmocka_unit_test(test_secrets_are_wiped),
    };

    (void)argc;
    if (strcmp(argv[0], "child") == 0)
        return child();
    self = "/proc/self/exe";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
