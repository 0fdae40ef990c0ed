/* What can go wrong (safety.md 2): one row each. The errors and lies of AWS are here; those of the
 * transport are the daemon's tests'. */
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>

#include "call.h"
#include "filters.h"
#include "pages.h"
#include "reply.h"

/* ---- lies about a page ---- */

static struct wire_any_list *page_of(struct call *call)
{
    return (void *)((char *)&call->describe_reply + call->row->list_offset);
}

static void empty_list(struct call *call)
{
    page_of(call)->n = 0;
    call->describe_reply.next_token = NULL;
}

static void missing_list(struct call *call)
{
    *page_of(call) = (struct wire_any_list){0};
    call->describe_reply.next_token = NULL;
}

/* As if the rest had never been: the next pages, or the second half of an only page. */
static void missing_page(struct call *call)
{
    struct wire_any_list *page = page_of(call);

    if (!call->describe_reply.next_token && page->n > 1)
        page->n = (page->n + 1) / 2;
    call->describe_reply.next_token = NULL;
}

/* This page comes once more. */
static void repeated_page(struct call *call)
{
    const char *after = page_token_read(call);

    if (call->row->page_max)
        call->describe_reply.next_token = page_token(call, after ? after : "");
}

static void next_token_loop(struct call *call)
{
    if (call->row->page_max)
        call->describe_reply.next_token = page_token(call, PAGE_LOOP);
}

static void missing_item(struct call *call)
{
    struct wire_any_list *page = page_of(call);

    if (page->n)
        list_remove(page, kind_shape(kind_of_describe(call->action))->size, 0);
}

/* One that the filters should have kept out: of another VPC, as a rule. */
static void foreign_item(struct call *call)
{
    enum kind kind = kind_of_describe(call->action);
    const struct wire_any_list *all = state_list(call->state, kind);
    size_t size = kind_shape(kind)->size;

    for (size_t i = 0; i < all->n; i++) {
        const char *item = (const char *)all->items + i * size;

        if (!filters_match(&call->describe.filters, kind, item)) {
            memcpy(list_add(call->arena, page_of(call), size), item, size);
            return;
        }
    }
}

/* The first member that is a state, in the object or in what it holds; NULL: none. */
static uint8_t *find_state(const struct wire_shape *shape, void *object,
                           const struct wire_enum **ret_words)
{
    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];
        void *at = (char *)object + field->offset;
        struct wire_any_list *list = at;
        uint8_t *found = NULL;

        if (field->kind == WIRE_ENUM &&
            (text_equal(field->name, "state") || text_equal(field->name, "zoneState"))) {
            *ret_words = field->type;
            return at;
        }
        if (field->kind == WIRE_GROUP)
            found = find_state(field->type, at, ret_words);
        else if (field->kind == WIRE_LIST && list->n)
            found = find_state(field->type, list->items, ret_words);
        if (found)
            return found;
    }
    return NULL;
}

static void duplicate_item(struct call *call)
{
    struct wire_any_list *page = page_of(call);
    const struct wire_shape *shape = kind_shape(kind_of_describe(call->action));
    const struct wire_enum *words;
    uint8_t *state;
    void *twin;

    if (!page->n)
        return;
    twin = list_add(call->arena, page, shape->size);
    wire_copy(call->arena, shape, page->items, twin);
    state = find_state(shape, twin, &words);
    if (state)
        *state = (uint8_t)(*state == 2 ? 3 : 2);
}

/* ---- lies about the whole answer ---- */

static void replace_body(struct simulator_response *response, const char *content_type,
                         const char *text)
{
    buf_clear(&response->body);
    buf_text(&response->body, text);
    response->content_type = content_type;
}

#define HTML "<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>"

static void html_200(struct call *call, struct simulator_response *response)
{
    (void)call;
    replace_body(response, "text/html", HTML);
    response->status = 200;
    response->code[0] = 0;
}

static void html_500(struct call *call, struct simulator_response *response)
{
    html_200(call, response);
    response->status = 500;
}

static void status_200(struct call *call, struct simulator_response *response)
{
    (void)call;
    response->status = 200;
}

static void lost_answer(struct call *call, struct simulator_response *response)
{
    buf_clear(&response->body);
    reply_error(&response->body, text_equal(call->row->service, "sts"), "InternalError",
                "An internal error has occurred", call->request_id);
    response->status = 500;
    snprintf(response->code, sizeof(response->code), "InternalError");
}

static void other_action(struct call *call, struct simulator_response *response)
{
    (void)call;
    replace_body(response, response->content_type,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<DescribeTagsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
                 "<requestId>00000000-0000-4000-8000-000000000000</requestId><tagSet/>"
                 "</DescribeTagsResponse>");
}

static void empty_body(struct call *call, struct simulator_response *response)
{
    (void)call;
    buf_clear(&response->body);
}

static void truncated_xml(struct call *call, struct simulator_response *response)
{
    (void)call;
    if (response->body.n) {
        response->body.n /= 2;
        response->body.data[response->body.n] = 0;
    }
}

/* Puts text in the place of [at, at + n) of the body. */
static void splice(struct buf *body, size_t at, size_t n, const char *text)
{
    CLEANUP(buf_free)
    struct buf old = *body;

    *body = (struct buf){0};
    buf_add(body, old.data, at);
    buf_text(body, text);
    buf_add(body, old.data + at + n, old.n - at - n);
}

static void dtd(struct call *call, struct simulator_response *response)
{
    const char *end = strstr(buf_string(&response->body), "?>");

    (void)call;
    if (end)
        splice(&response->body, (size_t)(end + 2 - response->body.data), 0,
               "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>");
}

#define NEWS                                                                                       \
    "<quantumSet><item><quantumId>q-1</quantumId><state>entangled</state></item></quantumSet>"

static void unknown_elements(struct call *call, struct simulator_response *response)
{
    const char *body = buf_string(&response->body);
    const char *item = strstr(body, "<item>"), *id = strstr(body, "<requestId>");

    (void)call;
    if (item)
        splice(&response->body, (size_t)(item + strlen("<item>") - body), 0, NEWS);
    if (id)
        splice(&response->body, (size_t)(id - body), 0, NEWS);
}

/* The first state of the first item, as it is written. */
static const char *state_element(const struct simulator_response *response, size_t *ret_n)
{
    static const char *const names[][2] = {{"<state>", "</state>"},
                                           {"<zoneState>", "</zoneState>"}};

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        const char *start = strstr(buf_string(&response->body), names[i][0]);
        const char *end = start ? strstr(start, names[i][1]) : NULL;

        if (!end)
            continue;
        *ret_n = (size_t)(end - start) + strlen(names[i][1]);
        return start;
    }
    return NULL;
}

static void unknown_enum_value(struct call *call, struct simulator_response *response)
{
    size_t n;
    const char *element = state_element(response, &n);
    bool zone = element && text_starts_with(element, "<zoneState>");

    (void)call;
    if (element)
        splice(&response->body, (size_t)(element - response->body.data), n,
               zone ? "<zoneState>reticulating</zoneState>" : "<state>reticulating</state>");
}

static void missing_field(struct call *call, struct simulator_response *response)
{
    size_t n;
    const char *element = state_element(response, &n);

    (void)call;
    if (element)
        splice(&response->body, (size_t)(element - response->body.data), n, "");
}

/* The first element of the first item is its id in every table. */
static void missing_id(struct call *call, struct simulator_response *response)
{
    const char *body = buf_string(&response->body), *item = strstr(body, "<item>");
    const char *start = item ? item + strlen("<item>") : NULL;
    const char *end = start ? strstr(start, "</") : NULL;

    (void)call;
    end = end ? strchr(end, '>') : NULL;
    if (end)
        splice(&response->body, (size_t)(start - body), (size_t)(end + 1 - start), "");
}

/* ---- the table ---- */

#define ERROR(fault, error, text)                                                                  \
    {                                                                                              \
        .name = fault, .effect = EFFECT_NONE, .code = error, .message = text                       \
    }
#define PAGE(fault, function)                                                                      \
    {                                                                                              \
        .name = fault, .page = function                                                            \
    }
#define ANSWER(fault, function)                                                                    \
    {                                                                                              \
        .name = fault, .answer = function                                                          \
    }

static const struct fault_row fault_table[] = {
    {.name = "hold", .never = true},
    {.name = "stall", .never = true, .effect = EFFECT_NONE},
    {.name = "lost-effect", .effect = EFFECT_LOST},
    ANSWER("lost-answer", lost_answer),

    ERROR("request-limit-exceeded", "RequestLimitExceeded", "Request limit exceeded."),
    ERROR("throttling", "Throttling", "Rate exceeded"),
    ERROR("internal-error", "InternalError", "An internal error has occurred"),
    ERROR("unavailable", "Unavailable", "The service is unavailable. Please try again shortly."),
    ERROR("auth-failure", "AuthFailure",
          "AWS was not able to validate the provided access credentials"),
    ERROR("unauthorized-operation", "UnauthorizedOperation",
          "You are not authorized to perform this operation."),
    ERROR("expired-token", "ExpiredToken", "The security token included in the request is expired"),
    ERROR("request-expired", "RequestExpired", "Request has expired."),
    ERROR("invalid-client-token-id", "InvalidClientTokenId",
          "The security token included in the request is invalid."),
    ERROR("idempotent-parameter-mismatch", "IdempotentParameterMismatch",
          "The client token has been used with other parameters"),
    ERROR("address-limit-exceeded", "AddressLimitExceeded",
          "The maximum number of addresses has been reached."),
    ERROR("dependency-violation", "DependencyViolation",
          "The object has dependencies and cannot be deleted."),
    ERROR("incorrect-state", "IncorrectState", "The object is not in a state for this action."),
    {.name = "html-500",
     .effect = EFFECT_NONE,
     .code = "InternalError",
     .message = "",
     .answer = html_500},

    {.name = "html-200",
     .effect = EFFECT_NONE,
     .code = "InternalError",
     .message = "",
     .answer = html_200},
    {.name = "error-200",
     .effect = EFFECT_NONE,
     .code = "InternalError",
     .message = "An internal error has occurred",
     .answer = status_200},
    ANSWER("other-action", other_action),
    ANSWER("empty-body", empty_body),
    ANSWER("truncated-xml", truncated_xml),
    ANSWER("dtd", dtd),
    ANSWER("unknown-elements", unknown_elements),
    ANSWER("unknown-enum-value", unknown_enum_value),
    ANSWER("missing-field", missing_field),
    ANSWER("missing-id", missing_id),

    PAGE("empty-list", empty_list),
    PAGE("missing-list", missing_list),
    PAGE("missing-page", missing_page),
    PAGE("repeated-page", repeated_page),
    PAGE("next-token-loop", next_token_loop),
    PAGE("missing-item", missing_item),
    PAGE("foreign-item", foreign_item),
    PAGE("duplicate-item", duplicate_item),
};

const char *const simulator_fault_names[] = {
    "hold",
    "stall",
    "lost-effect",
    "lost-answer",
    "request-limit-exceeded",
    "throttling",
    "internal-error",
    "unavailable",
    "auth-failure",
    "unauthorized-operation",
    "expired-token",
    "request-expired",
    "invalid-client-token-id",
    "idempotent-parameter-mismatch",
    "address-limit-exceeded",
    "dependency-violation",
    "incorrect-state",
    "html-500",
    "html-200",
    "error-200",
    "other-action",
    "empty-body",
    "truncated-xml",
    "dtd",
    "unknown-elements",
    "unknown-enum-value",
    "missing-field",
    "missing-id",
    "empty-list",
    "missing-list",
    "missing-page",
    "repeated-page",
    "next-token-loop",
    "missing-item",
    "foreign-item",
    "duplicate-item",
};
const size_t simulator_n_fault_names = ARRAY_SIZE(simulator_fault_names);
static_assert(ARRAY_SIZE(simulator_fault_names) == ARRAY_SIZE(fault_table),
              "a name for each row, in the same order");

/* ---- which call gets which ---- */

void faults_clear(struct faults *faults)
{
    free(faults->items);
    *faults = (struct faults){0};
}

int faults_add(struct faults *faults, uint64_t call, const char *name)
{
    const struct fault_row *row = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(fault_table); i++)
        if (text_equal(fault_table[i].name, name))
            row = &fault_table[i];
    if (!row)
        return -ENOENT;
    if (faults->n == faults->reserved) {
        faults->reserved = faults->reserved ? faults->reserved * 2 : 16;
        faults->items = realloc(faults->items, faults->reserved * sizeof(*faults->items));
        if (!faults->items)
            abort();
    }
    faults->items[faults->n++] = (struct fault_at){call, row};
    return 0;
}

const struct fault_row *faults_find(const struct faults *faults, uint64_t call)
{
    for (size_t i = faults->n; i-- > 0;)
        if (faults->items[i].call == call)
            return faults->items[i].row;
    return NULL;
}

static int parse_line(struct faults *faults, char *line, struct json_error *reterr)
{
    char *name, *end, *comment = strchr(line, '#');
    unsigned long long call;
    const char *near;

    if (comment)
        *comment = 0;
    line += strspn(line, " \t\r");
    if (!*line)
        return 0;
    errno = 0;
    call = strtoull(line, &end, 10);
    if (strspn(line, "0123456789") == 0 || errno || call == 0 || (*end != ' ' && *end != '\t')) {
        snprintf(reterr->message, sizeof(reterr->message),
                 "expected \"CALL-NUMBER FAULT\" with a number from 1, found \"%.60s\"", line);
        return -EINVAL;
    }
    name = end + strspn(end, " \t");
    end = name + strcspn(name, " \t\r");
    if (end[strspn(end, " \t\r")]) {
        snprintf(reterr->message, sizeof(reterr->message), "text behind the fault: \"%.60s\"", end);
        return -EINVAL;
    }
    *end = 0;
    if (faults_add(faults, call, name) < 0) {
        near = text_nearest(name, simulator_fault_names, simulator_n_fault_names);
        snprintf(reterr->message, sizeof(reterr->message), "no fault is called \"%.60s\"%s%s%s",
                 name, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        return -EINVAL;
    }
    return 0;
}

int faults_parse(struct faults *faults, const char *text, size_t n, struct json_error *reterr)
{
    const char *end = text + n;

    *reterr = (struct json_error){.place = {.line = 0, .column = 1}};
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t line_n = (size_t)((newline ? newline : end) - text);
        char line[256];

        reterr->place.line++;
        if (line_n >= sizeof(line)) {
            snprintf(reterr->message, sizeof(reterr->message), "a line of %zu characters", line_n);
            return -EINVAL;
        }
        memcpy(line, text, line_n);
        line[line_n] = 0;
        if (parse_line(faults, line, reterr) < 0)
            return -EINVAL;
        text += line_n + 1;
    }
    return 0;
}
