/* The file format that AWS's tools share (aws-facts 5.2; SDKs and Tools Reference Guide, "Format of
 * the config file"). */
#include "vpc_reconciled/aws.h"

#include <ctype.h>
#include <stdio.h>

struct reader {
    struct arena *arena;
    struct ini *ini;
    struct ini_section *section;
    size_t
        margin; /* 1 + the index of the last setting at the margin, which indented lines belong to
                 */
    unsigned line;
    struct ini_error *error;
};

struct span {
    const char *at;
    size_t n;
};

PRINTF_LIKE(2, 3)
static int fail(struct reader *reader, const char *format, ...)
{
    va_list args;

    reader->error->line = reader->line;
    va_start(args, format);
    vsnprintf(reader->error->message, sizeof(reader->error->message), format, args);
    va_end(args);
    return -EINVAL;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static struct span trimmed(struct span span)
{
    while (span.n && is_space(*span.at)) {
        span.at++;
        span.n--;
    }
    while (span.n && is_space(span.at[span.n - 1]))
        span.n--;
    return span;
}

static bool is_comment(char c)
{
    return c == '#' || c == ';';
}

/* A value ends where a space and a comment follow. */
static struct span without_comment(struct span span)
{
    for (size_t i = 1; i < span.n; i++)
        if (is_comment(span.at[i]) && is_space(span.at[i - 1]))
            return trimmed((struct span){span.at, i});
    return span;
}

static struct ini_section *find_section(const struct ini *ini, const char *name)
{
    VEC_EACH (section, &ini->sections)
        if (text_equal(section->name, name))
            return section;
    return NULL;
}

const struct ini_setting *ini_find(const struct ini_section *section, const char *parent,
                                   const char *key)
{
    VEC_EACH (setting, &section->settings)
        if (text_equal(setting->parent, parent) && text_equal(setting->key, key))
            return setting;
    return NULL;
}

static int read_section(struct reader *reader, struct span line)
{
    const char *end = memchr(line.at, ']', line.n);
    struct ini_section *before;
    struct span rest, name;
    const char *copied;

    if (!end)
        return fail(reader, "the section has no closing bracket");
    rest = trimmed((struct span){end + 1, line.n - (size_t)(end + 1 - line.at)});
    if (rest.n && !is_comment(*rest.at))
        return fail(reader, "something stands behind the section's closing bracket");
    name = trimmed((struct span){line.at + 1, (size_t)(end - line.at) - 1});
    if (!name.n)
        return fail(reader, "the section has no name");
    copied = arena_strndup(reader->arena, name.at, name.n);
    before = find_section(reader->ini, copied);
    if (before)
        return fail(reader,
                    "the section [%.60s] stands in line %u already; AWS's tools disagree on which "
                    "counts: keep one",
                    copied, before->line);
    reader->section = VEC_ADD(reader->arena, &reader->ini->sections);
    reader->section->name = copied;
    reader->section->line = reader->line;
    reader->margin = 0;
    return 0;
}

static const char *lower(struct arena *arena, struct span span)
{
    char *text = arena_strndup(arena, span.at, span.n);

    for (char *c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return text;
}

/* A key and its value, at the margin or below `parent`. */
static int read_setting(struct reader *reader, struct span line, const char *parent)
{
    const char *equals = memchr(line.at, '=', line.n);
    const struct ini_setting *before;
    struct ini_setting *setting;
    struct span key, value;
    const char *name;

    if (!equals)
        return fail(reader, "neither \"[section]\" nor \"key = value\"");
    key = trimmed((struct span){line.at, (size_t)(equals - line.at)});
    value = trimmed((struct span){equals + 1, line.n - (size_t)(equals + 1 - line.at)});
    if (!key.n)
        return fail(reader, "a value without a key before the \"=\"");
    if (value.n && is_comment(*value.at) && is_space(value.at[-1]))
        value.n = 0;
    value = without_comment(value);
    name = lower(reader->arena, key);
    before = ini_find(reader->section, parent, name);
    if (before)
        return fail(reader, "\"%.60s\" stands in line %u already: keep one", name, before->line);
    setting = VEC_ADD(reader->arena, &reader->section->settings);
    *setting = (struct ini_setting){name, parent, arena_strndup(reader->arena, value.at, value.n),
                                    reader->line};
    if (!parent)
        reader->margin = reader->section->settings.n;
    return 0;
}

/* Below "key =" settings of their own, below a value more of it. */
static int read_indented(struct reader *reader, struct span line)
{
    struct ini_setting *parent;

    if (!reader->margin)
        return fail(reader, "an indented line that belongs to no key");
    parent = &reader->section->settings.items[reader->margin - 1];
    if (!*parent->value)
        return read_setting(reader, line, parent->key);
    parent->value = arena_printf(reader->arena, "%s\n%.*s", parent->value, (int)line.n, line.at);
    return 0;
}

static int read_line(struct reader *reader, struct span line)
{
    bool indented = line.n && is_space(*line.at);

    for (size_t i = 0; i < line.n; i++)
        if (((unsigned char)line.at[i] < ' ' && line.at[i] != '\t') || line.at[i] == 0x7f)
            return fail(reader, "a control character; is this a text file?");
    line = trimmed(line);
    if (!line.n || is_comment(*line.at))
        return 0;
    if (!indented && *line.at == '[')
        return read_section(reader, line);
    if (!reader->section)
        return fail(reader, "a line before the first \"[section]\"");
    return indented ? read_indented(reader, line) : read_setting(reader, line, NULL);
}

int ini_parse(struct arena *arena, const char *text, size_t n, struct ini *ret_ini,
              struct ini_error *reterr)
{
    struct ini ini = {0};
    struct reader reader = {.arena = arena, .ini = &ini, .error = reterr};
    const char *end = text + n;

    *reterr = (struct ini_error){0};
    if (n > INI_SIZE_MAX) {
        fail(&reader, "longer than %zu bytes; is it the right file?", INI_SIZE_MAX);
        return -EFBIG;
    }
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) /* what Windows's editors put first */
        text += 3;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t length = newline ? (size_t)(newline - text) : (size_t)(end - text);
        struct span line = {text, length};
        int r;

        reader.line++;
        if (line.n && line.at[line.n - 1] == '\r')
            line.n--;
        r = read_line(&reader, line);
        if (r < 0)
            return r;
        text += length + (newline != NULL);
    }
    *ret_ini = ini;
    return 0;
}
