/* The run: the files, the first source that is configured, then the roles. */
#include "chain.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    int (*find)(struct chain *chain);
} finders[] = {
    {profile_find_role},    {web_identity_find}, {profile_find_keys},
    {profile_find_process}, {container_find},    {metadata_find},
};

struct chain *chain_new(const struct credentials_options *options)
{
    struct chain *chain = calloc(1, sizeof(*chain));

    if (!chain)
        abort();
    chain->environment = options->environment;
    chain->region = options->region;
    chain->host = options->host;
    chain->arena = arena_new_secret();
    chain->body.secret = true;
    chain->body.limit = INI_SIZE_MAX + 1;
    return chain;
}

struct chain *chain_free(struct chain *chain)
{
    if (!chain)
        return NULL;
    aws_client_free(chain->sts);
    buf_free(&chain->body);
    buf_free(&chain->passed);
    free(chain->source_text);
    arena_free(chain->arena);
    free(chain);
    return NULL;
}

/* ---- ends ---- */

void chain_fail(struct chain *chain, const char *format, ...)
{
    va_list args;
    int n;

    assert(!chain->done);
    chain->done = true;
    va_start(args, format);
    n = vsnprintf(chain->error, sizeof(chain->error), format, args);
    va_end(args);
    if (chain->passed.n && n >= 0 && (size_t)n < sizeof(chain->error))
        snprintf(chain->error + n, sizeof(chain->error) - (size_t)n, ". Passed over: %s",
                 buf_string(&chain->passed));
}

void chain_pass(struct chain *chain, const char *format, ...)
{
    char text[400];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    buf_printf(&chain->passed, "%s%s", chain->passed.n ? "; " : "", text);
}

void chain_describe(struct chain *chain, const char *format, ...)
{
    va_list args;
    int n;

    free(chain->source_text);
    va_start(args, format);
    n = vasprintf(&chain->source_text, format, args);
    va_end(args);
    if (n < 0)
        abort();
}

void chain_found(struct chain *chain, const struct reply *reply)
{
    assert(!chain->done);
    chain->found = *reply;
    if (chain->next_role == chain->n_roles) {
        chain->done = true;
        return;
    }
    chain->source = &source_role;
    chain->source->begin(chain);
}

/* ---- what sources ask for ---- */

static struct effect *send(struct chain *chain, enum effect_kind kind)
{
    struct effect *effect = outlet_add(chain->outlet, kind);

    assert(!chain->effect);
    chain->effect = effect->id;
    chain->effect_http = kind == EFFECT_HTTP_SEND;
    chain->status = 0;
    buf_clear(&chain->body);
    effect->secret = true;
    return effect;
}

void chain_read_file(struct chain *chain, const char *path)
{
    struct effect *effect = send(chain, EFFECT_READ_FILE);

    effect->path = path;
    effect->reply_limit = INI_SIZE_MAX;
}

void chain_http(struct chain *chain, const char *method, const char *url,
                const struct effect_header *headers, size_t n_headers, uint64_t timeout_ms)
{
    struct effect *effect = send(chain, EFFECT_HTTP_SEND);

    effect->method = method;
    effect->url = url;
    effect->headers = headers;
    effect->n_headers = n_headers;
    effect->timeout_ms = timeout_ms;
    effect->reply_limit = CREDENTIALS_REPLY_MAX;
    effect->metadata = true;
}

void chain_run_process(struct chain *chain, const char *const *argv)
{
    struct effect *effect = send(chain, EFFECT_RUN_PROCESS);

    effect->argv = argv;
    effect->timeout_ms = CREDENTIALS_PROCESS_MS;
    effect->reply_limit = CREDENTIALS_REPLY_MAX;
}

/* The environment's region, the profile's, then that of the config. */
static const char *sts_region(const struct chain *chain)
{
    const struct ini_setting *setting;

    if (chain->environment->region)
        return chain->environment->region;
    setting =
        shared_files_find(&chain->files, aws_profile_name(chain->environment), "region", NULL);
    return setting ? setting->value : chain->region;
}

void chain_call(struct chain *chain, enum ec2_action action,
                const struct ec2_change_request *request, const struct aws_credentials *keys)
{
    struct aws_environment_error error = {0};

    chain->sts = aws_client_free(chain->sts);
    if (aws_client_new(chain->environment, sts_region(chain), &chain->sts, &error) < 0) {
        chain_fail(chain, "STS cannot be asked: %s", error.message);
        return;
    }
    if (keys)
        aws_client_set_credentials(chain->sts, keys);
    if (aws_client_call(chain->sts, chain->outlet, chain->now, action, request, NULL, false,
                        chain->arena, &chain->call) < 0)
        assert(false && "AssumeRole can be encoded, and has keys where it wants them");
}

void chain_take_session(struct chain *chain, const struct call_result *result)
{
    const struct ec2_change_reply *reply = result->reply;
    struct reply found = {
        .credentials = {
            .access_key_id = (char *)(uintptr_t)reply->credentials.access_key_id,
            .secret_access_key = (char *)(uintptr_t)reply->credentials.secret_access_key,
            .session_token = (char *)(uintptr_t)reply->credentials.session_token,
        }};

    if (time_parse(reply->credentials.expiration, &found.expires_ms) < 0 ||
        text_empty(found.credentials.access_key_id) ||
        text_empty(found.credentials.secret_access_key))
        chain_fail(chain, "%s: the reply is not what STS sends",
                   ec2_action_table[result->action].name);
    else
        chain_found(chain, &found);
}

const char *chain_one_line(struct chain *chain, const char *bytes, size_t n, bool spaces)
{
    while (n && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r'))
        n--;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)bytes[i] < ' ' || (unsigned char)bytes[i] >= 0x7f ||
            (bytes[i] == ' ' && !spaces))
            return NULL;
    return n ? arena_strndup(chain->arena, bytes, n) : NULL;
}

const char *chain_session_name(struct chain *chain)
{
    char *name = arena_printf(chain->arena, "vpc-reconciled-%.49s", /* 64 at most */
                              text_empty(chain->host) ? "host" : chain->host);

    for (char *c = name; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-", *c))
            *c = '-';
    return name;
}

/* ---- the shared files ---- */

static bool read_next_file(struct chain *chain)
{
    for (; chain->file < SHARED_FILE_COUNT; chain->file++) {
        const char *path = chain->files.files[chain->file].path;

        if (!path)
            continue;
        chain_read_file(chain, path);
        return true;
    }
    return false;
}

/* A profile that is named, or the default one. */
static void choose(struct chain *chain)
{
    int r = profile_check(chain);

    for (size_t i = 0; i < ARRAY_SIZE(finders) && r == 0; i++)
        r = finders[i].find(chain);
    if (r > 0)
        chain->source->begin(chain);
    else if (r == 0)
        chain_fail(chain, "There are no AWS credentials");
}

static bool is_named(const struct chain *chain, size_t file)
{
    return (file == SHARED_FILE_CREDENTIALS && chain->environment->shared_credentials_file) ||
           (file == SHARED_FILE_CONFIG && chain->environment->config_file);
}

static void file_answered(struct chain *chain, const struct answer *answer)
{
    struct shared_file *file = &chain->files.files[chain->file];
    struct ini_error error;

    if (answer->r == -ENOENT || answer->r == -ENOTDIR) {
        chain_pass(chain, "%s is not there", file->path);
    } else if (answer->r == -EACCES && !is_named(chain, chain->file)) {
        chain_pass(chain, "%s may not be read", file->path);
    } else if (answer->r < 0) {
        chain_fail(chain, "%s cannot be read: %s", file->path, strerror(-answer->r));
        return;
    } else if (ini_parse(chain->arena, answer->bytes, answer->n, &file->ini, &error) < 0) {
        chain_fail(chain, "%s:%u: %s", file->path, error.line, error.message);
        return;
    } else {
        file->found = true;
    }
    chain->file++;
    if (!read_next_file(chain))
        choose(chain);
}

static const struct source source_files = {.answered = file_answered};

/* ---- life ---- */

static void set_feed(struct chain *chain, struct outlet *outlet, struct instant now)
{
    chain->outlet = outlet;
    chain->now = now;
}

void chain_begin_host(struct chain *chain, struct outlet *outlet, struct instant now)
{
    set_feed(chain, outlet, now);
    if (environment_find(chain) > 0) {
        chain->source->begin(chain);
        return;
    }
    shared_files_paths(chain->arena, chain->environment, &chain->files);
    chain->source = &source_files;
    if (!read_next_file(chain))
        choose(chain);
}

void chain_begin_role(struct chain *chain, struct outlet *outlet, struct instant now,
                      const struct aws_credentials *base, const char *base_text,
                      const char *role_arn, const char *external_id)
{
    struct reply found = {.credentials = *base, .expires_ms = EXPIRES_NEVER};

    set_feed(chain, outlet, now);
    chain_describe(chain, "%s", base_text);
    chain->roles[chain->n_roles++] = (struct role){
        .arn = arena_strdup(chain->arena, role_arn),
        .external_id = external_id,
        .session_name = chain_session_name(chain),
        .where = "\"accounts\" of the config",
    };
    chain_found(chain, &found);
}

static void feed_answer(struct chain *chain, const struct input *input)
{
    struct answer answer = {.r = input->r, .status = input->status};

    if (chain->body.overflow && answer.r >= 0)
        answer.r = -EFBIG;
    answer.bytes = buf_string(&chain->body);
    answer.n = chain->body.n;
    answer.detail = input->detail ? input->detail : strerror(-answer.r);
    if (chain->effect_http)
        answer.status = chain->status;
    chain->effect = 0;
    chain->source->answered(chain, &answer);
}

static bool feed_effect(struct chain *chain, const struct input *input)
{
    if (!chain->effect || input->id != chain->effect)
        return false;
    switch (input->kind) {
    case INPUT_HTTP_HEAD:
        chain->status = input->status;
        break;
    case INPUT_HTTP_CHUNK:
        buf_add(&chain->body, input->bytes, input->n);
        break;
    case INPUT_FILE:
    case INPUT_PROCESS:
        buf_add(&chain->body, input->bytes, input->n);
        feed_answer(chain, input);
        break;
    case INPUT_HTTP_END:
        feed_answer(chain, input);
        break;
    default:
        return false;
    }
    return true;
}

void chain_feed(struct chain *chain, struct outlet *outlet, const struct input *input)
{
    struct call_result result;
    bool answers = input->kind == INPUT_HTTP_HEAD || input->kind == INPUT_HTTP_CHUNK ||
                   input->kind == INPUT_HTTP_END;

    set_feed(chain, outlet, input->now);
    if (feed_effect(chain, input) || !chain->sts || !(answers || input->kind == INPUT_WAKE))
        return;
    if (aws_client_feed(chain->sts, outlet, input, &result))
        chain->source->called(chain, &result);
}
