/* Endpoint policies: full access is recognised, nothing else is judged.
 *
 * A policy is open when one statement allows everybody everything and none denies anything (IAM:
 * statements are or-ed, a Deny wins). The document is read token by token; whatever is not as
 * expected makes the answer unknown. */
#include "reach_private.h"

struct reader {
    const char *at;
    bool bad;
};

static char peek(struct reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n' || *reader->at == '\r')
        reader->at++;
    return *reader->at;
}

static bool take(struct reader *reader, char c)
{
    if (peek(reader) != c)
        return false;
    reader->at++;
    return true;
}

/* A string without escapes; false: it is none. *ret_text lies in the document. */
static bool take_string(struct reader *reader, const char **ret_text, size_t *ret_n)
{
    const char *end;

    if (!take(reader, '"'))
        return false;
    end = reader->at;
    while (*end && *end != '"' && *end != '\\')
        end++;
    if (*end != '"') {
        reader->bad = true;
        return false;
    }
    *ret_text = reader->at;
    *ret_n = (size_t)(end - reader->at);
    reader->at = end + 1;
    return true;
}

static bool is_text(const char *text, size_t n, const char *word)
{
    return n == strlen(word) && memcmp(text, word, n) == 0;
}

/* "*", or ["*"]; anything else is passed over, and no. */
static bool take_star(struct reader *reader)
{
    bool list = take(reader, '['), star;
    const char *text;
    size_t n;

    if (!take_string(reader, &text, &n)) {
        reader->bad = true;
        return false;
    }
    star = is_text(text, n, "*");
    while (list && take(reader, ',')) {
        if (!take_string(reader, &text, &n)) {
            reader->bad = true;
            return false;
        }
        star |= is_text(text, n, "*");
    }
    if (list && !take(reader, ']'))
        reader->bad = true;
    return star;
}

/* "*", or {"AWS": "*"}. */
static bool take_everybody(struct reader *reader)
{
    bool everybody = false;
    const char *text;
    size_t n;

    if (!take(reader, '{'))
        return take_star(reader);
    do {
        bool aws;

        if (!take_string(reader, &text, &n) || !take(reader, ':')) {
            reader->bad = true;
            return false;
        }
        aws = is_text(text, n, "AWS");
        everybody |= take_star(reader) && aws;
    } while (take(reader, ','));
    if (!take(reader, '}'))
        reader->bad = true;
    return everybody;
}

/* The words that an open statement has; with any other, it has a condition or an exception. */
static bool statement_is_open(struct reader *reader)
{
    bool allow = false, everybody = false, action = false, resource = false;

    if (!take(reader, '{')) {
        reader->bad = true;
        return false;
    }
    do {
        const char *key, *text;
        size_t n, n_text;

        if (!take_string(reader, &key, &n) || !take(reader, ':')) {
            reader->bad = true;
            break;
        }
        if (is_text(key, n, "Effect") || is_text(key, n, "Sid")) {
            if (!take_string(reader, &text, &n_text))
                reader->bad = true;
            else if (is_text(key, n, "Effect"))
                allow = is_text(text, n_text, "Allow");
        } else if (is_text(key, n, "Principal")) {
            everybody = take_everybody(reader);
        } else if (is_text(key, n, "Action") || is_text(key, n, "Resource")) {
            *(is_text(key, n, "Action") ? &action : &resource) = take_star(reader);
        } else {
            reader->bad = true;
        }
    } while (!reader->bad && take(reader, ','));
    if (reader->bad || !take(reader, '}')) {
        reader->bad = true;
        return false;
    }
    if (!allow)
        reader->bad = true; /* a Deny, whatever it denies */
    return allow && everybody && action && resource;
}

static bool statements_are_open(struct reader *reader)
{
    bool list = take(reader, '['), open = false;

    do {
        open |= statement_is_open(reader);
    } while (list && !reader->bad && take(reader, ','));
    if (list && !take(reader, ']'))
        reader->bad = true;
    return open;
}

enum verdict policy_is_open(const char *document)
{
    struct reader reader = {.at = document ? document : ""};
    bool open = false;

    if (!take(&reader, '{'))
        return VERDICT_UNKNOWN;
    do {
        const char *key, *text;
        size_t n, n_text;

        if (!take_string(&reader, &key, &n) || !take(&reader, ':'))
            return VERDICT_UNKNOWN;
        if (is_text(key, n, "Statement"))
            open = statements_are_open(&reader);
        else if ((!is_text(key, n, "Version") && !is_text(key, n, "Id")) ||
                 !take_string(&reader, &text, &n_text))
            return VERDICT_UNKNOWN;
    } while (!reader.bad && take(&reader, ','));
    if (reader.bad || !take(&reader, '}') || peek(&reader))
        return VERDICT_UNKNOWN;
    return open ? VERDICT_YES : VERDICT_UNKNOWN;
}
