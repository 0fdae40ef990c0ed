#include "support/trial.h"

#include "support/permissions.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define CALL_MS 20 /* of a call, there and back */
#define FILE_MS 2

struct trial_answer {
    struct trial_answer *next;
    uint64_t at_ms, id;
    enum effect_kind kind;
    int r, status;
    enum sent sent;
    struct buf bytes;
    struct simulator_header headers[3];
    size_t n_headers;
    bool mutates;
};

/* ---- making ---- */

struct trial *trial_new(uint64_t seed)
{
    static const char *const environment[] = {
        "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_REGION=ap-northeast-1",
        "AWS_ENDPOINT_URL=http://127.0.0.1:4566", NULL};
    const struct simulator_options options = {.region = "ap-northeast-1",
                                              .account = "111122223333",
                                              .access_key_id = "test",
                                              .secret_access_key = "test",
                                              .speed = 1,
                                              .seed = seed};
    struct trial *trial = calloc(1, sizeof(*trial));
    struct aws_environment_error error;

    assert_non_null(trial);
    trial->simulator = simulator_new(&options);
    trial->now = (struct instant){.monotonic_ms = 1000000, .wall_ms = 1795500000000};
    trial->rng.state = seed;
    trial->permissions = (int)permissions_default();
    assert_int_equal(aws_environment_parse(environment, &trial->environment, &error), 0);
    return trial;
}

static void drop_answers(struct trial *trial)
{
    while (trial->answers) {
        struct trial_answer *next = trial->answers->next;

        buf_free(&trial->answers->bytes);
        free(trial->answers);
        trial->answers = next;
    }
}

void trial_stop(struct trial *trial)
{
    trial->manager = manager_free(trial->manager);
    drop_answers(trial);
}

void trial_free(struct trial *trial)
{
    if (!trial)
        return;
    trial_stop(trial);
    simulator_free(trial->simulator);
    aws_environment_clear(&trial->environment);
    for (size_t i = 0; i < ARRAY_SIZE(trial->files); i++)
        buf_free(&trial->files[i].bytes);
    free(trial->events);
    free(trial->sent);
    free(trial->asked);
    free(trial);
}

void trial_freep(struct trial **trial)
{
    trial_free(*trial);
    *trial = NULL;
}

/* ---- files ---- */

static struct trial_file *find_file(struct trial *trial, const char *name, bool make)
{
    for (size_t i = 0; i < ARRAY_SIZE(trial->files); i++)
        if (strcmp(trial->files[i].name, name) == 0)
            return &trial->files[i];
    for (size_t i = 0; make && i < ARRAY_SIZE(trial->files); i++)
        if (!trial->files[i].name[0]) {
            snprintf(trial->files[i].name, sizeof(trial->files[i].name), "%s", name);
            return &trial->files[i];
        }
    assert_false(make);
    return NULL;
}

void trial_set_file(struct trial *trial, const char *name, const char *text)
{
    struct trial_file *file = find_file(trial, name, text != NULL);

    if (!file)
        return;
    buf_clear(&file->bytes);
    if (text)
        buf_text(&file->bytes, text);
    else
        file->name[0] = 0;
}

/* ---- an outside client ---- */

const char *trial_text(const char *format, ...)
{
    static char ring[32][1024];
    static unsigned at;
    char *text = ring[at++ % ARRAY_SIZE(ring)];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(ring[0]), format, args);
    va_end(args);
    return text;
}

const char *trial_element(const char *xml, const char *element)
{
    const char *open = trial_text("<%s>", element), *at = strstr(xml, open), *end;

    if (!at)
        fail_msg("no <%s> in %s", element, xml);
    at += strlen(open);
    end = strchr(at, '<');
    return trial_text("%.*s", (int)(end - at), at);
}

/* Simulated calls so far: faults are addressed by their number. */
/* url: of which the simulator sees what follows the host */
static void simulate(struct trial *trial, const char *method, const char *url,
                     const struct http_header *headers, size_t n_headers, const char *body,
                     size_t body_n, struct simulator_response *ret_response)
{
    const char *host = strstr(url, "://");
    const struct simulator_request request = {.method = method,
                                              .target = strchr(host ? host + 3 : url, '/'),
                                              .headers = headers,
                                              .n_headers = n_headers,
                                              .body = body,
                                              .body_n = body_n};

    *ret_response = (struct simulator_response){0};
    simulator_handle(trial->simulator, trial->now, &request, ret_response);
}

int trial_try(struct trial *trial, const char *action, const char *parameters,
              const char **ret_body)
{
    static struct buf last;
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const char *body = arena_printf(arena, "Action=%s&Version=2016-11-15%s%s", action,
                                    *parameters ? "&" : "", parameters);
    char date[17];
    struct http_header headers[] = {
        {"Host", "127.0.0.1:4566"},
        {"X-Amz-Date", date},
        {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
        {"Authorization", NULL},
    };
    const struct sigv4_request request = {.method = "POST",
                                          .path = "/",
                                          .headers = headers,
                                          .n_headers = 3,
                                          .body = body,
                                          .body_n = strlen(body)};
    const struct sigv4_scope scope = {"ap-northeast-1", "ec2", trial->now.wall_ms};
    struct sigv4_result result;
    struct simulator_response response;

    time_compact(trial->now.wall_ms, date);
    assert_int_equal(sigv4_sign(arena, &request, &scope, &trial->environment.credentials, &result),
                     0);
    headers[3].value = result.authorization;
    permissions_take_off(trial);
    simulate(trial, "POST", "/", headers, ARRAY_SIZE(headers), body, strlen(body), &response);
    buf_free(&last);
    last = response.body;
    if (ret_body)
        *ret_body = buf_string(&last);
    return response.status;
}

const char *trial_call(struct trial *trial, const char *action, const char *parameters)
{
    const char *body;
    int status = trial_try(trial, action, parameters, &body);

    if (status != 200)
        fail_msg("%s %s: %d %s", action, parameters, status, body);
    return body;
}

void trial_dump(struct trial *trial, struct buf *buf)
{
    const char *calls;

    simulator_dump(trial->simulator, trial->now, buf);
    calls = strstr(buf_string(buf), "\"calls\"");
    if (calls) /* the last member */
        buf->data[buf->n = (size_t)(calls - buf->data)] = 0;
}

/* ---- effects ---- */

static void queue(struct trial *trial, const struct trial_answer *answer)
{
    struct trial_answer **at = &trial->answers, *copy = malloc(sizeof(*copy));

    assert_non_null(copy);
    *copy = *answer;
    while (*at && (*at)->at_ms <= copy->at_ms)
        at = &(*at)->next;
    copy->next = *at;
    *at = copy;
}

static void kill_manager(struct trial *trial)
{
    trial->killed = true;
}

static bool cut_here(struct trial *trial, enum trial_cut cut, unsigned n)
{
    return trial->cut == cut && trial->cut_at == n;
}

static bool is_action(const struct effect *effect, const char *action)
{
    const char *text = trial_text("Action=%s&", action);

    if (text_equal(effect->method, "GET")) /* Lambda's only one */
        return text_equal(action, "GetCapacityProvider");
    return effect->body_n >= strlen(text) && memcmp(effect->body, text, strlen(text)) == 0;
}

static void note_sent(struct trial *trial, const struct effect *effect)
{
    struct trial_sent *sent;
    char name[64];

    if (trial->n_sent == trial->sent_reserved) {
        trial->sent_reserved = trial->sent_reserved ? trial->sent_reserved * 2 : 32;
        trial->sent = realloc(trial->sent, trial->sent_reserved * sizeof(*trial->sent));
        assert_non_null(trial->sent);
    }
    sent = &trial->sent[trial->n_sent++];
    *sent = (struct trial_sent){.at_ms = trial->now.monotonic_ms};
    snprintf(sent->body, sizeof(sent->body), "%.*s", (int)effect->body_n,
             (const char *)effect->body);
    snprintf(name, sizeof(name), "%.*s", (int)strcspn(sent->body + strlen("Action="), "&"),
             sent->body + strlen("Action="));
    assert_int_equal(ec2_action_find(name, &sent->action), 0);
    for (size_t i = 0; i < effect->n_headers; i++) {
        const char *pass = strcmp(effect->headers[i].name, "User-Agent") == 0
                               ? strstr(effect->headers[i].value, " pass/")
                               : NULL;

        if (pass)
            sscanf(pass, " pass/%u", &sent->pass);
    }
}

static void note_asked(struct trial *trial, const struct simulator_response *response)
{
    if (trial->n_asked == trial->asked_reserved) {
        trial->asked_reserved = trial->asked_reserved ? trial->asked_reserved * 2 : 256;
        trial->asked = realloc(trial->asked, trial->asked_reserved * sizeof(*trial->asked));
        assert_non_null(trial->asked);
    }
    trial->asked[trial->n_asked++] =
        (struct trial_asked){.action = response->action,
                             .at_ms = trial->now.monotonic_ms,
                             .throttled = strcmp(response->code, "RequestLimitExceeded") == 0};
}

static void send_http(struct trial *trial, const struct effect *effect)
{
    struct trial_answer answer = {
        .kind = effect->kind, .id = effect->id, .at_ms = trial->now.monotonic_ms + CALL_MS};
    struct http_header headers[8];
    bool failing = ++trial->requests == trial->fail_request || trial->fail_all;
    struct simulator_response response = {0};

    answer.mutates = effect->mutates;
    if (trial->requests == trial->slow_request)
        answer.at_ms += trial->slow_ms;
    if (effect->mutates && cut_here(trial, CUT_BEFORE_CALL, ++trial->changes)) {
        kill_manager(trial);
        return;
    }
    if (effect->mutates)
        note_sent(trial, effect);
    assert_true(effect->n_headers <= ARRAY_SIZE(headers));
    for (size_t i = 0; i < effect->n_headers; i++)
        headers[i] = (struct http_header){effect->headers[i].name, effect->headers[i].value};
    if (trial->fault_action && is_action(effect, trial->fault_action))
        assert_int_equal(simulator_add_fault(trial->simulator,
                                             simulator_n_calls(trial->simulator) + 1, trial->fault),
                         0);
    permissions_put_on(trial);
    if (!failing || trial->fail_carried_out)
        simulate(trial, effect->method, effect->url, headers, effect->n_headers,
                 effect->body ? effect->body : "", effect->body_n, &response);
    if (trial->notes && (!failing || trial->fail_carried_out))
        note_asked(trial, &response);
    answer.sent = SENT_YES;
    answer.status = response.status;
    answer.bytes = response.body;
    memcpy(answer.headers, response.headers, sizeof(answer.headers));
    answer.n_headers = response.n_headers;
    if (failing) {
        answer.r = trial->fail_r;
        answer.sent = trial->fail_sent;
        buf_free(&answer.bytes);
    } else if (response.never) {
        answer.at_ms += effect->timeout_ms;
        answer.r = -ETIMEDOUT;
        answer.sent = SENT_MAYBE;
    }
    queue(trial, &answer);
    if (effect->mutates && cut_here(trial, CUT_AFTER_CALL, trial->changes))
        kill_manager(trial);
}

static void cancel_http(struct trial *trial, uint64_t id)
{
    for (struct trial_answer *answer = trial->answers; answer; answer = answer->next)
        if (answer->kind == EFFECT_HTTP_SEND && answer->id == id) {
            answer->r = -ECANCELED;
            answer->sent = SENT_MAYBE;
            buf_free(&answer->bytes);
        }
}

static void use_file(struct trial *trial, const struct effect *effect)
{
    struct trial_answer answer = {
        .kind = effect->kind, .id = effect->id, .at_ms = trial->now.monotonic_ms + FILE_MS};
    struct trial_file *file = find_file(trial, effect->path, effect->kind != EFFECT_READ_FILE);

    if (effect->kind == EFFECT_READ_FILE) {
        answer.at_ms += trial->slow_pause_ms;
        answer.r = file ? 0 : -ENOENT;
        if (file)
            buf_add(&answer.bytes, file->bytes.data, file->bytes.n);
    } else if (trial->file_r < 0 &&
               (!trial->file_r_of || text_equal(trial->file_r_of, effect->path))) {
        answer.r = trial->file_r;
    } else {
        trial->appends += effect->kind == EFFECT_APPEND_FILE;
        if (cut_here(trial, CUT_BEFORE_APPEND, trial->appends)) {
            kill_manager(trial);
            return;
        }
        if (effect->kind == EFFECT_REPLACE_FILE)
            buf_clear(&file->bytes);
        buf_add(&file->bytes, effect->body, effect->body_n);
        if (cut_here(trial, CUT_AFTER_APPEND, trial->appends)) {
            kill_manager(trial);
            return;
        }
    }
    queue(trial, &answer);
}

static void look_up(struct trial *trial, const struct effect *effect)
{
    struct trial_answer answer = {.kind = effect->kind,
                                  .id = effect->id,
                                  .at_ms = trial->now.monotonic_ms + FILE_MS,
                                  .r = -EAGAIN};

    trial->lookups++;
    for (size_t i = 0; i < ARRAY_SIZE(trial->names); i++)
        if (text_equal(trial->names[i].name, effect->name)) {
            answer.r = trial->names[i].r;
            if (answer.r == 0)
                buf_add(&answer.bytes, trial->names[i].ipv6, 16);
        }
    queue(trial, &answer);
}

static void copy_text(char *into, size_t size, const char *text)
{
    snprintf(into, size, "%s", text ? text : "");
}

static void note_event(struct trial *trial, const struct event *event)
{
    struct trial_event *copy;

    if (trial->n_events == trial->events_reserved) {
        trial->events_reserved = trial->events_reserved ? trial->events_reserved * 2 : 64;
        trial->events = realloc(trial->events, trial->events_reserved * sizeof(*trial->events));
        assert_non_null(trial->events);
    }
    copy = &trial->events[trial->n_events++];
    *copy = (struct trial_event){.kind = event->kind};
    copy_text(copy->drift, sizeof(copy->drift), event->drift);
    copy_text(copy->finding, sizeof(copy->finding), event->finding);
    copy_text(copy->state, sizeof(copy->state), event->state);
    copy_text(copy->resource, sizeof(copy->resource), event->resource);
    copy_text(copy->action, sizeof(copy->action), event->action);
    copy_text(copy->message, sizeof(copy->message), event->message);
    copy_text(copy->lifts, sizeof(copy->lifts), event->lifts);
}

static void carry_out(struct trial *trial, const struct effects *effects)
{
    for (size_t i = 0; i < effects->n && !trial->killed; i++) {
        const struct effect *effect = &effects->items[i];

        switch (effect->kind) {
        case EFFECT_HTTP_SEND:
            send_http(trial, effect);
            break;
        case EFFECT_HTTP_CANCEL:
            cancel_http(trial, effect->id);
            break;
        case EFFECT_READ_FILE:
        case EFFECT_APPEND_FILE:
        case EFFECT_REPLACE_FILE:
            use_file(trial, effect);
            break;
        case EFFECT_RESOLVE_NAME:
            look_up(trial, effect);
            break;
        case EFFECT_RUN_PROCESS:
            fail_msg("a trial has no programs to run");
            break;
        case EFFECT_WAKE_AT:
            trial->wake_at_ms = effect->at_monotonic_ms;
            break;
        case EFFECT_REPORT:
            note_event(trial, effect->event);
            break;
        case EFFECT_STATUS:
            copy_text(trial->status, sizeof(trial->status), effect->text);
            break;
        case EFFECT_EXIT:
            trial->exited = true;
            trial->exit_code = effect->exit_code;
            break;
        }
    }
}

/* ---- inputs ---- */

static void feed(struct trial *trial, struct input *input)
{
    struct effects effects;

    if (trial->killed || trial->exited)
        return;
    input->now = trial->now;
    input->now.wall_ms += trial->skew_ms;
    assert_false(manager_overdue(trial->manager, input->now.monotonic_ms)); /* safety.md L3 */
    manager_feed(trial->manager, input, &effects);
    carry_out(trial, &effects);
}

/* A reply's bytes come in pieces of any size. */
static void deliver_reply(struct trial *trial, const struct trial_answer *answer)
{
    struct effect_header headers[ARRAY_SIZE(answer->headers) + 1];
    char date[40];
    time_t seconds = trial->now.wall_ms / 1000;
    struct tm tm;
    char names[ARRAY_SIZE(answer->headers)][32];
    struct input input = {.kind = INPUT_HTTP_HEAD,
                          .id = answer->id,
                          .status = answer->status,
                          .headers = headers,
                          .n_headers = answer->n_headers + 1};

    for (size_t i = 0; i < answer->n_headers; i++) { /* names in lower case: effect.h */
        snprintf(names[i], sizeof(names[i]), "%s", answer->headers[i].name);
        for (char *c = names[i]; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        headers[i] = (struct effect_header){names[i], answer->headers[i].value};
    }
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&seconds, &tm));
    headers[answer->n_headers] = (struct effect_header){"date", date};
    if (answer->r >= 0) {
        feed(trial, &input);
        for (size_t at = 0; at < answer->bytes.n;) {
            size_t left = answer->bytes.n - at, n = 1 + rng_below(&trial->rng, 4096);

            n = n < left ? n : left;
            input = (struct input){.kind = INPUT_HTTP_CHUNK,
                                   .id = answer->id,
                                   .bytes = answer->bytes.data + at,
                                   .n = n};
            feed(trial, &input);
            at += n;
        }
    }
    input = (struct input){.kind = INPUT_HTTP_END,
                           .id = answer->id,
                           .r = answer->r,
                           .status = answer->status,
                           .sent = answer->sent};
    feed(trial, &input);
}

static void advance_to(struct trial *trial, uint64_t at_ms)
{
    if (at_ms <= trial->now.monotonic_ms)
        return;
    trial->now.wall_ms += (int64_t)(at_ms - trial->now.monotonic_ms);
    trial->now.monotonic_ms = at_ms;
}

static void deliver(struct trial *trial)
{
    struct trial_answer *answer = trial->answers;

    trial->answers = answer->next;
    advance_to(trial, answer->at_ms);
    if (answer->kind == EFFECT_HTTP_SEND) {
        deliver_reply(trial, answer);
    } else {
        struct input input = {.kind = answer->kind == EFFECT_RESOLVE_NAME ? INPUT_NAME : INPUT_FILE,
                              .id = answer->id,
                              .r = answer->r,
                              .bytes = answer->bytes.data,
                              .n = answer->bytes.n};

        feed(trial, &input);
    }
    buf_free(&answer->bytes);
    free(answer);
}

/* NULL with *ret_message set: the config is wrong. */
static const struct config *parse_config(const struct trial *trial, struct arena *arena,
                                         const char **ret_message)
{
    struct config_file files[3];
    size_t n = 0;
    struct config *config = NULL;
    struct config_errors errors = {0};

    if (trial->main_text)
        files[n++] = (struct config_file){"vpc-reconciled.json", trial->main_text,
                                          strlen(trial->main_text), true};
    if (trial->config_text)
        files[n++] = (struct config_file){"vpcs.d/trial.json", trial->config_text,
                                          strlen(trial->config_text), false};
    if (trial->second_text)
        files[n++] = (struct config_file){"vpcs.d/second.json", trial->second_text,
                                          strlen(trial->second_text), false};
    if (config_parse(arena, files, n, &config, &errors) < 0)
        *ret_message = arena_printf(arena, "%s:%u:%u: %s", errors.list.items[0].file,
                                    errors.list.items[0].line, errors.list.items[0].column,
                                    errors.list.items[0].message);
    return config;
}

void trial_reload(struct trial *trial)
{
    struct arena *arena = arena_new();
    const char *message = NULL;
    const struct config *config = parse_config(trial, arena, &message);
    struct input input = {.kind = INPUT_RELOAD};

    manager_set_config(trial->manager, config ? arena : NULL, config, message);
    if (!config)
        arena_free(arena);
    feed(trial, &input);
}

void trial_end(struct trial *trial)
{
    struct input input = {.kind = INPUT_STOP};

    feed(trial, &input);
}

void trial_start(struct trial *trial)
{
    struct arena *arena = arena_new();
    const char *message = NULL;
    const struct config *config = parse_config(trial, arena, &message);
    struct trial_file *history = find_file(trial, MANAGER_HISTORY_FILE, false);
    struct manager_options options = {.environment = &trial->environment,
                                      .once = !trial->service,
                                      .observe_only = trial->observe,
                                      .seed = trial->rng.state,
                                      .pause_path = "/etc/vpc-reconciled/pause"};
    struct input input = {.kind = INPUT_START};

    if (!config)
        fail_msg("%s", message);
    if (history) {
        options.history = history->bytes.data;
        options.history_n = history->bytes.n;
    } else {
        options.history_r = -ENOENT;
    }
    options.approved.items = (const char **)(uintptr_t)trial->approve;
    while (options.approved.n < ARRAY_SIZE(trial->approve) && trial->approve[options.approved.n])
        options.approved.n++;
    trial_stop(trial);
    trial->exited = trial->killed = false;
    trial->appends = trial->changes = 0;
    trial->wake_at_ms = UINT64_MAX;
    trial->manager = manager_new(&options, arena, config);
    feed(trial, &input);
}

uint64_t trial_next_ms(const struct trial *trial)
{
    uint64_t answer_ms = trial->answers ? trial->answers->at_ms : UINT64_MAX;

    return answer_ms < trial->wake_at_ms ? answer_ms : trial->wake_at_ms;
}

static bool run(struct trial *trial, uint64_t virtual_ms, bool (*so)(const struct trial *trial))
{
    uint64_t until_ms = trial->now.monotonic_ms + virtual_ms;

    while (!trial->exited && !trial->killed) {
        uint64_t answer_ms = trial->answers ? trial->answers->at_ms : UINT64_MAX;
        uint64_t next_ms = answer_ms < trial->wake_at_ms ? answer_ms : trial->wake_at_ms;

        if (so && so(trial))
            return true;
        if (next_ms > until_ms)
            break;
        if (answer_ms <= trial->wake_at_ms) {
            deliver(trial);
        } else {
            struct input input = {.kind = INPUT_WAKE};

            advance_to(trial, trial->wake_at_ms);
            trial->wake_at_ms = UINT64_MAX;
            feed(trial, &input);
        }
    }
    if (!trial->exited && !trial->killed)
        advance_to(trial, until_ms);
    return false;
}

void trial_run(struct trial *trial, uint64_t virtual_ms)
{
    run(trial, virtual_ms, NULL);
}

bool trial_run_until(struct trial *trial, uint64_t virtual_ms,
                     bool (*so)(const struct trial *trial))
{
    return run(trial, virtual_ms, so);
}

unsigned trial_calls_under_way(const struct trial *trial, bool mutating)
{
    unsigned n = 0;

    for (const struct trial_answer *answer = trial->answers; answer; answer = answer->next)
        n += answer->kind == EFFECT_HTTP_SEND && answer->mutates == mutating;
    return n;
}

unsigned trial_files_under_way(const struct trial *trial, enum effect_kind kind)
{
    unsigned n = 0;

    for (const struct trial_answer *answer = trial->answers; answer; answer = answer->next)
        n += answer->kind == kind;
    return n;
}

const char *trial_file(const struct trial *trial, const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(trial->files); i++)
        if (strcmp(trial->files[i].name, name) == 0)
            return buf_string(&trial->files[i].bytes);
    return "";
}

int trial_once(struct trial *trial)
{
    trial_start(trial);
    trial_run(trial, 2 * 3600 * 1000);
    trial_stop(trial);
    if (!trial->exited && !trial->killed)
        fail_msg("--once did not end within two hours");
    return trial->exit_code;
}

/* ---- events ---- */

unsigned trial_count(const struct trial *trial, enum event_kind kind, const char *drift)
{
    unsigned n = 0;

    for (size_t i = 0; i < trial->n_events; i++)
        n +=
            trial->events[i].kind == kind && (!drift || strcmp(trial->events[i].drift, drift) == 0);
    return n;
}

const struct trial_event *trial_last(const struct trial *trial, enum event_kind kind,
                                     const char *drift)
{
    for (size_t i = trial->n_events; i-- > 0;)
        if (trial->events[i].kind == kind && (!drift || strcmp(trial->events[i].drift, drift) == 0))
            return &trial->events[i];
    return NULL;
}

void trial_forget_events(struct trial *trial)
{
    trial->n_events = 0;
}

void trial_print_events(const struct trial *trial)
{
    for (size_t i = 0; i < trial->n_events; i++)
        print_error("%s %s %s %s: %s\n", event_kind_name(trial->events[i].kind),
                    trial->events[i].drift, trial->events[i].state, trial->events[i].finding,
                    trial->events[i].message);
}
