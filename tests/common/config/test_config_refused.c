/* What the config parser refuses: row by row of refused.txt, and too much of anything. */
#include "config_texts.h"

struct row {
    char name[128];
    char kind; /* t(arget), m(ain), f(ile) */
    struct buf text, want;
};

static void print_errors(const struct config_errors *errors, struct buf *text)
{
    for (size_t i = 0; i < errors->list.n; i++)
        buf_printf(text, "! %u:%u: %s\n", errors->list.items[i].line, errors->list.items[i].column,
                   errors->list.items[i].message);
}

static void check_row(struct row *row)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf have = {0};
    struct config_file file = {.path = "refused.json", .is_main = row->kind == 'm'};
    struct config_errors errors;
    struct config *config = NULL;
    int r;

    if (row->kind != 'f')
        buf_text(&row->text, "}");
    file.text = buf_string(&row->text);
    file.n = row->text.n;
    r = config_parse(arena, &file, 1, &config, &errors);
    print_errors(&errors, &have);
    if (r != -EINVAL || config || errors.more || !text_equal(buf_string(&have), row->want.data))
        fail_msg("%s: %d\n%swanted\n%s", row->name, r, buf_string(&have), buf_string(&row->want));
    for (size_t i = 0; i < errors.list.n; i++)
        assert_string_equal(errors.list.items[i].file, "refused.json");
    buf_clear(&row->text);
    buf_clear(&row->want);
}

static void begin_row(struct row *row, const char *line)
{
    const char *kind = line + strlen(line[3] == '~' ? "== ~ " : "== ");

    row->kind = *kind;
    snprintf(row->name, sizeof(row->name), "%s", kind);
    buf_text(&row->text, row->kind == 't' ? HEAD : row->kind == 'm' ? "{\n" : "");
}

static void test_refused(void **state)
{
    FILE *file = fopen(DIRECTORY "refused.txt", "r");
    struct row row = {0};
    unsigned n_rows = 0;
    char line[2048];

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        if (strncmp(line, "== ", 3) == 0) {
            if (n_rows++)
                check_row(&row);
            begin_row(&row, line);
        } else if (line[0] == '!') {
            buf_text(&row.want, line);
        } else if (n_rows) {
            buf_text(&row.text, line);
        }
    }
    check_row(&row);
    fclose(file);
    buf_free(&row.text);
    buf_free(&row.want);
    if (n_rows < 140)
        fail_msg("only %u rows", n_rows);
}

/* ---- much of it ---- */

static void test_too_long(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const size_t n = (size_t)10 << 20;
    char *text = malloc(n);
    struct config_file file = {.path = "big.json", .text = text, .n = n};
    struct config_errors errors;
    struct config *config = NULL;

    (void)state;
    assert_non_null(text);
    memset(text, '[', n);
    assert_int_equal(config_parse(arena, &file, 1, &config, &errors), -EINVAL);
    assert_int_equal(errors.list.n, 1);
    assert_int_equal(errors.list.items[0].line, 0);
    assert_string_equal(
        errors.list.items[0].message,
        "longer than the 1048576 bytes that a config file may have: is it the right file?");
    assert_true(arena_bytes(arena) < 100000);
    free(text);
}

/* A file full of errors, up to the limit: fifty of them, and not much memory. */
static void test_many_errors(void **state)
{
    static const struct {
        const char *begin, *item, *end;
    } rows[] = {
        {HEAD, "\"a%zu\": 1, ", "\"z\": 1}"},
        {HEAD "\"subnet_groups\": {", "\"g%zu\": {\"ipv4\": \"x\"}, ", "\"z\": 1}}"},
        {HEAD "\"subnet_groups\": {", "\"g%zu\": {\"match\": [\"subnet-0a1b2c3d\"]}, ",
         "\"z\": {}}}"},
        {HEAD "\"subnet_groups\": {\"a\": {\"create\": [{}]},",
         "\"g%zu\": {\"create\": [{\"az\": \"ap-northeast-1a\", \"cidr\": \"10.0.0.0/16\"}]}, ",
         "\"z\": {}}}"},
        {HEAD "\"tags\": {", "\"%zu\": 1, ", "\"z\": 1}}"},
        {HEAD "\"repair\": {", "\"%zu\": 1, ", "\"z\": 1}}"},
        {HEAD "\"must_reach\": [", "{\"from\": \"%zu\", \"to\": \"internet\"}, ", "1]}"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        CLEANUP(buf_free)
        struct buf text = {0};
        const char *at = strstr(rows[i].item, "%zu");
        struct config_file file = {.path = "many.json"};
        struct config_errors errors;
        struct config *config = NULL;

        buf_text(&text, rows[i].begin);
        for (size_t j = 0; text.n < ((size_t)1 << 20) - 200; j++)
            buf_printf(&text, "%.*s%zu%s", (int)(at - rows[i].item), rows[i].item, j, at + 3);
        buf_text(&text, rows[i].end);
        file.text = text.data;
        file.n = text.n;
        assert_int_equal(config_parse(arena, &file, 1, &config, &errors), -EINVAL);
        if (errors.list.n < 1 || errors.list.n > CONFIG_ERRORS_MAX)
            fail_msg("%s: %zu errors", rows[i].item, errors.list.n);
        if (errors.list.n == CONFIG_ERRORS_MAX)
            assert_true(errors.more);
        if (arena_bytes(arena) > (size_t)64 << 20)
            fail_msg("%s: %zu bytes", rows[i].item, arena_bytes(arena));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_many_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
