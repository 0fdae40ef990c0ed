#include "policy.h"
#include "wire_json.h"

#include <stdio.h>
#include <strings.h>

#define CHARACTERS_MAX 6144 /* IAM quotas: of a managed policy, white space not counted */

/* ---- what a statement holds ---- */

enum form {
    FORM_STRING,
    FORM_STRING_LIKE,
    FORM_STRING_NO_CASE,
    FORM_ARN,
    FORM_NULL,
};
static const struct operator_row {
    const char *name;
    enum form form;
    bool negated;
} operator_table[] = {
    {"StringEquals", FORM_STRING, false},
    {"StringNotEquals", FORM_STRING, true},
    {"StringEqualsIgnoreCase", FORM_STRING_NO_CASE, false},
    {"StringNotEqualsIgnoreCase", FORM_STRING_NO_CASE, true},
    {"StringLike", FORM_STRING_LIKE, false},
    {"StringNotLike", FORM_STRING_LIKE, true},
    {"ArnEquals", FORM_ARN, false}, /* IAM: the same as ArnLike */
    {"ArnLike", FORM_ARN, false},
    {"ArnNotEquals", FORM_ARN, true},
    {"ArnNotLike", FORM_ARN, true},
    {"Null", FORM_NULL, false},
};

enum quantifier {
    EACH_NONE,
    EACH_FOR_ALL,
    EACH_FOR_ANY,
};

struct test { /* of one key */
    const struct operator_row *row;
    enum quantifier quantifier;
    bool if_exists;
    const char *key;
    struct texts values;
};

struct policy_statement {
    bool deny, not_action, not_resource;
    struct texts actions, resources;
    VEC(struct test) tests;
};

/* ---- wildcards ---- */

static bool same(char a, char b, bool no_case)
{
    return a == b || (no_case && strncasecmp(&a, &b, 1) == 0);
}

/* "*" is any number of characters, "?" is one. */
static bool like(const char *pattern, const char *text, bool no_case)
{
    const char *star = NULL, *from = NULL;

    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            from = text;
        } else if (*pattern && (*pattern == '?' || same(*pattern, *text, no_case))) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

/* Part by part: no wildcard reaches over a colon before the sixth part. */
static bool arn_like(const char *pattern, const char *text)
{
    char part[2][256];

    if (strcmp(pattern, "*") == 0)
        return true;
    for (unsigned i = 0; i < 5; i++) {
        const size_t n[2] = {strcspn(pattern, ":"), strcspn(text, ":")};

        if (!pattern[n[0]] || !text[n[1]] || n[0] >= sizeof(part[0]) || n[1] >= sizeof(part[1]))
            return false;
        snprintf(part[0], sizeof(part[0]), "%.*s", (int)n[0], pattern);
        snprintf(part[1], sizeof(part[1]), "%.*s", (int)n[1], text);
        if (!like(part[0], part[1], false))
            return false;
        pattern += n[0] + 1;
        text += n[1] + 1;
    }
    return like(pattern, text, false);
}

/* ---- asking ---- */

static bool value_matches(enum form form, const char *wanted, const char *value)
{
    switch (form) {
    case FORM_STRING:
        return strcmp(wanted, value) == 0;
    case FORM_STRING_NO_CASE:
        return strcasecmp(wanted, value) == 0;
    case FORM_STRING_LIKE:
        return like(wanted, value, false);
    case FORM_ARN:
        return arn_like(wanted, value);
    case FORM_NULL:
        break;
    }
    return false;
}

static bool any_matches(const struct test *test, const char *value)
{
    for (size_t i = 0; i < test->values.n; i++)
        if (value_matches(test->row->form, test->values.items[i], value))
            return true;
    return false;
}

static const struct texts *values_of(const struct policy_question *question, const char *key)
{
    VEC_EACH (have, &question->keys)
        if (strcasecmp(have->name, key) == 0)
            return &have->values;
    return NULL;
}

static bool test_holds(const struct test *test, const struct policy_question *question)
{
    const struct texts *values = values_of(question, test->key);
    size_t n = values ? values->n : 0, matching = 0;

    if (test->row->form == FORM_NULL)
        return any_matches(&(struct test){.row = &operator_table[0], .values = test->values},
                           n ? "false" : "true");
    if (!n)
        return test->if_exists || test->quantifier == EACH_FOR_ALL ||
               (test->row->negated && test->quantifier == EACH_NONE);
    for (size_t i = 0; i < n; i++)
        matching += any_matches(test, values->items[i]) != test->row->negated;
    return test->quantifier == EACH_FOR_ANY ? matching > 0 : matching == n;
}

static bool one_like(const struct texts *patterns, const char *text, bool arns)
{
    for (size_t i = 0; i < patterns->n; i++)
        if (arns ? arn_like(patterns->items[i], text) : like(patterns->items[i], text, true))
            return true;
    return false;
}

static bool applies(const struct policy_statement *statement,
                    const struct policy_question *question)
{
    if (one_like(&statement->actions, question->action, false) == statement->not_action ||
        one_like(&statement->resources, question->resource, true) == statement->not_resource)
        return false;
    VEC_EACH (test, &statement->tests)
        if (!test_holds(test, question))
            return false;
    return true;
}

enum policy_answer policies_ask(const struct policies *policies,
                                const struct policy_question *question)
{
    enum policy_answer answer = policies->arena ? POLICY_NOT_ALLOWED : POLICY_ALLOWED;

    VEC_EACH (statement, &policies->statements) {
        if (!applies(statement, question))
            continue;
        if (statement->deny)
            return POLICY_DENIED;
        answer = POLICY_ALLOWED;
    }
    return answer;
}

/* ---- loading ---- */

/* A string, or an array of them. */
static int read_texts(struct arena *arena, const struct json *json, struct texts *ret_texts,
                      struct json_error *reterr)
{
    const bool array = json->type == JSON_ARRAY;
    size_t n = array ? json->n_items : 1;

    *ret_texts = (struct texts){ARENA_ARRAY(arena, const char *, n), 0};
    if (!n)
        return json_refuse(reterr, json->place, "an empty array allows nothing");
    for (size_t i = 0; i < n; i++) {
        const struct json *item = array ? &json->items[i] : json;

        if (item->type != JSON_STRING)
            return json_refuse(reterr, item->place, "found %s, expected a string",
                               json_type_name(item->type));
        if (strstr(item->string, "${"))
            return json_refuse(reterr, item->place, "policy variables are not known here");
        ret_texts->items[ret_texts->n++] = item->string;
    }
    return 0;
}

/* "ForAllValues:StringLikeIfExists" */
static int read_operator(const char *name, struct test *test)
{
    static const char all[] = "ForAllValues:", any[] = "ForAnyValue:", exists[] = "IfExists";
    size_t n;

    if (text_starts_with(name, all)) {
        test->quantifier = EACH_FOR_ALL;
        name += strlen(all);
    } else if (text_starts_with(name, any)) {
        test->quantifier = EACH_FOR_ANY;
        name += strlen(any);
    }
    n = strlen(name);
    test->if_exists = n > strlen(exists) && text_equal(name + n - strlen(exists), exists);
    n -= test->if_exists ? strlen(exists) : 0;
    for (size_t i = 0; i < ARRAY_SIZE(operator_table); i++)
        if (strlen(operator_table[i].name) == n && strncmp(operator_table[i].name, name, n) == 0) {
            test->row = &operator_table[i];
            return 0;
        }
    return -EINVAL;
}

static int read_condition(struct arena *arena, const struct json *json,
                          struct policy_statement *statement, struct json_error *reterr)
{
    if (json->type != JSON_OBJECT)
        return json_refuse(reterr, json->place, "found %s, expected an object",
                           json_type_name(json->type));
    for (size_t i = 0; i < json->n_items; i++) {
        const struct json *keys = &json->items[i];
        struct test read = {0};

        if (read_operator(keys->key, &read) < 0)
            return json_refuse(reterr, keys->key_place, "the operator %.60s is not known here",
                               keys->key);
        if (keys->type != JSON_OBJECT)
            return json_refuse(reterr, keys->place, "found %s, expected an object",
                               json_type_name(keys->type));
        for (size_t k = 0; k < keys->n_items; k++) {
            struct test *test = VEC_ADD(arena, &statement->tests);

            *test = read;
            test->key = keys->items[k].key;
            if (read_texts(arena, &keys->items[k], &test->values, reterr) < 0)
                return -EINVAL;
        }
    }
    return 0;
}

static int read_effect(const struct json *json, struct policy_statement *statement,
                       struct json_error *reterr)
{
    statement->deny = json->type == JSON_STRING && text_equal(json->string, "Deny");
    return statement->deny || (json->type == JSON_STRING && text_equal(json->string, "Allow"))
               ? 0
               : json_refuse(reterr, json->place, "expected \"Allow\" or \"Deny\"");
}

static int read_member(struct arena *arena, const struct json *json,
                       struct policy_statement *statement, struct json_error *reterr)
{
    if (text_equal(json->key, "Sid") && json->type == JSON_STRING)
        return 0;
    if (text_equal(json->key, "Effect"))
        return read_effect(json, statement, reterr);
    if (text_equal(json->key, "Condition"))
        return read_condition(arena, json, statement, reterr);
    if (text_equal(json->key, "Action") || text_equal(json->key, "NotAction")) {
        statement->not_action = json->key[0] == 'N';
        return read_texts(arena, json, &statement->actions, reterr);
    }
    if (text_equal(json->key, "Resource") || text_equal(json->key, "NotResource")) {
        statement->not_resource = json->key[0] == 'N';
        return read_texts(arena, json, &statement->resources, reterr);
    }
    return json_refuse(reterr, json->key_place, "\"%.60s\" is no element of an identity policy",
                       json->key);
}

static int read_statement(struct policies *policies, const struct json *json,
                          struct json_error *reterr)
{
    struct policy_statement *statement = VEC_ADD(policies->arena, &policies->statements);

    if (json->type != JSON_OBJECT)
        return json_refuse(reterr, json->place, "found %s, expected a statement",
                           json_type_name(json->type));
    for (size_t i = 0; i < json->n_items; i++)
        if (read_member(policies->arena, &json->items[i], statement, reterr) < 0)
            return -EINVAL;
    if (!json_member(json, "Effect") || !statement->actions.n || !statement->resources.n)
        return json_refuse(reterr, json->place, "a statement has Effect, Action and Resource");
    return 0;
}

static int read_policy(struct policies *policies, const struct json *json,
                       struct json_error *reterr)
{
    const struct json *version = NULL, *statements = NULL;

    if (json->type == JSON_OBJECT) {
        version = json_member(json, "Version");
        statements = json_member(json, "Statement");
    }
    if (!version || version->type != JSON_STRING || !text_equal(version->string, "2012-10-17") ||
        !statements)
        return json_refuse(reterr, json->place,
                           "expected a policy: an object with \"Version\": \"2012-10-17\" and "
                           "\"Statement\"");
    if (statements->type != JSON_ARRAY)
        return read_statement(policies, statements, reterr);
    for (size_t i = 0; i < statements->n_items; i++)
        if (read_statement(policies, &statements->items[i], reterr) < 0)
            return -EINVAL;
    return 0;
}

int policies_add(struct policies *policies, const char *text, size_t n, struct json_error *reterr)
{
    const struct json *json;
    size_t characters = 0, before;
    char *copy;

    if (!policies->arena)
        policies->arena = arena_new();
    before = policies->statements.n;
    copy = arena_strndup(policies->arena, text, n); /* what is read may lie in it */
    for (size_t i = 0; i < n; i++)
        characters += !strchr(" \t\r\n", text[i]) || !text[i];
    if (characters > CHARACTERS_MAX)
        return json_refuse(reterr, (struct json_place){1, 1},
                           "%zu characters without white space; IAM takes %d in a managed policy",
                           characters, CHARACTERS_MAX);
    if (json_parse(policies->arena, copy, n, &json, reterr) < 0)
        return -EINVAL;
    if (read_policy(policies, json, reterr) < 0) {
        policies->statements.n = before; /* no half of a policy */
        return -EINVAL;
    }
    return 0;
}

void policies_clear(struct policies *policies)
{
    arena_free(policies->arena);
    *policies = (struct policies){0};
}
