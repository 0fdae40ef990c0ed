/* The policies as they are shipped: what the generator writes, in IAM's limits, for each partition;
 * and that a statement allows nothing that a row ties otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "vpc_reconciled/iam.h"
#include "vpc_reconciled/json.h"

static void write_policy(struct arena *arena, enum iam_policy policy, const char **arns, size_t n,
                         struct buf *text)
{
    const struct iam_vpcs vpcs = {{arns, n}, "vpc-reconciled"};
    const char *error = NULL;

    if (iam_policy_write(arena, policy, &vpcs, text, &error) < 0)
        fail_msg("%s", error);
}

static size_t characters(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text != ' ' && *text != '\n';
    return n;
}

/* ---- the files ---- */

static const struct {
    const char *file, *partition, *region;
} files[] = {
    {"", "aws", "ap-northeast-1"},
    {"aws-cn/", "aws-cn", "cn-north-1"},
    {"aws-us-gov/", "aws-us-gov", "us-gov-west-1"},
};

static void assert_file(const char *path, const char *expected)
{
    static char text[65536];
    FILE *file = fopen(path, "re");
    size_t n;

    if (!file)
        fail_msg("%s: cannot be opened", path);
    n = fread(text, 1, sizeof(text) - 1, file);
    text[n] = 0;
    fclose(file);
    if (strcmp(text, expected) != 0)
        fail_msg("%s is not what \"vpcctl iam\" prints", path);
}

static void test_files(void **state)
{
    static const char *const names[] = {[IAM_OBSERVE] = "observe", [IAM_REPAIR] = "repair"};
    char path[1024];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(files); i++)
        for (size_t policy = 0; policy < ARRAY_SIZE(names); policy++) {
            CLEANUP(arena_freep)
            struct arena *arena = arena_new();
            CLEANUP(buf_free)
            struct buf text = {0};
            const char *arn =
                arena_printf(arena, "arn:%s:ec2:%s:111122223333:vpc/vpc-0a1b2c3d4e5f60718",
                             files[i].partition, files[i].region);

            write_policy(arena, (enum iam_policy)policy, &arn, 1, &text);
            snprintf(path, sizeof(path), "%s/../packaging/iam/%s%s.json", TEST_SOURCE_DIR,
                     files[i].file, names[policy]);
            assert_file(path, buf_string(&text));
            /* IAM quotas: of a managed policy, white space not counted */
            assert_in_range(characters(buf_string(&text)), 1, 6144);
        }
}

static void test_eight_vpcs_fit(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf text = {0};
    const char *arns[8];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(arns); i++)
        arns[i] = arena_printf(
            arena, "arn:aws:ec2:ap-northeast-%zu:111122223333:vpc/vpc-0a1b2c3d4e5f6071%zu", i % 3,
            i);
    write_policy(arena, IAM_REPAIR, arns, ARRAY_SIZE(arns), &text);
    assert_in_range(characters(buf_string(&text)), 1, 6144);
}

/* ---- what a statement allows ---- */

static bool has(const struct json *list, const char *text)
{
    for (size_t i = 0; list && i < list->n_items; i++)
        if (text_equal(list->items[i].string, text))
            return true;
    return list && text_equal(list->string, text);
}

static const struct json *parse(struct arena *arena, const struct buf *text)
{
    const struct json *json;
    struct json_error error;

    if (json_parse(arena, buf_string(text), text->n, &json, &error) < 0)
        fail_msg("%u:%u: %s", error.place.line, error.place.column, error.message);
    return json_member(json, "Statement");
}

/* How a statement ties what it allows. */
static const char *tie_of(const struct json *statement)
{
    const struct json *condition = json_member(statement, "Condition"), *test;

    if (!condition)
        return "";
    test = &condition->items[0];
    return test->items[0].key;
}

static const char *const ties[IAM_BOUND_COUNT] = {
    [IAM_MADE] = "aws:RequestTag/vpc-reconciled:owner",
    [IAM_THE_VPC] = "",
    [IAM_IN_VPC] = "ec2:Vpc",
    [IAM_UNBOUND] = "ec2:Region",
};

/* Each resource of each row is allowed, and tied as the row says; in no statement otherwise. */
static void test_rows(void **state)
{
    const char *arn = "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-12345678";
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const struct json *statements[2];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        CLEANUP(buf_free)
        struct buf text = {0};

        write_policy(arena, (enum iam_policy)i, &arn, 1, &text);
        statements[i] = parse(arena, &text);
    }
    for (size_t action = 0; action < EC2_ACTION_COUNT; action++) {
        const struct ec2_action_row *row = &ec2_action_table[action];
        const struct json *list = statements[row->mutates];
        unsigned n_allowed = 0;

        for (size_t k = 0; k < iam_table[action].n_resources; k++) {
            const struct iam_resource *resource = &iam_table[action].resources[k];
            const char *wanted =
                resource->bound == IAM_THE_VPC
                    ? arn
                    : arena_printf(arena, "arn:aws:ec2:*:*:%s/*", iam_type_name(resource->type));
            unsigned n = 0;

            for (size_t i = 0; i < list->n_items; i++)
                if (has(json_member(&list->items[i], "Action"), row->iam) &&
                    has(json_member(&list->items[i], "Resource"), wanted)) {
                    assert_string_equal(tie_of(&list->items[i]), ties[resource->bound]);
                    n++;
                }
            assert_int_equal(n, 1);
        }
        for (size_t i = 0; i < list->n_items; i++)
            n_allowed += has(json_member(&list->items[i], "Action"), row->iam);
        if (action != EC2_CREATE_TAGS)
            assert_int_equal(n_allowed > 0, iam_table[action].sent);
        for (size_t i = 0; i < statements[!row->mutates]->n_items; i++)
            assert_false(
                has(json_member(&statements[!row->mutates]->items[i], "Action"), row->iam));
    }
}

/* What makes something is authorised on what it makes. */
static void test_makes(void **state)
{
    (void)state;
    for (size_t action = 0; action < EC2_ACTION_COUNT; action++) {
        const struct iam_row *row = &iam_table[action];
        const char *makes = NULL;

        for (size_t k = 0; k < row->n_resources; k++)
            if (row->resources[k].bound == IAM_MADE)
                makes = iam_type_name(row->resources[k].type);
        if (row->sent && !text_equal(makes, ec2_action_table[action].makes))
            fail_msg("%s makes %s", ec2_action_table[action].name, makes ? makes : "nothing");
    }
}

static void test_wrong_arns(void **state)
{
    static const char *const wrong[] = {
        "vpc-0a1b2c3d4e5f60718",
        "arn:aws:ec2:ap-northeast-1:111122223333:vpc/*",
        "arn:aws:ec2:*:111122223333:vpc/vpc-0a1b2c3d4e5f60718",
        "arn:aws:ec2:ap-northeast-1:1111:vpc/vpc-0a1b2c3d4e5f60718",
        "arn:aws-cn:ec2:ap-northeast-1:111122223333:vpc/vpc-0a1b2c3d4e5f60718",
        "arn:aws:ec2:ap-northeast-1:111122223333:subnet/subnet-0a1b2c3d4e5f60718",
        "arn:aws:s3:ap-northeast-1:111122223333:vpc/vpc-0a1b2c3d4e5f60718",
        "arn:aws:ec2:ap-northeast-1:111122223333:vpc/vpc-x\", \"*",
        "",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        CLEANUP(buf_free)
        struct buf text = {0};
        const char *arn = wrong[i], *error = NULL;
        const struct iam_vpcs vpcs = {{&arn, 1}, "vpc-reconciled"};

        if (iam_policy_write(arena, IAM_REPAIR, &vpcs, &text, &error) != -EINVAL || text.n ||
            !strstr(error, "expected a VPC's ARN"))
            fail_msg("\"%s\" was taken", wrong[i]);
    }
}

static void test_two_partitions(void **state)
{
    const char *arns[] = {"arn:aws:ec2:eu-west-1:*:vpc/vpc-12345678",
                          "arn:aws-cn:ec2:cn-north-1:*:vpc/vpc-12345678"};
    const struct iam_vpcs vpcs = {{arns, 2}, "vpc-reconciled"};
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf text = {0};
    const char *error;

    (void)state;
    assert_int_equal(iam_policy_write(arena, IAM_OBSERVE, &vpcs, &text, &error), -EINVAL);
    assert_non_null(strstr(error, "another partition"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),      cmocka_unit_test(test_eight_vpcs_fit),
        cmocka_unit_test(test_rows),       cmocka_unit_test(test_makes),
        cmocka_unit_test(test_wrong_arns), cmocka_unit_test(test_two_partitions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
