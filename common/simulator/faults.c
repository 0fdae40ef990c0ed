/* What can go wrong (safety.md 2): one row each. The errors and lies of AWS are here; those of the
 * transport are the daemon's tests'. */
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>

#include "lies.h"

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
    ANSWER("lost-answer", lie_lost_answer),

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
     .answer = lie_html_500},

    {.name = "html-200",
     .effect = EFFECT_NONE,
     .code = "InternalError",
     .message = "",
     .answer = lie_html_200},
    {.name = "error-200",
     .effect = EFFECT_NONE,
     .code = "InternalError",
     .message = "An internal error has occurred",
     .answer = lie_status_200},
    ANSWER("other-action", lie_other_action),
    ANSWER("empty-body", lie_empty_body),
    ANSWER("truncated-xml", lie_truncated_xml),
    ANSWER("dtd", lie_dtd),
    ANSWER("unknown-elements", lie_unknown_elements),
    ANSWER("unknown-enum-value", lie_unknown_enum_value),
    ANSWER("missing-field", lie_missing_field),
    ANSWER("missing-id", lie_missing_id),

    PAGE("empty-list", lie_empty_list),
    PAGE("missing-list", lie_missing_list),
    PAGE("missing-page", lie_missing_page),
    PAGE("repeated-page", lie_repeated_page),
    PAGE("next-token-loop", lie_next_token_loop),
    PAGE("missing-item", lie_missing_item),
    PAGE("foreign-item", lie_foreign_item),
    PAGE("duplicate-item", lie_duplicate_item),
    {.name = "stale-list", .past = true},

    {.name = "fresh-not-found", .fresh_not_found = true},
    {.name = "nat-gateway-fails", .nat_gateway_fails = true},
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
    "stale-list",
    "fresh-not-found",
    "nat-gateway-fails",
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
